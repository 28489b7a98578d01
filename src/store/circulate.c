/* The correspondence with respondents: sent, acknowledged, extended, declined, reminded.
 *
 * Nothing here is a setting that changes: the events of each day stay, and the latest of a kind counts.  Within one
 * day an event is one row: if it is repeated, corrected, or run again after a crash, it replaces the earlier row and
 * becomes the latest.  There are only a few per respondent, so the statements are prepared when needed. */
#include "store/event.h"

static const cnv_event_kind event_kinds[] = {
	[CNV_NOTICE_SENT] = CNV_EVENT_SENT,         [CNV_NOTICE_ACKNOWLEDGED] = CNV_EVENT_ACKNOWLEDGED,
	[CNV_NOTICE_EXTENDED] = CNV_EVENT_EXTENDED, [CNV_NOTICE_DECLINED] = CNV_EVENT_DECLINED,
	[CNV_NOTICE_REMINDED] = CNV_EVENT_REMINDED,
};

/* Is it the respondent's last notice already, so that a command that is run again records nothing twice? */
static bool is_last(cnv_store *store, const cnv_notice *notice)
{
	bool same = false;
	sql last;

	sql_prepare(&last, store,
		    CNV_STR("SELECT kind, day, due, reason FROM notice WHERE round = ?1 AND respondent = ?2"
			    " ORDER BY id DESC LIMIT 1"));
	sql_put_integer(&last, 1, store->round);
	sql_put_text(&last, 2, notice->respondent);
	if (sql_row(&last))
		same = sql_integer(&last, 0) == (int64_t)notice->kind && sql_kind(&last, 1) == SQL_INTEGER &&
		       sql_integer(&last, 1) == cnv_instant_day(notice->at) &&
		       (notice->kind != CNV_NOTICE_EXTENDED || sql_integer(&last, 2) == notice->due) &&
		       cnv_str_equal(sql_text(&last, 3), notice->reason);
	sql_finish(&last);
	return same;
}

/* The notice of this kind and day, which is given again. */
static void drop_same(cnv_store *store, const cnv_notice *notice)
{
	sql drop;

	sql_prepare(&drop, store,
		    CNV_STR("DELETE FROM notice WHERE round = ?1 AND respondent = ?2 AND kind = ?3 AND day = ?4"));
	sql_put_integer(&drop, 1, store->round);
	sql_put_text(&drop, 2, notice->respondent);
	sql_put_integer(&drop, 3, notice->kind);
	sql_put_integer(&drop, 4, cnv_instant_day(notice->at));
	sql_run(&drop);
	sql_finish(&drop);
}

static void put_event(cnv_store *store, const cnv_notice *notice)
{
	store_event event = { .kind = event_kinds[notice->kind],
			      .round = store->round,
			      .respondent = notice->respondent,
			      .reason = notice->reason };
	char day[CNV_DAY_ROOM];

	if (notice->kind == CNV_NOTICE_EXTENDED)
		event.detail = (cnv_str){ day, cnv_day_write(notice->due, day) };
	store_put_event(store, &event, notice->at);
}

cnv_status cnv_store_put_notice(cnv_store *store, const cnv_notice *notice, cnv_diags *diags)
{
	sql put;

	store_enter(store, "store an event", diags);
	if (store->mode != CNV_STORE_WRITE || is_last(store, notice))
		return store->status;
	drop_same(store, notice);
	sql_prepare(&put, store,
		    CNV_STR("INSERT INTO notice (id, round, respondent, kind, due, reason, happened,"
			    " happened_offset, day) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM notice), ?1, ?2,"
			    " ?3, ?4, ?5, ?6, ?7, ?8)"));
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
	put_event(store, notice);
	return store->status;
}

cnv_status cnv_store_set_due(cnv_store *store, int32_t day, cnv_diags *diags)
{
	char digits[CNV_DAY_ROOM];
	bool changed;
	sql set;

	store_enter(store, "store the due day", diags);
	if (store->mode != CNV_STORE_WRITE)
		return store->status;
	sql_prepare(&set, store, CNV_STR("UPDATE round SET due = ?2 WHERE id = ?1 AND due IS DISTINCT FROM ?2"));
	sql_put_integer(&set, 1, store->round);
	sql_put_integer(&set, 2, day);
	sql_run(&set);
	changed = !store->status && sql_changes(store) > 0;
	sql_finish(&set);
	if (changed)
		store_put_event(store,
				&(store_event){ .kind = CNV_EVENT_DUE,
						.round = store->round,
						.detail = { digits, cnv_day_write(day, digits) } },
				store->now);
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
