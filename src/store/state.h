/* State of the store: its open mode, the current public call and the current transaction. */
#ifndef CANVASS_STORE_STATE_H
#define CANVASS_STORE_STATE_H

#include "store/filter.h"
#include "store/shape.h"

/* "CNVS", at byte 68 of the file. */
#define STORE_APPLICATION 0x434e5653
/* Incremented when an older canvass could no longer read or extend the store. */
#define STORE_LAYOUT 10
/* The first that follows several findings of one cell, and the first with sketches in its roll-ups. */
#define LAYOUT_OF_SEVERAL 10
#define LAYOUT_OF_SKETCHES 10

struct cnv_store {
	const struct sql_engine *engine;
	void *db; /* the engine's connection */
	cnv_store_mode mode;
	bool more; /* this process has the store open already */
	const cnv_form *form;
	cnv_str form_bytes;
	char *path;   /* as passed to the engine */
	cnv_str name; /* as people see it; part of `path` */
	cnv_text round_label, roster_source, roster_bytes, map_source, map_bytes;

	/* who acts, and when, for events */
	cnv_str who;
	cnv_str because; /* reason of the imports from now on */
	cnv_instant acts_at;
	bool acts;
	bool by_hand; /* the imports from now on were typed in */

	/* the current public call */
	cnv_status status;
	const char *doing; /* "store the answers" */
	cnv_diags *diags;

	const cnv_migration **carries; /* of versions that are read */
	uint32_t carry_count, carry_room;
	bool carry_failed; /* one could not be added: no memory */

	sql fixed[SQL_FIXED];
	const sql_feed *feed;  /* of the current statement */
	uint32_t feed_columns; /* of `incoming` */
	cnv_instant as_of;     /* cnv_store_as_of was called with it */
	bool has_as_of;
	cnv_patience patience;
	uint32_t waited; /* milliseconds waited so far for the current lock */

	bool blank; /* the file is empty until the first transaction makes its tables; look-ups find nothing */

	/* the current transaction */
	bool open, large;
	bool paired;       /* large: its responses are paired */
	bool has_pairs;    /* temp.pair has rows */
	int64_t pairs;     /* not large: recorded so far */
	bool making;       /* it made the tables */
	bool replays;      /* it is begun again if another one makes it fail, ... */
	bool must_replay;  /* ... which has happened */
	cnv_status broken; /* the status that rolled it back */
	bool indexed;      /* its index of respondents is known to exist */
	int64_t round, file;
	int64_t again;   /* the item of the quarantine that is imported again; 0: none */
	int64_t retried; /* the file whose quarantined records are tried again; their lines are in temp.retried */
	int64_t first_response, next_response;
	cnv_store_counts counts;
	uint32_t originals;    /* of the last file */
	uint8_t (*placed)[32]; /* large originals that got their names in this transaction */
	uint32_t placed_count, placed_room;
	void (*drop_placed)(cnv_store *store); /* removes them on rollback; set with the first */
	cnv_keeping *keepings;                 /* in progress, the latest first */
	cnv_text temporaries; /* on a server: paths of originals that were fetched, each with its NUL */
	cnv_instant now;
	store_version version;
	bool has_version;
	struct store_window *window; /* NULL before the first batch */
	cnv_cursor *earlier;         /* reads earlier responses; NULL before the first */
	struct store_rollup *rollup; /* rollup.c; NULL: nothing was counted */
	const cnv_roster *roster;    /* by whose groups it counts; NULL: by none */

	store_pairing pairing;
	/* of a dry run: the piece being packed; the last response packed (0: none remains in pieces); whether the
	 * required part of the store was copied; and the last two as they were before the transaction */
	cnv_text spool;
	int64_t spooled, spooled_before;
	bool spooled_pairs; /* temp.spooled_pair has rows */
	bool copied, copied_before;
};

/* Every public call starts with this: the operation in words, and the receiver of diagnostics. */
void store_enter(cnv_store *store, const char *doing, cnv_diags *diags);
/* A transaction in a round, of whatever kind: only an import registers the version of the form.  `doing` as above. */
cnv_status store_begin_to(cnv_store *store, const char *doing, cnv_str round, cnv_instant now, cnv_diags *diags);
/* Commits what is no import, or rolls it back if something failed. */
cnv_status store_end(cnv_store *store);
/* Fails the call: no memory. */
void store_no_memory(cnv_store *store);
void store_say(cnv_store *store, cnv_code code, cnv_str hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int64_t store_round(cnv_store *store, cnv_str label); /* list.c; 0: none */
void store_remember_round(cnv_store *store);
int64_t store_layout(cnv_store *store);
int64_t store_ask_number(cnv_store *store, const char *text); /* the result of a statement without parameters */
/* open.c: opens the store of `like` once more to be read.  The file is not looked at by hand, because closing it would
 * release the locks that this process holds through `like`. */
cnv_status store_open_more(cnv_store **out, const cnv_store *like, const cnv_form *form, cnv_str form_bytes,
			   const cnv_patience *patience, cnv_diags *diags);
void store_compare_form(cnv_store *store); /* fails the call if the store is of another form */
/* Begins a write transaction, which makes the tables if the file is empty. */
void store_start(cnv_store *store);
/* Makes the tables of an empty file. */
void store_make(cnv_store *store);
/* Opens an empty store of the current layout without a file. */
void store_blank_open(cnv_store *blank, const cnv_store *like);
void store_blank_close(cnv_store *blank);
/* migrate.c: makes a store of an earlier layout one of this layout; if it is not opened for writing, only in temporary
 * tables and views. */
void store_migrate(cnv_store *store, int layout);
/* register.c: within a transaction, records the names and labels of the current form again, if the store has answers to it,
 * and makes the views. */
void store_describe(cnv_store *store);
/* query.c: matches the unmatched files of a round within the current transaction; none if they have more than `most`
 * responses. */
void store_match(cnv_store *store, int64_t round, cnv_instant now, int64_t most);
void store_match_one(cnv_store *store, int64_t round, cnv_str respondent, int64_t response, bool counts,
		     cnv_instant now);
#define STORE_MATCHED 20000 /* responses matched at the end of an import without a noticeable delay */
uint32_t store_place(sql *read, uint32_t column); /* list.c: a line or column */
void store_take_digest(sql *read, uint32_t column, uint8_t sha256[32]);
void store_window_free(struct store_window *window); /* write.c */
void store_index_respondents(cnv_store *store);      /* respondents.c: before the first look-up of one */
/* Are these indexes dropped before many responses?  Those of a server only while no one else can see its tables: dropping one
 * waits for its readers, and makes them wait. */
bool store_drops_indexes(const cnv_store *store);
void store_forget_earlier(cnv_store *store); /* read.c: before the transaction ends */
/* pair.c: the beginning and end of a large transaction, and between them the responses of any transaction, one
 * window at a time; an empty respondent is skipped. */
void store_pairing_begin(cnv_store *store);
void store_note(cnv_store *store, const cnv_str *respondents, uint32_t rows, uint64_t *seen);
void store_note_pair(cnv_store *store, int64_t order, const cnv_pair *pair);
void store_pair(cnv_store *store);
void store_pairing_fini(cnv_store *store);
/* originals.c: removes the remains of an interrupted import; handles the originals placed in the transaction, before
 * a rollback and after a commit. */
void store_sweep_originals(cnv_store *store);
void store_settle_originals(cnv_store *store);
bool store_write_all(int file, cnv_str bytes); /* false: errno says why */
bool store_copy_original(cnv_store *store, const char *from, const char *to);
/* adopt.c: within the transaction that brings a store up to date, and after it */
void store_adopt_originals(cnv_store *store);
void store_forget_adopted(cnv_store *store);
bool store_is_foreign(const char *path); /* recognise.c: another program's database? */
bool store_may_be(const char *path);     /* is it a canvass store?  A file that cannot be read may be one. */
/* rehearse.c */
void store_rehearse_small(cnv_store *store); /* before its first look-up of a respondent */
void store_spool(cnv_store *store, const store_known *known);
void store_end_spool(cnv_store *store);
void store_show_spool(cnv_store *store, void (*show)(cnv_store *store, const store_known *known));
/* Are answers with this digest a new response, a revision, or already stored?  *before: the respondent's response
 * that counts now; id 0: none.  Its texts are not set. */
cnv_outcome store_compare(cnv_store *store, cnv_str respondent, const uint8_t digest[16], store_known *before);

/* Names of originals outside the store; original_names.c. Paths are NUL-terminated; false: no memory. */
#define STORE_HEX 64u /* digits of a SHA-256 */
cnv_str store_hex(const uint8_t sha256[32], char room[STORE_HEX]);
/* "<store>.files", or the path of a file in it. */
bool store_name_in_folder(const cnv_store *store, cnv_str name, const char *ending, cnv_text *out);
/* The store's folder with its final slash, followed by `rest` and `name`. */
bool store_name_next_to(const cnv_store *store, const char *rest, cnv_str name, cnv_text *out);
bool store_original_name(const cnv_store *store, const uint8_t sha256[32], cnv_text *path);
bool store_older_name(const cnv_store *store, const uint8_t sha256[32],
		      cnv_text *path); /* in files/, before layout 3 */
bool store_make_folder(const cnv_store *store);
bool store_sync_folder(const char *path);         /* waits until the names in a folder are on the disk */
void store_settle_folder(const cnv_store *store); /* the same for the store's own folder */

#endif
