/* Encodings: the table of known ones, and conversion to UTF-8.  The only file that uses iconv.
 *
 * iconv converts one character at a time and stops at invalid input (EILSEQ), at a character cut at the end of its
 * input (EINVAL: kept for the next piece), and when the output is full (E2BIG).  In some code pages iconv holds a
 * letter back until it has read a following mark (CP1258, BIG5-HKSCS): a last call is needed to flush it.  Nothing
 * is ever transliterated. */
#include "io/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "canvass/io.h"

/* Most common first: of two that decode to the same text the first is named.  `prior`: how much less likely a file
 * is in this encoding, in tenths of a point of likeness; desktop programs save Windows code pages, and seldom those
 * of DOS or an old Mac. */
/* clang-format off */
static const cnv_encoding encodings[] = {
	{ "UTF-8",          "UTF-8",             CNV_ENCODING_UNICODE, 0, "utf8 cp65001" },
	{ "UTF-16LE",       "UTF-16LE",          CNV_ENCODING_UNICODE, 0, "utf16 unicode ucs2" },
	{ "UTF-16BE",       "UTF-16BE",          CNV_ENCODING_UNICODE, 0, "" },
	{ "UTF-32LE",       "UTF-32LE",          CNV_ENCODING_UNICODE, 0, "utf32 ucs4" },
	{ "UTF-32BE",       "UTF-32BE",          CNV_ENCODING_UNICODE, 0, "" },
	{ "windows-1252",   "CP1252",            CNV_ENCODING_SINGLE,  0, "cp1252 1252 ansi" },
	{ "ISO-8859-1",     "ISO-8859-1",        CNV_ENCODING_SINGLE,  3, "latin1 l1" },
	{ "ISO-8859-15",    "ISO-8859-15",       CNV_ENCODING_SINGLE,  4, "latin9 l9" },
	{ "windows-1250",   "CP1250",            CNV_ENCODING_SINGLE,  0, "cp1250 1250" },
	{ "ISO-8859-2",     "ISO-8859-2",        CNV_ENCODING_SINGLE,  3, "latin2 l2" },
	{ "windows-1251",   "CP1251",            CNV_ENCODING_SINGLE,  0, "cp1251 1251" },
	{ "KOI8-R",         "KOI8-R",            CNV_ENCODING_SINGLE,  3, "koi8" },
	{ "ISO-8859-5",     "ISO-8859-5",        CNV_ENCODING_SINGLE,  4, "" },
	{ "windows-1253",   "CP1253",            CNV_ENCODING_SINGLE,  0, "cp1253 1253" },
	{ "ISO-8859-7",     "ISO-8859-7",        CNV_ENCODING_SINGLE,  3, "" },
	{ "windows-1254",   "CP1254",            CNV_ENCODING_SINGLE,  0, "cp1254 1254" },
	{ "ISO-8859-9",     "ISO-8859-9",        CNV_ENCODING_SINGLE,  3, "latin5 l5" },
	{ "windows-1255",   "CP1255",            CNV_ENCODING_SINGLE,  0, "cp1255 1255" },
	{ "windows-1256",   "CP1256",            CNV_ENCODING_SINGLE,  0, "cp1256 1256" },
	{ "windows-1257",   "CP1257",            CNV_ENCODING_SINGLE,  0, "cp1257 1257" },
	{ "windows-1258",   "CP1258",            CNV_ENCODING_SINGLE,  0, "cp1258 1258" },
	{ "windows-874",    "CP874",             CNV_ENCODING_SINGLE,  0, "cp874 874" },
	{ "TIS-620",        "TIS-620",           CNV_ENCODING_SINGLE,  1, "" },
	{ "Shift_JIS",      "CP932",             CNV_ENCODING_DOUBLE,  0, "cp932 932 sjis windows31j ms932" },
	{ "EUC-JP",         "EUC-JP",            CNV_ENCODING_DOUBLE,  1, "" },
	{ "GB18030",        "GB18030",           CNV_ENCODING_DOUBLE,  0, "gbk gb2312 cp936 936 euccn" },
	{ "Big5",           "BIG5-HKSCS",        CNV_ENCODING_DOUBLE,  0, "big5hkscs cp950 950" },
	{ "EUC-KR",         "CP949",             CNV_ENCODING_DOUBLE,  0, "cp949 949 uhc" },
	{ "MacRoman",       "MACINTOSH",         CNV_ENCODING_SINGLE,  5, "mac macintosh xmacroman" },
	{ "MacCyrillic",    "MACCYRILLIC",       CNV_ENCODING_SINGLE,  5, "xmaccyrillic" },
	{ "MacCentralEurope", "MAC-CENTRALEUROPE", CNV_ENCODING_SINGLE, 6, "macce xmacce" },
	{ "CP850",          "CP850",             CNV_ENCODING_SINGLE,  5, "850 ibm850" },
	{ "CP437",          "CP437",             CNV_ENCODING_SINGLE,  6, "437 ibm437" },
};
/* clang-format on */
#define ENCODINGS (sizeof encodings / sizeof *encodings)

const cnv_encoding *cnv_encoding_at(size_t index)
{
	return index < ENCODINGS ? &encodings[index] : NULL;
}

bool cnv_encoding_is_plain(const cnv_encoding *encoding)
{
	return encoding == encodings;
}

cnv_str cnv_encoding_name(const cnv_encoding *encoding)
{
	return cnv_str_from(encoding->name);
}

/* ---------------------------------------------------------------- names */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Compares encoding names, ignoring case, hyphens, blanks and underscores. */
static bool is_same_name(cnv_str a, cnv_str b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && !is_name_char(cnv_lower(a.at[i])))
			i++;
		while (k < b.len && !is_name_char(cnv_lower(b.at[k])))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (cnv_lower(a.at[i++]) != cnv_lower(b.at[k++]))
			return false;
	}
}

const cnv_encoding *cnv_encoding_find(cnv_str name)
{
	for (size_t i = 0; i < ENCODINGS; i++) {
		cnv_str rest = cnv_str_from(encodings[i].aliases), alias;

		if (is_same_name(name, cnv_str_from(encodings[i].name)) ||
		    is_same_name(name, cnv_str_from(encodings[i].iconv)))
			return &encodings[i];
		while (cnv_str_word(&rest, &alias))
			if (is_same_name(name, alias))
				return &encodings[i];
	}
	return NULL;
}

/* ---------------------------------------------------------------- converting */

struct cnv_decoder {
	const cnv_encoding *encoding;
	iconv_t iconv;
	char cut[8]; /* an incomplete character from the last piece; the longest has four bytes */
	size_t cut_len;
};

/* CNV_REJECTED: this iconv does not have the encoding.  Only EINVAL means that; after any other error, memory or
 * descriptors have run out, and the encoding may well exist. */
static cnv_status open_iconv(iconv_t *handle, const cnv_encoding *encoding)
{
	*handle = iconv_open("UTF-8", encoding->iconv);
	if (*handle != (iconv_t)-1)
		return CNV_OK;
	if (errno == EINVAL)
		return CNV_REJECTED;
	cnv_mem_note_shortage();
	return CNV_NO_MEMORY;
}

static cnv_status open_decoder(cnv_decoder *decoder, const cnv_encoding *encoding)
{
	*decoder = (cnv_decoder){ .encoding = encoding };
	return open_iconv(&decoder->iconv, encoding);
}

cnv_decoder *cnv_decoder_new(const cnv_encoding *encoding)
{
	cnv_decoder *decoder = cnv_mem_get(sizeof *decoder);

	if (!decoder || !open_decoder(decoder, encoding))
		return decoder;
	cnv_mem_free(decoder);
	return NULL;
}

/* Converts until the bytes are used up or the room is full; *bytes has the bytes that remain. */
static cnv_decoded convert(cnv_decoder *decoder, cnv_str *bytes, char **out, size_t *room)
{
	/* iconv does not change its input. */
	char *in = (char *)(uintptr_t)bytes->at;
	size_t left = bytes->len;
	size_t done = iconv(decoder->iconv, &in, &left, out, room);
	int why = errno;

	*bytes = (cnv_str){ in, left };
	if (done != (size_t)-1)
		return CNV_DECODED;
	return why == E2BIG ? CNV_DECODE_FULL : why == EINVAL ? CNV_DECODE_CUT : CNV_DECODE_BAD;
}

/* Completes a character cut at the end of the previous piece.  CNV_DECODE_CUT: more bytes are needed. */
static cnv_decoded convert_cut(cnv_decoder *decoder, cnv_str *bytes, char **out, size_t *room)
{
	cnv_decoded how = CNV_DECODE_CUT;

	while (how == CNV_DECODE_CUT && bytes->len && decoder->cut_len < sizeof decoder->cut) {
		cnv_str whole = { decoder->cut, decoder->cut_len + 1 };

		decoder->cut[decoder->cut_len] = *bytes->at;
		how = convert(decoder, &whole, out, room);
		if (how == CNV_DECODE_FULL)
			return how;
		decoder->cut_len++;
		*bytes = cnv_str_slice(*bytes, 1, bytes->len);
		if (how == CNV_DECODED)
			decoder->cut_len = 0;
	}
	return how == CNV_DECODE_CUT && decoder->cut_len == sizeof decoder->cut ? CNV_DECODE_BAD : how;
}

cnv_decoded cnv_decoder_feed(cnv_decoder *decoder, cnv_str *bytes, char *out, size_t room, size_t *len)
{
	char *at = out;
	size_t left = room;
	cnv_decoded how = CNV_DECODED;

	if (decoder->cut_len)
		how = convert_cut(decoder, bytes, &at, &left);
	if (how == CNV_DECODED && bytes->len)
		how = convert(decoder, bytes, &at, &left);
	if (how == CNV_DECODE_CUT && bytes->len) {
		if (bytes->len > sizeof decoder->cut - 1) {
			how = CNV_DECODE_BAD;
		} else {
			memcpy(decoder->cut, bytes->at, bytes->len);
			decoder->cut_len = bytes->len;
			*bytes = cnv_str_slice(*bytes, bytes->len, bytes->len);
		}
	}
	*len = (size_t)(at - out);
	return how == CNV_DECODE_CUT ? CNV_DECODED : how;
}

cnv_decoded cnv_decoder_end(cnv_decoder *decoder, char *out, size_t room, size_t *len)
{
	char *at = out;
	size_t left = room;

	*len = 0;
	if (decoder->cut_len)
		return CNV_DECODE_CUT;
	if (iconv(decoder->iconv, NULL, NULL, &at, &left) == (size_t)-1)
		return CNV_DECODE_BAD;
	*len = (size_t)(at - out);
	return CNV_DECODED;
}

cnv_str cnv_decoder_cut(const cnv_decoder *decoder)
{
	return (cnv_str){ decoder->cut, decoder->cut_len };
}

void cnv_decoder_free(cnv_decoder *decoder)
{
	if (!decoder)
		return;
	iconv_close(decoder->iconv);
	cnv_mem_free(decoder);
}

/* ---------------------------------------------------------------- texts in memory */

cnv_status cnv_encoding_there(const cnv_encoding *encoding)
{
	iconv_t handle;

	if (cnv_encoding_is_plain(encoding))
		return CNV_OK;
	cnv_status status = open_iconv(&handle, encoding);
	if (!status)
		iconv_close(handle);
	return status;
}

size_t cnv_encoding_decode(const cnv_encoding *encoding, cnv_str bytes, cnv_text *out)
{
	cnv_decoder decoder;
	cnv_decoded how = CNV_DECODED;
	size_t whole = bytes.len, len;
	char piece[4096];

	cnv_status status = open_decoder(&decoder, encoding);
	if (status) {
		out->failed |= status == CNV_NO_MEMORY;
		return 0;
	}
	while (how != CNV_DECODE_BAD && bytes.len) {
		how = cnv_decoder_feed(&decoder, &bytes, piece, sizeof piece, &len);
		cnv_text_put(out, (cnv_str){ piece, len });
	}
	if (how == CNV_DECODED) {
		cnv_decoder_end(&decoder, piece, sizeof piece, &len);
		cnv_text_put(out, (cnv_str){ piece, len });
	}
	iconv_close(decoder.iconv);
	return whole - bytes.len - decoder.cut_len;
}

cnv_status cnv_encoding_table(const cnv_encoding *encoding, uint32_t table[256])
{
	iconv_t handle;
	cnv_status status = open_iconv(&handle, encoding);

	if (status)
		return status;
	for (unsigned byte = 0x80; byte < 256; byte++) {
		char c = (char)byte, utf8[8], *in = &c, *out = utf8;
		size_t left = 1, room = sizeof utf8;
		const char *at = utf8;

		table[byte] = CNV_NONE;
		iconv(handle, NULL, NULL, NULL, NULL);
		/* The second call flushes a letter held back for a possible mark. */
		if (iconv(handle, &in, &left, &out, &room) != (size_t)-1 &&
		    iconv(handle, NULL, NULL, &out, &room) != (size_t)-1 && out > utf8)
			table[byte] = cnv_utf8_next(&at, out);
	}
	iconv_close(handle);
	return CNV_OK;
}
