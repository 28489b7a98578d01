/* sheet.c: a form definition as tables of cells.
 *
 * In the CSV layout one file holds every sheet: a text in the first column names a sheet, the next non-empty row is
 * its header, and the rows after it, whose first column is empty, are its rows.  A text in the first column of a data
 * row would silently start a sheet with that name; here it is reported, and the row is read as a data row.
 *
 * In a workbook, headers and rows end where other XLSForm readers end them, so that a scratch table far to the right
 * or far below is not part of the form; what is dropped is reported.
 */
#include "canvass/form.h"

#include <string.h>

/* Every sheet that an XLSForm may have. */
static const char *const sheet_names[] = { "survey", "choices", "settings", "external_choices", "entities", "osm" };
#define SHEET_NAMES (sizeof sheet_names / sizeof *sheet_names)
/* A form has a handful of sheets; a file with a hundred is a plain list with one column. */
#define MOST_SHEETS 100u

/* Empty cells that end the header of a workbook's sheet, and empty rows that end the sheet. */
#define HEADER_GAP 20u
#define ROW_GAP 60u

/* ASCII case is ignored, and a blank equals an underscore (`external choices`). */
static bool same_name(cnv_str a, cnv_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (cnv_lower(a.at[i] == ' ' ? '_' : a.at[i]) != cnv_lower(b.at[i] == ' ' ? '_' : b.at[i]))
			return false;
	return true;
}

/* A cell as XLSForm reads it: trimmed, with straight quotes. */
static cnv_str clean(cnv_arena *arena, cnv_str field)
{
	cnv_str text = cnv_str_trim_unicode(field);
	char *copy;
	size_t len = 0;

	if (!text.len)
		return text;
	copy = cnv_arena_get(arena, text.len);
	if (!copy)
		return (cnv_str){ 0 };
	for (size_t i = 0; i < text.len; i++) {
		unsigned char third = i + 2 < text.len ? (unsigned char)text.at[i + 2] : 0;

		/* U+2018, U+2019, U+201C and U+201D are E2 80 98, 99, 9C and 9D. */
		if ((unsigned char)text.at[i] == 0xE2 && i + 2 < text.len && (unsigned char)text.at[i + 1] == 0x80 &&
		    (third == 0x98 || third == 0x99 || third == 0x9C || third == 0x9D)) {
			copy[len++] = third < 0x9A ? '\'' : '"';
			i += 2;
		} else {
			copy[len++] = text.at[i];
		}
	}
	return (cnv_str){ copy, len };
}

static bool is_blank(cnv_str field)
{
	return !cnv_str_trim_unicode(field).len;
}

/* The non-empty cells of a record, from the second field on. */
static cnv_sheet_row read_cells(cnv_sheets *sheets, const cnv_str *fields, uint32_t count, uint32_t row)
{
	uint32_t used = 0;
	cnv_cell_text *cells;
	cnv_sheet_row result = { .row = row };

	for (uint32_t i = 1; i < count; i++)
		used += !is_blank(fields[i]);
	cells = cnv_arena_array(sheets->arena, used, sizeof *cells);
	if (!cells)
		return result;
	for (uint32_t i = 1; i < count; i++)
		if (!is_blank(fields[i]))
			cells[result.count++] = (cnv_cell_text){ clean(sheets->arena, fields[i]), row, i + 1 };
	result.cells = cells;
	return result;
}

static bool same_header(const cnv_sheet_row *a, const cnv_sheet_row *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (a->cells[i].column != b->cells[i].column || !cnv_str_equal(a->cells[i].text, b->cells[i].text))
			return false;
	return true;
}

/* Adds a sheet and makes it the current one. */
static bool push_sheet(cnv_sheets *sheets, cnv_str name)
{
	void *at = sheets->sheets;

	if (!cnv_mem_room(&at, &sheets->room, sheets->count + 1, sizeof *sheets->sheets)) {
		sheets->arena->failed = true;
		return false;
	}
	sheets->sheets = at;
	memset(&sheets->sheets[sheets->count], 0, sizeof *sheets->sheets);
	sheets->sheets[sheets->count].name = name;
	sheets->current = sheets->count++;
	sheets->header_due = true;
	return true;
}

/* The same in a CSV file. false: no memory, or too many sheets, which is reported. */
static bool open_sheet(cnv_sheets *sheets, cnv_str name, uint32_t row, cnv_diags *diags)
{
	if (sheets->count == MOST_SHEETS) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_SHEETS_MANY,
					.place = (cnv_place){ .source = sheets->source, .row = row, .column = 1 },
					.excerpt = name),
			       "more than %u sheets start in this file; the rest is not read", MOST_SHEETS);
		sheets->full = sheets->rejected = true;
		return false;
	}
	return push_sheet(sheets, name);
}

static bool begin_sheet(cnv_sheets *sheets, cnv_str name, uint32_t row, cnv_diags *diags)
{
	for (uint32_t i = 0; i < sheets->count; i++)
		if (same_name(sheets->sheets[i].name, name)) {
			sheets->current = i;
			sheets->header_due = true;
			return true;
		}
	return open_sheet(sheets, name, row, diags);
}

static bool is_sheet_name(cnv_str name)
{
	for (size_t i = 0; i < SHEET_NAMES; i++)
		if (same_name(name, cnv_str_from(sheet_names[i])))
			return true;
	return false;
}

static bool is_near_sheet_name(cnv_str name)
{
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, name);
	for (size_t i = 0; i < SHEET_NAMES; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(sheet_names[i]));
	return nearest.best.len > 0;
}

static void add_row(cnv_sheets *sheets, cnv_sheet_row row)
{
	cnv_sheet *sheet = &sheets->sheets[sheets->current];
	void *at = sheet->rows;

	if (!cnv_mem_room(&at, &sheet->room, sheet->count + 1, sizeof *sheet->rows)) {
		sheets->arena->failed = true;
		return;
	}
	sheet->rows = at;
	sheet->rows[sheet->count++] = row;
}

/* The row that follows a sheet name.  A sheet that continues further down must repeat its header unchanged; otherwise
 * the rows below go into a sheet of their own, which is never read. */
static void add_header(cnv_sheets *sheets, cnv_sheet_row row, cnv_diags *diags)
{
	cnv_sheet *sheet = &sheets->sheets[sheets->current];

	if (!sheet->header.count) {
		sheet->header = row;
	} else if (!same_header(&sheet->header, &row)) {
		cnv_place place = { .source = sheets->source, .sheet = sheet->name, .row = row.row };
		uint32_t first = sheet->header.row;

		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_SHEET_AGAIN, .place = place, .excerpt = row.cells[0].text),
			       "sheet \"%.*s\" continues here with a different header than on line %u; the rows below "
			       "are ignored",
			       CNV_ARG(sheet->name), first);
		sheets->rejected = true;
		if (!open_sheet(sheets, sheet->name, row.row, diags))
			return;
		sheets->sheets[sheets->current].header = row;
	}
	sheets->header_due = false;
}

void cnv_sheets_init(cnv_sheets *sheets, cnv_str source, cnv_arena *arena)
{
	*sheets = (cnv_sheets){ .source = source, .arena = arena, .current = CNV_NONE };
}

void cnv_sheets_add(cnv_sheets *sheets, const cnv_str *fields, uint32_t count, uint32_t row, cnv_diags *diags)
{
	cnv_str first;
	cnv_sheet_row cells;

	if (!count || sheets->full)
		return;
	first = clean(sheets->arena, fields[0]);
	cells = read_cells(sheets, fields, count, row);
	if (first.len) {
		bool under_header = sheets->current != CNV_NONE && !sheets->header_due;

		if (!cells.count || is_sheet_name(first) || !under_header || is_near_sheet_name(first)) {
			if (!begin_sheet(sheets, first, row, diags))
				return;
		} else if (is_sheet_name(sheets->sheets[sheets->current].name)) {
			cnv_place place = { .source = sheets->source,
					    .sheet = sheets->sheets[sheets->current].name,
					    .row = row,
					    .column = 1 };

			cnv_diags_emit(diags, CNV_DIAG(.code = CNV_STRAY_TEXT, .place = place, .excerpt = first),
				       "text in the first column, which is reserved for sheet names");
			sheets->rejected = true;
		}
	}
	if (!cells.count)
		return;
	if (sheets->current == CNV_NONE && !open_sheet(sheets, (cnv_str){ 0 }, row, diags))
		return;
	if (sheets->header_due)
		add_header(sheets, cells, diags);
	else
		add_row(sheets, cells);
}

bool cnv_sheets_begin(cnv_sheets *sheets, cnv_str name, uint32_t tab, uint32_t tabs)
{
	bool hidden = name.len && name.at[0] == '_'; /* XLSForm convention: ignored */

	sheets->alone = tabs == 1;
	if (!sheets->alone && !is_sheet_name(name) && (hidden || !is_near_sheet_name(name)))
		return false;
	if (sheets->count == MOST_SHEETS || !push_sheet(sheets, cnv_arena_copy(sheets->arena, name)))
		return false;
	sheets->sheets[sheets->current].tab = tab;
	return true;
}

/* A worksheet cell as XLSForm reads it: no-break spaces become spaces. */
static cnv_str clean_cell(cnv_arena *arena, cnv_str field)
{
	cnv_str text = clean(arena, field);
	char *copy;
	size_t len = 0;

	if (cnv_str_find(text, CNV_STR("\xC2\xA0")) == SIZE_MAX)
		return text;
	copy = cnv_arena_get(arena, text.len);
	if (!copy)
		return (cnv_str){ 0 };
	for (size_t i = 0; i < text.len; i++) {
		bool space = cnv_str_starts(cnv_str_slice(text, i, text.len), CNV_STR("\xC2\xA0"));

		copy[len++] = space ? ' ' : text.at[i];
		i += space;
	}
	return (cnv_str){ copy, len };
}

/* The non-empty cells of a worksheet row. */
static cnv_sheet_row copy_cells(cnv_sheets *sheets, const cnv_cell_text *cells, uint32_t count, uint32_t row)
{
	cnv_sheet_row result = { .row = row };
	cnv_cell_text *kept = cnv_arena_array(sheets->arena, count, sizeof *kept);

	if (!kept)
		return result;
	for (uint32_t i = 0; i < count; i++) {
		cnv_str text = clean_cell(sheets->arena, cells[i].text);

		if (text.len)
			kept[result.count++] = (cnv_cell_text){ text, row, cells[i].column };
	}
	result.cells = kept;
	return result;
}

/* How many cells of a header come before the gap that ends it. */
static uint32_t header_length(const cnv_sheet_row *header)
{
	for (uint32_t i = 0; i < header->count; i++)
		if (header->cells[i].column - (i ? header->cells[i - 1].column : 0) > HEADER_GAP + 1)
			return i;
	return header->count;
}

/* Drops the cells to the right of the header, and reports the first one of the sheet. */
static void cut_surplus(const cnv_sheets *sheets, cnv_sheet *sheet, cnv_sheet_row *row, cnv_diags *diags)
{
	uint32_t last = sheet->header.cells[sheet->header.count - 1].column, count = row->count;

	while (count && row->cells[count - 1].column > last)
		count--;
	if (count < row->count && !sheet->surplus) {
		const cnv_cell_text *cell = &row->cells[count];

		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_COLUMN_UNNAMED,
					.place = cnv_sheet_place(sheets, sheet, cell->row, cell->column),
					.excerpt = cell->text),
			       "the column has no heading; its cells are ignored");
		sheet->surplus = true;
	}
	row->count = count;
}

void cnv_sheets_put(cnv_sheets *sheets, const cnv_cell_text *cells, uint32_t count, uint32_t row, cnv_diags *diags)
{
	cnv_sheet *sheet = &sheets->sheets[sheets->current];
	uint32_t before = sheet->count ? sheet->rows[sheet->count - 1].row : sheet->header.row;
	cnv_sheet_row kept;

	if (sheet->ended)
		return;
	kept = copy_cells(sheets, cells, count, row);
	if (!kept.count)
		return;
	if (sheets->header_due) {
		kept.count = header_length(&kept);
		sheet->header = kept;
		sheets->header_due = !kept.count;
		return;
	}
	if (row - before > ROW_GAP + 1) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_SHEET_ENDED,
					.place = cnv_sheet_place(sheets, sheet, row, kept.cells[0].column),
					.excerpt = kept.cells[0].text),
			       "more than %u empty rows above this row end the sheet; the row is ignored", ROW_GAP);
		sheet->ended = true;
		return;
	}
	cut_surplus(sheets, sheet, &kept, diags);
	if (kept.count)
		add_row(sheets, kept);
}

const cnv_sheet *cnv_sheets_find(const cnv_sheets *sheets, cnv_str name)
{
	if (sheets->alone)
		return sheets->count && same_name(name, CNV_STR("survey")) ? sheets->sheets : NULL;
	for (uint32_t i = 0; i < sheets->count; i++)
		if (same_name(sheets->sheets[i].name, name))
			return &sheets->sheets[i];
	return NULL;
}

cnv_place cnv_sheet_place(const cnv_sheets *sheets, const cnv_sheet *sheet, uint32_t row, uint32_t column)
{
	cnv_place place = { .source = sheets->source, .row = row, .column = column };
	uint32_t from = 0, upto;

	if (!sheet)
		return place;
	place.sheet = sheet->name;
	place.tab = sheet->tab;
	upto = sheet->header.count;
	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (sheet->header.cells[middle].column < column)
			from = middle + 1;
		else
			upto = middle;
	}
	if (from < sheet->header.count && sheet->header.cells[from].column == column)
		place.heading = sheet->header.cells[from].text;
	return place;
}

void cnv_sheets_fini(cnv_sheets *sheets)
{
	for (uint32_t i = 0; i < sheets->count; i++)
		cnv_mem_free(sheets->sheets[i].rows);
	cnv_mem_free(sheets->sheets);
	*sheets = (cnv_sheets){ .current = CNV_NONE };
}
