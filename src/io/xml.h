/* XML reader on expat, which only xml.c uses. */
#ifndef CANVASS_IO_XML_H
#define CANVASS_IO_XML_H

#include "canvass/io.h"

typedef struct cnv_xml cnv_xml;

/* The vocabularies of a workbook, each with its strict variant. */
typedef enum cnv_xml_space {
	CNV_XML_BOOK,    /* workbook, sheets, strings, styles */
	CNV_XML_LINKS,   /* parts that link to other parts */
	CNV_XML_LINK,    /* the attribute r:id */
	CNV_XML_TALKS,   /* threaded comments */
	CNV_XML_DRAWING, /* drawings of a sheet, and charts: all vocabularies of DrawingML */
	CNV_XML_ODS      /* OpenDocument: all its vocabularies, and the author of a comment */
} cnv_xml_space;

/* A relevant element and its parent, as indexes in the table; row 0 is the document. */
typedef struct cnv_xml_element {
	const char *name;
	uint8_t parent;
	bool through; /* only a wrapper: what is in it counts as in its parent, at any depth of wrappers */
} cnv_xml_element;

/* Callbacks for those elements; other elements are skipped.  Any status other than CNV_OK ends the reading. */
typedef struct cnv_xml_sink {
	void *self;
	const cnv_xml_element *elements;
	uint8_t count; /* of the table, row 0 included */
	cnv_xml_space space;
	cnv_status (*open)(void *self, uint8_t id, const char *const *attributes); /* NULL: not needed */
	cnv_status (*close)(void *self, uint8_t id);
	cnv_status (*text)(void *self, uint8_t id, cnv_str text); /* borrowed, in pieces; valid UTF-8 */
} cnv_xml_sink;

typedef enum cnv_xml_trouble {
	CNV_XML_FINE,
	CNV_XML_SINK,      /* the sink ended it */
	CNV_XML_MALFORMED, /* not well-formed */
	CNV_XML_DOCTYPE,   /* it has a document type */
	CNV_XML_DEEP,      /* elements nested too deeply */
	CNV_XML_LONG,      /* a tag is too long */
	CNV_XML_NAMES,     /* too many different names */
	CNV_XML_ROOT       /* the root is a different element */
} cnv_xml_trouble;

cnv_xml *cnv_xml_new(const cnv_xml_sink *sink); /* NULL: no memory */
/* Before the first piece: replaces the table and `open`.  `begin` receives every element by its name without
 * namespace, and every `id` is the element's depth, 1 for the root. */
void cnv_xml_hear_all(cnv_xml *xml, cnv_status (*begin)(void *self, uint8_t id, cnv_str name));
cnv_status cnv_xml_feed(cnv_xml *xml, cnv_str bytes);
cnv_status cnv_xml_end(cnv_xml *xml);
/* After CNV_REJECTED: the reason, the line, and the parser's message (static). */
cnv_xml_trouble cnv_xml_why(const cnv_xml *xml, uint64_t *line, const char **fault);
void cnv_xml_free(cnv_xml *xml);
/* The value of an attribute without a namespace, or of r:id; borrowed for the call of `open`. */
bool cnv_xml_attribute(const char *const *attributes, const char *name, cnv_str *value);
/* The value of an attribute of that vocabulary. */
bool cnv_xml_attribute_in(const char *const *attributes, cnv_xml_space space, const char *name, cnv_str *value);
bool cnv_xml_link(const char *const *attributes, cnv_str *value);

#endif
