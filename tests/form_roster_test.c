/* The room form: rosters. */
#include "form_stage.h"

static const struct roster_case {
	const char *name, *text, *respondents, *codes;
	cnv_status status;
} roster_cases[] = {
	{ "code and name are enough", "code|name\nAUS|Australia\nNZ|New Zealand",
	  "AUS=Australia/Australia NZ=New Zealand/New Zealand", "", CNV_OK },
	{ "columns in any order and case, and groupings",
	  "NAME|Group: Region |Code|Sort_Name|iso\nViet Nam|Asia|VN|Vietnam|704", "VN=Viet Nam/Vietnam{Region:Asia}",
	  "", CNV_OK },
	{ "a short line has empty cells", "code|name|group:A|group:B\nX|Ex|1", "X=Ex/Ex{A:1}{B:}", "", CNV_OK },
	{ "blank lines are skipped", "code|name\n|\nX|Ex\n", "X=Ex/Ex", "", CNV_OK },
	{ "a header without code", "kode|name\nX|Ex", NULL, "E0750", CNV_REJECTED },
	{ "a code twice", "code|name\nX|Ex\nX|Ux", NULL, "E0753", CNV_REJECTED },
	{ "a code that names no file", "code|name\na/b|Ex\nCON|Con", NULL, "E0752 E0752", CNV_REJECTED },
	{ "a blank code", "code|name\n|Ex", NULL, "E0751", CNV_REJECTED },
	{ "a blank name", "code|name\nX|", NULL, "E0755", CNV_REJECTED },
	{ "a name of two respondents", "code|name\nX|Ex\nY|EX", "X=Ex/Ex Y=EX/EX", "W0757", CNV_OK },
	{ "a column twice", "code|name|name\nX|Ex|Why", "X=Ex/Ex", "W0756", CNV_OK },
	{ "a line too long", "code|name\nX|Ex|and more", "X=Ex/Ex", "E0758", CNV_OK },
	{ "nobody", "code|name", NULL, "E0754", CNV_REJECTED },
	{ "nothing", "", NULL, "E0754", CNV_REJECTED },
};

static void put_respondents(cnv_text *out, const cnv_roster *roster)
{
	for (uint32_t i = 0; i < roster->count; i++) {
		const cnv_respondent *respondent = &roster->respondents[i];

		cnv_text_format(out, "%s%.*s=%.*s/%.*s", i ? " " : "", CNV_ARG(respondent->code),
				CNV_ARG(respondent->name), CNV_ARG(respondent->sort_name));
		for (uint32_t k = 0; k < roster->grouping_count; k++)
			cnv_text_format(out, "{%.*s:%.*s}", CNV_ARG(roster->groupings[k]),
					CNV_ARG(respondent->groups[k]));
	}
	cnv_text_put_char(out, '\0');
}

static void test_roster(void **state)
{
	const struct roster_case *roster_case = *state;
	cnv_arena arena = { 0 };
	cnv_text codes = { 0 }, out = { 0 };
	cnv_diags diags = { .emit = hear, .self = &codes };
	cnv_str rest = cnv_str_from(roster_case->text), line;
	cnv_roster roster;
	uint32_t row = 0;

	cnv_roster_init(&roster, CNV_STR("roster.csv"), &arena);
	while (rest.len && cnv_str_split(&rest, '\n', &line)) {
		cnv_str fields[MOST_FIELDS];
		uint32_t count = 0;

		row++;
		while (count < MOST_FIELDS && cnv_str_split(&line, '|', &fields[count]))
			count++;
		cnv_roster_add(&roster, fields, count, row, &diags);
	}
	assert_int_equal(cnv_roster_end(&roster, &diags), roster_case->status);
	cnv_text_put_char(&codes, '\0');
	assert_string_equal(codes.at, roster_case->codes);
	put_respondents(&out, &roster);
	if (roster_case->respondents)
		assert_string_equal(out.at, roster_case->respondents);
	cnv_roster_fini(&roster);
	cnv_text_fini(&out);
	cnv_text_fini(&codes);
	cnv_arena_fini(&arena);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(roster_cases)];

	for (size_t i = 0; i < COUNT(roster_cases); i++)
		tests[i] = (struct CMUnitTest){ roster_cases[i].name, test_roster, NULL, NULL,
						(void *)(uintptr_t)&roster_cases[i] };
	return _cmocka_run_group_tests("rosters", tests, COUNT(roster_cases), NULL, NULL);
}
