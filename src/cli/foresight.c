/* Looking through a whole file for the ways in which it writes numbers and dates, before its first one is read.
 *
 * Nearly every file is one window, or writes them as the form asks: only a longer one that does not is read
 * twice, and a large one only where its windows so far do not tell.  What is wrong with it is told by the reading
 * proper. */
#include "taking.h"

typedef struct foresight {
	cnv_batch *batch;
	cnv_conventions *conventions;
} foresight;

static cnv_status collect(void *self)
{
	foresight *f = self;
	cnv_status status = cnv_conventions_collect(f->conventions, f->batch);

	cnv_batch_reset(f->batch);
	return status;
}

static void on_progress(void *self, size_t bytes)
{
	(void)self;
	(void)bytes;
}

static cnv_status read_again(taking *t, taking_reader *reader)
{
	cnv_file *file = NULL;
	cnv_status status;

	if (!t->large)
		return taking_read_bytes(reader, t->bytes);
	status = cnv_file_open(&file, t->name, reader->diags);
	if (!status)
		status = taking_read_file(reader, file);
	cnv_file_close(file);
	return status;
}

cnv_status taking_look_through(void *self, cnv_conventions *conventions)
{
	taking *t = self;
	const cnv_form *form = t->intake->form->form;
	cnv_diags diags = { 0 };
	taking again = { .intake = t->intake,
			 .name = t->name,
			 .companions = t->companions,
			 .companion_count = t->companion_count };
	foresight f = { .conventions = conventions };
	taking_reader reader = {
		.taking = &again, .diags = &diags, .self = &f, .full = collect, .progress = on_progress
	};
	cnv_status status = CNV_NO_MEMORY;

	f.batch = cnv_batch_new(form);
	if (f.batch)
		f.batch->migration = t->intake->batch->migration;
	if (f.batch)
		again.gather = cnv_gather_new(form, f.batch, t->name, &diags);
	if (again.gather)
		status = read_again(t, &reader);
	if (!status)
		status = cnv_gather_end(again.gather);
	if (!status || status == CNV_REJECTED)
		status = collect(&f);
	cnv_gather_free(again.gather);
	cnv_arena_fini(&again.arena);
	cnv_text_fini(&again.reading);
	cnv_batch_free(f.batch);
	return status;
}
