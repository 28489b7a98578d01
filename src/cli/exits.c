/* Exit codes and usage errors. */
#include <stdarg.h>

#include "cli/cli.h"

cli_exit cli_exit_for(cnv_status status)
{
	switch (status) {
	case CNV_OK:
		return CLI_DONE;
	case CNV_REJECTED:
		return CLI_ERRORS;
	case CNV_NO_MEMORY:
		cnv_mem_note_shortage();
		return CLI_ACCESS;
	case CNV_NO_ACCESS:
		return CLI_ACCESS;
	case CNV_STOPPED:
		return CLI_STOPPED;
	}
	return CLI_ACCESS;
}

cli_exit cli_exit_asked(cnv_status status)
{
	return status == CNV_REJECTED ? CLI_USAGE : cli_exit_for(status);
}

cli_exit cli_worse(cli_exit a, cli_exit b)
{
	return a > b ? a : b;
}

cli_exit cli_usage(const cli_options *options, const char *format, ...)
{
	cnv_text message = { 0 };
	va_list list;

	va_start(list, format);
	cnv_text_vformat(&message, format, list);
	va_end(list);
	fputs("canvass: ", stderr);
	cli_put(stderr, cnv_text_str(&message), false);
	if (options && options->command)
		fprintf(stderr, "\n  see: canvass %s --help\n", options->command->name);
	else
		fputs("\n  see: canvass --help\n", stderr);
	cnv_text_fini(&message);
	return CLI_USAGE;
}
