/* Notices: messages between the survey team and respondents, stored in one transaction. */
#include "canvass/round.h"

static cnv_status put_all(const cnv_noting *noting, cnv_store *store, cnv_str round, cnv_diags *diags)
{
	cnv_store_counts counts;
	cnv_status status = CNV_OK;

	if (noting->make_current)
		status = cnv_store_make_current(store, round, diags);
	if (!status && noting->roster && noting->roster->given)
		status = cnv_store_keep_roster(store, &noting->roster->roster, noting->roster->bytes, diags);
	if (!status && noting->has_due)
		status = cnv_store_set_due(store, noting->due, diags);
	for (uint32_t i = 0; i < noting->count && !status; i++)
		status = cnv_store_put_notice(store, &noting->notices[i], diags);
	return status ? status : cnv_store_commit(store, &counts, diags);
}

cnv_status cnv_notices_keep(const cnv_noting *noting, cnv_store *store, cnv_str round, cnv_instant now,
			    cnv_diags *diags)
{
	cnv_status status = cnv_store_begin(store, round, now, diags);

	if (!status)
		status = put_all(noting, store, round, diags);
	if (status)
		cnv_store_rollback(store);
	return status;
}
