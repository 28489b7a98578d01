/* The correspondence with respondents: sent, acknowledged, extended, declined, reminded.
 *
 * Nothing here is a setting that changes: the events of each day stay, and the latest of a kind counts.  Within one
 * day an event is one row: if it is repeated, corrected, or run again after a crash, it replaces the earlier row and
 * becomes the latest.  There are only a few per respondent, so the statements are prepared when needed. */
#include "store/state.h"

cnv_status cnv_store_put_notice(cnv_store *store, const cnv_notice *notice, cnv_diags *diags)
{
	sql put;

	store_enter(store, "store an event", diags);
	if (store->mode != CNV_STORE_WRITE)
		return store->status;
	sql_prepare(&put, store,
		    CNV_STR("INSERT OR REPLACE INTO notice (round, respondent, kind, due, reason, happened, "
			    "happened_offset,"
			    " day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
	sql_put_integer(&put, 1, store->round);
	sql_put_text(&put, 2, notice->respondent);
	sql_put_integer(&put, 3, notice->kind);
	if (notice->kind == CNV_NOTICE_EXTENDED)
		sql_put_integer(&put, 4, notice->due);
	if (notice->reason.len)
		sql_put_text(&put, 5, notice->reason);
	sql_put_integer(&put, 6, notice->at.utc_ms);
	sql_put_integer(&put, 7, notice->at.utc_offset);
	sql_put_integer(&put, 8, cnv_instant_day(notice->at));
	sql_run(&put);
	sql_finish(&put);
	return store->status;
}

cnv_status cnv_store_set_due(cnv_store *store, int32_t day, cnv_diags *diags)
{
	sql set;

	store_enter(store, "store the due day", diags);
	if (store->mode != CNV_STORE_WRITE)
		return store->status;
	sql_prepare(&set, store, CNV_STR("UPDATE round SET due = ?2 WHERE id = ?1"));
	sql_put_integer(&set, 1, store->round);
	sql_put_integer(&set, 2, day);
	sql_run(&set);
	sql_finish(&set);
	return store->status;
}

cnv_status cnv_store_due(cnv_store *store, cnv_str round, bool *given, int32_t *day, cnv_diags *diags)
{
	sql ask;

	store_enter(store, "read the due day", diags);
	*given = false;
	sql_prepare(&ask, store, CNV_STR("SELECT due FROM round WHERE label = ?1 AND due IS NOT NULL"));
	sql_put_text(&ask, 1, round);
	if (sql_row(&ask)) {
		*given = true;
		*day = (int32_t)sql_integer(&ask, 0);
	}
	sql_finish(&ask);
	return store->status;
}

cnv_status cnv_store_rounds(cnv_store *store, cnv_arena *arena, const cnv_str **labels, uint32_t *count,
			    cnv_diags *diags)
{
	cnv_str *list;
	int64_t room;
	sql ask;

	store_enter(store, "list its rounds", diags);
	*labels = NULL;
	*count = 0;
	sql_prepare(&ask, store, CNV_STR("SELECT count(*) FROM round"));
	room = sql_number(&ask, 0);
	sql_finish(&ask);
	list = cnv_arena_array(arena, room < UINT32_MAX ? (size_t)room + 1 : SIZE_MAX, sizeof *list);
	if (!list) {
		store_no_memory(store);
		return store->status;
	}
	*labels = list;
	sql_prepare(&ask, store, CNV_STR("SELECT label FROM round ORDER BY id DESC"));
	while (*count < (uint32_t)room && sql_row(&ask))
		list[(*count)++] = cnv_arena_copy(arena, sql_text(&ask, 0));
	sql_finish(&ask);
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

cnv_status cnv_store_notices(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_notice **notices,
			     uint32_t *count, cnv_diags *diags)
{
	cnv_notice *list;
	int64_t id, room;
	sql ask;

	store_enter(store, "list the events", diags);
	*notices = NULL;
	*count = 0;
	id = store_round(store, round);
	sql_prepare(&ask, store, CNV_STR("SELECT count(*) FROM notice WHERE round = ?1"));
	sql_put_integer(&ask, 1, id);
	room = sql_number(&ask, 0);
	sql_finish(&ask);
	list = cnv_arena_array(arena, room < UINT32_MAX ? (size_t)room : SIZE_MAX, sizeof *list);
	if (!list) {
		store_no_memory(store);
		return store->status;
	}
	*notices = list;
	sql_prepare(&ask, store,
		    CNV_STR("SELECT kind, respondent, due, reason, happened, happened_offset FROM notice"
			    " WHERE round = ?1 ORDER BY id"));
	sql_put_integer(&ask, 1, id);
	while (*count < (uint32_t)room && sql_row(&ask))
		list[(*count)++] = (cnv_notice){ .kind = (cnv_notice_kind)sql_integer(&ask, 0),
						 .respondent = cnv_arena_copy(arena, sql_text(&ask, 1)),
						 .due = (int32_t)sql_integer(&ask, 2),
						 .reason = cnv_arena_copy(arena, sql_text(&ask, 3)),
						 .at = { .utc_ms = sql_integer(&ask, 4),
							 .utc_offset = (int32_t)sql_integer(&ask, 5) } };
	sql_finish(&ask);
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}
