/* One answer as one cell; the respondent and question columns at the start of a row. */
#ifndef CANVASS_REPORT_CELLS_H
#define CANVASS_REPORT_CELLS_H

#include "report/page.h"

/* The answer in one row of a question's column; only "withheld" for a response that is not shown by name. */
void cnv_page_answer(cnv_page *page, uint32_t at, const cnv_column *column, uint32_t row, bool by_name);
/* Code and name of a respondent in columns `at` and at + 1. */
void cnv_page_respondent(cnv_page *page, uint32_t at, const cnv_paired *paired);
/* Number, name and title of a question in columns `at` to at + 2; `aside` follows the title in brackets.  In small
 * print if the previous row was about the same question. */
void cnv_page_question(cnv_page *page, uint32_t at, cnv_question_id question, cnv_str aside);
/* Three rows above a table of questions: sections, number and title, name.  `fixed` columns come before those of the
 * questions; the first `frozen` ones are frozen. */
void cnv_page_question_heads(cnv_page *page, const cnv_heading *fixed, const cnv_question_id *questions, uint32_t count,
			     uint32_t frozen);
/* "INA, ROK, PH (2)": the codes of pairing rows, and the number of others that are not shown by name. */
cnv_str cnv_names_text(cnv_desk *desk, const uint32_t *items, uint32_t count, cnv_arena *arena);

#endif
