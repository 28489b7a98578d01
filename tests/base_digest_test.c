/* Digests against the published vectors of RFC 1321 and FIPS 180-4, whole and in pieces. */
#include "canvass/base.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define TWO_BLOCKS                                                                                                     \
	"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopq" \
	"rstu"
#define ALMOST_A_BLOCK "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

struct digest_case {
	const char *name;
	cnv_digest_kind kind;
	const char *bytes; /* repeated `times` */
	uint32_t times;
	const char *expect;
};

static const struct digest_case cases[] = {
	{ "MD5 of nothing", CNV_MD5, "", 1, "d41d8cd98f00b204e9800998ecf8427e" },
	{ "MD5 of a", CNV_MD5, "a", 1, "0cc175b9c0f1b6a831c399e269772661" },
	{ "MD5 of abc", CNV_MD5, "abc", 1, "900150983cd24fb0d6963f7d28e17f72" },
	{ "MD5 of message digest", CNV_MD5, "message digest", 1, "f96b697d7cb7938d525a2f31aaf161d0" },
	{ "MD5 of the alphabet", CNV_MD5, "abcdefghijklmnopqrstuvwxyz", 1, "c3fcd3d76192e4007dfb496cca67e13b" },
	{ "MD5 of letters and digits", CNV_MD5, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 1,
	  "d174ab98d277d9f5a5611c2c9f419d9f" },
	{ "MD5 of eighty digits", CNV_MD5, "1234567890", 8, "57edf4a22be3c955ac49da2e2107b67a" },
	{ "SHA-1 of nothing", CNV_SHA1, "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "SHA-1 of abc", CNV_SHA1, "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "SHA-1 of 56 bytes", CNV_SHA1, ALMOST_A_BLOCK, 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "SHA-1 of a million", CNV_SHA1, "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
	{ "SHA-256 of nothing", CNV_SHA256, "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "SHA-256 of abc", CNV_SHA256, "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "SHA-256 of 56 bytes", CNV_SHA256, ALMOST_A_BLOCK, 1,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "SHA-256 of a million", CNV_SHA256, "a", 1000000,
	  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	{ "SHA-384 of nothing", CNV_SHA384, "", 1,
	  "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b" },
	{ "SHA-384 of abc", CNV_SHA384, "abc", 1,
	  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7" },
	{ "SHA-384 of 112 bytes", CNV_SHA384, TWO_BLOCKS, 1,
	  "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039" },
	{ "SHA-384 of a million", CNV_SHA384, "a", 1000000,
	  "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985" },
	{ "SHA-512 of nothing", CNV_SHA512, "", 1,
	  "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	  "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
	{ "SHA-512 of abc", CNV_SHA512, "abc", 1,
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	{ "SHA-512 of 112 bytes", CNV_SHA512, TWO_BLOCKS, 1,
	  "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
	  "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909" },
	{ "SHA-512 of a million", CNV_SHA512, "a", 1000000,
	  "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
	  "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b" },
};

static void assert_digest(cnv_digest *digest, const char *expect)
{
	uint8_t out[64];
	char hex[2 * sizeof out + 1] = "";
	size_t count = cnv_digest_end(digest, out);

	assert_int_equal(cnv_hex_write(out, count, hex).len, 2 * count);
	assert_string_equal(hex, expect);
}

static void digest_case(void **state)
{
	const struct digest_case *row = *state;
	cnv_digest digest;

	cnv_digest_init(&digest, row->kind);
	for (uint32_t i = 0; i < row->times; i++)
		cnv_digest_add(&digest, row->bytes, strlen(row->bytes));
	assert_digest(&digest, row->expect);
}

/* Every length around the block's edges, split everywhere, gives what the whole gives. */
static void pieces_give_what_the_whole_gives(void **state)
{
	uint8_t bytes[260], whole[64], pieces[64];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 37);
	for (int kind = CNV_MD5; kind <= CNV_SHA512; kind++) {
		for (size_t len = 0; len <= sizeof bytes; len++) {
			cnv_digest digest;
			cnv_digest_init(&digest, (cnv_digest_kind)kind);
			cnv_digest_add(&digest, bytes, len);
			size_t count = cnv_digest_end(&digest, whole);
			size_t split = len * 7 % (len + 1);
			cnv_digest_init(&digest, (cnv_digest_kind)kind);
			cnv_digest_add(&digest, bytes, split);
			cnv_digest_add(&digest, NULL, 0);
			cnv_digest_add(&digest, bytes + split, len - split);
			assert_int_equal(cnv_digest_end(&digest, pieces), count);
			assert_memory_equal(whole, pieces, count);
			/* A byte at a time no block goes to the processor's own instructions. */
			cnv_digest_init(&digest, (cnv_digest_kind)kind);
			for (size_t i = 0; i < len; i++)
				cnv_digest_add(&digest, bytes + i, 1);
			assert_int_equal(cnv_digest_end(&digest, pieces), count);
			assert_memory_equal(whole, pieces, count);
		}
	}
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 1];
	size_t count = 0;

	for (size_t at = 0; at < COUNT(cases); at++)
		tests[count++] = (struct CMUnitTest){ cases[at].name, digest_case, NULL, NULL, (void *)&cases[at] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(pieces_give_what_the_whole_gives);
	return _cmocka_run_group_tests("base: digests", tests, count, NULL, NULL);
}
