/* expr: the XLSForm expression language (XPath 1.0 and the ODK functions).
 *
 * An expression is parsed once, its names and types resolved while compiling, and then run as
 * flat steps, one loop per step, over a window of rows.  Time, zone and chance come in through
 * cnv_world.  PCRE2 is in regex.c only.
 */
#ifndef CANVASS_EXPR_H
#define CANVASS_EXPR_H

#include "canvass/read.h"

typedef struct cnv_expr cnv_expr; /* lives in the arena it was compiled in, but for compiled patterns: cnv_expr_fini */

typedef enum cnv_type { CNV_T_STRING, CNV_T_NUMBER, CNV_T_BOOLEAN } cnv_type;

/* The use of an expression decides what `.` and bare names are. */
typedef enum cnv_purpose {
	CNV_FOR_VALUE,     /* calculation, default, instance_name, eval: any type */
	CNV_FOR_CONDITION, /* relevant, required, constraint, read_only: converted to boolean */
	CNV_FOR_COUNT,     /* repeat_count: converted to number */
	CNV_FOR_FILTER     /* choice_filter: bare names are columns of the choice; converted to boolean */
} cnv_purpose;

typedef struct cnv_context {
	const cnv_form *form; /* NULL: no names are known */
	cnv_question_id self; /* question, group or repeat the formula belongs to; CNV_NONE for settings and eval */
	cnv_purpose purpose;
	cnv_str field; /* named in diagnostics */
	/* how many more unknown names are compared with those of the form, for "did you mean"; NULL: all */
	uint32_t *nearest_left;
	/* about how many rows it will meet: patterns are JIT-compiled from 100 on; 0 unknown, many */
	uint32_t rows_ahead;
	bool search;   /* regex() looks anywhere in the text, as on the web, instead of at the whole of it */
	bool caseless; /* regex() ignores case */
} cnv_context;

/* Compiles one formula; every mistake is reported with a caret inside formula->text.  CNV_REJECTED: it cannot be run (*out
 * NULL).  Limits: depth 64, 4,096 nodes, 65,535 bytes of text. */
cnv_status cnv_expr_compile(cnv_expr **out, const cnv_formula *formula, const cnv_context *context, cnv_arena *arena,
			    cnv_diags *diags);
void cnv_expr_fini(cnv_expr *expr); /* frees patterns; NULL is fine */

/* The whole cell is a word for yes or no, where that means true() and false(). */
bool cnv_expr_is_yes_no(const cnv_context *context, cnv_str text, bool *truth);

cnv_type cnv_expr_type(const cnv_expr *expr);
/* Questions whose answers it reads, each once; `.` included as self. */
const cnv_question_id *cnv_expr_uses(const cnv_expr *expr, uint32_t *count);
/* Its value does not depend on any answer, time or chance. */
bool cnv_expr_is_constant(const cnv_expr *expr);
/* It calls today(), now(), random(), uuid() or once(): not to be recomputed on stored data. */
bool cnv_expr_is_volatile(const cnv_expr *expr);

/* Appends the program, a line for each step: register, type, operation, and what it is applied to. */
void cnv_expr_explain(const cnv_expr *expr, cnv_text *out);

/* One value a row.  The array of `type` is set; text may point into the batch, the program or `scratch`. */
typedef struct cnv_vector {
	cnv_type type;
	const cnv_str *strings;
	const double *numbers;
	const uint64_t *booleans; /* bits */
	const uint64_t *unsure;   /* bits: could not be evaluated (a pattern hit its limits); NULL: none */
} cnv_vector;

/* Runs over rows [from, from + count) of `table` of the batch (NULL batch: no answers).  `table` is that of self; of a
 * repeat it is the one that owns its entries.  choices: for CNV_FOR_FILTER, the choice (index in self's list) judged in
 * row from + i is choices[i]; else NULL.  Not from two threads at once: patterns keep their working memory in the
 * program.  Out of memory: CNV_NO_MEMORY. */
cnv_status cnv_expr_run(const cnv_expr *expr, const cnv_batch *batch, uint32_t table, uint32_t from, uint32_t count,
			const uint32_t *choices, const cnv_world *world, cnv_arena *scratch, cnv_vector *out);

/* XPath conversions of one value, as `eval --as` prints them. */
cnv_str cnv_value_string(const cnv_vector *vector, uint32_t row, cnv_arena *arena);
double cnv_value_number(const cnv_vector *vector, uint32_t row);
bool cnv_value_boolean(const cnv_vector *vector, uint32_t row);

/* The function table, for help, docs and hints; every row carries an example that the tests run. */
typedef struct cnv_function_info {
	const char *name;
	const char *arguments; /* "text, start, end?" */
	const char *summary;
	const char *example, *result; /* result as `eval` prints it: type TAB value */
	bool supported;               /* false: belongs to another application, and is rejected by name */
} cnv_function_info;
const cnv_function_info *cnv_function_at(size_t index);   /* by name; NULL past the last */
const cnv_function_info *cnv_function_find(cnv_str name); /* NULL: there is none */

#endif
