/* The table of a sheet: a column is a row of {heading, width, look, fill}, so that no sheet counts its columns.
 *
 * A sheet writes its columns as tables of these rows, adds those that apply, and then passes a record for each row. */
#ifndef CANVASS_REPORT_LISTING_H
#define CANVASS_REPORT_LISTING_H

#include "report/page.h"

struct cnv_listing_column;
/* Fills one cell of a record.  It comes as an empty text with the column's look. */
typedef void cnv_fill(cnv_page *page, const struct cnv_listing_column *column, const void *record, cnv_cell *cell);

typedef struct cnv_listing_column {
	const char *heading;
	double most;   /* maximum width in characters; 0: 60 */
	cnv_look look; /* of its cells, unless `fill` chooses another */
	cnv_fill *fill;
	cnv_str title; /* instead of the heading, where the form or the roster has it; borrowed until the sheet ends */
	uint32_t number; /* of columns that are alike: which grouping, question or respondent it is */
	bool technical;  /* hidden, unless the form's names and codes were asked for */
} cnv_listing_column;

typedef struct cnv_listing {
	cnv_page *page;
	cnv_listing_column *columns; /* in the desk's arena */
	uint32_t count, room;
} cnv_listing;

/* Adds columns after those there are; the last has no `fill` and is not one. */
void cnv_listing_add(cnv_listing *listing, const cnv_listing_column *columns);
/* Adds `count` columns like `column`, numbered from 0, with the titles if there are any. */
void cnv_listing_add_each(cnv_listing *listing, cnv_listing_column column, const cnv_str *titles, uint32_t count);
/* The row of headings, which is repeated and has the filter; everything above it and the first `frozen` columns are
 * frozen.  CNV_NONE: an ordinary row, of one of several tables of a sheet. */
void cnv_listing_heads(const cnv_listing *listing, uint32_t frozen);
void cnv_listing_row(const cnv_listing *listing, const void *record);

/* ---------------------------------------------------------------- columns that sheets share */

/* Records of sheets that use these begin with it. */
typedef struct cnv_subject {
	const cnv_paired *paired;
	cnv_question_id question; /* CNV_NONE: of none */
	cnv_str aside;            /* follows the title in brackets */
} cnv_subject;

cnv_fill cnv_fill_code, cnv_fill_name;       /* of the respondent */
cnv_fill cnv_fill_number, cnv_fill_variable; /* of the question */
/* Number, name and title of the question, in small print if the row before was about the same one. */
cnv_fill cnv_fill_qno, cnv_fill_question, cnv_fill_title;
/* The group of the respondent in the grouping that is the column's number. */
cnv_fill cnv_fill_group;
/* The respondent's state and its reason, where they are known. */
cnv_fill cnv_fill_state, cnv_fill_reason;

#endif
