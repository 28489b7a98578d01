/* The embedded database, and the only place that knows SQLite.
 *
 * Opening decides whether a file is ours before anything could change it, then sets what makes a
 * commit last: journal DELETE with synchronous EXTRA (in a power-loss test DELETE with FULL lost
 * acknowledged commits), both read back.  Below that, a few calls on statements for the other
 * files of this room; whatever SQLite refuses becomes one diagnostic that says what was being
 * done, and an open transaction is rolled back at once. */
#include "store/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

/* "CNVS", at byte 68 of the file. */
#define APPLICATION 0x434e5653
/* Rises when an older canvass could not read or extend the store. */
#define SCHEMA 2
/* How long to wait while another canvass holds the store. */
#define PATIENCE 5000 /* milliseconds */

static const char schema[] = {
#include "schema.h"
};

/* What SQLite's primary result codes mean to the person.  Others are STORE_FAILED. */
static const struct failure {
	int result;
	cnv_code code;
	const char *words; /* NULL: as SQLite says it */
	const char *hint;
} failures[] = {
	{ SQLITE_BUSY, CNV_STORE_LOCKED, "another canvass is using it",
	  "wait until the other has ended, and try again" },
	{ SQLITE_LOCKED, CNV_STORE_LOCKED, "another canvass is using it",
	  "wait until the other has ended, and try again" },
	{ SQLITE_READONLY, CNV_STORE_READ_ONLY, "it may not be written", "" },
	{ SQLITE_PERM, CNV_STORE_READ_ONLY, "it may not be used", "" },
	{ SQLITE_FULL, CNV_STORE_FULL, "the disk is full", "make room and try again; nothing was stored by half" },
	{ SQLITE_CORRUPT, CNV_STORE_DAMAGED, NULL, "go back to a copy of it" },
	{ SQLITE_NOTADB, CNV_STORE_NOT_OURS, "it is no store of canvass", "" },
	{ SQLITE_CANTOPEN, CNV_STORE_CANNOT_OPEN, NULL, "" },
};

/* ---------------------------------------------------------------- failing */

void store_enter(cnv_store *store, const char *doing, cnv_diags *diags)
{
	store->status = store->broken;
	store->doing = doing;
	store->diags = diags;
}

void store_no_memory(cnv_store *store)
{
	if (!store->status)
		store->status = CNV_NO_MEMORY;
}

void store_say(cnv_store *store, cnv_code code, cnv_str hint, const char *format, ...)
{
	cnv_text text = { 0 };
	va_list list;

	va_start(list, format);
	cnv_text_vformat(&text, format, list);
	va_end(list);
	cnv_diags_say(store->diags, code, (cnv_place){ .source = store->name }, (cnv_str){ 0 }, (cnv_str){ 0 }, hint,
		      "%.*s", CNV_ARG(cnv_text_str(&text)));
	cnv_text_fini(&text);
}

static void roll_back(cnv_store *store)
{
	for (size_t i = 0; i < SQL_FIXED; i++)
		if (store->fixed[i].at)
			sqlite3_reset(store->fixed[i].at);
	/* SQLite may have rolled back by itself: that is no failure. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	store->open = false;
}

/* Tells what SQLite refused, once a call, and gives up the transaction. */
static void fail(cnv_store *store, int result)
{
	const struct failure *found = NULL;
	const char *words;

	if (store->status)
		return;
	result &= 0xff;
	if (result == SQLITE_NOMEM) {
		store->status = CNV_NO_MEMORY;
	} else {
		for (size_t i = 0; i < sizeof failures / sizeof failures[0] && !found; i++)
			if (failures[i].result == result)
				found = &failures[i];
		words = found && found->words ? found->words : sqlite3_errmsg(store->db);
		store_say(store, found ? found->code : CNV_STORE_FAILED, cnv_str_from(found ? found->hint : ""),
			  "the store cannot %s: %s", store->doing, words);
		store->status = result == SQLITE_NOTADB ? CNV_REJECTED : CNV_NO_ACCESS;
	}
	if (store->open) {
		roll_back(store);
		store->broken = store->status;
	}
}

/* ---------------------------------------------------------------- statements */

void sql_prepare(sql *statement, cnv_store *store, cnv_str text)
{
	int result;

	*statement = (sql){ .store = store };
	if (store->status || !text.len)
		return;
	result = text.len > INT32_MAX ? SQLITE_TOOBIG
				      : sqlite3_prepare_v3(store->db, text.at, (int)text.len, SQLITE_PREPARE_PERSISTENT,
							   &statement->at, NULL);
	if (result)
		fail(store, result);
}

void sql_finish(sql *statement)
{
	sqlite3_finalize(statement->at);
	statement->at = NULL;
}

sql *sql_get(cnv_store *store, sql_fixed which)
{
	sql *statement = &store->fixed[which];

	if (!statement->at) {
		sql_prepare(statement, store, sql_fixed_text(which, store->mode == CNV_STORE_REHEARSE));
	} else {
		sqlite3_reset(statement->at);
		sqlite3_clear_bindings(statement->at);
	}
	return statement;
}

void sql_script(cnv_store *store, const char *text)
{
	int result;

	if (store->status)
		return;
	result = sqlite3_exec(store->db, text, NULL, NULL, NULL);
	if (result)
		fail(store, result);
}

/* A rehearsal's shorter statements leave out parameters: those are passed over. */
static void bound(sql *statement, int result)
{
	if (result && !(result == SQLITE_RANGE && statement->store->mode == CNV_STORE_REHEARSE))
		fail(statement->store, result);
}

void sql_put_integer(sql *statement, uint32_t at, int64_t value)
{
	if (statement->at)
		bound(statement, sqlite3_bind_int64(statement->at, (int)at, value));
}

void sql_put_text(sql *statement, uint32_t at, cnv_str value)
{
	if (statement->at)
		bound(statement, sqlite3_bind_text64(statement->at, (int)at, value.len ? value.at : "", value.len,
						     SQLITE_STATIC, SQLITE_UTF8));
}

void sql_put_blob(sql *statement, uint32_t at, const void *value, size_t len)
{
	if (statement->at)
		bound(statement, sqlite3_bind_blob64(statement->at, (int)at, value, len, SQLITE_STATIC));
}

bool sql_row(sql *statement)
{
	int result;

	if (!statement->at || statement->store->status)
		return false;
	result = sqlite3_step(statement->at);
	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		fail(statement->store, result);
	sqlite3_reset(statement->at);
	return false;
}

void sql_run(sql *statement)
{
	if (sql_row(statement))
		sqlite3_reset(statement->at);
}

void sql_reset(sql *statement)
{
	if (statement->at)
		sqlite3_reset(statement->at);
}

int64_t sql_number(sql *statement, int64_t otherwise)
{
	int64_t number = otherwise;

	if (sql_row(statement)) {
		number = sql_integer(statement, 0);
		sql_reset(statement);
	}
	return number;
}

sql_type sql_kind(sql *statement, uint32_t column)
{
	switch (sqlite3_column_type(statement->at, (int)column)) {
	case SQLITE_INTEGER:
		return SQL_INTEGER;
	case SQLITE_FLOAT:
		return SQL_REAL;
	case SQLITE_TEXT:
		return SQL_TEXT;
	case SQLITE_BLOB:
		return SQL_BLOB;
	}
	return SQL_NULL;
}

int64_t sql_integer(sql *statement, uint32_t column)
{
	return sqlite3_column_int64(statement->at, (int)column);
}

double sql_real(sql *statement, uint32_t column)
{
	return sqlite3_column_double(statement->at, (int)column);
}

cnv_str sql_text(sql *statement, uint32_t column)
{
	int type = sqlite3_column_type(statement->at, (int)column);
	const void *at = NULL;

	if (type == SQLITE_TEXT)
		at = sqlite3_column_text(statement->at, (int)column);
	else if (type == SQLITE_BLOB)
		at = sqlite3_column_blob(statement->at, (int)column);
	else
		return (cnv_str){ "", 0 };
	if (!at)
		return (cnv_str){ "", 0 };
	return (cnv_str){ at, (size_t)sqlite3_column_bytes(statement->at, (int)column) };
}

int64_t sql_last_id(const cnv_store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

int64_t sql_changes(const cnv_store *store)
{
	return sqlite3_changes64(store->db);
}

/* ---------------------------------------------------------------- feeding */

/* `incoming` is a virtual table that needs no creating: SQLite finds it by the name of its module. */
struct incoming {
	sqlite3_vtab base;
	cnv_store *store;
};

struct incoming_cursor {
	sqlite3_vtab_cursor base;
	const sql_cell *at, *end; /* the row under way, and past the last one */
	uint32_t columns;
	const char *made;
};

static int connect_incoming(sqlite3 *db, void *store, int count, const char *const *words, sqlite3_vtab **out,
			    char **error)
{
	struct incoming *table;
	cnv_text text = { 0 };
	int result = SQLITE_NOMEM;

	(void)count;
	(void)words;
	(void)error;
	cnv_text_put(&text, CNV_STR("CREATE TABLE x (c0"));
	for (uint32_t i = 1; i < SQL_FEED_COLUMNS; i++)
		cnv_text_format(&text, ", c%u", i);
	cnv_text_put(&text, (cnv_str){ ")", 2 });
	if (!text.failed)
		result = sqlite3_declare_vtab(db, text.at);
	cnv_text_fini(&text);
	table = result ? NULL : cnv_mem_get(sizeof *table);
	if (!table)
		return result ? result : SQLITE_NOMEM;
	table->store = store;
	*out = &table->base;
	return SQLITE_OK;
}

static int disconnect_incoming(sqlite3_vtab *table)
{
	cnv_mem_free(table);
	return SQLITE_OK;
}

static int plan_incoming(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 4096;
	return SQLITE_OK;
}

static int open_incoming(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct incoming_cursor *cursor = cnv_mem_get(sizeof *cursor);

	(void)table;
	if (!cursor)
		return SQLITE_NOMEM;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int close_incoming(sqlite3_vtab_cursor *cursor)
{
	cnv_mem_free(cursor);
	return SQLITE_OK;
}

static int first_incoming(sqlite3_vtab_cursor *base, int plan, const char *name, int count, sqlite3_value **values)
{
	struct incoming_cursor *cursor = (struct incoming_cursor *)base;
	const sql_feed *feed = ((struct incoming *)base->pVtab)->store->feed;

	(void)plan;
	(void)name;
	(void)count;
	(void)values;
	cursor->at = feed->cells;
	cursor->end = feed->cells + (size_t)feed->rows * feed->columns;
	cursor->columns = feed->columns;
	cursor->made = feed->made;
	return SQLITE_OK;
}

static int next_incoming(sqlite3_vtab_cursor *base)
{
	struct incoming_cursor *cursor = (struct incoming_cursor *)base;

	cursor->at += cursor->columns;
	return SQLITE_OK;
}

static int is_past_incoming(sqlite3_vtab_cursor *base)
{
	const struct incoming_cursor *cursor = (struct incoming_cursor *)base;

	return cursor->at >= cursor->end;
}

static int give_incoming(sqlite3_vtab_cursor *base, sqlite3_context *out, int column)
{
	const struct incoming_cursor *cursor = (struct incoming_cursor *)base;
	const sql_cell *cell = cursor->at + column;

	switch ((sql_cell_kind)cell->kind) {
	case CELL_NULL:
		break;
	case CELL_INTEGER:
		sqlite3_result_int64(out, cell->integer);
		break;
	case CELL_REAL:
		sqlite3_result_double(out, cell->real);
		break;
	case CELL_TEXT:
		sqlite3_result_text64(out, cell->at, cell->len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case CELL_BLOB:
		sqlite3_result_blob64(out, cell->at, cell->len, SQLITE_STATIC);
		break;
	case CELL_MADE_TEXT:
		sqlite3_result_text64(out, cursor->made + cell->from, cell->len, SQLITE_STATIC, SQLITE_UTF8);
		break;
	case CELL_MADE_BLOB:
		sqlite3_result_blob64(out, cursor->made + cell->from, cell->len, SQLITE_STATIC);
		break;
	}
	return SQLITE_OK;
}

static int give_incoming_row(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
	(void)base;
	*row = 0;
	return SQLITE_OK;
}

static const sqlite3_module incoming = {
	.xConnect = connect_incoming,
	.xDisconnect = disconnect_incoming,
	.xBestIndex = plan_incoming,
	.xOpen = open_incoming,
	.xClose = close_incoming,
	.xFilter = first_incoming,
	.xNext = next_incoming,
	.xEof = is_past_incoming,
	.xColumn = give_incoming,
	.xRowid = give_incoming_row,
};

void sql_run_feed(sql *statement, const sql_feed *feed)
{
	statement->store->feed = feed;
	sql_run(statement);
}

/* ---------------------------------------------------------------- opening */

/* A pragma that gives one number or word; empty on failure.  Longer words than fit are cut. */
static void ask_pragma(cnv_store *store, const char *text, char *out, size_t room)
{
	sql statement;

	out[0] = 0;
	sql_prepare(&statement, store, cnv_str_from(text));
	if (sql_row(&statement)) {
		const unsigned char *word = sqlite3_column_text(statement.at, 0);

		snprintf(out, room, "%s", word ? (const char *)word : "");
	}
	sql_finish(&statement);
}

static int64_t ask_number(cnv_store *store, const char *text)
{
	char word[24];
	int64_t number = 0;

	ask_pragma(store, text, word, sizeof word);
	cnv_integer_read(cnv_str_from(word), &number);
	return number;
}

/* Is this some other program's SQLite file?  Asked without SQLite, which would tidy up a write-ahead log of theirs. */
static bool is_foreign(const char *path)
{
	unsigned char head[100];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = file < 0 ? -1 : pread(file, head, sizeof head, 0);
	uint32_t application = 0;

	if (file >= 0)
		close(file);
	if (got != (ssize_t)sizeof head || memcmp(head, "SQLite format 3", 16) != 0)
		return false; /* SQLite finds out, or a new store */
	for (size_t i = 68; i < 72; i++)
		application = application << 8 | head[i];
	return application != APPLICATION;
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
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "it is no store of canvass but a %s",
			  S_ISDIR(about.st_mode) ? "folder" : "special file");
		store->status = CNV_REJECTED;
		return;
	} else if (is_too_short(store, about.st_size)) {
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "it is no store of canvass");
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

static void connect(cnv_store *store, bool there)
{
	/* An interrupted import is undone by whoever opens the store next, so readers may write too. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (there ? 0 : SQLITE_OPEN_CREATE);
	int result;

	/* Nobody asks SQLite how much memory it uses; counting it costs a lock at every allocation.  Only heard before
	 * the first store of the process. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	result = sqlite3_open_v2(there ? store->path : "", &store->db, flags, NULL);

	if (!store->db)
		store_no_memory(store);
	else if (result)
		fail(store, result);
	if (store->status)
		return;
	sqlite3_extended_result_codes(store->db, 1);
	result = sqlite3_create_module(store->db, "incoming", &incoming, store);
	if (result)
		fail(store, result);
	sqlite3_busy_timeout(store->db, PATIENCE);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* The caches are fixed in KiB: memory does not grow with the store. */
	sql_script(store, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF;"
			  "PRAGMA mmap_size = 0; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096;"
			  "PRAGMA temp.cache_size = -1024;");
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
		store_say(store, CNV_STORE_NOT_OURS, (cnv_str){ 0 }, "it is no store of canvass");
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
	char journal[16];
	int64_t synchronous;

	ask_pragma(store, "PRAGMA journal_mode = DELETE", journal, sizeof journal);
	sql_script(store, "PRAGMA synchronous = EXTRA");
	synchronous = ask_number(store, "PRAGMA synchronous");
	if (store->status || (!strcmp(journal, "delete") && synchronous == 3))
		return;
	store_say(store, CNV_STORE_UNSAFE, (cnv_str){ 0 },
		  "the store cannot be written so that it lasts (journal %s, synchronous %d)", journal,
		  (int)synchronous);
	store->status = CNV_NO_ACCESS;
}

static void make_schema(cnv_store *store)
{
	sql put;
	char pragmas[96];

	snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION, SCHEMA);
	sql_script(store, "PRAGMA page_size = 16384; BEGIN IMMEDIATE");
	if (store->status)
		return;
	store->open = true;
	/* Another canvass may have made it since. */
	if (ask_number(store, "PRAGMA user_version") == 0) {
		sql_script(store, pragmas);
		sql_script(store, schema);
		sql_prepare(&put, store, CNV_STR("INSERT INTO store (form_id) VALUES (?1)"));
		sql_put_text(&put, 1, store->form->id);
		sql_run(&put);
		sql_finish(&put);
	}
	sql_script(store, "COMMIT");
	store->open = false;
}

int64_t store_layout(cnv_store *store)
{
	return ask_number(store, "PRAGMA main.user_version");
}

void store_blank_open(cnv_store *blank, const cnv_store *like)
{
	*blank = (cnv_store){ .mode = CNV_STORE_WRITE, .name = like->name };
	store_enter(blank, like->doing, like->diags);
	connect(blank, false);
	sql_script(blank, schema);
}

void store_blank_close(cnv_store *blank)
{
	sqlite3_close(blank->db);
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
		connect(store, there);
	if (!store->status)
		recognise(store, &fresh);
	if (!store->status && fresh && there && store->mode == CNV_STORE_REHEARSE) {
		/* Only an import that was cut short made it. */
		sqlite3_close(store->db);
		connect(store, false);
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
		make_schema(store);
	}
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
			  cnv_diags *diags)
{
	cnv_store *store = cnv_mem_get(sizeof *store);
	cnv_status status;

	*out = NULL;
	if (!store)
		return CNV_NO_MEMORY;
	store->mode = mode;
	store->form = form;
	store->form_bytes = form_bytes;
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

cnv_status cnv_store_close(cnv_store *store, cnv_diags *diags)
{
	cnv_status status = CNV_OK;
	int result;

	if (!store)
		return CNV_OK;
	store->diags = diags;
	cnv_store_rollback(store);
	store_version_fini(&store->version);
	for (size_t i = 0; i < SQL_FIXED; i++)
		sql_finish(&store->fixed[i]);
	store_enter(store, "be closed", diags);
	result = sqlite3_close(store->db);
	if (result) {
		fail(store, result);
		status = store->status;
		sqlite3_close_v2(store->db);
	}
	store_window_free(store->window);
	store_pairing_fini(store);
	cnv_text_fini(&store->spool);
	cnv_text_fini(&store->round_label);
	cnv_text_fini(&store->roster_source);
	cnv_text_fini(&store->roster_bytes);
	cnv_text_fini(&store->map_source);
	cnv_text_fini(&store->map_bytes);
	cnv_mem_free(store->path);
	cnv_mem_free(store);
	return status;
}

void cnv_store_rollback(cnv_store *store)
{
	store_forget_earlier(store);
	if (store->open)
		roll_back(store);
	store->broken = CNV_OK;
	/* What the transaction had made of the form may be gone with it. */
	if (store->has_version)
		store_version_fini(&store->version);
	store->has_version = false;
}

cnv_str cnv_store_round(const cnv_store *store)
{
	return cnv_text_str(&store->round_label);
}
