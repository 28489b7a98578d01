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
#include "io/xlsx_book.h"
#include "io/xlsx_library.h"
#include "io/xlsx_looks.h"
#include "io/xlsx_text.h"
#include "io/xlsx_verify.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_UNITS 32767u   /* UTF-16 units that a cell holds */
#define FORMULA_UNITS 8000u /* a formula has 8,192 at most */
#define CUT_UNITS 32700u    /* where longer text is cut: leaves room for the mark */
#define ROWS 1048576u
#define COLUMNS 16384u
#define NAME_UNITS 31u          /* of a sheet's name */
#define FOOTER_BYTES 110u       /* of the caller's text: doubled and with our codes it fits in Excel's limit of 255 */
#define PAGES_BYTES 60u         /* of "page n of m" in other languages */
#define TITLE_BYTES 200u        /* of the title in the properties */
#define FIRST_SERIAL_DAY -25508 /* 1900-03-01: Excel has a 29 February in 1900, so earlier serials are off by one */
#define DAY_SERIAL 25569        /* serial of 1970-01-01 */

static const cnv_str cut_mark = { " [\xE2\x80\xA6]", 6 };

/* ---------------------------------------------------------------- the writer */

/* CNV_LOOK_NUMBER by the decimals that the number needs, so that 5 does not read "5." */
static const char *const decimals[CNV_XLSX_DECIMALS] = { "0_)", "0.0_)", "0.00_)" };
#define DECIMALS CNV_XLSX_DECIMALS

struct writer {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *formats[CNV_LOOKS], *numbers[DECIMALS], *aside;
	const cnv_output *output;
	cnv_diags *diags;
	locale_t plain;    /* the locale for every call into the library */
	cnv_status status; /* sticky */
	cnv_arena arena;   /* names of sheets, folded */
	cnv_map names;     /* those names -> number of the sheet */
	cnv_str name;      /* of the current sheet, in `arena` */
	uint64_t *cells;   /* per sheet: how many cells reading back must find, */
	uint64_t *sums;    /* and their sum (xlsx_proof.c) */
	uint32_t sheets, room, sum_room;
	cnv_xlsx_proof_look_list proofs;
	uint32_t commented;    /* sheets with comments */
	bool has_comment;      /* the current one */
	int64_t row, column;   /* of the last cell; -1: none */
	cnv_text text, remark; /* the current cell's text and comment, as passed to the library */
	cnv_text small, formula, high, whole;
};

/* ---------------------------------------------------------------- rejecting */

static cnv_place place_of(const struct writer *writer, uint32_t row, uint32_t column)
{
	return (cnv_place){
		.source = writer->output->target, .sheet = writer->name, .row = row + 1, .column = column + 1
	};
}

static cnv_status refuse_cell(struct writer *writer, uint32_t row, uint32_t column, const char *why)
{
	cnv_str none = { 0 };
	cnv_diags_emit(writer->diags,
		       CNV_DIAG(.code = CNV_CELL_REFUSED, .place = place_of(writer, row, column), .hint = none), "%s",
		       why);
	return writer->status = CNV_REJECTED;
}

static cnv_status refuse_sheet(struct writer *writer, cnv_str name, const char *why)
{
	cnv_place place = { .source = writer->output->target };
	cnv_str none = { 0 };
	cnv_diags_emit(writer->diags, CNV_DIAG(.code = CNV_SHEET_REFUSED, .place = place, .field = name, .hint = none),
		       "the sheet \"%.*s\" cannot be made: %s", CNV_ARG(name), why);
	return writer->status = CNV_REJECTED;
}

static cnv_status refuse_book(struct writer *writer, const char *why)
{
	cnv_place place = { .source = writer->output->target };
	cnv_diags_emit(
		writer->diags,
		CNV_DIAG(.code = CNV_WORKBOOK_DAMAGED, .place = place,
			 .hint = CNV_STR("free disk space, also in the folder for temporary files, and run again")),
		"the workbook could not be written: %s", why);
	return writer->status = CNV_NO_ACCESS;
}

static locale_t enter(const struct writer *writer)
{
	errno = 0;
	return uselocale(writer->plain);
}

/* Turns the result of a library call into the sticky status.  The library does not check every allocation; it then
 * leaves out a font or a prompt without reporting an error.  The failed allocation sets errno, and nothing resets it
 * before this check. */
static cnv_status leave(struct writer *writer, locale_t before, lxw_error error)
{
	bool refused = errno == ENOMEM || error == LXW_ERROR_MEMORY_MALLOC_FAILED;

	uselocale(before);
	if (writer->status != CNV_OK)
		return writer->status;
	if (refused)
		return writer->status = CNV_NO_MEMORY;
	return error == LXW_NO_ERROR ? CNV_OK : refuse_book(writer, lxw_strerror(error));
}

/* ---------------------------------------------------------------- text */

/* Makes the NUL-terminated text of a cell or comment in `out`. */
static cnv_status make_text(struct writer *writer, cnv_text *out, cnv_str s, uint32_t row, uint32_t column)
{
	if (cnv_utf8_check(s) != s.len)
		return refuse_cell(writer, row, column, "its text is not UTF-8");
	cnv_xlsx_escape(out, s);
	cnv_str all = cnv_text_str(out);
	if (!out->failed && all.len > CELL_UNITS && cnv_utf16_length(all) > CELL_UNITS) {
		cnv_str none = { 0 };
		out->len = cnv_xlsx_bytes(all, CUT_UNITS);
		cnv_text_put(out, cut_mark);
		cnv_diags_emit(
			writer->diags,
			CNV_DIAG(.code = CNV_CELL_SHORTENED, .place = place_of(writer, row, column), .hint = none),
			"the text was cut after %u characters; the store has all of it", CUT_UNITS);
	}
	cnv_text_put_char(out, '\0');
	return out->failed ? (writer->status = CNV_NO_MEMORY) : CNV_OK;
}

/* A copy for headers and properties: at most `most` bytes, no partial characters, no control characters. */
static char *plain_copy(cnv_arena *arena, cnv_str s, size_t most)
{
	size_t len = s.len < most ? s.len : most;
	if (cnv_utf8_check(s) != s.len)
		len = 0;
	while (len && len < s.len && ((unsigned char)s.at[len] & 0xC0) == 0x80)
		len--;
	char *copy = cnv_arena_get(arena, len + 1);
	for (size_t at = 0; copy && at < len; at++)
		copy[at] = (unsigned char)s.at[at] < 0x20 ? ' ' : s.at[at];
	return copy;
}

/* ---------------------------------------------------------------- formats */

static lxw_format *make_format(lxw_workbook *book, const cnv_xlsx_look *look, const char *number)
{
	lxw_format *format = workbook_add_format(book);
	if (!format)
		return NULL;
	if (look->size > 0) { /* otherwise the format is applied over a cell, which keeps its font */
		format_set_font_name(format, "Calibri");
		format_set_font_size(format, look->size);
	}
	format_set_font_color(format, (lxw_color_t)look->ink);
	if (look->fill != NO_FILL)
		format_set_bg_color(format, (lxw_color_t)look->fill);
	if (look->traits & BOLD)
		format_set_bold(format);
	if (look->traits & ITALIC)
		format_set_italic(format);
	if (look->traits & STRUCK)
		format_set_font_strikeout(format);
	if (look->traits & WRAPPED)
		format_set_text_wrap(format);
	if (look->traits & (CENTRED | RIGHT | LEFT))
		format_set_align(format, look->traits & CENTRED ? LXW_ALIGN_CENTER
					 : look->traits & RIGHT ? LXW_ALIGN_RIGHT
								: LXW_ALIGN_LEFT);
	if (look->size > 0)
		format_set_align(format, look->traits & MIDDLE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
	if (look->traits & BOXED) {
		format_set_border(format, LXW_BORDER_THIN);
		format_set_border_color(format, RULE);
	}
	if (look->traits & FRAMED) {
		format_set_border(format, LXW_BORDER_THIN);
		format_set_border_color(format, RED);
	}
	if (look->traits & LINED) {
		format_set_top(format, LXW_BORDER_THIN);
		format_set_top_color(format, RULE);
	}
	if (look->traits & OPEN)
		format_set_unlocked(format);
	if (look->traits & SET_IN)
		format_set_indent(format, 2);
	if (look->traits & LINKED)
		format_set_underline(format, LXW_UNDERLINE_SINGLE);
	if (look->traits & TOPPED) {
		format_set_top(format, LXW_BORDER_MEDIUM);
		format_set_top_color(format, NAVY);
	}
	if (number)
		format_set_num_format(format, number);
	return format;
}

static bool make_formats(struct writer *writer)
{
	for (size_t look = 0; look < CNV_LOOKS; look++)
		if (!(writer->formats[look] =
			      make_format(writer->book, &cnv_xlsx_looks[look], cnv_xlsx_looks[look].number)))
			return false;
	for (size_t digits = 0; digits < DECIMALS; digits++) {
		writer->numbers[digits] = make_format(writer->book, &cnv_xlsx_looks[CNV_LOOK_NUMBER], decimals[digits]);
		if (!writer->numbers[digits])
			return false;
	}
	writer->aside = make_format(writer->book, &cnv_xlsx_aside, NULL);
	return writer->aside && cnv_xlsx_proof_looks(&writer->proofs, decimals);
}

/* ---------------------------------------------------------------- sheets */

/* Why Excel would reject this name, or NULL. */
static const char *name_trouble(struct writer *writer, cnv_str name)
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
static lxw_error set_footer(struct writer *writer, const cnv_sheet_style *style)
{
	char *plain = plain_copy(&writer->arena, style->footer, FOOTER_BYTES);
	char *pages = plain_copy(&writer->arena, style->pages.len ? style->pages : CNV_STR("Page {page} of {pages}"),
				 PAGES_BYTES);
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

static lxw_error set_up_print(struct writer *writer, const cnv_sheet_style *style)
{
	lxw_worksheet *sheet = writer->sheet;
	lxw_error error = LXW_NO_ERROR;

	if (style->landscape)
		worksheet_set_landscape(sheet);
	worksheet_set_paper(sheet, style->a3 ? 8 : 9); /* Excel's numbers for A3 and A4 */
	worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.7);
	if (style->spread)
		worksheet_set_print_scale(sheet, 70); /* percent: small, but readable on paper */
	else
		worksheet_fit_to_pages(sheet, 1, 0);
	if (style->header_row != CNV_NONE)
		error = worksheet_repeat_rows(
			sheet, style->repeat_row < style->header_row ? style->repeat_row : style->header_row,
			style->header_row);
	if (!error && style->repeat_columns)
		error = worksheet_repeat_columns(sheet, 0, (lxw_col_t)(style->repeat_columns - 1));
	return error ? error : set_footer(writer, style);
}

static lxw_error set_column(struct writer *writer, const cnv_sheet_style *style, uint32_t column)
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

static lxw_error set_up_view(struct writer *writer, const cnv_sheet_style *style)
{
	lxw_worksheet *sheet = writer->sheet;
	lxw_error error = LXW_NO_ERROR;

	worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
	for (uint32_t column = 0; column < style->columns && !error; column++)
		error = set_column(writer, style, column);
	if (style->freeze_rows || style->freeze_columns)
		worksheet_freeze_panes(sheet, style->freeze_rows, (lxw_col_t)style->freeze_columns);
	if (!error && style->header_row != CNV_NONE && style->columns && style->last_row > style->header_row)
		error = worksheet_autofilter(sheet, style->header_row, 0, style->last_row,
					     (lxw_col_t)(style->columns - 1));
	/* Numbers stored as text, such as a respondent's "007", are shown without Excel's green warning corner. */
	if (!error)
		error = worksheet_ignore_errors(sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
	if (style->guarded)
		guard(sheet);
	if (style->hidden)
		worksheet_hide(sheet);
	if (!error && style->has_comments)
		worksheet_set_comments_author(sheet, "canvass");
	return error;
}

/* The library leaves names such as 2026, A1 or TRUE unquoted in the ranges it makes for filters and print titles,
 * and Excel then reports the workbook as damaged.  Quotation marks are always allowed; the library leaves a name
 * that begins with one unchanged. */
static lxw_error quote_name(struct writer *writer, const char *name)
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

static void end_sheet(struct writer *writer)
{
	writer->commented += writer->has_comment;
	writer->has_comment = false;
	writer->row = writer->column = -1;
}

static cnv_status put_sheet(void *self, const cnv_sheet_style *style)
{
	struct writer *writer = self;
	void *cells = writer->cells, *sums = writer->sums;
	if (writer->status != CNV_OK)
		return writer->status;
	end_sheet(writer);
	const char *trouble = name_trouble(writer, style->name);
	if (!trouble &&
	    (style->columns > COLUMNS || style->freeze_columns > COLUMNS || style->repeat_columns > COLUMNS))
		trouble = "it has more than 16,384 columns";
	if (!trouble && style->header_row != CNV_NONE && (style->header_row >= ROWS || style->last_row >= ROWS))
		trouble = "it has more than 1,048,576 rows";
	if (trouble)
		return refuse_sheet(writer, style->name, trouble);

	const char *name = plain_copy(&writer->arena, style->name, style->name.len);
	if (!name || writer->arena.failed || writer->names.failed ||
	    !cnv_mem_room(&cells, &writer->room, writer->sheets + 1, sizeof *writer->cells))
		return writer->status = CNV_NO_MEMORY;
	writer->cells = cells;
	if (!cnv_mem_room(&sums, &writer->sum_room, writer->sheets + 1, sizeof *writer->sums))
		return writer->status = CNV_NO_MEMORY;
	writer->sums = sums;
	writer->name = cnv_str_from(name);
	writer->sums[writer->sheets] = 0;
	writer->cells[writer->sheets++] = 0;

	locale_t before = enter(writer);
	lxw_error error = LXW_ERROR_MEMORY_MALLOC_FAILED;
	writer->sheet = workbook_add_worksheet(writer->book, name);
	if (writer->sheet)
		error = quote_name(writer, name);
	if (!error)
		error = set_up_view(writer, style);
	if (!error)
		error = set_up_print(writer, style);
	return leave(writer, before, error);
}

/* ---------------------------------------------------------------- cells */

/* A comment's box, wide enough to read and high enough for its lines (14 pixels each, some 45 characters). */
static lxw_error write_comment(struct writer *writer, uint32_t row, uint32_t column)
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
	writer->has_comment = true;
	return worksheet_write_comment_opt(writer->sheet, row, (lxw_col_t)column, writer->remark.at, &box);
}

/* Writes the text in the cell's own font with the small print below it.  The library rejects empty strings. */
static lxw_error write_two(struct writer *writer, uint32_t row, uint32_t column, lxw_format *format)
{
	lxw_rich_string_tuple text = { .format = format, .string = writer->text.at };
	lxw_rich_string_tuple aside = { .format = writer->aside, .string = writer->high.at };
	lxw_rich_string_tuple *parts[] = { &text, &aside, NULL };

	return worksheet_write_rich_string(writer->sheet, row, (lxw_col_t)column, parts, format);
}

static lxw_error write_text(struct writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell,
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
	if (cell->link.len)
		return worksheet_write_url_opt(sheet, row, at, writer->formula.at, format, writer->text.at, NULL);
	if (cell->aside.len && cell->text.len)
		return write_two(writer, row, column, format);
	return worksheet_write_string(sheet, row, at, writer->text.at, format);
}

static lxw_error write_value(struct writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	lxw_format *format = writer->formats[cell->look];
	char day[CNV_DAY_ROOM];

	switch (cell->kind) {
	case CNV_CELL_TEXT:
		return write_text(writer, row, column, cell, format);
	case CNV_CELL_FORMULA:
		if (cell->is_text)
			return worksheet_write_formula_str(writer->sheet, row, (lxw_col_t)column, writer->formula.at,
							   format, writer->text.at);
		return worksheet_write_formula_num(writer->sheet, row, (lxw_col_t)column, writer->formula.at, format,
						   cell->number + 0.0);
	case CNV_CELL_NUMBER:
		if (cell->look == CNV_LOOK_NUMBER)
			format = writer->numbers[cnv_xlsx_decimals(cell->number)];
		/* Adding 0 turns -0 into 0. */
		return worksheet_write_number(writer->sheet, row, (lxw_col_t)column, cell->number + 0.0, format);
	case CNV_CELL_DAY:
		if (cell->day >= FIRST_SERIAL_DAY)
			return worksheet_write_number(writer->sheet, row, (lxw_col_t)column,
						      (double)cell->day + DAY_SERIAL, format);
		cnv_day_write(cell->day, day);
		return worksheet_write_string(writer->sheet, row, (lxw_col_t)column, day, format);
	}
	return LXW_ERROR_PARAMETER_VALIDATION;
}

static cnv_status put_row(void *self, uint32_t row, double height)
{
	struct writer *writer = self;
	lxw_row_col_options hidden = { .hidden = LXW_TRUE };
	if (writer->status != CNV_OK || !(height > 0 || height < 0))
		return writer->status;
	if (!writer->sheet || row >= ROWS || (int64_t)row <= writer->row || height > 409)
		return refuse_cell(writer, row, 0, "its row is outside the sheet, or was started before");
	writer->row = row;
	writer->column = -1;
	locale_t before = enter(writer);
	lxw_error error = height > 0 ? worksheet_set_row(writer->sheet, row, height, NULL)
				     : worksheet_set_row_opt(writer->sheet, row, LXW_DEF_ROW_HEIGHT, NULL, &hidden);
	return leave(writer, before, error);
}

/* Formulas are made by canvass but contain names and labels of the form, so their characters are checked too. */
static cnv_status make_formula(struct writer *writer, cnv_text *out, const char *before, cnv_str formula)
{
	bool whole = cnv_utf8_check(formula) == formula.len;
	for (size_t at = 0; at < formula.len && whole; at++)
		whole = (unsigned char)formula.at[at] >= 0x20;
	if (!whole || cnv_utf16_length(formula) > FORMULA_UNITS)
		return refuse_cell(writer, 0, 0, "a formula is too long or has impossible characters");
	cnv_text_reset(out);
	cnv_text_put(out, cnv_str_from(before));
	cnv_text_put(out, formula);
	cnv_text_put_char(out, '\0');
	return out->failed ? (writer->status = CNV_NO_MEMORY) : CNV_OK;
}

/* Prepares the texts of a cell for the library. */
static cnv_status make_parts(struct writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	if (cell->kind != CNV_CELL_TEXT && cell->kind != CNV_CELL_FORMULA)
		return CNV_OK;
	make_text(writer, &writer->text, cell->text, row, column);
	if (writer->status == CNV_OK && cell->kind == CNV_CELL_FORMULA)
		make_formula(writer, &writer->formula, "=", cell->formula);
	if (writer->status == CNV_OK && cell->link.len)
		make_formula(writer, &writer->formula, "internal:", cell->link);
	if (writer->status == CNV_OK && cell->aside.len && cell->text.len) {
		make_text(writer, &writer->small, cell->aside, row, column);
		cnv_text_reset(&writer->high);
		cnv_text_format(&writer->high, "\n%s", writer->small.failed ? "" : writer->small.at);
		cnv_text_put_char(&writer->high, '\0');
		if (writer->high.failed)
			writer->status = CNV_NO_MEMORY;
	}
	return writer->status;
}

/* Records the value and look that the cell must have when it is read back. */
static void prove(struct writer *writer, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	cnv_str text = { 0 };
	char day[CNV_DAY_ROOM];

	if (cell->kind == CNV_CELL_DAY && cell->day < FIRST_SERIAL_DAY) {
		text = (cnv_str){ day, cnv_day_write(cell->day, day) };
	} else if (cell->kind == CNV_CELL_TEXT || cell->kind == CNV_CELL_FORMULA) {
		text = cnv_text_str(&writer->text);
		text.len--; /* the NUL */
	}
	if (cell->kind == CNV_CELL_TEXT && cell->aside.len && cell->text.len && !cell->link.len) {
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
	struct writer *writer = self;
	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheet || row >= ROWS || column >= COLUMNS || (unsigned int)cell->look >= CNV_LOOKS)
		return refuse_cell(writer, row, column, "it is outside the sheet");
	if ((int64_t)row < writer->row || ((int64_t)row == writer->row && (int64_t)column <= writer->column))
		return refuse_cell(writer, row, column, "cells are written row by row, from left to right");
	if (cell->kind == CNV_CELL_NUMBER && !isfinite(cell->number))
		return refuse_cell(writer, row, column, "its number is not finite");
	if (cell->kind == CNV_CELL_FORMULA && !isfinite(cell->number))
		return refuse_cell(writer, row, column, "its number is not finite");
	if (cell->span > 1 && (cell->kind != CNV_CELL_TEXT || cell->span > COLUMNS - column))
		return refuse_cell(writer, row, column, "it cannot be merged with the cells next to it");
	if (make_parts(writer, row, column, cell) != CNV_OK)
		return writer->status;
	if (cell->comment.len && make_text(writer, &writer->remark, cell->comment, row, column) != CNV_OK)
		return writer->status;

	uint32_t span = cell->span > 1 ? cell->span : 1;
	writer->row = row;
	writer->column = (int64_t)column + span - 1;
	writer->cells[writer->sheets - 1] += span;
	locale_t before = enter(writer);
	lxw_error error = write_value(writer, row, column, cell);
	if (!error && cell->comment.len)
		error = write_comment(writer, row, column);
	if (!error)
		prove(writer, row, column, cell);
	return leave(writer, before, error);
}

/* ---------------------------------------------------------------- rules and names */

/* A copy of at most `most` UTF-16 units (Excel's unit of length), with "…" where it was cut; NULL for an empty text. */
static char *message_copy(struct writer *writer, cnv_str s, size_t most)
{
	if (!s.len || cnv_utf8_check(s) != s.len)
		return NULL;
	bool cut = cnv_utf16_length(s) > most;
	size_t len = cut ? cnv_xlsx_bytes(s, most - 1) : s.len;
	char *copy = cnv_arena_get(&writer->arena, len + 4);
	for (size_t at = 0; copy && at < len; at++)
		copy[at] = (unsigned char)s.at[at] < 0x20 && s.at[at] != '\n' ? ' ' : s.at[at];
	if (copy && cut)
		memcpy(copy + len, "\xE2\x80\xA6", 3);
	return copy;
}

static lxw_error lay_look(struct writer *writer, const cnv_rule *rule)
{
	lxw_conditional_format look = { .type = LXW_CONDITIONAL_TYPE_FORMULA,
					.value_string = writer->formula.at,
					.format = writer->formats[rule->look] };

	return worksheet_conditional_format_range(writer->sheet, rule->row, (lxw_col_t)rule->column, rule->last_row,
						  (lxw_col_t)rule->last_column, &look);
}

/* Sets the bounds for the library: one formula, or two for a range. */
static void set_bounds(const struct writer *writer, const cnv_rule *rule, lxw_data_validation *wanted)
{
	bool low = rule->low.len, high = rule->high.len;

	if (low && high) {
		wanted->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
		wanted->minimum_formula = writer->formula.at;
		wanted->maximum_formula = writer->high.at;
	} else {
		wanted->criteria = low ? LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO
				       : LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO;
		wanted->value_formula = low ? writer->formula.at : writer->high.at;
	}
}

/* Turns the validation added last, a formula, into a list.  Version 1.1.4 of the library leaks memory for a list but
 * not for a formula, and the written type depends only on this field. */
static void make_list(struct writer *writer)
{
	/* The tail pointer of the library's queue points to the link field of its last member. */
	char *link = (char *)writer->sheet->data_validations->stqh_last;
	lxw_data_val_obj *last = (void *)(link - offsetof(lxw_data_val_obj, list_pointers));

	last->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
}

static lxw_error validate(struct writer *writer, const cnv_rule *rule)
{
	static const uint8_t types[] = {
		[CNV_RULE_ANY] = LXW_VALIDATION_TYPE_ANY,
		[CNV_RULE_LIST] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA, /* see make_list; ..._LIST overflows the heap */
		[CNV_RULE_WHOLE] = LXW_VALIDATION_TYPE_INTEGER_FORMULA,
		[CNV_RULE_DECIMAL] = LXW_VALIDATION_TYPE_DECIMAL_FORMULA,
		[CNV_RULE_DAY] = LXW_VALIDATION_TYPE_DATE_FORMULA,
		[CNV_RULE_TIME] = LXW_VALIDATION_TYPE_TIME_FORMULA,
		[CNV_RULE_LENGTH] = LXW_VALIDATION_TYPE_LENGTH_FORMULA,
		[CNV_RULE_FORMULA] = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
	};
	lxw_data_validation wanted = {
		.validate = types[rule->kind],
		.ignore_blank = LXW_VALIDATION_ON,
		.show_input = LXW_VALIDATION_ON,
		.show_error = LXW_VALIDATION_ON,
		.dropdown = LXW_VALIDATION_ON,
		.error_type = rule->strict ? LXW_VALIDATION_ERROR_TYPE_STOP : LXW_VALIDATION_ERROR_TYPE_WARNING,
		.input_title = message_copy(writer, rule->title, CNV_RULE_TITLE),
		.input_message = message_copy(writer, rule->prompt, CNV_RULE_PROMPT),
		.error_title = message_copy(writer, rule->title, CNV_RULE_TITLE),
		.error_message = message_copy(writer, rule->message, CNV_RULE_MESSAGE),
	};

	if (writer->arena.failed)
		return LXW_ERROR_MEMORY_MALLOC_FAILED;
	if (rule->kind == CNV_RULE_LIST || rule->kind == CNV_RULE_FORMULA)
		wanted.value_formula = writer->formula.at;
	else if (rule->kind != CNV_RULE_ANY)
		set_bounds(writer, rule, &wanted);
	lxw_error error = worksheet_data_validation_range(writer->sheet, rule->row, (lxw_col_t)rule->column,
							  rule->last_row, (lxw_col_t)rule->last_column, &wanted);
	if (!error && rule->kind == CNV_RULE_LIST)
		make_list(writer);
	return error;
}

static cnv_status put_rule(void *self, const cnv_rule *rule)
{
	struct writer *writer = self;
	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheet || rule->last_row >= ROWS || rule->last_column >= COLUMNS || rule->row > rule->last_row ||
	    rule->column > rule->last_column || (unsigned int)rule->look >= CNV_LOOKS)
		return refuse_cell(writer, rule->row, rule->column, "a rule is outside the sheet");
	if (make_formula(writer, &writer->formula, "=", rule->low) != CNV_OK ||
	    make_formula(writer, &writer->high, "=", rule->high) != CNV_OK)
		return writer->status;
	locale_t before = enter(writer);
	lxw_error error = rule->kind == CNV_RULE_LOOK ? lay_look(writer, rule) : validate(writer, rule);
	return leave(writer, before, error);
}

static cnv_status put_name(void *self, cnv_str name, cnv_str range)
{
	struct writer *writer = self;
	const char *plain = plain_copy(&writer->arena, name, name.len);
	if (writer->status != CNV_OK || make_formula(writer, &writer->formula, "=", range) != CNV_OK)
		return writer->status;
	if (!plain)
		return writer->status = CNV_NO_MEMORY;
	locale_t before = enter(writer);
	lxw_error error = workbook_define_name(writer->book, plain, writer->formula.at);
	return leave(writer, before, error);
}

/* ---------------------------------------------------------------- the workbook */

static cnv_status finish(void *self)
{
	struct writer *writer = self;
	const char *trouble;
	if (writer->status != CNV_OK)
		return writer->status;
	if (!writer->sheets)
		return refuse_sheet(writer, (cnv_str){ 0 }, "a workbook needs at least one");
	end_sheet(writer);
	locale_t before = enter(writer);
	lxw_error error = workbook_close(writer->book);
	writer->book = NULL; /* closing frees it, whether or not it succeeds */
	writer->sheet = NULL;
	if (leave(writer, before, error) != CNV_OK)
		return writer->status;

	cnv_xlsx_expect expect = { writer->cells, writer->sheets, writer->commented, writer->sums };
	cnv_status status = cnv_xlsx_verify(writer->output->temporary, &expect, &trouble);
	if (status == CNV_NO_MEMORY)
		return writer->status = status;
	return status == CNV_OK ? CNV_OK : refuse_book(writer, trouble);
}

/* Makes the workbook and its properties; false: no memory. */
static bool make_book(struct writer *writer, cnv_str title, cnv_instant created)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	writer->book = workbook_new_opt(writer->output->temporary, &options);
	if (!writer->book || !make_formats(writer))
		return false;
	/* The library reads 0 as "now", so second 0 of 1970 is passed as second 1. */
	int64_t seconds = created.utc_ms / 1000;
	lxw_doc_properties properties = {
		.title = plain_copy(&writer->arena, title, TITLE_BYTES),
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
	struct writer *writer = cnv_mem_get(sizeof *writer);
	if (!writer)
		return CNV_NO_MEMORY;
	*writer = (struct writer){ .output = output, .diags = diags, .row = -1, .column = -1 };
	*grid = (cnv_grid){ writer, put_sheet, put_row, put_cell, finish, put_rule, put_name };
	writer->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	bool made = false;
	if (writer->plain) {
		locale_t before = enter(writer);
		made = make_book(writer, title, created);
		made &= leave(writer, before, LXW_NO_ERROR) == CNV_OK;
	}
	if (!made) {
		cnv_xlsx_free(grid);
		return CNV_NO_MEMORY;
	}
	return CNV_OK;
}

void cnv_xlsx_free(cnv_grid *grid)
{
	struct writer *writer = grid->self;
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
	cnv_text_fini(&writer->small);
	cnv_text_fini(&writer->formula);
	cnv_text_fini(&writer->high);
	cnv_text_fini(&writer->whole);
	cnv_mem_free(writer->cells);
	cnv_mem_free(writer->sums);
	cnv_mem_free(writer);
}
