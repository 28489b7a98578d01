/* A workbook being written, for the files that share the work: xlsx_writer.c (errors, locale, texts), xlsx_format.c,
 * xlsx_rules.c, xlsx_chart.c, xlsx_table.c and xlsx_write.c. */
#ifndef CANVASS_IO_XLSX_WRITER_H
#define CANVASS_IO_XLSX_WRITER_H

#include <locale.h>

#include "io/xlsx_beside.h"
#include "io/xlsx_library.h"
#include "io/xlsx_looks.h"
#include "io/xlsx_verify.h"

#define XLSX_ROWS 1048576u
#define XLSX_COLUMNS 16384u

struct xlsx_writer {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *formats[CNV_LOOKS], *numbers[CNV_XLSX_DECIMALS], *aside;
	const cnv_output *output;
	cnv_diags *diags;
	locale_t plain;           /* the locale for every call into the library */
	cnv_status status;        /* sticky */
	cnv_arena arena;          /* names of sheets, folded */
	cnv_map names;            /* those names -> number of the sheet */
	cnv_str name;             /* of the current sheet, in `arena` */
	uint64_t *cells;          /* per sheet: how many cells reading back must find, */
	uint64_t *sums;           /* and their sum (xlsx_proof.c), */
	cnv_xlsx_beside *besides; /* and that of comments and charts */
	uint32_t sheets, room, sum_room, beside_room;
	cnv_xlsx_proof_look_list proofs;
	uint32_t commented;        /* sheets with comments */
	bool has_comment;          /* the current one */
	uint32_t charts, charted;  /* charts, and sheets with charts */
	uint32_t tables, linked;   /* tables, and sheets with charts, comments or tables */
	bool has_chart, has_table; /* the current one */
	int64_t row, column;       /* of the last cell; -1: none */
	cnv_text text, remark;     /* the current cell's text and comment, as passed to the library */
	cnv_text link, tip;        /* and where it leads to */
	cnv_text small, lxw_formula, high, whole;
};

/* ---------------------------------------------------------------- xlsx_writer.c */

/* Rows and columns from 0. */
cnv_place xlsx_place(const struct xlsx_writer *writer, uint32_t row, uint32_t column);
/* Emit why, and make it the status. */
cnv_status xlsx_refuse_cell(struct xlsx_writer *writer, uint32_t row, uint32_t column, const char *why);
cnv_status xlsx_refuse_sheet(struct xlsx_writer *writer, cnv_str name, const char *why);
cnv_status xlsx_refuse_book(struct xlsx_writer *writer, const char *why);
/* Around every call into the library: sets the C locale, and returns the one before. */
locale_t xlsx_enter(const struct xlsx_writer *writer);
/* Turns the result of the call into the sticky status. */
cnv_status xlsx_leave(struct xlsx_writer *writer, locale_t before, lxw_error error);
/* Makes the NUL-terminated text of a cell or comment in `out`. */
cnv_status xlsx_make_text(struct xlsx_writer *writer, cnv_text *out, cnv_str s, uint32_t row, uint32_t column);
cnv_status xlsx_make_formula(struct xlsx_writer *writer, cnv_text *out, const char *before, cnv_str text);

/* ---------------------------------------------------------------- xlsx_format.c, xlsx_rules.c */

bool xlsx_make_formats(struct xlsx_writer *writer); /* false: no memory */
/* As cnv_grid's `rule`, `name`, `chart` (xlsx_chart.c) and `table` (xlsx_table.c). */
cnv_status xlsx_put_rule(void *self, const cnv_rule *rule);
cnv_status xlsx_put_name(void *self, cnv_str name, cnv_str range);
cnv_status xlsx_put_chart(void *self, const cnv_chart *chart);
cnv_status xlsx_put_table(void *self, const cnv_sheet_table *table);

#endif
