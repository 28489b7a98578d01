/* Places as people find them: lines of a text, cells of a workbook. */
#include "canvass/base.h"

#include <setjmp.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
/* clang-format off */
#define TEXT(text) { text, sizeof(text) - 1 }

static const struct place_case {
	const char *name;
	cnv_place place;
	const char *expect;
} cases[] = {
	{ "no source", { .row = 3 }, "" },
	{ "a whole file", { .source = TEXT("f.csv") }, "f.csv" },
	{ "a line", { .source = TEXT("f.csv"), .row = 3 }, "f.csv:3" },
	{ "a field of a line", { .source = TEXT("f.csv"), .row = 3, .column = 2 }, "f.csv:3, column 2" },
	{ "a line of a sheet", { .source = TEXT("f.csv"), .sheet = TEXT("survey"), .row = 3, .column = 2 }, "f.csv:3 (survey)" },
	{ "under a heading", { .source = TEXT("f.csv"), .heading = TEXT("age"), .row = 3 }, "f.csv:3 (column age)" },
	{ "a cell of a form in CSV", { .source = TEXT("f.csv"), .sheet = TEXT("survey"), .heading = TEXT("label"), .row = 3 },
	  "f.csv:3 (survey, column label)" },
	{ "a sheet of a workbook", { .source = TEXT("f.xlsx"), .sheet = TEXT("survey"), .tab = 1 }, "f.xlsx: survey" },
	{ "a row of a workbook", { .source = TEXT("f.xlsx"), .sheet = TEXT("survey"), .tab = 1, .row = 22 }, "f.xlsx: survey, row 22" },
	{ "a column of a workbook", { .source = TEXT("f.xlsx"), .sheet = TEXT("survey"), .tab = 2, .column = 28 },
	  "f.xlsx: survey, column AB" },
	{ "a cell of a workbook", { .source = TEXT("f.xlsx"), .sheet = TEXT("survey"), .tab = 1, .row = 22, .column = 4 },
	  "f.xlsx: survey!D22" },
	{ "a cell under its heading",
	  { .source = TEXT("f.xlsx"), .sheet = TEXT("survey"), .heading = TEXT("constraint"), .tab = 1, .row = 22, .column = 4 },
	  "f.xlsx: survey!D22 (column constraint)" },
};

static const struct cell_case {
	const char *name;
	uint32_t row, column;
	const char *expect;
} cells[] = {
	{ "the first cell", 1, 1, "A1" },
	{ "the last letter", 1, 26, "Z1" },
	{ "the first pair", 1, 27, "AA1" },
	{ "the last pair", 9, 702, "ZZ9" },
	{ "the first three", 9, 703, "AAA9" },
	{ "the last cell of a sheet", 1048576, 16384, "XFD1048576" },
	{ "the largest numbers", UINT32_MAX, UINT32_MAX, "MWLQKWU4294967295" },
	{ "a row alone", 22, 0, "22" },
	{ "a column alone", 0, 4, "D" },
	{ "neither", 0, 0, "" },
};
/* clang-format on */

static void place_case(void **state)
{
	const struct place_case *row = *state;
	cnv_text text = { 0 };

	cnv_place_write(&text, &row->place);
	cnv_text_put_char(&text, '\0');
	assert_string_equal(text.at, row->expect);
	cnv_text_fini(&text);
}

static void cell_case(void **state)
{
	const struct cell_case *row = *state;
	char name[CNV_CELL_NAME_ROOM];
	size_t len = cnv_cell_name(row->row, row->column, name);

	assert_string_equal(name, row->expect);
	assert_int_equal(name[len], '\0');
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + COUNT(cells)];
	size_t count = 0;

	for (size_t at = 0; at < COUNT(cases); at++)
		tests[count++] =
			(struct CMUnitTest){ cases[at].name, place_case, NULL, NULL, (void *)(uintptr_t)&cases[at] };
	for (size_t at = 0; at < COUNT(cells); at++)
		tests[count++] =
			(struct CMUnitTest){ cells[at].name, cell_case, NULL, NULL, (void *)(uintptr_t)&cells[at] };
	return _cmocka_run_group_tests("places", tests, count, NULL, NULL);
}
