/* collect: an interview in the terminal.
 *
 * The state is a session; every answer is kept in a draft at once.  In the end the answers become a CSV in the long
 * layout and are imported like any other return. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/collect.h"

/* Sets the respondent named on the command line, as the answer to the form's own question if it has one. */
static cli_exit begin_with(collect_state *t)
{
	const cli_options *options = t->options;
	cnv_session_cell who = { 0, t->to->form.form->respondent };
	cnv_str given = options->operand_count == 2 ? options->operands[1] : (cnv_str){ 0 };
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

static void put_welcome(const collect_state *t)
{
	const cnv_form *form = t->to->form.form;

	collect_put_bold(t, form->title.len ? form->title : form->id);
	fputs(", round ", stdout);
	cli_put(stdout, t->to->round, false);
	if (t->respondent.len) {
		fputs(", ", stdout);
		cli_put(stdout, t->respondent, false);
	}
	puts("\nPress Enter to skip a question; :h lists the commands. Every answer is saved at once.");
}

/* Asks whose answers they are, before anything else is asked. */
static void ask_respondent(collect_state *t)
{
	cnv_session_cell who = { 0, t->to->form.form->respondent };

	if (t->respondent.len)
		return;
	collect_show(t, who);
	collect_ask_one(t, who);
}

static cli_exit run_interview(collect_state *t)
{
	cli_exit code = CLI_ACCESS;

	put_welcome(t);
	ask_respondent(t);
	if (!t->status && !t->stopped && collect_begin(t)) {
		t->at = (cnv_session_cell){ 0, CNV_NONE };
		t->status = cnv_session_turn(t->session);
		t->begun = true;
		collect_keep(t);
		if (!t->corrects)
			collect_to_first_open(t);
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
		puts(t->begun ? "\nstopped: the answers so far are in a draft; nothing was submitted"
			      : "\nstopped: nothing was stored");
		fflush(stdout);
		if (t->begun)
			cli_print_next("collect", "", &t->to->form, t->options);
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

static cli_exit open_and_run(cli_opened *opened, const cli_options *options)
{
	const char *accessible = getenv("CANVASS_ACCESSIBLE");
	collect_state t = { .options = options,
			    .to = opened,
			    .who = cli_by(options),
			    .section = CNV_NONE,
			    .twice = options->twice,
			    .accessible = accessible && *accessible && *accessible != '0' };
	cli_exit code;

	t.session = cnv_session_new(opened->form.plan, &(cnv_world){ options->now, (uint64_t)options->now.utc_ms | 1 },
				    opened->form.language);
	code = t.session ? begin_with(&t) : cli_out_of_memory();
	if (!code)
		code = run_mode(&t);
	cnv_session_free(t.session);
	cnv_session_free(t.first);
	for (uint32_t i = 0; i < CNV_KEYINGS; i++)
		cnv_keying_fini(&t.keyings[i]);
	cnv_text_fini(&t.line);
	cnv_arena_fini(&t.arena);
	cnv_arena_fini(&t.temp);
	return code;
}

static cli_exit check_modes(const cli_options *options)
{
	bool direct = options->set_count || options->blank || options->answers.len;

	if ((options->set_count > 0) + options->blank + (options->answers.len > 0) + options->drafts > 1)
		return cli_usage(options, "--set, --answers, --blank and --drafts cannot be combined");
	if (options->incomplete && !options->answers.len)
		return cli_usage(options, "--incomplete needs --answers");
	if (options->twice && (direct || options->drafts))
		return cli_usage(options, "--twice is for an interview in the terminal");
	if (direct || options->drafts)
		return CLI_DONE;
	if (!isatty(STDIN_FILENO) || !cli_is_terminal(stdout))
		return cli_usage(options, "collect needs a terminal; use --answers or import for files");
	return cli_ask_ready() ? CLI_DONE : CLI_ACCESS;
}

/* A blank file is written before there is a store, too, and makes none. */
static cli_exit open_store(cli_opened *opened, const cli_options *options)
{
	opened->store_name = cli_store_name(options, &opened->form);
	if (options->blank && !cnv_file_exists(opened->store_name))
		return CLI_DONE;
	return cli_open_store(opened, options, options->blank ? CNV_STORE_READ : CNV_STORE_WRITE);
}

cli_exit cmd_collect(const cli_options *options)
{
	cli_opened opened = { 0 };
	cli_exit code = check_modes(options);

	if (code)
		return code;
	if (options->drafts)
		return collect_list_drafts(options);
	code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code)
		code = open_store(&opened, options);
	if (!code)
		code = cli_open_round(&opened, options);
	if (!code)
		code = open_and_run(&opened, options);
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}
