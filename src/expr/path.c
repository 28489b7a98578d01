/* path.c: the steps of a path.
 *
 * A path walks the form as a tree: `.` is the question itself, `..` its parent, /data/g/x begins at the root.  Paths
 * are resolved while compiling; a run only uses columns. */
#include "expr/cursor.h"

expr_cursor expr_self_cursor(const expr_compiler *compiler)
{
	cnv_question_id self = compiler->context->self;
	if (!compiler->form || self >= compiler->form->count)
		return (expr_cursor){ .at = CURSOR_NOTHING, .question = CNV_NONE };
	return (expr_cursor){ .at = CURSOR_QUESTION, .question = self, .one = true };
}

/* The target of `.`: the question itself, the choice being filtered, or the item of a condition. */
static expr_cursor context_cursor(const expr_compiler *compiler)
{
	uint32_t level = compiler->level;
	const expr_scope *scope = &compiler->scopes[level];
	expr_cursor here = { .question = CNV_NONE, .level = level, .one = true };

	if (level == 0 && compiler->context->purpose != CNV_FOR_FILTER)
		return expr_self_cursor(compiler);
	here.at = level == 0 ? CURSOR_CHOICE : CURSOR_UNKNOWN;
	if (level > 0 && scope->items) {
		here.at = scope->column.len > 0 ? CURSOR_COLUMN : CURSOR_ITEM;
		here.items = scope->items;
		here.column = scope->column;
	} else if (level > 0 && scope->question != CNV_NONE) {
		here.at = CURSOR_QUESTION;
		here.question = scope->question;
	}
	return here;
}

expr_cursor expr_unsupported(expr_compiler *compiler, uint32_t from, uint32_t upto, const char *what)
{
	expr_complain(compiler, CNV_NOT_SUPPORTED, from, upto, CNV_STR(""), "%s not supported", what);
	return expr_bad_cursor;
}

static expr_cursor parent_of(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *step)
{
	const cnv_form *form = compiler->form;
	expr_cursor up = here;

	switch (here.at) {
	case CURSOR_ROOT:
		up.at = CURSOR_ABOVE_ROOT;
		return up;
	case CURSOR_NOTHING:
		up.at = form ? CURSOR_ROOT : CURSOR_NOTHING;
		return up;
	case CURSOR_COLUMN:
		up.at = here.items ? CURSOR_ITEM : CURSOR_CHOICE;
		up.column = CNV_STR("");
		if (!here.selection)
			return up;
		return expr_unsupported(compiler, step->mark_from, step->mark_upto,
					"steps up (..) after a condition are");
	case CURSOR_CHOICE:
	case CURSOR_ITEM:
	case CURSOR_INSTANCE:
	case CURSOR_INSTANCE_ROOT:
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
			      CNV_STR("write ${name}, or current()/.. to begin at the question itself"),
			      "\"..\" leads out of the list");
		return expr_bad_cursor;
	case CURSOR_QUESTION:
		up.question = form->questions[here.question].parent;
		up.at = up.question == CNV_NONE ? CURSOR_ROOT : CURSOR_QUESTION;
		if (here.selection &&
		    here.selection->reached != (up.question == CNV_NONE ? 0 : form->questions[up.question].table))
			return expr_unsupported(compiler, step->mark_from, step->mark_upto,
						"steps up (..) after a condition are");
		return up;
	case CURSOR_ABOVE_ROOT:
	case CURSOR_NOWHERE:
	case CURSOR_SAVED:
	case CURSOR_UNKNOWN:
	case CURSOR_IDENTITY:
	case CURSOR_BAD:
		break;
	}
	return here;
}

static cnv_str child_path(expr_compiler *compiler, expr_cursor here, cnv_str name)
{
	if (here.at != CURSOR_QUESTION)
		return name;
	return cnv_arena_format(&compiler->work, "%.*s/%.*s", CNV_ARG(compiler->form->questions[here.question].path),
				CNV_ARG(name));
}

static expr_cursor child_of(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *step)
{
	const cnv_form *form = compiler->form;
	cnv_str name = step->text;
	expr_cursor child = here;

	child.one = false;
	switch (here.at) {
	case CURSOR_BAD:
	case CURSOR_NOWHERE:
	case CURSOR_UNKNOWN:
		return here;
	case CURSOR_CHOICE:
	case CURSOR_ITEM:
		return expr_column_cursor(compiler, here, step);
	case CURSOR_COLUMN:
	case CURSOR_SAVED:
	case CURSOR_IDENTITY:
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto, CNV_STR(""),
			      "the path leads nowhere: nothing is inside \"%.*s\"",
			      CNV_ARG(here.at == CURSOR_COLUMN ? here.column : CNV_STR("this")));
		return expr_bad_cursor;
	case CURSOR_INSTANCE:
	case CURSOR_INSTANCE_ROOT: {
		bool root = here.at == CURSOR_INSTANCE;
		child.at = root ? CURSOR_INSTANCE_ROOT : CURSOR_ITEM;
		if (cnv_str_equal(name, root ? CNV_STR("root") : CNV_STR("item")))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
			      CNV_STR("write instance('list')/root/item[condition]/column"),
			      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
		return expr_bad_cursor;
	}
	case CURSOR_QUESTION:
	case CURSOR_ROOT:
	case CURSOR_ABOVE_ROOT:
	case CURSOR_NOTHING:
		break;
	}
	if (!form) {
		expr_find_name(compiler, name, step->mark_from, step->mark_upto);
		return expr_bad_cursor;
	}
	if (here.at == CURSOR_ABOVE_ROOT) {
		child.at = CURSOR_ROOT;
		if (cnv_str_equal(name, form->root))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
			      expr_hint(compiler, "paths begin with /%.*s", CNV_ARG(form->root)),
			      "the form's root is not called \"%.*s\"", CNV_ARG(name));
		return expr_bad_cursor;
	}
	child.question = cnv_map_find(&form->by_path, child_path(compiler, here, name));
	child.at = CURSOR_QUESTION;
	if (child.question < form->count)
		return child;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, name);
	cnv_question_id parent = here.at == CURSOR_QUESTION ? here.question : CNV_NONE;
	for (cnv_question_id id = expr_may_search(compiler) ? 0 : form->count; id < form->count; id++)
		if (form->questions[id].parent == parent)
			cnv_nearest_offer(&nearest, form->questions[id].name);
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("refer to questions as ${name}");
	expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto, hint,
		      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
	return expr_bad_cursor;
}

/* A name at the beginning of a path: a column, or a child of the group.  Other engines run any other name as a path that
 * finds nothing. */
static expr_cursor bare_cursor(expr_compiler *compiler, const cnv_formula_node *step)
{
	const cnv_form *form = compiler->form;
	expr_cursor here = context_cursor(compiler);
	if (compiler->level > 0 || here.at == CURSOR_CHOICE)
		return child_of(compiler, here, step);
	if (here.at == CURSOR_QUESTION && form->questions[here.question].after > here.question + 1 &&
	    cnv_map_find(&form->by_path, child_path(compiler, here, step->text)) < form->count)
		return child_of(compiler, here, step);
	cnv_str hint = expr_hint(compiler, "put text in quotes: '%.*s'", CNV_ARG(step->text));
	cnv_str near = form && expr_may_search(compiler) ? cnv_form_nearest(form, step->text) : CNV_STR("");
	if (form && cnv_form_find(form, step->text) != CNV_NONE)
		hint = expr_hint(compiler, "write ${%.*s}", CNV_ARG(step->text));
	else if (near.len > 0)
		hint = expr_hint(compiler, "did you mean ${%.*s}, or the text '%.*s'?", CNV_ARG(near),
				 CNV_ARG(step->text));
	if (!form) {
		expr_complain(compiler, CNV_NAME_WITHOUT_FORM, step->mark_from, step->mark_upto, hint,
			      "\"%.*s\" is neither a question in ${} nor a text in quotes", CNV_ARG(step->text));
		return expr_bad_cursor;
	}
	expr_remark(compiler, CNV_BARE_NAME, step->mark_from, step->mark_upto, hint,
		    "\"%.*s\" is neither a question in ${} nor a text in quotes; it reads as blank",
		    CNV_ARG(step->text));
	return (expr_cursor){ .at = CURSOR_NOWHERE, .question = CNV_NONE };
}

/* ---------------------------------------------------------------- steps */

/* `..`, which must not leave the form. */
static expr_cursor go_up(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *step)
{
	here = parent_of(compiler, here, step);
	if (here.at != CURSOR_ABOVE_ROOT)
		return here;
	expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
		      CNV_STR("refer to questions as ${name}"), "the path leads out of the form");
	return expr_bad_cursor;
}

/* Axes that are not just another spelling of a step. */
static expr_cursor complain_of_axis(expr_compiler *compiler, const cnv_formula_node *step)
{
	uint32_t from = (uint32_t)(step->axis.at - compiler->tree->text.at);
	if (cnv_str_equal(step->axis, CNV_STR("self")) || cnv_str_equal(step->axis, CNV_STR("parent")))
		return expr_unsupported(compiler, step->mark_from, step->mark_upto,
					"names behind parent:: and self:: are");
	return expr_unsupported(compiler, from, from + (uint32_t)step->axis.len,
				"axes other than child::, parent:: and self:: are");
}

expr_cursor expr_take_step(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *step)
{
	bool unknown = step->mention != CNV_NONE && compiler->meanings[step->mention] == CNV_NONE;
	const char *what = NULL;

	if (here.at == CURSOR_BAD)
		return here;
	if (step->axis.len > 0)
		return complain_of_axis(compiler, step);
	switch (step->step) {
	case CNV_STEP_SELF:
		return here;
	case CNV_STEP_PARENT:
		return go_up(compiler, here, step);
	case CNV_STEP_NAME:
		return child_of(compiler, here, step);
	case CNV_STEP_ANY:
		what = "wildcards in paths are";
		break;
	case CNV_STEP_ATTRIBUTE:
		what = "attributes are";
		break;
	case CNV_STEP_CALL:
		what = "functions as steps of a path are";
		break;
	case CNV_STEP_ANYWHERE:
		what = "paths with // are";
		break;
	}
	return unknown || !what ? expr_bad_cursor : expr_unsupported(compiler, step->mark_from, step->mark_upto, what);
}

static expr_cursor reference_cursor(expr_compiler *compiler, const cnv_formula_node *node)
{
	uint32_t meaning = compiler->meanings[node->mention];
	expr_cursor here = { .at = CURSOR_QUESTION, .question = meaning, .free = true };
	switch (meaning) {
	case CNV_NONE:
		return expr_bad_cursor;
	case EXPR_NAME_SAVED:
		expr_remark(compiler, CNV_NEVER_SAVED, node->mark_from, node->mark_upto, CNV_STR(""),
			    "the last saved record is not available and reads as blank");
		here.at = CURSOR_SAVED;
		return here;
	case EXPR_NAME_IDENTITY:
		here.at = CURSOR_IDENTITY;
		return here;
	case EXPR_NAME_RECORD:
		return expr_unknown_cursor(compiler, CNV_STR("instanceName"), node->mark_from, node->mark_upto);
	default:
		return here;
	}
}

expr_cursor expr_begin_path(expr_compiler *compiler, const cnv_formula_node *node)
{
	switch (node->kind) {
	case CNV_F_REFERENCE:
		return reference_cursor(compiler, node);
	case CNV_F_ROOT:
		return (expr_cursor){ .at = CURSOR_ABOVE_ROOT, .question = CNV_NONE, .free = true };
	case CNV_F_CURRENT:
		return expr_self_cursor(compiler);
	case CNV_F_INSTANCE:
		return expr_instance_cursor(compiler, cnv_str_trim(node->text), node->mark_from, node->mark_upto);
	case CNV_F_NAME:
		return bare_cursor(compiler, node);
	case CNV_F_PARENT:
		return go_up(compiler, context_cursor(compiler), node);
	case CNV_F_STEP:
		return expr_take_step(compiler, context_cursor(compiler), node);
	case CNV_F_SELF:
	case CNV_F_NUMBER:
	case CNV_F_TEXT:
	case CNV_F_WHERE:
	case CNV_F_NEGATE:
	case CNV_F_BINARY:
	case CNV_F_CALL:
		break;
	}
	return context_cursor(compiler);
}

/* ---------------------------------------------------------------- jr:choice-name(value, '${q}') */

/* The target of the text; errors are reported under the whole of `operand`. */
static expr_cursor follow_quoted(expr_compiler *compiler, const cnv_formula_tree *tree, const expr_operand *operand)
{
	expr_cursor here = expr_self_cursor(compiler);

	for (uint32_t i = 0; i < tree->count && here.at != CURSOR_BAD; i++) {
		cnv_formula_node step = tree->nodes[i];
		step.mark_from = operand->from;
		step.mark_upto = operand->upto;
		if (i == 0 && step.kind == CNV_F_ROOT)
			here = (expr_cursor){ .at = CURSOR_ABOVE_ROOT, .question = CNV_NONE };
		else if (step.kind == CNV_F_NAME || (step.kind == CNV_F_STEP && step.step == CNV_STEP_NAME))
			here = child_of(compiler, here, &step);
		else if (step.kind == CNV_F_PARENT || (step.kind == CNV_F_STEP && step.step == CNV_STEP_PARENT))
			here = parent_of(compiler, here, &step);
		else if (step.kind != CNV_F_SELF && !(step.kind == CNV_F_STEP && step.step == CNV_STEP_SELF))
			return (expr_cursor){ .at = CURSOR_NOTHING, .question = CNV_NONE };
	}
	return here;
}

cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand)
{
	const cnv_formula_tree *tree = cnv_formula_parse(cnv_str_trim(operand->value.text), &compiler->work);
	uint32_t root = cnv_formula_root(tree);
	cnv_str name;

	if (!tree) {
		compiler->no_memory = true;
		return CNV_NONE;
	}
	if (cnv_formula_is_reference(tree, root, &name))
		return expr_find_name(compiler, name, operand->from, operand->upto);
	expr_cursor here = { .at = CURSOR_NOTHING, .question = CNV_NONE };
	if (root != CNV_NONE)
		here = follow_quoted(compiler, tree, operand);
	if (here.at == CURSOR_QUESTION)
		return here.question;
	if (here.at != CURSOR_BAD)
		expr_complain(compiler, CNV_ARGUMENT_KIND, operand->from, operand->upto,
			      CNV_STR("write jr:choice-name(${q}, '${q}')"), "this names no question with choices");
	return CNV_NONE;
}
