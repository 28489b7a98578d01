/* The answers of an interview as they are given, and the batch made of them after each. */
#ifndef CANVASS_CLI_INTERVIEW_H
#define CANVASS_CLI_INTERVIEW_H

#include "cli.h"

/* One occurrence of a repeat, or (0) the response itself. */
typedef struct interview_entry {
	uint32_t table;
	uint32_t parent; /* index of the owning entry */
	uint32_t row;    /* in the batch as last made */
} interview_entry;

typedef struct interview_answer {
	uint32_t entry;
	cnv_question_id question;
	cnv_str text;
} interview_answer;

typedef struct interview {
	const cnv_form_file *form;
	cnv_world world;
	cnv_batch *batch;
	interview_entry *entries;
	uint32_t entry_count, entry_room;
	interview_answer *answers;
	uint32_t answer_count, answer_room;
	cnv_arena texts, scratch;
	cnv_text complaint; /* what was found wrong with the cell watched */
	uint32_t watched_entry;
	cnv_question_id watched;
} interview;

/* Begins with one blank response. */
cnv_status interview_init(interview *in, const cnv_form_file *form, cnv_instant now);
void interview_fini(interview *in);
/* Adds an entry of a repeat; its index, or CNV_NONE without memory. */
uint32_t interview_enter(interview *in, uint32_t table, uint32_t parent);
/* Sets the answer (empty: takes it back) and judges everything anew.  `complaint` then says what is wrong with it, if
 * anything. */
cnv_status interview_answer_set(interview *in, uint32_t entry, cnv_question_id question, cnv_str text);
cnv_verdict interview_verdict(const interview *in, uint32_t entry, cnv_question_id question);
/* All answers as a CSV in the long layout: how the interview is stored. */
cnv_status interview_write(interview *in, cnv_text *csv);

#endif
