/* The tables and variables of a dataset. */
#ifndef CANVASS_EXPORT_DATASET_H
#define CANVASS_EXPORT_DATASET_H

#include "canvass/export.h"

/* What a variable has: an answer, or whose it is. */
typedef enum variable_role {
	VARIABLE_RESPONDENT,
	VARIABLE_ROUND,
	VARIABLE_REVISION,
	VARIABLE_RECEIVED,
	VARIABLE_ENTRY,  /* its path: crew[2]/paper[1] */
	VARIABLE_AROUND, /* the path of the entry that it is in: crew[2] */
	VARIABLE_ANSWER
} variable_role;

typedef struct data_variable {
	cnv_str name, label;
	variable_role role;
	uint32_t column;              /* of an answer, in the batch's table */
	const cnv_question *question; /* NULL: not an answer */
} data_variable;

typedef struct dataset_table {
	uint32_t table;      /* of the form */
	cnv_str name, title; /* of a file: "responses", or made from the repeat's name */
	const data_variable *variables;
	uint32_t count;
} dataset_table;

typedef struct dataset {
	const cnv_export *export;
	cnv_str name;          /* "seafarers_id-2026": letters, digits, "_" and "-" */
	dataset_table *tables; /* in the form's order, the response first */
	uint32_t count;
	cnv_arena arena;
} dataset;

/* Without the contacts that the audience may never see.  CNV_NO_MEMORY */
cnv_status dataset_plan(dataset *data, const cnv_export *export);
void dataset_fini(dataset *data);

/* One window of responses, released to the audience. */
typedef struct window {
	const dataset *data;
	const cnv_batch *batch;
	const cnv_reported *reported; /* of the rows of table 0 */
	cnv_arena *scratch;           /* texts of cells; emptied for each row by the writer */
	cnv_text *draft;
} window;

/* Has the response a row? */
static inline bool window_has(const window *w, uint32_t row)
{
	return w->reported[row].shown == CNV_SHOWN_NAMED;
}
/* Is the answer wrong or not asked for, so that it is listed apart? */
bool is_apart(cnv_verdict verdict);
cnv_str missing_word(cnv_verdict verdict); /* "N/A"; empty: the verdict has none */
/* The value of an accepted answer: numbers, dates and times in one format, choices by names separated by spaces, or by
 * labels separated by "; ". */
cnv_str window_value(const window *w, const cnv_column *column, uint32_t row);
/* The value of any variable in a row; an answer that is not accepted is empty. */
cnv_str window_cell(const window *w, const dataset_table *table, const data_variable *variable, uint32_t row);
/* The same, or the word in place of an answer: "N/A". */
cnv_str window_text(const window *w, const dataset_table *table, const data_variable *variable, uint32_t row);
/* The response of a row. */
uint32_t window_response(const window *w, uint32_t table, uint32_t row);
cnv_str window_entry(const window *w, uint32_t table, uint32_t row); /* "crew[2]/paper[1]" */

/* ---------------------------------------------------------------- writers */

typedef struct export_run {
	const cnv_export *export;
	cnv_str target;
	dataset data;
	cnv_exported *exported;
	cnv_arena arena; /* texts of the run */
	cnv_diags *diags;
} export_run;

#define ENOUGH 262144u /* bytes that are written at once */
/* Writes the text and empties it if it is longer than `most` bytes. */
cnv_status flush_text(cnv_output *output, cnv_text *text, size_t most, cnv_diags *diags);

/* A kind of export, filled by windows.  end: also after an error, with `failed`; then nothing is left. */
typedef struct export_writer {
	const char *ending; /* of the target's name; NULL: it does not decide */
	cnv_status (*begin)(export_run *run, void **self);
	cnv_status (*measure)(void *self, const window *w); /* all windows, before those of `add`; NULL: not needed */
	cnv_status (*add)(void *self, const window *w);
	cnv_status (*end)(void *self, bool failed);
} export_writer;
extern const export_writer export_package, export_json_lines, export_spss, export_stata, export_sdmx;

/* The description of a package: datapackage.json, and codebook.xml (DDI-Codebook 2.5); rows: of each table. */
void put_data_package(cnv_text *out, const dataset *data);
void put_codebook(cnv_text *out, const dataset *data, const uint64_t *rows);

#endif
