/* page: a sheet as rows of cells, generated twice.
 *
 * A grid needs the widths of a sheet before its first cell and the height of a row before its cells, and is written
 * sequentially.  So each sheet's function runs once to measure and once to write; a row is buffered until it ends.  All
 * sheets are measured before the first is written, so that a cell can lead to a row of a later sheet.
 * Widths follow the contents: 6 to 60 characters unless a column sets its own; the titles above a table overflow to
 * the right. */
#include "report/page.h"

#include <assert.h>
#include <string.h>

#include "report/pack_words.h"
#include "report/page_table.h"
#include "report/sayings.h"
#include "report/texts.h"

#define LINE 13.5        /* points of one line at 10 point */
#define PERCENT_ROOM 7.0 /* "100%" and its margins */
#define PER_UNIT 0.97    /* digits at 10 point in one unit of column width, which Excel rounds down to 7 pixels */
#define HIGHEST 409.0    /* Excel's maximum row height */
#define NARROWEST 6.0
#define WIDEST 60.0
#define ARROW 12.0      /* points for the filter button, below a heading */
#define BOLD 1.04       /* how much wider bold characters are */
#define LONGEST 32767u  /* UTF-16 units in one cell of Excel */
#define TITLE_LINE 26.0 /* points of the two rows above a table */
#define SUBTITLE_LINE 20.0
#define EXPLANATION_LINE 15.0 /* at 11 point */

/* Titles are above a table and are neither wrapped nor measured. */
static bool overflows(cnv_look look)
{
	return look == CNV_LOOK_TITLE || look == CNV_LOOK_SUBTITLE || look == CNV_LOOK_SECTION ||
	       look == CNV_LOOK_TITLE_RIGHT || look == CNV_LOOK_SUBTITLE_RIGHT || look == CNV_LOOK_SECTION_RIGHT;
}

static bool explains(cnv_look look)
{
	return look == CNV_LOOK_EXPLANATION || look == CNV_LOOK_EXPLANATION_RIGHT;
}

/* Small print is on one line, clipped by its neighbour. */
static bool is_wrapped(cnv_look look)
{
	return !overflows(look) && look != CNV_LOOK_REMARK && look != CNV_LOOK_REMARK_RIGHT;
}

static double widest_line(cnv_str text)
{
	double widest = 0;
	cnv_str line;

	while (cnv_str_split(&text, '\n', &line)) {
		double width = cnv_line_width(line);
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* A heading wraps to about three lines, without breaking a word. */
static double heading_width(cnv_str text)
{
	double widest = widest_line(text) / 3;
	cnv_str word;

	while (cnv_str_word(&text, &word)) {
		double width = cnv_line_width(word);
		widest = width > widest ? width : widest;
	}
	return widest * BOLD / PER_UNIT + 1.5;
}

static double cell_width(const cnv_cell *cell)
{
	char digits[CNV_NUMBER_ROOM];
	size_t len;

	if (overflows(cell->look) || explains(cell->look))
		return 0;
	if (cell->kind == CNV_CELL_DAY)
		return CNV_DAY_ROOM;
	if (cell->look == CNV_LOOK_PERCENT)
		return PERCENT_ROOM;
	if (cell->kind == CNV_CELL_NUMBER) {
		len = cnv_number_write(cell->number, digits);
		return (double)(len > 20 ? 20 : len + len / 3) + 1;
	}
	if (cell->look == CNV_LOOK_HEADING)
		return heading_width(cell->text);
	return widest_line(cell->text) * (cell->look == CNV_LOOK_LABEL ? BOLD : 1) / PER_UNIT + 1.5;
}

/* Of a text over the columns from the first. */
static double explanation_height(const cnv_page *page, const cnv_cell *cell)
{
	double room = 0, lines;

	for (uint32_t column = 0; column < (cell->span > 1 ? cell->span : 1); column++)
		room += page->widths[column];
	room *= PER_UNIT * 10 / 11;
	lines = cell->text.len ? cnv_wrapped_lines(cell->text, room < 1 ? 1 : room) : 1;
	return lines * EXPLANATION_LINE + 4;
}

static double cell_height(const cnv_page *page, const cnv_cell *cell, uint32_t column)
{
	double lines, room = page->widths[column] * PER_UNIT;

	if (explains(cell->look))
		return explanation_height(page, cell);
	if (cell->look == CNV_LOOK_TITLE || cell->look == CNV_LOOK_TITLE_RIGHT)
		return TITLE_LINE;
	if (cell->look == CNV_LOOK_SUBTITLE || cell->look == CNV_LOOK_SUBTITLE_RIGHT)
		return SUBTITLE_LINE;
	if (cell->kind != CNV_CELL_TEXT || !is_wrapped(cell->look) || cell->text.len == 0 || room <= 0)
		return 0;
	if (cell->look == CNV_LOOK_HEADING || cell->look == CNV_LOOK_LABEL)
		room /= BOLD;
	lines = cnv_wrapped_lines(cell->text, room < 1 ? 1 : room);
	if (cell->aside.len)
		lines += cnv_wrapped_lines(cell->aside, room < 1 ? 1 : room);
	return lines > 1 ? lines * LINE + 2 : 0;
}

/* Ensures that `column` exists. */
static bool reach(cnv_page *page, uint32_t column)
{
	uint32_t room = page->room ? page->room : 16, old = page->room;
	double *widths, *most;
	cnv_cell *cells;
	uint32_t *at;
	bool *bands;

	if (column < page->room)
		return true;
	while (room <= column)
		room *= 2;
	widths = cnv_mem_resize(page->widths, old, room, sizeof *widths);
	page->widths = widths ? widths : page->widths;
	most = cnv_mem_resize(page->most, old, room, sizeof *most);
	page->most = most ? most : page->most;
	cells = cnv_mem_resize(page->cells, old, room, sizeof *cells);
	page->cells = cells ? cells : page->cells;
	at = cnv_mem_resize(page->at, old, room, sizeof *at);
	page->at = at ? at : page->at;
	bands = cnv_mem_resize(page->bands, old, room, sizeof *bands);
	page->bands = bands ? bands : page->bands;
	if (!widths || !most || !cells || !at || !bands) {
		page->status = CNV_NO_MEMORY;
		return false;
	}
	for (uint32_t i = old; i < room; i++) {
		widths[i] = NARROWEST;
		most[i] = WIDEST;
		bands[i] = false;
	}
	page->room = room;
	return true;
}

void cnv_page_limit(cnv_page *page, uint32_t column, double most)
{
	if (column < CNV_PAGE_COLUMNS && reach(page, column))
		page->most[column] = most;
}

void cnv_page_hide(cnv_page *page, uint32_t column)
{
	if (column < CNV_PAGE_COLUMNS && reach(page, column))
		page->widths[column] = page->most[column] = 0;
}

void cnv_page_cell(cnv_page *page, uint32_t column, const cnv_cell *cell)
{
	cnv_cell *put;

	if (page->status || column >= CNV_PAGE_COLUMNS || !reach(page, column))
		return;
	assert(!page->count || page->at[page->count - 1] < column);
	put = &page->cells[page->count];
	page->at[page->count++] = column;
	*put = *cell;
	if (page->style.from_right)
		put->look = cnv_look_from_right(cell->look);
	if (put->text.len > LONGEST && cnv_utf16_length(put->text) > LONGEST)
		put->text = cnv_text_cut(put->text, LONGEST / 2, &page->row_arena);
	if (put->comment.len && page->comments++ >= CNV_PAGE_COMMENTS)
		put->comment.len = 0;
	if (put->comment.len)
		page->style.has_comments = true;
	if (column >= page->style.columns)
		page->style.columns = column + 1;
}

void cnv_page_text(cnv_page *page, uint32_t column, cnv_look look, cnv_str text)
{
	cnv_page_cell(page, column, &(cnv_cell){ .kind = CNV_CELL_TEXT, .look = look, .text = text });
}

void cnv_page_words(cnv_page *page, uint32_t column, cnv_look look, const char *english)
{
	/* A hidden sheet is read by canvass alone. */
	cnv_page_text(page, column, look, page->plan->hidden ? cnv_str_from(english) : cnv_say(page->desk, english));
}

void cnv_cell_count(cnv_cell *cell, uint64_t count)
{
	cell->kind = CNV_CELL_NUMBER;
	cell->number = (double)count;
}

void cnv_cell_number(cnv_page *page, cnv_cell *cell, double number)
{
	char digits[CNV_NUMBER_ROOM];

	if (number - number == 0) {
		cell->kind = CNV_CELL_NUMBER;
		cell->number = number;
		return;
	}
	cell->look = CNV_LOOK_PLAIN;
	cell->text = cnv_arena_copy(&page->row_arena, (cnv_str){ digits, cnv_number_write(number, digits) });
}

void cnv_cell_day(cnv_page *page, cnv_cell *cell, int32_t day)
{
	char digits[CNV_DAY_ROOM];

	/* Excel counts days from 1900, and its first two months are off by one day. */
	if (cnv_day_date(day).year > 1900) {
		cell->kind = CNV_CELL_DAY;
		cell->look = CNV_LOOK_DAY;
		cell->day = day;
		return;
	}
	cell->look = CNV_LOOK_PLAIN;
	cell->text = cnv_arena_copy(&page->row_arena, (cnv_str){ digits, cnv_day_write(day, digits) });
}

void cnv_page_number(cnv_page *page, uint32_t column, cnv_look look, double number)
{
	cnv_cell cell = { .look = look };

	cnv_cell_number(page, &cell, number);
	cnv_page_cell(page, column, &cell);
}

void cnv_page_count(cnv_page *page, uint32_t column, cnv_look look, uint64_t count)
{
	cnv_page_number(page, column, look, (double)count);
}

void cnv_page_day(cnv_page *page, uint32_t column, int32_t day)
{
	cnv_cell cell = { 0 };

	cnv_cell_day(page, &cell, day);
	cnv_page_cell(page, column, &cell);
}

static void measure_row(cnv_page *page)
{
	for (uint32_t i = 0; i < page->count; i++) {
		uint32_t column = page->at[i];
		double width = cell_width(&page->cells[i]);

		if (width > page->most[column])
			width = page->most[column];
		if (width > page->widths[column])
			page->widths[column] = width;
	}
}

static void write_row(cnv_page *page)
{
	const cnv_grid *grid = page->grid;
	double height = 0;

	for (uint32_t i = 0; i < page->count; i++) {
		double wanted = cell_height(page, &page->cells[i], page->at[i]);
		height = wanted > height ? wanted : height;
		/* LibreOffice draws a text with a link on one line, and cuts it. */
		if (wanted > 0)
			page->cells[i].link.len = 0;
	}
	if (page->style.header_row == page->row)
		height = (height > LINE ? height : LINE + 2) + ARROW;
	height = height > HIGHEST ? HIGHEST : height;
	cnv_paging_row(page, height);
	page->status = grid->row(grid->self, page->row, height);
	for (uint32_t i = 0; i < page->count && !page->status; i++)
		page->status = grid->cell(grid->self, page->row, page->at[i], &page->cells[i]);
}

void cnv_page_end_row(cnv_page *page)
{
	cnv_page_table_row(page);
	if (!page->status && page->row_arena.failed)
		page->status = CNV_NO_MEMORY;
	if (page->row_question != CNV_NONE && page->row_question != page->question)
		cnv_paging_question(page);
	else if (page->count && overflows(page->cells[0].look) && page->at[0] == 0)
		cnv_paging_lead(page);
	if (!page->status && page->row < CNV_PAGE_ROWS) {
		if (page->grid)
			write_row(page);
		else
			measure_row(page);
	}
	page->row++;
	page->count = 0;
	page->question = page->row_question;
	page->row_question = CNV_NONE;
	cnv_arena_reset(&page->row_arena);
}

void cnv_page_chart(cnv_page *page, const cnv_chart *chart)
{
	if (!page->status && page->row_arena.failed)
		page->status = CNV_NO_MEMORY;
	if (!page->status && page->grid)
		page->status = page->grid->chart(page->grid->self, chart);
	else
		cnv_paging_chart(page, chart);
}

void cnv_page_skip_row(cnv_page *page)
{
	cnv_page_table_end(page);
	cnv_paging_row(page, 0);
	page->row++;
}

bool cnv_page_has_room(cnv_page *page)
{
	if (page->row + 2 < CNV_PAGE_ROWS)
		return !page->status;
	page->cut = true;
	return false;
}

void cnv_page_title(cnv_page *page, cnv_str title, cnv_str remark)
{
	cnv_page_text(page, 0, CNV_LOOK_TITLE, title);
	cnv_page_end_row(page);
	cnv_page_cell(page, 0,
		      &(cnv_cell){ .look = CNV_LOOK_EXPLANATION,
				   .text = remark,
				   .span = page->grid ? cnv_paging_columns(page) : 1 });
	cnv_page_end_row(page);
}

void cnv_page_answers_title(cnv_page *page, cnv_str title, cnv_str remark)
{
	cnv_str compiled = cnv_desk_compiled_text(page->desk, &page->desk->step);

	if (compiled.len)
		remark = cnv_arena_format(&page->desk->step, "%.*s %.*s.", CNV_ARG(remark), CNV_ARG(compiled));
	cnv_page_title(page, title, remark);
}

void cnv_page_band(cnv_page *page, uint32_t column)
{
	if (column < CNV_PAGE_COLUMNS && reach(page, column))
		page->bands[column] = true;
}

bool cnv_page_breaks_at(const cnv_page *page, uint32_t column)
{
	for (uint32_t i = 0; i < page->style.break_count; i++)
		if (page->breaks[i] == column)
			return true;
	return false;
}

void cnv_page_header_row(cnv_page *page, uint32_t frozen)
{
	page->style.header_row = page->row;
	page->style.repeat_row = page->row - page->heads;
	page->style.freeze_rows = page->row + 1;
	page->style.freeze_columns = page->style.repeat_columns = frozen;
	cnv_page_end_row(page);
}

void cnv_page_headings(cnv_page *page, const cnv_heading *headings, uint32_t frozen)
{
	for (uint32_t column = 0; headings[column].text; column++) {
		if (headings[column].most > 0)
			cnv_page_limit(page, column, headings[column].most);
		cnv_page_words(page, column, CNV_LOOK_HEADING, headings[column].text);
	}
	cnv_page_header_row(page, frozen);
}

static void run(cnv_page *page)
{
	page->row = page->count = page->comments = page->heads = page->tables = 0;
	cnv_paging_begin(page);
	page->question = page->row_question = CNV_NONE;
	page->cut = false;
	page->plan->lay(page);
	if (page->cut) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "More rows than a sheet can have: the rest is omitted.");
		cnv_page_end_row(page);
	}
	cnv_page_table_end(page);
}

void cnv_page_measure(cnv_page *page, cnv_desk *desk, const cnv_sheet_plan *plan)
{
	*page = (cnv_page){ .desk = desk, .plan = plan };
	page->style = (cnv_sheet_style){ .name = plan->name,
					 .header_row = CNV_NONE,
					 .landscape = !plan->portrait,
					 .a3 = plan->a3,
					 .one_page = plan->one_page,
					 .from_right = cnv_tag_is_from_right(
						 cnv_pack_tag(desk->form, desk->report->language)),
					 .hidden = plan->hidden };
	page->style.footer = cnv_desk_footer(desk);
	if (desk->tongue != CNV_ENGLISH)
		page->style.pages = cnv_str_from(pack_words(cnv_str_from(cnv_tongue_tag(desk->tongue)))[WORD_PAGE]);
	run(page);
	page->style.widths = page->widths;
	page->rows = page->row;
	page->style.in_table &= page->rows <= CNV_PAGE_TABLED && !plan->hidden;
	cnv_paging_plan(page);
	cnv_arena_fini(&page->row_arena);
}

cnv_status cnv_page_write(cnv_page *page, cnv_grid *grid)
{
	const cnv_desk *desk = page->desk;

	if (!page->status)
		page->status = grid->sheet(grid->self, &page->style);
	page->grid = grid;
	if (!page->status)
		run(page);
	if (!page->status && page->paging.count)
		page->status = grid->pages(grid->self, page->paging.rows, page->paging.count);
	if (desk->arena->failed || desk->step.failed || desk->failed)
		page->status = page->status ? page->status : CNV_NO_MEMORY;
	return page->status;
}

void cnv_page_fini(cnv_page *page)
{
	cnv_mem_free(page->widths);
	cnv_mem_free(page->most);
	cnv_mem_free(page->cells);
	cnv_mem_free(page->at);
	cnv_mem_free(page->bands);
	cnv_arena_fini(&page->row_arena);
	*page = (cnv_page){ 0 };
}
