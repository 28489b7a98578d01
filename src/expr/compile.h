/* compile.h: operands and the compiler, shared by the builders of calls and operators. */
#ifndef CANVASS_EXPR_COMPILE_H
#define CANVASS_EXPR_COMPILE_H

#include "expr/sets.h"

/* Names other than questions that ${...} can refer to. */
#define EXPR_NAME_SAVED (UINT32_MAX - 2)
#define EXPR_NAME_IDENTITY (UINT32_MAX - 3)
#define EXPR_NAME_RECORD (UINT32_MAX - 4)

typedef enum expr_operand_kind {
	OPERAND_BAD, /* already reported */
	OPERAND_CONSTANT,
	OPERAND_REGISTER,
	OPERAND_ANSWER,   /* a column, not loaded yet */
	OPERAND_COLUMN,   /* of the choice, not loaded yet */
	OPERAND_ENTRIES,  /* answers of a repeat, or (column CNV_NONE) its entries */
	OPERAND_GROUP,    /* group or root: holds no answer */
	OPERAND_SET,      /* chosen by conditions: `reading`, and in `reg` whether there are any */
	OPERAND_CHOICE_OF /* if(): one of two, of a type that is not decided yet */
} expr_operand_kind;

typedef struct expr_operand {
	expr_operand_kind kind;
	expr_type type;
	uint32_t from, upto;
	uint32_t reg;
	expr_value value;
	cnv_question_id question;
	cnv_str name; /* OPERAND_COLUMN */
	uint32_t level;
	const expr_items *items;     /* OPERAND_COLUMN: NULL for the choice being filtered */
	const expr_reading *reading; /* OPERAND_SET */
	const struct expr_operand *condition, *yes, *no;
	bool literal; /* a text in quotes, as written */
} expr_operand;

typedef struct expr_compiler {
	const cnv_context *context;
	const cnv_form *form;
	const cnv_formula *formula;
	cnv_arena *arena; /* of the program */
	cnv_arena work;   /* nodes, operands: until compiling ends */
	cnv_diags *diags;
	cnv_expr *expr; /* the current program: of a condition on a path, or the whole */
	cnv_expr *whole;
	bool rejected, no_memory;
	const cnv_formula_tree *tree;
	uint32_t *meanings;             /* of each mention: question, EXPR_NAME_..., function row, or CNV_NONE */
	uint32_t level;                 /* number of enclosing conditions on paths */
	expr_scope scopes[EXPR_LEVELS]; /* from index 1 */
	/* nodes, postfix */
	expr_node *nodes;
	uint32_t node_count, node_room;
	bool told_unknown;
	expr_operand nobody; /* dummy operand when out of memory, so that callers need not check */
	/* The steps of some nodes; NULL if there is no value.  Conditions on paths are built by this function,
	 * because the nodes of a path are built together with its conditions. */
	expr_operand *(*build)(struct expr_compiler *compiler, const expr_node *nodes, uint32_t count);
	/* expr_first_of, for conversions: sets are made of operands. */
	expr_operand *(*first_of)(struct expr_compiler *compiler, const expr_operand *entries);
} expr_compiler;

typedef struct expr_function expr_function;
typedef expr_operand *expr_builder(expr_compiler *compiler, const expr_node *call, expr_operand **args);

/* Signature characters: s text, n number, b boolean, d date, x any, e answers (of a repeat or one), l quoted text; ?
 * the previous one is optional, * any number of it, + at least one. */
struct expr_function {
	cnv_function_info info;
	const char *signature;
	expr_type type;
	expr_op op;
	expr_builder *build; /* NULL: convert the arguments and emit `op` */
	const void *data;    /* for the step */
	bool is_volatile;
};

extern const expr_function expr_functions[];
extern const uint32_t expr_function_count;
uint32_t expr_function_find(cnv_str name); /* CNV_NONE */
void expr_function_counts(const expr_function *function, uint32_t *least, uint32_t *most /* CNV_NONE: no limit */);

/* Reports an error with the caret under [from, upto); the expression will be rejected. */
void expr_complain(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint,
		   const char *format, ...) __attribute__((format(printf, 6, 7)));
cnv_str expr_hint(expr_compiler *compiler, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* mentions.c: fills in `meanings`. */
void expr_resolve_names(expr_compiler *compiler);
/* names.c: the question of this name, or another thing that has it; CNV_NONE after an error. */
cnv_question_id expr_find_name(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto);
/* Whether another name may be compared with all names of the form. */
bool expr_may_search(const expr_compiler *compiler);
/* resolve.c: the tree's nodes to those of the compiler. */
void expr_resolve_nodes(expr_compiler *compiler);
/* The question that the text of a jr:choice-name() argument names, or CNV_NONE after an error. */
cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand);
expr_node *expr_add_node(expr_compiler *compiler, expr_node_kind kind, uint32_t from, uint32_t upto);
/* The way to a table, and whether each row of the expression has one row there. */
uint32_t expr_way_to(expr_compiler *compiler, uint32_t level, uint32_t table, bool *single);
/* `owner` is the table or one that encloses it. */
bool expr_owns(const cnv_form *form, uint32_t owner, uint32_t table);
/* The table of the row of a level. */
uint32_t expr_level_table(const expr_compiler *compiler, uint32_t level);
/* Emits a diagnostic that does not reject the expression. */
void expr_remark(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint, const char *format,
		 ...) __attribute__((format(printf, 6, 7)));
/* items.c: do the items of a list have this column? */
bool expr_has_column(const cnv_list *list, cnv_str name);
/* Its texts; `whole`: as an array, for steps that read the text of each item repeatedly. */
const expr_choice_texts *expr_column_texts(expr_compiler *compiler, const cnv_list *list, cnv_str name, bool whole);
/* Reports a column that a list does not have. */
/* quoted: the formula has the name in quotes, as in pulldata(). */
void expr_remark_column(expr_compiler *compiler, const cnv_list *list, cnv_str name, bool quoted, uint32_t from,
			uint32_t upto);
/* A list of the form, or a file next to it; NULL: none of that name. */
const expr_items *expr_find_items(expr_compiler *compiler, cnv_str name);
/* selection.c */
/* One column of the first item whose key column equals `key`. */
expr_operand *expr_look_up(expr_compiler *compiler, const expr_items *items, cnv_str column, cnv_str key_column,
			   expr_operand *key);
expr_operand *expr_select(expr_compiler *compiler, const expr_node *node);
expr_operand *expr_unite(expr_compiler *compiler, const expr_node *node, expr_operand *left, expr_operand *right);
/* An answer or the answers of a repeat as a set; NULL: it is not one. */
expr_operand *expr_as_set(expr_compiler *compiler, expr_operand *operand);
/* indexed-repeat(): `indexes[i]` is the entry number in `repeats[i]`. */
expr_operand *expr_select_indexed(expr_compiler *compiler, const expr_operand *answer, const cnv_question_id *repeats,
				  expr_operand *const *indexes, uint32_t count);
/* selection.c: the answers of a repeat where one value is expected: reported, and the first counts. */
expr_operand *expr_first_of(expr_compiler *compiler, const expr_operand *entries);
expr_type expr_answer_type(const cnv_question *question);
expr_step expr_set_step(expr_op op, const expr_operand *set);
/* Whether a set has members, as an operand. */
expr_operand *expr_any(expr_compiler *compiler, const expr_operand *set);
/* The set in random order; text: the source of the seed, NULL if it was a number. */
expr_operand *expr_shuffle(expr_compiler *compiler, expr_operand *set, expr_operand *number, expr_operand *text);

expr_operand *expr_operand_new(expr_compiler *compiler, expr_operand_kind kind, expr_type type);
expr_operand *expr_bad(expr_compiler *compiler);
expr_operand *expr_placed(expr_operand *operand, uint32_t from, uint32_t upto);
/* TEXT, NUMBER or BOOLEAN: the storage of a register of this type. */
expr_type expr_storage(expr_type type);
/* The register of an operand that is constant or already computed. */
uint32_t expr_register_of(expr_compiler *compiler, const expr_operand *operand);
expr_operand *expr_constant_text(expr_compiler *compiler, cnv_str text);
expr_operand *expr_constant_number(expr_compiler *compiler, double number);
expr_operand *expr_constant_truth(expr_compiler *compiler, bool truth);
/* One of two, whose type is not decided until it is used. */
expr_operand *expr_choose(expr_compiler *compiler, const expr_operand *condition, const expr_operand *yes,
			  const expr_operand *no);
/* The operand as TEXT, NUMBER, BOOLEAN or DAY (a date read from a text). */
expr_operand *expr_as(expr_compiler *compiler, const expr_operand *operand, expr_type type);
/* Adds `step` (args are filled in here) with the result `type`; folds it if every argument is constant. */
expr_operand *expr_emit(expr_compiler *compiler, expr_step step, expr_type type, expr_operand *const *args,
			uint32_t count);
/* The boolean of an operand that is a condition by itself. */
expr_operand *expr_condition(expr_compiler *compiler, expr_operand *operand);
expr_operand *expr_binary(expr_compiler *compiler, cnv_formula_op op, expr_operand *left, expr_operand *right);
expr_operand *expr_call(expr_compiler *compiler, const expr_node *call, expr_operand **args);
expr_operand *expr_question(expr_compiler *compiler, cnv_question_id question, uint32_t level, uint32_t from,
			    uint32_t upto);
void expr_use(expr_compiler *compiler, cnv_question_id question);
/* A step that reads the column of the answer. */
expr_step expr_column_step(expr_compiler *compiler, expr_op op, const expr_operand *answer);
/* The closed list from which the answer has one choice (or several), or NULL. */
const cnv_list *expr_closed_list(const expr_compiler *compiler, const expr_operand *operand);

#endif
