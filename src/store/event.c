/* Events: what was done in a round, by whom and why.
 *
 * Every transaction that a person causes appends its event itself, so that none can be made without one; the table
 * rejects changes.  The events of a round are a chain: each digest covers the digest before it and the event's own
 * columns, so that the last digest proves all that went before it. */
#include "store/event.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	[CNV_EVENT_IMPORTED] = "imported",
	[CNV_EVENT_ENTERED] = "entered",
	[CNV_EVENT_QUARANTINED] = "quarantined",
	[CNV_EVENT_ATTRIBUTED] = "attributed",
	[CNV_EVENT_DISMISSED] = "dismissed",
	[CNV_EVENT_WITHDRAWN] = "withdrawn",
	[CNV_EVENT_RESTORED] = "restored",
	[CNV_EVENT_WAIVED] = "waived",
	[CNV_EVENT_REOPENED] = "reopened",
	[CNV_EVENT_SENT] = "sent",
	[CNV_EVENT_ACKNOWLEDGED] = "acknowledged",
	[CNV_EVENT_EXTENDED] = "extended",
	[CNV_EVENT_DECLINED] = "declined",
	[CNV_EVENT_REMINDED] = "reminded",
	[CNV_EVENT_DUE] = "due",
	[CNV_EVENT_CURRENT] = "current",
};
_Static_assert(sizeof words / sizeof words[0] == CNV_EVENTS, "one word for each kind");

const char *cnv_event_word(cnv_event_kind kind)
{
	return words[kind];
}

void cnv_store_by(cnv_store *store, cnv_str who, cnv_instant at)
{
	store->who = who;
	store->acts_at = at;
	store->acts = true;
}

void cnv_store_because(cnv_store *store, cnv_str reason)
{
	store->because = reason;
}

void cnv_store_by_hand(cnv_store *store)
{
	store->by_hand = true;
}

/* ---------------------------------------------------------------- the chain */

enum { HEX = 64, DIGITS = 24 };

/* The columns of an event as its digest covers them, in this order. */
typedef enum event_part {
	PART_ROUND,
	PART_NUMBER,
	PART_KIND,
	PART_RESPONDENT,
	PART_FILE,
	PART_RESPONSE,
	PART_WHO,
	PART_HAPPENED,
	PART_OFFSET,
	PART_REASON,
	PART_DETAIL,
	PARTS
} event_part;

static void add_part(cnv_digest *digest, cnv_str part)
{
	char head[DIGITS] = "-";
	int len = part.at ? snprintf(head, sizeof head, "%zu:", part.len) : 1;

	cnv_digest_add(digest, head, (size_t)len);
	cnv_digest_add(digest, part.at, part.len);
	cnv_digest_add(digest, ",", 1);
}

static void chain(const uint8_t before[32], const cnv_str parts[PARTS], uint8_t digest[32])
{
	cnv_digest sum;

	cnv_digest_init(&sum, CNV_SHA256);
	cnv_digest_add(&sum, before, 32);
	for (size_t i = 0; i < PARTS; i++)
		add_part(&sum, parts[i]);
	cnv_digest_end(&sum, digest);
}

/* A number in decimal, in room that lives as long as its event. */
typedef struct digits {
	char at[DIGITS];
} digits;

static cnv_str in_decimal(int64_t number, digits *room)
{
	int len = snprintf(room->at, sizeof room->at, "%lld", (long long)number);

	return (cnv_str){ room->at, (size_t)len };
}

/* Absent texts are NULL, in the table and in the chain. */
static cnv_str or_null(cnv_str text)
{
	return text.len ? text : (cnv_str){ 0 };
}

/* The round's label and its last event. */
static void find_last(cnv_store *store, int64_t round, cnv_text *label, int64_t *number, uint8_t digest[32])
{
	sql *last = sql_get(store, SQL_LAST_EVENT);

	*number = 0;
	memset(digest, 0, 32);
	sql_put_integer(last, 1, round);
	if (sql_row(last)) {
		cnv_text_put(label, sql_text(last, 0));
		*number = sql_integer(last, 1);
		if (*number)
			store_take_digest(last, 2, digest);
	}
	sql_reset(last);
	if (label->failed)
		store_no_memory(store);
}

static int64_t put_row(cnv_store *store, const store_event *event, const cnv_str parts[PARTS], int64_t number,
		       cnv_instant at, const uint8_t digest[32])
{
	sql *put = sql_get(store, SQL_PUT_EVENT);

	sql_put_integer(put, 1, event->round);
	sql_put_integer(put, 2, number);
	sql_put_text(put, 3, parts[PART_KIND]);
	if (parts[PART_RESPONDENT].at)
		sql_put_text(put, 4, parts[PART_RESPONDENT]);
	sql_put_blob(put, 5, event->sha256, 32);
	if (event->response)
		sql_put_integer(put, 6, event->response);
	if (parts[PART_WHO].at)
		sql_put_text(put, 7, parts[PART_WHO]);
	sql_put_integer(put, 8, at.utc_ms);
	sql_put_integer(put, 9, at.utc_offset);
	if (parts[PART_REASON].at)
		sql_put_text(put, 10, parts[PART_REASON]);
	if (parts[PART_DETAIL].at)
		sql_put_text(put, 11, parts[PART_DETAIL]);
	sql_put_blob(put, 12, digest, 32);
	return sql_number(put, 0);
}

int64_t store_put_event(cnv_store *store, const store_event *event, cnv_instant now)
{
	cnv_instant at = store->acts ? store->acts_at : now;
	cnv_text label = { 0 };
	cnv_str parts[PARTS];
	char hex[HEX];
	digits room[4];
	uint8_t digest[32];
	int64_t number, id = 0;

	if (store->status || store->mode != CNV_STORE_WRITE)
		return 0;
	find_last(store, event->round, &label, &number, digest);
	number++;
	parts[PART_ROUND] = cnv_text_str(&label);
	parts[PART_NUMBER] = in_decimal(number, &room[0]);
	parts[PART_KIND] = cnv_str_from(cnv_event_word(event->kind));
	parts[PART_RESPONDENT] = or_null(event->respondent);
	parts[PART_FILE] = event->sha256 ? cnv_hex_write(event->sha256, 32, hex) : (cnv_str){ 0 };
	parts[PART_RESPONSE] = event->response ? in_decimal(event->response, &room[1]) : (cnv_str){ 0 };
	parts[PART_WHO] = or_null(store->who);
	parts[PART_HAPPENED] = in_decimal(at.utc_ms, &room[2]);
	parts[PART_OFFSET] = in_decimal(at.utc_offset, &room[3]);
	parts[PART_REASON] = or_null(event->reason);
	parts[PART_DETAIL] = or_null(event->detail);
	chain(digest, parts, digest);
	if (!store->status)
		id = put_row(store, event, parts, number, at, digest);
	cnv_text_fini(&label);
	return id;
}

/* ---------------------------------------------------------------- reading */

static const char list_events[] =
	"SELECT r.label, e.number, e.kind, e.respondent, e.file, e.response, e.who, e.happened, e.happened_offset,"
	" e.reason, e.detail, e.digest, (SELECT f.name FROM file f WHERE f.round = e.round AND f.sha256 = e.file"
	" ORDER BY f.id DESC LIMIT 1) FROM event e JOIN round r ON r.id = +e.round WHERE (e.round = ?1 OR ?1 IS NULL)"
	" ORDER BY e.round, e.number";

/* A column as the chain has it. */
static cnv_str as_text(sql *read, uint32_t column, digits *room)
{
	switch (sql_kind(read, column)) {
	case SQL_INTEGER:
		return in_decimal(sql_integer(read, column), room);
	case SQL_TEXT: {
		cnv_str text = sql_text(read, column);

		return text.at ? text : CNV_STR("");
	}
	case SQL_BLOB:
	case SQL_REAL:
	case SQL_NULL:
		break;
	}
	return (cnv_str){ 0 };
}

/* Does the event in this row follow the one before?  *before becomes its digest. */
static bool follows(sql *read, int64_t number, uint8_t before[32])
{
	cnv_str parts[PARTS], kept = sql_text(read, 11);
	char hex[HEX];
	digits room[PARTS];
	uint8_t digest[32], file[32];

	for (uint32_t i = 0; i < PARTS; i++)
		parts[i] = as_text(read, i, &room[i]);
	if (sql_kind(read, PART_FILE) == SQL_BLOB) {
		store_take_digest(read, PART_FILE, file);
		parts[PART_FILE] = cnv_hex_write(file, 32, hex);
	}
	chain(before, parts, digest);
	memcpy(before, digest, 32);
	return sql_integer(read, PART_NUMBER) == number && kept.len == 32 && !memcmp(kept.at, digest, 32);
}

cnv_status cnv_store_events(cnv_store *store, cnv_str round, cnv_status (*emit)(void *self, const cnv_event *event),
			    void *self, cnv_diags *diags)
{
	cnv_status status = CNV_OK;
	int64_t id;
	sql read;

	store_enter(store, "list its events", diags);
	id = store_round(store, round);
	sql_prepare(&read, store, cnv_str_from(list_events));
	sql_put_integer(&read, 1, id);
	while (!status && sql_row(&read)) {
		cnv_event event = {
			.number = store_place(&read, 1),
			.kind = sql_text(&read, 2),
			.respondent = sql_text(&read, 3),
			.has_file = sql_kind(&read, 4) == SQL_BLOB,
			.response = (uint64_t)sql_integer(&read, 5),
			.who = sql_text(&read, 6),
			.at = { .utc_ms = sql_integer(&read, 7), .utc_offset = (int32_t)sql_integer(&read, 8) },
			.reason = sql_text(&read, 9),
			.detail = sql_text(&read, 10),
			.file = sql_text(&read, 12),
		};

		store_take_digest(&read, 4, event.sha256);
		store_take_digest(&read, 11, event.digest);
		status = emit(self, &event);
	}
	sql_finish(&read);
	return store->status ? store->status : status;
}

/* ---------------------------------------------------------------- verifying */

static void say_broken(cnv_store *store, cnv_str round, int64_t number)
{
	cnv_diags_emit(store->diags, CNV_DIAG(.code = CNV_EVENT_CHAIN, .place = (cnv_place){ .source = store->name }),
		       "round %.*s: event %lld was changed, or one before it was removed or added", CNV_ARG(round),
		       (long long)number);
}

cnv_status cnv_store_verify_events(cnv_store *store, void (*link)(void *self, const cnv_event_link *link), void *self,
				   cnv_diags *diags)
{
	cnv_text label = { 0 };
	uint8_t digest[32] = { 0 };
	int64_t number = 0;
	bool whole = true;
	sql read;

	store_enter(store, "verify its events", diags);
	sql_prepare(&read, store, cnv_str_from(list_events));
	for (bool more = true; more;) {
		cnv_str round;

		more = sql_row(&read);
		round = more ? sql_text(&read, 0) : (cnv_str){ 0 };
		if (number && (!more || !cnv_str_equal(round, cnv_text_str(&label)))) {
			link(self, &(cnv_event_link){ .round = cnv_text_str(&label),
						      .number = (uint32_t)number,
						      .digest = digest,
						      .whole = whole });
			number = 0;
		}
		if (!more)
			break;
		if (!number) {
			cnv_text_reset(&label);
			cnv_text_put(&label, round);
			memset(digest, 0, sizeof digest);
			whole = true;
		}
		number++;
		if (follows(&read, number, digest) || !whole)
			continue;
		whole = false; /* all after it differ too */
		say_broken(store, round, number);
	}
	sql_finish(&read);
	if (label.failed)
		store_no_memory(store);
	cnv_text_fini(&label);
	return store->status;
}
