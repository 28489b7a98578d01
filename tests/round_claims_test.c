/* What a return says of itself: another form, another round, a changed hidden sheet, and older versions of the form. */
#include "intake_stage.h"

#include "round/arrival.h"

/* Version 2 asks why and no more for the fax. */
static const char first_form[] =
	"survey\n,type,name,label\n,text,respondent,Who\n,integer,age,Age\n,text,fax,Fax number\n"
	"settings\n,form_title,form_id,version\n,Plain,plain,1\n";
static const char second_form[] = "survey\n,type,name,label\n,text,respondent,Who\n,integer,age,Age\n,text,why,Why\n"
				  "settings\n,form_title,form_id,version\n,Plain,plain,2\n";
static const char other_form[] = "survey\n,type,name,label\n,text,ship,Ship\n,text,flag,Flag\n,integer,cargo,Cargo\n"
				 "settings\n,form_title,form_id,version\n,Cargo,cargo,1\n";

/* ---------------------------------------------------------------- columns and lines */

static const struct claim_case {
	const char *name, *bytes, *heard, *message;
} claim_cases[] = {
	{ "the form itself, its version and round are no news",
	  "respondent,age,form_id,form_version,round\nAA,5,plain,2,r1\nBB,6,plain,2,r1\n",
	  "+ AA 2\n+ BB 2\n= a.csv accepted\n", "" },
	{ "another form", "respondent,age,form_id\nAA,5,zzz\n", "E0680@2\n= a.csv quarantined\n",
	  "this is a return of the form \"zzz\", not of \"plain\" (import it with its own form)" },
	{ "another form in a row further on", "respondent,age,form_id\nAA,5,plain\nBB,5,zzz\n",
	  "E0680@3\n= a.csv quarantined\n",
	  "this is a return of the form \"zzz\", not of \"plain\" (import it with its own form)" },
	{ "another form on a line of its own",
	  "question,no,label,answer,note\nrespondent,,,AA,\nage,,,5,\nform_id,,,zzz,\n",
	  "E0680@4\n= a.csv quarantined\n",
	  "this is a return of the form \"zzz\", not of \"plain\" (import it with its own form)" },
	{ "an id of a tool's own making names no other form",
	  "respondent,age,_xform_id_string\nAA,5,aB3dE5gH7jK9mN1pQ3rS5t\n", "+ AA 2\n= a.csv accepted\n", "" },
	{ "a tool's name of another form", "respondent,age,_xform_id_string\nAA,5,zzz\n",
	  "E0680@2\n= a.csv quarantined\n",
	  "this is a return of the form \"zzz\", not of \"plain\" (import it with its own form)" },
	{ "another form says more than a header that is none", "ship,flag,form_id\nA,B,zzz\n",
	  "E0680@2\n= a.csv quarantined\n",
	  "this is a return of the form \"zzz\", not of \"plain\" (import it with its own form)" },
	{ "another round", "respondent,age,round\nAA,5,r0\n", "E0681@2\n= a.csv quarantined\n",
	  "this is a return of round r0, and round r1 is being imported (import it with --round r0)" },
	{ "rows of several rounds", "respondent,age,round\nAA,5,r1\nBB,6,r0\n", "E0681@3\n= a.csv quarantined\n",
	  "this is a return of round r0, and round r1 is being imported (put the responses of each round into a "
	  "separate file)" },
	{ "a version that is not known", "respondent,age,form_version\nAA,5,7\n", "W0684@2\n+ AA 2\n= a.csv accepted\n",
	  "made for an unknown version of the form; read as version \"2\" (if answers are missing, name the older form "
	  "with --was)" },
	{ "rows of several versions", "respondent,age,form_version\nAA,5,2\nBB,6,1\n",
	  "W0684@3\n+ AA 2\n+ BB 2\n= a.csv accepted\n",
	  "its responses are for several versions of the form; read as version \"2\" (if answers are missing, name the "
	  "older "
	  "form with --was)" },
	{ "a version of a tool's own counting is not judged", "respondent,age,__version__\nAA,5,vQ7\n",
	  "+ AA 2\n= a.csv accepted\n", "" },
};

static void a_return_says_what_it_is(void **state)
{
	const struct claim_case *row = *state;
	importing i;

	set_importing(&i, second_form, NULL);
	import_text(&i, "a.csv", row->bytes);
	assert_string_equal(i.heard.at + strlen("file a.csv\n"), row->heard);
	assert_string_equal(i.message, row->message);
	strike_importing(&i);
}

static void another_form_is_named_where_it_is_in_the_folder(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, second_form, NULL);
	write_file(&i.s, "cargo.csv", cnv_str_from(other_form));
	import_text(&i, "a.csv", "respondent,age,form_id\nAA,5,cargo\n");
	assert_non_null(strstr(i.message, "(import it with /"));
	assert_non_null(strstr(i.message, "/cargo.csv)"));
	/* Of a file that says nothing of itself the form is guessed. */
	assert_string_equal(import_text(&i, "b.csv", "ship,flag\nA,B\n"), "file b.csv\nE0601@1\n= b.csv quarantined\n");
	assert_non_null(strstr(i.message, "(this looks like a return of the form \"cargo\": import it with /"));
	strike_importing(&i);
}

/* ---------------------------------------------------------------- the hidden sheet */

static const struct hidden_case {
	const char *name, *form, *round, *respondent;
	const char *changed; /* the respondent after the check value was made; NULL: as it was */
	bool unchecked;      /* without a check value */
	const char *said;
} hidden_cases[] = {
	{ "a hidden sheet as it was sent out", "plain", "r1", "AA", NULL, false, "" },
	{ "a hidden sheet with another respondent", "plain", "r1", "AA", "BB", false, "E0683" },
	{ "a hidden sheet whose respondent is gone", "plain", "r1", "AA", "", false, "E0683" },
	{ "a hidden sheet that has lost its check value", "plain", "r1", "AA", NULL, true, "E0683" },
	{ "a questionnaire for nobody in particular has no check value", "plain", NULL, NULL, NULL, true, "" },
	{ "a hidden sheet of another round", "plain", "r0", "AA", NULL, false, "E0681" },
	{ "another form comes before all other reasons", "cargo", "r0", "AA", "BB", false, "E0680" },
};

static void set_claim(cnv_claims *claims, cnv_claim_key key, const char *value)
{
	if (value)
		claims->at[key] = (cnv_claim){ .hidden = true, .value = cnv_str_from(value) };
}

static void a_hidden_sheet_is_checked(void **state)
{
	const struct hidden_case *row = *state;
	cnv_claims claims = { .hidden = true };
	cnv_str values[CNV_CLAIM_KEYS] = { { 0 } };
	char check[CNV_CHECK_ROOM];
	cnv_intake in = { 0 };
	arrival a = { .intake = &in, .name = CNV_STR("a.xlsx") };
	stage s;

	set_stage(&s, second_form, NULL);
	in.form = &s.form;
	in.options.round = ROUND;
	a.diags = s.diags;
	set_claim(&claims, CNV_CLAIM_FORM, row->form);
	set_claim(&claims, CNV_CLAIM_ROUND, row->round);
	set_claim(&claims, CNV_CLAIM_RESPONDENT, row->respondent);
	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++)
		values[i] = claims.at[i].value;
	cnv_claims_check(values, check);
	if (!row->unchecked)
		set_claim(&claims, CNV_CLAIM_CHECK, check);
	set_claim(&claims, CNV_CLAIM_RESPONDENT, row->changed);
	assert_int_equal(claims_judge(&a, &claims), row->said[0] ? CNV_REJECTED : CNV_OK);
	assert_string_equal(s.said, row->said);
	cnv_arena_fini(&a.arena);
	strike(&s);
}

/* ---------------------------------------------------------------- older versions */

/* The round goes on with another version of the form. */
static void give_form(importing *i, const char *form)
{
	assert_int_equal(cnv_store_close(i->s.store, &i->s.diags), CNV_OK);
	i->s.store = NULL;
	cnv_form_file_fini(&i->s.form);
	write_file(&i->s, "form.csv", cnv_str_from(form));
	assert_int_equal(cnv_form_file_load(&i->s.form, path_to(&i->s, "form.csv"), false, &i->s.diags), CNV_OK);
	open_store(&i->s, CNV_STORE_WRITE);
}

static void an_older_version_is_known_by_its_name(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, first_form, NULL);
	import_text(&i, "a.csv", "respondent,age,fax\nAA,5,77\n");
	give_form(&i, second_form);
	assert_string_equal(import_text(&i, "b.csv", "respondent,age,fax,form_version\nBB,5,77,1\n"),
			    "file b.csv\nN0685@2\nW0635@0\n+ BB 2\n= b.csv accepted\n");
	/* The present one in between; the older one is at hand still. */
	write_file(&i.s, "c.csv", CNV_STR("respondent,age,why,form_version\nCC,5,so,2\n"));
	write_file(&i.s, "d.csv", CNV_STR("respondent,age,form_version\nDD,5,1\n"));
	assert_string_equal(import(&i, "c.csv d.csv"), "file c.csv\n+ CC 3\n= c.csv accepted\n"
						       "file d.csv\nN0685@2\n+ DD 2\n= d.csv accepted\n");
	strike_importing(&i);
}

static void an_older_version_is_known_by_its_digest(void **state)
{
	char hex[65], wrong[65];
	importing i;

	(void)state;
	set_importing(&i, first_form, NULL);
	import_text(&i, "a.csv", "respondent,age,fax\nAA,5,77\n");
	cnv_hex_write(i.s.form.form->sha256, 32, hex);
	hex[64] = 0;
	memset(wrong, 'a', 64);
	wrong[64] = 0;
	give_form(&i, second_form);
	import_text(&i, "b.csv", cnv_arena_format(&i.s.arena, "respondent,age,form_sha256\nBB,5,%s\n", hex).at);
	assert_string_equal(i.heard.at, "file b.csv\nN0685@2\n+ BB 2\n= b.csv accepted\n");
	import_text(&i, "c.csv", cnv_arena_format(&i.s.arena, "respondent,age,form_sha256\nCC,5,%s\n", wrong).at);
	assert_string_equal(i.heard.at, "file c.csv\nW0684@2\n+ CC 2\n= c.csv accepted\n");
	cnv_hex_write(i.s.form.form->sha256, 32, hex);
	import_text(&i, "d.csv", cnv_arena_format(&i.s.arena, "respondent,age,form_sha256\nDD,5,%s\n", hex).at);
	assert_string_equal(i.heard.at, "file d.csv\n+ DD 2\n= d.csv accepted\n");
	strike_importing(&i);
}

static void an_older_form_may_be_given(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, second_form, NULL);
	write_file(&i.s, "older.csv", cnv_str_from(first_form));
	i.options.was = path_to(&i.s, "older.csv");
	assert_string_equal(import_text(&i, "a.csv", "respondent,age,fax\nAA,5,77\n"),
			    "file a.csv\nN0685@0\nW0635@0\n+ AA 2\n= a.csv accepted\n");
	i.options.was = path_to(&i.s, "gone.csv");
	assert_string_equal(import_text(&i, "b.csv", "respondent,age,fax\nBB,5,77\n"),
			    "file b.csv\nE0003@0\n= b.csv failed\n");
	assert_int_equal(i.totals.fault, CNV_NO_ACCESS);
	assert_string_equal(stored(&i, "SELECT respondent FROM response"), "AA\n");
	strike_importing(&i);
}

/* ---------------------------------------------------------------- said late */

static cnv_str rows_of(importing *i, uint32_t rows, const char *last)
{
	cnv_text out = { 0 };
	cnv_str copy;

	cnv_text_put(&out, CNV_STR("respondent,age,round,form_version\n"));
	for (uint32_t row = 1; row <= rows; row++)
		cnv_text_format(&out, "R%05u,5,r1,1\n", row);
	cnv_text_format(&out, "%s", last);
	copy = cnv_arena_copy(&i->s.arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy;
}

/* The first windows have flowed when the last row says that the return is none of ours, or of another version. */
static void what_the_last_row_says_counts_for_all(void **state)
{
	static const uint32_t rows[] = { 3, 5 * CNV_WINDOW_ROWS };
	importing i;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		set_importing(&i, first_form, NULL);
		import_text(&i, "a.csv", "respondent,age,fax\nAA,5,77\n");
		give_form(&i, second_form);
		write_file(&i.s, "b.csv", rows_of(&i, rows[k], "ZZ,5,r0,1\n"));
		import(&i, "b.csv");
		assert_non_null(strstr(i.heard.at, "= b.csv quarantined\n"));
		assert_non_null(strstr(i.heard.at, "E0681@"));
		assert_string_equal(stored(&i, "SELECT count(*) FROM response"), "1\n");
		write_file(&i.s, "c.csv", rows_of(&i, rows[k], "ZZ,5,r1,2\n"));
		import(&i, "c.csv");
		assert_non_null(strstr(i.heard.at, "W0684@"));
		assert_non_null(strstr(i.heard.at, "= c.csv accepted\n"));
		assert_int_equal(i.totals.warnings, 1);
		assert_int_equal(i.totals.responses.fresh, rows[k] + 1);
		assert_string_equal(stored(&i, "SELECT DISTINCT form FROM response WHERE file > 1"), "2\n");
		strike_importing(&i);
	}
}

#define ADD(rows, test)                                                                                                \
	for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)                                                     \
		tests[count++] = (struct CMUnitTest){ .name = (rows)[i].name,                                          \
						      .test_func = (test),                                             \
						      .initial_state = (void *)(uintptr_t) & (rows)[i] };

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(another_form_is_named_where_it_is_in_the_folder),
		cmocka_unit_test(an_older_version_is_known_by_its_name),
		cmocka_unit_test(an_older_version_is_known_by_its_digest),
		cmocka_unit_test(an_older_form_may_be_given),
		cmocka_unit_test(what_the_last_row_says_counts_for_all),
	};
	struct CMUnitTest tests[64] = { 0 };
	size_t count = 0;

	ADD(claim_cases, a_return_says_what_it_is);
	ADD(hidden_cases, a_hidden_sheet_is_checked);
	memcpy(tests + count, others, sizeof others);
	count += sizeof others / sizeof *others;
	return _cmocka_run_group_tests("round_claims", tests, count, NULL, NULL);
}
