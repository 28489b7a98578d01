/* What a return changes: each response next to the one that its respondent gave before. */
#include "intake_stage.h"

#include "round/arrival.h"

static const char form[] =
	"survey\n,type,name,label,relevant\n,text,respondent,Who,\n,integer,age,Age,\n,text,why,Why,\n"
	",text,ship,Ship,${age} > 10\n,begin_repeat,doc,Documents,\n,text,title,Title,\n,integer,pages,Pages,\n"
	",begin_repeat,issue,Issues,\n,text,day,Day,\n,end_repeat,,,\n,end_repeat,,,\n"
	"settings\n,form_title,form_id\n,Plain,plain\n";

#define LONG "question,no,label,answer,note\nrespondent,,,AA,\n"

/* Two files of one respondent, one after the other; heard: of the second. */
static const struct compare_case {
	const char *name, *before, *after;
	bool keep_blank, replace;
	const char *heard, *message;
} compare_cases[] = {
	{ "another respondent is new", "respondent,age\nAA,5\n", "respondent,age\nBB,5\n", false, false, "+ BB 2\n",
	  "" },
	{ "equal answers are no revision", "respondent,age,why\nAA,5,x\n", "respondent,why,age\nAA,x,5\n", false, false,
	  "", "" },
	{ "changed answers are a revision", "respondent,age,why\nAA,5,x\n", "respondent,age,why\nAA,6,y\n", false,
	  false, "* AA 2: age 5 -> 6; why x -> y\n", "" },
	{ "a question answered now", "respondent,age\nAA,5\n", "respondent,age,why\nAA,5,y\n", false, false,
	  "* AA 2: why  -> y\n", "" },
	{ "answers left blank are a warning", "respondent,age,why\nAA,5,x\n", "respondent,age,why\nAA,,\n", false,
	  false, "W0636@2\n* AA 2: age 5 -> ; why x -> \n",
	  "2 earlier answers are left blank: age, why (to keep the earlier answers, use --keep-blank; if blanks are "
	  "meant, --replace)" },
	{ "blanks that are meant are none", "respondent,age,why\nAA,5,x\n", "respondent,age,why\nAA,,\n", false, true,
	  "* AA 2: age 5 -> ; why x -> \n", "" },
	{ "earlier answers stay where they are to", "respondent,age,why\nAA,5,x\n", "respondent,age,why\nAA,6,\n", true,
	  false, "~ why: \"\" -> \"x\"\n* AA 2: age 5 -> 6\n", "" },
	{ "with all earlier answers kept nothing is new", "respondent,age,why\nAA,5,x\n", "respondent,age,why\nAA,5,\n",
	  true, false, "~ why: \"\" -> \"x\"\n", "" },
	{ "what is not asked any more is not missed", "respondent,age,ship\nAA,15,x\n", "respondent,age,ship\nAA,5,\n",
	  false, false, "* AA 2: age 15 -> 5; ship x -> \n", "" },
	{ "remarks alone make a revision", LONG "age,,,5,\n", LONG "age,,,5,about\n", false, false, "* AA 2: remarks\n",
	  "" },
	{ "other remarks besides answers", LONG "age,,,5,about\n", LONG "age,,,6,\n", false, false,
	  "* AA 2: age 5 -> 6; remarks\n", "" },
	{ "entries are compared one by one", LONG "doc[1]/title,,,A,\ndoc[1]/pages,,,1,\ndoc[2]/title,,,B,\n",
	  LONG "doc[1]/title,,,A,\ndoc[1]/pages,,,2,\ndoc[2]/title,,,C,\n", false, false,
	  "* AA 2: doc[1]/pages 1 -> 2; doc[2]/title B -> C\n", "" },
	{ "an entry more", LONG "doc[1]/title,,,A,\n", LONG "doc[1]/title,,,A,\ndoc[2]/title,,,B,\n", false, false,
	  "* AA 2: doc[2]/title  -> B\n", "" },
	{ "an entry that is gone is not blank", LONG "doc[1]/title,,,A,\ndoc[2]/title,,,B,\n",
	  LONG "doc[1]/title,,,A,\n", false, false, "* AA 2: doc[2]/title B -> \n", "" },
	{ "an answer of an entry left blank", LONG "doc[1]/title,,,A,\ndoc[1]/pages,,,1,\n", LONG "doc[1]/title,,,A,\n",
	  false, false, "W0636@0\n* AA 2: doc[1]/pages 1 -> \n",
	  "1 earlier answer is left blank: pages (to keep the earlier answers, use --keep-blank; if blanks are meant, "
	  "--replace)" },
	{ "entries in entries", LONG "doc[1]/title,,,A,\ndoc[1]/issue[1]/day,,,x,\ndoc[2]/issue[1]/day,,,y,\n",
	  LONG "doc[1]/title,,,A,\ndoc[1]/issue[1]/day,,,x,\ndoc[1]/issue[2]/day,,,z,\ndoc[2]/issue[1]/day,,,w,\n",
	  false, false, "* AA 2: doc[1]/issue[2]/day  -> z; doc[2]/issue[1]/day y -> w\n", "" },
	/* twice in one file */
	{ "a respondent twice in one file", "respondent,age\nBB,5\n", "respondent,age\nAA,5\nAA,6\n", false, false,
	  "W0693@3\n+ AA 2\n* AA 2: age 5 -> 6\n",
	  "the response on line 2 is also from \"AA\"; the last one counts (check that the last one is the right "
	  "one)" },
	{ "the same response twice in one file", "respondent,age\nBB,5\n", "respondent,age\nAA,5\nAA,5\n", false, false,
	  "W0693@3\n+ AA 2\n",
	  "the response on line 2 is also from \"AA\"; the last one counts (check that the last one is the right "
	  "one)" },
	{ "each of one file follows the one before it", "respondent,age\nAA,4\n", "respondent,age\nAA,5\nBB,1\nAA,6\n",
	  false, false, "W0693@4\n* AA 2: age 4 -> 5\n+ BB 2\n* AA 3: age 5 -> 6\n",
	  "the response on line 2 is also from \"AA\"; the last one counts (check that the last one is the right "
	  "one)" },
};

/* Without its first line and the last, which are of the file. */
static void assert_heard_between(importing *i, const char *events)
{
	cnv_str all = cnv_str_from(i->heard.at), last = CNV_STR("= b.csv accepted\n");
	size_t from = strlen("file b.csv\n");

	assert_true(cnv_str_ends(all, last));
	assert_string_equal(
		cnv_arena_format(&i->s.arena, "%.*s", CNV_ARG(cnv_str_slice(all, from, all.len - last.len))).at,
		events);
}

static void a_response_is_compared(void **state)
{
	const struct compare_case *row = *state;
	importing i;

	set_importing(&i, form, NULL);
	import_text(&i, "a.csv", row->before);
	i.options.keep_blank = row->keep_blank;
	i.options.replace = row->replace;
	import_text(&i, "b.csv", row->after);
	assert_heard_between(&i, row->heard);
	assert_string_equal(i.message, row->message);
	strike_importing(&i);
}

static void a_warning_of_a_second_response_is_stored_with_it(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, form, NULL);
	import_text(&i, "a.csv", "respondent,age\nAA,5\nBB,5\nAA,6\nBB,5\n");
	assert_string_equal(stored(&i,
				   "SELECT r.respondent, r.revision, r.line, f.line, f.code, f.path FROM finding f JOIN"
				   " response r ON f.response = r.id"),
			    "AA|2|4|4|693|respondent\n");
	assert_int_equal(i.totals.warnings, 2); /* of BB it is said, and nothing is stored that is there already */
	assert_int_equal(i.totals.responses.fresh, 2);
	assert_int_equal(i.totals.responses.revisions, 1);
	assert_int_equal(i.totals.responses.already, 1);
	strike_importing(&i);
}

static void a_respondent_in_two_files_of_one_run_is_told(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, form, NULL);
	write_file(&i.s, "a.csv", CNV_STR("respondent,age\nAA,5\nBB,5\n"));
	write_file(&i.s, "b.csv", CNV_STR("respondent,age\nAA,6\n"));
	write_file(&i.s, "c.csv", CNV_STR("respondent,age\nCC,6\n"));
	assert_string_equal(import(&i, "a.csv c.csv b.csv"),
			    "file a.csv\n+ AA 2\n+ BB 2\n= a.csv accepted\nfile c.csv\n+ CC 2\n= c.csv accepted\n"
			    "file b.csv\nW0695@2\n* AA 2: age 5 -> 6\n= b.csv accepted\n");
	assert_non_null(strstr(i.message, "/a.csv; the later one counts (check that the later file is intended)"));
	/* In another run it is a revision like any other. */
	assert_string_equal(import_text(&i, "d.csv", "respondent,age\nBB,7\n"),
			    "file d.csv\n* BB 2: age 5 -> 7\n= d.csv accepted\n");
	strike_importing(&i);
}

static void a_file_that_is_quarantined_has_brought_nobody(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, form, NULL);
	write_file(&i.s, "a.csv", CNV_STR("respondent,age,round\nAA,5,r0\n"));
	write_file(&i.s, "b.csv", CNV_STR("respondent,age\nAA,6\n"));
	assert_string_equal(import(&i, "a.csv b.csv"),
			    "file a.csv\nE0681@2\n= a.csv quarantined\nfile b.csv\n+ AA 2\n= b.csv accepted\n");
	strike_importing(&i);
}

static void blanks_beyond_eight_are_counted_and_not_named(void **state)
{
	cnv_text many = { 0 }, before = { 0 }, after = { 0 };
	importing i;

	(void)state;
	cnv_text_put(&many, CNV_STR("survey\n,type,name,label\n,text,respondent,Who\n"));
	for (uint32_t k = 0; k < 10; k++) {
		cnv_text_format(&many, ",text,q%u,Question %u\n", k, k);
		cnv_text_format(&before, ",q%u", k);
		cnv_text_put(&after, CNV_STR(",x"));
	}
	cnv_text_put_char(&many, 0);
	cnv_text_put_char(&before, 0);
	cnv_text_put_char(&after, 0);
	set_importing(&i, many.at, NULL);
	import_text(&i, "a.csv", cnv_arena_format(&i.s.arena, "respondent%s\nAA%s\n", before.at, after.at).at);
	import_text(&i, "b.csv", cnv_arena_format(&i.s.arena, "respondent%s\nAA\n", before.at).at);
	assert_non_null(strstr(i.message, "10 earlier answers are left blank: q0, q1, q2, q3, q4, q5, q6, q7, ... ("));
	strike_importing(&i);
	cnv_text_fini(&many);
	cnv_text_fini(&before);
	cnv_text_fini(&after);
}

static cnv_str respondents(importing *i, uint32_t count, uint32_t age)
{
	cnv_text out = { 0 };
	cnv_str copy;

	cnv_text_put(&out, CNV_STR("respondent,age\n"));
	for (uint32_t row = 0; row < count; row++)
		cnv_text_format(&out, "R%05u,%u\n", row, age);
	copy = cnv_arena_copy(&i->s.arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy;
}

static uint32_t count_of(const char *text, const char *word)
{
	uint32_t count = 0;

	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		count++;
	return count;
}

/* In one window, and in windows that flow, where the store pairs at the end. */
static void of_one_run_so_many_are_compared(void **state)
{
	static const uint32_t rows[] = { MOST_COMPARED + 5, 5 * CNV_WINDOW_ROWS };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		importing i;

		set_importing(&i, form, NULL);
		write_file(&i.s, "a.csv", respondents(&i, rows[k], 5));
		write_file(&i.s, "b.csv", respondents(&i, rows[k], 6));
		import(&i, "a.csv");
		import(&i, "b.csv");
		assert_int_equal(i.totals.responses.revisions, rows[k]);
		assert_int_equal(count_of(i.heard.at, " 2: age 5 -> 6\n"), MOST_COMPARED);
		assert_int_equal(count_of(i.heard.at, " 2 not compared\n"), rows[k] - MOST_COMPARED);
		strike_importing(&i);
	}
}

int main(void)
{
	enum { CASES = sizeof compare_cases / sizeof *compare_cases };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_warning_of_a_second_response_is_stored_with_it),
		cmocka_unit_test(a_respondent_in_two_files_of_one_run_is_told),
		cmocka_unit_test(a_file_that_is_quarantined_has_brought_nobody),
		cmocka_unit_test(blanks_beyond_eight_are_counted_and_not_named),
		cmocka_unit_test(of_one_run_so_many_are_compared),
	};
	struct CMUnitTest tests[CASES + sizeof others / sizeof *others] = { 0 };

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = compare_cases[i].name,
						.test_func = a_response_is_compared,
						.initial_state = (void *)(uintptr_t)&compare_cases[i] };
	memcpy(tests + CASES, others, sizeof others);
	return _cmocka_run_group_tests("round_compare", tests, sizeof tests / sizeof *tests, NULL, NULL);
}
