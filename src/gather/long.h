/* The lines of a long table. */
#ifndef CANVASS_GATHER_LONG_H
#define CANVASS_GATHER_LONG_H

#include "gather/heading.h"
#include "gather/section.h"

/* A line of a long file. */
typedef struct cnv_long_row {
	cnv_str name, answer, note, still, prefilled; /* as in the file, in the arena */
	cnv_str number, label;                        /* texts of the form */
	cnv_str *sources;                             /* CNV_SOURCE_PARTS; NULL: none */
	uint32_t line;
	uint32_t cells, own, unknown; /* filled ones: all, of CNV_PART_OWN, and of unknown columns */
	bool surplus;
	bool number_changed, label_changed; /* not the form's */
	cnv_path_found found;
	cnv_path_role role;
	cnv_question_id question;
	uint32_t entry;
	bool linked; /* carries an answer: the first line of its path, the first piece of its answer */
	bool twice;  /* its path also occurs on another line */
	bool claim;  /* a claim about the return, not an answer */
	bool link;   /* leads to the sheet of a repeat's entries: its answer is a text of the pack */
	cnv_piece piece;
	uint32_t choice;                          /* of a piece */
	cnv_question_id other;                    /* of a piece: takes the words of the choice "other"; CNV_NONE */
	cnv_str words;                            /* written at the choice "other", and no answer to `other` */
	uint32_t pieces, pieces_last, piece_next; /* rows of the other pieces of its answer; CNV_NONE */
	struct cnv_section *section;
} cnv_long_row;

#endif
