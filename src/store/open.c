/* Opens a store.
 *
 * The file at the path is checked before anything can change it: it must be a canvass store, of this form, and not
 * of a later canvass.  Then the settings that make commits durable are applied: journal DELETE with synchronous
 * EXTRA (in a power-loss test DELETE with FULL lost acknowledged commits).  Both are read back.  A store of an
 * earlier layout is then brought up to date (migrate.c).
 *
 * A new file stays empty until the first transaction, which makes the tables and stores the first return at once,
 * because each transaction waits five times for the disk.  Until then every look-up finds nothing. */
#include "store/address.h"
#include "store/engine.h"
#include "store/pieces.h"
#include "store/rollup.h"
#include "store/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "canvass/io.h"

/* The first layout that a store on a server had. */
#define FIRST_ON_SERVER 8

static void say_newer(cnv_store *store, int64_t layout)
{
	store_say(store, CNV_STORE_NEWER, CNV_STR("use the canvass that wrote it, or a later one"),
		  "written by a later canvass (layout %d; this one reads %d)", (int)layout, STORE_LAYOUT);
	store->status = CNV_REJECTED;
}

/* ---------------------------------------------------------------- the file */

/* Makes the empty file, readable by its owner only, whatever the umask is.  true: it exists now. */
static bool make_file(cnv_store *store)
{
	int file = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = errno;

	if (file < 0 && error == EEXIST)
		return true;
	if (file < 0 || fchmod(file, 0600)) {
		store_say(store, CNV_STORE_CANNOT_OPEN,
			  CNV_STR("check that its folder exists and that you can write there"),
			  "cannot create the store: %s", strerror(file < 0 ? error : errno));
		store->status = CNV_NO_ACCESS;
	}
	if (file >= 0)
		close(file);
	return !store->status;
}

/* SQLite treats a file shorter than its smallest page as an empty database.  That is correct only for a store whose
 * creation was interrupted: its journal is next to it. */
static bool is_too_short(const cnv_store *store, off_t size)
{
	cnv_text journal = { 0 };
	bool there;

	if (!size || size >= 512)
		return false;
	cnv_text_format(&journal, "%s-journal", store->path);
	cnv_text_put_char(&journal, 0);
	there = !journal.failed && !access(journal.at, F_OK);
	cnv_text_fini(&journal);
	return !there;
}

/* Checks the file at the path.  *there: a store, or an empty file that may become one, is to be opened. */
static void look_at_file(cnv_store *store, bool *there)
{
	struct stat about;

	*there = false;
	if (stat(store->path, &about)) {
		if (errno != ENOENT) {
			store_say(store, CNV_STORE_CANNOT_OPEN, (cnv_str){ 0 }, "cannot open the store: %s",
				  strerror(errno));
			store->status = CNV_NO_ACCESS;
		}
	} else if (!S_ISREG(about.st_mode)) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "not a canvass store but a %s",
			  S_ISDIR(about.st_mode) ? "folder" : "special file");
		store->status = CNV_REJECTED;
		return;
	} else if (is_too_short(store, about.st_size)) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "not a canvass store");
		store->status = CNV_REJECTED;
	} else {
		*there = about.st_size > 0 || store->mode == CNV_STORE_WRITE;
	}
	if (store->status || *there)
		return;
	if (store->mode == CNV_STORE_READ) {
		store_say(store, CNV_STORE_MISSING, CNV_STR("import a returned file first"), "there is no store yet");
		store->status = CNV_NO_ACCESS;
	} else if (store->mode == CNV_STORE_WRITE) {
		*there = make_file(store);
	}
}

/* Is it a canvass store, and not of a later canvass?  *fresh: empty, its tables are still to be made. */
static void recognise(cnv_store *store, bool *fresh)
{
	int64_t application = store_ask_number(store, "PRAGMA application_id");
	int64_t version = store_ask_number(store, "PRAGMA user_version");

	*fresh = !store->status && !application && !version && store_ask_number(store, "PRAGMA page_count") == 0;
	if (store->status || *fresh)
		return;
	if (application != STORE_APPLICATION || version < 1) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "not a canvass store");
		store->status = CNV_REJECTED;
	} else if (version > STORE_LAYOUT) {
		say_newer(store, version);
	}
}

/* Sets journal and synchronous and reads them back: an import that might not be durable is rejected. */
static void make_durable(cnv_store *store)
{
	char journal[16] = "";
	int64_t synchronous;
	sql ask;

	sql_prepare(&ask, store, CNV_STR("PRAGMA journal_mode = DELETE"));
	if (sql_row(&ask))
		snprintf(journal, sizeof journal, "%.*s", CNV_ARG(sql_text(&ask, 0)));
	sql_finish(&ask);
	sql_script(store, "PRAGMA synchronous = EXTRA");
	synchronous = store_ask_number(store, "PRAGMA synchronous");
	if (store->status || (!strcmp(journal, "delete") && synchronous == 3))
		return;
	store_say(store, CNV_STORE_UNSAFE, (cnv_str){ 0 },
		  "the store cannot be written durably (journal %s, synchronous %d)", journal, (int)synchronous);
	store->status = CNV_NO_ACCESS;
}

/* SQLite does not treat names that begin with ':' or "file:" as plain file names. */
static bool make_path(cnv_store *store, cnv_str path)
{
	const char *prefix = path.len && path.at[0] == '/' ? "" : "./";
	size_t room;

	if (!cnv_size_add(path.len, 3, &room))
		return false;
	store->path = cnv_mem_get(room);
	if (!store->path)
		return false;
	memcpy(store->path, prefix, strlen(prefix));
	if (path.len)
		memcpy(store->path + strlen(prefix), path.at, path.len);
	store->name = (cnv_str){ store->path + strlen(prefix), path.len };
	return true;
}

static void open_store(cnv_store *store)
{
	bool there, fresh;

	if (store->name.len)
		look_at_file(store, &there);
	else
		there = false; /* nothing is written to a file */
	if (!store->status && there && !store->more && store_is_foreign(store->path)) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "a database, but not a canvass store");
		store->status = CNV_REJECTED;
	}
	if (!store->status)
		sql_connect(store, there);
	if (!store->status)
		recognise(store, &fresh);
	if (!store->status && fresh && there && store->mode == CNV_STORE_REHEARSE) {
		/* It was made by an import that was interrupted. */
		sql_disconnect(store);
		sql_connect(store, false);
	}
	if (store->status)
		return;
	if (store->mode == CNV_STORE_WRITE)
		make_durable(store);
	if (fresh && store->mode == CNV_STORE_READ) {
		store_say(store, CNV_STORE_MISSING, CNV_STR("import a returned file first"),
			  "the store is still empty");
		store->status = CNV_NO_ACCESS;
	} else if (fresh) {
		store->blank = !store->status;
	}
	if (store->mode == CNV_STORE_WRITE)
		sql_script(store, "PRAGMA page_size = 16384"); /* affects a new file only */
	else
		store_make(store);
	if (!store->blank && store->form)
		store_compare_form(store);
	if (!store->status && !fresh && store_layout(store) < STORE_LAYOUT)
		store_migrate(store, STORE_LAYOUT);
	if (store->mode == CNV_STORE_REHEARSE)
		sql_script(store, sql_rehearsal);
	/* A reader keeps one snapshot of the store until it closes. */
	if (store->mode == CNV_STORE_READ)
		sql_begin_reading(store);
	store_remember_round(store);
}

/* ---------------------------------------------------------------- on a server */

/* The address, and after it what people see of it. */
static bool make_address(cnv_store *store, cnv_str address)
{
	cnv_text shown = { 0 };
	bool whole = store_address_shown(&shown, address);
	size_t room;

	if (!shown.failed && cnv_size_add(address.len + 1, shown.len, &room))
		store->path = cnv_mem_get(room);
	if (store->path) {
		memcpy(store->path, address.at, address.len);
		store->path[address.len] = 0;
		memcpy(store->path + address.len + 1, shown.at, shown.len);
		store->name = (cnv_str){ store->path + address.len + 1, shown.len };
	}
	cnv_text_fini(&shown);
	if (store->path && !whole) {
		store_say(store, CNV_STORE_CANNOT_OPEN,
			  CNV_STR("write special characters of a password as %XX, or keep it in ~/.pgpass"),
			  "the end of the password is not clear");
		store->status = CNV_NO_ACCESS;
	}
	return store->path != NULL;
}

/* Is it a canvass store, and not of a later canvass? */
static void recognise_schema(cnv_store *store)
{
	int64_t layout = store_layout(store);

	if (store->status)
		return;
	if (layout < FIRST_ON_SERVER) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "not a canvass store");
		store->status = CNV_REJECTED;
	} else if (layout > STORE_LAYOUT) {
		say_newer(store, layout);
	}
}

static void open_on_server(cnv_store *store)
{
	if (!store->status)
		sql_connect(store, true);
	if (store->status)
		return;
	store->blank = !sql_has(store, "store");
	if (store->status)
		return;
	if (store->blank && store->mode == CNV_STORE_READ) {
		store_say(store, CNV_STORE_MISSING, CNV_STR("import a returned file first"),
			  "the server has no store of this form yet");
		store->status = CNV_NO_ACCESS;
	} else if (store->blank && store->mode == CNV_STORE_REHEARSE) {
		sql_disconnect(store);
		store->engine = &sql_sqlite;
		sql_connect(store, false);
		store_make(store);
	}
	if (!store->blank && store->engine == &sql_postgres)
		recognise_schema(store);
	if (!store->blank && !store->status && store->form)
		store_compare_form(store);
	if (!store->blank && !store->status && store_layout(store) < STORE_LAYOUT) {
		store_enter(store, "be upgraded", store->diags);
		store_migrate(store, STORE_LAYOUT);
	}
	if (store->mode == CNV_STORE_REHEARSE)
		sql_script(store, sql_rehearsal);
	if (store->mode == CNV_STORE_READ)
		sql_begin_reading(store);
	store_remember_round(store);
}

/* Has the server a store of this form? */
static bool is_on_server(cnv_str name, const cnv_form *form)
{
	cnv_diags quiet = { 0 };
	cnv_store look = { .engine = &sql_postgres, .mode = CNV_STORE_READ, .form = form };
	bool there = true;

	store_enter(&look, "be looked for", &quiet);
	if (form && make_address(&look, name) && !look.status)
		sql_connect(&look, true);
	if (look.db && !look.status)
		there = sql_has(&look, "store") || look.status;
	sql_disconnect(&look);
	cnv_mem_free(look.path);
	return there;
}

/* ---------------------------------------------------------------- public */

bool cnv_store_exists(cnv_str name, const cnv_form *form)
{
	return cnv_store_is_on_server(name) ? is_on_server(name, form) : cnv_file_exists(name);
}

static cnv_status open_as(cnv_store **out, cnv_str path, const cnv_store *as, cnv_diags *diags)
{
	cnv_store *store = cnv_mem_get(sizeof *store);
	cnv_status status;

	*out = NULL;
	if (!store)
		return CNV_NO_MEMORY;
	*store = *as;
	store->engine = cnv_store_is_on_server(path) ? &sql_postgres : &sql_sqlite;
	store->feed_columns = store_feed_columns(store->form);
	store_enter(store, "be opened", diags);
	if (cnv_store_is_on_server(path) && make_address(store, path))
		open_on_server(store);
	else if (!store->path && make_path(store, path))
		open_store(store);
	else
		store_no_memory(store);
	status = store->status;
	if (status)
		cnv_store_close(store, diags);
	else
		*out = store;
	return status;
}

cnv_status cnv_store_open(cnv_store **out, cnv_str path, cnv_store_mode mode, const cnv_form *form, cnv_str form_bytes,
			  const cnv_patience *patience, cnv_diags *diags)
{
	cnv_store as = { .mode = mode, .form = form, .form_bytes = form_bytes };

	cnv_store_be_patient(&as, patience);
	return open_as(out, path, &as, diags);
}

/* What the store was opened with: people see of an address only what is no secret. */
static cnv_str address_of(const cnv_store *store)
{
	return cnv_store_is_on_server(store->name) ? cnv_str_from(store->path) : store->name;
}

cnv_status store_open_more(cnv_store **out, const cnv_store *like, const cnv_form *form, cnv_str form_bytes,
			   const cnv_patience *patience, cnv_diags *diags)
{
	cnv_store as = { .mode = CNV_STORE_READ, .form = form, .form_bytes = form_bytes, .more = true };

	cnv_store_be_patient(&as, patience);
	return open_as(out, address_of(like), &as, diags);
}

cnv_status cnv_store_close(cnv_store *store, cnv_diags *diags)
{
	cnv_diags quiet = { 0 };
	cnv_status status = CNV_OK;

	if (!store)
		return CNV_OK;
	store->diags = diags;
	cnv_store_rollback(store);
	/* Nothing was stored; if the tables cannot be made, or another process makes them, nothing is lost. */
	store_enter(store, "be made", &quiet);
	store->patience.seconds = 0;
	store_make(store);
	cnv_store_rollback(store);
	store_version_fini(&store->version);
	for (size_t i = 0; i < SQL_FIXED; i++)
		sql_finish(&store->fixed[i]);
	store_enter(store, "be closed", diags);
	if (!sql_disconnect(store))
		status = store->status;
	store_drop_temporaries(store);
	store_window_free(store->window);
	store_pairing_fini(store);
	store_rollup_free(store);
	cnv_text_fini(&store->spool);
	cnv_text_fini(&store->round_label);
	cnv_text_fini(&store->roster_source);
	cnv_text_fini(&store->roster_bytes);
	cnv_text_fini(&store->map_source);
	cnv_text_fini(&store->map_bytes);
	cnv_mem_free(store->placed);
	cnv_mem_free(store->carries);
	cnv_mem_free(store->path);
	cnv_mem_free(store);
	return status;
}
