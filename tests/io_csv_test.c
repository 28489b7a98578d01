/* CSV as it comes from strangers: records, their lines, and every defect once.
 *
 * Each case is read whole, byte by byte and in pieces of seven, and must give the same each time.  A record is
 * written "line[field|field]", a defect "E0011 row:column". */
#include "canvass/io.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FIELD_LIMIT 8
#define FIELDS_LIMIT 3

struct csv_case {
	const char *name;
	cnv_str bytes;
	char separator;
	bool limits; /* 8 bytes a field, 3 fields a record */
	const char *expect;
};

/* clang-format off */
#define BYTES(text) { text, sizeof(text) - 1 }

static const struct csv_case cases[] = {
	/* lines */
	{ "records end at LF", BYTES("a,b\n1,2\n"), ',', false, "1[a|b] 2[1|2]" },
	{ "records end at CRLF, which is one line end", BYTES("a,b\r\n1,2\r\n3,4\r\n"), ',', false, "1[a|b] 2[1|2] 3[3|4]" },
	{ "records end at CR alone", BYTES("a,b\r1,2\r\r3,4"), ',', false, "1[a|b] 2[1|2] 4[3|4]" },
	{ "line ends may be mixed", BYTES("a\r\nb\nc\rd\r\r\ne"), ',', false, "1[a] 2[b] 3[c] 4[d] 6[e]" },
	{ "the last line may lack its end", BYTES("a,b\n1,2"), ',', false, "1[a|b] 2[1|2]" },
	{ "a last line that ends in a separator has an empty field", BYTES("a,b\n1,"), ',', false, "1[a|b] 2[1|]" },
	{ "blank lines count but give no record", BYTES("\n\na\n\r\n\nb\n\n"), ',', false, "3[a] 6[b]" },
	{ "newlines inside quotes count", BYTES("a\n\"1\n2\n\n3\",x\nb\n"), ',', false, "1[a] 2[1\n2\n\n3|x] 6[b]" },
	{ "CRLF inside quotes counts once", BYTES("a\r\n\"1\r\n2\"\r\nb\r\n"), ',', false, "1[a] 2[1\r\n2] 4[b]" },
	{ "CR inside quotes counts", BYTES("a\r\"1\r2\"\rb"), ',', false, "1[a] 2[1\r2] 4[b]" },
	{ "a quoted field may begin with newlines", BYTES("\"\n\n\",x\ny\n"), ',', false, "1[\n\n|x] 4[y]" },
	{ "a quoted field may end the file", BYTES("a\n\"b\""), ',', false, "1[a] 2[b]" },
	/* fields */
	{ "blanks and tabs around a field are kept", BYTES(" a ,\tb\t,  \n \n"), ',', false, "1[ a |\tb\t|  ] 2[ ]" },
	{ "a quote is written twice", BYTES("\"say \"\"yes\"\"\",\"\"\"\"\n"), ',', false, "1[say \"yes\"|\"]" },
	{ "empty fields are fields", BYTES(",,\n\"\",\n\"\"\n"), ',', false, "1[||] 2[|] 3[]" },
	{ "a comma inside quotes is text", BYTES("\"a,b\",c\n"), ',', false, "1[a,b|c]" },
	{ "letters of any language", BYTES("\xC3\xA9,\xE2\x82\xAC,\xF0\x9F\x9A\xA2\n"), ',', false,
	  "1[\xC3\xA9|\xE2\x82\xAC|\xF0\x9F\x9A\xA2]" },
	{ "a byte order mark is dropped", BYTES("\xEF\xBB\xBF\"a\",b\n"), ',', false, "1[a|b]" },
	{ "only the first byte order mark is one", BYTES("a\n\xEF\xBB\xBF" "b\n"), ',', false, "1[a] 2[\xEF\xBB\xBF" "b]" },
	/* separators */
	{ "semicolon as it is told", BYTES("a;b,c\n"), ';', false, "1[a|b,c]" },
	{ "tab as it is told", BYTES("a\tb\t\n"), '\t', false, "1[a|b|]" },
	{ "semicolon found in the first line", BYTES("a;b;c\n1,5;2;3\n"), 0, false, "1[a|b|c] 2[1,5|2|3]" },
	{ "tab found in the first line", BYTES("\xEF\xBB\xBF" "a\tb\n1,5\t;\n"), 0, false, "1[a|b] 2[1,5|;]" },
	{ "comma found in the first line", BYTES("a,b,c\n;;;,2,3\n"), 0, false, "1[a|b|c] 2[;;;|2|3]" },
	{ "an empty line above the first has no say", BYTES("\r\na;b\r\n1;2,3\r\n"), 0, false, "2[a|b] 3[1|2,3]" },
	/* limits */
	{ "a field as long as the limit", BYTES("12345678,\"12345678\",x\n"), ',', true, "1[12345678|12345678|x]" },
	{ "quotes written twice count once", BYTES("\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\n"), ',', true,
	  "1[\"\"\"\"\"\"\"\"]" },
	{ "a field one byte over the limit", BYTES("a,123456789,x\n"), ',', true, "E0018 1:2 rejected" },
	{ "a quoted field one byte over the limit", BYTES("a\nb,\"123456789\",x\n"), ',', true, "1[a] E0018 2:2 rejected" },
	{ "a field far over the limit", BYTES("a\n\"1\n2345678901234567890\",x\n"), ',', true, "1[a] E0018 2:1 rejected" },
	{ "a last field one byte over the limit", BYTES("a\n123456789"), ',', true, "1[a] E0018 2:1 rejected" },
	{ "as many fields as the limit", BYTES("a,b,c\n"), ',', true, "1[a|b|c]" },
	{ "one field over the limit", BYTES("a\n\"b\n\",c,d,e,f\ng\n"), ',', true, "1[a] E0019 2:0 rejected" },
	/* quotes */
	{ "a quote never closed is told where it opened", BYTES("a,b\n1,\"2\n3,4\n5,6\n"), ',', false,
	  "1[a|b] E0011 2:2 rejected" },
	{ "a quote that opens at the end of the file", BYTES("a,b\n1,\""), ',', false, "1[a|b] E0011 2:2 rejected" },
	{ "text after a closing quote", BYTES("a,b\n1,\"2\"3\n4,5\n"), ',', false, "1[a|b] E0012 2:2 rejected" },
	{ "a blank after a closing quote", BYTES("\"a\" ,b\n"), ',', false, "E0012 1:1 rejected" },
	{ "text after the quote of a field from lines above", BYTES("a\n\"1,\n2\n\"3\"\n"), ',', false,
	  "1[a] E0012 4:1 rejected" },
	{ "a quote inside a field", BYTES("a\nthe \"Aurora\"\nb\n"), ',', false, "1[a] E0013 2:1 rejected" },
	{ "a blank before the first quote", BYTES("a, \"b\"\n"), ',', false, "E0013 1:2 rejected" },
	/* bytes */
	{ "a zero byte", BYTES("a,b\n1,2\0\n3,4\n"), ',', false, "1[a|b] E0014 2:2 rejected" },
	{ "a zero byte inside quotes", BYTES("a,b\n1,\"2\n\0\"\n3,4\n"), ',', false, "1[a|b] E0014 3:2 rejected" },
	{ "a zero byte at the end", BYTES("a,b\n1,2\n\0"), ',', false, "1[a|b] 2[1|2] E0014 3:1 rejected" },
	{ "a letter of a code page", BYTES("a,b\n1,caf\xE9 au lait\n"), ',', false, "1[a|b] E0015 2:2 rejected" },
	{ "a character cut off by the end of the file", BYTES("a,b\n1,\xE2\x82"), ',', false, "1[a|b] E0015 2:2 rejected" },
	{ "a character cut off by a separator", BYTES("a,\xE2\x82,b\n"), ',', false, "E0015 1:2 rejected" },
	{ "a surrogate", BYTES("a\n\xED\xA0\x80\n"), ',', false, "1[a] E0015 2:1 rejected" },
	{ "an overlong form", BYTES("a\n\xC0\xAF\n"), ',', false, "1[a] E0015 2:1 rejected" },
	{ "beyond the last code point", BYTES("a\n\xF4\x90\x80\x80\n"), ',', false, "1[a] E0015 2:1 rejected" },
	{ "a lonely continuation", BYTES("a\n\x80\n"), ',', false, "1[a] E0015 2:1 rejected" },
	{ "UTF-16, little end first", BYTES("\xFF\xFE" "a\0,\0b\0"), ',', false, "E0016 0:0 rejected" },
	{ "UTF-16, big end first", BYTES("\xFE\xFF\0a\0,\0b"), ',', false, "E0016 0:0 rejected" },
	{ "UTF-16 without its mark", BYTES("a\0,\0b\0\n\0"), ',', false, "E0014 1:1 rejected" },
	{ "the first defect is the one told", BYTES("a\nx\"y\n\0\xFF"), ',', false, "1[a] E0013 2:1 rejected" },
	{ "a bad byte before a bad quote", BYTES("a\n\xFF\nx\"y\n"), ',', false, "1[a] E0015 2:1 rejected" },
	/* files of other kinds */
	{ "a workbook", BYTES("PK\3\4\24\0\6\0"), 0, false, "E0017 0:0 rejected" },
	{ "an old workbook", BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"), 0, false, "E0017 0:0 rejected" },
	{ "a PDF", BYTES("%PDF-1.7\n"), 0, false, "E0017 0:0 rejected" },
	{ "a picture", BYTES("\x89PNG\r\n\x1A\n"), 0, false, "E0017 0:0 rejected" },
	{ "a database", BYTES("SQLite format 3\0\20"), 0, false, "E0017 0:0 rejected" },
	{ "a web page", BYTES("<!DOCTYPE html>\n"), 0, false, "E0017 0:0 rejected" },
	{ "PK as a word is text", BYTES("PK,RU\n"), ',', false, "1[PK|RU]" },
	/* nothing */
	{ "an empty file", BYTES(""), 0, false, "E0010 0:0 rejected" },
	{ "a byte order mark and nothing else", BYTES("\xEF\xBB\xBF"), 0, false, "E0010 0:0 rejected" },
	{ "blank lines and nothing else", BYTES("\r\n\n\r"), 0, false, "E0010 0:0 rejected" },
};
/* clang-format on */

/* ---------------------------------------------------------------- what was heard, as text */

struct heard {
	cnv_text text;    /* records and diagnostics */
	cnv_text pending; /* fields of the record that has not ended; what never ends is not heard of */
	bool keep;        /* write records down, not only count them */
	uint32_t stop_at; /* line of the record that the sink refuses; 0: none */
	uint64_t records, fields, check;
	uint32_t last_line;
	cnv_str message, excerpt, hint; /* of the last diagnostic, in `words` */
	cnv_arena words;
};

static void hear_field(void *self, cnv_str field)
{
	struct heard *heard = self;
	heard->fields++;
	heard->check = heard->check * 31 + cnv_str_hash(field, 0);
	if (!heard->keep)
		return;
	cnv_text_put_char(&heard->pending, heard->pending.len ? '|' : '[');
	cnv_text_put(&heard->pending, field);
}

static cnv_status hear_record(void *self, uint32_t line)
{
	struct heard *heard = self;
	heard->records++;
	heard->last_line = line;
	heard->check = heard->check * 31 + line;
	if (line == heard->stop_at)
		return CNV_STOPPED;
	if (!heard->keep)
		return CNV_OK;
	cnv_text_format(&heard->text, "%s%u", heard->text.len ? " " : "", line);
	cnv_text_put(&heard->text, cnv_text_str(&heard->pending));
	cnv_text_put_char(&heard->text, ']');
	cnv_text_reset(&heard->pending);
	return CNV_OK;
}

static void hear_diag(void *self, const cnv_diag *diag)
{
	struct heard *heard = self;
	char code[8];
	cnv_code_name(diag->code, code);
	cnv_text_format(&heard->text, "%s%s %u:%u", heard->text.len ? " " : "", code, diag->place.row,
			diag->place.column);
	heard->message = cnv_arena_copy(&heard->words, diag->message);
	heard->excerpt = cnv_arena_copy(&heard->words, diag->excerpt);
	heard->hint = cnv_arena_copy(&heard->words, diag->hint);
	assert_true(diag->place.upto <= diag->excerpt.len);
}

static cnv_status read_in_pieces(cnv_str bytes, char separator, bool limits, size_t piece, struct heard *heard)
{
	cnv_diags diags = { .emit = hear_diag, .self = heard };
	cnv_csv_sink sink = { heard, hear_field, hear_record };
	cnv_csv_limits limit = { limits ? FIELD_LIMIT : 0, limits ? FIELDS_LIMIT : 0 };
	cnv_csv *csv = cnv_csv_new(CNV_STR("file.csv"), separator, limit, &sink, &diags);
	assert_non_null(csv);
	for (size_t at = 0; at < bytes.len; at += piece)
		if (cnv_csv_feed(csv, cnv_str_slice(bytes, at, at + piece < bytes.len ? at + piece : bytes.len)) !=
		    CNV_OK)
			break;
	cnv_status status = cnv_csv_end(csv);
	assert_int_equal(cnv_csv_end(csv), status); /* asked again, it says nothing new */
	cnv_csv_free(csv);
	return status;
}

static void forget(struct heard *heard)
{
	cnv_text_fini(&heard->text);
	cnv_text_fini(&heard->pending);
	cnv_arena_fini(&heard->words);
	*heard = (struct heard){ 0 };
}

static void read_case(void **state)
{
	const struct csv_case *row = *state;
	const size_t pieces[] = { SIZE_MAX / 2, 1, 7 };

	for (size_t at = 0; at < sizeof pieces / sizeof *pieces; at++) {
		struct heard heard = { .keep = true };
		cnv_status status = read_in_pieces(row->bytes, row->separator, row->limits, pieces[at], &heard);
		if (status != CNV_OK)
			cnv_text_put(&heard.text, CNV_STR(" rejected"));
		cnv_text_put_char(&heard.text, '\0');
		assert_string_equal(heard.text.at, row->expect);
		forget(&heard);
	}
}

/* ---------------------------------------------------------------- what people are told */

/* clang-format off */
static const struct words_case {
	const char *name;
	cnv_str bytes;
	const char *message, *excerpt;
} words[] = {
	{ "the bytes of a code page are shown", BYTES("caf\xE9 au lait"), "the bytes E9 are not UTF-8", "" },
	{ "up to four bytes are shown", BYTES("\x93\xFA\x96\x7B\x8C\xEA"), "the bytes 93 FA 96 are not UTF-8", "" },
	{ "where the runaway field began", BYTES("a\n\"1,\n2\n\"3\"\n"),
	  "text after the closing quotation mark of the field that begins on line 2", "\"3\"" },
	{ "what stands around the quote", BYTES("the ship \"Aurora\" of \xC3\x85land\nb\n"),
	  "quotation mark inside an unquoted field",
	  "the ship \"Aurora\" of \xC3\x85land" },
	{ "the excerpt keeps whole characters",
	  BYTES("\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC"
	        "\xE2\x82\xAC\xE2\x82\xAC\xC3\xA9\"\xC3\xA9"),
	  "quotation mark inside an unquoted field",
	  "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xC3\xA9"
	  "\"\xC3\xA9" },
	{ "an XML spreadsheet is called one",
	  BYTES("\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>\r\n<Workbook/>"),
	  "this is an Excel \"XML Spreadsheet 2003\", whatever its name says", "" },
	{ "a web page that Excel saved", BYTES("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>"),
	  "this is a web page with a workbook's name (.xls)", "" },
	{ "a web page that a program calls a workbook", BYTES("<meta charset=\"utf-8\"><table><tr><td>x</td></tr></table>"),
	  "this is a web page with a table, whatever its name says", "" },
	{ "a workbook is called one", BYTES("PK\3\4"), "this is an Excel workbook (or another zip file), not a CSV file", "" },
};
/* clang-format on */

static void say_case(void **state)
{
	const struct words_case *row = *state;
	struct heard heard = { 0 };
	assert_int_equal(read_in_pieces(row->bytes, ',', false, SIZE_MAX / 2, &heard), CNV_REJECTED);
	assert_true(cnv_str_equal(heard.message, cnv_str_from(row->message)));
	assert_true(cnv_str_equal(heard.excerpt, cnv_str_from(row->excerpt)));
	assert_true(heard.hint.len > 0);
	forget(&heard);
}

/* ---------------------------------------------------------------- behaviour */

/* A file longer than the head and the pieces, with characters of one to four bytes, quoted newlines and blank lines. */
static void make_long(cnv_text *text, uint32_t *lines)
{
	static const char *const letters[] = { "a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x9A\xA2", "\r\n", "\"\"" };
	uint32_t seed = 1;
	*lines = 1;
	while (text->len < 300000) {
		cnv_text_put_char(text, '"');
		seed = seed * 1664525 + 1013904223;
		for (uint32_t i = 0; i < seed >> 24; i++) {
			uint32_t letter = (seed >> 8 ^ i * 2654435761u) % 6;
			*lines += letter == 4;
			cnv_text_put(text, cnv_str_from(letters[letter]));
		}
		cnv_text_put(text, CNV_STR("\",plain\n\r\n"));
		*lines += 2;
	}
}

static void pieces_of_any_size_give_the_same(void **state)
{
	(void)state;
	const size_t sizes[] = { 1, 2, 3, 4093, 65535, 65536, 65537, 131071 };
	cnv_text text = { 0 };
	uint32_t lines;
	make_long(&text, &lines);
	cnv_text_put(&text, CNV_STR("end,end"));

	struct heard whole = { 0 };
	assert_int_equal(read_in_pieces(cnv_text_str(&text), ',', false, SIZE_MAX / 2, &whole), CNV_OK);
	assert_int_equal(whole.last_line, lines);
	for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {
		struct heard heard = { 0 };
		assert_int_equal(read_in_pieces(cnv_text_str(&text), ',', false, sizes[at], &heard), CNV_OK);
		assert_int_equal(heard.records, whole.records);
		assert_int_equal(heard.fields, whole.fields);
		assert_true(heard.check == whole.check);
		forget(&heard);
	}
	forget(&whole);
	cnv_text_fini(&text);
}

static void a_bad_byte_far_down_has_its_line(void **state)
{
	(void)state;
	cnv_text text = { 0 };
	uint32_t lines;
	make_long(&text, &lines);
	cnv_text_put(&text, CNV_STR("ok,\xE9t\xE9\n"));
	struct heard heard = { 0 };
	assert_int_equal(read_in_pieces(cnv_text_str(&text), ',', false, 4096, &heard), CNV_REJECTED);
	char expect[40];
	snprintf(expect, sizeof expect, "E0015 %u:2", lines);
	assert_true(cnv_str_equal(cnv_text_str(&heard.text), cnv_str_from(expect)));
	forget(&heard);
	cnv_text_fini(&text);
}

static void an_unclosed_quote_stops_at_the_limit(void **state)
{
	(void)state;
	cnv_text text = { 0 };
	cnv_text_put(&text, CNV_STR("a,b\n1,\"runaway\n"));
	for (uint32_t i = 0; i < 40000; i++)
		cnv_text_put(&text, CNV_STR("1,2\n"));
	struct heard heard = { 0 };
	assert_int_equal(read_in_pieces(cnv_text_str(&text), ',', false, 4096, &heard), CNV_REJECTED);
	assert_true(cnv_str_equal(cnv_text_str(&heard.text), CNV_STR("E0018 2:2")));
	assert_int_equal(heard.records, 1);
	forget(&heard);
	cnv_text_fini(&text);
}

static void the_default_limits_hold_their_size(void **state)
{
	(void)state;
	for (uint32_t over = 0; over < 2; over++) {
		cnv_text text = { 0 };
		for (uint32_t i = 0; i < CNV_CSV_FIELD + over; i++)
			cnv_text_put_char(&text, 'x');
		for (uint32_t i = 1; i < CNV_CSV_FIELDS; i++)
			cnv_text_put_char(&text, ',');
		struct heard heard = { 0 };
		assert_int_equal(read_in_pieces(cnv_text_str(&text), ',', false, 60000, &heard),
				 over ? CNV_REJECTED : CNV_OK);
		assert_int_equal(heard.fields, over ? 0 : CNV_CSV_FIELDS);
		forget(&heard);
		cnv_text_fini(&text);
	}
}

static void the_sink_can_stop_the_reading(void **state)
{
	(void)state;
	struct heard heard = { .stop_at = 2 };
	assert_int_equal(read_in_pieces(CNV_STR("a\nb\nc\n\"d"), ',', false, SIZE_MAX / 2, &heard), CNV_STOPPED);
	assert_int_equal(heard.records, 2);
	assert_int_equal(heard.fields, 2);
	assert_int_equal(heard.text.len, 0);
	forget(&heard);
}

static void nothing_is_allocated_per_record(void **state)
{
	(void)state;
	cnv_text text = { 0 };
	for (uint32_t i = 0; i < 20000; i++)
		cnv_text_put(&text, CNV_STR("1,\"two, or three\",4\n"));
	struct heard heard = { 0 };
	size_t before = cnv_mem_allocations();
	assert_int_equal(read_in_pieces(cnv_text_str(&text), ',', false, 65536, &heard), CNV_OK);
	assert_true(cnv_mem_allocations() - before < 20);
	assert_int_equal(heard.records, 20000);
	forget(&heard);
	cnv_text_fini(&text);
}

static void hush_field(void *self, cnv_str field)
{
	(void)self;
	(void)field;
}

static cnv_status hush_record(void *self, uint32_t line)
{
	(void)self;
	(void)line;
	return CNV_OK;
}

static void lack_of_memory_is_a_status(void **state)
{
	(void)state;
	cnv_diags diags = { 0 };
	cnv_csv_sink sink = { NULL, hush_field, hush_record };
	cnv_status status = CNV_NO_MEMORY;
	size_t count = 0;
	for (; status != CNV_OK && count < 100; count++) {
		cnv_mem_fail_after(count);
		status = cnv_csv_read(CNV_STR("f"), CNV_STR("a,b\n"), ',', (cnv_csv_limits){ 0 }, &sink, &diags);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
	}
	assert_true(count > 2 && count < 100);
	assert_int_equal(diags.errors, 0);
}

/* ---------------------------------------------------------------- forms and rosters */

static void a_form_file_fills_its_sheets(void **state)
{
	(void)state;
	cnv_arena arena = { 0 };
	cnv_diags diags = { 0 };
	cnv_sheets sheets;
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &arena);
	assert_int_equal(cnv_csv_sheets(&sheets,
					CNV_STR("survey\n,type,name,label\n\n,text,a,\"over\ntwo lines\"\n,text,b,B\n"
						"choices\n,list_name,name\n,yn,yes\n"),
					&diags),
			 CNV_OK);
	assert_int_equal(sheets.count, 2);
	assert_int_equal(sheets.sheets[0].count, 2);
	assert_int_equal(sheets.sheets[0].rows[0].row, 4);
	assert_int_equal(sheets.sheets[0].rows[1].row, 6);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
}

static void a_form_may_begin_with_the_bare_name_of_a_sheet(void **state)
{
	static const char *const files[] = { "survey\n;type;name;label\n;text;a;\"A, or B\"\n",
					     "\xEF\xBB\xBFsurvey\r\n;type;name;label\r\n;text;a;A\r\n",
					     "\nsurvey\n\ttype\tname\tlabel\n\ttext\ta\tA\n",
					     "\"survey\"\n,type,name,label\n,text,a,A; B; C; D\n" };
	(void)state;
	for (size_t at = 0; at < sizeof files / sizeof *files; at++) {
		cnv_arena arena = { 0 };
		cnv_diags diags = { 0 };
		cnv_sheets sheets;
		cnv_sheets_init(&sheets, CNV_STR("form.csv"), &arena);
		assert_int_equal(cnv_csv_sheets(&sheets, cnv_str_from(files[at]), &diags), CNV_OK);
		assert_int_equal(sheets.count, 1);
		assert_int_equal(sheets.sheets[0].header.count, 3);
		assert_int_equal(sheets.sheets[0].count, 1);
		cnv_sheets_fini(&sheets);
		cnv_arena_fini(&arena);
	}
}

static void a_roster_file_fills_the_roster(void **state)
{
	(void)state;
	cnv_arena arena = { 0 };
	cnv_diags diags = { 0 };
	cnv_roster roster;
	cnv_roster_init(&roster, CNV_STR("roster.csv"), &arena);
	assert_int_equal(cnv_csv_roster(&roster, CNV_STR("code;name\nAUS;Australia\nNZ;\"New Zealand\"\n"), &diags),
			 CNV_OK);
	assert_int_equal(roster.count, 2);
	assert_true(cnv_str_equal(roster.respondents[1].name, CNV_STR("New Zealand")));
	cnv_roster_fini(&roster);
	cnv_arena_fini(&arena);
}

static void a_broken_roster_is_rejected(void **state)
{
	(void)state;
	cnv_arena arena = { 0 };
	cnv_diags diags = { 0 };
	cnv_roster roster;
	cnv_roster_init(&roster, CNV_STR("roster.csv"), &arena);
	assert_int_equal(cnv_csv_roster(&roster, CNV_STR("code,name\nAUS,\"Australia\nNZ,New Zealand\n"), &diags),
			 CNV_REJECTED);
	assert_int_equal(diags.errors, 1);
	cnv_roster_fini(&roster);
	cnv_arena_fini(&arena);
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(a_bad_byte_far_down_has_its_line),
		cmocka_unit_test(an_unclosed_quote_stops_at_the_limit),
		cmocka_unit_test(the_default_limits_hold_their_size),
		cmocka_unit_test(the_sink_can_stop_the_reading),
		cmocka_unit_test(nothing_is_allocated_per_record),
		cmocka_unit_test(lack_of_memory_is_a_status),
		cmocka_unit_test(a_form_file_fills_its_sheets),
		cmocka_unit_test(a_form_may_begin_with_the_bare_name_of_a_sheet),
		cmocka_unit_test(a_roster_file_fills_the_roster),
		cmocka_unit_test(a_broken_roster_is_rejected),
	};
	struct CMUnitTest tests[COUNT(cases) + COUNT(words) + COUNT(others)];
	size_t count = 0;
	for (size_t at = 0; at < COUNT(cases); at++)
		tests[count++] = (struct CMUnitTest){ cases[at].name, read_case, NULL, NULL, (void *)&cases[at] };
	for (size_t at = 0; at < COUNT(words); at++)
		tests[count++] = (struct CMUnitTest){ words[at].name, say_case, NULL, NULL, (void *)&words[at] };
	for (size_t at = 0; at < COUNT(others); at++)
		tests[count++] = others[at];
	return _cmocka_run_group_tests("io: CSV in", tests, count, NULL, NULL);
}
