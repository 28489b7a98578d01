/* The texts after "other:". */
#ifndef CANVASS_READ_OTHER_H
#define CANVASS_READ_OTHER_H

#include "canvass/read.h"

typedef struct cnv_other {
	cnv_question_id question, target; /* the question with the list; the question for the text, CNV_NONE */
	uint32_t row;
	cnv_str text;
	bool moved; /* it became the answer of `target`; else it is a remark */
} cnv_other;

typedef struct cnv_others {
	cnv_other *at;
	uint32_t count, room;
	bool failed;
} cnv_others; /* { 0 } is ready to use */

/* text: borrowed until cnv_others_lay, which copies it into the batch. */
void cnv_others_hold(cnv_others *others, cnv_question_id question, uint32_t row, cnv_str text);
void cnv_others_lay(cnv_others *others, cnv_batch *batch);
void cnv_others_fini(cnv_others *others);

#endif
