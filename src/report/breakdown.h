/* The options of choice questions by parts of the respondents, side by side: the table of Groups and of Crossings. */
#ifndef CANVASS_REPORT_BREAKDOWN_H
#define CANVASS_REPORT_BREAKDOWN_H

#include "report/page.h"

/* A title above some of the parts. */
typedef struct cnv_breakdown_band {
	cnv_str title;
	uint32_t parts; /* how many of them it is above */
} cnv_breakdown_band;

typedef struct cnv_breakdown {
	const cnv_str *names; /* of each part */
	uint32_t count;
	const cnv_breakdown_band *bands;
	uint32_t band_count;
	/* Parts that were counted before are the groups of these counts; else NULL, and: */
	const cnv_by_group *counted;
	const uint32_t *people; /* pairing rows that are counted */
	uint32_t people_count;
	const uint32_t *starts, *parts; /* pairing row i is in parts[starts[i]] to parts[starts[i + 1]] */
	cnv_question_id by;             /* the question that the parts are answers to, which has no rows; CNV_NONE */
} cnv_breakdown;

/* The bands, the headings, and the rows of every choice question that is compared.  Resets the arena of a step, where
 * the breakdown must not be. */
void cnv_breakdown_lay(cnv_page *page, const cnv_breakdown *breakdown);

#endif
