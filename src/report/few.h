/* Answers that may be counted, but not while few chose them. */
#ifndef CANVASS_REPORT_FEW_H
#define CANVASS_REPORT_FEW_H

#include "canvass/report.h"

#define CNV_FEW 3u /* fewer respondents than this could be guessed */

typedef struct cnv_few {
	const cnv_form *form;
	const cnv_reported *responses; /* with `shown` */
	cnv_arena *arena;              /* scratch */
} cnv_few;

/* Have enough of those who may only be counted given entries?  owners: the response of each row. */
bool cnv_few_entries_count(const cnv_few *few, const uint32_t *owners, uint32_t rows);
/* Withholds answers to one question by those who may only be counted: each that fewer than CNV_FEW of them chose, and
 * as many others as it takes so that neither a total less the others, nor what was withheld, reveals it.
 * false: out of memory. */
bool cnv_few_mask(const cnv_few *few, cnv_column *column, const uint32_t *owners, uint32_t rows);
/* Did all of those who may only be counted make the same choice, so that a count says what each chose?  false: out of
 * memory. */
bool cnv_few_agree(const cnv_few *few, cnv_column *column, const uint32_t *owners, uint32_t rows, bool *agree);

#endif
