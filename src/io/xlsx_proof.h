/* The sum over the cells of a sheet, computed from the file. */
#ifndef CANVASS_IO_XLSX_PROOF_H
#define CANVASS_IO_XLSX_PROOF_H

#include "io/zip.h"

/* The look of each cell format in the styles; the caller frees *looks in every case. */
cnv_status cnv_xlsx_proof_styles(cnv_zip *zip, uint32_t part, uint64_t **looks, uint32_t *count);
/* The sum and number of a sheet's cells, fed in pieces.  looks: borrowed. */
typedef struct cnv_xlsx_proof cnv_xlsx_proof;
cnv_xlsx_proof *cnv_xlsx_proof_new(const uint64_t *looks, uint32_t count); /* NULL: no memory */
cnv_status cnv_xlsx_proof_feed(cnv_xlsx_proof *proof, cnv_str bytes);
cnv_status cnv_xlsx_proof_end(cnv_xlsx_proof *proof, uint64_t *sum, uint64_t *cells);
void cnv_xlsx_proof_free(cnv_xlsx_proof *proof);

#endif
