/* Choice filters: a choice that was made must be among those offered in its row.
 *
 * The filter is run over whole windows with one choice a row: once for a question with one answer, and for several
 * answers once for the first selected choice of every row, then for the second, and so on.
 */
#include "check/judging.h"

/* Who chose what, in one column of a window. */
struct filtering {
	cnv_judging *judging;
	const cnv_expr *filter;
	const cnv_table *table;
	cnv_column *column;
	uint32_t *choices; /* the choice judged in each row; 0 where there is none */
	uint64_t *rejected;
	/* Only where names occur twice: */
	uint32_t *twins;   /* another choice with that name */
	uint64_t *seeking; /* rows that have one */
};

static bool make_room(struct filtering *filtering, const cnv_list *list)
{
	cnv_judging *judging = filtering->judging;
	uint32_t rows = filtering->table->rows;

	filtering->choices = cnv_arena_array(judging->scratch, rows, sizeof *filtering->choices);
	filtering->rejected = cnv_judge_new_mask(judging, rows);
	if (list->twins) {
		filtering->twins = cnv_arena_array(judging->scratch, rows, sizeof *filtering->twins);
		filtering->seeking = cnv_judge_new_mask(judging, rows);
	}
	return !judging->scratch->failed;
}

/* Runs the filter with one choice a row, on empty working memory. */
static cnv_status run_filter(const struct filtering *filtering, const uint32_t *choices, cnv_vector *vector)
{
	cnv_judging *judging = filtering->judging;

	cnv_arena_reset(&judging->temp);
	return cnv_expr_run(filtering->filter, judging->batch, filtering->table->index, 0, filtering->table->rows,
			    choices, judging->world, &judging->temp, vector);
}

/* Moves every seeking row to the next choice with its name; false when none has one left. */
static bool seek_twins(const struct filtering *filtering, const cnv_list *list, bool first)
{
	bool any = false;

	for (uint32_t i = 0; i < CNV_BIT_WORDS(filtering->table->rows); i++) {
		uint64_t seeking = filtering->seeking[i];

		while (seeking) {
			uint32_t row = i * 64 + cnv_take_bit(&seeking), at = filtering->twins[row];

			/* A label may have led to a later one; then the search begins at the first. */
			if (first)
				at = cnv_list_find(list, list->choices[filtering->choices[row]].name);
			if (!first || at == filtering->choices[row])
				at = list->twins[at];
			filtering->twins[row] = at == CNV_NONE ? 0 : at;
			if (at == CNV_NONE)
				cnv_bit_clear(filtering->seeking, row);
			any |= at != CNV_NONE;
		}
	}
	return any;
}

/* A name that is offered by any of its choices is not rejected: lists with allow_choice_duplicates. */
static cnv_status accept_twins(const struct filtering *filtering, const cnv_list *list)
{
	size_t words = CNV_BIT_WORDS(filtering->table->rows);
	cnv_status status = CNV_OK;
	cnv_vector vector;
	bool first = true;

	for (uint32_t row = 0; row < filtering->table->rows; row++)
		filtering->twins[row] = 0;
	for (size_t i = 0; i < words; i++)
		filtering->seeking[i] = filtering->rejected[i];
	for (; !status && seek_twins(filtering, list, first); first = false) {
		status = run_filter(filtering, filtering->twins, &vector);
		for (size_t i = 0; !status && i < words; i++) {
			filtering->rejected[i] &= ~(filtering->seeking[i] &
						    (vector.booleans[i] | (vector.unsure ? vector.unsure[i] : 0)));
			filtering->seeking[i] &= filtering->rejected[i];
		}
	}
	return status;
}

/* Runs the filter with the given choice of each row; those of `chosen` for which it is false are not offered there. */
static cnv_status filter_choices(const struct filtering *filtering, const cnv_list *list, const uint64_t *chosen)
{
	cnv_column *column = filtering->column;
	uint32_t words = (uint32_t)CNV_BIT_WORDS(filtering->table->rows);
	cnv_status status;
	cnv_vector vector;

	status = run_filter(filtering, filtering->choices, &vector);
	for (uint32_t i = 0; !status && i < words; i++) {
		uint64_t rejected = chosen[i] & ~vector.booleans[i] & ~(vector.unsure ? vector.unsure[i] : 0);

		filtering->rejected[i] = rejected;
		while (rejected) {
			uint32_t row = i * 64 + cnv_take_bit(&rejected);

			if (column->verdicts[row] != CNV_ACCEPTED)
				cnv_bit_clear(filtering->rejected, row);
		}
	}
	if (!status && list->twins && cnv_judge_any(filtering->rejected, filtering->table->rows))
		status = accept_twins(filtering, list);
	for (uint32_t i = 0; !status && i < words; i++) {
		uint64_t rejected = filtering->rejected[i];

		while (rejected) {
			uint32_t row = i * 64 + cnv_take_bit(&rejected);

			column->verdicts[row] = CNV_NOT_A_CHOICE;
			cnv_judge_cell(filtering->judging, filtering->table, column, row, CNV_ANSWER_NOT_OFFERED,
				       filtering->choices[row]);
		}
	}
	return status;
}

static cnv_status filter_one(const struct filtering *filtering, const cnv_list *list)
{
	const cnv_column *column = filtering->column;
	const cnv_form *form = filtering->judging->plan->form;

	for (uint32_t row = 0; row < filtering->table->rows; row++) {
		uint32_t choice = cnv_bit(column->usable, row) ? column->choices[row] : 0;

		/* Choices kept outside the form are not numbered in the column. */
		if (choice == CNV_NONE)
			choice = cnv_list_find(list, cnv_cell_value(form, column, row, filtering->judging->scratch));
		filtering->choices[row] = choice == CNV_NONE ? 0 : choice;
	}
	return filter_choices(filtering, list, column->usable);
}

/* The next choice in `set` from `from` on, or CNV_NONE. */
static uint32_t next_selected(const uint64_t *set, uint32_t words, uint32_t from)
{
	for (uint32_t i = from / 64; i < words; i++) {
		uint64_t rest = i == from / 64 ? set[i] & (UINT64_MAX << from % 64) : set[i];

		if (rest)
			return i * 64 + (uint32_t)__builtin_ctzll(rest);
	}
	return CNV_NONE;
}

/* Moves every row to its next selected choice; `chosen` are the rows that have one, false when none has. */
static bool choose_next(const cnv_column *column, uint32_t rows, uint32_t *cursors, uint32_t *choices, uint64_t *chosen)
{
	bool any = false;

	for (uint32_t row = 0; row < rows; row++) {
		uint32_t choice = CNV_NONE;

		if (cnv_bit(column->usable, row) && cursors[row] != CNV_NONE)
			choice = next_selected(column->sets + (size_t)row * column->words, column->words, cursors[row]);
		cursors[row] = choice == CNV_NONE ? CNV_NONE : choice + 1;
		choices[row] = choice == CNV_NONE ? 0 : choice;
		cnv_bit_clear(chosen, row);
		if (choice != CNV_NONE)
			cnv_bit_set(chosen, row);
		any |= choice != CNV_NONE;
	}
	return any;
}

/* Several answers a cell: the first choice of each row, then the second, as long as a row has one more. */
static cnv_status filter_many(const struct filtering *filtering, const cnv_list *list)
{
	cnv_judging *judging = filtering->judging;
	uint32_t rows = filtering->table->rows;
	uint32_t *cursors = cnv_arena_array(judging->scratch, rows, sizeof *cursors);
	uint64_t *chosen = cnv_judge_new_mask(judging, rows);
	cnv_status status = cursors && chosen ? CNV_OK : CNV_NO_MEMORY;

	while (!status && choose_next(filtering->column, rows, cursors, filtering->choices, chosen))
		status = filter_choices(filtering, list, chosen);
	return status;
}

cnv_status cnv_judge_filter(cnv_judging *judging, const cnv_table *table, cnv_column *column)
{
	const cnv_slot_rule *rule = cnv_plan_rule(judging->plan, column->question, CNV_SLOT_FILTER);
	const cnv_list *all = column->list == CNV_NONE ? NULL : &judging->plan->form->lists[column->list];
	const cnv_list *list = all ? cnv_list_known(all) : NULL;
	struct filtering filtering = { .judging = judging, .table = table, .column = column };

	/* Several answers from a list outside the form are known by name only. */
	if (rule->kind != CNV_RULE_PROGRAM || !list || (all->open && !column->choices) || !list->count ||
	    !cnv_judge_any(column->usable, table->rows))
		return CNV_OK;
	filtering.filter = rule->expr;
	if (!make_room(&filtering, list))
		return CNV_NO_MEMORY;
	return column->choices ? filter_one(&filtering, list) : column->sets ? filter_many(&filtering, list) : CNV_OK;
}
