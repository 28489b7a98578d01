/* Which response of a respondent counts, where a person overrides the order of import.
 *
 * One response of each respondent is the head: its `later` is NULL while it counts, and 0 when it was withdrawn.  A
 * withdrawal sets it to 0; making another revision count sets the head's to that revision, which becomes the head.
 * Nothing is deleted, and an event records both.  The findings follow, as if the head had just been imported. */
#include "store/event.h"
#include "store/rollup.h"

#include <stdio.h>

typedef struct head {
	int64_t response; /* 0: there is none */
	uint32_t revision;
	bool counts;
} head;

static head find_head(cnv_store *store, int64_t round, cnv_str respondent)
{
	head found = { 0 };
	sql find;

	sql_prepare(&find, store,
		    CNV_STR("SELECT id, revision, later IS NULL FROM response WHERE round = ?1 AND respondent = ?2 AND"
			    " (later IS NULL OR later = 0) ORDER BY id DESC LIMIT 1"));
	sql_put_integer(&find, 1, round);
	sql_put_text(&find, 2, respondent);
	if (sql_row(&find))
		found = (head){ .response = sql_integer(&find, 0),
				.revision = store_place(&find, 1),
				.counts = sql_integer(&find, 2) != 0 };
	sql_finish(&find);
	return found;
}

static int64_t find_revision(cnv_store *store, int64_t round, cnv_str respondent, uint32_t revision)
{
	int64_t found;
	sql find;

	sql_prepare(&find, store,
		    CNV_STR("SELECT id FROM response WHERE round = ?1 AND respondent = ?2 AND revision = ?3"));
	sql_put_integer(&find, 1, round);
	sql_put_text(&find, 2, respondent);
	sql_put_integer(&find, 3, revision);
	found = sql_number(&find, 0);
	sql_finish(&find);
	return found;
}

static void reject(cnv_store *store, cnv_code code, const char *what, cnv_str respondent, cnv_str round)
{
	if (store->status)
		return;
	store_say(store, code, (cnv_str){ 0 }, "%.*s %s in round %.*s", CNV_ARG(respondent), what, CNV_ARG(round));
	store->status = CNV_REJECTED;
}

/* The head's `later`: 0, or the revision that counts in its place. */
static void set_later(cnv_store *store, int64_t response, int64_t later)
{
	sql *set = sql_get(store, SQL_SET_LATER);

	sql_put_integer(set, 1, response);
	sql_put_integer(set, 2, later);
	sql_run(set);
}

static void make_head(cnv_store *store, int64_t round, cnv_str respondent, int64_t response)
{
	sql make;

	sql_prepare(&make, store,
		    CNV_STR("UPDATE response SET later = NULL, highest = (SELECT max(revision) FROM response WHERE"
			    " round = ?2 AND respondent = ?3) WHERE id = ?1"));
	sql_put_integer(&make, 1, response);
	sql_put_integer(&make, 2, round);
	sql_put_text(&make, 3, respondent);
	sql_run(&make);
	sql_finish(&make);
}

static void put_event(cnv_store *store, const cnv_withdrawal *w, int64_t round, int64_t response, uint32_t revision)
{
	char detail[32];
	int len = snprintf(detail, sizeof detail, "revision %u", (unsigned)revision);

	store_put_event(store,
			&(store_event){ .kind = w->revision ? CNV_EVENT_RESTORED : CNV_EVENT_WITHDRAWN,
					.round = round,
					.respondent = w->respondent,
					.response = response,
					.reason = w->reason,
					.detail = { detail, (size_t)len } },
			w->at);
}

static void withdraw(cnv_store *store, const cnv_withdrawal *w, int64_t round, const head *now)
{
	set_later(store, now->response, 0);
	store_rollup_change(store, round, now->response, 0);
	store_match_one(store, round, w->respondent, now->response, false, w->at);
	put_event(store, w, round, now->response, now->revision);
}

static void restore(cnv_store *store, const cnv_withdrawal *w, int64_t round, const head *now)
{
	int64_t response = find_revision(store, round, w->respondent, w->revision);

	if (!response) {
		reject(store, CNV_REVISION_UNKNOWN, "has no such revision", w->respondent, w->round);
		return;
	}
	if (response != now->response)
		set_later(store, now->response, response);
	make_head(store, round, w->respondent, response);
	store_rollup_change(store, round, now->counts ? now->response : 0, response);
	store_match_one(store, round, w->respondent, response, true, w->at);
	put_event(store, w, round, response, w->revision);
}

cnv_status cnv_store_withdraw(cnv_store *store, const cnv_withdrawal *w, uint32_t *before, cnv_diags *diags)
{
	int64_t round;
	head now;

	*before = 0;
	cnv_store_rollback(store);
	store_enter(store, "change which response counts", diags);
	store_start(store);
	store->indexed = false;
	store_index_respondents(store);
	round = store_round(store, w->round);
	store_match(store, round, w->at, INT64_MAX);
	now = find_head(store, round, w->respondent);
	*before = now.counts ? now.revision : 0;
	if (!now.response || (!w->revision && !now.counts))
		reject(store, CNV_NOTHING_COUNTS, "has no response that counts", w->respondent, w->round);
	else if (w->revision && *before == w->revision)
		reject(store, CNV_REVISION_COUNTS, "has that revision counting already", w->respondent, w->round);
	else if (w->revision)
		restore(store, w, round, &now);
	else
		withdraw(store, w, round, &now);
	sql_commit(store);
	if (!store->status)
		store->open = false;
	else
		cnv_store_rollback(store);
	return store->status;
}

/* ---------------------------------------------------------------- what was withdrawn */

static cnv_status list(cnv_store *store, sql *read, cnv_arena *arena, const cnv_withdrawal **made, uint32_t *count)
{
	cnv_withdrawal *all = NULL;
	uint32_t room = 0;

	*count = 0;
	while (sql_row(read) && cnv_arena_grow(arena, (void **)&all, *count, &room, sizeof *all))
		all[(*count)++] = (cnv_withdrawal){ .round = cnv_arena_copy(arena, sql_text(read, 0)),
						    .respondent = cnv_arena_copy(arena, sql_text(read, 1)),
						    .reason = cnv_arena_copy(arena, sql_text(read, 2)),
						    .at = { .utc_ms = sql_integer(read, 3),
							    .utc_offset = (int32_t)sql_integer(read, 4) },
						    .revision = store_place(read, 5),
						    .event = sql_integer(read, 6) };
	sql_finish(read);
	*made = all;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

cnv_status cnv_store_withdrawn(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_withdrawal **made,
			       uint32_t *count, cnv_diags *diags)
{
	sql read;

	store_enter(store, "list what was withdrawn", diags);
	sql_prepare(&read, store,
		    CNV_STR("SELECT NULL, r.respondent, e.reason, e.happened, e.happened_offset, r.revision, e.id FROM"
			    " event e JOIN response r ON r.id = +e.response WHERE e.round = ?1 AND e.kind = 'withdrawn'"
			    " AND r.later = 0 ORDER BY e.number"));
	sql_put_integer(&read, 1, store_round(store, round));
	return list(store, &read, arena, made, count);
}

cnv_status cnv_store_withdrawals(cnv_store *store, cnv_arena *arena, const cnv_withdrawal **made, uint32_t *count,
				 cnv_diags *diags)
{
	sql read;

	store_enter(store, "list what was withdrawn", diags);
	sql_prepare(
		&read, store,
		CNV_STR("SELECT o.label, e.respondent, e.reason, e.happened, e.happened_offset, CASE e.kind WHEN"
			" 'restored' THEN r.revision ELSE 0 END, e.id FROM event e JOIN round o ON o.id = +e.round JOIN"
			" response r ON r.id = +e.response WHERE e.kind IN ('withdrawn', 'restored') ORDER BY e.id"));
	return list(store, &read, arena, made, count);
}
