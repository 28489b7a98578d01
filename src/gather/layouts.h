/* What the layouts do with headers, fields and records. */
#ifndef CANVASS_GATHER_LAYOUTS_H
#define CANVASS_GATHER_LAYOUTS_H

#include "gather/state.h"

/* Hardly a question of this file is the form's: `known` and `unknown` names, the known ones of so many questions. */
bool cnv_gather_is_foreign(const cnv_form *form, uint32_t known, uint32_t unknown, uint32_t questions);
/* Keeps the cell of column `at` until the record ends. */
void cnv_pending_hold(cnv_gather *gather, uint32_t at, cnv_str field);
/* The answers and remarks of the record that has been held, into gather->composed; texts of "other" for which there is no
 * question are remarks. */
void cnv_pending_compose(cnv_gather *gather, uint32_t line);
/* Puts the answers that begin with cell `first` into the last row, `row`, of their table. */
void cnv_pending_put(cnv_gather *gather, const cnv_pending *pending, uint32_t first, uint32_t row);
/* Lays gather->composed under the response that gather->row is: its answers, its entries with theirs, remarks. */
void cnv_pending_lay(cnv_gather *gather, uint32_t line /* of the record; 0: each entry knows its own */);
cnv_status cnv_wide_header(cnv_gather *gather); /* of responses, or of the entries of one repeat */
void cnv_wide_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_wide_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_header(cnv_gather *gather);
void cnv_long_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_long_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_end(cnv_gather *gather);


cnv_status cnv_child_open(cnv_gather *gather);
cnv_status cnv_child_header(cnv_gather *gather);
cnv_status cnv_child_record(cnv_gather *gather, uint32_t line);
/* Lays out the entries of the response that gather->row is, in every table. */
cnv_status cnv_child_attach(cnv_gather *gather);
/* Tells the entries whose parent did not come. */
cnv_status cnv_child_end(cnv_gather *gather);
void cnv_child_field(cnv_gather *gather, cnv_str field);
void cnv_child_fini(cnv_gather *gather);

#endif
