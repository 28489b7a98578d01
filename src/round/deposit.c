/* One return in the store: its transaction, files, quarantine and rollback. */
#include "round/arrival.h"

/* So that the next pass begins at the first byte. */
cnv_status deposit_rewind(arrival *a)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < a->parts.count && !status; i++) {
		status = source_drain(a->parts.at[i].source, &a->faults);
		source_rewind(a->parts.at[i].source);
	}
	return status;
}

/* Opens the transaction of one return. */
static cnv_status begin(arrival *a)
{
	cnv_intake *in = a->intake;
	const cnv_roster_file *roster = in->options.roster;
	const cnv_map_file *map = in->options.map;
	cnv_status status = cnv_store_begin(in->store, in->options.round, in->options.now, &a->faults);

	if (!status && roster && roster->given)
		status = cnv_store_keep_roster(in->store, &roster->roster, roster->bytes, &a->faults);
	if (!status && map && map->given)
		status = cnv_store_keep_map(in->store, map->source, map->bytes, &a->faults);
	return status;
}

/* After a rollback: opens the same transaction again. */
cnv_status deposit_begin_again(arrival *a)
{
	cnv_store_rollback(a->intake->store);
	return begin(a);
}

/* Its row, and the form's companion files used to judge it. */
cnv_status deposit_file(arrival *a, const cnv_store_file *file)
{
	const cnv_intake *in = a->intake;
	cnv_status status;

	if (a->silent)
		return CNV_OK;
	cnv_store_again(in->store, in->options.item);
	status = cnv_store_put_file(in->store, file, &a->faults);
	if (!status && in->options.attributed.len)
		cnv_store_attributed(in->store, in->options.attributed, in->options.attribution, file->name,
				     &a->faults);
	for (uint32_t i = 0; i < in->form->beside_count && !status; i++)
		status = cnv_store_put_beside(in->store, &in->form->besides[i], &a->faults);
	return status;
}

/* Opens the transaction, and prepares to keep the bytes that are read in it. */
cnv_status deposit_begin(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_status status = begin(a);

	if (status)
		return status;
	/* A dry run needs a digest only to detect whether the return is already stored. */
	a->digests = !in->options.rehearse || cnv_store_has_size(in->store, a->parts.size);
	for (uint32_t i = 0; i < a->parts.count && !status; i++)
		status = source_keep(&a->parts.sources[i], in->options.rehearse ? NULL : in->store, a->digests,
				     in->options.threads > 1, &a->faults);
	return status;
}

/* The files themselves, the file of responses first. */
cnv_status deposit_originals(arrival *a)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < a->parts.count && !status && !a->intake->options.rehearse; i++)
		status = source_record(&a->parts.sources[i], a->intake->store, &a->faults);
	return status;
}

/* The respondent that the return names, as far as it was understood: where its answers and its pack disagree, the one of
 * the answers. */
static cnv_str claimed(const arrival *a)
{
	const cnv_diag *why = &a->heard.why;

	if (why->code == CNV_CLAIMS_OTHER_RESPONDENT || why->code == CNV_RESPONDENT_UNKNOWN ||
	    why->code == CNV_RESPONDENT_UNUSABLE)
		return why->excerpt;
	return a->stream.claims.at[CNV_CLAIM_RESPONDENT].value;
}

/* Rolls back, and keeps the whole return with the reason. */
cnv_status deposit_quarantine(arrival *a, const cnv_store_file *file)
{
	cnv_intake *in = a->intake;
	cnv_store_counts counts;
	cnv_status status = deposit_rewind(a);

	if (!status)
		status = deposit_begin_again(a);
	if (!status)
		status = deposit_file(a, file);
	if (!status)
		status = deposit_originals(a);
	if (!status)
		status = cnv_store_quarantine(in->store, &a->heard.why, (cnv_str){ 0 }, claimed(a), &a->faults);
	if (!status)
		status = cnv_store_commit(in->store, &counts, &a->faults);
	if (status)
		cnv_store_rollback(in->store);
	return status;
}

/* Nothing of the return is stored: the ledger and the comparison are lost with the rollback. */
void deposit_take_back(arrival *a)
{
	cnv_store_rollback(a->intake->store);
	a->intake->totals.changes = a->before.changes;
	compare_reset(a);
}

/* The same where the return is already stored; a roster or map that was passed is kept. */
cnv_status deposit_leave(arrival *a)
{
	const cnv_roster_file *roster = a->intake->options.roster;
	const cnv_map_file *map = a->intake->options.map;
	cnv_store_counts none;
	cnv_status status;

	deposit_take_back(a);
	if (!(roster && roster->given) && !(map && map->given))
		return CNV_OK;
	status = begin(a);
	return status ? status : cnv_store_commit(a->intake->store, &none, &a->faults);
}
