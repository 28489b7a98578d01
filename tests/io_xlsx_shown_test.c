/* Numbers as their formats show them. */
#include "io/xlsx_shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

/* shown: NULL: the format adds nothing. */
static const struct shown_case {
	const char *name, *code, *number, *shown;
} cases[] = {
	{ "a plain number", "General", "5", NULL },
	{ "decimals", "0.00", "5.125", NULL },
	{ "groups of thousands", "#,##0.00", "1234.5", NULL },
	{ "negative numbers in parentheses", "#,##0_);[Red]\\(#,##0\\)", "-5", NULL },
	{ "an accounting format without a currency", "_-* #,##0.00_-;-* #,##0.00_-", "5", NULL },
	{ "a fraction", "# ?/?", "0.5", NULL },
	{ "an exponent", "0.00E+00", "5", NULL },
	{ "a text", "@", "5", NULL },
	{ "nothing but a word", "\"yes\";;\"no\"", "1", NULL },
	{ "nothing at all", "", "5", NULL },
	{ "a hidden number", ";;;", "5", NULL },
	{ "more than fits", "\"0123456789012345678901234567890123456789x\"0", "5", NULL },
	{ "a quote that is not closed", "0\"d", "5", "5d" },
	{ "an escape at the end", "0\\", "5", NULL },
	{ "a bracket that is not closed", "0[$d", "5", "5d" },
	{ "per cent", "0%", "0.3", "30%" },
	{ "per cent with all its digits", "0%", "0.125", "12.5%" },
	{ "per cent of a whole number", "0.0%", "1", "100%" },
	{ "negative per cent", "0%", "-0.05", "-5%" },
	{ "very little per cent", "0%", "0.0000001", "0.00001%" },
	{ "no per cent", "0%", "0", "0%" },
	{ "a currency", "\"$\"#,##0.00", "5", "$5" },
	{ "a currency after the number", "#,##0.00\\ \"\xe2\x82\xac\"", "-5.5", "-5.5 \xe2\x82\xac" },
	{ "a currency in brackets", "[$USD-409] #,##0.00", "1234.5", "USD 1234.5" },
	{ "a currency of an accounting format", "_-[$\xe2\x82\xac-2]\\ * #,##0.00_-", "5", "\xe2\x82\xac 5" },
	{ "a unit", "0.0\" km\"", "12", "12 km" },
	{ "General with a unit", "General\" kg\"", "2.5", "2.5 kg" },
	{ "thousands", "0,", "5000", "5" },
	{ "thousands of a small number", "0,", "5", "0.005" },
	{ "millions", "0.0,,\"M\"", "1250000", "1.25M" },
	{ "zeros in front", "000000", "1234", "001234" },
	{ "zeros in front of a longer number", "0000", "123456", "123456" },
	{ "zeros in front of a negative number", "0000", "-12", "-0012" },
	{ "zeros in front of a fraction", "0000", "1.5", "1.5" },
	{ "zeros in front with decimals", "00.00", "1.5", NULL },
	{ "a plus sign", "+0;-0", "5", "+5" },
	{ "a plus sign and a negative number", "+0;-0", "-5", "-5" },
	{ "a telephone number", "(000) 000-0000", "2625550100", "(262) 555-0100" },
	{ "a telephone number with the country", "+00 0 0000 0000", "61262711234", "+61 2 6271 1234" },
	{ "a code with hyphens", "000-00-0000", "12345678", "012-34-5678" },
	{ "a code that is too long for its format", "00-00", "123456", "1234-56" },
	{ "blanks between thousands", "# ##0", "1234567", "1234 567" },
	{ "blanks between thousands with decimals", "# ##0.00", "1234.5", NULL },
};

static void run_case(void **state)
{
	const struct shown_case *test = *state;
	cnv_text out = { 0 };

	assert_int_equal(cnv_xlsx_adds(cnv_str_from(test->code)), test->shown != NULL);
	cnv_xlsx_show(&out, cnv_str_from(test->code), cnv_str_from(test->number));
	cnv_text_put_char(&out, '\0');
	if (test->shown)
		assert_string_equal(out.at, test->shown);
	cnv_text_fini(&out);
}

static void builtin_formats_add_the_same(void **state)
{
	(void)state;
	for (int64_t id = 0; id < 60; id++)
		assert_int_equal(cnv_xlsx_builtin_adds(id).len > 0, (id >= 5 && id <= 10) || id == 42 || id == 44);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT(cases) + 1];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){ cases[i].name, run_case, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(builtin_formats_add_the_same);
	return _cmocka_run_group_tests("io: numbers as shown", tests, count, NULL, NULL);
}
