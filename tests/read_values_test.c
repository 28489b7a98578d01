/* Values in other formats than those of XLSForm, and the conventions of a file.
 *
 * Every reading is tried twice: as an import reads it, and with nothing allowed but the form's own letters. */
#include "gather_stage.h"

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])

static const char letters[] = {
	[CNV_BLANK] = '.',    [CNV_ACCEPTED] = 'A',   [CNV_NOT_APPLICABLE] = 'N', [CNV_DO_NOT_KNOW] = 'D',
	[CNV_WITHHELD] = 'W', [CNV_UNREADABLE] = 'U', [CNV_NOT_A_CHOICE] = 'C',   [CNV_DUPLICATE] = '2',
};

#define FORM                                                                                                           \
	"survey\n|type|name|label|label::French (fr)\n"                                                                \
	"|text|text|Text|Texte\n|integer|integer|Integer|Entier\n|integer|integer2|Integer|Entier\n"                   \
	"|decimal|decimal|Decimal|Nombre\n|decimal|decimal2|Decimal|Nombre\n|date|date|Date|Jour\n"                    \
	"|date|date2|Date|Jour\n|time|time|Time|Heure\n|dateTime|moment|Moment|Instant\n"                              \
	"|select_one yn|yn|Yes|Oui\n|select_one ynd|ynd|Yes|Oui\n|select_one ynp|ynp|Yes|Oui\n"                        \
	"|select_one fish|fish|Fish|Poisson\n|select_multiple fish|fishes|Fish|Poissons\n|text|fishes_other|Which|\n"  \
	"|select_one digits|digits|Digits|Chiffres\n|select_one trade|trade|Trade|\n"                                  \
	"|select_one twin|twin|Twin|\n|integer|share|Share of ships (in per cent)|\n"                                  \
	"|decimal|cost|Cost in US$|Co\xc3\xbbt en dollars|\n|decimal|way|Distance|Distance en kilom\xc3\xa8tres "      \
	"(km)\n"                                                                                                       \
	"|integer|crew|Crew: number of seafarers|\n"                                                                   \
	"choices\n|list_name|name|label|label::French (fr)\n"                                                          \
	"|yn|yes|Yes|Oui\n|yn|no|No|Non\n"                                                                             \
	"|ynd|1|Yes|Oui\n|ynd|2|No|Non\n|ynd|9|Don't know|\n"                                                          \
	"|ynp|yes|Yes|Oui\n|ynp|no|No|Non\n|ynp|part|In part|En partie\n"                                              \
	"|fish|tuna|Tuna, fresh|Thon\n|fish|cod|Cod|Morue\n|fish|dried_cod|Cod, dried, salted|Morue s\xc3\xa9"         \
	"ch\xc3\xa9"                                                                                                   \
	"e\n|fish|other|Other (please specify)|Autre\n"                                                                \
	"|digits|007|Seven|\n|digits|0|Low|\n|digits|1|High|\n"                                                        \
	"|trade|a_b|A \xe2\x80\x93 B|\n|trade|don't|Do not|\n"                                                         \
	"|twin|a|Same|\n|twin|b|Same|\n|twin|A|As ${digits} now|\n"

/* ---------------------------------------------------------------- one cell */

/* name: question, and what is meant.  value: as the program reads it, NULL: not understood, with `verdict`. */
static const struct reading {
	const char *name, *text, *value, *why;
	char verdict;
} readings[] = {
	{ "integer with no-break blanks between thousands",
	  "1\xc2\xa0"
	  "234\xc2\xa0"
	  "567",
	  "1234567", "thousands separators removed", 'A' },
	{ "integer with narrow no-break blanks",
	  "12\xe2\x80\xaf"
	  "345",
	  "12345", "thousands separators removed", 'A' },
	{ "integer with thin blanks",
	  "12\xe2\x80\x89"
	  "345",
	  "12345", "thousands separators removed", 'A' },
	{ "integer with blanks", "-12 345", "-12345", "thousands separators removed", 'A' },
	{ "integer with apostrophes", "12'345'678", "12345678", "thousands separators removed", 'A' },
	{ "integer with curly apostrophes",
	  "12\xe2\x80\x99"
	  "345",
	  "12345", "thousands separators removed", 'A' },
	{ "integer with several commas", "1,234,567", "1234567", "thousands separators removed", 'A' },
	{ "integer with several points", "1.234.567", "1234567", "thousands separators removed", 'A' },
	{ "integer in full-width digits", "\xef\xbc\x91\xef\xbc\x92", "12", "full-width characters replaced", 'A' },
	{ "integer with a decimal of zero", "5.0", "5", "zero decimals removed", 'A' },
	{ "integer with a comma that can be either", "1,234", NULL, NULL, 'U' },
	{ "integer with a point that can be either", "1.234", NULL, NULL, 'U' },
	{ "integer with a group too short", "1,23,456", NULL, NULL, 'U' },
	{ "integer with two kinds of separators", "1,234 567", NULL, NULL, 'U' },
	{ "integer with a zero in the first group", "0 123", NULL, NULL, 'U' },
	{ "integer with a fraction", "17.5", NULL, NULL, 'U' },
	{ "integer grouped past 32 bits", "9 999 999 999", NULL, NULL, 'U' },
	{ "integer with a per cent sign", "12 %", NULL, NULL, 'U' },
	{ "integer with a currency", "USD 12", NULL, NULL, 'U' },
	{ "integer with a plus sign", "+12", "12", "plus sign removed", 'A' },
	{ "integer with an exponent", "1.2E+17", NULL, NULL, 'U' },
	{ "share with the sign that is asked for", "30%", "30", "per cent sign removed", 'A' },
	{ "share with the words that are asked for", "30 percent", "30", "per cent sign removed", 'A' },
	{ "share in another unit", "30 km", NULL, NULL, 'U' },
	{ "cost in the currency that is asked for", "USD 1,234.5", "1234.5", "unit removed", 'A' },
	{ "cost with its sign", "$5", "5", "unit removed", 'A' },
	{ "cost below zero", "-$5.50", "-5.5", "unit removed", 'A' },
	{ "cost below zero after its sign", "US$ -5", "-5", "unit removed", 'A' },
	{ "cost in another currency", "EUR 5", NULL, NULL, 'U' },
	{ "cost in another dollar", "A$5", NULL, NULL, 'U' },
	{ "cost in millions", "5 million", NULL, NULL, 'U' },
	{ "cost that is approximate", "ca. 5", NULL, NULL, 'U' },
	{ "way in the unit that another language mentions", "5 km", "5", "unit removed", 'A' },
	{ "way in kilometres by their name", "5 kilometers", "5", "unit removed", 'A' },
	{ "way in metres", "5 m", NULL, NULL, 'U' },
	{ "crew with the word of the question", "12 seafarers", "12", "unit removed", 'A' },
	{ "crew with a word of its own", "12 persons", NULL, NULL, 'U' },
	{ "decimal with a comma", "4,5", "4.5", "decimal comma replaced by a point", 'A' },
	{ "decimal that begins with a comma", "-,5", "-0.5", "decimal comma replaced by a point", 'A' },
	{ "decimal of zero and three digits", "0,125", "0.125", "decimal comma replaced by a point", 'A' },
	{ "decimal grouped by points", "1.234,50", "1234.5",
	  "decimal comma replaced by a point, thousands separators removed", 'A' },
	{ "decimal grouped by commas", "1,234.5", "1234.5", "thousands separators removed", 'A' },
	{ "decimal grouped by no-break blanks",
	  "1\xc2\xa0"
	  "234,5",
	  "1234.5", "decimal comma replaced by a point, thousands separators removed", 'A' },
	{ "decimal with a long first group", "1234,567", "1234.567", "decimal comma replaced by a point", 'A' },
	{ "decimal as the form writes it", "1.234", "1.234", NULL, 'A' },
	{ "decimal that can be either", "1,234", NULL, NULL, 'U' },
	{ "decimal with a comma behind", "5,", NULL, NULL, 'U' },
	{ "decimal with two decimal signs", "1,5,5", NULL, NULL, 'U' },
	{ "date with the day first", "31/12/2026", "2026-12-31", "date read as day, month, year", 'A' },
	{ "date with the month first", "12/31/2026", "2026-12-31", "date read as month, day, year", 'A' },
	{ "date with hyphens", "31-12-2026", "2026-12-31", "date read as day, month, year", 'A' },
	{ "date with points", "03.04.2026", "2026-04-03", "date read as day, month, year", 'A' },
	{ "date with points and blanks", "3. 4. 2026", "2026-04-03", "date read as day, month, year", 'A' },
	{ "date with equal day and month", "4/4/2026", "2026-04-04", "date read as day, month, year", 'A' },
	{ "date with the year first", "2026/3/4", "2026-03-04", "date read as year, month, day", 'A' },
	{ "date with the year first and points", "2026. 03. 04.", "2026-03-04", "date read as year, month, day", 'A' },
	{ "date with East Asian signs",
	  "2026\xe5\xb9\xb4"
	  "3\xe6\x9c\x88"
	  "4\xe6\x97\xa5",
	  "2026-03-04", "date read as year, month, day", 'A' },
	{ "date with Korean signs", "2026\xeb\x85\x84 3\xec\x9b\x94 4\xec\x9d\xbc", "2026-03-04",
	  "date read as year, month, day", 'A' },
	{ "date with the month's short name", "12 Mar 2026", "2026-03-12", "month name converted to a number", 'A' },
	{ "date with the month's name first", "MARCH 2nd, 2026", "2026-03-02", "month name converted to a number",
	  'A' },
	{ "date as a spreadsheet writes it", "12-Sep-2026", "2026-09-12", "month name converted to a number", 'A' },
	{ "date with its weekday", "Thursday, 12 March 2026", "2026-03-12", "month name converted to a number", 'A' },
	{ "date with a midnight", "2026-03-12 00:00:00", "2026-03-12", "midnight time removed", 'A' },
	{ "date with a midnight of SurveyCTO", "Mar 12, 2026 12:00:00 AM", "2026-03-12",
	  "month name converted to a number", 'A' },
	{ "date that can be two days", "03/04/2026", NULL, NULL, 'U' },
	{ "date with a short year", "31/12/26", NULL, NULL, 'U' },
	{ "date with a short year and a name", "12-Mar-26", NULL, NULL, 'U' },
	{ "date that never was", "31/06/2026", NULL, NULL, 'U' },
	{ "date with two separators", "31/12-2026", NULL, NULL, 'U' },
	{ "date with a time of day", "2026-03-12 14:30", NULL, NULL, 'U' },
	{ "date of a spreadsheet's count", "44561", NULL, NULL, 'U' },
	{ "date of words", "next Monday", NULL, NULL, 'U' },
	{ "time after noon", "3:05 PM", "15:05", "time converted to the 24-hour format", 'A' },
	{ "time with points in its letters", "12:10:30 a.m.", "00:10:30", "time converted to the 24-hour format", 'A' },
	{ "time of the hour alone", "3pm", "15:00", "time converted to the 24-hour format", 'A' },
	{ "time with one digit", "9:05", "09:05", "time converted to the 24-hour format", 'A' },
	{ "time of thirteen after noon", "13:05 PM", NULL, NULL, 'U' },
	{ "time past midnight", "24:00", NULL, NULL, 'U' },
	{ "moment of SurveyCTO", "Mar 12, 2026 3:05:12 PM", "2026-03-12T15:05:12.000+00:00",
	  "month name converted to a number", 'A' },
	{ "moment of a spreadsheet", "3/31/2026 9:05:03", "2026-03-31T09:05:03.000+00:00",
	  "date read as month, day, year", 'A' },
	{ "moment with its zone", "2026/03/12 3:05:12 PM GMT+8", "2026-03-12T07:05:12.000+00:00",
	  "date read as year, month, day", 'A' },
	{ "moment with half an hour of zone", "2026/03/12 3:05 pm GMT-3:30", "2026-03-12T18:35:00.000+00:00",
	  "date read as year, month, day", 'A' },
	{ "moment without a time of day", "2026-03-12", NULL, NULL, 'U' },
	{ "yn by a label in another language", "oui", "yes", "label converted to its code", 'A' },
	{ "yn by a letter", "Y", "yes", "word for yes or no converted to its code", 'A' },
	{ "yn by another letter", "n", "no", "word for yes or no converted to its code", 'A' },
	{ "yn true", "TRUE", "yes", "word for yes or no converted to its code", 'A' },
	{ "yn 0", "0", "no", "word for yes or no converted to its code", 'A' },
	{ "yn in Japanese", "\xe3\x81\x84\xe3\x81\x84\xe3\x81\x88", "no", "word for yes or no converted to its code",
	  'A' },
	{ "yn in Chinese", "\xe6\x98\xaf", "yes", "word for yes or no converted to its code", 'A' },
	{ "yn in Spanish", "S\xc3\xad", "yes", "word for yes or no converted to its code", 'A' },
	{ "yn by an x", "X", "yes", "tick mark read as yes", 'A' },
	{ "yn by a check mark", "\xe2\x9c\x93", "yes", "tick mark read as yes", 'A' },
	{ "yn by a ticked box", "\xe2\x98\x92", "yes", "tick mark read as yes", 'A' },
	{ "yn by a cross", "\xe2\x9c\x97", NULL, NULL, 'C' },
	{ "yn by another word", "perhaps", NULL, NULL, 'C' },
	{ "ynd by its own code", "1", "1", NULL, 'A' },
	{ "ynd by a tick, with a choice for not known", "\xe2\x9c\x94", "1", "tick mark read as yes", 'A' },
	{ "ynd by a word", "no", "2", "label converted to its code", 'A' },
	{ "ynp by a word of another language", "si", "yes", "word for yes or no converted to its code", 'A' },
	{ "ynp by a tick, with more than yes and no", "x", NULL, NULL, 'C' },
	{ "digits are no yes and no", "yes", NULL, NULL, 'C' },
	{ "digits without their zeros", "7", NULL, NULL, 'C' },
	{ "digits by their name", "007", "007", NULL, 'A' },
	{ "fish by code and label", "cod - Cod", "cod", "label removed from the code", 'A' },
	{ "fish by code and label in another language", "cod \xe2\x80\x93 Morue", "cod", "label removed from the code",
	  'A' },
	{ "fish by label and code", "Tuna, fresh (tuna)", "tuna", "label removed from the code", 'A' },
	{ "fish by code and colon", "tuna: Thon", "tuna", "label removed from the code", 'A' },
	{ "fish by a code and another's label", "cod - Thon", NULL, NULL, 'C' },
	{ "twin by its code and a label that another has too", "b - Same", "b", "label removed from the code", 'A' },
	{ "twin by a code that differs in case alone, and its label with an answer in it", "A - As [C5] now", "A",
	  "label removed from the code", 'A' },
	{ "twin by the label that two have", "Same", NULL, NULL, 'C' },
	{ "twin by a code and another label with an answer in it", "a - As [C5] now", NULL, NULL, 'C' },
	{ "fish by accents that stand apart",
	  "morue se\xcc\x81"
	  "che\xcc\x81"
	  "e",
	  "dried_cod", "label converted to its code", 'A' },
	{ "fish by full-width letters", "\xef\xbd\x83\xef\xbd\x8f\xef\xbd\x84", "cod", "label converted to its code",
	  'A' },
	{ "fish by its label with no-break blanks",
	  "Tuna,\xc2\xa0"
	  "fresh",
	  "tuna", "label converted to its code", 'A' },
	{ "fish by its name in capitals", "DRIED_COD", "dried_cod", "letter case ignored", 'A' },
	{ "trade by a label with another dash", "A - B", "a_b", "label converted to its code", 'A' },
	{ "trade by a name with a curly apostrophe", "don\xe2\x80\x99t", "don't",
	  "quotes, dashes or full-width characters normalized", 'A' },
	{ "fish nearly right", "Codd", NULL, NULL, 'C' },
	{ "fishes by names and line ends", "cod\ntuna", "cod tuna", NULL, 'A' },
	{ "fishes by labels with commas", "Cod, dried, salted, Tuna, fresh", "dried_cod tuna",
	  "label converted to its code", 'A' },
	{ "fishes by the longest label first", "Cod, Cod, dried, salted", "cod dried_cod",
	  "label converted to its code", 'A' },
	{ "fishes with an unknown one among commas", "Cod, shark", NULL, NULL, 'C' },
	{ "fishes in another order", "tuna cod", "tuna cod", NULL, 'A' },
	{ "fishes by semicolons", "cod;tuna", "cod tuna", "separators replaced by spaces", 'A' },
};

static const cnv_column *column_named(const struct stage *stage, cnv_str name)
{
	const cnv_question *question = &stage->form->questions[cnv_form_find(stage->form, name)];

	return &stage->batch->tables[question->table].columns[question->column];
}

static void run_reading(const struct reading *test, bool literal)
{
	cnv_str name = cnv_str_from(test->name), question;
	struct stage stage;
	const cnv_column *column;
	cnv_ledger ledger = { .emit = enter, .self = &stage };
	bool taken = test->value && (!literal || !test->why);

	open_stage(&stage, FORM);
	assert_true(cnv_str_split(&name, ' ', &question));
	column = column_named(&stage, question);
	cnv_batch_row(stage.batch, 0, 0, 2);
	cnv_batch_put(stage.batch, 0, stage.form->questions[column->question].column, cnv_str_from(test->text), 0);
	assert_int_equal(
		cnv_settle_with(stage.batch, CNV_STR("a.csv"), &(cnv_settle_options){ .literal = literal }, &ledger),
		CNV_OK);
	assert_int_equal(letters[column->verdicts[0]], taken                      ? 'A'
						       : test->verdict != 'A'     ? test->verdict
						       : column->list == CNV_NONE ? 'U'
										  : 'C');
	cnv_text_put(&stage.dump, cnv_cell_value(stage.form, column, 0, &stage.scratch));
	assert_string_equal(ended(&stage.dump), taken ? test->value : test->text);
	cnv_text_reset(&stage.dump);
	if (taken && test->why)
		cnv_text_format(&stage.dump, "%.*s: %s -> %s (%s)", CNV_ARG(question), test->text, test->value,
				test->why);
	assert_string_equal(ended(&stage.ledger), ended(&stage.dump));
	close_stage(&stage);
}

static void read_freely(void **state)
{
	run_reading(*state, false);
}

static void read_literally(void **state)
{
	run_reading(*state, true);
}

static void what_a_list_of_ours_offers_is_no_liberty(void **state)
{
	static const struct {
		const char *question, *text, *value;
		char verdict;
	} offers[] = { { "yn", "Oui", "yes", 'A' }, { "twin", "b - Same", "b", 'A' }, { "ynp", "Y", "Y", 'C' } };
	cnv_settle_options options = { .literal = true, .offered = true };
	struct stage stage;
	cnv_ledger ledger = { .emit = enter, .self = &stage };

	(void)state;
	open_stage(&stage, FORM);
	cnv_batch_row(stage.batch, 0, 0, 2);
	for (size_t i = 0; i < COUNT(offers); i++) {
		const cnv_column *column = column_named(&stage, cnv_str_from(offers[i].question));
		cnv_batch_put(stage.batch, 0, stage.form->questions[column->question].column,
			      cnv_str_from(offers[i].text), 0);
	}
	assert_int_equal(cnv_settle_with(stage.batch, CNV_STR("a.xlsx"), &options, &ledger), CNV_OK);
	for (size_t i = 0; i < COUNT(offers); i++) {
		const cnv_column *column = column_named(&stage, cnv_str_from(offers[i].question));
		assert_int_equal(letters[column->verdicts[0]], offers[i].verdict);
		cnv_text_reset(&stage.dump);
		cnv_text_put(&stage.dump, cnv_cell_value(stage.form, column, 0, &stage.scratch));
		assert_string_equal(ended(&stage.dump), offers[i].value);
	}
	assert_string_equal(ended(&stage.ledger), "");
	close_stage(&stage);
}

/* ---------------------------------------------------------------- one file */

/* verdicts: a letter a cell; values: of the cells that were understood; words and said: what the file decided. */
static const struct file_case {
	const char *name, *file, *verdicts, *values, *words, *said;
} file_cases[] = {
	{ "nothing to decide", "decimal|date\n4.5|2026-12-31\n", "AA", "4.5 2026-12-31", "", "" },
	{ "one date decides the others", "date|date2\n03/04/2026|05/06/2026\n31/12/2026|\n", "AA A.",
	  "2026-04-03 2026-06-05 2026-12-31", "dates day first", "N0511@0" },
	{ "the last date decides month first", "date\n03/04/2026\n05/06/2026\n12/31/2026\n", "A A A",
	  "2026-03-04 2026-05-06 2026-12-31", "dates month first", "N0511@0" },
	{ "a moment decides for dates", "date|moment\n03/04/2026|3/31/2026 9:05:03\n", "AA",
	  "2026-03-04 2026-03-31T09:05:03.000+00:00", "dates month first", "N0511@0" },
	{ "dates that contradict each other", "date\n31/12/2026\n12/31/2026\n03/04/2026\n2026-01-02\n5/5/2026\n",
	  "U U U A A", "2026-01-02 2026-05-05", "", "W0512@3" },
	{ "dates with points yield to the month first", "date\n03.04.2026\n12/31/2026\n", "A A",
	  "2026-03-04 2026-12-31", "dates month first", "N0511@0" },
	{ "dates that nothing decides", "date\n03/04/2026\n05/06/2026\n", "U U", "", "", "" },
	{ "a comma decides the others", "decimal|integer\n4,5|1.234\n1,234|7\n", "AA AA", "1234 4.5 7 1.234",
	  "decimal comma", "N0511@0" },
	{ "a comma of another column decides", "decimal|decimal2\n1,234|0,5\n", "AA", "1.234 0.5", "decimal comma",
	  "N0511@0" },
	{ "grouped commas decide for the point", "decimal|integer\n1,234.5|1,234\n", "AA", "1234 1234.5",
	  "decimal point", "N0511@0" },
	{ "a fraction of a whole number is nothing to tell", "integer|decimal\n5.5|2.5\n", "UA", "2.5", "", "" },
	{ "plain decimals decide for the point", "decimal|decimal2\n2.5|1,234\n", "AA", "2.5 1234", "", "" },
	{ "numbers that contradict each other", "decimal|decimal2\n4,5|1,234.5\n1,234|2.5\n", "UU UA", "2.5", "",
	  "W0512@2" },
	{ "commas among plain decimals decide nothing for thousands", "decimal|decimal2\n4,5|2.5\n1,234|\n", "AA U.",
	  "4.5 2.5", "decimal comma", "N0511@0" },
	{ "a plain number that could be a thousand is told", "decimal|decimal2\n4,5|1.234\n", "AA", "4.5 1.234",
	  "decimal comma", "N0511@0 W0513@2" },
	{ "numbers and dates together", "decimal|date\n4,5|31/12/2026\n", "AA", "4.5 2026-12-31",
	  "decimal comma; dates day first", "N0511@0" },
	{ "a date that cannot be decides nothing", "date\n31/06/2026\n03/04/2026\n", "U U", "", "", "" },
	{ "a short year decides nothing", "date\n31/12/26\n03/04/2026\n", "U U", "", "", "" },
};

static void run_file_case(void **state)
{
	const struct file_case *test = *state;
	cnv_conventions conventions = { 0 };
	struct stage stage;
	cnv_diags diags = { .emit = hear, .self = &stage };
	const cnv_table *table;
	cnv_text verdicts = { 0 }, words = { 0 };

	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&stage, test->file), CNV_OK);
	assert_int_equal(cnv_settle_with(stage.batch, CNV_STR("a.csv"),
					 &(cnv_settle_options){ .conventions = &conventions }, NULL),
			 CNV_OK);
	table = &stage.batch->tables[0];
	for (uint32_t row = 0; row < table->rows; row++) {
		if (row)
			cnv_text_put_char(&verdicts, ' ');
		for (uint32_t k = 0; k < table->count; k++) {
			const cnv_column *column = &table->columns[k];

			if (!column->source_column)
				continue;
			cnv_text_put_char(&verdicts, letters[column->verdicts[row]]);
			if (!cnv_bit(column->understood, row))
				continue;
			if (stage.dump.len)
				cnv_text_put_char(&stage.dump, ' ');
			cnv_text_put(&stage.dump, cnv_cell_value(stage.form, column, row, &stage.scratch));
		}
	}
	assert_string_equal(ended(&verdicts), test->verdicts);
	assert_string_equal(ended(&stage.dump), test->values);
	cnv_conventions_words(&conventions, &words);
	cnv_conventions_report(&conventions, CNV_STR("a.csv"), &diags);
	assert_string_equal(ended(&stage.said), test->said);
	assert_string_equal(ended(&words), test->words);
	cnv_text_fini(&words);
	cnv_text_fini(&verdicts);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- the text after "other:" */

/* What two columns and the ledger hold; remarks: text, one each. */
static const struct other_case {
	const char *name, *file, *choices, *other, *remarks, *ledger;
} other_cases[] = {
	{ "the text goes to its question", "fishes\nOther: eel\n", "other", "eel", "",
	  "fishes: Other: eel -> other (text after \"other\" separated); fishes_other:  -> eel (text after "
	  "\"other\" moved here)" },
	{ "the words in brackets may stand", "fishes\ncod;Other (please specify): eel\n", "cod other", "eel", "",
	  "fishes: cod;Other (please specify): eel -> cod other (text after \"other\" separated); "
	  "fishes_other:  -> eel (text after \"other\" moved here)" },
	{ "another language's word and a wide colon",
	  "fishes\nAutre\xef\xbc\x9a"
	  "anguille\n",
	  "other", "anguille", "",
	  "fishes: Autre\xef\xbc\x9a"
	  "anguille -> other (text after \"other\" separated); "
	  "fishes_other:  -> anguille (text after \"other\" moved here)" },
	{ "commas after it belong to the text", "fishes\nCod, Other: eel, live\n", "cod other", "eel, live", "",
	  "fishes: Cod, Other: eel, live -> cod other (text after \"other\" separated); "
	  "fishes_other:  -> eel, live (text after \"other\" moved here)" },
	{ "words that an earlier row has too", "fishes\ncod, Other: eel, a, b\ncod, Other: eel, a, b, c\n",
	  "cod other cod other", "eel, a, b eel, a, b, c", "",
	  "fishes: cod, Other: eel, a, b -> cod other (text after \"other\" separated); "
	  "fishes: cod, Other: eel, a, b, c -> cod other (text after \"other\" separated); "
	  "fishes_other:  -> eel, a, b (text after \"other\" moved here); "
	  "fishes_other:  -> eel, a, b, c (text after \"other\" moved here)" },
	{ "a text that stands there stays", "fishes|fishes_other\nOther: eel|shark\n", "other", "shark", "eel",
	  "fishes: Other: eel -> other (text after \"other\" separated)" },
	{ "the same text twice is once", "fishes|fishes_other\nOther: eel|eel\n", "other", "eel", "",
	  "fishes: Other: eel -> other (text after \"other\" separated)" },
	{ "a question without another keeps a remark", "fish\nOther: eel\n", "", "", "eel",
	  "fish: Other: eel -> other (text after \"other\" separated)" },
	{ "nothing after it is the choice alone", "fishes\nOther:\n", "other", "", "",
	  "fishes: Other: -> other (text after \"other\" separated)" },
	{ "rows around it stay as they are", "fishes|fishes_other\ncod|a\nOther: eel|\nother|b\n", "cod other other",
	  "a eel b", "",
	  "fishes: Other: eel -> other (text after \"other\" separated); fishes_other:  -> eel (text after "
	  "\"other\" moved here)" },
	{ "a choice before a colon is none", "fishes\nCod: large\n", "Cod: large", "", "", "" },
};

static void dump_column(struct stage *stage, cnv_str name)
{
	const cnv_column *column = column_named(stage, name);

	cnv_text_reset(&stage->dump);
	for (uint32_t row = 0; row < stage->batch->tables[0].rows; row++) {
		cnv_str value = cnv_cell_value(stage->form, column, row, &stage->scratch);

		if (row && value.len)
			cnv_text_put_char(&stage->dump, ' ');
		cnv_text_put(&stage->dump, value);
	}
}

static void run_other_case(void **state)
{
	const struct other_case *test = *state;
	struct stage stage;

	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&stage, test->file), CNV_OK);
	settle(&stage);
	dump_column(&stage, CNV_STR("fishes"));
	assert_string_equal(ended(&stage.dump), test->choices);
	dump_column(&stage, CNV_STR("fishes_other"));
	assert_string_equal(ended(&stage.dump), test->other);
	assert_string_equal(ended(&stage.ledger), test->ledger);
	cnv_text_reset(&stage.dump);
	for (uint32_t i = 0; i < stage.batch->remark_count; i++)
		cnv_text_put(&stage.dump, stage.batch->remarks[i].text);
	assert_string_equal(ended(&stage.dump), test->remarks);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- damage */

static const struct damage_case {
	const char *name, *text;
	cnv_damage damage;
} damage_cases[] = {
	{ "an error of a formula", "#REF!", CNV_DAMAGE_ERROR },
	{ "another error", "#DIV/0!", CNV_DAMAGE_ERROR },
	{ "a name after a number sign", "#tag", CNV_UNDAMAGED },
	{ "a narrow column", "#####", CNV_DAMAGE_NARROW },
	{ "two number signs", "##", CNV_UNDAMAGED },
	{ "a shortened number", "1.2E+17", CNV_DAMAGE_EXPONENT },
	{ "a shortened number with a comma", "-1,2345E+17", CNV_DAMAGE_EXPONENT },
	{ "a code with an E", "12E+17", CNV_UNDAMAGED },
	{ "an exponent without a sign", "1.2E17", CNV_UNDAMAGED },
	{ "a rounded number", "123456789012345000", CNV_DAMAGE_ROUNDED },
	{ "a long number that is whole", "123456789012345678", CNV_UNDAMAGED },
	{ "fifteen digits", "100000000000000", CNV_UNDAMAGED },
	{ "zeros in front", "000000000000000000", CNV_UNDAMAGED },
	{ "a formula", "=A1", CNV_DAMAGE_FORMULA },
	{ "an arrow", "=> see below", CNV_UNDAMAGED },
	{ "an apostrophe before digits", "'007", CNV_DAMAGE_APOSTROPHE },
	{ "an apostrophe before letters", "'tis", CNV_UNDAMAGED },
	{ "a plain text", "a text of some words", CNV_UNDAMAGED },
	{ "nothing", "", CNV_UNDAMAGED },
};

static void run_damage_case(void **state)
{
	const struct damage_case *test = *state;

	assert_int_equal(cnv_damage_find(cnv_str_from(test->text)), test->damage);
}

/* 255 and 32,767 characters as spreadsheets count them, in one and in three bytes each. */
static void texts_of_a_full_cell_may_be_cut(void **state)
{
	static const struct {
		const char *character;
		uint32_t count;
		cnv_damage damage;
	} cases[] = {
		{ "a", 254, CNV_UNDAMAGED },
		{ "a", 255, CNV_DAMAGE_CUT },
		{ "a", 256, CNV_UNDAMAGED },
		{ "\xe6\x98\xaf", 255, CNV_DAMAGE_CUT },
		{ "a", 32767, CNV_DAMAGE_CUT },
		{ "a", 32766, CNV_UNDAMAGED },
		{ "\xe6\x98\xaf", 32767, CNV_DAMAGE_CUT },
	};
	cnv_text text = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		cnv_text_reset(&text);
		for (uint32_t k = 0; k < cases[i].count; k++)
			cnv_text_put(&text, cnv_str_from(cases[i].character));
		assert_int_equal(cnv_damage_find(cnv_text_str(&text)), cases[i].damage);
	}
	cnv_text_fini(&text);
}

/* all: the candidates, separated by spaces; of a text, or of a number of this kind. */
static const struct original_case {
	const char *name, *text, *all;
	cnv_kind kind;
} original_cases[] = {
	{ "a month as a spreadsheet shows it", "Sep-06",
	  "2006-09 9-2006 09-2006 9-06 09-06 9/2006 09/2006 9/06 09/06 9.2006 09.2006 9.06 09.06", CNV_TEXT },
	{ "a month of the last century", "Jan-97",
	  "1997-01 1-1997 01-1997 1-97 01-97 1/1997 01/1997 1/97 01/97 1.1997 01.1997 1.97 01.97", CNV_TEXT },
	{ "a month as a spreadsheet keeps it", "2006-09-01 00:00:00",
	  "2006-09 9-1 09-01 9/1 09/01 9.1 09.01 1-9 01-09 1/9 01/09 1.9 01.09 2006-09-01 01/09/2006 01.09.2006 "
	  "9-2006 09-2006 9-06 09-06 9/2006 09/2006 9/06 09/06 9.2006 09.2006 9.06 09.06",
	  CNV_TEXT },
	{ "a date with the month first", "3/24/2026",
	  "3-24 03-24 3/24 03/24 3.24 03.24 24-3 24-03 24/3 24/03 24.3 24.03 2026-03-24 24/03/2026 24.03.2026",
	  CNV_TEXT },
	{ "a day and a Spanish month", "03-abr", "3-4 03-04 3/4 03/04 3.4 03.04 4-3 04-03 4/3 04/03 4.3 04.03",
	  CNV_TEXT },
	{ "a French month with its point", "10-f\xc3\xa9vr.",
	  "10-2 10-02 10/2 10/02 10.2 10.02 2-10 02-10 2/10 02/10 2.10 02.10", CNV_TEXT },
	{ "a Russian month", "10-\xd1\x84\xd0\xb5\xd0\xb2",
	  "10-2 10-02 10/2 10/02 10.2 10.02 2-10 02-10 2/10 02/10 2.10 02.10", CNV_TEXT },
	{ "a day with East Asian signs",
	  "11\xe6\x9c\x88"
	  "12\xe6\x97\xa5",
	  "12-11 12/11 12.11 11-12 11/12 11.12", CNV_TEXT },
	{ "a number of days", "46295", "2026-09-30 30/09/2026 30.09.2026", CNV_TEXT },
	{ "a code that looks like a month", "Abc-06", "", CNV_TEXT },
	{ "a day that no month has", "32-mar", "", CNV_TEXT },
	{ "a number that is none of days", "123456", "", CNV_TEXT },
	{ "a number that became a day", "5-mar", "5.3", CNV_DECIMAL },
	{ "a number that became a month", "Mar-45", "3.45", CNV_DECIMAL },
	{ "a number that became the day of a workbook", "2026-03-05 00:00:00", "5.3", CNV_DECIMAL },
	{ "a number that became the first of a month", "2026-03-01", "1.3 3.26", CNV_DECIMAL },
	{ "a number in a cell for dates", "1905-07-18", "2026", CNV_INTEGER },
	{ "a small number in a cell for dates", "1900-01-05", "5", CNV_INTEGER },
	{ "a range that became a day", "3-may", "3.5", CNV_INTEGER },
	{ "a date where a whole number is asked for", "2026-03-05", "", CNV_INTEGER },
	{ "a text is no number", "5-mar", "", CNV_DATE },
};

static void run_original_case(void **state)
{
	const struct original_case *test = *state;
	cnv_originals originals;
	cnv_text all = { 0 };

	if (test->kind == CNV_TEXT)
		cnv_text_originals(cnv_str_from(test->text), &originals);
	else
		cnv_number_originals(cnv_str_from(test->text), test->kind, &originals);
	for (uint32_t i = 0; i < originals.count; i++)
		cnv_text_format(&all, i ? " %s" : "%s", originals.at[i]);
	assert_string_equal(ended(&all), test->all);
	cnv_text_fini(&all);
}

/* ---------------------------------------------------------------- memory and size */

static void every_failing_allocation_is_told(void **state)
{
	cnv_status status = CNV_NO_MEMORY;
	struct stage stage;

	(void)state;
	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&stage, "fishes|date|decimal|yn\nCod, Other: eel|31/12/2026|4,5|oui\n"), CNV_OK);
	for (size_t i = 0; status == CNV_NO_MEMORY && i < 1000; i++) {
		cnv_batch_reset(stage.batch);
		assert_int_equal(gather_file(&stage, "fishes|date|decimal|yn\nCod, Other: eel|31/12/2026|4,5|oui\n"),
				 CNV_OK);
		cnv_mem_fail_after(i);
		status = cnv_settle(stage.batch, CNV_STR("a.csv"), NULL);
		cnv_mem_fail_after(SIZE_MAX);
		stage.batch->failed = false;
	}
	assert_int_equal(status, CNV_OK);
	close_stage(&stage);
}

/* A window of dates and numbers in the file's own way: nothing is allocated for each of them. */
static void readings_allocate_nothing_per_cell(void **state)
{
	cnv_text file = { 0 };
	cnv_ledger ledger = { 0 };
	struct stage stage;
	size_t before;

	(void)state;
	cnv_text_put(&file, CNV_STR("date|decimal|fish\n"));
	for (uint32_t i = 0; i < CNV_WINDOW_ROWS; i++)
		cnv_text_format(&file, "%u/12/2026|%u,5|Other: eel %u\n", i % 31 + 1, i, i);
	cnv_text_put_char(&file, '\0');
	open_stage(&stage, FORM);
	assert_int_equal(gather_file(&stage, file.at), CNV_OK);
	before = cnv_mem_allocations();
	assert_int_equal(cnv_settle(stage.batch, CNV_STR("a"), &ledger), CNV_OK);
	assert_true(cnv_mem_allocations() - before < 200);
	assert_int_equal(ledger.count, 3 * CNV_WINDOW_ROWS);
	close_stage(&stage);
	cnv_text_fini(&file);
}

#define ADD(cases, run)                                                                                                \
	for (size_t i = 0; i < COUNT(cases); i++)                                                                      \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			(cases)[i].name, run, NULL, NULL, (void *)(uintptr_t) & (cases)[i]                             \
		}

int main(void)
{
	static struct CMUnitTest tests[2 * COUNT(readings) + COUNT(file_cases) + COUNT(other_cases) +
				       COUNT(damage_cases) + COUNT(original_cases) + 4];
	static char names[COUNT(readings)][100];
	size_t count = 0;

	ADD(readings, read_freely);
	for (size_t i = 0; i < COUNT(readings); i++) {
		snprintf(names[i], sizeof names[i], "%s, literally", readings[i].name);
		tests[count++] =
			(struct CMUnitTest){ names[i], read_literally, NULL, NULL, (void *)(uintptr_t)&readings[i] };
	}
	ADD(file_cases, run_file_case);
	ADD(other_cases, run_other_case);
	ADD(damage_cases, run_damage_case);
	ADD(original_cases, run_original_case);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_a_list_of_ours_offers_is_no_liberty);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(texts_of_a_full_cell_may_be_cut);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_failing_allocation_is_told);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(readings_allocate_nothing_per_cell);
	return _cmocka_run_group_tests("data: values", tests, count, NULL, NULL);
}
