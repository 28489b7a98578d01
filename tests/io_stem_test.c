/* What files are called after a form's id. */
#include "canvass/io.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define ID(s)                                                                                                          \
	{                                                                                                              \
		s, sizeof(s) - 1                                                                                       \
	}
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define SEA "船舶港口海事安全調査" /* ten characters, thirty bytes */

/* '#' at the end of what is expected: a digest of eight digits. */
static const struct stem_case {
	const char *name;
	cnv_str id;
	const char *expect;
} cases[] = {
	{ "a plain id is its own name", ID("seafarers_id-2.1"), "seafarers_id-2.1" },
	{ "capitals stay", ID("ISPS"), "ISPS" },
	{ "Chinese characters stay", ID("船舶"), "船舶" },
	{ "others too", ID("港口"), "港口" },
	{ "Arabic, Thai and Devanagari, with their marks", ID("سفينة-ท่าเรือ-जहाज़"), "سفينة-ท่าเรือ-जहाज़" },
	{ "digits of another script", ID("١٢٣"), "١٢٣" },
	{ "composed letters stay", ID("café"), "café" },
	{ "letters taken apart are composed", ID("cafe\xCC\x81"), "café-#" },
	{ "a blank", ID("my form"), "my_form-#" },
	{ "separators lead nowhere", ID("../etc/passwd"), "_._etc_passwd-#" },
	{ "a backslash and a drive", ID("C:\\x"), "C__x-#" },
	{ "a leading dot would hide it", ID(".hidden"), "_hidden-#" },
	{ "a dot at the end", ID("form."), "form.-#" },
	{ "control characters", ID("a\nb\x7F"), "a_b_-#" },
	{ "a zero byte", ID("a\0b"), "a_b-#" },
	{ "text turned around",
	  ID("a\xE2\x80\xAE"
	     "b"),
	  "a_b-#" },
	{ "a blank of no width",
	  ID("a\xE2\x80\x8B"
	     "b"),
	  "a_b-#" },
	{ "a mark with no letter before it",
	  ID("\xCC\x81"
	     "a"),
	  "_a-#" },
	{ "signs", ID("a*b?c\"d<e>f|g'h"), "a_b_c_d_e_f_g_h-#" },
	{ "emoji", ID("🚢"), "_-#" },
	{ "not UTF-8",
	  ID("a\xFF"
	     "b"),
	  "a_b-#" },
	{ "nothing", ID(""), "-#" },
	{ "a device of Windows", ID("con"), "con-#" },
	{ "a device with an extension", ID("LPT1.form"), "LPT1.form-#" },
	{ "no device", ID("cons"), "cons" },
	{ "what ends like a digest", ID("form-0123abcd"), "form-0123abcd-#" },
	{ "what ends nearly like one", ID("form-0123abcg"), "form-0123abcg" },
	{ "a hundred bytes", ID(HUNDRED), HUNDRED },
	{ "a byte more", ID(HUNDRED "x"), TEN TEN TEN TEN TEN TEN TEN TEN TEN "0-#" },
	{ "cut between characters", ID(SEA SEA SEA SEA), SEA SEA SEA "-#" },
	{ "cut within one", ID("x" SEA SEA SEA SEA), "x" SEA SEA SEA "-#" },
	{ "cut before a character that does not fit", ID("xx" SEA SEA SEA SEA), "xx" SEA SEA "船舶港口海事安全調-#" },
};

static void stem_test(void **state)
{
	const struct stem_case *row = *state;
	cnv_arena arena = { 0 };
	cnv_str stem = cnv_file_stem(row->id, &arena), expect = cnv_str_from(row->expect);
	bool digested = cnv_str_ends(expect, CNV_STR("-#"));

	assert_false(arena.failed);
	assert_true(stem.len <= CNV_STEM && cnv_utf8_check(stem) == stem.len);
	if (digested) {
		assert_true(stem.len > 8);
		for (size_t i = stem.len - 8; i < stem.len; i++)
			assert_non_null(memchr("0123456789abcdef", stem.at[i], 16));
		stem.len -= 8;
		expect.len--;
	}
	if (!cnv_str_equal(stem, expect))
		fail_msg("\"%.*s\"", CNV_ARG(stem));
	cnv_arena_fini(&arena);
}

static void no_two_ids_share_a_name(void **state)
{
	cnv_arena arena = { 0 };
	cnv_map stems = { 0 };
	cnv_str longest = { HUNDRED HUNDRED, 200 };
	uint32_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++, count++)
		assert_int_equal(cnv_map_put(&stems, cnv_file_stem(cases[i].id, &arena), count), count);
	/* Names that were made are ids of their own as well. */
	for (size_t i = 0; i < COUNT(cases); i++) {
		cnv_str stem = cnv_file_stem(cases[i].id, &arena);
		if (cnv_str_equal(stem, cases[i].id) || cnv_str_equal(stem, CNV_STR("café")))
			continue;
		assert_int_equal(cnv_map_put(&stems, cnv_file_stem(stem, &arena), count), count);
		count++;
	}
	for (size_t len = 102; len <= longest.len; len++, count++)
		assert_int_equal(cnv_map_put(&stems, cnv_file_stem(cnv_str_slice(longest, 0, len), &arena), count),
				 count);
	cnv_map_fini(&stems);
	cnv_arena_fini(&arena);
}

static void lack_of_memory_is_remembered(void **state)
{
	(void)state;
	for (size_t count = 0;; count++) {
		cnv_arena arena = { 0 };
		cnv_mem_fail_after(count);
		cnv_str stem = cnv_file_stem(CNV_STR("船 舶"), &arena);
		cnv_mem_fail_after(SIZE_MAX);
		bool failed = arena.failed;
		if (!failed)
			assert_true(cnv_str_starts(stem, CNV_STR("船_舶-")));
		cnv_arena_fini(&arena);
		if (!failed) {
			assert_true(count > 1);
			return;
		}
	}
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 2];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){ cases[i].name, stem_test, NULL, NULL, (void *)(uintptr_t)&cases[i] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_two_ids_share_a_name);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(lack_of_memory_is_remembered);
	return _cmocka_run_group_tests("io: stems", tests, count, NULL, NULL);
}
