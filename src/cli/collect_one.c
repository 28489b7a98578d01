/* collect for one respondent: a session begins, is answered in an interview or otherwise, and is stored. */
#include <stdlib.h>

#include "cli/collect.h"

/* Sets the respondent who is given, as the answer to the form's own question if it has one. */
static cli_exit begin_with(collect_state *t)
{
	const cli_options *options = t->options;
	cnv_session_cell who = { 0, t->to->form.form->respondent };
	cnv_str given = t->given;
	const char *reason;

	if (who.question != CNV_NONE && !given.len)
		return CLI_DONE;
	if (who.question != CNV_NONE)
		t->status = cnv_session_set(t->session, who, given);
	if (!t->status)
		t->status = cnv_session_turn(t->session);
	if (t->status)
		return CLI_ACCESS;
	if (who.question != CNV_NONE && !cnv_session_passes(t->session, who)) {
		fputs("canvass: ", stderr);
		cli_put(stderr, cnv_session_state_of(t->session, who).finding->message, true);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	reason = collect_reject_respondent(t);
	if (!reason)
		return CLI_DONE;
	return given.len ? cli_usage(options, "\"%.*s\": %s", CNV_ARG(given), reason)
			 : cli_usage(options, "%s; name the respondent after the form", reason);
}

static void put_welcome(collect_state *t)
{
	const cnv_form *form = t->to->form.form;
	cnv_str title = form->title.len ? form->title : form->id, who = t->respondent;

	collect_put_title(t,
			  cnv_arena_format(&t->temp, "%.*s, round %.*s%s%.*s", CNV_ARG(title), CNV_ARG(t->to->round),
					   who.len ? ", " : "", CNV_ARG(who)),
			  2);
	collect_put(CNV_STR("Choose by number, or type the first characters of an answer. Enter alone skips a question,"
			    " or keeps the answer shown. Every answer is saved at once. :b goes back, :q stops for now,"
			    " :h shows all commands."),
		    0, 0);
}

/* Asks whose answers they are, before anything else is asked. */
static void ask_respondent(collect_state *t)
{
	cnv_session_cell who = { 0, t->to->form.form->respondent };

	if (t->respondent.len)
		return;
	collect_show_notes(t, who);
	collect_show(t, who);
	collect_ask_one(t, who);
}

/* The first open question; above it what a respondent named on the command line was not shown yet. */
static void show_start(collect_state *t)
{
	cnv_session_cell who = { 0, t->to->form.form->respondent };

	if (t->given.len && who.question != CNV_NONE && !t->drafted && !t->options->clerk)
		collect_show_notes(t, who);
	collect_to_first_open(t);
}

/* The draft is of the respondent and the person. */
static void print_same_command(const collect_state *t)
{
	fputs("  next: ", stderr);
	cli_begin_command("collect", &t->to->form, t->options);
	fputc(' ', stderr);
	cli_put_operand(stderr, t->respondent);
	if (t->options->by.len) {
		fputs(" --by ", stderr);
		cli_put_operand(stderr, t->options->by);
	}
	fputc('\n', stderr);
}

static cli_exit run_interview(collect_state *t)
{
	cli_exit code = CLI_ACCESS;

	if (!t->brief)
		put_welcome(t);
	ask_respondent(t);
	if (!t->status && !t->stopped && collect_begin(t)) {
		t->at = (cnv_session_cell){ 0, CNV_NONE };
		t->status = cnv_session_turn(t->session);
		collect_begin_keeping(t);
		if (!t->corrects)
			show_start(t);
		if (!t->first)
			collect_run(t);
		if (t->twice && !t->stopped && !t->status)
			collect_again(t);
	}
	if (t->status == CNV_NO_MEMORY) {
		cli_out_of_memory();
	} else if (t->status) {
		code = CLI_ACCESS; /* said */
	} else if (t->stopped) {
		collect_keep(t);
		putchar('\n');
		collect_put(t->drafted ? CNV_STR("stopped: the answers so far are in a draft; nothing was submitted")
				       : CNV_STR("stopped: nothing was stored"),
			    0, 0);
		fflush(stdout);
		if (t->drafted && !t->options->clerk)
			print_same_command(t);
		code = CLI_STOPPED;
	} else {
		putchar('\n');
		code = collect_submit(t, NULL);
	}
	return code;
}

static cli_exit run_mode(collect_state *t)
{
	if (t->options->set_count)
		return collect_amend(t);
	if (t->options->blank)
		return collect_blank(t);
	return t->options->answers.len ? collect_file(t) : run_interview(t);
}

cli_exit collect_one(cli_opened *opened, const cli_options *options, cnv_str given, bool brief, bool *ended)
{
	const char *accessible = getenv("CANVASS_ACCESSIBLE");
	collect_state t = { .options = options,
			    .to = opened,
			    .given = given,
			    .who = cli_by(options),
			    .now = options->now,
			    .heading = { CNV_NONE, 0 },
			    .brief = brief,
			    .twice = options->twice,
			    .accessible = accessible && *accessible && *accessible != '0' };
	cli_exit code;

	t.session = cnv_session_new(opened->form.plan, &(cnv_world){ options->now, (uint64_t)options->now.utc_ms | 1 },
				    opened->form.language);
	code = t.session ? begin_with(&t) : cli_out_of_memory();
	if (!code)
		code = run_mode(&t);
	*ended = t.ended;
	cnv_session_free(t.session);
	cnv_session_free(t.first);
	for (uint32_t i = 0; i < CNV_KEYINGS; i++)
		cnv_keying_fini(&t.keyings[i]);
	cnv_text_fini(&t.line);
	cnv_text_fini(&t.kept);
	cnv_arena_fini(&t.arena);
	cnv_arena_fini(&t.temp);
	return code;
}
