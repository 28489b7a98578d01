/* The comparison of a round as a workbook or a paper: standings, files and findings. */
#include "round/round_internal.h"

/* Findings on the sheet, when there are more responses than are named.  The store holds them all; the limit keeps
 * the workbook readable and its size constant. */
#define FINDINGS_SHOWN 100000u
#define FINDINGS_SHOWN_UNNAMED 1000u
#define READINGS_SHOWN 20000u /* normalized values, in notes */

/* The state of each respondent, as in status. */
static const cnv_reported_reply *list_replies(const cnv_standings *s, cnv_arena *arena)
{
	cnv_reported_reply *replies = cnv_arena_array(arena, (size_t)s->roster->count + 1, sizeof *replies);

	for (uint32_t i = 0; replies && i < s->roster->count; i++)
		replies[i] = (cnv_reported_reply){ .state = cnv_standings_words(s, s->replies[i].state),
						   .reason = s->replies[i].reason,
						   .returned = s->replies[i].row != CNV_NONE,
						   .blank = s->replies[i].state == CNV_STATE_BLANK,
						   .compiled = s->replies[i].state == CNV_STATE_COMPILED,
						   .conflict = s->replies[i].state == CNV_STATE_CONFLICT };
	return replies;
}

/* Versions that responses were given with, other than the form. */
static cnv_str list_versions(const cnv_standings *s, cnv_arena *arena)
{
	cnv_str list = { 0 };

	for (uint32_t i = 0; i < s->versions.count; i++)
		list = cnv_arena_format(arena, "%.*s%s%.*s", CNV_ARG(list), i ? ", " : "",
					CNV_ARG(cnv_form_version_name(s->versions.at[i].form.form)));
	return list;
}

/* Answers that have no place in the form, after the findings of the store. */
static bool list_not_carried(cnv_report *report, const cnv_standings *s, cnv_arena *arena)
{
	const cnv_not_carried_list *list = &s->not_carried;
	cnv_reported_finding *all =
		cnv_arena_array(arena, (size_t)report->finding_count + list->count + 1, sizeof *all);

	if (!all || !list->count)
		return all;
	for (uint32_t i = 0; i < report->finding_count; i++)
		all[i] = report->findings[i];
	for (uint32_t i = 0; i < list->count; i++) {
		const cnv_not_carried *lost = &list->at[i];

		all[report->finding_count + i] = (cnv_reported_finding){
			.respondent = lost->respondent,
			.question = lost->path,
			.value = lost->value,
			.message = cnv_arena_format(arena, "not carried over: %s", lost->why),
			.hint = CNV_STR(""),
			.file = lost->file < report->file_count ? report->files[lost->file].name : CNV_STR(""),
			.line = lost->line,
			.code = CNV_NOT_CARRIED,
			.privacy = lost->privacy,
		};
	}
	report->findings = all;
	report->finding_count += list->count;
	return true;
}

/* Findings of responses that are not shown by name are left out: how many there are depends on the answers. */
static bool keep_released(cnv_report *report, const cnv_standings *s, cnv_arena *arena)
{
	cnv_reported_finding *kept = cnv_arena_array(arena, (size_t)report->finding_count + 1, sizeof *kept);
	cnv_map named = { 0 };
	uint32_t count = 0;

	if (s->audience == CNV_AUDIENCE_SECRETARIAT || s->form->release == CNV_NONE)
		return true;
	for (uint32_t row = 0; s->batch && row < s->responses; row++)
		if (s->reported[row].shown == CNV_SHOWN_NAMED)
			cnv_map_put(&named, s->reported[row].respondent, row);
	for (uint32_t i = 0; kept && i < report->finding_count; i++)
		if (!report->findings[i].respondent.len ||
		    cnv_map_find(&named, report->findings[i].respondent) != CNV_NONE)
			kept[count++] = report->findings[i];
	report->findings = kept;
	report->finding_count = kept ? count : 0;
	bool ok = kept && !named.failed;
	cnv_map_fini(&named);
	return ok;
}

/* Sets `unnamed` of the files with a response that is not shown by name; or clears it where one is shown. */
static void set_unnamed(cnv_reported_file *files, const cnv_report *report, bool unnamed)
{
	for (uint64_t i = 0; report->responses && i < report->response_count; i++)
		if (report->responses[i].file < report->file_count &&
		    (report->responses[i].shown != CNV_SHOWN_NAMED) == unnamed)
			files[report->responses[i].file].unnamed = unnamed;
}

/* A file that an answer is traced back to, and in which there was no other response, not even one that was quarantined or
 * known already. */
static void clear_traced(cnv_reported_file *files, const cnv_report *report)
{
	for (uint32_t i = 0; i < report->trace_count; i++) {
		uint32_t file = report->traces[i].file;

		if (file < report->file_count &&
		    (files[file].responses == 1 || report->audience == CNV_AUDIENCE_SECRETARIAT))
			files[file].unnamed = false;
	}
}

static bool mark_unnamed(cnv_report *report, cnv_arena *arena)
{
	cnv_reported_file *files = cnv_arena_array(arena, (size_t)report->file_count + 1, sizeof *files);

	for (uint32_t i = 0; files && i < report->file_count; i++) {
		files[i] = report->files[i];
		files[i].unnamed = true;
	}
	if (files) {
		set_unnamed(files, report, false);
		set_unnamed(files, report, true);
		clear_traced(files, report);
	}
	report->files = files;
	return files;
}

static void digest_roster(cnv_report *report, cnv_str bytes)
{
	cnv_digest digest;

	if (!bytes.len)
		return;
	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, bytes.at, bytes.len);
	cnv_digest_end(&digest, report->roster_sha256);
}

static cnv_status gather(cnv_report *report, const cnv_comparison *c, cnv_arena *arena, cnv_diags *diags)
{
	const cnv_standings *s = c->standings;
	uint32_t most = s->batch ? FINDINGS_SHOWN : FINDINGS_SHOWN_UNNAMED;
	uint64_t found, *all = s->batch ? &found : NULL; /* counting a million would take longer than to lay them out */
	cnv_status status;

	*report = (cnv_report){ .form = s->form,
				.roster = s->roster,
				.language = c->language,
				.words = c->words,
				.round = s->round,
				.now = c->now,
				.carried_from = list_versions(s, arena),
				.labels = c->labels,
				.no_audit = c->no_audit,
				.exact = s->exact,
				.technical = c->technical,
				.across = c->across,
				.crosses = c->crosses,
				.cross = c->cross,
				.profile = c->profile,
				.batch = s->batch,
				.responses = s->batch ? s->reported : NULL,
				.response_count = s->responses,
				.errors = s->errors,
				.warnings = s->warnings,
				.audience = s->audience,
				.as_of = c->as_of,
				.no_one_asked = cnv_standings_no_one_asked(s) };
	digest_roster(report, c->roster);
	if (s->replies && !(report->replies = list_replies(s, arena)))
		return CNV_NO_MEMORY;
	status = cnv_store_files(c->store, s->round, arena, &report->files, &report->file_count, diags);
	if (!status)
		status = trace_gather(report, c->store, arena, diags);
	for (uint64_t i = 0; i < report->response_count && report->responses && !report->confirms; i++)
		report->confirms = cnv_reported_confirms(&report->responses[i]);
	if (!status)
		status = cnv_store_findings(c->store, s->round, most, arena, &report->findings, &report->finding_count,
					    all, diags);
	if (!status && cnv_report_marks(report) && !report->no_audit)
		status = cnv_store_readings(c->store, s->round, READINGS_SHOWN, arena, &report->readings,
					    &report->reading_count, diags);
	if (!status && c->as_of)
		status = cnv_store_late(c->store, s->round, arena, &report->late, &report->late_count, diags);
	if (c->few_late && report->late_count > c->late)
		report->late_count = c->late;
	if (!status && !list_not_carried(report, s, arena))
		status = CNV_NO_MEMORY;
	if (!status && (!keep_released(report, s, arena) || !mark_unnamed(report, arena)))
		status = CNV_NO_MEMORY;
	if (!status)
		status = cnv_store_quarantined(c->store, s->round, most, arena, &report->quarantined,
					       &report->quarantined_count, all, diags);
	return status;
}

/* The content of the workbook, which another process may write. */
typedef struct laying {
	const cnv_report *report;
	const cnv_tally *tally;
	cnv_arena scratch;
} laying;

static cnv_status lay(void *self, cnv_grid *grid)
{
	laying *l = self;
	cnv_contents *contents = cnv_contents_new(NULL);
	cnv_grid digesting;
	cnv_status status = CNV_NO_MEMORY;

	if (contents) {
		cnv_contents_grid(&digesting, contents, grid);
		status = cnv_report_lay(l->report, l->tally, &digesting, &l->scratch);
	}
	cnv_contents_free(contents);
	return status;
}

static cnv_status write_book(const cnv_report *report, const cnv_comparison *c, cnv_str target, cnv_diags *diags)
{
	laying l = { .report = report, .tally = c->standings->tally };
	cnv_output output = { 0 };
	cnv_status status = cnv_output_open(&output, target, c->force, diags);

	if (status)
		return status;
	status = cnv_xlsx_write(&output, &(cnv_xlsx_job){ report->form->title, c->now, lay, &l }, diags);
	cnv_arena_fini(&l.scratch);
	if (!status)
		return cnv_output_commit(&output, diags);
	cnv_output_abandon(&output);
	return status;
}

/* With what it is compared with. */
static cnv_status gather_all(cnv_report *report, cnv_earlier *earlier, const cnv_comparison *c, cnv_arena *arena,
			     cnv_diags *diags)
{
	cnv_status status = gather(report, c, arena, diags);

	if (status || !c->since)
		return status;
	report->earlier = earlier;
	return since_gather(earlier, c->since, arena);
}

/* Lays everything out once more, to nowhere, before it is written for an audience that may not see all of it. */
static cnv_status search_secrets(const cnv_report *report, const cnv_comparison *c, cnv_str target, cnv_diags *diags)
{
	cnv_secrets *secrets = c->standings->secrets;
	const cnv_tally *tally = c->standings->tally;
	cnv_arena scratch = { 0 };
	cnv_grid grid;
	cnv_document document;
	cnv_status status;

	if (!secrets || report->audience == CNV_AUDIENCE_SECRETARIAT)
		return CNV_OK;
	grid = cnv_secrets_grid(secrets);
	document = cnv_secrets_document(secrets);
	status = cnv_secrets_seal(secrets, report);
	if (!status && !cnv_secrets_any(secrets))
		return CNV_OK;
	if (!status && cnv_report_kind_of(target) == CNV_REPORT_BOOK)
		status = cnv_report_lay(report, tally, &grid, &scratch);
	else if (!status)
		status = paper_lay(report, tally, &document, &scratch);
	cnv_arena_fini(&scratch);
	return status ? status : cnv_secrets_judge(secrets, target, diags);
}

cnv_status cnv_comparison_write(const cnv_comparison *comparison, cnv_str target, cnv_diags *diags)
{
	cnv_report report;
	cnv_earlier earlier;
	cnv_arena arena = { 0 };
	cnv_status status = gather_all(&report, &earlier, comparison, &arena, diags);

	if (!status)
		status = search_secrets(&report, comparison, target, diags);
	if (!status)
		status = cnv_report_kind_of(target) == CNV_REPORT_BOOK
				 ? write_book(&report, comparison, target, diags)
				 : cnv_paper_write(&report, comparison, target, diags);
	cnv_arena_fini(&arena);
	return status;
}

cnv_status cnv_comparison_digest(const cnv_comparison *comparison, cnv_contents *contents, cnv_diags *diags)
{
	cnv_report report;
	cnv_earlier earlier;
	cnv_grid grid;
	cnv_arena arena = { 0 }, scratch = { 0 };
	cnv_status status = gather_all(&report, &earlier, comparison, &arena, diags);

	cnv_contents_grid(&grid, contents, NULL);
	if (!status)
		status = cnv_report_lay(&report, comparison->standings->tally, &grid, &scratch);
	cnv_arena_fini(&scratch);
	cnv_arena_fini(&arena);
	return status;
}
