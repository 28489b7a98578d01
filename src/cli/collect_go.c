/* From one question to another, in the order of the form or by name. */
#include "cli/collect.h"

void collect_go_to(collect_state *t, cnv_session_cell cell)
{
	t->at = cell;
	t->moved = true;
}

void collect_go_next(collect_state *t, cnv_session_cell cell)
{
	bool any = cnv_session_next(t->session, &cell);

	collect_go_to(t, any ? cell : (cnv_session_cell){ 0, CNV_NONE });
}

bool collect_is_open(collect_state *t, cnv_session_cell cell)
{
	return cnv_session_is_question(t->session, cell) && !cnv_session_state_of(t->session, cell).fixed &&
	       !(t->begun && cell.question == t->to->form.form->respondent);
}

bool collect_find(collect_state *t, cnv_str name, cnv_session_cell *found)
{
	cnv_session_cell at = { 0, CNV_NONE };
	int64_t wanted = 0, position = 0;
	bool numeric = cnv_integer_read(name, &wanted);

	while (cnv_session_next(t->session, &at)) {
		const cnv_question *question = &t->to->form.form->questions[at.question];

		position += cnv_session_is_question(t->session, at);
		if (!cnv_session_is_question(t->session, at) && question->role != CNV_REPEAT)
			continue;
		if (cnv_str_equal(question->name, name) || cnv_str_equal(question->qno, name) ||
		    (numeric && position == wanted)) {
			*found = at;
			return true;
		}
	}
	return false;
}

void collect_go_back(collect_state *t)
{
	cnv_session_cell cell = t->at;

	while (cnv_session_before(t->session, &cell)) {
		const cnv_question *question = &t->to->form.form->questions[cell.question];

		if (question->role == CNV_REPEAT || collect_is_open(t, cell)) {
			collect_go_to(t, cell);
			return;
		}
	}
	collect_say("this is the first question");
}

/* The first question without an answer; or the repeat before it, if no answer comes after it: its last entry may not have
 * been keyed yet.  CNV_NONE: there is neither. */
static cnv_session_cell find_first_open(collect_state *t)
{
	cnv_session_cell at = { 0, CNV_NONE }, open = at, repeat = at;

	while (cnv_session_next(t->session, &at)) {
		cnv_verdict verdict = cnv_session_state_of(t->session, at).verdict;
		bool answered = verdict != CNV_BLANK && verdict != CNV_MISSING;

		if (t->to->form.form->questions[at.question].role == CNV_REPEAT) {
			if (open.question == CNV_NONE && repeat.question == CNV_NONE &&
			    cnv_session_wanted(t->session, at.entry, at.question) == UINT32_MAX)
				repeat = at;
		} else if (collect_is_open(t, at)) {
			if (answered)
				repeat.question = CNV_NONE;
			else if (open.question == CNV_NONE)
				open = at;
		}
	}
	return repeat.question == CNV_NONE ? open : repeat;
}

void collect_show_notes(collect_state *t, cnv_session_cell before)
{
	cnv_session_cell at = { 0, CNV_NONE }, from = at;

	while (cnv_session_next(t->session, &at) && (at.entry != before.entry || at.question != before.question))
		if (cnv_session_is_question(t->session, at))
			from = at;
	while (cnv_session_next(t->session, &from) && (from.entry != before.entry || from.question != before.question))
		if (t->to->form.form->questions[from.question].role == CNV_SHOWN)
			collect_show(t, from);
}

void collect_to_first_open(collect_state *t)
{
	t->at = find_first_open(t);
	collect_show_notes(t, t->at);
}
