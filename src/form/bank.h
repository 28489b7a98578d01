/* bank.h: the rows of a form joined with those of the blocks they come from. */
#ifndef CANVASS_FORM_BANK_H
#define CANVASS_FORM_BANK_H

#include "canvass/form.h"

typedef enum cnv_bank_sheet { BANK_SURVEY, BANK_CHOICES, BANK_SHEETS } cnv_bank_sheet;

/* The columns of a sheet that identify its rows; 0: there is none. */
typedef struct cnv_bank_columns {
	uint32_t bank, name, other; /* other: type in the survey, list_name in choices */
} cnv_bank_columns;

/* One row of a block. */
typedef struct cnv_bank_line {
	const cnv_sheet_row *row;
	uint32_t block;
	uint32_t taken; /* by this row of the form, from 0; CNV_NONE: the form has no such row */
} cnv_bank_line;

/* One sheet of a form joined with the same sheet of its blocks. */
typedef struct cnv_bank_joint {
	const cnv_sheet *sheet; /* of the form; NULL: it has none */
	cnv_bank_columns columns;
	cnv_bank_line *lines; /* of the first block, then of the second, ... */
	uint32_t line_count;
	uint32_t *first;         /* line of each block, and line_count after the last */
	uint32_t *block_of;      /* of each row of the form, CNV_NONE */
	uint32_t *line_of;       /* of each row of the form, CNV_NONE */
	uint32_t **place_of;     /* of each column of each block, by column - 1: the form's; 0: it has none */
	const cnv_sheet **block; /* sheet of each block; NULL: it has none */
} cnv_bank_joint;

bool cnv_bank_join(cnv_bank_joint *joint, cnv_bank_sheet kind, const cnv_sheets *form, const cnv_bank_block *blocks,
		   uint32_t count, cnv_arena *arena);
const char *cnv_bank_sheet_name(cnv_bank_sheet kind);
/* The text of a row in a column, empty where there is none. */
cnv_str cnv_bank_cell(const cnv_sheet_row *row, uint32_t column);
/* The column with this heading, in any case and with spaces for underscores; 0: there is none. */
uint32_t cnv_bank_column(const cnv_sheet *sheet, cnv_str heading, cnv_arena *arena);
/* The row only says which block belongs here. */
bool cnv_bank_is_bare(const cnv_sheet_row *row, uint32_t bank);
/* Reports such a row of a form that is built. */
typedef struct cnv_form_builder cnv_form_builder;
void cnv_bank_report_bare(cnv_form_builder *build, const cnv_sheet *sheet, const cnv_cell_text *cell);

#endif
