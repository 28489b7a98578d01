/* entities.c: entities of ODK Central, which canvass does not make.
 *
 * The sheet `entities` declares lists of things that outlive a form, and the survey column `save_to` says which answers
 * are kept in them.  Answers are the same with and without, so one warning says what is ignored.
 */
#include "form/entities.h"

#include "form/headers.h"
#include "form/places.h"

const cnv_sheet *cnv_form_entities(const cnv_form_builder *build)
{
	return cnv_sheets_find(build->sheets, CNV_STR("entities"));
}

/* The first cell under the heading save_to; NULL: none. */
static const cnv_cell_text *find_saved(const cnv_form_builder *build)
{
	const cnv_sheet *survey = build->survey;
	uint32_t column = 0;

	for (uint32_t i = 0; i < survey->header.count && !column; i++) {
		cnv_str heading = cnv_form_snake(build->arena, survey->header.cells[i].text);
		if (cnv_str_equal(heading, CNV_STR("save_to")))
			column = survey->header.cells[i].column;
	}
	for (uint32_t i = 0; i < survey->count && column; i++)
		for (uint32_t k = 0; k < survey->rows[i].count; k++)
			if (survey->rows[i].cells[k].column == column && survey->rows[i].cells[k].text.len)
				return &survey->rows[i].cells[k];
	return NULL;
}

void cnv_form_check_entities(cnv_form_builder *build)
{
	const cnv_sheet *sheet = cnv_form_entities(build);
	const cnv_cell_text *saved = find_saved(build);

	if (sheet && sheet->count)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_ENTITIES_IGNORED,
					.place = cnv_form_row_place(build, sheet, sheet->header.row),
					.excerpt = sheet->name),
			       "no entities are made: the sheet \"entities\"%s ignored",
			       saved ? " and the column save_to are" : " is");
	else if (saved)
		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_SAVED_NOWHERE,
					.place = cnv_form_cell_place(build, build->survey, saved),
					.excerpt = saved->text),
			       "save_to needs a sheet \"entities\", which the form does not have");
}
