/* withdraw: take a return out of the counts, or make an earlier revision count again. */
#include <inttypes.h>

#include "cli/cli.h"

static void print_done(const cli_opened *o, const cli_options *options, uint32_t before)
{
	cli_put(stdout, options->operands[1], false);
	if (options->revision && before)
		printf(": revision %" PRIu32 " counts, instead of revision %" PRIu32 "\n", options->revision, before);
	else if (options->revision)
		printf(": revision %" PRIu32 " counts again\n", options->revision);
	else
		printf(": revision %" PRIu32 " withdrawn; it is kept, and not counted\n", before);
	fflush(stdout);
	if (!options->revision) {
		fputs("to undo this, make the revision count again\n", stderr);
		fputs("  next: ", stderr);
		cli_begin_command("withdraw", &o->form, options);
		fputc(' ', stderr);
		cli_put_operand(stderr, options->operands[1]);
		fprintf(stderr, " --revision %" PRIu32 " --reason TEXT\n", before);
	}
	cli_print_next("status", "", &o->form, options);
}

static cli_exit run_withdraw(cli_opened *o, const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_withdrawal withdrawal = { .respondent = options->operands[1],
				      .reason = options->reason,
				      .revision = options->revision,
				      .at = options->now };
	uint32_t before;
	cli_exit code = cli_open_store(o, options, CNV_STORE_WRITE);

	if (!code)
		code = cli_open_round(o, options);
	withdrawal.round = o->round;
	if (!code)
		cnv_store_group_by(o->store, cli_roster(o));
	if (!code)
		code = cli_exit_asked(cnv_store_withdraw(o->store, &withdrawal, &before, &diags));
	code = cli_close_store(o, code);
	if (!code)
		print_done(o, options, before);
	return code;
}

cli_exit cmd_withdraw(const cli_options *options)
{
	cli_opened opened = { 0 };
	cli_exit code;

	if (!options->reason.len)
		return cli_usage(options, "withdraw requires --reason TEXT");
	code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code) {
		opened.store_name = cli_store_name(options, &opened.form);
		code = cli_store_expect(opened.store_name, &opened.form, options);
	}
	if (!code)
		code = run_withdraw(&opened, options);
	cli_close(&opened);
	return code;
}
