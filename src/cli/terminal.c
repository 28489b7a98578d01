/* The terminal: safe printing, wrapped text, and diagnostics with a caret.
 *
 * Text from a form, a returned file or a file name may contain control sequences, or
 * bidirectional and zero-width characters that make it look like another text.  All untrusted
 * text is printed with cli_put. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

uint32_t cli_columns(void)
{
	enum { DEFAULT_COLUMNS = 80, MOST_COLUMNS = 100 /* longer lines are hard to read */ };
	const char *given = getenv("COLUMNS");
	struct winsize size = { 0 };
	int64_t columns = 0;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (!columns && (!given || !cnv_integer_read(cnv_str_from(given), &columns)))
		columns = DEFAULT_COLUMNS;
	return columns < 1 ? DEFAULT_COLUMNS : columns > MOST_COLUMNS ? MOST_COLUMNS : (uint32_t)columns;
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
		line = cnv_utf8_cut(line, CARET_WINDOW);
		if (upto > line.len)
			upto = line.len;
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

cli_exit cli_out_of_memory(void)
{
	static bool reported;

	if (!reported)
		fputs("canvass: out of memory\n", stderr);
	reported = true;
	return CLI_ACCESS;
}
