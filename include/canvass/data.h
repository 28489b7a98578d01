/* data: what was answered, in columns.
 *
 * Answers travel in batches: a window of responses (table 0) and, for each repeat of the
 * form, a second table with their entries.  A column is one text buffer, an array of ends,
 * the typed values, and bits and bytes per row.  Nothing is allocated per cell: columns keep
 * their memory from one window to the next.
 *
 *   gather (CSV fields -> text)  ->  settle (text -> typed)  ->  check/ (verdicts)  ->  store, report
 */
#ifndef CANVASS_DATA_H
#define CANVASS_DATA_H

#include "canvass/form.h"

/* Rows of table 0 in a full window.  4,096 rows of 24 columns stay near 2 MB. */
#define CNV_WINDOW_ROWS 4096u
#define CNV_TABLE_DEPTH 32u /* repeats inside repeats; no form comes near */

/* The state of one cell.  Every cell of a judged batch has exactly one; stored as 4 bits, so
 * at most 16, and their numbers are part of the store's format. */
typedef enum cnv_verdict {
	CNV_BLANK = 0,          /* asked, not required, not answered */
	CNV_ACCEPTED = 1,
	CNV_NOT_APPLICABLE = 2, /* N/A */
	CNV_DO_NOT_KNOW = 3,    /* D/K */
	CNV_WITHHELD = 4,       /* CONF */
	CNV_MISSING = 5,        /* asked and required, not answered */
	CNV_UNREADABLE = 6,     /* not a value of the question's type */
	CNV_NOT_A_CHOICE = 7,   /* not in the list, or filtered out of it */
	CNV_AGAINST_CONSTRAINT = 8,
	CNV_NOT_ASKED = 9,      /* skip logic; no answer, as it should be */
	CNV_UNDUE = 10,         /* answered though not asked: kept, flagged, not counted */
	CNV_DUPLICATE = 11,     /* the path stood twice: neither value counts */
	CNV_UNCHECKED = 12      /* its rule could not be evaluated: kept, flagged, not counted */
} cnv_verdict;

/* How a verdict counts: each question's eight figures add up to the roster. */
typedef enum cnv_standing {
	CNV_STANDING_ANSWERED,
	CNV_STANDING_NOT_APPLICABLE,
	CNV_STANDING_DO_NOT_KNOW,
	CNV_STANDING_WITHHELD,
	CNV_STANDING_NOT_USABLE,
	CNV_STANDING_NO_ANSWER,
	CNV_STANDING_NOT_ASKED,
	CNV_STANDING_NO_REPLY, /* of respondents, never of a cell */
	CNV_STANDINGS
} cnv_standing;
cnv_standing cnv_verdict_standing(cnv_verdict verdict);
const char *cnv_verdict_words(cnv_verdict verdict);   /* "against the rule", for people */
const char *cnv_standing_words(cnv_standing standing); /* "no answer" */
/* The words that say why there is no answer, each a verdict of its own. */
typedef struct cnv_missing_word {
	cnv_str word;
	cnv_verdict verdict;
} cnv_missing_word;
#define CNV_MISSING_WORDS 3u
extern const cnv_missing_word cnv_missing_words[CNV_MISSING_WORDS];

/* The file or sheet that cells stand in; its texts are borrowed from whoever opened it. */
typedef struct cnv_origin {
	cnv_str source; /* empty: the one the caller names */
	cnv_str sheet;
	uint32_t tab; /* of the sheet in its workbook, from 1; 0: lines of a text */
	const uint32_t *columns; /* of the sheet, one for each heading; NULL: 1, 2, 3 ... */
} cnv_origin;

/* Working memory that whoever reads the cells of a column keeps with it: made when first needed, freed with the batch. */
typedef struct cnv_column_memory {
	void *at; /* NULL: none yet */
	void (*free)(void *at);
} cnv_column_memory;

typedef struct cnv_column {
	cnv_question_id question;
	cnv_kind kind;
	uint32_t list;        /* CNV_NONE */
	uint32_t words;       /* of each row's set (CNV_CHOICES): 64-bit words */
	cnv_text text;        /* the cells as they came, end to end */
	uint32_t *ends;       /* of each row's cell in `text` */
	/* Typed values, valid where `understood`; the array that fits `kind` is there, the others are NULL. */
	double *numbers;      /* CNV_INTEGER, CNV_DECIMAL */
	int32_t *days;        /* CNV_DATE: days; CNV_TIME: milliseconds since midnight */
	int64_t *moments;     /* CNV_DATETIME: UTC milliseconds since 1970 */
	uint32_t *choices;    /* CNV_CHOICE: index in the list; CNV_NONE where there is none */
	uint64_t *sets;       /* CNV_CHOICES, CNV_RANK: `words` words a row, bit = index in the list */
	uint64_t *answered;   /* bit a row: the cell is not blank */
	uint64_t *understood; /* bit a row: the typed value (or plain text) can be used */
	uint64_t *usable;     /* bit a row: understood and asked; what expressions see, the rest reads '' */
	uint8_t *verdicts;    /* cnv_verdict a row */
	uint32_t *lines;      /* long layout: source line of each cell (0: the row's); may be NULL: use cnv_row_line */
	uint32_t source_column; /* wide layout: column of the file, from 1 (of entry 1 in a repeat); long: 4 */
	uint32_t *source_columns; /* of each row, 0: source_column; NULL: that of all */
	cnv_origin origin;
	cnv_column_memory *memory; /* CNV_CHOICES, CNV_RANK; else NULL */
} cnv_column;

typedef struct cnv_table {
	uint32_t index;        /* in form->tables */
	uint32_t rows, room;
	cnv_column *columns;
	uint32_t count;
	uint32_t *lines;       /* source line of each row's record */
	uint32_t *parents;     /* row in the parent table; NULL for table 0 */
	uint32_t *positions;   /* entry number within its parent, from 1; NULL for table 0 */
	cnv_origin origin;     /* of its rows */
} cnv_table;

/* A remark beside an answer (column `note` of the long layout). */
typedef struct cnv_remark {
	uint32_t table, row, line;
	cnv_question_id question; /* CNV_NONE: of the whole response */
	cnv_str text;             /* in the batch's arena */
} cnv_remark;

/* An answer to an older version of the form, put where it goes now. */
typedef struct cnv_carried {
	uint32_t table, row;
	cnv_question_id question;
	cnv_str from, to; /* in the batch's arena, or the forms' */
	const char *why;  /* "choice code changed" */
} cnv_carried;

/* ---------------------------------------------------------------- conventions (convention.c)
 *
 * How a file writes what XLSForm writes one way only.  Decided for the whole file by the cells that allow one reading:
 * 31/12/2026, 1.234,5. */

typedef enum cnv_convention {
	CNV_UNDECIDED,
	CNV_FIRST_WAY,  /* decimal point; day before month */
	CNV_SECOND_WAY, /* decimal comma; month before day */
	CNV_CONTRADICTED
} cnv_convention;

/* What cells were seen that speak for one way or the other. */
typedef enum cnv_evidence {
	CNV_SEEN_POINT,
	CNV_SEEN_COMMA,
	CNV_SEEN_DAY_FIRST,
	CNV_SEEN_MONTH_FIRST,
	CNV_SEEN_PLAIN,    /* 2.5, as XLSForm writes it */
	CNV_SEEN_DOUBTFUL, /* 1.234, read as XLSForm writes it, which could be a thousand */
	CNV_EVIDENCES
} cnv_evidence;

/* Characters of a number or date, as people write them; longer texts are prose. */
#define CNV_WRITTEN_ROOM 64u
/* Bytes of a tab's name: 31 characters. */
#define CNV_TAB_ROOM 124u

typedef struct cnv_seen {
	uint64_t cells;
	cnv_place place; /* of the first; without its sheet, which stands in `tab` */
	uint8_t len, tab_len;
	char text[CNV_WRITTEN_ROOM], tab[CNV_TAB_ROOM];
} cnv_seen;

typedef struct cnv_conventions {
	bool collected; /* this window has been looked through, */
	bool complete;  /* and the whole file */
	cnv_seen seen[CNV_EVIDENCES];
} cnv_conventions; /* { 0 } is ready to use */

typedef struct cnv_batch {
	const cnv_form *form;
	cnv_table *tables; /* form->table_count */
	uint32_t table_count;
	cnv_remark *remarks;
	uint32_t remark_count, remark_room;
	/* texts and ends only: instanceID or KEY of each row of table 0, where the form asks for no respondent */
	cnv_column identity;
	/* rising rows of table 0 whose record had more cells than the header: told, and not to be stored */
	uint32_t *misaligned;
	uint32_t misaligned_count, misaligned_room;
	/* set by whoever fills the batch from a return of an older version of the form; NULL: of this one */
	const cnv_migration *migration;
	cnv_carried *carried; /* by it; cnv_settle tells them to the ledger */
	uint32_t carried_count, carried_room;
	cnv_arena arena;   /* remarks and other texts of this window */
	cnv_arena *scratch; /* of one call that reads the batch */
	/* of the last cnv_settle: for hints on what it did not understand */
	struct cnv_conventions *conventions; /* NULL: not settled */
	bool literal;
	bool failed;       /* memory ran out */
} cnv_batch;

cnv_batch *cnv_batch_new(const cnv_form *form);
void cnv_batch_reset(cnv_batch *batch); /* no rows; memory is kept */
void cnv_batch_free(cnv_batch *batch);
/* The rows of two batches of one form change places; columns stay where they are, so a gatherer goes on filling its
 * own.  Where each column stands in the source is then the same in both. */
void cnv_batch_swap(cnv_batch *filled, cnv_batch *other);
/* Adds one row: every cell blank until put.  Returns its number, or CNV_NONE when memory ran out (sticky `failed`).
 * parent: row in the parent table (ignored for table 0). */
uint32_t cnv_batch_row(cnv_batch *batch, uint32_t table, uint32_t parent, uint32_t line);
/* Puts the text of one cell of the last row of `table`; each cell at most once, columns in any order. */
void cnv_batch_put(cnv_batch *batch, uint32_t table, uint32_t column, cnv_str text, uint32_t line /* 0: the row's */);
/* The cell of the last row of `table` stands in this column of the file, from 1. */
void cnv_batch_stands(cnv_batch *batch, uint32_t table, uint32_t column, uint32_t source_column);
void cnv_batch_remark(cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question, cnv_str text,
                      uint32_t line);
cnv_str cnv_column_text(const cnv_column *column, uint32_t row); /* as it came; until the batch is reset */
/* The answer as a program reads it: choice names, ISO dates, plain numbers; the text as it came where it was not
 * understood.  Written into `arena` when it does not stand anywhere yet. */
cnv_str cnv_cell_value(const cnv_form *form, const cnv_column *column, uint32_t row, cnv_arena *arena);
uint32_t cnv_row_line(const cnv_table *table, const cnv_column *column, uint32_t row); /* source line of a cell */
/* Where a cell of `column` (CNV_NONE: the row itself) in `row` on source line `line` stands; line 0: nowhere.  `source`
 * names the file where the table has no other. */
cnv_place cnv_batch_place(const cnv_batch *batch, uint32_t table, uint32_t column, uint32_t row, uint32_t line,
                          cnv_str source);
/* "doc[2]/doc_name": the path a person finds in a long file. */
cnv_str cnv_cell_path(const cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question, cnv_arena *arena);
/* The first row of a repeat's table whose parent is not before `parent`: entries stand in the order of their parents. */
uint32_t cnv_table_first(const cnv_table *table, uint32_t parent);
/* The row of table `ancestor` (0, or the table of an enclosing repeat) that owns `row` of `table`. */
uint32_t cnv_batch_owner(const cnv_batch *batch, uint32_t table, uint32_t row, uint32_t ancestor);

/* ---------------------------------------------------------------- gather (gather.c): records of a CSV -> a batch
 *
 * The first record decides the layout: long when it names `question` and `answer`, else wide. */

typedef enum cnv_layout { CNV_LAYOUT_UNKNOWN, CNV_LONG, CNV_WIDE } cnv_layout;

typedef struct cnv_gather cnv_gather;

/* Places in diagnostics name `source`.  The batch is borrowed and filled. */
cnv_gather *cnv_gather_new(const cnv_form *form, cnv_batch *batch, cnv_str source, cnv_diags *diags);
/* What a person said of columns (columnmap.c): a CSV of `column` and `question`, fed field by field; the first record
 * names the two. */
typedef struct cnv_column_map cnv_column_map;
cnv_column_map *cnv_column_map_new(cnv_str source, cnv_arena *arena); /* NULL: no memory */
void cnv_column_map_field(cnv_column_map *map, cnv_str field);
cnv_status cnv_column_map_record(cnv_column_map *map, uint32_t line, cnv_diags *diags);
/* CNV_REJECTED: it names a question that the form does not have. */
cnv_status cnv_column_map_end(cnv_column_map *map, const cnv_form *form, cnv_diags *diags);
/* Tells the lines whose column no file had that was read by it. */
void cnv_column_map_tell_unused(const cnv_column_map *map, cnv_diags *diags);
void cnv_column_map_free(cnv_column_map *map);
/* The headings that come are read by `map`, borrowed; NULL: by the form alone.  Before the first record. */
void cnv_gather_map(cnv_gather *gather, cnv_column_map *map);

/* A return may consist of several tables: Central's root CSV and its repeat CSVs, the sheets of a workbook. */
typedef enum cnv_holds {
	CNV_HOLDS_NOTHING,  /* no table of this form */
	CNV_HOLDS_RESPONSES,
	CNV_HOLDS_ENTRIES   /* of one repeat, a row an entry */
} cnv_holds;

/* What a table with these headings holds, and of which repeat's table of the form.  name: of its sheet, or of its file
 * without folders and ending. */
cnv_holds cnv_gather_recognise(const cnv_form *form, cnv_str name, const cnv_str *headings, uint32_t count,
                               uint32_t *table);
/* The same, and how sure it is. */
typedef struct cnv_recognised {
	cnv_holds holds;
	uint32_t table;   /* of CNV_HOLDS_ENTRIES */
	uint32_t known;   /* headings that questions go by */
	uint32_t strange; /* neither that nor a survey tool's own */
	bool linked;      /* one says what a row belongs to */
} cnv_recognised;
/* migration: of an older version that the table may be of; or NULL. */
cnv_recognised cnv_gather_weigh(const cnv_form *form, const cnv_migration *migration, cnv_str name,
                                const cnv_str *headings, uint32_t count);
/* Which of the headings of a table (of entries; 0: of responses) questions go by.  Where memory runs out some are missed:
 * whoever reads the table then runs out of it too, and can say so. */
void cnv_gather_known(const cnv_form *form, const cnv_migration *migration, uint32_t table, const cnv_str *headings,
                      uint32_t count, bool *known);
/* The records fed from now on are those of one table, the first of them its header.  Tables of entries come before the
 * responses and are kept in memory, at most CNV_ENTRY_TABLE_BYTES, until the response they belong to comes.  Several
 * tables of responses are several sections of one long questionnaire.  Without this call there is one table, of
 * responses.  `origin` is borrowed as long as the batch has rows. */
#define CNV_ENTRY_TABLE_BYTES (256u << 20)
cnv_status cnv_gather_open(cnv_gather *gather, cnv_holds holds, uint32_t table, cnv_origin origin);
void cnv_gather_field(cnv_gather *gather, cnv_str field);   /* valid UTF-8, no NUL; borrowed for the call */
/* The record begun on `line` has ended.  CNV_REJECTED: this file cannot be read on (wrong header, no known
 * question, two returns in one); the diagnostic has been said and the rest is ignored.  A record with more cells than
 * the header is said and its row marked misaligned: the caller sets it aside. */
cnv_status cnv_gather_record(cnv_gather *gather, uint32_t line);
/* Rows of table 0 waiting in the batch; the caller judges, stores and resets it when it is full. */
bool cnv_gather_full(const cnv_gather *gather);
/* End of file: the long layout's response is laid into the batch now.  CNV_REJECTED when nothing could be read. */
cnv_status cnv_gather_end(cnv_gather *gather);
cnv_layout cnv_gather_layout(const cnv_gather *gather);
/* The survey tool that wrote the file, "KoboToolbox"; empty where nothing tells. */
cnv_str cnv_gather_tool(const cnv_gather *gather);
/* The separator that fits the header line best: the one of comma, semicolon and tab that occurs most in it,
 * quoted parts left out. */
char cnv_gather_separator(cnv_str first_line);
void cnv_gather_free(cnv_gather *gather);

/* ---------------------------------------------------------------- what a return says of itself (claims.c) */

typedef enum cnv_claim_key {
	CNV_CLAIM_FORM, /* the form's id */
	CNV_CLAIM_VERSION,
	CNV_CLAIM_FORM_SHA256, /* of the form file, in hexadecimal */
	CNV_CLAIM_ROUND,
	CNV_CLAIM_RESPONDENT, /* code */
	CNV_CLAIM_LANGUAGE,
	CNV_CLAIM_REVISION, /* of the answers it was filled in with beforehand */
	CNV_CLAIM_CHECK,    /* over the others */
	CNV_CLAIM_KEYS
} cnv_claim_key;

/* Texts are the gatherer's.  An empty value: nothing is claimed. */
typedef struct cnv_claim {
	cnv_str value;
	cnv_place place;
	bool hidden; /* by the hidden sheet of a workbook of ours; else by a column or line of that name */
	bool tool;   /* the survey tool's own name of form or version, which need not be the form's */
	/* of a column whose cells differ the first that is not `value`; else empty */
	cnv_str other;
	cnv_place other_place;
} cnv_claim;

typedef struct cnv_claims {
	cnv_claim at[CNV_CLAIM_KEYS];
	bool hidden; /* a hidden sheet was there */
} cnv_claims;

/* One line of the hidden sheet: keys are form, version, form_sha256, round, respondent, language, revision, check; others
 * are passed over.  Comes before the first record.  Texts are copied; place.source must outlive the gatherer. */
void cnv_gather_claim(cnv_gather *gather, cnv_str key, cnv_str value, cnv_place place);
/* What has been claimed so far; complete after cnv_gather_end. */
const cnv_claims *cnv_gather_claims(const cnv_gather *gather);
/* Said before the first record: only the claims are wanted.  The gatherer then refuses no file as another form's, and
 * stops (CNV_STOPPED) as soon as they are known. */
void cnv_gather_peek(cnv_gather *gather);
/* How many of the names by which the file calls its questions are questions of this form, which need not be the
 * gatherer's own; *names: of how many. */
uint32_t cnv_gather_fits(const cnv_gather *gather, const cnv_form *form, uint32_t *names);

/* ---------------------------------------------------------------- conventions (convention.c) */

/* Adds what the cells of a gathered batch show.  Needs no settling. */
cnv_status cnv_conventions_collect(cnv_conventions *conventions, const cnv_batch *batch);
cnv_convention cnv_decimal_sign(const cnv_conventions *conventions);
cnv_convention cnv_date_order(const cnv_conventions *conventions);
/* "decimal comma; dates day first", or nothing: what was decided by other cells than those of XLSForm's own form. */
void cnv_conventions_words(const cnv_conventions *conventions, cnv_text *out);
/* The decisions as a note; what contradicts them as warnings. */
void cnv_conventions_tell(const cnv_conventions *conventions, cnv_str source, cnv_diags *diags);

/* Which part of a cell with several choices no choice of `list` goes by, where signs part it; empty: that is not known. */
cnv_str cnv_strange_choice(const cnv_form *form, const cnv_list *list, cnv_str text);
/* The names of the choices that a text, not taken as it stands, is read as where readings are allowed; empty: none. */
cnv_str cnv_meant_choices(const cnv_form *form, const cnv_question *question, cnv_str text, cnv_arena *arena);
/* What a number, date or time that was not understood may have been meant as, in the form of XLSForm. */
typedef struct cnv_readings {
	uint32_t count;
	cnv_str at[2];          /* decimal point and decimal comma, or day first and month first */
	bool contradicted;      /* the file writes both ways */
	bool short_year;        /* a year of two digits: no reading */
} cnv_readings;
void cnv_readings_find(cnv_readings *out, cnv_kind kind, cnv_str text, const cnv_conventions *conventions,
                       cnv_arena *arena);

/* ---------------------------------------------------------------- damage (damage.c)
 *
 * What spreadsheets do to a text, seen on the text alone. */

typedef enum cnv_damage {
	CNV_UNDAMAGED,
	CNV_DAMAGE_ERROR,      /* #REF! */
	CNV_DAMAGE_NARROW,     /* ##### */
	CNV_DAMAGE_EXPONENT,   /* 1.2E+17 */
	CNV_DAMAGE_ROUNDED,    /* 123456789012345000 */
	CNV_DAMAGE_CUT,        /* at 255 or 32,767 characters */
	CNV_DAMAGE_FORMULA,    /* =A1 */
	CNV_DAMAGE_APOSTROPHE, /* '007 */
	CNV_DAMAGES
} cnv_damage;
cnv_damage cnv_damage_find(cnv_str text); /* trimmed */
/* The code of a warning where the text is taken even so, what is said of it after the quoted text, and what to do. */
typedef struct cnv_damage_info {
	cnv_code code;
	const char *words, *hint;
} cnv_damage_info;
const cnv_damage_info *cnv_damage_words(cnv_damage damage);
/* A month that a spreadsheet made of 2006-09: "Sep-06", "2006-09-01 00:00:00".  Written to `out` as it was. */
#define CNV_MONTH_ROOM 8
bool cnv_damaged_month(cnv_str text, char out[CNV_MONTH_ROOM]);

/* The check value of a pack, over its form, version, form_sha256, round, respondent and language: it tells a workbook
 * that was mixed up or carelessly edited.  Anybody can compute it: it proves nothing of who wrote it. */
#define CNV_CHECK_ROOM 17 /* 16 hexadecimal digits and NUL */
void cnv_claims_check(const cnv_str values[CNV_CLAIM_KEYS], char out[CNV_CHECK_ROOM]);
/* The key of the hidden sheet: "form_sha256". */
const char *cnv_claim_word(cnv_claim_key key);

/* ---------------------------------------------------------------- settle (settle.c): text -> typed value, two bits */

/* One literal change made to understand a cell; never silent. */
typedef struct cnv_ledger_entry {
	uint32_t table, row;
	cnv_question_id question;
	cnv_place place;
	cnv_str path;     /* cnv_cell_path */
	cnv_str from, to; /* what stood there, what it was read as */
	const char *why;  /* "label read as its code" */
} cnv_ledger_entry;

typedef struct cnv_ledger {
	void (*emit)(void *self, const cnv_ledger_entry *entry); /* borrowed for the call; NULL: counted only */
	void *self;
	uint64_t count;
} cnv_ledger;

/* One loop per column over all rows: fills typed values, `answered`, `understood`, and the verdicts that the text
 * alone decides (CNV_NOT_APPLICABLE, CNV_DO_NOT_KNOW, CNV_WITHHELD, CNV_UNREADABLE, CNV_NOT_A_CHOICE, else CNV_ACCEPTED
 * or CNV_BLANK; CNV_DUPLICATE is left as gather set it). */
cnv_status cnv_settle(cnv_batch *batch, cnv_str source, cnv_ledger *ledger);

/* How far settling goes beyond the letters of XLSForm. */
typedef struct cnv_liberty {
	bool literal; /* not at all: what would be an entry of the ledger is not understood */
	/* of the file, collected when the first cell asks for it; NULL: the batch is the whole file */
	cnv_conventions *conventions;
	/* collects them anew from the whole file; NULL: the batch is the whole file */
	cnv_status (*look)(void *self, cnv_conventions *conventions);
	/* Of a file too large to be read twice for every date: a window decides with those before it, and the whole file
	 * is asked only where they do not.  The caller clears `collected` from window to window, and minds contradictions. */
	bool by_window;
	/* A workbook of ours, whose cells choose from a list of labels: a label, or a code with its label, is what it
	 * offers, so reading it takes no liberty. */
	bool offered;
	void *self;
} cnv_liberty; /* { 0 } is what cnv_settle does */
/* cnv_settle with this liberty, which the batch remembers: hints tell what the file's own way would have been. */
cnv_status cnv_settle_as(cnv_batch *batch, cnv_str source, const cnv_liberty *liberty, cnv_ledger *ledger);

/* ---------------------------------------------------------------- earlier answers where a return is blank (fill.c) */

/* A cell that was blank in the return, and has the answer that stood before. */
typedef struct cnv_filled {
	uint32_t table, row; /* of the result */
	cnv_question_id question;
	uint32_t earlier; /* row of the same table in the earlier responses */
} cnv_filled;

typedef struct cnv_fills {
	cnv_filled *at;
	uint32_t count, room;
	uint64_t **spurned; /* by table, a bit a cell of the earlier responses; NULL: none */
} cnv_fills; /* { 0 } is ready to use */

/* Lays the settled rows of `from` into `out` (emptied first, not settled), and where a question is left blank the answer
 * that it had in the earlier response: row rows[r] of `earlier`, in rising order, CNV_NONE: there is none.  A repeat
 * without entries keeps the earlier ones.  fills: which cells those are. */
cnv_status cnv_batch_fill(cnv_batch *out, const cnv_batch *from, const cnv_batch *earlier, const uint32_t *rows,
                          cnv_fills *fills);
/* Those that are answered though not asked, when the result has been judged, are not filled in another time. */
cnv_status cnv_fills_spurn(cnv_fills *fills, const cnv_batch *judged, const cnv_batch *earlier, cnv_arena *arena,
                           bool *any);
/* After the result was settled by the ways of its file: the values that stood are set as they were. */
void cnv_fills_set(const cnv_fills *fills, cnv_batch *settled, const cnv_batch *earlier);
void cnv_fills_fini(cnv_fills *fills);

/* ---------------------------------------------------------------- responses copied (copy.c) */

/* Copies responses of one judged batch into another in rising order of their rows, as they came: not settled. */
typedef struct cnv_copier {
	const cnv_batch *from;
	cnv_arena arena;
	uint32_t *next;             /* of each table: the first row not yet passed */
	uint32_t *first, *into;     /* of each table: where the rows of this response begin, here and there */
	uint32_t *remarks, *follow; /* of each response its first remark, and behind each remark the next; CNV_NONE */
} cnv_copier;

bool cnv_copier_open(cnv_copier *copier, const cnv_batch *from); /* false: no memory */
/* Response `row` of table 0 with its entries and remarks, what the form calculates left out; how many entries it has. */
uint32_t cnv_copier_response(cnv_copier *copier, cnv_batch *to, uint32_t row);
void cnv_copier_fini(cnv_copier *copier);

/* ---------------------------------------------------------------- whose answers (attribute.c) */

typedef enum cnv_attribution {
	CNV_ATTRIBUTED,
	/* the identifying answer is blank, or the form names no such question and none was given */
	CNV_NO_RESPONDENT,
	CNV_UNKNOWN_RESPONDENT, /* not in the roster */
	CNV_BAD_CODE,           /* without a roster: not usable as a code (control characters, over 200 bytes) */
	CNV_MISALIGNED          /* its record had more cells than the header, so no cell can be trusted; already told */
} cnv_attribution;

/* Who answered row `row` of table 0 (settled).  given: `import --respondent`, or empty.  roster: NULL when there is
 * none.  *code (for CNV_UNKNOWN_RESPONDENT too: what stood there) is borrowed from roster, batch or given; a name or
 * label instead of a code is told to the ledger. */
cnv_attribution cnv_attribute(const cnv_batch *batch, uint32_t row, cnv_str given, const cnv_roster *roster,
                              cnv_str source, cnv_str *code, cnv_ledger *ledger);

#endif
