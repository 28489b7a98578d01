/* What a row of answers has next to its values, as JSON that any reader of SQL understands. */
#ifndef CANVASS_STORE_OWN_H
#define CANVASS_STORE_OWN_H

#include "canvass/base.h"

/* {"3":"007 ","17":"N/A"}: what the respondent wrote, by column.  Columns must rise; `from` is the length of `out`
 * before the first text. */
void store_own_put(cnv_text *out, size_t from, uint32_t column, cnv_str text);
void store_own_end(cnv_text *out);

/* Reads such texts.  { .rest = json } is before the first of them. */
typedef struct store_own {
	cnv_str rest;
	uint32_t column; /* of the current text */
	cnv_str written; /* the current text, as it is between its quotes */
	bool begun, plain, damaged;
} store_own;

bool store_own_next(store_own *own); /* false: there is no other, or the rest is damaged */
/* The current text; what is escaped is decoded in `room`.  false: it is damaged. */
bool store_own_text(const store_own *own, cnv_text *room, cnv_str *text);

/* [0,1,2]: for each column, the line of its cell less the line of the row. */
void store_lines_put(cnv_text *out, size_t from, int64_t step);
void store_lines_end(cnv_text *out);

/* Reads such a list, as above. */
typedef struct store_lines {
	cnv_str rest;
	int64_t step;
	bool begun, damaged;
} store_lines;

bool store_lines_next(store_lines *lines);

/* unpack.c: the same out of what stores had before layout 8; false: it is damaged.  `from`: the first column of its part. */
bool store_own_unpack(cnv_str packed, uint32_t from, cnv_text *out);
bool store_lines_unpack(cnv_str packed, uint32_t from, cnv_text *out);

#endif
