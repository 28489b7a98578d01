/* machine.h: the machine that runs steps over blocks of rows, and its services for steps. */
#ifndef CANVASS_EXPR_MACHINE_H
#define CANVASS_EXPR_MACHINE_H

#include "expr/sets.h"

#define MS_PER_DAY 86400000.0

/* Rows per block: a text register of a block is 4 KiB, so that an expression stays in the L1 cache. */
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
	bool fixed; /* it has been filled once for the whole run */
} expr_set;

/* Candidates: for each its row of the block, its parent and itself. */
typedef struct expr_candidates {
	uint32_t *rows, *owners, *ids;
	double *positions, *sizes;
	uint32_t count, room;
} expr_candidates;

/* Limit on evaluations of conditions for one row of answers; beyond it the row is reported as not checked. */
#define EXPR_SPENT 100000u

typedef struct expr_machine {
	const cnv_expr *expr;
	const cnv_batch *batch;
	const cnv_world *world; /* NULL while folding constants */
	bool asked_world;       /* a step needed the world, which was missing */
	const uint32_t *choices;
	uint32_t row;  /* first row of the block in the table */
	uint32_t done; /* rows of the run before the block */
	expr_register *registers;
	expr_path *paths;
	cnv_arena *scratch;
	cnv_arena *lasting; /* registers and sets: until the run ends */
	uint32_t room;      /* capacity of the registers in rows */
	expr_set *sets;
	expr_candidates candidates, below;
	uint32_t *spent; /* of each row of the outermost block */
	/* of a condition on a path, which is run over candidates */
	struct expr_machine *around;
	struct expr_machine **filters;
	/* Runs the program of a condition over candidates [from, from + count); *ran: the machine with its results.
	 * A callback, because the machine itself calls the steps. */
	bool (*run_filter)(struct expr_machine *around, const cnv_expr *program, const expr_candidates *candidates,
			   uint32_t from, uint32_t count, struct expr_machine **ran);
	uint32_t *outermost; /* row of the outermost block of each candidate */
	uint32_t *own_choices;
	uint32_t *ids[EXPR_LEVELS];
	double *positions[EXPR_LEVELS], *sizes[EXPR_LEVELS];
	cnv_arena own;         /* the scratch of a block */
	char *text, *text_end; /* buffer for texts under construction */
	bool folding, failed;
	expr_pattern *last_pattern; /* of regex_computed */
	cnv_str last_pattern_text;
} expr_machine;

/* Address of the text of a row without entries. */
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

/* Sets bit i of `to` to `truth`, an expression in i, for each i below `count`. */
#define SET_BITS(to, i, count, truth)                                                                                  \
	for (uint32_t word_ = 0; word_ * 64 < (count); word_++) {                                                      \
		uint64_t bits_ = 0;                                                                                    \
		for (uint32_t i = word_ * 64; i < (count) && i < word_ * 64 + 64; i++)                                 \
			bits_ |= (uint64_t)(truth) << (i % 64);                                                        \
		(to)[word_] = bits_;                                                                                   \
	}

/* columns.c: one cell, for steps that read single ones.  `list`: of an answer with choices. */
bool expr_cell_there(const cnv_column *column, uint32_t row);
bool expr_cell_is_typed(const cnv_column *column);
double expr_cell_number(const cnv_column *column, uint32_t row, int32_t utc_offset);
cnv_str expr_cell_text(expr_machine *machine, const cnv_list *list, const cnv_column *column, uint32_t row);

/* sets.c: one member of a set; as a number it is NaN if it is blank or not a number. */
cnv_str expr_member_text(expr_machine *machine, const expr_reading *reading, expr_member member);
double expr_member_number(expr_machine *machine, const expr_reading *reading, expr_member member, bool *blank);

/* run.c */
void expr_machine_fini(expr_machine *machine); /* the machines of its conditions */

/* Offset from UTC of the run's time zone, in seconds. */
int32_t expr_offset(expr_machine *machine);
/* Memory for `len` bytes with the lifetime of scratch; NULL: out of memory. */
char *expr_text_room(expr_machine *machine, size_t len);
cnv_str expr_text_copy(expr_machine *machine, const char *at, size_t len);
/* bits[i] = left[i] relation right[i] (right_step 0: always right[0]). */
void expr_compare(expr_relation relation, const double *left, const double *right, size_t right_step, uint32_t count,
		  uint64_t *bits);

/* ---------------------------------------------------------------- conversions (convert.c) */

#define EXPR_NAN ((double)__builtin_nanf(""))

/* Parses a text like number(): decimal, or an ISO date or date and time as days in the time zone of the run. */
double expr_text_number(cnv_str text, int32_t utc_offset, bool *zone_mattered);
/* Parses a text like date(): also unpadded (2020-1-5). */
double expr_text_days(cnv_str text, int32_t utc_offset, bool *zone_mattered);
/* Prints days as YYYY-MM-DD, with a time if there is one or if with_time is set.  Returns 0 outside the years 1 to
 * 9999. `out` has CNV_NUMBER_ROOM bytes. */
size_t expr_day_text(double days, bool with_time, int32_t utc_offset, char *out);
double expr_instant_days(int64_t utc_ms, int32_t utc_offset);

#endif
