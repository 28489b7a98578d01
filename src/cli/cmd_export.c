/* export: write the responses as data for other programs. */
#include <inttypes.h>

#include "canvass/export.h"
#include "cli/cli.h"

static void print_count(uint64_t count, const char *one, const char *many)
{
	printf(", %" PRIu64 " %s", count, cnv_noun(count, one, many));
}

/* What the files do not have. */
static void print_left_out(const cnv_exported *e, bool lists_all)
{
	if (e->not_counted && lists_all)
		printf("  %" PRIu64 " %s not count and %s listed apart (not_counted)\n", e->not_counted,
		       cnv_noun(e->not_counted, "answer does", "answers do"), cnv_noun(e->not_counted, "is", "are"));
	else if (e->not_counted)
		printf("  %" PRIu64 " %s not count and %s left out\n", e->not_counted,
		       cnv_noun(e->not_counted, "answer does", "answers do"), cnv_noun(e->not_counted, "is", "are"));
	if (e->without_value)
		printf("  %" PRIu64 " %s N/A, D/K or CONF and %s left out; ${status} in the map keeps them\n",
		       e->without_value, cnv_noun(e->without_value, "answer is", "answers are"),
		       cnv_noun(e->without_value, "is", "are"));
	if (e->remarks && !lists_all)
		printf("  %" PRIu64 " %s left out\n", e->remarks, cnv_noun(e->remarks, "remark is", "remarks are"));
	if (e->cut)
		printf("  %" PRIu64 " %s cut, at 32,767 bytes\n", e->cut, cnv_noun(e->cut, "text is", "texts are"));
	if ((e->not_counted || e->remarks || e->cut) && !lists_all)
		fputs("  a folder of CSV files (-o DIR) has all of it\n", stdout);
	if (e->withheld)
		printf("  %" PRIu64 " %s withheld from this audience\n", e->withheld,
		       cnv_noun(e->withheld, "response is", "responses are"));
}

static void print_text(const cnv_exported *e, cnv_str target, cnv_str round, bool sdmx)
{
	bool lists_all = !sdmx && cnv_export_lists_all(cnv_export_kind_of(target));

	cli_put(stdout, target, false);
	printf(": round ");
	cli_put(stdout, round, false);
	print_count(e->responses, "response", "responses");
	if (sdmx)
		print_count(e->observations, "observation", "observations");
	else if (e->entries)
		print_count(e->entries, "entry", "entries");
	if (e->remarks && lists_all)
		print_count(e->remarks, "remark", "remarks");
	putchar('\n');
	print_left_out(e, lists_all);
}

static void print_json(const cnv_exported *e, cnv_str target, cnv_str round, const cli_options *options)
{
	cli_json json = { .out = stdout };

	cli_json_open(&json, NULL, '{');
	cli_json_text(&json, "schema", CNV_STR("canvass.export/1"));
	cli_json_text(&json, "output", target);
	cli_json_text(&json, "round", round);
	cli_json_text(&json, "audience", cnv_str_from(cnv_audience_word(options->audience)));
	cli_json_number(&json, "files", e->files);
	cli_json_number(&json, "responses", e->responses);
	cli_json_number(&json, "entries", e->entries);
	cli_json_number(&json, "remarks", e->remarks);
	if (options->sdmx.len) {
		cli_json_number(&json, "observations", e->observations);
		cli_json_number(&json, "without_value", e->without_value);
	}
	cli_json_number(&json, "not_counted", e->not_counted);
	cli_json_number(&json, "cut", e->cut);
	cli_json_number(&json, "withheld", e->withheld);
	cli_json_close(&json, '}');
}

static cli_exit write_export(cli_opened *opened, const cli_options *options, cnv_str *target, cnv_exported *exported)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_exit code = cli_open_answered(opened, options);

	if (!code && options->has_as_of && cnv_store_as_of(opened->store, options->as_of, &diags))
		code = CLI_ACCESS;
	if (code)
		return code;
	if (!target->len) {
		*target = cli_default_target(opened, "exports", options->sdmx.len ? ".csv" : "");
		cnv_folder_make_for(*target);
	}
	if (cli_keep_inputs(opened, *target, &diags))
		return CLI_USAGE;
	return cli_exit_asked(cnv_export_write(&(cnv_export){ .store = opened->store,
							      .form = opened->form.form,
							      .roster = cli_roster(opened),
							      .round = opened->round,
							      .language = opened->form.language,
							      .audience = options->audience,
							      .now = options->now,
							      .labels = options->with_labels,
							      .sdmx = options->sdmx,
							      .formula_safe = options->formula_safe,
							      .force = options->force },
					       *target, exported, &diags));
}

cli_exit cmd_export(const cli_options *options)
{
	cli_opened opened = { 0 };
	cnv_exported exported = { 0 };
	cnv_str target = options->output;
	cli_exit code;

	if (options->sdmx.len && (options->formula_safe || options->with_labels))
		return cli_usage(options, "--sdmx writes codes, without --with-labels or --formula-safe");
	if (options->formula_safe && target.len && cnv_export_kind_of(target) != CNV_EXPORT_PACKAGE)
		return cli_usage(options, "--formula-safe: only CSV files (-o DIR) take it");
	if (options->with_labels && target.len && !cnv_export_lists_all(cnv_export_kind_of(target)))
		return cli_usage(options, "--with-labels: files of SPSS and Stata have labels in any case");
	code = write_export(&opened, options, &target, &exported);
	if (!code && options->json)
		print_json(&exported, target, opened.round, options);
	else if (!code)
		print_text(&exported, target, opened.round, options->sdmx.len > 0);
	if (!code && !exported.responses && !exported.withheld)
		cli_print_empty(opened.round);
	cli_close(&opened);
	return code;
}
