/* Answers that a return was sent out with. */
#ifndef CANVASS_GATHER_SENT_H
#define CANVASS_GATHER_SENT_H

#include "gather/state.h"

/* Adds a cell of the column `still_right`; `text` is in the gatherer's arena. */
void cnv_sent_tick_put(cnv_gather *gather, uint32_t table, uint32_t row, cnv_question_id question, cnv_str text,
		       uint32_t line);

#endif
