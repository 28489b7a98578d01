/* Digests: MD5 (RFC 1321), SHA-1 and the SHA-2 family (FIPS 180-4), for digest() in forms and to recognize returned
 * files.
 *
 * All five share one structure: blocks are collected and mixed into a state, and the length is appended at the end.
 * The table has their differences.  MD5 and SHA-1 are included because forms use them; canvass itself relies on
 * SHA-256 alone, whose rounds are therefore unrolled by eight.  Large files are digested by io. */
#include "canvass/base.h"

#include <string.h>

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

/* SHA-2's round constants: the first 64 bits of the fractions of the cube roots of the first 80 primes.
 * SHA-256 uses the upper halves of the first 64. */
static const uint64_t cube_roots[80] = {
	0x428A2F98D728AE22, 0x7137449123EF65CD, 0xB5C0FBCFEC4D3B2F, 0xE9B5DBA58189DBBC, 0x3956C25BF348B538,
	0x59F111F1B605D019, 0x923F82A4AF194F9B, 0xAB1C5ED5DA6D8118, 0xD807AA98A3030242, 0x12835B0145706FBE,
	0x243185BE4EE4B28C, 0x550C7DC3D5FFB4E2, 0x72BE5D74F27B896F, 0x80DEB1FE3B1696B1, 0x9BDC06A725C71235,
	0xC19BF174CF692694, 0xE49B69C19EF14AD2, 0xEFBE4786384F25E3, 0x0FC19DC68B8CD5B5, 0x240CA1CC77AC9C65,
	0x2DE92C6F592B0275, 0x4A7484AA6EA6E483, 0x5CB0A9DCBD41FBD4, 0x76F988DA831153B5, 0x983E5152EE66DFAB,
	0xA831C66D2DB43210, 0xB00327C898FB213F, 0xBF597FC7BEEF0EE4, 0xC6E00BF33DA88FC2, 0xD5A79147930AA725,
	0x06CA6351E003826F, 0x142929670A0E6E70, 0x27B70A8546D22FFC, 0x2E1B21385C26C926, 0x4D2C6DFC5AC42AED,
	0x53380D139D95B3DF, 0x650A73548BAF63DE, 0x766A0ABB3C77B2A8, 0x81C2C92E47EDAEE6, 0x92722C851482353B,
	0xA2BFE8A14CF10364, 0xA81A664BBC423001, 0xC24B8B70D0F89791, 0xC76C51A30654BE30, 0xD192E819D6EF5218,
	0xD69906245565A910, 0xF40E35855771202A, 0x106AA07032BBD1B8, 0x19A4C116B8D2D0C8, 0x1E376C085141AB53,
	0x2748774CDF8EEB99, 0x34B0BCB5E19B48A8, 0x391C0CB3C5C95A63, 0x4ED8AA4AE3418ACB, 0x5B9CCA4F7763E373,
	0x682E6FF3D6B2B8A3, 0x748F82EE5DEFB2FC, 0x78A5636F43172F60, 0x84C87814A1F0AB72, 0x8CC702081A6439EC,
	0x90BEFFFA23631E28, 0xA4506CEBDE82BDE9, 0xBEF9A3F7B2C67915, 0xC67178F2E372532B, 0xCA273ECEEA26619C,
	0xD186B8C721C0C207, 0xEADA7DD6CDE0EB1E, 0xF57D4F7FEE6ED178, 0x06F067AA72176FBA, 0x0A637DC5A2C898A6,
	0x113F9804BEF90DAE, 0x1B710B35131C471B, 0x28DB77F523047D84, 0x32CAAB7B40C72493, 0x3C9EBE0A15C9BEBC,
	0x431D67C49C100D4C, 0x4CC5D4BECB3E42B6, 0x597F299CFC657E2A, 0x5FCB6FAB3AD6FAEC, 0x6C44198C4A475817,
};

/* MD5's round constants: 2^32 times the absolute sine of 1, 2, 3, ... */
static const uint32_t sines[64] = {
	0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A, 0xA8304613, 0xFD469501,
	0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE, 0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821,
	0xF61E2562, 0xC040B340, 0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
	0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8, 0x676F02D9, 0x8D2A4C8A,
	0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C, 0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70,
	0x289B7EC6, 0xEAA127FA, 0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
	0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92, 0xFFEFF47D, 0x85845DD1,
	0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1, 0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391,
};

static uint32_t left(uint32_t word, unsigned by)
{
	return word << by | word >> (32 - by);
}

static uint32_t right(uint32_t word, unsigned by)
{
	return word >> by | word << (32 - by);
}

static uint64_t right_long(uint64_t word, unsigned by)
{
	return word >> by | word << (64 - by);
}

static uint32_t read_little(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t read_big(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

static uint64_t read_big_long(const uint8_t *at)
{
	return (uint64_t)read_big(at) << 32 | read_big(at + 4);
}

static void mix_md5(uint64_t state[8], const uint8_t *block)
{
	static const uint8_t turns[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
	};
	uint32_t a = (uint32_t)state[0], b = (uint32_t)state[1], c = (uint32_t)state[2], d = (uint32_t)state[3];
	uint32_t words[16];

	for (unsigned i = 0; i < 16; i++)
		words[i] = read_little(block + 4 * i);
	for (unsigned i = 0; i < 64; i++) {
		uint32_t f;
		unsigned word;
		if (i < 16) {
			f = d ^ (b & (c ^ d));
			word = i;
		} else if (i < 32) {
			f = c ^ (d & (b ^ c));
			word = (5 * i + 1) % 16;
		} else if (i < 48) {
			f = b ^ c ^ d;
			word = (3 * i + 5) % 16;
		} else {
			f = c ^ (b | ~d);
			word = 7 * i % 16;
		}
		f += a + sines[i] + words[word];
		a = d;
		d = c;
		c = b;
		b += left(f, turns[i / 16][i % 4]);
	}
	state[0] = (uint32_t)state[0] + a;
	state[1] = (uint32_t)state[1] + b;
	state[2] = (uint32_t)state[2] + c;
	state[3] = (uint32_t)state[3] + d;
}

static void mix_sha1(uint64_t state[8], const uint8_t *block)
{
	uint32_t a = (uint32_t)state[0], b = (uint32_t)state[1], c = (uint32_t)state[2], d = (uint32_t)state[3];
	uint32_t e = (uint32_t)state[4];
	uint32_t words[80];

	for (unsigned i = 0; i < 16; i++)
		words[i] = read_big(block + 4 * i);
	for (unsigned i = 16; i < 80; i++)
		words[i] = left(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t f;
		if (i < 20)
			f = (d ^ (b & (c ^ d))) + 0x5A827999;
		else if (i < 40)
			f = (b ^ c ^ d) + 0x6ED9EBA1;
		else if (i < 60)
			f = ((b & c) | (d & (b | c))) + 0x8F1BBCDC;
		else
			f = (b ^ c ^ d) + 0xCA62C1D6;
		f += left(a, 5) + e + words[i];
		e = d;
		d = c;
		c = left(b, 30);
		b = a;
		a = f;
	}
	const uint32_t add[5] = { a, b, c, d, e };
	for (unsigned i = 0; i < 5; i++)
		state[i] = (uint32_t)state[i] + add[i];
}

/* One round with its variables passed in rotated order, so that no values are moved. */
#define ROUND(a, b, c, d, e, f, g, h, i)                                                                               \
	do {                                                                                                           \
		uint32_t sum = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + (g ^ (e & (f ^ g))) +                 \
			       (uint32_t)(cube_roots[i] >> 32) + words[i];                                             \
		d += sum;                                                                                              \
		h = sum + (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) | (c & (a | b)));                     \
	} while (0)

static void mix_sha256(uint64_t state[8], const uint8_t *block)
{
	uint32_t a = (uint32_t)state[0], b = (uint32_t)state[1], c = (uint32_t)state[2], d = (uint32_t)state[3];
	uint32_t e = (uint32_t)state[4], f = (uint32_t)state[5], g = (uint32_t)state[6], h = (uint32_t)state[7];
	uint32_t words[64];

	for (unsigned i = 0; i < 16; i++)
		words[i] = read_big(block + 4 * i);
	for (unsigned i = 16; i < 64; i++) {
		uint32_t x = words[i - 15], y = words[i - 2];
		words[i] = words[i - 16] + words[i - 7] + (right(x, 7) ^ right(x, 18) ^ x >> 3) +
			   (right(y, 17) ^ right(y, 19) ^ y >> 10);
	}
	for (unsigned i = 0; i < 64; i += 8) {
		ROUND(a, b, c, d, e, f, g, h, i);
		ROUND(h, a, b, c, d, e, f, g, i + 1);
		ROUND(g, h, a, b, c, d, e, f, i + 2);
		ROUND(f, g, h, a, b, c, d, e, i + 3);
		ROUND(e, f, g, h, a, b, c, d, i + 4);
		ROUND(d, e, f, g, h, a, b, c, i + 5);
		ROUND(c, d, e, f, g, h, a, b, i + 6);
		ROUND(b, c, d, e, f, g, h, a, i + 7);
	}
	const uint32_t add[8] = { a, b, c, d, e, f, g, h };
	for (unsigned i = 0; i < 8; i++)
		state[i] = (uint32_t)state[i] + add[i];
}

#ifdef __x86_64__

/* x86 processors with SHA instructions compute SHA-256 five times as fast. */
static bool has_sha(void)
{
	static _Atomic int8_t known; /* cached: 1 yes, -1 no; in a virtual machine the query takes microseconds */
	unsigned a, b, c, d;

	if (!known) {
		bool has = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3) &&
			   __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
		known = has ? 1 : -1;
	}
	return known > 0;
}

/* The instructions keep the state as (a b e f) and (c d g h), and do two rounds each. */
__attribute__((target("sha,sse4.1,ssse3"))) static void mix_sha256_blocks(uint64_t state[8], const uint8_t *block,
									  size_t blocks)
{
	const __m128i big = _mm_set_epi64x(INT64_C(0x0c0d0e0f08090a0b), INT64_C(0x0405060700010203));
	uint32_t roots[64], plain[8];

	for (unsigned i = 0; i < 64; i++)
		roots[i] = (uint32_t)(cube_roots[i] >> 32);
	for (unsigned i = 0; i < 8; i++)
		plain[i] = (uint32_t)state[i];
	__m128i first = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)plain), 0xB1);
	__m128i second = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(plain + 4)), 0x1B);
	__m128i abef = _mm_alignr_epi8(first, second, 8), cdgh = _mm_blend_epi16(second, first, 0xF0);
	for (; blocks; blocks--, block += 64) {
		__m128i words[4], abef_before = abef, cdgh_before = cdgh;
		for (unsigned i = 0; i < 4; i++)
			words[i] =
				_mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i)), big);
#pragma GCC unroll 16
		for (unsigned i = 0; i < 16; i++) {
			__m128i four = _mm_loadu_si128((const __m128i *)(const void *)(roots + 4 * i));
			__m128i sum = _mm_add_epi32(words[i % 4], four);
			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
			__m128i next = _mm_sha256msg1_epu32(words[i % 4], words[(i + 1) % 4]);
			next = _mm_add_epi32(next, _mm_alignr_epi8(words[(i + 3) % 4], words[(i + 2) % 4], 4));
			words[i % 4] = _mm_sha256msg2_epu32(next, words[(i + 3) % 4]);
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	first = _mm_shuffle_epi32(abef, 0x1B);
	second = _mm_shuffle_epi32(cdgh, 0xB1);
	_mm_storeu_si128((__m128i *)(void *)plain, _mm_blend_epi16(first, second, 0xF0));
	_mm_storeu_si128((__m128i *)(void *)(plain + 4), _mm_alignr_epi8(second, first, 8));
	for (unsigned i = 0; i < 8; i++)
		state[i] = plain[i];
}

#endif

static void mix_sha512(uint64_t state[8], const uint8_t *block)
{
	uint64_t words[80], s[8];

	for (unsigned i = 0; i < 16; i++)
		words[i] = read_big_long(block + 8 * i);
	for (unsigned i = 16; i < 80; i++) {
		uint64_t x = words[i - 15], y = words[i - 2];
		words[i] = words[i - 16] + words[i - 7] + (right_long(x, 1) ^ right_long(x, 8) ^ x >> 7) +
			   (right_long(y, 19) ^ right_long(y, 61) ^ y >> 6);
	}
	memcpy(s, state, sizeof s);
	for (unsigned i = 0; i < 80; i++) {
		uint64_t e = s[4], a = s[0];
		uint64_t sum = s[7] + (right_long(e, 14) ^ right_long(e, 18) ^ right_long(e, 41)) +
			       (s[6] ^ (e & (s[5] ^ s[6]))) + cube_roots[i] + words[i];
		uint64_t top = sum + (right_long(a, 28) ^ right_long(a, 34) ^ right_long(a, 39)) +
			       ((a & s[1]) | (s[2] & (a | s[1])));
		memmove(s + 1, s, 7 * sizeof *s);
		s[4] += sum;
		s[0] = top;
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += s[i];
}

/* The differences between the five. */
static const struct kind {
	void (*mix)(uint64_t state[8], const uint8_t *block);
	uint8_t block, word, out; /* bytes */
	bool little;              /* least significant byte first */
	uint64_t start[8];
} kinds[] = {
	[CNV_MD5] = { mix_md5, 64, 4, 16, true, { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476 } },
	[CNV_SHA1] = { mix_sha1, 64, 4, 20, false, { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 } },
	[CNV_SHA256] = { mix_sha256,
			 64,
			 4,
			 32,
			 false,
			 { 0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB,
			   0x5BE0CD19 } },
	[CNV_SHA384] = { mix_sha512,
			 128,
			 8,
			 48,
			 false,
			 { 0xCBBB9D5DC1059ED8, 0x629A292A367CD507, 0x9159015A3070DD17, 0x152FECD8F70E5939,
			   0x67332667FFC00B31, 0x8EB44A8768581511, 0xDB0C2E0D64F98FA7, 0x47B5481DBEFA4FA4 } },
	[CNV_SHA512] = { mix_sha512,
			 128,
			 8,
			 64,
			 false,
			 { 0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
			   0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179 } },
};

_Static_assert(sizeof kinds / sizeof kinds[0] == CNV_SHA512 + 1, "a row for each kind of digest");

void cnv_digest_init(cnv_digest *digest, cnv_digest_kind kind)
{
	*digest = (cnv_digest){ .kind = kind };
	memcpy(digest->state, kinds[kind].start, sizeof digest->state);
}

void cnv_digest_add(cnv_digest *digest, const void *at, size_t len)
{
	const struct kind *kind = &kinds[digest->kind];
	const uint8_t *bytes = at;
	size_t held = (size_t)(digest->bytes % kind->block);

	digest->bytes += len;
	if (held) {
		size_t take = kind->block - held < len ? kind->block - held : len;
		if (take)
			memcpy(digest->block + held, bytes, take);
		if (held + take < kind->block)
			return;
		kind->mix(digest->state, digest->block);
		bytes += take;
		len -= take;
	}
#ifdef __x86_64__
	if (digest->kind == CNV_SHA256 && len >= kind->block && has_sha()) {
		mix_sha256_blocks(digest->state, bytes, len / kind->block);
		bytes += len - len % kind->block;
		len %= kind->block;
	}
#endif
	for (; len >= kind->block; bytes += kind->block, len -= kind->block)
		kind->mix(digest->state, bytes);
	if (len)
		memcpy(digest->block, bytes, len);
}

size_t cnv_digest_end(cnv_digest *digest, uint8_t *out)
{
	static const uint8_t padding[128] = { 0x80 };
	const struct kind *kind = &kinds[digest->kind];
	uint64_t bits = digest->bytes * 8;
	size_t held = (size_t)(digest->bytes % kind->block);
	size_t until = kind->block - 2u * kind->word; /* the length is in the last two words */
	uint8_t length[16] = { 0 };

	for (size_t i = 0; i < 8; i++, bits >>= 8)
		length[kind->little ? i : 2u * kind->word - 1 - i] = (uint8_t)bits;
	cnv_digest_add(digest, padding, held < until ? until - held : until + kind->block - held);
	cnv_digest_add(digest, length, 2u * kind->word);
	for (size_t i = 0; i < kind->out; i++) {
		size_t byte = i % kind->word;
		unsigned shift = 8 * (unsigned)(kind->little ? byte : kind->word - 1 - byte);
		out[i] = (uint8_t)(digest->state[i / kind->word] >> shift);
	}
	return kind->out;
}

cnv_str cnv_hex_write(const uint8_t *bytes, size_t count, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	return (cnv_str){ out, 2 * count };
}

size_t cnv_base64_write(const uint8_t *bytes, size_t count, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at = 0;

	for (size_t i = 0; i < count; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		group |= i + 1 < count ? (uint32_t)bytes[i + 1] << 8 : 0;
		group |= i + 2 < count ? bytes[i + 2] : 0;
		out[at++] = digits[group >> 18];
		out[at++] = digits[group >> 12 & 63];
		out[at++] = i + 1 < count ? digits[group >> 6 & 63] : '=';
		out[at++] = i + 2 < count ? digits[group & 63] : '=';
	}
	return at;
}
