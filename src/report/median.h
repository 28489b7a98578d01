/* median: the exact median of any number of values, in constant memory.
 *
 * Up to CNV_MEDIAN_KEPT different values are kept with their counts, which is enough for nearly every question of a
 * survey (years, ages, scores, shares).  If there are more, those around the middle are kept, which is enough for
 * measurements in no particular order.  Values that are sorted need further passes, in which the caller adds the same
 * values again: seven in the worst case.
 */
#ifndef CANVASS_REPORT_MEDIAN_H
#define CANVASS_REPORT_MEDIAN_H

#include "canvass/base.h"

#define CNV_MEDIAN_KEPT 16384u

struct cnv_kept;

typedef struct cnv_median {
	struct cnv_kept *kept; /* open addressing by image */
	uint32_t kept_count, kept_room;
	bool narrowed;                   /* too many different values in the first pass: only the middle is kept */
	bool spreading;                  /* too many in this later pass: they are counted in `spread` */
	uint64_t *spread;                /* of each bucket, the first of which begins with the image `from` */
	uint32_t shift;                  /* a bucket holds 2^shift images */
	uint64_t from, upto;             /* images between which the median is known to be, both included */
	uint64_t below;                  /* number of values less than `from` */
	uint64_t count;                  /* all values, counted in the first pass */
	bool later;                      /* the first pass is over */
	bool split;                      /* the two middle values are apart, the lower one in `from` to `upto`: */
	uint64_t upper_from, upper_upto; /* interval of the greater one */
	uint64_t lower, upper;           /* greatest and least there, so far */
	bool done, failed;
	double value; /* valid at the end; 0 if there were no values */
	/* also at the end, if all different values could be kept: their sum, which does not depend on their order */
	bool has_sum;
	double sum;
	/* the quartiles, also at the end, if all different values could be kept */
	bool has_quartiles;
	double lower_quartile, upper_quartile;
} cnv_median; /* { 0 } is ready to use */

void cnv_median_add(cnv_median *median, double value); /* finite */
/* In the first pass: the same value n times. */
void cnv_median_add_many(cnv_median *median, double value, uint64_t n);
/* Ends a pass; true: the same values must be added once more. */
bool cnv_median_again(cnv_median *median);
void cnv_median_fini(cnv_median *median);

/* Between two finite values, `part` of the way from the lower one; without overflow. */
double cnv_value_between(double low, double high, double part);

#endif
