/* Roll-ups written to the store: one row for each state, choice and number that was counted, or for each part of a sketch. */
#include "store/rollup_count.h"

#include "store/engine.h"

#define FEED_ROWS 512u
#define FEED_COLUMNS 5u

/* Rows on their way to the table. */
typedef struct rolling {
	cnv_store *store;
	int64_t round, form;
	sql_cell cells[FEED_ROWS * FEED_COLUMNS];
	uint32_t count;
} rolling;

static void flush(rolling *to)
{
	sql *put;

	if (!to->count || to->store->status)
		return;
	put = sql_get(to->store, SQL_ROLL);
	sql_put_integer(put, 1, to->round);
	sql_put_integer(put, 2, to->form);
	sql_run_feed(put, &(sql_feed){ .cells = to->cells, .rows = to->count, .columns = FEED_COLUMNS });
	to->count = 0;
}

static void put_row(rolling *to, int64_t table, int64_t column, cnv_rolled_kind kind, double key, int64_t n)
{
	cnv_str word = store_rolled_word(kind);
	sql_cell *cell;

	if (!n)
		return;
	if (to->count == FEED_ROWS)
		flush(to);
	cell = &to->cells[(size_t)to->count++ * FEED_COLUMNS];
	cell[0] = (sql_cell){ .kind = CELL_INTEGER, .integer = table };
	cell[1] = (sql_cell){ .kind = CELL_INTEGER, .integer = column };
	cell[2] = (sql_cell){ .kind = CELL_TEXT, .at = word.at, .len = (uint32_t)word.len };
	cell[3] = (sql_cell){ .kind = CELL_REAL, .real = key };
	cell[4] = (sql_cell){ .kind = CELL_INTEGER, .integer = n };
}

/* Without the least and the greatest, to which nothing can be added in the table. */
static void put_sketch(rolling *to, const cnv_sketch *sketch, uint32_t table, uint32_t column)
{
	put_row(to, table, column, CNV_ROLLED_MANY, 0, 1);
	for (uint32_t i = 0; i < sketch->room; i++)
		if (sketch->buckets[i].used)
			put_row(to, table, column, CNV_ROLLED_BUCKET, sketch->buckets[i].from, sketch->buckets[i].n);
	for (uint32_t limb = 0; limb < CNV_SKETCH_LIMBS; limb++)
		put_row(to, table, column, CNV_ROLLED_SUM, limb, sketch->sum[limb]);
}

static void put_question(rolling *to, const counted *of, uint32_t table, uint32_t column)
{
	for (uint32_t state = 0; state < CNV_STANDINGS; state++)
		put_row(to, table, column, CNV_ROLLED_STATE, state, of->states[state]);
	for (uint32_t choice = 0; choice < of->choice_count; choice++)
		put_row(to, table, column, CNV_ROLLED_CHOICE, choice, of->choices[choice]);
	if (of->many)
		put_sketch(to, of->sketch, table, column);
	for (uint32_t i = 0; of->values && !of->many && i < VALUE_SLOTS; i++)
		put_row(to, table, column, CNV_ROLLED_NUMBER, of->values[i].value, of->values[i].n);
}

/* A question whose numbers in the table have become too many. */
typedef struct crowd {
	uint32_t table, column;
} crowd;

/* In `list`, which the caller frees. */
static uint32_t find_crowds(cnv_store *store, int64_t round, crowd **list)
{
	sql *ask = sql_get(store, SQL_ROLLED_CROWDS);
	uint32_t count = 0, room = 0;

	sql_put_integer(ask, 1, round);
	sql_put_integer(ask, 2, store_form_id(store));
	sql_put_integer(ask, 3, MOST_VALUES);
	while (sql_row(ask)) {
		int64_t table = sql_integer(ask, 0), column = sql_integer(ask, 1);

		if (table < 0 || table >= store->form->table_count || column < 0 ||
		    column >= store->form->tables[table].count)
			continue;
		if (!cnv_mem_room((void **)list, &room, count + 1, sizeof **list)) {
			store_no_memory(store);
			break;
		}
		(*list)[count++] = (crowd){ (uint32_t)table, (uint32_t)column };
	}
	sql_reset(ask);
	return count;
}

static void put_rows_of(sql *run, int64_t round, int64_t form, const crowd *of)
{
	sql_put_integer(run, 1, round);
	sql_put_integer(run, 2, form);
	sql_put_integer(run, 3, of->table);
	sql_put_integer(run, 4, of->column);
}

/* The numbers in the table become a sketch there; their least and greatest are added to those counted here. */
static void convert_crowd(rolling *to, const crowd *at)
{
	cnv_store *store = to->store;
	counted *of = &store->rollup->questions[store->form->tables[at->table].columns[at->column]];
	cnv_sketch stored = { 0 };
	sql *run = sql_get(store, SQL_READ_ROLLED_NUMBERS);

	put_rows_of(run, to->round, to->form, at);
	while (sql_row(run))
		cnv_sketch_add(&stored, sql_real(run, 0), sql_integer(run, 1));
	sql_reset(run);
	run = sql_get(store, SQL_UNROLL_NUMBERS);
	put_rows_of(run, to->round, to->form, at);
	sql_run(run);
	put_sketch(to, &stored, at->table, at->column);
	if (!of->many) { /* what was counted here is among the stored numbers already */
		store_rollup_forget(of);
		store_rollup_become_many(store, of);
	}
	if (!store->status && stored.least.n) {
		cnv_sketch_put_least(of->sketch, stored.least.value, stored.least.n);
		cnv_sketch_put_greatest(of->sketch, stored.greatest.value, stored.greatest.n);
	}
	if (stored.failed)
		store_no_memory(store);
	cnv_sketch_fini(&stored);
}

static void put_extremes(rolling *to, const counted *of, uint32_t table, uint32_t column)
{
	if (!of->many)
		return;
	put_row(to, table, column, CNV_ROLLED_LEAST, of->sketch->least.value, of->sketch->least.n);
	put_row(to, table, column, CNV_ROLLED_GREATEST, of->sketch->greatest.value, of->sketch->greatest.n);
}

/* Calls `put` for each question, with its place in the form. */
static void put_each(rolling *to, void (*put)(rolling *to, const counted *of, uint32_t table, uint32_t column))
{
	const store_rollup *r = to->store->rollup;

	for (uint32_t t = 0; t < r->form->table_count; t++)
		for (uint32_t c = 0; c < r->form->tables[t].count; c++)
			put(to, &r->questions[r->form->tables[t].columns[c]], t, c);
	flush(to);
}

void store_rollup_write(cnv_store *store, int64_t round, bool more)
{
	const store_rollup *r = store->rollup;
	rolling *to = cnv_mem_get(sizeof *to);
	crowd *crowds = NULL;
	uint32_t count;

	if (!to) {
		store_no_memory(store);
		return;
	}
	to->store = store;
	to->round = round;
	to->form = store_form_id(store);
	for (uint32_t t = 0; t < r->form->table_count; t++)
		put_row(to, t, -1, CNV_ROLLED_ROWS, 0, r->rows[t]);
	for (uint32_t severity = 0; severity <= CNV_ERROR; severity++)
		put_row(to, 0, -1, CNV_ROLLED_FINDING, severity, r->findings[severity]);
	put_each(to, put_question);
	if (r->subtracted)
		store_rollup_run(store, SQL_UNROLL_ZEROS, round);
	/* Together there may be more numbers than are kept. */
	count = more ? find_crowds(store, round, &crowds) : 0;
	for (uint32_t i = 0; i < count && !store->status; i++)
		convert_crowd(to, &crowds[i]);
	flush(to);
	if (more)
		store_rollup_run(store, SQL_UNROLL_EXTREMES, round);
	put_each(to, put_extremes);
	cnv_mem_free(crowds);
	cnv_mem_free(to);
}

void store_rollup_load_many(cnv_store *store, int64_t round)
{
	sql *read = sql_get(store, SQL_READ_ROLLED_MANY);

	sql_put_integer(read, 1, round);
	sql_put_integer(read, 2, store_form_id(store));
	while (sql_row(read) && !store->status) {
		int64_t table = sql_integer(read, 0), column = sql_integer(read, 1);
		cnv_rolled_kind kind;
		counted *of;

		if (table < 0 || table >= store->form->table_count || column < 0 ||
		    column >= store->form->tables[table].count || !store_rolled_find(sql_text(read, 2), &kind))
			continue;
		of = &store->rollup->questions[store->form->tables[table].columns[column]];
		if (!of->many)
			store_rollup_become_many(store, of);
		if (of->many && kind == CNV_ROLLED_LEAST)
			cnv_sketch_put_least(of->sketch, sql_real(read, 3), sql_integer(read, 4));
		else if (of->many && kind == CNV_ROLLED_GREATEST)
			cnv_sketch_put_greatest(of->sketch, sql_real(read, 3), sql_integer(read, 4));
	}
	sql_reset(read);
}
