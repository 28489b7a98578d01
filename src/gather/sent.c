/* Answers that a return was sent out with, and the ticks that confirm them.  Which of them the return changes is known
 * when it is settled. */
#include "gather/assemble.h"
#include "gather/sent.h"

void cnv_gather_prefilled(cnv_gather *gather, cnv_str path, cnv_str text)
{
	cnv_sent *sent = &gather->sent;

	if (!cnv_mem_room((void **)&sent->answers, &sent->room, sent->count + 1, sizeof *sent->answers)) {
		gather->arena.failed = true;
		return;
	}
	sent->answers[sent->count++] = (cnv_sent_answer){
		.path = cnv_arena_copy(&gather->arena, cnv_str_trim_unicode(path)),
		.text = cnv_arena_copy(&gather->arena, cnv_cell_trim(text)),
	};
}

void cnv_gather_unfilled(cnv_gather *gather, cnv_str path)
{
	cnv_map *unfilled = &gather->sent.unfilled;

	cnv_map_put(unfilled, cnv_arena_copy(&gather->arena, path), 0);
	gather->arena.failed |= unfilled->failed;
}

void cnv_sent_tick_put(cnv_gather *gather, uint32_t table, uint32_t row, cnv_question_id question, cnv_str text,
		       uint32_t line)
{
	cnv_sent *sent = &gather->sent;

	if (!cnv_mem_room((void **)&sent->ticks, &sent->tick_room, sent->tick_count + 1, sizeof *sent->ticks)) {
		gather->arena.failed = true;
		return;
	}
	sent->ticks[sent->tick_count++] =
		(cnv_sent_tick){ .table = table, .row = row, .question = question, .line = line, .text = text };
}

const cnv_sent *cnv_gather_sent(const cnv_gather *gather)
{
	return &gather->sent;
}

bool cnv_sent_is_ticked(cnv_str text, bool *is_text)
{
	return cnv_tick_read(text, is_text);
}
