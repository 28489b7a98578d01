/* Opening a store.
 *
 * What lies at the path is looked at before anything could change it: whether it is ours, of this
 * form, and of no later canvass.  Then that is set which makes a commit last: journal DELETE with
 * synchronous EXTRA (in a power-loss test DELETE with FULL lost acknowledged commits), both read
 * back.  A store of an earlier layout is then brought up to date (migrate.c).
 *
 * A new file stays empty until the first transaction, which makes the tables and stores the first return in one: each
 * transaction waits five times for the disk.  Until then nothing is found in it. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "CNVS", at byte 68 of the file. */
#define APPLICATION 0x434e5653
/* Rises when an older canvass could not read or extend the store. */
#define SCHEMA 3

static const char schema[] = {
#include "schema.h"
};

/* ---------------------------------------------------------------- the file */

static int64_t ask_number(cnv_store *store, const char *text)
{
	sql statement;
	int64_t number;

	sql_prepare(&statement, store, cnv_str_from(text));
	number = sql_number(&statement, 0);
	sql_finish(&statement);
	return number;
}

/* Whose SQLite file is this?  Asked without SQLite, which would tidy up a write-ahead log of theirs.  false: it is none,
 * or cannot be read (*read). */
static bool find_application(const char *path, uint32_t *application, bool *read)
{
	unsigned char head[100];
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = file < 0 ? -1 : pread(file, head, sizeof head, 0);

	if (file >= 0)
		close(file);
	*application = 0;
	*read = got >= 0;
	if (got != (ssize_t)sizeof head || memcmp(head, "SQLite format 3", 16) != 0)
		return false;
	for (size_t i = 68; i < 72; i++)
		*application = *application << 8 | head[i];
	return true;
}

/* Is this some other program's?  What cannot be read SQLite finds out. */
static bool is_foreign(const char *path)
{
	uint32_t application;
	bool read;

	return find_application(path, &application, &read) && application != APPLICATION;
}

bool store_may_be(const char *path)
{
	uint32_t application;
	bool read;

	return find_application(path, &application, &read) ? application == APPLICATION : !read;
}

/* Makes the empty file, for nobody else to read whatever the umask is.  true: it is there now. */
static bool make_file(cnv_store *store)
{
	int file = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = errno;

	if (file < 0 && error == EEXIST)
		return true;
	if (file < 0 || fchmod(file, 0600)) {
		store_say(store, CNV_STORE_CANNOT_OPEN,
			  CNV_STR("check that its folder exists and that you may write there"),
			  "the store cannot be made: %s", strerror(file < 0 ? error : errno));
		store->status = CNV_NO_ACCESS;
	}
	if (file >= 0)
		close(file);
	return !store->status;
}

/* SQLite takes a file shorter than its smallest page for an empty database.  Only a store that was cut short while it
 * was made is one: its journal lies beside it. */
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

/* Looks at what lies at the path.  *there: a store, or an empty file that may become one, is to be opened. */
static void look_at_file(cnv_store *store, bool *there)
{
	struct stat about;

	*there = false;
	if (stat(store->path, &about)) {
		if (errno != ENOENT) {
			store_say(store, CNV_STORE_CANNOT_OPEN, (cnv_str){ 0 }, "the store cannot be opened: %s",
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

/* Is it ours, and not of a later canvass?  *fresh: empty, to be made. */
static void recognise(cnv_store *store, bool *fresh)
{
	int64_t application = ask_number(store, "PRAGMA application_id");
	int64_t version = ask_number(store, "PRAGMA user_version");

	*fresh = !store->status && !application && !version && ask_number(store, "PRAGMA page_count") == 0;
	if (store->status || *fresh)
		return;
	if (application != APPLICATION || version < 1) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "not a canvass store");
		store->status = CNV_REJECTED;
	} else if (version > SCHEMA) {
		store_say(store, CNV_STORE_NEWER, CNV_STR("use the canvass that made it, or a later one"),
			  "it was made by a later canvass (layout %d; this one knows %d)", (int)version, SCHEMA);
		store->status = CNV_REJECTED;
	}
}

/* Journal and synchronous are set and read back: an import that might not last is refused. */
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
	synchronous = ask_number(store, "PRAGMA synchronous");
	if (store->status || (!strcmp(journal, "delete") && synchronous == 3))
		return;
	store_say(store, CNV_STORE_UNSAFE, (cnv_str){ 0 },
		  "the store cannot be written so that it lasts (journal %s, synchronous %d)", journal,
		  (int)synchronous);
	store->status = CNV_NO_ACCESS;
}

/* Within a transaction: an empty file becomes a store. */
static void make_tables(cnv_store *store)
{
	sql put;
	char pragmas[96];

	snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION, SCHEMA);
	sql_script(store, pragmas);
	sql_script(store, schema);
	sql_prepare(&put, store, CNV_STR("INSERT INTO store (form_id) VALUES (?1)"));
	sql_put_text(&put, 1, store->form->id);
	sql_run(&put);
	sql_finish(&put);
}

int64_t store_layout(cnv_store *store)
{
	return ask_number(store, "PRAGMA main.user_version");
}

void store_blank_open(cnv_store *blank, const cnv_store *like)
{
	*blank = (cnv_store){ .mode = CNV_STORE_WRITE, .name = like->name };
	store_enter(blank, like->doing, like->diags);
	sql_connect(blank, false);
	sql_script(blank, schema);
}

void store_blank_close(cnv_store *blank)
{
	sql_disconnect(blank);
	*blank = (cnv_store){ 0 };
}

static void compare_form(cnv_store *store)
{
	sql ask;

	sql_prepare(&ask, store, CNV_STR("SELECT form_id FROM store"));
	if (sql_row(&ask)) {
		cnv_str id = sql_text(&ask, 0);

		if (!cnv_str_equal(id, store->form->id)) {
			store_say(store, CNV_STORE_OTHER_FORM, CNV_STR("give the form's own store with --store"),
				  "it holds the answers to the form %.*s, not %.*s", CNV_ARG(id),
				  CNV_ARG(store->form->id));
			store->status = CNV_REJECTED;
		}
	} else if (!store->status) {
		store_say(store, CNV_STORE_DAMAGED, (cnv_str){ 0 }, "it does not say whose answers it holds");
		store->status = CNV_NO_ACCESS;
	}
	sql_finish(&ask);
}

void store_start(cnv_store *store)
{
	store->making = false;
	sql_script(store, store->mode == CNV_STORE_REHEARSE ? "BEGIN" : "BEGIN EXCLUSIVE");
	if (store->status)
		return;
	store->open = true;
	if (!store->blank)
		return;
	store->blank = false;
	store->making = store_layout(store) == 0;
	if (store->making)
		make_tables(store);
	else /* another canvass has made it since it was opened */
		compare_form(store);
	if (store->status && store->open)
		cnv_store_rollback(store);
}

void store_make(cnv_store *store)
{
	if (!store->blank || store->status)
		return;
	store_start(store);
	sql_script(store, "COMMIT");
	if (!store->status)
		store->open = false;
}

void store_remember_round(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_CURRENT_ROUND);

	cnv_text_reset(&store->round_label);
	if (sql_row(ask)) {
		cnv_text_put(&store->round_label, sql_text(ask, 0));
		sql_reset(ask);
	}
	if (store->round_label.failed)
		store_no_memory(store);
}

/* SQLite takes names that begin with ':' or "file:" for something else than files. */
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

	look_at_file(store, &there);
	if (!store->status && there && is_foreign(store->path)) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "it is a database, but no store of canvass");
		store->status = CNV_REJECTED;
	}
	if (!store->status)
		sql_connect(store, there);
	if (!store->status)
		recognise(store, &fresh);
	if (!store->status && fresh && there && store->mode == CNV_STORE_REHEARSE) {
		/* Only an import that was cut short made it. */
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
		sql_script(store, "PRAGMA page_size = 16384"); /* of a new one */
	else
		store_make(store);
	if (!store->blank && store->form)
		compare_form(store);
	if (!store->status && !fresh && store_layout(store) < SCHEMA)
		store_migrate(store, SCHEMA);
	if (store->mode == CNV_STORE_REHEARSE)
		sql_script(store, sql_rehearsal);
	/* A reader keeps one view of the store until it closes. */
	if (store->mode == CNV_STORE_READ)
		sql_script(store, "PRAGMA query_only = ON; BEGIN");
	store_remember_round(store);
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_open(cnv_store **out, cnv_str path, cnv_store_mode mode, const cnv_form *form, cnv_str form_bytes,
			  const cnv_patience *patience, cnv_diags *diags)
{
	cnv_store *store = cnv_mem_get(sizeof *store);
	cnv_status status;

	*out = NULL;
	if (!store)
		return CNV_NO_MEMORY;
	store->mode = mode;
	store->form = form;
	store->form_bytes = form_bytes;
	cnv_store_be_patient(store, patience);
	store_enter(store, "be opened", diags);
	if (make_path(store, path))
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

