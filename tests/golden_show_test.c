/* Every folder of tests/golden/show holds how `show` tells a form: expect.txt at 80 columns and expect.md.  The form is
 * the folder's form.csv, or the shipped form of its name.  GOLDEN=1 in the environment rewrites the expectations. */
#include "canvass/io.h"
#include "canvass/report.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define ROOT "tests/golden/show"
#define MOST_BYTES (1u << 20)

static cnv_str read_whole(cnv_arena *arena, const char *name)
{
	FILE *file = fopen(name, "rb");
	char *at = cnv_arena_get(arena, MOST_BYTES);
	cnv_str bytes = { at, 0 };

	assert_non_null(at);
	if (!file)
		return bytes;
	bytes.len = fread(at, 1, MOST_BYTES - 1, file);
	fclose(file);
	return bytes;
}

static void compare(cnv_text *told, const char *story, const char *name, cnv_arena *arena)
{
	char path[256];

	cnv_text_put_char(told, '\0');
	assert_false(told->failed);
	snprintf(path, sizeof path, ROOT "/%s/%s", story, name);
	if (getenv("GOLDEN")) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(told->at, 1, told->len - 1, file), told->len - 1);
		assert_int_equal(fclose(file), 0);
		return;
	}
	assert_string_equal(told->at, read_whole(arena, path).at);
}

static void test_story(void **state)
{
	const char *story = *state;
	cnv_arena arena = { 0 };
	cnv_diags diags = { 0 };
	cnv_sheets sheets;
	cnv_form *form = NULL;
	char path[256];

	snprintf(path, sizeof path, ROOT "/%s/form.csv", story);
	cnv_str bytes = read_whole(&arena, path);
	if (!bytes.len) {
		snprintf(path, sizeof path, "forms/%s.csv", story);
		bytes = read_whole(&arena, path);
	}
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &arena);
	assert_int_equal(cnv_csv_sheets(&sheets, bytes, &diags), CNV_OK);
	assert_int_equal(cnv_form_build(&form, &sheets, &arena, &diags), CNV_OK);
	for (int markdown = 0; markdown < 2; markdown++) {
		cnv_text told = { 0 };
		cnv_text_writer writer;
		cnv_writer to = markdown ? cnv_write_markdown(&writer, &told) : cnv_write_text(&writer, &told, 80);
		assert_int_equal(cnv_outline_lay(form, form->default_language, &to, &arena), CNV_OK);
		cnv_write_end(&writer);
		compare(&told, story, markdown ? "expect.md" : "expect.txt", &arena);
		cnv_text_fini(&told);
	}
	cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "the seafarers' form", test_story, NULL, NULL, "seafarers-id" },
		{ "a form with everything", test_story, NULL, NULL, "everything" },
		{ "a loop over a list", test_story, NULL, NULL, "loop" },
	};
	return cmocka_run_group_tests_name("questionnaires told", tests, NULL, NULL);
}
