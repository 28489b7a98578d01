/* Which revision brought each answer of a response that was entered by hand.
 *
 * The person who corrects one answer by telephone enters a revision with all answers, but vouches for that one only: each other
 * keeps the file and line that it had in the revision before.  What a respondent sends again is new in full. */
#include "round/differ.h"
#include "round/round_internal.h"

#include <stdlib.h>

/* Walks back from a response through the revisions before it. */
typedef struct tracing {
	const cnv_batch *now;
	cnv_batch *was;
	cnv_store *store;
	cnv_str round;
	cnv_arena *arena;
	cnv_trace *traces;
	uint32_t count, room;
	uint32_t first; /* of the response */
	uint32_t from;  /* the file of the revision that is read */
	uint32_t since; /* of the one after it */
	cnv_diags *diags;
} tracing;

static int by_place(const void *a, const void *b)
{
	const cnv_trace *left = a, *right = b;

	if (left->question != right->question)
		return left->question < right->question ? -1 : 1;
	return (left->row > right->row) - (left->row < right->row);
}

static uint32_t line_of(const tracing *t, cnv_question_id question, uint32_t row)
{
	const cnv_question *asked = &t->was->form->questions[question];
	const cnv_table *table = &t->was->tables[asked->table];

	return cnv_row_line(table, &table->columns[asked->column], row);
}

/* The revision before the last has the answer too. */
static void on_kept(void *self, cnv_question_id question, uint32_t now, uint32_t was)
{
	tracing *t = self;

	if (cnv_arena_grow(t->arena, (void **)&t->traces, t->count, &t->room, sizeof *t->traces))
		t->traces[t->count++] = (cnv_trace){ question, now, t->from, line_of(t, question, was) };
}

/* So does one before that: unless a revision between them had another. */
static void on_kept_longer(void *self, cnv_question_id question, uint32_t now, uint32_t was)
{
	tracing *t = self;
	cnv_trace *own = t->traces + t->first;
	const cnv_trace *found = cnv_trace_find(own, t->count - t->first, question, now);

	if (found && found->file == t->since)
		own[found - own] = (cnv_trace){ question, now, t->from, line_of(t, question, was) };
}

/* One step back, to the revision with that id.  last: from the one that counts. */
static cnv_status step_back(tracing *t, uint32_t row, uint64_t id, bool last, bool *found)
{
	cnv_reported reported;
	cnv_arena scratch = { 0 };
	const differ d = {
		.now = t->now, .was = t->was, .scratch = &scratch, .self = t, .kept = last ? on_kept : on_kept_longer
	};
	cnv_status status;

	cnv_batch_reset(t->was);
	status = cnv_store_revision(t->store, t->round, id, t->was, &reported, found, t->diags);
	if (!status && *found) {
		t->from = reported.file;
		differ_run(&d, row, 0);
		if (last && t->count > t->first)
			qsort(t->traces + t->first, t->count - t->first, sizeof *t->traces, by_place);
		t->since = t->from;
	}
	if (scratch.failed)
		status = CNV_NO_MEMORY;
	cnv_arena_fini(&scratch);
	return status;
}

static bool is_entered(cnv_str how)
{
	return cnv_str_equal(how, cnv_str_from(cnv_event_word(CNV_EVENT_ENTERED)));
}

static cnv_status trace(tracing *t, const cnv_reported *reported, uint32_t row)
{
	const cnv_revision *revisions;
	uint32_t count, at;
	bool found = true;
	cnv_status status =
		cnv_store_revisions(t->store, t->round, reported->respondent, t->arena, &revisions, &count, t->diags);

	for (at = count; at && revisions[at - 1].id != reported->id; at--)
		continue;
	t->first = t->count;
	for (bool last = true; !status && found && at > 1 && is_entered(revisions[at - 1].how); at--, last = false)
		status = step_back(t, row, revisions[at - 2].id, last, &found);
	return status;
}

cnv_status trace_gather(cnv_report *report, cnv_store *store, cnv_arena *arena, cnv_diags *diags)
{
	tracing t = { .now = report->batch, .store = store, .round = report->round, .arena = arena, .diags = diags };
	cnv_status status = CNV_OK;

	for (uint64_t i = 0; report->batch && !report->no_audit && i < report->response_count && !status; i++) {
		const cnv_reported *reported = &report->responses[i];

		if (reported->revision < 2 || reported->shown != CNV_SHOWN_NAMED ||
		    reported->file >= report->file_count || !is_entered(report->files[reported->file].how))
			continue;
		if (!t.was && !(t.was = cnv_batch_new(report->form)))
			status = CNV_NO_MEMORY;
		if (!status)
			status = trace(&t, reported, (uint32_t)i);
	}
	cnv_batch_free(t.was);
	if (status)
		return status;
	if (t.count)
		qsort(t.traces, t.count, sizeof *t.traces, by_place);
	report->traces = t.traces;
	report->trace_count = t.count;
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
