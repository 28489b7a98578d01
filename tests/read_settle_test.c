/* The values of cells: every kind of question. */
#include "gather_stage.h"

/* Verdicts: A accepted, . blank, U unreadable, C not a choice, N D W the missing words. */
static const char letters[] = {
	[CNV_BLANK] = '.',    [CNV_ACCEPTED] = 'A',   [CNV_NOT_APPLICABLE] = 'N', [CNV_DO_NOT_KNOW] = 'D',
	[CNV_WITHHELD] = 'W', [CNV_UNREADABLE] = 'U', [CNV_NOT_A_CHOICE] = 'C',   [CNV_DUPLICATE] = '2',
};

static const struct kind_case {
	const char *name, *text, *value; /* name: question, and what is meant */
	char verdict;
	const char *ledger; /* what it was read as, and why; NULL: nothing is told */
} kind_cases[] = {
	{ "text is taken as it is", "two  words", "two  words", 'A', NULL },
	{ "text without the blanks around it", " \xc2\xa0 word\n", "word", 'A', NULL },
	{ "text of blanks is blank", " \t\xc2\xa0", " \t\xc2\xa0", '.', NULL },
	{ "text that begins as a formula is text", "=1+1", "=1+1", 'A', NULL },
	{ "text N/A is not applicable", "N/A", "N/A", 'N', NULL },
	{ "text D/K is do not know", " D/K ", " D/K ", 'D', NULL },
	{ "text CONF is withheld", "CONF", "CONF", 'W', NULL },
	{ "text n/a in small letters", "n/a", "n/a", 'N', NULL },
	{ "integer d/k in small letters", " d/K ", " d/K ", 'D', NULL },
	{ "text conf in small letters is text", "conf", "conf", 'A', NULL },
	{ "text CONFIDENTIAL is text", "CONFIDENTIAL", "CONFIDENTIAL", 'A', NULL },
	{ "integer plain", "42", "42", 'A', NULL },
	{ "integer negative", "-7", "-7", 'A', NULL },
	{ "integer with zeros in front", "007", "7", 'A', NULL },
	{ "integer minus zero", "-0", "0", 'A', NULL },
	{ "integer least", "-2147483648", "-2147483648", 'A', NULL },
	{ "integer most", "2147483647", "2147483647", 'A', NULL },
	{ "integer one too many", "2147483648", "2147483648", 'U', NULL },
	{ "integer one too few", "-2147483649", "-2147483649", 'U', NULL },
	{ "integer far too long", "99999999999999999999999999", "99999999999999999999999999", 'U', NULL },
	{ "integer with a fraction", "17.5", "17.5", 'U', NULL },
	{ "integer with an exponent", "1e2", "1e2", 'U', NULL },
	{ "integer with a plus sign", "+5", "5", 'A', "5 (plus sign removed)" },
	{ "integer with grouping", "1,000", "1,000", 'U', NULL },
	{ "integer with a unit", "5 years", "5 years", 'U', NULL },
	{ "integer of a sign alone", "-", "-", 'U', NULL },
	{ "integer not applicable", "N/A", "N/A", 'N', NULL },
	{ "decimal keeps its zeros", "1.50", "1.50", 'A', NULL },
	{ "decimal without digits in front", ".5", ".5", 'A', NULL },
	{ "decimal without digits behind", "5.", "5.", 'A', NULL },
	{ "decimal with a comma", "4,5", "4.5", 'A', "4.5 (decimal comma replaced by a point)" },
	{ "decimal with an exponent", "1e3", "1e3", 'U', NULL },
	{ "decimal of a point alone", ".", ".", 'U', NULL },
	{ "decimal infinite", "Infinity", "Infinity", 'U', NULL },
	{ "date real", "2024-02-29", "2024-02-29", 'A', NULL },
	{ "date that never was", "2023-02-29", "2023-02-29", 'U', NULL },
	{ "date unpadded", "2020-1-2", "2020-01-02", 'A', "2020-01-02 (date read as year, month, day)" },
	{ "date in words", "1 May 2020", "2020-05-01", 'A', "2020-05-01 (month name converted to a number)" },
	{ "date with a time", "2020-01-02T10:00", "2020-01-02T10:00", 'U', NULL },
	{ "time of hours and minutes", "10:03", "10:03", 'A', NULL },
	{ "time with a zone", "10:03:00.000+10:00", "10:03:00.000+10:00", 'A', NULL },
	{ "time past midnight", "24:00", "24:00", 'U', NULL },
	{ "datetime with a zone", "2026-12-01T09:00:00+10:00", "2026-12-01T09:00:00+10:00", 'A', NULL },
	{ "datetime without a time", "2026-12-01", "2026-12-01", 'U', NULL },
	{ "choice by its name", "sid", "sid", 'A', NULL },
	{ "choice by its label", "Seaman\xe2\x80\x99s  BOOK", "book", 'A', "book (label converted to its code)" },
	{ "choice by its label in another language", "livret", "book", 'A', "book (label converted to its code)" },
	{ "choice by its name in other letters", "SID", "sid", 'A', "sid (letter case ignored)" },
	{ "choice by a label of two", "Other", "Other", 'C', NULL },
	{ "choice by the other label of one", "Divers", "y", 'A', "y (label converted to its code)" },
	{ "choice not in the list", "passport", "passport", 'C', NULL },
	{ "choice not applicable", "N/A", "N/A", 'N', NULL },
	{ "states N/A is a choice where the list has it", "N/A", "N/A", 'A', NULL },
	{ "states by one of two names in other letters", "Ok", "Ok", 'C', NULL },
	{ "choices by their names", "sid book", "sid book", 'A', NULL },
	{ "choices in another order", "book sid", "book sid", 'A', NULL },
	{ "choices with more blanks", "sid   book", "sid book", 'A', NULL },
	{ "choices named twice", "sid book sid", "sid book", 'A', "sid book (duplicate choice removed)" },
	{ "choices by labels and semicolons", "Livret; Aucun", "book none", 'A',
	  "book none (label converted to its code)" },
	{ "choices by one label that holds a comma", "Identity card, new", "sid", 'A',
	  "sid (label converted to its code)" },
	{ "choices by labels with commas in them", "Identity card, new;Livret", "sid book", 'A',
	  "sid book (label converted to its code)" },
	{ "choices by labels between blanks, with blanks in them", "Livret Identity card, new", "book sid", 'A',
	  "book sid (label converted to its code)" },
	{ "choices by names and commas", "sid,book", "sid book", 'A', "sid book (separators replaced by spaces)" },
	{ "choices on lines of their own", "sid\nLivret", "sid book", 'A', "sid book (label converted to its code)" },
	{ "choices by names in other letters", "Sid Book", "sid book", 'A', "sid book (letter case ignored)" },
	{ "choices of which one is none", "sid passport", "sid passport", 'C', NULL },
	{ "choices of separators alone", ";;", ";;", 'C', NULL },
	{ "choices not known", "D/K", "D/K", 'D', NULL },
	{ "rank keeps its order", "none sid book", "none sid book", 'A', NULL },
	{ "rank with a name twice", "sid book sid", "sid book sid", 'U', NULL },
	{ "point of two numbers", "-33.86 151.2", "-33.86 151.2", 'A', NULL },
	{ "point of four numbers", "1 2 3 4", "1 2 3 4", 'A', NULL },
	{ "point of five numbers", "1 2 3 4 5", "1 2 3 4 5", 'U', NULL },
	{ "point of one number", "1", "1", 'U', NULL },
	{ "point past the pole", "90.1 0", "90.1 0", 'U', NULL },
	{ "point past the date line", "0 -180.5", "0 -180.5", 'U', NULL },
	{ "trace of two points", "1 2;3 4", "1 2;3 4", 'A', NULL },
	{ "trace that ends with a semicolon", "1 2; 3 4;", "1 2; 3 4;", 'A', NULL },
	{ "trace of one point", "1 2", "1 2", 'U', NULL },
	{ "trace with a gap", "1 2;;3 4", "1 2;;3 4", 'U', NULL },
	{ "shape that is closed", "1 2;3 4;5 6;1 2", "1 2;3 4;5 6;1 2", 'A', NULL },
	{ "shape that is open", "1 2;3 4;5 6", "1 2;3 4;5 6", 'U', NULL },
	{ "file by its name", "a.jpg", "a.jpg", 'A', NULL },
	{ "file in a folder", "C:\\x/a.jpg", "a.jpg", 'A', "a.jpg (folder removed from the file name)" },
	{ "file that is a folder", "x/", "x/", 'U', NULL },
	{ "consent OK", "OK", "OK", 'A', NULL },
	{ "consent yes", "Yes", "OK", 'A', "OK (read as OK)" },
	{ "consent y", "y", "OK", 'A', "OK (read as OK)" },
	{ "consent by its label",
	  "je suis d\xe2\x80\x99"
	  "accord",
	  "OK", 'A', "OK (read as OK)" },
	{ "consent no", "no", "no", 'U', NULL },
};

static void run_kind_case(void **state)
{
	const struct kind_case *test = *state;
	cnv_str name = cnv_str_from(test->name), question, text = cnv_str_from(test->text), value;
	struct stage stage;
	cnv_column *column;

	open_stage(&stage, KINDS);
	assert_true(cnv_str_split(&name, ' ', &question));
	column = &stage.batch->tables[0].columns[stage.form->questions[cnv_form_find(stage.form, question)].column];
	cnv_batch_row(stage.batch, 0, 0, 2);
	cnv_batch_put(stage.batch, 0, stage.form->questions[column->question].column, text, 0);
	settle(&stage);
	value = cnv_cell_value(stage.form, column, 0, &stage.scratch);
	cnv_text_put(&stage.dump, value);
	assert_string_equal(ended(&stage.dump), test->value);
	assert_int_equal(letters[column->verdicts[0]], test->verdict);
	assert_int_equal(cnv_bit(column->answered, 0), test->verdict != '.');
	assert_int_equal(cnv_bit(column->understood, 0), test->verdict == 'A');
	cnv_text_reset(&stage.dump);
	if (test->ledger)
		cnv_text_format(&stage.dump, "%.*s: %s -> %s", CNV_ARG(question), cnv_str_trim_unicode(text).at,
				test->ledger);
	assert_string_equal(ended(&stage.ledger), ended(&stage.dump));
	close_stage(&stage);
}

/* A list of many choices and cells that name none of them: each cell costs the same, however long the list. */
static void strange_choices_are_not_compared_with_each(void **state)
{
	cnv_text form = { 0 }, file = { 0 };
	cnv_ledger ledger = { 0 };
	struct stage stage;
	size_t before;

	(void)state;
	cnv_text_put(&form, CNV_STR("survey\n|type|name|label\n|text|respondent|Who\n|select_one port|port|Port\n"
				    "|select_multiple port|ports|Ports\nchoices\n|list_name|name|label\n"));
	for (uint32_t i = 0; i < 20000; i++)
		cnv_text_format(&form, "|port|P%u|Port %u\n", i, i);
	cnv_text_put_char(&form, '\0');
	cnv_text_put(&file, CNV_STR("respondent|port|ports\n"));
	for (uint32_t i = 0; i < CNV_WINDOW_ROWS; i++)
		cnv_text_format(&file, "A|x%u|p%u;p%u\n", i, i, i + 1);
	cnv_text_put_char(&file, '\0');
	open_stage(&stage, form.at);
	assert_int_equal(gather_file(&stage, file.at), CNV_OK);
	before = cnv_mem_allocations();
	assert_int_equal(cnv_settle(stage.batch, CNV_STR("a"), &ledger), CNV_OK);
	assert_true(cnv_mem_allocations() - before < 200);
	assert_int_equal(ledger.count, CNV_WINDOW_ROWS);
	assert_int_equal(stage.batch->tables[0].columns[1].verdicts[77], CNV_NOT_A_CHOICE);
	assert_int_equal(stage.batch->tables[0].columns[2].verdicts[77], CNV_ACCEPTED);
	close_stage(&stage);
	cnv_text_fini(&form);
	cnv_text_fini(&file);
}

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

int main(void)
{
	static struct CMUnitTest tests[COUNT(kind_cases) + 1];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(kind_cases); i++)
		tests[count++] = (struct CMUnitTest){ kind_cases[i].name, run_kind_case, NULL, NULL,
						      (void *)(uintptr_t)&kind_cases[i] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(strange_choices_are_not_compared_with_each);
	return _cmocka_run_group_tests("data: cells", tests, count, NULL, NULL);
}
