/* Limits of a workbook cell: the characters of its text, its length, the decimals of its number. */
#include "io/xlsx_text.h"

#include <math.h>

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* Would Excel read this as an escape?  "_x0041_" reads as "A" (ECMA-376 part 1, 22.9.2.19). */
static bool looks_escaped(cnv_str s)
{
	return s.len >= 7 && s.at[0] == '_' && s.at[1] == 'x' && is_hex(s.at[2]) && is_hex(s.at[3]) &&
	       is_hex(s.at[4]) && is_hex(s.at[5]) && s.at[6] == '_';
}

/* May something that must be escaped begin with this byte?  Nearly no byte of a text may. */
static bool may_be_special(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte < 0x20 || byte == '_' || byte == 0xEF;
}

/* Bytes at the beginning of s that must be escaped together; 0: none.  *code is their character. */
static size_t special(cnv_str s, uint32_t *code)
{
	unsigned char first = (unsigned char)s.at[0];
	*code = first;
	if (first < 0x20)
		return first != '\t' && first != '\n';
	if (first == '_')
		return looks_escaped(s);
	/* U+FFFE and U+FFFF are not allowed in XML. */
	if (first == 0xEF && s.len >= 3 && (unsigned char)s.at[1] == 0xBF && (unsigned char)s.at[2] >= 0xBE) {
		*code = 0xFF00u | ((unsigned char)s.at[2] | 0x40u);
		return 3;
	}
	return 0;
}

/* Writes s as a cell's text: control characters as _xHHHH_, a line end as LF alone. */
void cnv_xlsx_escape(cnv_text *out, cnv_str s)
{
	size_t from = 0, at = 0;
	cnv_text_reset(out);
	while (at < s.len) {
		uint32_t code;
		size_t len = may_be_special(s.at[at]) ? special(cnv_str_slice(s, at, s.len), &code) : 0;
		if (!len) {
			at++;
			continue;
		}
		cnv_text_put(out, cnv_str_slice(s, from, at));
		if (code != '\r' || at + 1 == s.len || s.at[at + 1] != '\n')
			cnv_text_format(out, "_x%04X_", code);
		at += len;
		from = at;
	}
	cnv_text_put(out, cnv_str_slice(s, from, s.len));
}

/* The longest prefix of s with at most `units` UTF-16 units, in bytes. */
size_t cnv_xlsx_bytes(cnv_str s, size_t units)
{
	const char *at = s.at, *end = s.at + s.len;
	while (at < end) {
		const char *before = at;
		size_t more = cnv_utf8_next(&at, end) > 0xFFFF ? 2 : 1;
		if (more > units)
			return (size_t)(before - s.at);
		units -= more;
	}
	return s.len;
}

#define CELL_UNITS 32767u /* UTF-16 units that a cell holds */

bool cnv_xlsx_cell_text(cnv_text *out, cnv_str s)
{
	static const cnv_str mark = { " [\xE2\x80\xA6]", 6 };

	cnv_xlsx_escape(out, s);
	cnv_str all = cnv_text_str(out);
	if (out->failed || all.len <= CELL_UNITS || cnv_utf16_length(all) <= CELL_UNITS)
		return false;
	out->len = cnv_xlsx_bytes(all, CNV_XLSX_CUT);
	cnv_text_put(out, mark);
	return true;
}

/* How many decimals, at most two, a number shows. */
size_t cnv_xlsx_decimals(double number)
{
	double hundredths = round(number * 100);
	if (!isfinite(hundredths) || fmod(hundredths, 100) == 0)
		return 0;
	return fmod(hundredths, 10) == 0 ? 1 : 2;
}
