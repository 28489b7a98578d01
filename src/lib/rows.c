/* Answers in rows in memory: gathered like a table of a file, and judged a window at a time. */
#include "lib/lib.h"

struct canvass_rows {
	canvass_form *form;
	canvass_findings *findings;
	cnv_world world;
	bool strict;
	size_t columns;
	uint32_t line; /* of the last row, from 1 */
	cnv_batch *batch;
	cnv_gather *gather;
	cnv_arena scratch;
	canvass_counts counts;
	cnv_diags diags; /* of gathering */
};

static const cnv_str source = { "rows", 4 };

static void on_diag(void *self, const cnv_diag *diag)
{
	canvass_rows *rows = self;
	cnv_diag named = *diag;

	rows->counts.errors += diag->severity == CNV_ERROR;
	rows->counts.warnings += diag->severity == CNV_WARNING;
	if (!named.place.source.len)
		named.place.source = source;
	lib_hear(rows->findings, &named);
}

static void on_finding(void *self, const cnv_finding *finding)
{
	on_diag(self, &finding->diag);
}

/* Settles and judges what waits in the batch, and empties it. */
static cnv_status judge(canvass_rows *rows)
{
	const cnv_form_file *form = &rows->form->checked.form;
	cnv_findings findings = { .emit = on_finding, .self = rows };
	cnv_ledger ledger = { 0 };
	cnv_settle_options options = { .literal = rows->strict, .utc_offset = rows->world.now.utc_offset };
	cnv_status status;

	cnv_arena_reset(&rows->scratch);
	for (uint32_t row = 0; row < rows->batch->tables[0].rows; row++)
		rows->batch->seeds[row] =
			cnv_response_seed(form->form, (cnv_str){ 0 }, (cnv_str){ 0 }, rows->counts.responses + row);
	status = cnv_settle_with(rows->batch, source, &options, &ledger);
	if (!status)
		status = cnv_check(form->plan, rows->batch, &rows->world, source, form->language, &rows->scratch,
				   &findings);
	if (!status && (rows->batch->failed || rows->scratch.failed))
		status = CNV_NO_MEMORY;
	rows->counts.responses += status ? 0 : rows->batch->tables[0].rows;
	rows->counts.changes += ledger.count;
	cnv_batch_reset(rows->batch);
	return status;
}

/* The names are the header. */
static cnv_status put_names(canvass_rows *rows, const char *const *names)
{
	cnv_status status;

	for (size_t i = 0; i < rows->columns; i++)
		cnv_gather_field(rows->gather, cnv_str_from(names[i]));
	status = cnv_gather_record(rows->gather, 0);
	if (!status && cnv_gather_layout(rows->gather) == CNV_LONG) {
		cnv_diags_emit(&rows->diags,
			       CNV_DIAG(.code = CNV_WRONG_HEADER, .place = (cnv_place){ .source = source },
					.hint = CNV_STR("give the name of a question for each column")),
			       "the names are those of a table with an answer in each row");
		status = CNV_REJECTED;
	}
	return status;
}

static cnv_status make(canvass_rows *rows, const char *const *names)
{
	const cnv_form *form = rows->form->checked.form.form;

	rows->batch = cnv_batch_new(form);
	if (rows->batch)
		rows->gather = cnv_gather_new(form, rows->batch, source, &rows->diags);
	return rows->gather ? put_names(rows, names) : CNV_NO_MEMORY;
}

static bool are_names(const char *const *names, size_t count)
{
	if (!names || !count || count > CNV_CSV_FIELDS)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!names[i] || cnv_utf8_check(cnv_str_from(names[i])) < cnv_str_from(names[i]).len)
			return false;
	return true;
}

canvass_status canvass_rows_new(canvass_rows **out, canvass_form *form, const char *const *names, size_t count,
				canvass_time now, const canvass_check_options *options, canvass_findings *findings)
{
	canvass_check_options own;
	canvass_status done;
	canvass_rows *rows;
	lib_call call;
	cnv_status status = CNV_NO_MEMORY;

	if (!out)
		return CANVASS_MISUSE;
	*out = NULL;
	if (!form || !are_names(names, count) || !lib_is_time(now) || !lib_read_sized(&own, sizeof own, options) ||
	    own.strict > 1 || own.reserved || own.encoding || own.delimiter)
		return CANVASS_MISUSE;
	lib_enter(&call, form->context, findings);
	rows = cnv_mem_get(sizeof *rows);
	if (rows) {
		*rows = (canvass_rows){ .form = form,
					.findings = findings,
					.diags = { .emit = on_diag, .self = rows },
					.world = { .now = lib_instant(now), .seed = 1 },
					.strict = own.strict,
					.columns = count };
		status = make(rows, names);
	}
	done = lib_leave(&call, status);
	if (done)
		canvass_rows_free(rows);
	else
		*out = rows;
	return done;
}

/* The column from 1 of the first cell that is not UTF-8; 0: there is none. */
static size_t find_odd(const canvass_rows *rows, const char *const *cells)
{
	for (size_t i = 0; i < rows->columns; i++)
		if (cnv_utf8_check(lib_str(cells[i])) < lib_str(cells[i]).len)
			return i + 1;
	return 0;
}

canvass_status canvass_rows_add(canvass_rows *rows, const char *const *cells)
{
	lib_call call;
	cnv_status status;
	size_t odd;

	if (!rows || !cells || rows->line == UINT32_MAX)
		return CANVASS_MISUSE;
	lib_enter(&call, rows->form->context, rows->findings);
	rows->line++;
	odd = find_odd(rows, cells);
	if (odd) {
		cnv_diags_emit(
			&rows->diags,
			CNV_DIAG(.code = CNV_NOT_UTF8,
				 .place = (cnv_place){ .source = source, .row = rows->line, .column = (uint32_t)odd }),
			"the cell is not valid UTF-8; its row is left out");
		return lib_leave(&call, CNV_REJECTED);
	}
	for (size_t i = 0; i < rows->columns; i++)
		cnv_gather_field(rows->gather, lib_str(cells[i]));
	status = cnv_gather_record(rows->gather, rows->line);
	if (!status && cnv_gather_full(rows->gather))
		status = judge(rows);
	return lib_leave(&call, status);
}

canvass_status canvass_rows_judge(canvass_rows *rows, canvass_counts *counts)
{
	cnv_status status = CNV_OK;
	lib_call call;

	if (!rows || (counts && !lib_is_sized(counts)))
		return CANVASS_MISUSE;
	lib_enter(&call, rows->form->context, rows->findings);
	if (rows->batch->tables[0].rows)
		status = judge(rows);
	if (counts)
		lib_write_sized(counts, &rows->counts, sizeof rows->counts);
	return lib_leave(&call, status);
}

void canvass_rows_free(canvass_rows *rows)
{
	lib_call call;

	if (!rows)
		return;
	lib_enter(&call, rows->form->context, NULL);
	cnv_gather_free(rows->gather);
	cnv_batch_free(rows->batch);
	cnv_arena_fini(&rows->scratch);
	cnv_mem_free(rows);
	lib_leave(&call, CNV_OK);
}
