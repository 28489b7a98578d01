/* copy: copy a store into an empty one, from a file to a server or back. */
#include <inttypes.h>

#include "cli/cli.h"

static void print_counted(const char *lead, uint64_t count, const char *one, const char *many)
{
	printf("%s%" PRIu64 " %s", lead, count, cnv_noun(count, one, many));
}

cli_exit cmd_copy(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_store_copied copied;
	cnv_status status = cnv_copy(options->operands[0], options->operands[1], &cli_patience, &copied, &diags);

	if (status)
		return cli_exit_for(status);
	print_counted("copied: ", copied.returns, "return", "returns");
	print_counted(", ", copied.originals, "original", "originals");
	print_counted(", ", copied.responses, "response", "responses");
	print_counted(", ", copied.events, "event", "events");
	putchar('\n');
	return CLI_DONE;
}
