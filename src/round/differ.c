/* Compares two responses answer by answer, and their entries by position. */
#include "round/differ.h"
#include "round/same.h"

enum { DEEPEST = 32 }; /* nested repeats: more than any real form has */

bool differ_compares(const cnv_form *form, cnv_question_id question)
{
	return form->questions[question].role == CNV_ASKED;
}

/* A cell of both; now or was is CNV_NONE where the entry does not exist. */
static void compare_cell(const differ *d, uint32_t table, uint32_t column, uint32_t now, uint32_t was)
{
	const cnv_column *left = &d->was->tables[table].columns[column];
	const cnv_column *right = &d->now->tables[table].columns[column];
	cnv_changed changed = { .question = right->question, .verdict = CNV_BLANK };
	uint32_t line;

	if (was != CNV_NONE)
		changed.from = cnv_cell_value(d->was->form, left, was, d->scratch);
	if (now != CNV_NONE) {
		changed.to = cnv_cell_value(d->now->form, right, now, d->scratch);
		changed.verdict = (cnv_verdict)right->verdicts[now];
	}
	if (same_answer(right, changed.from, changed.to)) {
		if (d->kept && changed.to.len && now != CNV_NONE && was != CNV_NONE)
			d->kept(d->self, right->question, now, was);
		return;
	}
	if (!d->changed)
		return;
	changed.from = cnv_arena_copy(d->arena, changed.from);
	changed.to = cnv_arena_copy(d->arena, changed.to);
	changed.path = now != CNV_NONE ? cnv_cell_path(d->now, table, now, right->question, d->arena)
				       : cnv_cell_path(d->was, table, was, right->question, d->arena);
	line = now != CNV_NONE ? cnv_row_line(&d->now->tables[table], right, now)
			       : cnv_row_line(&d->was->tables[table], left, was);
	d->changed(d->self, &changed, now == CNV_NONE, line);
}

static void compare_row(const differ *d, uint32_t table, uint32_t now, uint32_t was)
{
	for (uint32_t i = 0; i < d->now->tables[table].count; i++)
		if (differ_compares(d->now->form, d->now->tables[table].columns[i].question))
			compare_cell(d, table, i, now, was);
}

static uint32_t entry_of(const cnv_table *table, uint32_t parent, uint32_t first, uint32_t number)
{
	uint32_t row = first + number;

	return parent != CNV_NONE && row < table->rows && table->parents[row] == parent ? row : CNV_NONE;
}

/* Entries are paired by position, then their content is compared. */
static void compare_entries(const differ *d, uint32_t parent_table, uint32_t now, uint32_t was, uint32_t depth)
{
	if (depth == DEEPEST)
		return;
	for (uint32_t i = 1; i < d->now->table_count; i++) {
		const cnv_table *right = &d->now->tables[i], *left = &d->was->tables[i];
		uint32_t now_first = now == CNV_NONE ? 0 : cnv_table_first(right, now);
		uint32_t was_first = was == CNV_NONE ? 0 : cnv_table_first(left, was);

		if (d->now->form->tables[i].parent != parent_table)
			continue;
		for (uint32_t number = 0;; number++) {
			uint32_t a = entry_of(right, now, now_first, number);
			uint32_t b = entry_of(left, was, was_first, number);

			if (a == CNV_NONE && b == CNV_NONE)
				break;
			compare_row(d, i, a, b);
			compare_entries(d, i, a, b, depth + 1);
		}
	}
}

void differ_run(const differ *d, uint32_t now, uint32_t was)
{
	compare_row(d, 0, now, was);
	compare_entries(d, 0, now, was, 0);
}

/* The next remark on the response; NULL: no more. */
static const cnv_remark *next_remark(const cnv_batch *batch, uint32_t row, uint32_t *at)
{
	while (*at < batch->remark_count) {
		const cnv_remark *remark = &batch->remarks[(*at)++];
		if (cnv_batch_owner(batch, remark->table, remark->row, 0) == row)
			return remark;
	}
	return NULL;
}

bool differ_same_remarks(const differ *d, uint32_t now, uint32_t was)
{
	uint32_t now_at = 0, was_at = 0;

	for (;;) {
		const cnv_remark *right = next_remark(d->now, now, &now_at);
		const cnv_remark *left = next_remark(d->was, was, &was_at);

		if (!right || !left)
			return right == left;
		if (right->question != left->question || !cnv_str_equal(right->text, left->text))
			return false;
	}
}
