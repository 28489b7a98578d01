/* cli: the only room that prints, exits and asks the clock.
 *
 * One command is one file (cmd_<name>.c) and one row of the table in main.c; one option is one
 * row of the table in options.c, which feeds parsing, --help and the man page.
 */
#ifndef CANVASS_CLI_H
#define CANVASS_CLI_H

#include <stdio.h>

#include "canvass/io.h"
#include "canvass/store.h"

/* ---------------------------------------------------------------- exit codes (design: Commands) */
enum {
	EXIT_DONE = 0,    /* done, no errors found */
	EXIT_ERRORS = 1,  /* done, and what was judged has errors */
	EXIT_USAGE = 2,   /* cannot start: wrong usage, or a form that cannot be used */
	EXIT_ACCESS = 3,  /* a file, disk or database failed */
	EXIT_STOPPED = 130
};

/* ---------------------------------------------------------------- options (options.c) */

typedef struct cli_set { /* --set NAME=VALUE */
	cnv_str name, value;
} cli_set;

typedef struct cli_options {
	const struct cli_command *command;
	cnv_str operands[64 * 1024 / sizeof(cnv_str)]; /* see options.c for the limit */
	uint32_t operand_count;
	cnv_str store, roster, round, respondent, output, at, as, answers, language;
	cli_set sets[256];
	uint32_t set_count;
	cnv_instant now;
	bool json, jsonl, strict, force, rehearse, help, search;
} cli_options;

typedef struct cli_command {
	const char *name;
	const char *operands; /* "FORM FILE..." */
	const char *summary;
	int (*run)(const cli_options *options); /* gives the exit code */
	uint32_t least, most; /* operands; most 0: no upper limit */
	const char *options;  /* names of the options it takes, space separated; the common ones included */
	const char *story;    /* what it does, for `help COMMAND` and the man page */
	const char *example;
} cli_command;

/* ---------------------------------------------------------------- terminal (terminal.c) */

/* Writes untrusted text safely: control, bidi and zero-width characters are shown as escapes. */
void cli_put(FILE *out, cnv_str text);
bool cli_colour(FILE *out); /* NO_COLOR, CLICOLOR, TERM=dumb and non-terminals honoured */
/* A diagnostic as people read it: place, severity[code], message, excerpt with caret, hint. */
void cli_print_diag(FILE *out, const cnv_diag *diag);

#endif
