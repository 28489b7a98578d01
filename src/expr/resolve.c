/* Names and paths to questions.
 *
 * ${name} means the one question of that name wherever it stands.  A path walks the form as a
 * tree: `.` the question itself, `..` what encloses it, /data/g/x from the root.  All of this is
 * known while compiling; a run only sees columns.
 */
#include "expr_internal.h"

/* A place in the tree that a path has come to. */
typedef struct spot {
	enum { SPOT_QUESTION, SPOT_ROOT, SPOT_ABOVE_ROOT, SPOT_NOTHING, SPOT_COLUMN, SPOT_BAD } at;
	cnv_question_id question;
	cnv_str column;
} spot;

static void resolve_function(expr_compiler *compiler, expr_token *token)
{
	token->meaning = expr_function_find(token->text);
	if (token->meaning != CNV_NONE && expr_functions[token->meaning].info.supported)
		return;
	if (token->meaning != CNV_NONE || cnv_str_starts(token->text, CNV_STR("cht:"))) {
		expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, CNV_STR(""),
			      "the function %.*s() is not supported yet", CNV_ARG(token->text));
		token->meaning = CNV_NONE;
		return;
	}
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, token->text);
	for (uint32_t i = 0; i < expr_function_count; i++)
		cnv_nearest_offer(&nearest, cnv_str_from(expr_functions[i].info.name));
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_FUNCTION, token->from, token->upto, hint, "unknown function \"%.*s\"",
		      CNV_ARG(token->text));
}

/* The question called `name`; CNV_NONE after saying why there is none. */
static cnv_question_id find_name(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto)
{
	if (compiler->form == NULL) {
		expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, CNV_STR("name the form as well"),
			      "there is no form, so nothing is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_starts(name, CNV_STR("last-saved#"))) {
		expr_complain(compiler, CNV_NOT_SUPPORTED, from, upto, CNV_STR(""),
			      "answers of the last saved record are not supported yet");
		return CNV_NONE;
	}
	cnv_question_id found = cnv_form_find(compiler->form, name);
	if (found < compiler->form->count)
		return found;
	if (found == CNV_NAME_AMBIGUOUS) {
		expr_complain(compiler, CNV_AMBIGUOUS_NAME, from, upto, CNV_STR("give one of them another name"),
			      "more than one question is called \"%.*s\"", CNV_ARG(name));
		return CNV_NONE;
	}
	if (cnv_str_equal(name, CNV_STR("instanceID")) || cnv_str_equal(name, CNV_STR("instanceName"))) {
		expr_complain(compiler, CNV_NOT_SUPPORTED, from, upto, CNV_STR(""), "${%.*s} is not supported yet",
			      CNV_ARG(name));
		return CNV_NONE;
	}
	cnv_str near = cnv_form_nearest(compiler->form, name);
	cnv_str hint = near.len > 0 ? expr_hint(compiler, "did you mean ${%.*s}?", CNV_ARG(near)) : CNV_STR("");
	expr_complain(compiler, CNV_UNKNOWN_NAME, from, upto, hint, "no question is called \"%.*s\"", CNV_ARG(name));
	return CNV_NONE;
}

void expr_resolve_tokens(expr_compiler *compiler)
{
	for (uint32_t i = 0; i < compiler->token_count; i++) {
		expr_token *token = &compiler->tokens[i];
		if (token->kind == TOKEN_FUNCTION)
			resolve_function(compiler, token);
		else if (token->kind == TOKEN_REFERENCE && token->text.len > 0)
			token->meaning = find_name(compiler, token->text, token->from, token->upto);
	}
}

/* ---------------------------------------------------------------- paths */

static spot self_spot(const expr_compiler *compiler)
{
	cnv_question_id self = compiler->context->self;
	if (compiler->form == NULL || self >= compiler->form->count)
		return (spot){ .at = SPOT_NOTHING, .question = CNV_NONE };
	return (spot){ .at = SPOT_QUESTION, .question = self };
}

static spot parent_of(const expr_compiler *compiler, spot here)
{
	if (here.at == SPOT_ROOT)
		return (spot){ .at = SPOT_ABOVE_ROOT, .question = CNV_NONE };
	if (here.at == SPOT_NOTHING && compiler->form != NULL)
		return (spot){ .at = SPOT_ROOT, .question = CNV_NONE };
	if (here.at != SPOT_QUESTION)
		return here;
	cnv_question_id parent = compiler->form->questions[here.question].parent;
	if (parent == CNV_NONE)
		return (spot){ .at = SPOT_ROOT, .question = CNV_NONE };
	return (spot){ .at = SPOT_QUESTION, .question = parent };
}

static spot unsupported(expr_compiler *compiler, const expr_token *token, const char *what)
{
	if (compiler->predicates == 0)
		expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, CNV_STR(""),
			      "%s not supported yet", what);
	return (spot){ .at = SPOT_BAD, .question = CNV_NONE };
}

static cnv_str child_path(expr_compiler *compiler, spot here, cnv_str name)
{
	if (here.at != SPOT_QUESTION)
		return name;
	return cnv_arena_format(&compiler->work, "%.*s/%.*s", CNV_ARG(compiler->form->questions[here.question].path),
				CNV_ARG(name));
}

static spot child_of(expr_compiler *compiler, spot here, const expr_token *token)
{
	spot bad = { .at = SPOT_BAD, .question = CNV_NONE };
	cnv_str name = token->text;

	if (here.at == SPOT_BAD)
		return bad;
	if (here.at == SPOT_COLUMN)
		return unsupported(compiler, token, "paths behind a column are");
	if (compiler->form == NULL) {
		find_name(compiler, name, token->from, token->upto);
		return bad;
	}
	if (here.at == SPOT_ABOVE_ROOT) {
		if (cnv_str_equal(name, compiler->form->root))
			return (spot){ .at = SPOT_ROOT, .question = CNV_NONE };
		expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto,
			      expr_hint(compiler, "paths begin with /%.*s", CNV_ARG(compiler->form->root)),
			      "the form's root is not called \"%.*s\"", CNV_ARG(name));
		return bad;
	}
	uint32_t found = cnv_map_find(&compiler->form->by_path, child_path(compiler, here, name));
	if (found < compiler->form->count)
		return (spot){ .at = SPOT_QUESTION, .question = found };
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, name);
	cnv_question_id parent = here.at == SPOT_QUESTION ? here.question : CNV_NONE;
	for (cnv_question_id id = 0; id < compiler->form->count; id++)
		if (compiler->form->questions[id].parent == parent)
			cnv_nearest_offer(&nearest, compiler->form->questions[id].name);
	cnv_str hint = nearest.best.len > 0 ? expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best))
					    : CNV_STR("a question is safest named as ${name}");
	expr_complain(compiler, CNV_UNKNOWN_NAME, token->from, token->upto, hint,
		      "the path leads nowhere: nothing is called \"%.*s\" there", CNV_ARG(name));
	return bad;
}

static bool is_choice_column(const cnv_list *list, cnv_str name)
{
	for (uint32_t i = 0; i < list->count; i++)
		for (uint32_t k = 0; k < list->choices[i].extra_count; k++)
			if (cnv_str_equal(list->choices[i].extras[k].heading, name))
				return true;
	return cnv_str_equal(name, CNV_STR("name")) || cnv_str_equal(name, CNV_STR("label"));
}

/* A bare name in a choice filter: a column of the list. */
static spot column_spot(expr_compiler *compiler, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	spot column = { .at = SPOT_COLUMN, .question = CNV_NONE, .column = token->text };
	cnv_question_id self = compiler->context->self;
	if (form == NULL || self >= form->count || form->questions[self].list >= form->list_count)
		return column;
	const cnv_list *list = &form->lists[form->questions[self].list];
	if (list->open || is_choice_column(list, token->text))
		return column;
	cnv_nearest nearest;
	cnv_nearest_init(&nearest, token->text);
	cnv_nearest_offer(&nearest, CNV_STR("name"));
	cnv_nearest_offer(&nearest, CNV_STR("label"));
	for (uint32_t i = 0; i < list->count; i++)
		for (uint32_t k = 0; k < list->choices[i].extra_count; k++)
			cnv_nearest_offer(&nearest, list->choices[i].extras[k].heading);
	cnv_str hint = CNV_STR("a text is put in quotes");
	if (nearest.best.len > 0)
		hint = expr_hint(compiler, "did you mean \"%.*s\"?", CNV_ARG(nearest.best));
	else if (cnv_form_find(form, token->text) < form->count)
		hint = expr_hint(compiler, "the answer to a question is written ${%.*s}", CNV_ARG(token->text));
	expr_complain(compiler, CNV_UNKNOWN_COLUMN, token->from, token->upto, hint,
		      "the list \"%.*s\" has no column \"%.*s\"", CNV_ARG(list->name), CNV_ARG(token->text));
	return (spot){ .at = SPOT_BAD, .question = CNV_NONE };
}

/* A name at the beginning of a path: a column, a child of the group, or a mistake. */
static spot bare_spot(expr_compiler *compiler, const expr_token *token)
{
	const cnv_form *form = compiler->form;
	spot here = self_spot(compiler);
	if (compiler->predicates > 0)
		return (spot){ .at = SPOT_BAD, .question = CNV_NONE };
	if (compiler->context->purpose == CNV_FOR_FILTER)
		return column_spot(compiler, token);
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
	return (spot){ .at = SPOT_BAD, .question = CNV_NONE };
}

/* One step of a path; false when no step stands there. */
static bool take_step(expr_compiler *compiler, spot *here, bool first)
{
	while (compiler->tokens[compiler->next].kind == TOKEN_NAME &&
	       compiler->tokens[compiler->next + 1].kind == TOKEN_AXIS) {
		*here = unsupported(compiler, &compiler->tokens[compiler->next], "axes (name::) are");
		compiler->next += 2;
		first = false;
	}
	const expr_token *token = &compiler->tokens[compiler->next];
	bool filter = compiler->context->purpose == CNV_FOR_FILTER;

	switch ((int)token->kind) {
	case TOKEN_DOT:
	case TOKEN_DOTS:
		compiler->next++;
		if (first && filter && compiler->predicates == 0)
			*here = unsupported(compiler, token, "paths relative to a choice are");
		else if (first && compiler->predicates > 0)
			here->at = SPOT_BAD;
		else if (first)
			*here = self_spot(compiler);
		if (token->kind == TOKEN_DOTS) {
			*here = parent_of(compiler, *here);
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
		*here = first ? bare_spot(compiler, token) : child_of(compiler, *here, token);
		return true;
	case TOKEN_ANY:
		compiler->next++;
		*here = unsupported(compiler, token, "wildcards in paths are");
		return true;
	case TOKEN_AT:
		compiler->next++;
		*here = unsupported(compiler, token, "attributes are");
		if (compiler->tokens[compiler->next].kind == TOKEN_NAME)
			compiler->next++;
		return true;
	case TOKEN_FUNCTION:
		if (first)
			return false;
		if (here->at != SPOT_BAD && token->meaning != CNV_NONE)
			unsupported(compiler, token, "functions as steps of a path are");
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

static void skip_predicates(expr_compiler *compiler, spot *here)
{
	while (compiler->tokens[compiler->next].kind == TOKEN_OPEN_BRACKET && !compiler->quiet) {
		const expr_token *open = &compiler->tokens[compiler->next++];
		if (here->at != SPOT_BAD)
			*here = unsupported(compiler, open, "conditions on paths are");
		uint32_t before = compiler->node_count;
		if (!expr_enter(compiler, open))
			return;
		compiler->predicates++;
		expr_parse_expression(compiler, 0);
		compiler->predicates--;
		compiler->depth--;
		compiler->node_count = before;
		if (compiler->tokens[compiler->next].kind == TOKEN_CLOSE_BRACKET) {
			compiler->next++;
		} else if (!compiler->quiet) {
			expr_complain(compiler, CNV_EXPRESSION_PARENTHESES, open->from, open->upto, CNV_STR(""),
				      "the bracket that opens here is never closed");
			compiler->quiet = true;
		}
	}
}

void expr_parse_path(expr_compiler *compiler)
{
	const expr_token *start = &compiler->tokens[compiler->next];
	spot here = { .at = SPOT_NOTHING, .question = CNV_NONE };
	bool first = true, more = true;

	if (start->kind == TOKEN_REFERENCE) { /* ${q} with a predicate or a path behind it */
		here = (spot){ .at = start->meaning != CNV_NONE ? SPOT_QUESTION : SPOT_BAD,
			       .question = start->meaning };
		compiler->next++;
		first = false;
		skip_predicates(compiler, &here);
		more = compiler->tokens[compiler->next].kind == TOKEN_SLASH ||
		       compiler->tokens[compiler->next].kind == TOKEN_SLASHES;
	} else if (start->kind == TOKEN_SLASH || start->kind == TOKEN_SLASHES) {
		here.at = compiler->predicates > 0 ? SPOT_BAD : SPOT_ABOVE_ROOT;
		first = false;
	} else if (start->kind == TOKEN_CLOSE || start->kind == TOKEN_END) {
		return;
	}
	while (more && !compiler->quiet) {
		const expr_token *token = &compiler->tokens[compiler->next];
		if (!first) {
			if (token->kind == TOKEN_SLASHES && here.at != SPOT_BAD)
				here = unsupported(compiler, token, "paths with // are");
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
		skip_predicates(compiler, &here);
	}
	uint32_t upto = compiler->next > 0 ? compiler->tokens[compiler->next - 1].upto : start->upto;
	static const expr_node_kind kinds[] = {
		[SPOT_QUESTION] = NODE_QUESTION, [SPOT_ROOT] = NODE_ROOT,     [SPOT_ABOVE_ROOT] = NODE_ROOT,
		[SPOT_NOTHING] = NODE_NOTHING,   [SPOT_COLUMN] = NODE_COLUMN, [SPOT_BAD] = NODE_BAD
	};
	expr_node *node = expr_add_node(compiler, kinds[here.at], start->from, upto);
	if (node != NULL) {
		node->meaning = here.question;
		node->text = here.column;
	}
}

/* ---------------------------------------------------------------- jr:choice-name(value, '${q}') */

cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand)
{
	cnv_str path = cnv_str_trim(operand->value.text);
	if (cnv_str_starts(path, CNV_STR("${")) && cnv_str_ends(path, CNV_STR("}")))
		return find_name(compiler, cnv_str_trim(cnv_str_slice(path, 2, path.len - 1)), operand->from,
				 operand->upto);

	spot here = self_spot(compiler);
	if (cnv_str_starts(path, CNV_STR("/"))) {
		here.at = SPOT_ABOVE_ROOT;
		path = cnv_str_slice(path, 1, path.len);
	}
	cnv_str step;
	while (cnv_str_split(&path, '/', &step) && here.at != SPOT_BAD) {
		expr_token token = { .kind = TOKEN_NAME, .from = operand->from, .upto = operand->upto, .text = step };
		if (cnv_str_equal(step, CNV_STR("..")))
			here = parent_of(compiler, here);
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
