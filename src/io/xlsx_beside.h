/* Comments and charts of a sheet as they are when read back, and their sum. */
#ifndef CANVASS_IO_XLSX_BESIDE_H
#define CANVASS_IO_XLSX_BESIDE_H

#include "io/xlsx_book.h"

#define CNV_CHART_TITLE 250u /* bytes of a chart's title, */
#define CNV_CHART_ALT 1000u  /* and of what it says in words */

/* A copy for what is not a cell: at most `most` bytes, no partial characters, no control characters.  NULL: no memory. */
char *cnv_xlsx_plain(cnv_arena *arena, cnv_str s, size_t most);
/* A chart as the reader returns it; title and alt as written.  The cells are put into `cells`, which says whether memory
 * was enough. */
cnv_xlsx_chart cnv_xlsx_chart_read(cnv_text *cells, const cnv_chart *chart, cnv_str title, cnv_str alt);
/* A comment as the reader returns it, from the text as written: made in `out`. */
cnv_str cnv_xlsx_note_read(cnv_text *out, cnv_str written);

/* What a comment or a chart adds to the sum of its sheet; row and column from 1, all as read.  The sum is the same in
 * whatever order they come. */
uint64_t cnv_xlsx_note_sum(uint32_t row, uint32_t column, cnv_str text);
uint64_t cnv_xlsx_chart_sum(const cnv_xlsx_chart *chart);
/* The sum of a sheet in a file.  Emits no diagnostics. */
cnv_status cnv_xlsx_beside_sum(cnv_zip *zip, uint32_t sheet_part, cnv_str sheet_name, uint64_t *sum);

#endif
