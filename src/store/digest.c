/* The digest of a response: identifies its answers, independent of form version, file and column order.
 *
 * Each cell is hashed with the key of its question and entry to 128 bits, and the hashes are added up, so that their
 * order does not matter and a blank cell has no effect.  Each step of a hash passes 16 bytes through a
 * multiplication and keeps the upper half of the product.  The digest is kept in the store, so bytes are read lowest
 * first on every machine.  It distinguishes answers; it does not protect against deliberate collisions. */
#include "store/digest.h"

#include <string.h>

/* Odd numbers without a pattern: the fractional parts of the square roots of 2, 3, 5 and 7. */
#define R2 UINT64_C(0x6a09e667f3bcc909)
#define R3 UINT64_C(0xbb67ae8584caa73b)
#define R5 UINT64_C(0x3c6ef372fe94f82b)
#define R7 UINT64_C(0xa54ff53a5f1d36f1)

/* Reads 8 bytes, lowest first: compilers emit a single load on little-endian machines. */
static inline uint64_t load(const unsigned char *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
	       (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

/* Masks for the first n of 8 bytes: at [n + 8] for n from 0 to 8, no bytes below, all above.  A look-up is cheaper
 * than a branch on lengths that vary as much as those of answers. */
#define ALL UINT64_MAX
/* clang-format off */
static const uint64_t first_bytes[25] = {
	0, 0, 0, 0, 0, 0, 0, 0,
	0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
	ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL,
};
/* clang-format on */

/* The last 16 bytes, or all of a shorter text, go through two multiplications. */
static inline cnv_wide end_hash(uint64_t a, uint64_t b, uint64_t x, uint64_t y)
{
	cnv_wide p = cnv_multiply(a ^ x, b ^ y), q = cnv_multiply(p.low ^ R7 ^ y, p.high ^ R5 ^ x);

	return (cnv_wide){ q.low ^ p.high, q.high + p.low };
}

/* Hashes more than 16 bytes. */
static cnv_wide hash_long(uint64_t key, const unsigned char *at, size_t len)
{
	uint64_t a = key ^ R2, b = key * R3 ^ len;
	const unsigned char *last = at + len - 16;

	for (; at < last; at += 16) {
		uint64_t x = load(at), y = load(at + 8);
		cnv_wide p = cnv_multiply(a ^ x, b ^ y);

		/* A product of zero must not erase the earlier input. */
		a = (p.low ^ y) + R5;
		b = (p.high ^ x) + (b << 1 | b >> 63);
	}
	return end_hash(a, b, load(last), load(last + 8));
}

/* Hashes `len` bytes; `room` bytes may be read. */
static inline cnv_wide hash(uint64_t key, const char *text, size_t len, size_t room)
{
	const unsigned char *at = (const unsigned char *)text;
	unsigned char copy[16] = { 0 };

	if (len > 16)
		return hash_long(key, at, len);
	if (room < 16) {
		if (len)
			memcpy(copy, at, len);
		at = copy;
	}
	return end_hash(key ^ R2, key * R3 ^ len, load(at) & first_bytes[len + 8], load(at + 8) & first_bytes[len]);
}

void store_mix_cell(uint64_t sum[2], uint64_t key, cnv_str text)
{
	cnv_wide h = hash(key, text.at, text.len, text.len);

	sum[0] += h.low;
	sum[1] += h.high;
}

/* For table 0, which is half of all hashing: everything that can be computed once is computed outside the loop. */
static void mix_responses(uint64_t (*sums)[2], uint64_t key, const cnv_column *column, uint32_t rows)
{
	const char *text = column->text.at ? column->text.at : "";
	const uint64_t a = key ^ R2, b = key * R3;
	size_t whole = column->text.len > 16 ? column->text.len - 16 : 0; /* from here, 16 bytes cannot be read */

	for (uint32_t row = 0, from = 0; row < rows; from = column->ends[row++]) {
		const unsigned char *at = (const unsigned char *)text + from;
		size_t len = column->ends[row] - from;
		cnv_wide h;

		if (!len)
			continue;
		if (len <= 16 && from < whole)
			h = end_hash(a, b ^ len, load(at) & first_bytes[len + 8], load(at + 8) & first_bytes[len]);
		else
			h = hash(key, text + from, len, column->text.len - from);
		sums[row][0] += h.low;
		sums[row][1] += h.high;
	}
}

void store_mix_column(uint64_t (*sums)[2], const uint32_t *owners, const uint64_t *keys, uint64_t key,
		      const cnv_column *column, uint32_t rows)
{
	if (!owners) {
		mix_responses(sums, key, column, rows);
		return;
	}
	for (uint32_t row = 0; row < rows; row++) {
		cnv_str text = cnv_column_text(column, row);

		if (text.len)
			store_mix_cell(sums[owners[row]], key ^ keys[row], text);
	}
}

uint64_t store_mix_text(uint64_t seed, cnv_str text)
{
	return hash(seed, text.at, text.len, text.len).low;
}

uint64_t store_mix(uint64_t a, uint64_t b)
{
	cnv_wide p = cnv_multiply(a ^ R2, b ^ R3), q = cnv_multiply(p.low ^ R5, p.high ^ R7 ^ b);

	return q.low ^ q.high ^ p.high;
}
