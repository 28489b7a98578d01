/* The sheets of a pack that come as CSV files (sheets.c). */
#ifndef CANVASS_ROUND_SHEETS_H
#define CANVASS_ROUND_SHEETS_H

#include "round/parts.h"

/* What the bytes that a file begins with are; table: of entries. */
sheet_kind sheets_look(cnv_str name, cnv_str bytes, const parts_asked *asked, uint32_t *table, cnv_text *title);
/* May these bytes, of which nothing is parsed, be such a sheet? */
bool sheets_may_be(cnv_str bytes);
/* Sets the root of each sheet whose first sheet, with the question that identifies the respondent, is in the list. */
cnv_status sheets_join(parts_list *list, const parts_asked *asked);

#endif
