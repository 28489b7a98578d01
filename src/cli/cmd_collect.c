/* collect: interviews in the terminal, and answers that come without one.
 *
 * The state is a session; every answer is kept in a draft at once.  In the end the answers become a CSV in the long
 * layout and are imported like any other return. */
#include <unistd.h>

#include "cli/collect.h"

static cli_exit check_modes(const cli_options *options)
{
	bool direct = options->set_count || options->blank || options->answers.len;

	if ((options->set_count > 0) + options->blank + (options->answers.len > 0) + options->drafts > 1)
		return cli_usage(options, "--set, --answers, --blank and --drafts cannot be combined");
	if (options->incomplete && !options->answers.len)
		return cli_usage(options, "--incomplete needs --answers");
	if ((options->twice || options->clerk) && (direct || options->drafts))
		return cli_usage(options, "--%s is for interviews in the terminal", options->clerk ? "clerk" : "twice");
	if (options->clerk && options->operand_count > 1)
		return cli_usage(options, "--clerk asks for each respondent; name none after the form");
	if (direct || options->drafts)
		return CLI_DONE;
	if (!isatty(STDIN_FILENO) || !cli_is_terminal(stdout))
		return cli_usage(options, "collect needs a terminal; use --answers or import for files");
	return cli_ask_ready() ? CLI_DONE : CLI_ACCESS;
}

/* A store that does not exist is made when something is to be stored.  Without a dialogue it is only read until then. */
static cli_exit open_store(cli_opened *opened, const cli_options *options)
{
	bool direct = options->set_count || options->blank || options->answers.len;

	opened->store_name = cli_store_name(options, &opened->form);
	bool there = cnv_store_exists(opened->store_name, opened->form.form);
	if (options->set_count && !there)
		return cli_store_expect(opened->store_name, &opened->form, options);
	/* That it cannot be made is reported before the first question. */
	if (!there && (direct || cnv_folder_takes(opened->store_name, !options->store.len)))
		return CLI_DONE;
	return cli_open_store(opened, options, direct ? CNV_STORE_READ : CNV_STORE_WRITE);
}

cli_exit cmd_collect(const cli_options *options)
{
	cli_opened opened = { 0 };
	cnv_str given = options->operand_count == 2 ? options->operands[1] : (cnv_str){ 0 };
	bool ended = false;
	cli_exit code = check_modes(options);

	if (code)
		return code;
	if (options->drafts)
		return collect_list_drafts(options);
	code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code)
		code = open_store(&opened, options);
	if (!code)
		code = cli_open_round(&opened, options);
	if (!code)
		code = options->clerk ? collect_clerk(&opened, options)
				      : collect_one(&opened, options, given, false, &ended);
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}
