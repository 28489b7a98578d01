/* Advice on a form that compiles: what a careful colleague would point out before it is sent.
 *
 * Each piece looks at one formula of one question, or at a rule that is a constant.  It is meant to be right nearly
 * always: a warning that is usually wrong teaches people to skip them all.
 */
#include "advise/advice.h"

/* ---------------------------------------------------------------- functions over many answers that get one */

/* sum(${x}) where there is one x: the only argument, asked once or once in the same entry. */
static void advise_aggregates(const struct advising *advising, const struct subject *subject)
{
	static const char *const functions[] = { "sum", "count", "min", "max" };
	const cnv_formula_tree *tree = subject->tree;

	for (uint32_t i = 0; tree && i < tree->count; i++) {
		const cnv_formula_node *node = &tree->nodes[i];
		cnv_question_id read;

		if (node->kind != CNV_F_CALL || node->argc != 1 || tree->nodes[node->arg].kind != CNV_F_REFERENCE ||
		    (read = cnv_subject_answer(subject, node->arg)) == CNV_NONE)
			continue;
		for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++)
			if (cnv_str_equal(node->text, cnv_str_from(functions[k])))
				cnv_diags_emit(
					advising->diags,
					CNV_DIAG(.code = CNV_ONE_ANSWER_SUMMED, .place = cnv_subject_place(subject, i),
						 .field = subject->question->name, .excerpt = subject->formula->text),
					"%s() of a single answer has no effect: there is one \"%.*s\" here",
					functions[k], CNV_ARG(advising->form->questions[read].name));
	}
}

/* ---------------------------------------------------------------- rules that are constants */

/* Whether a rule always has the same value, *yes. */
static bool is_constant(const struct advising *advising, const cnv_slot_rule *rule, bool *yes)
{
	cnv_world world = { 0 };
	cnv_vector vector;

	*yes = rule->kind == CNV_RULE_YES;
	if (rule->kind != CNV_RULE_PROGRAM)
		return rule->kind != CNV_RULE_NONE;
	if (!cnv_expr_is_constant(rule->expr) ||
	    cnv_expr_run(rule->expr, NULL, 0, 0, 1, NULL, &world, advising->scratch, &vector))
		return false;
	*yes = cnv_value_boolean(&vector, 0);
	return true;
}

/* message: holds one %s, for the noun, or none. */
static void report(const struct advising *advising, const struct subject *subject, cnv_code code, const char *hint,
		   const char *message, const char *noun)
{
	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = (uint16_t)code, .place = subject->formula->place,
				.field = subject->question->name, .excerpt = subject->formula->text,
				.hint = cnv_str_from(hint)),
		       "%.*s", CNV_ARG(cnv_arena_format(advising->scratch, message, noun)));
}

static void advise_constants(const struct advising *advising, const struct subject *subject)
{
	const cnv_slot_rule *rule = subject->rule;
	const char *noun = cnv_subject_noun(subject->question);
	bool yes;

	if ((subject->slot != CNV_SLOT_RELEVANT && subject->slot != CNV_SLOT_CONSTRAINT) ||
	    !is_constant(advising, rule, &yes))
		return;
	if (subject->slot == CNV_SLOT_CONSTRAINT && !yes)
		report(advising, subject, CNV_RULE_NEVER_HOLDS,
		       "a constraint usually compares the answer, written as a dot: . >= 0",
		       "no answer satisfies this constraint", "");
	if (subject->slot == CNV_SLOT_RELEVANT && !yes)
		report(advising, subject, CNV_NEVER_ASKED, "if that is intended, remove the row from the form",
		       "always false: this %s is never asked", noun);
	if (subject->slot == CNV_SLOT_RELEVANT && yes && rule->kind == CNV_RULE_PROGRAM)
		report(advising, subject, CNV_ALWAYS_ASKED,
		       "compare an answer, written as ${question}, or clear the cell",
		       "always true: this %s is always asked", noun);
}

/* Rules on rows that no person answers; those on notes, and constraints on groups, are reported with the form. */
static void advise_unanswered(const struct advising *advising, const struct subject *subject)
{
	cnv_role role = subject->question->role;

	if (role == CNV_ASKED || role == CNV_SHOWN || subject->rule->kind == CNV_RULE_NONE)
		return;
	if (subject->slot == CNV_SLOT_REQUIRED && subject->rule->kind != CNV_RULE_NO)
		report(advising, subject, CNV_REQUIRED_OF_NOBODY,
		       "clear the cell; mark the questions themselves as required",
		       "this row has no answer, so it cannot be required", "");
	if (subject->slot == CNV_SLOT_CONSTRAINT && (role == CNV_COMPUTED || role == CNV_METADATA))
		report(advising, subject, CNV_RULE_ON_NOBODY,
		       "put the constraint on a question, or show the mistake in a note whose relevance is this"
		       " condition",
		       "this row is not answered, so its constraint is never checked", "");
}

/* ---------------------------------------------------------------- public */

static void advise_formula(const struct advising *advising, const struct subject *subject)
{
	advise_constants(advising, subject);
	advise_unanswered(advising, subject);
	advise_aggregates(advising, subject);
	if (subject->slot == CNV_SLOT_CONSTRAINT)
		cnv_advise_message(advising, subject);
	if (subject->rule->kind != CNV_RULE_PROGRAM)
		return;
	if (subject->slot == CNV_SLOT_FILTER)
		cnv_advise_cascade(advising, subject);
	cnv_advise_comparisons(advising, subject);
	cnv_advise_patterns(advising, subject);
}

void cnv_advise(const cnv_plan *plan, cnv_arena *scratch, cnv_diags *diags)
{
	const cnv_form *form = cnv_plan_form(plan);
	uint32_t choices_left = 1u << 20;
	struct advising advising = { plan, form, scratch, diags, &choices_left };
	struct subject subject;
	cnv_once once;

	cnv_once_init(&once, diags);
	if (form->looped)
		advising.diags = &once.diags;
	for (cnv_question_id id = 0; id < form->count; id++)
		for (cnv_slot slot = 0; slot < CNV_SLOTS; slot++) {
			if (!cnv_slot_formula(&form->questions[id], slot)->text.len)
				continue;
			cnv_subject_init(&subject, plan, id, slot);
			advise_formula(&advising, &subject);
		}
	cnv_advise_probe(plan, advising.diags);
	cnv_once_fini(&once);
}
