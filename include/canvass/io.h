/* io: files, CSV and workbooks. */
#ifndef CANVASS_IO_H
#define CANVASS_IO_H

#include "canvass/gather.h"
#include "canvass/report.h"

/* The hint for a file that no program saves as a table: a picture, a text. */
#define CNV_HINT_NO_TABLE "ask for the answers as a workbook or CSV, or enter them with canvass collect"

/* ---------------------------------------------------------------- files (file.c) */

typedef struct cnv_file cnv_file; /* an open file being read in pieces with read(2) */

/* Regular files only: a folder, a device or a pipe is rejected with its own diagnostic. */
cnv_status cnv_file_open(cnv_file **out, cnv_str name, cnv_diags *diags);
uint64_t cnv_file_size(const cnv_file *file);
/* Has its size or modification time changed since it was opened?  Also true where the system does not say. */
bool cnv_file_changed(const cnv_file *file);
/* Up to `room` bytes; *len 0 at the end. */
cnv_status cnv_file_read(cnv_file *file, char *at, size_t room, size_t *len, cnv_diags *diags);
/* Up to `room` bytes from byte `at` on; the position of cnv_file_read does not change. */
cnv_status cnv_file_peek(cnv_file *file, uint64_t at, char *to, size_t room, size_t *len, cnv_diags *diags);
void cnv_file_close(cnv_file *file);
/* The whole file, at most `limit` bytes (more is CNV_REJECTED), into the arena. */
cnv_status cnv_file_load(cnv_str name, size_t limit, cnv_arena *arena, cnv_str *bytes, cnv_diags *diags);
/* The folder part of a name, with its last slash; empty: it has none. */
cnv_str cnv_folder_of(cnv_str name);
/* Has the file this ending, such as ".md", in any letter case?  ".md" alone is a hidden file without an ending. */
bool cnv_file_ends(cnv_str name, const char *ending);
/* *there: something has this name.  CNV_NO_ACCESS, with a diagnostic: that cannot be determined. */
cnv_status cnv_file_look(cnv_str name, bool *there, cnv_diags *diags);
bool cnv_file_exists(cnv_str name); /* false as well where that cannot be determined */
/* A form's id as files are named after it (stem.c): letters, marks and digits of any script, '-', '_' and '.', at most
 * CNV_STEM bytes.  An id that has other characters, or is not a good name, gets a digest behind: no two ids share a stem. */
#define CNV_STEM 100u
cnv_str cnv_file_stem(cnv_str id, cnv_arena *arena);
bool cnv_file_same(cnv_str a, cnv_str b); /* both exist and are one file, by whatever names */

/* ---------------------------------------------------------------- files out (output.c, output_set.c) */

typedef struct cnv_outputs cnv_outputs;

/* A file that appears whole or not at all: written next to the target, fsynced, renamed.  It has the mode of the file that
 * it replaces, a new one the mode that the umask leaves; a link in its place is replaced, not followed. */
typedef struct cnv_output {
	cnv_str target;
	char *temporary; /* its name, in the same folder; NUL-terminated; NULL once committed or abandoned */
	int descriptor;
	bool force;                                                      /* an existing target is replaced */
	cnv_outputs *set;                                                /* that it belongs to; or NULL */
	cnv_status (*keep)(struct cnv_output *output, cnv_diags *diags); /* of a set: called in place of the commit */
} cnv_output;                                                            /* { 0 } may be abandoned */
/* `target` is borrowed until commit or abandon.  An existing one is rejected (CNV_REJECTED) unless `force`; the commit
 * looks again, so nothing that appears meanwhile is overwritten.  What killed runs left in the folder is removed. */
cnv_status cnv_output_open(cnv_output *output, cnv_str target, bool force, cnv_diags *diags);
cnv_status cnv_output_write(cnv_output *output, cnv_str bytes, cnv_diags *diags);
cnv_status cnv_output_commit(cnv_output *output, cnv_diags *diags); /* abandons it when it fails, and leaves nothing */
void cnv_output_abandon(cnv_output *output);
/* Opens, writes and commits an output of these bytes. */
cnv_status cnv_file_save(cnv_str target, cnv_str bytes, bool force, cnv_diags *diags);
/* The same, readable by its owner alone whatever the umask and the mode of the file replaced. */
cnv_status cnv_file_save_private(cnv_str target, cnv_str bytes, bool force, cnv_diags *diags);

/* Outputs that appear together: all are written and fsynced, then all get their names. */
struct cnv_outputs {
	cnv_str folder; /* there already; the outputs are in it or below */
	char *staging;  /* the temporary folder in it; NULL once committed or abandoned */
	int lock;
	struct cnv_staged *each;
	uint32_t count, room, begun;
	cnv_arena arena;
};                                                                               /* { 0 } may be abandoned */
cnv_status cnv_outputs_open(cnv_outputs *set, cnv_str folder, cnv_diags *diags); /* `folder` is borrowed */
/* A folder to be made, before what is in it; a link in its place is rejected by the commit. */
cnv_status cnv_outputs_folder(cnv_outputs *set, cnv_str name, cnv_diags *diags);
/* An output of the set, as cnv_output_open: cnv_output_commit then only keeps it for the commit of the set. */
cnv_status cnv_outputs_begin(cnv_outputs *set, cnv_output *output, cnv_str target, bool force, cnv_diags *diags);
cnv_status cnv_outputs_save(cnv_outputs *set, cnv_str target, cnv_str bytes, bool force, cnv_diags *diags);
/* The file that holds an output until then, to be read (its digest, an attachment); empty: there is none. */
cnv_str cnv_outputs_find(const cnv_outputs *set, cnv_str target);
/* When it fails, nothing new is left; files that had been replaced before stay replaced. */
cnv_status cnv_outputs_commit(cnv_outputs *set, cnv_diags *diags);
void cnv_outputs_abandon(cnv_outputs *set);

/* What is being read, which an output must not replace. */
typedef struct cnv_input {
	cnv_str name;     /* empty: none */
	const char *word; /* "form" */
} cnv_input;
/* CNV_REJECTED, said: `target` is one of them, by whatever name. */
cnv_status cnv_output_apart(cnv_str target, const cnv_input *inputs, size_t count, cnv_diags *diags);

/* ---------------------------------------------------------------- zip files out (zip_write.c) */

typedef struct cnv_zip_out {
	cnv_text bytes, list;
	uint32_t count;
} cnv_zip_out; /* { 0 } to begin with */
/* A part, packed.  CNV_REJECTED: the file would be too large, or have too many parts. */
cnv_status cnv_zip_put(cnv_zip_out *zip, cnv_str name, cnv_str bytes);
cnv_status cnv_zip_finish(cnv_zip_out *zip, cnv_str *bytes); /* *bytes: until fini */
void cnv_zip_out_fini(cnv_zip_out *zip);

/* ---------------------------------------------------------------- libraries loaded when needed (library.c) */

typedef struct cnv_symbol {
	const char *name;
	size_t at; /* where its address goes: offset in `into` */
} cnv_symbol;
/* Loads a library, by the name that its version has, for the rest of the run.  NULL: every symbol was found; else what
 * is wrong, as the system words it (until the next call), and `into` is not to be used. */
const char *cnv_library_load(const char *name, const cnv_symbol *symbols, size_t count, void *into);

/* ---------------------------------------------------------------- SHA-256 of files (sha256.c, libcrypto only there) */

typedef struct cnv_sha256 cnv_sha256;
cnv_sha256 *cnv_sha256_new(void); /* NULL: no memory */
void cnv_sha256_add(cnv_sha256 *digest, cnv_str bytes);
void cnv_sha256_end(cnv_sha256 *digest, uint8_t sha256[32]); /* once */
void cnv_sha256_free(cnv_sha256 *digest);

/* ---------------------------------------------------------------- folders (folder.c) */

enum { CNV_FOLDER_EXAMPLES = 3 };

typedef struct cnv_folder {
	cnv_str *names; /* of its ordinary files, the folder's before each; in natural order: AUS-2.csv, AUS-10.csv */
	uint32_t count, room;
	cnv_str *inner; /* its folders, in the same order */
	uint32_t inner_count, inner_room;
	uint32_t own; /* files of canvass itself: counted by the caller, who knows them */
	uint32_t hidden, locks, system, folders,
		others;                        /* skipped; folders: all of `inner`, until the caller reads them */
	cnv_str examples[CNV_FOLDER_EXAMPLES]; /* names of system files: the first by bytes */
	bool failed;
} cnv_folder;

/* Makes one where it is missing, and fsyncs the folder that it is in. */
cnv_status cnv_folder_make(cnv_str name, cnv_diags *diags);
/* The same of a folder whose name is not the person's choice: a link in its place may lead anywhere, and is rejected. */
cnv_status cnv_folder_make_own(cnv_str name, cnv_diags *diags);
/* The same of the folder of a file that has a default name, such as responses/.  What goes wrong is reported when the file
 * itself is opened. */
void cnv_folder_make_for(cnv_str file);
/* May a file be made under this name, as far as can be seen?  missing: its folder would be made too. */
bool cnv_folder_takes(cnv_str file, bool missing);
bool cnv_is_folder(cnv_str name);
/* Names live in the arena.  What cannot be read is reported. */
cnv_status cnv_folder_read(cnv_folder *folder, cnv_str name, cnv_arena *arena, cnv_diags *diags);
uint32_t cnv_folder_passed(const cnv_folder *folder);
void cnv_folder_fini(cnv_folder *folder);

/* ---------------------------------------------------------------- CSV in (csv_read.c, libcsv only there) */

typedef struct cnv_csv_limits {
	size_t field;    /* bytes of one field; 0: CNV_CSV_FIELD */
	uint32_t fields; /* of one record; 0: CNV_CSV_FIELDS */
} cnv_csv_limits;
#define CNV_CSV_FIELD 98304u  /* what an Excel cell holds: 32,767 characters of three bytes */
#define CNV_CSV_FIELDS 16384u /* columns of Excel */

typedef struct cnv_csv_sink {
	void *self;
	void (*field)(void *self, cnv_str field); /* borrowed */
	/* `line` is where the record began; not CNV_OK stops the reading */
	cnv_status (*record)(void *self, uint32_t line);
} cnv_csv_sink;

typedef struct cnv_csv cnv_csv;
/* A reader fed in pieces.  separator 0: decided by cnv_gather_separator from the first line that is not empty.  A byte
 * order mark is dropped.
 * Every defect (unclosed quote, text after a closing quote, NUL, bytes that are not UTF-8, a field or record over the
 * limits, a file of no record) is one diagnostic with its line, and ends the reading with CNV_REJECTED. */
cnv_csv *cnv_csv_new(cnv_str source, char separator, cnv_csv_limits limits, const cnv_csv_sink *sink, cnv_diags *diags);
cnv_status cnv_csv_feed(cnv_csv *csv, cnv_str bytes);
cnv_status cnv_csv_end(cnv_csv *csv);
void cnv_csv_free(cnv_csv *csv);
/* Reads bytes already in memory. */
cnv_status cnv_csv_read(cnv_str source, cnv_str bytes, char separator, cnv_csv_limits limits, const cnv_csv_sink *sink,
			cnv_diags *diags);
/* Does this begin like a file of another kind (a workbook, a document, a picture)?  Reading it says which. */
bool cnv_csv_is_other(cnv_str bytes);
/* A whole form file into sheets, a whole roster; the bytes are in memory. */
cnv_status cnv_csv_sheets(cnv_sheets *sheets, cnv_str bytes, cnv_diags *diags);
cnv_status cnv_csv_roster(cnv_roster *roster, cnv_str bytes, cnv_diags *diags);

/* ---------------------------------------------------------------- data next to a form (xml_items.c, geojson.c) */

/* Hears of rows whose cells name their columns. */
typedef struct cnv_items_sink {
	void *self;
	void (*cell)(void *self, cnv_str column, cnv_str text); /* borrowed; of two with one name the later counts */
	cnv_status (*record)(void *self, uint32_t line);        /* not CNV_OK ends the reading */
} cnv_items_sink;
/* The items of an instance: every <item> in the root, a cell for each element in it.  A defect is one diagnostic with
 * its line, and CNV_REJECTED. */
cnv_status cnv_xml_items(cnv_str source, cnv_str bytes, const cnv_items_sink *sink, cnv_diags *diags);
/* The features of a GeoJSON FeatureCollection: their properties, `id`, and `geometry` as a geopoint or a row of them. */
cnv_status cnv_geojson_items(cnv_str source, cnv_str bytes, const cnv_items_sink *sink, cnv_diags *diags);

/* ---------------------------------------------------------------- CSV out (csv_write.c) */

/* Appends one field, in quotes where it needs them. */
void cnv_csv_put(cnv_text *out, cnv_str field);

#define CNV_KEYED_COLUMNS 4u
/* One line of a return in the long layout. */
typedef struct cnv_csv_answer {
	cnv_str path;   /* "doc[1]/doc_name" */
	cnv_str number; /* "C5.1" */
	cnv_str label, answer, note;
	bool confirms;        /* has the columns `still_right`, empty, and `prefilled` */
	cnv_str prefilled;    /* the answer that is to be confirmed */
	const cnv_str *keyed; /* the CNV_KEYED_COLUMNS of a return that was keyed twice; NULL: of another */
} cnv_csv_answer;
typedef enum cnv_csv_columns {
	CNV_CSV_PLAIN,    /* "question,no,label,answer,note" */
	CNV_CSV_CONFIRMS, /* and "still_right,prefilled" */
	CNV_CSV_KEYED     /* and "first_keying,first_note,second_keying,second_note" */
} cnv_csv_columns;
void cnv_csv_put_head(cnv_text *out, cnv_csv_columns columns);
void cnv_csv_put_answer(cnv_text *out, const cnv_csv_answer *answer);

/* ---------------------------------------------------------------- encodings and dialects (encoding.c, dialect.c) */

typedef struct cnv_encoding cnv_encoding;
const cnv_encoding *cnv_encoding_find(cnv_str name); /* by any of its names, however written; NULL */
const cnv_encoding *cnv_encoding_at(size_t index);   /* the commonest first; NULL past the last */
cnv_str cnv_encoding_name(const cnv_encoding *encoding);
/* comma, semicolon, tab, pipe, or the one character itself; 0: it cannot part cells. */
char cnv_delimiter_find(cnv_str name);

/* What is known before a returned file is looked at. */
typedef struct cnv_dialect_asked {
	cnv_str source;
	cnv_str sample; /* its first bytes, and lines from further on where it is long */
	size_t head;    /* of the sample: as many bytes the file begins with */
	bool whole;     /* the sample is the whole file */
	const cnv_form *form;
	const cnv_vocabulary *vocabulary;
	cnv_str language;             /* the respondent's, BCP 47; may be empty */
	const cnv_encoding *encoding; /* as the person says; NULL: to be found */
	char delimiter;               /* the same; 0: to be found */
} cnv_dialect_asked;

/* How a returned file is to be read. */
typedef struct cnv_dialect {
	const cnv_encoding *encoding;
	bool plain; /* UTF-8: its bytes are read as they are */
	char delimiter;
	size_t skip;      /* bytes of the text in UTF-8 to be left out: a byte order mark, a line `sep=;` */
	cnv_str reading;  /* for people: "windows-1252, semicolon" */
	cnv_str evidence; /* why: "12 cells beyond ASCII are words of the form"; empty for UTF-8 without a mark */
} cnv_dialect;

/* Finds the dialect by byte order mark, zero bytes, validity as UTF-8, else by the form's words and the languages
 * expected; CNV_REJECTED where two readings are as good as each other.  Says what it found unless it is UTF-8.  Texts
 * live in `arena`. */
cnv_status cnv_dialect_find(cnv_dialect *out, const cnv_dialect_asked *asked, cnv_arena *arena, cnv_diags *diags);

/* Bytes on their way into a CSV reader, made UTF-8.  What is not of the encoding is one diagnostic with its line, and
 * CNV_REJECTED. */
typedef struct cnv_recoder cnv_recoder;
cnv_recoder *cnv_recoder_new(cnv_str source, const cnv_dialect *dialect, cnv_csv *csv, cnv_diags *diags);
cnv_status cnv_recoder_feed(cnv_recoder *recoder, cnv_str bytes);
cnv_status cnv_recoder_end(cnv_recoder *recoder); /* ends the CSV too */
void cnv_recoder_free(cnv_recoder *recoder);
/* ---------------------------------------------------------------- text that was spoilt before (mangled.c) */

/* Letters that another program spoilt, in cells that are valid UTF-8. */
typedef struct cnv_mangled cnv_mangled;
cnv_mangled *cnv_mangled_new(void); /* NULL: no memory */
void cnv_mangled_look(cnv_mangled *mangled, cnv_str cell, cnv_place place);
/* Warns of all that was found, once for each kind. */
cnv_status cnv_mangled_say(cnv_mangled *mangled, cnv_diags *diags);
void cnv_mangled_free(cnv_mangled *mangled);

/* ---------------------------------------------------------------- mail out (mail.c) */

typedef struct cnv_attachment {
	cnv_str name;     /* without a folder */
	const char *type; /* "text/csv; charset=utf-8" */
	cnv_str bytes;
} cnv_attachment;

typedef struct cnv_mail {
	cnv_str to_name, to;   /* address; empty: to be filled in */
	cnv_str subject, text; /* UTF-8; text in lines */
	cnv_instant at;
	const cnv_attachment *attachments;
	uint32_t count;
} cnv_mail;

/* Appends a message as a file that mail programs open as a draft: RFC 5322 and MIME, CRLF, all in ASCII; nothing sends
 * it here. */
void cnv_mail_put(cnv_text *out, const cnv_mail *mail);

/* ---------------------------------------------------------------- workbooks in (xlsx_read.c, expat only in xml.c) */

typedef struct cnv_xlsx_sheet {
	cnv_str name;
	/* its place among the sheets of the workbook, from 1, and how many sheets of cells there are */
	uint32_t tab, tabs;
	bool hidden;
} cnv_xlsx_sheet;

/* Cells of a sheet, the last ones included; rows 0: whole columns, columns 0: whole rows. */
typedef struct cnv_xlsx_area {
	uint32_t from_row, from_column, upto_row, upto_column;
} cnv_xlsx_area;

/* What a cell is in the workbook; its text is ready for people whatever it is. */
typedef enum cnv_xlsx_kind {
	CNV_XLSX_TEXT,
	CNV_XLSX_NUMBER,  /* "5", "0.25" */
	CNV_XLSX_BOOLEAN, /* "TRUE", "FALSE" */
	CNV_XLSX_DATE,    /* "2026-12-31", "2026-12-31 09:00:00", "09:00:00" */
	CNV_XLSX_ERROR    /* "#N/A" */
} cnv_xlsx_kind;

/* A chart of bars. */
typedef struct cnv_xlsx_chart {
	uint32_t row, column; /* of the cell below its upper left corner, from 1 */
	cnv_str title, alt;   /* as it is drawn, and in words */
	cnv_str cells;        /* what it draws: the cells of each series, "C8 A9:A15 C9:C15 D8 A9:A15 D9:D15" */
} cnv_xlsx_chart;

/* Hears of sheets in the order of their tabs, and of their cells that are not blank, row by row from left to right,
 * both counted from 1.  Texts are valid UTF-8 and borrowed for the call. */
typedef struct cnv_xlsx_sink {
	void *self;
	bool (*sheet)(void *self, const cnv_xlsx_sheet *sheet); /* false: its cells are not wanted */
	cnv_status (*cell)(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind);
	cnv_status (*end)(void *self); /* of a sheet that was wanted */
	/* NULL: not asked.  Hidden columns come before the cells, a hidden row before its own; merged cells and comments
	 * after them all. */
	cnv_status (*hidden)(void *self, cnv_xlsx_area area);
	cnv_status (*merged)(void *self, cnv_xlsx_area area);
	cnv_status (*comment)(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text);
	cnv_status (*chart)(void *self,
			    const cnv_xlsx_chart *chart); /* after all cells and comments; NULL: not asked */
	/* A link of a cell or of several: to `target` in this workbook, or in what is outside.  After all cells; NULL: not asked.
	 * The area has zeros where it cannot be read. */
	cnv_status (*link)(void *self, cnv_xlsx_area area, cnv_str target, bool outside);
	/* A formula whose value was not saved, in a cell that is read as blank; NULL: the first of a sheet is reported. */
	void (*formula)(void *self, uint32_t row, uint32_t column);
	/* A formula whose value is an empty text; NULL: not asked. */
	void (*empty)(void *self, uint32_t row, uint32_t column);
	void (*computed)(void *self); /* the cell that comes next has the value of a formula; NULL: not asked */
	/* Numbers that were typed are given to their last digit, and with what their format adds: "30%" for 0.3, "USD 5".
	 * Else, and always where a formula computed them, they have the 15 digits that a spreadsheet shows. */
	bool exact;
} cnv_xlsx_sink;

#define CNV_XLSX_PART ((uint64_t)64 << 20) /* bytes that one part of a workbook unpacks to */
#define CNV_XLSX_ALL ((uint64_t)256 << 20) /* all parts that are read, and all text that is handed on */
#define CNV_XLSX_PARTS 2000u
#define CNV_XLSX_CELL 98301u /* bytes of a cell: 32,767 characters of three bytes */
#define CNV_XLSX_ROWS 1048576u
#define CNV_XLSX_COLUMNS 16384u

/* Does this begin like a workbook, or like what another program calls one?  Then it is no CSV. */
bool cnv_xlsx_is(cnv_str bytes);
/* Reads a workbook in memory.  Formulas give the values stored with them, merged cells their text at the top left;
 * hidden sheets are read like others.  Every defect is one diagnostic with sheet and cell where they are known, and
 * ends the reading with CNV_REJECTED.  Memory stays under 1 GiB whatever the bytes are. */
cnv_status cnv_xlsx_read(cnv_str source, cnv_str bytes, const cnv_xlsx_sink *sink, cnv_diags *diags);
/* Workbooks of Excel 97 to 2003 (.xls), which have neither number formats, hidden rows, comments nor errors for their
 * reader (xls_read.c).  Without a reader they are rejected by their name. */
typedef cnv_status cnv_xls_reader(cnv_str source, cnv_str bytes, const cnv_xlsx_sink *sink, cnv_diags *diags);
bool cnv_xls_is(cnv_str bytes);
/* By libfreexl in a child process (xls_child.c), which may crash. */
cnv_xls_reader cnv_xls_read_apart;
/* Chooses who reads them from now on; called once, by a program before anything is read. */
void cnv_xls_read_by(cnv_xls_reader *reader);

/* ---------------------------------------------------------------- what a workbook says (contents.c) */

/* Kinds of content; in upper case, a cell with the value of a formula. */
enum {
	CNV_CONTENT_TEXT = 't',
	CNV_CONTENT_NUMBER = 'n',
	CNV_CONTENT_DATE = 'd',
	CNV_CONTENT_BOOLEAN = 'b',
	CNV_CONTENT_ERROR = 'e',
	CNV_CONTENT_NOTE = 'c',
	CNV_CONTENT_CHART = 'p',
	CNV_CONTENT_LINK = 'l'
};

/* A cell that is not blank, a comment, or a chart: its title, its words and the cells that it draws, a line each. */
typedef struct cnv_content {
	cnv_str sheet;        /* its name */
	char kind;            /* CNV_CONTENT_... */
	uint32_t row, column; /* from 1 */
	cnv_str text;         /* as the reader of workbooks returns it; borrowed for the call */
} cnv_content;

typedef struct cnv_content_listener {
	void *self;
	void (*content)(void *self, const cnv_content *content);
} cnv_content_listener;

/* Digests what is laid out or read.  listener: NULL, or hears of everything; borrowed.  NULL: no memory */
typedef struct cnv_contents cnv_contents;
cnv_contents *cnv_contents_new(const cnv_content_listener *listener);
void cnv_contents_free(cnv_contents *contents);
/* A grid that digests what is laid out on it, and passes it on to `inner` (borrowed; NULL: to none). */
void cnv_contents_grid(cnv_grid *grid, cnv_contents *contents, const cnv_grid *inner);
/* The same from a workbook in memory. */
cnv_status cnv_contents_read(cnv_contents *contents, cnv_str source, cnv_str bytes, cnv_diags *diags);
/* The sheets so far; borrowed until the next call.  NULL: no memory */
const cnv_laid *cnv_contents_laid(cnv_contents *contents);

/* A whole form; the bytes are in memory. */
cnv_status cnv_xlsx_sheets(cnv_sheets *sheets, cnv_str bytes, cnv_diags *diags);

/* An e-mail message (mail_kind.c), whatever its name is. */
bool cnv_mail_is(cnv_str bytes);

/* Archives of tables: zip files that are no workbook (archive.c). */
typedef struct cnv_archive_sink {
	void *self;
	cnv_status (*table)(void *self, cnv_str name, cnv_str bytes); /* borrowed for the call */
	void (*other)(void *self, cnv_str name);                      /* a file that is no table */
} cnv_archive_sink;
/* CNV_REJECTED: the bytes are no archive with tables, or a part is damaged or larger than `most`.  Says nothing. */
cnv_status cnv_archive_read(cnv_str bytes, uint64_t most, const cnv_archive_sink *sink);

/* Where a returned workbook goes (xlsx_returned.c). */
typedef struct cnv_returned {
	cnv_str source;
	const cnv_form *form;
	const cnv_migration *migration; /* of a return of an older version; or NULL */
	cnv_gather *gather;
	cnv_arena *arena;  /* names of sheets: as long as the batch has rows */
	cnv_text *reading; /* takes what it is read as, "workbook, 2 sheets of answers"; or NULL */
	void *self;
	cnv_status (*record)(void *self,
			     uint32_t row); /* a record has its fields: cnv_gather_record, and what follows */
	cnv_status (*next)(
		void *self); /* another sheet begins: the rows in the batch are to be judged first; or NULL */
} cnv_returned;
/* Reads a workbook in memory into the gatherer: the sheets that name questions, entries of repeats before responses.
 * What is not used is reported, an area at a time. */
cnv_status cnv_xlsx_returned(const cnv_returned *returned, cnv_str bytes, cnv_diags *diags);

/* ---------------------------------------------------------------- workbooks out (xlsx_write.c, by libxlsxwriter) */

/* A grid that writes an .xlsx at output->temporary (constant memory).  title and created go into its properties; same
 * input, same bytes.  `output` and `diags` are borrowed until cnv_xlsx_free; comments, unlike cells, stay in memory
 * until then.  finish() closes it and reads it back: a part missing or a wrong count of cells is CNV_NO_ACCESS.  The
 * caller commits the output. */
cnv_status cnv_xlsx_grid(cnv_grid *grid, const cnv_output *output, cnv_str title, cnv_instant created,
			 cnv_diags *diags);
void cnv_xlsx_free(cnv_grid *grid);

/* What is to be written, and how. */
typedef struct cnv_xlsx_job {
	cnv_str title;
	cnv_instant created;
	cnv_status (*lay)(void *self,
			  cnv_grid *grid); /* perhaps in another process: what it changes in memory is lost */
	void *self;
} cnv_xlsx_job;
typedef cnv_status cnv_xlsx_writer(const cnv_output *output, const cnv_xlsx_job *job, cnv_diags *diags);
/* Lays the workbook, writes it and reads it back, in this process unless the program has chosen another writer. */
cnv_status cnv_xlsx_write(const cnv_output *output, const cnv_xlsx_job *job, cnv_diags *diags);
/* The same by a child process (xlsx_child.c), which may fail in any way: a crash, or a line on stderr, is CNV_NO_ACCESS or
 * CNV_NO_MEMORY.  For programs of one thread. */
cnv_xlsx_writer cnv_xlsx_write_apart;
/* Chooses who writes from now on; called once, by a program before anything is written. */
void cnv_xlsx_write_by(cnv_xlsx_writer *writer);

#endif
