/* Roll-ups by group of the roster: how many of each group answered, and how, in the same rounds as the others.
 *
 * They are of one roster, the last one that the store has, and belong to it by a digest of who is in which group.  A store
 * that gets another roster drops them; the next import into a round counts that round again. */
#include "canvass/report.h"
#include "store/engine.h"
#include "store/rollup.h"

#define FEED_ROWS 512u
#define FEED_COLUMNS 5u

bool store_is_grouped(cnv_store *store, const cnv_by_group *by, int64_t round)
{
	sql *ask = sql_get(store, SQL_IS_GROUPED);

	sql_put_integer(ask, 1, round);
	sql_put_integer(ask, 2, store_form_id(store));
	sql_put_blob(ask, 3, cnv_by_group_groups(by)->sha256, 32);
	return sql_number(ask, 0);
}

void store_ungroup(cnv_store *store, int64_t round)
{
	store_rollup_run(store, SQL_UNGROUP, round);
	store_rollup_run(store, SQL_UNGROUP_ROSTER, round);
}

void store_ungroup_others(cnv_store *store, int64_t round)
{
	store_rollup_run(store, SQL_UNGROUP_OTHERS, round);
	store_rollup_run(store, SQL_UNGROUP_OTHER_ROSTERS, round);
}

void store_ungroup_roster(cnv_store *store, const cnv_roster *roster)
{
	cnv_groups groups;
	sql *run;

	if (!store->engine->in_file || store->mode != CNV_STORE_WRITE || store->status ||
	    !store_ask_number(store, "SELECT EXISTS (SELECT 1 FROM rollup_roster)"))
		return;
	if (!cnv_groups_find(&groups, roster)) {
		store_no_memory(store);
		return;
	}
	run = sql_get(store, SQL_UNGROUP_STALE);
	sql_put_blob(run, 1, groups.sha256, sizeof groups.sha256);
	sql_run(run);
	run = sql_get(store, SQL_UNGROUP_STALE_ROSTERS);
	sql_put_blob(run, 1, groups.sha256, sizeof groups.sha256);
	sql_run(run);
	cnv_groups_fini(&groups);
}

/* ---------------------------------------------------------------- writing */

/* Rows on their way to the table. */
typedef struct grouping {
	cnv_store *store;
	int64_t round;
	sql_cell cells[FEED_ROWS * FEED_COLUMNS];
	uint32_t count;
} grouping;

static void flush(grouping *to)
{
	sql *put;

	if (!to->count || to->store->status)
		return;
	put = sql_get(to->store, SQL_GROUP);
	sql_put_integer(put, 1, to->round);
	sql_put_integer(put, 2, store_form_id(to->store));
	sql_run_feed(put, &(sql_feed){ .cells = to->cells, .rows = to->count, .columns = FEED_COLUMNS });
	to->count = 0;
}

static void put_row(void *self, const cnv_grouped *row)
{
	grouping *to = self;
	bool of_question = row->kind == CNV_ROLLED_STATE || row->kind == CNV_ROLLED_CHOICE;
	cnv_str kind = store_rolled_word(row->kind);
	sql_cell *cell;

	if (to->count == FEED_ROWS)
		flush(to);
	cell = &to->cells[(size_t)to->count++ * FEED_COLUMNS];
	cell[0] = (sql_cell){ .kind = CELL_INTEGER, .integer = row->part };
	cell[1] = (sql_cell){ .kind = CELL_INTEGER, .integer = of_question ? (int64_t)row->column : -1 };
	cell[2] = (sql_cell){ .kind = CELL_TEXT, .at = kind.at, .len = (uint32_t)kind.len };
	cell[3] = (sql_cell){ .kind = CELL_INTEGER, .integer = row->key };
	cell[4] = (sql_cell){ .kind = CELL_INTEGER, .integer = row->n };
}

void store_group(cnv_store *store, const cnv_by_group *by, int64_t round)
{
	grouping *to = cnv_mem_get(sizeof *to);
	sql *put;

	if (!to) {
		store_no_memory(store);
		return;
	}
	to->store = store;
	to->round = round;
	cnv_by_group_each(by, put_row, to);
	flush(to);
	cnv_mem_free(to);
	store_rollup_run(store, SQL_UNGROUP_ZEROS, round);
	put = sql_get(store, SQL_GROUP_ROSTER);
	sql_put_integer(put, 1, round);
	sql_put_integer(put, 2, store_form_id(store));
	sql_put_blob(put, 3, cnv_by_group_groups(by)->sha256, 32);
	sql_run(put);
}

/* ---------------------------------------------------------------- reading */

/* Adds the rows of a round to the counters, or subtracts them; false: one does not fit the form and the roster. */
static bool read_rows(cnv_store *store, int64_t round, cnv_by_group *by, int64_t sign)
{
	sql *read = sql_get(store, SQL_READ_GROUPED);
	bool fits = true;

	sql_put_integer(read, 1, round);
	sql_put_integer(read, 2, store_form_id(store));
	while (fits && sql_row(read)) {
		int64_t part = sql_integer(read, 0), column = sql_integer(read, 1), key = sql_integer(read, 3);
		cnv_grouped row = { .n = sql_integer(read, 4) };
		bool of_question;

		fits = store_rolled_find(sql_text(read, 2), &row.kind) && row.n > 0 && part >= 0 && part < CNV_NONE &&
		       key >= 0 && key < CNV_NONE;
		of_question = fits && (row.kind == CNV_ROLLED_STATE || row.kind == CNV_ROLLED_CHOICE);
		fits = fits && (of_question ? column >= 0 && column < CNV_NONE : column == -1 && !key);
		if (!fits)
			break;
		row.part = (uint32_t)part;
		row.column = of_question ? (uint32_t)column : 0;
		row.key = (uint32_t)key;
		row.n *= sign;
		fits = cnv_by_group_put(by, &row);
	}
	sql_reset(read);
	return fits;
}

cnv_status cnv_store_grouped(cnv_store *store, cnv_str round, cnv_tally *tally, bool *found, cnv_diags *diags)
{
	cnv_by_group *by = cnv_tally_groups(tally);
	int64_t id;

	*found = false;
	store_enter(store, "read its roll-ups by group", diags);
	if (store->status || store->has_as_of)
		return store->status;
	id = store_round(store, round);
	*found = store_is_grouped(store, by, id) && read_rows(store, id, by, 1) && !store->status;
	if (*found)
		cnv_tally_rolled_groups(tally);
	return store->status;
}

/* ---------------------------------------------------------------- verifying */

static void keep_first(void *self, const cnv_grouped *row)
{
	cnv_grouped *first = self;

	if (!first->n)
		*first = *row;
}

bool store_group_differs(cnv_store *store, cnv_by_group *by, int64_t round, uint32_t *column)
{
	cnv_grouped first = { 0 };
	bool fits = store_is_grouped(store, by, round) && read_rows(store, round, by, -1);

	*column = CNV_NONE;
	if (fits)
		cnv_by_group_each(by, keep_first, &first);
	if (first.n && (first.kind == CNV_ROLLED_STATE || first.kind == CNV_ROLLED_CHOICE))
		*column = first.column;
	return !fits || first.n;
}

bool store_has_groups(cnv_store *store, int64_t round)
{
	sql *ask = sql_get(store, SQL_HAS_GROUPS);

	sql_put_integer(ask, 1, round);
	sql_put_integer(ask, 2, store_form_id(store));
	return sql_number(ask, 0);
}
