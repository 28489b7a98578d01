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

static cnv_status read_roster(cnv_roster *roster, const char *text, cnv_arena *arena, cnv_diags *diags)
{
	cnv_str rest = cnv_str_from(text), line;
	uint32_t row = 0;

	cnv_roster_init(roster, CNV_STR("roster.csv"), arena);
	while (rest.len && cnv_str_split(&rest, '\n', &line)) {
		cnv_str fields[MOST_FIELDS];
		uint32_t count = 0;

		row++;
		while (count < MOST_FIELDS && cnv_str_split(&line, '|', &fields[count]))
			count++;
		cnv_roster_add(roster, fields, count, row, diags);
	}
	return cnv_roster_end(roster, diags);
}

static void test_roster(void **state)
{
	const struct roster_case *roster_case = *state;
	cnv_arena arena = { 0 };
	cnv_text codes = { 0 }, out = { 0 };
	cnv_diags diags = { .emit = hear, .self = &codes };
	cnv_roster roster;

	assert_int_equal(read_roster(&roster, roster_case->text, &arena, &diags), roster_case->status);
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

/* ---------------------------------------------------------------- groups */

static const struct group_case {
	const char *name, *text, *groups, *same; /* same: a roster with the same members of the same groups */
	const char *other;                       /* one with others */
} group_cases[] = {
	{ "groups in the order in which the roster names them",
	  "code|name|group:Region|group:Size\nA|Aa|South|large\nB|Bee|North|small\nC|Ce|South|small",
	  "0:South=2(A C) 0:North=1(B) 1:large=1(A) 1:small=2(B C)",
	  "code|name|email|group:Region|group:Size\nA|Ah||South|large\nB|Be|b@x.example|North|small\nC|Ce||South|small",
	  "code|name|group:Region|group:Size\nA|Aa|South|large\nB|Bee|South|small\nC|Ce|North|small" },
	{ "those in no group are one, and a name of two groupings is two",
	  "code|name|group:R|group:S\nA|Aa||x\nB|Bee|x|\nC|Ce||x", "0:=2(A C) 0:x=1(B) 1:x=2(A C) 1:=1(B)",
	  "code|name|group:R|group:S|note\nA|Aa||x\nB|Bee|x|\nC|Ce||x",
	  "code|name|group:R|group:T\nA|Aa||x\nB|Bee|x|\nC|Ce||x" },
	{ "a roster without groupings", "code|name\nA|Aa", "", "code|name\nA|Other", "code|name\nB|Aa" },
};

static void put_groups(cnv_text *out, const cnv_groups *groups)
{
	const cnv_roster *roster = groups->roster;

	for (uint32_t g = 0; g < groups->count; g++) {
		const cnv_group *group = &groups->at[g];
		char before = '(';

		cnv_text_format(out, "%s%u:%.*s=%u", g ? " " : "", group->grouping, CNV_ARG(group->name),
				group->members);
		for (uint32_t i = 0; i < roster->count; i++)
			if (groups->of[i * roster->grouping_count + group->grouping] == g) {
				cnv_text_format(out, "%c%.*s", before, CNV_ARG(roster->respondents[i].code));
				before = ' ';
			}
		cnv_text_put_char(out, ')');
	}
	cnv_text_put_char(out, '\0');
}

static void find_groups(const char *text, cnv_text *out, uint8_t sha256[32])
{
	cnv_arena arena = { 0 };
	cnv_text codes = { 0 };
	cnv_diags diags = { .emit = hear, .self = &codes };
	cnv_roster roster;
	cnv_groups groups;

	assert_int_equal(read_roster(&roster, text, &arena, &diags), CNV_OK);
	assert_true(cnv_groups_find(&groups, &roster));
	put_groups(out, &groups);
	memcpy(sha256, groups.sha256, sizeof groups.sha256);
	cnv_groups_fini(&groups);
	cnv_roster_fini(&roster);
	cnv_text_fini(&codes);
	cnv_arena_fini(&arena);
}

static void test_groups(void **state)
{
	const struct group_case *group_case = *state;
	cnv_text out = { 0 }, ignored = { 0 };
	uint8_t ours[32], same[32], other[32];

	find_groups(group_case->text, &out, ours);
	assert_string_equal(out.at, group_case->groups);
	find_groups(group_case->same, &ignored, same);
	find_groups(group_case->other, &ignored, other);
	assert_memory_equal(ours, same, sizeof ours);
	assert_memory_not_equal(ours, other, sizeof ours);
	cnv_text_fini(&out);
	cnv_text_fini(&ignored);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(roster_cases) + COUNT(group_cases)];

	for (size_t i = 0; i < COUNT(roster_cases); i++)
		tests[i] = (struct CMUnitTest){ roster_cases[i].name, test_roster, NULL, NULL,
						(void *)(uintptr_t)&roster_cases[i] };
	for (size_t i = 0; i < COUNT(group_cases); i++)
		tests[COUNT(roster_cases) + i] = (struct CMUnitTest){ group_cases[i].name, test_groups, NULL, NULL,
								      (void *)(uintptr_t)&group_cases[i] };
	return _cmocka_run_group_tests("rosters", tests, COUNT(tests), NULL, NULL);
}
