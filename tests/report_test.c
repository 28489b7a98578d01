/* report: tallies against counting by hand, and the whole workbook as a text grid against
 * tests/golden/report-small/expect.grid (GOLDEN=1 rewrites it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canvass/io.h"
#include "report/headline.h"
#include "report/texts.h"

/* ---------------------------------------------------------------- the story: form, roster and returns */

#define STORY "tests/golden/report-small/"

struct story {
	cnv_arena arena;
	cnv_diags diags;
	cnv_form *form;
	cnv_roster roster;
	cnv_plan *plan;
	cnv_batch *batch;
	cnv_reported *responses;
	cnv_reported_finding *findings;
	uint32_t finding_count;
	cnv_gather *gather;
};

static const cnv_instant noon = { INT64_C(1796040000000), 0 }; /* 2026-11-30T12:00Z */

static void tell(void *self, const cnv_diag *diag)
{
	(void)self;
	fprintf(stderr, "%.*s:%u: %.*s\n", CNV_ARG(diag->place.source), diag->place.row, CNV_ARG(diag->message));
}

static cnv_str load(struct story *story, const char *name)
{
	cnv_str bytes = { 0 };

	assert_int_equal(cnv_file_load(cnv_str_from(name), 1u << 20, &story->arena, &bytes, &story->diags), CNV_OK);
	return bytes;
}

static void on_field(void *self, cnv_str field)
{
	struct story *story = self;

	cnv_gather_field(story->gather, field);
}

static cnv_status on_record(void *self, uint32_t line)
{
	struct story *story = self;

	return cnv_gather_record(story->gather, line);
}

static void on_finding(void *self, const cnv_finding *finding)
{
	struct story *story = self;
	const cnv_diag *diag = &finding->diag;
	uint32_t response = cnv_batch_owner(story->batch, finding->table, finding->row, 0);

	assert_true(story->finding_count < 100);
	story->findings[story->finding_count++] = (cnv_reported_finding){
		.respondent = story->responses[response].respondent,
		.question = cnv_arena_copy(&story->arena, diag->field),
		.value = cnv_arena_copy(&story->arena, diag->excerpt),
		.message = cnv_arena_copy(&story->arena, diag->message),
		.hint = cnv_arena_copy(&story->arena, diag->hint),
		.file = CNV_STR("returns.csv"),
		.line = diag->place.row,
		.column = diag->place.column,
		.code = diag->code,
	};
	story->responses[response].errors += diag->severity == CNV_ERROR;
	story->responses[response].warnings += diag->severity == CNV_WARNING;
}

static void open_form(struct story *story)
{
	cnv_sheets sheets;

	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &story->arena);
	assert_int_equal(cnv_csv_sheets(&sheets, load(story, STORY "form.csv"), &story->diags), CNV_OK);
	assert_int_equal(cnv_form_build(&story->form, &sheets, &story->arena, &story->diags), CNV_OK);
	cnv_sheets_fini(&sheets);
	assert_int_equal(cnv_plan_build(&story->plan, story->form, 0, &story->arena, &story->diags), CNV_OK);
	cnv_roster_init(&story->roster, CNV_STR("roster.csv"), &story->arena);
	assert_int_equal(cnv_csv_roster(&story->roster, load(story, STORY "roster.csv"), &story->diags), CNV_OK);
}

static void read_returns(struct story *story)
{
	cnv_csv_sink sink = { story, on_field, on_record };

	story->batch = cnv_batch_new(story->form);
	assert_non_null(story->batch);
	story->gather = cnv_gather_new(story->form, story->batch, CNV_STR("returns.csv"), &story->diags);
	assert_non_null(story->gather);
	assert_int_equal(cnv_csv_read(CNV_STR("returns.csv"), load(story, STORY "returns.csv"), ',',
				      (cnv_csv_limits){ 0 }, &sink, &story->diags),
			 CNV_OK);
	assert_int_equal(cnv_gather_end(story->gather), CNV_OK);
	cnv_gather_free(story->gather);
}

static void judge(struct story *story)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { on_finding, story, 0, 0 };
	cnv_arena scratch = { 0 };
	uint32_t rows = story->batch->tables[0].rows;

	assert_int_equal(cnv_settle(story->batch, CNV_STR("returns.csv"), &ledger), CNV_OK);
	story->responses = cnv_arena_array(&story->arena, rows, sizeof *story->responses);
	story->findings = cnv_arena_array(&story->arena, 100, sizeof *story->findings);
	for (uint32_t row = 0; row < rows; row++) {
		const cnv_column *who =
			&story->batch->tables[0].columns[story->form->questions[story->form->respondent].column];

		story->responses[row] =
			(cnv_reported){ .respondent = cnv_arena_copy(&story->arena, cnv_column_text(who, row)),
					.revision = 1,
					.received = noon,
					.id = row + 1,
					.line = cnv_row_line(&story->batch->tables[0], who, row) };
	}
	assert_int_equal(cnv_check(story->plan, story->batch, &(cnv_world){ noon, 1 }, CNV_STR("returns.csv"), 0,
				   &scratch, &findings),
			 CNV_OK);
	cnv_arena_fini(&scratch);
}

static cnv_question_id question(const struct story *story, const char *name)
{
	cnv_question_id found = cnv_form_find(story->form, cnv_str_from(name));

	assert_true(found < story->form->count);
	return found;
}

static int open_story(void **state)
{
	struct story *story = calloc(1, sizeof *story);

	assert_non_null(story);
	story->diags.emit = tell;
	open_form(story);
	read_returns(story);
	judge(story);
	cnv_batch_remark(story->batch, 0, 0, question(story, "status"),
			 CNV_STR("Ratified by act 7 of 2014.\nIn force a year later."), 2);
	cnv_batch_remark(story->batch, 0, 0, question(story, "officer"), CNV_STR("SECRET: on leave"), 2);
	cnv_batch_remark(story->batch, 0, 2, CNV_NONE, CNV_STR("Sent in haste."), 4);
	cnv_batch_remark(story->batch, 0, 3, question(story, "status"), CNV_STR("SECRET vote"), 5);
	cnv_batch_remark(story->batch, 1, 1, question(story, "doc_medium"), CNV_STR("A chip since 2020."), 2);
	*state = story;
	return 0;
}

static int close_story(void **state)
{
	struct story *story = *state;

	cnv_batch_free(story->batch);
	cnv_plan_fini(story->plan);
	cnv_roster_fini(&story->roster);
	cnv_form_fini(story->form);
	cnv_arena_fini(&story->arena);
	free(story);
	return 0;
}

static void release(struct story *story)
{
	cnv_arena scratch = { 0 };

	assert_int_equal(cnv_release_apply(story->batch, story->responses, CNV_AUDIENCE_MEMBERS, true, NULL, &scratch),
			 CNV_OK);
	cnv_arena_fini(&scratch);
}

static cnv_tally *count(const struct story *story, const cnv_roster *roster)
{
	cnv_tally *tally = cnv_tally_new(story->form, roster);

	assert_non_null(tally);
	do
		assert_int_equal(cnv_tally_add(tally, story->batch, story->responses), CNV_OK);
	while (cnv_tally_again(tally));
	return tally;
}

static const cnv_reported_finding quarantined[] = {
	{ .question = { "who", 3 },
	  .value = { "XX", 2 },
	  .message = { "the economy is not on the roster", 32 },
	  .file = { "stray.csv", 9 },
	  .line = 2,
	  .code = CNV_CANNOT_READ },
	{ .message = { "a quote is not closed", 21 }, .file = { "torn.csv", 8 }, .line = 7, .code = CNV_CANNOT_READ },
};

static const cnv_reported_reading readings[] = {
	{ .respondent = { "AA", 2 },
	  .path = { "status", 6 },
	  .written = { "In force", 8 },
	  .read_as = { "force", 5 },
	  .why = { "label converted to its code", 27 } },
	{ .respondent = { "AA", 2 },
	  .path = { "people", 6 },
	  .written = { "1,200", 5 },
	  .read_as = { "1200", 4 },
	  .why = { "thousands separators removed", 28 } },
	{ .respondent = { "AA", 2 }, .path = { "gone", 4 }, .why = { "of a question that is gone", 26 } },
};

static cnv_report report_of(const struct story *story, const cnv_roster *roster)
{
	static const cnv_reported_file file = { .name = { "inbox/returns.csv", 17 }, .sha256 = { 0xAB, 0xCD, 0xEF } };
	uint64_t errors = 0, warnings = 0;

	for (uint32_t r = 0; r < story->batch->tables[0].rows; r++) {
		errors += story->responses[r].errors;
		warnings += story->responses[r].warnings;
	}
	return (cnv_report){
		.form = story->form,
		.roster = roster,
		.round = CNV_STR("2026"),
		.now = noon,
		.batch = story->batch,
		.responses = story->responses,
		.response_count = story->batch->tables[0].rows,
		.files = &file,
		.file_count = 1,
		.findings = story->findings,
		.finding_count = story->finding_count,
		.errors = errors,
		.warnings = warnings,
		.quarantined = quarantined,
		.quarantined_count = 2,
		.readings = readings,
		.reading_count = 3,
	};
}

static cnv_str lay(const cnv_report *report, const cnv_tally *tally, cnv_text *out)
{
	cnv_arena scratch = { 0 };
	cnv_grid grid;

	cnv_grid_text(&grid, out);
	assert_int_equal(cnv_report_lay(report, tally, &grid, &scratch), CNV_OK);
	assert_int_equal(grid.finish(grid.self), CNV_OK);
	cnv_arena_fini(&scratch);
	return cnv_text_str(out);
}

/* Writes what was laid out where it is expected, or beside it for a look. */
static void save(const char *name, cnv_str text)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

static void test_grid(void **state)
{
	struct story *story = *state;
	cnv_tally *tally;
	cnv_report report;
	cnv_text text = { 0 };
	cnv_str laid, expected;

	release(story);
	tally = count(story, &story->roster);
	report = report_of(story, &story->roster);
	laid = lay(&report, tally, &text);

	if (getenv("GOLDEN"))
		save(STORY "expect.grid", laid);
	expected = load(story, STORY "expect.grid");
	if (!cnv_str_equal(laid, expected)) {
		size_t at = 0, from = 0;

		while (at < laid.len && at < expected.len && laid.at[at] == expected.at[at])
			if (expected.at[at++] == '\n')
				from = at;
		fail_msg("from here on: %.200s\nexpected: %.200s\n(GOLDEN=1 rewrites %sexpect.grid)", laid.at + from,
			 expected.at + from, STORY);
	}
	cnv_text_fini(&text);
	cnv_tally_free(tally);
}

static void test_secrets(void **state)
{
	struct story *story = *state;
	const cnv_roster *rosters[] = { &story->roster, NULL };

	release(story);
	for (size_t i = 0; i < 2; i++) {
		cnv_tally *tally = count(story, rosters[i]);
		cnv_report report = report_of(story, rosters[i]);
		cnv_text text = { 0 };
		cnv_str laid = lay(&report, tally, &text);

		assert_int_equal(cnv_str_find(laid, CNV_STR("SECRET")), SIZE_MAX);
		assert_int_equal(cnv_str_find(laid, CNV_STR("example.org")), SIZE_MAX);
		cnv_text_fini(&text);
		cnv_tally_free(tally);
	}
}

/* A cell with this text, after one with a secret: is it found, and where? */
static const struct secret_case {
	const char *name, *secret, *text;
	bool found;
} secret_cases[] = {
	{ "a secret is found alone", "the minister disagrees", "the minister disagrees", true },
	{ "inside a longer text", "the minister disagrees", "R05: the minister disagrees (remark)", true },
	{ "at its end", "the minister disagrees", "It is said that the minister disagrees", true },
	{ "cut", "the minister disagrees with all of the others, and said so",
	  "the minister disagrees with all of the\342\200\246", true },
	{ "with blanks around it", "  the minister disagrees \n", "the minister disagrees", true },
	{ "one that begins with another", "the minister disagrees, but", "the minister disagrees, but why?", true },
	{ "and one that only begins as what all may read", "All answers side by side, said the minister",
	  "All answers side by side, said the minister", true },
	{ "not half of it", "the minister disagrees", "the minister", false },
	{ "nor the same but for a letter", "the minister disagrees", "the minister disagreed", false },
	{ "short texts are none", "not yet ratified", "not yet ratified", true },
	{ "a shorter one is found as the whole of a cell", "refuses", " refuses", true },
	{ "and not inside another text", "refuses", "Peru refuses", false },
	{ "nor if a report uses all of its words", "answers by side", "answers by side", false },
	{ "nor if it is a number", "2006, 120", "2006, 120", false },
	{ "nor if it is a mark", "x y", "x y", false },
	{ "nor are words of a report", "All answers side by side", "All answers side by side", false },
	{ "nothing in an empty text", "the minister disagrees", "", false },
};

static void keep_place(void *self, const cnv_diag *diag)
{
	*(cnv_place *)self = diag->place;
}

static void test_secret(void **state)
{
	const struct secret_case *c = *state;
	cnv_form form = { .languages = &CNV_STR("en"), .language_count = 1 };
	cnv_report report = { .form = &form };
	cnv_secrets *secrets = cnv_secrets_new();
	cnv_grid grid = cnv_secrets_grid(secrets);
	cnv_place place = { 0 };
	cnv_diags diags = { .emit = keep_place, .self = &place };

	cnv_secrets_add(secrets, CNV_STR("a secret that is nowhere"));
	cnv_secrets_add(secrets, CNV_STR("the minister agrees with it"));
	cnv_secrets_add(secrets, CNV_STR("All answers side by side"));
	cnv_secrets_add(secrets, cnv_str_from(c->secret));
	assert_int_equal(cnv_secrets_seal(secrets, &report), CNV_OK);
	grid.sheet(grid.self, &(cnv_sheet_style){ .name = CNV_STR("Comments") });
	grid.cell(grid.self, 0, 0, &(cnv_cell){ .text = CNV_STR("a secret that is somewhere") });
	grid.cell(grid.self, 6, 2, &(cnv_cell){ .comment = cnv_str_from(c->text) });
	grid.cell(grid.self, 7, 2, &(cnv_cell){ .text = cnv_str_from(c->text) });
	assert_int_equal(cnv_secrets_judge(secrets, CNV_STR("out.xlsx"), &diags), c->found ? CNV_REJECTED : CNV_OK);
	assert_int_equal(diags.errors, c->found);
	assert_int_equal(place.row, c->found ? 7 : 0);
	assert_int_equal(place.column, c->found ? 3 : 0);
	assert_int_equal(cnv_str_equal(place.sheet, CNV_STR("Comments")), c->found);
	cnv_secrets_free(secrets);
}

/* Of a response that is withheld, everything is laid out by mistake. */
static void test_leak(void **state)
{
	struct story *story = *state;
	cnv_secrets *secrets = cnv_secrets_new();
	cnv_grid grid = cnv_secrets_grid(secrets);
	cnv_document document;
	cnv_tally *tally = count(story, &story->roster);
	cnv_report report = report_of(story, &story->roster);
	cnv_arena scratch = { 0 };
	const cnv_privacy *privacy = cnv_release_privacy(story->form, &scratch);

	for (uint32_t r = 0; r < story->batch->tables[0].rows; r++)
		story->responses[r].shown = CNV_SHOWN_WITHHELD;
	assert_int_equal(cnv_secrets_gather(secrets, story->batch, story->responses, privacy), CNV_OK);
	for (uint32_t r = 0; r < story->batch->tables[0].rows; r++)
		story->responses[r].shown = CNV_SHOWN_NAMED;
	assert_int_equal(cnv_secrets_seal(secrets, &report), CNV_OK);
	assert_true(cnv_secrets_any(secrets));
	assert_int_equal(cnv_report_lay(&report, tally, &grid, &scratch), CNV_OK);
	assert_int_equal(cnv_secrets_judge(secrets, CNV_STR("out.xlsx"), &story->diags), CNV_REJECTED);
	cnv_secrets_free(secrets);

	secrets = cnv_secrets_new();
	document = cnv_secrets_document(secrets);
	cnv_secrets_add(secrets, story->form->title); /* the form may be read by all, whatever is added */
	assert_int_equal(cnv_secrets_seal(secrets, &report), CNV_OK);
	assert_int_equal(cnv_paper_lay(&report, tally, &document, &scratch), CNV_OK);
	assert_int_equal(cnv_secrets_judge(secrets, CNV_STR("out.md"), &story->diags), CNV_OK);
	cnv_secrets_free(secrets);
	cnv_arena_fini(&scratch);
	cnv_tally_free(tally);
}

/* What release takes out is not found in a workbook or paper. */
static void test_no_leak(void **state)
{
	struct story *story = *state;
	cnv_secrets *secrets = cnv_secrets_new();
	cnv_grid grid = cnv_secrets_grid(secrets);
	cnv_document document = cnv_secrets_document(secrets);
	cnv_arena scratch = { 0 };
	cnv_tally *tally;
	cnv_report report;

	assert_int_equal(
		cnv_release_apply(story->batch, story->responses, CNV_AUDIENCE_MEMBERS, true, secrets, &scratch),
		CNV_OK);
	tally = count(story, &story->roster);
	report = report_of(story, &story->roster);
	assert_int_equal(cnv_secrets_seal(secrets, &report), CNV_OK);
	assert_true(cnv_secrets_any(secrets));
	assert_int_equal(cnv_report_lay(&report, tally, &grid, &scratch), CNV_OK);
	assert_int_equal(cnv_paper_lay(&report, tally, &document, &scratch), CNV_OK);
	assert_int_equal(cnv_secrets_judge(secrets, CNV_STR("out.xlsx"), &story->diags), CNV_OK);
	cnv_secrets_free(secrets);
	cnv_arena_fini(&scratch);
	cnv_tally_free(tally);
}

static void test_unnamed(void **state)
{
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);
	cnv_report report = report_of(story, &story->roster);
	cnv_text text = { 0 };
	cnv_str laid;

	report.batch = NULL;
	report.responses = NULL;
	laid = lay(&report, tally, &text);
	assert_int_not_equal(cnv_str_find(laid, CNV_STR("== Counts\n")), SIZE_MAX);
	assert_int_not_equal(cnv_str_find(laid, CNV_STR("== Numbers\n")), SIZE_MAX);
	assert_int_not_equal(cnv_str_find(laid, CNV_STR("Left out")), SIZE_MAX);
	assert_int_equal(cnv_str_find(laid, CNV_STR("== Matrix\n")), SIZE_MAX);
	assert_int_equal(cnv_str_find(laid, CNV_STR("== Groups\n")), SIZE_MAX);
	assert_int_equal(cnv_str_find(laid, CNV_STR("AA, ")), SIZE_MAX);
	cnv_text_fini(&text);
	cnv_tally_free(tally);
}

static void test_workbook_sources(void **state)
{
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);
	cnv_report report = report_of(story, &story->roster);
	cnv_reported_file file = report.files[0];
	cnv_text text = { 0 };
	cnv_str laid;

	/* What is plain is not told. */
	file.reading = CNV_STR("UTF-8, comma");
	report.files = &file;
	assert_int_equal(cnv_str_find(lay(&report, tally, &text), CNV_STR("read as\n")), SIZE_MAX);
	cnv_text_reset(&text);
	file.reading = CNV_STR("windows-1252, semicolon");
	story->findings[0].sheet = CNV_STR("Answers");
	story->findings[0].line = 22;
	story->findings[0].column = 4;
	laid = lay(&report, tally, &text);
	assert_int_not_equal(cnv_str_find(laid, CNV_STR("read as\n")), SIZE_MAX);
	assert_int_not_equal(cnv_str_find(laid, CNV_STR("windows-1252, semicolon\n")), SIZE_MAX);
	assert_int_not_equal(cnv_str_find(laid, CNV_STR("returns.csv: Answers!D22\n")), SIZE_MAX);
	cnv_text_fini(&text);
	cnv_tally_free(tally);
}

/* ---------------------------------------------------------------- tallies */

static const struct tally_case {
	const char *name, *question;
	uint64_t standing[CNV_STANDINGS]; /* answered N/A D/K withheld not-usable no-answer not-asked blank no-reply */
	uint64_t options[3];
} tally_cases[] = {
	{ "a required choice adds up to the roster and the one outside it",
	  "status",
	  { 4, 0, 0, 0, 1, 1, 0, 0, 2 },
	  { 2, 2, 0 } },
	{ "a question skipped by an unusable gate counts as not asked",
	  "since",
	  { 2, 0, 0, 0, 0, 0, 4, 0, 2 },
	  { 0, 0, 0 } },
	{ "several answers are counted each", "why", { 4, 0, 0, 0, 0, 0, 2, 0, 2 }, { 2, 2, 1 } },
	{ "an unreadable number and one against its rule are not usable",
	  "people",
	  { 3, 0, 0, 0, 2, 1, 0, 0, 2 },
	  { 0, 0, 0 } },
	{ "N/A and D/K are counted apart", "share", { 3, 1, 1, 0, 0, 1, 0, 0, 2 }, { 0, 0, 0 } },
	{ "CONF counts as withheld", "remarks", { 4, 0, 0, 1, 0, 1, 0, 0, 2 }, { 0, 0, 0 } },
	{ "a question of a repeat counts entries and nobody's silence",
	  "doc_years",
	  { 3, 0, 0, 0, 1, 1, 0, 0, 0 },
	  { 0, 0, 0 } },
};

static void test_tally(void **state)
{
	const struct tally_case *wanted = *state;
	void *opened = NULL;
	struct story *story;
	cnv_tally *tally;
	const cnv_question_tally *got;
	uint64_t asked = 0;

	open_story(&opened);
	story = opened;
	tally = count(story, &story->roster);
	got = cnv_tally_question(tally, question(story, wanted->question));
	for (uint32_t standing = 0; standing < CNV_STANDINGS; standing++) {
		assert_int_equal(got->standing[standing], wanted->standing[standing]);
		asked += standing >= CNV_STANDING_NOT_ASKED ? 0 : got->standing[standing];
	}
	assert_int_equal(got->asked, asked);
	for (uint32_t option = 0; got->options && option < 3; option++)
		assert_int_equal(got->options[option], wanted->options[option]);
	cnv_tally_free(tally);
	close_story(&opened);
}

static void test_totals(void **state)
{
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);

	for (cnv_question_id q = 0; q < story->form->count; q++) {
		const cnv_question *asked = &story->form->questions[q];
		uint64_t total = 0;

		if (asked->column == CNV_NONE)
			continue;
		for (uint32_t standing = 0; standing < CNV_STANDINGS; standing++)
			total += cnv_tally_question(tally, q)->standing[standing];
		/* Seven asked and one who answered without being asked; five entries. */
		assert_int_equal(total,
				 asked->table ? story->batch->tables[asked->table].rows : story->roster.count + 1);
	}
	cnv_tally_free(tally);
}

static void test_numbers(void **state)
{
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);
	const cnv_question_tally *people = cnv_tally_question(tally, question(story, "people"));
	const cnv_question_tally *share = cnv_tally_question(tally, question(story, "share"));

	assert_int_equal(people->numbers, 3);
	assert_true(people->least == 3 && people->greatest == 55000 && people->median == 1200 && people->sum == 56203);
	assert_true(share->median == 12.5 && share->sum == 44.75);
	cnv_tally_free(tally);
}

static void test_windows(void **state)
{
	struct story *story = *state;
	cnv_tally *once = count(story, NULL), *thrice = cnv_tally_new(story->form, NULL);

	do
		for (int i = 0; i < 3; i++)
			assert_int_equal(cnv_tally_add(thrice, story->batch, story->responses), CNV_OK);
	while (cnv_tally_again(thrice));
	for (cnv_question_id q = 0; q < story->form->count; q++) {
		const cnv_question_tally *one = cnv_tally_question(once, q), *three = cnv_tally_question(thrice, q);

		for (uint32_t standing = 0; standing < CNV_STANDINGS; standing++)
			assert_int_equal(three->standing[standing], 3 * one->standing[standing]);
		assert_int_equal(three->numbers, 3 * one->numbers);
		assert_true(three->median == one->median && three->sum == 3 * one->sum);
	}
	cnv_tally_free(once);
	cnv_tally_free(thrice);
}

static void test_release_priors(void **state)
{
	struct story *story = *state;
	uint32_t unnamed = 0;

	for (uint32_t r = 0; r < story->batch->tables[0].rows; r++)
		story->responses[r].priors[CNV_PRIOR_CHANGED] = 3;
	release(story);
	for (uint32_t r = 0; r < story->batch->tables[0].rows; r++) {
		bool named = story->responses[r].shown == CNV_SHOWN_NAMED;

		assert_int_equal(story->responses[r].priors[CNV_PRIOR_CHANGED], named ? 3 : 0);
		unnamed += !named;
	}
	assert_true(unnamed > 0);
}

static void test_release_memory(void **state)
{
	struct story *story = *state;
	cnv_status status = CNV_NO_MEMORY;
	size_t after = 0;

	for (; status; after++) {
		cnv_arena scratch = { 0 };
		cnv_secrets *secrets;

		cnv_mem_fail_after(after);
		secrets = cnv_secrets_new();
		status = secrets ? cnv_release_apply(story->batch, story->responses, CNV_AUDIENCE_MEMBERS, true,
						     secrets, &scratch)
				 : CNV_NO_MEMORY;
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(!status || status == CNV_NO_MEMORY);
		cnv_secrets_free(secrets);
		cnv_arena_fini(&scratch);
	}
	assert_true(after > 1);
}

static void test_memory(void **state)
{
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);
	cnv_report report = report_of(story, &story->roster);
	cnv_text text = { 0 };
	size_t before = cnv_mem_allocations(), needed;

	lay(&report, tally, &text);
	needed = cnv_mem_allocations() - before;
	for (size_t after = 0; after < needed; after++) {
		cnv_arena scratch = { 0 };
		cnv_text out = { 0 };
		cnv_grid grid;
		cnv_status status;

		cnv_grid_text(&grid, &out);
		cnv_mem_fail_after(after);
		status = cnv_report_lay(&report, tally, &grid, &scratch);
		cnv_mem_fail_after(SIZE_MAX);
		assert_int_equal(status, CNV_NO_MEMORY);
		cnv_arena_fini(&scratch);
		cnv_text_fini(&out);
	}
	cnv_text_fini(&text);
	cnv_tally_free(tally);
}

/* ---------------------------------------------------------------- headlines */

static const struct headline_case {
	const char *name, *question;
	bool named;
	const char *text, *dissent;
} headline_cases[] = {
	{ "predicates become sentences", "status", true,
	  "Two of the four economies that answered have the Convention in force (AA, ZZ). Two plan to ratify (BB, "
	  "DD). Not usable 1; no answer 1; no reply 2.",
	  "No majority" },
	{ "a predicate of one agrees, and options without one follow", "why", true,
	  "One of the four economies that answered has other reasons (EE). Other answers: Cost 2 (BB, DD), "
	  "Law 2 (BB, CC). Not asked 2; no reply 2.",
	  "" },
	{ "options are listed, the most frequent first, and who differs", "release", true,
	  "With the economy's name 5 of 6 that answered (AA, BB, CC, EE, ZZ), In totals only 1 (DD); no reply "
	  "2",
	  "Differs from the majority: DD" },
	{ "a number has its figures", "people", true,
	  "median 1200, 3 to 55000; sum 56203; 3 answered; not usable 2; no answer 1; no reply 2", "" },
	{ "days have their range", "since", true,
	  "1890-01-02 to 2015-06-08; 2 answered (AA, ZZ); not asked 4; no reply 2", "" },
	{ "entries are counted as entries", "doc_medium", true,
	  "Book 1 of 2 entries with an answer (AA), Card 1 (AA); not usable 2; no answer 1", "" },
	{ "without a batch no respondent is named", "status", false,
	  "Two of the four economies that answered have the Convention in force. Two plan to ratify. Not usable 1; no "
	  "answer 1; no reply 2.",
	  "No majority" },
};

static void test_headline(void **state)
{
	const struct headline_case *wanted = *state;
	void *opened = NULL;
	struct story *story;
	cnv_tally *tally;
	cnv_report report;
	cnv_desk desk;
	cnv_headline headline = { 0 };

	open_story(&opened);
	story = opened;
	tally = count(story, &story->roster);
	report = report_of(story, &story->roster);
	if (!wanted->named)
		report.batch = NULL;
	assert_true(cnv_desk_open(&desk, &report, tally, &story->arena));
	headline.question = question(story, wanted->question);
	assert_true(cnv_headline_write(&headline, &desk, &story->arena));
	assert_string_equal(cnv_arena_format(&story->arena, "%.*s%c", CNV_ARG(headline.text), 0).at, wanted->text);
	assert_string_equal(cnv_arena_format(&story->arena, "%.*s%c", CNV_ARG(headline.dissent), 0).at,
			    wanted->dissent);
	cnv_desk_close(&desk);
	cnv_tally_free(tally);
	close_story(&opened);
}

/* The form is changed as if its column `headline` had ranked these questions. */
static void test_headlines(void **state)
{
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);
	cnv_report report = report_of(story, &story->roster);
	cnv_question *questions = (cnv_question *)(uintptr_t)story->form->questions;
	cnv_headlines headlines;
	cnv_desk desk;

	assert_true(cnv_desk_open(&desk, &report, tally, &story->arena));
	assert_true(cnv_headlines_build(&headlines, &desk, &story->arena));
	assert_false(headlines.by_form);
	assert_int_equal(headlines.count, 1); /* who and release identify; the others are no choice of one */
	assert_int_equal(headlines.items[0].question, question(story, "status"));
	questions[question(story, "people")].headline = 1;
	questions[question(story, "status")].headline = 2;
	questions[question(story, "officer")].headline = 3; /* contact: never shown */
	assert_true(cnv_headlines_build(&headlines, &desk, &story->arena));
	assert_true(headlines.by_form);
	assert_int_equal(headlines.count, 2);
	assert_int_equal(headlines.items[0].question, question(story, "people"));
	assert_int_equal(headlines.items[1].question, question(story, "status"));
	cnv_desk_close(&desk);
	cnv_tally_free(tally);
}

/* ---------------------------------------------------------------- words */

static const struct plural_case {
	const char *name, *one, *many;
} plural_cases[] = {
	{ "an economy becomes economies", "economy", "economies" },
	{ "a survey becomes surveys", "survey", "surveys" },
	{ "a respondent becomes respondents", "respondent", "respondents" },
	{ "a branch becomes branches", "branch", "branches" },
};

static const struct width_case {
	const char *name, *narrower, *wider;
} width_cases[] = {
	{ "narrow letters take less room than wide ones", "illicit", "minimum" },
	{ "capitals take more room than small letters", "aus, bd, cda", "AUS, BD, CDA" },
	{ "a Japanese character takes almost two digits", "1", "\xE5\x9B\xBD" },
	{ "two Japanese characters take less than four digits", "\xE5\x9B\xBD\xE5\x9B\xBD", "1234" },
	{ "a combining mark takes no room", "", "\xCC\x81 " },
};

static void test_width(void **state)
{
	const struct width_case *row = *state;

	assert_true(cnv_line_width(cnv_str_from(row->narrower)) < cnv_line_width(cnv_str_from(row->wider)));
}

static void test_lines(void **state)
{
	(void)state;
	assert_true(cnv_wrapped_lines(CNV_STR("AUS BD"), 7) == 1);
	assert_true(cnv_wrapped_lines(CNV_STR("AUS BD"), 5) == 2);
	assert_true(cnv_wrapped_lines(CNV_STR("aus bd"), 5.5) == 1);
	assert_true(cnv_wrapped_lines(CNV_STR("one\ntwo"), 50) == 2);
	assert_true(cnv_wrapped_lines(CNV_STR("1234567"), 3) == 3); /* a word that does not fit on one line */
}

static void test_plural(void **state)
{
	const struct plural_case *wanted = *state;
	cnv_arena arena = { 0 };

	assert_true(cnv_str_equal(cnv_plural(&arena, cnv_str_from(wanted->one)), cnv_str_from(wanted->many)));
	cnv_arena_fini(&arena);
}

static void test_count_words(void **state)
{
	cnv_arena arena = { 0 };

	(void)state;
	assert_true(
		cnv_str_equal(cnv_count_words(&arena, 1, CNV_STR("entry"), CNV_STR("entries")), CNV_STR("1 entry")));
	assert_true(
		cnv_str_equal(cnv_count_words(&arena, 0, CNV_STR("entry"), CNV_STR("entries")), CNV_STR("0 entries")));
	assert_true(cnv_str_equal(cnv_count_words(&arena, 1234567, CNV_STR("entry"), CNV_STR("entries")),
				  CNV_STR("1,234,567 entries")));
	cnv_arena_fini(&arena);
}

static cnv_status lay_paper(const cnv_report *report, const cnv_tally *tally,
			    cnv_document (*writer)(cnv_document_writer *, cnv_text *), cnv_text *out)
{
	cnv_document_writer state;
	cnv_document document = writer(&state, out);
	cnv_arena scratch = { 0 };
	cnv_status status = cnv_paper_lay(report, tally, &document, &scratch);

	cnv_arena_fini(&scratch);
	return out->failed ? CNV_NO_MEMORY : status;
}

static void test_paper_memory(void **state)
{
	static cnv_document (*const writers[])(
		cnv_document_writer *, cnv_text *) = { cnv_document_markdown, cnv_document_html, cnv_document_word };
	struct story *story = *state;
	cnv_tally *tally = count(story, &story->roster);
	cnv_report report = report_of(story, &story->roster);

	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
		cnv_text text = { 0 };
		size_t before = cnv_mem_allocations(), needed;

		assert_int_equal(lay_paper(&report, tally, writers[i], &text), CNV_OK);
		needed = cnv_mem_allocations() - before;
		assert_true(needed > 10);
		cnv_text_fini(&text);
		for (size_t after = 0; after < needed; after++) {
			cnv_text out = { 0 };
			cnv_status status;

			cnv_mem_fail_after(after);
			status = lay_paper(&report, tally, writers[i], &out);
			cnv_mem_fail_after(SIZE_MAX);
			assert_int_equal(status, CNV_NO_MEMORY);
			cnv_text_fini(&out);
		}
	}
	cnv_tally_free(tally);
}

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

int main(void)
{
	struct CMUnitTest tests[COUNT(tally_cases) + COUNT(plural_cases) + COUNT(width_cases) + COUNT(headline_cases) +
				COUNT(secret_cases) + 17] = { 0 };
	size_t count_tests = 0;

	for (size_t i = 0; i < COUNT(tally_cases); i++)
		tests[count_tests++] = (struct CMUnitTest){ tally_cases[i].name, test_tally, NULL, NULL,
							    (void *)(uintptr_t)&tally_cases[i] };
	for (size_t i = 0; i < COUNT(plural_cases); i++)
		tests[count_tests++] = (struct CMUnitTest){ plural_cases[i].name, test_plural, NULL, NULL,
							    (void *)(uintptr_t)&plural_cases[i] };
	for (size_t i = 0; i < COUNT(width_cases); i++)
		tests[count_tests++] = (struct CMUnitTest){ width_cases[i].name, test_width, NULL, NULL,
							    (void *)(uintptr_t)&width_cases[i] };
	tests[count_tests++] = (struct CMUnitTest){ "a text is wrapped by the room that its characters take",
						    test_lines, NULL, NULL, NULL };
	for (size_t i = 0; i < COUNT(headline_cases); i++)
		tests[count_tests++] = (struct CMUnitTest){ headline_cases[i].name, test_headline, NULL, NULL,
							    (void *)(uintptr_t)&headline_cases[i] };
	tests[count_tests++] = (struct CMUnitTest){ "the form ranks headlines, else the choices in dispute do",
						    test_headlines, open_story, close_story, NULL };
	tests[count_tests++] =
		(struct CMUnitTest){ "counts in words know one and thousands", test_count_words, NULL, NULL, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "every question adds up to those asked", test_totals, open_story,
						    close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "numbers that count make the figures", test_numbers, open_story,
						    close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "windows add up", test_windows, open_story, close_story, NULL };
	tests[count_tests++] =
		(struct CMUnitTest){ "the workbook is laid out as expected", test_grid, open_story, close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "contacts and unreleased answers are in no sheet", test_secrets,
						    open_story, close_story, NULL };
	for (size_t i = 0; i < COUNT(secret_cases); i++)
		tests[count_tests++] = (struct CMUnitTest){ secret_cases[i].name, test_secret, NULL, NULL,
							    (void *)(uintptr_t)&secret_cases[i] };
	tests[count_tests++] = (struct CMUnitTest){ "a withheld response that is laid out is found", test_leak,
						    open_story, close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "what release takes out is not found", test_no_leak, open_story,
						    close_story, NULL };
	tests[count_tests++] =
		(struct CMUnitTest){ "too many responses leave no names", test_unnamed, open_story, close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "how a file was read and the cells of a workbook are told",
						    test_workbook_sources, open_story, close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "who is not shown by name has confirmed nothing in any sum",
						    test_release_priors, open_story, close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "a release that lacks memory says so", test_release_memory,
						    open_story, close_story, NULL };
	tests[count_tests++] = (struct CMUnitTest){ "every failing allocation ends in lack of memory", test_memory,
						    open_story, close_story, NULL };
	tests[count_tests++] =
		(struct CMUnitTest){ "a paper without memory fails", test_paper_memory, open_story, close_story, NULL };
	return _cmocka_run_group_tests("report", tests, count_tests, NULL, NULL);
}
