/* What a workbook says, sheet by sheet, whatever program saved it.
 *
 * A cell is its place, its kind and its text, as the reader of workbooks returns it: a number has the 15 digits that a
 * spreadsheet keeps, a date is a date.  Looks and widths are not part of it.  What is laid out and what is read
 * from a file are digested here in the same way, so that a workbook laid out twice, and one that was opened, saved and
 * not changed, have the same digests.
 *
 * The digest of cells is SHA-256 over all of them, in reading order.  Comments, charts and links are in no certain order,
 * so their digest is the sum of the SHA-256 of each. */
#include "io/xlsx_beside.h"
#include "io/xlsx_text.h"

#include <string.h>

typedef struct sheet {
	cnv_laid_sheet laid; /* digests: sums of comments, charts and links, and of cells once it has ended */
	cnv_digest cells;
} sheet;

/* A number with decimals, as it is shown.  Most are shares, of which a report has few different ones, each many times, and
 * their digits take longer than the rest of the cell. */
typedef struct shown {
	double number;
	size_t len; /* 0: none yet */
	char digits[CNV_NUMBER_ROOM];
} shown;

enum { SHOWN = 128 };

struct cnv_contents {
	cnv_arena arena; /* names of sheets */
	sheet *sheets;
	cnv_laid_sheet *laid; /* as given away last */
	uint32_t count, room, laid_room;
	cnv_laid given;
	const cnv_grid *inner; /* what is laid out goes there as well; or NULL */
	const cnv_content_listener *listener;
	cnv_text text, written, more; /* of one cell */
	shown shown[SHOWN];           /* by the hash of the number; the latest of those with the same */
	bool computed;                /* the next cell that is read has the value of a formula */
	bool failed;                  /* out of memory */
};

cnv_contents *cnv_contents_new(const cnv_content_listener *listener)
{
	cnv_contents *c = cnv_mem_get(sizeof *c);

	if (c)
		c->listener = listener; /* the rest is zero */
	return c;
}

void cnv_contents_free(cnv_contents *c)
{
	if (!c)
		return;
	cnv_arena_fini(&c->arena);
	cnv_text_fini(&c->text);
	cnv_text_fini(&c->written);
	cnv_text_fini(&c->more);
	cnv_mem_free(c->sheets);
	cnv_mem_free(c->laid);
	cnv_mem_free(c);
}

/* ---------------------------------------------------------------- digests */

/* A number of a fixed size, so that what follows cannot be taken for a part of it. */
static void add_number(cnv_digest *digest, uint64_t number)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(number >> 8 * i);
	cnv_digest_add(digest, bytes, sizeof bytes);
}

static void add_text(cnv_digest *digest, cnv_str text)
{
	add_number(digest, text.len);
	cnv_digest_add(digest, text.at, text.len);
}

static void add_place(cnv_digest *digest, char kind, uint32_t row, uint32_t column)
{
	add_number(digest, (uint64_t)row << 32 | (uint64_t)column << 8 | (uint8_t)kind);
}

/* Adds a digest to a sum of digests. */
static void add_sum(uint8_t sum[32], cnv_digest *digest)
{
	uint8_t one[32];
	uint32_t carry = 0;

	cnv_digest_end(digest, one);
	for (size_t i = 0; i < sizeof one; i++) {
		carry += (uint32_t)sum[i] + one[i];
		sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static bool add_sheet(cnv_contents *c, cnv_str name, bool hidden)
{
	sheet *added;

	if (!cnv_mem_room((void **)&c->sheets, &c->room, c->count + 1, sizeof *c->sheets)) {
		c->failed = true;
		return false;
	}
	added = &c->sheets[c->count++];
	*added = (sheet){ .laid = { .name = cnv_arena_copy(&c->arena, name), .hidden = hidden } };
	cnv_digest_init(&added->cells, CNV_SHA256);
	c->failed |= c->arena.failed;
	return !c->failed;
}

static void emit(const cnv_contents *c, char kind, uint32_t row, uint32_t column, cnv_str text)
{
	if (c->listener)
		c->listener->content(c->listener->self, &(cnv_content){ .sheet = c->sheets[c->count - 1].laid.name,
									.kind = kind,
									.row = row,
									.column = column,
									.text = text });
}

static void add_cell(cnv_contents *c, char kind, uint32_t row, uint32_t column, cnv_str text)
{
	sheet *to = &c->sheets[c->count - 1];

	to->laid.cells++;
	add_place(&to->cells, kind, row, column);
	add_text(&to->cells, text);
	emit(c, kind, row, column, text);
}

static void add_note(cnv_contents *c, uint32_t row, uint32_t column, cnv_str text)
{
	sheet *to = &c->sheets[c->count - 1];
	cnv_digest digest;

	to->laid.notes++;
	cnv_digest_init(&digest, CNV_SHA256);
	add_place(&digest, CNV_CONTENT_NOTE, row, column);
	add_text(&digest, text);
	add_sum(to->laid.note_digest, &digest);
	emit(c, CNV_CONTENT_NOTE, row, column, text);
}

static void add_chart(cnv_contents *c, const cnv_xlsx_chart *chart)
{
	sheet *to = &c->sheets[c->count - 1];
	cnv_digest digest;

	to->laid.charts++;
	cnv_digest_init(&digest, CNV_SHA256);
	add_place(&digest, CNV_CONTENT_CHART, chart->row, chart->column);
	add_text(&digest, chart->title);
	add_text(&digest, chart->alt);
	add_text(&digest, chart->cells);
	add_sum(to->laid.chart_digest, &digest);
	cnv_text_reset(&c->more);
	cnv_text_format(&c->more, "%.*s\n%.*s\n%.*s", CNV_ARG(chart->title), CNV_ARG(chart->alt),
			CNV_ARG(chart->cells));
	c->failed |= c->more.failed;
	emit(c, CNV_CONTENT_CHART, chart->row, chart->column, cnv_text_str(&c->more));
}

/* Where the cells in the area lead to. */
static void add_link(cnv_contents *c, cnv_xlsx_area area, cnv_str target, bool outside)
{
	sheet *to = &c->sheets[c->count - 1];
	cnv_digest digest;

	if (target.len && target.at[0] == '#')
		target = cnv_str_slice(target, 1, target.len);
	to->laid.links++;
	cnv_digest_init(&digest, CNV_SHA256);
	add_place(&digest, CNV_CONTENT_LINK, area.from_row, area.from_column);
	add_place(&digest, outside ? 'o' : 'i', area.upto_row, area.upto_column);
	add_text(&digest, target);
	add_sum(to->laid.link_digest, &digest);
	emit(c, CNV_CONTENT_LINK, area.from_row, area.from_column, target);
}

const cnv_laid *cnv_contents_laid(cnv_contents *c)
{
	if (c->failed || !cnv_mem_room((void **)&c->laid, &c->laid_room, c->count + 1, sizeof *c->laid))
		return NULL;
	for (uint32_t i = 0; i < c->count; i++) {
		cnv_digest cells = c->sheets[i].cells;

		c->laid[i] = c->sheets[i].laid;
		cnv_digest_end(&cells, c->laid[i].cell_digest);
	}
	c->given = (cnv_laid){ c->laid, c->count };
	return &c->given;
}

/* ---------------------------------------------------------------- as it is laid out */

static cnv_status answer(const cnv_contents *c)
{
	return c->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status put_sheet(void *self, const cnv_sheet_style *style)
{
	cnv_contents *c = self;
	cnv_status status = c->inner ? c->inner->sheet(c->inner->self, style) : CNV_OK;

	return status || add_sheet(c, style->name, style->hidden) ? status : CNV_NO_MEMORY;
}

static cnv_status put_row(void *self, uint32_t row, double height)
{
	const cnv_contents *c = self;

	return c->inner ? c->inner->row(c->inner->self, row, height) : CNV_OK;
}

/* The text as it will be read: cut at the limit of a cell, a line end as LF; empty where nothing can be seen. */
static cnv_str text_read(cnv_contents *c, cnv_text *out, cnv_str text)
{
	cnv_xlsx_cell_text(&c->written, text);
	cnv_text_reset(out);
	cnv_text_put(out, cnv_text_str(&c->written));
	c->failed |= c->written.failed || out->failed;
	if (out->len)
		out->len = cnv_xlsx_unescape(out->at, out->len);
	text = cnv_text_str(out);
	return cnv_str_trim(text).len ? text : CNV_STR("");
}

static void put_text(cnv_contents *c, uint32_t row, uint32_t column, const cnv_cell *cell, char kind)
{
	cnv_str text = text_read(c, &c->text, cell->text);

	if (cell->aside.len && cell->text.len) {
		cnv_str aside = text_read(c, &c->more, cell->aside);

		cnv_text_put_char(&c->text, '\n');
		cnv_text_put(&c->text, aside);
		text = cnv_text_str(&c->text);
		c->failed |= c->text.failed;
	}
	if (text.len)
		add_cell(c, kind, row, column, text);
}

static void put_number(cnv_contents *c, uint32_t row, uint32_t column, double number, char kind)
{
	shown *known = &c->shown[cnv_str_hash((cnv_str){ (const char *)&number, sizeof number }, 0) % SHOWN];

	if (!known->len || memcmp(&known->number, &number, sizeof number)) {
		known->number = number;
		known->len = cnv_xlsx_number_shown(number, known->digits);
	}
	add_cell(c, kind, row, column, (cnv_str){ known->digits, known->len });
}

static void put_day(cnv_contents *c, uint32_t row, uint32_t column, int32_t day)
{
	char words[CNV_DAY_ROOM];
	size_t len = cnv_day_write(day, words);

	add_cell(c, day < CNV_XLSX_FIRST_DAY ? CNV_CONTENT_TEXT : CNV_CONTENT_DATE, row, column,
		 (cnv_str){ words, len });
}

/* What a cell with the value of a formula is: a kind of its own, so that a formula in the place of a number shows. */
static char computed(char kind)
{
	return (char)(kind - 'a' + 'A');
}

static cnv_status put_cell(void *self, uint32_t row, uint32_t column, const cnv_cell *cell)
{
	cnv_contents *c = self;
	cnv_status status = c->inner ? c->inner->cell(c->inner->self, row, column, cell) : CNV_OK;

	if (status || !c->count)
		return status;
	row++;
	column++;
	if (cell->kind == CNV_CELL_TEXT)
		put_text(c, row, column, cell, CNV_CONTENT_TEXT);
	else if (cell->kind == CNV_CELL_NUMBER)
		put_number(c, row, column, cell->number, CNV_CONTENT_NUMBER);
	else if (cell->kind == CNV_CELL_DAY)
		put_day(c, row, column, cell->day);
	else if (cell->is_text)
		put_text(c, row, column, cell, computed(CNV_CONTENT_TEXT));
	else
		put_number(c, row, column, cell->number, computed(CNV_CONTENT_NUMBER));
	if (cell->link.len)
		add_link(c, (cnv_xlsx_area){ row, column, row, column }, cell->link, false);
	if (cell->comment.len) {
		cnv_str note = cnv_str_trim(text_read(c, &c->text, cell->comment));
		if (note.len)
			add_note(c, row, column, note);
	}
	return answer(c);
}

static cnv_status put_rule(void *self, const cnv_rule *rule)
{
	const cnv_contents *c = self;

	return c->inner ? c->inner->rule(c->inner->self, rule) : CNV_OK;
}

static cnv_status put_name(void *self, cnv_str name, cnv_str range)
{
	const cnv_contents *c = self;

	return c->inner ? c->inner->name(c->inner->self, name, range) : CNV_OK;
}

static cnv_status put_table(void *self, const cnv_sheet_table *table)
{
	const cnv_contents *c = self;

	return c->inner ? c->inner->table(c->inner->self, table) : CNV_OK;
}

static cnv_status put_chart(void *self, const cnv_chart *chart)
{
	cnv_contents *c = self;
	cnv_status status = c->inner ? c->inner->chart(c->inner->self, chart) : CNV_OK;
	cnv_arena arena = { 0 };

	if (status || !c->count)
		return status;
	char *title = cnv_xlsx_plain(&arena, chart->title, CNV_CHART_TITLE);
	char *alt = cnv_xlsx_plain(&arena, chart->alt, CNV_CHART_ALT);
	cnv_xlsx_chart read = cnv_xlsx_chart_read(&c->text, chart, cnv_str_from(title), cnv_str_from(alt));
	c->failed |= !title || !alt || c->text.failed;
	if (!c->failed)
		add_chart(c, &read);
	cnv_arena_fini(&arena);
	return answer(c);
}

static cnv_status put_pages(void *self, const uint32_t *rows, uint32_t count)
{
	const cnv_contents *c = self;

	return c->inner ? c->inner->pages(c->inner->self, rows, count) : CNV_OK;
}

static cnv_status finish(void *self)
{
	const cnv_contents *c = self;

	return c->inner ? c->inner->finish(c->inner->self) : answer(c);
}

static const cnv_laid *laid(void *self)
{
	return cnv_contents_laid(self);
}

void cnv_contents_grid(cnv_grid *grid, cnv_contents *c, const cnv_grid *inner)
{
	c->inner = inner;
	*grid = (cnv_grid){ c,        put_sheet, put_row,   put_cell,  finish, put_rule,
			    put_name, put_chart, put_table, put_pages, laid };
}

/* ---------------------------------------------------------------- as it is read */

static bool read_sheet(void *self, const cnv_xlsx_sheet *next)
{
	return add_sheet(self, next->name, next->hidden);
}

static cnv_status read_cell(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	static const char kinds[] = { [CNV_XLSX_TEXT] = CNV_CONTENT_TEXT,
				      [CNV_XLSX_NUMBER] = CNV_CONTENT_NUMBER,
				      [CNV_XLSX_BOOLEAN] = CNV_CONTENT_BOOLEAN,
				      [CNV_XLSX_DATE] = CNV_CONTENT_DATE,
				      [CNV_XLSX_ERROR] = CNV_CONTENT_ERROR };
	cnv_contents *c = self;

	if (cnv_str_trim(text).len)
		add_cell(c, c->computed ? computed(kinds[kind]) : kinds[kind], row, column, text);
	c->computed = false;
	return answer(c);
}

static void read_computed(void *self)
{
	cnv_contents *c = self;

	c->computed = true;
}

static cnv_status read_note(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text)
{
	(void)author;
	add_note(self, row, column, text);
	return answer(self);
}

static cnv_status read_chart(void *self, const cnv_xlsx_chart *chart)
{
	add_chart(self, chart);
	return answer(self);
}

static cnv_status read_link(void *self, cnv_xlsx_area area, cnv_str target, bool outside)
{
	add_link(self, area, target, outside);
	return answer(self);
}

static cnv_status read_end(void *self)
{
	return answer(self);
}

cnv_status cnv_contents_read(cnv_contents *c, cnv_str source, cnv_str bytes, cnv_diags *diags)
{
	const cnv_xlsx_sink sink = { .self = c,
				     .sheet = read_sheet,
				     .cell = read_cell,
				     .end = read_end,
				     .comment = read_note,
				     .chart = read_chart,
				     .link = read_link,
				     .computed = read_computed };
	cnv_status status = cnv_xlsx_read(source, bytes, &sink, diags);

	return c->failed ? CNV_NO_MEMORY : status;
}
