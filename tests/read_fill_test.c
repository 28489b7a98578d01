/* Earlier answers in place of the blanks of a return.
 *
 * Forms and files are written with | between fields; the answers are invented. */
#include "gather_stage.h"

#define FORM                                                                                                           \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"|integer|seats|How many seats?|\n"                                                                            \
	"|select_multiple body|asked|Who was asked?|\n"                                                                \
	"|hidden|total||\n"                                                                                            \
	"|begin_repeat|doc|Documents|\n"                                                                               \
	"|text|title|Title|\n"                                                                                         \
	"|begin_repeat|page|Pages|\n"                                                                                  \
	"|integer|no|Number|\n"                                                                                        \
	"|end_repeat|||\n"                                                                                             \
	"|end_repeat|||\n"                                                                                             \
	"choices\n"                                                                                                    \
	"|list_name|name|label\n"                                                                                      \
	"|body|a|Ministry\n"                                                                                           \
	"|body|b|Court\n"

static const struct fill_case {
	const char *name, *earlier, *file;
	const char *rows; /* of the earlier responses, a digit each; - for none */
	const char *dump;
} fill_cases[] = {
	{ "a blank has the earlier answer", "who|seats\nA|3\n", "who|seats\nA|\n", "0", "who=A seats=3" },
	{ "an answer stays", "who|seats\nA|3\n", "who|seats\nA|4\n", "0", "who=A seats=4" },
	{ "a question without a column is blank", "who|seats\nA|3\n", "who\nA\n", "0", "who=A seats=3" },
	{ "a word for a missing answer is one", "who|seats\nA|3\n", "who|seats\nA|N/A\n", "0", "who=A seats=N/A" },
	{ "an earlier word for a missing answer stands", "who|seats\nA|D/K\n", "who|seats\nA|\n", "0",
	  "who=A seats=D/K" },
	{ "nobody answered before", "who|seats\nA|\n", "who|seats\nA|\n", "0", "who=A" },
	{ "choices stand by their codes", "who|asked\nA|Court;Ministry\n", "who|asked\nA|\n", "0", "who=A asked=b a" },
	{ "what nobody is asked does not stand", "who|total\nA|7\n", "who|total\nA|\n", "0", "who=A" },
	{ "each row has its own", "who|seats\nA|3\nB|5\n", "who|seats\nB|\nC|\nA|\n", "1-0",
	  "0:who=B 0:seats=5 1:who=C 2:who=A 2:seats=3" },
	{ "a repeat without entries keeps the earlier ones",
	  "who|doc[1]/title|doc[2]/title|doc[2]/page[1]/no\nA|T|U|9\n", "who|doc[1]/title\nA|\n", "0",
	  "who=A doc[1]/title=T doc[2]/title=U doc[2]/page[1]/no=9" },
	{ "a repeat with entries is taken as returned", "who|doc[1]/title|doc[2]/title\nA|T|U\n",
	  "who|doc[1]/title|doc[1]/page[1]/no\nA||4\n", "0", "who=A doc[1]/page[1]/no=4" },
	{ "entries of each response by itself", "who|doc[1]/title|doc[1]/page[1]/no\nA|T|1\nB|U|2\n",
	  "who|doc[1]/title\nB|\nA|V\nC|\n", "10-",
	  "0:who=B 1:who=A 2:who=C 0:doc[1]/title=U 1:doc[1]/title=V 0:doc[1]/page[1]/no=2" },
	{ "remarks go where their rows go", "who|doc[1]/title\nA|T\n", "who|seats#note|doc[1]/title\nA|about|\nB||W\n",
	  "0-", "0:who=A 1:who=B 0:doc[1]/title=T 1:doc[1]/title=W {seats: about}" },
};

static void read_rows(const char *digits, uint32_t *rows)
{
	for (uint32_t i = 0; digits[i]; i++)
		rows[i] = digits[i] == '-' ? CNV_NONE : (uint32_t)(digits[i] - '0');
}

static void run_fill_case(void **state)
{
	const struct fill_case *test = *state;
	struct stage earlier, stage;
	cnv_prefill fills = { 0 };
	cnv_batch *out, *kept;
	uint32_t rows[9];

	open_stage(&earlier, FORM);
	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&earlier, test->earlier), CNV_OK);
	settle(&earlier);
	assert_int_equal(gather_file(&stage, test->file), CNV_OK);
	settle(&stage);
	read_rows(test->rows, rows);
	kept = cnv_batch_new(stage.form);
	out = stage.batch;
	/* The earlier answers are of the same form by its texts; only its own batch is asked for them. */
	assert_int_equal(cnv_prefill_blanks(kept, out, earlier.batch, rows, &fills), CNV_OK);
	stage.batch = kept;
	assert_string_equal(dump_batch(&stage), test->dump);
	cnv_batch_free(out);
	cnv_prefill_fini(&fills);
	close_stage(&stage);
	close_stage(&earlier);
}

/* What is answered though not asked when the result was judged is left out the second time, an entry of nothing else
 * too. */
static void what_is_not_asked_any_more_goes_again(void **state)
{
	struct stage earlier, stage;
	cnv_prefill fills = { 0 };
	cnv_batch *kept;
	uint32_t rows[1] = { 0 };
	bool any;

	(void)state;
	open_stage(&earlier, FORM);
	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&earlier, "who|seats|asked|doc[1]/title|doc[1]/page[1]/no\nA|3|a|T|9\n"), CNV_OK);
	settle(&earlier);
	assert_int_equal(gather_file(&stage, "who\nA\n"), CNV_OK);
	settle(&stage);
	kept = cnv_batch_new(stage.form);
	assert_int_equal(cnv_prefill_blanks(kept, stage.batch, earlier.batch, rows, &fills), CNV_OK);
	assert_int_equal(fills.count, 4);
	kept->tables[0].columns[1].verdicts[0] = CNV_UNDUE;
	kept->tables[1].columns[0].verdicts[0] = CNV_UNDUE;
	assert_int_equal(cnv_prefill_discard(&fills, kept, earlier.batch, &stage.arena, &any), CNV_OK);
	assert_true(any);
	assert_int_equal(cnv_prefill_blanks(kept, stage.batch, earlier.batch, rows, &fills), CNV_OK);
	assert_int_equal(fills.count, 1);
	cnv_batch_free(stage.batch);
	stage.batch = kept;
	assert_string_equal(dump_batch(&stage), "who=A asked=a");
	cnv_prefill_fini(&fills);
	close_stage(&stage);
	close_stage(&earlier);
}

/* A repeat that was not returned, inside one that was: entries stay in the entry with the number of their own. */
static void entries_that_did_not_come_stay_in_the_entry_of_the_same_number(void **state)
{
	static const bool absent[3] = { false, false, true };
	struct stage earlier, stage;
	cnv_prefill fills = { .earlier = absent };
	cnv_batch *kept;
	uint32_t rows[1] = { 0 };

	(void)state;
	open_stage(&earlier, FORM);
	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&earlier, "who|doc[1]/title|doc[2]/title|doc[2]/page[1]/no|doc[2]/page[2]/no|"
					       "doc[3]/page[1]/no|doc[4]/page[1]/no\nA|T|U|7|8|9|10\n"),
			 CNV_OK);
	settle(&earlier);
	assert_int_equal(gather_file(&stage, "who|doc[1]/title|doc[2]/title|doc[3]/title\nA|V|W|X\n"), CNV_OK);
	settle(&stage);
	fills.replaced = cnv_arena_array(&stage.arena, 3, sizeof *fills.replaced);
	fills.dropped = cnv_arena_array(&stage.arena, 3, sizeof *fills.dropped);
	for (int i = 0; i < 3; i++) {
		fills.replaced[i] = cnv_arena_array(&stage.arena, 1, sizeof **fills.replaced);
		fills.dropped[i] = cnv_arena_array(&stage.arena, 1, sizeof **fills.dropped);
	}
	kept = cnv_batch_new(stage.form);
	assert_int_equal(cnv_prefill_blanks(kept, stage.batch, earlier.batch, rows, &fills), CNV_OK);
	cnv_batch_free(stage.batch);
	stage.batch = kept;
	assert_string_equal(dump_batch(&stage),
			    "who=A doc[1]/title=V doc[2]/title=W doc[3]/title=X doc[2]/page[1]/no=7 "
			    "doc[2]/page[2]/no=8 doc[3]/page[1]/no=9");
	cnv_prefill_fini(&fills);
	close_stage(&stage);
	close_stage(&earlier);
}

int main(void)
{
	enum { CASES = sizeof fill_cases / sizeof fill_cases[0] };
	struct CMUnitTest tests[CASES + 2];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ .name = fill_cases[i].name,
						.test_func = run_fill_case,
						.initial_state = (void *)(uintptr_t)&fill_cases[i] };
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(what_is_not_asked_any_more_goes_again);
	tests[CASES + 1] =
		(struct CMUnitTest)cmocka_unit_test(entries_that_did_not_come_stay_in_the_entry_of_the_same_number);
	return _cmocka_run_group_tests("fill", tests, CASES + 2, NULL, NULL);
}
