/* Filter for respondents that may already have a response.
 *
 * A Bloom filter in blocks of one cache line: eight bits of a hash, one in each word of its block.  It never misses
 * a respondent that was added, and removes none.  Its false positive rate is about one in ten million with a million
 * respondents in 8 MiB, and rises as it fills. */
#include "store/filter.h"

#include <string.h>

#define WORDS 8u

bool store_filter_make(store_filter *filter, uint32_t bits)
{
	size_t blocks = (size_t)1 << bits;

	if (filter->words)
		return true;
	filter->words = cnv_mem_array(blocks, WORDS * sizeof *filter->words);
	filter->bits = bits;
	return filter->words != NULL;
}

void store_filter_free(store_filter *filter)
{
	cnv_mem_free(filter->words);
	*filter = (store_filter){ 0 };
}

/* Its memory is allocated zeroed, and is not touched before use. */
void store_filter_clear(store_filter *filter)
{
	if (filter->used)
		memset(filter->words, 0, ((size_t)1 << filter->bits) * WORDS * sizeof *filter->words);
	filter->used = false;
}

void store_filter_expect(const store_filter *filter, uint64_t hash)
{
	__builtin_prefetch(filter->words + (hash >> (64 - filter->bits)) * WORDS, 1);
}

bool store_filter_has(const store_filter *filter, uint64_t hash)
{
	const uint64_t *words = filter->words + (hash >> (64 - filter->bits)) * WORDS;
	uint64_t all = 1;

	/* The upper bits select the block, the lower 48 the bits within it. */
	for (uint32_t i = 0; i < WORDS; i++, hash >>= 6)
		all &= words[i] >> (hash & 63);
	return all;
}

bool store_filter_add(store_filter *filter, uint64_t hash)
{
	uint64_t *words = filter->words + (hash >> (64 - filter->bits)) * WORDS;
	uint64_t all = 1;

	filter->used = true;
	for (uint32_t i = 0; i < WORDS; i++, hash >>= 6) {
		all &= words[i] >> (hash & 63);
		words[i] |= UINT64_C(1) << (hash & 63);
	}
	return all;
}
