/* row_lists.c: the list that the type of a row names.
 *
 * A list that is not on the sheet choices (a file, the sheet external_choices, earlier answers, or a mistake already
 * reported) is open: whether an answer belongs to it is decided elsewhere, or not at all.
 */
#include "form/hints.h"
#include "form/list_index.h"
#include "form/lists.h"
#include "form/parameters.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

/* The place of a row's list name in its type cell. */
static cnv_place list_place(const cnv_form_builder *build, const cnv_form_cells *cells, cnv_str list)
{
	const cnv_cell_text *cell = cells->at[ROLE_TYPE];

	return cnv_form_part_place(cnv_form_cell_place(build, build->survey, cell), cell->text, list);
}

static uint32_t open_list(cnv_form_builder *build, cnv_str name)
{
	uint32_t id = cnv_form_put_list(build, &build->open_by_name, name);

	if (id != CNV_NONE)
		build->lists[id].open = true;
	return id;
}

/* The list of a file and the two columns that the parameters name: one file may make several lists. */
static uint32_t file_list(cnv_form_builder *build, const cnv_form_row_type *typed, const cnv_form_cells *cells)
{
	const cnv_cell_text *parameters = cells->at[ROLE_PARAMETERS], *type = cells->at[ROLE_TYPE];
	bool places = cnv_str_ends(typed->list, CNV_STR(".geojson"));
	cnv_str value = { 0 }, label = { 0 };
	uint32_t id;

	if (parameters) {
		value = cnv_form_read_parameter(parameters->text, "value");
		label = cnv_form_read_parameter(parameters->text, "label");
	}
	value = value.len ? value : places ? CNV_STR("id") : CNV_STR("name");
	label = label.len ? label : places ? CNV_STR("title") : CNV_STR("label");
	id = open_list(build, cnv_arena_format(build->arena, "%.*s %.*s %.*s", CNV_ARG(typed->list), CNV_ARG(value),
					       CNV_ARG(label)));
	if (id == CNV_NONE || typed->unsure)
		return id;
	build->lists[id].name = typed->list;
	if (!build->lists[id].file.text.len)
		build->lists[id].file =
			(cnv_formula){ .text = type->text, .place = list_place(build, cells, typed->list) };
	build->lists[id].value = value;
	build->lists[id].label = label;
	return id;
}

/* A list of the sheet external_choices: open, with known choices. */
static uint32_t external_list(cnv_form_builder *build, cnv_str name)
{
	uint32_t id = open_list(build, cnv_arena_format(build->arena, "external %.*s", CNV_ARG(name)));
	uint32_t external = cnv_map_find(&build->external_by_name, name);
	cnv_list *known;

	if (id == CNV_NONE)
		return id;
	build->lists[id].name = name;
	if (external == CNV_NONE || !build->external_heads.has[ROLE_NAME] || build->lists[id].known)
		return id;
	known = &build->externals[external];
	for (uint32_t i = 0; i < known->count; i++)
		cnv_map_put(&known->by_name, known->choices[i].name, i);
	build->no_memory = known->by_name.failed || !cnv_form_chain_twins(known, build->arena) ||
			   !cnv_form_index_labels(known, build->language_count, build->arena) || build->no_memory;
	build->lists[id].known = known;
	return id;
}

static bool check_extension(cnv_str file)
{
	static const char *const extensions[] = { ".csv", ".xml", ".geojson" };
	size_t dots = 0;

	for (size_t i = 0; i < file.len; i++)
		dots += file.at[i] == '.';
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (dots == 1 && cnv_str_ends(file, cnv_str_from(extensions[i])) && file.len > strlen(extensions[i]))
			return true;
	return false;
}

static void report_missing(cnv_form_builder *build, const cnv_form_cells *cells, cnv_str list)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME], *type = cells->at[ROLE_TYPE];
	cnv_nearest nearest;

	if (cnv_form_begin_nearest(build, &nearest, list))
		for (uint32_t i = 0; i < build->list_count; i++)
			if (!build->lists[i].open)
				cnv_nearest_offer(&nearest, build->lists[i].name);
	/* The list that was meant counts as used. */
	if (nearest.best.len)
		build->uses[cnv_map_find(&build->list_by_name, nearest.best)].selected = true;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_LIST_MISSING, .place = list_place(build, cells, list),
				.field = name ? name->text : (cnv_str){ 0 }, .excerpt = type->text,
				.hint = cnv_form_did_you_mean(build, nearest.best)),
		       "no list \"%.*s\" on the choices sheet", CNV_ARG(list));
}

static void resolve_external(cnv_form_builder *build, const cnv_form_cells *cells, cnv_str list)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME], *type = cells->at[ROLE_TYPE];

	if (cnv_map_find(&build->external_by_name, list) == CNV_NONE)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LIST_MISSING, .place = list_place(build, cells, list),
					.field = name ? name->text : (cnv_str){ 0 }, .excerpt = type->text),
			       "no list \"%.*s\" on the sheet external_choices", CNV_ARG(list));
}

/* The list on the choices sheet that a row names; CNV_NONE: there is none, which is reported. */
static uint32_t find_list(cnv_form_builder *build, const cnv_form_row_type *typed, const cnv_form_cells *cells,
			  bool *no_sheet)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME];
	uint32_t id = cnv_map_find(&build->list_by_name, typed->list);

	if (id != CNV_NONE || typed->unsure)
		return id;
	if (!build->choices && !*no_sheet) {
		*no_sheet = true;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CHOICES_MISSING, .place = list_place(build, cells, typed->list),
					.field = name ? name->text : (cnv_str){ 0 },
					.excerpt = cells->at[ROLE_TYPE]->text),
			       "the form has no choices sheet, so there is no list \"%.*s\"", CNV_ARG(typed->list));
	} else if (build->choices && build->choices_heads.has[ROLE_NAME] && build->choices_heads.has[ROLE_LIST_NAME]) {
		report_missing(build, cells, typed->list);
	}
	return CNV_NONE;
}

/* The list of a loop. */
static uint32_t resolve_loop(cnv_form_builder *build, const cnv_form_row_type *typed, const cnv_form_cells *cells,
			     bool *no_sheet)
{
	const cnv_cell_text *type = cells->at[ROLE_TYPE], *name = cells->at[ROLE_NAME];
	uint32_t id;

	if (!typed->list.len) {
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_LOOP, .place = cnv_form_cell_place(build, build->survey, type),
				 .field = name ? name->text : (cnv_str){ 0 }, .excerpt = type->text,
				 .hint = CNV_STR(
					 "write begin_loop over LIST, with the name of a list on the choices sheet")),
			"the loop does not name its list");
		return CNV_NONE;
	}
	id = find_list(build, typed, cells, no_sheet);
	if (id != CNV_NONE)
		build->uses[id].selected = true;
	return id;
}

/* Earlier answers as a list: ${name}, well-formed or not (references.c reports that). */
static bool begins_reference(cnv_str list)
{
	cnv_reference reference;
	size_t at = 0;

	return cnv_reference_next(list, &at, &reference) && reference.from == 0;
}

/* The list of a select, on the sheet or open. */
static uint32_t resolve(cnv_form_builder *build, cnv_form_row_type *typed, const cnv_form_cells *cells, bool *no_sheet)
{
	const cnv_cell_text *name = cells->at[ROLE_NAME], *appearance = cells->at[ROLE_APPEARANCE];
	cnv_str field = name ? name->text : (cnv_str){ 0 };
	bool searched = appearance && cnv_str_find(appearance->text, CNV_STR("search(")) != SIZE_MAX;
	uint32_t id;

	if (typed->type->list == CNV_LIST_FILE) {
		if (!typed->unsure && typed->list.len && !check_extension(typed->list)) {
			typed->unsure = true;
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_CHOICE_FILE, .place = list_place(build, cells, typed->list),
						.field = field, .excerpt = cells->at[ROLE_TYPE]->text),
				       "choices cannot be read from \"%.*s\"", CNV_ARG(typed->list));
		}
		return file_list(build, typed, cells);
	}
	if (typed->type->list == CNV_LIST_EXTERNAL) {
		if (!typed->unsure && typed->list.len)
			resolve_external(build, cells, typed->list);
		return external_list(build, typed->list);
	}
	if (!typed->list.len || begins_reference(typed->list))
		return open_list(build, typed->list);
	id = find_list(build, typed, cells, no_sheet);
	if (id == CNV_NONE)
		return open_list(build, typed->list);
	build->uses[id].selected = true;
	build->uses[id].several =
		build->uses[id].several || typed->type->kind == CNV_CHOICES || typed->type->kind == CNV_RANK;
	build->uses[id].or_other = build->uses[id].or_other || typed->or_other;
	build->uses[id].searched = build->uses[id].searched || searched;
	build->uses[id].plain = build->uses[id].plain || !searched;
	return id;
}

void cnv_form_resolve_lists(cnv_form_builder *build)
{
	bool no_sheet = false;

	for (uint32_t i = 0; i < build->survey->count; i++) {
		cnv_form_row_type *typed = &build->typed[i];

		if (typed->kind == LINE_QUESTION && typed->type->list != CNV_LIST_NONE)
			typed->list_index = resolve(build, typed, &build->lines[i], &no_sheet);
		else if (typed->kind == LINE_BEGIN_LOOP)
			typed->list_index = resolve_loop(build, typed, &build->lines[i], &no_sheet);
	}
}
