/* A session's answers, remarks and entries: what is set, before it is judged. */
#include "check/session_state.h"

void cnv_session_free(cnv_session *session)
{
	if (!session)
		return;
	cnv_batch_free(session->batch);
	cnv_mem_free(session->entries);
	cnv_arena_fini(&session->texts);
	cnv_arena_fini(&session->judged);
	cnv_arena_fini(&session->scratch);
	cnv_mem_free(session);
}

void cnv_session_clock(cnv_session *session, cnv_instant now)
{
	session->world.now = now;
}

void cnv_session_language(cnv_session *session, uint32_t language)
{
	session->language = language;
}

session_answer *session_answer_at(const cnv_session *session, cnv_session_cell cell)
{
	const cnv_question *question;

	if (cell.entry >= session->count || cell.question >= session->form->count)
		return NULL;
	question = &session->form->questions[cell.question];
	if (question->column == CNV_NONE || question->table != session->entries[cell.entry].table)
		return NULL;
	return &session->entries[cell.entry].answers[question->column];
}

/* ---------------------------------------------------------------- answers */

static bool names_trigger(const cnv_session *session, cnv_question_id of, cnv_question_id trigger)
{
	cnv_str text = session->form->questions[of].trigger.text;
	cnv_reference found;

	for (size_t at = 0; cnv_reference_next(text, &at, &found);)
		if (cnv_form_find(session->form, found.name) == trigger)
			return true;
	return false;
}

/* Is `entry` the entry `around`, or inside it? */
static bool is_inside(const cnv_session *session, uint32_t entry, uint32_t around)
{
	while (entry != around && entry)
		entry = session->entries[entry].parent;
	return entry == around;
}

/* An answer has changed: what waits for it is calculated again, in its entry and those inside and around it. */
static void pull_trigger(cnv_session *session, cnv_session_cell cell)
{
	for (cnv_question_id id = 0; id < session->form->count; id++) {
		const cnv_question *question = &session->form->questions[id];

		if (!question->trigger.text.len || question->column == CNV_NONE ||
		    !names_trigger(session, id, cell.question))
			continue;
		for (uint32_t e = 0; e < session->count; e++)
			if (session->entries[e].table == question->table &&
			    (is_inside(session, e, cell.entry) || is_inside(session, cell.entry, e)))
				session->entries[e].answers[question->column].text = (cnv_str){ 0 };
	}
}

cnv_status cnv_session_set(cnv_session *session, cnv_session_cell cell, cnv_str text)
{
	session_answer *answer = session_answer_at(session, cell);

	if (!answer)
		return CNV_OK;
	answer->filled = false;
	if (cnv_str_equal(answer->text, text))
		return CNV_OK;
	answer->text = cnv_arena_copy(&session->texts, text);
	if (cnv_bit(session->triggers, cell.question))
		pull_trigger(session, cell);
	return session->texts.failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status cnv_session_remark(cnv_session *session, cnv_session_cell cell, cnv_str text)
{
	session_answer *answer = session_answer_at(session, cell);

	if (answer)
		answer->remark = cnv_arena_copy(&session->texts, text);
	return session->texts.failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_str cnv_session_remark_of(const cnv_session *session, cnv_session_cell cell)
{
	const session_answer *answer = session_answer_at(session, cell);

	return answer ? answer->remark : (cnv_str){ 0 };
}

/* ---------------------------------------------------------------- entries */

uint32_t cnv_session_enter(cnv_session *session, uint32_t parent, cnv_question_id repeat)
{
	uint32_t table = repeat == CNV_NONE ? 0 : session->form->questions[repeat].table;
	session_answer *answers =
		cnv_arena_array(&session->texts, (size_t)session->form->tables[table].count + 1, sizeof *answers);

	if (!answers ||
	    !cnv_mem_room((void **)&session->entries, &session->room, session->count + 1, sizeof *session->entries))
		return CNV_NONE;
	session->entries[session->count] =
		(session_entry){ .table = table, .parent = parent, .row = CNV_NONE, .answers = answers };
	return session->count++;
}

/* Entries inside it are not laid out without it. */
void cnv_session_remove(cnv_session *session, uint32_t entry)
{
	if (entry && entry < session->count)
		session->entries[entry].removed = true;
}
