/* row_types.c: the types of the survey rows. */
#include "form/bank.h"
#include "form/hints.h"
#include "form/places.h"
#include "form/steps.h"

static void report_type(cnv_form_builder *build, const cnv_form_cells *cells, cnv_form_row_type *typed,
			cnv_form_type_reading reading, cnv_str nearest)
{
	const cnv_cell_text *type = cells->at[ROLE_TYPE], *name = cells->at[ROLE_NAME];
	cnv_str field = name ? name->text : (cnv_str){ 0 };
	cnv_place place = cnv_form_cell_place(build, build->survey, type);
	size_t blank = cnv_str_find(type->text, CNV_STR(" "));

	switch (reading) {
	case TYPE_READ:
		return;
	case TYPE_UNKNOWN:
		if (typed->list.len && blank != SIZE_MAX)
			place = cnv_form_part_place(place, type->text, cnv_str_slice(type->text, 0, blank));
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_TYPE_UNKNOWN, .place = place, .field = field, .excerpt = type->text,
					.hint = cnv_form_did_you_mean(build, nearest)),
			       "unknown question type \"%.*s\"", CNV_ARG(type->text));
		return;
	case TYPE_OTHER_CASE:
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_TYPE_CASE, .place = place, .field = field, .excerpt = type->text,
					.hint = cnv_arena_format(build->arena, "write \"%.*s\"", CNV_ARG(nearest))),
			       "wrong case in the type \"%.*s\"", CNV_ARG(type->text));
		return;
	case TYPE_NO_LIST:
		typed->unsure = true;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_SELECT_NO_LIST, .place = place, .field = field,
					.excerpt = type->text,
					.hint = cnv_arena_format(build->arena,
								 "write the list name after it, as in \"%s yes_no\"",
								 typed->type->name)),
			       "the select does not name its list");
		return;
	case TYPE_LIST_WORDS:
		typed->unsure = true;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_LIST_WORDS,
					.place = cnv_form_part_place(place, type->text, typed->list), .field = field,
					.excerpt = type->text),
			       "\"%.*s\" is not a valid list name", CNV_ARG(typed->list));
		return;
	}
}

/* Parses the type of one row; a row without a question is reported and skipped. */
static void read_type(cnv_form_builder *build, const cnv_form_cells *cells, cnv_form_row_type *typed,
		      bool *disabled_reported)
{
	const cnv_cell_text *type = cells->at[ROLE_TYPE], *name = cells->at[ROLE_NAME], *label = cells->at[ROLE_LABEL];
	const cnv_cell_text *disabled = cells->at[ROLE_DISABLED];
	cnv_form_type_reading reading;
	cnv_str nearest;

	*typed = (cnv_form_row_type){ .list_index = CNV_NONE };
	if (disabled && !*disabled_reported) {
		*disabled_reported = true;
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_COLUMN_DISABLED,
					.place = cnv_form_cell_place(build, build->survey, disabled),
					.excerpt = disabled->text),
			       "the column disabled is obsolete; rows with yes in it are skipped");
	}
	if (disabled && cnv_yes_no_read(disabled->text) == CNV_YES)
		return;
	if (!type && !name && !label && cells->at[ROLE_BANK]) {
		cnv_bank_report_bare(build, build->survey, cells->at[ROLE_BANK]);
		return;
	}
	if (!type && !name && !label) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_ROW_SKIPPED,
					.place = cnv_form_row_place(build, build->survey, cells->row->row),
					.excerpt = cells->row->cells[0].text),
			       "the row has no type, name or label; it is skipped");
		return;
	}
	if (!type) {
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_TYPE_MISSING,
					.place = cnv_form_row_place(build, build->survey, cells->row->row),
					.field = name ? name->text : (cnv_str){ 0 },
					.excerpt = (name ? name : label)->text),
			       "the question has no type");
		*typed = (cnv_form_row_type){ .kind = LINE_QUESTION,
					      .type = cnv_form_find_type("text"),
					      .unsure = true,
					      .list_index = CNV_NONE };
		return;
	}
	reading = cnv_form_read_type(typed, type->text, &nearest);
	report_type(build, cells, typed, reading, nearest);
}

bool cnv_form_read_types(cnv_form_builder *build)
{
	uint32_t count = build->line_count = build->survey->count;
	bool disabled_reported = false;

	build->typed = cnv_arena_array(build->arena, count, sizeof *build->typed);
	build->lines = cnv_arena_array(build->arena, count, sizeof *build->lines);
	if (!build->typed || !build->lines)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (cnv_form_read_row(build, &build->survey_heads, &build->survey->rows[i], &build->lines[i]))
			read_type(build, &build->lines[i], &build->typed[i], &disabled_reported);
		build->room += 1 + build->typed[i].or_other;
	}
	return true;
}
