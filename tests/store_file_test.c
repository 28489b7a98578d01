/* The room store as a file: what else it keeps, what a rehearsal leaves, and what is refused, damaged or short of
 * memory. */
#include <fcntl.h>
#include <sys/wait.h>

#include "store_stage.h"

/* ---------------------------------------------------------------- files, quarantine, findings, roster */

static void a_file_is_known_by_its_digest(void **state)
{
	cnv_store_file file = { .name = CNV_STR("a.csv"), .sha256 = { 1 }, .size = 5 };
	uint8_t other[32] = { 2 };
	cnv_file_known known;
	uint64_t responses;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nAUS|1\nNZ|2\nNZ|2\n", false);
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_find_file(s.store, file.sha256, (cnv_str){ 0 }, &known, &responses, &s.diags),
			 CNV_OK);
	assert_int_equal(known, CNV_FILE_ACCEPTED);
	assert_int_equal(responses, 3);
	assert_true(cnv_store_has_size(s.store, 5));
	assert_false(cnv_store_has_size(s.store, 6));
	assert_int_equal(cnv_store_find_file(s.store, other, (cnv_str){ 0 }, &known, &responses, &s.diags), CNV_OK);
	assert_int_equal(known, CNV_FILE_NEW);
	cnv_store_rollback(s.store);
	assert_int_equal(cnv_store_begin(s.store, CNV_STR("2027"), (cnv_instant){ 0 }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_find_file(s.store, file.sha256, (cnv_str){ 0 }, &known, &responses, &s.diags),
			 CNV_OK);
	assert_int_equal(known, CNV_FILE_NEW); /* another round */
	cnv_store_rollback(s.store);
	assert_true(cnv_str_equal(cnv_store_round(s.store), CNV_STR("2026")));
	assert_string_equal(
		dump(&s, "SELECT o.bytes, f.received, f.received_offset FROM file f JOIN original o ON o.file = f.id"),
		" 4:bytes 1:1000 1:3600\n");
	strike(&s);
}

static void a_quarantined_file_may_be_tried_again(void **state)
{
	cnv_diag why = { .code = CNV_STORE_FAILED,
			 .message = CNV_STR("why"),
			 .place = { .source = CNV_STR("a"), .row = 4 } };
	cnv_store_file file = { .name = CNV_STR("a.csv"), .sha256 = { 7 }, .size = 5 };
	const cnv_reported_finding *rows;
	cnv_file_known known;
	uint64_t responses, all;
	uint32_t given;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(
			cnv_store_find_file(s.store, file.sha256, (cnv_str){ 0 }, &known, &responses, &s.diags),
			CNV_OK);
		assert_int_equal(known, i ? CNV_FILE_QUARANTINED : CNV_FILE_NEW);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		if (i < 2)
			assert_int_equal(cnv_store_quarantine(s.store, &why, (cnv_str){ 0 }, (cnv_str){ 0 }, &s.diags),
					 CNV_OK);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
		assert_int_equal(
			cnv_store_quarantined(s.store, CNV_STR("2026"), 9, &s.arena, &rows, &given, &all, &s.diags),
			CNV_OK);
		assert_int_equal(given, i < 2);
		assert_int_equal(s.counts.quarantined, 0);
	}
	/* A single record is counted, and kept with its bytes. */
	file.sha256[0] = 8;
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_quarantine(s.store, &why, CNV_STR("x,1"), (cnv_str){ 0 }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_int_equal(s.counts.quarantined, 1);
	assert_int_equal(cnv_store_quarantined(s.store, CNV_STR("2026"), 9, &s.arena, &rows, &given, &all, &s.diags),
			 CNV_OK);
	assert_int_equal(given, 1);
	assert_int_equal(rows[0].line, 4);
	assert_true(cnv_str_equal(rows[0].message, CNV_STR("why")));
	assert_string_equal(dump(&s, "SELECT bytes, whole FROM quarantine WHERE settled IS NULL"), " 4:x,1 1:0\n");
	/* What was imported again is settled, and stays. */
	assert_string_equal(dump(&s, "SELECT id, settled, file FROM quarantine"),
			    " 1:1 1:1 5:\n 1:2 1:1 5:\n 1:3 5: 1:2\n");
	strike(&s);
}

static void put_one_finding(stage *s, uint64_t response, cnv_severity severity, uint32_t line)
{
	cnv_finding finding = { .diag = { .severity = severity,
					  .code = CNV_STORE_FAILED,
					  .field = CNV_STR("age"),
					  .excerpt = CNV_STR("-1"),
					  .message = CNV_STR("m"),
					  .hint = CNV_STR("h"),
					  .place = { .row = line, .column = 2 } },
				.question = 1,
				.verdict = CNV_AGAINST_CONSTRAINT };

	assert_int_equal(cnv_store_put_finding(s->store, response, &finding, &s->diags), CNV_OK);
}

static void findings_of_the_latest_revisions_are_listed(void **state)
{
	cnv_str who[2] = { CNV_STR("AUS"), CNV_STR("NZ") };
	const cnv_reported_finding *rows;
	const cnv_reported_file *files;
	uint32_t given;
	uint64_t all;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (int i = 0; i < 2; i++) {
		cnv_store_file file = next_file(&s);

		answer(&s, i ? "respondent|age\nAUS|-2\n" : "respondent|age\nAUS|-1\nNZ|-1\n");
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
		put_one_finding(&s, 0, CNV_WARNING, 1);
		put_one_finding(&s, s.ids[0], CNV_ERROR, 3);
		put_one_finding(&s, s.ids[0], CNV_WARNING, 2);
		if (!i)
			put_one_finding(&s, s.ids[1], CNV_ERROR, 5);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	}
	assert_int_equal(cnv_store_findings(s.store, CNV_STR("2026"), 4, &s.arena, &rows, &given, &all, &s.diags),
			 CNV_OK);
	assert_int_equal(all, 5);
	assert_int_equal(given, 4);
	assert_int_equal(rows[0].respondent.len, 0);
	assert_true(cnv_str_equal(rows[2].respondent, CNV_STR("NZ")));
	assert_true(cnv_str_equal(rows[3].respondent, CNV_STR("AUS")));
	assert_int_equal(rows[3].line, 2);
	assert_true(cnv_str_equal(rows[3].question, CNV_STR("age")));
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.reported[1].errors, 1);
	assert_int_equal(s.reported[1].warnings, 1);
	assert_int_equal(cnv_store_files(s.store, CNV_STR("2026"), &s.arena, &files, &given, &s.diags), CNV_OK);
	assert_int_equal(given, 2);
	assert_int_equal(files[1].sha256[0], 2);
	strike(&s);
}

static void the_roster_is_remembered(void **state)
{
	cnv_str source, bytes;
	const cnv_roster roster = { .source = CNV_STR("r.csv") };
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(cnv_store_roster(s.store, &source, &bytes, &s.diags), CNV_OK);
	assert_int_equal(source.len, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(cnv_store_keep_roster(s.store, &roster, i ? CNV_STR("two") : CNV_STR("one"), &s.diags),
				 CNV_OK);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	}
	assert_int_equal(cnv_store_roster(s.store, &source, &bytes, &s.diags), CNV_OK);
	assert_true(cnv_str_equal(source, CNV_STR("r.csv")) && cnv_str_equal(bytes, CNV_STR("two")));
	strike(&s);
}

/* ---------------------------------------------------------------- rehearsals, rollbacks */

static void a_rehearsal_counts_alike_and_leaves_nothing(void **state)
{
	cnv_file_known known;
	const char *before;
	uint64_t responses;
	stage s;

	(void)state;
	for (int large = 0; large < 2; large++) {
		set_stage(&s, plain_form);
		assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
		take(&s, pairing_story[0], large);
		assert_counts(&s, 3, 1, 1);
		close_store(&s);
		assert_int_equal(access(s.path, F_OK), -1);

		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		take(&s, pairing_story[0], large);
		close_store(&s);
		before = dump(&s, NULL);
		assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
		take(&s, pairing_story[1], large);
		assert_counts(&s, 1, 2, 3);
		take(&s, pairing_story[2], large); /* knows what the file before it brought */
		assert_counts(&s, 0, 0, 2);
		assert_int_equal(begin(&s, large), CNV_OK);
		for (uint8_t i = 1; i < 5; i++) {
			uint8_t sha256[32] = { i };

			assert_int_equal(
				cnv_store_find_file(s.store, sha256, (cnv_str){ 0 }, &known, &responses, &s.diags),
				CNV_OK);
			assert_int_equal(known, i == 1 ? CNV_FILE_NEW : CNV_FILE_ACCEPTED);
		}
		cnv_store_rollback(s.store);
		close_store(&s);
		assert_string_equal(before, dump(&s, NULL));
		assert_string_equal(s.said, "");
		strike(&s);
	}
}

static void a_rollback_leaves_the_store_as_it_was(void **state)
{
	cnv_str who[1] = { CNV_STR("NZ") };
	cnv_store_file file = { .sha256 = { 9 } };
	const char *before;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	before = dump(&s, NULL);
	for (int i = 0; i < 2; i++) {
		answer(&s, "respondent|age\nNZ|1\n");
		assert_int_equal(begin(&s, i), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
		cnv_store_rollback(s.store);
		assert_string_equal(before, dump(&s, NULL));
	}
	take(&s, "respondent|age\nNZ|1\n", false);
	assert_counts(&s, 1, 0, 0);
	strike(&s);
}

/* ---------------------------------------------------------------- opening */

static void a_new_store_is_private_and_durable(void **state)
{
	mode_t mask = umask(0);
	struct stat about;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	umask(mask);
	assert_int_equal(stat(s.path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	close_store(&s);
	assert_string_equal(dump(&s, "SELECT * FROM pragma_page_size, pragma_journal_mode, pragma_application_id,"
				     " pragma_user_version"),
			    " 1:16384 3:delete 1:1129207379 1:10\n");
	strike(&s);
}

static off_t size_of(const stage *s)
{
	struct stat about;

	assert_int_equal(stat(s->path, &about), 0);
	return about.st_size;
}

/* Its tables and the first return are one transaction: until that is committed the file is empty. */
static void a_new_store_is_made_with_its_first_return(void **state)
{
	cnv_str who[1] = { CNV_STR("NZ") };
	cnv_store_file file = { .sha256 = { 9 } };
	const cnv_str *labels;
	uint32_t count;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(cnv_store_rounds(s.store, &s.arena, &labels, &count, &s.diags), CNV_OK);
		assert_int_equal(count, 0);
		answer(&s, "respondent|age\nNZ|1\n");
		assert_int_equal(begin(&s, i == 1), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
		cnv_store_rollback(s.store);
		assert_int_equal(size_of(&s), 0);
	}
	take(&s, "respondent|age\nNZ|1\n", false);
	assert_counts(&s, 1, 0, 0);
	assert_int_equal(cnv_store_rounds(s.store, &s.arena, &labels, &count, &s.diags), CNV_OK);
	assert_int_equal(count, 1);
	assert_string_equal(dump(&s, "SELECT * FROM pragma_page_size, pragma_application_id, pragma_user_version"),
			    " 1:16384 1:1129207379 1:10\n");
	/* What was committed stays when the next transaction is rolled back. */
	assert_int_equal(begin(&s, false), CNV_OK);
	cnv_store_rollback(s.store);
	take(&s, "respondent|age\nNZ|2\n", false);
	assert_counts(&s, 0, 1, 0);
	assert_whole(&s);
	assert_string_equal(s.said, "");
	strike(&s);
}

/* Two of us open the same new store; the second one's transaction comes after the first one's. */
static void a_new_store_may_be_made_by_another_meanwhile(void **state)
{
	static const char *const forms[] = { plain_form, nested_form };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		stage first, second;

		set_stage(&first, forms[i]);
		set_stage(&second, plain_form);
		memcpy(second.path, first.path, sizeof second.path);
		assert_int_equal(open_store(&first, CNV_STORE_WRITE), CNV_OK);
		assert_int_equal(open_store(&second, CNV_STORE_WRITE), CNV_OK);
		take(&first, "respondent\nNZ\n", false);
		if (i) {
			assert_int_equal(begin(&second, false), CNV_REJECTED);
			assert_string_equal(second.said, "E0703");
		} else {
			take(&second, "respondent|age\nNZ|2\n", false);
			assert_counts(&second, 0, 1, 0);
		}
		close_store(&second);
		close_store(&first);
		assert_whole(&first);
		strike(&second);
		strike(&first);
	}
}

struct refusal {
	const char *name, *make; /* SQL, or the file's bytes after a '='; NULL: no file; "/": a folder */
	cnv_store_mode mode;
	cnv_status status;
	const char *said;
};

static const struct refusal refusals[] = {
	{ "a text is no store", "=respondent,age\nAUS,1\n", CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a short text is no store", "=x", CNV_STORE_READ, CNV_REJECTED, "E0702" },
	{ "a database of another program is left alone", "CREATE TABLE t (a)", CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a write-ahead log of another program is left alone", "PRAGMA journal_mode = WAL; CREATE TABLE t (a)",
	  CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a folder is no store", "/", CNV_STORE_WRITE, CNV_REJECTED, "E0702" },
	{ "a store of a later canvass",
	  "PRAGMA application_id = 1129207379; PRAGMA user_version = 99; CREATE TABLE store (a)", CNV_STORE_WRITE,
	  CNV_REJECTED, "E0704" },
	{ "a store of another form",
	  "PRAGMA application_id = 1129207379; PRAGMA user_version = 1; CREATE TABLE store (form_id);"
	  " INSERT INTO store VALUES ('other')",
	  CNV_STORE_WRITE, CNV_REJECTED, "E0703" },
	{ "a store without tables", "PRAGMA application_id = 1129207379; PRAGMA user_version = 1; CREATE TABLE t (a)",
	  CNV_STORE_READ, CNV_NO_ACCESS, "E0700" },
	{ "there is nothing to read yet", NULL, CNV_STORE_READ, CNV_NO_ACCESS, "E0701" },
	{ "an empty file holds nothing yet", "=", CNV_STORE_READ, CNV_NO_ACCESS, "E0701" },
};

static void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	fputs(bytes, file);
	fclose(file);
}

static cnv_str file_bytes(stage *s, const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = cnv_arena_get(&s->arena, 1 << 20);
	size_t len = file ? fread(bytes, 1, 1 << 20, file) : 0;

	if (file)
		fclose(file);
	return (cnv_str){ bytes, len };
}

static void what_is_no_store_is_refused(void **state)
{
	const struct refusal *test = *state;
	cnv_str before;
	stage s;

	set_stage(&s, plain_form);
	if (test->make && test->make[0] == '=') {
		write_file(s.path, test->make + 1);
	} else if (test->make && test->make[0] == '/') {
		assert_int_equal(mkdir(s.path, 0700), 0);
	} else if (test->make) {
		sqlite3 *db;

		assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, test->make, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
	}
	before = file_bytes(&s, s.path);
	assert_int_equal(open_store(&s, test->mode), test->status);
	assert_null(s.store);
	assert_string_equal(s.said, test->said);
	assert_true(cnv_str_equal(before, file_bytes(&s, s.path)));
	strike(&s);
}

static void a_store_in_use_is_waited_for_then_told(void **state)
{
	sqlite3 *other;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nNZ|1\n", false);
	assert_int_equal(sqlite3_open(s.path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	cnv_store_be_patient(s.store, &(cnv_patience){ .seconds = 1 });
	assert_int_equal(begin(&s, false), CNV_NO_ACCESS);
	assert_string_equal(s.said, "E0705");
	sqlite3_close(other);
	take(&s, "respondent|age\nNZ|2\n", false);
	assert_counts(&s, 0, 1, 0);
	strike(&s);
}

/* Does this process hold a lock that keeps others from writing?  Only another process can ask. */
static bool is_held(const char *path)
{
	int how = 0;
	pid_t child = fork();

	if (!child) {
		/* The bytes by which SQLite's readers and writers exclude each other. */
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510 };
		int file = open(path, O_RDWR);

		_exit(file < 0 || fcntl(file, F_GETLK, &lock) ? 2 : lock.l_type != F_UNLCK);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFEXITED(how) && WEXITSTATUS(how) < 2);
	return WEXITSTATUS(how) == 1;
}

/* A second connection must not end the snapshot of the first. */
static void a_store_that_is_opened_again_stays_closed_to_writers(void **state)
{
	cnv_store *again = NULL;
	uint64_t responses;
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age\nNZ|1\n", false);
	close_store(&s);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	assert_int_equal(cnv_store_count(s.store, CNV_STR("2026"), &responses, &s.diags), CNV_OK);
	assert_true(is_held(s.path));
	assert_int_equal(cnv_store_open_again(&again, s.store, s.form, (cnv_str){ 0 }, &s.diags), CNV_OK);
	assert_true(is_held(s.path));
	assert_int_equal(cnv_store_close(again, &s.diags), CNV_OK);
	assert_true(is_held(s.path));
	close_store(&s);
	assert_false(is_held(s.path));
	strike(&s);
}

/* One byte after the other is turned: whatever that does, nothing crashes, and it is told or harmless. */
static void a_damaged_store_is_told(void **state)
{
	cnv_str whole;
	char *bytes;
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|n|doc[1]/title|doc[1]/issue[1]/day\nAUS|x|t|2026-01-01\nNZ|2|t|soon\n", false);
	close_store(&s);
	whole = file_bytes(&s, s.path);
	bytes = (char *)whole.at;
	for (size_t at = 100; at < whole.len; at += bytes[at] ? 3 : 997) {
		char kept = bytes[at];
		FILE *file = fopen(s.path, "wb");

		assert_non_null(file);
		bytes[at] = (char)~kept;
		fwrite(bytes, 1, whole.len, file);
		fclose(file);
		bytes[at] = kept;
		s.said[0] = 0;
		if (open_store(&s, CNV_STORE_READ) == CNV_OK)
			if (read_back(&s) != CNV_OK)
				assert_string_not_equal(s.said, "");
		cnv_store_close(s.store, &s.diags);
		s.store = NULL;
	}
	s.store = NULL;
	strike(&s);
}

/* ---------------------------------------------------------------- memory */

static void lack_of_memory_is_told_once_and_harmless(void **state)
{
	cnv_status status = CNV_NO_MEMORY;
	const char *before;
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|n\nAUS|1\n", false);
	close_store(&s);
	answer(&s, "respondent|n|doc[1]/title\nAUS|2|x\nNZ| 3|y\n");
	before = dump(&s, NULL);
	for (size_t k = 0; status; k++) {
		s.files = 1;
		cnv_mem_fail_after(k);
		status = open_store(&s, CNV_STORE_WRITE);
		if (!status)
			status = put(&s, k % 2);
		if (status)
			cnv_store_close(s.store, &s.diags);
		cnv_mem_fail_after(SIZE_MAX);
		if (status) {
			assert_int_equal(status, CNV_NO_MEMORY);
			assert_string_equal(before, dump(&s, NULL));
			s.store = NULL;
		}
		assert_true(k < 10000);
	}
	status = CNV_NO_MEMORY;
	for (size_t k = 0; status; k++) {
		cnv_batch_reset(s.again);
		cnv_mem_fail_after(k);
		status = read_back(&s);
		cnv_mem_fail_after(SIZE_MAX);
		if (status)
			assert_int_equal(status, CNV_NO_MEMORY);
		cnv_batch_free(s.again);
		s.again = cnv_batch_new(s.form);
	}
	assert_int_equal(s.read, 2);
	strike(&s);
}

/* A form whose lists and tables need more room than a version begins with: they are allocations of their own. */
static const char *write_many_repeats(char *room, size_t size)
{
	size_t len = (size_t)snprintf(room, size, "survey\n|type|name|label\n|text|respondent|Who\n");

	for (int i = 0; i < 80; i++)
		len += (size_t)snprintf(room + len, size - len,
					"|begin repeat|r%d|R\n|text|t%d|T\n|select_multiple l%d|c%d|C\n|end repeat\n",
					i, i, i, i);
	len += (size_t)snprintf(room + len, size - len, "choices\n|list_name|name|label\n");
	for (int i = 0; i < 80; i++)
		for (int k = 0; k < 66; k++) /* more than a word has bits: such answers are stored by name */
			len += (size_t)snprintf(room + len, size - len, "|l%d|n%d|N%d\n", i, k, k);
	snprintf(room + len, size - len, "settings\n|form_id\n|many\n");
	return room;
}

/* The same answers again, compared with those that are stored; nothing is written. */
static cnv_status rehearse_refusing(stage *s, size_t refused)
{
	cnv_status status;

	cnv_mem_fail_once(refused);
	status = open_store(s, CNV_STORE_REHEARSE);
	if (!status)
		status = put(s, false);
	cnv_mem_fail_once(SIZE_MAX);
	cnv_store_close(s->store, &s->diags);
	s->store = NULL;
	s->said[0] = 0;
	return status;
}

static void without_the_tables_of_a_version_nothing_is_compared(void **state)
{
	static char form[150000];
	size_t before, needed, short_of = 0;
	stage s;

	(void)state;
	set_stage(&s, write_many_repeats(form, sizeof form));
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|r0[1]/t0|r0[1]/c0|r79[1]/t79|r79[1]/c79\nAUS|x|n1 n65|y|n0 n64\n", false);
	close_store(&s);
	before = cnv_mem_allocations();
	assert_int_equal(rehearse_refusing(&s, SIZE_MAX), CNV_OK);
	needed = cnv_mem_allocations() - before;
	for (size_t k = 0; k < needed; k++) {
		if (rehearse_refusing(&s, k))
			short_of++;
		else
			assert_counts(&s, 0, 0, 1);
	}
	assert_true(short_of > needed / 2);
	strike(&s);
}

/* ---------------------------------------------------------------- all of them */

#define REFUSALS (sizeof refusals / sizeof refusals[0])

int main(void)
{
	static const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_file_is_known_by_its_digest),
		cmocka_unit_test(a_quarantined_file_may_be_tried_again),
		cmocka_unit_test(findings_of_the_latest_revisions_are_listed),
		cmocka_unit_test(the_roster_is_remembered),
		cmocka_unit_test(a_rehearsal_counts_alike_and_leaves_nothing),
		cmocka_unit_test(a_rollback_leaves_the_store_as_it_was),
		cmocka_unit_test(a_new_store_is_private_and_durable),
		cmocka_unit_test(a_new_store_is_made_with_its_first_return),
		cmocka_unit_test(a_new_store_may_be_made_by_another_meanwhile),
		cmocka_unit_test(a_store_in_use_is_waited_for_then_told),
		cmocka_unit_test(a_store_that_is_opened_again_stays_closed_to_writers),
		cmocka_unit_test(a_damaged_store_is_told),
		cmocka_unit_test(lack_of_memory_is_told_once_and_harmless),
		cmocka_unit_test(without_the_tables_of_a_version_nothing_is_compared),
	};
	static struct CMUnitTest tests[REFUSALS + sizeof stories / sizeof stories[0]];
	size_t count = 0;

	for (size_t i = 0; i < REFUSALS; i++)
		tests[count++] = (struct CMUnitTest){ .name = refusals[i].name,
						      .test_func = what_is_no_store_is_refused,
						      .initial_state = (void *)&refusals[i] };
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		tests[count++] = stories[i];
	return _cmocka_run_group_tests("store as a file", tests, count, NULL, NULL);
}
