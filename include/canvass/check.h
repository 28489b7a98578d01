/* check: a compiled form, and the verdicts by it.
 *
 * plan.c compiles every formula of a form, orders them by what reads what, and reports cycles; check.c runs the plan over
 * a batch: one loop per step, a verdict byte per cell.  ask.c answers the interview's questions about one row.
 */
#ifndef CANVASS_CHECK_H
#define CANVASS_CHECK_H

#include "canvass/words.h"

typedef struct cnv_plan cnv_plan;

/* Compiles and orders; reports every mistake.  CNV_REJECTED when the form cannot be run: *out is then still set, for
 * cnv_advise and cnv_plan_fini only, so that one run reports everything.  The plan borrows the form. */
cnv_status cnv_plan_build(cnv_plan **out, const cnv_form *form, uint32_t rows_ahead, cnv_arena *arena,
			  cnv_diags *diags);
void cnv_plan_fini(cnv_plan *plan); /* NULL is fine */
/* Does an expression call random(), uuid() or another function that is not to be recomputed on stored data? */
bool cnv_plan_is_volatile(const cnv_plan *plan);
/* How many expressions it holds, for the summary line of `check`. */
uint32_t cnv_plan_expressions(const cnv_plan *plan);

/* ---------------------------------------------------------------- the rules of a plan */

/* The formulas a question can carry. */
typedef enum cnv_slot {
	CNV_SLOT_RELEVANT,
	CNV_SLOT_REQUIRED,
	CNV_SLOT_CONSTRAINT,
	CNV_SLOT_WARNING,
	CNV_SLOT_CALCULATION,
	CNV_SLOT_DEFAULT,
	CNV_SLOT_READ_ONLY,
	CNV_SLOT_FILTER,
	CNV_SLOT_COUNT,
	CNV_SLOTS
} cnv_slot;

/* The result of compiling a formula. */
typedef struct cnv_slot_rule {
	enum { CNV_RULE_NONE, CNV_RULE_YES, CNV_RULE_NO, CNV_RULE_PROGRAM } kind;
	uint32_t program;     /* number of the program, below cnv_plan_programs(); rules may share one */
	const cnv_expr *expr; /* the program */
} cnv_slot_rule;

const cnv_form *cnv_plan_form(const cnv_plan *plan);
uint32_t cnv_plan_programs(const cnv_plan *plan);
const cnv_slot_rule *cnv_plan_rule(const cnv_plan *plan, cnv_question_id id, cnv_slot slot);
const cnv_formula *cnv_slot_formula(const cnv_question *question, cnv_slot slot);
/* The table over whose rows a formula is run: for a repeat's own formulas, the table around it. */
uint32_t cnv_slot_table(const cnv_form *form, cnv_question_id id);

/* ---------------------------------------------------------------- judging */

/* A verdict or defect that a person must know of. */
typedef struct cnv_finding {
	cnv_diag diag; /* field: the cell's path; excerpt: its value; message: the form's own, or ours */
	uint32_t table, row;
	cnv_question_id question;
	cnv_verdict verdict;
} cnv_finding;

typedef struct cnv_findings {
	void (*emit)(void *self, const cnv_finding *finding); /* borrowed for the call; NULL: counted only */
	void *self;
	uint64_t errors, warnings;
} cnv_findings;

/* Judges a settled batch: relevance, required, choice filters, constraints, calculations; fills every verdict and
 * `usable`.  `source` goes into places; `language` chooses the form's messages. */
cnv_status cnv_check(const cnv_plan *plan, cnv_batch *batch, const cnv_world *world, cnv_str source, uint32_t language,
		     cnv_arena *scratch, cnv_findings *findings);

/* Who is asked what, and must answer: for each question a bit a row of its table.  Lives in the scratch of the check. */
typedef struct cnv_asking {
	const uint64_t *const *asked;    /* of a repeat: over its entries */
	const uint64_t *const *required; /* whether asked or not; NULL: in no row */
	const uint64_t *const *gates;    /* of each table but the first: is its repeat asked in each parent row */
} cnv_asking;
/* cnv_check, which also returns what it knows of that. */
cnv_status cnv_check_asking(const cnv_plan *plan, cnv_batch *batch, const cnv_world *world, cnv_str source,
			    uint32_t language, cnv_arena *scratch, cnv_findings *findings, cnv_asking *asking);

/* The choice that was meant by `text`, as a hint.  offered: the cell offers the labels, and codes mean nothing there.
 * budget: names that may be compared, reduced by those that were. */
cnv_str cnv_hint_choice(const cnv_form *form, const cnv_list *list, cnv_str text, uint32_t language, bool offered,
			uint32_t *budget, cnv_arena *arena);

/* ---------------------------------------------------------------- asking: one row of a judged batch, for the interview */

/* Is the answer to this question fixed in row `row`: it is read-only, or always calculated? */
bool cnv_plan_fixed(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question, uint32_t row,
		    const cnv_world *world, cnv_arena *scratch);
/* The computed default of a question in row `row`, as text in `scratch`; empty: it has none. */
cnv_str cnv_plan_default(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question, uint32_t row,
			 const cnv_world *world, cnv_arena *scratch);
/* Is this repeat asked in a parent row, and how many entries: repeat_count, or UINT32_MAX where the respondent decides. */
bool cnv_plan_repeat(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id repeat, uint32_t parent_row,
		     const cnv_world *world, cnv_arena *scratch, uint32_t *count);
/* Which choices of a question's list are offered in row `row`: bit per choice. */
cnv_status cnv_plan_choices(const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question, uint32_t row,
			    const cnv_world *world, cnv_arena *scratch, uint64_t *offered);

/* ---------------------------------------------------------------- explaining: one cell of a judged batch (explain.c) */

/* A piece of a formula, and its value. */
typedef struct cnv_explained_part {
	uint32_t depth;
	cnv_str text, value;
} cnv_explained_part;

/* An answer that a formula reads. */
typedef struct cnv_explained_answer {
	cnv_question_id question;
	cnv_str value; /* in quotes; of a repeat inside, of each entry; "blank" */
} cnv_explained_answer;

/* A rule on the cell: its own, or the relevance of a group or repeat around it. */
typedef struct cnv_explained_rule {
	cnv_question_id of;
	cnv_slot slot;
	cnv_str formula;
	cnv_str value; /* "true", "'blue'"; empty: it could not be evaluated */
	cnv_explained_part *parts;
	uint32_t part_count, part_room;
	cnv_explained_answer *answers;
	uint32_t answer_count;
} cnv_explained_rule;

typedef struct cnv_explanation {
	cnv_explained_rule *rules; /* relevance from the outside in, then the rules of the question */
	uint32_t count, room;
} cnv_explanation;
/* The rules that were applied: on the value only where there is one that can be used.  Everything is in the arena.  world:
 * that of the judgement. */
cnv_status cnv_explain(cnv_explanation *out, const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question,
		       uint32_t row, const cnv_world *world, cnv_arena *arena);
const char *cnv_slot_word(cnv_slot slot); /* "relevant": the column of the form */

#endif
