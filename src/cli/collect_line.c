/* Lines that an interview prints: as wide as the terminal is now, and the margin of a question. */
#include "cli/collect.h"

void collect_put(cnv_str text, size_t indent, size_t taken)
{
	cli_put_wrapped(stdout, text, (cli_margins){ cli_columns(), indent, taken });
}

void collect_put_title(const collect_state *t, cnv_str text, size_t indent)
{
	bool colour = !t->accessible && cli_colour(stdout);

	fputs(colour ? "\033[1m" : "", stdout);
	collect_put(text, indent, 1);
	fputs(colour ? "\033[0m" : "", stdout);
}

void collect_say(const char *text)
{
	fputs("  ", stdout);
	collect_put(cnv_str_from(text), 2, 0);
}

size_t collect_margin(const collect_state *t, cnv_session_cell cell)
{
	enum { LEAST = 4, MOST = 8 };
	size_t width = cnv_text_width(t->to->form.form->questions[cell.question].qno) + 2;

	return width < LEAST || width > MOST ? LEAST : width;
}
