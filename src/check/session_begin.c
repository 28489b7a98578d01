/* A session begins: blank, or with a response that exists. */
#include "check/session_state.h"

#include "check/plan.h"

/* The triggers of the form, as bits of the questions that they name. */
static void find_triggers(cnv_session *session)
{
	for (cnv_question_id id = 0; id < session->form->count; id++) {
		cnv_str text = session->form->questions[id].trigger.text;
		cnv_reference found;

		for (size_t at = 0; cnv_reference_next(text, &at, &found);) {
			cnv_question_id named = cnv_form_find(session->form, found.name);

			if (named < session->form->count)
				cnv_bit_set(session->triggers, named);
		}
	}
}

cnv_session *cnv_session_new(const cnv_plan *plan, const cnv_world *world, uint32_t language)
{
	cnv_session *session = cnv_mem_get(sizeof *session);

	if (!session)
		return NULL;
	session->plan = plan;
	session->form = cnv_plan_form(plan);
	session->world = *world;
	session->language = language;
	session->batch = cnv_batch_new(session->form);
	session->triggers = cnv_arena_array(&session->texts, CNV_BIT_WORDS(session->form->count) + 1, sizeof(uint64_t));
	if (session->batch && session->triggers) {
		find_triggers(session);
		if (cnv_session_enter(session, 0, CNV_NONE) == 0 && !cnv_session_turn(session))
			return session;
	}
	cnv_session_free(session);
	return NULL;
}

/* ---------------------------------------------------------------- a whole response */

/* Copies the cells of one row into an entry. */
static void take_row(cnv_session *session, const cnv_batch *batch, uint32_t table, uint32_t row, uint32_t entry)
{
	for (uint32_t k = 0; k < batch->tables[table].count; k++) {
		const cnv_column *column = &batch->tables[table].columns[k];

		if (!cnv_plan_always_calculates(session->plan, column->question))
			session->entries[entry].answers[k].text =
				cnv_arena_copy(&session->texts, cnv_column_text(column, row));
	}
	session->entries[entry].begun = true;
}

/* An answer may have several remarks, a note and its sources; each is a line of the one that the session keeps. */
static cnv_str add_line(cnv_session *session, cnv_str before, cnv_str text)
{
	return before.len ? cnv_arena_format(&session->texts, "%.*s\n%.*s", CNV_ARG(before), CNV_ARG(text))
			  : cnv_arena_copy(&session->texts, text);
}

static void take_remark(cnv_session *session, cnv_session_cell cell, cnv_str text)
{
	session_answer *answer = session_answer_at(session, cell);

	if (answer)
		answer->remark = add_line(session, answer->remark, text);
	else
		session->remarks = add_line(session, session->remarks, text);
}

cnv_status cnv_session_take(cnv_session *session, const cnv_batch *batch, uint32_t row)
{
	uint32_t **entry_of = cnv_arena_array(&session->scratch, batch->table_count, sizeof *entry_of);

	for (uint32_t t = 0; entry_of && t < batch->table_count; t++) {
		const cnv_table *table = &batch->tables[t];

		entry_of[t] = cnv_arena_array(&session->scratch, (size_t)table->rows + 1, sizeof **entry_of);
		for (uint32_t r = 0; entry_of[t] && r < table->rows; r++) {
			bool ours = t ? cnv_batch_owner(batch, t, r, 0) == row : r == row;
			uint32_t parent = ours && t ? entry_of[session->form->tables[t].parent][table->parents[r]] : 0;

			if (!ours)
				continue;
			entry_of[t][r] = t ? cnv_session_enter(session, parent, session->form->tables[t].repeat) : 0;
			if (entry_of[t][r] == CNV_NONE)
				return CNV_NO_MEMORY;
			take_row(session, batch, t, r, entry_of[t][r]);
		}
	}
	for (uint32_t i = 0; i < batch->remark_count && !session->scratch.failed; i++) {
		const cnv_remark *remark = &batch->remarks[i];
		uint32_t owner = remark->table ? cnv_batch_owner(batch, remark->table, remark->row, 0) : remark->row;

		if (owner == row)
			take_remark(session,
				    (cnv_session_cell){ entry_of[remark->table][remark->row], remark->question },
				    remark->text);
	}
	if (session->scratch.failed || session->texts.failed)
		return CNV_NO_MEMORY;
	cnv_arena_reset(&session->scratch);
	return cnv_session_turn(session);
}
