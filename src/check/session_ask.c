/* What a session knows of its cells after a turn: states, values, texts of the form with answers in them. */
#include "check/session_state.h"

#include "check/plan.h"

static const cnv_column *column_of(const cnv_session *session, cnv_session_cell cell)
{
	const cnv_question *question = &session->form->questions[cell.question];

	return &session->batch->tables[question->table].columns[question->column];
}

/* Has it a value in the batch of the last turn? */
static bool is_stored(const cnv_session *session, cnv_session_cell cell)
{
	return session_answer_at(session, cell) && session_row(session, cell) != CNV_NONE;
}

bool session_asks(const cnv_session *session, uint32_t entry, cnv_question_id question)
{
	uint32_t row = session->entries[entry].row;
	const cnv_question *asked = &session->form->questions[question];

	if (row == CNV_NONE)
		return false;
	return cnv_bit(
		asked->role == CNV_REPEAT ? session->asking.gates[asked->table] : session->asking.asked[question], row);
}

static const cnv_session_finding *worst_finding(const cnv_session *session, cnv_session_cell cell)
{
	const session_answer *answer = session_answer_at(session, cell);

	return answer && answer->judged == session->judgements ? &session->findings[answer->finding] : NULL;
}

cnv_session_state cnv_session_state_of(cnv_session *session, cnv_session_cell cell)
{
	cnv_session_state state = { .verdict = CNV_BLANK };
	uint32_t row = session_row(session, cell);
	const uint64_t *required;

	if (row == CNV_NONE || cell.question >= session->form->count)
		return state;
	state.asked = session_asks(session, cell.entry, cell.question);
	if (!is_stored(session, cell))
		return state;
	required = session->asking.required[cell.question];
	state.required = state.asked && required && cnv_bit(required, row);
	state.verdict = (cnv_verdict)column_of(session, cell)->verdicts[row];
	cnv_arena_reset(&session->scratch);
	state.fixed =
		cnv_plan_fixed(session->plan, session->batch, cell.question, row, &session->world, &session->scratch);
	state.filled =
		session_answer_at(session, cell)->filled || cnv_plan_always_calculates(session->plan, cell.question);
	state.finding = worst_finding(session, cell);
	return state;
}

/* May it stay? */
static bool passes(cnv_verdict verdict)
{
	return verdict != CNV_UNREADABLE && verdict != CNV_NOT_A_CHOICE && verdict != CNV_AGAINST_CONSTRAINT &&
	       verdict != CNV_MISSING && verdict != CNV_DUPLICATE;
}

bool cnv_session_passes(cnv_session *session, cnv_session_cell cell)
{
	return passes(cnv_session_state_of(session, cell).verdict);
}

cnv_str cnv_session_written(const cnv_session *session, cnv_session_cell cell)
{
	return is_stored(session, cell) ? cnv_column_text(column_of(session, cell), session_row(session, cell))
					: (cnv_str){ 0 };
}

cnv_str cnv_session_value(const cnv_session *session, cnv_session_cell cell, cnv_arena *arena)
{
	return is_stored(session, cell)
		       ? cnv_cell_value(session->form, column_of(session, cell), session_row(session, cell), arena)
		       : (cnv_str){ 0 };
}

cnv_str cnv_session_path(const cnv_session *session, cnv_session_cell cell, cnv_arena *arena)
{
	return is_stored(session, cell) ? cnv_cell_path(session->batch, session->form->questions[cell.question].table,
							session_row(session, cell), cell.question, arena)
					: session->form->questions[cell.question].answer_path;
}

const cnv_list *cnv_session_list(const cnv_session *session, cnv_question_id id)
{
	const cnv_question *question = &session->form->questions[id];

	return cnv_kind_is_select(question->kind) && question->list != CNV_NONE
		       ? cnv_list_known(&session->form->lists[question->list])
		       : NULL;
}

/* The labels of codes, with commas between them. */
static cnv_str shown_choices(const cnv_session *session, cnv_session_cell cell, const cnv_list *list, cnv_str codes,
			     cnv_arena *arena)
{
	bool one = session->form->questions[cell.question].kind == CNV_CHOICE;
	cnv_text text = { 0 };
	cnv_str rest = codes, code, shown;

	while (one ? rest.len > 0 : cnv_str_word(&rest, &code)) {
		uint32_t choice;

		if (one) {
			code = rest;
			rest.len = 0;
		}
		choice = cnv_list_find(list, code);
		if (text.len)
			cnv_text_put(&text, CNV_STR(", "));
		cnv_text_put(&text, choice == CNV_NONE ? code
						       : cnv_choice_title(session->form, &list->choices[choice],
									  session->language));
	}
	shown = cnv_arena_copy(arena, cnv_text_str(&text));
	arena->failed |= text.failed;
	cnv_text_fini(&text);
	return shown;
}

cnv_str cnv_session_shown(const cnv_session *session, cnv_session_cell cell, cnv_arena *arena)
{
	const cnv_list *list;
	cnv_str value;

	if (!is_stored(session, cell))
		return (cnv_str){ 0 };
	list = cnv_session_list(session, cell.question);
	value = cnv_session_value(session, cell, arena);
	return list && column_of(session, cell)->verdicts[session_row(session, cell)] == CNV_ACCEPTED
		       ? shown_choices(session, cell, list, value, arena)
		       : value;
}

const cnv_session_finding *cnv_session_finding_at(const cnv_session *session, uint32_t index)
{
	return index < session->finding_count ? &session->findings[index] : NULL;
}

/* The cell that ${name} means in the text of another: in the same entry, or in one around it. */
static bool find_named(const cnv_session *session, cnv_session_cell from, cnv_str name, cnv_session_cell *found)
{
	cnv_question_id id = cnv_form_find(session->form, name);
	uint32_t entry = from.entry;

	if (id >= session->form->count)
		return false;
	while (entry && session->entries[entry].table != session->form->questions[id].table)
		entry = session->entries[entry].parent;
	*found = (cnv_session_cell){ entry, id };
	return session_answer_at(session, *found) != NULL;
}

cnv_str cnv_session_text(const cnv_session *session, cnv_session_cell cell, const cnv_wording *wording,
			 cnv_arena *arena)
{
	cnv_str text = cnv_wording_text(session->form, wording, session->language), result;
	cnv_text filled = { 0 };
	cnv_reference found;
	size_t done = 0;

	if (!cnv_has_reference(text))
		return text;
	for (size_t at = 0; cnv_reference_next(text, &at, &found);) {
		cnv_session_cell named;

		cnv_text_put(&filled, cnv_str_slice(text, done, found.from));
		if (!found.last_saved && find_named(session, cell, found.name, &named))
			cnv_text_put(&filled, cnv_session_shown(session, named, arena));
		done = found.upto;
	}
	cnv_text_put(&filled, cnv_str_slice(text, done, text.len));
	result = cnv_arena_copy(arena, cnv_text_str(&filled));
	arena->failed |= filled.failed;
	cnv_text_fini(&filled);
	return result;
}

const uint64_t *cnv_session_offered(cnv_session *session, cnv_session_cell cell)
{
	const cnv_list *list = cnv_session_list(session, cell.question);
	uint64_t *offered;

	cnv_arena_reset(&session->scratch);
	offered = cnv_arena_array(&session->scratch, CNV_BIT_WORDS(list ? list->count : 0) + 1, sizeof *offered);
	if (!offered || session_row(session, cell) == CNV_NONE ||
	    cnv_plan_choices(session->plan, session->batch, cell.question, session_row(session, cell), &session->world,
			     &session->scratch, offered))
		return NULL;
	return offered;
}

uint32_t cnv_session_wanted(cnv_session *session, uint32_t parent, cnv_question_id repeat)
{
	uint32_t count = UINT32_MAX;

	cnv_arena_reset(&session->scratch);
	if (session->entries[parent].row != CNV_NONE &&
	    !cnv_plan_repeat(session->plan, session->batch, repeat, session->entries[parent].row, &session->world,
			     &session->scratch, &count))
		return UINT32_MAX;
	return count;
}

const cnv_batch *cnv_session_batch(const cnv_session *session)
{
	return session->batch;
}
