/* status: show who has replied, record events with respondents, and write reminders. */
#include <inttypes.h>

#include "cli/status.h"

#include "canvass/packs.h"

/* Days before the due date from which a reminder is suggested. */
enum { REMIND_DAYS = 14 };

static uint32_t count_soon(const cnv_standings *s)
{
	uint32_t count = 0;

	for (uint32_t i = 0; s->replies && i < s->roster->count; i++) {
		const cnv_reply *reply = &s->replies[i];
		bool soon = !reply->has_due || reply->due <= s->today + REMIND_DAYS;
		count += cnv_state_is_silent(reply->state) && soon;
	}
	return count;
}

/* Suggests the next commands, on stderr. */
static void suggest_next(const cnv_standings *s, const cnv_form_file *form, const cli_options *options)
{
	uint32_t silent = count_soon(s);

	if (silent && s->sent && !options->remind.len) {
		fprintf(stderr, "%" PRIu32 " %s not replied\n", silent, cnv_noun(silent, "has", "have"));
		cli_print_next("status", "--remind reminders", form, options);
	}
	if (s->items) {
		fprintf(stderr, "%" PRIu64 " %s in quarantine\n", s->items,
			cnv_noun(s->items, "file or record waits", "files or records wait"));
		cli_print_next("quarantine", "", form, options);
	}
	if (s->responses)
		cli_print_next(s->errors + s->warnings ? "findings" : "report", "", form, options);
}

static void print_standings(cnv_standings *s, status_drafts drafts, const cli_options *options)
{
	if (options->json)
		status_print_json(s, drafts);
	else
		status_print_text(s, drafts);
	fflush(stdout);
}

/* ---------------------------------------------------------------- reminders */

static void print_reminders(const cnv_post *post)
{
	if (!post->count) {
		fputs("no reminders written: no reply is missing\n", stderr);
		return;
	}
	fprintf(stderr, "%" PRIu32 " %s written to ", post->count,
		post->drafts ? cnv_noun(post->count, "mail draft", "mail drafts")
			     : cnv_noun(post->count, "reminder", "reminders"));
	cli_put(stderr, post->folder, false);
	fputs("; nothing was sent\n", stderr);
	if (!post->without)
		return;
	fprintf(stderr, "%" PRIu32 " %s: no pack was found in ", post->without,
		cnv_noun(post->without, "draft has no questionnaire attached",
			 "drafts have no questionnaire attached"));
	cli_put(stderr, post->packs, false);
	fputc('\n', stderr);
}

static cli_exit write_reminders(cnv_post *post, const cnv_standings *s)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = cnv_post_remind(post, s, &diags);

	if (post->existing.len)
		return cli_reject_existing(post->existing);
	if (!status)
		print_reminders(post);
	return cli_exit_asked(status);
}

static cli_exit remind(cli_opened *o, const cnv_standings *s, const cli_options *options)
{
	cnv_post post = { .folder = options->remind,
			  .packs = options->packs,
			  .stem = cnv_file_stem(o->form.form->id, &o->form.arena),
			  .drafts = options->mail,
			  .force = options->force,
			  .now = options->now };
	cli_exit code = s->roster ? write_reminders(&post, s)
				  : cli_usage(options, "--remind requires a roster; name it with --roster");

	if (!code && post.count)
		code = cli_record(options, o, &(cnv_noting){ .notices = post.notices, .count = post.count });
	cnv_post_fini(&post);
	return code;
}

/* ---------------------------------------------------------------- the command */

static cli_exit find_drafts(status_drafts *drafts, const cli_opened *o, cnv_standings *s)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status =
		cnv_store_drafts(o->store, o->round, (cnv_str){ 0 }, &s->arena, &drafts->list, &drafts->count, &diags);

	return cli_exit_for(status);
}

static cli_exit check_usage(const cli_options *options)
{
	if ((options->mail || options->packs.len) && !options->remind.len)
		return cli_usage(options, "--eml and --packs require --remind DIR");
	if (options->force && !options->remind.len)
		return cli_usage(options, "--force requires --remind DIR");
	return status_check_marks(options);
}

cli_exit cmd_status(const cli_options *options)
{
	cli_opened opened = { 0 };
	cnv_standings standings = { 0 };
	status_drafts drafts = { 0 };
	cli_exit code = check_usage(options);

	if (!code)
		code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code)
		code = status_put_marks(options, &opened);
	if (!code)
		code = cli_open_answered(&opened, options);
	if (!code)
		code = cli_standings(&standings, &opened, options, CNV_AUDIENCE_SECRETARIAT, false);
	if (!code)
		code = find_drafts(&drafts, &opened, &standings);
	if (!code && !standings.batch && options->remind.len)
		code = cli_usage(options, "--remind: not possible in a round of more than %u responses",
				 CNV_REPORT_NAMED);
	else if (!code)
		print_standings(&standings, drafts, options);
	if (!code && options->remind.len)
		code = remind(&opened, &standings, options);
	if (!code && !options->json && standings.batch)
		suggest_next(&standings, &opened.form, options);
	if (!code && !standings.responses)
		cli_print_empty(standings.round);
	cnv_standings_fini(&standings);
	cli_close(&opened);
	return code;
}
