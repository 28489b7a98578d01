/* Answers that were not asked for.
 *
 * One wrong answer may close the gate of a whole section.  The first answers behind it are reported one by one, and the
 * others together, because there is one thing to correct.
 */
#include "check/judging.h"

/* Answers behind one gate that are reported one by one. */
#define MOST_SAME 3u

/* The outermost question, group or repeat whose own relevance is false here; CNV_NONE when it is not known. */
static cnv_question_id closed_gate(cnv_judging *judging, const cnv_event *event)
{
	const cnv_plan *plan = judging->plan;
	cnv_question_id found = CNV_NONE;

	for (cnv_question_id id = event->question; id != CNV_NONE; id = plan->form->questions[id].parent) {
		uint32_t table = cnv_slot_table(plan->form, id), row = event->row;
		const cnv_slot_rule *rule = cnv_plan_rule(plan, id, CNV_SLOT_RELEVANT);

		if (rule->kind == CNV_RULE_NO)
			found = id;
		if (rule->kind != CNV_RULE_PROGRAM || !judging->truths[rule->program].possible)
			continue;
		if (table != event->table)
			row = cnv_batch_owner(judging->batch, event->table, event->row, table);
		if (!cnv_bit(judging->truths[rule->program].possible, row))
			found = id;
	}
	return found;
}

/* ---------------------------------------------------------------- many for one reason */

/* The response and the gate of an event; false: it is no undue answer, or nothing is known of its gate. */
static bool reason_of(cnv_judging *judging, const cnv_event *event, uint32_t *response, cnv_question_id *gate)
{
	if (event->code != CNV_ANSWER_UNDUE)
		return false;
	*response = cnv_batch_owner(judging->batch, event->table, event->row, 0);
	*gate = closed_gate(judging, event);
	return *gate != CNV_NONE;
}

/* The events from `first` to `upto` have one reason: those after the first few become one. */
static void join(cnv_judging *judging, uint32_t first, uint32_t upto, uint32_t count)
{
	cnv_event *joint = NULL;

	if (count <= MOST_SAME + 1)
		return;
	for (uint32_t i = first, seen = 0; i < upto; i++) {
		cnv_event *event = &judging->events[i];

		if (event->code != CNV_ANSWER_UNDUE || seen++ < MOST_SAME)
			continue;
		event->code = joint ? CNV_CODE_NONE : CNV_UNDUE_FOLLOWS;
		joint = joint ? joint : event;
		joint->count++;
	}
}

/* Questions next to each other with the same condition are not asked for the same reason. */
static bool is_same_reason(const cnv_form *form, cnv_question_id one, cnv_question_id other)
{
	return one == other ||
	       (one != CNV_NONE && other != CNV_NONE && form->questions[one].parent == form->questions[other].parent &&
		cnv_str_equal(form->questions[one].relevant.text, form->questions[other].relevant.text));
}

void cnv_judge_follow(cnv_judging *judging)
{
	uint32_t first = 0, count = 0, last = 0, response = 0, here = 0;
	cnv_question_id gate = CNV_NONE, closed = CNV_NONE;

	for (uint32_t i = 0; i < judging->event_count; i++) {
		const cnv_event *event = &judging->events[i];
		bool known = reason_of(judging, event, &here, &closed);

		if (event->code != CNV_ANSWER_UNDUE)
			continue;
		if (known && count && here == response && is_same_reason(judging->plan->form, closed, gate)) {
			count++;
		} else {
			join(judging, first, last, count);
			first = i;
			count = known;
			response = here;
			gate = closed;
		}
		last = i + 1;
	}
	join(judging, first, last, count);
}

/* ---------------------------------------------------------------- words */

void cnv_word_undue(cnv_judging *judging, const cnv_event *event, cnv_diag *diag, cnv_arena *arena)
{
	const cnv_form *form = judging->plan->form;
	cnv_question_id gate = closed_gate(judging, event);

	diag->message = event->code == CNV_UNDUE_FOLLOWS
				? cnv_arena_format(arena,
						   "from here on, %u more answers to questions that are not asked,"
						   " for the same reason; they are kept but not counted",
						   event->count)
				: CNV_STR("answered though not asked; the answer is kept but not counted");
	if (gate != CNV_NONE)
		diag->hint = cnv_arena_format(
			arena, gate == event->question ? "asked only when: %.*s%.*s" : "%.*s is asked only when: %.*s",
			CNV_ARG(gate == event->question ? (cnv_str){ 0 } : form->questions[gate].name),
			CNV_ARG(cnv_rule_words(judging, gate, &form->questions[gate].relevant, false, arena)));
}
