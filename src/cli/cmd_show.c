/* show: print the questionnaire, as plain text on a terminal and as Markdown elsewhere. */
#include <stdlib.h>
#include <sys/ioctl.h>

#include "cli/cli.h"

enum { DEFAULT_COLUMNS = 80, MOST_COLUMNS = 100 /* longer lines are hard to read */ };

static uint32_t terminal_columns(void)
{
	const char *given = getenv("COLUMNS");
	struct winsize size = { 0 };
	int64_t columns = 0;

	if (ioctl(1, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (!columns && (!given || !cnv_integer_read(cnv_str_from(given), &columns)))
		columns = DEFAULT_COLUMNS;
	return columns < 1 ? DEFAULT_COLUMNS : columns > MOST_COLUMNS ? MOST_COLUMNS : (uint32_t)columns;
}

cli_exit cmd_show(const cli_options *options)
{
	cnv_form_file form;
	cnv_text_writer state;
	cnv_text text = { 0 };
	cnv_arena scratch = { 0 };
	cli_exit code = cli_form_use(&form, options, options->operands[0]);

	if (!code) {
		cnv_writer writer = cli_is_terminal(stdout) ? cnv_write_text(&state, &text, terminal_columns())
							    : cnv_write_markdown(&state, &text);
		cnv_status status = cnv_outline_lay(form.form, form.language, &writer, &scratch);
		cnv_write_end(&state);
		if (status || text.failed) {
			cli_out_of_memory();
			code = CLI_ACCESS;
		} else {
			cli_put(stdout, cnv_text_str(&text), true);
		}
	}
	cnv_text_fini(&text);
	cnv_arena_fini(&scratch);
	cnv_form_file_fini(&form);
	return code;
}
