/* Real forms: the ten drafts must be accepted, and on the small forms that other tools have judged canvass must say the
 * same of 97 in 100.  They lie in CANVASS_SHARED (default ../shared); without it everything here is skipped. */
#include "canvass/form.h"
#include "canvass/io.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MOST_BYTES (4u << 20)
#define MOST_DRAFTS 64

static const char *shared;
static char drafts[MOST_DRAFTS][256];

/* The file's bytes, for the caller to free; NULL when there is none. */
static char *load(const char *name, size_t *len)
{
	FILE *file = fopen(name, "rb");
	char *bytes;

	if (!file)
		return NULL;
	bytes = malloc(MOST_BYTES);
	assert_non_null(bytes);
	*len = fread(bytes, 1, MOST_BYTES, file);
	fclose(file);
	return bytes;
}

static void print(void *self, const cnv_diag *diag)
{
	if (self && diag->severity == CNV_ERROR)
		print_message("%.*s:%u: %.*s: %.*s\n", CNV_ARG(diag->place.source), diag->place.row,
			      CNV_ARG(diag->field), CNV_ARG(diag->message));
}

/* How many errors a form has; loud: prints them. */
static uint64_t count_errors(const char *name, cnv_str bytes, bool loud)
{
	cnv_arena arena = { 0 };
	cnv_diags diags = { .emit = print, .self = loud ? &diags : NULL };
	cnv_sheets sheets;
	cnv_form *form = NULL;

	cnv_sheets_init(&sheets, cnv_str_from(name), &arena);
	if (cnv_csv_sheets(&sheets, bytes, &diags) == CNV_OK)
		cnv_form_build(&form, &sheets, &arena, &diags);
	cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
	return diags.errors;
}

static void test_draft(void **state)
{
	size_t len = 0;
	char *bytes = load(*state, &len);

	assert_non_null(bytes);
	assert_int_equal(count_errors(*state, (cnv_str){ bytes, len }, true), 0);
	free(bytes);
}

/* A form with an entities sheet is judged by rules that canvass does not have. */
static bool has_entities(cnv_str bytes)
{
	return cnv_str_starts(bytes, CNV_STR("entities")) || cnv_str_find(bytes, CNV_STR("\nentities")) != SIZE_MAX;
}

static void test_verdicts(void **state)
{
	char name[512];
	size_t len = 0;
	unsigned judged = 0, agreed = 0;
	char *index;
	cnv_str rest, line;

	(void)state;
	snprintf(name, sizeof name, "%s/conformance/xlsforms/index.tsv", shared);
	index = load(name, &len);
	if (!index) {
		print_message("skipped: no %s\n", name);
		skip();
	}
	rest = (cnv_str){ index, len };
	cnv_str_split(&rest, '\n', &line);
	while (cnv_str_split(&rest, '\n', &line)) {
		cnv_str id, verdict;
		char *bytes;
		bool agrees;

		if (!cnv_str_split(&line, '\t', &id) || !cnv_str_split(&line, '\t', &verdict))
			continue;
		snprintf(name, sizeof name, "%s/conformance/xlsforms/%.*s.csv", shared, CNV_ARG(id));
		bytes = load(name, &len);
		assert_non_null(bytes);
		agrees = (count_errors(name, (cnv_str){ bytes, len }, false) > 0) ==
			 cnv_str_equal(verdict, CNV_STR("error"));
		if (!has_entities((cnv_str){ bytes, len })) {
			judged++;
			agreed += agrees;
			if (!agrees)
				print_message("another verdict: %.*s (theirs: %.*s)\n", CNV_ARG(id), CNV_ARG(verdict));
		}
		free(bytes);
	}
	free(index);
	print_message("the same verdict on %u of %u small forms\n", agreed, judged);
	assert_true(judged > 500);
	assert_true(agreed * 100 >= judged * 97);
}

int main(void)
{
	static struct CMUnitTest tests[MOST_DRAFTS + 1];
	char folder[512];
	size_t count = 0;
	DIR *directory;

	shared = getenv("CANVASS_SHARED");
	if (!shared)
		shared = "../shared";
	snprintf(folder, sizeof folder, "%s/domain/forms", shared);
	directory = opendir(folder);
	if (!directory) {
		printf("1 test skipped: no %s\n", folder);
		return 0;
	}
	for (struct dirent *entry; (entry = readdir(directory)) && count < MOST_DRAFTS;) {
		int len = snprintf(drafts[count], sizeof drafts[count], "%s/%s", folder, entry->d_name);

		if (entry->d_name[0] == '.' || len < 0 || (size_t)len >= sizeof drafts[count])
			continue;
		tests[count] = (struct CMUnitTest){ drafts[count], test_draft, NULL, NULL, drafts[count] };
		count++;
	}
	closedir(directory);
	tests[count++] = (struct CMUnitTest){ "the verdict of other tools", test_verdicts, NULL, NULL, NULL };
	return _cmocka_run_group_tests("real forms", tests, count, NULL, NULL);
}
