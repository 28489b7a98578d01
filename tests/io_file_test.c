/* Files: what is refused and in what words. */
#include "io_stage.h"

/* ---------------------------------------------------------------- what cannot be read */

static void make_nothing(void) {}

static void make_folder(void)
{
	assert_int_equal(mkdir("x", 0700), 0);
}

static void make_pipe(void)
{
	assert_int_equal(mkfifo("x", 0600), 0);
}

static void make_closed(void)
{
	write_file("x", "a\n");
	assert_int_equal(chmod("x", 0), 0);
}

static void make_plain(void)
{
	write_file("x", "a\n");
}

static void make_circle(void)
{
	assert_int_equal(symlink("x", "x"), 0);
}

static const struct unreadable {
	const char *name;
	void (*make)(void);
	cnv_str file;
	uint16_t code;
	bool not_for_root;
} unreadable[] = {
	{ "a file that is not there", make_nothing, { "x", 1 }, CNV_FILE_MISSING, false },
	{ "a name that is empty", make_nothing, { "", 0 }, CNV_FILE_MISSING, false },
	{ "a name with a zero byte", make_plain, { "x\0y", 3 }, CNV_FILE_MISSING, false },
	{ "a file taken for a folder", make_plain, { "x/y", 3 }, CNV_FILE_MISSING, false },
	{ "a folder", make_folder, { "x", 1 }, CNV_FILE_IS_FOLDER, false },
	{ "a pipe, without waiting for its writer", make_pipe, { "x", 1 }, CNV_FILE_NOT_REGULAR, false },
	{ "a device", make_nothing, { "/dev/null", 9 }, CNV_FILE_NOT_REGULAR, false },
	{ "a file closed to us", make_closed, { "x", 1 }, CNV_FILE_FORBIDDEN, true },
	{ "a link that leads to itself", make_circle, { "x", 1 }, CNV_CANNOT_READ, false },
};

static void refuse_reading(void **state)
{
	const struct unreadable *row = *state;
	cnv_diags diags = { .emit = hear };
	cnv_file *file = (cnv_file *)&diags;

	/* cmocka keeps initial_state only until a setup runs, which this one needs first. */
	assert_int_equal(enter_folder(NULL), 0);
	if (!row->not_for_root || geteuid()) {
		row->make();
		assert_int_equal(cnv_file_open(&file, row->file, &diags), CNV_NO_ACCESS);
		assert_null(file);
		assert_int_equal(last_code, row->code);
		assert_int_equal(diags.errors, 1);
	}
	assert_int_equal(leave_folder(NULL), 0);
	if (row->not_for_root && !geteuid())
		skip();
}

/* ---------------------------------------------------------------- what is there */

static void a_name_is_there_or_not_or_cannot_be_told(void **state)
{
	static const struct {
		cnv_str name;
		cnv_status status;
		bool there;
	} names[] = {
		{ { "x", 1 }, CNV_OK, true },
		{ { ".", 1 }, CNV_OK, true },
		{ { "none", 4 }, CNV_OK, false },
		{ { "x/none", 6 }, CNV_OK, false },
		{ { "none/none", 9 }, CNV_OK, false },
		{ { "", 0 }, CNV_OK, false },
		{ { "circle", 6 }, CNV_NO_ACCESS, false },
	};
	char longest[400];
	cnv_diags diags = { .emit = hear };
	bool there;

	(void)state;
	write_file("x", "a");
	assert_int_equal(symlink("circle", "circle"), 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_int_equal(cnv_file_look(names[i].name, &there, &diags), names[i].status);
		assert_int_equal(there, names[i].there);
	}
	assert_int_equal(diags.errors, 1);
	memset(longest, 'x', sizeof longest);
	assert_int_equal(cnv_file_look((cnv_str){ longest, sizeof longest }, &there, &diags), CNV_NO_ACCESS);
	cnv_mem_fail_after(0);
	assert_int_equal(cnv_file_look(CNV_STR("x"), &there, &diags), CNV_NO_MEMORY);
	cnv_mem_fail_after(SIZE_MAX);
	assert_int_equal(diags.errors, 2);
}

/* ---------------------------------------------------------------- reading */

static void a_file_is_loaded_whole(void **state)
{
	(void)state;
	cnv_arena arena = { 0 };
	cnv_diags diags = { .emit = hear };
	cnv_str bytes;
	write_file("x", "a,b\n");
	assert_int_equal(cnv_file_load(CNV_STR("x"), 4, &arena, &bytes, &diags), CNV_OK);
	assert_true(cnv_str_equal(bytes, CNV_STR("a,b\n")));
	write_file("x", "");
	assert_int_equal(cnv_file_load(CNV_STR("x"), 4, &arena, &bytes, &diags), CNV_OK);
	assert_int_equal(bytes.len, 0);
	assert_int_equal(diags.errors, 0);
	cnv_arena_fini(&arena);
}

static void a_file_over_the_limit_is_rejected(void **state)
{
	(void)state;
	cnv_arena arena = { 0 };
	cnv_diags diags = { .emit = hear };
	cnv_str bytes;
	write_file("x", "a,b\n");
	assert_int_equal(cnv_file_load(CNV_STR("x"), 3, &arena, &bytes, &diags), CNV_REJECTED);
	assert_int_equal(last_code, CNV_FILE_TOO_LARGE);
	assert_string_equal(last_message, "it has 4 bytes; the limit is 3");
	assert_int_equal(bytes.len, 0);
	cnv_arena_fini(&arena);
}

static void a_file_is_read_in_pieces(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_file *file;
	char piece[3];
	size_t len, all = 0, reads = 0;
	write_file("x", "1234567");
	assert_int_equal(cnv_file_open(&file, CNV_STR("x"), &diags), CNV_OK);
	assert_int_equal(cnv_file_size(file), 7);
	do {
		assert_int_equal(cnv_file_read(file, piece, sizeof piece, &len, &diags), CNV_OK);
		all += len;
		reads++;
	} while (len);
	assert_int_equal(all, 7);
	assert_int_equal(reads, 4);
	cnv_file_close(file);
	cnv_file_close(NULL);
}

static void a_digest_in_pieces_is_the_digest_of_the_whole(void **state)
{
	(void)state;
	static char bytes[300];
	for (size_t len = 0; len <= sizeof bytes; len += len < 130 ? 1 : 85) {
		memset(bytes, (int)len, sizeof bytes);
		cnv_digest whole;
		uint8_t expect[64], have[32];
		cnv_digest_init(&whole, CNV_SHA256);
		cnv_digest_add(&whole, bytes, len);
		cnv_digest_end(&whole, expect);
		cnv_sha256 *pieces = cnv_sha256_new();
		assert_non_null(pieces);
		for (size_t at = 0; at < len; at += 7)
			cnv_sha256_add(pieces, (cnv_str){ bytes + at, len - at < 7 ? len - at : 7 });
		cnv_sha256_add(pieces, (cnv_str){ 0 });
		cnv_sha256_end(pieces, have);
		cnv_sha256_free(pieces);
		assert_memory_equal(have, expect, sizeof have);
	}
	cnv_sha256_free(NULL);
}

static void lack_of_memory_is_a_status(void **state)
{
	(void)state;
	cnv_diags diags = { .emit = hear };
	cnv_status status = CNV_NO_MEMORY;
	cnv_arena arena = { 0 };
	cnv_str bytes;
	size_t count = 0;
	write_file("x", "abc");
	for (; status != CNV_OK && count < 100; count++) {
		cnv_mem_fail_after(count);
		status = cnv_file_load(CNV_STR("x"), 3, &arena, &bytes, &diags);
		cnv_mem_fail_after(SIZE_MAX);
		cnv_arena_fini(&arena);
		if (status != CNV_OK)
			assert_int_equal(status, CNV_NO_MEMORY);
	}
	assert_true(count > 3 && count < 100);
	assert_int_equal(diags.errors, 0);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		IN_FOLDER(a_name_is_there_or_not_or_cannot_be_told),
		IN_FOLDER(a_file_is_loaded_whole),
		IN_FOLDER(a_file_over_the_limit_is_rejected),
		IN_FOLDER(a_file_is_read_in_pieces),
		IN_FOLDER(a_digest_in_pieces_is_the_digest_of_the_whole),
		IN_FOLDER(lack_of_memory_is_a_status),
	};
	struct CMUnitTest tests[COUNT(unreadable) + COUNT(others)];
	size_t count = 0;
	for (size_t at = 0; at < COUNT(unreadable); at++)
		tests[count++] =
			(struct CMUnitTest){ unreadable[at].name, refuse_reading, NULL, NULL, (void *)&unreadable[at] };
	for (size_t at = 0; at < COUNT(others); at++)
		tests[count++] = others[at];
	return _cmocka_run_group_tests("io: files", tests, count, NULL, NULL);
}
