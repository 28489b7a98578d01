/* import: take in returned files, say what was found, and account for every one. */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

/* More findings than anybody reads on a screen; --jsonl and the workbook hold them all. */
enum { SHOWN = 200 };

typedef struct talk {
	const cli_options *options;
	cli_json json;
	uint64_t shown, hidden;
	struct timespec begun;
	bool progress, drawn;
} talk;

static double seconds_since(const struct timespec *begun)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - begun->tv_sec) + (double)(now.tv_nsec - begun->tv_nsec) / 1e9;
}

static void clear_progress(talk *t)
{
	if (t->drawn)
		fputs("\r\033[K", stderr);
	t->drawn = false;
}

static void on_diag(void *self, const cnv_diag *diag)
{
	talk *t = self;

	clear_progress(t);
	if (t->options->json || t->options->jsonl) {
		if (t->options->jsonl) {
			cli_json_open(&t->json, NULL, '{');
			cli_json_text(&t->json, "type", CNV_STR("finding"));
			cli_json_diag(&t->json, "finding", diag);
			cli_json_close(&t->json, '}');
		} else {
			cli_json_diag(&t->json, NULL, diag);
		}
	} else if (t->shown < SHOWN) {
		cli_print_diag(stdout, diag);
		t->shown++;
	} else {
		t->hidden++;
	}
}

static void on_change(void *self, const cnv_ledger_entry *entry)
{
	talk *t = self;

	if (!t->options->jsonl)
		return;
	cli_json_open(&t->json, NULL, '{');
	cli_json_text(&t->json, "type", CNV_STR("change"));
	cli_json_text(&t->json, "file", entry->place.source);
	cli_json_number(&t->json, "row", entry->place.row);
	cli_json_number(&t->json, "column", entry->place.column);
	cli_json_text(&t->json, "field", entry->path);
	cli_json_text(&t->json, "from", entry->from);
	cli_json_text(&t->json, "to", entry->to);
	cli_json_text(&t->json, "why", cnv_str_from(entry->why));
	cli_json_close(&t->json, '}');
}

static void on_progress(void *self, uint64_t bytes, uint64_t size)
{
	talk *t = self;
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

static const char *const taken_words[] = {
	[CLI_ACCEPTED] = "accepted",
	[CLI_ALREADY] = "already there",
	[CLI_QUARANTINED] = "quarantined",
	[CLI_FAILED] = "not read",
};

static void say_file(talk *t, const cli_intake *in, cnv_str name, cli_taken taken)
{
	clear_progress(t);
	if (t->options->jsonl) {
		cli_json_open(&t->json, NULL, '{');
		cli_json_text(&t->json, "type", CNV_STR("file"));
		cli_json_text(&t->json, "file", name);
		cli_json_text(&t->json, "outcome", cnv_str_from(taken_words[taken]));
		cli_json_close(&t->json, '}');
	} else if (t->options->json) {
		cli_json_close(&t->json, ']');
		cli_json_text(&t->json, "outcome", cnv_str_from(taken_words[taken]));
		cli_json_close(&t->json, '}');
	} else if (in->with.len && taken == CLI_ACCEPTED) {
		cli_put(stdout, name, false);
		fputs(": read with ", stdout);
		cli_put(stdout, cnv_text_str(&in->with), false);
		putchar('\n');
	} else if (taken == CLI_ALREADY || taken == CLI_QUARANTINED) {
		cli_put(stdout, name, false);
		printf(": %s\n", taken == CLI_ALREADY ? "already there, nothing changed" : "put into quarantine, not counted");
	}
}

static void json_totals(cli_json *json, const cli_intake *in, const cli_options *options)
{
	const cnv_store_counts *r = &in->responses;

	cli_json_text(json, "round", in->round);
	cli_json_boolean(json, "rehearsed", options->rehearse);
	cli_json_open(json, "files", '{');
	cli_json_number(json, "received", in->files);
	cli_json_number(json, "accepted", in->files_accepted);
	cli_json_number(json, "already_there", in->files_already);
	cli_json_number(json, "quarantined", in->files_quarantined);
	cli_json_number(json, "not_read", in->files_failed);
	cli_json_close(json, '}');
	cli_json_open(json, "responses", '{');
	cli_json_number(json, "received", r->fresh + r->revisions + r->already + r->quarantined);
	cli_json_number(json, "new", r->fresh);
	cli_json_number(json, "revisions", r->revisions);
	cli_json_number(json, "already_there", r->already);
	cli_json_number(json, "quarantined", r->quarantined);
	cli_json_close(json, '}');
	cli_json_number(json, "errors", in->errors);
	cli_json_number(json, "warnings", in->warnings);
	cli_json_number(json, "changes", in->changes);
}

static void print_totals(const talk *t, const cli_intake *in)
{
	const cnv_store_counts *r = &in->responses;
	uint64_t received = r->fresh + r->revisions + r->already + r->quarantined;

	if (t->hidden)
		printf("... and %" PRIu64 " more %s; --jsonl gives them all\n", t->hidden,
		       cli_plural(t->hidden, "finding", "findings"));
	if (in->changes)
		printf("%" PRIu64 " %s made to understand the answers; each is in the ledger (--jsonl shows them)\n", in->changes,
		       cli_plural(in->changes, "change was", "changes were"));
	if (in->errors || in->warnings)
		printf("found: %" PRIu64 " %s, %" PRIu64 " %s\n", in->errors, cli_plural(in->errors, "error", "errors"),
		       in->warnings, cli_plural(in->warnings, "warning", "warnings"));
	printf("files: %" PRIu64 " received = %" PRIu64 " accepted + %" PRIu64 " already there + %" PRIu64 " quarantined",
	       in->files, in->files_accepted, in->files_already, in->files_quarantined);
	if (in->files_failed)
		printf(" + %" PRIu64 " not read", in->files_failed);
	printf("\nresponses: %" PRIu64 " = %" PRIu64 " new + %" PRIu64 " %s + %" PRIu64 " already there + %" PRIu64
	       " quarantined\n",
	       received, r->fresh, r->revisions, cli_plural(r->revisions, "new revision", "new revisions"), r->already,
	       r->quarantined);
}

/* What changed, and the next command: talk, not data. */
static void say_next(const cli_intake *in, const cli_options *options)
{
	fflush(stdout);
	if (options->rehearse) {
		fputs("rehearsed: nothing was stored\n  next: the same without -n\n", stderr);
		return;
	}
	fputs(in->files_accepted || in->files_quarantined ? "stored in " : "nothing was changed in ", stderr);
	cli_put(stderr, in->store_name, false);
	fputs(", round ", stderr);
	cli_put(stderr, in->round, false);
	fputc('\n', stderr);
	cli_say_next("status", in->form, options);
}

static cli_exit take_files(cli_intake *in, talk *t, const cli_options *options)
{
	cli_exit code = CLI_DONE;

	if (cli_companions_sort(in, options->operands + 1, options->operand_count - 1)) {
		fputs("canvass: out of memory\n", stderr);
		return CLI_ACCESS;
	}
	for (uint32_t i = 1; i < options->operand_count; i++) {
		cli_taken taken;
		if (cli_is_companion(in, i - 1))
			continue;
		if (options->json) {
			cli_json_open(&t->json, NULL, '{');
			cli_json_text(&t->json, "file", options->operands[i]);
			cli_json_open(&t->json, "findings", '[');
		}
		clock_gettime(CLOCK_MONOTONIC, &t->begun);
		code = cli_worse(code, cli_intake_file(in, options->operands[i], &taken));
		say_file(t, in, options->operands[i], taken);
	}
	return code;
}

/* Lines of the map that no file had a use for. */
static cli_exit tell_unused(const cli_map *map)
{
	cnv_diags diags = cli_diags_to(stderr);

	cnv_column_map_tell_unused(map->map, &diags);
	return diags.errors ? CLI_ERRORS : CLI_DONE;
}

cli_exit cmd_import(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	talk t = { .options = options, .json = { .out = stdout }, .progress = cli_is_terminal(stderr) };
	cli_form form = { 0 };
	cli_roster roster = { 0 };
	cli_map map = { 0 };
	cli_intake in = { 0 };
	cnv_store *store = NULL;
	cli_exit code = cli_form_use(&form, options, options->operands[0]);
	cnv_status status;

	if (code)
		goto out;
	in.store_name = cli_store_name(options, &form);
	if (!options->store.len && !options->rehearse)
		cli_make_folder(in.store_name);
	status = cnv_store_open(&store, in.store_name, options->rehearse ? CNV_STORE_REHEARSE : CNV_STORE_WRITE, form.form,
	                        form.bytes, &diags);
	if (status) {
		code = CLI_ACCESS;
		goto out;
	}
	code = cli_roster_load(&roster, options, &form, store);
	if (!code)
		code = cli_map_load(&map, options, &form, store);
	if (code)
		goto out;
	in = (cli_intake){ .options = options,
		           .form = &form,
		           .roster = roster.there ? &roster.roster : NULL,
		           .keep = &roster,
		           .map = &map,
		           .store = store,
		           .store_name = in.store_name,
		           .round = cli_round(options, &form, store, &form.arena),
		           .self = &t,
		           .tell_diag = on_diag,
		           .tell_change = on_change,
		           .tell_progress = on_progress };
	if (options->json) {
		cli_json_open(&t.json, NULL, '{');
		cli_json_text(&t.json, "schema", CNV_STR("canvass.import/1"));
		cli_json_open(&t.json, "returns", '[');
	}
	code = take_files(&in, &t, options);
	if (map.map && map.given)
		code = cli_worse(code, tell_unused(&map));
	if (options->json) {
		cli_json_close(&t.json, ']');
		json_totals(&t.json, &in, options);
		cli_json_close(&t.json, '}');
	} else if (options->jsonl) {
		cli_json_open(&t.json, NULL, '{');
		cli_json_text(&t.json, "type", CNV_STR("totals"));
		json_totals(&t.json, &in, options);
		cli_json_close(&t.json, '}');
	} else {
		print_totals(&t, &in);
	}
	if (options->strict && code == CLI_DONE && in.warnings)
		code = CLI_ERRORS;
	say_next(&in, options);
out:
	cli_intake_fini(&in);
	if (cnv_store_close(store, &diags) && code < CLI_ACCESS)
		code = CLI_ACCESS;
	cli_roster_fini(&roster);
	cli_map_fini(&map);
	cli_form_fini(&form);
	return code;
}
