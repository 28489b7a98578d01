/* Entries that paths refer to, and remarks. */
#ifndef CANVASS_GATHER_REMARK_H
#define CANVASS_GATHER_REMARK_H

#include "gather/state.h"

/* The entry that a known path refers to, CNV_NONE for the response itself.  false: too many entries (reported). */
bool cnv_gather_entry(cnv_gather *gather, const cnv_path *path, uint32_t line, cnv_str name, uint32_t *entry);
/* Adds a remark on `question` in an entry (CNV_NONE: in the response).  If the entry is blank, the remark is added to
 * the response, with the name that it had in the file. */
void cnv_gather_remark(cnv_gather *gather, cnv_question_id question, cnv_path_role role, uint32_t entry, cnv_str name,
		       cnv_str text, uint32_t line);
/* Adds a remark on `question` (CNV_NONE: on the whole row) to a row of the batch. */
void cnv_gather_remark_row(cnv_gather *gather, uint32_t table, uint32_t row, cnv_question_id question,
			   cnv_path_role role, cnv_str name, cnv_str text, uint32_t line);
/* Reports the questions no longer asked whose answers became remarks. */
void cnv_gather_report_gone(cnv_gather *gather);

#endif
