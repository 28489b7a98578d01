/* Each returned file is one transaction: its round, its row, its counts, and the records that could not be imported. */
#include "store/engine.h"
#include "store/event.h"
#include "store/rollup.h"

#include <assert.h>

/* Up to this many responses, a large file is stored without the index of respondents, and the next small file builds
 * it again: sorting all of them (about a second per million) costs less than inserting the large file's one by one.
 * A store with more responses keeps its index, and every file uses it. */
#define MOST_REINDEXED 2000000

/* ---------------------------------------------------------------- begin and end */

static void find_round(cnv_store *store, cnv_str label, cnv_instant now)
{
	sql *statement = sql_get(store, SQL_FIND_ROUND);

	sql_put_text(statement, 1, label);
	store->round = sql_number(statement, 0);
	if (!store->round) {
		statement = sql_get(store, SQL_PUT_ROUND);
		sql_put_text(statement, 1, label);
		sql_put_integer(statement, 2, now.utc_ms);
		sql_put_integer(statement, 3, now.utc_offset);
		store->round = sql_number(statement, 0);
	}
}

cnv_status store_begin_to(cnv_store *store, const char *doing, cnv_str round, cnv_instant now, cnv_diags *diags)
{
	assert(!store->open && store->mode != CNV_STORE_READ);
	cnv_store_rollback(store);
	store_enter(store, doing, diags);
	store->spooled_before = store->spooled;
	store->copied_before = store->copied;
	store_start(store);
	store->now = now;
	if (!store->status)
		find_round(store, round, now);
	return store->status;
}

cnv_status store_end(cnv_store *store)
{
	sql_commit(store);
	if (store->status)
		cnv_store_rollback(store);
	else
		store_remember_round(store);
	store->open = false;
	return store->status;
}

cnv_status cnv_store_begin(cnv_store *store, cnv_str round, cnv_instant now, cnv_diags *diags)
{
	if (store_begin_to(store, "begin the import", round, now, diags))
		return store->status;
	store->indexed = store->large = store->paired = store->has_pairs = false;
	store->pairs = 0;
	if (store->mode == CNV_STORE_WRITE && store->engine->in_file)
		store_sweep_originals(store);
	store->file = store->retried = store->again = 0;
	store->counts = (cnv_store_counts){ 0 };
	cnv_text_reset(&store->spool);
	store->first_response = sql_number(sql_get(store, SQL_LAST_RESPONSE), 0) + 1;
	if (store->first_response <= store->spooled)
		store->first_response = store->spooled + 1;
	store->next_response = store->first_response;
	if (!store->status)
		store->has_version = !store_version_write(store, &store->version);
	store_rollup_begin(store);
	return store->status;
}

cnv_status cnv_store_expect_many(cnv_store *store, cnv_diags *diags)
{
	bool rehearse = store->mode == CNV_STORE_REHEARSE;

	assert(store->next_response == store->first_response || store->broken);
	store_enter(store, "prepare for many responses", diags);
	if (!store->status)
		store->large = rehearse || store->first_response <= MOST_REINDEXED;
	if (store->large && !rehearse && store_drops_indexes(store))
		sql_script(store, "DROP INDEX IF EXISTS response_by_respondent; DROP INDEX IF EXISTS response_current");
	if (store->large)
		store_pairing_begin(store);
	if (store->large)
		store_rollup_many(store);
	store->indexed = false;
	return store->status;
}

static void make_current(cnv_store *store, cnv_str label, cnv_instant now)
{
	static const sql_fixed changes[] = { SQL_OTHERS_NOT_CURRENT, SQL_ROUND_CURRENT };
	int64_t round = store_round(store, label);
	bool changed = false;

	if (!store->status && !round) {
		store_say(store, CNV_ROUND_UNKNOWN, (cnv_str){ 0 }, "there is no round %.*s", CNV_ARG(label));
		store->status = CNV_REJECTED;
	}
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		sql *change = sql_get(store, changes[i]);

		sql_put_integer(change, 1, round);
		sql_run(change);
		changed = sql_changes(store) > 0;
	}
	/* The second statement changes the round itself, unless it is the current one already. */
	if (!store->status && changed)
		store_put_event(store, &(store_event){ .kind = CNV_EVENT_CURRENT, .round = round }, now);
}

cnv_status cnv_store_make_current(cnv_store *store, cnv_str round, cnv_diags *diags)
{
	bool alone = !store->open;

	assert(store->mode == CNV_STORE_WRITE);
	store_enter(store, "make the round current", diags);
	if (!alone || store->status) {
		make_current(store, round, store->now);
		return store->status;
	}
	store_start(store);
	make_current(store, round, store->now);
	return store_end(store);
}

/* The event of the return that ends. */
static void put_event(cnv_store *store)
{
	sql *ask = sql_get(store, SQL_END_EVENT);
	store_event event = { .round = store->round };
	int64_t put = 0;
	sql *set;
	uint8_t sha256[32];

	if (store->mode != CNV_STORE_WRITE)
		return;
	sql_put_integer(ask, 1, store->file);
	if (sql_row(ask)) {
		store_take_digest(ask, 1, sha256);
		event.sha256 = sha256;
		event.kind = sql_integer(ask, 2) ? CNV_EVENT_QUARANTINED
			     : store->by_hand    ? CNV_EVENT_ENTERED
						 : CNV_EVENT_IMPORTED;
		event.response = sql_integer(ask, 3);
		event.respondent = sql_text(ask, 4);
		event.detail = sql_text(ask, 0);
		event.reason = sql_text(ask, 5);
		if (!event.reason.len)
			event.reason = store->because;
		put = store_put_event(store, &event, store->now);
	}
	sql_reset(ask);
	set = sql_get(store, SQL_SET_EVENT);
	sql_put_integer(set, 1, store->file);
	sql_put_integer(set, 2, put);
	sql_run(set);
}

/* Closes the file's row: records how many responses it brought, and which responses were made from it. */
static void end_file(cnv_store *store)
{
	const cnv_store_counts *counts = &store->counts;
	sql *statement;

	if (!store->file)
		return;
	statement = sql_get(store, SQL_END_FILE);
	sql_put_integer(statement, 1, store->file);
	sql_put_integer(statement, 2,
			(int64_t)(counts->fresh + counts->revisions + counts->already + counts->quarantined));
	if (store->next_response > store->first_response) {
		sql_put_integer(statement, 3, store->first_response);
		sql_put_integer(statement, 4, store->next_response - 1);
	}
	sql_run(statement);
	put_event(store);
}

cnv_status cnv_store_commit(cnv_store *store, cnv_store_counts *counts, cnv_diags *diags)
{
	cnv_status status;

	assert(store->open || store->broken);
	store_forget_earlier(store);
	store_enter(store, "pair the responses", diags);
	store_pair(store);
	store_enter(store, "commit the import", diags);
	/* On a server, the next person who imports may not be allowed to make them. */
	if (store->large && store->mode == CNV_STORE_WRITE && !store->engine->in_file)
		store_index_respondents(store);
	store_rollup_end(store);
	end_file(store);
	if (store->mode == CNV_STORE_WRITE && !store->large && store->file)
		store_match(store, store->round, store->now, STORE_MATCHED);
	sql_commit(store);
	*counts = store->counts;
	status = store->status;
	if (!status) {
		store->open = false;
		store_settle_originals(store);
		store_remember_round(store);
	}
	return status;
}

/* ---------------------------------------------------------------- the roster and the file */

/* Nothing, if it is the last one that the store has. */
static cnv_status keep_text(cnv_store *store, sql_fixed find, sql_fixed keep, cnv_str source, cnv_str bytes)
{
	sql *put = sql_get(store, find);
	uint8_t sha256[32];
	cnv_digest digest;

	sql_put_text(put, 1, source);
	sql_put_blob(put, 2, bytes.len ? bytes.at : "", bytes.len);
	if (sql_number(put, 0))
		return store->status;
	put = sql_get(store, keep);
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, bytes.at, bytes.len);
	cnv_digest_end(&digest, sha256);
	sql_put_blob(put, 3, sha256, sizeof sha256);
	sql_put_text(put, 1, source);
	sql_put_blob(put, 2, bytes.len ? bytes.at : "", bytes.len);
	sql_run(put);
	return store->status;
}

static cnv_status give_text(cnv_store *store, sql_fixed which, cnv_text *source, cnv_text *bytes)
{
	sql *read;

	cnv_text_reset(source);
	cnv_text_reset(bytes);
	read = sql_get(store, which);
	if (sql_row(read)) {
		cnv_text_put(source, sql_text(read, 0));
		cnv_text_put(bytes, sql_text(read, 1));
		sql_reset(read);
	}
	if (source->failed || bytes->failed)
		store_no_memory(store);
	return store->status;
}

cnv_status cnv_store_keep_roster(cnv_store *store, const cnv_roster *roster, cnv_str bytes, cnv_diags *diags)
{
	store_enter(store, "store the roster", diags);
	keep_text(store, SQL_HAS_ROSTER, SQL_PUT_ROSTER, roster->source, bytes);
	store_ungroup_roster(store, roster);
	if (store->mode != CNV_STORE_WRITE || sql_number(sql_get(store, SQL_HAS_MEMBERS), 0))
		return store->status;
	for (uint32_t i = 0; i < roster->count && !store->status; i++) {
		sql *put = sql_get(store, SQL_PUT_MEMBER);

		sql_put_integer(put, 1, i);
		sql_put_text(put, 2, roster->respondents[i].code);
		sql_put_text(put, 3, roster->respondents[i].name);
		sql_run(put);
	}
	return store->status;
}

cnv_status cnv_store_roster(cnv_store *store, cnv_str *source, cnv_str *bytes, cnv_diags *diags)
{
	cnv_status status;

	store_enter(store, "read its roster", diags);
	status = give_text(store, SQL_READ_ROSTER, &store->roster_source, &store->roster_bytes);
	*source = cnv_text_str(&store->roster_source);
	*bytes = cnv_text_str(&store->roster_bytes);
	return status;
}

cnv_status cnv_store_keep_map(cnv_store *store, cnv_str source, cnv_str bytes, cnv_diags *diags)
{
	store_enter(store, "store the column map", diags);
	return keep_text(store, SQL_HAS_MAP, SQL_PUT_MAP, source, bytes);
}

cnv_status cnv_store_map(cnv_store *store, cnv_str *source, cnv_str *bytes, cnv_diags *diags)
{
	cnv_status status;

	store_enter(store, "read its column map", diags);
	status = give_text(store, SQL_READ_MAP, &store->map_source, &store->map_bytes);
	*source = cnv_text_str(&store->map_source);
	*bytes = cnv_text_str(&store->map_bytes);
	return status;
}

/* Does this accepted file have records in quarantine?  Their lines are then tried again. */
static bool begin_retry(cnv_store *store, int64_t file)
{
	sql *retry;

	sql_script(store, "CREATE TEMP TABLE IF NOT EXISTS retried (line INTEGER PRIMARY KEY) WITHOUT ROWID;"
			  "DELETE FROM temp.retried");
	retry = sql_get(store, SQL_RETRY);
	sql_put_integer(retry, 1, file);
	sql_run(retry);
	if (store->status || !sql_changes(store))
		return false;
	store->retried = file;
	return true;
}

cnv_status cnv_store_find_file(cnv_store *store, const uint8_t sha256[32], cnv_str given, cnv_file_known *known,
			       uint64_t *responses, cnv_diags *diags)
{
	int64_t file = 0;
	sql *find;

	*known = CNV_FILE_NEW;
	*responses = 0;
	store_enter(store, "find the file", diags);
	find = sql_get(store, SQL_FIND_FILE);
	sql_put_integer(find, 1, store->round);
	sql_put_blob(find, 2, sha256, 32);
	sql_put_text(find, 3, given);
	if (sql_row(find)) {
		*known = sql_integer(find, 0) ? CNV_FILE_QUARANTINED : CNV_FILE_ACCEPTED;
		*responses = (uint64_t)sql_integer(find, 1);
		file = sql_integer(find, 2);
		sql_reset(find);
	}
	if (*known == CNV_FILE_ACCEPTED && file && begin_retry(store, file))
		*known = CNV_FILE_PARTLY;
	return store->status;
}

bool cnv_store_has_size(cnv_store *store, uint64_t size)
{
	cnv_diags quiet = { 0 };
	sql *find;

	store_enter(store, "find the file", &quiet);
	find = sql_get(store, SQL_FIND_SIZE);
	sql_put_integer(find, 1, store->round);
	sql_put_integer(find, 2, (int64_t)size);
	/* After a failure the slower query runs, and reports it. */
	return sql_number(find, 0) || store->status;
}

void cnv_store_again(cnv_store *store, int64_t item)
{
	store->again = item;
}

/* The return, quarantined as a whole, that is imported again; 0: none. */
static int64_t file_of_item(cnv_store *store)
{
	sql find;
	int64_t file;

	sql_prepare(&find, store, CNV_STR("SELECT file FROM quarantine WHERE id = ?1 AND whole = 1"));
	sql_put_integer(&find, 1, store->again);
	file = sql_number(&find, 0);
	sql_finish(&find);
	return file;
}

/* Replaces an earlier row of the same return that was quarantined as a whole. */
static void replace_quarantined(cnv_store *store, const cnv_store_file *file)
{
	static const sql_fixed drops[] = { SQL_DROP_FILE_QUARANTINE, SQL_DROP_FILE_ORIGINALS, SQL_DROP_FILE_BESIDES,
					   SQL_DROP_FILE };
	int64_t again = store->again ? file_of_item(store) : 0;

	for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++) {
		sql *drop = sql_get(store, drops[i]);

		sql_put_integer(drop, 1, store->round);
		sql_put_blob(drop, 2, file->sha256, sizeof file->sha256);
		sql_put_integer(drop, 3, store->file);
		sql_put_text(drop, 4, file->given);
		sql_put_integer(drop, 5, again);
		sql_run(drop);
	}
}

/* Parameters 3 and up are shared by the insert and the update. */
static void put_particulars(sql *put, const cnv_store_file *file)
{
	sql_put_text(put, 3, file->name);
	sql_put_blob(put, 4, file->sha256, sizeof file->sha256);
	sql_put_integer(put, 5, (int64_t)file->size);
	sql_put_integer(put, 6, file->layout);
	sql_put_integer(put, 7, file->received.utc_ms);
	sql_put_integer(put, 8, file->received.utc_offset);
	if (file->reading.len)
		sql_put_text(put, 9, file->reading);
	sql_put_text(put, 10, file->given);
	if (file->options.len)
		sql_put_text(put, 11, file->options);
	sql_put_text(put, 12, file->program);
}

cnv_status cnv_store_put_file(cnv_store *store, const cnv_store_file *file, cnv_diags *diags)
{
	sql *put;

	store_enter(store, "store the file", diags);
	replace_quarantined(store, file);
	put = sql_get(store, SQL_PUT_FILE);
	sql_put_integer(put, 1, store->round);
	sql_put_integer(put, 2, store->version.form);
	put_particulars(put, file);
	store->file = sql_number(put, 0);
	store->originals = 0;
	if (store->retried) {
		sql *drop = sql_get(store, SQL_DROP_RETRIED);

		sql_put_integer(drop, 1, store->retried);
		sql_run(drop);
	}
	if (file->given.len) {
		sql *drop = sql_get(store, SQL_DROP_UNNAMED);

		sql_put_integer(drop, 1, store->round);
		sql_put_blob(drop, 2, file->sha256, sizeof file->sha256);
		sql_run(drop);
	}
	return store->status;
}

cnv_status cnv_store_file_set(cnv_store *store, const cnv_store_file *file, cnv_diags *diags)
{
	sql *set;

	store_enter(store, "store the file", diags);
	replace_quarantined(store, file);
	set = sql_get(store, SQL_SET_FILE);
	sql_put_integer(set, 1, store->file);
	put_particulars(set, file);
	sql_run(set);
	return store->status;
}

cnv_status cnv_store_quarantine(cnv_store *store, const cnv_diag *why, cnv_str bytes, cnv_str claimed, cnv_diags *diags)
{
	bool whole = !why->place.row || !bytes.len;
	sql *put;

	store_enter(store, "store what is quarantined", diags);
	put = sql_get(store, SQL_PUT_QUARANTINE);
	sql_put_integer(put, 1, store->round);
	if (store->file)
		sql_put_integer(put, 2, store->file);
	sql_put_integer(put, 3, whole);
	sql_put_text(put, 4, why->place.source);
	sql_put_integer(put, 5, why->place.row);
	sql_put_integer(put, 6, why->code);
	sql_put_text(put, 7, why->field);
	sql_put_text(put, 8, why->message);
	sql_put_text(put, 9, why->hint);
	sql_put_blob(put, 10, bytes.at, bytes.len);
	if (why->place.sheet.len)
		sql_put_text(put, 11, why->place.sheet);
	if (claimed.len)
		sql_put_text(put, 12, claimed);
	sql_run(put);
	if (!whole) {
		store->counts.quarantined++;
	} else if (store->file) {
		sql *mark = sql_get(store, SQL_MARK_FILE);

		sql_put_integer(mark, 1, store->file);
		sql_run(mark);
	}
	return store->status;
}
