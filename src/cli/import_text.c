/* import: output as text, with findings, changes and an account of every file. */
#include <inttypes.h>

#include "cli/import.h"

/* Findings printed at most; --jsonl prints all. */
enum { SHOWN = 200 };
/* Lines about changes at most, also in a dry run; characters of one value. */
enum { SHOWN_CHANGES = 40, SHOWN_REHEARSED = 400, SHOWN_TEXT = 60 };

static double seconds_since(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
}

static void clear_progress(import_state *t)
{
	if (t->drawn)
		fputs("\r\033[K", stderr);
	t->drawn = false;
}

static void on_diag(void *self, const cnv_diag *diag)
{
	import_state *t = self;

	clear_progress(t);
	if (t->shown < SHOWN) {
		cli_print_diag(stdout, diag);
		t->shown++;
	} else {
		t->hidden++;
	}
}

/* ---------------------------------------------------------------- changes */

static void put_value(cnv_str value)
{
	const char *at = value.at, *end = value.len ? at + value.len : at;

	if (!value.len) {
		fputs("(blank)", stdout);
		return;
	}
	for (uint32_t i = 0; i < SHOWN_TEXT && at < end; i++)
		cnv_utf8_next(&at, end);
	cli_put(stdout, (cnv_str){ value.at, (size_t)(at - value.at) }, false);
	if (at < end)
		fputs("...", stdout);
}

/* Whether one more line about changes may be printed. */
static bool has_room(import_state *t)
{
	if (t->changes_shown < (t->options->rehearse ? SHOWN_REHEARSED : SHOWN_CHANGES)) {
		t->changes_shown++;
		return true;
	}
	t->changes_hidden++;
	return false;
}

static void print_heading(const import_state *t, const cnv_received *received)
{
	cli_put(stdout, t->file, false);
	fputs(": ", stdout);
	cli_put(stdout, received->respondent, false);
	if (received->fresh)
		printf(", new: %" PRIu32 " %s\n", received->answers, cnv_noun(received->answers, "answer", "answers"));
	else
		printf(", revision %" PRIu32 ": %" PRIu32 " %s%s\n", received->revision, received->count,
		       cnv_noun(received->count, "answer changed", "answers changed"),
		       received->remarks ? ", remarks changed" : "");
}

static void print_changed(const import_state *t, const cnv_changed *changed)
{
	cnv_str number = import_number(t, changed->question);

	fputs("  ", stdout);
	cli_put(stdout, number, false);
	if (!cnv_str_equal(number, changed->path)) {
		fputc(' ', stdout);
		cli_put(stdout, changed->path, false);
	}
	fputs(": ", stdout);
	put_value(changed->from);
	fputs(" -> ", stdout);
	put_value(changed->to);
	if (changed->to.len || changed->verdict == CNV_MISSING || changed->verdict == CNV_NOT_ASKED)
		printf(", %s", cnv_verdict_words(changed->verdict));
	fputc('\n', stdout);
}

static void on_response(void *self, const cnv_received *received)
{
	import_state *t = self;

	if (received->fresh ? !t->options->rehearse : !received->compared)
		return;
	t->compared += !received->fresh;
	clear_progress(t);
	if (has_room(t))
		print_heading(t, received);
	for (uint32_t i = 0; i < received->count; i++)
		if (has_room(t))
			print_changed(t, &received->changed[i]);
}

/* ---------------------------------------------------------------- progress */

/* Progress over many files. */
static void draw_files(import_state *t)
{
	uint32_t files = cnv_intake_count(t->intake);
	double seconds, rate;

	if (!t->progress || files < 2 || (seconds = seconds_since(&t->begun_all)) < 1.0 || !t->done)
		return;
	rate = (double)t->done / seconds;
	fprintf(stderr, "\r\033[K%" PRIu32 " of %" PRIu32 " files, %.0f files/s, %.0f s left", t->done, files, rate,
		(double)(files - t->done) / rate);
	fflush(stderr);
	t->drawn = true;
}

static void on_progress(void *self, uint64_t bytes, uint64_t size)
{
	import_state *t = self;
	double seconds, rate;

	if (!t->progress || (seconds = seconds_since(&t->begun)) < 1.0 || !bytes)
		return;
	rate = (double)bytes / seconds;
	fprintf(stderr, "\r\033[K%3.0f%% of %" PRIu64 " MB, %.0f MB/s, %.0f s left",
		100.0 * (double)bytes / (double)(size ? size : 1), size >> 20, rate / 1048576.0,
		size > bytes ? (double)(size - bytes) / rate : 0.0);
	fflush(stderr);
	t->drawn = true;
}

static void on_annotating(void *self, uint32_t done, uint32_t all)
{
	import_state *t = self;

	if (!t->progress || done % 16 || seconds_since(&t->begun) < 1.0)
		return;
	fprintf(stderr, "\r\033[Kannotated %" PRIu32 " of %" PRIu32, done, all);
	fflush(stderr);
	t->drawn = true;
}

/* ---------------------------------------------------------------- files */

static void on_file(void *self, cnv_str file)
{
	import_state *t = self;

	t->file = file;
	clock_gettime(CLOCK_MONOTONIC, &t->begun);
	if (!t->done)
		t->begun_all = t->begun;
}

/* "inbox/x.pdf: dismissed before, on 2026-12-01 by Rita: sent again as a workbook (item 3 of the quarantine)" */
static void print_dismissal(const cnv_intake_done *done)
{
	char day[CNV_DAY_ROOM];

	cnv_day_write(cnv_instant_day(done->dismissal.at), day);
	cli_put(stdout, done->file, false);
	printf(": dismissed before, on %s", day);
	if (done->dismissal.who.len) {
		fputs(" by ", stdout);
		cli_put(stdout, done->dismissal.who, false);
	}
	fputs(": ", stdout);
	cli_put(stdout, done->dismissal.reason, false);
	printf(" (item %lld of the quarantine)\n", (long long)done->dismissal.item);
}

static void on_done(void *self, const cnv_intake_done *done)
{
	import_state *t = self;

	clear_progress(t);
	if (done->with.len && done->outcome == CNV_INTAKE_ACCEPTED) {
		cli_put(stdout, done->file, false);
		fputs(": read with ", stdout);
		cli_put(stdout, done->with, false);
		putchar('\n');
	} else if (done->outcome == CNV_INTAKE_DISMISSED) {
		print_dismissal(done);
	} else if (done->outcome == CNV_INTAKE_ALREADY || done->outcome == CNV_INTAKE_QUARANTINED) {
		cli_put(stdout, done->file, false);
		printf(": %s\n", done->outcome == CNV_INTAKE_ALREADY ? "already imported; nothing changed"
				 : t->dismissed                      ? "still dismissed, not counted"
								     : "quarantined, not counted");
	}
	t->done++;
	draw_files(t);
}

static void on_folder(void *self, cnv_str name, const cnv_folder *folder)
{
	(void)self;
	if (!folder->count || cnv_folder_passed(folder))
		cli_print_folder(stderr, folder, name);
}

/* ---------------------------------------------------------------- the end */

static void begin(import_state *t)
{
	t->progress = cli_is_terminal(stderr);
}

static void print_hidden(const import_state *t, const cnv_intake_totals *totals)
{
	uint64_t uncompared = totals->responses.revisions > t->compared ? totals->responses.revisions - t->compared : 0;

	if (t->changes_hidden)
		printf("... and %" PRIu64 " more %s about changes; --jsonl prints all\n", t->changes_hidden,
		       cnv_noun(t->changes_hidden, "line", "lines"));
	if (uncompared)
		printf("%" PRIu64 " new %s not compared with the earlier answers\n", uncompared,
		       cnv_noun(uncompared, "revision was", "revisions were"));
	if (t->hidden)
		printf("... and %" PRIu64 " more %s; --jsonl prints all\n", t->hidden,
		       cnv_noun(t->hidden, "finding", "findings"));
}

static void print_account(const cnv_account *account)
{
	const uint64_t *as = account->as;

	printf("cells: %" PRIu64 " read = %" PRIu64 " %s + %" PRIu64 " %s + %" PRIu64 " identification + %" PRIu64
	       " of the form + %" PRIu64 " reported\n",
	       account->cells, as[CNV_AS_ANSWER], cnv_noun(as[CNV_AS_ANSWER], "answer", "answers"), as[CNV_AS_REMARK],
	       cnv_noun(as[CNV_AS_REMARK], "remark", "remarks"), as[CNV_AS_IDENTITY], as[CNV_AS_FORM],
	       as[CNV_AS_REPORTED]);
}

static void end(import_state *t, const cnv_intake_totals *totals)
{
	const cnv_store_counts *r = &totals->responses;
	uint64_t received = r->fresh + r->revisions + totals->blank + r->already + r->quarantined;

	clear_progress(t);
	print_hidden(t, totals);
	if (totals->changes)
		printf("%" PRIu64 " %s normalized (see the ledger; --jsonl prints them)\n", totals->changes,
		       cnv_noun(totals->changes, "value was", "values were"));
	if (totals->errors || totals->warnings)
		printf("found: %" PRIu64 " %s, %" PRIu64 " %s\n", totals->errors,
		       cnv_noun(totals->errors, "error", "errors"), totals->warnings,
		       cnv_noun(totals->warnings, "warning", "warnings"));
	printf("files: %" PRIu64 " received = %" PRIu64 " accepted + %" PRIu64 " already there + %" PRIu64
	       " quarantined",
	       totals->files, totals->accepted, totals->already, totals->quarantined);
	if (totals->failed)
		printf(" + %" PRIu64 " not read", totals->failed);
	printf("\nresponses: %" PRIu64 " = %" PRIu64 " new + %" PRIu64 " %s", received, r->fresh, r->revisions,
	       cnv_noun(r->revisions, "new revision", "new revisions"));
	if (totals->blank)
		printf(" + %" PRIu64 " blank", totals->blank);
	printf(" + %" PRIu64 " already there + %" PRIu64 " quarantined\n", r->already, r->quarantined);
	if (totals->account.cells)
		print_account(&totals->account);
	if (t->options->annotate.len) {
		printf("%" PRIu64 " annotated %s written to ", totals->annotated,
		       cnv_noun(totals->annotated, "return", "returns"));
		cli_put(stdout, t->options->annotate, false);
		putchar('\n');
	}
}

const import_format import_text = {
	.listener = { .file = on_file,
		      .diag = on_diag,
		      .response = on_response,
		      .progress = on_progress,
		      .annotating = on_annotating,
		      .done = on_done,
		      .folder = on_folder },
	.begin = begin,
	.end = end,
};
