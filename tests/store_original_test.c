/* The room store as keeper of evidence: every file of a return, to the byte, whatever interrupts the import. */
#include "store_stage.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

#include "store/state.h"

/* ---------------------------------------------------------------- the folder of originals */

static const char *folder_of(const stage *s)
{
	static char path[64];

	snprintf(path, sizeof path, "%s.files", s->path);
	return path;
}

/* The names in it, sorted, each cut to 4 characters and its ending; "-": there is no folder. */
static const char *listed(const stage *s)
{
	static char out[256];
	struct dirent **entries;
	int count = scandir(folder_of(s), &entries, NULL, alphasort);

	snprintf(out, sizeof out, count < 0 ? "-" : "");
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name, *ending = strchr(name, '.');
		size_t len = strlen(out);

		if (name[0] != '.')
			snprintf(out + len, sizeof out - len, "%s%.4s%s", len ? " " : "", name, ending ? ending : "");
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return out;
}

static void empty_folder(const stage *s)
{
	char command[96];

	snprintf(command, sizeof command, "rm -rf %s", folder_of(s));
	assert_int_equal(system(command), 0);
}

static void digest(const char *text, uint8_t sha256[32])
{
	cnv_digest sum;

	cnv_digest_init(&sum, CNV_SHA256);
	cnv_digest_add(&sum, text, strlen(text));
	cnv_digest_end(&sum, sha256);
}

/* ---------------------------------------------------------------- a large return */

/* Its digest begins with 3ea4. */
static const char large_text[] = "respondent|age\nAUS|1\n";

static cnv_store_file large_file(const char *text)
{
	cnv_store_file file = { .name = CNV_STR("large.csv"), .size = strlen(text), .program = CNV_STR("9") };

	digest(text, file.sha256);
	return file;
}

static cnv_keeping *keep(stage *s, const char *text)
{
	cnv_keeping *keeping;

	assert_int_equal(cnv_keeping_open(&keeping, s->store, &s->diags), CNV_OK);
	for (const char *at = text; *at; at++)
		assert_int_equal(cnv_keeping_add(keeping, (cnv_str){ at, 1 }, &s->diags), CNV_OK);
	return keeping;
}

static void put_large(stage *s, cnv_keeping *keeping, const char *text)
{
	cnv_store_file file = large_file(text);
	cnv_original original = { .name = file.name, .size = file.size };

	memcpy(original.sha256, file.sha256, sizeof original.sha256);
	assert_int_equal(cnv_keeping_end(keeping, file.sha256, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_original(s->store, &original, &s->diags), CNV_OK);
}

static void take_large(stage *s, const char *text)
{
	cnv_keeping *keeping;

	assert_int_equal(begin(s, false), CNV_OK);
	keeping = keep(s, text);
	put_large(s, keeping, text);
	cnv_keeping_free(keeping);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
}

static void assert_content(const stage *s, const char *text)
{
	uint8_t sha256[32];
	char hex[65] = "", path[160], read[64];
	struct stat about;
	FILE *file;
	size_t len;

	digest(text, sha256);
	cnv_hex_write(sha256, 32, hex);
	snprintf(path, sizeof path, "%s/%s", folder_of(s), hex);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(stat(folder_of(s), &about), 0);
	assert_int_equal(about.st_mode & 0777, 0700);
	file = fopen(path, "r");
	assert_non_null(file);
	len = fread(read, 1, sizeof read, file);
	fclose(file);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(read, text, len);
}

/* Rosters of which only the bytes matter. */
static const cnv_roster no_roster = { .source = { "r.csv", 5 } };

static void set_written(stage *s)
{
	set_stage(s, plain_form);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
}

static void strike_all(stage *s)
{
	empty_folder(s);
	strike(s);
}

static void a_large_original_is_kept_under_its_digest(void **state)
{
	char read[8];
	size_t len;
	cnv_keeping *keeping;
	stage s;

	(void)state;
	set_written(&s);
	assert_int_equal(begin(&s, false), CNV_OK);
	keeping = keep(&s, large_text);
	assert_string_equal(listed(&s), "inco");
	assert_int_equal(cnv_keeping_peek(keeping, 3, read, sizeof read, &len, &s.diags), CNV_OK);
	assert_int_equal(len, 8);
	assert_memory_equal(read, large_text + 3, 8);
	assert_int_equal(cnv_keeping_peek(keeping, strlen(large_text), read, sizeof read, &len, &s.diags), CNV_OK);
	assert_int_equal(len, 0);
	assert_int_equal(cnv_keeping_add(keeping, CNV_STR("."), &s.diags), CNV_OK);
	put_large(&s, keeping, "respondent|age\nAUS|1\n.");
	cnv_keeping_free(keeping);
	assert_string_equal(listed(&s), "eee8 eee8.new");
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_string_equal(listed(&s), "eee8");
	assert_content(&s, "respondent|age\nAUS|1\n.");
	assert_string_equal(dump(&s, "SELECT file, position, name, size, bytes FROM original"),
			    " 1:1 1:0 3:large.csv 1:22 5:\n");
	strike_all(&s);
}

/* ---------------------------------------------------------------- what is given up leaves nothing */

static int refuse_commit(void *self)
{
	(void)self;
	return 1;
}

static int interrupt_once(void *self)
{
	return (*(int *)self)++ == 0;
}

static void what_is_rolled_back_leaves_no_original(void **state)
{
	stage s;

	(void)state;
	for (int way = 0; way < 4; way++) {
		cnv_keeping *keeping;
		int asked = 0;

		set_written(&s);
		assert_int_equal(begin(&s, false), CNV_OK);
		keeping = keep(&s, large_text);
		if (way)
			put_large(&s, keeping, large_text);
		if (way == 2) {
			sqlite3_commit_hook(s.store->db, refuse_commit, NULL);
			assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_NO_ACCESS);
			sqlite3_commit_hook(s.store->db, NULL, NULL);
			assert_string_equal(s.said, "E0700");
		} else if (way == 3) {
			/* SQLite itself rolls back what is interrupted. */
			sqlite3_progress_handler(s.store->db, 1, interrupt_once, &asked);
			answer(&s, "respondent|age\nAUS|1\n");
			assert_int_equal(cnv_store_put_batch(s.store, s.batch, &CNV_STR("AUS"), s.ids, s.outcomes, NULL,
							     &s.diags),
					 CNV_NO_ACCESS);
			sqlite3_progress_handler(s.store->db, 0, NULL, NULL);
		}
		cnv_store_rollback(s.store);
		cnv_keeping_free(keeping);
		assert_string_equal(listed(&s), "-");
		close_store(&s);
		assert_string_equal(dump(&s, "SELECT count(*) FROM original"), " 1:0\n");
		strike(&s);
	}
}

/* A process that is killed: how far it comes. */
enum { WHILE_COPYING, WHEN_PLACED, WHEN_PUT, WHEN_COMMITTED, DEATHS };

static void import_and_die(stage *s, int death)
{
	cnv_keeping *keeping;
	uint8_t sha256[32];

	digest(large_text, sha256);
	if (open_store(s, CNV_STORE_WRITE) || begin(s, false))
		_exit(1);
	keeping = keep(s, large_text);
	if (death == WHEN_PLACED && cnv_keeping_end(keeping, sha256, &s->diags))
		_exit(1);
	if (death >= WHEN_PUT)
		put_large(s, keeping, large_text);
	if (death == WHEN_COMMITTED) {
		/* The mark goes after the commit: as if that came too late. */
		s->store->placed_count = 0;
		if (cnv_store_commit(s->store, &s->counts, &s->diags))
			_exit(1);
	}
	raise(SIGKILL);
}

static void what_a_killed_import_left_goes_at_the_next(void **state)
{
	static const char *const left[] = { "inco", "3ea4 3ea4.new", "3ea4 3ea4.new", "3ea4 3ea4.new" };
	stage s;

	(void)state;
	for (int death = 0; death < DEATHS; death++) {
		int status;
		pid_t child;

		set_stage(&s, plain_form);
		child = fork();
		if (!child)
			import_and_die(&s, death);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_string_equal(listed(&s), left[death]);
		assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_string_equal(listed(&s), death == WHEN_COMMITTED ? "3ea4" : "-");
		cnv_store_rollback(s.store);
		assert_string_equal(listed(&s), death == WHEN_COMMITTED ? "3ea4" : "-");
		strike_all(&s);
	}
}

static void what_somebody_else_put_there_is_left(void **state)
{
	char path[96];
	stage s;

	(void)state;
	set_written(&s);
	take_large(&s, large_text);
	snprintf(path, sizeof path, "%s/letter.txt", folder_of(&s));
	fclose(fopen(path, "w"));
	assert_int_equal(begin(&s, false), CNV_OK);
	cnv_store_rollback(s.store);
	assert_string_equal(listed(&s), "3ea4 lett.txt");
	strike_all(&s);
}

/* ---------------------------------------------------------------- the same original again */

static void an_original_that_is_there_stays(void **state)
{
	cnv_keeping *keeping;
	char path[160], hex[65] = "";
	uint8_t sha256[32];
	stage s;

	(void)state;
	set_written(&s);
	take_large(&s, large_text);
	assert_int_equal(begin(&s, false), CNV_OK);
	keeping = keep(&s, large_text);
	put_large(&s, keeping, large_text);
	cnv_keeping_free(keeping);
	cnv_store_rollback(s.store);
	assert_content(&s, large_text);
	/* One that was cut short is made whole. */
	digest(large_text, sha256);
	cnv_hex_write(sha256, 32, hex);
	snprintf(path, sizeof path, "%s/%s", folder_of(&s), hex);
	assert_int_equal(truncate(path, 3), 0);
	take_large(&s, large_text);
	assert_content(&s, large_text);
	assert_string_equal(listed(&s), "3ea4");
	strike_all(&s);
}

/* A return that cannot be read to its end is rolled back, and kept whole with its reason. */
static void a_quarantined_return_is_kept_too(void **state)
{
	cnv_diag why = { .code = CNV_STORE_FAILED, .message = CNV_STR("why") };
	stage s;

	(void)state;
	for (int ended = 0; ended < 2; ended++) {
		cnv_keeping *keeping;

		set_written(&s);
		assert_int_equal(begin(&s, false), CNV_OK);
		keeping = keep(&s, large_text);
		if (ended)
			put_large(&s, keeping, large_text);
		cnv_store_rollback(s.store);
		assert_int_equal(begin(&s, false), CNV_OK);
		put_large(&s, keeping, large_text);
		assert_int_equal(cnv_store_quarantine(s.store, &why, (cnv_str){ 0 }, (cnv_str){ 0 }, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
		cnv_keeping_free(keeping);
		assert_content(&s, large_text);
		assert_string_equal(listed(&s), "3ea4");
		assert_string_equal(s.said, "");
		strike_all(&s);
	}
}

static void stores_in_one_folder_share_no_originals(void **state)
{
	stage s;
	char second[48];

	(void)state;
	set_written(&s);
	take_large(&s, large_text);
	close_store(&s);
	strcpy(second, s.path);
	s.path[strlen(s.path) - 4] = 't';
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_string_equal(listed(&s), "-");
	take_large(&s, large_text);
	close_store(&s);
	empty_folder(&s);
	remove(s.path);
	strcpy(s.path, second);
	assert_content(&s, large_text);
	strike_all(&s);
}

/* ---------------------------------------------------------------- rows */

static void every_file_of_a_return_has_its_row(void **state)
{
	static const char *const texts[] = { "the responses", "", "their pages" };
	cnv_store_file file = { .name = CNV_STR("a.csv"),
				.size = 24,
				.given = CNV_STR("AUS"),
				.options = CNV_STR("{}"),
				.program = CNV_STR("1.0"),
				.sha256 = { 1 } };
	stage s;

	(void)state;
	set_written(&s);
	assert_int_equal(begin(&s, false), CNV_OK);
	assert_int_equal(cnv_store_keep_roster(s.store, &no_roster, CNV_STR("one"), &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
	for (size_t i = 0; i < 3; i++) {
		cnv_original original = { .name = CNV_STR("a-pages.csv"), .bytes = cnv_str_from(texts[i]) };

		original.size = original.bytes.len;
		digest(texts[i], original.sha256);
		assert_int_equal(cnv_store_put_original(s.store, &original, &s.diags), CNV_OK);
	}
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_string_equal(dump(&s, "SELECT file, position, size, bytes, typeof(bytes) FROM original"),
			    " 1:1 1:0 1:13 4:the responses 3:blob\n 1:1 1:1 1:0 4: 3:blob\n"
			    " 1:1 1:2 1:11 4:their pages 3:blob\n");
	assert_string_equal(dump(&s, "SELECT size, given, options, program, roster, map FROM file"),
			    " 1:24 3:AUS 3:{} 3:1.0 1:1 5:\n");
	strike(&s);
}

/* What a return was judged with is kept as it was then. */
static void a_roster_and_the_files_next_to_a_form_are_kept(void **state)
{
	static const char *const rosters[] = { "one", "one", "two", "one" };
	static const char *const ports[] = { "p1", "p1", "p1", "p2" };
	cnv_str source, bytes;
	stage s;

	(void)state;
	set_written(&s);
	for (size_t i = 0; i < 4; i++) {
		cnv_store_file file = next_file(&s);
		cnv_original beside = { .name = CNV_STR("ports.csv"), .size = 2, .bytes = cnv_str_from(ports[i]) };

		digest(ports[i], beside.sha256);
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(cnv_store_keep_roster(s.store, &no_roster, cnv_str_from(rosters[i]), &s.diags),
				 CNV_OK);
		assert_int_equal(cnv_store_keep_map(s.store, CNV_STR("none"), (cnv_str){ 0 }, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &file, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_beside(s.store, &beside, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_beside(s.store, &beside, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_roster(s.store, &source, &bytes, &s.diags), CNV_OK);
		assert_true(cnv_str_equal(bytes, cnv_str_from(rosters[i])));
	}
	assert_string_equal(dump(&s,
				 "SELECT f.id, r.bytes, f.map, b.bytes FROM file f JOIN roster r ON r.id = f.roster"
				 " JOIN judged_with j ON j.file = f.id JOIN beside b ON b.id = j.beside ORDER BY f.id"),
			    " 1:1 4:one 1:1 4:p1\n 1:2 4:one 1:1 4:p1\n 1:3 4:two 1:1 4:p1\n 1:4 4:one 1:1 4:p2\n");
	assert_string_equal(dump(&s, "SELECT count(*) FROM beside"), " 1:2\n");
	strike(&s);
}

/* ---------------------------------------------------------------- there already */

static cnv_file_known known_as(stage *s, uint8_t first, const char *given)
{
	uint8_t sha256[32] = { first };
	cnv_file_known known;
	uint64_t responses;

	assert_int_equal(begin(s, false), CNV_OK);
	assert_int_equal(cnv_store_find_file(s->store, sha256, cnv_str_from(given), &known, &responses, &s->diags),
			 CNV_OK);
	cnv_store_rollback(s->store);
	return known;
}

static void put_given(stage *s, uint8_t first, const char *given, bool quarantined)
{
	cnv_store_file file = {
		.name = CNV_STR("a.csv"), .sha256 = { first }, .size = 5, .given = cnv_str_from(given)
	};
	cnv_original original = { .name = file.name, .size = 5, .bytes = CNV_STR("bytes") };
	cnv_diag why = { .code = CNV_STORE_FAILED, .message = CNV_STR("why") };

	assert_int_equal(begin(s, false), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_original(s->store, &original, &s->diags), CNV_OK);
	if (quarantined)
		assert_int_equal(cnv_store_quarantine(s->store, &why, (cnv_str){ 0 }, (cnv_str){ 0 }, &s->diags),
				 CNV_OK);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
}

static void the_same_bytes_of_another_respondent_are_another_return(void **state)
{
	stage s;

	(void)state;
	set_written(&s);
	put_given(&s, 1, "AUS", false);
	assert_int_equal(known_as(&s, 1, "AUS"), CNV_FILE_ACCEPTED);
	assert_int_equal(known_as(&s, 1, "NZ"), CNV_FILE_NEW);
	assert_int_equal(known_as(&s, 1, ""), CNV_FILE_NEW);
	put_given(&s, 1, "NZ", true);
	assert_int_equal(known_as(&s, 1, "NZ"), CNV_FILE_QUARANTINED);
	close_store(&s);
	assert_int_equal(open_store(&s, CNV_STORE_REHEARSE), CNV_OK);
	assert_int_equal(known_as(&s, 1, "AUS"), CNV_FILE_ACCEPTED);
	assert_int_equal(known_as(&s, 1, "PNG"), CNV_FILE_NEW);
	put_given(&s, 1, "PNG", false);
	assert_int_equal(known_as(&s, 1, "PNG"), CNV_FILE_ACCEPTED);
	assert_int_equal(known_as(&s, 1, "CT"), CNV_FILE_NEW);
	strike(&s);
}

/* An earlier canvass did not note who was given: then it was whose response it is. */
static void a_return_from_before_is_known_by_its_respondent(void **state)
{
	sqlite3 *db;
	stage s;

	(void)state;
	set_written(&s);
	take(&s, "respondent|age\nAUS|1\n", false);
	assert_int_equal(sqlite3_open(s.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE file SET given = NULL, program = NULL", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(known_as(&s, 1, ""), CNV_FILE_ACCEPTED);
	assert_int_equal(known_as(&s, 1, "AUS"), CNV_FILE_ACCEPTED);
	assert_int_equal(known_as(&s, 1, "NZ"), CNV_FILE_NEW);
	strike(&s);
}

static void a_quarantined_return_makes_way_with_its_files(void **state)
{
	stage s;

	(void)state;
	set_written(&s);
	put_given(&s, 1, "", true);
	put_given(&s, 1, "NZ", true); /* takes the place of the one that nobody was given for */
	put_given(&s, 2, "", true);
	put_given(&s, 1, "AUS", false);
	put_given(&s, 1, "NZ", false);
	assert_string_equal(
		dump(&s, "SELECT f.id, f.given, f.quarantined, (SELECT count(*) FROM original o WHERE o.file = f.id),"
			 " (SELECT count(*) FROM quarantine q WHERE q.file = f.id) FROM file f"),
		" 1:2 3: 1:1 1:1 1:1\n 1:3 3:AUS 1:0 1:1 1:0\n 1:4 3:NZ 1:0 1:1 1:0\n");
	assert_string_equal(dump(&s, "SELECT (SELECT count(*) FROM original), (SELECT count(*) FROM quarantine"
				     " WHERE settled IS NULL)"),
			    " 1:3 1:1\n");
	strike(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_original_is_kept_under_its_digest),
		cmocka_unit_test(what_is_rolled_back_leaves_no_original),
		cmocka_unit_test(what_a_killed_import_left_goes_at_the_next),
		cmocka_unit_test(what_somebody_else_put_there_is_left),
		cmocka_unit_test(an_original_that_is_there_stays),
		cmocka_unit_test(a_quarantined_return_is_kept_too),
		cmocka_unit_test(stores_in_one_folder_share_no_originals),
		cmocka_unit_test(every_file_of_a_return_has_its_row),
		cmocka_unit_test(a_roster_and_the_files_next_to_a_form_are_kept),
		cmocka_unit_test(the_same_bytes_of_another_respondent_are_another_return),
		cmocka_unit_test(a_return_from_before_is_known_by_its_respondent),
		cmocka_unit_test(a_quarantined_return_makes_way_with_its_files),
	};

	return cmocka_run_group_tests_name("originals", tests, NULL, NULL);
}
