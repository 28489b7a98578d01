/* The answers to one question as figures: their quartiles, and those that are far from the others. */
#ifndef CANVASS_REPORT_FIGURES_H
#define CANVASS_REPORT_FIGURES_H

#include "report/desk.h"

/* An answer: a number, or a day. */
typedef struct cnv_valued {
	double value;
	uint32_t person; /* pairing row */
	uint32_t row;    /* of the question's table */
} cnv_valued;

/* The usable answers of those shown by name, rising; of a repeat those of all its entries. */
typedef struct cnv_valued_list {
	cnv_valued *at;
	uint32_t count;
	bool has_text; /* of a calculation: one of its results is not a number, so that the others are no figures */
} cnv_valued_list;

/* A question of a number or of a day, or a calculation, over pairing rows people[0] to people[count]; NULL: all.
 * `out` is { 0 }.  false: out of memory. */
bool cnv_values_find(cnv_valued_list *out, const cnv_desk *desk, cnv_question_id question, const uint32_t *people,
		     uint32_t count, cnv_arena *arena);

/* In place of quartiles that are not known, because not all values could be kept (CNV_MEDIAN_KEPT). */
#define CNV_NO_QUARTILES "over 16,384 different values"

typedef struct cnv_figures {
	uint64_t n;
	double least, lower, median, upper, greatest, mean, sum; /* valid if n > 0 */
	bool has_quartiles;
	bool about; /* quartiles and median are within 1% of those that are exact */
} cnv_figures;

/* Of answers that rise. */
cnv_figures cnv_figures_of(const cnv_valued *values, uint32_t count);
/* Of all who answered a question of numbers, also those not shown by name as far as the audience may know. */
cnv_figures cnv_figures_tallied(const cnv_tally *tally, cnv_question_id question);
/* "≈ 10300", for such a figure; */
cnv_str cnv_about_text(double figure, cnv_arena *arena);
/* and the sentence that says so. */
cnv_str cnv_about_remark(cnv_desk *desk, cnv_arena *arena);
/* Sets `far` of the answers that differ from the median by more than 3.5 times the median absolute deviation, scaled
 * to a standard deviation; of fewer than 5 answers, or where more than half are equal, none does.  false: no memory. */
bool cnv_outliers_find(bool *far, const cnv_valued *values, uint32_t count, double median, cnv_arena *arena);

#endif
