/* report: write the comparison workbook, or the meeting paper. */
#include <inttypes.h>

#include "cli/option.h"

typedef struct reporting {
	const cli_options *options;
	cli_opened opened;
	cnv_standings standings;
	cnv_since since; /* with --since */
	cnv_diags diags;
} reporting;

static void print_text(const cnv_standings *s, cnv_str target)
{
	cli_put(stdout, target, false);
	printf(": round ");
	cli_put(stdout, s->round, false);
	if (s->replies)
		printf(", %" PRIu32 " of %" PRIu32 " answered", s->replied, s->roster->count);
	else
		printf(", %" PRIu64 " %s", s->responses, cnv_noun(s->responses, "response", "responses"));
	if (s->states[CNV_STATE_COMPILED])
		printf(", %" PRIu32 " compiled", s->states[CNV_STATE_COMPILED]);
	putchar('\n');
}

static void print_json(const cnv_standings *s, const cnv_since *since, cnv_str target)
{
	cli_json json = { .out = stdout };

	cli_json_open(&json, NULL, '{');
	cli_json_text(&json, "schema", CNV_STR("canvass.report/1"));
	cli_json_text(&json, cnv_report_kind_of(target) == CNV_REPORT_BOOK ? "workbook" : "paper", target);
	cli_json_text(&json, "round", s->round);
	cli_json_text(&json, "audience", cnv_str_from(cnv_audience_word(s->audience)));
	if (since->name.len)
		cli_json_text(&json, "since", since->name);
	cli_json_number(&json, "responses", s->responses);
	cli_json_close(&json, '}');
}

/* Of --as-of, as if it were now. */
static cli_exit read_standings(reporting *r)
{
	cli_options options = *r->options;

	if (options.has_as_of)
		options.now = options.as_of;
	return cli_standings(&r->standings, &r->opened, &options, options.audience, options.exact);
}

/* Is it the label of a round? */
static cli_exit find_round(reporting *r, cnv_str label, bool *found)
{
	const cnv_str *labels = NULL;
	uint32_t count = 0;
	cnv_arena arena = { 0 };
	cnv_status status = cnv_store_rounds(r->opened.store, &arena, &labels, &count, &r->diags);

	*found = false;
	for (uint32_t i = 0; i < count && !status; i++)
		*found |= cnv_str_equal(labels[i], label);
	cnv_arena_fini(&arena);
	return status ? CLI_ACCESS : CLI_DONE;
}

/* The time of --since: the beginning of a day, in the zone of --now. */
static bool read_time(const reporting *r, cnv_instant *at)
{
	int32_t day;

	if (cli_instant_read(r->options->since, at))
		return true;
	at->utc_offset = r->options->now.utc_offset;
	if (!cnv_day_read(r->options->since, &day))
		return false;
	at->utc_ms = ((int64_t)day * 86400 - at->utc_offset) * 1000;
	return true;
}

/* What the round is compared with. */
static cli_exit read_since(reporting *r)
{
	const cli_options *options = r->options;
	cnv_instant now = options->has_as_of ? options->as_of : options->now, at = now;
	cnv_str round = options->since;
	bool found;
	cli_exit code = find_round(r, round, &found);

	if (code)
		return code;
	if (!found) {
		if (!read_time(r, &at))
			return cli_usage(
				options,
				"--since: \"%.*s\" is neither a round in the store nor a day, such as 2026-12-01",
				CNV_ARG(round));
		if (at.utc_ms >= now.utc_ms)
			return cli_usage(options, "--since: %.*s is not before the time of the report", CNV_ARG(round));
		round = (cnv_str){ 0 };
	} else if (cnv_str_equal(round, r->opened.round)) {
		return cli_usage(options, "--since: %.*s is the round of the report itself", CNV_ARG(round));
	}
	if (cli_exit_for(cnv_since_open(&r->since, &r->standings, r->opened.store, r->opened.form.bytes, round, at,
					&r->diags)))
		return CLI_ACCESS;
	if (!r->standings.batch || !r->since.standings.batch)
		return cli_usage(options, "--since: compares at most %u responses", CNV_REPORT_NAMED);
	return CLI_DONE;
}

/* The question of --cross. */
static cli_exit find_crossed(cnv_question_id *question, const reporting *r)
{
	const cnv_form *form = r->opened.form.form;
	cnv_str name = r->options->cross;
	cnv_named named;
	cnv_arena arena = { 0 };
	cli_exit code = cli_question(&named, r->options, form, name, &arena);
	const cnv_privacy *privacy = code ? NULL : cnv_release_privacy(form, &arena);
	const char *trouble = privacy ? cnv_report_cross_trouble(form, named.question, privacy) : NULL;

	if (trouble)
		code = cli_usage(r->options, "--cross: \"%.*s\": %s", CNV_ARG(name), trouble);
	else if (!code && !privacy)
		code = cli_out_of_memory();
	else if (!code && r->standings.responses && !r->standings.batch)
		code = cli_usage(r->options, "--cross: the round has more than %u responses", CNV_REPORT_NAMED);
	*question = named.question;
	cnv_arena_fini(&arena);
	return code;
}

/* The respondent of a profile. */
static cli_exit check_profile(const reporting *r)
{
	const cnv_standings *s = &r->standings;
	cnv_str code = r->options->respondent;
	const char *trouble;

	if (!code.len)
		return CLI_DONE;
	if (s->responses && !s->batch)
		return cli_usage(r->options, "--respondent: the round has more than %u responses", CNV_REPORT_NAMED);
	if (!r->options->output.len && !cnv_respondent_code_ok(code))
		return cli_usage(r->options, "--respondent: \"%.*s\" is no name for a file; name one with -o",
				 CNV_ARG(code));
	trouble = s->batch ? cnv_profile_trouble(s->batch, s->reported, code) : "has no answers in this round";
	return trouble ? cli_usage(r->options, "--respondent: \"%.*s\" %s", CNV_ARG(code), trouble) : CLI_DONE;
}

/* reports/<form_id>.xlsx; of a profile reports/<form_id>-CODE.docx. */
static cnv_str default_target(reporting *r)
{
	cnv_str code = r->options->respondent;

	cnv_str ending = cnv_arena_format(&r->opened.form.arena, "-%.*s.docx", CNV_ARG(code));

	return cli_default_target(&r->opened, "reports", !code.len ? ".xlsx" : ending.len ? ending.at : "");
}

static cli_exit write_report(reporting *r, cnv_str *target)
{
	cli_exit code = cli_open_answered(&r->opened, r->options);
	cnv_question_id cross = CNV_NONE;
	cnv_status status;

	if (!code && r->options->has_as_of && cnv_store_as_of(r->opened.store, r->options->as_of, &r->diags))
		code = CLI_ACCESS;
	if (!code)
		code = read_standings(r);
	if (!code && r->options->since.len)
		code = read_since(r);
	if (!code)
		code = check_profile(r);
	if (!code && r->options->cross.len)
		code = find_crossed(&cross, r);
	if (code)
		return code;
	if (!target->len) {
		*target = default_target(r);
		cnv_folder_make_for(*target);
	}
	if (cli_keep_inputs(&r->opened, *target, &r->diags))
		return CLI_USAGE;
	status = cnv_comparison_write(
		&(cnv_comparison){ .standings = &r->standings,
				   .store = r->opened.store,
				   .language = r->opened.form.language,
				   .words = cnv_report_speaks(r->options->language) ? r->options->language
										    : (cnv_str){ 0 },
				   .now = r->options->has_as_of ? r->options->as_of : r->options->now,
				   .as_of = r->options->has_as_of,
				   .force = r->options->force,
				   .labels = r->options->labels,
				   .no_audit = r->options->no_audit,
				   .technical = r->options->technical,
				   .across = r->options->orient == CLI_ACROSS,
				   .crosses = cross != CNV_NONE,
				   .cross = cross,
				   .since = r->options->since.len ? &r->since : NULL,
				   .profile = r->options->respondent,
				   .roster = r->opened.roster.bytes },
		*target, &r->diags);
	return cli_exit_asked(status);
}

/* An option that is given and has no effect on a paper; NULL: there is none. */
static const char *book_option(const cli_options *options)
{
	return options->no_audit    ? "--no-audit"
	       : options->technical ? "--technical"
	       : options->orient    ? "--orient"
	       : options->cross.len ? "--cross"
	       : options->labels    ? "--labels"
				    : NULL;
}

cli_exit cmd_report(const cli_options *options)
{
	reporting r = { .options = options, .diags = cli_diags_to(stderr) };
	cnv_str target = options->output;
	cli_exit code;

	if (target.len && !cnv_report_kind_of(target))
		return cli_usage(options, "\"%.*s\": the name of a report ends in .xlsx, .docx, .md or .html",
				 CNV_ARG(target));
	if (options->respondent.len && target.len && cnv_report_kind_of(target) == CNV_REPORT_BOOK)
		return cli_usage(options, "--respondent: a profile is a paper (.docx, .md or .html)");
	if (options->respondent.len && options->since.len)
		return cli_usage(options, "--respondent: a profile does not take --since");
	if ((target.len ? cnv_report_kind_of(target) != CNV_REPORT_BOOK : options->respondent.len > 0) &&
	    book_option(options))
		return cli_usage(options, "%s: only a workbook (.xlsx) takes it", book_option(options));
	code = write_report(&r, &target);

	if (!code && options->json)
		print_json(&r.standings, &r.since, target);
	else if (!code)
		print_text(&r.standings, target);
	if (!code && !r.standings.responses)
		cli_print_empty(r.standings.round);
	cnv_since_close(&r.since);
	cnv_standings_fini(&r.standings);
	cli_close(&r.opened);
	return code;
}
