/* cli: the only room that prints, exits and asks the clock.
 *
 * One command is one file (cmd_<name>.c) and one row of the table in commands.c; one option is
 * one row of the table in options.c.  Both tables feed parsing, --help, the man page and
 * completion, so that what is told is what is done.
 */
#ifndef CANVASS_CLI_H
#define CANVASS_CLI_H

#include <stdio.h>

#include "canvass/round.h"

/* ---------------------------------------------------------------- exit codes (exits.c) */

typedef enum cli_exit {
	CLI_DONE = 0,     /* done, no errors found */
	CLI_ERRORS = 1,   /* done, and what was judged has errors */
	CLI_USAGE = 2,    /* cannot start: wrong usage, or a form that cannot be used */
	CLI_ACCESS = 3,   /* a file, disk or database failed */
	CLI_STOPPED = 130 /* interrupted */
} cli_exit;

cli_exit cli_exit_for(cnv_status status);
/* The same of what a person asked for, such as an output that exists: CNV_REJECTED is wrong usage. */
cli_exit cli_exit_asked(cnv_status status);
cli_exit cli_worse(cli_exit a, cli_exit b);

/* ---------------------------------------------------------------- options (options.c, option_rows.c) */

#define CLI_SETS 256u /* more belong in a file: --answers */

/* The kind of a value or an operand, for completion. */
typedef enum cli_kind {
	CLI_TEXT, /* a label, a respondent, a number, a date ...: nothing is offered */
	CLI_FILE,
	CLI_FOLDER,
	CLI_CODE, /* from here on one of a list (kinds.c) */
	CLI_ENCODING,
	CLI_DELIMITER,
	CLI_TYPE,
	CLI_THREADS,
	CLI_SHELL
} cli_kind;

enum { CLI_WORD_ROOM = 32 };
/* The index-th word of the kind's list; false past the last, and where there is no list. */
bool cli_kind_word(cli_kind kind, size_t index, char word[CLI_WORD_ROOM]);
bool cli_kind_has(cli_kind kind, cnv_str text);

typedef struct cli_options {
	const struct cli_command *command;
	cnv_str *operands; /* borrowed from argv */
	uint32_t operand_count;
	cnv_str store, roster, round, respondent, output, at, as, answers, language, against, was, template, prefill, annotate;
	cnv_str map;        /* --map: a file, or none */
	cnv_str completion; /* a shell */
	const cnv_encoding *encoding; /* of returned files; NULL: to be found */
	char delimiter;               /* the same; 0 */
	cnv_str waive, reopen, letters;
	cnv_answer_given sets[CLI_SETS];
	uint32_t set_count;
	cnv_str now_given; /* as it was typed */
	cnv_instant now;
	cnv_str acknowledged, declined, extended, sent, reason, remind, packs; /* respondents' codes; texts; folders */
	int32_t due; /* a day */
	bool has_due, mail;
	uint64_t seed;
	uint32_t count; /* 0: not given */
	uint32_t threads;
	bool has_threads;
	bool broken;
	bool json, jsonl, strict, force, rehearse, keep_blank, replace, help, version, man, all, make_current;
} cli_options;

typedef struct cli_command {
	const char *name;
	const char *operands; /* "FORM FILE..." */
	const char *summary;
	cli_exit (*run)(const cli_options *options);
	uint32_t least, most; /* operands; UINT32_MAX: no upper limit */
	cli_kind kind;        /* of the operands */
	const char *options;  /* long names of those it takes, each followed by a space */
	const char *story;    /* what it does, for --help and the man page */
	const char *example;
} cli_command;

extern const cli_command cli_commands[];
extern const size_t cli_command_count;

/* Reads argv.  CLI_DONE: go on; else the exit code, the reason having been said. */
cli_exit cli_options_read(cli_options *options, int argc, char **argv);
void cli_options_fini(cli_options *options);
void cli_help(FILE *out, const cli_command *command); /* NULL: of canvass itself */
void cli_man(FILE *out);                              /* mdoc(7) */
void cli_completion(FILE *out, cnv_str shell);        /* one of CLI_SHELL (completion.c) */
cli_exit cli_usage(const cli_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---------------------------------------------------------------- terminal (terminal.c) */

/* Writes untrusted text: control, bidirectional and zero-width characters are shown as escapes;
 * line feeds too, unless `lines`. */
void cli_put(FILE *out, cnv_str text, bool lines);
/* The words of a text of canvass itself in lines of a terminal, those after the first set in by `indent`. */
void cli_put_wrapped(FILE *out, const char *text, size_t indent);
/* Writes an operand as a shell reads it back, in quotes where it needs them: for commands that people copy. */
void cli_put_operand(FILE *out, cnv_str operand);
bool cli_is_terminal(FILE *out);
bool cli_colour(FILE *out); /* NO_COLOR, CLICOLOR, TERM=dumb and non-terminals honoured */
/* A diagnostic as people read it: place, severity[code], message; excerpt with caret; hint. */
void cli_print_diag(FILE *out, const cnv_diag *diag);
/* Prints diagnostics on a stream: `self` is the FILE. */
cnv_diags cli_diags_to(FILE *out);
/* Before the first question; false, said on stderr: there is nothing to ask with. */
bool cli_ask_ready(void);
/* One line typed by a person, without its line end; false at the end of input. */
bool cli_ask(const char *prompt, cnv_text *line);
/* Says once that memory ran out; CLI_ACCESS. */
cli_exit cli_out_of_memory(void);

/* ---------------------------------------------------------------- JSON (json.c) */

typedef struct cli_json {
	FILE *out;
	uint64_t comma; /* bit a level: a member stands before */
	uint32_t depth; /* at most 60 */
} cli_json;

void cli_json_open(cli_json *json, const char *key, char bracket); /* '{' or '[' */
void cli_json_close(cli_json *json, char bracket);
void cli_json_text(cli_json *json, const char *key, cnv_str text);
void cli_json_raw(cli_json *json, const char *key, cnv_str json_text); /* a value that is JSON already */
void cli_json_number(cli_json *json, const char *key, uint64_t number);
void cli_json_boolean(cli_json *json, const char *key, bool value);
void cli_json_diag(cli_json *json, const char *key, const cnv_diag *diag); /* an object */

/* ---------------------------------------------------------------- what most commands need (load.c) */

/* Loads a form for commands that only use it: warnings are kept quiet, errors are printed on stderr with the advice to
 * run check. */
cli_exit cli_form_use(cnv_form_file *form, const cli_options *options, cnv_str name);

/* Waits a minute for another process to finish with the store, and says so. */
extern cnv_patience cli_patience;
/* CANVASS_PATIENCE, in seconds, else 60. */
void cli_patience_read(void);
/* --store, else responses/<form_id>.db */
cnv_str cli_store_name(const cli_options *options, cnv_form_file *form);
/* --round, else the store's current, else the settings' `round`, else the year of --now. */
cnv_str cli_round(const cli_options *options, const cnv_form_file *form, const cnv_store *store, cnv_arena *arena);

/* An output exists and --force is not given: nothing is written. */
cli_exit cli_refuse_existing(cnv_str name);
/* "next: canvass COMMAND FORM", with the store and the round that were asked for. */
void cli_say_next(const char *command, const cnv_form_file *form, const cli_options *options);
/* "returns: 21 files; skipped: 1 hidden file" */
void cli_folder_say(FILE *out, const cnv_folder *folder, cnv_str name);
/* Says that no response is in the round: its label may be a slip of the finger. */
void cli_say_empty(cnv_str round);

/* --roster, else the one the store remembers, else roster.csv beside the form, else none. */
cli_exit cli_roster_load(cnv_roster_file *roster, const cli_options *options, const cnv_form_file *form, cnv_store *store);

/* --map, else the one the store remembers, else none. */
cli_exit cli_map_load(cnv_map_file *map, const cli_options *options, const cnv_form_file *form, cnv_store *store);

/* ---------------------------------------------------------------- a round, opened (opened.c) */

typedef struct cli_opened {
	cnv_form_file form;
	cnv_roster_file roster;
	cnv_store *store;
	cnv_str store_name, round;
} cli_opened;

cli_exit cli_open(cli_opened *opened, const cli_options *options); /* for reading; { 0 }, or its form is open */
/* The parts of it, for commands that write or can do without a store: under opened->store_name, whose default folder is
 * made first for CNV_STORE_WRITE; then the roster and the round. */
cli_exit cli_open_store(cli_opened *opened, const cli_options *options, cnv_store_mode mode);
cli_exit cli_open_round(cli_opened *opened, const cli_options *options);
/* Closes the store; the code, or CLI_ACCESS, reported, where that fails. */
cli_exit cli_close_store(cli_opened *opened, cli_exit code);
/* --respondent, where it is given, must be in the roster, where there is one. */
cli_exit cli_check_respondent(const cli_opened *opened, const cli_options *options);
const cnv_roster *cli_roster(const cli_opened *opened); /* NULL: there is none */
cli_exit cli_standings(cnv_standings *standings, const cli_opened *opened, const cli_options *options);
/* Writes down what passed with respondents; the store is closed after it. */
cli_exit cli_note(const cli_options *options, cli_opened *opened, const cnv_noting *noting);
void cli_close(cli_opened *opened); /* the standings first */
/* CLI_ACCESS, reported, where nothing has been imported yet. */
cli_exit cli_store_expect(cnv_str store_name, const cnv_form_file *form);

/* ---------------------------------------------------------------- commands */

cli_exit cmd_check(const cli_options *options);
cli_exit cmd_collect(const cli_options *options);
cli_exit cmd_diff(const cli_options *options);
cli_exit cmd_distribute(const cli_options *options);
cli_exit cmd_eval(const cli_options *options);
cli_exit cmd_explain(const cli_options *options);
cli_exit cmd_findings(const cli_options *options);
cli_exit cmd_import(const cli_options *options);
cli_exit cmd_report(const cli_options *options);
cli_exit cmd_show(const cli_options *options);
cli_exit cmd_simulate(const cli_options *options);
cli_exit cmd_status(const cli_options *options);
cli_exit cmd_verify(const cli_options *options);

#endif
