/* Judges stored answers by another version of their form.  A window of responses is read with the form it was
 * answered with, mapped to the columns of the second form by question name, then settled and judged there like a
 * return.  Rows have the same position on both sides, so the old and the new verdict of a cell are compared
 * directly. */
#include "canvass/round.h"

/* Answers that counted as valid when they were judged. */
static bool stands(cnv_verdict verdict)
{
	switch (cnv_verdict_standing(verdict)) {
	case CNV_STANDING_ANSWERED:
	case CNV_STANDING_NOT_APPLICABLE:
	case CNV_STANDING_DO_NOT_KNOW:
	case CNV_STANDING_WITHHELD:
		return true;
	case CNV_STANDING_NOT_USABLE:
	case CNV_STANDING_NO_ANSWER:
	case CNV_STANDING_NOT_ASKED:
	case CNV_STANDING_RETURNED_BLANK:
	case CNV_STANDING_NO_REPLY:
	case CNV_STANDINGS:
		break;
	}
	return false;
}

/* The table of the second form that holds the entries of a table of the first; CNV_NONE: no such table, or its
 * parent is different. */
static uint32_t table_of(const cnv_against *a, uint32_t table)
{
	const cnv_form *before = a->before->form, *after = a->after->form;
	cnv_question_id repeat = before->tables[table].repeat;
	uint32_t found;

	if (!table)
		return 0;
	repeat = a->matching->after_of[repeat];
	if (repeat == CNV_NONE || after->questions[repeat].role != CNV_REPEAT)
		return CNV_NONE;
	found = after->questions[repeat].table;
	return table_of(a, before->tables[table].parent) == after->tables[found].parent ? found : CNV_NONE;
}

/* The question of the second form that receives the answers of this one; CNV_NONE: no question does. */
static cnv_question_id heir_of(const cnv_against *a, cnv_question_id old)
{
	const cnv_question *question = &a->before->form->questions[old];
	cnv_question_id heir = a->matching->after_of[old];

	if (heir == CNV_NONE || a->after->form->questions[heir].column == CNV_NONE)
		return CNV_NONE;
	return table_of(a, question->table) == a->after->form->questions[heir].table ? heir : CNV_NONE;
}

/* The old cell of a question of the second form; NULL: none. */
static const cnv_column *old_column(const cnv_against *a, cnv_question_id id)
{
	cnv_question_id old = a->matching->before_of[id];

	if (old == CNV_NONE || a->before->form->questions[old].column == CNV_NONE || heir_of(a, old) != id)
		return NULL;
	return &a->old->tables[a->before->form->questions[old].table].columns[a->before->form->questions[old].column];
}

/* ---------------------------------------------------------------- from one form to the other */

static void carry_row(cnv_against *a, const cnv_table *from, uint32_t to, uint32_t row)
{
	for (uint32_t k = 0; k < from->count; k++) {
		const cnv_column *column = &from->columns[k];
		cnv_question_id heir = heir_of(a, column->question);
		/* Calculated values are calculated again. */
		if (heir == CNV_NONE || a->after->form->questions[heir].role == CNV_COMPUTED ||
		    !cnv_bit(column->answered, row))
			continue;
		cnv_batch_put(a->new, to, a->after->form->questions[heir].column,
			      cnv_cell_value(a->before->form, column, row, &a->texts), 0);
	}
}

/* Line numbers are the numbers of the responses in the window, so that findings are sorted by respondent. */
static void carry_table(cnv_against *a, uint32_t table)
{
	const cnv_table *from = &a->old->tables[table];
	uint32_t to = table_of(a, table);

	if (to == CNV_NONE)
		return;
	for (uint32_t row = 0; row < from->rows; row++) {
		if (cnv_batch_row(a->new, to, table ? from->parents[row] : 0,
				  cnv_batch_owner(a->old, table, row, 0) + 1) == CNV_NONE)
			return;
		carry_row(a, from, to, row);
	}
}

/* ---------------------------------------------------------------- what is found */

static void tell_fallen(cnv_against *a, uint32_t table, uint32_t row, const cnv_column *column, cnv_str why)
{
	cnv_fallen fallen = { .respondent = a->reported[cnv_batch_owner(a->old, table, row, 0)].respondent,
			      .path = cnv_cell_path(a->old, table, row, column->question, &a->texts),
			      .value = cnv_cell_value(a->before->form, column, row, &a->texts),
			      .why = why };

	a->fallen++;
	a->tell_fallen(a->self, &fallen);
}

/* The form's own message may describe an older rule, so the rule itself is shown as well. */
static cnv_str why(cnv_against *a, const cnv_finding *finding)
{
	cnv_str rule = a->after->form->questions[finding->question].constraint.text;

	if (finding->verdict == CNV_AGAINST_CONSTRAINT)
		return cnv_arena_format(&a->texts, "%.*s (the rule: %.*s)", CNV_ARG(finding->diag.message),
					CNV_ARG(rule));
	if (finding->diag.hint.len)
		return cnv_arena_format(&a->texts, "%.*s (%.*s)", CNV_ARG(finding->diag.message),
					CNV_ARG(finding->diag.hint));
	return finding->diag.message;
}

static void on_finding(void *self, const cnv_finding *finding)
{
	cnv_against *a = self;
	const cnv_column *column = old_column(a, finding->question);

	if (!column || stands(finding->verdict) || !cnv_bit(column->answered, finding->row) ||
	    !stands((cnv_verdict)column->verdicts[finding->row]))
		return;
	tell_fallen(a, a->before->form->questions[column->question].table, finding->row, column, why(a, finding));
}

static cnv_str why_gone(cnv_against *a, cnv_question_id old)
{
	cnv_question_id renamed = a->matching->renamed_to[old];

	if (a->matching->after_of[old] != CNV_NONE)
		return CNV_STR("the question is now in another repeat, or takes no answer");
	if (renamed != CNV_NONE)
		return cnv_arena_format(&a->texts, "the question is no longer in the form, unless it is now %.*s",
					CNV_ARG(a->after->form->questions[renamed].name));
	return CNV_STR("the question is no longer in the form");
}

/* Answers to questions that the second form lacks or has in another repeat. */
static void tell_gone(cnv_against *a)
{
	for (uint32_t t = 0; t < a->old->table_count; t++) {
		const cnv_table *table = &a->old->tables[t];
		for (uint32_t k = 0; k < table->count; k++) {
			const cnv_column *column = &table->columns[k];
			cnv_question_id id = column->question;
			if (a->before->form->questions[id].role != CNV_ASKED || heir_of(a, id) != CNV_NONE)
				continue;
			cnv_str reason = why_gone(a, id);
			for (uint32_t row = 0; row < table->rows; row++)
				if (cnv_bit(column->answered, row) && stands((cnv_verdict)column->verdicts[row]))
					tell_fallen(a, t, row, column, reason);
		}
	}
}

static void count_anew(cnv_against *a)
{
	for (uint32_t t = 0; t < a->new->table_count; t++) {
		const cnv_table *table = &a->new->tables[t];
		for (uint32_t k = 0; k < table->count; k++) {
			cnv_question_id id = table->columns[k].question;
			const cnv_column *old = old_column(a, id);
			if (a->after->form->questions[id].role != CNV_ASKED)
				continue;
			for (uint32_t row = 0; row < table->rows; row++) {
				cnv_verdict now = (cnv_verdict)table->columns[k].verdicts[row];
				bool was_asked = old && cnv_verdict_standing((cnv_verdict)old->verdicts[row]) !=
								CNV_STANDING_NOT_ASKED;
				if (now != CNV_BLANK && now != CNV_MISSING)
					continue;
				a->anew[id].asked += !was_asked;
				a->anew[id].required += !was_asked && now == CNV_MISSING;
				a->anew[id].now_required +=
					was_asked && now == CNV_MISSING && old->verdicts[row] == CNV_BLANK;
			}
		}
	}
}

static cnv_status judge_window(cnv_against *a)
{
	cnv_world world = { .now = a->now, .seed = 1 };
	cnv_findings findings = { .emit = on_finding, .self = a };
	cnv_settle_options options = { .utc_offset = a->now.utc_offset };
	cnv_ledger ledger = { 0 };
	cnv_status status;

	cnv_batch_reset(a->new);
	cnv_arena_reset(&a->texts);
	cnv_arena_reset(&a->scratch);
	for (uint32_t t = 0; t < a->old->table_count; t++)
		carry_table(a, t);
	status = a->new->failed || a->texts.failed ? CNV_NO_MEMORY
						   : cnv_settle_with(a->new, a->before->name, &options, &ledger);
	if (!status)
		tell_gone(a);
	if (!status)
		status = cnv_check(a->after->plan, a->new, &world, a->before->name, a->after->language, &a->scratch,
				   &findings);
	if (!status)
		count_anew(a);
	return a->texts.failed ? CNV_NO_MEMORY : status;
}

/* ---------------------------------------------------------------- the whole round */

static cnv_status read_round(cnv_against *a, cnv_store *store, cnv_diags *diags)
{
	cnv_cursor *cursor = NULL;
	uint32_t count = 1;
	cnv_status status = cnv_store_read(&cursor, store, a->round, diags);

	while (!status && count) {
		cnv_batch_reset(a->old);
		status = cnv_cursor_next(cursor, a->old, a->reported, CNV_WINDOW_ROWS, &count, diags);
		if (!status && count)
			status = judge_window(a);
	}
	cnv_cursor_close(cursor);
	return status;
}

cnv_status cnv_against_run(cnv_against *a, cnv_store *store, cnv_diags *diags)
{
	uint32_t questions = a->after->form->count;
	cnv_status status;

	a->old = cnv_batch_new(a->before->form);
	a->new = cnv_batch_new(a->after->form);
	a->reported = cnv_mem_array(CNV_WINDOW_ROWS, sizeof *a->reported);
	a->anew = cnv_mem_array((size_t)questions + 1, sizeof *a->anew);
	if (!a->old || !a->new || !a->reported || !a->anew)
		return CNV_NO_MEMORY;
	for (cnv_question_id id = 0; id < questions; id++)
		a->anew[id].question = id;
	status = cnv_store_count(store, a->round, &a->responses, diags);
	if (status)
		return status;
	a->tell_begin(a->self, a);
	return read_round(a, store, diags);
}

void cnv_against_fini(cnv_against *a)
{
	cnv_batch_free(a->old);
	cnv_batch_free(a->new);
	cnv_mem_free(a->reported);
	cnv_mem_free(a->anew);
	cnv_arena_fini(&a->scratch);
	cnv_arena_fini(&a->texts);
	*a = (cnv_against){ 0 };
}
