/* check: report every mistake in a form, then count what the form has. */
#include <inttypes.h>

#include "cli/cli.h"

static void print_count(const char *lead, uint32_t count, const char *one, const char *many)
{
	printf("%s%" PRIu32 " %s", lead, count, cnv_noun(count, one, many));
}

static void print_summary(const cnv_form_file *loaded, const cnv_diags *diags)
{
	if (loaded->form) {
		cnv_holdings h = cnv_form_holdings(loaded);
		cli_put(stdout, loaded->name, false);
		print_count(": ", h.questions, "question", "questions");
		print_count(", ", h.sections, "section", "sections");
		print_count(", ", h.repeats, "repeat", "repeats");
		print_count(", ", h.lists, "list", "lists");
		print_count(", ", h.languages, "language", "languages");
		print_count(", ", h.rules, "rule", "rules");
		putchar('\n');
	}
	if (!diags->errors && !diags->warnings)
		printf("no mistakes found\n");
	else
		printf("%" PRIu64 " %s, %" PRIu64 " %s\n", diags->errors, cnv_noun(diags->errors, "error", "errors"),
		       diags->warnings, cnv_noun(diags->warnings, "warning", "warnings"));
}

static void json_summary(cli_json *json, const cnv_form_file *loaded, const cnv_diags *diags)
{
	cli_json_number(json, "errors", diags->errors);
	cli_json_number(json, "warnings", diags->warnings);
	if (loaded->form) {
		cnv_holdings h = cnv_form_holdings(loaded);
		cli_json_text(json, "form_id", loaded->form->id);
		cli_json_text(json, "version", loaded->form->version);
		cli_json_number(json, "questions", h.questions);
		cli_json_number(json, "sections", h.sections);
		cli_json_number(json, "repeats", h.repeats);
		cli_json_number(json, "lists", h.lists);
		cli_json_number(json, "languages", h.languages);
		cli_json_number(json, "rules", h.rules);
	}
}

static void print_diags(const cnv_checked *checked, const cli_options *options, cli_json *json)
{
	for (uint32_t i = 0; i < checked->count; i++) {
		if (options->json || options->jsonl)
			cli_json_diag(json, NULL, &checked->diags[i]);
		else
			cli_print_diag(stdout, &checked->diags[i]);
	}
}

cli_exit cmd_check(const cli_options *options)
{
	cli_json json = { .out = stdout };
	cnv_checked checked;
	cnv_status status = cnv_checked_load(&checked, options->operands[0]);
	cnv_diags counts = checked.counts;

	if (options->json) {
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.check/1"));
		cli_json_text(&json, "form", options->operands[0]);
		cli_json_open(&json, "diagnostics", '[');
	}
	print_diags(&checked, options, &json);
	if (options->json) {
		cli_json_close(&json, ']');
		json_summary(&json, &checked.form, &counts);
		cli_json_close(&json, '}');
	} else if (!options->jsonl && status != CNV_NO_ACCESS) {
		print_summary(&checked.form, &counts);
	}
	cnv_checked_fini(&checked);
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	if (status == CNV_NO_ACCESS || status == CNV_NO_MEMORY)
		return CLI_ACCESS;
	return status || counts.errors || (options->strict && counts.warnings) ? CLI_ERRORS : CLI_DONE;
}
