/* The bytes of a return -> windows of gathered rows (stream.c). */
#ifndef CANVASS_ROUND_STREAM_H
#define CANVASS_ROUND_STREAM_H

#include "source.h"

/* One file of a return. */
typedef struct stream_part {
	source *source;
	uint32_t table; /* of the repeat whose entries it holds; CNV_NONE: it holds the responses, and is the last */
} stream_part;

/* One pass over a return.  What it takes is the caller's and outlives it. */
typedef struct stream {
	const cnv_form *form;
	cnv_column_map *map; /* NULL */
	const cnv_vocabulary *vocabulary;
	const cnv_encoding *encoding; /* NULL: to be found */
	char delimiter;               /* 0: the same */
	cnv_str language;             /* expected; may be empty */
	const stream_part *parts;
	uint32_t part_count;
	bool peek;    /* only the claims are wanted */
	bool odd;     /* the encoding is judged by all lines that are not ASCII: their beginning was not enough */
	bool threads; /* it is parsed in a thread of its own, a window ahead */
	cnv_batch *batch, *slot; /* gathered into, and handed over from another thread */
	void *self;
	/* A window is full: in the caller's thread.  Its rows are taken by cnv_batch_swap, or lost. */
	cnv_status (*window)(void *self, cnv_batch *full);
	void (*hear)(void *self, const cnv_diag *diag); /* of reading and gathering, in the caller's thread */

	/* as of the window under way, and in the end of all of them */
	cnv_claims claims;
	cnv_layout layout;
	cnv_str tool;
	uint64_t bytes;     /* read so far, of all parts */
	cnv_text reading;   /* how the responses are read: "windows-1252, semicolon"; empty: as UTF-8 with commas */
	cnv_gather *gather; /* between stream_run and stream_fini */
	cnv_arena arena;    /* names of sheets: as long as batches have rows */
	bool misread;       /* bytes further on are not of the encoding that was found by the first ones */
} stream;

/* CNV_STOPPED where window() or a peek ended it. */
cnv_status stream_run(stream *s);
void stream_fini(stream *s);

#endif
