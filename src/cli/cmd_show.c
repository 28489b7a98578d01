/* show: print the questionnaire, as plain text on a terminal and as Markdown elsewhere. */
#include "cli/show.h"

static cli_exit print_outline(const cnv_form_file *form)
{
	cnv_text_writer state;
	cnv_text text = { 0 };
	cnv_arena scratch = { 0 };
	cnv_writer writer = cli_is_terminal(stdout) ? cnv_write_text(&state, &text, cli_columns())
						    : cnv_write_markdown(&state, &text);
	cnv_status status = cnv_outline_lay(form->form, form->language, &writer, &scratch);
	bool failed;

	cnv_write_end(&state);
	failed = status || text.failed;
	if (failed)
		cli_out_of_memory();
	else
		cli_put(stdout, cnv_text_str(&text), true);
	cnv_text_fini(&text);
	cnv_arena_fini(&scratch);
	return failed ? CLI_ACCESS : CLI_DONE;
}

cli_exit cmd_show(const cli_options *options)
{
	cnv_form_file form = { 0 };
	cli_exit code;

	if (options->json && !options->summary)
		return cli_usage(options, "--json needs --summary");
	if (options->expand && (options->summary || options->language.len))
		return cli_usage(options, "--expand cannot be combined with --summary or --language");
	if (options->expand)
		return cli_show_expanded(options->operands[0]);
	code = cli_form_use(&form, options, options->operands[0]);
	if (!code)
		code = options->summary ? cli_show_summary(&form, options->json) : print_outline(&form);
	cnv_form_file_fini(&form);
	return code;
}
