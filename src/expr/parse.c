/* Tokens to nodes in postfix order.
 *
 * Operators bind by the table below, all to the left, so `8 div 4 div 2` is 1.  Recursion goes one
 * round of precedence levels deeper for each parenthesis, call or predicate, and those are counted.  After
 * the first mistake of shape the parser is silent: names and functions have been looked at already.
 */
#include "expr_internal.h"

#include <string.h>

/* How tightly an operator binds (XPath 1.0, 3.5); 0: it is none. */
static const uint8_t binding[TOKEN_UNION + 1] = {
	[TOKEN_OR] = 1,         [TOKEN_AND] = 2,  [TOKEN_EQUAL] = 3,      [TOKEN_UNEQUAL] = 3, [TOKEN_LESS] = 4,
	[TOKEN_LESS_EQUAL] = 4, [TOKEN_MORE] = 4, [TOKEN_MORE_EQUAL] = 4, [TOKEN_PLUS] = 5,    [TOKEN_MINUS] = 5,
	[TOKEN_TIMES] = 6,      [TOKEN_DIV] = 6,  [TOKEN_MOD] = 6,        [TOKEN_UNION] = 7,
};

expr_node *expr_add_node(expr_compiler *compiler, expr_node_kind kind, uint32_t from, uint32_t upto)
{
	if (compiler->node_total == EXPR_NODES) {
		if (!compiler->quiet)
			expr_complain(compiler, CNV_EXPRESSION_TOO_LARGE, from, upto,
				      CNV_STR("split it over several calculate questions"),
				      "the expression has more than %u parts", EXPR_NODES);
		compiler->quiet = true;
		return NULL;
	}
	if (!expr_grow(&compiler->work, (void **)&compiler->nodes, compiler->node_count, &compiler->node_room,
		       sizeof(expr_node))) {
		compiler->no_memory = compiler->quiet = true;
		return NULL;
	}
	expr_node *node = &compiler->nodes[compiler->node_count++];
	compiler->node_total++;
	*node = (expr_node){ .kind = kind, .from = from, .upto = upto, .meaning = CNV_NONE };
	return node;
}

static const expr_token *peek(const expr_compiler *compiler)
{
	return &compiler->tokens[compiler->next];
}

static void syntax(expr_compiler *compiler, cnv_code code, const expr_token *token, cnv_str hint, const char *what)
{
	if (!compiler->quiet)
		expr_complain(compiler, code, token->from, token->upto, hint, "%s", what);
	compiler->quiet = true;
}

static bool is_operator_word(cnv_str name, const char **word)
{
	static const char *const words[] = { "and", "or", "div", "mod" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (cnv_str_is_word(name, words[i])) {
			*word = words[i];
			return true;
		}
	return false;
}

bool expr_enter(expr_compiler *compiler, const expr_token *token)
{
	if (compiler->depth == EXPR_DEPTH) {
		syntax(compiler, CNV_EXPRESSION_TOO_DEEP, token, CNV_STR("split it over several calculate questions"),
		       "more than 64 parentheses and functions stand inside each other here");
		return false;
	}
	compiler->depth++;
	return true;
}

static bool check_count(expr_compiler *compiler, const expr_token *name, uint32_t count)
{
	const expr_function *function = &expr_functions[name->meaning];
	uint32_t least, most;
	expr_function_counts(function, &least, &most);
	if (count >= least && count <= most)
		return true;
	cnv_str call = expr_hint(compiler, "%s(%s)", function->info.name, function->info.arguments);
	cnv_str hint = expr_hint(compiler, "write %.*s", CNV_ARG(call));
	if (most == 0)
		expr_complain(compiler, CNV_ARGUMENT_COUNT, name->from, name->upto, hint,
			      "%s() wants no argument and is given %u", function->info.name, count);
	else if (most == CNV_NONE)
		expr_complain(compiler, CNV_ARGUMENT_COUNT, name->from, name->upto, hint,
			      "%s() wants at least %u argument%s and is given %u", function->info.name, least,
			      least == 1 ? "" : "s", count);
	else if (least == most)
		expr_complain(compiler, CNV_ARGUMENT_COUNT, name->from, name->upto, hint,
			      "%s() wants %u argument%s and is given %u", function->info.name, least,
			      least == 1 ? "" : "s", count);
	else
		expr_complain(compiler, CNV_ARGUMENT_COUNT, name->from, name->upto, hint,
			      "%s() wants %u %s %u arguments and is given %u", function->info.name, least,
			      most == least + 1 ? "or" : "to", most, count);
	return false;
}

/* What a call reads beside its arguments: without any it can mean the question itself, or where it stands. */
static uint32_t call_reads(const expr_compiler *compiler, const expr_token *name, uint32_t count)
{
	const expr_function *function = &expr_functions[name->meaning];
	cnv_str text = cnv_str_from(function->info.name);
	if (count == 0 && compiler->level > 0 &&
	    (cnv_str_equal(text, CNV_STR("position")) || cnv_str_equal(text, CNV_STR("last"))))
		return READS_POSITION(compiler->level);
	return function->is_volatile || strchr(function->signature, '?') != NULL ? READS(0) : 0;
}

static void parse_call(expr_compiler *compiler)
{
	const expr_token *name = peek(compiler);
	uint32_t count = 0;

	compiler->next++;
	const expr_token *open = peek(compiler);
	if (!expr_enter(compiler, name))
		return;
	compiler->next++;
	if (peek(compiler)->kind == TOKEN_CLOSE) {
		compiler->next++;
	} else {
		do {
			expr_parse_expression(compiler, 0);
			count++;
		} while (!compiler->quiet && peek(compiler)->kind == TOKEN_COMMA && ++compiler->next);
		if (compiler->quiet)
			return;
		if (peek(compiler)->kind == TOKEN_END) {
			syntax(compiler, CNV_EXPRESSION_PARENTHESES, open, CNV_STR("put ) after the last argument"),
			       "the parenthesis that opens here is never closed");
			return;
		}
		if (peek(compiler)->kind != TOKEN_CLOSE) {
			syntax(compiler, CNV_EXPRESSION_SYNTAX, peek(compiler),
			       CNV_STR("arguments are parted by commas"),
			       "an operator or a comma is missing before this");
			return;
		}
		compiler->next++;
	}
	compiler->depth--;
	uint32_t upto = compiler->tokens[compiler->next - 1].upto;
	bool bad = name->meaning == CNV_NONE || !check_count(compiler, name, count);
	expr_node *node = expr_add_node(compiler, bad ? NODE_BAD : NODE_CALL, name->from, upto);
	if (node != NULL) {
		node->count = count;
		node->meaning = name->meaning;
		node->level = compiler->level;
		node->reads = bad ? 0 : call_reads(compiler, name, count);
	}
}

static void parse_parenthesis(expr_compiler *compiler)
{
	const expr_token *open = peek(compiler);
	if (!expr_enter(compiler, open))
		return;
	compiler->next++;
	if (peek(compiler)->kind == TOKEN_CLOSE) {
		syntax(compiler, CNV_EXPRESSION_SYNTAX, peek(compiler), CNV_STR(""),
		       "nothing stands in the parentheses");
		return;
	}
	expr_parse_expression(compiler, 0);
	if (compiler->quiet)
		return;
	if (peek(compiler)->kind == TOKEN_CLOSE) {
		compiler->next++;
	} else if (peek(compiler)->kind == TOKEN_END) {
		syntax(compiler, CNV_EXPRESSION_PARENTHESES, open, CNV_STR("put ) where the part in parentheses ends"),
		       "the parenthesis that opens here is never closed");
	} else if (peek(compiler)->kind == TOKEN_COMMA) {
		syntax(compiler, CNV_EXPRESSION_SYNTAX, peek(compiler), CNV_STR("a decimal number has a point: 4.5"),
		       "a comma stands only between the arguments of a function");
	} else {
		syntax(compiler, CNV_EXPRESSION_SYNTAX, peek(compiler), CNV_STR(""),
		       "an operator is missing before this");
	}
	compiler->depth--;
}

static void missing_operand(expr_compiler *compiler, const expr_token *token)
{
	const char *word;
	if (token->kind == TOKEN_END && compiler->next == 0)
		syntax(compiler, CNV_EXPRESSION_SYNTAX, token, CNV_STR(""), "the expression is empty");
	else if (token->kind == TOKEN_END)
		syntax(compiler, CNV_EXPRESSION_SYNTAX, &compiler->tokens[compiler->next - 1], CNV_STR(""),
		       "something is missing after this");
	else if (token->kind == TOKEN_CLOSE && compiler->depth == 0)
		syntax(compiler, CNV_EXPRESSION_PARENTHESES, token, CNV_STR(""),
		       "this parenthesis closes none that was opened");
	else if (token->kind == TOKEN_ANY || (token->kind == TOKEN_NAME && is_operator_word(token->text, &word)))
		syntax(compiler, CNV_EXPRESSION_SYNTAX, token, CNV_STR(""),
		       "something is missing before this operator");
	else
		syntax(compiler, CNV_EXPRESSION_SYNTAX, token, CNV_STR(""), "a value is missing before this");
}

/* Conditions and steps of a path stand only behind names, instance() and current(). */
static void parse_rest_of_path(expr_compiler *compiler)
{
	const expr_token *token = peek(compiler);
	if (compiler->quiet ||
	    (token->kind != TOKEN_OPEN_BRACKET && token->kind != TOKEN_SLASH && token->kind != TOKEN_SLASHES))
		return;
	if (token->kind == TOKEN_SLASH) {
		expr_token_kind after = compiler->tokens[compiler->next + 1].kind;
		if (after == TOKEN_NUMBER || after == TOKEN_REFERENCE || after == TOKEN_OPEN) {
			syntax(compiler, CNV_EXPRESSION_OPERATOR, token, CNV_STR("write: div"),
			       "\"/\" does not divide");
			return;
		}
	}
	if (!compiler->rejected)
		expr_complain(compiler, CNV_NOT_SUPPORTED, token->from, token->upto, CNV_STR(""),
			      "paths behind parentheses and other functions are not supported");
	uint32_t nodes = compiler->node_count;
	if (compiler->level + 1 == EXPR_LEVELS) {
		compiler->quiet = true;
		return;
	}
	compiler->level++; /* names further on belong to something unknown here */
	compiler->scopes[compiler->level] = (expr_scope){ .table = CNV_NONE, .question = CNV_NONE };
	while (!compiler->quiet) {
		token = peek(compiler);
		if (token->kind == TOKEN_OPEN_BRACKET) {
			if (!expr_enter(compiler, token))
				break;
			compiler->next++;
			expr_parse_expression(compiler, 0);
			compiler->depth--;
			if (peek(compiler)->kind != TOKEN_CLOSE_BRACKET) {
				syntax(compiler, CNV_EXPRESSION_PARENTHESES, token, CNV_STR(""),
				       "the bracket that opens here is never closed");
				break;
			}
			compiler->next++;
		} else if (token->kind == TOKEN_SLASH || token->kind == TOKEN_SLASHES) {
			expr_parse_path(compiler);
		} else {
			break;
		}
	}
	compiler->level--;
	compiler->node_count = nodes;
}

static void parse_primary(expr_compiler *compiler)
{
	const expr_token *token = peek(compiler);
	expr_node *node;
	const char *word;

	switch ((int)token->kind) {
	case TOKEN_NUMBER:
		compiler->next++;
		node = expr_add_node(compiler, NODE_NUMBER, token->from, token->upto);
		if (node != NULL)
			cnv_number_read(token->text, &node->number);
		return;
	case TOKEN_TEXT:
		compiler->next++;
		node = expr_add_node(compiler, NODE_TEXT, token->from, token->upto);
		if (node != NULL)
			node->text = token->text;
		return;
	case TOKEN_REFERENCE: {
		expr_token_kind after = compiler->tokens[compiler->next + 1].kind;
		expr_token_kind second = after == TOKEN_SLASH ? compiler->tokens[compiler->next + 2].kind : TOKEN_END;
		if (second == TOKEN_NUMBER || second == TOKEN_REFERENCE || second == TOKEN_OPEN) {
			compiler->next++;
			syntax(compiler, CNV_EXPRESSION_OPERATOR, peek(compiler), CNV_STR("write: div"),
			       "\"/\" does not divide");
			return;
		}
		expr_parse_path(compiler);
		return;
	}
	case TOKEN_FUNCTION:
		if (token->meaning != CNV_NONE && (cnv_str_equal(token->text, CNV_STR("instance")) ||
						   cnv_str_equal(token->text, CNV_STR("current")))) {
			expr_parse_path(compiler);
			return;
		}
		parse_call(compiler);
		parse_rest_of_path(compiler);
		return;
	case TOKEN_OPEN:
		parse_parenthesis(compiler);
		parse_rest_of_path(compiler);
		return;
	case TOKEN_NAME:
		if (is_operator_word(token->text, &word)) {
			missing_operand(compiler, token);
			return;
		}
		/* fall through */
	case TOKEN_DOT:
	case TOKEN_DOTS:
	case TOKEN_SLASH:
	case TOKEN_SLASHES:
	case TOKEN_AT:
		expr_parse_path(compiler);
		return;
	default:
		missing_operand(compiler, token);
	}
}

static void parse_unary(expr_compiler *compiler)
{
	const expr_token *first = peek(compiler);
	uint32_t minus = 0;
	while (peek(compiler)->kind == TOKEN_MINUS) {
		compiler->next++;
		minus++;
	}
	if (peek(compiler)->kind == TOKEN_PLUS) {
		syntax(compiler, CNV_EXPRESSION_SYNTAX, peek(compiler), CNV_STR("leave the plus sign out"),
		       "a number has no plus sign");
		return;
	}
	parse_primary(compiler);
	while (!compiler->quiet && peek(compiler)->kind == TOKEN_UNION) {
		const expr_token *token = peek(compiler);
		compiler->next++;
		parse_primary(compiler);
		expr_node *node =
			compiler->quiet ? NULL : expr_add_node(compiler, NODE_BINARY, token->from, token->upto);
		if (node != NULL) {
			node->op = TOKEN_UNION;
			node->count = 2;
		}
	}
	while (minus-- > 0 && !compiler->quiet) {
		expr_node *node = expr_add_node(compiler, NODE_NEGATE, first->from, first->upto);
		if (node != NULL)
			node->count = 1;
	}
}

void expr_parse_expression(expr_compiler *compiler, uint32_t least)
{
	if (compiler->quiet)
		return;
	parse_unary(compiler);
	while (!compiler->quiet) {
		const expr_token *operator= peek(compiler);
		uint32_t bind = binding[operator->kind];
		if (bind == 0 || bind <= least || operator->kind == TOKEN_UNION)
			return;
		compiler->next++;
		expr_parse_expression(compiler, bind);
		if (compiler->quiet)
			return;
		expr_node *node = expr_add_node(compiler, NODE_BINARY, operator->from, operator->upto);
		if (node == NULL)
			return;
		node->op = operator->kind;
		node->count = 2;
	}
}

/* Tokens are left over behind a whole expression. */
static void complain_of_rest(expr_compiler *compiler)
{
	const expr_token *token = peek(compiler);
	const char *word;

	if (token->kind == TOKEN_CLOSE || token->kind == TOKEN_CLOSE_BRACKET)
		syntax(compiler, CNV_EXPRESSION_PARENTHESES, token, CNV_STR("take it out, or open one before"),
		       "this parenthesis closes none that was opened");
	else if (token->kind == TOKEN_COMMA)
		syntax(compiler, CNV_EXPRESSION_SYNTAX, token, CNV_STR("a decimal number has a point: 4.5"),
		       "a comma stands only between the arguments of a function");
	else if ((token->kind == TOKEN_NAME || token->kind == TOKEN_FUNCTION) && is_operator_word(token->text, &word))
		syntax(compiler, CNV_EXPRESSION_SYNTAX, token, expr_hint(compiler, "write: %s", word),
		       "operators are written in lower case");
	else
		syntax(compiler, CNV_EXPRESSION_SYNTAX, token,
		       CNV_STR("join conditions with: and, or; texts with concat()"),
		       "an operator is missing before this");
}

void expr_parse(expr_compiler *compiler)
{
	expr_parse_expression(compiler, 0);
	if (!compiler->quiet && peek(compiler)->kind != TOKEN_END)
		complain_of_rest(compiler);
}
