/* sketch: numbers of which there are too many different ones to keep, in counters that can be subtracted.
 *
 * A bucket holds the numbers with the same sign, the same power of two and the same first six binary digits after it: it
 * is at most 1/64 as wide as its numbers are large, so its middle is within 1% (1/128) of each of them.  Buckets follow
 * from the bits of a number alone, and so are the same on every machine.
 *
 * The sum is exact: each number is a whole multiple of 2^-1074, and is added to counters of 32 binary digits each, which
 * have room for 2^31 numbers.  Neither order nor subtraction changes it; it is rounded once, when it is asked for. */
#include "canvass/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/median.h"

enum { FIRST_ROOM = 256, DIGITS = 46 /* of a number, below those of its bucket */ };

static uint64_t bits_of(double value)
{
	uint64_t bits;

	value += 0.0; /* -0 becomes 0 */
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

static double value_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

double cnv_sketch_bucket_of(double value)
{
	return value_of(bits_of(value) >> DIGITS << DIGITS);
}

/* Zero and what is next to it are a bucket of their own. */
static double middle_of(double bucket)
{
	return bucket == 0 ? 0 : value_of(bits_of(bucket) | UINT64_C(1) << (DIGITS - 1));
}

/* ---------------------------------------------------------------- buckets */

static cnv_sketch_bucket *slot_of(cnv_sketch_bucket *slots, uint32_t room, double bucket)
{
	uint32_t at = (uint32_t)((bits_of(bucket) >> DIGITS) * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (room - 1);

	while (slots[at].used && slots[at].from != bucket)
		at = (at + 1) & (room - 1);
	return &slots[at];
}

/* Makes room for one more bucket; the table is at most half full. */
static bool grow(cnv_sketch *sketch)
{
	uint32_t room = sketch->room ? sketch->room * 2 : FIRST_ROOM;
	cnv_sketch_bucket *slots;

	if (sketch->count < sketch->room / 2)
		return true;
	slots = cnv_mem_array(room, sizeof *slots);
	if (!slots) {
		sketch->failed = true;
		return false;
	}
	for (uint32_t i = 0; i < sketch->room; i++)
		if (sketch->buckets[i].used)
			*slot_of(slots, room, sketch->buckets[i].from) = sketch->buckets[i];
	cnv_mem_free(sketch->buckets);
	sketch->buckets = slots;
	sketch->room = room;
	return true;
}

void cnv_sketch_put_bucket(cnv_sketch *sketch, double bucket, int64_t n)
{
	cnv_sketch_bucket *slot;

	if (!grow(sketch))
		return;
	slot = slot_of(sketch->buckets, sketch->room, bucket);
	sketch->count += !slot->used;
	slot->used = true;
	slot->from = bucket;
	slot->n += n;
	sketch->n += n;
}

/* ---------------------------------------------------------------- the sum */

static void add_to_sum(cnv_sketch *sketch, double value, int64_t n)
{
	uint64_t bits = bits_of(value), digits = bits & ((UINT64_C(1) << 52) - 1);
	uint32_t power = (uint32_t)(bits >> 52 & 0x7FF), limb, shift;
	uint64_t low, high;

	/* value is digits * 2^(power - 1074) */
	if (power) {
		digits |= UINT64_C(1) << 52;
		power--;
	}
	limb = power / 32;
	shift = power % 32;
	low = (digits & UINT32_MAX) << shift;
	high = (digits >> 32) << shift;
	if (bits >> 63)
		n = -n;
	sketch->sum[limb] += n * (int64_t)(low & UINT32_MAX);
	sketch->sum[limb + 1] += n * (int64_t)((low >> 32) + (high & UINT32_MAX));
	sketch->sum[limb + 2] += n * (int64_t)(high >> 32);
}

/* Carries, so that each counter is [0, 2^32); true: the sum was negative, and its opposite is there. */
static bool carry_sum(int64_t digits[CNV_SKETCH_LIMBS + 2])
{
	int64_t carry = 0;
	bool negative;

	for (uint32_t i = 0; i < CNV_SKETCH_LIMBS + 2; i++) {
		int64_t all = digits[i] + carry, rest = all & UINT32_MAX;

		carry = (all - rest) / (INT64_C(1) << 32);
		digits[i] = rest;
	}
	negative = carry < 0;
	if (!negative)
		return false;
	carry = 1;
	for (uint32_t i = 0; i < CNV_SKETCH_LIMBS + 2; i++) {
		int64_t all = (UINT32_MAX - digits[i]) + carry;

		carry = all >> 32;
		digits[i] = all & UINT32_MAX;
	}
	return true;
}

double cnv_sketch_sum(const cnv_sketch *sketch)
{
	int64_t digits[CNV_SKETCH_LIMBS + 2] = { 0 };
	uint32_t top = CNV_SKETCH_LIMBS + 1, shift = 0;
	uint64_t first, next;
	bool negative, rest = false;
	double sum;

	memcpy(digits, sketch->sum, sizeof sketch->sum);
	negative = carry_sum(digits);
	while (top > 1 && !digits[top])
		top--;
	first = (uint64_t)digits[top] << 32 | (uint64_t)digits[top - 1];
	if (!first)
		return 0;
	while (!(first << shift >> 63))
		shift++;
	next = top > 1 ? (uint64_t)digits[top - 2] : 0;
	first = first << shift | (shift ? next << 32 >> (64 - shift) : 0);
	/* What is below 64 digits only decides where half way would be rounded. */
	rest = shift < 32 && next << (32 + shift);
	for (uint32_t i = 0; i + 2 < top && !rest; i++)
		rest = digits[i];
	sum = ldexp((double)(first | rest), (int)(top - 1) * 32 - (int)shift - 1074);
	return negative ? -sum : sum;
}

/* ---------------------------------------------------------------- least and greatest */

/* n: below 0 for numbers that are taken out. */
static void put_extreme(cnv_sketch *sketch, cnv_sketch_extreme *extreme, double value, int64_t n, bool further)
{
	if (n > 0 && (!extreme->n || further)) {
		*extreme = (cnv_sketch_extreme){ value, n };
		return;
	}
	if (n < 0 && (!extreme->n || further))
		sketch->unsure = true;
	else if (value == extreme->value)
		extreme->n += n;
	if (extreme->n <= 0)
		sketch->unsure = true;
}

void cnv_sketch_put_least(cnv_sketch *sketch, double value, int64_t n)
{
	put_extreme(sketch, &sketch->least, value, n, value < sketch->least.value);
}

void cnv_sketch_put_greatest(cnv_sketch *sketch, double value, int64_t n)
{
	put_extreme(sketch, &sketch->greatest, value, n, value > sketch->greatest.value);
}

void cnv_sketch_add(cnv_sketch *sketch, double value, int64_t n)
{
	value += 0.0;
	cnv_sketch_put_bucket(sketch, cnv_sketch_bucket_of(value), n);
	add_to_sum(sketch, value, n);
	cnv_sketch_put_least(sketch, value, n);
	cnv_sketch_put_greatest(sketch, value, n);
}

/* ---------------------------------------------------------------- quantiles */

enum { KNOWN_DIGITS = 4 };

static int by_from(const void *a, const void *b)
{
	const cnv_sketch_bucket *left = a, *right = b;

	return (left->from > right->from) - (left->from < right->from);
}

static double within(const cnv_sketch *sketch, double value)
{
	if (sketch->least.n > 0 && value < sketch->least.value)
		value = sketch->least.value;
	if (sketch->greatest.n > 0 && value > sketch->greatest.value)
		value = sketch->greatest.value;
	return value;
}

/* The middle of the bucket with this rank. */
static double value_at(const cnv_sketch *sketch, const cnv_sketch_bucket *sorted, uint32_t count, int64_t rank)
{
	uint32_t at = 0;

	for (; at + 1 < count && rank >= sorted[at].n; at++)
		rank -= sorted[at].n;
	return count ? within(sketch, middle_of(sorted[at].from)) : 0;
}

bool cnv_sketch_quartiles(const cnv_sketch *sketch, double quartiles[3])
{
	cnv_sketch_bucket *sorted = cnv_mem_array((size_t)sketch->count + 1, sizeof *sorted);
	uint32_t count = 0;

	if (!sorted)
		return false;
	for (uint32_t i = 0; i < sketch->room; i++)
		if (sketch->buckets[i].used && sketch->buckets[i].n > 0)
			sorted[count++] = sketch->buckets[i];
	qsort(sorted, count, sizeof *sorted, by_from);
	for (int64_t quarter = 1; quarter <= 3; quarter++) {
		int64_t last = sketch->n > 0 ? sketch->n - 1 : 0, rest = last % 4 * quarter;
		int64_t rank = last / 4 * quarter + rest / 4;
		double between = cnv_value_between(value_at(sketch, sorted, count, rank),
						   value_at(sketch, sorted, count, rank + (rest % 4 > 0)),
						   (double)(rest % 4) / 4);

		quartiles[quarter - 1] = within(sketch, cnv_number_round_significant(between, KNOWN_DIGITS));
	}
	cnv_mem_free(sorted);
	return true;
}

void cnv_sketch_reset(cnv_sketch *sketch)
{
	cnv_sketch_bucket *buckets = sketch->buckets;
	uint32_t room = sketch->room;

	if (buckets)
		memset(buckets, 0, room * sizeof *buckets);
	*sketch = (cnv_sketch){ .buckets = buckets, .room = room };
}

void cnv_sketch_fini(cnv_sketch *sketch)
{
	cnv_mem_free(sketch->buckets);
	*sketch = (cnv_sketch){ 0 };
}
