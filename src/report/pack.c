/* A pack's workbook: the cover, the sheets in their order, and two hidden sheets.
 *
 * One hidden sheet holds the lists for cells with choices.  The other, `canvass`, identifies the workbook: form,
 * version, round, respondent, and a check value over them, so that a mixed-up workbook is detected when it comes
 * back.
 *
 *   pack_words.c     the workbook's own words, in the supported languages
 *   pack_plan.c      the sheet, row and column of every question
 *   pack_formulas.c  when it is asked and which answers it accepts, as formulas of the workbook
 *   pack_answers.c   prefilled answers; pack_matter.c requests for correction
 *   pack_sheet.c     the sheets of questions; pack_repeat.c those of entries; pack_issues.c the list of corrections
 *   pack_page.c      the page to print; pack_letter.c the covering letter */
#include "canvass/gather.h"
#include "report/pack_answers.h"
#include "report/pack_sheets.h"
#include "report/pack_text.h"

#define LISTS_SHEET CNV_STR("canvass lists")
#define OWN_SHEET CNV_STR("canvass")
#define OWN_MARK CNV_STR("canvass.pack/1")

/* ---------------------------------------------------------------- cover */

enum { COVER_EDGE, COVER_NAME, COVER_TEXT, COVER_LEFT, COVER_COLUMNS };
enum { COVER_PATH = COVER_COLUMNS }; /* hidden; in packs with answers to be confirmed */
static const double cover_widths[COVER_COLUMNS + 1] = { 2, 28, 56, 14, 0 };
static const double confirm_widths[COVER_COLUMNS + 1] = { 4, 28, 54, 14, 0 };

static void cover_band(pack_desk *d, uint32_t row, cnv_str text)
{
	pack_begin(d, row, 22);
	for (uint32_t column = COVER_NAME; column <= COVER_LEFT; column++)
		pack_put_text(d, row, column, CNV_LOOK_SECTION, column == COVER_NAME ? text : (cnv_str){ 0 });
}

static uint32_t cover_line(pack_desk *d, uint32_t row, pack_word word, cnv_str value)
{
	if (!value.len)
		return row;
	pack_begin(d, row, pack_height(value, cover_widths[COVER_TEXT], false) + 7);
	pack_put_text(d, row, COVER_NAME, CNV_LOOK_NUMBERING, pack_word_str(d->plan, word));
	pack_put_text(d, row, COVER_TEXT, CNV_LOOK_QUESTION, value);
	return row + 1;
}

static uint32_t cover_paragraph(pack_desk *d, uint32_t row, cnv_str text)
{
	double width = cover_widths[COVER_NAME] + cover_widths[COVER_TEXT] + cover_widths[COVER_LEFT];

	pack_begin(d, row, pack_height(text, width, false) + 5);
	pack_put(d, row, COVER_NAME,
		 (cnv_cell){ .look = CNV_LOOK_BODY, .text = text, .span = COVER_LEFT - COVER_NAME + 1 });
	return row + 1;
}

/* The settings column `purpose` or `instructions`, in the pack's language if it has a text of its own. */
static cnv_str purpose_of(const pack_plan *plan)
{
	static const char *const names[] = { "purpose", "instructions" };
	const cnv_form *form = plan->form;
	cnv_str language = form->languages[plan->pack->language], found = { 0 };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		cnv_str own = cnv_arena_format(plan->arena, "%s::%.*s", names[i], CNV_ARG(language));
		for (uint32_t k = 0; k < form->setting_count; k++) {
			if (cnv_str_equal(form->settings[k].heading, own))
				return form->settings[k].text;
			if (!found.len && cnv_str_equal(form->settings[k].heading, cnv_str_from(names[i])))
				found = form->settings[k].text;
		}
	}
	return found;
}

/* The number of missing required answers on a sheet of questions, from its column of states. */
static cnv_cell left_cell(const pack_plan *plan, const pack_sheet *sheet)
{
	cnv_cell cell = { .kind = CNV_CELL_FORMULA, .look = CNV_LOOK_INTEGER };

	if (sheet->table) {
		cell.formula = cnv_arena_format(plan->arena, "%.*s!$A$2", CNV_ARG(sheet->quoted));
		return cell;
	}
	cell.formula = cnv_arena_format(plan->arena, "COUNTIF(%.*s!$E$%u:$E$%u,%.*s)", CNV_ARG(sheet->quoted),
					FIRST_ROW + 1, FIRST_ROW + sheet->row_count + 1,
					CNV_ARG(pack_quoted(plan, pack_word_str(plan, WORD_REQUIRED))));
	for (uint32_t i = 0; i < sheet->row_count; i++) {
		cnv_question_id id = sheet->rows[i].question;
		const pack_spot *spot = &plan->spots[id];
		bool asks = sheet->rows[i].kind == ROW_QUESTION || sheet->rows[i].kind == ROW_LEAD;
		if (asks && spot->required.len && spot->asked_now && !pack_is_locked(plan, id))
			cell.number += !plan->pack->batch || pack_verdict(plan, id, plan->pack->row) == CNV_MISSING;
	}
	return cell;
}

static double count_left(const pack_plan *plan)
{
	double left = 0;

	for (uint32_t i = 0; i < plan->sheet_count; i++)
		left += left_cell(plan, &plan->sheets[i]).number;
	return left;
}

/* The whole title, of which a tab shows only the beginning. */
static cnv_str title_of(const pack_plan *plan, const pack_sheet *sheet)
{
	return sheet->title == CNV_NONE
		       ? sheet->name
		       : pack_text(plan, cnv_question_title(plan->form, &plan->form->questions[sheet->title],
							    plan->pack->language));
}

static uint32_t cover_contents(pack_desk *d, uint32_t row)
{
	pack_plan *plan = d->plan;
	uint32_t first = row + 2;

	pack_begin(d, row, 34);
	pack_put_text(d, row, COVER_NAME, CNV_LOOK_NUMBERING, pack_word_str(plan, WORD_LEFT));
	pack_put(d, row, COVER_TEXT,
		 (cnv_cell){ .kind = CNV_CELL_FORMULA,
			     .look = CNV_LOOK_FIGURE,
			     .formula = cnv_arena_format(plan->arena, "SUM($D$%u:$D$%u)", first + 1,
							 first + plan->sheet_count),
			     .number = count_left(plan) });
	row++;
	pack_begin(d, row, 32);
	pack_put(d, row, COVER_NAME,
		 (cnv_cell){ .look = CNV_LOOK_HEADING, .text = pack_word_str(plan, WORD_CONTENTS), .span = 2 });
	pack_put_text(d, row, COVER_LEFT, CNV_LOOK_HEADING, pack_word_str(plan, WORD_LEFT));
	for (uint32_t i = 0; i < plan->sheet_count; i++) {
		const pack_sheet *sheet = &plan->sheets[i];
		row++;
		pack_begin(d, row, 17);
		pack_put(d, row, COVER_NAME,
			 (cnv_cell){ .look = CNV_LOOK_LINK,
				     .text = title_of(plan, sheet),
				     .link = cnv_arena_format(plan->arena, "%.*s!A1", CNV_ARG(sheet->quoted)),
				     .span = 2 });
		pack_put(d, row, COVER_LEFT, left_cell(plan, sheet));
	}
	return row + 1;
}

/* The tick that confirms all earlier answers, below a hidden row that names its columns for machines. */
static uint32_t cover_all(pack_desk *d, uint32_t row)
{
	pack_plan *plan = d->plan;
	cnv_str text = pack_word_str(plan, WORD_STILL_ALL), cell = pack_cell(plan->arena, row + 1, COVER_EDGE, true);

	pack_begin(d, row, CNV_ROW_HIDDEN);
	pack_put_text(d, row, COVER_EDGE, CNV_LOOK_REMARK, CNV_STR("answer"));
	pack_put_text(d, row, COVER_NAME, CNV_LOOK_REMARK, CNV_STR("label"));
	pack_put_text(d, row++, COVER_PATH, CNV_LOOK_REMARK, CNV_STR("question"));
	pack_begin(d, row, pack_height(text, 90, false) + 9);
	pack_put_text(d, row, COVER_EDGE, CNV_LOOK_FILL_TICK, (cnv_str){ 0 });
	pack_put(d, row, COVER_NAME,
		 (cnv_cell){ .look = CNV_LOOK_QUESTION, .text = text, .span = COVER_LEFT - COVER_NAME + 1 });
	pack_put_text(d, row, COVER_PATH, CNV_LOOK_REMARK, CNV_STR("still_right"));
	pack_put_rule(d, (cnv_rule){ .kind = CNV_RULE_LIST,
				     .row = row,
				     .last_row = row,
				     .column = COVER_EDGE,
				     .last_column = COVER_EDGE,
				     .low = CNV_STR("canvass_tick"),
				     .title = pack_word_str(plan, WORD_STILL),
				     .prompt = pack_word_str(plan, WORD_TICK),
				     .message = pack_word_str(plan, WORD_TICK),
				     .strict = true });
	if (!d->status)
		d->status = d->grid->name(d->grid->self, CNV_STR("canvass_all"),
					  cnv_arena_format(plan->arena, "'%.*s'!%.*s",
							   CNV_ARG(pack_word_str(plan, WORD_COVER)), CNV_ARG(cell)));
	return row + 1;
}

/* "1.  Fill in the yellow cells; ..." */
static uint32_t cover_how(pack_desk *d, uint32_t row)
{
	int number = 0;

	cover_band(d, row++, pack_word_str(d->plan, WORD_HOW));
	for (pack_word word = WORD_HOW_CELLS; word <= WORD_HOW_RETURN; word++) {
		if (word == WORD_HOW_RETURN && d->plan->pack->confirm)
			row = cover_paragraph(
				d, row,
				cnv_arena_format(d->plan->arena, "%d.  %s", ++number, d->plan->words[WORD_HOW_STILL]));
		row = cover_paragraph(d, row,
				      cnv_arena_format(d->plan->arena, "%d.  %s", ++number, d->plan->words[word]));
	}
	return row + 1;
}

static cnv_status lay_cover(pack_plan *plan, const cnv_grid *grid)
{
	pack_desk d = { .plan = plan, .grid = grid };
	const cnv_pack *pack = plan->pack;
	cnv_sheet_style style = pack_style(plan, pack_word_str(plan, WORD_COVER));
	cnv_str purpose = pack_text(plan, purpose_of(plan));
	uint32_t row = 4;

	style.columns = COVER_COLUMNS + pack->confirm;
	style.widths = pack->confirm ? confirm_widths : cover_widths;
	d.status = grid->sheet(grid->self, &style);
	pack_begin(&d, 0, 10);
	pack_begin(&d, 1, pack_height(plan->form->title, 56, false) / 13.2 * 26 + 8);
	pack_put(&d, 1, COVER_NAME,
		 (cnv_cell){ .look = CNV_LOOK_COVER_TITLE,
			     .text = plan->form->title.len ? plan->form->title : plan->form->id,
			     .span = COVER_LEFT - COVER_NAME + 1 });
	pack_begin(&d, 2, 20);
	pack_put_text(&d, 2, COVER_NAME, CNV_LOOK_SUBTITLE, pack_word_str(plan, WORD_QUESTIONNAIRE));
	row = cover_line(
		&d, row, WORD_FOR,
		pack->name.len && !cnv_str_equal(pack->name, pack->code)
			? cnv_arena_format(plan->arena, "%.*s (%.*s)", CNV_ARG(pack->name), CNV_ARG(pack->code))
			: pack->code);
	row = cover_line(&d, row, WORD_ROUND, pack->round);
	row = cover_line(&d, row, WORD_DUE, cnv_pack_due(pack, plan->arena));
	row = cover_line(&d, row, WORD_CONTACT, pack->contact);
	if (pack->confirm)
		row = cover_all(&d, row + 1);
	if (purpose.len) {
		row++;
		cover_band(&d, row++, pack_word_str(plan, WORD_PURPOSE));
		row = cover_paragraph(&d, row, purpose);
	}
	row++;
	row = cover_how(&d, row);
	cover_contents(&d, row);
	return d.status ? d.status : plan->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- hidden sheets */

/* Adjacent columns: the tick, OK, and every drop-down list. */
static cnv_status lay_lists(pack_plan *plan, const cnv_grid *grid)
{
	pack_desk d = { .plan = plan, .grid = grid };
	cnv_sheet_style style = { .name = LISTS_SHEET, .header_row = CNV_NONE, .hidden = true, .guarded = true };
	uint32_t *lists = cnv_arena_array(plan->arena, plan->list_columns, sizeof *lists);
	double *widths = cnv_arena_array(plan->arena, plan->list_columns, sizeof *widths);
	uint32_t longest = 1;

	if (!lists || !widths)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < plan->list_columns; i++)
		widths[i] = 24;
	for (uint32_t i = 0; i < plan->form->list_count; i++)
		if (plan->list_column[i] != CNV_NONE) {
			lists[plan->list_column[i]] = i;
			longest = plan->form->lists[i].count > longest ? plan->form->lists[i].count : longest;
		}
	style.columns = plan->list_columns;
	style.widths = widths;
	d.status = grid->sheet(grid->self, &style);
	for (uint32_t row = 0; row < longest && !d.status; row++)
		for (uint32_t column = 0; column < plan->list_columns; column++) {
			const cnv_list *list = column < 2 ? NULL : &plan->form->lists[lists[column]];
			if (!list && !row)
				pack_put_text(&d, row, column, CNV_LOOK_FILL, column ? CNV_STR("OK") : CNV_STR("x"));
			else if (list && row < list->count)
				pack_put_text(&d, row, column, CNV_LOOK_FILL, plan->shown[lists[column]][row]);
		}
	for (uint32_t column = 0; column < plan->list_columns && !d.status; column++) {
		uint32_t count = column < 2 ? 1 : plan->form->lists[lists[column]].count;
		cnv_str name = column == 0   ? CNV_STR("canvass_tick")
			       : column == 1 ? CNV_STR("canvass_ok")
					     : cnv_arena_format(plan->arena, "canvass_list_%u", column);
		cnv_str range = cnv_arena_format(plan->arena, "'%.*s'!%.*s:%.*s", CNV_ARG(LISTS_SHEET),
						 CNV_ARG(pack_cell(plan->arena, 0, column, true)),
						 CNV_ARG(pack_cell(plan->arena, count - 1, column, true)));
		d.status = grid->name(grid->self, name, range);
	}
	return d.status;
}

static void own_line(pack_desk *d, uint32_t *row, cnv_str key, cnv_str value)
{
	if (!value.len)
		return;
	pack_put_text(d, *row, 0, CNV_LOOK_FILL, key);
	pack_put_text(d, *row, 1, CNV_LOOK_FILL, value);
	++*row;
}

/* The earlier answers that are filled in, each with its path: so it is known later which of them were changed. */
static void own_answers(pack_desk *d, uint32_t *row)
{
	const cnv_batch *batch = d->plan->pack->batch;

	for (uint32_t t = 0; batch && t < batch->table_count; t++)
		for (uint32_t at = 0; at < batch->tables[t].rows; at++) {
			if (cnv_batch_owner(batch, t, at, 0) != d->plan->pack->row)
				continue;
			for (uint32_t c = 0; c < batch->tables[t].count; c++) {
				const cnv_column *column = &batch->tables[t].columns[c];

				if (d->plan->form->questions[column->question].role != CNV_ASKED ||
				    !pack_is_to_confirm(d->plan, column->question, at))
					continue;
				pack_put_text(d, *row, 0, CNV_LOOK_FILL, CNV_STR("prefilled"));
				pack_put_text(d, *row, 1, CNV_LOOK_FILL,
					      cnv_cell_path(batch, t, at, column->question, d->plan->arena));
				pack_put_text(d, *row, 2, CNV_LOOK_FILL,
					      cnv_cell_value(d->plan->form, column, at, d->plan->arena));
				++*row;
			}
		}
}

/* The earlier answers that are not filled in, which the questions of the response itself have next to their labels. */
static void own_uncarried(pack_desk *d, uint32_t *row)
{
	const cnv_pack *pack = d->plan->pack;

	for (uint32_t i = 0; i < pack->uncarried_count; i++) {
		if (pack->uncarried[i].table)
			continue;
		pack_put_text(d, *row, 0, CNV_LOOK_FILL, CNV_STR("not_filled_in"));
		pack_put_text(d, *row, 1, CNV_LOOK_FILL,
			      d->plan->form->questions[pack->uncarried[i].question].answer_path);
		pack_put_text(d, *row, 2, CNV_LOOK_FILL, pack->uncarried[i].text);
		++*row;
	}
}

static cnv_status lay_own(pack_plan *plan, const cnv_grid *grid)
{
	static const double own_widths[] = { 16, 70, 70 };
	pack_desk d = { .plan = plan, .grid = grid };
	cnv_sheet_style style = { .name = OWN_SHEET, .header_row = CNV_NONE, .hidden = true, .guarded = true };
	const cnv_pack *pack = plan->pack;
	cnv_str values[CNV_CLAIM_KEYS] = { { 0 } };
	char check[CNV_CHECK_ROOM], hex[64];
	uint32_t row = 1;

	style.columns = pack->confirm ? 3 : 2;
	style.widths = own_widths;
	values[CNV_CLAIM_FORM] = plan->form->id;
	values[CNV_CLAIM_VERSION] = plan->form->version;
	values[CNV_CLAIM_FORM_SHA256] = cnv_hex_write(plan->form->sha256, sizeof plan->form->sha256, hex);
	values[CNV_CLAIM_ROUND] = pack->round;
	values[CNV_CLAIM_RESPONDENT] = pack->code;
	values[CNV_CLAIM_LANGUAGE] = cnv_pack_tag(plan->form, pack->language);
	if (pack->revision)
		values[CNV_CLAIM_REVISION] = cnv_arena_format(plan->arena, "%u", pack->revision);
	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++)
		values[i] = cnv_str_trim_unicode(values[i]); /* in the format in which they are read back */
	cnv_claims_check(values, check);
	values[CNV_CLAIM_CHECK] = cnv_str_from(check);
	d.status = grid->sheet(grid->self, &style);
	pack_put_text(&d, 0, 0, CNV_LOOK_FILL, OWN_MARK);
	for (cnv_claim_key key = 0; key < CNV_CLAIM_KEYS; key++)
		own_line(&d, &row, cnv_str_from(cnv_claim_word(key)), values[key]);
	/* With these the workbook can be laid out again, and what comes back compared with it. */
	own_line(&d, &row, CNV_STR("name"), pack->name);
	own_line(&d, &row, CNV_STR("due"), pack->due);
	own_line(&d, &row, CNV_STR("sheet"), pack_word_str(plan, WORD_COVER));
	if (pack->finding_count || pack->told_count)
		own_line(&d, &row, CNV_STR("sheet"), pack_word_str(plan, WORD_ISSUES));
	for (uint32_t i = 0; i < plan->sheet_count; i++)
		own_line(&d, &row, CNV_STR("sheet"), plan->sheets[i].name);
	own_line(&d, &row, CNV_STR("sheet"), LISTS_SHEET);
	if (pack->confirm) {
		own_line(&d, &row, CNV_STR("confirm"), CNV_STR("yes"));
		own_answers(&d, &row);
		own_uncarried(&d, &row);
	}
	return d.status;
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_pack_lay(const cnv_pack *pack, const cnv_grid *grid, cnv_arena *scratch)
{
	pack_plan plan;
	cnv_status status = pack_plan_make(&plan, pack, scratch);

	if (!status)
		status = lay_cover(&plan, grid);
	if (!status && (pack->finding_count || pack->told_count))
		status = pack_lay_issues(&plan, grid);
	for (uint32_t i = 0; i < plan.sheet_count && !status; i++)
		status = plan.sheets[i].table ? pack_lay_entries(&plan, &plan.sheets[i], grid)
					      : pack_lay_questions(&plan, &plan.sheets[i], grid);
	if (!status)
		status = lay_lists(&plan, grid);
	if (!status)
		status = lay_own(&plan, grid);
	pack_plan_fini(&plan);
	return !status && scratch->failed ? CNV_NO_MEMORY : status;
}
