/* Roll-ups: how often each state, choice and number occurs among the responses that count in a round, and
 * how many findings they have.
 *
 * A round of more than CNV_REPORT_NAMED responses is reported by counts alone, and reading every answer for them would
 * take seconds.  So the transaction that makes a round that large writes the counts too, one row for each state, choice
 * and number that occurs, and later ones add what came and subtract what counts no more.  Smaller rounds have none:
 * their reports show every answer, and read it.
 *
 * Numbers of which there are too many different ones are a sketch; where its least or greatest counts no more, the round is
 * counted again at once.  Counts by group of the roster are in rollup_group.c.
 *
 * Counts are kept for each version of the form, and changed only by a store that is open with it.  What would be dear or
 * cannot be known is not corrected: the counts are dropped, and made from the answers by the next import into the round.
 * A reader uses them only where they have as many responses as the round (cnv_store_rollups). */
#include "store/rollup.h"

#include <math.h>
#include <string.h>

#include "canvass/report.h"
#include "store/engine.h"

/* Different numbers of a question that are kept; above, they are a sketch. */
#define MOST_VALUES CNV_SKETCHED
/* Slots of its table: at most half are used. */
#define VALUE_SLOTS (4 * MOST_VALUES)
/* Responses that are read one by one to subtract them; instead of more, all are counted again. */
#define MOST_GONE CNV_REPORT_NAMED
#define FEED_ROWS 512u
#define FEED_COLUMNS 5u

typedef struct kept_value {
	double value;
	int64_t n;
	bool used;
} kept_value;

typedef struct counted {
	int64_t states[CNV_STANDINGS];
	int64_t *choices; /* NULL: no list */
	uint32_t choice_count;
	kept_value *values; /* VALUE_SLOTS, by hash; NULL: none yet */
	uint32_t value_count;
	bool many;          /* there are more: they are in the sketch instead */
	cnv_sketch *sketch; /* NULL: none yet */
	bool stored_many;   /* while verifying: the store has a sketch */
} counted;

typedef struct store_rollup {
	const cnv_form *form;
	counted *questions;
	int64_t *choices; /* of all questions */
	size_t choice_count;
	int64_t *rows;                   /* of each table */
	int64_t findings[CNV_ERROR + 1]; /* by severity */
	uint64_t *blank, *left;          /* of a window: bits of responses that are blank, or left out */
	uint32_t blank_room, left_room;
	uint32_t *picked;  /* rows of one table that are counted */
	uint8_t *verdicts; /* as they count, where one of the responses is blank or left out */
	uint32_t picked_room, verdict_room;
	uint8_t standings[CNV_RETURN_BLANK + 1];
	bool any_blank;   /* in the window */
	cnv_batch *batch; /* what is read from the store */
	cnv_by_group *by; /* NULL: nothing is counted by group */
	uint32_t *listed; /* of a window: each response's respondent in the roster */
	uint32_t listed_room;
	int64_t *gone;
	uint32_t gone_count, gone_room, dropped; /* dropped: subtracted already */
	bool counting;                           /* the transaction's responses are added */
	bool subtracted;
	bool again;  /* all must be counted again */
	bool others; /* a response of another version counts no more */
} store_rollup;

/* ---------------------------------------------------------------- memory */

static uint32_t choices_of(const cnv_form *form, cnv_question_id question)
{
	const cnv_question *asked = &form->questions[question];

	return cnv_kind_is_select(asked->kind) && asked->list != CNV_NONE ? form->lists[asked->list].count : 0;
}

static bool share_out(store_rollup *r)
{
	size_t at = 0;

	for (cnv_question_id q = 0; q < r->form->count; q++)
		r->choice_count += choices_of(r->form, q);
	r->questions = cnv_mem_array(r->form->count, sizeof *r->questions);
	r->choices = cnv_mem_array(r->choice_count + 1, sizeof *r->choices);
	r->rows = cnv_mem_array(r->form->table_count, sizeof *r->rows);
	r->batch = cnv_batch_new(r->form);
	if (!r->questions || !r->choices || !r->rows || !r->batch)
		return false;
	for (cnv_question_id q = 0; q < r->form->count; q++) {
		r->questions[q].choice_count = choices_of(r->form, q);
		r->questions[q].choices = r->questions[q].choice_count ? r->choices + at : NULL;
		at += r->questions[q].choice_count;
	}
	for (uint32_t verdict = 0; verdict <= CNV_RETURN_BLANK; verdict++)
		r->standings[verdict] = (uint8_t)cnv_verdict_standing((cnv_verdict)verdict);
	return true;
}

static void free_rollup(store_rollup *r)
{
	if (!r)
		return;
	for (cnv_question_id q = 0; r->questions && q < r->form->count; q++) {
		cnv_mem_free(r->questions[q].values);
		if (r->questions[q].sketch)
			cnv_sketch_fini(r->questions[q].sketch);
		cnv_mem_free(r->questions[q].sketch);
	}
	cnv_mem_free(r->questions);
	cnv_mem_free(r->choices);
	cnv_mem_free(r->rows);
	cnv_mem_free(r->blank);
	cnv_mem_free(r->left);
	cnv_mem_free(r->picked);
	cnv_mem_free(r->verdicts);
	cnv_mem_free(r->gone);
	cnv_mem_free(r->listed);
	cnv_by_group_free(r->by);
	cnv_batch_free(r->batch);
	cnv_mem_free(r);
}

void store_rollup_free(cnv_store *store)
{
	free_rollup(store->rollup);
	store->rollup = NULL;
}

void cnv_store_group_by(cnv_store *store, const cnv_roster *roster)
{
	if (store->roster != roster)
		store_rollup_free(store);
	store->roster = roster;
}

static store_rollup *make_rollup(cnv_store *store)
{
	store_rollup *r = cnv_mem_get(sizeof *r);

	if (r)
		r->form = store->form;
	if (r && share_out(r) && (!store->roster || (r->by = cnv_by_group_new(store->form, store->roster))))
		return r;
	free_rollup(r);
	store_no_memory(store);
	return NULL;
}

static void forget_values(counted *of)
{
	if (of->values)
		memset(of->values, 0, VALUE_SLOTS * sizeof *of->values);
	of->value_count = 0;
}

static void clear(store_rollup *r)
{
	for (cnv_question_id q = 0; q < r->form->count; q++) {
		counted *of = &r->questions[q];

		memset(of->states, 0, sizeof of->states);
		forget_values(of);
		if (of->sketch)
			cnv_sketch_reset(of->sketch);
		of->many = of->stored_many = false;
	}
	memset(r->choices, 0, r->choice_count * sizeof *r->choices);
	memset(r->rows, 0, r->form->table_count * sizeof *r->rows);
	memset(r->findings, 0, sizeof r->findings);
	if (r->by)
		cnv_by_group_clear(r->by);
	r->subtracted = false;
}

/* ---------------------------------------------------------------- counting a window */

static uint64_t hash_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return (bits ^ bits >> 32) * UINT64_C(0x9E3779B97F4A7C15) >> 40;
}

/* The numbers kept so far are put into the sketch. */
static void become_many(cnv_store *store, counted *of)
{
	if (!of->sketch)
		of->sketch = cnv_mem_get(sizeof *of->sketch);
	if (!of->sketch) {
		store_no_memory(store);
		return;
	}
	for (uint32_t i = 0; of->values && i < VALUE_SLOTS; i++)
		if (of->values[i].used && of->values[i].n)
			cnv_sketch_add(of->sketch, of->values[i].value, of->values[i].n);
	forget_values(of);
	of->many = true;
	if (of->sketch->failed)
		store_no_memory(store);
}

static void add_value(cnv_store *store, counted *of, double value, int64_t n)
{
	size_t at;

	if (!isfinite(value))
		return;
	if (of->many) {
		cnv_sketch_add(of->sketch, value, n);
		if (of->sketch->failed)
			store_no_memory(store);
		return;
	}
	value += 0.0; /* -0 becomes 0 */
	if (!of->values && !(of->values = cnv_mem_array(VALUE_SLOTS, sizeof *of->values))) {
		store_no_memory(store);
		return;
	}
	at = hash_of(value) & (VALUE_SLOTS - 1);
	while (of->values[at].used && of->values[at].value != value)
		at = (at + 1) & (VALUE_SLOTS - 1);
	if (!of->values[at].used && of->value_count++ == MOST_VALUES) {
		become_many(store, of);
		if (of->many)
			add_value(store, of, value, n);
		return;
	}
	of->values[at].used = true;
	of->values[at].value = value;
	of->values[at].n += n;
}

static bool is_blank(uint8_t verdict)
{
	return verdict == CNV_BLANK || verdict == CNV_MISSING || verdict == CNV_NOT_ASKED;
}

/* Finds the responses in which nothing is answered, by verdicts alone, as cnv_blank_find of a batch for figures. */
static void find_blank(store_rollup *r, const cnv_batch *batch)
{
	uint32_t responses = batch->tables[0].rows, who = cnv_identifying_question(r->form);

	for (uint32_t row = 0; row < responses; row++)
		cnv_bit_set(r->blank, row);
	for (uint32_t t = 0; t < batch->table_count; t++) {
		const cnv_table *table = &batch->tables[t];

		for (uint32_t row = 0; row < table->rows; row++) {
			uint32_t owner = t ? cnv_batch_owner(batch, t, row, 0) : row;

			for (uint32_t c = 0; c < table->count && cnv_bit(r->blank, owner); c++)
				if (!is_blank(table->columns[c].verdicts[row]) && table->columns[c].question != who &&
				    r->form->questions[table->columns[c].question].role == CNV_ASKED)
					cnv_bit_clear(r->blank, owner);
		}
	}
}

/* The rows of the table that count. */
static uint32_t pick_rows(cnv_store *store, const cnv_batch *batch, uint32_t t)
{
	store_rollup *r = store->rollup;
	uint32_t rows = batch->tables[t].rows, count = 0;

	if (!cnv_mem_room((void **)&r->picked, &r->picked_room, rows, sizeof *r->picked)) {
		store_no_memory(store);
		return 0;
	}
	for (uint32_t row = 0; row < rows; row++)
		if (!cnv_bit(r->left, t ? cnv_batch_owner(batch, t, row, 0) : row))
			r->picked[count++] = row;
	return count;
}

static void count_set(const uint64_t *set, uint32_t words, int64_t *choices, uint32_t most, int64_t sign)
{
	for (uint32_t word = 0; word < words; word++)
		for (uint64_t left = set[word]; left; left &= left - 1) {
			uint32_t choice = word * 64 + (uint32_t)__builtin_ctzll(left);

			if (choice < most)
				choices[choice] += sign;
		}
}

static void count_column(cnv_store *store, const cnv_column *column, const uint8_t *verdicts, uint32_t count,
			 int64_t sign)
{
	const store_rollup *r = store->rollup;
	counted *of = &r->questions[column->question];
	const uint32_t *picked = r->picked;
	int64_t *choices = of->choices;
	uint32_t seen[CNV_RETURN_BLANK + 1] = { 0 }, most = of->choice_count;

	for (uint32_t i = 0; i < count; i++)
		seen[verdicts[i]]++;
	for (uint32_t verdict = 0; verdict <= CNV_RETURN_BLANK; verdict++)
		of->states[r->standings[verdict]] += sign * seen[verdict];
	if (column->numbers)
		for (uint32_t i = 0; i < count && !store->status; i++)
			if (verdicts[i] == CNV_ACCEPTED)
				add_value(store, of, column->numbers[picked[i]], sign);
	if (column->choices && choices)
		for (uint32_t i = 0; i < count; i++)
			if (verdicts[i] == CNV_ACCEPTED && column->choices[picked[i]] < most)
				choices[column->choices[picked[i]]] += sign;
	if (column->sets && choices)
		for (uint32_t i = 0; i < count; i++)
			if (verdicts[i] == CNV_ACCEPTED)
				count_set(&column->sets[(size_t)picked[i] * column->words], column->words, choices,
					  most, sign);
}

static void count_table(cnv_store *store, const cnv_batch *batch, uint32_t t, int64_t sign)
{
	store_rollup *r = store->rollup;
	const cnv_table *table = &batch->tables[t];
	uint32_t count = pick_rows(store, batch, t);
	bool as_judged = !r->any_blank && count == table->rows;

	if (!cnv_mem_room((void **)&r->verdicts, &r->verdict_room, count, sizeof *r->verdicts)) {
		store_no_memory(store);
		return;
	}
	r->rows[t] += sign * (int64_t)count;
	for (uint32_t c = 0; c < table->count && !store->status; c++) {
		const uint8_t *verdicts = table->columns[c].verdicts;

		for (uint32_t i = 0; i < count && !as_judged; i++) {
			uint32_t row = r->picked[i], owner = t ? cnv_batch_owner(batch, t, row, 0) : row;

			r->verdicts[i] = cnv_bit(r->blank, owner) ? CNV_RETURN_BLANK : verdicts[row];
		}
		count_column(store, &table->columns[c], as_judged ? verdicts : r->verdicts, count, sign);
	}
}

/* The respondent of each response in the roster; CNV_NONE also for those that are left out. */
static bool find_listed(cnv_store *store, uint32_t rows, const cnv_str *respondents, const cnv_reported *reported)
{
	store_rollup *r = store->rollup;

	if (!cnv_mem_room((void **)&r->listed, &r->listed_room, rows, sizeof *r->listed)) {
		store_no_memory(store);
		return false;
	}
	for (uint32_t row = 0; row < rows; row++)
		r->listed[row] = cnv_bit(r->left, row)
					 ? CNV_NONE
					 : cnv_map_find(&store->roster->by_code,
							respondents ? respondents[row] : reported[row].respondent);
	return true;
}

/* ids: of each response, 0: it is left out; NULL: all are counted.  Its respondents are in one of the two arrays. */
static void count_window(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents,
			 const cnv_reported *reported, const int64_t *ids, int64_t sign)
{
	store_rollup *r = store->rollup;
	uint32_t words = (uint32_t)CNV_BIT_WORDS(batch->tables[0].rows);

	if (!words || store->status)
		return;
	if (!cnv_mem_room((void **)&r->blank, &r->blank_room, words, sizeof *r->blank) ||
	    !cnv_mem_room((void **)&r->left, &r->left_room, words, sizeof *r->left)) {
		store_no_memory(store);
		return;
	}
	memset(r->blank, 0, words * sizeof *r->blank);
	memset(r->left, 0, words * sizeof *r->left);
	find_blank(r, batch);
	r->any_blank = false;
	for (uint32_t word = 0; word < words; word++)
		r->any_blank |= r->blank[word] != 0;
	for (uint32_t row = 0; ids && row < batch->tables[0].rows; row++)
		if (!ids[row])
			cnv_bit_set(r->left, row);
	for (uint32_t t = 0; t < batch->table_count && !store->status; t++)
		count_table(store, batch, t, sign);
	if (r->by && !store->status && find_listed(store, batch->tables[0].rows, respondents, reported))
		cnv_by_group_add(r->by, batch, r->listed, r->blank, sign);
	r->subtracted |= sign < 0;
}

/* ---------------------------------------------------------------- what is stored */

static bool is_rolled(cnv_store *store, int64_t round)
{
	sql *ask = sql_get(store, SQL_IS_ROLLED);

	sql_put_integer(ask, 1, round);
	sql_put_integer(ask, 2, store_form_id(store));
	return sql_number(ask, 0) != 0;
}

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
		forget_values(of);
		become_many(store, of);
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

/* Writes what was counted; more: adds it to the rows of the round. */
static void write_counts(cnv_store *store, int64_t round, bool more)
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

/* ---------------------------------------------------------------- from the answers */

/* Of questions that have a sketch in the table, the least and the greatest: counting continues from them. */
static void load_many(cnv_store *store, int64_t round)
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
			become_many(store, of);
		if (of->many && kind == CNV_ROLLED_LEAST)
			cnv_sketch_put_least(of->sketch, sql_real(read, 3), sql_integer(read, 4));
		else if (of->many && kind == CNV_ROLLED_GREATEST)
			cnv_sketch_put_greatest(of->sketch, sql_real(read, 3), sql_integer(read, 4));
	}
	sql_reset(read);
}

/* Adds or subtracts the findings that a statement counts by severity. */
static void add_findings(cnv_store *store, sql *count, int64_t sign)
{
	while (sql_row(count)) {
		int64_t severity = sql_integer(count, 0);

		if (severity >= 0 && severity <= CNV_ERROR)
			store->rollup->findings[severity] += sign * sql_integer(count, 1);
	}
	sql_reset(count);
}

static void read_all(cnv_store *store, int64_t round)
{
	cnv_reported *reported = cnv_mem_array(CNV_WINDOW_ROWS, sizeof *reported);
	const char *doing = store->doing;
	cnv_diags *diags = store->diags;
	cnv_cursor *cursor = NULL;
	uint32_t count = 1;
	sql *findings;

	if (!reported)
		store_no_memory(store);
	if (!store->status)
		store_read_all_counted(&cursor, store, round);
	clear(store->rollup);
	while (!store->status && count) {
		cnv_batch_reset(store->rollup->batch);
		if (!cnv_cursor_next(cursor, store->rollup->batch, reported, CNV_WINDOW_ROWS, &count, diags))
			count_window(store, store->rollup->batch, NULL, reported, NULL, 1);
	}
	cnv_cursor_close(cursor);
	findings = sql_get(store, SQL_FINDINGS_OF_FORM);
	sql_put_integer(findings, 1, round);
	sql_put_integer(findings, 2, store_form_id(store));
	add_findings(store, findings, 1);
	store->doing = doing;
	cnv_mem_free(reported);
}

/* Those of other versions of the form, of which a response counts no more. */
static void drop_others(cnv_store *store, int64_t round)
{
	store_rollup_run(store, SQL_UNROLL_OTHERS, round);
	store_ungroup_others(store, round);
}

/* Are all responses that count among those counted?  It stays so while only they come and go. */
static void find_whole(cnv_store *store, int64_t round)
{
	sql *ask = sql_get(store, SQL_COUNT_RESPONSES);

	sql_put_integer(ask, 1, round);
	store_rollup_run(store, sql_number(ask, 0) == store->rollup->rows[0] ? SQL_ROLLED_WHOLE : SQL_NOT_WHOLE, round);
}

/* Counts all responses of a round again, instead of what was counted. */
static void count_again(cnv_store *store, int64_t round)
{
	store_ungroup(store, round);
	store_rollup_run(store, SQL_UNROLL, round);
	read_all(store, round);
	write_counts(store, round, false);
	if (store->rollup->by)
		store_group(store, store->rollup->by, round);
	find_whole(store, round);
}

/* Is a least or greatest number no longer known? */
static bool is_unsure(const store_rollup *r)
{
	for (cnv_question_id q = 0; q < r->form->count; q++)
		if (r->questions[q].many && r->questions[q].sketch->unsure)
			return true;
	return false;
}

/* Adds or subtracts one response as it is stored. */
static void count_one(cnv_store *store, cnv_cursor **cursor, int64_t round, int64_t response, int64_t sign)
{
	store_rollup *r = store->rollup;
	cnv_reported reported;
	sql *findings;

	cnv_batch_reset(r->batch);
	if (!store_read_counted(cursor, store, round, response, r->batch, &reported)) {
		r->others = true;
		return;
	}
	count_window(store, r->batch, NULL, &reported, NULL, sign);
	findings = sql_get(store, SQL_FINDINGS_OF_RESPONSE);
	sql_put_integer(findings, 1, response);
	add_findings(store, findings, sign);
}

/* ---------------------------------------------------------------- a transaction */

void store_rollup_begin(cnv_store *store)
{
	store_rollup *r = store->rollup;

	if (r) {
		clear(r);
		r->gone_count = r->dropped = 0;
		r->counting = r->again = r->others = false;
	}
	if (store->mode == CNV_STORE_WRITE && !store->status && store->first_response > CNV_REPORT_NAMED &&
	    is_rolled(store, store->round))
		store_rollup_many(store);
}

void store_rollup_many(cnv_store *store)
{
	if (store->mode != CNV_STORE_WRITE || !store->engine->in_file || store->status)
		return;
	if (!store->rollup)
		store->rollup = make_rollup(store);
	if (!store->rollup || store->rollup->counting)
		return;
	store->rollup->counting = true;
	load_many(store, store->round);
}

void store_rollup_put(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, const int64_t *ids)
{
	if (store->rollup && store->rollup->counting)
		count_window(store, batch, respondents, NULL, ids, 1);
}

void store_rollup_finding(cnv_store *store, int64_t response, cnv_severity severity)
{
	if (store->rollup && store->rollup->counting && response)
		store->rollup->findings[severity]++;
}

void store_rollup_drop_others(cnv_store *store)
{
	if (!store->engine->in_file || store->status)
		return;
	drop_others(store, store->round);
	store_rollup_run(store, SQL_NOT_WHOLE_OTHERS, store->round);
}

void store_rollup_gone(cnv_store *store, int64_t response)
{
	store_rollup *r = store->rollup;

	if (!r || !r->counting || r->again)
		return;
	if (r->gone_count + r->dropped == MOST_GONE)
		r->again = true;
	else if (cnv_mem_room((void **)&r->gone, &r->gone_room, r->gone_count + 1, sizeof *r->gone))
		r->gone[r->gone_count++] = response;
	else
		store_no_memory(store);
}

void store_rollup_drop(cnv_store *store, int64_t response)
{
	store_rollup *r = store->rollup;
	cnv_cursor *cursor = NULL;

	if (!r || !r->counting || r->again)
		return;
	r->again = r->gone_count + r->dropped++ == MOST_GONE;
	if (r->again)
		return;
	count_one(store, &cursor, store->round, response, -1);
	cnv_cursor_close(cursor);
}

static bool is_large(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_COUNT_SOME);

	sql_put_integer(ask, 1, store->round);
	sql_put_integer(ask, 2, CNV_REPORT_NAMED + 1);
	return sql_number(ask, 0) > CNV_REPORT_NAMED;
}

/* Has the round had no other return with responses? */
static bool is_first(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_OTHER_FILE);

	sql_put_integer(ask, 1, store->round);
	sql_put_integer(ask, 2, store->file);
	return !sql_number(ask, 0);
}

/* Were findings counted, if only of responses that were there before? */
static bool has_findings(const store_rollup *r)
{
	for (uint32_t severity = 0; r && r->counting && severity <= CNV_ERROR; severity++)
		if (r->findings[severity])
			return true;
	return false;
}

void store_rollup_end(cnv_store *store)
{
	bool rolled, whole, came = store->next_response != store->first_response;
	cnv_cursor *cursor = NULL;
	store_rollup *r;

	/* Not even the whole store has so many responses that a round may be large. */
	if (store->mode != CNV_STORE_WRITE || !store->engine->in_file || store->status ||
	    store->next_response - 1 <= CNV_REPORT_NAMED || (!came && !has_findings(store->rollup)))
		return;
	rolled = is_rolled(store, store->round);
	if (came)
		store_rollup_run(store, SQL_NOT_WHOLE_OTHERS, store->round);
	if (!rolled && !is_large(store))
		return;
	if (!store->rollup && !(store->rollup = make_rollup(store)))
		return;
	r = store->rollup;
	whole = r->counting && !r->again &&
		(rolled ? !r->by || store_is_grouped(store, r->by, store->round) : is_first(store));
	for (uint32_t i = 0; whole && i < r->gone_count && !store->status; i++)
		count_one(store, &cursor, store->round, r->gone[i], -1);
	cnv_cursor_close(cursor);
	whole = whole && !is_unsure(r);
	if (r->others || !whole)
		drop_others(store, store->round);
	if (!whole) {
		count_again(store, store->round);
		return;
	}
	if (!r->by)
		store_ungroup(store, store->round);
	write_counts(store, store->round, rolled);
	if (r->by)
		store_group(store, r->by, store->round);
	if (!rolled)
		find_whole(store, store->round);
}

void store_rollup_change(cnv_store *store, int64_t round, int64_t gone, int64_t come)
{
	cnv_cursor *cursor = NULL;
	bool grouped;

	if (store->status || !store_ask_number(store, "SELECT EXISTS (SELECT 1 FROM rollup)"))
		return;
	if (!store->rollup && !(store->rollup = make_rollup(store)))
		return;
	clear(store->rollup);
	store->rollup->others = false;
	load_many(store, round);
	if (gone)
		count_one(store, &cursor, round, gone, -1);
	if (come && !store->status)
		count_one(store, &cursor, round, come, 1);
	cnv_cursor_close(cursor);
	if (come)
		store_rollup_run(store, SQL_NOT_WHOLE_OTHERS, round);
	if (store->rollup->others) {
		store_rollup_run(store, SQL_NOT_WHOLE, round);
		drop_others(store, round);
	}
	if (is_rolled(store, round) && is_unsure(store->rollup)) {
		count_again(store, round);
		return;
	}
	/* By another roster, or by one that is not known here. */
	grouped = store->rollup->by && store_is_grouped(store, store->rollup->by, round);
	if (!grouped)
		store_ungroup(store, round);
	if (is_rolled(store, round))
		write_counts(store, round, true);
	if (grouped)
		store_group(store, store->rollup->by, round);
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

/* Calls `take` with each row of a round and of the current form, in order; false: one does not fit the form. */
static bool each_row(cnv_store *store, int64_t round, bool (*take)(void *self, const cnv_rolled *row), void *self)
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
	*found = each_row(store, id, take_tally, tally);
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

/* ---------------------------------------------------------------- verifying */

/* Subtracts a row of a sketch. */
static bool subtract_sketch(cnv_store *store, counted *of, const cnv_rolled *row)
{
	cnv_sketch_extreme *extreme;

	if (row->kind == CNV_ROLLED_MANY)
		of->stored_many = true;
	/* There were too many numbers when it was written, perhaps not any more. */
	if (!of->many)
		become_many(store, of);
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
		add_value(store, of, row->key, -row->n);
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

	read_all(store, id);
	verify_groups(store, id, round);
	if (store->status)
		return;
	if (!each_row(store, id, subtract, store)) {
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

		if (!is_rolled(store, id))
			continue;
		if (!store->rollup)
			store->rollup = make_rollup(store);
		if (store->rollup)
			verify_round(store, id, labels[i]);
	}
	cnv_arena_fini(&arena);
	return store->status;
}
