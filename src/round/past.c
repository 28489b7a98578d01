/* What one question was answered with, revision by revision.  The answers are those that are stored; nothing is judged
 * again. */
#include "canvass/history.h"

static void take_answers(cnv_past *past, const cnv_batch *batch, const cnv_named *named, uint32_t revision)
{
	const cnv_question *question = &batch->form->questions[named->question];
	const cnv_table *table = &batch->tables[question->table];
	const cnv_column *column = &table->columns[question->column];

	for (uint32_t row = 0; (row = cnv_named_row(named, batch, row)) != CNV_NONE; row++) {
		if (!cnv_arena_grow(&past->arena, (void **)&past->answers, past->count, &past->room,
				    sizeof *past->answers))
			return;
		past->answers[past->count++] = (cnv_past_answer){
			.revision = revision,
			.path = cnv_arena_copy(&past->arena, cnv_cell_path(batch, question->table, row, named->question,
									   &past->arena)),
			.value = cnv_arena_copy(&past->arena, cnv_cell_value(batch->form, column, row, &past->arena)),
			.verdict = (cnv_verdict)column->verdicts[row],
			.line = cnv_row_line(table, column, row),
		};
	}
}

cnv_status cnv_past_read(cnv_past *past, cnv_store *store, const cnv_form *form, cnv_str round, cnv_str respondent,
			 const cnv_named *named, cnv_diags *diags)
{
	cnv_batch *batch = cnv_batch_new(form);
	cnv_status status = batch ? CNV_OK : CNV_NO_MEMORY;
	cnv_reported reported;
	bool found;

	*past = (cnv_past){ 0 };
	if (!status)
		status = cnv_store_revisions(store, round, respondent, &past->arena, &past->revisions,
					     &past->revision_count, diags);
	for (uint32_t i = 0; i < past->revision_count && !status; i++) {
		cnv_batch_reset(batch);
		status = cnv_store_revision(store, round, past->revisions[i].id, batch, &reported, &found, diags);
		if (!status && found)
			take_answers(past, batch, named, i);
	}
	cnv_batch_free(batch);
	return !status && past->arena.failed ? CNV_NO_MEMORY : status;
}

void cnv_past_fini(cnv_past *past)
{
	cnv_arena_fini(&past->arena);
	*past = (cnv_past){ 0 };
}
