/* Invented responses, to rehearse a round before it is sent.  Draft answers are drawn for every question, put into a
 * batch and judged like returns.  Answers to questions that are not asked are removed, rejected answers are drawn
 * again, and questions that are now asked get an answer; then all are judged again until nothing changes or the
 * tries are used up.  So skip logic and rules are interpreted in one place only. */
#include "round/simulate.h"

#include <string.h>

/* Limits on judging the drafts and on drawing one answer.  Rules that depend on each other settle within a few
 * tries. */
#define MOST_ROUNDS 100u
#define MOST_DRAWS 64u
/* Draws until an answer with a warning is kept: it counts, unlike one that is wrong. */
#define MOST_WARNED 32u
/* Entries of a repeat without a count, and of one whose number an answer sets. */
#define MOST_ENTRIES 3u
#define MOST_COUNTED 50u
/* The share of optional questions that are answered. */
#define ANSWERED 0.8

typedef struct draft_cell {
	cnv_str text;
	uint16_t draws;
	bool skipped;  /* optional, and left blank */
	bool unlikely; /* accepted, with a warning of the form */
} draft_cell;

typedef struct draft_row {
	draft_cell *cells;
	uint32_t parent; /* in the drafts of the parent table */
	bool dropped;    /* a surplus entry */
} draft_row;

typedef struct drafts {
	draft_row *rows;
	uint32_t count, room;
	/* as last put into the batch: */
	uint32_t *order;  /* draft of each row */
	uint32_t *places; /* row of each draft, CNV_NONE */
} drafts;

typedef struct simulating {
	const cnv_plan *plan;
	const cnv_form *form;
	cnv_batch *batch;
	const simulate_job *job;
	simulate_inventor inventor;
	cnv_arena texts;  /* drafts */
	cnv_arena laying; /* their rows in the batch */
	cnv_arena *scratch;
	drafts *tables;
	uint64_t *offered;     /* as many bits as the longest list has choices */
	uint32_t entries_from; /* first entry of the current parent row */
	bool warns;            /* the form has warnings */
	bool failed;
} simulating;

static bool is_drawn(const simulating *s, cnv_question_id id)
{
	const cnv_question *question = &s->form->questions[id];

	return question->role == CNV_ASKED && cnv_plan_rule(s->plan, id, CNV_SLOT_CALCULATION)->kind == CNV_RULE_NONE;
}

/* ---------------------------------------------------------------- drafts */

static cnv_str respondent_of(simulating *s, uint32_t row)
{
	return s->job->respondents ? s->job->respondents[row] : cnv_arena_format(&s->texts, "%u", s->job->first + row);
}

/* The list of a question, also when it is in a file or on the sheet external_choices; NULL: none, or unknown. */
static const cnv_list *list_of(const cnv_form *form, const cnv_question *question)
{
	return question->list == CNV_NONE ? NULL : cnv_list_known(&form->lists[question->list]);
}

/* The draft answer to a question of the same row, or of one that encloses it; empty: there is none. */
static cnv_str answer_to(const simulating *s, cnv_question_id id, uint32_t table, const draft_row *row)
{
	const cnv_question *question = &s->form->questions[id];

	while (table != question->table && table) {
		table = s->form->tables[table].parent;
		row = &s->tables[table].rows[row->parent];
	}
	return table == question->table ? row->cells[question->column].text : (cnv_str){ 0 };
}

/* What the constraint says that the answer is equal to; empty: nothing. */
static cnv_str required_answer(const simulating *s, cnv_question_id id, uint32_t table, const draft_row *row)
{
	const simulate_bounds *bounds = &s->inventor.bounds[id];

	return bounds->same == CNV_NONE ? bounds->equal : answer_to(s, bounds->same, table, row);
}

/* Draws one answer.  place: the row's index in the judged batch, CNV_NONE for a new row. */
static void draw(simulating *s, uint32_t table, draft_row *row, uint32_t place, uint32_t column)
{
	cnv_question_id id = s->form->tables[table].columns[column];
	const cnv_question *question = &s->form->questions[id];
	const cnv_list *list = list_of(s->form, question);
	draft_cell *cell = &row->cells[column];
	cnv_str required = cell->draws % 2 ? required_answer(s, id, table, row) : (cnv_str){ 0 };

	if (list) {
		cnv_arena_reset(s->scratch);
		if (place == CNV_NONE)
			cnv_bits_fill(s->offered, list->count, true);
		else if (cnv_plan_choices(s->plan, s->batch, id, place, s->job->world, s->scratch, s->offered))
			s->failed = true;
	}
	cell->text = required.len ? required : simulate_answer(&s->inventor, id, cell->draws, s->offered);
	cell->draws++;
	cell->skipped = false;
}

static void draw_row(simulating *s, uint32_t table, uint32_t row)
{
	const cnv_form_table *of = &s->form->tables[table];

	for (uint32_t k = 0; k < of->count; k++) {
		draft_cell *cell = &s->tables[table].rows[row].cells[k];

		if (of->columns[k] == s->form->respondent)
			cell->text = respondent_of(s, row);
		else if (!is_drawn(s, of->columns[k]))
			continue;
		else if (cnv_chance_share(&s->inventor.chance) < ANSWERED)
			draw(s, table, &s->tables[table].rows[row], CNV_NONE, k);
		else
			cell->skipped = true;
	}
}

static bool add_row(simulating *s, uint32_t table, uint32_t parent);

/* Adds some entries of each repeat inside a row.  A table comes after its parent, so the recursion ends. */
static bool add_entries(simulating *s, uint32_t table, uint32_t parent)
{
	for (uint32_t i = table + 1; i < s->form->table_count; i++) {
		if (s->form->tables[i].parent != table)
			continue;
		for (uint32_t k = cnv_chance_below(&s->inventor.chance, MOST_ENTRIES) + 1; k > 0; k--)
			if (!add_row(s, i, parent))
				return false;
	}
	return true;
}

static bool add_row(simulating *s, uint32_t table, uint32_t parent)
{
	drafts *to = &s->tables[table];
	draft_row *row;

	if (!cnv_mem_room((void **)&to->rows, &to->room, to->count + 1, sizeof *to->rows))
		return false;
	row = &to->rows[to->count];
	*row = (draft_row){ .parent = parent };
	row->cells = cnv_arena_array(&s->texts, s->form->tables[table].count, sizeof *row->cells);
	if (!row->cells)
		return false;
	draw_row(s, table, to->count);
	return add_entries(s, table, to->count++);
}

/* ---------------------------------------------------------------- judging the drafts */

/* Puts the drafts of one table into the batch: entries of one parent together, in the order they were added. */
static bool lay(simulating *s, uint32_t table)
{
	drafts *of = &s->tables[table];
	const drafts *parents = &s->tables[s->form->tables[table].parent];
	uint32_t parent_rows = table ? s->batch->tables[s->form->tables[table].parent].rows : 1, rows = 0;
	uint32_t *firsts = cnv_arena_array(&s->laying, parent_rows, sizeof *firsts);
	uint32_t *next = cnv_arena_array(&s->laying, of->count, sizeof *next);

	of->order = cnv_arena_array(&s->laying, of->count, sizeof *of->order);
	of->places = cnv_arena_array(&s->laying, of->count, sizeof *of->places);
	if (!firsts || !next || !of->order || !of->places)
		return false;
	for (uint32_t i = 0; i < parent_rows; i++)
		firsts[i] = CNV_NONE;
	for (uint32_t i = of->count; i-- > 0;) {
		uint32_t parent = table ? parents->places[of->rows[i].parent] : 0;

		of->places[i] = CNV_NONE;
		if (of->rows[i].dropped || parent == CNV_NONE)
			continue;
		next[i] = firsts[parent];
		firsts[parent] = i;
	}
	for (uint32_t parent = 0; parent < parent_rows; parent++)
		for (uint32_t i = firsts[parent]; i != CNV_NONE; i = next[i]) {
			cnv_batch_row(s->batch, table, parent, rows + 1);
			for (uint32_t k = 0; k < s->form->tables[table].count; k++)
				if (of->rows[i].cells[k].text.len)
					cnv_batch_put(s->batch, table, k, of->rows[i].cells[k].text, 0);
			of->places[i] = rows;
			of->order[rows++] = i;
		}
	return !s->batch->failed;
}

/* Marks each draft whose answer the form warns about. */
static void on_finding(void *self, const cnv_finding *finding)
{
	simulating *s = self;
	drafts *of = &s->tables[finding->table];

	if (finding->diag.code == CNV_ANSWER_UNLIKELY)
		of->rows[of->order[finding->row]].cells[s->form->questions[finding->question].column].unlikely = true;
}

static cnv_status judge(simulating *s)
{
	cnv_settle_options options = { .utc_offset = s->job->world->now.utc_offset };
	cnv_findings findings = { .emit = s->warns ? on_finding : NULL, .self = s };
	cnv_status status;

	cnv_batch_reset(s->batch);
	cnv_arena_reset(&s->laying);
	for (uint32_t i = 0; i < s->form->table_count; i++)
		if (!lay(s, i))
			return CNV_NO_MEMORY;
	cnv_arena_reset(s->scratch);
	for (uint32_t row = 0; row < s->batch->tables[0].rows; row++)
		s->batch->seeds[row] = cnv_response_seed(s->form, (cnv_str){ 0 }, (cnv_str){ 0 }, s->job->first + row);
	status = cnv_settle_with(s->batch, (cnv_str){ 0 }, &options, NULL);
	return status ? status
		      : cnv_check(s->plan, s->batch, s->job->world, (cnv_str){ 0 }, s->form->default_language,
				  s->scratch, &findings);
}

/* Corrects one cell by its verdict; true: the draft has changed. */
static bool mend(simulating *s, uint32_t table, uint32_t row, uint32_t column)
{
	draft_row *draft = &s->tables[table].rows[s->tables[table].order[row]];
	draft_cell *cell = &draft->cells[column];
	cnv_verdict verdict = (cnv_verdict)s->batch->tables[table].columns[column].verdicts[row];

	switch (verdict) {
	case CNV_UNDUE:
		cell->text = (cnv_str){ 0 };
		return true;
	case CNV_BLANK:
		if (cell->skipped || cell->draws >= MOST_DRAWS)
			return false;
		draw(s, table, draft, row, column);
		return cell->text.len > 0;
	case CNV_MISSING:
	case CNV_UNREADABLE:
	case CNV_NOT_A_CHOICE:
	case CNV_AGAINST_CONSTRAINT:
	case CNV_UNCHECKED:
	case CNV_RETURN_BLANK:
		if (cell->draws < MOST_DRAWS) {
			draw(s, table, draft, row, column);
			return true;
		}
		if (!cell->text.len)
			return false;
		cell->text = (cnv_str){ 0 }; /* better no answer than a wrong one */
		return true;
	case CNV_ACCEPTED:
		if (!cell->unlikely || cell->draws >= MOST_WARNED)
			return false;
		cell->unlikely = false;
		draw(s, table, draft, row, column);
		return true;
	case CNV_NOT_APPLICABLE:
	case CNV_DO_NOT_KNOW:
	case CNV_WITHHELD:
	case CNV_NOT_ASKED:
	case CNV_DUPLICATE:
		return false;
	}
	return false;
}

static bool mend_cells(simulating *s)
{
	bool changed = false;

	for (uint32_t i = 0; i < s->form->table_count; i++) {
		const cnv_form_table *of = &s->form->tables[i];

		for (uint32_t row = 0; row < s->batch->tables[i].rows; row++)
			for (uint32_t k = 0; k < of->count; k++)
				if (is_drawn(s, of->columns[k]) && of->columns[k] != s->form->respondent)
					changed |= mend(s, i, row, k);
	}
	return changed;
}

/* Adds or drops entries of one repeat in one parent row, where an answer sets their number. */
static bool mend_entries(simulating *s, uint32_t table, uint32_t parent, bool *changed)
{
	drafts *of = &s->tables[table];
	const cnv_table *entries = &s->batch->tables[table];
	uint32_t wanted, have = 0, draft = s->tables[s->form->tables[table].parent].order[parent];

	cnv_arena_reset(s->scratch);
	if (!cnv_plan_repeat(s->plan, s->batch, s->form->tables[table].repeat, parent, s->job->world, s->scratch,
			     &wanted) ||
	    wanted == UINT32_MAX)
		return true;
	if (wanted > MOST_COUNTED)
		wanted = MOST_COUNTED;
	for (uint32_t row = s->entries_from; row < entries->rows && entries->parents[row] == parent; row++)
		if (++have > wanted)
			of->rows[of->order[row]].dropped = *changed = true;
	for (; have < wanted; have++) {
		if (!add_row(s, table, draft))
			return false;
		*changed = true;
	}
	return true;
}

static bool mend_counts(simulating *s, bool *changed)
{
	for (uint32_t i = 1; i < s->form->table_count; i++) {
		const cnv_table *entries = &s->batch->tables[i];
		uint32_t parents = s->batch->tables[s->form->tables[i].parent].rows;

		s->entries_from = 0;
		for (uint32_t parent = 0; parent < parents; parent++) {
			if (!mend_entries(s, i, parent, changed))
				return false;
			while (s->entries_from < entries->rows && entries->parents[s->entries_from] == parent)
				s->entries_from++;
		}
	}
	return true;
}

/* ---------------------------------------------------------------- public */

static cnv_status prepare(simulating *s)
{
	const cnv_form *form = s->form;
	simulate_bounds *bounds = cnv_arena_array(&s->texts, (size_t)form->count + 1, sizeof *bounds);
	uint32_t longest = 0;

	for (uint32_t i = 0; i < form->list_count; i++) {
		const cnv_list *list = cnv_list_known(&form->lists[i]);
		if (list && list->count > longest)
			longest = list->count;
	}
	s->offered = cnv_arena_array(&s->texts, CNV_BIT_WORDS(longest) + 1, sizeof *s->offered);
	s->tables = cnv_arena_array(&s->texts, form->table_count, sizeof *s->tables);
	if (!bounds || !s->offered || !s->tables)
		return CNV_NO_MEMORY;
	for (cnv_question_id id = 0; id < form->count; id++) {
		simulate_read_bounds(&bounds[id], s->plan, id, s->job->world);
		s->warns |= form->questions[id].warning.text.len > 0;
	}
	s->inventor.bounds = bounds;
	cnv_batch_reset(s->batch);
	for (uint32_t row = 0; row < s->job->count; row++)
		if (!add_row(s, 0, 0))
			return CNV_NO_MEMORY;
	return CNV_OK;
}

/* Of the drawn answers; a calculation that does not fit its question is the form's own. */
static uint64_t count_rejected(const simulating *s)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < s->batch->table_count; i++)
		for (uint32_t k = 0; k < s->batch->tables[i].count; k++)
			for (uint32_t row = 0;
			     is_drawn(s, s->form->tables[i].columns[k]) && row < s->batch->tables[i].rows; row++) {
				cnv_verdict verdict = (cnv_verdict)s->batch->tables[i].columns[k].verdicts[row];

				count += cnv_verdict_standing(verdict) == CNV_STANDING_NOT_USABLE ||
					 verdict == CNV_MISSING;
			}
	return count;
}

cnv_status simulate_window(const cnv_plan *plan, cnv_batch *batch, const simulate_job *job, cnv_arena *scratch,
			   uint64_t *rejected)
{
	simulating s = { .plan = plan,
			 .form = batch->form,
			 .batch = batch,
			 .job = job,
			 .scratch = scratch,
			 .inventor = { .form = batch->form,
				       .world = job->world,
				       .chance = { job->seed ^ (uint64_t)job->first << 32 } } };
	bool changed = true;
	cnv_status status;

	s.inventor.arena = &s.texts;
	status = prepare(&s);
	for (uint32_t round = 0; !status && changed && round < MOST_ROUNDS; round++) {
		status = judge(&s);
		changed = !status && mend_cells(&s);
		if (!status && !mend_counts(&s, &changed))
			status = CNV_NO_MEMORY;
	}
	if (!status && changed)
		status = judge(&s);
	if (s.failed || s.texts.failed || s.laying.failed || s.inventor.text.failed)
		status = CNV_NO_MEMORY;
	*rejected = status ? 0 : count_rejected(&s);
	for (uint32_t i = 0; s.tables && i < s.form->table_count; i++)
		cnv_mem_free(s.tables[i].rows);
	cnv_text_fini(&s.inventor.text);
	cnv_arena_fini(&s.laying);
	cnv_arena_fini(&s.texts);
	return status;
}
