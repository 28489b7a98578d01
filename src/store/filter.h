/* Filter for respondents that may already have a response. */
#ifndef CANVASS_STORE_FILTER_H
#define CANVASS_STORE_FILTER_H

#include "canvass/store.h"

typedef struct store_filter {
	uint64_t *words;
	uint32_t bits; /* 2^bits blocks of 64 bytes */
	bool used;     /* something was added */
} store_filter;

bool store_filter_make(store_filter *filter, uint32_t bits); /* empty; does nothing if it exists; false: no memory */
void store_filter_free(store_filter *filter);
void store_filter_clear(store_filter *filter);
bool store_filter_has(const store_filter *filter, uint64_t hash);
bool store_filter_add(store_filter *filter, uint64_t hash);          /* true: it was already there */
void store_filter_expect(const store_filter *filter, uint64_t hash); /* prefetches its block */

/* The data about a response that pairing needs. */
typedef struct store_known {
	int64_t id, revision, line;
	cnv_str respondent, digest;
	bool withdrawn; /* it does not count */
} store_known;

/* Large transactions (pair.c): all respondents of `round` up to the state `version` of the store, and those of the
 * current transaction that may already have a response. */
typedef struct store_pairing {
	store_filter seen, suspects;
	int64_t round, version; /* round 0: `seen` is not valid yet */
	uint64_t suspected;     /* responses */
} store_pairing;

#endif
