/* The form, its store and its roster, opened: the start of commands about a round. */
#include <string.h>

#include "cli/cli.h"

cli_exit cli_store_expect(cnv_str store_name, const cnv_form_file *form, const cli_options *options)
{
	if (cnv_store_exists(store_name, form->form))
		return CLI_DONE;
	fputs("canvass: nothing has been imported yet: no store ", stderr);
	cli_put(stderr, store_name, false);
	fputc('\n', stderr);
	cli_print_next("import", "FILE...", form, options);
	return CLI_ACCESS;
}

cli_exit cli_open_store(cli_opened *o, const cli_options *options, cnv_store_mode mode)
{
	cnv_diags diags = cli_diags_to(stderr);

	if (mode == CNV_STORE_WRITE && !options->store.len)
		cnv_folder_make_for(o->store_name);
	if (cli_exit_for(
		    cnv_store_open(&o->store, o->store_name, mode, o->form.form, o->form.bytes, &cli_patience, &diags)))
		return CLI_ACCESS;
	if (mode == CNV_STORE_WRITE)
		cnv_store_by(o->store, cli_by(options), options->now);
	return CLI_DONE;
}

cli_exit cli_open_round(cli_opened *o, const cli_options *options)
{
	o->round = cli_round(options, &o->form, o->store, &o->form.arena);
	return cli_roster_load(&o->roster, options, &o->form, o->store);
}

cli_exit cli_open(cli_opened *o, const cli_options *options)
{
	cli_exit code = o->form.form ? CLI_DONE : cli_form_use(&o->form, options, options->operands[0]);

	if (code)
		return code;
	o->store_name = cli_store_name(options, &o->form);
	code = cli_store_expect(o->store_name, &o->form, options);
	if (!code)
		code = cli_open_store(o, options, CNV_STORE_READ);
	return code ? code : cli_open_round(o, options);
}

cli_exit cli_close_store(cli_opened *o, cli_exit code)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = cnv_store_close(o->store, &diags);

	o->store = NULL;
	return status ? cli_worse(code, CLI_ACCESS) : code;
}

/* The version to use instead of the form given; bytes.len 0: none. */
static cli_exit find_answered(const cli_opened *o, cnv_arena *arena, cnv_stored_form *found)
{
	cnv_diags diags = cli_diags_to(stderr);
	const cnv_stored_form *forms = NULL;
	const uint8_t *ours = o->form.form->sha256;
	cnv_stored_form known = { 0 };
	uint32_t count = 0;
	cnv_status status = cnv_store_round_forms(o->store, o->round, arena, &forms, &count, &diags);

	*found = (cnv_stored_form){ 0 };
	for (uint32_t i = 0; i < count; i++)
		if (!memcmp(forms[i].sha256, ours, sizeof forms[i].sha256))
			return CLI_DONE;
	if (!status && count)
		status = cnv_store_form(o->store, ours, (cnv_str){ 0 }, arena, &known, &diags);
	if (!status && known.bytes.len)
		*found = forms[count - 1];
	return cli_exit_for(status) ? CLI_ACCESS : CLI_DONE;
}

static void say_answered(const cli_opened *o)
{
	fputs("canvass: round ", stderr);
	cli_put(stderr, o->round, false);
	fputs(" was answered with version ", stderr);
	cli_put(stderr, cnv_form_version_name(o->form.form), false);
	fputs(" of the form; it is used instead of ", stderr);
	cli_put(stderr, o->given.name, false);
	fputc('\n', stderr);
}

/* The store has the form; it goes on under the name of the one given, next to which the roster is. */
static cli_exit use_answered(cli_opened *o, const cli_options *options, const cnv_stored_form *answered)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_form_file form = { 0 };
	cli_exit code = cli_exit_for(cnv_form_file_read(&form, o->form.name, answered->bytes, &diags));

	if (!code)
		code = cli_form_language(&form, options);
	if (code) {
		cnv_form_file_fini(&form);
		return code;
	}
	o->given = o->form;
	o->form = form;
	say_answered(o);
	code = cli_close_store(o, CLI_DONE);
	return code ? code : cli_open_store(o, options, CNV_STORE_READ);
}

cli_exit cli_open_answered(cli_opened *o, const cli_options *options)
{
	cnv_stored_form answered;
	cnv_arena arena = { 0 };
	cli_exit code = cli_open(o, options);

	if (!code)
		code = find_answered(o, &arena, &answered);
	if (!code && answered.bytes.len)
		code = use_answered(o, options, &answered);
	cnv_arena_fini(&arena);
	return code;
}

cli_exit cli_check_respondent(const cli_opened *o, const cli_options *options)
{
	const cnv_roster *roster = cli_roster(o);

	if (roster && options->respondent.len && cnv_map_find(&roster->by_code, options->respondent) == CNV_NONE)
		return cli_usage(options, "--respondent: \"%.*s\" is not in the roster", CNV_ARG(options->respondent));
	return CLI_DONE;
}

const cnv_roster *cli_roster(const cli_opened *o)
{
	return o->roster.there ? &o->roster.roster : NULL;
}

cli_exit cli_standings(cnv_standings *standings, const cli_opened *o, const cli_options *options, cnv_audience audience,
		       bool exact)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = cnv_standings_read(standings, o->store, o->form.form, cli_roster(o), o->round, options->now,
					       audience, exact, &diags);

	return cli_exit_for(status) ? CLI_ACCESS : CLI_DONE;
}

/* A store can be open once only, so the one open for reading is closed first. */
cli_exit cli_record(const cli_options *options, cli_opened *o, const cnv_noting *noting)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_exit code = cli_close_store(o, CLI_DONE);

	if (!code)
		code = cli_open_store(o, options, CNV_STORE_WRITE);
	if (!code && cli_exit_for(cnv_notices_keep(noting, o->store, o->round, options->now, &diags)))
		code = CLI_ACCESS;
	return cli_close_store(o, code);
}

void cli_close(cli_opened *o)
{
	cnv_diags silent = { 0 };

	cnv_store_close(o->store, &silent);
	cnv_roster_file_fini(&o->roster);
	cnv_form_file_fini(&o->form);
	cnv_form_file_fini(&o->given);
	*o = (cli_opened){ 0 };
}

cnv_str cli_default_target(cli_opened *o, const char *folder, const char *ending)
{
	cnv_str store = o->store_name;
	size_t from = cnv_folder_of(store).len, upto = store.len;

	if (cnv_str_ends(store, CNV_STR(".db")))
		upto -= 3;
	return cnv_arena_format(&o->form.arena, "%s/%.*s%s", folder, CNV_ARG(cnv_str_slice(store, from, upto)), ending);
}

cnv_status cli_keep_inputs(const cli_opened *o, cnv_str target, cnv_diags *diags)
{
	const cnv_input inputs[] = { { o->form.name, "form" },
				     { o->store_name, "store" },
				     { o->roster.source, "roster" } };

	return cnv_output_apart(target, inputs, sizeof inputs / sizeof *inputs, diags);
}
