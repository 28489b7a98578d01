/* instances.c: what the name in instance('x') refers to.
 *
 * It may be a choice list, a file of choices, or data declared by csv-external or xml-external.  One name with two
 * meanings is an error, and so is a reference-geometry without any.
 */
#include "form/parameters.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

static bool is_external(const cnv_question *question)
{
	return question->type &&
	       (!strcmp(question->type->name, "csv-external") || !strcmp(question->type->name, "xml-external"));
}

static cnv_str stem_of(cnv_str file)
{
	size_t dot = cnv_str_find(file, CNV_STR("."));

	return cnv_str_slice(file, 0, dot);
}

/* The csv-external or xml-external declares the same file that the select reads its choices from. */
static bool declares(const cnv_question *external, const cnv_form_row_type *select)
{
	const char *extension = !strcmp(external->type->name, "csv-external") ? ".csv" : ".xml";

	return select->kind == LINE_QUESTION && select->type->list == CNV_LIST_FILE &&
	       cnv_str_ends(select->list, cnv_str_from(extension)) &&
	       cnv_str_equal(stem_of(select->list), external->name);
}

/* One file with two pairs of columns makes two lists. */
static bool same_file(const cnv_form_builder *build, uint32_t a, uint32_t b)
{
	return a < build->form->list_count && b < build->form->list_count && build->form->lists[a].file.text.len &&
	       build->form->lists[b].file.text.len &&
	       cnv_str_equal(build->form->lists[a].name, build->form->lists[b].name);
}

static void report_twice(cnv_form_builder *build, const cnv_question *question, cnv_str name, cnv_place place,
			 cnv_str excerpt, uint32_t line)
{
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_EXTERNAL_TWICE, .place = cnv_form_part_place(place, excerpt, name),
				.field = question->name, .excerpt = excerpt),
		       "\"%.*s\" is already the name of other data, on %s %u", CNV_ARG(name), cnv_form_row_word(build),
		       line);
}

/* Records what instance(name) refers to; reports a name that already refers to something else. */
static void put_source(cnv_form_builder *build, cnv_map *map, const cnv_question *question, cnv_str name,
		       cnv_place place, cnv_str excerpt)
{
	cnv_question_id id = (cnv_question_id)(question - build->questions);
	cnv_question_id other = cnv_map_put(map, name, id);
	const cnv_question *first;

	if (other == id || other >= build->count)
		return;
	first = &build->questions[other];
	/* The same file or list twice has one meaning, and so has a file that is declared and also read for choices. */
	if (!is_external(question) && !is_external(first) &&
	    (question->list == first->list || same_file(build, question->list, first->list)))
		return;
	if (is_external(question) && declares(question, build->type_of[other]))
		return;
	if (is_external(first) && declares(first, build->type_of[id]))
		return;
	/* A repeated declaration in the same group is reported as a duplicate name. */
	if (is_external(question) && first->parent == question->parent && cnv_str_equal(first->name, question->name))
		return;
	report_twice(build, question, name, place, excerpt, first->place.row);
}

/* A question in the repeat whose entries a choice_filter selects; CNV_NONE when it selects choices. */
static cnv_question_id find_filtered(const cnv_form_builder *build, const cnv_question *question,
				     const cnv_form_row_type *typed)
{
	cnv_str name = typed->type && typed->type->list == CNV_LIST_CHOICES ? typed->list : (cnv_str){ 0 };
	cnv_reference reference;
	cnv_question_id id;

	if (!name.len)
		name = cnv_form_find_parameter(question, "reference-geometry");
	if (!question->choice_filter.text.len || !cnv_reference_read(name, &reference))
		return CNV_NONE;
	id = cnv_form_find(build->form, reference.name);
	if (id < build->count && build->questions[id].role == CNV_REPEAT)
		id = id + 1 < build->questions[id].after ? id + 1 : CNV_NONE;
	return id < build->count && build->questions[id].repeat != CNV_NONE ? id : CNV_NONE;
}

static void check_geometry(cnv_form_builder *build, const cnv_question *question, const cnv_map *map)
{
	cnv_str name = cnv_form_find_parameter(question, "reference-geometry");
	cnv_reference reference;
	cnv_question_id id;

	if (!name.len || cnv_map_find(map, name) != CNV_NONE || cnv_map_find(&build->list_by_name, name) != CNV_NONE)
		return;
	if (cnv_reference_read(name, &reference)) {
		id = cnv_form_find(build->form, reference.name);
		if (id < build->count && build->questions[id].role == CNV_REPEAT)
			return;
	}
	cnv_diags_emit(
		build->diags,
		CNV_DIAG(.code = CNV_PARAMETER_VALUE,
			 .place = cnv_form_part_place(question->parameters.place, question->parameters.text, name),
			 .field = question->name, .excerpt = question->parameters.text,
			 .hint = CNV_STR("write the name of a choice list, a file of choices without its extension,"
					 " or a repeat as ${name}")),
		"\"%.*s\" is not a source of places", CNV_ARG(name));
}

void cnv_form_check_instances(cnv_form_builder *build)
{
	cnv_map map = { 0 };

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];
		const cnv_form_row_type *typed = build->type_of[id];

		if (!typed || typed->unsure)
			continue;
		if (is_external(question) && question->name.len) {
			put_source(build, &map, question, question->name, question->place, question->name);
		} else if (typed->kind == LINE_QUESTION && typed->list.len &&
			   (typed->type->list == CNV_LIST_FILE || typed->type->list == CNV_LIST_CHOICES)) {
			const cnv_cell_text *cell = build->cells_of[id]->at[ROLE_TYPE];

			put_source(build, &map, question,
				   typed->type->list == CNV_LIST_FILE ? stem_of(typed->list) : typed->list,
				   cnv_form_cell_place(build, build->survey, cell), cell->text);
		}
	}
	for (cnv_question_id id = 0; id < build->count; id++)
		if (build->cells_of[id]) {
			check_geometry(build, &build->questions[id], &map);
			build->questions[id].filtered = find_filtered(build, &build->questions[id], build->type_of[id]);
		}
	build->no_memory = build->no_memory || map.failed;
	cnv_map_fini(&map);
}
