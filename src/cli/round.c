/* A round as stored, opened for reading and counted. */
#include "round.h"

static void count_findings(cli_round_data *d, uint32_t from, uint32_t count)
{
	for (uint32_t i = from; i < from + count; i++) {
		d->errors += d->reported[i].errors;
		d->warnings += d->reported[i].warnings;
	}
}

/* All responses into one batch: names can be shown. */
static cnv_status read_all(cli_round_data *d, cnv_cursor *cursor, cnv_diags *diags)
{
	uint32_t have = 0, count = 1;
	cnv_status status = CNV_OK;

	d->batch = cnv_batch_new(d->form.form);
	d->reported = cnv_mem_array((size_t)d->responses + 1, sizeof *d->reported);
	if (!d->batch || !d->reported)
		return CNV_NO_MEMORY;
	while (!status && count && have < d->responses) {
		status = cnv_cursor_next(cursor, d->batch, d->reported + have, (uint32_t)d->responses - have, &count, diags);
		count_findings(d, have, status ? 0 : count);
		have += count;
	}
	if (!status)
		status = cnv_tally_add(d->tally, d->batch, d->reported);
	while (!status && cnv_tally_again(d->tally))
		status = cnv_tally_add(d->tally, d->batch, d->reported);
	return status;
}

/* One pass of windows over more responses than are named. */
static cnv_status read_pass(cli_round_data *d, cnv_cursor *cursor, cnv_batch *window, cnv_diags *diags)
{
	uint32_t count = 1;
	cnv_status status = CNV_OK;

	d->errors = d->warnings = 0;
	while (!status && count) {
		cnv_batch_reset(window);
		status = cnv_cursor_next(cursor, window, d->reported, CNV_WINDOW_ROWS, &count, diags);
		count_findings(d, 0, status ? 0 : count);
		if (!status && count)
			status = cnv_tally_add(d->tally, window, d->reported);
	}
	return status;
}

static bool is_wanted(const void *tally, uint32_t table, uint32_t column)
{
	return cnv_tally_wants(tally, table, column);
}

/* All columns once, then those whose medians are not found yet. */
static cnv_status read_windows(cli_round_data *d, cnv_diags *diags)
{
	cnv_batch *window = cnv_batch_new(d->form.form);
	cnv_wanted wanted = { .nameless = !d->roster.there };
	cnv_status status = CNV_OK;

	d->reported = cnv_mem_array(CNV_WINDOW_ROWS, sizeof *d->reported);
	if (!window || !d->reported)
		status = CNV_NO_MEMORY;
	do {
		cnv_cursor *cursor = NULL;

		if (!status)
			status = cnv_store_read_counts(&cursor, d->store, d->round, &wanted, diags);
		if (!status)
			status = read_pass(d, cursor, window, diags);
		cnv_cursor_close(cursor);
		wanted = (cnv_wanted){ .wants = is_wanted, .self = d->tally, .nameless = true };
	} while (!status && cnv_tally_again(d->tally));
	cnv_batch_free(window);
	return status;
}

static cnv_status read_named(cli_round_data *d, cnv_diags *diags)
{
	cnv_cursor *cursor;
	cnv_status status = cnv_store_read(&cursor, d->store, d->round, diags);

	if (!status)
		status = read_all(d, cursor, diags);
	cnv_cursor_close(cursor);
	return status;
}

static cnv_status read_round(cli_round_data *d, cnv_diags *diags)
{
	cnv_status status = cnv_store_count(d->store, d->round, &d->responses, diags);

	if (!status)
		d->tally = cnv_tally_new(d->form.form, d->roster.there ? &d->roster.roster : NULL);
	if (!status && !d->tally)
		status = CNV_NO_MEMORY;
	if (!status)
		status = d->responses <= CNV_REPORT_NAMED ? read_named(d, diags) : read_windows(d, diags);
	return status;
}

cli_exit cli_store_expect(cnv_str store_name, const cnv_form_file *form)
{
	if (cnv_file_exists(store_name))
		return CLI_DONE;
	fputs("canvass: nothing has been imported yet: there is no ", stderr);
	cli_put(stderr, store_name, false);
	fputs("\n  next: canvass import ", stderr);
	cli_put(stderr, form->name, false);
	fputs(" FILE...\n", stderr);
	return CLI_ACCESS;
}

cli_exit cli_round_open(cli_round_data *d, const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	cli_exit code;
	cnv_status status;

	*d = (cli_round_data){ 0 };
	code = cli_form_use(&d->form, options, options->operands[0]);
	if (code)
		return code;
	d->store_name = cli_store_name(options, &d->form);
	code = cli_store_expect(d->store_name, &d->form);
	if (code)
		return code;
	status = cnv_store_open(&d->store, d->store_name, CNV_STORE_READ, d->form.form, d->form.bytes, &cli_patience, &diags);
	if (status)
		return CLI_ACCESS;
	code = cli_roster_load(&d->roster, options, &d->form, d->store);
	if (code)
		return code;
	d->round = cli_round(options, &d->form, d->store, &d->arena);
	status = read_round(d, &diags);
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	return status ? CLI_ACCESS : CLI_DONE;
}

void cli_round_close(cli_round_data *d)
{
	cnv_diags diags = { 0 };

	cnv_tally_free(d->tally);
	cnv_batch_free(d->batch);
	cnv_mem_free(d->reported);
	cnv_store_close(d->store, &diags);
	cnv_roster_file_fini(&d->roster);
	cnv_form_file_fini(&d->form);
	cnv_arena_fini(&d->arena);
	*d = (cli_round_data){ 0 };
}
