/* Answers taken out of a batch. */
#ifndef CANVASS_REPORT_MASK_H
#define CANVASS_REPORT_MASK_H

#include "canvass/report.h"

/* Removes the rows of `table` (a repeat's) whose bit in `keep` is not set.  into: of each row its new number, or
 * CNV_NONE; the caller renumbers what refers to them. */
void cnv_mask_rows(cnv_table *table, const uint64_t *keep, uint32_t *into);
/* The cell becomes "withheld"; its values are erased, its text by cnv_mask_texts. */
void cnv_mask_cell(cnv_column *column, uint32_t row);
/* The cell counts as before, but only its verdict and its choices remain. */
void cnv_mask_value(cnv_column *column, uint32_t row);
/* Erases the texts of the rows whose bit in `erase` is set. */
void cnv_mask_texts(cnv_column *column, uint32_t rows, const uint64_t *erase);

#endif
