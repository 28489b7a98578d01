/* The texts of a returned pack, compared with those that canvass wrote.
 *
 * Cells that are not answers or remarks are texts of the form, as they were sent out, or they are reported one by one:
 * a text that was written over, a formula that was replaced, a sentence between the questions.  So are texts that are
 * missing. */
#include "io/returned.h"

#define TEXTS_TOLD 40u /* reported one by one in a workbook */

/* Columns and rows of a sheet of entries, and a row of one of questions, from 1. */
enum { ENTRY_NUMBERS = 2, ENTRY_PATHS = 5, QUESTION_HEADINGS = 4 };

/* The earlier answers that the pack lists and does not fill in. */
static cnv_uncarried *find_uncarried(reader *r, const cnv_form *form)
{
	cnv_uncarried *list = cnv_arena_array(r->to->arena, (size_t)r->gone_count + 1, sizeof *list);
	cnv_map paths = { 0 };

	for (cnv_question_id id = 0; r->gone_count && id < form->count; id++)
		cnv_map_put(&paths, form->questions[id].answer_path, id);
	for (uint32_t i = 0; list && i < r->gone_count; i++)
		list[i] = (cnv_uncarried){ .question = cnv_map_find(&paths, r->gone[i].path), .text = r->gone[i].text };
	if (paths.failed)
		list = NULL;
	cnv_map_fini(&paths);
	return list;
}

bool cnv_returned_lay(reader *r)
{
	const cnv_claims *claims = cnv_gather_claims(r->to->gather);
	const cnv_form *form = r->to->form;
	cnv_str sent = claims->at[CNV_CLAIM_FORM_SHA256].value;
	const cnv_uncarried *uncarried;
	char hex[64];

	if (!r->pack || !sent.len)
		return true;
	if (!cnv_str_equal(cnv_hex_write(form->sha256, sizeof form->sha256, hex), sent)) {
		form = r->to->migration ? r->to->migration->before : NULL;
		if (!form || !cnv_str_equal(cnv_hex_write(form->sha256, sizeof form->sha256, hex), sent))
			return true; /* it cannot be known what was sent */
	}
	uncarried = find_uncarried(r, form);
	if (!uncarried)
		return false;
	return printed_lay(&r->printed,
			   &(cnv_pack){ .form = form,
					.confirm = r->confirm,
					.uncarried = uncarried,
					.uncarried_count = r->gone_count,
					.language = cnv_pack_language(form, claims->at[CNV_CLAIM_LANGUAGE].value),
					.code = claims->at[CNV_CLAIM_RESPONDENT].value,
					.name = r->name,
					.contact = cnv_form_setting(form, "contact"),
					.round = claims->at[CNV_CLAIM_ROUND].value,
					.due = r->due });
}

void cnv_returned_note_home(reader *r, uint32_t row, uint32_t column, cnv_str text)
{
	printed_cell *cell = r->on ? printed_at(r->on, row, column) : NULL;

	if (cell && !cell->formula && cnv_is_same_text(cell->text, text))
		cell->at_home = true;
}

/* The column that the pack without answers has; one with remarks in it has more columns.  0: none. */
static uint32_t printed_column(const reader *r, uint32_t column)
{
	const returned_table *table = r->table;
	uint32_t at = cnv_returned_heading(table, column);

	if (table->holds != CNV_HOLDS_ENTRIES || column <= ENTRY_NUMBERS)
		return column;
	return at == CNV_NONE ? 0 : r->printed_columns[at];
}

/* The number of the last entry that the questionnaire has a row for; 0: none. */
static int64_t last_printed(const reader *r)
{
	int64_t last = 0, number;

	for (uint32_t i = 0; i < r->on->count; i++)
		if (r->on->cells[i].column == ENTRY_NUMBERS && r->on->cells[i].row > ENTRY_PATHS &&
		    cnv_integer_read(r->on->cells[i].text, &number) && number > last)
			last = number;
	return last;
}

bool cnv_returned_open_texts(reader *r)
{
	const returned_table *table = r->table;

	r->on = printed_find(&r->printed, table->origin.sheet);
	r->all.count = r->all.number = 0;
	r->entry_number = 0;
	r->entry_last = r->on ? last_printed(r) : 0;
	cnv_text_reset(&r->all.text);
	if (!r->on || table->holds != CNV_HOLDS_ENTRIES)
		return true;
	r->printed_columns = cnv_arena_array(r->to->arena, table->real, sizeof *r->printed_columns);
	for (uint32_t at = 0; r->printed_columns && at < table->real; at++)
		for (uint32_t i = 0; i < r->on->count; i++)
			if (r->on->cells[i].row == ENTRY_PATHS &&
			    cnv_str_equal(r->on->cells[i].text, table->headings[at]))
				r->printed_columns[at] = r->on->cells[i].column;
	return r->printed_columns;
}

/* ---------------------------------------------------------------- what is reported */

static bool has_room(reader *r)
{
	return r->told_texts++ < TEXTS_TOLD;
}

static void tell_changed(reader *r, const printed_cell *cell, uint32_t row, const printed_given *given, uint32_t column)
{
	char name[CNV_CELL_NAME_ROOM];

	if (!has_room(r))
		return;
	cnv_cell_name(row, column, name);
	if (cell->formula)
		cnv_diags_emit(
			r->diags,
			CNV_DIAG(.code = CNV_TEXT_CHANGED, .place = cnv_returned_place(r, r->table, row, column)),
			"%s: a formula of the questionnaire was replaced by \"%.*s\"", name,
			CNV_ARG(cnv_returned_words(r, given->text)));
	else
		cnv_diags_emit(
			r->diags,
			CNV_DIAG(.code = CNV_TEXT_CHANGED, .place = cnv_returned_place(r, r->table, row, column)),
			"%s: the questionnaire has \"%.*s\" here, and the return \"%.*s\"", name,
			CNV_ARG(cnv_returned_words(r, cell->text)), CNV_ARG(cnv_returned_words(r, given->text)));
}

static void tell_stray(reader *r, uint32_t row, uint32_t column, cnv_str text)
{
	char name[CNV_CELL_NAME_ROOM];

	if (!has_room(r))
		return;
	cnv_cell_name(row, column, name);
	cnv_diags_emit(r->diags,
		       CNV_DIAG(.code = CNV_CELLS_UNUSED, .place = cnv_returned_place(r, r->table, row, column),
				.hint = CNV_STR("write answers in the cells for answers, and what belongs to them"
						" in the column of remarks")),
		       text.len ? "%s takes no answer: \"%.*s\" is not read"
				: "%s has a formula without a value%.*s, which the questionnaire does not have",
		       name, CNV_ARG(cnv_returned_words(r, text)));
}

static void tell_missing(reader *r, const printed_cell *cell)
{
	uint32_t at = cell->here ? cell->here : cell->row, row = cell->gone ? cell->gone : at;
	char name[CNV_CELL_NAME_ROOM];

	if (!has_room(r))
		return;
	cnv_cell_name(row, cell->column, name);
	cnv_diags_emit(r->diags,
		       CNV_DIAG(.code = CNV_TEXT_MISSING, .place = cnv_returned_place(r, r->table, row, cell->column)),
		       "%s: the return does not have the %s \"%.*s\" of the questionnaire", name,
		       cell->formula ? "formula with the value" : "text", CNV_ARG(cnv_returned_words(r, cell->text)));
}

/* ---------------------------------------------------------------- a row */

bool cnv_returned_is_own_heading(const returned_table *table, uint32_t heading)
{
	return cnv_str_equal(table->headings[heading], CNV_STR("state")) ||
	       cnv_str_equal(table->headings[heading], CNV_STR("asked"));
}

/* Does the cell go to the gatherer? */
static bool is_fed(const reader *r, uint32_t row, uint32_t column, bool asks)
{
	const returned_table *table = r->table;
	uint32_t heading = cnv_returned_heading(table, column);

	if (table->holds == CNV_HOLDS_NOTHING || row < table->header_row || heading == CNV_NONE)
		return false;
	if (row == table->header_row || table->question == CNV_NONE)
		return true;
	return asks ? !cnv_returned_is_own_heading(table, heading) : heading == table->note;
}

/* Is it a heading of the sheets of questions? */
static bool is_heading(const printed *p, cnv_str text)
{
	for (uint32_t i = 0; i < p->count; i++)
		for (uint32_t k = 0; k < p->sheets[i].count && p->sheets[i].cells[k].row <= QUESTION_HEADINGS; k++)
			if (p->sheets[i].cells[k].row == QUESTION_HEADINGS &&
			    cnv_is_same_text(p->sheets[i].cells[k].text, text))
				return true;
	return false;
}

/* Is it above the ticks of a table of entries? */
static bool is_above_ticks(const reader *r, cnv_str text)
{
	const cnv_form *form = r->to->form;
	cnv_str tag = cnv_gather_claims(r->to->gather)->at[CNV_CLAIM_LANGUAGE].value;
	uint32_t language = cnv_pack_language(form, tag);

	return cnv_is_same_text(text, cnv_pack_still_right(form, language)) ||
	       cnv_is_same_text(text, cnv_pack_still_right_hint(form, language));
}

/* A pack that was filled in has more states, a line for remarks on no question, and in a table of entries columns for
 * remarks: their words are those above the questions. */
static bool is_of_filled(const reader *r, uint32_t row, const printed_given *given, uint32_t column)
{
	const returned_table *table = r->table;
	uint32_t heading = cnv_returned_heading(table, column);
	const printed_cell *words;

	if (table->holds == CNV_HOLDS_ENTRIES && heading != CNV_NONE &&
	    cnv_str_equal(table->headings[heading], CNV_STR("still_right")))
		return row < table->header_row && is_above_ticks(r, given->text);
	if (table->holds == CNV_HOLDS_ENTRIES)
		return !given->column && row + 1 == table->header_row && is_heading(&r->printed, given->text);
	if (table->question == CNV_NONE || row <= table->header_row || heading == CNV_NONE)
		return false;
	if (given->formula)
		return cnv_returned_is_own_heading(table, heading);
	if (table->note == CNV_NONE || !r->on->count || !cnv_str_equal(table->headings[heading], CNV_STR("label")))
		return false;
	words = printed_at(r->on, table->header_row - 1, table->columns[table->note]);
	return words && row > r->on->cells[r->on->count - 1].row && cnv_is_same_text(words->text, given->text);
}

static bool is_entry_number(const reader *r, uint32_t row, const printed_given *given)
{
	return r->table->holds == CNV_HOLDS_ENTRIES && row > r->table->header_row && given->column == ENTRY_NUMBERS;
}

/* Entries are numbered upwards: with gaps where rows were deleted, and one by one where rows were added. */
static bool is_next_number(reader *r, cnv_str text)
{
	int64_t number = 0;
	bool next = cnv_integer_read(cnv_str_trim_unicode(text), &number) && number > r->entry_number &&
		    (number <= r->entry_last || number == r->entry_number + 1);

	if (next)
		r->entry_number = number;
	return next;
}

/* The gatherer has its text; a number of an entry only serves to refer to it, so one of an added row that has nothing else
 * refers to nothing; and a formula without a value has none. */
static void judge_fed(reader *r, const printed_cell *cell, uint32_t row, const printed_given *given, uint32_t column)
{
	const returned_table *table = r->table;
	bool number = given->text.len && is_entry_number(r, row, given) &&
		      (!is_next_number(r, given->text) || (!cell && r->all.count == 1));

	if (number && cell)
		tell_changed(r, cell, row, given, column);
	else if (number || (!given->text.len && !cell && table->question != CNV_NONE && row > table->header_row &&
			    (table->answer == CNV_NONE || table->columns[table->answer] != column)))
		tell_stray(r, row, column, given->text);
}

static void judge_cell(reader *r, uint32_t row, uint32_t from, const printed_given *given, uint32_t column, bool fed)
{
	printed_cell *cell = from && given->column ? printed_at(r->on, from, given->column) : NULL;
	bool formula = given->formula && !given->text.len; /* without a value: not counted */

	if (cell)
		cell->seen = true;
	if (fed) {
		judge_fed(r, cell, row, given, column);
		return;
	}
	if (cell ? printed_same(cell, given) : is_of_filled(r, row, given, column)) {
		cnv_returned_class(r, CNV_AS_FORM, !formula);
		return;
	}
	cnv_returned_class(r, CNV_AS_REPORTED, !formula);
	if (cell)
		tell_changed(r, cell, row, given, column);
	else
		tell_stray(r, row, column, given->text);
}

void cnv_returned_judge(reader *r)
{
	const returned_table *table = r->table;
	returned_row *all = &r->all;
	uint32_t row = all->number, from = row;
	bool asks = false;
	void *given = r->given;

	if (!r->on || !row || !all->count)
		return;
	if (!cnv_mem_room(&given, &r->given_room, all->count, sizeof *r->given)) {
		r->failed = true;
		return;
	}
	r->given = given;
	for (uint32_t i = 0; i < all->count; i++) {
		const returned_cell *cell = &all->cells[i];

		r->given[i] = (printed_given){ .column = printed_column(r, cell->column),
					       .text = { all->text.at + cell->from, cell->len },
					       .formula = cell->formula };
		asks = asks ||
		       (cell->len && table->question != CNV_NONE && table->columns[table->question] == cell->column);
	}
	if (table->holds != CNV_HOLDS_ENTRIES || row < table->header_row)
		from = printed_align(r->on, row, r->given, all->count, row >= table->header_row);
	for (uint32_t i = 0; i < all->count; i++)
		judge_cell(r, row, from, &r->given[i], all->cells[i].column,
			   is_fed(r, row, all->cells[i].column, asks));
	all->count = all->number = 0;
	cnv_text_reset(&all->text);
}

/* ---------------------------------------------------------------- a sheet */

/* Is the gatherer to report that it is missing? */
static bool is_gathered(const reader *r, const printed_cell *cell)
{
	const returned_table *table = r->table;
	uint32_t heading = cnv_returned_heading(table, cell->column);

	return table->holds != CNV_HOLDS_NOTHING && table->question != CNV_NONE && cell->here > table->header_row &&
	       heading != CNV_NONE && printed_at(r->on, cell->row, 1) && printed_at(r->on, cell->row, 1)->seen &&
	       !cnv_returned_is_own_heading(table, heading);
}

/* The last number of an entry that is in the return: people delete rows of entries. */
static uint32_t last_number(const reader *r)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < r->on->count; i++)
		if (r->on->cells[i].seen && r->on->cells[i].column == ENTRY_NUMBERS)
			last = r->on->cells[i].row;
	return last;
}

/* The respondent's own code is filled in, and has no state. */
static bool is_locked(const reader *r, const printed_cell *cell)
{
	const printed_cell *path = printed_at(r->on, cell->row, 1);
	cnv_question_id who = r->to->form->respondent;

	return cell->formula && cell->is_text && path && who < r->to->form->count &&
	       cnv_str_equal(path->text, r->to->form->questions[who].answer_path);
}

void cnv_returned_close_texts(reader *r)
{
	uint32_t last, gone = 0;

	if (!r->on)
		return;
	last = r->table->holds == CNV_HOLDS_ENTRIES ? last_number(r) : UINT32_MAX;
	for (uint32_t i = 0; i < r->on->count; i++) {
		const printed_cell *cell = &r->on->cells[i];
		bool entry = r->table->holds == CNV_HOLDS_ENTRIES && cell->row > ENTRY_PATHS;
		bool here = cell->seen || (entry && cell->row > last) || is_gathered(r, cell) || cell->row == gone;

		if ((cell->formula && r->xls) || is_locked(r, cell) || (here && !cell->gone))
			continue;
		tell_missing(r, cell);
		gone = cell->here || entry ? 0 : cell->row; /* a row that is missing is reported once */
	}
	r->on = NULL;
}

void cnv_returned_tell_texts(reader *r)
{
	uint32_t more = r->told_texts > TEXTS_TOLD ? r->told_texts - TEXTS_TOLD : 0;

	if (more)
		cnv_diags_emit(r->diags,
			       CNV_DIAG(.code = CNV_TEXT_CHANGED, .place = (cnv_place){ .source = r->to->source }),
			       "%u more %s of the questionnaire %s changed, added or missing", more,
			       more == 1 ? "cell" : "cells", more == 1 ? "is" : "are");
}
