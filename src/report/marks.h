/* The marks of an answer in the Matrix: notes of findings and of normalized values, and a link to the line about it on
 * another sheet.  Only of questions outside repeats. */
#ifndef CANVASS_REPORT_MARKS_H
#define CANVASS_REPORT_MARKS_H

#include "report/page.h"

/* What a line is for the answer that it is about.  A cell leads to one line: to the last kind that there is. */
typedef enum cnv_line_about {
	CNV_LINE_SOURCE = 1,
	CNV_LINE_COMMENT,
	CNV_LINE_FINDING,
	CNV_LINE_ENTRY /* of a repeat */
} cnv_line_about;

/* Finds the notes; false: no memory.  Without a batch, or with more than CNV_REPORT_MARKED answers, there are none. */
bool cnv_marks_open(cnv_desk *desk);
/* The next row of the page is about this answer; kept while the page is measured. */
void cnv_mark_line(const cnv_page *page, cnv_line_about kind, cnv_question_id question, uint32_t response);
/* Adds to the cell of an answer shown by name what there is. */
void cnv_mark_cell(cnv_page *page, cnv_question_id question, uint32_t response, cnv_cell *cell);
/* Lets the cell with the code of a respondent lead to the first source of their answers. */
void cnv_mark_code(cnv_page *page, uint32_t response, cnv_cell *cell);

#endif
