/* Reads XML, as used in the parts of a workbook.
 *
 * A part is described by a table of the relevant elements, each with its parent; all other elements are skipped with
 * their content, so a reader receives only the elements in its table.  expat checks that the XML is well-formed.
 * Input that expat accepts without a limit is rejected here: document types (and with them entities), deep nesting,
 * tags of several megabytes, and an endless supply of new names, each of which expat remembers. */
#include "io/xml.h"

#include <string.h>
#include <expat.h>

#define DEPTH 64u                    /* workbooks reach a dozen */
#define TAG_LIMIT ((int64_t)1 << 20) /* bytes from < to >: expat keeps the tag, and rescans it with every piece */
#define NAMES 65536u                 /* allocations by expat in one part: one for each new name, few otherwise */
#define PASSED UINT8_MAX             /* a skipped element */
#define BETWEEN '\n'                 /* separates a namespace from a name: no namespace contains it */

/* Each vocabulary has two names: the usual one, and that of its strict variant. */
static const char *const spaces[][2] = {
	[CNV_XML_BOOK] = { "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
			   "http://purl.oclc.org/ooxml/spreadsheetml/main" },
	[CNV_XML_LINKS] = { "http://schemas.openxmlformats.org/package/2006/relationships",
			    "http://purl.oclc.org/ooxml/package/relationships" },
	[CNV_XML_LINK] = { "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
			   "http://purl.oclc.org/ooxml/officeDocument/relationships" },
	[CNV_XML_TALKS] = { "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments",
			    "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments" },
	/* the beginning of all namespaces of DrawingML */
	[CNV_XML_DRAWING] = { "http://schemas.openxmlformats.org/drawingml/2006/",
			      "http://purl.oclc.org/ooxml/drawingml/" },
	/* the beginning of all namespaces of OpenDocument, and the Dublin Core */
	[CNV_XML_ODS] = { "urn:oasis:names:tc:opendocument:xmlns:", "http://purl.org/dc/elements/1.1/" },
};

struct cnv_xml {
	XML_Parser parser;
	cnv_xml_sink sink;
	cnv_status (*begin)(void *self, uint8_t id, cnv_str name); /* receives all elements; NULL: the table applies */
	cnv_status status;
	cnv_xml_trouble trouble;
	size_t allocations; /* made by expat */
	int64_t fed;        /* bytes */
	uint32_t depth;
	uint8_t open[DEPTH]; /* the element at each depth, or PASSED; of a wrapper, its parent's */
	bool wraps[DEPTH];
};

/* The parser active in this thread, because expat does not say which parser an allocation is for.  Allocations by
 * the sink must not count. */
static _Thread_local cnv_xml *at_work;

static void *get_memory(size_t size)
{
	if (at_work)
		at_work->allocations++;
	return cnv_mem_get(size);
}

static void *resize_memory(void *at, size_t size)
{
	if (at_work)
		at_work->allocations++;
	return cnv_mem_resize(at, 0, size, 1);
}

static void stop(cnv_xml *xml, cnv_status status, cnv_xml_trouble trouble)
{
	if (xml->status != CNV_OK)
		return;
	xml->status = status;
	xml->trouble = trouble;
	XML_StopParser(xml->parser, XML_FALSE);
}

/* Is `full`, a namespace and a name, `name` of that vocabulary? */
static bool is_name(const char *full, cnv_xml_space space, const char *name)
{
	const char *between = strchr(full, BETWEEN);
	bool begins = space == CNV_XML_ODS || space == CNV_XML_DRAWING; /* several namespaces begin with it */

	if (!between || strcmp(between + 1, name) != 0)
		return false;
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(spaces[space][i]), full_len = (size_t)(between - full);
		if ((begins ? full_len >= len : full_len == len) && !memcmp(full, spaces[space][i], len))
			return true;
	}
	return false;
}

static uint8_t find_element(const cnv_xml *xml, uint8_t parent, const char *full)
{
	for (uint8_t id = 1; id < xml->sink.count; id++)
		if (xml->sink.elements[id].parent == parent &&
		    is_name(full, xml->sink.space, xml->sink.elements[id].name))
			return id;
	return PASSED;
}

static void on_open(void *self, const XML_Char *name, const XML_Char **attributes)
{
	cnv_xml *xml = self;
	uint8_t id = PASSED, parent = xml->depth ? xml->open[xml->depth - 1] : 0;

	if (xml->status != CNV_OK)
		return;
	if (xml->depth == DEPTH) {
		stop(xml, CNV_REJECTED, CNV_XML_DEEP);
		return;
	}
	if (xml->allocations > NAMES) {
		stop(xml, CNV_REJECTED, CNV_XML_NAMES);
		return;
	}
	if (xml->begin) {
		const char *between = strchr(name, BETWEEN);
		cnv_status status;

		xml->open[xml->depth] = (uint8_t)(xml->depth + 1);
		xml->depth++;
		status = xml->begin(xml->sink.self, (uint8_t)xml->depth, cnv_str_from(between ? between + 1 : name));
		if (status != CNV_OK)
			stop(xml, status, CNV_XML_SINK);
		return;
	}
	if (parent != PASSED)
		id = find_element(xml, parent, name);
	if (!xml->depth && id == PASSED) {
		stop(xml, CNV_REJECTED, CNV_XML_ROOT);
		return;
	}
	xml->wraps[xml->depth] = id != PASSED && xml->sink.elements[id].through;
	xml->open[xml->depth] = xml->wraps[xml->depth] ? parent : id;
	if (xml->wraps[xml->depth++])
		return;
	if (id != PASSED && xml->sink.open) {
		cnv_status status = xml->sink.open(xml->sink.self, id, attributes);
		if (status != CNV_OK)
			stop(xml, status, CNV_XML_SINK);
	}
}

static void on_close(void *self, const XML_Char *name)
{
	cnv_xml *xml = self;

	(void)name;
	if (xml->status != CNV_OK)
		return;
	uint8_t id = xml->open[--xml->depth];
	if (id != PASSED && !xml->wraps[xml->depth] && xml->sink.close) {
		cnv_status status = xml->sink.close(xml->sink.self, id);
		if (status != CNV_OK)
			stop(xml, status, CNV_XML_SINK);
	}
}

static void on_text(void *self, const XML_Char *at, int len)
{
	cnv_xml *xml = self;
	uint8_t id = xml->depth ? xml->open[xml->depth - 1] : PASSED;

	if (xml->status != CNV_OK || id == PASSED || !xml->sink.text)
		return;
	cnv_status status = xml->sink.text(xml->sink.self, id, (cnv_str){ at, (size_t)len });
	if (status != CNV_OK)
		stop(xml, status, CNV_XML_SINK);
}

static void on_doctype(void *self, const XML_Char *name, const XML_Char *system, const XML_Char *public, int internal)
{
	(void)name, (void)system, (void)public, (void)internal;
	stop(self, CNV_REJECTED, CNV_XML_DOCTYPE);
}

cnv_xml *cnv_xml_new(const cnv_xml_sink *sink)
{
	const XML_Memory_Handling_Suite memory = { get_memory, resize_memory, cnv_mem_free };
	const char between[] = { BETWEEN, '\0' };
	cnv_xml *xml = cnv_mem_get(sizeof *xml);

	if (!xml)
		return NULL;
	xml->sink = *sink;
	xml->parser = XML_ParserCreate_MM(NULL, &memory, between);
	if (!xml->parser) {
		cnv_mem_free(xml);
		return NULL;
	}
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_open, on_close);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
	return xml;
}

void cnv_xml_hear_all(cnv_xml *xml, cnv_status (*begin)(void *self, uint8_t id, cnv_str name))
{
	xml->begin = begin;
}

static cnv_status parse(cnv_xml *xml, cnv_str bytes, bool last)
{
	cnv_xml *outer = at_work;

	if (xml->status != CNV_OK)
		return xml->status;
	at_work = xml;
	enum XML_Status parsed = XML_Parse(xml->parser, bytes.at, (int)bytes.len, last);
	at_work = outer;
	if (parsed != XML_STATUS_ERROR) {
		xml->fed += (int64_t)bytes.len;
		if (xml->fed - XML_GetCurrentByteIndex(xml->parser) > TAG_LIMIT)
			stop(xml, CNV_REJECTED, CNV_XML_LONG);
	} else if (xml->status == CNV_OK) {
		bool memory = XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY;
		if (memory)
			cnv_mem_note_shortage();
		xml->status = memory ? CNV_NO_MEMORY : CNV_REJECTED;
		xml->trouble = CNV_XML_MALFORMED;
	}
	return xml->status;
}

cnv_status cnv_xml_feed(cnv_xml *xml, cnv_str bytes)
{
	return bytes.len ? parse(xml, bytes, false) : xml->status;
}

cnv_status cnv_xml_end(cnv_xml *xml)
{
	return parse(xml, CNV_STR(""), true);
}

cnv_xml_trouble cnv_xml_why(const cnv_xml *xml, uint64_t *line, const char **fault)
{
	*line = XML_GetCurrentLineNumber(xml->parser);
	*fault = xml->trouble == CNV_XML_MALFORMED ? XML_ErrorString(XML_GetErrorCode(xml->parser)) : "";
	return xml->trouble;
}

bool cnv_xml_attribute(const char *const *attributes, const char *name, cnv_str *value)
{
	for (; *attributes; attributes += 2)
		if (!strcmp(attributes[0], name)) {
			*value = cnv_str_from(attributes[1]);
			return true;
		}
	return false;
}

bool cnv_xml_attribute_in(const char *const *attributes, cnv_xml_space space, const char *name, cnv_str *value)
{
	for (; *attributes; attributes += 2)
		if (is_name(attributes[0], space, name)) {
			*value = cnv_str_from(attributes[1]);
			return true;
		}
	return false;
}

bool cnv_xml_link(const char *const *attributes, cnv_str *value)
{
	for (; *attributes; attributes += 2)
		if (is_name(attributes[0], CNV_XML_LINK, "id")) {
			*value = cnv_str_from(attributes[1]);
			return true;
		}
	return false;
}

void cnv_xml_free(cnv_xml *xml)
{
	if (!xml)
		return;
	XML_ParserFree(xml->parser);
	cnv_mem_free(xml);
}
