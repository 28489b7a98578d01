/* Queries: findings that a person must settle, followed from revision to revision.
 *
 * A file's findings are matched together, by statements over all its responses: first the responses that became
 * their respondent's latest with this file, then the findings in them, then the four possible changes to a query.
 * Files are matched in order of import, each as if it were the last, so that ids do not depend on when the matching
 * runs. */
#include "store/event.h"

/* Are all characters allowed in an id?  People copy ids from letters to command lines. */
static bool is_plain(cnv_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = cnv_lower(text.at[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
		      (unsigned char)c >= 0x80))
			return false;
	}
	return text.len > 0;
}

/* The question's number, or its name if it has none. */
static cnv_str short_name(const cnv_form *form, cnv_str question, cnv_str path)
{
	uint32_t id = cnv_map_find(&form->by_path, question);
	size_t from;

	if (id < form->count && is_plain(form->questions[id].qno))
		return form->questions[id].qno;
	if (id < form->count)
		return form->questions[id].name;
	/* A question of an older form version: uses the end of its path. */
	for (from = path.len; from && path.at[from - 1] != '/'; from--)
		;
	path = cnv_str_slice(path, from, path.len);
	return is_plain(path) ? path : CNV_STR("return");
}

static void name_queries(cnv_store *store, int64_t after)
{
	sql *read = sql_get(store, SQL_NEW_QUERIES);

	sql_put_integer(read, 1, after);
	while (sql_row(read)) {
		sql *name = sql_get(store, SQL_NAME_QUERY);

		sql_put_integer(name, 1, sql_integer(read, 0));
		sql_put_text(name, 2, short_name(store->form, sql_text(read, 1), sql_text(read, 2)));
		sql_run(name);
	}
	sql_reset(read);
}

static void begin_match(cnv_store *store)
{
	sql_script(store, "CREATE TEMP TABLE IF NOT EXISTS came (respondent TEXT PRIMARY KEY, response INTEGER,"
			  " last INTEGER) WITHOUT ROWID;CREATE TEMP TABLE IF NOT EXISTS found (respondent TEXT,"
			  " path TEXT, code INTEGER, nth INTEGER, response INTEGER, finding INTEGER, PRIMARY KEY"
			  " (respondent, path, code, nth)) WITHOUT ROWID;CREATE TEMP TABLE IF NOT EXISTS several"
			  " (respondent TEXT, path TEXT, code INTEGER, PRIMARY KEY (respondent, path, code))"
			  " WITHOUT ROWID;DELETE FROM temp.came; DELETE FROM temp.found; DELETE FROM temp.several");
}

/* A finding has its place among those of its cell and kind.  Where there are several, now or before, and where it is about
 * no question, it is the place of the query about the same words. */
static void number_findings(cnv_store *store, int64_t round)
{
	sql *statement;

	sql_run(sql_get(store, SQL_NUMBER_FINDINGS));
	statement = sql_get(store, SQL_FIND_SEVERAL);
	sql_put_integer(statement, 1, round);
	sql_run(statement);
	if (!sql_number(sql_get(store, SQL_HAS_SEVERAL), 0))
		return;
	sql_run(sql_get(store, SQL_DROP_SEVERAL));
	statement = sql_get(store, SQL_RENUMBER_FINDINGS);
	sql_put_integer(statement, 1, round);
	sql_run(statement);
}

static void change_queries(cnv_store *store, int64_t round, cnv_instant now)
{
	static const sql_fixed changes[] = { SQL_CLOSE_QUERIES, SQL_KEEP_QUERIES, SQL_OPEN_QUERIES };

	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		sql *statement = sql_get(store, changes[i]);

		sql_put_integer(statement, 1, round);
		sql_put_integer(statement, 2, now.utc_ms);
		sql_put_integer(statement, 3, now.utc_offset);
		sql_run(statement);
	}
}

/* Matches responses [first, last], which came with the file. */
static void match_file(cnv_store *store, int64_t round, int64_t file, int64_t first, int64_t last, cnv_instant now)
{
	int64_t before = sql_number(sql_get(store, SQL_LAST_QUERY), 0);
	sql *statement;

	begin_match(store);
	statement = sql_get(store, SQL_COME);
	sql_put_integer(statement, 1, round);
	sql_put_integer(statement, 2, first);
	sql_put_integer(statement, 3, last);
	sql_put_integer(statement, 4, file);
	sql_run(statement);
	number_findings(store, round);
	change_queries(store, round, now);
	name_queries(store, before);
	statement = sql_get(store, SQL_FILE_MATCHED);
	sql_put_integer(statement, 1, file);
	sql_run(statement);
}

static int64_t count_unmatched(cnv_store *store, int64_t round, int64_t *responses)
{
	sql *count = sql_get(store, SQL_COUNT_UNMATCHED);
	int64_t files = 0;

	*responses = 0;
	sql_put_integer(count, 1, round);
	if (sql_row(count)) {
		files = sql_integer(count, 0);
		*responses = sql_integer(count, 1);
	}
	sql_reset(count);
	return files;
}

/* From here on the respondent's findings are those of this response, or (`counts` false) none. */
void store_match_one(cnv_store *store, int64_t round, cnv_str respondent, int64_t response, bool counts,
		     cnv_instant now)
{
	int64_t before = sql_number(sql_get(store, SQL_LAST_QUERY), 0);
	sql come;

	begin_match(store);
	sql_prepare(&come, store,
		    CNV_STR("INSERT INTO temp.came VALUES (?2, ?3, coalesce((SELECT max(number) FROM query WHERE"
			    " respondent = ?2 AND round = ?1), 0))"));
	sql_put_integer(&come, 1, round);
	sql_put_text(&come, 2, respondent);
	sql_put_integer(&come, 3, response);
	sql_run(&come);
	sql_finish(&come);
	if (counts)
		number_findings(store, round);
	change_queries(store, round, now);
	name_queries(store, before);
}

void store_match(cnv_store *store, int64_t round, cnv_instant now, int64_t most)
{
	int64_t responses, files = count_unmatched(store, round, &responses);

	for (; files > 0 && responses <= most && !store->status; files--) {
		sql *next = sql_get(store, SQL_NEXT_UNMATCHED);
		int64_t file, first, last;

		sql_put_integer(next, 1, round);
		if (!sql_row(next))
			break;
		file = sql_integer(next, 0);
		first = sql_integer(next, 1);
		last = sql_integer(next, 2);
		sql_reset(next);
		match_file(store, round, file, first, last, now);
	}
}

/* ---------------------------------------------------------------- public */

cnv_status cnv_store_unmatched(cnv_store *store, cnv_str round, uint64_t *files, cnv_diags *diags)
{
	int64_t responses;

	store_enter(store, "find new findings", diags);
	*files = (uint64_t)count_unmatched(store, store_round(store, round), &responses);
	return store->status;
}

cnv_status cnv_store_match(cnv_store *store, cnv_str round, cnv_instant now, cnv_diags *diags)
{
	cnv_store_rollback(store);
	store_enter(store, "match its findings", diags);
	store_start(store);
	store_match(store, store_round(store, round), now, INT64_MAX);
	sql_commit(store);
	if (!store->status)
		store->open = false;
	return store->status;
}

static cnv_query query_of(cnv_store *store, sql *read)
{
	cnv_str question = sql_text(read, 6);
	uint32_t id = cnv_map_find(&store->form->by_path, question);

	return (cnv_query){
		.id = sql_text(read, 0),
		.respondent = sql_text(read, 1),
		.state = (cnv_query_state)sql_integer(read, 2),
		.reason = sql_text(read, 3),
		.severity = (cnv_severity)sql_integer(read, 4),
		.code = (uint16_t)sql_integer(read, 5),
		.question = id < store->form->count ? id : CNV_NONE,
		.path = sql_text(read, 7),
		.value = sql_text(read, 8),
		.message = sql_text(read, 9),
		.hint = sql_text(read, 10),
		.remark = sql_text(read, 11),
		.file = sql_text(read, 12),
		.sheet = sql_text(read, 13),
		.line = store_place(read, 14),
		.column = store_place(read, 15),
		.changed = { .utc_ms = sql_integer(read, 16), .utc_offset = (int32_t)sql_integer(read, 17) },
	};
}

cnv_status cnv_store_queries(cnv_store *store, cnv_str round, cnv_str respondent, bool all,
			     cnv_status (*emit)(void *self, const cnv_query *query), void *self, cnv_diags *diags)
{
	cnv_status status = CNV_OK;
	int64_t id;
	sql *read;

	store_enter(store, "list its findings", diags);
	id = store_round(store, round);
	read = sql_get(store, SQL_READ_QUERIES);
	sql_put_integer(read, 1, id);
	if (respondent.len)
		sql_put_text(read, 2, respondent);
	sql_put_integer(read, 3, all);
	while (!status && sql_row(read)) {
		cnv_query query = query_of(store, read);

		status = emit(self, &query);
	}
	sql_reset(read);
	return store->status ? store->status : status;
}

/* The number at the end of an id; 0: none. */
static int64_t number_of(cnv_str id)
{
	size_t from = id.len;
	int64_t number;

	while (from && id.at[from - 1] >= '0' && id.at[from - 1] <= '9')
		from--;
	return cnv_integer_read(cnv_str_slice(id, from, id.len), &number) ? number : 0;
}

static void settle(cnv_store *store, int64_t id, cnv_query_state state, cnv_str reason, cnv_instant now)
{
	sql *put = sql_get(store, SQL_SETTLE_QUERY);

	sql_put_integer(put, 1, id);
	sql_put_integer(put, 2, state);
	if (reason.len)
		sql_put_text(put, 3, reason);
	sql_put_integer(put, 4, now.utc_ms);
	sql_put_integer(put, 5, now.utc_offset);
	sql_run(put);
}

cnv_status cnv_store_settle(cnv_store *store, cnv_str round, cnv_str id, cnv_query_state state, cnv_str reason,
			    cnv_instant now, cnv_query_state *before, cnv_diags *diags)
{
	int64_t found = 0, of;
	cnv_text respondent = { 0 };
	sql *find;

	cnv_store_rollback(store);
	store_enter(store, "settle a finding", diags);
	store_start(store);
	of = store_round(store, round);
	find = sql_get(store, SQL_FIND_QUERY);
	sql_put_integer(find, 1, of);
	sql_put_text(find, 2, id);
	sql_put_integer(find, 3, number_of(id));
	if (sql_row(find)) {
		found = sql_integer(find, 0);
		*before = (cnv_query_state)sql_integer(find, 1);
		cnv_text_put(&respondent, sql_text(find, 2));
		sql_reset(find);
	}
	if (!store->status && !found) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_QUERY_UNKNOWN, .place = (cnv_place){ .source = store->name },
					.excerpt = id),
			       "round %.*s has no finding \"%.*s\"", CNV_ARG(round), CNV_ARG(id));
		store->status = CNV_REJECTED;
	} else if (!store->status && *before == CNV_QUERY_CLOSED) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_QUERY_IS_CLOSED, .place = (cnv_place){ .source = store->name },
					.excerpt = id),
			       "%.*s is closed: the latest revision no longer has it", CNV_ARG(id));
		store->status = CNV_REJECTED;
	}
	/* Already asked: the state has been this since the query was opened. */
	if (!store->status && !(state == CNV_QUERY_OPEN && *before == state)) {
		settle(store, found, state, reason, now);
		store_put_event(
			store,
			&(store_event){ .kind = state == CNV_QUERY_WAIVED ? CNV_EVENT_WAIVED : CNV_EVENT_REOPENED,
					.round = of,
					.respondent = cnv_text_str(&respondent),
					.reason = reason,
					.detail = id },
			now);
	}
	sql_commit(store);
	if (!store->status)
		store->open = false;
	else
		cnv_store_rollback(store);
	cnv_text_fini(&respondent);
	return store->status;
}
