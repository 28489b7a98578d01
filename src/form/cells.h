/* cells.h: the cells of one row, by the role of their column. */
#ifndef CANVASS_FORM_CELLS_H
#define CANVASS_FORM_CELLS_H

#include "form/headers.h"

/* A translatable role has one cell per language; `at` holds the first. */
typedef struct cnv_form_cells {
	const cnv_sheet_row *row;
	const cnv_cell_text *at[ROLES];
} cnv_form_cells;

/* Sorts the cells of a row by role and reports those that have no heading.  false: nothing is left. */
bool cnv_form_read_row(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_sheet_row *row,
		       cnv_form_cells *cells);
/* The same without reporting, for a row that has no cells to the right of the header. */
bool cnv_form_sort_row(const cnv_form_heads *heads, const cnv_sheet_row *row, cnv_form_cells *cells);
cnv_wording cnv_form_read_wording(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_form_cells *cells,
				  cnv_form_role role);
/* The cells of unknown columns and media; NULL when there are none. */
const cnv_extra *cnv_form_read_extras(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_form_cells *cells,
				      uint32_t *count);

#endif
