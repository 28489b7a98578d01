/* The formulas a question can carry: where each is kept, what it is compiled as, and over which rows it runs. */
#include "check/plan.h"

const cnv_slot_info cnv_slots[] = {
	[CNV_SLOT_RELEVANT] = { offsetof(cnv_question, relevant), CNV_FOR_CONDITION, true },
	[CNV_SLOT_REQUIRED] = { offsetof(cnv_question, required), CNV_FOR_CONDITION, true },
	[CNV_SLOT_CONSTRAINT] = { offsetof(cnv_question, constraint), CNV_FOR_CONDITION, true },
	[CNV_SLOT_WARNING] = { offsetof(cnv_question, warning), CNV_FOR_CONDITION, true },
	[CNV_SLOT_CALCULATION] = { offsetof(cnv_question, calculation), CNV_FOR_VALUE, false },
	[CNV_SLOT_DEFAULT] = { offsetof(cnv_question, default_value), CNV_FOR_VALUE, false },
	[CNV_SLOT_READ_ONLY] = { offsetof(cnv_question, read_only), CNV_FOR_CONDITION, true },
	[CNV_SLOT_FILTER] = { offsetof(cnv_question, choice_filter), CNV_FOR_FILTER, false },
	[CNV_SLOT_COUNT] = { offsetof(cnv_question, repeat_count), CNV_FOR_COUNT, false },
};
_Static_assert(sizeof cnv_slots / sizeof cnv_slots[0] == CNV_SLOTS, "one row for each slot");

const cnv_formula *cnv_slot_formula(const cnv_question *question, cnv_slot slot)
{
	return (const cnv_formula *)((const char *)question + cnv_slots[slot].at);
}

uint32_t cnv_slot_table(const cnv_form *form, cnv_question_id id)
{
	const cnv_question *question = &form->questions[id];

	return question->role == CNV_REPEAT ? form->tables[question->table].parent : question->table;
}

const cnv_slot_rule *cnv_plan_rule(const cnv_plan *plan, cnv_question_id id, cnv_slot slot)
{
	return &plan->rules[id][slot];
}

bool cnv_plan_always_calculates(const cnv_plan *plan, cnv_question_id id)
{
	const cnv_slot_rule *rule = cnv_plan_rule(plan, id, CNV_SLOT_CALCULATION);

	return rule->kind == CNV_RULE_PROGRAM && !cnv_expr_is_volatile(rule->expr) &&
	       !plan->form->questions[id].trigger.text.len;
}
