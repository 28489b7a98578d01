/* Events: what a person must know of a window, noted cell by cell and put into words when all of it is judged. */
#include "check/judging.h"

void cnv_judge_event(cnv_judging *judging, cnv_event event)
{
	if (!cnv_arena_grow(judging->scratch, (void **)&judging->events, judging->event_count, &judging->event_room,
			    sizeof event)) {
		judging->failed = true;
		return;
	}
	event.tab = cnv_batch_place(judging->batch, event.table, judging->plan->form->questions[event.question].column,
				    event.row, event.line, judging->source)
			    .tab;
	judging->events[judging->event_count++] = event;
}

void cnv_judge_cell(cnv_judging *judging, const cnv_table *table, const cnv_column *column, uint32_t row, cnv_code code,
		    uint32_t count)
{
	cnv_judge_event(judging, (cnv_event){ .line = cnv_row_line(table, column, row),
					      .table = table->index,
					      .row = row,
					      .question = column->question,
					      .code = (uint16_t)code,
					      .verdict = column->verdicts[row],
					      .count = count });
}
