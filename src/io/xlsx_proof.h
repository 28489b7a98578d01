/* The sum over the cells of a sheet, made again of the file. */
#ifndef CANVASS_IO_XLSX_PROOF_H
#define CANVASS_IO_XLSX_PROOF_H

#include "io/zip.h"

/* How each cell format of the styles looks; to be freed in any case. */
cnv_status cnv_xlsx_proof_styles(cnv_zip *zip, uint32_t part, uint64_t **looks, uint32_t *count);
/* The sum of a sheet, fed in pieces.  looks: borrowed. */
typedef struct cnv_xlsx_proof cnv_xlsx_proof;
cnv_xlsx_proof *cnv_xlsx_proof_new(const uint64_t *looks, uint32_t count); /* NULL: no memory */
cnv_status cnv_xlsx_proof_feed(cnv_xlsx_proof *proof, cnv_str bytes);
cnv_status cnv_xlsx_proof_end(cnv_xlsx_proof *proof, uint64_t *sum);
void cnv_xlsx_proof_free(cnv_xlsx_proof *proof);

#endif
