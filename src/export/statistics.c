/* Files of SPSS (.sav) and Stata (.dta), by libreadstat, which is loaded when it is needed.
 *
 * Numbers, dates and choices are numbers; N/A, D/K and CONF are missing values of three kinds with labels, except among
 * dates, where they are blank.  A text is as it is in CSV.  The length of texts and the range of numbers must be known
 * before the first row, so that the responses are read twice. */
#include "export/statistics.h"

#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#define MOST_SPSS_NAME 64u
#define MOST_STATA_NAME 32u
#define MOST_SPSS_TEXT 32767u /* bytes of an answer */
#define MOST_STATA_TEXT 2045u /* bytes of an answer in its row; a longer one is kept apart (strL) */
#define MOST_LABEL 240u       /* bytes of a variable's label */
#define MOST_VALUE_LABEL 120u /* bytes of a choice's label */
#define MOST_NUMBER 1e12      /* of a larger one no missing values are set apart */
#define SPSS_EPOCH 141428.0   /* days from 1582-10-14 to 1970-01-01 */
#define STATA_EPOCH 3653.0    /* days from 1960-01-01 */
#define DAY_SECONDS 86400.0
#define DAY_MS 86400000.0

/* ---------------------------------------------------------------- the library */

static struct functions {
	const char *(*message)(readstat_error_t error);
	readstat_writer_t *(*init)(void);
	readstat_error_t (*set_data_writer)(readstat_writer_t *writer, readstat_data_writer data_writer);
	readstat_label_set_t *(*add_label_set)(readstat_writer_t *writer, readstat_type_t type, const char *name);
	void (*label_double)(readstat_label_set_t *set, double value, const char *label);
	void (*label_int)(readstat_label_set_t *set, int32_t value, const char *label);
	void (*label_tagged)(readstat_label_set_t *set, char tag, const char *label);
	readstat_variable_t *(*add_variable)(readstat_writer_t *writer, const char *name, readstat_type_t type,
					     size_t width);
	void (*set_label)(readstat_variable_t *variable, const char *label);
	void (*set_format)(readstat_variable_t *variable, const char *format);
	void (*set_label_set)(readstat_variable_t *variable, readstat_label_set_t *set);
	readstat_error_t (*add_missing)(readstat_variable_t *variable, double value);
	readstat_string_ref_t *(*add_string_ref)(readstat_writer_t *writer, const char *string);
	readstat_error_t (*set_file_label)(readstat_writer_t *writer, const char *label);
	readstat_error_t (*set_timestamp)(readstat_writer_t *writer, time_t timestamp);
	readstat_error_t (*begin_sav)(readstat_writer_t *writer, void *context, long rows);
	readstat_error_t (*begin_dta)(readstat_writer_t *writer, void *context, long rows);
	readstat_error_t (*begin_row)(readstat_writer_t *writer);
	readstat_error_t (*put_double)(readstat_writer_t *writer, const readstat_variable_t *variable, double value);
	readstat_error_t (*put_int)(readstat_writer_t *writer, const readstat_variable_t *variable, int32_t value);
	readstat_error_t (*put_string)(readstat_writer_t *writer, const readstat_variable_t *variable,
				       const char *value);
	readstat_error_t (*put_string_ref)(readstat_writer_t *writer, const readstat_variable_t *variable,
					   readstat_string_ref_t *ref);
	readstat_error_t (*put_missing)(readstat_writer_t *writer, const readstat_variable_t *variable);
	readstat_error_t (*put_tagged)(readstat_writer_t *writer, const readstat_variable_t *variable, char tag);
	readstat_error_t (*end_row)(readstat_writer_t *writer);
	readstat_error_t (*end)(readstat_writer_t *writer);
	void (*free)(readstat_writer_t *writer);
} readstat;

static const cnv_symbol symbols[] = {
	{ "readstat_error_message", offsetof(struct functions, message) },
	{ "readstat_writer_init", offsetof(struct functions, init) },
	{ "readstat_set_data_writer", offsetof(struct functions, set_data_writer) },
	{ "readstat_add_label_set", offsetof(struct functions, add_label_set) },
	{ "readstat_label_double_value", offsetof(struct functions, label_double) },
	{ "readstat_label_int32_value", offsetof(struct functions, label_int) },
	{ "readstat_label_tagged_value", offsetof(struct functions, label_tagged) },
	{ "readstat_add_variable", offsetof(struct functions, add_variable) },
	{ "readstat_variable_set_label", offsetof(struct functions, set_label) },
	{ "readstat_variable_set_format", offsetof(struct functions, set_format) },
	{ "readstat_variable_set_label_set", offsetof(struct functions, set_label_set) },
	{ "readstat_variable_add_missing_double_value", offsetof(struct functions, add_missing) },
	{ "readstat_add_string_ref", offsetof(struct functions, add_string_ref) },
	{ "readstat_writer_set_file_label", offsetof(struct functions, set_file_label) },
	{ "readstat_writer_set_file_timestamp", offsetof(struct functions, set_timestamp) },
	{ "readstat_begin_writing_sav", offsetof(struct functions, begin_sav) },
	{ "readstat_begin_writing_dta", offsetof(struct functions, begin_dta) },
	{ "readstat_begin_row", offsetof(struct functions, begin_row) },
	{ "readstat_insert_double_value", offsetof(struct functions, put_double) },
	{ "readstat_insert_int32_value", offsetof(struct functions, put_int) },
	{ "readstat_insert_string_value", offsetof(struct functions, put_string) },
	{ "readstat_insert_string_ref", offsetof(struct functions, put_string_ref) },
	{ "readstat_insert_missing_value", offsetof(struct functions, put_missing) },
	{ "readstat_insert_tagged_missing_value", offsetof(struct functions, put_tagged) },
	{ "readstat_end_row", offsetof(struct functions, end_row) },
	{ "readstat_end_writing", offsetof(struct functions, end) },
	{ "readstat_writer_free", offsetof(struct functions, free) },
};

static cnv_status load(cnv_str target, cnv_diags *diags)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	const char *trouble = NULL;

	pthread_mutex_lock(&one_at_a_time);
	if (!loaded)
		trouble = cnv_library_load("libreadstat.so.1", symbols, sizeof symbols / sizeof *symbols, &readstat);
	loaded = !trouble;
	pthread_mutex_unlock(&one_at_a_time);
	if (trouble)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_STATISTICS_LIBRARY, .place = (cnv_place){ .source = target },
					.hint = CNV_STR("install libreadstat (Debian: package libreadstat1), or write a"
							" folder of CSV files")),
			       "cannot load the library that writes files of SPSS and Stata: %s", trouble);
	return trouble ? CNV_NO_ACCESS : CNV_OK;
}

/* ---------------------------------------------------------------- the files */

typedef struct statistics {
	export_run *run;
	cnv_outputs set;
	stat_table *tables; /* of the dataset */
	bool stata, begun;
	cnv_text text; /* of one cell, NUL-terminated */
} statistics;

/* Said once; what the output said is not repeated. */
static cnv_status refused(stat_table *table, readstat_error_t error)
{
	if (table->status || error == READSTAT_OK)
		return table->status;
	if (error == READSTAT_ERROR_MALLOC)
		return table->status = CNV_NO_MEMORY;
	cnv_diags_emit(table->run->diags,
		       CNV_DIAG(.code = CNV_STATISTICS_REFUSED, .place = (cnv_place){ .source = table->output.target },
				.hint = CNV_STR("write a folder of CSV files instead")),
		       "the file cannot have this: %s", readstat.message(error));
	return table->status = CNV_REJECTED;
}

static ssize_t put_bytes(const void *data, size_t len, void *context)
{
	stat_table *table = context;

	table->status = cnv_output_write(&table->output, (cnv_str){ data, len }, table->run->diags);
	return table->status ? -1 : (ssize_t)len;
}

/* X.sav, and X_crew.sav for the repeat crew. */
static cnv_str name_file(const statistics *s, const dataset_table *table)
{
	cnv_str target = s->run->target;
	size_t stem = target.len - 4;

	return !table->table
		       ? target
		       : cnv_arena_format(&s->run->arena, "%.*s_%.*s%.*s", CNV_ARG(cnv_str_slice(target, 0, stem)),
					  CNV_ARG(table->name), CNV_ARG(cnv_str_slice(target, stem, target.len)));
}

static cnv_str folder_of(cnv_str target)
{
	cnv_str folder = cnv_folder_of(target);

	return folder.len ? folder : CNV_STR(".");
}

static cnv_status begin(export_run *run, void **self, bool stata)
{
	statistics *s = cnv_mem_get(sizeof *s);
	cnv_status status;

	*self = s;
	if (!s)
		return CNV_NO_MEMORY;
	*s = (statistics){ .run = run, .stata = stata };
	s->tables = cnv_mem_array(run->data.count, sizeof *s->tables);
	if (!s->tables)
		return CNV_NO_MEMORY;
	status = load(run->target, run->diags);
	if (!status)
		status = cnv_outputs_open(&s->set, folder_of(run->target), run->diags);
	for (uint32_t t = 0; t < run->data.count && !status; t++) {
		stat_table *table = &s->tables[t];

		table->table = &run->data.tables[t];
		if (!stat_plan(table, run, stata ? MOST_STATA_NAME : MOST_SPSS_NAME))
			return CNV_NO_MEMORY;
		status = cnv_outputs_begin(&s->set, &table->output, name_file(s, table->table), run->export->force,
					   run->diags);
		run->exported->files += !status;
	}
	return status;
}

static cnv_status begin_spss(export_run *run, void **self)
{
	return begin(run, self, false);
}

static cnv_status begin_stata(export_run *run, void **self)
{
	return begin(run, self, true);
}

static cnv_status measure(void *self, const window *w)
{
	statistics *s = self;

	for (uint32_t t = 0; t < s->run->data.count; t++)
		stat_measure(&s->tables[t], w);
	return CNV_OK;
}

/* ---------------------------------------------------------------- the columns */

/* The text, NUL-terminated, at most `most` bytes of whole characters; until the next call. */
static const char *terminated(statistics *s, cnv_str text, size_t most)
{
	cnv_text_reset(&s->text);
	cnv_text_put(&s->text, cnv_utf8_cut(text, most));
	cnv_text_put_char(&s->text, 0);
	return s->text.failed ? "" : s->text.at;
}

static void label_value(statistics *s, readstat_label_set_t *set, double value, cnv_str label)
{
	const char *text = terminated(s, label, MOST_VALUE_LABEL);

	if (s->stata)
		readstat.label_int(set, (int32_t)value, text);
	else
		readstat.label_double(set, value, text);
}

static cnv_str missing_label(size_t i)
{
	return cnv_str_from(cnv_standing_words(cnv_verdict_standing(cnv_missing_words[i].verdict)));
}

/* SPSS: three numbers above all others, as 97, 98 and 99.  Stata has missing values of its own: .a, .b and .c. */
static void set_missing(statistics *s, stat_column *column, readstat_label_set_t *set)
{
	double first = 97;

	while (first <= column->most)
		first = first * 10 + 27;
	if (!s->stata && column->most >= MOST_NUMBER)
		return;
	column->missing = first;
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++) {
		if (s->stata) {
			readstat.label_tagged(set, (char)('a' + i), terminated(s, missing_label(i), MOST_VALUE_LABEL));
			continue;
		}
		label_value(s, set, first + (double)i, missing_label(i));
		readstat.add_missing(column->variable, first + (double)i);
	}
}

static void set_labels(statistics *s, stat_table *table, stat_column *column, uint32_t index)
{
	cnv_str name = cnv_arena_format(&s->run->arena, "labels%u", index);
	readstat_label_set_t *set = readstat.add_label_set(
		table->writer, s->stata ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE, terminated(s, name, name.len));

	for (uint32_t i = 0; column->kind == STAT_CODE && i < column->list->count; i++) {
		double code = stat_code(column, i);

		column->most = code > column->most ? code : column->most;
		label_value(
			s, set, code,
			cnv_choice_title(s->run->export->form, &column->list->choices[i], s->run->export->language));
	}
	if (column->kind == STAT_TICK) {
		column->most = 1;
		label_value(s, set, 0, CNV_STR("not chosen"));
		label_value(s, set, 1, CNV_STR("chosen"));
	}
	set_missing(s, column, set);
	readstat.set_label_set(column->variable, set);
}

static const char *format_of(stat_kind kind, bool stata)
{
	static const char *const formats[][2] = {
		[STAT_DAY] = { "SDATE10", "%td" },
		[STAT_TIME] = { "TIME8", "%tcHH:MM:SS" },
		[STAT_MOMENT] = { "DATETIME20", "%tc" },
	};

	return kind >= STAT_DAY ? formats[kind][stata] : NULL;
}

static bool is_apart_text(const statistics *s, const stat_column *column)
{
	return s->stata && column->width > MOST_STATA_TEXT;
}

static void add_column(statistics *s, stat_table *table, uint32_t index)
{
	stat_column *column = &table->columns[index];
	bool whole = s->stata && (column->kind == STAT_CODE || column->kind == STAT_TICK);
	readstat_type_t type = column->kind != STAT_TEXT  ? whole ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE
			       : is_apart_text(s, column) ? READSTAT_TYPE_STRING_REF
							  : READSTAT_TYPE_STRING;
	size_t width = column->width < MOST_SPSS_TEXT ? column->width : MOST_SPSS_TEXT;
	cnv_str label = column->from->label;
	const char *format = format_of(column->kind, s->stata);

	column->variable = readstat.add_variable(table->writer, terminated(s, column->name, MOST_SPSS_NAME), type,
						 type == READSTAT_TYPE_STRING ? width : 0);
	if (column->kind == STAT_TICK)
		label = cnv_arena_format(
			&s->run->arena, "%.*s: %.*s", CNV_ARG(cnv_utf8_cut(label, MOST_LABEL / 2)),
			CNV_ARG(cnv_choice_title(s->run->export->form, &column->list->choices[column->choice],
						 s->run->export->language)));
	readstat.set_label(column->variable, terminated(s, label, MOST_LABEL));
	if (format)
		readstat.set_format(column->variable, format);
	/* A number that is no answer, as the revision, is never missing; Stata labels whole numbers only. */
	if (column->kind == STAT_CODE || column->kind == STAT_TICK ||
	    (column->kind == STAT_NUMBER && column->from->question && !s->stata))
		set_labels(s, table, column, index);
}

static cnv_status begin_table(statistics *s, stat_table *table)
{
	readstat_error_t error;

	table->writer = readstat.init();
	if (!table->writer)
		return CNV_NO_MEMORY;
	error = readstat.set_data_writer(table->writer, put_bytes);
	for (uint32_t i = 0; i < table->count; i++)
		add_column(s, table, i);
	if (!error)
		error = readstat.set_file_label(table->writer, terminated(s, table->table->title, 60));
	if (!error)
		error = readstat.set_timestamp(table->writer, (time_t)(s->run->export->now.utc_ms / 1000));
	if (!error)
		error = (s->stata ? readstat.begin_dta : readstat.begin_sav)(table->writer, table, (long)table->rows);
	return refused(table, error);
}

/* ---------------------------------------------------------------- the rows */

static readstat_error_t put_text(statistics *s, stat_table *table, const stat_column *column, cnv_str text)
{
	const char *value = terminated(s, text, s->stata ? SIZE_MAX : MOST_SPSS_TEXT);

	s->run->exported->cut += !s->stata && text.len > MOST_SPSS_TEXT;
	if (is_apart_text(s, column))
		return readstat.put_string_ref(table->writer, column->variable,
					       readstat.add_string_ref(table->writer, value));
	return readstat.put_string(table->writer, column->variable, value);
}

/* Of an answer that is N/A, D/K or CONF, or of none. */
static readstat_error_t put_absent(const statistics *s, stat_table *table, const stat_column *column,
				   cnv_verdict verdict)
{
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++) {
		if (cnv_missing_words[i].verdict != verdict || column->kind >= STAT_DAY)
			continue;
		if (s->stata)
			return readstat.put_tagged(table->writer, column->variable, (char)('a' + i));
		if (column->missing > 0)
			return readstat.put_double(table->writer, column->variable, column->missing + (double)i);
	}
	return readstat.put_missing(table->writer, column->variable);
}

static double number_of(const statistics *s, const stat_column *column, const cnv_column *cells, uint32_t row)
{
	switch (column->kind) {
	case STAT_DAY:
		return s->stata ? cells->days[row] + STATA_EPOCH : (cells->days[row] + SPSS_EPOCH) * DAY_SECONDS;
	case STAT_TIME:
		return s->stata ? cells->days[row] : cells->days[row] / 1000.0;
	case STAT_MOMENT:
		return s->stata ? (double)cells->moments[row] + STATA_EPOCH * DAY_MS
				: (double)cells->moments[row] / 1000.0 + SPSS_EPOCH * DAY_SECONDS;
	case STAT_CODE:
		return cells->choices[row] < column->list->count ? stat_code(column, cells->choices[row]) : NAN;
	case STAT_TICK:
		return cnv_bit(cells->sets + (size_t)row * cells->words, column->choice);
	case STAT_NUMBER:
	case STAT_TEXT:
		break;
	}
	return cells->numbers[row];
}

static readstat_error_t put_number(const statistics *s, stat_table *table, const stat_column *column, double number)
{
	if (!isfinite(number))
		return readstat.put_missing(table->writer, column->variable);
	if (s->stata && (column->kind == STAT_CODE || column->kind == STAT_TICK))
		return readstat.put_int(table->writer, column->variable, (int32_t)number);
	return readstat.put_double(table->writer, column->variable, number);
}

/* Whose the row is, where that is a number. */
static double identity_of(const statistics *s, const stat_column *column, const cnv_reported *reported)
{
	double received = (double)reported->received.utc_ms;

	if (column->kind == STAT_NUMBER)
		return reported->revision;
	return s->stata ? received + STATA_EPOCH * DAY_MS : received / 1000.0 + SPSS_EPOCH * DAY_SECONDS;
}

static readstat_error_t put_cell(statistics *s, stat_table *table, const stat_column *column, const window *w,
				 uint32_t row)
{
	const cnv_column *cells = &w->batch->tables[table->table->table].columns[column->from->column];

	if (column->kind == STAT_TEXT)
		return put_text(s, table, column, window_text(w, table->table, column->from, row));
	if (!column->from->question)
		return put_number(s, table, column, identity_of(s, column, &w->reported[row]));
	if (cells->verdicts[row] != CNV_ACCEPTED)
		return put_absent(s, table, column, (cnv_verdict)cells->verdicts[row]);
	return put_number(s, table, column, number_of(s, column, cells, row));
}

static cnv_status add_rows(statistics *s, stat_table *table, const window *w)
{
	readstat_error_t error = READSTAT_OK;

	for (uint32_t row = 0; row < w->batch->tables[table->table->table].rows && !error; row++) {
		if (!table->table->table && !window_has(w, row))
			continue;
		cnv_arena_reset(w->scratch);
		error = readstat.begin_row(table->writer);
		for (uint32_t i = 0; i < table->count && !error; i++)
			error = put_cell(s, table, &table->columns[i], w, row);
		if (!error)
			error = readstat.end_row(table->writer);
	}
	return s->text.failed ? CNV_NO_MEMORY : refused(table, error);
}

static cnv_status begin_tables(statistics *s)
{
	cnv_status status = CNV_OK;

	s->begun = true;
	for (uint32_t t = 0; t < s->run->data.count && !status; t++)
		status = begin_table(s, &s->tables[t]);
	return status;
}

/* How many answers of this window do not count. */
static uint64_t count_apart(const stat_table *table, const window *w)
{
	const cnv_table *rows = &w->batch->tables[table->table->table];
	uint64_t count = 0;

	for (uint32_t i = 0; i < table->table->count; i++) {
		const data_variable *variable = &table->table->variables[i];

		for (uint32_t row = 0; variable->question && row < rows->rows; row++)
			count += is_apart((cnv_verdict)rows->columns[variable->column].verdicts[row]) &&
				 (table->table->table || window_has(w, row));
	}
	return count;
}

static cnv_status add(void *self, const window *w)
{
	statistics *s = self;
	cnv_status status = s->begun ? CNV_OK : begin_tables(s);

	for (uint32_t t = 0; t < s->run->data.count && !status; t++) {
		status = add_rows(s, &s->tables[t], w);
		s->run->exported->not_counted += count_apart(&s->tables[t], w);
	}
	return status;
}

static cnv_status finish(statistics *s)
{
	cnv_status status = s->begun ? CNV_OK : begin_tables(s);

	for (uint32_t t = 0; t < s->run->data.count && !status; t++) {
		status = refused(&s->tables[t], readstat.end(s->tables[t].writer));
		if (!status)
			status = cnv_output_commit(&s->tables[t].output, s->run->diags);
	}
	return status ? status : cnv_outputs_commit(&s->set, s->run->diags);
}

static cnv_status end(void *self, bool failed)
{
	statistics *s = self;
	cnv_status status = failed ? CNV_OK : finish(s);

	for (uint32_t t = 0; s->tables && t < s->run->data.count; t++) {
		if (s->tables[t].writer)
			readstat.free(s->tables[t].writer);
		cnv_output_abandon(&s->tables[t].output);
	}
	cnv_outputs_abandon(&s->set);
	cnv_text_fini(&s->text);
	cnv_mem_free(s->tables);
	cnv_mem_free(s);
	return status;
}

const export_writer export_spss = { ".sav", begin_spss, measure, add, end };
const export_writer export_stata = { ".dta", begin_stata, measure, add, end };
