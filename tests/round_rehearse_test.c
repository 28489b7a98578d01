/* Invented returns in files, and what of stored answers would fall under another form. */
#include "round_stage.h"

static cnv_rehearsal rehearsal_of(stage *s, const char *folder, uint64_t seed, bool broken)
{
	return (cnv_rehearsal){ .form = &s->form,
				.folder = path_to(s, folder),
				.count = 4,
				.seed = seed,
				.broken = broken,
				.now = s->now };
}

static void the_same_seed_gives_the_same_returns(void **state)
{
	const char *const folders[] = { "one", "two", "three" };
	cnv_rehearsal rehearsal;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	for (uint64_t i = 0; i < 3; i++) {
		rehearsal = rehearsal_of(&s, folders[i], 7 + i / 2, false);
		assert_int_equal(cnv_rehearse(&rehearsal, &s.roster.roster, &s.diags), CNV_OK);
		assert_int_equal(rehearsal.refused, 0);
		cnv_rehearsal_fini(&rehearsal);
	}
	assert_true(holds(read_file(&s, "one/AA.csv"), "\nrespondent,,Who,AA,"));
	assert_true(holds(read_file(&s, "one/AA.csv"), "Invented by canvass simulate; not a real return."));
	assert_true(cnv_str_equal(read_file(&s, "one/DD.csv"), read_file(&s, "two/DD.csv")));
	assert_false(cnv_str_equal(read_file(&s, "one/DD.csv"), read_file(&s, "three/DD.csv")));
	assert_false(is_there(&s, "one-broken.csv"));
	strike(&s);
}

static void what_was_spoiled_is_listed_next_to_the_folder(void **state)
{
	cnv_rehearsal rehearsal;
	uint64_t lines = 0;
	cnv_str list;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	rehearsal = rehearsal_of(&s, "out", 3, true);
	assert_int_equal(cnv_rehearse(&rehearsal, &s.roster.roster, &s.diags), CNV_OK);
	list = read_file(&s, "out-broken.csv");
	for (size_t i = 0; i < list.len; i++)
		lines += list.at[i] == '\n';
	assert_true(rehearsal.defects > 0);
	assert_int_equal(lines, rehearsal.defects + 1);
	cnv_rehearsal_fini(&rehearsal);
	strike(&s);
}

static void without_a_roster_returns_are_numbered_and_nothing_is_replaced(void **state)
{
	cnv_rehearsal rehearsal;
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	rehearsal = rehearsal_of(&s, "out", 1, false);
	assert_int_equal(cnv_rehearse(&rehearsal, NULL, &s.diags), CNV_OK);
	cnv_rehearsal_fini(&rehearsal);
	assert_true(holds(read_file(&s, "out/00004.csv"), "respondent,,Who,R00004,"));
	assert_false(is_there(&s, "out/00005.csv"));
	unlink(path_to(&s, "out/00001.csv").at);
	rehearsal = rehearsal_of(&s, "out", 2, false);
	assert_int_equal(cnv_rehearse(&rehearsal, NULL, &s.diags), CNV_REJECTED);
	assert_true(cnv_str_equal(rehearsal.existing, path_to(&s, "out/00002.csv")));
	assert_false(is_there(&s, "out/00001.csv"));
	cnv_rehearsal_fini(&rehearsal);
	strike(&s);
}

static void force_spares_the_form_and_the_roster(void **state)
{
	const char *const rosters[] = { "code,name\nAA,Alpha\nform,Beta\n", "code,name\nAA,Alpha\nroster,Beta\n" };
	cnv_rehearsal rehearsal;
	stage s;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		set_stage(&s, ships_form, rosters[i]);
		rehearsal = rehearsal_of(&s, "", 1, false);
		rehearsal.count = 2;
		rehearsal.folder = cnv_str_from(s.folder);
		rehearsal.force = true;
		assert_int_equal(cnv_rehearse(&rehearsal, &s.roster.roster, &s.diags), CNV_REJECTED);
		assert_true(cnv_str_equal(read_file(&s, "form.csv"), cnv_str_from(ships_form)));
		assert_true(cnv_str_equal(read_file(&s, "roster.csv"), cnv_str_from(rosters[i])));
		assert_false(is_there(&s, "AA.csv"));
		cnv_rehearsal_fini(&rehearsal);
		strike(&s);
	}
}

/* ---------------------------------------------------------------- against another form */

static void on_begin(void *self, const cnv_against *against)
{
	cnv_text_format(self, "%u:", (unsigned)against->responses);
}

static void on_fallen(void *self, const cnv_fallen *fallen)
{
	cnv_text_format(self, " %.*s %.*s \"%.*s\"", CNV_ARG(fallen->respondent), CNV_ARG(fallen->path),
			CNV_ARG(fallen->value));
}

static void what_would_fall_and_be_asked_again_is_told(void **state)
{
	cnv_text told = { 0 };
	cnv_form_file after = { 0 };
	cnv_matching matching;
	cnv_against against;
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	take(&s, ROUND, "respondent,count,remark\nAA,3,x\nBB,12,\n");
	write_file(&s, "after.csv",
		   CNV_STR("survey\n,type,name,label,required,constraint\n,text,respondent,Who,yes,\n"
			   ",integer,count,How many,yes,. < 9\n,text,flag,Flag,yes,\n"
			   "settings\n,form_id\n,ships\n"));
	assert_int_equal(cnv_form_file_load(&after, path_to(&s, "after.csv"), false, &s.diags), CNV_OK);
	assert_int_equal(cnv_form_match(&matching, s.form.form, after.form, &s.arena), CNV_OK);
	against = (cnv_against){ .before = &s.form,
				 .after = &after,
				 .matching = &matching,
				 .round = ROUND,
				 .now = s.now,
				 .self = &told,
				 .tell_begin = on_begin,
				 .tell_fallen = on_fallen };
	assert_int_equal(cnv_against_run(&against, s.store, &s.diags), CNV_OK);
	cnv_text_put_char(&told, 0);
	assert_string_equal(told.at, "2: AA remark \"x\" BB count \"12\"");
	assert_int_equal(against.fallen, 2);
	assert_int_equal(against.anew[cnv_form_find(after.form, CNV_STR("flag"))].required, 2);
	assert_int_equal(against.anew[cnv_form_find(after.form, CNV_STR("count"))].asked, 0);
	cnv_against_fini(&against);
	cnv_form_file_fini(&after);
	cnv_text_fini(&told);
	strike(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_returns),
		cmocka_unit_test(what_was_spoiled_is_listed_next_to_the_folder),
		cmocka_unit_test(without_a_roster_returns_are_numbered_and_nothing_is_replaced),
		cmocka_unit_test(force_spares_the_form_and_the_roster),
		cmocka_unit_test(what_would_fall_and_be_asked_again_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
