/* import: import returned files; round/intake.c does the work, and one of three formats prints it. */
#include "cli/import.h"

/* Prints what was stored, and the next command, on stderr. */
static void print_next(const import_state *t, const cnv_form_file *form, const cnv_store *store,
		       const cnv_intake_totals *totals)
{
	cnv_str current = cnv_store_round(store);

	fflush(stdout);
	if (t->options->rehearse) {
		fputs("dry run: nothing stored\n  next: run the same command without -n\n", stderr);
		return;
	}
	fputs(totals->accepted || totals->quarantined ? "stored in " : "nothing changed in ", stderr);
	cli_put(stderr, t->store_name, false);
	fputs(", round ", stderr);
	cli_put(stderr, t->round, false);
	if (current.len && !cnv_str_equal(current, t->round)) {
		fputs("; the current round is ", stderr);
		cli_put(stderr, current, false);
	}
	fputc('\n', stderr);
	cli_print_next(totals->quarantined || totals->responses.quarantined ? "quarantine" : "status", "", form,
		       t->options);
}

/* Reports lines of the map that no file used. */
static cli_exit report_unused(const cnv_map_file *map)
{
	cnv_diags diags = cli_diags_to(stderr);

	cnv_column_map_report_unused(map->map, &diags);
	return diags.errors ? CLI_ERRORS : CLI_DONE;
}

/* Whether any file exists: without one, no store is created. */
static bool any_exists(const cli_options *options)
{
	for (uint32_t i = 1; i < options->operand_count; i++)
		if (cnv_is_folder(options->operands[i]) || cnv_file_exists(options->operands[i]))
			return true;
	return false;
}

static cli_exit exit_for(const cnv_intake_totals *totals, bool strict)
{
	if (totals->failed || totals->fault > CNV_REJECTED)
		return CLI_ACCESS;
	if (totals->not_overwritten)
		return CLI_USAGE;
	if (totals->errors || totals->quarantined || totals->responses.quarantined || (strict && totals->warnings))
		return CLI_ERRORS;
	return CLI_DONE;
}

static cli_exit run(cnv_intake *intake, import_state *t, const import_format *format)
{
	const cli_options *options = t->options;
	const cnv_intake_totals *totals = cnv_intake_get_totals(intake);
	cli_exit code = CLI_DONE;

	if (format->begin)
		format->begin(t);
	for (uint32_t i = 1; i < options->operand_count; i++)
		code = cli_worse(code, cli_exit_for(cnv_intake_add(intake, options->operands[i])));
	if (cnv_intake_run(intake) || totals->fault == CNV_NO_MEMORY) {
		cli_out_of_memory();
		code = CLI_ACCESS;
	}
	format->end(t, totals);
	return cli_worse(code, exit_for(totals, options->strict));
}

static cli_exit import(import_state *t, const cli_opened *o, const cnv_map_file *map)
{
	const cli_options *options = t->options;
	const import_format *format = options->jsonl ? &import_jsonl : options->json ? &import_json : &import_text;
	const cnv_intake_options intake_options = { .round = t->round,
						    .store_name = t->store_name,
						    .program = cnv_str_from(cnv_version()),
						    .now = options->now,
						    .respondent = options->respondent,
						    .was = options->was,
						    .encoding = options->encoding,
						    .delimiter = options->delimiter,
						    .roster = &o->roster,
						    .map = map,
						    .strict = options->strict,
						    .keep_blank = options->keep_blank,
						    .keep_first = options->keep_first,
						    .replace = options->replace,
						    .fresh = options->json || options->jsonl || options->rehearse,
						    .rehearse = t->rehearse,
						    .threads = options->has_threads ? options->threads : 2,
						    .annotate = options->annotate,
						    .overwrite = options->force,
						    .fixed_language = options->language.len > 0 };
	cnv_intake_listener listener = format->listener;
	cnv_intake *intake;
	cli_exit code;

	listener.self = t;
	intake = cnv_intake_new(&intake_options, &o->form, o->store, &listener);
	if (!intake)
		return cli_out_of_memory();
	t->intake = intake;
	code = run(intake, t, format);
	if (map->map && map->given)
		code = cli_worse(code, report_unused(map));
	print_next(t, &o->form, o->store, cnv_intake_get_totals(intake));
	cnv_intake_free(intake);
	return code;
}

cli_exit cmd_import(const cli_options *options)
{
	import_state t = { .options = options, .json = { .out = stdout } };
	cli_opened opened = { 0 };
	cnv_map_file map = { 0 };
	cli_exit code;

	if (options->force && !options->annotate.len)
		return cli_usage(options, "--force requires --annotate DIR");
	code = cli_form_use(&opened.form, options, options->operands[0]);
	if (!code) {
		t.form = opened.form.form;
		t.rehearse = options->rehearse || !any_exists(options);
		t.store_name = opened.store_name = cli_store_name(options, &opened.form);
		code = cli_open_store(&opened, options, t.rehearse ? CNV_STORE_REHEARSE : CNV_STORE_WRITE);
	}
	if (!code)
		code = cli_open_round(&opened, options);
	if (!code)
		code = cli_map_load(&map, options, &opened.form, opened.store);
	if (!code) {
		t.round = opened.round;
		code = import(&t, &opened, &map);
	}
	code = cli_close_store(&opened, code);
	cnv_map_file_fini(&map);
	cli_close(&opened);
	return code;
}
