/* history: what was done in a round, by whom and why, and what each revision of a respondent has changed. */
#include <inttypes.h>

#include "cli/history.h"

static cnv_status on_event(void *self, const cnv_event *event)
{
	history_list *list = self;

	if (list->respondent.len && !cnv_str_equal(event->respondent, list->respondent))
		return CNV_OK;
	list->events++;
	(list->json ? history_json_event : history_text_event)(list, event);
	return CNV_OK;
}

static void put_head(const history_list *list, const cli_opened *o)
{
	if (list->json) {
		cli_json_open(list->json, NULL, '{');
		cli_json_text(list->json, "schema", CNV_STR("canvass.history/1"));
		cli_json_text(list->json, "form", o->form.form->id);
		cli_json_text(list->json, "round", o->round);
		return;
	}
	cli_put(stdout, o->form.form->title.len ? o->form.form->title : o->form.form->id, false);
	fputs(", round ", stdout);
	cli_put(stdout, o->round, false);
	fputs("\n\n", stdout);
}

static cnv_status put_events(history_list *list, const cli_opened *o, cnv_diags *diags)
{
	cnv_status status;

	if (list->json)
		cli_json_open(list->json, "events", '[');
	status = cnv_store_events(o->store, o->round, on_event, list, diags);
	if (list->json)
		cli_json_close(list->json, ']');
	else if (!list->events)
		puts("no events");
	return status;
}

static cnv_status put_revisions(history_list *list, const cli_opened *o, cnv_diags *diags)
{
	cnv_history history = { 0 };
	cnv_status status = CNV_OK;

	if (list->respondent.len)
		status = cnv_history_read(&history, o->store, o->form.form, o->round, list->respondent, diags);
	if (list->json && list->respondent.len)
		cli_json_open(list->json, "revisions", '[');
	for (uint32_t i = 0; i < history.count && !status; i++)
		(list->json ? history_json_revision : history_text_revision)(list, &history.revisions[i]);
	if (list->json && list->respondent.len)
		cli_json_close(list->json, ']');
	cnv_history_fini(&history);
	return status;
}

static cnv_status put_all(history_list *list, const cli_opened *o, cnv_diags *diags)
{
	cnv_status status;

	put_head(list, o);
	status = put_events(list, o, diags);
	return status ? status : put_revisions(list, o, diags);
}

/* The answers to one question. */
static cnv_status put_past(history_list *list, const cli_opened *o, const cnv_named *named, cnv_diags *diags)
{
	cnv_past past = { 0 };
	cnv_status status = cnv_past_read(&past, o->store, o->form.form, o->round, list->respondent, named, diags);

	if (!status) {
		put_head(list, o);
		(list->json ? history_json_past : history_text_past)(list, &past);
	}
	cnv_past_fini(&past);
	return status;
}

cli_exit cmd_history(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_json json = { .out = stdout };
	cli_opened opened = { 0 };
	history_list list = { .json = options->json ? &json : NULL };
	cnv_named named;
	bool of_question = options->operand_count > 2;
	cli_exit code = cli_open(&opened, options);

	if (!code && of_question)
		code = cli_question(&named, options, opened.form.form, options->operands[2], &opened.form.arena);
	if (!code) {
		list.form = &opened.form;
		list.respondent = options->operand_count > 1 ? options->operands[1] : (cnv_str){ 0 };
		code = cli_exit_for(of_question ? put_past(&list, &opened, &named, &diags)
						: put_all(&list, &opened, &diags));
		if (json.depth)
			cli_json_close(&json, '}');
	}
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}
