/* diff: what changed between two versions of a form, and what that does to answers already stored. */
#include "diff.h"

typedef struct telling {
	const cli_options *options;
	const diff_printer *print;
	cli_json json;
	uint64_t changes;
	bool begun; /* the answers are being told */
} telling;

static void on_change(void *self, const cnv_change *change)
{
	telling *t = self;

	t->changes++;
	t->print->change(&t->json, change);
}

/* ---------------------------------------------------------------- against the store */

static void on_begin(void *self, const cnv_against *against)
{
	telling *t = self;

	t->begun = true;
	t->print->against(&t->json, against, t->options->against);
}

static void on_fallen(void *self, const cnv_fallen *fallen)
{
	telling *t = self;

	t->print->fallen(&t->json, fallen);
}

static void tell_anew(telling *t, const cnv_against *against)
{
	const cnv_form *form = against->after->form;
	uint64_t questions = 0;

	t->print->end_fallen(&t->json);
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_anew *anew = &against->anew[id];
		if (!anew->asked && !anew->now_required)
			continue;
		questions++;
		t->print->anew(&t->json, form, anew);
	}
	t->print->end_against(&t->json, against, questions, false);
}

static cli_exit run_against(telling *t, cnv_form_file *before, const cnv_form_file *after, const cnv_matching *matching)
{
	cnv_diags diags = cli_diags_to(stderr), closing = { 0 };
	cnv_against against = { .before = before, .after = after, .matching = matching, .now = t->options->now, .self = t,
		                .tell_begin = on_begin, .tell_fallen = on_fallen };
	cnv_store *store = NULL;
	cnv_status status;
	cli_exit code = CLI_ACCESS;

	if (!cnv_file_exists(t->options->against)) {
		fputs("canvass: there is no ", stderr);
		cli_put(stderr, t->options->against, false);
		fputs("\n", stderr);
		return CLI_ACCESS;
	}
	if (cnv_store_open(&store, t->options->against, CNV_STORE_READ, before->form, before->bytes, &cli_patience, &diags))
		return CLI_ACCESS;
	against.round = cli_round(t->options, before, store, &before->arena);
	status = cnv_against_run(&against, store, &diags);
	cnv_store_close(store, &closing);
	if (!status) {
		tell_anew(t, &against);
		code = against.fallen ? CLI_ERRORS : CLI_DONE;
	} else if (t->begun) {
		t->print->end_against(&t->json, &against, 0, true);
	}
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	cnv_against_fini(&against);
	return code;
}

/* ---------------------------------------------------------------- the command */

static cli_exit compare(telling *t, cnv_form_file *before, const cnv_form_file *after)
{
	cnv_arena scratch = { 0 };
	cnv_matching matching;
	cli_exit code = CLI_DONE;
	cnv_status status = cnv_form_match(&matching, before->form, after->form, &scratch);

	t->print->begin(&t->json, before->name, after->name);
	if (!status)
		status = cnv_form_changes(before->form, after->form, &matching, on_change, t, &scratch);
	t->print->end_changes(&t->json, t->changes, status != CNV_OK);
	if (status) {
		cli_out_of_memory();
		code = CLI_ACCESS;
	} else if (t->options->against.len) {
		code = run_against(t, before, after, &matching);
	}
	t->print->end(&t->json);
	cnv_arena_fini(&scratch);
	return code;
}

cli_exit cmd_diff(const cli_options *options)
{
	telling t = { .options = options, .print = options->json ? &diff_json : &diff_text, .json = { .out = stdout } };
	cnv_form_file before = { 0 }, after = { 0 };
	cli_exit code;

	if (options->round.len && !options->against.len)
		return cli_usage(options, "--round goes with --against STORE");
	code = cli_form_use(&before, options, options->operands[0]);
	if (!code)
		code = cli_form_use(&after, options, options->operands[1]);
	if (!code)
		code = compare(&t, &before, &after);
	cnv_form_file_fini(&after);
	cnv_form_file_fini(&before);
	return code;
}
