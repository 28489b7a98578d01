/* What the parts of a paper share. */
#ifndef CANVASS_REPORT_PAPER_DESK_H
#define CANVASS_REPORT_PAPER_DESK_H

#include "report/grouping.h"

/* A group of the roster, as a body of tables. */
typedef struct cnv_paper_group {
	const uint32_t *people; /* pairing rows */
	uint32_t count;
} cnv_paper_group;

enum { CNV_PAPER_COLUMNS = 8 }; /* of a table, at most */

typedef struct cnv_paper {
	cnv_desk desk;
	cnv_document_column columns[CNV_PAPER_COLUMNS]; /* of the open table */
	const cnv_document *document;
	cnv_document_head head;
	const cnv_paper_group *groups; /* of the head */
} cnv_paper;

void cnv_paper_put(const cnv_paper *paper, cnv_passage passage, cnv_str lead, cnv_str text);
/* Words of ours, in English: the paper has them in its language.  So it is with the next two. */
void cnv_paper_say(const cnv_paper *paper, cnv_passage passage, const char *words);
/* Begins a table. */
void cnv_paper_table(cnv_paper *paper, const cnv_document_column *columns, uint32_t count, uint32_t rows);
/* One line of the title block; nothing where the text is empty. */
void cnv_paper_fact(const cnv_paper *paper, const char *lead, cnv_str text);
/* "1,234" */
cnv_str cnv_paper_count(cnv_paper *paper, uint64_t count);
/* "21 economies" */
cnv_str cnv_paper_people(cnv_paper *paper, uint64_t count);
/* Its title, its footer and its language. */
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
/* The annex with the comments, word for word (paper_comments.c); for papers that name respondents. */
void cnv_paper_comments(cnv_paper *paper);

#endif
