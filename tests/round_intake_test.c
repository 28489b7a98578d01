/* Importing returns: what becomes of each, in which order it is told, and that neither size, threads nor a second pass
 * change the outcome. */
#include "intake_stage.h"

static const char days_form[] =
	"survey\n,type,name,label\n,text,respondent,Who\n,date,day,Day\n,integer,count,How many\n,text,remark,Remark\n"
	"settings\n,form_title,form_id\n,Days,days\n";

/* No question asks who answers. */
static const char nameless_form[] = "survey\n,type,name,label\n,integer,count,How many\n,text,remark,Remark\n"
				    "settings\n,form_title,form_id\n,Ships,ships\n";

static void assert_responses(const importing *i, uint64_t fresh, uint64_t revisions, uint64_t already,
			     uint64_t quarantined)
{
	assert_int_equal(i->totals.responses.fresh, fresh);
	assert_int_equal(i->totals.responses.revisions, revisions);
	assert_int_equal(i->totals.responses.already, already);
	assert_int_equal(i->totals.responses.quarantined, quarantined);
}

static void assert_files(const importing *i, uint64_t accepted, uint64_t already, uint64_t quarantined, uint64_t failed)
{
	assert_int_equal(i->totals.accepted, accepted);
	assert_int_equal(i->totals.already, already);
	assert_int_equal(i->totals.quarantined, quarantined);
	assert_int_equal(i->totals.failed, failed);
	assert_int_equal(i->totals.files, accepted + already + quarantined + failed);
}

/* ---------------------------------------------------------------- what becomes of a return */

/* One file each, into an empty store with the roster AA to DD. */
static const struct fate {
	const char *name, *file, *bytes, *heard, *responses, *quarantined;
} fates[] = {
	{ "answers without findings", "a.csv", "respondent,count,remark\nAA,3,x\n", "+ AA 3\n= a.csv accepted\n",
	  "AA|1|2|\n", "" },
	{ "findings do not keep a return out", "a.csv", "respondent,count\nAA,many\nBB,\n",
	  "E0502@2\nE0501@3\n+ AA 2\n+ BB 1\n= a.csv accepted\n", "AA|1|2|502\nBB|1|3|501\n", "" },
	{ "normalized values are told behind the findings", "a.csv", "respondent,count\nAlpha,many\n",
	  "E0502@2\n~ respondent: \"Alpha\" -> \"AA\"\n+ AA 2\n= a.csv accepted\n", "AA|1|2|502\n", "" },
	{ "no column is a question", "a.csv", "ship,flag\nA,B\n", "E0601@1\n= a.csv quarantined\n", "", "1|1|601\n" },
	{ "a row without a respondent is set aside alone", "a.csv", "respondent,count\nAA,3\n,4\n",
	  "E0690@3\n+ AA 2\n= a.csv accepted\n", "AA|1|2|\n", "0|3|690\n" },
	{ "an unknown respondent of a row is set aside alone", "a.csv", "respondent,count\nZZ,3\nAA,4\n",
	  "E0691@2\n+ AA 2\n= a.csv accepted\n", "AA|1|3|\n", "0|2|691\n" },
	{ "an unknown respondent in the long layout sets the file aside", "a.csv",
	  "question,no,label,answer,note\nrespondent,,,ZZ,\ncount,,,3,\n", "E0691@2\n= a.csv quarantined\n", "",
	  "1|2|691\n" },
	{ "a file that is empty", "a.csv", "", "E0010@0\n= a.csv quarantined\n", "", "1|0|10\n" },
};

static void a_return_has_its_fate(void **state)
{
	const struct fate *fate = *state;
	importing i;

	set_importing(&i, ships_form, ships_roster);
	import_text(&i, fate->file, fate->bytes);
	assert_true(cnv_str_starts(cnv_str_from(i.heard.at), CNV_STR("file a.csv\n")));
	assert_string_equal(i.heard.at + strlen("file a.csv\n"), fate->heard);
	assert_string_equal(stored(&i,
				   "SELECT respondent, revision, line, (SELECT group_concat(code) FROM finding f WHERE"
				   " f.response = r.id) FROM response r ORDER BY id"),
			    fate->responses);
	assert_string_equal(stored(&i, "SELECT whole, line, code FROM quarantine ORDER BY id"), fate->quarantined);
	assert_int_equal(i.totals.files, 1);
	assert_int_equal(i.totals.fault, CNV_OK);
	strike_importing(&i);
}

static void the_same_bytes_are_there_already(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	import_text(&i, "a.csv", "respondent,count\nAA,3\nBB,4\n");
	assert_responses(&i, 2, 0, 0, 0);
	assert_string_equal(import_text(&i, "b.csv", "respondent,count\nAA,3\nBB,4\n"),
			    "file b.csv\n= b.csv already\n");
	assert_responses(&i, 0, 0, 2, 0);
	assert_files(&i, 0, 1, 0, 0);
	assert_string_equal(stored(&i, "SELECT count(*) FROM file"), "1\n");
	strike_importing(&i);
}

static void the_same_bytes_for_another_respondent_are_another_return(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, nameless_form, ships_roster);
	i.options.respondent = CNV_STR("AA");
	assert_string_equal(import_text(&i, "a.csv", "count,remark\n5,x\n"), "file a.csv\n+ AA 2\n= a.csv accepted\n");
	i.options.respondent = CNV_STR("BB");
	assert_string_equal(import(&i, "a.csv"), "file a.csv\n+ BB 2\n= a.csv accepted\n");
	assert_string_equal(import(&i, "a.csv"), "file a.csv\n= a.csv already\n");
	assert_string_equal(stored(&i, "SELECT given, responses FROM file ORDER BY id"), "AA|1\nBB|1\n");
	strike_importing(&i);
}

static void give_roster(importing *i, const char *roster)
{
	write_file(&i->s, "roster.csv", cnv_str_from(roster));
	cnv_roster_file_fini(&i->s.roster);
	assert_int_equal(
		cnv_roster_file_load(&i->s.roster, path_to(&i->s, "roster.csv"), (cnv_str){ 0 }, NULL, &i->s.diags),
		CNV_OK);
}

static void rows_set_aside_are_tried_again(void **state)
{
	static const char file[] = "respondent,count\nAA,3\nYY,5\nZZ,many\n";
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	import_text(&i, "a.csv", file);
	assert_responses(&i, 1, 0, 0, 2);
	/* Nothing can be done for them yet. */
	assert_string_equal(import(&i, "a.csv"), "file a.csv\nE0691@3\nE0691@4\n= a.csv already\n");
	assert_responses(&i, 0, 0, 1, 2);
	give_roster(&i, "code,name\nAA,Alpha\nZZ,Zeta\n");
	assert_string_equal(import(&i, "a.csv"), "file a.csv\nE0691@3\nE0502@4\n+ ZZ 2\n= a.csv accepted\n");
	assert_responses(&i, 1, 0, 1, 1);
	assert_string_equal(stored(&i, "SELECT respondent, revision, line FROM response ORDER BY id"),
			    "AA|1|2\nZZ|1|4\n");
	assert_string_equal(stored(&i, "SELECT line FROM quarantine WHERE settled IS NULL"), "3\n");
	give_roster(&i, "code,name\nAA,Alpha\nYY,Ypsilon\nZZ,Zeta\n");
	import(&i, "a.csv");
	assert_responses(&i, 1, 0, 2, 0);
	assert_string_equal(stored(&i, "SELECT line FROM quarantine WHERE settled IS NULL"), "");
	assert_string_equal(import(&i, "a.csv"), "file a.csv\n= a.csv already\n");
	strike_importing(&i);
}

static void a_missing_file_does_not_keep_the_next_from_being_imported(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	write_file(&i.s, "b.csv", CNV_STR("respondent,count\nBB,4\n"));
	assert_string_equal(import(&i, "a.csv b.csv"),
			    "file a.csv\nE0003@0\n= a.csv failed\nfile b.csv\n+ BB 2\n= b.csv accepted\n");
	assert_files(&i, 1, 0, 0, 1);
	assert_int_equal(i.totals.fault, CNV_NO_ACCESS);
	assert_int_equal(i.totals.errors, 0); /* nobody's answers are wrong */
	strike_importing(&i);
}

/* A defect of canvass, made on purpose: the remark has no class. */
static void a_return_with_cells_that_are_not_accounted_for_is_set_aside(void **state)
{
	static const char file[] = "respondent,count,count#note\nAA,3,counted twice\n";
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	cnv_account_fail_once(0);
	assert_string_equal(import_text(&i, "a.csv", file), "file a.csv\nE0626@0\n= a.csv quarantined\n");
	assert_string_equal(
		i.message,
		"the file has 6 cells, and 5 are accounted for (keep the file, and report this as a defect of "
		"canvass)");
	assert_files(&i, 0, 0, 1, 0);
	assert_string_equal(stored(&i, "SELECT whole, line, code FROM quarantine"), "1|0|626\n");
	assert_string_equal(stored(&i, "SELECT count(*) FROM response"), "0\n");
	/* The next import counts as it should. */
	assert_string_equal(import(&i, "a.csv"), "file a.csv\n+ AA 2\n= a.csv accepted\n");
	strike_importing(&i);
}

static void totals_add_up_over_the_returns_of_a_run(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	write_file(&i.s, "a.csv", CNV_STR("respondent,count\nAA,3\nBB,many\n"));
	write_file(&i.s, "b.csv", CNV_STR("respondent,count\nAA,4\nZZ,4\nGamma,7\n"));
	write_file(&i.s, "c.csv", CNV_STR("ship,flag\nA,B\n"));
	import(&i, "a.csv b.csv a.csv c.csv d.csv");
	assert_files(&i, 2, 1, 1, 1);
	assert_responses(&i, 3, 1, 2, 1);
	assert_int_equal(i.totals.errors, 3);   /* E0502, E0691, E0601 */
	assert_int_equal(i.totals.warnings, 1); /* W0695 */
	assert_int_equal(i.totals.changes, 1);
	strike_importing(&i);
}

static void bytes_in_memory_are_a_return(void **state)
{
	importing i;
	cnv_intake *intake;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	intake = new_intake(&i);
	assert_int_equal(cnv_intake_add_bytes(intake, CNV_STR("typed"),
					      CNV_STR("question,no,label,answer,note\nrespondent,,,DD,\ncount,,,3,\n")),
			 CNV_OK);
	assert_string_equal(run_intake(&i, intake), "file typed\n+ DD 2\n= typed accepted\n");
	assert_string_equal(stored(&i, "SELECT name, bytes FROM original"),
			    "typed|question,no,label,answer,note\nrespondent,,,DD,\ncount,,,3,\n\n");
	strike_importing(&i);
}

/* ---------------------------------------------------------------- durable, or nothing */

static void count_in_another_store(importing *i)
{
	cnv_store *other;

	assert_int_equal(cnv_store_open(&other, path_to(&i->s, "s.db"), CNV_STORE_READ, i->s.form.form, i->s.form.bytes,
					NULL, &i->s.diags),
			 CNV_OK);
	assert_int_equal(cnv_store_count(other, ROUND, &i->counted, &i->s.diags), CNV_OK);
	assert_int_equal(cnv_store_close(other, &i->s.diags), CNV_OK);
	cnv_text_format(&i->heard, "%llu\n", (unsigned long long)i->counted);
}

static void an_outcome_is_told_when_it_is_durable(void **state)
{
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	write_file(&i.s, "a.csv", CNV_STR("respondent,count\nAA,3\nBB,5\n"));
	write_file(&i.s, "b.csv", CNV_STR("respondent,count\nCC,3\n"));
	i.at_done = count_in_another_store;
	assert_string_equal(import(&i, "a.csv b.csv"), "file a.csv\n+ AA 2\n+ BB 2\n= a.csv accepted\n2\n"
						       "file b.csv\n+ CC 2\n= b.csv accepted\n3\n");
	strike_importing(&i);
}

static void a_dry_run_tells_the_same_and_leaves_nothing(void **state)
{
	static const char names[] = "a.csv b.csv c.csv a.csv";
	const char *told;
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	write_file(&i.s, "a.csv", CNV_STR("respondent,count\nAA,3\nZZ,5\n"));
	write_file(&i.s, "b.csv", CNV_STR("respondent,count\nAA,4\nBB,many\nBB,5\n"));
	write_file(&i.s, "c.csv", CNV_STR("ship,flag\nA,B\n"));
	assert_int_equal(cnv_store_close(i.s.store, &i.s.diags), CNV_OK);
	i.s.store = NULL;
	unlink(path_to(&i.s, "s.db").at);
	i.options.rehearse = true;
	open_store(&i.s, CNV_STORE_REHEARSE);
	import(&i, "a.csv b.csv c.csv");
	assert_files(&i, 2, 0, 1, 0);
	assert_responses(&i, 2, 2, 0, 1);
	assert_int_equal(cnv_store_close(i.s.store, &i.s.diags), CNV_OK);
	i.s.store = NULL;
	assert_false(is_there(&i.s, "s.db"));
	/* Nor in a store that has something. */
	i.options.rehearse = false;
	open_store(&i.s, CNV_STORE_WRITE);
	import(&i, "a.csv");
	told = stored_responses(&i);
	i.options.rehearse = true;
	open_store(&i.s, CNV_STORE_REHEARSE);
	import(&i, names);
	assert_files(&i, 1, 2, 1, 0);
	assert_string_equal(stored_responses(&i), told);
	assert_string_equal(stored(&i, "SELECT count(*) FROM file"), "1\n");
	strike_importing(&i);
}

/* ---------------------------------------------------------------- large returns */

/* So many rows of "R00001", a day and a count, between a first and a last row; filler: bytes of each remark. */
static cnv_str many_rows(importing *i, uint32_t rows, uint32_t filler, const char *first, const char *last)
{
	cnv_text out = { 0 };
	cnv_str copy;

	cnv_text_format(&out, "respondent,day,count,remark\n%s", first);
	for (uint32_t row = 1; row <= rows; row++) {
		cnv_text_format(&out, "R%05u,01/0%u/2026,%u,", row, 1 + row % 9, row);
		for (uint32_t k = 0; k < filler; k++)
			cnv_text_put_char(&out, (char)('a' + (row + k) % 26));
		cnv_text_put_char(&out, '\n');
	}
	cnv_text_format(&out, "%s", last);
	assert_false(out.failed);
	copy = cnv_arena_copy(&i->s.arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy;
}

static const char first_rows[] = "AA,13/02/2026,1,\nBB,03/04/2026,many,\nCC,,,x\n";

/* Rows and bytes of a remark: one window and less, its boundary, windows that wait, windows that flow, and parsing in a
 * thread of its own. */
static const struct size {
	const char *name;
	uint32_t rows, filler;
} sizes[] = {
	{ "a window is full to its last row", CNV_WINDOW_ROWS - 3, 0 },
	{ "the second window has one row", CNV_WINDOW_ROWS - 2, 0 },
	{ "as many windows as wait", 4 * CNV_WINDOW_ROWS - 3, 0 },
	{ "one row more than waits", 4 * CNV_WINDOW_ROWS - 2, 0 },
	{ "windows flow", 5 * CNV_WINDOW_ROWS, 0 },
	{ "a file that is worth a thread", 4200, 300 },
	{ "a file that is worth a thread, and flows", 17000, 60 },
};

static void threads_do_not_change_what_is_heard_and_stored(void **state)
{
	const struct size *size = *state;
	const char *heard = NULL, *held = NULL;

	for (uint32_t threads = 0; threads < 3; threads++) {
		importing i;

		set_importing(&i, days_form, NULL);
		i.options.threads = threads;
		write_file(&i.s, "a.csv", many_rows(&i, size->rows, size->filler, first_rows, ""));
		import(&i, "a.csv");
		assert_responses(&i, size->rows + 3, 0, 0, 0);
		assert_string_equal(
			stored(&i, "SELECT count(*), count(DISTINCT respondent), max(line) FROM response"),
			cnv_arena_format(&i.s.arena, "%u|%u|%u\n", size->rows + 3, size->rows + 3, size->rows + 4).at);
		if (!heard) {
			heard = strdup(i.heard.at);
			held = strdup(stored_responses(&i));
		}
		assert_true(!strcmp(i.heard.at, heard));
		assert_true(!strcmp(stored_responses(&i), held));
		strike_importing(&i);
	}
	free((void *)(uintptr_t)heard);
	free((void *)(uintptr_t)held);
}

/* Days first in the first row, and months first in the last: neither can be believed, in a file of any size. */
static void a_contradiction_in_the_last_row_is_judged_as_in_a_small_file(void **state)
{
	static const char last[] = "ZZ,02/13/2026,3,\n";
	static const char query[] = "SELECT respondent, hex(digest), (SELECT group_concat(code) FROM finding f WHERE"
				    " f.response = r.id) FROM response r WHERE respondent IN ('AA', 'BB', 'CC', 'ZZ')";
	static const uint32_t rows[] = { 0, 5 * CNV_WINDOW_ROWS };
	char *small = NULL;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		importing i;

		set_importing(&i, days_form, NULL);
		write_file(&i.s, "a.csv", many_rows(&i, rows[k], 0, first_rows, last));
		import(&i, "a.csv");
		assert_responses(&i, rows[k] + 4, 0, 0, 0);
		assert_int_equal(strstr(i.heard.at, "N0696@") != NULL, k); /* read again */
		assert_non_null(strstr(i.heard.at, "= a.csv accepted\n"));
		if (!small)
			small = strdup(stored(&i, query));
		assert_string_equal(stored(&i, query), small);
		assert_int_equal(i.totals.errors,
				 strtoull(stored(&i, "SELECT count(*) FROM finding WHERE severity = 2"), NULL, 10));
		strike_importing(&i);
	}
	free(small);
}

/* ---------------------------------------------------------------- memory */

/* The worst that went wrong. */
static cnv_status run_short(importing *i, size_t allocations)
{
	cnv_intake *intake;
	cnv_status status = CNV_NO_MEMORY;

	cnv_text_reset(&i->heard);
	cnv_mem_fail_after(allocations);
	intake = new_intake(i);
	if (intake)
		status = cnv_intake_add(intake, path_to(&i->s, "a.csv"));
	if (!status)
		status = cnv_intake_add(intake, path_to(&i->s, "b.csv"));
	if (!status)
		status = cnv_intake_run(intake);
	cnv_mem_fail_after(SIZE_MAX);
	if (intake)
		i->totals = *cnv_intake_get_totals(intake);
	cnv_intake_free(intake);
	return status > i->totals.fault ? status : i->totals.fault;
}

/* Of each return all is there, or nothing; a store that nothing came into has no tables. */
static void assert_returns_are_whole(importing *i)
{
	if (strcmp(stored(i, "SELECT count(*) FROM sqlite_schema WHERE name = 'response'"), "1\n") != 0)
		return;
	assert_string_equal(stored(i, "SELECT f.id FROM file f WHERE f.last - f.first + 1 !="
				      " (SELECT count(*) FROM response r WHERE r.file = f.id)"),
			    "");
	assert_string_equal(stored(i, "SELECT r.id FROM response r WHERE r.file NOT IN (SELECT id FROM file)"), "");
}

static void running_out_of_memory_is_told_or_changes_nothing(void **state)
{
	char *whole = NULL;
	size_t needed, before;
	cnv_status status;
	importing i;

	(void)state;
	set_importing(&i, ships_form, ships_roster);
	write_file(&i.s, "a.csv", CNV_STR("respondent,count,stattus\nAA,\"1,000\",x\nZZ,4,x\nBB,many,\n"));
	write_file(&i.s, "b.csv", CNV_STR("respondent,count,remark\nAA,,x\nCC,4,x\nCC,5,\n"));
	before = cnv_mem_allocations();
	assert_int_equal(run_short(&i, SIZE_MAX), CNV_OK);
	needed = cnv_mem_allocations() - before;
	whole = strdup(stored_responses(&i));
	assert_int_equal(i.totals.warnings, 5); /* W0605, W0695, W0636 twice, W0693 */
	strike_importing(&i);
	for (size_t k = 0; k < needed; k += needed / 150 + 1) {
		set_importing(&i, ships_form, ships_roster);
		write_file(&i.s, "a.csv", CNV_STR("respondent,count,stattus\nAA,\"1,000\",x\nZZ,4,x\nBB,many,\n"));
		write_file(&i.s, "b.csv", CNV_STR("respondent,count,remark\nAA,,x\nCC,4,x\nCC,5,\n"));
		status = run_short(&i, k);
		if (!status) {
			assert_string_equal(stored_responses(&i), whole);
			assert_int_equal(i.totals.warnings, 5);
		} else {
			assert_int_equal(status, CNV_NO_MEMORY);
			assert_returns_are_whole(&i);
		}
		strike_importing(&i);
	}
	free(whole);
}

int main(void)
{
	enum { FATES = sizeof fates / sizeof *fates, SIZES = sizeof sizes / sizeof *sizes };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(the_same_bytes_are_there_already),
		cmocka_unit_test(the_same_bytes_for_another_respondent_are_another_return),
		cmocka_unit_test(rows_set_aside_are_tried_again),
		cmocka_unit_test(a_missing_file_does_not_keep_the_next_from_being_imported),
		cmocka_unit_test(a_return_with_cells_that_are_not_accounted_for_is_set_aside),
		cmocka_unit_test(totals_add_up_over_the_returns_of_a_run),
		cmocka_unit_test(bytes_in_memory_are_a_return),
		cmocka_unit_test(an_outcome_is_told_when_it_is_durable),
		cmocka_unit_test(a_dry_run_tells_the_same_and_leaves_nothing),
		cmocka_unit_test(a_contradiction_in_the_last_row_is_judged_as_in_a_small_file),
		cmocka_unit_test(running_out_of_memory_is_told_or_changes_nothing),
	};
	enum { OTHERS = sizeof others / sizeof *others };
	struct CMUnitTest tests[FATES + SIZES + OTHERS] = { 0 };

	for (size_t i = 0; i < FATES; i++)
		tests[i] = (struct CMUnitTest){ .name = fates[i].name,
						.test_func = a_return_has_its_fate,
						.initial_state = (void *)(uintptr_t)&fates[i] };
	for (size_t i = 0; i < SIZES; i++)
		tests[FATES + i] = (struct CMUnitTest){ .name = sizes[i].name,
							.test_func = threads_do_not_change_what_is_heard_and_stored,
							.initial_state = (void *)(uintptr_t)&sizes[i] };
	memcpy(tests + FATES + SIZES, others, sizeof others);
	return _cmocka_run_group_tests("round_intake", tests, sizeof tests / sizeof *tests, NULL, NULL);
}
