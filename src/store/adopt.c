/* Large originals from before layout 3.
 *
 * They were in files/, next to the store, shared by all stores of the folder.  When such a store is brought up to
 * date, its originals get a name in its own folder: a link, or a copy if the file system has no links.  An original
 * that cannot be linked or copied stays where it is, and is found there.  The old names are removed only if no other
 * store in the folder could need them. */
#include "store/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Calls `act` for every large original of the store, with its name in files/. */
static void each_large(cnv_store *store, void (*act)(cnv_store *store, const char *old, const uint8_t sha256[32]))
{
	cnv_text old = { 0 };
	sql read;

	sql_prepare(&read, store, CNV_STR("SELECT DISTINCT sha256 FROM file WHERE bytes IS NULL AND size > ?1"));
	sql_put_integer(&read, 1, CNV_STORE_INLINE);
	while (sql_row(&read)) {
		cnv_str digest = sql_text(&read, 0);
		uint8_t sha256[32];

		if (digest.len != sizeof sha256)
			continue;
		memcpy(sha256, digest.at, sizeof sha256);
		if (store_older_name(store, sha256, &old))
			act(store, old.at, sha256);
	}
	sql_finish(&read);
	cnv_text_fini(&old);
}

static void adopt(cnv_store *store, const char *old, const uint8_t sha256[32])
{
	cnv_text name = { 0 };
	struct stat about;
	bool done;

	if (lstat(old, &about) || !S_ISREG(about.st_mode) || !store_make_folder(store) ||
	    !store_original_name(store, sha256, &name)) {
		cnv_text_fini(&name);
		return;
	}
	done = !link(old, name.at) || errno == EEXIST;
	if (!done)
		store_copy_original(store, old, name.at);
	cnv_text_fini(&name);
}

void store_adopt_originals(cnv_store *store)
{
	each_large(store, adopt);
	store_settle_folder(store);
}

/* ---------------------------------------------------------------- the old names */

/* Is no other store in the folder?  A file that cannot be read may be one. */
static bool is_alone(const cnv_store *store)
{
	cnv_text path = { 0 };
	struct stat ours, about;
	const struct dirent *entry;
	DIR *folder = NULL;
	bool alone = !stat(store->path, &ours);

	if (alone && store_name_next_to(store, "", (cnv_str){ 0 }, &path))
		folder = opendir(path.at);
	while (folder && alone && (entry = readdir(folder))) {
		if (!store_name_next_to(store, "", cnv_str_from(entry->d_name), &path))
			alone = false;
		else if (stat(path.at, &about))
			alone = errno == ENOENT; /* a dangling link */
		else if (S_ISREG(about.st_mode) && (about.st_dev != ours.st_dev || about.st_ino != ours.st_ino))
			/* Never opens the store's own file: closing it would drop the locks of the process. */
			alone = !store_may_be(path.at);
	}
	alone = alone && folder;
	if (folder)
		closedir(folder);
	cnv_text_fini(&path);
	return alone;
}

static void forget(cnv_store *store, const char *old, const uint8_t sha256[32])
{
	cnv_text name = { 0 };
	struct stat before, after;

	if (store_original_name(store, sha256, &name) && !lstat(old, &before) && !stat(name.at, &after) &&
	    before.st_size == after.st_size)
		unlink(old);
	cnv_text_fini(&name);
}

void store_forget_adopted(cnv_store *store)
{
	cnv_text folder = { 0 };
	struct stat about;

	if (store_name_next_to(store, "files", (cnv_str){ 0 }, &folder) && !stat(folder.at, &about) &&
	    is_alone(store)) {
		each_large(store, forget);
		rmdir(folder.at);
	}
	cnv_text_fini(&folder);
}
