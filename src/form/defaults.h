/* defaults.h: the column `default`. */
#ifndef CANVASS_FORM_DEFAULTS_H
#define CANVASS_FORM_DEFAULTS_H

#include "form/builder.h"

/* Reports a fixed default that cannot be an answer. */
void cnv_form_check_default(cnv_form_builder *build, cnv_question *question);

#endif
