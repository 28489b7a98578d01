/* A settled batch judged: one loop per step, a verdict byte per cell.
 *
 * First, in the plan's order, who is asked what: relevance is a mask of bits over the rows of a table, and a group's
 * mask is passed down to its questions without being copied.  `usable` follows: what the next expressions may read.
 * Then each column is judged: missing and undue answers are found 64 rows at a time, and only cells with something to
 * report are looked at one by one.  Findings are kept as events until the window is done.
 */
#include "check/judging.h"

#include <assert.h>
#include <string.h>

/* Bytes that the values of one formula may take over a window: a formula that quotes long answers a thousand times ends
 * in CNV_NO_MEMORY, and does not bring the machine to a halt. */
#define MOST_VALUES ((size_t)1 << 30)

static const cnv_table *table_of(const cnv_judging *judging, uint32_t index)
{
	return &judging->batch->tables[index];
}

static cnv_column *column_of(const cnv_judging *judging, cnv_question_id id)
{
	const cnv_question *question = &judging->plan->form->questions[id];

	return question->column == CNV_NONE ? NULL : &judging->batch->tables[question->table].columns[question->column];
}

/* The repeat's mask over the parent's rows, as a mask over their entries. */
static const uint64_t *spread(cnv_judging *judging, const uint64_t *gate, uint32_t index)
{
	const cnv_table *table = table_of(judging, index);
	uint64_t *mask = cnv_judge_new_mask(judging, table->rows);

	for (uint32_t row = 0; mask && row < table->rows; row++)
		if (cnv_bit(gate, table->parents[row]))
			cnv_bit_set(mask, row);
	return mask;
}

/* Sets asked[id], and the gate of a repeat's table. */
static cnv_status judge_relevance(cnv_judging *judging, cnv_question_id id, const uint64_t *everyone)
{
	const cnv_plan *plan = judging->plan;
	const cnv_question *question = &plan->form->questions[id];
	uint32_t rows = table_of(judging, cnv_slot_table(plan->form, id))->rows;
	const uint64_t *above = question->parent == CNV_NONE ? everyone : judging->asked[question->parent];
	const uint64_t *asked = above, *own;
	uint64_t *both;

	if (cnv_plan_rule(plan, id, CNV_SLOT_RELEVANT)->kind > CNV_RULE_YES) {
		own = cnv_judge_mask(judging, id, CNV_SLOT_RELEVANT);
		both = own ? cnv_judge_new_mask(judging, rows) : NULL;
		if (!both)
			return CNV_NO_MEMORY;
		for (size_t i = 0; i < CNV_BIT_WORDS(rows); i++)
			both[i] = above[i] & own[i];
		asked = both;
	}
	if (question->role == CNV_REPEAT) {
		judging->gates[question->table] = asked;
		asked = spread(judging, asked, question->table);
	}
	judging->asked[id] = asked;
	return asked ? CNV_OK : CNV_NO_MEMORY;
}

/* What expressions may read of a column: asked, understood, and no missing-value word or duplicate. */
static void judge_usable(cnv_column *column, uint32_t rows, const uint64_t *asked)
{
	for (size_t i = 0; i < CNV_BIT_WORDS(rows); i++) {
		const uint8_t *verdicts = column->verdicts + i * 64; /* rooms are whole words */
		uint64_t accepted = 0;

		for (uint32_t k = 0; k < 64; k++)
			accepted |= (uint64_t)(verdicts[k] == CNV_ACCEPTED) << k;
		column->usable[i] = accepted & column->understood[i] & asked[i];
	}
}

/* ---------------------------------------------------------------- columns judged */

/* The code for an answer that is asked but cannot be used; 0: none (gather reports duplicates). */
static const uint16_t faults[] = {
	[CNV_NOT_APPLICABLE] = CNV_WORD_FOR_REQUIRED, [CNV_DO_NOT_KNOW] = CNV_WORD_FOR_REQUIRED,
	[CNV_WITHHELD] = CNV_WORD_FOR_REQUIRED,       [CNV_UNREADABLE] = CNV_ANSWER_UNREADABLE,
	[CNV_NOT_A_CHOICE] = CNV_ANSWER_NOT_A_CHOICE, [CNV_UNCHECKED] = 0,
};

static void judge_faults(cnv_judging *judging, const cnv_table *table, cnv_column *column, uint32_t row, bool required)
{
	uint8_t verdict = column->verdicts[row];
	uint16_t code = verdict < sizeof faults / sizeof faults[0] ? faults[verdict] : 0;

	uint32_t zeros = 0;

	if (code == CNV_ANSWER_NOT_A_CHOICE && column->kind == CNV_CHOICE && column->list != CNV_NONE)
		zeros = cnv_zeros_lost(&judging->plan->form->lists[column->list], cnv_column_text(column, row));
	if (zeros)
		code = CNV_ZEROS_LOST;
	if (code == CNV_ANSWER_UNREADABLE)
		code = cnv_unreadable_code(judging, column, row);
	if (code == CNV_ANSWER_NOT_A_CHOICE && judging->batch->half_tick_count &&
	    cnv_judge_ticks(judging, table, column, row))
		return;
	if (code && (code != CNV_WORD_FOR_REQUIRED || required))
		cnv_judge_cell(judging, table, column, row, (cnv_code)code, zeros);
}

/* Blank, missing, undue and unusable cells: everything that can be judged without the value. */
static void judge_presence(cnv_judging *judging, const cnv_table *table, cnv_column *column, const uint64_t *required)
{
	const uint64_t *asked = judging->asked[column->question];

	for (uint32_t i = 0; i < CNV_BIT_WORDS(table->rows); i++) {
		uint64_t here = table->rows - i * 64 >= 64 ? UINT64_MAX : (UINT64_C(1) << table->rows % 64) - 1;
		uint64_t due = required ? required[i] : 0;
		uint64_t absent = asked[i] & ~column->answered[i] & due;
		uint64_t idle = here & ~asked[i] & ~column->answered[i];
		uint64_t undue = column->answered[i] & ~asked[i];
		uint64_t odd = column->answered[i] & asked[i] & ~column->usable[i];

		if (idle == UINT64_MAX)
			memset(column->verdicts + (size_t)i * 64, CNV_NOT_ASKED, 64);
		else
			while (idle)
				column->verdicts[i * 64 + cnv_take_bit(&idle)] = CNV_NOT_ASKED;
		while (absent) {
			uint32_t row = i * 64 + cnv_take_bit(&absent);

			column->verdicts[row] = CNV_MISSING;
			cnv_judge_cell(judging, table, column, row, CNV_ANSWER_MISSING, 0);
		}
		while (undue) {
			uint32_t row = i * 64 + cnv_take_bit(&undue);

			if (column->verdicts[row] == CNV_DUPLICATE)
				continue;
			column->verdicts[row] = CNV_UNDUE;
			cnv_judge_cell(judging, table, column, row, CNV_ANSWER_UNDUE, 0);
		}
		while (odd) {
			uint32_t at = cnv_take_bit(&odd);

			judge_faults(judging, table, column, i * 64 + at, due >> at & 1);
		}
	}
}

static cnv_status judge_constraint(cnv_judging *judging, const cnv_table *table, cnv_column *column)
{
	const cnv_slot_rule *rule = cnv_plan_rule(judging->plan, column->question, CNV_SLOT_CONSTRAINT);
	cnv_vector vector = { 0 };
	cnv_explained explained = { 0 };

	if ((rule->kind != CNV_RULE_PROGRAM && rule->kind != CNV_RULE_NO) ||
	    !cnv_judge_any(column->usable, table->rows))
		return CNV_OK;
	cnv_arena_reset(&judging->temp);
	if (rule->kind == CNV_RULE_PROGRAM && cnv_expr_run(rule->expr, judging->batch, table->index, 0, table->rows,
							   NULL, judging->world, &judging->temp, &vector))
		return CNV_NO_MEMORY;
	if (column->kind == CNV_TEXT && rule->kind == CNV_RULE_PROGRAM &&
	    cnv_judge_explain(judging, table, column, &vector, &explained))
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < CNV_BIT_WORDS(table->rows); i++) {
		uint64_t holds = vector.booleans ? vector.booleans[i] : 0;
		uint64_t doubt = column->usable[i] & (vector.unsure ? vector.unsure[i] : 0);
		uint64_t against = column->usable[i] & ~holds & ~doubt;

		while (against) {
			uint32_t row = i * 64 + cnv_take_bit(&against);

			if (column->verdicts[row] != CNV_ACCEPTED)
				continue;
			column->verdicts[row] = CNV_AGAINST_CONSTRAINT;
			if (explained.codes && explained.codes[row])
				cnv_judge_cell(judging, table, column, row, (cnv_code)explained.codes[row],
					       explained.counts[row]);
			else
				cnv_judge_cell(judging, table, column, row, CNV_ANSWER_AGAINST_RULE, 0);
		}
		while (doubt) {
			uint32_t row = i * 64 + cnv_take_bit(&doubt);

			if (column->verdicts[row] != CNV_ACCEPTED)
				continue;
			column->verdicts[row] = CNV_UNCHECKED;
			cnv_judge_cell(judging, table, column, row, CNV_ANSWER_UNCHECKED, 0);
		}
	}
	return CNV_OK;
}

/* Emits a warning for each accepted answer that does not meet the rule in the column warning; it still counts. */
static cnv_status judge_warning(cnv_judging *judging, const cnv_table *table, cnv_column *column)
{
	const cnv_slot_rule *rule = cnv_plan_rule(judging->plan, column->question, CNV_SLOT_WARNING);
	cnv_vector vector = { 0 };

	if ((rule->kind != CNV_RULE_PROGRAM && rule->kind != CNV_RULE_NO) ||
	    !cnv_judge_any(column->usable, table->rows))
		return CNV_OK;
	cnv_arena_reset(&judging->temp);
	if (rule->kind == CNV_RULE_PROGRAM && cnv_expr_run(rule->expr, judging->batch, table->index, 0, table->rows,
							   NULL, judging->world, &judging->temp, &vector))
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < CNV_BIT_WORDS(table->rows); i++) {
		uint64_t holds = vector.booleans ? vector.booleans[i] : 0;
		uint64_t doubt = vector.unsure ? vector.unsure[i] : 0;
		uint64_t against = column->usable[i] & ~holds & ~doubt;

		while (against) {
			uint32_t row = i * 64 + cnv_take_bit(&against);

			if (column->verdicts[row] == CNV_ACCEPTED)
				cnv_judge_cell(judging, table, column, row, CNV_ANSWER_UNLIKELY, 0);
		}
	}
	return CNV_OK;
}

/* ---------------------------------------------------------------- entries of repeats */

/* Compares the number of entries of each parent row with repeat_count. */
static cnv_status judge_count(cnv_judging *judging, cnv_question_id repeat)
{
	const cnv_plan *plan = judging->plan;
	const cnv_slot_rule *rule = cnv_plan_rule(plan, repeat, CNV_SLOT_COUNT);
	const cnv_table *entries = table_of(judging, plan->form->questions[repeat].table);
	const cnv_table *parent = table_of(judging, cnv_slot_table(plan->form, repeat));
	const uint64_t *gate = judging->gates[entries->index];
	uint32_t *found;
	cnv_vector vector;

	if (rule->kind != CNV_RULE_PROGRAM || !parent->rows)
		return CNV_OK;
	cnv_arena_reset(&judging->temp);
	found = cnv_arena_array(&judging->temp, parent->rows, sizeof *found);
	if (!found || cnv_expr_run(rule->expr, judging->batch, parent->index, 0, parent->rows, NULL, judging->world,
				   &judging->temp, &vector))
		return CNV_NO_MEMORY;
	for (uint32_t row = 0; row < entries->rows; row++)
		found[entries->parents[row]]++;
	for (uint32_t row = 0; row < parent->rows; row++) {
		double count = cnv_value_number(&vector, row);

		count = count < 0 ? 0 : count;
		if (!cnv_bit(gate, row) || !(count < (double)UINT32_MAX) || (uint32_t)count == found[row])
			continue;
		cnv_judge_event(judging, (cnv_event){ .line = parent->lines[row],
						      .table = parent->index,
						      .row = row,
						      .question = repeat,
						      .code = CNV_ENTRIES_NOT_AS_COUNTED,
						      .count = (uint32_t)count,
						      .text = cnv_arena_format(judging->scratch, "%u", found[row]) });
	}
	return CNV_OK;
}

/* ---------------------------------------------------------------- the whole batch */

/* Who is asked what, and what is calculated. */
static cnv_status judge_in_order(cnv_judging *judging)
{
	const cnv_plan *plan = judging->plan;
	uint32_t rows = table_of(judging, 0)->rows;
	uint64_t *everyone = cnv_judge_new_mask(judging, rows);
	cnv_status status = everyone ? CNV_OK : CNV_NO_MEMORY;

	if (everyone)
		cnv_bits_fill(everyone, rows, true);
	for (uint32_t i = 0; !status && i < plan->order_count; i++) {
		cnv_question_id id = plan->order[i];
		cnv_column *column = column_of(judging, id);

		status = judge_relevance(judging, id, everyone);
		if (status || !column)
			continue;
		judge_usable(column, table_of(judging, plan->form->questions[id].table)->rows, judging->asked[id]);
		if (cnv_plan_rule(plan, id, CNV_SLOT_CALCULATION)->kind == CNV_RULE_PROGRAM)
			status = cnv_judge_calculation(judging, id);
	}
	return status;
}

static cnv_status judge_column(cnv_judging *judging, const cnv_table *table, cnv_column *column)
{
	const cnv_question *question = &judging->plan->form->questions[column->question];
	const cnv_slot_rule *rule = cnv_plan_rule(judging->plan, column->question, CNV_SLOT_REQUIRED);
	const uint64_t *required = NULL;
	cnv_status status = CNV_OK;

	if (question->role == CNV_ASKED && (rule->kind == CNV_RULE_YES || rule->kind == CNV_RULE_PROGRAM)) {
		required = cnv_judge_mask(judging, column->question, CNV_SLOT_REQUIRED);
		if (!required)
			return CNV_NO_MEMORY;
		judging->required[column->question] = required;
	}
	judge_presence(judging, table, column, required);
	status = cnv_judge_filter(judging, table, column);
	if (!status && question->role == CNV_ASKED)
		status = judge_constraint(judging, table, column);
	if (!status && question->role == CNV_ASKED)
		status = judge_warning(judging, table, column);
	if (!status && question->role == CNV_ASKED && column->kind == CNV_TEXT)
		cnv_judge_damage(judging, table, column);
	return status;
}

cnv_status cnv_check_asking(const cnv_plan *plan, cnv_batch *batch, const cnv_world *world, cnv_str source,
			    uint32_t language, cnv_arena *scratch, cnv_findings *findings, cnv_asking *asking)
{
	const cnv_form *form = plan->form;
	cnv_judging judging = {
		.plan = plan, .batch = batch, .world = world, .source = source, .language = language, .scratch = scratch
	};
	size_t shortages = cnv_mem_shortages();
	cnv_status status = CNV_NO_MEMORY;

	assert(!plan->rejected);
	_Static_assert(MOST_VALUES <= UINT32_MAX, "ends are 32 bits");
	judging.temp.limit = judging.text.limit = MOST_VALUES;
	judging.truths = cnv_arena_array(scratch, (size_t)plan->program_count + 1, sizeof *judging.truths);
	judging.asked = cnv_arena_array(scratch, (size_t)form->count + 1, sizeof *judging.asked);
	judging.required = cnv_arena_array(scratch, (size_t)form->count + 1, sizeof *judging.required);
	judging.gates = cnv_arena_array(scratch, batch->table_count, sizeof *judging.gates);
	if (!judging.truths || !judging.asked || !judging.required || !judging.gates)
		goto out;
	cnv_judge_sort_ticks(batch);
	status = judge_in_order(&judging);
	for (uint32_t i = 0; !status && i < batch->table_count; i++) {
		cnv_table *table = &batch->tables[i];

		for (uint32_t k = 0; !status && table->rows && k < table->count; k++)
			status = judge_column(&judging, table, &table->columns[k]);
		if (!status && i)
			status = judge_count(&judging, form->tables[i].repeat);
	}
	if (!status && (scratch->failed || batch->failed || judging.failed))
		status = CNV_NO_MEMORY;
	if (!status)
		status = cnv_judge_emit(&judging, findings);
	*asking = (cnv_asking){ judging.asked, judging.required, judging.gates };
out:
	cnv_text_fini(&judging.text);
	cnv_arena_fini(&judging.temp);
	return !status && cnv_mem_shortages() != shortages ? CNV_NO_MEMORY : status;
}

cnv_status cnv_check(const cnv_plan *plan, cnv_batch *batch, const cnv_world *world, cnv_str source, uint32_t language,
		     cnv_arena *scratch, cnv_findings *findings)
{
	cnv_asking asking;

	return cnv_check_asking(plan, batch, world, source, language, scratch, findings, &asking);
}
