/* diff: output as one JSON object. */
#include "cli/diff.h"

static const char *const kinds[] = {
	[CNV_CHANGE_ADDED] = "added", [CNV_CHANGE_REMOVED] = "removed", [CNV_CHANGE_RENAMED] = "renamed",
	[CNV_CHANGE_MOVED] = "moved", [CNV_CHANGE_ALTERED] = "altered",
};

static void json_place(cli_json *json, const char *key, const cnv_place *place)
{
	if (!place->row)
		return;
	cli_json_open(json, key, '{');
	cli_json_text(json, "file", place->source);
	cli_json_text(json, "sheet", place->sheet);
	cli_json_number(json, "row", place->row);
	cli_json_close(json, '}');
}

static void json_change(cli_json *json, const cnv_change *change)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "change", cnv_str_from(kinds[change->kind]));
	cli_json_text(json, "thing", cnv_str_from(change->thing));
	cli_json_text(json, "name", change->name);
	if (change->list.len)
		cli_json_text(json, "list", change->list);
	if (change->aspect)
		cli_json_text(json, "aspect", cnv_str_from(change->aspect));
	if (change->language.len)
		cli_json_text(json,
			      change->aspect && cnv_str_equal(cnv_str_from(change->aspect), CNV_STR("column"))
				      ? "column"
				      : "language",
			      change->language);
	if (change->kind != CNV_CHANGE_ADDED)
		cli_json_text(json, "before", change->before);
	if (change->kind != CNV_CHANGE_REMOVED)
		cli_json_text(json, "after", change->after);
	json_place(json, "from", &change->from);
	json_place(json, "to", &change->to);
	cli_json_close(json, '}');
}

static void json_begin(cli_json *json, cnv_str before, cnv_str after)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "schema", CNV_STR("canvass.diff/1"));
	cli_json_text(json, "before", before);
	cli_json_text(json, "after", after);
	cli_json_open(json, "changes", '[');
}

static void json_end_changes(cli_json *json, uint64_t changes, bool failed)
{
	(void)changes;
	(void)failed;
	cli_json_close(json, ']');
}

static void json_against(cli_json *json, const cnv_against *against, cnv_str store)
{
	cli_json_open(json, "against", '{');
	cli_json_text(json, "store", store);
	cli_json_text(json, "round", against->round);
	cli_json_number(json, "responses", against->responses);
	cli_json_open(json, "fallen", '[');
}

static void json_fallen(cli_json *json, const cnv_fallen *fallen)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "respondent", fallen->respondent);
	cli_json_text(json, "question", fallen->path);
	cli_json_text(json, "value", fallen->value);
	cli_json_text(json, "why", fallen->why);
	cli_json_close(json, '}');
}

static void json_end_fallen(cli_json *json)
{
	cli_json_close(json, ']');
	cli_json_open(json, "anew", '[');
}

static void json_anew(cli_json *json, const cnv_form *form, const cnv_anew *anew)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "question", form->questions[anew->question].name);
	cli_json_number(json, "asked", anew->asked);
	cli_json_number(json, "required", anew->required);
	cli_json_number(json, "now_required", anew->now_required);
	cli_json_close(json, '}');
}

static void json_end_against(cli_json *json, const cnv_against *against, uint64_t questions, bool failed)
{
	(void)against;
	(void)questions;
	(void)failed;
	cli_json_close(json, ']');
	cli_json_close(json, '}');
}

static void json_end(cli_json *json)
{
	cli_json_close(json, '}');
}

const diff_printer diff_json = { json_begin,      json_change, json_end_changes, json_against, json_fallen,
				 json_end_fallen, json_anew,   json_end_against, json_end };
