/* status: output as one JSON object. */
#include "cli/status.h"

static void json_day(cli_json *json, const char *key, int32_t day)
{
	char digits[CNV_DAY_ROOM];

	cnv_day_write(day, digits);
	cli_json_text(json, key, cnv_str_from(digits));
}

static void json_reply(cli_json *json, const cnv_reply *reply, int32_t today)
{
	cli_json_text(json, "state", cnv_str_from(cnv_state_words(reply->state)));
	if (reply->has_due) {
		json_day(json, "due", reply->due);
		cli_json_boolean(json, "late", reply->late || cnv_reply_is_overdue(reply, today));
	}
	if (reply->reason.len)
		cli_json_text(json, "reason", reply->reason);
	if (reply->item)
		cli_json_number(json, "item", (uint64_t)reply->item);
	if (reply->notice)
		cli_json_text(json, "notice",
			      reply->notice == CNV_NOTICE_SENT ? CNV_STR("sent") : CNV_STR("acknowledged"));
	if (reply->reminded)
		cli_json_number(json, "reminded", reply->reminded);
}

static void json_response(cli_json *json, const cnv_reported *r, const cnv_completeness *c)
{
	char instant[CNV_INSTANT_ROOM];

	cnv_instant_write(r->received, instant);
	cli_json_text(json, "received", cnv_str_from(instant));
	cli_json_number(json, "revision", r->revision);
	cli_json_number(json, "asked", c->asked);
	cli_json_number(json, "answered", c->answered);
	cli_json_number(json, "to_mend", c->open);
	cli_json_number(json, "errors", r->errors);
	cli_json_number(json, "warnings", r->warnings);
	if (!cnv_reported_confirms(r))
		return;
	cli_json_open(json, "prefilled", '{');
	for (cnv_prior prior = 0; prior < CNV_PRIORS; prior++)
		cli_json_number(json, cnv_prior_words(prior), r->priors[prior]);
	cli_json_close(json, '}');
}

/* For a respondent who is not in the roster, reply is NULL and name is empty. */
static void json_row(cli_json *json, const cnv_standings *s, cnv_str code, cnv_str name, const cnv_reply *reply,
		     uint32_t row)
{
	cli_json_open(json, NULL, '{');
	cli_json_text(json, "code", code);
	if (name.len)
		cli_json_text(json, "name", name);
	cli_json_boolean(json, "returned", row != CNV_NONE);
	if (reply)
		json_reply(json, reply, s->today);
	if (row != CNV_NONE)
		json_response(json, &s->reported[row], &s->complete[row]);
	cli_json_close(json, '}');
}

static void json_respondents(cli_json *json, const cnv_standings *s)
{
	const cnv_str none = { 0 };

	cli_json_open(json, "respondents", '[');
	for (uint32_t i = 0; s->roster && i < s->roster->count; i++)
		json_row(json, s, s->roster->respondents[i].code, s->roster->respondents[i].name, &s->replies[i],
			 s->replies[i].row);
	for (uint32_t row = 0; row < s->responses; row++)
		if (!s->roster || cnv_map_find(&s->roster->by_code, s->reported[row].respondent) == CNV_NONE)
			json_row(json, s, s->reported[row].respondent, none, NULL, row);
	cli_json_close(json, ']');
}

static void json_rates(cli_json *json, const cnv_standings *s)
{
	cli_json_open(json, "groups", '[');
	for (uint32_t i = 0; i < s->rate_count; i++) {
		const cnv_rate *rate = &s->rates[i];
		cli_json_open(json, NULL, '{');
		cli_json_text(json, "grouping", s->roster->groupings[rate->grouping]);
		cli_json_text(json, "group", rate->group);
		cli_json_number(json, "members", rate->members);
		cli_json_number(json, "replied", rate->replied);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

static void json_drafts(cli_json *json, status_drafts drafts)
{
	char instant[CNV_INSTANT_ROOM];

	cli_json_open(json, "drafts", '[');
	for (uint32_t i = 0; i < drafts.count; i++) {
		const cnv_draft *draft = &drafts.list[i];

		cli_json_open(json, NULL, '{');
		cli_json_text(json, "code", draft->respondent);
		cli_json_text(json, "who", draft->who);
		cnv_instant_write(draft->begun, instant);
		cli_json_text(json, "begun", cnv_str_from(instant));
		cnv_instant_write(draft->changed, instant);
		cli_json_text(json, "changed", cnv_str_from(instant));
		if (draft->asked)
			cli_json_number(json, "asked", draft->asked);
		cli_json_number(json, "answered", draft->answered);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

void status_print_json(const cnv_standings *s, status_drafts drafts)
{
	cli_json json = { .out = stdout };

	cli_json_open(&json, NULL, '{');
	cli_json_text(&json, "schema", CNV_STR("canvass.status/1"));
	cli_json_text(&json, "form", s->form->id);
	cli_json_text(&json, "round", s->round);
	cli_json_number(&json, "responses", s->responses);
	cli_json_number(&json, "quarantined", s->items);
	if (s->has_due)
		json_day(&json, "due", s->due);
	json_drafts(&json, drafts);
	if (s->batch) {
		json_respondents(&json, s);
	}
	if (s->batch || s->rate_count)
		json_rates(&json, s);
	if (s->batch) {
		cli_json_number(&json, "replied", s->replied);
		cli_json_number(&json, "roster", s->roster ? s->roster->count : 0);
	}
	cli_json_close(&json, '}');
}
