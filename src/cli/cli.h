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

#define CNV_VERSION "0.1.0"

/* ---------------------------------------------------------------- exit codes */

typedef enum cli_exit {
	CLI_DONE = 0,     /* done, no errors found */
	CLI_ERRORS = 1,   /* done, and what was judged has errors */
	CLI_USAGE = 2,    /* cannot start: wrong usage, or a form that cannot be used */
	CLI_ACCESS = 3,   /* a file, disk or database failed */
	CLI_STOPPED = 130 /* interrupted */
} cli_exit;

cli_exit cli_exit_for(cnv_status status);
cli_exit cli_worse(cli_exit a, cli_exit b);

/* ---------------------------------------------------------------- options (options.c) */

typedef struct cli_set {
	cnv_str name, value;
} cli_set; /* --set NAME=VALUE */

#define CLI_SETS 256u /* more belong in a file: --answers */

typedef struct cli_options {
	const struct cli_command *command;
	cnv_str *operands; /* borrowed from argv */
	uint32_t operand_count;
	cnv_str store, roster, round, respondent, output, at, as, answers, language, against, was, template, prefill, annotate;
	cnv_str map; /* --map: a file, or none */
	const cnv_encoding *encoding; /* of returned files; NULL: to be found */
	char delimiter;               /* the same; 0 */
	cnv_str waive, reopen, letters;
	cli_set sets[CLI_SETS];
	uint32_t set_count;
	cnv_str now_given; /* as it was typed */
	cnv_instant now;
	cnv_str acknowledged, declined, extended, sent, reason, remind, packs; /* respondents' codes; texts; folders */
	int32_t due; /* a day */
	bool has_due, mail;
	uint64_t seed;
	uint32_t count; /* 0: not given */
	bool broken;
	bool json, jsonl, strict, force, rehearse, keep_blank, replace, help, version, man, completion, all;
} cli_options;

typedef struct cli_command {
	const char *name;
	const char *operands; /* "FORM FILE..." */
	const char *summary;
	cli_exit (*run)(const cli_options *options);
	uint32_t least, most; /* operands; UINT32_MAX: no upper limit */
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
void cli_completion(FILE *out);                       /* for bash */
cli_exit cli_usage(const cli_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---------------------------------------------------------------- terminal (terminal.c) */

/* Writes untrusted text: control, bidirectional and zero-width characters are shown as escapes;
 * line feeds too, unless `lines`. */
void cli_put(FILE *out, cnv_str text, bool lines);
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
extern const cnv_patience cli_patience;
/* --store, else responses/<form_id>.db */
cnv_str cli_store_name(const cli_options *options, cnv_form_file *form);
/* The form's id as files are named after it. */
cnv_str cli_file_stem(cnv_form_file *form);
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

/* ---------------------------------------------------------------- taking in one return (intake.c) */

/* An answer that a new revision has otherwise than the response that counted before. */
typedef struct cli_changed {
	cnv_question_id question;
	cnv_str path, from, to; /* empty: not answered */
	cnv_verdict verdict;    /* of what it is now */
} cli_changed;

/* A response that was taken in. */
typedef struct cli_revised {
	cnv_str respondent;
	bool fresh;    /* the first of its respondent; else a new revision */
	bool compared; /* the earlier one was there to be compared with */
	bool remarks;  /* other remarks */
	uint32_t answers; /* of a fresh one */
	uint32_t revision;
	const cli_changed *changed;
	uint32_t count, first;
	uint32_t blank; /* of `changed`: blank now, and asked */
} cli_revised;

typedef struct cli_intake {
	const cli_options *options;
	const cnv_form_file *form;
	const cnv_roster *roster; /* NULL */
	const cnv_roster_file *keep;   /* to be remembered with the first file; NULL */
	const cnv_map_file *map;       /* the same; NULL */
	cnv_store *store;
	cnv_str store_name, round;
	/* who hears of it */
	void *self;
	void (*tell_diag)(void *self, const cnv_diag *diag);
	void (*tell_change)(void *self, const cnv_ledger_entry *entry);
	void (*tell_revised)(void *self, const cli_revised *revised); /* not of large files; NULL */
	void (*tell_progress)(void *self, uint64_t bytes, uint64_t size);
	/* of the file being taken in, for the listener */
	cnv_str file;
	cnv_text with; /* the files read with it: "demo-doc.csv, demo-page.csv" */
	struct cli_annotate *annotate; /* what is to be corrected is written; NULL: it is not */
	/* totals */
	uint64_t files, files_accepted, files_already, files_quarantined, files_failed;
	cnv_store_counts responses;
	uint64_t errors, warnings, changes;
	cnv_batch *batch;
	cnv_vocabulary vocabulary; /* made with the first file */
	bool has_vocabulary;
	cnv_arena scratch;
	/* the files given, which of them go together, and where each stands (companions.c) */
	const cnv_str *given;
	struct cli_given *together;
	cnv_map given_at;
	/* of the right file (belonging.c): the older form last read, and how often other forms were looked for */
	struct cli_older *older;
	uint32_t searches;
	/* staging.c: the responses that the window's respondents gave before, and how many were compared */
	cnv_batch *earlier;
	uint32_t compared;
} cli_intake;

typedef enum cli_taken { CLI_ACCEPTED, CLI_ALREADY, CLI_QUARANTINED, CLI_FAILED } cli_taken;

/* Finds which of the files that will be taken in go together; `names` are borrowed. */
cnv_status cli_companions_sort(cli_intake *intake, const cnv_str *names, uint32_t count);
/* File `at` of them is read together with another. */
bool cli_is_companion(const cli_intake *intake, uint32_t at);
void cli_companions_fini(cli_intake *intake);
cli_exit cli_intake_file(cli_intake *intake, cnv_str name, cli_taken *taken);
/* A response given in the terminal comes as the bytes of a long CSV. */
cli_exit cli_intake_bytes(cli_intake *intake, cnv_str name, cnv_str bytes, cli_taken *taken);
void cli_intake_fini(cli_intake *intake);

/* ---------------------------------------------------------------- returns sent back (annotate.c) */

typedef struct cli_annotate cli_annotate;

cli_annotate *cli_annotate_new(cnv_str folder); /* NULL: no memory */
uint64_t cli_annotate_count(const cli_annotate *annotate);
cli_exit cli_annotate_exit(const cli_annotate *annotate); /* the worst that came of writing */
void cli_annotate_free(cli_annotate *annotate);

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

#endif
