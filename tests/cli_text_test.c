/* Texts on their way out of the program: operands that a shell reads back, JSON, and lines of a terminal. */
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

/* Of 12 columns, of which 2 are blank. */
static const struct text_case wrapped[] = {
	{ "lines: the second is indented", TEXT("the quick brown fox"), "the quick\n  brown fox\n" },
	{ "lines: a line feed is kept", TEXT("one\ntwo"), "one\n  two\n" },
	{ "lines: nothing is a line", TEXT(""), "\n" },
	{ "lines: an escape counts as it is shown", TEXT("a b c \xE2\x80\xAE d"), "a b c\n  <U+202E> d\n" },
	{ "lines: not UTF-8", TEXT("a b c d e \xFF"), "a b c d e\n  <FF>\n" },
	{ "lines: a control sequence", TEXT("\x1B[2J"), "<U+001B>[2\n  J\n" },
	{ "lines: wide characters", TEXT("船員の身分証明"), "船員の身分\n  証明\n" },
};

static void print_json(FILE *out, cnv_str text)
{
	cli_json_text(&(cli_json){ .out = out }, NULL, text);
}

static void print_wrapped(FILE *out, cnv_str text)
{
	cli_put_wrapped(out, text, (cli_margins){ .width = 12, .indent = 2 });
}

static void check_text(const struct text_case *row, void (*print)(FILE *out, cnv_str text))
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);

	assert_non_null(out);
	print(out, row->text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(bytes, row->expect);
	free(bytes);
}

static void operand_test(void **state)
{
	check_text(*state, cli_put_operand);
}

static void json_test(void **state)
{
	check_text(*state, print_json);
}

static void wrapped_test(void **state)
{
	check_text(*state, print_wrapped);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(operands) + COUNT(texts) + COUNT(wrapped)];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(operands); i++)
		tests[count++] = (struct CMUnitTest){ operands[i].name, operand_test, NULL, NULL,
						      (void *)(uintptr_t)&operands[i] };
	for (size_t i = 0; i < COUNT(texts); i++)
		tests[count++] =
			(struct CMUnitTest){ texts[i].name, json_test, NULL, NULL, (void *)(uintptr_t)&texts[i] };
	for (size_t i = 0; i < COUNT(wrapped); i++)
		tests[count++] = (struct CMUnitTest){ wrapped[i].name, wrapped_test, NULL, NULL,
						      (void *)(uintptr_t)&wrapped[i] };
	return _cmocka_run_group_tests("cli: texts", tests, count, NULL, NULL);
}
