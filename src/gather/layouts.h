/* How each layout handles headers, fields and records. */
#ifndef CANVASS_GATHER_LAYOUTS_H
#define CANVASS_GATHER_LAYOUTS_H

#include "gather/state.h"

/* Is this the return of another form?  known and unknown: names in the file; questions: how many questions the known
 * ones are. */
bool cnv_gather_is_foreign(const cnv_form *form, uint32_t known, uint32_t unknown, uint32_t questions);
/* Holds the cell of column `at` until the record ends. */
void cnv_pending_hold(cnv_gather *gather, uint32_t at, cnv_str field);
/* Composes the answers and remarks of the held record into gather->composed; a text of "other" without a question of
 * its own becomes a remark. */
void cnv_pending_compose(cnv_gather *gather, uint32_t line);
/* Puts the answers linked from cell `first` into `row`, the last row of their table. */
void cnv_pending_put(cnv_gather *gather, const cnv_pending *pending, uint32_t first, uint32_t row);
/* Puts gather->composed into the response in gather->row: its answers, its entries, and the remarks. */
void cnv_pending_lay(cnv_gather *gather, uint32_t line /* of the record; 0: each entry knows its own */);
cnv_status cnv_wide_header(cnv_gather *gather); /* of responses, or of the entries of one repeat */
/* Chooses the columns with the identity of each record, for a form that does not ask for it. */
void cnv_identity_take(cnv_gather *gather);
void cnv_identity_put(cnv_gather *gather, uint32_t at, cnv_str field); /* a cell of CNV_WIDE_IDENTITY */
void cnv_identity_end(cnv_gather *gather);                             /* at the end of a record */
void cnv_wide_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_wide_record(cnv_gather *gather, uint32_t line);
/* Reports a column that is ignored. */
void cnv_wide_report_column(cnv_gather *gather, uint32_t at, const cnv_path *path);
/* Reports a header with so few known columns that it cannot be used. */
cnv_status cnv_wide_reject(cnv_gather *gather, uint32_t known, uint32_t unknown);
/* Resets the source columns of the tables that come with this one. */
void cnv_header_reset_columns(cnv_gather *gather, uint32_t source_column);
cnv_status cnv_long_header(cnv_gather *gather);
void cnv_long_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_long_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_end(cnv_gather *gather);

cnv_status cnv_child_open(cnv_gather *gather);
cnv_status cnv_child_header(cnv_gather *gather);
cnv_status cnv_child_record(cnv_gather *gather, uint32_t line);
/* Adds the entries of the response in gather->row, for every child table. */
cnv_status cnv_child_attach(cnv_gather *gather);
/* Reports the entries whose parent is missing. */
cnv_status cnv_child_end(cnv_gather *gather);
bool cnv_child_any(const cnv_gather *gather); /* was an entry read? */
void cnv_child_field(cnv_gather *gather, cnv_str field);
void cnv_child_fini(cnv_gather *gather);

#endif
