/* export: the responses of a round as plain tables, for programs of statistics.
 *
 * A dataset has a table of responses, one row each, and one for each repeat, a row an entry.  It is planned from the form
 * (dataset.c) and filled in windows, so that a million responses need no more memory than a thousand.  What an audience
 * may not see is taken out as for a report: a response that may only be counted has no row.
 */
#ifndef CANVASS_EXPORT_H
#define CANVASS_EXPORT_H

#include "canvass/round.h"

/* What an export is, by the ending of its name in any letter case. */
typedef enum cnv_export_kind {
	CNV_EXPORT_PACKAGE,    /* a folder: CSV files, with a Frictionless data package and a DDI codebook */
	CNV_EXPORT_JSON_LINES, /* .jsonl: a response a line, with its entries */
	CNV_EXPORT_SPSS,       /* .sav, and a file for each repeat: X_crew.sav */
	CNV_EXPORT_STATA,      /* .dta, in the same way */
	CNV_EXPORT_KINDS
} cnv_export_kind;
cnv_export_kind cnv_export_kind_of(cnv_str target);
/* Does it list remarks, and the answers that do not count? */
static inline bool cnv_export_lists_all(cnv_export_kind kind)
{
	return kind == CNV_EXPORT_PACKAGE || kind == CNV_EXPORT_JSON_LINES;
}

typedef struct cnv_export {
	cnv_store *store;
	const cnv_form *form;
	const cnv_roster *roster; /* NULL: none */
	cnv_str round;
	uint32_t language; /* of labels */
	cnv_audience audience;
	cnv_instant now;
	cnv_str sdmx;      /* a map: SDMX-CSV, whatever the target is called; empty: none */
	bool labels;       /* choices by their labels, in place of their names */
	bool formula_safe; /* CSV: a text that a spreadsheet would take for a formula begins with an apostrophe */
	bool force;
} cnv_export;

/* What was written. */
typedef struct cnv_exported {
	uint64_t responses, entries, remarks;
	uint64_t observations, without_value; /* of SDMX; answers of N/A, D/K or CONF that are left out */
	uint64_t withheld;                    /* responses without a row */
	uint64_t not_counted;                 /* answers that are wrong, or were not asked for */
	uint64_t cut;                         /* texts that are longer than the file can have */
	uint32_t files;
} cnv_exported;

/* Writes the export that the ending of `target` asks for: all its files or none.  CNV_REJECTED: a file exists. */
cnv_status cnv_export_write(const cnv_export *export, cnv_str target, cnv_exported *exported, cnv_diags *diags);

#endif
