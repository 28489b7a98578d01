/* Choice filters: a choice that was made must be among those offered in its row.
 *
 * The filter is run over whole windows with one choice a row: once for a question with one answer, and
 * for several answers once for everybody's first tick, then for the second, and so on.
 */
#include "check/check_internal.h"

/* Another choice of the same name passes in this row: lists with allow_choice_duplicates. */
static cnv_status passes_by_twin(cnv_judging *judging, const cnv_expr *filter, const cnv_column *column, uint32_t table,
				 uint32_t row, uint32_t choice, bool *passes)
{
	const cnv_list *list = &judging->plan->form->lists[column->list];
	cnv_vector vector;

	for (uint32_t i = choice + 1; list->duplicates && !*passes && i < list->count; i++) {
		if (!cnv_str_equal(list->choices[i].name, list->choices[choice].name))
			continue;
		if (cnv_expr_run(filter, judging->batch, table, row, 1, &i, judging->world, &judging->temp, &vector))
			return CNV_NO_MEMORY;
		*passes = cnv_bit(vector.booleans, 0) || (vector.unsure && cnv_bit(vector.unsure, 0));
	}
	return CNV_OK;
}

/* Runs the filter with the given choice of each row; those of `chosen` for which it is false are not offered there. */
static cnv_status filter_choices(cnv_judging *judging, const cnv_expr *filter, const cnv_table *table,
				 cnv_column *column, const uint64_t *chosen, const uint32_t *choices)
{
	cnv_vector vector;

	if (cnv_expr_run(filter, judging->batch, table->index, 0, table->rows, choices, judging->world, &judging->temp,
			 &vector))
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < CNV_BIT_WORDS(table->rows); i++) {
		uint64_t refused = chosen[i] & ~vector.booleans[i] & ~(vector.unsure ? vector.unsure[i] : 0);

		while (refused) {
			uint32_t row = i * 64 + cnv_take_bit(&refused);
			bool passes = false;

			if (column->verdicts[row] != CNV_ACCEPTED)
				continue;
			if (passes_by_twin(judging, filter, column, table->index, row, choices[row], &passes))
				return CNV_NO_MEMORY;
			if (passes)
				continue;
			column->verdicts[row] = CNV_NOT_A_CHOICE;
			cnv_judge_cell(judging, table, column, row, CNV_ANSWER_NOT_OFFERED, choices[row]);
		}
	}
	return CNV_OK;
}

static cnv_status filter_one(cnv_judging *judging, const cnv_expr *filter, const cnv_table *table, cnv_column *column)
{
	uint32_t *choices = cnv_arena_array(&judging->temp, table->rows, sizeof *choices);

	for (uint32_t row = 0; choices && row < table->rows; row++)
		choices[row] = cnv_bit(column->usable, row) ? column->choices[row] : 0;
	return choices ? filter_choices(judging, filter, table, column, column->usable, choices) : CNV_NO_MEMORY;
}

/* The next choice ticked in `set` from `from` on, or CNV_NONE. */
static uint32_t next_ticked(const uint64_t *set, uint32_t words, uint32_t from)
{
	for (uint32_t i = from / 64; i < words; i++) {
		uint64_t rest = i == from / 64 ? set[i] & (UINT64_MAX << from % 64) : set[i];

		if (rest)
			return i * 64 + (uint32_t)__builtin_ctzll(rest);
	}
	return CNV_NONE;
}

/* Moves every row on to its next ticked choice; `chosen` are the rows that have one, false when none has. */
static bool choose_next(const cnv_column *column, uint32_t rows, uint32_t *cursors, uint32_t *choices, uint64_t *chosen)
{
	bool any = false;

	for (uint32_t row = 0; row < rows; row++) {
		uint32_t choice = CNV_NONE;

		if (cnv_bit(column->usable, row) && cursors[row] != CNV_NONE)
			choice = next_ticked(column->sets + (size_t)row * column->words, column->words, cursors[row]);
		cursors[row] = choice == CNV_NONE ? CNV_NONE : choice + 1;
		choices[row] = choice == CNV_NONE ? 0 : choice;
		cnv_bit_clear(chosen, row);
		if (choice != CNV_NONE)
			cnv_bit_set(chosen, row);
		any |= choice != CNV_NONE;
	}
	return any;
}

/* Several answers a cell: first the first choice of each row, then the second, as often as somebody ticked one more. */
static cnv_status filter_many(cnv_judging *judging, const cnv_expr *filter, const cnv_table *table, cnv_column *column)
{
	uint32_t *choices = cnv_arena_array(judging->scratch, table->rows, sizeof *choices);
	uint32_t *cursors = cnv_arena_array(judging->scratch, table->rows, sizeof *cursors);
	uint64_t *chosen = cnv_judge_new_mask(judging, table->rows);
	cnv_status status = choices && cursors && chosen ? CNV_OK : CNV_NO_MEMORY;

	while (!status && choose_next(column, table->rows, cursors, choices, chosen)) {
		cnv_arena_reset(&judging->temp);
		status = filter_choices(judging, filter, table, column, chosen, choices);
	}
	return status;
}

cnv_status cnv_judge_filter(cnv_judging *judging, const cnv_table *table, cnv_column *column)
{
	const cnv_rule *rule = cnv_plan_rule(judging->plan, column->question, CNV_SLOT_FILTER);
	const cnv_list *list = column->list == CNV_NONE ? NULL : &judging->plan->form->lists[column->list];

	if (rule->kind != CNV_RULE_PROGRAM || !list || list->open || !list->count ||
	    !cnv_judge_any(column->usable, table->rows))
		return CNV_OK;
	cnv_arena_reset(&judging->temp);
	return column->choices ? filter_one(judging, judging->plan->programs[rule->program], table, column)
	       : column->sets  ? filter_many(judging, judging->plan->programs[rule->program], table, column)
			       : CNV_OK;
}
