/* What a return says of itself. */
#ifndef CANVASS_GATHER_CLAIMS_H
#define CANVASS_GATHER_CLAIMS_H

#include "gather/state.h"

/* What a column or line with this name claims if no question has the name; CNV_CLAIM_KEYS: nothing. */
cnv_claim_key cnv_claim_column(cnv_str name, bool *tool);
/* The cell of such a column or line; line 0: cnv_claims_line sets it at the end of the record. */
void cnv_claim_cell(cnv_gather *gather, cnv_claim_key key, bool tool, cnv_str value, uint32_t line, uint32_t column);
void cnv_claims_line(cnv_gather *gather, uint32_t line);

#endif
