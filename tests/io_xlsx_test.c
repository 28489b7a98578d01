/* Workbooks as they are written: what goes into a cell, what is refused, and that a damaged file is caught. */
#include "canvass/io.h"
#include "io/xlsx_verify.h"
#include "io/zip.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
/* clang-format off */
#define BYTES(text) { text, sizeof(text) - 1 }
/* clang-format on */

static char folder[] = "/tmp/canvass-io-XXXXXX";
static uint16_t last_code;
static char last_message[200];

/* A workbook being written to x.xlsx in the folder. */
struct book {
	cnv_diags diags;
	cnv_output output;
	cnv_grid grid;
};

static void hear(void *self, const cnv_diag *diag)
{
	(void)self;
	last_code = diag->code;
	snprintf(last_message, sizeof last_message, "%.*s", CNV_ARG(diag->message));
}

static void begin(struct book *book)
{
	cnv_instant created = { 1796083200000, 0 }; /* 2026-12-01T00:00:00Z */
	*book = (struct book){ .diags.emit = hear };
	last_code = 0;
	assert_int_equal(cnv_output_open(&book->output, CNV_STR("x.xlsx"), true, &book->diags), CNV_OK);
	assert_int_equal(cnv_xlsx_grid(&book->grid, &book->output, CNV_STR("A & B"), created, &book->diags), CNV_OK);
}

static cnv_status add_sheet(struct book *book, cnv_str name)
{
	const double widths[] = { 20, 20 };
	cnv_sheet_style style = { .name = name, .columns = 2, .widths = widths, .header_row = CNV_NONE };
	return book->grid.sheet(book->grid.self, &style);
}

static cnv_status add_text(struct book *book, uint32_t row, uint32_t column, cnv_str text)
{
	cnv_cell cell = { .kind = CNV_CELL_TEXT, .text = text };
	return book->grid.cell(book->grid.self, row, column, &cell);
}

static cnv_status add_number(struct book *book, uint32_t row, uint32_t column, double number)
{
	cnv_cell cell = { .kind = CNV_CELL_NUMBER, .look = CNV_LOOK_NUMBER, .number = number };
	return book->grid.cell(book->grid.self, row, column, &cell);
}

static void give_up(struct book *book)
{
	cnv_xlsx_free(&book->grid);
	cnv_output_abandon(&book->output);
}

static void end(struct book *book)
{
	assert_int_equal(book->grid.finish(book->grid.self), CNV_OK);
	cnv_xlsx_free(&book->grid);
	assert_int_equal(cnv_output_commit(&book->output, &book->diags), CNV_OK);
}

static cnv_status gather(void *self, cnv_str bytes)
{
	cnv_text_put(self, bytes);
	return CNV_OK;
}

/* A part of x.xlsx, NUL-terminated; empty when it is not there. */
static void read_part(cnv_text *text, const char *name)
{
	cnv_zip *zip;
	assert_int_equal(cnv_zip_open(&zip, "x.xlsx"), CNV_OK);
	uint32_t part = cnv_zip_find(zip, cnv_str_from(name));
	if (part != CNV_NONE)
		assert_int_equal(cnv_zip_stream(zip, part, gather, text), CNV_OK);
	cnv_zip_close(zip);
	cnv_text_put_char(text, '\0');
}

static void assert_part_has(const char *name, const char *wanted)
{
	cnv_text text = { 0 };
	read_part(&text, name);
	if (!strstr(text.at, wanted))
		fail_msg("%s has no %s: %.2000s", name, wanted, text.at);
	cnv_text_fini(&text);
}

/* ---------------------------------------------------------------- text */

static const struct text_case {
	const char *name;
	cnv_str text;
	const char *written;
} texts[] = {
	{ "a formula is text", BYTES("=1+1"), "<is><t>=1+1</t></is>" },
	{ "a number in text stays text", BYTES("007"), "<is><t>007</t></is>" },
	{ "a link is text", BYTES("http://a.b/?c=d&e"), "<is><t>http://a.b/?c=d&amp;e</t></is>" },
	{ "markup is escaped", BYTES("<b>&\"'"), "<is><t>&lt;b&gt;&amp;\"'</t></is>" },
	{ "blanks at the ends are kept", BYTES(" a "), "<is><t xml:space=\"preserve\"> a </t></is>" },
	{ "what looks like an escape is none", BYTES("_x0041_"), "<t>_x005F_x0041_</t>" },
	{ "what looks nearly like an escape is left", BYTES("_x004_ _X0041_ _x00g1_ _x0041"),
	  "<t>_x004_ _X0041_ _x00g1_ _x0041</t>" },
	{ "two that share an underscore", BYTES("_x0041_x0042_"), "<t>_x005F_x0041_x005F_x0042_</t>" },
	{ "control characters are escaped", BYTES("a\1b\x1Fz"), "<t>a_x0001_b_x001F_z</t>" },
	{ "a zero byte is escaped", BYTES("a\0b"), "<t>a_x0000_b</t>" },
	{ "tab and line feed are kept", BYTES("a\tb\nc"), "<t>a\tb\nc</t>" },
	{ "CRLF is a line end", BYTES("a\r\nb"), "<t>a\nb</t>" },
	{ "CR alone is escaped", BYTES("a\rb\r"), "<t>a_x000D_b_x000D_</t>" },
	{ "characters that no XML may hold", BYTES("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"),
	  "<t>_xFFFE__xFFFF_\xEF\xBF\xBD</t>" },
	{ "letters of any language", BYTES("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\xA2"),
	  "<t>\xC3\xA9\xE2\x82\xAC\xF0\x9F\x9A\xA2</t>" },
};

static void write_text_case(void **state)
{
	const struct text_case *row = *state;
	struct book book;
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	cnv_cell cell = { .kind = CNV_CELL_TEXT, .look = CNV_LOOK_LABEL, .text = row->text, .comment = row->text };
	assert_int_equal(book.grid.cell(book.grid.self, 0, 0, &cell), CNV_OK);
	end(&book);
	assert_part_has("xl/worksheets/sheet1.xml", row->written);
	assert_int_equal(book.diags.warnings, 0);
}

static void text_beyond_a_cell_is_cut_with_a_warning(void **state)
{
	(void)state;
	cnv_text ship = { 0 }, plain = { 0 };
	for (uint32_t i = 0; i < 32767; i++)
		cnv_text_put_char(&plain, 'x');
	for (uint32_t i = 0; i < 16384; i++)
		cnv_text_put(&ship, CNV_STR("\xF0\x9F\x9A\xA2")); /* two UTF-16 units each: 32,768 */
	struct book book;
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	assert_int_equal(add_text(&book, 0, 0, cnv_text_str(&plain)), CNV_OK);
	assert_int_equal(book.diags.warnings, 0);
	assert_int_equal(add_text(&book, 1, 0, cnv_text_str(&ship)), CNV_OK);
	assert_int_equal(book.diags.warnings, 1);
	assert_int_equal(last_code, CNV_CELL_SHORTENED);
	end(&book);

	cnv_text sheet = { 0 };
	read_part(&sheet, "xl/worksheets/sheet1.xml");
	const char *mark = strstr(sheet.at, " [\xE2\x80\xA6]</t>");
	assert_non_null(mark);
	const char *first = strstr(sheet.at, "\xF0\x9F");
	assert_non_null(first);
	assert_int_equal(mark - first, 32700 / 2 * 4);
	cnv_text_fini(&sheet);
	cnv_text_fini(&plain);
	cnv_text_fini(&ship);
}

/* ---------------------------------------------------------------- numbers and days */

static void numbers_are_written_plain(void **state)
{
	(void)state;
	struct book book;
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	assert_int_equal(add_number(&book, 0, 0, 1234.5), CNV_OK);
	assert_int_equal(add_number(&book, 0, 1, -0.0), CNV_OK);
	assert_int_equal(add_number(&book, 1, 0, 0.1), CNV_OK);
	assert_int_equal(add_number(&book, 1, 1, 1e15), CNV_OK);
	end(&book);
	assert_part_has("xl/worksheets/sheet1.xml", "<v>1234.5</v>");
	assert_part_has("xl/worksheets/sheet1.xml", "<v>0</v>");
	assert_part_has("xl/worksheets/sheet1.xml", "<v>0.1</v>");
	assert_part_has("xl/worksheets/sheet1.xml", "<v>1000000000000000</v>");
}

static void a_german_locale_changes_nothing(void **state)
{
	const char *before = setlocale(LC_ALL, NULL);
	char old[100];
	snprintf(old, sizeof old, "%s", before);
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		skip();
	char shown[16];
	snprintf(shown, sizeof shown, "%.1f", 0.5);
	assert_string_equal(shown, "0,5");
	numbers_are_written_plain(state);
	snprintf(shown, sizeof shown, "%.1f", 0.5);
	assert_string_equal(shown, "0,5"); /* and the caller's locale is left as it was */
	setlocale(LC_ALL, old);
}

static const struct day_case {
	const char *name;
	cnv_date date;
	const char *written;
} days[] = {
	{ "a date is a date of Excel", { 2026, 12, 1 }, "<v>46357</v>" },
	{ "the first day Excel counts right", { 1900, 3, 1 }, "<v>61</v>" },
	{ "the day before it is text", { 1900, 2, 28 }, "<t>1900-02-28</t>" },
	{ "long ago is text", { 1492, 10, 12 }, "<t>1492-10-12</t>" },
	{ "the last day", { 9999, 12, 31 }, "<v>2958465</v>" },
};

static void write_day_case(void **state)
{
	const struct day_case *row = *state;
	struct book book;
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	cnv_cell cell = { .kind = CNV_CELL_DAY, .look = CNV_LOOK_DAY, .day = cnv_day_from(row->date) };
	assert_int_equal(book.grid.cell(book.grid.self, 0, 0, &cell), CNV_OK);
	end(&book);
	assert_part_has("xl/worksheets/sheet1.xml", row->written);
	assert_part_has("xl/styles.xml", "formatCode=\"yyyy-mm-dd\"");
}

/* ---------------------------------------------------------------- what is refused */

static const struct refused_name {
	const char *name;
	cnv_str sheet;
} refused_names[] = {
	{ "a sheet without a name", BYTES("") },
	{ "a sheet name of 32 characters", BYTES("12345678901234567890123456789012") },
	{ "a sheet name of 32 UTF-16 units", BYTES("123456789012345678901234567890\xF0\x9F\x9A\xA2") },
	{ "a sheet name with a bracket", BYTES("a[1]") },
	{ "a sheet name with a slash", BYTES("a/b") },
	{ "a sheet name with a control character", BYTES("a\1") },
	{ "a sheet name with a zero byte", BYTES("a\0b") },
	{ "a sheet name that is not UTF-8", BYTES("caf\xE9") },
	{ "a sheet name that begins with an apostrophe", BYTES("'a") },
	{ "a sheet name that ends with an apostrophe", BYTES("a'") },
	{ "the sheet name History", BYTES("History") },
	{ "the same sheet name again", BYTES("First") },
	{ "the same sheet name in other letters", BYTES("FIRST") },
	{ "the same sheet name in other accented letters", BYTES("\xC3\x89tat") },
};

static void refuse_name_case(void **state)
{
	const struct refused_name *row = *state;
	struct book book;
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("First")), CNV_OK);
	assert_int_equal(add_sheet(&book, CNV_STR("\xC3\xA9tat")), CNV_OK);
	assert_int_equal(add_sheet(&book, row->sheet), CNV_REJECTED);
	assert_int_equal(last_code, CNV_SHEET_REFUSED);
	assert_int_equal(book.grid.finish(book.grid.self), CNV_REJECTED);
	assert_int_equal(book.diags.errors, 1);
	give_up(&book);
}

static const struct refused_cell {
	const char *name;
	uint32_t row, column;
	cnv_cell cell;
} refused_cells[] = {
	{ "a number that is none", 1, 1, { .kind = CNV_CELL_NUMBER, .number = NAN } },
	{ "an infinite number", 1, 1, { .kind = CNV_CELL_NUMBER, .number = INFINITY } },
	{ "text that is not UTF-8", 1, 1, { .text = BYTES("caf\xE9") } },
	{ "a comment that is not UTF-8", 1, 1, { .text = BYTES("a"), .comment = BYTES("\xFF") } },
	{ "a row above the last", 0, 1, { .text = BYTES("a") } },
	{ "a column left of the last", 1, 0, { .text = BYTES("a") } },
	{ "a row beyond the sheet", 1048576, 0, { .text = BYTES("a") } },
	{ "a column beyond the sheet", 1, 16384, { .text = BYTES("a") } },
};

static void refuse_cell_case(void **state)
{
	const struct refused_cell *row = *state;
	struct book book;
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	assert_int_equal(add_text(&book, 1, 0, CNV_STR("first")), CNV_OK);
	assert_int_equal(book.grid.cell(book.grid.self, row->row, row->column, &row->cell), CNV_REJECTED);
	assert_int_equal(last_code, CNV_CELL_REFUSED);
	assert_int_equal(add_text(&book, 2, 0, CNV_STR("after")), CNV_REJECTED);
	assert_int_equal(book.grid.finish(book.grid.self), CNV_REJECTED);
	assert_int_equal(book.diags.errors, 1);
	give_up(&book);
}

static void a_workbook_without_sheets_is_refused(void **state)
{
	(void)state;
	struct book book;
	begin(&book);
	assert_int_equal(add_text(&book, 0, 0, CNV_STR("a")), CNV_REJECTED);
	give_up(&book);
	begin(&book);
	assert_int_equal(book.grid.finish(book.grid.self), CNV_REJECTED);
	assert_int_equal(last_code, CNV_SHEET_REFUSED);
	give_up(&book);
}

/* ---------------------------------------------------------------- links */

static const struct link_case {
	const char *name;
	cnv_cell cell;
	const char *written;
} links[] = {
	{ "a text with a link",
	  { .kind = CNV_CELL_TEXT, .text = BYTES("more") },
	  "t=\"inlineStr\"><is><t>more</t></is>" },
	{ "a text with small print and a link",
	  { .kind = CNV_CELL_TEXT, .text = BYTES("more"), .aside = BYTES("small") },
	  "small</t></r></is>" },
	{ "a number with a link", { .kind = CNV_CELL_NUMBER, .number = 12.5 }, "><v>12.5</v></c>" },
	{ "a date with a link", { .kind = CNV_CELL_DAY, .look = CNV_LOOK_DAY, .day = 20000 }, "><v>45569</v></c>" },
	{ "a formula with a link",
	  { .kind = CNV_CELL_FORMULA, .formula = BYTES("1+1"), .number = 2 },
	  "><f>1+1</f><v>2</v></c>" },
};

static void write_link_case(void **state)
{
	const struct link_case *row = *state;
	struct book book;
	begin(&book);
	add_sheet(&book, CNV_STR("Sheet"));
	cnv_cell cell = row->cell;
	cell.link = CNV_STR("'Sheet'!B9");
	cell.tip = CNV_STR("A & B");
	assert_int_equal(book.grid.cell(book.grid.self, 0, 0, &cell), CNV_OK);
	end(&book);
	assert_part_has("xl/worksheets/sheet1.xml", row->written);
	assert_part_has("xl/worksheets/sheet1.xml",
			"<hyperlink ref=\"A1\" location=\"'Sheet'!B9\" tooltip=\"A &amp; B\"");
}

/* ---------------------------------------------------------------- the sheet */

/* Two sheets with everything a sheet can have. */
static void write_sample(struct book *book)
{
	const double widths[] = { 8, 30, 12.5 };
	begin(book);
	for (uint32_t sheet = 0; sheet < 2; sheet++) {
		cnv_sheet_style style = {
			.name = sheet ? CNV_STR("Counts") : CNV_STR("Q&A <1>"),
			.columns = COUNT(widths),
			.widths = widths,
			.freeze_rows = 3,
			.freeze_columns = 1,
			.header_row = 2,
			.repeat_row = 1,
			.spread = sheet,
			.scale = sheet ? 65 : 0,
			.repeat_columns = 1,
			.last_row = 2 + CNV_LOOKS,
			.landscape = true,
			.a3 = !sheet,
			.footer = CNV_STR("R&D 2026"),
			.has_comments = !sheet,
			.in_table = sheet,
		};
		assert_int_equal(book->grid.sheet(book->grid.self, &style), CNV_OK);
		assert_int_equal(book->grid.row(book->grid.self, 0, 30), CNV_OK);
		assert_int_equal(add_text(book, 0, 0, CNV_STR("Title")), CNV_OK);
		for (uint32_t look = 0; look < CNV_LOOKS; look++) {
			cnv_cell cell = { .look = (cnv_look)look, .text = CNV_STR("text"), .number = 0.43 };
			if (look == 3 && !sheet)
				cell.comment = CNV_STR("file.csv, line 3\nhint: <none> & _x0041_");
			cell.kind = look == CNV_LOOK_INTEGER || look == CNV_LOOK_NUMBER || look == CNV_LOOK_PERCENT
					    ? CNV_CELL_NUMBER
					    : CNV_CELL_TEXT;
			assert_int_equal(book->grid.row(book->grid.self, 3 + look, 0), CNV_OK);
			assert_int_equal(book->grid.cell(book->grid.self, 3 + look, 1, &cell), CNV_OK);
			cell.text = (cnv_str){ 0 };
			cell.comment = (cnv_str){ 0 };
			assert_int_equal(book->grid.cell(book->grid.self, 3 + look, 2, &cell), CNV_OK);
		}
		const cnv_chart chart = { .row = 60,
					  .width = 600,
					  .height = 144,
					  .title = CNV_STR("Bars & shares"),
					  .alt = CNV_STR("One <bar>"),
					  .head_row = 2,
					  .label_column = 0,
					  .first_row = 10,
					  .last_row = 10,
					  .first_column = 1,
					  .last_column = 2,
					  .silent = 1,
					  .whole = sheet * 4 };
		assert_int_equal(book->grid.chart(book->grid.self, &chart), CNV_OK);
		const cnv_str headings[] = { CNV_STR("n <of> _x0041_"), CNV_STR("n & share"), CNV_STR("3") };
		const cnv_sheet_table table = { .name = CNV_STR("Counts"),
						.row = 2,
						.last_row = 12,
						.last_column = 2,
						.headings = headings,
						.filtered = true };
		if (sheet)
			assert_int_equal(book->grid.table(book->grid.self, &table), CNV_OK);
		assert_int_equal(book->grid.pages(book->grid.self, (const uint32_t[]){ 20, 40 }, 2 * sheet), CNV_OK);
	}
	end(book);
}

static const struct sheet_case {
	const char *name, *part, *wanted;
} sheet_cases[] = {
	{ "panes are frozen", "xl/worksheets/sheet1.xml", "<pane xSplit=\"1\" ySplit=\"3\" topLeftCell=\"B4\"" },
	{ "the header carries the filter", "xl/worksheets/sheet1.xml", "<autoFilter ref=\"A3:C56\"/>" },
	{ "columns have their widths", "xl/worksheets/sheet1.xml", "<col min=\"3\" max=\"3\" width=\"13.2" },
	{ "rows have their heights", "xl/worksheets/sheet1.xml", "ht=\"30\" customHeight=\"1\"" },
	{ "one page wide", "xl/worksheets/sheet1.xml",
	  "<pageSetup paperSize=\"8\" fitToHeight=\"0\" orientation=\"landscape\"/>" },
	{ "A4, and pages side by side where it is too wide", "xl/worksheets/sheet2.xml",
	  "<pageSetup paperSize=\"9\" scale=\"65\" orientation=\"landscape\"/>" },
	{ "pages begin at rows", "xl/worksheets/sheet2.xml",
	  "<rowBreaks count=\"2\" manualBreakCount=\"2\"><brk id=\"20\" max=\"16383\" man=\"1\"/><brk id=\"40\"" },
	{ "an ampersand of the footer is no code", "xl/worksheets/sheet1.xml", "&amp;L&amp;8 R&amp;&amp;D 2026&amp;C" },
	{ "pages are numbered", "xl/worksheets/sheet1.xml", "Page &amp;P of &amp;N" },
	{ "rows and columns repeat on printed pages", "xl/workbook.xml",
	  "'Q&amp;A &lt;1&gt;'!$A:$A,'Q&amp;A &lt;1&gt;'!$2:$3" },
	{ "a chart is a stacked bar of 100%", "xl/charts/chart1.xml", "<c:grouping val=\"percentStacked\"/>" },
	{ "a chart of parts has its bars side by side", "xl/charts/chart2.xml", "<c:grouping val=\"clustered\"/>" },
	{ "a chart of parts has room after the whole for its figure", "xl/charts/chart2.xml",
	  "<c:max val=\"4.5\"/><c:min val=\"0\"/>" },
	{ "a chart takes its segments from the cells", "xl/charts/chart1.xml", "<c:f>'Q&amp;A &lt;1&gt;'!$C$11</c:f>" },
	{ "a segment of answers is dark", "xl/charts/chart1.xml", "<a:solidFill><a:srgbClr val=\"1F3864\"/>" },
	{ "a segment without answers is grey", "xl/charts/chart1.xml", "<a:solidFill><a:srgbClr val=\"A6A6A6\"/>" },
	{ "a number has as many decimals as it needs, and separators from 10,000 on", "xl/styles.xml",
	  "formatCode=\"[&lt;10000]0.00_);#,##0.00_)\"" },
	{ "a chart has an alternative text", "xl/drawings/drawing1.xml", "descr=\"One &lt;bar&gt;\"" },
	{ "a table has its headings", "xl/tables/table1.xml",
	  "<tableColumn id=\"1\" name=\"n &lt;of&gt; _x005F_x0041_\"/><tableColumn id=\"2\" name=\"n &amp; share\"/>" },
	{ "a table has its range and its filter", "xl/tables/table1.xml",
	  "displayName=\"Counts\" ref=\"A3:C13\" totalsRowShown=\"0\"><autoFilter ref=\"A3:C13\"/>" },
	{ "a sheet with a table refers to it", "xl/worksheets/sheet2.xml", "<tableParts count=\"1\">" },
	{ "comments are there", "xl/comments1.xml", "hint: &lt;none&gt; &amp; _x005F_x0041_" },
	{ "the title is in the properties", "docProps/core.xml", "<dc:title>A &amp; B</dc:title>" },
	{ "the time it is made is the one given", "docProps/core.xml", "2026-12-01T00:00:00Z" },
	{ "not usable is struck out", "xl/styles.xml", "<strike/>" },
};

static void find_in_sample(void **state)
{
	const struct sheet_case *row = *state;
	struct book book;
	write_sample(&book);
	assert_part_has(row->part, row->wanted);
}

static void a_sheet_with_a_table_has_no_other_filter(void **state)
{
	(void)state;
	struct book book;
	cnv_text text = { 0 };
	write_sample(&book);
	read_part(&text, "xl/worksheets/sheet2.xml");
	assert_null(strstr(text.at, "<autoFilter"));
	cnv_text_fini(&text);
}

static void the_same_cells_give_the_same_bytes(void **state)
{
	(void)state;
	struct book book;
	cnv_arena arena = { 0 };
	cnv_str one, two;
	write_sample(&book);
	assert_int_equal(cnv_file_load(CNV_STR("x.xlsx"), SIZE_MAX, &arena, &one, &book.diags), CNV_OK);
	write_sample(&book);
	assert_int_equal(cnv_file_load(CNV_STR("x.xlsx"), SIZE_MAX, &arena, &two, &book.diags), CNV_OK);
	assert_true(cnv_str_equal(one, two));
	cnv_arena_fini(&arena);
}

static void a_sheet_named_like_a_number_or_cell_is_quoted(void **state)
{
	(void)state;
	struct book book;
	const double width = 10;
	const cnv_str names[] = { CNV_STR("2026"), CNV_STR("A1"), CNV_STR("C\xC3\xB4te d'Ivoire") };
	begin(&book);
	for (size_t at = 0; at < COUNT(names); at++) {
		cnv_sheet_style style = { .name = names[at], .columns = 1, .widths = &width, .last_row = 5 };
		assert_int_equal(book.grid.sheet(book.grid.self, &style), CNV_OK);
	}
	end(&book);
	assert_part_has("xl/workbook.xml", ">'2026'!$A$1:$A$6<");
	assert_part_has("xl/workbook.xml", ">'2026'!$1:$1<");
	assert_part_has("xl/workbook.xml", ">'A1'!$1:$1<");
	assert_part_has("xl/workbook.xml", ">'C\xC3\xB4te d''Ivoire'!$1:$1<");
	assert_part_has("xl/workbook.xml", "<sheet name=\"2026\"");
}

static void the_epoch_is_a_time_like_any_other(void **state)
{
	(void)state;
	struct book book = { .diags.emit = hear };
	assert_int_equal(cnv_output_open(&book.output, CNV_STR("x.xlsx"), true, &book.diags), CNV_OK);
	assert_int_equal(cnv_xlsx_grid(&book.grid, &book.output, CNV_STR("t"), (cnv_instant){ 0 }, &book.diags),
			 CNV_OK);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	end(&book);
	assert_part_has("docProps/core.xml", "1970-01-01T00:00:01Z");
}

/* ---------------------------------------------------------------- damage */

/* Every cell of the sample: a title, and two for each look. */
static const uint64_t sample_cells[] = { 1 + 2 * CNV_LOOKS, 1 + 2 * CNV_LOOKS };

static void cut_short(const char *name, long len)
{
	assert_int_equal(truncate(name, len), 0);
}

static void a_whole_workbook_is_found_whole(void **state)
{
	(void)state;
	struct book book;
	const char *trouble;
	write_sample(&book);
	cnv_xlsx_expect expect = {
		.cells = sample_cells, .sheets = 2, .commented = 1, .charts = 2, .charted = 2, .tables = 1, .linked = 2
	};
	assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_OK);
}

static void what_was_not_written_is_missed(void **state)
{
	(void)state;
	struct book book;
	const char *trouble;
	write_sample(&book);
	const uint64_t more[] = { sample_cells[0], sample_cells[1] + 1 };
	cnv_xlsx_expect expect = {
		.cells = more, .sheets = 2, .commented = 1, .charts = 2, .charted = 2, .tables = 1, .linked = 2
	};
	assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_REJECTED);
	assert_string_equal(trouble, "a sheet does not have the cells that were written");
	expect = (cnv_xlsx_expect){
		.cells = sample_cells, .sheets = 3, .commented = 1, .charts = 2, .charted = 2, .tables = 1, .linked = 2
	};
	assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_REJECTED);
	assert_string_equal(trouble, "a part of it is missing");
	expect = (cnv_xlsx_expect){ .cells = sample_cells, .sheets = 2 };
	assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_REJECTED);
	expect = (cnv_xlsx_expect){ .cells = sample_cells, .sheets = 2, .commented = 1, .linked = 2, .charted = 2 };
	assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_REJECTED);
	expect = (cnv_xlsx_expect){
		.cells = sample_cells, .sheets = 2, .commented = 1, .charts = 2, .charted = 2, .linked = 2
	};
	assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_REJECTED);
	assert_int_equal(cnv_xlsx_verify("none.xlsx", &expect, &trouble), CNV_NO_ACCESS);
}

static void a_workbook_cut_anywhere_is_caught(void **state)
{
	(void)state;
	struct book book;
	const char *trouble;
	cnv_file *file;
	cnv_xlsx_expect expect = {
		.cells = sample_cells, .sheets = 2, .commented = 1, .charts = 2, .charted = 2, .tables = 1, .linked = 2
	};
	write_sample(&book);
	assert_int_equal(cnv_file_open(&file, CNV_STR("x.xlsx"), &book.diags), CNV_OK);
	long size = (long)cnv_file_size(file);
	cnv_file_close(file);
	for (long len = size - 1; len >= 0; len -= len > size - 30 ? 1 : 97) {
		cut_short("x.xlsx", len);
		assert_int_equal(cnv_xlsx_verify("x.xlsx", &expect, &trouble), CNV_REJECTED);
	}
}

static void a_changed_byte_is_caught_or_harmless(void **state)
{
	(void)state;
	struct book book;
	const char *trouble;
	cnv_arena arena = { 0 };
	cnv_str bytes;
	size_t caught = 0;
	cnv_xlsx_expect expect = {
		.cells = sample_cells, .sheets = 2, .commented = 1, .charts = 2, .charted = 2, .tables = 1, .linked = 2
	};
	write_sample(&book);
	assert_int_equal(cnv_file_load(CNV_STR("x.xlsx"), 1 << 20, &arena, &bytes, &book.diags), CNV_OK);
	for (size_t at = 0; at < bytes.len; at += 13) {
		FILE *file = fopen("y.xlsx", "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
		assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
		assert_int_equal(fputc(bytes.at[at] ^ 0x55, file) == EOF, 0);
		assert_int_equal(fclose(file), 0);
		cnv_status status = cnv_xlsx_verify("y.xlsx", &expect, &trouble);
		assert_true(status == CNV_OK || status == CNV_REJECTED);
		caught += status == CNV_REJECTED;
	}
	/* Dates and versions in the headers do not matter; packed bytes and lengths, most of the file, do. */
	assert_true(caught > bytes.len / 13 * 3 / 4);
	cnv_arena_fini(&arena);
}

static void a_full_disk_is_noticed(void **state)
{
	(void)state;
	struct rlimit old, small;
	struct book book;
	uint32_t seed = 1;

	remove("x.xlsx");
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 20000;
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (uint32_t row = 0; row < 4000; row++) {
		seed = seed * 1664525 + 1013904223;
		add_number(&book, row, 0, seed);
	}
	cnv_status status = book.grid.finish(book.grid.self);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, handler);
	assert_int_equal(status, CNV_NO_ACCESS);
	assert_int_equal(last_code, CNV_WORKBOOK_DAMAGED);
	assert_int_equal(book.diags.errors, 1);
	give_up(&book);
	assert_false(cnv_file_exists(CNV_STR("x.xlsx")));
}

static void an_unfinished_workbook_leaves_nothing(void **state)
{
	(void)state;
	struct book book;
	remove("x.xlsx");
	begin(&book);
	assert_int_equal(add_sheet(&book, CNV_STR("Sheet")), CNV_OK);
	assert_int_equal(add_text(&book, 0, 0, CNV_STR("a")), CNV_OK);
	give_up(&book);
	cnv_xlsx_free(&book.grid);
	assert_false(cnv_file_exists(CNV_STR("x.xlsx")));
}

static void lack_of_memory_is_a_status(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_status status = CNV_NO_MEMORY;
	size_t count = 0;
	cnv_output output;
	assert_int_equal(cnv_output_open(&output, CNV_STR("x.xlsx"), true, &diags), CNV_OK);
	for (; status != CNV_OK && count < 1000; count++) {
		struct book book = { .diags = diags };
		cnv_mem_fail_after(count);
		status = cnv_xlsx_grid(&book.grid, &output, CNV_STR("t"), (cnv_instant){ 1000, 0 }, &diags);
		if (status == CNV_OK)
			status = add_sheet(&book, CNV_STR("Sheet"));
		if (status == CNV_OK)
			status = add_text(&book, 0, 0, CNV_STR("a"));
		if (status == CNV_OK)
			status = book.grid.finish(book.grid.self);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		cnv_xlsx_free(&book.grid);
	}
	assert_true(count > 5 && count < 1000);
	assert_int_equal(diags.errors, 0);
	cnv_output_abandon(&output);
}

/* ---------------------------------------------------------------- the tests */

static int enter_folder(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int leave_folder(void **state)
{
	(void)state;
	remove("x.xlsx");
	remove("y.xlsx");
	return chdir("/") || rmdir(folder);
}

/* Every row of a table as a test of its own name. */
#define ADD_ROWS(table, function)                                                                                      \
	for (size_t at = 0; at < COUNT(table); at++)                                                                   \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			(table)[at].name, function, NULL, NULL, (void *)&(table)[at]                                   \
		}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(text_beyond_a_cell_is_cut_with_a_warning),
		cmocka_unit_test(numbers_are_written_plain),
		cmocka_unit_test(a_german_locale_changes_nothing),
		cmocka_unit_test(a_workbook_without_sheets_is_refused),
		cmocka_unit_test(a_sheet_with_a_table_has_no_other_filter),
		cmocka_unit_test(the_same_cells_give_the_same_bytes),
		cmocka_unit_test(a_sheet_named_like_a_number_or_cell_is_quoted),
		cmocka_unit_test(the_epoch_is_a_time_like_any_other),
		cmocka_unit_test(a_whole_workbook_is_found_whole),
		cmocka_unit_test(what_was_not_written_is_missed),
		cmocka_unit_test(a_workbook_cut_anywhere_is_caught),
		cmocka_unit_test(a_changed_byte_is_caught_or_harmless),
		cmocka_unit_test(a_full_disk_is_noticed),
		cmocka_unit_test(an_unfinished_workbook_leaves_nothing),
		cmocka_unit_test(lack_of_memory_is_a_status),
	};
	struct CMUnitTest tests[COUNT(texts) + COUNT(days) + COUNT(refused_names) + COUNT(refused_cells) +
				COUNT(links) + COUNT(sheet_cases) + COUNT(others)];
	size_t count = 0;
	ADD_ROWS(texts, write_text_case);
	ADD_ROWS(days, write_day_case);
	ADD_ROWS(refused_names, refuse_name_case);
	ADD_ROWS(refused_cells, refuse_cell_case);
	ADD_ROWS(links, write_link_case);
	ADD_ROWS(sheet_cases, find_in_sample);
	for (size_t at = 0; at < COUNT(others); at++)
		tests[count++] = others[at];
	return _cmocka_run_group_tests("io: workbooks out", tests, count, enter_folder, leave_folder);
}
