/* The looks of workbook cells, as data: xlsx_write.c turns them into the library's formats. */
#ifndef CANVASS_IO_XLSX_LOOKS_H
#define CANVASS_IO_XLSX_LOOKS_H

#include "canvass/io.h"

/* clang-format off */
/* Colours, as 0xRRGGBB. */
enum {
	NAVY = 0x1F3864, INK = 0x1A1A1A, GREY = 0x6B6B6B, RED = 0xB3261E, AMBER = 0x8A5300, WHITE = 0xFFFFFF,
	BAND = 0xE9ECF1, PALE = 0xF6F7F9, RULE = 0xD0D5DD, CREAM = 0xFFFBEA, ROSE = 0xFCE8E6, FADED = 0xEDEDED,
	BLUE = 0x1F4E9E, NO_FILL = -1
};

enum { BOLD = 1, ITALIC = 2, STRUCK = 4, WRAPPED = 8, CENTRED = 16, RIGHT = 32, MIDDLE = 64, BOXED = 128, TOPPED = 256,
       OPEN = 512, SET_IN = 1024, LINED = 2048, LINKED = 4096, FRAMED = 8192, LEFT = 16384 };
/* clang-format on */

typedef struct cnv_xlsx_look {
	double size; /* points; 0: applied over a cell, which keeps its font */
	int ink, fill;
	unsigned int traits;
	const char *number; /* Excel's number format; NULL: general */
} cnv_xlsx_look;

extern const cnv_xlsx_look cnv_xlsx_looks[CNV_LOOKS];
extern const cnv_xlsx_look cnv_xlsx_aside; /* the small print below a cell's text */

/* ---------------------------------------------------------------- xlsx_proof.c: contents and looks of cells */

#define CNV_XLSX_DECIMALS 3 /* number formats of CNV_LOOK_NUMBER, by the decimals that a number needs */

typedef struct cnv_xlsx_proof_look_list {
	uint64_t looks[CNV_LOOKS], numbers[CNV_XLSX_DECIMALS];
} cnv_xlsx_proof_look_list;
/* false: no memory. */
bool cnv_xlsx_proof_looks(cnv_xlsx_proof_look_list *list, const char *const decimals[CNV_XLSX_DECIMALS]);
/* Adds a written cell to the sum of its sheet; row and column from 0.  text: the complete text of the cell as passed
 * to the library; for a day its text, or empty and the day's serial.  Call in the C locale. */
void cnv_xlsx_proof_put(uint64_t *sum, const cnv_xlsx_proof_look_list *list, uint32_t row, uint32_t column,
			const cnv_cell *cell, cnv_str text, double serial);

#endif
