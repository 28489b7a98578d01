/* The same thing said of many places is one diagnostic, at the first place. */
#include "canvass/base.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

#define MOST 24u
/* clang-format off */
#define TEXT(text) { text, sizeof(text) - 1 }

/* Each letter is a diagnostic of its own message: upper case errors, lower case warnings; the digit after it is its row. */
static const struct fold_case {
	const char *name, *given, *expect;
} cases[] = {
	{ "none", "", "" },
	{ "one of each", "a1b2", "a@1;b@2;" },
	{ "two in different rows", "a1a3", "a (2 times: rows 1, 3)@1;" },
	{ "two in one row", "a4a4", "a (2 times)@4;" },
	{ "others between them stay in order", "a1b2a3c4b5", "a (2 times: rows 1, 3)@1;b (2 times: rows 2, 5)@2;c@4;" },
	{ "a row is named once", "a1a1a2", "a (3 times: rows 1, 2)@1;" },
	{ "six rows are named", "a1a2a3a4a5a6", "a (6 times: rows 1, 2, 3, 4, 5, 6)@1;" },
	{ "of more rows the first six", "a1a2a3a4a5a6a7a8", "a (8 times: rows 1, 2, 3, 4, 5, 6, ...)@1;" },
	{ "without rows only the number", "a0a0", "a (2 times)@0;" },
	{ "errors are not folded", "A1A2", "A@1;A@2;" },
};
/* clang-format on */

static void fold_case(void **state)
{
	const struct fold_case *row = *state;
	cnv_diag diags[MOST];
	cnv_arena texts = { 0 };
	cnv_text said = { 0 };
	uint32_t count = 0;

	for (const char *at = row->given; *at; at += 2)
		diags[count++] = (cnv_diag){ .severity = *at < 'a' ? CNV_ERROR : CNV_WARNING,
					     .code = 401,
					     .place = { .row = (uint32_t)(at[1] - '0') },
					     .message = { at, 1 } };
	count = cnv_diags_fold(diags, count, &texts);
	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(&said, "%.*s@%u;", CNV_ARG(diags[i].message), diags[i].place.row);
	cnv_text_put_char(&said, '\0');
	assert_false(texts.failed);
	assert_string_equal(said.at, row->expect);
	cnv_text_fini(&said);
	cnv_arena_fini(&texts);
}

static void test_codes_and_sheets(void **state)
{
	const cnv_str message = TEXT("same");
	cnv_diag diags[] = {
		{ .severity = CNV_WARNING, .code = 401, .message = message },
		{ .severity = CNV_WARNING, .code = 402, .message = message },
		{ .severity = CNV_WARNING, .code = 401, .place.sheet = TEXT("choices"), .message = message },
	};
	cnv_arena texts = { 0 };

	(void)state;
	assert_int_equal(cnv_diags_fold(diags, 3, &texts), 3);
	cnv_arena_fini(&texts);
}

int main(void)
{
	struct CMUnitTest tests[sizeof cases / sizeof *cases + 1];
	size_t count = 0;

	for (; count < sizeof cases / sizeof *cases; count++)
		tests[count] = (struct CMUnitTest){ cases[count].name, fold_case, NULL, NULL, (void *)&cases[count] };
	tests[count++] = (struct CMUnitTest){ "another code or sheet is another cause", test_codes_and_sheets, NULL,
					      NULL, NULL };
	return _cmocka_run_group_tests("causes", tests, count, NULL, NULL);
}
