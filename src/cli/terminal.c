/* The terminal: safe printing, diagnostics with a caret, and prompts.
 *
 * Text from a form, a returned file or a file name may contain control sequences, or
 * bidirectional and zero-width characters that make it look like another text.  All untrusted
 * text is printed with cli_put. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>
#include <wchar.h>

#include <histedit.h>

#include "cli/cli.h"

/* Line ends and tabs are shown as \n and \t, unless `lines` are kept. */
static bool is_replaced(uint32_t c, bool lines)
{
	return c == '\n' || c == '\t' ? !lines : cnv_is_hidden(c);
}

enum { ESCAPE_ROOM = 16, CHARACTER_BYTES = 4 };

static cnv_str escape(char room[ESCAPE_ROOM], uint32_t c)
{
	if (c == '\n')
		return CNV_STR("\\n");
	if (c == '\t')
		return CNV_STR("\\t");
	return (cnv_str){ room, (size_t)snprintf(room, ESCAPE_ROOM, "<U+%04X>", (unsigned)c) };
}

/* Takes the next piece of *rest as it is shown: a run of text without anything to replace, or one escape, in `room`. */
static cnv_str next_shown(cnv_str *rest, bool lines, char room[ESCAPE_ROOM])
{
	const char *at = rest->at, *end = at + rest->len;
	cnv_str shown;

	while (at < end) {
		const char *from = at;
		size_t left = (size_t)(end - at);
		bool good = cnv_utf8_check((cnv_str){ at, left < CHARACTER_BYTES ? left : CHARACTER_BYTES }) > 0;
		uint32_t c = good ? cnv_utf8_next(&at, end) : (unsigned char)*at++;

		if (good && !is_replaced(c, lines))
			continue;
		if (from > rest->at) {
			at = from;
			break;
		}
		*rest = (cnv_str){ at, (size_t)(end - at) };
		return good ? escape(room, c)
			    : (cnv_str){ room, (size_t)snprintf(room, ESCAPE_ROOM, "<%02X>", (unsigned)c) };
	}
	shown = (cnv_str){ rest->at, (size_t)(at - rest->at) };
	*rest = (cnv_str){ at, (size_t)(end - at) };
	return shown;
}

/* Unchanged text is written in one piece, because stderr is unbuffered. */
void cli_put(FILE *out, cnv_str text, bool lines)
{
	char room[ESCAPE_ROOM];

	while (text.len) {
		cnv_str shown = next_shown(&text, lines, room);

		fwrite(shown.at, 1, shown.len, out);
	}
}

void cli_put_wrapped(FILE *out, cnv_str text, cli_margins margins)
{
	cnv_text shown = { 0 };
	cnv_str rest, line, part;
	char room[ESCAPE_ROOM];
	size_t column = margins.taken ? margins.taken : margins.indent;

	while (text.len)
		cnv_text_put(&shown, next_shown(&text, true, room));
	rest = cnv_text_str(&shown);
	for (bool first = true; cnv_str_split(&rest, '\n', &line);)
		while (cnv_wrap_next(&line, margins.width > column ? margins.width - column : 1, &part)) {
			if (!first)
				fprintf(out, "\n%*s", (int)margins.indent, "");
			fwrite(part.at, 1, part.len, out);
			first = false;
			column = margins.indent;
		}
	fputc('\n', out);
	cnv_text_fini(&shown);
}

size_t cli_columns(void)
{
	enum { USUAL = 80, MOST = 10000 };
	const char *given = getenv("COLUMNS");
	struct winsize size;
	int64_t columns;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	if (cnv_integer_read(cnv_str_from(given), &columns) && columns > 0 && columns <= MOST)
		return (size_t)columns;
	return USUAL;
}

void cli_put_operand(FILE *out, cnv_str operand)
{
	cnv_text quoted = { 0 };

	cnv_shell_quote(&quoted, operand);
	fwrite(quoted.at, 1, quoted.len, out);
	cnv_text_fini(&quoted);
}

void cli_put_day(FILE *out, int32_t day)
{
	char room[CNV_DAY_WORDS];

	fprintf(out, "%.*s", CNV_ARG(cnv_day_words(day, room)));
}

bool cli_is_terminal(FILE *out)
{
	return isatty(fileno(out)) == 1;
}

bool cli_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *yes = getenv("CLICOLOR"), *force = getenv("CLICOLOR_FORCE"),
		   *term = getenv("TERM");

	if (no && *no)
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	if ((yes && !strcmp(yes, "0")) || !term || !*term || !strcmp(term, "dumb"))
		return false;
	return cli_is_terminal(out);
}

/* The line of the excerpt with the caret, and the caret's position in it. */
static cnv_str caret_line(const cnv_diag *diag, size_t *from, size_t *upto)
{
	cnv_str excerpt = diag->excerpt;
	size_t start = 0, end;

	*from = diag->place.from < excerpt.len ? diag->place.from : excerpt.len;
	*upto = diag->place.upto < excerpt.len ? diag->place.upto : excerpt.len;
	for (size_t i = 0; i < *from; i++)
		if (excerpt.at[i] == '\n')
			start = i + 1;
	for (end = start; end < excerpt.len && excerpt.at[end] != '\n'; end++)
		;
	*from -= start;
	*upto = (*upto < end ? *upto : end) - start;
	return cnv_str_slice(excerpt, start, end);
}

/* Bytes.  Longer lines are cut around the caret: a cell may have 65,000 characters. */
enum { CARET_WINDOW = 100 };

static void print_excerpt(FILE *out, const cnv_diag *diag)
{
	size_t from, upto, cut = 0;
	cnv_str line = caret_line(diag, &from, &upto);

	if (!line.len)
		return;
	if (line.len > CARET_WINDOW) {
		cut = from > CARET_WINDOW / 2 ? from - CARET_WINDOW / 2 : 0;
		while (cut && (line.at[cut] & 0xc0) == 0x80)
			cut--;
		line = cnv_str_slice(line, cut, line.len);
		from -= cut;
		upto -= cut;
		if (line.len > CARET_WINDOW) {
			size_t end = CARET_WINDOW;
			while (end && (line.at[end] & 0xc0) == 0x80)
				end--;
			line.len = end;
			if (upto > end)
				upto = end;
		}
	}
	fputs(cut ? "    ..." : "    ", out);
	cli_put(out, line, false);
	fputc('\n', out);
	if (upto <= from)
		return;
	size_t before = cnv_text_width(cnv_str_slice(line, 0, from)) + (cut ? 3 : 0);
	size_t width = cnv_text_width(cnv_str_slice(line, from, upto));
	fprintf(out, "    %*s^", (int)before, "");
	for (size_t i = 1; i < width; i++)
		fputc('~', out);
	fputc('\n', out);
}

static void print_place(FILE *out, const cnv_place *place)
{
	cnv_text text = { 0 };

	cnv_place_write(&text, place);
	cli_put(out, text.failed ? place->source : cnv_text_str(&text), false);
	if (place->source.len)
		fputs(": ", out);
	cnv_text_fini(&text);
}

void cli_print_diag(FILE *out, const cnv_diag *diag)
{
	static const char *const colours[] = {
		[CNV_NOTE] = "\033[1;36m", [CNV_WARNING] = "\033[1;35m", [CNV_ERROR] = "\033[1;31m"
	};
	bool colour = cli_colour(out);
	char code[8];

	cnv_code_name(diag->code, code);
	print_place(out, &diag->place);
	fprintf(out, "%s%s[%s]%s: ", colour ? colours[diag->severity] : "", cnv_severity_word(diag->severity), code,
		colour ? "\033[0m" : "");
	if (diag->field.len) {
		cli_put(out, diag->field, false);
		fputs(": ", out);
	}
	cli_put(out, diag->message, false);
	fputc('\n', out);
	print_excerpt(out, diag);
	if (diag->hint.len) {
		fputs("  hint: ", out);
		cli_put(out, diag->hint, false);
		fputc('\n', out);
	}
}

static void print_on(void *self, const cnv_diag *diag)
{
	cli_print_diag(self, diag);
}

cnv_diags cli_diags_to(FILE *out)
{
	return (cnv_diags){ .emit = print_on, .self = out };
}

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

/* Passes a character to libedit: 1, or 0 at the end of input.  Invalid bytes are dropped. */
static int read_character(EditLine *editor, wchar_t *character)
{
	mbstate_t state = { 0 };
	char byte;

	(void)editor;
	while (read_byte(&byte)) {
		size_t used = mbrtowc(character, &byte, 1, &state);

		if (used == (size_t)-1)
			state = (mbstate_t){ 0 };
		else if (used != (size_t)-2)
			return 1;
	}
	return 0;
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
	__typeof__(history_init) *history_init;
	__typeof__(history) *history;
} edit;

bool cli_ask_ready(void)
{
	static const cnv_symbol symbols[] = {
		{ "el_init", offsetof(struct edit, init) },     { "el_set", offsetof(struct edit, set) },
		{ "el_source", offsetof(struct edit, source) }, { "el_gets", offsetof(struct edit, gets) },
		{ "el_push", offsetof(struct edit, push) },     { "history_init", offsetof(struct edit, history_init) },
		{ "history", offsetof(struct edit, history) },
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
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		edit.set(editor, EL_BIND, keys[i][0], keys[i][1], NULL);
	edit.source(editor, NULL);
	return true;
}

bool cli_ask_again(const char *prompt, const char *typed_before, cnv_text *line)
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
	fflush(stdout);
	sigemptyset(&act.sa_mask);
	sigemptyset(&held);
	for (size_t i = 0; i < sizeof held_back / sizeof *held_back; i++)
		sigaddset(&held, held_back[i]);
	sigprocmask(SIG_BLOCK, &held, &mask_outside);
	for (size_t i = 0; i < INTERRUPTS; i++)
		sigaction(interrupts[i], &act, &before[i]);
	interrupted = 0;
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
	return cli_ask_again(prompt, "", line);
}

cli_exit cli_out_of_memory(void)
{
	static bool reported;

	if (!reported)
		fputs("canvass: out of memory\n", stderr);
	reported = true;
	return CLI_ACCESS;
}
