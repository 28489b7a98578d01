/* Digests of responses. */
#ifndef CANVASS_STORE_DIGEST_H
#define CANVASS_STORE_DIGEST_H

#include "canvass/store.h"

/* Derive keys from other keys, and from texts. */
uint64_t store_mix(uint64_t a, uint64_t b);
uint64_t store_mix_text(uint64_t seed, cnv_str text);
/* Adds the 128-bit hash of one cell to a sum: the order of the cells does not matter. */
void store_mix_cell(uint64_t sum[2], uint64_t key, cnv_str text);
/* Adds the hashes of a column's non-empty cells, each to the sum of its owner and with its row's key.  owners NULL:
 * the rows are the responses themselves and have no keys. */
void store_mix_column(uint64_t (*sums)[2], const uint32_t *owners, const uint64_t *keys, uint64_t key,
		      const cnv_column *column, uint32_t rows);

#endif
