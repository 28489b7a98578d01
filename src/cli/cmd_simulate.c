/* simulate: invent returns, to rehearse a round. */
#include <inttypes.h>

#include "cli/cli.h"

/* --count, else the size of the roster, else 10. */
static cli_exit choose_count(const cli_options *options, const cnv_roster *roster, uint32_t *count)
{
	*count = options->count ? options->count : roster ? roster->count : 10;
	if (roster && *count > roster->count)
		return cli_usage(options, "-n: the roster has %u %s", roster->count,
				 cnv_noun(roster->count, "respondent", "respondents"));
	if (*count > CNV_REHEARSED)
		return cli_usage(options, "-n: at most %u returns", CNV_REHEARSED);
	return CLI_DONE;
}

/* Prints what was written, and the next command. */
static void print_summary(const cnv_rehearsal *r)
{
	printf("%u invented %s in ", r->count, cnv_noun(r->count, "return", "returns"));
	cli_put(stdout, r->folder, false);
	if (r->broken) {
		printf(", with %" PRIu64 " %s listed in ", r->defects, cnv_noun(r->defects, "defect", "defects"));
		cli_put(stdout, r->list_name, false);
	}
	putchar('\n');
	if (r->refused)
		printf("%" PRIu64 " %s could not be invented within the form's rules\n", r->refused,
		       cnv_noun(r->refused, "answer", "answers"));
	fflush(stdout);
	fputs("  next: canvass import ", stderr);
	cli_put_operand(stderr, r->form->name);
	fputc(' ', stderr);
	cli_put_operand(stderr, r->folder);
	fputs(" --store rehearsal.db\n", stderr);
}

static cli_exit rehearse(cnv_rehearsal *r, const cnv_roster *roster)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status;

	while (r->folder.len > 1 && r->folder.at[r->folder.len - 1] == '/')
		r->folder.len--;
	status = cnv_rehearse(r, roster, &diags);
	if (r->existing.len)
		return cli_reject_existing(r->existing);
	if (!status)
		print_summary(r);
	return cli_exit_asked(status);
}

cli_exit cmd_simulate(const cli_options *options)
{
	cli_opened opened = { 0 };
	cnv_rehearsal rehearsal = { .form = &opened.form,
				    .folder = options->output,
				    .seed = options->seed,
				    .books = options->books,
				    .broken = options->broken,
				    .force = options->force,
				    .now = options->now };
	cli_exit code = cli_form_use(&opened.form, options, options->operands[0]);

	if (!code && !options->output.len)
		code = cli_usage(options, "name the output folder with -o DIR");
	if (!code && options->books && options->broken)
		code = cli_usage(options, "--broken spoils CSV files only, not workbooks");
	if (!code)
		rehearsal.round = cli_round(options, &opened.form, NULL, &rehearsal.arena);
	if (!code)
		code = cli_roster_load(&opened.roster, options, &opened.form, NULL);
	if (!code)
		code = choose_count(options, cli_roster(&opened), &rehearsal.count);
	if (!code)
		code = rehearse(&rehearsal, cli_roster(&opened));
	cnv_rehearsal_fini(&rehearsal);
	cli_close(&opened);
	return code;
}
