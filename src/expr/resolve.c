/* resolve.c: the tree of a formula to nodes that refer to questions.
 *
 * One pass over the tree in its own, postfix, order.  A path is a cursor that its steps move (path.c); conditions.c
 * handles the start and end of a condition.  The resulting nodes are in postfix order too. */
#include "expr/cursor.h"

#include <string.h>

/* A path that may continue. */
typedef struct pending {
	expr_cursor here;
	uint32_t from; /* byte */
	bool rest;     /* content after an operand that is not a path: reported, and skipped */
	expr_condition_open open;
} pending;

struct walk {
	expr_compiler *compiler;
	const cnv_formula_tree *tree;
	pending paths[EXPR_LEVELS + 1]; /* one, plus one per enclosing condition */
	uint32_t count;
	uint32_t opening; /* the next one */
};

expr_node *expr_add_node(expr_compiler *compiler, expr_node_kind kind, uint32_t from, uint32_t upto)
{
	if (!cnv_arena_grow(&compiler->work, (void **)&compiler->nodes, compiler->node_count, &compiler->node_room,
			    sizeof(expr_node))) {
		compiler->no_memory = true;
		return NULL;
	}
	expr_node *node = &compiler->nodes[compiler->node_count++];
	*node = (expr_node){ .kind = kind, .from = from, .upto = upto, .meaning = CNV_NONE };
	return node;
}

/* ---------------------------------------------------------------- calls */

static bool check_count(expr_compiler *compiler, const cnv_formula_node *call, uint32_t row)
{
	const expr_function *function = &expr_functions[row];
	uint32_t count = call->argc;
	uint32_t least, most;
	expr_function_counts(function, &least, &most);
	if (count >= least && count <= most)
		return true;
	cnv_str usage = expr_hint(compiler, "%s(%s)", function->info.name, function->info.arguments);
	cnv_str hint = expr_hint(compiler, "write %.*s", CNV_ARG(usage));
	if (most == 0)
		expr_complain(compiler, CNV_ARGUMENT_COUNT, call->mark_from, call->mark_upto, hint,
			      "%s() takes no arguments, %u given", function->info.name, count);
	else if (most == CNV_NONE)
		expr_complain(compiler, CNV_ARGUMENT_COUNT, call->mark_from, call->mark_upto, hint,
			      "%s() takes at least %u argument%s, %u given", function->info.name, least,
			      least == 1 ? "" : "s", count);
	else if (least == most)
		expr_complain(compiler, CNV_ARGUMENT_COUNT, call->mark_from, call->mark_upto, hint,
			      "%s() takes %u argument%s, %u given", function->info.name, least, least == 1 ? "" : "s",
			      count);
	else
		expr_complain(compiler, CNV_ARGUMENT_COUNT, call->mark_from, call->mark_upto, hint,
			      "%s() takes %u %s %u arguments, %u given", function->info.name, least,
			      most == least + 1 ? "or" : "to", most, count);
	return false;
}

/* Implicit operands of a call: without arguments it can mean the question itself, or its position. */
static uint32_t call_reads(const expr_compiler *compiler, uint32_t row, uint32_t count)
{
	const expr_function *function = &expr_functions[row];
	cnv_str text = cnv_str_from(function->info.name);
	if (count == 0 && compiler->level > 0 &&
	    (cnv_str_equal(text, CNV_STR("position")) || cnv_str_equal(text, CNV_STR("last"))))
		return READS_POSITION(compiler->level);
	return function->is_volatile || strchr(function->signature, '?') ? READS(0) : 0;
}

static void add_call(expr_compiler *compiler, const cnv_formula_node *call)
{
	uint32_t row = compiler->meanings[call->mention];
	bool bad = row == CNV_NONE || !check_count(compiler, call, row);
	expr_node *node = expr_add_node(compiler, bad ? NODE_BAD : NODE_CALL, call->from, call->upto);
	if (!node)
		return;
	node->count = call->argc;
	node->function = bad ? NULL : &expr_functions[row];
	node->level = compiler->level;
	node->reads = bad ? 0 : call_reads(compiler, row, call->argc);
}

static void add_operand(expr_compiler *compiler, const cnv_formula_node *from)
{
	static const expr_node_kind kinds[] = { [CNV_F_NUMBER] = NODE_NUMBER,
						[CNV_F_TEXT] = NODE_TEXT,
						[CNV_F_NEGATE] = NODE_NEGATE,
						[CNV_F_BINARY] = NODE_BINARY };
	if (from->kind == CNV_F_CALL) {
		add_call(compiler, from);
		return;
	}
	expr_node *node = expr_add_node(compiler, kinds[from->kind], from->mark_from, from->mark_upto);
	if (!node)
		return;
	node->op = from->op;
	node->count = from->argc;
	node->number = from->number;
	node->text = from->text;
}

/* ---------------------------------------------------------------- paths */

/* Reports that a path ends at a node without a value. */
static void complain_of_end(expr_compiler *compiler, expr_cursor here, uint32_t from, uint32_t upto)
{
	if (here.at == CURSOR_CHOICE || here.at == CURSOR_ITEM)
		expr_complain(compiler, CNV_NOT_AN_ANSWER, from, upto, CNV_STR("name one of its columns: name, label"),
			      "a choice is not a value");
	else if (here.at == CURSOR_INSTANCE || here.at == CURSOR_INSTANCE_ROOT)
		expr_complain(compiler, CNV_NOT_AN_ANSWER, from, upto,
			      CNV_STR("write instance('list')/root/item[condition]/column"), "a list is not a value");
}

/* The node of the current position of a path. */
static void add_path_node(expr_compiler *compiler, expr_cursor here, uint32_t from, uint32_t upto)
{
	static const expr_node_kind kinds[] = { [CURSOR_QUESTION] = NODE_QUESTION, [CURSOR_ROOT] = NODE_ROOT,
						[CURSOR_ABOVE_ROOT] = NODE_ROOT,   [CURSOR_NOTHING] = NODE_NOTHING,
						[CURSOR_NOWHERE] = NODE_SAVED,     [CURSOR_CHOICE] = NODE_BAD,
						[CURSOR_INSTANCE] = NODE_BAD,      [CURSOR_INSTANCE_ROOT] = NODE_BAD,
						[CURSOR_ITEM] = NODE_BAD,          [CURSOR_COLUMN] = NODE_COLUMN,
						[CURSOR_SAVED] = NODE_SAVED,       [CURSOR_UNKNOWN] = NODE_UNKNOWN,
						[CURSOR_IDENTITY] = NODE_IDENTITY, [CURSOR_BAD] = NODE_BAD };
	bool item = here.at == CURSOR_ITEM || here.at == CURSOR_COLUMN;

	/* The items of instance() are many even without a condition; the item of a condition is one. */
	if (item && here.items && here.level == 0 && !here.selection) {
		here.selection = expr_new_selection(compiler, 0, CNV_NONE);
		if (!here.selection || expr_add_hop(compiler, here.selection,
						    (expr_hop){ .kind = HOP_ITEMS, .items = here.items }) == NULL)
			return;
	}
	if (here.at == CURSOR_QUESTION && here.selection &&
	    !expr_reach(compiler, here.selection, compiler->form->questions[here.question].table))
		return;
	if (here.at == CURSOR_QUESTION && here.free)
		here.level = expr_best_level(compiler, here.question);
	if (!here.selection)
		complain_of_end(compiler, here, from, upto);
	expr_node *node = expr_add_node(compiler, kinds[here.at], from, upto);
	if (!node)
		return;
	if (here.selection && here.at != CURSOR_BAD && here.at != CURSOR_UNKNOWN)
		node->kind = NODE_SELECT;
	node->meaning = here.question;
	node->text = here.column;
	node->level = here.level;
	node->items = here.items;
	node->selection = here.selection;
	node->reads = node->kind == NODE_SELECT ? here.selection->reads : READS(here.level);
}

static bool is_path(const cnv_formula_node *node)
{
	return node->kind != CNV_F_NUMBER && node->kind != CNV_F_TEXT && node->kind != CNV_F_NEGATE &&
	       node->kind != CNV_F_BINARY && node->kind != CNV_F_CALL;
}

/* A condition begins directly after node `at`. */
static bool opens_behind(const struct walk *walk, uint32_t at)
{
	return walk->opening < walk->tree->opening_count && walk->tree->openings[walk->opening].node == at + 1;
}

/* A step or a condition follows. */
static bool goes_on(const struct walk *walk, uint32_t at)
{
	uint32_t parent = walk->tree->nodes[at].parent;
	if (opens_behind(walk, at))
		return true;
	if (parent == CNV_NONE || walk->tree->nodes[parent].arg != at)
		return false;
	return walk->tree->nodes[parent].kind == CNV_F_STEP || walk->tree->nodes[parent].kind == CNV_F_WHERE;
}

static void push(struct walk *walk, expr_cursor here, uint32_t from, bool rest)
{
	walk->paths[walk->count++] = (pending){ .here = here, .from = from, .rest = rest };
}

/* Steps after parentheses or a call: the context of their names is unknown. */
static void push_rest(struct walk *walk, uint32_t at)
{
	const cnv_formula_tree *tree = walk->tree;
	const cnv_formula_node *step = NULL;
	uint32_t from, upto;

	if (opens_behind(walk, at)) {
		from = tree->openings[walk->opening].from;
		upto = tree->openings[walk->opening].upto;
	} else {
		step = &tree->nodes[tree->nodes[at].parent];
		from = step->slash;
		upto = from + (step->step == CNV_STEP_ANYWHERE ? 2 : 1);
	}
	if (!walk->compiler->rejected)
		expr_complain(walk->compiler, CNV_NOT_SUPPORTED, from, upto, CNV_STR(""),
			      "paths behind parentheses and other functions are not supported");
	push(walk, expr_bad_cursor, from, true);
}

static void take_path_node(struct walk *walk, uint32_t at)
{
	expr_compiler *compiler = walk->compiler;
	const cnv_formula_node *node = &walk->tree->nodes[at];
	pending *path = walk->count > 0 ? &walk->paths[walk->count - 1] : NULL;

	if (node->kind == CNV_F_WHERE) {
		expr_close_condition(compiler, &path->here, &path->open);
	} else if (node->argc > 0) {
		path->here = expr_take_step(compiler, path->here, node);
	} else {
		push(walk, expr_begin_path(compiler, node), node->from, false);
	}
	if (goes_on(walk, at))
		return;
	path = &walk->paths[--walk->count];
	/* The last path of a malformed formula may be cut. */
	if (!path->rest && (at + 1 < walk->tree->count || walk->tree->root != CNV_NONE))
		add_path_node(compiler, path->here, path->from, node->upto);
}

/* The conditions that begin before node `at`. */
static void take_openings(struct walk *walk, uint32_t at)
{
	for (; walk->opening < walk->tree->opening_count && walk->tree->openings[walk->opening].node == at;
	     walk->opening++) {
		pending *path = &walk->paths[walk->count - 1];
		expr_open_condition(walk->compiler, &path->here, &walk->tree->openings[walk->opening], &path->open);
	}
}

void expr_resolve_nodes(expr_compiler *compiler)
{
	struct walk walk = { .compiler = compiler, .tree = compiler->tree };
	uint32_t at = 0;

	for (; at < walk.tree->count && !compiler->no_memory; at++) {
		take_openings(&walk, at);
		if (compiler->no_memory)
			return;
		if (is_path(&walk.tree->nodes[at])) {
			take_path_node(&walk, at);
		} else {
			add_operand(compiler, &walk.tree->nodes[at]);
			if (goes_on(&walk, at))
				push_rest(&walk, at);
		}
	}
	if (!compiler->no_memory)
		take_openings(&walk, at);
}
