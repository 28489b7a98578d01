/* The connection to the store's database and its statements: what is the same for every engine.
 *
 * Failure is reported once per public call and is sticky; an open transaction is rolled back at once. */
#include "store/sql.h"

#include "store/engine.h"
#include "store/state.h"

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
		sql_reset(&store->fixed[i]);
	store->engine->roll_back(store);
	store->placed_count = 0;
	store->open = false;
	store->spooled = store->spooled_before;
	store->copied = store->copied_before;
	store->blank |= store->making;
	store->making = false;
}

void sql_failed(cnv_store *store, cnv_status status)
{
	store->status = status;
	if (store->open) {
		sql_roll_back(store);
		store->broken = store->status;
	}
}

/* ---------------------------------------------------------------- statements */

void sql_prepare(sql *statement, cnv_store *store, cnv_str text)
{
	*statement = (sql){ .store = store };
	if (store->status || store->blank || !text.len)
		return;
	store->engine->prepare(statement, text);
}

void sql_finish(sql *statement)
{
	if (statement->at)
		statement->store->engine->finish(statement);
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
		store->engine->reset(statement);
		store->engine->clear(statement);
	}
	return statement;
}

void sql_script(cnv_store *store, const char *text)
{
	if (!store->status)
		store->engine->script(store, text);
}

void sql_put_integer(sql *statement, uint32_t at, int64_t value)
{
	if (statement->at)
		statement->store->engine->put_integer(statement, at, value);
}

void sql_put_text(sql *statement, uint32_t at, cnv_str value)
{
	if (statement->at)
		statement->store->engine->put_text(statement, at, value);
}

void sql_put_blob(sql *statement, uint32_t at, const void *value, size_t len)
{
	if (statement->at)
		statement->store->engine->put_blob(statement, at, value, len);
}

bool sql_row(sql *statement)
{
	return statement->at && !statement->store->status && statement->store->engine->step(statement);
}

void sql_run(sql *statement)
{
	if (sql_row(statement))
		statement->store->engine->reset(statement);
}

void sql_run_feed(sql *statement, const sql_feed *feed)
{
	if (statement->at && !statement->store->status)
		statement->store->engine->feed(statement, feed);
}

void sql_reset(sql *statement)
{
	if (statement->at)
		statement->store->engine->reset(statement);
}

void sql_scan(sql *statement)
{
	if (statement->at)
		statement->store->engine->scan(statement);
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
	return statement->store->engine->kind(statement, column);
}

int64_t sql_integer(sql *statement, uint32_t column)
{
	return statement->store->engine->integer(statement, column);
}

double sql_real(sql *statement, uint32_t column)
{
	return statement->store->engine->real(statement, column);
}

cnv_str sql_text(sql *statement, uint32_t column)
{
	return statement->store->engine->text(statement, column);
}

int64_t sql_others_wrote(cnv_store *store)
{
	return store->status ? 0 : store->engine->others_wrote(store);
}

bool sql_has(cnv_store *store, const char *name)
{
	return !store->status && store->engine->has(store, name);
}

const char *sql_cells(const cnv_store *store)
{
	return store->engine->cells;
}

bool sql_counts_ids(const cnv_store *store)
{
	return store->engine->last_id;
}

int64_t sql_last_id(const cnv_store *store)
{
	return store->engine->last_id(store);
}

int64_t sql_changes(const cnv_store *store)
{
	return store->engine->changes(store);
}

/* ---------------------------------------------------------------- the connection */

void sql_connect(cnv_store *store, bool there)
{
	store->engine->connect(store, there);
}

bool sql_disconnect(cnv_store *store)
{
	return store->engine->disconnect(store);
}

void sql_begin(cnv_store *store, bool alone)
{
	if (!store->status)
		store->engine->begin(store, alone);
}

void sql_begin_reading(cnv_store *store)
{
	if (!store->status)
		store->engine->begin_reading(store);
}

void sql_commit(cnv_store *store)
{
	if (!store->status)
		store->engine->commit(store);
}
