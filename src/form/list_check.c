/* list_check.c: the lists of the sheet choices, completed and checked once the questions are known. */
#include "form/formulas.h"
#include "form/list_index.h"
#include "form/parameters.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

#define OTHER CNV_STR("other")

/* Appends the choice "other", with the same label in every language. */
static void add_other(cnv_form_builder *build, cnv_list *list)
{
	cnv_choice *choice = (cnv_choice *)&list->choices[list->count]; /* the room that make_room left */
	cnv_str *label;

	if (cnv_map_put(&list->by_name, OTHER, list->count) != list->count)
		return;
	label = cnv_arena_array(build->arena, build->language_count, sizeof *label);
	if (!label)
		return;
	for (uint32_t i = 0; i < build->language_count; i++)
		label[i] = CNV_STR("Other");
	*choice = (cnv_choice){ .name = OTHER,
				.label = { .at = label, .place = list->choices[0].place },
				.says = { .at = build->blank } };
	choice->place = list->choices[0].place;
	list->count++;
}

/* Answers to select_multiple are names separated by spaces. */
static void check_spaces(cnv_form_builder *build, const cnv_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const cnv_choice *choice = &list->choices[i];
		size_t at = cnv_str_find(choice->name, CNV_STR(" "));

		if (at == SIZE_MAX)
			continue;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_SPACE,
					.place = cnv_form_part_place(choice->place, choice->name,
								     cnv_str_slice(choice->name, at, at + 1)),
					.field = list->name, .excerpt = choice->name),
			       "the name contains a space, and a select_multiple separates the names of its choices"
			       " with spaces");
	}
}

/* Marks a list that something other than a select uses. */
static void mark_named(cnv_form_builder *build, cnv_str name)
{
	uint32_t list = name.len ? cnv_map_find(&build->list_by_name, name) : CNV_NONE;

	if (list != CNV_NONE)
		build->uses[list].selected = true;
}

/* false: the formula calls instance(), but has a mistake, so which list it names may be unknown. */
static bool mark_named_in(cnv_form_builder *build, const cnv_formula_tree *tree)
{
	uint32_t node = CNV_NONE;
	cnv_str name;

	while (cnv_form_next_instance(tree, &node, &name))
		mark_named(build, name);
	for (uint32_t i = 0; tree && tree->root == CNV_NONE && i < tree->mention_count; i++)
		if (tree->mentions[i].function && cnv_str_equal(tree->mentions[i].name, CNV_STR("instance")))
			return false;
	return true;
}

/* Marks every list that a formula names in instance('...'). */
static bool mark_instances(cnv_form_builder *build)
{
	bool known = mark_named_in(build, build->form->instance_name.tree);

	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_formula *formula;

		for (uint32_t i = 0; (formula = cnv_form_formula_at(&build->questions[id], i)) != NULL; i++)
			known = mark_named_in(build, formula->tree) && known;
	}
	return known;
}

/* Lists that no question uses: one diagnostic at the first. */
struct unused {
	const cnv_list *first;
	cnv_place place;
	cnv_text names; /* of the first few */
	uint32_t count;
};

#define MOST_UNUSED 6u

static void add_unused(struct unused *unused, const cnv_list *list, const cnv_form_list_use *use)
{
	if (!unused->count) {
		unused->first = list;
		unused->place = use->place;
	}
	if (unused->count++ < MOST_UNUSED)
		cnv_text_format(&unused->names, "%s\"%.*s\"", unused->count > 1 ? ", " : "", CNV_ARG(list->name));
}

static void report_unused(cnv_form_builder *build, struct unused *unused)
{
	if (unused->count)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LIST_UNUSED, .place = unused->place, .field = unused->first->name,
					.excerpt = unused->first->name),
			       "no question uses the list%s %.*s%s", unused->count > 1 ? "s" : "",
			       CNV_ARG(cnv_text_str(&unused->names)), unused->count > MOST_UNUSED ? ", ..." : "");
	build->no_memory = build->no_memory || unused->names.failed;
	cnv_text_fini(&unused->names);
}

void cnv_form_add_others(cnv_form_builder *build)
{
	for (uint32_t i = 0; i < build->list_count; i++)
		if (build->uses[i].or_other && !build->lists[i].open && build->lists[i].count)
			add_other(build, &build->lists[i]);
}

void cnv_form_finish_lists(cnv_form_builder *build)
{
	bool known = mark_instances(build);
	struct unused unused = { 0 };

	for (cnv_question_id id = 0; id < build->count; id++) {
		mark_named(build, cnv_form_find_parameter(&build->questions[id], "tick_labelset"));
		mark_named(build, cnv_form_find_parameter(&build->questions[id], "reference-geometry"));
	}
	for (uint32_t i = 0; i < build->list_count; i++) {
		cnv_list *list = &build->lists[i];
		const cnv_form_list_use *use = &build->uses[i];

		if (list->open)
			continue;
		if (use->several && !use->searched)
			check_spaces(build, list);
		if (!use->selected && known)
			add_unused(&unused, list, use);
		if (use->searched && use->plain)
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_LIST_SEARCHED, .place = use->place, .field = list->name,
						.excerpt = list->name,
						.hint = CNV_STR("use a separate list for the question with search()")),
				       "the list \"%.*s\" is used both with search() and without", CNV_ARG(list->name));
		if (!cnv_form_index_labels(list, build->language_count, build->arena) ||
		    !cnv_form_chain_twins(list, build->arena))
			build->no_memory = true;
		/* search() reads its choices from a file when the question is asked. */
		list->open = use->searched;
		build->no_memory = build->no_memory || list->by_name.failed;
	}
	report_unused(build, &unused);
	build->form->lists = cnv_arena_array(build->arena, build->list_count, sizeof *build->lists);
	if (!build->form->lists)
		return;
	if (build->list_count)
		memcpy((void *)build->form->lists, build->lists, build->list_count * sizeof *build->lists);
	build->form->list_count = build->list_count;
}
