/* A store: returns imported into it, and the workbook of a round written from it.
 *
 * Each call opens the store and closes it, as a command of the program does: between calls nothing is held that another
 * process would wait for. */
#include "lib/lib.h"

/* An open store, with the roster and the round that are meant. */
typedef struct opened {
	cnv_store *store;
	cnv_roster_file roster;
	cnv_str round;
	cnv_arena texts;
} opened;

static cnv_status load_roster(cnv_roster_file *roster, const canvass_file *given, cnv_store *store, cnv_diags *diags)
{
	cnv_str source, bytes;
	cnv_status status;

	if (given && !given->bytes)
		return cnv_roster_file_load(roster, cnv_str_from(given->name), (cnv_str){ 0 }, store, diags);
	if (given) {
		source = lib_attached(given).name;
		bytes = lib_attached(given).bytes;
	} else {
		status = cnv_store_roster(store, &source, &bytes, diags);
		if (status || !bytes.len)
			return status;
	}
	roster->source = cnv_arena_copy(&roster->arena, source);
	roster->bytes = cnv_arena_copy(&roster->arena, bytes);
	if (roster->arena.failed)
		return CNV_NO_MEMORY;
	roster->given = given;
	cnv_roster_init(&roster->roster, roster->source, &roster->arena);
	roster->there = true;
	return cnv_csv_roster(&roster->roster, roster->bytes, diags);
}

static cnv_status choose_round(opened *o, const char *given, const cnv_form *form, cnv_instant now)
{
	cnv_str current = cnv_store_round(o->store);

	if (given)
		o->round = cnv_str_from(given);
	else if (current.len)
		o->round = cnv_arena_copy(&o->texts, current);
	else if (form->round.len)
		o->round = form->round;
	else
		o->round = cnv_arena_format(&o->texts, "%04d", (int)cnv_day_date(cnv_instant_day(now)).year);
	return o->texts.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status open_store(opened *o, canvass_form *form, const char *path, cnv_store_mode mode,
			     const canvass_store_options *options, cnv_instant now, cnv_diags *diags)
{
	const cnv_form_file *file = &form->checked.form;
	const cnv_patience patience = { .seconds = options->wait_seconds };
	cnv_status status =
		cnv_store_open(&o->store, cnv_str_from(path), mode, file->form, file->bytes, &patience, diags);

	if (!status)
		status = choose_round(o, options->round, file->form, now);
	return status ? status : load_roster(&o->roster, options->roster, o->store, diags);
}

/* The status of closing counts where all went well before. */
static cnv_status close_store(opened *o, cnv_status status, cnv_diags *diags)
{
	cnv_diags silent = { 0 };
	cnv_status closed = cnv_store_close(o->store, status ? &silent : diags);

	cnv_roster_file_fini(&o->roster);
	cnv_arena_fini(&o->texts);
	return status ? status : closed;
}

/* What both calls ask for. */
static bool read_options(canvass_store_options *own, const canvass_store_options *options, const canvass_form *form,
			 const char *store, canvass_time now)
{
	return form && store && *store && lib_is_time(now) && lib_read_sized(own, sizeof *own, options) &&
	       own->strict <= 1 && own->keep_blank <= 1 && own->replace <= 1 && (!own->round || *own->round) &&
	       (!own->roster || lib_is_file(own->roster));
}

canvass_status canvass_import(canvass_form *form, const char *store, const canvass_file *files, size_t count,
			      canvass_time now, const canvass_store_options *options, canvass_findings *findings,
			      canvass_counts *counts)
{
	canvass_store_options own;
	canvass_counts counted = { 0 };
	cnv_intake_options how = { .program = cnv_str_from(canvass_version()) };
	opened o = { 0 };
	lib_call call;
	cnv_status status;

	if (!read_options(&own, options, form, store, now) || own.replace || !count || !lib_are_files(files, count) ||
	    (counts && !lib_is_sized(counts)) || !lib_read_as(&how, own.encoding, own.delimiter))
		return CANVASS_MISUSE;
	how.now = lib_instant(now);
	how.store_name = cnv_str_from(store);
	how.respondent = lib_str(own.respondent);
	how.strict = own.strict;
	how.keep_blank = own.keep_blank;
	how.roster = &o.roster;
	lib_enter(&call, form->context, findings);
	status = open_store(&o, form, store, CNV_STORE_WRITE, &own, how.now, &call.diags);
	how.round = o.round;
	if (!status)
		status = lib_run(&how, form, o.store, files, count, &call, &counted);
	status = close_store(&o, status, &call.diags);
	if (counts)
		lib_write_sized(counts, &counted, sizeof counted);
	return lib_leave_stored(&call, status);
}

canvass_status canvass_workbook_write(canvass_form *form, const char *store, const char *workbook, canvass_time now,
				      const canvass_store_options *options, canvass_findings *findings)
{
	canvass_store_options own;
	cnv_standings standings = { 0 };
	opened o = { 0 };
	cnv_instant at = lib_instant(now);
	lib_call call;
	cnv_status status;

	if (!read_options(&own, options, form, store, now) || !workbook || !*workbook || own.respondent ||
	    own.encoding || own.delimiter || own.strict || own.keep_blank)
		return CANVASS_MISUSE;
	const cnv_input inputs[] = { { cnv_str_from(store), "store" },
				     { form->checked.form.detached ? (cnv_str){ 0 } : form->checked.form.name,
				       "form" } };
	lib_enter(&call, form->context, findings);
	status = open_store(&o, form, store, CNV_STORE_READ, &own, at, &call.diags);
	if (!status)
		status = cnv_output_apart(cnv_str_from(workbook), inputs, 2, &call.diags);
	if (!status)
		status = cnv_standings_read(&standings, o.store, form->checked.form.form,
					    o.roster.there ? &o.roster.roster : NULL, o.round, at, CNV_AUDIENCE_MEMBERS,
					    false, &call.diags);
	if (!status)
		status = cnv_comparison_write(&(cnv_comparison){ .standings = &standings,
								 .store = o.store,
								 .language = form->checked.form.language,
								 .now = at,
								 .force = own.replace,
								 .roster = o.roster.bytes },
					      cnv_str_from(workbook), &call.diags);
	cnv_standings_fini(&standings);
	return lib_leave_stored(&call, close_store(&o, status, &call.diags));
}
