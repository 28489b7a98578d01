/* Reads one return as often as needed to identify it.
 *
 *   stream -> (windows wait) -> settle -> owner -> check -> store
 *
 * The first windows wait until the return is identified; of a small return, all of them.  Later windows are
 * processed as they arrive.  If a later window contradicts a decision, the transaction is rolled back, the whole
 * return is scanned, and another pass begins with the corrected decision. */
#include "round/arrival.h"

/* Smaller files are parsed faster than a thread starts. */
enum { WORTH_A_THREAD = 1 << 20 };

/* ---------------------------------------------------------------- judging a window */

static cnv_status store_window(arrival *a, const cnv_str *respondents)
{
	cnv_intake *in = a->intake;
	uint32_t rows = in->window->tables[0].rows;
	uint64_t *ids = cnv_arena_array(&in->scratch, rows, sizeof *ids);
	uint64_t *seen = cnv_arena_array(&in->scratch, CNV_BIT_WORDS(rows), sizeof *seen);
	cnv_outcome *outcomes = cnv_arena_array(&in->scratch, rows, sizeof *outcomes);
	cnv_status status;

	if (!ids || !outcomes || !seen)
		return CNV_NO_MEMORY;
	if (a->silent)
		return CNV_OK;
	if (in->options.unowned)
		return heard_store(&a->heard, respondents, ids, false, &a->faults);
	status = cnv_store_put_batch(in->store, in->window, respondents, ids, outcomes, seen, &a->faults);
	for (uint32_t row = 0; row < rows; row++)
		a->stored += ids[row] != 0;
	if (!status)
		status = compare_note(a, respondents, ids, seen);
	if (!status && a->rows == 1 && ids[0])
		status = sent_store(a, ids[0]);
	if (!status && a->rows == 1 && ids[0])
		status = heard_store_rest(&a->heard, ids[0], &a->faults);
	/* The answers are there already, with their findings; other words of the return may be new. */
	if (!status && a->rows == 1 && !ids[0] && respondents[0].len)
		status = heard_add(&a->heard, respondents[0], &a->faults);
	return status ? status : heard_store(&a->heard, respondents, ids, a->retried, &a->faults);
}

/* Remembers the respondents of this return. */
static cnv_status note_codes(arrival *a, const cnv_str *respondents)
{
	uint32_t rows = a->intake->window->tables[0].rows;

	for (uint32_t row = 0; row < rows && a->code_count < MOST_CAME; row++) {
		if (!respondents[row].len)
			continue;
		if (!cnv_mem_room((void **)&a->codes, &a->code_room, a->code_count + 1, sizeof *a->codes))
			return CNV_NO_MEMORY;
		a->codes[a->code_count++] = cnv_arena_copy(&a->arena, respondents[row]);
	}
	return a->arena.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* Nothing in the window is answered. */
static cnv_status end_blank(arrival *a, const cnv_str *respondents)
{
	cnv_status status = sent_store_blank(a, respondents[0]);

	if (!status)
		status = note_codes(a, respondents);
	cnv_batch_reset(a->intake->window);
	return status;
}

/* Settles, attributes, judges and stores the rows of the window, and empties it. */
static cnv_status judge(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_ledger ledger = { .emit = heard_change, .self = &a->heard };
	cnv_findings findings = { .emit = heard_finding, .self = &a->heard };
	cnv_world world = { .now = in->options.now, .seed = 1 };
	uint32_t rows = in->window->tables[0].rows;
	cnv_str *respondents;
	cnv_status status = CNV_OK;

	cnv_arena_reset(&in->scratch);
	heard_reset_window(&a->heard, in->window);
	respondents = cnv_arena_array(&in->scratch, rows, sizeof *respondents);
	a->rows += rows;
	if (!respondents)
		status = CNV_NO_MEMORY;
	if (!status)
		status = sent_take(a);
	if (!status && !a->blank)
		status = merge_take(a);
	if (!status && !a->blank && !a->merged && !in->options.keep_blank)
		status = absent_keep(a);
	if (!status && in->options.keep_blank && !a->blank && !a->merged)
		status = fill_blanks(a);
	if (!status)
		status = settle_batch(a, in->window, &ledger);
	if (!status && !a->blank && (in->options.keep_blank || a->merged || a->partial))
		fill_tell(a, &ledger);
	if (!status)
		status = owner_attribute(a, respondents, &ledger);
	if (!status && a->blank)
		return end_blank(a, respondents);
	if (!status)
		owner_seed(a, in->window, respondents);
	if (!status)
		status = cnv_check(in->form->plan, in->window, &world, a->name, in->form->language, &in->scratch,
				   &findings);
	if (!status)
		status = store_window(a, respondents);
	if (!status && in->annotator)
		status = annotate_keep(a, respondents);
	if (!status && !in->options.unowned)
		status = note_codes(a, respondents);
	if (!status && (a->heard.failed || in->window->failed || in->scratch.failed))
		status = CNV_NO_MEMORY;
	cnv_batch_reset(in->window);
	return status;
}

/* ---------------------------------------------------------------- windows held back */

/* For a foreign file, the form in the folder that it is probably a return of is reported as well. */
void passes_diag(void *self, const cnv_diag *diag)
{
	arrival *a = self;
	cnv_diag guessed = *diag;

	if (!a->heard.held && (diag->code == CNV_OTHER_FORM || diag->code == CNV_WRONG_HEADER)) {
		cnv_str guess = claims_guess(a);
		if (guess.len)
			guessed.hint = guess;
	}
	heard_diag(&a->heard, &guessed);
}

/* Emits the diagnostics that waited with the windows. */
static void release_diags(arrival *a)
{
	a->heard.held = false;
	for (uint32_t i = 0; i < a->heard.waiting_count; i++)
		passes_diag(a, &a->heard.waiting[i]);
	a->heard.waiting_count = 0;
}

/* Is it a return of this form, and of which version?  A version other than the assumed one requires another pass,
 * and discards the diagnostics so far. */
static cnv_status decide(arrival *a)
{
	const cnv_migration *migration;
	cnv_status status;

	if (!a->learned)
		a->claims = a->stream.claims;
	a->heard.held = false;
	status = claims_judge(a, &a->claims);
	if (!status)
		status = claims_find_version(a, &a->claims, &migration);
	if (!status && migration != a->migration) {
		a->migration = migration;
		a->again = true;
		status = CNV_STOPPED;
	}
	if (status)
		a->heard.waiting_count = 0;
	return status;
}

/* All windows of a return in memory are scanned at once; for a single window, settling does this if necessary. */
static cnv_status look_through(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_status status = CNV_OK;

	if (a->held < 2 || a->learned || in->options.strict)
		return CNV_OK;
	a->conventions = (cnv_conventions){ .collected = true, .complete = true };
	for (uint32_t i = 0; i < a->held && !status; i++)
		status = cnv_conventions_collect(&a->conventions, in->held[i]);
	return status;
}

/* The return is identified: processes the windows that waited.  whole: no more windows come. */
static cnv_status release(arrival *a, bool whole)
{
	cnv_intake *in = a->intake;
	cnv_status status;

	a->whole = whole;
	status = decide(a);
	if (status)
		return status;
	a->released = true;
	claims_tell_version(a, &a->claims);
	release_diags(a);
	/* --keep-blank needs each respondent's earlier response. */
	if (!whole && !in->options.keep_blank && !a->silent)
		status = cnv_store_expect_many(in->store, &a->faults);
	if (!status && whole)
		status = look_through(a);
	for (uint32_t i = 0; i < a->held && !status; i++) {
		cnv_batch_swap(in->held[i], in->window);
		status = judge(a);
	}
	a->held = 0;
	return status;
}

/* The stream has filled a window. */
static cnv_status on_window(void *self, cnv_batch *full)
{
	arrival *a = self;
	cnv_intake *in = a->intake;
	cnv_status status = CNV_OK;

	a->heard.wide = a->stream.layout == CNV_WIDE;
	if (a->learning) {
		status = cnv_conventions_collect(&a->conventions, full);
		cnv_batch_reset(full);
		return status;
	}
	if (a->released) {
		cnv_batch_swap(full, in->window);
		status = judge(a);
	} else {
		cnv_batch_swap(full, in->held[a->held++]);
		if (a->held == HELD)
			status = release(a, false);
	}
	if (in->listener.progress)
		in->listener.progress(in->listener.self, a->stream.bytes, a->parts.size);
	return status;
}

/* ---------------------------------------------------------------- one pass */

/* The encoding was detected from a part of the file: another pass can use the rest. */
static bool may_be_misread(const arrival *a)
{
	return !a->odd && !a->intake->options.encoding && !parts_main(&a->parts)->held;
}

/* A pass that only collects emits nothing, and one that misread the file nothing of that: it occurs again in the
 * next pass. */
static void on_stream_diag(void *self, const cnv_diag *diag)
{
	arrival *a = self;

	if (a->learning && diag->severity == CNV_ERROR)
		a->fault = cnv_diag_copy(&a->arena, diag);
	if (!a->learning && !(diag->code == CNV_NOT_UTF8 && may_be_misread(a)))
		passes_diag(a, diag);
}

static cnv_str expected_language(const arrival *a)
{
	const cnv_intake *in = a->intake;
	cnv_str code = in->options.respondent.len ? in->options.respondent : parts_stem(a->name);
	uint32_t at = in->roster ? cnv_map_find(&in->roster->by_code, code) : CNV_NONE;

	return at == CNV_NONE ? (cnv_str){ 0 } : in->roster->respondents[at].language;
}

static void prepare_batch(cnv_batch *batch, const cnv_migration *migration)
{
	cnv_batch_reset(batch);
	batch->migration = migration;
}

static void prepare_batches(arrival *a)
{
	cnv_intake *in = a->intake;

	prepare_batch(in->gathered, a->migration);
	prepare_batch(in->slot, a->migration);
	prepare_batch(in->window, a->migration);
	for (uint32_t i = 0; i < HELD; i++)
		prepare_batch(in->held[i], a->migration);
}

/* Over all bytes; peek: only until the claims of the return are known. */
static cnv_status run_stream(arrival *a, bool peek)
{
	cnv_intake *in = a->intake;

	stream_fini(&a->stream);
	prepare_batches(a);
	a->stream = (stream){ .form = in->form->form,
			      .map = in->options.map ? in->options.map->map : NULL,
			      .vocabulary = &in->vocabulary,
			      .encoding = in->options.encoding,
			      .delimiter = in->options.delimiter,
			      .language = expected_language(a),
			      .parts = a->parts.at,
			      .part_count = a->parts.count,
			      .peek = peek,
			      .odd = a->odd,
			      .threads = in->options.threads && a->parts.size > WORTH_A_THREAD,
			      .batch = in->gathered,
			      .slot = in->slot,
			      .self = a,
			      .window = on_window,
			      .hear = on_stream_diag };
	return stream_run(&a->stream);
}

/* A pass that only collects: problems of the return occur again in the next pass, except a failing file or disk. */
static cnv_status collect(arrival *a, bool peek)
{
	cnv_status status;

	a->learning = true;
	status = run_stream(a, peek);
	a->learning = false;
	if (status == CNV_NO_ACCESS && a->fault.message.len)
		cnv_diags_forward(&a->faults, &a->fault);
	return status == CNV_NO_ACCESS || status == CNV_NO_MEMORY ? status : CNV_OK;
}

/* It was rejected before its claims were read: they are read separately, and its diagnostics are emitted after all
 * if it is of this form and version. */
static cnv_status ask_claims(arrival *a)
{
	cnv_status status = deposit_rewind(a);

	a->asked = true;
	if (!status)
		status = collect(a, true);
	if (!status)
		status = decide(a);
	if (status)
		return status;
	claims_tell_version(a, &a->claims);
	return CNV_REJECTED;
}

static cnv_status read_once(arrival *a)
{
	cnv_status status;

	a->heard.held = true;
	a->released = a->whole = a->again = false;
	a->held = 0;
	status = run_stream(a, false);
	if (status == CNV_REJECTED && a->stream.misread && may_be_misread(a))
		a->odd = a->again = true;
	else if (status == CNV_REJECTED && !a->released && !a->asked)
		status = ask_claims(a);
	else if (!status && !a->released)
		status = release(a, true);
	else if (!status && !a->whole) /* later windows may have changed the decision */
		status = decide(a);
	if (a->again)
		return CNV_STOPPED;
	release_diags(a);
	return status;
}

/* ---------------------------------------------------------------- passes */

/* Forgets the results of the pass that ended, except those that the next one needs. */
static cnv_status start_over(arrival *a, const cnv_store_file *file)
{
	cnv_status status = deposit_rewind(a);

	if (a->released)
		cnv_diags_emit(&a->notes, CNV_DIAG(.code = CNV_READ_AGAIN, .place = (cnv_place){ .source = a->name }),
			       "a later part contradicts the first: the file is read again, and its findings above"
			       " do not count");
	a->intake->totals = a->before;
	a->rows = a->stored = a->quarantined = 0;
	a->conventions = (cnv_conventions){ 0 };
	a->conventions_told = a->left_out = false;
	a->code_count = 0;
	heard_forget(&a->heard);
	sent_forget(a);
	compare_reset(a);
	keep_fini(&a->returned);
	if (!status)
		status = deposit_begin_again(a);
	return status ? status : deposit_file(a, file);
}

static void copy_claims(cnv_claims *claims, cnv_arena *arena)
{
	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++) {
		cnv_claim *claim = &claims->at[i];

		claim->value = cnv_arena_copy(arena, claim->value);
		claim->other = cnv_arena_copy(arena, claim->other);
		claim->place.sheet = cnv_arena_copy(arena, claim->place.sheet);
		claim->place.heading = cnv_arena_copy(arena, claim->place.heading);
		claim->other_place.sheet = cnv_arena_copy(arena, claim->other_place.sheet);
		claim->other_place.heading = cnv_arena_copy(arena, claim->other_place.heading);
	}
}

/* A pass over the whole return that collects only its claims and its number and date conventions.  Problems of the
 * return are reported by the next pass. */
static cnv_status learn(arrival *a)
{
	cnv_status status;

	a->conventions = (cnv_conventions){ .collected = true, .complete = true };
	status = collect(a, false);
	if (status)
		return status;
	a->claims = a->stream.claims;
	copy_claims(&a->claims, &a->arena);
	a->learned = true;
	return a->arena.failed ? CNV_NO_MEMORY : deposit_rewind(a);
}

/* Repeats passes until the return is identified; each reason for another pass occurs once. */
cnv_status passes_run(arrival *a, const cnv_store_file *file)
{
	cnv_status status = deposit_file(a, file);

	a->before = a->intake->totals;

	while (!status) {
		status = read_once(a);
		if (!a->again)
			break;
		bool whole = a->whole;
		status = start_over(a, file);
		if (!status && !whole)
			status = learn(a);
	}
	return status;
}
