/* What a row of answers has next to its values: the respondent's own texts and the source lines, as JSON.
 *
 * A text comes back to the byte.  JSON has no zero byte (neither SQLite nor PostgreSQL reads one) and no bytes other
 * than UTF-8, so each such byte is written as ESCAPE and two hexadecimal digits, and so is ESCAPE itself.  Reading is
 * strict: what is not written here is damage, and is found before it is used. */
#include "store/own.h"

#include <string.h>

/* U+241B, SYMBOL FOR ESCAPE */
#define ESCAPE "\xe2\x90\x9b"
#define ESCAPE_LEN 3u
#define ESCAPE_CHAR 0x241bu

/* Lines are within 32 bits, so their differences have at most ten digits. */
#define MOST_DIGITS 10u

/* ---------------------------------------------------------------- writing */

/* Writes at most MOST_DIGITS digits and returns how many. */
static size_t write_number(char *out, uint32_t number)
{
	size_t digits = 1;

	for (uint32_t rest = number; rest >= 10; rest /= 10)
		digits++;
	for (size_t at = digits; at-- > 0; number /= 10)
		out[at] = (char)('0' + number % 10);
	return digits;
}

/* The length of the run from `at` on that is itself in JSON. */
static size_t plain_run(cnv_str text, size_t at)
{
	size_t from = at;

	while (at < text.len && text.at[at] >= ' ' && text.at[at] < 0x7f && text.at[at] != '"' && text.at[at] != '\\')
		at++;
	return at - from;
}

/* Bytes of the character at the head of the text; 0: they are no character that JSON can have. */
static size_t character_len(cnv_str text)
{
	const char *next = text.at;
	cnv_str head = cnv_str_slice(text, 0, 4);
	uint32_t c;

	if (!text.at[0] || !cnv_utf8_check(head))
		return 0;
	c = cnv_utf8_next(&next, text.at + text.len);
	return c == ESCAPE_CHAR ? 0 : (size_t)(next - text.at);
}

static void put_byte(cnv_text *out, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";

	cnv_text_put(out, CNV_STR(ESCAPE));
	cnv_text_put_char(out, digits[byte >> 4]);
	cnv_text_put_char(out, digits[byte & 15]);
}

static void put_text(cnv_text *out, cnv_str text)
{
	for (size_t at = 0, len; at < text.len; at += len) {
		cnv_str rest = cnv_str_slice(text, at, text.len);
		char room[CNV_JSON_ROOM];

		len = plain_run(text, at);
		if (len) {
			cnv_text_put(out, cnv_str_slice(rest, 0, len));
			continue;
		}
		len = character_len(rest);
		if (len) {
			rest.len = len;
			cnv_text_put(out, cnv_json_next(&rest, room));
		} else {
			put_byte(out, (unsigned char)text.at[at]);
			len = 1;
		}
	}
}

void store_own_put(cnv_text *out, size_t from, uint32_t column, cnv_str text)
{
	char key[MOST_DIGITS + 5] = { out->len == from ? '{' : ',', '"' };
	size_t len = 2 + write_number(key + 2, column);

	memcpy(key + len, "\":\"", 3);
	cnv_text_put(out, (cnv_str){ key, len + 3 });
	if (plain_run(text, 0) == text.len)
		cnv_text_put(out, text);
	else
		put_text(out, text);
	cnv_text_put(out, CNV_STR("\""));
}

void store_own_end(cnv_text *out)
{
	cnv_text_put_char(out, '}');
}

void store_lines_put(cnv_text *out, size_t from, int64_t step)
{
	char text[MOST_DIGITS + 2] = { out->len == from ? '[' : ',', '-' };
	size_t len = step < 0 ? 2 : 1;

	len += write_number(text + len, (uint32_t)(step < 0 ? -step : step));
	cnv_text_put(out, (cnv_str){ text, len });
}

void store_lines_end(cnv_text *out)
{
	cnv_text_put_char(out, ']');
}

/* ---------------------------------------------------------------- reading */

/* Takes a whole number off the text, as put_number writes it. */
static bool take_number(cnv_str *rest, uint64_t *number)
{
	size_t len = 0;

	*number = 0;
	for (; len < rest->len && len <= MOST_DIGITS && rest->at[len] >= '0' && rest->at[len] <= '9'; len++)
		*number = *number * 10 + (uint64_t)(rest->at[len] - '0');
	if (!len || len > MOST_DIGITS || (len > 1 && rest->at[0] == '0'))
		return false;
	*rest = cnv_str_slice(*rest, len, rest->len);
	return true;
}

static bool take(cnv_str *rest, cnv_str expected)
{
	if (!cnv_str_starts(*rest, expected))
		return false;
	*rest = cnv_str_slice(*rest, expected.len, rest->len);
	return true;
}

/* Takes the characters up to the quote that ends a string, and the quote. */
static bool take_written(cnv_str *rest, cnv_str *written, bool *plain)
{
	size_t at = 0;

	*plain = true;
	for (; at < rest->len && rest->at[at] != '"'; at++) {
		unsigned char byte = (unsigned char)rest->at[at];

		if (byte < ' ')
			return false;
		if (byte == '\\') {
			*plain = false;
			at++;
		} else if (byte == (unsigned char)ESCAPE[0] && rest->len - at >= ESCAPE_LEN &&
			   !memcmp(rest->at + at, ESCAPE, ESCAPE_LEN)) {
			*plain = false;
		}
	}
	if (at >= rest->len)
		return false;
	*written = cnv_str_slice(*rest, 0, at);
	*rest = cnv_str_slice(*rest, at + 1, rest->len);
	return true;
}

static bool take_own(store_own *own)
{
	uint64_t column;

	if (!take(&own->rest, own->begun ? CNV_STR(",\"") : CNV_STR("{\"")) || !take_number(&own->rest, &column) ||
	    !take(&own->rest, CNV_STR("\":\"")) || !take_written(&own->rest, &own->written, &own->plain) ||
	    column >= CNV_NONE || (own->begun && column <= own->column) || !own->rest.len)
		return false;
	own->column = (uint32_t)column;
	own->begun = true;
	return true;
}

bool store_own_next(store_own *own)
{
	if (!own->rest.len)
		return false;
	if (own->begun && cnv_str_equal(own->rest, CNV_STR("}"))) {
		own->rest = (cnv_str){ 0 };
		return false;
	}
	if (take_own(own))
		return true;
	own->damaged = true;
	own->rest = (cnv_str){ 0 };
	return false;
}

/* The value of `count` hexadecimal digits, taken off the text; CNV_NONE: there are fewer. */
static uint32_t take_hex(cnv_str *rest, size_t count)
{
	uint32_t value = 0;

	if (rest->len < count)
		return CNV_NONE;
	for (size_t i = 0; i < count; i++) {
		char c = rest->at[i];

		if (c >= '0' && c <= '9')
			value = value * 16 + (uint32_t)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value * 16 + (uint32_t)((c | 32) - 'a') + 10;
		else
			return CNV_NONE;
	}
	*rest = cnv_str_slice(*rest, count, rest->len);
	return value;
}

/* What follows a backslash: a character, or the two halves of one beyond U+FFFF. */
static uint32_t take_escaped(cnv_str *rest)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	uint32_t c, low;

	if (!rest->len)
		return CNV_NONE;
	name = rest->at[0] ? strchr(names, rest->at[0]) : NULL;
	if (name) {
		*rest = cnv_str_slice(*rest, 1, rest->len);
		return (uint32_t)meant[name - names];
	}
	if (!take(rest, CNV_STR("u")))
		return CNV_NONE;
	c = take_hex(rest, 4);
	if (c >= 0xd800 && c < 0xdc00) {
		low = take(rest, CNV_STR("\\u")) ? take_hex(rest, 4) : CNV_NONE;
		return low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : CNV_NONE;
	}
	return !c || (c >= 0xdc00 && c < 0xe000) ? CNV_NONE : c;
}

bool store_own_text(const store_own *own, cnv_text *room, cnv_str *text)
{
	cnv_str rest = own->written;

	*text = rest;
	if (own->plain)
		return true;
	cnv_text_reset(room);
	while (rest.len) {
		char bytes[4];
		uint32_t c = 0;

		if (take(&rest, CNV_STR("\\")))
			c = take_escaped(&rest);
		else if (take(&rest, CNV_STR(ESCAPE)))
			c = ESCAPE_CHAR;
		if (c == ESCAPE_CHAR) {
			c = take_hex(&rest, 2);
			if (c == CNV_NONE)
				return false;
			cnv_text_put_char(room, (char)c);
		} else if (c == CNV_NONE) {
			return false;
		} else if (c) {
			cnv_text_put(room, (cnv_str){ bytes, cnv_utf8_put(bytes, c) });
		} else {
			cnv_text_put_char(room, rest.at[0]);
			rest = cnv_str_slice(rest, 1, rest.len);
		}
	}
	*text = cnv_text_str(room);
	return true;
}

static bool take_step(store_lines *lines)
{
	uint64_t number;
	bool below;

	if (!take(&lines->rest, lines->begun ? CNV_STR(",") : CNV_STR("[")))
		return false;
	below = take(&lines->rest, CNV_STR("-"));
	if (!take_number(&lines->rest, &number) || number > UINT32_MAX || !lines->rest.len)
		return false;
	lines->step = below ? -(int64_t)number : (int64_t)number;
	lines->begun = true;
	return true;
}

bool store_lines_next(store_lines *lines)
{
	if (!lines->rest.len)
		return false;
	if (lines->begun && cnv_str_equal(lines->rest, CNV_STR("]"))) {
		lines->rest = (cnv_str){ 0 };
		return false;
	}
	if (take_step(lines))
		return true;
	lines->damaged = true;
	lines->rest = (cnv_str){ 0 };
	return false;
}
