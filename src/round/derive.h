/* A store derived again from its originals (derive.c). */
#ifndef CANVASS_ROUND_DERIVE_H
#define CANVASS_ROUND_DERIVE_H

#include "canvass/round.h"

typedef struct derive {
	cnv_store *store; /* the source of the originals */
	const cnv_stored_form *forms;
	const cnv_stored_return *returns;
	uint32_t form_count, return_count;
	cnv_str folder;   /* work folder, used by no other process */
	cnv_str derived;  /* path of the derived store */
	int64_t *twins;   /* id of each return in it; 0: not derived; -1: judging options damaged */
	cnv_diags *diags; /* diagnostics of files and the store */
} derive;

cnv_status derive_all(const derive *d);

#endif
