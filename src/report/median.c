/* median: selection by digits of the order-preserving image of a double.
 *
 * The image of a double is its bits with the sign turned round (all bits for negatives), so
 * that images compare as the numbers do.  A pass either keeps every candidate (values whose
 * image begins with the known prefix) or, past CNV_MEDIAN_KEPT different ones, counts them by
 * their next digit.  With 11 bits a digit, six digits make the 64 bits: at most eight passes, and
 * two or three for a million measurements.
 */
#include "report/median.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT = 11, DIGITS = 1 << DIGIT, FIRST_ROOM = 64 };

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

/* The leading `count` bits; shifting by all 64 is not defined in C. */
static uint64_t leading(uint64_t image, uint32_t count)
{
	return count ? image >> (64 - count) : 0;
}

static uint32_t digit_width(const cnv_median *median)
{
	return 64 - median->known < DIGIT ? 64 - median->known : DIGIT;
}

/* The digit after the known prefix. */
static size_t digit_of(const cnv_median *median, uint64_t image)
{
	uint32_t width = digit_width(median);

	return (size_t)(leading(image, median->known + width) & ((UINT64_C(1) << width) - 1));
}

static struct cnv_kept *slot_of(struct cnv_kept *slots, uint32_t room, uint64_t image)
{
	/* Whole numbers differ in their leading bits alone: fold before multiplying. */
	uint64_t hash = (image ^ image >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	uint32_t at = (uint32_t)(hash >> 40) & (room - 1);

	while (slots[at].count && slots[at].image != image)
		at = (at + 1) & (room - 1);
	return &slots[at];
}

/* Makes room for one more kept value, at most half full. */
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

/* Too many different values: those kept so far are counted by their digit instead. */
static void start_spreading(cnv_median *median)
{
	if (!median->spread)
		median->spread = cnv_mem_array(DIGITS, sizeof *median->spread);
	if (!median->spread) {
		median->failed = true;
		return;
	}
	for (uint32_t i = 0; i < median->kept_room; i++)
		if (median->kept[i].count)
			median->spread[digit_of(median, median->kept[i].image)] += median->kept[i].count;
	median->spreading = true;
}

static void keep(cnv_median *median, uint64_t image)
{
	struct cnv_kept *slot;

	if (!grow(median))
		return;
	slot = slot_of(median->kept, median->kept_room, image);
	if (!slot->count) {
		if (median->kept_count == CNV_MEDIAN_KEPT) {
			start_spreading(median);
			if (!median->failed)
				median->spread[digit_of(median, image)]++;
			return;
		}
		slot->image = image;
		median->kept_count++;
	}
	slot->count++;
}

void cnv_median_add(cnv_median *median, double value)
{
	uint64_t image = image_of(value);

	if (median->failed || median->done)
		return;
	if (!median->later)
		median->count++;
	if (median->split) {
		if (leading(image, median->known) == median->prefix && image > median->lower)
			median->lower = image;
		if (leading(image, median->known) == median->upper_prefix && image < median->upper)
			median->upper = image;
		return;
	}
	if (leading(image, median->known) != median->prefix)
		return;
	if (median->spreading)
		median->spread[digit_of(median, image)]++;
	else
		keep(median, image);
}

static int by_image(const void *a, const void *b)
{
	const struct cnv_kept *left = a, *right = b;

	return (left->image > right->image) - (left->image < right->image);
}

static void finish(cnv_median *median, uint64_t lower, uint64_t upper)
{
	double low = value_of(lower), high = value_of(upper), sum = low + high;

	/* The sum of two great values may not fit where their middle does. */
	median->value = low == high ? low : sum - sum == 0 ? sum / 2 : low / 2 + high / 2;
	median->done = true;
}

/* Every candidate is there: sort them and walk to the two middle ranks. */
static void finish_kept(cnv_median *median, uint64_t lower_rank, uint64_t upper_rank)
{
	uint64_t before = 0, lower = 0, upper = 0;
	uint32_t count = 0;

	for (uint32_t i = 0; i < median->kept_room; i++)
		if (median->kept[i].count)
			median->kept[count++] = median->kept[i];
	if (!count) { /* the second pass brought other values than the first: nothing sensible to say */
		median->done = true;
		return;
	}
	qsort(median->kept, count, sizeof *median->kept, by_image);
	lower = upper = median->kept[count - 1].image;
	for (uint32_t i = count; i-- > 0;)
		before += median->kept[i].count;
	for (uint32_t i = count; i-- > 0;) {
		before -= median->kept[i].count;
		if (before <= upper_rank && upper_rank - before < median->kept[i].count)
			upper = median->kept[i].image;
		if (before <= lower_rank && lower_rank - before < median->kept[i].count)
			lower = median->kept[i].image;
	}
	finish(median, lower, upper);
}

/* The digit whose counter holds `rank`; *before is how many values have lesser digits. */
static size_t digit_at(const cnv_median *median, uint64_t rank, uint64_t *before)
{
	size_t digit = 0, last = ((size_t)1 << digit_width(median)) - 1;

	for (*before = 0; digit < last && rank - *before >= median->spread[digit]; digit++)
		*before += median->spread[digit];
	return digit;
}

static void narrow(cnv_median *median, uint64_t lower_rank, uint64_t upper_rank)
{
	uint64_t before, upper_before;
	size_t digit = digit_at(median, lower_rank, &before), upper_digit = digit_at(median, upper_rank, &upper_before);
	uint32_t width = digit_width(median);

	median->upper_prefix = median->prefix << width | upper_digit;
	median->prefix = median->prefix << width | digit;
	median->known += width;
	median->below += before;
	if (digit != upper_digit) {
		median->split = true;
		median->lower = 0;
		median->upper = UINT64_MAX;
	}
	memset(median->spread, 0, DIGITS * sizeof *median->spread);
	memset(median->kept, 0, median->kept_room * sizeof *median->kept);
	median->kept_count = 0;
	median->spreading = false;
}

bool cnv_median_again(cnv_median *median)
{
	if (median->done || median->failed)
		return false;
	if (!median->count) {
		median->done = true;
		return false;
	}
	median->later = true;
	if (median->split) {
		finish(median, median->lower, median->upper);
		return false;
	}
	uint64_t lower_rank = (median->count - 1) / 2 - median->below, upper_rank = median->count / 2 - median->below;
	if (median->spreading) {
		narrow(median, lower_rank, upper_rank);
		return true;
	}
	finish_kept(median, lower_rank, upper_rank);
	return false;
}

void cnv_median_fini(cnv_median *median)
{
	cnv_mem_free(median->kept);
	cnv_mem_free(median->spread);
	*median = (cnv_median){ 0 };
}
