/* Advice on comparisons: with codes that no list has, of several choices as if they were one, with an answer that may
 * be blank, with a date in quotes; and on answers that are a condition by themselves. */
#include "advise/advice.h"

#include <string.h>

/* A diagnostic with its caret under a node. */
#define ON_NODE(subject, node, ...)                                                                                    \
	CNV_DIAG(.place = cnv_subject_place(subject, node), .field = (subject)->question->name,                        \
		 .excerpt = (subject)->formula->text, __VA_ARGS__)

/* ---------------------------------------------------------------- with texts */

/* The nearest choice by name or label, as a hint. */
static cnv_str choice_hint(const struct advising *advising, const cnv_list *list, cnv_str text)
{
	uint32_t budget = 1000; /* names of a longer list are not typed by hand */

	return cnv_hint_choice(advising->form, list, text, advising->form->default_language, false, &budget,
			       advising->scratch);
}

/* The first word that is no choice of the list; false: all are. */
static bool find_strange(const cnv_list *list, cnv_str words, cnv_str *strange)
{
	while (cnv_str_word(&words, strange))
		if (cnv_list_find(list, *strange) == CNV_NONE)
			return true;
	return false;
}

static void advise_equality(const struct advising *advising, const struct subject *subject,
			    const struct equality *equality)
{
	const cnv_question *read = &advising->form->questions[equality->answer];
	const cnv_list *list = read->list == CNV_NONE ? NULL : cnv_list_known(&advising->form->lists[read->list]);
	bool as_one = (read->kind == CNV_CHOICES || read->kind == CNV_RANK) && !equality->selected;
	cnv_str strange = equality->text;

	if (!list || !equality->text.len)
		return;
	if (as_one && list->count > 1) {
		cnv_str hint = cnv_arena_format(advising->scratch,
						"write selected(${%.*s}, '%.*s') to test for one of the choices",
						CNV_ARG(read->name), CNV_ARG(equality->text));

		cnv_diags_emit(advising->diags,
			       ON_NODE(subject, equality->node, .code = CNV_SEVERAL_COMPARED, .hint = hint),
			       "\"%.*s\" allows several choices; true only when exactly these are selected",
			       CNV_ARG(read->name));
	}
	if (as_one ? !find_strange(list, equality->text, &strange) : cnv_list_find(list, strange) != CNV_NONE)
		return;
	cnv_diags_emit(advising->diags,
		       ON_NODE(subject, equality->node, .code = CNV_COMPARED_WITH_NO_CHOICE,
			       .hint = choice_hint(advising, list, strange)),
		       "\"%.*s\" is not a choice of \"%.*s\" (list \"%.*s\")", CNV_ARG(strange), CNV_ARG(read->name),
		       CNV_ARG(list->name));
}

/* ---------------------------------------------------------------- comparisons that a blank answer makes false */

/* The reference is compared with an empty text, or is the first argument of a function that handles a blank. */
static bool is_guard(const cnv_formula_tree *tree, uint32_t reference)
{
	static const char *const functions[] = { "coalesce", "string-length", "if", "boolean", "count-selected" };
	uint32_t parent = tree->nodes[reference].parent;
	cnv_formula_comparison comparison;

	if (cnv_formula_is_binary(tree, parent, CNV_OP_EQUAL) || cnv_formula_is_binary(tree, parent, CNV_OP_UNEQUAL))
		return cnv_formula_compares(tree, parent, &comparison) && !comparison.is_number && !comparison.text.len;
	if (cnv_formula_arg(tree, parent, 0) != reference)
		return false;
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (cnv_formula_is_call(tree, parent, functions[i]))
			return true;
	return false;
}

/* The formula says what holds where the question `name` is blank. */
static bool guards(const cnv_formula_tree *tree, cnv_str name)
{
	cnv_str found;

	for (uint32_t i = 0; tree && i < tree->count; i++)
		if (cnv_formula_is_reference(tree, i, &found) && cnv_str_equal(found, name) && is_guard(tree, i))
			return true;
	return false;
}

/* Every condition around `other` is also around `id`: when `id` is asked, so is `other`. */
static bool asked_as_often(const cnv_form *form, cnv_question_id other, cnv_question_id id)
{
	const cnv_question *questions = form->questions;

	for (cnv_question_id outer = other; outer != CNV_NONE; outer = questions[outer].parent) {
		const cnv_formula_tree *wanted = questions[outer].relevant.tree;
		bool found = !questions[outer].relevant.text.len;

		for (cnv_question_id mine = id; !found && mine != CNV_NONE; mine = questions[mine].parent) {
			const cnv_formula_tree *tree = questions[mine].relevant.tree;

			found = mine == outer ||
				cnv_formula_equal(tree, cnv_formula_root(tree), wanted, cnv_formula_root(wanted));
		}
		if (!found)
			return false;
	}
	return true;
}

/* `. <= ${other}` in a constraint: false when the other question is blank, which is hardly ever meant. */
static void advise_order(const struct advising *advising, const struct subject *subject, uint32_t node)
{
	cnv_question_id left = cnv_subject_answer(subject, cnv_formula_arg(subject->tree, node, 0));
	cnv_question_id right = cnv_subject_answer(subject, cnv_formula_arg(subject->tree, node, 1));
	cnv_question_id other = right == subject->id ? left : right;
	const cnv_question *questions = advising->form->questions, *read;
	cnv_str hint;

	if (subject->slot != CNV_SLOT_CONSTRAINT || left == CNV_NONE || right == CNV_NONE || other == subject->id)
		return;
	read = &questions[other];
	if (read->role != CNV_ASKED || (cnv_plan_rule(advising->plan, other, CNV_SLOT_REQUIRED)->kind == CNV_RULE_YES &&
					asked_as_often(advising->form, other, subject->id)))
		return;
	for (cnv_question_id id = subject->id; id != CNV_NONE; id = questions[id].parent)
		if (guards(questions[id].relevant.tree, read->name))
			return;
	if (guards(subject->tree, read->name))
		return;
	hint = cnv_arena_format(advising->scratch, "write (${%.*s} = '' or %.*s), or make \"%.*s\" required",
				CNV_ARG(read->name), CNV_ARG(cnv_formula_slice(subject->tree, node)),
				CNV_ARG(read->name));
	cnv_diags_emit(advising->diags, ON_NODE(subject, node, .code = CNV_ORDER_WITH_BLANK, .hint = hint),
		       "false when \"%.*s\" is blank, so the answer is rejected", CNV_ARG(read->name));
}

/* ---------------------------------------------------------------- dates in quotes, and bare conditions */

static bool is_quoted_date(const cnv_formula_tree *tree, uint32_t node)
{
	int32_t day;

	return cnv_formula_is(tree, node, CNV_F_TEXT) && tree->nodes[node].text.len >= 10 &&
	       cnv_day_read(cnv_str_slice(tree->nodes[node].text, 0, 10), &day);
}

static void advise_date(const struct advising *advising, const struct subject *subject, uint32_t node)
{
	const cnv_formula_tree *tree = subject->tree;
	uint32_t left = cnv_formula_arg(tree, node, 0), right = cnv_formula_arg(tree, node, 1);
	uint32_t date = is_quoted_date(tree, left) ? left : right;

	if (!is_quoted_date(tree, date))
		return;
	cnv_diags_emit(advising->diags,
		       ON_NODE(subject, date, .code = CNV_DATE_AS_TEXT,
			       .hint = cnv_arena_format(advising->scratch, "write date('%.*s')",
							CNV_ARG(tree->nodes[date].text))),
		       "most programs compare a date in quotes as text");
}

static bool is_time(const struct advising *advising, const struct subject *subject, uint32_t node)
{
	cnv_question_id read = cnv_subject_answer(subject, node);

	return read != CNV_NONE && advising->form->questions[read].kind == CNV_TIME;
}

/* A time is a text, and texts have no order: `. >= '10:00'` is never true. */
static void advise_time(const struct advising *advising, const struct subject *subject, uint32_t node)
{
	const cnv_formula_tree *tree = subject->tree;
	uint32_t left = cnv_formula_arg(tree, node, 0), right = cnv_formula_arg(tree, node, 1);

	if (!is_time(advising, subject, left) && !is_time(advising, subject, right))
		return;
	cnv_diags_emit(advising->diags,
		       ON_NODE(subject, node, .code = CNV_TIME_COMPARED,
			       .hint = cnv_arena_format(advising->scratch,
							"compare decimal-time(%.*s) with decimal-time(%.*s)",
							CNV_ARG(cnv_formula_slice(tree, left)),
							CNV_ARG(cnv_formula_slice(tree, right)))),
		       "times cannot be compared with < or >: this is never true");
}

/* The node's value is used as true or false. */
static bool is_condition(const struct subject *subject, uint32_t node)
{
	const cnv_formula_tree *tree = subject->tree;
	uint32_t parent = tree->nodes[node].parent;

	if (parent == CNV_NONE)
		return subject->slot == CNV_SLOT_RELEVANT || subject->slot == CNV_SLOT_REQUIRED ||
		       subject->slot == CNV_SLOT_CONSTRAINT || subject->slot == CNV_SLOT_READ_ONLY ||
		       subject->slot == CNV_SLOT_FILTER;
	if (cnv_formula_is_binary(tree, parent, CNV_OP_AND) || cnv_formula_is_binary(tree, parent, CNV_OP_OR) ||
	    cnv_formula_is_call(tree, parent, "not") || cnv_formula_is_call(tree, parent, "boolean"))
		return true;
	if (cnv_formula_is_call(tree, parent, "if"))
		return cnv_formula_arg(tree, parent, 0) == node;
	return cnv_formula_is_call(tree, parent, "checklist") && cnv_formula_arg(tree, parent, 0) != node &&
	       cnv_formula_arg(tree, parent, 1) != node;
}

static void advise_bare(const struct advising *advising, const struct subject *subject, uint32_t node)
{
	cnv_str name = advising->form->questions[cnv_subject_answer(subject, node)].name;

	cnv_diags_emit(advising->diags,
		       ON_NODE(subject, node, .code = CNV_BARE_CONDITION,
			       .hint = cnv_arena_format(
				       advising->scratch,
				       "write ${%.*s} != '' to test for an answer, or compare it with a choice",
				       CNV_ARG(name))),
		       "\"%.*s\" alone as a condition: other programs evaluate it differently", CNV_ARG(name));
}

/* ---------------------------------------------------------------- all of a formula */

void cnv_advise_comparisons(const struct advising *advising, const struct subject *subject)
{
	const cnv_formula_tree *tree = subject->tree;
	struct equality equality;

	for (uint32_t i = 0; tree && i < tree->count; i++) {
		cnv_formula_op op = tree->nodes[i].op;

		if (cnv_subject_equality(subject, i, &equality)) {
			advise_equality(advising, subject, &equality);
		} else if (cnv_op_is_comparison(op) && op != CNV_OP_EQUAL && op != CNV_OP_UNEQUAL) {
			advise_order(advising, subject, i);
			advise_date(advising, subject, i);
			advise_time(advising, subject, i);
		} else if (is_condition(subject, i) && cnv_subject_answer(subject, i) != CNV_NONE) {
			advise_bare(advising, subject, i);
		}
	}
}
