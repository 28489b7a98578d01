/* Lines above the header of a table. */
#ifndef CANVASS_GATHER_TITLE_LINES_H
#define CANVASS_GATHER_TITLE_LINES_H

#include "gather/state.h"

/* May a line below this one be the header?  The next one has been read. */
bool cnv_titles_may_follow(const cnv_gather *gather);
/* Is a line with so many known and unknown headings the header, given the lines above it? */
bool cnv_titles_is_header(const cnv_gather *gather, uint32_t known, uint32_t unknown);
/* Is the line the header of a sheet of a pack, or are there too many before it? */
bool cnv_titles_end(const cnv_gather *gather);
/* Keeps the current headings as a title.  false: no memory, as below. */
bool cnv_titles_keep(cnv_gather *gather);
/* The next line, which has this number, becomes the header. */
bool cnv_titles_next(cnv_gather *gather, uint32_t line);
/* The first line becomes the header again; once it is mapped, the others are its records. */
bool cnv_titles_restore(cnv_gather *gather);
/* Reports, once, the lines above the header that was found. */
void cnv_titles_report(cnv_gather *gather);

#endif
