/* What each revision of a respondent has changed.  The answers are compared as they are stored; nothing is judged
 * again. */
#include "round/differ.h"

#include "canvass/history.h"

typedef struct reading {
	cnv_history *history;
	cnv_history_revision *at;
	cnv_store *store;
	cnv_str round;
	cnv_batch *now, *was;
	cnv_arena scratch;
	cnv_diags *diags;
} reading;

static void on_changed(void *self, const cnv_changed *changed, bool gone, uint32_t line)
{
	reading *r = self;
	cnv_history_revision *at = r->at;

	(void)gone;
	if (cnv_arena_grow(&r->history->arena, (void **)&at->changes, at->count, &at->room, sizeof *at->changes))
		at->changes[at->count++] = (cnv_history_change){ *changed, line };
}

/* The answers of the revision, compared with those of the one before. */
static cnv_status read_revision(reading *r, bool first)
{
	cnv_reported reported;
	cnv_batch *before = r->was;
	bool found;
	cnv_status status;

	r->was = r->now;
	r->now = before;
	cnv_batch_reset(r->now);
	status = cnv_store_revision(r->store, r->round, r->at->revision.id, r->now, &reported, &found, r->diags);
	if (!status && found && !first) {
		const differ d = { .now = r->now,
				   .was = r->was,
				   .arena = &r->history->arena,
				   .scratch = &r->scratch,
				   .self = r,
				   .changed = on_changed };

		differ_run(&d, 0, 0);
		r->at->remarks = !differ_same_remarks(&d, 0, 0);
	}
	cnv_arena_reset(&r->scratch);
	return status;
}

cnv_status cnv_history_read(cnv_history *history, cnv_store *store, const cnv_form *form, cnv_str round,
			    cnv_str respondent, cnv_diags *diags)
{
	reading r = { .history = history,
		      .store = store,
		      .round = round,
		      .now = cnv_batch_new(form),
		      .was = cnv_batch_new(form),
		      .diags = diags };
	const cnv_revision *revisions = NULL;
	cnv_status status = CNV_NO_MEMORY;

	*history = (cnv_history){ 0 };
	if (r.now && r.was)
		status = cnv_store_revisions(store, round, respondent, &history->arena, &revisions, &history->count,
					     diags);
	if (!status)
		history->revisions =
			cnv_arena_array(&history->arena, (size_t)history->count + 1, sizeof *history->revisions);
	for (uint32_t i = 0; i < history->count && history->revisions && !status; i++) {
		r.at = &history->revisions[i];
		r.at->revision = revisions[i];
		status = read_revision(&r, i == 0);
	}
	cnv_batch_free(r.now);
	cnv_batch_free(r.was);
	cnv_arena_fini(&r.scratch);
	return !status && history->arena.failed ? CNV_NO_MEMORY : status;
}

void cnv_history_fini(cnv_history *history)
{
	cnv_arena_fini(&history->arena);
	*history = (cnv_history){ 0 };
}
