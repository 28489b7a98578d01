/* Workbooks as they come from strangers: what their cells say, and every defect once.
 *
 * What is heard is written "sheet A1 t=text": t text, n number, b boolean, d date, e error; a defect "E0035 sheet!A1".
 */
#include "canvass/io.h"
#include "io/xlsx_book.h"
#include "io/xlsx_text.h"
#include "zip_parts.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct heard {
	cnv_text text;
	cnv_str sheet;
	cnv_status refuse; /* what the sink answers to a cell */
	bool skip;         /* no sheet is wanted */
	bool exact;        /* numbers to the last digit */
};

static bool hear_sheet(void *self, const cnv_xlsx_sheet *sheet)
{
	struct heard *heard = self;
	cnv_text_format(&heard->text, "%s%.*s%s %u/%u", heard->text.len ? " " : "", CNV_ARG(sheet->name),
			sheet->hidden ? " hidden" : "", sheet->tab, sheet->tabs);
	return !heard->skip;
}

static cnv_status hear_cell(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	static const char kinds[] = { [CNV_XLSX_TEXT] = 't',
				      [CNV_XLSX_NUMBER] = 'n',
				      [CNV_XLSX_BOOLEAN] = 'b',
				      [CNV_XLSX_DATE] = 'd',
				      [CNV_XLSX_ERROR] = 'e' };
	struct heard *heard = self;
	char name[CNV_CELL_NAME_ROOM];

	assert_int_equal(cnv_utf8_check(text), text.len);
	cnv_cell_name(row, column, name);
	if (text.len > 100)
		cnv_text_format(&heard->text, " %s %c#%zu", name, kinds[kind], text.len);
	else
		cnv_text_format(&heard->text, " %s %c=%.*s", name, kinds[kind], CNV_ARG(text));
	return heard->refuse;
}

static cnv_status hear_end(void *self)
{
	struct heard *heard = self;
	cnv_text_put(&heard->text, CNV_STR(" ."));
	return CNV_OK;
}

static void hear_area(struct heard *heard, const char *what, cnv_xlsx_area area)
{
	char from[CNV_CELL_NAME_ROOM], upto[CNV_CELL_NAME_ROOM];

	cnv_cell_name(area.from_row, area.from_column, from);
	cnv_cell_name(area.upto_row, area.upto_column, upto);
	cnv_text_format(&heard->text, " %s %s:%s", what, from, upto);
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
	struct heard *heard = self;
	char name[CNV_CELL_NAME_ROOM];

	assert_int_equal(cnv_utf8_check(text), text.len);
	cnv_cell_name(row, column, name);
	cnv_text_format(&heard->text, " %s %.*s: %.*s", name, CNV_ARG(author), CNV_ARG(text));
	return CNV_OK;
}

/* A refusal says where it is: the sheet, the part, or the byte of the file; what is no workbook of ours at all needs no
 * place, and neither does a count of all parts. */
static bool names_place(const cnv_diag *diag)
{
	static const char *const words[] = { ".xml", ".rels", " byte ", "parts", "password, so" };

	if (diag->place.sheet.len || diag->code == CNV_BOOK_OTHER)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (cnv_str_find(diag->message, cnv_str_from(words[i])) != SIZE_MAX)
			return true;
	return false;
}

static void hear_diag(void *self, const cnv_diag *diag)
{
	struct heard *heard = self;
	char code[8], cell[CNV_CELL_NAME_ROOM];
	cnv_place place = diag->place;

	assert_true(diag->message.len > 0 && diag->hint.len > 0);
	if (!names_place(diag))
		fail_msg("no place in \"%.*s\"", CNV_ARG(diag->message));
	cnv_code_name(diag->code, code);
	cnv_cell_name(place.row, place.column, cell);
	cnv_text_format(&heard->text, "%s%s", heard->text.len ? " " : "", code);
	if (place.sheet.len)
		cnv_text_format(&heard->text, " %.*s!%s", CNV_ARG(place.sheet), cell);
}

static cnv_status read_bytes(cnv_str bytes, struct heard *heard)
{
	cnv_diags diags = { .emit = hear_diag, .self = heard };
	cnv_xlsx_sink sink = {
		.self = heard,
		.sheet = hear_sheet,
		.cell = hear_cell,
		.end = hear_end,
		.hidden = hear_hidden,
		.merged = hear_merged,
		.comment = hear_comment,
		.exact = heard->exact,
	};
	cnv_status status = cnv_xlsx_read(CNV_STR("book.xlsx"), bytes, &sink, &diags);

	assert_int_equal(diags.errors, status == CNV_REJECTED);
	return status;
}

static void expect_bytes(cnv_str bytes, const char *expect)
{
	struct heard heard = { 0 };
	cnv_status status = read_bytes(bytes, &heard);

	assert_true(status == CNV_OK || status == CNV_REJECTED);
	cnv_text_put_char(&heard.text, '\0');
	assert_string_equal(heard.text.at, expect);
	cnv_text_fini(&heard.text);
}

/* ---------------------------------------------------------------- cells */

/* clang-format off */
#define SHEET(rows) "<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData>" rows "</sheetData></worksheet>"
#define ROW(cells) SHEET("<row r=\"1\">" cells "</row>")
#define BOOK(properties, sheets)                                                                                          \
	"<workbook xmlns=\"" BOOK_SPACE "\" xmlns:r=\"" LINK_SPACE "\">" properties "<sheets>" sheets "</sheets></workbook>"
#define TEXT(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define READ "survey 1/1"

static const struct book_case {
	const char *name;
	const char *expect;
	int part; /* that is put in place of its own; BOOK_SHEET beside it when `sheet` is set */
	const char *xml, *sheet;
} cases[] = {
	/* what else a sheet says */
	{ "hidden columns and rows come before their cells", READ " hidden B:C hidden 2:2 A2 n=1 A3 n=2 .", BOOK_SHEET,
	  "<worksheet xmlns=\"" BOOK_SPACE "\"><cols><col min=\"1\" max=\"1\"/><col min=\"2\" max=\"3\" hidden=\"1\"/></cols>"
	  "<sheetData><row r=\"1\" hidden=\"1\"/><row r=\"2\" hidden=\"true\"><c><v>1</v></c></row><row><c><v>2</v></c></row>"
	  "</sheetData></worksheet>", NULL },
	{ "hidden columns that no sheet has are passed over", READ " .", BOOK_SHEET,
	  "<worksheet xmlns=\"" BOOK_SPACE "\"><cols><col min=\"2\" max=\"99999999999\" hidden=\"1\"/><col min=\"3\" max=\"2\" "
	  "hidden=\"1\"/><col hidden=\"1\"/></cols><sheetData/></worksheet>", NULL },
	{ "merged cells come after all cells, and only where they are an area", READ " A1 n=1 merged A1:B3 .", BOOK_SHEET,
	  "<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells><mergeCell "
	  "ref=\"A1:B3\"/><mergeCell ref=\"A1\"/><mergeCell ref=\"B3:A1\"/><mergeCell/></mergeCells></worksheet>", NULL },
	{ "a note has its author and its runs", READ " B2 Kim: Kim:\nsee page 3 .", BOOK_NOTES,
	  "<comments xmlns=\"" BOOK_SPACE "\"><authors><author>Kim</author></authors><commentList><comment ref=\"B2\" "
	  "authorId=\"0\"><text><r><t>Kim:\n</t></r><r><t>see page 3</t></r></text></comment></commentList></comments>", NULL },
	{ "a note at no cell or without text is none", READ " .", BOOK_NOTES,
	  "<comments xmlns=\"" BOOK_SPACE "\"><commentList><comment ref=\"XFE1\"><text><t>x</t></text></comment><comment "
	  "ref=\"A1\" authorId=\"7\"><text><t> </t></text></comment></commentList></comments>", NULL },
	{ "a thread", READ " C3 : first C3 : second .", BOOK_THREADS,
	  "<ThreadedComments xmlns=\"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments\"><threadedComment "
	  "ref=\"C3\" id=\"{1}\"><text>first</text></threadedComment><threadedComment ref=\"C3\" parentId=\"{1}\"><text>second"
	  "</text></threadedComment></ThreadedComments>", NULL },
	{ "comments that are no XML", READ " E0030 survey!", BOOK_NOTES, "<comments", NULL },
	{ "comments with a document type", READ " E0034 survey!", BOOK_NOTES, "<!DOCTYPE x><comments/>", NULL },
	/* kinds of cells */
	{ "an empty sheet", READ " .", BOOK_SHEET, SHEET(""), NULL },
	{ "a shared string", READ " A1 t=type .", BOOK_SHEET, ROW("<c t=\"s\"><v>0</v></c>"), NULL },
	{ "rich runs are joined, and phonetic runs are no text", READ " A1 t=a b .", BOOK_SHEET,
	  ROW("<c t=\"s\"><v>1</v></c>"), NULL },
	{ "an empty string is blank", READ " B1 n=1 .", BOOK_SHEET, ROW("<c t=\"s\"><v>2</v></c><c><v>1</v></c>"), NULL },
	{ "an inline string", READ " A1 t=x .", BOOK_SHEET, ROW(TEXT("x")), NULL },
	{ "inline runs", READ " A1 t=x y .", BOOK_SHEET,
	  ROW("<c t=\"inlineStr\"><is><r><t xml:space=\"preserve\">x </t></r><rPh sb=\"0\" eb=\"1\"><t>z</t></rPh><r><t>y</t></r>"
	      "</is></c>"), NULL },
	{ "blanks at the ends are kept", READ " A1 t= x\n .", BOOK_SHEET,
	  ROW("<c t=\"inlineStr\"><is><t xml:space=\"preserve\"> x\n</t></is></c>"), NULL },
	{ "the stored value of a formula", READ " A1 t=ab B1 n=3 .", BOOK_SHEET,
	  ROW("<c t=\"str\"><f>\"a\"&amp;\"b\"</f><v>ab</v></c><c><f>1+2</f><v>3</v></c>"), NULL },
	{ "a formula with an empty text is blank", READ " .", BOOK_SHEET, ROW("<c t=\"str\"><f>\"\"</f><v></v></c>"), NULL },
	{ "a formula without its value is told once a sheet", READ " W0036 survey!A1 .", BOOK_SHEET,
	  ROW("<c><f>1+2</f></c><c><f>1+2</f><v/></c>"), NULL },
	{ "booleans", READ " A1 b=TRUE B1 b=FALSE .", BOOK_SHEET, ROW("<c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c>"), NULL },
	{ "neither true nor false", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c t=\"b\"><v>2</v></c>"), NULL },
	{ "errors are their text", READ " A1 e=#DIV/0! .", BOOK_SHEET, ROW("<c t=\"e\"><v>#DIV/0!</v></c>"), NULL },
	{ "numbers", READ " A1 n=5 B1 n=-0.25 C1 n=0.3 D1 n=0.0015 E1 n=12000 F1 n=0 .", BOOK_SHEET,
	  ROW("<c><v>5.0</v></c><c><v>-.25</v></c><c><v>0.30000000000000004</v></c><c t=\"n\"><v>1.5E-3</v></c>"
	      "<c><v> 1.2e+4 </v></c><c><v>-0</v></c>"), NULL },
	{ "whole numbers keep all digits", READ " A1 n=1234567890123456789 .", BOOK_SHEET,
	  ROW("<c><v>1234567890123456789</v></c>"), NULL },
	{ "what is no number", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c><v>NaN</v></c>"), NULL },
	{ "an exponent beyond all numbers", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c><v>1E999999999999</v></c>"), NULL },
	{ "dates by the format of their style", READ " A1 d=2026-12-31 B1 d=2026-12-31 12:00:00 C1 d=2026-12-31 00:00:00 D1 d=36:30:00 "
	  "E1 d=06:00:00 F1 n=46387 .", BOOK_SHEET,
	  ROW("<c s=\"3\"><v>46387</v></c><c s=\"1\"><v>46387.5</v></c><c s=\"2\"><v>46387</v></c><c s=\"4\"><v>1.5208333333</v></c>"
	      "<c s=\"5\"><v>0.25</v></c><c s=\"0\"><v>46387</v></c>"), NULL },
	{ "a style that is not there is none", READ " A1 n=1 B1 n=1 C1 n=1 .", BOOK_SHEET,
	  ROW("<c s=\"999999\"><v>1</v></c><c s=\"-1\"><v>1</v></c><c s=\"6\"><v>1</v></c>"), NULL },
	{ "dates in words of ISO 8601", READ " A1 d=2026-12-31 B1 d=2026-12-31 09:30:00 C1 d=09:30:00 D1 d=2026-12-31 .", BOOK_SHEET,
	  ROW("<c t=\"d\"><v>2026-12-31</v></c><c t=\"d\"><v>2026-12-31T09:30:00Z</v></c><c t=\"d\"><v>09:30:00</v></c>"
	      "<c t=\"d\" s=\"1\"><v>2026-12-31T00:00:00</v></c>"), NULL },
	{ "a date that is none", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c t=\"d\"><v>2026-02-30</v></c>"), NULL },
	{ "the epoch of 1904", READ " A1 d=2026-12-31 B1 d=1904-01-01 .", BOOK_BOOK,
	  BOOK("<workbookPr date1904=\"1\"/>", "<sheet name=\"survey\" r:id=\"rId1\"/>"),
	  ROW("<c s=\"1\"><v>44925</v></c><c s=\"1\"><v>0</v></c>") },
	{ "a cell of an unknown kind", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c t=\"zz\"><v>1</v></c>"), NULL },
	{ "a string that is not there", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c t=\"s\"><v>3</v></c>"), NULL },
	{ "a string before the first", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c t=\"s\"><v>-1</v></c>"), NULL },
	{ "a cell with two values", READ " E0035 survey!A1", BOOK_SHEET, ROW("<c><v>1</v><v>2</v></c>"), NULL },
	/* escapes */
	{ "escapes are undone", READ " A1 t=a\tb_x0009_ .", BOOK_SHEET, ROW(TEXT("a_x0009_b_x005F_x0009_")), NULL },
	{ "what is nearly an escape stays", READ " A1 t=_X0009_ _x009_ _x000g_ _x0009 .", BOOK_SHEET,
	  ROW(TEXT("_X0009_ _x009_ _x000g_ _x0009")), NULL },
	{ "escaped pairs are one character, halves none", READ " A1 t=\xF0\x9F\x9A\xA2 \xEF\xBF\xBD \xEF\xBF\xBD .", BOOK_SHEET,
	  ROW(TEXT("_xD83D__xDEA2_ _xD83D_ _x0000_")), NULL },
	{ "CRLF is a line end", READ " A1 t=a\nb .", BOOK_SHEET, ROW(TEXT("a_x000D_\nb")), NULL },
	{ "entities and CDATA", READ " A1 t=a<&>\xC3\xA9] .", BOOK_SHEET, ROW(TEXT("a&lt;&amp;&gt;&#xE9;<![CDATA[]]]>")), NULL },
	/* where cells stand */
	{ "cells without an address follow each other", READ " A1 t=a C1 t=c D1 t=d .", BOOK_SHEET,
	  ROW(TEXT("a") "<c r=\"C1\" t=\"inlineStr\"><is><t>c</t></is></c>" TEXT("d")), NULL },
	{ "rows without a number follow each other", READ " A1 t=a A5 t=b A6 t=c .", BOOK_SHEET,
	  SHEET("<row>" TEXT("a") "</row><row r=\"5\">" TEXT("b") "</row><row>" TEXT("c") "</row>"), NULL },
	{ "a row may have its number from a cell", READ " B7 n=1 A8 n=2 .", BOOK_SHEET,
	  SHEET("<row><c r=\"B7\"><v>1</v></c></row><row><c><v>2</v></c></row>"), NULL },
	{ "the last cell of a sheet", READ " XFD1048576 n=1 .", BOOK_SHEET,
	  SHEET("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>"), NULL },
	{ "a cell beyond the last column", READ " E0035 survey!1", BOOK_SHEET, ROW("<c r=\"XFE1\"><v>1</v></c>"), NULL },
	{ "a cell a million columns out", READ " E0035 survey!1", BOOK_SHEET, ROW("<c r=\"BDWGN1\"><v>1</v></c>"), NULL },
	{ "a row beyond the last", READ " E0035 survey!", BOOK_SHEET, SHEET("<row r=\"99999999\"/>"), NULL },
	{ "row zero", READ " E0035 survey!", BOOK_SHEET, SHEET("<row r=\"0\"/>"), NULL },
	{ "an address that is none", READ " E0035 survey!1", BOOK_SHEET, ROW("<c r=\"1A\"><v>1</v></c>"), NULL },
	{ "rows out of order", READ " A5 n=1 E0035 survey!5", BOOK_SHEET,
	  SHEET("<row r=\"5\"><c><v>1</v></c></row><row r=\"5\"/>"), NULL },
	{ "cells out of order", READ " B1 n=1 E0035 survey!B1", BOOK_SHEET,
	  ROW("<c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c>"), NULL },
	{ "a cell in another row than its own", READ " E0035 survey!1", BOOK_SHEET, ROW("<c r=\"A2\"><v>1</v></c>"), NULL },
	{ "what merged cells say stands at the top left", READ " A1 t=a merged A1:B2 .", BOOK_SHEET,
	  "<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData><row>" TEXT("a") "<c r=\"B1\" s=\"1\"/></row></sheetData>"
	  "<mergeCells count=\"1\"><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>", NULL },
	{ "elements of others are passed over", READ " A1 n=1 .", BOOK_SHEET,
	  "<x:worksheet xmlns:x=\"" BOOK_SPACE "\" xmlns:y=\"urn:y\"><y:sheetData><x:row><x:c><x:v>9</x:v></x:c></x:row></y:sheetData>"
	  "<x:sheetData><y:row/><x:row y:r=\"7\"><y:c/><x:c><y:v>2</y:v><x:v>1</x:v><x:extLst><x:v>3</x:v></x:extLst></x:c>"
	  "</x:row></x:sheetData></x:worksheet>", NULL },
	{ "the strict variant", READ " A1 n=1 .", BOOK_SHEET,
	  "<worksheet xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><sheetData><row><c><v>1</v></c></row></sheetData>"
	  "</worksheet>", NULL },
	{ "UTF-16", READ " A1 n=1 .", -BOOK_SHEET, ROW("<c><v>1</v></c>"), NULL },
	/* sheets */
	{ "hidden sheets are read", "a hidden 1/1 A1 n=1 .", BOOK_BOOK,
	  BOOK("", "<sheet name=\"a\" state=\"veryHidden\" r:id=\"rId1\"/>"), ROW("<c><v>1</v></c>") },
	{ "names of sheets are unescaped", "a&b_ 1/1 .", BOOK_BOOK, BOOK("", "<sheet name=\"a&amp;b_x005F_\" r:id=\"rId1\"/>"), NULL },
	{ "a strict workbook", READ " A1 n=1 .", BOOK_BOOK,
	  "<workbook xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
	  "xmlns:q=\"http://purl.oclc.org/ooxml/officeDocument/relationships\"><sheets><sheet name=\"survey\" q:id=\"rId1\"/></sheets>"
	  "</workbook>", ROW("<c><v>1</v></c>") },
	{ "no sheets", "E0030", BOOK_BOOK, BOOK("", ""), NULL },
	{ "a sheet without a name", "E0030", BOOK_BOOK, BOOK("", "<sheet r:id=\"rId1\"/>"), NULL },
	{ "a sheet that leads nowhere", "E0030 a!", BOOK_BOOK, BOOK("", "<sheet name=\"a\" r:id=\"rId9\"/>"), NULL },
	{ "two sheets that are one part", "E0030 b!", BOOK_BOOK,
	  BOOK("", "<sheet name=\"a\" r:id=\"rId1\"/><sheet name=\"b\" r:id=\"rId1\"/>"), NULL },
	{ "a sheet outside the workbook", "E0030 Chart!", BOOK_LINKS,
	  "<Relationships xmlns=\"" PACKAGE_SPACE "\"><Relationship Id=\"rId1\" Type=\"x/worksheet\" TargetMode=\"External\" "
	  "Target=\"worksheets/sheet1.xml\"/></Relationships>", NULL },
	{ "links above the root stay at the root", READ " .", BOOK_ROOT,
	  "<Relationships xmlns=\"" PACKAGE_SPACE "\"><Relationship Id=\"r\" Type=\"x/officeDocument\" "
	  "Target=\"../../../xl/workbook.xml\"/></Relationships>", NULL },
	{ "links to the system's files lead nowhere", "E0033", BOOK_ROOT,
	  "<Relationships xmlns=\"" PACKAGE_SPACE "\"><Relationship Id=\"r\" Type=\"x/officeDocument\" "
	  "Target=\"../../../etc/passwd.xml\"/></Relationships>", NULL },
	{ "styles and strings may be missing", READ " A1 n=1 .", BOOK_LINKS,
	  "<Relationships xmlns=\"" PACKAGE_SPACE "\"><Relationship Id=\"rId1\" Type=\"x/worksheet\" "
	  "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/chartsheet\" Target=\"styles.xml\"/></Relationships>",
	  ROW("<c s=\"1\"><v>1</v></c>") },
	/* XML that is broken or bad */
	{ "a part that is no XML", READ " E0030 survey!", BOOK_SHEET, "no XML", NULL },
	{ "a part cut short", READ " A1 n=1 E0030 survey!A1", BOOK_SHEET,
	  "<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData><row><c><v>1</v></c>", NULL },
	{ "a part of another kind", READ " E0030 survey!", BOOK_SHEET, "<html/>", NULL },
	{ "bytes that are not UTF-8", READ " E0030 survey!A1", BOOK_SHEET, ROW("<c><v>\xFF</v></c>"), NULL },
	{ "a document type", "E0034", BOOK_STRINGS, "<!DOCTYPE sst><sst xmlns=\"" BOOK_SPACE "\"/>", NULL },
	{ "entities that grow", "E0034", BOOK_STRINGS,
	  "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><sst xmlns=\"" BOOK_SPACE "\"><si><t>&b;</t></si></sst>",
	  NULL },
	{ "an entity outside", "E0034", BOOK_STRINGS,
	  "<!DOCTYPE sst [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><sst xmlns=\"" BOOK_SPACE "\"><si><t>&a;</t></si></sst>", NULL },
	{ "an entity that nobody told", READ " E0030 survey!A1", BOOK_SHEET, ROW(TEXT("&nbsp;")), NULL },
};

/* clang-format on */

static void read_case(void **state)
{
	const struct book_case *row = *state;
	cnv_str given[BOOK_PARTS] = { 0 };
	cnv_text book = { 0 }, wide = { 0 };

	given[row->part < 0 ? -row->part : row->part] = cnv_str_from(row->xml);
	if (row->sheet)
		given[BOOK_SHEET] = cnv_str_from(row->sheet);
	if (row->part < 0) { /* in UTF-16 with its mark */
		zip_number(&wide, 0xFEFF, 2);
		for (const char *at = row->xml; *at; at++)
			zip_number(&wide, (unsigned char)*at, 2);
		given[-row->part] = cnv_text_str(&wide);
	}
	book_write(&book, given);
	expect_bytes(cnv_text_str(&book), row->expect);
	cnv_text_fini(&book);
	cnv_text_fini(&wide);
}

/* ---------------------------------------------------------------- number formats and dates */

static const struct format_case {
	const char *name, *code;
	uint8_t format;
} formats[] = {
	{ "a day", "yyyy-mm-dd", CNV_XLSX_DAY },
	{ "a month alone is a day", "MMMM", CNV_XLSX_DAY },
	{ "a time", "hh:mm AM/PM", CNV_XLSX_TIME },
	{ "minutes beside seconds", "mm:ss.0", CNV_XLSX_TIME },
	{ "both", "d/m/yy h:mm;@", CNV_XLSX_DAY | CNV_XLSX_TIME },
	{ "hours past a day", "[hh]:mm", CNV_XLSX_ELAPSED },
	{ "a language before it", "[$-F800]dddd\\,\\ d", CNV_XLSX_DAY },
	{ "a number", "#,##0.00", 0 },
	{ "a word in quotes", "0\" days\"", 0 },
	{ "an escaped letter", "0\\d", 0 },
	{ "a gap and a filling", "_d0*y", 0 },
	{ "a colour", "[Red]0", 0 },
	{ "a currency", "[$DM-407] 0", 0 },
	{ "a day only for negative numbers", "0;d", 0 },
	{ "an exponent", "0.00E+00", 0 },
	{ "General", "General", 0 },
	{ "a quote that is not closed", "0\"d", 0 },
	{ "a bracket that is not closed", "0[d", 0 },
	{ "an escape at the end", "0\\", 0 },
	{ "nothing", "", 0 },
};

static void format_case(void **state)
{
	const struct format_case *row = *state;
	assert_int_equal(cnv_xlsx_format(cnv_str_from(row->code)), row->format);
}

static const struct serial_case {
	const char *name, *text;
	double serial;
	uint8_t format;
	bool from_1904;
} serials[] = {
	{ "the first day", "1900-01-01", 1, CNV_XLSX_DAY, false },
	{ "the last day before the day that never was", "1900-02-28", 59, CNV_XLSX_DAY, false },
	{ "the day that never was", "1900-02-29", 60, CNV_XLSX_DAY, false },
	{ "the day that never was, with its time", "1900-02-29 12:00:00", 60.5, CNV_XLSX_DAY, false },
	{ "the first day after it", "1900-03-01", 61, CNV_XLSX_DAY, false },
	{ "the first day of 1970", "1970-01-01", 25569, CNV_XLSX_DAY, false },
	{ "the last day", "9999-12-31", 2958465, CNV_XLSX_DAY, false },
	{ "past the last day", "", 2958466, CNV_XLSX_DAY, false },
	{ "rounded past the last day", "", 2958465.999999, CNV_XLSX_DAY, false },
	{ "before the first day", "", -1, CNV_XLSX_DAY, false },
	{ "no time is midnight", "00:00:00", 0, CNV_XLSX_TIME, false },
	{ "rounded to the next day", "2026-12-31 00:00:00", 46386.9999999, CNV_XLSX_DAY | CNV_XLSX_TIME, false },
	{ "a time with its day", "2026-12-31 06:00:00", 46387.25, CNV_XLSX_TIME, false },
	{ "the first day of 1904", "1904-01-01", 0, CNV_XLSX_DAY, true },
	{ "a time in 1904", "06:00:00", 0.25, CNV_XLSX_TIME, true },
	{ "1970 from 1904", "1970-01-01", 24107, CNV_XLSX_DAY, true },
	{ "the last day from 1904", "9999-12-31", 2957003, CNV_XLSX_DAY, true },
	{ "past the last day from 1904", "", 2957004, CNV_XLSX_DAY, true },
	{ "many hours", "70000:00:00", 70000 / 24.0, CNV_XLSX_ELAPSED, false },
};

static void serial_case(void **state)
{
	const struct serial_case *row = *state;
	char out[CNV_XLSX_DATE_ROOM];
	size_t len = cnv_xlsx_date_write(row->serial, row->format, row->from_1904, out);
	assert_int_equal(len, strlen(row->text));
	assert_memory_equal(out, row->text, len);
}

/* ---------------------------------------------------------------- the container */

/* Where the list of parts begins, its entries 46 bytes and a name each. */
static size_t list_at(const cnv_text *book)
{
	size_t at = cnv_str_find(cnv_text_str(book), CNV_STR("PK\1\2"));
	assert_true(at != SIZE_MAX);
	return at;
}

static void change(cnv_text *book, size_t at, const char *bytes, size_t len)
{
	assert_true(at + len <= book->len);
	memcpy(book->at + at, bytes, len);
}

static void spoil_nothing(cnv_text *book)
{
	(void)book;
}
static void spoil_sum(cnv_text *book)
{
	change(book, list_at(book) + 16, "abcd", 4);
}
static void spoil_byte(cnv_text *book)
{
	size_t at = cnv_str_find(cnv_text_str(book), CNV_STR("officeDocument\" "));
	change(book, at, "O", 1);
}
static void spoil_size(cnv_text *book)
{
	change(book, list_at(book) + 24, "\1\0\0\0", 4);
}
static void spoil_packed_size(cnv_text *book)
{
	change(book, list_at(book) + 20, "\xFE\xFF\xFF\x7F", 4);
}
static void spoil_offset(cnv_text *book)
{
	change(book, list_at(book) + 42, "\xFE\xFF\xFF\x7F", 4);
}
static void spoil_method(cnv_text *book)
{
	change(book, list_at(book) + 10, "\14", 1);
}
static void spoil_deflated(cnv_text *book)
{
	change(book, list_at(book) + 10, "\10", 1);
}
static void lock_part(cnv_text *book)
{
	change(book, list_at(book) + 8, "\1", 1);
}
static void overlap(cnv_text *book)
{
	/* The second entry leads to the bytes of the first. */
	change(book, list_at(book) + 46 + strlen(book_names[0]) + 42, "\0\0\0\0", 4);
}
static void repeat_name(cnv_text *book)
{
	/* Neither case nor the kind of slash tells two parts apart. */
	struct zip_part parts[] = { { "A\\b.xml", CNV_STR("1") }, { "a/B.xml", CNV_STR("2") } };
	cnv_text_reset(book);
	zip_write(book, parts, COUNT(parts));
}
static void cut_end(cnv_text *book)
{
	book->len -= 1;
}
static void cut_half(cnv_text *book)
{
	book->len /= 2;
}
static void count_one_less(cnv_text *book)
{
	change(book, book->len - 12, "\5", 1);
}
static void count_many(cnv_text *book)
{
	change(book, book->len - 12, "\xFF\xFF", 2);
}
static void list_elsewhere(cnv_text *book)
{
	change(book, book->len - 6, "\xFF\xFF\xFF\x7F", 4);
}
static void comment_behind(cnv_text *book)
{
	change(book, book->len - 2, "\5\0", 2);
	cnv_text_put(book, CNV_STR("PK\5\6!"));
}
static void junk_behind(cnv_text *book)
{
	cnv_text_put(book, CNV_STR("\r\n"));
}
static void junk_before(cnv_text *book)
{
	cnv_text moved = { 0 };
	for (int i = 0; i < 40000; i++)
		cnv_text_put_char(&moved, 'x');
	cnv_text_put(&moved, cnv_text_str(book));
	cnv_text_reset(book);
	cnv_text_put(book, cnv_text_str(&moved));
	cnv_text_fini(&moved);
}
static void empty_zip(cnv_text *book)
{
	cnv_text_reset(book);
	zip_write(book, NULL, 0);
}
static void end_alone(cnv_text *book)
{
	cnv_text_reset(book);
	cnv_text_put(book, CNV_STR("PK\3\4"));
}

static const struct zip_case {
	const char *name;
	void (*spoil)(cnv_text *book);
	const char *expect;
} zips[] = {
	{ "a sound file", spoil_nothing, READ " ." },
	{ "a wrong sum", spoil_sum, "E0030" },
	{ "a changed byte", spoil_byte, "E0030" },
	{ "a size that is not true", spoil_size, "E0030" },
	{ "a packed size beyond the file", spoil_packed_size, "E0030" },
	{ "an offset beyond the file", spoil_offset, "E0030" },
	{ "packed in another way", spoil_method, "E0030" },
	{ "said to be deflated", spoil_deflated, "E0030" },
	{ "locked", lock_part, "E0032" },
	{ "parts that share bytes", overlap, "E0034" },
	{ "parts that share a name", repeat_name, "E0034" },
	{ "cut by a byte", cut_end, "E0030" },
	{ "cut in half", cut_half, "E0030" },
	{ "a part too few in the count", count_one_less, "E0030" },
	{ "65,535 parts", count_many, "E0031" },
	{ "a list beyond the file", list_elsewhere, "E0030" },
	{ "a comment that looks like an end", comment_behind, READ " ." },
	{ "a line end behind it", junk_behind, READ " ." },
	{ "forty thousand bytes before it", junk_before, READ " ." },
	{ "an empty zip file", empty_zip, "E0033" },
	{ "four bytes", end_alone, "E0030" },
};

static void zip_case(void **state)
{
	const struct zip_case *row = *state;
	const cnv_str own[BOOK_PARTS] = { 0 };
	cnv_text book = { 0 };

	book_write(&book, own);
	row->spoil(&book);
	/* As long as it is and no longer, so that a read past its end is seen. */
	char *exact = cnv_mem_get(book.len);
	memcpy(exact, book.at, book.len);
	expect_bytes((cnv_str){ exact, book.len }, row->expect);
	cnv_mem_free(exact);
	cnv_text_fini(&book);
}

/* ---------------------------------------------------------------- behaviour */

static void every_cut_and_every_changed_byte_ends_well(void **state)
{
	(void)state;
	cnv_str given[BOOK_PARTS] = { [BOOK_SHEET] = CNV_STR(
					      ROW("<c t=\"s\"><v>1</v></c><c s=\"1\"><v>46387</v></c>" TEXT("x"))) };
	cnv_text book = { 0 };
	struct heard heard = { 0 };

	book_write(&book, given);
	char *copy = cnv_mem_get(book.len);
	for (size_t at = 0; at < book.len; at++) {
		memcpy(copy, book.at, book.len);
		cnv_status status = read_bytes((cnv_str){ copy, at }, &heard);
		assert_int_equal(status, CNV_REJECTED);
		copy[at] = (char)(copy[at] ^ 0x41);
		read_bytes((cnv_str){ copy, book.len }, &heard);
		cnv_text_reset(&heard.text);
	}
	cnv_mem_free(copy);
	cnv_text_fini(&heard.text);
	cnv_text_fini(&book);
}

static void a_cell_may_hold_so_much_and_no_more(void **state)
{
	(void)state;
	for (uint32_t over = 0; over < 2; over++) {
		cnv_text sheet = { 0 }, strings = { 0 }, book = { 0 };
		cnv_text_put(&sheet,
			     CNV_STR("<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData><row><c t=\"inlineStr\"><is><t>"));
		cnv_text_put(&strings, CNV_STR("<sst xmlns=\"" BOOK_SPACE "\"><si><t>"));
		for (uint32_t i = 0; i < CNV_XLSX_CELL + over; i++) {
			cnv_text_put_char(&sheet, 'x');
			cnv_text_put_char(&strings, 'x');
		}
		cnv_text_put(&sheet, CNV_STR("</t></is></c></row></sheetData></worksheet>"));
		cnv_text_put(&strings, CNV_STR("</t></si></sst>"));
		cnv_str inline_text[BOOK_PARTS] = { [BOOK_SHEET] = cnv_text_str(&sheet) };
		book_write(&book, inline_text);
		expect_bytes(cnv_text_str(&book), over ? READ " E0031 survey!A1" : READ " A1 t#98301 .");
		cnv_str shared[BOOK_PARTS] = {
			[BOOK_STRINGS] = cnv_text_str(&strings), [BOOK_SHEET] = CNV_STR(ROW("<c t=\"s\"><v>0</v></c>"))
		};
		cnv_text_reset(&book);
		book_write(&book, shared);
		expect_bytes(cnv_text_str(&book), over ? READ " E0031 survey!A1" : READ " A1 t#98301 .");
		cnv_text_fini(&book);
		cnv_text_fini(&sheet);
		cnv_text_fini(&strings);
	}
}

static void depth_has_its_limit(void **state)
{
	(void)state;
	for (uint32_t over = 0; over < 2; over++) {
		cnv_text sheet = { 0 }, book = { 0 };
		cnv_text_put(&sheet, CNV_STR("<worksheet xmlns=\"" BOOK_SPACE "\">"));
		for (uint32_t i = 0; i < 63 + over; i++)
			cnv_text_put(&sheet, CNV_STR("<a>"));
		for (uint32_t i = 0; i < 63 + over; i++)
			cnv_text_put(&sheet, CNV_STR("</a>"));
		cnv_text_put(&sheet, CNV_STR("</worksheet>"));
		cnv_str given[BOOK_PARTS] = { [BOOK_SHEET] = cnv_text_str(&sheet) };
		book_write(&book, given);
		expect_bytes(cnv_text_str(&book), over ? READ " E0034 survey!" : READ " .");
		cnv_text_fini(&book);
		cnv_text_fini(&sheet);
	}
}

static void sheets_that_are_not_wanted_are_not_read(void **state)
{
	(void)state;
	const cnv_str given[BOOK_PARTS] = { [BOOK_SHEET] = CNV_STR("no XML") };
	cnv_text book = { 0 };
	struct heard heard = { .skip = true };
	book_write(&book, given);
	assert_int_equal(read_bytes(cnv_text_str(&book), &heard), CNV_OK);
	assert_true(cnv_str_equal(cnv_text_str(&heard.text), CNV_STR(READ)));
	cnv_text_fini(&heard.text);
	cnv_text_fini(&book);
}

static void the_sink_may_stop_it(void **state)
{
	(void)state;
	const cnv_str given[BOOK_PARTS] = { [BOOK_SHEET] = CNV_STR(ROW("<c><v>1</v></c><c><v>2</v></c>")) };
	cnv_text book = { 0 };
	struct heard heard = { .refuse = CNV_STOPPED };
	book_write(&book, given);
	assert_int_equal(read_bytes(cnv_text_str(&book), &heard), CNV_STOPPED);
	assert_true(cnv_str_equal(cnv_text_str(&heard.text), CNV_STR(READ " A1 n=1")));
	cnv_text_fini(&heard.text);
	cnv_text_fini(&book);
}

static void without_memory_it_says_so(void **state)
{
	(void)state;
	const cnv_str given[BOOK_PARTS] = { [BOOK_SHEET] = CNV_STR(ROW(
						    "<c t=\"s\"><v>1</v></c><c s=\"1\"><v>46387</v></c>" TEXT("x"))) };
	cnv_text book = { 0 };
	cnv_status status = CNV_NO_MEMORY;
	size_t after = 0;

	book_write(&book, given);
	for (; status != CNV_OK && after < 2000; after++) {
		cnv_arena arena = { 0 };
		cnv_sheets sheets;
		cnv_diags diags = { 0 };
		cnv_sheets_init(&sheets, CNV_STR("book.xlsx"), &arena);
		cnv_mem_fail_after(after);
		status = cnv_xlsx_sheets(&sheets, cnv_text_str(&book), &diags);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		assert_int_equal(diags.errors, 0);
		cnv_sheets_fini(&sheets);
		cnv_arena_fini(&arena);
	}
	assert_int_equal(status, CNV_OK);
	assert_true(after > 20);
	cnv_text_fini(&book);
}

static void a_note_that_stands_in_for_a_thread_is_passed_over(void **state)
{
	struct heard heard = { 0 };
	cnv_str given[BOOK_PARTS] = { 0 };
	cnv_text book = { 0 };

	(void)state;
	given[BOOK_NOTES] =
		CNV_STR("<comments xmlns=\"" BOOK_SPACE "\"><authors><author>tc={1}</author><author>Kim</author>"
			"</authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>[Threaded comment]</t>"
			"</text></comment><comment ref=\"A2\" authorId=\"1\"><text><t>a note</t></text></comment>"
			"</commentList></comments>");
	given[BOOK_THREADS] =
		CNV_STR("<ThreadedComments xmlns=\"http://schemas.microsoft.com/office/spreadsheetml/2018/"
			"threadedcomments\"><threadedComment ref=\"A1\"><text>a thread</text></threadedComment>"
			"</ThreadedComments>");
	book_write(&book, given);
	assert_int_equal(read_bytes(cnv_text_str(&book), &heard), CNV_OK);
	cnv_text_put_char(&heard.text, '\0');
	assert_string_equal(heard.text.at, READ " A1 : a thread A2 Kim: a note .");
	cnv_text_fini(&heard.text);
	cnv_text_fini(&book);
}

/* 0.1 + 0.2 and a third, typed and calculated. */
static void typed_numbers_are_exact_and_calculated_ones_as_shown(void **state)
{
	struct heard heard = { .exact = true };
	cnv_str given[BOOK_PARTS] = { 0 };
	cnv_text book = { 0 };

	(void)state;
	given[BOOK_SHEET] = CNV_STR(ROW("<c><v>0.30000000000000004</v></c><c><f>1/3</f><v>0.33333333333333331</v></c>"
					"<c><v>4.0999999999999996</v></c><c><v>1E-3</v></c>"));
	book_write(&book, given);
	assert_int_equal(read_bytes(cnv_text_str(&book), &heard), CNV_OK);
	cnv_text_put_char(&heard.text, '\0');
	assert_string_equal(heard.text.at,
			    READ " A1 n=0.30000000000000004 B1 n=0.333333333333333 C1 n=4.1 D1 n=0.001 .");
	cnv_text_fini(&heard.text);
	cnv_text_fini(&book);
}

static void what_is_a_workbook_is_seen_at_once(void **state)
{
	(void)state;
	assert_true(cnv_xlsx_is(CNV_STR("PK\3\4...")));
	assert_true(cnv_xlsx_is(CNV_STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...")));
	assert_false(cnv_xlsx_is(CNV_STR("PK,survey")));
	assert_false(cnv_xlsx_is(CNV_STR("PK")));
	assert_false(cnv_xlsx_is((cnv_str){ 0 }));
}

static void older_and_locked_files_are_told_apart(void **state)
{
	(void)state;
	expect_bytes(CNV_STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 W\0o\0r\0k\0b\0o\0o\0k"), "E0033");
	expect_bytes(CNV_STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"),
		     "E0032");
}

static void add_tests(struct CMUnitTest *tests, size_t *count, const void *rows, size_t row_count, size_t size,
		      CMUnitTestFunction run)
{
	/* Every case begins with its name. */
	for (size_t at = 0; at < row_count; at++) {
		const char *row = (const char *)rows + at * size;
		const char *name;
		memcpy(&name, row, sizeof name);
		tests[(*count)++] = (struct CMUnitTest){ name, run, NULL, NULL, (void *)(uintptr_t)row };
	}
}

int main(void)
{
	const struct CMUnitTest behaviours[] = {
		cmocka_unit_test(every_cut_and_every_changed_byte_ends_well),
		cmocka_unit_test(a_cell_may_hold_so_much_and_no_more),
		cmocka_unit_test(depth_has_its_limit),
		cmocka_unit_test(sheets_that_are_not_wanted_are_not_read),
		cmocka_unit_test(the_sink_may_stop_it),
		cmocka_unit_test(without_memory_it_says_so),
		cmocka_unit_test(a_note_that_stands_in_for_a_thread_is_passed_over),
		cmocka_unit_test(typed_numbers_are_exact_and_calculated_ones_as_shown),
		cmocka_unit_test(what_is_a_workbook_is_seen_at_once),
		cmocka_unit_test(older_and_locked_files_are_told_apart),
	};
	struct CMUnitTest tests[COUNT(cases) + COUNT(formats) + COUNT(serials) + COUNT(zips) + COUNT(behaviours)];
	size_t count = 0;

	add_tests(tests, &count, cases, COUNT(cases), sizeof *cases, read_case);
	add_tests(tests, &count, formats, COUNT(formats), sizeof *formats, format_case);
	add_tests(tests, &count, serials, COUNT(serials), sizeof *serials, serial_case);
	add_tests(tests, &count, zips, COUNT(zips), sizeof *zips, zip_case);
	for (size_t at = 0; at < COUNT(behaviours); at++)
		tests[count++] = behaviours[at];
	return _cmocka_run_group_tests("workbooks from strangers", tests, count, NULL, NULL);
}
