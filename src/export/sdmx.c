/* SDMX-CSV: an observation a line, by a map (sdmx_map.c).
 *
 * An answer that counts is an observation.  One of N/A, D/K or CONF is one too, without a value, where its line of the map
 * has ${status}; every other answer is none.  A line of a choice without ${value} has only the answers with that choice. */
#include "export/sdmx.h"

typedef struct sdmx {
	export_run *run;
	sdmx_map map;
	cnv_output output;
	cnv_text text;
	const window *window;
} sdmx;

static cnv_status begin(export_run *run, void **self)
{
	sdmx *s = cnv_mem_get(sizeof *s);
	cnv_status status;

	*self = s;
	if (!s)
		return CNV_NO_MEMORY;
	s->run = run;
	status = sdmx_map_load(&s->map, run->export->sdmx, &run->data, &run->arena, run->diags);
	if (status)
		return status;
	status = cnv_output_open(&s->output, run->target, run->export->force, run->diags);
	run->exported->files = !status;
	for (uint32_t i = 0; i < s->map.count; i++) {
		if (i)
			cnv_text_put_char(&s->text, ',');
		cnv_csv_put(&s->text, s->map.components[i]);
	}
	cnv_text_put(&s->text, CNV_STR("\r\n"));
	return status;
}

/* Of the code list CL_OBS_STATUS. */
static cnv_str status_of(cnv_verdict verdict)
{
	switch (verdict) {
	case CNV_ACCEPTED:
		return CNV_STR("A"); /* normal value */
	case CNV_NOT_APPLICABLE:
		return CNV_STR("M"); /* missing value; data cannot exist */
	case CNV_DO_NOT_KNOW:
		return CNV_STR("L"); /* missing value; data exist but were not collected */
	case CNV_WITHHELD:
		return CNV_STR("Q"); /* missing value; suppressed */
	default:
		return (cnv_str){ 0 };
	}
}

static bool is_chosen(const map_row *line, const cnv_column *column, uint32_t row)
{
	return column->choices ? column->choices[row] == line->choice
			       : column->sets && cnv_bit(column->sets + (size_t)row * column->words, line->choice);
}

static cnv_str value_text(const window *w, const map_row *line, const cnv_column *column, uint32_t row)
{
	if (column->verdicts[row] != CNV_ACCEPTED)
		return (cnv_str){ 0 };
	if (line->choice == CNV_NONE)
		return window_value(w, column, row);
	return is_chosen(line, column, row) ? CNV_STR("1") : CNV_STR("0");
}

static cnv_str cell_text(sdmx *s, uint32_t component, const map_row *line, uint32_t row)
{
	const map_cell *cell = &line->cells[component];
	const window *w = s->window;
	const cnv_column *column = &w->batch->tables[line->table->table].columns[line->variable->column];
	cnv_str text;

	switch (cell->part) {
	case MAP_VALUE:
		return value_text(w, line, column, row);
	case MAP_STATUS:
		return status_of((cnv_verdict)column->verdicts[row]);
	case MAP_VARIABLE:
		if (cell->table != line->table)
			row = window_response(w, line->table->table, row);
		text = window_cell(w, cell->table, cell->variable, row);
		return sdmx_map_code(&s->map, component, cell->variable->role, text);
	case MAP_TEXT:
		break;
	}
	return cell->text;
}

/* Is the answer an observation of this line? */
static bool is_observed(const map_row *line, const cnv_column *column, uint32_t row)
{
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	if (line->choice != CNV_NONE && !line->has_value)
		return verdict == CNV_ACCEPTED && is_chosen(line, column, row);
	return verdict == CNV_ACCEPTED || (line->has_status && status_of(verdict).len > 0);
}

/* Answers that are no observation of any line are counted at the first of their question. */
static void count_left_out(cnv_exported *exported, const map_row *line, cnv_verdict verdict)
{
	if (!line->first)
		return;
	exported->not_counted += is_apart(verdict);
	exported->without_value += !line->has_status && missing_word(verdict).len > 0;
}

static cnv_status add_line(sdmx *s, const map_row *line)
{
	const window *w = s->window;
	const cnv_table *rows = &w->batch->tables[line->table->table];
	const cnv_column *column = &rows->columns[line->variable->column];
	cnv_status status = CNV_OK;

	for (uint32_t row = 0; row < rows->rows && !status; row++) {
		if (!window_has(w, window_response(w, line->table->table, row)))
			continue;
		if (!is_observed(line, column, row)) {
			count_left_out(s->run->exported, line, (cnv_verdict)column->verdicts[row]);
			continue;
		}
		cnv_arena_reset(w->scratch);
		for (uint32_t i = 0; i < s->map.count; i++) {
			if (i)
				cnv_text_put_char(&s->text, ',');
			cnv_csv_put(&s->text, cell_text(s, i, line, row));
		}
		cnv_text_put(&s->text, CNV_STR("\r\n"));
		s->run->exported->observations++;
		status = flush_text(&s->output, &s->text, ENOUGH, s->run->diags);
	}
	return status;
}

static cnv_status add(void *self, const window *w)
{
	sdmx *s = self;
	cnv_status status = CNV_OK;

	s->window = w;
	for (uint32_t i = 0; i < s->map.row_count && !status; i++)
		status = add_line(s, &s->map.rows[i]);
	return s->map.key.failed ? CNV_NO_MEMORY : status;
}

static cnv_status end(void *self, bool failed)
{
	sdmx *s = self;
	cnv_status status = failed ? CNV_OK : flush_text(&s->output, &s->text, 0, s->run->diags);

	if (!failed && !status)
		status = cnv_output_commit(&s->output, s->run->diags);
	cnv_output_abandon(&s->output);
	cnv_text_fini(&s->text);
	sdmx_map_fini(&s->map);
	cnv_mem_free(s);
	return status;
}

const export_writer export_sdmx = { NULL, begin, NULL, add, end };
