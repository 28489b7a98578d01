/* Cells of a list of ticks that are no ticks: each is reported where it is. */
#include "check/judging.h"

#include <stdlib.h>

static int compare_ticks(const void *a, const void *b)
{
	const cnv_half_tick *one = a, *other = b;

	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	if (one->own_line != other->own_line)
		return one->own_line < other->own_line ? -1 : 1;
	return one->source_column < other->source_column ? -1 : one->source_column > other->source_column;
}

void cnv_judge_sort_ticks(cnv_batch *batch)
{
	if (batch->half_tick_count)
		qsort(batch->half_ticks, batch->half_tick_count, sizeof *batch->half_ticks, compare_ticks);
	for (uint32_t i = 0; i < batch->half_tick_count; i++)
		batch->half_ticks[i].reported = false;
}

/* The first of this line or a later one. */
static uint32_t first_tick(const cnv_batch *batch, uint32_t line)
{
	uint32_t from = 0, upto = batch->half_tick_count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;

		if (batch->half_ticks[middle].line < line)
			from = middle + 1;
		else
			upto = middle;
	}
	return from;
}

bool cnv_judge_ticks(cnv_judging *judging, const cnv_table *table, const cnv_column *column, uint32_t row)
{
	cnv_batch *batch = judging->batch;
	uint32_t line = cnv_row_line(table, column, row);
	cnv_str answer = cnv_column_text(column, row);
	bool any = false;

	for (uint32_t i = first_tick(batch, line); i < batch->half_tick_count && batch->half_ticks[i].line == line;
	     i++) {
		cnv_half_tick *half = &batch->half_ticks[i];

		/* Entries of one record may have the same line. */
		if (half->reported || half->question != column->question ||
		    cnv_str_find(answer, half->piece) == SIZE_MAX)
			continue;
		half->reported = any = true;
		cnv_judge_event(judging, (cnv_event){ .line = half->own_line,
						      .table = table->index,
						      .row = row,
						      .question = column->question,
						      .code = CNV_ANSWER_NOT_A_CHOICE,
						      .verdict = column->verdicts[row],
						      .count = i + 1,
						      .text = half->piece });
	}
	return any;
}

void cnv_place_half_tick(const cnv_judging *judging, const cnv_event *event, cnv_place *place)
{
	const cnv_half_tick *half = &judging->batch->half_ticks[event->count - 1];
	const cnv_question *question = &judging->plan->form->questions[event->question];
	const cnv_column *column = &judging->batch->tables[event->table].columns[question->column];

	if (half->source_column)
		place->column = cnv_origin_column(&column->origin, half->source_column);
}
