/* A window of answers: tables of columns that keep their memory.
 *
 * Every row starts blank in every column: its end is the end of the text when the row was added, so a cell that is
 * never put costs one store and needs no second pass. Bits, verdicts and choices of all rows after the last one are
 * always blank: memory is blank when it grows, and is cleared when the batch is reset.
 */
#include "canvass/data.h"

#include <assert.h>
#include <string.h>

/* Initial room: one word of bits; doubling reaches a full window in six steps. */
#define FIRST_ROOM 64u
/* Maximum rows of one table: more than memory holds, and safe in 32-bit sums. */
#define MOST_ROWS (UINT32_C(1) << 30)
/* Digits of a 32-bit number. */
#define MOST_DIGITS 10u

/* ---------------------------------------------------------------- growing */

/* Resizes one array; each new byte is `fill`. */
static bool grow_array(void **at, size_t old_count, size_t count, size_t size, int fill)
{
	void *grown = cnv_mem_resize(*at, old_count, count, size);

	if (!grown)
		return false;
	memset((char *)grown + old_count * size, fill, (count - old_count) * size);
	*at = grown;
	return true;
}

#define GROW(array, old_count, count, fill) grow_array((void **)&(array), (old_count), (count), sizeof *(array), (fill))

/* The array for the values of the column. */
static bool grow_typed(cnv_column *column, uint32_t room, uint32_t want)
{
	size_t before, after;

	switch (cnv_kind_value(column->kind)) {
	case CNV_VALUE_NUMBER:
		return GROW(column->numbers, room, want, 0);
	case CNV_VALUE_DAY:
	case CNV_VALUE_TIME:
		return GROW(column->days, room, want, 0);
	case CNV_VALUE_MOMENT:
		return GROW(column->moments, room, want, 0);
	case CNV_VALUE_CHOICE:
		return GROW(column->choices, room, want, 0xff); /* CNV_NONE */
	case CNV_VALUE_SET:
		return cnv_size_multiply(room, column->words, &before) &&
		       cnv_size_multiply(want, column->words, &after) && GROW(column->sets, before, after, 0);
	case CNV_VALUE_TEXT:
		break;
	}
	return true;
}

static bool grow_column(cnv_column *column, uint32_t room, uint32_t want)
{
	return GROW(column->ends, room, want, 0) && grow_typed(column, room, want) &&
	       GROW(column->answered, room / 64, want / 64, 0) && GROW(column->understood, room / 64, want / 64, 0) &&
	       GROW(column->usable, room / 64, want / 64, 0) && GROW(column->verdicts, room, want, 0) &&
	       (!column->lines || GROW(column->lines, room, want, 0)) &&
	       (!column->source_columns || GROW(column->source_columns, room, want, 0));
}

/* Doubles the room.  If memory runs out midway, some arrays are larger than `room` says, which is harmless. */
static bool grow_table(cnv_batch *batch, cnv_table *table)
{
	uint32_t want = table->room ? table->room * 2 : FIRST_ROOM;

	if (want > MOST_ROWS || !GROW(table->lines, table->room, want, 0))
		return false;
	if (table->index &&
	    !(GROW(table->parents, table->room, want, 0) && GROW(table->positions, table->room, want, 0)))
		return false;
	if (!table->index &&
	    !(grow_column(&batch->identity, table->room, want) && GROW(batch->seeds, table->room, want, 0)))
		return false;
	for (uint32_t i = 0; i < table->count; i++)
		if (!grow_column(&table->columns[i], table->room, want))
			return false;
	table->room = want;
	return true;
}

/* ---------------------------------------------------------------- making and clearing */

static bool make_table(cnv_table *table, const cnv_form *form, uint32_t index)
{
	const cnv_form_table *shape = &form->tables[index];

	table->index = index;
	table->count = shape->count;
	table->columns = cnv_mem_array(shape->count, sizeof *table->columns);
	if (!table->columns)
		return false;
	for (uint32_t i = 0; i < shape->count; i++) {
		const cnv_question *question = &form->questions[shape->columns[i]];
		cnv_column *column = &table->columns[i];

		column->question = shape->columns[i];
		column->kind = question->kind;
		column->list = question->list;
		column->text.limit = UINT32_MAX; /* ends are 32 bits */
		if (cnv_kind_value(question->kind) == CNV_VALUE_SET) {
			column->words = 1;
			if (question->list != CNV_NONE && form->lists[question->list].count > 64)
				column->words = (uint32_t)CNV_BIT_WORDS(form->lists[question->list].count);
			column->memory = cnv_mem_get(sizeof *column->memory);
			if (!column->memory)
				return false;
		}
	}
	return true;
}

static void reset_column(cnv_column *column, uint32_t rows)
{
	size_t words = CNV_BIT_WORDS(rows);

	cnv_text_reset(&column->text);
	if (!rows)
		return;
	memset(column->answered, 0, words * sizeof *column->answered);
	memset(column->understood, 0, words * sizeof *column->understood);
	memset(column->usable, 0, words * sizeof *column->usable);
	memset(column->verdicts, 0, rows);
	if (column->choices)
		memset(column->choices, 0xff, (size_t)rows * sizeof *column->choices);
	if (column->sets)
		memset(column->sets, 0, (size_t)rows * column->words * sizeof *column->sets);
	/* Only a long file has lines of cells, only a wide one has columns of entries, and the next file may have the
	 * other layout. */
	cnv_mem_free(column->lines);
	cnv_mem_free(column->source_columns);
	column->lines = column->source_columns = NULL;
}

static void free_column(cnv_column *column)
{
	cnv_text_fini(&column->text);
	cnv_mem_free(column->ends);
	cnv_mem_free(column->numbers);
	cnv_mem_free(column->days);
	cnv_mem_free(column->moments);
	cnv_mem_free(column->choices);
	cnv_mem_free(column->sets);
	cnv_mem_free(column->answered);
	cnv_mem_free(column->understood);
	cnv_mem_free(column->usable);
	cnv_mem_free(column->verdicts);
	cnv_mem_free(column->lines);
	cnv_mem_free(column->source_columns);
	if (column->memory && column->memory->at)
		column->memory->free(column->memory->at);
	cnv_mem_free(column->memory);
}

cnv_batch *cnv_batch_new(const cnv_form *form)
{
	cnv_batch *batch = cnv_mem_get(sizeof *batch);

	if (!batch)
		return NULL;
	batch->form = form;
	batch->identity = (cnv_column){ .question = CNV_NONE, .kind = CNV_TEXT, .list = CNV_NONE };
	batch->identity.text.limit = UINT32_MAX;
	batch->tables = cnv_mem_array(form->table_count, sizeof *batch->tables);
	batch->scratch = cnv_mem_get(sizeof *batch->scratch);
	if (!batch->tables || !batch->scratch)
		goto failed;
	batch->table_count = form->table_count;
	for (uint32_t i = 0; i < form->table_count; i++)
		if (!make_table(&batch->tables[i], form, i))
			goto failed;
	return batch;
failed:
	cnv_batch_free(batch);
	return NULL;
}

void cnv_batch_reset(cnv_batch *batch)
{
	uint32_t rows = batch->table_count ? batch->tables[0].rows : 0;

	reset_column(&batch->identity, rows);
	if (rows)
		memset(batch->seeds, 0, rows * sizeof *batch->seeds);
	for (uint32_t i = 0; i < batch->table_count; i++) {
		cnv_table *table = &batch->tables[i];

		for (uint32_t k = 0; k < table->count; k++)
			reset_column(&table->columns[k], table->rows);
		table->rows = 0;
	}
	batch->remark_count = 0;
	batch->misaligned_count = 0;
	batch->carried_count = 0;
	batch->half_tick_count = 0;
	cnv_arena_reset(&batch->arena);
}

void cnv_batch_free(cnv_batch *batch)
{
	if (!batch)
		return;
	for (uint32_t i = 0; batch->tables && i < batch->table_count; i++) {
		cnv_table *table = &batch->tables[i];

		for (uint32_t k = 0; table->columns && k < table->count; k++)
			free_column(&table->columns[k]);
		cnv_mem_free(table->columns);
		cnv_mem_free(table->lines);
		cnv_mem_free(table->parents);
		cnv_mem_free(table->positions);
	}
	free_column(&batch->identity);
	cnv_mem_free(batch->tables);
	cnv_mem_free(batch->seeds);
	cnv_mem_free(batch->remarks);
	cnv_mem_free(batch->misaligned);
	cnv_mem_free(batch->carried);
	cnv_mem_free(batch->half_ticks);
	cnv_mem_free(batch->conventions);
	cnv_arena_fini(&batch->arena);
	if (batch->scratch)
		cnv_arena_fini(batch->scratch);
	cnv_mem_free(batch->scratch);
	cnv_mem_free(batch);
}

static void swap_columns(cnv_column *filled, cnv_column *other)
{
	cnv_column kept = *other;

	*other = *filled;
	*filled = kept;
	filled->source_column = other->source_column;
	filled->origin = other->origin;
}

void cnv_batch_swap(cnv_batch *filled, cnv_batch *other)
{
	cnv_batch kept = *other;

	assert(filled->form == other->form);
	for (uint32_t i = 0; i < filled->table_count; i++) {
		cnv_table *a = &filled->tables[i], *b = &other->tables[i];
		cnv_table table = *b;

		for (uint32_t k = 0; k < a->count; k++)
			swap_columns(&a->columns[k], &b->columns[k]);
		/* Swaps everything in a table except its array of columns. */
		cnv_column *left = a->columns, *right = b->columns;
		*b = *a;
		*a = table;
		a->columns = left;
		b->columns = right;
		a->origin = b->origin;
	}
	swap_columns(&filled->identity, &other->identity);
	cnv_column left = filled->identity, right = other->identity;
	cnv_table *left_tables = filled->tables, *right_tables = other->tables;
	*other = *filled;
	*filled = kept;
	filled->identity = left;
	other->identity = right;
	filled->tables = left_tables;
	other->tables = right_tables;
}

/* ---------------------------------------------------------------- rows and cells */

uint32_t cnv_batch_row(cnv_batch *batch, uint32_t index, uint32_t parent, uint32_t line)
{
	cnv_table *table = &batch->tables[index];
	uint32_t row = table->rows;

	if (batch->failed)
		return CNV_NONE;
	if (row == table->room && !grow_table(batch, table)) {
		batch->failed = true;
		return CNV_NONE;
	}
	for (cnv_column *column = table->columns, *end = column + table->count; column < end; column++)
		column->ends[row] = (uint32_t)column->text.len;
	table->lines[row] = line;
	if (index) {
		bool sibling = row && table->parents[row - 1] == parent;

		/* Entries of one parent are contiguous and parents rise: aggregates over a repeat rely on it. */
		assert(!row || table->parents[row - 1] <= parent);
		table->parents[row] = parent;
		table->positions[row] = sibling ? table->positions[row - 1] + 1 : 1;
	} else {
		batch->identity.ends[row] = (uint32_t)batch->identity.text.len;
	}
	table->rows = row + 1;
	return row;
}

void cnv_column_put(cnv_batch *batch, cnv_column *column, uint32_t row, cnv_str text)
{
	cnv_text *to = &column->text;

	if (text.len <= to->room - to->len && to->room < UINT32_MAX) {
		if (text.len)
			memcpy(to->at + to->len, text.at, text.len);
		to->len += text.len;
	} else {
		cnv_text_put(to, text);
		batch->failed |= to->failed;
	}
	column->ends[row] = (uint32_t)to->len;
}

void cnv_column_replace(cnv_batch *batch, const cnv_table *table, cnv_column *column, uint32_t row, cnv_str text)
{
	cnv_text *to = &column->text;
	size_t from = row ? column->ends[row - 1] : 0, upto = column->ends[row], rest = to->len - upto;

	cnv_text_put(to, text); /* makes room */
	if (to->failed || to->len > UINT32_MAX) {
		batch->failed = true;
		return;
	}
	memmove(to->at + from + text.len, to->at + upto, rest);
	memcpy(to->at + from, text.at, text.len);
	to->len = from + text.len + rest;
	for (; row < table->rows; row++)
		column->ends[row] = (uint32_t)(column->ends[row] + text.len - (upto - from));
}

/* Stores a number for the last row in an array that most columns do not have. */
static void note_row(cnv_batch *batch, const cnv_table *table, uint32_t **numbers, uint32_t number)
{
	if (!*numbers)
		*numbers = cnv_mem_array(table->room, sizeof **numbers);
	if (*numbers)
		(*numbers)[table->rows - 1] = number;
	else
		batch->failed = true;
}

void cnv_batch_put(cnv_batch *batch, uint32_t index, uint32_t at, cnv_str text, uint32_t line)
{
	cnv_table *table = &batch->tables[index];
	cnv_column *column = &table->columns[at];

	if (batch->failed)
		return;
	assert(table->rows);
	cnv_column_put(batch, column, table->rows - 1, text);
	if (line)
		note_row(batch, table, &column->lines, line);
}

void cnv_batch_source_column(cnv_batch *batch, uint32_t index, uint32_t at, uint32_t source_column)
{
	cnv_table *table = &batch->tables[index];
	cnv_column *column = &table->columns[at];

	if (!batch->failed && source_column != column->source_column)
		note_row(batch, table, &column->source_columns, source_column);
}

void cnv_batch_pop(cnv_batch *batch)
{
	cnv_table *table = &batch->tables[0];
	uint32_t row = table->rows - 1;

	assert(table->rows);
	for (uint32_t i = 0; i < table->count; i++)
		table->columns[i].text.len = row ? table->columns[i].ends[row - 1] : 0;
	batch->identity.text.len = row ? batch->identity.ends[row - 1] : 0;
	batch->seeds[row] = 0;
	while (batch->carried_count && !batch->carried[batch->carried_count - 1].table &&
	       batch->carried[batch->carried_count - 1].row == row)
		batch->carried_count--;
	table->rows = row;
}

void cnv_batch_remark(cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question, cnv_str text,
		      uint32_t line)
{
	cnv_str copy;

	if (batch->failed)
		return;
	copy = cnv_arena_copy(&batch->arena, text);
	if (batch->arena.failed || !cnv_mem_room((void **)&batch->remarks, &batch->remark_room, batch->remark_count + 1,
						 sizeof *batch->remarks)) {
		batch->failed = true;
		return;
	}
	batch->remarks[batch->remark_count++] =
		(cnv_remark){ .table = table, .row = row, .line = line, .question = question, .text = copy };
}

void cnv_batch_carried(cnv_batch *batch, const cnv_carried *carried)
{
	if (!cnv_mem_room((void **)&batch->carried, &batch->carried_room, batch->carried_count + 1,
			  sizeof *batch->carried)) {
		batch->failed = true;
		return;
	}
	batch->carried[batch->carried_count++] = *carried;
}

void cnv_batch_half_tick(cnv_batch *batch, const cnv_half_tick *half_tick)
{
	cnv_half_tick *added;

	if (!cnv_mem_room((void **)&batch->half_ticks, &batch->half_tick_room, batch->half_tick_count + 1,
			  sizeof *batch->half_ticks)) {
		batch->failed = true;
		return;
	}
	added = &batch->half_ticks[batch->half_tick_count++];
	*added = *half_tick;
	added->piece = cnv_arena_copy(&batch->arena, half_tick->piece);
	batch->failed |= batch->arena.failed;
}

void cnv_batch_misaligned(cnv_batch *batch, uint32_t row)
{
	if (batch->failed)
		return;
	if (!cnv_mem_room((void **)&batch->misaligned, &batch->misaligned_room, batch->misaligned_count + 1,
			  sizeof *batch->misaligned)) {
		batch->failed = true;
		return;
	}
	batch->misaligned[batch->misaligned_count++] = row;
}

/* ---------------------------------------------------------------- reading */

cnv_str cnv_column_text(const cnv_column *column, uint32_t row)
{
	uint32_t from = row ? column->ends[row - 1] : 0;

	return (cnv_str){ column->text.at ? column->text.at + from : "", column->ends[row] - from };
}

uint32_t cnv_row_line(const cnv_table *table, const cnv_column *column, uint32_t row)
{
	return column && column->lines && column->lines[row] ? column->lines[row] : table->lines[row];
}

cnv_place cnv_batch_place(const cnv_batch *batch, uint32_t index, uint32_t at, uint32_t row, uint32_t line,
			  cnv_str source)
{
	const cnv_table *table = &batch->tables[index];
	const cnv_origin *origin = at == CNV_NONE ? &table->origin : &table->columns[at].origin;
	cnv_place place = { .source = origin->source.len ? origin->source : source, .row = line };

	if (!line)
		return place;
	place.sheet = origin->sheet;
	place.tab = origin->tab;
	if (at != CNV_NONE) {
		const cnv_column *column = &table->columns[at];
		bool own = column->source_columns && row < table->rows && column->source_columns[row];

		place.column = cnv_origin_column(origin, own ? column->source_columns[row] : column->source_column);
	}
	return place;
}

uint32_t cnv_table_first(const cnv_table *table, uint32_t parent)
{
	uint32_t from = 0, upto = table->rows;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (table->parents[middle] < parent)
			from = middle + 1;
		else
			upto = middle;
	}
	return from;
}

uint32_t cnv_batch_owner(const cnv_batch *batch, uint32_t table, uint32_t row, uint32_t ancestor)
{
	while (table != ancestor && table) {
		row = batch->tables[table].parents[row];
		table = batch->form->tables[table].parent;
	}
	return row;
}

/* Returns the number of digits. */
static size_t write_number(char *out, uint32_t number)
{
	char digits[MOST_DIGITS];
	size_t count = 0, len = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		out[len++] = digits[--count];
	return len;
}

cnv_str cnv_cell_path(const cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question, cnv_arena *arena)
{
	cnv_str shape = batch->form->questions[question].answer_path;
	uint32_t positions[CNV_TABLE_DEPTH];
	uint32_t depth = 0;
	size_t len = 0;
	char *path;

	if (!table)
		return shape;
	while (table && depth < CNV_TABLE_DEPTH) {
		positions[depth++] = batch->tables[table].positions[row];
		row = batch->tables[table].parents[row];
		table = batch->form->tables[table].parent;
	}
	path = cnv_arena_get(arena, shape.len + (size_t)depth * MOST_DIGITS);
	if (!path)
		return (cnv_str){ 0 };
	for (size_t i = 0; i < shape.len; i++) {
		path[len++] = shape.at[i];
		if (depth && shape.at[i] == '[') /* names contain none */
			len += write_number(path + len, positions[--depth]);
	}
	return (cnv_str){ path, len };
}

cnv_str cnv_first_path(const cnv_question *question, cnv_arena *arena)
{
	cnv_text path = { 0 };
	cnv_str copied;

	for (size_t at = 0; at < question->answer_path.len; at++) {
		cnv_text_put_char(&path, question->answer_path.at[at]);
		if (question->answer_path.at[at] == '[') /* names contain none */
			cnv_text_put_char(&path, '1');
	}
	copied = cnv_arena_copy(arena, cnv_text_str(&path));
	arena->failed |= path.failed;
	cnv_text_fini(&path);
	return copied;
}
