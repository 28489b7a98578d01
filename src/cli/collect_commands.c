/* Commands at a prompt: a colon and a word.  The table is what `:h` prints. */
#include "cli/collect.h"

/* ---------------------------------------------------------------- to another question */

static void back(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	(void)cell;
	(void)argument;
	collect_go_back(t);
}

static void go(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	cnv_session_cell found;

	(void)cell;
	if (collect_find(t, argument, &found))
		collect_go_to(t, found);
	else
		collect_say("! no question that is asked has this name or number");
}

static void quit(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	(void)cell;
	(void)argument;
	t->stopped = true;
}

/* ---------------------------------------------------------------- this question */

static void skip(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	static const char *const words[] = { "N/A", "D/K", "CONF" };
	cnv_str typed;
	int64_t number;

	(void)argument;
	if (cell.question == t->to->form.form->respondent) {
		collect_say("! this answer says whose response it is");
		return;
	}
	if (!cnv_session_is_question(t->session, cell)) {
		collect_say("! there is no question to skip");
		return;
	}
	puts("    1  not applicable\n    2  do not know\n    3  withheld");
	while (collect_line(t, "why? (1-3)> ", &typed) && typed.len) {
		if (!cnv_integer_read(typed, &number) || number < 1 || number > 3) {
			collect_say("! type 1, 2 or 3; Enter returns to the question");
			continue;
		}
		t->status = cnv_session_set(t->session, cell, cnv_str_from(words[number - 1]));
		if (!t->status)
			t->status = cnv_session_turn(t->session);
		collect_go_next(t, cell);
		return;
	}
}

/* The answer is taken away, and the question asked again. */
static void delete_answer(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	(void)argument;
	if (cell.question == t->to->form.form->respondent) {
		collect_say("! this answer says whose response it is");
		return;
	}
	if (!cnv_session_is_question(t->session, cell) || !cnv_session_written(t->session, cell).len) {
		collect_say("! there is no answer to delete");
		return;
	}
	t->status = cnv_session_set(t->session, cell, (cnv_str){ 0 });
	if (!t->status)
		t->status = cnv_session_turn(t->session);
	collect_say("answer deleted");
}

static void remark(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	bool any = cnv_session_remark_of(t->session, cell).len > 0;

	t->status = cnv_session_remark(t->session, cell, argument);
	collect_say(argument.len ? "remark kept" : any ? "remark removed" : "! type the remark after :n");
}

static void explain(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	(void)argument;
	collect_show_help(t, cell);
}

/* ---------------------------------------------------------------- the response */

static void show_left(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	(void)cell;
	(void)argument;
	if (!collect_review(t, COLLECT_OPEN))
		collect_say("nothing is missing or wrong");
}

static void show_all(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	(void)cell;
	(void)argument;
	collect_review(t, COLLECT_ALL);
}

static void set_language(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	const cnv_form *form = t->to->form.form;
	uint32_t language = argument.len ? cnv_form_language(form, argument) : CNV_NONE;

	(void)cell;
	if (language != CNV_NONE) {
		t->to->form.language = language;
		cnv_session_language(t->session, language);
		t->status = cnv_session_turn(t->session);
		return;
	}
	collect_say("languages:");
	for (uint32_t i = 0; i < form->language_count; i++) {
		fputs("    ", stdout);
		collect_put(form->languages[i].len ? form->languages[i] : CNV_STR("(one, without a name)"), 4, 0);
	}
}

/* ---------------------------------------------------------------- the table */

static void help(collect_state *t, cnv_session_cell cell, cnv_str argument);

static const struct command {
	const char *word, *argument, *does;
	void (*run)(collect_state *t, cnv_session_cell cell, cnv_str argument); /* NULL: no command, in :h only */
	bool here; /* it concerns one question: there is none at the review */
	void (*then)(collect_state *t, cnv_session_cell cell); /* shows the question again; NULL: it is just above */
} commands[] = {
	{ "Enter", "", "keeps the answer that is shown, or skips the question", NULL, false, NULL },
	{ "Tab", "", "completes a choice, a command or a name", NULL, false, NULL },
	{ "/WORD", "", "searches the choices", NULL, false, NULL },
	{ ":?", "", "more about this question", explain, true, collect_show },
	{ ":b", "", "back to the question before", back, false, NULL },
	{ ":g", " NUMBER", "to a question, by its number or name", go, false, NULL },
	{ ":s", "", "skips with a reason: not applicable, do not know, withheld", skip, true, collect_show_shortly },
	{ ":d", "", "deletes the answer that is shown", delete_answer, true, collect_show_shortly },
	{ ":n", " TEXT", "a remark on this answer", remark, true, collect_show_shortly },
	{ ":l", "", "what is left: missing or wrong answers", show_left, false, collect_show },
	{ ":r", "", "all answers", show_all, false, collect_show },
	{ ":lang", " NAME", "the language of the questions", set_language, false, collect_show },
	{ ":q", "", "saves and quits; the same command goes on later", quit, false, NULL },
	{ ":h", "", "this help", help, false, collect_show },
	{ "::", "", "begins an answer with a colon", NULL, false, NULL },
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void help(collect_state *t, cnv_session_cell cell, cnv_str argument)
{
	enum { INDENT = 14 };

	(void)t;
	(void)cell;
	(void)argument;
	for (size_t i = 0; i < COMMANDS; i++) {
		int used = printf("  %s%s", commands[i].word, commands[i].argument);

		printf("%*s", INDENT - used, "");
		collect_put(cnv_str_from(commands[i].does), INDENT, 0);
	}
}

const char *collect_command_word(size_t index)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].run && index-- == 0)
			return commands[i].word;
	return NULL;
}

bool collect_is_command(const collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	bool text = t->to->form.form->questions[cell.question].kind == CNV_TEXT;

	if (cnv_str_starts(typed, CNV_STR("::")))
		return false;
	return cnv_str_starts(typed, CNV_STR(":")) ||
	       (!text && (cnv_str_equal(typed, CNV_STR("?")) || cnv_str_is_word(typed, "help")));
}

/* A line that begins with no command: the help, after what the form says of the question if that was asked for. */
static void run_help(collect_state *t, cnv_session_cell cell, cnv_str word)
{
	if (cnv_str_starts(word, CNV_STR(":")) && word.len > 1)
		collect_say("! unknown command");
	else if (cell.question != CNV_NONE)
		collect_show_help(t, cell);
	help(t, cell, (cnv_str){ 0 });
}

void collect_command(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	void (*then)(collect_state * t, cnv_session_cell cell) = collect_show;
	cnv_str rest = typed, word = { 0 };
	bool found = false;

	cnv_str_word(&rest, &word);
	t->moved = false;
	for (size_t i = 0; i < COMMANDS && !found; i++) {
		found = commands[i].run && cnv_str_is_word(word, commands[i].word);
		if (!found)
			continue;
		then = commands[i].then;
		if (commands[i].here && cell.question == CNV_NONE)
			collect_say("! this command is for a question; type the number of one");
		else
			commands[i].run(t, cell, cnv_str_trim(rest));
	}
	if (!found)
		run_help(t, cell, word);
	collect_keep(t);
	if (then && !t->moved && collect_goes_on(t) && cnv_session_is_question(t->session, cell))
		then(t, cell);
}
