/* The cover of a pack that was saved as CSV (cover.c). */
#ifndef CANVASS_ROUND_COVER_H
#define CANVASS_ROUND_COVER_H

#include "canvass/gather.h"

typedef struct cover {
	uint64_t cells;  /* not blank, so far */
	uint32_t unread; /* of them */
	cnv_text first;  /* the beginning of the first of these */
	/* of the record: */
	uint32_t column; /* fields so far */
	cnv_text tick;   /* its first field */
	bool ticks;      /* its last field names the line that confirms all earlier answers */
	/* of the file: */
	cnv_text all;  /* the text of that tick */
	uint32_t line; /* of it; 0: there is none */
	bool failed;   /* no memory */
} cover;               /* { 0 } is ready to use */

/* The sink of a CSV reader. */
void cover_field(void *self, cnv_str field);
cnv_status cover_record(void *self, uint32_t line);
/* Reports what was not read, hands over the tick, and starts again; `cells` stays. */
cnv_status cover_end(cover *c, cnv_gather *gather, cnv_str name, cnv_diags *diags);
void cover_fini(cover *c);

#endif
