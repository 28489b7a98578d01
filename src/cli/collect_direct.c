/* collect without a dialogue: answers come from the command line. */
#include "cli/collect.h"

/* Nothing is stored; the reason was printed. */
static cli_exit reject(cnv_status status)
{
	if (status == CNV_NO_MEMORY)
		return cli_out_of_memory();
	if (status != CNV_REJECTED)
		return CLI_ACCESS;
	fputs("nothing was stored\n", stderr);
	return CLI_ERRORS;
}

cli_exit collect_amend(collect_state *t)
{
	const cli_options *options = t->options;
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status;

	if (!t->respondent.len)
		return cli_usage(options, "--set: name the respondent after the form");
	if (!options->reason.len)
		return cli_usage(options, "--set needs --reason: why the answers change");
	if (!collect_take_counting(t)) {
		if (t->status)
			return cli_exit_for(t->status);
		return cli_usage(options, "--set: \"%.*s\" has no response in round \"%.*s\" to change",
				 CNV_ARG(t->respondent), CNV_ARG(t->to->round));
	}
	status = cnv_interview_amend(t->session, t->to->form.form, options->sets, options->set_count, &diags);
	return status ? reject(status) : collect_submit(t, (cnv_str){ 0 });
}
