/* Invented returns as workbooks: the pack that distribute makes, filled in with one invented response.
 *
 * The response is copied to a batch of its own and judged once more, as the pack shows which questions are asked. */
#include "round/rehearse_book.h"

#include "canvass/packs.h"

cnv_status rehearse_book_open(rehearse_book *book)
{
	if (!book->batch)
		book->batch = cnv_batch_new(book->of->form->form);
	return book->batch && cnv_copier_open(&book->copier, book->window) ? CNV_OK : CNV_NO_MEMORY;
}

static cnv_status judge(rehearse_book *book)
{
	const cnv_form_file *form = book->of->form;
	cnv_findings findings = { 0 };
	cnv_status status = book->batch->failed ? CNV_NO_MEMORY : cnv_settle(book->batch, (cnv_str){ 0 }, NULL);

	return status ? status
		      : cnv_check(form->plan, book->batch, book->world, (cnv_str){ 0 }, form->language, &book->scratch,
				  &findings);
}

/* The first answer in the order of the form; CNV_NONE: there is none. */
static cnv_question_id first_answer(const cnv_batch *batch)
{
	const cnv_form *form = batch->form;

	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_question *question = &form->questions[id];
		const cnv_table *table = &batch->tables[question->table];

		if (question->role == CNV_ASKED && question->column != CNV_NONE && id != form->respondent &&
		    table->rows && cnv_bit(table->columns[question->column].answered, 0))
			return id;
	}
	return CNV_NONE;
}

cnv_status rehearse_book_write(rehearse_book *book, uint32_t row, cnv_str code, cnv_str name, cnv_str words,
			       cnv_str target)
{
	const cnv_rehearsal *of = book->of;
	const cnv_form *form = of->form->form;
	cnv_pack pack = { .form = form,
			  .language = of->form->language,
			  .code = code,
			  .name = name,
			  .contact = cnv_form_setting(form, "contact"),
			  .round = of->round,
			  .batch = book->batch,
			  .world = book->world };
	cnv_question_id first;
	cnv_status status;

	cnv_arena_reset(&book->scratch);
	cnv_batch_reset(book->batch);
	cnv_copier_response(&book->copier, book->batch, row);
	status = judge(book);
	first = status ? CNV_NONE : first_answer(book->batch);
	if (first != CNV_NONE)
		cnv_batch_remark(book->batch, form->questions[first].table, 0, first, words, 0);
	if (!status)
		status = cnv_pack_write(&pack, target, of->force, NULL, of->now, &book->scratch, book->diags);
	return status;
}

void rehearse_book_close(rehearse_book *book)
{
	cnv_copier_fini(&book->copier);
	cnv_batch_free(book->batch);
	cnv_arena_fini(&book->scratch);
	*book = (rehearse_book){ 0 };
}
