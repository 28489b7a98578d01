/* Days and instants: whole days since 1970-01-01, and milliseconds since its midnight UTC.
 *
 * The calendar is the Gregorian one extended back to the year 1, as in ISO 8601.  Time zones are fixed offsets from
 * the text or the caller; daylight saving time is not handled here. */
#include "canvass/base.h"

#include <stdio.h>

#define DAYS_IN_ERA 146097  /* 400 years */
#define DAYS_TO_1970 719468 /* from 0000-03-01, the start of the first era */
#define DAY_MS INT64_C(86400000)
#define FIRST_DAY (-719162) /* 0001-01-01 */
#define LAST_DAY 2932896    /* 9999-12-31 */

/* Takes `count` digits off the front of *rest; false when there are fewer. */
static bool take_digits(cnv_str *rest, size_t count, uint32_t *number)
{
	uint32_t value = 0;

	if (rest->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!cnv_is_digit(rest->at[i]))
			return false;
		value = value * 10 + (uint32_t)(rest->at[i] - '0');
	}
	*rest = cnv_str_slice(*rest, count, rest->len);
	*number = value;
	return true;
}

static bool take_char(cnv_str *rest, char c)
{
	if (!rest->len || rest->at[0] != c)
		return false;
	*rest = cnv_str_slice(*rest, 1, rest->len);
	return true;
}

/* Digits after the point; digits beyond milliseconds are cut off. */
static bool take_fraction(cnv_str *rest, uint32_t *milliseconds)
{
	uint32_t value = 0, unit = 100;
	size_t len = 0;

	for (; len < rest->len && cnv_is_digit(rest->at[len]); len++, unit /= 10)
		value += (uint32_t)(rest->at[len] - '0') * unit;
	*rest = cnv_str_slice(*rest, len, rest->len);
	*milliseconds = value;
	return len > 0;
}

/* Z, or an offset of up to 14 hours, with minutes, on either side of UTC. */
static bool take_zone(cnv_str *rest, int32_t *offset_seconds)
{
	uint32_t hours, minutes;

	*offset_seconds = 0;
	if (take_char(rest, 'Z'))
		return true;
	bool west = take_char(rest, '-');
	if (!west && !take_char(rest, '+'))
		return false;
	if (!take_digits(rest, 2, &hours) || !take_char(rest, ':') || !take_digits(rest, 2, &minutes))
		return false;
	if (hours > 14 || minutes > 59)
		return false;
	int32_t seconds = (int32_t)(hours * 3600 + minutes * 60);
	*offset_seconds = west ? -seconds : seconds;
	return true;
}

/* `count` digits with leading zeros. */
static char *put_digits(char *out, uint32_t value, size_t count)
{
	for (size_t i = count; i > 0; i--, value /= 10)
		out[i - 1] = (char)('0' + value % 10);
	return out + count;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years start in March, so that the leap day comes last and every five months have 153 days. */
int32_t cnv_day_from(cnv_date date)
{
	int64_t year = (int64_t)date.year - (date.month <= 2);
	int64_t era = floor_divide(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t month = (date.month + 9) % 12; /* March is 0 */
	int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (int32_t)(era * DAYS_IN_ERA + day_of_era - DAYS_TO_1970);
}

cnv_date cnv_day_date(int32_t day)
{
	int64_t since = (int64_t)day + DAYS_TO_1970;
	int64_t era = floor_divide(since, DAYS_IN_ERA);
	int64_t day_of_era = since - era * DAYS_IN_ERA;
	/* 1460, 36524 and 146096 are the last days of 4, 100 and 400 years: leap days not yet counted. */
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */

	return (cnv_date){
		.year = (int32_t)(year_of_era + era * 400 + (month >= 10)),
		.month = (uint8_t)(month < 10 ? month + 3 : month - 9),
		.day = (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1),
	};
}

bool cnv_date_exists(int32_t year, uint32_t month, uint32_t day)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

uint32_t cnv_day_weekday(int32_t day)
{
	int64_t since = (int64_t)day + 4; /* 1970-01-01 was a Thursday */

	return (uint32_t)(since - floor_divide(since, 7) * 7);
}

bool cnv_day_read(cnv_str text, int32_t *day)
{
	static const uint8_t places[] = { 0, 1, 2, 3, 5, 6, 8, 9 };
	uint32_t digits = 0; /* YYYYMMDD */

	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
		return false;
	for (size_t i = 0; i < sizeof places; i++) {
		uint32_t digit = (uint32_t)(unsigned char)text.at[places[i]] - '0';

		if (digit > 9)
			return false;
		digits = digits * 10 + digit;
	}
	uint32_t year = digits / 10000, month = digits / 100 % 100, date = digits % 100;
	if (!cnv_date_exists((int32_t)year, month, date))
		return false;
	*day = cnv_day_from((cnv_date){ (int32_t)year, (uint8_t)month, (uint8_t)date });
	return true;
}

bool cnv_time_read(cnv_str text, int32_t *milliseconds, int32_t *offset_seconds, bool *zoned)
{
	uint32_t hours, minutes, seconds = 0, fraction = 0;
	int32_t offset = 0;

	if (!take_digits(&text, 2, &hours) || !take_char(&text, ':') || !take_digits(&text, 2, &minutes))
		return false;
	if (take_char(&text, ':')) {
		if (!take_digits(&text, 2, &seconds) || (take_char(&text, '.') && !take_fraction(&text, &fraction)))
			return false;
	}
	if (hours > 23 || minutes > 59 || seconds > 59)
		return false;
	bool zone = text.len > 0;
	if (zone && (!take_zone(&text, &offset) || text.len))
		return false;
	*milliseconds = (int32_t)(((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction);
	*offset_seconds = offset;
	*zoned = zone;
	return true;
}

bool cnv_instant_read(cnv_str text, int32_t default_offset, cnv_instant *instant)
{
	int32_t day, milliseconds, offset;
	bool zoned;

	if (text.len < 11 || (text.at[10] != 'T' && text.at[10] != ' '))
		return false;
	if (!cnv_day_read(cnv_str_slice(text, 0, 10), &day) ||
	    !cnv_time_read(cnv_str_slice(text, 11, text.len), &milliseconds, &offset, &zoned))
		return false;
	if (!zoned)
		offset = default_offset;
	*instant = (cnv_instant){ day * DAY_MS + milliseconds - offset * INT64_C(1000), offset };
	return true;
}

/* The day of a local time, limited to the years that can be written. */
static int32_t local_day(int64_t local_ms)
{
	int64_t day = floor_divide(local_ms, DAY_MS);

	return (int32_t)(day < FIRST_DAY ? FIRST_DAY : day > LAST_DAY ? LAST_DAY : day);
}

/* The local time of an instant; instants outside the years 1 to 9999 are limited to that range. */
static int64_t local_time(int64_t utc_ms, int32_t utc_offset)
{
	const int64_t first = FIRST_DAY * DAY_MS, last = (LAST_DAY + 1) * DAY_MS - 1;
	int64_t held = utc_ms < first - DAY_MS ? first - DAY_MS : utc_ms > last + DAY_MS ? last + DAY_MS : utc_ms;
	int64_t local = held + utc_offset * INT64_C(1000);

	return local < first ? first : local > last ? last : local;
}

int32_t cnv_instant_day(cnv_instant instant)
{
	return local_day(local_time(instant.utc_ms, instant.utc_offset));
}

size_t cnv_day_write(int32_t day, char out[CNV_DAY_ROOM])
{
	cnv_date date = cnv_day_date(day < FIRST_DAY ? FIRST_DAY : day > LAST_DAY ? LAST_DAY : day);
	char *at = put_digits(out, (uint32_t)date.year, 4);

	*at++ = '-';
	at = put_digits(at, date.month, 2);
	*at++ = '-';
	at = put_digits(at, date.day, 2);
	*at = '\0';
	return (size_t)(at - out);
}

cnv_str cnv_day_words(int32_t day, char out[CNV_DAY_WORDS])
{
	static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
					      "July",    "August",   "September", "October", "November", "December" };
	cnv_date date = cnv_day_date(day);
	int len = snprintf(out, CNV_DAY_WORDS, "%u %s %d", (unsigned)date.day, months[date.month - 1], (int)date.year);

	return (cnv_str){ out, (size_t)len };
}

size_t cnv_time_write(int32_t milliseconds, char out[CNV_TIME_ROOM])
{
	uint32_t rest = milliseconds < 0 ? 0 : (uint32_t)(milliseconds % DAY_MS);
	char *at = put_digits(out, rest / 3600000, 2);

	*at++ = ':';
	at = put_digits(at, rest / 60000 % 60, 2);
	if (rest % 60000) {
		*at++ = ':';
		at = put_digits(at, rest / 1000 % 60, 2);
	}
	if (rest % 1000) {
		*at++ = '.';
		at = put_digits(at, rest % 1000, 3);
	}
	*at = '\0';
	return (size_t)(at - out);
}

size_t cnv_instant_write(cnv_instant instant, char out[CNV_INSTANT_ROOM])
{
	/* A zone is written in whole minutes, and the time is shown in the written zone. */
	int32_t zone = instant.utc_offset / 60 % (24 * 60);
	int64_t local = local_time(instant.utc_ms, zone * 60);
	int32_t day = local_day(local);
	uint32_t ms = (uint32_t)(local - day * DAY_MS);
	uint32_t minutes = (uint32_t)(zone < 0 ? -zone : zone);
	char *at = out + cnv_day_write(day, out);

	*at++ = 'T';
	at = put_digits(at, ms / 3600000, 2);
	*at++ = ':';
	at = put_digits(at, ms / 60000 % 60, 2);
	*at++ = ':';
	at = put_digits(at, ms / 1000 % 60, 2);
	*at++ = '.';
	at = put_digits(at, ms % 1000, 3);
	*at++ = zone < 0 ? '-' : '+';
	at = put_digits(at, minutes / 60, 2);
	*at++ = ':';
	at = put_digits(at, minutes % 60, 2);
	*at = '\0';
	return (size_t)(at - out);
}
