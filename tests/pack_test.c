/* Packs: conditions as a spreadsheet says them, and the whole workbook as a text grid: tests/golden/pack/<name>.grid
 * for form.csv there, an invented questionnaire in two languages.  GOLDEN=1 in the environment rewrites them. */
#include "canvass/io.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define ROOT "tests/golden/pack"
#define MOST_BYTES (1u << 20)

/* ---------------------------------------------------------------- a form at hand */

struct stage {
	cnv_arena arena;
	cnv_sheets sheets;
	cnv_form *form;
	cnv_plan *plan;
	cnv_diags diags;
};

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

static void set_stage(struct stage *stage)
{
	*stage = (struct stage){ 0 };
	cnv_str bytes = read_whole(&stage->arena, ROOT "/form.csv");
	cnv_sheets_init(&stage->sheets, CNV_STR("form.csv"), &stage->arena);
	assert_int_equal(cnv_csv_sheets(&stage->sheets, bytes, &stage->diags), CNV_OK);
	assert_int_equal(cnv_form_build(&stage->form, &stage->sheets, &stage->arena, &stage->diags), CNV_OK);
	assert_int_equal(cnv_plan_build(&stage->plan, stage->form, 0, &stage->arena, &stage->diags), CNV_OK);
}

static void clear_stage(struct stage *stage)
{
	cnv_plan_fini(stage->plan);
	cnv_form_fini(stage->form);
	cnv_sheets_fini(&stage->sheets);
	cnv_arena_fini(&stage->arena);
}

/* ---------------------------------------------------------------- formulas */

static bool say_answer(void *self, cnv_question_id id, cnv_text *out)
{
	const cnv_form *form = self;
	cnv_text_put(out, form->questions[id].name);
	return form->questions[id].kind != CNV_CHOICES;
}

static bool say_chosen(void *self, cnv_question_id id, uint32_t choice, cnv_text *out)
{
	const cnv_form *form = self;
	cnv_text_format(out, "(%.*s_%u<>\"\")", CNV_ARG(form->questions[id].name), choice);
	return true;
}

static bool say_count(void *self, cnv_question_id id, cnv_text *out)
{
	const cnv_form *form = self;
	cnv_text_format(out, "COUNTA(%.*s)", CNV_ARG(form->questions[id].name));
	return true;
}

static cnv_str say_shown(void *self, cnv_question_id id, uint32_t choice)
{
	const cnv_form *form = self;
	return form->lists[form->questions[id].list].choices[choice].label.at[0];
}

/* Of question `staff`, a whole number.  NULL: it cannot be said. */
static const struct cells_case {
	const char *name, *formula, *cells;
} cells_cases[] = {
	{ "a choice is compared by what the cell shows", "${ships} = 'yes'", "(ships&\"\"=\"Yes\")" },
	{ "and the other way round", "'no' != ${ships}", "(ships&\"\"<>\"No\")" },
	{ "a choice that is not in the list", "${ships} = 'perhaps'", NULL },
	{ "one of several", "selected(${flags}, 'b')", "(flags_1<>\"\")" },
	{ "selected() of one choice", "selected(${ships}, 'yes')", "(ships&\"\"=\"Yes\")" },
	{ "how many of several", "count-selected(${flags}) > 1", "IFERROR(COUNTA(flags)>1,FALSE)" },
	{ "several compared as one", "${flags} = 'a'", NULL },
	{ "several blank", "${flags} = ''", "(COUNTA(flags)=0)" },
	{ "an answer there", "${remarks} != ''", "(LEN(remarks)>0)" },
	{ "a blank number is no number", ". >= 0", "IFERROR(IF(ISNUMBER(staff),staff,NA())>=0,FALSE)" },
	{ "two bounds", ". >= 0 and . <= 365",
	  "AND(IFERROR(IF(ISNUMBER(staff),staff,NA())>=0,FALSE),IFERROR(IF(ISNUMBER(staff),staff,NA())<=365,FALSE))" },
	{ "no number is unlike every number", ". != 3", "IFERROR(IF(ISNUMBER(staff),staff,NA())<>3,TRUE)" },
	{ "sums", ". > 2 + 3 * 4", "IFERROR(IF(ISNUMBER(staff),staff,NA())>(2+(3*4)),FALSE)" },
	{ "days are serials of Excel", "${founded} > date('2000-01-01')",
	  "IFERROR(IF(ISNUMBER(founded),founded,NA())>36526,FALSE)" },
	{ "today", "${founded} <= today()", "IFERROR(IF(ISNUMBER(founded),founded,NA())<=TODAY(),FALSE)" },
	{ "a day is not compared with a number", "${founded} > 3", NULL },
	{ "texts to the letter", "${remarks} = 'None'", "EXACT(remarks&\"\",\"None\")" },
	{ "quotes within a text", "${remarks} = 'a\"b'", "EXACT(remarks&\"\",\"a\"\"b\")" },
	{ "length of a text", "string-length(${remarks}) < 9", "IFERROR(LEN(remarks&\"\")<9,FALSE)" },
	{ "a part of a text", "contains(${remarks}, 'x')", "ISNUMBER(FIND(\"x\",remarks&\"\"))" },
	{ "a beginning", "starts-with(${remarks}, 'ab')", "EXACT(LEFT(remarks&\"\",2),\"ab\")" },
	{ "not, and, or", "not(${ships} = 'yes' or ${remarks} = '')",
	  "NOT(OR((ships&\"\"=\"Yes\"),(LEN(remarks)=0)))" },
	{ "yes alone", "yes", "1" },
	{ "a pattern", "regex(., '[0-9]+')", NULL },
	{ "a calculation of a repeat", "count(${office}) > 1", NULL },
	{ "a number compared with a text", ". = 'x'", NULL },
	{ "a formula that does not parse", ". >=", NULL },
	{ "an unknown question", "${nobody} = 1", NULL },
};

static void check_cells(void **state)
{
	const struct cells_case *c = *state;
	struct stage stage;
	set_stage(&stage);
	cnv_cells cells = { stage.form, say_answer, say_chosen, say_count, say_shown };
	cnv_context context = { .form = stage.form,
				.self = cnv_form_find(stage.form, CNV_STR("staff")),
				.purpose = CNV_FOR_CONDITION };
	cnv_formula formula = { .text = cnv_str_from(c->formula) };
	cnv_text out = { 0 };
	bool said;

	assert_int_equal(cnv_cells_write(&out, &said, &formula, &context, &cells, &stage.arena), CNV_OK);
	cnv_text_put_char(&out, '\0');
	assert_string_equal(said ? out.at : "(not said)", c->cells ? c->cells : "(not said)");
	cnv_text_fini(&out);
	clear_stage(&stage);
}

static const struct bounds_case {
	const char *name, *question, *formula, *low, *high; /* low NULL: no bounds */
	bool of_length;
} bounds_cases[] = {
	{ "a range is two bounds", "staff", ". >= 0 and . <= 365", "0", "365", false },
	{ "a strict bound of whole numbers is the next one", "staff", "0 < . and . < 10", "0+1", "10-1", false },
	{ "one bound", "staff", ". <= 7", "", "7", false },
	{ "of decimals a strict bound is none", "fee", ". < 10", NULL, NULL, false },
	{ "days", "founded", ". >= date('2000-01-01') and . <= today()", "36526", "TODAY()", false },
	{ "the length of a text", "remarks", "string-length(.) <= 40", "", "40", true },
	{ "another answer is no bound", "staff", ". <= ${fee}", NULL, NULL, false },
	{ "two upper bounds are more than a range", "staff", ". < 3 and . < 5", NULL, NULL, false },
	{ "alternatives are no range", "staff", ". < 3 or . > 5", NULL, NULL, false },
};

static void check_bounds(void **state)
{
	const struct bounds_case *c = *state;
	struct stage stage;
	set_stage(&stage);
	cnv_context context = { .form = stage.form,
				.self = cnv_form_find(stage.form, cnv_str_from(c->question)),
				.purpose = CNV_FOR_CONDITION };
	cnv_formula formula = { .text = cnv_str_from(c->formula) };
	cnv_cell_bounds bounds;
	bool said;

	assert_int_equal(cnv_cells_bounds(&bounds, &said, &formula, &context, &stage.arena), CNV_OK);
	assert_int_equal(said, c->low != NULL);
	if (said) {
		assert_true(cnv_str_equal(bounds.low, cnv_str_from(c->low)));
		assert_true(cnv_str_equal(bounds.high, cnv_str_from(c->high)));
		assert_int_equal(bounds.of_length, c->of_length);
	}
	clear_stage(&stage);
}

/* ---------------------------------------------------------------- languages and letters */

static const struct language_case {
	const char *name, *wanted, *tag;
} language_cases[] = {
	{ "the first preferred that the form has", "ms ja en", "ja" },
	{ "a region is served by its language", "en-AU", "en" },
	{ "none that fits: the default", "xh", "en" },
	{ "nothing wanted: the default", "", "en" },
};

static void check_language(void **state)
{
	const struct language_case *c = *state;
	struct stage stage;
	set_stage(&stage);
	uint32_t language = cnv_pack_language(stage.form, cnv_str_from(c->wanted));

	assert_true(cnv_str_equal(cnv_pack_tag(stage.form, language), cnv_str_from(c->tag)));
	clear_stage(&stage);
}

static const struct letter_case {
	const char *name, *text, *written; /* written NULL: refused */
} letter_cases[] = {
	{ "fields are filled in", "Dear {name},\nby {due}.\n", "Dear Alpha,\nby 2026-12-31.\n" },
	{ "a line that names something empty is left out", "a\nask {contact}\nb\n", "a\nb\n" },
	{ "a field may stand twice", "{name} {name}", "Alpha Alpha\n" },
	{ "an unknown field is refused", "a\n{nmae}\n", NULL },
	{ "a brace that is never closed is refused", "a {name\n", NULL },
};

static void keep_line(void *self, const cnv_diag *diag)
{
	*(uint32_t *)self = diag->place.row;
}

static void check_letter(void **state)
{
	const struct letter_case *c = *state;
	const cnv_letter_field fields[] = { { CNV_STR("name"), CNV_STR("Alpha") },
					    { CNV_STR("due"), CNV_STR("2026-12-31") },
					    { CNV_STR("contact"), { 0 } } };
	uint32_t line = 0;
	cnv_diags diags = { .emit = keep_line, .self = &line };
	cnv_text out = { 0 };
	cnv_status status = cnv_letter_write(&out, CNV_STR("letter.txt"), cnv_str_from(c->text), fields, 3, &diags);

	assert_int_equal(status, c->written ? CNV_OK : CNV_REJECTED);
	if (c->written) {
		cnv_text_put_char(&out, '\0');
		assert_string_equal(out.at, c->written);
	} else {
		assert_int_not_equal(line, 0);
	}
	cnv_text_fini(&out);
}

/* ---------------------------------------------------------------- the check value */

static void test_check_value(void **state)
{
	(void)state;
	cnv_str values[CNV_CLAIM_KEYS] = { [CNV_CLAIM_FORM] = CNV_STR("f"), [CNV_CLAIM_ROUND] = CNV_STR("2026") };
	char one[CNV_CHECK_ROOM], two[CNV_CHECK_ROOM];

	cnv_claims_check(values, one);
	assert_int_equal(cnv_str_from(one).len, 16);
	values[CNV_CLAIM_CHECK] = CNV_STR("anything");
	cnv_claims_check(values, two);
	assert_string_equal(one, two);
	/* A value that moves to the field beside it is another pack. */
	values[CNV_CLAIM_FORM] = (cnv_str){ 0 };
	values[CNV_CLAIM_VERSION] = CNV_STR("f");
	cnv_claims_check(values, two);
	assert_string_not_equal(one, two);
}

/* ---------------------------------------------------------------- the workbook */

static void compare(cnv_text *told, const char *name, cnv_arena *arena)
{
	char path[256];

	assert_false(told->failed);
	snprintf(path, sizeof path, ROOT "/%s", name);
	if (getenv("GOLDEN")) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(told->at, 1, told->len, file), told->len);
		assert_int_equal(fclose(file), 0);
		return;
	}
	cnv_text_put_char(told, '\0');
	assert_string_equal(told->at, read_whole(arena, path).at);
}

/* One response with an entry, and what is wrong with it. */
static void fill(struct stage *stage, cnv_batch *batch, cnv_world *world, cnv_findings *findings)
{
	static const struct {
		const char *question, *answer;
	} answers[] = { { "who", "AA" }, { "ships", "yes" }, { "staff", "400" }, { "flags", "a b" }, { "fee", "2.5" } };
	cnv_ledger ledger = { 0 };

	cnv_batch_row(batch, 0, 0, 1);
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		cnv_question_id id = cnv_form_find(stage->form, cnv_str_from(answers[i].question));
		cnv_batch_put(batch, 0, stage->form->questions[id].column, cnv_str_from(answers[i].answer), 0);
	}
	cnv_batch_row(batch, 1, 0, 2);
	cnv_batch_put(batch, 1, 0, CNV_STR("Harbour office"), 0);
	assert_int_equal(cnv_settle(batch, CNV_STR("f"), &ledger), CNV_OK);
	assert_int_equal(cnv_check(stage->plan, batch, world, CNV_STR("f"), 0, &stage->arena, findings), CNV_OK);
}

struct found {
	cnv_finding at[8];
	uint32_t count;
	cnv_arena *arena;
};

static void keep_finding(void *self, const cnv_finding *finding)
{
	struct found *found = self;
	assert_true(found->count < 8);
	found->at[found->count] = *finding;
	found->at[found->count++].diag = cnv_diag_copy(found->arena, &finding->diag);
}

static void test_workbook(void **state)
{
	const char *name = *state;
	bool again = name[0] == 'a'; /* again.grid: filled in, to be corrected; blank.grid */
	struct stage stage;
	set_stage(&stage);
	cnv_pack pack = { .form = stage.form,
			  .language = cnv_pack_language(stage.form, again ? CNV_STR("en") : CNV_STR("ja")),
			  .code = CNV_STR("AA"),
			  .name = CNV_STR("Alpha"),
			  .round = CNV_STR("2026"),
			  .due = CNV_STR("2026-12-31") };
	struct found found = { .arena = &stage.arena };
	const cnv_diag unknown = { .severity = CNV_ERROR,
				   .code = CNV_UNKNOWN_PATH,
				   .place = { .source = CNV_STR("returns/AA.csv"), .row = 7 },
				   .field = CNV_STR("nmae"),
				   .message = CNV_STR("no question goes by this name"),
				   .hint = CNV_STR("did you mean \"name\"?") };
	const cnv_str ids[8] = { CNV_STR("AA-1-001") }; /* the others have none */
	cnv_findings findings = { .emit = keep_finding, .self = &found };
	cnv_world world = { 0 };
	cnv_batch *batch = cnv_batch_new(stage.form);
	cnv_text told = { 0 };
	cnv_grid grid;

	assert_non_null(batch);
	if (again) {
		fill(&stage, batch, &world, &findings);
		pack.batch = batch;
		pack.world = &world;
		pack.confirm = true;
		pack.revision = 3;
		pack.findings = found.at;
		pack.finding_count = found.count;
		pack.ids = ids;
		pack.told = &unknown;
		pack.told_count = 1;
	}
	cnv_grid_text(&grid, &told);
	assert_int_equal(cnv_pack_lay(&pack, &grid, &stage.arena), CNV_OK);
	compare(&told, name, &stage.arena);
	cnv_text_fini(&told);
	cnv_batch_free(batch);
	clear_stage(&stage);
}

static void test_page(void **state)
{
	(void)state;
	struct stage stage;
	set_stage(&stage);
	cnv_pack pack = {
		.form = stage.form, .code = CNV_STR("AA"), .name = CNV_STR("Al <pha>"), .round = CNV_STR("2026")
	};
	cnv_text told = { 0 };

	assert_int_equal(cnv_pack_page(&pack, &told, &stage.arena), CNV_OK);
	compare(&told, "page.html", &stage.arena);
	cnv_text_fini(&told);
	clear_stage(&stage);
}

/* Every allocation may fail: it is said once and nothing is lost. */
static void test_memory(void **state)
{
	(void)state;
	struct stage stage;
	set_stage(&stage);
	cnv_pack pack = { .form = stage.form, .code = CNV_STR("AA"), .name = CNV_STR("Alpha") };
	cnv_status status = CNV_NO_MEMORY;

	for (size_t allowed = 0; status != CNV_OK && allowed < 100000; allowed++) {
		cnv_text told = { 0 };
		cnv_arena scratch = { 0 };
		cnv_grid grid;

		cnv_grid_text(&grid, &told);
		cnv_mem_fail_after(allowed);
		status = cnv_pack_lay(&pack, &grid, &scratch);
		cnv_mem_fail_after(SIZE_MAX);
		assert_true(status == CNV_OK || status == CNV_NO_MEMORY);
		cnv_text_fini(&told);
		cnv_arena_fini(&scratch);
	}
	assert_int_equal(status, CNV_OK);
	clear_stage(&stage);
}

/* ---------------------------------------------------------------- */

#define COUNT(array) (sizeof array / sizeof array[0])

int main(void)
{
	struct CMUnitTest
		tests[COUNT(cells_cases) + COUNT(bounds_cases) + COUNT(language_cases) + COUNT(letter_cases) + 5];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(cells_cases); i++)
		tests[count++] =
			(struct CMUnitTest){ cells_cases[i].name, check_cells, NULL, NULL, (void *)&cells_cases[i] };
	for (size_t i = 0; i < COUNT(bounds_cases); i++)
		tests[count++] =
			(struct CMUnitTest){ bounds_cases[i].name, check_bounds, NULL, NULL, (void *)&bounds_cases[i] };
	for (size_t i = 0; i < COUNT(language_cases); i++)
		tests[count++] = (struct CMUnitTest){ language_cases[i].name, check_language, NULL, NULL,
						      (void *)&language_cases[i] };
	for (size_t i = 0; i < COUNT(letter_cases); i++)
		tests[count++] =
			(struct CMUnitTest){ letter_cases[i].name, check_letter, NULL, NULL, (void *)&letter_cases[i] };
	tests[count++] = (struct CMUnitTest){ "the check value covers what a pack says of itself", test_check_value,
					      NULL, NULL, NULL };
	tests[count++] = (struct CMUnitTest){ "a blank workbook in Japanese", test_workbook, NULL, NULL, "blank.grid" };
	tests[count++] = (struct CMUnitTest){ "a workbook that goes back to be corrected", test_workbook, NULL, NULL,
					      "again.grid" };
	tests[count++] = (struct CMUnitTest){ "a page to be printed", test_page, NULL, NULL, NULL };
	tests[count++] = (struct CMUnitTest){ "out of memory anywhere is told", test_memory, NULL, NULL, NULL };
	return _cmocka_run_group_tests("pack", tests, count, NULL, NULL);
}
