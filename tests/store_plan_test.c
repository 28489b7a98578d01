/* The room store: what every import asks the store goes by an index, so that a file taken into a store of many files,
 * responses and findings costs no more than the first.  SQLite tells how it would go about each statement. */
#include "store_stage.h"

#include "store/sql.h"

static const struct asked {
	const char *name;
	sql_fixed statement;
} asked[] = {
	{ "a file is found by its digest", SQL_FIND_FILE },
	{ "the quarantined records of a file are found", SQL_RETRY },
	{ "the quarantined records of a file are dropped", SQL_DROP_RETRIED },
	{ "a file quarantined before is found", SQL_DROP_FILE },
	{ "the quarantine of a file quarantined before is found", SQL_DROP_FILE_QUARANTINE },
	{ "the originals of a file quarantined before are found", SQL_DROP_FILE_ORIGINALS },
	{ "what a file quarantined before was judged with is found", SQL_DROP_FILE_BESIDES },
	{ "the last response is found", SQL_LAST_RESPONSE },
	{ "the latest response of a respondent is found", SQL_LATEST },
	{ "files that wait to be matched are counted", SQL_COUNT_UNMATCHED },
	{ "the next file that waits to be matched is found", SQL_NEXT_UNMATCHED },
	{ "the responses of a file are found", SQL_COME },
	{ "the findings of a file are found", SQL_NUMBER_FINDINGS },
	{ "cells with several findings are found", SQL_FIND_SEVERAL },
	{ "the findings of such cells are found", SQL_DROP_SEVERAL },
	{ "the queries about the same words are found", SQL_RENUMBER_FINDINGS },
	{ "the last query is found", SQL_LAST_QUERY },
	{ "queries that are gone are found", SQL_CLOSE_QUERIES },
	{ "queries that are still there are found", SQL_KEEP_QUERIES },
	{ "findings without a query are found", SQL_OPEN_QUERIES },
	{ "new queries are found", SQL_NEW_QUERIES },
};

/* The temporary tables of one file, under the names the statements give them. */
static bool is_of_the_file(const char *scanned)
{
	static const char *const names[] = { "c", "t", "w", "p", "temp.found", "known", "gone", "next" };
	size_t len = strcspn(scanned, " ");

	if (!strncmp(scanned, "(subquery-", 10))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i]) == len && !strncmp(names[i], scanned, len))
			return true;
	return false;
}

static void goes_by_an_index(void **state)
{
	const struct asked *row = *state;
	char text[4096];
	sqlite3_stmt *plan;
	sqlite3 *db;
	stage s;

	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	close_store(&s);
	assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "CREATE TEMP TABLE came (respondent TEXT PRIMARY KEY, response INTEGER,"
				      " last INTEGER) WITHOUT ROWID;"
				      "CREATE TEMP TABLE found (respondent TEXT, path TEXT, code INTEGER, nth INTEGER,"
				      " response INTEGER, finding INTEGER,"
				      " PRIMARY KEY (respondent, path, code, nth)) WITHOUT ROWID;"
				      "CREATE TEMP TABLE several (respondent TEXT, path TEXT, code INTEGER,"
				      " PRIMARY KEY (respondent, path, code)) WITHOUT ROWID;"
				      "CREATE TEMP TABLE retried (line INTEGER PRIMARY KEY) WITHOUT ROWID",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %.*s", CNV_ARG(sql_fixed_text(row->statement, false)));
	assert_int_equal(sqlite3_prepare_v2(db, text, -1, &plan, NULL), SQLITE_OK);
	while (sqlite3_step(plan) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(plan, 3);

		if (!strncmp(step, "SCAN ", 5) && !is_of_the_file(step + 5))
			fail_msg("%s", step);
		/* By its round alone, a file is looked for among all. */
		if (strstr(step, "file_by_sha256 (round=?)"))
			fail_msg("%s", step);
	}
	sqlite3_finalize(plan);
	sqlite3_close(db);
	strike(&s);
}

int main(void)
{
	enum { COUNT = sizeof asked / sizeof asked[0] };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){ asked[i].name, goes_by_an_index, NULL, NULL, (void *)&asked[i] };
	return _cmocka_run_group_tests("what every import asks the store", tests, COUNT, NULL, NULL);
}
