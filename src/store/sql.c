/* The embedded database; only this file calls SQLite.
 *
 * A few calls on the connection and its statements, for the other files of src/store.  Every SQLite error becomes
 * one diagnostic that names the operation, and an open transaction is rolled back at once. */
#include "store/sql.h"

#include <sqlite3.h>
#include <time.h>

#include "store/state.h"

/* SQLite's primary result codes as messages for people.  Others are STORE_FAILED. */
static const struct failure {
	int result;
	cnv_code code;
	const char *words; /* NULL: SQLite's own message */
	const char *hint;
} failures[] = {
	{ SQLITE_BUSY, CNV_STORE_LOCKED, "another process is using the store",
	  "wait until it has finished, and run this again" },
	{ SQLITE_LOCKED, CNV_STORE_LOCKED, "another process is using the store",
	  "wait until it has finished, and run this again" },
	{ SQLITE_READONLY, CNV_STORE_READ_ONLY, "the store is read-only", "" },
	{ SQLITE_PERM, CNV_STORE_READ_ONLY, "permission denied", "" },
	{ SQLITE_FULL, CNV_STORE_FULL, "the disk is full", "free some space and run this again; nothing was changed" },
	{ SQLITE_CORRUPT, CNV_STORE_DAMAGED, NULL, "restore it from a backup" },
	{ SQLITE_NOTADB, CNV_STORE_NOT_OURS, "not a canvass store", "" },
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
	cnv_mem_note_shortage();
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
	cnv_diags_emit(store->diags,
		       CNV_DIAG(.code = (uint16_t)code, .place = (cnv_place){ .source = store->name }, .hint = hint),
		       "%.*s", CNV_ARG(cnv_text_str(&text)));
	cnv_text_fini(&text);
}

void sql_roll_back(cnv_store *store)
{
	for (size_t i = 0; i < SQL_FIXED; i++)
		if (store->fixed[i].at)
			sqlite3_reset(store->fixed[i].at);
	/* SQLite may already have rolled back, which releases the lock.  Without the lock, originals are left for the
	 * next import to remove. */
	if (sqlite3_get_autocommit(store->db) && store->placed_count) {
		cnv_patience patience = store->patience;

		store->patience.seconds = 0;
		sqlite3_exec(store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
		store->patience = patience;
	}
	if (!sqlite3_get_autocommit(store->db)) {
		if (store->drop_placed)
			store->drop_placed(store);
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	}
	store->placed_count = 0;
	store->open = false;
	store->spooled = store->spooled_before;
	store->copied = store->copied_before;
	store->blank |= store->making;
	store->making = false;
}

/* Reports an SQLite error, once per call, and rolls the transaction back. */
static void fail(cnv_store *store, int result)
{
	const struct failure *found = NULL;
	const char *words;

	if (store->status)
		return;
	/* A row of an older store has a value that its column cannot have. */
	result = result == SQLITE_CONSTRAINT_DATATYPE ? SQLITE_CORRUPT : result & 0xff;
	if (result == SQLITE_NOMEM) {
		cnv_mem_note_shortage();
		store->status = CNV_NO_MEMORY;
	} else {
		for (size_t i = 0; i < sizeof failures / sizeof failures[0] && !found; i++)
			if (failures[i].result == result)
				found = &failures[i];
		words = found && found->words ? found->words : sqlite3_errmsg(store->db);
		store_say(store, found ? found->code : CNV_STORE_FAILED, cnv_str_from(found ? found->hint : ""),
			  "cannot %s: %s", store->doing, words);
		store->status = result == SQLITE_NOTADB ? CNV_REJECTED : CNV_NO_ACCESS;
	}
	if (store->open) {
		sql_roll_back(store);
		store->broken = store->status;
	}
}

/* ---------------------------------------------------------------- statements */

void sql_prepare(sql *statement, cnv_store *store, cnv_str text)
{
	int result;

	*statement = (sql){ .store = store };
	if (store->status || store->blank || !text.len)
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

	if (store->blank)
		sql_finish(statement); /* prepared in the transaction that made the tables, which was rolled back */
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

/* The shorter statements of a dry run omit parameters: binding those is ignored. */
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
	/* An empty blob is NULL as well. */
	if (!at && sqlite3_errcode(statement->store->db) == SQLITE_NOMEM)
		store_no_memory(statement->store);
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

/* `incoming` is an eponymous virtual table: SQLite finds it by the name of its module, without CREATE. */
struct incoming {
	sqlite3_vtab base;
	cnv_store *store;
};

struct incoming_cursor {
	sqlite3_vtab_cursor base;
	const sql_cell *at, *end; /* the current row, and the end of the last one */
	uint32_t columns;
	const char *made;
};

static int connect_incoming(sqlite3 *db, void *store, int count, const char *const *words, sqlite3_vtab **out,
			    char **error)
{
	uint32_t columns = ((const cnv_store *)store)->feed_columns;
	struct incoming *table;
	cnv_text text = { 0 };
	int result = SQLITE_NOMEM;

	(void)count;
	(void)words;
	(void)error;
	cnv_text_put(&text, CNV_STR("CREATE TABLE x (c0"));
	for (uint32_t i = 1; i < columns; i++)
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

/* ---------------------------------------------------------------- functions */

static void call_unpack(sqlite3_context *context, int count, sqlite3_value **values)
{
	const sql_unpacking *unpacking = sqlite3_user_data(context);
	cnv_text out = { 0 };
	cnv_str bytes;

	if (sqlite3_value_type(values[0]) != SQLITE_BLOB) {
		sqlite3_result_value(context, values[0]);
		return;
	}
	bytes.at = sqlite3_value_blob(values[0]);
	bytes.len = (size_t)sqlite3_value_bytes(values[0]);
	if (!unpacking->unpack(bytes, count > 1 ? (uint32_t)sqlite3_value_int64(values[1]) : 0, &out))
		sqlite3_result_value(context, values[0]);
	else if (!out.failed)
		sqlite3_result_text64(context, out.at, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	if (out.failed)
		sqlite3_result_error_nomem(context);
	cnv_text_fini(&out);
}

void sql_add_unpack(cnv_store *store, const char *name, const sql_unpacking *unpacking)
{
	int result = store->status ? 0
				   : sqlite3_create_function(store->db, name, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
							     (void *)(uintptr_t)unpacking, call_unpack, NULL, NULL);

	if (result)
		fail(store, result);
}

/* ---------------------------------------------------------------- the connection */

/* SQLite calls this while another process has the store locked; 0 ends the waiting.  Time is the sum of the sleeps,
 * so no clock is needed. */
static int wait_for_others(void *self, int asked)
{
	cnv_store *store = self;
	uint32_t step, before;

	if (!asked)
		store->waited = 0;
	before = store->waited;
	if (before >= (uint64_t)1000 * store->patience.seconds)
		return 0;
	step = before < 20 ? 1 : before < 200 ? 10 : 50;
	nanosleep(&(struct timespec){ .tv_nsec = (long)step * 1000000 }, NULL);
	store->waited += step;
	if (store->waited / 1000 > before / 1000 && store->patience.waiting)
		store->patience.waiting(store->patience.self, store->name, store->waited / 1000);
	return 1;
}

void cnv_store_alone(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

void sql_connect(cnv_store *store, bool there)
{
	/* The next process that opens the store rolls an interrupted import back, so readers need write access too. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (there ? 0 : SQLITE_OPEN_CREATE);
	int result;

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
	sqlite3_busy_handler(store->db, wait_for_others, store);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* The cache sizes are fixed in KiB: memory does not grow with the store. */
	sql_script(store, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF;"
			  "PRAGMA mmap_size = 0; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096;"
			  "PRAGMA temp.cache_size = -1024;");
}

bool sql_disconnect(cnv_store *store)
{
	int result = sqlite3_close(store->db);

	if (result) {
		fail(store, result);
		sqlite3_close_v2(store->db);
	}
	store->db = NULL;
	return !result;
}
