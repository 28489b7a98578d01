/* The output formats of import: text, one JSON object, or lines of JSON. */
#ifndef CANVASS_CLI_IMPORT_H
#define CANVASS_CLI_IMPORT_H

#include <time.h>

#include "cli/cli.h"

typedef struct import_state {
	const cli_options *options;
	const cnv_form *form;
	const cnv_intake *intake;
	cnv_str round, store_name;
	cnv_str file;   /* being imported */
	bool dismissed; /* this return by a person, and it is imported again */
	bool rehearse;  /* nothing is stored: a dry run, or none of the files exists */
	/* text */
	uint64_t shown, hidden;                 /* findings */
	uint64_t changes_shown, changes_hidden; /* lines on what changed */
	uint64_t compared;                      /* new revisions that were compared */
	uint32_t done;                          /* returns */
	struct timespec begun, begun_all;
	bool progress, drawn;
	/* JSON */
	cli_json json;
	char *responses_text; /* of the file's responses, until its findings are closed */
	size_t responses_len;
	cli_json responses;
} import_state;

/* An output format; `self` of its listener is the import_state. */
typedef struct import_format {
	cnv_intake_listener listener;
	void (*begin)(import_state *state); /* NULL: none */
	void (*end)(import_state *state, const cnv_intake_totals *totals);
} import_format;

extern const import_format import_text, import_json, import_jsonl;

/* The question's number, else its name. */
cnv_str import_number(const import_state *state, cnv_question_id question);
const char *import_outcome_words(cnv_intake_outcome outcome);
/* Members of an object that both JSON formats have. */
void import_json_response(cli_json *json, const cnv_received *received);
void import_json_changed(const import_state *state, cli_json *json, const cnv_changed *changed);
void import_json_account(cli_json *json, const cnv_account *account);
void import_json_totals(cli_json *json, const import_state *state, const cnv_intake_totals *totals);

#endif
