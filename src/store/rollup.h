/* Roll-ups: how often each state, choice and number occurs among the responses that count in a round, and how many
 * findings they have.  Stores in files have them. */
#ifndef CANVASS_STORE_ROLLUP_H
#define CANVASS_STORE_ROLLUP_H

#include "store/state.h"

/* A transaction that may change which responses count.  Nothing is counted where the store has few responses. */
void store_rollup_begin(cnv_store *store);
/* Its transaction is one of many responses: they are counted as they come. */
void store_rollup_many(cnv_store *store);
/* Adds the responses of a window; a response without an id is left out. */
void store_rollup_put(cnv_store *store, const cnv_batch *batch, const cnv_str *respondents, const int64_t *ids);
/* A finding was stored; response 0: of a file. */
void store_rollup_finding(cnv_store *store, int64_t response, cnv_severity severity);
/* A response to another form has a new finding: what is counted of other forms is dropped. */
void store_rollup_drop_others(cnv_store *store);
/* A response that counted does not any more; its answers are read when the transaction ends. */
void store_rollup_gone(cnv_store *store, int64_t response);
/* The same, of a response of this transaction whose answers will be deleted. */
void store_rollup_drop(cnv_store *store, int64_t response);
/* Before the commit of an import. */
void store_rollup_end(cnv_store *store);
/* In a transaction of its own round: `gone` counts no more, `come` does; 0: none. */
void store_rollup_change(cnv_store *store, int64_t round, int64_t gone, int64_t come);
void store_rollup_free(cnv_store *store);

/* rolled.c.  Runs a statement about a round and the current form. */
void store_rollup_run(cnv_store *store, sql_fixed which, int64_t round);
/* The word of a kind in the store's tables; false: of none. */
cnv_str store_rolled_word(cnv_rolled_kind kind);
bool store_rolled_find(cnv_str word, cnv_rolled_kind *kind);

/* rollup_group.c.  Are the counts by group of a round of this roster? */
bool store_is_grouped(cnv_store *store, const cnv_by_group *by, int64_t round);
bool store_has_groups(cnv_store *store, int64_t round);
void store_group(cnv_store *store, const cnv_by_group *by, int64_t round); /* adds the counters to the stored ones */
/* Drops those of a round: of the current form; of other forms; and of all rounds, those of other rosters. */
void store_ungroup(cnv_store *store, int64_t round);
void store_ungroup_others(cnv_store *store, int64_t round);
void store_ungroup_roster(cnv_store *store, const cnv_roster *roster);
/* Do they differ from what was counted again?  *column: of the first question that differs; CNV_NONE: another count. */
bool store_group_differs(cnv_store *store, cnv_by_group *by, int64_t round, uint32_t *column);

/* read.c.  One response of the current form, for figures, added to the batch; *cursor NULL at first.  Its respondent is
 * read if the roll-ups are by group. */
bool store_read_counted(cnv_cursor **cursor, cnv_store *store, int64_t round, int64_t id, cnv_batch *batch,
			cnv_reported *reported);
/* All responses of a round that count and are of the current form. */
cnv_status store_read_all_counted(cnv_cursor **cursor, cnv_store *store, int64_t round);

#endif
