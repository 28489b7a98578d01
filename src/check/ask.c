/* The interview's questions to a plan: one row at a time, on a batch that has been judged.
 *
 * Each call runs a handful of expressions over one row; nothing is kept between calls.  When memory runs out a repeat
 * counts as asked, so that the interview can go on.
 */
#include "check/plan.h"

#include <math.h>

/* The truth of a condition in one row of its table. */
static bool holds(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id id, cnv_slot slot, uint32_t row,
		  const cnv_world *world, cnv_arena *scratch, bool otherwise)
{
	const cnv_slot_rule *rule = cnv_plan_rule(plan, id, slot);
	cnv_vector vector;

	if (rule->kind == CNV_RULE_NONE)
		return otherwise;
	if (rule->kind != CNV_RULE_PROGRAM)
		return rule->kind == CNV_RULE_YES;
	if (cnv_expr_run(rule->expr, batch, cnv_slot_table(plan->form, id), row, 1, NULL, world, scratch, &vector))
		return otherwise;
	if (vector.unsure && cnv_bit(vector.unsure, 0))
		return otherwise;
	return cnv_bit(vector.booleans, 0);
}

/* Its own relevance and that of everything around it; row: of the question's formula table. */
static bool is_asked(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id id, uint32_t row,
		     const cnv_world *world, cnv_arena *scratch)
{
	const cnv_form *form = plan->form;
	uint32_t table = cnv_slot_table(form, id);

	for (; id != CNV_NONE; id = form->questions[id].parent) {
		uint32_t here = cnv_slot_table(form, id);

		row = cnv_batch_owner(batch, table, row, here);
		table = here;
		if (!holds(plan, batch, id, CNV_SLOT_RELEVANT, row, world, scratch, true))
			return false;
	}
	return true;
}

bool cnv_plan_fixed(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question, uint32_t row,
		    const cnv_world *world, cnv_arena *scratch)
{
	return cnv_plan_always_calculates(plan, question) ||
	       holds(plan, batch, question, CNV_SLOT_READ_ONLY, row, world, scratch, false);
}

cnv_str cnv_plan_default(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question, uint32_t row,
			 const cnv_world *world, cnv_arena *scratch)
{
	const cnv_question *asked = &plan->form->questions[question];
	const cnv_slot_rule *rule = cnv_plan_rule(plan, question, CNV_SLOT_DEFAULT);
	cnv_vector vector;
	cnv_str text;

	if (rule->kind != CNV_RULE_PROGRAM)
		return asked->default_value.text;
	if (cnv_expr_run(rule->expr, batch, asked->table, row, 1, NULL, world, scratch, &vector))
		return (cnv_str){ 0 };
	if (vector.type == CNV_T_NUMBER && isnan(vector.numbers[0]))
		return (cnv_str){ 0 };
	text = cnv_value_string(&vector, 0, scratch);
	/* now() is an instant, of which a date is the day. */
	return asked->kind == CNV_DATE ? cnv_str_slice(text, 0, CNV_DAY_ROOM - 1) : text;
}

bool cnv_plan_repeat(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id repeat, uint32_t parent_row,
		     const cnv_world *world, cnv_arena *scratch, uint32_t *count)
{
	const cnv_slot_rule *rule = cnv_plan_rule(plan, repeat, CNV_SLOT_COUNT);
	cnv_vector vector;
	double number;

	*count = UINT32_MAX;
	if (!is_asked(plan, batch, repeat, parent_row, world, scratch))
		return false;
	if (rule->kind != CNV_RULE_PROGRAM || cnv_expr_run(rule->expr, batch, cnv_slot_table(plan->form, repeat),
							   parent_row, 1, NULL, world, scratch, &vector))
		return true;
	number = cnv_value_number(&vector, 0);
	if (number < 0)
		*count = 0;
	else if (number < (double)UINT32_MAX) /* false for NaN: the person decides */
		*count = (uint32_t)number;
	return true;
}

cnv_status cnv_plan_choices(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question, uint32_t row,
			    const cnv_world *world, cnv_arena *scratch, uint64_t *offered)
{
	const cnv_question *asked = &plan->form->questions[question];
	const cnv_slot_rule *rule = cnv_plan_rule(plan, question, CNV_SLOT_FILTER);
	const cnv_list *list = asked->list == CNV_NONE ? NULL : cnv_list_known(&plan->form->lists[asked->list]);
	uint32_t count = list ? list->count : 0;
	cnv_vector vector;

	cnv_bits_fill(offered, count, true);
	for (uint32_t choice = 0; rule->kind == CNV_RULE_PROGRAM && choice < count; choice++) {
		if (cnv_expr_run(rule->expr, batch, asked->table, row, 1, &choice, world, scratch, &vector))
			return CNV_NO_MEMORY;
		if (!cnv_bit(vector.booleans, 0) && !(vector.unsure && cnv_bit(vector.unsure, 0)))
			cnv_bit_clear(offered, choice);
	}
	return CNV_OK;
}
