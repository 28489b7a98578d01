/* The tables and variables of a dataset, and the values of its cells. */
#include "export/dataset.h"

#include <inttypes.h>

#define MOST_NAME 63u  /* bytes of a variable's name, in every program that reads CSV */
#define MOST_FILE 100u /* bytes of a file's name, without its ending */

/* ---------------------------------------------------------------- the plan */

typedef struct identifier {
	variable_role role;
	const char *name, *label;
} identifier;

static const identifier of_response[] = {
	{ VARIABLE_RESPONDENT, "respondent", "Respondent" },
	{ VARIABLE_ROUND, "round", "Round" },
	{ VARIABLE_REVISION, "revision", "Revision" },
	{ VARIABLE_RECEIVED, "received", "Received" },
};
static const identifier of_entry[] = {
	{ VARIABLE_RESPONDENT, "respondent", "Respondent" },
	{ VARIABLE_ENTRY, "entry", "Entry" },
};
static const identifier of_inner_entry[] = {
	{ VARIABLE_RESPONDENT, "respondent", "Respondent" },
	{ VARIABLE_ENTRY, "entry", "Entry" },
	{ VARIABLE_AROUND, "inside", "The entry around it" },
};
enum { MOST_IDENTITIES = 4 };

static const identifier *identities_of(const cnv_form_table *table, uint32_t index, uint32_t *count)
{
	*count = !index           ? sizeof of_response / sizeof *of_response
		 : !table->parent ? sizeof of_entry / sizeof *of_entry
				  : sizeof of_inner_entry / sizeof *of_inner_entry;
	return !index ? of_response : !table->parent ? of_entry : of_inner_entry;
}

static bool plan_variables(dataset *data, dataset_table *table, const cnv_privacy *privacy)
{
	const cnv_export *export = data->export;
	const cnv_form_table *from = &export->form->tables[table->table];
	cnv_privacy most = cnv_release_most_private(export->form, export->audience);
	data_variable *at = cnv_arena_array(&data->arena, (size_t)from->count + MOST_IDENTITIES, sizeof *at);
	cnv_naming names = { .most = MOST_NAME };
	uint32_t identities;
	const identifier *identity = identities_of(from, table->table, &identities);

	if (!at)
		return false;
	table->variables = at;
	for (uint32_t i = 0; i < identities; i++)
		*at++ = (data_variable){ .role = identity[i].role,
					 .name = cnv_naming_take(&names, cnv_str_from(identity[i].name)),
					 .label = cnv_str_from(identity[i].label) };
	for (uint32_t i = 0; i < from->count; i++) {
		const cnv_question *question = &export->form->questions[from->columns[i]];

		if (privacy[from->columns[i]] > most)
			continue;
		*at++ = (data_variable){ .role = VARIABLE_ANSWER,
					 .name = cnv_arena_copy(&data->arena, cnv_naming_take(&names, question->name)),
					 .label = cnv_question_title(export->form, question, export->language),
					 .column = i,
					 .question = question };
	}
	table->count = (uint32_t)(at - table->variables);
	return cnv_naming_fini(&names) && !data->arena.failed;
}

/* Letters and digits that every file system and every program takes. */
static cnv_str plain_name(cnv_str name, cnv_arena *arena)
{
	char *at = cnv_arena_array(arena, name.len + 1, 1);

	for (size_t i = 0; at && i < name.len; i++) {
		char c = cnv_lower(name.at[i]);

		at[i] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
	}
	return (cnv_str){ at, at ? name.len : 0 };
}

static bool plan_tables(dataset *data, const cnv_privacy *privacy)
{
	static const char *const taken[] = { "respondents", "remarks", "not_counted" };
	const cnv_form *form = data->export->form;
	cnv_privacy most = cnv_release_most_private(form, data->export->audience);
	bool ok = true;
	cnv_naming names = { .most = MOST_FILE };

	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		cnv_naming_take(&names, cnv_str_from(taken[i]));
	for (uint32_t t = 0; t < form->table_count && ok; t++) {
		const cnv_question *repeat = t ? &form->questions[form->tables[t].repeat] : NULL;
		cnv_str name = repeat ? plain_name(repeat->name, &data->arena) : CNV_STR("responses");
		dataset_table *table = &data->tables[data->count];

		if (repeat && privacy[form->tables[t].repeat] > most)
			continue;
		*table = (dataset_table){ .table = t,
					  .name = cnv_arena_copy(&data->arena, cnv_naming_take(&names, name)),
					  .title = repeat ? cnv_question_title(form, repeat, data->export->language)
							  : form->title };
		data->count++;
		ok = plan_variables(data, table, privacy);
	}
	return cnv_naming_fini(&names) && ok;
}

cnv_status dataset_plan(dataset *data, const cnv_export *export)
{
	const cnv_privacy *privacy;
	cnv_str id, round;

	*data = (dataset){ .export = export };
	id = plain_name(export->form->id, &data->arena);
	round = plain_name(export->round, &data->arena);
	data->name = cnv_arena_format(&data->arena, "%.*s-%.*s", CNV_ARG(id), CNV_ARG(round));
	privacy = cnv_release_privacy(export->form, &data->arena);
	data->tables = cnv_arena_array(&data->arena, export->form->table_count, sizeof *data->tables);
	return privacy && data->tables && plan_tables(data, privacy) ? CNV_OK : CNV_NO_MEMORY;
}

void dataset_fini(dataset *data)
{
	cnv_arena_fini(&data->arena);
	*data = (dataset){ 0 };
}

/* ---------------------------------------------------------------- cells */

bool is_apart(cnv_verdict verdict)
{
	return cnv_verdict_standing(verdict) == CNV_STANDING_NOT_USABLE || verdict == CNV_UNDUE;
}

cnv_str missing_word(cnv_verdict verdict)
{
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++)
		if (cnv_missing_words[i].verdict == verdict)
			return cnv_missing_words[i].word;
	return (cnv_str){ 0 };
}

/* The labels of choices in the order of the list. */
static cnv_str labels_of(const window *w, const cnv_column *column, uint32_t row)
{
	const cnv_export *export = w->data->export;
	const cnv_list *list = &export->form->lists[column->list];

	if (column->choices)
		return column->choices[row] < list->count
			       ? cnv_choice_title(export->form, &list->choices[column->choices[row]], export->language)
			       : cnv_cell_value(export->form, column, row, w->scratch);
	cnv_text_reset(w->draft);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!cnv_bit(column->sets + (size_t)row * column->words, i))
			continue;
		cnv_text_put(w->draft, w->draft->len ? CNV_STR("; ") : CNV_STR(""));
		cnv_text_put(w->draft, cnv_choice_title(export->form, &list->choices[i], export->language));
	}
	return cnv_arena_copy(w->scratch, cnv_text_str(w->draft));
}

cnv_str window_value(const window *w, const cnv_column *column, uint32_t row)
{
	if (column->numbers || column->days || column->moments)
		return cnv_value_written(column, row, w->scratch);
	if (w->data->export->labels && (column->choices || column->sets) && column->kind != CNV_RANK)
		return labels_of(w, column, row);
	return cnv_cell_value(w->data->export->form, column, row, w->scratch);
}

uint32_t window_response(const window *w, uint32_t table, uint32_t row)
{
	return table ? cnv_batch_owner(w->batch, table, row, 0) : row;
}

cnv_str window_entry(const window *w, uint32_t table, uint32_t row)
{
	return cnv_cell_path(w->batch, table, row, w->batch->form->tables[table].repeat, w->scratch);
}

static cnv_str moment_text(cnv_instant instant, cnv_arena *arena)
{
	char room[CNV_INSTANT_ROOM];

	return cnv_arena_copy(arena, (cnv_str){ room, cnv_instant_write(instant, room) });
}

cnv_str window_cell(const window *w, const dataset_table *table, const data_variable *variable, uint32_t row)
{
	const cnv_table *rows = &w->batch->tables[table->table];
	const cnv_reported *reported = &w->reported[window_response(w, table->table, row)];
	const cnv_column *column;

	switch (variable->role) {
	case VARIABLE_RESPONDENT:
		return reported->respondent;
	case VARIABLE_ROUND:
		return w->data->export->round;
	case VARIABLE_REVISION:
		return cnv_arena_format(w->scratch, "%" PRIu32, reported->revision);
	case VARIABLE_RECEIVED:
		return moment_text(reported->received, w->scratch);
	case VARIABLE_ENTRY:
		return window_entry(w, table->table, row);
	case VARIABLE_AROUND:
		return window_entry(w, w->batch->form->tables[table->table].parent, rows->parents[row]);
	case VARIABLE_ANSWER:
		break;
	}
	column = &rows->columns[variable->column];
	return column->verdicts[row] == CNV_ACCEPTED ? window_value(w, column, row) : (cnv_str){ 0 };
}

cnv_str window_text(const window *w, const dataset_table *table, const data_variable *variable, uint32_t row)
{
	const cnv_column *column = &w->batch->tables[table->table].columns[variable->column];
	cnv_str word = { 0 };

	if (variable->question)
		word = missing_word((cnv_verdict)column->verdicts[row]);
	return word.len ? word : window_cell(w, table, variable, row);
}
