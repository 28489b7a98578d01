/* How many questions a form asks at least and at most, and how long they take: by rows of tables; and that the bounds
 * hold, by trying random answers on random conditions. */
#include "check_stage.h"
#include "draw.h"

#define FORM(rows) HEAD "|select_one sev|q|Q||||\n" rows LISTS
#define ROW(name, relevant) "|text|" name "|" name "|" relevant "|||\n"

static const struct extent_case {
	const char *name, *form;
	uint32_t least, most;
} extent_cases[] = {
	{ "no condition", FORM(ROW("a", "") ROW("b", "")), 3, 3 },
	{ "one of two", FORM(ROW("a", "${q} = 'red'") ROW("b", "${q} = 'blue'")), 1, 2 },
	{ "one or the other", FORM(ROW("a", "${q} = 'red'") ROW("b", "${q} != 'red'")), 2, 2 },
	{ "a group and its opposite",
	  FORM("|begin_group|g|G|${q} = 'red'|||\n" ROW("a", "")
		       ROW("b", "") "|end_group||||||\n" ROW("c", "${q} = 'blue'")),
	  1, 3 },
	{ "what depends on an answer that is not asked",
	  FORM("|select_one sev|r|R|${q} = 'red'|||\n" ROW("a", "${r} = 'red'") ROW("b", "${q} = 'blue'")), 1, 3 },
	{ "what is asked where an answer is blank",
	  FORM("|select_one sev|r|R|${q} = 'red'|||\n" ROW("a", "${r} = ''") ROW("b", "${q} = 'blue'")), 2, 3 },
	{ "selected() of several",
	  FORM("|select_multiple sev|m|M||||\n" ROW("a", "selected(${m}, 'red')") ROW("b", "not(selected(${m}, 'red'))")
		       ROW("c", "selected(${m}, 'blue')")),
	  3, 4 },
	{ "a number below and above", FORM("|integer|n|N||||\n" ROW("a", "${n} < 5") ROW("b", "${n} >= 5")), 2, 3 },
	{ "a number turned round", FORM("|integer|n|N||||\n" ROW("a", "5 > ${n}") ROW("b", "${n} > 5")), 2, 3 },
	{ "a day before and after",
	  FORM("|date|d|D||||\n" ROW("a", "${d} != '' and ${d} < date('2008-01-01')")
		       ROW("b", "${d} = '' or ${d} >= date('2008-01-01')")),
	  3, 3 },
	{ "a text that is answered", FORM("|text|w|W||||\n" ROW("a", "${w} != ''") ROW("b", "${w} = ''")), 3, 3 },
	{ "a condition that calculates is either", FORM("|integer|n|N||||\n" ROW("a", "${n} + 1 > 5")), 2, 3 },
	{ "a condition on a calculation is either",
	  FORM("|calculate|k||||1 + 1|\n" ROW("a", "${k} = 2") ROW("b", "${k} != 2")), 1, 3 },
	{ "a comparison of codes as numbers",
	  "survey\n|type|name|label|relevant\n|select_one s|q|Q|\n|text|a|A|${q} = 1\n|text|b|B|${q} = 2\n"
	  "choices\n|list_name|name|label\n|s|1|One\n|s|2|Two\n",
	  1, 2 },
	{ "two codes of the same value",
	  "survey\n|type|name|label|relevant\n|select_one s|q|Q|\n|text|a|A|${q} = 1\n|text|b|B|${q} = '01'\n"
	  "choices\n|list_name|name|label\n|s|1|One\n|s|01|One more\n",
	  1, 3 },
	{ "never asked", FORM(ROW("a", "false()")), 1, 1 },
	{ "two parts that do not depend on each other",
	  FORM("|select_one yn|r|R||||\n" ROW("a", "${q} = 'red'") ROW("b", "${q} = 'blue'") ROW("c", "${r} = 'yes'")
		       ROW("d", "${r} = 'no'")),
	  2, 4 },
	{ "a gate below what it decides", FORM(ROW("a", "${r} = 'yes'") "|select_one yn|r|R|${q} = 'red'|||\n"), 1, 3 },
	{ "a repeat has no entry or one", FORM("|begin_repeat|g|G||||\n" ROW("a", "") "|end_repeat||||||\n"), 1, 2 },
	{ "a repeat has as many entries as the form fixes",
	  "survey\n|type|name|label|repeat_count\n|begin_repeat|g|G|3\n|text|a|A|\n|text|b|B|\n|end_repeat|||\n", 6,
	  6 },
};

static void run_extent_case(void **state)
{
	const struct extent_case *wanted = *state;
	struct stage stage;
	cnv_extent extent;

	open_stage(&stage, wanted->form);
	assert_int_equal(cnv_extent_find(&extent, stage.plan), CNV_OK);
	assert_int_equal(extent.asked_least, wanted->least);
	assert_int_equal(extent.asked_most, wanted->most);
	assert_true(extent.minutes_least <= extent.minutes_most);
	close_stage(&stage);
}

/* Sixty entries of one question take as many minutes as one takes seconds. */
#define SIXTY(type, label)                                                                                             \
	"survey\n|type|name|label|repeat_count\n|begin_repeat|g|G|60\n|" type "|a|" label "|\n|end_repeat|||\n"        \
	"choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n"

static const struct time_case {
	const char *name, *form;
	uint32_t seconds;
} time_cases[] = {
	{ "time for one choice", SIXTY("select_one yn", "A"), 10 },
	{ "time for several choices", SIXTY("select_multiple yn", "A"), 20 },
	{ "time for a number", SIXTY("integer", "A"), 15 },
	{ "time for a date", SIXTY("date", "A"), 15 },
	{ "time for words", SIXTY("text", "A"), 40 },
	{ "time for a tick", SIXTY("acknowledge", "A"), 5 },
	{ "time to read, 20 characters a second", SIXTY("note", "These are forty characters, with blanks."), 2 },
	{ "time to read and to answer", SIXTY("date", "These are forty characters, with blanks."), 17 },
};

static void run_time_case(void **state)
{
	const struct time_case *wanted = *state;
	struct stage stage;
	cnv_extent extent;

	open_stage(&stage, wanted->form);
	assert_int_equal(cnv_extent_find(&extent, stage.plan), CNV_OK);
	assert_int_equal(extent.minutes_least, wanted->seconds);
	assert_int_equal(extent.minutes_most, wanted->seconds);
	close_stage(&stage);
}

static void required_questions_are_counted(void **state)
{
	struct stage stage;
	cnv_extent extent;

	(void)state;
	open_stage(&stage, HEAD "|text|a|A||||yes\n|text|b|B||||${a} = 'x'\n|text|c|C||||no\n|note|d|D||||\n");
	assert_int_equal(cnv_extent_find(&extent, stage.plan), CNV_OK);
	assert_int_equal(extent.questions, 3);
	assert_int_equal(extent.required, 1);
	assert_int_equal(extent.required_sometimes, 1);
	close_stage(&stage);
}

/* Conditions of more answers than are decided at once: the bounds are wider, and the search ends. */
static void a_long_search_ends(void **state)
{
	struct stage stage;
	cnv_text text = { 0 };
	cnv_extent extent;

	(void)state;
	cnv_text_put(&text, CNV_STR(HEAD));
	for (int i = 0; i < 60; i++)
		cnv_text_format(&text, "|select_one sev|q%d|Q||||\n", i);
	for (int i = 0; i < 60; i++)
		cnv_text_format(&text, "|text|a%d|A|${q%d} = 'red' and ${q%d} = 'blue' and ${q%d} != ''|||\n", i, i,
				(i * 7 + 1) % 60, (i * 11 + 5) % 60);
	cnv_text_put(&text, CNV_STR(LISTS));
	cnv_text_put_char(&text, '\0');
	open_stage(&stage, text.at);
	assert_int_equal(cnv_extent_find(&extent, stage.plan), CNV_OK);
	assert_int_equal(extent.asked_least, 60);
	assert_true(extent.asked_most > 60 && extent.asked_most <= 120);
	cnv_text_fini(&text);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- that the bounds hold */

static uint64_t seed = 20261202;

static const char *const atoms[] = {
	"${q} = 'yes'",
	"${q} != 'yes'",
	"${q} = ''",
	"${r} = 'red'",
	"${r} != 'blue'",
	"selected(${m}, 'red')",
	"selected(${m}, 'blue')",
	"${m} = ''",
	"${n} > 3",
	"${n} <= 4",
	"${n} != 4",
	"3 < ${n}",
	"${n} != ''",
	"${d} < date('2026-01-02')",
	"${d} >= date('2026-01-02')",
	"${w} = ''",
	"string-length(${w}) > 1",
	"${n} * 2 = 8",
};

static void random_formula(cnv_text *text, uint32_t depth)
{
	uint32_t shape = depth ? draw(&seed, 5) : 4;

	if (shape == 4) {
		cnv_text_put(text, cnv_str_from(atoms[draw(&seed, COUNT(atoms))]));
		return;
	}
	cnv_text_put(text, shape == 3 ? CNV_STR("not(") : CNV_STR("("));
	random_formula(text, depth - 1);
	if (shape < 3) {
		cnv_text_put(text, shape ? CNV_STR(" and ") : CNV_STR(" or "));
		random_formula(text, depth - 1);
	}
	cnv_text_put_char(text, ')');
}

static void random_form(cnv_text *text)
{
	cnv_text_put(text, CNV_STR(HEAD "|select_one yn|q|Q||||\n|text|w|W||||\n|integer|n|N||||\n|date|d|D||||\n"
					"|select_one sev|r|R|${q} = 'yes'|||\n|select_multiple sev|m|M|${n} > 3|||\n"));
	for (int i = 0; i < 6; i++) {
		cnv_text_format(text, i == 4 ? "|begin_group|t%d|T|" : "|text|t%d|T|", i);
		random_formula(text, 2);
		cnv_text_put(text, CNV_STR("|||\n"));
	}
	cnv_text_put(text, CNV_STR("|end_group||||||\n" LISTS));
	cnv_text_put_char(text, '\0');
}

static const char *one_of(const char *const *values, uint32_t count)
{
	return values[draw(&seed, count)];
}
#define ONE_OF(...)                                                                                                    \
	one_of((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

#define FORMS 400
#define ANSWERS 300u

static void no_answers_are_outside_the_bounds(void **state)
{
	uint32_t tight = 0;

	(void)state;
	for (uint32_t i = 0; i < FORMS; i++) {
		cnv_text text = { 0 }, answers = { 0 };
		uint32_t fewest = UINT32_MAX, most = 0;
		struct stage stage;
		cnv_extent extent;

		random_form(&text);
		open_stage(&stage, text.at);
		assert_int_equal(cnv_extent_find(&extent, stage.plan), CNV_OK);
		cnv_text_put(&answers, CNV_STR("q|w|n|d|r|m\n"));
		for (uint32_t row = 0; row < ANSWERS; row++)
			cnv_text_format(&answers, "%s|%s|%s|%s|%s|%s\n", ONE_OF("", "yes", "no"), ONE_OF("", "a", "bb"),
					ONE_OF("", "2", "3", "4", "5"),
					ONE_OF("", "2026-01-01", "2026-01-02", "2026-01-03"), ONE_OF("", "red", "blue"),
					ONE_OF("", "red", "blue", "red blue"));
		cnv_text_put_char(&answers, '\0');
		judge(&stage, answers.at);
		for (uint32_t row = 0; row < stage.batch->tables[0].rows; row++) { /* blank rows are no responses */
			const cnv_table *table = &stage.batch->tables[0];
			uint32_t asked = 0;

			for (uint32_t k = 0; k < table->count; k++) {
				uint8_t verdict = table->columns[k].verdicts[row];

				asked += verdict != CNV_NOT_ASKED && verdict != CNV_UNDUE;
			}
			fewest = asked < fewest ? asked : fewest;
			most = asked > most ? asked : most;
		}
		if (fewest < extent.asked_least || most > extent.asked_most)
			fail_msg("asked %u to %u, bounds %u to %u:\n%s", (unsigned)fewest, (unsigned)most,
				 (unsigned)extent.asked_least, (unsigned)extent.asked_most, text.at);
		tight += fewest == extent.asked_least && most == extent.asked_most;
		cnv_text_fini(&text);
		cnv_text_fini(&answers);
		close_stage(&stage);
	}
	assert_true(tight > FORMS / 2); /* the bounds say something */
}

static struct CMUnitTest tests[COUNT(extent_cases) + COUNT(time_cases) + 3];

int main(void)
{
	size_t count = 0;

	ADD(extent_cases, run_extent_case);
	ADD(time_cases, run_time_case);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(required_questions_are_counted);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_long_search_ends);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_answers_are_outside_the_bounds);
	return _cmocka_run_group_tests("extent", tests, count, NULL, NULL);
}
