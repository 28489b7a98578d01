/* Text of a workbook cell: escapes decoded, numbers in readable form, dates by number format.
 *
 * A date in a workbook is a number of days; only its format distinguishes it from other numbers. */
#include "io/xlsx_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/xlsx_book.h"

#define DAY_SECONDS 86400
#define EPOCH_1900 25569 /* serial of 1970-01-01, counting Excel's nonexistent 1900-02-29 */
#define EPOCH_1904 24107
#define SERIAL_END 2958466 /* the day after 9999-12-31, in the epoch of 1900 */
#define DIGITS 15          /* significant digits that a spreadsheet shows and keeps */
#define INTEGERS 1e15      /* below it an integer has no more digits than that */

/* ---------------------------------------------------------------- escapes */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes _xHHHH_ at s.at[at]: its UTF-16 unit, or -1. */
static int32_t read_escape(cnv_str s, size_t at)
{
	int32_t unit = 0;

	if (s.len - at < 7 || s.at[at] != '_' || s.at[at + 1] != 'x' || s.at[at + 6] != '_')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(s.at[at + i]);
		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

size_t cnv_xlsx_unescape(char *text, size_t len)
{
	cnv_str s = { text, len };
	size_t to = 0;

	/* Most texts have neither an escape nor a carriage return. */
	if (!len || (!memchr(text, '_', len) && !memchr(text, '\r', len)))
		return len;
	for (size_t at = 0; at < len;) {
		int32_t unit = text[at] == '_' ? read_escape(s, at) : -1;
		if (unit < 0) {
			text[to++] = text[at++];
		} else {
			uint32_t c = (uint32_t)unit;
			at += 7;
			int32_t low = c >= 0xD800 && c < 0xDC00 && at < len ? read_escape(s, at) : -1;
			if (low >= 0xDC00 && low < 0xE000) {
				c = 0x10000 + ((c - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
				at += 7;
			}
			/* Surrogates and NUL are not characters. */
			if (!c || (c >= 0xD800 && c < 0xE000))
				c = 0xFFFD;
			to += cnv_utf8_put(text + to, c);
		}
		if (to > 1 && text[to - 1] == '\n' && text[to - 2] == '\r')
			text[--to - 1] = '\n';
	}
	return to;
}

/* ---------------------------------------------------------------- number formats */

/* Formats that files identify by number only.  27 to 36 and 50 to 58 are dates in East Asian locales, and unused
 * elsewhere. */
static const struct builtin {
	uint8_t from, upto; /* inclusive */
	uint8_t format;
} builtins[] = {
	{ 14, 17, CNV_XLSX_DAY },  { 18, 21, CNV_XLSX_TIME }, { 22, 22, CNV_XLSX_DAY | CNV_XLSX_TIME },
	{ 27, 36, CNV_XLSX_DAY },  { 45, 45, CNV_XLSX_TIME }, { 46, 46, CNV_XLSX_ELAPSED },
	{ 47, 47, CNV_XLSX_TIME }, { 50, 58, CNV_XLSX_DAY },
};

uint8_t cnv_xlsx_builtin(int64_t id)
{
	for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
		if (id >= builtins[i].from && id <= builtins[i].upto)
			return builtins[i].format;
	return 0;
}

/* Is the text in brackets an elapsed time?  [h] counts hours beyond a day; other brackets are colours, conditions
 * and languages. */
static bool is_elapsed(cnv_str inside)
{
	char first = inside.len ? cnv_lower(inside.at[0]) : 0;

	if (first != 'h' && first != 'm' && first != 's')
		return false;
	for (size_t i = 1; i < inside.len; i++)
		if (cnv_lower(inside.at[i]) != first)
			return false;
	return true;
}

uint8_t cnv_xlsx_format(cnv_str code)
{
	bool day = false, time = false, month = false, elapsed = false;

	for (size_t at = 0; at < code.len && code.at[at] != ';'; at++) {
		cnv_str rest = cnv_str_slice(code, at + 1, code.len);
		size_t end;

		switch (cnv_lower(code.at[at])) {
		case '"':
			end = cnv_str_find(rest, CNV_STR("\""));
			at += end == SIZE_MAX ? rest.len : end + 1;
			break;
		case '\\': /* the next character is literal */
		case '_':  /* a gap as wide as the next character */
		case '*':  /* the next character fills the cell */
			at++;
			break;
		case '[':
			end = cnv_str_find(rest, CNV_STR("]"));
			elapsed = elapsed || is_elapsed(cnv_str_slice(rest, 0, end));
			at += end == SIZE_MAX ? rest.len : end + 1;
			break;
		case 'd':
		case 'y':
			day = true;
			break;
		case 'h':
		case 's':
			time = true;
			break;
		case 'm': /* a month, or minutes next to hours or seconds */
			month = true;
			break;
		}
	}
	if (elapsed)
		return CNV_XLSX_ELAPSED;
	return (uint8_t)((day || (month && !time) ? CNV_XLSX_DAY : 0) | (time ? CNV_XLSX_TIME : 0));
}

/* ---------------------------------------------------------------- numbers */

#define EXPONENT 330 /* in either direction; a double has 308 digits before its point and 324 places after it */
#define KEPT 40      /* digits of a number with an exponent */
#define SPREAD_ROOM (EXPONENT + KEPT + 4) /* sign, zero and point included */

/* Writes `text` without its exponent, as cnv_number_read expects; false: not a number.  "1.5E-3" -> "0.0015" */
static bool spread(cnv_str text, char out[SPREAD_ROOM], size_t *len)
{
	size_t e = 0, digits = 0, before = 0, at = 0, used = 0;
	char kept[KEPT];
	int64_t exponent;
	bool point = false;

	while (e < text.len && cnv_lower(text.at[e]) != 'e')
		e++;
	cnv_str tail = cnv_str_slice(text, e + 1, text.len);
	if (cnv_str_starts(tail, CNV_STR("+")))
		tail = cnv_str_slice(tail, 1, tail.len);
	if (!cnv_integer_read(tail, &exponent) || exponent < -EXPONENT || exponent > EXPONENT)
		return false;
	if (text.at[0] == '-')
		out[used++] = text.at[at++];
	for (; at < e; at++) {
		if (text.at[at] == '.' && !point) {
			point = true;
		} else if (text.at[at] >= '0' && text.at[at] <= '9' && digits < sizeof kept) {
			kept[digits++] = text.at[at];
			before += !point;
		} else {
			return false;
		}
	}
	if (!digits)
		return false;
	int64_t whole = (int64_t)before + exponent; /* digits before the point, or zeros after it */
	if (whole <= 0)
		out[used++] = '0', out[used++] = '.';
	for (int64_t i = whole; i < 0; i++)
		out[used++] = '0';
	for (size_t i = 0; i < digits; i++) {
		if (whole > 0 && i == (size_t)whole)
			out[used++] = '.';
		out[used++] = kept[i];
	}
	for (int64_t i = (int64_t)digits; i < whole; i++)
		out[used++] = '0';
	*len = used;
	return true;
}

bool cnv_xlsx_number_read(cnv_str text, double *number)
{
	char plain[SPREAD_ROOM];
	size_t len;

	text = cnv_str_trim(text);
	if (cnv_number_read(text, number))
		return true;
	if (!text.len || !spread(text, plain, &len))
		return false;
	return cnv_number_read((cnv_str){ plain, len }, number);
}

/* Counts the significant digits of a number's shortest text, and the digits before its point (less than 1: zeros
 * after it). */
static size_t count_digits(cnv_str text, int *before)
{
	size_t count = 0, zeros = 0;
	bool point = false;

	*before = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '.') {
			point = true;
		} else if (text.at[i] >= '0' && text.at[i] <= '9') {
			if (!count && text.at[i] == '0') {
				*before -= point;
				continue;
			}
			*before += !point;
			zeros = text.at[i] == '0' ? zeros + 1 : 0;
			count++;
		}
	}
	return count - zeros;
}

bool cnv_xlsx_address(cnv_str text, uint32_t *row, uint32_t *column)
{
	size_t at = 0;

	*row = *column = 0;
	for (; at < text.len && at < 4; at++) {
		char c = cnv_lower(text.at[at]);
		if (c < 'a' || c > 'z')
			break;
		*column = *column * 26 + (uint32_t)(c - 'a') + 1;
	}
	int64_t number;
	if (!cnv_integer_read(cnv_str_slice(text, at, text.len), &number) || number < 1 || number > CNV_XLSX_ROWS)
		return false;
	*row = (uint32_t)number;
	return *column >= 1 && *column <= CNV_XLSX_COLUMNS;
}

size_t cnv_xlsx_number_write(cnv_str text, double number, bool exact, char out[CNV_NUMBER_ROOM])
{
	int64_t integer;
	int before;

	/* Codes and telephone numbers may have more digits than a double holds exactly. */
	text = cnv_str_trim(text);
	if (text.len < 20 && text.at[0] != '0' && cnv_integer_read(text, &integer) && integer) {
		memcpy(out, text.at, text.len);
		return text.len;
	}
	size_t len = cnv_number_write(number, out);
	if (!exact && number > -1e21 && number < 1e21 && count_digits((cnv_str){ out, len }, &before) > DIGITS)
		len = cnv_number_write(cnv_number_round(number, DIGITS - before), out);
	return len;
}

size_t cnv_xlsx_number_shown(double number, char out[CNV_NUMBER_ROOM])
{
	char digits[40], plain[40];
	cnv_str text = { plain, 0 };
	double written = 0;

	/* Most numbers of a report are counts, and the library writes each of their digits. */
	if (number == floor(number) && fabs(number) < INTEGERS)
		return cnv_number_write(number + 0.0, out);
	/* As the library writes it; adding 0 turns -0 into 0.  Under a locale the point may be something else. */
	snprintf(digits, sizeof digits, "%.16G", number + 0.0);
	for (const char *at = digits; *at; at++) {
		bool ours = (*at >= '0' && *at <= '9') || *at == '-' || *at == '+' || *at == 'E';

		if (ours || text.len == 0 || plain[text.len - 1] != '.')
			plain[text.len++] = ours ? *at : '.';
	}
	cnv_xlsx_number_read(text, &written);
	return cnv_xlsx_number_write(text, written, false, out);
}

/* ---------------------------------------------------------------- dates */

static size_t write_clock(int64_t seconds, char *out, size_t room)
{
	return (size_t)snprintf(out, room, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
				(int)(seconds % 60));
}

size_t cnv_xlsx_date_write(double serial, uint8_t format, bool from_1904, char out[CNV_XLSX_DATE_ROOM])
{
	int64_t end = SERIAL_END - (from_1904 ? EPOCH_1900 - EPOCH_1904 : 0);
	if (!(serial >= 0 && serial < (double)end))
		return 0;
	int64_t day = (int64_t)serial;
	int64_t seconds = (int64_t)((serial - (double)day) * DAY_SECONDS + 0.5);
	if (format & CNV_XLSX_ELAPSED)
		return write_clock(day * DAY_SECONDS + seconds, out, CNV_XLSX_DATE_ROOM);
	if (seconds == DAY_SECONDS) {
		seconds = 0;
		if (++day == end)
			return 0;
	}
	if (!day && (!from_1904 || !(format & CNV_XLSX_DAY)))
		return write_clock(seconds, out, CNV_XLSX_DATE_ROOM);
	/* Excel shows 1900-02-29, a day that never was; serials above 59 are one too high. */
	if (!from_1904 && day == 60)
		memcpy(out, "1900-02-29", CNV_DAY_ROOM);
	else
		cnv_day_write((int32_t)(from_1904 ? day - EPOCH_1904 : day - EPOCH_1900 + (day < 60)), out);
	size_t len = CNV_DAY_ROOM - 1;
	if (seconds || format & CNV_XLSX_TIME) {
		out[len++] = ' ';
		len += write_clock(seconds, out + len, CNV_XLSX_DATE_ROOM - len);
	}
	return len;
}

size_t cnv_xlsx_iso_write(cnv_str text, uint8_t format, char out[CNV_XLSX_DATE_ROOM])
{
	int32_t day, milliseconds = 0, offset;
	size_t len = 0, split;
	bool zoned;

	text = cnv_str_trim(text);
	split = cnv_str_find(text, CNV_STR("T"));
	bool dated = cnv_day_read(cnv_str_slice(text, 0, split), &day);
	cnv_str clock = split != SIZE_MAX ? cnv_str_slice(text, split + 1, text.len)
			: dated           ? CNV_STR("00:00:00")
					  : text;
	if ((split != SIZE_MAX && split && !dated) || !cnv_time_read(clock, &milliseconds, &offset, &zoned))
		return 0;
	if (dated)
		len = cnv_day_write(day, out);
	if (dated && !milliseconds && !(format & CNV_XLSX_TIME))
		return len;
	if (dated)
		out[len++] = ' ';
	return len + write_clock(milliseconds / 1000, out + len, CNV_XLSX_DATE_ROOM - len);
}
