/* Files of SPSS and Stata: their columns, and the library that writes them. */
#ifndef CANVASS_EXPORT_STATISTICS_H
#define CANVASS_EXPORT_STATISTICS_H

#include "export/dataset.h"

#include <readstat.h>

/* What one column has of a variable. */
typedef enum stat_kind {
	STAT_TEXT,
	STAT_NUMBER,
	STAT_CODE, /* the number of the choice */
	STAT_TICK, /* 1: the choice is among those taken, 0: it is not */
	STAT_DAY,
	STAT_TIME,
	STAT_MOMENT
} stat_kind;

typedef struct stat_column {
	const data_variable *from;
	stat_kind kind;
	const cnv_list *list; /* STAT_CODE, STAT_TICK */
	uint32_t choice;      /* STAT_TICK */
	bool numeric;         /* STAT_CODE: the names of the choices are its numbers; else they are counted from 1 */
	cnv_str name;
	size_t width;   /* STAT_TEXT: bytes of the longest */
	double most;    /* STAT_NUMBER: the largest */
	double missing; /* SPSS: N/A, and the next two D/K and CONF; 0: none */
	readstat_variable_t *variable;
} stat_column;

typedef struct stat_table {
	const dataset_table *table;
	stat_column *columns;
	uint32_t count;
	uint64_t rows;
	cnv_output output;
	readstat_writer_t *writer;
	cnv_status status; /* of the output; the library knows only that it failed */
	export_run *run;
} stat_table;

/* Columns of a table; names of at most `most_name` bytes.  false: no memory. */
bool stat_plan(stat_table *table, export_run *run, size_t most_name);
/* Widths and largest numbers of one window. */
void stat_measure(stat_table *table, const window *w);
double stat_code(const stat_column *column, uint32_t choice);

#endif
