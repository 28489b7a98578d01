/* Invented returns, spoiled like real ones: declarations shared by rehearse.c and spoil.c. */
#ifndef CANVASS_ROUND_SPOIL_H
#define CANVASS_ROUND_SPOIL_H

#include "canvass/round.h"

/* One line of a long return. */
typedef struct spoil_line {
	cnv_question_id question;
	cnv_str path, answer, note;
	bool required, dropped;
} spoil_line;

/* One return before it is written to a file. */
typedef struct spoil_return {
	const cnv_form *form;
	uint32_t language;
	spoil_line *lines;
	uint32_t count, room;
	cnv_chance chance; /* the same seed makes the same defects */
	cnv_arena *arena;
	char separator;
	bool wide_characters; /* UTF-16 with a byte order mark */
	bool cut;             /* the file ends in the middle of a line */
	bool twice;           /* the whole return appears twice */
	bool titled;          /* a line of text above the header */
} spoil_return;

/* A defect, for the list next to the returns. */
typedef struct spoil_told {
	cnv_str path;     /* empty: the whole file */
	const char *what; /* "date written day first" */
	cnv_str before, after;
} spoil_told;
#define SPOIL_MOST 3u /* defects of one return */

/* Spoils the return at random; returns the number of defects in `told`. */
uint32_t spoil_some(spoil_return *it, spoil_told told[SPOIL_MOST]);

#endif
