/* Finds the sheets of a form in a file, and reports misspelt and unknown ones. */
#include "form/entities.h"
#include "form/hints.h"
#include "form/places.h"
#include "form/steps.h"

static const struct wanted_sheet {
	const char *name;
	bool read;   /* by canvass; the others are ignored */
	bool needed; /* a misspelt name is an error */
} wanted_sheets[] = {
	{ "survey", true, true },           { "choices", true, true },    { "settings", true, false },
	{ "external_choices", true, true }, { "entities", false, false }, { "osm", false, false },
};
#define WANTED_SHEETS (sizeof wanted_sheets / sizeof *wanted_sheets)

/* The sheet with this name; when there is none, the one with the nearest name, which is reported. */
static const cnv_sheet *find_sheet(cnv_form_builder *build, const struct wanted_sheet *wanted)
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
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_SHEET_MISSPELT,
						.place = cnv_form_row_place(build, sheet, sheet->header.row),
						.excerpt = sheet->name,
						.hint = cnv_form_did_you_mean(build, nearest.best)),
				       "there is no sheet \"%s\"; \"%.*s\" is read as that sheet", wanted->name,
				       CNV_ARG(sheet->name));
			found = sheet;
		}
	}
	return found;
}

/* A file that consists of the survey sheet only, without the column for sheet names. */
bool cnv_form_is_bare_survey(const cnv_form_builder *build)
{
	const cnv_sheet *first = build->sheets->count ? build->sheets->sheets : NULL;

	return !build->survey && first &&
	       (cnv_str_equal(first->name, CNV_STR("type")) || cnv_str_equal(first->name, CNV_STR("name")));
}

static bool is_wanted(const cnv_form_builder *build, const cnv_sheet *sheet)
{
	for (size_t k = 0; k < WANTED_SHEETS; k++)
		if (cnv_sheets_find(build->sheets, cnv_str_from(wanted_sheets[k].name)) == sheet)
			return true;
	return false;
}

void cnv_form_find_sheets(cnv_form_builder *build)
{
	const cnv_sheet **slots[] = { &build->survey, &build->choices, &build->settings, &build->external };

	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
		*slots[i] = find_sheet(build, &wanted_sheets[i]);
	for (uint32_t i = 0; i < build->sheets->count; i++) {
		const cnv_sheet *sheet = &build->sheets->sheets[i];
		bool read =
			cnv_sheets_find(build->sheets, sheet->name) != sheet || (!i && cnv_form_is_bare_survey(build));
		cnv_nearest nearest;

		for (size_t k = 0; k < sizeof slots / sizeof *slots; k++)
			read = read || *slots[k] == sheet;
		if (read || !sheet->count || (sheet->name.len && sheet->name.at[0] == '_'))
			continue;
		/* A workbook may contain other sheets. */
		if (sheet->tab && !is_wanted(build, sheet))
			continue;
		if (cnv_str_equal(sheet->name, CNV_STR("entities")) || sheet == cnv_form_entities(build))
			continue; /* entities.c */
		cnv_nearest_init(&nearest, sheet->name);
		for (size_t k = 0; k < WANTED_SHEETS; k++)
			cnv_nearest_offer(&nearest, cnv_str_from(wanted_sheets[k].name));
		if (!sheet->name.len)
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_SHEET_IGNORED,
					 .place = cnv_form_row_place(build, sheet, sheet->header.row),
					 .excerpt = sheet->header.count ? sheet->header.cells[0].text : (cnv_str){ 0 },
					 .hint = CNV_STR(
						 "write the name of the sheet in the first column of the row above")),
				"rows before the first sheet name are ignored");
		else
			cnv_diags_emit(build->diags,
				       CNV_DIAG(.code = CNV_SHEET_IGNORED,
						.place = cnv_form_row_place(build, sheet, sheet->header.row),
						.excerpt = sheet->name,
						.hint = cnv_form_did_you_mean(
							build, nearest.distance ? nearest.best : (cnv_str){ 0 })),
				       "sheet \"%.*s\" is ignored (%u %s)", CNV_ARG(sheet->name), sheet->count,
				       cnv_noun(sheet->count, "row", "rows"));
	}
}
