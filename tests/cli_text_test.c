/* Texts on their way out of the program: operands that a shell reads back, and JSON. */
#include "cli/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct text_case {
	const char *name;
	cnv_str text;
	const char *expect;
};
#define TEXT(s)                                                                                                        \
	{                                                                                                              \
		s, sizeof(s) - 1                                                                                       \
	}

static const struct text_case operands[] = {
	{ "operand: plain", TEXT("forms/id-1_2.csv"), "forms/id-1_2.csv" },
	{ "operand: beyond ASCII", TEXT("船舶.csv"), "船舶.csv" },
	{ "operand: empty", TEXT(""), "''" },
	{ "operand: a blank", TEXT("my form.csv"), "'my form.csv'" },
	{ "operand: an apostrophe", TEXT("it's"), "'it'\\''s'" },
	{ "operand: what a shell acts on", TEXT("a$(b)`c`;d&e|f>g*?[h]~!#{i}\"\\"),
	  "'a$(b)`c`;d&e|f>g*?[h]~!#{i}\"\\'" },
	{ "operand: a line feed", TEXT("a\nb"), "$'a\\x0ab'" },
	{ "operand: a tab and a quote", TEXT("a\t'\\"), "$'a\\x09\\'\\\\'" },
	{ "operand: text turned around", TEXT("a\xE2\x80\xAEz"), "$'a\\xe2\\x80\\xaez'" },
	{ "operand: not UTF-8", TEXT("a\xFFz"), "$'a\\xffz'" },
};

static const struct text_case texts[] = {
	{ "JSON: plain", TEXT("plain é 日"), "\"plain é 日\"" },
	{ "JSON: quotes", TEXT("a\"b\\c"), "\"a\\\"b\\\\c\"" },
	{ "JSON: lines and tabs", TEXT("a\nb\tc\rd"), "\"a\\nb\\u0009c\\u000dd\"" },
	{ "JSON: a control character of two bytes", TEXT("a\xC2\x9Bz"), "\"a\\u009bz\"" },
	{ "JSON: text turned around", TEXT("a\xE2\x80\xAEz"), "\"a\\u202ez\"" },
	{ "JSON: no width", TEXT("a\xE2\x80\x8Bz\xEF\xBB\xBF"), "\"a\\u200bz\\ufeff\"" },
	{ "JSON: a tag beyond 16 bits", TEXT("a\xF3\xA0\x81\x81z"), "\"a\\udb40\\udc41z\"" },
	{ "JSON: seen beyond 16 bits", TEXT("🚢"), "\"🚢\"" },
	{ "JSON: not UTF-8", TEXT("a\xFFz"), "\"a\\ufffdz\"" },
	{ "JSON: a zero byte", TEXT("a\0z"), "\"a\\u0000z\"" },
};

static void check_text(const struct text_case *row, bool json)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);

	assert_non_null(out);
	if (json)
		cli_json_text(&(cli_json){ .out = out }, NULL, row->text);
	else
		cli_put_operand(out, row->text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(bytes, row->expect);
	free(bytes);
}

static void operand_test(void **state)
{
	check_text(*state, false);
}

static void json_test(void **state)
{
	check_text(*state, true);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(operands) + COUNT(texts)];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(operands); i++)
		tests[count++] = (struct CMUnitTest){ operands[i].name, operand_test, NULL, NULL,
						      (void *)(uintptr_t)&operands[i] };
	for (size_t i = 0; i < COUNT(texts); i++)
		tests[count++] =
			(struct CMUnitTest){ texts[i].name, json_test, NULL, NULL, (void *)(uintptr_t)&texts[i] };
	return _cmocka_run_group_tests("cli: texts", tests, count, NULL, NULL);
}
