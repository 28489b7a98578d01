/* collect without a dialogue: answers come from the command line or a file. */
#include "cli/collect.h"

/* Nothing is stored; the reason was printed. */
static cli_exit reject(cnv_status status)
{
	if (status == CNV_NO_MEMORY)
		return cli_out_of_memory();
	if (status != CNV_REJECTED)
		return CLI_ACCESS;
	fputs("nothing was stored\n", stderr);
	return CLI_ERRORS;
}

/* The store, which was only read, is opened to be written. */
static cli_exit submit(collect_state *t, const cnv_attached *file)
{
	cli_exit code = cli_close_store(t->to, CLI_DONE);

	if (!code)
		code = cli_open_store(t->to, t->options, CNV_STORE_WRITE);
	return code ? code : collect_submit(t, file);
}

/* ---------------------------------------------------------------- --set */

static cli_exit check_values(const cli_options *options)
{
	for (uint32_t i = 0; i < options->set_count; i++)
		if (cnv_utf8_check(options->sets[i].value) < options->sets[i].value.len)
			return cli_usage(options, "--set: the value of \"%.*s\" is not UTF-8",
					 CNV_ARG(options->sets[i].name));
	return CLI_DONE;
}

/* The paths of the answers that were set, however they were named. */
static cnv_status note_paths(collect_state *t)
{
	const cli_options *options = t->options;
	cnv_str *paths = cnv_arena_array(&t->arena, options->set_count, sizeof *paths);
	cnv_named *named = cnv_arena_array(&t->temp, options->set_count, sizeof *named);
	cnv_status status = paths && named ? CNV_OK : CNV_NO_MEMORY;

	for (uint32_t i = 0; i < options->set_count && !status; i++)
		paths[i] = options->sets[i].name;
	if (!status)
		status = cnv_gather_named(named, t->to->form.form, paths, options->set_count, &t->temp);
	for (uint32_t i = 0; i < options->set_count && !status; i++) {
		cnv_session_cell cell;

		if (cnv_session_find(t->session, &named[i], &cell))
			paths[i] = cnv_session_path(t->session, cell, &t->arena);
	}
	t->set_paths = paths;
	return status;
}

cli_exit collect_amend(collect_state *t)
{
	const cli_options *options = t->options;
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status;
	cli_exit code = check_values(options);

	if (code)
		return code;
	if (!t->respondent.len)
		return cli_usage(options, "--set: name the respondent after the form");
	if (!options->reason.len)
		return cli_usage(options, "--set needs --reason: why the answers change");
	if (!collect_take_counting(t)) {
		if (t->status)
			return cli_exit_for(t->status);
		return cli_usage(options, "--set: \"%.*s\" has no response in round \"%.*s\" to change",
				 CNV_ARG(t->respondent), CNV_ARG(t->to->round));
	}
	status = cnv_interview_amend(t->session, t->to->form.form, options->sets, options->set_count, &diags);
	t->amends = true;
	if (!status)
		status = note_paths(t);
	return status ? reject(status) : submit(t, NULL);
}

/* ---------------------------------------------------------------- --answers */

#define ANSWERS_LIMIT ((size_t)16 << 20)

/* Warnings are printed when the file is imported. */
static void print_error(void *self, const cnv_diag *diag)
{
	if (diag->severity == CNV_ERROR)
		cli_print_diag(self, diag);
}

/* Whose answers the file has: the respondent of the command line, if it names one. */
static cli_exit settle_respondent(collect_state *t)
{
	cnv_session_cell who = { 0, t->to->form.form->respondent };
	cnv_str named = t->respondent;
	const char *reason;

	if (who.question != CNV_NONE && !cnv_session_written(t->session, who).len)
		return cli_usage(t->options, "--answers: the file does not say whose answers it has: \"%.*s\" is blank",
				 CNV_ARG(t->to->form.form->questions[who.question].name));
	reason = collect_reject_respondent(t);
	if (reason)
		return cli_usage(t->options, "--answers: %s", reason);
	if (named.len && !cnv_str_equal(named, t->respondent))
		return cli_usage(t->options, "--answers: the file has the answers of \"%.*s\", not of \"%.*s\"",
				 CNV_ARG(t->respondent), CNV_ARG(named));
	return CLI_DONE;
}

/* What is missing or wrong; false: nothing is. */
static bool print_open(collect_state *t, cnv_str source)
{
	const cnv_session_finding *finding;
	bool any = false;

	for (uint32_t i = 0; (finding = cnv_session_finding_at(t->session, i)) != NULL; i++) {
		if (finding->severity != CNV_ERROR)
			continue;
		cli_print_diag(stderr, CNV_DIAG(.severity = CNV_ERROR, .code = (uint16_t)finding->code,
						.place = { .source = source },
						.field = cnv_session_path(t->session, finding->cell, &t->temp),
						.message = finding->message, .hint = finding->hint));
		any = true;
	}
	return any;
}

cli_exit collect_file(collect_state *t)
{
	cnv_attached file = { .name = t->options->answers };
	cnv_diags diags = { .emit = print_error, .self = stderr };
	cnv_status status = cnv_file_load(file.name, ANSWERS_LIMIT, &t->arena, &file.bytes, &diags);
	cli_exit code;

	if (status == CNV_NO_ACCESS)
		return CLI_ACCESS;
	if (!status)
		status = cnv_interview_take(t->session, &t->to->form, NULL, file.name, file.bytes, &diags);
	if (!status && diags.errors)
		status = CNV_REJECTED;
	if (status)
		return reject(status);
	code = settle_respondent(t);
	if (code)
		return code;
	if (!t->options->incomplete && print_open(t, file.name)) {
		fputs("nothing was stored; --incomplete stores these answers as they are\n", stderr);
		return CLI_ERRORS;
	}
	return submit(t, &file);
}

/* ---------------------------------------------------------------- --blank */

cli_exit collect_blank(collect_state *t)
{
	const cnv_interview_claims claims = { .round = t->to->round };
	cnv_text csv = { 0 };
	cnv_status status = cnv_interview_write(t->session, &t->to->form, &claims, CNV_LINES_BLANK, &csv);

	if (!status)
		fwrite(csv.at, 1, csv.len, stdout);
	cnv_text_fini(&csv);
	return cli_exit_for(status);
}
