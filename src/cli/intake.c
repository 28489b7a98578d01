/* Taking in one return: the five hops of a cell, one transaction a file.
 *
 *   bytes -> reading -> gather -> settle -> attribute -> check -> store
 *
 * A window of rows at a time goes through taking_judge.  What cannot be read to its end, belongs to
 * another form or cannot be attributed is rolled back and put into quarantine in a transaction of
 * its own, so that the store never holds half a return.
 *
 * A file over CNV_STORE_INLINE takes the same hops with two threads more: see large.c. */
#include "taking.h"

static cnv_str keep(taking *t, cnv_str s) { return cnv_arena_copy(&t->intake->batch->arena, s); }

static cnv_place keep_place(taking *t, cnv_place place)
{
	place.source = keep(t, place.source);
	place.sheet = keep(t, place.sheet);
	place.heading = keep(t, place.heading);
	return place;
}

static uint32_t response_of(const taking *t, uint32_t table, uint32_t row)
{
	return table ? cnv_batch_owner(t->intake->batch, table, row, 0) : row;
}

void taking_note(void *self, const cnv_finding *finding)
{
	taking *t = self;
	waiting_finding *w;

	if (!cnv_mem_room((void **)&t->findings, &t->finding_room, t->finding_count + 1, sizeof *t->findings)) {
		t->failed = true;
		return;
	}
	w = &t->findings[t->finding_count++];
	w->finding = *finding;
	w->finding.diag = cnv_diag_copy(&t->intake->batch->arena, &finding->diag);
	w->response = response_of(t, finding->table, finding->row);
}

static void on_change(void *self, const cnv_ledger_entry *entry)
{
	taking *t = self;
	waiting_change *w;

	if (!cnv_mem_room((void **)&t->changes, &t->change_room, t->change_count + 1, sizeof *t->changes)) {
		t->failed = true;
		return;
	}
	w = &t->changes[t->change_count++];
	w->entry = *entry;
	w->entry.place = keep_place(t, entry->place);
	w->entry.path = keep(t, entry->path);
	w->entry.from = keep(t, entry->from);
	w->entry.to = keep(t, entry->to);
	w->response = response_of(t, entry->table, entry->row);
}

/* Findings of one file that stand at no cell; past so many nobody reads on. */
enum { MOST_HEARD = 1000 };

/* Remembers what is said of a file until it is known whose it is.  What sets a row aside stays with that row. */
static void remember(taking *t, const cnv_diag *diag)
{
	bool aside = t->gather && cnv_gather_layout(t->gather) == CNV_WIDE && diag->code == CNV_SURPLUS_CELLS;

	if (diag->severity == CNV_NOTE || aside || t->heard_count == MOST_HEARD)
		return;
	if (!cnv_mem_room((void **)&t->heard, &t->heard_room, t->heard_count + 1, sizeof *t->heard))
		t->failed = true;
	else
		t->heard[t->heard_count++] = cnv_diag_copy(&t->arena, diag);
}

/* Keeps what was heard with a response; 0: with the file. */
static cnv_status keep_heard(taking *t, uint64_t response)
{
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < t->heard_count && !status; i++)
		status = cnv_store_put_finding(t->intake->store, response,
		                               &(cnv_finding){ .diag = t->heard[i], .question = CNV_NONE }, &t->diags);
	t->heard_count = 0;
	return status;
}

/* Reading and gathering speak through here: passed on, and the first error is remembered. */
void taking_hear(void *self, const cnv_diag *diag)
{
	taking *t = self;
	cnv_diag guessed;

	if (diag->code == CNV_OTHER_FORM || diag->code == CNV_WRONG_HEADER) {
		cnv_str guess = taking_guess(t);
		guessed = *diag;
		if (guess.len) {
			guessed.hint = guess;
			diag = &guessed;
		}
	}
	if (diag->severity == CNV_ERROR && !t->has_why) {
		t->why = cnv_diag_copy(&t->arena, diag);
		t->why.place.source = t->name;
		t->why.place.sheet = t->why.place.heading = (cnv_str){ 0 };
		t->has_why = true;
	}
	if (t->intake->annotate)
		taking_keep_diag(t, diag);
	if (t->again)
		return;
	if (diag->severity == CNV_ERROR)
		t->intake->errors++;
	else if (diag->severity == CNV_WARNING)
		t->intake->warnings++;
	remember(t, diag);
	if (t->intake->tell_diag) {
		/* The store does not know what the file is called. */
		cnv_diag told = *diag;
		if (!told.place.source.len)
			told.place.source = t->name;
		t->intake->tell_diag(t->intake->self, &told);
	}
}

/* Of a file that is there, only what is tried again is told. */
static bool is_told_before(const taking *t, uint64_t id) { return t->retried && !id; }

static cnv_status store_window(taking *t, const cnv_str *respondents)
{
	cli_intake *in = t->intake;
	uint32_t rows = in->batch->tables[0].rows;
	uint64_t *ids = cnv_arena_array(&in->scratch, rows, sizeof *ids);
	cnv_outcome *outcomes = cnv_arena_array(&in->scratch, rows, sizeof *outcomes);
	cnv_status status;

	if (!ids || !outcomes)
		return CNV_NO_MEMORY;
	if (t->again)
		return CNV_OK;
	status = cnv_store_put_batch(in->store, in->batch, respondents, ids, outcomes, NULL, &t->diags);
	for (uint32_t row = 0; row < rows; row++)
		t->stored += ids[row] != 0;
	if (!status && !t->large)
		taking_tell_revised(t, respondents, outcomes);
	/* A response that is there already brought nothing, and has its findings. */
	if (!status && rows == 1 && t->rows == 1 && ids[0])
		status = keep_heard(t, ids[0]);
	for (uint32_t i = 0; i < t->finding_count && !status; i++) {
		const waiting_finding *w = &t->findings[i];
		if (!respondents[w->response].len || is_told_before(t, ids[w->response]))
			continue;
		if (ids[w->response])
			status = cnv_store_put_finding(in->store, ids[w->response], &w->finding, &t->diags);
		if (in->tell_diag)
			in->tell_diag(in->self, &w->finding.diag);
		if (w->finding.diag.severity == CNV_ERROR)
			in->errors++;
		else if (w->finding.diag.severity == CNV_WARNING)
			in->warnings++;
	}
	for (uint32_t i = 0; i < t->change_count && !status; i++) {
		const waiting_change *w = &t->changes[i];
		if (!respondents[w->response].len || is_told_before(t, ids[w->response]))
			continue;
		if (ids[w->response])
			status = cnv_store_put_ledger(in->store, ids[w->response], &w->entry, &t->diags);
		if (in->tell_change)
			in->tell_change(in->self, &w->entry);
		in->changes++;
	}
	return status;
}

/* What windows before this one were read by no longer holds. */
static bool contradicts(cnv_convention before, cnv_convention now)
{
	return now == CNV_CONTRADICTED && before != CNV_CONTRADICTED && before != CNV_UNDECIDED;
}

/* How the file writes numbers and dates is decided for all of it; a large file is believed until it contradicts
 * itself. */
cnv_status taking_settle(taking *t, cnv_batch *batch, cnv_ledger *ledger)
{
	const cnv_conventions before = t->conventions;
	cnv_liberty liberty = { .literal = t->intake->options->strict,
		                .conventions = &t->conventions,
		                .look = t->whole ? NULL : taking_look_through,
		                .self = t,
		                .by_window = t->large,
		                .offered = t->gather && cnv_gather_claims(t->gather)->hidden };
	cnv_status status;

	t->conventions.collected = t->conventions.complete;
	status = cnv_settle_as(batch, t->name, &liberty, ledger);
	if (!status && !liberty.literal && !before.complete &&
	    (contradicts(cnv_date_order(&before), cnv_date_order(&t->conventions)) ||
	     contradicts(cnv_decimal_sign(&before), cnv_decimal_sign(&t->conventions)))) {
		cnv_conventions_refuse(&t->conventions, t->name, &t->diags);
		return CNV_REJECTED;
	}
	if (!status && !t->large)
		taking_tell_conventions(t);
	return status;
}

void taking_tell_conventions(taking *t)
{
	if (!t->conventions.collected || t->conventions_told || t->intake->options->strict)
		return;
	cnv_conventions_tell(&t->conventions, t->name, &t->diags);
	t->conventions_told = true;
}

/* Settles, attributes, judges and stores the rows that wait in the batch, and empties it. */
cnv_status taking_judge(taking *t)
{
	cli_intake *in = t->intake;
	cnv_ledger ledger = { .tell = on_change, .self = t };
	cnv_findings findings = { .tell = taking_note, .self = t };
	cnv_world world = { .now = in->options->now, .seed = 1 };
	cnv_str *respondents;
	uint32_t heard;
	cnv_status status = CNV_OK;

	if (!in->batch->tables[0].rows)
		return CNV_OK;
	cnv_arena_reset(&in->scratch);
	t->finding_count = t->change_count = 0;
	t->rows += in->batch->tables[0].rows;
	if (in->options->keep_blank)
		status = taking_keep_blank(t);
	if (!status)
		status = taking_settle(t, in->batch, &ledger);
	if (!status && in->options->keep_blank)
		taking_tell_kept(t, &ledger);
	respondents = cnv_arena_array(&in->scratch, in->batch->tables[0].rows, sizeof *respondents);
	if (!status && !respondents)
		status = CNV_NO_MEMORY;
	if (!status)
		status = taking_attribute(t, respondents, &ledger);
	if (!status)
		status = cnv_check(in->form->plan, in->batch, &world, t->name, in->form->language, &in->scratch,
		                   &findings);
	heard = t->heard_count;
	if (!status && !t->large)
		status = taking_compare(t, respondents);
	t->heard_count = heard; /* what is blank now is told of this import, and is no finding */
	if (!status)
		status = store_window(t, respondents);
	if (!status && in->annotate && !t->large)
		status = taking_keep_rows(t, respondents);
	if (!status && (t->failed || in->batch->failed))
		status = CNV_NO_MEMORY;
	cnv_batch_reset(in->batch);
	return status;
}

/* ---------------------------------------------------------------- one return */

static cnv_status on_full(void *self) { return taking_judge(self); }

cnv_status taking_begin(taking *t, bool large)
{
	cli_intake *in = t->intake;
	cnv_status status = cnv_store_begin(in->store, in->round, in->options->now, &t->diags);

	if (!status && large)
		status = cnv_store_expect_many(in->store, &t->diags);
	if (!status && in->keep && in->keep->given)
		status = cnv_store_keep_roster(in->store, in->keep->source, in->keep->bytes, &t->diags);
	if (!status && in->map && in->map->given)
		status = cnv_store_keep_map(in->store, in->map->source, in->map->bytes, &t->diags);
	return status;
}

/* A file's own digest. */
static void digest(cnv_str bytes, uint8_t sha256[32])
{
	cnv_digest sum;

	cnv_digest_init(&sum, CNV_SHA256);
	cnv_digest_add(&sum, bytes.at, bytes.len);
	cnv_digest_end(&sum, sha256);
}

static cnv_status put_original(taking *t, cnv_str name, cnv_str bytes)
{
	cnv_original original = { .name = name, .size = bytes.len, .bytes = bytes };

	digest(bytes, original.sha256);
	return cnv_store_put_original(t->intake->store, &original, &t->diags);
}

static cnv_status put_besides(taking *t)
{
	const cnv_form_file *form = t->intake->form;
	cnv_status status = CNV_OK;

	for (uint32_t i = 0; i < form->beside_count && !status; i++)
		status = cnv_store_put_beside(t->intake->store, &form->besides[i], &t->diags);
	return status;
}

cnv_status taking_put_file(taking *t, const cnv_store_file *file)
{
	cnv_store *store = t->intake->store;
	cnv_status status = cnv_store_put_file(store, file, &t->diags);

	if (!status)
		status = put_besides(t);
	if (!status && !t->large)
		status = put_original(t, t->name, t->bytes);
	for (uint32_t i = 0; i < t->companion_count && !status; i++)
		status = put_original(t, t->companions[i].name, t->companions[i].bytes);
	return status;
}

/* Rolls back and keeps the file, whole, with the reason. */
static cnv_status quarantine(taking *t, cnv_store_file *file, bool known)
{
	cli_intake *in = t->intake;
	cnv_store_counts counts;
	cnv_status status;

	cnv_store_rollback(in->store);
	if (known)
		return CNV_OK;
	status = taking_begin(t, false);
	if (!status)
		status = taking_put_file(t, file);
	if (!status && t->keeping)
		status = taking_keep_large(t, file);
	if (!status)
		status = cnv_store_quarantine(in->store, &t->why, (cnv_str){ 0 }, &t->diags);
	if (!status)
		status = cnv_store_commit(in->store, &counts, &t->diags);
	if (status)
		cnv_store_rollback(in->store);
	return status;
}

static cli_taken taken_in(taking *t, cli_taken taken)
{
	cli_intake *in = t->intake;

	in->files++;
	switch (taken) {
	case CLI_ACCEPTED:
		in->files_accepted++;
		break;
	case CLI_ALREADY:
		in->files_already++;
		break;
	case CLI_QUARANTINED:
		in->files_quarantined++;
		break;
	case CLI_FAILED:
		in->files_failed++;
		break;
	}
	return taken;
}

/* How its numbers and dates were read stands behind its encoding. */
static void put_conventions(taking *t)
{
	cnv_text words = { 0 };

	if (t->conventions_told)
		cnv_conventions_words(&t->conventions, &words);
	if (words.len) {
		cnv_text_put(&t->reading, t->reading.len ? CNV_STR("; ") : CNV_STR(""));
		cnv_text_put(&t->reading, cnv_text_str(&words));
	}
	cnv_text_fini(&words);
}

/* What was tried again is quarantined as before: nothing changes. */
static cli_exit still_quarantined(taking *t, cli_taken *taken)
{
	cli_intake *in = t->intake;

	cnv_store_rollback(in->store);
	in->responses.already += t->rows - t->quarantined;
	in->responses.quarantined += t->quarantined;
	*taken = taken_in(t, CLI_ALREADY);
	return t->quarantined ? CLI_ERRORS : CLI_DONE;
}

/* Of a file that is there already, only what is to be sent back was wanted. */
static cli_exit sent_back(taking *t, const cnv_store_file *file, cnv_status status, cli_taken *taken)
{
	cnv_store_rollback(t->intake->store);
	t->again = false;
	*taken = taken_in(t, CLI_ALREADY);
	if (!status)
		taking_annotate(t, file->sha256);
	return status == CNV_REJECTED ? CLI_DONE : cli_exit_for(status);
}

cli_exit taking_finish(taking *t, cnv_store_file *file, cnv_status status, bool known, uint64_t errors_before,
                       cli_taken *taken)
{
	cli_intake *in = t->intake;
	cnv_store_counts counts = { 0 };
	cli_exit code = CLI_DONE;

	put_conventions(t);
	taking_say_layout(t);
	file->reading = cnv_text_str(&t->reading);
	if (t->again)
		return sent_back(t, file, status, taken);
	if (!status && t->retried && !t->stored) {
		code = still_quarantined(t, taken);
		if (in->annotate)
			taking_annotate(t, file->sha256);
		return code;
	}
	if (!status)
		status = cnv_store_file_set(in->store, file, &t->diags);
	if (!status && t->stored)
		status = keep_heard(t, 0);
	if (!status)
		status = cnv_store_commit(in->store, &counts, &t->diags);
	if (!status) {
		*taken = taken_in(t, CLI_ACCEPTED);
		in->responses.fresh += counts.fresh;
		in->responses.revisions += counts.revisions;
		in->responses.already += counts.already;
		in->responses.quarantined += t->quarantined;
		code = in->errors > errors_before || t->quarantined ? CLI_ERRORS : CLI_DONE;
		if (in->annotate)
			taking_annotate(t, file->sha256);
	} else if (status == CNV_REJECTED) {
		status = quarantine(t, file, known);
		/* How many responses a wide file holds is not known when it cannot be read to its end. */
		if (!status && file->layout == CNV_LONG)
			in->responses.quarantined += t->quarantined;
		*taken = taken_in(t, status ? CLI_FAILED : CLI_QUARANTINED);
		code = status ? CLI_ACCESS : CLI_ERRORS;
	} else {
		cnv_store_rollback(in->store);
		if (status == CNV_NO_MEMORY)
			fputs("canvass: out of memory\n", stderr);
		*taken = taken_in(t, CLI_FAILED);
		code = cli_exit_for(status);
	}
	return code;
}

static cnv_status prepare(taking *t, cli_intake *intake, cnv_str name)
{
	*t = (taking){ .intake = intake, .name = name };
	t->diags = (cnv_diags){ .tell = taking_hear, .self = t };
	intake->file = name;
	cnv_text_reset(&intake->with);
	if (!intake->batch)
		intake->batch = cnv_batch_new(intake->form->form);
	if (!intake->batch)
		return CNV_NO_MEMORY;
	cnv_batch_reset(intake->batch);
	intake->batch->migration = NULL;
	return CNV_OK;
}

static void clear(taking *t)
{
	cnv_gather_free(t->gather);
	cnv_mem_free(t->findings);
	cnv_mem_free(t->changes);
	cnv_mem_free(t->heard);
	cnv_mem_free(t->changed);
	cnv_fills_fini(&t->fills);
	cnv_map_fini(&t->seen);
	cnv_arena_fini(&t->seen_codes);
	cnv_arena_fini(&t->arena);
	cnv_text_fini(&t->reading);
	taking_kept_free(t);
	cnv_keeping_free(t->keeping);
	cnv_mem_free(t->companions);
}

/* Has this file been accepted before?  Then it is counted, and nothing is changed. */
cnv_status taking_look_for(taking *t, const cnv_store_file *file, cnv_file_known *known, cli_taken *taken)
{
	cli_intake *in = t->intake;
	uint64_t responses = 0;
	cnv_status status = cnv_store_find_file(in->store, file->sha256, file->given, known, &responses, &t->diags);

	t->retried = !status && *known == CNV_FILE_PARTLY;
	if (!status && *known == CNV_FILE_ACCEPTED) {
		/* A roster that was asked for stands even so. */
		cnv_store_counts none;
		if (in->options->roster.len)
			status = cnv_store_commit(in->store, &none, &t->diags);
		else
			cnv_store_rollback(in->store);
		if (status)
			return status;
		in->responses.already += responses;
		if (in->annotate && !t->large)
			t->again = true;
		else
			*taken = taken_in(t, CLI_ALREADY);
	}
	return status;
}

cnv_store_file taking_file(const taking *t)
{
	const cli_options *options = t->intake->options;

	return (cnv_store_file){ .name = t->name,
		                 .given = options->respondent,
		                 .received = options->now,
		                 .program = CNV_STR(CNV_VERSION) };
}

/* What is there already is so with all its files: of several, the digest of their digests. */
static void digest_files(const taking *t, cnv_store_file *file)
{
	uint8_t sha256[32];
	cnv_digest sum;

	file->size = t->bytes.len;
	digest(t->bytes, file->sha256);
	if (!t->companion_count)
		return;
	cnv_digest_init(&sum, CNV_SHA256);
	cnv_digest_add(&sum, file->sha256, sizeof file->sha256);
	for (uint32_t i = 0; i < t->companion_count; i++) {
		file->size += t->companions[i].bytes.len;
		digest(t->companions[i].bytes, sha256);
		cnv_digest_add(&sum, sha256, sizeof sha256);
	}
	cnv_digest_end(&sum, file->sha256);
}

/* A file whose bytes are in memory: up to CNV_STORE_INLINE. */
static cli_exit take_bytes(taking *t, cnv_str bytes, cli_taken *taken)
{
	cli_intake *in = t->intake;
	cnv_store_file file = taking_file(t);
	cnv_file_known known = CNV_FILE_NEW;
	taking_reader reader = { .taking = t, .diags = &t->diags, .self = t, .full = on_full };
	uint64_t errors_before = in->errors;
	cnv_status status;

	t->bytes = bytes;
	t->gather = cnv_gather_new(in->form->form, in->batch, t->name, &t->diags);
	if (!t->gather) {
		*taken = taken_in(t, CLI_FAILED);
		fputs("canvass: out of memory\n", stderr);
		return CLI_ACCESS;
	}
	digest_files(t, &file);
	status = taking_begin(t, false);
	if (!status)
		status = taking_look_for(t, &file, &known, taken);
	if (!status && known == CNV_FILE_ACCEPTED && !t->again)
		return CLI_DONE;
	if (!status && !t->again)
		status = taking_put_file(t, &file);
	if (!status && t->alone)
		status = taking_refuse_alone(t);
	if (!status)
		status = taking_belongs(t, bytes);
	if (!status)
		status = taking_read_bytes(&reader, bytes);
	if (!status)
		status = cnv_gather_end(t->gather);
	file.layout = cnv_gather_layout(t->gather);
	t->whole = !t->rows;
	if (!status)
		status = taking_judge(t);
	return taking_finish(t, &file, status, known != CNV_FILE_NEW, errors_before, taken);
}

cli_exit cli_intake_file(cli_intake *intake, cnv_str name, cli_taken *taken)
{
	taking t;
	cnv_file *file = NULL;
	cnv_str bytes;
	cli_exit code = CLI_ACCESS;
	cnv_status status = prepare(&t, intake, name);

	*taken = CLI_FAILED;
	if (!status)
		status = cnv_file_open(&file, name, &t.diags);
	if (!status)
		status = taking_find_companions(&t);
	if (!status && intake->options->keep_blank && cnv_file_size(file) > CNV_STORE_INLINE) {
		cnv_diags_say(&t.diags, CNV_KEEP_BLANK_LARGE, (cnv_place){ .source = name }, (cnv_str){ 0 }, (cnv_str){ 0 },
		              CNV_STR("import it without --keep-blank, or in smaller files"),
		              "a file of this size is not compared with earlier answers");
		status = CNV_NO_ACCESS;
	}
	if (status) {
		taken_in(&t, CLI_FAILED);
	} else if (cnv_file_size(file) > CNV_STORE_INLINE) {
		code = taking_large(&t, file, taken);
	} else {
		status = cnv_file_load(name, CNV_STORE_INLINE, &t.arena, &bytes, &t.diags);
		if (!status)
			code = take_bytes(&t, bytes, taken);
		else
			taken_in(&t, CLI_FAILED);
	}
	cnv_file_close(file);
	clear(&t);
	return code;
}

cli_exit cli_intake_bytes(cli_intake *intake, cnv_str name, cnv_str bytes, cli_taken *taken)
{
	taking t;
	cli_exit code = CLI_ACCESS;
	cnv_status status = prepare(&t, intake, name);

	*taken = CLI_FAILED;
	if (!status)
		code = take_bytes(&t, bytes, taken);
	clear(&t);
	return code;
}

void cli_intake_fini(cli_intake *intake)
{
	taking_forget_older(intake);
	cnv_batch_free(intake->batch);
	cnv_batch_free(intake->earlier);
	cnv_arena_fini(&intake->scratch);
	if (intake->has_vocabulary)
		cnv_vocabulary_fini(&intake->vocabulary);
	intake->has_vocabulary = false;
	cnv_text_fini(&intake->with);
	cli_companions_fini(intake);
	intake->batch = NULL;
}
