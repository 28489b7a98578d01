/* One return on its way in: what intake.c, reading.c and large.c share. */
#ifndef CANVASS_CLI_TAKING_H
#define CANVASS_CLI_TAKING_H

#include "cli.h"

/* A finding or ledger entry waits until its response has an id: `response` is a row of table 0. */
typedef struct waiting_finding {
	cnv_finding finding;
	uint32_t response;
} waiting_finding;

typedef struct waiting_change {
	cnv_ledger_entry entry;
	uint32_t response;
} waiting_change;

/* A file with the entries of one repeat, read before the responses. */
typedef struct taking_companion {
	cnv_str name, bytes;
	uint32_t table;
} taking_companion;

/* One return on its way in. */
typedef struct taking {
	cli_intake *intake;
	cnv_str name;
	cnv_gather *gather;    /* a large file is gathered by another thread, see large.c */
	cnv_diags diags;       /* of reading and gathering */
	cnv_diag why;          /* the first error: why the file is quarantined */
	cnv_arena arena;       /* texts of `why` */
	bool has_why;
	waiting_finding *findings;
	uint32_t finding_count, finding_room;
	waiting_change *changes;
	uint32_t change_count, change_room;
	cnv_map seen;          /* respondent -> line of its response */
	cnv_arena seen_codes;
	/* findings of reading and gathering, which belong to no cell: kept with the response where there is one */
	cnv_diag *heard;
	uint32_t heard_count, heard_room;
	uint64_t rows;         /* responses read so far */
	uint64_t quarantined;  /* of them */
	uint64_t stored;       /* of them: new, or new revisions */
	bool retried;          /* the file is there, and what was quarantined of it is tried again */
	cnv_str bytes;         /* of a file that is not large */
	cnv_conventions conventions;
	bool conventions_told;
	taking_companion *companions;
	uint32_t companion_count, companion_room;
	bool alone;            /* it holds entries, and no responses */
	bool whole;            /* the batch holds the whole file */
	cnv_text reading;      /* how it is read: "windows-1252, semicolon"; what follows is put behind, after "; " */
	struct taking_kept *kept; /* what may have to be sent back (annotate.c); NULL: nothing yet */
	bool again;            /* the file is there, and is read only to be sent back: nothing is told or stored */
	bool large;            /* over CNV_STORE_INLINE */
	cnv_keeping *keeping;  /* its copy; NULL: a rehearsal, or it is not large */
	/* of the window under way (staging.c) */
	cnv_fills fills;       /* --keep-blank: where earlier answers stand */
	cli_revised *revised;  /* of each row of table 0 */
	cli_changed *changed;
	uint32_t changed_count, changed_room;
	bool failed;           /* memory, disk or database: the reason has been said */
} taking;

/* Bytes -> records of the taking's gatherer (reading.c). */
typedef struct taking_reader {
	taking *taking;
	cnv_diags *diags;                          /* who hears of reading */
	void *self;
	cnv_status (*full)(void *self);            /* the gatherer's window is full: judge it, or hand it over */
	void (*progress)(void *self, size_t bytes); /* of a large file: so many more were read */
} taking_reader;

/* A file in memory, whatever it is. */
cnv_status taking_read_bytes(taking_reader *reader, cnv_str bytes);
/* A large one, in pieces. */
cnv_status taking_read_file(taking_reader *reader, cnv_file *file);

/* Which files of entries belong to this one (companions.c). */
cnv_status taking_find_companions(taking *t);
cnv_status taking_refuse_alone(taking *t);
void taking_say_layout(taking *t);

/* Hears what reading and gathering say: passed on, and the first error remembered.  `self` is the taking. */
void taking_hear(void *self, const cnv_diag *diag);
/* What the file is named for: AUS of responses/AUS.csv. */
cnv_str taking_stem(cnv_str name);
/* Keeps a finding until its response has an id.  `self` is the taking. */
void taking_note(void *self, const cnv_finding *finding);
/* Whose answers each row of the window is (owner.c); a row without an owner goes into quarantine (wide) or fails the
 * file (long). */
cnv_status taking_attribute(taking *t, cnv_str *respondents, cnv_ledger *ledger);
/* Opens the transaction of one file. */
cnv_status taking_begin(taking *t, bool large);
/* What the row of the return says before it is read. */
cnv_store_file taking_file(const taking *t);
/* The copy of a large file gets its name and its row. */
cnv_status taking_keep_large(taking *t, const cnv_store_file *file);
/* Puts the row of the return, and its files unless they are large. */
cnv_status taking_put_file(taking *t, const cnv_store_file *file);
/* Has this file been accepted before?  Then it is counted, and nothing is changed. */
cnv_status taking_look_for(taking *t, const cnv_store_file *file, cnv_file_known *known, cli_taken *taken);
/* Settles, attributes, judges and stores the rows that wait in the intake's batch, and empties it. */
cnv_status taking_judge(taking *t);
/* Commits, quarantines or rolls back, as `status` says. */
cli_exit taking_finish(taking *t, cnv_store_file *file, cnv_status status, bool known, uint64_t errors_before,
                       cli_taken *taken);
/* Is the file in memory a return of this form and round?  CNV_REJECTED: it says that it is not, which has been told.
 * One of an older version of the form is read as such from now on (batch->migration). */
cnv_status taking_belongs(taking *t, cnv_str bytes);
/* The same of what a file has claimed so far, but for its version. */
cnv_status taking_judge_claims(taking *t, const cnv_claims *claims);
/* Which of the forms beside the one given the file is probably a return of, as a hint; empty: none. */
cnv_str taking_guess(taking *t);
void taking_forget_older(cli_intake *intake);
/* How the whole file writes numbers and dates, from what `self`, the taking, has read and has yet to read
 * (foresight.c). */
cnv_status taking_look_through(void *self, cnv_conventions *conventions);
/* Says once what was decided. */
void taking_tell_conventions(taking *t);
/* Whose return the file itself says it is; empty: it does not, or holds several. */
cnv_str taking_claimed_owner(taking *t);
/* Settles the batch, the intake's or one like it, in the ways of the file; ledger: NULL. */
cnv_status taking_settle(taking *t, cnv_batch *batch, cnv_ledger *ledger);
/* --keep-blank, before the window is settled: where it is blank, the earlier answers stand. */
cnv_status taking_keep_blank(taking *t);
/* When it is settled: sets their values, and tells each. */
void taking_tell_kept(taking *t, cnv_ledger *ledger);
/* Compares the judged window with the responses that count now. */
cnv_status taking_compare(taking *t, const cnv_str *respondents);
/* When it is stored: tells what is new, and what has changed. */
void taking_tell_revised(taking *t, const cnv_str *respondents, const cnv_outcome *outcomes);
/* Keeps what was said of the file as a whole, and the judged rows that wait in the batch and have findings, until the
 * file is stored. */
void taking_keep_diag(taking *t, const cnv_diag *diag);
cnv_status taking_keep_rows(taking *t, const cnv_str *respondents);
/* Writes them; what comes of it goes to the intake's cli_annotate. */
void taking_annotate(taking *t, const uint8_t sha256[32]);
void taking_kept_free(taking *t);
/* A file over CNV_STORE_INLINE. */
cli_exit taking_large(taking *t, cnv_file *source, cli_taken *taken);

#endif
