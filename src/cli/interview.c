/* An interview's answers.  After each answer the whole response is laid into a batch and judged
 * again: a form of hundreds of questions takes well under a millisecond, and skip logic, filters and
 * rules are then exactly those of an import. */
#include "interview.h"

#include <string.h>

static void on_finding(void *self, const cnv_finding *finding)
{
	interview *in = self;
	const interview_entry *entry = &in->entries[in->watched_entry];

	if (finding->question != in->watched || finding->table != entry->table || finding->row != entry->row)
		return;
	if (in->complaint.len)
		return;
	cnv_text_put(&in->complaint, finding->diag.message);
	if (finding->diag.hint.len)
		cnv_text_format(&in->complaint, "\n  hint: %.*s", CNV_ARG(finding->diag.hint));
}

/* Entries were made in the order they were met, parents first, so rows come out in rising parent order. */
static void lay(interview *in)
{
	cnv_batch_reset(in->batch);
	for (uint32_t table = 0; table < in->batch->table_count; table++) {
		for (uint32_t e = 0; e < in->entry_count; e++) {
			interview_entry *entry = &in->entries[e];
			if (entry->table != table)
				continue;
			entry->row = cnv_batch_row(in->batch, table, in->entries[entry->parent].row, 0);
			for (uint32_t a = 0; a < in->answer_count; a++) {
				const interview_answer *answer = &in->answers[a];
				if (answer->entry == e && answer->text.len)
					cnv_batch_put(in->batch, table, in->form->form->questions[answer->question].column,
					              answer->text, 0);
			}
		}
	}
}

static cnv_status judge(interview *in)
{
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { .tell = on_finding, .self = in };
	cnv_str source = CNV_STR("interview");
	cnv_status status;

	cnv_arena_reset(&in->scratch);
	cnv_text_reset(&in->complaint);
	lay(in);
	if (in->batch->failed)
		return CNV_NO_MEMORY;
	status = cnv_settle(in->batch, source, &ledger);
	if (!status)
		status = cnv_check(in->form->plan, in->batch, &in->world, source, in->form->language, &in->scratch, &findings);
	return status;
}

cnv_status interview_init(interview *in, const cnv_form_file *form, cnv_instant now)
{
	*in = (interview){ .form = form, .world = { .now = now, .seed = 1 }, .watched = CNV_NONE };
	in->batch = cnv_batch_new(form->form);
	if (!in->batch || interview_enter(in, 0, 0) == CNV_NONE)
		return CNV_NO_MEMORY;
	return judge(in);
}

void interview_fini(interview *in)
{
	cnv_batch_free(in->batch);
	cnv_mem_free(in->entries);
	cnv_mem_free(in->answers);
	cnv_arena_fini(&in->texts);
	cnv_arena_fini(&in->scratch);
	cnv_text_fini(&in->complaint);
}

uint32_t interview_enter(interview *in, uint32_t table, uint32_t parent)
{
	if (!cnv_mem_room((void **)&in->entries, &in->entry_room, in->entry_count + 1, sizeof *in->entries))
		return CNV_NONE;
	in->entries[in->entry_count] = (interview_entry){ .table = table, .parent = parent };
	in->entry_count++;
	if (in->entry_count > 1 && judge(in))
		return CNV_NONE;
	return in->entry_count - 1;
}

static interview_answer *find_answer(interview *in, uint32_t entry, cnv_question_id question)
{
	for (uint32_t i = 0; i < in->answer_count; i++)
		if (in->answers[i].entry == entry && in->answers[i].question == question)
			return &in->answers[i];
	if (!cnv_mem_room((void **)&in->answers, &in->answer_room, in->answer_count + 1, sizeof *in->answers))
		return NULL;
	in->answers[in->answer_count] = (interview_answer){ .entry = entry, .question = question };
	return &in->answers[in->answer_count++];
}

cnv_status interview_answer_set(interview *in, uint32_t entry, cnv_question_id question, cnv_str text)
{
	interview_answer *answer = find_answer(in, entry, question);

	if (!answer)
		return CNV_NO_MEMORY;
	answer->text = cnv_arena_copy(&in->texts, text);
	if (in->texts.failed)
		return CNV_NO_MEMORY;
	in->watched = question;
	in->watched_entry = entry;
	return judge(in);
}

cnv_verdict interview_verdict(const interview *in, uint32_t entry, cnv_question_id question)
{
	const interview_entry *e = &in->entries[entry];
	const cnv_column *column = &in->batch->tables[e->table].columns[in->form->form->questions[question].column];

	return (cnv_verdict)column->verdicts[e->row];
}

cnv_status interview_write(interview *in, cnv_text *csv)
{
	const cnv_form *form = in->form->form;

	cnv_arena_reset(&in->scratch);
	cnv_csv_put_head(csv);
	for (uint32_t i = 0; i < in->answer_count; i++) {
		const interview_answer *answer = &in->answers[i];
		const interview_entry *entry = &in->entries[answer->entry];
		const cnv_question *question = &form->questions[answer->question];
		if (!answer->text.len)
			continue;
		cnv_csv_put_answer(csv, &(cnv_csv_answer){
		                                .path = cnv_cell_path(in->batch, entry->table, entry->row,
		                                                      answer->question, &in->scratch),
		                                .number = question->qno,
		                                .label = cnv_question_title(form, question, in->form->language),
		                                .answer = answer->text });
	}
	return csv->failed || in->scratch.failed ? CNV_NO_MEMORY : CNV_OK;
}
