/* question_cells.h: the cells of a survey row, as the parts of a question. */
#ifndef CANVASS_FORM_QUESTION_CELLS_H
#define CANVASS_FORM_QUESTION_CELLS_H

#include "form/builder.h"

/* Fills wordings, formulas and texts of `question`. */
void cnv_form_read_question(cnv_form_builder *build, const cnv_form_cells *cells, cnv_question *question);
/* The kind of something computed with this bind::type; `kind` when it is unknown. */
cnv_kind cnv_form_bound_kind(cnv_str bind, cnv_kind kind);

#endif
