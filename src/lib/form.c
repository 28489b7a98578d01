/* A form: read from a path or from memory, with the files that it reads. */
#include "lib/lib.h"

static cnv_status choose_language(cnv_form_file *file, cnv_str wanted, lib_call *call)
{
	if (!wanted.len)
		return CNV_OK;
	file->language = cnv_form_language(file->form, wanted);
	if (file->language != CNV_NONE)
		return CNV_OK;
	cnv_diags_emit(
		&call->diags,
		CNV_DIAG(.code = CNV_LANGUAGE_UNKNOWN, .place = (cnv_place){ .source = file->name }, .field = wanted),
		"the form has no language \"%.*s\"", CNV_ARG(wanted));
	return CNV_REJECTED;
}

static cnv_status load(canvass_form *form, const canvass_file *file, const canvass_form_options *options)
{
	cnv_form_given given = { .file = lib_attached(file), .count = (uint32_t)options->beside_count };
	cnv_str name = cnv_arena_copy(&form->names, given.file.name);
	cnv_attached *besides = cnv_arena_array(&form->names, options->beside_count, sizeof *besides);

	if (form->names.failed)
		return CNV_NO_MEMORY;
	for (size_t i = 0; i < options->beside_count; i++)
		besides[i] = lib_attached(&options->besides[i]);
	given.besides = besides;
	return cnv_checked_load_as(&form->checked, name, file->bytes ? &given : NULL, options->advise);
}

/* Hands on what was said of the form, and forgets it. */
static void report(cnv_checked *checked, canvass_findings *findings)
{
	for (uint32_t i = 0; i < checked->count; i++)
		lib_hear(findings, &checked->diags[i]);
	cnv_mem_free(checked->diags);
	checked->diags = NULL;
	checked->count = checked->room = 0;
	cnv_arena_fini(&checked->texts);
}

static cnv_status copy_names(canvass_form *form)
{
	const cnv_form *f = form->checked.form.form;

	form->id = lib_text(&form->names, f->id);
	form->version = lib_text(&form->names, f->version);
	form->title = lib_text(&form->names, f->title);
	form->questions = cnv_arena_array(&form->names, f->count, sizeof *form->questions);
	for (cnv_question_id id = 0; id < f->count && form->questions; id++)
		if (f->questions[id].role == CNV_ASKED)
			form->questions[form->count++] = lib_text(&form->names, f->questions[id].name);
	return form->names.failed ? CNV_NO_MEMORY : CNV_OK;
}

canvass_status canvass_form_open(canvass_form **out, canvass_context *context, const canvass_file *file,
				 const canvass_form_options *options, canvass_findings *findings)
{
	canvass_form_options own;
	canvass_status done;
	canvass_form *form;
	lib_call call;
	cnv_status status = CNV_NO_MEMORY;

	if (!out)
		return CANVASS_MISUSE;
	*out = NULL;
	if (!file || !lib_is_file(file) || !lib_read_sized(&own, sizeof own, options) || own.reserved ||
	    own.advise > 1 || (own.beside_count && (!file->bytes || !lib_are_files(own.besides, own.beside_count))))
		return CANVASS_MISUSE;
	for (size_t i = 0; i < own.beside_count; i++)
		if (!own.besides[i].bytes)
			return CANVASS_MISUSE;
	lib_enter(&call, context, findings);
	form = cnv_mem_get(sizeof *form);
	if (form) {
		*form = (canvass_form){ .context = context };
		status = load(form, file, &own);
		report(&form->checked, findings);
	}
	if (!status)
		status = choose_language(&form->checked.form, lib_str(own.language), &call);
	if (!status)
		status = copy_names(form);
	done = lib_leave(&call, status);
	if (done)
		canvass_form_free(form);
	else
		*out = form;
	return done;
}

void canvass_form_free(canvass_form *form)
{
	lib_call call;

	if (!form)
		return;
	lib_enter(&call, form->context, NULL);
	cnv_checked_fini(&form->checked);
	cnv_arena_fini(&form->names);
	cnv_mem_free(form);
	lib_leave(&call, CNV_OK);
}

/* ---------------------------------------------------------------- what it holds */

static const canvass_text nothing = { "", 0 };

canvass_text canvass_form_id(const canvass_form *form)
{
	return form ? form->id : nothing;
}

canvass_text canvass_form_version(const canvass_form *form)
{
	return form ? form->version : nothing;
}

canvass_text canvass_form_title(const canvass_form *form)
{
	return form ? form->title : nothing;
}

size_t canvass_form_count(const canvass_form *form)
{
	return form ? form->count : 0;
}

canvass_text canvass_form_question(const canvass_form *form, size_t index)
{
	return form && index < form->count ? form->questions[index] : nothing;
}
