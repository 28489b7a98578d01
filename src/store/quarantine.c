/* The quarantine: what could not be imported, until it is imported again or dismissed.
 *
 * An item is a whole return, or one record of a return.  Its row stays when it is settled, so that its id is never used
 * for another; transaction.c settles what an import has replaced. */
#include "store/event.h"

#include <stdio.h>

enum { DISMISSED = 2 }; /* quarantine.settled */

static const char list_items[] =
	"SELECT q.id, q.whole, coalesce(f.name, q.source), q.line, q.code, q.field, q.message, q.hint, q.sheet,"
	" q.claimed, q.settled, f.id, f.sha256, f.size, f.given, f.received, f.received_offset, q.bytes, f.options"
	" FROM quarantine q LEFT JOIN file f ON f.id = +q.file WHERE q.round = ?1 AND (?2 = 1 OR q.settled IS NULL)"
	" AND (q.id = ?3 OR ?3 IS NULL) ORDER BY q.id";

/* Texts are borrowed from the row. */
static cnv_item item_of(sql *read)
{
	int64_t settled = sql_integer(read, 10), size = sql_integer(read, 13);
	cnv_item item = {
		.id = sql_integer(read, 0),
		.whole = sql_integer(read, 1) != 0,
		.state = settled == DISMISSED ? CNV_ITEM_DISMISSED
			 : settled            ? CNV_ITEM_IMPORTED
					      : CNV_ITEM_WAITS,
		.file = sql_text(read, 2),
		.line = store_place(read, 3),
		.code = (uint16_t)sql_integer(read, 4),
		.field = sql_text(read, 5),
		.message = sql_text(read, 6),
		.hint = sql_text(read, 7),
		.sheet = sql_text(read, 8),
		.claimed = sql_text(read, 9),
		.from = sql_integer(read, 11),
		.size = size > 0 ? (uint64_t)size : 0,
		.given = sql_text(read, 14),
		.received = { .utc_ms = sql_integer(read, 15), .utc_offset = (int32_t)sql_integer(read, 16) },
		.record = sql_text(read, 17),
		.options = sql_text(read, 18),
	};

	store_take_digest(read, 12, item.sha256);
	return item;
}

cnv_status cnv_store_items(cnv_store *store, cnv_str round, bool settled,
			   cnv_status (*emit)(void *self, const cnv_item *), void *self, cnv_diags *diags)
{
	cnv_status status = CNV_OK;
	sql read;

	store_enter(store, "list the quarantine", diags);
	sql_prepare(&read, store, cnv_str_from(list_items));
	sql_put_integer(&read, 1, store_round(store, round));
	sql_put_integer(&read, 2, settled);
	while (!status && sql_row(&read)) {
		cnv_item item = item_of(&read);

		status = emit(self, &item);
	}
	sql_finish(&read);
	return store->status ? store->status : status;
}

static void copy_item(cnv_item *item, cnv_arena *arena)
{
	cnv_str *const texts[] = { &item->file,    &item->field, &item->message, &item->hint,   &item->sheet,
				   &item->claimed, &item->given, &item->record,  &item->options };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = cnv_arena_copy(arena, *texts[i]);
}

/* One item; CNV_REJECTED, reported: there is none. */
static void find_item(cnv_store *store, cnv_str round, int64_t id, cnv_arena *arena, cnv_item *item)
{
	bool found = false;
	sql read;

	*item = (cnv_item){ 0 };
	sql_prepare(&read, store, cnv_str_from(list_items));
	sql_put_integer(&read, 1, store_round(store, round));
	sql_put_integer(&read, 2, 1);
	sql_put_integer(&read, 3, id);
	if (sql_row(&read)) {
		*item = item_of(&read);
		copy_item(item, arena);
		found = true;
	}
	sql_finish(&read);
	if (arena->failed)
		store_no_memory(store);
	if (store->status || found)
		return;
	store_say(store, CNV_ITEM_UNKNOWN, (cnv_str){ 0 }, "the quarantine of round %.*s has no item %lld",
		  CNV_ARG(round), (long long)id);
	store->status = CNV_REJECTED;
}

cnv_status cnv_store_item(cnv_store *store, cnv_str round, int64_t id, cnv_arena *arena, cnv_item *item,
			  cnv_diags *diags)
{
	store_enter(store, "find an item of the quarantine", diags);
	find_item(store, round, id, arena, item);
	return store->status;
}

const char *cnv_item_state_word(cnv_item_state state)
{
	static const char *const words[] = {
		[CNV_ITEM_WAITS] = "waiting", [CNV_ITEM_IMPORTED] = "imported", [CNV_ITEM_DISMISSED] = "dismissed"
	};

	return words[state];
}

cnv_status cnv_store_item_waits(cnv_store *store, const cnv_item *item, cnv_diags *diags)
{
	store_enter(store, "settle an item of the quarantine", diags);
	if (item->state == CNV_ITEM_WAITS)
		return CNV_OK;
	store_say(store, CNV_ITEM_SETTLED, (cnv_str){ 0 }, "item %lld was %s already", (long long)item->id,
		  cnv_item_state_word(item->state));
	return store->status = CNV_REJECTED;
}

cnv_status cnv_store_dismiss(cnv_store *store, cnv_str round, int64_t id, cnv_str reason, cnv_instant now,
			     cnv_arena *arena, cnv_item *item, cnv_diags *diags)
{
	char number[24];
	cnv_str detail;
	sql set;

	cnv_store_rollback(store);
	store_enter(store, "dismiss an item of the quarantine", diags);
	store_start(store);
	find_item(store, round, id, arena, item);
	if (!store->status)
		cnv_store_item_waits(store, item, diags);
	snprintf(number, sizeof number, "%lld", (long long)id);
	detail = cnv_arena_format(arena, "item %s, %.*s", number, CNV_ARG(item->file));
	sql_prepare(&set, store, CNV_STR("UPDATE quarantine SET settled = ?2 WHERE id = ?1"));
	sql_put_integer(&set, 1, id);
	sql_put_integer(&set, 2, DISMISSED);
	sql_run(&set);
	sql_finish(&set);
	if (!store->status)
		store_put_event(store,
				&(store_event){ .kind = CNV_EVENT_DISMISSED,
						.round = store_round(store, round),
						.respondent = item->claimed,
						.sha256 = item->from ? item->sha256 : NULL,
						.reason = reason,
						.detail = detail },
				now);
	sql_commit(store);
	if (!store->status)
		store->open = false;
	else
		cnv_store_rollback(store);
	return store->status;
}

cnv_status cnv_store_dismissal(cnv_store *store, const uint8_t sha256[32], cnv_str given, cnv_arena *arena,
			       cnv_dismissal *dismissal, cnv_diags *diags)
{
	sql find;

	*dismissal = (cnv_dismissal){ 0 };
	store_enter(store, "find who dismissed the file", diags);
	sql_prepare(&find, store,
		    CNV_STR("SELECT q.id, e.who, e.reason, e.happened, e.happened_offset FROM file f JOIN quarantine q"
			    " ON q.file = f.id AND q.whole = 1 AND q.settled = 2 LEFT JOIN event e ON e.round = f.round"
			    " AND e.kind = 'dismissed' AND e.detail LIKE 'item ' || q.id || ',%' WHERE f.round = ?1 AND"
			    " f.sha256 = ?2 AND coalesce(f.given, '') = ?3 ORDER BY q.id DESC LIMIT 1"));
	sql_put_integer(&find, 1, store->round);
	sql_put_blob(&find, 2, sha256, 32);
	sql_put_text(&find, 3, given.at ? given : CNV_STR(""));
	if (sql_row(&find))
		*dismissal = (cnv_dismissal){
			.item = sql_integer(&find, 0),
			.who = cnv_arena_copy(arena, sql_text(&find, 1)),
			.reason = cnv_arena_copy(arena, sql_text(&find, 2)),
			.at = { .utc_ms = sql_integer(&find, 3), .utc_offset = (int32_t)sql_integer(&find, 4) },
		};
	sql_finish(&find);
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}

void cnv_store_attributed(cnv_store *store, cnv_str respondent, cnv_str reason, cnv_str name, cnv_diags *diags)
{
	sql find;

	store_enter(store, "record who a return is from", diags);
	sql_prepare(&find, store, CNV_STR("SELECT sha256 FROM file WHERE id = ?1"));
	sql_put_integer(&find, 1, store->file);
	if (sql_row(&find)) {
		uint8_t sha256[32];

		store_take_digest(&find, 0, sha256);
		store_put_event(store,
				&(store_event){ .kind = CNV_EVENT_ATTRIBUTED,
						.round = store->round,
						.respondent = respondent,
						.sha256 = sha256,
						.reason = reason,
						.detail = name },
				store->now);
	}
	sql_finish(&find);
}
