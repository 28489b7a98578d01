/* Whose answers a return holds: named by the answers, by the person who imports it, or by the file itself. */
#include "intake_stage.h"

#define QUESTIONS ",integer,age,Age\n,text,why,Why\n"
#define SETTINGS "settings\n,form_title,form_id\n,Plain,plain\n"

/* The answers name the respondent; nobody asks who answers; and who answers is a choice of a list. */
static const char named_form[] = "survey\n,type,name,label\n,text,respondent,Who\n" QUESTIONS SETTINGS;
static const char nameless_form[] = "survey\n,type,name,label\n" QUESTIONS SETTINGS;
static const char chosen_form[] = "survey\n,type,name,label\n,select_one who,who,Who\n" QUESTIONS
				  "choices\n,list_name,name,label\n,who,1,Alpha\n,who,2,Beta\n,who,9,Nobody\n"
				  "settings\n,form_title,form_id,respondent\n,Plain,plain,who\n";

static const char roster[] = "code,name\nAA,Alpha\nBB,Beta\nCC,Gamma\n";

static const struct owner_case {
	const char *name, *form, *roster, *respondent; /* respondent: as the command line says; NULL: it says none */
	const char *file, *bytes, *heard, *message, *owners;
} owner_cases[] = {
	/* by the answers */
	{ "the answers name a code", named_form, roster, NULL, "a.csv", "respondent,age\nAA,5\n",
	  "+ AA 2\n= a.csv accepted\n", "", "AA\n" },
	{ "the answers name a respondent by its name", named_form, roster, NULL, "a.csv", "respondent,age\n gamma ,5\n",
	  "~ respondent: \"gamma\" -> \"CC\"\n+ CC 2\n= a.csv accepted\n", "", "CC\n" },
	{ "a choice whose label is a name", chosen_form, roster, NULL, "a.csv", "who,age\n2,5\n",
	  "~ who: \"2\" -> \"BB\"\n+ BB 2\n= a.csv accepted\n", "", "BB\n" },
	{ "a choice that is not in the roster", chosen_form, roster, NULL, "a.csv", "who,age\n9,5\n",
	  "E0691@2\n= a.csv accepted\n",
	  "\"9\" is not in the roster (correct it in the file, and import the file again)", "" },
	{ "without a roster any code will do", named_form, NULL, NULL, "a.csv", "respondent,age\nQQ,5\n",
	  "+ QQ 2\n= a.csv accepted\n", "", "QQ\n" },
	{ "a code no file can be named for", named_form, NULL, NULL, "a.csv",
	  "respondent,age\nA\x07"
	  "A,5\n",
	  "E0692@2\n= a.csv accepted\n", "this cannot be the code of a respondent (use a short code)", "" },
	{ "a slip in a name", named_form, roster, NULL, "a.csv", "respondent,age\nGama,5\n",
	  "E0691@2\n= a.csv accepted\n", "\"Gama\" is not in the roster (did you mean \"Gamma\"?)", "" },
	{ "an unknown respondent in the long layout", named_form, roster, NULL, "a.csv",
	  "question,no,label,answer,note\nrespondent,,,QQ,\nage,,,5,\n", "E0691@2\n= a.csv quarantined\n",
	  "\"QQ\" is not in the roster (correct it, or add it to the roster; then import the file again, with --roster "
	  "FILE)",
	  "" },
	/* by the command line */
	{ "the command line says it where nobody asks", nameless_form, roster, "BB", "a.csv", "age,why\n5,x\n",
	  "+ BB 2\n= a.csv accepted\n", "", "BB\n" },
	{ "the command line may say a name", nameless_form, roster, "Beta", "a.csv", "age,why\n5,x\n",
	  "~ : \"Beta\" -> \"BB\"\n+ BB 2\n= a.csv accepted\n", "", "BB\n" },
	{ "the command line names nobody of the roster", nameless_form, roster, "QQ", "a.csv", "age,why\n5,x\n",
	  "E0691@2\n= a.csv accepted\n", "\"QQ\" is not in the roster (correct --respondent, or add it to the roster)",
	  "" },
	{ "the command line says it where the question is blank", named_form, roster, "Beta", "a.csv",
	  "respondent,age\n,5\n", "~ respondent: \"\" -> \"BB\"\n+ BB 2\n= a.csv accepted\n", "", "BB\n" },
	{ "one code does not name several responses", nameless_form, roster, "BB", "a.csv", "age,why\n5,x\n6,y\n",
	  "E0690@2\nE0690@3\n= a.csv accepted\n",
	  "no respondent: the respondent is missing (--respondent names a single response; for several, add a column "
	  "respondent)",
	  "" },
	{ "nobody says it", nameless_form, roster, NULL, "a.csv", "age,why\n5,x\n", "E0690@2\n= a.csv accepted\n",
	  "no respondent: the respondent is missing (name the respondent with --respondent CODE)", "" },
	{ "the question is blank", named_form, roster, NULL, "a.csv", "respondent,age\n,5\n",
	  "E0690@2\n= a.csv accepted\n",
	  "no respondent: the respondent is missing (fill it in, or say whose it is with canvass quarantine "
	  "--attribute)",
	  "" },
	/* by the file itself */
	{ "the file says it where nobody asks", nameless_form, roster, NULL, "a.csv", "age,why,respondent\n5,x,CC\n",
	  "+ CC 2\n= a.csv accepted\n", "", "CC\n" },
	{ "the file may say a name", nameless_form, roster, NULL, "a.csv", "age,why,respondent\n5,x,Gamma\n",
	  "~ : \"Gamma\" -> \"CC\"\n+ CC 2\n= a.csv accepted\n", "", "CC\n" },
	{ "the file names nobody of the roster", nameless_form, roster, NULL, "a.csv", "age,why,respondent\n5,x,QQ\n",
	  "E0691@2\n= a.csv accepted\n",
	  "\"QQ\" is not in the roster (correct it in the file, and import the file again)", "" },
	{ "the file says it for a blank question", chosen_form, roster, NULL, "a.csv", "who,age,respondent\n,5,CC\n",
	  "~ : \"\" -> \"CC\"\n+ CC 1\n= a.csv accepted\n", "", "CC\n" },
	{ "the file names an unknown respondent for a blank question", chosen_form, roster, NULL, "a.csv",
	  "who,age,respondent\n,5,Gama\n", "E0691@2\n= a.csv accepted\n",
	  "\"Gama\" is not in the roster (did you mean \"Gamma\"?)", "" },
	/* contradictions */
	{ "the file says another respondent than its answers", chosen_form, roster, NULL, "a.csv",
	  "who,age,respondent\n1,5,BB\n", "E0682@2\n= a.csv quarantined\n",
	  "the file is the return of \"BB\", but the answers are from \"AA\" (ask whose answers they are, and "
	  "correct the name)",
	  "" },
	{ "the command line says another respondent than the file", nameless_form, roster, "AA", "a.csv",
	  "age,why,respondent\n5,x,BB\n", "W0694@2\n+ BB 2\n= a.csv accepted\n",
	  "--respondent is \"AA\", but the answers are from \"BB\" (check that this is the right file; its answers "
	  "count)",
	  "BB\n" },
	{ "the command line says another respondent than the answers", named_form, roster, "BB", "a.csv",
	  "respondent,age\nAA,5\n", "W0694@2\n+ AA 2\n= a.csv accepted\n",
	  "--respondent is \"BB\", but the answers are from \"AA\" (check that this is the right file; its answers "
	  "count)",
	  "AA\n" },
	{ "the command line may say the name of the same respondent", named_form, roster, "Alpha", "a.csv",
	  "respondent,age\nAA,5\n", "+ AA 2\n= a.csv accepted\n", "", "AA\n" },
	{ "the file is named for another respondent", named_form, roster, NULL, "BB.csv", "respondent,age\nAA,5\n",
	  "W0694@2\n+ AA 2\n= BB.csv accepted\n",
	  "the file name says \"BB\", but the answers are from \"AA\" (check that this is the right file; its "
	  "answers count)",
	  "AA\n" },
	{ "the name of a file decides nothing", nameless_form, roster, NULL, "BB.csv", "age,why\n5,x\n",
	  "E0690@2\n= BB.csv accepted\n",
	  "no respondent: the respondent is missing (name the respondent with --respondent CODE)", "" },
	/* several rows */
	{ "a file of several responses is no one's", named_form, roster, "BB", "CC.csv", "respondent,age\nAA,5\nBB,6\n",
	  "+ AA 2\n+ BB 2\n= CC.csv accepted\n", "", "AA\nBB\n" },
	{ "rows without an owner do not keep the others out", named_form, roster, NULL, "a.csv",
	  "respondent,age\nQQ,1\n,2\nBeta,3\n",
	  "E0691@2\nE0690@3\n~ respondent: \"Beta\" -> \"BB\"\n+ BB 2\n= a.csv accepted\n",
	  "no respondent: the respondent is missing (fill it in, or say whose it is with canvass quarantine "
	  "--attribute)",
	  "BB\n" },
	{ "a row with too many cells is misread, and set aside", named_form, roster, NULL, "a.csv",
	  "respondent,age\nAA,1,2,3\nBB,2\n", "E0606@2\n+ BB 2\n= a.csv accepted\n",
	  "2 more filled cells than header columns; the answers of this row cannot be matched to questions (put quotes "
	  "around "
	  "each text that contains the separator)",
	  "BB\n" },
};

static void the_owner_is_found(void **state)
{
	const struct owner_case *row = *state;
	importing i;

	set_importing(&i, row->form, row->roster);
	if (row->respondent)
		i.options.respondent = cnv_str_from(row->respondent);
	import_text(&i, row->file, row->bytes);
	assert_string_equal(strchr(i.heard.at, '\n') + 1, row->heard);
	assert_string_equal(i.message, row->message);
	assert_string_equal(stored(&i, "SELECT respondent FROM response ORDER BY id"), row->owners);
	strike_importing(&i);
}

/* What quarantine keeps of a row is a record that can be read again. */
static void a_row_set_aside_is_kept_as_a_record(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, named_form, roster);
	import_text(&i, "a.csv", "respondent,age,why\nQQ,5,\"say \"\"no\"\", twice\"\n");
	assert_string_equal(stored(&i, "SELECT line, code, field, bytes FROM quarantine"),
			    "2|691|respondent|\"QQ\",\"5\",\"say \"\"no\"\", twice\"\n");
	strike_importing(&i);
}

/* The reason kept with each row is its own, whatever was wrong with the file or the rows before. */
static void each_row_has_its_own_reason(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, named_form, roster);
	import_text(&i, "a.csv", "respondent,age\nQQ,1\n,2\nAA,1,2,3\nRR,4\nBB,1,2\n");
	assert_string_equal(stored(&i, "SELECT line, code FROM quarantine ORDER BY id"),
			    "2|691\n3|690\n4|606\n5|691\n6|606\n");
	assert_string_equal(stored(&i, "SELECT DISTINCT message FROM quarantine WHERE code = 606"),
			    "the row has more cells than the header, so its answers may be in the wrong columns\n");
	strike_importing(&i);
}

/* A large file is rejected by its last row, long after a row was set aside for a reason of its own. */
static void a_file_is_not_set_aside_for_the_reason_of_a_row(void **state)
{
	static const char *const rows[] = { ",5,r1\n", "AA,5,r1,9\n" };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		cnv_text file = { 0 };
		importing i;

		set_importing(&i, named_form, NULL);
		cnv_text_format(&file, "respondent,age,round\n%s", rows[k]);
		for (uint32_t row = 1; row <= 5 * CNV_WINDOW_ROWS; row++)
			cnv_text_format(&file, "R%05u,5,r1\n", row);
		cnv_text_put(&file, CNV_STR("ZZ,5,r0\n"));
		write_file(&i.s, "a.csv", cnv_text_str(&file));
		import(&i, "a.csv");
		assert_non_null(strstr(i.heard.at, "= a.csv quarantined\n"));
		assert_string_equal(stored(&i, "SELECT whole, line, code FROM quarantine"), "1|20483|681\n");
		cnv_text_fini(&file);
		strike_importing(&i);
	}
}

int main(void)
{
	enum { CASES = sizeof owner_cases / sizeof *owner_cases };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_row_set_aside_is_kept_as_a_record),
		cmocka_unit_test(each_row_has_its_own_reason),
		cmocka_unit_test(a_file_is_not_set_aside_for_the_reason_of_a_row),
	};
	struct CMUnitTest tests[CASES + sizeof others / sizeof *others] = { 0 };

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = owner_cases[i].name,
						.test_func = the_owner_is_found,
						.initial_state = (void *)(uintptr_t)&owner_cases[i] };
	memcpy(tests + CASES, others, sizeof others);
	return _cmocka_run_group_tests("round_owner", tests, sizeof tests / sizeof *tests, NULL, NULL);
}
