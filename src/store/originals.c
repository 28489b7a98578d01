/* Originals: the files of a return, kept byte for byte.
 *
 * Small ones are stored in the database.  In a store in a file, large ones are in the folder <store>.files/, which
 * belongs to this store alone:
 *
 *   incoming-XXXXXX   while it is written
 *   DIGEST.new        empty: DIGEST got its name in a transaction that is not committed yet
 *   DIGEST            the original
 *
 * Only the process that holds the store's exclusive lock writes there.  So the remains of an interrupted import can
 * be distinguished from originals: files named incoming-*, and files whose mark DIGEST.new still exists and which no
 * committed row refers to.  Before a row is committed, its file, the file's name and the folder are on the disk.
 *
 * A store on a server has large ones in pieces (pieces.c). */
#include "store/engine.h"
#include "store/pieces.h"
#include "store/state.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10) /* bytes copied at a time */
#define INCOMING "incoming-"

struct cnv_keeping {
	cnv_store *store;
	cnv_keeping *next; /* next in the store's list */
	cnv_text path;     /* while it is written, NUL-terminated; empty: it no longer has such a name */
	int descriptor;
	uint64_t size;
};

static void remove_file(const cnv_store *store, cnv_str name, const char *ending)
{
	cnv_text path = { 0 };

	if (store_name_in_folder(store, name, ending, &path))
		unlink(path.at);
	cnv_text_fini(&path);
}

/* Removes the folder if it is empty. */
static void remove_folder(const cnv_store *store)
{
	cnv_text path = { 0 };

	if (store_name_in_folder(store, (cnv_str){ 0 }, "", &path))
		rmdir(path.at);
	cnv_text_fini(&path);
}

/* ---------------------------------------------------------------- leftovers */

static bool read_hex(cnv_str hex, uint8_t sha256[32])
{
	memset(sha256, 0, 32);
	for (size_t i = 0; i < STORE_HEX; i++) {
		char c = hex.at[i];
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
							: 16;

		if (digit == 16)
			return false;
		sha256[i / 2] = (uint8_t)((unsigned)sha256[i / 2] << 4 | digit);
	}
	return true;
}

static bool is_kept(cnv_store *store, cnv_str hex)
{
	uint8_t sha256[32];
	sql *find;

	if (!read_hex(hex, sha256))
		return true;
	find = sql_get(store, SQL_IS_KEPT);
	sql_put_blob(find, 1, sha256, sizeof sha256);
	/* After a failure, treat the original as in use: nothing is removed. */
	return sql_number(find, 0) || store->status;
}

/* A file that this process is writing outlives the transaction in which it was begun. */
static bool is_being_written(const cnv_store *store, cnv_str name)
{
	for (const cnv_keeping *keeping = store->keepings; keeping; keeping = keeping->next)
		if (keeping->path.len && cnv_str_ends((cnv_str){ keeping->path.at, keeping->path.len - 1 }, name))
			return true;
	return false;
}

static void sweep_file(cnv_store *store, cnv_str name)
{
	cnv_str hex = cnv_str_slice(name, 0, STORE_HEX);

	if (cnv_str_starts(name, CNV_STR(INCOMING))) {
		if (!is_being_written(store, name))
			remove_file(store, name, "");
	} else if (name.len == STORE_HEX + 4 && cnv_str_ends(name, CNV_STR(".new"))) {
		if (!is_kept(store, hex))
			remove_file(store, hex, "");
		remove_file(store, name, "");
	}
}

void store_sweep_originals(cnv_store *store)
{
	cnv_text path = { 0 };
	const struct dirent *entry;
	DIR *folder = NULL;

	if (!store_name_in_folder(store, (cnv_str){ 0 }, "", &path))
		store_no_memory(store);
	else
		folder = opendir(path.at);
	cnv_text_fini(&path);
	if (!folder)
		return;
	while (!store->status && (entry = readdir(folder)))
		sweep_file(store, cnv_str_from(entry->d_name));
	closedir(folder);
	remove_folder(store);
}

static void drop_placed(cnv_store *store)
{
	char hex[STORE_HEX];

	if (!store->placed_count)
		return;
	for (uint32_t i = 0; i < store->placed_count; i++) {
		remove_file(store, store_hex(store->placed[i], hex), "");
		remove_file(store, store_hex(store->placed[i], hex), ".new");
	}
	remove_folder(store);
}

void store_settle_originals(cnv_store *store)
{
	char hex[STORE_HEX];

	for (uint32_t i = 0; i < store->placed_count; i++)
		remove_file(store, store_hex(store->placed[i], hex), ".new");
	store->placed_count = 0;
}

/* ---------------------------------------------------------------- writing a large original */

/* Reports a system error, from errno. */
static cnv_status refuse(const cnv_keeping *keeping, cnv_diags *diags)
{
	int error = errno;
	bool full = error == ENOSPC || error == EDQUOT;

	if (error == ENOMEM)
		return CNV_NO_MEMORY;
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = full ? CNV_STORE_FULL : CNV_STORE_FAILED,
				.place = (cnv_place){ .source = keeping->store->name },
				.hint = full ? CNV_STR("free some space and run this again; nothing was changed")
					     : (cnv_str){ 0 }),
		       keeping->store->engine->in_file ? "cannot store the original in %.*s.files: %s"
						       : "cannot keep a temporary copy of the original for %.*s: %s",
		       CNV_ARG(keeping->store->name), strerror(error));
	return CNV_NO_ACCESS;
}

/* Makes a new file in the folder; returns its descriptor, or -1 with errno set. */
static int make_incoming(const cnv_store *store, cnv_text *path)
{
	int descriptor = -1;

	/* Another process that just dropped the last file of the folder may remove the folder. */
	for (int tries = 0; descriptor < 0 && tries < 10 && (!tries || errno == ENOENT); tries++) {
		if (!store_make_folder(store))
			return -1;
		if (!store_name_in_folder(store, CNV_STR(INCOMING "XXXXXX"), "", path)) {
			errno = ENOMEM;
			return -1;
		}
		descriptor = mkstemp(path->at);
	}
	if (descriptor >= 0)
		fcntl(descriptor, F_SETFD, FD_CLOEXEC);
	else
		cnv_text_reset(path);
	return descriptor;
}

static void drop_incoming(cnv_keeping *keeping)
{
	if (keeping->path.len)
		unlink(keeping->path.at);
	cnv_text_reset(&keeping->path);
}

cnv_status cnv_keeping_open(cnv_keeping **out, cnv_store *store, cnv_diags *diags)
{
	cnv_keeping *keeping = cnv_mem_get(sizeof *keeping);
	cnv_status status;

	*out = NULL;
	if (!keeping)
		return CNV_NO_MEMORY;
	assert(store->mode == CNV_STORE_WRITE);
	keeping->store = store;
	keeping->next = store->keepings;
	store->keepings = keeping;
	if (store->engine->in_file) {
		keeping->descriptor = make_incoming(store, &keeping->path);
	} else {
		keeping->descriptor = store_make_temporary(store, &keeping->path);
		drop_incoming(keeping); /* it needs no name */
	}
	if (keeping->descriptor >= 0) {
		*out = keeping;
		return CNV_OK;
	}
	status = refuse(keeping, diags);
	cnv_keeping_free(keeping);
	return status;
}

cnv_status cnv_keeping_add(cnv_keeping *keeping, cnv_str bytes, cnv_diags *diags)
{
	if (!store_write_all(keeping->descriptor, bytes))
		return refuse(keeping, diags);
	keeping->size += bytes.len;
	return CNV_OK;
}

cnv_status cnv_keeping_peek(cnv_keeping *keeping, uint64_t at, char *to, size_t room, size_t *len, cnv_diags *diags)
{
	ssize_t got;

	*len = 0;
	do
		got = pread(keeping->descriptor, to, room < SSIZE_MAX ? room : SSIZE_MAX, (off_t)at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return refuse(keeping, diags);
	*len = (size_t)got;
	return CNV_OK;
}

/* Copies `size` bytes of a file into a new file in the folder, and waits for the disk. */
static bool copy_incoming(const cnv_store *store, int from, uint64_t size, cnv_text *path)
{
	char *piece = cnv_mem_array(PIECE, 1);
	int copy = -1;
	uint64_t at = 0;
	bool done;

	errno = ENOMEM;
	if (piece)
		copy = make_incoming(store, path);
	done = copy >= 0;
	while (done && at < size) {
		ssize_t got = pread(from, piece, PIECE, (off_t)at);

		done = got > 0 ? store_write_all(copy, (cnv_str){ piece, (size_t)got }) : got < 0 && errno == EINTR;
		if (got > 0)
			at += (uint64_t)got;
	}
	done = done && !fsync(copy);
	if (copy >= 0)
		close(copy);
	cnv_mem_free(piece);
	return done;
}

bool store_copy_original(cnv_store *store, const char *from, const char *to)
{
	cnv_text path = { 0 };
	struct stat about;
	int file = open(from, O_RDONLY | O_CLOEXEC);
	bool done = file >= 0 && !fstat(file, &about) && copy_incoming(store, file, (uint64_t)about.st_size, &path) &&
		    !rename(path.at, to);

	if (!done && path.len)
		unlink(path.at);
	if (file >= 0)
		close(file);
	cnv_text_fini(&path);
	return done;
}

/* Records that the original gets its name in this transaction: in memory and, for the next import, on the disk. */
static bool mark(cnv_store *store, const uint8_t sha256[32])
{
	char hex[STORE_HEX];
	cnv_text path = { 0 };
	int file = -1;

	errno = ENOMEM;
	if (cnv_mem_room((void **)&store->placed, &store->placed_room, store->placed_count + 1,
			 sizeof *store->placed) &&
	    store_name_in_folder(store, store_hex(sha256, hex), ".new", &path))
		file = open(path.at, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (file >= 0) {
		store->drop_placed = drop_placed;
		memcpy(store->placed[store->placed_count++], sha256, sizeof *store->placed);
		close(file);
		store_name_in_folder(store, (cnv_str){ 0 }, "", &path);
	}
	if (file >= 0 && (path.failed || !store_sync_folder(path.at)))
		file = -1;
	cnv_text_fini(&path);
	return file >= 0;
}

/* Renames the file to `target`. */
static bool place(cnv_keeping *keeping, const uint8_t sha256[32], const char *target)
{
	cnv_text folder = { 0 };
	struct stat about;
	bool done;

	if (!stat(target, &about) && S_ISREG(about.st_mode) && (uint64_t)about.st_size == keeping->size) {
		drop_incoming(keeping);
		return true;
	}
	/* Its name was removed by a rollback or a sweep: it is copied from its descriptor. */
	if ((!keeping->path.len || access(keeping->path.at, F_OK)) &&
	    !copy_incoming(keeping->store, keeping->descriptor, keeping->size, &keeping->path))
		return false;
	/* A file that replaces a truncated one stays, whatever the result of the transaction. */
	if (access(target, F_OK) && !mark(keeping->store, sha256))
		return false;
	if (rename(keeping->path.at, target))
		return false;
	cnv_text_reset(&keeping->path);
	errno = ENOMEM;
	done = store_name_in_folder(keeping->store, (cnv_str){ 0 }, "", &folder) && store_sync_folder(folder.at);
	cnv_text_fini(&folder);
	return done;
}

cnv_status cnv_keeping_end(cnv_keeping *keeping, const uint8_t sha256[32], cnv_diags *diags)
{
	cnv_store *store = keeping->store;
	char hex[STORE_HEX];
	cnv_text target = { 0 };
	cnv_status status = CNV_OK;

	assert(store->open || store->broken);
	if (store->broken)
		return store->broken;
	if (!store->engine->in_file) {
		store_enter(store, "store the original", diags);
		store_put_pieces(store, sha256, keeping->descriptor);
		return store->status;
	}
	if (!store_name_in_folder(store, store_hex(sha256, hex), "", &target))
		status = CNV_NO_MEMORY;
	else if (fsync(keeping->descriptor) || !place(keeping, sha256, target.at))
		status = refuse(keeping, diags);
	cnv_text_fini(&target);
	return status;
}

void cnv_keeping_free(cnv_keeping *keeping)
{
	if (!keeping)
		return;
	for (cnv_keeping **at = &keeping->store->keepings; *at; at = &(*at)->next) {
		if (*at == keeping) {
			*at = keeping->next;
			break;
		}
	}
	drop_incoming(keeping);
	if (keeping->descriptor >= 0)
		close(keeping->descriptor);
	cnv_text_fini(&keeping->path);
	if (keeping->store->engine->in_file)
		remove_folder(keeping->store);
	cnv_mem_free(keeping);
}

/* ---------------------------------------------------------------- rows */

cnv_status cnv_store_put_original(cnv_store *store, const cnv_original *original, cnv_diags *diags)
{
	sql *put;

	store_enter(store, "store the original", diags);
	put = sql_get(store, SQL_PUT_ORIGINAL);
	sql_put_integer(put, 1, store->file);
	sql_put_integer(put, 2, store->originals++);
	sql_put_text(put, 3, original->name);
	sql_put_integer(put, 4, (int64_t)original->size);
	sql_put_blob(put, 5, original->sha256, sizeof original->sha256);
	if (original->bytes.len || !original->size)
		sql_put_blob(put, 6, original->bytes.len ? original->bytes.at : "", original->bytes.len);
	sql_run(put);
	return store->status;
}

cnv_status cnv_store_put_beside(cnv_store *store, const cnv_original *beside, cnv_diags *diags)
{
	int64_t id;
	sql *put;

	store_enter(store, "store a file next to the form", diags);
	put = sql_get(store, SQL_FIND_BESIDE);
	sql_put_blob(put, 1, beside->sha256, sizeof beside->sha256);
	sql_put_text(put, 2, beside->name);
	id = sql_number(put, 0);
	if (!id) {
		put = sql_get(store, SQL_PUT_BESIDE);
		sql_put_text(put, 1, beside->name);
		sql_put_integer(put, 2, (int64_t)beside->size);
		sql_put_blob(put, 3, beside->sha256, sizeof beside->sha256);
		sql_put_blob(put, 4, beside->bytes.len ? beside->bytes.at : "", beside->bytes.len);
		id = sql_number(put, 0);
	}
	put = sql_get(store, SQL_PUT_JUDGED_WITH);
	sql_put_integer(put, 1, store->file);
	sql_put_integer(put, 2, id);
	sql_run(put);
	return store->status;
}

/* ---------------------------------------------------------------- files in the folder */

/* Does the folder have it?  A store from before layout 3 that has not been written since has it at the earlier location. */
static bool find_original(const cnv_store *store, const uint8_t sha256[32], cnv_text *path)
{
	return (store_original_name(store, sha256, path) && !access(path->at, F_OK)) ||
	       (store_older_name(store, sha256, path) && !access(path->at, F_OK));
}

/* The path of the original, or of a copy of it that the server has sent. */
static bool reach_original(cnv_store *store, const uint8_t sha256[32], cnv_text *path)
{
	return store->engine->in_file ? find_original(store, sha256, path) : store_fetch_pieces(store, sha256, path);
}

int cnv_store_open_original(cnv_store *store, const uint8_t sha256[32])
{
	cnv_text path = { 0 };
	bool there = reach_original(store, sha256, &path);
	int file = there ? open(path.at, O_RDONLY | O_CLOEXEC) : -1;

	if (there && !store->engine->in_file)
		unlink(path.at);
	cnv_text_fini(&path);
	return file;
}

cnv_str cnv_store_original_path(cnv_store *store, const uint8_t sha256[32], cnv_arena *arena)
{
	cnv_text path = { 0 };
	cnv_str found = { 0 };

	if (reach_original(store, sha256, &path) && (store->engine->in_file || store_remember_temporary(store, &path)))
		found = cnv_arena_copy(arena, cnv_str_from(path.at));
	cnv_text_fini(&path);
	return found;
}

static bool is_extra(cnv_store *store, cnv_str name)
{
	return name.len != STORE_HEX || !is_kept(store, name);
}

cnv_status cnv_store_extras(cnv_store *store, cnv_arena *arena, const cnv_str **names, uint32_t *count,
			    cnv_diags *diags)
{
	cnv_text path = { 0 };
	cnv_str *list = NULL, *grown;
	uint32_t room = 0;
	const struct dirent *entry;
	DIR *folder = NULL;

	store_enter(store, "read its folder of originals", diags);
	*count = 0;
	if (store_name_in_folder(store, (cnv_str){ 0 }, "", &path))
		folder = opendir(path.at);
	while (folder && !store->status && (entry = readdir(folder))) {
		cnv_str name = cnv_str_from(entry->d_name);

		if (cnv_str_equal(name, CNV_STR(".")) || cnv_str_equal(name, CNV_STR("..")) || !is_extra(store, name))
			continue;
		if (*count == room) {
			room = 2 * room + 16;
			grown = cnv_arena_array(arena, room, sizeof *grown);
			if (!grown) {
				store_no_memory(store);
				break;
			}
			if (*count)
				memcpy(grown, list, *count * sizeof *grown);
			list = grown;
		}
		list[(*count)++] = cnv_arena_copy(arena, name);
	}
	if (folder)
		closedir(folder);
	cnv_text_fini(&path);
	*names = list;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}
