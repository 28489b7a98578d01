/* cells: one answer as one cell, and the names of respondents in a cell.
 *
 * Every state of an answer has its own words as well as its own style, so that colour alone carries no information:
 * "not asked", "–" for no reply, "blank" for a blank return, N/A, D/K, "withheld", "no answer", [brackets] around an answer to a question that
 * was not asked, and the text as received if it is not usable. */
#include "report/cells.h"

#include "report/sayings.h"
#include "report/texts.h"

#define CUT 200u     /* characters of a text in the Matrix; Comments has the whole text */
#define SHORT 48u    /* characters of a short label, or of several */
#define FULL 2000u   /* of those in full */
#define REMARK 1000u /* characters of a cell comment */
#define NAMES 200u   /* names in one cell */

/* Says how many others there are after the draft. */
static void add_rest(cnv_desk *desk, const char *english, uint32_t count, cnv_arena *arena)
{
	cnv_str all = CNV_SAY(desk, arena, english, cnv_value_text(cnv_text_str(&desk->draft)), cnv_value_count(count));

	cnv_text_reset(&desk->draft);
	cnv_text_put(&desk->draft, all);
}

cnv_str cnv_names_text(cnv_desk *desk, const uint32_t *items, uint32_t count, cnv_arena *arena)
{
	const cnv_paired *rows = desk->pairing.rows;
	cnv_text *draft = &desk->draft;
	uint32_t named = 0, withheld = 0, more = 0, times;

	cnv_text_reset(draft);
	for (uint32_t i = 0; i < count; i += times) {
		for (times = 1; i + times < count && items[i + times] == items[i]; times++)
			;
		if (!rows[items[i]].by_name) {
			withheld++;
			continue;
		}
		if (named == NAMES) {
			more++;
			continue;
		}
		cnv_text_format(draft, "%s%.*s", named++ ? ", " : "", CNV_ARG(rows[items[i]].code));
		if (times > 1)
			cnv_text_format(draft, " (%u)", times);
	}
	if (more)
		add_rest(desk, "{1} and {2} more", more, arena);
	if (withheld)
		add_rest(desk, named ? "{1} and {2} withheld" : "{2} withheld", withheld, arena);
	return cnv_desk_drafted(desk, arena);
}

/* The cell for each verdict: a fixed word, or NULL for the answer itself. */
static const struct shown {
	cnv_look look;
	const char *words;
} shown[] = {
	[CNV_BLANK] = { CNV_LOOK_NO_ANSWER, "" },
	[CNV_ACCEPTED] = { CNV_LOOK_PLAIN, NULL },
	[CNV_NOT_APPLICABLE] = { CNV_LOOK_NOT_APPLICABLE, "N/A" },
	[CNV_DO_NOT_KNOW] = { CNV_LOOK_DO_NOT_KNOW, "D/K" },
	[CNV_WITHHELD] = { CNV_LOOK_WITHHELD, "withheld" },
	[CNV_MISSING] = { CNV_LOOK_NO_ANSWER, "no answer" },
	[CNV_UNREADABLE] = { CNV_LOOK_NOT_USABLE, NULL },
	[CNV_NOT_A_CHOICE] = { CNV_LOOK_NOT_USABLE, NULL },
	[CNV_AGAINST_CONSTRAINT] = { CNV_LOOK_NOT_USABLE, NULL },
	[CNV_NOT_ASKED] = { CNV_LOOK_NOT_ASKED, "not asked" },
	[CNV_UNDUE] = { CNV_LOOK_UNDUE, NULL },
	[CNV_DUPLICATE] = { CNV_LOOK_NOT_USABLE, NULL },
	[CNV_UNCHECKED] = { CNV_LOOK_NOT_USABLE, NULL },
	[CNV_RETURN_BLANK] = { CNV_LOOK_NO_REPLY, "blank" },
};
_Static_assert(sizeof shown / sizeof shown[0] == CNV_RETURN_BLANK + 1, "a look for each verdict");

/* The labels of the chosen options, in the order of the form. */
static cnv_str labels_text(cnv_page *page, const cnv_column *column, uint32_t row)
{
	cnv_desk *desk = page->desk;
	const cnv_list *list = &desk->form->lists[column->list];
	uint32_t count = 0;

	if (column->choices)
		return column->choices[row] < list->count
			       ? cnv_choice_title(desk->form, &list->choices[column->choices[row]],
						  desk->report->language)
			       : cnv_column_text(column, row);
	cnv_text_reset(&desk->draft);
	for (uint32_t word = 0; word < column->words; word++)
		for (uint64_t set = column->sets[(size_t)row * column->words + word]; set; set &= set - 1) {
			uint32_t option = word * 64 + (uint32_t)__builtin_ctzll(set);

			if (option < list->count)
				cnv_text_format(&desk->draft, "%s%.*s", count++ ? "; " : "",
						CNV_ARG(cnv_choice_title(desk->form, &list->choices[option],
									 desk->report->language)));
		}
	return cnv_desk_drafted(desk, &page->row_arena);
}

/* An answer of choices: as labels, unless codes are asked for, or their order is the answer. */
static cnv_str choice_text(cnv_page *page, const cnv_column *column, uint32_t row)
{
	cnv_labels labels = page->desk->report->labels;
	cnv_arena *arena = &page->row_arena;

	if (labels == CNV_LABELS_CODE || column->kind == CNV_RANK || (!column->choices && !column->sets))
		return cnv_text_cut(cnv_cell_value(page->desk->form, column, row, arena), CUT, arena);
	return cnv_text_cut(labels_text(page, column, row), labels == CNV_LABELS_SHORT ? SHORT : FULL, arena);
}

/* A valid answer, typed so that the sheet can sort and sum it. */
static void fill_accepted(cnv_page *page, cnv_cell *cell, const cnv_column *column, uint32_t row)
{
	cnv_arena *arena = &page->row_arena;

	if ((column->kind == CNV_INTEGER || column->kind == CNV_DECIMAL) &&
	    column->numbers[row] - column->numbers[row] == 0) {
		cell->kind = CNV_CELL_NUMBER;
		cell->look = CNV_LOOK_NUMBER;
		cell->number = column->numbers[row];
		return;
	}
	if (column->kind == CNV_DATE && cnv_day_date(column->days[row]).year > 1900) {
		cell->kind = CNV_CELL_DAY;
		cell->look = CNV_LOOK_DAY;
		cell->day = column->days[row];
		return;
	}
	if (column->list != CNV_NONE) {
		cell->text = choice_text(page, column, row);
		cell->look = CNV_LOOK_CODE;
		return;
	}
	cell->text = cnv_text_cut(cnv_cell_value(page->desk->form, column, row, arena), CUT, arena);
}

/* Why a cell is not usable, and the respondent's remarks. */
static cnv_str comment_of(cnv_page *page, const cnv_column *column, uint32_t row, cnv_look look)
{
	cnv_arena *arena = &page->row_arena;
	cnv_str remark = cnv_desk_remark(page->desk, column->question, row, arena);
	const char *why = look == CNV_LOOK_NOT_USABLE || look == CNV_LOOK_UNDUE
				  ? cnv_verdict_words((cnv_verdict)column->verdicts[row])
				  : NULL;

	remark = cnv_text_cut(remark, REMARK, arena);
	if (!why)
		return remark;
	return cnv_arena_format(
		arena, "%.*s%s%.*s",
		CNV_ARG(CNV_SAY(page->desk, arena, "Not counted: {1}", cnv_value_text(cnv_say(page->desk, why)))),
		remark.len ? "\n" : "", CNV_ARG(remark));
}

void cnv_answer_fill(cnv_page *page, cnv_cell *cell, const cnv_column *column, uint32_t row, bool by_name)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];
	const struct shown *how = verdict <= CNV_RETURN_BLANK ? &shown[verdict] : NULL;

	if (!how || (!by_name && verdict != CNV_RETURN_BLANK)) {
		cell->look = CNV_LOOK_WITHHELD;
		cell->text = cnv_say(page->desk, "withheld");
		return;
	}
	cell->look = how->look;
	if (verdict == CNV_ACCEPTED)
		fill_accepted(page, cell, column, row);
	else if (how->words)
		cell->text = cnv_say(page->desk, how->words);
	else
		cell->text = cnv_text_cut(cnv_column_text(column, row), CUT, &page->row_arena);
	if (verdict == CNV_UNDUE)
		cell->text = cnv_arena_format(&page->row_arena, "[%.*s]", CNV_ARG(cell->text));
	cell->comment = comment_of(page, column, row, how->look);
}
