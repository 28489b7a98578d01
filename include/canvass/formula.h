/* formula: the shape of an expression of XLSForm (XPath 1.0 with ${name}).
 *
 * The only room that looks at the characters of a formula.  A formula is parsed once, when its form is built, and the
 * tree is kept with it: compiling it, describing it and giving advice on it all walk the tree.  The room knows no
 * question and no function; which names exist, and what a path leads to, is decided in expr.
 */
#ifndef CANVASS_FORMULA_H
#define CANVASS_FORMULA_H

#include "canvass/base.h"

#define CNV_FORMULA_BYTES 65535u /* a cell of a workbook holds 32,767 characters */
#define CNV_FORMULA_PARTS 4096u  /* operands, operators and calls; the longest of 4,238 formulas in use has about 300 */
#define CNV_FORMULA_DEPTH 64u    /* nested parentheses, calls and conditions; bounds the recursion of the parser */
#define CNV_FORMULA_LEVELS 8u    /* one more than nested conditions on paths */

typedef enum cnv_formula_kind {
	CNV_F_NUMBER,    /* `number`; `text` is what was written */
	CNV_F_TEXT,      /* a literal, `text` without its quotes */
	CNV_F_REFERENCE, /* ${name}: `text` is the name, empty where it is malformed; `last_saved` */
	CNV_F_NAME,      /* a bare name at the start of a path */
	CNV_F_SELF,      /* `.` at the start of a path */
	CNV_F_PARENT,    /* `..` at the start of a path */
	CNV_F_ROOT,      /* the start of a path that begins with a slash */
	CNV_F_CURRENT,   /* current() */
	CNV_F_INSTANCE,  /* instance('text') */
	CNV_F_STEP,  /* one step further from argument 0; without arguments the start of a path written with an axis */
	CNV_F_WHERE, /* argument 0 is a path, argument 1 the condition in brackets behind it */
	CNV_F_NEGATE,
	CNV_F_BINARY, /* `op`, two arguments */
	CNV_F_CALL    /* `text` is the name of the function */
} cnv_formula_kind;

typedef enum cnv_formula_op {
	CNV_OP_OR = 1,
	CNV_OP_AND,
	CNV_OP_EQUAL,
	CNV_OP_UNEQUAL,
	CNV_OP_LESS,
	CNV_OP_LESS_EQUAL,
	CNV_OP_MORE,
	CNV_OP_MORE_EQUAL,
	CNV_OP_PLUS,
	CNV_OP_MINUS,
	CNV_OP_TIMES,
	CNV_OP_DIV,
	CNV_OP_MOD,
	CNV_OP_UNION
} cnv_formula_op;

typedef enum cnv_formula_step {
	CNV_STEP_NAME = 1,  /* `text` */
	CNV_STEP_SELF,      /* . or self::node() */
	CNV_STEP_PARENT,    /* .. or parent::node() */
	CNV_STEP_ANY,       /* * */
	CNV_STEP_ATTRIBUTE, /* @text */
	CNV_STEP_CALL,      /* text() */
	CNV_STEP_ANYWHERE   /* the // before the step that follows */
} cnv_formula_step;

/* Nodes are in postfix order: those of a node's arguments come before it, [first, itself) altogether. */
typedef struct cnv_formula_node {
	cnv_formula_kind kind;
	cnv_formula_op op;
	cnv_formula_step step;
	bool last_saved;
	uint32_t from, upto;           /* bytes of the formula: all of it, without parentheses around it */
	uint32_t mark_from, mark_upto; /* its own token: the operator, the function's name, the step, the bracket */
	uint32_t slash;                /* STEP: byte of the slash before it; CNV_NONE: none */
	uint32_t first;                /* index of its first node */
	uint32_t argc;
	uint32_t arg;     /* index of its first argument, CNV_NONE: none */
	uint32_t next;    /* as an argument: index of the next one, CNV_NONE: none */
	uint32_t parent;  /* index of the node it is an argument of, CNV_NONE: none */
	uint32_t mention; /* REFERENCE, CALL and STEP_CALL: index in `mentions`; else CNV_NONE */
	double number;
	cnv_str text;
	cnv_str axis; /* STEP: an axis that is not child::, or parent:: and self:: before a name */
} cnv_formula_node;

/* Every ${name} and every name before a parenthesis, by rising place, whether or not the formula has a shape. */
typedef struct cnv_formula_mention {
	cnv_str name; /* of a reference: empty where it is malformed */
	uint32_t from, upto;
	bool function;
	bool last_saved;
} cnv_formula_mention;

/* Where a condition on a path opens: before the nodes from `node` on. */
typedef struct cnv_formula_opening {
	uint32_t node;
	uint32_t from, upto; /* of the bracket */
} cnv_formula_opening;

typedef struct cnv_formula_mistake {
	cnv_code code;
	uint32_t from, upto;
	cnv_str message, hint;
} cnv_formula_mistake;

typedef struct cnv_formula_tree {
	cnv_str text;
	const cnv_formula_node *nodes;
	uint32_t count;
	uint32_t root; /* CNV_NONE: the formula has no shape, and the nodes are those before the mistake */
	const cnv_formula_mention *mentions;
	uint32_t mention_count;
	const cnv_formula_opening *openings;
	uint32_t opening_count;
	/* Mistakes in tokens come first, `token_mistakes` of them; at most one of shape follows. */
	const cnv_formula_mistake *mistakes;
	uint32_t mistake_count, token_mistakes;
	uint32_t unclosed; /* parentheses that are never closed */
} cnv_formula_tree;

/* ---------------------------------------------------------------- parsing (lex.c, parse.c) */

/* The tree, in the arena; its texts are slices of `text`, or literals.  NULL: out of memory. */
const cnv_formula_tree *cnv_formula_parse(cnv_str text, cnv_arena *arena);

/* ---------------------------------------------------------------- questions about a tree (ask.c)
 *
 * A node is named by its index.  All of these accept NULL for the tree and CNV_NONE for a node. */

/* The tree's whole, CNV_NONE when it has no shape or any mistake. */
uint32_t cnv_formula_root(const cnv_formula_tree *tree);
/* The i-th argument, CNV_NONE past the last.  To visit all: from node->arg on by node->next. */
uint32_t cnv_formula_arg(const cnv_formula_tree *tree, uint32_t node, uint32_t i);
/* What was written, without parentheses around it. */
cnv_str cnv_formula_slice(const cnv_formula_tree *tree, uint32_t node);
bool cnv_formula_is(const cnv_formula_tree *tree, uint32_t node, cnv_formula_kind kind);
/* ${name} of this record, alone: its name. */
bool cnv_formula_is_reference(const cnv_formula_tree *tree, uint32_t node, cnv_str *name);
bool cnv_formula_is_binary(const cnv_formula_tree *tree, uint32_t node, cnv_formula_op op);
bool cnv_formula_is_call(const cnv_formula_tree *tree, uint32_t node, const char *name);
/* A number, also with a minus sign. */
bool cnv_formula_is_number(const cnv_formula_tree *tree, uint32_t node, double *number);
/* A text or a number as written, the minus sign included; a text without its quotes. */
bool cnv_formula_is_literal(const cnv_formula_tree *tree, uint32_t node, cnv_str *text);
/* The next call of the function after the node `after` (CNV_NONE: the first), CNV_NONE past the last. */
uint32_t cnv_formula_next_call(const cnv_formula_tree *tree, const char *name, uint32_t after);
/* The next well-formed ${name} (`last_saved` included) after the mention `after` (CNV_NONE: the first). */
uint32_t cnv_formula_next_reference(const cnv_formula_tree *tree, uint32_t after);
/* The terms of `a and b and c` below `top`, from left to right, whatever the parentheses: the one after `after`
 * (CNV_NONE: the first), CNV_NONE past the last.  A node that is no such operation is its own only term. */
uint32_t cnv_formula_next_term(const cnv_formula_tree *tree, uint32_t top, cnv_formula_op op, uint32_t after);
/* Both are written alike but for blanks, quotation marks and parentheses. */
bool cnv_formula_equal(const cnv_formula_tree *a, uint32_t left, const cnv_formula_tree *b, uint32_t right);

/* A comparison of something with a literal, whichever comes first. */
typedef struct cnv_formula_comparison {
	cnv_formula_op op; /* as if the literal were on the right: 3 > . is . < 3 */
	uint32_t subject, literal;
	cnv_str text; /* of the literal */
	bool is_number;
	double number; /* NaN: it is a text */
} cnv_formula_comparison;
bool cnv_formula_compares(const cnv_formula_tree *tree, uint32_t node, cnv_formula_comparison *out);

bool cnv_op_is_comparison(cnv_formula_op op);
cnv_formula_op cnv_op_turn(cnv_formula_op op); /* a < b is b > a; others stay */

/* ---------------------------------------------------------------- references in texts (references.c)
 *
 * Labels, messages, triggers and parameters are no formulas, but may hold ${name}. */

typedef struct cnv_reference {
	cnv_str name; /* without last-saved#; empty: malformed */
	bool last_saved;
	size_t from, upto; /* bytes of the text */
} cnv_reference;

/* The next word that could be a name, from byte *at on, which is moved behind it: of references, paths, functions and texts
 * in quotation marks alike.  false when there is none. */
bool cnv_formula_next_word(cnv_str text, size_t *at, cnv_str *word);

/* The next reference of the text from byte *at on, which is moved behind it; false when there is none. */
bool cnv_reference_next(cnv_str text, size_t *at, cnv_reference *out);
/* The text holds ${, whether or not a well-formed name follows. */
bool cnv_has_reference(cnv_str text);
/* The text is one well-formed reference and nothing else. */
bool cnv_reference_read(cnv_str text, cnv_reference *out);
/* Bytes of a name (NCName of XML) at the beginning. */
size_t cnv_name_span(cnv_str text);
/* As other XLSForm tools decide whether a default is computed: it calls a function, holds ${, or an operator.
 * `hyphens`: days and places are full of them, so `-` alone says nothing. */
bool cnv_formula_is_computed(cnv_str text, bool hyphens);

#endif
