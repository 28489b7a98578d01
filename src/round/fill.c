/* --keep-blank: where a return is blank, the answers of the current response are kept.  Before the window is
 * settled, its rows are settled without diagnostics to find the respondents.  Then the earlier answers are copied
 * into the blanks, all are judged together, and answers that are no longer asked are removed again.  Every answer
 * that is kept is in the ledger. */
#include "round/arrival.h"

/* Loads the earlier response of each row into in->earlier; rows[r]: its row there, CNV_NONE: none. */
static cnv_status read_earlier(arrival *a, const cnv_str *respondents, uint32_t *rows, bool *any)
{
	cnv_intake *in = a->intake;
	cnv_status status = CNV_OK;

	*any = false;
	cnv_batch_reset(in->earlier);
	for (uint32_t row = 0; row < in->window->tables[0].rows && !status; row++) {
		cnv_reported reported;
		bool found = false;

		rows[row] = CNV_NONE;
		if (!respondents[row].len)
			continue;
		status = cnv_store_earlier(in->store, respondents[row], in->earlier, &reported, &found, &a->faults);
		if (!found)
			continue;
		rows[row] = in->earlier->tables[0].rows - 1;
		*any = true;
	}
	return status;
}

/* Fills the blanks in another batch; answers that are no longer asked are removed again. */
static cnv_status fill(arrival *a, const cnv_str *respondents, const uint32_t *rows, cnv_batch *filled)
{
	cnv_intake *in = a->intake;
	cnv_world world = { .now = in->options.now, .seed = 1 };
	cnv_findings quiet = { 0 };
	bool undue = false;
	cnv_status status = cnv_prefill_blanks(filled, in->window, in->earlier, rows, &a->fills);

	if (!status)
		status = settle_batch(a, filled, NULL);
	if (!status) {
		cnv_prefill_set(&a->fills, filled, in->earlier);
		owner_seed(a, filled, respondents);
	}
	if (!status)
		status = cnv_check(in->form->plan, filled, &world, a->name, in->form->language, &in->scratch, &quiet);
	if (!status)
		status = cnv_prefill_discard(&a->fills, filled, in->earlier, &in->scratch, &undue);
	if (!status)
		status = cnv_prefill_blanks(filled, in->window, in->earlier, rows, &a->fills);
	a->fills.discarded = NULL;
	return status;
}

cnv_status fill_blanks(arrival *a)
{
	cnv_intake *in = a->intake;
	uint32_t count = in->window->tables[0].rows;
	cnv_str *respondents = cnv_arena_array(&in->scratch, count, sizeof *respondents);
	uint32_t *rows = cnv_arena_array(&in->scratch, count, sizeof *rows);
	cnv_batch *filled = NULL;
	bool any = false;
	cnv_status status = respondents && rows ? settle_batch(a, in->window, NULL) : CNV_NO_MEMORY;

	a->fills.count = 0;
	if (!status) {
		owner_guess(a, respondents);
		status = read_earlier(a, respondents, rows, &any);
	}
	if (!status && any) {
		filled = cnv_batch_new(in->form->form);
		status = filled ? fill(a, respondents, rows, filled) : CNV_NO_MEMORY;
		if (!status) {
			filled->migration = in->window->migration;
			cnv_batch_swap(filled, in->window);
		}
	}
	cnv_batch_free(filled);
	return status;
}

void fill_tell(arrival *a, cnv_ledger *ledger)
{
	const cnv_batch *batch = a->intake->window;

	if (a->fills.count)
		cnv_prefill_set(&a->fills, a->intake->window, a->intake->earlier);
	for (uint32_t i = 0; i < a->fills.count; i++) {
		const cnv_prefill_cell *filled = &a->fills.at[i];
		const cnv_table *table = &batch->tables[filled->table];
		uint32_t at = batch->form->questions[filled->question].column;
		cnv_ledger_entry entry = { .table = filled->table, .row = filled->row, .question = filled->question };

		entry.place = cnv_batch_place(batch, filled->table, at, filled->row,
					      cnv_row_line(table, &table->columns[at], filled->row), a->name);
		entry.path = cnv_cell_path(batch, filled->table, filled->row, filled->question, &a->intake->scratch);
		entry.to = cnv_column_text(&table->columns[at], filled->row);
		entry.why = a->merged    ? "not changed by this return; the answer of a later revision is kept"
			    : a->partial ? "its sheet is missing; the earlier answer is kept"
					 : "left blank; the earlier answer is kept";
		ledger->count++;
		ledger->emit(ledger->self, &entry);
	}
}
