/* The program: read the options, run the command, give its exit code. */
#include <signal.h>
#include <stdlib.h>

#include "cli.h"

int main(int argc, char **argv)
{
	static cli_options options;
	cli_exit code;

	/* A closed pipe is seen as a failed write, not as sudden death in the middle of a transaction. */
	signal(SIGPIPE, SIG_IGN);
	code = cli_options_read(&options, argc, argv);
	if (code == CLI_DONE) {
		if (options.version)
			printf("canvass " CNV_VERSION "\n");
		else if (options.man)
			cli_man(stdout);
		else if (options.completion)
			cli_completion(stdout);
		else if (options.help || !options.command)
			cli_help(stdout, options.command);
		else
			code = options.command->run(&options);
	}
	cli_options_fini(&options);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "canvass: the output could not be written\n");
		code = cli_worse(code, CLI_ACCESS);
	}
	return (int)code;
}
