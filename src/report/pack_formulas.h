/* When a question is asked, when it must be answered and what it accepts, as formulas of the workbook. */
#ifndef CANVASS_REPORT_PACK_FORMULAS_H
#define CANVASS_REPORT_PACK_FORMULAS_H

#include "report/pack_plan.h"

/* Fills `asked`, `required`, `rule` and `usual` of every spot. */
cnv_status pack_formulas_make(pack_plan *plan);
/* Is a condition true for the prefilled answers?  Without answers it is. */
bool pack_holds(const pack_plan *plan, cnv_question_id self, const cnv_formula *condition);
/* The rule of a cell (or, of a ticked question, of one of its cells); row: the first row that it applies to. */
cnv_status pack_rule(pack_plan *plan, cnv_question_id question, cnv_rule *rule);

#endif
