/* median: selection by buckets of the order-preserving image of a double.
 *
 * The image of a double is its bits with the sign bit inverted (all bits for negatives), so that images compare like
 * the numbers.  A pass keeps every candidate (values whose image is in the interval known to contain the median) or,
 * if there are more than CNV_MEDIAN_KEPT different ones, counts them in buckets of equally many images.  The first
 * pass places its buckets around the middle of the values kept: unless the values are sorted, the median is there,
 * and so few others share its bucket that the second pass keeps them all.  Later passes place them over the whole
 * remaining interval.  With 14 bits a pass, and one pass for two middle values that are far apart, seven are always
 * enough. */
#include "report/median.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 14, FIRST_ROOM = 64 };

/* Counters: one additional bucket for lesser values, and one for greater ones. */
#define COUNTERS (BUCKETS + 2u)

struct cnv_kept {
	uint64_t image;
	uint64_t count; /* 0: the slot is free */
};

static uint64_t image_of(double value)
{
	uint64_t bits;

	value += 0.0; /* -0 becomes 0 */
	memcpy(&bits, &value, sizeof bits);
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double value_of(uint64_t image)
{
	uint64_t bits = image >> 63 ? image & ~(UINT64_C(1) << 63) : ~image;
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static size_t bucket_of(const cnv_median *median, uint64_t image)
{
	uint64_t bucket;

	if (image < median->first)
		return 0;
	bucket = (image - median->first) >> median->shift;
	return bucket < BUCKETS ? (size_t)bucket + 1 : BUCKETS + 1;
}

/* The images of one bucket, both ends included, limited to the interval of the median. */
static void bucket_bounds(const cnv_median *median, size_t bucket, uint64_t *from, uint64_t *upto)
{
	uint64_t last = (UINT64_C(1) << median->shift) - 1;

	*from = median->from;
	*upto = median->upto;
	if (!bucket) {
		*upto = median->first - 1;
		return;
	}
	*from = median->first + ((uint64_t)(bucket - 1) << median->shift);
	if (bucket <= BUCKETS && last < *upto - *from)
		*upto = *from + last;
}

static struct cnv_kept *slot_of(struct cnv_kept *slots, uint32_t room, uint64_t image)
{
	/* Integers differ only in their leading bits: fold before multiplying. */
	uint64_t hash = (image ^ image >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	uint32_t at = (uint32_t)(hash >> 40) & (room - 1);

	while (slots[at].count && slots[at].image != image)
		at = (at + 1) & (room - 1);
	return &slots[at];
}

/* Makes room for one more kept value; the table is at most half full. */
static bool grow(cnv_median *median)
{
	uint32_t room = median->kept_room ? median->kept_room * 2 : FIRST_ROOM;
	struct cnv_kept *slots;

	if (median->kept_count < median->kept_room / 2)
		return true;
	slots = cnv_mem_array(room, sizeof *slots);
	if (!slots) {
		median->failed = true;
		return false;
	}
	for (uint32_t i = 0; i < median->kept_room; i++)
		if (median->kept[i].count)
			*slot_of(slots, room, median->kept[i].image) = median->kept[i];
	cnv_mem_free(median->kept);
	median->kept = slots;
	median->kept_room = room;
	return true;
}

static int by_image(const void *a, const void *b)
{
	const struct cnv_kept *left = a, *right = b;

	return (left->image > right->image) - (left->image < right->image);
}

/* Sorts the kept values to the front of the slots, where they can no longer be found by image; returns their number. */
static uint32_t sort_kept(cnv_median *median)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < median->kept_room; i++)
		if (median->kept[i].count)
			median->kept[count++] = median->kept[i];
	if (count)
		qsort(median->kept, count, sizeof *median->kept, by_image);
	return count;
}

/* The image of the value with this rank among the kept values, which are sorted. */
static uint64_t image_at(const cnv_median *median, uint32_t count, uint64_t rank)
{
	uint32_t at = 0;

	for (; at + 1 < count && rank >= median->kept[at].count; at++)
		rank -= median->kept[at].count;
	return median->kept[at].image;
}

/* Places the buckets: over the middle quarter of the first values, later over the whole remaining interval. */
static void lay_buckets(cnv_median *median, uint32_t kept)
{
	uint64_t last = median->upto, seen = 0;

	median->first = median->from;
	if (!median->later) {
		for (uint32_t i = 0; i < kept; i++)
			seen += median->kept[i].count;
		median->first = image_at(median, kept, seen / 8 * 3);
		last = image_at(median, kept, seen / 8 * 5);
	}
	for (median->shift = 0; (last - median->first) >> median->shift >= BUCKETS;)
		median->shift++;
}

/* Too many different values: the values kept so far are counted in buckets instead. */
static void start_spreading(cnv_median *median)
{
	uint32_t kept;

	if (!median->spread)
		median->spread = cnv_mem_array(COUNTERS, sizeof *median->spread);
	if (!median->spread) {
		median->failed = true;
		return;
	}
	kept = sort_kept(median);
	lay_buckets(median, kept);
	for (uint32_t i = 0; i < kept; i++)
		median->spread[bucket_of(median, median->kept[i].image)] += median->kept[i].count;
	median->spreading = true;
}

static void keep(cnv_median *median, uint64_t image, uint64_t n)
{
	struct cnv_kept *slot;

	if (!grow(median))
		return;
	slot = slot_of(median->kept, median->kept_room, image);
	if (!slot->count) {
		if (median->kept_count == CNV_MEDIAN_KEPT) {
			start_spreading(median);
			if (!median->failed)
				median->spread[bucket_of(median, image)] += n;
			return;
		}
		slot->image = image;
		median->kept_count++;
	}
	slot->count += n;
}

void cnv_median_add(cnv_median *median, double value)
{
	uint64_t image = image_of(value);

	if (median->failed || median->done)
		return;
	if (!median->later && !median->count++)
		median->upto = UINT64_MAX;
	if (median->split) {
		if (image >= median->from && image <= median->upto && image > median->lower)
			median->lower = image;
		if (image >= median->upper_from && image <= median->upper_upto && image < median->upper)
			median->upper = image;
		return;
	}
	if (image < median->from || image > median->upto)
		return;
	if (median->spreading)
		median->spread[bucket_of(median, image)]++;
	else
		keep(median, image, 1);
}

void cnv_median_add_many(cnv_median *median, double value, uint64_t n)
{
	uint64_t image = image_of(value);

	assert(!median->later);
	if (median->failed || !n)
		return;
	if (!median->count)
		median->upto = UINT64_MAX;
	median->count += n;
	if (median->spreading)
		median->spread[bucket_of(median, image)] += n;
	else
		keep(median, image, n);
}

double cnv_value_between(double low, double high, double part)
{
	double apart = high - low;

	/* The difference of two large values may overflow. */
	return apart - apart == 0 ? low + apart * part : low * (1 - part) + high * part;
}

static void finish(cnv_median *median, uint64_t lower, uint64_t upper)
{
	double low = value_of(lower), high = value_of(upper), sum = low + high;

	/* The sum of two large values may overflow where their mean does not. */
	median->value = low == high ? low : sum - sum == 0 ? sum / 2 : low / 2 + high / 2;
	median->done = true;
}

/* The value a quarter or three of the way from the first to the last, as Excel's QUARTILE.INC; all values are kept. */
static double quartile(const cnv_median *median, uint32_t kept, uint64_t quarter)
{
	uint64_t last = median->count - 1, rank = last / 4 * quarter + last % 4 * quarter / 4;
	double part = (double)(last % 4 * quarter % 4) / 4, low = value_of(image_at(median, kept, rank));

	return part > 0 ? cnv_value_between(low, value_of(image_at(median, kept, rank + 1)), part) : low;
}

/* The sum of the kept values, which are sorted: Neumaier's, of products whose rounding errors are added too. */
static double sum_kept(const cnv_median *median, uint32_t count)
{
	double sum = 0, carry = 0;

	for (uint32_t i = 0; i < count; i++) {
		double value = value_of(median->kept[i].image), n = (double)median->kept[i].count;
		double product = value * n, next = sum + product;

		carry += fma(value, n, -product);
		carry += fabs(sum) >= fabs(product) ? (sum - next) + product : (product - next) + sum;
		sum = next;
	}
	return sum + carry;
}

/* All candidates are kept: the two middle ranks are among them.  all: and so are all values. */
static void finish_kept(cnv_median *median, uint64_t lower_rank, uint64_t upper_rank, bool all)
{
	uint32_t count = sort_kept(median);

	if (all && count) {
		median->lower_quartile = quartile(median, count, 1);
		median->upper_quartile = quartile(median, count, 3);
		median->has_quartiles = true;
		median->sum = sum_kept(median, count);
		median->has_sum = true;
	}

	median->done = true;
	if (count) /* else this pass had other values than the first: there is no meaningful result */
		finish(median, image_at(median, count, lower_rank), image_at(median, count, upper_rank));
}

/* The bucket whose counter includes `rank`; *before is the number of values in lower buckets. */
static size_t bucket_at(const cnv_median *median, uint64_t rank, uint64_t *before)
{
	size_t bucket = 0;

	for (*before = 0; bucket < COUNTERS - 1 && rank - *before >= median->spread[bucket]; bucket++)
		*before += median->spread[bucket];
	return bucket;
}

/* Keeps the buckets of the middle values for the next pass; false: a bucket of one image needs none. */
static bool narrow(cnv_median *median, uint64_t lower_rank, uint64_t upper_rank)
{
	uint64_t before, upper_before, from, upto;
	size_t bucket = bucket_at(median, lower_rank, &before);
	size_t upper_bucket = bucket_at(median, upper_rank, &upper_before);

	bucket_bounds(median, bucket, &from, &upto);
	bucket_bounds(median, upper_bucket, &median->upper_from, &median->upper_upto);
	median->from = from;
	median->upto = upto;
	median->below += before;
	if (from == upto && median->upper_from == median->upper_upto) {
		finish(median, from, median->upper_from);
		return false;
	}
	if (bucket != upper_bucket) {
		median->split = true;
		median->lower = 0;
		median->upper = UINT64_MAX;
	}
	memset(median->spread, 0, COUNTERS * sizeof *median->spread);
	memset(median->kept, 0, median->kept_room * sizeof *median->kept);
	median->kept_count = 0;
	median->spreading = false;
	return true;
}

bool cnv_median_again(cnv_median *median)
{
	if (median->done || median->failed)
		return false;
	if (!median->count) {
		median->done = true;
		return false;
	}
	bool first = !median->later;
	median->later = true;
	if (median->split) {
		finish(median, median->lower, median->upper);
		return false;
	}
	uint64_t lower_rank = (median->count - 1) / 2 - median->below, upper_rank = median->count / 2 - median->below;
	if (median->spreading)
		return narrow(median, lower_rank, upper_rank);
	finish_kept(median, lower_rank, upper_rank, first);
	return false;
}

void cnv_median_fini(cnv_median *median)
{
	cnv_mem_free(median->kept);
	cnv_mem_free(median->spread);
	*median = (cnv_median){ 0 };
}
