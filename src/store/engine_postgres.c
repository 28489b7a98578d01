/* A PostgreSQL server; only this file calls libpq, which is loaded when a store is on a server.
 *
 * A store is a schema of its own, named after its form.  Statements are those of SQLite in PostgreSQL's words (dialect.c).
 * Values travel in binary form, integers in decimal, so that the server converts them to the type of their column.  A statement
 * that is run again is prepared; all rows of a result are in memory, but for scans, which are read in blocks through a
 * cursor.  Rows of a feed are copied (COPY in binary form).
 *
 * Who writes locks the row of the table `store` for the whole transaction, so writers of one store follow each other, and
 * readers are not held up.  A transaction that the server ends all the same because of another one is begun again by the
 * import (must_replay).  Ids are given by sequences, which are set back to the last id when a transaction begins:
 * no other one is under way, and so ids have no gaps, as in a file. */
#include "store/engine.h"

#include "store/address.h"
#include "store/binary.h"
#include "store/dialect.h"
#include "store/state.h"

#ifdef CANVASS_LIBPQ

#include <libpq-fe.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canvass/io.h"

/* ---------------------------------------------------------------- the library */

static struct functions {
	PGconn *(*connect)(const char *const *keywords, const char *const *values, int expand);
	void (*finish)(PGconn *connection);
	ConnStatusType (*status)(const PGconn *connection);
	char *(*trouble)(const PGconn *connection);
	int (*version)(const PGconn *connection);
	PGTransactionStatusType (*transaction)(const PGconn *connection);
	PGresult *(*exec)(PGconn *connection, const char *text);
	PGresult *(*exec_values)(PGconn *connection, const char *text, int count, const Oid *types,
				 const char *const *values, const int *lengths, const int *formats, int format);
	PGresult *(*prepare)(PGconn *connection, const char *name, const char *text, int count, const Oid *types);
	PGresult *(*exec_prepared)(PGconn *connection, const char *name, int count, const char *const *values,
				   const int *lengths, const int *formats, int format);
	ExecStatusType (*result_status)(const PGresult *result);
	char *(*field)(const PGresult *result, int code);
	void (*clear)(PGresult *result);
	int (*rows)(const PGresult *result);
	int (*columns)(const PGresult *result);
	Oid (*type)(const PGresult *result, int column);
	char *(*value)(const PGresult *result, int row, int column);
	int (*length)(const PGresult *result, int row, int column);
	int (*is_null)(const PGresult *result, int row, int column);
	char *(*changed)(PGresult *result);
	char *(*tag)(PGresult *result);
	int (*put_copy)(PGconn *connection, const char *bytes, int count);
	int (*end_copy)(PGconn *connection, const char *trouble);
	PGresult *(*next)(PGconn *connection);
	char *(*quote)(PGconn *connection, const char *name, size_t len);
	void (*free)(void *memory);
} pq;

static const cnv_symbol symbols[] = {
	{ "PQconnectdbParams", offsetof(struct functions, connect) },
	{ "PQfinish", offsetof(struct functions, finish) },
	{ "PQstatus", offsetof(struct functions, status) },
	{ "PQerrorMessage", offsetof(struct functions, trouble) },
	{ "PQserverVersion", offsetof(struct functions, version) },
	{ "PQtransactionStatus", offsetof(struct functions, transaction) },
	{ "PQexec", offsetof(struct functions, exec) },
	{ "PQexecParams", offsetof(struct functions, exec_values) },
	{ "PQprepare", offsetof(struct functions, prepare) },
	{ "PQexecPrepared", offsetof(struct functions, exec_prepared) },
	{ "PQresultStatus", offsetof(struct functions, result_status) },
	{ "PQresultErrorField", offsetof(struct functions, field) },
	{ "PQclear", offsetof(struct functions, clear) },
	{ "PQntuples", offsetof(struct functions, rows) },
	{ "PQnfields", offsetof(struct functions, columns) },
	{ "PQftype", offsetof(struct functions, type) },
	{ "PQgetvalue", offsetof(struct functions, value) },
	{ "PQgetlength", offsetof(struct functions, length) },
	{ "PQgetisnull", offsetof(struct functions, is_null) },
	{ "PQcmdTuples", offsetof(struct functions, changed) },
	{ "PQcmdStatus", offsetof(struct functions, tag) },
	{ "PQputCopyData", offsetof(struct functions, put_copy) },
	{ "PQputCopyEnd", offsetof(struct functions, end_copy) },
	{ "PQgetResult", offsetof(struct functions, next) },
	{ "PQescapeIdentifier", offsetof(struct functions, quote) },
	{ "PQfreemem", offsetof(struct functions, free) },
};

static bool load(cnv_store *store)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	const char *trouble = NULL;

	pthread_mutex_lock(&one_at_a_time);
	if (!loaded)
		trouble = cnv_library_load("libpq.so.5", symbols, sizeof symbols / sizeof *symbols, &pq);
	loaded = !trouble;
	pthread_mutex_unlock(&one_at_a_time);
	if (!trouble)
		return true;
	store_say(store, CNV_STORE_LIBRARY, CNV_STR("install libpq (Debian: package libpq5), or use a store in a file"),
		  "cannot load the library that talks to PostgreSQL: %s", trouble);
	store->status = CNV_NO_ACCESS;
	return false;
}

/* ---------------------------------------------------------------- types */

/* Of PostgreSQL's catalog, where they never change. */
enum { TYPE_BOOL = 16, TYPE_BYTES = 17, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_REAL = BINARY_REAL };

typedef struct server {
	PGconn *at;
	char *schema;             /* in quotes; libpq's */
	cnv_text set_back;        /* sets the sequences back; empty before the first transaction */
	int64_t changed;          /* rows that the last statement wrote */
	unsigned long prepared;   /* statements and cursors so far */
	bool copying;             /* a feed was sent, and the server has not said yet that it took it */
	struct prepared *waiting; /* feeds with rows that were not sent yet, the latest first */
	size_t waiting_bytes;
} server;

/* Rows of a feed wait until they are so many bytes, or until something else is asked of the server: each COPY costs as much as
 * hundreds of rows. */
#define FEED_BYTES ((size_t)1 << 20)
#define MOST_WAITING ((size_t)8 << 20) /* bytes of all feeds: a form may have many tables */
/* A statement that inserts one row each time becomes a feed when it is run more often than this. */
enum { FEW_RUNS = 2 };

/* Rows of the first, the second, ... block of a scan: a reader that needs one row does not wait for many. */
static const int blocks[] = { 16, 64, 256, 1024 };
enum { BLOCKS = sizeof blocks / sizeof blocks[0], DIGITS = 24 };

typedef struct prepared {
	cnv_text text; /* in PostgreSQL's words */
	dialect_places places;
	char name[DIGITS]; /* at the server; empty: not prepared yet */
	unsigned long runs;
	const char *values[DIALECT_PARAMETERS];
	int lengths[DIALECT_PARAMETERS], formats[DIALECT_PARAMETERS];
	char digits[DIALECT_PARAMETERS][DIGITS];
	int64_t integers[DIALECT_PARAMETERS];
	PGresult *rows; /* NULL: not run */
	int row;
	/* of a scan */
	bool scan;
	char cursor[DIGITS]; /* open now; empty: none */
	int block;
	/* of a feed, and of an insert that may become one */
	cnv_text copy; /* empty: it is neither */
	Oid *types;    /* of the columns fed; NULL before the first feed */
	int columns;
	cnv_text bytes; /* of rows that wait */
	bool waits;
	struct prepared *next; /* that waits */
} prepared;

static server *of(const cnv_store *store)
{
	return store->db;
}

/* ---------------------------------------------------------------- failing */

/* SQLSTATE, or the beginning of some, as messages for people.  Others have the server's words. */
static const struct failure {
	const char *state;
	cnv_code code;
	const char *words; /* NULL: the server's own */
	const char *hint;
} failures[] = {
	{ "55P03", CNV_STORE_LOCKED, "another process is using the store",
	  "wait until it has finished, and run this again" },
	{ "40", CNV_STORE_LOCKED, "another process changed the store at the same time", "run this again" },
	{ "42501", CNV_STORE_READ_ONLY, NULL, "ask for permission on the server" },
	{ "25006", CNV_STORE_READ_ONLY, "the server accepts no changes", "" },
	{ "53", CNV_STORE_FULL, NULL, "nothing was changed" },
	{ "22021", CNV_STORE_FAILED, "PostgreSQL cannot keep a text with the character NUL",
	  "import this return into a file" },
	{ "57P", CNV_STORE_FAILED, NULL, "nothing of this was stored; run it again" },
	{ "08", CNV_STORE_FAILED, NULL, "nothing of this was stored; run it again" },
};

/* The first line of a message, without libpq's own beginning. */
static cnv_str first_line(const char *words)
{
	cnv_str text = cnv_str_from(words);
	size_t end = 0;

	while (end < text.len && text.at[end] != '\n')
		end++;
	return cnv_str_slice(text, 0, end);
}

/* Has the server ended the transaction because of another one: a serialization failure, or a deadlock? */
static bool is_conflict(const char *state)
{
	return state && (!strcmp(state, "40001") || !strcmp(state, "40P01"));
}

/* Reports the error of a result (NULL: the connection's), once per call, and rolls the transaction back. */
static void fail(cnv_store *store, PGresult *result)
{
	const struct failure *found = NULL;
	const char *state = result ? pq.field(result, PG_DIAG_SQLSTATE) : NULL;
	const char *message = result ? pq.field(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	cnv_str words;

	if (store->status)
		return;
	if (!result && pq.status(of(store)->at) == CONNECTION_OK) {
		cnv_mem_note_shortage();
		sql_failed(store, CNV_NO_MEMORY);
		return;
	}
	if (store->replays && is_conflict(state)) {
		store->must_replay = true;
		sql_failed(store, CNV_NO_ACCESS);
		return;
	}
	if (!state && pq.status(of(store)->at) != CONNECTION_OK)
		state = "08006";
	for (size_t i = 0; state && i < sizeof failures / sizeof failures[0] && !found; i++)
		if (!strncmp(state, failures[i].state, strlen(failures[i].state)))
			found = &failures[i];
	words = found && found->words ? cnv_str_from(found->words)
				      : first_line(message ? message : pq.trouble(of(store)->at));
	store_say(store, found ? found->code : CNV_STORE_FAILED, cnv_str_from(found ? found->hint : ""),
		  "cannot %s: %.*s", store->doing, CNV_ARG(words));
	sql_failed(store, CNV_NO_ACCESS);
}

static bool is_done(const PGresult *result)
{
	ExecStatusType status = result ? pq.result_status(result) : PGRES_FATAL_ERROR;

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* The server takes a feed while the next one is made; before anything else is asked of it, it says how that went. */
static void end_sent(cnv_store *store)
{
	PGconn *at = of(store)->at;
	PGresult *result;

	if (!of(store)->copying)
		return;
	of(store)->copying = false;
	result = pq.next(at);
	if (!is_done(result))
		fail(store, result);
	while (result) {
		pq.clear(result);
		result = pq.next(at);
	}
}

static void send_rows(cnv_store *store, prepared *p)
{
	PGconn *at = of(store)->at;
	PGresult *result = NULL;
	bool copies;

	binary_end(&p->bytes);
	end_sent(store);
	if (!store->status && (p->bytes.failed || p->bytes.len > INT32_MAX))
		store_no_memory(store);
	if (!store->status)
		result = pq.exec(at, p->copy.at);
	copies = result && pq.result_status(result) == PGRES_COPY_IN;
	if (!store->status && !copies)
		fail(store, result);
	pq.clear(result);
	if (copies) {
		pq.put_copy(at, p->bytes.at, (int)p->bytes.len);
		pq.end_copy(at, NULL);
		of(store)->copying = true;
	}
	cnv_text_reset(&p->bytes);
}

/* No longer among those that wait. */
static void unlink_waiting(cnv_store *store, prepared *p)
{
	prepared **at = &of(store)->waiting;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	p->waits = false;
	of(store)->waiting_bytes -= p->bytes.len;
}

/* Sends what waits, and hears how it went: before anything else is asked of the server. */
static void end_copy(cnv_store *store)
{
	prepared *p;

	while ((p = of(store)->waiting)) {
		unlink_waiting(store, p);
		send_rows(store, p);
	}
	end_sent(store);
}

/* Runs statements without parameters. */
static void exec(cnv_store *store, const char *text)
{
	PGresult *result;

	end_copy(store);
	result = store->status ? NULL : pq.exec(of(store)->at, text);

	if (!store->status && !is_done(result))
		fail(store, result);
	pq.clear(result);
}

/* Runs a text that was made for it, and frees it. */
static void exec_made(cnv_store *store, cnv_text *text)
{
	cnv_text_put_char(text, 0);
	if (text->failed)
		store_no_memory(store);
	else
		exec(store, text->at);
	cnv_text_fini(text);
}

/* ---------------------------------------------------------------- statements */

static void prepare(sql *statement, cnv_str text)
{
	cnv_store *store = statement->store;
	prepared *p = cnv_mem_get(sizeof *p);
	cnv_str fed = dialect_fed(text);
	bool feeds = fed.len;
	dialect_places none;

	if (!p) {
		store_no_memory(store);
		return;
	}
	statement->at = p;
	if (!feeds) {
		dialect_translate(&p->text, text, cnv_str_from(of(store)->schema), &p->places);
		fed = dialect_fed_row(text);
	}
	if (fed.len) {
		cnv_text_put(&p->copy, CNV_STR("COPY "));
		dialect_translate(&p->copy, fed, cnv_str_from(of(store)->schema), &none);
		p->copy.len -= p->copy.len > 0; /* its NUL */
		cnv_text_put(&p->copy, CNV_STR(" FROM STDIN (FORMAT binary)"));
		cnv_text_put_char(&p->copy, 0);
	}
	if (p->copy.failed)
		store_no_memory(store);
	if (p->text.failed)
		store_no_memory(store);
}

static void forget_rows(prepared *p)
{
	pq.clear(p->rows);
	p->rows = NULL;
	p->row = -1;
}

static void close_cursor(sql *statement)
{
	prepared *p = statement->at;
	PGconn *at = of(statement->store)->at;
	char text[2 * DIGITS];

	end_copy(statement->store);
	/* A transaction that has ended, or failed, has closed it. */
	if (*p->cursor && pq.transaction(at) == PQTRANS_INTRANS) {
		snprintf(text, sizeof text, "CLOSE %s", p->cursor);
		pq.clear(pq.exec(at, text));
	}
	*p->cursor = 0;
}

static void reset(sql *statement)
{
	prepared *p = statement->at;

	if (p->rows)
		forget_rows(p);
	if (*p->cursor)
		close_cursor(statement);
}

static void finish(sql *statement)
{
	prepared *p = statement->at;
	PGconn *at = of(statement->store)->at;
	char text[2 * DIGITS];

	reset(statement);
	if (*p->name || p->waits)
		end_copy(statement->store);
	if (*p->name && pq.transaction(at) != PQTRANS_INERROR) {
		snprintf(text, sizeof text, "DEALLOCATE %s", p->name);
		pq.clear(pq.exec(at, text));
	}
	cnv_text_fini(&p->text);
	cnv_text_fini(&p->copy);
	cnv_text_fini(&p->bytes);
	cnv_mem_free(p->types);
	cnv_mem_free(p);
}

static void clear(sql *statement)
{
	prepared *p = statement->at;

	memset(p->values, 0, sizeof p->values);
}

/* The place of a parameter; false: the statement has none of this number. */
static bool find_place(const prepared *p, uint32_t number, uint32_t *at)
{
	if (number > DIALECT_PARAMETERS || !p->places.of[number])
		return false;
	*at = p->places.of[number] - 1u;
	return true;
}

static void put_bytes(sql *statement, uint32_t number, const char *value, size_t len)
{
	prepared *p = statement->at;
	uint32_t at;

	if (!find_place(p, number, &at))
		return;
	if (len > INT32_MAX) {
		store_say(statement->store, CNV_STORE_FAILED, (cnv_str){ 0 }, "cannot %s: too large",
			  statement->store->doing);
		sql_failed(statement->store, CNV_NO_ACCESS);
		return;
	}
	p->values[at] = value;
	p->lengths[at] = (int)len;
	p->formats[at] = 1;
}

static void put_text(sql *statement, uint32_t number, cnv_str value)
{
	put_bytes(statement, number, value.len ? value.at : "", value.len);
}

static void put_blob(sql *statement, uint32_t number, const void *value, size_t len)
{
	put_bytes(statement, number, value, len);
}

static void put_integer(sql *statement, uint32_t number, int64_t value)
{
	prepared *p = statement->at;
	uint32_t at;

	if (!find_place(p, number, &at))
		return;
	snprintf(p->digits[at], sizeof p->digits[at], "%lld", (long long)value);
	p->integers[at] = value;
	p->values[at] = p->digits[at];
	p->lengths[at] = 0;
	p->formats[at] = 0;
}

/* Runs it once; a statement that is run often is prepared at the server the second time. */
static PGresult *run(sql *statement)
{
	prepared *p = statement->at;
	server *s = of(statement->store);

	if (!p->runs++)
		return pq.exec_values(s->at, p->text.at, p->places.count, NULL, p->values, p->lengths, p->formats, 1);
	if (!*p->name) {
		char name[DIGITS];
		PGresult *result;

		snprintf(name, sizeof name, "s%lu", ++s->prepared);
		result = pq.prepare(s->at, name, p->text.at, 0, NULL);
		if (!is_done(result))
			return result;
		pq.clear(result);
		memcpy(p->name, name, sizeof name);
	}
	return pq.exec_prepared(s->at, p->name, p->places.count, p->values, p->lengths, p->formats, 1);
}

static PGresult *fetch(sql *statement)
{
	prepared *p = statement->at;
	char text[3 * DIGITS];

	snprintf(text, sizeof text, "FETCH %d FROM %s", blocks[p->block], p->cursor);
	if (p->block < BLOCKS - 1)
		p->block++;
	return pq.exec_values(of(statement->store)->at, text, 0, NULL, NULL, NULL, NULL, 1);
}

/* Outside a transaction there is no cursor: all rows are read. */
static PGresult *run_scan(sql *statement)
{
	prepared *p = statement->at;
	server *s = of(statement->store);
	PGresult *result;
	cnv_text text = { 0 };

	if (pq.transaction(s->at) != PQTRANS_INTRANS)
		return run(statement);
	snprintf(p->cursor, sizeof p->cursor, "c%lu", ++s->prepared);
	p->block = 0;
	cnv_text_format(&text, "DECLARE %s NO SCROLL CURSOR FOR %s", p->cursor, p->text.at);
	cnv_text_put_char(&text, 0);
	result = text.failed
			 ? NULL
			 : pq.exec_values(s->at, text.at, p->places.count, NULL, p->values, p->lengths, p->formats, 1);
	cnv_text_fini(&text);
	if (!is_done(result)) {
		*p->cursor = 0;
		return result;
	}
	pq.clear(result);
	return fetch(statement);
}

/* The next rows are in p->rows; false: there are none, or it failed. */
static bool take(sql *statement, PGresult *result)
{
	prepared *p = statement->at;

	if (!is_done(result)) {
		*p->cursor = 0;
		fail(statement->store, result);
		pq.clear(result);
		return false;
	}
	if (p->rows)
		forget_rows(p);
	p->rows = result;
	p->row = 0;
	if (!*p->cursor)
		of(statement->store)->changed = strtoll(pq.changed(result), NULL, 10);
	return pq.rows(result) > 0;
}

/* ---------------------------------------------------------------- feeding */

/* Asks for the types of the columns, from "COPY table (columns) FROM ...". */
static void find_types(sql *statement)
{
	prepared *p = statement->at;
	cnv_store *store = statement->store;
	cnv_str text = cnv_text_str(&p->copy);
	size_t open = 0, close = 0;
	cnv_text ask = { 0 };
	PGresult *result = NULL;

	while (open < text.len && text.at[open] != '(')
		open++;
	for (close = open; close < text.len && text.at[close] != ')';)
		close++;
	cnv_text_format(&ask, "SELECT %.*s FROM %.*s LIMIT 0", CNV_ARG(cnv_str_slice(text, open + 1, close)),
			CNV_ARG(cnv_str_slice(text, sizeof "COPY " - 1, open)));
	cnv_text_put_char(&ask, 0);
	if (!ask.failed)
		result = pq.exec_values(of(store)->at, ask.at, 0, NULL, NULL, NULL, NULL, 1);
	cnv_text_fini(&ask);
	if (!is_done(result)) {
		fail(store, result);
	} else {
		p->columns = pq.columns(result);
		p->types = cnv_mem_array((size_t)p->columns, sizeof *p->types);
		if (!p->types)
			store_no_memory(store);
		for (int i = 0; p->types && i < p->columns; i++)
			p->types[i] = pq.type(result, i);
	}
	pq.clear(result);
}

/* Adds rows to those that wait. */
static void add_rows(sql *statement, const sql_feed *feed)
{
	prepared *p = statement->at;
	server *s = of(statement->store);
	size_t before = p->bytes.len;

	if (!p->waits) {
		binary_begin(&p->bytes);
		p->next = s->waiting;
		s->waiting = p;
		p->waits = true;
	}
	binary_rows(&p->bytes, feed, p->types);
	s->waiting_bytes += p->bytes.len - before;
	if (p->bytes.len >= FEED_BYTES || p->bytes.failed) {
		unlink_waiting(statement->store, p);
		send_rows(statement->store, p);
	} else if (s->waiting_bytes >= MOST_WAITING) {
		end_copy(statement->store);
	}
}

static bool learn_types(sql *statement)
{
	prepared *p = statement->at;

	if (!p->types) {
		end_copy(statement->store);
		if (!statement->store->status)
			find_types(statement);
	}
	return !statement->store->status;
}

static void feed_rows(sql *statement, const sql_feed *feed)
{
	if (learn_types(statement))
		add_rows(statement, feed);
}

/* Feeds the row of an insert; false: a value is not of the type of its column, which only an insert converts. */
static bool feed_row(sql *statement)
{
	prepared *p = statement->at;
	sql_cell cells[DIALECT_PARAMETERS];
	uint32_t count = p->places.count;

	if (!learn_types(statement))
		return true;
	for (uint32_t i = 0; i < count; i++) {
		bool number = p->types[i] == TYPE_INT8 || p->types[i] == TYPE_REAL;

		if (p->values[i] && number == (p->formats[i] == 1))
			return false;
		cells[i] =
			!p->values[i] ? (sql_cell){ .kind = CELL_NULL }
			: number      ? (sql_cell){ .kind = CELL_INTEGER, .integer = p->integers[i] }
				 : (sql_cell){ .kind = CELL_TEXT, .at = p->values[i], .len = (uint32_t)p->lengths[i] };
	}
	of(statement->store)->changed = 1;
	add_rows(statement, &(sql_feed){ .cells = cells, .rows = 1, .columns = count });
	return true;
}

/* ---------------------------------------------------------------- rows */

static bool step(sql *statement)
{
	prepared *p = statement->at;
	bool more = false;

	if (p->copy.len && !statement->store->status && p->runs >= FEW_RUNS && feed_row(statement))
		return false;
	if (!p->rows || p->row + 1 == pq.rows(p->rows))
		end_copy(statement->store);
	if (statement->store->status) {
		/* the feed before it has failed */
	} else if (!p->rows) {
		more = take(statement, p->scan ? run_scan(statement) : run(statement));
	} else if (p->row + 1 < pq.rows(p->rows)) {
		p->row++;
		return true;
	} else {
		more = *p->cursor && take(statement, fetch(statement));
	}
	if (!more)
		reset(statement);
	return more;
}

static void scan(sql *statement)
{
	((prepared *)statement->at)->scan = true;
}

/* ---------------------------------------------------------------- columns */

static uint64_t read_bytes(const char *at, int count)
{
	uint64_t number = 0;

	for (int i = 0; i < count; i++)
		number = number << 8 | (unsigned char)at[i];
	return number;
}

static double real_at(const char *at)
{
	uint64_t bits = read_bytes(at, 8);
	double number;

	memcpy(&number, &bits, sizeof number);
	return number;
}

static sql_type kind_of(sql *statement, uint32_t column)
{
	const prepared *p = statement->at;

	if (pq.is_null(p->rows, p->row, (int)column))
		return SQL_NULL;
	switch (pq.type(p->rows, (int)column)) {
	case TYPE_BOOL:
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		return SQL_INTEGER;
	case TYPE_REAL:
		return SQL_REAL;
	case TYPE_BYTES:
		return SQL_BLOB;
	default:
		return SQL_TEXT;
	}
}

static int64_t integer_of(sql *statement, uint32_t column)
{
	const prepared *p = statement->at;
	const char *value = pq.value(p->rows, p->row, (int)column);

	if (pq.is_null(p->rows, p->row, (int)column))
		return 0;
	switch (pq.type(p->rows, (int)column)) {
	case TYPE_BOOL:
		return *value;
	case TYPE_INT2:
		return (int16_t)read_bytes(value, 2);
	case TYPE_INT4:
		return (int32_t)read_bytes(value, 4);
	case TYPE_INT8:
		return (int64_t)read_bytes(value, 8);
	case TYPE_REAL:
		return (int64_t)real_at(value);
	default:
		return 0;
	}
}

static double real_of(sql *statement, uint32_t column)
{
	const prepared *p = statement->at;

	if (kind_of(statement, column) == SQL_REAL)
		return real_at(pq.value(p->rows, p->row, (int)column));
	return (double)integer_of(statement, column);
}

static cnv_str text_of(sql *statement, uint32_t column)
{
	const prepared *p = statement->at;
	sql_type type = kind_of(statement, column);

	if (type != SQL_TEXT && type != SQL_BLOB)
		return (cnv_str){ "", 0 };
	return (cnv_str){ pq.value(p->rows, p->row, (int)column), (size_t)pq.length(p->rows, p->row, (int)column) };
}

static int64_t changes(const cnv_store *store)
{
	return of(store)->changed;
}

/* ---------------------------------------------------------------- scripts and questions */

static void run_script(cnv_store *store, const char *text)
{
	cnv_text words = { 0 };
	dialect_places places;

	dialect_translate(&words, cnv_str_from(text), cnv_str_from(of(store)->schema), &places);
	exec_made(store, &words);
}

static int64_t others_wrote(cnv_store *store)
{
	return store_ask_number(store, "SELECT coalesce(max(id), 0) FROM event");
}

static bool has(cnv_store *store, const char *name)
{
	cnv_text path = { 0 };
	bool there, blank = store->blank;
	sql ask;

	store->blank = false;
	cnv_text_format(&path, "%s.%s", of(store)->schema, name);
	sql_prepare(&ask, store, CNV_STR("SELECT CASE WHEN to_regclass(?1) IS NULL THEN 0 ELSE 1 END"));
	sql_put_text(&ask, 1, cnv_text_str(&path));
	there = sql_number(&ask, 0) != 0;
	sql_finish(&ask);
	cnv_text_fini(&path);
	store->blank = blank;
	return there && !store->status;
}

static int64_t layout(cnv_store *store)
{
	return has(store, "canvass") ? store_ask_number(store, "SELECT layout FROM canvass") : 0;
}

/* ---------------------------------------------------------------- transactions */

/* Sets the sequence of each table back to its last id. */
static void make_set_back(cnv_store *store)
{
	server *s = of(store);
	const char *comma = "SELECT ";
	bool blank = store->blank;
	sql read;

	store->blank = false;
	cnv_text_reset(&s->set_back);
	sql_prepare(&read, store,
		    CNV_STR("SELECT c.relname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid ="
			    " a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ="
			    " current_schema() AND a.attidentity = 'd' AND c.relname NOT LIKE 'answers%' ORDER BY 1"));
	while (sql_row(&read)) {
		cnv_str table = sql_text(&read, 0);

		cnv_text_format(&s->set_back,
				"%spg_catalog.setval(pg_catalog.pg_get_serial_sequence('%.*s', 'id'), coalesce("
				"(SELECT max(id) FROM %.*s), 0) + 1, false)",
				comma, CNV_ARG(table), CNV_ARG(table));
		comma = ", ";
	}
	sql_finish(&read);
	cnv_text_put_char(&s->set_back, 0);
	if (s->set_back.failed)
		store_no_memory(store);
	store->blank = blank;
}

/* Whatever the server's default is: the lock keeps writers apart, and who has waited for it must see what they wrote. */
#define BEGIN "BEGIN ISOLATION LEVEL READ COMMITTED"

/* One try to be the one who writes; false: another process is, or it failed. */
static bool lock(cnv_store *store, bool there)
{
	server *s = of(store);
	PGresult *result;
	bool done;

	exec(store,
	     store->patience.seconds ? BEGIN "; SET LOCAL lock_timeout = 1000" : BEGIN "; SET LOCAL lock_timeout = 1");
	if (store->status)
		return false;
	result = pq.exec(s->at, there ? "SELECT form_id FROM store FOR UPDATE; SET LOCAL lock_timeout = 0"
				      : "SELECT pg_catalog.pg_advisory_xact_lock(7093427); SET LOCAL lock_timeout = 0");
	done = is_done(result);
	if (!done) {
		const char *state = result ? pq.field(result, PG_DIAG_SQLSTATE) : NULL;
		bool waits = state && (!strcmp(state, "55P03") || is_conflict(state)) &&
			     store->waited / 1000 < store->patience.seconds;

		if (!waits)
			fail(store, result);
		pq.clear(pq.exec(s->at, "ROLLBACK"));
	}
	pq.clear(result);
	return done;
}

static void begin(cnv_store *store, bool alone)
{
	bool locked = false, there;

	if (!alone) {
		exec(store, BEGIN);
		return;
	}
	store->waited = 0;
	do {
		there = has(store, "store");
		locked = !store->status && lock(store, there);
		if (locked && !there && has(store, "store")) {
			/* Another process has made the tables meanwhile: their row is the lock. */
			exec(store, "ROLLBACK");
			locked = false;
		} else if (!locked && !store->status) {
			store->waited += 1000;
			if (store->patience.waiting)
				store->patience.waiting(store->patience.self, store->name, store->waited / 1000);
		}
	} while (!locked && !store->status);
	if (there && !store->status && !of(store)->set_back.len)
		make_set_back(store);
	if (there && !store->status)
		exec(store, of(store)->set_back.at);
}

static void commit(cnv_store *store)
{
	PGresult *result;

	end_copy(store);
	if (store->status)
		return;
	result = pq.exec(of(store)->at, "COMMIT");
	if (!is_done(result) || strcmp(pq.tag(result), "COMMIT") != 0)
		fail(store, result);
	pq.clear(result);
}

static void roll_back(cnv_store *store)
{
	/* What was under way is discarded with the transaction. */
	of(store)->copying = false;
	for (prepared *p = of(store)->waiting; p; p = p->next) {
		cnv_text_reset(&p->bytes);
		p->waits = false;
	}
	of(store)->waiting = NULL;
	of(store)->waiting_bytes = 0;
	if (pq.transaction(of(store)->at) != PQTRANS_IDLE)
		pq.clear(pq.exec(of(store)->at, "ROLLBACK"));
	if (store->making)
		cnv_text_reset(&of(store)->set_back);
}

/* One state of the store, until the connection ends. */
static void begin_reading(cnv_store *store)
{
	exec(store, "BEGIN ISOLATION LEVEL REPEATABLE READ");
}

/* Within a transaction: the schema, and what it has besides the store's own tables. */
static void make(cnv_store *store, int number)
{
	cnv_text text = { 0 };

	cnv_text_format(&text,
			"CREATE SCHEMA IF NOT EXISTS %s; CREATE TABLE canvass (layout bigint);"
			"INSERT INTO canvass VALUES (%d);"
			"CREATE FUNCTION keep_event() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION"
			" ''an event cannot be changed or deleted''; END';",
			of(store)->schema, number);
	exec_made(store, &text);
}

static void made(cnv_store *store)
{
	/* Most originals are far larger than a page, and compressing them costs more than it saves. */
	exec(store, "ALTER TABLE original ALTER bytes SET STORAGE EXTERNAL");
	exec(store, "CREATE TRIGGER event_is_final BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION"
		    " keep_event()");
}

/* ---------------------------------------------------------------- the connection */

/* Commits must survive a power failure. */
static void check_durable(cnv_store *store)
{
	PGresult *result = pq.exec(of(store)->at, "SHOW fsync");
	bool safe = is_done(result) && pq.rows(result) == 1 && !strcmp(pq.value(result, 0, 0), "on");

	pq.clear(result);
	if (safe || store->status)
		return;
	store_say(store, CNV_STORE_UNSAFE, CNV_STR("set fsync = on at the server"),
		  "the server does not wait for its disk (fsync is off)");
	store->status = CNV_NO_ACCESS;
}

/* Of a store whose form is not known: the schema that the address names, or else the only one of the database. */
static void find_schema(cnv_store *store, cnv_text *schema)
{
	PGresult *result =
		pq.exec(of(store)->at,
			"SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE 'canvass\\_%' AND"
			" pg_catalog.to_regclass(pg_catalog.quote_ident(nspname) || '.store') IS NOT NULL ORDER BY"
			" nspname IS DISTINCT FROM current_schema(), nspname");
	PGresult *named = pq.exec(of(store)->at, "SELECT 1 WHERE current_schema() LIKE 'canvass\\_%'");
	int count = 0;

	if (!is_done(result) || !is_done(named))
		fail(store, is_done(result) ? named : result);
	else
		count = pq.rows(result);
	if (count)
		cnv_text_put(schema, cnv_str_from(pq.value(result, 0, 0)));
	if (count > 1 && !pq.rows(named)) {
		store_say(store, CNV_STORE_SEVERAL,
			  CNV_STR("add the schema to the address: options=-csearch_path%3Dcanvass_FORM"),
			  "the database has stores of several forms");
		store->status = CNV_REJECTED;
	} else if (!count && !store->status) {
		store_say(store, CNV_STORE_MISSING, CNV_STR("import a returned file first"),
			  "the database has no store yet");
		store->status = CNV_NO_ACCESS;
	}
	pq.clear(result);
	pq.clear(named);
}

static void settle(cnv_store *store)
{
	server *s = of(store);
	cnv_text text = { 0 };
	cnv_text schema = { 0 };

	if (store->form)
		store_schema_name(&schema, store->form->id);
	else
		find_schema(store, &schema);
	s->schema = schema.failed || store->status ? NULL : pq.quote(s->at, schema.at, schema.len);
	cnv_text_fini(&schema);
	if (store->status)
		return;
	if (!s->schema) {
		store_no_memory(store);
		return;
	}
	cnv_text_format(&text,
			"SET client_min_messages = warning; SET standard_conforming_strings = on;"
			"SET synchronous_commit = on; SET search_path = %s",
			s->schema);
	exec_made(store, &text);
}

static void connect_server(cnv_store *store, bool there)
{
	const char *const keywords[] = { "dbname", "fallback_application_name", "client_encoding", NULL };
	const char *const values[] = { store->path, "canvass", "UTF8", NULL };
	server *s;

	(void)there;
	if (!load(store))
		return;
	s = store->db = cnv_mem_get(sizeof *s);
	if (s)
		s->at = pq.connect(keywords, values, 1);
	if (!s || !s->at) {
		store_no_memory(store);
		return;
	}
	if (pq.status(s->at) != CONNECTION_OK) {
		store_say(store, CNV_STORE_CANNOT_OPEN,
			  CNV_STR("check the address, and that the server is running and lets you in"),
			  "cannot connect: %.*s", CNV_ARG(first_line(pq.trouble(s->at))));
		store->status = CNV_NO_ACCESS;
		return;
	}
	if (pq.version(s->at) < 120000) {
		store_say(store, CNV_STORE_CANNOT_OPEN, CNV_STR("canvass needs PostgreSQL 12 or later"),
			  "the server is too old");
		store->status = CNV_NO_ACCESS;
		return;
	}
	settle(store);
	if (!store->status && store->mode == CNV_STORE_WRITE)
		check_durable(store);
}

static bool disconnect_server(cnv_store *store)
{
	server *s = of(store);

	if (!s)
		return true;
	if (s->schema)
		pq.free(s->schema);
	pq.finish(s->at);
	cnv_text_fini(&s->set_back);
	cnv_mem_free(s);
	store->db = NULL;
	return true;
}

/* How answers are kept; whole numbers and decimals alike, since a calculation may give either. */
static const char *const types[CODINGS] = {
	[CODING_TEXT] = "TEXT",
	[CODING_INTEGER] = "double precision",
	[CODING_REAL] = "double precision",
	[CODING_DAY] = "INTEGER",
	[CODING_TIME] = "INTEGER",
	[CODING_MOMENT] = "INTEGER",
	[CODING_CODE] = "INTEGER",
	[CODING_BITS] = "INTEGER",
	[CODING_NAMES] = "TEXT",
	[CODING_ORDER] = "TEXT",
};

const sql_engine sql_postgres = {
	.width = STORE_PART_SERVER,
	.types = types,
	.connect = connect_server,
	.disconnect = disconnect_server,
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
	.changes = changes,
};

#else

static void connect_server(cnv_store *store, bool there)
{
	(void)there;
	store_say(store, CNV_STORE_LIBRARY, CNV_STR("use a store in a file, or a canvass that was built with libpq"),
		  "this canvass was built without PostgreSQL");
	store->status = CNV_NO_ACCESS;
}

static bool disconnect_server(cnv_store *store)
{
	(void)store;
	return true;
}

static void roll_back(cnv_store *store)
{
	(void)store;
}

const sql_engine sql_postgres = { .connect = connect_server, .disconnect = disconnect_server, .roll_back = roll_back };

#endif
