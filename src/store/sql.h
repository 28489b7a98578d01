/* sql: what the files of the store share.
 *
 * store.c is the only one that knows SQLite; the others speak to it through the few calls below.
 * Failing is sticky within a public call: after the first failure, which has been told, every
 * call here does nothing and gives nothing, so a function asks store->status once, at its end.
 */
#ifndef CANVASS_STORE_SQL_H
#define CANVASS_STORE_SQL_H

#include "canvass/store.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_context;

/* A prepared statement; { 0 } is one that was never prepared. */
typedef struct sql {
	struct sqlite3_stmt *at;
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
	SQL_PUT_FORM,
	SQL_FORM_BY_SHA256,
	SQL_FORM_BY_VERSION,
	SQL_PUT_FORM_TABLE,
	SQL_PUT_QUESTION,
	SQL_PUT_CHOICE,
	SQL_FORM_TABLES,
	SQL_FORM_QUESTIONS,
	SQL_FORM_CHOICES,
	SQL_READ_ROSTER,
	SQL_PUT_ROSTER,
	SQL_READ_MAP,
	SQL_PUT_MAP,
	SQL_FIND_FILE,
	SQL_FIND_SIZE,
	SQL_RETRY,
	SQL_IS_RETRIED,
	SQL_DROP_RETRIED,
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
	SQL_DATA_VERSION,
	SQL_FIND_INDEX,
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
	SQL_PUT_LEDGER,
	SQL_COUNT_RESPONSES,
	SQL_COUNT_FILES,
	SQL_READ_FILES,
	SQL_COUNT_FINDINGS,
	SQL_READ_FINDINGS,
	SQL_COUNT_UNMATCHED,
	SQL_NEXT_UNMATCHED,
	SQL_FILE_MATCHED,
	SQL_COME,
	SQL_TELL,
	SQL_LAST_QUERY,
	SQL_CLOSE_QUERIES,
	SQL_KEEP_QUERIES,
	SQL_OPEN_QUERIES,
	SQL_NEW_QUERIES,
	SQL_NAME_QUERY,
	SQL_READ_QUERIES,
	SQL_FIND_QUERY,
	SQL_SETTLE_QUERY,
	SQL_COUNT_QUARANTINED,
	SQL_READ_QUARANTINED,
	SQL_FIXED
} sql_fixed;

/* there: to the file at the store's path, else to an empty one that lies nowhere. */
void sql_connect(cnv_store *store, bool there);
bool sql_disconnect(cnv_store *store);
void sql_prepare(sql *statement, cnv_store *store, cnv_str text);
void sql_finish(sql *statement);                     /* frees it; { 0 } is fine */
sql *sql_get(cnv_store *store, sql_fixed which);     /* prepared at its first use, reset, all parameters NULL */
void sql_script(cnv_store *store, const char *text); /* several statements, no rows */

/* Parameters count from 1.  Texts and blobs must stay until the statement has run. */
void sql_put_integer(sql *statement, uint32_t at, int64_t value);
void sql_put_text(sql *statement, uint32_t at, cnv_str value);
void sql_put_blob(sql *statement, uint32_t at, const void *value, size_t len); /* NULL: a NULL */

bool sql_row(sql *statement); /* steps; false at the end (the statement is then reset) or when something failed */
void sql_run(sql *statement); /* runs a statement whose rows do not matter, and resets it */
void sql_reset(sql *statement);
int64_t sql_number(sql *statement, int64_t otherwise); /* column 0 of the first row; resets */

/* Columns of the row count from 0; texts and blobs are borrowed until the next step or reset. */
sql_type sql_kind(sql *statement, uint32_t column);
int64_t sql_integer(sql *statement, uint32_t column);
double sql_real(sql *statement, uint32_t column);
cnv_str sql_text(sql *statement, uint32_t column); /* of a text or blob; numbers and NULL are empty */

int64_t sql_last_id(const cnv_store *store);
int64_t sql_changes(const cnv_store *store); /* rows that the last statement wrote */

/* Rows made by us, which a statement reads as the table `incoming` (columns c0, c1, ...): one statement takes in many
 * rows, half as dear as one run for each.  Texts must stay until the statement has run. */
typedef enum sql_cell_kind {
	CELL_NULL,
	CELL_INTEGER,
	CELL_REAL,
	CELL_TEXT,
	CELL_BLOB,
	CELL_MADE_TEXT, /* in the feed's own bytes */
	CELL_MADE_BLOB
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

cnv_str sql_fixed_text(sql_fixed which, bool rehearse); /* statements.c */
extern const char sql_rehearsal[];                      /* the temporary tables of a rehearsal */

/* ---------------------------------------------------------------- how a value lies in the store (coding.c) */

/* The names are in coding.c, and part of the format. */
typedef enum store_coding {
	CODING_TEXT,
	CODING_INTEGER,
	CODING_REAL,
	CODING_DAY,
	CODING_TIME,
	CODING_MOMENT,
	CODING_CODE,
	CODING_BITS,
	CODING_NAMES,
	CODING_ORDER,
	CODINGS
} store_coding;

/* Lists of more choices are kept by name: the sign bit and one more stay clear. */
#define STORE_BITS 62u

/* What stands in one column of one row.  NULL: not understood, or blank. */
typedef struct store_value {
	sql_type type;
	int64_t integer;
	double real;
	cnv_str text;
} store_value;

typedef struct store_list {
	const cnv_str *names;
	uint32_t count;
	cnv_map by_name;   /* reading only */
	uint32_t *current; /* reading: index in list `current_list` of the current form, CNV_NONE: no longer there */
	uint32_t current_list;
} store_list;

cnv_str store_coding_name(store_coding coding);
bool store_coding_find(cnv_str name, store_coding *coding);
store_coding store_coding_of(const cnv_form *form, const cnv_question *question);
/* Puts the values of one column's cells into a feed: row rows[i] into cells[i * stride].  Where the value does not give
 * the respondent's text back to the byte, bit `bit` of own[i * own_stride] is set.  Texts of several names are appended
 * to `made`. */
typedef struct store_lane {
	const uint32_t *rows;
	uint32_t count, stride, own_stride, bit;
	sql_cell *cells;
	uint64_t *own;
	cnv_text *made, *scratch;
} store_lane;
void store_encode(store_coding coding, const store_list *list, const cnv_column *column, const store_lane *lane);
/* The text a value gives back, appended to `out`. */
void store_value_text(store_coding coding, const store_list *list, const store_value *value, cnv_verdict verdict,
		      cnv_text *out);
/* Fills the typed value of a cell; false: the column cannot hold it. */
bool store_decode(const cnv_form *form, store_coding coding, const store_list *list, const store_value *value,
		  cnv_column *column, uint32_t row);

/* Whole numbers in 7-bit groups, the lowest first. */
void store_put_varint(cnv_text *out, uint64_t value);
#define STORE_VARINT 10u /* bytes of the longest */
size_t store_write_varint(char *out, uint64_t value); /* the bytes written */
bool store_get_varint(cnv_str *rest, uint64_t *value);

/* ---------------------------------------------------------------- one form version (shape.c) */

/* SQLite allows 2,000 columns; 500 a part leave room for ours and keep rows short. */
#define STORE_PART 500u
/* In a part: its first question's column, after the id and what the first part has besides. */
#define STORE_FIRST(index, part) ((part) ? 1u : (index) ? 5u : 2u)
/* As many as `incoming` needs for the rows of any part of the form's tables, and of any table besides. */
uint32_t store_feed_columns(const cnv_form *form);

typedef struct store_column {
	store_coding coding;
	uint32_t list;   /* in that version, CNV_NONE */
	uint32_t column; /* in the current form's table; CNV_NONE: it is not asked any more */
	uint32_t at;     /* reading: where its value stands in the rows of its stream; 0: the value is not read */
	bool wanted;     /* reading: the cell is put into the batch */
	uint64_t key;    /* its path as the digest knows it */
} store_column;

typedef struct store_table {
	uint32_t table; /* in the current form; CNV_NONE: the repeat is not asked any more */
	uint32_t parent;
	store_column *columns;
	uint32_t count;
	uint32_t parts;
	sql *statements; /* one a part: inserts when writing, streams when reading (unprepared where nothing is wanted) */
	bool read;       /* reading: it or a repeat inside it has wanted columns */
	sql *drops;      /* one a part: deletes of one response's rows, prepared when the first is needed */
	uint64_t key;    /* the repeat's path as the digest knows it */
} store_table;

typedef struct store_version {
	int64_t form;
	bool same; /* reading: it is the current form */
	store_table *tables;
	uint32_t count;
	store_list *lists;
	uint32_t list_count, list_room;
	cnv_arena arena;
} store_version;

/* The current form as a version to write; registered in the store, its tables made, where it is new. */
cnv_status store_version_write(cnv_store *store, store_version *version);
/* A version of the form as the store remembers it, its columns paired with those of the current form. */
cnv_status store_version_read(cnv_store *store, store_version *version, int64_t form);
void store_version_fini(store_version *version);
void store_version_drop(cnv_store *store, store_version *version,
			int64_t response); /* deletes the answers of one response */
/* "answers_1_0_0" */
void store_table_name(cnv_text *out, int64_t form, uint32_t table, uint32_t part);

/* ---------------------------------------------------------------- digests of responses (digest.c) */

/* Keys made of others, and of texts. */
uint64_t store_mix(uint64_t a, uint64_t b);
uint64_t store_mix_text(uint64_t seed, cnv_str text);
/* Adds the 128-bit hash of one cell to a sum: the order of the cells does not matter. */
void store_mix_cell(uint64_t sum[2], uint64_t key, cnv_str text);
/* Adds those of a column's cells that are not empty, each to the sum of its owner and with its row's key.  owners NULL: of
 * the responses themselves, whose rows have no keys. */
void store_mix_column(uint64_t (*sums)[2], const uint32_t *owners, const uint64_t *keys, uint64_t key,
		      const cnv_column *column, uint32_t rows);

/* ---------------------------------------------------------------- who may have come before (filter.c) */

typedef struct store_filter {
	uint64_t *words;
	uint32_t bits; /* 2^bits blocks of 64 bytes */
	bool used;     /* something was added */
} store_filter;

bool store_filter_make(store_filter *filter, uint32_t bits); /* empty; nothing when it is there; false: no memory */
void store_filter_free(store_filter *filter);
void store_filter_clear(store_filter *filter);
bool store_filter_has(const store_filter *filter, uint64_t hash);
bool store_filter_add(store_filter *filter, uint64_t hash); /* true: it had it */
void store_filter_expect(const store_filter *filter, uint64_t hash); /* it will be asked for soon */

/* A response by what pairing must know of it. */
typedef struct store_known {
	int64_t id, revision, line;
	cnv_str respondent, digest;
} store_known;

/* Large transactions (pair.c): everyone who came in `round` up to the state `version` of the store, and those of the
 * transaction under way who may have come before. */
typedef struct store_pairing {
	store_filter seen, suspects;
	int64_t round, version; /* round 0: `seen` is of no use yet */
	uint64_t suspected;     /* responses */
} store_pairing;

/* ---------------------------------------------------------------- the store */

struct cnv_store {
	struct sqlite3 *db;
	cnv_store_mode mode;
	const cnv_form *form;
	cnv_str form_bytes;
	char *path;   /* as SQLite is given it */
	cnv_str name; /* as people gave it; within `path` */
	cnv_text round_label, roster_source, roster_bytes, map_source, map_bytes;

	/* the public call under way */
	cnv_status status;
	const char *doing; /* "keep the answers" */
	cnv_diags *diags;

	sql fixed[SQL_FIXED];
	const sql_feed *feed; /* of the statement under way */
	cnv_patience patience;
	uint32_t waited; /* milliseconds, for the lock that is being waited for */

	bool blank; /* the file is empty: its tables are made in the first transaction, and until then nothing is found */

	/* the transaction under way */
	bool open, large;
	bool paired;       /* large: what came is paired */
	bool has_pairs;    /* temp.pair has some */
	int64_t pairs;     /* not large: noted so far */
	bool making; /* it has made the tables */
	cnv_status broken; /* what rolled it back */
	bool indexed;      /* its index of respondents is there for sure */
	int64_t round, file;
	int64_t retried; /* the file whose quarantined records are tried again; their lines are in temp.retried */
	int64_t first_response, next_response;
	cnv_store_counts counts;
	uint32_t originals;          /* of the file put last */
	uint8_t (*placed)[32];       /* large originals that got their names in it */
	uint32_t placed_count, placed_room;
	cnv_keeping *keepings;       /* on their way, the latest first */
	cnv_instant now;
	store_version version;
	bool has_version;
	struct store_window *window; /* NULL before the first batch */
	cnv_cursor *earlier;         /* reads earlier responses; NULL before the first */

	store_pairing pairing;
	/* of a rehearsal: the piece being packed; the last response packed, 0: none is left in pieces; whether what it
	 * must know of the store was copied; and the latter two as they were before the transaction */
	cnv_text spool;
	int64_t spooled, spooled_before;
	bool spooled_pairs; /* temp.spooled_pair has some */
	bool copied, copied_before;
};

/* Every public call starts with this: what is being done, in words, and who hears of failures. */
void store_enter(cnv_store *store, const char *doing, cnv_diags *diags);
/* Fails the call for want of memory. */
void store_no_memory(cnv_store *store);
void store_say(cnv_store *store, cnv_code code, cnv_str hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int64_t store_round(cnv_store *store, cnv_str label); /* list.c; 0: there is none */
void store_remember_round(cnv_store *store);
int64_t store_layout(cnv_store *store);
/* Begins a transaction to write, which makes the tables where the file is empty. */
void store_start(cnv_store *store);
/* Makes the tables of a file that is still empty. */
void store_make(cnv_store *store);
/* An empty store of today's layout that lies in no file. */
void store_blank_open(cnv_store *blank, const cnv_store *like);
void store_blank_close(cnv_store *blank);
/* migrate.c: gives a store of an earlier layout what it lacks; one that is not written, for itself only. */
void store_migrate(cnv_store *store, int layout);
/* query.c: matches the files of a round that wait for it, within the transaction under way; none where they brought
 * more responses than `most`. */
void store_match(cnv_store *store, int64_t round, cnv_instant now, int64_t most);
#define STORE_MATCHED 20000 /* responses matched at the end of an import without making it felt */
uint32_t store_place(sql *read, uint32_t column); /* list.c: a line or column */
void store_take_digest(sql *read, uint32_t column, uint8_t sha256[32]);
void store_window_free(struct store_window *window); /* write.c */
void store_index_respondents(cnv_store *store);      /* write.c: before the first question who came */
void store_forget_earlier(cnv_store *store);         /* read.c: before the transaction ends */
/* pair.c: the beginning and end of a large transaction, and the responses of any transaction between, a window at a
 * time; an empty respondent is none. */
void store_pairing_begin(cnv_store *store);
void store_note(cnv_store *store, const cnv_str *respondents, uint32_t rows, uint64_t *seen);
void store_note_pair(cnv_store *store, int64_t order, const cnv_pair *pair);
void store_pair(cnv_store *store);
void store_pairing_fini(cnv_store *store);
/* originals.c: what an interrupted import left; what the transaction placed, before it is rolled back and after it is
 * committed. */
void store_sweep_originals(cnv_store *store);
void store_drop_originals(cnv_store *store);
void store_settle_originals(cnv_store *store);
bool store_make_folder(const cnv_store *store);
void store_settle_folder(const cnv_store *store); /* waits until its names are on the disk */
bool store_original_name(const cnv_store *store, const uint8_t sha256[32], cnv_text *path); /* NUL-terminated */
bool store_copy_original(cnv_store *store, const char *from, const char *to);
/* adopt.c: within the transaction that brings a store up to date, and after it */
void store_adopt_originals(cnv_store *store);
void store_forget_adopted(cnv_store *store);
bool store_older_name(const cnv_store *store, const uint8_t sha256[32], cnv_text *path); /* in files/, NUL-terminated */
bool store_may_be(const char *path); /* open.c: is it a store of canvass?  What cannot be read may be one. */
/* rehearse.c */
void store_rehearse_small(cnv_store *store); /* before its first question who came */
void store_spool(cnv_store *store, const store_known *known);
void store_end_spool(cnv_store *store);
void store_show_spool(cnv_store *store, void (*show)(cnv_store *store, const store_known *known));
/* Are answers with this digest a new response, a revision, or there already?  *before: the response of the respondent
 * that counts now; its id 0: there is none.  Its texts are not set. */
cnv_outcome store_compare(cnv_store *store, cnv_str respondent, const uint8_t digest[16], store_known *before);

#endif
