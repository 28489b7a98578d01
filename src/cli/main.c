/* Entry point: reads the options, runs the command, returns its exit code. */
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cli/man.h"

/* The reader of a pipe has closed it: `canvass explain | head`. */
static bool is_reader_gone(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&output, 1, 0) == 1 && output.revents & (POLLERR | POLLHUP);
}

/* Flushes the output and returns the exit code: a failed write changes it, a reader that stopped early does not. */
static cli_exit end_output(cli_exit code)
{
	bool failed = fflush(stdout) || ferror(stdout);

	if (!failed || is_reader_gone())
		return code;
	fputs("canvass: cannot write the output\n", stderr);
	return cli_worse(code, CLI_ACCESS);
}

int main(int argc, char **argv)
{
	static cli_options options;
	cli_exit code;

	/* A closed pipe, or a file at its size limit, must fail the write and not end the process in a transaction. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	cli_patience_read();
	cnv_store_alone();
	cnv_xlsx_write_by(cnv_xlsx_write_apart);
	cnv_xls_read_by(cnv_xls_read_apart);
	code = cli_options_read(&options, argc, argv);
	if (code == CLI_DONE) {
		if (options.version)
			printf("canvass %s\n", cnv_version());
		else if (options.man && options.page)
			options.page->print(stdout);
		else if (options.man)
			cli_man(stdout, options.command);
		else if (options.completion.len)
			cli_completion(stdout, options.completion);
		else if (options.help || !options.command)
			cli_help(stdout, options.command);
		else
			code = options.command->run(&options);
	}
	cli_options_fini(&options);
	/* File errors are reported where they occur; a lack of memory is not always. */
	if (code == CLI_ACCESS && cnv_mem_ran_short())
		cli_out_of_memory();
	return (int)end_output(code);
}
