/* Numbers, dates and times as people and spreadsheets write them, in addition to the format of XLSForm.
 *
 * A text is folded first (full-width digits, no-break spaces, curly apostrophes, capitals), and then read every way it
 * can be: a number with a decimal point and with a decimal comma, a date day first and month first. convention.c
 * decides which of the two is meant, for the whole file.
 */
#include "read/written.h"

#include <string.h>

#define MINUTE_MS 60000
#define DAY_MS INT64_C(86400000)

static const char *const months[] = { "january", "february", "march",     "april",   "may",      "june",
				      "july",    "august",   "september", "october", "november", "december" };
static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
/* Characters after year, month and day in East Asia; 'k' represents any of them. */
static const char *const east_signs[] = { "\xe5\xb9\xb4", "\xe6\x9c\x88", "\xe6\x97\xa5",
					  "\xeb\x85\x84", "\xec\x9b\x94", "\xec\x9d\xbc" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static cnv_str fold(cnv_str text, cnv_arena *scratch)
{
	return text.len && text.len <= CNV_WRITTEN_ROOM ? cnv_text_fold(scratch, text) : (cnv_str){ 0 };
}

/* ---------------------------------------------------------------- numbers */

/* The number if `decimal` is the decimal sign: thousands in groups of three, all separated by the same character. */
static bool read_as(cnv_str text, char decimal, double *number, bool *grouped)
{
	char plain[CNV_WRITTEN_ROOM + 1], separator = 0;
	size_t at = 0, len = 0, group = 0;
	bool fraction = false;

	if (text.len > CNV_WRITTEN_ROOM)
		return false;
	if (text.len && text.at[0] == '-')
		plain[len++] = text.at[at++];
	for (; at < text.len; at++) {
		char c = text.at[at];

		if (cnv_is_digit(c)) {
			plain[len++] = c;
			group++;
		} else if (c == decimal && !fraction && at + 1 < text.len && (!separator || group == 3)) {
			fraction = true;
			plain[len++] = '.';
		} else if (!fraction && (c == ' ' || c == '\'' || c == ',' || c == '.') &&
			   (separator ? c == separator && group == 3
				      : group && group <= 3 && plain[len - group] != '0')) {
			separator = c;
			group = 0;
		} else {
			return false;
		}
	}
	*grouped = separator != 0;
	return (fraction || !separator || group == 3) && cnv_number_read((cnv_str){ plain, len }, number);
}

bool cnv_number_written(cnv_str text, cnv_arena *scratch, cnv_written_number *out)
{
	bool by_point, by_comma;

	*out = (cnv_written_number){ 0 };
	text = fold(text, scratch);
	if (!text.len || (!cnv_is_digit(text.at[0]) && !strchr("-.,", text.at[0])))
		return false;
	by_point = read_as(text, '.', &out->by_point, &out->point_grouped);
	by_comma = read_as(text, ',', &out->by_comma, &out->comma_grouped);
	if (!by_point && !by_comma)
		return false;
	out->ways = !by_comma                        ? CNV_WAY_FIRST
		    : !by_point                      ? CNV_WAY_SECOND
		    : out->by_point == out->by_comma ? CNV_WAY_ANY
						     : CNV_WAY_EITHER;
	/* Digits alone, once folded, are no evidence. */
	if (out->ways == CNV_WAY_FIRST && cnv_str_find(text, CNV_STR(".")) == SIZE_MAX &&
	    cnv_str_find(text, CNV_STR(",")) == SIZE_MAX)
		out->ways = CNV_WAY_ANY;
	return true;
}

cnv_number_form cnv_number_form_of(cnv_str text)
{
	size_t from = text.len && text.at[0] == '-', point = cnv_str_find(text, CNV_STR("."));

	if (point == SIZE_MAX || point + 1 == text.len)
		return CNV_NUMBER_WHOLE;
	return point > from && point - from <= 3 && text.at[from] != '0' && text.len - point == 4
		       ? CNV_NUMBER_GROUP_LIKE
		       : CNV_NUMBER_FRACTION;
}

/* ---------------------------------------------------------------- pieces of dates and times */

static bool skip_blanks(cnv_str *rest)
{
	size_t at = 0;

	while (at < rest->len && rest->at[at] == ' ')
		at++;
	*rest = cnv_str_slice(*rest, at, rest->len);
	return at > 0;
}

static bool take_char(cnv_str *rest, char c)
{
	if (!rest->len || rest->at[0] != c)
		return false;
	*rest = cnv_str_slice(*rest, 1, rest->len);
	return true;
}

static bool take_text(cnv_str *rest, const char *word)
{
	cnv_str wanted = cnv_str_from(word);

	if (!cnv_str_starts(*rest, wanted))
		return false;
	*rest = cnv_str_slice(*rest, wanted.len, rest->len);
	return true;
}

uint32_t cnv_digits_take(cnv_str *rest, uint32_t most, uint32_t *number)
{
	uint32_t count = 0;

	*number = 0;
	while (count < rest->len && cnv_is_digit(rest->at[count])) {
		if (count == most)
			return 0;
		*number = *number * 10 + (uint32_t)(rest->at[count++] - '0');
	}
	*rest = cnv_str_slice(*rest, count, rest->len);
	return count;
}

/* Reads one of the words, in full or its first three letters or more; returns its number from 1, 0: none. */
static uint32_t take_word(cnv_str *rest, const char *const *words, size_t count)
{
	size_t len = 0;

	while (len < rest->len && is_letter(rest->at[len]))
		len++;
	for (uint32_t i = 0; i < count; i++)
		if (len >= 3 && cnv_str_starts(cnv_str_from(words[i]), cnv_str_slice(*rest, 0, len))) {
			*rest = cnv_str_slice(*rest, len, rest->len);
			return i + 1;
		}
	return 0;
}

/* Reads the separator between the parts of a date: / - . , or an East Asian character ('k'), or spaces. */
static char take_separator(cnv_str *rest)
{
	bool blank = skip_blanks(rest);
	char found = blank ? ' ' : 0;

	for (size_t i = 0; i < COUNT(east_signs); i++)
		if (take_text(rest, east_signs[i])) {
			found = 'k';
			break;
		}
	if (found != 'k' && rest->len && strchr("/-.,", rest->at[0])) {
		found = rest->at[0];
		*rest = cnv_str_slice(*rest, 1, rest->len);
		if (found == '.' || found == ',')
			take_char(rest, ','); /* "Sept., 2026" */
	}
	skip_blanks(rest);
	return found;
}

static void take_ordinal(cnv_str *rest)
{
	static const char *const ends[] = { "st", "nd", "rd", "th" };

	for (size_t i = 0; i < COUNT(ends); i++)
		if (rest->len >= 2 && (rest->len == 2 || !is_letter(rest->at[2])) && take_text(rest, ends[i]))
			return;
}

/* One part of a date: a number, or a month by its name. */
typedef struct date_part {
	uint32_t number, digits; /* digits 0: a month's name */
} date_part;

static bool take_part(cnv_str *rest, date_part *part)
{
	part->digits = cnv_digits_take(rest, 4, &part->number);
	if (part->digits) {
		if (part->digits <= 2)
			take_ordinal(rest);
		return true;
	}
	part->number = take_word(rest, months, COUNT(months));
	return part->number > 0;
}

static bool set_day(uint32_t year, uint32_t month, uint32_t day, int32_t *out)
{
	if (!cnv_date_exists((int32_t)year, month, day))
		return false;
	*out = cnv_day_from((cnv_date){ (int32_t)year, (uint8_t)month, (uint8_t)day });
	return true;
}

/* Three parts in the order of the text; their lengths decide which is the year, and whether day and month are
 * ambiguous. */
static bool order_parts(const date_part parts[3], char separator, cnv_written_date *out)
{
	uint32_t a = parts[0].number, b = parts[1].number, c = parts[2].number;
	bool day_first, month_first;

	if (parts[0].digits == 4) {
		out->form = parts[1].digits ? CNV_DATE_YEAR_FIRST : CNV_DATE_NAMED;
		out->ways = CNV_WAY_ANY;
		return parts[2].digits && parts[2].digits <= 2 && set_day(a, b, c, &out->day_first);
	}
	if (separator == 'k' || parts[2].digits == 0 || parts[2].digits == 3)
		return false;
	out->short_year = parts[2].digits <= 2;
	if (out->short_year) /* only to find out whether it could be a date */
		c += 2000;
	if (!parts[0].digits || !parts[1].digits) {
		out->form = CNV_DATE_NAMED;
		out->ways = CNV_WAY_ANY;
		return parts[0].digits ? set_day(c, b, a, &out->day_first) : set_day(c, a, b, &out->day_first);
	}
	out->form = separator == '.' ? CNV_DATE_POINTS : CNV_DATE_YEAR_LAST;
	day_first = set_day(c, b, a, &out->day_first);
	month_first = set_day(c, a, b, &out->month_first);
	out->ways = !month_first                         ? CNV_WAY_FIRST
		    : !day_first                         ? CNV_WAY_SECOND
		    : out->day_first == out->month_first ? CNV_WAY_ANY
							 : CNV_WAY_EITHER;
	return day_first || month_first;
}

static bool take_date(cnv_str *rest, cnv_written_date *out)
{
	date_part parts[3];
	char one, other;

	if (take_word(rest, weekdays, COUNT(weekdays)) && !take_separator(rest))
		return false;
	if (!take_part(rest, &parts[0]))
		return false;
	one = take_separator(rest);
	if (!one || !take_part(rest, &parts[1]))
		return false;
	other = take_separator(rest);
	if (!other || !take_part(rest, &parts[2]))
		return false;
	if (parts[0].digits && parts[1].digits && (one != other || one == ' ' || one == ','))
		return false;
	/* The character after the day, and the point that some write there. */
	for (size_t i = 0; one == 'k' && i < COUNT(east_signs); i++)
		if (take_text(rest, east_signs[i]))
			break;
	if (one == '.' && parts[0].digits == 4)
		take_char(rest, '.');
	return order_parts(parts, one, out);
}

/* ---------------------------------------------------------------- times of day */

/* 3:05, 15:05:12.5, 3:05 pm, 3 p.m. */
static bool take_time(cnv_str *rest, int32_t *milliseconds)
{
	uint32_t hours, minutes = 0, seconds = 0, thousandths = 0, digits = cnv_digits_take(rest, 2, &hours);
	bool any = false, after_noon = false, twelve = false;

	if (!digits)
		return false;
	if (take_char(rest, ':')) {
		any = true;
		if (cnv_digits_take(rest, 2, &minutes) != 2)
			return false;
		if (take_char(rest, ':')) {
			if (cnv_digits_take(rest, 2, &seconds) != 2)
				return false;
			if (take_char(rest, '.')) {
				digits = cnv_digits_take(rest, 9, &thousandths);
				if (!digits)
					return false;
				for (; digits > 3; digits--)
					thousandths /= 10;
				for (; digits < 3; digits++)
					thousandths *= 10;
			}
		}
	}
	cnv_str after = *rest;
	skip_blanks(&after);
	if (take_text(&after, "am") || take_text(&after, "a.m."))
		twelve = true;
	else if (take_text(&after, "pm") || take_text(&after, "p.m."))
		twelve = after_noon = true;
	if (twelve)
		*rest = after;
	if ((!any && !twelve) || minutes > 59 || seconds > 59 || hours > 23 || (twelve && (hours < 1 || hours > 12)))
		return false;
	if (twelve)
		hours = hours % 12 + (after_noon ? 12 : 0);
	*milliseconds = (int32_t)(((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths);
	return true;
}

/* Z, +10:00, GMT+8, UTC-3:30 or nothing. */
static bool take_zone(cnv_str *rest, bool *zoned, int32_t *minutes)
{
	uint32_t hours, part = 0;
	bool west;

	skip_blanks(rest);
	*minutes = 0;
	*zoned = rest->len > 0;
	if (!rest->len || take_char(rest, 'z'))
		return true;
	if ((take_text(rest, "gmt") || take_text(rest, "utc")) && !rest->len)
		return true;
	west = take_char(rest, '-');
	if ((!west && !take_char(rest, '+')) || !cnv_digits_take(rest, 2, &hours) || hours > 14)
		return false;
	if ((take_char(rest, ':') || rest->len) && (cnv_digits_take(rest, 2, &part) != 2 || part > 59))
		return false;
	*minutes = (int32_t)(hours * 60 + part) * (west ? -1 : 1);
	return true;
}

bool cnv_time_written(cnv_str text, cnv_arena *scratch, int32_t *milliseconds)
{
	text = fold(text, scratch);
	return take_time(&text, milliseconds) && !text.len;
}

bool cnv_date_written(cnv_str text, cnv_arena *scratch, cnv_written_date *out)
{
	int32_t minutes;
	bool zoned;

	*out = (cnv_written_date){ 0 };
	text = fold(text, scratch);
	if (!text.len || !take_date(&text, out))
		return false;
	if (!text.len)
		return true;
	take_char(&text, ',');
	if (!skip_blanks(&text) && !take_char(&text, 't'))
		return false;
	if (!take_time(&text, &out->milliseconds) || !take_zone(&text, &zoned, &minutes) || text.len)
		return false;
	out->timed = true;
	out->zoned = zoned;
	out->utc_offset_ms = minutes * (int64_t)MINUTE_MS;
	return true;
}

int64_t cnv_written_moment(const cnv_written_date *date, int32_t day, int32_t utc_offset)
{
	return day * DAY_MS + date->milliseconds - (date->zoned ? date->utc_offset_ms : utc_offset * INT64_C(1000));
}
