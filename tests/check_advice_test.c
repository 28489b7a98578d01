/* The rooms check and advise: what is said of a form, and how an answer that cannot be read is to be written. */
#include "check/hints.h"

#include "check_stage.h"

/* ---------------------------------------------------------------- mistakes and advice */

struct plan_case {
	const char *name, *form, *said;
};

static const struct plan_case plan_cases[] = {
	{ "a form without mistakes", HEAD GATES "|text|t|T|${q} = 'yes'|string-length(.) < 9||\n" LISTS, "" },
	{ "two questions in a circle", HEAD "|text|a|A|${b} = ''|||\n|text|b|B|${a} = ''|||\n",
	  "E0450:a(circular dependency: a -> b -> a)" },
	{ "three calculations in a circle",
	  HEAD "|calculate|a|||| ${b} + 1|\n|calculate|b||||${c} + 1|\n|calculate|c||||${a} + 1|\n",
	  "E0450:a(circular dependency: a -> b -> c -> a)" },
	{ "two circles are two mistakes",
	  HEAD "|text|a|A|${b} = ''|||\n|text|b|B|${a} = ''|||\n|text|c|C|${d} = ''|||\n|text|d|D|${c} = ''|||\n",
	  "E0450:a(circular dependency: a -> b -> a) "
	  "E0450:c(circular dependency: c -> d -> c)" },
	{ "a group that waits for its own question",
	  HEAD "|begin_group|g|G|${x} = 'a'|||\n|text|x|X||||\n|text|y|Y||||\n|end_group||||||\n",
	  "E0450:g(circular dependency: g -> x -> g)" },
	{ "a group that waits for a question behind one of its own",
	  HEAD "|begin_group|g|G|${z} = 'a'|||\n|text|x|X||||\n|end_group||||||\n|text|z|Z|${x} = ''|||\n",
	  "E0450:g(circular dependency: g -> z -> x -> g)" },
	{ "a relevance that reads its own question", HEAD "|text|a|A|${a} = ''|||\n", "E0451:a(0-4)" },
	{ "a calculation that reads its own question", HEAD "|calculate|a||||${a} + 1|\n", "E0451:a(0-4)" },
	{ "once() looks at its own question", HEAD "|calculate|a||||once(uuid())|\n", "" },
	{ "once() may be given its own question", HEAD "|calculate|a||||'.' = once (concat(., '('))|\n", "" },
	{ "a dot in a predicate is no answer", HEAD "|integer|n|N||||\n|calculate|a||||once(1) + count(${n}[. > 1])|\n",
	  "" },
	{ "once() hides no other reading of its own question",
	  HEAD "|calculate|a||||once(1) + ${a}|\n|calculate|b||||concat('once(', .)|\n|calculate|c||||once(2) - .|\n",
	  "E0451:a(10-14) E0451:b(16-17) E0451:c(10-11)" },
	{ "the caret is under the dot that is an answer",
	  HEAD "|calculate|a||||1.5 + count(${n}[. > 1]) + .|\n|integer|n|N||||\n", "E0451:a(27-28)" },
	{ "a constraint may read its own question", HEAD "|integer|a|A||. > 0 and ${a} < 5||\n", "" },
	{ "constraints may read each other's questions",
	  HEAD "|integer|a|A||${b} = '' or . < ${b}||\n|integer|b|B||${a} = '' or . > ${a}||\n", "" },
	{ "every broken formula is told", HEAD "|text|a|A|${nowhere} = 1|||\n|text|b|B|${nowhere} = 1|||\n",
	  "E0110:a E0110:b" },
	{ "advice is given beside mistakes", HEAD GATES "|text|t|T|${q} = 'Yes'|||\n|text|u|U|${x} = 1|||\n" LISTS,
	  "E0110:u W0401:t" },
	{ "a code that is not in the list", HEAD GATES "|text|t|T|${q} = 'Yes'|||\n" LISTS, "W0401:t" },
	{ "a code that is not in the list, in selected()", HEAD GATES "|text|t|T|selected(${m}, 'green')|||\n" LISTS,
	  "W0401:t" },
	{ "a comparison with empty text is fine", HEAD GATES "|text|t|T|${q} != '' and ${m} != ''|||\n" LISTS, "" },
	{ "several choices compared as one", HEAD GATES "|text|t|T|${m} = 'red'|||\n" LISTS, "W0402:t" },
	{ "a pattern without anchors", HEAD "|text|t|T||regex(., '[a-z]+')||\n", "N0403:t" },
	{ "a pattern with both anchors", HEAD "|text|t|T||regex(., '^[a-z]+$')||\n", "" },
	{ "a pattern that ends in a dollar sign as such", HEAD "|text|t|T||regex(., '^[0-9]+\\$')||\n", "N0403:t" },
	{ "a range from a mark to a letter", HEAD "|text|t|T||regex(., '^[a-z._-é]+$')||\n", "W0404:t" },
	{ "a range from upper to lower case", HEAD "|text|t|T||regex(., '^[A-z]+$')||\n", "W0404:t" },
	{ "a hyphen at the end is no range", HEAD "|text|t|T||regex(., '^[A-Za-z0-9._%+-]+$')||\n", "" },
	{ "an escaped hyphen is no range", HEAD "|text|t|T||regex(., '^[.\\-9]+$')||\n", "" },
	{ "all printable characters", HEAD "|text|t|T||regex(., '^[ -~]+$')||\n", "" },
	{ "an answer used as a condition", HEAD GATES "|text|t|T|${q}|||\n" LISTS, "W0405:t" },
	{ "a path used as a condition",
	  HEAD GATES "|begin_group|g|G||||\n|text|t|T|../../n|||\n|text|u|U|/data/g/t|||\n|end_group||||||\n" LISTS,
	  "W0405:t W0405:u" },
	{ "a code that is not in the list, by a path", HEAD GATES "|text|t|T|../q = 'Yes'|||\n" LISTS, "W0401:t" },
	{ "a rule that a blank breaks", HEAD GATES "|integer|t|T||. <= ${n}||\n" LISTS, "W0406:t" },
	{ "a rule that looks at the blank first", HEAD GATES "|integer|t|T||${n} = '' or . <= ${n}||\n" LISTS, "" },
	{ "a rule asked only when the other is answered", HEAD GATES "|integer|t|T|${n} != ''|. <= ${n}||\n" LISTS,
	  "" },
	{ "a rule on a required question", HEAD "|integer|n|N||||yes\n|integer|t|T||. <= ${n}||\n", "" },
	{ "a rule on a required question that is not always asked",
	  HEAD GATES "|integer|k|K|${q} = 'yes'|||yes\n|integer|t|T||. <= ${k}||\n" LISTS, "W0406:t" },
	{ "a rule on a required question asked as often",
	  HEAD GATES "|integer|k|K|${q} = 'yes'|||yes\n|integer|t|T|${q} = 'yes'|. <= ${k}||\n" LISTS, "" },
	{ "a date in quotes", HEAD "|date|d|D||. > '2020-01-01'||\n", "W0407:d" },
	{ "a date in date()", HEAD "|date|d|D||. > date('2020-01-01')||\n", "" },
	{ "relevance by word", HEAD "|text|a|A|no|||\n|text|b|B|yes|||\n", "W0408:a" },
	{ "relevance by constant", HEAD "|text|a|A|1 = 2|||\n|text|b|B|1 = 1|||\n", "W0408:a N0409:b" },
	{ "a rule that nothing meets", HEAD "|text|a|A||1 > 2||\n", "W0410:a" },
	{ "required of a calculation", HEAD "|integer|n|N||||\n|calculate|a||||${n} + 1|yes\n", "W0411:a" },
	{ "a rule on a calculation", HEAD "|integer|n|N||||\n|calculate|a|||. > 1|${n} + 1|\n", "W0412:a" },
	{ "the idiom of none among several",
	  HEAD "|select_multiple sev|m|M||not(selected(., 'red') and count-selected(.) > 1)||\n" LISTS, "" },
};

static void run_plan_case(void **state)
{
	const struct plan_case *wanted = *state;
	struct stage stage;

	open_stage(&stage, wanted->form);
	assert_text(&stage.said, wanted->said);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- hints */

struct hint_case {
	const char *name;
	cnv_kind kind;
	const char *text, *hint;
};

static const struct hint_case hint_cases[] = {
	{ "a date with the day first", CNV_DATE, "30/09/2006", "write 2006-09-30" },
	{ "a date with the month first", CNV_DATE, "9/30/2006", "write 2006-09-30" },
	{ "a date with points", CNV_DATE, "30.9.2006", "write 2006-09-30" },
	{ "a date with slashes", CNV_DATE, "2006/9/30", "write 2006-09-30" },
	{ "a date that can be two days", CNV_DATE, "03/04/2006", "write 2006-04-03 or 2006-03-04, whichever is meant" },
	{ "a date with a short year", CNV_DATE, "30/09/06", "write the year with four digits, as in 2026-09-30" },
	{ "a date with a time of day", CNV_DATE, "2026-09-30 14:30", "write 2026-09-30" },
	{ "a date with equal day and month", CNV_DATE, "04/04/2006", "write 2006-04-04" },
	{ "a day that does not exist", CNV_DATE, "31/06/2006",
	  "write year, month and day with hyphens, such as 2026-09-30" },
	{ "a spreadsheet's count of days", CNV_DATE, "38990",
	  "this looks like a spreadsheet date number: write 2006-09-30, or 2010-10-01 if the file counts from 1904" },
	{ "thousands with commas", CNV_INTEGER, "1,000,000", "write 1000000, without separators" },
	{ "thousands with blanks", CNV_INTEGER, "12 500", "write 12500, without separators" },
	{ "a number with its unit", CNV_INTEGER, "5 years", "write the number alone: 5" },
	{ "an exponent", CNV_DECIMAL, "1e3", "write digits with a point for the decimals, such as 1200.50" },
	{ "a negative number below 32 bits", CNV_INTEGER, "-99999999999",
	  "the largest whole number allowed is 2147483647" },
	{ "a comma that can be either", CNV_DECIMAL, "1,250", "write 1250 or 1.25, whichever is meant" },
	{ "a fraction with its unit where none is taken", CNV_INTEGER, "5.5 kg",
	  "write digits only, such as 12 or 3000, without separators or words" },
	{ "a number with its unit glued on", CNV_DECIMAL, "114558.5t", "write the number alone: 114558.5" },
	{ "a missing-value word in small letters", CNV_INTEGER, "conf", "write CONF, in capitals" },
	{ "a number after a word", CNV_DECIMAL, "approx. 5.5", "write the number alone: 5.5" },
	{ "a fraction where none is taken", CNV_INTEGER, "17.5", "write a whole number, without decimals" },
	{ "a number past 32 bits", CNV_INTEGER, "9999999999", "the largest whole number allowed is 2147483647" },
	{ "a decimal comma", CNV_DECIMAL, "4,5", "write 4.5, with a point" },
	{ "two numbers", CNV_INTEGER, "5 10", "write digits only, such as 12 or 3000, without separators or words" },
	{ "a word", CNV_INTEGER, "many", "write digits only, such as 12 or 3000, without separators or words" },
	{ "a time", CNV_TIME, "2.30 pm", "write hours and minutes, such as 14:30" },
};

static void run_hint_case(void **state)
{
	const struct hint_case *wanted = *state;
	const cnv_conventions undecided = { 0 };
	cnv_arena arena = { 0 };
	cnv_str hint = cnv_hint_unreadable(wanted->kind, cnv_str_from(wanted->text), &undecided, &arena);
	cnv_text text = { 0 };

	cnv_text_put(&text, hint);
	assert_text(&text, wanted->hint);
	cnv_text_fini(&text);
	cnv_arena_fini(&arena);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT(plan_cases) + COUNT(hint_cases)];
	size_t count = 0;

	ADD(plan_cases, run_plan_case);
	ADD(hint_cases, run_hint_case);
	return _cmocka_run_group_tests("advice and hints", tests, count, NULL, NULL);
}
