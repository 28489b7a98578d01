/* What is said of conditions that contradict themselves, by rows of a table; and that it is true, by trying random
 * answers on random conditions. */
#include "advise/advice.h"
#include "draw.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct stage {
	cnv_arena arena, scratch;
	cnv_form *form;
	cnv_plan *plan;
	cnv_text said; /* code:field, one each */
};

static void hear(void *self, const cnv_diag *diag)
{
	struct stage *stage = self;
	char name[8];

	cnv_code_name(diag->code, name);
	cnv_text_format(&stage->said, "%s%s:%.*s", stage->said.len ? " " : "", name, CNV_ARG(diag->field));
}

static void open_stage(struct stage *stage, const char *text)
{
	cnv_diags diags = { .emit = hear, .self = stage };
	cnv_str rest = cnv_str_from(text), line, fields[16];
	cnv_sheets sheets;
	uint32_t row = 0;

	*stage = (struct stage){ 0 };
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &stage->arena);
	while (cnv_str_split(&rest, '\n', &line)) {
		uint32_t count = 0;

		while (count < 16 && cnv_str_split(&line, '|', &fields[count]))
			count++;
		cnv_sheets_add(&sheets, fields, count, ++row, &diags);
	}
	cnv_form_build(&stage->form, &sheets, &stage->arena, &diags);
	cnv_sheets_fini(&sheets);
	assert_non_null(stage->form);
	cnv_text_reset(&stage->said);
	assert_int_equal(cnv_plan_build(&stage->plan, stage->form, 10, &stage->arena, &diags), CNV_OK);
	cnv_advise_probe(stage->plan, &diags);
}

static void close_stage(struct stage *stage)
{
	cnv_plan_fini(stage->plan);
	cnv_form_fini(stage->form);
	cnv_text_fini(&stage->said);
	cnv_arena_fini(&stage->arena);
	cnv_arena_fini(&stage->scratch);
}

/* ---------------------------------------------------------------- what is said */

#define HEAD                                                                                                           \
	"survey\n|type|name|label|relevant|constraint\n|select_one yn|q|Q||\n|select_one yn|p|P|${q} = 'yes'|\n"       \
	"|select_multiple sev|m|M||\n|integer|n|N||\n|integer|k|K||\n|decimal|x|X||\n|date|d|D||\n|text|w|W||\n"
#define LISTS                                                                                                          \
	"choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n|yn|dk|Do not know\n|sev|red|Red\n|sev|blue|Blue\n"   \
	"|sev|grey|Grey\n"
#define RELEVANT(formula) HEAD "|text|t|T|" formula "|\n" LISTS
#define RULE(type, formula) HEAD "|" type "|t|T||" formula "\n" LISTS

static const struct said_case {
	const char *name, *form, *said;
} said_cases[] = {
	{ "one answer is two", RELEVANT("${q} = 'yes' and ${q} = 'no'"), "W0413:t" },
	{ "one answer is one of two", RELEVANT("${q} = 'yes' or ${q} = 'no'"), "" },
	{ "one answer is not one or not another", RELEVANT("${q} != 'yes' or ${q} != 'no'"), "W0414:t" },
	{ "one answer is neither", RELEVANT("${q} != 'yes' and ${q} != 'no'"), "" },
	{ "an answer is blank and something", RELEVANT("${q} = '' and ${q} = 'no'"), "W0413:t" },
	{ "ticked and not ticked", RELEVANT("selected(${m}, 'red') and not(selected(${m}, 'red'))"), "W0413:t" },
	{ "two are ticked", RELEVANT("selected(${m}, 'red') and selected(${m}, 'blue')"), "" },
	{ "exactly one is ticked", RELEVANT("${m} = 'red'"), "" },
	{ "ticked in an order of the respondent's", RELEVANT("${m} = 'blue red'"), "" },
	{ "more ticked than there are", RELEVANT("count-selected(${m}) > 3"), "W0413:t" },
	{ "all ticked", RELEVANT("count-selected(${m}) = 3"), "" },
	{ "a number above and below", RELEVANT("${n} > 5 and ${n} < 5"), "W0413:t" },
	{ "a whole number between two neighbours", RELEVANT("${n} > 5 and ${n} < 6"), "W0413:t" },
	{ "a number between two neighbours", RELEVANT("${x} > 5 and ${x} < 6"), "" },
	{ "a number between two that are close", RELEVANT("${x} > 5.001 and ${x} < 5.002"), "" },
	{ "three numbers in order between two", RELEVANT("${n} > 5 and ${k} > ${n} and ${k} < 100"), "" },
	{ "two numbers, each less than the other", RELEVANT("${n} > ${k} and ${k} > ${n}"), "W0413:t" },
	{ "a number and a text that can be one", RELEVANT("${n} = ${w}"), "" },
	{ "a choice and a text that can be one", RELEVANT("${q} = ${w}"), "" },
	{ "a negative number", RELEVANT("${n} < -5 and ${n} > -8"), "" },
	{ "a day after and before", RELEVANT("${d} > date('2026-01-02') and ${d} < date('2026-01-03')"), "W0413:t" },
	{ "a day between", RELEVANT("${d} > date('2026-01-02') and ${d} < date('2026-01-04')"), "" },
	{ "a text that is two words", RELEVANT("${w} = 'a' and ${w} = 'b'"), "W0413:t" },
	{ "a text that is any word but two", RELEVANT("${w} != 'a' and ${w} != 'b' and ${w} != ''"), "" },
	{ "a formula that calculates is left alone", RELEVANT("${n} + 1 > 5 and ${n} + 1 < 5"), "" },
	{ "a formula that looks at the clock is left alone", RELEVANT("${d} > today() and ${d} < date('2000-01-01')"),
	  "" },
	{ "a pattern is left alone", RELEVANT("regex(${w}, 'a') and regex(${w}, 'b')"), "" },
	{ "the group around it asks the opposite",
	  HEAD "|begin_group|g|G|${q} = 'yes'|\n|text|t|T|${q} = 'no'|\n|end_group||||\n" LISTS, "W0413:t" },
	{ "the group around it asks the same",
	  HEAD "|begin_group|g|G|${q} = 'yes'|\n|text|t|T|${q} = 'yes'|\n|end_group||||\n" LISTS, "" },
	{ "an entry of a repeat that asks the opposite",
	  HEAD "|begin_repeat|g|G|${q} = 'yes'|\n|integer|i|I||\n|text|t|T|${i} > 3 and ${q} = "
	       "'no'|\n|end_repeat||||\n" LISTS,
	  "W0413:t" },
	{ "what it reads is asked only in the opposite case", RELEVANT("${p} = 'yes' and ${q} = 'no'"), "W0413:t" },
	{ "what it reads may be blank", RELEVANT("${p} != 'yes' and ${q} = 'no'"), "" },
	{ "what stands in a group that is never asked is not told again",
	  HEAD "|begin_group|g|G|${q} = 'yes' and ${q} = 'no'|\n|text|t|T|${q} = 'yes'|\n|end_group||||\n" LISTS,
	  "W0413:g" },
	{ "a range turned round", RULE("integer", ". >= 10 and . <= 1"), "W0415:t" },
	{ "a range", RULE("integer", ". >= 1 and . <= 10"), "" },
	{ "a range of one", RULE("integer", ". >= 1 and . <= 1"), "" },
	{ "a range with or", RULE("integer", ". >= 1 or . <= 10"), "W0416:t" },
	{ "two ranges", RULE("integer", ". <= 1 or . >= 10"), "" },
	{ "a rule that only asks for an answer", RULE("text", ". != ''"), "" },
	{ "a rule that asks for a tick", RULE("select_multiple sev", "count-selected(.) > 0"), "" },
	{ "none alone", RULE("select_multiple sev", "not(selected(., 'grey') and count-selected(.) > 1)"), "" },
	{ "a length that cannot be", RULE("text", "string-length(.) > 10 and string-length(.) < 5"), "W0415:t" },
	{ "a length", RULE("text", "string-length(.) > 4 and string-length(.) < 6"), "" },
	{ "a rule that another answer can meet", RULE("integer", ". <= ${n} and . >= ${n}"), "" },
	{ "a rule among the ticked", RULE("select_one sev", "selected(${m}, .)"), "" },
	{ "the record saved before is not known", RULE("integer", ". > ${last-saved#t}"), "N0125:t" },
	{ "answers inside the parts of if()", RELEVANT("if(${q} = 'yes', ${q} = 'no', false())"), "W0413:t" },
	{ "a day and a choice", RELEVANT("${d} > date('2026-01-02') and ${q} = 'yes' and ${q} = 'no'"), "W0413:t" },
	{ "a code that is not in the list is another mistake", RELEVANT("${q} = 'maybe'"), "" },
	{ "choices compared as numbers",
	  "survey\n|type|name|label|relevant\n|select_one s|a|A|\n|text|t|T|${a} > 3 and ${a} < 5\n"
	  "choices\n|list_name|name|label\n|s|3|Three\n|s|4|Four\n|s|5|Five\n",
	  "" },
	{ "choices compared as numbers that none is",
	  "survey\n|type|name|label|relevant\n|select_one s|a|A|\n|text|t|T|${a} > 5\n"
	  "choices\n|list_name|name|label\n|s|3|Three\n|s|4|Four\n|s|5|Five\n",
	  "W0413:t" },
};

static void run_said_case(void **state)
{
	const struct said_case *wanted = *state;
	struct stage stage;

	open_stage(&stage, wanted->form);
	cnv_text_put_char(&stage.said, '\0');
	assert_string_equal(stage.said.at, wanted->said);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- that it is true */

static uint64_t seed = 20261122;

static const char *const atoms[] = {
	"${q} = 'yes'",
	"${q} != 'yes'",
	"${q} = 'no'",
	"${q} != 'no'",
	"${q} = ''",
	"${q} != ''",
	"${q} = 'dk'",
	"${n} > 3",
	"${n} < 3",
	"${n} >= 4",
	"${n} <= 4",
	"${n} = 3",
	"${n} != 4",
	"${n} = ''",
	"${n} < ${k}",
	"${n} >= ${k}",
	"${k} = 7",
	"${k} <= 2",
	"${n} != ${k}",
	"${x} > 2.5",
	"${x} < 2.75",
	"${x} < ${n}",
	"${x} = 3",
	"selected(${m}, 'red')",
	"not(selected(${m}, 'red'))",
	"selected(${m}, 'blue')",
	"count-selected(${m}) > 2",
	"count-selected(${m}) = 0",
	"${m} = 'red'",
	"${m} = 'blue red'",
	"${m} != 'red blue'",
	"${w} = 'a'",
	"${w} != 'a'",
	"${w} = ''",
	"${w} = 5",
	"${w} > 4",
	"${d} > date('2026-01-01')",
	"${d} <= date('2026-01-02')",
	"${d} < date('2026-01-03')",
	"${d} = date('2026-01-02')",
	"boolean(${n})",
	"'b' = ${w}",
};

/* Neighbours among the atoms read the same questions, so that formulas of them contradict themselves often. */
static uint32_t first_atom;

static void random_formula(cnv_text *text, uint32_t depth)
{
	uint32_t shape = depth ? draw(&seed, 5) : 4;

	if (shape == 4) {
		cnv_text_put(text,
			     cnv_str_from(atoms[(first_atom + draw(&seed, 7)) % (sizeof atoms / sizeof atoms[0])]));
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

static void put_random(cnv_batch *batch, const cnv_form *form, const char *name, const char *const *values,
		       uint32_t count)
{
	const cnv_question *question = &form->questions[cnv_form_find(form, cnv_str_from(name))];

	cnv_batch_put(batch, 0, question->column, cnv_str_from(values[draw(&seed, count)]), 1);
}

#define PUT(name, ...)                                                                                                 \
	put_random(batch, form, name, (const char *const[]){ __VA_ARGS__ },                                            \
		   sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void random_answers(cnv_batch *batch, const cnv_form *form, uint32_t rows)
{
	for (uint32_t i = 0; i < rows; i++) {
		cnv_batch_row(batch, 0, 0, i + 1);
		PUT("q", "", "yes", "no", "dk");
		PUT("m", "", "red", "blue", "grey", "red blue", "blue red", "grey red", "red blue grey", "grey blue");
		PUT("n", "", "-4", "0", "1", "2", "3", "4", "5", "6", "7", "8", "900");
		PUT("k", "", "-4", "0", "1", "2", "3", "4", "5", "6", "7", "8", "900");
		PUT("x", "", "-0.5", "2", "2.5", "2.6", "2.75", "3", "3.5", "1000");
		PUT("d", "", "2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2031-05-05");
		PUT("w", "", "a", "b", "c d", "4", "5", "6.5", "-1");
	}
	assert_int_equal(cnv_settle(batch, CNV_STR("answers.csv"), NULL), CNV_OK);
	for (uint32_t i = 0; i < batch->tables[0].count; i++) /* all are asked */
		memcpy(batch->tables[0].columns[i].usable, batch->tables[0].columns[i].understood,
		       CNV_BIT_WORDS(rows) * sizeof(uint64_t));
}

#define FORMULAS 3000
#define ANSWERS 400u

/* No answer is found that meets what was said never to be met, or that fails what was said always to hold. */
static void what_is_said_is_true(void **state)
{
	static const cnv_world world = { 0 };
	uint32_t never = 0, always = 0;

	(void)state;
	for (uint32_t i = 0; i < FORMULAS; i++) {
		cnv_text text = { 0 };
		struct stage stage;
		cnv_batch *batch;
		cnv_vector vector;
		const cnv_slot_rule *rule;
		uint32_t right = 0;

		cnv_text_put(&text, CNV_STR(HEAD "|text|t|T|"));
		first_atom = draw(&seed, 1000);
		random_formula(&text, 3);
		cnv_text_put(&text, CNV_STR("|\n" LISTS));
		cnv_text_put_char(&text, '\0');
		open_stage(&stage, text.at);
		batch = cnv_batch_new(stage.form);
		assert_non_null(batch);
		random_answers(batch, stage.form, ANSWERS);
		rule = cnv_plan_rule(stage.plan, cnv_form_find(stage.form, CNV_STR("t")), CNV_SLOT_RELEVANT);
		assert_int_equal(rule->kind, CNV_RULE_PROGRAM);
		assert_int_equal(cnv_expr_run(rule->expr, batch, 0, 0, ANSWERS, NULL, &world, &stage.scratch, &vector),
				 CNV_OK);
		for (uint32_t row = 0; row < ANSWERS; row++)
			right += cnv_value_boolean(&vector, row);
		cnv_text_put_char(&stage.said, '\0');
		if ((strstr(stage.said.at, "W0413:t") && right) ||
		    (strstr(stage.said.at, "W0414:t") && right != ANSWERS))
			fail_msg("%s: said %s, but %u of %u answers meet it", text.at + strlen(HEAD), stage.said.at,
				 (unsigned)right, (unsigned)ANSWERS);
		never += strstr(stage.said.at, "W0413:t") != NULL;
		always += strstr(stage.said.at, "W0414:t") != NULL;
		cnv_batch_free(batch);
		cnv_text_fini(&text);
		close_stage(&stage);
	}
	assert_true(never > 50 && always > 20); /* the test met what it is about */
}

#define SAID (sizeof said_cases / sizeof said_cases[0])
static struct CMUnitTest tests[SAID + 1];

int main(void)
{
	for (size_t i = 0; i < SAID; i++)
		tests[i] = (struct CMUnitTest){ .name = said_cases[i].name,
						.test_func = run_said_case,
						.initial_state = (void *)&said_cases[i] };
	tests[SAID] = (struct CMUnitTest)cmocka_unit_test(what_is_said_is_true);
	return _cmocka_run_group_tests("probe", tests, SAID + 1, NULL, NULL);
}
