/* Entry point: reads the options, runs the command, returns its exit code. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
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

/* libpq takes a password from the environment, and no message or printed command has it then. */
static void put_password_aside(cnv_str *store, cnv_text *without)
{
	cnv_text password = { 0 };

	if (cnv_store_is_on_server(*store) && cnv_store_part_password(*store, without, &password) && password.len) {
		cnv_text_put_char(&password, 0);
		if (!password.failed && !setenv("PGPASSWORD", password.at, 1))
			*store = cnv_text_str(without);
	}
	cnv_text_fini(&password);
}

int main(int argc, char **argv)
{
	cnv_text store = { 0 }, against = { 0 }, operand = { 0 };
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
		put_password_aside(&options.store, &store);
		put_password_aside(&options.against, &against);
		if (options.operand_count)
			put_password_aside(&options.operands[0], &operand);
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
	cnv_text_fini(&store);
	cnv_text_fini(&against);
	cnv_text_fini(&operand);
	/* File errors are reported where they occur; a lack of memory is not always. */
	if (code == CLI_ACCESS && cnv_mem_ran_short())
		cli_out_of_memory();
	return (int)end_output(code);
}
