/* Formulas told in words, one row each: what the form says, and what a person is told. */
#include "canvass/io.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char form_text[] = "survey\n"
				",type,name,label,qno\n"
				",select_one yn,one,One,A1\n"
				",select_one yn,other,Other,A2\n"
				",select_multiple needs,several,Several,A3\n"
				",integer,number,Number,A4\n"
				",decimal,amount,Amount,A5\n"
				",date,day,Day,A6\n"
				",date,later,Later,A7\n"
				",text,words,Words,A8\n"
				",dateTime,moment,Moment,A9\n"
				",begin_repeat,doc,Documents,\n"
				",integer,fee,Fee,B1\n"
				",integer,self,Self,B2\n"
				",select_multiple needs,chosen,Chosen,B3\n"
				",text,said,Said,B4\n"
				",end_repeat,,,\n"
				",select_one grade,grade,Grade,C1\n"
				"choices\n"
				",list_name,name,label\n"
				",yn,yes,Yes\n"
				",yn,no,No\n"
				",yn,dk,Don't know\n"
				",needs,water,Water\n"
				",needs,food,Food\n"
				",needs,none,None\n"
				",grade,1,First\n"
				",grade,2,Second\n"
				",grade,02,Second again\n"
				"settings\n"
				",form_id\n"
				",words\n";

typedef enum kind { WHEN, RULE, WORTH } kind;

/* `self`: the question that the formula belongs to.  What stands as it is written is given between backticks. */
static const struct row {
	const char *name, *self;
	kind kind;
	const char *formula, *words;
} rows[] = {
	{ "a choice by its label", "words", WHEN, "${one} = 'yes'", "A1 is 'Yes'" },
	{ "the value may stand first", "words", WHEN, "'yes' = ${one}", "A1 is 'Yes'" },
	{ "a label with an apostrophe", "words", WHEN, "${one} != 'dk'", "A1 is not \"Don't know\"" },
	{ "a code that is not in the list", "words", WHEN, "${one} = 'maybe'", "A1 is 'maybe'" },
	{ "either of two choices", "words", WHEN, "${one} = 'yes' or ${one} = 'no'", "A1 is 'Yes' or 'No'" },
	{ "any of three choices", "words", WHEN, "${one}='yes' or ${one}='no' or ${one}='dk'",
	  "A1 is 'Yes', 'No' or \"Don't know\"" },
	{ "none of two choices", "words", WHEN, "${one} != 'yes' and ${one} != 'no'", "A1 is neither 'Yes' nor 'No'" },
	{ "a choice by its number", "words", WHEN, "${grade} = 1", "C1 is 'First'" },
	{ "two codes of one number are not told", "words", WHEN, "${grade} = 2", "`${grade} = 2`" },
	{ "the order of choices is not told", "words", WHEN, "${grade} > 1", "`${grade} > 1`" },
	{ "not equal through not()", "words", WHEN, "not(${one} = 'yes')", "A1 is not 'Yes'" },
	{ "the same answer twice", "words", WHEN, "${one} = ${other}", "A1 is the same as in A2" },
	{ "another answer", "words", WHEN, "${one} != ${other}", "A1 is not the same as in A2" },
	{ "selected() of one choice", "words", WHEN, "selected(${one}, 'no')", "A1 is 'No'" },
	{ "selected() of several", "words", WHEN, "selected(${several}, 'food')", "A3 includes 'Food'" },
	{ "not selected", "words", WHEN, "not(selected(${several}, 'food'))", "A3 does not include 'Food'" },
	{ "one or the other selected", "words", WHEN, "selected(${several}, 'food') or selected(${several}, 'water')",
	  "A3 includes 'Food' or 'Water'" },
	{ "both selected", "words", WHEN, "selected(${several}, 'food') and selected(${several}, 'water')",
	  "A3 includes 'Food' and 'Water'" },
	{ "neither selected", "words", WHEN, "not(selected(${several}, 'food')) and not(selected(${several}, 'water'))",
	  "A3 includes neither 'Food' nor 'Water'" },
	{ "one or the other not selected", "words", WHEN,
	  "not(selected(${several}, 'food')) or not(selected(${several}, 'water'))",
	  "A3 does not include 'Food' or does not include 'Water'" },
	{ "several by = are that one alone", "words", WHEN, "${several} = 'food'", "A3 is 'Food' alone" },
	{ "several compared with two codes", "words", WHEN, "${several} = 'food water'",
	  "`${several} = 'food water'`" },
	{ "answered", "words", WHEN, "${several} != ''", "A3 is answered" },
	{ "not answered", "words", WHEN, "${several} = ''", "A3 is not answered" },
	{ "answered through not()", "words", WHEN, "not(${several} = '')", "A3 is answered" },
	{ "answered, and more of the same", "words", WHEN, "${several} != '' and not(selected(${several}, 'none'))",
	  "A3 is answered and does not include 'None'" },
	{ "how many choices", "words", WHEN, "count-selected(${several}) > 1", "A3 has more than 1 choice" },
	{ "more than", "words", WHEN, "${number} > 12000", "A4 is more than 12,000" },
	{ "a year is not grouped", "words", WHEN, "${number} < 2020", "A4 is less than 2020" },
	{ "an order denied is not turned", "words", WHEN, "not(${number} > 3)", "A4 is not more than 3" },
	{ "within bounds", "words", WHEN, "${number} >= 1 and ${number} <= 5", "A4 is from 1 to 5" },
	{ "open bounds", "words", WHEN, "${number} > 1 and ${number} < 5", "A4 is more than 1 and less than 5" },
	{ "two questions and two operators", "words", WHEN, "${one} = 'yes' and (${number} > 1 or ${amount} > 2)",
	  "A1 is 'Yes' and (A4 is more than 1 or A5 is more than 2)" },
	{ "and inside or", "words", WHEN, "${one} = 'yes' and ${number} > 1 or ${amount} > 2",
	  "(A1 is 'Yes' and A4 is more than 1) or A5 is more than 2" },
	{ "a sum", "words", WHEN, "${number} + ${amount} >= 10", "A4 + A5 is at least 10" },
	{ "a product of sums", "words", WHEN, "(${number} + 1) * ${amount} = 10", "(A4 + 1) \xC3\x97 A5 is 10" },
	{ "what is left after mod is not told", "words", WHEN, "${one} = 'yes' and ${number} mod 2 = 0",
	  "A1 is 'Yes' and `${number} mod 2 = 0`" },
	{ "what is in parentheses is cut out whole", "words", WHEN, "${one} = 'yes' and (pow(${number}, 2)) > 9",
	  "A1 is 'Yes' and `(pow(${number}, 2)) > 9`" },
	{ "a group denied", "words", WHEN, "not(${one} = 'yes' and ${other} = 'no')",
	  "not (A1 is 'Yes' and A2 is 'No')" },
	{ "days", "words", WHEN, "${day} >= date('2020-02-29')", "A6 is on or after 29 February 2020" },
	{ "days from today", "words", WHEN, "${day} < today() - 30", "A6 is before 30 days before today" },
	{ "two days", "words", WHEN, "${day} <= ${later}", "A6 is on or before A7" },
	{ "a day that does not exist", "words", WHEN, "${day} > date('2021-02-29')", "`${day} > date('2021-02-29')`" },
	{ "a date as a text is not told", "words", WHEN, "${day} > '2020-01-01'", "`${day} > '2020-01-01'`" },
	{ "an instant against a day is not told", "words", WHEN, "${moment} <= today()", "`${moment} <= today()`" },
	{ "entries of a repeat", "words", WHEN, "count(${doc}) > 2",
	  "the number of entries in 'Documents' is more than 2" },
	{ "a sum over a repeat", "words", WHEN, "sum(${fee}) > 2", "the sum of B1 over all entries is more than 2" },
	{ "answers of a repeat from outside", "words", WHEN, "${fee} > 2", "`${fee} > 2`" },
	{ "answers of the same entry", "said", WHEN, "${fee} > 2", "B1 is more than 2" },
	{ "yes", "words", WHEN, "yes", "always" },
	{ "false()", "words", WHEN, "false()", "never" },
	{ "what cannot be parsed", "words", WHEN, "${one} =", "`${one} =`" },
	{ "an unknown name", "words", WHEN, "${nobody} = 'x'", "`${nobody} = 'x'`" },
	{ "a rule from 1 to 10", "self", RULE, ". >= 1 and . <= 10", "from 1 to 10" },
	{ "a rule with the bounds turned", "self", RULE, "10 >= . and 1 <= .", "from 1 to 10" },
	{ "a rule by its own name", "self", RULE, "${self} >= 1", "at least 1" },
	{ "a rule with an open bound", "self", RULE, ". > 0 and . <= 10", "more than 0 and at most 10" },
	{ "a rule with another question", "self", RULE, ". >= 0 and (${fee} = '' or . <= ${fee})",
	  "the answer is at least 0 and (B1 is not answered or the answer is at most B1)" },
	{ "a rule up to another question", "self", RULE, ". >= 0 and . <= ${fee}", "from 0 to B1" },
	{ "a rule on length", "said", RULE, "string-length(.) <= 500", "at most 500 characters" },
	{ "a rule on both lengths", "said", RULE, "string-length(.) >= 1 and string-length(.) <= 5",
	  "from 1 to 5 characters" },
	{ "a rule with a pattern", "said", RULE, "regex(., '^[A-Z]{3}$')", "fits the pattern `^[A-Z]{3}$`" },
	{ "a rule against a pattern", "said", RULE, "not(regex(., '[0-9]'))", "does not fit the pattern `[0-9]`" },
	{ "a choice that excludes the others", "chosen", RULE, "not(selected(., 'none') and count-selected(.) > 1)",
	  "'None' only by itself" },
	{ "the same, the other way round", "chosen", RULE, "not(count-selected(.) >= 2 and selected(., 'none'))",
	  "'None' only by itself" },
	{ "a choice that excludes two others", "chosen", RULE, "not(selected(., 'none') and count-selected(.) > 2)",
	  "not (includes 'None' and more than 2 choices)" },
	{ "a value that is a question", "words", WORTH, "${number}", "A4" },
	{ "a value of either kind", "words", WORTH, "if(${one} = 'yes', ${number} * 2, 0)",
	  "A4 \xC3\x97 2 if A1 is 'Yes', else 0" },
	{ "a value that has no words", "words", WORTH, "concat(${number}, 'a')", "`concat(${number}, 'a')`" },
};
#define ROWS (sizeof rows / sizeof *rows)

static cnv_form *form;
static const cnv_str *names;
static cnv_arena arena;

static int build(void **state)
{
	cnv_diags diags = { 0 };
	cnv_sheets sheets;

	(void)state;
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &arena);
	if (cnv_csv_sheets(&sheets, cnv_str_from(form_text), &diags) || cnv_form_build(&form, &sheets, &arena, &diags))
		return 1;
	cnv_sheets_fini(&sheets);
	cnv_str *called = cnv_arena_array(&arena, form->count, sizeof *called);
	for (uint32_t i = 0; called && i < form->count; i++)
		called[i] = form->questions[i].qno.len ? form->questions[i].qno : CNV_STR("'Documents'");
	names = called;
	return called ? 0 : 1;
}

static int end(void **state)
{
	(void)state;
	cnv_form_fini(form);
	cnv_arena_fini(&arena);
	return 0;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	cnv_formula formula = { .text = cnv_str_from(row->formula) };
	cnv_context context = { .form = form,
				.self = cnv_form_find(form, cnv_str_from(row->self)),
				.purpose = row->kind == WORTH ? CNV_FOR_VALUE : CNV_FOR_CONDITION };
	cnv_words_style style = { .names = names, .of_answer = row->kind == RULE };
	cnv_arena scratch = { 0 };
	cnv_text told = { 0 };
	cnv_words words;

	assert_true(context.self < form->count);
	assert_int_equal(cnv_words_write(&words, &formula, &context, &style, &scratch), CNV_OK);
	for (uint32_t i = 0; i < words.count; i++)
		cnv_text_format(&told, words.runs[i].as_written ? "`%.*s`" : "%.*s", CNV_ARG(words.runs[i].text));
	cnv_text_put_char(&told, '\0');
	assert_string_equal(told.at, row->words);
	cnv_text_fini(&told);
	cnv_arena_fini(&scratch);
}

/* A formula of the greatest size is told or written without going deep. */
static void test_long(void **state)
{
	static const char *const pieces[] = { "1 + ", "1 or ", "${one} = 'yes' and ${number} > 1 or ", "1 = " };
	cnv_context context = { .form = form, .self = CNV_NONE, .purpose = CNV_FOR_CONDITION };
	cnv_words_style style = { .names = names };

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		cnv_arena scratch = { 0 };
		cnv_text text = { 0 };
		cnv_words words;
		for (int k = 0; k < 500; k++)
			cnv_text_put(&text, cnv_str_from(pieces[i]));
		cnv_text_put(&text, CNV_STR("1"));
		cnv_formula formula = { .text = cnv_text_str(&text) };
		assert_int_equal(cnv_words_write(&words, &formula, &context, &style, &scratch), CNV_OK);
		assert_true(words.count > 0);
		assert_true(scratch.taken < 4u << 20);
		cnv_text_fini(&text);
		cnv_arena_fini(&scratch);
	}
}

int main(void)
{
	static struct CMUnitTest tests[ROWS + 1];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
	tests[ROWS] = (struct CMUnitTest){ "the longest formulas", test_long, NULL, NULL, NULL };
	return _cmocka_run_group_tests("formulas in words", tests, ROWS + 1, build, end);
}
