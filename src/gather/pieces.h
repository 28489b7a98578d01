/* One answer assembled from several pieces. */
#ifndef CANVASS_GATHER_PIECES_H
#define CANVASS_GATHER_PIECES_H

#include "gather/heading.h"

/* The list that the choices of pieces index, and its form.  For a return of an older version this is the older list:
 * the assembled answer is then carried over like any other. */
const cnv_list *cnv_piece_list(const cnv_batch *batch, cnv_question_id question, const cnv_form **form);

typedef struct cnv_pieces {
	const cnv_batch *batch;
	cnv_question_id question;
	cnv_text *out;
	size_t from; /* of the answer in `out` */
	bool apart;  /* a piece contains spaces, so pieces are separated by `;` */
	cnv_str point[CNV_POINT_PIECES];
} cnv_pieces;

/* Appends the answer that the pieces make up to `out`. */
void cnv_pieces_init(cnv_pieces *pieces, const cnv_batch *batch, cnv_question_id question, cnv_text *out);
/* Returns the piece where it is the cell of a choice and no tick: "land: perhaps", until the next call; else empty. */
cnv_str cnv_pieces_put(cnv_pieces *pieces, cnv_piece piece, uint32_t choice, cnv_str text);
void cnv_pieces_end(cnv_pieces *pieces);
/* Is the cell of the choice `other` a text rather than a tick? */
bool cnv_piece_is_text(const cnv_batch *batch, cnv_question_id question, uint32_t choice, cnv_str text);

/* Is it a word for a missing answer, which is read as not selected? */
bool cnv_piece_is_na(const cnv_batch *batch, cnv_question_id question, uint32_t choice, cnv_str text);

#endif
