/* A response to be filled in outside an interview: the questions that are asked, and those that may be once others are
 * answered.  What is decided by whose response it is alone is left out. */
#include "check/session_state.h"

#include "check/plan.h"

/* May a condition that does not hold come to hold with other answers than the respondent? */
static bool may_change(const cnv_session *session, cnv_question_id id)
{
	const cnv_slot_rule *rule = cnv_plan_rule(session->plan, id, CNV_SLOT_RELEVANT);
	const cnv_question_id *uses;
	uint32_t count;

	if (rule->kind != CNV_RULE_PROGRAM)
		return false;
	uses = cnv_expr_uses(rule->expr, &count);
	for (uint32_t i = 0; i < count; i++)
		if (uses[i] != session->form->respondent)
			return true;
	return false;
}

/* Is the question asked in the entry, or may it be?  The outermost condition that does not hold decides. */
static bool may_be_asked(const cnv_session *session, uint32_t entry, cnv_question_id question)
{
	cnv_question_id closed = CNV_NONE;

	for (cnv_question_id id = question; id != CNV_NONE; id = session->form->questions[id].parent) {
		if (session->form->questions[id].role == CNV_REPEAT)
			entry = session->entries[entry].parent;
		if (!session_asks(session, entry, id))
			closed = id;
	}
	return closed == CNV_NONE || may_change(session, closed);
}

/* Of a table without entries: the repeat that has none, and the first entry around it. */
static bool may_begin(const cnv_session *session, uint32_t table)
{
	const cnv_form *form = session->form;
	cnv_question_id repeat;
	uint32_t around;

	while (form->tables[table].parent && !session->batch->tables[form->tables[table].parent].rows)
		table = form->tables[table].parent;
	repeat = form->tables[table].repeat;
	around = session->rows[form->tables[table].parent][0];
	if (!session_asks(session, around, repeat) && !may_change(session, repeat))
		return false;
	return form->questions[repeat].parent == CNV_NONE ||
	       may_be_asked(session, around, form->questions[repeat].parent);
}

typedef struct blank {
	cnv_session *session;
	void (*line)(void *self, const cnv_session_line *line);
	void *self;
	bool failed; /* a path is lost: the scratch arena forgets it when it is reset */
} blank;

/* row: CNV_NONE: the table has none, and a first entry is written. */
static void write_row(blank *b, uint32_t table, uint32_t row)
{
	cnv_session *session = b->session;

	for (uint32_t k = 0; k < session->form->tables[table].count; k++) {
		const cnv_column *column = &session->batch->tables[table].columns[k];
		const cnv_question *question = &session->form->questions[column->question];
		cnv_session_line line = { .question = column->question };

		if (question->role != CNV_ASKED ||
		    (row != CNV_NONE && !may_be_asked(session, session->rows[table][row], column->question)))
			continue;
		cnv_arena_reset(&session->scratch);
		if (row == CNV_NONE) {
			line.path = cnv_first_path(question, &session->scratch);
		} else {
			line.path = cnv_cell_path(session->batch, table, row, column->question, &session->scratch);
			line.answer = cnv_column_text(column, row);
		}
		b->failed |= session->scratch.failed;
		b->line(b->self, &line);
	}
}

cnv_status cnv_session_blank(cnv_session *session, void (*line)(void *self, const cnv_session_line *line), void *self)
{
	blank b = { .session = session, .line = line, .self = self };

	for (uint32_t t = 0; t < session->batch->table_count; t++) {
		uint32_t rows = session->batch->tables[t].rows;

		for (uint32_t row = 0; row < rows; row++)
			write_row(&b, t, row);
		if (!rows && may_begin(session, t))
			write_row(&b, t, CNV_NONE);
	}
	return b.failed ? CNV_NO_MEMORY : CNV_OK;
}
