/* The cursor: the position that a path has reached, shared by the files that follow a path.
 *
 * resolve.c moves it from one position to the next, items.c provides the lists and files of instance(), and
 * conditions.c the conditions in brackets. */
#ifndef CANVASS_EXPR_CURSOR_H
#define CANVASS_EXPR_CURSOR_H

#include "expr/compile.h"

typedef struct expr_cursor {
	enum {
		CURSOR_QUESTION,
		CURSOR_ROOT,
		CURSOR_ABOVE_ROOT,
		CURSOR_NOTHING,
		CURSOR_NOWHERE,  /* a bare name that is not in the form, and everything inside it: reads as blank */
		CURSOR_CHOICE,   /* being filtered */
		CURSOR_INSTANCE, /* instance('list'), and its root */
		CURSOR_INSTANCE_ROOT,
		CURSOR_ITEM,
		CURSOR_COLUMN, /* of the choice being filtered, or of an item */
		CURSOR_SAVED,
		CURSOR_UNKNOWN, /* in a file that was not found */
		CURSOR_IDENTITY,
		CURSOR_BAD
	} at;
	cnv_question_id question;
	cnv_str column;
	uint32_t level;
	const expr_items *items;
	expr_selection *selection; /* the selection by conditions so far */
	bool one;                  /* of `.` and `..`: only this entry */
	bool free;                 /* of ${name} and /data/...: the nearest level that has it */
} expr_cursor;

/* The cursor after an error. */
extern const expr_cursor expr_bad_cursor;

/* Reports that these bytes are not supported: "... not supported". */
expr_cursor expr_unsupported(expr_compiler *compiler, uint32_t from, uint32_t upto, const char *what);

/* path.c */
expr_cursor expr_self_cursor(const expr_compiler *compiler);
/* The start of a path, by its first node; and one step further. */
expr_cursor expr_begin_path(expr_compiler *compiler, const cnv_formula_node *node);
expr_cursor expr_take_step(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *step);

/* items.c */
/* The target of instance('name'). */
expr_cursor expr_instance_cursor(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto);
/* In a file that was not found, which is reported once. */
expr_cursor expr_unknown_cursor(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto);
/* A column of the choice being filtered, or of an item. */
expr_cursor expr_column_cursor(expr_compiler *compiler, expr_cursor here, const cnv_formula_node *name);

/* conditions.c */
/* The nearest level from which a question, or the entries of a repeat, are visible: the row's own level if it has
 * one of them, else the entry of a condition. */
uint32_t expr_best_level(const expr_compiler *compiler, cnv_question_id id);
/* NULL: out of memory, which the compiler records. */
expr_selection *expr_new_selection(expr_compiler *compiler, uint32_t level, uint32_t start);
expr_hop *expr_add_hop(expr_compiler *compiler, expr_selection *selection, expr_hop hop);
/* Adds steps from the current position down to a table. */
bool expr_reach(expr_compiler *compiler, expr_selection *selection, uint32_t table);
/* A condition that is open. */
typedef struct expr_condition_open {
	expr_hop *hop;   /* the set that it filters; NULL after an error */
	uint32_t before; /* number of nodes before it */
} expr_condition_open;

void expr_open_condition(expr_compiler *compiler, expr_cursor *here, const cnv_formula_opening *bracket,
			 expr_condition_open *open);
void expr_close_condition(expr_compiler *compiler, expr_cursor *here, expr_condition_open *open);

#endif
