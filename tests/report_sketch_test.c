/* report/sketch: quartiles within 1% of those by sorting, exact sums, and numbers taken out again. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "canvass/report.h"
#include "report/median.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---------------------------------------------------------------- sums */

#define MOST 12

static const struct sum_case {
	const char *name;
	double values[MOST];
	uint32_t count;
	double sum;
} sum_cases[] = {
	{ "nothing", { 0 }, 0, 0 },
	{ "whole numbers", { 1, 2, 3, -10 }, 4, -4 },
	{ "ten tenths", { .1, .1, .1, .1, .1, .1, .1, .1, .1, .1 }, 10, 1 },
	{ "a small number between large ones", { 1e308, 1, -1e308 }, 3, 1 },
	{ "numbers that cancel", { 0.1, 1e300, -0.1, -1e300 }, 4, 0 },
	{ "half way, to the even one below", { 9007199254740992, 1 }, 2, 9007199254740992 },
	{ "half way, to the even one above", { 9007199254740994, 1 }, 2, 9007199254740996 },
	{ "a little more than half way", { 9007199254740992, 1, 0x1p-1074 }, 3, 9007199254740994 },
	{ "a little less than half way", { 9007199254740994, 1, -0x1p-1074 }, 3, 9007199254740994 },
	{ "the same below zero", { -9007199254740992, -1, -0x1p-1074 }, 3, -9007199254740994 },
	{ "the least number", { 0x1p-1074, 0x1p-1074 }, 2, 0x1p-1073 },
	{ "the greatest number", { 0x1.fffffffffffffp1023, -0x1p-1074 }, 2, 0x1.fffffffffffffp1023 },
	{ "too large", { 0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023 }, 2, INFINITY },
};

static void test_sum(void **state)
{
	const struct sum_case *wanted = *state;
	cnv_sketch sketch = { 0 };

	for (uint32_t i = 0; i < wanted->count; i++)
		cnv_sketch_add(&sketch, wanted->values[i], 1);
	assert_true(cnv_sketch_sum(&sketch) == wanted->sum);
	/* In another order, among numbers that are taken out. */
	cnv_sketch_reset(&sketch);
	cnv_sketch_add(&sketch, 1e17, 3);
	for (uint32_t i = wanted->count; i--;)
		cnv_sketch_add(&sketch, wanted->values[i], 1);
	cnv_sketch_add(&sketch, 1e17, -3);
	assert_true(cnv_sketch_sum(&sketch) == wanted->sum);
	cnv_sketch_fini(&sketch);
}

/* ---------------------------------------------------------------- quartiles */

enum { NUMBERS = 20000 };

/* A fixed sequence of bits (xorshift64*), so that a failure can be repeated. */
static double unit(uint64_t *bits)
{
	*bits ^= *bits >> 12;
	*bits ^= *bits << 25;
	*bits ^= *bits >> 27;
	return (double)(*bits * UINT64_C(2685821657736338717) >> 11) / 9007199254740992.0;
}

static double uniform(double part)
{
	return part * 1000;
}
static double negative(double part)
{
	return -1 - part * 1e6;
}
static double on_both_sides(double part)
{
	return part * 10 - 8;
}
static double of_every_size(double part)
{
	return exp(part * 60 - 30);
}
static double close_together(double part)
{
	return 12345.6 + part;
}
static double very_small(double part)
{
	return part * 1e-307;
}
static double mostly_nothing(double part)
{
	return part < 0.8 ? 0 : part;
}

static const struct shape {
	const char *name;
	double (*number)(double part);
} shapes[] = {
	{ "even numbers", uniform },
	{ "negative numbers", negative },
	{ "numbers on both sides of zero", on_both_sides },
	{ "numbers of every size", of_every_size },
	{ "mostly zero", mostly_nothing },
	{ "numbers that are equal in their first digits", close_together },
	{ "very small numbers", very_small },
};

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double exact(const double *sorted, uint32_t count, uint32_t quarter)
{
	uint64_t steps = (uint64_t)(count - 1) * quarter;
	size_t at = (size_t)(steps / 4);

	return steps % 4 ? cnv_value_between(sorted[at], sorted[at + 1], (double)(steps % 4) / 4) : sorted[at];
}

static void test_quartiles(void **state)
{
	const struct shape *shape = *state;
	double *values = cnv_mem_array(NUMBERS, sizeof *values), quartiles[3];
	uint64_t bits = 20261203;

	for (uint32_t count = 1; count <= NUMBERS; count = count * 3 + 1) {
		cnv_sketch sketch = { 0 };

		for (uint32_t i = 0; i < count; i++)
			values[i] = shape->number(unit(&bits));
		for (uint32_t i = 0; i < count; i++)
			cnv_sketch_add(&sketch, values[i], 1);
		qsort(values, count, sizeof *values, by_value);
		assert_true(cnv_sketch_quartiles(&sketch, quartiles));
		for (uint32_t quarter = 1; quarter <= 3; quarter++) {
			double wanted = exact(values, count, quarter);

			assert_true(fabs(quartiles[quarter - 1] - wanted) <= fabs(wanted) / 100);
			assert_true(quartiles[quarter - 1] >= values[0] && quartiles[quarter - 1] <= values[count - 1]);
		}
		assert_true(sketch.least.value == values[0] && sketch.greatest.value == values[count - 1]);
		assert_false(sketch.unsure);
		cnv_sketch_fini(&sketch);
	}
	cnv_mem_free(values);
}

/* ---------------------------------------------------------------- what is taken out */

static void numbers_that_are_taken_out_leave_nothing(void **state)
{
	cnv_sketch sketch = { 0 };
	double quartiles[3];
	uint64_t bits = 7;

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		cnv_sketch_add(&sketch, on_both_sides(unit(&bits)), 1);
	cnv_sketch_add(&sketch, -1e9, 2);
	cnv_sketch_add(&sketch, 1e9, 2);
	bits = 7;
	for (uint32_t i = 0; i < 1000; i++)
		cnv_sketch_add(&sketch, on_both_sides(unit(&bits)), -1);
	assert_false(sketch.unsure);
	assert_int_equal(sketch.n, 4);
	assert_true(cnv_sketch_sum(&sketch) == 0);
	assert_true(cnv_sketch_quartiles(&sketch, quartiles));
	assert_true(quartiles[0] == -1e9 || fabs(quartiles[0] + 1e9) <= 1e7);
	assert_true(fabs(quartiles[2] - 1e9) <= 1e7);
	cnv_sketch_add(&sketch, -1e9, -1);
	assert_false(sketch.unsure);
	cnv_sketch_add(&sketch, -1e9, -1);
	assert_true(sketch.unsure);
	for (uint32_t i = 0; i < sketch.room; i++)
		assert_true(!sketch.buckets[i].n || sketch.buckets[i].from > 9e8);
	cnv_sketch_fini(&sketch);
}

static void what_is_below_the_least_cannot_be_taken_out(void **state)
{
	cnv_sketch sketch = { 0 };

	(void)state;
	cnv_sketch_put_least(&sketch, 3, 2);
	cnv_sketch_put_greatest(&sketch, 9, 1);
	cnv_sketch_add(&sketch, 5, -1);
	assert_false(sketch.unsure);
	cnv_sketch_add(&sketch, 2, -1);
	assert_true(sketch.unsure);
	cnv_sketch_fini(&sketch);
}

static void buckets_are_narrow_and_in_order(void **state)
{
	uint64_t bits = 11;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		double value = of_every_size(unit(&bits)), bucket = cnv_sketch_bucket_of(value);

		assert_true(bucket <= value && value < bucket * (1 + 1 / 64.0));
		assert_true(cnv_sketch_bucket_of(bucket) == bucket);
		assert_true(cnv_sketch_bucket_of(-value) == -bucket);
	}
	assert_true(cnv_sketch_bucket_of(0) == 0 && !signbit(cnv_sketch_bucket_of(-0.0)));
}

int main(void)
{
	struct CMUnitTest tests[COUNT(sum_cases) + COUNT(shapes) + 3];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(sum_cases); i++)
		tests[count++] = (struct CMUnitTest){ sum_cases[i].name, test_sum, NULL, NULL,
						      (void *)(uintptr_t)&sum_cases[i] };
	for (size_t i = 0; i < COUNT(shapes); i++)
		tests[count++] = (struct CMUnitTest){ shapes[i].name, test_quartiles, NULL, NULL,
						      (void *)(uintptr_t)&shapes[i] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(numbers_that_are_taken_out_leave_nothing);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_is_below_the_least_cannot_be_taken_out);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(buckets_are_narrow_and_in_order);
	return _cmocka_run_group_tests("sketches", tests, count, NULL, NULL);
}
