/* The room formula: trees, mistakes, what is asked about trees, references in texts, limits and failing memory.
 *
 * A tree is printed as (operator argument argument); `!` and a code, the bytes of its caret in braces, is a mistake. */
#include "canvass/formula.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---------------------------------------------------------------- printing */

static void print_step(cnv_text *out, const cnv_formula_node *node)
{
	if (node->axis.len)
		cnv_text_format(out, "%.*s::", CNV_ARG(node->axis));
	switch (node->step) {
	case CNV_STEP_SELF:
		cnv_text_put(out, CNV_STR("."));
		return;
	case CNV_STEP_PARENT:
		cnv_text_put(out, CNV_STR(".."));
		return;
	case CNV_STEP_ANY:
		cnv_text_put(out, CNV_STR("*"));
		return;
	case CNV_STEP_ATTRIBUTE:
		cnv_text_format(out, "@%.*s", CNV_ARG(node->text));
		return;
	case CNV_STEP_CALL:
		cnv_text_format(out, "%.*s()", CNV_ARG(node->text));
		return;
	case CNV_STEP_ANYWHERE:
		cnv_text_put(out, CNV_STR("any"));
		return;
	case CNV_STEP_NAME:
		cnv_text_put(out, node->text);
		return;
	}
}

static const char *const signs[] = {
	[CNV_OP_OR] = "or",   [CNV_OP_AND] = "and",       [CNV_OP_EQUAL] = "=", [CNV_OP_UNEQUAL] = "!=",
	[CNV_OP_LESS] = "<",  [CNV_OP_LESS_EQUAL] = "<=", [CNV_OP_MORE] = ">",  [CNV_OP_MORE_EQUAL] = ">=",
	[CNV_OP_PLUS] = "+",  [CNV_OP_MINUS] = "-",       [CNV_OP_TIMES] = "*", [CNV_OP_DIV] = "div",
	[CNV_OP_MOD] = "mod", [CNV_OP_UNION] = "|",
};

/* The node itself, without its arguments. */
static void print_head(cnv_text *out, const cnv_formula_node *node)
{
	char number[CNV_NUMBER_ROOM];

	switch (node->kind) {
	case CNV_F_NUMBER:
		cnv_text_put(out, (cnv_str){ number, cnv_number_write(node->number, number) });
		return;
	case CNV_F_TEXT:
		cnv_text_format(out, "'%.*s'", CNV_ARG(node->text));
		return;
	case CNV_F_REFERENCE:
		cnv_text_format(out, "$%s%.*s", node->last_saved ? "#" : "", CNV_ARG(node->text));
		return;
	case CNV_F_NAME:
		cnv_text_put(out, node->text);
		return;
	case CNV_F_SELF:
		cnv_text_put(out, CNV_STR("."));
		return;
	case CNV_F_PARENT:
		cnv_text_put(out, CNV_STR(".."));
		return;
	case CNV_F_ROOT:
		cnv_text_put(out, CNV_STR("root"));
		return;
	case CNV_F_CURRENT:
		cnv_text_put(out, CNV_STR("current"));
		return;
	case CNV_F_INSTANCE:
		cnv_text_format(out, "instance:%.*s", CNV_ARG(node->text));
		return;
	case CNV_F_STEP:
		cnv_text_put(out, CNV_STR("/"));
		print_step(out, node);
		return;
	case CNV_F_WHERE:
		cnv_text_put(out, CNV_STR("where"));
		return;
	case CNV_F_NEGATE:
		cnv_text_put(out, CNV_STR("-"));
		return;
	case CNV_F_BINARY:
		cnv_text_put(out, cnv_str_from(signs[node->op]));
		return;
	case CNV_F_CALL:
		cnv_text_format(out, "%.*s()", CNV_ARG(node->text));
		return;
	}
}

/* Along arguments, siblings and parents, so that all three are tried. */
static void print_tree(cnv_text *out, const cnv_formula_tree *tree)
{
	uint32_t at = tree->root;

	while (at != CNV_NONE) {
		const cnv_formula_node *node = &tree->nodes[at];

		if (node->argc)
			cnv_text_put(out, CNV_STR("("));
		print_head(out, node);
		if (node->argc) {
			cnv_text_put(out, CNV_STR(" "));
			at = node->arg;
			continue;
		}
		while (tree->nodes[at].next == CNV_NONE && tree->nodes[at].parent != CNV_NONE) {
			cnv_text_put(out, CNV_STR(")"));
			at = tree->nodes[at].parent;
		}
		at = tree->nodes[at].next;
		if (at != CNV_NONE)
			cnv_text_put(out, CNV_STR(" "));
	}
}

static cnv_str print(const cnv_formula_tree *tree, cnv_arena *arena)
{
	cnv_text out = { 0 };
	cnv_str copy;

	print_tree(&out, tree);
	for (uint32_t i = 0; i < tree->mistake_count; i++)
		cnv_text_format(&out, "%s!%03u{%u,%u}", out.len ? " " : "", (unsigned)tree->mistakes[i].code,
				tree->mistakes[i].from, tree->mistakes[i].upto);
	copy = cnv_arena_copy(arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy;
}

/* ---------------------------------------------------------------- trees */

static const struct shape {
	const char *formula, *tree;
} shapes[] = {
	{ "1", "1" },
	{ "'a b'", "'a b'" },
	{ "\"it's\"", "'it's'" },
	{ "${age} > 17", "(> $age 17)" },
	{ "17<${age}", "(< 17 $age)" },
	{ ". >= 0 and . <= 120", "(and (>= . 0) (<= . 120))" },
	{ "1 + 2 * 3", "(+ 1 (* 2 3))" },
	{ "(1 + 2) * 3", "(* (+ 1 2) 3)" },
	{ "8 div 4 div 2", "(div (div 8 4) 2)" },
	{ "1 - - 2", "(- 1 (- 2))" },
	{ "--.", "(- (- .))" },
	{ "a or b and c = d", "(or a (and b (= c d)))" },
	{ "* ", "!101{0,1}" },
	{ "div div div", "!101{0,3}" },
	{ "${a} div ${b} mod 2", "(mod (div $a $b) 2)" },
	{ "${last-saved#a}", "$#a" },
	{ "selected(${a}, 'x')", "(selected() $a 'x')" },
	{ "if(selected(.,'x'),1,if(a,2,3))", "(if() (selected() . 'x') 1 (if() a 2 3))" },
	{ "today ( )", "today()" },
	{ "jr:choice-name(${a}, '${a}')", "(jr:choice-name() $a '${a}')" },
	{ "../a/./b", "(/b (/. (/a ..)))" },
	{ "/data/g/x", "(/x (/g (/data root)))" },
	{ "//x", "(/x (/any root))" },
	{ "a//b", "(/b (/any a))" },
	{ "child::a/parent::node()/self::*", "(/. (/.. /a))" },
	{ "self::node()", "." },
	{ "ancestor::a", "/ancestor::a" },
	{ "parent::a", "/parent::a" },
	{ "a/@b", "(/@b a)" },
	{ "a/*", "(/* a)" },
	{ "a/text()/b", "(/b (/text() a))" },
	{ "current()/../a", "(/a (/.. current))" },
	{ "instance('l')/root/item[name = current()/../q]/label",
	  "(/label (where (/item (/root instance:l)) (= name (/q (/.. current)))))" },
	{ "${r}[${x} = 1][2]/y | ${z}", "(| (/y (where (where $r (= $x 1)) 2)) $z)" },
	{ "count(${r}[position() = 1])", "(count() (where $r (= position() 1)))" },
	{ "(${a})/b", "(/b $a)" },
	{ "f(1)[2]", "(where (f() 1) 2)" },
	/* mistakes that are read as what was meant */
	{ "a == 1 && !b", "(and (= a 1) b) !102{2,4} !102{7,9} !102{10,11}" },
	{ "1e3", "1 !105{0,3}" },
	{ "\xE2\x80\x9Cx\xE2\x80\x9D", "'x' !103{0,7}" },
	{ "'it''s'", "'it' !103{3,5}" },
	{ "${a b} = 1", "(= $ 1) !122{0,6}" },
	{ "$a", "$ !122{0,2}" },
	/* mistakes of shape */
	{ "", "!101{0,0}" },
	{ "1 +", "!101{2,3}" },
	{ "(1", "!104{0,1}" },
	{ "f(1", "!104{1,2}" },
	{ "f(1 2)", "!101{4,5}" },
	{ "()", "!101{1,2}" },
	{ "1)", "!104{1,2}" },
	{ "a[1", "!104{1,2}" },
	{ "1 AND 2", "!101{2,5}" },
	{ "1,5", "!101{1,2}" },
	{ "(1,5)", "!101{2,3}" },
	{ "+1", "!101{0,1}" },
	{ "${a} / 2", "!102{5,6}" },
	{ "(1) / 2", "!102{4,5}" },
	{ "a/", "!101{1,2}" },
	{ "instance(a)", "!109{0,8}" },
	{ "'a", "!103{0,1}" },
	{ "${a", "!122{0,3}" },
	{ "#", "!101{0,1}" },
	{ "\xFF", "!101{0,1}" },
};

static void a_formula_has_the_tree(void **state)
{
	const struct shape *shape = *state;
	cnv_arena arena = { 0 };
	const cnv_formula_tree *tree = cnv_formula_parse(cnv_str_from(shape->formula), &arena);
	cnv_str printed;

	assert_non_null(tree);
	printed = print(tree, &arena);
	if (!cnv_str_equal(printed, cnv_str_from(shape->tree)))
		print_error("%s\n  wanted %s\n  is     %.*s\n", shape->formula, shape->tree, CNV_ARG(printed));
	assert_true(cnv_str_equal(printed, cnv_str_from(shape->tree)));
	cnv_arena_fini(&arena);
}

/* Every whole is balanced text, its arguments lie inside of it and do not overlap. */
static void places_of_nodes_nest(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
		cnv_arena arena = { 0 };
		const cnv_formula_tree *tree = cnv_formula_parse(cnv_str_from(shapes[k].formula), &arena);

		for (uint32_t i = 0; i < tree->count; i++) {
			const cnv_formula_node *node = &tree->nodes[i];
			uint32_t after = node->from;
			cnv_str slice = cnv_formula_slice(tree, i);
			const cnv_formula_tree *part = cnv_formula_parse(slice, &arena);

			for (uint32_t arg = node->arg; arg != CNV_NONE; arg = tree->nodes[arg].next) {
				assert_true(tree->nodes[arg].from >= after);
				assert_true(tree->nodes[arg].upto <= node->upto);
				assert_int_equal(tree->nodes[arg].parent, i);
				after = tree->nodes[arg].upto;
			}
			/* Written alone, a whole is the same tree again; the start of /a and a//b's middle are none. */
			if (node->kind != CNV_F_ROOT && node->step != CNV_STEP_ANYWHERE && tree->root != CNV_NONE) {
				assert_non_null(part);
				assert_true(cnv_formula_equal(tree, i, part, part->root));
			}
		}
		cnv_arena_fini(&arena);
	}
}

static void a_caret_lies_under_the_whole_without_parentheses(void **state)
{
	cnv_arena arena = { 0 };
	const cnv_formula_tree *tree = cnv_formula_parse(CNV_STR("( (a + b) * c )"), &arena);
	uint32_t sum = cnv_formula_arg(tree, tree->root, 0);

	(void)state;
	assert_true(cnv_str_equal(cnv_formula_slice(tree, tree->root), CNV_STR("(a + b) * c")));
	assert_true(cnv_str_equal(cnv_formula_slice(tree, sum), CNV_STR("a + b")));
	assert_int_equal(tree->nodes[sum].mark_from, 5);
	assert_int_equal(tree->nodes[sum].mark_upto, 6);
	cnv_arena_fini(&arena);
}

static void mentions_are_kept_whatever_the_shape(void **state)
{
	cnv_arena arena = { 0 };
	const cnv_formula_tree *tree =
		cnv_formula_parse(CNV_STR("if(${a} = ${last-saved#b} ${c d} ${e}, f (1), child::text()"), &arena);
	static const char *const names[] = { "if", "a", "b", "", "e", "f" };
	uint32_t at;

	(void)state;
	assert_int_equal(tree->root, CNV_NONE);
	assert_int_equal(cnv_formula_root(tree), CNV_NONE);
	assert_int_equal(tree->mention_count, 6);
	for (uint32_t i = 0; i < 6; i++)
		assert_true(cnv_str_equal(tree->mentions[i].name, cnv_str_from(names[i])));
	assert_true(tree->mentions[2].last_saved);
	assert_true(tree->mentions[5].function);
	at = cnv_formula_next_reference(tree, CNV_NONE);
	assert_int_equal(at, 1);
	at = cnv_formula_next_reference(tree, 2);
	assert_int_equal(at, 4);
	assert_int_equal(cnv_formula_next_reference(tree, at), CNV_NONE);
	assert_int_equal(tree->unclosed, 1);
	cnv_arena_fini(&arena);
}

/* ---------------------------------------------------------------- asking */

static void terms_of_a_chain_come_from_left_to_right(void **state)
{
	static const char *const terms[] = { "a", "b or c", "d", "not(e and f)" };
	cnv_arena arena = { 0 };
	const cnv_formula_tree *tree = cnv_formula_parse(CNV_STR("a and (b or c) and (d and not(e and f))"), &arena);
	uint32_t root = cnv_formula_root(tree), term = CNV_NONE, count = 0;

	(void)state;
	while ((term = cnv_formula_next_term(tree, root, CNV_OP_AND, term)) != CNV_NONE) {
		assert_true(count < 4);
		assert_true(cnv_str_equal(cnv_formula_slice(tree, term), cnv_str_from(terms[count++])));
	}
	assert_int_equal(count, 4);
	/* What is no such chain is its only term. */
	term = cnv_formula_next_term(tree, root, CNV_OP_OR, CNV_NONE);
	assert_int_equal(term, root);
	assert_int_equal(cnv_formula_next_term(tree, root, CNV_OP_OR, term), CNV_NONE);
	assert_int_equal(cnv_formula_next_term(NULL, CNV_NONE, CNV_OP_OR, CNV_NONE), CNV_NONE);
	cnv_arena_fini(&arena);
}

static const struct compared {
	const char *formula, *subject, *literal;
	cnv_formula_op op;
	bool is_number;
} compared[] = {
	{ "${a} = 'x'", "${a}", "x", CNV_OP_EQUAL, false },
	{ "'x' != ${a}", "${a}", "x", CNV_OP_UNEQUAL, false },
	{ "3 > .", ".", "3", CNV_OP_LESS, true },
	{ "-3.50 <= (.)", ".", "-3.50", CNV_OP_MORE_EQUAL, true },
	{ ". < 3", ".", "3", CNV_OP_LESS, true },
	{ "string-length(.) >= 4", "string-length(.)", "4", CNV_OP_MORE_EQUAL, true },
	{ "${a} = ${b}", NULL, NULL, 0, false },
	{ "${a} + 1", NULL, NULL, 0, false },
};

static void comparisons_with_literals_are_found(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof compared / sizeof compared[0]; k++) {
		const struct compared *row = &compared[k];
		cnv_arena arena = { 0 };
		const cnv_formula_tree *tree = cnv_formula_parse(cnv_str_from(row->formula), &arena);
		cnv_formula_comparison found;

		assert_int_equal(cnv_formula_compares(tree, cnv_formula_root(tree), &found), row->subject != NULL);
		if (row->subject) {
			assert_int_equal(found.op, row->op);
			assert_int_equal(found.is_number, row->is_number);
			assert_true(cnv_str_equal(found.text, cnv_str_from(row->literal)));
			assert_true(cnv_str_equal(cnv_formula_slice(tree, found.subject), cnv_str_from(row->subject)));
			assert_true(!row->is_number || found.number == strtod(row->literal, NULL));
		}
		cnv_arena_fini(&arena);
	}
}

static void equal_trees_are_found(void **state)
{
	cnv_arena arena = { 0 };
	const cnv_formula_tree *a = cnv_formula_parse(CNV_STR("f( ${a},'x' )and 1.0 =b"), &arena);
	const cnv_formula_tree *b = cnv_formula_parse(CNV_STR("(f(${a}, \"x\")) and (1 = b)"), &arena);
	const cnv_formula_tree *c = cnv_formula_parse(CNV_STR("f(${a}, 'x') and (b = 1)"), &arena);

	(void)state;
	assert_true(cnv_formula_equal(a, a->root, b, b->root));
	assert_false(cnv_formula_equal(a, a->root, c, c->root));
	assert_true(cnv_formula_equal(a, a->nodes[a->root].arg, c, c->nodes[c->root].arg));
	assert_false(cnv_formula_equal(a, CNV_NONE, c, c->root));
	cnv_arena_fini(&arena);
}

static void calls_are_found_by_name(void **state)
{
	cnv_arena arena = { 0 };
	const cnv_formula_tree *tree =
		cnv_formula_parse(CNV_STR("selected(${a}, 'x') or not(selected(${b}, 'y'))"), &arena);
	uint32_t first = cnv_formula_next_call(tree, "selected", CNV_NONE);
	uint32_t second = cnv_formula_next_call(tree, "selected", first);
	cnv_str name, text;

	(void)state;
	assert_true(cnv_formula_is_reference(tree, cnv_formula_arg(tree, first, 0), &name));
	assert_true(cnv_str_equal(name, CNV_STR("a")));
	assert_true(cnv_formula_is_literal(tree, cnv_formula_arg(tree, second, 1), &text));
	assert_true(cnv_str_equal(text, CNV_STR("y")));
	assert_int_equal(cnv_formula_arg(tree, second, 2), CNV_NONE);
	assert_int_equal(cnv_formula_next_call(tree, "selected", second), CNV_NONE);
	assert_true(cnv_formula_is_call(tree, tree->nodes[second].parent, "not"));
	cnv_arena_fini(&arena);
}

static void the_words_of_a_formula_are_those_of_its_texts_too(void **state)
{
	static const char *const words[] = { "concat", "e-mail", "a", "ph.one" };
	cnv_str text = CNV_STR("concat(${e-mail}, '/a: ph.one')"), word;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		assert_true(cnv_formula_next_word(text, &at, &word));
		assert_true(cnv_str_equal(word, cnv_str_from(words[i])));
	}
	assert_false(cnv_formula_next_word(text, &at, &word));
}

static void operators_turn(void **state)
{
	(void)state;
	assert_int_equal(cnv_op_turn(CNV_OP_LESS), CNV_OP_MORE);
	assert_int_equal(cnv_op_turn(CNV_OP_PLUS), CNV_OP_PLUS);
	for (cnv_formula_op op = CNV_OP_OR; op <= CNV_OP_UNION; op++)
		assert_int_equal(cnv_op_turn(cnv_op_turn(op)), op);
}

/* ---------------------------------------------------------------- texts */

static void references_in_texts_are_found(void **state)
{
	static const struct {
		size_t from, upto;
		const char *name;
		bool last_saved;
	} wanted[] = {
		{ 6, 10, "a", false }, { 11, 26, "b", true },  { 27, 33, "", false },
		{ 34, 36, "", false }, { 36, 40, "d", false },
	};
	cnv_str text = CNV_STR("Dear $ ${a},${last-saved#b} ${b c} ${${d} ${e");
	cnv_reference found;
	size_t at = 1, count = 0;

	(void)state;
	while (cnv_reference_next(text, &at, &found)) {
		if (count == 5) {
			assert_int_equal(found.upto, text.len);
			assert_int_equal(found.name.len, 0);
			count++;
			continue;
		}
		assert_true(count < 5);
		assert_int_equal(found.from, wanted[count].from + 1);
		assert_int_equal(found.upto, wanted[count].upto + 1);
		assert_true(cnv_str_equal(found.name, cnv_str_from(wanted[count].name)));
		assert_int_equal(found.last_saved, wanted[count].last_saved);
		count++;
	}
	assert_int_equal(count, 6);
	assert_true(cnv_reference_read(CNV_STR("${a}"), &found));
	assert_true(cnv_str_equal(found.name, CNV_STR("a")));
	assert_false(cnv_reference_read(CNV_STR("${a} "), &found));
	assert_false(cnv_reference_read(CNV_STR(" ${a}"), &found));
	assert_false(cnv_reference_read(CNV_STR("${1}"), &found));
	assert_false(cnv_reference_read(CNV_STR("a"), &found));
}

static void defaults_are_computed_or_not(void **state)
{
	static const struct {
		const char *text;
		bool hyphens, computed;
	} rows[] = {
		{ "abc", false, false },        { "today()", false, true }, { "today ()", false, false },
		{ "${a}", false, true },        { "a - b", false, true },   { "a - b", true, false },
		{ "2026-01-02", true, false },  { "-4", false, false },     { "'a * b'", false, false },
		{ "it's a * b", false, true },  { "4 div 2", false, true }, { "a + b", false, true },
		{ "(optional)", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(cnv_formula_is_computed(cnv_str_from(rows[i].text), rows[i].hyphens),
				 rows[i].computed);
}

/* ---------------------------------------------------------------- limits */

static const cnv_formula_tree *parse_repeated(cnv_arena *arena, const char *before, const char *piece, uint32_t count,
					      const char *between, const char *after)
{
	cnv_text text = { 0 };
	const cnv_formula_tree *tree;

	for (uint32_t i = 0; i < count; i++)
		cnv_text_put(&text, cnv_str_from(before));
	cnv_text_put(&text, cnv_str_from(piece));
	for (uint32_t i = 0; i < count; i++) {
		cnv_text_put(&text, cnv_str_from(between));
		cnv_text_put(&text, cnv_str_from(after));
	}
	tree = cnv_formula_parse(cnv_arena_copy(arena, cnv_text_str(&text)), arena);
	cnv_text_fini(&text);
	return tree;
}

static void limits_are_reported(void **state)
{
	static const struct {
		const char *before, *piece, *between, *after;
		uint32_t fits;
		cnv_code code;
	} rows[] = {
		{ "(", "1", "", ")", 64, CNV_EXPRESSION_TOO_DEEP },
		{ "not(", "1", "", ")", 64, CNV_EXPRESSION_TOO_DEEP },
		{ "a[", "1", "", "]", 7, CNV_EXPRESSION_TOO_DEEP },
		{ "", "1", " + ", "1", 2047, CNV_EXPRESSION_TOO_LARGE },
		{ "", "a", "/", "a", 5000, CNV_CODE_NONE }, /* a path is one part */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cnv_arena arena = { 0 };
		const cnv_formula_tree *tree = parse_repeated(&arena, rows[i].before, rows[i].piece, rows[i].fits,
							      rows[i].between, rows[i].after);

		assert_int_equal(tree->mistake_count, 0);
		tree = parse_repeated(&arena, rows[i].before, rows[i].piece, rows[i].fits + 1, rows[i].between,
				      rows[i].after);
		assert_int_equal(tree->mistake_count, rows[i].code != CNV_CODE_NONE);
		if (tree->mistake_count)
			assert_int_equal(tree->mistakes[0].code, rows[i].code);
		cnv_arena_fini(&arena);
	}
}

static void long_texts_are_reported(void **state)
{
	char *blanks = malloc(CNV_FORMULA_BYTES + 1);
	cnv_arena arena = { 0 };
	const cnv_formula_tree *tree;

	(void)state;
	assert_non_null(blanks);
	memset(blanks, ' ', CNV_FORMULA_BYTES + 1);
	blanks[0] = '1';
	tree = cnv_formula_parse((cnv_str){ blanks, CNV_FORMULA_BYTES }, &arena);
	assert_int_equal(tree->mistake_count, 0);
	tree = cnv_formula_parse((cnv_str){ blanks, CNV_FORMULA_BYTES + 1 }, &arena);
	assert_int_equal(tree->mistakes[0].code, CNV_EXPRESSION_TOO_LONG);
	cnv_arena_fini(&arena);
	free(blanks);
}

static void failing_memory_is_noticed(void **state)
{
	static const char formula[] = "if(selected(${a}, 'x'), instance('l')/root/item[name = 'y' and b > 2]/label, "
				      "1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10) == 1 && ${b c}";
	size_t k = 0;

	(void)state;
	for (;; k++) {
		cnv_arena arena = { 0 };
		const cnv_formula_tree *tree;

		cnv_mem_fail_after(k);
		tree = cnv_formula_parse(CNV_STR(formula), &arena);
		cnv_mem_fail_after(SIZE_MAX);
		cnv_arena_fini(&arena);
		if (tree)
			break;
	}
	assert_true(k > 3);
}

int main(void)
{
	enum { SHAPES = sizeof shapes / sizeof shapes[0] };
	static char names[SHAPES][96];
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(places_of_nodes_nest),
		cmocka_unit_test(a_caret_lies_under_the_whole_without_parentheses),
		cmocka_unit_test(mentions_are_kept_whatever_the_shape),
		cmocka_unit_test(terms_of_a_chain_come_from_left_to_right),
		cmocka_unit_test(comparisons_with_literals_are_found),
		cmocka_unit_test(equal_trees_are_found),
		cmocka_unit_test(calls_are_found_by_name),
		cmocka_unit_test(operators_turn),
		cmocka_unit_test(the_words_of_a_formula_are_those_of_its_texts_too),
		cmocka_unit_test(references_in_texts_are_found),
		cmocka_unit_test(defaults_are_computed_or_not),
		cmocka_unit_test(limits_are_reported),
		cmocka_unit_test(long_texts_are_reported),
		cmocka_unit_test(failing_memory_is_noticed),
	};
	enum { REST = sizeof rest / sizeof rest[0] };
	struct CMUnitTest tests[SHAPES + REST];

	for (size_t i = 0; i < SHAPES; i++) {
		snprintf(names[i], sizeof names[i], "tree of %.80s", shapes[i].formula);
		tests[i] = (struct CMUnitTest){ names[i], a_formula_has_the_tree, NULL, NULL, (void *)&shapes[i] };
	}
	memcpy(tests + SHAPES, rest, sizeof rest);
	return _cmocka_run_group_tests("formula", tests, SHAPES + REST, NULL, NULL);
}
