/* What of a finding may be shown to the audience. */
#ifndef CANVASS_REPORT_SHOWN_FINDING_H
#define CANVASS_REPORT_SHOWN_FINDING_H

#include "report/desk.h"

/* By what findings are looked up. */
typedef struct cnv_finding_index {
	cnv_map questions;
	uint64_t *shared; /* a bit for each question: another one has its number, name or path */
	cnv_map unnamed;  /* names of files with responses that are not shown by name */
} cnv_finding_index;

typedef struct cnv_shown_finding {
	const cnv_reported_finding *finding;
	const cnv_code_info *info;
	cnv_question_id question; /* CNV_NONE: of none that the form has */
	bool sure;                /* it is of this question, and of no other with the same number or name */
	bool quoted;              /* its answer may be shown; */
	bool placed;              /* the question, and where the answer is; */
	bool lined;               /* and its line */
} cnv_shown_finding;

/* false: no memory.  Freed in every case. */
bool cnv_finding_index_build(cnv_finding_index *index, const cnv_desk *desk);
void cnv_finding_index_fini(cnv_finding_index *index);
/* arena: scratch */
cnv_shown_finding cnv_finding_shown(const cnv_desk *desk, const cnv_finding_index *index,
				    const cnv_reported_finding *finding, cnv_arena *arena);
/* Its message, or what its code means in general. */
cnv_str cnv_shown_finding_message(const cnv_shown_finding *shown);

#endif
