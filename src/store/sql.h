/* The connection to the store's database and its statements, which an engine runs (engine.h).
 *
 * Failure is sticky within a public call: after the first failure, which has been reported, every call here does
 * nothing and returns nothing, so a function checks store->status once, at its end. */
#ifndef CANVASS_STORE_SQL_H
#define CANVASS_STORE_SQL_H

#include "canvass/store.h"

/* A prepared statement; { 0 } is one that has not been prepared. */
typedef struct sql {
	void *at; /* the engine's; NULL: nothing is prepared, and there are no rows */
	cnv_store *store;
	/* of a stream (read.c): whether a row waits, and its key */
	enum { STREAM_UNASKED, STREAM_ROW, STREAM_END } stream;
	int64_t key;
} sql;

typedef enum sql_type { SQL_NULL, SQL_INTEGER, SQL_REAL, SQL_TEXT, SQL_BLOB } sql_type;

/* The statements that do not depend on the form; their texts are in statements.c. */
typedef enum sql_fixed {
	SQL_FIND_ROUND,
	SQL_PUT_ROUND,
	SQL_OTHERS_NOT_CURRENT,
	SQL_ROUND_CURRENT,
	SQL_CURRENT_ROUND,
	SQL_FIND_FORM,
	SQL_FORM_SHA256,
	SQL_PUT_FORM,
	SQL_FORM_BY_SHA256,
	SQL_FORM_BY_VERSION,
	SQL_PUT_FORM_TABLE,
	SQL_PUT_QUESTION,
	SQL_PUT_CHOICE,
	SQL_PUT_VIEW_COLUMN,
	SQL_FORM_TABLES,
	SQL_FORM_QUESTIONS,
	SQL_FORM_CHOICES,
	SQL_READ_ROSTER,
	SQL_HAS_MEMBERS,
	SQL_PUT_MEMBER,
	SQL_HAS_ROSTER,
	SQL_PUT_ROSTER,
	SQL_READ_MAP,
	SQL_HAS_MAP,
	SQL_PUT_MAP,
	SQL_FIND_FILE,
	SQL_FIND_SIZE,
	SQL_RETRY,
	SQL_IS_RETRIED,
	SQL_DROP_RETRIED,
	SQL_DROP_UNNAMED,
	SQL_PUT_FILE,
	SQL_SET_FILE,
	SQL_END_FILE,
	SQL_DROP_FILE_QUARANTINE,
	SQL_DROP_FILE_ORIGINALS,
	SQL_DROP_FILE_BESIDES,
	SQL_DROP_FILE,
	SQL_PUT_ORIGINAL,
	SQL_IS_KEPT,
	SQL_FIND_BESIDE,
	SQL_PUT_BESIDE,
	SQL_PUT_JUDGED_WITH,
	SQL_PUT_QUARANTINE,
	SQL_MARK_FILE,
	SQL_LAST_RESPONSE,
	SQL_LATEST,
	SQL_PUT_RESPONSE,
	SQL_PUT_RESPONSES,
	SQL_SET_LATER,
	SQL_SET_REVISION,
	SQL_ALL_LATEST,
	SQL_PUT_SUSPECT,
	SQL_READ_SUSPECTS,
	SQL_PUT_PAIR,
	SQL_LAST_PAIR,
	SQL_READ_PAIRS,
	SQL_PUT_SPOOL,
	SQL_READ_SPOOL,
	SQL_SPOOLED_REVISION,
	SQL_DROP_RESPONSE,
	SQL_DROP_REMARKS,
	SQL_DROP_FINDINGS,
	SQL_DROP_LEDGER,
	SQL_PUT_REMARK,
	SQL_PUT_FINDING,
	SQL_COUNT_SAME_FINDINGS,
	SQL_OF_RESPONSE,
	SQL_PUT_LEDGER,
	SQL_PUT_PRIOR,
	SQL_FIND_REVISION,
	SQL_COUNT_RESPONSES,
	SQL_COUNT_FILES,
	SQL_READ_FILES,
	SQL_COUNT_FINDINGS,
	SQL_READ_FINDINGS,
	SQL_READ_LEDGER,
	SQL_COUNT_UNMATCHED,
	SQL_NEXT_UNMATCHED,
	SQL_FILE_MATCHED,
	SQL_COME,
	SQL_NUMBER_FINDINGS,
	SQL_FIND_SEVERAL,
	SQL_HAS_SEVERAL,
	SQL_DROP_SEVERAL,
	SQL_RENUMBER_FINDINGS,
	SQL_LAST_QUERY,
	SQL_CLOSE_QUERIES,
	SQL_KEEP_QUERIES,
	SQL_OPEN_QUERIES,
	SQL_NEW_QUERIES,
	SQL_NAME_QUERY,
	SQL_READ_QUERIES,
	SQL_FIND_QUERY,
	SQL_SETTLE_QUERY,
	SQL_LAST_EVENT,
	SQL_PUT_EVENT,
	SQL_END_EVENT,
	SQL_SET_EVENT,
	SQL_COUNT_QUARANTINED,
	SQL_READ_QUARANTINED,

	/* roll-ups (rollup.c) */
	SQL_IS_ROLLED,
	SQL_ROLL,
	SQL_ROLLED_RESPONSES,
	SQL_ROLLED_WHOLE,
	SQL_NOT_WHOLE,
	SQL_NOT_WHOLE_OTHERS,
	SQL_ROLLED_CROWDS,
	SQL_READ_ROLLED_NUMBERS,
	SQL_READ_ROLLED_MANY,
	SQL_UNROLL,
	SQL_UNROLL_OTHERS,
	SQL_UNROLL_ZEROS,
	SQL_UNROLL_NUMBERS,
	SQL_UNROLL_EXTREMES,
	SQL_READ_ROLLED,
	SQL_COUNT_SOME,
	SQL_OTHER_FILE,
	SQL_COUNT_PROBLEMS,
	SQL_COUNT_WAIVED,
	SQL_ROLLED_FINDINGS,
	SQL_FINDINGS_OF_FORM,
	SQL_FINDINGS_OF_RESPONSE,

	/* and by group (rollup_group.c) */
	SQL_IS_GROUPED,
	SQL_HAS_GROUPS,
	SQL_GROUP,
	SQL_GROUP_ROSTER,
	SQL_UNGROUP,
	SQL_UNGROUP_ROSTER,
	SQL_UNGROUP_OTHERS,
	SQL_UNGROUP_OTHER_ROSTERS,
	SQL_UNGROUP_ZEROS,
	SQL_UNGROUP_STALE,
	SQL_UNGROUP_STALE_ROSTERS,
	SQL_READ_GROUPED,
	SQL_FIXED
} sql_fixed;

/* there: opens the file at the store's path; otherwise an empty database without a file. */
void sql_connect(cnv_store *store, bool there);
bool sql_disconnect(cnv_store *store);
void sql_begin(cnv_store *store, bool alone); /* engine.h */
void sql_commit(cnv_store *store);
void sql_begin_reading(cnv_store *store);
void sql_roll_back(cnv_store *store); /* rolls back the open transaction */
void sql_prepare(sql *statement, cnv_store *store, cnv_str text);
void sql_finish(sql *statement);                     /* frees it; { 0 } is allowed */
sql *sql_get(cnv_store *store, sql_fixed which);     /* prepared at its first use, reset, all parameters NULL */
void sql_script(cnv_store *store, const char *text); /* several statements, no rows */

/* Parameters count from 1.  Texts and blobs must remain valid until the statement has run. */
void sql_put_integer(sql *statement, uint32_t at, int64_t value);
void sql_put_text(sql *statement, uint32_t at, cnv_str value);
void sql_put_blob(sql *statement, uint32_t at, const void *value, size_t len); /* NULL binds NULL */

bool sql_row(sql *statement); /* steps; false at the end (the statement is then reset) or when something failed */
void sql_run(sql *statement); /* runs a statement without using its rows, and resets it */
void sql_reset(sql *statement);
void sql_scan(sql *statement);                         /* after it was prepared: many rows may come */
int64_t sql_number(sql *statement, int64_t otherwise); /* column 0 of the first row; resets */

/* Columns of the row count from 0; texts and blobs are borrowed until the next step or reset. */
sql_type sql_kind(sql *statement, uint32_t column);
int64_t sql_integer(sql *statement, uint32_t column);
double sql_real(sql *statement, uint32_t column);
cnv_str sql_text(sql *statement, uint32_t column); /* of a text or blob; numbers and NULL are empty */

/* A number that is another after another process has written. */
int64_t sql_others_wrote(cnv_store *store);
bool sql_has(cnv_store *store, const char *name); /* has the store a table or an index of this name? */
int64_t sql_changes(const cnv_store *store);      /* rows that the last statement wrote */

/* Rows in memory, which a statement reads as the table `incoming` (columns c0, c1, ...): one statement inserts many
 * rows at half the cost of one run per row.  Texts must remain valid until the statement has run. */
typedef enum sql_cell_kind {
	CELL_NULL,
	CELL_INTEGER,
	CELL_REAL,
	CELL_TEXT,
	CELL_BLOB,
	CELL_MADE_TEXT /* in the feed's own bytes */
} sql_cell_kind;
typedef struct sql_cell {
	union {
		int64_t integer;
		double real;
		const char *at;
		size_t from; /* in `made` */
	};
	uint32_t len;
	uint8_t kind; /* sql_cell_kind */
} sql_cell;
typedef struct sql_feed {
	const sql_cell *cells; /* row by row */
	uint32_t rows, columns;
	const char *made;
} sql_feed;
void sql_run_feed(sql *statement, const sql_feed *feed);

/* NAME(a, b, ...), of at most so many columns, is a blob with a sql_cell for each: NULL, a number, or CELL_TEXT without
 * its bytes.  In a scan of many columns it takes half the time of reading each.  NULL: the engine has no such function. */
#define SQL_CELLS 64u
const char *sql_cells(const cnv_store *store);

/* Whether a fed row whose id is NULL has the one after the highest, and the id of the last such row. */
bool sql_counts_ids(const cnv_store *store);
int64_t sql_last_id(const cnv_store *store);

/* Makes NAME(bytes, number) a function of this connection: what `unpack` appends to `out`, or the bytes as they are if
 * it returns false.  `unpacking` must outlive the connection. */
typedef struct sql_unpacking {
	bool (*unpack)(cnv_str bytes, uint32_t number, cnv_text *out);
} sql_unpacking;
void sql_add_unpack(cnv_store *store, const char *name, const sql_unpacking *unpacking);

cnv_str sql_fixed_text(sql_fixed which, bool rehearse); /* statements.c */
extern const char sql_rehearsal[];                      /* creates the temporary tables of a dry run */

#endif
