/* nodes.h: the nodes of a formula after its names and paths are resolved to questions.
 *
 *   tree --mentions.c, resolve.c--> nodes in postfix order --compile.c, calls.c--> steps --run.c--> values
 *
 * path.c follows paths to questions, with items.c and conditions.c (cursor.h); selection.c compiles conditions on
 * paths to selectors, which select.c runs; sets.c counts, adds and joins the results. */
#ifndef CANVASS_EXPR_NODES_H
#define CANVASS_EXPR_NODES_H

#include "canvass/expr.h"

/* Maximum nested conditions on paths, plus one: each has the entry or item of the enclosing one. */
#define EXPR_LEVELS CNV_FORMULA_LEVELS

typedef enum expr_node_kind {
	NODE_NUMBER,
	NODE_TEXT,
	NODE_QUESTION, /* an answer, group or repeat */
	NODE_ROOT,     /* the whole response */
	NODE_NOTHING,  /* `.` if there is no question */
	NODE_COLUMN,   /* `text`, of the choice being filtered or of an item of `items` */
	NODE_SELECT,   /* a path with conditions: `selection` */
	NODE_SAVED,    /* the previously saved record, which reads as blank */
	NODE_UNKNOWN,  /* a cell of a file that was not found, or the name of the record */
	NODE_IDENTITY, /* ${instanceID} */
	NODE_NEGATE,
	NODE_BINARY, /* `op` */
	NODE_CALL,
	NODE_BAD /* already reported; removes `count` operands */
} expr_node_kind;

typedef struct expr_node {
	expr_node_kind kind;
	cnv_formula_op op;
	uint32_t from, upto;
	uint32_t count; /* operands taken from the stack */
	cnv_question_id meaning;
	const struct expr_function *function; /* CALL */
	double number;
	cnv_str text;
	uint32_t level; /* answer, column: 0 the row, n the entry or item of condition n; call: its own level */
	uint32_t reads; /* bit k: depends on the item of level k; bit 16 + k: on its position */
	const struct expr_items *items;
	const struct expr_selection *selection;
} expr_node;

#define READS(level) (1u << (level))
#define READS_POSITION(level) (1u << (16 + (level)))

/* The target of instance(): a list of choices, or a file next to the form. */
typedef struct expr_items {
	cnv_str name;
	const cnv_list *list;
} expr_items;

/* The entry or item of a condition. */
typedef struct expr_scope {
	uint32_t table; /* CNV_NONE: items */
	cnv_question_id question;
	const expr_items *items; /* NULL without a question: of a file not found; any name may be a column */
	cnv_str column;          /* items: the condition follows a column */
} expr_scope;

/* A condition in brackets: its own nodes, postfix. */
typedef struct expr_predicate {
	const expr_node *nodes;
	uint32_t count;
	uint32_t level;
	expr_scope scope;
	struct expr_predicate *next;
} expr_predicate;

/* One step of a path with many results, and the conditions that filter them. */
typedef struct expr_hop {
	enum { HOP_ENTRIES, HOP_SELF, HOP_ITEMS } kind;
	uint32_t table; /* HOP_ENTRIES */
	const expr_items *items;
	expr_predicate *predicates;
	struct expr_hop *next;
} expr_hop;

typedef struct expr_selection {
	uint32_t level; /* of the row where it begins */
	uint32_t start; /* its owner in this table; CNV_NONE: items */
	uint32_t reached;
	uint32_t reads;
	expr_hop *first, *last;
} expr_selection;

#endif
