/* page_table: the tables of a page, found from its rows.
 *
 * A row of headings, one in each column from the first, begins a table; it ends with the next row of headings, with an
 * empty row, and with a title.  Programs get it as a table of theirs, which says the headings of a cell to those who
 * cannot see them.  On larger sheets, and where a table has no rows, the range of the sheet's own table has a name.
 *
 * Programs find a column by its heading, so a heading that is there already gets a number. */
#include "report/page_table.h"

#include "report/texts.h"

#define HEADING 200u /* characters of a heading */

/* ---------------------------------------------------------------- its headings */

static bool has_headings(const cnv_page *page)
{
	for (uint32_t i = 0; i < page->count; i++)
		if (page->at[i] != i || page->cells[i].look != CNV_LOOK_HEADING || !page->cells[i].text.len)
			return false;
	return page->count > 0;
}

/* On one line. */
static cnv_str heading_text(cnv_str text, cnv_arena *arena)
{
	char *line;
	size_t at = 0;

	text = cnv_text_cut(text, HEADING, arena);
	while (at < text.len && (unsigned char)text.at[at] >= 0x20)
		at++;
	if (at == text.len || !(line = cnv_arena_get(arena, text.len)))
		return text;
	for (at = 0; at < text.len; at++)
		line[at] = (unsigned char)text.at[at] < 0x20 ? ' ' : text.at[at];
	return (cnv_str){ line, text.len };
}

/* Makes each heading of the row differ from those before it.  false: a numbered one is there as well. */
static bool set_apart(cnv_page *page)
{
	uint32_t *times = cnv_arena_array(&page->row_arena, (size_t)page->count + 1, sizeof *times);
	cnv_map seen = { 0 };
	bool apart = times;

	for (uint32_t i = 0; times && i < page->count; i++) {
		cnv_str *text = &page->cells[i].text;
		uint32_t first;

		*text = heading_text(*text, &page->row_arena);
		first = cnv_map_put(&seen, cnv_text_fold(&page->row_arena, *text), i);
		if (seen.failed || first == i)
			continue;
		*text = cnv_arena_format(&page->row_arena, "%.*s (%u)", CNV_ARG(*text), ++times[first] + 1);
		apart = cnv_map_put(&seen, cnv_text_fold(&page->row_arena, *text), i) == i && apart;
	}
	if (seen.failed)
		page->status = CNV_NO_MEMORY;
	cnv_map_fini(&seen);
	return apart;
}

/* ---------------------------------------------------------------- what programs get of it */

/* The name of the next table or range: that of the sheet, or with a number. */
static cnv_str next_name(cnv_page *page)
{
	cnv_str name = page->plan->tables;

	return ++page->tables == 1 ? name : cnv_arena_format(page->desk->arena, "%.*s_%u", CNV_ARG(name), page->tables);
}

static cnv_status put_table(cnv_page *page, const cnv_page_table *table, uint32_t last)
{
	cnv_str name = next_name(page);

	if (page->desk->arena->failed)
		return CNV_NO_MEMORY;
	return page->grid->table(page->grid->self, &(cnv_sheet_table){ .name = name,
								       .row = table->row,
								       .last_row = last,
								       .last_column = table->columns - 1,
								       .headings = table->headings,
								       .filtered = table->main });
}

/* "'Who''s there'!$A$3:$H$90" */
static cnv_status put_name(cnv_page *page, const cnv_page_table *table, uint32_t last)
{
	cnv_arena *arena = page->desk->arena;
	cnv_str name = next_name(page);
	char column[CNV_CELL_NAME_ROOM];
	size_t len = 0;

	cnv_cell_name(1, page->style.columns, column);
	while (column[len] >= 'A')
		len++;
	cnv_str range = cnv_arena_format(arena, "%.*s!$A$%u:$%.*s$%u", CNV_ARG(page->plan->quoted), table->row + 1,
					 CNV_ARG(((cnv_str){ column, len })), last + 1);
	return arena->failed ? CNV_NO_MEMORY : page->grid->name(page->grid->self, name, range);
}

void cnv_page_table_end(cnv_page *page)
{
	const cnv_page_table table = page->table;
	const cnv_grid *grid = page->grid;
	uint32_t last = page->row ? page->row - 1 : 0;
	bool fits = table.columns && last > table.row;

	page->table.open = false;
	if (!table.open || page->status)
		return;
	if (table.main && !grid) {
		page->style.last_row = last;
		page->style.in_table = fits;
	}
	if (!grid || page->plan->hidden)
		return;
	if (page->row_arena.failed || page->desk->arena->failed)
		page->status = CNV_NO_MEMORY;
	else if (fits && page->rows <= CNV_PAGE_TABLED)
		page->status = put_table(page, &table, last);
	else if (table.main)
		page->status = put_name(page, &table, last);
}

/* ---------------------------------------------------------------- from row to row */

static void begin(cnv_page *page)
{
	cnv_page_table *table = &page->table;

	*table = (cnv_page_table){ .open = true, .main = page->style.header_row == page->row, .row = page->row };
	if (!has_headings(page) || !set_apart(page))
		return;
	table->columns = page->count;
	if (!page->grid)
		return;
	table->headings = cnv_arena_array(page->desk->arena, page->count, sizeof *table->headings);
	for (uint32_t i = 0; table->headings && i < page->count; i++)
		table->headings[i] = cnv_arena_copy(page->desk->arena, page->cells[i].text);
}

void cnv_page_table_row(cnv_page *page)
{
	cnv_look look = page->count ? page->cells[0].look : CNV_LOOK_TITLE;

	if (look == CNV_LOOK_HEADING) {
		cnv_page_table_end(page);
		begin(page);
	} else if (look == CNV_LOOK_TITLE || look == CNV_LOOK_SUBTITLE || look == CNV_LOOK_SECTION) {
		cnv_page_table_end(page);
	}
}
