/* advice: what the files of advice share. */
#ifndef CANVASS_ADVISE_ADVICE_H
#define CANVASS_ADVISE_ADVICE_H

#include "canvass/advise.h"

/* patterns.c: advice on one literal pattern of a formula. */
void cnv_pattern_advise(const cnv_question *question, const cnv_formula *formula, const cnv_trait *trait,
			cnv_arena *scratch, cnv_diags *diags);

/* messages.c: advice on a question's constraint that allows other numbers than its message names. */
void cnv_message_advise(const cnv_form *form, const cnv_question *question, cnv_arena *scratch, cnv_diags *diags);

/* cascade.c: advice on choices that a filter never offers.  left: choices that may still be looked at, reduced. */
void cnv_cascade_advise(const cnv_form *form, const cnv_question *question, uint32_t *left, cnv_arena *scratch,
			cnv_diags *diags);

/* probe.c: conditions that no answers meet, and conditions that all of them do. */
void cnv_plan_probe(const cnv_plan *plan, cnv_diags *diags);

#endif
