/* Reads one row of answers: selects the columns to query, and puts the cells into the batch.
 *
 * Callers that show answers need their texts, lines and remarks; callers that only count them need verdicts and the
 * numbers and choices of accepted cells.  With a million rows this matters: SQLite returns each value separately, so
 * streams for counting select only the wanted columns, and omit those whose kind has nothing to count. */
#include "store/row.h"

#include <math.h>
#include <string.h>

#include "store/own.h"

/* ---------------------------------------------------------------- streams */

void store_stream_step(sql *stream, uint32_t key_column)
{
	if (sql_row(stream)) {
		stream->stream = STREAM_ROW;
		stream->key = sql_integer(stream, key_column);
	} else {
		stream->stream = STREAM_END;
	}
}

bool store_stream_seek(sql *stream, uint32_t key_column, int64_t key)
{
	if (stream->stream == STREAM_ROW && stream->key < key)
		store_stream_step(stream, key_column);
	if (stream->stream == STREAM_UNASKED || (stream->stream == STREAM_ROW && stream->key < key)) {
		sql_reset(stream);
		sql_put_integer(stream, 1, key);
		store_stream_step(stream, key_column);
	}
	return stream->stream == STREAM_ROW && stream->key == key && !stream->store->status;
}

/* Columns of a stream before the verdicts: the id; in the first part of a repeat also line, response and parent. */
static uint32_t lead_of(uint32_t index, uint32_t part)
{
	return index && !part ? 4 : 1;
}

/* Do figures need the values of this kind?  A date's value is needed only if the question may not have been a date
 * when it was stored; the verdict then shows that. */
static bool is_counted(cnv_kind kind, bool same)
{
	switch (cnv_kind_value(kind)) {
	case CNV_VALUE_NUMBER:
	case CNV_VALUE_CHOICE:
	case CNV_VALUE_SET:
		return true;
	case CNV_VALUE_DAY:
	case CNV_VALUE_TIME:
	case CNV_VALUE_MOMENT:
		return !same;
	case CNV_VALUE_TEXT:
		break;
	}
	return false;
}

static cnv_kind kind_of(const cnv_form *form, const store_table *table, const store_column *column)
{
	return form->questions[form->tables[table->table].columns[column->column]].kind;
}

/* Marks the wanted columns of one table; true if there are any. */
static bool mark_wanted(const store_rows *rows, const store_table *table)
{
	const cnv_wanted *wanted = &rows->wanted;
	bool any = !wanted->wants; /* a repeat without questions has entries to count */

	for (uint32_t i = 0; i < table->count; i++) {
		store_column *column = &table->columns[i];

		column->wanted = column->column != CNV_NONE &&
				 (!wanted->wants || wanted->wants(wanted->self, table->table, column->column));
		any |= column->wanted;
	}
	return any;
}

/* May its value be one of a blob of cells?  Texts may not. */
static bool is_cell(store_coding coding)
{
	switch (coding) {
	case CODING_INTEGER:
	case CODING_REAL:
	case CODING_DAY:
	case CODING_TIME:
	case CODING_MOMENT:
	case CODING_CODE:
	case CODING_BITS:
		return true;
	case CODING_TEXT:
	case CODING_NAMES:
	case CODING_ORDER:
	case CODINGS:
		break;
	}
	return false;
}

/* Adds the values that are read as cells, SQL_CELLS in each blob. */
static void put_cells(const char *function, const store_column *columns, uint32_t from, uint32_t upto, cnv_text *text)
{
	for (uint32_t i = from; i < upto; i++) {
		if (!columns[i].cell)
			continue;
		if (columns[i].cell % SQL_CELLS == 1)
			cnv_text_format(text, "%s, %s(q%u", columns[i].cell > 1 ? ")" : "", function, i);
		else
			cnv_text_format(text, ", q%u", i);
	}
}

/* Adds the names of the part's columns to read; true if one of its cells is wanted. */
static bool put_columns(const store_rows *rows, const cnv_store *store, const store_version *version, uint32_t index,
			uint32_t part, cnv_text *text)
{
	const store_table *table = &version->tables[index];
	uint32_t at = lead_of(index, part) + (rows->counts ? 1 : 3), from = store_part_from(version, part), cell = 0;
	uint32_t upto = store_part_upto(version, index, part);
	const char *cells = rows->counts ? sql_cells(store) : NULL;
	bool any = false;

	for (uint32_t i = from; i < upto; i++) {
		store_column *column = &table->columns[i];

		column->at = column->cell = 0;
		any |= column->wanted;
		if (!column->wanted ||
		    (rows->counts && !is_counted(kind_of(store->form, table, column), version->same)))
			continue;
		if (cells && is_cell(column->coding)) {
			column->cell = ++cell;
			continue;
		}
		column->at = at++;
		cnv_text_format(text, ", q%u", i);
	}
	table->cells[part] = at;
	if (cell)
		put_cells(cells, table->columns, from, upto, text);
	if (cell)
		cnv_text_put_char(text, ')');
	return any;
}

static void prepare_stream(const store_rows *rows, cnv_store *store, const store_version *version, uint32_t index,
			   uint32_t part, cnv_text *text)
{
	const store_table *table = &version->tables[index];
	bool keys = index && !part; /* of a repeat: needed to match its cells to their row */

	cnv_text_reset(text);
	cnv_text_put(text, keys ? CNV_STR("SELECT id, line, response, parent") : CNV_STR("SELECT id"));
	cnv_text_put(text, rows->counts ? CNV_STR(", verdicts") : CNV_STR(", verdicts, lines, own"));
	if (!put_columns(rows, store, version, index, part, text) && !keys && rows->wanted.wants)
		return;
	cnv_text_put(text, CNV_STR(" FROM "));
	store_table_name(text, version->form, index, part);
	cnv_text_put(text, keys ? CNV_STR(" WHERE response >= ?1 ORDER BY response, id")
				: CNV_STR(" WHERE id >= ?1 ORDER BY id"));
	if (text->failed)
		store_no_memory(store);
	sql_prepare(&table->statements[part], store, cnv_text_str(text));
	sql_scan(&table->statements[part]);
}

void store_rows_prepare(const store_rows *rows, cnv_store *store, store_version *version)
{
	cnv_text text = { 0 };

	/* Inner repeats first, because they make the entries around them wanted. */
	for (uint32_t i = version->count; i-- > 0;) {
		store_table *table = &version->tables[i];

		if (table->table == CNV_NONE)
			continue;
		table->read |= mark_wanted(rows, table);
		if (table->read)
			version->tables[table->parent].read = true;
		for (uint32_t part = 0; table->read && part < table->parts && !store->status; part++)
			prepare_stream(rows, store, version, i, part, &text);
	}
	cnv_text_fini(&text);
}

/* ---------------------------------------------------------------- cells */

/* What one row has next to its values, and the read position in each. */
typedef struct row_rest {
	cnv_str verdicts;
	store_lines lines;
	store_own own;
	bool owns; /* there is an own text to come */
} row_rest;

static bool take_own(row_rest *rest, uint32_t column, cnv_text *room, cnv_str *text)
{
	bool whole;

	while (rest->owns && rest->own.column < column)
		rest->owns = store_own_next(&rest->own);
	if (!rest->owns || rest->own.column != column)
		return false;
	whole = store_own_text(&rest->own, room, text);
	rest->owns = store_own_next(&rest->own);
	return whole;
}

/* Source line of the next cell; 0: same as the record's. */
static uint32_t take_line(row_rest *rest, uint32_t row_line)
{
	int64_t line;

	if (!store_lines_next(&rest->lines))
		return 0;
	line = row_line + rest->lines.step;
	return line <= 0 || line > UINT32_MAX || line == row_line ? 0 : (uint32_t)line;
}

static cnv_verdict verdict_at(cnv_str verdicts, uint32_t column)
{
	uint32_t verdict;

	if (column / 2 >= verdicts.len)
		return CNV_BLANK;
	verdict = (unsigned char)verdicts.at[column / 2] >> (column % 2 * 4) & 15;
	return verdict <= CNV_UNCHECKED ? (cnv_verdict)verdict : CNV_UNCHECKED;
}

static store_value value_at(sql *statement, uint32_t column)
{
	store_value value = { .type = sql_kind(statement, column) };

	switch (value.type) {
	case SQL_INTEGER:
		value.integer = sql_integer(statement, column);
		break;
	case SQL_REAL:
		value.real = sql_real(statement, column);
		break;
	case SQL_TEXT:
	case SQL_BLOB:
		value.text = sql_text(statement, column);
		break;
	case SQL_NULL:
		break;
	}
	return value;
}

/* Sets a value and its verdict as cnv_check would have set them in the last row of a column. */
static void set_value(const cnv_form *form, const store_column *shape, const store_list *list, const store_value *value,
		      cnv_verdict verdict, cnv_column *column, uint32_t row)
{
	bool understood = value->type != SQL_NULL && store_decode(form, shape->coding, list, value, column, row);

	/* Only the form has changed since: the answer is no longer valid for this question. */
	if (value->type != SQL_NULL && !understood && verdict == CNV_ACCEPTED)
		verdict = column->list == CNV_NONE ? CNV_UNREADABLE : CNV_NOT_A_CHOICE;
	column->verdicts[row] = (uint8_t)verdict;
	if (!understood && column->numbers)
		column->numbers[row] = NAN; /* the slot still has a value from an earlier window */
	if (understood)
		cnv_bit_set(column->understood, row);
	if (understood && verdict == CNV_ACCEPTED)
		cnv_bit_set(column->usable, row);
}

static const store_list *list_of(const store_version *version, const store_column *shape)
{
	return shape->list == CNV_NONE ? NULL : &version->lists[shape->list];
}

static void read_cell(store_rows *rows, const store_version *version, const store_column *shape, sql *stream,
		      cnv_batch *batch, uint32_t table, row_rest *rest, uint32_t index)
{
	uint32_t row = batch->tables[table].rows - 1;
	uint32_t line = take_line(rest, batch->tables[table].lines[row]);
	cnv_verdict verdict = verdict_at(rest->verdicts, index % version->width);
	const store_list *list = list_of(version, shape);
	cnv_str text = { 0 };
	bool own = take_own(rest, index, &rows->scratch, &text);
	cnv_column *column;
	store_value value;

	if (!shape->wanted)
		return;
	value = value_at(stream, shape->at);
	if (!own) {
		cnv_text_reset(&rows->scratch);
		store_value_text(shape->coding, list, &value, verdict, &rows->scratch);
		text = cnv_text_str(&rows->scratch);
	}
	cnv_batch_put(batch, table, shape->column, text, line);
	if (batch->failed)
		return;
	column = &batch->tables[table].columns[shape->column];
	set_value(batch->form, shape, list, &value, verdict, column, row);
	if (cnv_str_trim_unicode(text).len)
		cnv_bit_set(column->answered, row);
}

/* The cells [from, from + count) of a row. */
static void read_part(store_rows *rows, const store_version *version, const store_column *shapes, uint32_t from,
		      uint32_t count, sql *stream, uint32_t lead, cnv_batch *batch, uint32_t table)
{
	row_rest rest = { .verdicts = sql_text(stream, lead),
			  .lines.rest = sql_text(stream, lead + 1),
			  .own.rest = sql_text(stream, lead + 2) };

	rest.owns = store_own_next(&rest.own);
	for (uint32_t i = from; i < from + count; i++)
		read_cell(rows, version, &shapes[i], stream, batch, table, &rest, i);
}

/* Stores a number, or choices that the current form has, directly in place, several times faster than store_decode;
 * false: the value is neither. */
static bool take_plain(const cnv_form *form, store_coding coding, const sql_cell *cell, cnv_column *column,
		       uint32_t row)
{
	uint32_t choices;

	if (column->numbers && cell->kind == CELL_REAL) {
		column->numbers[row] = cell->real;
		return true;
	}
	if (cell->kind != CELL_INTEGER)
		return false;
	if (column->numbers) {
		column->numbers[row] = (double)cell->integer;
		return true;
	}
	choices = column->list == CNV_NONE ? 0 : form->lists[column->list].count;
	if (column->choices && coding == CODING_CODE && cell->integer >= 0 && cell->integer < choices)
		column->choices[row] = (uint32_t)cell->integer;
	else if (column->sets && coding == CODING_BITS && choices < 64 && !((uint64_t)cell->integer >> choices))
		column->sets[(size_t)row * column->words] = (uint64_t)cell->integer;
	else
		return false;
	return true;
}

/* The blobs of cells in a row. */
typedef struct row_cells {
	sql *stream;
	uint32_t first; /* column of the first blob */
	uint32_t blob;  /* the one that was read last; CNV_NONE: none yet */
	cnv_str bytes;
} row_cells;

static sql_cell cell_at(row_cells *cells, uint32_t cell)
{
	uint32_t blob = (cell - 1) / SQL_CELLS;
	size_t from = (cell - 1) % SQL_CELLS * sizeof(sql_cell);
	sql_cell found = { 0 };

	if (blob != cells->blob) {
		cells->bytes = sql_text(cells->stream, cells->first + blob);
		cells->blob = blob;
	}
	if (cells->bytes.len >= from + sizeof found)
		memcpy(&found, cells->bytes.at + from, sizeof found);
	return found;
}

static store_value value_of(const sql_cell *cell)
{
	switch ((sql_cell_kind)cell->kind) {
	case CELL_INTEGER:
		return (store_value){ .type = SQL_INTEGER, .integer = cell->integer };
	case CELL_REAL:
		return (store_value){ .type = SQL_REAL, .real = cell->real };
	case CELL_TEXT:
	case CELL_BLOB:
	case CELL_MADE_TEXT:
		return (store_value){ .type = SQL_TEXT };
	case CELL_NULL:
		break;
	}
	return (store_value){ .type = SQL_NULL };
}

/* The number in a column of its own. */
static sql_cell number_at(sql *stream, uint32_t column)
{
	switch (sql_kind(stream, column)) {
	case SQL_INTEGER:
		return (sql_cell){ .kind = CELL_INTEGER, .integer = sql_integer(stream, column) };
	case SQL_REAL:
		return (sql_cell){ .kind = CELL_REAL, .real = sql_real(stream, column) };
	case SQL_TEXT:
	case SQL_BLOB:
	case SQL_NULL:
		break;
	}
	return (sql_cell){ .kind = CELL_NULL };
}

static void count_part(const store_version *version, uint32_t index, uint32_t part, sql *stream, cnv_batch *batch)
{
	const store_table *table = &version->tables[index];
	const cnv_table *into = &batch->tables[table->table];
	uint32_t from = store_part_from(version, part), count = store_part_upto(version, index, part) - from;
	cnv_str verdicts = sql_text(stream, lead_of(index, part));
	row_cells cells = { .stream = stream, .first = table->cells[part], .blob = CNV_NONE };
	uint32_t row = into->rows - 1;

	for (uint32_t i = 0; i < count; i++) {
		const store_column *shape = &table->columns[from + i];
		cnv_verdict verdict = verdict_at(verdicts, i);
		cnv_column *column;
		store_value value;
		sql_cell cell;

		if (!shape->wanted)
			continue;
		column = &into->columns[shape->column];
		column->verdicts[row] = (uint8_t)verdict;
		if (verdict != CNV_ACCEPTED || !(shape->at || shape->cell))
			continue;
		cell = shape->cell ? cell_at(&cells, shape->cell) : number_at(stream, shape->at);
		if (version->same && take_plain(batch->form, shape->coding, &cell, column, row)) {
			cnv_bit_set(column->understood, row);
			cnv_bit_set(column->usable, row);
			continue;
		}
		value = shape->cell ? value_of(&cell) : value_at(stream, shape->at);
		set_value(batch->form, shape, list_of(version, shape), &value, verdict, column, row);
	}
}

bool store_row_read(store_rows *rows, store_version *version, uint32_t index, int64_t id, cnv_batch *batch)
{
	const store_table *table = &version->tables[index];
	const cnv_table *into = &batch->tables[table->table];

	/* A question that was not in the form at that time was not asked. */
	if (!version->same)
		for (uint32_t i = 0; i < into->count; i++)
			into->columns[i].verdicts[into->rows - 1] = CNV_NOT_ASKED;
	for (uint32_t part = 0; part < table->parts; part++) {
		uint32_t from = store_part_from(version, part), count = store_part_upto(version, index, part) - from;
		sql *stream = &table->statements[part];

		if (!stream->at)
			continue;
		/* In a repeat the entry was found through its first part. */
		if ((part || !index) && !store_stream_seek(stream, 0, id))
			return false;
		if (rows->counts)
			count_part(version, index, part, stream, batch);
		else
			read_part(rows, version, table->columns, from, count, stream, lead_of(index, part), batch,
				  table->table);
	}
	return true;
}
