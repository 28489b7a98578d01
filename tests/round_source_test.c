/* Where the bytes of a return come from: read once, digested and copied as they pass, and never from a file that
 * changes. */
#include "round_stage.h"

#include "round/source.h"

/* More than is held in memory, so that it is read in pieces. */
#define LARGE ((size_t)CNV_STORE_INLINE + 700001)

/* A file of so many bytes, no two pieces of which are equal. */
static cnv_str write_bytes(stage *s, const char *name, size_t len)
{
	cnv_text out = { 0 };
	cnv_str copy;

	for (size_t i = 0; out.len < len; i++)
		cnv_text_format(&out, "%zu,", i);
	copy = cnv_arena_copy(&s->arena, cnv_str_slice(cnv_text_str(&out), 0, len));
	cnv_text_fini(&out);
	write_file(s, name, copy);
	return copy;
}

static void digest_of(cnv_str bytes, uint8_t sha256[32])
{
	cnv_digest digest;

	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, bytes.at, bytes.len);
	cnv_digest_end(&digest, sha256);
}

/* One pass: do the pieces make up these bytes? */
static void assert_passes(stage *s, source *from, cnv_str bytes)
{
	cnv_str piece = { "", 1 };
	size_t at = 0;

	while (piece.len) {
		assert_int_equal(source_next(from, &piece, &s->diags), CNV_OK);
		assert_true(at + piece.len <= bytes.len);
		assert_true(!piece.len || !memcmp(piece.at, bytes.at + at, piece.len));
		at += piece.len;
	}
	assert_int_equal(at, bytes.len);
	assert_true(from->complete);
}

static void assert_digest(const source *from, cnv_str bytes)
{
	uint8_t sha256[32];

	assert_true(from->digested);
	digest_of(bytes, sha256);
	assert_memory_equal(from->sha256, sha256, sizeof sha256);
}

static void begin(stage *s)
{
	assert_int_equal(cnv_store_begin(s->store, ROUND, s->now, &s->diags), CNV_OK);
}

static void a_small_file_is_held(void **state)
{
	static const size_t lengths[] = { 0, 1, 5000 };
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
		cnv_str bytes = write_bytes(&s, "a.csv", lengths[k]);
		source from;

		assert_int_equal(source_open(&from, CNV_STR("a.csv"), path_to(&s, "a.csv"), &s.diags), CNV_OK);
		assert_true(from.held && from.complete);
		assert_int_equal(source_keep(&from, s.store, true, true, &s.diags),
				 CNV_OK); /* nothing is to be kept apart */
		assert_digest(&from, bytes);
		for (uint32_t pass = 0; pass < 2; pass++) {
			assert_passes(&s, &from, bytes);
			source_rewind(&from);
		}
		source_close(&from);
	}
	assert_string_equal(s.said, "");
	strike(&s);
}

static void bytes_in_memory_are_borrowed(void **state)
{
	cnv_str bytes = CNV_STR("respondent,count\nAA,3\n");
	source from;
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	source_borrow(&from, CNV_STR("typed"), bytes);
	assert_false(from.digested); /* it was not wanted yet */
	assert_int_equal(source_keep(&from, NULL, true, false, &s.diags), CNV_OK);
	assert_digest(&from, bytes);
	assert_passes(&s, &from, bytes);
	assert_ptr_equal(from.bytes.at, bytes.at);
	source_close(&from);
	strike(&s);
}

/* With and without a thread, and in a rehearsal, which keeps no copy. */
static const struct keeping_case {
	const char *name;
	bool kept, apart;
} keeping_cases[] = {
	{ "a large file is digested and copied as it is read", true, false },
	{ "a large file is digested and copied in another thread", true, true },
	{ "a rehearsal digests a large file", false, false },
	{ "a rehearsal digests a large file in another thread", false, true },
};

static void a_large_file_is_read_once_and_again(void **state)
{
	const struct keeping_case *row = *state;
	char middle[100];
	cnv_str bytes;
	size_t len;
	source from;
	stage s;

	set_stage(&s, ships_form, NULL);
	bytes = write_bytes(&s, "a.csv", LARGE);
	begin(&s);
	assert_int_equal(source_open(&from, CNV_STR("a.csv"), path_to(&s, "a.csv"), &s.diags), CNV_OK);
	assert_false(from.held);
	assert_int_equal(from.size, LARGE);
	assert_int_equal(source_keep(&from, row->kept ? s.store : NULL, true, row->apart, &s.diags), CNV_OK);
	assert_passes(&s, &from, bytes);
	assert_digest(&from, bytes);
	/* Gone by its name: the copy is read, or what is open still. */
	if (row->kept)
		unlink(path_to(&s, "a.csv").at);
	source_rewind(&from);
	assert_passes(&s, &from, bytes);
	assert_int_equal(source_peek(&from, LARGE - 40, middle, sizeof middle, &len, &s.diags), CNV_OK);
	assert_int_equal(len, 40);
	assert_memory_equal(middle, bytes.at + LARGE - 40, 40);
	source_close(&from);
	cnv_store_rollback(s.store);
	assert_string_equal(s.said, "");
	strike(&s);
}

static void draining_reads_what_is_left(void **state)
{
	cnv_str bytes, piece;
	source from;
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	bytes = write_bytes(&s, "a.csv", LARGE);
	assert_int_equal(source_open(&from, CNV_STR("a.csv"), path_to(&s, "a.csv"), &s.diags), CNV_OK);
	assert_int_equal(source_keep(&from, NULL, true, false, &s.diags), CNV_OK);
	assert_int_equal(source_next(&from, &piece, &s.diags), CNV_OK);
	assert_int_equal(source_drain(&from, &s.diags), CNV_OK);
	assert_digest(&from, bytes);
	assert_int_equal(source_hold(&from, LARGE - 1, &s.diags), CNV_REJECTED);
	assert_string_equal(s.said, "E0665");
	assert_int_equal(source_hold(&from, LARGE, &s.diags), CNV_OK);
	assert_true(cnv_str_equal(from.bytes, bytes));
	source_close(&from);
	strike(&s);
}

static void a_file_that_is_written_to_while_it_is_read_is_a_fault(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	for (uint32_t apart = 0; apart < 2; apart++) {
		cnv_str piece;
		source from;
		FILE *file;

		write_bytes(&s, "a.csv", LARGE);
		s.said[0] = 0;
		assert_int_equal(source_open(&from, CNV_STR("a.csv"), path_to(&s, "a.csv"), &s.diags), CNV_OK);
		assert_int_equal(source_keep(&from, NULL, true, apart, &s.diags), CNV_OK);
		assert_int_equal(source_next(&from, &piece, &s.diags), CNV_OK);
		file = fopen(path_to(&s, "a.csv").at, "a");
		assert_non_null(file);
		assert_int_equal(fputs("AA,4\n", file) < 0, 0);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(source_drain(&from, &s.diags), CNV_NO_ACCESS);
		assert_string_equal(s.said, "E0009");
		source_close(&from);
	}
	strike(&s);
}

static void a_source_may_be_closed_at_any_time(void **state)
{
	cnv_str piece;
	source from = { 0 };
	stage s;

	(void)state;
	set_stage(&s, ships_form, NULL);
	source_close(&from);
	write_bytes(&s, "a.csv", LARGE);
	begin(&s);
	assert_int_equal(source_open(&from, CNV_STR("a.csv"), path_to(&s, "a.csv"), &s.diags), CNV_OK);
	source_close(&from);
	assert_int_equal(source_open(&from, CNV_STR("a.csv"), path_to(&s, "a.csv"), &s.diags), CNV_OK);
	assert_int_equal(source_keep(&from, s.store, true, true, &s.diags), CNV_OK);
	assert_int_equal(source_next(&from, &piece, &s.diags), CNV_OK);
	source_close(&from);
	cnv_store_rollback(s.store);
	assert_int_equal(source_open(&from, CNV_STR("gone.csv"), path_to(&s, "gone.csv"), &s.diags), CNV_NO_ACCESS);
	source_close(&from);
	assert_string_equal(s.said, "E0003");
	strike(&s);
}

int main(void)
{
	enum { CASES = sizeof keeping_cases / sizeof *keeping_cases };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_small_file_is_held),
		cmocka_unit_test(bytes_in_memory_are_borrowed),
		cmocka_unit_test(draining_reads_what_is_left),
		cmocka_unit_test(a_file_that_is_written_to_while_it_is_read_is_a_fault),
		cmocka_unit_test(a_source_may_be_closed_at_any_time),
	};
	struct CMUnitTest tests[CASES + sizeof others / sizeof *others] = { 0 };

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = keeping_cases[i].name,
						.test_func = a_large_file_is_read_once_and_again,
						.initial_state = (void *)(uintptr_t)&keeping_cases[i] };
	memcpy(tests + CASES, others, sizeof others);
	return _cmocka_run_group_tests("round_source", tests, sizeof tests / sizeof *tests, NULL, NULL);
}
