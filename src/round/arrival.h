/* One return on its way in: what intake.c and the files that serve it share. */
#ifndef CANVASS_ROUND_ARRIVAL_H
#define CANVASS_ROUND_ARRIVAL_H

#include "parts.h"

enum {
	HELD = 4,             /* windows that wait until it is known what the return is */
	MOST_COMPARED = 1000, /* responses of one run: nobody reads what more of them change */
	MOST_CAME = 100000    /* respondents of one run that are remembered by name */
};

/* An older version of the form, read for returns that were made for it (claims.c). */
typedef struct older_form {
	cnv_form_file form;
	cnv_migration migration;
	cnv_arena arena;
	uint32_t added;          /* questions of the present form that it did not ask */
	struct older_form *next; /* used before it, and perhaps still by the thread that parses */
} older_form;

typedef struct annotator annotator; /* annotate.c */

struct cnv_intake {
	cnv_intake_options options;
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL */
	cnv_store *store;
	cnv_intake_listener listener;
	cnv_intake_totals totals;
	parts_list given;
	cnv_vocabulary vocabulary;
	/* kept from return to return: gathered into, handed over, judged, waiting, and the earlier responses */
	cnv_batch *gathered, *slot, *window, *held[HELD], *earlier;
	cnv_arena scratch; /* of one window */
	older_form *older; /* those read, the one in use first; NULL */
	uint32_t searches; /* for other forms, in this run */
	uint32_t compared; /* responses, in this run */
	cnv_map came;      /* respondents stored in this run -> the number of the file among those given */
	cnv_arena codes;   /* of `came` */
	annotator *annotator;
};

/* A finding or ledger entry waits until its response has an id: `response` is a row of table 0. */
typedef struct waiting_finding {
	cnv_finding finding;
	uint32_t response;
} waiting_finding;

typedef struct waiting_change {
	cnv_ledger_entry entry;
	uint32_t response;
} waiting_change;

/* What is said of a return before it is known whose it is (heard.c). */
typedef struct heard {
	cnv_intake *intake;
	cnv_str name;           /* of the return */
	const cnv_batch *batch; /* of the window under way */
	cnv_arena *arena;       /* of the return */
	/* of the window: */
	waiting_finding *findings;
	uint32_t finding_count, finding_room;
	waiting_change *changes;
	uint32_t change_count, change_room;
	/* of the return: findings of reading and gathering, which belong to no cell */
	cnv_diag *diags;
	uint32_t count, room;
	cnv_diag why; /* the first error: why it is quarantined */
	bool has_why;
	/* all that was said of it but notes, to be sent back with the answers */
	cnv_diag *told;
	uint32_t told_count, told_room;
	bool keeps_told;
	bool held; /* diagnostics wait until it is known how the return is read */
	cnv_diag *waiting;
	uint32_t waiting_count, waiting_room;
	bool wide;   /* in the wide layout a row can be set aside alone */
	bool silent; /* it is there already, and is read only to be sent back */
	bool failed; /* memory ran out */
} heard;

/* A response whose respondent may have come before, until the store has paired it (compare.c). */
typedef struct pending_response {
	uint64_t id;
	uint32_t row; /* among the followers that were kept; CNV_NONE: it is not compared */
	bool gone;    /* it brought nothing that was not there */
	cnv_received received;
} pending_response;

typedef struct pending_responses {
	pending_response *at; /* by rising id */
	uint32_t count, room;
	uint32_t next, kept;
	cnv_changed *changed;
	uint32_t changed_count, changed_room;
} pending_responses;

/* Responses kept for later: with findings, to be sent back (annotate.c), or that follow others, to be compared. */
typedef struct kept_rows {
	cnv_batch *batch;
	cnv_str *codes; /* of its rows of table 0 */
	uint32_t room;
	cnv_arena arena;
} kept_rows;

typedef struct arrival {
	cnv_intake *intake;
	uint32_t number; /* among the files given */
	cnv_str name;    /* of the file of responses */
	parts parts;
	cnv_arena arena;  /* as long as the return is under way */
	cnv_diags diags;  /* what is wrong with the return: counted as errors in it */
	cnv_diags faults; /* of files and the store: nothing that its sender could correct */
	cnv_diags notes;  /* of how it is read */
	heard heard;
	stream stream;
	const cnv_migration *migration; /* NULL: it is of the present version */
	cnv_claims claims;              /* by which it was decided */
	cnv_conventions conventions;
	bool conventions_told;
	/* how far it has got */
	uint32_t held;  /* windows waiting */
	bool released;  /* windows flow */
	bool whole;     /* the windows that waited are all of it */
	bool asked;     /* it was read for its claims alone */
	bool digests;   /* its digest is wanted */
	bool odd;       /* its encoding is judged by all lines that are not ASCII */
	bool learning;  /* a pass that only collects: conventions and claims of the whole return */
	bool again;     /* another pass is needed: what the first one took for granted does not hold */
	bool learned;   /* claims and conventions are those of the whole return */
	cnv_str *codes; /* of its respondents, the first of them */
	uint32_t code_count, code_room;
	cnv_intake_totals before;           /* the return */
	cnv_diag fault;                     /* the last error of a pass that only collects */
	uint64_t rows, stored, quarantined; /* responses: read, new or revised, set aside */
	bool retried;                       /* it is there already, and its quarantined records are tried again */
	bool silent;                        /* it is there already, and is read only to be sent back */
	cnv_place owner_place;              /* where the window's responses name their respondent; without a row */
	cnv_str owner_field;
	cnv_prefill fills;   /* --keep-blank: where earlier answers were filled in */
	kept_rows followers; /* responses of respondents who came before */
	pending_responses pending;
	kept_rows returned; /* to be sent back */
	bool left_out;      /* there are more of them than are kept */
	cnv_text with;      /* the files read with it: "demo-doc.csv, demo-page.csv" */
} arrival;

/* ---------------------------------------------------------------- heard.c */

/* A diagnostic of reading or gathering; `self` is the heard. */
void heard_diag(void *self, const cnv_diag *diag);
/* The return is read again: all that was said of it. */
void heard_forget(heard *h);
/* A finding of a cell, or a change made to understand one; they wait until their response has an id. */
void heard_finding(void *self, const cnv_finding *finding);
void heard_change(void *self, const cnv_ledger_entry *entry);
void heard_reset_window(heard *h, const cnv_batch *batch);
/* Stores the window's findings and changes with their responses, and says them. */
cnv_status heard_store(heard *h, const cnv_str *respondents, const uint64_t *ids, bool only_new, cnv_diags *faults);
/* Stores what was said of the return as a whole with a response; 0: with the file. */
cnv_status heard_store_rest(heard *h, uint64_t response, cnv_diags *faults);
/* Says a diagnostic that is stored already, or is not to be. */
void heard_say(heard *h, const cnv_diag *diag);
void heard_fini(heard *h);

/* ---------------------------------------------------------------- claims.c */

/* Does the return say that it is of another form or round, or was it tampered with?  CNV_REJECTED, said. */
cnv_status claims_judge(arrival *a, const cnv_claims *claims);
/* How answers to the version it was made for are carried over; NULL: it is of this one, or of none that is known. */
cnv_status claims_find_version(arrival *a, const cnv_claims *claims, const cnv_migration **migration);
/* Says what was decided, as a->migration. */
void claims_tell_version(arrival *a, const cnv_claims *claims);
/* Which of the forms next to the one given the file is probably a return of, as a hint; empty: none. */
cnv_str claims_guess(arrival *a);
/* When a return is closed, all but the one in use; when the run ends, that too. */
void claims_forget_older(cnv_intake *in, bool all);

/* ---------------------------------------------------------------- owner.c */

/* Whose answers each row of the window is; a row without an owner is quarantined (wide) or fails the return (long). */
cnv_status owner_attribute(arrival *a, cnv_str *respondents, cnv_ledger *ledger);
/* The same quietly, before the window is judged: only to know whose earlier answers are meant. */
void owner_guess(arrival *a, cnv_str *respondents);

/* ---------------------------------------------------------------- keep.c */

/* Copies the wanted rows of the window that have a respondent. */
cnv_status keep_rows(kept_rows *kept, const cnv_batch *window, const uint8_t *wanted, const cnv_str *codes);
void keep_fini(kept_rows *kept);

/* ---------------------------------------------------------------- settle.c */

/* Settles a batch in the ways of the return; ledger: NULL. */
cnv_status settle_batch(arrival *a, cnv_batch *batch, cnv_ledger *ledger);
/* Says once how the return writes its numbers and dates. */
void settle_tell(arrival *a);

/* ---------------------------------------------------------------- fill.c */

/* --keep-blank, before the window is settled: where it is blank, the earlier answers stay. */
cnv_status fill_blanks(arrival *a);
/* When it is settled: sets their values, and tells each. */
void fill_tell(arrival *a, cnv_ledger *ledger);

/* ---------------------------------------------------------------- compare.c */

/* Of the judged window: notes what is to be told, and keeps what may follow an earlier response. */
cnv_status compare_note(arrival *a, const cnv_str *respondents, const uint64_t *ids, const uint64_t *seen);
/* Before the commit: what follows an earlier response is compared with it. */
cnv_status compare_pairs(arrival *a);
/* After it: tells what has changed. */
void compare_tell(arrival *a);
void compare_reset(arrival *a); /* the return is read again, or nothing of it is stored */
void compare_fini(arrival *a);

/* ---------------------------------------------------------------- folder.c */

/* Adds the returns of a folder. */
cnv_status folder_add(cnv_intake *in, cnv_str name);

/* ---------------------------------------------------------------- options.c */

/* How returns are judged, as JSON: what is needed to judge them again. */
void options_write(cnv_text *out, const cnv_intake_options *options);
/* Sets what was written; texts in the arena.  false: it was not written by options_write. */
bool options_read(cnv_intake_options *options, cnv_str json, cnv_arena *arena);

/* ---------------------------------------------------------------- deposit.c: one return in the store */

/* Opens the transaction, and makes ready to keep what is read in it. */
cnv_status deposit_begin(arrival *a);
/* After a rollback: the same transaction from its beginning. */
cnv_status deposit_begin_again(arrival *a);
/* Its row, with the files next to the form by which it is judged; and the files themselves. */
cnv_status deposit_file(arrival *a, const cnv_store_file *file);
cnv_status deposit_originals(arrival *a);
/* Rolls back and keeps the return, whole, with the reason. */
cnv_status deposit_quarantine(arrival *a, const cnv_store_file *file);
/* Nothing of the return is stored; the same where it is there already: a roster or map that was given is kept. */
void deposit_take_back(arrival *a);
cnv_status deposit_leave(arrival *a);
/* Reads all of it to the end; the next pass begins at the first byte. */
cnv_status deposit_rewind(arrival *a);

/* ---------------------------------------------------------------- passes.c */

/* Reads, judges and stores the return. */
cnv_status passes_run(arrival *a, const cnv_store_file *file);
/* Hears of reading and gathering; `self` is the arrival. */
void passes_diag(void *self, const cnv_diag *diag);

/* ---------------------------------------------------------------- annotate.c */

annotator *annotator_new(void); /* NULL: no memory */
void annotator_free(annotator *annotator);
/* Keeps the judged rows of the window that have findings, until the return is stored. */
cnv_status annotate_keep(arrival *a, const cnv_str *respondents);
/* Writes them. */
void annotate_write(arrival *a, const uint8_t sha256[32]);

#endif
