/* Findings: updates the queries of a round before they are listed or settled.  A large import defers the matching of
 * its findings to the first command that reads them.  Matching needs a store opened for writing; if nothing is
 * deferred, a read-only store remains read-only. */
#include "canvass/round.h"

cnv_status cnv_findings_ready(cnv_store **store, cnv_str name, const cnv_form_file *form, cnv_str round, bool write,
			      cnv_str by, cnv_instant now, const cnv_patience *patience, cnv_diags *diags)
{
	uint64_t waiting = 0;
	cnv_status status = cnv_store_unmatched(*store, round, &waiting, diags);

	if (status || (!waiting && !write))
		return status;
	status = cnv_store_close(*store, diags);
	*store = NULL;
	if (!status)
		status = cnv_store_open(store, name, CNV_STORE_WRITE, form->form, form->bytes, patience, diags);
	if (!status)
		cnv_store_by(*store, by, now);
	return status || !waiting ? status : cnv_store_match(*store, round, now, diags);
}
