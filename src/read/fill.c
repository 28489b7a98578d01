/* Earlier answers in place of blanks in a return.
 *
 * The rows of the return are laid out again, because the texts of a column are contiguous: the returned cell, or, if
 * that is blank, the answer to the same question in the earlier response of the respondent. Entries of a repeat are not
 * paired, because nothing identifies them across responses: a repeat without entries keeps all earlier ones, and one
 * with entries is used as returned. Only where a repeat inside another was not returned at all are its earlier entries
 * kept in the entry that has the same number, as a pack has them. Which of the earlier answers are no longer asked is known when the result has been
 * judged; those are discarded, and the rows laid out again without them.
 */
#include "canvass/read.h"

#include <string.h>

/* The source of a row of the result. */
typedef struct source_row {
	uint32_t row;
	bool earlier;
} source_row;

typedef struct prefilling {
	cnv_batch *out;
	const cnv_batch *from, *earlier;
	const uint32_t *rows;
	cnv_prefill *fills;
	source_row **sources; /* by table: the source of each row of `out` */
	uint32_t **now;       /* by table: the new row of each row of `from` */
	uint32_t **numbered;  /* by table: the earlier entry with the number of each row of `out`; NULL: not needed */
	cnv_arena scratch;
} prefilling;

static bool is_discarded(const cnv_prefill *fills, const cnv_table *earlier, uint32_t column, uint32_t row)
{
	return fills->discarded && cnv_bit(fills->discarded[earlier->index], (size_t)row * earlier->count + column);
}

/* Is the cell of the return not used? */
static bool is_replaced(const prefilling *f, const cnv_table *from, const cnv_column *column, uint32_t at, uint32_t row)
{
	if (f->fills->replaced)
		return cnv_bit(f->fills->replaced[from->index], (size_t)row * from->count + at);
	return !cnv_bit(column->answered, row) && column->verdicts[row] != CNV_DUPLICATE;
}

static bool is_dropped(const prefilling *f, uint32_t table, uint32_t row)
{
	return f->fills->replaced && cnv_bit(f->fills->dropped[table], row);
}

/* Has the earlier response an answer that may be kept? */
static bool may_keep(const prefilling *f, const cnv_table *earlier, uint32_t column, uint32_t row)
{
	const cnv_column *was = &earlier->columns[column];

	return f->out->form->questions[was->question].role == CNV_ASKED && cnv_bit(was->answered, row) &&
	       was->verdicts[row] != CNV_DUPLICATE;
}

/* line: of the blank cell, 0: its row's. */
static void keep_earlier(prefilling *f, const cnv_table *earlier, uint32_t column, uint32_t row, uint32_t line)
{
	const cnv_column *was = &earlier->columns[column];
	cnv_prefill *fills = f->fills;

	if (!may_keep(f, earlier, column, row) || is_discarded(fills, earlier, column, row))
		return;
	if (!cnv_mem_room((void **)&fills->at, &fills->room, fills->count + 1, sizeof *fills->at)) {
		f->out->failed = true;
		return;
	}
	cnv_arena_reset(&f->scratch);
	cnv_batch_put(f->out, earlier->index, column, cnv_cell_value(f->out->form, was, row, &f->scratch), line);
	fills->at[fills->count++] = (cnv_prefill_cell){ .table = earlier->index,
							.row = f->out->tables[earlier->index].rows - 1,
							.question = was->question,
							.earlier = row };
}

/* The cells of the last row of a table; earlier_row: the row of the earlier response that fills its blanks, CNV_NONE.
 */
static void put_cells(prefilling *f, uint32_t index, source_row source, uint32_t earlier_row)
{
	const cnv_table *from = &f->from->tables[index];
	cnv_table *to = &f->out->tables[index];
	uint32_t now = to->rows - 1;

	for (uint32_t i = 0; i < to->count; i++) {
		const cnv_column *column = &from->columns[i];
		uint32_t line = column->lines && !source.earlier ? column->lines[source.row] : 0;

		if (source.earlier) {
			keep_earlier(f, &f->earlier->tables[index], i, source.row, 0);
			continue;
		}
		if (!is_replaced(f, from, column, i, source.row)) {
			cnv_batch_put(f->out, index, i, cnv_column_text(column, source.row), line);
			if (column->verdicts[source.row] == CNV_DUPLICATE)
				to->columns[i].verdicts[now] = CNV_DUPLICATE;
		} else if (earlier_row != CNV_NONE) {
			keep_earlier(f, &f->earlier->tables[index], i, earlier_row, line);
		}
	}
}

/* ---------------------------------------------------------------- entries */

/* An entry of the earlier response is dropped if none of its answers is asked any more. */
static bool stays(const prefilling *f, const cnv_table *earlier, uint32_t row)
{
	bool held = false;

	for (uint32_t i = 0; i < earlier->count; i++) {
		if (!may_keep(f, earlier, i, row))
			continue;
		if (!is_discarded(f->fills, earlier, i, row))
			return true;
		held = true;
	}
	return !held;
}

static bool put_row(prefilling *f, uint32_t index, uint32_t parent, source_row source)
{
	const cnv_table *table = &(source.earlier ? f->earlier : f->from)->tables[index];
	uint32_t row = cnv_batch_row(f->out, index, parent, source.earlier ? 0 : table->lines[source.row]);

	if (row == CNV_NONE)
		return false;
	f->out->tables[index].positions[row] = table->positions[source.row];
	f->sources[index][row] = source;
	if (f->numbered)
		f->numbered[index][row] = source.earlier ? source.row : CNV_NONE;
	if (!source.earlier)
		f->now[index][source.row] = row;
	put_cells(f, index, source, CNV_NONE);
	return !f->out->failed;
}

/* Finds the earlier entries, from row `was` on in parent `old`, that have the numbers of rows [from, upto) of `out`. */
static void find_numbered(prefilling *f, uint32_t index, uint32_t from, uint32_t upto, uint32_t was, uint32_t old)
{
	const cnv_table *out = &f->out->tables[index], *earlier = &f->earlier->tables[index];

	for (uint32_t row = from; row < upto; row++) {
		while (was < earlier->rows && earlier->parents[was] == old &&
		       earlier->positions[was] < out->positions[row])
			was++;
		if (was < earlier->rows && earlier->parents[was] == old &&
		    earlier->positions[was] == out->positions[row])
			f->numbered[index][row] = was;
	}
}

/* The earlier row whose entries belong to this row of `out`; CNV_NONE: none. */
static uint32_t earlier_of(const prefilling *f, uint32_t table, uint32_t row)
{
	const source_row *source = &f->sources[table][row];

	if (source->earlier)
		return source->row;
	if (!table)
		return f->rows[source->row];
	return f->numbered ? f->numbered[table][row] : CNV_NONE;
}

/* The entries of one table.  Entries of one parent are contiguous and parents rise, in the return, in the earlier
 * response and in the result alike, so one cursor in each is enough. */
static bool put_table(prefilling *f, uint32_t index)
{
	const cnv_table *from = &f->from->tables[index], *earlier = &f->earlier->tables[index];
	uint32_t parent = f->out->form->tables[index].parent, at = 0, was = 0;
	bool absent = f->fills->replaced && f->fills->earlier && f->fills->earlier[index];

	for (uint32_t row = 0; row < f->out->tables[parent].rows; row++) {
		source_row source = f->sources[parent][row];
		uint32_t first, put = f->out->tables[index].rows, old = earlier_of(f, parent, row);
		bool kept = source.earlier || absent;

		/* Entries of an entry that is left out are left out. */
		while (!source.earlier && at < from->rows && from->parents[at] < source.row)
			at++;
		for (first = at; !source.earlier && at < from->rows && from->parents[at] == source.row; at++)
			if (!is_dropped(f, index, at) && !put_row(f, index, row, (source_row){ at, false }))
				return false;
		kept |= !f->fills->replaced && !parent && at == first;
		if (old == CNV_NONE || (!kept && !f->numbered))
			continue;
		while (was < earlier->rows && earlier->parents[was] < old)
			was++;
		if (!kept)
			find_numbered(f, index, put, f->out->tables[index].rows, was, old);
		for (; kept && was < earlier->rows && earlier->parents[was] == old; was++)
			if (stays(f, earlier, was) && !put_row(f, index, row, (source_row){ was, true }))
				return false;
	}
	return true;
}

/* ---------------------------------------------------------------- public */

static bool make_maps(prefilling *f, cnv_arena *arena)
{
	uint32_t tables = f->from->table_count;

	f->sources = cnv_arena_array(arena, tables, sizeof *f->sources);
	f->now = cnv_arena_array(arena, tables, sizeof *f->now);
	if (f->fills->replaced && f->fills->earlier)
		f->numbered = cnv_arena_array(arena, tables, sizeof *f->numbered);
	for (uint32_t i = 0; i < tables && !arena->failed; i++) {
		size_t rows = (size_t)f->from->tables[i].rows + f->earlier->tables[i].rows + 1;

		f->sources[i] = cnv_arena_array(arena, rows, sizeof *f->sources[i]);
		f->now[i] = cnv_arena_array(arena, rows, sizeof *f->now[i]);
		if (f->numbered)
			f->numbered[i] = cnv_arena_array(arena, rows, sizeof *f->numbered[i]);
	}
	return !arena->failed;
}

static bool put_responses(prefilling *f)
{
	const cnv_table *from = &f->from->tables[0];

	for (uint32_t row = 0; row < from->rows; row++) {
		source_row source = { row, false };

		if (cnv_batch_row(f->out, 0, 0, from->lines[row]) == CNV_NONE)
			return false;
		f->sources[0][row] = source;
		f->now[0][row] = row;
		put_cells(f, 0, source, f->rows[row]);
		if (f->from->identity.ends)
			cnv_column_put(f->out, &f->out->identity, row, cnv_column_text(&f->from->identity, row));
	}
	return !f->out->failed;
}

static void put_rest(prefilling *f)
{
	for (uint32_t i = 0; i < f->from->remark_count; i++) {
		const cnv_remark *remark = &f->from->remarks[i];

		if (is_dropped(f, remark->table, remark->row)) {
			cnv_batch_remark(f->out, 0, cnv_batch_owner(f->from, remark->table, remark->row, 0), CNV_NONE,
					 remark->text, remark->line);
			continue;
		}
		cnv_batch_remark(f->out, remark->table, f->now[remark->table][remark->row], remark->question,
				 remark->text, remark->line);
	}
	for (uint32_t i = 0; i < f->from->misaligned_count; i++)
		cnv_batch_misaligned(f->out, f->from->misaligned[i]);
	for (uint32_t i = 0; i < f->from->carried_count; i++) {
		cnv_carried carried = f->from->carried[i];

		if (is_dropped(f, carried.table, carried.row))
			continue;
		carried.row = f->now[carried.table][carried.row];
		carried.from = cnv_arena_copy(&f->out->arena, carried.from);
		carried.to = cnv_arena_copy(&f->out->arena, carried.to);
		cnv_batch_carried(f->out, &carried);
	}
	for (uint32_t i = 0; i < f->from->table_count; i++) {
		f->out->tables[i].origin = f->from->tables[i].origin;
		for (uint32_t k = 0; k < f->from->tables[i].count; k++) {
			f->out->tables[i].columns[k].source_column = f->from->tables[i].columns[k].source_column;
			f->out->tables[i].columns[k].origin = f->from->tables[i].columns[k].origin;
		}
	}
}

cnv_status cnv_prefill_blanks(cnv_batch *out, const cnv_batch *from, const cnv_batch *earlier, const uint32_t *rows,
			      cnv_prefill *fills)
{
	prefilling f = { .out = out, .from = from, .earlier = earlier, .rows = rows, .fills = fills };
	cnv_arena arena = { 0 };
	bool done;

	cnv_batch_reset(out);
	fills->count = 0;
	done = make_maps(&f, &arena) && put_responses(&f);
	for (uint32_t i = 1; i < from->table_count && done; i++)
		done = put_table(&f, i);
	if (done)
		put_rest(&f);
	cnv_arena_fini(&arena);
	cnv_arena_fini(&f.scratch);
	return done && !out->failed && !out->arena.failed ? CNV_OK : CNV_NO_MEMORY;
}

cnv_status cnv_prefill_discard(cnv_prefill *fills, const cnv_batch *judged, const cnv_batch *earlier, cnv_arena *arena,
			       bool *any)
{
	*any = false;
	fills->discarded = cnv_arena_array(arena, earlier->table_count, sizeof *fills->discarded);
	for (uint32_t i = 0; fills->discarded && i < earlier->table_count; i++) {
		const cnv_table *table = &earlier->tables[i];
		size_t cells;

		if (cnv_size_multiply(table->rows, table->count, &cells))
			fills->discarded[i] = cnv_arena_array(arena, CNV_BIT_WORDS(cells) + 1, sizeof(uint64_t));
	}
	if (arena->failed)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < fills->count; i++) {
		const cnv_prefill_cell *filled = &fills->at[i];
		const cnv_table *table = &judged->tables[filled->table];
		uint32_t column = judged->form->questions[filled->question].column;

		if (table->columns[column].verdicts[filled->row] != CNV_UNDUE)
			continue;
		cnv_bit_set(fills->discarded[filled->table], (size_t)filled->earlier * table->count + column);
		*any = true;
	}
	return CNV_OK;
}

static void set_value(cnv_column *to, uint32_t row, const cnv_column *from, uint32_t was)
{
	if (from->numbers)
		to->numbers[row] = from->numbers[was];
	if (from->days)
		to->days[row] = from->days[was];
	if (from->moments)
		to->moments[row] = from->moments[was];
	if (from->choices)
		to->choices[row] = from->choices[was];
	if (from->sets)
		memcpy(to->sets + (size_t)row * to->words, from->sets + (size_t)was * from->words,
		       from->words * sizeof *from->sets);
}

void cnv_prefill_set(const cnv_prefill *fills, cnv_batch *settled, const cnv_batch *earlier)
{
	for (uint32_t i = 0; i < fills->count; i++) {
		const cnv_prefill_cell *filled = &fills->at[i];
		uint32_t at = settled->form->questions[filled->question].column;
		const cnv_column *from = &earlier->tables[filled->table].columns[at];
		cnv_column *to = &settled->tables[filled->table].columns[at];

		if (!cnv_bit(from->understood, filled->earlier))
			continue;
		set_value(to, filled->row, from, filled->earlier);
		to->verdicts[filled->row] = CNV_ACCEPTED;
		cnv_bit_set(to->understood, filled->row);
		cnv_bit_set(to->usable, filled->row);
	}
}

void cnv_prefill_fini(cnv_prefill *fills)
{
	cnv_mem_free(fills->at);
	*fills = (cnv_prefill){ 0 };
}
