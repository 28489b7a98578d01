/* The sheets of a pack, and the wording of findings on them. */
#ifndef CANVASS_REPORT_PACK_SHEETS_H
#define CANVASS_REPORT_PACK_SHEETS_H

#include "report/pack_desk.h"

/* The request that a finding makes, in the pack's language, and a hint, which may be empty. */
cnv_str pack_matter(const pack_plan *plan, const cnv_finding *finding, cnv_str *hint);
/* Marks the cell of an answer to correct, with the reason. */
void pack_mark(const pack_plan *plan, cnv_cell *cell, const cnv_finding *finding);

cnv_status pack_lay_questions(pack_plan *plan, const pack_sheet *sheet, const cnv_grid *grid);
cnv_status pack_lay_issues(pack_plan *plan, const cnv_grid *grid);
cnv_status pack_lay_entries(pack_plan *plan, const pack_sheet *sheet, const cnv_grid *grid);

#endif
