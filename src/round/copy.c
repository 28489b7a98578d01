/* Copies a store into an empty one.  The store itself has the form by which both are opened. */
#include "canvass/round.h"

#include <string.h>

/* The latest version of the form that the store has. */
static cnv_status read_form(cnv_form_file *form, cnv_str from, const cnv_patience *patience, cnv_diags *diags)
{
	const cnv_stored_form *forms;
	cnv_arena arena = { 0 };
	cnv_diags quiet = { 0 };
	cnv_store *store;
	uint32_t count = 0;
	cnv_status status = cnv_store_open(&store, from, CNV_STORE_READ, NULL, (cnv_str){ 0 }, patience, diags);

	if (!status)
		status = cnv_store_forms(store, &arena, &forms, &count, diags);
	if (!status && !count) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_STORE_MISSING, .hint = CNV_STR("import a returned file first")),
			       "the store to copy has no answers yet");
		status = CNV_REJECTED;
	}
	if (!status)
		status = cnv_form_file_read(form, forms[count - 1].name, forms[count - 1].bytes, &quiet);
	if (!status && form->form)
		memcpy(form->form->sha256, forms[count - 1].sha256, sizeof form->form->sha256);
	cnv_store_close(store, diags);
	cnv_arena_fini(&arena);
	return status;
}

cnv_status cnv_copy(cnv_str from, cnv_str to, const cnv_patience *patience, cnv_store_copied *out, cnv_diags *diags)
{
	cnv_form_file form = { 0 };
	cnv_store *source = NULL, *target = NULL;
	cnv_status closed, status = read_form(&form, from, patience, diags);

	*out = (cnv_store_copied){ 0 };
	if (!status)
		status = cnv_store_open(&source, from, CNV_STORE_READ, form.form, form.bytes, patience, diags);
	if (!status)
		status = cnv_store_open(&target, to, CNV_STORE_WRITE, form.form, form.bytes, patience, diags);
	if (!status)
		status = cnv_store_copy(source, target, out, diags);
	closed = cnv_store_close(target, diags);
	cnv_store_close(source, diags);
	cnv_form_file_fini(&form);
	return status ? status : closed;
}
