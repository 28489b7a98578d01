/* parse.c: tokens to a tree, its nodes in postfix order.
 *
 * Operators bind by the table below, all to the left, so `8 div 4 div 2` is 1.  The recursion goes one round of
 * precedence levels deeper for each parenthesis, call or condition, and those are counted.  The first mistake of shape
 * ends the nodes.
 */
#include "formula/formula_internal.h"

/* How tightly an operator binds (XPath 1.0, 3.5). */
static const uint8_t binding[CNV_OP_UNION + 1] = {
	[CNV_OP_OR] = 1,         [CNV_OP_AND] = 2,  [CNV_OP_EQUAL] = 3,      [CNV_OP_UNEQUAL] = 3, [CNV_OP_LESS] = 4,
	[CNV_OP_LESS_EQUAL] = 4, [CNV_OP_MORE] = 4, [CNV_OP_MORE_EQUAL] = 4, [CNV_OP_PLUS] = 5,    [CNV_OP_MINUS] = 5,
	[CNV_OP_TIMES] = 6,      [CNV_OP_DIV] = 6,  [CNV_OP_MOD] = 6,        [CNV_OP_UNION] = 7,
};

static const char split_up[] = "split it over several calculate questions";

static const struct token *peek(const struct reading *reading)
{
	return &reading->tokens[reading->next];
}

static bool is_op(const struct token *token, cnv_formula_op op)
{
	return token->kind == TOKEN_OPERATOR && token->op == op;
}

static bool is_slash(const struct token *token)
{
	return token->kind == TOKEN_SLASH || token->kind == TOKEN_SLASHES;
}

/* Reports a syntax mistake.  Parsing ends with it, so that later ones, which it may have caused, are not reported. */
static void syntax(struct reading *reading, cnv_code code, const struct token *token, const char *hint,
		   const char *what)
{
	if (!reading->quiet)
		formula_mistake(reading, code, token->from, token->upto, cnv_str_from(hint), "%s", what);
	reading->quiet = true;
}

/* ---------------------------------------------------------------- nodes */

/* Adds a node over the last `argc` wholes; NULL when there are too many, or no memory. */
static cnv_formula_node *add_node(struct reading *reading, cnv_formula_kind kind, const struct token *token,
				  uint32_t argc)
{
	bool part = kind != CNV_F_STEP && kind != CNV_F_WHERE; /* a path is one part, its conditions have their own */
	if (reading->quiet)
		return NULL;
	if (part && reading->parts == CNV_FORMULA_PARTS) {
		formula_mistake(reading, CNV_EXPRESSION_TOO_LARGE, token->from, token->upto, CNV_STR(split_up),
				"the expression has more than %u parts", CNV_FORMULA_PARTS);
		reading->quiet = true;
		return NULL;
	}
	if (!formula_grow(reading, reading->arena, (void **)&reading->nodes, reading->count, &reading->room,
			  sizeof *reading->nodes))
		return NULL;
	uint32_t at = reading->count++;
	cnv_formula_node *node = &reading->nodes[at];
	reading->parts += part;
	*node = (cnv_formula_node){ .kind = kind,
				    .from = token->from,
				    .upto = token->upto,
				    .mark_from = token->from,
				    .mark_upto = token->upto,
				    .slash = CNV_NONE,
				    .first = at,
				    .argc = argc,
				    .arg = CNV_NONE,
				    .next = CNV_NONE,
				    .parent = CNV_NONE,
				    .mention = token->mention,
				    .text = token->text };
	for (uint32_t i = 0; i < argc; i++) {
		cnv_formula_node *arg = &reading->nodes[node->first - 1];
		arg->next = node->arg;
		arg->parent = at;
		node->arg = node->first - 1;
		node->first = arg->first;
	}
	reading->outer_from = token->from;
	reading->outer_upto = token->upto;
	return node;
}

/* The node, and what is to be seen of it as an operand, extends over these bytes. */
static void extend(struct reading *reading, cnv_formula_node *node, uint32_t from, uint32_t upto)
{
	node->from = reading->outer_from = from;
	node->upto = reading->outer_upto = upto;
}

static bool enter(struct reading *reading, const struct token *token)
{
	if (reading->depth == CNV_FORMULA_DEPTH) {
		syntax(reading, CNV_EXPRESSION_TOO_DEEP, token, split_up,
		       "more than 64 nested parentheses and function calls");
		return false;
	}
	reading->depth++;
	return true;
}

static void parse_expression(struct reading *reading, uint32_t least);

/* ---------------------------------------------------------------- paths */

static void add_opening(struct reading *reading, const struct token *open)
{
	if (formula_grow(reading, reading->arena, (void **)&reading->openings, reading->opening_count,
			 &reading->opening_room, sizeof *reading->openings))
		reading->openings[reading->opening_count++] =
			(cnv_formula_opening){ .node = reading->count, .from = open->from, .upto = open->upto };
}

/* All conditions in brackets behind the path that begins at byte `from`. */
static void parse_conditions(struct reading *reading, uint32_t from)
{
	while (!reading->quiet && peek(reading)->kind == TOKEN_OPEN_BRACKET) {
		const struct token *open = peek(reading);
		reading->next++;
		if (!enter(reading, open))
			return;
		if (reading->level + 1 == CNV_FORMULA_LEVELS) {
			syntax(reading, CNV_EXPRESSION_TOO_DEEP, open, split_up,
			       "more than 7 nested conditions on paths");
			return;
		}
		reading->level++;
		add_opening(reading, open);
		parse_expression(reading, 0);
		reading->level--;
		reading->depth--;
		const struct token *close = peek(reading);
		if (close->kind != TOKEN_CLOSE_BRACKET) {
			syntax(reading, CNV_EXPRESSION_PARENTHESES, open, "put ] after the condition",
			       "unclosed bracket");
			return;
		}
		reading->next++;
		cnv_formula_node *node = add_node(reading, CNV_F_WHERE, open, 2);
		if (node)
			extend(reading, node, from, close->upto);
	}
}

/* child::, parent::node() and self::node() are written out forms of steps; any other axis is kept.  True: the step is
 * taken. */
static bool parse_axis(struct reading *reading, cnv_formula_step *step, cnv_str *axis)
{
	const struct token *token = peek(reading), *test;
	if (token->kind != TOKEN_NAME || token[1].kind != TOKEN_AXIS)
		return false;
	test = token + 2;
	bool self = cnv_str_equal(token->text, CNV_STR("self")), up = cnv_str_equal(token->text, CNV_STR("parent"));
	bool any = test->kind == TOKEN_ANY;
	bool call = test->kind == TOKEN_FUNCTION && cnv_str_equal(test->text, CNV_STR("node")) &&
		    test[1].kind == TOKEN_OPEN && test[2].kind == TOKEN_CLOSE;
	reading->next += 2;
	if ((self || up) && (any || call)) {
		reading->next += any ? 1 : 3;
		*step = self ? CNV_STEP_SELF : CNV_STEP_PARENT;
		return true;
	}
	if (!cnv_str_equal(token->text, CNV_STR("child")))
		*axis = token->text;
	return false;
}

/* One step of a path from byte `start` on, `slash` before it (NULL: it is the first); false when there is none. */
static bool parse_step(struct reading *reading, const struct token *slash, uint32_t start)
{
	const struct token *begin = peek(reading), *token;
	cnv_formula_step step = 0;
	cnv_str axis = CNV_STR("");
	bool ended = false;
	bool taken = parse_axis(reading, &step, &axis);
	bool spelled = peek(reading) != begin && !taken;

	token = taken ? begin : peek(reading);
	cnv_str text = CNV_STR("");
	switch ((int)(taken ? TOKEN_END : token->kind)) {
	case TOKEN_END:
		break;
	case TOKEN_DOT:
		step = CNV_STEP_SELF;
		break;
	case TOKEN_DOTS:
		step = CNV_STEP_PARENT;
		break;
	case TOKEN_ANY:
		step = CNV_STEP_ANY;
		break;
	case TOKEN_NAME:
		step = CNV_STEP_NAME;
		text = token->text;
		break;
	case TOKEN_AT:
		step = CNV_STEP_ATTRIBUTE;
		if (token[1].kind == TOKEN_NAME) {
			reading->next++;
			text = token[1].text;
		}
		break;
	case TOKEN_FUNCTION:
		if (slash) {
			step = CNV_STEP_CALL;
			text = token->text;
			ended = token[2].kind != TOKEN_CLOSE;
			reading->next += ended ? 1 : 2;
		}
		break;
	default:
		break;
	}
	if (step == 0 && axis.len == 0)
		return false;
	if (step == 0) { /* the axis alone is kept, to be reported */
		cnv_formula_node *alone = add_node(reading, CNV_F_STEP, begin, slash ? 1 : 0);
		if (alone)
			alone->axis = axis;
		return false;
	}
	reading->next += !taken;
	cnv_formula_kind kind = CNV_F_STEP;
	if (!slash && !spelled)
		kind = step == CNV_STEP_NAME     ? CNV_F_NAME
		       : step == CNV_STEP_SELF   ? CNV_F_SELF
		       : step == CNV_STEP_PARENT ? CNV_F_PARENT
						 : CNV_F_STEP;
	cnv_formula_node *node = add_node(reading, kind, token, slash ? 1 : 0);
	if (node) {
		node->step = kind == CNV_F_STEP ? step : 0;
		node->text = text;
		node->axis = axis;
		node->slash = slash ? slash->from : CNV_NONE;
		extend(reading, node, start, reading->tokens[reading->next - 1].upto);
	}
	if (ended)
		reading->quiet = true; /* its arguments are not looked at; a step that calls is no step for anybody */
	return true;
}

/* All steps and conditions behind the start of a path. */
static void parse_steps(struct reading *reading, uint32_t start)
{
	parse_conditions(reading, start);
	while (!reading->quiet && is_slash(peek(reading))) {
		const struct token *slash = peek(reading);
		reading->next++;
		if (slash->kind == TOKEN_SLASHES) {
			cnv_formula_node *anywhere = add_node(reading, CNV_F_STEP, slash, 1);
			if (!anywhere)
				return;
			anywhere->step = CNV_STEP_ANYWHERE;
			anywhere->slash = slash->from;
			anywhere->text = CNV_STR("");
			extend(reading, anywhere, start, slash->upto);
		}
		if (!parse_step(reading, slash, start)) {
			syntax(reading, CNV_EXPRESSION_SYNTAX, slash,
			       "\"/\" separates the steps of a path; numbers are divided with: div",
			       "missing name after \"/\"");
			return;
		}
		parse_conditions(reading, start);
	}
}

/* instance('list') or current(), where a path begins. */
static bool parse_source(struct reading *reading)
{
	const struct token *name = peek(reading), *argument = name + 2;
	bool current = cnv_str_equal(name->text, CNV_STR("current"));

	if (current && argument->kind == TOKEN_CLOSE) {
		reading->next += 3;
		cnv_formula_node *node = add_node(reading, CNV_F_CURRENT, name, 0);
		if (node)
			extend(reading, node, name->from, argument->upto);
		return node != NULL;
	}
	if (!current && argument->kind == TOKEN_TEXT && argument[1].kind == TOKEN_CLOSE) {
		reading->next += 4;
		cnv_formula_node *node = add_node(reading, CNV_F_INSTANCE, name, 0);
		if (!node)
			return false;
		node->text = argument->text;
		node->mark_from = argument->from;
		node->mark_upto = argument->upto;
		extend(reading, node, name->from, argument[1].upto);
		return true;
	}
	syntax(reading, CNV_ARGUMENT_KIND, name,
	       current ? "write current()/.. to begin a path at the question itself"
		       : "write instance('list')/root/item[condition]/column",
	       current ? "current() takes no arguments" : "instance() takes the name of a list in quotes");
	return false;
}

static bool is_source(const struct token *token)
{
	return token->kind == TOKEN_FUNCTION &&
	       (cnv_str_equal(token->text, CNV_STR("instance")) || cnv_str_equal(token->text, CNV_STR("current")));
}

static void parse_path(struct reading *reading)
{
	const struct token *start = peek(reading);

	if (start->kind == TOKEN_REFERENCE) {
		reading->next++;
		cnv_formula_node *node = add_node(reading, CNV_F_REFERENCE, start, 0);
		if (node && start->mention != CNV_NONE)
			node->last_saved = reading->mentions[start->mention].last_saved;
	} else if (start->kind == TOKEN_FUNCTION) {
		if (!parse_source(reading))
			return;
	} else if (is_slash(start)) {
		struct token root = { .kind = TOKEN_SLASH,
				      .from = start->from,
				      .upto = start->from,
				      .text = CNV_STR(""),
				      .mention = CNV_NONE };
		add_node(reading, CNV_F_ROOT, &root, 0);
	} else if (!parse_step(reading, NULL, start->from)) {
		syntax(reading, CNV_EXPRESSION_SYNTAX, start,
		       "\"/\" separates the steps of a path; numbers are divided with: div",
		       "missing name after \"/\"");
		return;
	}
	parse_steps(reading, start->from);
}

/* ---------------------------------------------------------------- operands */

static void parse_call(struct reading *reading)
{
	const struct token *name = peek(reading), *open = name + 1;
	uint32_t count = 0;

	if (!enter(reading, name))
		return;
	reading->next += 2;
	if (peek(reading)->kind == TOKEN_CLOSE) {
		reading->next++;
	} else {
		do {
			parse_expression(reading, 0);
			count++;
		} while (!reading->quiet && peek(reading)->kind == TOKEN_COMMA && ++reading->next);
		if (reading->quiet)
			return;
		if (peek(reading)->kind == TOKEN_END) {
			syntax(reading, CNV_EXPRESSION_PARENTHESES, open, "put ) after the last argument",
			       "unclosed parenthesis");
			return;
		}
		if (peek(reading)->kind != TOKEN_CLOSE) {
			syntax(reading, CNV_EXPRESSION_SYNTAX, peek(reading), "separate arguments with commas",
			       "missing operator or comma before this");
			return;
		}
		reading->next++;
	}
	reading->depth--;
	uint32_t upto = reading->tokens[reading->next - 1].upto;
	cnv_formula_node *node = add_node(reading, CNV_F_CALL, name, count);
	if (node)
		extend(reading, node, name->from, upto);
}

static void parse_parenthesis(struct reading *reading)
{
	const struct token *open = peek(reading);
	if (!enter(reading, open))
		return;
	reading->next++;
	if (peek(reading)->kind == TOKEN_CLOSE) {
		syntax(reading, CNV_EXPRESSION_SYNTAX, peek(reading), "", "empty parentheses");
		return;
	}
	parse_expression(reading, 0);
	if (reading->quiet)
		return;
	const struct token *close = peek(reading);
	if (close->kind == TOKEN_CLOSE) {
		reading->next++;
		reading->outer_from = open->from;
		reading->outer_upto = close->upto;
	} else if (close->kind == TOKEN_END) {
		syntax(reading, CNV_EXPRESSION_PARENTHESES, open, "put ) where the part in parentheses ends",
		       "unclosed parenthesis");
	} else if (close->kind == TOKEN_COMMA) {
		syntax(reading, CNV_EXPRESSION_SYNTAX, close, "write decimal numbers with a point: 4.5",
		       "commas only separate the arguments of a function");
	} else {
		syntax(reading, CNV_EXPRESSION_SYNTAX, close, "", "missing operator before this");
	}
	reading->depth--;
}

static void missing_operand(struct reading *reading, const struct token *token)
{
	bool word = token->kind == TOKEN_NAME && formula_operator_word(token->text);
	if (token->kind == TOKEN_END && reading->next == 0)
		syntax(reading, CNV_EXPRESSION_SYNTAX, token, "", "the expression is empty");
	else if (token->kind == TOKEN_END)
		syntax(reading, CNV_EXPRESSION_SYNTAX, token - 1, "", "missing value after this");
	else if (token->kind == TOKEN_CLOSE && reading->depth == 0)
		syntax(reading, CNV_EXPRESSION_PARENTHESES, token, "", "unmatched closing parenthesis");
	else if (token->kind == TOKEN_ANY || word)
		syntax(reading, CNV_EXPRESSION_SYNTAX, token, "", "missing value before this operator");
	else
		syntax(reading, CNV_EXPRESSION_SYNTAX, token, "", "missing value before this");
}

/* Is there a division written with a slash? */
static bool divides(const struct token *slash)
{
	token_kind after = slash->kind == TOKEN_SLASH ? slash[1].kind : TOKEN_END;
	return after == TOKEN_NUMBER || after == TOKEN_REFERENCE || after == TOKEN_OPEN;
}

/* Steps and conditions are meant for paths only; whoever compiles reports them behind anything else. */
static void parse_rest(struct reading *reading)
{
	if (reading->quiet)
		return;
	if (divides(peek(reading)))
		syntax(reading, CNV_EXPRESSION_OPERATOR, peek(reading), "write: div", "\"/\" does not divide");
	else
		parse_steps(reading, reading->outer_from);
}

static void parse_primary(struct reading *reading)
{
	const struct token *token = peek(reading);
	cnv_formula_node *node;

	switch (token->kind) {
	case TOKEN_NUMBER:
		reading->next++;
		node = add_node(reading, CNV_F_NUMBER, token, 0);
		if (node)
			cnv_number_read(token->text, &node->number);
		return;
	case TOKEN_TEXT:
		reading->next++;
		add_node(reading, CNV_F_TEXT, token, 0);
		return;
	case TOKEN_REFERENCE:
		if (divides(token + 1)) {
			reading->next++;
			syntax(reading, CNV_EXPRESSION_OPERATOR, peek(reading), "write: div", "\"/\" does not divide");
			return;
		}
		parse_path(reading);
		return;
	case TOKEN_FUNCTION:
		if (is_source(token)) {
			parse_path(reading);
			return;
		}
		parse_call(reading);
		parse_rest(reading);
		return;
	case TOKEN_OPEN:
		parse_parenthesis(reading);
		parse_rest(reading);
		return;
	case TOKEN_NAME:
		if (formula_operator_word(token->text)) {
			missing_operand(reading, token);
			return;
		}
		parse_path(reading);
		return;
	case TOKEN_DOT:
	case TOKEN_DOTS:
	case TOKEN_SLASH:
	case TOKEN_SLASHES:
	case TOKEN_AT:
		parse_path(reading);
		return;
	case TOKEN_END:
	case TOKEN_ANY:
	case TOKEN_CLOSE:
	case TOKEN_CLOSE_BRACKET:
	case TOKEN_OPEN_BRACKET:
	case TOKEN_COMMA:
	case TOKEN_AXIS:
	case TOKEN_OPERATOR:
		missing_operand(reading, token);
		return;
	}
}

static void add_binary(struct reading *reading, const struct token *sign, uint32_t from)
{
	uint32_t upto = reading->outer_upto;
	cnv_formula_node *node = add_node(reading, CNV_F_BINARY, sign, 2);
	if (!node)
		return;
	node->op = sign->op;
	extend(reading, node, from, upto);
}

static void parse_unary(struct reading *reading)
{
	const struct token *first = peek(reading);
	while (is_op(peek(reading), CNV_OP_MINUS))
		reading->next++;
	uint32_t minus = (uint32_t)(peek(reading) - first);
	if (is_op(peek(reading), CNV_OP_PLUS)) {
		syntax(reading, CNV_EXPRESSION_SYNTAX, peek(reading), "remove the plus sign",
		       "numbers do not take a plus sign");
		return;
	}
	parse_primary(reading);
	uint32_t from = reading->outer_from;
	while (!reading->quiet && is_op(peek(reading), CNV_OP_UNION)) {
		const struct token *sign = peek(reading);
		reading->next++;
		parse_primary(reading);
		if (!reading->quiet)
			add_binary(reading, sign, from);
	}
	while (minus-- > 0 && !reading->quiet) {
		uint32_t upto = reading->outer_upto;
		cnv_formula_node *node = add_node(reading, CNV_F_NEGATE, &first[minus], 1);
		if (node)
			extend(reading, node, first[minus].from, upto);
	}
}

static void parse_expression(struct reading *reading, uint32_t least)
{
	if (reading->quiet)
		return;
	parse_unary(reading);
	uint32_t from = reading->outer_from;
	while (!reading->quiet) {
		const struct token *sign = peek(reading);
		if (sign->kind != TOKEN_OPERATOR || sign->op == CNV_OP_UNION || binding[sign->op] <= least)
			return;
		reading->next++;
		parse_expression(reading, binding[sign->op]);
		if (!reading->quiet)
			add_binary(reading, sign, from);
	}
}

/* Tokens are left over behind a whole expression. */
static void report_rest(struct reading *reading)
{
	const struct token *token = peek(reading);
	bool name = token->kind == TOKEN_NAME || token->kind == TOKEN_FUNCTION;
	const char *word = name ? formula_operator_word(token->text) : NULL;

	if (token->kind == TOKEN_CLOSE || token->kind == TOKEN_CLOSE_BRACKET)
		syntax(reading, CNV_EXPRESSION_PARENTHESES, token, "remove it, or add the opening one",
		       "unmatched closing parenthesis");
	else if (token->kind == TOKEN_COMMA)
		syntax(reading, CNV_EXPRESSION_SYNTAX, token, "write decimal numbers with a point: 4.5",
		       "commas only separate the arguments of a function");
	else if (word) {
		formula_mistake(reading, CNV_EXPRESSION_SYNTAX, token->from, token->upto,
				cnv_arena_format(reading->arena, "write: %s", word),
				"operators are written in lower case");
		reading->quiet = true;
	} else
		syntax(reading, CNV_EXPRESSION_SYNTAX, token, "join conditions with: and, or; join texts with concat()",
		       "missing operator before this");
}

/* ---------------------------------------------------------------- the whole */

/* False: it is not looked into. */
static bool check_text(struct reading *reading)
{
	size_t broken;

	if (reading->text.len > CNV_FORMULA_BYTES) {
		formula_mistake(reading, CNV_EXPRESSION_TOO_LONG, 0, 0, CNV_STR(split_up),
				"the expression has %zu bytes; the limit is %u", reading->text.len, CNV_FORMULA_BYTES);
		return false;
	}
	broken = cnv_utf8_check(reading->text);
	if (broken < reading->text.len) {
		formula_mistake(reading, CNV_EXPRESSION_SYNTAX, (uint32_t)broken, (uint32_t)broken + 1,
				CNV_STR("save the file as UTF-8"), "the expression is not valid UTF-8");
		return false;
	}
	return true;
}

/* Room for the nodes, at once: hardly any token makes more than one. */
static void make_room(struct reading *reading)
{
	uint32_t wanted = 1;

	for (uint32_t i = 0; i + 1 < reading->token_count; i++) {
		token_kind kind = reading->tokens[i].kind;
		wanted +=
			kind != TOKEN_OPEN && kind != TOKEN_CLOSE && kind != TOKEN_CLOSE_BRACKET && kind != TOKEN_COMMA;
	}
	if (wanted > CNV_FORMULA_PARTS)
		wanted = CNV_FORMULA_PARTS;
	reading->nodes = cnv_arena_array(reading->arena, wanted, sizeof *reading->nodes);
	reading->room = reading->nodes ? wanted : 0;
}

const cnv_formula_tree *cnv_formula_parse(cnv_str text, cnv_arena *arena)
{
	struct reading reading = { .text = text, .arena = arena };
	cnv_formula_tree *tree = cnv_arena_get(arena, sizeof *tree);
	bool whole = false;

	if (!tree)
		return NULL;
	if (check_text(&reading)) {
		formula_lex(&reading);
		tree->token_mistakes = reading.mistake_count;
		if (!reading.quiet) {
			make_room(&reading);
			parse_expression(&reading, 0);
			if (!reading.quiet && peek(&reading)->kind != TOKEN_END)
				report_rest(&reading);
			whole = !reading.quiet;
		}
	} else {
		tree->token_mistakes = reading.mistake_count;
	}
	cnv_arena_fini(&reading.work);
	if (reading.no_memory || arena->failed)
		return NULL;
	tree->text = text;
	tree->nodes = reading.nodes;
	tree->count = reading.count;
	tree->root = whole ? reading.count - 1 : CNV_NONE;
	tree->mentions = reading.mentions;
	tree->mention_count = reading.mention_count;
	tree->openings = reading.openings;
	tree->opening_count = reading.opening_count;
	tree->mistakes = reading.mistakes;
	tree->mistake_count = reading.mistake_count;
	tree->unclosed = reading.opened > reading.closed ? reading.opened - reading.closed : 0;
	return tree;
}
