/* places.h: where something is in the file of the form. */
#ifndef CANVASS_FORM_PLACES_H
#define CANVASS_FORM_PLACES_H

#include "form/builder.h"

/* The cell of a question in a column; NULL when it is empty, or the question has no row. */
const cnv_cell_text *cnv_form_cell_of(const cnv_form_builder *build, const cnv_question *question, cnv_form_role role);
cnv_place cnv_form_cell_place(const cnv_form_builder *build, const cnv_sheet *sheet, const cnv_cell_text *cell);
cnv_place cnv_form_row_place(const cnv_form_builder *build, const cnv_sheet *sheet, uint32_t row);
/* "line" in a CSV file, "row" in a workbook. */
const char *cnv_form_row_word(const cnv_form_builder *build);
/* The place with the caret under `part`, a piece of `whole`; unchanged when it is none. */
cnv_place cnv_form_part_place(cnv_place place, cnv_str whole, cnv_str part);

#endif
