/* Importing returns: one pipeline, with one transaction per return.
 *
 *   parts -> stream -> (windows wait) -> settle -> owner -> check -> store -> compare -> commit
 *
 * Returns of all sizes and kinds use this pipeline; passes.c reads a return as often as needed to identify it.  A
 * return that cannot be read to its end, is of another form or has no respondent is rolled back and quarantined in a
 * separate transaction, so that the store never holds half a return.  Outcomes are reported after the commit. */
#include <string.h>

#include "round/archive.h"
#include "round/arrival.h"

/* ---------------------------------------------------------------- how it ends */

/* The text lists the encoding, the number and date conventions, the survey tool, and the other files of the return. */
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

static cnv_intake_outcome fail(arrival *a, cnv_status status)
{
	cnv_intake_totals *totals = &a->intake->totals;

	deposit_take_back(a);
	if (status > totals->fault)
		totals->fault = status;
	return CNV_INTAKE_FAILED;
}

static cnv_intake_outcome reject(arrival *a, cnv_store_file *file, cnv_file_known known)
{
	cnv_intake *in = a->intake;
	cnv_status status;

	deposit_take_back(a);
	if (a->dismissal.item) {
		status = deposit_leave(a);
		return status ? fail(a, status) : CNV_INTAKE_DISMISSED;
	}
	status = known != CNV_FILE_NEW || in->options.item ? deposit_leave(a) : deposit_quarantine(a, file);
	if (status)
		return fail(a, status);
	/* The number of responses in a wide file is unknown when it cannot be read to its end. */
	if (file->layout == CNV_LONG)
		in->totals.responses.quarantined += a->quarantined;
	return CNV_INTAKE_QUARANTINED;
}

/* A record that is quarantined again changes nothing. */
static cnv_intake_outcome leave(arrival *a)
{
	cnv_store_counts *responses = &a->intake->totals.responses;
	cnv_status status = deposit_leave(a);

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

/* Something of this return, or of what is known of those before, is lost: whatever came of it is not to be trusted. */
static bool ran_short(const arrival *a)
{
	return cnv_mem_shortages() != a->shortages || a->intake->came.failed || a->intake->codes.failed;
}

static cnv_intake_outcome accept(arrival *a, cnv_store_file *file)
{
	cnv_intake *in = a->intake;
	cnv_store_counts counts = { 0 };
	cnv_status status = compare_pairs(a);

	if (!status)
		status = cnv_store_file_set(in->store, file, &a->faults);
	if (!status)
		status = deposit_originals(a);
	if (!status && a->stored)
		status = heard_store_rest(&a->heard, 0, &a->faults);
	if (!status && ran_short(a))
		status = CNV_NO_MEMORY;
	if (!status)
		status = cnv_store_commit(in->store, &counts, &a->faults);
	if (status)
		return fail(a, status);
	account_add(&in->totals.account, &a->stream.account);
	in->totals.responses.fresh += in->options.unowned ? a->rows : counts.fresh;
	in->totals.responses.revisions += counts.revisions;
	in->totals.responses.already += counts.already;
	in->totals.blank += a->blank;
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
	if (ran_short(a) && (!status || status == CNV_REJECTED))
		status = CNV_NO_MEMORY;
	if (status != CNV_REJECTED)
		heard_resume(&a->heard);
	if (status && status != CNV_REJECTED) {
		outcome = fail(a, status);
	} else if (a->silent) {
		status = deposit_leave(a);
		outcome = status ? fail(a, status) : CNV_INTAKE_ALREADY;
	} else if (status == CNV_REJECTED) {
		status = deposit_rewind(a); /* its digest covers all of it */
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

/* Digests a file that is not held in memory before it is read, if a return of its size is already stored: it may be
 * the same one. */
static cnv_status read_ahead(arrival *a, cnv_store_file *file, bool *digested)
{
	cnv_status status = CNV_OK;

	*digested = parts_digested(&a->parts);
	if (!*digested && a->digests && cnv_store_has_size(a->intake->store, a->parts.size)) {
		status = deposit_rewind(a);
		*digested = !status;
	}
	if (*digested)
		parts_digest(&a->parts, file->sha256);
	return status;
}

/* The return is already stored: it is counted, and nothing changes. */
static cnv_status find_already(arrival *a, uint64_t responses)
{
	cnv_intake *in = a->intake;

	in->totals.responses.already += responses;
	a->before.changes = in->totals.changes;
	if (!in->annotator)
		return deposit_leave(a);
	a->silent = a->heard.silent = true;
	return CNV_OK;
}

static cnv_status reject_alone(arrival *a)
{
	cnv_diags_emit(&a->diags, CNV_DIAG(.code = CNV_ENTRIES_ALONE, .place = (cnv_place){ .source = a->name }),
		       "the file has entries of a repeat, without the responses they belong to");
	return CNV_REJECTED;
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
	cnv_status status = deposit_begin(a);
	cnv_intake_outcome outcome;

	options_write(&options, &in->options);
	file.options = cnv_text_str(&options);
	if (!status)
		status = read_ahead(a, &file, &digested);
	if (!status && digested)
		status = cnv_store_find_file(in->store, file.sha256, file.given, &known, &responses, &a->faults);
	a->retried = !status && known == CNV_FILE_PARTLY;
	if (!status && known == CNV_FILE_QUARANTINED && !in->options.item)
		status = cnv_store_dismissal(in->store, file.sha256, file.given, &a->arena, &a->dismissal, &a->faults);
	a->heard.dismissed = a->dismissal.item != 0;
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
		status = passes_run(a, &file);
	if (!status)
		status = account_close(a);
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
	case CNV_INTAKE_DISMISSED:
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
	cnv_prefill_fini(&a->fills);
	cnv_mem_free(a->codes);
	cnv_mem_free(a->priors);
	cnv_text_fini(&a->with);
	cnv_arena_fini(&a->arena);
}

/* Problems of files and the store are reported, but not counted as errors in answers. */
static void on_fault(void *self, const cnv_diag *diag)
{
	replay_emit(self, diag);
}

/* One try to import it. */
static cnv_intake_done try_return(arrival *a)
{
	cnv_intake *in = a->intake;
	const parts_asked asked = { .form = in->form->form,
				    .vocabulary = &in->vocabulary,
				    .encoding = in->options.encoding,
				    .delimiter = in->options.delimiter,
				    .roster = in->roster };
	cnv_intake_done done = { .file = a->name };
	cnv_status status;

	a->heard = (heard){ .intake = in, .name = a->name, .arena = &a->arena, .keeps_told = in->annotator };
	a->diags = (cnv_diags){ .emit = passes_diag, .self = a };
	a->notes = (cnv_diags){ .emit = heard_note, .self = &a->heard };
	a->faults = (cnv_diags){ .emit = on_fault, .self = in };
	status = parts_open(&a->parts, &in->given, a->number, &asked, &a->arena, &a->faults);
	if (status && status > in->totals.fault)
		in->totals.fault = status;
	done.outcome = status ? CNV_INTAKE_FAILED : import_parts(a);
	done.with = cnv_text_str(&a->with);
	if (done.outcome == CNV_INTAKE_ACCEPTED)
		done.account = a->stream.account;
	if (done.outcome == CNV_INTAKE_DISMISSED)
		done.dismissal = a->dismissal;
	return done;
}

static void import_return(cnv_intake *in, uint32_t number)
{
	const arrival fresh = { .intake = in,
				.number = number,
				.name = in->given.at[number].name,
				.before = in->totals,
				.shortages = cnv_mem_shortages() };
	arrival a = fresh;
	cnv_intake_done done;

	if (in->listener.file)
		in->listener.file(in->listener.self, a.name);
	replay_begin(in);
	done = try_return(&a);
	while (done.outcome == CNV_INTAKE_FAILED && replay_again(in)) {
		close_arrival(&a);
		a = fresh;
		in->totals = a.before;
		done = try_return(&a);
	}
	replay_end(in);
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
	cnv_diags faults = { .emit = on_fault, .self = in };

	return cnv_is_folder(name) ? folder_add(in, name) : archive_add(&in->given, name, &faults);
}

cnv_status cnv_intake_add_kept(cnv_intake *in, cnv_str name, cnv_str path)
{
	return parts_add_kept(&in->given, name, path);
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
				    .delimiter = in->options.delimiter,
				    .roster = in->roster };
	size_t shortages = cnv_mem_shortages();
	cnv_status status = parts_sort(&in->given, &asked);

	if (!status && cnv_mem_shortages() != shortages)
		status = CNV_NO_MEMORY;
	cnv_store_group_by(in->store, in->roster);
	/* The last one imported counts. */
	for (uint32_t i = 0; i < in->given.count && !status; i++) {
		uint32_t at = in->options.keep_first ? in->given.count - 1 - i : i;

		if (in->given.at[at].root == CNV_NONE)
			import_return(in, at);
	}
	cnv_store_group_by(in->store, NULL);
	return status;
}

uint32_t cnv_intake_count(const cnv_intake *in)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < in->given.count; i++)
		count += in->given.at[i].root == CNV_NONE;
	return count;
}

const cnv_intake_totals *cnv_intake_get_totals(const cnv_intake *in)
{
	return &in->totals;
}

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
	cnv_mem_free(in->replay.reported);
	parts_free(&in->given);
	cnv_map_fini(&in->came);
	cnv_arena_fini(&in->codes);
	cnv_arena_fini(&in->scratch);
	cnv_mem_free(in);
}
