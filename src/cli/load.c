/* The form, the roster, the store's name and the round, as given by the options: the start of most commands. */
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* Prints errors; `check` prints warnings too. */
static void print_errors(void *self, const cnv_diag *diag)
{
	if (diag->severity == CNV_ERROR)
		cli_print_diag(self, diag);
}

/* Are texts of the command in the language, so that the form need not have it? */
static bool speaks(const cli_options *options)
{
	return !strcmp(options->command->name, "report") && cnv_report_speaks(options->language);
}

cli_exit cli_form_language(cnv_form_file *form, const cli_options *options)
{
	const cnv_form *f = form->form;
	uint32_t otherwise = form->language;
	cnv_str wanted = options->language;

	if (!wanted.len)
		return CLI_DONE;
	form->language = cnv_form_language(f, wanted);
	if (form->language != CNV_NONE)
		return CLI_DONE;
	form->language = otherwise;
	if (speaks(options))
		return CLI_DONE;
	fputs("canvass: the form has no language \"", stderr);
	cli_put(stderr, wanted, false);
	fputs("\"; it has:", stderr);
	for (uint32_t i = 0; i < f->language_count; i++) {
		fputs(i ? ", " : " ", stderr);
		cli_put(stderr, f->languages[i].len ? f->languages[i] : CNV_STR("(unnamed)"), false);
	}
	fputc('\n', stderr);
	return CLI_USAGE;
}

cli_exit cli_form_use(cnv_form_file *form, const cli_options *options, cnv_str name)
{
	cnv_diags diags = { .emit = print_errors, .self = stderr };
	cnv_status status = cnv_form_file_load(form, name, false, &diags);

	if (status == CNV_NO_ACCESS)
		return CLI_ACCESS;
	if (status == CNV_NO_MEMORY)
		return cli_out_of_memory();
	if (status) {
		fprintf(stderr, "canvass: the form cannot be used: %" PRIu64 " %s\n  next: canvass check ",
			diags.errors, cnv_noun(diags.errors, "error", "errors"));
		cli_put_operand(stderr, name);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	return cli_form_language(form, options);
}

static void on_waiting(void *self, cnv_str store, uint32_t waited)
{
	(void)self;
	if (waited != 1 && waited % 10)
		return;
	fputs("canvass: waiting for ", stderr);
	cli_put(stderr, store, false);
	fprintf(stderr, ": another process is using it (%" PRIu32 " s)\n", waited);
}

cnv_patience cli_patience = { .seconds = CNV_STORE_PATIENCE, .waiting = on_waiting };

void cli_patience_read(void)
{
	const char *given = getenv("CANVASS_PATIENCE");
	int64_t seconds;

	if (given && cnv_integer_read(cnv_str_from(given), &seconds) && seconds >= 0 && seconds <= UINT32_MAX)
		cli_patience.seconds = (uint32_t)seconds;
	cli_patience.temporary = getenv("TMPDIR");
}

cnv_str cli_by(const cli_options *options)
{
	const char *name = getenv("LOGNAME");
	const struct passwd *entry = options->by.len || (name && *name) ? NULL : getpwuid(getuid());

	if (options->by.len)
		return options->by;
	if (entry)
		name = entry->pw_name;
	return name ? cnv_str_from(name) : (cnv_str){ 0 };
}

cnv_str cli_store_name(const cli_options *options, cnv_form_file *form)
{
	if (options->store.len)
		return options->store;
	return cnv_arena_format(&form->arena, "responses/%.*s.db",
				CNV_ARG(cnv_file_stem(form->form->id, &form->arena)));
}

cnv_str cli_round(const cli_options *options, const cnv_form_file *form, const cnv_store *store, cnv_arena *arena)
{
	cnv_str current = store ? cnv_store_round(store) : (cnv_str){ 0 };

	if (options->round.len)
		return options->round;
	if (current.len)
		return cnv_arena_copy(arena, current);
	if (form->form->round.len)
		return form->form->round;
	return cnv_arena_format(arena, "%04d", (int)cnv_day_date(cnv_instant_day(options->now)).year);
}

cli_exit cli_reject_existing(cnv_str name)
{
	fputs("canvass: ", stderr);
	cli_put(stderr, name, false);
	fputs(" already exists; nothing was written\n  hint: use --force to replace it\n", stderr);
	return CLI_USAGE;
}

void cli_begin_command(const char *command, const cnv_form_file *form, const cli_options *options)
{
	fprintf(stderr, "canvass %s ", command);
	cli_put_operand(stderr, form->name);
	if (options->store.len) {
		fputs(" --store ", stderr);
		cli_put_operand(stderr, options->store);
	}
	if (options->round.len) {
		fputs(" --round ", stderr);
		cli_put_operand(stderr, options->round);
	}
}

void cli_print_next(const char *command, const char *more, const cnv_form_file *form, const cli_options *options)
{
	fputs("  next: ", stderr);
	cli_begin_command(command, form, options);
	fprintf(stderr, "%s%s\n", *more ? " " : "", more);
}

void cli_print_empty(cnv_str round)
{
	fflush(stdout);
	fputs("canvass: no responses in round ", stderr);
	cli_put(stderr, round, false);
	fputs(" yet\n", stderr);
}

static void print_skipped(FILE *out, uint32_t count, const char *one, const char *many, bool *any)
{
	if (!count)
		return;
	fprintf(out, "%s%" PRIu32 " %s", *any ? ", " : "", count, cnv_noun(count, one, many));
	*any = true;
}

static void print_examples(FILE *out, const cnv_folder *folder)
{
	for (size_t i = 0; i < CNV_FOLDER_EXAMPLES && folder->examples[i].len; i++) {
		fputs(i ? ", " : " (", out);
		cli_put(out, folder->examples[i], false);
	}
	fputs(folder->system > CNV_FOLDER_EXAMPLES ? ", ...)" : ")", out);
}

void cli_print_folder(FILE *out, const cnv_folder *folder, cnv_str name)
{
	bool any = false;

	cli_put(out, name, false);
	fprintf(out, ": %" PRIu32 " %s", folder->count, cnv_noun(folder->count, "file", "files"));
	if (cnv_folder_passed(folder))
		fputs("; skipped: ", out);
	print_skipped(out, folder->hidden, "hidden file", "hidden files", &any);
	print_skipped(out, folder->locks, "lock file of an open document", "lock files of open documents", &any);
	print_skipped(out, folder->system, "system file", "system files", &any);
	if (folder->system)
		print_examples(out, folder);
	print_skipped(out, folder->folders, "folder", "folders", &any);
	print_skipped(out, folder->others, "entry that is not a file", "entries that are not files", &any);
	fputc('\n', out);
}

cli_exit cli_map_load(cnv_map_file *map, const cli_options *options, const cnv_form_file *form, cnv_store *store)
{
	cnv_diags diags = { .emit = print_errors, .self = stderr };
	cnv_status status = cnv_map_file_load(map, options->map, form->form, store, &diags);

	/* A map from the store may be for an older version of the form. */
	if (status == CNV_REJECTED) {
		fputs("canvass: the column map cannot be used; name another with --map, or use --map none\n", stderr);
		return CLI_USAGE;
	}
	return cli_exit_for(status);
}

cli_exit cli_roster_load(cnv_roster_file *roster, const cli_options *options, const cnv_form_file *form,
			 cnv_store *store)
{
	cnv_diags diags = { .emit = print_errors, .self = stderr };
	cnv_status status = cnv_roster_file_load(roster, options->roster, form->name, store, &diags);

	if (status == CNV_REJECTED) {
		fputs("canvass: the roster cannot be used\n", stderr);
		return CLI_USAGE;
	}
	return cli_exit_for(status);
}
