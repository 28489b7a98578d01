/* figures: quartiles and outliers of the answers to one question.
 *
 * Quartiles are those of type 7 of Hyndman and Fan (1996), which are Excel's QUARTILE.INC: a position between two
 * answers is between them in proportion.  Outliers are found by the median absolute deviation, which a few wild answers
 * do not move (Iglewicz and Hoaglin 1993). */
#include "report/figures.h"

#include <math.h>
#include <stdlib.h>

#include "report/median.h"
#include "report/sayings.h"
#include "report/tally.h"

#define FEWEST 5u    /* answers among which one can be far from the others */
#define SCALE 1.4826 /* of the deviation to a standard deviation, where answers are normally distributed */
#define FAR 3.5      /* standard deviations */

/* ---------------------------------------------------------------- values */

struct search {
	cnv_valued_list *out;
	const cnv_desk *desk;
	const cnv_column *column;
};

/* false: the text of a calculation that is not a number. */
static bool read_value(const struct search *search, uint32_t row, double *value)
{
	const cnv_column *column = search->column;
	const cnv_instant *now = &search->desk->report->now;

	if (column->numbers)
		*value = column->numbers[row];
	else if (column->days)
		*value = column->days[row];
	else if (column->moments)
		*value = cnv_instant_day((cnv_instant){ column->moments[row], now->utc_offset });
	else
		return cnv_number_read(cnv_column_text(column, row), value);
	return true;
}

static void add_row(const struct search *search, uint32_t person, uint32_t row)
{
	cnv_valued_list *out = search->out;
	double value;

	if (search->column->verdicts[row] != CNV_ACCEPTED || !cnv_bit(search->column->usable, row))
		return;
	if (!read_value(search, row, &value))
		out->has_text = true;
	else if (isfinite(value))
		out->at[out->count++] = (cnv_valued){ value, person, row };
}

static int by_value(const void *a, const void *b)
{
	const cnv_valued *left = a, *right = b;

	if (left->value != right->value)
		return left->value < right->value ? -1 : 1;
	return left->person < right->person ? -1 : left->person > right->person;
}

/* Rows of a table that one person has; 0 of those not shown by name. */
static uint32_t count_rows(const cnv_pairing *pairing, uint32_t person, uint32_t table)
{
	const cnv_paired *paired = &pairing->rows[person];
	const uint32_t *starts = pairing->entries[table].starts;

	if (paired->response == CNV_NONE || !paired->by_name)
		return 0;
	return table ? starts[paired->response + 1] - starts[paired->response] : 1;
}

bool cnv_values_find(cnv_valued_list *out, const cnv_desk *desk, cnv_question_id question, const uint32_t *people,
		     uint32_t count, cnv_arena *arena)
{
	const cnv_pairing *pairing = &desk->pairing;
	uint32_t table = desk->form->questions[question].table;
	struct search search = { out, desk, cnv_desk_column(desk, question) };
	size_t room = 1;

	for (uint32_t i = 0; i < count; i++)
		room += count_rows(pairing, people ? people[i] : i, table);
	out->at = cnv_arena_array(arena, room, sizeof *out->at);
	for (uint32_t i = 0; out->at && i < count; i++) {
		uint32_t person = people ? people[i] : i, rows = count_rows(pairing, person, table);
		uint32_t response = pairing->rows[person].response;
		const cnv_entries *entries = &pairing->entries[table];

		for (uint32_t r = 0; r < rows; r++)
			add_row(&search, person, table ? entries->rows[entries->starts[response] + r] : response);
	}
	if (out->count)
		qsort(out->at, out->count, sizeof *out->at, by_value);
	return out->at;
}

/* ---------------------------------------------------------------- figures */

/* The value at quarter/4 of the way from the first to the last. */
static double quartile(const cnv_valued *values, uint32_t count, uint32_t quarter)
{
	uint64_t steps = (uint64_t)(count - 1) * quarter;
	size_t at = (size_t)(steps / 4);
	double part = (double)(steps % 4) / 4;

	return part > 0 ? cnv_value_between(values[at].value, values[at + 1].value, part) : values[at].value;
}

cnv_figures cnv_figures_of(const cnv_valued *values, uint32_t count)
{
	cnv_figures out = { .n = count, .has_quartiles = true };

	if (!count)
		return out;
	for (uint32_t i = 0; i < count; i++)
		out.sum += values[i].value;
	out.mean = out.sum / count;
	out.least = values[0].value;
	out.lower = quartile(values, count, 1);
	out.median = quartile(values, count, 2);
	out.upper = quartile(values, count, 3);
	out.greatest = values[count - 1].value;
	return out;
}

cnv_figures cnv_figures_tallied(const cnv_tally *tally, cnv_question_id question)
{
	const cnv_question_tally *counted = cnv_tally_question(tally, question);
	cnv_figures out = { .n = counted->numbers,
			    .least = counted->least,
			    .median = counted->median,
			    .greatest = counted->greatest,
			    .mean = counted->mean,
			    .sum = counted->sum,
			    .about = counted->about };

	out.has_quartiles = cnv_tally_quartiles(tally, question, &out.lower, &out.upper);
	return out;
}

cnv_str cnv_about_text(double figure, cnv_arena *arena)
{
	char digits[CNV_NUMBER_ROOM];

	return cnv_arena_format(arena, "≈ %.*s", (int)cnv_number_write(figure, digits), digits);
}

cnv_str cnv_about_remark(cnv_desk *desk, cnv_arena *arena)
{
	return CNV_SAY(desk, arena,
		       "≈ means within 1%: there are more than {1} different numbers, in more than {2} responses.",
		       cnv_value_count(CNV_SKETCHED), cnv_value_count(CNV_REPORT_EXACT));
}

/* ---------------------------------------------------------------- outliers */

static int by_number(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

bool cnv_outliers_find(bool *far, const cnv_valued *values, uint32_t count, double median, cnv_arena *arena)
{
	double *deviations = cnv_arena_array(arena, (size_t)count + 1, sizeof *deviations), deviation;

	for (uint32_t i = 0; i < count; i++)
		far[i] = false;
	if (count < FEWEST || !deviations)
		return deviations;
	for (uint32_t i = 0; i < count; i++)
		deviations[i] = fabs(values[i].value - median);
	qsort(deviations, count, sizeof *deviations, by_number);
	deviation = cnv_value_between(deviations[(count - 1) / 2], deviations[count / 2], 0.5);
	for (uint32_t i = 0; deviation > 0 && i < count; i++)
		far[i] = fabs(values[i].value - median) > FAR * SCALE * deviation;
	return true;
}
