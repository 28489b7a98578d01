/* words: formulas as people and as spreadsheets write them.
 *
 * Both walk the tree of a formula with the form.  What they write means exactly what the formula says, also
 * where an answer is blank; where there is no such wording, they leave the formula as it is.
 */
#ifndef CANVASS_WORDS_H
#define CANVASS_WORDS_H

#include "canvass/expr.h"

/* ---------------------------------------------------------------- words (words.c) */

typedef struct cnv_words_run {
	cnv_str text;
	bool as_written; /* a piece of the formula itself: there are no words for it */
} cnv_words_run;

typedef struct cnv_words {
	cnv_words_run *runs; /* to be printed one after the other, blanks included */
	uint32_t count, room;
	bool as_written; /* nothing could be put into words: one run, the formula */
} cnv_words;             /* { 0 } is ready to use; lives in the arena */

typedef struct cnv_words_style {
	const cnv_str *names; /* how each question of the form is named: "B2" */
	uint32_t language;    /* of the choices' labels */
	bool of_answer;       /* the formula is a rule for the answer: `. >= 1` is just "at least 1" */
} cnv_words_style;

/* The formula in words; its parts that have none are quoted.  A formula that cannot be compiled is accepted too. */
cnv_status cnv_words_write(cnv_words *out, const cnv_formula *formula, const cnv_context *context,
			   const cnv_words_style *style, cnv_arena *arena);

/* ---------------------------------------------------------------- spreadsheets (cells.c) */

/* Where the answers are in a workbook.  Each appends a piece of a formula and returns false where there is no such
 * cell. */
typedef struct cnv_cells {
	void *self;
	/* the answer to a question; "" while it is not asked */
	bool (*answer)(void *self, cnv_question_id question, cnv_text *out);
	/* of a question with a cell for each choice: is this one (index in its list) chosen; how many are */
	bool (*chosen)(void *self, cnv_question_id question, uint32_t choice, cnv_text *out);
	bool (*count)(void *self, cnv_question_id question, cnv_text *out);
	/* what a cell shows for a choice; empty: it has no one text */
	cnv_str (*shown)(void *self, cnv_question_id question, uint32_t choice);
} cnv_cells;

/* A condition as a formula of a spreadsheet; *written is false, and `out` unchanged, where there is no exact one.  The
 * constants true and false are written as 1 and 0. */
cnv_status cnv_cells_write(cnv_text *out, bool *written, const cnv_formula *formula, const cnv_context *context,
			   const cnv_cells *cells, cnv_arena *arena);

/* A rule that only bounds the answer, or the length of its text, by values that no answer changes: both inclusive,
 * each a formula of a spreadsheet, one of them perhaps empty. */
typedef struct cnv_cell_bounds {
	cnv_str low, high; /* in the arena */
	bool of_length;
} cnv_cell_bounds;
cnv_status cnv_cells_bounds(cnv_cell_bounds *out, bool *written, const cnv_formula *formula, const cnv_context *context,
			    cnv_arena *arena);

#endif
