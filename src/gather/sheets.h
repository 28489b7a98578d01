/* The sheets of a pack, where each comes back as a file (sheets.c). */
#ifndef CANVASS_GATHER_SHEETS_H
#define CANVASS_GATHER_SHEETS_H

#include "gather/state.h"

/* Is it what a pack has in the answer cell of a repeat: "See the sheet Ships"? */
bool cnv_sheets_is_link(const cnv_gather *gather, cnv_question_id repeat, cnv_str answer);

/* Before the lines are laid out: finds the questions that are on none of the sheets that came, and reports them. */
void cnv_sheets_look(cnv_gather *gather);

#endif
