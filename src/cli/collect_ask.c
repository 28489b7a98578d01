/* An interview at the terminal: a prompt for each question, and a review in the end. */
#include "cli/collect.h"

static const char *attribution_words(cnv_attribution attribution)
{
	static const char *const reasons[] = {
		[CNV_ATTRIBUTED] = NULL,
		[CNV_NO_RESPONDENT] = "no respondent",
		[CNV_UNKNOWN_RESPONDENT] = "not in the roster",
		[CNV_BAD_CODE] = "invalid respondent code; use a short code",
		[CNV_MISALIGNED] = NULL,
	};

	return reasons[attribution];
}

const char *collect_reject_respondent(collect_state *t)
{
	cnv_str code = { 0 };
	const char *reason = attribution_words(cnv_interview_owner(t->session, t->given, cli_roster(t->to), &code));

	if (!reason)
		t->respondent = cnv_arena_copy(&t->arena, code);
	return reason;
}

/* ---------------------------------------------------------------- one question */

/* Says what was understood, where that is not what was typed. */
static void echo(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	cnv_str shown = cnv_session_shown(t->session, cell, &t->temp);

	if (!shown.len || cnv_str_equal(shown, typed))
		return;
	fputs("  = ", stdout);
	collect_put(shown, 4, 0);
}

static void set_answer(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	if (cnv_str_starts(typed, CNV_STR("::")))
		typed = cnv_str_slice(typed, 1, typed.len);
	t->status = cnv_session_set(t->session, cell, collect_read(t, cell, typed));
	if (!t->status)
		t->status = cnv_session_turn(t->session);
}

/* Sets the answer and says what is wrong with it; true: it may stay.  *typed: another, if it was asked which is meant. */
static bool try_answer(collect_state *t, cnv_session_cell cell, cnv_str *typed)
{
	const char *reason = NULL;
	cnv_str first = *typed, meant = first;
	bool passes;

	set_answer(t, cell, first);
	if (t->status)
		return false;
	if (cell.question == t->to->form.form->respondent)
		reason = collect_reject_respondent(t);
	collect_keep(t);
	if (reason) {
		collect_say(cnv_arena_format(&t->temp, "! %s%c", reason, 0).at);
		return false;
	}
	while (!t->status && collect_ask_which(t, cell, &meant)) {
		if (!meant.len)
			return false;
		*typed = meant;
		set_answer(t, cell, meant);
		collect_keep(t);
	}
	if (!collect_goes_on(t))
		return false;
	passes = cnv_session_passes(t->session, cell);
	if (passes)
		echo(t, cell, first);
	collect_put_finding(t, cell, false);
	return passes;
}

/* Is a rejected answer ready to be edited?  Choices and numbers are typed again; screen readers do not read what is
 * already there. */
static bool is_edited(const collect_state *t, cnv_session_cell cell)
{
	cnv_kind kind = t->to->form.form->questions[cell.question].kind;

	return !t->accessible && !cnv_session_list(t->session, cell.question) && kind != CNV_INTEGER &&
	       kind != CNV_DECIMAL && kind != CNV_ACKNOWLEDGE;
}

/* An answer that breaks a rule, or is missing, can be kept: what a paper says is what is keyed. */
static void say_how_to_go_on(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	if (cell.question == t->to->form.form->respondent)
		return;
	if (!typed.len)
		collect_say(":s skips with a reason; Enter again leaves it open");
	else if (is_edited(t, cell))
		collect_say("Type another, or edit this one; Enter again keeps it, and reports it");
	else
		collect_say("Type another; the same again is kept, and reported");
}

/* A command or a search; false: the line is an answer. */
static bool run_line(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	if (collect_is_command(t, cell, typed)) {
		collect_command(t, cell, typed);
		return true;
	}
	if (typed.len < 2 || typed.at[0] != '/' || !cnv_session_list(t->session, cell.question))
		return false;
	collect_show_choices(t, cell, cnv_str_slice(typed, 1, typed.len));
	return true;
}

/* To the review, but first to the questions that answers have opened since it was shown. */
static void return_to_review(collect_state *t, cnv_session_cell cell)
{
	while (cnv_session_next(t->session, &cell))
		if (collect_is_open(t, cell) && !cnv_bit(t->reviewed, cell.question)) {
			collect_go_to(t, cell);
			return;
		}
	collect_go_to(t, (cnv_session_cell){ 0, CNV_NONE });
}

/* Asks one question until its answer stays; t->at is then the place to go on from. */
void collect_ask_one(collect_state *t, cnv_session_cell cell)
{
	cnv_str typed, before = { 0 };
	bool again = false; /* `before` was rejected, and nothing else was done since */

	t->moved = false;
	while (collect_goes_on(t)) {
		bool keep_shown =
			!again && cnv_session_written(t->session, cell).len && cnv_session_passes(t->session, cell);
		cnv_str ready = is_edited(t, cell) ? before : (cnv_str){ 0 };

		if (!collect_line_at(t, cell, collect_prompt(t, cell),
				     cnv_arena_format(&t->temp, "%.*s%c", CNV_ARG(ready), 0).at, &typed))
			return;
		if (run_line(t, cell, typed)) {
			if (t->moved)
				return;
			again = false;
			continue;
		}
		if (!typed.len && keep_shown)
			break;
		if (again && cnv_str_equal(typed, before) && cell.question != t->to->form.form->respondent)
			break;
		if (try_answer(t, cell, &typed) || !collect_goes_on(t))
			break;
		say_how_to_go_on(t, cell, typed);
		before = typed;
		again = true;
	}
	if (!collect_goes_on(t))
		return;
	if (t->returns)
		return_to_review(t, cell);
	else
		collect_go_next(t, cell);
}

/* ---------------------------------------------------------------- the whole */

/* The first cell of an entry may be a group or a nested repeat without a stop of its own. */
static void visit(collect_state *t)
{
	cnv_session_cell cell = t->at;

	cnv_arena_reset(&t->temp);
	if (t->to->form.form->questions[cell.question].role == CNV_REPEAT) {
		if (cnv_session_wanted(t->session, cell.entry, cell.question) == UINT32_MAX) {
			collect_ask_entries(t, cell);
			return;
		}
	} else if (cnv_session_is_question(t->session, cell)) {
		if (collect_is_open(t, cell) && cnv_session_state_of(t->session, cell).asked) {
			collect_show(t, cell);
			collect_ask_one(t, cell);
			return;
		}
	} else {
		collect_show(t, cell);
	}
	collect_go_next(t, cell);
}

static void mark_reviewed(collect_state *t)
{
	cnv_session_cell at = { 0, CNV_NONE };
	uint32_t count = t->to->form.form->count;

	if (!t->reviewed)
		t->reviewed = cnv_arena_array(&t->arena, CNV_BIT_WORDS(count), sizeof *t->reviewed);
	if (!t->reviewed) {
		t->status = CNV_NO_MEMORY;
		return;
	}
	cnv_bits_fill(t->reviewed, count, false);
	while (cnv_session_next(t->session, &at))
		cnv_bit_set(t->reviewed, at.question);
}

/* The prompt of the review, below what can be typed at it. */
static const char *review_prompt(collect_state *t)
{
	bool between = t->twice && !t->deciding;
	const char *yes = !between ? "submits" : t->first ? "compares both keyings" : "begins the second keying";

	collect_say(cnv_arena_format(&t->temp,
				     "y %s; n keeps a draft; r shows all answers; the number of a question changes"
				     " its answer%c",
				     yes, 0)
			    .at);
	return between ? "finished? (y/n)> " : "submit? (y/n)> ";
}

/* After the last question: true: submit; else t->at is set, or the interview ends. */
static bool review(collect_state *t)
{
	const char *prompt;
	cnv_session_cell found;
	cnv_str typed;

	t->returns = false;
	mark_reviewed(t);
	putchar('\n');
	collect_put(collect_summary(t), 2, 1);
	collect_review(t, COLLECT_OPEN_AND_DOUBTFUL);
	prompt = review_prompt(t);
	while (collect_goes_on(t)) {
		if (!collect_line(t, prompt, &typed))
			return false;
		if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes"))
			return true;
		if (cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no")) {
			t->stopped = true;
		} else if (cnv_str_is_word(typed, "r")) {
			collect_review(t, COLLECT_ALL);
		} else if (typed.len && collect_find(t, typed, &found)) {
			collect_go_to(t, found);
			t->returns = true;
			return false;
		} else if (cnv_str_starts(typed, CNV_STR(":"))) {
			collect_command(t, t->at, typed);
			if (t->moved)
				return false;
		} else {
			collect_say("! type y, n, r, or the number of a question");
		}
	}
	return false;
}

void collect_run(collect_state *t)
{
	while (collect_goes_on(t)) {
		if (t->at.question == CNV_NONE && review(t))
			return;
		if (collect_goes_on(t) && t->at.question != CNV_NONE)
			visit(t);
	}
}
