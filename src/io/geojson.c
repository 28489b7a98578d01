/* Choices and figures in a GeoJSON file (RFC 7946) next to a form.
 *
 * Each feature of a FeatureCollection is a row.  Its properties are the cells, plus its `id`, and `geometry` in
 * XLSForm's format for places: "latitude longitude 0 0", with "; " between the points of a line or of the outer ring
 * of an area.  Everything else is skipped without recursion; it may be nested up to DEPTH_MOST levels. */
#include "canvass/io.h"

#include <string.h>

#define DEPTH_MOST 64u /* features reach six */

struct reader {
	const char *at, *end;
	uint32_t line;
	const char *trouble; /* the first */
	const cnv_items_sink *sink;
	cnv_text key, text, id, geometry;
	cnv_status status;
};

/* ---------------------------------------------------------------- tokens */

static bool fail(struct reader *reader, const char *trouble)
{
	if (!reader->trouble)
		reader->trouble = trouble;
	return false;
}

/* The next character that is not white space, not consumed; 0 at the end. */
static char peek(struct reader *reader)
{
	for (; reader->at < reader->end; reader->at++) {
		char c = *reader->at;

		reader->line += c == '\n';
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return c;
	}
	return 0;
}

static bool take(struct reader *reader, char wanted)
{
	if (peek(reader) != wanted)
		return false;
	reader->at++;
	return true;
}

static bool want(struct reader *reader, char wanted)
{
	return take(reader, wanted) || fail(reader, "a comma, colon or bracket is missing");
}

static bool read_hex(struct reader *reader, uint32_t *unit)
{
	*unit = 0;
	if (reader->end - reader->at < 4)
		return fail(reader, "a string is not closed");
	for (int i = 0; i < 4; i++) {
		char c = cnv_lower(*reader->at++);
		uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
							: 16;

		if (digit == 16)
			return fail(reader, "a \\u without four hexadecimal digits");
		*unit = *unit * 16 + digit;
	}
	return true;
}

/* Reads the hexadecimal digits after a \u; a second \u follows for a character beyond U+FFFF. */
static bool read_unit(struct reader *reader, cnv_text *text)
{
	uint32_t unit, low;
	char bytes[4];

	if (!read_hex(reader, &unit))
		return false;
	if (unit >= 0xD800 && unit < 0xDC00 && reader->end - reader->at >= 2 && reader->at[0] == '\\' &&
	    reader->at[1] == 'u') {
		reader->at += 2;
		if (!read_hex(reader, &low))
			return false;
		if (low < 0xDC00 || low > 0xDFFF)
			return fail(reader, "an invalid surrogate pair");
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
	}
	if (!unit || (unit >= 0xD800 && unit <= 0xDFFF))
		return fail(reader, "a string contains an invalid character");
	cnv_text_put(text, (cnv_str){ bytes, cnv_utf8_put(bytes, unit) });
	return true;
}

static bool read_escape(struct reader *reader, cnv_text *text)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char c = reader->at < reader->end ? *reader->at++ : 0;
	const char *found = c ? strchr(letters, c) : NULL;

	if (c == 'u')
		return read_unit(reader, text);
	if (!found)
		return fail(reader, "an unknown escape in a string");
	cnv_text_put_char(text, meant[found - letters]);
	return true;
}

/* A text in quotes. */
static bool read_string(struct reader *reader, cnv_text *text)
{
	cnv_text_reset(text);
	if (!want(reader, '"'))
		return false;
	while (reader->at < reader->end) {
		const char *from = reader->at;

		while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' &&
		       (unsigned char)*reader->at >= ' ')
			reader->at++;
		cnv_text_put(text, (cnv_str){ from, (size_t)(reader->at - from) });
		if (reader->at == reader->end)
			break;
		if (*reader->at == '"') {
			reader->at++;
			return true;
		}
		if (*reader->at != '\\')
			return fail(reader, "a text goes over the end of its line");
		reader->at++;
		if (!read_escape(reader, text))
			return false;
	}
	return fail(reader, "a string is not closed");
}

static bool is_number(cnv_str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!strchr("0123456789+-.eE", word.at[i]))
			return false;
	return word.len > 0;
}

/* Reads a number, true, false or null, as written. */
static bool read_word(struct reader *reader, cnv_str *word)
{
	peek(reader);
	word->at = reader->at;
	while (reader->at < reader->end && *reader->at && !strchr(",]}:[{\" \t\r\n", *reader->at))
		reader->at++;
	word->len = (size_t)(reader->at - word->at);
	return is_number(*word) || cnv_str_equal(*word, CNV_STR("true")) || cnv_str_equal(*word, CNV_STR("false")) ||
	       cnv_str_equal(*word, CNV_STR("null")) ||
	       fail(reader, "a value is not a string, a number, true, false or null");
}

/* ---------------------------------------------------------------- values */

/* Advances to the next value of an array or key of an object; false at its end and on failure. */
static bool next(struct reader *reader, char end, bool *begun)
{
	if (reader->trouble || reader->status || take(reader, end) || (*begun && !want(reader, ',')))
		return false;
	*begun = true;
	return true;
}

static bool read_key(struct reader *reader)
{
	return read_string(reader, &reader->key) && want(reader, ':');
}

/* Skips a value that is not needed, whatever it contains. */
static bool skip_value(struct reader *reader)
{
	uint32_t depth = 0;
	cnv_str word;

	do {
		char c = peek(reader);

		if (c == '"') {
			if (!read_string(reader, &reader->text))
				return false;
		} else if (c == '{' || c == '[') {
			reader->at++;
			if (++depth > DEPTH_MOST)
				return fail(reader, "its values are nested too deeply");
		} else if (depth && (c == '}' || c == ']')) {
			reader->at++;
			depth--;
		} else if (depth && (c == ',' || c == ':')) {
			reader->at++;
		} else if (!read_word(reader, &word)) {
			return false;
		}
	} while (depth);
	return true;
}

/* Reads a string, number or truth value; null, arrays and objects are blank. */
static bool read_scalar(struct reader *reader, cnv_text *text)
{
	char c = peek(reader);
	cnv_str word;

	if (c == '"')
		return read_string(reader, text);
	if (c == '{' || c == '[') {
		bool skipped = skip_value(reader);

		cnv_text_reset(text);
		return skipped;
	}
	cnv_text_reset(text);
	if (!read_word(reader, &word))
		return false;
	if (!cnv_str_equal(word, CNV_STR("null")))
		cnv_text_put(text, word);
	return true;
}

/* ---------------------------------------------------------------- places */

/* Writes one point, given with its longitude first; heights are omitted. */
static void put_point(cnv_text *geometry, const cnv_str numbers[2])
{
	cnv_text_format(geometry, "%s%.*s %.*s 0 0", geometry->len ? "; " : "", CNV_ARG(numbers[1]),
			CNV_ARG(numbers[0]));
}

/* Reads nested arrays of numbers: points up to the end of the first list of them. */
static bool read_coordinates(struct reader *reader)
{
	uint32_t depth = 0, count = 0;
	bool whole = false; /* the first list of points has ended */
	cnv_str numbers[2] = { { 0 }, { 0 } }, word;

	do {
		char c = peek(reader);

		if (c == '[') {
			reader->at++;
			count = 0;
			if (++depth > DEPTH_MOST)
				return fail(reader, "its values are nested too deeply");
		} else if (depth && c == ']') {
			reader->at++;
			depth--;
			if (count >= 2 && !whole)
				put_point(&reader->geometry, numbers);
			else
				whole = whole || reader->geometry.len;
			count = 0;
		} else if (depth && c == ',') {
			reader->at++;
		} else if (!depth) {
			return skip_value(reader);
		} else {
			if (!read_word(reader, &word))
				return false;
			if (count < 2)
				numbers[count] = word;
			count++;
		}
	} while (depth);
	return true;
}

static bool read_geometry(struct reader *reader)
{
	bool begun = false;

	if (!take(reader, '{'))
		return skip_value(reader);
	while (next(reader, '}', &begun)) {
		if (!read_key(reader))
			return false;
		if (cnv_str_equal(cnv_text_str(&reader->key), CNV_STR("coordinates")) ? !read_coordinates(reader)
										      : !skip_value(reader))
			return false;
	}
	return !reader->trouble;
}

/* ---------------------------------------------------------------- features */

static bool read_properties(struct reader *reader)
{
	bool begun = false;

	if (!take(reader, '{'))
		return skip_value(reader);
	while (next(reader, '}', &begun)) {
		if (!read_key(reader) || !read_scalar(reader, &reader->text))
			return false;
		reader->sink->cell(reader->sink->self, cnv_text_str(&reader->key), cnv_text_str(&reader->text));
	}
	return !reader->trouble;
}

static bool read_member(struct reader *reader)
{
	cnv_str key;

	if (!read_key(reader))
		return false;
	key = cnv_text_str(&reader->key);
	if (cnv_str_equal(key, CNV_STR("properties")))
		return read_properties(reader);
	if (cnv_str_equal(key, CNV_STR("geometry")))
		return read_geometry(reader);
	if (cnv_str_equal(key, CNV_STR("id")))
		return read_scalar(reader, &reader->id);
	return skip_value(reader);
}

/* The id of the feature itself takes precedence over one among its properties. */
static bool read_feature(struct reader *reader)
{
	bool begun = false;

	cnv_text_reset(&reader->id);
	cnv_text_reset(&reader->geometry);
	if (!take(reader, '{'))
		return skip_value(reader);
	while (next(reader, '}', &begun))
		if (!read_member(reader))
			return false;
	if (reader->trouble)
		return false;
	if (reader->geometry.len)
		reader->sink->cell(reader->sink->self, CNV_STR("geometry"), cnv_text_str(&reader->geometry));
	if (reader->id.len)
		reader->sink->cell(reader->sink->self, CNV_STR("id"), cnv_text_str(&reader->id));
	reader->status = reader->sink->record(reader->sink->self, reader->line);
	return !reader->status;
}

static bool read_collection(struct reader *reader)
{
	bool begun = false, found = false;

	if (!take(reader, '{'))
		return fail(reader, "it does not start with {");
	while (next(reader, '}', &begun)) {
		bool inner = false;

		if (!read_key(reader))
			return false;
		if (!cnv_str_equal(cnv_text_str(&reader->key), CNV_STR("features")) || !take(reader, '[')) {
			if (!skip_value(reader))
				return false;
			continue;
		}
		found = true;
		while (next(reader, ']', &inner))
			if (!read_feature(reader))
				return false;
	}
	if (!reader->trouble && !reader->status && !found)
		return fail(reader, "it has no features");
	return !reader->trouble && (!peek(reader) || fail(reader, "there is more text after its end"));
}

cnv_status cnv_geojson_items(cnv_str source, cnv_str bytes, const cnv_items_sink *sink, cnv_diags *diags)
{
	struct reader reader = { .line = 1, .sink = sink };
	cnv_text *texts[] = { &reader.key, &reader.text, &reader.id, &reader.geometry };

	if (cnv_str_starts(bytes, CNV_STR("\xEF\xBB\xBF")))
		bytes = cnv_str_slice(bytes, 3, bytes.len);
	reader.at = bytes.at;
	reader.end = bytes.at + bytes.len;
	if (cnv_utf8_check(bytes) < bytes.len)
		fail(&reader, "its text is not in UTF-8");
	else
		read_collection(&reader);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (texts[i]->failed)
			reader.status = CNV_NO_MEMORY;
		cnv_text_fini(texts[i]);
	}
	if (reader.status || !reader.trouble)
		return reader.status;
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_DATA_MALFORMED,
				.place = (cnv_place){ .source = source, .row = reader.line },
				.hint = CNV_STR("export it again from its source")),
		       "the file cannot be read: %s", reader.trouble);
	return CNV_REJECTED;
}
