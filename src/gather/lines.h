/* The cells of the long layout next to questions and answers: texts of the form, and remarks. */
#ifndef CANVASS_GATHER_LINES_H
#define CANVASS_GATHER_LINES_H

#include "gather/state.h"

/* A cell, not blank, of column `at` of the line under way. */
void cnv_long_put(cnv_gather *gather, uint32_t at, cnv_str field);
/* Is `text` the label of the line's question or choice, in any language of the form? */
bool cnv_long_is_label(const cnv_gather *gather, const cnv_long_row *row, cnv_str text);
/* One of the sources of an answer as a remark: "as of: 2025"; in `scratch`. */
cnv_str cnv_long_source(cnv_gather *gather, const cnv_long_row *row, uint32_t source);
/* Counts the cells of all lines by class, and reports texts of the form that were changed or deleted. */
void cnv_long_account(cnv_gather *gather);
/* Is the line the identity of the record in its survey tool, used if the form has no identifying question? */
bool cnv_long_is_identity(const cnv_gather *gather, const cnv_long_row *row);

/* long_pieces.c: links a piece to the first piece of its answer (false: it is not the first); then assembles every answer
 * in pieces, unless a line has the whole answer.  taken: line by question, entry and piece. */
bool cnv_long_carry_piece(cnv_gather *gather, cnv_map *taken, uint32_t at);
void cnv_long_join(cnv_gather *gather, const cnv_map *taken);

#endif
