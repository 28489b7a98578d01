/* One answer out of several pieces. */
#ifndef CANVASS_GATHER_PIECES_H
#define CANVASS_GATHER_PIECES_H

#include "gather/heading.h"

/* The list that choices of pieces are places in, and the form that it is of: of a return of an older version the older
 * one, so that the answer put together is one of that version, and is then carried over like a whole one. */
const cnv_list *cnv_piece_list(const cnv_batch *batch, cnv_question_id question, const cnv_form **form);

typedef struct cnv_pieces {
	const cnv_batch *batch;
	cnv_question_id question;
	cnv_text *out;
	size_t from; /* of the answer in `out` */
	bool apart;  /* a piece holds blanks of its own, so `;` stands between them */
	cnv_str point[CNV_POINT_PIECES];
} cnv_pieces;

/* Pieces of one answer -> its text, at the end of `out`. */
void cnv_pieces_init(cnv_pieces *pieces, const cnv_batch *batch, cnv_question_id question, cnv_text *out);
void cnv_pieces_put(cnv_pieces *pieces, cnv_piece piece, uint32_t choice, cnv_str text);
void cnv_pieces_end(cnv_pieces *pieces);
/* Is this cell of the choice `other` a text, and no tick? */
bool cnv_piece_is_text(const cnv_batch *batch, cnv_question_id question, uint32_t choice, cnv_str text);

#endif
