/* Content of a returned workbook other than its answers: each unread area is reported once, and comments become
 * remarks.
 *
 * A comment at an answer is passed to the gatherer as a remark on it: in the long layout as the line's note, in the
 * wide layout in an extra column, `heading#note`. */
#include "io/returned.h"
#include "io/xlsx_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AREAS_TOLD 20u /* areas reported individually per workbook */
#define SHOWN 48u      /* characters of a cell that a message quotes */

cnv_place cnv_returned_place(const reader *r, const returned_table *table, uint32_t row, uint32_t column)
{
	return (cnv_place){ .source = r->to->source,
			    .sheet = table->origin.sheet,
			    .tab = table->origin.tab,
			    .row = row,
			    .column = column };
}

bool cnv_returned_is_own(const reader *r, const returned_table *table)
{
	return cnv_map_find(&r->own, table->origin.sheet) != CNV_NONE;
}

void cnv_returned_count(const reader *r, uint32_t cells)
{
	cnv_gather_account(r->to->gather)->cells += cells;
}

void cnv_returned_class(const reader *r, cnv_cell_class as, uint32_t cells)
{
	cnv_gather_account(r->to->gather)->as[as] += cells;
}

void cnv_returned_added(const reader *r, uint32_t headings)
{
	cnv_gather_account(r->to->gather)->as[CNV_AS_FORM] -= headings;
}

/* ---------------------------------------------------------------- areas */

/* The beginning of a text, on one line. */
static cnv_str first_words(cnv_arena *arena, cnv_str text)
{
	cnv_str trimmed = cnv_str_trim_unicode(text), line = trimmed;
	const char *at, *end;

	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] == '\n')
			line.len = i;
	at = line.at;
	end = line.len ? at + line.len : at;
	for (uint32_t i = 0; i < SHOWN && at < end; i++)
		cnv_utf8_next(&at, end);
	line.len = (size_t)(at - line.at);
	return line.len < trimmed.len ? cnv_arena_format(arena, "%.*s...", CNV_ARG(line)) : cnv_arena_copy(arena, line);
}

cnv_str cnv_returned_words(reader *r, cnv_str text)
{
	return first_words(&r->scratch, text);
}

static void add_area(returned_area *area, cnv_xlsx_area at)
{
	if (!area->cells++) {
		area->at = at;
		return;
	}
	if (at.from_row < area->at.from_row)
		area->at.from_row = at.from_row;
	if (at.from_column < area->at.from_column)
		area->at.from_column = at.from_column;
	if (at.upto_row > area->at.upto_row)
		area->at.upto_row = at.upto_row;
	if (at.upto_column > area->at.upto_column)
		area->at.upto_column = at.upto_column;
}

#define AREA_ROOM ((size_t)2 * CNV_CELL_NAME_ROOM + 1)

/* "B7", "B7:D9" */
static void write_area(const cnv_xlsx_area *at, char out[AREA_ROOM])
{
	size_t len = cnv_cell_name(at->from_row, at->from_column, out);

	if (at->from_row != at->upto_row || at->from_column != at->upto_column) {
		out[len++] = ':';
		cnv_cell_name(at->upto_row, at->upto_column, out + len);
	}
}

static void tell_area(reader *r, const returned_area *area, const char *where, const char *hint)
{
	char name[AREA_ROOM];

	if (!area->cells)
		return;
	if (r->told_areas++ >= AREAS_TOLD)
		return;
	write_area(&area->at, name);
	cnv_diags_emit(r->diags,
		       CNV_DIAG(.code = CNV_CELLS_UNUSED,
				.place = cnv_returned_place(r, r->table, area->at.from_row, area->at.from_column),
				.hint = cnv_str_from(hint)),
		       "%s: %u %s %s not read (%s), \"%.*s\"%s", where, area->cells,
		       area->cells == 1 ? "cell" : "cells", area->cells == 1 ? "is" : "are", name, CNV_ARG(area->words),
		       area->cells == 1 ? "" : " first");
}

/* ---------------------------------------------------------------- comments */

static int compare_comments(const void *a, const void *b)
{
	const returned_comment *one = a, *other = b;

	if (one->row != other->row)
		return one->row < other->row ? -1 : 1;
	if (one->column != other->column)
		return one->column < other->column ? -1 : 1;
	return (one->order > other->order) - (one->order < other->order);
}

uint32_t cnv_returned_heading(const returned_table *table, uint32_t column)
{
	uint32_t from = 0, upto = table->real;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;
		if (table->columns[middle] == column)
			return middle;
		if (table->columns[middle] < column)
			from = middle + 1;
		else
			upto = middle;
	}
	return CNV_NONE;
}

static uint32_t add_heading(returned_table *table, cnv_str heading, uint32_t column)
{
	table->headings[table->count] = heading;
	table->columns[table->count] = column;
	return table->count++;
}

/* Makes room for an extra heading after each real one. */
static bool widen(cnv_arena *arena, returned_table *table)
{
	size_t most = 2 * (size_t)table->real + 1;
	cnv_str *headings = cnv_arena_array(arena, most, sizeof *headings);
	uint32_t *columns = cnv_arena_array(arena, most, sizeof *columns);

	table->notes = cnv_arena_array(arena, table->real, sizeof *table->notes);
	if (!headings || !columns || !table->notes)
		return false;
	memcpy(headings, table->headings, table->real * sizeof *headings);
	memcpy(columns, table->columns, table->real * sizeof *columns);
	memset(table->notes, 0xFF, table->real * sizeof *table->notes); /* CNV_NONE */
	table->headings = headings;
	table->columns = columns;
	return true;
}

bool cnv_returned_plan(reader *r, returned_table *table)
{
	cnv_arena *arena = r->to->arena;
	cnv_map names = { 0 };
	uint32_t count = table->upto_comment - table->from_comment;
	bool *answers; /* by column: a remark on any other column would be lost */
	returned_comment *comments = r->comments + table->from_comment;

	if (!count)
		return true;
	qsort(comments, count, sizeof *comments, compare_comments);
	if (!widen(arena, table))
		return false;
	if (table->question != CNV_NONE) {
		if (table->note == CNV_NONE)
			table->note = add_heading(table, CNV_STR("note"), table->columns[table->answer]);
		return true;
	}
	answers = cnv_arena_array(arena, table->real, sizeof *answers);
	if (!answers)
		return false;
	cnv_gather_known(r->to->form, r->to->migration, table->index, table->headings, table->real, answers);
	for (uint32_t i = 0; i < table->real; i++)
		cnv_map_put(&names, table->headings[i], i);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = cnv_returned_heading(table, comments[i].column);
		cnv_str heading;

		if (at == CNV_NONE || table->notes[at] != CNV_NONE || !answers[at])
			continue;
		heading = cnv_arena_format(arena, "%.*s#note", CNV_ARG(table->headings[at]));
		table->notes[at] = cnv_map_find(&names, heading);
		if (table->notes[at] == CNV_NONE)
			table->notes[at] = add_heading(table, heading, table->columns[at]);
	}
	r->failed |= names.failed || arena->failed;
	cnv_map_fini(&names);
	return !r->failed;
}

/* The heading for remarks on a column of the sheet; CNV_NONE: none. */
static uint32_t find_note(const returned_table *table, uint32_t column)
{
	uint32_t at = cnv_returned_heading(table, column);

	if (table->question != CNV_NONE)
		return table->note;
	return at == CNV_NONE || !table->notes ? CNV_NONE : table->notes[at];
}

/* Appends a comment to a value, which is either the last text in `joined` or stored elsewhere.  A remark is limited
 * to the size of a cell: comments beyond it are reported as unused. */
static void join(reader *r, cnv_str *value, returned_comment *comment)
{
	cnv_text *joined = &r->joined;
	bool last = value->len && joined->len && value->at + value->len == joined->at + joined->len;
	size_t from = last ? joined->len - value->len : joined->len;

	if (value->len + comment->text.len + 1 > CNV_XLSX_CELL)
		return;
	if (value->len && !last)
		cnv_text_put(joined, *value);
	if (value->len) {
		cnv_text_put_char(joined, '\n');
		cnv_returned_class(r, CNV_AS_REMARK, 1); /* the gatherer counts one cell */
	}
	cnv_text_put(joined, comment->text);
	*value = (cnv_str){ joined->at + from, joined->len - from };
	comment->used = true;
}

bool cnv_returned_comments(reader *r)
{
	const returned_table *table = r->table;
	size_t most = 0;
	uint32_t upto;

	while (r->comment < table->upto_comment && r->comments[r->comment].row < r->row.number)
		r->comment++;
	for (upto = r->comment; upto < table->upto_comment && r->comments[upto].row == r->row.number; upto++) {
		uint32_t note = find_note(table, r->comments[upto].column);
		if (note != CNV_NONE)
			most += r->values[note].len + r->comments[upto].text.len + 1;
	}
	cnv_text_reset(&r->joined);
	if (most && !cnv_text_reserve(&r->joined, most)) /* no value moves after this */
		return false;
	for (; r->comment < upto; r->comment++) {
		uint32_t note = find_note(table, r->comments[r->comment].column);
		if (note != CNV_NONE)
			join(r, &r->values[note], &r->comments[r->comment]);
	}
	return !r->joined.failed;
}

static void tell_comments(reader *r)
{
	const returned_table *table = r->table;
	const returned_comment *first = NULL;
	uint32_t count = 0;

	for (uint32_t i = table->from_comment; i < table->upto_comment; i++) {
		if (r->comments[i].used)
			continue;
		if (!count++)
			first = &r->comments[i];
	}
	cnv_returned_class(r, CNV_AS_REPORTED, count);
	if (first)
		cnv_diags_emit(r->diags,
			       CNV_DIAG(.code = CNV_COMMENTS_UNUSED,
					.place = cnv_returned_place(r, table, first->row, first->column)),
			       "%u %s of this sheet %s at no answer and %s not kept: \"%.*s\"%s", count,
			       count == 1 ? "comment" : "comments", count == 1 ? "stands" : "stand",
			       count == 1 ? "is" : "are", CNV_ARG(first_words(&r->scratch, first->text)),
			       count == 1 ? "" : " first");
}

/* ---------------------------------------------------------------- hidden and merged cells */

cnv_status cnv_returned_hidden(void *self, cnv_xlsx_area area)
{
	reader *r = self;

	if (r->status) /* the sheet could not begin */
		return r->status;
	if (area.from_row)
		r->hidden_row = area.from_row;
	for (uint32_t column = area.from_column; column && column <= area.upto_column; column++)
		cnv_bit_set(r->hidden_columns, column - 1);
	return CNV_OK;
}

static uint32_t count_asking(const reader *r, uint32_t from, uint32_t upto)
{
	uint32_t count = 0;

	for (uint32_t row = from; row <= upto && count < 2; row++)
		count += cnv_bit(r->asking, row - 1);
	return count;
}

/* Merged cells have one value, so they cannot hold more than one answer. */
void cnv_returned_merge(reader *r, cnv_xlsx_area area)
{
	const returned_table *table = r->table;
	uint32_t columns = 0;

	if (table->holds == CNV_HOLDS_NOTHING || area.upto_row <= table->header_row)
		return;
	if (area.from_row <= table->header_row)
		area.from_row = table->header_row + 1;
	for (uint32_t i = 0; i < table->real && columns < 2; i++) {
		bool inside = table->columns[i] >= area.from_column && table->columns[i] <= area.upto_column;
		columns += inside && (table->answer == CNV_NONE || i == table->answer);
	}
	if (!columns || (columns < 2 && count_asking(r, area.from_row, area.upto_row) < 2))
		return;
	if (r->merged.cells++)
		return;
	r->merged.at = area;
}

void cnv_returned_watch(reader *r)
{
	const returned_table *table = r->table;
	const returned_row *row = &r->row;
	bool pathless = table->question != CNV_NONE && !r->values[table->question].len;

	if (!pathless)
		cnv_bit_set(r->asking, row->number - 1);
	for (uint32_t i = 0; i < row->count; i++) {
		uint32_t heading = row->cells[i].column, column = table->columns[heading];
		cnv_xlsx_area at = { row->number, column, row->number, column };

		if (r->pack || (table->answer != CNV_NONE && heading != table->answer))
			continue;
		if (row->hidden)
			add_area(&r->hidden, (cnv_xlsx_area){ row->number, 0, row->number, 0 });
		else if (cnv_bit(r->hidden_columns, column - 1) && !r->hidden_column.cells)
			add_area(&r->hidden_column, at);
	}
}

static void tell_hidden(reader *r)
{
	static const char hint[] = "check that they are meant, and delete those that are not";
	const returned_table *table = r->table;
	char name[CNV_CELL_NAME_ROOM];

	if (table->hidden && !r->pack) {
		cnv_diags_emit(r->diags,
			       CNV_DIAG(.code = CNV_ANSWERS_HIDDEN, .place = cnv_returned_place(r, table, 0, 0),
					.hint = cnv_str_from(hint)),
			       "the sheet is hidden; its answers are read");
		return;
	}
	if (r->hidden.cells) {
		uint32_t from = r->hidden.at.from_row, upto = r->hidden.at.upto_row;

		if (from == upto)
			cnv_diags_emit(r->diags,
				       CNV_DIAG(.code = CNV_ANSWERS_HIDDEN,
						.place = cnv_returned_place(r, table, from, 0),
						.hint = cnv_str_from(hint)),
				       "row %u is hidden; its answers are read", from);
		else
			cnv_diags_emit(r->diags,
				       CNV_DIAG(.code = CNV_ANSWERS_HIDDEN,
						.place = cnv_returned_place(r, table, from, 0),
						.hint = cnv_str_from(hint)),
				       "answers between row %u and row %u are hidden; they are read", from, upto);
	}
	if (r->hidden_column.cells) {
		uint32_t column = r->hidden_column.at.from_column;
		cnv_cell_name(0, column, name);
		cnv_diags_emit(r->diags,
			       CNV_DIAG(.code = CNV_ANSWERS_HIDDEN, .place = cnv_returned_place(r, table, 0, column),
					.hint = cnv_str_from(hint)),
			       "column %s is hidden; its answers are read", name);
	}
}

static void tell_merged(reader *r)
{
	char name[AREA_ROOM];

	if (!r->merged.cells)
		return;
	write_area(&r->merged.at, name);
	cnv_diags_emit(
		r->diags,
		CNV_DIAG(.code = CNV_ANSWERS_MERGED,
			 .place = cnv_returned_place(r, r->table, r->merged.at.from_row, r->merged.at.from_column)),
		"the cells %s are merged%s: only the first of them can hold an answer", name,
		r->merged.cells > 1 ? ", and others below" : "");
}

/* A formula without a value matters only in an answer cell; it is reported once per sheet. */
void cnv_returned_formula(void *self, uint32_t row, uint32_t column)
{
	reader *r = self;
	const returned_table *table = r->table;
	uint32_t heading = cnv_returned_heading(table, column);

	if (table->holds == CNV_HOLDS_NOTHING || row <= table->header_row || heading == CNV_NONE || r->told_formula ||
	    (table->answer != CNV_NONE && heading != table->answer))
		return;
	r->told_formula = true;
	cnv_book_formula(r->diags, cnv_returned_place(r, table, row, column));
}

/* ---------------------------------------------------------------- the whole sheet */

void cnv_returned_unused(reader *r, uint32_t row, uint32_t column, cnv_str text)
{
	const returned_table *table = r->table;
	bool over = table->holds == CNV_HOLDS_NOTHING || row < table->header_row;
	bool is_ours = r->pack && (table->holds != CNV_HOLDS_NOTHING || !r->own.count || cnv_returned_is_own(r, table));
	returned_area *area = over ? &r->above : &r->beside;

	/* In a workbook made by canvass, a column with a label above the header row, such as the entry numbers, belongs
	 * to canvass. */
	if (r->pack && over && table->holds != CNV_HOLDS_NOTHING)
		cnv_bit_set(r->own_columns, column - 1);
	else if (r->pack && !over && cnv_bit(r->own_columns, column - 1)) {
		cnv_returned_class(r, CNV_AS_FORM, 1);
		return;
	}
	cnv_returned_class(r, over && is_ours ? CNV_AS_FORM : CNV_AS_REPORTED, 1);
	if (!area->cells)
		area->words = first_words(r->to->arena, text);
	add_area(area, (cnv_xlsx_area){ row, column, row, column });
}

void cnv_returned_stray(reader *r, uint32_t row, uint32_t column, cnv_str text)
{
	char name[CNV_CELL_NAME_ROOM];

	cnv_cell_name(row, column, name);
	cnv_returned_class(r, CNV_AS_REPORTED, 1);
	cnv_diags_emit(r->diags,
		       CNV_DIAG(.code = CNV_CELLS_UNUSED, .place = { .source = r->to->source,
								     .sheet = CNV_STR("canvass"),
								     .tab = r->own_tab,
								     .row = row,
								     .column = column }),
		       "canvass's own sheet: the cell %s is not canvass's, \"%.*s\"", name,
		       CNV_ARG(first_words(&r->scratch, text)));
}

bool cnv_returned_begin(reader *r)
{
	size_t columns = CNV_BIT_WORDS(CNV_XLSX_COLUMNS), rows = CNV_BIT_WORDS(CNV_XLSX_ROWS);

	if (!r->asking) {
		r->asking = cnv_mem_array(rows, sizeof *r->asking);
		r->hidden_columns = cnv_mem_array(columns, sizeof *r->hidden_columns);
		r->own_columns = cnv_mem_array(columns, sizeof *r->own_columns);
	}
	if (!r->asking || !r->hidden_columns || !r->own_columns)
		return false;
	memset(r->asking, 0, rows * sizeof *r->asking);
	memset(r->hidden_columns, 0, columns * sizeof *r->hidden_columns);
	memset(r->own_columns, 0, columns * sizeof *r->own_columns);
	r->comment = r->table->from_comment;
	r->told_formula = false;
	r->above = r->beside = r->hidden = r->hidden_column = r->merged = (returned_area){ 0 };
	return true;
}

void cnv_returned_tell(reader *r)
{
	const returned_table *table = r->table;
	bool known = r->pack && (!r->own.count || cnv_returned_is_own(r, table));

	if (table->holds == CNV_HOLDS_NOTHING) {
		if (!known)
			tell_area(r, &r->above, "the sheet has no answers",
				  "if it should have, put the names of the questions in its first row");
	} else {
		if (!r->pack)
			tell_area(r, &r->above, "above the answers",
				  "write what belongs to an answer next to it, or as a comment on its cell");
		tell_area(r, &r->beside, "outside the columns of answers",
			  "write what belongs to an answer next to it, or as a comment on its cell");
		tell_merged(r);
		tell_hidden(r);
	}
	tell_comments(r);
}

void cnv_returned_tell_rest(reader *r)
{
	uint32_t more = r->told_areas > AREAS_TOLD ? r->told_areas - AREAS_TOLD : 0;

	if (more)
		cnv_diags_emit(r->diags,
			       CNV_DIAG(.code = CNV_CELLS_UNUSED, .place = (cnv_place){ .source = r->to->source },
					.hint = CNV_STR("remove what is not an answer")),
			       "%u more %s of the workbook %s not read either", more, more == 1 ? "area" : "areas",
			       more == 1 ? "is" : "are");
}
