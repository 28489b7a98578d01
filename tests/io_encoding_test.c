/* Encodings and dialects: what is found in the first bytes of a returned file, and bytes made UTF-8 in pieces.
 *
 * Answers are invented.  A dialect is written "reading skip", a refusal "E0621 row". */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "canvass/io.h"

#include <dlfcn.h>
#include <errno.h>
#include <iconv.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Stands before the system's iconv_open: the call of this number fails for want of memory, as glibc's may. */
static unsigned iconv_calls, iconv_refused;

iconv_t iconv_open(const char *to, const char *from)
{
	iconv_t (*real)(const char *, const char *);
	void *found = dlsym(RTLD_NEXT, "iconv_open");

	if (++iconv_calls == iconv_refused) {
		errno = ENOMEM;
		return (iconv_t)-1;
	}
	memcpy(&real, &found, sizeof real);
	return real(to, from);
}

static const char form_text[] = "survey\n"
				",type,name,label::English (en),label::French (fr),label::Japanese (ja)\n"
				",text,who,Who,Qui,氏名\n"
				",select_one yn,ok,Agreed?,Êtes-vous d'accord ?,同意しますか\n"
				",text,why,Why,Précisez la raison,理由\n"
				"choices\n"
				",list_name,name,label::English (en),label::French (fr),label::Japanese (ja)\n"
				",yn,yes,Yes,Oui,はい\n"
				",yn,no,No,\"Non, jamais été\",いいえ\n";

struct dialect_case {
	const char *name;
	cnv_str bytes;
	const char *language; /* the respondent's */
	const char *encoding; /* --encoding */
	char delimiter;       /* --delimiter */
	const char *expect;
};

/* clang-format off */
#define BYTES(text) { text, sizeof(text) - 1 }
#define LONG "question,answer\nwho,AA\n"

static const struct dialect_case cases[] = {
	/* Unicode */
	{ "ASCII is UTF-8", BYTES(LONG), "", NULL, 0, "UTF-8, comma 0" },
	{ "UTF-8 with a mark", BYTES("\xEF\xBB\xBF" LONG), "", NULL, 0, "UTF-8, comma 3" },
	{ "UTF-8 without one", BYTES(LONG "why,caf\xC3\xA9\n"), "", NULL, 0, "UTF-8, comma 0" },
	{ "UTF-8 with a byte spoilt stays UTF-8", BYTES(LONG "why,\xC3\xA9t\xC3\xA9 \xC3\xA0 caf\xE9\n"), "", NULL, 0, "UTF-8, comma 0" },
	{ "UTF-16LE with a mark", BYTES("\xFF\xFEw\0h\0o\0\t\0o\0k\0\n\0"), "", NULL, 0, "UTF-16LE, tab 3" },
	{ "UTF-16BE with a mark", BYTES("\xFE\xFF\0w\0h\0o\0;\0o\0k\0\n"), "", NULL, 0, "UTF-16BE, semicolon 3" },
	{ "UTF-32LE with a mark is not UTF-16LE", BYTES("\xFF\xFE\0\0w\0\0\0,\0\0\0\n\0\0\0"), "", NULL, 0, "UTF-32LE, comma 3" },
	{ "UTF-16LE by its zero bytes", BYTES("w\0h\0o\0,\0o\0k\0\n\0"), "", NULL, 0, "UTF-16LE, comma 0" },
	{ "UTF-16BE by its zero bytes", BYTES("\0w\0h\0o\0,\0o\0k\0\n"), "", NULL, 0, "UTF-16BE, comma 0" },
	{ "UTF-32BE by its zero bytes", BYTES("\0\0\0w\0\0\0h\0\0\0o\0\0\0,\0\0\0o\0\0\0k\0\0\0\n"), "", NULL, 0, "UTF-32BE, comma 0" },
	{ "one zero byte is no encoding", BYTES(LONG "why,a\0b\n"), "", NULL, 0, "UTF-8, comma 0" },
	{ "a mark holds against --encoding", BYTES("\xFF\xFEw\0h\0o\0,\0o\0k\0\n\0"), "", "cp1252", 0, "UTF-16LE, comma 3" },
	/* code pages */
	{ "a label of the form decides", BYTES(LONG "ok,Non\xAC jamais \x8Et\x8E\nwhy,Pr\x8E" "cisez la raison\n"), "", NULL, 0, "MacRoman, comma 0" },
	{ "the respondent's language decides", BYTES(LONG "why,tr\xE8s\n"), "cs", NULL, 0, "windows-1250, comma 0" },
	{ "a language of the form decides", BYTES(LONG "why,tr\xE8s\n"), "", NULL, 0, "windows-1252, comma 0" },
	{ "apostrophes of Windows", BYTES(LONG "why,don\x92t\n"), "", NULL, 0, "windows-1252, comma 0" },
	{ "apostrophes of a Mac", BYTES(LONG "why,don\xD5t\n"), "", NULL, 0, "MacRoman, comma 0" },
	{ "quotation marks and dashes of Windows", BYTES(LONG "why,\x93Yes\x94 \x96 2006\x96" "2010\n"), "", NULL, 0, "windows-1252, comma 0" },
	{ "the form's words in Japanese", BYTES(LONG "ok,\x82\xA2\x82\xA2\x82\xA6\n"), "", NULL, 0, "Shift_JIS, comma 0" },
	{ "two readings as good as each other", BYTES(LONG "\nwhy,a\xF1o\n"), "", NULL, 0, "E0621 4" },
	{ "no text", BYTES(LONG "why,\xB6\x95\xB6\x98\xBA\xB0\xFF\xB6 \xB6\xD7\xB6\xFF\xB5\n"), "", NULL, 0, "E0621 3" },
	{ "as the person says", BYTES(LONG "why,a\xF1o\n"), "", "Latin-1", 0, "ISO-8859-1, comma 0" },
	{ "a file of another kind is none of this", BYTES("%PDF-1.7\n\xE2\xE3\xCF\xD3"), "", "cp1252", 0, "UTF-8, comma 0" },
	/* delimiters */
	{ "semicolon, with commas in the answers", BYTES("who;why\nAA;one, two, three\nBB;a, b, c, d\n"), "", NULL, 0, "UTF-8, semicolon 0" },
	{ "comma, with semicolons in the header", BYTES("who,\"a;b;c;d\",ok\nAA,1,yes\n"), "", NULL, 0, "UTF-8, comma 0" },
	{ "tab by the form's headings", BYTES("who\tWhy\tx,y,z,u,v\nAA\t1\n"), "", NULL, 0, "UTF-8, tab 0" },
	{ "pipe", BYTES("who|ok\nAA|yes\n"), "", NULL, 0, "UTF-8, pipe 0" },
	{ "line ends in quotation marks end no record", BYTES("who;\"a\nb,c,d\ne\"\nAA;\"x,\n,,\"\n"), "", NULL, 0, "UTF-8, semicolon 0" },
	{ "one column", BYTES("who\nAA\n"), "", NULL, 0, "UTF-8, comma 0" },
	{ "nothing", BYTES(""), "", NULL, 0, "UTF-8, comma 0" },
	{ "as the person says, a sign", BYTES("who,ok\nAA,yes\n"), "", NULL, '^', "UTF-8, \"^\" between cells 0" },
	{ "a line that names it", BYTES("sep=;\r\nwho;ok\r\n"), "", NULL, 0, "UTF-8, semicolon 5" },
	{ "the same in quotation marks", BYTES("\"sep=|\"\nwho|ok\n"), "", NULL, 0, "UTF-8, pipe 7" },
	{ "the same after a mark", BYTES("\xEF\xBB\xBFSEP=\t\nwho\tok\n"), "", NULL, 0, "UTF-8, tab 8" },
	{ "the same in UTF-16", BYTES("\xFF\xFEs\0e\0p\0=\0;\0\n\0w\0h\0o\0\n\0"), "", NULL, 0, "UTF-16LE, semicolon 8" },
	{ "a letter parts no cells", BYTES("sep=x\nwho,ok\n"), "", NULL, 0, "UTF-8, comma 0" },
	{ "a heading that begins so", BYTES("sep=;who;ok\nAA;1;2\n"), "", NULL, 0, "UTF-8, semicolon 0" },
};
/* clang-format on */

typedef struct stage {
	cnv_arena arena;
	cnv_sheets sheets;
	cnv_form *form;
	cnv_vocabulary vocabulary;
	cnv_text said;
} stage;

static void on_diag(void *self, const cnv_diag *diag)
{
	stage *s = self;
	char code[8];

	if (diag->severity == CNV_NOTE)
		return;
	cnv_code_name(diag->code, code);
	cnv_text_format(&s->said, "%s %u", code, diag->place.row);
}

static void open_stage(stage *s)
{
	cnv_diags diags = { 0 };

	*s = (stage){ 0 };
	cnv_sheets_init(&s->sheets, CNV_STR("form.csv"), &s->arena);
	assert_int_equal(cnv_csv_sheets(&s->sheets, CNV_STR(form_text), &diags), CNV_OK);
	assert_int_equal(cnv_form_build(&s->form, &s->sheets, &s->arena, &diags), CNV_OK);
	assert_int_equal(cnv_vocabulary_init(&s->vocabulary, s->form), CNV_OK);
}

static void close_stage(stage *s)
{
	cnv_vocabulary_fini(&s->vocabulary);
	cnv_form_fini(s->form);
	cnv_sheets_fini(&s->sheets);
	cnv_text_fini(&s->said);
	cnv_arena_fini(&s->arena);
}

static cnv_status find(stage *s, const struct dialect_case *c, cnv_dialect *dialect)
{
	cnv_diags diags = { .emit = on_diag, .self = s };
	cnv_dialect_asked asked = { .source = CNV_STR("AA.csv"),
				    .sample = c->bytes,
				    .head = c->bytes.len,
				    .whole = true,
				    .form = s->form,
				    .vocabulary = &s->vocabulary,
				    .language = cnv_str_from(c->language),
				    .encoding = c->encoding ? cnv_encoding_find(cnv_str_from(c->encoding)) : NULL,
				    .delimiter = c->delimiter };

	return cnv_dialect_find(dialect, &asked, &s->arena, &diags);
}

static void dialect_test(void **state)
{
	const struct dialect_case *c = *state;
	stage s;
	cnv_dialect dialect;

	open_stage(&s);
	if (!find(&s, c, &dialect))
		cnv_text_format(&s.said, "%.*s %zu", CNV_ARG(dialect.reading), dialect.skip);
	cnv_text_put_char(&s.said, '\0');
	assert_string_equal(s.said.at, c->expect);
	close_stage(&s);
}

/* ---------------------------------------------------------------- pieces */

static void on_field(void *self, cnv_str field)
{
	cnv_text_put(self, field);
	cnv_text_put_char(self, '|');
}

static cnv_status on_record(void *self, uint32_t line)
{
	cnv_text_format(self, "%u;", line);
	return CNV_OK;
}

static void pieces_of_any_size_give_the_same(void **state)
{
	static const struct sample {
		const char *encoding;
		cnv_str bytes;
		const char *expect;
	} samples[] = {
		{ "UTF-16BE", BYTES("\xD8\x3D\xDE\xA2\0,\0a\0\n\x65\xE5"), "🚢|a|1;日|2;" },
		{ "UTF-32LE", BYTES("\xA2\xF6\1\0\n\0\0\0b\0\0\0"), "🚢|1;b|2;" },
		{ "Shift_JIS", BYTES("\x93\xFA\x96{,\xB1\r\n\x82\xA0"), "日本|ｱ|1;あ|2;" },
		{ "GB18030", BYTES("\x81\x30\x81\x30,\xC8\xD5\n\x94\x39\xDA\x33"), "\xC2\x80|日|1;💩|2;" },
		{ "Big5", BYTES("\x88\x62,\xA4\xE9\n\xA4\xE9\x88\x66"), "Ê̄|日|1;日Ê|2;" },
		{ "EUC-JP", BYTES("\x8F\xB0\xA1,\x8E\xB1\n\xC6\xFC"), "丂|ｱ|1;日|2;" },
		{ "windows-1258", BYTES("Vi\xEA\xF2t,\xD0\n\xF5\xEC"), "Việt|Đ|1;ớ|2;" },
		{ "MacRoman", BYTES("caf\x8E,\xCA\n\xD5"), "café|\xC2\xA0|1;’|2;" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		for (size_t piece = 1; piece < 9; piece++) {
			cnv_dialect dialect = { .encoding = cnv_encoding_find(cnv_str_from(samples[i].encoding)),
						.delimiter = ',' };
			cnv_text got = { 0 };
			cnv_diags diags = { 0 };
			cnv_csv_sink sink = { &got, on_field, on_record };
			cnv_csv *csv = cnv_csv_new(CNV_STR("x"), ',', (cnv_csv_limits){ 0 }, &sink, &diags);
			cnv_recoder *recoder = cnv_recoder_new(CNV_STR("x"), &dialect, csv, &diags);

			for (size_t at = 0; at < samples[i].bytes.len; at += piece)
				assert_int_equal(
					cnv_recoder_feed(recoder, cnv_str_slice(samples[i].bytes, at, at + piece)),
					CNV_OK);
			assert_int_equal(cnv_recoder_end(recoder), CNV_OK);
			cnv_text_put_char(&got, '\0');
			assert_string_equal(got.at, samples[i].expect);
			cnv_recoder_free(recoder);
			cnv_csv_free(csv);
			cnv_text_fini(&got);
		}
}

static void on_message(void *self, const cnv_diag *diag)
{
	cnv_text_put(self, cnv_str_slice(diag->message, 0, cnv_str_find(diag->message, CNV_STR(","))));
}

/* The character that cannot be read may begin in the piece before. */
static void bad_bytes_are_shown_wherever_pieces_end(void **state)
{
	const cnv_str bytes = BYTES("a,\x82\xFF z\n");

	(void)state;
	for (size_t piece = 1; piece <= bytes.len; piece++) {
		cnv_dialect dialect = { .encoding = cnv_encoding_find(CNV_STR("Shift_JIS")), .delimiter = ',' };
		cnv_text got = { 0 }, said = { 0 };
		cnv_diags diags = { .emit = on_message, .self = &said };
		cnv_csv_sink sink = { &got, on_field, on_record };
		cnv_csv *csv = cnv_csv_new(CNV_STR("x"), ',', (cnv_csv_limits){ 0 }, &sink, &diags);
		cnv_recoder *recoder = cnv_recoder_new(CNV_STR("x"), &dialect, csv, &diags);
		cnv_status status = CNV_OK;

		for (size_t at = 0; at < bytes.len && !status; at += piece)
			status = cnv_recoder_feed(recoder, cnv_str_slice(bytes, at, at + piece));
		assert_int_equal(status, CNV_REJECTED);
		assert_true(cnv_str_starts(cnv_text_str(&said), CNV_STR("the bytes 82 FF")));
		cnv_recoder_free(recoder);
		cnv_csv_free(csv);
		cnv_text_fini(&got);
		cnv_text_fini(&said);
	}
}

static void names_are_known_however_they_are_written(void **state)
{
	static const char *const same[][2] = {
		{ "windows-1252", "WINDOWS_1252" }, { "windows-1252", "cp 1252" }, { "Shift_JIS", "sjis" },
		{ "Shift_JIS", "CP932" },           { "GB18030", "gbk" },          { "UTF-16LE", "utf-16" },
		{ "MacRoman", "macintosh" },        { "EUC-KR", "CP949" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		assert_ptr_equal(cnv_encoding_find(cnv_str_from(same[i][0])),
				 cnv_encoding_find(cnv_str_from(same[i][1])));
	assert_null(cnv_encoding_find(CNV_STR("")));
	assert_null(cnv_encoding_find(CNV_STR("windows")));
	assert_int_equal(cnv_delimiter_find(CNV_STR("tab")), '\t');
	assert_int_equal(cnv_delimiter_find(CNV_STR("^")), '^');
	assert_int_equal(cnv_delimiter_find(CNV_STR("\"")), 0);
	assert_int_equal(cnv_delimiter_find(CNV_STR("7")), 0);
}

static void lack_of_memory_is_told(void **state)
{
	static const struct dialect_case ja = { "", BYTES(LONG "ok,\x82\xA2\x82\xA2\x82\xA6\n"), "ja", NULL, 0, NULL };
	stage s;
	cnv_status status = CNV_NO_MEMORY;
	size_t allowed = 0;

	(void)state;
	open_stage(&s);
	for (; status == CNV_NO_MEMORY && allowed < 5000; allowed++) {
		cnv_dialect dialect;

		cnv_mem_fail_after(allowed);
		status = find(&s, &ja, &dialect);
		cnv_mem_fail_after(SIZE_MAX);
		s.arena.failed = false;
	}
	assert_int_equal(status, CNV_OK);
	assert_true(allowed > 10);
	close_stage(&s);
}

/* A return is not refused because a code page could not be opened just then; UTF-8 needs none unless
 * letters stand together that code pages have. */
static void an_encoding_that_cannot_be_opened_is_no_unknown_one(void **state)
{
	static const struct {
		struct dialect_case file;
		unsigned least; /* code pages that are opened */
	} rows[] = {
		{ { "", BYTES("who,why\nAUS,plain\n"), "", NULL, 0, NULL }, 0 },
		{ { "", BYTES("who,why\nAUS,caf\xC3\xA9\n"), "", NULL, 0, NULL }, 0 },
		{ { "", BYTES("who,why\nAUS,\xEC\x84\xA0\xEC\x9B\x90\n"), "", NULL, 0, NULL }, 0 },
		{ { "", BYTES(LONG "ok,\x82\xA2\x82\xA2\x82\xA6\n"), "ja", NULL, 0, NULL }, 10 },
		{ { "", BYTES("who,why\nAUS,caf\xE9\n"), "", "windows-1252", 0, NULL }, 1 },
	};
	stage s;

	(void)state;
	open_stage(&s);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cnv_dialect dialect;

		iconv_calls = 0;
		assert_int_equal(find(&s, &rows[i].file, &dialect), CNV_OK);
		unsigned calls = iconv_calls;
		assert_true(calls >= rows[i].least && (rows[i].least || !calls));
		for (unsigned refused = 1; refused <= calls; refused++) {
			iconv_calls = 0;
			iconv_refused = refused;
			assert_int_equal(find(&s, &rows[i].file, &dialect), CNV_NO_MEMORY);
			iconv_refused = 0;
		}
	}
	close_stage(&s);
}

/* What is spoilt is looked for with code pages too. */
static void a_cell_that_cannot_be_looked_at_is_no_good_one(void **state)
{
	static const char cell[] = "caf\xC3\x83\xC2\xA9 caf\xC3\x83\xC2\xA9";
	cnv_diags diags = { 0 };
	unsigned calls = 1;

	(void)state;
	for (unsigned refused = 0; refused <= calls; refused++) {
		cnv_mangled *mangled = cnv_mangled_new();

		assert_non_null(mangled);
		iconv_calls = 0;
		iconv_refused = refused;
		cnv_mangled_look(mangled, CNV_STR(cell), (cnv_place){ 0 });
		iconv_refused = 0;
		assert_int_equal(cnv_mangled_say(mangled, &diags), refused ? CNV_NO_MEMORY : CNV_OK);
		calls = refused ? calls : iconv_calls;
		assert_true(calls > 0);
		cnv_mangled_free(mangled);
	}
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_cell_that_cannot_be_looked_at_is_no_good_one),
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(bad_bytes_are_shown_wherever_pieces_end),
		cmocka_unit_test(names_are_known_however_they_are_written),
		cmocka_unit_test(lack_of_memory_is_told),
		cmocka_unit_test(an_encoding_that_cannot_be_opened_is_no_unknown_one),
	};
	struct CMUnitTest tests[sizeof cases / sizeof *cases];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		tests[i] = (struct CMUnitTest){ cases[i].name, dialect_test, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	int failed = _cmocka_run_group_tests("dialects", tests, sizeof cases / sizeof *cases, NULL, NULL);
	return failed + cmocka_run_group_tests_name("recoding", others, NULL, NULL);
}
