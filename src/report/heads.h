/* The columns of questions in the Matrix and in the sheets of repeats, and the rows above them. */
#ifndef CANVASS_REPORT_HEADS_H
#define CANVASS_REPORT_HEADS_H

#include "report/listing.h"

/* Adds a column for each question; its number is the question. */
void cnv_heads_add(cnv_listing *listing, cnv_fill *fill, const cnv_question_id *questions, uint32_t count);
/* One row of headings, of the questions their titles (with --technical a second one with their names), and above it
 * the bands of sections.  The questions begin with column `first`. */
void cnv_heads_lay(const cnv_listing *listing, uint32_t first, uint32_t frozen);
/* "A1 Economy", cut to fit above a column. */
cnv_str cnv_heads_title(const cnv_desk *desk, cnv_question_id question, cnv_arena *arena);

#endif
