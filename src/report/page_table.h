/* The tables of a page: rows of headings with the rows below them. */
#ifndef CANVASS_REPORT_PAGE_TABLE_H
#define CANVASS_REPORT_PAGE_TABLE_H

#include "report/page.h"

/* Call with each row before it is measured or written: begins a table where the row has headings, and ends the open
 * one where the row is no part of it. */
void cnv_page_table_row(cnv_page *page);
/* Ends the open table, if there is one, with the row before the current one. */
void cnv_page_table_end(cnv_page *page);

#endif
