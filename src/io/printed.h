/* What canvass wrote into a workbook that it sent out, cell by cell. */
#ifndef CANVASS_IO_PRINTED_H
#define CANVASS_IO_PRINTED_H

#include "canvass/io.h"

/* A cell with a text of the form, or with a formula.  Rows and columns from 1. */
typedef struct printed_cell {
	uint32_t row, column;
	cnv_str text;  /* of a formula: its value while nothing is filled in */
	bool formula;  /* its value changes with the answers */
	bool is_text;  /* of a formula: its value is a text, and may be empty */
	bool seen;     /* the return has this cell, changed or not */
	bool at_home;  /* the return has this text in this very place */
	uint32_t here; /* its row in the return; 0: not found */
	uint32_t gone; /* a row of the return that has the other texts of its row and not this one; 0: none */
} printed_cell;

typedef struct printed_sheet {
	cnv_str name;
	printed_cell *cells; /* by row and column */
	uint32_t count, room;
	cnv_map paths; /* of its first column, to the row */
	int64_t shift; /* rows of the return minus rows here, as far as it is read */
} printed_sheet;

typedef struct printed {
	printed_sheet *sheets;
	uint32_t count, room;
	cnv_arena arena;
	bool failed;
} printed; /* { 0 } is ready to use */

/* A cell of the return. */
typedef struct printed_given {
	uint32_t column;
	cnv_str text;
	bool formula;
} printed_given;

/* Lays the pack out again, without answers.  false: no memory. */
bool printed_lay(printed *p, const cnv_pack *pack);
printed_sheet *printed_find(const printed *p, cnv_str name); /* NULL */
/* The row that a row of the return was, although rows may have been inserted or moved; 0: none.  asks: it is not above
 * the questions, so it may be one that has a path. */
uint32_t printed_align(printed_sheet *sheet, uint32_t row, const printed_given *given, uint32_t count, bool asks);
printed_cell *printed_at(const printed_sheet *sheet, uint32_t row, uint32_t column); /* NULL */
/* Is it what canvass wrote there? */
bool printed_same(const printed_cell *cell, const printed_given *given);
void printed_fini(printed *p);

#endif
