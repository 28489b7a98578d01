/* Whose latest answers are these?
 *
 * A small transaction asks for each response as it comes.  In a large one a million questions to
 * an index cost more than all the rest, so every response is first taken for new and the index
 * made afterwards; then only respondents who stand in it more than once are gone through, in the
 * order their responses came: answers equal to those before go again, others become revisions. */
#include "store/sql.h"

#include <string.h>

cnv_outcome store_compare(cnv_store *store, cnv_str respondent, const uint8_t digest[16], int64_t *revision,
			  int64_t *before)
{
	sql *find = sql_get(store, SQL_LATEST);
	cnv_outcome outcome = CNV_NEW;

	*revision = 1;
	*before = 0;
	sql_put_integer(find, 1, store->round);
	sql_put_text(find, 2, respondent);
	if (sql_row(find)) {
		bool equal = cnv_str_equal(sql_text(find, 1), (cnv_str){ (const char *)digest, 16 });

		outcome = equal ? CNV_ALREADY : CNV_REVISION;
		*before = sql_integer(find, 0);
		*revision = sql_integer(find, 2) + 1;
		sql_reset(find);
	}
	return outcome;
}

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

/* Goes through the responses of one respondent, oldest first; those of this transaction were all counted as new. */
static void pair_one(cnv_store *store, cnv_str respondent)
{
	sql *read = sql_get(store, SQL_ONE_RESPONDENT);
	int64_t latest = 0, revision = 0;
	char digest[16] = { 0 };

	sql_put_integer(read, 1, store->round);
	sql_put_text(read, 2, respondent);
	while (sql_row(read)) {
		int64_t id = sql_integer(read, 0);
		cnv_str now = sql_text(read, 1);
		bool equal = latest && now.len == sizeof digest && !memcmp(now.at, digest, sizeof digest);

		if (now.len == sizeof digest)
			memcpy(digest, now.at, sizeof digest);
		if (id < store->first_response) {
			latest = id;
			revision = sql_integer(read, 2);
			continue;
		}
		if (equal) {
			drop_response(store, id);
			store->counts.already++;
			store->counts.fresh--;
			continue;
		}
		if (latest) {
			change(store, SQL_SET_LATER, latest, id);
			change(store, SQL_SET_REVISION, id, revision + 1);
			store->counts.revisions++;
			store->counts.fresh--;
		}
		latest = id;
		revision++;
	}
	sql_reset(read);
}

/* Puts those who stand more than once, and at least once from this transaction, into `twice`: compared here, neighbour
 * by neighbour, it costs a quarter of what grouping costs SQLite. */
static void find_twice(cnv_store *store)
{
	sql *read = sql_get(store, SQL_RESPONDENTS);
	cnv_text before = { 0 };
	bool ours = false, told = false; /* of this respondent: one is from this transaction; it is in `twice` */

	sql_put_integer(read, 1, store->round);
	while (sql_row(read)) {
		cnv_str respondent = sql_text(read, 0);
		bool again = cnv_str_equal(respondent, cnv_text_str(&before));

		if (!again) {
			cnv_text_reset(&before);
			cnv_text_put(&before, respondent);
			ours = told = false;
		}
		ours |= sql_integer(read, 1) >= store->first_response;
		if (again && ours && !told) {
			sql *put = sql_get(store, SQL_PUT_TWICE);

			sql_put_text(put, 1, respondent);
			sql_run(put);
			told = true;
		}
	}
	sql_reset(read);
	if (before.failed)
		store_no_memory(store);
	cnv_text_fini(&before);
}

void store_pair(cnv_store *store)
{
	sql *read;

	if (store->unindexed)
		sql_script(store, store->mode == CNV_STORE_REHEARSE
					  ? "CREATE INDEX temp.rehearsed_by_respondent ON rehearsed (respondent, round)"
					  : "CREATE INDEX response_by_respondent ON response (respondent, round)");
	store->unindexed = false;
	sql_script(store, "CREATE TEMP TABLE IF NOT EXISTS twice (respondent); DELETE FROM temp.twice");
	find_twice(store);
	read = sql_get(store, SQL_READ_TWICE);
	while (sql_row(read))
		pair_one(store, sql_text(read, 0));
	sql_reset(read);
}
