/* One answer as one cell; the names of respondents in one. */
#ifndef CANVASS_REPORT_CELLS_H
#define CANVASS_REPORT_CELLS_H

#include "report/page.h"

/* The answer in one row of a question's column; only "withheld" for a response that is not shown by name. */
void cnv_answer_fill(cnv_page *page, cnv_cell *cell, const cnv_column *column, uint32_t row, bool by_name);
/* "INA, ROK, PH (2)": the codes of pairing rows, and the number of others that are not shown by name. */
cnv_str cnv_names_text(cnv_desk *desk, const uint32_t *items, uint32_t count, cnv_arena *arena);

#endif
