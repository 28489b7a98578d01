/* Answers that returns were sent out with, and returns without answers.
 *
 * A store that an earlier canvass made, opened to be read, lacks these tables: it knows of no such return. */
#include "store/state.h"

#include <stdio.h>

cnv_status cnv_store_put_prior(cnv_store *store, uint64_t response, cnv_str path, cnv_prior state, cnv_diags *diags)
{
	sql *put;

	store_enter(store, "store the outcome of an earlier answer", diags);
	if (store->mode != CNV_STORE_WRITE)
		return store->status;
	put = sql_get(store, SQL_PUT_PRIOR);
	sql_put_integer(put, 1, (int64_t)response);
	sql_put_text(put, 2, path);
	sql_put_integer(put, 3, state);
	sql_run(put);
	return store->status;
}

/* The response with this id; NULL. */
static cnv_reported *find_response(cnv_reported *responses, uint32_t count, uint64_t id)
{
	uint32_t from = 0, upto = count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (responses[middle].id < id)
			from = middle + 1;
		else
			upto = middle;
	}
	return from < count && responses[from].id == id ? &responses[from] : NULL;
}

cnv_status cnv_store_count_priors(cnv_store *store, cnv_str round, cnv_reported *responses, uint32_t count,
				  cnv_diags *diags)
{
	int64_t id;
	sql read;

	store_enter(store, "count confirmed answers", diags);
	id = store_round(store, round);
	if (store->status || !sql_has(store, "prior"))
		return store->status;
	sql_prepare(&read, store,
		    CNV_STR("SELECT p.response, p.state, count(*) FROM prior p JOIN response r ON r.id = p.response"
			    " WHERE r.round = ?1 GROUP BY p.response, p.state"));
	sql_put_integer(&read, 1, id);
	while (sql_row(&read)) {
		cnv_reported *found = find_response(responses, count, (uint64_t)sql_integer(&read, 0));
		int64_t state = sql_integer(&read, 1);

		if (found && state >= 0 && state < CNV_PRIORS)
			found->priors[state] = (uint32_t)sql_integer(&read, 2);
	}
	sql_finish(&read);
	return store->status;
}

cnv_status cnv_store_put_blank(cnv_store *store, cnv_str respondent, cnv_diags *diags)
{
	sql put;

	store_enter(store, "store a blank return", diags);
	if (store->mode != CNV_STORE_WRITE)
		return store->status;
	sql_prepare(&put, store, CNV_STR("INSERT INTO returned_blank (file, round, respondent) VALUES (?1, ?2, ?3)"));
	sql_put_integer(&put, 1, store->file);
	sql_put_integer(&put, 2, store->round);
	sql_put_text(&put, 3, respondent);
	sql_run(&put);
	sql_finish(&put);
	return store->status;
}

/* The respondents that a query lists, which counts them too where `count(*)` takes the place of their column. */
static cnv_status list_respondents(cnv_store *store, const char *from, int64_t round, cnv_arena *arena,
				   const cnv_str **respondents, uint32_t *count)
{
	cnv_text query = { 0 };
	cnv_str *list;
	int64_t room;
	sql read;

	cnv_text_format(&query, "SELECT count(*) FROM (%s) AS listed", from);
	sql_prepare(&read, store, cnv_text_str(&query));
	sql_put_integer(&read, 1, round);
	room = sql_number(&read, 0);
	sql_finish(&read);
	list = cnv_arena_array(arena, room < UINT32_MAX ? (size_t)room + 1 : SIZE_MAX, sizeof *list);
	if (list && !query.failed) {
		*respondents = list;
		sql_prepare(&read, store, cnv_str_from(from));
		sql_put_integer(&read, 1, round);
		while (*count < (uint32_t)room && sql_row(&read))
			list[(*count)++] = cnv_arena_copy(arena, sql_text(&read, 0));
		sql_finish(&read);
	}
	if (!list || query.failed || arena->failed)
		store_no_memory(store);
	cnv_text_fini(&query);
	return store->status;
}

cnv_status cnv_store_blanks(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_str **respondents,
			    uint32_t *count, cnv_diags *diags)
{
	int64_t id;

	store_enter(store, "list the blank returns", diags);
	*respondents = NULL;
	*count = 0;
	id = store_round(store, round);
	if (store->status || !sql_has(store, "returned_blank"))
		return store->status;
	return list_respondents(store,
				"SELECT respondent FROM returned_blank b WHERE round = ?1 AND NOT EXISTS"
				" (SELECT 1 FROM response r WHERE r.round = b.round AND r.respondent = b.respondent)"
				" GROUP BY respondent ORDER BY min(id)",
				id, arena, respondents, count);
}

cnv_status cnv_store_conflicts(cnv_store *store, cnv_str round, cnv_arena *arena, const cnv_str **respondents,
			       uint32_t *count, cnv_diags *diags)
{
	char query[400];
	int64_t id;

	store_enter(store, "list the conflicts", diags);
	*respondents = NULL;
	*count = 0;
	id = store_round(store, round);
	if (store->status)
		return store->status;
	/* The quarantined return names its respondent; a return imported after it has settled the conflict. */
	snprintf(query, sizeof query,
		 "SELECT q.field FROM quarantine q WHERE q.round = ?1 AND q.code = %d AND q.whole = 1 AND q.settled"
		 " IS NULL AND NOT EXISTS (SELECT 1 FROM response r WHERE r.respondent = q.field AND r.round ="
		 " q.round AND r.file > q.file)",
		 CNV_CONFLICT);
	return list_respondents(store, query, id, arena, respondents, count);
}
