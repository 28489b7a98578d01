/* A workbook being read: its parts, sheets and comments. */
#ifndef CANVASS_IO_XLSX_BOOK_H
#define CANVASS_IO_XLSX_BOOK_H

#include "io/xml.h"
#include "io/zip.h"

/* What the number format of a cell style shows: a date (xlsx_text.h), or what it adds to numbers. */
typedef struct cnv_book_format {
	uint8_t date;
	cnv_str adds; /* the format, if it adds something (xlsx_shown.h) */
} cnv_book_format;

/* A workbook being read. */
typedef struct cnv_book {
	cnv_str source;
	const cnv_xlsx_sink *sink;
	cnv_diags *diags;
	cnv_zip *zip;
	cnv_arena arena;          /* names and targets */
	cnv_text strings;         /* the shared strings, end to end */
	uint32_t *ends;           /* of each in `strings` */
	cnv_book_format *formats; /* of each cell style */
	uint32_t string_count, string_room, format_count, format_room;
	uint64_t given; /* bytes of text passed on */
	bool from_1904;
} cnv_book;

/* The workbook as a whole, as the place of a diagnostic. */
cnv_place cnv_book_place(const cnv_book *book);
/* Reports why a part cannot be read, once. */
cnv_status cnv_book_refuse(cnv_book *book, cnv_code code, cnv_place place, const char *hint, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Reports a part with invalid content; `sheet`: the name of the affected sheet, or empty. */
cnv_status cnv_book_refuse_damaged(cnv_book *book, uint32_t part, cnv_str sheet, const char *what);
cnv_status cnv_book_refuse_zip(cnv_book *book, const cnv_zip_fault *fault, cnv_place place);
/* The part that `target` refers to from a part in `folder`, or CNV_NONE. "../" above the root stays at the root, as
 * in a browser. */
uint32_t cnv_book_find(cnv_book *book, cnv_str folder, cnv_str target);
/* Streams a part through a sink; `place` is the location for its diagnostics, and may change meanwhile. */
cnv_status cnv_book_part(cnv_book *book, uint32_t part, const cnv_xml_sink *sink, const cnv_place *place);
/* A link from one part to another. */
typedef struct cnv_link {
	cnv_str type, target;
	bool outside; /* to a file outside the workbook */
} cnv_link;

typedef struct cnv_links {
	cnv_book *book;
	cnv_place place;
	uint32_t part; /* the part with the links */
	cnv_link *at;
	uint32_t count, room;
	cnv_map by_id;
} cnv_links;

#define CNV_BOOK_NAME 1024u /* bytes of a name, an id or a target; a sheet's name has 31 characters */

/* Reads the links of part `name` in `folder`; none if the part does not exist.  Freed in every case. */
cnv_status cnv_links_read(cnv_links *links, cnv_book *book, cnv_str folder, cnv_str name);
void cnv_links_fini(cnv_links *links);
/* The first link of a type, by the last word of the type's name: the words before it differ in the strict variant. */
const cnv_link *cnv_links_find(const cnv_links *links, cnv_str type);
/* The folder of a part, and its name there. */
cnv_str cnv_book_folder(const cnv_book *book, uint32_t part, cnv_str *name);

/* Counts text that is passed on: a workbook is limited to 256 MiB. */
cnv_status cnv_book_count(cnv_book *book, size_t len, cnv_place place);
/* Reports a formula without a value. */
void cnv_book_formula(cnv_diags *diags, cnv_place place);
/* The cells of one sheet. */
cnv_status cnv_book_sheet(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet);

/* Reads the charts of one sheet from the part of its drawing. */
cnv_status cnv_book_charts(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet);
/* Reads the comments and charts of one sheet, as the sink selects them. */
cnv_status cnv_book_besides(cnv_book *book, uint32_t sheet_part, const cnv_xlsx_sheet *sheet);

/* Reads the comments of one sheet: notes, or threaded comments.  with_threads: both exist, so notes that only
 * substitute for threads are skipped. */
cnv_status cnv_book_notes(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet, bool with_threads);
cnv_status cnv_book_threads(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet);

#endif
