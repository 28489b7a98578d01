/* JSON Lines: one response a line, with its entries inside it.
 *
 * Numbers are numbers, choices of several are arrays, and everything else is a text.  An answer of N/A, D/K or CONF is
 * under "missing", one that is wrong or was not asked for under "not_counted", so that "answers" has values only. */
#include "export/dataset.h"
#include "export/json.h"

typedef struct lines {
	export_run *run;
	cnv_output output;
	cnv_text text;
	const window *window;
	uint32_t next_remark; /* of the window's: those before it belong to responses before */
} lines;

static cnv_status begin(export_run *run, void **self)
{
	lines *l = cnv_mem_get(sizeof *l);
	cnv_status status;

	*self = l;
	if (!l)
		return CNV_NO_MEMORY;
	l->run = run;
	status = cnv_output_open(&l->output, run->target, run->export->force, run->diags);
	run->exported->files = !status;
	return status;
}

/* ---------------------------------------------------------------- values */

/* Each name or label of an answer of several. */
static void put_several(lines *l, json *j, const cnv_column *column, uint32_t row)
{
	const cnv_export *export = l->run->export;
	const cnv_list *list = &export->form->lists[column->list];
	cnv_str names, name;

	json_open(j, NULL, '[');
	if (export->labels && column->kind != CNV_RANK) {
		for (uint32_t i = 0; i < list->count; i++)
			if (cnv_bit(column->sets + (size_t)row * column->words, i))
				json_text(j, NULL, cnv_choice_title(export->form, &list->choices[i], export->language));
	} else {
		for (names = window_value(l->window, column, row); cnv_str_word(&names, &name);)
			json_text(j, NULL, name);
	}
	json_close(j, ']');
}

static void put_value(lines *l, json *j, const cnv_column *column, uint32_t row)
{
	cnv_str value;

	if (column->sets && column->list != CNV_NONE) {
		put_several(l, j, column, row);
		return;
	}
	value = window_value(l->window, column, row);
	if (column->numbers && column->numbers[row] - column->numbers[row] == 0)
		json_raw(j, NULL, value);
	else
		json_text(j, NULL, value);
}

/* ---------------------------------------------------------------- records */

typedef enum member { ANSWERS, MISSING, NOT_COUNTED, MEMBERS } member;

static bool belongs(cnv_verdict verdict, member of)
{
	return of == ANSWERS   ? verdict == CNV_ACCEPTED
	       : of == MISSING ? missing_word(verdict).len > 0
			       : is_apart(verdict);
}

static void put_member(lines *l, json *j, const cnv_column *column, uint32_t row, member of)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	if (of == ANSWERS) {
		put_value(l, j, column, row);
	} else if (of == MISSING) {
		json_text(j, NULL, missing_word(verdict));
	} else {
		json_open(j, NULL, '{');
		json_text(j, "answer", cnv_column_text(column, row));
		json_text(j, "why", cnv_str_from(cnv_verdict_words(verdict)));
		json_close(j, '}');
		l->run->exported->not_counted++;
	}
	j->comma = true;
}

/* "answers", "missing" and "not_counted" of one row, each if it has any. */
static void put_members(lines *l, json *j, const dataset_table *table, uint32_t row)
{
	static const char *const keys[MEMBERS] = { "answers", "missing", "not_counted" };
	const cnv_table *rows = &l->window->batch->tables[table->table];

	for (member m = ANSWERS; m < MEMBERS; m++) {
		bool any = m == ANSWERS;

		if (any)
			json_open(j, keys[m], '{');
		for (uint32_t i = 0; i < table->count; i++) {
			const data_variable *variable = &table->variables[i];
			const cnv_column *column = variable->question ? &rows->columns[variable->column] : NULL;

			if (!column || !belongs((cnv_verdict)column->verdicts[row], m))
				continue;
			if (!any)
				json_open(j, keys[m], '{');
			any = true;
			json_key(j, variable->name);
			put_member(l, j, column, row, m);
		}
		if (any)
			json_close(j, '}');
	}
}

static void put_entries(lines *l, json *j, uint32_t table, uint32_t row);

static void put_entry(lines *l, json *j, const dataset_table *table, uint32_t row)
{
	json_open(j, NULL, '{');
	put_members(l, j, table, row);
	put_entries(l, j, table->table, row);
	json_close(j, '}');
}

/* The entries in a row of each repeat inside its table; repeats nest at most CNV_TABLE_DEPTH deep. */
static void put_entries(lines *l, json *j, uint32_t table, uint32_t row)
{
	const dataset *data = &l->run->data;
	bool any = false;

	for (uint32_t t = 1; t < data->count; t++) {
		const cnv_table *inner = &l->window->batch->tables[data->tables[t].table];
		uint32_t first;

		if (l->run->export->form->tables[data->tables[t].table].parent != table)
			continue;
		first = cnv_table_first(inner, row);
		if (first >= inner->rows || inner->parents[first] != row)
			continue;
		if (!any)
			json_open(j, "entries", '{');
		any = true;
		json_key(j, data->tables[t].name);
		json_open(j, NULL, '[');
		for (; first < inner->rows && inner->parents[first] == row; first++)
			put_entry(l, j, &data->tables[t], first);
		json_close(j, ']');
	}
	if (any)
		json_close(j, '}');
}

/* Remarks come in the order of their responses. */
static void put_remarks(lines *l, json *j, uint32_t row)
{
	const cnv_batch *batch = l->window->batch;
	bool any = false;

	for (; l->next_remark < batch->remark_count; l->next_remark++) {
		const cnv_remark *remark = &batch->remarks[l->next_remark];

		if (cnv_batch_owner(batch, remark->table, remark->row, 0) > row)
			break;
		if (!any)
			json_open(j, "remarks", '[');
		any = true;
		json_open(j, NULL, '{');
		if (remark->question != CNV_NONE)
			json_text(
				j, "question",
				cnv_cell_path(batch, remark->table, remark->row, remark->question, l->window->scratch));
		json_text(j, "remark", remark->text);
		json_close(j, '}');
	}
	if (any)
		json_close(j, ']');
}

static void put_response(lines *l, uint32_t row)
{
	const dataset_table *table = &l->run->data.tables[0];
	json j = { .out = &l->text };

	json_open(&j, NULL, '{');
	for (uint32_t i = 0; i < table->count && !table->variables[i].question; i++) {
		cnv_str value = window_cell(l->window, table, &table->variables[i], row);

		json_key(&j, table->variables[i].name);
		if (table->variables[i].role == VARIABLE_REVISION)
			json_raw(&j, NULL, value);
		else
			json_text(&j, NULL, value);
	}
	put_members(l, &j, table, row);
	put_entries(l, &j, 0, row);
	put_remarks(l, &j, row);
	json_close(&j, '}');
	cnv_text_put_char(&l->text, '\n');
}

static cnv_status add(void *self, const window *w)
{
	lines *l = self;
	cnv_status status = CNV_OK;

	l->window = w;
	l->next_remark = 0;
	for (uint32_t row = 0; row < w->batch->tables[0].rows && !status; row++) {
		if (!window_has(w, row))
			continue;
		cnv_arena_reset(w->scratch);
		put_response(l, row);
		status = flush_text(&l->output, &l->text, ENOUGH, l->run->diags);
	}
	return status;
}

static cnv_status end(void *self, bool failed)
{
	lines *l = self;
	cnv_status status = failed ? CNV_OK : flush_text(&l->output, &l->text, 0, l->run->diags);

	if (!failed && !status)
		status = cnv_output_commit(&l->output, l->run->diags);
	cnv_output_abandon(&l->output);
	cnv_text_fini(&l->text);
	cnv_mem_free(l);
	return status;
}

const export_writer export_json_lines = { ".jsonl", begin, NULL, add, end };
