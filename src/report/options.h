/* Rows of sheets that count the answers to a question: its options, then its states, then their total; or one row that
 * says that there are none. */
#ifndef CANVASS_REPORT_OPTIONS_H
#define CANVASS_REPORT_OPTIONS_H

#include "report/listing.h"

/* Records of those sheets begin with it. */
typedef struct cnv_option_row {
	cnv_subject subject;
	enum { CNV_LINE_OPTION, CNV_LINE_STATE, CNV_LINE_TOTAL, CNV_LINE_UNANSWERED } kind;
	cnv_str option, label;
} cnv_option_row;

cnv_fill cnv_fill_option, cnv_fill_option_label;
/* The option in words: its label or sentence, or its state; for people, who do not see the codes. */
cnv_fill cnv_fill_option_words;
/* A number of the row; in the total it looks like one. */
void cnv_option_count(const cnv_option_row *row, cnv_cell *cell, uint64_t n);
/* n as a share of those who answered, of an option only. */
void cnv_option_share(cnv_page *page, const cnv_option_row *row, cnv_cell *cell, uint64_t n, uint64_t answered);

#endif
