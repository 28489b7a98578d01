/* import: take in returned files, say what was found, and account for every one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

/* More findings than anybody reads on a screen; --jsonl and the workbook hold them all. */
enum { SHOWN = 200 };
/* What responses change: a screenful, or when nothing is stored as much as of findings. */
enum { SHOWN_CHANGES = 40, SHOWN_REHEARSED = 400, SHOWN_TEXT = 60 };

typedef struct talk {
	const cli_options *options;
	cli_json json;
	const cnv_form *form;
	uint64_t shown, hidden;
	uint64_t told_changes, untold_changes; /* lines */
	uint64_t uncompared;                   /* new revisions */
	/* --json: what the file's responses change, until its findings are closed */
	char *staged_text;
	size_t staged_len;
	cli_json staged;
	cnv_str file;
	uint32_t done, files; /* of those given */
	struct timespec begun, begun_all;
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

/* ---------------------------------------------------------------- what responses change */

static cnv_str number_of(const talk *t, cnv_question_id question)
{
	cnv_str number = t->form->questions[question].qno;
	return number.len ? number : t->form->questions[question].name;
}

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

/* Is there room for one more line of it? */
static bool has_room(talk *t)
{
	if (t->told_changes < (t->options->rehearse ? SHOWN_REHEARSED : SHOWN_CHANGES)) {
		t->told_changes++;
		return true;
	}
	t->untold_changes++;
	return false;
}

static void print_revised(talk *t, const cli_revised *revised)
{
	if (revised->fresh && !t->options->rehearse)
		return;
	if (!revised->fresh && !revised->compared) {
		t->uncompared++;
		return;
	}
	clear_progress(t);
	if (has_room(t)) {
		cli_put(stdout, t->file, false);
		fputs(": ", stdout);
		cli_put(stdout, revised->respondent, false);
		if (revised->fresh)
			printf(", new: %" PRIu32 " %s\n", revised->answers, cnv_noun(revised->answers, "answer", "answers"));
		else
			printf(", revision %" PRIu32 ": %" PRIu32 " %s%s\n", revised->revision, revised->count,
			       cnv_noun(revised->count, "answer changed", "answers changed"),
			       revised->remarks ? revised->count ? ", and its remarks" : ", but its remarks" : "");
	}
	for (uint32_t i = 0; i < revised->count; i++) {
		const cli_changed *changed = &revised->changed[i];
		cnv_str number = number_of(t, changed->question);
		if (!has_room(t))
			continue;
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
}

static void json_changed(const talk *t, cli_json *json, const cli_changed *changed)
{
	cli_json_text(json, "question", number_of(t, changed->question));
	cli_json_text(json, "path", changed->path);
	cli_json_text(json, "from", changed->from);
	cli_json_text(json, "to", changed->to);
	cli_json_text(json, "verdict", cnv_str_from(cnv_verdict_words(changed->verdict)));
}

static void json_response(cli_json *json, const cli_revised *revised)
{
	cli_json_text(json, "respondent", revised->respondent);
	cli_json_boolean(json, "new", revised->fresh);
	if (revised->fresh)
		cli_json_number(json, "answers", revised->answers);
	if (!revised->compared)
		return;
	cli_json_number(json, "revision", revised->revision);
	cli_json_number(json, "changed", revised->count);
	cli_json_number(json, "now_blank", revised->blank);
	cli_json_boolean(json, "remarks_changed", revised->remarks);
}

static void jsonl_revised(talk *t, const cli_revised *revised)
{
	cli_json_open(&t->json, NULL, '{');
	cli_json_text(&t->json, "type", CNV_STR("response"));
	cli_json_text(&t->json, "file", t->file);
	json_response(&t->json, revised);
	cli_json_close(&t->json, '}');
	for (uint32_t i = 0; i < revised->count; i++) {
		cli_json_open(&t->json, NULL, '{');
		cli_json_text(&t->json, "type", CNV_STR("changed"));
		cli_json_text(&t->json, "file", t->file);
		cli_json_text(&t->json, "respondent", revised->respondent);
		json_changed(t, &t->json, &revised->changed[i]);
		cli_json_close(&t->json, '}');
	}
}

/* The findings of the file are still open, so these wait beside. */
static void json_revised(talk *t, const cli_revised *revised)
{
	cli_json *json = &t->staged;

	if (!json->out && (json->out = open_memstream(&t->staged_text, &t->staged_len)) == NULL)
		return;
	if (!json->depth)
		cli_json_open(json, NULL, '[');
	cli_json_open(json, NULL, '{');
	json_response(json, revised);
	if (revised->count) {
		cli_json_open(json, "changes", '[');
		for (uint32_t i = 0; i < revised->count; i++) {
			cli_json_open(json, NULL, '{');
			json_changed(t, json, &revised->changed[i]);
			cli_json_close(json, '}');
		}
		cli_json_close(json, ']');
	}
	cli_json_close(json, '}');
}

static void on_revised(void *self, const cli_revised *revised)
{
	talk *t = self;

	if (t->options->jsonl)
		jsonl_revised(t, revised);
	else if (t->options->json)
		json_revised(t, revised);
	else
		print_revised(t, revised);
}

/* Puts what waits beside into the file's object. */
static void close_staged(talk *t)
{
	if (!t->staged.out)
		return;
	cli_json_close(&t->staged, ']');
	fclose(t->staged.out);
	t->staged = (cli_json){ 0 };
	if (t->staged_len)
		cli_json_raw(&t->json, "responses", (cnv_str){ t->staged_text, t->staged_len - 1 }); /* without its line end */
	free(t->staged_text);
	t->staged_text = NULL;
}

/* ---------------------------------------------------------------- progress */

/* Many files: how many are done, and when the rest will be. */
static void draw_files(talk *t)
{
	double seconds;

	if (!t->progress || t->files < 2 || (seconds = seconds_since(&t->begun_all)) < 1.0 || !t->done)
		return;
	double rate = (double)t->done / seconds;
	fprintf(stderr, "\r\033[K%" PRIu32 " of %" PRIu32 " files, %.0f files/s, %.0f s left", t->done, t->files, rate,
	        (double)(t->files - t->done) / rate);
	fflush(stderr);
	t->drawn = true;
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
		close_staged(t);
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
	if (in->annotate)
		cli_json_number(json, "annotated", cli_annotate_count(in->annotate));
}

static void print_totals(const talk *t, const cli_intake *in)
{
	const cnv_store_counts *r = &in->responses;
	uint64_t received = r->fresh + r->revisions + r->already + r->quarantined;

	if (t->untold_changes)
		printf("... and %" PRIu64 " more %s on what changed; --jsonl gives them all\n", t->untold_changes,
		       cnv_noun(t->untold_changes, "line", "lines"));
	if (t->uncompared)
		printf("%" PRIu64 " new %s not compared with what stood before\n", t->uncompared,
		       cnv_noun(t->uncompared, "revision was", "revisions were"));
	if (t->hidden)
		printf("... and %" PRIu64 " more %s; --jsonl gives them all\n", t->hidden,
		       cnv_noun(t->hidden, "finding", "findings"));
	if (in->changes)
		printf("%" PRIu64 " %s made to understand the answers; each is in the ledger (--jsonl shows them)\n", in->changes,
		       cnv_noun(in->changes, "change was", "changes were"));
	if (in->errors || in->warnings)
		printf("found: %" PRIu64 " %s, %" PRIu64 " %s\n", in->errors, cnv_noun(in->errors, "error", "errors"),
		       in->warnings, cnv_noun(in->warnings, "warning", "warnings"));
	printf("files: %" PRIu64 " received = %" PRIu64 " accepted + %" PRIu64 " already there + %" PRIu64 " quarantined",
	       in->files, in->files_accepted, in->files_already, in->files_quarantined);
	if (in->files_failed)
		printf(" + %" PRIu64 " not read", in->files_failed);
	printf("\nresponses: %" PRIu64 " = %" PRIu64 " new + %" PRIu64 " %s + %" PRIu64 " already there + %" PRIu64
	       " quarantined\n",
	       received, r->fresh, r->revisions, cnv_noun(r->revisions, "new revision", "new revisions"), r->already,
	       r->quarantined);
	if (in->annotate) {
		uint64_t count = cli_annotate_count(in->annotate);
		printf("%" PRIu64 " annotated %s in ", count, cnv_noun(count, "return", "returns"));
		cli_put(stdout, t->options->annotate, false);
		putchar('\n');
	}
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

static cli_exit take_file(cli_intake *in, talk *t, cnv_str name)
{
	cli_taken taken;
	cli_exit code;

	t->file = name;
	if (t->options->json) {
		cli_json_open(&t->json, NULL, '{');
		cli_json_text(&t->json, "file", name);
		cli_json_open(&t->json, "findings", '[');
	}
	clock_gettime(CLOCK_MONOTONIC, &t->begun);
	code = cli_intake_file(in, name, &taken);
	say_file(t, in, name, taken);
	t->done++;
	draw_files(t);
	return code;
}

/* The files given, those of folders among them by name. */
static cli_exit list_files(const cli_options *options, talk *t, cnv_arena *arena, cnv_str **files)
{
	cnv_diags diags = cli_diags_to(stderr);
	uint32_t room = 0;
	cli_exit code = CLI_DONE;

	for (uint32_t i = 1; i < options->operand_count; i++) {
		cnv_folder folder = { .names = &options->operands[i], .count = 1 };
		bool is_folder = cnv_is_folder(options->operands[i]);
		cnv_status status = is_folder ? cnv_folder_read(&folder, options->operands[i], arena, &diags) : CNV_OK;

		if (!status && !cnv_mem_room((void **)files, &room, t->files + folder.count, sizeof **files))
			status = CNV_NO_MEMORY;
		for (uint32_t k = 0; k < folder.count && !status; k++)
			(*files)[t->files++] = folder.names[k];
		if (is_folder && !status && (!folder.count || cnv_folder_passed(&folder)))
			cli_folder_say(stderr, &folder, options->operands[i]);
		if (is_folder)
			cnv_folder_fini(&folder);
		if (status == CNV_NO_MEMORY)
			fputs("canvass: out of memory\n", stderr);
		code = cli_worse(code, cli_exit_for(status));
	}
	return code;
}

static cli_exit take_files(cli_intake *in, talk *t, const cli_options *options)
{
	cnv_arena arena = { 0 };
	cnv_str *files = NULL;
	cli_exit code = list_files(options, t, &arena, &files);

	clock_gettime(CLOCK_MONOTONIC, &t->begun_all);
	if (cli_companions_sort(in, files, t->files)) {
		fputs("canvass: out of memory\n", stderr);
		code = CLI_ACCESS;
		t->files = 0;
	}
	for (uint32_t i = 0; i < t->files; i++)
		if (!cli_is_companion(in, i))
			code = cli_worse(code, take_file(in, t, files[i]));
	clear_progress(t);
	cnv_mem_free(files);
	cnv_arena_fini(&arena);
	return code;
}

/* Lines of the map that no file had a use for. */
static cli_exit tell_unused(const cnv_map_file *map)
{
	cnv_diags diags = cli_diags_to(stderr);

	cnv_column_map_tell_unused(map->map, &diags);
	return diags.errors ? CLI_ERRORS : CLI_DONE;
}

cli_exit cmd_import(const cli_options *options)
{
	cnv_diags diags = cli_diags_to(stderr);
	talk t = { .options = options, .json = { .out = stdout }, .progress = cli_is_terminal(stderr) };
	cnv_form_file form = { 0 };
	cnv_roster_file roster = { 0 };
	cnv_map_file map = { 0 };
	cli_intake in = { 0 };
	cnv_store *store = NULL;
	cli_exit code;
	cnv_status status;

	if (options->force && !options->annotate.len)
		return cli_usage(options, "--force goes with --annotate DIR");
	code = cli_form_use(&form, options, options->operands[0]);
	if (code)
		goto out;
	in.store_name = cli_store_name(options, &form);
	if (!options->store.len && !options->rehearse)
		cnv_folder_make_for(in.store_name);
	status = cnv_store_open(&store, in.store_name, options->rehearse ? CNV_STORE_REHEARSE : CNV_STORE_WRITE, form.form,
	                        form.bytes, &cli_patience, &diags);
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
		           .tell_revised = on_revised,
		           .tell_progress = on_progress };
	if (options->annotate.len && !(in.annotate = cli_annotate_new(options->annotate))) {
		fputs("canvass: out of memory\n", stderr);
		code = CLI_ACCESS;
		goto out;
	}
	if (options->json) {
		cli_json_open(&t.json, NULL, '{');
		cli_json_text(&t.json, "schema", CNV_STR("canvass.import/1"));
		cli_json_open(&t.json, "returns", '[');
	}
	t.form = form.form;
	code = take_files(&in, &t, options);
	if (in.annotate)
		code = cli_worse(code, cli_annotate_exit(in.annotate));
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
	cli_annotate_free(in.annotate);
	cli_intake_fini(&in);
	if (cnv_store_close(store, &diags) && code < CLI_ACCESS)
		code = CLI_ACCESS;
	cnv_roster_file_fini(&roster);
	cnv_map_file_fini(&map);
	cnv_form_file_fini(&form);
	return code;
}
