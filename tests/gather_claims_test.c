/* Claims of a return: in a hidden sheet, in columns and on lines. */
#include "gather_stage.h"

#define FORM                                                                                                           \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"|integer|seats|How many seats?\n"                                                                             \
	"|text|extra|Extra words\n"

#define OWNED                                                                                                          \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"settings\n"                                                                                                   \
	"|form_id|respondent\n"                                                                                        \
	"|demo|who\n"

#define ROUNDS                                                                                                         \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"|integer|round|Round of the game\n"                                                                           \
	"|text|held|Form ID\n"

static const struct claim_case {
	const char *name, *form;
	const char *hidden; /* key|value lines */
	const char *file;
	const char *claims; /* key=value@row,column; `!` hidden, `~` a tool's; then `/other@row` */
	const char *said;
} claim_cases[] = {
	{ "a file that claims nothing", FORM, "", "who|seats\nA|1\n", "", "" },
	{ "columns of a wide file", FORM, "", "who|seats|form_id|FormVersion|round|respondent\nA|1|demo|7|2026|AUS\n",
	  "form=demo@2,3 version=7@2,4 round=2026@2,5 ", "" },
	{ "a respondent beside the answer that says it", OWNED, "", "who|respondent\nA|AUS\n", "respondent=AUS@2,2 ",
	  "" },
	{ "columns that tools name for themselves", FORM, "", "who|seats|__version__|_xform_id_string\nA|1|vB3|demo\n",
	  "form~=demo@2,4 version~=vB3@2,3 ", "" },
	{ "a form's own version before a tool's", FORM, "", "who|__version__|formdef_version\nA|vB3|7\n",
	  "version=7@2,3 ", "" },
	{ "the first row that says it", FORM, "", "who|round\nA|\nB|2026\n", "round=2026@3,2 ", "" },
	{ "rows that differ", FORM, "", "who|round\nA|2025\nB|2026\nC|2027\n", "round=2025@2,2/2026@3 ", "" },
	{ "the header once more claims nothing", FORM, "", "who|round\nA|2026\nwho|round\n", "round=2026@2,2 ",
	  "W0608@3" },
	{ "a question of that name is a question", ROUNDS, "", "who|round\nA|3\n", "", "" },
	{ "a question by that label is a question", ROUNDS, "", "who|Form ID\nA|3\n", "", "" },
	{ "lines of a long file", FORM, "", "question|answer\nwho|A\nround|2026\nform_id|demo\nseats|1\n",
	  "form=demo@4,2 round=2026@3,2 ", "" },
	{ "a line that is a question", ROUNDS, "", "question|answer\nwho|A\nround|2\n", "", "" },
	{ "lines that claim are not strange", FORM, "",
	  "question|answer\nwho|A\nround|2026\nform_id|x\nform_version|1\n", "form=x@4,2 version=1@5,2 round=2026@3,2 ",
	  "" },
	{ "a hidden sheet", FORM, "form|demo\nversion|7\nround|2026\nrespondent|AUS\ncheck|ab\n", "who|seats\nA|1\n",
	  "form!=demo@1,2 version!=7@2,2 round!=2026@3,2 respondent!=AUS@4,2 check!=ab@5,2 ", "" },
	{ "a hidden sheet before a column", FORM, "Round|2026\n", "who|round\nA|2025\n", "round!=2026@1,2 ", "" },
	{ "a key that stands twice", FORM, "round|2026\nround|2025\n", "who\nA\n", "round!=2026@1,2 ", "" },
	{ "a key nobody knows", FORM, "canvass.pack/1|\ncolour|red\n", "who\nA\n", "", "" },
	{ "white space around", FORM, "", "who|round\nA| 2026 \n", "round=2026@2,2 ", "" },
};

static void put_claims(cnv_text *out, const cnv_claims *claims)
{
	static const char *const names[CNV_CLAIM_KEYS] = { "form",     "version",  "form_sha256", "round", "respondent",
							   "language", "revision", "still_right", "check" };

	for (size_t i = 0; i < CNV_CLAIM_KEYS; i++) {
		const cnv_claim *claim = &claims->at[i];

		if (!claim->value.len)
			continue;
		cnv_text_format(out, "%s%s%s=%.*s@%u,%u", names[i], claim->hidden ? "!" : "", claim->tool ? "~" : "",
				CNV_ARG(claim->value), claim->place.row, claim->place.column);
		if (claim->other.len)
			cnv_text_format(out, "/%.*s@%u", CNV_ARG(claim->other), claim->other_place.row);
		cnv_text_put_char(out, ' ');
	}
}

static cnv_status feed(struct stage *stage, const struct claim_case *test, bool peek)
{
	cnv_diags diags = { .emit = hear, .self = stage };
	cnv_gather *gather = cnv_gather_new(stage->form, stage->batch, CNV_STR("answers.csv"), &diags);
	cnv_str rest = cnv_str_from(test->hidden), line, fields[MOST_FIELDS];
	cnv_status status = CNV_OK;
	uint32_t row = 0;

	if (peek)
		cnv_gather_peek(gather);
	while (cnv_str_split(&rest, '\n', &line)) {
		split(line, fields);
		cnv_gather_claim(gather, fields[0], fields[1],
				 (cnv_place){ .sheet = CNV_STR("canvass"), .row = ++row, .column = 2 });
	}
	rest = cnv_str_from(test->file);
	for (row = 0; !status && cnv_str_split(&rest, '\n', &line);) {
		uint32_t count = split(line, fields);

		for (uint32_t i = 0; i < count; i++)
			cnv_gather_field(gather, fields[i]);
		status = cnv_gather_record(gather, ++row);
	}
	if (!status)
		status = cnv_gather_end(gather);
	put_claims(&stage->dump, cnv_gather_claims(gather));
	cnv_gather_free(gather);
	return status;
}

static void run_claim_case(void **state)
{
	const struct claim_case *test = *state;
	struct stage stage;

	open_stage(&stage, test->form);
	assert_int_equal(feed(&stage, test, false), CNV_OK);
	assert_string_equal(ended(&stage.dump), test->claims);
	assert_string_equal(ended(&stage.said), test->said);
	close_stage(&stage);
}

static const struct claim_case peek_cases[] = {
	{ "a look at a wide file that claims nothing ends with its first response", FORM, "", "who|seats\nA|1\nB|2|3\n",
	  "", "" },
	{ "a look at a long file refuses none as another form's", FORM, "",
	  "question|answer\nx|1\ny|2\nz|3\nform_id|other\n", "form=other@5,2 ", "" },
};

static void run_peek_case(void **state)
{
	const struct claim_case *test = *state;
	struct stage stage;

	open_stage(&stage, test->form);
	assert_int_equal(feed(&stage, test, true), CNV_STOPPED);
	assert_string_equal(ended(&stage.dump), test->claims);
	close_stage(&stage);
}

/* Every row may say something else, so that all are looked at; and the header of another form's file is no reason to
 * stop. */
static void a_look_at_a_wide_file_hears_all_its_claims(void **state)
{
	static const struct claim_case test = { "", FORM, "", "x|y|z|round\n1|2|3|2025\n1|2|3|2026\n", "", "" };
	struct stage stage;

	(void)state;
	open_stage(&stage, test.form);
	assert_int_equal(feed(&stage, &test, true), CNV_OK);
	assert_string_equal(ended(&stage.dump), "round=2025@2,4/2026@3 ");
	close_stage(&stage);
}

static void the_names_of_a_file_are_told_by_form(void **state)
{
	struct stage stage;
	cnv_diags diags = { 0 };
	cnv_gather *gather;
	uint32_t names;

	(void)state;
	open_stage(&stage, FORM);
	gather = cnv_gather_new(stage.form, stage.batch, CNV_STR("answers.csv"), &diags);
	cnv_gather_field(gather, CNV_STR("How many seats?"));
	cnv_gather_field(gather, CNV_STR("who"));
	cnv_gather_field(gather, CNV_STR("colour"));
	cnv_gather_field(gather, CNV_STR(""));
	cnv_gather_field(gather, CNV_STR("extra"));
	assert_int_equal(cnv_gather_record(gather, 1), CNV_OK);
	assert_int_equal(cnv_gather_fits(gather, stage.form, &names), 3);
	assert_int_equal(names, 4);
	cnv_gather_free(gather);
	close_stage(&stage);
}

int main(void)
{
	enum { CLAIMS = sizeof claim_cases / sizeof claim_cases[0], PEEKS = sizeof peek_cases / sizeof peek_cases[0] };
	struct CMUnitTest tests[CLAIMS + PEEKS + 2];

	for (size_t i = 0; i < CLAIMS; i++)
		tests[i] = (struct CMUnitTest){ .name = claim_cases[i].name,
						.test_func = run_claim_case,
						.initial_state = (void *)(uintptr_t)&claim_cases[i] };
	for (size_t i = 0; i < PEEKS; i++)
		tests[CLAIMS + i] = (struct CMUnitTest){ .name = peek_cases[i].name,
							 .test_func = run_peek_case,
							 .initial_state = (void *)(uintptr_t)&peek_cases[i] };
	tests[CLAIMS + PEEKS] = (struct CMUnitTest)cmocka_unit_test(a_look_at_a_wide_file_hears_all_its_claims);
	tests[CLAIMS + PEEKS + 1] = (struct CMUnitTest)cmocka_unit_test(the_names_of_a_file_are_told_by_form);
	return _cmocka_run_group_tests("claims", tests, CLAIMS + PEEKS + 2, NULL, NULL);
}
