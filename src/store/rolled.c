/* Roll-ups as the store has them: the words for their kinds, the statements about those of a round, and their rows read
 * for a report. */
#include "store/rollup_count.h"

#include <math.h>

static const char *const words[] = {
	[CNV_ROLLED_ROWS] = "rows",       [CNV_ROLLED_STATE] = "state", [CNV_ROLLED_CHOICE] = "choice",
	[CNV_ROLLED_NUMBER] = "number",   [CNV_ROLLED_MANY] = "many",   [CNV_ROLLED_BUCKET] = "bucket",
	[CNV_ROLLED_SUM] = "sum",         [CNV_ROLLED_LEAST] = "least", [CNV_ROLLED_GREATEST] = "greatest",
	[CNV_ROLLED_FINDING] = "finding", [CNV_ROLLED_BLANK] = "blank",
};

cnv_str store_rolled_word(cnv_rolled_kind kind)
{
	return cnv_str_from(words[kind]);
}

bool store_rolled_find(cnv_str word, cnv_rolled_kind *kind)
{
	for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (cnv_str_equal(word, cnv_str_from(words[i]))) {
			*kind = (cnv_rolled_kind)i;
			return true;
		}
	return false;
}

void store_rollup_run(cnv_store *store, sql_fixed which, int64_t round)
{
	sql *run = sql_get(store, which);

	sql_put_integer(run, 1, round);
	sql_put_integer(run, 2, store_form_id(store));
	sql_run(run);
}

bool store_is_rolled(cnv_store *store, int64_t round)
{
	sql *ask = sql_get(store, SQL_IS_ROLLED);

	sql_put_integer(ask, 1, round);
	sql_put_integer(ask, 2, store_form_id(store));
	return sql_number(ask, 0) != 0;
}

/* ---------------------------------------------------------------- reading */

/* Of the round or a table as a whole? */
static bool is_of_table(cnv_rolled_kind kind)
{
	return kind == CNV_ROLLED_ROWS || kind == CNV_ROLLED_FINDING;
}

/* Is the key any number? */
static bool is_number(cnv_rolled_kind kind)
{
	return kind == CNV_ROLLED_NUMBER || kind == CNV_ROLLED_BUCKET || kind == CNV_ROLLED_LEAST ||
	       kind == CNV_ROLLED_GREATEST;
}

bool store_rolled_each(cnv_store *store, int64_t round, bool (*take)(void *self, const cnv_rolled *row), void *self)
{
	sql *read = sql_get(store, SQL_READ_ROLLED);
	bool fits = true;

	sql_put_integer(read, 1, round);
	sql_put_integer(read, 2, store_form_id(store));
	while (fits && sql_row(read)) {
		int64_t table = sql_integer(read, 0), column = sql_integer(read, 1);
		cnv_rolled row = { .key = sql_real(read, 3), .n = sql_integer(read, 4) };

		fits = store_rolled_find(sql_text(read, 2), &row.kind) && table >= 0 &&
		       table < store->form->table_count &&
		       (is_of_table(row.kind) || (column >= 0 && column < store->form->tables[table].count)) &&
		       (row.n > 0 || row.kind == CNV_ROLLED_SUM) && isfinite(row.key) &&
		       (is_number(row.kind) ||
			(row.key >= 0 && row.key < UINT32_MAX && row.key == (double)(uint32_t)row.key));
		row.table = fits ? (uint32_t)table : 0;
		row.column = fits && !is_of_table(row.kind) ? (uint32_t)column : 0;
		fits = fits && take(self, &row);
	}
	sql_reset(read);
	return fits;
}

static bool take_tally(void *self, const cnv_rolled *row)
{
	return cnv_tally_roll(self, row);
}

cnv_status cnv_store_rollups(cnv_store *store, cnv_str round, uint64_t responses, cnv_tally *tally, bool *found,
			     cnv_diags *diags)
{
	int64_t id;
	sql *ask;

	*found = false;
	store_enter(store, "read its roll-ups", diags);
	if (store->status || store->has_as_of)
		return store->status;
	id = store_round(store, round);
	ask = sql_get(store, SQL_IS_ROLLED);
	sql_put_integer(ask, 1, id);
	sql_put_integer(ask, 2, store_form_id(store));
	if ((uint64_t)sql_number(ask, 0) != responses || !responses || store->status)
		return store->status;
	*found = store_rolled_each(store, id, take_tally, tally);
	return store->status;
}

/* Adds, or subtracts, what a statement counts by severity for a round; false: nothing. */
static bool add_problems(cnv_store *store, sql_fixed counting, int64_t round, int64_t sign, uint64_t n[CNV_ERROR + 1])
{
	sql *ask = sql_get(store, counting);
	bool any = false;

	sql_put_integer(ask, 1, round);
	while (sql_row(ask)) {
		int64_t severity = sql_integer(ask, 0);

		if (severity >= 0 && severity <= CNV_ERROR)
			n[severity] += (uint64_t)(sign * sql_integer(ask, 1));
		any = true;
	}
	sql_reset(ask);
	return any;
}

cnv_status cnv_store_problems(cnv_store *store, cnv_str round, uint64_t *errors, uint64_t *warnings, cnv_diags *diags)
{
	uint64_t n[CNV_ERROR + 1] = { 0 };
	int64_t id;

	store_enter(store, "count its findings", diags);
	id = store_round(store, round);
	/* Where there are none, none are kept, and they are counted. */
	if (!store->has_as_of && add_problems(store, SQL_ROLLED_FINDINGS, id, 1, n))
		add_problems(store, SQL_COUNT_WAIVED, id, -1, n);
	else
		add_problems(store, SQL_COUNT_PROBLEMS, id, 1, n);
	*errors = n[CNV_ERROR];
	*warnings = n[CNV_WARNING];
	return store->status;
}
