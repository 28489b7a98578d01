/* by_group: counts of answers by group of the roster, where there are too many responses to keep.
 *
 * The counters are one array: those of the whole roster first, then those of each group, each with as many places: the
 * responses, those that are blank, and of each choice question outside repeats its states and its choices.  They can be
 * negative: the store subtracts with them what counts no more (store/rollup_group.c). */
#include "report/by_group.h"

#include "report/texts.h"

#include <assert.h>
#include <string.h>

enum { ROWS, BLANK, FIRST };

struct cnv_by_group {
	const cnv_form *form;
	cnv_groups groups;
	uint32_t *starts; /* of each column of table 0: its first place; CNV_NONE: it is not counted */
	uint32_t places;  /* of each part */
	int64_t *counters;
	uint32_t *returned; /* of each group: respondents who returned blank, without a response */
	uint8_t standings[CNV_RETURN_BLANK + 1];
};

static uint32_t option_count(const cnv_by_group *by, uint32_t column)
{
	return by->form->lists[by->form->questions[by->form->tables[0].columns[column]].list].count;
}

static void find_places(cnv_by_group *by)
{
	const cnv_form *form = by->form;
	uint64_t places = FIRST;

	for (uint32_t c = 0; c < form->tables[0].count; c++) {
		by->starts[c] = CNV_NONE;
		if (!cnv_is_select(&form->questions[form->tables[0].columns[c]]) || !by->groups.count)
			continue;
		by->starts[c] = (uint32_t)places;
		places += CNV_STANDINGS + option_count(by, c);
		if (places * (by->groups.count + 1u) > CNV_BY_GROUP_MOST)
			break;
	}
	by->places = (uint32_t)places;
	if (places * (by->groups.count + 1u) <= CNV_BY_GROUP_MOST)
		return;
	/* Too many: only the roster as a whole is counted. */
	by->groups.count = 0;
	by->places = FIRST;
	for (uint32_t c = 0; c < form->tables[0].count; c++)
		by->starts[c] = CNV_NONE;
}

cnv_by_group *cnv_by_group_new(const cnv_form *form, const cnv_roster *roster)
{
	cnv_by_group *by = cnv_mem_get(sizeof *by);

	if (!by)
		return NULL;
	by->form = form;
	by->starts = cnv_mem_array(form->tables[0].count, sizeof *by->starts);
	if (by->starts && cnv_groups_find(&by->groups, roster)) {
		find_places(by);
		by->counters = cnv_mem_array((size_t)by->places * (by->groups.count + 1u), sizeof *by->counters);
		by->returned = cnv_mem_array((size_t)by->groups.count + 1, sizeof *by->returned);
	}
	for (uint32_t verdict = 0; verdict <= CNV_RETURN_BLANK; verdict++)
		by->standings[verdict] = (uint8_t)cnv_verdict_standing((cnv_verdict)verdict);
	if (by->counters && by->returned)
		return by;
	cnv_by_group_free(by);
	return NULL;
}

void cnv_by_group_free(cnv_by_group *by)
{
	if (!by)
		return;
	cnv_groups_fini(&by->groups);
	cnv_mem_free(by->starts);
	cnv_mem_free(by->counters);
	cnv_mem_free(by->returned);
	cnv_mem_free(by);
}

void cnv_by_group_clear(cnv_by_group *by)
{
	memset(by->counters, 0, (size_t)by->places * (by->groups.count + 1u) * sizeof *by->counters);
}

const cnv_groups *cnv_by_group_groups(const cnv_by_group *by)
{
	return &by->groups;
}

/* ---------------------------------------------------------------- counting */

static uint32_t groupings_of(const cnv_by_group *by)
{
	return by->groups.count ? by->groups.roster->grouping_count : 0;
}

/* The groups of a respondent, one of each grouping. */
static const uint32_t *groups_of(const cnv_by_group *by, uint32_t listed)
{
	return by->groups.of + (size_t)listed * by->groups.roster->grouping_count;
}

static int64_t *counters_of(const cnv_by_group *by, uint32_t part)
{
	return by->counters + (size_t)part * by->places;
}

static void count_response(cnv_by_group *by, uint32_t listed, bool blank, int64_t sign)
{
	const uint32_t *groups = groups_of(by, listed);

	by->counters[ROWS] += sign;
	by->counters[BLANK] += blank ? sign : 0;
	for (uint32_t number = 0; number < groupings_of(by); number++) {
		int64_t *counters = counters_of(by, groups[number] + 1);

		counters[ROWS] += sign;
		counters[BLANK] += blank ? sign : 0;
	}
}

static void count_cell(int64_t *counters, const cnv_column *column, uint32_t row, uint32_t options, int64_t sign)
{
	if (column->choices && column->choices[row] < options)
		counters[CNV_STANDINGS + column->choices[row]] += sign;
	for (uint32_t word = 0; column->sets && word < column->words; word++)
		for (uint64_t set = column->sets[(size_t)row * column->words + word]; set; set &= set - 1) {
			uint32_t option = word * 64 + (uint32_t)__builtin_ctzll(set);

			if (option < options)
				counters[CNV_STANDINGS + option] += sign;
		}
}

static void count_column(cnv_by_group *by, const cnv_table *table, uint32_t c, const uint32_t *listed,
			 const uint64_t *blank, int64_t sign)
{
	const cnv_column *column = &table->columns[c];
	uint32_t options = option_count(by, c), groupings = groupings_of(by);

	for (uint32_t row = 0; row < table->rows; row++) {
		cnv_standing standing = cnv_bit(blank, row) ? CNV_STANDING_RETURNED_BLANK
							    : (cnv_standing)by->standings[column->verdicts[row]];

		for (uint32_t number = 0; listed[row] != CNV_NONE && number < groupings; number++) {
			int64_t *counters = counters_of(by, groups_of(by, listed[row])[number] + 1) + by->starts[c];

			counters[standing] += sign;
			if (standing == CNV_STANDING_ANSWERED)
				count_cell(counters, column, row, options, sign);
		}
	}
}

void cnv_by_group_add(cnv_by_group *by, const cnv_batch *batch, const uint32_t *listed, const uint64_t *blank,
		      int64_t sign)
{
	const cnv_table *table = &batch->tables[0];

	for (uint32_t row = 0; row < table->rows; row++)
		if (listed[row] != CNV_NONE)
			count_response(by, listed[row], cnv_bit(blank, row), sign);
	for (uint32_t c = 0; c < table->count; c++)
		if (by->starts[c] != CNV_NONE)
			count_column(by, table, c, listed, blank, sign);
}

void cnv_by_group_returned(cnv_by_group *by, uint32_t listed)
{
	for (uint32_t number = 0; number < groupings_of(by); number++)
		by->returned[groups_of(by, listed)[number]]++;
}

/* ---------------------------------------------------------------- rows */

/* The counter of a row; NULL: there is none. */
static int64_t *counter_of(const cnv_by_group *by, const cnv_grouped *row)
{
	int64_t *counters;
	uint32_t start, options;

	if (row->part > by->groups.count)
		return NULL;
	counters = counters_of(by, row->part);
	if (row->kind == CNV_ROLLED_ROWS)
		return counters + ROWS;
	if (row->kind == CNV_ROLLED_BLANK)
		return counters + BLANK;
	if (row->column >= by->form->tables[0].count || !row->part)
		return NULL;
	start = by->starts[row->column];
	if (start == CNV_NONE)
		return NULL;
	options = option_count(by, row->column);
	if (row->kind == CNV_ROLLED_STATE && row->key < CNV_STANDINGS)
		return counters + start + row->key;
	if (row->kind == CNV_ROLLED_CHOICE && row->key < options)
		return counters + start + CNV_STANDINGS + row->key;
	return NULL;
}

bool cnv_by_group_put(cnv_by_group *by, const cnv_grouped *row)
{
	int64_t *counter = counter_of(by, row);

	if (counter)
		*counter += row->n;
	return counter;
}

static void give_row(const cnv_by_group *by, cnv_grouped row, void (*give)(void *self, const cnv_grouped *row),
		     void *self)
{
	row.n = *counter_of(by, &row);
	if (row.n)
		give(self, &row);
}

void cnv_by_group_each(const cnv_by_group *by, void (*give)(void *self, const cnv_grouped *row), void *self)
{
	for (uint32_t part = 0; part <= by->groups.count; part++) {
		give_row(by, (cnv_grouped){ .part = part, .kind = CNV_ROLLED_ROWS }, give, self);
		give_row(by, (cnv_grouped){ .part = part, .kind = CNV_ROLLED_BLANK }, give, self);
		for (uint32_t c = 0; part && c < by->form->tables[0].count; c++) {
			cnv_grouped row = { .part = part, .kind = CNV_ROLLED_STATE, .column = c };

			if (by->starts[c] == CNV_NONE)
				continue;
			for (row.key = 0; row.key < CNV_STANDINGS; row.key++)
				give_row(by, row, give, self);
			row.kind = CNV_ROLLED_CHOICE;
			for (row.key = 0; row.key < option_count(by, c); row.key++)
				give_row(by, row, give, self);
		}
	}
}

/* ---------------------------------------------------------------- what is shown */

static uint64_t above_zero(int64_t n)
{
	return n > 0 ? (uint64_t)n : 0;
}

void cnv_by_group_listed(const cnv_by_group *by, uint64_t *responses, uint64_t *blank)
{
	*responses = above_zero(by->counters[ROWS]);
	*blank = above_zero(by->counters[BLANK]);
}

uint64_t cnv_by_group_replied(const cnv_by_group *by, uint32_t group)
{
	const int64_t *counters = counters_of(by, group + 1);

	return above_zero(counters[ROWS] - counters[BLANK]);
}

uint64_t cnv_by_group_standing(const cnv_by_group *by, uint32_t group, cnv_question_id question, cnv_standing standing)
{
	const int64_t *counters = counters_of(by, group + 1);
	uint32_t start = by->starts[by->form->questions[question].column];
	uint64_t returned = by->returned[group];

	assert(start != CNV_NONE);
	if (standing == CNV_STANDING_NO_REPLY)
		return above_zero((int64_t)by->groups.at[group].members - counters[ROWS] - (int64_t)returned);
	return above_zero(counters[start + standing]) + (standing == CNV_STANDING_RETURNED_BLANK ? returned : 0);
}

uint64_t cnv_by_group_option(const cnv_by_group *by, uint32_t group, cnv_question_id question, uint32_t option)
{
	uint32_t start = by->starts[by->form->questions[question].column];

	assert(start != CNV_NONE);
	return above_zero(counters_of(by, group + 1)[start + CNV_STANDINGS + option]);
}
