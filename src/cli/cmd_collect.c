/* collect: an interview in the terminal.
 *
 * The questions that apply to the respondent, in the form's order; a wrong answer is asked again with
 * the form's own message.  At the end, the answers become a CSV in the long layout and are imported
 * like any other return. */
#include <unistd.h>

#include "cli/collect.h"

/* Saves the answers so far next to the store, so that an interrupted interview is not lost. */
static void keep_draft(const collect_state *t, const cli_opened *to, cnv_str csv)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_arena arena = { 0 };
	size_t stem = to->store_name.len;

	if (cnv_str_ends(to->store_name, CNV_STR(".db")))
		stem -= 3;
	cnv_str name = cnv_arena_format(&arena, "%.*s-draft.csv", CNV_ARG(cnv_str_slice(to->store_name, 0, stem)));
	if (t->in.answer_count && !cnv_file_save_private(name, csv, true, &diags)) {
		fputs("\nstopped: the answers so far are in ", stderr);
		cli_put(stderr, name, false);
		fputs("; nothing was stored\n", stderr);
	} else {
		fputs("\nstopped: nothing was stored\n", stderr);
	}
	cnv_arena_fini(&arena);
}

static void on_diag(void *self, const cnv_diag *diag)
{
	(void)self;
	cli_print_diag(stdout, diag);
}

/* Prints the outcome, and the next command. */
static void print_outcome(const cli_opened *to, const cli_options *options, const cnv_intake_totals *totals)
{
	if (!totals->accepted && !totals->already) {
		puts("not stored as a response; see above");
		return;
	}
	if (totals->already || totals->responses.already) {
		puts("already imported; nothing changed");
	} else {
		fputs("stored in ", stdout);
		cli_put(stdout, to->store_name, false);
		fputs(", round ", stdout);
		cli_put(stdout, to->round, false);
		putchar('\n');
	}
	fflush(stdout);
	cli_print_next("status", "", &to->form, options);
}

/* The answers are imported like any other return. */
static cli_exit import_answers(const cli_opened *to, const cli_options *options, cnv_str csv)
{
	/* The command line names the respondent if no question of the form does. */
	bool named = options->operand_count == 2 && to->form.form->respondent == CNV_NONE;
	const cnv_intake_options how = { .round = to->round,
					 .program = cnv_str_from(cnv_version()),
					 .now = options->now,
					 .respondent = named ? options->operands[1] : (cnv_str){ 0 },
					 .roster = &to->roster };
	const cnv_intake_listener listener = { .diag = on_diag };
	cnv_intake *intake = cnv_intake_new(&how, &to->form, to->store, &listener);
	cli_exit code = CLI_ACCESS;

	if (!intake || cnv_intake_add_bytes(intake, CNV_STR("interview"), csv) || cnv_intake_run(intake)) {
		cli_out_of_memory();
	} else {
		const cnv_intake_totals *totals = cnv_intake_get_totals(intake);
		code = totals->failed ? CLI_ACCESS : totals->errors || totals->quarantined ? CLI_ERRORS : CLI_DONE;
		print_outcome(to, options, totals);
	}
	cnv_intake_free(intake);
	return code;
}

/* Sets the respondent named on the command line, as the answer to the form's own question if it has one. */
static cli_exit begin_with(collect_state *t, const cli_options *options)
{
	const cnv_form *form = t->in.form->form;
	cnv_str given = options->operand_count == 2 ? options->operands[1] : (cnv_str){ 0 };
	const char *reason;

	if (form->respondent != CNV_NONE && !given.len)
		return CLI_DONE;
	if (form->respondent != CNV_NONE)
		t->status = cnv_interview_set(&t->in, 0, form->respondent, given);
	if (t->status)
		return CLI_ACCESS;
	if (t->in.complaint.len) {
		fputs("canvass: ", stderr);
		cli_put(stderr, cnv_text_str(&t->in.complaint), true);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	reason = collect_reject_respondent(t, given);
	if (!reason)
		return CLI_DONE;
	return given.len ? cli_usage(options, "\"%.*s\": %s", CNV_ARG(given), reason)
			 : cli_usage(options, "%s; name the respondent after the form", reason);
}

static cli_exit run_interview(const cli_opened *to, const cli_options *options)
{
	const cnv_form *form = to->form.form;
	collect_state t = { .roster = cli_roster(to) };
	cnv_text csv = { 0 };
	cli_exit code = CLI_ACCESS;

	t.status = cnv_interview_init(&t.in, &to->form, options->now);
	if (!t.status && (code = begin_with(&t, options)) == CLI_USAGE)
		goto out;
	code = CLI_ACCESS;
	collect_put_bold(form->title.len ? form->title : form->id);
	fputs(", round ", stdout);
	cli_put(stdout, to->round, false);
	putchar('\n');
	puts("Press Enter to leave a question unanswered. Type N/A for not applicable,\n"
	     "D/K for do not know, CONF for withheld. Press Ctrl-D to stop.");
	if (!t.status)
		collect_ask_all(&t);
	if (!t.status)
		t.status = cnv_interview_write(&t.in, &csv);
	if (t.status) {
		cli_out_of_memory();
	} else if (t.stopped) {
		keep_draft(&t, to, cnv_text_str(&csv));
		code = CLI_STOPPED;
	} else {
		putchar('\n');
		code = import_answers(to, options, cnv_text_str(&csv));
	}
out:
	cnv_interview_fini(&t.in);
	cnv_text_fini(&t.line);
	cnv_text_fini(&csv);
	return code;
}

cli_exit cmd_collect(const cli_options *options)
{
	cli_opened opened = { 0 };
	cli_exit code;

	if (!isatty(STDIN_FILENO) || !cli_is_terminal(stdout))
		return cli_usage(options, "collect needs a terminal; use import for files");
	if (!cli_ask_ready())
		return CLI_ACCESS;
	code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code) {
		opened.store_name = cli_store_name(options, &opened.form);
		code = cli_open_store(&opened, options, CNV_STORE_WRITE);
	}
	if (!code)
		code = cli_open_round(&opened, options);
	if (!code)
		code = run_interview(&opened, options);
	code = cli_close_store(&opened, code);
	cli_close(&opened);
	return code;
}
