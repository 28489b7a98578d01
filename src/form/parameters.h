/* parameters.h: the column `parameters`, such as `start=0 end=10`. */
#ifndef CANVASS_FORM_PARAMETERS_H
#define CANVASS_FORM_PARAMETERS_H

#include "form/builder.h"

cnv_str cnv_form_find_parameter(const cnv_question *question, const char *key); /* empty: not given */
cnv_str cnv_form_read_parameter(cnv_str text, const char *key);                 /* the same, in the text of the cell */
void cnv_form_check_parameters(cnv_form_builder *build, cnv_question *question);

#endif
