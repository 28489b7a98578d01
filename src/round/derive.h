/* A store made again of its originals (derive.c). */
#ifndef CANVASS_ROUND_DERIVE_H
#define CANVASS_ROUND_DERIVE_H

#include "canvass/round.h"

typedef struct derive {
	cnv_store *store; /* whose originals they are */
	const cnv_stored_form *forms;
	const cnv_stored_return *returns;
	uint32_t form_count, return_count;
	cnv_str folder;  /* to work in, for nobody else */
	cnv_str derived; /* the store that is made there */
	int64_t *twins; /* of each return: its id in it; 0: it could not be derived; -1: how it was judged is damaged */
	cnv_diags *diags; /* files and the store */
} derive;

cnv_status derive_all(const derive *d);

#endif
