/* Pairs each response with the previous one of the same respondent.
 *
 * A small transaction looks up each response in the index of respondents as it arrives.  In a large one a million
 * look-ups cost more than everything else, and building the index costs as much.  So every response is first treated
 * as new, and a filter of fixed size finds respondents that may already have a response.  At the end the responses
 * of these few suspects are selected in one pass over all, sorted, and processed in order of arrival: answers equal
 * to the previous ones are deleted again, others become revisions.  The suspects are kept in a filter too: the more
 * there are, the more other responses pass it, up to all of them; then all are sorted, on disk, which is slower but
 * just as exact.
 *
 * In both cases every pair is recorded in the transaction's temporary table `pair`, and reported from there before
 * the commit. */
#include "store/digest.h"
#include "store/engine.h"
#include "store/rollup.h"
#include "store/state.h"

#include <string.h>

/* 8 MiB for all respondents, 1 MiB for the suspects. */
#define SEEN_BITS 17u
#define SUSPECT_BITS 14u
/* The filter is larger than the CPU caches: this many of its blocks are prefetched at once. */
#define AHEAD 32u

cnv_outcome store_compare(cnv_store *store, cnv_str respondent, const uint8_t digest[16], store_known *before)
{
	sql *find = sql_get(store, SQL_LATEST);
	cnv_outcome outcome = CNV_NEW;

	*before = (store_known){ 0 };
	sql_put_integer(find, 1, store->round);
	sql_put_text(find, 2, respondent);
	if (sql_row(find)) {
		cnv_str known = sql_text(find, 1);
		bool equal = cnv_str_equal(known, (cnv_str){ (const char *)digest, 16 });

		outcome = equal ? CNV_ALREADY : CNV_REVISION;
		before->id = sql_integer(find, 0);
		before->revision = sql_integer(find, 2);
		before->line = sql_integer(find, 3);
		before->withdrawn = !known.len;
		sql_reset(find);
	}
	return outcome;
}

/* ---------------------------------------------------------------- pairs */

void store_note_pair(cnv_store *store, int64_t order, const cnv_pair *pair)
{
	sql *put;

	if (!store->has_pairs)
		sql_script(
			store,
			"CREATE TEMP TABLE IF NOT EXISTS pair (place INTEGER PRIMARY KEY, respondent TEXT, id INTEGER,"
			" before INTEGER, line INTEGER, line_before INTEGER, revision INTEGER, outcome INTEGER);"
			"CREATE INDEX IF NOT EXISTS pair_by_respondent ON pair (respondent);"
			"DELETE FROM temp.pair");
	store->has_pairs = true;
	put = sql_get(store, SQL_PUT_PAIR);
	sql_put_integer(put, 1, order);
	sql_put_text(put, 2, pair->respondent);
	sql_put_integer(put, 3, (int64_t)pair->id);
	sql_put_integer(put, 4, (int64_t)pair->before);
	sql_put_integer(put, 5, pair->line);
	sql_put_integer(put, 6, pair->line_before);
	sql_put_integer(put, 7, pair->revision);
	sql_put_integer(put, 8, pair->outcome);
	sql_run(put);
}

/* ---------------------------------------------------------------- known respondents */

static uint64_t hash_of(cnv_str respondent)
{
	return store_mix_text(4, respondent);
}

/* Passes on every latest response of the round; in a dry run, earlier ones of the same respondent may follow it. */
static void show_all(cnv_store *store, void (*show)(cnv_store *store, const store_known *known))
{
	sql *read = sql_get(store, SQL_ALL_LATEST);

	sql_scan(read);
	sql_put_integer(read, 1, store->round);
	while (sql_row(read)) {
		store_known known = { .id = sql_integer(read, 0),
				      .respondent = sql_text(read, 1),
				      .digest = sql_text(read, 2),
				      .revision = sql_integer(read, 3),
				      .line = sql_integer(read, 4) };

		show(store, &known);
	}
	sql_reset(read);
	if (store->mode == CNV_STORE_REHEARSE)
		store_show_spool(store, show);
}

static void remember(cnv_store *store, const store_known *known)
{
	store_filter_add(&store->pairing.seen, hash_of(known->respondent));
}

void store_pairing_begin(cnv_store *store)
{
	store_pairing *p = &store->pairing;
	int64_t version = sql_others_wrote(store);

	if (!store->status &&
	    (!store_filter_make(&p->seen, SEEN_BITS) || !store_filter_make(&p->suspects, SUSPECT_BITS)))
		store_no_memory(store);
	if (store->status)
		return;
	p->suspected = 0;
	store_filter_clear(&p->suspects);
	/* The filter stays valid from one file to the next, unless another process wrote in between. */
	if (p->round == store->round && p->version == version)
		return;
	store_filter_clear(&p->seen);
	p->round = 0;
	if (store->first_response > 1)
		show_all(store, remember);
	if (store->status)
		return;
	p->round = store->round;
	p->version = version;
}

void store_pairing_fini(cnv_store *store)
{
	store_filter_free(&store->pairing.seen);
	store_filter_free(&store->pairing.suspects);
}

void store_note(cnv_store *store, const cnv_str *respondents, uint32_t rows, uint64_t *seen)
{
	store_pairing *p = &store->pairing;
	uint64_t hashes[AHEAD];

	for (uint32_t from = 0; from < rows && p->round == store->round; from += AHEAD) {
		uint32_t count = rows - from < AHEAD ? rows - from : AHEAD;

		for (uint32_t i = 0; i < count; i++) {
			hashes[i] = hash_of(respondents[from + i]);
			store_filter_expect(&p->seen, hashes[i]);
		}
		for (uint32_t i = 0; i < count; i++) {
			if (!respondents[from + i].len || !store_filter_add(&p->seen, hashes[i]) || !store->large)
				continue;
			store_filter_add(&p->suspects, hashes[i]);
			p->suspected++;
			if (seen)
				cnv_bit_set(seen, from + i);
		}
	}
}

/* ---------------------------------------------------------------- pairing the suspects */

static void change(cnv_store *store, sql_fixed which, int64_t id, int64_t value)
{
	sql *statement = sql_get(store, which);

	sql_put_integer(statement, 1, id);
	sql_put_integer(statement, 2, value);
	sql_run(statement);
}

static void drop_response(cnv_store *store, int64_t id)
{
	static const sql_fixed drops[] = { SQL_DROP_RESPONSE, SQL_DROP_REMARKS, SQL_DROP_FINDINGS, SQL_DROP_LEDGER };

	for (size_t i = 0; i < sizeof drops / sizeof drops[0]; i++) {
		sql *drop = sql_get(store, drops[i]);

		sql_put_integer(drop, 1, id);
		sql_run(drop);
	}
	if (store->mode == CNV_STORE_WRITE)
		store_version_drop(store, &store->version, id);
}

static void pick_suspect(cnv_store *store, const store_known *known)
{
	sql *put;

	if (!store_filter_has(&store->pairing.suspects, hash_of(known->respondent)))
		return;
	put = sql_get(store, SQL_PUT_SUSPECT);
	sql_put_text(put, 1, known->respondent);
	sql_put_integer(put, 2, known->id);
	sql_put_blob(put, 3, known->digest.at, known->digest.len);
	sql_put_integer(put, 4, known->revision);
	sql_put_integer(put, 5, known->line);
	sql_run(put);
}

/* The latest response so far of the current respondent, whose responses are processed oldest first. */
typedef struct latest {
	cnv_text respondent;
	char digest[16];
	bool digested;
	int64_t id, revision; /* id 0: none yet */
	int64_t line;         /* of the last record in this return; 0: none yet */
} latest;

/* All responses of this transaction were first counted as new. */
static void pair_next(cnv_store *store, latest *before, const store_known *now)
{
	bool equal, counts;

	if (!cnv_str_equal(now->respondent, cnv_text_str(&before->respondent))) {
		cnv_text_reset(&before->respondent);
		cnv_text_put(&before->respondent, now->respondent);
		before->id = before->revision = before->line = 0;
		before->digested = false;
	}
	equal = before->digested && cnv_str_equal(now->digest, (cnv_str){ before->digest, sizeof before->digest });
	counts = before->digested;
	before->digested = now->digest.len == sizeof before->digest;
	if (before->digested)
		memcpy(before->digest, now->digest.at, sizeof before->digest);
	if (now->id < store->first_response) {
		before->id = now->id;
		before->revision = now->revision;
		return;
	}
	if (before->id)
		store_note_pair(store, now->id,
				&(cnv_pair){ .respondent = now->respondent,
					     .id = (uint64_t)now->id,
					     .before = counts ? (uint64_t)before->id : 0,
					     .line = (uint32_t)now->line,
					     .line_before = (uint32_t)before->line,
					     .revision = (uint32_t)before->revision + !equal,
					     .outcome = equal ? CNV_ALREADY : CNV_REVISION });
	before->line = now->line;
	if (before->id && equal) {
		store_rollup_drop(store, now->id);
		drop_response(store, now->id);
		store->counts.already++;
		store->counts.fresh--;
		return;
	}
	if (before->id) {
		change(store, SQL_SET_LATER, before->id, now->id);
		if (counts)
			store_rollup_gone(store, before->id);
		change(store, SQL_SET_REVISION, now->id, before->revision + 1);
		store->counts.revisions++;
		store->counts.fresh--;
	}
	before->id = now->id;
	before->revision++;
}

void store_pair(cnv_store *store)
{
	latest before = { 0 };
	sql *read;

	if (!store->large || store->paired)
		return;
	store->paired = true;
	if (store->mode == CNV_STORE_REHEARSE)
		store_end_spool(store);
	if (!store->pairing.suspected)
		return;
	sql_script(store, "CREATE TEMP TABLE IF NOT EXISTS suspect (respondent TEXT, id INTEGER, digest BLOB,"
			  " revision INTEGER, line INTEGER);"
			  "DELETE FROM temp.suspect");
	show_all(store, pick_suspect);
	read = sql_get(store, SQL_READ_SUSPECTS);
	sql_scan(read);
	while (sql_row(read))
		pair_next(store, &before,
			  &(store_known){ .respondent = sql_text(read, 0),
					  .id = sql_integer(read, 1),
					  .digest = sql_text(read, 2),
					  .revision = sql_integer(read, 3),
					  .line = sql_integer(read, 4) });
	sql_reset(read);
	store->spooled_pairs |= store->has_pairs && store->mode == CNV_STORE_REHEARSE;
	sql_script(store, "DELETE FROM temp.suspect");
	if (before.respondent.failed)
		store_no_memory(store);
	cnv_text_fini(&before.respondent);
}

/* ---------------------------------------------------------------- public */

static cnv_pair pair_of(sql *read)
{
	return (cnv_pair){ .respondent = sql_text(read, 0),
			   .id = (uint64_t)sql_integer(read, 1),
			   .before = (uint64_t)sql_integer(read, 2),
			   .line = store_place(read, 3),
			   .line_before = store_place(read, 4),
			   .revision = store_place(read, 5),
			   .outcome = (cnv_outcome)sql_integer(read, 6) };
}

cnv_status cnv_store_pair(cnv_store *store, cnv_status (*emit)(void *self, const cnv_pair *pair), void *self,
			  cnv_diags *diags)
{
	cnv_status status = CNV_OK;
	sql *read;

	store_enter(store, "pair the responses", diags);
	store_pair(store);
	if (!store->has_pairs || store->status)
		return store->status;
	read = sql_get(store, SQL_READ_PAIRS);
	while (!status && sql_row(read)) {
		cnv_pair pair = pair_of(read);

		status = emit(self, &pair);
		/* The callback has ended the current call. */
		store_enter(store, "pair the responses", diags);
	}
	sql_reset(read);
	return store->status ? store->status : status;
}
