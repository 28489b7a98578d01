/* path.c: the steps of a path.
 *
 * A path walks the form as a tree: `.` is the question itself, `..` what encloses it, /data/g/x begins at the root.
 * All of this is known while compiling; a run only sees columns.
 */
#include "spot.h"

expr_spot expr_self_spot(const expr_compiler *compiler)
{
	cnv_question_id self = compiler->context->self;
	if (compiler->form == NULL || self >= compiler->form->count)
		return (expr_spot){ .at = SPOT_NOTHING, .question = CNV_NONE };
	return (expr_spot){ .at = SPOT_QUESTION, .question = self, .one = true };
}

/* Where `.` is: the question itself, the choice being filtered, or what a condition looks at. */
static expr_spot context_spot(const expr_compiler *compiler)
{
	uint32_t level = compiler->level;
	const expr_scope *scope = &compiler->scopes[level];
	expr_spot here = { .question = CNV_NONE, .level = level, .one = true };

	if (level == 0 && compiler->context->purpose != CNV_FOR_FILTER)
		return expr_self_spot(compiler);
	here.at = level == 0 ? SPOT_CHOICE : SPOT_UNKNOWN;
	if (level > 0 && scope->items != NULL) {
		here.at = scope->column.len > 0 ? SPOT_COLUMN : SPOT_ITEM;
		here.items = scope->items;
		here.column = scope->column;
	} else if (level > 0 && scope->question != CNV_NONE) {
		here.at = SPOT_QUESTION;
		here.question = scope->question;
	}
	return here;
}

expr_spot expr_unsupported(expr_compiler *compiler, uint32_t from, uint32_t upto, const char *what)
{
	expr_complain(compiler, CNV_NOT_SUPPORTED, from, upto, CNV_STR(""), "%s not supported", what);
	return expr_bad_spot;
}

static expr_spot parent_of(expr_compiler *compiler, expr_spot here, const cnv_formula_node *step)
{
	const cnv_form *form = compiler->form;
	expr_spot up = here;

	switch (here.at) {
	case SPOT_ROOT:
		up.at = SPOT_ABOVE_ROOT;
		return up;
	case SPOT_NOTHING:
		up.at = form != NULL ? SPOT_ROOT : SPOT_NOTHING;
		return up;
	case SPOT_COLUMN:
		up.at = here.items != NULL ? SPOT_ITEM : SPOT_CHOICE;
		up.column = CNV_STR("");
		if (here.selection == NULL)
			return up;
		return expr_unsupported(compiler, step->mark_from, step->mark_upto, "steps up (..) after a condition are");
	case SPOT_CHOICE:
	case SPOT_ITEM:
	case SPOT_INSTANCE:
	case SPOT_INSTANCE_ROOT:
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
			      CNV_STR("write ${name}, or current()/.. to begin at the question itself"),
			      "\"..\" leads out of the list");
		return expr_bad_spot;
	case SPOT_QUESTION:
		up.question = form->questions[here.question].parent;
		up.at = up.question == CNV_NONE ? SPOT_ROOT : SPOT_QUESTION;
		if (here.selection != NULL &&
		    here.selection->reached != (up.question == CNV_NONE ? 0 : form->questions[up.question].table))
			return expr_unsupported(compiler, step->mark_from, step->mark_upto, "steps up (..) after a condition are");
		return up;
	case SPOT_ABOVE_ROOT:
	case SPOT_SAVED:
	case SPOT_UNKNOWN:
	case SPOT_IDENTITY:
	case SPOT_BAD:
		break;
	}
	return here;
}

static cnv_str child_path(expr_compiler *compiler, expr_spot here, cnv_str name)
{
	if (here.at != SPOT_QUESTION)
		return name;
	return cnv_arena_format(&compiler->work, "%.*s/%.*s", CNV_ARG(compiler->form->questions[here.question].path),
				CNV_ARG(name));
}

static expr_spot child_of(expr_compiler *compiler, expr_spot here, const cnv_formula_node *step)
{
	const cnv_form *form = compiler->form;
	cnv_str name = step->text;
	expr_spot child = here;

	child.one = false;
	switch (here.at) {
	case SPOT_BAD:
	case SPOT_UNKNOWN:
		return here;
	case SPOT_CHOICE:
	case SPOT_ITEM:
		return expr_column_spot(compiler, here, step);
	case SPOT_COLUMN:
	case SPOT_SAVED:
	case SPOT_IDENTITY:
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto, CNV_STR(""),
			      "the path leads nowhere: nothing is inside \"%.*s\"",
			      CNV_ARG(here.at == SPOT_COLUMN ? here.column : CNV_STR("this")));
		return expr_bad_spot;
	case SPOT_INSTANCE:
	case SPOT_INSTANCE_ROOT: {
		bool root = here.at == SPOT_INSTANCE;
		child.at = root ? SPOT_INSTANCE_ROOT : SPOT_ITEM;
		if (cnv_str_equal(name, root ? CNV_STR("root") : CNV_STR("item")))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
			      CNV_STR("write instance('list')/root/item[condition]/column"),
			      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
		return expr_bad_spot;
	}
	case SPOT_QUESTION:
	case SPOT_ROOT:
	case SPOT_ABOVE_ROOT:
	case SPOT_NOTHING:
		break;
	}
	if (form == NULL) {
		expr_find_name(compiler, name, step->mark_from, step->mark_upto);
		return expr_bad_spot;
	}
	if (here.at == SPOT_ABOVE_ROOT) {
		child.at = SPOT_ROOT;
		if (cnv_str_equal(name, form->root))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
			      expr_hint(compiler, "paths begin with /%.*s", CNV_ARG(form->root)),
			      "the form's root is not called \"%.*s\"", CNV_ARG(name));
		return expr_bad_spot;
	}
	child.question = cnv_map_find(&form->by_path, child_path(compiler, here, name));
	child.at = SPOT_QUESTION;
	if (child.question < form->count)
		return child;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, name);
	cnv_question_id parent = here.at == SPOT_QUESTION ? here.question : CNV_NONE;
	for (cnv_question_id id = 0; id < form->count; id++)
		if (form->questions[id].parent == parent)
			cnv_nearest_offer(&nearest, form->questions[id].name);
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("refer to questions as ${name}");
	expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto, hint,
		      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
	return expr_bad_spot;
}

/* A name at the beginning of a path: a column, a child of the group, or a mistake. */
static expr_spot bare_spot(expr_compiler *compiler, const cnv_formula_node *step)
{
	const cnv_form *form = compiler->form;
	expr_spot here = context_spot(compiler);
	if (compiler->level > 0 || here.at == SPOT_CHOICE)
		return child_of(compiler, here, step);
	if (here.at == SPOT_QUESTION && form->questions[here.question].after > here.question + 1 &&
	    cnv_map_find(&form->by_path, child_path(compiler, here, step->text)) < form->count)
		return child_of(compiler, here, step);
	cnv_str hint = expr_hint(compiler, "put text in quotes: '%.*s'", CNV_ARG(step->text));
	cnv_str near = form != NULL ? cnv_form_nearest(form, step->text) : CNV_STR("");
	if (form != NULL && cnv_form_find(form, step->text) != CNV_NONE)
		hint = expr_hint(compiler, "write ${%.*s}", CNV_ARG(step->text));
	else if (near.len > 0)
		hint = expr_hint(compiler, "did you mean ${%.*s}, or the text '%.*s'?", CNV_ARG(near),
				 CNV_ARG(step->text));
	expr_complain(compiler, CNV_BARE_NAME, step->mark_from, step->mark_upto, hint,
		      "\"%.*s\" is neither a question in ${} nor a text in quotes", CNV_ARG(step->text));
	return expr_bad_spot;
}

/* ---------------------------------------------------------------- steps */

/* `..`, which must not lead out of the form. */
static expr_spot go_up(expr_compiler *compiler, expr_spot here, const cnv_formula_node *step)
{
	here = parent_of(compiler, here, step);
	if (here.at != SPOT_ABOVE_ROOT)
		return here;
	expr_complain(compiler, CNV_UNKNOWN_NAME, step->mark_from, step->mark_upto,
		      CNV_STR("refer to questions as ${name}"), "the path leads out of the form");
	return expr_bad_spot;
}

/* Axes that are more than another spelling of a step. */
static expr_spot complain_of_axis(expr_compiler *compiler, const cnv_formula_node *step)
{
	uint32_t from = (uint32_t)(step->axis.at - compiler->tree->text.at);
	if (cnv_str_equal(step->axis, CNV_STR("self")) || cnv_str_equal(step->axis, CNV_STR("parent")))
		return expr_unsupported(compiler, step->mark_from, step->mark_upto,
					"names behind parent:: and self:: are");
	return expr_unsupported(compiler, from, from + (uint32_t)step->axis.len,
				"axes other than child::, parent:: and self:: are");
}

expr_spot expr_take_step(expr_compiler *compiler, expr_spot here, const cnv_formula_node *step)
{
	bool unknown = step->mention != CNV_NONE && compiler->meanings[step->mention] == CNV_NONE;
	const char *what = NULL;

	if (here.at == SPOT_BAD)
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
	return unknown || what == NULL ? expr_bad_spot
				       : expr_unsupported(compiler, step->mark_from, step->mark_upto, what);
}

static expr_spot reference_spot(expr_compiler *compiler, const cnv_formula_node *node)
{
	uint32_t meaning = compiler->meanings[node->mention];
	expr_spot here = { .at = SPOT_QUESTION, .question = meaning, .free = true };
	switch (meaning) {
	case CNV_NONE:
		return expr_bad_spot;
	case EXPR_NAME_SAVED:
		expr_remark(compiler, CNV_NEVER_SAVED, node->mark_from, node->mark_upto, CNV_STR(""),
			    "the last saved record is not available and reads as blank");
		here.at = SPOT_SAVED;
		return here;
	case EXPR_NAME_IDENTITY:
		here.at = SPOT_IDENTITY;
		return here;
	case EXPR_NAME_RECORD:
		return expr_unknown_spot(compiler, CNV_STR("instanceName"), node->mark_from, node->mark_upto);
	default:
		return here;
	}
}

expr_spot expr_begin_path(expr_compiler *compiler, const cnv_formula_node *node)
{
	switch (node->kind) {
	case CNV_F_REFERENCE:
		return reference_spot(compiler, node);
	case CNV_F_ROOT:
		return (expr_spot){ .at = SPOT_ABOVE_ROOT, .question = CNV_NONE, .free = true };
	case CNV_F_CURRENT:
		return expr_self_spot(compiler);
	case CNV_F_INSTANCE:
		return expr_instance_spot(compiler, cnv_str_trim(node->text), node->mark_from, node->mark_upto);
	case CNV_F_NAME:
		return bare_spot(compiler, node);
	case CNV_F_PARENT:
		return go_up(compiler, context_spot(compiler), node);
	case CNV_F_STEP:
		return expr_take_step(compiler, context_spot(compiler), node);
	case CNV_F_SELF:
	case CNV_F_NUMBER:
	case CNV_F_TEXT:
	case CNV_F_WHERE:
	case CNV_F_NEGATE:
	case CNV_F_BINARY:
	case CNV_F_CALL:
		break;
	}
	return context_spot(compiler);
}

/* ---------------------------------------------------------------- jr:choice-name(value, '${q}') */

/* The place that the text leads to, its complaints under the whole of `operand`. */
static expr_spot follow_quoted(expr_compiler *compiler, const cnv_formula_tree *tree, const expr_operand *operand)
{
	expr_spot here = expr_self_spot(compiler);

	for (uint32_t i = 0; i < tree->count && here.at != SPOT_BAD; i++) {
		cnv_formula_node step = tree->nodes[i];
		step.mark_from = operand->from;
		step.mark_upto = operand->upto;
		if (i == 0 && step.kind == CNV_F_ROOT)
			here = (expr_spot){ .at = SPOT_ABOVE_ROOT, .question = CNV_NONE };
		else if (step.kind == CNV_F_NAME || (step.kind == CNV_F_STEP && step.step == CNV_STEP_NAME))
			here = child_of(compiler, here, &step);
		else if (step.kind == CNV_F_PARENT || (step.kind == CNV_F_STEP && step.step == CNV_STEP_PARENT))
			here = parent_of(compiler, here, &step);
		else if (step.kind != CNV_F_SELF && !(step.kind == CNV_F_STEP && step.step == CNV_STEP_SELF))
			return (expr_spot){ .at = SPOT_NOTHING, .question = CNV_NONE };
	}
	return here;
}

cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand)
{
	const cnv_formula_tree *tree = cnv_formula_parse(cnv_str_trim(operand->value.text), &compiler->work);
	uint32_t root = cnv_formula_root(tree);
	cnv_str name;

	if (tree == NULL) {
		compiler->no_memory = true;
		return CNV_NONE;
	}
	if (cnv_formula_is_reference(tree, root, &name))
		return expr_find_name(compiler, name, operand->from, operand->upto);
	expr_spot here = { .at = SPOT_NOTHING, .question = CNV_NONE };
	if (root != CNV_NONE)
		here = follow_quoted(compiler, tree, operand);
	if (here.at == SPOT_QUESTION)
		return here.question;
	if (here.at != SPOT_BAD)
		expr_complain(compiler, CNV_ARGUMENT_KIND, operand->from, operand->upto,
			      CNV_STR("write jr:choice-name(${q}, '${q}')"), "this names no question with choices");
	return CNV_NONE;
}
