/* Where in a return something is, and how messages quote it. */
#ifndef CANVASS_GATHER_PLACE_H
#define CANVASS_GATHER_PLACE_H

#include "gather/state.h"

/* A diagnostic on a line of the file; column 0: the whole line. */
cnv_place cnv_gather_place(const cnv_gather *gather, uint32_t line, uint32_t column);
/* `did you mean "..."?` for a name that was not found, or empty; in `scratch`, which the caller resets. */
cnv_str cnv_gather_hint(cnv_gather *gather, const cnv_path *path, cnv_str name);
/* A column (from 0) as people find it: by its letter in a sheet, else by its number. */
const char *cnv_gather_column(const cnv_gather *gather, uint32_t at, char out[CNV_CELL_NAME_ROOM]);
/* Some 60 characters of a text for a message. */
cnv_str cnv_gather_cut(cnv_gather *gather, cnv_str text);

#endif
