/* One row of answers: what a cursor reads of it, and the streams its parts come in. */
#ifndef CANVASS_STORE_ROW_H
#define CANVASS_STORE_ROW_H

#include "store/state.h"

typedef struct store_rows {
	bool counts;       /* figures are all that is made of them: no texts, lines and own texts */
	cnv_wanted wanted; /* of these columns */
	cnv_text scratch;
} store_rows;

/* Prepares the streams of a version that was read: what is wanted of each table, from one id (in a repeat: from one
 * response) on, in their order. */
void store_rows_prepare(const store_rows *rows, cnv_store *store, store_version *version);
void store_stream_step(sql *stream, uint32_t key_column);
/* Does a row with this key wait in the stream?  Keys are asked for in rising order. */
bool store_stream_seek(sql *stream, uint32_t key_column, int64_t key);
/* Fills the last row of the batch's table from row `id`; false: a part of it is missing. */
bool store_row_read(store_rows *rows, store_version *version, uint32_t index, int64_t id, cnv_batch *batch);

#endif
