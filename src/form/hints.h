/* hints.h: "did you mean". */
#ifndef CANVASS_FORM_HINTS_H
#define CANVASS_FORM_HINTS_H

#include "form/builder.h"

/* `did you mean "x"?`; empty when `best` is. */
cnv_str cnv_form_did_you_mean(cnv_form_builder *build, cnv_str best);
/* Begins one of the NEAREST_MOST searches that look at every name; false: none is left, and `nearest` stays empty. */
bool cnv_form_begin_nearest(cnv_form_builder *build, cnv_nearest *nearest, cnv_str wanted);
/* "did you mean" for the name of a question. */
cnv_str cnv_form_nearest_question(cnv_form_builder *build, cnv_str name);

#endif
