/* Reads the plain XML of the sheets that a workbook of ours has. */
#ifndef CANVASS_IO_XML_SCAN_H
#define CANVASS_IO_XML_SCAN_H

#include "io/xml.h"

typedef struct cnv_scan cnv_scan;

typedef struct cnv_scan_attribute {
	cnv_str name, value; /* the value as it is between its quotes */
} cnv_scan_attribute;

/* A start tag; borrowed for the call of `open`. */
typedef struct cnv_scan_tag {
	const cnv_scan_attribute *attributes;
	uint32_t count;
} cnv_scan_tag;

/* As cnv_xml_sink: callbacks for the elements of the table, whose names are in the vocabulary of workbooks. */
typedef struct cnv_scan_sink {
	void *self;
	const cnv_xml_element *elements; /* without wrappers */
	uint8_t count;                   /* of the table, row 0 included */
	cnv_status (*open)(void *self, uint8_t id, const cnv_scan_tag *tag);
	cnv_status (*close)(void *self, uint8_t id);
	cnv_status (*text)(void *self, uint8_t id, cnv_str text); /* borrowed, in pieces; valid UTF-8 */
} cnv_scan_sink;

cnv_scan *cnv_scan_new(const cnv_scan_sink *sink); /* NULL: no memory */
/* CNV_REJECTED: it is not well-formed, or not plain. */
cnv_status cnv_scan_feed(cnv_scan *scan, cnv_str bytes);
cnv_status cnv_scan_end(cnv_scan *scan);
void cnv_scan_free(cnv_scan *scan);
bool cnv_scan_attribute_at(const cnv_scan_tag *tag, const char *name, cnv_str *value);

#endif
