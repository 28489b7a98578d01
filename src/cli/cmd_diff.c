/* diff: show what changed between two versions of a form, and which stored answers it would make invalid. */
#include "cli/diff.h"

typedef struct comparison {
	const cli_options *options;
	const diff_printer *print;
	cli_json json;
	uint64_t changes;
	bool begun; /* the part about stored answers has begun */
} comparison;

static void on_change(void *self, const cnv_change *change)
{
	comparison *c = self;

	c->changes++;
	c->print->change(&c->json, change);
}

/* ---------------------------------------------------------------- against the store */

static void on_begin(void *self, const cnv_against *against)
{
	comparison *c = self;

	c->begun = true;
	c->print->against(&c->json, against, c->options->against);
}

static void on_fallen(void *self, const cnv_fallen *fallen)
{
	comparison *c = self;

	c->print->fallen(&c->json, fallen);
}

static void print_reasked(comparison *c, const cnv_against *against)
{
	const cnv_form *form = against->after->form;
	uint64_t questions = 0;

	c->print->end_fallen(&c->json);
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_anew *anew = &against->anew[id];
		if (!anew->asked && !anew->now_required)
			continue;
		questions++;
		c->print->anew(&c->json, form, anew);
	}
	c->print->end_against(&c->json, against, questions, false);
}

static cli_exit run_against(comparison *c, cnv_form_file *before, const cnv_form_file *after,
			    const cnv_matching *matching)
{
	cnv_diags diags = cli_diags_to(stderr), closing = { 0 };
	cnv_against against = { .before = before,
				.after = after,
				.matching = matching,
				.now = c->options->now,
				.self = c,
				.tell_begin = on_begin,
				.tell_fallen = on_fallen };
	cnv_store *store = NULL;
	cnv_status status;
	cli_exit code = CLI_ACCESS;

	if (!cnv_store_exists(c->options->against, NULL)) {
		fputs("canvass: no such store: ", stderr);
		cli_put(stderr, c->options->against, false);
		fputs("\n", stderr);
		return CLI_ACCESS;
	}
	if (cnv_store_open(&store, c->options->against, CNV_STORE_READ, before->form, before->bytes, &cli_patience,
			   &diags))
		return CLI_ACCESS;
	against.round = cli_round(c->options, before, store, &before->arena);
	status = cnv_against_run(&against, store, &diags);
	cnv_store_close(store, &closing);
	if (!status) {
		print_reasked(c, &against);
		code = against.fallen ? CLI_ERRORS : CLI_DONE;
	} else if (c->begun) {
		c->print->end_against(&c->json, &against, 0, true);
	}
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	cnv_against_fini(&against);
	return code;
}

/* ---------------------------------------------------------------- the command */

static cli_exit compare(comparison *c, cnv_form_file *before, const cnv_form_file *after)
{
	cnv_arena scratch = { 0 };
	cnv_matching matching;
	cli_exit code = CLI_DONE;
	cnv_status status = cnv_form_match(&matching, before->form, after->form, &scratch);

	c->print->begin(&c->json, before->name, after->name);
	if (!status)
		status = cnv_form_changes(before->form, after->form, &matching, on_change, c, &scratch);
	c->print->end_changes(&c->json, c->changes, status != CNV_OK);
	if (status) {
		cli_out_of_memory();
		code = CLI_ACCESS;
	} else if (c->options->against.len) {
		code = run_against(c, before, after, &matching);
	}
	c->print->end(&c->json);
	cnv_arena_fini(&scratch);
	return code;
}

cli_exit cmd_diff(const cli_options *options)
{
	comparison c = { .options = options,
			 .print = options->json ? &diff_json : &diff_text,
			 .json = { .out = stdout } };
	cnv_form_file before = { 0 }, after = { 0 };
	cli_exit code;

	if (options->round.len && !options->against.len)
		return cli_usage(options, "--round requires --against STORE");
	code = cli_form_use(&before, options, options->operands[0]);
	if (!code)
		code = cli_form_use(&after, options, options->operands[1]);
	if (!code)
		code = compare(&c, &before, &after);
	cnv_form_file_fini(&after);
	cnv_form_file_fini(&before);
	return code;
}
