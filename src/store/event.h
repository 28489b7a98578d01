/* Events: what other files of the store append. */
#ifndef CANVASS_STORE_EVENT_H
#define CANVASS_STORE_EVENT_H

#include "store/state.h"

typedef struct store_event {
	cnv_event_kind kind;
	int64_t round;
	cnv_str respondent;
	const uint8_t *sha256; /* of a return; NULL: none */
	int64_t response;      /* 0: none */
	cnv_str reason, detail;
} store_event;

/* Within the transaction of what it records.  now: if cnv_store_by was not called. */
int64_t store_put_event(cnv_store *store, const store_event *event, cnv_instant now);

#endif
