/* Names of originals outside the store, their folders, and writing to such a file. */
#include "store/state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool store_name_in_folder(const cnv_store *store, cnv_str name, const char *ending, cnv_text *out)
{
	cnv_text_reset(out);
	cnv_text_format(out, "%s.files%s%.*s%s", store->path, name.len ? "/" : "", CNV_ARG(name), ending);
	cnv_text_put_char(out, 0);
	return !out->failed;
}

cnv_str store_hex(const uint8_t sha256[32], char room[STORE_HEX])
{
	cnv_hex_write(sha256, 32, room);
	return (cnv_str){ room, STORE_HEX };
}

bool store_sync_folder(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = folder >= 0 && !fsync(folder);
	int error = errno;

	if (folder >= 0)
		close(folder);
	errno = error;
	return done;
}

/* Syncs the folder of the store itself. */
static bool settle_store_folder(const cnv_store *store)
{
	const char *slash = strrchr(store->path, '/');
	cnv_text folder = { 0 };
	bool done;

	cnv_text_put(&folder, (cnv_str){ store->path, (size_t)(slash - store->path) + 1 });
	cnv_text_put_char(&folder, 0);
	done = !folder.failed && store_sync_folder(folder.at);
	cnv_text_fini(&folder);
	return done;
}

bool store_make_folder(const cnv_store *store)
{
	cnv_text folder = { 0 };
	bool done = store_name_in_folder(store, (cnv_str){ 0 }, "", &folder);

	if (done && mkdir(folder.at, 0700))
		done = errno == EEXIST;
	else if (done)
		done = settle_store_folder(store);
	cnv_text_fini(&folder);
	return done;
}

bool store_original_name(const cnv_store *store, const uint8_t sha256[32], cnv_text *path)
{
	char hex[STORE_HEX];

	return store_name_in_folder(store, store_hex(sha256, hex), "", path);
}

void store_settle_folder(const cnv_store *store)
{
	cnv_text path = { 0 };

	if (store_name_in_folder(store, (cnv_str){ 0 }, "", &path))
		store_sync_folder(path.at);
	cnv_text_fini(&path);
}

bool store_name_next_to(const cnv_store *store, const char *rest, cnv_str name, cnv_text *out)
{
	const char *slash = strrchr(store->path, '/');

	cnv_text_reset(out);
	cnv_text_put(out, (cnv_str){ store->path, (size_t)(slash - store->path) + 1 });
	cnv_text_format(out, "%s%.*s", rest, CNV_ARG(name));
	cnv_text_put_char(out, 0);
	return !out->failed;
}

bool store_older_name(const cnv_store *store, const uint8_t sha256[32], cnv_text *path)
{
	char hex[64];

	return store_name_next_to(store, "files/", cnv_hex_write(sha256, 32, hex), path);
}

bool store_write_all(int file, cnv_str bytes)
{
	while (bytes.len) {
		ssize_t put = write(file, bytes.at, bytes.len < SSIZE_MAX ? bytes.len : SSIZE_MAX);

		if (put < 0 && errno != EINTR)
			return false;
		bytes = cnv_str_slice(bytes, put > 0 ? (size_t)put : 0, bytes.len);
	}
	return true;
}
