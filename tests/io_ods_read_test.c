/* OpenDocument spreadsheets as they come from strangers: what their cells say, and every defect once.
 *
 * What is heard is written "sheet A1 t=text": t text, n number, b boolean, d date, e error; a defect "E0035 sheet!A1". */
#include "canvass/io.h"
#include "zip_parts.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool hear_sheet(void *self, const cnv_xlsx_sheet *sheet)
{
	cnv_text *text = self;
	cnv_text_format(text, "%s%.*s%s %u/%u", text->len ? " " : "", CNV_ARG(sheet->name),
			sheet->hidden ? " hidden" : "", sheet->tab, sheet->tabs);
	return true;
}

static cnv_status hear_cell(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	char name[CNV_CELL_NAME_ROOM];

	assert_true(row >= 1 && row <= CNV_XLSX_ROWS && column >= 1 && column <= CNV_XLSX_COLUMNS);
	cnv_cell_name(row, column, name);
	cnv_text_format(self, " %s %c=%.*s", name, "tnbde"[kind], CNV_ARG(text));
	return CNV_OK;
}

static cnv_status hear_end(void *self)
{
	cnv_text_put(self, CNV_STR(" ."));
	return CNV_OK;
}

static void hear_area(cnv_text *text, const char *what, cnv_xlsx_area area)
{
	char from[CNV_CELL_NAME_ROOM], upto[CNV_CELL_NAME_ROOM];

	cnv_cell_name(area.from_row, area.from_column, from);
	cnv_cell_name(area.upto_row, area.upto_column, upto);
	cnv_text_format(text, " %s %s:%s", what, from, upto);
}

static cnv_status hear_hidden(void *self, cnv_xlsx_area area)
{
	hear_area(self, "hidden", area);
	return CNV_OK;
}

static cnv_status hear_merged(void *self, cnv_xlsx_area area)
{
	hear_area(self, "merged", area);
	return CNV_OK;
}

static cnv_status hear_comment(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text)
{
	char name[CNV_CELL_NAME_ROOM];

	cnv_cell_name(row, column, name);
	cnv_text_format(self, " %s %.*s: %.*s", name, CNV_ARG(author), CNV_ARG(text));
	return CNV_OK;
}

static void hear_diag(void *self, const cnv_diag *diag)
{
	char name[CNV_CELL_NAME_ROOM] = "";

	if (diag->place.row)
		cnv_cell_name(diag->place.row, diag->place.column, name);
	cnv_text_format(self, " %c%04u %.*s!%s",
			"EWN"[diag->severity == CNV_ERROR     ? 0
			      : diag->severity == CNV_WARNING ? 1
							      : 2],
			diag -> code, CNV_ARG(diag->place.sheet), name);
}

#define HEAD                                                                                                           \
	"<?xml version=\"1.0\"?><office:document-content"                                                              \
	" xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""                                           \
	" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""                                             \
	" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""                                             \
	" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""                                               \
	" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"                                                              \
	"<office:automatic-styles><style:style style:name=\"h\" style:family=\"table\">"                               \
	"<style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>"                    \
	"<office:body><office:spreadsheet>"
#define TAIL "</office:spreadsheet></office:body></office:document-content>"
#define SHEET(inner) HEAD "<table:table table:name=\"s\">" inner "</table:table>" TAIL
#define ROW(inner) "<table:table-row>" inner "</table:table-row>"
#define TEXT(text) "<table:table-cell office:value-type=\"string\"><text:p>" text "</text:p></table:table-cell>"
#define CELL(attributes, shown) "<table:table-cell " attributes "><text:p>" shown "</text:p></table:table-cell>"
#define BLANK "<table:table-cell/>"
#define NUMBER(value, shown, type) CELL("office:value-type=\"" type "\" office:value=\"" value "\"", shown)

static const struct ods_case {
	const char *name, *content, *heard;
} cases[] = {
	{ "texts", SHEET(ROW(TEXT("a") BLANK TEXT("b")) ROW(BLANK TEXT("c"))), "s 1/1 A1 t=a C1 t=b B2 t=c ." },
	{ "numbers to their last digit",
	  SHEET(ROW(CELL("office:value-type=\"float\" office:value=\"0.1\"", "0,10")
			    CELL("office:value-type=\"percentage\" office:value=\"0.3\"", "30%")
				    CELL("office:value-type=\"currency\" office:value=\"5\"", "5 EUR"))),
	  "s 1/1 A1 n=0.1 B1 n=30% C1 n=5 EUR ." },
	{ "what formats add to numbers",
	  SHEET(ROW(NUMBER("-0.125", "(12,5 %)", "percentage") NUMBER("1234.567", "USD 1,234.57", "currency")
			    NUMBER("1234567", "1.234.567,00 \xE2\x82\xAC", "currency") NUMBER("12", "12.0 km", "float")
				    NUMBER("-5.25", "(5.3 kg)", "float") NUMBER("-5", "-$5", "currency"))),
	  "s 1/1 A1 n=-12.5% B1 n=USD 1234.567 C1 n=1234567 \xE2\x82\xAC D1 n=12 km E1 n=-5.25 kg F1 n=-$5 ." },
	{ "digits with zeros in front, and codes",
	  SHEET(ROW(NUMBER("1234", "001234", "float") NUMBER("12345678", "012-34-5678", "float")
			    NUMBER("61262711234", "+61 2 6271 1234", "float") NUMBER("61262", "+61262", "float"))),
	  "s 1/1 A1 n=001234 B1 n=012-34-5678 C1 n=+61262711234 D1 n=+61262 ." },
	{ "what is shown is not the number",
	  SHEET(ROW(NUMBER("1250000", "1.3M", "float") NUMBER("0.5", "1/2 km", "float") NUMBER(
		  "120000", "1.2E+05 m", "float") NUMBER("1", "yes", "float") NUMBER("5", "###", "float")
			    NUMBER("1234.5", "1 234,50", "float") NUMBER("5", "", "float"))),
	  "s 1/1 A1 n=1250000 B1 n=0.5 C1 n=120000 D1 n=1 E1 n=5 F1 n=1234.5 G1 n=5 ." },
	{ "dates and times",
	  SHEET(ROW(CELL("office:value-type=\"date\" office:date-value=\"2026-03-31\"", "31.03.26")
			    CELL("office:value-type=\"date\" office:date-value=\"2026-03-31T09:05:00.000000000\"", "x")
				    CELL("office:value-type=\"time\" office:time-value=\"PT09H05M07.25S\"", "x")
					    CELL("office:value-type=\"time\" office:time-value=\"PT30H\"", "x"))),
	  "s 1/1 A1 d=2026-03-31 B1 d=2026-03-31 09:05:00 C1 d=09:05:07 D1 d=30:00:00 ." },
	{ "booleans and errors",
	  SHEET(ROW(CELL("office:value-type=\"boolean\" office:boolean-value=\"true\"", "WAHR") CELL(
		  "table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\"", "#DIV/0!")
			    CELL("table:formula=\"of:=x\" office:value-type=\"float\" office:value=\"0\"", "Err:508"))),
	  "s 1/1 A1 b=TRUE B1 e=#DIV/0! C1 e=Err:508 ." },
	{ "a text with lines, blanks, tabs and links",
	  SHEET(ROW("<table:table-cell><text:p> a <text:s text:c=\"2\"/>b<text:tab/><text:span>c\n  d</text:span> "
		    "<text:a>e"
		    "</text:a></text:p><text:p>f<text:line-break/>g </text:p></table:table-cell>")),
	  "s 1/1 A1 t=a   b\tc d e\nf\ng ." },
	{ "a text in an attribute alone",
	  SHEET(ROW("<table:table-cell office:value-type=\"string\" office:string-value=\"v\"/>")), "s 1/1 A1 t=v ." },
	{ "repeated cells and rows",
	  SHEET("<table:table-row table:number-rows-repeated=\"3\"/>"
		"<table:table-row table:number-rows-repeated=\"2\"><table:table-cell "
		"table:number-columns-repeated=\"2\"/>"
		"<table:table-cell "
		"table:number-columns-repeated=\"2\"><text:p>x</text:p></table:table-cell></table:table-row>"
		"<table:table-row table:number-rows-repeated=\"1048571\"><table:table-cell "
		"table:number-columns-repeated=\"16384\"/></table:table-row>"),
	  "s 1/1 C4 t=x D4 t=x C5 t=x D5 t=x ." },
	{ "rows in groups, and headers",
	  SHEET("<table:table-header-rows>" ROW(
		  TEXT("a")) "</table:table-header-rows><table:table-row-group>"
			     "<table:table-row-group>" ROW(TEXT("b")) "</table:table-row-group>" ROW(
				     TEXT("c")) "</table:table-row-group>"),
	  "s 1/1 A1 t=a A2 t=b A3 t=c ." },
	{ "hidden sheets, columns and rows",
	  HEAD "<table:table table:name=\"h\" table:style-name=\"h\"><table:table-column "
	       "table:number-columns-repeated=\"2\"/>"
	       "<table:table-column table:visibility=\"collapse\"/><table:table-row table:visibility=\"filter\">" TEXT(
		       "a") "</table:table-row></table:table><table:table table:name=\"t\"/>" TAIL,
	  "h hidden 1/2 hidden C:C hidden 1:1 A1 t=a . t 2/2 ." },
	{ "merged cells, and what they cover",
	  SHEET(ROW("<table:table-cell table:number-columns-spanned=\"2\" "
		    "table:number-rows-spanned=\"1\"><text:p>a</text:p>"
		    "</table:table-cell><table:covered-table-cell><text:p>b</text:p></table:covered-table-cell>")),
	  "s 1/1 A1 t=a B1 t=b merged A1:B1 ." },
	{ "a comment",
	  SHEET(ROW(
		  BLANK
		  "<table:table-cell><office:annotation><dc:creator>Ann</dc:creator><dc:date>2026</dc:date><text:p>why"
		  "</text:p><text:p>not</text:p></office:annotation><text:p>x</text:p></table:table-cell>")),
	  "s 1/1 B1 t=x B1 Ann: why\nnot ." },
	{ "a formula without a value", SHEET(ROW("<table:table-cell table:formula=\"of:=1\"/>")),
	  "s 1/1 W0036 s!A1 ." },
	{ "a drawing is passed over", SHEET("<table:shapes><table:table-row/></table:shapes>" ROW(TEXT("a"))),
	  "s 1/1 A1 t=a ." },
	{ "a value that is no number", SHEET(ROW(CELL("office:value-type=\"float\" office:value=\"x\"", "x"))),
	  "s 1/1 E0035 s!A1" },
	{ "an unknown type", SHEET(ROW(CELL("office:value-type=\"colour\"", "x"))), "s 1/1 E0035 s!A1" },
	{ "a text repeated over the whole sheet",
	  SHEET("<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell "
		"table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row>"),
	  "s 1/1 E0034 s!A1" },
	{ "blanks past the limit of a cell", SHEET(ROW(TEXT("<text:s text:c=\"99999999\"/>"))), "s 1/1 E0031 s!A1" },
	{ "rows past the end of a sheet",
	  SHEET("<table:table-row table:number-rows-repeated=\"99999999\"/>" ROW(TEXT("x"))),
	  "s 1/1 E0035 s!A1048577" },
	{ "no sheet", HEAD TAIL, " E0033 !" },
	{ "a sheet without a name", HEAD "<table:table/>" TAIL, " E0030 !" },
	{ "a document type", "<!DOCTYPE x><x/>", " E0034 !" },
	{ "a text document",
	  "<office:document-content "
	  "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><office:body><office:text/>"
	  "</office:body></office:document-content>",
	  " E0033 !" },
	{ "cut off", HEAD "<table:table table:name=\"s\">", " E0030 !" },
};

static void read_ods(cnv_text *heard, const char *content, const char *manifest)
{
	struct zip_part parts[] = { { "META-INF/manifest.xml", cnv_str_from(manifest) },
				    { "content.xml", cnv_str_from(content) } };
	cnv_text file = { 0 };
	cnv_diags diags = { .emit = hear_diag, .self = heard };
	cnv_xlsx_sink sink = { .self = heard,
			       .sheet = hear_sheet,
			       .cell = hear_cell,
			       .end = hear_end,
			       .hidden = hear_hidden,
			       .merged = hear_merged,
			       .comment = hear_comment,
			       .exact = true };

	zip_write(&file, parts, COUNT(parts));
	cnv_xlsx_read(CNV_STR("x.ods"), cnv_text_str(&file), &sink, &diags);
	cnv_text_put_char(heard, '\0');
	cnv_text_fini(&file);
}

static void run_case(void **state)
{
	const struct ods_case *test = *state;
	cnv_text heard = { 0 };

	read_ods(&heard, test->content, "<manifest/>");
	assert_string_equal(heard.at, test->heard);
	cnv_text_fini(&heard);
}

static void a_password_is_found_in_the_manifest(void **state)
{
	cnv_text heard = { 0 };

	(void)state;
	read_ods(&heard, "\x01\x02", "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>");
	assert_string_equal(heard.at, " E0032 !");
	cnv_text_fini(&heard);
}

static void running_out_of_memory_is_an_error(void **state)
{
	struct zip_part parts[] = { { "META-INF/manifest.xml", CNV_STR("<manifest/>") },
				    { "content.xml", cnv_str_from(cases[8].content) } };
	cnv_status status = CNV_NO_MEMORY;
	cnv_text file = { 0 };
	size_t after = 0;

	(void)state;
	zip_write(&file, parts, COUNT(parts));
	for (; status; after++) {
		cnv_diags diags = { 0 };
		cnv_text heard = { 0 };
		cnv_xlsx_sink sink = { .self = &heard, .sheet = hear_sheet, .cell = hear_cell, .end = hear_end };

		cnv_text_put(&heard, cnv_str_slice(cnv_text_str(&file), 0, 500)); /* the sink needs no more memory */
		heard.len = 0;
		cnv_mem_fail_after(after);
		status = cnv_xlsx_read(CNV_STR("x.ods"), cnv_text_str(&file), &sink, &diags);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		cnv_text_fini(&heard);
	}
	assert_true(after > 10);
	cnv_text_fini(&file);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 2];

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, run_case, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(a_password_is_found_in_the_manifest);
	tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(running_out_of_memory_is_an_error);
	return _cmocka_run_group_tests("io_ods_read", tests, COUNT(tests), NULL, NULL);
}
