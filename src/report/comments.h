/* What respondents wrote in words. */
#ifndef CANVASS_REPORT_COMMENTS_H
#define CANVASS_REPORT_COMMENTS_H

#include "report/desk.h"

typedef struct cnv_comment {
	cnv_question_id question; /* CNV_NONE: on the return as a whole */
	const cnv_paired *paired; /* whose words they are */
	cnv_str entry;            /* of a repeat: "2", "2.1"; else empty */
	cnv_str text;             /* borrowed until the function returns */
	bool is_answer;           /* to a question for text; else a remark */
} cnv_comment;
typedef void cnv_comment_take(void *self, const cnv_comment *comment);

/* Calls `take` with each free-text answer that counts (not contacts, or who a response is from) and each remark: first those on the return as a whole, then by
 * question, then by respondent.  Only of respondents shown by name.  Resets the arena of a step. */
void cnv_comments_each(cnv_desk *desk, cnv_comment_take *take, void *self);

#endif
