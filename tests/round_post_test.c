/* Reminders and letters: to whom, with what, and nothing where one of them cannot be written. */
#include "round_stage.h"

#include "canvass/packs.h"

typedef struct writing {
	stage s;
	cnv_standings standings;
	cnv_post post;
} writing;

static void set_writing(writing *w)
{
	*w = (writing){ 0 };
	set_stage(&w->s, ships_form, ships_roster);
	take(&w->s, ROUND, "respondent,count\nAA,3\n");
	note(&w->s, CNV_NOTICE_SENT, "BB", 0, "");
	note(&w->s, CNV_NOTICE_EXTENDED, "CC", today(&w->s) + 9, "by letter");
	note(&w->s, CNV_NOTICE_DECLINED, "DD", 0, "no ships");
	read_standings(&w->s, &w->standings);
	w->post = (cnv_post){ .folder = path_to(&w->s, "out"), .stem = CNV_STR("ships"), .now = w->s.now };
}

static cnv_status remind(writing *w)
{
	return cnv_post_remind(&w->post, &w->standings, &w->s.diags);
}

static void strike_writing(writing *w)
{
	cnv_post_fini(&w->post);
	cnv_standings_fini(&w->standings);
	strike(&w->s);
}

static void only_the_silent_are_reminded(void **state)
{
	writing w;

	(void)state;
	set_writing(&w);
	assert_int_equal(remind(&w), CNV_OK);
	assert_int_equal(w.post.count, 2);
	assert_true(cnv_str_equal(w.post.notices[0].respondent, CNV_STR("BB")));
	assert_int_equal(w.post.notices[1].kind, CNV_NOTICE_REMINDED);
	assert_false(is_there(&w.s, "out/AA.txt") || is_there(&w.s, "out/DD.txt"));
	assert_true(holds(read_file(&w.s, "out/BB.txt"), "Dear Beta,\n"));
	assert_true(holds(read_file(&w.s, "out/CC.txt"), "Your extended deadline is 29 December 2026, in 9 days.\n"));
	strike_writing(&w);
}

static void nothing_is_written_where_one_is_there(void **state)
{
	writing w;

	(void)state;
	set_writing(&w);
	mkdir(path_to(&w.s, "out").at, 0700);
	write_file(&w.s, "out/CC.txt", CNV_STR("mine"));
	assert_int_equal(remind(&w), CNV_REJECTED);
	assert_true(cnv_str_equal(w.post.existing, path_to(&w.s, "out/CC.txt")));
	assert_int_equal(w.post.count, 0);
	assert_false(is_there(&w.s, "out/BB.txt"));
	w.post.existing = (cnv_str){ 0 };
	w.post.force = true;
	assert_int_equal(remind(&w), CNV_OK);
	assert_true(holds(read_file(&w.s, "out/CC.txt"), "Dear Gamma"));
	strike_writing(&w);
}

static void set_pack(writing *w)
{
	mkdir(path_to(&w->s, "packs").at, 0700);
	mkdir(path_to(&w->s, "packs/BB").at, 0700);
	write_file(&w->s, "packs/BB/ships-BB.csv", CNV_STR("question,answer\n"));
	w->post.packs = path_to(&w->s, "packs");
	w->post.drafts = true;
}

static void drafts_have_the_pack_attached_as_far_as_it_is_there(void **state)
{
	writing w;

	(void)state;
	set_writing(&w);
	set_pack(&w);
	assert_int_equal(remind(&w), CNV_OK);
	assert_int_equal(w.post.without, 1);
	assert_true(holds(read_file(&w.s, "out/BB.eml"), "ships-BB.csv"));
	assert_false(holds(read_file(&w.s, "out/CC.eml"), "ships-CC"));
	strike_writing(&w);
}

/* A draft without its questionnaire would be sent unnoticed.  No other draft is left either. */
static void a_part_of_a_pack_that_cannot_be_read_is_a_failure(void **state)
{
	writing w;

	(void)state;
	set_writing(&w);
	set_pack(&w);
	mkdir(path_to(&w.s, "packs/CC").at, 0700);
	mkdir(path_to(&w.s, "packs/CC/ships-CC.xlsx").at, 0700);
	assert_int_equal(remind(&w), CNV_NO_ACCESS);
	assert_non_null(strstr(w.s.message, "packs/CC/ships-CC.xlsx: "));
	assert_false(is_there(&w.s, "out/BB.eml") || is_there(&w.s, "out/CC.eml"));
	strike_writing(&w);
}

/* ---------------------------------------------------------------- letters of open questions */

static void on_letter(void *self, cnv_str markdown, uint32_t questions)
{
	cnv_text_format(self, "%.*s %u\n", CNV_ARG(markdown), questions);
}

static cnv_letters letters_of(stage *s, cnv_text *told)
{
	return (cnv_letters){ .form = s->form.form,
			      .roster = &s->roster.roster,
			      .store = s->store,
			      .round = ROUND,
			      .folder = path_to(s, "letters"),
			      .self = told,
			      .tell_letter = on_letter,
			      .diags = &s->diags };
}

static void each_respondent_with_open_questions_gets_a_letter(void **state)
{
	cnv_text told = { 0 };
	cnv_letters letters;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	take(&s, ROUND, "respondent,count,remark\nAA,many,x\nBB,3,x\nCC,,x\n");
	letters = letters_of(&s, &told);
	assert_int_equal(cnv_letters_write(&letters), CNV_OK);
	assert_int_equal(letters.written, 2);
	assert_true(holds(cnv_text_str(&told), "letters/AA.md 1\n"));
	assert_true(holds(cnv_text_str(&told), "letters/CC.md 1\n"));
	assert_false(is_there(&s, "letters/BB.md"));
	assert_true(holds(read_file(&s, "letters/AA.txt"), "many"));
	cnv_letters_fini(&letters);
	/* they are there now */
	cnv_text_reset(&told);
	letters = letters_of(&s, &told);
	unlink(path_to(&s, "letters/AA.md").at);
	assert_int_equal(cnv_letters_write(&letters), CNV_REJECTED);
	assert_true(cnv_str_ends(letters.existing, CNV_STR("letters/AA.txt")));
	assert_false(is_there(&s, "letters/AA.md"));
	assert_int_equal(told.len, 0);
	cnv_letters_fini(&letters);
	cnv_text_fini(&told);
	strike(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_silent_are_reminded),
		cmocka_unit_test(nothing_is_written_where_one_is_there),
		cmocka_unit_test(drafts_have_the_pack_attached_as_far_as_it_is_there),
		cmocka_unit_test(a_part_of_a_pack_that_cannot_be_read_is_a_failure),
		cmocka_unit_test(each_respondent_with_open_questions_gets_a_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
