/* Internals of the reader of returned workbooks: xlsx_returned.c reads, xlsx_unused.c records what is not read. */
#ifndef CANVASS_IO_RETURNED_H
#define CANVASS_IO_RETURNED_H

#include "io/printed.h"

/* Cells that are not read as answers: their location, and the beginning of the first cell's text. */
typedef struct returned_area {
	cnv_xlsx_area at;
	uint32_t cells;
	cnv_str words;
} returned_area;

/* An earlier answer that the pack lists next to its question. */
typedef struct returned_gone {
	cnv_str path, text;
} returned_gone;

typedef struct returned_comment {
	uint32_t row, column, order;
	cnv_str text;
	bool used;
} returned_comment;

/* A sheet, and the table that was found in it. */
typedef struct returned_table {
	cnv_origin origin;
	cnv_holds holds;
	uint32_t index; /* of the form's table, of CNV_HOLDS_ENTRIES */
	uint32_t header_row;
	uint32_t rank, known; /* how certain its header is, and how many of its headings are questions */
	cnv_str *headings;
	uint32_t *columns;                   /* columns of the sheet, by heading; rising over the real headings */
	uint32_t *notes;                     /* by real heading, the heading for remarks on it; NULL: no comments */
	uint32_t real, count;                /* headings in the sheet, and the total with those added for comments */
	uint32_t question, answer, note;     /* headings of the long layout; CNV_NONE */
	uint32_t from_comment, upto_comment; /* range among the workbook's comments */
	bool hidden, ours;                   /* ours: the sheet with canvass's own data about the workbook */
} returned_table;

typedef struct returned_cell {
	uint32_t column; /* of the sheet; later the heading above it */
	size_t from, len;
	bool formula;
} returned_cell;

/* A row while its cells arrive: their texts end to end. */
typedef struct returned_row {
	cnv_text text;
	returned_cell *cells;
	uint32_t count, room;
	uint32_t number; /* 0: none yet */
	bool hidden;
} returned_row;

typedef struct reader {
	const cnv_returned *to;
	cnv_diags *diags;
	cnv_arena scratch;
	cnv_status status;
	bool failed; /* memory ran out */

	returned_table *tables; /* by tab */
	uint32_t table_count, table_room, found, found_entries;
	returned_comment *comments;
	uint32_t comment_count, comment_room;
	bool pack;         /* a workbook made by canvass */
	uint32_t own_tab;  /* of the sheet with canvass's own data */
	cnv_map own;       /* names of the sheets in the workbook as it was sent out */
	cnv_str name, due; /* of the respondent, and when it was to be returned */
	bool confirm;      /* it was filled in with earlier answers; those that were not, by path: */
	returned_gone *gone;
	uint32_t gone_count, gone_room;
	printed printed; /* the workbook as it was sent out, where that is known */

	/* the current sheet */
	returned_table *table;
	returned_row row, best; /* best: the most likely header so far */
	uint32_t head_rows, hidden_row;
	uint32_t tries[2], tried[2]; /* rows compared with the form, and their cells; [1]: a sheet's first rows */
	bool entries;                /* only tables of entries are wanted in this pass */
	uint32_t heading;            /* the first heading that a later cell of this row can belong to */
	cnv_str *values;             /* of this row, by heading */
	cnv_text joined;             /* those with comments appended */
	uint64_t fields;
	printed_sheet *on;    /* this sheet as it was sent out; NULL: not known */
	returned_row all;     /* all cells of this row, by column of the sheet */
	bool formula;         /* the cell that comes next is a formula's */
	int64_t entry_number; /* of the entry before */
	int64_t entry_last;   /* the greatest number that the questionnaire has */
	printed_given *given;
	uint32_t given_room;
	uint32_t *printed_columns; /* of a sheet of entries, by heading: the column as sent out; 0: none */

	/* data for the diagnostics about it */
	cnv_mangled *mangled;
	uint32_t comment; /* next */
	bool told_formula;
	bool xls;                        /* formulas may have lost their values */
	uint32_t told_areas, told_texts; /* reported so far, in the workbook */
	size_t kept;                     /* bytes that the gatherer keeps until the end */
	uint64_t *hidden_columns,
		*own_columns; /* bits by column: hidden; headed above the header of a workbook of ours */
	uint64_t *asking;     /* by row of a long table: names a question */
	returned_area above, beside, hidden, hidden_column, merged;
} reader;

cnv_place cnv_returned_place(const reader *r, const returned_table *table, uint32_t row, uint32_t column);

/* The account of the return: cells that were parsed, cells that do not go to the gatherer, and headings that it is given
 * and that are not in the file. */
void cnv_returned_count(const reader *r, uint32_t cells);
void cnv_returned_class(const reader *r, cnv_cell_class as, uint32_t cells);
void cnv_returned_added(const reader *r, uint32_t headings);

/* Was this sheet in the workbook when it was sent out? */
bool cnv_returned_is_own(const reader *r, const returned_table *table);

/* The heading above a column of the sheet; CNV_NONE: none. */
uint32_t cnv_returned_heading(const returned_table *table, uint32_t column);
/* The beginning of a text, on one line; in `scratch`. */
cnv_str cnv_returned_words(reader *r, cnv_str text);

/* returned_texts.c: lays out again what was sent; a cell is where it was sent; a sheet begins; its row has ended; it has
 * ended; all have.  false: no memory. */
bool cnv_returned_lay(reader *r);
void cnv_returned_note_home(reader *r, uint32_t row, uint32_t column, cnv_str text);
bool cnv_returned_open_texts(reader *r);
void cnv_returned_judge(reader *r);
void cnv_returned_close_texts(reader *r);
void cnv_returned_tell_texts(reader *r);
/* A column that canvass calculates. */
bool cnv_returned_is_own_heading(const returned_table *table, uint32_t heading);

/* Finds the headings for the comments of a sheet, once its header is known.  false: no memory. */
bool cnv_returned_plan(reader *r, returned_table *table);
/* A sheet begins.  false: no memory. */
bool cnv_returned_begin(reader *r);
/* The row has its values: records what to report about it later. */
void cnv_returned_watch(reader *r);
/* Adds the comments of the row to its values.  false: no memory. */
bool cnv_returned_comments(reader *r);
void cnv_returned_unused(reader *r, uint32_t row, uint32_t column, cnv_str text);
/* A cell of canvass's own sheet that canvass did not write. */
void cnv_returned_stray(reader *r, uint32_t row, uint32_t column, cnv_str text);
cnv_status cnv_returned_hidden(void *self, cnv_xlsx_area area);
void cnv_returned_formula(void *self, uint32_t row, uint32_t column);
void cnv_returned_merge(reader *r, cnv_xlsx_area area);
/* The sheet has been read to its end; or the last sheet has. */
void cnv_returned_tell(reader *r);
void cnv_returned_tell_rest(reader *r);

#endif
