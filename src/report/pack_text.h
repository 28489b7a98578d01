/* Texts of the form as shown in a pack, and the layout of a question in it. */
#ifndef CANVASS_REPORT_PACK_TEXT_H
#define CANVASS_REPORT_PACK_TEXT_H

#include "report/pack_plan.h"

cnv_str pack_word_str(const pack_plan *plan, pack_word word);
/* A text of the form on one or more lines, ${q} replaced by the title of question q. */
cnv_str pack_text(const pack_plan *plan, cnv_str text);
cnv_str pack_label(const pack_plan *plan, cnv_question_id question);
cnv_str pack_hint(const pack_plan *plan, cnv_question_id question);
cnv_str pack_warning(const pack_plan *plan, cnv_question_id question); /* the message of its warning */
cnv_str pack_number(const pack_plan *plan, cnv_question_id question);
bool pack_is_asked(const cnv_question *question);
bool pack_is_listed(const cnv_form *form, const cnv_question *question); /* has a closed list */
bool pack_is_ticked(const cnv_form *form, const cnv_question *question); /* a cell for each choice */
/* "$D$6" (column and row from 0); fixed: which of them have a $. */
cnv_str pack_cell(cnv_arena *arena, uint32_t row, uint32_t column, bool fixed_row);
cnv_str pack_quoted(const pack_plan *plan, cnv_str text); /* within a formula */

#endif
