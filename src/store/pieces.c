/* Large originals of a store on a server: pieces in its table original_piece, and temporary files of this computer.
 *
 * An original is written to a temporary file while it is parsed, since it is stored only when its return is, and it may
 * be parsed again.  It goes to the server within the transaction of its row, so a rollback leaves nothing of it.  To be
 * read, it comes back into a temporary file, which is removed when the store is closed. */
#include "store/pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/state.h"

#define PIECE ((size_t)1 << 20)

int store_make_temporary(const cnv_store *store, cnv_text *path)
{
	const char *where = store->patience.temporary;
	int file;

	cnv_text_reset(path);
	cnv_text_format(path, "%s/canvass-original-XXXXXX", where && *where ? where : "/tmp");
	cnv_text_put_char(path, 0);
	errno = ENOMEM;
	file = path->failed ? -1 : mkstemp(path->at);
	if (file >= 0)
		fcntl(file, F_SETFD, FD_CLOEXEC);
	return file;
}

static void say_trouble(cnv_store *store, const char *act)
{
	if (store->status)
		return;
	store_say(store, errno == ENOSPC ? CNV_STORE_FULL : CNV_STORE_FAILED,
		  CNV_STR("set TMPDIR to a folder with room for temporary files"), "cannot %s a temporary file: %s",
		  act, strerror(errno));
	store->status = CNV_NO_ACCESS;
}

static bool has_pieces(cnv_store *store, const uint8_t sha256[32])
{
	sql find;
	bool has;

	sql_prepare(&find, store, CNV_STR("SELECT 1 FROM original_piece WHERE sha256 = ?1 AND position = 0"));
	sql_put_blob(&find, 1, sha256, 32);
	has = sql_number(&find, 0) != 0;
	sql_finish(&find);
	return has;
}

void store_put_pieces(cnv_store *store, const uint8_t sha256[32], int file)
{
	char *piece = cnv_mem_array(PIECE, 1);
	uint64_t at = 0;
	int64_t position = 0;
	ssize_t got = 1;
	sql put;

	if (!piece) {
		store_no_memory(store);
		return;
	}
	sql_prepare(&put, store,
		    CNV_STR("INSERT INTO original_piece (sha256, position, bytes) SELECT c0, c1, c2 FROM incoming"));
	if (has_pieces(store, sha256))
		got = 0;
	while (got && !store->status) {
		sql_cell cells[3] = { { .kind = CELL_BLOB, .at = (const char *)sha256, .len = 32 },
				      { .kind = CELL_INTEGER, .integer = position },
				      { .kind = CELL_BLOB, .at = piece } };

		got = pread(file, piece, PIECE, (off_t)at);
		if (got < 0 && errno != EINTR)
			say_trouble(store, "read");
		if (got <= 0)
			continue;
		cells[2].len = (uint32_t)got;
		sql_run_feed(&put, &(sql_feed){ .cells = cells, .rows = 1, .columns = 3 });
		at += (uint64_t)got;
		position++;
	}
	sql_finish(&put);
	cnv_mem_free(piece);
}

/* Writes the pieces to the file; returns how many bytes they have. */
static uint64_t write_pieces(cnv_store *store, const uint8_t sha256[32], int file)
{
	uint64_t size = 0;
	bool more = true;
	sql read;

	sql_prepare(&read, store, CNV_STR("SELECT bytes FROM original_piece WHERE sha256 = ?1 AND position = ?2"));
	for (int64_t position = 0; more && !store->status; position++) {
		sql_put_blob(&read, 1, sha256, 32);
		sql_put_integer(&read, 2, position);
		more = sql_row(&read);
		size += more ? sql_text(&read, 0).len : 0;
		if (more && !store_write_all(file, sql_text(&read, 0)))
			say_trouble(store, "write");
		sql_reset(&read);
	}
	sql_finish(&read);
	return size;
}

bool store_fetch_pieces(cnv_store *store, const uint8_t sha256[32], cnv_text *path)
{
	int file = store_make_temporary(store, path);
	uint64_t size;
	sql ask;
	bool whole;

	if (file < 0) {
		say_trouble(store, "make");
		return false;
	}
	size = write_pieces(store, sha256, file);
	sql_prepare(&ask, store, CNV_STR("SELECT max(size) FROM original WHERE sha256 = ?1 AND bytes IS NULL"));
	sql_put_blob(&ask, 1, sha256, 32);
	whole = (uint64_t)sql_number(&ask, 0) == size && size && !store->status;
	sql_finish(&ask);
	if (close(file))
		whole = false;
	if (!whole)
		unlink(path->at);
	return whole;
}

bool store_remember_temporary(cnv_store *store, const cnv_text *path)
{
	cnv_text_put(&store->temporaries, cnv_text_str(path));
	return !store->temporaries.failed;
}

void store_drop_temporaries(cnv_store *store)
{
	for (size_t at = 0; at < store->temporaries.len && !store->temporaries.failed;
	     at += strlen(store->temporaries.at + at) + 1)
		unlink(store->temporaries.at + at);
	cnv_text_fini(&store->temporaries);
}
