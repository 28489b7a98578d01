/* check_internal: what the sources of this room share.
 *
 * A plan holds, for every question and every kind of formula, a rule: nothing, a plain yes or no,
 * or a program.  Conditions with the same text over the same table are one program, so a relevance
 * written on twenty questions is run once a window.
 */
#ifndef CANVASS_CHECK_INTERNAL_H
#define CANVASS_CHECK_INTERNAL_H

#include "canvass/check.h"

/* The formulas a question can carry. */
typedef enum cnv_slot {
	CNV_SLOT_RELEVANT,
	CNV_SLOT_REQUIRED,
	CNV_SLOT_CONSTRAINT,
	CNV_SLOT_CALCULATION,
	CNV_SLOT_DEFAULT,
	CNV_SLOT_READ_ONLY,
	CNV_SLOT_FILTER,
	CNV_SLOT_COUNT,
	CNV_SLOTS
} cnv_slot;

typedef struct cnv_rule {
	enum { CNV_RULE_NONE, CNV_RULE_YES, CNV_RULE_NO, CNV_RULE_PROGRAM } kind;
	uint32_t program; /* index in plan->programs */
} cnv_rule;

struct cnv_plan {
	const cnv_form *form;
	cnv_expr **programs;
	uint32_t program_count, program_room;
	cnv_rule (*rules)[CNV_SLOTS]; /* of each question */
	cnv_question_id *order;       /* every question, group and repeat: what is read stands before who reads it */
	uint32_t order_count;
	uint32_t expressions; /* formulas compiled, shared ones counted each time */
	cnv_expr *instance_name;
	bool rejected; /* for advice only */
};

const cnv_formula *cnv_slot_formula(const cnv_question *question, cnv_slot slot);
/* The table over whose rows a formula is run: of a repeat's own formulas, the table around it. */
uint32_t cnv_slot_table(const cnv_form *form, cnv_question_id id);
static inline const cnv_rule *cnv_plan_rule(const cnv_plan *plan, cnv_question_id id, cnv_slot slot)
{
	return &plan->rules[id][slot];
}

/* order.c: fills plan->order; every cycle is said once.  CNV_REJECTED when there is one. */
cnv_status cnv_plan_sort(cnv_plan *plan, cnv_arena *arena, cnv_diags *diags);

/* patterns.c: advice on one literal pattern of a formula. */
void cnv_pattern_advise(const cnv_question *question, const cnv_formula *formula, const cnv_trait *trait,
			cnv_arena *scratch, cnv_diags *diags);

/* messages.c: advice on the constraint of one question and what people are told when they break it. */
void cnv_message_advise(const cnv_form *form, const cnv_question *question, cnv_arena *scratch, cnv_diags *diags);

/* cascade.c: advice on the choices that a filter never lets through.  left: choices that may be looked at, lessened. */
void cnv_cascade_advise(const cnv_form *form, const cnv_question *question, uint32_t *left, cnv_arena *scratch,
			cnv_diags *diags);

/* probe.c: conditions that no answers meet, and conditions that all of them do. */
void cnv_plan_probe(const cnv_plan *plan, cnv_diags *diags);

/* ---------------------------------------------------------------- one call of cnv_check */

/* Something a person must hear of, kept until the window is judged so that it can be told in the order of the file. */
typedef struct cnv_event {
	uint32_t line, table, row;
	cnv_question_id question;
	uint16_t code;
	uint8_t verdict;
	uint32_t count; /* CNV_ENTRIES_NOT_AS_COUNTED: entries expected; CNV_ANSWER_NOT_OFFERED: the choice refused;
			 * CNV_ZEROS_LOST: how many */
	cnv_str text;   /* what the file brought, where the column does not hold it */
} cnv_event;

typedef struct cnv_judging {
	const cnv_plan *plan;
	cnv_batch *batch;
	const cnv_world *world;
	cnv_str source;
	uint32_t language;
	cnv_arena *scratch; /* masks and events: the whole call */
	cnv_arena temp;     /* one expression */
	uint32_t *ends;     /* of a column that is being calculated, and its text */
	cnv_text text;
	uint64_t **masks;       /* of each program that is a condition, over its table's rows; NULL until it was run */
	const uint64_t **asked; /* of each question, over the rows of its table */
	const uint64_t **gates; /* of each table but the first: its repeat's relevance over the parent's rows */
	cnv_event *events;
	uint32_t event_count, event_room;
	uint32_t nearest_budget; /* names that may still be compared for "did you mean" */
	cnv_str *names;          /* what each question is called, once a rule was told; in scratch */
	bool failed;
} cnv_judging;

/* check.c: the truth of a condition over the rows of the question's formula table; NULL when memory ran out. */
const uint64_t *cnv_judge_mask(cnv_judging *judging, cnv_question_id id, cnv_slot slot);
void cnv_judge_event(cnv_judging *judging, cnv_event event);
/* An event of one cell, as its verdict stands. */
void cnv_judge_cell(cnv_judging *judging, const cnv_table *table, const cnv_column *column, uint32_t row, cnv_code code,
		    uint32_t count);
uint64_t *cnv_judge_new_mask(cnv_judging *judging, uint32_t rows); /* zeros, in scratch */
bool cnv_judge_any(const uint64_t *bits, uint32_t rows);
/* The lowest bit of *word, taken out of it; *word is not 0. */
static inline uint32_t cnv_take_bit(uint64_t *word)
{
	uint32_t at = (uint32_t)__builtin_ctzll(*word);

	*word &= *word - 1;
	return at;
}

/* filter.c: refuses choices that are not offered. */
cnv_status cnv_judge_filter(cnv_judging *judging, const cnv_table *table, cnv_column *column);

/* calculate.c: runs the calculation of a question and fills its column. */
cnv_status cnv_judge_calculation(cnv_judging *judging, cnv_question_id id);

/* damage.c: what a spreadsheet did to the answers of a text question that are taken even so. */
void cnv_judge_damage(cnv_judging *judging, const cnv_table *table, const cnv_column *column);
/* Why answers of a text question are against its rule (`vector`), where it is a spreadsheet's doing: the code to tell
 * each by, 0 for none, and how many zeros were lost.  Both NULL: no answer is so.  In `temp`, beside the vector. */
typedef struct cnv_explained {
	uint16_t *codes;
	uint8_t *zeros;
} cnv_explained;
cnv_status cnv_judge_explain(cnv_judging *judging, const cnv_table *table, cnv_column *column, const cnv_vector *vector,
			     cnv_explained *out);
/* How many zeros in front make an all-digits text a name of the list; 0: none do. */
uint32_t cnv_zeros_lost(const cnv_list *list, cnv_str text);

/* findings.c: tells every event, in the order of the file. */
cnv_status cnv_judge_tell(cnv_judging *judging, cnv_findings *findings);

/* hints.c: what to write instead of an answer that could not be read. */
cnv_str cnv_hint_unreadable(cnv_kind kind, cnv_str text, const cnv_conventions *conventions, cnv_arena *arena);
/* budget: names that may be compared, lessened by those that were. */
cnv_str cnv_hint_choice(const cnv_form *form, const cnv_list *list, cnv_str text, uint32_t language, uint32_t *budget,
			cnv_arena *arena);

#endif
