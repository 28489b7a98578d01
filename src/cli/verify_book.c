/* verify of a workbook: whether it is as canvass wrote it, and whether the store still says the same. */
#include "cli/verify.h"

#include <inttypes.h>

#define BOOK_LIMIT ((size_t)256 << 20) /* bytes */

void cli_on_difference(void *self, const cnv_diag *diag)
{
	cli_json *json = self;

	if (json)
		cli_json_diag(json, NULL, diag);
	else
		cli_print_diag(stdout, diag);
}

/* How the workbook and the store agree. */
static const char *outcome(const cnv_book_found *found)
{
	if (!found->compared)
		return "not compared";
	if (!found->same)
		return "differs";
	return found->grown ? "changed since" : "the same";
}

static void print_text(const cli_options *options, const cnv_book_found *found)
{
	const cnv_manifest *m = &found->manifest;
	char now[CNV_INSTANT_ROOM];

	if (!m->sheets)
		return;
	cli_put(stdout, options->operands[0], false);
	fputs(": round ", stdout);
	cli_put(stdout, m->round, false);
	printf(", as at %.*s, audience: %s, ", (int)cnv_instant_write(m->now, now), now,
	       cnv_audience_word(m->audience));
	fputs("made by canvass ", stdout);
	cli_put(stdout, m->program, false);
	printf("\n%" PRIu32 " %s, %s\n", m->count, cnv_noun(m->count, "sheet", "sheets"),
	       found->untouched ? "none changed" : "changed since they were written");
	if (options->store.len) {
		fputs("store ", stdout);
		cli_put(stdout, options->store, false);
		printf(": %s\n", outcome(found));
	}
}

static void print_json(cli_json *json, const cli_options *options, const cnv_book_found *found, const cnv_diags *diags)
{
	const cnv_manifest *m = &found->manifest;
	char now[CNV_INSTANT_ROOM];

	if (m->sheets) {
		cli_json_text(json, "program", m->program);
		cli_json_text(json, "form", m->form);
		cli_json_text(json, "round", m->round);
		cli_json_text(json, "as_at", (cnv_str){ now, cnv_instant_write(m->now, now) });
		cli_json_text(json, "audience", cnv_str_from(cnv_audience_word(m->audience)));
		cli_json_number(json, "sheets", m->count);
	}
	cli_json_boolean(json, "untouched", found->untouched);
	if (options->store.len)
		cli_json_text(json, "outcome", cnv_str_from(outcome(found)));
	cli_json_number(json, "differences", diags->errors);
	cli_json_number(json, "warnings", diags->warnings);
}

cli_exit cli_verify_book(const cli_options *options)
{
	cli_json json = { .out = stdout };
	cnv_diags faults = cli_diags_to(stderr);
	cnv_diags diags = { .emit = cli_on_difference, .self = options->json ? &json : NULL };
	cnv_book_check check = { .name = options->operands[0],
				 .store = options->store,
				 .roster = options->roster,
				 .patience = &cli_patience };
	cnv_book_found found = { 0 };
	cnv_arena arena = { 0 };
	cnv_status status = cnv_file_load(check.name, BOOK_LIMIT, &arena, &check.bytes, &faults);

	if (!status && options->json) {
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.verify-workbook/1"));
		cli_json_text(&json, "workbook", check.name);
		if (check.store.len)
			cli_json_text(&json, "store", check.store);
		cli_json_open(&json, "diagnostics", '[');
	}
	cli_exit code = cli_exit_for(status);
	if (!code) {
		status = cnv_book_verify(&check, &found, &diags);
		code = status == CNV_NO_ACCESS || status == CNV_NO_MEMORY              ? cli_exit_for(status)
		       : status || diags.errors || (options->strict && diags.warnings) ? CLI_ERRORS
										       : CLI_DONE;
		if (options->json) {
			cli_json_close(&json, ']');
			print_json(&json, options, &found, &diags);
			cli_json_close(&json, '}');
		} else {
			print_text(options, &found);
		}
	}
	cnv_book_found_fini(&found);
	cnv_arena_fini(&arena);
	return code;
}
