/* Pending cells: held while a record is read, composed at its end, and put into the batch. */
#include "gather/assemble.h"
#include "gather/layouts.h"
#include "gather/remark.h"

/* Bytes of a block of texts: those of a record, nearly always. */
#define BLOCK 512u

bool cnv_pending_block(cnv_pending *pending, size_t size)
{
	size_t bytes = size > BLOCK ? size : BLOCK;

	pending->at = cnv_arena_get(&pending->texts, bytes);
	pending->left = pending->at ? bytes : 0;
	pending->failed |= !pending->at;
	return pending->at != NULL;
}

void cnv_pending_hold(cnv_gather *gather, uint32_t at, cnv_str field)
{
	gather->columns[at].cell = gather->held.count;
	cnv_pending_add(&gather->held,
			(cnv_pending_cell){ .text = cnv_pending_copy(&gather->held, field), .column = at });
	gather->batch->failed |= gather->held.failed;
}

/* ---------------------------------------------------------------- the cells of a record */

/* Texts of "other" in the columns of one answer: those for a question of their own, or, as_notes, those without one. */
static void add_others(cnv_gather *gather, const cnv_assembly *assembly, bool as_notes)
{
	for (uint32_t at = assembly->first; at != CNV_NONE; at = gather->columns[at].piece_next) {
		cnv_question_id other = gather->columns[at].other;
		cnv_str text = (other == CNV_NONE) == as_notes ? cnv_assembled_other(gather, at) : (cnv_str){ 0 };

		if (text.len)
			cnv_pending_add(&gather->composed,
					(cnv_pending_cell){ .text = text,
							    .question = as_notes ? assembly->question : other,
							    .role = as_notes ? CNV_PATH_NOTE : CNV_PATH_ANSWER,
							    .column = at,
							    .entry = assembly->entry });
	}
}

/* The columns of the response, or of one entry. */
static void add_columns(cnv_gather *gather, uint32_t first)
{
	for (uint32_t at = first; at != CNV_NONE; at = gather->columns[at].next) {
		const cnv_wide_column *column = &gather->columns[at];
		cnv_str text = column->leads ? cnv_assembled_text(gather, column->assembly) : cnv_held_text(gather, at);

		if (text.len)
			cnv_pending_add(&gather->composed, (cnv_pending_cell){ .text = text,
									       .question = column->question,
									       .role = (uint8_t)column->role,
									       .column = at,
									       .entry = column->entry });
		if (column->leads)
			add_others(gather, &gather->assemblies[column->assembly], false);
	}
}

void cnv_pending_compose(cnv_gather *gather, uint32_t line)
{
	cnv_pending_reset(&gather->composed);
	if (gather->assembly_count)
		cnv_assemble(gather, line);
	add_columns(gather, gather->root_first);
	for (uint32_t i = 0; i < gather->assembly_count; i++)
		add_others(gather, &gather->assemblies[i], true);
	for (uint32_t i = 0; i < gather->entries.count; i++)
		add_columns(gather, gather->entries.at[i].columns);
	gather->batch->failed |= gather->composed.failed;
}

/* ---------------------------------------------------------------- into the batch */

void cnv_pending_put(cnv_gather *gather, const cnv_pending *pending, uint32_t first, uint32_t row)
{
	for (uint32_t i = first; i != CNV_NONE; i = pending->cells[i].next) {
		const cnv_pending_cell *cell = &pending->cells[i];
		cnv_column *column;

		if (cell->role != CNV_PATH_ANSWER)
			continue;
		column = cnv_answer_column(gather, cell->question);
		cnv_carry_put(gather->batch, column, cell->text, cell->line);
		if (cell->twice)
			column->verdicts[row] = CNV_DUPLICATE;
	}
}

/* Links the answers to their rows; returns the first of the response itself. */
static uint32_t link_answers(cnv_pending *pending, cnv_entries *entries)
{
	uint32_t root_first = CNV_NONE;

	for (uint32_t i = 0; i < entries->count; i++) {
		entries->at[i].first = CNV_NONE;
		entries->at[i].present = entries->at[i].declared;
	}
	for (uint32_t i = pending->count; i-- > 0;) {
		cnv_pending_cell *cell = &pending->cells[i];
		cnv_entry *entry = cell->entry == CNV_NONE ? NULL : &entries->at[cell->entry];
		uint32_t *first = entry ? &entry->first : &root_first;

		if (cell->role != CNV_PATH_ANSWER)
			continue;
		cell->next = *first;
		*first = i;
		if (entry && cell->text.len)
			entry->present = true;
	}
	cnv_entries_mark_present(entries);
	return root_first;
}

static void put_entry(cnv_gather *gather, const cnv_pending *pending, cnv_entry *entry)
{
	if (!cnv_entries_row(&gather->entries, entry, gather->batch, gather->row))
		return;
	for (uint32_t at = entry->columns; at != CNV_NONE; at = gather->columns[at].next)
		if (gather->columns[at].role == CNV_PATH_ANSWER)
			cnv_batch_source_column(gather->batch, entry->table,
						gather->form->questions[gather->columns[at].question].column, at + 1);
	cnv_pending_put(gather, pending, entry->first, entry->row);
}

void cnv_pending_lay(cnv_gather *gather, uint32_t line)
{
	cnv_pending *pending = &gather->composed;
	cnv_entries *entries = &gather->entries;

	cnv_pending_put(gather, pending, link_answers(pending, entries), gather->row);
	for (uint32_t i = 0; i < entries->count; i++) {
		cnv_entry *entry = &entries->at[entries->order[i]];

		if (line)
			entry->line = line;
		if (entry->present)
			put_entry(gather, pending, entry);
	}
	for (uint32_t i = 0; i < pending->count; i++) {
		const cnv_pending_cell *cell = &pending->cells[i];

		if (cell->role != CNV_PATH_ANSWER)
			cnv_gather_remark(gather, cell->question, cell->role, cell->entry,
					  gather->section->headings[cell->column], cell->text, line);
	}
}
