/* build.c: from sheets to a form.
 *
 * Finds the sheets, calls the other files in the order in which one needs the other, and gives every
 * question its column.  All diagnostics are held until the end and told in the order of the file.
 */
#include "form_internal.h"

#include <stdlib.h>

/* ---------------------------------------------------------------- places, hints, diagnostics held back */

cnv_place cell_place(const struct build *build, const cnv_sheet *sheet, const cnv_cell_text *cell)
{
	return cnv_sheet_place(build->sheets, sheet, cell->row, cell->column);
}

cnv_place row_place(const struct build *build, const cnv_sheet *sheet, uint32_t row)
{
	return cnv_sheet_place(build->sheets, sheet, row, 0);
}

const char *row_word(const struct build *build)
{
	return build->sheets->count && build->sheets->sheets[0].tab ? "row" : "line";
}

cnv_place part_place(cnv_place place, cnv_str whole, cnv_str part)
{
	if (part.len && part.at >= whole.at && part.at + part.len <= whole.at + whole.len) {
		place.from = (uint32_t)(part.at - whole.at);
		place.upto = place.from + (uint32_t)part.len;
	}
	return place;
}

cnv_str did_you_mean(struct build *build, cnv_str best)
{
	if (!best.len)
		return best;
	return cnv_arena_format(build->arena, "did you mean \"%.*s\"?", CNV_ARG(best));
}

cnv_formula formula_make(struct build *build, cnv_str text, cnv_place place)
{
	return (cnv_formula){ .text = text,
			      .place = place,
			      .tree = text.len ? cnv_formula_parse(text, build->arena) : NULL };
}

static uint32_t sheet_rank(const struct build *build, cnv_str name)
{
	for (uint32_t i = 0; i < build->sheets->count; i++)
		if (build->sheets->sheets[i].name.at == name.at)
			return i + 1;
	return 0;
}

static void hold(void *self, const cnv_diag *diag)
{
	struct build *build = self;
	void *at = build->held;
	struct held_diag *held;

	if (!cnv_mem_room(&at, &build->held_room, build->held_count + 1, sizeof *build->held)) {
		build->no_memory = true;
		return;
	}
	build->held = at;
	held = &build->held[build->held_count];
	held->diag = *diag;
	held->diag.message = cnv_arena_copy(build->arena, diag->message);
	held->sheet = sheet_rank(build, diag->place.sheet);
	held->order = build->held_count++;
}

/* By row, then sheet (rows of a workbook's sheets overlap, those of a CSV file do not), column and time. */
static int compare_held(const void *left, const void *right)
{
	const struct held_diag *a = left, *b = right;
	uint32_t keys[][2] = { { a->sheet, b->sheet },
			       { a->diag.place.row, b->diag.place.row },
			       { a->diag.place.column, b->diag.place.column },
			       { a->order, b->order } };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

static void tell_held(struct build *build, cnv_diags *diags)
{
	cnv_once once;

	if (build->held_count)
		qsort(build->held, build->held_count, sizeof *build->held, compare_held);
	/* What is wrong in a row of a loop is wrong for every choice. */
	cnv_once_init(&once, diags);
	for (uint32_t i = 0; i < build->held_count; i++)
		cnv_diags_forward(build->form->looped ? &once.diags : diags, &build->held[i].diag);
	cnv_once_fini(&once);
}

/* ---------------------------------------------------------------- sheets */

static const struct wanted_sheet {
	const char *name;
	bool read;   /* by canvass; the others are only known */
	bool needed; /* a misspelt name is an error, for without it nothing works */
} wanted_sheets[] = {
	{ "survey", true, true },           { "choices", true, true },    { "settings", true, false },
	{ "external_choices", true, true }, { "entities", false, false }, { "osm", false, false },
};
#define WANTED_SHEETS (sizeof wanted_sheets / sizeof *wanted_sheets)

/* The sheet of this name, or, where there is none, the one whose name comes nearest: told, and read as if it had it. */
static const cnv_sheet *find_sheet(struct build *build, const struct wanted_sheet *wanted)
{
	const cnv_sheet *found = cnv_sheets_find(build->sheets, cnv_str_from(wanted->name));

	for (uint32_t i = 0; !found && wanted->needed && i < build->sheets->count; i++) {
		const cnv_sheet *sheet = &build->sheets->sheets[i];
		cnv_nearest nearest;

		if (!sheet->name.len || sheet->name.at[0] == '_' || !sheet->header.count || build->sheets->alone)
			continue;
		cnv_nearest_init(&nearest, sheet->name);
		for (size_t k = 0; k < WANTED_SHEETS; k++)
			cnv_nearest_offer(&nearest, cnv_str_from(wanted_sheets[k].name));
		if (nearest.distance && cnv_str_equal(nearest.best, cnv_str_from(wanted->name))) {
			cnv_diags_emit(&build->diags,
				       CNV_DIAG(.code = CNV_SHEET_MISSPELT,
						.place = row_place(build, sheet, sheet->header.row),
						.excerpt = sheet->name, .hint = did_you_mean(build, nearest.best)),
				       "there is no sheet \"%s\", but one called \"%.*s\"", wanted->name,
				       CNV_ARG(sheet->name));
			found = sheet;
		}
	}
	return found;
}

/* A file that is the survey sheet alone, without the column for the names of sheets. */
static bool is_bare_survey(const struct build *build)
{
	const cnv_sheet *first = build->sheets->count ? build->sheets->sheets : NULL;

	return !build->survey && first &&
	       (cnv_str_equal(first->name, CNV_STR("type")) || cnv_str_equal(first->name, CNV_STR("name")));
}

static bool is_wanted(const struct build *build, const cnv_sheet *sheet)
{
	for (size_t k = 0; k < WANTED_SHEETS; k++)
		if (cnv_sheets_find(build->sheets, cnv_str_from(wanted_sheets[k].name)) == sheet)
			return true;
	return false;
}

static void find_sheets(struct build *build)
{
	const cnv_sheet **slots[] = { &build->survey, &build->choices, &build->settings, &build->external };

	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
		*slots[i] = find_sheet(build, &wanted_sheets[i]);
	for (uint32_t i = 0; i < build->sheets->count; i++) {
		const cnv_sheet *sheet = &build->sheets->sheets[i];
		bool read = cnv_sheets_find(build->sheets, sheet->name) != sheet || (!i && is_bare_survey(build));
		cnv_nearest nearest;

		for (size_t k = 0; k < sizeof slots / sizeof *slots; k++)
			read = read || *slots[k] == sheet;
		if (read || (sheet->name.len && sheet->name.at[0] == '_'))
			continue;
		/* A workbook may hold sheets of its own, as long as none that is wanted is missing. */
		if (sheet->tab && !is_wanted(build, sheet))
			continue;
		cnv_nearest_init(&nearest, sheet->name);
		for (size_t k = 0; k < WANTED_SHEETS; k++)
			cnv_nearest_offer(&nearest, cnv_str_from(wanted_sheets[k].name));
		if (!sheet->name.len)
			cnv_diags_emit(
				&build->diags,
				&(cnv_diag){
					.code = CNV_SHEET_IGNORED,
					.place = row_place(build, sheet, sheet->header.row),
					.excerpt = sheet->header.count ? sheet->header.cells[0].text : (cnv_str){ 0 },
					.hint = CNV_STR(
						"write the name of the sheet in the first column of the row above") },
				"rows before the first sheet name are not read");
		else
			cnv_diags_emit(
				&build->diags,
				CNV_DIAG(.code = CNV_SHEET_IGNORED, .place = row_place(build, sheet, sheet->header.row),
					 .excerpt = sheet->name,
					 .hint = did_you_mean(build, nearest.distance ? nearest.best : (cnv_str){ 0 })),
				"sheet \"%.*s\" is not read (%u rows)", CNV_ARG(sheet->name), sheet->count);
	}
}

/* false: there is nothing to build from. */
static bool check_survey(struct build *build)
{
	cnv_place place = { .source = build->sheets->source };

	if (!build->survey) {
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_NO_SURVEY, .place = place,
				 .hint = is_bare_survey(build)
						 ? CNV_STR("put a first column before all others that holds only "
							   "the names of "
							   "sheets, and above the rows a "
							   "line that says survey")
						 : CNV_STR("name the sheet that holds the questions survey")),
			"the form has no sheet \"survey\"");
		return false;
	}
	if (!build->survey->header.count) {
		cnv_diags_emit(&build->diags,
			       CNV_DIAG(.code = CNV_HEADER_MISSING, .place = place,
					.hint = CNV_STR("write a header row with the columns type, name and label "
							"under the name of the sheet")),
			       "sheet \"survey\" is empty");
		return false;
	}
	return true;
}

static bool check_survey_headers(struct build *build)
{
	static const struct {
		enum role role;
		const char *name;
	} needed[] = { { ROLE_TYPE, "type" }, { ROLE_NAME, "name" } };
	const struct heads *heads = &build->survey_heads;

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (heads->has[needed[i].role])
			continue;
		cnv_diags_emit(
			&build->diags,
			CNV_DIAG(.code = CNV_HEADER_MISSING,
				 .place = row_place(build, build->survey, build->survey->header.row),
				 .hint = CNV_STR(
					 "the first row of the sheet must be its header: type, name, label, ...")),
			"sheet \"survey\" has no column \"%s\"", needed[i].name);
	}
	return heads->has[ROLE_TYPE];
}

/* ---------------------------------------------------------------- tables */

/* Gives every question that stores an answer its column. */
static bool make_tables(struct build *build)
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

static bool build_form(struct build *build)
{
	find_sheets(build);
	settings_read(build);
	if (!check_survey(build))
		return false;
	heads_read(build, &build->survey_heads, build->survey, SURVEY_TABLE);
	heads_read(build, &build->choices_heads, build->choices, CHOICES_TABLE);
	heads_read(build, &build->external_heads, build->external, CHOICES_TABLE);
	languages_settle(build);
	if (!check_survey_headers(build) || !build->blank || !types_read(build))
		return false;
	lists_read(build);
	if (build->no_memory || build->arena->failed)
		return false;
	lists_resolve(build);
	loops_write(build);
	if (build->no_memory || build->arena->failed || !questions_read(build) || build->arena->failed)
		return false;
	lists_finish(build);
	if (!build->form->lists || !make_tables(build) || !names_index(build))
		return false;
	names_check(build);
	settings_finish(build);
	references_check(build);
	externals_check(build);
	questions_check(build);
	numbering_check(build);
	translations_check(build);
	return true;
}

cnv_status cnv_form_build(cnv_form **out, const cnv_sheets *sheets, cnv_arena *arena, cnv_diags *diags)
{
	struct build build = { .sheets = sheets, .arena = arena, .nearest_left = NEAREST_MOST };
	uint64_t errors;
	bool built;

	*out = NULL;
	build.diags = (cnv_diags){ .emit = hold, .self = &build };
	build.form = cnv_arena_get(arena, sizeof *build.form);
	if (!build.form)
		return CNV_NO_MEMORY;
	build.form->source = sheets->source;
	build.form->respondent = build.form->release = CNV_NONE;
	built = build_form(&build);
	errors = build.diags.errors;
	tell_held(&build, diags);
	cnv_mem_free(build.held);
	cnv_mem_free(build.languages);
	cnv_map_fini(&build.list_by_name);
	cnv_map_fini(&build.external_by_name);
	cnv_map_fini(&build.open_by_name);
	if (!build.form->lists)
		for (uint32_t i = 0; i < build.list_count; i++) {
			cnv_map_fini(&build.lists[i].by_name);
			cnv_map_fini(&build.lists[i].by_label);
			if (build.lists[i].known)
				cnv_map_fini(&((cnv_list *)build.lists[i].known)->by_name);
		}
	cnv_mem_free(build.lists);
	cnv_mem_free(build.uses);
	if (arena->failed || build.no_memory || !built)
		cnv_form_fini(build.form);
	if (arena->failed || build.no_memory)
		return CNV_NO_MEMORY;
	if (built)
		*out = build.form;
	return errors || sheets->refused || !built ? CNV_REJECTED : CNV_OK;
}
