/* distribute: write each respondent's questionnaire, in files ready to send. */
#include <inttypes.h>

#include "cli/cli.h"

#include "canvass/packs.h"

/* A store is required only for --prefill. */
static cli_exit open_store(cli_opened *o, const cli_options *options)
{
	o->store_name = cli_store_name(options, &o->form);
	if (!cnv_store_exists(o->store_name, o->form.form)) {
		if (!options->prefill.len)
			return CLI_DONE;
		fputs("canvass: no answers to prefill: no store ", stderr);
		cli_put(stderr, o->store_name, false);
		fputc('\n', stderr);
		return CLI_ACCESS;
	}
	return cli_open_store(o, options, CNV_STORE_READ);
}

static cli_exit open_round(cli_opened *o, const cli_options *options)
{
	cli_exit code = cli_form_use(&o->form, options, options->operands[0]);

	if (!code)
		code = open_store(o, options);
	if (!code)
		code = cli_open_round(o, options);
	if (!code && !o->roster.there)
		code = cli_usage(options, "distribute requires a roster; name it with --roster");
	return code ? code : cli_check_respondent(o, options);
}

static cli_exit write_packs(cnv_packs *packs, const cli_opened *o)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = cnv_packs_write(packs, &o->roster.roster, &diags);

	if (packs->existing.len)
		return cli_reject_existing(packs->existing);
	return cli_exit_asked(status);
}

static void print_json(const cnv_packs *packs)
{
	cli_json json = { .out = stdout };

	cli_json_open(&json, NULL, '{');
	cli_json_text(&json, "schema", CNV_STR("canvass.distribute/1"));
	cli_json_text(&json, "folder", packs->folder);
	cli_json_text(&json, "round", packs->round);
	cli_json_text(&json, "due", packs->due);
	cli_json_number(&json, "packs", packs->count);
	cli_json_number(&json, "files", packs->files);
	cli_json_number(&json, "prefilled", packs->filled);
	cli_json_close(&json, '}');
}

static void print_text(const cnv_packs *packs, const cli_options *options)
{
	bool last = cnv_str_equal(packs->prefill, CNV_STR("last"));
	int32_t due;

	cli_put(stdout, packs->folder, false);
	printf("/: %" PRIu32 " %s, %" PRIu32 " %s, round ", packs->count, cnv_noun(packs->count, "pack", "packs"),
	       packs->files, cnv_noun(packs->files, "file", "files"));
	cli_put(stdout, packs->round, false);
	if (cnv_day_read(packs->due, &due)) {
		fputs(", due ", stdout);
		cli_put_day(stdout, due);
	}
	if (packs->prefill.len)
		printf(", %" PRIu32 " prefilled from %s", packs->filled,
		       last ? "each respondent's last answers" : "round ");
	if (packs->prefill.len && !last)
		cli_put(stdout, packs->prefill, false);
	putchar('\n');
	fflush(stdout);
	fputs("  next: send each folder to its respondent; then ", stderr);
	cli_begin_command("import", packs->form, options);
	fputs(" FILE...\n", stderr);
}

static cli_exit distribute(cli_opened *o, const cli_options *options)
{
	cnv_packs packs = { .form = &o->form,
			    .store = o->store,
			    .folder = options->output.len ? options->output : CNV_STR("packs"),
			    .stem = cnv_file_stem(o->form.form->id, &o->form.arena),
			    .round = o->round,
			    .respondent = options->respondent,
			    .has_due = options->has_due,
			    .due_day = options->due,
			    .letter_name = options->template,
			    .prefill = options->prefill,
			    .drafts = options->mail,
			    .force = options->force,
			    .fixed_language = options->language.len > 0,
			    .now = options->now };
	cli_exit code;

	while (packs.folder.len > 1 && packs.folder.at[packs.folder.len - 1] == '/')
		packs.folder.len--;
	code = write_packs(&packs, o);
	if (!code && packs.count)
		code = cli_record(options, o,
				  &(cnv_noting){ .notices = packs.notices,
						 .count = packs.count,
						 .roster = &o->roster,
						 .has_due = options->has_due,
						 .due = options->due,
						 .make_current = true });
	if (!code && options->json)
		print_json(&packs);
	else if (!code)
		print_text(&packs, options);
	cnv_packs_fini(&packs);
	return code;
}

cli_exit cmd_distribute(const cli_options *options)
{
	cli_opened opened = { 0 };
	cli_exit code = open_round(&opened, options);

	if (!code)
		code = distribute(&opened, options);
	cli_close(&opened);
	return code;
}
