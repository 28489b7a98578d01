/* What the files of expr share: nodes, operands, steps and the machine that runs them.
 *
 *   tree --mentions.c, resolve.c--> nodes in postfix order --compile.c, calls.c--> steps --run.c--> values
 *
 * path.c follows paths to questions (with items.c and conditions.c: spot.h), selection.c makes selectors of conditions
 * on paths, which select.c runs; sets.c counts, adds and joins what they chose.  The steps themselves are in columns.c,
 * numbers.c, text.c, dates.c, geo.c, chance.c and regex.c; functions.c is the table of functions.
 */
#ifndef CANVASS_EXPR_INTERNAL_H
#define CANVASS_EXPR_INTERNAL_H

#include "canvass/expr.h"

/* Nested conditions on paths, and one: each has the entry or item that the one around it looks at. */
#define EXPR_LEVELS CNV_FORMULA_LEVELS

#define MS_PER_DAY 86400000.0

/* ---------------------------------------------------------------- resolved nodes */

typedef enum expr_node_kind {
	NODE_NUMBER,
	NODE_TEXT,
	NODE_QUESTION, /* an answer, group or repeat */
	NODE_ROOT,     /* the whole response */
	NODE_NOTHING,  /* `.` where there is no question */
	NODE_COLUMN,   /* `text`, of the choice being filtered or of an item of `items` */
	NODE_SELECT,   /* a path with conditions: `selection` */
	NODE_SAVED,    /* the record saved before, which reads as blank */
	NODE_UNKNOWN,  /* a cell of a file that is not at hand, or the name of the record */
	NODE_IDENTITY, /* ${instanceID} */
	NODE_NEGATE,
	NODE_BINARY, /* `op` */
	NODE_CALL,
	NODE_BAD /* has been complained of; takes `count` operands away */
} expr_node_kind;

typedef struct expr_node {
	expr_node_kind kind;
	cnv_formula_op op;
	uint32_t from, upto;
	uint32_t count;   /* operands taken from the stack */
	cnv_question_id meaning;
	const struct expr_function *function; /* CALL */
	double number;
	cnv_str text;
	uint32_t level; /* whose answer or column: 0 of the row itself, else of the entry or item that the level-th condition
			 * looks at; of a call: where it stands */
	uint32_t reads; /* bit k: depends on what level k looks at; bit 16 + k: on its position there */
	const struct expr_items *items;
	const struct expr_selection *selection;
} expr_node;

#define READS(level) (1u << (level))
#define READS_POSITION(level) (1u << (16 + (level)))

/* What instance() names: a list of choices, or a file beside the form. */
typedef struct expr_items {
	cnv_str name;
	const cnv_list *list;
} expr_items;

/* What a condition looks at. */
typedef struct expr_scope {
	uint32_t table; /* CNV_NONE: items */
	cnv_question_id question;
	const expr_items *items; /* NULL, and no question: of a file that is not at hand, where any name may be a column */
	cnv_str column;          /* items: the condition stands behind a column */
} expr_scope;

/* A condition in brackets: its own nodes, postfix. */
typedef struct expr_predicate {
	const expr_node *nodes;
	uint32_t count;
	uint32_t level;
	expr_scope scope;
	struct expr_predicate *next;
} expr_predicate;

/* One step of a path that leads to many, with the conditions that thin them out. */
typedef struct expr_hop {
	enum { HOP_ENTRIES, HOP_SELF, HOP_ITEMS } kind;
	uint32_t table; /* HOP_ENTRIES */
	const expr_items *items;
	expr_predicate *predicates;
	struct expr_hop *next;
} expr_hop;

typedef struct expr_selection {
	uint32_t level; /* of the row that it begins with */
	uint32_t start; /* its owner in this table; CNV_NONE: items */
	uint32_t reached;
	uint32_t reads;
	expr_hop *first, *last;
} expr_selection;

/* ---------------------------------------------------------------- steps */

/* The one list of what a machine can do: each is a function step_NAME(), and knows what its second word says.
 * READS: answers, items or chance, so that it is not folded whatever its arguments; the rest is what an explanation of
 * the step shows: the answer's COLUMN (which it READS), a RELATION, a CHOICE of the column's list, a SET (read). */
enum { STEP_PLAIN = 0, STEP_READS = 1, STEP_COLUMN = 3, STEP_RELATION = 4, STEP_CHOICE = 8, STEP_SET = 16 };
/* clang-format off */
#define EXPR_STEPS(STEP) \
	STEP(load_text, STEP_COLUMN) STEP(load_number, STEP_COLUMN) STEP(load_there, STEP_COLUMN) \
	STEP(load_choice_text, STEP_READS) STEP(load_position, STEP_READS) \
	STEP(compare_column, STEP_COLUMN | STEP_RELATION) STEP(column_is_choice, STEP_COLUMN | STEP_CHOICE) \
	STEP(column_has_choice, STEP_COLUMN | STEP_CHOICE) STEP(count_entries, STEP_COLUMN) \
	STEP(sum_entries, STEP_COLUMN) STEP(least_entry, STEP_COLUMN) STEP(greatest_entry, STEP_COLUMN) \
	STEP(count_filled, STEP_COLUMN) STEP(count_true_entries, STEP_COLUMN) STEP(join_entries, STEP_COLUMN) \
	STEP(load_item_text, STEP_READS) STEP(load_item_position, STEP_READS) STEP(load_item_last, STEP_READS) \
	STEP(load_identity, STEP_READS) STEP(unknown, STEP_READS) STEP(blank, STEP_READS) STEP(select, STEP_READS) \
	STEP(unite, STEP_SET) STEP(shuffle, STEP_SET) STEP(count_set, STEP_SET) STEP(count_set_filled, STEP_SET) \
	STEP(count_set_true, STEP_SET) STEP(sum_set, STEP_SET) STEP(least_of_set, STEP_SET) \
	STEP(greatest_of_set, STEP_SET) STEP(join_set, STEP_SET) STEP(first_text, STEP_SET) \
	STEP(first_number, STEP_SET) STEP(itext, STEP_PLAIN) STEP(text_to_number, STEP_PLAIN) \
	STEP(text_to_boolean, STEP_PLAIN) STEP(text_to_days, STEP_PLAIN) STEP(number_to_text, STEP_PLAIN) \
	STEP(answer_to_text, STEP_PLAIN) STEP(number_to_boolean, STEP_PLAIN) STEP(boolean_to_number, STEP_PLAIN) \
	STEP(boolean_to_text, STEP_PLAIN) STEP(days_to_boolean, STEP_PLAIN) STEP(day_to_text, STEP_PLAIN) \
	STEP(moment_to_text, STEP_PLAIN) STEP(add, STEP_PLAIN) STEP(subtract, STEP_PLAIN) STEP(multiply, STEP_PLAIN) \
	STEP(divide, STEP_PLAIN) STEP(modulo, STEP_PLAIN) STEP(negate, STEP_PLAIN) STEP(compare_numbers, STEP_RELATION) \
	STEP(compare_texts, STEP_RELATION) STEP(compare_booleans, STEP_RELATION) STEP(compare_answers, STEP_RELATION) \
	STEP(both, STEP_PLAIN) STEP(either, STEP_PLAIN) STEP(invert, STEP_PLAIN) STEP(choose_text, STEP_PLAIN) \
	STEP(choose_number, STEP_PLAIN) STEP(choose_boolean, STEP_PLAIN) STEP(number_there, STEP_PLAIN) \
	STEP(one_number, STEP_PLAIN) STEP(two_numbers, STEP_PLAIN) STEP(round_to, STEP_PLAIN) STEP(random, STEP_READS) \
	STEP(uuid, STEP_READS) STEP(least, STEP_PLAIN) STEP(greatest, STEP_PLAIN) STEP(checklist, STEP_PLAIN) \
	STEP(weighted_checklist, STEP_PLAIN) STEP(join, STEP_PLAIN) STEP(concat, STEP_PLAIN) STEP(substr, STEP_PLAIN) \
	STEP(substring, STEP_PLAIN) STEP(substring_before, STEP_PLAIN) STEP(substring_after, STEP_PLAIN) \
	STEP(translate, STEP_PLAIN) STEP(string_length, STEP_PLAIN) STEP(normalize_space, STEP_PLAIN) \
	STEP(contains, STEP_PLAIN) STEP(starts_with, STEP_PLAIN) STEP(ends_with, STEP_PLAIN) STEP(selected, STEP_PLAIN) \
	STEP(count_selected, STEP_PLAIN) STEP(selected_at, STEP_PLAIN) STEP(boolean_from_string, STEP_PLAIN) \
	STEP(choice_name, STEP_PLAIN) STEP(digest, STEP_PLAIN) STEP(base64_decode, STEP_PLAIN) STEP(today, STEP_PLAIN) \
	STEP(now, STEP_PLAIN) STEP(date, STEP_PLAIN) STEP(date_time, STEP_PLAIN) STEP(decimal_date_time, STEP_PLAIN) \
	STEP(decimal_time, STEP_PLAIN) STEP(format_date, STEP_PLAIN) STEP(area, STEP_PLAIN) STEP(distance, STEP_PLAIN) \
	STEP(geofence, STEP_PLAIN) STEP(regex, STEP_PLAIN) STEP(regex_computed, STEP_PLAIN)
/* clang-format on */

typedef enum expr_op {
#define STEP(name, knows) OP_##name,
	EXPR_STEPS(STEP)
#undef STEP
		OP_COUNT
} expr_op;

/* What a register holds.  DAY, MOMENT and ANSWER are doubles in which NaN stands for blank. */
typedef enum expr_type {
	TYPE_TEXT,
	TYPE_NUMBER,
	TYPE_BOOLEAN,
	TYPE_DAY,    /* days since 1970-01-01 in the zone of the run; a fraction when a time was given */
	TYPE_MOMENT, /* the same, always told with its time */
	TYPE_ANSWER, /* a number that a person gave */
	TYPE_COUNT
} expr_type;

typedef enum expr_relation { IS_EQUAL, IS_UNEQUAL, IS_LESS, IS_LESS_EQUAL, IS_MORE, IS_MORE_EQUAL } expr_relation;

/* How the rows of another table are reached from the rows of the expression's own. */
typedef struct expr_way {
	uint32_t level; /* 0: from the rows of the expression; else from the entries of that level */
	uint32_t table;
	uint32_t common; /* nearest table that owns both; equal to `table`: each row has one owner there */
} expr_way;

typedef struct expr_step {
	expr_op op;
	uint32_t to;          /* register */
	const uint32_t *args; /* registers */
	uint32_t argc;
	uint32_t way;    /* index into ways; 0 is the expression's own table */
	uint32_t column; /* in the way's table */
	uint32_t choice; /* index in a list */
	uint32_t level;
	uint32_t set; /* that is made; those that are read stand in `data` */
	expr_relation relation;
	bool search, caseless; /* of a pattern that is computed */
	double number;
	const void *data; /* what else the step needs to know; see each */
} expr_step;

typedef struct expr_value {
	cnv_str text;
	double number;
	bool truth;
} expr_value;

typedef struct expr_pattern expr_pattern;

struct cnv_expr {
	const cnv_form *form;
	cnv_type type;
	uint32_t table;
	bool is_volatile, unsure; /* unsure: it has steps that can fail to decide */
	bool constant;
	uint32_t result; /* register */
	uint32_t step_count, step_room;
	expr_step *steps;
	uint32_t register_count, register_room;
	expr_type *registers; /* TEXT, NUMBER or BOOLEAN */
	uint32_t constant_count, constant_room;
	struct expr_constant {
		uint32_t to;
		expr_value value;
	} * constants;
	uint32_t way_count, way_room;
	expr_way *ways;
	uint32_t use_count, use_room;
	cnv_question_id *uses;
	uint32_t trait_count, trait_room;
	cnv_trait *traits;
	uint32_t pattern_count, pattern_room;
	expr_pattern **patterns;
	uint32_t level; /* of a condition on a path: how many levels it sees */
	uint32_t level_tables[EXPR_LEVELS]; /* of the entries looked at; CNV_NONE: items of a list */
	uint32_t set_count;
	uint32_t filter_count, filter_room;
	struct cnv_expr **filters; /* programs of conditions on paths */
	uint32_t place;            /* of such a program in the filters of the one around it */
};

/* ---------------------------------------------------------------- chosen entries and items */

/* What a member of a set is a row of. */
typedef struct expr_source {
	uint32_t table;  /* CNV_NONE: items */
	uint32_t column; /* CNV_NONE: the entry or item itself, which has no text */
	cnv_question_id question;
	const cnv_list *list;                 /* of an answer with choices */
	const struct expr_choice_texts *texts; /* of a column of items */
} expr_source;

typedef struct expr_member {
	uint32_t row;
	uint32_t source; /* index in the set's sources */
} expr_member;

/* What a step needs to know of a set that it reads: step->data. */
typedef struct expr_reading {
	uint32_t set;
	uint32_t other; /* of `unite`: the second set */
	uint32_t first_count; /* of `unite`: sources of the first set */
	bool merge;     /* of `unite`: both are rows of one table, rising */
	uint32_t count;
	expr_source sources[];
} expr_reading;

/* Items by the text of one column. */
typedef struct expr_lookup {
	const cnv_map *only; /* of names that differ, the list's own map; else NULL */
	uint32_t mask;       /* buckets - 1 */
	uint32_t *first, *next; /* CNV_NONE ends */
} expr_lookup;

/* One condition of a hop.  `arg` is an index in the step's args. */
typedef struct expr_filter {
	enum { BY_PROGRAM, BY_POSITION, BY_TEXT, BY_NUMBER, BY_TRUTH, BY_CONDITION } kind;
	const cnv_expr *program;
	uint32_t arg;
	bool clamp; /* BY_POSITION as indexed-repeat() counts: whole, and 1 at least */
	const struct expr_choice_texts *texts;
	const double *numbers;
	const expr_lookup *lookup;
} expr_filter;

typedef struct expr_selector_hop {
	int kind; /* of expr_hop */
	uint32_t table;
	uint32_t items; /* how many */
	uint32_t filter_count;
	expr_filter *filters;
} expr_selector_hop;

typedef struct expr_selector {
	bool fixed; /* the same for every row */
	bool items; /* begins with items, not with a row */
	uint32_t hop_count;
	expr_selector_hop hops[];
} expr_selector;

/* ---------------------------------------------------------------- the machine (run.c) */

/* Rows worked on at a time: a text register of a block is 4 KiB, so that an expression stays in the first cache. */
#define EXPR_BLOCK 256u
#define BLOCK_WORDS (EXPR_BLOCK / 64)

typedef struct expr_register {
	union {
		double *numbers;
		cnv_str *texts;
		uint64_t *bits;
		void *at;
	};
	uint64_t *unsure; /* bits */
} expr_register;

typedef struct expr_path {
	uint32_t *rows;          /* one owner for each row; NULL for the expression's own table */
	uint32_t *starts, *ends; /* entries [start, end) of each row */
} expr_path;

typedef struct expr_set {
	uint32_t *starts, *ends; /* members of each row of the block */
	expr_member *members;
	uint32_t count, room;
	bool fixed; /* has been filled once for all */
} expr_set;

/* Candidates: the row of the block each is for, the one that it is below, and itself. */
typedef struct expr_candidates {
	uint32_t *rows, *owners, *ids;
	double *positions, *sizes;
	uint32_t count, room;
} expr_candidates;

/* Conditions evaluated for one row of answers; past it the row is told as not checked. */
#define EXPR_SPENT 100000u

typedef struct expr_machine {
	const cnv_expr *expr;
	const cnv_batch *batch;
	const cnv_world *world; /* NULL while folding constants */
	bool asked_world;       /* a step wanted the world that was not there */
	const uint32_t *choices;
	uint32_t row;  /* row of the table that the block begins with */
	uint32_t done; /* rows of the run before the block */
	expr_register *registers;
	expr_path *paths;
	cnv_arena *scratch;
	cnv_arena *lasting; /* registers and sets: until the run ends */
	uint32_t room;      /* rows that the registers have room for */
	expr_set *sets;
	expr_candidates candidates, below;
	uint32_t *spent; /* of each row of the outermost block */
	/* of a condition on a path, which is run over candidates */
	struct expr_machine *around;
	struct expr_machine **filters;
	/* The program of a condition, over candidates [from, from + count); *ran: the machine with its results.  Steps
	 * call it through here, for the machine calls the steps. */
	bool (*run_filter)(struct expr_machine *around, const cnv_expr *program, const expr_candidates *candidates,
			   uint32_t from, uint32_t count, struct expr_machine **ran);
	uint32_t *outermost; /* row of the outermost block that each is for */
	uint32_t *own_choices;
	uint32_t *ids[EXPR_LEVELS];
	double *positions[EXPR_LEVELS], *sizes[EXPR_LEVELS];
	cnv_arena own; /* the scratch of a block */
	char *text, *text_end; /* room for texts that are being built */
	bool folding, failed;
	expr_pattern *last_pattern; /* of regex_computed */
	cnv_str last_pattern_text;
} expr_machine;

/* What every item of a list has without a cell for it. */
typedef enum expr_own { OWN_NOTHING, OWN_NAME, OWN_LABEL, OWN_ID } expr_own;

/* The texts that the items of a list have in one column. */
typedef struct expr_choice_texts {
	const cnv_form *form;
	const cnv_list *list;
	uint32_t count;
	cnv_str column;
	expr_own own;
	bool extra;  /* items have cells under this heading, which go before what is their own */
	cnv_str *at; /* NULL: read from the list, one by one */
} expr_choice_texts;

/* Where the text of a row without entries points. */
extern const char expr_no_items[1];

#define STEP(name, knows) void step_##name(expr_machine *machine, const expr_step *step, uint32_t count);
EXPR_STEPS(STEP)
#undef STEP

extern void (*const expr_kernels[OP_COUNT])(expr_machine *, const expr_step *, uint32_t);

static inline double *numbers_of(const expr_machine *machine, uint32_t at)
{
	return machine->registers[at].numbers;
}
static inline cnv_str *texts_of(const expr_machine *machine, uint32_t at)
{
	return machine->registers[at].texts;
}
static inline uint64_t *bits_of(const expr_machine *machine, uint32_t at)
{
	return machine->registers[at].bits;
}

/* Bit i of `to` becomes `truth`, an expression in i, for each i below `count`. */
#define SET_BITS(to, i, count, truth)                                                                                  \
	for (uint32_t word_ = 0; word_ * 64 < (count); word_++) {                                                      \
		uint64_t bits_ = 0;                                                                                    \
		for (uint32_t i = word_ * 64; i < (count) && i < word_ * 64 + 64; i++)                                 \
			bits_ |= (uint64_t)(truth) << (i % 64);                                                        \
		(to)[word_] = bits_;                                                                                   \
	}

/* columns.c: one cell, for those who read single ones.  `list`: of an answer with choices. */
bool expr_cell_there(const cnv_column *column, uint32_t row);
bool expr_cell_is_typed(const cnv_column *column);
double expr_cell_number(const cnv_column *column, uint32_t row, int32_t utc_offset);
cnv_str expr_cell_text(expr_machine *machine, const cnv_list *list, const cnv_column *column, uint32_t row);

/* run.c */
void expr_machine_fini(expr_machine *machine); /* the machines of its conditions */

/* Seconds east of UTC of the run's zone. */
int32_t expr_offset(expr_machine *machine);
/* Room for `len` bytes that last as long as scratch; NULL when memory has run out. */
char *expr_text_room(expr_machine *machine, size_t len);
cnv_str expr_text_copy(expr_machine *machine, const char *at, size_t len);
/* bits[i] = left[i] relation right[i] (right_step 0: right[0] throughout). */
void expr_compare(expr_relation relation, const double *left, const double *right, size_t right_step, uint32_t count,
		  uint64_t *bits);

/* ---------------------------------------------------------------- conversions (convert.c) */

#define EXPR_NAN ((double)__builtin_nanf(""))

/* As number() reads a text: decimal, or an ISO date or date and time as days in the zone of the run. */
double expr_text_number(cnv_str text, int32_t utc_offset, bool *zone_mattered);
/* As date() reads a text: also unpadded (2020-1-5). */
double expr_text_days(cnv_str text, int32_t utc_offset, bool *zone_mattered);
/* Prints days as YYYY-MM-DD, or with a time where there is one or with_time says so.  0: outside the years 1 to 9999.
 * `out` has CNV_NUMBER_ROOM. */
size_t expr_day_text(double days, bool with_time, int32_t utc_offset, char *out);
double expr_instant_days(int64_t utc_ms, int32_t utc_offset);
bool expr_is_blank(char c);

/* ---------------------------------------------------------------- patterns (regex.c) */

typedef struct expr_pattern_options {
	bool search; /* anywhere in the text instead of the whole of it */
	bool caseless;
	bool jit;
	bool computed; /* it may be another in the next row: no automaton is made */
} expr_pattern_options;

typedef enum expr_match { MATCH_NO, MATCH_YES, MATCH_UNSURE } expr_match;

/* CNV_REJECTED: *offset is the byte of the pattern where it breaks, message says why. */
cnv_status expr_pattern_new(expr_pattern **out, cnv_str text, expr_pattern_options options, size_t *offset,
			    char message[160]);
void expr_pattern_free(expr_pattern *pattern);                            /* NULL is fine */
expr_match expr_pattern_match(const expr_pattern *pattern, cnv_str text); /* valid UTF-8 */

/* ---------------------------------------------------------------- patterns that are regular languages (automaton.c) */

typedef struct expr_automaton expr_automaton;

/* A valid pattern that is to match a whole text, capital letters apart from small ones.  NULL: PCRE2 has to do it. */
expr_automaton *expr_automaton_new(cnv_str pattern);
bool expr_automaton_match(const expr_automaton *automaton, cnv_str text); /* valid UTF-8 */
void expr_automaton_free(expr_automaton *automaton);                      /* NULL is fine */

/* ---------------------------------------------------------------- compiling */

/* What ${...} can name beside questions. */
#define EXPR_NAME_SAVED (UINT32_MAX - 2)
#define EXPR_NAME_IDENTITY (UINT32_MAX - 3)
#define EXPR_NAME_RECORD (UINT32_MAX - 4)

typedef enum expr_operand_kind {
	OPERAND_BAD, /* complained of already */
	OPERAND_CONSTANT,
	OPERAND_REGISTER,
	OPERAND_ANSWER,   /* a column, not loaded yet */
	OPERAND_COLUMN,   /* of the choice, not loaded yet */
	OPERAND_ENTRIES,  /* answers of a repeat, or (column CNV_NONE) its entries */
	OPERAND_GROUP,    /* group or root: holds no answer */
	OPERAND_SET,      /* chosen by conditions: `reading`, and in `reg` whether there are any */
	OPERAND_CHOICE_OF /* if(): which of two, not decided which type yet */
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
	cnv_expr *expr;  /* being made: of a condition on a path, or the whole */
	cnv_expr *whole;
	bool rejected, no_memory;
	const cnv_formula_tree *tree;
	uint32_t *meanings; /* of each mention: question, EXPR_NAME_..., or row of the function table; CNV_NONE: unknown */
	uint32_t level; /* conditions on paths around here */
	expr_scope scopes[EXPR_LEVELS]; /* from 1 on */
	/* nodes, postfix */
	expr_node *nodes;
	uint32_t node_count, node_room;
	bool told_unknown;
	expr_operand nobody; /* replaces an operand when memory has run out, so that callers need not check */
	/* The steps of some nodes; NULL when there is no value.  Conditions on paths are built through here, for the
	 * nodes of a path are built with its conditions. */
	expr_operand *(*build)(struct expr_compiler *compiler, const expr_node *nodes, uint32_t count);
} expr_compiler;

typedef struct expr_function expr_function;
typedef expr_operand *expr_builder(expr_compiler *compiler, const expr_node *call, expr_operand **args);

/* Signature letters: s text, n number, b truth, d date, x anything, e answers (of a repeat or one), l text in
 * quotes; ? the one before may be absent, * any number of it, + at least one. */
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

/* Says a mistake with the caret under [from, upto); the expression will be rejected. */
void expr_complain(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint,
		   const char *format, ...) __attribute__((format(printf, 6, 7)));
cnv_str expr_hint(expr_compiler *compiler, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* mentions.c: fills in `meanings`. */
void expr_resolve_names(expr_compiler *compiler);
/* names.c: the question of this name, or what else has it; CNV_NONE after a complaint. */
cnv_question_id expr_find_name(expr_compiler *compiler, cnv_str name, uint32_t from, uint32_t upto);
/* resolve.c: the tree's nodes to those of the compiler. */
void expr_resolve_nodes(expr_compiler *compiler);
/* The question that the text of a jr:choice-name() argument names, or CNV_NONE when it has been complained of. */
cnv_question_id expr_resolve_quoted(expr_compiler *compiler, const expr_operand *operand);
expr_node *expr_add_node(expr_compiler *compiler, expr_node_kind kind, uint32_t from, uint32_t upto);
/* The way to a table, and whether each row of the expression has one row there. */
uint32_t expr_way_to(expr_compiler *compiler, uint32_t level, uint32_t table, bool *single);
/* `owner` is the table, or one of those around it. */
bool expr_owns(const cnv_form *form, uint32_t owner, uint32_t table);
/* The table of the row that a level looks at. */
uint32_t expr_level_table(const expr_compiler *compiler, uint32_t level);
/* Says something that does not reject the expression. */
void expr_remark(expr_compiler *compiler, cnv_code code, uint32_t from, uint32_t upto, cnv_str hint, const char *format,
		 ...) __attribute__((format(printf, 6, 7)));
/* items.c: does an item of a list have the column? */
bool expr_has_column(const cnv_list *list, cnv_str name);
/* Its texts; `whole`: side by side, for those who read the text of each item over and over. */
const expr_choice_texts *expr_column_texts(expr_compiler *compiler, const cnv_list *list, cnv_str name, bool whole);
cnv_str expr_item_text(const expr_choice_texts *texts, uint32_t item);
void expr_complain_of_column(expr_compiler *compiler, const cnv_list *list, cnv_str name, uint32_t from, uint32_t upto);
/* A list of the form, or a file that stands beside it; NULL when there is none of that name. */
const expr_items *expr_find_items(expr_compiler *compiler, cnv_str name);
/* selection.c */
/* One column of the first item whose key column equals `key`. */
expr_operand *expr_look_up(expr_compiler *compiler, const expr_items *items, cnv_str column, cnv_str key_column,
			   expr_operand *key);
expr_operand *expr_select(expr_compiler *compiler, const expr_node *node);
expr_operand *expr_unite(expr_compiler *compiler, const expr_node *node, expr_operand *left, expr_operand *right);
/* An answer or the answers of a repeat as a set; NULL: it is none. */
expr_operand *expr_as_set(expr_compiler *compiler, expr_operand *operand);
/* indexed-repeat(): `indexes[i]` counts the entries of `repeats[i]`. */
expr_operand *expr_select_indexed(expr_compiler *compiler, const expr_operand *answer, const cnv_question_id *repeats,
				  expr_operand *const *indexes, uint32_t count);
expr_type expr_answer_type(const cnv_question *question);
expr_step expr_set_step(expr_op op, const expr_operand *set);
/* Whether a set has members, as an operand. */
expr_operand *expr_any(expr_compiler *compiler, const expr_operand *set);
/* The set in an order of chance; text: what the number was read from, NULL when it came as one. */
expr_operand *expr_shuffle(expr_compiler *compiler, expr_operand *set, expr_operand *number, expr_operand *text);
uint32_t expr_hash(cnv_str text);

expr_operand *expr_operand_new(expr_compiler *compiler, expr_operand_kind kind, expr_type type);
expr_operand *expr_bad(expr_compiler *compiler);
expr_operand *expr_placed(expr_operand *operand, uint32_t from, uint32_t upto);
/* TEXT, NUMBER or BOOLEAN: what a register of the type holds. */
expr_type expr_storage(expr_type type);
/* The register of an operand that is constant or computed already. */
uint32_t expr_register_of(expr_compiler *compiler, const expr_operand *operand);
expr_operand *expr_constant_text(expr_compiler *compiler, cnv_str text);
expr_operand *expr_constant_number(expr_compiler *compiler, double number);
expr_operand *expr_constant_truth(expr_compiler *compiler, bool truth);
/* One of two, the type left open until it is used. */
expr_operand *expr_choose(expr_compiler *compiler, const expr_operand *condition, const expr_operand *yes,
			  const expr_operand *no);
/* The operand as TEXT, NUMBER, BOOLEAN or DAY (a date read from a text). */
expr_operand *expr_as(expr_compiler *compiler, const expr_operand *operand, expr_type type);
/* Adds `step` (args filled in here) giving `type`; folds it when every argument is constant. */
expr_operand *expr_emit(expr_compiler *compiler, expr_step step, expr_type type, expr_operand *const *args,
			uint32_t count);
/* A boolean made of an operand that stands as a condition by itself. */
expr_operand *expr_condition(expr_compiler *compiler, expr_operand *operand);
expr_operand *expr_binary(expr_compiler *compiler, cnv_formula_op op, expr_operand *left, expr_operand *right);
expr_operand *expr_call(expr_compiler *compiler, const expr_node *call, expr_operand **args);
expr_operand *expr_question(expr_compiler *compiler, cnv_question_id question, uint32_t level, uint32_t from,
			    uint32_t upto);
void expr_use(expr_compiler *compiler, cnv_question_id question);
void expr_add_trait(expr_compiler *compiler, cnv_trait_kind kind, const expr_operand *answer, cnv_question_id other,
		    cnv_str literal, uint32_t from, uint32_t upto);
/* A step that reads the answer's column. */
expr_step expr_column_step(expr_compiler *compiler, expr_op op, const expr_operand *answer);
/* A closed list whose choices the answer is one (or several) of, or NULL. */
const cnv_list *expr_closed_list(const expr_compiler *compiler, const expr_operand *operand);

#endif
