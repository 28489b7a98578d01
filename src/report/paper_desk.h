/* What the parts of a paper share. */
#ifndef CANVASS_REPORT_PAPER_DESK_H
#define CANVASS_REPORT_PAPER_DESK_H

#include "report/grouping.h"

/* A group of the roster, as a body of tables. */
typedef struct cnv_paper_group {
	const uint32_t *people; /* pairing rows */
	uint32_t count;
} cnv_paper_group;

typedef struct cnv_paper {
	cnv_desk desk;
	const cnv_document *document;
	cnv_document_head head;
	const cnv_paper_group *groups; /* of the head */
} cnv_paper;

void cnv_paper_put(const cnv_paper *paper, cnv_passage passage, cnv_str lead, cnv_str text);
void cnv_paper_say(const cnv_paper *paper, cnv_passage passage, const char *words);
/* One line of the title block; nothing where the text is empty. */
void cnv_paper_fact(const cnv_paper *paper, const char *lead, cnv_str text);
/* Its title and its footer. */
void cnv_paper_name(cnv_paper *paper);
/* The heading of a question: its number and its title. */
void cnv_paper_question(const cnv_paper *paper, cnv_question_id question);
/* Is it one of the questions that the paper reports: shown, asked or computed, and to be compared? */
bool cnv_paper_reports(const cnv_paper *paper, cnv_question_id question);
/* The answers to one question: counts of options, or figures of numbers, and the states. */
void cnv_paper_answers(cnv_paper *paper, cnv_question_id question);
/* What has changed since an earlier round or time, in sentences, and who moved from what to what; nothing where the
 * report is compared with nothing (paper_changes.c). */
void cnv_paper_changes(cnv_paper *paper);

#endif
