/* Answers, findings and remarks that a pack is filled in with. */
#ifndef CANVASS_REPORT_PACK_ANSWERS_H
#define CANVASS_REPORT_PACK_ANSWERS_H

#include "report/pack_plan.h"

/* The column of a question in the prefilled answers; NULL: there are none. */
const cnv_column *pack_column(const pack_plan *plan, cnv_question_id question);
/* The prefilled cell of an answer: text, number or day, and its style. */
cnv_cell pack_answer(const pack_plan *plan, cnv_question_id question, uint32_t row);
bool pack_is_chosen(const pack_plan *plan, cnv_question_id question, uint32_t choice, uint32_t row);
bool pack_is_locked(const pack_plan *plan, cnv_question_id question);
cnv_verdict pack_verdict(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* The finding on a cell, or NULL. */
const cnv_finding *pack_wrong(const pack_plan *plan, uint32_t table, uint32_t row, cnv_question_id question);
/* An answer to a ticked question that ticks cannot represent: an invalid answer, or "N/A". */
bool pack_is_whole(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* Is it an earlier answer, which the respondent is to confirm or change? */
bool pack_is_to_confirm(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* The earlier answer that is not filled in, as people read it; empty: there is none. */
cnv_str pack_uncarried(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* The state of an unusual answer: the message of the form's warning, or the request to check it. */
cnv_str pack_unusual_text(const pack_plan *plan, cnv_question_id question);
/* Does the warning apply to the prefilled answer to a question outside repeats? */
bool pack_is_unusual(const pack_plan *plan, cnv_question_id question, uint32_t row);
/* The remarks on one cell, as one text. */
cnv_str pack_remark(const pack_plan *plan, uint32_t table, uint32_t row, cnv_question_id question);
/* The remarks that belong to no question on a sheet. */
cnv_str pack_other_remarks(const pack_plan *plan);

#endif
