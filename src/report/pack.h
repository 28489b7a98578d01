/* What the files of a pack share.
 *
 *   pack_words.c     the workbook's own words, in the languages it speaks
 *   pack_plan.c      which sheet, row and column every question has
 *   pack_formulas.c  when it is asked and which answers it takes, as formulas of the workbook
 *   pack_sheet.c     the sheets of questions
 *   pack_repeat.c    the sheets of entries
 *   pack_issues.c    what is to be corrected
 *   pack.c           the cover, the hidden sheets, and the order of all
 *   pack_page.c      the page to be printed
 *   pack_letter.c    the covering text
 */
#ifndef CANVASS_PACK_H
#define CANVASS_PACK_H

#include "report/report_internal.h"

/* ---------------------------------------------------------------- words */

typedef enum pack_word {
	WORD_QUESTIONNAIRE,
	WORD_COVER,
	WORD_FOR,
	WORD_ROUND,
	WORD_DUE,
	WORD_CONTACT,
	WORD_PURPOSE,
	WORD_HOW,
	WORD_HOW_CELLS,
	WORD_HOW_LISTS,
	WORD_HOW_STATES,
	WORD_HOW_NONE,
	WORD_HOW_RETURN,
	WORD_LEFT,
	WORD_CONTENTS,
	WORD_NUMBER,
	WORD_QUESTION,
	WORD_ANSWER,
	WORD_STATE,
	WORD_REMARKS,
	WORD_REQUIRED,
	WORD_NOT_ASKED,
	WORD_CONFIRM,
	WORD_ENTRY,
	WORD_ENTRIES,
	WORD_NO_ENTRIES,
	WORD_SEE_SHEET,
	WORD_PAGE,
	WORD_CHOOSE,
	WORD_TICK,
	WORD_WHOLE,
	WORD_DECIMAL,
	WORD_DAY,
	WORD_TIME,
	WORD_MOMENT,
	WORD_TEXT,
	WORD_CHECK,
	WORD_ISSUES,
	WORD_ISSUE,
	WORD_CLEAR,
	WORD_ONE_OF,
	WORD_ANY_OF,
	PACK_WORDS
} pack_word;

/* The words of one language, by its tag; English where it is not spoken. */
const char *const *pack_words(cnv_str tag);

/* ---------------------------------------------------------------- the plan */

/* Columns of a sheet of questions. */
enum { COLUMN_PATH, COLUMN_NUMBER, COLUMN_LABEL, COLUMN_ANSWER, COLUMN_STATE, COLUMN_NOTE, COLUMN_ASKED, COLUMNS };
enum {
	FIRST_ROW = 5 /* of the questions, from 0: below title, subtitle, a blank row, headings and the hidden header */
};

/* Columns of a sheet of entries before those of its questions, and rows above the entries. */
enum { ENTRY_HELP, ENTRY_NUMBER, ENTRY_FIRST };
enum { ENTRY_HEADINGS = 2, ENTRY_HINTS, ENTRY_HEADER, ENTRY_ROW };
enum { ENTRIES_DRAWN = 20, ENTRIES_MORE = 480 /* below them, unlocked and ruled but not drawn */ };

typedef enum pack_row_kind {
	ROW_BAND,  /* of a group */
	ROW_QUIET, /* of a group without a title: hidden, says when it is asked */
	ROW_NOTE,
	ROW_QUESTION, /* with its answer */
	ROW_LEAD,     /* of a question whose choices follow */
	ROW_OPTION,   /* one of them */
	ROW_REPEAT,   /* says where its entries are */
	ROW_REMARKS   /* those that belong to no question of the sheets */
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
	pack_row *rows;       /* of a sheet of questions, from FIRST_ROW */
	uint32_t row_count;
	uint32_t columns, parent_column; /* of a sheet of entries; CNV_NONE: no repeat around it */
	uint32_t entries;                /* drawn */
	uint32_t filled;                 /* beforehand */
} pack_sheet;

/* Where a question stands.  Of one with a cell for each choice: row of the lead and cells below it, or in a sheet of
 * entries columns side by side. */
typedef struct pack_spot {
	uint32_t sheet; /* CNV_NONE: nowhere */
	uint32_t row, column;
	uint32_t whole; /* of a ticked one in a sheet of entries: column of answers that are no ticks, CNV_NONE */
	uint32_t note;  /* in a sheet of entries: column of remarks, CNV_NONE */
	cnv_str asked;      /* formula: 1 while it is asked; empty: always.  Of a group too. */
	cnv_str asked_here; /* its own cell: what stands there; empty: none */
	cnv_str required;   /* formula: true while an answer is required; empty: never */
	cnv_str rule;       /* formula: true while its constraint holds; empty: none that can be said */
	bool asked_now;     /* as it is filled in beforehand */
} pack_spot;

typedef struct pack_plan {
	const cnv_pack *pack;
	const cnv_form *form;
	cnv_arena *arena;
	const char *const *words;
	const cnv_str *names; /* of the questions: "B2" */
	pack_sheet *sheets;
	uint32_t sheet_count;
	pack_spot *spots; /* by question id */
	cnv_str **shown;  /* what cells show for the choices of each list; NULL: not used by a list to choose from */
	uint32_t *list_column; /* in the hidden sheet, CNV_NONE */
	uint32_t list_columns;
	cnv_map taken;                      /* names of sheets, folded */
	cnv_question_id ready;              /* `asked` is known of all questions below this one */
	uint32_t *first_wrong, *next_wrong; /* finding of each question, and behind each finding the next; CNV_NONE */
} pack_plan;

/* To be ended by pack_plan_fini whatever comes of it. */
cnv_status pack_plan_make(pack_plan *plan, const cnv_pack *pack, cnv_arena *arena);
void pack_plan_fini(pack_plan *plan);
cnv_str pack_word_str(const pack_plan *plan, pack_word word);
/* A text of the form on one or more lines, ${q} replaced by what question q is called. */
cnv_str pack_text(const pack_plan *plan, cnv_str text);
cnv_str pack_label(const pack_plan *plan, cnv_question_id question);
cnv_str pack_hint(const pack_plan *plan, cnv_question_id question);
cnv_str pack_number(const pack_plan *plan, cnv_question_id question);
bool pack_is_asked(const cnv_question *question);
bool pack_is_listed(const cnv_form *form, const cnv_question *question); /* has a closed list */
bool pack_is_ticked(const cnv_form *form, const cnv_question *question); /* a cell for each choice */
/* "$D$6" (column and row from 0); fixed: which of them carry $. */
cnv_str pack_cell(cnv_arena *arena, uint32_t row, uint32_t column, bool fixed_row);

/* ---------------------------------------------------------------- formulas */

/* Fills `asked`, `required` and `rule` of every spot. */
cnv_status pack_formulas_make(pack_plan *plan);
/* Does a condition hold as the answers are filled in now?  Without answers it does. */
bool pack_holds(const pack_plan *plan, cnv_question_id self, const cnv_formula *condition);
/* The rule of a cell (or, of a ticked question, of one of its cells); row: the first that it holds for. */
cnv_status pack_rule(pack_plan *plan, cnv_question_id question, cnv_rule *rule);

/* ---------------------------------------------------------------- sheets */

typedef struct pack_desk {
	pack_plan *plan;
	const pack_sheet *sheet;
	const cnv_grid *grid;
	cnv_status status; /* sticky */
} pack_desk;

void pack_put(pack_desk *desk, uint32_t row, uint32_t column, cnv_cell cell);
void pack_put_text(pack_desk *desk, uint32_t row, uint32_t column, cnv_look look, cnv_str text);
void pack_put_rule(pack_desk *desk, cnv_rule rule);
void pack_begin(pack_desk *desk, uint32_t row, double height); /* points, at most what a row may have */
double pack_height(cnv_str text, double width, bool small);    /* of a text in a column of this width */

/* The cell of an answer as it is filled in: text, number or day, and its look. */
cnv_cell pack_answer(const pack_plan *plan, cnv_question_id question, uint32_t row);
bool pack_is_chosen(const pack_plan *plan, cnv_question_id question, uint32_t choice, uint32_t row);
bool pack_is_locked(const pack_plan *plan, cnv_question_id question);
cnv_verdict pack_verdict(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* The finding on a cell, NULL. */
const cnv_finding *pack_wrong(const pack_plan *plan, uint32_t table, uint32_t row, cnv_question_id question);
/* Marks the cell of an answer that is to be corrected, and says why. */
void pack_mark(const pack_plan *plan, cnv_cell *cell, const cnv_finding *finding);
/* What is asked of a person by a finding, in the pack's language, and a hint, which may be empty. */
cnv_str pack_matter(const pack_plan *plan, const cnv_finding *finding, cnv_str *hint);
/* An answer to a ticked question that no ticks can show: what was not understood, or "N/A". */
bool pack_is_whole(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* "title   respondent   round   due" below a sheet's title, and in its footer. */
cnv_str pack_remark(const pack_plan *plan, uint32_t table, uint32_t row, cnv_question_id question);
/* Those of no question that stands on a sheet. */
cnv_str pack_other_remarks(const pack_plan *plan);
cnv_str pack_quoted(const pack_plan *plan, cnv_str text); /* within a formula */
cnv_str pack_subtitle(const pack_plan *plan);
cnv_sheet_style pack_style(const pack_plan *plan, cnv_str name);

cnv_status pack_lay_questions(pack_plan *plan, const pack_sheet *sheet, const cnv_grid *grid);
cnv_status pack_lay_issues(pack_plan *plan, const cnv_grid *grid);
cnv_status pack_lay_entries(pack_plan *plan, const pack_sheet *sheet, const cnv_grid *grid);

#endif
