/* Bits: sets of rows and choices, 64 per word.
 *
 * Bits past the count in the last word are always 0, so that whole words can be compared and counted. */
#include "canvass/base.h"

#include <string.h>

/* SWAR population count: no compiler builtin, so that any C17 compiler will do. */
static size_t count_word(uint64_t word)
{
	word -= word >> 1 & UINT64_C(0x5555555555555555);
	word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
	word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (size_t)(word * UINT64_C(0x0101010101010101) >> 56);
}

void cnv_bits_fill(uint64_t *bits, size_t count, bool value)
{
	size_t words = CNV_BIT_WORDS(count);

	if (!words)
		return;
	memset(bits, value ? 0xFF : 0, words * sizeof *bits);
	if (value && count % 64)
		bits[words - 1] = (UINT64_C(1) << (count % 64)) - 1;
}

size_t cnv_bits_count(const uint64_t *bits, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count / 64; i++)
		total += count_word(bits[i]);
	if (count % 64)
		total += count_word(bits[count / 64] & ((UINT64_C(1) << (count % 64)) - 1));
	return total;
}
