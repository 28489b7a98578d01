/* report/median: medians and quartiles against sorting, and with memory that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canvass/base.h"
#include "report/median.h"

/* A fixed sequence of bits (xorshift64*), so that a failure can be repeated. */
static uint64_t next_bits(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static double unit(uint64_t *state)
{
	return (double)(next_bits(state) >> 11) / 9007199254740992.0;
}

static double uniform(uint64_t *state, uint32_t i)
{
	(void)i;
	return unit(state) * 1000 - 500;
}

static double small_whole(uint64_t *state, uint32_t i)
{
	(void)i;
	return (double)(next_bits(state) % 120);
}

static double wide_whole(uint64_t *state, uint32_t i)
{
	(void)i;
	return (double)(next_bits(state) % 3000000);
}

static double equal(uint64_t *state, uint32_t i)
{
	(void)state;
	(void)i;
	return 7.25;
}

static double two_clusters(uint64_t *state, uint32_t i)
{
	return i % 2 ? 1e300 + unit(state) * 1e290 : -1e-300 - unit(state) * 1e-305;
}

static double close_together(uint64_t *state, uint32_t i)
{
	(void)i;
	return 1 + unit(state) * 1e-11;
}

static double any_bits(uint64_t *state, uint32_t i)
{
	double value;

	do {
		uint64_t bits = next_bits(state);
		memcpy(&value, &bits, sizeof value);
	} while (value - value != 0);
	(void)i;
	return value;
}

static double zeros(uint64_t *state, uint32_t i)
{
	(void)state;
	return i % 2 ? 0.0 : -0.0;
}

static double greatest(uint64_t *state, uint32_t i)
{
	(void)state;
	return i % 2 ? 1.7e308 : 1.6e308;
}

/* 16,383, 16,384 and 16,385 different whole numbers, most of them below zero, each as often as the others. */
static double below_the_bound(uint64_t *state, uint32_t i)
{
	(void)state;
	return (double)(i * UINT32_C(7919) % 16383) - 10000;
}

static double at_the_bound(uint64_t *state, uint32_t i)
{
	(void)state;
	return (double)(i * UINT32_C(7919) % 16384) - 10000;
}

static double past_the_bound(uint64_t *state, uint32_t i)
{
	(void)state;
	return (double)(i * UINT32_C(7919) % 16385) - 10000;
}

static double rising(uint64_t *state, uint32_t i)
{
	(void)state;
	return i * 0.25 - 1000;
}

static double falling(uint64_t *state, uint32_t i)
{
	(void)state;
	return 1000 - i * 0.25;
}

/* They rise, and the two middle values of 200,000 are far apart. */
static double rising_apart(uint64_t *state, uint32_t i)
{
	(void)state;
	return i < 100000 ? i : 1e9 + i;
}

/* Every second one is zero: the other values around the middle are less than half of all. */
static double often_zero(uint64_t *state, uint32_t i)
{
	return i % 2 ? 0 : uniform(state, i);
}

/* Half fall from 16384, half rise from 24577. */
static double torn_apart(uint64_t *state, uint32_t i)
{
	(void)state;
	return i % 2 ? 24576 + i : 16384 - (double)i;
}

static double below_zero(uint64_t *state, uint32_t i)
{
	(void)i;
	return unit(state) * -1e6;
}

static const struct median_case {
	const char *name;
	double (*value)(uint64_t *state, uint32_t i);
	uint32_t count;
	uint32_t passes; /* at most */
} median_cases[] = {
	{ "the median of no numbers is zero", uniform, 0, 1 },
	{ "the median of one number is that number", uniform, 1, 1 },
	{ "the median of two numbers lies between them", uniform, 2, 1 },
	{ "the median of two great numbers does not overflow", greatest, 2, 1 },
	{ "the median of zeros of both signs is zero", zeros, 10, 1 },
	{ "the median of 16,383 different numbers, an odd count, takes one pass", below_the_bound, 16383, 1 },
	{ "the median of 16,383 different numbers, an even count, takes one pass", below_the_bound, 16383 * 4, 1 },
	{ "the median of 16,384 different numbers, an odd count, takes one pass", at_the_bound, 16385, 1 },
	{ "the median of 16,384 different numbers, an even count, takes one pass", at_the_bound, 16384, 1 },
	{ "the median of 16,385 different numbers, an odd count, takes one pass", past_the_bound, 16385, 1 },
	{ "the median of 16,385 different numbers, an even count, takes one pass", past_the_bound, 16385 * 2, 1 },
	{ "the median of 16,385 different numbers between two of them takes one pass", past_the_bound, 16386, 1 },
	{ "the median of numbers below zero takes one pass", below_zero, 300001, 1 },
	{ "the median of an even count of numbers below zero takes one pass", below_zero, 300000, 1 },
	{ "the median of numbers that rise is exact", rising, 200000, 3 },
	{ "the median of an odd count of numbers that rise is exact", rising, 200001, 3 },
	{ "the median of numbers that fall is exact", falling, 200000, 3 },
	{ "the median between two numbers far apart among those that rise is exact", rising_apart, 200000, 4 },
	{ "the median of measurements of which half are equal takes one pass", often_zero, 300000, 1 },
	{ "the median between two numbers far apart takes one pass", torn_apart, 40000, 1 },
	{ "the median of a million small whole numbers takes one pass", small_whole, 1000000, 1 },
	{ "the median of equal numbers takes one pass", equal, 100000, 1 },
	{ "the median of an odd count of whole numbers takes one pass", wide_whole, 100001, 1 },
	{ "the median of an even count of whole numbers takes one pass", wide_whole, 100000, 1 },
	{ "the median of an odd count of measurements takes one pass", uniform, 300001, 1 },
	{ "the median of an even count of measurements takes one pass", uniform, 300000, 1 },
	{ "the median between two clusters of different sign takes one pass", two_clusters, 20000, 1 },
	{ "the median of numbers that differ in the last digits takes one pass", close_together, 200000, 1 },
	{ "the median of numbers of any size takes one pass", any_bits, 150000, 1 },
};

static int by_value(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static uint32_t count_different(const double *sorted, uint32_t count)
{
	uint32_t different = count > 0;

	for (uint32_t i = 1; i < count; i++)
		different += sorted[i] != sorted[i - 1];
	return different;
}

/* As Excel's QUARTILE.INC. */
static double quartile(const double *sorted, uint32_t count, double part)
{
	double at = (count - 1) * part;
	uint32_t low = (uint32_t)at;
	double apart = at > low ? sorted[low + 1] - sorted[low] : 0;

	return at > low && apart - apart != 0 ? sorted[low] * (1 - (at - low)) + sorted[low + 1] * (at - low)
					      : sorted[low] + apart * (at - low);
}

static void test_median(void **state)
{
	const struct median_case *wanted = *state;
	double *values = calloc(wanted->count + 1, sizeof *values), expected = 0;
	cnv_median median = { 0 };
	uint64_t bits = 88172645463325252u;
	uint32_t passes = 0;
	bool again = true;

	assert_non_null(values);
	for (uint32_t i = 0; i < wanted->count; i++)
		values[i] = wanted->value(&bits, i);
	for (; again; passes++) {
		for (uint32_t i = 0; i < wanted->count; i++)
			cnv_median_add(&median, values[i]);
		again = cnv_median_again(&median);
	}
	qsort(values, wanted->count, sizeof *values, by_value);
	if (wanted->count) {
		double low = values[(wanted->count - 1) / 2], high = values[wanted->count / 2];
		expected = low == high ? low : low + high - (low + high) == 0 ? (low + high) / 2 : low / 2 + high / 2;
	}
	assert_true(median.done);
	assert_true(median.value == expected);
	assert_true(passes <= wanted->passes);
	assert_int_equal(median.has_quartiles,
			 wanted->count && count_different(values, wanted->count) <= CNV_MEDIAN_KEPT);
	if (median.has_quartiles) {
		assert_true(median.lower_quartile == quartile(values, wanted->count, 0.25));
		assert_true(median.upper_quartile == quartile(values, wanted->count, 0.75));
	}
	cnv_median_fini(&median);
	free(values);
}

/* Numbers that rise need tables of both kinds. */
static void test_median_memory(void **state)
{
	size_t after = 0;
	bool failed = true;

	(void)state;
	for (; failed; after++) {
		cnv_median median = { 0 };
		bool again = true;

		cnv_mem_fail_after(after);
		while (again) {
			for (uint32_t i = 0; i < 100000; i++)
				cnv_median_add(&median, rising(NULL, i));
			again = cnv_median_again(&median);
		}
		cnv_mem_fail_after(SIZE_MAX);
		failed = median.failed;
		assert_true(failed != median.done);
		cnv_median_fini(&median);
	}
	assert_in_range(after, 13, 30);
}

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

int main(void)
{
	struct CMUnitTest tests[COUNT(median_cases) + 1] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < COUNT(median_cases); i++)
		tests[count++] = (struct CMUnitTest){ median_cases[i].name, test_median, NULL, NULL,
						      (void *)(uintptr_t)&median_cases[i] };
	tests[count++] =
		(struct CMUnitTest){ "a median without memory fails once", test_median_memory, NULL, NULL, NULL };
	return _cmocka_run_group_tests("report median", tests, count, NULL, NULL);
}
