/* held.h: diagnostics held back during a build, to be emitted in the order of the file. */
#ifndef CANVASS_FORM_HELD_H
#define CANVASS_FORM_HELD_H

#include "canvass/form.h"

typedef struct cnv_form_held_diag {
	cnv_diag diag;
	uint32_t sheet, order;
} cnv_form_held_diag;

typedef struct cnv_form_held {
	cnv_diags diags; /* reports to this are held back */
	const cnv_sheets *sheets;
	cnv_arena *arena; /* of the messages */
	cnv_form_held_diag *at;
	uint32_t count, room;
	bool failed; /* no memory */
} cnv_form_held;

/* `held` must not move until cnv_form_emit_held. */
void cnv_form_hold(cnv_form_held *held, const cnv_sheets *sheets, cnv_arena *arena);
/* Emits everything and frees the memory.  once: the same diagnostic at the same place only once. */
void cnv_form_emit_held(cnv_form_held *held, bool once, cnv_diags *diags);

#endif
