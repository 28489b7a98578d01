/* The store's SQL in PostgreSQL's words. */
#ifndef CANVASS_STORE_DIALECT_H
#define CANVASS_STORE_DIALECT_H

#include "canvass/base.h"

/* A statement has at most this many parameters. */
#define DIALECT_PARAMETERS 20u

typedef struct dialect_places {
	uint8_t of[DIALECT_PARAMETERS +
		   1]; /* by the number of ?1, ?2, ...: that of $1, $2, ...; 0: it does not occur */
	uint8_t count;
} dialect_places;

/* Appends the text with PostgreSQL's words, and numbers the parameters that occur.  schema: of the store's tables, in
 * quotes.  NUL-terminated, if there was memory. */
void dialect_translate(cnv_text *out, cnv_str text, cnv_str schema, dialect_places *places);
/* Of "INSERT INTO table (columns) SELECT c0, ... FROM incoming": "table (columns)"; empty: it is another statement. */
cnv_str dialect_fed(cnv_str text);
/* The same of "INSERT INTO table (columns) VALUES (?1, ?2, ...)", all parameters in their order. */
cnv_str dialect_fed_row(cnv_str text);

#endif
