/* What a database is to the store: the calls behind sql.h.
 *
 * The store speaks SQL to one connection.  An engine runs it: SQLite in the process, or a PostgreSQL server.  Everything
 * above sql.h is the same for every engine.  An engine reports its errors with store_say, once per public call, and
 * rolls an open transaction back at once (sql_failed). */
#ifndef CANVASS_STORE_ENGINE_H
#define CANVASS_STORE_ENGINE_H

#include "store/sql.h"

typedef struct sql_engine {
	uint32_t width;           /* questions of a part of a table of answers */
	bool in_file;             /* the store is a file, with a folder for large originals next to it */
	const char *const *types; /* of columns of answers, by their coding; NULL: ANY */
	const char *cells;        /* a function of SQL that sql.h describes at sql_cells; NULL: there is none */
	void (*connect)(cnv_store *store, bool there);
	bool (*disconnect)(cnv_store *store);
	/* Within the transaction that makes the tables: before it makes them, and after. */
	void (*make)(cnv_store *store, int layout);
	void (*made)(cnv_store *store);
	int64_t (*layout)(cnv_store *store); /* 0: the tables are still to be made */
	/* A transaction that writes: waits, with patience, for other processes that write.  alone: also until no other
	 * process reads, if readers would make it fail later. */
	void (*begin)(cnv_store *store, bool alone);
	/* A transaction that reads one state of the store until it is closed. */
	void (*begin_reading)(cnv_store *store);
	void (*commit)(cnv_store *store);
	/* Calls store->drop_placed, if there is something to drop, while no other process can write. */
	void (*roll_back)(cnv_store *store);
	void (*script)(cnv_store *store, const char *text);

	void (*prepare)(sql *statement, cnv_str text); /* sets statement->at, or fails */
	void (*finish)(sql *statement);                /* of a prepared statement, as all below */
	void (*scan)(sql *statement);                  /* many rows may come: they are not to be read all at once */
	void (*reset)(sql *statement);
	void (*clear)(sql *statement); /* all parameters NULL */
	void (*put_integer)(sql *statement, uint32_t at, int64_t value);
	void (*put_text)(sql *statement, uint32_t at, cnv_str value);
	void (*put_blob)(sql *statement, uint32_t at, const void *value, size_t len);
	bool (*step)(sql *statement); /* false: at the end (reset), or failed */
	void (*feed)(sql *statement, const sql_feed *feed);

	sql_type (*kind)(sql *statement, uint32_t column);
	int64_t (*integer)(sql *statement, uint32_t column);
	double (*real)(sql *statement, uint32_t column);
	cnv_str (*text)(sql *statement, uint32_t column);

	int64_t (*others_wrote)(cnv_store *store);
	bool (*has)(cnv_store *store, const char *name);
	/* Of the last row that was fed with NULL for its id; a member that is NULL: each row needs its own id. */
	int64_t (*last_id)(const cnv_store *store);
	int64_t (*changes)(const cnv_store *store);
} sql_engine;

extern const sql_engine sql_sqlite;   /* engine_sqlite.c */
extern const sql_engine sql_postgres; /* engine_postgres.c */

/* For engines: after an error that was reported, with its status. */
void sql_failed(cnv_store *store, cnv_status status);

#endif
