/* Answers of a wide record that are spread over several columns. */
#ifndef CANVASS_GATHER_ASSEMBLE_H
#define CANVASS_GATHER_ASSEMBLE_H

#include "gather/state.h"

/* Assembles the answers of the held record. */
void cnv_assemble(cnv_gather *gather, uint32_t line);
cnv_str cnv_assembled_text(const cnv_gather *gather, uint32_t assembly);
/* The text of "other" that column `at` contains in place of a tick; empty. */
cnv_str cnv_assembled_other(const cnv_gather *gather, uint32_t at);
/* Is the cell ticked?  *is_text: it is neither a tick nor a sign of its absence. */
bool cnv_tick_read(cnv_str text, bool *is_text);

#endif
