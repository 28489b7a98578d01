/* report: the comparison workbook. */
#include <inttypes.h>

#include "round.h"

/* Findings on the sheet.  Among more responses than are named nobody reads on; the store holds them all, and the
 * workbook's size stays the same however many there are. */
#define FINDINGS_SHOWN 100000u
#define FINDINGS_SHOWN_UNNAMED 1000u

static cnv_status gather_report(cli_round_data *d, const cli_options *options, cnv_report *report, cnv_diags *diags)
{
	uint32_t most = d->batch ? FINDINGS_SHOWN : FINDINGS_SHOWN_UNNAMED;
	uint64_t findings, quarantined;
	cnv_status status;

	*report = (cnv_report){ .form = d->form.form,
		                .roster = d->roster.there ? &d->roster.roster : NULL,
		                .language = d->form.language,
		                .round = d->round,
		                .now = options->now,
		                .batch = d->batch,
		                .responses = d->batch ? d->reported : NULL,
		                .response_count = d->responses,
		                .errors = d->errors,
		                .warnings = d->warnings };
	status = cnv_store_files(d->store, d->round, &d->arena, &report->files, &report->file_count, diags);
	if (!status)
		status = cnv_store_findings(d->store, d->round, most, &d->arena, &report->findings,
		                            &report->finding_count, &findings, diags);
	if (!status)
		status = cnv_store_quarantined(d->store, d->round, most, &d->arena, &report->quarantined,
		                               &report->quarantined_count, &quarantined, diags);
	return status;
}

static cnv_status write_workbook(cli_round_data *d, const cli_options *options, cnv_str target, cnv_diags *diags)
{
	cnv_report report;
	cnv_output output = { 0 };
	cnv_grid grid = { 0 };
	cnv_arena scratch = { 0 };
	cnv_status status = gather_report(d, options, &report, diags);

	if (status)
		return status;
	status = cnv_output_open(&output, target, options->force, diags);
	if (status)
		return status;
	status = cnv_xlsx_grid(&grid, &output, d->form.form->title, options->now, diags);
	if (!status)
		status = cnv_report_lay(&report, d->tally, &grid, &scratch);
	if (!status)
		status = grid.finish(grid.self);
	cnv_xlsx_free(&grid);
	if (!status)
		status = cnv_output_commit(&output, diags);
	else
		cnv_output_abandon(&output);
	cnv_arena_fini(&scratch);
	return status;
}

static cnv_str default_target(cli_round_data *d)
{
	size_t from = d->store_name.len, upto = d->store_name.len;

	while (from && d->store_name.at[from - 1] != '/')
		from--;
	if (cnv_str_ends(d->store_name, CNV_STR(".db")))
		upto -= 3;
	return cnv_arena_format(&d->arena, "reports/%.*s.xlsx", CNV_ARG(cnv_str_slice(d->store_name, from, upto)));
}

/* With --force a slip of the finger must not cost the form or the answers. */
static bool is_precious(const cli_round_data *d, cnv_str target)
{
	const struct {
		cnv_str name;
		const char *word;
	} ours[] = { { d->form.name, "form" }, { d->store_name, "store" }, { d->roster.source, "roster" } };

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (ours[i].name.len && cnv_file_same(target, ours[i].name)) {
			fputs("canvass: ", stderr);
			cli_put(stderr, target, false);
			fprintf(stderr, " is the %s itself; name another file for the workbook\n", ours[i].word);
			return true;
		}
	return false;
}

/* How many of the roster have answered. */
static uint64_t answered_of_roster(const cli_round_data *d)
{
	uint64_t count = 0;

	for (uint64_t i = 0; d->batch && i < d->responses; i++)
		count += cnv_map_find(&d->roster.roster.by_code, d->reported[i].respondent) != CNV_NONE;
	return count;
}

cli_exit cmd_report(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_round_data d;
	cli_exit code = cli_round_open(&d, options);
	cnv_str target = options->output;

	if (!code && !target.len) {
		target = default_target(&d);
		cnv_folder_make_for(target);
	}
	if (!code && is_precious(&d, target))
		code = CLI_USAGE;
	if (!code) {
		cnv_status status = write_workbook(&d, options, target, &diags);
		if (status == CNV_NO_MEMORY)
			cli_out_of_memory();
		code = status == CNV_REJECTED ? CLI_USAGE : status ? CLI_ACCESS : CLI_DONE;
	}
	if (!code && options->json) {
		cli_json json = { .out = stdout };
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.report/1"));
		cli_json_text(&json, "workbook", target);
		cli_json_text(&json, "round", d.round);
		cli_json_number(&json, "responses", d.responses);
		cli_json_close(&json, '}');
	} else if (!code) {
		cli_put(stdout, target, false);
		printf(": round ");
		cli_put(stdout, d.round, false);
		if (d.roster.there && d.batch)
			printf(", %" PRIu64 " of %" PRIu32 " answered\n", answered_of_roster(&d), d.roster.roster.count);
		else
			printf(", %" PRIu64 " %s\n", d.responses, cnv_noun(d.responses, "response", "responses"));
	}
	if (!code && !d.responses)
		cli_say_empty(d.round);
	cli_round_close(&d);
	return code;
}
