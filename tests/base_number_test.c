/* Numbers: read, written and rounded, where doubles are known to go wrong.
 *
 * The C library judges here, as the tests run in the "C" locale: what canvass writes must read back to the same bits,
 * and no shorter run of digits may. */
#include "canvass/base.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define RANDOM_ROUNDS 30000

struct read_case {
	const char *text;
	double number; /* NAN: not read */
};

static const struct read_case reads[] = {
	{ "0", 0 },
	{ "-0", -0.0 },
	{ "7", 7 },
	{ "007", 7 },
	{ "1.", 1 },
	{ ".5", 0.5 },
	{ "-.5", -0.5 },
	{ "0.1", 0.1 },
	{ "3.14159", 3.14159 },
	{ "123456789012345", 123456789012345 },
	{ "9007199254740992", 9007199254740992 },
	{ "9007199254740993", 9007199254740992 },
	{ "9007199254740993.00000000000000000000000001", 9007199254740994 },
	{ "9007199254740995", 9007199254740996 },
	{ "151.20929999999998", 151.20929999999998 },
	{ "0.3000000000000000444", 0.30000000000000004 },
	{ "18446744073709551615", 18446744073709551616.0 },
	{ "18446744073709551616", 18446744073709551616.0 },
	{ "9999999999999999999", 1e19 },
	{ "0.9999999999999999999", 1 },
	{ "0.0000000000000000000000000000001", 1e-31 },
	{ "100000000000000000000000", 1e23 },
	{ "", NAN },
	{ "-", NAN },
	{ ".", NAN },
	{ "-.", NAN },
	{ "+1", NAN },
	{ "1e3", NAN },
	{ "1,5", NAN },
	{ "1 000", NAN },
	{ " 1", NAN },
	{ "1 ", NAN },
	{ "1.2.3", NAN },
	{ "--1", NAN },
	{ "0x10", NAN },
	{ "NaN", NAN },
	{ "Infinity", NAN },
	{ "\xD9\xA3", NAN },
};

struct integer_case {
	const char *text;
	bool read;
	int64_t integer;
};

static const struct integer_case integers[] = {
	{ "0", true, 0 },
	{ "-0", true, 0 },
	{ "-12", true, -12 },
	{ "0000000000000000000000000000000000012", true, 12 },
	{ "9223372036854775807", true, INT64_MAX },
	{ "-9223372036854775808", true, INT64_MIN },
	{ "9223372036854775808", false, 0 },
	{ "-9223372036854775809", false, 0 },
	{ "99999999999999999999", false, 0 },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ "1.0", false, 0 },
	{ "+1", false, 0 },
	{ "1 ", false, 0 },
};

struct write_case {
	const char *text;
	double number;
};

static const struct write_case writes[] = {
	{ "0", 0 },
	{ "0", -0.0 },
	{ "1", 1 },
	{ "-1", -1 },
	{ "0.1", 0.1 },
	{ "-0.5", -0.5 },
	{ "0.30000000000000004", 0.1 + 0.2 },
	{ "0.3333333333333333", 1.0 / 3 },
	{ "100", 100 },
	{ "1234.56", 1234.56 },
	{ "0.0000001", 1e-7 },
	{ "9007199254740991", 9007199254740991 },
	{ "9007199254740992", 9007199254740992 },
	{ "9007199254740994", 9007199254740994 },
	{ "100000000000000000000", 1e20 },
	{ "123456789012345680000", 123456789012345678901.0 },
	{ "999999999999999900000", 999999999999999868928.0 },
	{ "1e+21", 1e21 },
	{ "1.5e+21", 1.5e21 },
	{ "-1e+22", -1e22 },
	{ "1e+23", 1e23 },
	{ "1e+100", 1e100 },
	{ "1.7976931348623157e+308", DBL_MAX },
	{ "0.00000005960464477539063", 0x1p-24 },
	{ "NaN", NAN },
	{ "Infinity", INFINITY },
	{ "-Infinity", -INFINITY },
};

struct round_case {
	const char *name;
	double number;
	int digits;
	double expect;
	const char *fixed; /* half away from zero; NULL: digits below 0, not asked */
};

static const struct round_case rounds[] = {
	{ "2.5 goes up", 2.5, 0, 3, "3" },
	{ "-2.5 goes up too", -2.5, 0, -2, "-3" },
	{ "-2.6 goes down", -2.6, 0, -3, "-3" },
	{ "a half goes to one", 0.5, 0, 1, "1" },
	{ "minus a half goes to minus zero", -0.5, 0, -0.0, "-1" },
	{ "just under a half goes to zero", 0.49999999999999994, 0, 0, "0" },
	{ "large whole numbers stay", 4503599627370497.5, 0, 4503599627370498, "4503599627370498" },
	{ "1.005 to two is 1.01", 1.005, 2, 1.01, "1.01" },
	{ "-1.005 to two is -1", -1.005, 2, -1, "-1.01" },
	{ "2.15 to one is 2.2", 2.15, 1, 2.2, "2.2" },
	{ "9.995 carries", 9.995, 2, 10, "10.00" },
	{ "99.95 carries into a new digit", 99.95, 1, 100, "100.0" },
	{ "0.05 makes its first digit", 0.05, 1, 0.1, "0.1" },
	{ "-0.05 does not reach it", -0.05, 1, -0.0, "-0.1" },
	{ "0.04 is nothing", 0.04, 1, 0, "0.0" },
	{ "-0.001 has no sign left", -0.001, 2, -0.0, "0.00" },
	{ "hundreds", 12345.12345, -2, 12300, NULL },
	{ "tens, by the digit after", 12345.12345, -1, 12350, NULL },
	{ "21.5 to tens", 21.5, -1, 20, NULL },
	{ "5 to tens goes up", 5, -1, 10, NULL },
	{ "-5 to tens goes up", -5, -1, -0.0, NULL },
	{ "4 to tens is nothing", 4, -1, 0, NULL },
	{ "95 to tens carries", 95, -1, 100, NULL },
	{ "more digits than there are", 1.25, 20, 1.25, "1.25000000000000000000" },
	{ "digits without end", 1.25, 2147483647, 1.25, "1.2500000000000000000000000000000000000000" },
	{ "tens without end", 1.25, -2147483647 - 1, 0, "1" },
	{ "nothing stays nothing", 0, 2, 0, "0.00" },
	{ "infinity stays", INFINITY, 2, INFINITY, "Infinity" },
};

static uint64_t bits_of(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof bits);
	return bits;
}

static void assert_same(double a, double b)
{
	if (bits_of(a) != bits_of(b))
		fail_msg("%.17g is not %.17g", a, b);
}

static void read_case(void **state)
{
	const struct read_case *row = *state;
	double number = 77;
	bool read = cnv_number_read(cnv_str_from(row->text), &number);

	assert_int_equal(read, !isnan(row->number));
	assert_same(number, read ? row->number : 77);
}

static void integer_case(void **state)
{
	const struct integer_case *row = *state;
	int64_t integer = 77;

	assert_int_equal(cnv_integer_read(cnv_str_from(row->text), &integer), row->read);
	assert_true(integer == (row->read ? row->integer : 77));
}

static void write_case(void **state)
{
	const struct write_case *row = *state;
	char text[CNV_NUMBER_ROOM];

	assert_int_equal(cnv_number_write(row->number, text), strlen(row->text));
	assert_string_equal(text, row->text);
}

static void round_case(void **state)
{
	const struct round_case *row = *state;
	char text[CNV_NUMBER_ROOM];

	assert_same(cnv_number_round(row->number, row->digits), row->expect);
	if (!row->fixed)
		return;
	assert_int_equal(cnv_number_write_fixed(row->number, row->digits, text), strlen(row->fixed));
	assert_string_equal(text, row->fixed);
}

static void significant_digits(void **state)
{
	static const struct {
		double number;
		int digits;
		double expect;
	} rows[] = {
		{ 12345.6, 4, 12350 },          { -0.00123449, 4, -0.001234 },
		{ 99996, 4, 100000 },           { 5e-324, 4, 5e-324 },
		{ 1.23456e308, 4, 1.235e308 },  { 7, 0, 7 },
		{ 3.14159e-300, 3, 3.14e-300 }, { 0, 4, 0 },
		{ INFINITY, 4, INFINITY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_same(cnv_number_round_significant(rows[i].number, rows[i].digits), rows[i].expect);
}

static void not_a_number_rounds_to_itself(void **state)
{
	char text[CNV_NUMBER_ROOM];

	(void)state;
	assert_true(isnan(cnv_number_round(NAN, 1)));
	assert_int_equal(cnv_number_write_fixed(NAN, 2, text), 3);
	assert_string_equal(text, "NaN");
}

/* xorshift64*: the same doubles in every run. */
static uint64_t next_random(void)
{
	static uint64_t x = UINT64_C(88172645463325252);

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	return x * UINT64_C(2685821657736338717);
}

/* Doubles as they come: any bits, coordinates, prices, denormals, powers of two. */
static double random_double(uint32_t round)
{
	uint64_t bits = next_random();
	double number;

	if (round % 5 == 1)
		return (double)(int64_t)bits / 1e16;
	if (round % 5 == 2)
		return (double)(bits % 100000000) / (double)(1 + next_random() % 1000);
	if (round % 5 == 3)
		bits = (bits & UINT64_C(0x8000000000000000)) |
		       (bits & UINT64_C(0x000FFFFFFFFFFFFF)) >> next_random() % 52;
	if (round % 5 == 4)
		return ldexp(1, (int)(bits % 2098) - 1074);
	memcpy(&number, &bits, sizeof number);
	return isfinite(number) ? number : 1.5;
}

static size_t count_digits(const char *text)
{
	size_t count = 0, zeros = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (!count && *text == '0'))
			continue;
		count++;
		zeros = *text == '0' ? zeros + 1 : 0;
	}
	return count - zeros;
}

static void written_numbers_read_back_and_none_is_shorter(void **state)
{
	char text[CNV_NUMBER_ROOM], other[64];

	(void)state;
	for (uint32_t round = 0; round < RANDOM_ROUNDS; round++) {
		double number = random_double(round), back = 0;
		size_t len = cnv_number_write(number, text);
		assert_true(len < CNV_NUMBER_ROOM && text[len] == '\0');
		if (number == 0)
			continue;
		assert_same(strtod(text, NULL), number);
		if (fabs(number) < 1e21) {
			assert_true(cnv_number_read((cnv_str){ text, len }, &back));
			assert_same(back, number);
		}
		for (int fewer = (int)count_digits(text) - 2; fewer >= 0; fewer--) {
			snprintf(other, sizeof other, "%.*e", fewer, number);
			if (strtod(other, NULL) == number)
				fail_msg("%s is shorter than %s", other, text);
		}
	}
}

static void random_decimals_read_as_the_c_library_reads_them(void **state)
{
	char text[512];

	(void)state;
	for (uint32_t round = 0; round < RANDOM_ROUNDS; round++) {
		double number = random_double(round), read;
		snprintf(text, sizeof text, "%.*f", (int)(next_random() % (round % 3 ? 20 : 120)), number);
		assert_true(cnv_number_read(cnv_str_from(text), &read));
		assert_same(read, strtod(text, NULL));
		/* Sixteen to twenty digits of no double, which come close to the middle between two. */
		unsigned long long digits = next_random() / (1 + next_random() % 9999);
		snprintf(text, sizeof text, "%u.%llu", round % 10, digits);
		assert_true(cnv_number_read(cnv_str_from(text), &read));
		assert_same(read, strtod(text, NULL));
	}
}

/* Puts the exact mean of two numbers into `text`, with 1,200 digits after the point. */
static size_t write_mean(double low, double high, char text[4096])
{
	static char other[4096];
	int len = snprintf(text, 4096, "%01600.1200f", low);
	int carry = 0;

	assert_int_equal(snprintf(other, sizeof other, "%01600.1200f", high), len);
	for (int i = len - 1; i >= 0; i--) {
		if (text[i] == '.')
			continue;
		int sum = text[i] - '0' + other[i] - '0' + carry;
		carry = sum / 10;
		text[i] = (char)('0' + sum % 10);
	}
	int left = 0;
	for (int i = 0; i < len; i++) {
		if (text[i] == '.')
			continue;
		int digit = left * 10 + text[i] - '0';
		text[i] = (char)('0' + digit / 2);
		left = digit % 2;
	}
	return (size_t)len;
}

/* The exact middle between two neighbours goes to the even one; a digit a thousand places on decides otherwise. */
static void middles_between_doubles_go_to_the_even_one(void **state)
{
	static char text[4096];

	(void)state;
	for (uint32_t round = 0; round < RANDOM_ROUNDS / 20; round++) {
		double low = fabs(random_double(round));
		double high = nextafter(low, INFINITY), read;
		if (isinf(high))
			continue;
		size_t len = write_mean(low, high, text);
		assert_true(cnv_number_read((cnv_str){ text, len }, &read));
		assert_same(read, bits_of(low) % 2 ? high : low);
		text[len] = '1';
		assert_true(cnv_number_read((cnv_str){ text, len + 1 }, &read));
		assert_same(read, high);
		size_t last = len - 1;
		for (; text[last] == '0' || text[last] == '.'; last--)
			text[last] = text[last] == '0' ? '9' : '.';
		text[last]--;
		assert_true(cnv_number_read((cnv_str){ text, len }, &read));
		assert_same(read, low);
	}
}

static void denormals_are_read_and_written_to_the_last(void **state)
{
	char text[CNV_NUMBER_ROOM];
	double read;

	(void)state;
	size_t len = cnv_number_write(0x1p-1074, text);
	assert_int_equal(len, 326);
	assert_int_equal(text[325], '5');
	assert_true(cnv_number_read((cnv_str){ text, len }, &read));
	assert_same(read, 0x1p-1074);
	text[325] = '2'; /* 2e-324 is less than half of the smallest */
	assert_true(cnv_number_read((cnv_str){ text, len }, &read));
	assert_same(read, 0);
	text[325] = '3';
	assert_true(cnv_number_read((cnv_str){ text, len }, &read));
	assert_same(read, 0x1p-1074);
	assert_int_equal(cnv_number_write(-2.225073858507201e-308, text), 1 + 2 + 307 + 16);
	assert_true(cnv_number_read(cnv_str_from(text), &read));
	assert_same(read, -2.225073858507201e-308);
}

/* A hundred thousand digits before the point, after it, and of nothing. */
static void very_long_numbers_end(void **state)
{
	static char text[100002];
	double read = 77;

	(void)state;
	memset(text, '9', sizeof text);
	assert_false(cnv_number_read((cnv_str){ text, sizeof text }, &read));
	assert_same(read, 77);
	text[1] = '.';
	assert_true(cnv_number_read((cnv_str){ text, sizeof text }, &read));
	assert_same(read, 10);
	memset(text, '0', sizeof text);
	assert_true(cnv_number_read((cnv_str){ text, sizeof text }, &read));
	assert_same(read, 0);
	text[sizeof text - 1] = '3';
	assert_true(cnv_number_read((cnv_str){ text, sizeof text }, &read));
	assert_same(read, 3);
	text[0] = '.';
	assert_true(cnv_number_read((cnv_str){ text, sizeof text }, &read));
	assert_same(read, 0);
	memset(text, '1', 310);
	assert_false(cnv_number_read((cnv_str){ text, 310 }, &read));
	assert_true(cnv_number_read((cnv_str){ text, 309 }, &read));
	assert_same(read, 1.1111111111111111e308);
}

static void the_longest_text_fits_its_room(void **state)
{
	char text[CNV_NUMBER_ROOM];

	(void)state;
	assert_int_equal(cnv_number_write_fixed(-DBL_MAX, 40, text), CNV_NUMBER_ROOM - 1);
	assert_int_equal(text[CNV_NUMBER_ROOM - 1], '\0');
	assert_true(cnv_number_write(-1.7976931348623157e-308, text) < CNV_NUMBER_ROOM);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(not_a_number_rounds_to_itself),
		cmocka_unit_test(significant_digits),
		cmocka_unit_test(written_numbers_read_back_and_none_is_shorter),
		cmocka_unit_test(random_decimals_read_as_the_c_library_reads_them),
		cmocka_unit_test(middles_between_doubles_go_to_the_even_one),
		cmocka_unit_test(denormals_are_read_and_written_to_the_last),
		cmocka_unit_test(very_long_numbers_end),
		cmocka_unit_test(the_longest_text_fits_its_room),
	};
	struct CMUnitTest tests[COUNT(reads) + COUNT(integers) + COUNT(writes) + COUNT(rounds) + COUNT(others)];
	size_t count = 0;

	for (size_t at = 0; at < COUNT(reads); at++)
		tests[count++] = (struct CMUnitTest){ reads[at].text, read_case, NULL, NULL, (void *)&reads[at] };
	for (size_t at = 0; at < COUNT(integers); at++)
		tests[count++] =
			(struct CMUnitTest){ integers[at].text, integer_case, NULL, NULL, (void *)&integers[at] };
	for (size_t at = 0; at < COUNT(writes); at++)
		tests[count++] = (struct CMUnitTest){ writes[at].text, write_case, NULL, NULL, (void *)&writes[at] };
	for (size_t at = 0; at < COUNT(rounds); at++)
		tests[count++] = (struct CMUnitTest){ rounds[at].name, round_case, NULL, NULL, (void *)&rounds[at] };
	for (size_t at = 0; at < COUNT(others); at++)
		tests[count++] = others[at];
	return _cmocka_run_group_tests("base: numbers", tests, count, NULL, NULL);
}
