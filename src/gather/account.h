/* The account of a gatherer: the class of each cell that it was given. */
#ifndef CANVASS_GATHER_ACCOUNT_H
#define CANVASS_GATHER_ACCOUNT_H

#include "gather/state.h"

/* Texts of a header, or of a line that belongs to it. */
void cnv_account_texts(cnv_gather *gather, const cnv_str *texts, uint32_t count);
/* The headings of a wide table; reported: by column. */
void cnv_account_headings(cnv_gather *gather, const bool *reported);
/* All `count` cells of the record are of one class, whatever their columns are for. */
void cnv_account_all(cnv_gather *gather, uint32_t count, cnv_cell_class as);
/* The cells of a wide record with more cells than the header are reported. */
void cnv_account_misaligned(cnv_gather *gather);
/* The record has ended. */
void cnv_account_record(cnv_gather *gather);
/* `count` cells of a class turned out to be reported. */
void cnv_account_move(cnv_gather *gather, cnv_cell_class from, uint32_t count);

#endif
