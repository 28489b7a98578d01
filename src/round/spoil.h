/* Invented returns, spoiled as real ones are: what rehearse.c and spoil.c share. */
#ifndef CANVASS_ROUND_SPOIL_H
#define CANVASS_ROUND_SPOIL_H

#include "canvass/round.h"

/* One line of a long return. */
typedef struct spoil_line {
	cnv_question_id question;
	cnv_str path, answer, note;
	bool required, dropped;
} spoil_line;

/* One return on its way to a file. */
typedef struct spoil_return {
	const cnv_form *form;
	uint32_t language;
	spoil_line *lines;
	uint32_t count, room;
	cnv_chance chance; /* the same seed spoils the same */
	cnv_arena *arena;
	char separator;
	bool wide_characters; /* UTF-16 with a byte order mark */
	bool cut;             /* the file ends in the middle of a line */
	bool twice;           /* the whole return stands in it again */
	bool titled;          /* a line of text above the header */
} spoil_return;

/* What was done to it, for the list beside the returns. */
typedef struct spoil_told {
	cnv_str path;     /* empty: the whole file */
	const char *what; /* "date written day first" */
	cnv_str before, after;
} spoil_told;
#define SPOIL_MOST 3u /* defects of one return */

/* Spoils some of it; returns how many were told. */
uint32_t spoil_some(spoil_return *it, spoil_told told[SPOIL_MOST]);

#endif
