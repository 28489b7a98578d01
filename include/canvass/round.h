/* round: what happens between those who ask and a respondent.
 *
 * The room uses files and the store, and prints nothing; it knows no command line and no clock.  Whatever happens is
 * reported to a listener or by diagnostics, and each caller decides what a person sees of it.
 */
#ifndef CANVASS_ROUND_H
#define CANVASS_ROUND_H

#include "canvass/check.h"
#include "canvass/gather.h"
#include "canvass/io.h"
#include "canvass/store.h"

/* ---------------------------------------------------------------- what a command is given (given.c) */

/* A file that is in memory. */
typedef struct cnv_attached {
	cnv_str name, bytes;
} cnv_attached;

/* A form that is in memory, with the files that would be next to it.  Nothing is looked for in any folder. */
typedef struct cnv_form_given {
	cnv_attached file;
	const cnv_attached *besides; /* by the names that the form has for them */
	uint32_t count;
} cnv_form_given;

/* A form as its file has it, with its plan.  { 0 } may be freed. */
typedef struct cnv_form_file {
	cnv_arena arena; /* of all that is in it */
	cnv_str name;    /* as given; borrowed */
	cnv_str bytes;
	cnv_sheets sheets;
	cnv_form *form;        /* NULL: it cannot be built */
	cnv_plan *plan;        /* NULL: it was only looked at, or cannot be compiled */
	uint32_t language;     /* for messages: the form's default until the caller sets another */
	bool detached;         /* it was given from memory: no folder is its own */
	cnv_original *besides; /* the files next to it that were read with it */
	uint32_t beside_count;
} cnv_form_file;

/* Reads, builds and compiles the form and the files next to it; with `advise` says advice too.  CNV_REJECTED: it cannot
 * be used. */
cnv_status cnv_form_file_load(cnv_form_file *form, cnv_str name, bool advise, cnv_diags *diags);
/* The same from memory; all of it is copied. */
cnv_status cnv_form_file_load_given(cnv_form_file *form, const cnv_form_given *given, bool advise, cnv_diags *diags);
/* The same without compiling its formulas, which only asking and judging need: from a file, and from bytes (copied). */
cnv_status cnv_form_file_look(cnv_form_file *form, cnv_str name, cnv_diags *diags);
cnv_status cnv_form_file_read(cnv_form_file *form, cnv_str name, cnv_str bytes, cnv_diags *diags);
/* Only its sheets. */
cnv_status cnv_form_file_sheets(cnv_form_file *form, cnv_str name, cnv_diags *diags);
void cnv_form_file_fini(cnv_form_file *form);

/* The blocks that a form names, from the folder bank next to it (bank.c).  { 0 } may be freed. */
typedef struct cnv_bank {
	cnv_bank_block *blocks;
	uint32_t count;
	cnv_form_file *files; /* parallel to blocks */
	cnv_arena arena;
} cnv_bank;
/* A block that cannot be read is reported, and has no sheets; its other mistakes too.  The form outlives the bank. */
cnv_status cnv_bank_load(cnv_bank *bank, const cnv_form_file *form, cnv_diags *diags);
void cnv_bank_fini(cnv_bank *bank);

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

/* ---------------------------------------------------------------- a form checked (checked.c) */

/* All diagnostics of a form, by sheet, line, column and place in the cell; of the whole form comes last. */
typedef struct cnv_checked {
	cnv_form_file form;
	cnv_diag *diags;
	uint32_t count, room;
	cnv_diags counts; /* how many errors and warnings */
	cnv_arena texts;
	bool failed;
} cnv_checked; /* stays where it is */
cnv_status cnv_checked_load(cnv_checked *checked, cnv_str name);
/* given: NULL, or a form in memory instead of the one of that name.  advise: advice too. */
cnv_status cnv_checked_load_as(cnv_checked *checked, cnv_str name, const cnv_form_given *given, bool advise);
void cnv_checked_fini(cnv_checked *checked);

typedef struct cnv_holdings {
	uint32_t questions, sections, repeats, lists, languages, rules;
} cnv_holdings;
cnv_holdings cnv_form_holdings(const cnv_form_file *form);

/* ---------------------------------------------------------------- answers given by hand (answers.c) */

typedef struct cnv_answer_given {
	cnv_str name, value; /* of a question */
} cnv_answer_given;

typedef struct cnv_answers {
	const cnv_answer_given *given;
	uint32_t count;
	cnv_str source; /* what diagnostics call them */
	cnv_str file;   /* or a CSV in the long layout; empty: none */
} cnv_answers;

/* A form of one text question for each name. */
cnv_status cnv_form_file_of_names(cnv_form_file *form, cnv_str source, const cnv_answer_given *given, uint32_t count,
				  cnv_diags *diags);
/* One response of the answers, judged, into a batch of the form; no answer: one blank response. */
cnv_status cnv_answers_judge(cnv_batch *batch, const cnv_answers *answers, cnv_form_file *form, cnv_instant now,
			     cnv_arena *scratch, cnv_diags *diags);

/* ---------------------------------------------------------------- other versions of the form (versions.c) */

/* A form that responses of a round were judged with, and how its answers are carried to the form in use. */
typedef struct cnv_form_version {
	cnv_form_file form;
	cnv_migration migration;
} cnv_form_version;

/* { 0 } may be freed. */
typedef struct cnv_versions {
	cnv_form_version *at;
	uint32_t count;
	cnv_arena arena;
} cnv_versions;
/* Those of a round other than `form`.  One that cannot be read is reported, and left out. */
cnv_status cnv_versions_read(cnv_versions *out, cnv_store *store, const cnv_form *form, cnv_str round,
			     cnv_diags *diags);
void cnv_versions_fini(cnv_versions *versions);

cnv_str cnv_form_version_name(const cnv_form *form); /* "2", or "(no version)" */

/* The responses of a round that were judged with one form, read with it. */
typedef struct cnv_answered {
	cnv_batch *batch;
	cnv_reported *reported; /* of its rows */
	uint32_t count;
} cnv_answered;
/* bytes: of the form, which outlives it.  CNV_REJECTED: the round has more than CNV_REPORT_NAMED responses. */
cnv_status cnv_version_answers(cnv_answered *out, cnv_store *store, const cnv_form *form, cnv_str bytes, cnv_str round,
			       cnv_diags *diags);
void cnv_answered_fini(cnv_answered *answered);

/* An answer that was given, and has no place in the form in use. */
typedef struct cnv_not_carried {
	cnv_str respondent, path, value; /* as its own form has them; choices by their labels */
	const char *why;
	cnv_str title;            /* of its question, in its own form */
	cnv_question_id question; /* the one that would take it; CNV_NONE: there is none */
	cnv_privacy privacy;      /* of its question, in its own form */
	uint32_t row;             /* of the response, in the batch it was carried to */
	uint32_t file, line;      /* as in cnv_reported */
} cnv_not_carried;

typedef struct cnv_not_carried_list {
	cnv_not_carried *at;
	uint32_t count, room;
} cnv_not_carried_list;
/* Lists in `arena` what was not carried into a batch of the whole round, and says how many answers of each question. */
cnv_status cnv_versions_list_lost(const cnv_versions *versions, cnv_store *store, cnv_str round, const cnv_batch *now,
				  const cnv_reported *reported, cnv_not_carried_list *out, cnv_arena *arena,
				  cnv_diags *diags);

/* ---------------------------------------------------------------- standings (standing.c) */

/* Each respondent of a round is in exactly one of these. */
typedef enum cnv_state {
	CNV_STATE_SILENT, /* past the due day, or there is none */
	CNV_STATE_NOT_YET_DUE,
	CNV_STATE_EXTENDED,
	CNV_STATE_DECLINED,
	CNV_STATE_WITHDRAWN,
	/* A file that may be theirs waits in the quarantine: */
	CNV_STATE_NOT_READABLE,   /* it cannot be read as a return */
	CNV_STATE_NOT_ACCEPTED,   /* it can, but is of another form or round, or contradicts a later return */
	CNV_STATE_NOT_ATTRIBUTED, /* a person has to say whose it is */
	CNV_STATE_BLANK,          /* nothing is answered in what was returned */
	CNV_STATE_CONFLICT,       /* a return waits that changes the same answers as a later revision, which counts */
	CNV_STATE_ANSWERED,
	CNV_STATE_COMPILED, /* answered by somebody else: no reply */
	CNV_STATES
} cnv_state;
const char *cnv_state_words(cnv_state state); /* "not yet due" */
bool cnv_state_is_silent(cnv_state state);    /* an answer is still to come, and may be asked for */

typedef struct cnv_reply {
	cnv_state state;
	cnv_notice_kind notice; /* the last of CNV_NOTICE_SENT and CNV_NOTICE_ACKNOWLEDGED; 0: none */
	bool has_due;
	bool late;         /* received after it was due */
	int32_t due;       /* the round's day, or the one of an extension */
	cnv_str reason;    /* of the extension, the decline or the withdrawal; the file that waits */
	int64_t item;      /* the number in the quarantine of what waits and may be theirs; 0: nothing */
	uint32_t reminded; /* times */
	uint32_t row;      /* of the response that counts; CNV_NONE: none */
} cnv_reply;

/* One response's questions, those of its entries included. */
typedef struct cnv_completeness {
	uint32_t asked, answered, open; /* open: no answer where one is required, or not usable */
	bool blank;                     /* nothing but who it is from */
	bool compiled;                  /* by somebody else: no reply */
} cnv_completeness;

/* How many of one group have replied. */
typedef struct cnv_rate {
	uint32_t grouping; /* of the roster */
	cnv_str group;
	uint32_t members, replied;
} cnv_rate;
uint32_t cnv_rate_percent(const cnv_rate *rate);

/* A round as the store has it.  { 0 } may be freed. */
typedef struct cnv_standings {
	const cnv_form *form;
	const cnv_roster *roster; /* NULL: there is none, and no replies or rates */
	cnv_str round;            /* borrowed */
	cnv_audience audience;    /* to which the responses are released */
	int32_t today;
	bool exact;                /* as it was asked */
	uint64_t responses;        /* that count: latest revisions */
	uint64_t errors, warnings; /* found in them */
	cnv_tally *tally;
	cnv_reported *reported; /* of the batch's rows */
	/* of at most CNV_REPORT_NAMED responses; else NULL, and so are the replies */
	cnv_batch *batch;
	cnv_secrets *secrets;        /* what the audience may not see of it */
	cnv_completeness *complete;  /* of each row of the batch */
	cnv_reply *replies;          /* of each respondent of the roster */
	cnv_rate *rates;             /* grouping by grouping, groups in the roster's order */
	uint32_t rate_count;         /* 0: no groups, or too many (CNV_BY_GROUP_MOST) */
	uint32_t states[CNV_STATES]; /* respondents of the roster in each */
	uint32_t replied;            /* answered, or in conflict: the earlier answers count */
	uint32_t silent, overdue;    /* of whom an answer is still to come; overdue: of them */
	uint64_t items;              /* files and records that wait in the quarantine */
	bool sent;                   /* something is known to have been sent */
	bool has_due;
	int32_t due;                      /* of the round */
	cnv_versions versions;            /* other than the form, that responses were given with */
	cnv_not_carried_list not_carried; /* to the form; of a batch only */
	cnv_arena arena, scratch;
} cnv_standings;

/* Answers of another version of the form are carried to it; the standings outlive what is read from the store after.
 * exact: no figure is approximate (cnv_tally_sketch), however many answers must be read for it. */
cnv_status cnv_standings_read(cnv_standings *standings, cnv_store *store, const cnv_form *form,
			      const cnv_roster *roster, cnv_str round, cnv_instant now, cnv_audience audience,
			      bool exact, cnv_diags *diags);
/* The round has compiled answers only, and nothing was sent. */
bool cnv_standings_no_one_asked(const cnv_standings *standings);
/* The words for a state in this round: where no one was asked, who is silent is one of whom no source was found. */
const char *cnv_standings_words(const cnv_standings *standings, cnv_state state);
void cnv_standings_fini(cnv_standings *standings);
bool cnv_reply_is_overdue(const cnv_reply *reply, int32_t today);
/* "in 30 days", "today", "3 days ago" */
cnv_str cnv_days_words(int32_t days, cnv_arena *arena);

/* ---------------------------------------------------------------- an earlier state (since.c) */

/* The same form, roster and audience at another round or time.  { 0 } may be closed. */
typedef struct cnv_since {
	cnv_str name;  /* "round 2025", "3 December 2026" */
	cnv_str round; /* empty: the round of now, as it was at `at` */
	cnv_instant at;
	bool renewed; /* every answer was given with another version of the form */
	cnv_store *store;
	cnv_standings standings;
	cnv_arena arena;
} cnv_since;
/* Reads `round`, or, where it is empty, the round of `now` as it was at `at`.  form_bytes: of the form of `now`. */
cnv_status cnv_since_open(cnv_since *out, const cnv_standings *now, const cnv_store *store, cnv_str form_bytes,
			  cnv_str round, cnv_instant at, cnv_diags *diags);
void cnv_since_close(cnv_since *since);

/* ---------------------------------------------------------------- the comparison (comparison.c, paper.c) */

typedef struct cnv_comparison {
	const cnv_standings *standings;
	cnv_store *store;
	uint32_t language; /* of the form's texts */
	cnv_str words;     /* the tag of the language of all others; empty: that of the form's */
	cnv_instant now;
	bool as_of; /* cnv_store_as_of was called: what came later is listed apart */
	bool force;
	cnv_labels labels;
	bool no_audit;          /* without the sheets on how the figures came about */
	bool technical;         /* with the names of questions */
	bool across;            /* the Matrix has a column for each respondent */
	const cnv_since *since; /* NULL: nothing is compared with the round */
	bool crosses;           /* every choice question is crossed with `cross` */
	cnv_question_id cross;
	cnv_str profile; /* a paper on this respondent and the group; empty: on all */
	cnv_str roster;  /* bytes of its file; empty: there is none */
	bool few_late;   /* with as_of: only the first `late` of those that came later are listed */
	uint32_t late;
} cnv_comparison;
/* Digests the workbook that cnv_comparison_write would make. */
cnv_status cnv_comparison_digest(const cnv_comparison *comparison, cnv_contents *contents, cnv_diags *diags);
/* Writes the report that the ending of `target` asks for. */
cnv_status cnv_comparison_write(const cnv_comparison *comparison, cnv_str target, cnv_diags *diags);
/* What a report is, by the ending of its name in any letter case. */
typedef enum cnv_report_kind {
	CNV_REPORT_NONE, /* none of these */
	CNV_REPORT_BOOK, /* .xlsx: the workbook */
	CNV_REPORT_WORD, /* .docx; this and the others: the paper */
	CNV_REPORT_MARKDOWN,
	CNV_REPORT_HTML,
	CNV_REPORT_KINDS
} cnv_report_kind;
cnv_report_kind cnv_report_kind_of(cnv_str target);

/* ---------------------------------------------------------------- a workbook verified (verify_book.c) */

typedef struct cnv_book_check {
	cnv_str name, bytes; /* of the workbook */
	cnv_str store;       /* empty: the workbook is compared with its manifest only */
	cnv_str roster;      /* a file, instead of the store's; empty: none */
	const cnv_patience *patience;
} cnv_book_check;

typedef struct cnv_book_found {
	cnv_arena arena;
	cnv_manifest manifest; /* sheets NULL: there is none */
	bool untouched;        /* every sheet is as it was written */
	bool compared;         /* with the store */
	bool same;             /* the store still returns it */
	bool grown;            /* only as it was when the workbook was made */
} cnv_book_found;

/* Each difference is a diagnostic.  CNV_REJECTED: the workbook cannot be read.  Finish with cnv_book_found_fini. */
cnv_status cnv_book_verify(const cnv_book_check *check, cnv_book_found *found, cnv_diags *diags);
void cnv_book_found_fini(cnv_book_found *found);

/* ---------------------------------------------------------------- notices (notices.c) */

typedef struct cnv_noting {
	const cnv_notice *notices;
	uint32_t count;
	const cnv_roster_file *roster; /* kept by the store if it was given; or NULL */
	bool has_due;
	int32_t due; /* the round's new day */
	bool make_current;
} cnv_noting;
/* All of it in one transaction, or nothing. */
cnv_status cnv_notices_keep(const cnv_noting *noting, cnv_store *store, cnv_str round, cnv_instant now,
			    cnv_diags *diags);

/* ---------------------------------------------------------------- findings (findings.c) */

/* Matches what was imported since with the queries of the round.  *store is open for reading; it is opened again for
 * writing where something waits to be matched, or where the caller is to `write`.  by: who then acts. */
cnv_status cnv_findings_ready(cnv_store **store, cnv_str name, const cnv_form_file *form, cnv_str round, bool write,
			      cnv_str by, cnv_instant now, const cnv_patience *patience, cnv_diags *diags);
/* ---------------------------------------------------------------- importing returns (intake.c)
 *
 * A return is one file, or several that belong together.  Each is one transaction of the store: the files, their
 * answers, findings and ledger arrive together or not at all. */

typedef struct cnv_intake cnv_intake;

/* { 0 } but for round and now is a plain import.  All texts outlive the intake. */
typedef struct cnv_intake_options {
	cnv_str round;      /* label */
	cnv_str store_name; /* its file: passed over in folders, with its originals */
	cnv_str program;    /* version of canvass, kept with each return */
	cnv_instant now;    /* returns are judged as at this instant, and received at it */
	cnv_str respondent; /* code: whose answers they are where the file does not say */
	cnv_str was;        /* file of the older form, for returns of a version that the store does not know */
	const cnv_encoding *encoding;  /* of text files; NULL: found */
	char delimiter;                /* the same; 0 */
	const cnv_roster_file *roster; /* NULL; remembered by the store where it was given */
	const cnv_map_file *map;       /* the same */
	bool strict;                   /* answers are read only as the form writes them */
	bool keep_blank;               /* earlier answers stay where the return is blank */
	bool keep_first;               /* of two returns of one respondent in this run, the first counts */
	bool replace;                  /* blanks are meant, and not warned of */
	bool fresh;                    /* responses that follow no other are reported too */
	bool rehearse;                 /* the store was opened to rehearse */
	bool unowned;                  /* rehearsing: answers are judged without a respondent */
	uint32_t threads;              /* in addition to the caller's: 0, 1 (parses), 2 (digests and copies) */
	cnv_str annotate; /* folder for returns with findings, as workbooks to be corrected; empty: none are written */
	bool overwrite;   /* those that exist are replaced */
	bool fixed_language; /* they are written in form->language, whatever the respondent's */
	/* An item of the quarantine that is imported again; 0: none. */
	int64_t item;
	/* A person has said whose it is, whatever its content says: a code, and why; empty: no one has.  line: of the record;
	 * 0: of the whole return. */
	cnv_str attributed, attribution;
	uint32_t attributed_line;
	bool decided; /* it was in conflict with a later revision, and its answers are the right ones */
} cnv_intake_options;

typedef enum cnv_intake_outcome {
	CNV_INTAKE_ACCEPTED,  /* stored, with or without findings */
	CNV_INTAKE_ALREADY,   /* the same bytes of the same respondent were imported before */
	CNV_INTAKE_DISMISSED, /* it still cannot be imported, and a person has dismissed it; counted with those above */
	CNV_INTAKE_QUARANTINED, /* set aside whole, with the reason */
	CNV_INTAKE_FAILED       /* a file, the disk or the store failed: nothing was changed */
} cnv_intake_outcome;

/* An answer of a new revision that differs from the response that counted before. */
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

/* The outcome of one return, reported when it is durable. */
typedef struct cnv_intake_done {
	cnv_str file;
	cnv_str with; /* names of the files read with it: "demo-doc.csv, demo-page.csv" */
	cnv_intake_outcome outcome;
	cnv_account account; /* of an accepted file */
	cnv_dismissal dismissal;
} cnv_intake_done;

typedef struct cnv_intake_totals {
	uint64_t files, accepted, already, quarantined, failed; /* returns */
	cnv_store_counts responses;
	uint64_t blank;            /* responses in which nothing is answered; the store has none of them */
	uint64_t errors, warnings; /* in what was judged */
	uint64_t changes;          /* of the ledger */
	cnv_account account;       /* of the files that were accepted */
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
	/* What the return has brought, at most 100,000 of one. */
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
/* Adds a file that is kept at `path`: nothing is sought next to its name. */
cnv_status cnv_intake_add_kept(cnv_intake *intake, cnv_str name, cnv_str path);
/* Adds a file that is in memory; borrowed. */
cnv_status cnv_intake_add_bytes(cnv_intake *intake, cnv_str name, cnv_str bytes);
/* Imports what was added, one return after the other; one that fails does not keep the next from being tried.
 * CNV_NO_MEMORY or CNV_NO_ACCESS: it could not even begin. */
cnv_status cnv_intake_run(cnv_intake *intake);
uint32_t cnv_intake_count(const cnv_intake *intake); /* of returns; after cnv_intake_run has begun */
const cnv_intake_totals *cnv_intake_get_totals(const cnv_intake *intake);
void cnv_intake_free(cnv_intake *intake); /* NULL is fine */

/* ---------------------------------------------------------------- the quarantine (quarantine.c) */

/* Whose an item may be: a guess, for a person to confirm. */
typedef struct cnv_guess {
	uint32_t respondent; /* of the roster; CNV_NONE: there is no guess */
	const char *by;      /* "its content", "its file name" */
} cnv_guess;
cnv_guess cnv_item_guess(const cnv_item *item, const cnv_roster *roster, cnv_arena *scratch);
/* What can bring the answers of an item to its respondent. */
typedef enum cnv_remedy {
	CNV_REMEDY_FILE,      /* another file: this one cannot be used */
	CNV_REMEDY_ENCODING,  /* the same bytes, read in the encoding that a person names */
	CNV_REMEDY_ATTRIBUTE, /* a person who says whose they are, or that they count */
} cnv_remedy;
cnv_remedy cnv_item_remedy(const cnv_item *item);
/* An intake with the item's original from the store, as it was received and read then; the options are those of an import
 * of now (round, store, roster, map, attribution).  What it needs is in the arena, which outlives it.  CNV_REJECTED, said:
 * its original is not in the store itself. */
cnv_status cnv_item_again(cnv_intake **out, const cnv_item *item, const cnv_intake_options *options,
			  const cnv_form_file *form, cnv_store *store, const cnv_intake_listener *listener,
			  cnv_arena *arena, cnv_diags *diags);

/* ---------------------------------------------------------------- rehearsals (rehearse.c, spoil.c) */

#define CNV_REHEARSED 10000u /* files in one folder; more returns than these are no rehearsal */

typedef struct cnv_rehearsal {
	const cnv_form_file *form;
	cnv_str folder;
	uint32_t count; /* returns: at most CNV_REHEARSED, and the roster's count where there is one */
	uint64_t seed;
	bool books;  /* workbooks, as packs filled in; else CSV in the long layout */
	bool broken; /* most are spoiled as real returns are, and listed next to the folder; only CSV */
	bool force;
	cnv_str round; /* of workbooks */
	cnv_instant now;
	/* when done */
	cnv_str existing;          /* CNV_REJECTED: this file is there already, and nothing was written */
	cnv_str list_name;         /* of what was spoiled: "FOLDER-broken.csv" */
	uint64_t refused, defects; /* answers for which the form's rules could not be met; what was spoiled */
	cnv_arena arena;
} cnv_rehearsal;

/* Writes an invented return of each of the first respondents of the roster; NULL: of "00001" and so on. */
cnv_status cnv_rehearse(cnv_rehearsal *rehearsal, const cnv_roster *roster, cnv_diags *diags);
void cnv_rehearsal_fini(cnv_rehearsal *rehearsal);

/* ---------------------------------------------------------------- against another form (against.c) */

/* An answer that counted and would no longer. */
typedef struct cnv_fallen {
	cnv_str respondent, path, value, why;
} cnv_fallen;

/* What people would have to be asked again. */
typedef struct cnv_anew {
	cnv_question_id question; /* of the second form */
	uint64_t asked;           /* was not asked, or is new */
	uint64_t required;        /* of those: must be answered */
	uint64_t now_required;    /* was asked and left blank, and must be answered now */
} cnv_anew;

/* Stored answers of `before`, judged by `after`. */
typedef struct cnv_against {
	const cnv_form_file *before, *after;
	const cnv_matching *matching;
	cnv_str round;
	cnv_instant now;
	/* who hears of it; everything is borrowed for the call */
	void *self;
	void (*tell_begin)(void *self, const struct cnv_against *against); /* `responses` is known */
	void (*tell_fallen)(void *self, const cnv_fallen *fallen);
	/* when done */
	uint64_t responses, fallen;
	cnv_anew *anew; /* of each question of the second form */
	/* while running */
	cnv_batch *old, *new;
	cnv_reported *reported;
	cnv_arena scratch, texts;
} cnv_against;

cnv_status cnv_against_run(cnv_against *against, cnv_store *store, cnv_diags *diags);
void cnv_against_fini(cnv_against *against);

/* ---------------------------------------------------------------- verifying (verify.c) */

/* The last event of a round. */
typedef struct cnv_verified_link {
	cnv_str round;
	uint32_t number;
	uint8_t digest[32];
	bool whole; /* the events before it are unchanged */
} cnv_verified_link;

typedef struct cnv_verified {
	uint64_t returns, quarantined; /* quarantined: of them */
	uint64_t originals, responses; /* that were read again */
	uint64_t derived;              /* returns that were judged again */
	uint64_t not_checked;          /* returns of which an earlier canvass did not note enough for that */
	cnv_verified_link *links;      /* of each round with events */
	uint32_t link_count, link_room;
	cnv_arena arena;
} cnv_verified;
/* Copies a store into an empty one; both are named as for cnv_store_open.  CNV_REJECTED: the store to copy has no answers
 * yet, or the other is not empty. */
cnv_status cnv_copy(cnv_str from, cnv_str to, const cnv_patience *patience, cnv_store_copied *out, cnv_diags *diags);
/* Reads all of a store again, and the originals in it and next to it; then imports these into a store in `folder` (for
 * no other process, made by the caller; empty again afterwards), and compares.  Each difference is one diagnostic; of what
 * another version of canvass (not `program`) judged, a warning.  CNV_NO_ACCESS: it cannot be read at all; CNV_REJECTED: it is
 * so damaged that not all was looked at. */
cnv_status cnv_verify(cnv_str path, cnv_str folder, cnv_str program, const cnv_patience *patience, cnv_verified *out,
		      cnv_diags *diags);
void cnv_verified_fini(cnv_verified *verified);

#endif
