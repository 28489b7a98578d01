/* The choices of a question: one a line with its number, or in columns where there are many short ones. */
#include <inttypes.h>

#include "cli/collect.h"

/* Choices printed at once: longer lists are searched. */
#define MOST_PRINTED 30u
/* Fewer are easier to read one below the other. */
#define LEAST_IN_COLUMNS 8u
enum { WIDEST_IN_COLUMNS = 30, COLUMN_GAP = 3 }; /* columns of the terminal: of a label, and between two */

typedef struct choice_line {
	cnv_str number, title;
} choice_line;

typedef struct choice_page {
	choice_line lines[MOST_PRINTED];
	uint32_t count, more;
	size_t number_width, title_width;
	bool plain; /* no title has characters that are escaped */
} choice_page;

bool collect_is_plain(cnv_str text)
{
	const char *at = text.at, *end = text.len ? at + text.len : at;

	while (at < end) {
		uint32_t c = cnv_utf8_next(&at, end);

		if (c == '\n' || c == '\t' || cnv_is_hidden(c))
			return false;
	}
	return true;
}

static void add_line(choice_page *page, cnv_str number, cnv_str title)
{
	size_t number_width = cnv_text_width(number), title_width = cnv_text_width(title);

	if (page->count == MOST_PRINTED) {
		page->more++;
		return;
	}
	page->lines[page->count++] = (choice_line){ number, title };
	page->number_width = number_width > page->number_width ? number_width : page->number_width;
	page->title_width = title_width > page->title_width ? title_width : page->title_width;
	page->plain &= collect_is_plain(title);
}

/* Those on offer that have `word` in their label or code. */
static void fill_page(collect_state *t, cnv_session_cell cell, cnv_str word, choice_page *page)
{
	const cnv_list *list = cnv_session_list(t->session, cell.question);
	const uint64_t *offered = list ? cnv_session_offered(t->session, cell) : NULL;
	bool coded = list && collect_is_numbered(list);
	uint32_t number = 0;

	for (uint32_t i = 0; offered && i < list->count; i++) {
		const cnv_choice *choice = &list->choices[i];
		cnv_str title = cnv_choice_title(t->to->form.form, choice, t->to->form.language);

		if (!cnv_bit(offered, i))
			continue;
		number++;
		if (word.len && !collect_contains(title, word, &t->temp) &&
		    !collect_contains(choice->name, word, &t->temp))
			continue;
		add_line(page, coded ? choice->name : cnv_arena_format(&t->temp, "%" PRIu32, number), title);
	}
}

static void put_number(const choice_page *page, size_t blanks, cnv_str number)
{
	printf("%*s", (int)(blanks + page->number_width - cnv_text_width(number)), "");
	cli_put(stdout, number, false);
	fputs("  ", stdout);
}

static void put_columns(const choice_page *page, size_t margin, uint32_t columns)
{
	uint32_t rows = (page->count + columns - 1) / columns;

	for (uint32_t row = 0; row < rows; row++) {
		size_t blanks = margin;

		for (uint32_t i = row; i < page->count; i += rows) {
			put_number(page, blanks, page->lines[i].number);
			cli_put(stdout, page->lines[i].title, false);
			blanks = page->title_width - cnv_text_width(page->lines[i].title) + COLUMN_GAP;
		}
		putchar('\n');
	}
}

/* How many columns of choices fit; 1: one choice a line. */
static uint32_t count_columns(const collect_state *t, const choice_page *page, size_t margin)
{
	size_t width = cli_columns(), each = page->number_width + 2 + page->title_width + COLUMN_GAP;

	if (t->accessible || !page->plain || page->count < LEAST_IN_COLUMNS || page->title_width > WIDEST_IN_COLUMNS ||
	    width < margin + each)
		return 1;
	return (uint32_t)((width - margin + COLUMN_GAP) / each);
}

void collect_show_choices(collect_state *t, cnv_session_cell cell, cnv_str word)
{
	choice_page page = { .plain = true };
	size_t margin = collect_margin(t, cell);
	uint32_t columns;

	fill_page(t, cell, word, &page);
	columns = count_columns(t, &page, margin);
	if (columns > 1)
		put_columns(&page, margin, columns);
	for (uint32_t i = 0; i < page.count && columns == 1; i++) {
		put_number(&page, margin, page.lines[i].number);
		collect_put(page.lines[i].title, margin + page.number_width + 2, 0);
	}
	if (page.more)
		printf("%*s... %" PRIu32 " more; /WORD searches\n", (int)margin, "", page.more);
	if (word.len && !page.count)
		collect_say("no choice has this word");
}
