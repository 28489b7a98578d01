/* Cells of a pack, written row by row. */
#include "report/pack_desk.h"

#include "report/pack_text.h"
#include "report/sayings.h"
#include "report/texts.h"
#include "report/tongue.h"

#define SMALL_LINE 12.0 /* at 9 point */
#define PER_UNIT 0.95   /* digits at 10 point in a unit of column width */
#define TALL 400.0      /* points: Excel's maximum row height is 409 */

cnv_str cnv_pack_due(const cnv_pack *pack, cnv_arena *arena)
{
	cnv_tongue tongue = cnv_tongue_find(cnv_pack_tag(pack->form, pack->language));
	int32_t day;

	if (!cnv_day_read(pack->due, &day))
		return (cnv_str){ 0 };
	return cnv_tongue_day(tongue == CNV_TONGUES ? CNV_ENGLISH : tongue, arena, day);
}

cnv_str pack_subtitle(const pack_plan *plan)
{
	const cnv_pack *pack = plan->pack;
	cnv_text out = { 0 };
	cnv_str text;

	cnv_text_put(&out, pack->name.len ? pack->name : pack->code);
	if (pack->round.len)
		cnv_text_format(&out, "   \xC2\xB7   %s %.*s", plan->words[WORD_ROUND], CNV_ARG(pack->round));
	if (pack->due.len)
		cnv_text_format(&out, "   \xC2\xB7   %s %.*s", plan->words[WORD_DUE],
				CNV_ARG(cnv_pack_due(pack, plan->arena)));
	text = cnv_arena_copy(plan->arena, cnv_text_str(&out));
	plan->arena->failed |= out.failed;
	cnv_text_fini(&out);
	return text;
}

cnv_sheet_style pack_style(const pack_plan *plan, cnv_str name)
{
	cnv_sheet_style style = { .name = name, .header_row = CNV_NONE, .guarded = true };

	style.footer =
		cnv_arena_format(plan->arena, "%.*s, %.*s", CNV_ARG(plan->form->title), CNV_ARG(plan->pack->code));
	style.pages = pack_word_str(plan, WORD_PAGE);
	style.from_right = plan->from_right;
	return style;
}

void pack_put(pack_desk *d, uint32_t row, uint32_t column, cnv_cell cell)
{
	if (d->plan->from_right)
		cell.look = cnv_look_from_right(cell.look);
	if (!d->status)
		d->status = d->grid->cell(d->grid->self, row, column, &cell);
}

void pack_put_text(pack_desk *d, uint32_t row, uint32_t column, cnv_look look, cnv_str text)
{
	pack_put(d, row, column, (cnv_cell){ .look = look, .text = text });
}

void pack_put_rule(pack_desk *d, cnv_rule rule)
{
	if (!d->status)
		d->status = d->grid->rule(d->grid->self, &rule);
}

void pack_begin(pack_desk *d, uint32_t row, double height)
{
	if (!d->status)
		d->status = d->grid->row(d->grid->self, row, height > TALL ? TALL : height);
}

double pack_height(cnv_str text, double width, bool small)
{
	return text.len ? cnv_wrapped_lines(text, width * PER_UNIT * (small ? 1.1 : 1)) *
				  (small ? SMALL_LINE : PACK_LINE)
			: 0;
}
