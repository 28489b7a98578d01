/* Digests of responses are kept in stores: what hashes a cell must give the same bits for ever. */
#include "store_stage.h"

#include "store/digest.h"

/* Of the first `len` of '!' and the characters that follow it, with the key 42. */
static const struct known {
	uint32_t len;
	uint64_t sum[2];
} known[] = {
	{ 0, { UINT64_C(0x1b4d80aed7080b8b), UINT64_C(0x5728e224222d6ef4) } },
	{ 1, { UINT64_C(0xbe98cc62dfe05b7a), UINT64_C(0x08af9c731fa2e55f) } },
	{ 3, { UINT64_C(0xd540ab7350dfe75e), UINT64_C(0x4bea8db3ec9a1a72) } },
	{ 7, { UINT64_C(0x3fd3e4dbaf9b084e), UINT64_C(0xa567200b6b776f22) } },
	{ 8, { UINT64_C(0x04c1118c37bcff76), UINT64_C(0x92b6f9f5d53cdac9) } },
	{ 9, { UINT64_C(0xfaaf81651d6a291b), UINT64_C(0x5591d9bce3ef5aba) } },
	{ 15, { UINT64_C(0xc863dd66fb2ce657), UINT64_C(0xead91038113860b2) } },
	{ 16, { UINT64_C(0xa872e7c0ff5504f5), UINT64_C(0x80a00c1b690f030a) } },
	{ 17, { UINT64_C(0x98a5a8b0a4d39ca1), UINT64_C(0x8fa67c3e76815a8b) } },
	{ 31, { UINT64_C(0x660f805b3455bc53), UINT64_C(0x9a8649c35c6234ab) } },
	{ 32, { UINT64_C(0x19bba201a88014e6), UINT64_C(0xf0b16611333b7668) } },
	{ 33, { UINT64_C(0x1c5f3303b3419c71), UINT64_C(0x9c8ab10e4ad24567) } },
	{ 48, { UINT64_C(0x68332600096e01c6), UINT64_C(0xd11ef697013d5780) } },
	{ 79, { UINT64_C(0x3240ed9cd5c3d213), UINT64_C(0xcc889049763358af) } },
};
#define KNOWN (sizeof known / sizeof known[0])

static char characters[80];

static int write_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof characters; i++)
		characters[i] = (char)('!' + i);
	return 0;
}

static void a_cell_is_hashed_as_ever(void **state)
{
	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		uint64_t sum[2] = { 0 };

		store_mix_cell(sum, 42, (cnv_str){ characters, known[i].len });
		assert_memory_equal(sum, known[i].sum, sizeof sum);
	}
}

/* In a column texts lie end to end, the last of them at the end of what may be read; blank cells count for nothing. */
static void a_column_is_hashed_as_its_cells(void **state)
{
	uint64_t sums[KNOWN][2] = { 0 }, keyed[KNOWN][2] = { 0 }, keys[KNOWN];
	uint32_t ends[KNOWN], owners[KNOWN];
	cnv_column column = { .ends = ends };

	(void)state;
	for (uint32_t i = 0; i < KNOWN; i++) {
		const struct known *row = &known[KNOWN - 1 - i]; /* the longest first */

		cnv_text_put(&column.text, (cnv_str){ characters, row->len });
		ends[i] = (uint32_t)column.text.len;
		owners[i] = (uint32_t)KNOWN - 1 - i;
		keys[i] = 40;
	}
	store_mix_column(sums, NULL, NULL, 42, &column, KNOWN);
	store_mix_column(keyed, owners, keys, 42 ^ 40, &column, KNOWN);
	for (uint32_t i = 0; i < KNOWN; i++) {
		const uint64_t none[2] = { 0 };
		const uint64_t *expect = known[i].len ? known[i].sum : none;

		assert_memory_equal(sums[KNOWN - 1 - i], expect, sizeof none);
		assert_memory_equal(keyed[i], expect, sizeof none);
	}
	cnv_text_fini(&column.text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_hashed_as_ever),
		cmocka_unit_test(a_column_is_hashed_as_its_cells),
	};

	return cmocka_run_group_tests(tests, write_characters, NULL);
}
