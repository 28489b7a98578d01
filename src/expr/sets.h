/* sets.h: entries and items selected by a path with conditions. */
#ifndef CANVASS_EXPR_SETS_H
#define CANVASS_EXPR_SETS_H

#include "expr/steps.h"

/* The table or list whose rows are members of a set. */
typedef struct expr_source {
	uint32_t table;  /* CNV_NONE: items */
	uint32_t column; /* CNV_NONE: the entry or item itself, which has no text */
	cnv_question_id question;
	const cnv_list *list;                  /* of an answer with choices */
	const struct expr_choice_texts *texts; /* of a column of items */
} expr_source;

typedef struct expr_member {
	uint32_t row;
	uint32_t source; /* index in the set's sources */
} expr_member;

/* Parameters of a step that reads a set: step->data. */
typedef struct expr_reading {
	uint32_t set;
	uint32_t other;       /* of `unite`: the second set */
	uint32_t first_count; /* of `unite`: sources of the first set */
	bool merge;           /* of `unite`: both are rows of one table, ascending */
	uint32_t count;
	expr_source sources[];
} expr_reading;

/* Parameters of `compare_set`: the set, and what it is compared with. */
typedef struct expr_set_comparison {
	const expr_reading *left, *right; /* right: NULL if it is a single value, which is the second argument */
	bool as_text;
	bool blanks_equal; /* as numbers */
} expr_set_comparison;

/* Items by the text of one column. */
typedef struct expr_lookup {
	const cnv_map *only;    /* for names that are unique, the list's own map; else NULL */
	uint32_t mask;          /* buckets - 1 */
	uint32_t *first, *next; /* CNV_NONE: end */
} expr_lookup;

/* One condition of a hop.  `arg` is an index in the step's args. */
typedef struct expr_filter {
	enum { BY_PROGRAM, BY_POSITION, BY_TEXT, BY_NUMBER, BY_TRUTH, BY_CONDITION } kind;
	const cnv_expr *program;
	uint32_t arg;
	bool clamp; /* BY_POSITION as in indexed-repeat(): an integer, at least 1 */
	const struct expr_choice_texts *texts;
	const double *numbers;
	const expr_lookup *lookup;
} expr_filter;

typedef struct expr_selector_hop {
	int kind; /* of expr_hop */
	uint32_t table;
	uint32_t items; /* number of members */
	uint32_t filter_count;
	expr_filter *filters;
} expr_selector_hop;

typedef struct expr_selector {
	bool fixed; /* the same for every row */
	bool items; /* begins with items, not with a row */
	uint32_t hop_count;
	expr_selector_hop hops[];
} expr_selector;

/* Columns that every item of a list has without a cell for them. */
typedef enum expr_own { OWN_NOTHING, OWN_NAME, OWN_LABEL, OWN_ID } expr_own;

/* The texts that the items of a list have in one column. */
typedef struct expr_choice_texts {
	const cnv_form *form;
	const cnv_list *list;
	uint32_t count;
	cnv_str column;
	expr_own own;
	bool extra;  /* items have cells with this heading, which override built-in values */
	cnv_str *at; /* NULL: read from the list one by one */
} expr_choice_texts;

cnv_str expr_item_text(const expr_choice_texts *texts, uint32_t item); /* items.c */
uint32_t expr_hash(cnv_str text);                                      /* select.c: of a lookup */

#endif
