/* A workbook read back after it was written. */
#ifndef CANVASS_IO_XLSX_VERIFY_H
#define CANVASS_IO_XLSX_VERIFY_H

#include "canvass/io.h"

/* What a workbook must hold when it is read back. */
typedef struct cnv_xlsx_expect {
	const uint64_t *cells; /* of each sheet, formatted blanks included */
	uint32_t sheets;
	uint32_t commented; /* sheets that carry comments */
	const uint64_t *
		sums; /* of each sheet, over what its cells hold and how they look (xlsx_proof.c); NULL: not compared */
} cnv_xlsx_expect;

/* Reads the workbook at `path` to its last byte: every part must be whole XML, and every sheet have the cells, contents
 * and looks that were written.  CNV_REJECTED when it does not; *trouble then says what, in static storage.  Emits no
 * diagnostic. */
cnv_status cnv_xlsx_verify(const char *path, const cnv_xlsx_expect *expect, const char **trouble);

#endif
