/* File names made from a form's id: the store, the packs, the workbook.
 *
 * An id may be any text, but the names must be valid on every system that a folder is copied to: no separators, no
 * device names of Windows, no blank or dot at either end, composed characters (macOS decomposes them).  Characters
 * that are not allowed become '_', and a digest of the id then keeps the name distinct. */
#include "canvass/io.h"

#include <string.h>

#define DIGEST_BYTES 4u
#define SUFFIX (1u + 2u * DIGEST_BYTES) /* "-1a2b3c4d" */

static bool may_stay(uint32_t c, bool first)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (cnv_lower((char)c) >= 'a' && cnv_lower((char)c) <= 'z') || c == '-' ||
		       c == '_' || (c == '.' && !first);
	switch (cnv_char_classify(c)) {
	case CNV_CHAR_DIGIT:
	case CNV_CHAR_LOWER:
	case CNV_CHAR_UPPER:
	case CNV_CHAR_LETTER:
		return true;
	case CNV_CHAR_MARK:
		return !first;
	case CNV_CHAR_NONE:
	case CNV_CHAR_BLANK:
	case CNV_CHAR_SIGN:
		break;
	}
	return false;
}

/* Writes the composed id with '_' for characters that are not allowed; true: nothing had to be changed. */
static bool put_letters(cnv_text *out, cnv_str id, cnv_str composed)
{
	const char *at = composed.at, *end = composed.at + composed.len;
	bool same = cnv_str_equal(id, composed);

	while (composed.len && at < end) {
		size_t valid = cnv_utf8_check((cnv_str){ at, (size_t)(end - at) });
		const char *good = at + valid;

		while (at < good) {
			const char *from = at;
			bool stays = may_stay(cnv_utf8_next(&at, good), !out->len);

			cnv_text_put(out, stays ? (cnv_str){ from, (size_t)(at - from) } : CNV_STR("_"));
			same &= stays;
		}
		if (at < end) {
			cnv_text_put_char(out, '_');
			same = false;
			at++;
		}
	}
	return same;
}

/* Windows reserves these names for devices, with any extension. */
static bool is_device(cnv_str name)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul" };
	cnv_str stem = cnv_str_slice(name, 0, cnv_str_find(name, CNV_STR(".")));

	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		if (cnv_str_is_word(stem, devices[i]))
			return true;
	return stem.len == 4 && stem.at[3] >= '0' && stem.at[3] <= '9' &&
	       (cnv_str_is_word(cnv_str_slice(stem, 0, 3), "com") || cnv_str_is_word(cnv_str_slice(stem, 0, 3), "lpt"));
}

/* Does it end like a name with a digest? */
static bool has_suffix(cnv_str name)
{
	if (name.len < SUFFIX || name.at[name.len - SUFFIX] != '-')
		return false;
	for (size_t i = name.len - SUFFIX + 1; i < name.len; i++)
		if (!memchr("0123456789abcdef", name.at[i], 16))
			return false;
	return true;
}

static void add_suffix(cnv_text *name, cnv_str id)
{
	cnv_digest digest;
	uint8_t bytes[64];
	char hex[2 * DIGEST_BYTES];

	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, id.at, id.len);
	cnv_digest_end(&digest, bytes);
	if (name->len > CNV_STEM - SUFFIX) {
		name->len = CNV_STEM - SUFFIX;
		while (name->len && ((unsigned char)name->at[name->len] & 0xC0) == 0x80)
			name->len--;
	}
	cnv_text_put_char(name, '-');
	cnv_text_put(name, cnv_hex_write(bytes, DIGEST_BYTES, hex));
}

cnv_str cnv_file_stem(cnv_str id, cnv_arena *arena)
{
	cnv_text name = { 0 };
	bool same = put_letters(&name, id, cnv_text_compose(arena, id));
	cnv_str all = cnv_text_str(&name);

	if (!same || !all.len || all.len > CNV_STEM || cnv_str_ends(all, CNV_STR(".")) || is_device(all) ||
	    has_suffix(all))
		add_suffix(&name, id);
	cnv_str stem = cnv_arena_copy(arena, cnv_text_str(&name));
	arena->failed |= name.failed;
	cnv_text_fini(&name);
	return stem;
}
