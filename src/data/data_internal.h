/* What the sources of data/ share. */
#ifndef CANVASS_DATA_INTERNAL_H
#define CANVASS_DATA_INTERNAL_H

#include "canvass/data.h"

/* ---------------------------------------------------------------- table.c */

/* Appends the text of one cell of the last row; the room for it is sticky `failed` of the batch. */
void cnv_column_put(cnv_batch *batch, cnv_column *column, uint32_t row, cnv_str text);
/* Takes the last row of table 0 back; it must have no entries in repeats. */
void cnv_batch_pop(cnv_batch *batch);
/* Marks a row of table 0 whose record had more cells than the header. */
void cnv_batch_misaligned(cnv_batch *batch, uint32_t row);

#endif
