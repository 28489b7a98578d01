/* Bytes of a return -> windows of gathered rows (stream.c). */
#ifndef CANVASS_ROUND_STREAM_H
#define CANVASS_ROUND_STREAM_H

#include "round/source.h"

/* Sheets of a pack that were saved as CSV. */
typedef enum sheet_kind {
	SHEET_NONE, /* another file */
	SHEET_FIRST,
	SHEET_QUESTIONS, /* further questions */
	SHEET_ENTRIES,
	SHEET_COVER, /* no answers */
} sheet_kind;

/* One file of a return. */
typedef struct stream_part {
	source *source;
	uint32_t table; /* the repeat whose entries it holds; CNV_NONE: it holds the responses, and is the last part */
	sheet_kind sheet;
} stream_part;

/* One pass over a return.  Its inputs belong to the caller and outlive it. */
typedef struct stream {
	const cnv_form *form;
	cnv_column_map *map; /* NULL */
	const cnv_vocabulary *vocabulary;
	const cnv_encoding *encoding; /* NULL: to be detected */
	char delimiter;               /* 0: to be detected */
	cnv_str language;             /* expected; may be empty */
	const stream_part *parts;
	uint32_t part_count;
	bool peek;               /* only the claims are needed */
	bool odd;                /* detect the encoding from all non-ASCII lines: their beginning was not enough */
	bool threads;            /* parse in a separate thread, one window ahead */
	cnv_batch *batch, *slot; /* gathered into, and handed over from another thread */
	void *self;
	/* A window is full: called in the caller's thread.  Its rows are moved out by cnv_batch_swap, or lost. */
	cnv_status (*window)(void *self, cnv_batch *full);
	void (*hear)(void *self, const cnv_diag *diag); /* of reading and gathering, in the caller's thread */

	/* of the current window, and at the end of all of them */
	cnv_claims claims;
	cnv_layout layout;
	cnv_str tool;
	uint64_t bytes;      /* bytes read so far, of all parts */
	cnv_account account; /* at the end */
	cnv_text reading;   /* the encoding and delimiter in use: "windows-1252, semicolon"; empty: UTF-8 with commas */
	cnv_gather *gather; /* between stream_run and stream_fini */
	cnv_arena arena;    /* names of sheets: valid as long as batches have rows */
	bool misread;       /* later bytes are not of the encoding that was detected at the beginning */
} stream;

/* CNV_STOPPED if window() or a peek ended it. */
cnv_status stream_run(stream *s);
void stream_fini(stream *s);

#endif
