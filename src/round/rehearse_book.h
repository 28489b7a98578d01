/* Invented returns as workbooks: packs that are filled in. */
#ifndef CANVASS_ROUND_REHEARSE_BOOK_H
#define CANVASS_ROUND_REHEARSE_BOOK_H

#include "canvass/round.h"

typedef struct rehearse_book {
	const cnv_rehearsal *of;
	const cnv_batch *window; /* of invented responses */
	const cnv_world *world;
	cnv_batch *batch;  /* one of them */
	cnv_copier copier; /* rows of a window, rising */
	cnv_arena scratch;
	cnv_diags *diags;
} rehearse_book;

/* For the responses of one window; what is open must be closed. */
cnv_status rehearse_book_open(rehearse_book *book);
/* Writes one response; code, name: of the respondent.  words: a remark on the first answer. */
cnv_status rehearse_book_write(rehearse_book *book, uint32_t row, cnv_str code, cnv_str name, cnv_str words,
			       cnv_str target);
void rehearse_book_close(rehearse_book *book);

#endif
