/* ask.c: questions that many ask about a tree. */
#include "canvass/formula.h"

#include <string.h>

/* What an operator is when its sides are exchanged; 0: it is no comparison. */
static const cnv_formula_op turned[CNV_OP_UNION + 1] = {
	[CNV_OP_EQUAL] = CNV_OP_EQUAL, [CNV_OP_UNEQUAL] = CNV_OP_UNEQUAL,
	[CNV_OP_LESS] = CNV_OP_MORE,   [CNV_OP_LESS_EQUAL] = CNV_OP_MORE_EQUAL,
	[CNV_OP_MORE] = CNV_OP_LESS,   [CNV_OP_MORE_EQUAL] = CNV_OP_LESS_EQUAL,
};

bool cnv_op_is_comparison(cnv_formula_op op)
{
	return turned[op] != 0;
}

cnv_formula_op cnv_op_turn(cnv_formula_op op)
{
	return turned[op] ? turned[op] : op;
}

/* ---------------------------------------------------------------- nodes */

static const cnv_formula_node *node_at(const cnv_formula_tree *tree, uint32_t node)
{
	return tree != NULL && node < tree->count ? &tree->nodes[node] : NULL;
}

uint32_t cnv_formula_root(const cnv_formula_tree *tree)
{
	return !tree || tree->mistake_count > 0 ? CNV_NONE : tree->root;
}

uint32_t cnv_formula_arg(const cnv_formula_tree *tree, uint32_t node, uint32_t i)
{
	const cnv_formula_node *of = node_at(tree, node);
	uint32_t arg = of ? of->arg : CNV_NONE;
	while (i-- > 0 && arg != CNV_NONE)
		arg = tree->nodes[arg].next;
	return arg;
}

cnv_str cnv_formula_slice(const cnv_formula_tree *tree, uint32_t node)
{
	const cnv_formula_node *of = node_at(tree, node);
	return of != NULL ? cnv_str_slice(tree->text, of->from, of->upto) : CNV_STR("");
}

bool cnv_formula_is(const cnv_formula_tree *tree, uint32_t node, cnv_formula_kind kind)
{
	const cnv_formula_node *of = node_at(tree, node);
	return of != NULL && of->kind == kind;
}

bool cnv_formula_is_reference(const cnv_formula_tree *tree, uint32_t node, cnv_str *name)
{
	const cnv_formula_node *of = node_at(tree, node);
	if (!of || of->kind != CNV_F_REFERENCE || of->last_saved || of->text.len == 0)
		return false;
	*name = of->text;
	return true;
}

bool cnv_formula_is_binary(const cnv_formula_tree *tree, uint32_t node, cnv_formula_op op)
{
	const cnv_formula_node *of = node_at(tree, node);
	return of != NULL && of->kind == CNV_F_BINARY && of->op == op;
}

bool cnv_formula_is_call(const cnv_formula_tree *tree, uint32_t node, const char *name)
{
	const cnv_formula_node *of = node_at(tree, node);
	return of != NULL && of->kind == CNV_F_CALL && cnv_str_equal(of->text, cnv_str_from(name));
}

bool cnv_formula_is_number(const cnv_formula_tree *tree, uint32_t node, double *number)
{
	const cnv_formula_node *of = node_at(tree, node);
	bool minus = of && of->kind == CNV_F_NEGATE;
	if (minus)
		of = &tree->nodes[of->arg];
	if (!of || of->kind != CNV_F_NUMBER)
		return false;
	*number = minus ? -of->number : of->number;
	return true;
}

bool cnv_formula_is_literal(const cnv_formula_tree *tree, uint32_t node, cnv_str *text)
{
	const cnv_formula_node *of = node_at(tree, node);
	double number;
	if (!of || (of->kind != CNV_F_TEXT && !cnv_formula_is_number(tree, node, &number)))
		return false;
	*text = of->kind == CNV_F_NEGATE ? cnv_formula_slice(tree, node) : of->text;
	return true;
}

uint32_t cnv_formula_next_call(const cnv_formula_tree *tree, const char *name, uint32_t after)
{
	for (uint32_t i = after == CNV_NONE ? 0 : after + 1; tree && i < tree->count; i++)
		if (cnv_formula_is_call(tree, i, name))
			return i;
	return CNV_NONE;
}

uint32_t cnv_formula_next_reference(const cnv_formula_tree *tree, uint32_t after)
{
	for (uint32_t i = after == CNV_NONE ? 0 : after + 1; tree && i < tree->mention_count; i++)
		if (!tree->mentions[i].function && tree->mentions[i].name.len > 0)
			return i;
	return CNV_NONE;
}

uint32_t cnv_formula_next_term(const cnv_formula_tree *tree, uint32_t top, cnv_formula_op op, uint32_t after)
{
	uint32_t node = top;
	if (!node_at(tree, top) || after == top)
		return CNV_NONE;
	if (after != CNV_NONE) {
		while (after != top && tree->nodes[after].next == CNV_NONE)
			after = tree->nodes[after].parent;
		if (after == top)
			return CNV_NONE;
		node = tree->nodes[after].next;
	}
	while (cnv_formula_is_binary(tree, node, op))
		node = tree->nodes[node].arg;
	return node;
}

static bool same_node(const cnv_formula_node *a, const cnv_formula_node *b)
{
	return a->kind == b->kind && a->op == b->op && a->step == b->step && a->last_saved == b->last_saved &&
	       a->argc == b->argc && cnv_str_equal(a->axis, b->axis) &&
	       (a->kind == CNV_F_NUMBER
			? a->number == b->number
			: a->kind == CNV_F_BINARY || a->kind == CNV_F_NEGATE || cnv_str_equal(a->text, b->text));
}

bool cnv_formula_equal(const cnv_formula_tree *a, uint32_t left, const cnv_formula_tree *b, uint32_t right)
{
	const cnv_formula_node *x = node_at(a, left), *y = node_at(b, right);
	if (!x || !y || left - x->first != right - y->first)
		return false;
	/* Nodes in postfix order with their counts of arguments have one shape only. */
	for (uint32_t i = 0; i <= left - x->first; i++)
		if (!same_node(&a->nodes[x->first + i], &b->nodes[y->first + i]))
			return false;
	return true;
}

/* ---------------------------------------------------------------- comparisons */

bool cnv_formula_compares(const cnv_formula_tree *tree, uint32_t node, cnv_formula_comparison *out)
{
	const cnv_formula_node *of = node_at(tree, node);
	if (!of || of->kind != CNV_F_BINARY || !cnv_op_is_comparison(of->op))
		return false;
	uint32_t left = of->arg, right = tree->nodes[left].next;
	*out = (cnv_formula_comparison){ .op = of->op, .subject = left, .literal = right };
	if (!cnv_formula_is_literal(tree, right, &out->text)) {
		if (!cnv_formula_is_literal(tree, left, &out->text))
			return false;
		*out = (cnv_formula_comparison){
			.op = cnv_op_turn(of->op), .subject = right, .literal = left, .text = out->text
		};
	}
	out->is_number = cnv_formula_is_number(tree, out->literal, &out->number);
	if (!out->is_number)
		out->number = (double)__builtin_nanf("");
	return true;
}
