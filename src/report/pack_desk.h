/* Writes the cells of a pack row by row; errors are sticky. */
#ifndef CANVASS_REPORT_PACK_DESK_H
#define CANVASS_REPORT_PACK_DESK_H

#include "report/pack_plan.h"

typedef struct pack_desk {
	pack_plan *plan;
	const pack_sheet *sheet;
	const cnv_grid *grid;
	cnv_status status; /* sticky */
} pack_desk;

void pack_put(pack_desk *desk, uint32_t row, uint32_t column, cnv_cell cell);
void pack_put_text(pack_desk *desk, uint32_t row, uint32_t column, cnv_look look, cnv_str text);
void pack_put_rule(pack_desk *desk, cnv_rule rule);
void pack_begin(pack_desk *desk, uint32_t row, double height); /* points, at most the maximum height of a row */
double pack_height(cnv_str text, double width, bool small);    /* of a text in a column of this width */

/* "title   respondent   round   due" below a sheet's title, and in its footer. */
cnv_str pack_subtitle(const pack_plan *plan);
cnv_sheet_style pack_style(const pack_plan *plan, cnv_str name);

/* Measures the rows of a sheet of questions and of a sheet of entries. */
#define PACK_LINE 13.2 /* points of one line at 10 point */
#define PACK_PADDING 5.0

#endif
