/* Reads the responses of a round in windows, releases them to the audience, and passes them to the writer of the export. */
#include "export/dataset.h"

static const export_writer *const writers[] = {
	[CNV_EXPORT_PACKAGE] = &export_package,
	[CNV_EXPORT_JSON_LINES] = &export_json_lines,
	[CNV_EXPORT_SPSS] = &export_spss,
	[CNV_EXPORT_STATA] = &export_stata,
};
_Static_assert(sizeof writers / sizeof *writers == CNV_EXPORT_KINDS, "a writer for each kind");

cnv_export_kind cnv_export_kind_of(cnv_str target)
{
	for (uint32_t kind = CNV_EXPORT_PACKAGE + 1; kind < CNV_EXPORT_KINDS; kind++)
		if (cnv_file_ends(target, writers[kind]->ending))
			return (cnv_export_kind)kind;
	return CNV_EXPORT_PACKAGE;
}

typedef struct reading {
	export_run *run;
	const export_writer *writer;
	void *self;
	cnv_batch *batch;
	cnv_reported *reported; /* of a window */
	cnv_arena scratch;
	cnv_text draft;
} reading;

static void count_rows(const reading *r, uint32_t responses)
{
	cnv_exported *exported = r->run->exported;
	uint32_t named = 0;

	for (uint32_t row = 0; row < responses; row++)
		named += r->reported[row].shown == CNV_SHOWN_NAMED;
	exported->responses += named;
	exported->withheld += responses - named;
	exported->remarks += r->batch->remark_count;
	for (uint32_t t = 1; t < r->run->data.count; t++)
		exported->entries += r->batch->tables[r->run->data.tables[t].table].rows;
}

typedef cnv_status taker(void *self, const window *w);

static cnv_status take_window(reading *r, uint32_t responses, taker *take)
{
	window w = { .data = &r->run->data,
		     .batch = r->batch,
		     .reported = r->reported,
		     .scratch = &r->scratch,
		     .draft = &r->draft };
	cnv_status status;

	cnv_arena_reset(&r->scratch);
	status = cnv_release_apply(r->batch, r->reported, r->run->export->audience, false, NULL, &r->scratch);
	if (status)
		return status;
	if (take == r->writer->add)
		count_rows(r, responses);
	status = take(r->self, &w);
	return !status && (r->scratch.failed || r->draft.failed) ? CNV_NO_MEMORY : status;
}

static cnv_status read_windows(reading *r, taker *take)
{
	const cnv_export *export = r->run->export;
	cnv_cursor *cursor;
	uint32_t count = 1;
	cnv_status status = cnv_store_read(&cursor, export->store, export->round, r->run->diags);

	while (!status && count) {
		cnv_batch_reset(r->batch);
		status = cnv_cursor_next(cursor, r->batch, r->reported, CNV_WINDOW_ROWS, &count, r->run->diags);
		if (!status && r->batch->failed)
			status = CNV_NO_MEMORY;
		if (!status && count)
			status = take_window(r, count, take);
	}
	cnv_cursor_close(cursor);
	return status;
}

static cnv_status run_writer(export_run *run)
{
	reading r = { .run = run,
		      .writer = run->export->sdmx.len ? &export_sdmx : writers[cnv_export_kind_of(run->target)],
		      .batch = cnv_batch_new(run->export->form),
		      .reported = cnv_mem_array(CNV_WINDOW_ROWS, sizeof *r.reported) };
	cnv_status status = r.batch && r.reported ? r.writer->begin(run, &r.self) : CNV_NO_MEMORY;

	if (!status && r.writer->measure)
		status = read_windows(&r, r.writer->measure);
	if (!status)
		status = read_windows(&r, r.writer->add);
	if (r.self) {
		cnv_status ended = r.writer->end(r.self, status != CNV_OK);

		status = status ? status : ended;
	}
	cnv_arena_fini(&r.scratch);
	cnv_text_fini(&r.draft);
	cnv_mem_free(r.reported);
	cnv_batch_free(r.batch);
	return status;
}

/* Answers to another version of the form are carried to this one, as for a report. */
cnv_status cnv_export_write(const cnv_export *export, cnv_str target, cnv_exported *exported, cnv_diags *diags)
{
	export_run run = { .export = export, .target = target, .exported = exported, .diags = diags };
	cnv_versions versions = { 0 };
	cnv_status status = cnv_versions_read(&versions, export->store, export->form, export->round, diags);

	*exported = (cnv_exported){ 0 };
	for (uint32_t i = 0; i < versions.count && !status; i++)
		cnv_store_carry(export->store, &versions.at[i].migration);
	if (!status)
		status = dataset_plan(&run.data, export);
	if (!status)
		status = run_writer(&run);
	dataset_fini(&run.data);
	cnv_arena_fini(&run.arena);
	cnv_versions_fini(&versions);
	return status;
}
