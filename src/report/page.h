/* A sheet as rows of cells, measured once and then written. */
#ifndef CANVASS_REPORT_PAGE_H
#define CANVASS_REPORT_PAGE_H

#include "report/desk.h"

#define CNV_PAGE_ROWS 1048576u /* Excel's limit */
#define CNV_PAGE_COLUMNS 16384u
#define CNV_PAGE_COMMENTS 10000u /* per sheet: more make Excel slow; the sheet Comments has all */
#define CNV_PAGE_TABLED 20000u   /* rows of a sheet up to which its tables are those of the program */

/* Columns of a sheet that are known in advance; the last has no heading. */
typedef struct cnv_heading {
	const char *text;
	double most; /* maximum width in characters; 0: 60 */
} cnv_heading;

/* The table whose rows are being laid. */
typedef struct cnv_page_table {
	bool open;
	bool main;         /* it has the header row of the sheet */
	uint32_t row;      /* of its headings */
	uint32_t columns;  /* 0: it cannot be one of the program's */
	cnv_str *headings; /* in the desk's arena, when the sheet is written */
} cnv_page_table;
/* Where printed pages end, while a sheet is laid (paging.c). */
typedef struct cnv_paging {
	bool has_blocks;        /* rows that are printed on one page where they fit */
	double chart;           /* units of width that the widest chart reaches; */
	double room;            /* points on a page, known when the sheet is written; 0: pages end anywhere */
	double used, before;    /* points on this page, and when the block began */
	bool whole;             /* the block is on one page, however much of another this leaves empty */
	double repeated;        /* points of the rows repeated on each page */
	uint32_t begins, block; /* rows with which this page and the block begin */
	uint32_t led;           /* the row below a title; that title belongs to the block that begins here */
	uint32_t rows[CNV_SHEET_BREAKS], count; /* with which pages begin */
} cnv_paging;

typedef struct cnv_page {
	cnv_desk *desk;
	const cnv_sheet_plan *plan;
	cnv_grid *grid;      /* NULL while measuring */
	cnv_arena row_arena; /* texts of the current row */
	cnv_sheet_style style;
	double *widths, *most; /* by column; room for style.columns */
	bool *bands;           /* by column: a section begins here */
	uint32_t *breaks;      /* columns that begin a printed page, known when the sheet is written */
	uint32_t room;
	cnv_cell *cells; /* of the current row */
	uint32_t *at;    /* their columns */
	uint32_t count;
	uint32_t row;
	uint32_t comments;
	cnv_page_table table;
	uint32_t tables;              /* so far */
	uint32_t rows;                /* of the sheet, known when it is written */
	uint32_t heads;               /* rows above the header row that belong to it */
	cnv_question_id question;     /* question of the previous row, to print it only once; */
	cnv_question_id row_question; /* and of this one */
	cnv_paging paging;
	bool cut;          /* a row did not fit on the sheet */
	cnv_status status; /* sticky */
} cnv_page;

/* Measures a sheet, which is then written, once.  Freed in every case. */
void cnv_page_measure(cnv_page *page, cnv_desk *desk, const cnv_sheet_plan *plan);
cnv_status cnv_page_write(cnv_page *page, cnv_grid *grid);
void cnv_page_fini(cnv_page *page);

/* What a cell holds; its look stays.  A number that is not finite, and a day that Excel does not have, are texts. */
void cnv_cell_count(cnv_cell *cell, uint64_t count);
void cnv_cell_number(cnv_page *page, cnv_cell *cell, double number);
void cnv_cell_day(cnv_page *page, cnv_cell *cell, int32_t day);

void cnv_page_cell(cnv_page *page, uint32_t column, const cnv_cell *cell); /* texts borrowed until the row ends */
void cnv_page_text(cnv_page *page, uint32_t column, cnv_look look, cnv_str text);
/* Words of ours, in English: the sheet has them in the language of the report. */
void cnv_page_words(cnv_page *page, uint32_t column, cnv_look look, const char *english);
void cnv_page_number(cnv_page *page, uint32_t column, cnv_look look, double number); /* not finite: its text */
void cnv_page_count(cnv_page *page, uint32_t column, cnv_look look, uint64_t count);
void cnv_page_day(cnv_page *page, uint32_t column, int32_t day);
/* Anywhere on the sheet; the caller leaves the rows under it empty. */
void cnv_page_chart(cnv_page *page, const cnv_chart *chart);
void cnv_page_end_row(cnv_page *page);
void cnv_page_skip_row(cnv_page *page); /* leaves one empty */
/* The next row begins a block, which is printed on one page where it fits, with the title above it.  Rows about one
 * question are a block anyway, but may be split. */
void cnv_page_block(cnv_page *page);
/* Is there room for one more row, and one for the note that rows are missing? */
bool cnv_page_has_room(cnv_page *page);
/* The title and one line on how to read the sheet, as they are. */
void cnv_page_title(cnv_page *page, cnv_str title, cnv_str remark);
/* The same of a sheet of answers: where others compiled some, the remark ends by saying so. */
void cnv_page_answers_title(cnv_page *page, cnv_str title, cnv_str remark);
/* A column's maximum width; call before its first cell. */
void cnv_page_limit(cnv_page *page, uint32_t column, double most);
/* Hides a column; its cells are there. */
void cnv_page_hide(cnv_page *page, uint32_t column);
/* A section begins with this column: if the sheet is spread over several pages, one may begin here too. */
void cnv_page_band(cnv_page *page, uint32_t column);
bool cnv_page_breaks_at(const cnv_page *page, uint32_t column);
/* The row of headings that is repeated in print and has the filter; everything above it and the first `frozen`
 * columns are frozen. */
void cnv_page_headings(cnv_page *page, const cnv_heading *headings, uint32_t frozen);
void cnv_page_header_row(cnv_page *page, uint32_t frozen); /* the same, heading by heading; ends the row */

/* ---------------------------------------------------------------- paging.c */

/* Finds the scale of a sheet that has been measured, and the columns that begin a page. */
void cnv_paging_plan(cnv_page *page);
uint32_t cnv_paging_columns(const cnv_page *page); /* from the first, on the first printed page */
void cnv_paging_begin(cnv_page *page);
void cnv_paging_question(cnv_page *page); /* the row is the first about a question; */
void cnv_paging_lead(cnv_page *page);     /* the row is a title of what is below it */
void cnv_paging_chart(cnv_page *page, const cnv_chart *chart);
void cnv_paging_row(cnv_page *page, double height /* points; 0: default */);

#endif
