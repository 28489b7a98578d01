/* One turn of a session: all answers are laid out as one response in a batch, settled and judged like those of a return.
 *
 * Then defaults of new entries are filled in, values that must not change again are kept, and repeats get as many
 * entries as they ask for.  If that changed anything, everything is judged again: a form of 1,000 questions takes a few
 * milliseconds. */
#include "check/plan.h"
#include "check/session_state.h"

/* Each round may open the entries of one more repeat inside another. */
enum { MOST_ROUNDS = CNV_TABLE_DEPTH + 4 };
/* Entries that one repeat_count may add: a person answers none of them beyond a few hundred. */
#define MOST_ENTRIES 10000u

/* ---------------------------------------------------------------- laying out */

/* The entries of a table by the rows of their parents, in the order in which they were added; false: no memory. */
static bool order_entries(cnv_session *session, uint32_t table, uint32_t *order, uint32_t *count)
{
	uint32_t parent = session->form->tables[table].parent, rows = table ? session->batch->tables[parent].rows : 1;
	uint32_t *starts = cnv_arena_array(&session->judged, (size_t)rows + 1, sizeof *starts);

	*count = 0;
	if (!starts)
		return false;
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t e = 0; e < session->count; e++) {
			session_entry *entry = &session->entries[e];
			uint32_t row = table ? session->entries[entry->parent].row : 0;

			if (entry->table != table || entry->removed || entry->aside || row == CNV_NONE)
				continue;
			if (pass)
				order[starts[row]++] = e;
			else
				starts[row + 1] += row + 1 <= rows;
		}
		for (uint32_t row = 0; !pass && row < rows; row++)
			starts[row + 1] += starts[row];
		*count = pass ? *count : starts[rows];
	}
	return true;
}

static void lay_table(cnv_session *session, uint32_t table)
{
	uint32_t count, *order = cnv_arena_array(&session->judged, (size_t)session->count + 1, sizeof *order);

	session->rows[table] = order;
	if (!order || !order_entries(session, table, order, &count))
		return;
	for (uint32_t i = 0; i < count; i++) {
		session_entry *entry = &session->entries[order[i]];

		entry->row = cnv_batch_row(session->batch, table, table ? session->entries[entry->parent].row : 0, 0);
		for (uint32_t k = 0; k < session->form->tables[table].count; k++)
			if (entry->answers[k].text.len)
				cnv_batch_put(session->batch, table, k, entry->answers[k].text, 0);
	}
}

static cnv_status lay(cnv_session *session)
{
	cnv_batch_reset(session->batch);
	cnv_arena_reset(&session->judged);
	session->findings = NULL;
	session->finding_count = session->finding_room = 0;
	session->judgements++;
	session->rows = cnv_arena_array(&session->judged, session->form->table_count, sizeof *session->rows);
	for (uint32_t e = 0; e < session->count; e++)
		session->entries[e].row = CNV_NONE;
	for (uint32_t table = 0; session->rows && table < session->form->table_count; table++)
		lay_table(session, table);
	if (session->batch->failed || session->judged.failed)
		return CNV_NO_MEMORY;
	session->batch->seeds[0] = 1; /* chance is the world's: a session is one response */
	return CNV_OK;
}

/* ---------------------------------------------------------------- judging */

/* Answers that are not asked are set aside, which is no defect. */
static void on_finding(void *self, const cnv_finding *finding)
{
	cnv_session *session = self;
	cnv_session_finding *found;
	session_answer *answer;

	if (finding->diag.code == CNV_ANSWER_UNDUE || finding->diag.code == CNV_UNDUE_FOLLOWS ||
	    !cnv_arena_grow(&session->judged, (void **)&session->findings, session->finding_count,
			    &session->finding_room, sizeof *session->findings))
		return;
	found = &session->findings[session->finding_count];
	*found = (cnv_session_finding){
		.cell = { session->rows[finding->table][finding->row], finding->question },
		.code = (cnv_code)finding->diag.code,
		.severity = finding->diag.severity,
		.message = cnv_arena_copy(&session->judged, finding->diag.message),
		.hint = cnv_arena_copy(&session->judged, finding->diag.hint),
	};
	answer = session_answer_at(session, found->cell);
	if (answer &&
	    (answer->judged != session->judgements || found->severity > session->findings[answer->finding].severity)) {
		answer->judged = session->judgements;
		answer->finding = session->finding_count;
	}
	session->finding_count++;
}

static cnv_status judge(cnv_session *session)
{
	cnv_settle_options options = { .utc_offset = session->world.now.utc_offset };
	cnv_ledger ledger = { 0 };
	cnv_findings findings = { .emit = on_finding, .self = session };
	cnv_str source = CNV_STR("interview");
	cnv_status status = lay(session);

	if (!status)
		status = cnv_settle_with(session->batch, source, &options, &ledger);
	if (!status)
		status = cnv_check_asking(session->plan, session->batch, &session->world, source, session->language,
					  &session->judged, &findings, &session->asking);
	return status ? status : session->judged.failed ? CNV_NO_MEMORY : CNV_OK;
}

/* ---------------------------------------------------------------- what follows from a judgement */

static void fill(cnv_session *session, session_answer *answer, cnv_str text)
{
	answer->text = cnv_arena_copy(&session->texts, text);
	answer->filled = true;
}

/* Defaults count once, when an entry begins; true: there was one. */
static bool begin_entries(cnv_session *session)
{
	bool any = false;

	for (uint32_t e = 0; e < session->count; e++) {
		session_entry *entry = &session->entries[e];

		if (entry->begun || entry->row == CNV_NONE)
			continue;
		entry->begun = true;
		for (uint32_t k = 0; k < session->form->tables[entry->table].count; k++) {
			cnv_question_id id = session->form->tables[entry->table].columns[k];
			cnv_str text;

			if (entry->answers[k].text.len || !session->form->questions[id].default_value.text.len)
				continue;
			cnv_arena_reset(&session->scratch);
			text = cnv_plan_default(session->plan, session->batch, id, entry->row, &session->world,
						&session->scratch);
			session->texts.failed |= session->scratch.failed; /* which forgets it when it is reset */
			if (text.len)
				fill(session, &entry->answers[k], text);
			any |= text.len > 0;
		}
	}
	return any;
}

/* Of a calculation: a value that is drawn once, or that waits for its trigger. */
static bool keeps_value(const cnv_session *session, cnv_question_id id)
{
	static const char *const drawn[] = { "once", "uuid", "random" };
	const cnv_question *question = &session->form->questions[id];
	bool found = question->trigger.text.len > 0;

	if (cnv_plan_rule(session->plan, id, CNV_SLOT_CALCULATION)->kind != CNV_RULE_PROGRAM)
		return false;
	for (size_t i = 0; i < sizeof drawn / sizeof *drawn && !found; i++)
		found = cnv_formula_next_call(question->calculation.tree, drawn[i], CNV_NONE) != CNV_NONE;
	return found;
}

/* What was drawn stays: the next judgement finds it answered. */
static void keep_values(cnv_session *session)
{
	for (cnv_question_id id = 0; id < session->form->count; id++) {
		const cnv_question *question = &session->form->questions[id];
		const cnv_table *table = &session->batch->tables[question->table];

		if (question->column == CNV_NONE || !keeps_value(session, id))
			continue;
		for (uint32_t row = 0; row < table->rows; row++) {
			session_answer *answer = session_answer_at(
				session, (cnv_session_cell){ session->rows[question->table][row], id });
			cnv_str text = cnv_column_text(&table->columns[question->column], row);

			if (!answer->text.len && text.len)
				fill(session, answer, text);
		}
	}
}

/* How many entries of a repeat each entry around it asks for, and how many it has so far. */
typedef struct matching {
	cnv_question_id repeat;
	uint32_t *wanted; /* of each entry of the session; UINT32_MAX: it does not say */
	uint32_t *found;
	uint32_t count; /* entries of the session, without those that are added */
} matching;

/* The first entries that are not removed count, as many as are wanted; true: something has changed. */
static bool set_aside(cnv_session *session, const matching *m)
{
	uint32_t table = session->form->questions[m->repeat].table;
	bool any = false;

	for (uint32_t e = 0; e < m->count; e++) {
		session_entry *entry = &session->entries[e];
		bool aside;

		if (entry->table != table || entry->removed || m->wanted[entry->parent] == UINT32_MAX)
			continue;
		aside = m->found[entry->parent]++ >= m->wanted[entry->parent];
		any |= aside != entry->aside;
		entry->aside = aside;
	}
	return any;
}

static bool add_missing(cnv_session *session, const matching *m)
{
	bool any = false;

	for (uint32_t e = 0; e < m->count; e++)
		for (uint32_t found = m->found[e];
		     m->wanted[e] != UINT32_MAX && found < m->wanted[e] && found < MOST_ENTRIES; found++) {
			if (cnv_session_enter(session, e, m->repeat) == CNV_NONE)
				return any;
			any = true;
		}
	return any;
}

static bool match_count(cnv_session *session, matching *m)
{
	uint32_t around = session->form->tables[session->form->questions[m->repeat].table].parent;

	for (uint32_t e = 0; e < m->count; e++) {
		m->found[e] = 0;
		m->wanted[e] = session->entries[e].table == around && session->entries[e].row != CNV_NONE
				       ? cnv_session_wanted(session, e, m->repeat)
				       : UINT32_MAX;
	}
	bool changed = set_aside(session, m);

	return add_missing(session, m) || changed;
}

/* Each repeat gets the entries that it asks for; true: something has changed. */
static bool match_counts(cnv_session *session)
{
	matching m = { .count = session->count };
	bool any = false;

	m.wanted = cnv_arena_array(&session->judged, m.count, sizeof *m.wanted);
	m.found = cnv_arena_array(&session->judged, m.count, sizeof *m.found);
	for (uint32_t t = 1; m.wanted && m.found && t < session->form->table_count; t++) {
		m.repeat = session->form->tables[t].repeat;
		if (cnv_plan_rule(session->plan, m.repeat, CNV_SLOT_COUNT)->kind == CNV_RULE_PROGRAM)
			any |= match_count(session, &m);
	}
	return any;
}

cnv_status cnv_session_turn(cnv_session *session)
{
	cnv_status status = CNV_OK;
	bool again = true;

	for (uint32_t i = 0; again && !status && i < MOST_ROUNDS; i++) {
		status = judge(session);
		if (status)
			break;
		again = begin_entries(session);
		keep_values(session);
		again |= match_counts(session);
		if (session->texts.failed || session->judged.failed)
			status = CNV_NO_MEMORY;
	}
	return status;
}
