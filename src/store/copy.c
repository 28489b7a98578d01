/* Copies a store into an empty one, on the same engine or another.
 *
 * All rows keep their ids, so the two stores say the same, event by event.  The tables are those of schema.sql, as SQLite
 * describes them, and those of the answers to each version of the form.  Rows are read in a scan and fed many at a time;
 * all of the copy is one transaction.
 *
 * Engines differ in how many questions a part of the answers has.  A part of the target is then read from all parts of the
 * source that have some of its questions, and what is next to their values is put together again. */
#include "store/engine.h"
#include "store/own.h"
#include "store/state.h"
#include "store/views.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { MOST_CELLS = 16384 };         /* of a feed */
#define MOST_BYTES ((size_t)4 << 20) /* of the texts of a feed, which one long text may exceed */
#define PIECE ((size_t)256 << 10)    /* of an original, read at a time */

typedef struct copying {
	cnv_store *from, *to;
	sql_cell *cells; /* MOST_CELLS */
	cnv_text bytes;  /* of their texts */
	cnv_text text;   /* of statements */
	cnv_text room;   /* of one own text */
	cnv_store_copied *out;
} copying;

/* A table of either store. */
typedef struct copied {
	cnv_str name, columns, order; /* in SQL, separated by commas */
	cnv_str selected, source;     /* what is read, and from where */
	uint32_t count;               /* of columns */
	const store_column *questions;
	uint32_t first, upto; /* the columns with values of questions[0], ... */
	uint32_t question;    /* the number of questions[0] in its table of answers */
	uint32_t part, parts; /* of the source, that are put together; parts 0: none are */
	uint32_t width;       /* questions of each of them */
	uint64_t rows;        /* copied */
} copied;

static bool failed(const copying *c)
{
	return c->from->status || c->to->status;
}

/* ---------------------------------------------------------------- rows */

/* Texts move while more are added, so a cell first has the place of its text. */
static void take_cell(copying *c, sql *read, const copied *table, uint32_t column, sql_cell *cell)
{
	bool whole = column >= table->first && column < table->upto &&
		     table->questions[column - table->first].coding == CODING_INTEGER;
	cnv_str text;

	switch (sql_kind(read, column)) {
	case SQL_NULL:
		*cell = (sql_cell){ .kind = CELL_NULL };
		break;
	case SQL_INTEGER:
		*cell = (sql_cell){ .kind = CELL_INTEGER, .integer = sql_integer(read, column) };
		break;
	case SQL_REAL:
		*cell = (sql_cell){ .kind = CELL_REAL, .real = sql_real(read, column) };
		if (whole) /* a server has one type for both */
			store_set_number(cell, sql_real(read, column));
		break;
	case SQL_TEXT:
	case SQL_BLOB:
		text = sql_text(read, column);
		*cell = (sql_cell){ .kind = sql_kind(read, column) == SQL_TEXT ? CELL_TEXT : CELL_BLOB,
				    .from = c->bytes.len,
				    .len = (uint32_t)text.len };
		cnv_text_put(&c->bytes, text);
		break;
	}
}

/* What follows the values: verdicts, lines and own texts, of each part that is put together. */
enum { VERDICTS, LINES, OWN, REST };

static cnv_str rest_of(sql *read, const copied *table, uint32_t part, uint32_t which)
{
	return sql_text(read, table->upto + REST * (part - table->part) + which);
}

/* Is it a question of the part that is written? */
static bool is_in(const copied *table, uint32_t question)
{
	return question >= table->question && question - table->question < table->upto - table->first;
}

static void begin_rest(const copying *c, sql_cell *cell, sql_cell_kind kind)
{
	*cell = (sql_cell){ .kind = (uint8_t)kind, .from = c->bytes.len };
}

static void end_rest(const copying *c, sql_cell *cell)
{
	cell->len = (uint32_t)(c->bytes.len - cell->from);
}

static void say_damaged(copying *c)
{
	if (failed(c))
		return;
	store_say(c->from, CNV_STORE_DAMAGED, CNV_STR("restore a backup of it"),
		  "the lines or own texts of a row of answers are damaged");
	c->from->status = CNV_NO_ACCESS;
}

static void join_verdicts(copying *c, sql *read, const copied *table, sql_cell *cell)
{
	bool low = true;

	begin_rest(c, cell, CELL_BLOB);
	for (uint32_t part = table->part; part < table->part + table->parts; part++) {
		cnv_str verdicts = rest_of(read, table, part, VERDICTS);

		for (uint32_t i = 0; i < table->width; i++) {
			unsigned byte = i / 2 < verdicts.len ? (unsigned char)verdicts.at[i / 2] : 0;
			unsigned verdict = i % 2 ? byte >> 4 : byte & 15;

			if (!is_in(table, part * table->width + i) || c->bytes.failed)
				continue;
			if (low)
				cnv_text_put_char(&c->bytes, (char)verdict);
			else
				c->bytes.at[c->bytes.len - 1] |= (char)(verdict << 4);
			low = !low;
		}
	}
	end_rest(c, cell);
}

static void join_lines(copying *c, sql *read, const copied *table, sql_cell *cell)
{
	bool any = false, damaged = false;

	begin_rest(c, cell, CELL_TEXT);
	for (uint32_t part = table->part; part < table->part + table->parts; part++) {
		store_lines lines = { .rest = rest_of(read, table, part, LINES) };

		any |= lines.rest.len > 0;
		for (uint32_t i = 0; i < table->width; i++) {
			int64_t step = store_lines_next(&lines) ? lines.step : 0;

			if (is_in(table, part * table->width + i))
				store_lines_put(&c->bytes, cell->from, step);
		}
		damaged |= lines.damaged;
	}
	store_lines_end(&c->bytes);
	end_rest(c, cell);
	if (!any)
		cell->kind = CELL_NULL;
	if (damaged)
		say_damaged(c);
}

static void join_own(copying *c, sql *read, const copied *table, sql_cell *cell)
{
	bool any = false, damaged = false;
	cnv_str text;

	begin_rest(c, cell, CELL_TEXT);
	for (uint32_t part = table->part; part < table->part + table->parts; part++) {
		store_own own = { .rest = rest_of(read, table, part, OWN) };

		while (store_own_next(&own)) {
			if (!is_in(table, own.column))
				continue;
			cnv_text_reset(&c->room);
			damaged |= !store_own_text(&own, &c->room, &text);
			if (!damaged)
				store_own_put(&c->bytes, cell->from, own.column, text);
			any = true;
		}
		damaged |= own.damaged;
	}
	store_own_end(&c->bytes);
	end_rest(c, cell);
	if (!any)
		cell->kind = CELL_NULL;
	if (c->room.failed)
		store_no_memory(c->to);
	if (damaged)
		say_damaged(c);
}

static void put_rows(copying *c, sql *put, uint32_t rows, uint32_t columns)
{
	const char *bytes = c->bytes.at ? c->bytes.at : "";

	if (c->bytes.failed)
		store_no_memory(c->to);
	for (uint32_t i = 0; i < rows * columns; i++)
		if (c->cells[i].kind == CELL_TEXT || c->cells[i].kind == CELL_BLOB)
			c->cells[i].at = bytes + c->cells[i].from;
	if (rows && !failed(c))
		sql_run_feed(put, &(sql_feed){ .cells = c->cells, .rows = rows, .columns = columns });
	cnv_text_reset(&c->bytes);
}

static void prepare(copying *c, const copied *table, sql *read, sql *put)
{
	cnv_text_reset(&c->text);
	cnv_text_format(&c->text, "SELECT %.*s FROM %.*s ORDER BY %.*s", CNV_ARG(table->selected),
			CNV_ARG(table->source), CNV_ARG(table->order));
	if (c->text.failed)
		store_no_memory(c->from);
	sql_prepare(read, c->from, cnv_text_str(&c->text));
	sql_scan(read);
	cnv_text_reset(&c->text);
	cnv_text_format(&c->text, "INSERT INTO %.*s (%.*s) SELECT c0", CNV_ARG(table->name), CNV_ARG(table->columns));
	for (uint32_t i = 1; i < table->count; i++)
		cnv_text_format(&c->text, ", c%u", i);
	cnv_text_put(&c->text, CNV_STR(" FROM incoming"));
	if (c->text.failed)
		store_no_memory(c->to);
	sql_prepare(put, c->to, cnv_text_str(&c->text));
}

static void copy_rows(copying *c, copied *table)
{
	uint32_t rows = 0, most = MOST_CELLS / table->count;
	sql read, put;

	prepare(c, table, &read, &put);
	while (!failed(c) && sql_row(&read)) {
		sql_cell *cells = &c->cells[(size_t)rows * table->count];

		for (uint32_t i = 0; i < (table->parts ? table->upto : table->count); i++)
			take_cell(c, &read, table, i, &cells[i]);
		if (table->parts) {
			join_verdicts(c, &read, table, &cells[table->upto + VERDICTS]);
			join_lines(c, &read, table, &cells[table->upto + LINES]);
			join_own(c, &read, table, &cells[table->upto + OWN]);
		}
		table->rows++;
		if (++rows < most && c->bytes.len < MOST_BYTES)
			continue;
		put_rows(c, &put, rows, table->count);
		rows = 0;
	}
	put_rows(c, &put, rows, table->count);
	sql_finish(&read);
	sql_finish(&put);
}

/* ---------------------------------------------------------------- the store's own tables */

static void count_rows(copying *c, const copied *table)
{
	const struct {
		const char *table;
		uint64_t *count;
	} counted[] = {
		{ "file", &c->out->returns },
		{ "response", &c->out->responses },
		{ "original", &c->out->originals },
		{ "event", &c->out->events },
	};

	for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++)
		if (cnv_str_equal(table->name, cnv_str_from(counted[i].table)))
			*counted[i].count = table->rows;
}

/* blank: a store that describes its tables. */
static void copy_table(copying *c, cnv_store *blank, cnv_str name)
{
	cnv_text columns = { 0 }, order = { 0 };
	copied table = { .name = name, .source = name };
	sql read;

	sql_prepare(&read, blank, CNV_STR("SELECT name, pk FROM pragma_table_info(?1)"));
	sql_put_text(&read, 1, name);
	while (sql_row(&read)) {
		cnv_str column = sql_text(&read, 0);

		cnv_text_format(&columns, "%s%.*s", table.count++ ? ", " : "", CNV_ARG(column));
		if (sql_integer(&read, 1))
			cnv_text_format(&order, "%s%.*s", order.len ? ", " : "", CNV_ARG(column));
	}
	sql_finish(&read);
	table.columns = table.selected = cnv_text_str(&columns);
	table.order = cnv_text_str(&order);
	if (columns.failed || order.failed)
		store_no_memory(c->to);
	if (table.count && !failed(c))
		copy_rows(c, &table);
	count_rows(c, &table);
	cnv_text_fini(&columns);
	cnv_text_fini(&order);
}

static void copy_tables(copying *c)
{
	cnv_store blank,
		like = { .engine = &sql_sqlite, .name = c->to->name, .doing = c->to->doing, .diags = c->to->diags };
	sql read;

	store_blank_open(&blank, &like);
	/* `store` and `view_column` are made with the store and its views; roll-ups are counted by the next import. */
	sql_prepare(&read, &blank,
		    CNV_STR("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('store',"
			    " 'view_column', 'rollup', 'rollup_whole', 'rollup_group', 'rollup_roster') ORDER BY"
			    " rowid"));
	while (!failed(c) && sql_row(&read))
		copy_table(c, &blank, sql_text(&read, 0));
	sql_finish(&read);
	if (blank.status && !c->to->status)
		c->to->status = blank.status;
	store_blank_close(&blank);
}

/* ---------------------------------------------------------------- answers */

/* The parts of the source that have questions of [from, upto), joined by their ids; x0 is the first of them. */
static void put_joined(copied *table, const store_version *version, uint32_t index, cnv_text *selected,
		       cnv_text *source)
{
	uint32_t last = table->question + (table->upto - table->first) - 1;
	static const char *const leads[] = { "", ", x0.line", "", "",
					     ", x0.line, x0.response, x0.parent, x0.position" };

	table->width = version->width;
	table->part = table->question / table->width;
	table->parts = last / table->width - table->part + 1;
	table->order = CNV_STR("x0.id");
	cnv_text_format(selected, "x0.id%s", leads[table->first - 1]);
	for (uint32_t question = table->question; question <= last; question++)
		cnv_text_format(selected, ", q%u", question);
	for (uint32_t i = 0; i < table->parts; i++) {
		cnv_text_format(selected, ", x%u.verdicts, x%u.lines, x%u.own", i, i, i);
		cnv_text_put(source, i ? CNV_STR(" JOIN ") : (cnv_str){ 0 });
		store_table_name(source, version->form, index, table->part + i);
		cnv_text_format(source, i ? " x%u ON x%u.id = x0.id" : " x%u", i, i);
	}
}

/* One part of the version `made` of the target, from those of the same version in the source. */
static void copy_part(copying *c, const store_version *version, const store_version *made, uint32_t index,
		      uint32_t part)
{
	uint32_t from = store_part_from(made, part), count = store_part_upto(made, index, part) - from;
	cnv_text name = { 0 }, columns = { 0 }, selected = { 0 }, source = { 0 };
	copied table = { .order = CNV_STR("id"),
			 .questions = made->tables[index].columns + from,
			 .question = from,
			 .first = STORE_FIRST(index, part) };

	table.upto = table.first + count;
	table.count = table.upto + REST;
	store_table_name(&name, made->form, index, part);
	store_put_columns(&columns, made, index, part);
	if (version->width != made->width && made->tables[index].parts + version->tables[index].parts > 2)
		put_joined(&table, version, index, &selected, &source);
	if (name.failed || columns.failed || selected.failed || source.failed)
		store_no_memory(c->to);
	table.name = cnv_text_str(&name);
	table.columns = cnv_text_str(&columns);
	table.selected = table.parts ? cnv_text_str(&selected) : table.columns;
	table.source = table.parts ? cnv_text_str(&source) : table.name;
	if (!failed(c))
		copy_rows(c, &table);
	cnv_text_fini(&name);
	cnv_text_fini(&columns);
	cnv_text_fini(&selected);
	cnv_text_fini(&source);
}

static void copy_version(copying *c, int64_t form)
{
	store_version version, made;

	if (store_version_read(c->from, &version, form))
		return;
	/* The target has the rows that describe the version by now. */
	if (!store_version_read(c->to, &made, form)) {
		store_version_make(c->to, &made);
		for (uint32_t i = 0; i < made.count; i++)
			for (uint32_t part = 0; part < made.tables[i].parts && !failed(c); part++)
				copy_part(c, &version, &made, i, part);
		store_version_fini(&made);
	}
	store_version_fini(&version);
}

static void copy_answers(copying *c)
{
	sql read;

	sql_prepare(&read, c->from, CNV_STR("SELECT id FROM form ORDER BY id"));
	while (!failed(c) && sql_row(&read))
		copy_version(c, sql_integer(&read, 0));
	sql_finish(&read);
}

/* ---------------------------------------------------------------- large originals */

static cnv_status keep(cnv_store *to, int file, const uint8_t sha256[32])
{
	cnv_keeping *keeping = NULL;
	char *piece = cnv_mem_array(PIECE, 1);
	ssize_t got = 1;
	cnv_status status = piece ? cnv_keeping_open(&keeping, to, to->diags) : CNV_NO_MEMORY;

	while (!status && got) {
		got = read(file, piece, PIECE);
		if (got < 0 && errno != EINTR)
			status = CNV_NO_ACCESS;
		else if (got > 0)
			status = cnv_keeping_add(keeping, (cnv_str){ piece, (size_t)got }, to->diags);
	}
	if (!status)
		status = cnv_keeping_end(keeping, sha256, to->diags);
	cnv_keeping_free(keeping);
	cnv_mem_free(piece);
	return status;
}

static void copy_original(copying *c, const uint8_t sha256[32])
{
	int file = cnv_store_open_original(c->from, sha256);

	if (file < 0) {
		if (failed(c))
			return;
		store_say(c->from, CNV_STORE_DAMAGED, CNV_STR("restore a backup of it"), "a large original is missing");
		c->from->status = CNV_NO_ACCESS;
		return;
	}
	c->to->status = keep(c->to, file, sha256);
	close(file);
}

static void copy_originals(copying *c)
{
	uint8_t sha256[32];
	sql read;

	sql_prepare(&read, c->from, CNV_STR("SELECT DISTINCT sha256 FROM original WHERE bytes IS NULL"));
	while (!failed(c) && sql_row(&read)) {
		store_take_digest(&read, 0, sha256);
		copy_original(c, sha256);
	}
	sql_finish(&read);
}

/* ---------------------------------------------------------------- public */

static void check_empty(cnv_store *to)
{
	if (to->status || !store_ask_number(to, "SELECT (SELECT count(*) FROM round) + (SELECT count(*) FROM form)"))
		return;
	store_say(to, CNV_STORE_TAKEN, CNV_STR("copy into a new store"),
		  "it holds a round already; nothing was copied");
	to->status = CNV_REJECTED;
}

cnv_status cnv_store_copy(cnv_store *from, cnv_store *to, cnv_store_copied *out, cnv_diags *diags)
{
	copying c = { .from = from, .to = to, .out = out };
	cnv_status status;

	*out = (cnv_store_copied){ 0 };
	store_enter(from, "be copied", diags);
	store_enter(to, "take the copy", diags);
	c.cells = cnv_mem_array(MOST_CELLS, sizeof *c.cells);
	if (!c.cells)
		store_no_memory(to);
	/* Of any part of any version. */
	to->feed_columns = STORE_PART + STORE_FIRST(1, 0) + 3;
	/* First without waiting for those who read it: it may be the same store. */
	if (!failed(&c) && !to->blank)
		check_empty(to);
	if (!failed(&c))
		store_start(to);
	check_empty(to);
	if (!failed(&c))
		copy_tables(&c);
	if (!failed(&c))
		copy_answers(&c);
	if (!failed(&c))
		copy_originals(&c);
	if (!failed(&c))
		store_views_make(to);
	status = from->status ? from->status : to->status;
	if (status)
		cnv_store_rollback(to);
	else
		status = store_end(to);
	if (!status && to->engine->in_file)
		store_settle_originals(to);
	cnv_mem_free(c.cells);
	cnv_text_fini(&c.bytes);
	cnv_text_fini(&c.text);
	cnv_text_fini(&c.room);
	return status;
}
