/* Inside io: zip files, XML, and the pieces of the workbook reader. */
#ifndef CANVASS_IO_INTERNAL_H
#define CANVASS_IO_INTERNAL_H

#include "canvass/io.h"

/* ---------------------------------------------------------------- path.c */

/* What an error number of the system means to a person; the last row of a table answers for all others. */
typedef struct cnv_trouble {
	int error;
	cnv_code code;
	const char *message, *hint;
} cnv_trouble;

extern const cnv_trouble cnv_writing[];
/* Says what went wrong with the file `name`; the status to pass on. */
cnv_status cnv_trouble_say(const cnv_trouble *rows, int error, cnv_str name, cnv_diags *diags);
/* `name` as the system wants it, the caller's to free; NULL with errno set when it cannot be a path. */
char *cnv_path(cnv_str name);

/* ---------------------------------------------------------------- output.c */

/* 0 when the target may be written, else the error that says why not. */
int cnv_target_trouble(const char *path, bool force);
/* Gives a temporary its name.  0 or the error; without `force` never over a file that appeared meanwhile. */
int cnv_name_file(const char *temporary, const char *path, bool force);
/* Makes a file for `target` under the name `path`: open for writing, locked, with the mode that the target has or is to
 * have.  -1 with errno set; EAGAIN: another process has taken it for a leftover. */
int cnv_temporary_make(const char *path, const char *target, bool private);
/* A fresh name for a temporary in a folder; the caller's to free.  NULL: no memory. */
char *cnv_temporary_name(cnv_str folder, unsigned number);
/* Locks what was just made, and proves that it still has its name. */
bool cnv_temporary_hold(int descriptor, const char *path);
/* Removes what killed runs left in the folder. */
void cnv_temporary_sweep(cnv_str folder);
/* Writes all of an output that is open, and commits it; abandons it when that fails. */
cnv_status cnv_output_save(cnv_output *output, cnv_str bytes, cnv_diags *diags);

/* ---------------------------------------------------------------- folder.c */

/* Makes a folder: 0, EEXIST where it is there already, or the error.  A link in its place is ELOOP unless link_ok. */
int cnv_folder_new(const char *path, bool link_ok);
/* Opens a folder, named as cnv_folder_of does (empty: the current one); -1 with errno set. */
int cnv_folder_open(cnv_str folder);
/* Waits until the names in such a folder are on the disk; 0 or the error. */
int cnv_folder_sync(cnv_str folder);

/* ---------------------------------------------------------------- zip.c (zlib only there) */

typedef struct cnv_zip cnv_zip;

/* What a zip file of a stranger may need; 0: no limit. */
typedef struct cnv_zip_limits {
	uint64_t part, all; /* bytes inflated, of one part and of all that are read */
	uint32_t parts;
} cnv_zip_limits;

typedef enum cnv_zip_trouble {
	CNV_ZIP_DAMAGED,
	CNV_ZIP_CUT,    /* its end is missing */
	CNV_ZIP_PARTS,  /* too many */
	CNV_ZIP_LARGE,  /* more bytes than the limits allow */
	CNV_ZIP_LOCKED, /* encrypted */
	CNV_ZIP_METHOD, /* packed in a way that is not read */
	CNV_ZIP_SUSPECT /* parts share bytes or a name */
} cnv_zip_trouble;

/* What is wrong, and where. */
typedef struct cnv_zip_fault {
	cnv_zip_trouble trouble;
	uint64_t at;    /* byte of the file, from 0; UINT64_MAX: none in particular */
	char part[101]; /* name of the part, UTF-8; empty: not known */
} cnv_zip_fault;

/* Reads the list of parts of a file that canvass has written.  CNV_REJECTED: not a whole zip file; CNV_NO_ACCESS: cannot
 * be read.  Nothing is said. */
cnv_status cnv_zip_open(cnv_zip **out, const char *path);
/* The same of a stranger's file; its bytes are borrowed.  CNV_REJECTED: *fault says why. */
cnv_status cnv_zip_open_bytes(cnv_zip **out, cnv_str bytes, cnv_zip_limits limits, cnv_zip_fault *fault);
uint32_t cnv_zip_count(const cnv_zip *zip);
cnv_str cnv_zip_name(const cnv_zip *zip, uint32_t part); /* until the zip is closed */
uint32_t cnv_zip_find(const cnv_zip *zip, cnv_str name); /* CNV_NONE; case and the kind of slash do not matter */
/* Inflates a part, handing it on in pieces; a piece that is not taken with CNV_OK ends it with that status.
 * CNV_REJECTED when its bytes are not those that were packed, or too many. */
cnv_status cnv_zip_stream(cnv_zip *zip, uint32_t part, cnv_status (*piece)(void *self, cnv_str bytes), void *self);
const cnv_zip_fault *cnv_zip_why(const cnv_zip *zip); /* the last part was rejected */
void cnv_zip_close(cnv_zip *zip);

/* ---------------------------------------------------------------- xml.c (expat only there) */

typedef struct cnv_xml cnv_xml;

/* The vocabularies of a workbook, each with its strict variant. */
typedef enum cnv_xml_space {
	CNV_XML_BOOK,  /* workbook, sheets, strings, styles */
	CNV_XML_LINKS, /* parts that say which part leads where */
	CNV_XML_LINK,  /* the attribute r:id */
	CNV_XML_TALKS  /* comments that answer each other */
} cnv_xml_space;

/* An element that matters and the one it stands in, by their place in the table; row 0 is the document. */
typedef struct cnv_xml_element {
	const char *name;
	uint8_t parent;
} cnv_xml_element;

/* Who hears of those elements; what else there is, is passed over.  Any other status than CNV_OK ends the reading. */
typedef struct cnv_xml_sink {
	void *self;
	const cnv_xml_element *elements;
	uint8_t count; /* of the table, row 0 included */
	cnv_xml_space space;
	cnv_status (*open)(void *self, uint8_t id, const char *const *attributes); /* NULL: not asked */
	cnv_status (*close)(void *self, uint8_t id);
	cnv_status (*text)(void *self, uint8_t id, cnv_str text); /* borrowed, in pieces; valid UTF-8 */
} cnv_xml_sink;

typedef enum cnv_xml_trouble {
	CNV_XML_FINE,
	CNV_XML_SINK,      /* the sink ended it */
	CNV_XML_MALFORMED, /* no XML */
	CNV_XML_DOCTYPE,   /* it has a document type */
	CNV_XML_DEEP,      /* elements too deep in each other */
	CNV_XML_LONG,      /* a tag is too long */
	CNV_XML_NAMES,     /* too many different names */
	CNV_XML_ROOT       /* its root is another element */
} cnv_xml_trouble;

cnv_xml *cnv_xml_new(const cnv_xml_sink *sink); /* NULL: no memory */
/* Before the first piece: in place of the table and `open`, `begin` hears of every element by its name without its
 * vocabulary, and the `id` of all is how deep it lies, 1 for the root. */
void cnv_xml_hear_all(cnv_xml *xml, cnv_status (*begin)(void *self, uint8_t id, cnv_str name));
cnv_status cnv_xml_feed(cnv_xml *xml, cnv_str bytes);
cnv_status cnv_xml_end(cnv_xml *xml);
/* After CNV_REJECTED: what it was, the line, and the words of the parser (static). */
cnv_xml_trouble cnv_xml_why(const cnv_xml *xml, uint64_t *line, const char **fault);
void cnv_xml_free(cnv_xml *xml);
/* The value of an attribute of no namespace, and of r:id; borrowed for the call of `open`. */
bool cnv_xml_attribute(const char *const *attributes, const char *name, cnv_str *value);
bool cnv_xml_link(const char *const *attributes, cnv_str *value);

/* ---------------------------------------------------------------- xlsx_text.c */

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

/* ---------------------------------------------------------------- xlsx_read.c, xlsx_sheet.c */

/* A workbook being read. */
typedef struct cnv_book {
	cnv_str source;
	const cnv_xlsx_sink *sink;
	cnv_diags *diags;
	cnv_zip *zip;
	cnv_arena arena;  /* names and targets */
	cnv_text strings; /* the shared strings, end to end */
	uint32_t *ends;   /* of each in `strings` */
	uint8_t *formats; /* of each cell style: what its number format shows */
	uint32_t string_count, string_room, format_count, format_room;
	uint64_t given; /* bytes of text handed on */
	bool from_1904;
} cnv_book;

/* Says why a part cannot be read, once. */
cnv_status cnv_book_refuse(cnv_book *book, cnv_code code, cnv_place place, const char *hint, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Streams a part through a sink; `place` is where its defects are told, and may move meanwhile. */
cnv_status cnv_book_part(cnv_book *book, uint32_t part, const cnv_xml_sink *sink, const cnv_place *place);
/* Hands text on, counted: all of a workbook may be 256 MiB. */
cnv_status cnv_book_count(cnv_book *book, size_t len, cnv_place place);
/* Tells of a formula without its value. */
void cnv_book_formula(cnv_diags *diags, cnv_place place);
/* The cells of one sheet. */
cnv_status cnv_book_sheet(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet);

/* ---------------------------------------------------------------- xlsx_comments.c */

/* The comments of one sheet: notes, or (threaded) remarks that answer each other.  with_threads: both are there, so
 * that the notes which only stand in for threads are passed over. */
cnv_status cnv_book_notes(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet, bool with_threads);
cnv_status cnv_book_threads(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet);

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

/* ---------------------------------------------------------------- encoding.c (iconv only there) */

typedef enum cnv_encoding_family { CNV_ENCODING_UNICODE, CNV_ENCODING_SINGLE, CNV_ENCODING_DOUBLE } cnv_encoding_family;

struct cnv_encoding {
	const char *name;  /* as people and the web know it */
	const char *iconv; /* as iconv knows it */
	cnv_encoding_family family;
	uint32_t prior;      /* how much rarer than the commonest, in tenths of a point of likeness */
	const char *aliases; /* other names, blanks between */
};

bool cnv_encoding_is_plain(const cnv_encoding *encoding); /* UTF-8, which is read without iconv */
/* CNV_REJECTED: this system's iconv does not have it. */
cnv_status cnv_encoding_there(const cnv_encoding *encoding);
/* Decodes a whole text and returns how many of its bytes could be decoded; the text before the others is in `out`. */
size_t cnv_encoding_decode(const cnv_encoding *encoding, cnv_str bytes, cnv_text *out);
/* The character of each byte of a CNV_ENCODING_SINGLE; CNV_NONE: none.  CNV_REJECTED: iconv does not have it. */
cnv_status cnv_encoding_table(const cnv_encoding *encoding, uint32_t table[256]);

typedef enum cnv_decoded {
	CNV_DECODED,
	CNV_DECODE_FULL, /* there is more: call again */
	CNV_DECODE_CUT,  /* it ends within a character */
	CNV_DECODE_BAD   /* what comes next is not in the encoding */
} cnv_decoded;
typedef struct cnv_decoder cnv_decoder;
cnv_decoder *cnv_decoder_new(const cnv_encoding *encoding); /* NULL: no memory, or iconv does not have it */
/* Takes decoded bytes off *bytes and gives their text, *len bytes of `room` (at least 64).  Never CNV_DECODE_CUT: a
 * character cut at the end waits for its rest. */
cnv_decoded cnv_decoder_feed(cnv_decoder *decoder, cnv_str *bytes, char *out, size_t room, size_t *len);
cnv_decoded cnv_decoder_end(cnv_decoder *decoder, char *out, size_t room, size_t *len);
cnv_str cnv_decoder_cut(const cnv_decoder *decoder); /* bytes that wait for their rest */
void cnv_decoder_free(cnv_decoder *decoder);

bool cnv_delimiter_ok(char c); /* dialect.c: may it part cells? */

/* ---------------------------------------------------------------- likeness.c: is this what people write? */

typedef struct cnv_likeness cnv_likeness;
/* language: the respondent's, BCP 47; may be empty. */
cnv_likeness *cnv_likeness_new(const cnv_vocabulary *vocabulary, const cnv_form *form, cnv_str language);
void cnv_likeness_cell(cnv_likeness *likeness, cnv_str cell);
typedef struct cnv_likeness_why {
	uint64_t known, characters; /* cells that are words of the form; characters beyond ASCII */
	const char *language;       /* that explains most letters; NULL: none */
	bool expected;              /* it is the respondent's or one of the form's */
} cnv_likeness_why;
/* The mean of the points of all characters beyond ASCII since the last call, from -4 to 4. */
double cnv_likeness_take(cnv_likeness *likeness, cnv_likeness_why *why);
bool cnv_likeness_failed(const cnv_likeness *likeness); /* memory ran out */
void cnv_likeness_free(cnv_likeness *likeness);

/* ---------------------------------------------------------------- xlsx_cell.c */

void cnv_xlsx_escape(cnv_text *out, cnv_str s);
size_t cnv_xlsx_bytes(cnv_str s, size_t units);
size_t cnv_xlsx_decimals(double number);

#endif
