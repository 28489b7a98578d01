/* Why an answer is not asked, wrong or right: its rules, run again on the answers as they are stored. */
#include "canvass/history.h"

static cnv_status on_query(void *self, const cnv_query *query)
{
	cnv_why *why = self;

	if (query->state == CNV_QUERY_CLOSED || !cnv_str_equal(query->path, why->path) ||
	    !cnv_arena_grow(&why->arena, (void **)&why->findings, why->finding_count, &why->finding_room,
			    sizeof *why->findings))
		return CNV_OK;
	why->findings[why->finding_count++] = (cnv_why_finding){ .code = query->code,
								 .severity = query->severity,
								 .message = cnv_arena_copy(&why->arena, query->message),
								 .hint = cnv_arena_copy(&why->arena, query->hint) };
	return CNV_OK;
}

/* While a response is judged, expressions read each answer that is asked and understood, also one that breaks a rule; after
 * it was stored, only those that were accepted. */
static void restore_usable(cnv_batch *batch)
{
	for (uint32_t t = 0; t < batch->table_count; t++) {
		const cnv_table *table = &batch->tables[t];

		for (uint32_t k = 0; k < table->count; k++) {
			const cnv_column *column = &table->columns[k];

			for (uint32_t row = 0; row < table->rows; row++)
				if (cnv_bit(column->understood, row) &&
				    (column->verdicts[row] == CNV_AGAINST_CONSTRAINT ||
				     column->verdicts[row] == CNV_NOT_A_CHOICE ||
				     column->verdicts[row] == CNV_UNCHECKED))
					cnv_bit_set(column->usable, row);
		}
	}
}

/* The response that counts, read into the batch; *received: when it was. */
static cnv_status read_counting(cnv_why *why, cnv_store *store, cnv_str round, cnv_str respondent, cnv_batch *batch,
				cnv_instant *received, cnv_diags *diags)
{
	const cnv_revision *revisions;
	cnv_reported reported;
	uint32_t count;
	bool found;
	cnv_status status = cnv_store_revisions(store, round, respondent, &why->arena, &revisions, &count, diags);

	for (uint32_t i = 0; i < count && !status; i++) {
		if (!revisions[i].counts)
			continue;
		why->revision = revisions[i].number;
		*received = revisions[i].received;
		status = cnv_store_revision(store, round, revisions[i].id, batch, &reported, &found, diags);
	}
	return status;
}

static cnv_status explain(cnv_why *why, const cnv_form_file *form, const cnv_batch *batch, const cnv_named *named,
			  cnv_instant received)
{
	const cnv_question *question = &form->form->questions[named->question];
	const cnv_table *table = &batch->tables[question->table];
	const cnv_column *column = &table->columns[question->column];
	const cnv_world world = { .now = received, .seed = 1 };
	uint32_t row = cnv_named_row(named, batch, 0);

	why->there = row != CNV_NONE;
	if (!why->there)
		return CNV_OK;
	why->path =
		cnv_arena_copy(&why->arena, cnv_cell_path(batch, question->table, row, named->question, &why->arena));
	why->value = cnv_arena_copy(&why->arena, cnv_cell_value(form->form, column, row, &why->arena));
	why->verdict = (cnv_verdict)column->verdicts[row];
	why->line = cnv_row_line(table, column, row);
	return cnv_explain(&why->rules, form->plan, batch, named->question, row, &world, &why->arena);
}

cnv_status cnv_why_read(cnv_why *why, cnv_store *store, const cnv_form_file *form, cnv_str round, cnv_str respondent,
			const cnv_named *named, cnv_diags *diags)
{
	cnv_batch *batch = cnv_batch_new(form->form);
	cnv_instant received = { 0 };
	cnv_status status = batch ? CNV_OK : CNV_NO_MEMORY;

	*why = (cnv_why){ 0 };
	if (!status)
		status = read_counting(why, store, round, respondent, batch, &received, diags);
	if (!status && why->revision) {
		restore_usable(batch);
		status = explain(why, form, batch, named, received);
	}
	if (!status && why->there)
		status = cnv_store_queries(store, round, respondent, true, on_query, why, diags);
	cnv_batch_free(batch);
	return !status && why->arena.failed ? CNV_NO_MEMORY : status;
}

void cnv_why_fini(cnv_why *why)
{
	cnv_arena_fini(&why->arena);
	*why = (cnv_why){ 0 };
}
