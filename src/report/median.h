/* median: the exact median of any number of values, in memory that does not grow with them.
 *
 * Up to CNV_MEDIAN_KEPT different values are kept with their counts, which settles nearly every
 * question of a survey (years, ages, marks, shares) in one pass.  When there are more, values are
 * counted in as many buckets, laid where the middle seems to be, and the caller brings the same
 * values again: two passes for a million measurements, seven for the most contrary ones.
 */
#ifndef CANVASS_REPORT_MEDIAN_H
#define CANVASS_REPORT_MEDIAN_H

#include "canvass/base.h"

#define CNV_MEDIAN_KEPT 16384u

struct cnv_kept;

typedef struct cnv_median {
	struct cnv_kept *kept; /* open addressing by image */
	uint32_t kept_count, kept_room;
	bool spreading;                  /* too many different values in this pass: they are counted in `spread` */
	uint64_t *spread;                /* of each bucket, and at either end of what lies outside all */
	uint64_t first;                  /* image at which the first bucket begins */
	uint32_t shift;                  /* a bucket holds 2^shift images */
	uint64_t from, upto;             /* images between which the median is known to be, both included */
	uint64_t below;                  /* values less than `from` */
	uint64_t count;                  /* all values, counted in the first pass */
	bool later;                      /* the first pass is over */
	bool split;                      /* the two middle values are apart, the lesser in `from` to `upto`: */
	uint64_t upper_from, upper_upto; /* where the greater is */
	uint64_t lower, upper;           /* greatest and least there, so far */
	bool done, failed;
	double value; /* once done; 0 when there were no values */
} cnv_median;         /* { 0 } is ready to use */

void cnv_median_add(cnv_median *median, double value); /* finite */
/* Ends a pass; true when the same values must be added once more. */
bool cnv_median_again(cnv_median *median);
void cnv_median_fini(cnv_median *median);

#endif
