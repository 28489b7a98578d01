/* Text: pointer and length, and UTF-8.
 *
 * All external input passes cnv_utf8_check once, on entry; after that text is valid, and code that steps through
 * code points may rely on it.  It still never reads past the given end, whatever the bytes are. */
#include "canvass/base.h"

#include <limits.h>
#include <string.h>

/* Needles of up to this many bytes are searched for naively; with longer ones a hostile text could cost the product
 * of both lengths, so the two-way search is used. */
#define PLAIN_NEEDLE 32

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The code points of Unicode's White_Space property. */
static bool is_space(uint32_t c)
{
	if (c < 0x80)
		return is_blank((char)c);
	return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool is_continuation(uint8_t byte)
{
	return (byte & 0xC0) == 0x80;
}

/* The length of the well-formed sequence at the start of [at, end), or 0.  The bounds on the second byte exclude
 * overlong forms, surrogates and values above U+10FFFF (Unicode, table 3-7). */
static size_t sequence_length(const uint8_t *at, const uint8_t *end)
{
	uint8_t lead = at[0];
	size_t len = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;

	if (len < 2 || (size_t)(end - at) < len)
		return len < 2 ? len : 0;
	uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (!is_continuation(at[i]))
			return 0;
	return len;
}

/* Returns the start of the maximal suffix of `needle` in byte order (or its reverse); *period is its period. */
static size_t longest_suffix(const uint8_t *needle, size_t len, bool reverse, size_t *period)
{
	size_t suffix = SIZE_MAX; /* one before its start; wraps around on purpose */
	size_t at = 0, k = 1, p = 1;

	while (at + k < len) {
		uint8_t a = needle[at + k], b = needle[suffix + k];
		if (a == b) {
			if (k == p) {
				at += p;
				k = 1;
			} else {
				k++;
			}
		} else if (reverse ? a > b : a < b) {
			at += k;
			k = 1;
			p = at - suffix;
		} else {
			suffix = at++;
			k = p = 1;
		}
	}
	*period = p;
	return suffix + 1;
}

/* Crochemore and Perrin's two-way search: linear in both lengths, without memory. */
static size_t find_two_way(const uint8_t *hay, size_t hay_len, const uint8_t *needle, size_t len)
{
	size_t period, other;
	size_t split = longest_suffix(needle, len, false, &period);
	size_t reversed = longest_suffix(needle, len, true, &other);

	if (reversed > split) {
		split = reversed;
		period = other;
	}
	bool periodic = period + split <= len && memcmp(needle, needle + period, split) == 0;
	if (!periodic)
		period = (split > len - split ? split : len - split) + 1;

	size_t known = 0; /* bytes of the needle's start known to match at this position */
	for (size_t at = 0; at <= hay_len - len;) {
		size_t i = split > known ? split : known;
		while (i < len && needle[i] == hay[at + i])
			i++;
		if (i < len) {
			at += i - split + 1;
			known = 0;
			continue;
		}
		i = split;
		while (i > known && needle[i - 1] == hay[at + i - 1])
			i--;
		if (i <= known)
			return at;
		at += period;
		known = periodic ? len - period : 0;
	}
	return SIZE_MAX;
}

int cnv_str_width_arg(cnv_str s)
{
	return s.len > INT_MAX ? INT_MAX : (int)s.len;
}

cnv_str cnv_str_from(const char *c_string)
{
	return c_string ? (cnv_str){ c_string, strlen(c_string) } : (cnv_str){ 0 };
}

/* Short texts, which are the most frequent, are compared as two words that may overlap. */
bool cnv_str_equal(cnv_str a, cnv_str b)
{
	if (a.len != b.len)
		return false;
	if (a.len > 16)
		return memcmp(a.at, b.at, a.len) == 0;
	if (a.len >= 8) {
		uint64_t first[2], last[2];
		memcpy(&first[0], a.at, 8);
		memcpy(&first[1], b.at, 8);
		memcpy(&last[0], a.at + a.len - 8, 8);
		memcpy(&last[1], b.at + a.len - 8, 8);
		return !((first[0] ^ first[1]) | (last[0] ^ last[1]));
	}
	if (a.len >= 4) {
		uint32_t first[2], last[2];
		memcpy(&first[0], a.at, 4);
		memcpy(&first[1], b.at, 4);
		memcpy(&last[0], a.at + a.len - 4, 4);
		memcpy(&last[1], b.at + a.len - 4, 4);
		return !((first[0] ^ first[1]) | (last[0] ^ last[1]));
	}
	for (size_t at = 0; at < a.len; at++)
		if (a.at[at] != b.at[at])
			return false;
	return true;
}

int cnv_str_compare(cnv_str a, cnv_str b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.at, b.at, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool cnv_str_starts(cnv_str s, cnv_str prefix)
{
	return s.len >= prefix.len && (!prefix.len || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool cnv_str_ends(cnv_str s, cnv_str suffix)
{
	return s.len >= suffix.len && (!suffix.len || memcmp(s.at + (s.len - suffix.len), suffix.at, suffix.len) == 0);
}

size_t cnv_str_find(cnv_str s, cnv_str needle)
{
	if (!needle.len)
		return 0;
	if (needle.len > s.len)
		return SIZE_MAX;
	if (needle.len > PLAIN_NEEDLE)
		return find_two_way((const uint8_t *)s.at, s.len, (const uint8_t *)needle.at, needle.len);
	const char *last = s.at + (s.len - needle.len);
	for (const char *at = s.at; at <= last; at++) {
		at = memchr(at, needle.at[0], (size_t)(last - at) + 1);
		if (!at)
			break;
		if (memcmp(at, needle.at, needle.len) == 0)
			return (size_t)(at - s.at);
	}
	return SIZE_MAX;
}

cnv_str cnv_str_trim(cnv_str s)
{
	while (s.len && is_blank(s.at[0]))
		s = (cnv_str){ s.at + 1, s.len - 1 };
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

cnv_str cnv_str_trim_unicode(cnv_str s)
{
	while (s.len) {
		const char *next = s.at;
		if (!is_space(cnv_utf8_next(&next, s.at + s.len)))
			break;
		s = (cnv_str){ next, s.len - (size_t)(next - s.at) };
	}
	while (s.len) {
		size_t from = s.len - 1;
		while (from && s.len - from < 4 && is_continuation((uint8_t)s.at[from]))
			from--;
		const char *last = s.at + from;
		if (!is_space(cnv_utf8_next(&last, s.at + s.len)) || last != s.at + s.len)
			break;
		s.len = from;
	}
	return s;
}

cnv_str cnv_str_slice(cnv_str s, size_t from, size_t upto)
{
	if (upto > s.len)
		upto = s.len;
	if (from >= upto)
		return (cnv_str){ 0 };
	return (cnv_str){ s.at + from, upto - from };
}

bool cnv_str_split(cnv_str *rest, char separator, cnv_str *piece)
{
	if (!rest->len)
		return false;
	const char *end = memchr(rest->at, separator, rest->len);
	if (!end) {
		*piece = *rest;
		*rest = (cnv_str){ 0 };
		return true;
	}
	*piece = (cnv_str){ rest->at, (size_t)(end - rest->at) };
	*rest = (cnv_str){ end + 1, rest->len - piece->len - 1 };
	return true;
}

bool cnv_str_word(cnv_str *rest, cnv_str *word)
{
	cnv_str s = *rest;

	while (s.len && is_blank(s.at[0]))
		s = (cnv_str){ s.at + 1, s.len - 1 };
	size_t len = 0;
	while (len < s.len && !is_blank(s.at[len]))
		len++;
	*word = (cnv_str){ s.at, len };
	*rest = cnv_str_slice(s, len, s.len);
	return len > 0;
}

bool cnv_str_is_word(cnv_str text, const char *word)
{
	size_t i = 0;

	while (i < text.len && word[i] && cnv_lower(text.at[i]) == word[i])
		i++;
	return i == text.len && !word[i];
}

/* Combines both halves of a product with exclusive or. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	cnv_wide product = cnv_multiply(a, b);

	return product.low ^ product.high;
}

/* Multiplies eight bytes at a time and folds the product's halves, so that keys that collide with one seed differ
 * with another.  It depends on byte order, so it is never stored. */
uint64_t cnv_str_hash(cnv_str s, uint64_t seed)
{
	const uint64_t odd = UINT64_C(0x9FB21C651E98DF25);
	uint64_t hash = UINT64_C(0x243F6A8885A308D3) ^ seed ^ ((uint64_t)s.len * odd);
	size_t at = 0;

	for (; s.len - at >= 8; at += 8) {
		uint64_t word;
		memcpy(&word, s.at + at, 8);
		hash = fold(hash ^ word, odd ^ seed);
	}
	uint64_t rest = 0;
	if (at < s.len)
		memcpy(&rest, s.at + at, s.len - at);
	hash = fold(hash ^ rest, odd ^ seed);
	return fold(hash ^ UINT64_C(0xD6E8FEB86659FD93), odd);
}

size_t cnv_str_beyond_ascii(cnv_str s, size_t from)
{
	uint64_t words[2];

	while (s.len - from >= sizeof words) {
		memcpy(words, s.at + from, sizeof words);
		if ((words[0] | words[1]) & UINT64_C(0x8080808080808080))
			break;
		from += sizeof words;
	}
	while (from < s.len && (uint8_t)s.at[from] < 0x80)
		from++;
	return from;
}

size_t cnv_utf8_check(cnv_str s)
{
	size_t at = 0, len = 1;

	while (len && (at = cnv_str_beyond_ascii(s, at)) < s.len)
		for (; len && at < s.len && (uint8_t)s.at[at] >= 0x80; at += len)
			len = sequence_length((const uint8_t *)s.at + at, (const uint8_t *)s.at + s.len);
	return at;
}

/* Each byte that is not valid UTF-8 counts as one U+FFFD, so that a caller who did not check still terminates. */
uint32_t cnv_utf8_next(const char **at, const char *end)
{
	const uint8_t *s = (const uint8_t *)*at;
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xC0 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF8 ? 4 : 0;

	if (!len || (size_t)(end - *at) < len) {
		++*at;
		return 0xFFFD;
	}
	*at += len;
	if (len == 1)
		return s[0];
	uint32_t c = s[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++)
		c = c << 6 | (s[i] & 0x3Fu);
	return c;
}

size_t cnv_utf8_put(char out[4], uint32_t code_point)
{
	uint32_t c = code_point;

	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	out[0] = (char)((0xF00u >> len & 0xFFu) | c);
	return len;
}

cnv_str cnv_utf8_cut(cnv_str s, size_t most)
{
	if (s.len <= most)
		return s;
	while (most && is_continuation((uint8_t)s.at[most]))
		most--;
	return (cnv_str){ s.at, most };
}

size_t cnv_utf8_count(cnv_str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += !is_continuation((uint8_t)s.at[i]);
	return count;
}

size_t cnv_utf16_length(cnv_str s)
{
	size_t length = 0;

	for (size_t i = 0; i < s.len; i++)
		length += (size_t)!is_continuation((uint8_t)s.at[i]) + ((uint8_t)s.at[i] >= 0xF0);
	return length;
}

const char *cnv_noun(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

size_t cnv_unescape(char *line, size_t len)
{
	size_t to = 0;

	for (size_t from = 0; from < len; from++) {
		char c = line[from];
		if (c == '\\' && from + 1 < len) {
			char next = line[from + 1];
			char plain = next == '\\'  ? '\\'
				     : next == 't' ? '\t'
				     : next == 'n' ? '\n'
				     : next == 'r' ? '\r'
						   : 0;
			if (plain) {
				c = plain;
				from++;
			}
		}
		line[to++] = c;
	}
	return to;
}
