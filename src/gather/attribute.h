/* The question that identifies the respondent. */
#ifndef CANVASS_GATHER_ATTRIBUTE_H
#define CANVASS_GATHER_ATTRIBUTE_H

#include "canvass/gather.h"

/* The question of table 0 that identifies the respondent; CNV_NONE. */
cnv_question_id cnv_identifying_question(const cnv_form *form);

#endif
