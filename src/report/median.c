/* median: selection by intervals of the order-preserving image of a double.
 *
 * The image of a double is its bits with the sign bit inverted (all bits for negatives), so that images compare like
 * the numbers.  The first pass keeps the different values with their counts.  If there are more than CNV_MEDIAN_KEPT,
 * it keeps half of them, those around the median so far, and of values outside counts only those below: unless the
 * values are sorted, the middle of n of them strays by about sqrt(n)/2 ranks while they are added, far less than what is
 * kept, and the pass ends with the median (Munro and Paterson 1980).  Else the median is known to be below or above
 * what was kept, and later passes count the values there in buckets of equally many images, placed over the whole
 * remaining interval.  With 14 bits a pass, and one pass for two middle values that are far apart, seven are always
 * enough. */
#include "report/median.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1 << 14, FIRST_ROOM = 64 };

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

/* Of an image in the interval, in a pass that counts in buckets. */
static size_t bucket_of(const cnv_median *median, uint64_t image)
{
	return (size_t)((image - median->from) >> median->shift);
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

/* Keeps those in the slots [from, upto) only, in a table with so many slots. */
static void rehash(cnv_median *median, uint32_t room, uint32_t from, uint32_t upto)
{
	struct cnv_kept *slots = cnv_mem_array(room, sizeof *slots);
	uint32_t count = 0;

	if (!slots) {
		median->failed = true;
		return;
	}
	for (uint32_t i = from; i < upto; i++)
		if (median->kept[i].count) {
			*slot_of(slots, room, median->kept[i].image) = median->kept[i];
			count++;
		}
	cnv_mem_free(median->kept);
	median->kept = slots;
	median->kept_room = room;
	median->kept_count = count;
}

/* Makes room for one more kept value; the table is at most half full. */
static void grow(cnv_median *median)
{
	uint32_t room = median->kept_room ? median->kept_room * 2 : FIRST_ROOM;

	if (median->kept_count >= median->kept_room / 2 && median->kept_count < CNV_MEDIAN_KEPT)
		rehash(median, room, 0, median->kept_room);
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

/* A first pass with too many different values: keeps the middle half of them, and counts those that are less. */
static void keep_middle(cnv_median *median)
{
	uint32_t kept = sort_kept(median), middle = 0, first, after;
	uint64_t seen = median->below, half = median->count / 2;

	while (middle + 1 < kept && seen + median->kept[middle].count <= half)
		seen += median->kept[middle++].count;
	first = middle > kept / 4 ? middle - kept / 4 : 0;
	after = kept - first > kept / 2 ? first + kept / 2 : kept;
	for (uint32_t i = 0; i < first; i++)
		median->below += median->kept[i].count;
	median->from = first ? median->kept[first].image : median->from;
	median->upto = after < kept ? median->kept[after - 1].image : median->upto;
	rehash(median, median->kept_room, first, after);
	median->narrowed = true;
}

/* A later pass: the buckets divide the whole remaining interval, and the values kept so far are counted in them. */
static void start_spreading(cnv_median *median)
{
	if (!median->spread)
		median->spread = cnv_mem_array(BUCKETS, sizeof *median->spread);
	if (!median->spread) {
		median->failed = true;
		return;
	}
	for (median->shift = 0; (median->upto - median->from) >> median->shift >= BUCKETS;)
		median->shift++;
	for (uint32_t i = 0; i < median->kept_room; i++)
		if (median->kept[i].count)
			median->spread[bucket_of(median, median->kept[i].image)] += median->kept[i].count;
	median->spreading = true;
}

static bool is_inside(const cnv_median *median, uint64_t image)
{
	return image - median->from <= median->upto - median->from;
}

/* Counts a value if it is less than the interval; most are on either side of it, in no order that a branch could follow. */
static void pass_by(cnv_median *median, uint64_t image, uint64_t n)
{
	if (!median->later)
		median->below += image < median->from ? n : 0;
}

static bool is_full(const cnv_median *median, uint64_t image)
{
	return median->kept_count == CNV_MEDIAN_KEPT && !slot_of(median->kept, median->kept_room, image)->count;
}

static void keep(cnv_median *median, uint64_t image, uint64_t n)
{
	struct cnv_kept *slot = slot_of(median->kept, median->kept_room, image);

	median->kept_count += !slot->count;
	slot->image = image;
	slot->count += n;
}

/* Not of a pass that looks for two values that are apart. */
static void add(cnv_median *median, uint64_t image, uint64_t n)
{
	if (!is_inside(median, image)) {
		pass_by(median, image, n);
		return;
	}
	if (!median->spreading) {
		grow(median);
		if (!median->failed && is_full(median, image)) {
			if (median->later)
				start_spreading(median);
			else
				keep_middle(median);
		}
	}
	if (median->failed)
		return;
	if (median->spreading)
		median->spread[bucket_of(median, image)] += n;
	else if (is_inside(median, image))
		keep(median, image, n);
	else
		pass_by(median, image, n);
}

void cnv_median_add(cnv_median *median, double value)
{
	uint64_t image = image_of(value);

	if (median->failed || median->done)
		return;
	if (!median->later && !median->count++)
		median->upto = UINT64_MAX;
	if (!median->split) {
		add(median, image, 1);
		return;
	}
	if (image >= median->from && image <= median->upto && image > median->lower)
		median->lower = image;
	if (image >= median->upper_from && image <= median->upper_upto && image < median->upper)
		median->upper = image;
}

void cnv_median_add_many(cnv_median *median, double value, uint64_t n)
{
	assert(!median->later);
	if (median->failed || !n)
		return;
	if (!median->count)
		median->upto = UINT64_MAX;
	median->count += n;
	add(median, image_of(value), n);
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

/* Images between which the value of some rank is, both included, and the number of values less than those. */
typedef struct interval {
	uint64_t from, upto, below;
} interval;

/* The bucket that the rank is in. */
static interval bucket_at(const cnv_median *median, uint64_t rank)
{
	uint64_t last = (UINT64_C(1) << median->shift) - 1;
	interval found = { median->from, median->upto, median->below };
	size_t bucket = 0;

	for (; bucket < BUCKETS - 1 && rank - found.below >= median->spread[bucket]; bucket++)
		found.below += median->spread[bucket];
	found.from += (uint64_t)bucket << median->shift;
	if (last < found.upto - found.from)
		found.upto = found.from + last;
	return found;
}

/* What the first pass kept, or all below it, or all above it. */
static interval side_at(const cnv_median *median, uint64_t kept, uint64_t rank)
{
	if (rank < median->below)
		return (interval){ 0, median->from - 1, 0 };
	if (rank < median->below + kept)
		return (interval){ median->from, median->upto, median->below };
	return (interval){ median->upto + 1, UINT64_MAX, median->below + kept };
}

/* The next pass is for these intervals, of the two middle values; false: they have one image, and no pass is needed. */
static bool narrow(cnv_median *median, const interval *lower, const interval *upper)
{
	median->from = lower->from;
	median->upto = lower->upto;
	median->below = lower->below;
	median->upper_from = upper->from;
	median->upper_upto = upper->upto;
	if (lower->from == lower->upto && upper->from == upper->upto) {
		finish(median, lower->from, upper->from);
		return false;
	}
	if (lower->from != upper->from) {
		median->split = true;
		median->lower = 0;
		median->upper = UINT64_MAX;
	}
	if (median->spread)
		memset(median->spread, 0, BUCKETS * sizeof *median->spread);
	memset(median->kept, 0, median->kept_room * sizeof *median->kept);
	median->kept_count = 0;
	median->spreading = false;
	return true;
}

bool cnv_median_again(cnv_median *median)
{
	uint64_t lower_rank = (median->count - 1) / 2, upper_rank = median->count / 2, kept = 0;
	bool first = !median->later;
	interval lower, upper;

	if (median->done || median->failed)
		return false;
	median->later = true;
	if (!median->count) {
		median->done = true;
		return false;
	}
	if (median->split) {
		finish(median, median->lower, median->upper);
		return false;
	}
	if (median->spreading) {
		lower = bucket_at(median, lower_rank);
		upper = bucket_at(median, upper_rank);
		return narrow(median, &lower, &upper);
	}
	for (uint32_t i = 0; first && i < median->kept_room; i++)
		kept += median->kept[i].count;
	if (first && (lower_rank < median->below || upper_rank >= median->below + kept)) {
		lower = side_at(median, kept, lower_rank);
		upper = side_at(median, kept, upper_rank);
		return narrow(median, &lower, &upper);
	}
	finish_kept(median, lower_rank - median->below, upper_rank - median->below, first && !median->narrowed);
	return false;
}

void cnv_median_fini(cnv_median *median)
{
	cnv_mem_free(median->kept);
	cnv_mem_free(median->spread);
	*median = (cnv_median){ 0 };
}
