/* external.c: data files next to the form.
 *
 * Selects name files with their extension, formulas without it: select_one_from_file ports.csv, pulldata('prices',
 * ...), instance('prices').  The core opens nothing, so the caller asks which files the form names, and passes in
 * those that exist, record by record.  Each becomes a list whose items keep their non-empty cells.  Answers are
 * checked against its names; it is never laid out or counted like a list of the choices sheet, because it may be as
 * long as a gazetteer.
 */
#include "canvass/form.h"

#include "form/formulas.h"
#include "form/list_index.h"

#include <string.h>

/* Rows of one file: as many as a worksheet has. */
#define MOST_ROWS 1048576u
/* Choices of a file whose labels are accepted as answers: longer lists are answered by code. */
#define MOST_LABELLED 100000u
/* Columns of a file whose rows name them (XML, GeoJSON): the search for a column is linear. */
#define MOST_NAMED 128u

struct cnv_external {
	cnv_form *form;
	cnv_arena *arena;
	cnv_str file;
	cnv_list list;
	cnv_extra *cells; /* of the record being read */
	uint32_t cell_count, cell_room;
	cnv_str *headings;
	uint32_t heading_count, heading_room;
	uint32_t room;
	cnv_wording nothing; /* the wordings of an item: its label is among the extras */
	bool begun, failed;
};

struct names {
	cnv_arena *arena;
	cnv_data_file *at;
	uint32_t count, room;
	cnv_map seen;
};

/* Letters, digits, blanks, - and _ only: the name becomes part of a path. */
static bool is_plain(cnv_str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		      c == '_' || c == ' ' || (unsigned char)c >= 0x80))
			return false;
	}
	return name.len > 0;
}

static void add_name(struct names *names, cnv_str name, cnv_str file)
{
	if (cnv_map_put(&names->seen, name, names->count) < names->count)
		return;
	names->arena->failed |= names->seen.failed;
	if (!is_plain(name) ||
	    !cnv_arena_grow(names->arena, (void **)&names->at, names->count, &names->room, sizeof *names->at))
		return;
	names->at[names->count++] = (cnv_data_file){ name, file };
}

/* The names in instance('name') and pulldata('name', ...). */
static void add_called(struct names *names, const cnv_formula_tree *tree)
{
	uint32_t node = CNV_NONE;
	cnv_str name;

	while (cnv_form_next_instance(tree, &node, &name))
		add_name(names, name, (cnv_str){ 0 });
	node = CNV_NONE;
	while ((node = cnv_formula_next_call(tree, "pulldata", node)) != CNV_NONE) {
		uint32_t first = cnv_formula_arg(tree, node, 0);

		if (cnv_formula_is(tree, first, CNV_F_TEXT))
			add_name(names, cnv_str_trim(tree->nodes[first].text), (cnv_str){ 0 });
	}
}

/* The files that selects read their choices from. */
static void add_chosen(struct names *names, const cnv_form *form)
{
	for (uint32_t i = 0; i < form->list_count; i++) {
		const cnv_list *list = &form->lists[i];

		if (list->file.text.len)
			add_name(names, cnv_str_slice(list->name, 0, cnv_str_find(list->name, CNV_STR("."))),
				 list->name);
	}
}

const cnv_data_file *cnv_form_files(const cnv_form *form, uint32_t *count, cnv_arena *arena)
{
	struct names called = { .arena = arena }, names = { .arena = arena };
	cnv_map own = { 0 }, xml = { 0 };

	add_chosen(&names, form);
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_formula *formula;

		for (uint32_t i = 0; (formula = cnv_form_formula_at(&form->questions[id], i)) != NULL; i++)
			add_called(&called, formula->tree);
	}
	add_called(&called, form->instance_name.tree);
	/* instance() may also name a list of the form. */
	for (uint32_t i = 0; i < form->list_count; i++)
		if (!form->lists[i].open)
			cnv_map_put(&own, form->lists[i].name, i);
	for (cnv_question_id id = 0; id < form->count; id++)
		if (form->questions[id].type && !strcmp(form->questions[id].type->name, "xml-external"))
			cnv_map_put(&xml, form->questions[id].name, id);
	for (uint32_t i = 0; i < called.count; i++) {
		cnv_str name = called.at[i].name;
		const char *ending = cnv_map_find(&xml, name) != CNV_NONE ? "xml" : "csv";

		if (cnv_map_find(&own, name) == CNV_NONE)
			add_name(&names, name, cnv_arena_format(arena, "%.*s.%s", CNV_ARG(name), ending));
	}
	arena->failed |= own.failed || xml.failed;
	cnv_map_fini(&own);
	cnv_map_fini(&xml);
	cnv_map_fini(&called.seen);
	cnv_map_fini(&names.seen);
	*count = names.count;
	return names.at;
}

/* ---------------------------------------------------------------- reading one */

cnv_external *cnv_external_new(cnv_form *form, const cnv_data_file *file, cnv_arena *arena)
{
	cnv_external *external = cnv_arena_get(arena, sizeof *external);

	if (!external)
		return NULL;
	*external = (cnv_external){ .form = form, .arena = arena };
	external->list.name = cnv_arena_copy(arena, file->name);
	external->file = cnv_arena_copy(arena, file->file);
	external->nothing.at = cnv_arena_array(arena, form->language_count, sizeof(cnv_str));
	return external;
}

static cnv_extra *add_cell(cnv_external *external)
{
	if (external->failed || !cnv_arena_grow(external->arena, (void **)&external->cells, external->cell_count,
						&external->cell_room, sizeof *external->cells)) {
		external->failed = true;
		return NULL;
	}
	external->cells[external->cell_count] = (cnv_extra){ 0 };
	return &external->cells[external->cell_count++];
}

void cnv_external_field(cnv_external *external, cnv_str field)
{
	uint32_t column = external->cell_count;
	cnv_extra *cell = add_cell(external);

	if (!cell)
		return;
	cell->text = cnv_arena_copy(external->arena, cnv_str_trim(field));
	if (column < external->heading_count)
		cell->heading = external->headings[column];
}

/* The column with this name, added when new; empty when there are too many. */
static cnv_str find_heading(cnv_external *external, cnv_str heading)
{
	uint32_t likely = external->cell_count;

	/* Nearly always, rows name their columns in the same order. */
	if (likely < external->heading_count && cnv_str_equal(external->headings[likely], heading))
		return external->headings[likely];
	for (uint32_t i = 0; i < external->heading_count; i++)
		if (cnv_str_equal(external->headings[i], heading))
			return external->headings[i];
	if (external->heading_count == MOST_NAMED)
		return (cnv_str){ 0 };
	if (!cnv_arena_grow(external->arena, (void **)&external->headings, external->heading_count,
			    &external->heading_room, sizeof *external->headings)) {
		external->failed = true;
		return (cnv_str){ 0 };
	}
	external->headings[external->heading_count] = cnv_arena_copy(external->arena, heading);
	return external->headings[external->heading_count++];
}

void cnv_external_cell(cnv_external *external, cnv_str heading, cnv_str text)
{
	cnv_str known = find_heading(external, heading);
	cnv_extra *cell = NULL;

	external->begun = true;
	if (!known.len)
		return;
	for (uint32_t i = 0; i < external->cell_count; i++)
		if (external->cells[i].heading.at == known.at)
			cell = &external->cells[i];
	if (!cell)
		cell = add_cell(external);
	if (cell)
		*cell = (cnv_extra){ known, cnv_arena_copy(external->arena, cnv_str_trim(text)) };
}

static bool keep_headings(cnv_external *external)
{
	external->headings = cnv_arena_array(external->arena, external->cell_count, sizeof *external->headings);
	for (uint32_t i = 0; external->headings && i < external->cell_count; i++)
		external->headings[i] = external->cells[i].text;
	external->heading_count = external->cell_count;
	external->begun = true;
	return external->headings != NULL;
}

/* An item keeps its non-empty cells. */
static bool keep_item(cnv_external *external, uint32_t line, uint32_t filled)
{
	cnv_list *list = &external->list;
	cnv_choice *choice;
	cnv_extra *extras;

	if (!cnv_arena_grow(external->arena, (void **)&list->choices, list->count, &external->room,
			    sizeof *list->choices))
		return false;
	extras = cnv_arena_array(external->arena, filled, sizeof *extras);
	if (!extras)
		return false;
	choice = (cnv_choice *)&list->choices[list->count++]; /* owned by the list being read */
	*choice = (cnv_choice){ .label = external->nothing, .says = external->nothing, .extras = extras };
	choice->place.row = line;
	for (uint32_t i = 0; i < external->cell_count; i++)
		if (external->cells[i].text.len && external->cells[i].heading.len)
			extras[choice->extra_count++] = external->cells[i];
	return true;
}

cnv_status cnv_external_record(cnv_external *external, uint32_t line)
{
	uint32_t filled = 0;

	for (uint32_t i = 0; i < external->cell_count; i++)
		filled += external->cells[i].text.len > 0;
	if (filled && !external->begun)
		external->failed = !keep_headings(external) || external->failed;
	else if (filled && external->list.count == MOST_ROWS)
		return CNV_REJECTED;
	else if (filled)
		external->failed = !keep_item(external, line, filled) || external->failed;
	external->cell_count = 0;
	return external->failed ? CNV_NO_MEMORY : CNV_OK;
}

cnv_status cnv_external_end(cnv_external *external)
{
	cnv_form *form = external->form;
	cnv_list *files = cnv_arena_array(external->arena, (size_t)form->file_count + 1, sizeof *files);

	if (!files || external->failed)
		return CNV_NO_MEMORY;
	if (form->file_count)
		memcpy(files, form->files, form->file_count * sizeof *files);
	/* Not NULL even for a file without columns. */
	external->list.columns = external->headings ? external->headings : &external->list.name;
	external->list.column_count = external->heading_count;
	external->list.file.text = external->file;
	files[form->file_count] = external->list;
	form->files = files;
	form->file_count++;
	return CNV_OK;
}

/* ---------------------------------------------------------------- choices of it */

static cnv_str text_in(const cnv_choice *item, cnv_str heading)
{
	for (uint32_t i = 0; i < item->extra_count; i++)
		if (cnv_str_equal(item->extras[i].heading, heading))
			return item->extras[i].text;
	return (cnv_str){ 0 };
}

static bool has_column(const cnv_list *file, cnv_str heading)
{
	for (uint32_t i = 0; i < file->column_count; i++)
		if (cnv_str_equal(file->columns[i], heading))
			return true;
	return false;
}

/* The same text in every language of the form. */
static cnv_wording same_wording(const cnv_form *form, cnv_str text, cnv_arena *arena)
{
	cnv_wording wording = { 0 };
	cnv_str *at = cnv_arena_array(arena, form->language_count, sizeof *at);

	for (uint32_t i = 0; at && i < form->language_count; i++)
		at[i] = text;
	wording.at = at;
	return wording;
}

/* Where to put the choices of a file: in its own items, unless other columns have made these choices already. */
static cnv_choice *choices_in(const cnv_list *list, const cnv_list *file, cnv_arena *arena)
{
	bool free = true;

	for (uint32_t i = 0; i < file->count && free; i++)
		free = !file->choices[i].name.len && text_in(&file->choices[i], list->value).len;
	if (free && file->count)
		return (cnv_choice *)file->choices; /* may change until the form is compiled */
	return cnv_arena_array(arena, file->count, sizeof(cnv_choice));
}

/* The items of the file that have a name. */
static cnv_list *make_choices(const cnv_form *form, const cnv_list *list, const cnv_list *file, cnv_arena *arena)
{
	cnv_list *known = cnv_arena_get(arena, sizeof *known);
	cnv_choice *choices = choices_in(list, file, arena);

	if (!known || !choices)
		return NULL;
	*known = (cnv_list){ .name = list->name, .choices = choices, .duplicates = true };
	known->columns = file->columns;
	known->column_count = file->column_count;
	for (uint32_t i = 0; i < file->count; i++) {
		cnv_choice *choice = &choices[known->count];
		cnv_str label;

		*choice = file->choices[i];
		choice->name = text_in(choice, list->value);
		label = text_in(choice, list->label);
		if (!choice->name.len)
			continue;
		if (label.len)
			choice->label = same_wording(form, label, arena);
		cnv_map_put(&known->by_name, choice->name, known->count++);
	}
	return known;
}

static void report_column(const cnv_list *list, const cnv_list *file, cnv_arena *arena, cnv_diags *diags)
{
	cnv_nearest nearest;
	cnv_str hint = CNV_STR("name the column of codes in the column parameters: value=...");

	cnv_nearest_init(&nearest, list->value);
	for (uint32_t i = 0; i < file->column_count; i++)
		cnv_nearest_offer(&nearest, file->columns[i]);
	if (nearest.best.len)
		hint = cnv_arena_format(arena, "did you mean \"%.*s\"? Write value=%.*s in the column parameters",
					CNV_ARG(nearest.best), CNV_ARG(nearest.best));
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_CHOICE_COLUMN, .place = list->file.place, .excerpt = list->file.text,
				.hint = hint),
		       "%.*s has no column \"%.*s\"; its choices are unknown", CNV_ARG(list->name),
		       CNV_ARG(list->value));
}

/* Attaches the choices of its file to an open list. */
static void attach_choices(const cnv_form *form, cnv_list *list, const cnv_list *file, cnv_arena *arena,
			   cnv_diags *diags)
{
	cnv_list *known;

	if (!file) {
		cnv_diags_emit(
			diags,
			CNV_DIAG(.code = CNV_DATA_NOT_AT_HAND, .place = list->file.place, .excerpt = list->file.text,
				 .hint = cnv_arena_format(arena, "put %.*s next to the form", CNV_ARG(list->name))),
			"%.*s was not found; answers to this question are not checked", CNV_ARG(list->name));
	} else if (!has_column(file, list->value)) {
		report_column(list, file, arena, diags);
	} else {
		known = make_choices(form, list, file, arena);
		list->known = known;
		arena->failed |= !known || known->by_name.failed || !cnv_form_chain_twins(known, arena);
		/* The label is the same in every language. */
		if (known && known->count <= MOST_LABELLED)
			arena->failed |= !cnv_form_index_labels(known, 1, arena);
	}
}

cnv_status cnv_form_attach_choices(cnv_form *form, cnv_arena *arena, cnv_diags *diags)
{
	cnv_map files = { 0 };

	for (uint32_t i = 0; i < form->file_count; i++)
		cnv_map_put(&files, form->files[i].file.text, i);
	for (uint32_t i = 0; i < form->list_count && !files.failed; i++) {
		cnv_list *list = (cnv_list *)&form->lists[i]; /* may change until the form is compiled */
		uint32_t file = list->file.text.len ? cnv_map_find(&files, list->name) : CNV_NONE;

		if (list->file.text.len && !list->known)
			attach_choices(form, list, file == CNV_NONE ? NULL : &form->files[file], arena, diags);
	}
	arena->failed |= files.failed;
	cnv_map_fini(&files);
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
