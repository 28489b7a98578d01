/* places.c: where something is in the file of the form. */
#include "form/places.h"

const cnv_cell_text *cnv_form_cell_of(const cnv_form_builder *build, const cnv_question *question, cnv_form_role role)
{
	const cnv_form_cells *cells = build->cells_of[question - build->questions];

	return cells ? cells->at[role] : NULL;
}

cnv_place cnv_form_cell_place(const cnv_form_builder *build, const cnv_sheet *sheet, const cnv_cell_text *cell)
{
	return cnv_sheet_place(build->sheets, sheet, cell->row, cell->column);
}

cnv_place cnv_form_row_place(const cnv_form_builder *build, const cnv_sheet *sheet, uint32_t row)
{
	return cnv_sheet_place(build->sheets, sheet, row, 0);
}

const char *cnv_form_row_word(const cnv_form_builder *build)
{
	return build->sheets->count && build->sheets->sheets[0].tab ? "row" : "line";
}

cnv_place cnv_form_part_place(cnv_place place, cnv_str whole, cnv_str part)
{
	if (part.len && part.at >= whole.at && part.at + part.len <= whole.at + whole.len) {
		place.from = (uint32_t)(part.at - whole.at);
		place.upto = place.from + (uint32_t)part.len;
	}
	return place;
}
