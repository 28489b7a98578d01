/* parameters.h: the column `parameters`, such as `start=0 end=10`. */
#ifndef CANVASS_FORM_PARAMETERS_H
#define CANVASS_FORM_PARAMETERS_H

#include "form/builder.h"

cnv_str cnv_form_find_parameter(const cnv_question *question, const char *key); /* empty: not given */
cnv_str cnv_form_read_parameter(cnv_str text, const char *key);                 /* the same, in the text of the cell */
/* The rule that the scale of a range implies: between its ends, and on a step.  *words: the same for people. */
cnv_str cnv_form_range_rule(cnv_form_builder *build, const cnv_question *question, cnv_str *words);
void cnv_form_check_parameters(cnv_form_builder *build, cnv_question *question);

#endif
