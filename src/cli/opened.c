/* What commands about a round begin with: the form, its store and its roster, opened for reading. */
#include "cli.h"

cli_exit cli_store_expect(cnv_str store_name, const cnv_form_file *form)
{
	if (cnv_file_exists(store_name))
		return CLI_DONE;
	fputs("canvass: nothing has been imported yet: there is no ", stderr);
	cli_put(stderr, store_name, false);
	fputs("\n  next: canvass import ", stderr);
	cli_put_operand(stderr, form->name);
	fputs(" FILE...\n", stderr);
	return CLI_ACCESS;
}

cli_exit cli_open(cli_opened *o, const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_exit code = o->form.form ? CLI_DONE : cli_form_use(&o->form, options, options->operands[0]);

	if (code)
		return code;
	o->store_name = cli_store_name(options, &o->form);
	code = cli_store_expect(o->store_name, &o->form);
	if (code)
		return code;
	if (cnv_store_open(&o->store, o->store_name, CNV_STORE_READ, o->form.form, o->form.bytes, &cli_patience, &diags))
		return CLI_ACCESS;
	o->round = cli_round(options, &o->form, o->store, &o->form.arena);
	return cli_roster_load(&o->roster, options, &o->form, o->store);
}

const cnv_roster *cli_roster(const cli_opened *o) { return o->roster.there ? &o->roster.roster : NULL; }

cli_exit cli_standings(cnv_standings *standings, const cli_opened *o, const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = cnv_standings_read(standings, o->store, o->form.form, cli_roster(o), o->round, options->now,
	                                       &diags);

	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	return status ? CLI_ACCESS : CLI_DONE;
}

/* The store is open to one at a time, so the one that was read is closed first. */
cli_exit cli_note(const cli_options *options, cli_opened *o, const cnv_noting *noting)
{
	cnv_diags diags = cli_diags_to(stderr);
	cnv_status status = cnv_store_close(o->store, &diags), closed;

	o->store = NULL;
	if (!options->store.len)
		cnv_folder_make_for(o->store_name);
	if (!status)
		status = cnv_store_open(&o->store, o->store_name, CNV_STORE_WRITE, o->form.form, o->form.bytes, &cli_patience, &diags);
	if (!status)
		status = cnv_notices_keep(noting, o->store, o->round, options->now, &diags);
	closed = cnv_store_close(o->store, &diags);
	o->store = NULL;
	return status || closed ? CLI_ACCESS : CLI_DONE;
}

void cli_close(cli_opened *o)
{
	cnv_diags silent = { 0 };

	cnv_store_close(o->store, &silent);
	cnv_roster_file_fini(&o->roster);
	cnv_form_file_fini(&o->form);
	*o = (cli_opened){ 0 };
}
