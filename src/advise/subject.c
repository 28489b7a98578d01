/* One formula of one question, and what its nodes read.
 *
 * A reference, a dot or a plain path that leads to one answer names its question here.  Paths with conditions lead to
 * several rows, and no advice is given on them.
 */
#include "advise/advice.h"

/* Marks the nodes inside conditions on paths.  In postfix order, the nodes of a condition come right before its
 * CNV_F_WHERE. */
static void mark_inside(struct subject *subject)
{
	const cnv_formula_tree *tree = subject->tree;
	uint32_t from = tree->count; /* the condition around the present node begins here */

	cnv_bits_fill(subject->inside, CNV_FORMULA_PARTS, false);
	for (uint32_t i = tree->count; i-- > 0;) {
		bool inside = i >= from;

		if (i < CNV_FORMULA_PARTS && inside)
			cnv_bit_set(subject->inside, i);
		if (inside && i == from)
			from = tree->count;
		if (!inside && tree->nodes[i].kind == CNV_F_WHERE)
			from = tree->nodes[i - 1].first;
	}
}

void cnv_subject_init(struct subject *subject, const cnv_plan *plan, cnv_question_id id, cnv_slot slot)
{
	const cnv_form *form = cnv_plan_form(plan);
	const cnv_question *question = &form->questions[id];
	const cnv_formula *formula = cnv_slot_formula(question, slot);

	subject->form = form;
	subject->id = id;
	subject->question = question;
	subject->slot = slot;
	subject->formula = formula;
	subject->tree = formula->tree;
	subject->rule = cnv_plan_rule(plan, id, slot);
	subject->conditions = subject->tree && subject->tree->opening_count;
	if (subject->conditions)
		mark_inside(subject);
}

bool cnv_table_encloses(const cnv_form *form, uint32_t table, uint32_t of)
{
	while (of != table && of)
		of = form->tables[of].parent;
	return of == table;
}

/* The table over whose rows the formula is run. */
static uint32_t table_of(const struct subject *subject)
{
	cnv_question_id filtered = subject->question->filtered;

	return subject->slot == CNV_SLOT_FILTER && filtered != CNV_NONE ? cnv_slot_table(subject->form, filtered)
									: cnv_slot_table(subject->form, subject->id);
}

/* Steps of a path that are followed; longer ones are not in use. */
#define MOST_STEPS 16u

/* The question at the end of a plain path: /data/group/name, ../name, current()/../name.  CNV_NONE: there is none. */
static cnv_question_id follow_path(const struct subject *subject, uint32_t node)
{
	const cnv_question *questions = subject->form->questions;
	const cnv_formula_node *steps[MOST_STEPS], *start;
	cnv_question_id here = subject->id;
	uint32_t count = 0;

	for (; cnv_formula_is(subject->tree, node, CNV_F_STEP); node = subject->tree->nodes[node].arg) {
		if (count == MOST_STEPS || subject->tree->nodes[node].axis.len)
			return CNV_NONE;
		steps[count++] = &subject->tree->nodes[node];
	}
	start = node == CNV_NONE ? NULL : &subject->tree->nodes[node];
	if (start && start->kind == CNV_F_ROOT && count && steps[--count]->step == CNV_STEP_NAME)
		here = CNV_NONE;
	else if (start && start->kind == CNV_F_PARENT && subject->slot != CNV_SLOT_FILTER)
		here = questions[here].parent;
	else if (!start ||
		 (start->kind != CNV_F_CURRENT && (start->kind != CNV_F_SELF || subject->slot == CNV_SLOT_FILTER)))
		return CNV_NONE;
	while (count--) {
		cnv_question_id found = steps[count]->step == CNV_STEP_NAME
						? cnv_form_find(subject->form, steps[count]->text)
						: CNV_NONE;

		if (steps[count]->step == CNV_STEP_PARENT && here != CNV_NONE)
			here = questions[here].parent;
		else if (found < subject->form->count && questions[found].parent == here)
			here = found;
		else
			return CNV_NONE;
	}
	return here;
}

cnv_question_id cnv_subject_answer(const struct subject *subject, uint32_t node)
{
	const cnv_form *form = subject->form;
	cnv_question_id id = CNV_NONE;
	cnv_str name;

	if (node >= CNV_FORMULA_PARTS || (subject->conditions && cnv_bit(subject->inside, node)))
		return CNV_NONE;
	if (cnv_formula_is(subject->tree, node, CNV_F_SELF) && subject->slot != CNV_SLOT_FILTER)
		id = subject->id;
	else if (cnv_formula_is_reference(subject->tree, node, &name))
		id = cnv_form_find(form, name);
	else if (cnv_formula_is(subject->tree, node, CNV_F_STEP))
		id = follow_path(subject, node);
	if (id >= form->count || form->questions[id].column == CNV_NONE ||
	    !cnv_table_encloses(form, form->questions[id].table, table_of(subject)))
		return CNV_NONE;
	return id;
}

bool cnv_subject_equality(const struct subject *subject, uint32_t node, struct equality *out)
{
	const cnv_formula_tree *tree = subject->tree;
	cnv_formula_op op = tree->nodes[node].op;
	uint32_t first, second;

	*out = (struct equality){ .selected = cnv_formula_is_call(tree, node, "selected") };
	if (!out->selected && op != CNV_OP_EQUAL && op != CNV_OP_UNEQUAL)
		return false;
	first = cnv_formula_arg(tree, node, 0);
	second = cnv_formula_arg(tree, node, 1);
	if (!out->selected && cnv_formula_is(tree, first, CNV_F_TEXT)) {
		uint32_t turned = first;

		first = second;
		second = turned;
	}
	out->answer = cnv_subject_answer(subject, first);
	if (out->answer == CNV_NONE || !cnv_formula_is(tree, second, CNV_F_TEXT))
		return false;
	out->node = second;
	out->text = out->selected ? cnv_str_trim(tree->nodes[second].text) : tree->nodes[second].text;
	return true;
}

const char *cnv_subject_noun(const cnv_question *question)
{
	return question->role == CNV_GROUP ? "group" : question->role == CNV_REPEAT ? "repeat" : "question";
}

cnv_place cnv_subject_place(const struct subject *subject, uint32_t node)
{
	cnv_place place = subject->formula->place;

	place.from = subject->tree->nodes[node].from;
	place.upto = subject->tree->nodes[node].upto;
	return place;
}
