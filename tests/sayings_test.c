/* The words of a report in twelve languages: none is missing, and each sentence has the same places. */
#include "report/sayings.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* The numbers of the places whose value is shown, a bit each; of {people} and {person}, no bit.  Fails where a noun
 * does not have the forms that its language has. */
static unsigned int places_of(const char *text, cnv_tongue tongue)
{
	unsigned int places = 0;

	for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
		const char *close = strchr(open, '}');
		uint32_t forms = 0;

		if (!close)
			fail_msg("\"%s\": a brace is not closed", text);
		if (!strncmp(open, "{people}", 8) || !strncmp(open, "{person}", 8))
			continue;
		assert_in_range(open[1], '1', '9');
		for (const char *at = open; at < close; at++)
			forms += *at == '|';
		if (!forms)
			places |= 1u << (open[1] - '0');
		else if (forms != cnv_tongue_forms(tongue))
			fail_msg("\"%s\": %u forms of a noun, not %u", text, forms, cnv_tongue_forms(tongue));
	}
	return places;
}

static void each_word_is_in_every_language(void **state)
{
	cnv_map seen = { 0 };

	(void)state;
	for (uint32_t t = 0; t < CNV_SAYING_TABLES; t++)
		for (size_t i = 0; i < cnv_sayings(t).count; i++) {
			const cnv_saying *saying = &cnv_sayings(t).rows[i];
			const char *english = saying->in[CNV_ENGLISH];

			assert_non_null(english);
			if (cnv_map_find(&seen, cnv_str_from(english)) != CNV_NONE)
				fail_msg("\"%s\" has two rows", english);
			cnv_map_put(&seen, cnv_str_from(english), 0);
			for (cnv_tongue tongue = 0; tongue < CNV_TONGUES; tongue++) {
				const char *text = saying->in[tongue];

				if (!text || !*text)
					fail_msg("\"%s\" has no words in %s", english, cnv_tongue_tag(tongue));
				if (places_of(text, tongue) != places_of(english, CNV_ENGLISH))
					fail_msg("\"%s\": other places than \"%s\"", text, english);
			}
		}
	cnv_map_fini(&seen);
}

/* Words that are the name of a sheet come first in their table. */
static void sheets_have_names_that_excel_takes(void **state)
{
	size_t i = 0;

	(void)state;
	do {
		for (cnv_tongue tongue = 0; tongue < CNV_TONGUES; tongue++) {
			const char *name = cnv_saying_words[i].in[tongue];

			assert_true(cnv_utf16_length(cnv_str_from(name)) <= 31);
			assert_null(strpbrk(name, "[]:*?/\\'"));
		}
	} while (strcmp(cnv_saying_words[i++].in[CNV_ENGLISH], "How to read this"));
}

/* ---------------------------------------------------------------- numbers */

static void nouns_follow_numbers(void **state)
{
	static const struct {
		cnv_tongue tongue;
		uint64_t number;
		uint32_t form;
	} cases[] = {
		{ CNV_ENGLISH, 0, 1 },  { CNV_ENGLISH, 1, 0 },   { CNV_ENGLISH, 2, 1 },    { CNV_FRENCH, 0, 0 },
		{ CNV_FRENCH, 1, 0 },   { CNV_FRENCH, 2, 1 },    { CNV_SPANISH, 0, 1 },    { CNV_PORTUGUESE, 0, 1 },
		{ CNV_RUSSIAN, 1, 0 },  { CNV_RUSSIAN, 2, 1 },   { CNV_RUSSIAN, 4, 1 },    { CNV_RUSSIAN, 5, 2 },
		{ CNV_RUSSIAN, 0, 2 },  { CNV_RUSSIAN, 11, 2 },  { CNV_RUSSIAN, 14, 2 },   { CNV_RUSSIAN, 21, 0 },
		{ CNV_RUSSIAN, 22, 1 }, { CNV_RUSSIAN, 111, 2 }, { CNV_RUSSIAN, 1001, 0 }, { CNV_JAPANESE, 1, 0 },
		{ CNV_THAI, 9, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(cnv_tongue_form(cases[i].tongue, cases[i].number), cases[i].form);
}

static void digits_are_grouped(void **state)
{
	static const struct {
		cnv_tongue tongue;
		uint64_t number;
		const char *text;
	} cases[] = {
		{ CNV_ENGLISH, 0, "0" },
		{ CNV_ENGLISH, 999, "999" },
		{ CNV_ENGLISH, 1234567, "1,234,567" },
		{ CNV_FRENCH, 1234, "1\u202F234" },
		{ CNV_SPANISH, 1234, "1234" },
		{ CNV_SPANISH, 12345, "12.345" },
		{ CNV_RUSSIAN, UINT64_MAX, "18\u00A0446\u00A0744\u00A0073\u00A0709\u00A0551\u00A0615" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cnv_text text = { 0 };

		cnv_tongue_put_count(&text, cases[i].tongue, cases[i].number);
		assert_true(cnv_str_equal(cnv_text_str(&text), cnv_str_from(cases[i].text)));
		cnv_text_fini(&text);
	}
}

/* ---------------------------------------------------------------- sentences */

static void values_are_in_their_places(void **state)
{
	cnv_text sentence = { 0 };
	cnv_desk desk = { .one = CNV_STR("economy"), .many = CNV_STR("economies"), .spoken = &sentence };
	cnv_arena arena = { 0 };

	(void)state;
	assert_true(cnv_str_equal(CNV_SAY(&desk, &arena, "{2}: {1} {1|day|days}, {1 people}, {people}, {person}.",
					  cnv_value_count(1), cnv_value_text(CNV_STR("{1}"))),
				  CNV_STR("{1}: 1 day, 1 economy, economies, economy.")));
	assert_true(cnv_str_equal(CNV_SAY(&desk, &arena, "{1|day|days} {1 people}", cnv_value_count(1000)),
				  CNV_STR("days 1,000 economies")));
	cnv_text_fini(&sentence);
	cnv_arena_fini(&arena);
}

static void tags_are_known(void **state)
{
	(void)state;
	assert_int_equal(cnv_tongue_find(CNV_STR("FR")), CNV_FRENCH);
	assert_int_equal(cnv_tongue_find(CNV_STR("pt-BR")), CNV_PORTUGUESE);
	assert_int_equal(cnv_tongue_find(CNV_STR("zh-TW")), CNV_CHINESE_TRADITIONAL);
	assert_int_equal(cnv_tongue_find(CNV_STR("fro")), CNV_TONGUES);
	assert_int_equal(cnv_tongue_find(CNV_STR("")), CNV_TONGUES);
	assert_true(cnv_tag_is_from_right(CNV_STR("ar-EG")));
	assert_false(cnv_tag_is_from_right(CNV_STR("arn")));
	assert_false(cnv_tag_is_from_right(CNV_STR("th")));
	for (cnv_tongue tongue = 0; tongue < CNV_TONGUES; tongue++)
		assert_int_equal(cnv_tongue_find(cnv_str_from(cnv_tongue_tag(tongue))), tongue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "each word is in every language, with the same places", each_word_is_in_every_language, 0, 0, 0 },
		{ "sheets have names that Excel takes", sheets_have_names_that_excel_takes, 0, 0, 0 },
		{ "nouns follow numbers", nouns_follow_numbers, 0, 0, 0 },
		{ "digits are grouped", digits_are_grouped, 0, 0, 0 },
		{ "values are in their places", values_are_in_their_places, 0, 0, 0 },
		{ "tags of languages are known", tags_are_known, 0, 0, 0 },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
