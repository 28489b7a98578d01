/* Numbers as their format shows them. */
#ifndef CANVASS_IO_XLSX_SHOWN_H
#define CANVASS_IO_XLSX_SHOWN_H

#include "canvass/base.h"

#define CNV_XLSX_FORMAT_ROOM 255u /* bytes of a format that is read; spreadsheet programs allow no more characters */

/* Does the format add something to the digits of a number: a percent sign, a currency, a unit, zeros in front? */
bool cnv_xlsx_adds(cnv_str code);
/* The same of a format that files identify by number only; empty: it adds nothing. */
cnv_str cnv_xlsx_builtin_adds(int64_t id);
/* Writes a number ("-1234.5") with what its format adds; all digits are kept. */
void cnv_xlsx_show(cnv_text *out, cnv_str code, cnv_str number);

#endif
