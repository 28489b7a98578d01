/* A return during its import: state shared by intake.c and its helper files. */
#ifndef CANVASS_ROUND_ARRIVAL_H
#define CANVASS_ROUND_ARRIVAL_H

#include "round/parts.h"

enum {
	HELD = 4,             /* windows held back until the return is identified */
	MOST_COMPARED = 1000, /* responses of one run; comparisons beyond this are too many to read */
	MOST_CAME = 100000    /* respondents of one run that are remembered by name */
};

/* An older version of the form, loaded for returns made for it (claims.c). */
typedef struct older_form {
	cnv_form_file form;
	cnv_migration migration;
	cnv_arena arena;
	uint32_t added;          /* questions of the current form that it did not ask */
	struct older_form *next; /* used earlier, and perhaps still by the parsing thread */
} older_form;

typedef struct annotator annotator; /* annotate.c */

/* replay.c: a return that is imported again. */
#define MOST_REPLAYS 10u
typedef struct replay {
	bool possible;      /* the store is on a server */
	uint64_t *reported; /* what was reported of the return, by hash, and how much of it was reported again */
	uint32_t count, room, at;
	uint32_t tries;
} replay;

struct cnv_intake {
	cnv_intake_options options;
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL */
	cnv_store *store;
	cnv_intake_listener listener;
	cnv_intake_totals totals;
	parts_list given;
	cnv_vocabulary vocabulary;
	/* reused from return to return: gathered into, handed over, judged, waiting, and the earlier responses */
	cnv_batch *gathered, *slot, *window, *held[HELD], *earlier;
	cnv_arena scratch; /* of one window */
	older_form *older; /* those read, the current one first; NULL */
	uint32_t searches; /* for other forms, in this run */
	uint32_t compared; /* responses, in this run */
	cnv_map came;      /* respondents stored in this run -> index of the file in the arguments */
	cnv_arena codes;   /* of `came` */
	annotator *annotator;
	replay replay;
};

/* A finding or ledger entry that waits until its response has an id: `response` is a row of table 0. */
typedef struct waiting_finding {
	cnv_finding finding;
	uint32_t response;
} waiting_finding;

typedef struct waiting_change {
	cnv_ledger_entry entry;
	uint32_t response;
} waiting_change;

typedef struct heard {
	cnv_intake *intake;
	cnv_str name;           /* of the return */
	const cnv_batch *batch; /* of the current window */
	cnv_arena *arena;       /* of the return */
	/* of the window: */
	waiting_finding *findings;
	uint32_t finding_count, finding_room;
	waiting_change *changes;
	uint32_t change_count, change_room;
	/* of the return: findings of reading and gathering that belong to no cell */
	cnv_diag *diags;
	uint32_t count, room;
	cnv_diag why; /* the first error: the reason for quarantine */
	bool has_why;
	/* all diagnostics except notes, sent back with the answers */
	cnv_diag *told;
	uint32_t told_count, told_room;
	bool keeps_told;
	bool held; /* diagnostics wait until it is decided how to read the return */
	cnv_diag *waiting;
	uint32_t waiting_count, waiting_room;
	bool wide;   /* in the wide layout a single row can be quarantined */
	bool silent; /* already stored; read only to be sent back */
	/* a person has dismissed this return: what is found in it is emitted only if it is not rejected again */
	bool dismissed;
	cnv_diag *later;
	uint32_t later_count, later_room;
	bool failed; /* out of memory */
} heard;

/* A response whose respondent may have replied before, until the store has paired it (compare.c). */
typedef struct pending_response {
	uint64_t id;
	uint32_t row; /* index in the stored followers; CNV_NONE: not compared */
	bool gone;    /* it contains nothing new */
	cnv_received received;
} pending_response;

typedef struct pending_responses {
	pending_response *at; /* ascending */
	uint32_t count, room;
	uint32_t next, kept;
	cnv_changed *changed;
	uint32_t changed_count, changed_room;
} pending_responses;

/* Responses kept for later: those with findings, to be sent back (annotate.c), and those that follow others, to be
 * compared. */
typedef struct kept_rows {
	cnv_batch *batch;
	cnv_str *codes; /* of its rows of table 0 */
	uint32_t room;
	cnv_arena arena;
} kept_rows;

/* The outcome of an answer that the return was sent out with. */
typedef struct sent_state {
	cnv_str path;
	cnv_prior state;
} sent_state;

typedef struct arrival {
	cnv_intake *intake;
	uint32_t number; /* index in the arguments */
	cnv_str name;    /* of the file of responses */
	parts parts;
	cnv_arena arena;  /* for the lifetime of the return */
	cnv_diags diags;  /* problems of the return, counted as its errors */
	cnv_diags faults; /* problems of files and the store, which the sender cannot correct */
	cnv_diags notes;  /* of how it is read */
	heard heard;
	stream stream;
	const cnv_migration *migration; /* NULL: it is of the present version */
	cnv_claims claims;              /* the claim that decided it */
	cnv_conventions conventions;
	bool conventions_told;
	size_t shortages; /* of memory in this thread, before it */
	/* progress */
	uint32_t held;  /* windows are held back */
	bool released;  /* windows are processed as they arrive */
	bool whole;     /* the held windows are the whole return */
	bool asked;     /* it was read only for its claims */
	bool digests;   /* its digest is needed */
	bool odd;       /* all non-ASCII lines are used to detect its encoding */
	bool learning;  /* a pass that only collects the conventions and claims of the whole return */
	bool again;     /* another pass is needed: an assumption of the first one was wrong */
	bool learned;   /* claims and conventions cover the whole return */
	cnv_str *codes; /* the first of its respondents */
	uint32_t code_count, code_room;
	cnv_intake_totals before;           /* the return */
	cnv_diag fault;                     /* the last error of a pass that only collects */
	uint64_t rows, stored, quarantined; /* responses: read, new or revised, set aside */
	bool retried;                       /* already stored; its quarantined records are tried again */
	bool silent;                        /* already stored; read only to be sent back */
	cnv_dismissal dismissal;
	cnv_place owner_place; /* location of the respondent code in each response of the window; no row number */
	cnv_str owner_field;
	cnv_prefill fills;  /* where earlier answers were filled in: with --keep-blank, or by a later revision */
	bool merged;        /* by a later revision */
	bool partial;       /* sheets are missing, and earlier answers are in their place */
	bool blank;         /* nothing is answered */
	sent_state *priors; /* of answers that the return was sent out with, and new ones */
	uint32_t prior_count, prior_room;
	kept_rows followers; /* responses of respondents who replied before */
	pending_responses pending;
	kept_rows returned; /* to be sent back */
	bool left_out;      /* more responses than are kept */
	cnv_text with;      /* the other files of the return: "demo-doc.csv, demo-page.csv" */
} arrival;

/* ---------------------------------------------------------------- replay.c */

void replay_emit(cnv_intake *in, const cnv_diag *diag); /* to the listener, unless it was before */
void replay_begin(cnv_intake *in);                      /* with each return */
bool replay_again(cnv_intake *in);                      /* it failed: is it imported again? */
void replay_end(cnv_intake *in);                        /* what the store is used for next is not imported again */

/* ---------------------------------------------------------------- heard.c */

/* Receives a diagnostic of reading or gathering; `self` as above. */
void heard_diag(void *self, const cnv_diag *diag);
/* Before the return is read again: forgets all its diagnostics. */
void heard_forget(heard *h);
/* A finding of a cell, or a normalized value; both wait until their response has an id. */
void heard_finding(void *self, const cnv_finding *finding);
void heard_change(void *self, const cnv_ledger_entry *entry);
void heard_reset_window(heard *h, const cnv_batch *batch);
/* Stores the window's findings and changes with their responses, and emits them. */
cnv_status heard_store(heard *h, const cnv_str *respondents, const uint64_t *ids, bool only_new, cnv_diags *faults);
/* Stores the diagnostics of the whole return with a response; 0: with the file. */
cnv_status heard_store_rest(heard *h, uint64_t response, cnv_diags *faults);
/* Of a return with the answers that the respondent has given before. */
cnv_status heard_add(heard *h, cnv_str respondent, cnv_diags *faults);
/* Emits a diagnostic that is already stored or is not stored at all. */
void heard_say(heard *h, const cnv_diag *diag);
/* A remark on how the return is read, which is not stored; `self` is the heard. */
void heard_note(void *self, const cnv_diag *diag);
/* The return is not dismissed again: emits what was put off. */
void heard_resume(heard *h);
void heard_fini(heard *h);

/* ---------------------------------------------------------------- claims.c */

/* Does the return claim another form or round, or was it tampered with?  Then CNV_REJECTED, reported. */
cnv_status claims_judge(arrival *a, const cnv_claims *claims);
/* How answers to the version it was made for are carried over; NULL: it is of the current version, or of no known
 * one. */
cnv_status claims_find_version(arrival *a, const cnv_claims *claims, const cnv_migration **migration);
/* Reports the decision, stored in a->migration. */
void claims_tell_version(arrival *a, const cnv_claims *claims);
/* The form in the same folder that the file is probably a return of, as a hint; empty: none. */
cnv_str claims_guess(arrival *a);
/* At the end of a return frees all but the current one; at the end of the run, that one too. */
void claims_forget_older(cnv_intake *in, bool all);

/* ---------------------------------------------------------------- owner.c */

/* Finds the respondent of each row of the window; a row without one is quarantined (wide) or fails the return
 * (long). */
cnv_status owner_attribute(arrival *a, cnv_str *respondents, cnv_ledger *ledger);
/* The same without diagnostics, before the window is judged, to find the earlier answers. */
void owner_guess(arrival *a, cnv_str *respondents);
/* Seeds the random values of the rows of a window, the last of the a->rows so far. */
void owner_seed(const arrival *a, cnv_batch *window, const cnv_str *respondents);

/* ---------------------------------------------------------------- keep.c */

/* Copies the selected rows of the window that have a respondent. */
cnv_status keep_rows(kept_rows *kept, const cnv_batch *window, const uint8_t *wanted, const cnv_str *codes);
void keep_fini(kept_rows *kept);

/* ---------------------------------------------------------------- settle.c */

/* Settles a batch by the conventions of the return; ledger: may be NULL. */
cnv_status settle_batch(arrival *a, cnv_batch *batch, cnv_ledger *ledger);
/* Reports once how the return writes its numbers and dates. */
void settle_tell(arrival *a);

/* ---------------------------------------------------------------- sent.c */

/* Before the window is settled: finds the outcome of each answer that the return was sent out with, and takes out those
 * that are neither confirmed nor changed.  Sets a->blank where nothing is answered. */
cnv_status sent_take(arrival *a);
/* Stores the states with their response. */
cnv_status sent_store(arrival *a, uint64_t response);
/* The return is blank: stores only that. */
cnv_status sent_store_blank(arrival *a, cnv_str respondent);
void sent_forget(arrival *a); /* the return is read again */
/* Lays the window out again as a->fills says; rows: of in->earlier. */
cnv_status sent_refill(arrival *a, const uint32_t *rows);

/* ---------------------------------------------------------------- merge.c */

/* Before the window is settled: a return made from an earlier revision is merged with the one that counts.
 * CNV_REJECTED, reported: both have changed the same answer. */
cnv_status merge_take(arrival *a);

/* ---------------------------------------------------------------- absent.c */

/* Before the window is settled: keeps the earlier answers to questions on sheets of the pack that did not come. */
cnv_status absent_keep(arrival *a);

/* ---------------------------------------------------------------- fill.c */

/* --keep-blank, before the window is settled: keeps the earlier answers where it is blank. */
cnv_status fill_blanks(arrival *a);
/* After the window is settled: sets their values and reports each. */
void fill_tell(arrival *a, cnv_ledger *ledger);

/* ---------------------------------------------------------------- compare.c */

/* After the window is judged: notes what to report, and keeps responses that may follow an earlier one. */
cnv_status compare_note(arrival *a, const cnv_str *respondents, const uint64_t *ids, const uint64_t *seen);
/* Before the commit: compares each follower with its earlier response. */
cnv_status compare_pairs(arrival *a);
/* After the commit: reports the changes. */
void compare_tell(arrival *a);
void compare_reset(arrival *a); /* the return is read again, or nothing of it is stored */
void compare_fini(arrival *a);

/* ---------------------------------------------------------------- folder.c */

/* Adds the returns in a folder. */
cnv_status folder_add(cnv_intake *in, cnv_str name);

/* ---------------------------------------------------------------- options.c */

/* The options by which returns are judged, as JSON: all that is needed to judge them again. */
void options_write(cnv_text *out, const cnv_intake_options *options);
/* Parses options; texts are in the arena.  false: not written by options_write. */
bool options_read(cnv_intake_options *options, cnv_str json, cnv_arena *arena);

/* ---------------------------------------------------------------- deposit.c: one return in the store */

/* Opens the transaction, and prepares to keep the bytes that are read in it. */
cnv_status deposit_begin(arrival *a);
/* After a rollback: opens the same transaction again. */
cnv_status deposit_begin_again(arrival *a);
/* Stores its row, the form's companion files used to judge it, and its own files. */
cnv_status deposit_file(arrival *a, const cnv_store_file *file);
cnv_status deposit_originals(arrival *a);
/* Rolls back, and keeps the whole return with the reason. */
cnv_status deposit_quarantine(arrival *a, const cnv_store_file *file);
/* Nothing of the return is stored, for example because it is already there; a roster or map that was passed is kept. */
void deposit_take_back(arrival *a);
cnv_status deposit_leave(arrival *a);
/* Reads to the end; the next pass begins at the first byte. */
cnv_status deposit_rewind(arrival *a);

/* ---------------------------------------------------------------- passes.c */

/* Reads, judges and stores the return. */
cnv_status passes_run(arrival *a, const cnv_store_file *file);
/* Receives diagnostics of reading and gathering; `self` is the arrival. */
void passes_diag(void *self, const cnv_diag *diag);

/* ---------------------------------------------------------------- account.c */

void account_add(cnv_account *sum, const cnv_account *account);
/* At the end of the return: is every cell accounted for?  CNV_REJECTED: a defect of canvass, reported. */
cnv_status account_close(arrival *a);

/* ---------------------------------------------------------------- annotate.c */

annotator *annotator_new(void); /* NULL: out of memory */
void annotator_free(annotator *annotator);
/* Keeps the judged rows of the window that have findings until the return is stored. */
cnv_status annotate_keep(arrival *a, const cnv_str *respondents);
/* Writes them. */
void annotate_write(arrival *a, const uint8_t sha256[32]);

#endif
