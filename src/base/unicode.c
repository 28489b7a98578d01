/* Unicode: the display width of text, and the form in which labels are compared.  The only file that uses utf8proc.
 *
 * Nearly every label is ASCII, which never reaches the library. */
#include "canvass/base.h"

#include <utf8proc.h>

#define SMALL_LABEL 256 /* code points decomposed on the stack */

static bool is_ascii(cnv_str s)
{
	unsigned char any = 0;

	for (size_t i = 0; i < s.len; i++)
		any |= (unsigned char)s.at[i];
	return any < 0x80;
}

static bool is_blank(utf8proc_int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x1680 || c == 0x2028 || c == 0x2029;
}

/* Maps curly quotes to straight ones, every dash to a hyphen, white space to a space, after NFKC. */
static utf8proc_int32_t straighten(utf8proc_int32_t c)
{
	if (is_blank(c))
		return ' ';
	if (c >= 0x2018 && c <= 0x201B)
		return '\'';
	if (c >= 0x201C && c <= 0x201F)
		return '"';
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		return '-';
	return c;
}

static cnv_str fold_ascii(cnv_arena *arena, cnv_str s)
{
	s = cnv_str_trim(s);
	char *out = s.len ? cnv_arena_get(arena, s.len) : NULL;
	if (!out)
		return (cnv_str){ 0 };
	size_t len = 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (is_blank((unsigned char)c))
			c = ' ';
		else if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (c != ' ' || out[len - 1] != ' ') /* no blank at the start */
			out[len++] = c;
	}
	return (cnv_str){ out, len };
}

/* Straightens `count` code points in place, trims and joins white space; returns how many remain. */
static utf8proc_ssize_t tidy(utf8proc_int32_t *points, utf8proc_ssize_t count)
{
	utf8proc_ssize_t kept = 0;

	for (utf8proc_ssize_t i = 0; i < count; i++) {
		utf8proc_int32_t c = straighten(points[i]);
		if (c != ' ' || (kept && points[kept - 1] != ' '))
			points[kept++] = c;
	}
	return kept && points[kept - 1] == ' ' ? kept - 1 : kept;
}

static cnv_str encode(cnv_arena *arena, const utf8proc_int32_t *points, utf8proc_ssize_t count)
{
	char bytes[4];
	size_t room = 0, len = 0;

	for (utf8proc_ssize_t i = 0; i < count; i++)
		room += cnv_utf8_put(bytes, (uint32_t)points[i]);
	char *out = room ? cnv_arena_get(arena, room) : NULL;
	if (!out)
		return (cnv_str){ 0 };
	for (utf8proc_ssize_t i = 0; i < count; i++)
		len += cnv_utf8_put(out + len, (uint32_t)points[i]);
	return (cnv_str){ out, len };
}

size_t cnv_text_width(cnv_str s)
{
	size_t width = 0;

	for (const char *at = s.at, *end = s.len ? at + s.len : at; at < end;) {
		uint32_t c = cnv_utf8_next(&at, end);
		if (c >= 0x20 && c < 0x7F)
			width++;
		else if (c > 0x9F)
			width += (size_t)utf8proc_charwidth((utf8proc_int32_t)c);
	}
	return width;
}

cnv_char_class cnv_char_classify(uint32_t code_point)
{
	switch (utf8proc_category((utf8proc_int32_t)code_point)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LT:
		return CNV_CHAR_UPPER;
	case UTF8PROC_CATEGORY_LL:
		return CNV_CHAR_LOWER;
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return CNV_CHAR_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return CNV_CHAR_MARK;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return CNV_CHAR_DIGIT;
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return CNV_CHAR_BLANK;
	case UTF8PROC_CATEGORY_CC:
		return is_blank((utf8proc_int32_t)code_point) ? CNV_CHAR_BLANK : CNV_CHAR_NONE;
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
		return CNV_CHAR_NONE;
	default: /* punctuation, symbols and format characters; default, because the enumeration is the library's */
		return CNV_CHAR_SIGN;
	}
}

uint32_t cnv_char_lower(uint32_t code_point)
{
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point);
}

/* Converts text beyond ASCII to a normal form; `tidied`: with quotes, dashes and white space as labels are compared. */
static cnv_str normalize(cnv_arena *arena, cnv_str s, utf8proc_option_t options, bool tidied)
{
	utf8proc_int32_t small[SMALL_LABEL], *points = small, *large = NULL;
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)s.at;

	utf8proc_ssize_t len = (utf8proc_ssize_t)s.len;
	utf8proc_ssize_t count = utf8proc_decompose(at, len, points, SMALL_LABEL, options);
	if (count > SMALL_LABEL) {
		points = large = cnv_mem_array((size_t)count, sizeof *large);
		if (!large) {
			arena->failed = true;
			return (cnv_str){ 0 };
		}
		count = utf8proc_decompose(at, len, points, count, options);
	}
	if (count < 0) /* not UTF-8: unchanged */
		return cnv_arena_copy(arena, s);
	count = utf8proc_normalize_utf32(points, tidied ? tidy(points, count) : count, options);
	cnv_str normal = encode(arena, points, count);
	cnv_mem_free(large);
	return normal;
}

cnv_str cnv_text_fold(cnv_arena *arena, cnv_str s)
{
	if (is_ascii(s))
		return fold_ascii(arena, s);
	return normalize(arena, s,
			 UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE,
			 true);
}

cnv_str cnv_text_compose(cnv_arena *arena, cnv_str s)
{
	return is_ascii(s) ? cnv_arena_copy(arena, s) : normalize(arena, s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, false);
}

/* ---------------------------------------------------------------- invisible characters */

/* Characters that are not visible as themselves: from, upto (inclusive). */
static const struct {
	uint32_t from, upto;
} hidden[] = {
	{ 0x00, 0x08 },     { 0x0b, 0x1f },     { 0x7f, 0x9f },     { 0xad, 0xad },
	{ 0x061c, 0x061c }, { 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

bool cnv_is_hidden(uint32_t c)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (c >= hidden[i].from && c <= hidden[i].upto)
			return true;
	return false;
}
