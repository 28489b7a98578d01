/* The columns of a file for SPSS or Stata.
 *
 * A choice is its number with a label, a choice of several a column of 0 and 1 for each option, a text as long as its
 * longest. */
#include "export/statistics.h"

#include <math.h>
#include <string.h>

#define MOST_TICKS 200u /* options of a question that become columns; of a longer list the names are one text */

/* ---------------------------------------------------------------- names */

/* Words that one of the programs takes for something else. */
static bool is_reserved(cnv_str name)
{
	static const char *const words[] = { "all",   "and", "by",  "eq",    "ge",    "gt",    "le",     "lt",
					     "ne",    "not", "or",  "to",    "with",  "byte",  "double", "float",
					     "if",    "in",  "int", "long",  "using", "_all",  "_b",     "_coef",
					     "_cons", "_n",  "_pi", "_pred", "_rc",   "_skip", "str",    "strl" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (cnv_str_is_word(name, words[i]))
			return true;
	return cnv_str_starts(name, CNV_STR("str")) && name.len > 3 && name.at[3] >= '0' && name.at[3] <= '9';
}

/* Letters, digits and "_", beginning with a letter. */
static cnv_str plain_name(cnv_str name, cnv_arena *arena)
{
	char *at = cnv_arena_array(arena, name.len + 2, 1);
	size_t len = 0;

	for (size_t i = 0; at && i < name.len; i++) {
		char c = name.at[i], lower = cnv_lower(c);
		bool letter = lower >= 'a' && lower <= 'z';

		if (!len && !letter)
			at[len++] = 'v';
		at[len++] = letter || (c >= '0' && c <= '9') ? c : '_';
	}
	if (at && is_reserved((cnv_str){ at, len }))
		at[len++] = '_';
	return (cnv_str){ at, at ? len : 0 };
}

static cnv_str name_column(cnv_naming *names, const stat_column *column, cnv_arena *arena)
{
	cnv_str name = column->from->name;

	if (column->kind == STAT_TICK)
		name = cnv_arena_format(arena, "%.*s_%.*s", CNV_ARG(name),
					CNV_ARG(column->list->choices[column->choice].name));
	return cnv_arena_copy(arena, cnv_naming_take(names, plain_name(name, arena)));
}

/* ---------------------------------------------------------------- kinds */

/* Are all names different whole numbers, as they are usually written? */
static bool has_numbers(const cnv_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		cnv_str name = list->choices[i].name;

		if (!name.len || name.len > 6 || (name.at[0] == '0' && name.len > 1))
			return false;
		for (size_t k = 0; k < name.len; k++)
			if (name.at[k] < '0' || name.at[k] > '9')
				return false;
	}
	return !list->twins;
}

static stat_kind kind_of(const cnv_form *form, const data_variable *variable, const cnv_list **list)
{
	const cnv_question *question = variable->question;

	*list = NULL;
	if (!question)
		return variable->role == VARIABLE_REVISION   ? STAT_NUMBER
		       : variable->role == VARIABLE_RECEIVED ? STAT_MOMENT
							     : STAT_TEXT;
	if (question->list != CNV_NONE && !form->lists[question->list].open)
		*list = &form->lists[question->list];
	switch (cnv_kind_value(question->kind)) {
	case CNV_VALUE_NUMBER:
		return STAT_NUMBER;
	case CNV_VALUE_DAY:
		return STAT_DAY;
	case CNV_VALUE_TIME:
		return STAT_TIME;
	case CNV_VALUE_MOMENT:
		return STAT_MOMENT;
	case CNV_VALUE_CHOICE:
		return *list ? STAT_CODE : STAT_TEXT;
	case CNV_VALUE_SET:
		return *list && (*list)->count <= MOST_TICKS && question->kind != CNV_RANK ? STAT_TICK : STAT_TEXT;
	case CNV_VALUE_TEXT:
		break;
	}
	return STAT_TEXT;
}

bool stat_plan(stat_table *table, export_run *run, size_t most_name)
{
	const cnv_form *form = run->export->form;
	cnv_naming names = { .most = most_name };
	const cnv_list *list;
	size_t room = 0;

	for (uint32_t i = 0; i < table->table->count; i++)
		room += kind_of(form, &table->table->variables[i], &list) == STAT_TICK ? list->count : 1;
	table->run = run;
	table->columns = cnv_arena_array(&run->arena, room + 1, sizeof *table->columns);
	for (uint32_t i = 0; table->columns && i < table->table->count; i++) {
		const data_variable *variable = &table->table->variables[i];
		stat_kind kind = kind_of(form, variable, &list);

		for (uint32_t k = 0; k < (kind == STAT_TICK ? list->count : 1); k++) {
			stat_column *column = &table->columns[table->count++];

			*column = (stat_column){ .from = variable,
						 .kind = kind,
						 .list = list,
						 .choice = k,
						 .numeric = kind == STAT_CODE && has_numbers(list),
						 .width = 1,
						 .most = -INFINITY };
			column->name = name_column(&names, column, &run->arena);
		}
	}
	return cnv_naming_fini(&names) && !run->arena.failed;
}

double stat_code(const stat_column *column, uint32_t choice)
{
	double number = choice + 1.0;

	if (column->numeric)
		cnv_number_read(column->list->choices[choice].name, &number);
	return number;
}

/* ---------------------------------------------------------------- measures */

static void measure_column(stat_column *column, const stat_table *table, const window *w, uint32_t row)
{
	const cnv_column *cells = NULL;
	cnv_str text;

	if (column->from->question)
		cells = &w->batch->tables[table->table->table].columns[column->from->column];
	if (column->kind == STAT_NUMBER && cells && cells->verdicts[row] == CNV_ACCEPTED)
		column->most = cells->numbers[row] > column->most ? cells->numbers[row] : column->most;
	if (column->kind != STAT_TEXT)
		return;
	text = window_text(w, table->table, column->from, row);
	column->width = text.len > column->width ? text.len : column->width;
}

void stat_measure(stat_table *table, const window *w)
{
	for (uint32_t row = 0; row < w->batch->tables[table->table->table].rows; row++) {
		if (!table->table->table && !window_has(w, row))
			continue;
		cnv_arena_reset(w->scratch);
		table->rows++;
		for (uint32_t i = 0; i < table->count; i++)
			measure_column(&table->columns[i], table, w, row);
	}
}
