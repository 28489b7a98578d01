/* verify: check that a store still holds what was imported into it, or that a workbook is what was made from it. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/verify.h"

static void print_count(const char *lead, uint64_t count, const char *one, const char *many)
{
	printf("%s%" PRIu64 " %s", lead, count, cnv_noun(count, one, many));
}

/* A copy of the digest of the last event proves all events before it. */
static void print_links(const cnv_verified *found)
{
	char hex[64];

	for (uint32_t i = 0; i < found->link_count; i++) {
		const cnv_verified_link *link = &found->links[i];

		fputs("round ", stdout);
		cli_put(stdout, link->round, false);
		printf(": %" PRIu32 " %s%s, the last is %.*s\n", link->number,
		       cnv_noun(link->number, "event", "events"), link->whole ? "" : ", changed",
		       CNV_ARG(cnv_hex_write(link->digest, 32, hex)));
	}
}

static void json_links(cli_json *json, const cnv_verified *found)
{
	char hex[64];

	cli_json_open(json, "events", '[');
	for (uint32_t i = 0; i < found->link_count; i++) {
		const cnv_verified_link *link = &found->links[i];

		cli_json_open(json, NULL, '{');
		cli_json_text(json, "round", link->round);
		cli_json_number(json, "count", link->number);
		cli_json_text(json, "last", cnv_hex_write(link->digest, 32, hex));
		cli_json_boolean(json, "unbroken", link->whole);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

static void print_summary(cnv_str store, const cnv_verified *found, const cnv_diags *diags, bool whole)
{
	cli_put(stdout, store, false);
	print_count(": ", found->returns, "return", "returns");
	if (found->quarantined)
		printf(" (%" PRIu64 " quarantined)", found->quarantined);
	print_count(", ", found->originals, "original", "originals");
	print_count(", ", found->responses, "response", "responses");
	putchar('\n');
	print_count("", found->derived, "return", "returns");
	fputs(" imported again", stdout);
	if (found->not_checked)
		printf(", %" PRIu64 " not checked", found->not_checked);
	putchar('\n');
	print_links(found);
	if (diags->errors)
		print_count("", diags->errors, "difference", "differences");
	else
		fputs("no differences", stdout);
	if (diags->warnings)
		print_count(", ", diags->warnings, "warning", "warnings");
	puts(whole ? "" : "; not everything was verified");
}

static void json_summary(cli_json *json, const cnv_verified *found, const cnv_diags *diags, bool whole)
{
	cli_json_number(json, "returns", found->returns);
	cli_json_number(json, "quarantined", found->quarantined);
	cli_json_number(json, "originals", found->originals);
	cli_json_number(json, "responses", found->responses);
	cli_json_number(json, "derived", found->derived);
	cli_json_number(json, "not_checked", found->not_checked);
	json_links(json, found);
	cli_json_number(json, "differences", diags->errors);
	cli_json_number(json, "warnings", diags->warnings);
	cli_json_boolean(json, "complete", whole);
}

/* Creates a private temporary folder; NULL: failed. */
static char *make_folder(cnv_text *name)
{
	const char *where = getenv("TMPDIR");

	cnv_text_format(name, "%s/canvass-verify-XXXXXX", where && *where ? where : "/tmp");
	cnv_text_put_char(name, 0);
	return name->failed ? NULL : mkdtemp(name->at);
}

static cli_exit verify_store(const cli_options *options)
{
	cli_json json = { .out = stdout };
	cnv_diags diags = { .emit = cli_on_difference, .self = options->json ? &json : NULL };
	cnv_str store = options->operands[0];
	cnv_verified found;
	cnv_text name = { 0 };
	const char *folder = make_folder(&name);
	cnv_status status;

	if (!folder) {
		fputs("canvass: cannot create a temporary folder; set TMPDIR\n", stderr);
		cnv_text_fini(&name);
		return CLI_ACCESS;
	}
	if (options->json) {
		cli_json_open(&json, NULL, '{');
		cli_json_text(&json, "schema", CNV_STR("canvass.verify/1"));
		cli_json_text(&json, "store", store);
		cli_json_open(&json, "diagnostics", '[');
	}
	status = cnv_verify(store, cnv_str_from(folder), cnv_str_from(cnv_version()), &cli_patience, &found, &diags);
	rmdir(folder);
	cnv_text_fini(&name);
	if (options->json) {
		cli_json_close(&json, ']');
		json_summary(&json, &found, &diags, !status);
		cli_json_close(&json, '}');
	} else if (status != CNV_NO_ACCESS && status != CNV_NO_MEMORY) {
		print_summary(store, &found, &diags, !status);
	}
	cnv_verified_fini(&found);
	if (status == CNV_NO_ACCESS || status == CNV_NO_MEMORY)
		return cli_exit_for(status);
	return status || diags.errors || (options->strict && diags.warnings) ? CLI_ERRORS : CLI_DONE;
}

/* A file that cannot be read is reported as a store. */
static bool is_book(cnv_str name)
{
	cnv_diags quiet = { 0 };
	cnv_file *file = NULL;
	char first[16];
	size_t len = 0;

	if (cnv_file_open(&file, name, &quiet))
		return false;
	bool read = !cnv_file_peek(file, 0, first, sizeof first, &len, &quiet);
	cnv_file_close(file);
	return read && cnv_xlsx_is((cnv_str){ first, len });
}

cli_exit cmd_verify(const cli_options *options)
{
	if (is_book(options->operands[0]))
		return cli_verify_book(options);
	if (options->store.len || options->roster.len)
		return cli_usage(options, "%s: only a workbook is compared with it",
				 options->store.len ? "--store" : "--roster");
	return verify_store(options);
}
