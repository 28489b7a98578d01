/* Roll-ups compared with the answers: all are counted again, and what the store has is subtracted. */
#include "store/rollup_count.h"

/* Subtracts a row of a sketch. */
static bool subtract_sketch(cnv_store *store, counted *of, const cnv_rolled *row)
{
	cnv_sketch_extreme *extreme;

	if (row->kind == CNV_ROLLED_MANY)
		of->stored_many = true;
	/* There were too many numbers when it was written, perhaps not any more. */
	if (!of->many)
		store_rollup_become_many(store, of);
	if (!of->many || row->kind == CNV_ROLLED_MANY)
		return of->many;
	if (row->kind == CNV_ROLLED_BUCKET) {
		cnv_sketch_put_bucket(of->sketch, row->key, -row->n);
		return true;
	}
	if (row->kind == CNV_ROLLED_SUM) {
		if (row->key >= CNV_SKETCH_LIMBS)
			return false;
		of->sketch->sum[(uint32_t)row->key] -= row->n;
		return true;
	}
	extreme = row->kind == CNV_ROLLED_LEAST ? &of->sketch->least : &of->sketch->greatest;
	extreme->n -= extreme->value == row->key ? row->n : 0;
	return true;
}

/* Subtracts a row from what was counted again. */
static bool subtract(void *self, const cnv_rolled *row)
{
	cnv_store *store = self;
	store_rollup *r = store->rollup;
	counted *of = &r->questions[r->form->tables[row->table].columns[row->column]];

	switch (row->kind) {
	case CNV_ROLLED_ROWS:
		r->rows[row->table] -= row->n;
		return true;
	case CNV_ROLLED_STATE:
		if (row->key >= CNV_STANDINGS)
			return false;
		of->states[(uint32_t)row->key] -= row->n;
		return true;
	case CNV_ROLLED_CHOICE:
		if (row->key >= of->choice_count)
			return false;
		of->choices[(uint32_t)row->key] -= row->n;
		return true;
	case CNV_ROLLED_NUMBER:
		store_rollup_add(store, of, row->key, -row->n);
		return true;
	case CNV_ROLLED_MANY:
	case CNV_ROLLED_BUCKET:
	case CNV_ROLLED_SUM:
	case CNV_ROLLED_LEAST:
	case CNV_ROLLED_GREATEST:
		return subtract_sketch(store, of, row);
	case CNV_ROLLED_FINDING:
		if (row->key > CNV_ERROR)
			return false;
		r->findings[(uint32_t)row->key] -= row->n;
		return true;
	case CNV_ROLLED_BLANK:
		break;
	}
	return false;
}

static bool is_even_sketch(const counted *of)
{
	const cnv_sketch *sketch = of->sketch;

	for (uint32_t i = 0; i < sketch->room; i++)
		if (sketch->buckets[i].n)
			return false;
	for (uint32_t limb = 0; limb < CNV_SKETCH_LIMBS; limb++)
		if (sketch->sum[limb])
			return false;
	return of->stored_many && !sketch->least.n && !sketch->greatest.n;
}

static bool is_even(const counted *of)
{
	for (uint32_t state = 0; state < CNV_STANDINGS; state++)
		if (of->states[state])
			return false;
	for (uint32_t choice = 0; choice < of->choice_count; choice++)
		if (of->choices[choice])
			return false;
	for (uint32_t i = 0; of->values && i < VALUE_SLOTS; i++)
		if (of->values[i].n)
			return false;
	return !of->many || is_even_sketch(of);
}

static void differ(cnv_store *store, cnv_str round, const char *by, cnv_str path)
{
	store_say(store, CNV_VERIFY_ROLLUP, (cnv_str){ 0 },
		  "the roll-ups%s of round %.*s differ from its answers%s%.*s", by, CNV_ARG(round),
		  path.len ? ": " : "", CNV_ARG(path));
}

/* After all responses were counted again. */
static void verify_groups(cnv_store *store, int64_t id, cnv_str round)
{
	const store_rollup *r = store->rollup;
	uint32_t column = CNV_NONE;

	if (store->status || !store_has_groups(store, id) || (r->by && !store_group_differs(store, r->by, id, &column)))
		return;
	differ(store, round, " by group",
	       column == CNV_NONE ? (cnv_str){ 0 } : r->form->questions[r->form->tables[0].columns[column]].path);
}

/* Is the number of responses, where the roll-ups say it, the right one? */
static bool is_whole_number(cnv_store *store, int64_t round)
{
	sql *ask = sql_get(store, SQL_ROLLED_RESPONSES);
	int64_t n;

	sql_put_integer(ask, 1, round);
	n = sql_number(ask, 0);
	ask = sql_get(store, SQL_COUNT_RESPONSES);
	sql_put_integer(ask, 1, round);
	return !n || sql_number(ask, 0) == n;
}

static void verify_round(cnv_store *store, int64_t id, cnv_str round)
{
	const store_rollup *r = store->rollup;
	bool rows;

	store_rollup_read_all(store, id);
	verify_groups(store, id, round);
	if (store->status)
		return;
	if (!store_rolled_each(store, id, subtract, store)) {
		differ(store, round, "", (cnv_str){ 0 });
		return;
	}
	rows = is_whole_number(store, id);
	for (uint32_t t = 0; t < r->form->table_count; t++)
		rows &= !r->rows[t];
	for (uint32_t severity = 0; severity <= CNV_ERROR; severity++)
		rows &= !r->findings[severity];
	if (!rows)
		differ(store, round, "", (cnv_str){ 0 });
	for (cnv_question_id q = 0; q < r->form->count && rows; q++)
		if (!is_even(&r->questions[q]))
			differ(store, round, "", r->form->questions[q].path);
}

cnv_status cnv_store_verify_rollups(cnv_store *store, cnv_diags *diags)
{
	cnv_arena arena = { 0 };
	const cnv_str *labels = NULL;
	uint32_t count = 0;

	cnv_store_rounds(store, &arena, &labels, &count, diags);
	store_enter(store, "verify its roll-ups", diags);
	for (uint32_t i = 0; i < count && !store->status; i++) {
		int64_t id = store_round(store, labels[i]);

		if (!store_is_rolled(store, id))
			continue;
		if (!store->rollup)
			store->rollup = store_rollup_make(store);
		if (store->rollup)
			verify_round(store, id, labels[i]);
	}
	cnv_arena_fini(&arena);
	return store->status;
}
