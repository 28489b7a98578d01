/* The options by which returns were judged, as stored with each return: all that is needed to judge them again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "round/arrival.h"

static void put_text(cnv_text *out, const char *key, cnv_str value)
{
	if (!value.len)
		return;
	cnv_text_format(out, "%s\"%s\":\"", out->len > 1 ? "," : "", key);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if (c < 0x20)
			cnv_text_format(out, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			cnv_text_format(out, "\\%c", c);
		else
			cnv_text_put_char(out, value.at[i]);
	}
	cnv_text_put_char(out, '"');
}

static void put_flag(cnv_text *out, const char *key, bool value)
{
	if (value)
		cnv_text_format(out, "%s\"%s\":true", out->len > 1 ? "," : "", key);
}

void options_write(cnv_text *out, const cnv_intake_options *options)
{
	char delimiter = options->delimiter, line[16] = "";

	if (options->attributed_line)
		snprintf(line, sizeof line, "%" PRIu32, options->attributed_line);
	cnv_text_put_char(out, '{');
	put_text(out, "respondent", options->respondent);
	put_text(out, "was", options->was);
	put_text(out, "encoding", options->encoding ? cnv_encoding_name(options->encoding) : (cnv_str){ 0 });
	put_text(out, "delimiter", (cnv_str){ &delimiter, delimiter != 0 });
	put_text(out, "attributed", options->attributed);
	put_text(out, "attribution", options->attribution);
	put_text(out, "line", cnv_str_from(line));
	put_flag(out, "strict", options->strict);
	put_flag(out, "keep_blank", options->keep_blank);
	put_flag(out, "replace", options->replace);
	put_flag(out, "decided", options->decided);
	cnv_text_put_char(out, '}');
}

/* ---------------------------------------------------------------- back */

/* Four hexadecimal digits of a control character. */
static bool read_hex(const char *at, unsigned *c)
{
	static const char digits[] = "0123456789abcdef";

	*c = 0;
	for (size_t i = 0; i < 4; i++) {
		const char *digit = memchr(digits, at[i], 16);
		if (!digit)
			return false;
		*c = *c << 4 | (unsigned)(digit - digits);
	}
	return *c < 0x20;
}

/* A text as put_text writes it. */
static bool read_text(cnv_str *rest, cnv_arena *arena, cnv_str *value)
{
	char *out = cnv_arena_get(arena, rest->len + 1);
	size_t len = 0, at = 1;

	if (!out || !rest->len || rest->at[0] != '"')
		return false;
	for (; at < rest->len && rest->at[at] != '"'; at++) {
		unsigned c;

		if (rest->at[at] == '\\' && at + 1 < rest->len)
			at++;
		if (rest->at[at] == 'u' && rest->at[at - 1] == '\\' && at + 4 < rest->len &&
		    read_hex(rest->at + at + 1, &c)) {
			out[len++] = (char)c;
			at += 4;
		} else {
			out[len++] = rest->at[at];
		}
	}
	if (at >= rest->len)
		return false;
	*value = (cnv_str){ out, len };
	*rest = cnv_str_slice(*rest, at + 1, rest->len);
	return true;
}

static bool read_flag(cnv_str *rest)
{
	bool there = cnv_str_starts(*rest, CNV_STR("true"));

	*rest = cnv_str_slice(*rest, there ? 4 : 0, rest->len);
	return there;
}

static bool read_line(cnv_str text, uint32_t *line)
{
	int64_t number;

	if (!cnv_integer_read(text, &number) || number < 1 || number > UINT32_MAX)
		return false;
	*line = (uint32_t)number;
	return true;
}

static bool set_option(cnv_intake_options *options, cnv_str key, cnv_str *rest, cnv_arena *arena)
{
	cnv_str text = { 0 };

	if (cnv_str_equal(key, CNV_STR("strict")))
		return options->strict = read_flag(rest);
	if (cnv_str_equal(key, CNV_STR("keep_blank")))
		return options->keep_blank = read_flag(rest);
	if (cnv_str_equal(key, CNV_STR("replace")))
		return options->replace = read_flag(rest);
	if (cnv_str_equal(key, CNV_STR("decided")))
		return options->decided = read_flag(rest);
	if (!read_text(rest, arena, &text))
		return false;
	if (cnv_str_equal(key, CNV_STR("respondent")))
		options->respondent = text;
	else if (cnv_str_equal(key, CNV_STR("was")))
		options->was = text;
	else if (cnv_str_equal(key, CNV_STR("encoding")))
		return (options->encoding = cnv_encoding_find(text)) != NULL;
	else if (cnv_str_equal(key, CNV_STR("delimiter")) && text.len == 1)
		options->delimiter = text.at[0];
	else if (cnv_str_equal(key, CNV_STR("attributed")))
		options->attributed = text;
	else if (cnv_str_equal(key, CNV_STR("attribution")))
		options->attribution = text;
	else if (cnv_str_equal(key, CNV_STR("line")))
		return read_line(text, &options->attributed_line);
	else
		return false;
	return true;
}

bool options_read(cnv_intake_options *options, cnv_str json, cnv_arena *arena)
{
	cnv_str rest = json, key;

	while (rest.len > 1 && (rest.at[0] == '{' || rest.at[0] == ',')) {
		rest = cnv_str_slice(rest, 1, rest.len);
		if (rest.at[0] == '}')
			break;
		if (!read_text(&rest, arena, &key) || !rest.len || rest.at[0] != ':')
			return false;
		rest = cnv_str_slice(rest, 1, rest.len);
		if (!set_option(options, key, &rest, arena))
			return false;
	}
	return cnv_str_equal(rest, CNV_STR("}"));
}
