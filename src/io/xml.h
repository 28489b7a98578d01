/* XML, on expat, which only xml.c knows. */
#ifndef CANVASS_IO_XML_H
#define CANVASS_IO_XML_H

#include "canvass/io.h"

typedef struct cnv_xml cnv_xml;

/* The vocabularies of a workbook, each with its strict variant. */
typedef enum cnv_xml_space {
	CNV_XML_BOOK,  /* workbook, sheets, strings, styles */
	CNV_XML_LINKS, /* parts that say which part leads where */
	CNV_XML_LINK,  /* the attribute r:id */
	CNV_XML_TALKS  /* comments that answer each other */
} cnv_xml_space;

/* An element that matters and the one it stands in, by their place in the table; row 0 is the document. */
typedef struct cnv_xml_element {
	const char *name;
	uint8_t parent;
} cnv_xml_element;

/* Who hears of those elements; what else there is, is passed over.  Any other status than CNV_OK ends the reading. */
typedef struct cnv_xml_sink {
	void *self;
	const cnv_xml_element *elements;
	uint8_t count; /* of the table, row 0 included */
	cnv_xml_space space;
	cnv_status (*open)(void *self, uint8_t id, const char *const *attributes); /* NULL: not asked */
	cnv_status (*close)(void *self, uint8_t id);
	cnv_status (*text)(void *self, uint8_t id, cnv_str text); /* borrowed, in pieces; valid UTF-8 */
} cnv_xml_sink;

typedef enum cnv_xml_trouble {
	CNV_XML_FINE,
	CNV_XML_SINK,      /* the sink ended it */
	CNV_XML_MALFORMED, /* no XML */
	CNV_XML_DOCTYPE,   /* it has a document type */
	CNV_XML_DEEP,      /* elements too deep in each other */
	CNV_XML_LONG,      /* a tag is too long */
	CNV_XML_NAMES,     /* too many different names */
	CNV_XML_ROOT       /* its root is another element */
} cnv_xml_trouble;

cnv_xml *cnv_xml_new(const cnv_xml_sink *sink); /* NULL: no memory */
/* Before the first piece: in place of the table and `open`, `begin` hears of every element by its name without its
 * vocabulary, and the `id` of all is how deep it lies, 1 for the root. */
void cnv_xml_hear_all(cnv_xml *xml, cnv_status (*begin)(void *self, uint8_t id, cnv_str name));
cnv_status cnv_xml_feed(cnv_xml *xml, cnv_str bytes);
cnv_status cnv_xml_end(cnv_xml *xml);
/* After CNV_REJECTED: what it was, the line, and the words of the parser (static). */
cnv_xml_trouble cnv_xml_why(const cnv_xml *xml, uint64_t *line, const char **fault);
void cnv_xml_free(cnv_xml *xml);
/* The value of an attribute of no namespace, and of r:id; borrowed for the call of `open`. */
bool cnv_xml_attribute(const char *const *attributes, const char *name, cnv_str *value);
bool cnv_xml_link(const char *const *attributes, cnv_str *value);

#endif
