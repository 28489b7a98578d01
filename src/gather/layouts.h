/* What the layouts do with headers, fields and records. */
#ifndef CANVASS_GATHER_LAYOUTS_H
#define CANVASS_GATHER_LAYOUTS_H

#include "gather/state.h"

/* Hardly a question of this file is the form's: `known` and `unknown` names, the known ones of so many questions. */
bool cnv_gather_is_foreign(const cnv_form *form, uint32_t known, uint32_t unknown, uint32_t questions);
/* Keeps a cell until the record ends. */
void cnv_wide_hold(cnv_gather *gather, cnv_wide_column *column, cnv_str field);
cnv_status cnv_wide_header(cnv_gather *gather); /* of responses, or of the entries of one repeat */
void cnv_wide_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_wide_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_header(cnv_gather *gather);
void cnv_long_field(cnv_gather *gather, cnv_str field);
cnv_status cnv_long_record(cnv_gather *gather, uint32_t line);
cnv_status cnv_long_end(cnv_gather *gather);


cnv_status cnv_fed_open(cnv_gather *gather);
cnv_status cnv_fed_header(cnv_gather *gather);
cnv_status cnv_fed_record(cnv_gather *gather, uint32_t line);
/* Lays out the entries of the response that gather->row is, in every table. */
cnv_status cnv_fed_attach(cnv_gather *gather);
/* Tells the entries whose parent did not come. */
cnv_status cnv_fed_end(cnv_gather *gather);
void cnv_fed_field(cnv_gather *gather, cnv_str field);
void cnv_fed_fini(cnv_gather *gather);

#endif
