/* A folder of CSV files with what describes them.
 *
 * responses.csv and one file for each repeat have the answers that count, and N/A, D/K and CONF where they were given.
 * not_counted.csv has the answers that are wrong or were not asked for, remarks.csv what respondents wrote next to their
 * answers, respondents.csv the roster.  datapackage.json and codebook.xml describe them. */
#include "export/dataset.h"

#include <string.h>

typedef struct csv_file {
	cnv_output output;
	cnv_text text;
	uint64_t rows;
} csv_file;

typedef struct package {
	export_run *run;
	cnv_outputs set;
	csv_file *tables; /* of the dataset */
	csv_file remarks, apart;
	cnv_str folder;
} package;

/* ---------------------------------------------------------------- fields */

static bool is_formula(cnv_str field)
{
	return field.len && memchr("=+-@\t\r", field.at[0], 6);
}

/* text: neither a number nor a date. */
static void put_field(const package *p, cnv_text *out, cnv_str field, bool text, cnv_arena *scratch)
{
	if (p->run->export->formula_safe && text && is_formula(field))
		field = cnv_arena_format(scratch, "'%.*s", CNV_ARG(field));
	cnv_csv_put(out, field);
}

static void put_record(const package *p, csv_file *file, const cnv_str *fields, uint32_t count, cnv_arena *scratch)
{
	for (uint32_t i = 0; i < count; i++) {
		if (i)
			cnv_text_put_char(&file->text, ',');
		put_field(p, &file->text, fields[i], true, scratch);
	}
	cnv_text_put_char(&file->text, '\n');
	file->rows++;
}

/* ---------------------------------------------------------------- files */

static cnv_status flush(package *p, csv_file *file, size_t most)
{
	return flush_text(&file->output, &file->text, most, p->run->diags);
}

static cnv_str name_in(package *p, cnv_str name, const char *ending)
{
	return cnv_arena_format(&p->run->arena, "%.*s/%.*s%s", CNV_ARG(p->folder), CNV_ARG(name), ending);
}

static cnv_status open_file(package *p, csv_file *file, cnv_str name)
{
	cnv_str target = name_in(p, name, ".csv");
	cnv_status status =
		target.len ? cnv_outputs_begin(&p->set, &file->output, target, p->run->export->force, p->run->diags)
			   : CNV_NO_MEMORY;

	p->run->exported->files += !status;
	return status;
}

static cnv_status open_list(package *p, csv_file *file, cnv_str name, cnv_str header)
{
	cnv_status status = open_file(p, file, name);

	cnv_text_put(&file->text, header);
	return status;
}

static cnv_status open_table(package *p, const dataset_table *table, csv_file *file)
{
	cnv_status status = open_file(p, file, table->name);

	for (uint32_t i = 0; i < table->count && !status; i++) {
		if (i)
			cnv_text_put_char(&file->text, ',');
		cnv_csv_put(&file->text, table->variables[i].name);
	}
	cnv_text_put_char(&file->text, '\n');
	return status;
}

static cnv_status begin(export_run *run, void **self)
{
	package *p = cnv_mem_get(sizeof *p);
	cnv_status status;

	*self = p;
	if (!p)
		return CNV_NO_MEMORY;
	p->run = run;
	p->folder = run->target;
	while (p->folder.len > 1 && p->folder.at[p->folder.len - 1] == '/')
		p->folder.len--;
	p->tables = cnv_mem_array(run->data.count, sizeof *p->tables);
	if (!p->tables)
		return CNV_NO_MEMORY;
	status = cnv_folder_make(p->folder, run->diags);
	if (!status)
		status = cnv_outputs_open(&p->set, p->folder, run->diags);
	for (uint32_t i = 0; i < run->data.count && !status; i++)
		status = open_table(p, &run->data.tables[i], &p->tables[i]);
	if (!status)
		status = open_list(p, &p->remarks, CNV_STR("remarks"), CNV_STR("respondent,question,remark\n"));
	if (!status)
		status = open_list(p, &p->apart, CNV_STR("not_counted"), CNV_STR("respondent,question,answer,why\n"));
	return status;
}

/* ---------------------------------------------------------------- rows */

static void put_cell(package *p, csv_file *file, const window *w, const dataset_table *table,
		     const data_variable *variable, uint32_t row)
{
	const cnv_column *column = &w->batch->tables[table->table].columns[variable->column];
	bool text = !variable->question || !(column->numbers || column->days || column->moments);

	put_field(p, &file->text, window_text(w, table, variable, row), text, w->scratch);
}

static cnv_status add_rows(package *p, const window *w, uint32_t index)
{
	const dataset_table *table = &p->run->data.tables[index];
	csv_file *file = &p->tables[index];
	cnv_status status = CNV_OK;

	for (uint32_t row = 0; row < w->batch->tables[table->table].rows && !status; row++) {
		if (!table->table && !window_has(w, row))
			continue;
		cnv_arena_reset(w->scratch);
		for (uint32_t i = 0; i < table->count; i++) {
			if (i)
				cnv_text_put_char(&file->text, ',');
			put_cell(p, file, w, table, &table->variables[i], row);
		}
		cnv_text_put_char(&file->text, '\n');
		file->rows++;
		status = flush(p, file, ENOUGH);
	}
	return status;
}

/* The answers of one column that are listed apart. */
static void add_apart(package *p, const window *w, const dataset_table *table, const data_variable *variable)
{
	const cnv_table *rows = &w->batch->tables[table->table];
	const cnv_column *column = &rows->columns[variable->column];

	for (uint32_t row = 0; row < rows->rows; row++) {
		cnv_verdict verdict = (cnv_verdict)column->verdicts[row];
		uint32_t owner;

		if (!is_apart(verdict))
			continue;
		owner = table->table ? cnv_batch_owner(w->batch, table->table, row, 0) : row;
		if (!window_has(w, owner))
			continue;
		cnv_arena_reset(w->scratch);
		put_record(p, &p->apart,
			   (cnv_str[]){ w->reported[owner].respondent,
					cnv_cell_path(w->batch, table->table, row, column->question, w->scratch),
					cnv_column_text(column, row), cnv_str_from(cnv_verdict_words(verdict)) },
			   4, w->scratch);
		p->run->exported->not_counted++;
	}
}

static void add_remarks(package *p, const window *w)
{
	for (uint32_t i = 0; i < w->batch->remark_count; i++) {
		const cnv_remark *remark = &w->batch->remarks[i];
		uint32_t owner = cnv_batch_owner(w->batch, remark->table, remark->row, 0);
		cnv_str path = { 0 };

		cnv_arena_reset(w->scratch);
		if (remark->question != CNV_NONE)
			path = cnv_cell_path(w->batch, remark->table, remark->row, remark->question, w->scratch);
		put_record(p, &p->remarks, (cnv_str[]){ w->reported[owner].respondent, path, remark->text }, 3,
			   w->scratch);
	}
}

static cnv_status add(void *self, const window *w)
{
	package *p = self;
	cnv_status status = CNV_OK;

	for (uint32_t t = 0; t < p->run->data.count && !status; t++) {
		const dataset_table *table = &p->run->data.tables[t];

		status = add_rows(p, w, t);
		for (uint32_t i = 0; i < table->count; i++)
			if (table->variables[i].question)
				add_apart(p, w, table, &table->variables[i]);
	}
	add_remarks(p, w);
	if (!status)
		status = flush(p, &p->apart, ENOUGH);
	return status ? status : flush(p, &p->remarks, ENOUGH);
}

/* ---------------------------------------------------------------- the end */

static cnv_status finish_file(package *p, csv_file *file)
{
	cnv_status status = flush(p, file, 0);

	return status ? status : cnv_output_commit(&file->output, p->run->diags);
}

static cnv_status save(package *p, const char *name, const cnv_text *text)
{
	cnv_str target = name_in(p, cnv_str_from(name), "");

	p->run->exported->files++;
	return text->failed || !target.len
		       ? CNV_NO_MEMORY
		       : cnv_outputs_save(&p->set, target, cnv_text_str(text), p->run->export->force, p->run->diags);
}

/* The roster: its codes, names and groups. */
static cnv_status save_respondents(package *p, cnv_text *text)
{
	const cnv_roster *roster = p->run->export->roster;

	cnv_text_put(text, CNV_STR("respondent,name"));
	for (uint32_t g = 0; g < roster->grouping_count; g++) {
		cnv_text_put_char(text, ',');
		cnv_csv_put(text, roster->groupings[g]);
	}
	cnv_text_put_char(text, '\n');
	for (uint32_t i = 0; i < roster->count; i++) {
		const cnv_respondent *respondent = &roster->respondents[i];

		cnv_csv_put(text, respondent->code);
		cnv_text_put_char(text, ',');
		put_field(p, text, respondent->name, true, &p->run->arena);
		for (uint32_t g = 0; g < roster->grouping_count; g++) {
			cnv_text_put_char(text, ',');
			put_field(p, text, respondent->groups[g], true, &p->run->arena);
		}
		cnv_text_put_char(text, '\n');
	}
	return save(p, "respondents.csv", text);
}

static cnv_status save_descriptions(package *p, cnv_text *text)
{
	uint64_t *rows = cnv_arena_array(&p->run->arena, p->run->data.count, sizeof *rows);
	cnv_status status;

	if (!rows)
		return CNV_NO_MEMORY;
	for (uint32_t t = 0; t < p->run->data.count; t++)
		rows[t] = p->tables[t].rows;
	put_data_package(text, &p->run->data);
	status = save(p, "datapackage.json", text);
	cnv_text_reset(text);
	put_codebook(text, &p->run->data, rows);
	return status ? status : save(p, "codebook.xml", text);
}

static cnv_status finish(package *p)
{
	cnv_text text = { 0 };
	cnv_status status = CNV_OK;

	for (uint32_t t = 0; t < p->run->data.count && !status; t++)
		status = finish_file(p, &p->tables[t]);
	if (!status)
		status = finish_file(p, &p->remarks);
	if (!status)
		status = finish_file(p, &p->apart);
	if (!status && p->run->export->roster)
		status = save_respondents(p, &text);
	cnv_text_reset(&text);
	if (!status)
		status = save_descriptions(p, &text);
	cnv_text_fini(&text);
	return status ? status : cnv_outputs_commit(&p->set, p->run->diags);
}

static void drop_file(csv_file *file)
{
	cnv_output_abandon(&file->output);
	cnv_text_fini(&file->text);
}

static cnv_status end(void *self, bool failed)
{
	package *p = self;
	cnv_status status = failed ? CNV_OK : finish(p);

	for (uint32_t t = 0; p->tables && t < p->run->data.count; t++)
		drop_file(&p->tables[t]);
	drop_file(&p->remarks);
	drop_file(&p->apart);
	cnv_outputs_abandon(&p->set);
	cnv_mem_free(p->tables);
	cnv_mem_free(p);
	return status;
}

const export_writer export_package = { "", begin, NULL, add, end };
