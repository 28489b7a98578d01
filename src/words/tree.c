/* tree.c: the meaning of formula nodes in the form: questions, columns, choices, days. */
#include "words/words_internal.h"

/* ---------------------------------------------------------------- shapes */

words_node *words_arg(const words_renderer *t, words_node *p, uint32_t i)
{
	return &t->tree->nodes[cnv_formula_arg(t->tree, (uint32_t)(p - t->tree->nodes), i)];
}

bool words_is_binary(words_node *p, cnv_formula_op op)
{
	return p->kind == CNV_F_BINARY && p->op == op;
}

bool words_is_call(words_node *p, const char *name)
{
	return p->kind == CNV_F_CALL && cnv_str_equal(p->text, cnv_str_from(name));
}

bool words_is_text(words_node *p)
{
	return p->kind == CNV_F_TEXT;
}

bool words_is_constant(words_node *p)
{
	return p->kind == CNV_F_TEXT || p->kind == CNV_F_NUMBER;
}

bool words_is_comparison(words_node *p)
{
	return p->kind == CNV_F_BINARY && cnv_op_is_comparison(p->op);
}

/* ---------------------------------------------------------------- the whole tree */

/* Every name of the formula belongs to the form or is a function. */
static bool is_known(const cnv_form *form, const cnv_formula_tree *tree)
{
	for (uint32_t i = 0; i < tree->mention_count; i++) {
		const cnv_formula_mention *mention = &tree->mentions[i];
		const cnv_function_info *info = mention->function ? cnv_function_find(mention->name) : NULL;

		if (mention->function ? !info || !info->supported
				      : !form || (cnv_form_find(form, mention->name) >= form->count &&
						  !cnv_str_equal(mention->name, CNV_STR("instanceID")) &&
						  !cnv_str_equal(mention->name, CNV_STR("instanceName"))))
			return false;
	}
	return true;
}

/* In a filter `.`, `..` and bare names refer to the choice. */
static bool begins_at_choice(const words_renderer *t, uint32_t node)
{
	cnv_formula_kind kind = t->tree->nodes[t->tree->nodes[node].first].kind;

	return t->context->purpose == CNV_FOR_FILTER &&
	       (kind == CNV_F_NAME || kind == CNV_F_SELF || kind == CNV_F_PARENT || kind == CNV_F_STEP);
}

words_node *words_begin(words_renderer *t, const cnv_formula *formula)
{
	const cnv_form *form = t->context->form;
	uint32_t root;

	t->tree = formula->tree ? formula->tree : cnv_formula_parse(formula->text, t->arena);
	root = cnv_formula_root(t->tree);
	if (root == CNV_NONE || !is_known(form, t->tree))
		return NULL;
	cnv_question_id *questions = cnv_arena_array(t->arena, t->tree->count, sizeof *questions);
	if (!questions)
		return NULL;
	for (uint32_t i = 0; i < t->tree->count; i++) {
		words_node *node = &t->tree->nodes[i];
		bool inner = node->parent != CNV_NONE && t->tree->nodes[node->parent].kind == CNV_F_STEP;

		questions[i] = inner || begins_at_choice(t, i) ? CNV_NONE
							       : cnv_form_follow(form, t->context->self, t->tree, i);
	}
	t->questions = questions;
	return &t->tree->nodes[root];
}

/* ---------------------------------------------------------------- questions and their choices */

cnv_question_id words_question(const words_renderer *t, words_node *p)
{
	return t->questions[p - t->tree->nodes];
}

cnv_str words_column(const words_renderer *t, words_node *p)
{
	uint32_t node = (uint32_t)(p - t->tree->nodes);
	bool step = p->kind == CNV_F_STEP && p->step == CNV_STEP_NAME && !p->axis.len &&
		    (!p->argc || t->tree->nodes[p->arg].kind == CNV_F_SELF);

	return begins_at_choice(t, node) && (p->kind == CNV_F_NAME || step) ? p->text : CNV_STR("");
}

const cnv_question *words_answer_of(const words_renderer *t, words_node *p)
{
	const cnv_form *form = t->context->form;
	cnv_question_id id = words_question(t, p);
	if (id == CNV_NONE || form->questions[id].column == CNV_NONE)
		return NULL;
	for (uint32_t table = cnv_form_table_of(form, t->context->self);; table = form->tables[table].parent)
		if (table == form->questions[id].table)
			return &form->questions[id];
		else if (table == 0)
			return NULL;
}

bool words_is_own_answer(const words_renderer *t, words_node *p)
{
	return words_question(t, p) != CNV_NONE && words_question(t, p) == t->context->self;
}

bool words_is_same(const words_renderer *t, words_node *a, words_node *b)
{
	return a != NULL && b && words_question(t, a) != CNV_NONE && words_question(t, a) == words_question(t, b);
}

const cnv_choice *words_choice_of(const words_renderer *t, const cnv_question *question, words_node *constant)
{
	const cnv_form *form = t->context->form;
	const cnv_list *list = question->list < form->list_count ? &form->lists[question->list] : NULL;
	const cnv_choice *found = NULL;
	double number;

	if (!list || list->open)
		return NULL;
	if (words_is_text(constant)) {
		uint32_t at = cnv_list_find(list, constant->text);
		return at < list->count && !list->duplicates ? &list->choices[at] : NULL;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		if (!cnv_number_read(list->choices[i].name, &number) || number != constant->number)
			continue;
		if (found)
			return NULL;
		found = &list->choices[i];
	}
	return found;
}

/* ---------------------------------------------------------------- days and numbers */

bool words_is_day(const words_renderer *t, words_node *p)
{
	while ((words_is_binary(p, CNV_OP_PLUS) || words_is_binary(p, CNV_OP_MINUS)) &&
	       words_arg(t, p, 1)->kind == CNV_F_NUMBER)
		p = words_arg(t, p, 0);
	const cnv_question *question = words_answer_of(t, p);
	if (question)
		return question->kind == CNV_DATE;
	return words_is_call(p, "today") || words_is_call(p, "now") || words_is_call(p, "date");
}

/* A question whose answer can be used in arithmetic. */
bool words_is_measure(const words_renderer *t, words_node *p)
{
	const cnv_question *question = words_answer_of(t, p);
	if (question)
		return question->kind == CNV_INTEGER || question->kind == CNV_DECIMAL || question->kind == CNV_TEXT;
	return p->kind == CNV_F_NUMBER || p->kind == CNV_F_BINARY || p->kind == CNV_F_NEGATE ||
	       (p->kind == CNV_F_CALL && !words_is_day(t, p));
}
