/* import: output as one JSON object with an element for each return (--json), or as a line for each event (--jsonl). */
#include <stdlib.h>

#include "cli/import.h"

cnv_str import_number(const import_state *state, cnv_question_id question)
{
	cnv_str number = state->form->questions[question].qno;
	return number.len ? number : state->form->questions[question].name;
}

const char *import_outcome_words(cnv_intake_outcome outcome)
{
	static const char *const words[] = {
		[CNV_INTAKE_ACCEPTED] = "accepted",   [CNV_INTAKE_ALREADY] = "already there",
		[CNV_INTAKE_DISMISSED] = "dismissed", [CNV_INTAKE_QUARANTINED] = "quarantined",
		[CNV_INTAKE_FAILED] = "not read",
	};
	return words[outcome];
}

/* ---------------------------------------------------------------- both formats */

void import_json_changed(const import_state *state, cli_json *json, const cnv_changed *changed)
{
	cli_json_text(json, "question", import_number(state, changed->question));
	cli_json_text(json, "path", changed->path);
	cli_json_text(json, "from", changed->from);
	cli_json_text(json, "to", changed->to);
	cli_json_text(json, "verdict", cnv_str_from(cnv_verdict_words(changed->verdict)));
}

void import_json_response(cli_json *json, const cnv_received *received)
{
	cli_json_text(json, "respondent", received->respondent);
	cli_json_boolean(json, "new", received->fresh);
	if (received->fresh)
		cli_json_number(json, "answers", received->answers);
	if (!received->compared)
		return;
	cli_json_number(json, "revision", received->revision);
	cli_json_number(json, "changed", received->count);
	cli_json_number(json, "now_blank", received->blank);
	cli_json_boolean(json, "remarks_changed", received->remarks);
}

void import_json_account(cli_json *json, const cnv_account *account)
{
	cli_json_open(json, "cells", '{');
	cli_json_number(json, "read", account->cells);
	cli_json_number(json, "answers", account->as[CNV_AS_ANSWER]);
	cli_json_number(json, "remarks", account->as[CNV_AS_REMARK]);
	cli_json_number(json, "identification", account->as[CNV_AS_IDENTITY]);
	cli_json_number(json, "form", account->as[CNV_AS_FORM]);
	cli_json_number(json, "reported", account->as[CNV_AS_REPORTED]);
	cli_json_close(json, '}');
}

void import_json_totals(cli_json *json, const import_state *state, const cnv_intake_totals *totals)
{
	const cnv_store_counts *r = &totals->responses;

	cli_json_text(json, "round", state->round);
	cli_json_boolean(json, "rehearsed", state->options->rehearse);
	cli_json_open(json, "files", '{');
	cli_json_number(json, "received", totals->files);
	cli_json_number(json, "accepted", totals->accepted);
	cli_json_number(json, "already_there", totals->already);
	cli_json_number(json, "quarantined", totals->quarantined);
	cli_json_number(json, "not_read", totals->failed);
	cli_json_close(json, '}');
	cli_json_open(json, "responses", '{');
	cli_json_number(json, "received", r->fresh + r->revisions + totals->blank + r->already + r->quarantined);
	cli_json_number(json, "new", r->fresh);
	cli_json_number(json, "revisions", r->revisions);
	cli_json_number(json, "blank", totals->blank);
	cli_json_number(json, "already_there", r->already);
	cli_json_number(json, "quarantined", r->quarantined);
	cli_json_close(json, '}');
	import_json_account(json, &totals->account);
	cli_json_number(json, "errors", totals->errors);
	cli_json_number(json, "warnings", totals->warnings);
	cli_json_number(json, "changes", totals->changes);
	if (state->options->annotate.len)
		cli_json_number(json, "annotated", totals->annotated);
}

static void put_outcome(cli_json *json, const cnv_intake_done *done)
{
	char at[CNV_INSTANT_ROOM];

	cli_json_text(json, "outcome", cnv_str_from(import_outcome_words(done->outcome)));
	if (done->outcome == CNV_INTAKE_ACCEPTED)
		import_json_account(json, &done->account);
	if (done->outcome != CNV_INTAKE_DISMISSED)
		return;
	cnv_instant_write(done->dismissal.at, at);
	cli_json_open(json, "dismissed", '{');
	cli_json_number(json, "item", (uint64_t)done->dismissal.item);
	cli_json_text(json, "at", cnv_str_from(at));
	if (done->dismissal.who.len)
		cli_json_text(json, "who", done->dismissal.who);
	cli_json_text(json, "reason", done->dismissal.reason);
	cli_json_close(json, '}');
}

/* ---------------------------------------------------------------- one object */

static void begin_object(import_state *t)
{
	cli_json_open(&t->json, NULL, '{');
	cli_json_text(&t->json, "schema", CNV_STR("canvass.import/1"));
	cli_json_open(&t->json, "returns", '[');
}

static void on_file(void *self, cnv_str file)
{
	import_state *t = self;

	t->file = file;
	cli_json_open(&t->json, NULL, '{');
	cli_json_text(&t->json, "file", file);
	cli_json_open(&t->json, "findings", '[');
}

/* An error about a folder belongs to no file. */
static void on_diag(void *self, const cnv_diag *diag)
{
	import_state *t = self;

	if (t->file.len)
		cli_json_diag(&t->json, NULL, diag);
	else
		cli_print_diag(stderr, diag);
}

/* Collected in memory, because the array of findings is still open. */
static void on_response(void *self, const cnv_received *received)
{
	import_state *t = self;
	cli_json *json = &t->responses;

	if (!json->out && (json->out = open_memstream(&t->responses_text, &t->responses_len)) == NULL)
		return;
	if (!json->depth)
		cli_json_open(json, NULL, '[');
	cli_json_open(json, NULL, '{');
	import_json_response(json, received);
	if (received->count) {
		cli_json_open(json, "changes", '[');
		for (uint32_t i = 0; i < received->count; i++) {
			cli_json_open(json, NULL, '{');
			import_json_changed(t, json, &received->changed[i]);
			cli_json_close(json, '}');
		}
		cli_json_close(json, ']');
	}
	cli_json_close(json, '}');
}

/* Adds the collected responses to the object of their file. */
static void close_responses(import_state *t)
{
	if (!t->responses.out)
		return;
	cli_json_close(&t->responses, ']');
	fclose(t->responses.out);
	t->responses = (cli_json){ 0 };
	if (t->responses_len) /* without its line feed */
		cli_json_raw(&t->json, "responses", (cnv_str){ t->responses_text, t->responses_len - 1 });
	free(t->responses_text);
	t->responses_text = NULL;
}

static void on_done(void *self, const cnv_intake_done *done)
{
	import_state *t = self;

	t->file = (cnv_str){ 0 };
	cli_json_close(&t->json, ']');
	close_responses(t);
	put_outcome(&t->json, done);
	cli_json_close(&t->json, '}');
}

static void end_object(import_state *t, const cnv_intake_totals *totals)
{
	cli_json_close(&t->json, ']');
	import_json_totals(&t->json, t, totals);
	cli_json_close(&t->json, '}');
}

static void on_folder(void *self, cnv_str name, const cnv_folder *folder)
{
	(void)self;
	cli_print_folder(stderr, folder, name);
}

const import_format import_json = {
	.listener = { .file = on_file, .diag = on_diag, .response = on_response, .done = on_done, .folder = on_folder },
	.begin = begin_object,
	.end = end_object,
};

/* ---------------------------------------------------------------- lines */

static cli_json *open_line(import_state *t, const char *type)
{
	cli_json_open(&t->json, NULL, '{');
	cli_json_text(&t->json, "type", cnv_str_from(type));
	return &t->json;
}

static void line_file(void *self, cnv_str file)
{
	((import_state *)self)->file = file;
}

static void line_diag(void *self, const cnv_diag *diag)
{
	cli_json *json = open_line(self, "finding");

	cli_json_diag(json, "finding", diag);
	cli_json_close(json, '}');
}

static void line_normalized(void *self, const cnv_ledger_entry *entry)
{
	cli_json *json = open_line(self, "change");

	cli_json_text(json, "file", entry->place.source);
	if (entry->place.sheet.len)
		cli_json_text(json, "sheet", entry->place.sheet);
	cli_json_number(json, "row", entry->place.row);
	cli_json_number(json, "column", entry->place.column);
	cli_json_cell(json, &entry->place);
	cli_json_text(json, "field", entry->path);
	cli_json_text(json, "from", entry->from);
	cli_json_text(json, "to", entry->to);
	cli_json_text(json, "why", cnv_str_from(entry->why));
	cli_json_close(json, '}');
}

static void line_response(void *self, const cnv_received *received)
{
	import_state *t = self;
	cli_json *json = open_line(t, "response");

	cli_json_text(json, "file", t->file);
	import_json_response(json, received);
	cli_json_close(json, '}');
	for (uint32_t i = 0; i < received->count; i++) {
		json = open_line(t, "changed");
		cli_json_text(json, "file", t->file);
		cli_json_text(json, "respondent", received->respondent);
		import_json_changed(t, json, &received->changed[i]);
		cli_json_close(json, '}');
	}
}

static void line_done(void *self, const cnv_intake_done *done)
{
	cli_json *json = open_line(self, "file");

	cli_json_text(json, "file", done->file);
	put_outcome(json, done);
	cli_json_close(json, '}');
}

static void end_lines(import_state *t, const cnv_intake_totals *totals)
{
	cli_json *json = open_line(t, "totals");

	import_json_totals(json, t, totals);
	cli_json_close(json, '}');
}

const import_format import_jsonl = {
	.listener = { .file = line_file,
		      .diag = line_diag,
		      .normalized = line_normalized,
		      .response = line_response,
		      .done = line_done,
		      .folder = on_folder },
	.end = end_lines,
};
