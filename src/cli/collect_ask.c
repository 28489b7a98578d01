/* An interview at the terminal: a prompt for each question, and commands that begin with a colon. */
#include <inttypes.h>

#include "cli/collect.h"

static bool go_on(const collect_state *t)
{
	return !t->stopped && !t->status;
}

/* Reads a line, without white space around it; false: the interview ends. */
static bool ask(collect_state *t, const char *prompt, const char *before, cnv_str *typed)
{
	if (!cli_ask_again(prompt, t->accessible ? "" : before, &t->line)) {
		t->stopped = t->ended = true;
		return false;
	}
	*typed = cnv_arena_copy(&t->temp, cnv_str_trim(cnv_text_str(&t->line)));
	collect_clock(t);
	return true;
}

bool collect_yes(collect_state *t, const char *prompt, char enter)
{
	cnv_str typed;

	while (go_on(t) && ask(t, prompt, "", &typed)) {
		if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes") || (!typed.len && enter == 'y'))
			return true;
		if (cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no") || (!typed.len && enter == 'n'))
			return false;
		puts("  ! type y or n");
	}
	return false;
}

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

/* ---------------------------------------------------------------- going to another question */

static void go_to(collect_state *t, cnv_session_cell cell)
{
	t->at = cell;
	t->moved = true;
}

/* May the person change the answer?  Whose answers they are is settled when the interview begins. */
static bool is_open(collect_state *t, cnv_session_cell cell)
{
	return cnv_session_is_question(t->session, cell) && !cnv_session_state_of(t->session, cell).fixed &&
	       !(t->begun && cell.question == t->to->form.form->respondent);
}

/* The question of a name, number of the form, or position; false: there is none that is asked. */
static bool find_cell(collect_state *t, cnv_str name, cnv_session_cell *found)
{
	cnv_session_cell at = { 0, CNV_NONE };
	int64_t wanted = 0, position = 0;
	bool numeric = cnv_integer_read(name, &wanted);

	while (cnv_session_next(t->session, &at)) {
		const cnv_question *question = &t->to->form.form->questions[at.question];

		position += cnv_session_is_question(t->session, at);
		if (!cnv_session_is_question(t->session, at) && question->role != CNV_REPEAT)
			continue;
		if (cnv_str_equal(question->name, name) || cnv_str_equal(question->qno, name) ||
		    (numeric && position == wanted)) {
			*found = at;
			return true;
		}
	}
	return false;
}

static void go_back(collect_state *t)
{
	cnv_session_cell cell = t->at;

	while (cnv_session_before(t->session, &cell)) {
		const cnv_question *question = &t->to->form.form->questions[cell.question];

		if (question->role == CNV_REPEAT || is_open(t, cell)) {
			go_to(t, cell);
			return;
		}
	}
	puts("  this is the first question");
}

/* ---------------------------------------------------------------- commands */

static void put_commands(void)
{
	puts("  Enter keeps the answer that is shown, or skips the question.\n"
	     "  :b back          :g NAME or NUMBER  go to a question\n"
	     "  :s skip, with a reason (not applicable, do not know, withheld)\n"
	     "  :n TEXT remark   :? hint, rule and choices\n"
	     "  :l what is left  :r review all answers\n"
	     "  :lang LANGUAGE   :q save and quit\n"
	     "  /WORD searches the choices; an answer that begins with a colon is typed with two");
}

static void skip_with_reason(collect_state *t, cnv_session_cell cell)
{
	static const char *const words[] = { "N/A", "D/K", "CONF" };
	cnv_str typed;
	int64_t number;

	while (ask(t, "why? 1 not applicable, 2 do not know, 3 withheld> ", "", &typed) && typed.len) {
		if (!cnv_integer_read(typed, &number) || number < 1 || number > 3) {
			puts("  ! type 1, 2 or 3; Enter returns to the question");
			continue;
		}
		t->status = cnv_session_set(t->session, cell, cnv_str_from(words[number - 1]));
		if (!t->status)
			t->status = cnv_session_turn(t->session);
		if (cnv_session_next(t->session, &cell))
			go_to(t, cell);
		else
			go_to(t, (cnv_session_cell){ 0, CNV_NONE });
		return;
	}
}

static void skip(collect_state *t, cnv_session_cell cell)
{
	if (cell.question == t->to->form.form->respondent) {
		puts("  ! this answer says whose response it is");
		return;
	}
	skip_with_reason(t, cell);
}

static void set_language(collect_state *t, cnv_str name)
{
	const cnv_form *form = t->to->form.form;
	uint32_t language = name.len ? cnv_form_language(form, name) : CNV_NONE;

	if (language != CNV_NONE) {
		t->to->form.language = language;
		cnv_session_language(t->session, language);
		t->status = cnv_session_turn(t->session);
		return;
	}
	fputs("  languages:", stdout);
	for (uint32_t i = 0; i < form->language_count; i++) {
		putchar(' ');
		cli_put(stdout, form->languages[i].len ? form->languages[i] : CNV_STR("(one, without a name)"), false);
	}
	putchar('\n');
}

static void show_left(collect_state *t)
{
	if (!collect_review(t, true))
		puts("  nothing is missing or wrong");
}

/* Runs `:word argument`; t->moved: go on elsewhere. */
static void run_command(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	cnv_str rest = cnv_str_slice(typed, 1, typed.len), word = { 0 }, argument;
	cnv_session_cell found;

	if (!cnv_str_word(&rest, &word))
		word = CNV_STR("h");
	argument = cnv_str_trim(rest);
	if (cnv_str_is_word(word, "b")) {
		go_back(t);
	} else if (cnv_str_is_word(word, "g")) {
		if (find_cell(t, argument, &found))
			go_to(t, found);
		else
			puts("  ! no question that is asked has this name or number");
	} else if (cnv_str_is_word(word, "s")) {
		skip(t, cell);
	} else if (cnv_str_is_word(word, "n")) {
		t->status = cnv_session_remark(t->session, cell, argument);
		puts(argument.len ? "  remark kept" : "  remark removed");
	} else if (cnv_str_equal(word, CNV_STR("?"))) {
		collect_show_help(t, cell);
	} else if (cnv_str_is_word(word, "l")) {
		show_left(t);
	} else if (cnv_str_is_word(word, "r")) {
		collect_review(t, false);
	} else if (cnv_str_is_word(word, "lang")) {
		set_language(t, argument);
	} else if (cnv_str_is_word(word, "q")) {
		t->stopped = true;
	} else {
		if (!cnv_str_is_word(word, "h"))
			puts("  ! unknown command");
		put_commands();
	}
	collect_keep(t);
}

/* A line that is a command or a request for help, and no answer. */
static bool is_command(const collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	bool text = t->to->form.form->questions[cell.question].kind == CNV_TEXT;

	if (cnv_str_starts(typed, CNV_STR("::")))
		return false;
	return cnv_str_starts(typed, CNV_STR(":")) ||
	       (!text && (cnv_str_equal(typed, CNV_STR("?")) || cnv_str_is_word(typed, "help")));
}

/* ---------------------------------------------------------------- one question */

/* Says what was understood, where that is not what was typed. */
static void echo(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	cnv_str shown = cnv_session_shown(t->session, cell, &t->temp);

	if (!shown.len || cnv_str_equal(shown, typed))
		return;
	fputs("  = ", stdout);
	cli_put(stdout, shown, false);
	putchar('\n');
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
		printf("  ! %s\n", reason);
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
	puts(typed.len ? "    Enter again keeps it, and reports it"
		       : "    :s skips with a reason; Enter again leaves it open");
	return false;
}

/* Asks one question until its answer stays; t->at is then the place to go on from. */
void collect_ask_one(collect_state *t, cnv_session_cell cell)
{
	cnv_str typed, before = { 0 };
	bool again = false;

	while (go_on(t)) {
		bool keep_shown =
			!again && cnv_session_written(t->session, cell).len && cnv_session_passes(t->session, cell);
		if (!ask(t, collect_prompt(t, cell), cnv_arena_format(&t->temp, "%.*s%c", CNV_ARG(before), 0).at,
			 &typed))
			return;
		if (is_command(t, cell, typed)) {
			t->moved = false;
			run_command(t, cell, typed);
			if (t->moved)
				return;
			if (go_on(t))
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
	if (go_on(t) && (t->returns || !cnv_session_next(t->session, &t->at)))
		t->at.question = CNV_NONE;
	t->moved = true;
}

/* ---------------------------------------------------------------- repeats */

/* `e 2` and `d 2`: the entry; CNV_NONE. */
static uint32_t read_entry(const collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	int64_t number;

	if (!cnv_integer_read(cnv_str_trim(cnv_str_slice(typed, 1, typed.len)), &number) || number < 1 ||
	    number > UINT32_MAX)
		return CNV_NONE;
	return cnv_session_entry(t->session, cell.entry, cell.question, (uint32_t)number - 1);
}

static void add_entry(collect_state *t, cnv_session_cell cell)
{
	uint32_t entry = cnv_session_enter(t->session, cell.entry, cell.question);

	t->status = entry == CNV_NONE ? CNV_NO_MEMORY : cnv_session_turn(t->session);
	go_to(t, (cnv_session_cell){ entry, cell.question });
	t->at.question = cell.question + 1;
	collect_keep(t);
}

static void delete_entry(collect_state *t, uint32_t entry)
{
	cnv_session_remove(t->session, entry);
	t->status = cnv_session_turn(t->session);
	collect_keep(t);
}

/* Asks for another entry; entries are edited and deleted here as well. */
static void ask_repeat(collect_state *t, cnv_session_cell cell)
{
	cnv_str typed;

	while (go_on(t)) {
		uint32_t count = cnv_session_entries(t->session, cell.entry, cell.question), entry;
		const char *prompt =
			cnv_arena_format(&t->temp, "%s (y/n%s)> %c", count ? "add another entry?" : "add an entry?",
					 count ? ", e 1 edits, d 1 deletes" : "", 0)
				.at;
		putchar('\n');
		collect_put_bold(t, cnv_question_title(t->to->form.form, &t->to->form.form->questions[cell.question],
						       t->to->form.language));
		printf(": %" PRIu32 " %s\n", count, cnv_noun(count, "entry", "entries"));
		if (!ask(t, prompt, "", &typed))
			return;
		t->moved = false;
		if (cnv_str_starts(typed, CNV_STR(":"))) {
			run_command(t, cell, typed);
			if (t->moved)
				return;
		} else if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes")) {
			add_entry(t, cell);
			return;
		} else if (!typed.len || cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no")) {
			break;
		} else if (typed.at[0] == 'e' && (entry = read_entry(t, cell, typed)) != CNV_NONE) {
			go_to(t, (cnv_session_cell){ entry, cell.question + 1 });
			return;
		} else if (typed.at[0] == 'd' && (entry = read_entry(t, cell, typed)) != CNV_NONE) {
			delete_entry(t, entry);
		} else {
			puts("  ! type y or n");
		}
	}
	if (go_on(t) && !cnv_session_next(t->session, &t->at))
		t->at.question = CNV_NONE;
}

/* ---------------------------------------------------------------- the whole */

/* The first cell of an entry may be a group or a nested repeat without a stop of its own. */
static void visit(collect_state *t)
{
	cnv_session_cell cell = t->at;

	cnv_arena_reset(&t->temp);
	if (t->to->form.form->questions[cell.question].role == CNV_REPEAT) {
		if (cnv_session_wanted(t->session, cell.entry, cell.question) == UINT32_MAX) {
			ask_repeat(t, cell);
			return;
		}
	} else if (cnv_session_is_question(t->session, cell)) {
		if (is_open(t, cell) && cnv_session_state_of(t->session, cell).asked) {
			collect_show(t, cell);
			collect_ask_one(t, cell);
			return;
		}
	} else {
		collect_show(t, cell);
	}
	if (!cnv_session_next(t->session, &t->at))
		t->at.question = CNV_NONE;
}

static void put_summary(collect_state *t)
{
	cnv_session_progress progress = cnv_session_progress_of(t->session);

	printf("\n%" PRIu32 " of %" PRIu32 " questions answered", progress.answered, progress.asked);
	if (progress.missing)
		printf(", %" PRIu32 " required %s missing", progress.missing,
		       cnv_noun(progress.missing, "answer is", "answers are"));
	if (progress.wrong)
		printf(", %" PRIu32 " %s not usable", progress.wrong,
		       cnv_noun(progress.wrong, "answer is", "answers are"));
	putchar('\n');
	collect_review(t, true);
}

static const char *review_prompt(const collect_state *t)
{
	if (!t->twice || t->deciding)
		return "submit? (y, n keeps a draft, r shows all, NUMBER changes an answer)> ";
	return t->first
		       ? "finished? (y compares both keyings, n keeps a draft, r shows all, NUMBER changes an answer)> "
		       : "finished? (y keys it again, n keeps a draft, r shows all, NUMBER changes an answer)> ";
}

/* After the last question: true: submit; else t->at is set, or the interview ends. */
static bool review(collect_state *t)
{
	cnv_session_cell found;
	cnv_str typed;

	t->returns = false;
	put_summary(t);
	while (go_on(t)) {
		if (!ask(t, review_prompt(t), "", &typed))
			return false;
		if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes"))
			return true;
		if (cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no")) {
			t->stopped = true;
		} else if (cnv_str_is_word(typed, "r") || cnv_str_equal(typed, CNV_STR(":r"))) {
			collect_review(t, false);
		} else if (typed.len && find_cell(t, typed, &found)) {
			go_to(t, found);
			t->returns = true;
			return false;
		} else if (cnv_str_equal(typed, CNV_STR(":b"))) {
			go_back(t);
			return false;
		} else {
			puts("  ! type y, n, r, or the number of a question");
		}
	}
	return false;
}

/* The first question without an answer; or the repeat before it, if no answer comes after it: its last entry may not have
 * been keyed yet.  CNV_NONE: there is neither. */
static cnv_session_cell find_first_open(collect_state *t)
{
	cnv_session_cell at = { 0, CNV_NONE }, open = at, repeat = at;

	while (cnv_session_next(t->session, &at)) {
		cnv_verdict verdict = cnv_session_state_of(t->session, at).verdict;
		bool answered = verdict != CNV_BLANK && verdict != CNV_MISSING;

		if (t->to->form.form->questions[at.question].role == CNV_REPEAT) {
			if (open.question == CNV_NONE && repeat.question == CNV_NONE &&
			    cnv_session_wanted(t->session, at.entry, at.question) == UINT32_MAX)
				repeat = at;
		} else if (is_open(t, at)) {
			if (answered)
				repeat.question = CNV_NONE;
			else if (open.question == CNV_NONE)
				open = at;
		}
	}
	return repeat.question == CNV_NONE ? open : repeat;
}

void collect_to_first_open(collect_state *t)
{
	cnv_session_cell at = { 0, CNV_NONE };

	t->at = find_first_open(t);
	while (cnv_session_next(t->session, &at) && (at.entry != t->at.entry || at.question != t->at.question))
		if (t->to->form.form->questions[at.question].role == CNV_SHOWN)
			collect_show(t, at);
}

void collect_run(collect_state *t)
{
	while (go_on(t)) {
		if (t->at.question == CNV_NONE && review(t))
			return;
		if (go_on(t) && t->at.question != CNV_NONE)
			visit(t);
	}
}
