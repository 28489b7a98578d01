/* An interview as a return: the response under way as a file in the long layout, which is imported like any other, and
 * kept as a draft until then; and a response read back from such a file. */
#include "canvass/interview.h"

/* ---------------------------------------------------------------- written */

typedef struct writing {
	const cnv_form_file *form;
	cnv_keying *keyings; /* NULL: the response was keyed once */
	cnv_text *csv;
} writing;

/* What both keyings had at a path; true: there are keyings. */
static bool find_keyed(const writing *w, cnv_str path, cnv_str keyed[CNV_KEYED_COLUMNS])
{
	for (uint32_t i = 0; w->keyings && i < CNV_KEYINGS; i++) {
		uint32_t at = cnv_map_find(&w->keyings[i].by_path, path);
		cnv_keyed *line = at == CNV_NONE ? NULL : &w->keyings[i].lines[at];

		keyed[2 * i] = line ? line->answer : (cnv_str){ 0 };
		keyed[2 * i + 1] = line ? line->note : (cnv_str){ 0 };
		if (line)
			line->written = true;
	}
	return w->keyings != NULL;
}

/* The line of a question, with what was keyed at its path. */
static void put_answer(const writing *w, cnv_question_id id, cnv_str path, cnv_str answer, cnv_str note)
{
	const cnv_question *question = &w->form->form->questions[id];
	cnv_str keyed[CNV_KEYED_COLUMNS];

	cnv_csv_put_answer(w->csv,
			   &(cnv_csv_answer){ .path = path,
					      .number = question->qno,
					      .label = cnv_question_title(w->form->form, question, w->form->language),
					      .answer = answer,
					      .note = note,
					      .keyed = find_keyed(w, path, keyed) ? keyed : NULL });
}

static void put_line(void *self, const cnv_session_line *line)
{
	const writing *w = self;

	if (line->question == CNV_NONE)
		cnv_csv_put_answer(w->csv, &(cnv_csv_answer){ .note = line->note });
	else
		put_answer(w, line->question, line->path, line->answer, line->note);
}

/* What was keyed and is not among the answers that were decided on. */
static void put_rest(const writing *w)
{
	for (uint32_t i = 0; w->keyings && i < CNV_KEYINGS; i++)
		for (uint32_t k = 0; k < w->keyings[i].count; k++) {
			const cnv_keyed *line = &w->keyings[i].lines[k];

			if (!line->written)
				put_answer(w, line->question, line->path, (cnv_str){ 0 }, (cnv_str){ 0 });
		}
}

/* A question of this name takes precedence. */
static void put_claim(const writing *w, const char *name, cnv_str value)
{
	cnv_csv_answer line = { .path = cnv_str_from(name), .answer = value };

	if (value.len && cnv_form_find(w->form->form, line.path) == CNV_NONE)
		cnv_csv_put_answer(w->csv, &line);
}

cnv_status cnv_interview_write(cnv_session *session, const cnv_form_file *form, const cnv_interview_claims *claims,
			       cnv_interview_lines lines, cnv_text *csv)
{
	writing w = { form, claims ? claims->keyings : NULL, csv };
	char digits[CNV_NUMBER_ROOM];
	cnv_status status;

	cnv_csv_put_head(csv, w.keyings ? CNV_CSV_KEYED : CNV_CSV_PLAIN);
	if (claims) {
		put_claim(&w, "form_id", form->form->id);
		put_claim(&w, "form_version", form->form->version);
		put_claim(&w, "round", claims->round);
		if (claims->revision)
			put_claim(&w, "corrects_revision",
				  (cnv_str){ digits, cnv_number_write((double)claims->revision, digits) });
	}
	status = lines == CNV_LINES_BLANK ? cnv_session_blank(session, put_line, &w)
					  : cnv_session_write(session, lines == CNV_LINES_DRAFT, put_line, &w);
	put_rest(&w);
	return status ? status : csv->failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- read */

static void on_field(void *self, cnv_str field)
{
	cnv_gather_field(self, field);
}
static cnv_status on_record(void *self, uint32_t line)
{
	return cnv_gather_record(self, line);
}

static cnv_status gather(cnv_batch *batch, const cnv_form *form, cnv_str name, cnv_str bytes, cnv_diags *diags)
{
	cnv_gather *gatherer = cnv_gather_new(form, batch, name, diags);
	cnv_csv_sink sink = { .self = gatherer, .field = on_field, .record = on_record };
	size_t shortages = cnv_mem_shortages();
	cnv_status status;

	if (!gatherer)
		return CNV_NO_MEMORY;
	status = cnv_csv_read(name, bytes, 0, (cnv_csv_limits){ 0 }, &sink, diags);
	if (!status)
		status = cnv_gather_end(gatherer);
	cnv_gather_free(gatherer);
	/* What was lost here may look like a defect of the file. */
	return batch->failed || cnv_mem_shortages() != shortages ? CNV_NO_MEMORY : status;
}

cnv_status cnv_interview_take(cnv_session *session, const cnv_form_file *form, const cnv_form_file *before,
			      cnv_str name, cnv_str bytes, cnv_diags *diags)
{
	cnv_batch *batch = cnv_batch_new(form->form);
	cnv_migration migration;
	cnv_arena arena = { 0 };
	cnv_status status = batch ? CNV_OK : CNV_NO_MEMORY;

	if (!status && before) {
		status = cnv_form_migrate(&migration, before->form, form->form, &arena);
		batch->migration = &migration;
	}
	if (!status)
		status = gather(batch, form->form, name, bytes, diags);
	if (!status && batch->tables[0].rows)
		status = cnv_session_take(session, batch, 0);
	cnv_batch_free(batch);
	cnv_arena_fini(&arena);
	return status;
}

cnv_status cnv_interview_resume(cnv_session *session, const cnv_form_file *form, const cnv_draft *draft,
				cnv_diags *diags)
{
	cnv_form_file before = { 0 };
	bool same = cnv_str_equal(draft->form, form->bytes);
	cnv_status status = CNV_OK;

	if (!same)
		status = cnv_form_file_read(&before, CNV_STR("draft"), draft->form, diags);
	if (!status)
		status =
			cnv_interview_take(session, form, same ? NULL : &before, CNV_STR("draft"), draft->bytes, diags);
	cnv_form_file_fini(&before);
	return status;
}

cnv_status cnv_interview_correct(cnv_session *session, const cnv_form_file *form, cnv_store *store, cnv_str round,
				 cnv_str respondent, uint32_t *revision, cnv_diags *diags)
{
	cnv_batch *batch = cnv_batch_new(form->form);
	cnv_arena arena = { 0 };
	const cnv_revision *revisions;
	cnv_reported reported;
	uint32_t count;
	bool found = false;
	cnv_status status = batch ? CNV_OK : CNV_NO_MEMORY;

	*revision = 0;
	if (!status)
		status = cnv_store_revisions(store, round, respondent, &arena, &revisions, &count, diags);
	for (uint32_t i = 0; !status && i < count; i++) {
		if (!revisions[i].counts)
			continue;
		*revision = revisions[i].number;
		status = cnv_store_revision(store, round, revisions[i].id, batch, &reported, &found, diags);
	}
	if (!status && found && session)
		status = cnv_session_take(session, batch, 0);
	cnv_batch_free(batch);
	cnv_arena_fini(&arena);
	return status;
}

cnv_attribution cnv_interview_owner(const cnv_session *session, cnv_str given, const cnv_roster *roster, cnv_str *code)
{
	return cnv_attribute(cnv_session_batch(session), 0, given, roster, CNV_STR("interview"), code, NULL);
}
