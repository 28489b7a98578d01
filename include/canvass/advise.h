/* advise: advice on a form that compiles, before it is sent out.
 *
 * rules.c looks at one formula of one question at a time; probe.c runs conditions over every combination of answers
 * that they can distinguish, and finds those that are never true, or always.
 */
#ifndef CANVASS_ADVISE_H
#define CANVASS_ADVISE_H

#include "canvass/check.h"

/* Emits warnings and notes on every formula of the plan that could be compiled; the plan may be a rejected one. */
void cnv_advise(const cnv_plan *plan, cnv_arena *scratch, cnv_diags *diags);

/* ---------------------------------------------------------------- how long a questionnaire is (extent.c) */

typedef struct cnv_extent {
	uint32_t questions, required, required_sometimes; /* sometimes: under a condition */
	/* Bounds for every respondent, whatever the answers: no one is asked fewer or more.  A repeat without a fixed
	 * number of entries has none in the least, and one in the most. */
	uint32_t asked_least, asked_most;
	uint32_t minutes_least, minutes_most; /* to read and answer, not to find the answers out */
} cnv_extent;
cnv_status cnv_extent_find(cnv_extent *out, const cnv_plan *plan);

#endif
