/* simulate.h: what the sources of simulation share. */
#ifndef CANVASS_CHECK_SIMULATE_H
#define CANVASS_CHECK_SIMULATE_H

#include "canvass/check.h"

/* Appends a text that the pattern describes, as far as its parts can be made up; the caller has it judged. */
void cnv_pattern_sample(cnv_text *out, cnv_str pattern, cnv_chance *chance);

/* What the rule of a question says of its answers, as far as it can be read off: a hint to draw by, no judgement. */
typedef struct cnv_bounds {
	bool has_low, has_high;
	double low, high; /* numbers; days for dates */
	double length;    /* longest text; 0: not said */
	cnv_str pattern;  /* empty: none */
} cnv_bounds;

void cnv_bounds_read(cnv_bounds *bounds, const cnv_plan *plan, cnv_question_id id, const cnv_world *world);

/* What an answer is drawn by. */
typedef struct cnv_inventor {
	const cnv_form *form;
	const cnv_world *world;
	cnv_chance chance;
	const cnv_bounds *bounds; /* of each question */
	cnv_arena *arena;
	cnv_text text;
} cnv_inventor;

/* A plausible answer, in the inventor's arena; the more often it was refused before, the plainer.  Empty where nothing
 * can be made up. */
cnv_str cnv_invent(cnv_inventor *inventor, cnv_question_id id, uint32_t refused, const uint64_t *offered);

#endif
