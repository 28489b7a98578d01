/* Numbers, dates and texts as the cells of a workbook have them. */
#ifndef CANVASS_IO_XLSX_TEXT_H
#define CANVASS_IO_XLSX_TEXT_H

#include "canvass/io.h"

/* What a number format shows of a number; 0: the number. */
enum { CNV_XLSX_DAY = 1, CNV_XLSX_TIME = 2, CNV_XLSX_ELAPSED = 4 };
uint8_t cnv_xlsx_builtin(int64_t id);
uint8_t cnv_xlsx_format(cnv_str code); /* "yyyy-mm-dd" */
/* Undoes _xHHHH_ and makes CRLF LF, in place; the new length, never more. */
size_t cnv_xlsx_unescape(char *text, size_t len);
/* A number as a cell holds it, perhaps with an exponent. */
bool cnv_xlsx_number_read(cnv_str text, double *number);
/* As people read it: whole numbers as they stand, others to the last digit (exact) or with the 15 digits that a
 * spreadsheet shows. */
size_t cnv_xlsx_number_write(cnv_str text, double number, bool exact, char out[CNV_NUMBER_ROOM]);
/* A row and a column from 1: "AB12" is row 12, column 28.  false: no address on a sheet. */
bool cnv_xlsx_address(cnv_str text, uint32_t *row, uint32_t *column);
/* Days since the epoch: a day, a time below one day, or both.  0: no date that a calendar has. */
#define CNV_XLSX_DATE_ROOM 64
size_t cnv_xlsx_date_write(double serial, uint8_t format, bool from_1904, char out[CNV_XLSX_DATE_ROOM]);
/* The same for a cell that holds a date as ISO 8601 writes it. */
size_t cnv_xlsx_iso_write(cnv_str text, uint8_t format, char out[CNV_XLSX_DATE_ROOM]);

void cnv_xlsx_escape(cnv_text *out, cnv_str s);
size_t cnv_xlsx_bytes(cnv_str s, size_t units);
size_t cnv_xlsx_decimals(double number);

#endif
