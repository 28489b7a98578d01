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

#endif
