/* An earlier state of the answers, for a report on what has changed since: another round, or the same one at an earlier
 * time.  It is read as the report itself is, with the same form and for the same audience, from a store of its own. */
#include "round/round_internal.h"

/* A version that cannot be read may have had every question. */
static cnv_status find_renewed(cnv_since *since, cnv_diags *diags)
{
	const cnv_standings *then = &since->standings;
	const cnv_stored_form *forms = NULL;
	uint32_t count = 0;
	cnv_status status = cnv_store_round_forms(since->store, then->round, &since->arena, &forms, &count, diags);

	since->renewed = count && count == then->versions.count;
	return status;
}

cnv_status cnv_since_open(cnv_since *out, const cnv_standings *now, const cnv_store *store, cnv_str form_bytes,
			  cnv_str round, cnv_instant at, cnv_diags *diags)
{
	char day[CNV_DAY_WORDS];
	cnv_status status;

	*out = (cnv_since){ .at = at };
	out->round = cnv_arena_copy(&out->arena, round);
	if (round.len) {
		status = cnv_store_open_again(&out->store, store, now->form, form_bytes, diags);
		out->name = cnv_arena_format(&out->arena, "round %.*s", CNV_ARG(round));
	} else {
		status = cnv_store_open_past(&out->store, store, now->form, form_bytes, at, diags);
		out->name = cnv_arena_copy(&out->arena, cnv_day_words(cnv_instant_day(at), day));
	}
	if (!status)
		status = cnv_standings_read(&out->standings, out->store, now->form, now->roster,
					    round.len ? round : now->round, at, now->audience, now->exact, diags);
	if (!status)
		status = find_renewed(out, diags);
	return status || !out->arena.failed ? status : CNV_NO_MEMORY;
}

void cnv_since_close(cnv_since *since)
{
	cnv_diags quiet = { 0 };

	cnv_standings_fini(&since->standings);
	cnv_store_close(since->store, &quiet);
	cnv_arena_fini(&since->arena);
	*since = (cnv_since){ 0 };
}

/* Did none of the versions that were answered ask this question? */
static bool is_fresh(const cnv_since *since, cnv_question_id question)
{
	const cnv_versions *versions = &since->standings.versions;

	for (uint32_t i = 0; i < versions->count; i++)
		if (versions->at[i].migration.predecessor_of[question] != CNV_NONE)
			return false;
	return since->renewed;
}

static bool find_fresh(cnv_earlier *out, const cnv_since *since, cnv_arena *arena)
{
	const cnv_form *form = since->standings.form;
	bool *fresh = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *fresh);

	for (cnv_question_id q = 0; fresh && q < form->count; q++)
		fresh[q] = is_fresh(since, q);
	out->fresh = fresh;
	return fresh;
}

/* Contacts that were not carried are for the secretariat: no one was asked whether the earlier ones may circulate. */
static bool list_uncompared(cnv_earlier *out, const cnv_standings *then, cnv_arena *arena)
{
	const cnv_not_carried_list *list = &then->not_carried;
	cnv_uncompared *all = cnv_arena_array(arena, (size_t)list->count + 1, sizeof *all);

	for (uint32_t i = 0; all && i < list->count; i++) {
		const cnv_not_carried *lost = &list->at[i];

		if (!lost->privacy || then->audience == CNV_AUDIENCE_SECRETARIAT)
			all[out->uncompared_count++] = (cnv_uncompared){ .respondent = lost->respondent,
									 .path = lost->path,
									 .title = lost->title,
									 .value = lost->value,
									 .why = lost->why,
									 .question = lost->question,
									 .row = lost->row };
	}
	out->uncompared = all;
	return all;
}

/* Blank returns of which no response was made. */
static bool find_blank(cnv_earlier *out, const cnv_standings *then, cnv_arena *arena)
{
	bool *blank;

	if (!then->replies)
		return true;
	blank = cnv_arena_array(arena, (size_t)then->roster->count + 1, sizeof *blank);
	for (uint32_t i = 0; blank && i < then->roster->count; i++)
		blank[i] = then->replies[i].state == CNV_STATE_BLANK;
	out->blank = blank;
	return blank;
}

cnv_status since_gather(cnv_earlier *out, const cnv_since *since, cnv_arena *arena)
{
	const cnv_standings *then = &since->standings;

	*out = (cnv_earlier){ .name = since->name,
			      .round = since->round,
			      .at = since->at,
			      .batch = then->batch,
			      .responses = then->reported };
	return find_fresh(out, since, arena) && list_uncompared(out, then, arena) && find_blank(out, then, arena)
		       ? CNV_OK
		       : CNV_NO_MEMORY;
}
