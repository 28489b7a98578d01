/* The room store: findings followed from revision to revision as queries.  All answers are invented.
 *
 * A story is told in steps.  A step takes in a file, with what was found in its rows, or settles a
 * query; after each, the queries of the round are listed as "id state" lines. */
#include "store_stage.h"

/* Found: row, path, value, in lines.  Rows without an entry have no finding. */
struct step {
	const char *file, *found, *remark; /* remark: at the age of row 0 */
	const char *waive, *reopen;
	const char *queries; /* afterwards */
	bool large;
};

struct story {
	const char *name;
	struct step steps[6];
};

#define AUS "respondent|age\nAUS|-1\n"
#define BOTH "respondent|age|member\nAUS|-1|x\nNZ|-2|no\n"

static const struct story stories[] = {
	{ "ids are counted for each respondent",
	  { { .file = BOTH,
	      .found = "0 age -1\n0 member x\n1 age -2\n",
	      .queries = "AUS-age-001 open\nAUS-Q2-002 open\nNZ-age-001 open\n" } } },
	{ "a finding that is still there keeps its id and state",
	  { { .file = AUS, .found = "0 age -1\n", .queries = "AUS-age-001 open\n" },
	    { .file = "respondent|age|member\nAUS|-1|yes\n",
	      .found = "0 member x\n0 age -1\n",
	      .queries = "AUS-age-001 open\nAUS-Q2-002 open\n" } } },
	{ "a finding that is gone is closed, and comes back with its id",
	  { { .file = BOTH, .found = "0 age -1\n1 age -2\n", .queries = "AUS-age-001 open\nNZ-age-001 open\n" },
	    { .file = "respondent|age\nAUS|1\n", .found = "", .queries = "AUS-age-001 closed\nNZ-age-001 open\n" },
	    { .file = "respondent|age\nAUS|-3\n",
	      .found = "0 age -3\n",
	      .queries = "AUS-age-001 open\nNZ-age-001 open\n" } } },
	{ "a number is not given twice",
	  { { .file = AUS, .found = "0 age -1\n", .queries = "AUS-age-001 open\n" },
	    { .file = "respondent|age|member\nAUS|1|x\n",
	      .found = "0 member x\n",
	      .queries = "AUS-age-001 closed\nAUS-Q2-002 open\n" } } },
	{ "what is waived stays waived while it is there",
	  { { .file = AUS, .found = "0 age -1\n", .queries = "AUS-age-001 open\n" },
	    { .waive = "AUS-age-001", .queries = "AUS-age-001 waived\n" },
	    { .file = "respondent|age|member\nAUS|-1|yes\n", .found = "0 age -1\n", .queries = "AUS-age-001 waived\n" },
	    { .reopen = "AUS-age-001", .queries = "AUS-age-001 open\n" } } },
	{ "what was waived, closed and comes back is open",
	  { { .file = AUS, .found = "0 age -1\n", .queries = "AUS-age-001 open\n" },
	    { .waive = "AUS-age-001", .queries = "AUS-age-001 waived\n" },
	    { .file = "respondent|age\nAUS|1\n", .found = "", .queries = "AUS-age-001 closed\n" },
	    { .file = AUS, .found = "0 age -1\n", .queries = "AUS-age-001 open\n" } } },
	{ "the same answer with a new remark is answered",
	  { { .file = AUS, .found = "0 age -1\n", .queries = "AUS-age-001 open\n" },
	    { .file = AUS, .found = "0 age -1\n", .remark = "as agreed", .queries = "AUS-age-001 answered\n" },
	    { .file = "respondent|age|member\nAUS|-1|yes\n",
	      .found = "0 age -1\n",
	      .remark = "as agreed",
	      .queries = "AUS-age-001 answered\n" },
	    { .file = "respondent|age\nAUS|-2\n",
	      .found = "0 age -2\n",
	      .remark = "as agreed",
	      .queries = "AUS-age-001 open\n" } } },
	{ "a remark that was there from the first is no answer",
	  { { .file = AUS, .found = "0 age -1\n", .remark = "?", .queries = "AUS-age-001 open\n" },
	    { .file = "respondent|age|member\nAUS|-1|yes\n",
	      .found = "0 age -1\n",
	      .remark = "?",
	      .queries = "AUS-age-001 open\n" } } },
	{ "of several revisions in one file the last is followed",
	  { { .file = "respondent|age\nAUS|-1\nAUS|-2\n",
	      .found = "0 member x\n1 age -2\n",
	      .queries = "AUS-age-001 open\n" } } },
	{ "of a cell with several findings each is followed",
	  { { .file = AUS, .found = "0 age -1\n0 age -2\n", .queries = "AUS-age-001 open\nAUS-age-002 open\n" },
	    { .file = "respondent|age\nAUS|-2\n",
	      .found = "0 age -2\n",
	      .queries = "AUS-age-001 closed\nAUS-age-002 open\n" },
	    { .file = "respondent|age\nAUS|-3\n",
	      .found = "0 age -3\n0 age -2\n0 age -2\n",
	      .queries = "AUS-age-001 closed\nAUS-age-002 open\nAUS-age-003 open\nAUS-age-004 open\n" } } },
	{ "what is waived of a cell with several findings is their words",
	  { { .file = AUS, .found = "0 age -1\n0 age -2\n", .waive = "AUS-age-001" },
	    { .file = "respondent|age\nAUS|-2\n",
	      .found = "0 age -2\n",
	      .queries = "AUS-age-001 closed\nAUS-age-002 open\n" },
	    { .file = AUS, .found = "0 age -1\n0 age -2\n", .queries = "AUS-age-001 open\nAUS-age-002 open\n" } } },
	{ "a large file is matched when it is asked for, and gives the same ids",
	  { { .file = BOTH, .found = "0 age -1\n1 age -2\n", .large = true, .queries = NULL },
	    { .file = "respondent|age\nAUS|1\nPNG|-1\n", .found = "1 age -1\n", .large = true, .queries = NULL },
	    { .file = "respondent|age\nAUS|-1\n",
	      .found = "0 age -1\n",
	      .large = true,
	      .queries = "AUS-age-001 open\nNZ-age-001 open\nPNG-age-001 open\n" } } },
};

static const char numbered_form[] = "survey\n|type|name|label|qno\n|text|respondent|Who|\n|integer|age|Age|1 (a)\n"
				    "|select_one yn|member|Member|Q2\nchoices\n|list_name|name|label\n|yn|yes|Yes\n"
				    "|yn|no|No\nsettings\n|form_id\n|plain\n";

static cnv_str leaf_of(cnv_str path)
{
	size_t slash = cnv_str_find(path, CNV_STR("/"));

	return slash == SIZE_MAX ? path : cnv_str_slice(path, slash + 1, path.len);
}

static void put_found(stage *s, const char *found)
{
	cnv_str rest = cnv_str_from(found), line;

	while (cnv_str_split(&rest, '\n', &line) && line.len) {
		cnv_str row, path, value;
		uint32_t at;

		assert_true(cnv_str_split(&line, ' ', &row) && cnv_str_split(&line, ' ', &path) &&
			    cnv_str_split(&line, ' ', &value));
		at = (uint32_t)(row.at[0] - '0');
		if (!s->ids[at])
			continue;
		cnv_finding finding = { .diag = { .severity = CNV_ERROR,
						  .code = CNV_ANSWER_UNREADABLE,
						  .field = path,
						  .excerpt = value,
						  .message = CNV_STR("message"),
						  .hint = CNV_STR("hint"),
						  .place = { .row = 2 + at, .column = 2 } },
					.question = cnv_form_find(s->form, leaf_of(path)),
					.verdict = CNV_UNREADABLE };

		assert_int_equal(cnv_store_put_finding(s->store, s->ids[at], &finding, &s->diags), CNV_OK);
	}
}

static void take_file(stage *s, const struct step *step)
{
	cnv_str who[MOST_ROWS] = { 0 };
	cnv_store_file file = next_file(s);

	answer(s, step->file);
	for (uint32_t row = 0; row < s->batch->tables[0].rows; row++)
		who[row] = cnv_column_text(&s->batch->tables[0].columns[0], row);
	if (step->remark)
		cnv_batch_remark(s->batch, 0, 0, cnv_form_find(s->form, CNV_STR("age")), cnv_str_from(step->remark), 2);
	assert_int_equal(begin(s, step->large), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s->store, s->batch, who, s->ids, s->outcomes, NULL, &s->diags), CNV_OK);
	put_found(s, step->found);
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
}

static cnv_status note(void *self, const cnv_query *query)
{
	cnv_text_format(self, "%.*s %s\n", CNV_ARG(query->id), cnv_query_state_word(query->state));
	assert_true(query->state == CNV_QUERY_WAIVED ? query->reason.len : !query->reason.len);
	return CNV_OK;
}

static void assert_queries(stage *s, const char *expected)
{
	cnv_text list = { 0 };
	uint64_t files;

	assert_int_equal(cnv_store_unmatched(s->store, CNV_STR("2026"), &files, &s->diags), CNV_OK);
	if (files)
		assert_int_equal(cnv_store_match(s->store, CNV_STR("2026"), (cnv_instant){ 0 }, &s->diags), CNV_OK);
	assert_int_equal(cnv_store_queries(s->store, CNV_STR("2026"), (cnv_str){ 0 }, true, note, &list, &s->diags),
			 CNV_OK);
	cnv_text_put_char(&list, 0);
	assert_string_equal(list.at, expected);
	cnv_text_fini(&list);
}

static void queries_follow_findings(void **state)
{
	const struct story *story = *state;
	cnv_query_state before;
	stage s;

	set_stage(&s, numbered_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (size_t i = 0; i < sizeof story->steps / sizeof story->steps[0]; i++) {
		const struct step *step = &story->steps[i];

		if (step->file)
			take_file(&s, step);
		if (step->waive)
			assert_int_equal(cnv_store_settle(s.store, CNV_STR("2026"), cnv_str_from(step->waive),
							  CNV_QUERY_WAIVED, CNV_STR("why"), (cnv_instant){ 0 }, &before,
							  &s.diags),
					 CNV_OK);
		if (step->reopen)
			assert_int_equal(cnv_store_settle(s.store, CNV_STR("2026"), cnv_str_from(step->reopen),
							  CNV_QUERY_OPEN, (cnv_str){ 0 }, (cnv_instant){ 0 }, &before,
							  &s.diags),
					 CNV_OK);
		if (step->queries)
			assert_queries(&s, step->queries);
	}
	close_store(&s);
	assert_whole(&s);
	strike(&s);
}

static void entries_are_told_apart(void **state)
{
	cnv_str who[1] = { CNV_STR("AUS") };
	cnv_store_file twice;
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	/* Two entries: a remark at the first says nothing of the second. */
	for (int i = 0; i < 3; i++) {
		cnv_batch_reset(s.batch);
		cnv_batch_row(s.batch, 0, 0, 2);
		cnv_batch_put(s.batch, 0, 0, who[0], 2);
		for (uint32_t row = 0; row < 2; row++) {
			cnv_batch_row(s.batch, 1, 0, 3);
			cnv_batch_put(s.batch, 1, 0, row ? CNV_STR("b") : CNV_STR("a"), 3);
		}
		if (i)
			cnv_batch_remark(s.batch, 1, (uint32_t)i - 1, cnv_form_find(s.form, CNV_STR("title")),
					 CNV_STR("so it is called"), 3);
		twice = next_file(&s);
		assert_int_equal(begin(&s, false), CNV_OK);
		assert_int_equal(cnv_store_put_file(s.store, &twice, &s.diags), CNV_OK);
		assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
		put_found(&s, "0 doc[2]/title b\n");
		assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
		assert_queries(&s, i < 2 ? "AUS-title-001 open\n" : "AUS-title-001 answered\n");
	}
	strike(&s);
}

static void what_cannot_be_settled_is_told(void **state)
{
	static const struct step steps[] = { { .file = AUS, .found = "0 age -1\n" },
					     { .file = "respondent|age\nAUS|1\n", .found = "" } };
	static const char *const ids[] = { "AUS-age-001", "AUS-age-002", "AUS-age", "", "NZ-age-001" };
	cnv_query_state before;
	stage s;

	(void)state;
	set_stage(&s, numbered_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	for (size_t i = 0; i < 2; i++)
		take_file(&s, &steps[i]);
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		assert_int_equal(cnv_store_settle(s.store, CNV_STR("2026"), cnv_str_from(ids[i]), CNV_QUERY_WAIVED,
						  CNV_STR("why"), (cnv_instant){ 0 }, &before, &s.diags),
				 CNV_REJECTED);
	assert_string_equal(s.said, "E0721 E0720 E0720 E0720 E0720");
	assert_queries(&s, "AUS-age-001 closed\n");
	strike(&s);
}

static void what_is_waived_counts_no_more(void **state)
{
	static const struct step steps = { .file = BOTH, .found = "0 age -1\n0 member x\n1 age -2\n" };
	const cnv_reported_finding *rows;
	cnv_query_state before;
	uint64_t all;
	uint32_t given;
	stage s;

	(void)state;
	set_stage(&s, numbered_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take_file(&s, &steps);
	assert_int_equal(cnv_store_settle(s.store, CNV_STR("2026"), CNV_STR("AUS-Q2-002"), CNV_QUERY_WAIVED,
					  CNV_STR("seen"), (cnv_instant){ 0 }, &before, &s.diags),
			 CNV_OK);
	assert_int_equal(before, CNV_QUERY_OPEN);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.reported[0].errors, 1);
	assert_int_equal(s.reported[1].errors, 1);
	assert_int_equal(cnv_store_findings(s.store, CNV_STR("2026"), 9, &s.arena, &rows, &given, &all, &s.diags),
			 CNV_OK);
	assert_int_equal(given, 3);
	assert_true(cnv_str_equal(rows[1].id, CNV_STR("AUS-Q2-002")));
	assert_int_equal(rows[1].state, CNV_QUERY_WAIVED);
	assert_true(cnv_str_equal(rows[1].reason, CNV_STR("seen")));
	assert_int_equal(rows[2].state, CNV_QUERY_OPEN);
	strike(&s);
}

/* What the queries of three files are, matched as they come or at the end. */
static const char *match_three(stage *s, bool late)
{
	static const struct step steps[] = {
		{ .file = BOTH, .found = "0 member x\n1 age -2\n" },
		{ .file = "respondent|age|member\nAUS|-1|no\nNZ|1|no\n", .found = "0 age -1\n1 member no\n" },
		{ .file = BOTH, .found = "0 age -1\n0 member x\n1 age -2\n" },
	};

	set_stage(s, numbered_form);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		take_file(s, &(struct step){ .file = steps[i].file, .found = steps[i].found, .large = late });
	assert_int_equal(cnv_store_match(s->store, CNV_STR("2026"), (cnv_instant){ .utc_ms = 7 }, &s->diags), CNV_OK);
	return dump(s, "SELECT respondent, number, name, path, code, finding, state, opened, closed FROM query"
		       " ORDER BY respondent, number");
}

/* Files that came while nobody asked give the ids that they would have been given one by one. */
static void a_late_match_gives_the_same_ids(void **state)
{
	stage early, late;
	const char *expected;

	(void)state;
	expected = match_three(&early, false);
	assert_string_equal(match_three(&late, true), expected);
	assert_non_null(strstr(expected, "3:NZ 1:2"));
	strike(&early);
	strike(&late);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(entries_are_told_apart),
		cmocka_unit_test(what_cannot_be_settled_is_told),
		cmocka_unit_test(what_is_waived_counts_no_more),
		cmocka_unit_test(a_late_match_gives_the_same_ids),
	};
	static struct CMUnitTest tests[sizeof stories / sizeof stories[0] + sizeof others / sizeof others[0]];
	size_t count = 0;

	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		tests[count++] = (struct CMUnitTest){ .name = stories[i].name,
						      .test_func = queries_follow_findings,
						      .initial_state = (void *)(uintptr_t)&stories[i] };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		tests[count++] = others[i];
	return _cmocka_run_group_tests("queries", tests, count, NULL, NULL);
}
