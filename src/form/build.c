/* build.c: from sheets to a form.
 *
 * Calls the steps in the order of what they need of each other, and assigns every question its column.
 */
#include "form/entities.h"
#include "form/places.h"
#include "form/steps.h"

/* false: the form cannot be built. */
static bool check_survey(cnv_form_builder *build)
{
	cnv_place place = { .source = build->sheets->source };

	if (!build->survey) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_NO_SURVEY, .place = place,
					.hint = cnv_form_is_bare_survey(build)
							? CNV_STR("insert a first column for sheet names, and above"
								  " the header a line with survey in that column")
							: CNV_STR("name the sheet with the questions \"survey\"")),
			       "the form has no sheet \"survey\"");
		return false;
	}
	if (!build->survey->header.count) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_HEADER_MISSING, .place = place,
					.hint = CNV_STR("add a header row with the columns type, name and label"
							" below the sheet name")),
			       "sheet \"survey\" is empty");
		return false;
	}
	return true;
}

static bool check_survey_headers(cnv_form_builder *build)
{
	static const struct {
		cnv_form_role role;
		const char *name;
	} needed[] = { { ROLE_TYPE, "type" }, { ROLE_NAME, "name" } };
	const cnv_form_heads *heads = &build->survey_heads;

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (heads->has[needed[i].role])
			continue;
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_HEADER_MISSING,
				 .place = cnv_form_row_place(build, build->survey, build->survey->header.row),
				 .hint = CNV_STR(
					 "the first row of the sheet must be its header: type, name, label, ...")),
			"sheet \"survey\" has no column \"%s\"", needed[i].name);
	}
	return heads->has[ROLE_TYPE];
}

/* Assigns a column to every question that stores an answer. */
static bool make_tables(cnv_form_builder *build)
{
	cnv_form *form = build->form;
	cnv_form_table *tables = cnv_arena_array(build->arena, form->table_count, sizeof *tables);
	cnv_question_id *columns = cnv_arena_array(build->arena, build->count, sizeof *columns);
	uint32_t next = 0;

	if (!tables || !columns)
		return false;
	tables[0].repeat = CNV_NONE;
	for (cnv_question_id id = 0; id < build->count; id++) {
		cnv_question *question = &build->questions[id];

		if (question->role == CNV_REPEAT) {
			tables[question->table].repeat = id;
			tables[question->table].parent =
				question->repeat == CNV_NONE ? 0 : build->questions[question->repeat].table;
		} else if (question->kind != CNV_NOTHING) {
			question->column = tables[question->table].count++;
		}
	}
	for (uint32_t i = 0; i < form->table_count; i++) {
		tables[i].columns = columns + next;
		next += tables[i].count;
	}
	for (cnv_question_id id = 0; id < build->count; id++) {
		const cnv_question *question = &build->questions[id];

		if (question->column != CNV_NONE)
			((cnv_question_id *)tables[question->table].columns)[question->column] = id;
	}
	form->tables = tables;
	return true;
}

static bool build_form(cnv_form_builder *build)
{
	cnv_form_find_sheets(build);
	cnv_form_read_settings(build);
	if (!check_survey(build))
		return false;
	cnv_form_read_headers(build, &build->survey_heads, build->survey, SURVEY_SHEET);
	cnv_form_read_headers(build, &build->choices_heads, build->choices, CHOICES_SHEET);
	cnv_form_read_headers(build, &build->external_heads, build->external, CHOICES_SHEET);
	cnv_form_settle_languages(build);
	if (!check_survey_headers(build) || !build->blank || !cnv_form_read_types(build))
		return false;
	cnv_form_check_entities(build);
	cnv_form_read_lists(build);
	if (build->no_memory || build->arena->failed)
		return false;
	cnv_form_resolve_lists(build);
	cnv_form_add_others(build);
	cnv_form_expand_loops(build);
	if (build->no_memory || build->arena->failed || !cnv_form_read_questions(build) || build->arena->failed)
		return false;
	cnv_form_finish_lists(build);
	if (!build->form->lists || !make_tables(build) || !cnv_form_index_names(build))
		return false;
	cnv_form_check_names(build);
	cnv_form_finish_settings(build);
	cnv_form_check_references(build);
	cnv_form_check_instances(build);
	cnv_form_check_questions(build);
	cnv_form_check_numbering(build);
	cnv_form_find_units(build);
	cnv_form_check_translations(build);
	return true;
}

static void free_lists(cnv_form_builder *build)
{
	for (uint32_t i = 0; i < build->list_count; i++) {
		cnv_map_fini(&build->lists[i].by_name);
		cnv_map_fini(&build->lists[i].by_label);
		if (build->lists[i].known) {
			cnv_map_fini(&((cnv_list *)build->lists[i].known)->by_name);
			cnv_map_fini(&((cnv_list *)build->lists[i].known)->by_label);
		}
	}
}

cnv_status cnv_form_build(cnv_form **out, const cnv_sheets *sheets, cnv_arena *arena, cnv_diags *diags)
{
	cnv_form_builder build = { .sheets = sheets, .arena = arena, .nearest_left = NEAREST_MOST };
	size_t shortages = cnv_mem_shortages();
	uint64_t errors;
	bool built;

	*out = NULL;
	cnv_form_hold(&build.held, sheets, arena);
	build.diags = &build.held.diags;
	build.form = cnv_arena_get(arena, sizeof *build.form);
	if (!build.form)
		return CNV_NO_MEMORY;
	build.form->source = sheets->source;
	build.form->respondent = build.form->release = build.form->circulate = build.form->basis = CNV_NONE;
	built = build_form(&build);
	errors = build.diags->errors;
	/* A mistake in a row of a loop occurs again for every choice. */
	cnv_form_emit_held(&build.held, build.form->looped, diags);
	build.no_memory = build.no_memory || build.held.failed || cnv_mem_shortages() != shortages;
	cnv_mem_free(build.languages);
	cnv_map_fini(&build.list_by_name);
	cnv_map_fini(&build.external_by_name);
	cnv_map_fini(&build.open_by_name);
	if (!build.form->lists)
		free_lists(&build);
	cnv_mem_free(build.lists);
	cnv_mem_free(build.uses);
	if (arena->failed || build.no_memory || !built)
		cnv_form_fini(build.form);
	if (arena->failed || build.no_memory)
		return CNV_NO_MEMORY;
	if (built)
		*out = build.form;
	return errors || sheets->rejected || !built ? CNV_REJECTED : CNV_OK;
}
