/* Entries that paths name, and remarks. */
#ifndef CANVASS_GATHER_REMARK_H
#define CANVASS_GATHER_REMARK_H

#include "gather/state.h"

/* The entry a known path names, CNV_NONE for the response itself.  false: too many entries, which has been told. */
bool cnv_gather_entry(cnv_gather *gather, const cnv_path *path, uint32_t line, cnv_str name, uint32_t *entry);
/* Keeps a remark on `question` in an entry (CNV_NONE: in the response).  Where that entry was left blank, the whole
 * response carries it, with the name it stood under. */
void cnv_gather_remark(cnv_gather *gather, cnv_question_id question, cnv_path_role role, uint32_t entry, cnv_str name,
		       cnv_str text, uint32_t line);
/* Keeps a remark on `question` (CNV_NONE: on the whole row) in a row of the batch. */
void cnv_gather_remark_row(cnv_gather *gather, uint32_t table, uint32_t row, cnv_question_id question,
			   cnv_path_role role, cnv_str name, cnv_str text, uint32_t line);
/* Reports the questions no longer asked whose answers became remarks. */
void cnv_gather_report_gone(cnv_gather *gather);

#endif
