/* Importing returns: the five hops of a cell, one transaction a return.
 *
 *   parts -> stream -> (windows wait) -> settle -> owner -> check -> store -> compare -> commit
 *
 * A return of any size and kind takes this way.  Its first windows wait (all of a small one) until the return has said
 * what it is; then they flow.  Where a later window contradicts what was decided, the transaction is rolled back, the
 * whole return is looked through, and a second pass begins that knows it.  What cannot be read to its end, is of another
 * form or cannot be attributed is rolled back and kept in quarantine in a transaction of its own, so that the store never
 * holds half a return.  Outcomes are told when they are durable. */
#include <string.h>

#include "arrival.h"

/* Smaller files are parsed before a thread would have begun. */
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
	status = cnv_store_put_batch(in->store, in->window, respondents, ids, outcomes, seen, &a->faults);
	for (uint32_t row = 0; row < rows; row++)
		a->stored += ids[row] != 0;
	if (!status)
		status = compare_note(a, respondents, ids, seen);
	/* A response that is there already brought nothing, and has its findings. */
	if (!status && a->rows == 1 && ids[0])
		status = heard_store_rest(&a->heard, ids[0], &a->faults);
	return status ? status : heard_store(&a->heard, respondents, ids, a->retried, &a->faults);
}

/* Remembers who came with this return. */
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

/* Settles, attributes, judges and stores the rows of the window, and empties it. */
static cnv_status judge(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_ledger ledger = { .tell = heard_change, .self = &a->heard };
	cnv_findings findings = { .tell = heard_finding, .self = &a->heard };
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
	if (!status && in->options.keep_blank)
		status = fill_blanks(a);
	if (!status)
		status = settle_batch(a, in->window, &ledger);
	if (!status && in->options.keep_blank)
		fill_tell(a, &ledger);
	if (!status)
		status = owner_attribute(a, respondents, &ledger);
	if (!status)
		status = cnv_check(in->form->plan, in->window, &world, a->name, in->form->language, &in->scratch, &findings);
	if (!status)
		status = store_window(a, respondents);
	if (!status && in->annotator)
		status = annotate_keep(a, respondents);
	if (!status)
		status = note_codes(a, respondents);
	if (!status && (a->heard.failed || in->window->failed || in->scratch.failed))
		status = CNV_NO_MEMORY;
	cnv_batch_reset(in->window);
	return status;
}

/* ---------------------------------------------------------------- windows that wait */

/* Which of the forms in the folder a foreign file is probably a return of is said with it. */
static void on_diag(void *self, const cnv_diag *diag)
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

/* What was said while windows waited is said now. */
static void release_diags(arrival *a)
{
	a->heard.held = false;
	for (uint32_t i = 0; i < a->heard.waiting_count; i++)
		on_diag(a, &a->heard.waiting[i]);
	a->heard.waiting_count = 0;
}

/* Is it ours, and of which version?  Another version than was taken for granted asks for another pass; what was said of
 * it so far then does not count. */
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

/* All windows of a return that is in memory are looked through at once; of a single one settling does it if need be. */
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

/* It is known what the return is: what has waited flows.  whole: no more windows come. */
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
	/* With --keep-blank each respondent's earlier response is asked for. */
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

/* The encoding was judged by a part of the file: another pass can judge it by the rest. */
static bool may_be_misread(const arrival *a)
{
	return !a->odd && !a->intake->options.encoding && !parts_main(&a->parts)->held;
}

/* A pass that only collects says nothing, and one that misread the file nothing of that: it comes up again. */
static void on_stream_diag(void *self, const cnv_diag *diag)
{
	arrival *a = self;

	if (a->learning && diag->severity == CNV_ERROR)
		a->fault = cnv_diag_copy(&a->arena, diag);
	if (!a->learning && !(diag->code == CNV_NOT_UTF8 && may_be_misread(a)))
		on_diag(a, diag);
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

/* Over all bytes; peek: as far as it takes to know what the return claims. */
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

/* So that the next pass begins at the first byte. */
static cnv_status rewind_parts(arrival *a)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < a->parts.count && !status; i++) {
		status = source_drain(a->parts.at[i].source, &a->faults);
		source_rewind(a->parts.at[i].source);
	}
	return status;
}

/* A pass that only collects: what is wrong with the return comes up again, but for a file or disk that fails. */
static cnv_status collect(arrival *a, bool peek)
{
	cnv_status status;

	a->learning = true;
	status = run_stream(a, peek);
	a->learning = false;
	if (status == CNV_NO_ACCESS && a->fault.message.len)
		cnv_diags_tell(&a->faults, &a->fault);
	return status == CNV_NO_ACCESS || status == CNV_NO_MEMORY ? status : CNV_OK;
}

/* It was rejected before it could say what it is: that is asked for its own sake, and what was said is said after all
 * where it is ours, and of this version. */
static cnv_status ask_claims(arrival *a)
{
	cnv_status status = rewind_parts(a);

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
	else if (!status && !a->whole) /* later windows may have said something else */
		status = decide(a);
	if (a->again)
		return CNV_STOPPED;
	release_diags(a);
	return status;
}

/* ---------------------------------------------------------------- passes */

/* Opens the transaction of one return. */
static cnv_status begin(arrival *a)
{
	cnv_intake *in = a->intake;
	const cnv_roster_file *roster = in->options.roster;
	const cnv_map_file *map = in->options.map;
	cnv_status status = cnv_store_begin(in->store, in->options.round, in->options.now, &a->faults);

	if (!status && roster && roster->given)
		status = cnv_store_keep_roster(in->store, roster->source, roster->bytes, &a->faults);
	if (!status && map && map->given)
		status = cnv_store_keep_map(in->store, map->source, map->bytes, &a->faults);
	return status;
}

/* After a rollback: the same transaction from its beginning. */
static cnv_status begin_again(arrival *a)
{
	cnv_store_rollback(a->intake->store);
	return begin(a);
}

/* Its row, with the files next to the form by which it is judged. */
static cnv_status put_file(arrival *a, const cnv_store_file *file)
{
	const cnv_intake *in = a->intake;
	cnv_status status;

	if (a->silent)
		return CNV_OK;
	status = cnv_store_put_file(in->store, file, &a->faults);
	for (uint32_t i = 0; i < in->form->beside_count && !status; i++)
		status = cnv_store_put_beside(in->store, &in->form->besides[i], &a->faults);
	return status;
}

/* What the pass that ended found out is forgotten, but for what the next one must know. */
static cnv_status start_over(arrival *a, const cnv_store_file *file)
{
	cnv_status status = rewind_parts(a);

	if (a->released)
		cnv_diags_say(&a->notes, CNV_READ_AGAIN, (cnv_place){ .source = a->name }, (cnv_str){ 0 }, (cnv_str){ 0 },
		              (cnv_str){ 0 },
		              "a later part contradicts the first; it is read again, and its findings above do not count");
	a->intake->totals = a->before;
	a->rows = a->stored = a->quarantined = 0;
	a->conventions = (cnv_conventions){ 0 };
	a->conventions_told = a->left_out = false;
	a->code_count = 0;
	heard_forget(&a->heard);
	compare_reset(a);
	keep_fini(&a->returned);
	if (!status)
		status = begin_again(a);
	return status ? status : put_file(a, file);
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

/* A pass over the whole return that only collects what it claims, and how it writes numbers and dates.  What is wrong
 * with it is said by the pass that follows. */
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
	return a->arena.failed ? CNV_NO_MEMORY : rewind_parts(a);
}

/* As often as it takes to know what the return is; each reason to read it again comes up once. */
static cnv_status read_and_judge(arrival *a, const cnv_store_file *file)
{
	cnv_status status = put_file(a, file);

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

/* ---------------------------------------------------------------- how it ends */

/* How numbers and dates were read is behind the encoding, then the survey tool, then the files read with it. */
static void put_reading(arrival *a, cnv_text *reading)
{
	cnv_text words = { 0 };

	cnv_text_put(reading, cnv_text_str(&a->stream.reading));
	if (a->conventions_told)
		cnv_conventions_words(&a->conventions, &words);
	if (words.len)
		cnv_text_format(reading, "%s%.*s", reading->len ? "; " : "", CNV_ARG(cnv_text_str(&words)));
	if (a->stream.tool.len)
		cnv_text_format(reading, "%swide (%.*s)", reading->len ? "; " : "", CNV_ARG(a->stream.tool));
	for (uint32_t i = 0; i + 1 < a->parts.count; i++) {
		cnv_str name = a->parts.at[i].source->name;
		cnv_text_format(&a->with, "%s%.*s", i ? ", " : "",
		                CNV_ARG(cnv_str_slice(name, cnv_folder_of(name).len, name.len)));
	}
	if (a->with.len)
		cnv_text_format(reading, "%swith %.*s", reading->len ? "; " : "", CNV_ARG(cnv_text_str(&a->with)));
	cnv_text_fini(&words);
}

/* The files themselves, the responses' first. */
static cnv_status put_originals(arrival *a)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < a->parts.count && !status && !a->intake->options.rehearse; i++)
		status = source_record(&a->parts.sources[i], a->intake->store, &a->faults);
	return status;
}

/* Rolls back and keeps the return, whole, with the reason. */
static cnv_status quarantine(arrival *a, const cnv_store_file *file)
{
	cnv_intake *in = a->intake;
	cnv_store_counts counts;
	cnv_status status = rewind_parts(a);

	if (!status)
		status = begin_again(a);
	if (!status)
		status = put_file(a, file);
	if (!status)
		status = put_originals(a);
	if (!status)
		status = cnv_store_quarantine(in->store, &a->heard.why, (cnv_str){ 0 }, &a->faults);
	if (!status)
		status = cnv_store_commit(in->store, &counts, &a->faults);
	if (status)
		cnv_store_rollback(in->store);
	return status;
}

/* Nothing of the return is stored: the ledger, and what was compared, went with the rollback. */
static void take_back(arrival *a)
{
	cnv_store_rollback(a->intake->store);
	a->intake->totals.changes = a->before.changes;
	compare_reset(a);
}

/* The same where the return is there already; a roster or map that was given is kept even so. */
static cnv_status leave_unchanged(arrival *a)
{
	const cnv_roster_file *roster = a->intake->options.roster;
	const cnv_map_file *map = a->intake->options.map;
	cnv_store_counts none;
	cnv_status status;

	take_back(a);
	if (!(roster && roster->given) && !(map && map->given))
		return CNV_OK;
	status = begin(a);
	return status ? status : cnv_store_commit(a->intake->store, &none, &a->faults);
}

static cnv_intake_outcome fail(arrival *a, cnv_status status)
{
	cnv_intake_totals *totals = &a->intake->totals;

	take_back(a);
	if (status > totals->fault)
		totals->fault = status;
	return CNV_INTAKE_FAILED;
}

static cnv_intake_outcome reject(arrival *a, cnv_store_file *file, cnv_file_known known)
{
	cnv_intake *in = a->intake;
	cnv_status status;

	take_back(a);
	status = known != CNV_FILE_NEW ? leave_unchanged(a) : quarantine(a, file);
	if (status)
		return fail(a, status);
	/* How many responses a wide file holds is not known when it cannot be read to its end. */
	if (file->layout == CNV_LONG)
		in->totals.responses.quarantined += a->quarantined;
	return CNV_INTAKE_QUARANTINED;
}

/* What was tried again is quarantined as before: nothing changes. */
static cnv_intake_outcome leave(arrival *a)
{
	cnv_store_counts *responses = &a->intake->totals.responses;
	cnv_status status = leave_unchanged(a);

	if (status)
		return fail(a, status);
	responses->already += a->rows - a->quarantined;
	responses->quarantined += a->quarantined;
	return CNV_INTAKE_ALREADY;
}

static void remember_codes(arrival *a)
{
	cnv_intake *in = a->intake;

	for (uint32_t i = 0; i < a->code_count && in->came.count < MOST_CAME; i++)
		cnv_map_put(&in->came, cnv_arena_copy(&in->codes, a->codes[i]), a->number);
}

static cnv_intake_outcome accept(arrival *a, cnv_store_file *file)
{
	cnv_intake *in = a->intake;
	cnv_store_counts counts = { 0 };
	cnv_status status = compare_pairs(a);

	if (!status)
		status = cnv_store_file_set(in->store, file, &a->faults);
	if (!status)
		status = put_originals(a);
	if (!status && a->stored)
		status = heard_store_rest(&a->heard, 0, &a->faults);
	if (!status)
		status = cnv_store_commit(in->store, &counts, &a->faults);
	if (status)
		return fail(a, status);
	in->totals.responses.fresh += counts.fresh;
	in->totals.responses.revisions += counts.revisions;
	in->totals.responses.already += counts.already;
	in->totals.responses.quarantined += a->quarantined;
	compare_tell(a);
	remember_codes(a);
	return CNV_INTAKE_ACCEPTED;
}

/* Commits, quarantines or rolls back. */
static cnv_intake_outcome finish(arrival *a, cnv_store_file *file, cnv_status status, cnv_file_known known)
{
	cnv_intake_outcome outcome;
	cnv_text reading = { 0 };

	if (!status && !a->conventions_told) { /* any window may have decided it */
		a->conventions.collected |= a->conventions.complete || a->rows;
		settle_tell(a);
	}
	put_reading(a, &reading);
	file->reading = cnv_text_str(&reading);
	file->layout = a->stream.layout;
	if (parts_digested(&a->parts))
		parts_digest(&a->parts, file->sha256);
	if (status && status != CNV_REJECTED) {
		outcome = fail(a, status);
	} else if (a->silent) {
		status = leave_unchanged(a);
		outcome = status ? fail(a, status) : CNV_INTAKE_ALREADY;
	} else if (status == CNV_REJECTED) {
		status = rewind_parts(a); /* its digest is of all of it */
		if (parts_digested(&a->parts))
			parts_digest(&a->parts, file->sha256);
		outcome = status ? fail(a, status) : reject(a, file, known);
	} else if (a->retried && !a->stored) {
		outcome = leave(a);
	} else {
		outcome = accept(a, file);
	}
	if (!status && a->intake->annotator && (outcome == CNV_INTAKE_ACCEPTED || outcome == CNV_INTAKE_ALREADY))
		annotate_write(a, file->sha256);
	cnv_text_fini(&reading);
	return outcome;
}

/* ---------------------------------------------------------------- one return */

/* Digests what is not held in memory before it is read, where a return of its size is there already: it may be that. */
static cnv_status read_ahead(arrival *a, cnv_store_file *file, bool *digested)
{
	cnv_status status = CNV_OK;

	*digested = parts_digested(&a->parts);
	if (!*digested && a->digests && cnv_store_has_size(a->intake->store, a->parts.size)) {
		status = rewind_parts(a);
		*digested = !status;
	}
	if (*digested)
		parts_digest(&a->parts, file->sha256);
	return status;
}

/* The return is there already: it is counted, and nothing is changed. */
static cnv_status find_already(arrival *a, uint64_t responses)
{
	cnv_intake *in = a->intake;

	in->totals.responses.already += responses;
	a->before.changes = in->totals.changes;
	if (!in->annotator)
		return leave_unchanged(a);
	a->silent = a->heard.silent = true;
	return CNV_OK;
}

static cnv_status reject_alone(arrival *a)
{
	cnv_diags_say(&a->diags, CNV_ENTRIES_ALONE, (cnv_place){ .source = a->name }, (cnv_str){ 0 }, (cnv_str){ 0 },
	              CNV_STR("import the file with the responses; this one is then read with it"),
	              "the file holds entries of a repeat, and not the responses they belong to");
	return CNV_REJECTED;
}

/* Opens the transaction, and makes ready to keep what is read in it. */
static cnv_status begin_keeping(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_status status = begin(a);

	if (status)
		return status;
	/* A dry run needs a digest only to tell whether the return is there already. */
	a->digests = !in->options.rehearse || cnv_store_has_size(in->store, a->parts.size);
	for (uint32_t i = 0; i < a->parts.count && !status; i++)
		status = source_keep(&a->parts.sources[i], in->options.rehearse ? NULL : in->store, a->digests,
		                     in->options.threads > 1, &a->faults);
	return status;
}

static cnv_intake_outcome import_parts(arrival *a)
{
	cnv_intake *in = a->intake;
	cnv_text options = { 0 };
	cnv_store_file file = { .name = a->name,
		                .size = a->parts.size,
		                .given = in->options.respondent,
		                .program = in->options.program,
		                .received = in->options.now };
	cnv_file_known known = CNV_FILE_NEW;
	uint64_t responses = 0;
	bool digested = false;
	cnv_status status = begin_keeping(a);
	cnv_intake_outcome outcome;

	options_write(&options, &in->options);
	file.options = cnv_text_str(&options);
	if (!status)
		status = read_ahead(a, &file, &digested);
	if (!status && digested)
		status = cnv_store_find_file(in->store, file.sha256, file.given, &known, &responses, &a->faults);
	a->retried = !status && known == CNV_FILE_PARTLY;
	if (!status && known == CNV_FILE_ACCEPTED) {
		status = find_already(a, responses);
		if (!a->silent) {
			cnv_text_fini(&options);
			return status ? fail(a, status) : CNV_INTAKE_ALREADY;
		}
	}
	if (!status && a->parts.alone)
		status = reject_alone(a);
	if (!status)
		status = read_and_judge(a, &file);
	outcome = finish(a, &file, status, known);
	cnv_text_fini(&options);
	return outcome;
}

static void count_outcome(cnv_intake_totals *totals, cnv_intake_outcome outcome)
{
	totals->files++;
	switch (outcome) {
	case CNV_INTAKE_ACCEPTED:
		totals->accepted++;
		break;
	case CNV_INTAKE_ALREADY:
		totals->already++;
		break;
	case CNV_INTAKE_QUARANTINED:
		totals->quarantined++;
		break;
	case CNV_INTAKE_FAILED:
		totals->failed++;
		break;
	}
}

static void close_arrival(arrival *a)
{
	stream_fini(&a->stream);
	claims_forget_older(a->intake, false);
	parts_close(&a->parts);
	heard_fini(&a->heard);
	compare_fini(a);
	keep_fini(&a->returned);
	cnv_fills_fini(&a->fills);
	cnv_mem_free(a->codes);
	cnv_text_fini(&a->with);
	cnv_arena_fini(&a->arena);
}

/* Faults are of files and the store: told, and no errors in answers. */
static void on_fault(void *self, const cnv_diag *diag)
{
	cnv_intake *in = self;

	if (in->listener.diag)
		in->listener.diag(in->listener.self, diag);
}

static void import_return(cnv_intake *in, uint32_t number)
{
	const parts_asked asked = { .form = in->form->form,
		                    .vocabulary = &in->vocabulary,
		                    .encoding = in->options.encoding,
		                    .delimiter = in->options.delimiter };
	arrival a = { .intake = in, .number = number, .name = in->given.at[number].name, .before = in->totals };
	cnv_intake_done done = { .file = a.name };
	cnv_status status;

	a.heard = (heard){ .intake = in, .name = a.name, .arena = &a.arena, .keeps_told = in->annotator != NULL };
	a.diags = (cnv_diags){ .tell = on_diag, .self = &a };
	a.notes = a.faults = (cnv_diags){ .tell = on_fault, .self = in };
	if (in->listener.file)
		in->listener.file(in->listener.self, a.name);
	status = parts_open(&a.parts, &in->given, number, &asked, &a.arena, &a.faults);
	if (status && status > in->totals.fault)
		in->totals.fault = status;
	done.outcome = status ? CNV_INTAKE_FAILED : import_parts(&a);
	done.with = cnv_text_str(&a.with);
	count_outcome(&in->totals, done.outcome);
	if (in->listener.done)
		in->listener.done(in->listener.self, &done);
	close_arrival(&a);
}

/* ---------------------------------------------------------------- public */

static bool make_batches(cnv_intake *in)
{
	const cnv_form *form = in->form->form;

	in->gathered = cnv_batch_new(form);
	in->slot = cnv_batch_new(form);
	in->window = cnv_batch_new(form);
	in->earlier = cnv_batch_new(form);
	for (uint32_t i = 0; i < HELD; i++)
		if (!(in->held[i] = cnv_batch_new(form)))
			return false;
	return in->gathered && in->slot && in->window && in->earlier;
}

cnv_intake *cnv_intake_new(const cnv_intake_options *options, const cnv_form_file *form, cnv_store *store,
                           const cnv_intake_listener *listener)
{
	cnv_intake *in = cnv_mem_get(sizeof *in);

	if (!in)
		return NULL;
	*in = (cnv_intake){ .options = *options, .form = form, .store = store, .listener = *listener };
	in->roster = options->roster && options->roster->there ? &options->roster->roster : NULL;
	while (in->options.annotate.len > 1 && in->options.annotate.at[in->options.annotate.len - 1] == '/')
		in->options.annotate.len--;
	if (options->annotate.len)
		in->annotator = annotator_new();
	if (make_batches(in) && !cnv_vocabulary_init(&in->vocabulary, form->form) &&
	    (in->annotator || !options->annotate.len))
		return in;
	cnv_intake_free(in);
	return NULL;
}

cnv_status cnv_intake_add(cnv_intake *in, cnv_str name)
{
	return cnv_is_folder(name) ? folder_add(in, name) : parts_add(&in->given, name);
}

cnv_status cnv_intake_add_bytes(cnv_intake *in, cnv_str name, cnv_str bytes)
{
	return parts_add_bytes(&in->given, name, bytes);
}

cnv_status cnv_intake_run(cnv_intake *in)
{
	const parts_asked asked = { .form = in->form->form,
		                    .vocabulary = &in->vocabulary,
		                    .encoding = in->options.encoding,
		                    .delimiter = in->options.delimiter };
	cnv_status status = parts_sort(&in->given, &asked);

	for (uint32_t i = 0; i < in->given.count && !status; i++)
		if (in->given.at[i].root == CNV_NONE)
			import_return(in, i);
	return status;
}

uint32_t cnv_intake_count(const cnv_intake *in)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < in->given.count; i++)
		count += in->given.at[i].root == CNV_NONE;
	return count;
}

const cnv_intake_totals *cnv_intake_get_totals(const cnv_intake *in) { return &in->totals; }

void cnv_intake_free(cnv_intake *in)
{
	if (!in)
		return;
	claims_forget_older(in, true);
	cnv_batch_free(in->gathered);
	cnv_batch_free(in->slot);
	cnv_batch_free(in->window);
	cnv_batch_free(in->earlier);
	for (uint32_t i = 0; i < HELD; i++)
		cnv_batch_free(in->held[i]);
	cnv_vocabulary_fini(&in->vocabulary);
	annotator_free(in->annotator);
	parts_free(&in->given);
	cnv_map_fini(&in->came);
	cnv_arena_fini(&in->codes);
	cnv_arena_fini(&in->scratch);
	cnv_mem_free(in);
}
