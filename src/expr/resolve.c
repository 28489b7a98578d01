/* Names and paths to questions.
 *
 * ${name} means the one question of that name wherever it stands.  A path walks the form as a
 * tree: `.` the question itself, `..` what encloses it, /data/g/x from the root.  All of this is
 * known while compiling; a run only sees columns.
 */
#include "spot.h"

/* What ${...} can name that is no question. */
#define NAME_SAVED (UINT32_MAX - 2)
#define NAME_IDENTITY (UINT32_MAX - 3)
#define NAME_RECORD (UINT32_MAX - 4)

const expr_spot expr_bad_spot = { .at = SPOT_BAD, .question = CNV_NONE };

/* Functions that other applications added to the language. */
static const struct foreign_function {
	const char *name, *owner, *hint;
} foreign_functions[] = {
	{ "add-date", "the Community Health Toolkit", "write date(decimal-date-time(...) + days)" },
	{ "count-if", "SurveyCTO", "write count(${repeat}[condition])" },
	{ "difference-in-months", "the Community Health Toolkit",
	  "write int((decimal-date-time(later) - decimal-date-time(earlier)) div 30.4375)" },
	{ "duration", "SurveyCTO", "subtract the answers of two questions of the types start and end" },
	{ "index", "SurveyCTO", "write position(..)" },
	{ "max-if", "SurveyCTO", "write max(${repeat}[condition]/question)" },
	{ "min-if", "SurveyCTO", "write min(${repeat}[condition]/question)" },
	{ "parse-timestamp-to-date", "the Community Health Toolkit", "write date(milliseconds div 86400000)" },
	{ "rank-index", "SurveyCTO", "" },
	{ "search", "appearances", "put search(...) in the column appearance of a question with choices" },
	{ "sum-if", "SurveyCTO", "write sum(${repeat}[condition]/question)" },
};

static bool complain_of_foreign(expr_compiler *compiler, const expr_token *token)
{
	const char *owner = cnv_str_starts(token->text, CNV_STR("cht:")) ? "the Community Health Toolkit" : NULL;
	cnv_str hint = CNV_STR("");
	for (size_t i = 0; i < sizeof(foreign_functions) / sizeof(foreign_functions[0]); i++)
		if (cnv_str_equal(token->text, cnv_str_from(foreign_functions[i].name))) {
			owner = foreign_functions[i].owner;
			hint = cnv_str_from(foreign_functions[i].hint);
		}
	if (owner == NULL)
		return false;
	expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, hint,
		      "%.*s() belongs to %s and not to expressions of XLSForm", CNV_ARG(token->text), owner);
	return true;
}

static void resolve_function(expr_compiler *compiler, expr_token *token)
{
	token->meaning = expr_function_find(token->text);
	if (token->meaning != CNV_NONE && expr_functions[token->meaning].info.supported)
		return;
	token->meaning = CNV_NONE;
	if (complain_of_foreign(compiler, token))
		return;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, token->text);
	for (uint32_t i = 0; i < expr_function_count; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(expr_functions[i].info.name));
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_FUNCTION, token->from, token->upto, hint, "unknown function \"%.*s\"",
		      CNV_ARG(token->text));
}

/* The question called `name`, or what else is; CNV_NONE after saying why there is none. */
static cnv_question_id find_name(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	if (compiler->form == NULL) {
		expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, CNV_STR("name the form as well"),
			      "there is no form, so nothing is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_starts(name, CNV_STR("last-saved#"))) {
		cnv_str saved = cnv_str_slice(name, sizeof("last-saved#") - 1, name.len);
		return find_name(compiler, saved, from, upto) != CNV_NONE ? NAME_SAVED : CNV_NONE;
	}
	cnv_question_id found = cnv_form_find(compiler->form, name);
	if (found < compiler->form->count)
		return found;
	if (found == CNV_NAME_AMBIGUOUS) {
		expr_complain(compiler, CNV_AMBIGUOUS_NAME, from, upto,
			      compiler->form->looped ? CNV_STR("give one of them another name; in a loop put %(name)s into "
							       "the name, and into the reference")
						     : CNV_STR("give one of them another name"),
			      "more than one question is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_equal(name, CNV_STR("instanceID")))
		return NAME_IDENTITY;
	if (cnv_str_equal(name, CNV_STR("instanceName")) && compiler->form->instance_name.text.len > 0)
		return NAME_RECORD;
	cnv_str near = cnv_form_nearest(compiler->form, name);
	cnv_str hint = near.len > 0 ? expr_hint(compiler, "did you mean ${%.*s}?", CNV_ARG(near)) : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, hint, "no question is called \"%.*s\"", CNV_ARG(name));
	return CNV_NONE;
}

void expr_resolve_tokens(expr_compiler *compiler)
{
	for (uint32_t i = 0; i < compiler->token_count; i++) {
		expr_token *token = &compiler->tokens[i];
		bool node_test = token->kind == TOKEN_FUNCTION && i > 0 && token[-1].kind == TOKEN_AXIS;
		if (token->kind == TOKEN_FUNCTION && !node_test)
			resolve_function(compiler, token);
		else if (token->kind == TOKEN_REFERENCE && token->text.len > 0)
			token->meaning = find_name(compiler, token->text, token->from, token->upto);
	}
}

/* ---------------------------------------------------------------- paths */

static expr_spot self_spot(const expr_compiler *compiler)
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
		return self_spot(compiler);
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

expr_spot expr_unsupported(expr_compiler *compiler, const expr_token *token, const char *what)
{
	expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, CNV_STR(""), "%s not supported", what);
	return expr_bad_spot;
}

static expr_spot parent_of(expr_compiler *compiler, expr_spot here, const expr_token *token)
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
		return expr_unsupported(compiler, token, "paths up again behind a condition are");
	case SPOT_CHOICE:
	case SPOT_ITEM:
	case SPOT_INSTANCE:
	case SPOT_INSTANCE_ROOT:
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
			      CNV_STR("write ${name}, or current()/.. to begin at the question itself"),
			      "\"..\" leads out of the list here, and nothing is there");
		return expr_bad_spot;
	case SPOT_QUESTION:
		up.question = form->questions[here.question].parent;
		up.at = up.question == CNV_NONE ? SPOT_ROOT : SPOT_QUESTION;
		if (here.selection != NULL &&
		    here.selection->reached != (up.question == CNV_NONE ? 0 : form->questions[up.question].table))
			return expr_unsupported(compiler, token, "paths up again behind a condition are");
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

static expr_spot child_of(expr_compiler *compiler, expr_spot here, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	cnv_str name = token->text;
	expr_spot child = here;

	child.one = false;
	switch (here.at) {
	case SPOT_BAD:
	case SPOT_UNKNOWN:
		return here;
	case SPOT_CHOICE:
	case SPOT_ITEM:
		return expr_column_spot(compiler, here, token);
	case SPOT_COLUMN:
	case SPOT_SAVED:
	case SPOT_IDENTITY:
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto, CNV_STR(""),
			      "the path leads nowhere: nothing stands inside of \"%.*s\"",
			      CNV_ARG(here.at == SPOT_COLUMN ? here.column : CNV_STR("this")));
		return expr_bad_spot;
	case SPOT_INSTANCE:
	case SPOT_INSTANCE_ROOT: {
		bool root = here.at == SPOT_INSTANCE;
		child.at = root ? SPOT_INSTANCE_ROOT : SPOT_ITEM;
		if (cnv_str_equal(name, root ? CNV_STR("root") : CNV_STR("item")))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
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
		find_name(compiler, name, token->from, token->upto);
		return expr_bad_spot;
	}
	if (here.at == SPOT_ABOVE_ROOT) {
		child.at = SPOT_ROOT;
		if (cnv_str_equal(name, form->root))
			return child;
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
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
					    : CNV_STR("a question is safest named as ${name}");
	expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto, hint,
		      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
	return expr_bad_spot;
}

/* A name at the beginning of a path: a column, a child of the group, or a mistake. */
static expr_spot bare_spot(expr_compiler *compiler, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	expr_spot here = context_spot(compiler);
	if (compiler->level > 0 || here.at == SPOT_CHOICE)
		return child_of(compiler, here, token);
	if (here.at == SPOT_QUESTION && form->questions[here.question].after > here.question + 1 &&
	    cnv_map_find(&form->by_path, child_path(compiler, here, token->text)) < form->count)
		return child_of(compiler, here, token);
	cnv_str hint = expr_hint(compiler, "a text is put in quotes: '%.*s'", CNV_ARG(token->text));
	cnv_str near = form != NULL ? cnv_form_nearest(form, token->text) : CNV_STR("");
	if (form != NULL && cnv_form_find(form, token->text) != CNV_NONE)
		hint = expr_hint(compiler, "write ${%.*s}", CNV_ARG(token->text));
	else if (near.len > 0)
		hint = expr_hint(compiler, "did you mean ${%.*s}, or the text '%.*s'?", CNV_ARG(near),
				 CNV_ARG(token->text));
	expr_complain(compiler, CNV_BARE_NAME, token->from, token->upto, hint,
		      "\"%.*s\" is neither a question in ${} nor a text in quotes", CNV_ARG(token->text));
	return expr_bad_spot;
}

/* instance('name') and current(), where a path begins. */
static expr_spot take_call(expr_compiler *compiler)
{
	const expr_token *name = &compiler->tokens[compiler->next];
	const expr_token *argument = name + 2;
	bool current = cnv_str_equal(name->text, CNV_STR("current"));
	expr_spot here = expr_bad_spot;

	if (current && argument->kind == TOKEN_CLOSE) {
		compiler->next += 3;
		return self_spot(compiler);
	}
	if (!current && argument->kind == TOKEN_TEXT && argument[1].kind == TOKEN_CLOSE) {
		compiler->next += 4;
		return expr_instance_spot(compiler, cnv_str_trim(argument->text), argument->from, argument->upto);
	}
	expr_complain(compiler, CNV_ARGUMENT_KIND, name->from, name->upto,
		      current ? CNV_STR("write current()/.. to begin a path at the question itself")
			      : CNV_STR("write instance('list')/root/item[condition]/column"),
		      current ? "current() wants no argument" : "instance() wants the name of a list in quotes");
	compiler->quiet = true;
	return here;
}

/* ---------------------------------------------------------------- steps */

/* child::, self:: and parent:: say what a step does without them; true when one of the latter two was the step. */
static bool take_axis(expr_compiler *compiler, expr_spot *here, bool first)
{
	const expr_token *axis = &compiler->tokens[compiler->next], *node = axis + 2;
	if (axis->kind != TOKEN_NAME || axis[1].kind != TOKEN_AXIS)
		return false;
	bool self = cnv_str_equal(axis->text, CNV_STR("self")), up = cnv_str_equal(axis->text, CNV_STR("parent"));
	compiler->next += 2;
	if (first && here->at == SPOT_NOTHING)
		*here = context_spot(compiler);
	if (cnv_str_equal(axis->text, CNV_STR("child")))
		return false;
	if (!self && !up) {
		*here = expr_unsupported(compiler, axis, "axes other than child::, parent:: and self:: are");
		return false;
	}
	bool any = node->kind == TOKEN_ANY;
	bool call = node->kind == TOKEN_FUNCTION && cnv_str_equal(node->text, CNV_STR("node")) &&
		    node[1].kind == TOKEN_OPEN && node[2].kind == TOKEN_CLOSE;
	if (!any && !call) {
		*here = expr_unsupported(compiler, node, "names behind parent:: and self:: are");
		return false;
	}
	compiler->next += any ? 1 : 3;
	if (up)
		*here = parent_of(compiler, *here, axis);
	return true;
}

/* One step of a path; false when no step stands there. */
static bool take_step(expr_compiler *compiler, expr_spot *here, bool first)
{
	bool axis = compiler->tokens[compiler->next + 1].kind == TOKEN_AXIS &&
		    compiler->tokens[compiler->next].kind == TOKEN_NAME;
	if (take_axis(compiler, here, first))
		return true;
	const expr_token *token = &compiler->tokens[compiler->next];

	switch ((int)token->kind) {
	case TOKEN_DOT:
	case TOKEN_DOTS:
		compiler->next++;
		if (first)
			*here = context_spot(compiler);
		if (token->kind == TOKEN_DOTS) {
			*here = parent_of(compiler, *here, token);
			if (here->at == SPOT_ABOVE_ROOT) {
				expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
					      CNV_STR("a question is safest named as ${name}"),
					      "the path leads out of the form");
				here->at = SPOT_BAD;
			}
		}
		return true;
	case TOKEN_NAME:
		compiler->next++;
		*here = first && !axis ? bare_spot(compiler, token) : child_of(compiler, *here, token);
		return true;
	case TOKEN_ANY:
		compiler->next++;
		*here = expr_unsupported(compiler, token, "wildcards in paths are");
		return true;
	case TOKEN_AT:
		compiler->next++;
		*here = expr_unsupported(compiler, token, "attributes are");
		if (compiler->tokens[compiler->next].kind == TOKEN_NAME)
			compiler->next++;
		return true;
	case TOKEN_FUNCTION:
		if (first)
			return false;
		if (here->at != SPOT_BAD && token->meaning != CNV_NONE)
			expr_unsupported(compiler, token, "functions as steps of a path are");
		compiler->next++;
		if (compiler->tokens[compiler->next].kind == TOKEN_OPEN)
			compiler->next++;
		if (compiler->tokens[compiler->next].kind == TOKEN_CLOSE)
			compiler->next++;
		else
			compiler->quiet = true; /* its arguments are not looked at */
		here->at = SPOT_BAD;
		return true;
	default:
		return false;
	}
}

static expr_spot reference_spot(expr_compiler *compiler, const expr_token *token)
{
	expr_spot here = { .at = SPOT_QUESTION, .question = token->meaning, .free = true };
	switch (token->meaning) {
	case CNV_NONE:
		return expr_bad_spot;
	case NAME_SAVED:
		expr_remark(compiler, CNV_NEVER_SAVED, token->from, token->upto, CNV_STR(""),
			    "the record saved before is not known here and reads as blank");
		here.at = SPOT_SAVED;
		return here;
	case NAME_IDENTITY:
		here.at = SPOT_IDENTITY;
		return here;
	case NAME_RECORD:
		return expr_unknown_spot(compiler, CNV_STR("instanceName"), token->from, token->upto);
	default:
		return here;
	}
}

/* Says that a path stops where there is no value. */
static void complain_of_end(expr_compiler *compiler, expr_spot here, uint32_t from, uint32_t upto)
{
	if (here.at == SPOT_CHOICE || here.at == SPOT_ITEM)
		expr_complain(compiler, CNV_NOT_AN_ANSWER, from, upto, CNV_STR("name one of its columns: name, label"),
			      "a choice is no value by itself");
	else if (here.at == SPOT_INSTANCE || here.at == SPOT_INSTANCE_ROOT)
		expr_complain(compiler, CNV_NOT_AN_ANSWER, from, upto,
			      CNV_STR("write instance('list')/root/item[condition]/column"),
			      "a list is no value by itself");
}

/* The node of the place that a path has come to. */
static void add_path_node(expr_compiler *compiler, expr_spot here, const expr_token *start, uint32_t upto)
{
	static const expr_node_kind kinds[] = { [SPOT_QUESTION] = NODE_QUESTION,
						[SPOT_ROOT] = NODE_ROOT,
						[SPOT_ABOVE_ROOT] = NODE_ROOT,
						[SPOT_NOTHING] = NODE_NOTHING,
						[SPOT_CHOICE] = NODE_BAD,
						[SPOT_INSTANCE] = NODE_BAD,
						[SPOT_INSTANCE_ROOT] = NODE_BAD,
						[SPOT_ITEM] = NODE_BAD,
						[SPOT_COLUMN] = NODE_COLUMN,
						[SPOT_SAVED] = NODE_SAVED,
						[SPOT_UNKNOWN] = NODE_UNKNOWN,
						[SPOT_IDENTITY] = NODE_IDENTITY,
						[SPOT_BAD] = NODE_BAD };
	bool item = here.at == SPOT_ITEM || here.at == SPOT_COLUMN;

	/* The items of instance() are many even without a condition; the one that a condition looks at is one. */
	if (item && here.items != NULL && here.level == 0 && here.selection == NULL) {
		here.selection = expr_new_selection(compiler, 0, CNV_NONE);
		if (here.selection == NULL ||
		    expr_add_hop(compiler, here.selection, (expr_hop){ .kind = HOP_ITEMS, .items = here.items }) ==
			    NULL)
			return;
	}
	if (here.at == SPOT_QUESTION && here.selection != NULL &&
	    !expr_reach(compiler, here.selection, compiler->form->questions[here.question].table))
		return;
	if (here.at == SPOT_QUESTION && here.free)
		here.level = expr_best_level(compiler, here.question);
	if (here.selection == NULL)
		complain_of_end(compiler, here, start->from, upto);
	expr_node *node = expr_add_node(compiler, kinds[here.at], start->from, upto);
	if (node == NULL)
		return;
	if (here.selection != NULL && here.at != SPOT_BAD && here.at != SPOT_UNKNOWN)
		node->kind = NODE_SELECT;
	node->meaning = here.question;
	node->text = here.column;
	node->level = here.level;
	node->items = here.items;
	node->selection = here.selection;
	node->reads = node->kind == NODE_SELECT ? here.selection->reads : READS(here.level);
}

void expr_parse_path(expr_compiler *compiler)
{
	const expr_token *start = &compiler->tokens[compiler->next];
	expr_spot here = { .at = SPOT_NOTHING, .question = CNV_NONE };
	bool first = true, more = true;

	if (start->kind == TOKEN_REFERENCE) {
		here = reference_spot(compiler, start);
		compiler->next++;
		first = false;
	} else if (start->kind == TOKEN_FUNCTION) {
		here = take_call(compiler);
		first = false;
	} else if (start->kind == TOKEN_SLASH || start->kind == TOKEN_SLASHES) {
		here.at = SPOT_ABOVE_ROOT;
		here.free = true;
		first = false;
	} else if (start->kind == TOKEN_CLOSE || start->kind == TOKEN_END) {
		return;
	}
	if (!first && here.at != SPOT_ABOVE_ROOT) {
		expr_take_conditions(compiler, &here);
		more = compiler->tokens[compiler->next].kind == TOKEN_SLASH ||
		       compiler->tokens[compiler->next].kind == TOKEN_SLASHES;
	}
	while (more && !compiler->quiet) {
		const expr_token *token = &compiler->tokens[compiler->next];
		if (!first) {
			if (token->kind == TOKEN_SLASHES && here.at != SPOT_BAD)
				here = expr_unsupported(compiler, token, "paths with // are");
			if (token->kind != TOKEN_SLASH && token->kind != TOKEN_SLASHES)
				break;
			compiler->next++;
		}
		if (!take_step(compiler, &here, first)) {
			expr_complain(compiler, CNV_EXPRESSION_SYNTAX, token->from, token->upto,
				      CNV_STR("\"/\" belongs to paths; numbers are divided with: div"),
				      "a name is missing after \"/\"");
			compiler->quiet = true;
			break;
		}
		first = false;
		expr_take_conditions(compiler, &here);
	}
	if (!compiler->quiet)
		add_path_node(compiler, here, start,
			      compiler->next > 0 ? compiler->tokens[compiler->next - 1].upto : start->upto);
}

/* ---------------------------------------------------------------- jr:choice-name(value, '${q}') */

cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand)
{
	cnv_str path = cnv_str_trim(operand->value.text);
	if (cnv_str_starts(path, CNV_STR("${")) && cnv_str_ends(path, CNV_STR("}")))
		return find_name(compiler, cnv_str_trim(cnv_str_slice(path, 2, path.len - 1)), operand->from,
				 operand->upto);

	expr_spot here = self_spot(compiler);
	if (cnv_str_starts(path, CNV_STR("/"))) {
		here.at = SPOT_ABOVE_ROOT;
		path = cnv_str_slice(path, 1, path.len);
	}
	cnv_str step;
	while (cnv_str_split(&path, '/', &step) && here.at != SPOT_BAD) {
		expr_token token = { .kind = TOKEN_NAME, .from = operand->from, .upto = operand->upto, .text = step };
		if (cnv_str_equal(step, CNV_STR("..")))
			here = parent_of(compiler, here, &token);
		else if (!cnv_str_equal(step, CNV_STR(".")))
			here = child_of(compiler, here, &token);
	}
	if (here.at == SPOT_QUESTION)
		return here.question;
	if (here.at != SPOT_BAD)
		expr_complain(compiler, CNV_ARGUMENT_KIND, operand->from, operand->upto,
			      CNV_STR("write jr:choice-name(${q}, '${q}')"), "this names no question with choices");
	return CNV_NONE;
}
