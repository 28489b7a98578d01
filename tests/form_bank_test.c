/* The question bank: rows of blocks in forms, and forms with the rows of their blocks. */
#include "form_stage.h"

#define BLOCK                                                                                                          \
	"survey|type|name|label|required\n"                                                                            \
	"|begin group|officer|Contact officer|\n"                                                                      \
	"|text|mail|E-mail|yes\n"                                                                                      \
	"|end group|||\n"                                                                                              \
	"|select_one yes_no|again|May we ask again?|\n"                                                                \
	"choices|list_name|name|label\n"                                                                               \
	"|yes_no|yes|Yes\n"                                                                                            \
	"|yes_no|no|No"

static const struct {
	const char *form, *expanded;
	const char *differences; /* by cnv_bank_check */
} cases[] = {
	/* a row that only names the block is where its rows go; its choices come last */
	{ "survey|type|name|label|bank\n|text|port|Port|\n||||contact\n|note|bye|Bye|",
	  "survey|||||\n|type|name|label|bank|required\n|text|port|Port||\n|begin group|officer|Contact "
	  "officer|contact|\n"
	  "|text|mail|E-mail|contact|yes\n|end group|||contact|\n|select_one yes_no|again|May we ask again?|contact|\n"
	  "|note|bye|Bye||\nchoices|||||\n|list_name|name|label|bank|\n|yes_no|yes|Yes|contact|\n|yes_no|no|No|contact|"
	  "\n",
	  "" },
	/* the form's own columns, rows and order are kept; other cells are the block's */
	{ "survey|qno|type|name|label|required|bank\n|1|select_one yes_no|again|Once more?||contact\n"
	  "||begin group|officer|Contact officer||contact\n|2|text|mail|E-mail|yes|contact\n|3|text|fax|Fax||\n"
	  "||end group||||contact\n"
	  "choices|list_name|name|label|says|bank\n|yes_no|yes|Yes|agree|contact\n|yes_no|maybe|Perhaps||\n"
	  "|yes_no|no|No|do not|contact",
	  "survey||||||\n|qno|type|name|label|required|bank\n|1|select_one yes_no|again|May we ask again?||contact\n"
	  "||begin group|officer|Contact officer||contact\n|2|text|mail|E-mail|yes|contact\n|3|text|fax|Fax||\n"
	  "||end group||||contact\n"
	  "choices||||||\n|list_name|name|label|says|bank|\n|yes_no|yes|Yes|agree|contact|\n|yes_no|maybe|Perhaps|||\n"
	  "|yes_no|no|No|do not|contact|\n",
	  "W0432" },
	/* a row that the block no longer has goes; one that the form lacks comes */
	{ "survey|type|name|label|required|bank\n|begin group|officer|Contact "
	  "officer||contact\n|text|fax|Fax||contact\n"
	  "|end group||||contact\n|select_one yes_no|again|May we ask again?||contact\n"
	  "choices|list_name|name|label|bank\n|yes_no|yes|Yes|contact\n|yes_no|no|No|contact",
	  "survey|||||\n|type|name|label|required|bank\n|begin group|officer|Contact officer||contact\n"
	  "|text|mail|E-mail|yes|contact\n|end group||||contact\n|select_one yes_no|again|May we ask again?||contact\n"
	  "choices|||||\n|list_name|name|label|bank|\n|yes_no|yes|Yes|contact|\n|yes_no|no|No|contact|\n",
	  "W0432 W0432" },
	/* only its choices */
	{ "survey|type|name|label|bank\n|select_one yes_no|fine|Fine?|\nchoices|list_name|name|label|bank\n||||contact",
	  "survey||||\n|type|name|label|bank\n|select_one yes_no|fine|Fine?|\nchoices||||\n|list_name|name|label|bank\n"
	  "|yes_no|yes|Yes|contact\n|yes_no|no|No|contact\n",
	  "" },
	/* without the column in the survey, the column of choices is the form's own */
	{ "survey|type|name|label|choice_filter\n|select_one bank|which|Which?|bank = 'contact'\n"
	  "choices|list_name|name|label|bank\n|bank|north|North|contact",
	  "survey||||\n|type|name|label|choice_filter\n|select_one bank|which|Which?|bank = 'contact'\n"
	  "choices||||\n|list_name|name|label|bank\n|bank|north|North|contact\n",
	  "" },
};

static void on_record(void *self, const cnv_str *fields, uint32_t count)
{
	cnv_text *text = self;

	for (uint32_t i = 0; i < count; i++) {
		if (i)
			cnv_text_put_char(text, '|');
		cnv_text_put(text, fields[i]);
	}
	cnv_text_put_char(text, '\n');
}

/* The form with its block, as text; and what differs. */
static void expand(const char *form, cnv_text *expanded, cnv_text *differences)
{
	cnv_diags diags = { .emit = hear, .self = differences };
	struct stage stage, block;
	cnv_bank_block *blocks;
	cnv_arena arena = { 0 };
	uint32_t count;

	open_stage(&stage, form);
	open_stage(&block, BLOCK);
	assert_int_equal(cnv_bank_blocks(&blocks, &count, &stage.sheets, &arena), CNV_OK);
	for (uint32_t i = 0; i < count; i++)
		blocks[i].sheets = &block.sheets;
	assert_int_equal(cnv_bank_check(&stage.sheets, blocks, count, &arena, &diags), CNV_OK);
	assert_int_equal(cnv_bank_expand(&stage.sheets, blocks, count, &arena, on_record, expanded), CNV_OK);
	cnv_text_put_char(expanded, '\0');
	cnv_text_put_char(differences, '\0');
	cnv_arena_fini(&arena);
	close_stage(&block);
	close_stage(&stage);
}

static void test_a_form_takes_the_rows_of_its_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		cnv_text expanded = { 0 }, differences = { 0 };

		expand(cases[i].form, &expanded, &differences);
		assert_string_equal(expanded.at, cases[i].expanded);
		assert_string_equal(differences.at, cases[i].differences);
		cnv_text_fini(&expanded);
		cnv_text_fini(&differences);
	}
}

static void test_an_expanded_form_is_as_its_blocks_have_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		cnv_text once = { 0 }, twice = { 0 }, none = { 0 };

		expand(cases[i].form, &once, &none);
		cnv_text_reset(&none);
		expand(once.at, &twice, &none);
		assert_string_equal(twice.at, once.at);
		assert_string_equal(none.at, "");
		cnv_text_fini(&once);
		cnv_text_fini(&twice);
		cnv_text_fini(&none);
	}
}

static void test_names_of_blocks_are_names_of_files(void **state)
{
	static const char *const wrong[] = { "", "Contact", "a/b", "..", "a b", "\xC3\xA4" };

	(void)state;
	assert_true(cnv_bank_name_ok(CNV_STR("yes_no-2")));
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_false(cnv_bank_name_ok(cnv_str_from(wrong[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_form_takes_the_rows_of_its_blocks),
		cmocka_unit_test(test_an_expanded_form_is_as_its_blocks_have_it),
		cmocka_unit_test(test_names_of_blocks_are_names_of_files),
	};

	return cmocka_run_group_tests_name("rows that forms share", tests, NULL, NULL);
}
