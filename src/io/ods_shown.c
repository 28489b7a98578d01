/* Numbers of an OpenDocument spreadsheet as people see them: "30%" for 0.3, "USD 5", "5 km", "001234".
 *
 * A cell has its number to the last digit, and the text that it shows, whose format may have rounded it.  What the text
 * has before and after its digits is kept around the number, as for workbooks in .xlsx (xlsx_shown.h). */
#include "io/ods_book.h"
#include "io/xlsx_shown.h"

#include <math.h>

#define AROUND 40u /* bytes before or after the number; more is no unit */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The shown text, taken apart at its first and last digit. */
typedef struct shape {
	cnv_str before, digits, after;
} shape;

static bool take_apart(cnv_str text, shape *s)
{
	size_t from = 0, upto;

	text = cnv_str_trim_unicode(text);
	upto = text.len;
	while (from < upto && !is_digit(text.at[from]))
		from++;
	while (upto > from && !is_digit(text.at[upto - 1]))
		upto--;
	s->before = cnv_str_slice(text, 0, from);
	s->digits = cnv_str_slice(text, from, upto);
	s->after = cnv_str_slice(text, upto, text.len);
	return from < upto && s->before.len <= AROUND && s->after.len <= AROUND && s->digits.len <= AROUND;
}

/* The digits as a number; those from `point` on are decimals. */
static double number_of(cnv_str digits, size_t point)
{
	char plain[AROUND + 1];
	size_t len = 0;
	double number = 0;

	for (size_t i = 0; i < digits.len; i++)
		if (is_digit(digits.at[i]))
			plain[len++] = digits.at[i];
		else if (i == point)
			plain[len++] = '.';
	cnv_number_read((cnv_str){ plain, len }, &number);
	return number;
}

/* Is it the number, rounded to the decimals shown?  Thousands shown as "1.3M" are not, nor is a fraction or an exponent.
 * Which of "." and "," begins the decimals depends on the language of the file, so either may. */
static bool is_rounded(cnv_str digits, double number)
{
	size_t point = digits.len, decimals;

	for (size_t i = 0; i < digits.len; i++)
		if (cnv_str_find(CNV_STR("/Ee:"), cnv_str_slice(digits, i, i + 1)) != SIZE_MAX)
			return false;
		else if (digits.at[i] == '.' || digits.at[i] == ',')
			point = i;
	decimals = point < digits.len ? digits.len - point - 1 : 0;
	return fabs(number_of(digits, point) - number) <= 0.5000001 * pow(10, -(double)decimals) ||
	       fabs(number_of(digits, digits.len) - number) <= 0.5000001;
}

/* The same digits as the number has, with zeros in front or signs between them: a code or a telephone number. */
static bool is_code(const shape *s, cnv_str number)
{
	size_t at = s->digits.len, left = number.len;
	bool adds = false;

	for (; at > 0; at--) {
		char c = s->digits.at[at - 1];

		if (!is_digit(c)) {
			if ((unsigned char)c >= 0x80 || c == ',' || c == '.' || c == ' ' || c == '\'')
				return false; /* groups of digits, or decimals */
			adds = true;
		} else if (!left) {
			if (c != '0')
				return false;
			adds = true;
		} else if (number.at[--left] != c) {
			return false;
		}
	}
	return adds && !left;
}

/* Takes the sign off a negative number: a minus, or parentheses, as accountants write it. */
static void take_sign(shape *s)
{
	static const char *const minus[] = { "-", "\xE2\x88\x92" };

	if (cnv_str_starts(s->before, CNV_STR("(")) && cnv_str_ends(s->after, CNV_STR(")"))) {
		s->before = cnv_str_slice(s->before, 1, s->before.len);
		s->after = cnv_str_slice(s->after, 0, s->after.len - 1);
	}
	for (size_t i = 0; i < sizeof minus / sizeof *minus; i++) {
		cnv_str sign = cnv_str_from(minus[i]);

		if (cnv_str_starts(s->before, sign))
			s->before = cnv_str_slice(s->before, sign.len, s->before.len);
		else if (cnv_str_ends(s->before, sign))
			s->before = cnv_str_slice(s->before, 0, s->before.len - sign.len);
	}
}

bool cnv_ods_show(cnv_text *out, const cnv_ods_value *value)
{
	char room[CNV_NUMBER_ROOM];
	double number;
	cnv_str digits;
	shape s;

	cnv_text_reset(out);
	if (!cnv_xlsx_number_read(value->value, &number))
		return false;
	digits = (cnv_str){ room, cnv_xlsx_number_write(value->value, number, false, room) };
	if (cnv_str_equal(value->type, CNV_STR("percentage"))) {
		cnv_xlsx_show(out, CNV_STR("0%"), digits);
		return true;
	}
	if (!take_apart(value->text, &s))
		return false;
	if (number < 0) {
		take_sign(&s);
		digits = cnv_str_slice(digits, 1, digits.len);
	}
	if (is_code(&s, digits))
		digits = s.digits;
	else if (!(s.before.len + s.after.len) || !is_rounded(s.digits, fabs(number)))
		return false;
	cnv_text_format(out, "%s%.*s%.*s%.*s", number < 0 ? "-" : "", CNV_ARG(s.before), CNV_ARG(digits),
			CNV_ARG(s.after));
	return true;
}
