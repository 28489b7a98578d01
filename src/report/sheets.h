/* The sheets of the workbook, one function each, called twice: to measure and to write. */
#ifndef CANVASS_REPORT_SHEETS_H
#define CANVASS_REPORT_SHEETS_H

#include "report/page.h"

cnv_lay cnv_lay_summary, cnv_lay_cover, cnv_lay_returns, cnv_lay_matrix, cnv_lay_counts, cnv_lay_groups,
	cnv_lay_crossings, cnv_lay_numbers, cnv_lay_dates, cnv_lay_repeat, cnv_lay_comments, cnv_lay_silent,
	cnv_lay_positions, cnv_lay_changes, cnv_lay_findings, cnv_lay_overview, cnv_lay_codebook, cnv_lay_sources,
	cnv_lay_manifest;

#endif
