/* Inside io: zip files read back. */
#ifndef CANVASS_IO_INTERNAL_H
#define CANVASS_IO_INTERNAL_H

#include "canvass/io.h"

/* ---------------------------------------------------------------- zip.c (zlib only there) */

typedef struct cnv_zip cnv_zip;

/* Reads the list of parts.  CNV_REJECTED: not a whole zip file; CNV_NO_ACCESS: cannot be read.  Nothing is said. */
cnv_status cnv_zip_open(cnv_zip **out, const char *path);
uint32_t cnv_zip_count(const cnv_zip *zip);
cnv_str cnv_zip_name(const cnv_zip *zip, uint32_t part); /* until the zip is closed */
uint32_t cnv_zip_find(const cnv_zip *zip, cnv_str name); /* CNV_NONE */
/* Inflates a part, handing it on in pieces.  CNV_REJECTED when its bytes are not those that were packed. */
cnv_status cnv_zip_stream(const cnv_zip *zip, uint32_t part, void (*piece)(void *self, cnv_str bytes), void *self);
void cnv_zip_close(cnv_zip *zip);

/* ---------------------------------------------------------------- xlsx_verify.c */

/* What a workbook must hold when it is read back. */
typedef struct cnv_xlsx_expect {
	const uint64_t *cells; /* of each sheet, formatted blanks included */
	uint32_t sheets;
	uint32_t commented; /* sheets that carry comments */
} cnv_xlsx_expect;

/* Reads the workbook at `path` to its last byte: every part must be whole XML, every sheet hold its cells. CNV_REJECTED
 * when it does not; *trouble then says what, in static storage.  Nothing is said. */
cnv_status cnv_xlsx_verify(const char *path, const cnv_xlsx_expect *expect, const char **trouble);

#endif
