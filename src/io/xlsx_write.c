/* Writes workbooks: a cnv_grid over libxlsxwriter.
 *
 * The library writes its arguments unchecked and at most warns on stderr, so every cell goes through put_cell.  Text
 * must be UTF-8 (otherwise it is rejected); it is escaped, cut at the cell limit with a warning, and always written
 * as text, even if it looks like a number or a formula.  Numbers must be finite, and rows and columns must ascend.
 * In constant-memory mode the library keeps only the current row.
 *
 * The library formats numbers by the thread's locale ("1234,5" under a German one, reported as success), so every
 * call into it is made between enter and leave, which set the C locale.  Zip entries have the library's fixed date;
 * with `created` set, the same cells produce the same bytes. */
#include "io/xlsx_text.h"
#include "io/xlsx_verify.h"
#include "io/xlsx_writer.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_UNITS 31u    /* of a sheet's name */
#define FOOTER_BYTES 110u /* of the caller's text: doubled and with our codes it fits in Excel's limit of 255 */
#define PAGES_BYTES 60u   /* of "page n of m" in other languages */
#define TITLE_BYTES 200u  /* of the title in the properties */
#define DAY_SERIAL 25569  /* serial of 1970-01-01 */

/* ---------------------------------------------------------------- sheets */

/* Why Excel would reject this name, or NULL. */
static const char *name_trouble(struct xlsx_writer *writer, cnv_str name)
{
	if (!name.len || cnv_utf8_check(name) != name.len)
		return "it has no name";
	if (cnv_utf16_length(name) > NAME_UNITS)
		return "its name has more than 31 characters";
	for (size_t at = 0; at < name.len; at++)
		if ((unsigned char)name.at[at] < 0x20 || memchr("[]:*?/\\", name.at[at], 7))
			return "its name has one of the characters [ ] : * ? / \\";
	if (name.at[0] == '\'' || name.at[name.len - 1] == '\'')
		return "its name begins or ends with an apostrophe";
	cnv_str folded = cnv_text_fold(&writer->arena, name);
	if (cnv_str_equal(folded, CNV_STR("history")))
		return "Excel reserves the name \"History\"";
	if (cnv_map_put(&writer->names, folded, writer->sheets) != writer->sheets)
		return "another sheet has the same name";
	return NULL;
}

/* Doubles each ampersand of the caller's text, because a single one would begin a code. */
static void put_plain(cnv_text *footer, const char *plain)
{
	for (const char *at = plain; at && *at; at++) {
		cnv_text_put_char(footer, *at);
		if (*at == '&')
			cnv_text_put_char(footer, '&');
	}
}

/* "Page {page} of {pages}" with Excel's codes. */
static void put_pages(cnv_text *footer, const char *pages)
{
	for (const char *at = pages; *at;) {
		bool one = !strncmp(at, "{page}", 6), all = !strncmp(at, "{pages}", 7);
		if (one || all)
			cnv_text_put(footer, one ? CNV_STR("&P") : CNV_STR("&N"));
		else
			put_plain(footer, (char[]){ *at, '\0' });
		at += one ? 6 : all ? 7 : 1;
	}
}

/* "title     sheet     page n of m" */
static lxw_error set_footer(struct xlsx_writer *writer, const cnv_sheet_style *style)
{
	char *plain = cnv_xlsx_plain(&writer->arena, style->footer, FOOTER_BYTES);
	char *pages = cnv_xlsx_plain(&writer->arena,
				     style->pages.len ? style->pages : CNV_STR("Page {page} of {pages}"), PAGES_BYTES);
	cnv_text footer = { 0 };
	lxw_error error = LXW_ERROR_MEMORY_MALLOC_FAILED;
	cnv_text_put(&footer, CNV_STR("&L&8 "));
	put_plain(&footer, plain);
	cnv_text_put(&footer, CNV_STR("&C&8 &A&R&8 "));
	if (pages)
		put_pages(&footer, pages);
	cnv_text_put_char(&footer, '\0');
	if (plain && pages && !footer.failed)
		error = worksheet_set_footer(writer->sheet, footer.at);
	cnv_text_fini(&footer);
	return error;
}

static lxw_error set_breaks(struct xlsx_writer *writer, const cnv_sheet_style *style)
{
	uint32_t count = style->break_count < CNV_SHEET_BREAKS ? style->break_count : CNV_SHEET_BREAKS;
	lxw_col_t *breaks = cnv_arena_array(&writer->arena, (size_t)count + 1, sizeof *breaks);

	for (uint32_t i = 0; breaks && i < count; i++)
		breaks[i] = (lxw_col_t)style->breaks[i];
	if (!breaks)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	return count ? worksheet_set_v_pagebreaks(writer->sheet, breaks) : LXW_NO_ERROR; /* zero ends them */
}

/* libxlsxwriter has room for so many bytes of `'Name'!$A:$C,'Name'!$3:$4`, and cuts what is longer, perhaps inside a
 * character.  Rows alone always fit. */
static bool has_room_for_columns(const cnv_sheet_style *style)
{
	size_t name = style->name.len + strlen("''");

	for (size_t i = 0; i < style->name.len; i++)
		name += style->name.at[i] == '\''; /* is doubled */
	return 2 * name + strlen("!$AAA:$AAA,") + strlen("!$99:$99") < LXW_DEFINED_NAME_LENGTH &&
	       style->header_row < 99;
}

static lxw_error set_up_print(struct xlsx_writer *writer, const cnv_sheet_style *style)
{
	lxw_worksheet *sheet = writer->sheet;
	lxw_error error = set_breaks(writer, style);

	if (style->landscape)
		worksheet_set_landscape(sheet);
	worksheet_set_paper(sheet, style->a3 ? 8 : 9); /* Excel's numbers for A3 and A4 */
	worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.7);
	if (style->scale)
		worksheet_set_print_scale(sheet, (uint16_t)style->scale);
	else
		worksheet_fit_to_pages(sheet, 1, style->one_page);
	if (!error && style->header_row != CNV_NONE)
		error = worksheet_repeat_rows(
			sheet, style->repeat_row < style->header_row ? style->repeat_row : style->header_row,
			style->header_row);
	if (!error && style->repeat_columns && has_room_for_columns(style))
		error = worksheet_repeat_columns(sheet, 0, (lxw_col_t)(style->repeat_columns - 1));
	return error ? error : set_footer(writer, style);
}

static lxw_error set_column(struct xlsx_writer *writer, const cnv_sheet_style *style, uint32_t column)
{
	lxw_format *format = style->looks ? writer->formats[style->looks[column]] : NULL;
	lxw_row_col_options hidden = { .hidden = LXW_TRUE };
	lxw_col_t at = (lxw_col_t)column;

	if (style->widths[column] > 0)
		return worksheet_set_column(writer->sheet, at, at, style->widths[column], format);
	return worksheet_set_column_opt(writer->sheet, at, at, LXW_DEF_COL_WIDTH, format, &hidden);
}

/* Protects the sheet without a password, against accidental edits only.  Rows and columns can still be resized. */
static void guard(lxw_worksheet *sheet)
{
	lxw_protection allowed = { .format_columns = LXW_TRUE, .format_rows = LXW_TRUE };
	worksheet_protect(sheet, NULL, &allowed);
}

static lxw_error set_up_view(struct xlsx_writer *writer, const cnv_sheet_style *style)
{
	lxw_worksheet *sheet = writer->sheet;
	lxw_error error = LXW_NO_ERROR;

	worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
	for (uint32_t column = 0; column < style->columns && !error; column++)
		error = set_column(writer, style, column);
	if (style->freeze_rows || style->freeze_columns)
		worksheet_freeze_panes(sheet, style->freeze_rows, (lxw_col_t)style->freeze_columns);
	/* A table has a filter of its own, and Excel does not open a sheet with two over the same cells. */
	if (!error && style->header_row != CNV_NONE && style->columns && style->last_row > style->header_row &&
	    !style->in_table)
		error = worksheet_autofilter(sheet, style->header_row, 0, style->last_row,
					     (lxw_col_t)(style->columns - 1));
	/* Numbers stored as text, such as a respondent's "007", are shown without Excel's green warning corner. */
	if (!error)
		error = worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
	if (style->guarded)
		guard(sheet);
	if (style->from_right)
		worksheet_right_to_left(sheet);
	if (style->hidden)
		worksheet_hide(sheet);
	if (!error && style->has_comments)
		worksheet_set_comments_author(sheet, "canvass");
	return error;
}

/* The library leaves names such as 2026, A1 or TRUE unquoted in the ranges it makes for filters and print titles,
 * and Excel then reports the workbook as damaged.  Quotation marks are always allowed; the library leaves a name
 * that begins with one unchanged. */
static lxw_error quote_name(struct xlsx_writer *writer, const char *name)
{
	lxw_worksheet *sheet = writer->sheet;
	if (sheet->quoted_name && sheet->quoted_name[0] == '\'')
		return LXW_NO_ERROR;
	cnv_str quoted = cnv_arena_format(&writer->arena, "'%s'%c", name, 0);
	if (!quoted.len)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	free(sheet->quoted_name);
	sheet->quoted_name = lxw_quote_sheetname(quoted.at);
	return sheet->quoted_name ? LXW_NO_ERROR : LXW_ERROR_MEMORY_MALLOC_FAILED;
}

static void end_sheet(struct xlsx_writer *writer)
{
	writer->commented += writer->has_comment;
	writer->charted += writer->has_chart;
	writer->linked += writer->has_comment || writer->has_chart || writer->has_table;
	writer->has_comment = writer->has_chart = writer->has_table = false;
	writer->row = writer->column = -1;
}

static cnv_status put_sheet(void *self, const cnv_sheet_style *style)
{
	struct xlsx_writer *writer = self;
	void *cells = writer->cells, *sums = writer->sums, *besides = writer->besides;
	if (writer->status != CNV_OK)
		return writer->status;
	end_sheet(writer);
	const char *trouble = name_trouble(writer, style->name);
	if (!trouble && (style->columns > XLSX_COLUMNS || style->freeze_columns > XLSX_COLUMNS ||
			 style->repeat_columns > XLSX_COLUMNS))
		trouble = "it has more than 16,384 columns";
	if (!trouble && style->header_row != CNV_NONE &&
	    (style->header_row >= XLSX_ROWS || style->last_row >= XLSX_ROWS))
		trouble = "it has more than 1,048,576 rows";
	if (trouble)
		return xlsx_refuse_sheet(writer, style->name, trouble);

	const char *name = cnv_xlsx_plain(&writer->arena, style->name, style->name.len);
	if (!name || writer->arena.failed || writer->names.failed ||
	    !cnv_mem_room(&cells, &writer->room, writer->sheets + 1, sizeof *writer->cells))
		return writer->status = CNV_NO_MEMORY;
	writer->cells = cells;
	if (!cnv_mem_room(&sums, &writer->sum_room, writer->sheets + 1, sizeof *writer->sums))
		return writer->status = CNV_NO_MEMORY;
	writer->sums = sums;
	if (!cnv_mem_room(&besides, &writer->beside_room, writer->sheets + 1, sizeof *writer->besides))
		return writer->status = CNV_NO_MEMORY;
	writer->besides = besides;
	writer->name = cnv_str_from(name);
	writer->besides[writer->sheets] = (cnv_xlsx_beside){ .name = writer->name };
	writer->sums[writer->sheets] = 0;
	writer->cells[writer->sheets++] = 0;

	locale_t before = xlsx_enter(writer);
	lxw_error error = LXW_ERROR_MEMORY_MALLOC_FAILED;
	writer->sheet = workbook_add_worksheet(writer->book, name);
	if (writer->sheet)
		error = quote_name(writer, name);
	if (!error)
		error = set_up_view(writer, style);
	if (!error)
		error = set_up_print(writer, style);
	return xlsx_leave(writer, before, error);
}

/* ---------------------------------------------------------------- cells */

/* A comment's box, wide enough to read and high enough for its lines (14 pixels each, some 45 characters). */
static lxw_error write_comment(struct xlsx_writer *writer, uint32_t row, uint32_t column)
{
	size_t lines = 2, in_line = 0;
	for (const char *at = writer->remark.at; *at; at++) {
		bool full = *at == '\n' || in_line >= 45;
		lines += full;
		in_line = full ? 0 : in_line + 1;
	}
	lxw_comment_options box = {
		.width = 280,
		.height = (uint16_t)(lines > 26 ? 26 * 15 : lines * 15),
		.font_name = "Calibri",
		.font_size = 9,
	};
	cnv_str read = cnv_xlsx_note_read(&writer->whole, cnv_str_from(writer->remark.at));
	if (writer->whole.failed)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	if (read.len)
		writer->besides[writer->sheets - 1].sum += cnv_xlsx_note_sum(row + 1, column + 1, read);
	writer->has_comment = true;
	return worksheet_write_comment_opt(writer->sheet, row, (lxw_col_t)column, writer->remark.at, &box);
}

/* Writes the text in the cell's own font with the small print below it.  The library rejects empty strings. */
static lxw_error write_two(struct xlsx_writer *writer, uint32_t row, uint32_t column, lxw_format *format)
{
	lxw_rich_string_tuple text = { .format = format, .string = writer->text.at };
	lxw_rich_string_tuple aside = { .format = writer->aside, .string = writer->high.at };
	lxw_rich_string_tuple *parts[] = { &text, &aside, NULL };

	return worksheet_write_rich_string(writer->sheet, row, (lxw_col_t)column, parts, format);
}

static lxw_error write_text(struct xlsx_writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell,
			    lxw_format *format)
{
	lxw_worksheet *sheet = writer->sheet;
	lxw_col_t at = (lxw_col_t)column;
	lxw_error error = LXW_NO_ERROR;

	if (cell->span > 1)
		error = worksheet_merge_range(sheet, row, at, row, (lxw_col_t)(column + cell->span - 1),
					      writer->text.at, format);
	if (error)
		return error;
	if (cell->aside.len && cell->text.len)
		return write_two(writer, row, column, format);
	return worksheet_write_string(sheet, row, at, writer->text.at, format);
}

static lxw_error write_value(struct xlsx_writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	lxw_format *format = writer->formats[cell->look];
	char day[CNV_DAY_ROOM];

	switch (cell->kind) {
	case CNV_CELL_TEXT:
		return write_text(writer, row, column, cell, format);
	case CNV_CELL_FORMULA:
		if (cell->is_text)
			return worksheet_write_formula_str(writer->sheet, row, (lxw_col_t)column,
							   writer->lxw_formula.at, format, writer->text.at);
		return worksheet_write_formula_num(writer->sheet, row, (lxw_col_t)column, writer->lxw_formula.at,
						   format, cell->number + 0.0);
	case CNV_CELL_NUMBER:
		if (cell->look == CNV_LOOK_NUMBER)
			format = writer->numbers[cnv_xlsx_decimals(cell->number)];
		/* Adding 0 turns -0 into 0. */
		return worksheet_write_number(writer->sheet, row, (lxw_col_t)column, cell->number + 0.0, format);
	case CNV_CELL_DAY:
		if (cell->day >= CNV_XLSX_FIRST_DAY)
			return worksheet_write_number(writer->sheet, row, (lxw_col_t)column,
						      (double)cell->day + DAY_SERIAL, format);
		cnv_day_write(cell->day, day);
		return worksheet_write_string(writer->sheet, row, (lxw_col_t)column, day, format);
	}
	return LXW_ERROR_PARAMETER_VALIDATION;
}

/* The link of a cell.  The library writes its text into the cell too, whose own value then replaces it. */
static lxw_error write_link(struct xlsx_writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	return worksheet_write_url_opt(writer->sheet, row, (lxw_col_t)column, writer->link.at,
				       writer->formats[cell->look], NULL, cell->tip.len ? writer->tip.at : NULL);
}

static cnv_status put_row(void *self, uint32_t row, double height)
{
	struct xlsx_writer *writer = self;
	lxw_row_col_options hidden = { .hidden = LXW_TRUE };
	if (writer->status != CNV_OK || !(height > 0 || height < 0))
		return writer->status;
	if (!writer->sheet || row >= XLSX_ROWS || (int64_t)row <= writer->row || height > 409)
		return xlsx_refuse_cell(writer, row, 0, "its row is outside the sheet, or was started before");
	writer->row = row;
	writer->column = -1;
	locale_t before = xlsx_enter(writer);
	lxw_error error = height > 0 ? worksheet_set_row(writer->sheet, row, height, NULL)
				     : worksheet_set_row_opt(writer->sheet, row, LXW_DEF_ROW_HEIGHT, NULL, &hidden);
	return xlsx_leave(writer, before, error);
}

static cnv_status put_breaks(void *self, const uint32_t *rows, uint32_t count)
{
	struct xlsx_writer *writer = self;
	lxw_row_t *breaks;

	if (writer->status != CNV_OK || !count)
		return writer->status;
	count = count < CNV_SHEET_BREAKS ? count : CNV_SHEET_BREAKS;
	breaks = cnv_arena_array(&writer->arena, (size_t)count + 1, sizeof *breaks);
	if (!breaks)
		return writer->status = CNV_NO_MEMORY;
	for (uint32_t i = 0; i < count; i++)
		breaks[i] = rows[i];
	locale_t before = xlsx_enter(writer);
	return xlsx_leave(writer, before, worksheet_set_h_pagebreaks(writer->sheet, breaks)); /* zero ends them */
}

/* Prepares the texts of a cell for the library. */
static cnv_status make_parts(struct xlsx_writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	if (cell->link.len && xlsx_make_formula(writer, &writer->link, "internal:", cell->link) == CNV_OK)
		xlsx_make_formula(writer, &writer->tip, "", cell->tip);
	if (writer->status != CNV_OK)
		return writer->status;
	if (cell->kind != CNV_CELL_TEXT && cell->kind != CNV_CELL_FORMULA)
		return CNV_OK;
	xlsx_make_text(writer, &writer->text, cell->text, row, column);
	if (writer->status == CNV_OK && cell->kind == CNV_CELL_FORMULA)
		xlsx_make_formula(writer, &writer->lxw_formula, "=", cell->formula);
	if (writer->status == CNV_OK && cell->aside.len && cell->text.len) {
		xlsx_make_text(writer, &writer->small, cell->aside, row, column);
		cnv_text_reset(&writer->high);
		cnv_text_format(&writer->high, "\n%s", writer->small.failed ? "" : writer->small.at);
		cnv_text_put_char(&writer->high, '\0');
		if (writer->high.failed)
			writer->status = CNV_NO_MEMORY;
	}
	return writer->status;
}

/* Records the value and look that the cell must have when it is read back. */
static void prove(struct xlsx_writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	cnv_str text = { 0 };
	char day[CNV_DAY_ROOM];

	if (cell->kind == CNV_CELL_DAY && cell->day < CNV_XLSX_FIRST_DAY) {
		text = (cnv_str){ day, cnv_day_write(cell->day, day) };
	} else if (cell->kind == CNV_CELL_TEXT || cell->kind == CNV_CELL_FORMULA) {
		text = cnv_text_str(&writer->text);
		text.len--; /* the NUL */
	}
	if (cell->kind == CNV_CELL_TEXT && cell->aside.len && cell->text.len) {
		cnv_text_reset(&writer->whole);
		cnv_text_format(&writer->whole, "%s%s", writer->text.at, writer->high.at);
		text = cnv_text_str(&writer->whole);
		if (writer->whole.failed)
			writer->status = CNV_NO_MEMORY;
	}
	cnv_xlsx_proof_put(&writer->sums[writer->sheets - 1], &writer->proofs, row, column, cell, text,
			   (double)cell->day + DAY_SERIAL);
}

static cnv_status put_cell(void *self, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	struct xlsx_writer *writer = self;
	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheet || row >= XLSX_ROWS || column >= XLSX_COLUMNS || (unsigned int)cell->look >= CNV_LOOKS)
		return xlsx_refuse_cell(writer, row, column, "it is outside the sheet");
	if ((int64_t)row < writer->row || ((int64_t)row == writer->row && (int64_t)column <= writer->column))
		return xlsx_refuse_cell(writer, row, column, "cells are written row by row, from left to right");
	if (cell->kind == CNV_CELL_NUMBER && !isfinite(cell->number))
		return xlsx_refuse_cell(writer, row, column, "its number is not finite");
	if (cell->kind == CNV_CELL_FORMULA && !isfinite(cell->number))
		return xlsx_refuse_cell(writer, row, column, "its number is not finite");
	if (cell->span > 1 && (cell->kind != CNV_CELL_TEXT || cell->span > XLSX_COLUMNS - column))
		return xlsx_refuse_cell(writer, row, column, "it cannot be merged with the cells next to it");
	if (make_parts(writer, row, column, cell) != CNV_OK)
		return writer->status;
	if (cell->comment.len && xlsx_make_text(writer, &writer->remark, cell->comment, row, column) != CNV_OK)
		return writer->status;

	uint32_t span = cell->span > 1 ? cell->span : 1;
	writer->row = row;
	writer->column = (int64_t)column + span - 1;
	writer->cells[writer->sheets - 1] += span;
	locale_t before = xlsx_enter(writer);
	lxw_error error = cell->link.len ? write_link(writer, row, column, cell) : LXW_NO_ERROR;
	if (!error)
		error = write_value(writer, row, column, cell);
	if (!error && cell->comment.len)
		error = write_comment(writer, row, column);
	if (!error)
		prove(writer, row, column, cell);
	return xlsx_leave(writer, before, error);
}

/* ---------------------------------------------------------------- the workbook */

static cnv_status finish(void *self)
{
	struct xlsx_writer *writer = self;
	const char *trouble;
	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheets)
		return xlsx_refuse_sheet(writer, (cnv_str){ 0 }, "a workbook needs at least one");
	end_sheet(writer);
	locale_t before = xlsx_enter(writer);
	lxw_error error = workbook_close(writer->book);
	writer->book = NULL; /* closing frees it, whether or not it succeeds */
	writer->sheet = NULL;
	if (xlsx_leave(writer, before, error) != CNV_OK)
		return writer->status;

	cnv_xlsx_expect expect = { .cells = writer->cells,
				   .sheets = writer->sheets,
				   .commented = writer->commented,
				   .charts = writer->charts,
				   .charted = writer->charted,
				   .linked = writer->linked,
				   .tables = writer->tables,
				   .sums = writer->sums,
				   .besides = writer->besides };
	cnv_status status = cnv_xlsx_verify(writer->output->temporary, &expect, &trouble);
	if (status == CNV_NO_MEMORY)
		return writer->status = status;
	return status == CNV_OK ? CNV_OK : xlsx_refuse_book(writer, trouble);
}

/* Makes the workbook and its properties; false: no memory. */
static bool make_book(struct xlsx_writer *writer, cnv_str title, cnv_instant created)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	writer->book = workbook_new_opt(writer->output->temporary, &options);
	if (!writer->book || !xlsx_make_formats(writer))
		return false;
	/* The library reads 0 as "now", so second 0 of 1970 is passed as second 1. */
	int64_t seconds = created.utc_ms / 1000;
	lxw_doc_properties properties = {
		.title = cnv_xlsx_plain(&writer->arena, title, TITLE_BYTES),
		.author = (char[]){ "canvass" },
		.created = (time_t)(seconds ? seconds : 1),
	};
	return properties.title && !workbook_set_properties(writer->book, &properties);
}

cnv_status cnv_xlsx_grid(cnv_grid *grid, const cnv_output *output, cnv_str title, cnv_instant created, cnv_diags *diags)
{
	*grid = (cnv_grid){ 0 };
	cnv_status status = cnv_xlsx_library_load((cnv_place){ .source = output->target }, diags);
	if (status != CNV_OK)
		return status;
	struct xlsx_writer *writer = cnv_mem_get(sizeof *writer);
	if (!writer)
		return CNV_NO_MEMORY;
	*writer = (struct xlsx_writer){ .output = output, .diags = diags, .row = -1, .column = -1 };
	*grid = (cnv_grid){ writer,        put_sheet,      put_row,        put_cell,   finish, xlsx_put_rule,
			    xlsx_put_name, xlsx_put_chart, xlsx_put_table, put_breaks, NULL };
	writer->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	bool made = false;
	if (writer->plain) {
		locale_t before = xlsx_enter(writer);
		made = make_book(writer, title, created);
		made &= xlsx_leave(writer, before, LXW_NO_ERROR) == CNV_OK;
	}
	if (!made) {
		cnv_xlsx_free(grid);
		return CNV_NO_MEMORY;
	}
	return CNV_OK;
}

void cnv_xlsx_free(cnv_grid *grid)
{
	struct xlsx_writer *writer = grid->self;
	*grid = (cnv_grid){ 0 };
	if (!writer)
		return;
	if (writer->book)
		lxw_workbook_free(writer->book);
	if (writer->plain)
		freelocale(writer->plain);
	cnv_map_fini(&writer->names);
	cnv_arena_fini(&writer->arena);
	cnv_text_fini(&writer->text);
	cnv_text_fini(&writer->remark);
	cnv_text_fini(&writer->link);
	cnv_text_fini(&writer->tip);
	cnv_text_fini(&writer->small);
	cnv_text_fini(&writer->lxw_formula);
	cnv_text_fini(&writer->high);
	cnv_text_fini(&writer->whole);
	cnv_mem_free(writer->cells);
	cnv_mem_free(writer->sums);
	cnv_mem_free(writer->besides);
	cnv_mem_free(writer);
}
