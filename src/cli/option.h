/* One row of the table of options: what parsing, --help, the man page and completion all read. */
#ifndef CANVASS_CLI_OPTION_H
#define CANVASS_CLI_OPTION_H

#include "cli.h"

typedef struct cli_option {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* NULL: takes none */
	cli_kind kind;     /* of the value */
	const char *summary;
	/* takes the value in; NULL: it goes as it is to `at` in cli_options, a cnv_str, or a bool where there is none */
	cli_exit (*read)(cli_options *options, cnv_str text);
	size_t at;
	bool everywhere; /* taken by every command */
} cli_option;

enum { CLI_MOST_OPTIONS = 64 };
extern const cli_option cli_option_rows[];
extern const int cli_option_count;

bool cli_option_taken(const cli_command *command, const cli_option *row);

#endif
