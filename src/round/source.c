/* The bytes of a return: one file descriptor, read forward once.
 *
 *   piece ──> parser
 *       └─────> digest and copy, in a separate thread if there is one
 *
 * Pieces are in a ring buffer, so that the next one is read while the previous one is still copied.  A file that
 * changes while it is read is an error, not a return: the content judged would be neither the old file nor the new
 * one. */
#include "round/source.h"

#include <pthread.h>
#include <string.h>

enum { PIECE = 1 << 18, RING = 4 };
/* Loading the faster digest of large files takes as long as the core's of so many bytes. */
enum { DIGESTED_HERE = 1 << 17 };

/* Digests and copies in parallel with parsing. */
typedef struct source_keeper {
	source *source;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock: */
	cnv_str pieces[RING];
	uint64_t given, kept; /* pieces so far */
	bool end;
	cnv_status status;
	cnv_diag why; /* of the status */
	cnv_arena texts;
} source_keeper;

cnv_status source_say_changed(const source *s, cnv_diags *diags)
{
	cnv_diags_emit(diags, CNV_DIAG(.code = CNV_FILE_CHANGED, .place = (cnv_place){ .source = s->name }),
		       "the file changed while it was read; nothing was imported");
	return CNV_NO_ACCESS;
}

/* ---------------------------------------------------------------- digest and copy */

static cnv_status keep_piece(source *s, cnv_str piece, cnv_diags *diags)
{
	if (s->digest)
		cnv_sha256_add(s->digest, piece);
	return s->keeping ? cnv_keeping_add(s->keeping, piece, diags) : CNV_OK;
}

static void on_fault(void *self, const cnv_diag *diag)
{
	source_keeper *k = self;

	k->why = cnv_diag_copy(&k->texts, diag);
}

static void *keep_pieces(void *self)
{
	source_keeper *k = self;
	cnv_diags diags = { .emit = on_fault, .self = k };

	pthread_mutex_lock(&k->lock);
	for (;;) {
		while (k->kept == k->given && !k->end)
			pthread_cond_wait(&k->changed, &k->lock);
		if (k->kept == k->given)
			break;
		cnv_str piece = k->pieces[k->kept % RING];
		bool failed = k->status != CNV_OK;
		pthread_mutex_unlock(&k->lock);
		cnv_status status = failed ? CNV_OK : keep_piece(k->source, piece, &diags);
		pthread_mutex_lock(&k->lock);
		if (status)
			k->status = status;
		k->kept++;
		pthread_cond_broadcast(&k->changed);
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

static cnv_status keeper_start(source *s)
{
	source_keeper *k = cnv_mem_get(sizeof *k);

	if (!k)
		return CNV_NO_MEMORY;
	k->source = s;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->changed, NULL);
	if (!pthread_create(&k->thread, NULL, keep_pieces, k)) {
		s->keeper = k;
		return CNV_OK;
	}
	/* Without a thread this is done where the pieces are read. */
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	cnv_mem_free(k);
	return CNV_OK;
}

/* Waits until a slot of the ring is free; returns the status of the copy so far. */
static cnv_status keeper_wait(source *s, uint64_t most)
{
	source_keeper *k = s->keeper;
	cnv_status status;

	pthread_mutex_lock(&k->lock);
	while (k->given - k->kept > most)
		pthread_cond_wait(&k->changed, &k->lock);
	status = k->status;
	pthread_mutex_unlock(&k->lock);
	return status;
}

static void keeper_give(source *s, cnv_str piece)
{
	source_keeper *k = s->keeper;

	pthread_mutex_lock(&k->lock);
	k->pieces[k->given++ % RING] = piece;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
}

/* Ends the thread, and emits its error. */
static cnv_status keeper_stop(source *s, cnv_diags *diags)
{
	source_keeper *k = s->keeper;
	cnv_status status;

	if (!k)
		return CNV_OK;
	pthread_mutex_lock(&k->lock);
	k->end = true;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	status = k->status;
	if (status && k->why.message.len)
		cnv_diags_forward(diags, &k->why);
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	cnv_arena_fini(&k->texts);
	cnv_mem_free(k);
	s->keeper = NULL;
	return status;
}

/* ---------------------------------------------------------------- opening */

/* Reads a small file whole; one byte more than its size shows that it grew. */
static cnv_status hold_small(source *s, cnv_diags *diags)
{
	size_t room = (size_t)s->size + 1, len = 0, got = 1;
	cnv_status status = CNV_OK;

	s->own = cnv_mem_get(room);
	if (!s->own)
		return CNV_NO_MEMORY;
	while (!status && got && len < room) {
		status = cnv_file_read(s->file, s->own + len, room - len, &got, diags);
		len += got;
	}
	if (!status && (len != s->size || cnv_file_changed(s->file)))
		status = source_say_changed(s, diags);
	if (status)
		return status;
	s->bytes = (cnv_str){ s->own, len };
	s->held = s->complete = true;
	return CNV_OK;
}

cnv_status source_open(source *s, cnv_str name, cnv_str path, cnv_diags *diags)
{
	cnv_status status;

	*s = (source){ .name = name };
	status = cnv_file_open(&s->file, path, diags);
	if (status)
		return status;
	s->size = cnv_file_size(s->file);
	return s->size <= CNV_STORE_INLINE ? hold_small(s, diags) : CNV_OK;
}

void source_borrow(source *s, cnv_str name, cnv_str bytes)
{
	*s = (source){ .name = name, .size = bytes.len, .bytes = bytes, .held = true, .complete = true };
}

/* The digest of a small file, by the core. */
static void digest_here(source *s)
{
	cnv_digest digest;
	uint8_t sum[64];

	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, s->bytes.at, s->bytes.len);
	memcpy(s->sha256, sum, cnv_digest_end(&digest, sum));
	s->digested = true;
}

cnv_status source_keep(source *s, cnv_store *store, bool digest, bool apart, cnv_diags *diags)
{
	cnv_status status = CNV_OK;

	if (s->held && s->size <= DIGESTED_HERE) {
		if (digest)
			digest_here(s);
		return CNV_OK;
	}
	if (digest && !s->digest && !(s->digest = cnv_sha256_new()))
		return CNV_NO_MEMORY;
	if (s->held) {
		if (digest) {
			cnv_sha256_add(s->digest, s->bytes);
			cnv_sha256_end(s->digest, s->sha256);
			s->digested = true;
		}
		return CNV_OK;
	}
	s->pieces = cnv_mem_get((size_t)PIECE * RING);
	if (!s->pieces)
		return CNV_NO_MEMORY;
	if (store)
		status = cnv_keeping_open(&s->keeping, store, diags);
	return !status && apart && digest ? keeper_start(s) : status;
}

/* ---------------------------------------------------------------- reading */

/* The file has been read to its end for the first time. */
static cnv_status complete(source *s, cnv_diags *diags)
{
	cnv_status status = keeper_stop(s, diags);

	if (!status && (s->at != s->size || cnv_file_changed(s->file)))
		status = source_say_changed(s, diags);
	if (status)
		return status;
	if (s->digest) {
		cnv_sha256_end(s->digest, s->sha256);
		s->digested = true;
	}
	s->complete = true;
	return CNV_OK;
}

/* A later pass without a copy reads the file again, and checks that it has not changed. */
static cnv_status complete_again(source *s, cnv_diags *diags)
{
	return !s->keeping && cnv_file_changed(s->file) ? source_say_changed(s, diags) : CNV_OK;
}

static cnv_status next_first(source *s, cnv_str *piece, cnv_diags *diags)
{
	char *at = s->pieces + (size_t)(s->next++ % RING) * PIECE;
	size_t len = 0;
	cnv_status status;

	if (s->keeper && keeper_wait(s, RING - 2))
		return keeper_stop(s, diags);
	status = cnv_file_read(s->file, at, PIECE, &len, diags);
	s->at += len;
	*piece = (cnv_str){ at, len };
	if (status)
		return status;
	if (!len)
		return complete(s, diags);
	if (!s->keeper)
		return keep_piece(s, *piece, diags);
	keeper_give(s, *piece);
	return CNV_OK;
}

cnv_status source_next(source *s, cnv_str *piece, cnv_diags *diags)
{
	size_t len = 0;
	cnv_status status;

	*piece = (cnv_str){ 0 };
	if (s->held) {
		*piece = cnv_str_slice(s->bytes, (size_t)s->at, s->bytes.len);
		s->at = s->bytes.len;
		return CNV_OK;
	}
	if (!s->complete)
		return next_first(s, piece, diags);
	status = source_peek(s, s->at, s->pieces, PIECE, &len, diags);
	if (status)
		return status;
	if (!len)
		return complete_again(s, diags);
	*piece = (cnv_str){ s->pieces, len };
	s->at += len;
	return CNV_OK;
}

cnv_status source_drain(source *s, cnv_diags *diags)
{
	cnv_str piece = { "", 1 };
	cnv_status status = CNV_OK;

	while (!status && !s->complete && piece.len)
		status = source_next(s, &piece, diags);
	return status;
}

void source_rewind(source *s)
{
	s->at = 0;
}

cnv_status source_peek(source *s, uint64_t at, char *to, size_t room, size_t *len, cnv_diags *diags)
{
	if (!s->held)
		return s->complete && s->keeping ? cnv_keeping_peek(s->keeping, at, to, room, len, diags)
						 : cnv_file_peek(s->file, at, to, room, len, diags);
	*len = at < s->bytes.len ? s->bytes.len - (size_t)at : 0;
	*len = *len < room ? *len : room;
	if (*len)
		memcpy(to, s->bytes.at + at, *len);
	return CNV_OK;
}

cnv_status source_hold(source *s, size_t limit, cnv_diags *diags)
{
	size_t len = 0;
	cnv_status status;

	if (s->held)
		return CNV_OK;
	if (s->size > limit) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_RETURN_TOO_LARGE, .place = (cnv_place){ .source = s->name },
					.hint = CNV_STR(
						"remove pictures, or save its sheets as CSV, which may have any size")),
			       "the workbook has %llu MiB; the limit is %zu MiB", (unsigned long long)(s->size >> 20),
			       limit >> 20);
		return CNV_REJECTED;
	}
	status = source_drain(s, diags);
	if (!status && !(s->own = cnv_mem_get((size_t)s->size + 1)))
		status = CNV_NO_MEMORY;
	if (!status)
		status = source_peek(s, 0, s->own, (size_t)s->size, &len, diags);
	if (!status && len != s->size)
		status = source_say_changed(s, diags);
	if (status)
		return status;
	s->bytes = (cnv_str){ s->own, len };
	s->held = true;
	return CNV_OK;
}

/* ---------------------------------------------------------------- the copy */

cnv_status source_record(source *s, cnv_store *store, cnv_diags *diags)
{
	cnv_original original = { .name = s->name, .size = s->size };
	cnv_status status = CNV_OK;

	memcpy(original.sha256, s->sha256, sizeof original.sha256);
	if (s->keeping)
		status = cnv_keeping_end(s->keeping, s->sha256, diags);
	else
		original.bytes = s->bytes;
	return status ? status : cnv_store_put_original(store, &original, diags);
}

void source_close(source *s)
{
	cnv_diags quiet = { 0 };

	keeper_stop(s, &quiet);
	cnv_keeping_free(s->keeping);
	cnv_sha256_free(s->digest);
	cnv_file_close(s->file);
	cnv_mem_free(s->own);
	cnv_mem_free(s->pieces);
	*s = (source){ 0 };
}
