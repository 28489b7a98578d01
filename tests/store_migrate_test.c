/* Stores that an earlier canvass made: read as they are, brought up to date when written to.
 *
 * The store of layout 1 is made by that layout's own statements, and filled with what today's
 * canvass keeps of the same file in the columns that there were then. */
#include "store_stage.h"

static const char layout_1[] =
	"PRAGMA page_size = 16384; PRAGMA application_id = 1129207379; PRAGMA user_version = 1;"
	"CREATE TABLE store (form_id);"
	"CREATE TABLE form (id INTEGER PRIMARY KEY, version, name, sha256 UNIQUE, bytes);"
	"CREATE TABLE form_table (form, tab, parent, path, PRIMARY KEY (form, tab)) WITHOUT ROWID;"
	"CREATE TABLE question (form, tab, col, coding, list, name, path, PRIMARY KEY (form, tab, col)) WITHOUT ROWID;"
	"CREATE TABLE choice (form, list, code, name, PRIMARY KEY (form, list, code)) WITHOUT ROWID;"
	"CREATE TABLE round (id INTEGER PRIMARY KEY, label UNIQUE, created, created_offset, current);"
	"CREATE TABLE roster (id INTEGER PRIMARY KEY, source, bytes);"
	"CREATE TABLE file (id INTEGER PRIMARY KEY, round, form, name, sha256, size, bytes, layout, received,"
	" received_offset, responses, first, last, quarantined);"
	"CREATE INDEX file_by_sha256 ON file (round, sha256);"
	"CREATE TABLE response (id INTEGER PRIMARY KEY, file, form, round, respondent, line, digest, revision, later);"
	"CREATE INDEX response_by_respondent ON response (respondent, round);"
	"CREATE TABLE remark (id INTEGER PRIMARY KEY, response, tab, row, question, line, text);"
	"CREATE INDEX remark_by_response ON remark (response);"
	"CREATE TABLE finding (id INTEGER PRIMARY KEY, file, response, code, severity, verdict, tab, question, path,"
	" line, col, value, message, hint);"
	"CREATE INDEX finding_by_response ON finding (response);"
	"CREATE TABLE ledger (id INTEGER PRIMARY KEY, file, response, tab, path, line, col, stood, read_as, why);"
	"CREATE INDEX ledger_by_response ON ledger (response);"
	"CREATE TABLE quarantine (id INTEGER PRIMARY KEY, round, file, whole, source, line, code, field, message, hint,"
	" bytes);"
	"CREATE INDEX quarantine_by_file ON quarantine (file);"
	"CREATE TABLE answers_1_0_0 (id INTEGER PRIMARY KEY, line, q0, q1, q2, verdicts, lines, own);";

#define BOTH "attached.sqlite_schema a JOIN main.sqlite_schema m ON m.name = a.name AND m.type = 'table'"

/* Runs every statement that the query makes. */
static void run_made(sqlite3 *db, const char *query)
{
	sqlite3_stmt *rows;

	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW)
		assert_int_equal(sqlite3_exec(db, (const char *)sqlite3_column_text(rows, 0), NULL, NULL, NULL),
				 SQLITE_OK);
	sqlite3_finalize(rows);
}

/* The store on stage becomes one of layout 1 with the same content. */
static void age(stage *s)
{
	char newer[64], attach[96];
	sqlite3 *db;

	snprintf(newer, sizeof newer, "%s.new", s->path);
	snprintf(attach, sizeof attach, "ATTACH '%s' AS attached", newer);
	assert_int_equal(rename(s->path, newer), 0);
	assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, layout_1, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
	run_made(db, "SELECT 'INSERT INTO main.' || m.name || ' SELECT ' || (SELECT group_concat(name) FROM"
		     " pragma_table_info(m.name, 'main')) || ' FROM attached.' || m.name FROM " BOTH);
	sqlite3_close(db);
	remove(newer);
}

static void put_finding(stage *s)
{
	cnv_finding finding = { .diag = { .severity = CNV_ERROR,
					  .code = CNV_STORE_FAILED,
					  .field = CNV_STR("age"),
					  .message = CNV_STR("m"),
					  .place = { .row = 2, .column = 2 } },
				.question = 1 };

	assert_int_equal(cnv_store_put_finding(s->store, s->ids[0], &finding, &s->diags), CNV_OK);
}

/* A store of layout 1 with two responses and a finding. */
static void set_old_stage(stage *s)
{
	cnv_str who[2] = { CNV_STR("AUS"), CNV_STR("NZ") };
	cnv_store_file file;

	set_stage(s, plain_form);
	file = next_file(s);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
	answer(s, "respondent|age\nAUS|-1\nNZ|2\n");
	assert_int_equal(begin(s, false), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s->store, s->batch, who, s->ids, s->outcomes, NULL, &s->diags), CNV_OK);
	put_finding(s);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
	close_store(s);
	age(s);
	assert_string_equal(dump(s, "PRAGMA user_version"), " 1:1\n");
}

static void assert_findings(stage *s, uint32_t findings, uint32_t quarantined)
{
	const cnv_reported_finding *rows;
	const cnv_reported_file *files;
	uint64_t all;
	uint32_t given;

	assert_int_equal(cnv_store_findings(s->store, CNV_STR("2026"), 9, &s->arena, &rows, &given, &all, &s->diags),
			 CNV_OK);
	assert_int_equal(given, findings);
	assert_int_equal(rows[0].line, 2);
	assert_int_equal(rows[0].sheet.len, 0);
	assert_int_equal(cnv_store_files(s->store, CNV_STR("2026"), &s->arena, &files, &given, &s->diags), CNV_OK);
	assert_int_equal(given, 1);
	assert_int_equal(files[0].reading.len, 0);
	assert_int_equal(cnv_store_quarantined(s->store, CNV_STR("2026"), 9, &s->arena, &rows, &given, &all, &s->diags),
			 CNV_OK);
	assert_int_equal(given, quarantined);
}

static void an_old_store_is_read_and_left_as_it_is(void **state)
{
	const char *before;
	stage s;

	(void)state;
	set_old_stage(&s);
	before = dump(&s, NULL);
	assert_int_equal(chmod(s.path, 0400), 0);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 2);
	assert_findings(&s, 1, 0);
	close_store(&s);
	assert_string_equal(before, dump(&s, NULL));
	assert_string_equal(dump(&s, "PRAGMA user_version"), " 1:1\n");
	assert_string_equal(s.said, "");
	strike(&s);
}

static void an_old_store_is_rehearsed_with_and_left_as_it_is(void **state)
{
	const char *before;
	stage s;

	(void)state;
	for (int large = 0; large < 2; large++) {
		set_old_stage(&s);
		before = dump(&s, NULL);
		assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
		take(&s, "respondent|age\nAUS|1\nNZ|2\nPNG|3\n", large);
		assert_counts(&s, 1, 1, 1);
		close_store(&s);
		assert_string_equal(before, dump(&s, NULL));
		strike(&s);
	}
}

/* Every table, column and index by name. */
static const char everything[] =
	"SELECT t.type, t.name, c.name FROM sqlite_schema t LEFT JOIN pragma_table_info(t.name) c"
	" WHERE t.name NOT GLOB 'sqlite_*' ORDER BY t.type, t.name, c.name";

static void an_old_store_is_brought_up_to_date_when_written_to(void **state)
{
	stage s, fresh;

	(void)state;
	set_stage(&fresh, plain_form);
	assert_int_equal(open_store(&fresh, CNV_STORE_WRITE), CNV_OK);
	take(&fresh, "respondent|age\nAUS|-1\nNZ|2\n", false);
	set_old_stage(&s);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_string_equal(dump(&s, "PRAGMA user_version"), " 1:10\n");
	assert_string_equal(dump(&s, everything), dump(&fresh, everything));
	strike(&fresh);
	assert_findings(&s, 1, 0);
	take(&s, "respondent|age\nAUS|1\nNZ|2\n", false);
	assert_counts(&s, 0, 1, 1);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 2);
	close_store(&s);
	assert_whole(&s);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	assert_string_equal(s.said, "N0724");
	strike(&s);
}

static void a_store_brought_up_to_date_by_half_is_as_before(void **state)
{
	cnv_status status = CNV_NO_MEMORY;
	const char *before;
	stage s;

	(void)state;
	set_old_stage(&s);
	before = dump(&s, NULL);
	for (size_t k = 0; status; k++) {
		cnv_mem_fail_after(k);
		status = open_store(&s, CNV_STORE_WRITE);
		cnv_mem_fail_after(SIZE_MAX);
		if (status) {
			assert_int_equal(status, CNV_NO_MEMORY);
			assert_string_equal(before, dump(&s, NULL));
		}
		assert_true(k < 1000);
	}
	assert_string_equal(dump(&s, "PRAGMA user_version"), " 1:10\n");
	strike(&s);
}

static void how_a_file_was_read_and_its_sheets_are_kept(void **state)
{
	cnv_diag why = { .code = CNV_STORE_FAILED,
			 .message = CNV_STR("why"),
			 .place = { .source = CNV_STR("a"), .sheet = CNV_STR("Answers"), .row = 4 } };
	const cnv_reported_finding *rows;
	const cnv_reported_file *files;
	cnv_store_file file;
	uint64_t all;
	uint32_t given;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	file = next_file(&s);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
	file.reading = CNV_STR("windows-1252, semicolon");
	assert_int_equal(cnv_store_file_set(s.store, &file, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_quarantine(s.store, &why, CNV_STR("x"), (cnv_str){ 0 }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_files(s.store, CNV_STR("2026"), &s.arena, &files, &given, &s.diags), CNV_OK);
	assert_true(cnv_str_equal(files[0].reading, file.reading));
	assert_int_equal(cnv_store_quarantined(s.store, CNV_STR("2026"), 9, &s.arena, &rows, &given, &all, &s.diags),
			 CNV_OK);
	assert_true(cnv_str_equal(rows[0].sheet, CNV_STR("Answers")));
	strike(&s);
}

/* ---------------------------------------------------------------- large originals, which lay in files/ */

static const char large_hex[] = "0100000000000000000000000000000000000000000000000000000000000000";

static void make_file(const stage *s, const char *name, const char *text)
{
	char path[192];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", s->folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static bool is_there(const stage *s, const char *folder, const char *name)
{
	char path[192];

	snprintf(path, sizeof path, "%s/%s/%s", s->folder, folder, name);
	return !access(path, F_OK);
}

/* An old store, the original of whose file is large. */
static void set_large_stage(stage *s)
{
	char path[192];
	sqlite3 *db;

	set_old_stage(s);
	assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE file SET size = 17000000, bytes = NULL", NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	snprintf(path, sizeof path, "%s/files", s->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "files/%s", large_hex);
	make_file(s, path, "large");
	make_file(s, "files/other", "somebody else's");
	make_file(s, "letter.txt", "Dear all");
}

static void strike_large(stage *s)
{
	char command[96];

	snprintf(command, sizeof command, "cd %s && rm -rf files s.db.files letter.txt second.db", s->folder);
	assert_int_equal(system(command), 0);
	strike(s);
}

static void a_large_original_moves_to_the_folder_of_its_store(void **state)
{
	stage s;

	(void)state;
	set_large_stage(&s);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	close_store(&s);
	assert_true(is_there(&s, "files", large_hex) && !is_there(&s, "s.db.files", large_hex));
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_true(!is_there(&s, "files", large_hex) && is_there(&s, "s.db.files", large_hex));
	assert_true(is_there(&s, "files", "other"));
	/* Imports leave it there, and what is not theirs where it is. */
	take(&s, "respondent|age\nAUS|1\n", false);
	assert_true(is_there(&s, "s.db.files", large_hex) && is_there(&s, "files", "other"));
	assert_string_equal(s.said, "N0724");
	strike_large(&s);
}

static void what_another_store_may_need_stays(void **state)
{
	char command[192];
	stage s;

	(void)state;
	set_large_stage(&s);
	snprintf(command, sizeof command, "cp %s %s/second.db", s.path, s.folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_true(is_there(&s, "files", large_hex) && is_there(&s, "s.db.files", large_hex));
	strike_large(&s);
}

static void put_notice(stage *s)
{
	cnv_notice notice = { .kind = CNV_NOTICE_SENT, .respondent = CNV_STR("AUS"), .at = { .utc_ms = 5 } };

	assert_int_equal(begin(s, false), CNV_OK);
	assert_int_equal(cnv_store_put_notice(s->store, &notice, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
}

/* Before layout 3 a command that was run again wrote its notices twice. */
static void notices_that_an_old_store_has_twice_stay(void **state)
{
	sqlite3 *db;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	put_notice(&s);
	close_store(&s);
	assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db,
			     "CREATE TABLE older (id INTEGER PRIMARY KEY, round, respondent, kind, due,"
			     " reason, happened, happened_offset);"
			     "INSERT INTO older SELECT n, round, respondent, kind, due, reason, happened,"
			     " happened_offset FROM notice, (SELECT 1 AS n UNION ALL SELECT 2);"
			     "DROP TABLE notice; PRAGMA legacy_alter_table = ON; ALTER TABLE older RENAME TO notice;"
			     "PRAGMA user_version = 2",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	put_notice(&s);
	put_notice(&s);
	assert_string_equal(dump(&s, "SELECT count(*) FROM notice"), " 1:3\n");
	strike(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_old_store_is_read_and_left_as_it_is),
		cmocka_unit_test(an_old_store_is_rehearsed_with_and_left_as_it_is),
		cmocka_unit_test(an_old_store_is_brought_up_to_date_when_written_to),
		cmocka_unit_test(a_store_brought_up_to_date_by_half_is_as_before),
		cmocka_unit_test(a_large_original_moves_to_the_folder_of_its_store),
		cmocka_unit_test(what_another_store_may_need_stays),
		cmocka_unit_test(how_a_file_was_read_and_its_sheets_are_kept),
		cmocka_unit_test(notices_that_an_old_store_has_twice_stay),
	};

	return cmocka_run_group_tests_name("stores of earlier layouts", tests, NULL, NULL);
}
