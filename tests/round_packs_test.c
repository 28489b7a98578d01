/* Packs: what is in them, and that all of them appear or none. */
#include "round_stage.h"

#include "canvass/packs.h"

static cnv_packs packs_of(stage *s)
{
	return (cnv_packs){ .form = &s->form,
			    .store = s->store,
			    .folder = path_to(s, "packs"),
			    .stem = CNV_STR("ships"),
			    .round = ROUND,
			    .now = s->now };
}

static cnv_status write_packs(stage *s, cnv_packs *packs)
{
	return cnv_packs_write(packs, &s->roster.roster, &s->diags);
}

/* A line of the manifest has the size and the digest of its file as it is now. */
static void assert_listed(stage *s, const char *code, const char *file)
{
	cnv_str bytes = read_file(s, cnv_arena_format(&s->arena, "packs/%s", file).at);
	cnv_digest digest;
	uint8_t sha256[64];
	char hex[64];

	cnv_digest_init(&digest, CNV_SHA256);
	cnv_digest_add(&digest, bytes.at, bytes.len);
	cnv_digest_end(&digest, sha256);
	assert_true(holds(read_file(s, "packs/manifest.csv"),
			  cnv_arena_format(&s->arena, "\n%s,en,%s,%zu,%.*s\n", code, file, bytes.len,
					   CNV_ARG(cnv_hex_write(sha256, 32, hex)))
				  .at));
}

static void every_respondent_gets_all_parts_and_the_manifest_lists_them(void **state)
{
	static const char *const endings[] = { "xlsx", "csv", "html", "txt", "eml" };
	cnv_packs packs;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	packs = packs_of(&s);
	packs.drafts = true;
	packs.has_due = true;
	packs.due_day = today(&s);
	assert_int_equal(write_packs(&s, &packs), CNV_OK);
	assert_int_equal(packs.count, 4);
	assert_int_equal(packs.files, 20);
	assert_true(cnv_str_equal(packs.due, CNV_STR("2026-12-20")));
	assert_true(cnv_str_equal(packs.notices[3].respondent, CNV_STR("DD")));
	assert_int_equal(packs.notices[3].kind, CNV_NOTICE_SENT);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		assert_listed(&s, "DD", cnv_arena_format(&s.arena, "DD/ships-DD.%s", endings[i]).at);
	assert_true(holds(read_file(&s, "packs/AA/ships-AA.csv"), "\nrespondent,,Who,AA,\n"));
	for (size_t i = 0; i < CNV_ATTACHED; i++)
		assert_true(holds(read_file(&s, "packs/AA/ships-AA.eml"),
				  cnv_arena_format(&s.arena, "ships-AA.%s", endings[i]).at));
	cnv_packs_fini(&packs);
	strike(&s);
}

static void nothing_is_written_where_one_file_is_there(void **state)
{
	cnv_packs packs;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	mkdir(path_to(&s, "packs").at, 0700);
	mkdir(path_to(&s, "packs/CC").at, 0700);
	write_file(&s, "packs/CC/ships-CC.txt", CNV_STR("mine"));
	packs = packs_of(&s);
	assert_int_equal(write_packs(&s, &packs), CNV_REJECTED);
	assert_true(cnv_str_equal(packs.existing, path_to(&s, "packs/CC/ships-CC.txt")));
	assert_false(is_there(&s, "packs/AA") || is_there(&s, "packs/manifest.csv"));
	cnv_packs_fini(&packs);
	packs = packs_of(&s);
	packs.respondent = CNV_STR("BB"); /* whose files are not there */
	assert_int_equal(write_packs(&s, &packs), CNV_OK);
	assert_int_equal(packs.count, 1);
	assert_false(is_there(&s, "packs/AA"));
	cnv_packs_fini(&packs);
	strike(&s);
}

static uint32_t count_entries(stage *s, const char *folder)
{
	DIR *dir = opendir(path_to(s, folder).at);
	uint32_t count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2; /* . and .. */
}

static void where_one_pack_cannot_be_made_none_appears(void **state)
{
	cnv_packs packs;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	write_file(&s, "letter.txt", CNV_STR("Dear {nmae}\n"));
	packs = packs_of(&s);
	packs.letter_name = path_to(&s, "letter.txt");
	assert_int_equal(write_packs(&s, &packs), CNV_REJECTED);
	assert_string_equal(s.said, "E0800");
	assert_int_equal(packs.existing.len, 0);
	assert_int_equal(count_entries(&s, "packs"), 0);
	cnv_packs_fini(&packs);
	strike(&s);
}

/* The folder of a respondent may have been replaced by a link to anywhere. */
static void a_link_in_the_place_of_a_folder_is_not_followed(void **state)
{
	cnv_packs packs;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	mkdir(path_to(&s, "packs").at, 0700);
	mkdir(path_to(&s, "elsewhere").at, 0700);
	assert_int_equal(symlink(path_to(&s, "elsewhere").at, path_to(&s, "packs/BB").at), 0);
	packs = packs_of(&s);
	assert_int_equal(write_packs(&s, &packs), CNV_NO_ACCESS);
	assert_non_null(strstr(s.message, "packs/BB: "));
	assert_int_equal(count_entries(&s, "elsewhere"), 0);
	assert_int_equal(count_entries(&s, "packs"), 1);
	cnv_packs_fini(&packs);
	strike(&s);
}

static void answers_of_a_round_are_filled_in(void **state)
{
	cnv_packs packs;
	stage s;

	(void)state;
	set_stage(&s, ships_form, ships_roster);
	take(&s, CNV_STR("r0"), "respondent,count\nAA,3\nBB,4\n");
	take(&s, ROUND, "respondent,count\nAA,5\n");
	packs = packs_of(&s);
	packs.prefill = CNV_STR("last");
	assert_int_equal(write_packs(&s, &packs), CNV_OK);
	assert_int_equal(packs.filled, 2);
	assert_true(holds(read_file(&s, "packs/AA/ships-AA.csv"), "\ncount,,How many,5,,,5\n"));
	assert_true(holds(read_file(&s, "packs/BB/ships-BB.csv"), "\ncount,,How many,4,,,4\n"));
	assert_true(holds(read_file(&s, "packs/CC/ships-CC.csv"), "\ncount,,How many,,\n"));
	cnv_packs_fini(&packs);
	strike(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_respondent_gets_all_parts_and_the_manifest_lists_them),
		cmocka_unit_test(nothing_is_written_where_one_file_is_there),
		cmocka_unit_test(where_one_pack_cannot_be_made_none_appears),
		cmocka_unit_test(a_link_in_the_place_of_a_folder_is_not_followed),
		cmocka_unit_test(answers_of_a_round_are_filled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
