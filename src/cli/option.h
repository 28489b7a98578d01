/* One row of the table of options, used by parsing, --help, the man pages and completion. */
#ifndef CANVASS_CLI_OPTION_H
#define CANVASS_CLI_OPTION_H

#include "cli/cli.h"

/* The headings under which --help and the man pages list options, in this order. */
typedef enum cli_group {
	CLI_INPUT,
	CLI_SELECTION,
	CLI_PROCESSING,
	CLI_RECORDING,
	CLI_OUTPUT,
	CLI_GENERAL,
	CLI_GROUPS
} cli_group;

typedef struct cli_option {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* NULL: none */
	cli_kind kind;     /* of the value */
	cli_group group;
	const char *summary;
	/* parses the value; NULL: it is stored at `at` in cli_options, as a cnv_str, or as a bool if there is no value */
	cli_exit (*read)(cli_options *options, cnv_str text);
	size_t at;
	bool everywhere; /* an option of every command */
} cli_option;

enum { CLI_MOST_OPTIONS = 80 };
extern const cli_option cli_option_rows[];
extern const int cli_option_count;
extern const char *const cli_group_names[CLI_GROUPS];

/* A time with an offset: without one, the same text would be another instant in another time zone. */
bool cli_instant_read(cnv_str text, cnv_instant *instant);
bool cli_option_taken(const cli_command *command, const cli_option *row);

#endif
