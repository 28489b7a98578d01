/* Diagnostics of a return, until the response they belong to is known.  Findings of cells and changes in the ledger
 * wait until the window is stored, so that they have the id of their response.  Diagnostics of the whole return are
 * stored with its only response, else with the file.  While windows are held back, diagnostics wait as well, because
 * the return may have to be read in another way. */
#include "round/arrival.h"

/* Findings of one return that belong to no cell; more are not worth reading. */
enum { MOST_HEARD = 1000 };

static void count(cnv_intake *in, const cnv_diag *diag)
{
	if (diag->severity == CNV_ERROR)
		in->totals.errors++;
	else if (diag->severity == CNV_WARNING)
		in->totals.warnings++;
}

/* Emits it, or puts it off. */
static void pass_on(heard *h, const cnv_diag *diag)
{
	cnv_intake *in = h->intake;

	if (h->dismissed) {
		if (cnv_mem_room((void **)&h->later, &h->later_room, h->later_count + 1, sizeof *h->later))
			h->later[h->later_count++] = cnv_diag_copy(h->arena, diag);
		else
			h->failed = true;
		return;
	}
	count(in, diag);
	replay_emit(in, diag);
}

void heard_resume(heard *h)
{
	h->dismissed = false;
	for (uint32_t i = 0; i < h->later_count; i++)
		pass_on(h, &h->later[i]);
	h->later_count = 0;
}

void heard_note(void *self, const cnv_diag *diag)
{
	pass_on(self, diag);
}

static uint32_t response_of(const heard *h, uint32_t table, uint32_t row)
{
	return table ? cnv_batch_owner(h->batch, table, row, 0) : row;
}

void heard_finding(void *self, const cnv_finding *finding)
{
	heard *h = self;
	waiting_finding *w;

	if (!cnv_mem_room((void **)&h->findings, &h->finding_room, h->finding_count + 1, sizeof *h->findings)) {
		h->failed = true;
		return;
	}
	w = &h->findings[h->finding_count++];
	w->finding = *finding;
	w->finding.diag = cnv_diag_copy(&h->intake->scratch, &finding->diag);
	w->response = response_of(h, finding->table, finding->row);
}

void heard_change(void *self, const cnv_ledger_entry *entry)
{
	heard *h = self;
	cnv_arena *scratch = &h->intake->scratch;
	waiting_change *w;

	if (!cnv_mem_room((void **)&h->changes, &h->change_room, h->change_count + 1, sizeof *h->changes)) {
		h->failed = true;
		return;
	}
	w = &h->changes[h->change_count++];
	w->entry = *entry;
	w->entry.place.source = cnv_arena_copy(scratch, entry->place.source);
	w->entry.place.sheet = cnv_arena_copy(scratch, entry->place.sheet);
	w->entry.place.heading = cnv_arena_copy(scratch, entry->place.heading);
	w->entry.path = cnv_arena_copy(scratch, entry->path);
	w->entry.from = cnv_arena_copy(scratch, entry->from);
	w->entry.to = cnv_arena_copy(scratch, entry->to);
	w->response = response_of(h, entry->table, entry->row);
}

void heard_reset_window(heard *h, const cnv_batch *batch)
{
	h->batch = batch;
	h->finding_count = h->change_count = 0;
}

/* ---------------------------------------------------------------- diagnostics of the return */

static void remember_why(heard *h, const cnv_diag *diag)
{
	h->why = cnv_diag_copy(h->arena, diag);
	h->why.place.source = h->name;
	h->why.place.sheet = h->why.place.heading = (cnv_str){ 0 };
	h->has_why = true;
}

/* A diagnostic that quarantines a row stays with that row; a row of entries, from another file, is not quarantined. */
static bool is_of_row(const heard *h, const cnv_diag *diag)
{
	cnv_str from = diag->place.source;

	return h->wide && diag->code == CNV_SURPLUS_CELLS && (!from.len || cnv_str_equal(from, h->name));
}

static void remember(heard *h, const cnv_diag *diag)
{
	if (diag->severity == CNV_NOTE || is_of_row(h, diag) || h->count == MOST_HEARD)
		return;
	if (!cnv_mem_room((void **)&h->diags, &h->room, h->count + 1, sizeof *h->diags))
		h->failed = true;
	else
		h->diags[h->count++] = cnv_diag_copy(h->arena, diag);
}

/* For the sender, to whom the answers are returned. */
static void keep_told(heard *h, const cnv_diag *diag)
{
	if (diag->severity == CNV_NOTE || h->told_count == MOST_HEARD)
		return;
	if (!cnv_mem_room((void **)&h->told, &h->told_room, h->told_count + 1, sizeof *h->told)) {
		h->failed = true;
		return;
	}
	h->told[h->told_count] = cnv_diag_copy(h->arena, diag);
	if (!diag->place.source.len)
		h->told[h->told_count].place.source = h->name;
	h->told_count++;
}

void heard_say(heard *h, const cnv_diag *diag)
{
	cnv_diag placed = *diag;

	if (h->silent)
		return;
	/* Gathering does not know the file name. */
	if (!placed.place.source.len)
		placed.place.source = h->name;
	pass_on(h, &placed);
}

void heard_diag(void *self, const cnv_diag *diag)
{
	heard *h = self;

	if (h->held) {
		if (cnv_mem_room((void **)&h->waiting, &h->waiting_room, h->waiting_count + 1, sizeof *h->waiting))
			h->waiting[h->waiting_count++] = cnv_diag_copy(h->arena, diag);
		else
			h->failed = true;
		return;
	}
	if (diag->severity == CNV_ERROR && !h->has_why && !is_of_row(h, diag))
		remember_why(h, diag);
	remember(h, diag);
	if (h->keeps_told)
		keep_told(h, diag);
	heard_say(h, diag);
}

void heard_forget(heard *h)
{
	h->waiting_count = h->count = h->told_count = h->finding_count = h->change_count = 0;
	h->has_why = false;
}

/* ---------------------------------------------------------------- into the store */

cnv_status heard_store(heard *h, const cnv_str *respondents, const uint64_t *ids, bool only_new, cnv_diags *faults)
{
	cnv_intake *in = h->intake;
	cnv_status status = CNV_OK;

	heard_resume(h); /* it was read to here, and is rejected no more as it was */
	for (uint32_t i = 0; i < h->finding_count && !status; i++) {
		const waiting_finding *w = &h->findings[i];
		if (!respondents[w->response].len || (only_new && !ids[w->response]))
			continue;
		if (ids[w->response])
			status = cnv_store_put_finding(in->store, ids[w->response], &w->finding, faults);
		pass_on(h, &w->finding.diag);
	}
	for (uint32_t i = 0; i < h->change_count && !status; i++) {
		const waiting_change *w = &h->changes[i];
		if (!respondents[w->response].len || (only_new && !ids[w->response]))
			continue;
		if (ids[w->response])
			status = cnv_store_put_ledger(in->store, ids[w->response], &w->entry, faults);
		if (in->listener.normalized)
			in->listener.normalized(in->listener.self, &w->entry);
		in->totals.changes++;
	}
	return status;
}

cnv_status heard_store_rest(heard *h, uint64_t response, cnv_diags *faults)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < h->count && !status; i++)
		status = cnv_store_put_finding(h->intake->store, response,
					       &(cnv_finding){ .diag = h->diags[i], .question = CNV_NONE }, faults);
	h->count = 0;
	return status;
}

cnv_status heard_add(heard *h, cnv_str respondent, cnv_diags *faults)
{
	cnv_status status =
		h->count ? cnv_store_add_findings(h->intake->store, respondent, h->diags, h->count, faults) : CNV_OK;

	h->count = 0;
	return status;
}

void heard_fini(heard *h)
{
	cnv_mem_free(h->findings);
	cnv_mem_free(h->changes);
	cnv_mem_free(h->diags);
	cnv_mem_free(h->waiting);
	cnv_mem_free(h->told);
	cnv_mem_free(h->later);
	*h = (heard){ 0 };
}
