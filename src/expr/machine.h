/* machine.h: the machine that runs steps over blocks of rows, and what steps ask of it. */
#ifndef CANVASS_EXPR_MACHINE_H
#define CANVASS_EXPR_MACHINE_H

#include "sets.h"

#define MS_PER_DAY 86400000.0

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
	cnv_arena own;         /* the scratch of a block */
	char *text, *text_end; /* room for texts that are being built */
	bool folding, failed;
	expr_pattern *last_pattern; /* of regex_computed */
	cnv_str last_pattern_text;
} expr_machine;

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

#endif
