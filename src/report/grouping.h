/* The groups of one grouping of the roster. */
#ifndef CANVASS_REPORT_GROUPING_H
#define CANVASS_REPORT_GROUPING_H

#include "report/desk.h"

/* Group g has the pairing rows people[starts[g]] to people[starts[g + 1]], in roster order. */
typedef struct cnv_grouping {
	const cnv_str *names;
	uint32_t count;
	uint32_t *starts, *people;
} cnv_grouping;

/* Groups in the order in which the roster first names them; respondents outside the roster have none.  `out` is
 * { 0 }.  false: out of memory. */
bool cnv_grouping_sort(cnv_grouping *out, const cnv_desk *desk, uint32_t grouping, cnv_arena *arena);

#endif
