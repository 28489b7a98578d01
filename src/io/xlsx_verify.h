/* A workbook read back after it was written. */
#ifndef CANVASS_IO_XLSX_VERIFY_H
#define CANVASS_IO_XLSX_VERIFY_H

#include "canvass/io.h"

/* The comments and charts of a sheet. */
typedef struct cnv_xlsx_beside {
	cnv_str name; /* of the sheet */
	uint64_t sum; /* xlsx_beside.c */
} cnv_xlsx_beside;

/* Expected contents of a workbook that is read back. */
typedef struct cnv_xlsx_expect {
	const uint64_t *cells; /* of each sheet, formatted blanks included */
	uint32_t sheets;
	uint32_t commented;             /* sheets with comments */
	uint32_t charts;                /* in all sheets */
	uint32_t charted;               /* sheets with charts */
	uint32_t tables;                /* in all sheets */
	uint32_t linked;                /* sheets with charts, comments or tables */
	const uint64_t *sums;           /* of each sheet, over contents and looks (xlsx_proof.c); NULL: not compared */
	const cnv_xlsx_beside *besides; /* of each sheet; NULL: not compared */
} cnv_xlsx_expect;

/* Reads the workbook at `path` to its last byte: every part must be complete XML, and every sheet must have the
 * cells, contents, looks, comments and charts that were written.  Otherwise CNV_REJECTED, with the reason in *trouble, in static
 * storage.  Emits no diagnostics. */
cnv_status cnv_xlsx_verify(const char *path, const cnv_xlsx_expect *expect, const char **trouble);

#endif
