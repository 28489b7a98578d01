/* The way through a form, by the answers so far; and the response in the long layout.
 *
 * The order is that of the form: a question, a note, or the title of a group; in a repeat entry by entry, and then the
 * repeat itself, where another entry may be added. */
#include "check/session_state.h"

/* ---------------------------------------------------------------- entries */

cnv_question_id cnv_session_repeat_of(const cnv_session *session, uint32_t entry)
{
	return session->form->tables[session->entries[entry].table].repeat;
}

uint32_t cnv_session_parent(const cnv_session *session, uint32_t entry)
{
	return session->entries[entry].parent;
}

uint32_t cnv_session_position(const cnv_session *session, uint32_t entry)
{
	const session_entry *at = &session->entries[entry];

	return at->row == CNV_NONE || !at->table ? 0 : session->batch->tables[at->table].positions[at->row];
}

uint32_t cnv_session_entry(const cnv_session *session, uint32_t parent, cnv_question_id repeat, uint32_t i)
{
	uint32_t index = session->form->questions[repeat].table, row = session->entries[parent].row, at;
	const cnv_table *table = &session->batch->tables[index];

	if (row == CNV_NONE)
		return CNV_NONE;
	at = cnv_table_first(table, row);
	if (i >= table->rows - at || table->parents[at + i] != row)
		return CNV_NONE;
	return session->rows[index][at + i];
}

uint32_t cnv_session_entries(const cnv_session *session, uint32_t parent, cnv_question_id repeat)
{
	uint32_t index = session->form->questions[repeat].table, row = session->entries[parent].row;
	const cnv_table *table = &session->batch->tables[index];

	return row == CNV_NONE ? 0 : cnv_table_first(table, row + 1) - cnv_table_first(table, row);
}

bool cnv_session_find(const cnv_session *session, const cnv_named *named, cnv_session_cell *cell)
{
	uint32_t around[CNV_TABLE_DEPTH], table = session->form->questions[named->question].table, entry = 0;

	for (uint32_t depth = named->depth; depth-- > 0; table = session->form->tables[table].parent)
		around[depth] = table;
	for (uint32_t depth = 0; depth < named->depth && entry != CNV_NONE; depth++)
		entry = cnv_session_entry(session, entry, session->form->tables[around[depth]].repeat,
					  named->numbers[depth] - 1);
	*cell = (cnv_session_cell){ entry, named->question };
	return entry != CNV_NONE;
}

/* ---------------------------------------------------------------- the way */

/* The end of the range of questions of an entry. */
static cnv_question_id end_of(const cnv_session *session, uint32_t entry)
{
	cnv_question_id repeat = cnv_session_repeat_of(session, entry);

	return repeat == CNV_NONE ? session->form->count : session->form->questions[repeat].after;
}

/* Where the way goes on after the last question of an entry; true: behind the last entry of its repeat. */
static bool leave(const cnv_session *session, uint32_t entry, cnv_session_cell *to)
{
	cnv_question_id repeat = cnv_session_repeat_of(session, entry);
	uint32_t parent = session->entries[entry].parent;
	/* Positions count from 1: the position of this one is the index of the next. */
	uint32_t next = cnv_session_entry(session, parent, repeat, cnv_session_position(session, entry));

	*to = next == CNV_NONE ? (cnv_session_cell){ parent, repeat } : (cnv_session_cell){ next, repeat + 1 };
	return next == CNV_NONE;
}

/* Is there something to show or to ask at a cell? */
static bool is_stop(const cnv_session *session, cnv_session_cell cell)
{
	const cnv_question *question = &session->form->questions[cell.question];

	switch (question->role) {
	case CNV_GROUP:
	case CNV_SHOWN:
		return cnv_wording_text(session->form, &question->label, session->language).len > 0;
	case CNV_ASKED:
	case CNV_REPEAT:
		return true;
	case CNV_COMPUTED:
	case CNV_METADATA:
		break;
	}
	return false;
}

bool cnv_session_next(cnv_session *session, cnv_session_cell *at)
{
	cnv_session_cell now = *at;
	/* The place after the entries of a repeat comes after them, though the repeat is before them in the form. */
	bool done = now.question != CNV_NONE && session->form->questions[now.question].role == CNV_REPEAT;

	now.question = now.question == CNV_NONE ? 0
		       : done                   ? session->form->questions[now.question].after
						: now.question + 1;
	for (;;) {
		const cnv_question *question;
		uint32_t first;

		if (now.question >= end_of(session, now.entry)) {
			if (!now.entry)
				return false;
			if (!leave(session, now.entry, &now))
				continue;
			*at = now;
			return true;
		}
		question = &session->form->questions[now.question];
		if (!session_asks(session, now.entry, now.question)) {
			now.question = question->after;
			continue;
		}
		if (question->role == CNV_REPEAT) {
			first = cnv_session_entry(session, now.entry, now.question, 0);
			if (first != CNV_NONE) {
				now = (cnv_session_cell){ first, now.question + 1 };
				continue;
			}
		}
		if (is_stop(session, now)) {
			*at = now;
			return true;
		}
		now.question++;
	}
}

bool cnv_session_before(cnv_session *session, cnv_session_cell *at)
{
	cnv_session_cell here = { 0, CNV_NONE }, before = here;
	bool any = false;

	while (cnv_session_next(session, &here)) {
		if (here.entry == at->entry && here.question == at->question)
			break;
		before = here;
		any = true;
	}
	if (any)
		*at = before;
	return any;
}

bool cnv_session_is_question(const cnv_session *session, cnv_session_cell cell)
{
	return cell.question < session->form->count && session->form->questions[cell.question].role == CNV_ASKED &&
	       session->form->questions[cell.question].column != CNV_NONE;
}

/* ---------------------------------------------------------------- progress */

static void count_cell(const cnv_session *session, const cnv_column *column, uint32_t row, cnv_session_progress *out)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	if (session->form->questions[column->question].role != CNV_ASKED ||
	    cnv_verdict_standing(verdict) == CNV_STANDING_NOT_ASKED || verdict == CNV_UNDUE)
		return;
	out->asked++;
	out->answered += verdict != CNV_BLANK && verdict != CNV_MISSING;
	out->missing += verdict == CNV_MISSING;
	out->wrong += cnv_verdict_standing(verdict) == CNV_STANDING_NOT_USABLE;
}

cnv_session_progress cnv_session_progress_of(cnv_session *session)
{
	cnv_session_progress progress = { 0 };

	for (uint32_t t = 0; t < session->batch->table_count; t++)
		for (uint32_t k = 0; k < session->batch->tables[t].count; k++)
			for (uint32_t row = 0; row < session->batch->tables[t].rows; row++)
				count_cell(session, &session->batch->tables[t].columns[k], row, &progress);
	return progress;
}

/* ---------------------------------------------------------------- the long layout */

typedef struct writing {
	cnv_session *session;
	bool draft;
	void (*line)(void *self, const cnv_session_line *line);
	void *self;
	bool failed; /* a path is lost: the scratch arena forgets it when it is reset */
} writing;

/* Writes one cell; true: there was something to write. */
static bool write_cell(writing *w, uint32_t table, uint32_t row, uint32_t k)
{
	const cnv_session *session = w->session;
	const cnv_column *column = &session->batch->tables[table].columns[k];
	const session_answer *answer = &session->entries[session->rows[table][row]].answers[k];
	bool kept = w->draft || column->verdicts[row] != CNV_UNDUE;
	cnv_session_line line = { .answer = kept ? cnv_column_text(column, row) : (cnv_str){ 0 },
				  .note = answer->remark,
				  .question = column->question };

	if (!line.answer.len && !line.note.len)
		return false;
	cnv_arena_reset(&w->session->scratch);
	line.path = cnv_cell_path(session->batch, table, row, column->question, &w->session->scratch);
	w->failed |= w->session->scratch.failed;
	w->line(w->self, &line);
	return true;
}

/* An entry that holds nothing yet: its own name, `doc[2]`, without an answer. */
static void write_entry(writing *w, uint32_t table, uint32_t row)
{
	cnv_session *session = w->session;
	cnv_session_line line = { .question = session->form->tables[table].repeat };

	cnv_arena_reset(&session->scratch);
	line.path = cnv_cell_path(session->batch, table, row, line.question, &session->scratch);
	w->failed |= session->scratch.failed;
	w->line(w->self, &line);
}

cnv_status cnv_session_write(cnv_session *session, bool draft, void (*line)(void *self, const cnv_session_line *line),
			     void *self)
{
	writing w = { .session = session, .draft = draft, .line = line, .self = self };

	if (session->remarks.len)
		line(self, &(cnv_session_line){ .note = session->remarks, .question = CNV_NONE });
	for (uint32_t t = 0; t < session->batch->table_count; t++) {
		const cnv_table *table = &session->batch->tables[t];

		for (uint32_t row = 0; row < table->rows; row++) {
			bool any = false;

			for (uint32_t k = 0; k < table->count; k++)
				any |= write_cell(&w, t, row, k);
			if (t && !any)
				write_entry(&w, t, row);
		}
	}
	return w.failed ? CNV_NO_MEMORY : CNV_OK;
}
