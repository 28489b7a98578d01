/* Digests of responses. */
#ifndef CANVASS_STORE_DIGEST_H
#define CANVASS_STORE_DIGEST_H

#include "store/coding.h"

/* Derive keys from other keys, and from texts. */
uint64_t store_mix(uint64_t a, uint64_t b);
uint64_t store_mix_text(uint64_t seed, cnv_str text);
/* Adds the 128-bit hash of one cell to a sum: the order of the cells does not matter. */
void store_mix_cell(uint64_t sum[2], uint64_t key, cnv_str text);
void store_unmix_cell(uint64_t sum[2], uint64_t key, cnv_str text); /* takes it back */
/* Adds the hashes of a column's non-empty cells, each to the sum of its owner and with its row's key.  owners NULL:
 * the rows are the responses themselves and have no keys. */
void store_mix_column(uint64_t (*sums)[2], const uint32_t *owners, const uint64_t *keys, uint64_t key,
		      const cnv_column *column, uint32_t rows);

/* Where the cells of a column count: the sums of their responses, by owner and with the key of their entry. */
typedef struct store_sums {
	uint64_t (*sums)[2];
	const uint32_t *owners; /* NULL, and keys too: the rows are the responses */
	const uint64_t *keys;
	uint64_t key; /* of the column */
	uint32_t rows;
} store_sums;
/* meaning.c.  Adds the hash of what each answer means, not of how it is spelled.  The lane needs `made`, `scratch`, `form`
 * and `names`. */
void store_mix_meanings(const store_sums *to, store_coding coding, const store_list *list, const cnv_column *column,
			const store_lane *lane);

#endif
