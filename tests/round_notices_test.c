/* What passed with respondents is kept once, however often the command that says so is run. */
#include "round_stage.h"

static const cnv_notice *list(stage *s, uint32_t *count)
{
	const cnv_notice *notices;

	assert_int_equal(cnv_store_notices(s->store, ROUND, &s->arena, &notices, count, &s->diags), CNV_OK);
	return notices;
}

static void the_same_event_of_a_day_is_kept_once(void **state)
{
	uint32_t count;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	note(&s, CNV_NOTICE_SENT, "AA", 0, "");
	s.now.utc_ms += 3600000;
	note(&s, CNV_NOTICE_SENT, "AA", 0, "");
	note(&s, CNV_NOTICE_SENT, "BB", 0, "");
	note(&s, CNV_NOTICE_REMINDED, "AA", 0, "");
	list(&s, &count);
	assert_int_equal(count, 3);
	s.now.utc_ms += A_DAY;
	note(&s, CNV_NOTICE_SENT, "AA", 0, "");
	list(&s, &count);
	assert_int_equal(count, 4);
	strike(&s);
}

/* Ten and twelve o'clock UTC are two days in Wellington. */
static void the_day_is_that_of_the_persons_zone(void **state)
{
	uint32_t count;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	s.now.utc_offset = 13 * 3600;
	s.now.utc_ms -= 7200000;
	note(&s, CNV_NOTICE_SENT, "AA", 0, "");
	s.now.utc_ms += 7200000;
	note(&s, CNV_NOTICE_SENT, "AA", 0, "");
	list(&s, &count);
	assert_int_equal(count, 2);
	strike(&s);
}

static void what_is_said_again_is_the_latest(void **state)
{
	const cnv_notice *notices;
	uint32_t count;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	note(&s, CNV_NOTICE_EXTENDED, "AA", 100, "by letter");
	note(&s, CNV_NOTICE_DECLINED, "AA", 0, "no ships");
	note(&s, CNV_NOTICE_EXTENDED, "AA", 107, "a slip of the finger");
	notices = list(&s, &count);
	assert_int_equal(count, 2);
	assert_int_equal(notices[0].kind, CNV_NOTICE_DECLINED);
	assert_int_equal(notices[1].due, 107);
	assert_true(cnv_str_equal(notices[1].reason, CNV_STR("a slip of the finger")));
	strike(&s);
}

static void what_was_sent_makes_its_round_current(void **state)
{
	cnv_noting sent = { .make_current = true }, due = { .has_due = true, .due = 9 };
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	take(&s, CNV_STR("2025"), "respondent,count\nAA,3\n");
	assert_int_equal(cnv_notices_keep(&due, s.store, CNV_STR("2026"), s.now, &s.diags), CNV_OK);
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2025")));
	assert_int_equal(cnv_notices_keep(&sent, s.store, CNV_STR("2026"), s.now, &s.diags), CNV_OK);
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2026")));
	strike(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_event_of_a_day_is_kept_once),
		cmocka_unit_test(the_day_is_that_of_the_persons_zone),
		cmocka_unit_test(what_is_said_again_is_the_latest),
		cmocka_unit_test(what_was_sent_makes_its_round_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
