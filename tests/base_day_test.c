/* Days, times and instants: the calendar's edges, and every shape that is nearly a date. */
#include "canvass/base.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define NONE INT32_MIN /* not read */

struct day_case {
	const char *text;
	int32_t day;
	uint32_t weekday; /* 0 = Sunday */
};

static const struct day_case days[] = {
	{ "1970-01-01", 0, 4 },
	{ "1969-12-31", -1, 3 },
	{ "1970-01-02", 1, 5 },
	{ "0001-01-01", -719162, 1 },
	{ "9999-12-31", 2932896, 5 },
	{ "1900-02-28", -25509, 3 },
	{ "1900-03-01", -25508, 4 },
	{ "1900-02-29", NONE, 0 },
	{ "2000-02-29", 11016, 2 },
	{ "2000-03-01", 11017, 3 },
	{ "2004-02-29", 12477, 0 },
	{ "2023-02-29", NONE, 0 },
	{ "2024-02-29", 19782, 4 },
	{ "2100-02-29", NONE, 0 },
	{ "2026-12-01", 20788, 2 },
	{ "2026-06-31", NONE, 0 },
	{ "2026-04-31", NONE, 0 },
	{ "2026-02-30", NONE, 0 },
	{ "2026-01-32", NONE, 0 },
	{ "2026-01-00", NONE, 0 },
	{ "2026-00-01", NONE, 0 },
	{ "2026-13-01", NONE, 0 },
	{ "0000-12-31", NONE, 0 },
	{ "10000-01-01", NONE, 0 },
	{ "2026-1-5", NONE, 0 },
	{ "2026-01-5", NONE, 0 },
	{ "26-01-05", NONE, 0 },
	{ "2026/01/05", NONE, 0 },
	{ "2026-01-05T", NONE, 0 },
	{ " 2026-01-05", NONE, 0 },
	{ "2026-01-05 ", NONE, 0 },
	{ "2026-0a-05", NONE, 0 },
	{ "-026-01-05", NONE, 0 },
	{ "2026-01-", NONE, 0 },
	{ "", NONE, 0 },
};

struct time_case {
	const char *text;
	int32_t milliseconds; /* NONE: not read */
	int32_t offset;
	bool zoned;
};

static const struct time_case times[] = {
	{ "00:00", 0, 0, false },
	{ "23:59", 86340000, 0, false },
	{ "09:05:07", 32707000, 0, false },
	{ "23:59:59.999", 86399999, 0, false },
	{ "12:00:00.5", 43200500, 0, false },
	{ "12:00:00.123456789", 43200123, 0, false },
	{ "12:00:00.000Z", 43200000, 0, true },
	{ "12:00Z", 43200000, 0, true },
	{ "12:00+10:00", 43200000, 36000, true },
	{ "12:00:30-03:30", 43230000, -12600, true },
	{ "12:00:00.25+05:45", 43200250, 20700, true },
	{ "12:00+14:00", 43200000, 50400, true },
	{ "12:00-00:00", 43200000, 0, true },
	{ "24:00", NONE, 0, false },
	{ "24:00:00", NONE, 0, false },
	{ "12:60", NONE, 0, false },
	{ "12:00:60", NONE, 0, false },
	{ "12:00:00.", NONE, 0, false },
	{ "12:00:", NONE, 0, false },
	{ "12:00.5", NONE, 0, false },
	{ "12", NONE, 0, false },
	{ "9:00", NONE, 0, false },
	{ "12:0", NONE, 0, false },
	{ "12:00+15:00", NONE, 0, false },
	{ "12:00+10:60", NONE, 0, false },
	{ "12:00+10", NONE, 0, false },
	{ "12:00+1000", NONE, 0, false },
	{ "12:00ZZ", NONE, 0, false },
	{ "12:00z", NONE, 0, false },
	{ "12:00 ", NONE, 0, false },
	{ "", NONE, 0, false },
};

struct instant_case {
	const char *text;
	int32_t default_offset;
	int64_t utc_ms;
	int32_t day; /* NONE: not read */
	const char *written;
};

static const struct instant_case instants[] = {
	{ "1970-01-01T00:00:00Z", 0, 0, 0, "1970-01-01T00:00:00.000+00:00" },
	{ "2026-12-01T09:00:00.000+10:00", 0, INT64_C(1796079600000), 20788, "2026-12-01T09:00:00.000+10:00" },
	{ "2026-12-01 09:00", 36000, INT64_C(1796079600000), 20788, "2026-12-01T09:00:00.000+10:00" },
	{ "2026-12-01T00:30+14:00", 0, INT64_C(1796034600000), 20788, "2026-12-01T00:30:00.000+14:00" },
	{ "1969-12-31T23:59:59.999Z", 0, -1, -1, "1969-12-31T23:59:59.999+00:00" },
	{ "1969-12-31T20:00:00-03:30", 0, -1800000, -1, "1969-12-31T20:00:00.000-03:30" },
	{ "0001-01-01T00:00Z", 0, INT64_C(-62135596800000), -719162, "0001-01-01T00:00:00.000+00:00" },
	{ "0001-01-01T00:00+14:00", 0, INT64_C(-62135647200000), -719162, "0001-01-01T00:00:00.000+14:00" },
	{ "9999-12-31T23:59:59.999-14:00", 0, INT64_C(253402351199999), 2932896, "9999-12-31T23:59:59.999-14:00" },
	{ "2026-12-01", 0, 0, NONE, NULL },
	{ "2026-12-01T", 0, 0, NONE, NULL },
	{ "2026-12-01t09:00", 0, 0, NONE, NULL },
	{ "2026-12-01  09:00", 0, 0, NONE, NULL },
	{ "2026-12-01T24:00", 0, 0, NONE, NULL },
	{ "2026-02-29T09:00", 0, 0, NONE, NULL },
	{ "", 0, 0, NONE, NULL },
};

static void day_case(void **state)
{
	const struct day_case *row = *state;
	int32_t day = 12345;
	char text[CNV_DAY_ROOM];

	assert_int_equal(cnv_day_read(cnv_str_from(row->text), &day), row->day != NONE);
	assert_int_equal(day, row->day != NONE ? row->day : 12345);
	if (row->day == NONE)
		return;
	assert_int_equal(cnv_day_write(day, text), 10);
	assert_string_equal(text, row->text);
	assert_int_equal(cnv_day_weekday(day), row->weekday);
}

static void time_case(void **state)
{
	const struct time_case *row = *state;
	int32_t milliseconds = 77, offset = 78;
	bool zoned = false;

	if (row->milliseconds == NONE) {
		assert_false(cnv_time_read(cnv_str_from(row->text), &milliseconds, &offset, &zoned));
		assert_int_equal(milliseconds, 77);
		assert_int_equal(offset, 78);
		return;
	}
	assert_true(cnv_time_read(cnv_str_from(row->text), &milliseconds, &offset, &zoned));
	assert_int_equal(milliseconds, row->milliseconds);
	assert_int_equal(offset, row->offset);
	assert_int_equal(zoned, row->zoned);
}

static void instant_case(void **state)
{
	const struct instant_case *row = *state;
	cnv_instant instant = { 77, 78 };
	char text[CNV_INSTANT_ROOM];

	if (row->day == NONE) {
		assert_false(cnv_instant_read(cnv_str_from(row->text), row->default_offset, &instant));
		assert_int_equal(instant.utc_ms, 77);
		return;
	}
	assert_true(cnv_instant_read(cnv_str_from(row->text), row->default_offset, &instant));
	assert_true(instant.utc_ms == row->utc_ms);
	assert_int_equal(cnv_instant_day(instant), row->day);
	assert_int_equal(cnv_instant_write(instant, text), strlen(row->written));
	assert_string_equal(text, row->written);
}

/* Walks the calendar a day at a time by its own rules and compares. */
static void every_day_of_ten_thousand_years_follows_the_one_before(void **state)
{
	int32_t day = -719162;

	(void)state;
	for (int32_t year = 1; year <= 9999; year++)
		for (uint32_t month = 1; month <= 12; month++)
			for (uint32_t date = 1; cnv_date_exists(year, month, date); date++, day++) {
				cnv_date there = { year, (uint8_t)month, (uint8_t)date };
				cnv_date back = cnv_day_date(day);
				if (cnv_day_from(there) != day || back.year != year || back.month != month ||
				    back.day != date)
					fail_msg("%d-%u-%u", (int)year, (unsigned)month, (unsigned)date);
			}
	assert_int_equal(day, 2932897);
}

static void a_year_has_its_days(void **state)
{
	(void)state;
	assert_false(cnv_date_exists(0, 1, 1));
	assert_false(cnv_date_exists(10000, 1, 1));
	assert_false(cnv_date_exists(-4, 1, 1));
	assert_false(cnv_date_exists(2026, 0, 1));
	assert_false(cnv_date_exists(2026, UINT32_MAX, 1));
	assert_false(cnv_date_exists(2026, 1, UINT32_MAX));
	assert_true(cnv_date_exists(2400, 2, 29));
	assert_false(cnv_date_exists(2400, 2, 30));
}

static void days_out_of_range_are_written_as_the_edge(void **state)
{
	char day[CNV_DAY_ROOM], instant[CNV_INSTANT_ROOM];

	(void)state;
	cnv_day_write(INT32_MAX, day);
	assert_string_equal(day, "9999-12-31");
	cnv_day_write(INT32_MIN, day);
	assert_string_equal(day, "0001-01-01");
	cnv_instant_write((cnv_instant){ INT64_MAX, 50400 }, instant);
	assert_string_equal(instant, "9999-12-31T23:59:59.999+14:00");
	cnv_instant_write((cnv_instant){ INT64_MIN, -50400 }, instant);
	assert_string_equal(instant, "0001-01-01T00:00:00.000-14:00");
	cnv_instant_write((cnv_instant){ 0, INT32_MIN }, instant);
	assert_int_equal(cnv_day_weekday(INT32_MIN), (uint32_t)((((int64_t)INT32_MIN + 4) % 7 + 7) % 7));
	cnv_date far = cnv_day_date(INT32_MAX);
	assert_int_equal(cnv_day_from(far), INT32_MAX);
}

static void days_are_put_into_words(void **state)
{
	char out[CNV_DAY_WORDS];
	int32_t day;

	(void)state;
	assert_true(cnv_day_read(CNV_STR("2026-12-31"), &day));
	assert_true(cnv_str_equal(cnv_day_words(day, out), CNV_STR("31 December 2026")));
	assert_true(cnv_day_read(CNV_STR("0001-01-01"), &day));
	assert_true(cnv_str_equal(cnv_day_words(day, out), CNV_STR("1 January 1")));
	/* Days beyond those that can be written fit too. */
	assert_true(cnv_day_words(INT32_MAX, out).len < CNV_DAY_WORDS);
	assert_true(cnv_day_words(INT32_MIN, out).len < CNV_DAY_WORDS);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_day_of_ten_thousand_years_follows_the_one_before),
		cmocka_unit_test(a_year_has_its_days),
		cmocka_unit_test(days_are_put_into_words),
		cmocka_unit_test(days_out_of_range_are_written_as_the_edge),
	};
	struct CMUnitTest tests[COUNT(days) + COUNT(times) + COUNT(instants) + COUNT(others)];
	size_t count = 0;

	for (size_t at = 0; at < COUNT(days); at++)
		tests[count++] = (struct CMUnitTest){ days[at].text, day_case, NULL, NULL, (void *)&days[at] };
	for (size_t at = 0; at < COUNT(times); at++)
		tests[count++] = (struct CMUnitTest){ times[at].text, time_case, NULL, NULL, (void *)&times[at] };
	for (size_t at = 0; at < COUNT(instants); at++)
		tests[count++] =
			(struct CMUnitTest){ instants[at].text, instant_case, NULL, NULL, (void *)&instants[at] };
	for (size_t at = 0; at < COUNT(others); at++)
		tests[count++] = others[at];
	return _cmocka_run_group_tests("base: days and instants", tests, count, NULL, NULL);
}
