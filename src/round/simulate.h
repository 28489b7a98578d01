/* Invented responses: what rehearse.c asks for, and what the files that invent them share. */
#ifndef CANVASS_ROUND_SIMULATE_H
#define CANVASS_ROUND_SIMULATE_H

#include "canvass/check.h"

typedef struct simulate_job {
	uint64_t seed;
	const cnv_str *respondents; /* of each response; NULL: 1, 2, 3, ... */
	uint32_t count;             /* responses, at most CNV_WINDOW_ROWS */
	uint32_t first;             /* number of the first one, from 1: windows of one run differ by it */
	const cnv_world *world;
} simulate_job;

/* simulate.c: fills the batch (reset here) with plausible responses, settled and judged: what is asked is answered, and
 * every answer follows the rules where one could be found by trying.  *rejected: cells left that do not.  The same seed
 * makes the same answers. */
cnv_status simulate_window(const cnv_plan *plan, cnv_batch *batch, const simulate_job *job, cnv_arena *scratch,
			   uint64_t *rejected);

/* What the constraint of a question says of its answers, as far as it can be read off: a hint to draw by, no judgement.
 */
typedef struct simulate_bounds {
	bool has_low, has_high;
	double low, high; /* numbers; days for dates */
	double length;    /* longest text; 0: no limit */
	cnv_str pattern;  /* empty: none */
} simulate_bounds;

/* bounds.c */
void simulate_read_bounds(simulate_bounds *bounds, const cnv_plan *plan, cnv_question_id id, const cnv_world *world);

/* What an answer is drawn by. */
typedef struct simulate_inventor {
	const cnv_form *form;
	const cnv_world *world;
	cnv_chance chance;
	const simulate_bounds *bounds; /* of each question */
	cnv_arena *arena;
	cnv_text text;
} simulate_inventor;

/* invent.c: a plausible answer, in the inventor's arena; the more often one was rejected before, the plainer.  Empty
 * where none can be invented. */
cnv_str simulate_answer(simulate_inventor *inventor, cnv_question_id id, uint32_t rejected, const uint64_t *offered);

/* pattern_sample.c: appends a text that the pattern describes, as far as its parts can be invented; the caller has it
 * judged. */
void simulate_pattern(cnv_text *out, cnv_str pattern, cnv_chance *chance);

#endif
