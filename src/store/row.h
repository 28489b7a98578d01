/* Reading one row of answers, and the streams of its parts. */
#ifndef CANVASS_STORE_ROW_H
#define CANVASS_STORE_ROW_H

#include "store/state.h"

typedef struct store_rows {
	bool counts;       /* only for figures: no texts, lines and own texts */
	cnv_wanted wanted; /* columns to read */
	cnv_text scratch;
} store_rows;

/* Prepares the streams of a version that was read: the wanted columns of each table, from one id on (in a repeat:
 * from one response on), in order. */
void store_rows_prepare(const store_rows *rows, cnv_store *store, store_version *version);
void store_stream_step(sql *stream, uint32_t key_column);
/* Is the stream at a row with this key?  Keys must be requested in rising order. */
bool store_stream_seek(sql *stream, uint32_t key_column, int64_t key);
/* Fills the last row of the batch's table from row `id`; false: a part of it is missing. */
bool store_row_read(store_rows *rows, store_version *version, uint32_t index, int64_t id, cnv_batch *batch);

#endif
