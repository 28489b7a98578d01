/* What import tells as it goes: as text, as one JSON object, or as lines of JSON. */
#ifndef CANVASS_CLI_IMPORT_TALK_H
#define CANVASS_CLI_IMPORT_TALK_H

#include <time.h>

#include "cli.h"

typedef struct import_talk {
	const cli_options *options;
	const cnv_form *form;
	const cnv_intake *intake;
	cnv_str round, store_name;
	cnv_str file; /* under way */
	bool rehearse; /* nothing is stored: a dry run, or none of the files is there */
	/* text */
	uint64_t shown, hidden;                /* findings */
	uint64_t changes_shown, changes_hidden; /* lines on what changed */
	uint64_t compared;                     /* new revisions that were compared */
	uint32_t done;                         /* returns */
	struct timespec begun, begun_all;
	bool progress, drawn;
	/* JSON */
	cli_json json;
	char *responses_text; /* of the file's responses, until its findings are closed */
	size_t responses_len;
	cli_json responses;
} import_talk;

/* One of these three; `self` of the listener is the talk. */
typedef struct import_voice {
	cnv_intake_listener listener;
	void (*begin)(import_talk *talk); /* NULL: there is nothing to begin */
	void (*end)(import_talk *talk, const cnv_intake_totals *totals);
} import_voice;

extern const import_voice import_text, import_json, import_jsonl;

/* The question's number, else its name. */
cnv_str import_number(const import_talk *talk, cnv_question_id question);
const char *import_outcome_words(cnv_intake_outcome outcome);
/* Members of an object that two voices share. */
void import_json_response(cli_json *json, const cnv_received *received);
void import_json_changed(const import_talk *talk, cli_json *json, const cnv_changed *changed);
void import_json_totals(cli_json *json, const import_talk *talk, const cnv_intake_totals *totals);

#endif
