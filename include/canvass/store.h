/* store: the embedded database (SQLite only here).
 *
 * One file per form.  A returned file, its answers, findings and ledger arrive in one transaction
 * or not at all.  Journal DELETE with synchronous EXTRA, read back, and rejected if it differs.  Answers
 * lie in one wide typed table per form version and repeat (columns named by canvass, never by a
 * form); verdicts are 4 bits a cell in one blob a row; a respondent's own text is kept where the
 * typed value does not give it back to the byte.
 */
#ifndef CANVASS_STORE_H
#define CANVASS_STORE_H

#include "canvass/gather.h"
#include "canvass/report.h"

typedef struct cnv_store cnv_store;

typedef enum cnv_store_mode {
	CNV_STORE_READ,  /* must exist */
	CNV_STORE_WRITE, /* made where missing, mode 0600 */
	/* reads the store if there is one (no path: there is none), writes nothing and leaves nothing behind */
	CNV_STORE_REHEARSE
} cnv_store_mode;

/* Another process may hold the store: an import all the time it runs, a reader until it closes.  The caller is notified
 * each second, and gives up after `seconds` (0: at once) with CNV_NO_ACCESS, nothing changed.  A store on a server
 * has large originals in temporary files while they are read. */
typedef struct cnv_patience {
	uint32_t seconds;
	void (*waiting)(void *self, cnv_str store, uint32_t waited /* seconds */); /* NULL: in silence */
	void *self;
	const char *temporary; /* the folder for temporary files; NULL: /tmp */
} cnv_patience;
#define CNV_STORE_PATIENCE 60u

/* `form_bytes`: the form file, kept with its version (which form->sha256 names).  The folder must exist.  A store of
 * another form, one of a later canvass, and a file that is not a store are CNV_REJECTED and left untouched; no store to
 * read, or one still in use when patience ends, is CNV_NO_ACCESS.  Form and form_bytes must outlive the store.  Opened
 * to be read, it shows one state until it closes.  A store that an earlier canvass made is brought up to date when it is
 * opened to be written, and left as it is otherwise.  form: NULL where only forms and returns are asked for, to be read.
 * patience: copied, and kept for every wait until the store closes;
 * NULL: CNV_STORE_PATIENCE seconds in silence. */
cnv_status cnv_store_open(cnv_store **out, cnv_str path, cnv_store_mode mode, const cnv_form *form, cnv_str form_bytes,
			  const cnv_patience *patience, cnv_diags *diags);
/* For a program in which nothing else uses SQLite, before its first store: SQLite does not count how much memory it uses,
 * which would cost a lock at every allocation. */
void cnv_store_alone(void);
/* Is it the address of a PostgreSQL server: "postgresql://...", "postgres://..." or "service=..."? */
bool cnv_store_is_on_server(cnv_str name);
/* Is there such a store of the form?  true also if it cannot be reached: opening it reports why. */
bool cnv_store_exists(cnv_str name, const cnv_form *form);
/* Of a store on a server: its address without the password, and the password.  false: no memory, or the password is not
 * written as a URI needs it, which opening the store reports. */
bool cnv_store_part_password(cnv_str name, cnv_text *without, cnv_text *password);
void cnv_store_be_patient(cnv_store *store, const cnv_patience *patience); /* from now on */
/* Opens the same store once more for reading, with another form, as of the same time. */
cnv_status cnv_store_open_again(cnv_store **out, const cnv_store *like, const cnv_form *form, cnv_str form_bytes,
				cnv_diags *diags);
/* The same, as of a time of its own. */
cnv_status cnv_store_open_past(cnv_store **out, const cnv_store *like, const cnv_form *form, cnv_str form_bytes,
			       cnv_instant at, cnv_diags *diags);
/* Copies all that `from` (opened for reading) holds into `to` (for writing), in one transaction; rejected if `to` holds a
 * round or a form.  Both are opened with the same form. */
typedef struct cnv_store_copied {
	uint64_t returns, responses, originals, events;
} cnv_store_copied;
cnv_status cnv_store_copy(cnv_store *from, cnv_store *to, cnv_store_copied *out, cnv_diags *diags);
cnv_status cnv_store_close(cnv_store *store, cnv_diags *diags); /* NULL is fine; rolls back what is open */

/* The label of the current round, or empty. */
cnv_str cnv_store_round(const cnv_store *store);
/* The roster as it was last given: its file name and bytes; empty when there is none.  Until the store closes. */
cnv_status cnv_store_roster(cnv_store *store, cnv_str *source, cnv_str *bytes, cnv_diags *diags);
/* The map of columns in the same way; no bytes: there is none. */
cnv_status cnv_store_map(cnv_store *store, cnv_str *source, cnv_str *bytes, cnv_diags *diags);

/* A version of the form that answers were taken with, in `arena`; bytes.len 0: there is none. */
typedef struct cnv_stored_form {
	cnv_str version, name, bytes; /* name: of its file, as given */
	uint8_t sha256[32];           /* of its bytes, when they were stored */
} cnv_stored_form;
/* All of them, in the order they came. */
cnv_status cnv_store_forms(cnv_store *store, cnv_arena *arena, const cnv_stored_form **forms, uint32_t *count,
			   cnv_diags *diags);
/* Those that responses of a round were judged with. */
cnv_status cnv_store_round_forms(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_stored_form **forms,
				 uint32_t *count, cnv_diags *diags);
/* From now on, answers to migration->before are read as the migration says into the store's form, which is
 * migration->after; without it they are matched by paths and names.  Borrowed until the store closes. */
void cnv_store_carry(cnv_store *store, const cnv_migration *migration);
/* By the digest of its file (32 bytes; NULL: not known), else the latest of that version whose file is not the present
 * form's. */
cnv_status cnv_store_form(cnv_store *store, const uint8_t *sha256, cnv_str version, cnv_arena *arena,
			  cnv_stored_form *found, cnv_diags *diags);

/* ---------------------------------------------------------------- events (event.c)
 *
 * What was done in a round.  Every call below that a person causes appends its event in its own transaction; none is
 * ever changed or removed, and those of a round are chained by SHA-256. */

typedef enum cnv_event_kind {
	CNV_EVENT_IMPORTED,
	CNV_EVENT_ENTERED, /* a response typed in by a person, not a file that came */
	CNV_EVENT_QUARANTINED,
	CNV_EVENT_ATTRIBUTED, /* a return from quarantine, to a respondent */
	CNV_EVENT_DISMISSED,  /* from quarantine */
	CNV_EVENT_WITHDRAWN,
	CNV_EVENT_RESTORED, /* an earlier revision counts again */
	CNV_EVENT_WAIVED,
	CNV_EVENT_REOPENED,
	CNV_EVENT_SENT, /* from here on the notices */
	CNV_EVENT_ACKNOWLEDGED,
	CNV_EVENT_EXTENDED,
	CNV_EVENT_DECLINED,
	CNV_EVENT_REMINDED,
	CNV_EVENT_DUE,     /* the day by which answers are due was set */
	CNV_EVENT_CURRENT, /* the round became the current one */
	CNV_EVENTS
} cnv_event_kind;
const char *cnv_event_word(cnv_event_kind kind); /* "imported" */

typedef struct cnv_event {
	uint32_t number; /* in its round, from 1 */
	cnv_str kind;    /* a word; those of later versions too */
	cnv_str respondent, who, reason;
	cnv_str detail; /* the file's name, the finding's id, the revision, the day */
	bool has_file;
	uint8_t sha256[32]; /* of the return */
	cnv_str file;       /* its name, while the store has it */
	uint64_t response;  /* id; 0: none */
	cnv_instant at;
	uint8_t digest[32];
} cnv_event;

/* Who acts from now on, and when: kept with every event.  `who` is borrowed.  Without it no name is kept, and events
 * happen when the call says. */
void cnv_store_by(cnv_store *store, cnv_str who, cnv_instant at);
/* Why, for the imports from now on; borrowed. */
void cnv_store_because(cnv_store *store, cnv_str reason);
/* The imports from now on were typed in by the person who acts. */
void cnv_store_by_hand(cnv_store *store);
/* Those of a round in their order; borrowed for the call.  What is not CNV_OK from `emit` ends it. */
cnv_status cnv_store_events(cnv_store *store, cnv_str round, cnv_status (*emit)(void *self, const cnv_event *event),
			    void *self, cnv_diags *diags);

/* The last event of a round. */
typedef struct cnv_event_link {
	cnv_str round;
	uint32_t number;
	const uint8_t *digest;
	bool whole; /* the chain is unbroken up to it */
} cnv_event_link;
/* Checks the chain of every round; the first broken link of each is one diagnostic. */
cnv_status cnv_store_verify_events(cnv_store *store, void (*link)(void *self, const cnv_event_link *link), void *self,
				   cnv_diags *diags);

/* ---------------------------------------------------------------- writing: one transaction a returned file */

/* One return: a file, or several that were read together. */
typedef struct cnv_store_file {
	cnv_str name;       /* of its main file, as given */
	uint8_t sha256[32]; /* of its only file, else SHA-256 over the digests of its files in their order */
	uint64_t size;      /* of all its files */
	cnv_str given; /* whose it is, where the person who imported it said so; the same bytes of another are another return */
	cnv_layout layout;
	cnv_instant received;
	/* how it was read: "windows-1252, semicolon; decimal comma"; empty: plain UTF-8 with commas */
	cnv_str reading;
	cnv_str options; /* how it was judged, a JSON object: what it takes to judge it again */
	cnv_str program; /* version of canvass */
} cnv_store_file;

typedef enum cnv_outcome { CNV_NEW, CNV_REVISION, CNV_ALREADY, CNV_QUARANTINED } cnv_outcome;

/* A server may end a transaction because of another one.  If the import would then be begun again, from cnv_store_begin on,
 * that is not reported: the call fails, and cnv_store_must_replay returns true, once.  false: this store never does so. */
bool cnv_store_replays(cnv_store *store, bool replays);
bool cnv_store_must_replay(cnv_store *store);
/* BEGIN EXCLUSIVE: waits here for processes that still read the store, with patience, and nowhere later.  The round is
 * made where missing.  The first round of a store becomes current; a later one only by cnv_store_make_current. */
cnv_status cnv_store_begin(cnv_store *store, cnv_str round, cnv_instant now, cnv_diags *diags);
/* Within the transaction under way, else in one of its own.  CNV_REJECTED, said: there is no such round. */
cnv_status cnv_store_make_current(cnv_store *store, cnv_str round, cnv_diags *diags);
/* Before the first cnv_store_put_batch of a return: many responses are coming (the file is over CNV_STORE_INLINE), so
 * that they are paired with earlier ones at the end instead of one by one. */
cnv_status cnv_store_expect_many(cnv_store *store, cnv_diags *diags);
/* Its bytes, and who is on it; nothing when it is the roster that the store has. */
cnv_status cnv_store_keep_roster(cnv_store *store, const cnv_roster *roster, cnv_str bytes, cnv_diags *diags);
cnv_status cnv_store_keep_map(cnv_store *store, cnv_str source, cnv_str bytes, cnv_diags *diags);
/* Is a return with this SHA-256 and `given` already in the round, and how many responses did it bring?  A return
 * quarantined as a whole may be tried again: putting it again takes the place of its earlier row and quarantine, and of
 * one of the same bytes without `given`.  So may one that was accepted but for some records: of a batch put then only
 * the rows on the lines of those records are written, the others are there already; what is quarantined again takes
 * their place. */
typedef enum cnv_file_known {
	CNV_FILE_NEW,
	CNV_FILE_ACCEPTED,
	CNV_FILE_PARTLY, /* accepted, with records in quarantine */
	CNV_FILE_QUARANTINED
} cnv_file_known;
cnv_status cnv_store_find_file(cnv_store *store, const uint8_t sha256[32], cnv_str given, cnv_file_known *known,
			       uint64_t *responses, cnv_diags *diags);
bool cnv_store_has_size(cnv_store *store, uint64_t size); /* cheap first question for large files */
/* Makes the row of the return being imported, with the roster and the column map that the store has then; everything
 * may be completed by cnv_store_file_set before commit. */
cnv_status cnv_store_put_file(cnv_store *store, const cnv_store_file *file, cnv_diags *diags);
cnv_status cnv_store_file_set(cnv_store *store, const cnv_store_file *file, cnv_diags *diags);

/* A file of a return, with its own name and digest, from the bytes that were judged. */
typedef struct cnv_original {
	cnv_str name; /* as given */
	uint64_t size;
	uint8_t sha256[32];
	cnv_str bytes; /* of a file up to CNV_STORE_INLINE; empty with size > 0: it was kept (below) */
} cnv_original;
#define CNV_STORE_INLINE (16u << 20)
/* Of the return put last, in order, the main file first. */
cnv_status cnv_store_put_original(cnv_store *store, const cnv_original *original, cnv_diags *diags);
/* A file next to the form (a list of choices) that the return put last was judged with.  Equal ones are kept once. */
cnv_status cnv_store_put_beside(cnv_store *store, const cnv_original *beside, cnv_diags *diags);

/* A large original on its way into the folder <store>.files/ (made when first needed, mode 0700; its files 0600), where
 * it gets its digest, in hexadecimal, as its name.  Between cnv_store_begin and commit or rollback.  After a rollback
 * nothing of it is left, and what a crash leaves goes at the next cnv_store_begin, unless a committed row names its
 * digest.  A rehearsal keeps nothing.  On a server it is a temporary file until it is ended, and then in a table. */
typedef struct cnv_keeping cnv_keeping;
cnv_status cnv_keeping_open(cnv_keeping **out, cnv_store *store, cnv_diags *diags);
/* These two may be called in another thread than the store's. */
cnv_status cnv_keeping_add(cnv_keeping *keeping, cnv_str bytes, cnv_diags *diags);
/* Up to `room` bytes of what was added so far, from byte `at` on: a second pass reads the copy, never the name again. */
cnv_status cnv_keeping_peek(cnv_keeping *keeping, uint64_t at, char *to, size_t room, size_t *len, cnv_diags *diags);
/* Puts it on the disk under its digest; a file of this name and size stays.  May be called again in a later transaction:
 * a return that cannot be read is rolled back, and kept with its quarantine. */
cnv_status cnv_keeping_end(cnv_keeping *keeping, const uint8_t sha256[32], cnv_diags *diags);
void cnv_keeping_free(cnv_keeping *keeping); /* NULL is fine; drops what was not ended */
/* Writes a judged window.  respondents[row]: code, or empty: not attributed, skipped (the caller quarantines it).
 * ids[row]: the response's id, 0 where nothing was written (skipped, or equal to the latest revision); outcomes[row] is
 * CNV_NEW, CNV_REVISION or CNV_ALREADY; after cnv_store_expect_many it is CNV_NEW for every row that is written, until
 * cnv_store_pair says otherwise.  seen: a bit for each row, NULL: not asked; set where the respondent has, or may have,
 * a response in the round already, stored or earlier in this return.  Without it an outcome is final. */
cnv_status cnv_store_put_batch(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, uint64_t *ids,
			       cnv_outcome *outcomes, uint64_t *seen, cnv_diags *diags);

/* A response of this return, and the one of its respondent that it follows (CNV_REVISION) or equals (CNV_ALREADY). */
typedef struct cnv_pair {
	cnv_str respondent;
	uint64_t id; /* as cnv_store_put_batch returned it: of CNV_ALREADY 0, or that of a response that is dropped */
	uint64_t before; /* the response that counted; 0: it was withdrawn */
	uint32_t line,
		line_before; /* source lines; before: of the respondent's last record in this return, 0: there is none */
	uint32_t revision;   /* the number it has */
	cnv_outcome outcome;
} cnv_pair;
/* After the last batch and before commit: pairs what waits for it, and emits every pair of this return in the order of
 * its records; of a rehearsal too.  The pair is borrowed for the call.  `emit` may put findings and ledger entries and
 * ask for responses; what is not CNV_OK ends it. */
cnv_status cnv_store_pair(cnv_store *store, cnv_status (*emit)(void *self, const cnv_pair *pair), void *self,
			  cnv_diags *diags);
/* One response of the round of the transaction under way by its id, added to the batch as cnv_cursor_next does.  A
 * rehearsal knows the answers of stored responses alone. */
cnv_status cnv_store_response(cnv_store *store, uint64_t id, cnv_batch *batch, cnv_reported *reported, bool *found,
			      cnv_diags *diags);
/* In the same way the response that counts now of one respondent: its latest revision as it was stored before this call,
 * unless it was withdrawn.  Not after cnv_store_expect_many. */
cnv_status cnv_store_earlier(cnv_store *store, cnv_str respondent, cnv_batch *batch, cnv_reported *reported,
			     bool *found, cnv_diags *diags);
cnv_status cnv_store_put_finding(cnv_store *store, uint64_t response, const cnv_finding *finding, cnv_diags *diags);
/* Of a return with the answers of a response that is stored already: the findings of the return as a whole are found in
 * that response too, unless the same was found in it before. */
cnv_status cnv_store_add_findings(cnv_store *store, cnv_str respondent, const cnv_diag *found, uint32_t count,
				  cnv_diags *diags);
cnv_status cnv_store_put_ledger(cnv_store *store, uint64_t response, const cnv_ledger_entry *entry, cnv_diags *diags);
/* In the same way an earlier revision of one respondent. */
cnv_status cnv_store_earlier_revision(cnv_store *store, cnv_str respondent, uint32_t revision, cnv_batch *batch,
				      cnv_reported *reported, bool *found, cnv_diags *diags);
/* The outcome of an answer that the return was sent out with. */
cnv_status cnv_store_put_prior(cnv_store *store, uint64_t response, cnv_str path, cnv_prior state, cnv_diags *diags);
/* Adds the counts of each state to the responses, which are sorted by id. */
cnv_status cnv_store_count_priors(cnv_store *store, cnv_str round, cnv_reported *responses, uint32_t count,
				  cnv_diags *diags);
/* Nothing is answered in the return. */
cnv_status cnv_store_put_blank(cnv_store *store, cnv_str respondent, cnv_diags *diags);
/* Respondents whose return waits in quarantine in conflict with the response that counts. */
cnv_status cnv_store_conflicts(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_str **respondents,
			       uint32_t *count, cnv_diags *diags);
/* Respondents who returned nothing but blanks and have no response, in their order. */
cnv_status cnv_store_blanks(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_str **respondents,
			    uint32_t *count, cnv_diags *diags);
/* What could not be imported, and why: one record (its bytes as CSV; counted), or the whole file being imported (no
 * bytes, or no line; not counted: its row is marked instead).  claimed: whose it is by its own content, as written there;
 * may be empty. */
cnv_status cnv_store_quarantine(cnv_store *store, const cnv_diag *why, cnv_str bytes, cnv_str claimed,
				cnv_diags *diags);
/* Between cnv_store_begin and cnv_store_put_file: the return under way is this one of the quarantine again, and takes its
 * place, also if it was given for another respondent. */
void cnv_store_again(cnv_store *store, int64_t item);

typedef struct cnv_store_counts {
	uint64_t fresh, revisions, already, quarantined; /* responses; quarantined: single records */
} cnv_store_counts;
/* Makes it last (rehearsing: remembers who came, until the store closes): *counts are final.  A response whose answers
 * and remarks equal its respondent's latest counts as there already, whichever file or form version they came with. */
cnv_status cnv_store_commit(cnv_store *store, cnv_store_counts *counts, cnv_diags *diags);
void cnv_store_rollback(cnv_store *store);

/* ---------------------------------------------------------------- circulation (circulate.c)
 *
 * Events with a respondent in a round, other than the answers themselves. */

typedef enum cnv_notice_kind {
	CNV_NOTICE_SENT = 1,         /* the questionnaire was made and goes out */
	CNV_NOTICE_ACKNOWLEDGED = 2, /* it arrived */
	CNV_NOTICE_EXTENDED = 3,     /* more time was given, until `due` */
	CNV_NOTICE_DECLINED = 4,     /* no answer is to come */
	CNV_NOTICE_REMINDED = 5
} cnv_notice_kind;

typedef struct cnv_notice {
	cnv_notice_kind kind;
	cnv_str respondent; /* code */
	int32_t due;        /* CNV_NOTICE_EXTENDED: the new day */
	cnv_str reason;     /* may be empty */
	cnv_instant at;
} cnv_notice;

/* Between cnv_store_begin and cnv_store_commit, for the round begun.  One of the same respondent, kind and day (in the
 * zone of `at`) is replaced: a command that is run again writes nothing twice. */
cnv_status cnv_store_put_notice(cnv_store *store, const cnv_notice *notice, cnv_diags *diags);
cnv_status cnv_store_set_due(cnv_store *store, int32_t day, cnv_diags *diags);
/* Everything that passed in a round, in its order; texts in the arena. */
cnv_status cnv_store_notices(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_notice **notices,
			     uint32_t *count, cnv_diags *diags);
/* The labels of all rounds, the latest first; in the arena. */
cnv_status cnv_store_rounds(cnv_store *store, cnv_arena *arena, const cnv_str **labels, uint32_t *count,
			    cnv_diags *diags);
/* The day by which answers to the round are asked for; *given false: none was set. */
cnv_status cnv_store_due(cnv_store *store, cnv_str round, bool *given, int32_t *day, cnv_diags *diags);

/* ---------------------------------------------------------------- drafts (draft.c)
 *
 * Interviews that are not finished; they are no answers yet, and make no events. */

typedef struct cnv_draft {
	cnv_str respondent, who;  /* who asks; may be empty */
	cnv_str form;             /* bytes of the form that it was begun with */
	cnv_str version;          /* of that form */
	cnv_str bytes;            /* the answers so far, in the long layout */
	uint32_t answered, asked; /* questions; asked: 0: not known */
	cnv_instant changed;
	cnv_instant begun; /* read only: when the first draft was stored in this place */
} cnv_draft;
/* In a transaction of their own, durable when it returns: each in the place of the one of the same respondent and
 * person. */
cnv_status cnv_store_put_drafts(cnv_store *store, cnv_str round, const cnv_draft *drafts, uint32_t count,
				cnv_diags *diags);
/* Also where there is none. */
cnv_status cnv_store_drop_draft(cnv_store *store, cnv_str round, cnv_str respondent, cnv_str who, cnv_instant now,
				cnv_diags *diags);
/* Those of one respondent; or of all (empty), by respondent, without the bytes.  Texts in the arena. */
cnv_status cnv_store_drafts(cnv_store *store, cnv_str round, cnv_str respondent, cnv_arena *arena,
			    const cnv_draft **drafts, uint32_t *count, cnv_diags *diags);

/* ---------------------------------------------------------------- reading */

/* The latest revision of every response of a round, in order of response id. */
typedef struct cnv_cursor cnv_cursor;
cnv_status cnv_store_count(cnv_store *store, cnv_str round, uint64_t *responses, cnv_diags *diags);
cnv_status cnv_store_read(cnv_cursor **out, cnv_store *store, cnv_str round, cnv_diags *diags);
/* Only those that were judged with the store's form. */
cnv_status cnv_store_read_own(cnv_cursor **out, cnv_store *store, cnv_str round, cnv_diags *diags);
/* Adds up to `rows` responses to the batch (not reset here; typed values, texts, verdicts, usable, remarks as after
 * cnv_check; a question that the form did not have when it was answered is CNV_NOT_ASKED) and their particulars to
 * `reported` (texts in the batch's arena; file: index in cnv_store_files). *count 0: no more. */
cnv_status cnv_cursor_next(cnv_cursor *cursor, cnv_batch *batch, cnv_reported *reported, uint32_t rows, uint32_t *count,
			   cnv_diags *diags);
void cnv_cursor_close(cnv_cursor *cursor);

/* What is wanted for figures; { 0 }: of all columns, with respondents. */
typedef struct cnv_wanted {
	bool (*wants)(const void *self, uint32_t table, uint32_t column); /* NULL: all columns */
	const void *self;
	bool nameless; /* whose answers they are is not asked */
} cnv_wanted;
/* The same responses for cnv_tally alone, several times as fast: verdicts, and numbers and choices where they are
 * accepted.  Texts, lines, dates, remarks and `answered` come blank; of the particulars only respondent, id and how
 * many findings.  Columns not wanted come blank, and a repeat without a wanted column (nor one in a repeat inside it)
 * without entries. */
cnv_status cnv_store_read_counts(cnv_cursor **out, cnv_store *store, cnv_str round, const cnv_wanted *wanted,
				 cnv_diags *diags);
/* Of such a cursor: from now on those with an id in [from, upto), which is not below those it has read. */
void cnv_cursor_between(cnv_cursor *cursor, uint64_t from, uint64_t upto);
/* The least and the greatest id of a response, of whatever round; *last 0: there is none. */
cnv_status cnv_store_extent(cnv_store *store, uint64_t *first, uint64_t *last, cnv_diags *diags);
/* Opens a store once more for another thread, with what it carries, to show the same state.  *out NULL: it cannot be
 * opened now, or is not a file that was opened to be read as it is today. */
cnv_status cnv_store_open_beside(cnv_store **out, const cnv_store *like);

/* Puts into the tally what the store has counted of all answers of a round with so many responses (rollup.c); *found
 * false: they must be read instead, by another tally if one row was put.  Only rounds of more than CNV_REPORT_NAMED
 * responses, all to the current form, are counted. */
cnv_status cnv_store_rollups(cnv_store *store, cnv_str round, uint64_t responses, cnv_tally *tally, bool *found,
			     cnv_diags *diags);
/* Puts into the tally what the store has counted by group; *found false: nothing, or by the groups of another roster. */
cnv_status cnv_store_grouped(cnv_store *store, cnv_str round, cnv_tally *tally, bool *found, cnv_diags *diags);
/* From now on the roll-ups are counted by the groups of this roster too, which is that of the store; NULL: not any more.
 * Borrowed until it is called again, or the store is closed. */
void cnv_store_group_by(cnv_store *store, const cnv_roster *roster);
/* Findings of the responses that count in a round, without those waived. */
cnv_status cnv_store_problems(cnv_store *store, cnv_str round, uint64_t *errors, uint64_t *warnings, cnv_diags *diags);

/* Of a store that is open for reading, from now on: everything is read as it was at that time (asof.c). */
cnv_status cnv_store_as_of(cnv_store *store, cnv_instant at, cnv_diags *diags);
/* What was received after that time, in its order; texts in the arena. */
cnv_status cnv_store_late(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_late **late, uint32_t *count,
			  cnv_diags *diags);

cnv_status cnv_store_files(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_reported_file **files,
			   uint32_t *count, cnv_diags *diags);
/* What the ledger has about answers of the latest revisions outside repeats, in its order; at most `most` of them. */
cnv_status cnv_store_readings(cnv_store *store, cnv_str round, uint32_t most, cnv_arena *arena,
			      const cnv_reported_reading **readings, uint32_t *count, cnv_diags *diags);
/* Findings of the latest revisions, in order of response and place, after those of files as a whole (no respondent)
 * that a response still counts from; at most `most` of them, *count is how many there are; count NULL:
 * that is not asked. */
cnv_status cnv_store_findings(cnv_store *store, cnv_str round, uint32_t most, cnv_arena *arena,
			      const cnv_reported_finding **findings, uint32_t *given, uint64_t *count,
			      cnv_diags *diags);
/* The revision of a respondent that counts, and the digest of the file it came with; 0: there is none. */
cnv_status cnv_store_latest(cnv_store *store, cnv_str round, cnv_str respondent, uint32_t *revision, uint8_t sha256[32],
			    cnv_diags *diags);
/* Queries: the errors and warnings of a round's responses, which keep their ids.  A file's findings are matched with
 * them when it is committed: by respondent, path and code those still there stay as they are, those gone are closed,
 * those that came back are opened again, and new ones get their respondent's next number.  Where many responses wait to
 * be matched it is done at the first cnv_store_match instead, file by file as they came, with the same ids. */
cnv_status cnv_store_unmatched(cnv_store *store, cnv_str round, uint64_t *files, cnv_diags *diags);
cnv_status cnv_store_match(cnv_store *store, cnv_str round, cnv_instant now, cnv_diags *diags);
/* Emits them by respondent and number; the query is borrowed for the call.  respondent: empty for all; all: those waived
 * and closed too.  A status other than CNV_OK from `emit` ends it. */
cnv_status cnv_store_queries(cnv_store *store, cnv_str round, cnv_str respondent, bool all,
			     cnv_status (*emit)(void *self, const cnv_query *query), void *self, cnv_diags *diags);
/* Sets the state of one, in a transaction of its own.  *before: what it was.  CNV_REJECTED, said: there is none with
 * this id, or it is closed. */
cnv_status cnv_store_settle(cnv_store *store, cnv_str round, cnv_str id, cnv_query_state state, cnv_str reason,
			    cnv_instant now, cnv_query_state *before, cnv_diags *diags);

/* ---------------------------------------------------------------- revisions (revision.c) */

typedef struct cnv_revision {
	uint64_t id;     /* of the response */
	uint32_t number; /* from 1 */
	uint32_t line;   /* of its record */
	bool counts, withdrawn;
	cnv_str file, who; /* who imported it */
	cnv_str how;       /* the kind of the event that brought it: "imported", "entered"; empty: from before events */
	cnv_str reason;    /* of that event */
	cnv_instant received;
} cnv_revision;
/* Those of a respondent in a round, in their order; texts in the arena. */
cnv_status cnv_store_revisions(cnv_store *store, cnv_str round, cnv_str respondent, cnv_arena *arena,
			       const cnv_revision **revisions, uint32_t *count, cnv_diags *diags);
/* The answers of one, added to the batch as cnv_cursor_next does; of a store opened to be read. */
cnv_status cnv_store_revision(cnv_store *store, cnv_str round, uint64_t id, cnv_batch *batch, cnv_reported *reported,
			      bool *found, cnv_diags *diags);

/* ---------------------------------------------------------------- what counts (withdraw.c) */

typedef struct cnv_withdrawal {
	cnv_str round, respondent, reason;
	uint32_t revision; /* the one that counts from now on; 0: none does */
	cnv_instant at;
	int64_t event; /* of one that was made: the id of its event */
} cnv_withdrawal;
/* In a transaction of its own, with its event; the findings of the respondent follow.  *before: the revision that counted;
 * 0: none.  CNV_REJECTED, said: nothing counts, there is no such revision, or it counts already. */
cnv_status cnv_store_withdraw(cnv_store *store, const cnv_withdrawal *withdrawal, uint32_t *before, cnv_diags *diags);
/* Those in force, in their order, with the revision that counted; a respondent whose response came later is not among
 * them.  Texts in the arena. */
cnv_status cnv_store_withdrawn(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_withdrawal **list,
			       uint32_t *count, cnv_diags *diags);

/* All that were ever made, in all rounds, in their order; texts in the arena. */
cnv_status cnv_store_withdrawals(cnv_store *store, cnv_arena *arena, const cnv_withdrawal **list, uint32_t *count,
				 cnv_diags *diags);

/* ---------------------------------------------------------------- the quarantine (quarantine.c) */

typedef enum cnv_item_state { CNV_ITEM_WAITS, CNV_ITEM_IMPORTED, CNV_ITEM_DISMISSED } cnv_item_state;
const char *cnv_item_state_word(cnv_item_state state); /* "waiting" */

/* A return that could not be imported, or one record of a return. */
typedef struct cnv_item {
	int64_t id; /* never used twice in a store */
	bool whole;
	cnv_item_state state;
	cnv_str file; /* its name as given */
	cnv_str sheet, field, message, hint;
	uint32_t line;
	uint16_t code;
	cnv_str claimed; /* whose it is by its own content, as written there; empty: it does not say */
	cnv_str record;  /* its bytes; empty for a whole return */
	/* of its return; not of one that was imported since */
	int64_t from; /* id for cnv_store_originals; 0: none */
	uint8_t sha256[32];
	uint64_t size;
	cnv_str given, options; /* as in cnv_store_file */
	cnv_instant received;
} cnv_item;
/* Those that wait in a round, or with `settled` all; by id, borrowed for the call. */
cnv_status cnv_store_items(cnv_store *store, cnv_str round, bool settled,
			   cnv_status (*emit)(void *self, const cnv_item *item), void *self, cnv_diags *diags);
/* One of them, waiting or not; texts in the arena.  CNV_REJECTED, said: there is none. */
cnv_status cnv_store_item(cnv_store *store, cnv_str round, int64_t id, cnv_arena *arena, cnv_item *item,
			  cnv_diags *diags);
/* CNV_REJECTED, said: it was settled before. */
cnv_status cnv_store_item_waits(cnv_store *store, const cnv_item *item, cnv_diags *diags);
/* In a transaction of its own, with its event. */
cnv_status cnv_store_dismiss(cnv_store *store, cnv_str round, int64_t id, cnv_str reason, cnv_instant now,
			     cnv_arena *arena, cnv_item *item, cnv_diags *diags);
typedef struct cnv_dismissal {
	int64_t item; /* 0: none */
	cnv_str who, reason;
	cnv_instant at;
} cnv_dismissal;
/* Within the transaction of a return, `given` as in cnv_store_file: its last dismissal, if it waits no more; texts in the
 * arena. */
cnv_status cnv_store_dismissal(cnv_store *store, const uint8_t sha256[32], cnv_str given, cnv_arena *arena,
			       cnv_dismissal *dismissal, cnv_diags *diags);
/* Within the transaction of a return that was put: a person has said whose it is. */
void cnv_store_attributed(cnv_store *store, cnv_str respondent, cnv_str reason, cnv_str name, cnv_diags *diags);

cnv_status cnv_store_quarantined(cnv_store *store, cnv_str round, uint32_t most, cnv_arena *arena,
				 const cnv_reported_finding **rows, uint32_t *given, uint64_t *count, cnv_diags *diags);

/* ---------------------------------------------------------------- verifying (verify.c, returns.c)
 *
 * Of a store that was opened to be read.  Each difference is one diagnostic, an error; nothing is repaired. */

/* A return as it was imported. */
typedef struct cnv_stored_return {
	int64_t id;
	cnv_store_file file; /* program empty: from before canvass noted how it judged */
	cnv_str round;
	uint8_t form[32];    /* digest of the form it was judged by */
	cnv_str roster, map; /* bytes of those that it was judged with; empty: none */
	uint64_t responses;  /* that it brought */
	bool quarantined;
	int64_t event; /* id of the event of its import; 0: from before there were events */
} cnv_stored_return;

/* All returns in the order they came; texts in the arena. */
cnv_status cnv_store_returns(cnv_store *store, cnv_arena *arena, const cnv_stored_return **returns, uint32_t *count,
			     cnv_diags *diags);
/* Its files, and those next to the form that it was judged with; small ones with their bytes, in the arena. */
cnv_status cnv_store_originals(cnv_store *store, int64_t id, cnv_arena *arena, const cnv_original **originals,
			       uint32_t *count, cnv_diags *diags);
cnv_status cnv_store_besides(cnv_store *store, int64_t id, cnv_arena *arena, const cnv_original **besides,
			     uint32_t *count, cnv_diags *diags);
/* Opens the file that has a large original, or a copy of it: its descriptor, to be closed; -1: it is not there. */
int cnv_store_open_original(cnv_store *store, const uint8_t sha256[32]);
/* Its path, or that of a copy that lasts until the store is closed; empty: it is not there. */
cnv_str cnv_store_original_path(cnv_store *store, const uint8_t sha256[32], cnv_arena *arena);
/* Names the files in the folder of originals that no return has. */
cnv_status cnv_store_extras(cnv_store *store, cnv_arena *arena, const cnv_str **names, uint32_t *count,
			    cnv_diags *diags);

/* SQLite's own structure, and whether all rows fit together.  CNV_REJECTED: the database is damaged. */
cnv_status cnv_store_verify(cnv_store *store, cnv_diags *diags);
/* Counts all answers to the store's form again, and compares with what the store has counted. */
cnv_status cnv_store_verify_rollups(cnv_store *store, cnv_diags *diags);
/* All responses of one return that were stored, whatever their revision, in order of response id; of their particulars
 * respondent, id, line and revision.  The store is opened with the form that the return was judged by. */
cnv_status cnv_store_read_return(cnv_cursor **out, cnv_store *store, const cnv_stored_return *from, cnv_diags *diags);
/* Are the answers of a batch that such a cursor filled those that were stored?  wrong: a bit for each response. */
cnv_status cnv_store_check_digests(cnv_store *store, const cnv_batch *batch, const cnv_reported *reported,
				   uint64_t *wrong, cnv_diags *diags);

/* Compares it with another store of the same forms, into which its originals were imported again (compare.c).  `other` is a
 * file name.  Then for each return, and the id it has there: every difference is one diagnostic with `code`. */
cnv_status cnv_store_compare_open(cnv_store *store, cnv_str other, cnv_diags *diags);
cnv_status cnv_store_compare_return(cnv_store *store, const cnv_stored_return *from, int64_t twin, cnv_code code,
				    cnv_diags *diags);

#endif
