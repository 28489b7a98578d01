/* Texts in JSON.  Invisible characters are escaped, because JSON is also read in terminals. */
#include "canvass/base.h"

#include <stdio.h>

static bool is_plain(uint32_t c)
{
	return c != '"' && c != '\\' && c != '\n' && c != '\t' && !cnv_is_hidden(c);
}

/* Escapes are UTF-16 code units. */
static cnv_str escape(uint32_t c, char room[CNV_JSON_ROOM])
{
	int len;

	if (c == '"' || c == '\\')
		len = snprintf(room, CNV_JSON_ROOM, "\\%c", (int)c);
	else if (c == '\n')
		len = snprintf(room, CNV_JSON_ROOM, "\\n");
	else if (c < 0x10000)
		len = snprintf(room, CNV_JSON_ROOM, "\\u%04x", (unsigned)c & 0xffff);
	else
		len = snprintf(room, CNV_JSON_ROOM, "\\u%04x\\u%04x",
			       (0xd800 + (unsigned)((c - 0x10000) >> 10)) & 0xffff,
			       0xdc00 + (unsigned)((c - 0x10000) & 0x3ff));
	return (cnv_str){ room, (size_t)len };
}

/* Bytes of the character at `at` if it needs no escape; 0: it needs one, whose bytes and character are set. */
static size_t plain_len(cnv_str text, size_t at, size_t *bytes, uint32_t *c)
{
	cnv_str head = cnv_str_slice(text, at, at + 4);
	const char *next = head.at;

	*bytes = 1;
	*c = 0xfffd;
	if (!cnv_utf8_check(head))
		return 0;
	*c = cnv_utf8_next(&next, head.at + head.len);
	*bytes = (size_t)(next - head.at);
	return is_plain(*c) ? *bytes : 0;
}

cnv_str cnv_json_next(cnv_str *rest, char room[CNV_JSON_ROOM])
{
	cnv_str text = *rest;
	size_t at = 0, len = 1, bytes = 0;
	uint32_t c = 0;

	while (at < text.len && (len = plain_len(text, at, &bytes, &c)))
		at += len;
	*rest = cnv_str_slice(text, at ? at : bytes, text.len);
	return at || !text.len ? cnv_str_slice(text, 0, at) : escape(c, room);
}

void cnv_json_put(cnv_text *out, cnv_str text)
{
	char room[CNV_JSON_ROOM];

	cnv_text_put_char(out, '"');
	for (cnv_str piece; (piece = cnv_json_next(&text, room)).len;)
		cnv_text_put(out, piece);
	cnv_text_put_char(out, '"');
}
