/* cli: the only room that prints, exits or reads the clock.
 *
 * A command is a file (cmd_<name>.c) and a row of the table in commands.c; an option is a row of
 * the table in option_rows.c.  Parsing, --help, the man pages and completion all use these tables,
 * so that they cannot disagree.
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
/* The same for an operation that an option requested: CNV_REJECTED is wrong usage, such as an existing output. */
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
	CLI_FORMAT,
	CLI_AUDIENCE,
	CLI_THREADS,
	CLI_WHICH,
	CLI_SHELL,
	CLI_LABELS,
	CLI_ORIENT
} cli_kind;

enum { CLI_WORD_ROOM = 32 };
/* The index-th word of the kind's list; false past the last, and where there is no list. */
bool cli_kind_word(cli_kind kind, size_t index, char word[CLI_WORD_ROOM]);
bool cli_kind_has(cli_kind kind, cnv_str text);

/* Where respondents are in the Matrix. */
typedef enum cli_orient { CLI_ORIENT_STANDARD, CLI_DOWN, CLI_ACROSS } cli_orient;

typedef struct cli_options {
	const struct cli_command *command;
	const struct cli_page *page; /* of --man, if it is not about a command */
	cnv_str *operands;           /* borrowed from argv */
	uint32_t operand_count;
	cnv_str store, roster, round, respondent, output, at, as, answers, language, against, was, template, prefill,
		annotate;
	cnv_str map;        /* --map: a file, or none */
	cnv_str completion; /* a shell */
	cnv_labels labels;
	cli_orient orient;            /* of the Matrix */
	cnv_str cross;                /* a question */
	const cnv_encoding *encoding; /* of returned files; NULL: to be found */
	char delimiter;               /* the same; 0 */
	cnv_str waive, reopen, letters;
	cnv_str show, retry, attribute, dismiss; /* numbers of items of the quarantine */
	uint32_t revision;                       /* 0: not given */
	cnv_answer_given sets[CLI_SETS];
	uint32_t set_count;
	cnv_str by;        /* who does it; empty: the login name */
	cnv_str now_given; /* as it was typed */
	cnv_instant now;
	cnv_str acknowledged, declined, extended, sent, reason, remind, packs; /* respondents' codes; texts; folders */
	int32_t due;                                                           /* a day */
	bool has_due, mail;
	cnv_audience audience; /* of a report */
	cnv_instant as_of;
	bool has_as_of;
	cnv_str since; /* a round or a day */
	uint64_t seed;
	uint32_t count; /* 0: not given */
	uint32_t threads;
	bool has_threads;
	bool explain; /* print steps, not the value */
	bool broken;
	bool summary;           /* show: count */
	bool expand;            /* show: print the form itself */
	bool drafts;            /* collect: list them */
	bool clerk;             /* collect: many respondents in a row */
	bool twice;             /* collect: key everything twice */
	bool blank, incomplete; /* collect: print a file to fill in; store answers that are not complete */
	bool books;             /* simulate: workbooks, not CSV */
	cnv_str sdmx;           /* export */
	bool with_labels, formula_safe;
	bool json, jsonl, strict, force, rehearse, no_audit, technical, exact, keep_blank, keep_first, replace, help,
		version, man, all, make_current;
} cli_options;

enum { CLI_EXAMPLES = 4 };

typedef struct cli_command {
	const char *name;
	const char *operands; /* "FORM FILE..." */
	const char *summary;
	cli_exit (*run)(const cli_options *options);
	uint32_t least, most;               /* operands; UINT32_MAX: no upper limit */
	cli_kind kind;                      /* of the operands */
	const char *options;                /* long names of its options, each followed by a space */
	const char *story;                  /* what it does, for --help and the man page */
	const char *examples[CLI_EXAMPLES]; /* NULL after the last; all run in a test */
	const char *failure;                /* what exit code 1 means; NULL: the command never returns it */
} cli_command;

extern const cli_command cli_commands[];
extern const size_t cli_command_count;

/* Reads argv.  CLI_DONE: continue; else the exit code, after the error was printed. */
cli_exit cli_options_read(cli_options *options, int argc, char **argv);
void cli_options_fini(cli_options *options);
/* The time as it is now: --now, else SOURCE_DATE_EPOCH, else the clock; and the same set in the options. */
cli_exit cli_now_read(const cli_options *options, cnv_instant *now);
cli_exit cli_now(cli_options *options);
void cli_help(FILE *out, const cli_command *command); /* NULL: of canvass itself */
/* What an exit code means for a command (NULL: for canvass); the index-th in rising order, NULL past the last. */
const char *cli_exit_meaning(const cli_command *command, size_t index, int *code);
void cli_completion(FILE *out, cnv_str shell); /* one of CLI_SHELL (completion.c) */
cli_exit cli_usage(const cli_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---------------------------------------------------------------- terminal (terminal.c; prompts: ask.c) */

/* Prints untrusted text: control, bidirectional and zero-width characters become escapes; line feeds too, unless
 * `lines`. */
void cli_put(FILE *out, cnv_str text, bool lines);
/* How wide text may be: the columns of the terminal at stdout, else COLUMNS, else 80; at most 100. */
uint32_t cli_columns(void);
enum { CLI_PAGE = 78 }; /* columns of help, on a terminal or not */
typedef struct cli_margins {
	size_t width, indent; /* columns of a line, and before its text */
	size_t taken;         /* columns that are used of the first line; 0: its indent */
} cli_margins;
/* Prints untrusted text and a line feed; the cursor is where the text begins.  Longer lines are broken; line
 * feeds are kept, blank lines are not. */
void cli_put_wrapped(FILE *out, cnv_str text, cli_margins margins);
/* Prints an operand, quoted for a shell where necessary: for commands to copy. */
void cli_put_operand(FILE *out, cnv_str operand);
/* Prints a day for people: "31 December 2026". */
void cli_put_day(FILE *out, int32_t day);
/* Prints "AUS: rita has a draft, 2 of 5 questions answered, begun on 1 December 2026", or what follows the comma
 * (draft.c). */
void cli_put_draft(const cnv_draft *draft);
void cli_put_progress(const cnv_draft *draft);
/* Prints "  A3 age: 5 -> 6", without a line feed (change.c). */
void cli_put_change(const cnv_form *form, const cnv_changed *changed);
bool cli_is_terminal(FILE *out);
bool cli_colour(FILE *out); /* respects NO_COLOR, CLICOLOR and TERM=dumb; false if not a terminal */
/* Prints a diagnostic: place, severity[code], message; excerpt with caret; hint. */
void cli_print_diag(FILE *out, const cnv_diag *diag);
/* Diagnostics are printed on `out`. */
cnv_diags cli_diags_to(FILE *out);
/* Loads the line editor; false, after an error on stderr: it is not available. */
bool cli_ask_ready(void);
/* Reads one typed line, without its line feed; false at the end of input. */
bool cli_ask(const char *prompt, cnv_text *line);
typedef enum cli_completed { CLI_NOT_COMPLETED, CLI_COMPLETED, CLI_LISTED } cli_completed;
/* What Tab does at a prompt.  complete: gets the line up to the cursor, and says what replaces its last bytes, in a text that
 * lives until the next call; or prints what may follow, on lines of its own. */
typedef struct cli_completer {
	void *self;
	cli_completed (*complete)(void *self, cnv_str typed, size_t *replaced, cnv_str *text);
} cli_completer;
/* The same with a line that is ready to be edited, and what Tab does; NULL: nothing. */
bool cli_ask_again(const char *prompt, const char *typed_before, const cli_completer *completer, cnv_text *line);
/* Prints once that memory ran out; returns CLI_ACCESS. */
cli_exit cli_out_of_memory(void);

/* ---------------------------------------------------------------- JSON (json.c) */

typedef struct cli_json {
	FILE *out;
	uint64_t comma; /* a bit for each level: a member precedes */
	uint32_t depth; /* at most 60 */
} cli_json;

void cli_json_open(cli_json *json, const char *key, char bracket); /* '{' or '[' */
void cli_json_close(cli_json *json, char bracket);
void cli_json_text(cli_json *json, const char *key, cnv_str text);
void cli_json_raw(cli_json *json, const char *key, cnv_str json_text); /* a value that is JSON already */
void cli_json_number(cli_json *json, const char *key, uint64_t number);
void cli_json_boolean(cli_json *json, const char *key, bool value);
void cli_json_cell(cli_json *json, const cnv_place *place);                /* its name, in a workbook: "cell":"D9" */
void cli_json_diag(cli_json *json, const char *key, const cnv_diag *diag); /* an object */

/* ---------------------------------------------------------------- form, roster, round (load.c) */

/* Loads a form for a command that uses it: errors are printed on stderr with a hint to run check, warnings are not. */
cli_exit cli_form_use(cnv_form_file *form, const cli_options *options, cnv_str name);
/* Sets the language of its texts: --language, else its default. */
cli_exit cli_form_language(cnv_form_file *form, const cli_options *options);

/* How long to wait for another process that uses the store; the wait is printed. */
extern cnv_patience cli_patience;
/* CANVASS_PATIENCE, in seconds, else 60; TMPDIR. */
void cli_patience_read(void);
/* --by, else the login name; empty: it is not known.  Valid for the run. */
cnv_str cli_by(const cli_options *options);
/* --store, else responses/<form_id>.db */
cnv_str cli_store_name(const cli_options *options, cnv_form_file *form);
/* --round, else the store's current, else the settings' `round`, else the year of --now. */
cnv_str cli_round(const cli_options *options, const cnv_form_file *form, const cnv_store *store, cnv_arena *arena);

/* Prints that an output exists and --force is missing; returns CLI_USAGE. */
cli_exit cli_reject_existing(cnv_str name);
/* Prints "canvass COMMAND FORM" with --store and --round as given; the line continues. */
void cli_begin_command(const char *command, const cnv_form_file *form, const cli_options *options);
/* Prints "next: canvass COMMAND FORM MORE", with --store and --round as given before MORE. */
void cli_print_next(const char *command, const char *more, const cnv_form_file *form, const cli_options *options);
/* Prints "returns: 21 files; skipped: 1 hidden file". */
void cli_print_folder(FILE *out, const cnv_folder *folder, cnv_str name);
/* Prints that the round has no responses: its label may be misspelt. */
void cli_print_empty(cnv_str round);

/* --roster, else the one in the store, else roster.csv next to the form, else none. */
cli_exit cli_roster_load(cnv_roster_file *roster, const cli_options *options, const cnv_form_file *form,
			 cnv_store *store);

/* --map, else the one in the store, else none. */
cli_exit cli_map_load(cnv_map_file *map, const cli_options *options, const cnv_form_file *form, cnv_store *store);

/* ---------------------------------------------------------------- a round, opened (opened.c) */

typedef struct cli_opened {
	cnv_form_file form;
	cnv_form_file given; /* of the command line, where cli_open_answered uses another */
	cnv_roster_file roster;
	cnv_store *store;
	cnv_str store_name, round;
} cli_opened;

/* Opens form, store and round for reading; `opened` is { 0 }, or has its form. */
cli_exit cli_open(cli_opened *opened, const cli_options *options);
/* The same for commands that read answers.  The form given may be the one of another round: then the last version is used
 * that the round was answered with, and this is reported.  A form that is new to the store is used as it is. */
cli_exit cli_open_answered(cli_opened *opened, const cli_options *options);
/* The same in parts, for commands that write or need no store.  The store is opened->store_name; for CNV_STORE_WRITE the
 * default folder is created first. */
cli_exit cli_open_store(cli_opened *opened, const cli_options *options, cnv_store_mode mode);
cli_exit cli_open_round(cli_opened *opened, const cli_options *options);
/* The question that an operand names (question.c), which has an answer; CNV_NAMED_WITHOUT_ENTRY is accepted. */
cli_exit cli_question(cnv_named *named, const cli_options *options, const cnv_form *form, cnv_str name,
		      cnv_arena *arena);
/* Closes the store; returns `code`, or CLI_ACCESS after an error was printed. */
cli_exit cli_close_store(cli_opened *opened, cli_exit code);
/* --respondent must be in the roster, if both exist. */
cli_exit cli_check_respondent(const cli_opened *opened, const cli_options *options);
/* "reports/<store>.xlsx": where a file about the round goes if no name was given. */
cnv_str cli_default_target(cli_opened *opened, const char *folder, const char *ending);
/* CNV_REJECTED, said: even with --force, an output must not replace the form, the store or the roster. */
cnv_status cli_keep_inputs(const cli_opened *opened, cnv_str target, cnv_diags *diags);
const cnv_roster *cli_roster(const cli_opened *opened); /* NULL: none */
cli_exit cli_standings(cnv_standings *standings, const cli_opened *opened, const cli_options *options,
		       cnv_audience audience, bool exact);
/* Records events with respondents, then closes the store. */
cli_exit cli_record(const cli_options *options, cli_opened *opened, const cnv_noting *noting);
void cli_close(cli_opened *opened); /* the standings first */
/* CLI_ACCESS, after an error was printed, if there is no store yet. */
cli_exit cli_store_expect(cnv_str store_name, const cnv_form_file *form, const cli_options *options);

/* ---------------------------------------------------------------- commands */

cli_exit cmd_check(const cli_options *options);
cli_exit cmd_collect(const cli_options *options);
cli_exit cmd_diff(const cli_options *options);
cli_exit cmd_distribute(const cli_options *options);
cli_exit cmd_eval(const cli_options *options);
cli_exit cmd_export(const cli_options *options);
cli_exit cmd_explain(const cli_options *options);
cli_exit cmd_findings(const cli_options *options);
cli_exit cmd_history(const cli_options *options);
cli_exit cmd_import(const cli_options *options);
cli_exit cmd_quarantine(const cli_options *options);
cli_exit cmd_report(const cli_options *options);
cli_exit cmd_show(const cli_options *options);
cli_exit cmd_simulate(const cli_options *options);
cli_exit cmd_status(const cli_options *options);
cli_exit cmd_verify(const cli_options *options);
cli_exit cmd_copy(const cli_options *options);
cli_exit cmd_withdraw(const cli_options *options);

#endif
