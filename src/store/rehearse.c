/* Responses seen so far in a dry run.
 *
 * Only respondents and digests are kept.  Those of small files are in the temporary table `rehearsed`, by
 * respondent.  Those of a large file are first packed one after the other into large pieces in `spool`, which costs
 * almost nothing; the pieces are read only when one of their respondents may occur twice.  If a small file follows,
 * they are moved into `rehearsed`.  For responses that were paired, `spooled_pair` has the revision, or 0 if the
 * answers were already stored. */
#include "store/state.h"

#define PIECE 65536u /* bytes */

void store_spool(cnv_store *store, const store_known *known)
{
	cnv_text *piece = &store->spool;
	char head[4 * STORE_VARINT];
	size_t len;

	if (piece->len >= PIECE)
		store_end_spool(store);
	len = store_write_varint(head, (uint64_t)store->round);
	len += store_write_varint(head + len, (uint64_t)known->id);
	len += store_write_varint(head + len, (uint64_t)known->line);
	len += store_write_varint(head + len, known->respondent.len);
	cnv_text_put(piece, (cnv_str){ head, len });
	cnv_text_put(piece, known->respondent);
	cnv_text_put(piece, known->digest);
	store->spooled = known->id;
}

void store_end_spool(cnv_store *store)
{
	sql *put;

	if (store->spool.failed)
		store_no_memory(store);
	if (store->status || !store->spool.len)
		return;
	put = sql_get(store, SQL_PUT_SPOOL);
	sql_put_blob(put, 1, store->spool.at, store->spool.len);
	sql_run(put);
	cnv_text_reset(&store->spool);
}

/* The next response of a piece, of any round; false at its end. */
static bool next_spooled(cnv_str *piece, store_known *known, int64_t *round)
{
	uint64_t of, id, line, len;

	if (!store_get_varint(piece, &of) || !store_get_varint(piece, &id) || !store_get_varint(piece, &line) ||
	    !store_get_varint(piece, &len) || len > piece->len || piece->len - len < 16)
		return false;
	*round = (int64_t)of;
	known->id = (int64_t)id;
	known->line = (int64_t)line;
	known->revision = 1;
	known->respondent = cnv_str_slice(*piece, 0, (size_t)len);
	known->digest = cnv_str_slice(*piece, (size_t)len, (size_t)len + 16);
	*piece = cnv_str_slice(*piece, (size_t)len + 16, piece->len);
	return true;
}

/* Applies the result of pairing to a packed response; false: its answers were already stored. */
static bool correct(cnv_store *store, store_known *known)
{
	sql *find;

	if (!store->spooled_pairs)
		return true;
	find = sql_get(store, SQL_SPOOLED_REVISION);
	sql_put_integer(find, 1, known->id);
	known->revision = sql_number(find, known->revision);
	return known->revision > 0;
}

void store_show_spool(cnv_store *store, void (*show)(cnv_store *store, const store_known *known))
{
	sql *read = sql_get(store, SQL_READ_SPOOL);

	while (sql_row(read)) {
		cnv_str piece = sql_text(read, 0);
		store_known known;
		int64_t round;

		while (next_spooled(&piece, &known, &round))
			if (round == store->round && correct(store, &known))
				show(store, &known);
	}
	sql_reset(read);
}

static void pour_spool(cnv_store *store)
{
	sql *read = sql_get(store, SQL_READ_SPOOL);

	while (sql_row(read)) {
		cnv_str piece = sql_text(read, 0);
		store_known known;
		int64_t round;

		while (next_spooled(&piece, &known, &round)) {
			sql *put;

			if (!correct(store, &known))
				continue;
			put = sql_get(store, SQL_PUT_RESPONSE);
			sql_put_integer(put, 1, known.id);
			sql_put_integer(put, 4, round);
			sql_put_text(put, 5, known.respondent);
			sql_put_integer(put, 6, known.line);
			sql_put_blob(put, 7, known.digest.at, known.digest.len);
			sql_put_integer(put, 8, known.revision);
			sql_run(put);
		}
	}
	sql_reset(read);
	sql_script(store, "DELETE FROM spool");
}

/* A store without its index must not get one in a dry run: its responses are copied into `rehearsed` too, and `seen`
 * is then that table. */
static void copy_store(cnv_store *store)
{
	sql_script(store,
		   "INSERT INTO rehearsed SELECT id, round, respondent, digest, revision, line FROM seen WHERE true"
		   " ON CONFLICT DO NOTHING;DROP VIEW temp.seen;CREATE TEMP VIEW seen AS SELECT id, round,"
		   " respondent, digest, revision, line FROM rehearsed");
}

void store_rehearse_small(cnv_store *store)
{
	bool indexed = store->copied || sql_has(store, "response_by_respondent");

	if (store->status || (indexed && !store->spooled))
		return;
	sql_script(store, "DROP INDEX temp.rehearsed_by_respondent");
	if (!indexed)
		copy_store(store);
	if (store->spooled)
		pour_spool(store);
	sql_script(store, "CREATE INDEX rehearsed_by_respondent ON rehearsed (respondent, round)");
	if (store->status)
		return;
	store->copied |= !indexed;
	store->spooled = 0;
}
