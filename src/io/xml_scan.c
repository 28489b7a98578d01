/* scan: reads the plain XML of the sheets that a workbook of ours has, to prove that they are what was written.
 *
 * expat looks every name of an element and an attribute up in tables that a hostile file cannot fill, which took most of
 * the time of reading a sheet again.  What the library writes has ASCII names, no document type, comment, processing
 * instruction or CDATA section, no carriage return in a cell, and no > in an attribute.  Anything else is rejected here,
 * well-formed or not, and so is everything that is not well-formed: what the scanner accepts, expat reads the same
 * (tests/io_scan_test.c). */
#include "io/xml_scan.h"

#include <string.h>

#define DEPTH 32u                   /* sheets reach a dozen */
#define NAME 63u                    /* bytes of a name */
#define ATTRIBUTES 64u              /* of a tag */
#define PREFIXES 16u                /* declared at a time */
#define TAG_LIMIT ((size_t)1 << 20) /* bytes of a tag */
#define PASSED UINT8_MAX            /* a skipped element */
#define SPACE "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define STRICT_SPACE "http://purl.oclc.org/ooxml/spreadsheetml/main"

typedef struct prefix {
	char name[NAME];
	size_t len;
	uint64_t space; /* hash of its namespace */
	uint32_t depth; /* of the element that declares it */
} prefix;

struct cnv_scan {
	cnv_scan_sink sink;
	cnv_status status;
	cnv_text rest; /* the unfinished end of the last piece */
	bool begun, ended;
	uint32_t depth;
	uint8_t ids[DEPTH]; /* the element at each depth, or PASSED */
	char names[DEPTH][NAME];
	size_t lens[DEPTH];
	prefix prefixes[PREFIXES];
	uint32_t prefix_count;
	cnv_scan_attribute attributes[ATTRIBUTES];
};

/* Bytes between tags.  A reader makes line feeds of carriage returns, so they are not plain where the text matters. */
enum { ORDINARY, MARKUP, ENDING, RETURN, FOREIGN, FORBIDDEN };

/* clang-format off */
#define O ORDINARY
#define F FORBIDDEN
#define EIGHT(class) class, class, class, class, class, class, class, class
static const uint8_t classes[256] = {
	EIGHT(F), F, O, O, F, F, RETURN, F, F, EIGHT(F), EIGHT(F), /* but for tab and line feed */
	O, O, O, O, O, O, MARKUP, O, EIGHT(O), EIGHT(O), O, O, O, O, MARKUP, O, ENDING, O, /* & < > */
	EIGHT(O), EIGHT(O), EIGHT(O), EIGHT(O), EIGHT(O), EIGHT(O), EIGHT(O), EIGHT(O),
	EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN),
	EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN), EIGHT(FOREIGN),
};
#undef O
#undef F
#undef EIGHT
/* clang-format on */

static uint8_t class_of(char c)
{
	return classes[(uint8_t)c];
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_byte(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static cnv_status reject(cnv_scan *s)
{
	if (!s->status)
		s->status = CNV_REJECTED;
	return s->status;
}

/* ---------------------------------------------------------------- characters */

/* Valid UTF-8 without U+FFFE and U+FFFF, which no XML may have. */
static bool is_foreign_text(cnv_str text)
{
	if (cnv_utf8_check(text) != text.len)
		return false;
	for (size_t i = 0; i + 2 < text.len; i++)
		if ((uint8_t)text.at[i] == 0xEF && (uint8_t)text.at[i + 1] == 0xBF && (uint8_t)text.at[i + 2] >= 0xBE)
			return false;
	return true;
}

/* Reads "#x41" or "#65"; 0: neither, or no character that XML may have. */
static uint32_t read_number(cnv_str name)
{
	bool hexadecimal = name.len > 1 && name.at[1] == 'x';
	uint32_t base = hexadecimal ? 16 : 10, code = 0;
	size_t at = hexadecimal ? 2 : 1;

	if (at == name.len)
		return 0;
	for (; at < name.len; at++) {
		char c = cnv_lower(name.at[at]);
		uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
				 : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
							: 16;

		if (digit >= base || code > 0x10FFFF)
			return 0;
		code = code * base + digit;
	}
	if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) || code == 0xFFFE || code == 0xFFFF)
		return 0;
	return code >= ' ' || code == '\t' || code == '\n' || code == '\r' ? code : 0;
}

/* The character of an entity's name, between & and ;.  0: none. */
static uint32_t entity_of(cnv_str name)
{
	static const struct {
		cnv_str name;
		uint32_t code;
	} entities[] = { { { "amp", 3 }, '&' },
			 { { "lt", 2 }, '<' },
			 { { "gt", 2 }, '>' },
			 { { "quot", 4 }, '"' },
			 { { "apos", 4 }, '\'' } };

	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (cnv_str_equal(name, entities[i].name))
			return entities[i].code;
	return name.len && name.at[0] == '#' ? read_number(name) : 0;
}

/* The name of the entity that begins at `at`; false: it does not end within the bytes. */
static bool take_entity(const char *at, const char *end, cnv_str *name)
{
	const char *upto = memchr(at, ';', (size_t)(end - at));

	*name = (cnv_str){ at + 1, upto ? (size_t)(upto - at) - 1 : 0 };
	return upto;
}

/* ---------------------------------------------------------------- tags */

/* Reads a name, with a prefix or without; NULL: there is none. */
static const char *take_name(const char *at, const char *end, cnv_str *name)
{
	const char *from = at;
	bool prefixed = false;

	do {
		if (at > from) {
			prefixed = true;
			at++;
		}
		if (at == end || !is_name_start(*at))
			return NULL;
		while (at < end && is_name_byte(*at))
			at++;
	} while (at < end && *at == ':' && !prefixed);
	*name = (cnv_str){ from, (size_t)(at - from) };
	return name->len <= NAME ? at : NULL;
}

/* Is it a value that a reader passes on as it is, but for its entities? */
static bool is_value(cnv_str value)
{
	bool foreign = false;

	for (size_t i = 0; i < value.len; i++) {
		uint8_t class = class_of(value.at[i]);
		cnv_str name;

		if (class == FORBIDDEN || value.at[i] == '<')
			return false;
		foreign |= class == FOREIGN;
		if (class == MARKUP && (!take_entity(value.at + i, value.at + value.len, &name) || !entity_of(name)))
			return false;
	}
	return !foreign || is_foreign_text(value);
}

/* Reads the attributes up to > or />; NULL: they are not well-formed. */
static const char *take_attributes(cnv_scan *s, const char *at, const char *end, uint32_t *count)
{
	for (*count = 0;; ++*count) {
		const char *blank = at;
		cnv_scan_attribute *attribute = &s->attributes[*count];

		while (at < end && is_space(*at))
			at++;
		if (at < end && (*at == '>' || *at == '/'))
			return at;
		if (at == blank || *count == ATTRIBUTES || !(at = take_name(at, end, &attribute->name)))
			return NULL;
		if (end - at < 3 || at[0] != '=' || at[1] != '"')
			return NULL;
		attribute->value.at = at + 2;
		at = memchr(at + 2, '"', (size_t)(end - at) - 2);
		if (!at)
			return NULL;
		attribute->value.len = (size_t)(at++ - attribute->value.at);
		if (!is_value(attribute->value))
			return NULL;
		for (uint32_t i = 0; i < *count; i++)
			if (cnv_str_equal(s->attributes[i].name, attribute->name))
				return NULL;
	}
}

bool cnv_scan_attribute_at(const cnv_scan_tag *tag, const char *name, cnv_str *value)
{
	size_t len = strlen(name);

	for (uint32_t i = 0; i < tag->count; i++)
		if (tag->attributes[i].name.len == len && !memcmp(tag->attributes[i].name.at, name, len)) {
			*value = tag->attributes[i].value;
			return true;
		}
	return false;
}

/* Each namespace has one prefix, or none: then names are equal only if they are written equally. */
static bool declare(cnv_scan *s, cnv_str name, cnv_str space)
{
	uint64_t hash = cnv_str_hash(space, 0);
	prefix *made = &s->prefixes[s->prefix_count];

	if (s->prefix_count == PREFIXES || !space.len || memchr(space.at, '&', space.len) ||
	    cnv_str_equal(space, CNV_STR(SPACE)) || cnv_str_equal(space, CNV_STR(STRICT_SPACE)) ||
	    cnv_str_starts(space, CNV_STR("http://www.w3.org/")) || cnv_str_equal(name, CNV_STR("xml")) ||
	    cnv_str_equal(name, CNV_STR("xmlns")))
		return false;
	for (uint32_t i = 0; i < s->prefix_count; i++)
		if (s->prefixes[i].space == hash ||
		    cnv_str_equal(name, (cnv_str){ s->prefixes[i].name, s->prefixes[i].len }))
			return false;
	memcpy(made->name, name.at, name.len);
	made->len = name.len;
	made->space = hash;
	made->depth = s->depth;
	s->prefix_count++;
	return true;
}

static bool is_declared(const cnv_scan *s, cnv_str name)
{
	const char *colon = memchr(name.at, ':', name.len);
	cnv_str before = { name.at, colon ? (size_t)(colon - name.at) : 0 };

	if (!colon || cnv_str_equal(before, CNV_STR("xml")))
		return true;
	for (uint32_t i = 0; i < s->prefix_count; i++)
		if (cnv_str_equal(before, (cnv_str){ s->prefixes[i].name, s->prefixes[i].len }))
			return true;
	return false;
}

/* The namespaces that a tag declares: the usual one by its root only, and others with a prefix.  prefixes: it may have
 * some, as most do not. */
static bool take_spaces(cnv_scan *s, cnv_str element, const cnv_scan_tag *tag, bool prefixes)
{
	cnv_str prefixed = CNV_STR("xmlns:"), space = { 0 };
	bool has_space = cnv_scan_attribute_at(tag, "xmlns", &space);

	if (s->depth ? has_space : !cnv_str_equal(space, CNV_STR(SPACE)))
		return false;
	for (uint32_t i = 0; prefixes && i < tag->count; i++) {
		cnv_str name = tag->attributes[i].name;

		if (cnv_str_starts(name, prefixed) &&
		    !declare(s, cnv_str_slice(name, prefixed.len, name.len), tag->attributes[i].value))
			return false;
	}
	for (uint32_t i = 0; prefixes && i < tag->count; i++)
		if (!cnv_str_starts(tag->attributes[i].name, prefixed) && !is_declared(s, tag->attributes[i].name))
			return false;
	return !prefixes || is_declared(s, element);
}

static uint8_t find_element(const cnv_scan *s, uint8_t parent, cnv_str name)
{
	for (uint8_t id = 1; id < s->sink.count; id++)
		if (s->sink.elements[id].parent == parent && !strncmp(s->sink.elements[id].name, name.at, name.len) &&
		    !s->sink.elements[id].name[name.len])
			return id;
	return PASSED;
}

static void close_element(cnv_scan *s)
{
	uint8_t id = s->ids[--s->depth];

	while (s->prefix_count && s->prefixes[s->prefix_count - 1].depth == s->depth)
		s->prefix_count--;
	s->ended = !s->depth;
	if (id != PASSED)
		s->status = s->sink.close(s->sink.self, id);
}

/* Both return the end of the tag, or NULL where it is rejected. */
static const char *take_end_tag(cnv_scan *s, const char *at, const char *end)
{
	cnv_str name;

	at = take_name(at, end, &name);
	while (at && at < end && is_space(*at))
		at++;
	if (!at || at == end || *at != '>' || !s->depth ||
	    !cnv_str_equal(name, (cnv_str){ s->names[s->depth - 1], s->lens[s->depth - 1] }))
		return NULL;
	close_element(s);
	return at + 1;
}

static const char *take_start_tag(cnv_scan *s, const char *at, const char *end)
{
	cnv_scan_tag tag = { .attributes = s->attributes };
	uint8_t id = PASSED, parent = s->depth ? s->ids[s->depth - 1] : 0;
	bool prefixes = memchr(at, ':', (size_t)(end - at)), empty;
	cnv_str name;

	at = take_name(at, end, &name);
	if (!at || !(at = take_attributes(s, at, end, &tag.count)))
		return NULL;
	empty = *at == '/';
	at += empty;
	if (at == end || *at != '>' || s->depth == DEPTH || s->ended || !take_spaces(s, name, &tag, prefixes))
		return NULL;
	if (parent != PASSED)
		id = find_element(s, parent, name);
	if (!s->depth && id == PASSED)
		return NULL;
	memcpy(s->names[s->depth], name.at, name.len);
	s->lens[s->depth] = name.len;
	s->ids[s->depth++] = id;
	if (id != PASSED)
		s->status = s->sink.open(s->sink.self, id, &tag);
	if (empty && !s->status)
		close_element(s);
	return at + 1;
}

/* ---------------------------------------------------------------- pieces */

static bool is_heard(const cnv_scan *s)
{
	return s->depth && s->ids[s->depth - 1] != PASSED;
}

static void emit(cnv_scan *s, cnv_str text)
{
	if (text.len && is_heard(s) && !s->status)
		s->status = s->sink.text(s->sink.self, s->ids[s->depth - 1], text);
}

static const char *take_reference(cnv_scan *s, const char *at, const char *end)
{
	char bytes[4];
	cnv_str name;
	uint32_t code;

	if (!take_entity(at, end, &name))
		return at;
	code = s->depth ? entity_of(name) : 0;
	if (!code)
		reject(s);
	else
		emit(s, (cnv_str){ bytes, cnv_utf8_put(bytes, code) });
	return name.at + name.len + 1;
}

/* Text up to the next < or &; returns where it stopped, before a character that continues in the next piece. */
static const char *take_text(cnv_scan *s, const char *at, const char *end)
{
	const char *from = at;
	bool foreign = false;
	cnv_str text;

	for (; at < end; at++) {
		uint8_t class = class_of(*at);

		if (class == ORDINARY)
			continue;
		if (class == MARKUP)
			break;
		foreign |= class == FOREIGN;
		/* "]]>" ends a CDATA section. */
		if (class == FORBIDDEN || (class == RETURN && is_heard(s)) ||
		    (class == ENDING && at - from >= 2 && at[-1] == ']' && at[-2] == ']')) {
			reject(s);
			return at;
		}
	}
	for (const char *each = from; !s->depth && each < at; each++)
		if (!is_space(*each)) {
			reject(s);
			return at;
		}
	/* So that no such end is cut in two. */
	if (at == end)
		while (at > from && at[-1] == ']')
			at--;
	text = (cnv_str){ from, (size_t)(at - from) };
	if (foreign && at == end)
		text.len = cnv_utf8_check(text);
	if (foreign && !is_foreign_text(text))
		reject(s);
	emit(s, text);
	return from + text.len;
}

/* The declaration, which every part has. */
static const char *take_declaration(cnv_scan *s, const char *at, const char *end)
{
	cnv_str start = CNV_STR("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>");

	if ((size_t)(end - at) < start.len)
		return at;
	if (memcmp(at, start.at, start.len))
		reject(s);
	s->begun = true;
	return at + start.len;
}

/* Returns where it stopped: the rest continues in the next piece. */
static const char *scan_bytes(cnv_scan *s, const char *at, const char *end)
{
	const char *before = NULL;

	while (!s->status && at < end && at != before) {
		before = at;
		if (!s->begun) {
			at = take_declaration(s, at, end);
		} else if (*at == '&') {
			at = take_reference(s, at, end);
		} else if (*at != '<') {
			at = take_text(s, at, end);
		} else {
			const char *after = memchr(at, '>', (size_t)(end - at));
			const char *found = NULL;

			if (!after++)
				return at;
			found = at[1] == '/' ? take_end_tag(s, at + 2, after) : take_start_tag(s, at + 1, after);
			if (found != after)
				reject(s);
			at = after;
		}
	}
	return at;
}

cnv_scan *cnv_scan_new(const cnv_scan_sink *sink)
{
	cnv_scan *s = cnv_mem_get(sizeof *s);

	if (s)
		s->sink = *sink;
	return s;
}

cnv_status cnv_scan_feed(cnv_scan *s, cnv_str bytes)
{
	const char *at, *end;
	cnv_str all = bytes;

	if (s->status || !bytes.len)
		return s->status;
	if (s->rest.len) {
		cnv_text_put(&s->rest, bytes);
		all = cnv_text_str(&s->rest);
	}
	if (s->rest.failed)
		return s->status = CNV_NO_MEMORY;
	end = all.at + all.len;
	at = scan_bytes(s, all.at, end);
	all = (cnv_str){ at, (size_t)(end - at) };
	if (all.len > TAG_LIMIT)
		reject(s);
	if (s->rest.len) {
		memmove(s->rest.at, all.at, all.len);
		s->rest.len = all.len;
	} else {
		cnv_text_put(&s->rest, all);
	}
	if (s->rest.failed)
		s->status = CNV_NO_MEMORY;
	return s->status;
}

cnv_status cnv_scan_end(cnv_scan *s)
{
	return s->status || (s->ended && !s->rest.len) ? s->status : reject(s);
}

void cnv_scan_free(cnv_scan *s)
{
	if (!s)
		return;
	cnv_text_fini(&s->rest);
	cnv_mem_free(s);
}
