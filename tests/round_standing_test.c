/* The state of every respondent in a round: what status, report and reminders are made of. */
#include "round_stage.h"

static void assert_state(const cnv_standings *s, uint32_t at, cnv_state state)
{
	assert_string_equal(cnv_state_words(s->replies[at].state), cnv_state_words(state));
}

static void every_respondent_has_one_state(void **state)
{
	cnv_standings standings;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	take(&s, ROUND, "respondent,count\nAA,3\n");
	note(&s, CNV_NOTICE_SENT, "BB", 0, "");
	note(&s, CNV_NOTICE_ACKNOWLEDGED, "BB", 0, "");
	note(&s, CNV_NOTICE_EXTENDED, "CC", today(&s) + 9, "asked by letter");
	read_standings(&s, &standings);
	assert_state(&standings, 0, CNV_STATE_ANSWERED);
	assert_int_equal(standings.replies[0].row, 0);
	assert_state(&standings, 1, CNV_STATE_SILENT);
	assert_state(&standings, 2, CNV_STATE_EXTENDED);
	assert_int_equal(standings.replies[1].notice, CNV_NOTICE_ACKNOWLEDGED);
	assert_int_equal(standings.replies[2].due, today(&s) + 9);
	assert_state(&standings, 3, CNV_STATE_SILENT);
	assert_int_equal(standings.replies[3].row, CNV_NONE);
	assert_int_equal(standings.states[CNV_STATE_ANSWERED], 1);
	assert_int_equal(standings.silent, 3);
	assert_int_equal(standings.states[CNV_STATE_DECLINED], 0);
	assert_true(standings.sent);
	cnv_standings_fini(&standings);
	strike(&s);
}

static void the_latest_event_decides(void **state)
{
	cnv_standings standings;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	note(&s, CNV_NOTICE_SENT, "AA", 0, "");
	note(&s, CNV_NOTICE_DECLINED, "AA", 0, "no ships");
	note(&s, CNV_NOTICE_DECLINED, "BB", 0, "no ships");
	note(&s, CNV_NOTICE_SENT, "BB", 0, "");
	note(&s, CNV_NOTICE_EXTENDED, "CC", 9, "x");
	note(&s, CNV_NOTICE_ACKNOWLEDGED, "CC", 0, "");
	read_standings(&s, &standings);
	assert_state(&standings, 0, CNV_STATE_DECLINED);
	assert_state(&standings, 1, CNV_STATE_SILENT);
	assert_state(&standings, 2, CNV_STATE_EXTENDED);
	assert_int_equal(standings.states[CNV_STATE_DECLINED], 1);
	cnv_standings_fini(&standings);
	strike(&s);
}

static void after_the_due_day_silence_is_overdue_and_a_return_late(void **state)
{
	cnv_noting due = { .has_due = true };
	cnv_standings standings;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	due.due = today(&s);
	assert_int_equal(cnv_notices_keep(&due, s.store, ROUND, s.now, &s.diags), CNV_OK);
	take(&s, ROUND, "respondent,count\nAA,3\n");
	note(&s, CNV_NOTICE_EXTENDED, "DD", today(&s) + 9, "x");
	s.now.utc_ms += A_DAY;
	take(&s, ROUND, "respondent,count\nBB,3\n");
	read_standings(&s, &standings);
	assert_false(standings.replies[0].late);
	assert_true(standings.replies[1].late);
	assert_true(cnv_reply_is_overdue(&standings.replies[2], standings.today));
	assert_false(cnv_reply_is_overdue(&standings.replies[3], standings.today));
	assert_int_equal(standings.overdue, 1);
	assert_int_equal(standings.due, today(&s) - 1);
	cnv_standings_fini(&standings);
	strike(&s);
}

static void rates_are_by_group_in_the_order_of_the_roster(void **state)
{
	static const struct {
		const char *group;
		uint32_t replied, members, percent;
	} rows[] = { { "North", 1, 2, 50 }, { "South", 0, 1, 0 }, { "(no group)", 1, 1, 100 } };
	cnv_standings standings;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	take(&s, ROUND, "respondent,count\nAA,3\nDD,4\n");
	read_standings(&s, &standings);
	assert_int_equal(standings.rate_count, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_true(cnv_str_equal(standings.rates[i].group, cnv_str_from(rows[i].group)));
		assert_int_equal(standings.rates[i].replied, rows[i].replied);
		assert_int_equal(standings.rates[i].members, rows[i].members);
		assert_int_equal(cnv_rate_percent(&standings.rates[i]), rows[i].percent);
	}
	cnv_standings_fini(&standings);
	strike(&s);
}

static void completeness_counts_what_was_asked(void **state)
{
	cnv_standings standings;
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	take(&s, ROUND, "respondent,count,remark\nAA,many,x\nBB,,\nCC,N/A,x\n");
	read_standings(&s, &standings);
	assert_int_equal(standings.responses, 3);
	assert_null(standings.replies);
	assert_int_equal(standings.rate_count, 0);
	assert_int_equal(standings.complete[0].asked, 3);
	assert_int_equal(standings.complete[0].answered, 2); /* "many" is not a number */
	assert_int_equal(standings.complete[0].open, 1);
	assert_int_equal(standings.complete[1].answered, 1);
	assert_int_equal(standings.complete[1].open, 1); /* the remark is not required */
	assert_int_equal(standings.complete[2].answered, 3);
	assert_int_equal(standings.complete[2].open, 0);
	assert_int_equal(standings.errors, 2);
	assert_int_equal(standings.warnings, 1);
	cnv_standings_fini(&standings);
	strike(&s);
}

static void a_respondent_outside_the_roster_is_in_no_count(void **state)
{
	cnv_standings standings;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	take(&s, ROUND, "respondent,count\nZZ,3\n");
	read_standings(&s, &standings);
	assert_int_equal(standings.responses, 1);
	assert_int_equal(standings.states[CNV_STATE_ANSWERED], 0);
	assert_int_equal(standings.silent, 4);
	assert_false(standings.sent);
	cnv_standings_fini(&standings);
	strike(&s);
}

static void days_are_told_in_words(void **state)
{
	static const struct {
		int32_t days;
		const char *words;
	} rows[] = {
		{ 0, "today" }, { 1, "in 1 day" }, { 30, "in 30 days" }, { -1, "1 day ago" }, { -3, "3 days ago" }
	};
	cnv_arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(cnv_days_words(rows[i].days, &arena).at, rows[i].words);
	cnv_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_respondent_has_one_state),
		cmocka_unit_test(the_latest_event_decides),
		cmocka_unit_test(after_the_due_day_silence_is_overdue_and_a_return_late),
		cmocka_unit_test(rates_are_by_group_in_the_order_of_the_roster),
		cmocka_unit_test(completeness_counts_what_was_asked),
		cmocka_unit_test(a_respondent_outside_the_roster_is_in_no_count),
		cmocka_unit_test(days_are_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
