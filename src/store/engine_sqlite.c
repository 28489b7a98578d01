/* The embedded database; only this file calls SQLite.
 *
 * Every SQLite error becomes one diagnostic that names the operation, and an open transaction is rolled back at once. */
#include "store/engine.h"

#include <sqlite3.h>
#include <stdio.h>
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
		sql_failed(store, CNV_NO_MEMORY);
		return;
	}
	for (size_t i = 0; i < sizeof failures / sizeof failures[0] && !found; i++)
		if (failures[i].result == result)
			found = &failures[i];
	words = found && found->words ? found->words : sqlite3_errmsg(store->db);
	store_say(store, found ? found->code : CNV_STORE_FAILED, cnv_str_from(found ? found->hint : ""),
		  "cannot %s: %s", store->doing, words);
	sql_failed(store, result == SQLITE_NOTADB ? CNV_REJECTED : CNV_NO_ACCESS);
}

/* ---------------------------------------------------------------- statements */

static void prepare(sql *statement, cnv_str text)
{
	sqlite3_stmt *made = NULL;
	int result = text.len > INT32_MAX ? SQLITE_TOOBIG
					  : sqlite3_prepare_v3(statement->store->db, text.at, (int)text.len,
							       SQLITE_PREPARE_PERSISTENT, &made, NULL);

	statement->at = made;
	if (result)
		fail(statement->store, result);
}

static void finish(sql *statement)
{
	sqlite3_finalize(statement->at);
}

/* Each row is made when it is asked for. */
static void scan(sql *statement)
{
	(void)statement;
}

static void reset(sql *statement)
{
	sqlite3_reset(statement->at);
}

static void clear(sql *statement)
{
	sqlite3_clear_bindings(statement->at);
}

static void run_script(cnv_store *store, const char *text)
{
	int result = store->status ? SQLITE_OK : sqlite3_exec(store->db, text, NULL, NULL, NULL);

	if (result)
		fail(store, result);
}

/* The shorter statements of a dry run omit parameters: binding those is ignored. */
static void bound(sql *statement, int result)
{
	if (result && !(result == SQLITE_RANGE && statement->store->mode == CNV_STORE_REHEARSE))
		fail(statement->store, result);
}

static void put_integer(sql *statement, uint32_t at, int64_t value)
{
	bound(statement, sqlite3_bind_int64(statement->at, (int)at, value));
}

static void put_text(sql *statement, uint32_t at, cnv_str value)
{
	bound(statement, sqlite3_bind_text64(statement->at, (int)at, value.len ? value.at : "", value.len,
					     SQLITE_STATIC, SQLITE_UTF8));
}

static void put_blob(sql *statement, uint32_t at, const void *value, size_t len)
{
	bound(statement, sqlite3_bind_blob64(statement->at, (int)at, value, len, SQLITE_STATIC));
}

static bool step(sql *statement)
{
	int result = sqlite3_step(statement->at);

	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		fail(statement->store, result);
	sqlite3_reset(statement->at);
	return false;
}

static sql_type kind_of(sql *statement, uint32_t column)
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

static int64_t integer_of(sql *statement, uint32_t column)
{
	return sqlite3_column_int64(statement->at, (int)column);
}

static double real_of(sql *statement, uint32_t column)
{
	return sqlite3_column_double(statement->at, (int)column);
}

static cnv_str text_of(sql *statement, uint32_t column)
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

static int64_t others_wrote(cnv_store *store)
{
	sql ask;
	int64_t version;

	sql_prepare(&ask, store, CNV_STR("PRAGMA main.data_version"));
	version = sql_number(&ask, 0);
	sql_finish(&ask);
	return version;
}

static bool has(cnv_store *store, const char *name)
{
	sql ask;
	bool there;

	sql_prepare(&ask, store, CNV_STR("SELECT 1 FROM main.sqlite_schema WHERE name = ?1"));
	sql_put_text(&ask, 1, cnv_str_from(name));
	there = sql_number(&ask, 0) != 0;
	sql_finish(&ask);
	return there && !store->status;
}

static int64_t last_id(const cnv_store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

static int64_t changes(const cnv_store *store)
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

static void feed_rows(sql *statement, const sql_feed *feed)
{
	statement->store->feed = feed;
	if (step(statement))
		reset(statement);
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

#define CELLS "canvass_cells"

/* The blob is copied: a row may be made before it is asked for. */
static void call_cells(sqlite3_context *context, int count, sqlite3_value **values)
{
	sql_cell cells[SQL_CELLS];

	if (count > (int)SQL_CELLS) {
		sqlite3_result_error_toobig(context);
		return;
	}
	memset(cells, 0, (size_t)count * sizeof *cells);
	for (int i = 0; i < count; i++)
		switch (sqlite3_value_type(values[i])) {
		case SQLITE_NULL:
			break;
		case SQLITE_INTEGER:
			cells[i].kind = CELL_INTEGER;
			cells[i].integer = sqlite3_value_int64(values[i]);
			break;
		case SQLITE_FLOAT:
			cells[i].kind = CELL_REAL;
			cells[i].real = sqlite3_value_double(values[i]);
			break;
		default:
			cells[i].kind = CELL_TEXT;
		}
	sqlite3_result_blob64(context, cells, (size_t)count * sizeof *cells, SQLITE_TRANSIENT);
}

static void add_cells(cnv_store *store)
{
	int result = store->status ? 0
				   : sqlite3_create_function(store->db, CELLS, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
							     NULL, call_cells, NULL, NULL);

	if (result)
		fail(store, result);
}

/* ---------------------------------------------------------------- tables and transactions */

static void make(cnv_store *store, int layout)
{
	char pragmas[96];

	snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION,
		 layout);
	run_script(store, pragmas);
}

static void made(cnv_store *store)
{
	(void)store;
}

static int64_t layout(cnv_store *store)
{
	return store_ask_number(store, "PRAGMA main.user_version");
}

static void begin_reading(cnv_store *store)
{
	run_script(store, "PRAGMA query_only = ON; BEGIN");
}

static void begin(cnv_store *store, bool alone)
{
	run_script(store, alone ? "BEGIN EXCLUSIVE" : "BEGIN");
}

static void commit(cnv_store *store)
{
	run_script(store, "COMMIT");
}

static void roll_back(cnv_store *store)
{
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

static void connect_file(cnv_store *store, bool there)
{
	/* The next process that opens the store rolls an interrupted import back, so readers need write access too. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (there ? 0 : SQLITE_OPEN_CREATE);
	sqlite3 *db = NULL;
	int result;

	result = sqlite3_open_v2(there ? store->path : "", &db, flags, NULL);
	store->db = db;
	if (!db)
		store_no_memory(store);
	else if (result)
		fail(store, result);
	if (store->status)
		return;
	sqlite3_extended_result_codes(store->db, 1);
	result = sqlite3_create_module(store->db, "incoming", &incoming, store);
	if (result)
		fail(store, result);
	add_cells(store);
	sqlite3_busy_handler(store->db, wait_for_others, store);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* The cache sizes are fixed in KiB: memory does not grow with the store. */
	run_script(store, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = OFF;"
			  "PRAGMA mmap_size = 0; PRAGMA temp_store = FILE; PRAGMA cache_size = -4096;"
			  "PRAGMA temp.cache_size = -1024;");
}

static bool disconnect_file(cnv_store *store)
{
	int result = sqlite3_close(store->db);

	if (result) {
		fail(store, result);
		sqlite3_close_v2(store->db);
	}
	store->db = NULL;
	return !result;
}

const sql_engine sql_sqlite = {
	.width = STORE_PART,
	.cells = CELLS,
	.in_file = true,
	.connect = connect_file,
	.disconnect = disconnect_file,
	.make = make,
	.made = made,
	.layout = layout,
	.begin = begin,
	.begin_reading = begin_reading,
	.commit = commit,
	.roll_back = roll_back,
	.script = run_script,
	.prepare = prepare,
	.finish = finish,
	.scan = scan,
	.reset = reset,
	.clear = clear,
	.put_integer = put_integer,
	.put_text = put_text,
	.put_blob = put_blob,
	.step = step,
	.feed = feed_rows,
	.kind = kind_of,
	.integer = integer_of,
	.real = real_of,
	.text = text_of,
	.others_wrote = others_wrote,
	.has = has,
	.last_id = last_id,
	.changes = changes,
};
