/* One row of answers: what a cursor reads of it, and the streams its parts come in. */
#ifndef CANVASS_STORE_ROW_H
#define CANVASS_STORE_ROW_H

#include "store/sql.h"

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

/* ---------------------------------------------------------------- who may have come before (filter.c) */

typedef struct store_filter {
	uint64_t *words;
	uint32_t bits; /* 2^bits blocks of 64 bytes */
} store_filter;

bool store_filter_make(store_filter *filter, uint32_t bits); /* empty; nothing when it is there; false: no memory */
void store_filter_free(store_filter *filter);
void store_filter_clear(store_filter *filter);
bool store_filter_has(const store_filter *filter, uint64_t hash);
bool store_filter_add(store_filter *filter, uint64_t hash); /* true: it had it */

/* A response by what pairing must know of it. */
typedef struct store_known {
	int64_t id, revision;
	cnv_str respondent, digest;
} store_known;

/* Large transactions (pair.c): everyone who came in `round` up to the state `version` of the store, and those of the
 * transaction under way who may have come before. */
typedef struct store_pairing {
	store_filter seen, suspects;
	int64_t round, version; /* round 0: `seen` is of no use yet */
	uint64_t suspected;     /* responses */
} store_pairing;

#endif
