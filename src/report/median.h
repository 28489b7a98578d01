/* median: the exact median of any number of values, in memory that does not grow with them.
 *
 * Up to CNV_MEDIAN_KEPT different values are kept with their counts, which settles nearly every
 * question of a survey (years, ages, marks) in one pass.  When there are more, values are spread
 * over 2,048 counters by the leading 11 bits of their order, and the caller brings the same
 * values again: each pass narrows the place of the median by 11 bits, until few enough remain.
 */
#ifndef CANVASS_REPORT_MEDIAN_H
#define CANVASS_REPORT_MEDIAN_H

#include "canvass/base.h"

#define CNV_MEDIAN_KEPT 4096u

struct cnv_kept;

typedef struct cnv_median {
	struct cnv_kept *kept; /* open addressing by image */
	uint32_t kept_count, kept_room;
	uint64_t *spread;      /* counters, once */
	bool spreading;        /* too many different values in this pass: they are counted in `spread` */
	uint64_t prefix;       /* leading bits that the median is known to have ... */
	uint32_t known;        /* ... and how many */
	uint64_t below;        /* values less than any with that prefix */
	uint64_t count;        /* all values, counted in the first pass */
	bool later;            /* the first pass is over */
	bool split;            /* the two middle values have different prefixes: */
	uint64_t upper_prefix; /* of the greater */
	uint64_t lower, upper; /* greatest with `prefix`, least with `upper_prefix`, so far */
	bool done, failed;
	double value; /* once done; 0 when there were no values */
} cnv_median;         /* { 0 } is ready to use */

void cnv_median_add(cnv_median *median, double value); /* finite */
/* Ends a pass; true when the same values must be added once more. */
bool cnv_median_again(cnv_median *median);
void cnv_median_fini(cnv_median *median);

#endif
