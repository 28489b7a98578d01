/* The room store: the JSON next to the values of a row is what was put there, to the byte, and what is not such JSON is
 * damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "store/own.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---------------------------------------------------------------- texts */

static const struct text_case {
	const char *name, *text;
	size_t len;
	const char *json; /* NULL: not compared */
} text_cases[] = {
#define TEXT(name, text, json)                                                                                         \
	{                                                                                                              \
		name, text, sizeof(text) - 1, json                                                                     \
	}
	TEXT("leading zeros", "007 ", "{\"17\":\"007 \"}"),
	TEXT("nothing", "", "{\"17\":\"\"}"),
	TEXT("quotes and backslashes", "a \"b\" \\ c\\\\", "{\"17\":\"a \\\"b\\\" \\\\ c\\\\\\\\\"}"),
	TEXT("line feed, tab and return", "a\nb\tc\rd", "{\"17\":\"a\\nb\\u0009c\\u000dd\"}"),
	TEXT("other scripts", "Größe 船 \xf0\x9f\x9a\xa2", "{\"17\":\"Größe 船 \xf0\x9f\x9a\xa2\"}"),
	TEXT("hidden characters", "a\u202e\u200b\xf3\xa0\x80\x81\x7f", NULL),
	TEXT("a zero byte", "a\0b", "{\"17\":\"a\u241b00b\"}"),
	TEXT("zero bytes before digits",
	     "\0"
	     "12\0",
	     NULL),
	TEXT("bytes that are not UTF-8", "caf\xe9 \xff\xc3", "{\"17\":\"caf\u241bE9 \u241bFF\u241bC3\"}"),
	TEXT("a surrogate in three bytes", "\xed\xa0\x80", NULL),
	TEXT("the escape itself", "\u241b00 \u241b", NULL),
	TEXT("the escape cut off", "\xe2\x90", NULL),
	TEXT("braces and commas", "\",\"18\":\"x\"}", NULL),
#undef TEXT
};

static void check_text(void **state)
{
	const struct text_case *test = *state;
	cnv_str given = { test->text, test->len }, read;
	cnv_text out = { 0 }, room = { 0 };
	store_own own;

	store_own_put(&out, 0, 17, given);
	store_own_put(&out, 0, 400, CNV_STR("last"));
	store_own_end(&out);
	own = (store_own){ .rest = cnv_text_str(&out) };
	assert_true(store_own_next(&own));
	assert_int_equal(own.column, 17);
	assert_true(store_own_text(&own, &room, &read));
	assert_int_equal(read.len, given.len);
	assert_memory_equal(read.at, given.at, given.len);
	assert_true(store_own_next(&own));
	assert_int_equal(own.column, 400);
	assert_false(store_own_next(&own));
	assert_false(own.damaged);
	assert_int_equal(cnv_utf8_check(cnv_text_str(&out)), out.len);
	assert_null(memchr(out.at, 0, out.len));
	if (test->json) {
		cnv_text_reset(&out);
		store_own_put(&out, 0, 17, given);
		store_own_end(&out);
		cnv_text_put_char(&out, 0);
		assert_string_equal(out.at, test->json);
	}
	cnv_text_fini(&out);
	cnv_text_fini(&room);
}

/* Every text of three bytes out of those that matter: as it was given, and readable by SQLite. */
static void any_bytes_come_back(void **state)
{
	static const char bytes[] = "\0 a0\"\\\n\x1f\x7f\x80\x90\x9b\xc3\xa9\xe2\xff{},:";
	sqlite3_stmt *ask;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT value FROM json_each(?1)", -1, &ask, NULL), SQLITE_OK);
	for (size_t n = 0; n < 20u * 20 * 20; n++) {
		char text[3] = { bytes[n % 20], bytes[n / 20 % 20], bytes[n / 400] };
		cnv_text out = { 0 }, room = { 0 };
		cnv_str read = { 0 };
		store_own own;

		store_own_put(&out, 0, 3, (cnv_str){ text, 3 });
		store_own_end(&out);
		own = (store_own){ .rest = cnv_text_str(&out) };
		assert_true(store_own_next(&own) && store_own_text(&own, &room, &read));
		assert_true(cnv_str_equal(read, (cnv_str){ text, 3 }));
		sqlite3_reset(ask);
		sqlite3_bind_text(ask, 1, out.at, (int)out.len, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
		cnv_text_fini(&out);
		cnv_text_fini(&room);
	}
	sqlite3_finalize(ask);
	sqlite3_close(db);
}

/* ---------------------------------------------------------------- damage */

static const char *const damaged_texts[] = {
	"{",
	"{}",
	"[]",
	"x",
	"{\"",
	"{\"1",
	"{\"1\"",
	"{\"1\":",
	"{\"1\":\"",
	"{\"1\":\"a",
	"{\"1\":\"a\"",
	"{\"1\":\"a\",",
	"{\"1\":\"a\",}",
	"{\"1\":\"a\"}}",
	"{\"1\":\"a\"} ",
	"{ \"1\":\"a\"}",
	"{\"1\": \"a\"}",
	"{\"01\":\"a\"}",
	"{\"-1\":\"a\"}",
	"{\"1\":\"a\",\"1\":\"b\"}",
	"{\"2\":\"a\",\"1\":\"b\"}",
	"{\"99999999999\":\"a\"}",
	"{\"4294967295\":\"a\"}",
	"{\"1\":1}",
	"{\"1\":null}",
	"{\"1\":\"a\nb\"}",
	"{\"1\":\"\\x\"}",
	"{\"1\":\"\\u12\"}",
	"{\"1\":\"\\u0000\"}",
	"{\"1\":\"\\ud800\"}",
	"{\"1\":\"\\ud800\\u0041\"}",
	"{\"1\":\"\\udc00\"}",
	"{\"1\":\"\u241b\"}",
	"{\"1\":\"\u241b0\"}",
	"{\"1\":\"\u241bgg\"}",
	"{\"1\":\"\\u241b\"}",
	"{\"1\":\"\\",
	"{\"1\":\"\\\"}",
};

static void what_is_no_such_json_is_damage(void **state)
{
	cnv_text room = { 0 };
	cnv_str text;

	(void)state;
	for (size_t i = 0; i < COUNT(damaged_texts); i++) {
		/* In memory of its own, so that reading beyond its end is found. */
		size_t len = strlen(damaged_texts[i]);
		char *copy = malloc(len);
		store_own own = { .rest = { copy, len } };
		bool whole = true;

		assert_non_null(copy);
		memcpy(copy, damaged_texts[i], len);
		while (store_own_next(&own))
			whole &= store_own_text(&own, &room, &text);
		if (whole && !own.damaged)
			fail_msg("read as whole: %s", damaged_texts[i]);
		free(copy);
	}
	cnv_text_fini(&room);
}

/* ---------------------------------------------------------------- lines */

static void lines_come_back(void **state)
{
	static const int64_t steps[] = { 0, 1, -1, 42, 4294967294, -4294967294, 0 };
	cnv_text out = { 0 };
	store_lines lines;

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++)
		store_lines_put(&out, 0, steps[i]);
	store_lines_end(&out);
	lines = (store_lines){ .rest = cnv_text_str(&out) };
	for (size_t i = 0; i < COUNT(steps); i++) {
		assert_true(store_lines_next(&lines));
		assert_true(lines.step == steps[i]);
	}
	assert_false(store_lines_next(&lines));
	assert_false(lines.damaged);
	cnv_text_put_char(&out, 0);
	assert_string_equal(out.at, "[0,1,-1,42,4294967294,-4294967294,0]");
	cnv_text_fini(&out);
}

static void what_is_no_list_of_lines_is_damage(void **state)
{
	static const char *const damaged[] = {
		"[",    "[]",  "1",     "[1",    "[1,", "[1,]",          "[1]]",         "[1 ]",    "[01]",
		"[+1]", "[-]", "[1.5]", "[1[2]", ",1]", "[99999999999]", "[4294967296]", "[\"1\"]", "[null]"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(damaged); i++) {
		store_lines lines = { .rest = cnv_str_from(damaged[i]) };

		while (store_lines_next(&lines))
			;
		if (!lines.damaged)
			fail_msg("read as whole: %s", damaged[i]);
	}
}

int main(void)
{
	struct CMUnitTest tests[COUNT(text_cases) + 4] = {
		cmocka_unit_test(any_bytes_come_back),
		cmocka_unit_test(what_is_no_such_json_is_damage),
		cmocka_unit_test(lines_come_back),
		cmocka_unit_test(what_is_no_list_of_lines_is_damage),
	};

	for (size_t i = 0; i < COUNT(text_cases); i++)
		tests[4 + i] =
			(struct CMUnitTest){ text_cases[i].name, check_text, NULL, NULL, (void *)&text_cases[i] };
	return _cmocka_run_group_tests("own texts and lines of a row", tests, COUNT(tests), NULL, NULL);
}
