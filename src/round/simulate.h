/* Invented responses: declarations shared by rehearse.c and the files that invent them. */
#ifndef CANVASS_ROUND_SIMULATE_H
#define CANVASS_ROUND_SIMULATE_H

#include "canvass/check.h"

typedef struct simulate_job {
	uint64_t seed;
	const cnv_str *respondents; /* of each response; NULL: 1, 2, 3, ... */
	uint32_t count;             /* responses, at most CNV_WINDOW_ROWS */
	uint32_t first;             /* number of the first one, from 1: it distinguishes the windows of one run */
	const cnv_world *world;
} simulate_job;

/* simulate.c: fills the batch (reset here) with plausible responses, settled and judged: every question asked has an
 * answer, and every answer follows the rules if trying found one that does.  *rejected: cells left that do not.  The
 * same seed makes the same answers. */
cnv_status simulate_window(const cnv_plan *plan, cnv_batch *batch, const simulate_job *job, cnv_arena *scratch,
			   uint64_t *rejected);

/* What a constraint implies for an answer, as far as it can be derived: a hint for drawing, not a judgement. */
typedef struct simulate_bounds {
	bool has_low, has_high;
	double low, high; /* numbers; days for dates */
	double length;    /* longest text; 0: no limit */
	cnv_str pattern;  /* empty: none */
	/* the answer it must be equal to: of another question (CNV_NONE: none), or this text (empty: none) */
	cnv_question_id same;
	cnv_str equal;
} simulate_bounds;

/* bounds.c */
void simulate_read_bounds(simulate_bounds *bounds, const cnv_plan *plan, cnv_question_id id, const cnv_world *world);

/* The bounds by which an answer is drawn. */
typedef struct simulate_inventor {
	const cnv_form *form;
	const cnv_world *world;
	cnv_chance chance;
	const simulate_bounds *bounds; /* of each question */
	cnv_arena *arena;
	cnv_text text;
} simulate_inventor;

/* invent.c: a plausible answer, in the inventor's arena; the more rejections, the plainer.  Empty if none can be
 * invented. */
cnv_str simulate_answer(simulate_inventor *inventor, cnv_question_id id, uint32_t rejected, const uint64_t *offered);

/* pattern_sample.c: appends a text that matches the pattern, as far as its parts can be invented; the caller checks
 * it. */
void simulate_pattern(cnv_text *out, cnv_str pattern, cnv_chance *chance);

#endif
