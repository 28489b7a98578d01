/* Columns whose questions have the same label. */
#ifndef CANVASS_GATHER_ALIKE_H
#define CANVASS_GATHER_ALIKE_H

#include "gather/state.h"

/* The question of column `at`, whose heading is the label of several questions; CNV_NONE: undecided. */
cnv_question_id cnv_alike_find(cnv_gather *gather, uint32_t at);

#endif
