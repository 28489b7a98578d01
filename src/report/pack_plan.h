/* The layout of a pack: sheets, rows and columns, computed before the first cell is written. */
#ifndef CANVASS_REPORT_PACK_PLAN_H
#define CANVASS_REPORT_PACK_PLAN_H

#include "report/pack_words.h"

/* Columns of a sheet of questions. */
enum { COLUMN_PATH, COLUMN_NUMBER, COLUMN_LABEL, COLUMN_ANSWER, COLUMN_STATE, COLUMN_NOTE, COLUMN_ASKED, COLUMNS };
enum { COLUMN_STILL = COLUMNS }; /* in packs with answers to be confirmed */
enum {
	FIRST_ROW = 5 /* of the questions, from 0: below title, subtitle, a blank row, headings and the hidden header */
};

/* Columns of a sheet of entries before those of its questions, and rows above the entries. */
enum { ENTRY_HELP, ENTRY_NUMBER, ENTRY_FIRST };
enum { ENTRY_HEADINGS = 2, ENTRY_HINTS, ENTRY_HEADER, ENTRY_ROW };
enum { ENTRIES_DRAWN = 20, ENTRIES_MORE = 480 /* below the drawn rows: unlocked, with rules, without borders */ };

typedef enum pack_row_kind {
	ROW_BAND,  /* of a group */
	ROW_QUIET, /* of a group without a title: hidden, holds its `asked` formula */
	ROW_NOTE,
	ROW_QUESTION, /* with its answer */
	ROW_LEAD,     /* of a question whose choices follow */
	ROW_OPTION,   /* one of them */
	ROW_REPEAT,   /* refers to the sheet of its entries */
	ROW_REMARKS   /* remarks of no question on the sheets */
} pack_row_kind;

typedef struct pack_row {
	pack_row_kind kind;
	cnv_question_id question;
	uint32_t choice;
} pack_row;

/* A sheet of questions, or of the entries of a repeat. */
typedef struct pack_sheet {
	cnv_str name, quoted;  /* 'as formulas name it' */
	uint32_t table;        /* 0: questions */
	cnv_question_id title; /* group or repeat, CNV_NONE: the form */
	cnv_question_id from, upto;
	pack_row *rows; /* of a sheet of questions, from FIRST_ROW */
	uint32_t row_count;
	uint32_t columns, parent_column; /* of a sheet of entries; CNV_NONE: no enclosing repeat */
	uint32_t entries;                /* number of drawn rows */
	uint32_t filled;                 /* number of prefilled rows */
	bool confirms;                   /* after its columns there is one of ticks that confirm entries */
} pack_sheet;

/* The cells of a question.  If each choice has a cell: the lead row and the cells below it, or on a sheet of entries
 * adjacent columns. */
typedef struct pack_spot {
	uint32_t sheet; /* CNV_NONE: no cell */
	uint32_t row, column;
	uint32_t whole;     /* ticked, on a sheet of entries: column of non-tick answers; CNV_NONE */
	uint32_t note;      /* on a sheet of entries: column of remarks; CNV_NONE */
	cnv_str asked;      /* formula: 1 while it is asked; empty: always.  Groups have one too. */
	cnv_str asked_here; /* reference to the cell that holds `asked`; empty: none */
	cnv_str required;   /* formula: true while an answer is required; empty: never */
	cnv_str rule;       /* formula: true while its constraint is satisfied; empty: none that has an exact formula */
	cnv_str usual;      /* formula: false while its warning applies; empty: none that has an exact formula */
	bool asked_now;     /* for the prefilled answers */
} pack_spot;

typedef struct pack_plan {
	const cnv_pack *pack;
	const cnv_form *form;
	cnv_arena *arena;
	const char *const *words;
	bool from_right;      /* its language is written from right to left */
	const cnv_str *names; /* of the questions: "B2" */
	pack_sheet *sheets;
	uint32_t sheet_count;
	pack_spot *spots;      /* by question id */
	cnv_str **shown;       /* shown text of each choice of each list; NULL: not used as a drop-down list */
	uint32_t *list_column; /* in the hidden sheet, CNV_NONE */
	uint32_t list_columns;
	cnv_map taken;         /* names of sheets, case-folded */
	cnv_question_id ready; /* `asked` is known for all questions below this one */
	uint32_t *first_wrong,
		*next_wrong; /* first finding of each question, and the next one after each finding; CNV_NONE */
} pack_plan;

/* Call pack_plan_fini afterwards whatever the status. */
cnv_status pack_plan_make(pack_plan *plan, const cnv_pack *pack, cnv_arena *arena);
void pack_plan_fini(pack_plan *plan);

#endif
