/* data: what was answered, in columns.
 *
 * Answers travel in batches: a window of responses (table 0) and, for each repeat of the form, a table of their
 * entries. A column is one text buffer, an array of ends, the typed values, and bits and bytes per row. Nothing is
 * allocated per cell: columns keep their memory from one window to the next.
 *
 * gather (CSV fields -> text) -> settle (text -> value) -> check/ (verdicts) -> store, report
 */
#ifndef CANVASS_DATA_H
#define CANVASS_DATA_H

#include "canvass/form.h"

#include <string.h>

/* Rows of table 0 in a full window.  4,096 rows of 24 columns are about 2 MB. */
#define CNV_WINDOW_ROWS 4096u
#define CNV_TABLE_DEPTH 32u /* maximum depth of repeats; no form comes near */

/* The type of a value: which array of a column contains it. */
typedef enum cnv_value_type {
	CNV_VALUE_TEXT, /* the text itself */
	CNV_VALUE_NUMBER,
	CNV_VALUE_DAY,
	CNV_VALUE_TIME, /* of day */
	CNV_VALUE_MOMENT,
	CNV_VALUE_CHOICE,
	CNV_VALUE_SET /* of choices */
} cnv_value_type;

/* Everything the rooms know about a kind of answer (kind.c).  To add a kind, add a row; behaviour of one file only is
 * in a table of that file. */
typedef struct cnv_kind_info {
	cnv_value_type value;
	const char *words;    /* "a whole number" */
	const char *expected; /* how to write it: "write digits only, ..."; may be empty */
} cnv_kind_info;
#define CNV_KINDS (CNV_ACKNOWLEDGE + 1u)
extern const cnv_kind_info cnv_kinds[CNV_KINDS];

static inline cnv_value_type cnv_kind_value(cnv_kind kind)
{
	return cnv_kinds[kind].value;
}
/* Answers are choices of a list: one, several, or all in order. */
static inline bool cnv_kind_is_select(cnv_kind kind)
{
	cnv_value_type value = cnv_kind_value(kind);

	return value == CNV_VALUE_CHOICE || value == CNV_VALUE_SET;
}

/* The state of one cell.  Every cell of a judged batch has exactly one; stored as 4 bits, so
 * at most 16, and their numbers are part of the store's format. */
typedef enum cnv_verdict {
	CNV_BLANK = 0, /* asked, not required, not answered */
	CNV_ACCEPTED = 1,
	CNV_NOT_APPLICABLE = 2, /* N/A */
	CNV_DO_NOT_KNOW = 3,    /* D/K */
	CNV_WITHHELD = 4,       /* CONF */
	CNV_MISSING = 5,        /* asked and required, not answered */
	CNV_UNREADABLE = 6,     /* not a value of the question's type */
	CNV_NOT_A_CHOICE = 7,   /* not in the list, or filtered out of it */
	CNV_AGAINST_CONSTRAINT = 8,
	CNV_NOT_ASKED = 9,  /* skip logic; no answer, as it should be */
	CNV_UNDUE = 10,     /* answered though not asked: kept, flagged, not counted */
	CNV_DUPLICATE = 11, /* the path occurs twice: neither value counts */
	CNV_UNCHECKED = 12, /* its rule could not be evaluated: kept, flagged, not counted */
	/* Of a response in which nothing is answered.  The last one: never stored, set for a report only. */
	CNV_RETURN_BLANK = 13
} cnv_verdict;

/* How a verdict counts: the nine figures of each question add up to the roster. */
typedef enum cnv_standing {
	CNV_STANDING_ANSWERED,
	CNV_STANDING_NOT_APPLICABLE,
	CNV_STANDING_DO_NOT_KNOW,
	CNV_STANDING_WITHHELD,
	CNV_STANDING_NOT_USABLE,
	CNV_STANDING_NO_ANSWER,
	CNV_STANDING_NOT_ASKED,
	CNV_STANDING_RETURNED_BLANK,
	CNV_STANDING_NO_REPLY, /* of respondents, never of a cell */
	CNV_STANDINGS
} cnv_standing;
cnv_standing cnv_verdict_standing(cnv_verdict verdict);
/* Did the question apply to somebody who has returned something? */
static inline bool cnv_standing_is_asked(cnv_standing standing)
{
	return standing <= CNV_STANDING_NO_ANSWER;
}
const char *cnv_verdict_words(cnv_verdict verdict);    /* "against the rule", for people */
const char *cnv_standing_words(cnv_standing standing); /* "no answer" */
/* Words for the absence of an answer, each with its verdict. */
typedef struct cnv_missing_word {
	cnv_str word;
	cnv_verdict verdict;
} cnv_missing_word;
#define CNV_MISSING_WORDS 3u
extern const cnv_missing_word cnv_missing_words[CNV_MISSING_WORDS];
/* N/A and D/K in any letter case, and exactly CONF; NULL: none. */
const cnv_missing_word *cnv_missing_word_find(cnv_str text);

/* The file or sheet of cells; texts are borrowed from the reader of the file. */
typedef struct cnv_origin {
	cnv_str source; /* empty: the file that the caller names */
	cnv_str sheet;
	uint32_t tab;            /* of the sheet in its workbook, from 1; 0: lines of a text */
	const uint32_t *columns; /* of the sheet, one for each heading; NULL: 1, 2, 3 ... */
} cnv_origin;

/* Working memory of the reader of a column's cells: created when first needed, freed with the batch. */
typedef struct cnv_column_memory {
	void *at; /* NULL: none yet */
	void (*free)(void *at);
} cnv_column_memory;

typedef struct cnv_column {
	cnv_question_id question;
	cnv_kind kind;
	uint32_t list;  /* CNV_NONE */
	uint32_t words; /* of each row's set (CNV_CHOICES): 64-bit words */
	cnv_text text;  /* the cells as returned, end to end */
	uint32_t *ends; /* of each row's cell in `text` */
	/* Typed values, valid if `understood`; only the array for `kind` exists, the others are NULL. */
	double *numbers;      /* CNV_INTEGER, CNV_DECIMAL */
	int32_t *days;        /* CNV_DATE: days; CNV_TIME: milliseconds since midnight */
	int64_t *moments;     /* CNV_DATETIME: UTC milliseconds since 1970 */
	uint32_t *choices;    /* CNV_CHOICE: index in the list; CNV_NONE where there is none */
	uint64_t *sets;       /* CNV_CHOICES, CNV_RANK: `words` words a row, bit = index in the list */
	uint64_t *answered;   /* bit a row: the cell is not blank */
	uint64_t *understood; /* bit a row: the typed value (or plain text) can be used */
	uint64_t *usable;     /* bit a row: understood and asked, as expressions see it; others read as '' */
	uint8_t *verdicts;    /* cnv_verdict a row */
	uint32_t *lines;      /* long layout: source line of each cell (0: the row's); may be NULL: use cnv_row_line */
	uint32_t source_column;   /* wide layout: column of the file, from 1 (of entry 1 in a repeat); long: 4 */
	uint32_t *source_columns; /* by row, 0: source_column; NULL: source_column for all */
	cnv_origin origin;
	cnv_column_memory *memory; /* CNV_CHOICES, CNV_RANK; else NULL */
} cnv_column;

typedef struct cnv_table {
	uint32_t index; /* in form->tables */
	uint32_t rows, room;
	cnv_column *columns;
	uint32_t count;
	uint32_t *lines;     /* source line of each row's record */
	uint32_t *parents;   /* row in the parent table; NULL for table 0 */
	uint32_t *positions; /* entry number within its parent, from 1; NULL for table 0 */
	cnv_origin origin;   /* of its rows */
} cnv_table;

/* A remark on an answer (column `note` of the long layout). */
typedef struct cnv_remark {
	uint32_t table, row, line;
	cnv_question_id question; /* CNV_NONE: of the whole response */
	cnv_str text;             /* in the batch's arena */
} cnv_remark;

/* What was changed in an answer to an older version of the form. */
typedef struct cnv_carried {
	uint32_t table, row;
	cnv_question_id question;
	cnv_str from, to; /* in the batch's arena, or the forms' */
	const char *why;  /* "choice code changed" */
} cnv_carried;

/* A cell for one choice that is no tick.  The answer assembled from it and the others has "land: perhaps" in it. */
typedef struct cnv_half_tick {
	cnv_question_id question;
	uint32_t line;                    /* of the assembled answer, */
	uint32_t own_line, source_column; /* and of the cell; 0: the column of the answer */
	cnv_str piece;                    /* "land: perhaps", in the batch's arena */
	bool reported;
} cnv_half_tick;

typedef struct cnv_batch {
	const cnv_form *form;
	cnv_table *tables; /* form->table_count */
	uint32_t table_count;
	cnv_remark *remarks;
	uint32_t remark_count, remark_room;
	/* texts and ends only: instanceID or KEY of each row of table 0, if the form has no identifying question */
	cnv_column identity;
	/* rising rows of table 0 whose record had more cells than the header: reported, and not to be stored */
	uint32_t *misaligned;
	uint32_t misaligned_count, misaligned_room;
	/* of each row of table 0: seed of its random values; 0: the world's, and the row.  Cleared with the rows. */
	uint64_t *seeds;
	/* set where the batch is filled from a return of an older version of the form; else NULL */
	const cnv_migration *migration;
	cnv_carried *carried; /* by the migration; cnv_settle adds them to the ledger */
	uint32_t carried_count, carried_room;
	cnv_half_tick *half_ticks;
	uint32_t half_tick_count, half_tick_room;
	cnv_arena arena;    /* remarks and other texts of this window */
	cnv_arena *scratch; /* for one call that reads the batch */
	/* of the last cnv_settle: for hints on what was not understood */
	struct cnv_conventions *conventions; /* NULL: not settled */
	bool literal;
	bool offered; /* its cells offer the labels of choices */
	bool failed;  /* memory ran out */
} cnv_batch;

cnv_batch *cnv_batch_new(const cnv_form *form);
void cnv_batch_reset(cnv_batch *batch); /* no rows; memory is kept */
void cnv_batch_free(cnv_batch *batch);
/* Swaps the rows of two batches of one form.  Columns stay in place, so that a gatherer can continue to fill its own
 * batch; source columns are then the same in both. */
void cnv_batch_swap(cnv_batch *filled, cnv_batch *other);
/* Adds one row; its cells are blank until put.  Returns its number, or CNV_NONE if memory ran out (sticky `failed`).
 * parent: row in the parent table (ignored for table 0). */
uint32_t cnv_batch_row(cnv_batch *batch, uint32_t table, uint32_t parent, uint32_t line);
/* Puts the text of one cell of the last row of `table`; each cell at most once, columns in any order. */
void cnv_batch_put(cnv_batch *batch, uint32_t table, uint32_t column, cnv_str text, uint32_t line /* 0: the row's */);
/* Sets the column of the file, from 1, that contains the cell of the last row of `table`. */
void cnv_batch_source_column(cnv_batch *batch, uint32_t table, uint32_t column, uint32_t source_column);
void cnv_batch_remark(cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question, cnv_str text,
		      uint32_t line);
cnv_str cnv_column_text(const cnv_column *column, uint32_t row); /* as returned; valid until the batch is reset */
uint32_t cnv_row_line(const cnv_table *table, const cnv_column *column, uint32_t row); /* source line of a cell */
/* The place of a cell of `column` (CNV_NONE: the row itself) in `row` on source line `line`; line 0: no place.
 * `source` is the file if the table has no other. */
cnv_place cnv_batch_place(const cnv_batch *batch, uint32_t table, uint32_t column, uint32_t row, uint32_t line,
			  cnv_str source);
/* "doc[2]/doc_name": its path in a long file. */
cnv_str cnv_cell_path(const cnv_batch *batch, uint32_t table, uint32_t row, cnv_question_id question, cnv_arena *arena);
/* "doc[1]/doc_name": the path of a question in the first entry of each repeat around it. */
cnv_str cnv_first_path(const cnv_question *question, cnv_arena *arena);
/* The first row of a child table whose parent is not before `parent`: entries are in the order of their parents. */
uint32_t cnv_table_first(const cnv_table *table, uint32_t parent);
/* The row of table `ancestor` (0, or the table of an enclosing repeat) that owns `row` of `table`. */
uint32_t cnv_batch_owner(const cnv_batch *batch, uint32_t table, uint32_t row, uint32_t ancestor);

/* ---------------------------------------------------------------- for the rooms that fill batches */

/* The column of the sheet or file that contains the `column`th of its table; 0: none. */
static inline uint32_t cnv_origin_column(const cnv_origin *origin, uint32_t column)
{
	return column && origin->columns ? origin->columns[column - 1] : column;
}

/* Appends the text of one cell of the last row; sets `failed` of the batch when memory runs out. */
void cnv_column_put(cnv_batch *batch, cnv_column *column, uint32_t row, cnv_str text);
/* Puts another text, not empty, in place of the one of any row; what depends on it is not changed. */
void cnv_column_replace(cnv_batch *batch, const cnv_table *table, cnv_column *column, uint32_t row, cnv_str text);
/* The same on the hot path, where there nearly always is room. */
static inline void cnv_column_append(cnv_batch *batch, cnv_column *column, uint32_t row, cnv_str text)
{
	cnv_text *to = &column->text;
	char *at = to->at + to->len;

	if (text.len > to->room - to->len || to->room == UINT32_MAX) {
		cnv_column_put(batch, column, row, text);
		return;
	}
	to->len += text.len;
	column->ends[row] = (uint32_t)to->len;
	memcpy(at, text.at, text.len);
}
/* Removes the last row of table 0, which must have no entries in repeats. */
void cnv_batch_pop(cnv_batch *batch);
/* Marks a row of table 0 whose record had more cells than the header. */
void cnv_batch_misaligned(cnv_batch *batch, uint32_t row);
/* Adds a cell that is no tick; its piece is copied. */
void cnv_batch_half_tick(cnv_batch *batch, const cnv_half_tick *half_tick);
/* Adds what was changed in an answer to an older version. */
void cnv_batch_carried(cnv_batch *batch, const cnv_carried *carried);

/* Without white space around it. */
static inline cnv_str cnv_cell_trim(cnv_str text)
{
	if (text.len && text.at[0] > ' ' && text.at[0] <= '~' && text.at[text.len - 1] > ' ' &&
	    text.at[text.len - 1] <= '~')
		return text;
	return cnv_str_trim_unicode(text);
}

/* ---------------------------------------------------------------- random values (seed.c) */

/* The seed of one response: each respondent of a round has another, and keeps it from revision to revision.  Without a
 * respondent the ordinal decides: the number of the response in its file.  Never 0. */
uint64_t cnv_response_seed(const cnv_form *form, cnv_str round, cnv_str respondent, uint64_t ordinal);
/* A number that identifies a row of any table among all rows of all responses with other seeds; false: its response
 * has no seed. */
bool cnv_row_seed(const cnv_batch *batch, uint32_t table, uint32_t row, uint64_t *seed);

/* ---------------------------------------------------------------- responses copied (copy.c) */

/* Copies responses of one judged batch into another, by rising rows; the copies are not settled. */
typedef struct cnv_copier {
	const cnv_batch *from;
	cnv_arena arena;
	uint32_t *next;             /* by table: the first row not yet passed */
	uint32_t *first, *into;     /* by table: the first row of this response, in both batches */
	uint32_t *remarks, *follow; /* by response: its first remark, and by remark: the next; CNV_NONE */
} cnv_copier;

bool cnv_copier_open(cnv_copier *copier, const cnv_batch *from); /* false: no memory */
/* Copies response `row` of table 0 with its entries and remarks, without calculations; returns the number of its
 * entries. */
uint32_t cnv_copier_response(cnv_copier *copier, cnv_batch *to, uint32_t row);
void cnv_copier_fini(cnv_copier *copier);

#endif
