/* The counters of roll-ups: what a window of responses adds to them, or what they lose when it counts no more. */
#include "store/rollup_count.h"

#include <math.h>
#include <string.h>

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

store_rollup *store_rollup_make(cnv_store *store)
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

void store_rollup_forget(counted *of)
{
	if (of->values)
		memset(of->values, 0, VALUE_SLOTS * sizeof *of->values);
	of->value_count = 0;
}

void store_rollup_clear(store_rollup *r)
{
	for (cnv_question_id q = 0; q < r->form->count; q++) {
		counted *of = &r->questions[q];

		memset(of->states, 0, sizeof of->states);
		store_rollup_forget(of);
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

void store_rollup_become_many(cnv_store *store, counted *of)
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
	store_rollup_forget(of);
	of->many = true;
	if (of->sketch->failed)
		store_no_memory(store);
}

void store_rollup_add(cnv_store *store, counted *of, double value, int64_t n)
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
		store_rollup_become_many(store, of);
		if (of->many)
			store_rollup_add(store, of, value, n);
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
				store_rollup_add(store, of, column->numbers[picked[i]], sign);
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

void store_rollup_window(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents,
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
