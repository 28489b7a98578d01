/* What canvass wrote into a workbook that it sent out.
 *
 * The pack is laid out again, for the same form, language and respondent, and its cells are kept: what comes back is
 * compared with them.  Rows may have been inserted, moved or deleted, so a row is found by the path in its first
 * column, or else by one of its texts, near where it would be.  A row that is where it was is found only there: a copy
 * of its text in another row is no row of the questionnaire. */
#include "io/printed.h"

#include <string.h>

#define NEAR 64 /* rows up and down that are searched for a text */

/* ---------------------------------------------------------------- the grid */

static cnv_status take_sheet(void *self, const cnv_sheet_style *style)
{
	printed *p = self;

	if (!cnv_mem_room((void **)&p->sheets, &p->room, p->count + 1, sizeof *p->sheets))
		return CNV_NO_MEMORY;
	p->sheets[p->count++] = (printed_sheet){ .name = cnv_arena_copy(&p->arena, style->name) };
	return p->arena.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status take_row(void *self, uint32_t row, double height)
{
	(void)self, (void)row, (void)height;
	return CNV_OK;
}

static cnv_str text_of(printed *p, const cnv_cell *cell)
{
	char digits[CNV_NUMBER_ROOM];

	if (cell->kind == CNV_CELL_NUMBER || (cell->kind == CNV_CELL_FORMULA && !cell->is_text))
		return cnv_arena_copy(&p->arena, (cnv_str){ digits, cnv_number_write(cell->number, digits) });
	if (cell->aside.len && cell->text.len && !cell->link.len)
		return cnv_arena_format(&p->arena, "%.*s\n%.*s", CNV_ARG(cell->text), CNV_ARG(cell->aside));
	return cnv_arena_copy(&p->arena, cell->text);
}

static cnv_status take_cell(void *self, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	printed *p = self;
	printed_sheet *sheet = &p->sheets[p->count - 1];
	bool formula = cell->kind == CNV_CELL_FORMULA;
	cnv_str text = text_of(p, cell);

	if (cnv_is_blank(text) && !formula)
		return p->arena.failed ? CNV_NO_MEMORY : CNV_OK;
	if (!cnv_mem_room((void **)&sheet->cells, &sheet->room, sheet->count + 1, sizeof *sheet->cells))
		return CNV_NO_MEMORY;
	sheet->cells[sheet->count++] = (printed_cell){
		.row = row + 1, .column = column + 1, .text = text, .formula = formula, .is_text = cell->is_text
	};
	if (!column && !formula && cell->kind == CNV_CELL_TEXT)
		cnv_map_put(&sheet->paths, text, row + 1);
	return p->arena.failed || sheet->paths.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status take_nothing(void *self)
{
	(void)self;
	return CNV_OK;
}

static cnv_status take_rule(void *self, const cnv_rule *rule)
{
	(void)self, (void)rule;
	return CNV_OK;
}

static cnv_status take_name(void *self, cnv_str name, cnv_str range)
{
	(void)self, (void)name, (void)range;
	return CNV_OK;
}

bool printed_lay(printed *p, const cnv_pack *pack)
{
	const cnv_grid grid = { .self = p,
				.sheet = take_sheet,
				.row = take_row,
				.cell = take_cell,
				.finish = take_nothing,
				.rule = take_rule,
				.name = take_name };
	cnv_arena scratch = { 0 };
	cnv_status status = cnv_pack_lay(pack, &grid, &scratch);

	cnv_arena_fini(&scratch);
	return status == CNV_OK;
}

/* ---------------------------------------------------------------- look-up */

printed_sheet *printed_find(const printed *p, cnv_str name)
{
	for (uint32_t i = 0; i < p->count; i++)
		if (cnv_str_equal(p->sheets[i].name, name))
			return &p->sheets[i];
	return NULL;
}

/* The first cell that is not before this one. */
static uint32_t find_cell(const printed_sheet *sheet, uint32_t row, uint32_t column)
{
	uint32_t from = 0, upto = sheet->count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;
		const printed_cell *cell = &sheet->cells[middle];

		if (cell->row < row || (cell->row == row && cell->column < column))
			from = middle + 1;
		else
			upto = middle;
	}
	return from;
}

printed_cell *printed_at(const printed_sheet *sheet, uint32_t row, uint32_t column)
{
	uint32_t at = find_cell(sheet, row, column);

	return at < sheet->count && sheet->cells[at].row == row && sheet->cells[at].column == column ? &sheet->cells[at]
												     : NULL;
}

bool printed_same(const printed_cell *cell, const printed_given *given)
{
	if (cell->formula && given->formula)
		return true;
	return (!cell->formula || cell->is_text) && cnv_is_same_text(cell->text, given->text);
}

/* ---------------------------------------------------------------- alignment */

/* Has the printed row one of the texts, in the same column, and is it not in the return already? */
static bool has_text(const printed_sheet *sheet, int64_t row, const printed_given *given, uint32_t count)
{
	for (uint32_t i = 0; row > 0 && i < count; i++) {
		const printed_cell *cell = printed_at(sheet, (uint32_t)row, given[i].column);

		if (cell && !cell->here && !cell->formula && cnv_is_same_text(cell->text, given[i].text))
			return true;
	}
	return false;
}

static bool has_path(const printed_sheet *sheet, int64_t row)
{
	const printed_cell *cell = printed_at(sheet, (uint32_t)row, 1);

	return cell && cnv_map_find(&sheet->paths, cell->text) == row;
}

/* Does the return have all texts of the row where they were? */
static bool is_at_home(const printed_sheet *sheet, int64_t row)
{
	uint32_t at = find_cell(sheet, (uint32_t)row, 1), texts = 0;

	for (; at < sheet->count && sheet->cells[at].row == row; at++) {
		if (!sheet->cells[at].formula && !sheet->cells[at].at_home)
			return false;
		texts += !sheet->cells[at].formula;
	}
	return texts;
}

/* The next row with a text in it, in this direction; 0: none. */
static int64_t next_text(const printed_sheet *sheet, int64_t row, int64_t direction)
{
	int64_t at = (int64_t)find_cell(sheet, (uint32_t)row, 1);

	for (; at >= 0 && at < (int64_t)sheet->count; at += direction)
		if (!sheet->cells[at].formula && (sheet->cells[at].row - row) * direction > 0)
			return sheet->cells[at].row;
	return 0;
}

/* Are the texts before and after it where they were?  Then no row was inserted or deleted, and a person has moved its text
 * alone. */
static bool is_alone(const printed_sheet *sheet, int64_t row)
{
	int64_t before = next_text(sheet, row, -1), after = next_text(sheet, row, 1);

	return (!before || is_at_home(sheet, before)) && (!after || is_at_home(sheet, after));
}

/* Is it this row, moved as a whole with its neighbours? */
static bool is_moved(const printed_sheet *sheet, int64_t row, const printed_given *given, uint32_t count, bool asks)
{
	return has_text(sheet, row, given, count) && (asks || !has_path(sheet, row)) && !is_at_home(sheet, row) &&
	       (has_path(sheet, row) || !is_alone(sheet, row));
}

/* asks: the row may be one that has a path. */
static int64_t find_row(const printed_sheet *sheet, int64_t near, const printed_given *given, uint32_t count, bool asks)
{
	if (asks && count && given[0].column == 1) {
		uint32_t row = cnv_map_find(&sheet->paths, cnv_str_trim_unicode(given[0].text));
		if (row != CNV_NONE)
			return row;
	}
	if (has_text(sheet, near, given, count) && (asks || !has_path(sheet, near)))
		return near;
	for (int64_t away = 1; away <= NEAR; away++) {
		if (is_moved(sheet, near + away, given, count, asks))
			return near + away;
		if (is_moved(sheet, near - away, given, count, asks))
			return near - away;
	}
	/* A row without a text of its own, or whose texts were changed; the row of a question is found by its path. */
	return near > 0 && !has_path(sheet, near) ? near : 0;
}

uint32_t printed_align(printed_sheet *sheet, uint32_t row, const printed_given *given, uint32_t count, bool asks)
{
	int64_t found = find_row(sheet, row - sheet->shift, given, count, asks);

	if (!found)
		return 0;
	sheet->shift = row - found;
	for (uint32_t at = find_cell(sheet, (uint32_t)found, 1);
	     at < sheet->count && sheet->cells[at].row == (uint32_t)found; at++) {
		printed_cell *cell = &sheet->cells[at];

		if (cell->here && !cell->seen)
			cell->gone = cell->here;
		cell->here = row;
	}
	return (uint32_t)found;
}

void printed_fini(printed *p)
{
	for (uint32_t i = 0; i < p->count; i++) {
		cnv_mem_free(p->sheets[i].cells);
		cnv_map_fini(&p->sheets[i].paths);
	}
	cnv_mem_free(p->sheets);
	cnv_arena_fini(&p->arena);
	*p = (printed){ 0 };
}
