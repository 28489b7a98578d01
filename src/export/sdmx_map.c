/* Reads the map of an SDMX export.
 *
 * A CSV whose header is that of the export, with `name` before it.  A line is a question, or one of its choices as
 * question/choice; its cells are codes, or one ${name} each, in place of which an observation has its own value.  A
 * line respondent/CODE or round/NAME says what a component has in place of that name. */
#include "export/sdmx.h"

#define MOST_BYTES ((size_t)8 << 20)

typedef struct map_reader {
	sdmx_map *map;
	const dataset *data;
	cnv_str *fields;
	uint32_t count, room, line;
	cnv_map seen; /* paths of the questions that have a line */
	bool headed, rejected, failed;
	cnv_diags *diags;
} map_reader;

/* ---------------------------------------------------------------- what is wrong */

static void reject_with(map_reader *r, uint32_t column, const char *message, cnv_str hint)
{
	cnv_str cell = column && column <= r->count ? r->fields[column - 1] : (cnv_str){ 0 };

	r->rejected = true;
	cnv_diags_emit(r->diags,
		       CNV_DIAG(.code = CNV_SDMX_MAP,
				.place = { .source = r->map->source, .row = r->line, .column = column },
				.excerpt = cell, .hint = hint),
		       "%s", message);
}

static void reject(map_reader *r, uint32_t column, const char *message, const char *hint)
{
	reject_with(r, column, message, cnv_str_from(hint));
}

static void reject_unknown(map_reader *r, uint32_t column, cnv_str name)
{
	const cnv_form *form = r->data->export->form;
	cnv_str near = cnv_form_nearest(form, name);
	cnv_arena arena = { 0 };

	if (cnv_form_find(form, name) == CNV_NAME_AMBIGUOUS)
		reject(r, column, "several questions have this name", "");
	else
		reject_with(r, column, "no question with an answer has this name",
			    near.len ? cnv_arena_format(&arena, "did you mean \"%.*s\"?", CNV_ARG(near)) : near);
	cnv_arena_fini(&arena);
}

/* ---------------------------------------------------------------- names */

/* Its variables are in the order of the columns, after those that say whose an answer is. */
static const data_variable *variable_of(const dataset_table *table, const cnv_question *question)
{
	uint32_t from = 0, upto = table->count;

	while (from < upto) {
		uint32_t middle = from + (upto - from) / 2;
		const data_variable *variable = &table->variables[middle];

		if (!variable->question || variable->column < question->column)
			from = middle + 1;
		else
			upto = middle;
	}
	return from < table->count && table->variables[from].question == question ? &table->variables[from] : NULL;
}

/* Where the answers to a question are; NULL: it has none, or the audience may not see them. */
static const data_variable *find_answer(const dataset *data, cnv_str name, const dataset_table **table)
{
	const cnv_form *form = data->export->form;
	cnv_question_id id = cnv_form_find(form, name);

	for (uint32_t t = 0; id < form->count && t < data->count; t++) {
		*table = &data->tables[t];
		if (data->tables[t].table == form->questions[id].table)
			return variable_of(&data->tables[t], &form->questions[id]);
	}
	return NULL;
}

/* One of the columns that say whose an answer is. */
static const data_variable *find_identity(const dataset_table *table, cnv_str name)
{
	for (uint32_t i = 0; i < table->count && !table->variables[i].question; i++)
		if (cnv_str_equal(table->variables[i].name, name))
			return &table->variables[i];
	return NULL;
}

static bool is_hidden(const dataset *data, cnv_str name)
{
	const cnv_form *form = data->export->form;
	cnv_question_id id = cnv_form_find(form, name);
	const dataset_table *table;

	return id < form->count && form->questions[id].column != CNV_NONE && !find_answer(data, name, &table);
}

/* ---------------------------------------------------------------- codes of respondents and rounds */

static cnv_str key_of(sdmx_map *map, uint32_t component, variable_role role, cnv_str name)
{
	cnv_text_reset(&map->key);
	cnv_text_format(&map->key, "%u %d ", component, (int)role);
	cnv_text_put(&map->key, name);
	return cnv_text_str(&map->key);
}

cnv_str sdmx_map_code(sdmx_map *map, uint32_t component, variable_role role, cnv_str name)
{
	uint32_t at = role == VARIABLE_RESPONDENT || role == VARIABLE_ROUND
			      ? cnv_map_find(&map->codes, key_of(map, component, role, name))
			      : CNV_NONE;

	return at == CNV_NONE ? name : map->written[at];
}

static void add_codes(map_reader *r, variable_role role, cnv_str name)
{
	sdmx_map *map = r->map;

	for (uint32_t i = 1; i < r->count; i++) {
		if (!r->fields[i].len)
			continue;
		if (!cnv_mem_room((void **)&map->written, &map->written_room, map->written_count + 1,
				  sizeof *map->written)) {
			r->failed = true;
			return;
		}
		if (cnv_map_put(&map->codes, cnv_arena_copy(map->arena, key_of(map, i - 1, role, name)),
				map->written_count) != map->written_count)
			reject(r, i + 1, "an earlier line has a code for the same name", "");
		map->written[map->written_count++] = r->fields[i];
	}
}

/* ---------------------------------------------------------------- lines */

static map_cell read_cell(map_reader *r, uint32_t column, const map_row *row)
{
	cnv_str text = r->fields[column - 1], name;
	map_cell cell = { .text = text };

	if (text.len < 3 || text.at[0] != '$' || text.at[1] != '{' || text.at[text.len - 1] != '}')
		return cell;
	name = cnv_str_slice(text, 2, text.len - 1);
	cell.part = MAP_VARIABLE;
	cell.table = row->table;
	cell.variable = find_identity(row->table, name);
	if (cnv_str_equal(name, CNV_STR("value"))) {
		cell.part = MAP_VALUE;
	} else if (cnv_str_equal(name, CNV_STR("status"))) {
		cell.part = MAP_STATUS;
	} else if (!cell.variable) {
		cell.table = &r->data->tables[0];
		cell.variable = find_identity(cell.table, name);
		if (!cell.variable)
			cell.variable = find_answer(r->data, name, &cell.table);
		if (!cell.variable)
			reject_unknown(r, column, name);
		else if (cell.table != row->table && cell.table->table)
			reject(r, column, "the question is in another repeat", "");
	}
	return cell;
}

/* Answers of several are one observation for each choice, because a component has one value. */
static void read_choice(map_reader *r, map_row *row, cnv_str choice)
{
	const cnv_form *form = r->data->export->form;

	row->choice = CNV_NONE;
	if (choice.len && row->variable->question->list != CNV_NONE)
		row->choice = cnv_list_find(&form->lists[row->variable->question->list], choice);
	if (choice.len && row->choice == CNV_NONE)
		reject(r, 1, "the question has no such choice", "");
	else if (row->variable->question->kind == CNV_RANK)
		reject(r, 1, "a ranking is not one observation", "");
	else if (!choice.len && row->variable->question->kind == CNV_CHOICES)
		reject(r, 1, "an answer of several choices is not one observation",
		       "write a line question/choice for each");
}

static void read_cells(map_reader *r, map_row *row)
{
	map_cell *cells = cnv_arena_array(r->map->arena, r->map->count, sizeof *cells);
	bool apart = !row->table->table;

	row->cells = cells;
	for (uint32_t i = 0; cells && i < r->map->count; i++) {
		if (i + 2 <= r->count)
			cells[i] = read_cell(r, i + 2, row);
		row->has_value |= cells[i].part == MAP_VALUE;
		row->has_status |= cells[i].part == MAP_STATUS;
		apart |=
			cells[i].part == MAP_VARIABLE && cells[i].variable && cells[i].variable->role == VARIABLE_ENTRY;
	}
	if (!apart)
		reject(r, 1, "the observations of a repeat have no component for its entries",
		       "write ${entry} into one of the cells");
}

static void add_row(map_reader *r, cnv_str name, cnv_str choice)
{
	sdmx_map *map = r->map;
	map_row row = { 0 };

	row.variable = find_answer(r->data, name, &row.table);
	if (!row.variable && is_hidden(r->data, name)) {
		cnv_diags_emit(r->diags,
			       CNV_DIAG(.code = CNV_SDMX_CONTACT,
					.place = { .source = map->source, .row = r->line, .column = 1 },
					.excerpt = name),
			       "\"%.*s\" has answers that this audience does not see", CNV_ARG(name));
		return;
	}
	if (!row.variable) {
		reject_unknown(r, 1, name);
		return;
	}
	row.first = cnv_map_put(&r->seen, row.variable->question->path, map->row_count) == map->row_count;
	read_choice(r, &row, choice);
	read_cells(r, &row);
	if (!cnv_mem_room((void **)&map->rows, &map->row_room, map->row_count + 1, sizeof *map->rows))
		r->failed = true;
	else
		map->rows[map->row_count++] = row;
}

static void read_line(map_reader *r)
{
	cnv_str name = r->fields[0], choice = { 0 };
	size_t slash = cnv_str_find(name, CNV_STR("/"));

	if (slash < name.len) {
		choice = cnv_str_slice(name, slash + 1, name.len);
		name = cnv_str_slice(name, 0, slash);
	}
	if (r->count > r->map->count + 1)
		reject(r, r->map->count + 2, "the line has more cells than the header", "");
	else if (choice.len && cnv_str_equal(name, CNV_STR("respondent")))
		add_codes(r, VARIABLE_RESPONDENT, choice);
	else if (choice.len && cnv_str_equal(name, CNV_STR("round")))
		add_codes(r, VARIABLE_ROUND, choice);
	else
		add_row(r, name, choice);
}

/* ---------------------------------------------------------------- the header */

static bool has_component(const sdmx_map *map, const char *id)
{
	for (uint32_t i = 0; i < map->count; i++)
		if (cnv_str_equal(map->components[i], cnv_str_from(id)))
			return true;
	return false;
}

static void read_header(map_reader *r)
{
	sdmx_map *map = r->map;
	cnv_map ids = { 0 };

	r->headed = true;
	map->count = r->count - 1;
	map->components = cnv_arena_array(map->arena, r->count, sizeof *map->components);
	if (!map->components)
		return;
	if (!cnv_str_is_word(r->fields[0], "name"))
		reject(r, 1, "the first column of the map is not \"name\"", "");
	for (uint32_t i = 0; i < map->count; i++) {
		cnv_str id = r->fields[i + 1];

		map->components[i] = id;
		if (cnv_map_put(&ids, id, i) != i)
			reject(r, i + 2, "two components have the same name", "");
		if (!id.len)
			reject(r, i + 2, "a component has no name", "");
	}
	r->failed |= ids.failed;
	cnv_map_fini(&ids);
	if (!has_component(map, "DATAFLOW") && !(has_component(map, "STRUCTURE") && has_component(map, "STRUCTURE_ID")))
		reject(r, 0, "the header does not begin as SDMX-CSV does",
		       "version 2 needs the columns STRUCTURE and STRUCTURE_ID, version 1 needs DATAFLOW");
}

/* ---------------------------------------------------------------- the file */

static void on_field(void *self, cnv_str field)
{
	map_reader *r = self;

	if (!cnv_mem_room((void **)&r->fields, &r->room, r->count + 1, sizeof *r->fields))
		r->failed = true;
	else
		r->fields[r->count++] = cnv_arena_copy(r->map->arena, cnv_str_trim_unicode(field));
}

static cnv_status on_record(void *self, uint32_t line)
{
	map_reader *r = self;
	bool filled = false;

	r->line = line;
	for (uint32_t i = 0; i < r->count; i++)
		filled |= r->fields[i].len > 0;
	if (!r->failed && !r->headed)
		read_header(r);
	else if (!r->failed && filled && r->map->components)
		read_line(r);
	r->count = 0;
	return r->failed || r->seen.failed || r->map->arena->failed || r->map->codes.failed || r->map->key.failed
		       ? CNV_NO_MEMORY
		       : CNV_OK;
}

cnv_status sdmx_map_load(sdmx_map *map, cnv_str name, const dataset *data, cnv_arena *arena, cnv_diags *diags)
{
	map_reader reader = { .map = map, .data = data, .diags = diags };
	cnv_csv_sink sink = { &reader, on_field, on_record };
	cnv_str bytes;
	cnv_status status = cnv_file_load(name, MOST_BYTES, arena, &bytes, diags);

	*map = (sdmx_map){ .source = name, .arena = arena };
	if (!status)
		status = cnv_csv_read(name, bytes, 0, (cnv_csv_limits){ 0 }, &sink, diags);
	if (!status && !map->row_count && !reader.rejected)
		reject(&reader, 0, "the map has no line for a question", "");
	cnv_map_fini(&reader.seen);
	cnv_mem_free(reader.fields);
	return !status && reader.rejected ? CNV_REJECTED : status;
}

void sdmx_map_fini(sdmx_map *map)
{
	cnv_mem_free(map->rows);
	cnv_mem_free(map->written);
	cnv_map_fini(&map->codes);
	cnv_text_fini(&map->key);
}
