/* The cells of an OpenDocument spreadsheet (.ods), as its reader collects them. */
#ifndef CANVASS_IO_ODS_BOOK_H
#define CANVASS_IO_ODS_BOOK_H

#include "io/xlsx_book.h"
#include "io/xlsx_text.h"

/* Reads the spreadsheet in `part`, content.xml, whose manifest is `manifest`. */
cnv_status cnv_book_ods(cnv_book *book, uint32_t part, uint32_t manifest);

/* Rejects a spreadsheet whose manifest says that it is encrypted. */
cnv_status cnv_ods_password(cnv_book *book, uint32_t manifest);

/* A value as the attributes of a cell state it; texts are borrowed for the call. */
typedef struct cnv_ods_value {
	cnv_str type, value, text; /* office:value-type; its value; what the cell shows */
	bool formula;
	bool exact; /* a number to its last digit */
} cnv_ods_value;
#define CNV_ODS_ROOM (CNV_NUMBER_ROOM > CNV_XLSX_DATE_ROOM ? CNV_NUMBER_ROOM : CNV_XLSX_DATE_ROOM)
/* The text of the cell, borrowed from the value or written to `out`; empty: the cell is blank.  false: the value does
 * not match its type. */
bool cnv_ods_value_text(const cnv_ods_value *value, cnv_str *text, cnv_xlsx_kind *kind, char out[CNV_ODS_ROOM]);

/* A number with what the cell shows around it; false: nothing.  `out` may have failed. */
bool cnv_ods_show(cnv_text *out, const cnv_ods_value *value);

/* Text between tags: runs of white space are one blank, as in a web page; breaks and blanks of its own are elements. */
typedef struct cnv_ods_text {
	cnv_text text;
	uint32_t paragraphs;
	bool pending; /* a blank, unless the paragraph ends */
	bool fresh;   /* nothing of the paragraph yet */
} cnv_ods_text;
void cnv_ods_text_reset(cnv_ods_text *text);
void cnv_ods_paragraph(cnv_ods_text *text);
void cnv_ods_characters(cnv_ods_text *text, cnv_str characters);
void cnv_ods_sign(cnv_ods_text *text, char sign, uint32_t count); /* blanks, a tab or a line break */

#endif
