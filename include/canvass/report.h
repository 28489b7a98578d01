/* report: responses side by side, as a grid of cells.
 *
 * pairing.c brings the latest responses and the roster together; tally.c counts; layout.c lays
 * out the workbook's sheets in reading order.  What is laid out goes to a cnv_grid: io/xlsx_write.c
 * makes a workbook of it, a text grid makes the tests' golden files.
 */
#ifndef CANVASS_REPORT_H
#define CANVASS_REPORT_H

#include "canvass/check.h"

/* ---------------------------------------------------------------- the grid */

/* How a cell looks.  The writer knows what each means; no state is shown by colour alone. */
typedef enum cnv_look {
	CNV_LOOK_PLAIN, /* text, wrapped, top aligned */
	CNV_LOOK_TITLE, /* the sheet's or workbook's title */
	CNV_LOOK_SUBTITLE,
	CNV_LOOK_HEADING, /* column header */
	CNV_LOOK_SECTION, /* band naming a section of the form */
	CNV_LOOK_LABEL,   /* row header: respondent, question number */
	CNV_LOOK_CODE,    /* an answer that is a choice: centred */
	CNV_LOOK_INTEGER, /* 1,234 */
	CNV_LOOK_NUMBER,  /* up to 2 decimals, plain */
	CNV_LOOK_PERCENT,
	CNV_LOOK_DAY,       /* a date: cell kind DAY */
	CNV_LOOK_NOT_ASKED, /* grey, "not asked" */
	CNV_LOOK_NO_REPLY,  /* "–" */
	CNV_LOOK_NO_ANSWER, /* empty looking: "" or "no answer" */
	CNV_LOOK_NOT_APPLICABLE,
	CNV_LOOK_DO_NOT_KNOW,
	CNV_LOOK_WITHHELD,
	CNV_LOOK_NOT_USABLE, /* the text as it came, struck out in red italics, never colour alone */
	CNV_LOOK_UNDUE,      /* answered though not asked: brackets and grey */
	CNV_LOOK_ERROR,      /* severity words in Findings */
	CNV_LOOK_WARNING,
	CNV_LOOK_TOTAL,       /* sums: bold with a line above */
	CNV_LOOK_REMARK,      /* small print */
	CNV_LOOK_EXPLANATION, /* how to read a sheet: wrapped, over several columns */
	/* the same on a sheet that is read from the right, where a text in Latin letters would leave the sheet */
	CNV_LOOK_TITLE_RIGHT,
	CNV_LOOK_SUBTITLE_RIGHT,
	CNV_LOOK_SECTION_RIGHT,
	CNV_LOOK_REMARK_RIGHT,
	CNV_LOOK_EXPLANATION_RIGHT,
	CNV_LOOK_OPTION_RIGHT,
	CNV_LOOK_DISSENT, /* an answer that is a choice, and not the majority's: bold, never colour alone */
	/* of a questionnaire to be filled in; unlocked are those that say so */
	CNV_LOOK_BODY,        /* running text: wrapped, no box */
	CNV_LOOK_NUMBERING,   /* a question's number */
	CNV_LOOK_QUESTION,    /* its text; `aside` is its hint */
	CNV_LOOK_OPTION,      /* one choice of several, set in */
	CNV_LOOK_STATE,       /* "required", "not asked" */
	CNV_LOOK_LOCKED,      /* where no answer goes, or one that is given */
	CNV_LOOK_FILL,        /* unlocked: text, kept as it is typed */
	CNV_LOOK_FILL_NUMBER, /* unlocked */
	CNV_LOOK_FILL_DAY,    /* unlocked: a date */
	CNV_LOOK_FILL_TIME,   /* unlocked: a time of day */
	CNV_LOOK_FILL_MOMENT, /* unlocked: a date and a time */
	CNV_LOOK_FILL_TICK,   /* unlocked: x */
	CNV_LOOK_FILL_WRONG,  /* unlocked: an answer to be corrected; carries a comment */
	CNV_LOOK_FILL_WRONG_NUMBER,
	CNV_LOOK_FILL_WRONG_DAY,
	CNV_LOOK_FILL_NOTE,   /* unlocked: a remark */
	CNV_LOOK_FILL_MORE,   /* unlocked, not drawn: room below a table of entries */
	CNV_LOOK_COVER_TITLE, /* of the cover: wrapped */
	CNV_LOOK_LINK,        /* leads to another cell */
	CNV_LOOK_FIGURE,      /* a number that matters */
	/* what a rule lays over cells */
	CNV_LOOK_FADED,  /* it is not asked */
	CNV_LOOK_WANTED, /* it is required, and empty */
	CNV_LOOKS
} cnv_look;

typedef enum cnv_cell_kind { CNV_CELL_TEXT, CNV_CELL_NUMBER, CNV_CELL_DAY, CNV_CELL_FORMULA } cnv_cell_kind;

typedef struct cnv_cell {
	cnv_cell_kind kind;
	cnv_look look;
	cnv_str text;    /* CNV_CELL_TEXT: written as text whatever it looks like */
	double number;   /* CNV_CELL_NUMBER; must be finite */
	int32_t day;     /* CNV_CELL_DAY */
	cnv_str comment; /* a cell comment; empty: none */
	/* CNV_CELL_FORMULA: without "=", made by canvass; `text`, or `number` where it is empty, is its value now */
	cnv_str formula;
	bool is_text;  /* CNV_CELL_FORMULA: its value is a text, perhaps an empty one */
	cnv_str aside; /* CNV_CELL_TEXT: small print below the text */
	cnv_str link;  /* a cell of this workbook, "'Sheet'!A1"; empty: none.  On a sheet at most CNV_GRID_LINKS */
	cnv_str tip;   /* with a link: what it leads to; empty: the program shows its target */
	uint32_t span; /* columns joined to one; 0 and 1: only its own */
} cnv_cell;

#define CNV_GRID_LINKS 65530u /* what Excel takes */

typedef struct cnv_sheet_style {
	cnv_str name; /* at most 31 characters, unique, none of []:*?/\ */
	uint32_t columns;
	const double *widths;                 /* of each column, in characters */
	uint32_t freeze_rows, freeze_columns; /* 0: none */
	uint32_t header_row;                  /* from 0; row of headings, carrying the filter; CNV_NONE: none */
	uint32_t repeat_row;     /* first of the rows repeated on printed pages; they end with header_row */
	uint32_t repeat_columns; /* columns repeated on printed pages */
	uint32_t last_row;       /* of the filter, from 0; known before the first row is written */
	bool in_table;           /* header_row begins a table of the sheet, which has the filter */
	/* with `spread`: rising columns that begin a printed page */
	const uint32_t *breaks;
	uint32_t break_count;
	bool landscape, a3;
	bool one_page;  /* printed on one page, however small */
	bool spread;    /* too wide for one page: printed on several across, else shrunk to one */
	uint32_t scale; /* percent, at which pages end where `pages` of the grid says; 0: whatever fits the width */
	cnv_str footer; /* left part of the printed footer; page numbers are added */
	bool has_comments;
	bool from_right; /* columns begin on the right */
	bool hidden;     /* not shown, and not offered to be shown where the program knows that */
	bool guarded;    /* only unlocked cells can be changed; there is no password */
	cnv_str pages;   /* right part of the footer, with {page} and {pages}; empty: in English */
	/* of each column, how its cells look that are not written; NULL: plain.  A column of width 0 is hidden. */
	const cnv_look *looks;
} cnv_sheet_style;
#define CNV_SHEET_BREAKS 1023u /* in each direction: the most that Excel takes; it finds the rest itself */

#define CNV_ROW_HIDDEN (-1.0) /* as a row's height */

/* What a range of cells takes, or how it looks while a formula holds.  Formulas without "=", as from the first cell. */
typedef enum cnv_rule_kind {
	CNV_RULE_ANY,  /* says its prompt, takes everything */
	CNV_RULE_LIST, /* `low` is a range or its name */
	CNV_RULE_WHOLE,
	CNV_RULE_DECIMAL,
	CNV_RULE_DAY,
	CNV_RULE_TIME,
	CNV_RULE_LENGTH,
	CNV_RULE_FORMULA, /* `low` is true */
	CNV_RULE_LOOK     /* while `low` is true the cells look like `look` */
} cnv_rule_kind;

typedef struct cnv_rule {
	cnv_rule_kind kind;
	uint32_t row, column, last_row, last_column; /* from 0 */
	cnv_str low, high;                           /* bounds, both included; one may be empty */
	cnv_str title, prompt, message; /* cut at 32, 255 and 224 UTF-16 units, which is what Excel takes */
	bool strict;                    /* a value that does not fit is rejected; else the person is asked */
	cnv_look look;
} cnv_rule;
#define CNV_RULE_TITLE 32u
#define CNV_RULE_PROMPT 255u
#define CNV_RULE_MESSAGE 224u

/* Bars drawn from a table of the sheet, one for each row.  They are stacked to 100% with a segment for each column;
 * with `whole`, each is the part of it that its figure is. */
typedef struct cnv_chart {
	uint32_t row, column;               /* of the cell below its upper left corner, from 0 */
	double width, height;               /* in pixels, 96 an inch */
	cnv_str title, alt;                 /* the title may be empty; `alt` says in words what the chart shows */
	uint32_t head_row;                  /* has the names of the segments, */
	uint32_t label_column;              /* and this column those of the bars */
	uint32_t first_row, last_row;       /* of the bars */
	uint32_t first_column, last_column; /* of the segments; with `whole` they are the same */
	uint32_t silent;                    /* so many of the last are of those without an answer */
	double whole;                       /* 0: stacked bars */
} cnv_chart;

/* Rows of a sheet that programs take for one table, so that a reader of the screen says its headings with its cells. */
typedef struct cnv_sheet_table {
	cnv_str name;                                /* ASCII letters, digits and _; unique in the workbook */
	uint32_t row, column, last_row, last_column; /* from 0; `row` has the headings, and one more follows at least */
	const cnv_str *headings; /* of each column, as in their cells: texts, each once whatever its case */
	bool filtered;           /* the headings have the buttons of a filter */
} cnv_sheet_table;
#define CNV_TABLE_HEADING 255u /* UTF-16 units, which is what Excel takes */

/* A sheet as laid out: digests of what it says, whatever it looks like. */
typedef struct cnv_laid_sheet {
	cnv_str name;
	bool hidden;
	uint64_t cells, notes, charts, links; /* how many; cells that are not blank */
	uint8_t cell_digest[32], note_digest[32], chart_digest[32], link_digest[32];
} cnv_laid_sheet;

typedef struct cnv_laid {
	const cnv_laid_sheet *sheets;
	uint32_t count;
} cnv_laid;

/* Rows and columns from 0.  Sheets one after the other; in a sheet, rows rise and so do the columns of a row. */
typedef struct cnv_grid {
	void *self;
	cnv_status (*sheet)(void *self, const cnv_sheet_style *style);
	cnv_status (*row)(void *self, uint32_t row, double height /* points; 0: default */);
	cnv_status (*cell)(void *self, uint32_t row, uint32_t column, const cnv_cell *cell);
	cnv_status (*finish)(void *self);
	/* of the sheet begun last, at any time before the next */
	cnv_status (*rule)(void *self, const cnv_rule *rule);
	/* defines a name for a range, for the formulas of every sheet */
	cnv_status (*name)(void *self, cnv_str name, cnv_str range);
	/* on the sheet begun last, at any time before the next.  Rows under it have no height of their own. */
	cnv_status (*chart)(void *self, const cnv_chart *chart);
	/* on the sheet begun last, at any time before the next */
	cnv_status (*table)(void *self, const cnv_sheet_table *table);
	/* Rising rows that begin a printed page: of the sheet begun last, after its last row.  Borrowed. */
	cnv_status (*pages)(void *self, const uint32_t *rows, uint32_t count);
	/* The sheets so far, until the next call; a grid that digests nothing has no such function.  NULL: no memory */
	const cnv_laid *(*laid)(void *self);
} cnv_grid;

/* A grid of text, for tests: "== Counts", then "A1 heading<TAB>text" a line; fini by cnv_text_fini on the text. */
void cnv_grid_text(cnv_grid *grid, cnv_text *out);

/* ---------------------------------------------------------------- what is reported */

/* To whom a workbook or paper goes. */
typedef enum cnv_audience {
	CNV_AUDIENCE_MEMBERS, /* those who were asked */
	CNV_AUDIENCE_PUBLIC,
	CNV_AUDIENCE_SECRETARIAT, /* those who ask: sees everything */
	CNV_AUDIENCES
} cnv_audience;
const char *cnv_audience_word(cnv_audience audience); /* "members" */

/* How a response is shown to the audience. */
typedef enum cnv_shown {
	CNV_SHOWN_NAMED,
	CNV_SHOWN_COUNTED, /* in counts that do not give it away, and never by name */
	CNV_SHOWN_WITHHELD /* each of its answers is "withheld" */
} cnv_shown;

/* The outcome of an answer that a questionnaire was sent out with; the numbers are part of the store's format. */
typedef enum cnv_prior {
	CNV_PRIOR_UNTOUCHED = 0, /* neither confirmed nor changed: not given */
	CNV_PRIOR_CONFIRMED = 1,
	CNV_PRIOR_CHANGED = 2,
	CNV_PRIOR_NEW = 3, /* it was sent out without one */
	CNV_PRIORS
} cnv_prior;
const char *cnv_prior_words(cnv_prior prior); /* "untouched" */

/* One stored response that counts (the latest revision). */
typedef struct cnv_reported {
	cnv_str respondent; /* code */
	uint32_t file;      /* index in cnv_report.files */
	uint32_t revision;  /* from 1 */
	uint32_t line;      /* of its record; long: 1 */
	cnv_instant received;
	uint64_t id;                 /* the store's response id */
	uint32_t errors, warnings;   /* findings */
	uint32_t priors[CNV_PRIORS]; /* all 0: it was sent out without answers */
	bool blank;                  /* set by cnv_blank_find */
	cnv_shown shown;             /* set by cnv_release_apply, as the next */
	cnv_privacy privacy;         /* of its answers, the most private that may be shown */
} cnv_reported;

/* Was the response sent out with answers to be confirmed? */
bool cnv_reported_confirms(const cnv_reported *reported);

typedef struct cnv_reported_file {
	cnv_str name;
	uint8_t sha256[32];
	cnv_instant received;
	cnv_str reading; /* how it was read; empty: plain UTF-8 with commas */
	cnv_str reason;  /* why it was entered or imported, as the person said; empty: nothing */
	bool unnamed; /* not all of its responses are shown by name: its digest, its lines and how it was read depend on others */
	cnv_str how; /* the kind of the event that brought it: "imported", "entered"; empty: from before events */
	uint32_t responses; /* those that came with it, whether they count or not */
} cnv_reported_file;

/* An answer of a response entered by hand that was the same in the revision before: where that revision had it from. */
typedef struct cnv_trace {
	cnv_question_id question;
	uint32_t row;  /* of the batch, in the question's table */
	uint32_t file; /* index in cnv_report.files */
	uint32_t line;
} cnv_trace;

/* A finding that a person must settle is a query, and keeps its id from revision to revision. */
typedef enum cnv_query_state {
	CNV_QUERY_OPEN,
	CNV_QUERY_ANSWERED, /* the answer is unchanged, and its respondent has explained it in a remark */
	CNV_QUERY_WAIVED,   /* accepted as it is, with a reason */
	CNV_QUERY_CLOSED    /* a later revision has it no more */
} cnv_query_state;
const char *cnv_query_state_word(cnv_query_state state);

typedef struct cnv_query {
	/* <respondent>-<question's number or name>-<number, counted for each respondent and round>: "JPN-C5.12-003" */
	cnv_str id;
	cnv_str respondent;
	cnv_query_state state;
	cnv_str reason; /* why it is waived */
	cnv_severity severity;
	uint16_t code;
	cnv_question_id question; /* CNV_NONE: of none, or of one that is not asked any more */
	cnv_str path;             /* of the cell: "doc[2]/doc_name" */
	cnv_str value, message, hint, remark;
	cnv_str file, sheet; /* where it was found last */
	uint32_t line, column;
	cnv_instant changed; /* when its state was set */
} cnv_query;

typedef struct cnv_reported_finding {
	cnv_str respondent, question /* number or path */, value, message, hint, file;
	uint32_t line, column;
	uint16_t code;
	cnv_str sheet;      /* of a workbook: line and column are then a cell's; empty elsewhere */
	cnv_str id, reason; /* of its query; empty: it has none */
	cnv_query_state state;
	cnv_privacy privacy; /* of an answer that the form no longer has */
} cnv_reported_finding;

/* A value that was normalized, as the ledger has it; of a question outside repeats. */
typedef struct cnv_reported_reading {
	cnv_str respondent, path /* of the question */, written, read_as;
	cnv_str why; /* in English */
} cnv_reported_reading;

/* Over this many responses the sheets that name each respondent are left out, and the last sheet says so. */
#define CNV_REPORT_NAMED 20000u

/* The state of a respondent of the roster, as in status. */
typedef struct cnv_reported_reply {
	const char *state; /* "declined" */
	cnv_str reason;    /* may be empty */
	bool returned;     /* a response of theirs counts */
	bool blank;        /* what they returned is blank; no response of theirs counts */
	bool compiled;     /* by somebody else: no reply */
	bool conflict;     /* a later return of theirs waits for a decision */
} cnv_reported_reply;

/* How an answer that is a choice is shown. */
typedef enum cnv_labels {
	CNV_LABELS_SHORT, /* its label, cut to fit a column */
	CNV_LABELS_FULL,
	CNV_LABELS_CODE /* its name in the form */
} cnv_labels;

/* A response received after the time of which the report is. */
typedef struct cnv_late {
	cnv_str respondent;
	cnv_instant received;
} cnv_late;

/* An earlier answer that has no place in the form. */
typedef struct cnv_uncompared {
	cnv_str respondent, path, title, value; /* as its own form has them */
	const char *why;
	cnv_question_id question; /* the one that would take it; CNV_NONE: there is none */
	uint32_t row;             /* of the earlier response */
} cnv_uncompared;

/* What a report is compared with: an earlier round, or an earlier time in its own. */
typedef struct cnv_earlier {
	cnv_str name;  /* "round 2025", "3 December 2026" */
	cnv_str round; /* empty: the same round, at an earlier time: */
	cnv_instant at;
	const cnv_batch *batch;        /* of the same form, released to the same audience */
	const cnv_reported *responses; /* of the rows of table 0 */
	const bool *blank; /* by respondent of the roster: what was returned then is blank; NULL: no roster */
	const cnv_uncompared *uncompared;
	uint32_t uncompared_count;
	/* by question of the form: no version that was answered had it */
	const bool *fresh;
} cnv_earlier;

typedef struct cnv_report {
	const cnv_form *form;
	const cnv_roster *roster; /* NULL: those who answered are all there is */
	uint32_t language;        /* of the form's texts */
	cnv_str words;            /* the tag of the language of all others; empty: that of the form's */
	cnv_str round;
	cnv_instant now;
	cnv_str carried_from; /* "1, 2": versions that responses were given with and carried from; empty: none */
	/* every response that counts, judged; NULL when there are more than CNV_REPORT_NAMED */
	const cnv_batch *batch;
	const cnv_reported *responses; /* batch rows of table 0, same order */
	uint64_t response_count;
	const cnv_reported_file *files;
	uint32_t file_count;
	const cnv_trace *traces; /* by question, then row; of all other answers it is the file of the response */
	uint32_t trace_count;
	bool confirms;                        /* a response was sent out with answers to be confirmed */
	const cnv_reported_finding *findings; /* the first of them, when there are too many for a sheet */
	uint32_t finding_count;
	const cnv_reported_reading *readings; /* where cnv_report_marks */
	uint32_t reading_count;
	uint64_t errors, warnings;               /* findings there are, in all responses that count */
	const cnv_reported_finding *quarantined; /* whole files or rows that could not be imported */
	uint32_t quarantined_count;
	cnv_labels labels;
	bool exact;                        /* no figure is approximate, however many responses there are */
	bool no_audit;                     /* without Findings, Codebook, Sources and How to read this */
	bool technical;                    /* with the names of questions next to their titles */
	bool crosses;                      /* every choice question is crossed with this one, for which */
	cnv_question_id cross;             /* cnv_report_cross_trouble has nothing to say */
	bool across;                       /* the Matrix has a column for each respondent, not a row */
	const cnv_reported_reply *replies; /* of each respondent of the roster; NULL: not known */
	bool no_one_asked;                 /* the round has compiled answers only, and nothing was sent */
	const cnv_late *late;
	uint32_t late_count;
	cnv_audience audience; /* to which cnv_release_apply has released the batch */
	bool as_of;            /* `now` is a cut-off: what came later is in `late` */
	uint8_t roster_sha256[32];
	cnv_str profile;            /* the code of the respondent that a profile is about */
	const cnv_earlier *earlier; /* NULL: it is compared with nothing; else there is a batch */
} cnv_report;

/* In a list by question, then row; NULL: the answer came with the file of its response. */
const cnv_trace *cnv_trace_find(const cnv_trace *traces, uint32_t count, cnv_question_id question, uint32_t row);

/* Over this many answers, a repeat counting as one, cells of the Matrix have no links, and no notes but remarks.  Excel has at most 65,530
 * links on a sheet, and is slow with as many notes. */
#define CNV_REPORT_MARKED 20000u
bool cnv_report_marks(const cnv_report *report);

/* ---------------------------------------------------------------- the manifest (manifest.c)
 *
 * How a workbook was made, and the digests of its other sheets, on a hidden sheet.  A grid that digests nothing has no
 * such sheet. */

#define CNV_MANIFEST_SHEET "Manifest"

typedef struct cnv_manifest {
	cnv_str program; /* the version of canvass */
	cnv_str form, version, round;
	cnv_str language; /* as the form names it; empty where it names none */
	cnv_str words;    /* the tag of the language of all other texts */
	uint8_t form_sha256[32];
	uint8_t roster_sha256[32]; /* zeros: without one */
	uint8_t files_sha256[32];  /* over the SHA-256 of each file that is shown by name, in their order */
	cnv_instant now;
	bool as_of, across, technical, no_audit, exact;
	/* what it is compared with, a round or a time; and the path of the question that the others are crossed with.
	 * Empty: nothing */
	cnv_str since_round, since_time, crossed;
	uint32_t late; /* returns after the cut-off that are listed */
	cnv_audience audience;
	cnv_labels labels;
	const cnv_laid_sheet *sheets;
	uint32_t count;
} cnv_manifest;

/* Reads the manifest from the cells of its sheet: put them in reading order, then end. */
typedef struct cnv_manifest_reader {
	cnv_arena *arena; /* takes the texts */
	cnv_manifest manifest;
	cnv_laid_sheet *sheets;
	uint32_t room;
	uint32_t row, fact; /* of the last cell; fact: what its row is about, CNV_NONE */
	uint32_t headings;  /* the row of those of the table of sheets; 0: not reached */
	uint32_t columns;   /* of the last sheet that were read */
	uint64_t found;     /* facts, a bit each */
	bool damaged;
} cnv_manifest_reader;
void cnv_manifest_put(cnv_manifest_reader *reader, uint32_t row, uint32_t column, cnv_str text); /* from 1 */
/* CNV_REJECTED: a fact is missing or cannot be read, or there is one that only another version of canvass has. */
cnv_status cnv_manifest_end(cnv_manifest_reader *reader);

/* ---------------------------------------------------------------- blank responses (blank.c) */

/* Sets `blank` of the responses, the rows of table 0, in which nothing is answered. */
void cnv_blank_find(cnv_reported *responses, const cnv_batch *batch);
/* Judges their cells so that each counts as returned blank. */
void cnv_blank_mark(cnv_batch *batch, const cnv_reported *responses);

/* ---------------------------------------------------------------- release (release.c): what an audience may see */

typedef struct cnv_secrets cnv_secrets; /* secrets.c, below */

/* Takes out of a judged batch what the audience may not see: those answers become "withheld" and lose their values,
 * entries and remarks, so that nothing made from the batch can show them.  responses: of the rows of table 0; their
 * `shown` and `privacy` are set, and findings of those not shown by name are no longer counted.  whole: the batch has
 * every response of the round; else what may only be counted is withheld, because the few cannot be distinguished in one window.
 * secrets: takes a copy of the texts that are taken out; NULL: nothing does.  arena: scratch.  CNV_NO_MEMORY */
cnv_status cnv_release_apply(cnv_batch *batch, cnv_reported *responses, cnv_audience audience, bool whole,
			     cnv_secrets *secrets, cnv_arena *arena);
/* Is the question read to decide what may be shown? */
bool cnv_release_reads(const cnv_form *form, cnv_question_id question);
/* How private the answers to each question are: those in a group are as private as the group, and calculations as what
 * they read.  In the arena.  NULL: out of memory. */
cnv_privacy *cnv_release_privacy(const cnv_form *form, cnv_arena *arena);
/* The most private answers that the audience may see of anybody.  Of whom, `privacy` of each response says. */
cnv_privacy cnv_release_most_private(const cnv_form *form, cnv_audience audience);

/* ---------------------------------------------------------------- sketches (sketch.c) */

/* Numbers as counts that can be added and subtracted in any order: in buckets within 1% of them, with their exact sum, and
 * the least and greatest, which are exact unless one was taken out.  { 0 } is empty. */
#define CNV_SKETCH_LIMBS 68u /* of 32 binary digits, from 2^-1074 on */
typedef struct cnv_sketch_bucket {
	double from; /* its number that is closest to 0 */
	int64_t n;
	bool used;
} cnv_sketch_bucket;
typedef struct cnv_sketch_extreme {
	double value;
	int64_t n; /* how many there are of it; 0: there is no number */
} cnv_sketch_extreme;
typedef struct cnv_sketch {
	cnv_sketch_bucket *buckets; /* by hash */
	uint32_t room, count;
	int64_t n; /* numbers in all buckets */
	int64_t sum[CNV_SKETCH_LIMBS];
	cnv_sketch_extreme least, greatest;
	bool unsure; /* one of them was taken out: the next one is not known */
	bool failed; /* no memory */
} cnv_sketch;
double cnv_sketch_bucket_of(double value);
void cnv_sketch_add(cnv_sketch *sketch, double value, int64_t n); /* finite; n below 0: takes out */
/* The parts of such an addition. */
void cnv_sketch_put_bucket(cnv_sketch *sketch, double bucket, int64_t n);
void cnv_sketch_put_least(cnv_sketch *sketch, double value, int64_t n);
void cnv_sketch_put_greatest(cnv_sketch *sketch, double value, int64_t n);
double cnv_sketch_sum(const cnv_sketch *sketch); /* rounded once */
/* To four digits, as more are not known, and never beyond the least and greatest.  False: no memory. */
bool cnv_sketch_quartiles(const cnv_sketch *sketch, double quartiles[3]);
void cnv_sketch_reset(cnv_sketch *sketch); /* keeps the memory */
void cnv_sketch_fini(cnv_sketch *sketch);

/* ---------------------------------------------------------------- tally (tally.c): counts, constant memory */

typedef struct cnv_tally cnv_tally;
typedef struct cnv_by_group cnv_by_group; /* below */

cnv_tally *cnv_tally_new(const cnv_form *form, const cnv_roster *roster);
/* One window of judged responses that count; `responses` as its rows of table 0.  For a second pass (medians of more
 * than 16,384 different values) the same windows come again while cnv_tally_again says so. */
cnv_status cnv_tally_add(cnv_tally *tally, const cnv_batch *batch, const cnv_reported *responses);
/* Or counts that were made before, of all responses.  Of a pass after them only the respondents count, and the numbers
 * of questions that had too many different ones (CNV_ROLLED_MANY). */
typedef enum cnv_rolled_kind {
	CNV_ROLLED_ROWS,   /* responses, or entries of the repeat */
	CNV_ROLLED_STATE,  /* key: a cnv_standing */
	CNV_ROLLED_CHOICE, /* key: its place in the list */
	CNV_ROLLED_NUMBER, /* key: the number */
	CNV_ROLLED_MANY,   /* there are too many different numbers: they are a sketch */
	CNV_ROLLED_BUCKET, /* key: of the sketch */
	CNV_ROLLED_SUM,    /* key: one of CNV_SKETCH_LIMBS; n: what it counts, which may be below 0 */
	CNV_ROLLED_LEAST,  /* key: the number; n: how many there are of it */
	CNV_ROLLED_GREATEST,
	CNV_ROLLED_FINDING, /* key: a cnv_severity; of the responses themselves */
	CNV_ROLLED_BLANK    /* responses in which nothing is answered; by group only */
} cnv_rolled_kind;
typedef struct cnv_rolled {
	cnv_rolled_kind kind;
	uint32_t table, column;
	double key;
	int64_t n; /* above 0, except of SUM */
} cnv_rolled;
bool cnv_tally_roll(cnv_tally *tally, const cnv_rolled *row); /* false: there is no such state or choice */
/* Counts by group were put too: who of the roster has answered is known by them. */
void cnv_tally_rolled_groups(cnv_tally *tally);
/* How many responses are blank by such counts. */
uint64_t cnv_tally_rolled_blank(const cnv_tally *tally);
bool cnv_tally_again(cnv_tally *tally); /* ends a pass */
/* Before the first pass: so many respondents of the roster returned blank, and no response was made from it. */
void cnv_tally_blanks(cnv_tally *tally, uint64_t count);
/* Is this column of the form's table of use in the pass under way?  The first needs all, a later one few. */
bool cnv_tally_wants(const cnv_tally *tally, uint32_t table, uint32_t column);
void cnv_tally_free(cnv_tally *tally);

/* Different numbers of a question above which roll-ups and such a tally have a sketch of them. */
#define CNV_SKETCHED 4096u
/* Responses above which a report does not read the answers again for the quartiles of so many numbers. */
#define CNV_REPORT_EXACT 200000u
/* Before the first pass, or the first row: questions with more than CNV_SKETCHED different numbers are known within 1% after
 * one pass, or by what the store has counted. */
cnv_status cnv_tally_sketch(cnv_tally *tally);
/* Before the first pass over more responses than are named: count by group of the roster too. */
cnv_status cnv_tally_by_group(cnv_tally *tally);
/* NULL: nothing is counted by group. */
cnv_by_group *cnv_tally_groups(const cnv_tally *tally);

/* Of one question (of a repeat's question: over its entries, and no NO_REPLY). */
typedef struct cnv_question_tally {
	uint64_t standing[CNV_STANDINGS];
	uint64_t asked;          /* answered + N/A + D/K + withheld + not usable + no answer */
	const uint64_t *options; /* n of each choice of its list; NULL */
	/* of numbers that count */
	uint64_t numbers;
	double least, greatest, sum, mean, median;
	bool about; /* median and quartiles are known within 1% */
} cnv_question_tally;
const cnv_question_tally *cnv_tally_question(const cnv_tally *tally, cnv_question_id question);

/* ---------------------------------------------------------------- counts by group (by_group.c) */

/* More counters than this, of all groups together, are not kept: only the roster as a whole is counted. */
#define CNV_BY_GROUP_MOST (1u << 20)

cnv_by_group *cnv_by_group_new(const cnv_form *form, const cnv_roster *roster); /* both borrowed; NULL: no memory */
void cnv_by_group_free(cnv_by_group *by);
void cnv_by_group_clear(cnv_by_group *by);
const cnv_groups *cnv_by_group_groups(const cnv_by_group *by); /* none: only the whole roster is counted */
/* Adds the responses of a batch, or subtracts them (sign -1).  Of each row of table 0: its respondent in the roster,
 * CNV_NONE: none, and a bit: it is blank. */
void cnv_by_group_add(cnv_by_group *by, const cnv_batch *batch, const uint32_t *listed, const uint64_t *blank,
		      int64_t sign);
/* A respondent of the roster returned blank, and no response was made from it. */
void cnv_by_group_returned(cnv_by_group *by, uint32_t listed);
/* Members with a response that is not blank. */
uint64_t cnv_by_group_replied(const cnv_by_group *by, uint32_t group);

/* A counter that is not 0. */
typedef struct cnv_grouped {
	uint32_t part; /* 0: the whole roster, with ROWS and BLANK alone; else a group, from 1 */
	cnv_rolled_kind kind;
	uint32_t column, key; /* of STATE and CHOICE: a column of table 0, and what cnv_rolled_kind says */
	int64_t n;
} cnv_grouped;
bool cnv_by_group_put(cnv_by_group *by, const cnv_grouped *row); /* adds n; false: there is no such counter */
void cnv_by_group_each(const cnv_by_group *by, void (*give)(void *self, const cnv_grouped *row), void *self);

/* Are there words for reports in the language of this tag? */
bool cnv_report_speaks(cnv_str tag);

/* Lays the whole workbook out onto the grid, in the order Summary, Overview, Returns, Matrix, Counts, Groups, Crossings, Numbers, Dates,
 * one for each repeat, Comments, Non-respondents, Changes, Positions, Findings, Codebook, Sources, How to read this; and Manifest.  Contact answers are never laid out; names follow
 * `release`.  The caller finishes the grid. */
cnv_status cnv_report_lay(const cnv_report *report, const cnv_tally *tally, cnv_grid *grid, cnv_arena *scratch);

#define CNV_REPORT_CROSS_CHOICES 64u /* of a crossed question: each has two columns */
/* Why a question cannot be crossed with the others, as the end of a sentence; NULL: it can.  privacy: by question. */
const char *cnv_report_cross_trouble(const cnv_form *form, cnv_question_id question, const cnv_privacy *privacy);

/* ---------------------------------------------------------------- packs (pack.c): what is sent to one respondent */

/* An earlier answer that is not filled in: the form has no such choice any more, has a new rule, or asks for it again. */
typedef struct cnv_uncarried {
	uint32_t table, row; /* of the pack's batch */
	cnv_question_id question;
	cnv_str text; /* or of several choices those that are gone */
} cnv_uncarried;

/* One respondent's questionnaire; texts are borrowed. */
typedef struct cnv_pack {
	const cnv_form *form;
	uint32_t language;           /* of the form: cnv_pack_language */
	cnv_str code, name, contact; /* of the respondent, as in the roster; contact: whom to ask */
	cnv_str round, due;          /* due: YYYY-MM-DD, or empty */
	/* What is filled in already: a judged batch and its row of table 0; NULL: nothing. */
	const cnv_batch *batch;
	uint32_t row;
	bool confirm;                   /* it comes from earlier answers: to be confirmed or changed */
	uint32_t revision;              /* it was filled in from this one of its round; 0: from none */
	const cnv_world *world;         /* what the batch was judged in; with the batch only */
	const cnv_uncarried *uncarried; /* with `confirm`: listed next to their questions */
	uint32_t uncarried_count;
	/* Of that row: the answers go back to be corrected.  Each is shown at its cell and on a sheet of its own. */
	const cnv_finding *findings;
	uint32_t finding_count;
	const cnv_str *
		ids; /* of the findings, then of the diagnostics, as people quote them; empty: it has none; NULL: none has */
	const cnv_diag *told; /* diagnostics of the returned file as a whole, listed with their places in it */
	uint32_t told_count;
} cnv_pack;

/* The workbook to be filled in, onto a grid that takes rules and names.  The caller finishes the grid. */
cnv_status cnv_pack_lay(const cnv_pack *pack, const cnv_grid *grid, cnv_arena *scratch);
/* A page to be printed: HTML without script, everything in it. */
cnv_status cnv_pack_page(const cnv_pack *pack, cnv_text *html, cnv_arena *scratch);
/* "Still right?", in a language of the form. */
cnv_str cnv_pack_still_right(const cnv_form *form, uint32_t language);
/* Is the text on the cover of every pack, and nowhere else? */
bool cnv_pack_is_cover(cnv_str text);
/* What a pack has before the name of a sheet of entries, in language `at` of those it knows; NULL: there are no more. */
const char *cnv_pack_link(uint32_t at);
/* What is written below it: "Put x if it applies." */
cnv_str cnv_pack_still_right_hint(const cnv_form *form, uint32_t language);
/* "Earlier answer, not filled in: road", with codes of choices; empty: there is none. */
cnv_str cnv_pack_uncarried(const cnv_pack *pack, uint32_t table, uint32_t row, cnv_question_id question,
			   cnv_arena *arena);
/* Is it an earlier answer, which the respondent is to confirm or change? */
bool cnv_pack_confirms(const cnv_pack *pack, const cnv_column *column, uint32_t row);
/* The language of the form that suits best: `wanted` are BCP 47 tags, the first preferred; none suits: the default. */
uint32_t cnv_pack_language(const cnv_form *form, cnv_str wanted);
/* "fr": the tag of a language of the form, "en" where it has none.  What is not the form's own text is written in it. */
cnv_str cnv_pack_tag(const cnv_form *form, uint32_t language);
/* The day until which answers are due, in the pack's language: "31 January 2027"; empty where there is none. */
cnv_str cnv_pack_due(const cnv_pack *pack, cnv_arena *arena);

/* What a covering text is made of: each {name} stands for a value. */
typedef struct cnv_letter_field {
	cnv_str name, value;
} cnv_letter_field;
/* CNV_REJECTED: a {name} is none of the fields (or a brace is never closed); said with its line. */
cnv_status cnv_letter_write(cnv_text *out, cnv_str source, cnv_str text, const cnv_letter_field *fields, uint32_t count,
			    cnv_diags *diags);
/* The covering text where no other is given, in the language of a tag. */
cnv_str cnv_letter_default(cnv_str tag);

/* ---------------------------------------------------------------- the outline (outline.c): the form as people read it
 *
 * A form is written as blocks of text, one after the other, by a writer that knows what a block looks like. */

typedef enum cnv_block {
	CNV_BLOCK_TITLE,
	CNV_BLOCK_HEADING, /* of a section; depth from 0 */
	CNV_BLOCK_PARAGRAPH,
	CNV_BLOCK_QUESTION, /* its number, strong, and its label */
	CNV_BLOCK_HINT,     /* below a question */
	CNV_BLOCK_DETAIL,   /* one line of what else there is to know of a question */
	/* its code, strong, and its label, below a detail; depth: columns of the list's widest code */
	CNV_BLOCK_CHOICE
} cnv_block;

typedef enum cnv_manner {
	CNV_MANNER_PLAIN,
	CNV_MANNER_STRONG,
	CNV_MANNER_CODE /* a formula as it is written */
} cnv_manner;

typedef struct cnv_writer {
	void *self;
	void (*open)(void *self, cnv_block block, uint32_t depth);
	void (*put)(void *self, cnv_manner manner, cnv_str text); /* UTF-8, may have line feeds */
	void (*close)(void *self);
} cnv_writer;

/* Lays the questionnaire out for the writer, in one of its languages.  CNV_NO_MEMORY when the arena failed. */
cnv_status cnv_outline_lay(const cnv_form *form, uint32_t language, const cnv_writer *writer, cnv_arena *scratch);
/* What every question is called in words, by its id: its number, or "question 7"; in the arena.  NULL: no memory. */
const cnv_str *cnv_outline_names(const cnv_form *form, uint32_t language, cnv_arena *arena);

/* ---------------------------------------------------------------- letters (letter.c)
 *
 * One letter of open questions to one respondent, for the same writers. */

typedef struct cnv_letter {
	const cnv_form *form;
	uint32_t language;
	cnv_str round, code;
	const cnv_respondent *respondent; /* NULL: in no roster */
	const cnv_query *queries;
	uint32_t count;
} cnv_letter;

cnv_status cnv_letter_lay(const cnv_letter *letter, const cnv_writer *writer, cnv_arena *scratch);
/* Is it for the secretariat to settle, so that no respondent is asked? */
bool cnv_query_is_ours(const cnv_query *query);

/* The two writers (outline_text.c).  Plain text is wrapped at `width` columns of a terminal, at least 40. */
typedef struct cnv_text_writer {
	cnv_text *out;
	uint32_t width;
	cnv_text block; /* the text of the open block */
	cnv_block kind, before;
	uint32_t depth;
	bool begun;
	size_t lead; /* bytes of `block` that are a number or code */
} cnv_text_writer;

cnv_writer cnv_write_text(cnv_text_writer *state, cnv_text *out, uint32_t width);
cnv_writer cnv_write_markdown(cnv_text_writer *state, cnv_text *out);
void cnv_write_end(cnv_text_writer *state); /* frees what the writer kept; the text says whether memory was enough */

/* ---------------------------------------------------------------- the paper (paper.c): a report to be read at a meeting
 *
 * A document is written as passages and tables, one after the other, by a writer that knows what they look like. */

typedef enum cnv_passage {
	CNV_PASSAGE_TITLE,
	CNV_PASSAGE_SUBTITLE,
	CNV_PASSAGE_FACT,     /* lead: what it is about */
	CNV_PASSAGE_HEADING,  /* of a chapter */
	CNV_PASSAGE_SECTION,  /* of the form */
	CNV_PASSAGE_QUESTION, /* lead: its number.  What follows is about it, until the next of these headings */
	CNV_PASSAGE_TEXT,
	CNV_PASSAGE_ITEM,   /* of a list */
	CNV_PASSAGE_REMARK, /* small print */
	CNV_PASSAGE_QUOTE,  /* lead: whose words they are */
	CNV_PASSAGES
} cnv_passage;

typedef struct cnv_document_head {
	cnv_str title, footer;
	cnv_str language;                              /* a BCP 47 tag */
	bool from_right;                               /* the language is written from right to left */
	cnv_str questions_with, figures_for, everyone; /* words of the filters of a page */
	const cnv_str *groups;                         /* of respondents, whose figures there may be as well */
	uint32_t group_count;
} cnv_document_head;

typedef struct cnv_document_column {
	const char *heading;
	uint32_t weight; /* its share of the width */
	bool is_number;
} cnv_document_column;

typedef enum cnv_row_look { CNV_ROW_PLAIN, CNV_ROW_STATE, CNV_ROW_TOTAL } cnv_row_look;

typedef struct cnv_document_row {
	const cnv_str *cells; /* of each column */
	cnv_row_look look;
} cnv_document_row;

/* Texts are UTF-8, may have line feeds, and are borrowed until the function returns. */
typedef struct cnv_document {
	void *self;
	bool takes_groups; /* what there is about all may be followed by the same about each group of the head */
	void (*begin)(void *self, const cnv_document_head *head);
	void (*passage)(void *self, cnv_passage passage, cnv_str lead, cnv_str text);
	/* What follows is about one group; CNV_NONE: about all.  A part ends where the next begins, or the last is ended. */
	void (*part)(void *self, uint32_t group);
	void (*end_part)(void *self);
	/* `rows`: how many it will have, so that a short table stays on one page */
	void (*table)(void *self, const cnv_document_column *columns, uint32_t count, uint32_t rows);
	void (*row)(void *self, const cnv_document_row *row);
	void (*end_table)(void *self);
	void (*end)(void *self);
} cnv_document;

/* Lays the paper out: who answered, the answers to every question, and annexes with their words and with those who did
 * not reply.  Figures are those of the workbook. */
cnv_status cnv_paper_lay(const cnv_report *report, const cnv_tally *tally, const cnv_document *document,
			 cnv_arena *scratch);

/* Lays out one respondent and the group (profile.c): report->profile, about whom cnv_profile_trouble has nothing to say. */
cnv_status cnv_profile_lay(const cnv_report *report, const cnv_tally *tally, const cnv_document *document,
			   cnv_arena *scratch);
/* Why there is no profile of a respondent, as the end of a sentence about it; NULL: there is one. */
const char *cnv_profile_trouble(const cnv_batch *batch, const cnv_reported *responses, cnv_str respondent);

/* ---------------------------------------------------------------- secrets (secrets.c): a check before writing
 *
 * What is laid out is searched for texts that the audience may not see: free texts, remarks, answers that could not be
 * used, contacts, and digests of files.  Short texts, and those that the audience may read elsewhere, are no secrets. */

cnv_secrets *cnv_secrets_new(void);
void cnv_secrets_free(cnv_secrets *secrets);
void cnv_secrets_add(cnv_secrets *secrets, cnv_str text);
/* Before anything is taken out of the batch, when it is known how each response is shown.  privacy: by question.
 * CNV_NO_MEMORY */
cnv_status cnv_secrets_gather(cnv_secrets *secrets, const cnv_batch *batch, const cnv_reported *responses,
			      const cnv_privacy *privacy);
/* Adds the files of the report, and allows what it rightly shows.  CNV_NO_MEMORY */
cnv_status cnv_secrets_seal(cnv_secrets *secrets, const cnv_report *report);
bool cnv_secrets_any(const cnv_secrets *secrets); /* is anything left to search for? */
/* These write nothing, and search what is laid out onto them. */
cnv_grid cnv_secrets_grid(cnv_secrets *secrets);
cnv_document cnv_secrets_document(cnv_secrets *secrets);
/* CNV_REJECTED: a secret was laid out, and a diagnostic says where.  target: the file that would have been written. */
cnv_status cnv_secrets_judge(const cnv_secrets *secrets, cnv_str target, cnv_diags *diags);

/* The state of a writer of documents; { 0 } to begin with. */
typedef struct cnv_document_writer {
	cnv_text *out;
	cnv_document_head head;             /* its texts are in the arena of the paper */
	const cnv_document_column *columns; /* of the open table */
	uint32_t column_count, rows, row;
	cnv_passage before;
	bool begun;
	bool in_question, in_part, in_list; /* HTML: elements that are open */
	bool holds_questions;               /* the open part is not in a question: questions are in it */
} cnv_document_writer;

/* Does a colon follow what leads an item or a quote?  Not after a question mark or the like. */
bool cnv_document_colon(cnv_str lead);

/* Each appends to `out`, which says whether memory was enough. */
cnv_document cnv_document_markdown(cnv_document_writer *state, cnv_text *out);
cnv_document cnv_document_html(cnv_document_writer *state, cnv_text *out); /* a page of its own, with filters */
cnv_document cnv_document_word(cnv_document_writer *state, cnv_text *out); /* word/document.xml of a .docx */

/* The other parts of a .docx, which are always the same but for title and footer. */
typedef struct cnv_word_part {
	const char *name;
	const char *text, *more; /* {title}, {footer}, {created}, {language} and {latin} stand for values */
} cnv_word_part;
extern const cnv_word_part cnv_word_parts[];
extern const size_t cnv_word_part_count;
/* The text of a part, with these values. */
void cnv_word_part_put(cnv_text *out, const cnv_word_part *part, const cnv_document_head *head, cnv_instant created);

#endif
