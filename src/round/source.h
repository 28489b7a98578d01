/* The bytes of a return (source.c).  A file is opened once and read forward once; its digest and its kept copy are
 * made from the same bytes that are judged.  A small file is held in memory.  A large one that must be read again is
 * read from the copy, never by its name. */
#ifndef CANVASS_ROUND_SOURCE_H
#define CANVASS_ROUND_SOURCE_H

#include "canvass/round.h"

typedef struct source {
	cnv_str name;  /* borrowed */
	uint64_t size; /* when it was opened */
	cnv_str bytes; /* the whole content, if it is held in memory */
	bool held;
	bool complete; /* it was read to its end */
	bool digested; /* and sha256 is final */
	uint8_t sha256[32];
	cnv_file *file;
	char *own;          /* the memory of `bytes`; NULL: the caller's */
	uint64_t at;        /* bytes that this pass has read */
	cnv_sha256 *digest; /* NULL: not needed */
	cnv_keeping *keeping;
	struct source_keeper *keeper;
	char *pieces; /* memory of the pieces handed out */
	uint32_t next;
} source; /* { 0 } may be closed */

/* Opens the file at `path`, of this name, and reads it whole if it is small (CNV_STORE_INLINE). */
cnv_status source_open(source *s, cnv_str name, cnv_str path, cnv_diags *diags);
/* Bytes that are already in memory; borrowed. */
void source_borrow(source *s, cnv_str name, cnv_str bytes);
/* Call within a transaction of the store, before anything large is read: the bytes read are digested, and a copy is
 * kept.  store: may be NULL.  digest: required; always with a copy.  apart: another thread digests and copies. */
cnv_status source_keep(source *s, cnv_store *store, bool digest, bool apart, cnv_diags *diags);
/* The next piece of this pass, borrowed until the next call; empty at the end. */
cnv_status source_next(source *s, cnv_str *piece, cnv_diags *diags);
/* Reads to the end, so that digest and copy are complete. */
cnv_status source_drain(source *s, cnv_diags *diags);
/* The next pass begins at the first byte.  The previous pass has read to the end. */
void source_rewind(source *s);
/* Bytes from `at` on, independent of the current position: of the file in the first pass, then of the copy. */
cnv_status source_peek(source *s, uint64_t at, char *to, size_t room, size_t *len, cnv_diags *diags);
/* Loads the whole content into memory, for formats that cannot be read forward: at most `limit` bytes, more is
 * CNV_REJECTED, reported. */
cnv_status source_hold(source *s, size_t limit, cnv_diags *diags);
/* Stores its row in the current transaction, which may differ from the one it was read in, and the copy under its
 * digest. */
cnv_status source_record(source *s, cnv_store *store, cnv_diags *diags);
/* Reports that it was changed while it was read: CNV_NO_ACCESS. */
cnv_status source_say_changed(const source *s, cnv_diags *diags);
void source_close(source *s);

#endif
