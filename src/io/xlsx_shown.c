/* Numbers as their format shows them: "30%" for 0.3, "USD 5", "001234", "+61 2 6271".
 *
 * People check what they see.  A number whose format adds something to its digits is therefore passed on with it, and
 * with all its digits, which the format may round.  Formats with several sections are read by the first, because
 * only signs and colours differ in the others as a rule. */
#include "io/xlsx_shown.h"

#include <string.h>

enum {
	AROUND = 40,  /* bytes before or after the number */
	PLACES = 24,  /* digits of a mask such as 000-00-0000 */
	FARTHEST = 12 /* places by which the point moves */
};

/* The first section of a format, taken apart. */
typedef struct shape {
	char before[AROUND], after[AROUND];
	size_t before_len, after_len;
	char mask[AROUND]; /* the places of digits, and the characters between them */
	size_t mask_len;
	int shift;      /* places by which the point moves to the right */
	uint32_t zeros; /* places before the point that are always filled */
	bool broken;    /* characters between the digits */
	bool placed, ended, decimal, general;
	bool unknown; /* a fraction, an exponent, a text, or too long */
} shape;

static bool is_place(char c)
{
	return c == '0' || c == '#' || c == '?';
}

static void put(char *to, size_t *len, cnv_str text, shape *s)
{
	if (text.len > AROUND - *len) {
		s->unknown = true;
		return;
	}
	if (text.len)
		memcpy(to + *len, text.at, text.len);
	*len += text.len;
}

/* A character that is shown as it is. */
static void put_literal(shape *s, cnv_str text)
{
	if (!s->placed)
		put(s->before, &s->before_len, text, s);
	else
		put(s->after, &s->after_len, text, s);
}

/* What followed the digits so far is between them. */
static void put_place(shape *s, cnv_str place)
{
	if (s->after_len) {
		s->broken = true;
		put(s->mask, &s->mask_len, (cnv_str){ s->after, s->after_len }, s);
		s->after_len = 0;
	}
	s->placed = true;
	put(s->mask, &s->mask_len, place, s);
	s->zeros += place.at[0] == '0' && !s->decimal;
}

/* "[$USD-409]" shows USD; other brackets are colours, conditions and languages. */
static void put_bracket(shape *s, cnv_str inside)
{
	if (cnv_str_starts(inside, CNV_STR("$"))) {
		cnv_str symbol = cnv_str_slice(inside, 1, inside.len);
		put_literal(s, cnv_str_slice(symbol, 0, cnv_str_find(symbol, CNV_STR("-"))));
	}
}

/* Reads one element of the format; returns its length. */
static size_t take(shape *s, cnv_str rest)
{
	char c = rest.at[0];
	cnv_str tail = cnv_str_slice(rest, 1, rest.len);
	size_t end;

	if (cnv_str_starts(rest, CNV_STR("General"))) {
		s->unknown |= s->placed;
		s->placed = s->general = true;
		return 7;
	}
	switch (c) {
	case '"':
	case '[':
		end = cnv_str_find(tail, c == '"' ? CNV_STR("\"") : CNV_STR("]"));
		if (c == '"')
			put_literal(s, cnv_str_slice(tail, 0, end));
		else
			put_bracket(s, cnv_str_slice(tail, 0, end));
		return end == SIZE_MAX ? rest.len : end + 2;
	case '\\':
		end = 0;
		do
			end++;
		while (end < tail.len && ((unsigned char)tail.at[end] & 0xc0) == 0x80);
		put_literal(s, cnv_str_slice(tail, 0, end));
		return 1 + end;
	case '_': /* a gap as wide as the next character */
	case '*': /* the next character fills the cell */
		return 2;
	case '0':
	case '#':
	case '?':
		put_place(s, cnv_str_slice(rest, 0, 1));
		return 1;
	case '.':
		s->decimal = true;
		return 1;
	case ',': /* groups digits; after the last place it divides by a thousand */
		for (end = 0; end < tail.len && tail.at[end] == ','; end++)
			;
		if (s->placed && (end == tail.len || (!is_place(tail.at[end]) && tail.at[end] != '.')))
			s->shift -= 3 * (int)(end + 1);
		return end + 1;
	case '%':
		s->shift += 2;
		break;
	case '/':
	case '@':
	case 'E':
	case 'e':
		s->unknown = true;
		break;
	}
	put_literal(s, cnv_str_slice(rest, 0, 1));
	return 1;
}

static shape take_apart(cnv_str code)
{
	shape s = { 0 };

	for (size_t at = 0; at < code.len && code.at[at] != ';' && !s.unknown;)
		at += take(&s, cnv_str_slice(code, at, code.len));
	while (s.before_len && s.before[0] == ' ') {
		memmove(s.before, s.before + 1, --s.before_len);
	}
	while (s.after_len && s.after[s.after_len - 1] == ' ')
		s.after_len--;
	return s;
}

static bool is_mask(const shape *s)
{
	return s->broken && !s->decimal && !s->shift && !s->general;
}

bool cnv_xlsx_adds(cnv_str code)
{
	shape s = take_apart(code);

	return !s.unknown && s.placed &&
	       (s.before_len || s.after_len || s.shift || is_mask(&s) || (s.zeros > 1 && !s.decimal));
}

cnv_str cnv_xlsx_builtin_adds(int64_t id)
{
	if (id == 9 || id == 10)
		return CNV_STR("0%");
	/* The currency is that of the reader's computer. */
	if ((id >= 5 && id <= 8) || id == 42 || id == 44)
		return CNV_STR("$#,##0");
	return (cnv_str){ 0 };
}

/* ---------------------------------------------------------------- a number */

/* Moves the point of a decimal number without a sign. */
static void put_shifted(cnv_text *out, cnv_str digits, int shift)
{
	size_t point = cnv_str_find(digits, CNV_STR("."));
	char plain[2 * FARTHEST + 2 * CNV_NUMBER_ROOM];
	size_t len = 0, whole, at = 0;

	memset(plain, '0', FARTHEST);
	len = FARTHEST;
	whole = len + (point == SIZE_MAX ? digits.len : point);
	for (size_t i = 0; i < digits.len && i < CNV_NUMBER_ROOM; i++)
		if (digits.at[i] != '.')
			plain[len++] = digits.at[i];
	memset(plain + len, '0', FARTHEST);
	len += FARTHEST;
	whole = (size_t)((int)whole + shift);
	while (at + 1 < whole && plain[at] == '0')
		at++;
	while (len > whole && plain[len - 1] == '0')
		len--;
	cnv_text_put(out, (cnv_str){ plain + at, whole - at });
	if (len > whole) {
		cnv_text_put_char(out, '.');
		cnv_text_put(out, (cnv_str){ plain + whole, len - whole });
	}
}

/* Fills the places of a mask from the right; digits that do not fit are put before its first place. */
static void put_masked(cnv_text *out, const shape *s, cnv_str digits)
{
	size_t places = 0, over;

	for (size_t i = 0; i < s->mask_len; i++)
		places += is_place(s->mask[i]);
	over = digits.len > places ? digits.len - places : 0;
	for (size_t i = 0, next = 0, left = places; i < s->mask_len; i++) {
		if (!is_place(s->mask[i])) {
			cnv_text_put_char(out, s->mask[i]);
			continue;
		}
		if (left == places && over) {
			cnv_text_put(out, cnv_str_slice(digits, 0, over));
			next = over;
		}
		if (left <= digits.len)
			cnv_text_put_char(out, digits.at[next++]);
		else if (s->mask[i] == '0')
			cnv_text_put_char(out, '0');
		left--;
	}
}

void cnv_xlsx_show(cnv_text *out, cnv_str code, cnv_str number)
{
	const shape s = take_apart(code);
	bool negative = cnv_str_starts(number, CNV_STR("-"));
	cnv_str digits = cnv_str_slice(number, negative, number.len);
	bool whole = cnv_str_find(digits, CNV_STR(".")) == SIZE_MAX;

	cnv_text_reset(out);
	if (s.unknown || digits.len > PLACES || s.shift > FARTHEST || s.shift < -FARTHEST) {
		cnv_text_put(out, number);
		return;
	}
	if (negative)
		cnv_text_put_char(out, '-');
	/* "+0;-0": a minus sign replaces the plus. */
	cnv_text_put(out, cnv_str_slice((cnv_str){ s.before, s.before_len },
					negative && s.before_len && s.before[0] == '+', s.before_len));
	if (is_mask(&s) && whole) {
		put_masked(out, &s, digits);
	} else if (s.shift) {
		put_shifted(out, digits, s.shift);
	} else {
		for (size_t i = digits.len; i < s.zeros && whole && !s.decimal; i++)
			cnv_text_put_char(out, '0');
		cnv_text_put(out, digits);
	}
	cnv_text_put(out, (cnv_str){ s.after, s.after_len });
}
