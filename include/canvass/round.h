/* round: what happens between those who ask and a respondent.
 *
 * The room uses files and the store, and prints nothing; it knows no command line and no clock.  Whatever happens is
 * told to a listener or by diagnostics, and each caller decides what a person sees of it.
 */
#ifndef CANVASS_ROUND_H
#define CANVASS_ROUND_H

#include "canvass/io.h"
#include "canvass/store.h"

/* ---------------------------------------------------------------- what a command is given (given.c) */

/* A form as its file has it, with its plan.  { 0 } may be freed. */
typedef struct cnv_form_file {
	cnv_arena arena; /* of all that is in it */
	cnv_str name;    /* as given; borrowed */
	cnv_str bytes;
	cnv_sheets sheets;
	cnv_form *form;     /* NULL: it cannot be built */
	cnv_plan *plan;     /* NULL: it was only looked at, or cannot be compiled */
	uint32_t language;  /* for messages: the form's default until the caller sets another */
	cnv_original *besides; /* the files next to it that were read with it */
	uint32_t beside_count;
} cnv_form_file;

/* Reads, builds and compiles the form and the files next to it; with `advise` says advice too.  CNV_REJECTED: it cannot
 * be used. */
cnv_status cnv_form_file_load(cnv_form_file *form, cnv_str name, bool advise, cnv_diags *diags);
/* The same without compiling its formulas, which only asking and judging need: from a file, and from bytes (copied). */
cnv_status cnv_form_file_look(cnv_form_file *form, cnv_str name, cnv_diags *diags);
cnv_status cnv_form_file_read(cnv_form_file *form, cnv_str name, cnv_str bytes, cnv_diags *diags);
void cnv_form_file_fini(cnv_form_file *form);

typedef struct cnv_roster_file {
	cnv_arena arena;
	cnv_str source, bytes;
	cnv_roster roster;
	bool there; /* false: the round has no roster */
	bool given; /* by name or found next to the form: to be remembered by the store */
} cnv_roster_file;

/* `name`, else the one that the store (or NULL) remembers, else roster.csv next to the form, else none.  CNV_REJECTED:
 * it cannot be used. */
cnv_status cnv_roster_file_load(cnv_roster_file *roster, cnv_str name, cnv_str form_name, cnv_store *store,
                                cnv_diags *diags);
void cnv_roster_file_fini(cnv_roster_file *roster);

typedef struct cnv_map_file {
	cnv_column_map *map; /* NULL: there is none */
	cnv_str source, bytes;
	cnv_arena arena;
	bool given; /* by name, or "none": to be remembered by the store */
} cnv_map_file;

/* `name` ("none": without one), else the one that the store remembers, else none.  CNV_REJECTED: it cannot be used. */
cnv_status cnv_map_file_load(cnv_map_file *map, cnv_str name, const cnv_form *form, cnv_store *store, cnv_diags *diags);
void cnv_map_file_fini(cnv_map_file *map);

/* ---------------------------------------------------------------- packs (pack_file.c) */

/* Writes a workbook to be filled in whole or not at all.  CNV_REJECTED, said: it exists, and is not to be replaced.
 * later: the caller waits for the disk. */
cnv_status cnv_pack_write(const cnv_pack *pack, cnv_str target, bool force, bool later, cnv_instant now,
                          cnv_arena *scratch, cnv_diags *diags);

/* ---------------------------------------------------------------- importing returns (intake.c)
 *
 * A return is one file, or several that belong together.  Each is one transaction of the store: the files, their
 * answers, findings and ledger arrive together or not at all. */

typedef struct cnv_intake cnv_intake;

/* { 0 } but for round and now is a plain import.  All texts outlive the intake. */
typedef struct cnv_intake_options {
	cnv_str round;       /* label */
	cnv_str program;     /* version of canvass, kept with each return */
	cnv_instant now;     /* returns are judged as at this instant, and received at it */
	cnv_str respondent;  /* code: whose answers they are where the file does not say */
	cnv_str was;         /* file of the older form, for returns of a version that the store does not know */
	const cnv_encoding *encoding; /* of text files; NULL: found */
	char delimiter;               /* the same; 0 */
	const cnv_roster_file *roster; /* NULL; remembered by the store where it was given */
	const cnv_map_file *map;       /* the same */
	bool strict;         /* answers are read only as the form writes them */
	bool keep_blank;     /* earlier answers stay where the return is blank */
	bool replace;        /* blanks are meant, and not warned of */
	bool rehearse;       /* the store was opened to rehearse */
	uint32_t threads;    /* beside the caller's: 0, 1 (parses), 2 (digests and copies) */
	cnv_str annotate;    /* folder for returns with findings, as workbooks to be corrected; empty: none are written */
	bool overwrite;      /* those that exist are replaced */
	bool fixed_language; /* they are written in form->language, whatever the respondent's */
} cnv_intake_options;

typedef enum cnv_intake_outcome {
	CNV_INTAKE_ACCEPTED,    /* stored, with or without findings */
	CNV_INTAKE_ALREADY,     /* the same bytes of the same respondent were imported before */
	CNV_INTAKE_QUARANTINED, /* set aside whole, with the reason */
	CNV_INTAKE_FAILED       /* a file, the disk or the store failed: nothing was changed */
} cnv_intake_outcome;

/* An answer that a new revision has otherwise than the response that counted before. */
typedef struct cnv_changed {
	cnv_question_id question;
	cnv_str path, from, to; /* empty: not answered */
	cnv_verdict verdict;    /* of what it is now */
} cnv_changed;

/* A response that is new, or takes the place of an earlier one. */
typedef struct cnv_received {
	cnv_str respondent;
	bool fresh;       /* the first of its respondent; else a new revision */
	bool compared;    /* with the one that counted before, which of many responses only the first 1,000 are */
	bool remarks;     /* other remarks than before */
	uint32_t answers; /* of a fresh one */
	uint32_t revision;
	const cnv_changed *changed;
	uint32_t count, first; /* of `changed`; first is the intake's */
	uint32_t blank;        /* of `changed`: blank now, and asked */
} cnv_received;

/* What became of one return, told when it is durable. */
typedef struct cnv_intake_done {
	cnv_str file;
	cnv_str with; /* names of the files read with it: "demo-doc.csv, demo-page.csv" */
	cnv_intake_outcome outcome;
} cnv_intake_done;

typedef struct cnv_intake_totals {
	uint64_t files, accepted, already, quarantined, failed; /* returns */
	cnv_store_counts responses;
	uint64_t errors, warnings; /* in what was judged */
	uint64_t changes;          /* of the ledger */
	uint64_t annotated;        /* returns written to be corrected */
	bool not_overwritten;      /* one of them exists already */
	cnv_status fault;          /* the worst that went wrong with files or the store */
} cnv_intake_totals;

/* Who hears of it; any function may be NULL.  What they are given is borrowed for the call. */
typedef struct cnv_intake_listener {
	void *self;
	void (*file)(void *self, cnv_str file); /* a return is begun */
	void (*diag)(void *self, const cnv_diag *diag);
	void (*normalized)(void *self, const cnv_ledger_entry *entry);
	/* What the file brings; fresh ones come as they are read, and count once the file is done and accepted. */
	void (*response)(void *self, const cnv_received *received);
	void (*progress)(void *self, uint64_t bytes, uint64_t size);
	void (*annotating)(void *self, uint32_t done, uint32_t all); /* returns to be corrected are written */
	void (*done)(void *self, const cnv_intake_done *done);
	void (*folder)(void *self, cnv_str name, const cnv_folder *folder); /* one was read for the files in it */
} cnv_intake_listener;

/* Form (loaded, with its plan) and store (opened to write or rehearse) are borrowed; the options and the listener are
 * copied.  NULL: no memory. */
cnv_intake *cnv_intake_new(const cnv_intake_options *options, const cnv_form_file *form, cnv_store *store,
                           const cnv_intake_listener *listener);
/* Adds a file, or the files of a folder in natural order of their names; of a folder the store itself, what canvass
 * made and what systems leave are passed over, and of its folders the files directly in them are taken.  CNV_NO_ACCESS:
 * the folder cannot be read, said. */
cnv_status cnv_intake_add(cnv_intake *intake, cnv_str name);
/* Adds a response that is in memory, as the bytes of a CSV in the long layout; borrowed. */
cnv_status cnv_intake_add_bytes(cnv_intake *intake, cnv_str name, cnv_str bytes);
/* Imports what was added, one return after the other; one that fails does not keep the next from being tried.
 * CNV_NO_MEMORY or CNV_NO_ACCESS: it could not even begin. */
cnv_status cnv_intake_run(cnv_intake *intake);
uint32_t cnv_intake_count(const cnv_intake *intake); /* of returns; after cnv_intake_run has begun */
const cnv_intake_totals *cnv_intake_get_totals(const cnv_intake *intake);
void cnv_intake_free(cnv_intake *intake); /* NULL is fine */

#endif
