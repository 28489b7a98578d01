/* The program: read the options, run the command, give its exit code. */
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cli.h"

/* Whoever reads the output has gone: `canvass explain | head`. */
static bool is_reader_gone(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&output, 1, 0) == 1 && output.revents & (POLLERR | POLLHUP);
}

/* The exit code when all that is to be printed has been; a reader who has seen enough makes no difference to it. */
static cli_exit end_output(cli_exit code)
{
	bool failed = fflush(stdout) || ferror(stdout);

	if (!failed || is_reader_gone())
		return code;
	fputs("canvass: the output could not be written\n", stderr);
	return cli_worse(code, CLI_ACCESS);
}

int main(int argc, char **argv)
{
	static cli_options options;
	cli_exit code;

	/* A closed pipe, and a file that may not grow further, are seen as a failed write, not as sudden death in the
	 * middle of a transaction. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	cli_patience_read();
	cnv_store_alone();
	cnv_xlsx_write_by(cnv_xlsx_write_apart);
	code = cli_options_read(&options, argc, argv);
	if (code == CLI_DONE) {
		if (options.version)
			printf("canvass %s\n", cnv_version());
		else if (options.man)
			cli_man(stdout);
		else if (options.completion.len)
			cli_completion(stdout, options.completion);
		else if (options.help || !options.command)
			cli_help(stdout, options.command);
		else
			code = options.command->run(&options);
	}
	cli_options_fini(&options);
	/* Whoever finds a file at fault says so there; of memory that runs out not everyone can. */
	if (code == CLI_ACCESS && cnv_mem_ran_short())
		cli_out_of_memory();
	return (int)end_output(code);
}
