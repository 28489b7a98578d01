/* Can a store be derived from its originals?  Every original is imported again into a new store, in the original
 * order, with the form version, roster, column map and options that were kept with it, and with the time of receipt
 * as the current time.  Then the two stores are compared return by return.  Returns for which an older canvass did
 * not record enough are left out. */
#include "round/arrival.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "round/derive.h"

#define PIECE ((size_t)256 << 10)

typedef struct derivation {
	const derive *d;
	cnv_arena arena;  /* of one return */
	cnv_arena files;  /* names of the files written */
	cnv_str *written; /* to be removed afterwards */
	uint32_t written_count, written_room;
	/* of the form, as loaded last */
	uint32_t at; /* index in the forms; CNV_NONE: none */
	uint8_t besides[32];
	cnv_form_file form;
	cnv_store *store;
	uint32_t registered; /* forms so far */
	/* of the current return */
	cnv_roster_file roster;
	cnv_map_file map;
	cnv_intake_outcome outcome;
	bool damaged; /* its judging options cannot be read */
	/* which responses were withdrawn between the returns, or made to count again */
	const cnv_withdrawal *withdrawals;
	uint32_t withdrawal_count, withdrawn;
	cnv_arena acts;
} derivation;

static cnv_str in_folder(derivation *v, cnv_str name)
{
	name = cnv_str_slice(name, cnv_folder_of(name).len, name.len);
	return cnv_arena_format(&v->files, "%.*s/%.*s", CNV_ARG(v->d->folder), CNV_ARG(name));
}

static cnv_status note_written(derivation *v, cnv_str name)
{
	if (!name.len ||
	    !cnv_mem_room((void **)&v->written, &v->written_room, v->written_count + 1, sizeof *v->written))
		return CNV_NO_MEMORY;
	v->written[v->written_count++] = name;
	return CNV_OK;
}

static void remove_written(derivation *v, uint32_t from)
{
	for (uint32_t i = from; i < v->written_count; i++) {
		cnv_str name = cnv_arena_format(&v->files, "%.*s%c", CNV_ARG(v->written[i]), 0);
		if (name.len)
			unlink(name.at);
	}
	v->written_count = from;
}

/* Writes bytes to a file in the folder, under the last part of a name. */
static cnv_status write_bytes(derivation *v, cnv_str name, cnv_str bytes, cnv_str *written)
{
	cnv_status status;

	*written = in_folder(v, name);
	status = note_written(v, *written);
	return status ? status : cnv_file_save(*written, bytes, true, v->d->diags);
}

/* An original that is next to the store. */
static cnv_status write_kept(derivation *v, const cnv_original *original, cnv_str *written)
{
	cnv_output output = { 0 };
	int file = cnv_store_open_original(v->d->store, original->sha256);
	char *piece = cnv_arena_get(&v->arena, PIECE);
	ssize_t got = 1;
	cnv_status status = piece ? CNV_OK : CNV_NO_MEMORY;

	*written = in_folder(v, original->name);
	if (!status && file < 0)
		status = CNV_REJECTED; /* already reported when originals were checked */
	if (!status)
		status = note_written(v, *written);
	if (!status)
		status = cnv_output_open(&output, *written, true, v->d->diags);
	while (!status && got) {
		got = read(file, piece, PIECE);
		if (got < 0 && errno != EINTR)
			status = CNV_REJECTED;
		if (!status && got > 0)
			status = cnv_output_write(&output, (cnv_str){ piece, (size_t)got }, v->d->diags);
	}
	if (!status)
		status = cnv_output_commit(&output, v->d->diags);
	cnv_output_abandon(&output);
	if (file >= 0)
		close(file);
	return status;
}

/* ---------------------------------------------------------------- forms */

static void close_form(derivation *v)
{
	cnv_diags quiet = { 0 };

	cnv_store_close(v->store, &quiet);
	v->store = NULL;
	cnv_form_file_fini(&v->form);
	v->at = CNV_NONE;
}

/* Loads version `at` with its companion files as kept, and opens the derived store with it. */
static cnv_status open_form(derivation *v, uint32_t at, const cnv_original *besides, uint32_t count)
{
	const cnv_stored_form *stored = &v->d->forms[at];
	cnv_diags quiet = { 0 };
	uint32_t before = v->written_count;
	uint8_t sha256[32];
	cnv_digest sum;
	cnv_str name;
	cnv_status status = CNV_OK;

	cnv_digest_init(&sum, CNV_SHA256);
	for (uint32_t i = 0; i < count; i++)
		cnv_digest_add(&sum, besides[i].sha256, sizeof besides[i].sha256);
	cnv_digest_end(&sum, sha256);
	if (v->at == at && !memcmp(sha256, v->besides, sizeof sha256))
		return CNV_OK;
	close_form(v);
	for (uint32_t i = 0; i < count && !status; i++)
		status = write_bytes(v, besides[i].name, besides[i].bytes, &name);
	if (!status)
		status = write_bytes(v, stored->name, stored->bytes, &name);
	if (!status)
		status = cnv_form_file_load(&v->form, name, false, &quiet);
	remove_written(v, before);
	if (!status && !v->form.plan)
		status = CNV_REJECTED;
	if (!status)
		status = cnv_store_open(&v->store, v->d->derived, CNV_STORE_WRITE, v->form.form, v->form.bytes, NULL,
					v->d->diags);
	if (status)
		return status;
	v->at = at;
	memcpy(v->besides, sha256, sizeof sha256);
	return CNV_OK;
}

/* Registers the versions of the form that existed before this return, so that they get the same numbers. */
static cnv_status register_forms(derivation *v, uint32_t upto, const cnv_stored_return *from)
{
	cnv_store_counts counts;
	cnv_status status = CNV_OK;

	for (; v->registered <= upto && !status; v->registered++) {
		status = open_form(v, v->registered, NULL, 0);
		if (!status)
			status = cnv_store_begin(v->store, from->round, from->file.received, v->d->diags);
		if (!status)
			status = cnv_store_commit(v->store, &counts, v->d->diags);
	}
	return status;
}

/* ---------------------------------------------------------------- one return */

static void on_done(void *self, const cnv_intake_done *done)
{
	((derivation *)self)->outcome = done->outcome;
}

static cnv_status load_particulars(derivation *v, const cnv_stored_return *from)
{
	cnv_diags quiet = { 0 };
	cnv_str name;
	cnv_status status = CNV_OK;

	v->roster = (cnv_roster_file){ 0 };
	v->map = (cnv_map_file){ 0 };
	if (from->roster.len) {
		status = write_bytes(v, CNV_STR("roster-of-return"), from->roster, &name);
		if (!status)
			status = cnv_roster_file_load(&v->roster, name, v->form.name, NULL, &quiet);
	}
	if (from->map.len && !status) {
		status = write_bytes(v, CNV_STR("map-of-return"), from->map, &name);
		if (!status)
			status = cnv_map_file_load(&v->map, name, v->form.form, NULL, &quiet);
	}
	return status;
}

static cnv_status import_files(derivation *v, const cnv_stored_return *from, const cnv_original *originals,
			       uint32_t count)
{
	cnv_intake_listener listener = { .self = v, .done = on_done };
	cnv_intake_options options = { .round = from->round,
				       .program = from->file.program,
				       .now = from->file.received,
				       .respondent = from->file.given };
	cnv_intake *intake = NULL;
	cnv_str name;
	cnv_status status = CNV_OK;

	v->damaged = !options_read(&options, from->file.options, &v->arena);
	status = v->damaged ? CNV_REJECTED : load_particulars(v, from);
	options.roster = from->roster.len ? &v->roster : NULL;
	options.map = from->map.len ? &v->map : NULL;
	if (!status && !(intake = cnv_intake_new(&options, &v->form, v->store, &listener)))
		status = CNV_NO_MEMORY;
	for (uint32_t i = 0; i < count && !status; i++) {
		status = originals[i].bytes.len || !originals[i].size
				 ? write_bytes(v, originals[i].name, originals[i].bytes, &name)
				 : write_kept(v, &originals[i], &name);
		if (!status)
			status = cnv_intake_add(intake, name);
	}
	v->outcome = CNV_INTAKE_FAILED;
	if (!status)
		status = cnv_intake_run(intake);
	cnv_intake_free(intake);
	cnv_roster_file_fini(&v->roster);
	cnv_map_file_fini(&v->map);
	return status;
}

static uint32_t form_of(const derive *d, const cnv_stored_return *from)
{
	for (uint32_t i = 0; i < d->form_count; i++)
		if (!memcmp(d->forms[i].sha256, from->form, sizeof from->form))
			return i;
	return CNV_NONE;
}

/* CNV_REJECTED: the return cannot be derived. */
static cnv_status derive_return(derivation *v, const cnv_stored_return *from)
{
	const cnv_original *originals, *besides;
	uint32_t count, beside_count, form = form_of(v->d, from), before = v->written_count;
	cnv_status status = from->file.program.len && form != CNV_NONE ? CNV_OK : CNV_REJECTED;

	cnv_arena_reset(&v->arena);
	if (!status)
		status = register_forms(v, form, from);
	if (!status)
		status = cnv_store_originals(v->d->store, from->id, &v->arena, &originals, &count, v->d->diags);
	if (!status)
		status = cnv_store_besides(v->d->store, from->id, &v->arena, &besides, &beside_count, v->d->diags);
	if (!status)
		status = open_form(v, form, besides, beside_count);
	if (!status)
		status = import_files(v, from, originals, count);
	remove_written(v, before);
	if (!status && v->outcome != CNV_INTAKE_ACCEPTED && v->outcome != CNV_INTAKE_QUARANTINED)
		status = CNV_REJECTED;
	return status;
}

/* Does what a person did before this return: its revisions depend on it.  What concerns returns that cannot be derived
 * is rejected, which their comparison does not notice. */
static cnv_status withdraw_before(derivation *v, const cnv_stored_return *from)
{
	cnv_diags quiet = { 0 };
	cnv_status status = CNV_OK;

	for (; v->withdrawn < v->withdrawal_count && v->withdrawals[v->withdrawn].event < from->event && !status;
	     v->withdrawn++) {
		uint32_t before;

		if (v->store)
			status = cnv_store_withdraw(v->store, &v->withdrawals[v->withdrawn], &before, &quiet);
		if (status == CNV_REJECTED)
			status = CNV_OK;
	}
	return status;
}

cnv_status derive_all(const derive *d)
{
	derivation v = { .d = d, .at = CNV_NONE };
	int64_t last = 0;
	cnv_status status = cnv_store_withdrawals(d->store, &v.acts, &v.withdrawals, &v.withdrawal_count, d->diags);

	for (uint32_t i = 0; i < d->return_count && !status; i++) {
		v.damaged = false;
		status = withdraw_before(&v, &d->returns[i]);
		if (status)
			break;
		status = derive_return(&v, &d->returns[i]);
		/* The derived store counts its returns from 1, without gaps. */
		d->twins[i] = v.damaged ? -1 : status ? 0 : ++last;
		if (status == CNV_REJECTED)
			status = CNV_OK;
	}
	close_form(&v);
	remove_written(&v, 0);
	cnv_mem_free(v.written);
	cnv_arena_fini(&v.arena);
	cnv_arena_fini(&v.files);
	cnv_arena_fini(&v.acts);
	return status;
}
