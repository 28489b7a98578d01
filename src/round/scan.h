/* The responses of a large round, read in windows for its figures. */
#ifndef CANVASS_ROUND_SCAN_H
#define CANVASS_ROUND_SCAN_H

#include "canvass/store.h"

typedef struct scan scan;

typedef struct scan_window {
	cnv_batch *batch;
	cnv_reported *reported; /* of each response */
	uint32_t count;
	cnv_status status; /* of reading it */
} scan_window;

/* A pass over the latest revisions of all responses of a round, as cnv_store_read_counts reads them.  wanted: asked at once
 * and not kept.  second: with a second thread, if the store and the size of the form allow it; the responses come in the
 * same order, but the windows may be smaller.  Store, form and round outlive the scan, and until it closes the store is
 * used for nothing else. */
cnv_status scan_open(scan **out, cnv_store *store, const cnv_form *form, cnv_str round, const cnv_wanted *wanted,
		     bool second, cnv_diags *diags);
/* The next responses, borrowed until the next call; count 0: no more. */
cnv_status scan_next(scan *s, const scan_window **window, cnv_diags *diags);
void scan_close(scan *s);

#endif
