/* Every folder of tests/golden/check holds a form and, in expect.diag, all that `check` says of it.
 * GOLDEN=1 in the environment rewrites the expectations; git then shows what changed. */
#include "canvass/advise.h"
#include "canvass/io.h"
#include "render_diag.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROOT "tests/golden/check"
#define MOST_STORIES 512
#define MOST_BYTES (1u << 20)

static char names[MOST_STORIES][128];
static struct CMUnitTest tests[MOST_STORIES];

static cnv_str read_whole(cnv_arena *arena, const char *name)
{
	FILE *file = fopen(name, "rb");
	char *at = cnv_arena_get(arena, MOST_BYTES);
	cnv_str bytes = { at, 0 };

	assert_non_null(at);
	if (!file)
		return bytes;
	bytes.len = fread(at, 1, MOST_BYTES, file);
	fclose(file);
	return bytes;
}

/* Says all there is to say of one form, as the command does. */
static void check_form(cnv_arena *arena, cnv_str bytes, cnv_text *out)
{
	cnv_diags diags = { .emit = render_diag, .self = out };
	cnv_sheets sheets;
	cnv_form *form = NULL;
	cnv_plan *plan = NULL;

	cnv_sheets_init(&sheets, CNV_STR("form.csv"), arena);
	if (cnv_csv_sheets(&sheets, bytes, &diags) == CNV_OK) {
		assert_int_not_equal(cnv_form_build(&form, &sheets, arena, &diags), CNV_NO_MEMORY);
		if (form)
			assert_int_not_equal(cnv_plan_build(&plan, form, 64, arena, &diags), CNV_NO_MEMORY);
		if (plan)
			cnv_advise(plan, arena, &diags);
	}
	cnv_plan_fini(plan);
	cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_text_format(out, "errors %u, warnings %u\n", (unsigned)diags.errors, (unsigned)diags.warnings);
}

static void test_story(void **state)
{
	const char *name = *state;
	cnv_arena arena = { 0 };
	cnv_text said = { 0 };
	cnv_str form, expect;
	char path[256];

	snprintf(path, sizeof path, ROOT "/%s/form.csv", name);
	form = read_whole(&arena, path);
	check_form(&arena, form, &said);
	assert_false(said.failed);
	cnv_text_put_char(&said, '\0');
	snprintf(path, sizeof path, ROOT "/%s/expect.diag", name);
	if (getenv("GOLDEN")) {
		FILE *file = fopen(path, "wb");

		assert_non_null(file);
		assert_int_equal(fwrite(said.at, 1, said.len - 1, file), said.len - 1);
		assert_int_equal(fclose(file), 0);
	} else {
		expect = read_whole(&arena, path);
		assert_true(expect.len < MOST_BYTES);
		assert_string_equal(said.at, expect.at);
	}
	cnv_text_fini(&said);
	cnv_arena_fini(&arena);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

int main(void)
{
	DIR *folder = opendir(ROOT);
	size_t count = 0;

	if (!folder) {
		fprintf(stderr, "no " ROOT ": run the tests in the folder of the sources\n");
		return 1;
	}
	for (struct dirent *entry; (entry = readdir(folder)) && count < MOST_STORIES;)
		if (entry->d_name[0] != '.' && strlen(entry->d_name) < sizeof names[0])
			strcpy(names[count++], entry->d_name);
	closedir(folder);
	qsort(names, count, sizeof names[0], compare_names);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){ names[i], test_story, NULL, NULL, names[i] };
	return _cmocka_run_group_tests("forms with mistakes", tests, count, NULL, NULL);
}
