/* Where in a return something is, and how messages quote it. */
#ifndef CANVASS_GATHER_PLACE_H
#define CANVASS_GATHER_PLACE_H

#include "gather/state.h"

/* The place of a diagnostic; column 0: the whole line. */
cnv_place cnv_gather_place(const cnv_gather *gather, uint32_t line, uint32_t column);
/* `did you mean "..."?` for an unknown name, or empty; in `scratch`, which the caller resets. */
cnv_str cnv_gather_hint(cnv_gather *gather, const cnv_path *path, cnv_str name);
/* A column (from 0) as people know it: its letter in a sheet, else its number. */
const char *cnv_gather_column(const cnv_gather *gather, uint32_t at, char out[CNV_CELL_NAME_ROOM]);
/* A text shortened to 60 characters for a message. */
cnv_str cnv_gather_cut(cnv_gather *gather, cnv_str text);

#endif
