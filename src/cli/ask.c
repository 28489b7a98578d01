/* Prompts: typed lines are read with libedit, and signals end a question without losing it. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <unistd.h>
#include <wchar.h>

#include <histedit.h>

#include "cli/cli.h"

/* Ctrl-C, a closed terminal and SIGTERM end the question, not the program, so that the answers so far are kept.
 *
 * The handler only sets a flag.  These signals, and those that libedit handles (window size, Ctrl-Z), are unblocked only
 * while read_character waits for a key, so that no handler runs inside libedit. */
static volatile sig_atomic_t interrupted;
static sigset_t mask_outside; /* the signal mask while waiting for a key, as before cli_ask */
static const int interrupts[] = { SIGINT, SIGHUP, SIGTERM };
enum { INTERRUPTS = sizeof interrupts / sizeof *interrupts };
static const int held_back[] = { SIGINT, SIGHUP, SIGTERM, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH };

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

/* One byte from the terminal; false at its end, and once interrupted. */
static bool read_byte(char *byte)
{
	while (!interrupted) {
		fd_set wanted;

		FD_ZERO(&wanted);
		FD_SET(STDIN_FILENO, &wanted);
		if (pselect(STDIN_FILENO + 1, &wanted, NULL, NULL, NULL, &mask_outside) < 0) {
			if (errno != EINTR)
				return false;
			continue;
		}
		ssize_t got = read(STDIN_FILENO, byte, 1);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got == 1;
	}
	return false;
}

/* The next character from the terminal; false at the end of input.  Invalid bytes are dropped. */
static bool next_character(wchar_t *character)
{
	mbstate_t state = { 0 };
	char byte;

	while (read_byte(&byte)) {
		size_t used = mbrtowc(character, &byte, 1, &state);

		if (used == (size_t)-1)
			state = (mbstate_t){ 0 };
		else if (used != (size_t)-2)
			return true;
	}
	return false;
}

/* A line that is ready to be edited is replaced by what is typed, as a selected text would be, unless the first key edits
 * it: Backspace, an arrow, Enter. */
static bool is_ready;     /* no key was pressed since the line was shown */
static wchar_t kept_back; /* a character that comes after the line was emptied; 0: none */

/* Passes a character to libedit: 1, or 0 at the end of input. */
static int read_character(EditLine *editor, wchar_t *character)
{
	enum { EMPTY_LINE = 'U' & 31, SPACE = 32, DELETE = 127 };

	(void)editor;
	if (kept_back) {
		*character = kept_back;
		kept_back = 0;
		return 1;
	}
	if (!next_character(character))
		return 0;
	if (is_ready && *character >= SPACE && *character != DELETE) {
		kept_back = *character;
		*character = EMPTY_LINE;
	}
	is_ready = false;
	return 1;
}

static const char *prompt_shown;

static char *current_prompt(EditLine *editor)
{
	static char room[240];

	(void)editor;
	snprintf(room, sizeof room, "%s", prompt_shown);
	return room;
}

/* libedit, loaded before the first prompt: it needs three more libraries, and loading the four takes longer than most
 * commands run.  The types are from its header. */
static struct edit {
	__typeof__(el_init) *init;
	__typeof__(el_set) *set;
	__typeof__(el_source) *source;
	__typeof__(el_gets) *gets;
	__typeof__(el_push) *push;
	__typeof__(el_line) *line;
	__typeof__(el_insertstr) *insert;
	__typeof__(el_deletestr) *delete;
	__typeof__(history_init) *history_init;
	__typeof__(history) *history;
} edit;

bool cli_ask_ready(void)
{
	static const cnv_symbol symbols[] = {
		{ "el_init", offsetof(struct edit, init) },
		{ "el_set", offsetof(struct edit, set) },
		{ "el_source", offsetof(struct edit, source) },
		{ "el_gets", offsetof(struct edit, gets) },
		{ "el_push", offsetof(struct edit, push) },
		{ "history_init", offsetof(struct edit, history_init) },
		{ "history", offsetof(struct edit, history) },
		{ "el_line", offsetof(struct edit, line) },
		{ "el_insertstr", offsetof(struct edit, insert) },
		{ "el_deletestr", offsetof(struct edit, delete) },
	};
	/* The file name of upstream, and of Debian. */
	static const char *const names[] = { "libedit.so.0", "libedit.so.2" };
	static bool loaded;
	const char *error = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names && !loaded; i++) {
		error = cnv_library_load(names[i], symbols, sizeof symbols / sizeof *symbols, &edit);
		loaded = !error;
	}
	if (!loaded)
		fprintf(stderr,
			"canvass: cannot load libedit, which reads typed lines: %s\n"
			"  hint: install libedit (on Debian: apt install libedit2)\n",
			error);
	return loaded;
}

/* The line editor and its history, for the whole run. */
static EditLine *editor;
static History *typed_history;

/* The prompt that is shown completes by it. */
static const cli_completer *completer_shown;

static int count_characters(cnv_str text)
{
	const char *at = text.at, *end = text.len ? at + text.len : at;
	int count = 0;

	for (; at < end; count++)
		cnv_utf8_next(&at, end);
	return count;
}

/* The key Tab. */
static unsigned char on_tab(EditLine *self, wint_t key)
{
	const LineInfo *line = edit.line(self);
	cnv_str typed = { line->buffer, (size_t)(line->cursor - line->buffer) }, text = { 0 };
	size_t replaced = 0;
	cnv_text inserted = { 0 };

	(void)key;
	switch (completer_shown ? completer_shown->complete(completer_shown->self, typed, &replaced, &text)
				: CLI_NOT_COMPLETED) {
	case CLI_NOT_COMPLETED:
		return CC_ERROR;
	case CLI_LISTED:
		return CC_REDISPLAY;
	case CLI_COMPLETED:
		break;
	}
	cnv_text_put(&inserted, text);
	cnv_text_put_char(&inserted, 0);
	if (!inserted.failed) {
		edit.delete(self, count_characters(cnv_str_slice(typed, typed.len - replaced, typed.len)));
		edit.insert(self, inserted.at);
	}
	cnv_text_fini(&inserted);
	return CC_REFRESH;
}

static bool start_editor(void)
{
	/* Key sequences for Home, End and Delete that libedit does not bind by default. */
	static const char *const keys[][2] = {
		{ "\\e[1~", "ed-move-to-beg" },      { "\\e[4~", "ed-move-to-end" }, { "\\e[7~", "ed-move-to-beg" },
		{ "\\e[8~", "ed-move-to-end" },      { "\\e[H", "ed-move-to-beg" },  { "\\e[F", "ed-move-to-end" },
		{ "\\e[3~", "ed-delete-next-char" },
	};
	HistEvent event;

	if (editor)
		return true;
	if (!cli_ask_ready())
		return false;
	/* libedit drops characters that the locale does not have.  Only this category is set, and only in an interview; the
	 * terminal is assumed to use UTF-8, like all output. */
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		setlocale(LC_CTYPE, "");
	editor = edit.init("canvass", stdin, stdout, stderr);
	typed_history = edit.history_init();
	if (!editor || !typed_history)
		return false;
	edit.history(typed_history, &event, H_SETSIZE, 1000);
	edit.set(editor, EL_EDITOR, "emacs");
	edit.set(editor, EL_SIGNAL, 1);
	edit.set(editor, EL_PROMPT, current_prompt);
	edit.set(editor, EL_HIST, edit.history, typed_history);
	edit.set(editor, EL_GETCFN, read_character);
	edit.set(editor, EL_ADDFN, "canvass-complete", "complete what was typed", on_tab);
	edit.set(editor, EL_BIND, "^I", "canvass-complete", NULL);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		edit.set(editor, EL_BIND, keys[i][0], keys[i][1], NULL);
	edit.source(editor, NULL);
	return true;
}

bool cli_ask_again(const char *prompt, const char *typed_before, const cli_completer *completer, cnv_text *line)
{
	struct sigaction act = { .sa_handler = on_interrupt }, before[INTERRUPTS];
	const char *typed;
	HistEvent event;
	sigset_t held;
	int len = 0;

	cnv_text_reset(line);
	if (!start_editor())
		return false;
	prompt_shown = prompt;
	completer_shown = completer;
	fflush(stdout);
	sigemptyset(&act.sa_mask);
	sigemptyset(&held);
	for (size_t i = 0; i < sizeof held_back / sizeof *held_back; i++)
		sigaddset(&held, held_back[i]);
	sigprocmask(SIG_BLOCK, &held, &mask_outside);
	for (size_t i = 0; i < INTERRUPTS; i++)
		sigaction(interrupts[i], &act, &before[i]);
	interrupted = 0;
	kept_back = 0;
	is_ready = *typed_before;
	if (*typed_before)
		edit.push(editor, typed_before);
	typed = edit.gets(editor, &len);
	for (size_t i = 0; i < INTERRUPTS; i++)
		sigaction(interrupts[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask_outside, NULL);
	if (!typed || interrupted)
		return false;
	cnv_str answer = { typed, (size_t)len };
	while (cnv_str_ends(answer, CNV_STR("\n")) || cnv_str_ends(answer, CNV_STR("\r")))
		answer.len--;
	cnv_text_put(line, answer);
	if (answer.len)
		edit.history(typed_history, &event, H_ENTER, typed);
	return !line->failed;
}

bool cli_ask(const char *prompt, cnv_text *line)
{
	return cli_ask_again(prompt, "", NULL, line);
}
