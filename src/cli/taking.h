/* One return on its way in: what intake.c and large.c share. */
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
	uint64_t rows;         /* responses read so far */
	uint64_t quarantined;  /* of them */
	bool large;            /* over CNV_STORE_INLINE */
	bool failed;           /* memory, disk or database: the reason has been said */
} taking;

/* Hears what reading and gathering say: passed on, and the first error remembered.  `self` is the taking. */
void taking_hear(void *self, const cnv_diag *diag);
/* Opens the transaction of one file. */
cnv_status taking_begin(taking *t, bool large);
/* Has this file been accepted before?  Then it is counted, and nothing is changed. */
cnv_status taking_look_for(taking *t, const cnv_store_file *file, cnv_file_known *known, cli_taken *taken);
/* Settles, attributes, judges and stores the rows that wait in the intake's batch, and empties it. */
cnv_status taking_judge(taking *t);
/* Commits, quarantines or rolls back, as `status` says. */
cli_exit taking_finish(taking *t, cnv_store_file *file, cnv_status status, bool known, uint64_t errors_before, cli_taken *taken);
/* A file over CNV_STORE_INLINE. */
cli_exit taking_large(taking *t, cnv_file *source, cli_taken *taken);

#endif
