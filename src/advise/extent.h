/* extent: what the two files about the length of a questionnaire share.
 *
 * gates.c reads the conditions under which questions are asked; extent.c searches for the fewest and the most questions
 * that they let through.
 */
#ifndef CANVASS_ADVISE_EXTENT_H
#define CANVASS_ADVISE_EXTENT_H

#include "advise/advice.h"

#define MOST_CONSTANTS 12u /* that one question is compared with; what goes beyond decides nothing */
#define MOST_NAMED 4u      /* choices of select_multiple among them: every set of these is a case */

typedef enum truth { NO, YES, MAYBE } truth;

/* A question whose answer decides whether others are asked.  Its answers are cases: 0 is the blank, the others are those
 * that the conditions can distinguish. */
struct gate {
	cnv_question_id id;
	cnv_str texts[MOST_CONSTANTS]; /* codes of choices */
	double numbers[MOST_CONSTANTS];
	uint32_t rank[MOST_CONSTANTS]; /* of numbers and days: how many are smaller */
	uint32_t constants;
	uint32_t cases, at; /* how many there are, and the present one: CNV_NONE is any of them */
};

/* A condition in postfix order. */
struct gate_step {
	enum { STEP_AND, STEP_OR, STEP_NOT, STEP_FIXED, STEP_COMPARE, STEP_SELECTED } kind;
	truth fixed;
	cnv_formula_op op;
	uint32_t gate, constant; /* constant: CNV_NONE is the blank */
};

struct gate_condition {
	const struct gate_step *steps;
	uint32_t count; /* 0: always true */
};

struct gates {
	const cnv_form *form;
	struct gate *gates;
	uint32_t count, room;
	uint32_t *of;                      /* the gate of each question, CNV_NONE */
	struct gate_condition *conditions; /* of each question */
	cnv_arena arena;
};

/* false: no memory. */
bool cnv_gates_read(struct gates *gates, const cnv_plan *plan);
void cnv_gates_fini(struct gates *gates);
/* Is the condition of a question met?  asked: of each gate's question, whether it is asked itself; else it is blank.
 * Adds the steps to *work. */
truth cnv_gate_truth(const struct gates *gates, cnv_question_id id, const uint8_t *asked, uint32_t *work);

#endif
