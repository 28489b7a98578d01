/* Copies responses from one batch to another, unsettled: texts, entries and remarks.
 *
 * Rows are copied in rising order. Entries of one response are contiguous and rise with it, so every row is visited
 * once, however many responses there are.
 */
#include "canvass/data.h"

bool cnv_copier_open(cnv_copier *c, const cnv_batch *from)
{
	*c = (cnv_copier){ .from = from };
	c->next = cnv_arena_array(&c->arena, from->table_count, sizeof *c->next);
	c->first = cnv_arena_array(&c->arena, from->table_count, sizeof *c->first);
	c->into = cnv_arena_array(&c->arena, from->table_count, sizeof *c->into);
	c->remarks = cnv_arena_array(&c->arena, (size_t)from->tables[0].rows + 1, sizeof *c->remarks);
	c->follow = cnv_arena_array(&c->arena, (size_t)from->remark_count + 1, sizeof *c->follow);
	if (c->arena.failed)
		return false;
	for (uint32_t row = 0; row < from->tables[0].rows; row++)
		c->remarks[row] = CNV_NONE;
	for (uint32_t i = from->remark_count; i-- > 0;) {
		const cnv_remark *remark = &from->remarks[i];
		uint32_t row = remark->table ? cnv_batch_owner(from, remark->table, remark->row, 0) : remark->row;
		c->follow[i] = c->remarks[row];
		c->remarks[row] = i;
	}
	return true;
}

/* Copies the answers of one row into a new row of its table.  Calculations are omitted: they are calculated again. */
static void copy_row(const cnv_copier *c, cnv_batch *to, uint32_t index, uint32_t row, uint32_t parent)
{
	const cnv_table *table = &c->from->tables[index];
	uint32_t into = cnv_batch_row(to, index, parent, table->lines[row]);

	for (uint32_t i = 0; i < table->count && into != CNV_NONE && !to->failed; i++) {
		const cnv_column *column = &table->columns[i];
		cnv_str text = cnv_column_text(column, row);
		if (c->from->form->questions[column->question].role != CNV_ASKED || !text.len)
			continue;
		cnv_batch_put(to, index, i, text, cnv_row_line(table, column, row));
		if (column->verdicts[row] == CNV_DUPLICATE && !to->failed)
			to->tables[index].columns[i].verdicts[into] = CNV_DUPLICATE;
	}
}

uint32_t cnv_copier_response(cnv_copier *c, cnv_batch *to, uint32_t row)
{
	const cnv_batch *from = c->from;
	uint32_t entries = 0;

	c->first[0] = row;
	c->into[0] = to->tables[0].rows;
	copy_row(c, to, 0, row, 0);
	if (!to->failed)
		to->seeds[c->into[0]] = from->seeds[row];
	for (uint32_t t = 1; t < from->table_count && !to->failed; t++) {
		const cnv_table *table = &from->tables[t];
		uint32_t above = from->form->tables[t].parent, *next = &c->next[t];

		while (*next < table->rows && cnv_batch_owner(from, t, *next, 0) < row)
			++*next;
		c->first[t] = *next;
		c->into[t] = to->tables[t].rows;
		for (; *next < table->rows && cnv_batch_owner(from, t, *next, 0) == row && !to->failed; ++*next) {
			copy_row(c, to, t, *next, c->into[above] + table->parents[*next] - c->first[above]);
			entries++;
		}
	}
	for (uint32_t i = c->remarks[row]; i != CNV_NONE && !to->failed; i = c->follow[i]) {
		const cnv_remark *remark = &from->remarks[i];
		cnv_batch_remark(to, remark->table, c->into[remark->table] + remark->row - c->first[remark->table],
				 remark->question, remark->text, remark->line);
	}
	return entries;
}

void cnv_copier_fini(cnv_copier *c)
{
	cnv_arena_fini(&c->arena);
}
