/* The store as it was at an earlier time.
 *
 * Tables of the connection's own cover those of the same name in the file, with only what had happened by then, so that
 * every reading statement returns the state at that time.  Which response of a respondent counted follows from what was
 * received, and from the last act of a person since. */
#include "store/engine.h"
#include "store/state.h"

#include <stdio.h>

static const char past[] =
	"CREATE TEMP TABLE response (id INTEGER PRIMARY KEY, file INTEGER, form INTEGER, round INTEGER, respondent"
	" TEXT, line INTEGER, digest BLOB, revision INTEGER, later INTEGER, highest INTEGER);INSERT INTO"
	" temp.response SELECT r.id, r.file, r.form, r.round, r.respondent, r.line, r.digest, r.revision, -1, NULL"
	" FROM main.response r JOIN main.file f ON f.id = r.file WHERE f.received <= (SELECT at FROM"
	" temp.cutoff);UPDATE temp.response SET later = NULL WHERE id IN (SELECT max(id) FROM temp.response GROUP"
	" BY round, respondent);"
	/* the last withdrawal or restoration of each respondent, if nothing was imported from them after it */
	"CREATE TEMP TABLE act (round INTEGER, respondent TEXT, response INTEGER, kind TEXT, id INTEGER, PRIMARY"
	" KEY (round, respondent)) WITHOUT ROWID;INSERT INTO temp.act SELECT round, respondent, response, kind, id"
	" FROM main.event WHERE id IN (SELECT max(id) FROM main.event WHERE kind IN ('withdrawn', 'restored') AND"
	" happened <= (SELECT at FROM temp.cutoff) GROUP BY round, respondent);DELETE FROM temp.act WHERE id <"
	" (SELECT max(f.event) FROM temp.response r JOIN main.file f ON f.id = r.file WHERE r.round = act.round AND"
	" r.respondent = act.respondent);UPDATE temp.response SET later = -1 WHERE later IS NULL AND EXISTS (SELECT"
	" 1 FROM temp.act a WHERE a.round = response.round AND a.respondent = response.respondent);UPDATE"
	" temp.response SET later = NULL WHERE id IN (SELECT response FROM temp.act WHERE kind = 'restored');UPDATE"
	" temp.response SET later = 0 WHERE id IN (SELECT response FROM temp.act WHERE kind = 'withdrawn');CREATE"
	" TEMP VIEW file AS SELECT * FROM main.file WHERE received <= (SELECT at FROM temp.cutoff);CREATE TEMP VIEW"
	" notice AS SELECT * FROM main.notice WHERE happened <= (SELECT at FROM temp.cutoff);CREATE TEMP VIEW event"
	" AS SELECT * FROM main.event WHERE happened <= (SELECT at FROM temp.cutoff);CREATE TEMP VIEW quarantine AS"
	" SELECT * FROM main.quarantine WHERE file IN (SELECT id FROM temp.file);DROP VIEW IF EXISTS temp.query;";
/* A store of an earlier layout, which is only read, has no column nth. */
static const char past_queries[] =
	"CREATE TEMP VIEW query AS SELECT id, round, respondent, number, name, path, code, %s AS nth, finding, CASE"
	" WHEN changed > (SELECT at FROM temp.cutoff) THEN 0 ELSE state END AS state, CASE WHEN changed <= (SELECT at"
	" FROM temp.cutoff) THEN reason END AS reason, opened, closed, changed, changed_offset FROM main.query;";

cnv_status cnv_store_as_of(cnv_store *store, cnv_instant at, cnv_diags *diags)
{
	char queries[sizeof past_queries + 8];
	sql put;

	store_enter(store, "go back in time", diags);
	if (store->engine->in_file)
		sql_script(store, "PRAGMA query_only = OFF");
	sql_script(store, "CREATE TEMP TABLE cutoff (at INTEGER)");
	sql_prepare(&put, store, CNV_STR("INSERT INTO temp.cutoff VALUES (?1)"));
	sql_put_integer(&put, 1, at.utc_ms);
	sql_run(&put);
	sql_finish(&put);
	sql_script(store, past);
	snprintf(queries, sizeof queries, past_queries, store_layout(store) < LAYOUT_OF_SEVERAL ? "1" : "nth");
	sql_script(store, queries);
	if (store->engine->in_file)
		sql_script(store, "PRAGMA query_only = ON");
	store->as_of = at;
	store->has_as_of = true;
	return store->status;
}

cnv_status cnv_store_open_past(cnv_store **out, const cnv_store *like, const cnv_form *form, cnv_str form_bytes,
			       cnv_instant at, cnv_diags *diags)
{
	cnv_status status = store_open_more(out, like, form, form_bytes, &like->patience, diags);

	return status ? status : cnv_store_as_of(*out, at, diags);
}

cnv_status cnv_store_open_again(cnv_store **out, const cnv_store *like, const cnv_form *form, cnv_str form_bytes,
				cnv_diags *diags)
{
	cnv_status status = store_open_more(out, like, form, form_bytes, &like->patience, diags);

	return status || !like->has_as_of ? status : cnv_store_as_of(*out, like->as_of, diags);
}

/* The lock of `like` keeps others from writing, and a first look-up takes another.  A write-ahead log, which canvass does
 * not make, would let them write in between. */
static bool shows_the_same(cnv_store *store)
{
	return !store_ask_number(store, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'") &&
	       store_ask_number(store, "SELECT max(id) FROM response") && !store->status;
}

cnv_status cnv_store_open_beside(cnv_store **out, const cnv_store *like)
{
	const cnv_patience none = { 0 };
	cnv_diags quiet = { 0 };
	cnv_status status;

	*out = NULL;
	if (!like->engine->in_file || like->mode != CNV_STORE_READ || like->has_as_of)
		return CNV_OK;
	status = store_open_more(out, like, like->form, like->form_bytes, &none, &quiet);
	if (status)
		return status == CNV_NO_MEMORY ? status : CNV_OK;
	for (uint32_t i = 0; i < like->carry_count; i++)
		cnv_store_carry(*out, like->carries[i]);
	store_enter(*out, "be opened", &quiet);
	if (!shows_the_same(*out)) {
		cnv_store_close(*out, &quiet);
		*out = NULL;
	}
	return CNV_OK;
}

cnv_status cnv_store_late(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_late **late, uint32_t *count,
			  cnv_diags *diags)
{
	cnv_late *list = NULL;
	uint32_t room = 0;
	sql read;

	store_enter(store, "list late returns", diags);
	*count = 0;
	sql_prepare(
		&read, store,
		CNV_STR("SELECT r.respondent, f.received, f.received_offset FROM main.response r JOIN main.file f ON"
			" f.id = +r.file WHERE r.round = ?1 AND f.received > (SELECT at FROM temp.cutoff) ORDER BY"
			" f.received, r.id"));
	sql_put_integer(&read, 1, store_round(store, round));
	while (sql_row(&read) && cnv_arena_grow(arena, (void **)&list, *count, &room, sizeof *list))
		list[(*count)++] = (cnv_late){ .respondent = cnv_arena_copy(arena, sql_text(&read, 0)),
					       .received = { .utc_ms = sql_integer(&read, 1),
							     .utc_offset = (int32_t)sql_integer(&read, 2) } };
	sql_finish(&read);
	*late = list;
	if (arena->failed)
		store_no_memory(store);
	return store->status;
}
