/* Masks: a condition's truth over the rows of a table, a bit per row. */
#include "check/judging.h"

bool cnv_judge_any(const uint64_t *bits, uint32_t rows)
{
	uint64_t all = 0;

	for (size_t i = 0; i < CNV_BIT_WORDS(rows); i++)
		all |= bits[i];
	return all != 0;
}

uint64_t *cnv_judge_new_mask(cnv_judging *judging, uint32_t rows)
{
	return cnv_arena_array(judging->scratch, CNV_BIT_WORDS(rows) + 1, sizeof(uint64_t));
}

/* Runs a condition over all rows of `table`; false: no memory. */
static bool run_condition(cnv_judging *judging, const cnv_expr *expr, uint32_t table, cnv_truth *truth)
{
	uint32_t rows = judging->batch->tables[table].rows;
	uint64_t *sure = cnv_judge_new_mask(judging, rows), *possible = sure;
	cnv_vector vector = { 0 };

	if (!sure)
		return false;
	if (rows) {
		cnv_arena_reset(&judging->temp);
		if (cnv_expr_run(expr, judging->batch, table, 0, rows, NULL, judging->world, &judging->temp, &vector))
			return false;
		if (vector.unsure && !(possible = cnv_judge_new_mask(judging, rows)))
			return false;
	}
	for (size_t i = 0; i < CNV_BIT_WORDS(rows); i++) {
		uint64_t doubt = vector.unsure ? vector.unsure[i] : 0;

		possible[i] = vector.booleans[i] | doubt;
		sure[i] = vector.booleans[i] & ~doubt;
	}
	*truth = (cnv_truth){ sure, possible };
	return true;
}

const uint64_t *cnv_judge_mask(cnv_judging *judging, cnv_question_id id, cnv_slot slot)
{
	const cnv_slot_rule *rule = cnv_plan_rule(judging->plan, id, slot);
	uint32_t table = cnv_slot_table(judging->plan->form, id), rows = judging->batch->tables[table].rows;
	cnv_truth *truth;
	uint64_t *mask;

	if (rule->kind != CNV_RULE_PROGRAM) {
		mask = cnv_judge_new_mask(judging, rows);
		if (mask)
			cnv_bits_fill(mask, rows, rule->kind == CNV_RULE_YES);
		return mask;
	}
	truth = &judging->truths[rule->program];
	if (!truth->sure && !run_condition(judging, rule->expr, table, truth))
		return NULL;
	return slot == CNV_SLOT_RELEVANT ? truth->possible : truth->sure;
}
