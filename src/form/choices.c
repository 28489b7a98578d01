/* choices.c: the sheets choices and external_choices.
 *
 * Rows are gathered by list_name, in the order of the sheet.
 */
#include "form/bank.h"
#include "form/lists.h"
#include "form/places.h"
#include "form/steps.h"

static bool check_headers(cnv_form_builder *build, const cnv_form_heads *heads)
{
	static const struct {
		cnv_form_role role;
		const char *name;
	} needed[] = { { ROLE_LIST_NAME, "list_name" }, { ROLE_NAME, "name" } };

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!heads->has[needed[i].role])
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_HEADER_MISSING,
					 .place = cnv_form_row_place(build, heads->sheet, heads->sheet->header.row),
					 .hint = CNV_STR(
						 "add a header row with the columns list_name, name and label")),
				"sheet \"%.*s\" has no column \"%s\"", CNV_ARG(heads->sheet->name), needed[i].name);
	return heads->has[ROLE_LIST_NAME] && heads->has[ROLE_NAME];
}

/* The row has only the name of a block.  Without a column `bank` in the survey, the one in choices is the form's own. */
static bool is_block(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_sheet_row *row)
{
	return build->survey_heads.has[ROLE_BANK] && row->count == 1 &&
	       cnv_str_equal(cnv_form_snake(build->arena, heads->at[row->cells[0].column - 1].heading),
			     CNV_STR("bank"));
}

/* The list of one row of the sheet; CNV_NONE: the row has no choice, which is reported. */
static uint32_t read_row(cnv_form_builder *build, const cnv_form_heads *heads, cnv_form_cells *cells,
			 const cnv_sheet_row *row)
{
	const cnv_cell_text *list, *name, *label;
	cnv_place place;
	uint32_t id;

	if (!cnv_form_read_row(build, heads, row, cells))
		return CNV_NONE;
	list = cells->at[ROLE_LIST_NAME];
	name = cells->at[ROLE_NAME];
	label = cells->at[ROLE_LABEL];
	place = cnv_form_row_place(build, heads->sheet, row->row);
	if (!list && is_block(build, heads, row)) {
		cnv_bank_report_bare(build, heads->sheet, &row->cells[0]);
		return CNV_NONE;
	}
	if (!list) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_LIST_MISSING, .place = place,
					.field = name ? name->text : (cnv_str){ 0 },
					.excerpt = cells->row->cells[0].text),
			       "the choice belongs to no list");
		return CNV_NONE;
	}
	id = cnv_form_put_list(build, &build->list_by_name, list->text);
	if (id == CNV_NONE)
		return CNV_NONE;
	if (!build->uses[id].sheet_count++)
		build->uses[id].place = cnv_form_cell_place(build, heads->sheet, list);
	if (!name) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_NAME_MISSING, .place = place, .field = list->text,
					.excerpt = label ? label->text : list->text),
			       "the choice has no name");
		return CNV_NONE;
	}
	if (!label && !cells->at[ROLE_IMAGE] && !cells->at[ROLE_AUDIO] && !cells->at[ROLE_VIDEO])
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_CHOICE_LABEL_MISSING,
					.place = cnv_form_cell_place(build, heads->sheet, name), .field = list->text,
					.excerpt = name->text),
			       "the choice has no label");
	return id;
}

static void fill_choice(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_form_cells *cells,
			cnv_choice *choice)
{
	choice->name = cells->at[ROLE_NAME]->text;
	choice->place = cnv_form_cell_place(build, heads->sheet, cells->at[ROLE_NAME]);
	choice->label = cnv_form_read_wording(build, heads, cells, ROLE_LABEL);
	choice->says = cnv_form_read_wording(build, heads, cells, ROLE_SAYS);
	choice->extras = cnv_form_read_extras(build, heads, cells, &choice->extra_count);
}

/* Allocates the choices of every list, with one spare: or_other may add one. */
static bool make_room(cnv_form_builder *build)
{
	for (uint32_t i = 0; i < build->list_count; i++) {
		cnv_list *list = &build->lists[i];

		list->choices =
			cnv_arena_array(build->arena, (size_t)build->uses[i].sheet_count + 1, sizeof *list->choices);
		list->duplicates = build->choice_duplicates;
		if (!list->choices)
			return false;
	}
	return true;
}

static cnv_choice *choices_of(cnv_list *list)
{
	return (cnv_choice *)list->choices; /* owned by the builder until the form is built */
}

static void read_choices(cnv_form_builder *build)
{
	const cnv_form_heads *heads = &build->choices_heads;
	const cnv_sheet *sheet = heads->sheet;
	uint32_t *list_of = cnv_arena_array(build->arena, sheet->count, sizeof *list_of);
	const cnv_sheet_row **rows = cnv_arena_array(build->arena, sheet->count, sizeof *rows);
	cnv_form_cells cells;

	if (!list_of || !rows)
		return;
	for (uint32_t i = 0; i < sheet->count; i++) {
		list_of[i] = read_row(build, heads, &cells, &sheet->rows[i]);
		rows[i] = cells.row;
	}
	if (!make_room(build))
		return;
	for (uint32_t i = 0; i < sheet->count; i++) {
		cnv_list *list;
		cnv_choice *choice;
		uint32_t other;

		if (list_of[i] == CNV_NONE)
			continue;
		list = &build->lists[list_of[i]];
		choice = &choices_of(list)[list->count];
		cnv_form_sort_row(heads, rows[i], &cells);
		fill_choice(build, heads, &cells, choice);
		other = cnv_map_put(&list->by_name, choice->name, list->count);
		if (other != list->count && !list->duplicates) {
			if (other < list->count)
				cnv_diags_emit(build->diags,
					       CNV_DIAG(.code = CNV_CHOICE_TWICE, .place = choice->place,
							.field = list->name, .excerpt = choice->name),
					       "list \"%.*s\" already has a choice \"%.*s\", on %s %u",
					       CNV_ARG(list->name), CNV_ARG(choice->name), cnv_form_row_word(build),
					       list->choices[other].place.row);
			continue;
		}
		list->count++;
	}
}

/* A row of the sheet external_choices without its surplus cells; false when it belongs to no list. */
static bool sort_external(const cnv_form_heads *heads, const cnv_sheet_row *row, cnv_sheet_row *kept,
			  cnv_form_cells *cells)
{
	*kept = *row;
	while (kept->count && kept->cells[kept->count - 1].column > heads->count)
		kept->count--;
	return cnv_form_sort_row(heads, kept, cells) && cells->at[ROLE_LIST_NAME];
}

/* The lists of the sheet external_choices.  Its rows are data for a client, and mistakes in them are not reported. */
static void read_external(cnv_form_builder *build)
{
	const cnv_form_heads *heads = &build->external_heads;
	uint32_t rows = build->external ? build->external->count : 0, count = 0, *sizes;
	cnv_form_cells cells;
	cnv_sheet_row row;

	sizes = cnv_arena_array(build->arena, rows, sizeof *sizes);
	for (uint32_t i = 0; sizes && heads->count && i < rows; i++)
		if (sort_external(heads, &build->external->rows[i], &row, &cells)) {
			uint32_t id = cnv_map_put(&build->external_by_name, cells.at[ROLE_LIST_NAME]->text, count);

			count += id == count;
			sizes[id] += cells.at[ROLE_NAME] != NULL;
		}
	build->no_memory = build->no_memory || build->external_by_name.failed;
	build->externals = cnv_arena_array(build->arena, count, sizeof *build->externals);
	for (uint32_t i = 0; build->externals && i < count; i++) {
		build->externals[i].duplicates = true;
		build->externals[i].choices = cnv_arena_array(build->arena, sizes[i], sizeof(cnv_choice));
	}
	if (build->arena->failed || build->no_memory)
		return;
	for (uint32_t i = 0; heads->count && i < rows; i++)
		if (sort_external(heads, &build->external->rows[i], &row, &cells) && cells.at[ROLE_NAME]) {
			cnv_list *list = &build->externals[cnv_map_find(&build->external_by_name,
									cells.at[ROLE_LIST_NAME]->text)];

			list->name = cells.at[ROLE_LIST_NAME]->text;
			fill_choice(build, heads, &cells, &choices_of(list)[list->count++]);
		}
}

void cnv_form_read_lists(cnv_form_builder *build)
{
	if (build->choices && build->choices->header.count && check_headers(build, &build->choices_heads))
		read_choices(build);
	read_external(build);
}
