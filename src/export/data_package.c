/* datapackage.json: a Frictionless tabular data package (version 1 of its profile). */
#include "export/dataset.h"
#include "export/json.h"

#define MOST_CHOICES 1000u /* of a list, to be written out */

static const char *type_of(const cnv_question *question)
{
	switch (cnv_kind_value(question->kind)) {
	case CNV_VALUE_NUMBER:
		return question->kind == CNV_INTEGER && question->role == CNV_ASKED ? "integer" : "number";
	case CNV_VALUE_DAY:
		return "date";
	case CNV_VALUE_TIME:
		return "time";
	case CNV_VALUE_MOMENT:
		return "datetime";
	case CNV_VALUE_TEXT:
	case CNV_VALUE_CHOICE:
	case CNV_VALUE_SET:
		break;
	}
	return "string";
}

/* The choices of a question, as they are in its column. */
static void put_choices(json *j, const dataset *data, const cnv_list *list)
{
	const cnv_export *export = data->export;

	json_open(j, "constraints", '{');
	json_open(j, "enum", '[');
	for (uint32_t i = 0; i < list->count; i++)
		if (!list->twins || cnv_map_find(&list->by_name, list->choices[i].name) == i || export->labels)
			json_text(j, NULL,
				  export->labels ? cnv_choice_title(export->form, &list->choices[i], export->language)
						 : list->choices[i].name);
	json_close(j, ']');
	json_close(j, '}');
}

/* What the names mean. */
static void put_labels(json *j, const dataset *data, const cnv_list *list)
{
	json_open(j, "categories", '[');
	for (uint32_t i = 0; i < list->count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "value", list->choices[i].name);
		json_text(j, "label", cnv_choice_title(data->export->form, &list->choices[i], data->export->language));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_answer_field(json *j, const dataset *data, const cnv_question *question)
{
	const cnv_form *form = data->export->form;
	const cnv_list *list = question->list == CNV_NONE ? NULL : &form->lists[question->list];
	const char *type = type_of(question);
	cnv_value_type value = cnv_kind_value(question->kind);

	json_text(j, "type", cnv_str_from(type));
	if (value == CNV_VALUE_TIME || value == CNV_VALUE_MOMENT)
		json_text(j, "format", CNV_STR("any"));
	if (question->hint.at[data->export->language].len)
		json_text(j, "description", question->hint.at[data->export->language]);
	json_text(j, "path", question->path);
	if (!list || list->open || list->count > MOST_CHOICES)
		return;
	if (value == CNV_VALUE_CHOICE)
		put_choices(j, data, list);
	if (!data->export->labels)
		put_labels(j, data, list);
}

static void put_field(json *j, const dataset *data, const data_variable *variable)
{
	json_open(j, NULL, '{');
	json_text(j, "name", variable->name);
	json_text(j, "title", variable->label);
	if (variable->question)
		put_answer_field(j, data, variable->question);
	else if (variable->role == VARIABLE_REVISION)
		json_text(j, "type", CNV_STR("integer"));
	else
		json_text(j, "type", CNV_STR("string"));
	json_close(j, '}');
}

/* ---------------------------------------------------------------- the tables */

static void put_reference(json *j, const char *const *fields, uint32_t count, cnv_str resource,
			  const char *const *theirs)
{
	json_open(j, NULL, '{');
	json_open(j, "fields", '[');
	for (uint32_t i = 0; i < count; i++)
		json_text(j, NULL, cnv_str_from(fields[i]));
	json_close(j, ']');
	json_open(j, "reference", '{');
	json_text(j, "resource", resource);
	json_open(j, "fields", '[');
	for (uint32_t i = 0; i < count; i++)
		json_text(j, NULL, cnv_str_from(theirs[i]));
	json_close(j, ']');
	json_close(j, '}');
	json_close(j, '}');
}

static cnv_str name_of(const dataset *data, uint32_t table)
{
	for (uint32_t t = 0; t < data->count; t++)
		if (data->tables[t].table == table)
			return data->tables[t].name;
	return (cnv_str){ 0 };
}

/* An entry belongs to a response, and to the entry around it. */
static void put_keys(json *j, const dataset *data, const dataset_table *table)
{
	static const char *const entry[] = { "respondent", "entry" }, *const inside[] = { "respondent", "inside" };
	uint32_t parent = data->export->form->tables[table->table].parent;

	json_open(j, "primaryKey", '[');
	for (uint32_t i = 0; i < (table->table ? 2 : 1); i++)
		json_text(j, NULL, cnv_str_from(entry[i]));
	json_close(j, ']');
	if (!table->table)
		return;
	json_open(j, "foreignKeys", '[');
	put_reference(j, entry, 1, data->tables[0].name, entry);
	if (parent)
		put_reference(j, inside, 2, name_of(data, parent), entry);
	json_close(j, ']');
}

static void begin_resource(json *j, cnv_str name, cnv_str title)
{
	json_open(j, NULL, '{');
	json_text(j, "profile", CNV_STR("tabular-data-resource"));
	json_text(j, "name", name);
	json_key(j, CNV_STR("path"));
	cnv_text_format(j->out, "\"%.*s.csv\"", CNV_ARG(name)); /* letters and digits: nothing to escape */
	j->comma = true;
	if (title.len)
		json_text(j, "title", title);
	json_text(j, "encoding", CNV_STR("utf-8"));
	json_open(j, "schema", '{');
}

static void put_missing_values(json *j)
{
	json_open(j, "missingValues", '[');
	json_text(j, NULL, CNV_STR(""));
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++)
		json_text(j, NULL, cnv_missing_words[i].word);
	json_close(j, ']');
}

static void put_table(json *j, const dataset *data, const dataset_table *table)
{
	begin_resource(j, table->name, table->title);
	json_open(j, "fields", '[');
	for (uint32_t i = 0; i < table->count; i++)
		put_field(j, data, &table->variables[i]);
	json_close(j, ']');
	put_missing_values(j);
	put_keys(j, data, table);
	json_close(j, '}');
	json_close(j, '}');
}

/* A table of texts. */
static void put_list(json *j, const char *name, const char *title, const cnv_str *fields, uint32_t count)
{
	begin_resource(j, cnv_str_from(name), cnv_str_from(title));
	json_open(j, "fields", '[');
	for (uint32_t i = 0; i < count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "name", fields[i]);
		json_text(j, "type", CNV_STR("string"));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
	json_close(j, '}');
}

static void put_lists(json *j, const dataset *data)
{
	const cnv_str remarks[] = { CNV_STR("respondent"), CNV_STR("question"), CNV_STR("remark") };
	const cnv_str apart[] = { CNV_STR("respondent"), CNV_STR("question"), CNV_STR("answer"), CNV_STR("why") };
	const cnv_str leading[] = { CNV_STR("respondent"), CNV_STR("name") };
	const cnv_roster *roster = data->export->roster;

	put_list(j, "remarks", "Remarks of respondents", remarks, 3);
	put_list(j, "not_counted", "Answers that do not count", apart, 4);
	if (!roster)
		return;
	begin_resource(j, CNV_STR("respondents"), CNV_STR("Roster"));
	json_open(j, "fields", '[');
	for (uint32_t i = 0; i < 2 + roster->grouping_count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "name", i < 2 ? leading[i] : roster->groupings[i - 2]);
		json_text(j, "type", CNV_STR("string"));
		json_close(j, '}');
	}
	json_close(j, ']');
	json_open(j, "primaryKey", '[');
	json_text(j, NULL, leading[0]);
	json_close(j, ']');
	json_close(j, '}');
	json_close(j, '}');
}

void put_data_package(cnv_text *out, const dataset *data)
{
	const cnv_export *export = data->export;
	json j = { .out = out };
	char created[CNV_INSTANT_ROOM];

	json_open(&j, NULL, '{');
	json_text(&j, "profile", CNV_STR("tabular-data-package"));
	json_text(&j, "name", data->name);
	json_text(&j, "title", export->form->title);
	if (export->form->version.len)
		json_text(&j, "version", export->form->version);
	json_text(&j, "created", (cnv_str){ created, cnv_instant_write(export->now, created) });
	json_text(&j, "round", export->round);
	json_text(&j, "audience", cnv_str_from(cnv_audience_word(export->audience)));
	json_open(&j, "resources", '[');
	for (uint32_t t = 0; t < data->count; t++)
		put_table(&j, data, &data->tables[t]);
	put_lists(&j, data);
	json_close(&j, ']');
	json_close(&j, '}');
	cnv_text_put_char(out, '\n');
}
