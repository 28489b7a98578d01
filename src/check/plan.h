/* plan: a form compiled, as the files of this room see it.
 *
 * For every question and every kind of formula a plan holds a rule: none, a plain yes or no, or a program.  Conditions
 * with the same text over the same table are one program, so a relevance written on twenty questions is run once a
 * window.
 */
#ifndef CANVASS_CHECK_PLAN_H
#define CANVASS_CHECK_PLAN_H

#include "canvass/check.h"

struct cnv_plan {
	const cnv_form *form;
	cnv_expr **programs;
	uint32_t program_count, program_room;
	cnv_slot_rule (*rules)[CNV_SLOTS]; /* of each question */
	cnv_question_id *order;            /* every question, group and repeat: what is read comes before its readers */
	uint32_t order_count;
	uint32_t expressions; /* formulas compiled, shared ones counted each time */
	cnv_expr *instance_name;
	bool rejected; /* for advice only */
};

/* slot.c: how a formula is compiled. */
typedef struct cnv_slot_info {
	size_t at; /* of the cnv_formula in cnv_question */
	cnv_purpose purpose;
	bool word; /* a yes or no word is a constant */
} cnv_slot_info;
extern const cnv_slot_info cnv_slots[CNV_SLOTS];

/* slot.c: the question has a calculation whose value always takes the place of the answer: it is neither volatile nor
 * waits for a trigger. */
bool cnv_plan_always_calculates(const cnv_plan *plan, cnv_question_id id);

/* order.c: fills plan->order; every cycle is reported once.  CNV_REJECTED when there is one. */
cnv_status cnv_plan_sort(cnv_plan *plan, cnv_arena *arena, cnv_diags *diags);

#endif
