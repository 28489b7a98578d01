/* The counters of roll-ups, for those files that count, write and verify them.  Other files use store/rollup.h. */
#ifndef CANVASS_STORE_ROLLUP_COUNT_H
#define CANVASS_STORE_ROLLUP_COUNT_H

#include "canvass/report.h"
#include "store/rollup.h"

/* Different numbers of a question that are kept; above, they are a sketch. */
#define MOST_VALUES CNV_SKETCHED
/* Slots of its table: at most half are used. */
#define VALUE_SLOTS (4 * MOST_VALUES)

typedef struct kept_value {
	double value;
	int64_t n;
	bool used;
} kept_value;

typedef struct counted {
	int64_t states[CNV_STANDINGS];
	int64_t *choices; /* NULL: no list */
	uint32_t choice_count;
	kept_value *values; /* VALUE_SLOTS, by hash; NULL: none yet */
	uint32_t value_count;
	bool many;          /* there are more: they are in the sketch instead */
	cnv_sketch *sketch; /* NULL: none yet */
	bool stored_many;   /* while verifying: the store has a sketch */
} counted;

typedef struct store_rollup {
	const cnv_form *form;
	counted *questions;
	int64_t *choices; /* of all questions */
	size_t choice_count;
	int64_t *rows;                   /* of each table */
	int64_t findings[CNV_ERROR + 1]; /* by severity */
	uint64_t *blank, *left;          /* of a window: bits of responses that are blank, or left out */
	uint32_t blank_room, left_room;
	uint32_t *picked;  /* rows of one table that are counted */
	uint8_t *verdicts; /* as they count, where one of the responses is blank or left out */
	uint32_t picked_room, verdict_room;
	uint8_t standings[CNV_RETURN_BLANK + 1];
	bool any_blank;   /* in the window */
	cnv_batch *batch; /* what is read from the store */
	cnv_by_group *by; /* NULL: nothing is counted by group */
	uint32_t *listed; /* of a window: each response's respondent in the roster */
	uint32_t listed_room;
	int64_t *gone;
	uint32_t gone_count, gone_room, dropped; /* dropped: subtracted already */
	bool counting;                           /* the transaction's responses are added */
	bool subtracted;
	bool again;  /* all must be counted again */
	bool others; /* a response of another version counts no more */
} store_rollup;

/* rollup_count.c.  NULL: no memory, and the store says so. */
store_rollup *store_rollup_make(cnv_store *store);
void store_rollup_clear(store_rollup *r);
void store_rollup_forget(counted *of); /* its numbers */
/* The numbers kept so far are put into the sketch. */
void store_rollup_become_many(cnv_store *store, counted *of);
void store_rollup_add(cnv_store *store, counted *of, double value, int64_t n);
/* ids: of each response, 0: it is left out; NULL: all are counted.  Its respondents are in one of the two arrays. */
void store_rollup_window(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents,
			 const cnv_reported *reported, const int64_t *ids, int64_t sign);

/* rollup_write.c.  Writes what was counted; more: adds it to the rows of the round. */
void store_rollup_write(cnv_store *store, int64_t round, bool more);
/* Of questions that have a sketch in the table, the least and the greatest: counting continues from them. */
void store_rollup_load_many(cnv_store *store, int64_t round);

/* rollup.c.  Counts all responses of a round and of the current form, which the counters then have alone. */
void store_rollup_read_all(cnv_store *store, int64_t round);

/* rolled.c.  Is the round rolled up for the current form? */
bool store_is_rolled(cnv_store *store, int64_t round);
/* Calls `take` with each row of a round and of the current form, in order; false: one does not fit the form. */
bool store_rolled_each(cnv_store *store, int64_t round, bool (*take)(void *self, const cnv_rolled *row), void *self);

#endif
