/* An interview at the terminal: a prompt for each question, and a review in the end. */
#include <inttypes.h>

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

/* Sets the answer and says what is wrong with it; true: it may stay. */
static bool try_answer(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	const char *reason = NULL;

	if (cnv_str_starts(typed, CNV_STR("::")))
		typed = cnv_str_slice(typed, 1, typed.len);
	t->status = cnv_session_set(t->session, cell, collect_read(t, cell, typed));
	if (!t->status)
		t->status = cnv_session_turn(t->session);
	if (t->status)
		return false;
	if (cell.question == t->to->form.form->respondent)
		reason = collect_reject_respondent(t);
	collect_keep(t);
	if (reason) {
		collect_say(cnv_arena_format(&t->temp, "! %s%c", reason, 0).at);
		return false;
	}
	echo(t, cell, typed);
	collect_put_finding(t, cell);
	return cnv_session_passes(t->session, cell);
}

/* An answer that breaks a rule, or is missing, can be kept: what a paper says is what is keyed. */
static bool keeps(collect_state *t, cnv_session_cell cell, cnv_str typed, cnv_str before, bool again)
{
	if (cell.question == t->to->form.form->respondent)
		return false;
	if (again && cnv_str_equal(typed, before))
		return true;
	collect_say(typed.len ? "Correct it; Enter again keeps it, and reports it"
			      : ":s skips with a reason; Enter again leaves it open");
	return false;
}

/* Asks one question until its answer stays; t->at is then the place to go on from. */
void collect_ask_one(collect_state *t, cnv_session_cell cell)
{
	cnv_str typed, before = { 0 };
	bool again = false;

	while (collect_goes_on(t)) {
		bool keep_shown =
			!again && cnv_session_written(t->session, cell).len && cnv_session_passes(t->session, cell);
		if (!collect_line_at(t, cell, collect_prompt(t, cell),
				     cnv_arena_format(&t->temp, "%.*s%c", CNV_ARG(before), 0).at, &typed))
			return;
		if (collect_is_command(t, cell, typed)) {
			collect_command(t, cell, typed);
			if (t->moved)
				return;
			if (collect_goes_on(t))
				collect_show(t, cell);
			continue;
		}
		if (typed.len > 1 && typed.at[0] == '/' && cnv_session_list(t->session, cell.question)) {
			collect_show_choices(t, cell, cnv_str_slice(typed, 1, typed.len));
			continue;
		}
		if (!typed.len && keep_shown)
			break;
		if (try_answer(t, cell, typed) || t->status || keeps(t, cell, typed, before, again))
			break;
		before = typed;
		again = true;
	}
	if (!collect_goes_on(t))
		return;
	if (t->returns)
		collect_go_to(t, (cnv_session_cell){ 0, CNV_NONE });
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

static void put_summary(collect_state *t)
{
	cnv_session_progress progress = cnv_session_progress_of(t->session);

	cnv_str line = cnv_arena_format(&t->temp, "%" PRIu32 " of %" PRIu32 " questions answered", progress.answered,
					progress.asked);

	if (progress.missing)
		line = cnv_arena_format(&t->temp, "%.*s, %" PRIu32 " required %s missing", CNV_ARG(line),
					progress.missing, cnv_noun(progress.missing, "answer is", "answers are"));
	if (progress.wrong)
		line = cnv_arena_format(&t->temp, "%.*s, %" PRIu32 " %s not usable", CNV_ARG(line), progress.wrong,
					cnv_noun(progress.wrong, "answer is", "answers are"));
	putchar('\n');
	collect_put(line, 2, 1);
	collect_review(t, true);
}

/* The prompt of the review, below what can be typed at it. */
static const char *review_prompt(collect_state *t)
{
	bool between = t->twice && !t->deciding;
	const char *yes = !between ? "submits" : t->first ? "compares both keyings" : "begins the second keying";

	collect_say(cnv_arena_format(&t->temp,
				     "y %s; n keeps a draft; r shows all answers; the number of a question changes "
				     "its answer%c",
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
	put_summary(t);
	prompt = review_prompt(t);
	while (collect_goes_on(t)) {
		if (!collect_line(t, prompt, &typed))
			return false;
		if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes"))
			return true;
		if (cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no")) {
			t->stopped = true;
		} else if (cnv_str_is_word(typed, "r") || cnv_str_equal(typed, CNV_STR(":r"))) {
			collect_review(t, false);
		} else if (typed.len && collect_find(t, typed, &found)) {
			collect_go_to(t, found);
			t->returns = true;
			return false;
		} else if (cnv_str_equal(typed, CNV_STR(":b"))) {
			collect_go_back(t);
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
