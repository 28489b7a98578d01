/* What a text was before a spreadsheet read it as a date: "5.3" became 5-Mar, and 3-24 became 3/24/2026.
 *
 * The date alone does not say how the original was written, so there are several candidates, the most likely first.  The
 * question decides: a number, or the texts that its rule accepts.
 */
#include "read/written.h"

#include <stdarg.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Serial numbers of a spreadsheet's days, 1955 to 2063, and the serial number of 1970-01-01. */
enum { SERIAL_LOW = 20000, SERIAL_HIGH = 60000, SERIAL_ZERO = 25569 };
/* A date before this year is a small number in a cell with the format of a date: 1905-07-18 is 2026. */
enum { FIRST_YEAR = 1930 };
#define MOST_TEXT 40u

/* A date as a spreadsheet shows it. */
typedef struct shown {
	uint32_t first, second; /* day and month in either order; 0: none, as in Mar-45 */
	uint32_t month;         /* of a month and a year */
	uint32_t year;          /* 0: not shown */
	bool named;             /* the month by its name: `first` is the day */
	bool whole;             /* a whole date with the year first: `first` is the day */
} shown;

/* Short names of months in the languages of spreadsheet programs, in small letters; a name that two languages give to
 * one month occurs once. */
static const char *const months[] = {
	"jan ene janv gen j\xc3\xa4n \xd1\x8f\xd0\xbd\xd0\xb2",
	"feb f\xc3\xa9vr fev \xd1\x84\xd0\xb5\xd0\xb2",
	"mar mars m\xc3\xa4r mrz mrt mac \xd0\xbc\xd0\xb0\xd1\x80",
	"apr abr avr \xd0\xb0\xd0\xbf\xd1\x80",
	"may mai mei mag \xd0\xbc\xd0\xb0\xd0\xb9",
	"jun juin giu \xd0\xb8\xd1\x8e\xd0\xbd",
	"jul juil lug \xd0\xb8\xd1\x8e\xd0\xbb",
	"aug ago ao\xc3\xbbt agu agt ogos \xd0\xb0\xd0\xb2\xd0\xb3",
	"sep sept set \xd1\x81\xd0\xb5\xd0\xbd",
	"oct okt out ott \xd0\xbe\xd0\xba\xd1\x82",
	"nov \xd0\xbd\xd0\xbe\xd1\x8f",
	("dec dic d\xc3\xa9"
	 "c dez des dis \xd0\xb4\xd0\xb5\xd0\xba"),
};

/* ---------------------------------------------------------------- the date in the cell */

static char take_separator(cnv_str *rest)
{
	char c = rest->len ? rest->at[0] : 0;

	if (c != '-' && c != '/' && c != '.' && c != ' ')
		return 0;
	*rest = cnv_str_slice(*rest, 1, rest->len);
	return c;
}

static bool is_name(cnv_str text, cnv_str name)
{
	if (text.len != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (cnv_lower(text.at[i]) != name.at[i])
			return false;
	return true;
}

static bool take_month(cnv_str *rest, uint32_t *month)
{
	size_t len = 0;

	while (len < rest->len && !cnv_is_digit(rest->at[len]) &&
	       !cnv_str_equal(cnv_str_slice(*rest, len, len + 1), CNV_STR(".")) && rest->at[len] != '-' &&
	       rest->at[len] != '/' && rest->at[len] != ' ')
		len++;
	for (uint32_t i = 0; i < COUNT(months) && len; i++) {
		cnv_str names = cnv_str_from(months[i]), name;

		while (cnv_str_word(&names, &name))
			if (is_name(cnv_str_slice(*rest, 0, len), name)) {
				*rest = cnv_str_slice(*rest, len, rest->len);
				if (rest->len > 0 && rest->at[0] == '.')
					*rest = cnv_str_slice(*rest, 1, rest->len);
				*month = i + 1;
				return true;
			}
	}
	return false;
}

static bool take_sign(cnv_str *rest, const char *one, const char *other)
{
	const char *signs[] = { one, other };

	for (size_t i = 0; i < COUNT(signs); i++)
		if (cnv_str_starts(*rest, cnv_str_from(signs[i]))) {
			*rest = cnv_str_trim(cnv_str_slice(*rest, cnv_str_from(signs[i]).len, rest->len));
			return true;
		}
	return false;
}

/* Years of two digits: 30 to 99 are in the 20th century. */
static uint32_t full_year(uint32_t year, uint32_t digits)
{
	return digits > 2 ? year : year < 30 ? year + 2000 : year + 1900;
}

static bool is_day_month(uint32_t day, uint32_t month)
{
	return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/* Sep-06 */
static bool read_month_year(cnv_str text, shown *out)
{
	uint32_t digits;

	if (!take_month(&text, &out->month) || !take_separator(&text))
		return false;
	digits = cnv_digits_take(&text, 4, &out->year);
	out->year = full_year(out->year, digits);
	return !text.len && (digits == 2 || digits == 4);
}

/* 5-mar, 5-Mar-26 */
static bool read_day_name(cnv_str text, shown *out)
{
	uint32_t digits;

	if (!cnv_digits_take(&text, 2, &out->first) || !take_separator(&text) || !take_month(&text, &out->second))
		return false;
	out->named = true;
	if (!text.len)
		return is_day_month(out->first, out->second);
	if (!take_separator(&text))
		return false;
	digits = cnv_digits_take(&text, 4, &out->year);
	out->year = full_year(out->year, digits);
	return !text.len && (digits == 2 || digits == 4) && is_day_month(out->first, out->second);
}

/* 3/24/2026; 24.3.26 */
static bool read_numbers(cnv_str text, shown *out)
{
	uint32_t digits;
	char separator;

	if (!cnv_digits_take(&text, 2, &out->first))
		return false;
	separator = take_separator(&text);
	if (!separator || separator == ' ' || !cnv_digits_take(&text, 2, &out->second) ||
	    take_separator(&text) != separator)
		return false;
	digits = cnv_digits_take(&text, 4, &out->year);
	out->year = full_year(out->year, digits);
	return !text.len && (digits == 2 || digits == 4) &&
	       (is_day_month(out->first, out->second) || is_day_month(out->second, out->first));
}

/* Month and day with East Asian signs. */
static bool read_signs(cnv_str text, shown *out)
{
	if (!cnv_digits_take(&text, 2, &out->second) || !take_sign(&text, "\xe6\x9c\x88", "\xec\x9b\x94") ||
	    !cnv_digits_take(&text, 2, &out->first) || !take_sign(&text, "\xe6\x97\xa5", "\xec\x9d\xbc"))
		return false;
	out->named = true;
	return !text.len && is_day_month(out->first, out->second);
}

/* 2026-03-05 and a midnight, as a cell of a workbook with a date arrives. */
static bool read_whole(cnv_str text, shown *out)
{
	cnv_str rest = cnv_str_slice(text, CNV_DAY_ROOM - 1, text.len);
	cnv_date date;
	int32_t day;

	if (!cnv_day_read(cnv_str_slice(text, 0, CNV_DAY_ROOM - 1), &day) ||
	    (rest.len && !cnv_str_equal(rest, CNV_STR(" 00:00:00")) && !cnv_str_equal(rest, CNV_STR("T00:00:00"))))
		return false;
	date = cnv_day_date(day);
	*out = (shown){ .first = date.day, .second = date.month, .year = (uint32_t)date.year, .whole = true };
	if (date.day == 1)
		out->month = date.month;
	return true;
}

static bool read_shown(cnv_str text, shown *out)
{
	static bool (*const readers[])(cnv_str, shown *) = { read_whole, read_month_year, read_day_name, read_numbers,
							     read_signs };

	text = cnv_str_trim_unicode(text);
	if (text.len < 4 || text.len > MOST_TEXT)
		return false;
	for (size_t i = 0; i < COUNT(readers); i++) {
		*out = (shown){ 0 };
		if (readers[i](text, out))
			return true;
	}
	return false;
}

/* A serial number of a day. */
static bool read_serial(cnv_str text, shown *out)
{
	char day[CNV_DAY_ROOM];
	int64_t serial;

	text = cnv_str_trim_unicode(text);
	if (text.len != 5 || !cnv_integer_read(text, &serial) || serial < SERIAL_LOW || serial > SERIAL_HIGH)
		return false;
	cnv_day_write((int32_t)serial - SERIAL_ZERO, day);
	return read_whole((cnv_str){ day, CNV_DAY_ROOM - 1 }, out);
}

/* ---------------------------------------------------------------- candidates */

static void add(cnv_originals *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(cnv_originals *out, const char *format, ...)
{
	va_list list;

	if (out->count == CNV_ORIGINALS)
		return;
	va_start(list, format);
	vsnprintf(out->at[out->count++], CNV_ORIGINAL_ROOM, format, list);
	va_end(list);
}

static void add_month_year(cnv_originals *out, const shown *s)
{
	static const char separators[] = "-/.";

	for (const char *c = separators; *c && s->month; c++) {
		add(out, "%u%c%04u", s->month, *c, s->year);
		add(out, "%02u%c%04u", s->month, *c, s->year);
		add(out, "%u%c%02u", s->month, *c, s->year % 100);
		add(out, "%02u%c%02u", s->month, *c, s->year % 100);
	}
}

/* Two numbers, as they are and with two digits. */
static void add_pair(cnv_originals *out, uint32_t one, uint32_t other)
{
	static const char separators[] = "-/.";

	for (const char *c = separators; *c; c++) {
		add(out, "%u%c%u", one, *c, other);
		if (one < 10 || other < 10)
			add(out, "%02u%c%02u", one, *c, other);
	}
}

static void add_whole(cnv_originals *out, const shown *s)
{
	bool day_first = s->named || s->whole || s->first > 12;
	uint32_t day = day_first ? s->first : s->second, month = day_first ? s->second : s->first;

	if (!s->year)
		return;
	add(out, "%04u-%02u-%02u", s->year, month, day);
	add(out, "%02u/%02u/%04u", day, month, s->year);
	add(out, "%02u.%02u.%04u", day, month, s->year);
}

void cnv_text_originals(cnv_str text, cnv_originals *out)
{
	shown s;

	out->count = 0;
	if (read_serial(text, &s)) {
		add_whole(out, &s);
		return;
	}
	if (!read_shown(text, &s))
		return;
	if (s.month)
		add(out, "%04u-%02u", s.year, s.month);
	if (s.first) {
		/* Where the month came first, it came first in the original. */
		bool swap = s.whole;

		add_pair(out, swap ? s.second : s.first, swap ? s.first : s.second);
		if (s.first != s.second)
			add_pair(out, swap ? s.first : s.second, swap ? s.second : s.first);
		add_whole(out, &s);
	}
	add_month_year(out, &s);
}

void cnv_number_originals(cnv_str text, cnv_kind kind, cnv_originals *out)
{
	shown s;

	out->count = 0;
	if ((kind != CNV_INTEGER && kind != CNV_DECIMAL) || !read_shown(text, &s))
		return;
	if (s.whole && s.year < FIRST_YEAR) {
		int32_t serial =
			cnv_day_from((cnv_date){ (int32_t)s.year, (uint8_t)s.second, (uint8_t)s.first }) + SERIAL_ZERO;
		/* 1900-02-29 counts as a day, though it was none. */
		add(out, "%d", serial < 61 ? serial - 1 : serial);
		return;
	}
	/* In a question for a whole number, a whole date is more probably the answer to another question. */
	if (kind == CNV_INTEGER && (s.whole || (s.year && s.first)))
		return;
	if (s.first)
		add(out, "%u.%u", s.first, s.second);
	if (s.first && !s.named && !s.whole && s.first != s.second)
		add(out, "%u.%u", s.second, s.first);
	if (s.month)
		add(out, "%u.%02u", s.month, s.year % 100);
}
