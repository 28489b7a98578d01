/* tally: counts of answers, in one pass over windows of judged responses.
 *
 * Each column is counted separately: a histogram of its verdict bytes, then its options or numbers, in loops that
 * access two arrays.  No response is kept, so that memory depends on the form alone.  Only medians of many different
 * values that are sorted need the windows again (see median.h); a later pass reads only their columns, and a tally with
 * sketches needs none. */
#include "report/tally.h"

#include <assert.h>
#include <math.h>

#include "report/by_group.h"
#include "report/median.h"

/* Accumulators of a numeric question in addition to its public figures. */
struct number_tally {
	cnv_question_id question;
	double sum, carry; /* Neumaier's: the rounding error of `sum` */
	cnv_median median;
	cnv_sketch *sketch;  /* NULL: the tally has none */
	double lower, upper; /* quartiles of the sketch */
	/* of a tally of earlier counts: there are none of its numbers; but there is a sketch */
	bool many, sketched;
};

struct cnv_tally {
	const cnv_form *form;
	const cnv_roster *roster;
	cnv_question_tally *questions;
	uint64_t *options; /* of all questions, and a last counter for answers that are none of them */
	uint64_t **slices; /* of each question's options, or NULL */
	struct number_tally *numbers;
	uint32_t *number_of; /* question -> numbers, CNV_NONE */
	uint32_t number_count;
	cnv_by_group *by_group; /* NULL: nothing is counted by group */
	uint32_t *listed_rows;  /* of a window: each response's respondent in the roster, CNV_NONE, */
	uint64_t *blank_rows;   /* and a bit: it is blank */
	uint32_t listed_room, blank_room;
	uint64_t *rows;         /* of each table */
	uint64_t listed;        /* responses whose respondent is in the roster, */
	uint64_t blank;         /* and those of them that are blank */
	uint64_t blanks;        /* respondents of the roster who returned blank, without a response */
	uint8_t standings[256]; /* of each verdict byte */
	bool rolled;            /* begun with counts that were made before, */
	bool grouped;           /* those by group among them */
	bool later, failed;
};

static bool is_number(cnv_kind kind)
{
	return cnv_kind_value(kind) == CNV_VALUE_NUMBER;
}

/* Numbers in several units have no common figures. */
static bool is_tallied(const cnv_question *question)
{
	return is_number(question->kind) && question->unit == CNV_NONE;
}

static bool is_choice(cnv_kind kind)
{
	return cnv_kind_value(kind) == CNV_VALUE_CHOICE || cnv_kind_value(kind) == CNV_VALUE_SET;
}

/* The number of choices in the question's list; 0: no list. */
static uint32_t option_count(const cnv_form *form, cnv_question_id question)
{
	const cnv_question *asked = &form->questions[question];

	return is_choice(asked->kind) && asked->list != CNV_NONE ? form->lists[asked->list].count : 0;
}

static bool share_out(cnv_tally *tally)
{
	const cnv_form *form = tally->form;
	size_t options = 1; /* so that no array is empty */
	uint32_t numbers = 0;

	for (cnv_question_id q = 0; q < form->count; q++) {
		options += option_count(form, q);
		numbers += is_tallied(&form->questions[q]);
	}
	tally->options = cnv_mem_array(options, sizeof *tally->options);
	tally->slices = cnv_mem_array(form->count, sizeof *tally->slices);
	tally->numbers = cnv_mem_array(numbers, sizeof *tally->numbers);
	tally->number_of = cnv_mem_array(form->count, sizeof *tally->number_of);
	tally->questions = cnv_mem_array(form->count, sizeof *tally->questions);
	tally->rows = cnv_mem_array(form->table_count, sizeof *tally->rows);
	if (!tally->options || !tally->slices || !tally->numbers || !tally->number_of || !tally->questions ||
	    !tally->rows)
		return false;
	options = 0;
	for (cnv_question_id q = 0; q < form->count; q++) {
		tally->number_of[q] = CNV_NONE;
		if (is_tallied(&form->questions[q])) {
			tally->number_of[q] = tally->number_count;
			tally->numbers[tally->number_count++].question = q;
		}
		if (!option_count(form, q))
			continue;
		tally->slices[q] = tally->options + options;
		tally->questions[q].options = tally->slices[q];
		options += option_count(form, q);
	}
	return true;
}

cnv_tally *cnv_tally_new(const cnv_form *form, const cnv_roster *roster)
{
	cnv_tally *tally = cnv_mem_get(sizeof *tally);

	if (!tally)
		return NULL;
	tally->form = form;
	tally->roster = roster;
	for (uint32_t verdict = 0; verdict < 256; verdict++)
		tally->standings[verdict] =
			(uint8_t)(verdict <= CNV_RETURN_BLANK ? cnv_verdict_standing((cnv_verdict)verdict)
							      : CNV_STANDING_NOT_USABLE);
	if (!share_out(tally)) {
		cnv_tally_free(tally);
		return NULL;
	}
	return tally;
}

/* Four counters per verdict, so that equal neighbours do not wait for each other. */
static void count_verdicts(const cnv_tally *tally, const uint8_t *verdicts, uint32_t rows, cnv_question_tally *out)
{
	uint32_t seen[4][256] = { 0 };
	uint32_t row = 0;

	for (; row + 4 <= rows; row += 4)
		for (uint32_t lane = 0; lane < 4; lane++)
			seen[lane][verdicts[row + lane]]++;
	for (; row < rows; row++)
		seen[0][verdicts[row]]++;
	for (uint32_t verdict = 0; verdict < 256; verdict++)
		out->standing[tally->standings[verdict]] +=
			(uint64_t)seen[0][verdict] + seen[1][verdict] + seen[2][verdict] + seen[3][verdict];
	out->asked = 0;
	for (uint32_t standing = 0; standing < CNV_STANDINGS; standing++)
		if (cnv_standing_is_asked((cnv_standing)standing))
			out->asked += out->standing[standing];
}

static void count_choice(const cnv_tally *tally, const cnv_column *column, uint32_t rows, uint32_t options,
			 uint64_t *counts)
{
	for (uint32_t row = 0; row < rows; row++)
		if (tally->standings[column->verdicts[row]] == CNV_STANDING_ANSWERED && column->choices[row] < options)
			counts[column->choices[row]]++;
}

static void count_choices(const cnv_tally *tally, const cnv_column *column, uint32_t rows, uint32_t options,
			  uint64_t *counts)
{
	for (uint32_t row = 0; row < rows; row++) {
		if (tally->standings[column->verdicts[row]] != CNV_STANDING_ANSWERED)
			continue;
		for (uint32_t word = 0; word < column->words; word++)
			for (uint64_t set = column->sets[(size_t)row * column->words + word]; set; set &= set - 1) {
				uint32_t option = word * 64 + (uint32_t)__builtin_ctzll(set);
				if (option < options)
					counts[option]++;
			}
	}
}

static void add_number(struct number_tally *number, cnv_question_tally *out, double value)
{
	double sum = number->sum + value;

	number->carry += fabs(number->sum) >= fabs(value) ? (number->sum - sum) + value : (value - sum) + number->sum;
	number->sum = sum;
	if (!out->numbers || value < out->least)
		out->least = value;
	if (!out->numbers || value > out->greatest)
		out->greatest = value;
	out->numbers++;
}

static void set_sum(cnv_question_tally *out, double sum)
{
	out->sum = sum;
	out->mean = out->numbers ? sum / (double)out->numbers : 0;
}

/* Of a tally of earlier counts: its numbers must be read. */
static bool is_missing(const struct number_tally *number)
{
	return number->many && !number->sketched;
}

static void count_numbers(cnv_tally *tally, const cnv_column *column, uint32_t rows)
{
	struct number_tally *number = &tally->numbers[tally->number_of[column->question]];
	cnv_question_tally *out = &tally->questions[column->question];

	if (number->median.done || (tally->rolled && !is_missing(number)))
		return;
	for (uint32_t row = 0; row < rows; row++) {
		double value = column->numbers[row];
		if (tally->standings[column->verdicts[row]] != CNV_STANDING_ANSWERED || !isfinite(value))
			continue;
		if (!tally->later)
			add_number(number, out, value);
		if (number->sketch)
			cnv_sketch_add(number->sketch, value, 1);
		cnv_median_add(&number->median, value);
	}
	set_sum(out, number->sum + number->carry);
	tally->failed |= number->median.failed || (number->sketch && number->sketch->failed);
}

static void count_column(cnv_tally *tally, const cnv_column *column, uint32_t rows)
{
	cnv_question_id question = column->question;
	uint32_t options = option_count(tally->form, question);

	if (column->numbers && tally->number_of[question] != CNV_NONE)
		count_numbers(tally, column, rows);
	if (tally->later || tally->rolled)
		return;
	count_verdicts(tally, column->verdicts, rows, &tally->questions[question]);
	if (options && column->choices)
		count_choice(tally, column, rows, options, tally->slices[question]);
	else if (options && column->sets)
		count_choices(tally, column, rows, options, tally->slices[question]);
}

/* The silent are the roster's respondents who have not returned anything; respondents outside it do not count here. */
static void count_respondents(cnv_tally *tally, const cnv_batch *batch, const cnv_reported *responses)
{
	uint32_t rows = batch->tables[0].rows;

	if (!tally->roster || !responses)
		return;
	if (!cnv_mem_room((void **)&tally->listed_rows, &tally->listed_room, rows, sizeof *tally->listed_rows) ||
	    !cnv_mem_room((void **)&tally->blank_rows, &tally->blank_room, (uint32_t)CNV_BIT_WORDS(rows),
			  sizeof *tally->blank_rows)) {
		tally->failed = true;
		return;
	}
	for (uint32_t row = 0; row < rows; row++) {
		tally->listed_rows[row] = cnv_map_find(&tally->roster->by_code, responses[row].respondent);
		cnv_bit_clear(tally->blank_rows, row);
		if (responses[row].blank)
			cnv_bit_set(tally->blank_rows, row);
		if (tally->listed_rows[row] == CNV_NONE)
			continue;
		tally->listed++;
		tally->blank += responses[row].blank;
	}
	if (tally->by_group && !tally->rolled)
		cnv_by_group_add(tally->by_group, batch, tally->listed_rows, tally->blank_rows, 1);
}

/* Those without a response are in the same state at every question. */
static void count_silent(cnv_tally *tally)
{
	const cnv_form *form = tally->form;

	for (uint32_t column = 0; column < form->tables[0].count && tally->roster; column++) {
		uint64_t *standing = tally->questions[form->tables[0].columns[column]].standing;

		standing[CNV_STANDING_RETURNED_BLANK] += tally->blanks;
		standing[CNV_STANDING_NO_REPLY] = cnv_tally_silent(tally);
	}
}

cnv_status cnv_tally_by_group(cnv_tally *tally)
{
	if (tally->roster && !tally->by_group)
		tally->by_group = cnv_by_group_new(tally->form, tally->roster);
	return tally->by_group || !tally->roster ? CNV_OK : CNV_NO_MEMORY;
}

cnv_by_group *cnv_tally_groups(const cnv_tally *tally)
{
	return tally->by_group;
}

void cnv_tally_blanks(cnv_tally *tally, uint64_t count)
{
	tally->blanks = count;
}

cnv_status cnv_tally_add(cnv_tally *tally, const cnv_batch *batch, const cnv_reported *responses)
{
	for (uint32_t t = 0; t < batch->table_count; t++) {
		const cnv_table *table = &batch->tables[t];

		if (!tally->later && !tally->rolled)
			tally->rows[t] += table->rows;
		for (uint32_t column = 0; column < table->count; column++)
			count_column(tally, &table->columns[column], table->rows);
	}
	if (!tally->later && !tally->grouped)
		count_respondents(tally, batch, responses);
	return tally->failed ? CNV_NO_MEMORY : CNV_OK;
}

static void roll_number(cnv_tally *tally, cnv_question_id question, double value, uint64_t n)
{
	struct number_tally *number = &tally->numbers[tally->number_of[question]];
	cnv_question_tally *out = &tally->questions[question];

	if (!out->numbers || value < out->least)
		out->least = value;
	if (!out->numbers || value > out->greatest)
		out->greatest = value;
	out->numbers += n;
	cnv_median_add_many(&number->median, value, n);
	tally->failed |= number->median.failed;
}

static bool roll_sketch(cnv_tally *tally, struct number_tally *number, const cnv_rolled *row)
{
	cnv_sketch *sketch = number->sketch;

	if (!sketch)
		return true;
	if (row->kind == CNV_ROLLED_SUM) {
		if (row->key >= CNV_SKETCH_LIMBS)
			return false;
		sketch->sum[(uint32_t)row->key] += row->n;
	} else if (row->kind == CNV_ROLLED_BUCKET) {
		cnv_sketch_put_bucket(sketch, row->key, row->n);
		number->sketched = true;
	} else if (row->kind == CNV_ROLLED_LEAST) {
		cnv_sketch_put_least(sketch, row->key, row->n);
	} else {
		cnv_sketch_put_greatest(sketch, row->key, row->n);
	}
	tally->failed |= sketch->failed;
	return !tally->failed;
}

bool cnv_tally_roll(cnv_tally *tally, const cnv_rolled *row)
{
	cnv_question_id question = tally->form->tables[row->table].columns[row->column];
	cnv_question_tally *out = &tally->questions[question];
	uint64_t n = (uint64_t)row->n;

	tally->rolled = true;
	switch (row->kind) {
	case CNV_ROLLED_ROWS:
		tally->rows[row->table] = n;
		return true;
	case CNV_ROLLED_STATE:
		if (row->key >= CNV_STANDING_NO_REPLY)
			return false;
		out->standing[(uint32_t)row->key] = n;
		if (cnv_standing_is_asked((cnv_standing)row->key))
			out->asked += n;
		return true;
	case CNV_ROLLED_CHOICE:
		if (row->key >= option_count(tally->form, question))
			return false;
		tally->slices[question][(uint32_t)row->key] = n;
		return true;
	case CNV_ROLLED_NUMBER:
		if (tally->number_of[question] != CNV_NONE)
			roll_number(tally, question, row->key, n);
		return !tally->failed;
	case CNV_ROLLED_MANY:
		if (tally->number_of[question] != CNV_NONE)
			tally->numbers[tally->number_of[question]].many = true;
		return true;
	case CNV_ROLLED_BUCKET:
	case CNV_ROLLED_SUM:
	case CNV_ROLLED_LEAST:
	case CNV_ROLLED_GREATEST:
		return tally->number_of[question] == CNV_NONE ||
		       roll_sketch(tally, &tally->numbers[tally->number_of[question]], row);
	case CNV_ROLLED_FINDING:
		return true;
	case CNV_ROLLED_BLANK:
		break;
	}
	return false;
}

void cnv_tally_rolled_groups(cnv_tally *tally)
{
	tally->grouped = true;
	cnv_by_group_listed(tally->by_group, &tally->listed, &tally->blank);
}

uint64_t cnv_tally_rolled_blank(const cnv_tally *tally)
{
	return tally->questions[tally->form->tables[0].columns[0]].standing[CNV_STANDING_RETURNED_BLANK];
}

cnv_status cnv_tally_sketch(cnv_tally *tally)
{
	for (uint32_t i = 0; i < tally->number_count; i++)
		if (!tally->numbers[i].sketch &&
		    !(tally->numbers[i].sketch = cnv_mem_get(sizeof *tally->numbers[i].sketch)))
			return CNV_NO_MEMORY;
	return CNV_OK;
}

/* Takes the figures of a question with many different numbers from its sketch. */
static void take_sketch(cnv_tally *tally, struct number_tally *number)
{
	cnv_question_tally *out = &tally->questions[number->question];
	double quartiles[3];

	if (!cnv_sketch_quartiles(number->sketch, quartiles)) {
		tally->failed = true;
		return;
	}
	number->lower = quartiles[0];
	number->median.value = quartiles[1];
	number->upper = quartiles[2];
	number->median.done = true;
	out->about = true;
	out->numbers = (uint64_t)number->sketch->n;
	out->least = number->sketch->least.value;
	out->greatest = number->sketch->greatest.value;
	set_sum(out, cnv_sketch_sum(number->sketch));
}

bool cnv_tally_again(cnv_tally *tally)
{
	bool again = false;

	if (!tally->later)
		count_silent(tally);
	tally->later = true;
	for (uint32_t i = 0; i < tally->number_count && !tally->failed; i++) {
		struct number_tally *number = &tally->numbers[i];
		bool crowded = number->sketched || number->median.spreading || number->median.kept_count > CNV_SKETCHED;

		if (number->sketch && crowded && !number->median.done && number->sketch->n > 0)
			take_sketch(tally, number);
		again |= cnv_median_again(&number->median);
		tally->questions[number->question].median = number->median.value;
		if (number->median.has_sum)
			set_sum(&tally->questions[number->question], number->median.sum);
	}
	return again;
}

bool cnv_tally_wants(const cnv_tally *tally, uint32_t table, uint32_t column)
{
	uint32_t number = tally->number_of[tally->form->tables[table].columns[column]];

	if (tally->rolled && !tally->later)
		return number != CNV_NONE && is_missing(&tally->numbers[number]);
	return !tally->later || (number != CNV_NONE && !tally->numbers[number].median.done);
}

void cnv_tally_free(cnv_tally *tally)
{
	if (!tally)
		return;
	for (uint32_t i = 0; i < tally->number_count; i++) {
		cnv_median_fini(&tally->numbers[i].median);
		if (tally->numbers[i].sketch)
			cnv_sketch_fini(tally->numbers[i].sketch);
		cnv_mem_free(tally->numbers[i].sketch);
	}
	cnv_mem_free(tally->questions);
	cnv_mem_free(tally->options);
	cnv_mem_free(tally->slices);
	cnv_mem_free(tally->numbers);
	cnv_mem_free(tally->number_of);
	cnv_mem_free(tally->rows);
	cnv_mem_free(tally->listed_rows);
	cnv_mem_free(tally->blank_rows);
	cnv_by_group_free(tally->by_group);
	cnv_mem_free(tally);
}

const cnv_question_tally *cnv_tally_question(const cnv_tally *tally, cnv_question_id question)
{
	assert(question < tally->form->count);
	return &tally->questions[question];
}

bool cnv_tally_quartiles(const cnv_tally *tally, cnv_question_id question, double *lower, double *upper)
{
	uint32_t number = tally->number_of[question];
	const cnv_median *median = number == CNV_NONE ? NULL : &tally->numbers[number].median;

	if (median && tally->questions[question].about) {
		*lower = tally->numbers[number].lower;
		*upper = tally->numbers[number].upper;
		return true;
	}
	if (!median || !median->has_quartiles)
		return false;
	*lower = median->lower_quartile;
	*upper = median->upper_quartile;
	return true;
}

uint64_t cnv_tally_rows(const cnv_tally *tally, uint32_t table)
{
	return tally->rows[table];
}

uint64_t cnv_tally_replied(const cnv_tally *tally)
{
	return tally->listed - tally->blank;
}

uint64_t cnv_tally_blank(const cnv_tally *tally)
{
	return tally->blank + tally->blanks;
}

uint64_t cnv_tally_silent(const cnv_tally *tally)
{
	uint64_t asked = tally->roster ? tally->roster->count : 0, returned = tally->listed + tally->blanks;

	return asked > returned ? asked - returned : 0;
}

uint64_t cnv_tally_outside(const cnv_tally *tally)
{
	return tally->rows[0] - tally->listed;
}
