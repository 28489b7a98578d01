/* Nodes to steps.
 *
 * Nodes are in postfix order, so one pass with a stack of operands is enough, without recursion over the text. */
#include "expr/compile.h"
#include "expr/pattern.h"

#include <string.h>

/* ---------------------------------------------------------------- the whole */

static expr_operand *build_node(expr_compiler *compiler, const expr_node *node, expr_operand **args)
{
	expr_operand *operand = NULL;
	switch (node->kind) {
	case NODE_NUMBER:
		operand = expr_constant_number(compiler, node->number);
		break;
	case NODE_TEXT:
		operand = expr_constant_text(compiler, node->text);
		operand->literal = operand->kind == OPERAND_CONSTANT;
		break;
	case NODE_QUESTION:
		return expr_question(compiler, node->meaning, node->level, node->from, node->upto);
	case NODE_SELECT:
		operand = expr_select(compiler, node);
		break;
	case NODE_SAVED:
		operand = expr_emit(compiler, (expr_step){ .op = OP_blank }, TYPE_TEXT, NULL, 0);
		break;
	case NODE_UNKNOWN:
		compiler->expr->unsure = true;
		operand = expr_emit(compiler, (expr_step){ .op = OP_unknown }, TYPE_TEXT, NULL, 0);
		break;
	case NODE_IDENTITY: {
		bool single;
		compiler->expr->unsure = true;
		operand = expr_emit(compiler,
				    (expr_step){ .op = OP_load_identity, .way = expr_way_to(compiler, 0, 0, &single) },
				    TYPE_TEXT, NULL, 0);
		break;
	}
	case NODE_ROOT:
		operand = expr_operand_new(compiler, OPERAND_GROUP, TYPE_TEXT);
		break;
	case NODE_NOTHING:
		operand = expr_constant_text(compiler, CNV_STR(""));
		break;
	case NODE_COLUMN:
		operand = expr_operand_new(compiler, OPERAND_COLUMN, TYPE_TEXT);
		if (operand->kind == OPERAND_COLUMN) {
			operand->name = node->text;
			operand->level = node->level;
			operand->items = node->items;
		}
		break;
	case NODE_NEGATE:
		args[0] = expr_as(compiler, args[0], TYPE_NUMBER);
		operand = expr_emit(compiler, (expr_step){ .op = OP_negate }, TYPE_NUMBER, args, 1);
		break;
	case NODE_BINARY:
		operand = node->op == CNV_OP_UNION && args[0]->kind != OPERAND_BAD && args[1]->kind != OPERAND_BAD
				  ? expr_unite(compiler, node, args[0], args[1])
			  : node->op == CNV_OP_UNION ? expr_bad(compiler)
						     : expr_binary(compiler, node->op, args[0], args[1]);
		break;
	case NODE_CALL:
		operand = expr_call(compiler, node, args);
		break;
	case NODE_BAD:
		operand = expr_bad(compiler);
		break;
	}
	if (!operand)
		operand = expr_bad(compiler);
	return expr_placed(operand, node->kind == NODE_BINARY && args[0]->upto > 0 ? args[0]->from : node->from,
			   node->kind == NODE_BINARY && args[1]->upto > 0 ? args[1]->upto : node->upto);
}

static expr_operand *build_nodes(expr_compiler *compiler, const expr_node *nodes, uint32_t count)
{
	expr_operand **stack = cnv_arena_array(&compiler->work, (size_t)count + 1, sizeof *stack);
	uint32_t top = 0;
	if (!stack) {
		compiler->no_memory = true;
		return NULL;
	}
	for (uint32_t i = 0; i < count && !compiler->no_memory; i++) {
		top -= nodes[i].count;
		stack[top] = build_node(compiler, &nodes[i], &stack[top]);
		top++;
	}
	return top == 1 ? stack[0] : NULL;
}

/* Cells that consist of a word for yes or no mean true() and false(), as in XLSForm. */
bool cnv_expr_is_yes_no(const cnv_context *context, cnv_str text, bool *truth)
{
	if (!context->form || context->purpose == CNV_FOR_COUNT || context->purpose == CNV_FOR_FILTER)
		return false;
	cnv_yes_no word = cnv_yes_no_read(cnv_str_trim(text));
	*truth = word == CNV_YES;
	return word != CNV_UNSET;
}

/* Different mistakes of one formula that are reported; a formula with more is not one. */
#define MOST_MISTAKES 8u

/* Emits mistakes [from, upto) of the tree, each once: sixty thousand `&` are one mistake. */
static void emit_mistakes(expr_compiler *compiler, uint32_t from, uint32_t upto)
{
	const cnv_formula_mistake *emitted[MOST_MISTAKES];
	uint32_t count = 0;

	for (uint32_t i = from; i < upto && count < MOST_MISTAKES; i++) {
		const cnv_formula_mistake *mistake = &compiler->tree->mistakes[i];
		bool known = false;

		for (uint32_t k = 0; k < count; k++)
			known = known || (emitted[k]->code == mistake->code &&
					  cnv_str_equal(emitted[k]->message, mistake->message));
		if (known)
			continue;
		emitted[count++] = mistake;
		expr_complain(compiler, mistake->code, mistake->from, mistake->upto, mistake->hint, "%.*s",
			      CNV_ARG(mistake->message));
	}
}

/* The tree to nodes; false: it is malformed, or out of memory.  Errors in tokens come first, then unknown names,
 * then paths that lead nowhere, and last the error that ended the tree. */
static bool resolve(expr_compiler *compiler)
{
	const cnv_formula_tree *tree = compiler->tree;

	emit_mistakes(compiler, 0, tree->token_mistakes);
	expr_resolve_names(compiler);
	if (!compiler->no_memory)
		expr_resolve_nodes(compiler);
	emit_mistakes(compiler, tree->token_mistakes, tree->mistake_count);
	return tree->root != CNV_NONE && !compiler->no_memory;
}

/* A formula without a tree is parsed now, from a copy of its text with the lifetime of the program. */
static bool take_tree(expr_compiler *compiler)
{
	cnv_str text = compiler->formula->text;
	if (!compiler->tree && text.len <= CNV_FORMULA_BYTES)
		text = cnv_arena_copy(compiler->arena, text);
	if (!compiler->tree)
		compiler->tree = cnv_formula_parse(text, compiler->arena);
	compiler->no_memory = compiler->no_memory || !compiler->tree;
	return compiler->tree != NULL;
}

/* False: it cannot be converted to the requested type. */
static bool finish(expr_compiler *compiler, expr_operand *result)
{
	static const cnv_type types[] = {
		[TYPE_TEXT] = CNV_T_STRING, [TYPE_NUMBER] = CNV_T_NUMBER, [TYPE_BOOLEAN] = CNV_T_BOOLEAN
	};
	cnv_expr *expr = compiler->expr;
	expr_type type = result->type == TYPE_NUMBER || result->type == TYPE_BOOLEAN ? result->type : TYPE_TEXT;

	if (compiler->context->purpose == CNV_FOR_CONDITION || compiler->context->purpose == CNV_FOR_FILTER)
		result = expr_condition(compiler, result);
	else
		result = expr_as(compiler, result, compiler->context->purpose == CNV_FOR_COUNT ? TYPE_NUMBER : type);
	if (result->kind == OPERAND_BAD)
		return false;
	expr->constant = result->kind == OPERAND_CONSTANT;
	expr->type = types[expr_storage(result->type)];
	expr->result = expr_register_of(compiler, result);
	return true;
}

cnv_status cnv_expr_compile(cnv_expr **out, const cnv_formula *formula, const cnv_context *context, cnv_arena *arena,
			    cnv_diags *diags)
{
	cnv_expr *expr = cnv_arena_get(arena, sizeof *expr);
	cnv_status status = CNV_REJECTED;
	bool truth;

	*out = NULL;
	if (!expr)
		return CNV_NO_MEMORY;
	expr->form = context->form;
	expr->table = cnv_form_table_of(context->form, context->self);
	expr_compiler compiler = { .context = context,
				   .form = context->form,
				   .formula = formula,
				   .tree = formula->tree,
				   .arena = arena,
				   .diags = diags,
				   .expr = expr,
				   .whole = expr,
				   .build = build_nodes,
				   .first_of = expr_first_of };
	if (context->form) {
		bool single;
		expr_way_to(&compiler, 0, expr->table, &single); /* way 0 */
	}
	expr_operand *result = NULL;
	if (cnv_expr_is_yes_no(context, formula->text, &truth))
		result = expr_constant_truth(&compiler, truth);
	else if (take_tree(&compiler) && resolve(&compiler))
		result = build_nodes(&compiler, compiler.nodes, compiler.node_count);
	bool done = result && !compiler.no_memory && finish(&compiler, result);
	if (compiler.no_memory || compiler.work.failed || arena->failed)
		status = CNV_NO_MEMORY;
	else if (done && !compiler.rejected)
		status = CNV_OK;
	else if (!compiler.rejected) /* every rejection has a message */
		expr_complain(&compiler, CNV_EXPRESSION_SYNTAX, 0, (uint32_t)formula->text.len, CNV_STR(""),
			      "the expression cannot be understood");
	cnv_arena_fini(&compiler.work);
	if (status == CNV_OK)
		*out = expr;
	else
		cnv_expr_fini(expr);
	return status;
}

void cnv_expr_fini(cnv_expr *expr)
{
	if (!expr)
		return;
	for (uint32_t i = 0; i < expr->pattern_count; i++)
		expr_pattern_free(expr->patterns[i]);
	expr->pattern_count = 0;
	for (uint32_t i = 0; i < expr->filter_count; i++)
		cnv_expr_fini(expr->filters[i]);
	expr->filter_count = 0;
}

cnv_type cnv_expr_type(const cnv_expr *expr)
{
	return expr->type;
}

const cnv_question_id *cnv_expr_uses(const cnv_expr *expr, uint32_t *count)
{
	*count = expr->use_count;
	return expr->uses;
}

bool cnv_expr_is_constant(const cnv_expr *expr)
{
	return expr->constant;
}

bool cnv_expr_is_volatile(const cnv_expr *expr)
{
	return expr->is_volatile;
}
