/* Returned files judged, without a store; and what every run of an intake has in common. */
#include "lib/lib.h"

bool lib_read_as(cnv_intake_options *options, const char *encoding, const char *delimiter)
{
	if (encoding && !(options->encoding = cnv_encoding_find(cnv_str_from(encoding))))
		return false;
	return !delimiter || (options->delimiter = cnv_delimiter_find(cnv_str_from(delimiter)));
}

static void on_diag(void *self, const cnv_diag *diag)
{
	lib_hear(((lib_call *)self)->findings, diag);
}

static void count(canvass_counts *counts, const cnv_intake_totals *totals)
{
	*counts = (canvass_counts){ .responses = totals->responses.fresh,
				    .errors = totals->errors,
				    .warnings = totals->warnings,
				    .changes = totals->changes,
				    .files = totals->files,
				    .accepted = totals->accepted,
				    .already = totals->already,
				    .quarantined = totals->quarantined,
				    .failed = totals->failed,
				    .revisions = totals->responses.revisions,
				    .unchanged = totals->responses.already + totals->blank,
				    .unattributed = totals->responses.quarantined };
}

cnv_status lib_run(const cnv_intake_options *options, const canvass_form *form, cnv_store *store,
		   const canvass_file *files, size_t file_count, lib_call *call, canvass_counts *counts)
{
	const cnv_intake_listener listener = { .self = call, .diag = on_diag };
	cnv_intake *intake = cnv_intake_new(options, &form->checked.form, store, &listener);
	cnv_status status = intake ? CNV_OK : CNV_NO_MEMORY;
	const cnv_intake_totals *totals;

	for (size_t i = 0; i < file_count && !status; i++) {
		cnv_attached file = lib_attached(&files[i]);

		status = files[i].bytes ? cnv_intake_add_bytes(intake, file.name, file.bytes)
					: cnv_intake_add(intake, file.name);
	}
	if (!status)
		status = cnv_intake_run(intake);
	if (intake) {
		totals = cnv_intake_get_totals(intake);
		count(counts, totals);
		if (!status)
			status = totals->fault;
		if (!status && totals->failed)
			status = CNV_NO_ACCESS;
	}
	cnv_intake_free(intake);
	return status;
}

canvass_status canvass_check(canvass_form *form, const canvass_file *files, size_t file_count, canvass_time now,
			     const canvass_check_options *options, canvass_findings *findings, canvass_counts *counts)
{
	canvass_check_options own;
	canvass_counts counted = { 0 };
	cnv_intake_options how = { .round = CNV_STR("-"), .rehearse = true, .unowned = true };
	cnv_store *none = NULL;
	cnv_diags silent = { 0 };
	lib_call call;
	cnv_status status;

	if (!form || !file_count || !lib_are_files(files, file_count) || !lib_is_time(now) ||
	    !lib_read_sized(&own, sizeof own, options) || own.strict > 1 || own.reserved ||
	    (counts && !lib_is_sized(counts)) || !lib_read_as(&how, own.encoding, own.delimiter))
		return CANVASS_MISUSE;
	how.now = lib_instant(now);
	how.strict = own.strict;
	lib_enter(&call, form->context, findings);
	status = cnv_store_open(&none, (cnv_str){ 0 }, CNV_STORE_REHEARSE, form->checked.form.form,
				form->checked.form.bytes, NULL, &call.diags);
	if (!status)
		status = lib_run(&how, form, none, files, file_count, &call, &counted);
	cnv_store_close(none, &silent);
	if (!status && counted.quarantined)
		status = CNV_REJECTED;
	if (counts)
		lib_write_sized(counts, &counted, sizeof counted);
	return lib_leave(&call, status);
}
