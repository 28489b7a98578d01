/* Numbers, dates and texts as stored in workbook cells. */
#ifndef CANVASS_IO_XLSX_TEXT_H
#define CANVASS_IO_XLSX_TEXT_H

#include "canvass/io.h"

/* What a number format displays; 0: a plain number. */
enum { CNV_XLSX_DAY = 1, CNV_XLSX_TIME = 2, CNV_XLSX_ELAPSED = 4 };
uint8_t cnv_xlsx_builtin(int64_t id);
uint8_t cnv_xlsx_format(cnv_str code); /* "yyyy-mm-dd" */
/* Decodes _xHHHH_ and turns CRLF into LF, in place; returns the new length, which is never greater. */
size_t cnv_xlsx_unescape(char *text, size_t len);
/* Reads a number as stored in a cell, with or without an exponent. */
bool cnv_xlsx_number_read(cnv_str text, double *number);
/* Writes a number for people: whole numbers unchanged, others with all digits (exact) or with the 15 that a
 * spreadsheet shows. */
size_t cnv_xlsx_number_write(cnv_str text, double number, bool exact, char out[CNV_NUMBER_ROOM]);
/* A row and a column from 1: "AB12" is row 12, column 28.  false: not the address of a cell. */
bool cnv_xlsx_address(cnv_str text, uint32_t *row, uint32_t *column);
/* Writes days since the epoch as a date, a time (below one day), or both.  0: outside the calendar. */
#define CNV_XLSX_DATE_ROOM 64
size_t cnv_xlsx_date_write(double serial, uint8_t format, bool from_1904, char out[CNV_XLSX_DATE_ROOM]);
/* The same for a cell that holds an ISO 8601 date. */
size_t cnv_xlsx_iso_write(cnv_str text, uint8_t format, char out[CNV_XLSX_DATE_ROOM]);

/* The same of a number to be written, as it will be read. */
size_t cnv_xlsx_number_shown(double number, char out[CNV_NUMBER_ROOM]);

#define CNV_XLSX_FIRST_DAY -25508 /* 1900-03-01: Excel has a 29 February in 1900, so earlier serials are off by one */

void cnv_xlsx_escape(cnv_text *out, cnv_str s);
/* The text of a cell or comment as written: escaped, and cut at the limit of a cell.  true: it was cut.  `out` says
 * whether memory was enough. */
bool cnv_xlsx_cell_text(cnv_text *out, cnv_str s);
#define CNV_XLSX_CUT 32700u /* UTF-16 units of a text that is cut: leaves room for the mark */
size_t cnv_xlsx_bytes(cnv_str s, size_t units);
size_t cnv_xlsx_decimals(double number);

#endif
