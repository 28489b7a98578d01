/* Rows in the binary format of PostgreSQL's COPY. */
#ifndef CANVASS_STORE_BINARY_H
#define CANVASS_STORE_BINARY_H

#include "store/sql.h"

/* The type double precision, in PostgreSQL's catalog. */
#define BINARY_REAL 701

/* What comes before the first row, and after the last. */
void binary_begin(cnv_text *out);
void binary_end(cnv_text *out);
/* types: of the columns, in PostgreSQL's catalog. */
void binary_rows(cnv_text *out, const sql_feed *feed, const uint32_t *types);

#endif
