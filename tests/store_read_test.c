/* Reading for figures: what cnv_store_read_counts gives is what cnv_store_read gives, less what a
 * tally does not look at; and medians found by going over the store again, in its wanted columns only.
 */
#include "store_stage.h"

#include <math.h>

static const char trade_form[] =
	"survey\n|type|name|label\n|text|respondent|Who\n|integer|age|Age\n|decimal|income|Income\n|date|since|Since\n"
	"|select_one yn|member|Member\n|select_multiple yn|both|Both\n|rank yn|order|Order\n"
	"|begin repeat|ship|Ships\n|text|title|Title\n|integer|crew|Crew\n"
	"|begin repeat|trip|Trips\n|decimal|cost|Cost\n|time|left|Left\n|end repeat\n|end repeat\n"
	"choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\nsettings\n|form_id\n|trade\n";

static const char trade_file[] =
	"respondent|age|income|since|member|both|order|ship[1]/title|ship[1]/crew|ship[2]/crew|ship[1]/trip[1]/cost"
	"|ship[2]/trip[1]/cost|ship[2]/trip[2]/left\n"
	"AUS|31|10.5|2020-02-29|yes|yes no|no yes|Anna|7|D/K|-3|0.25|10:30\n"
	"NZ|many|N/A|soon|maybe|no|yes|||x|||\n"
	"PNG||-7||no||||12|||1e3|25:00\n";

/* Tables and columns that a test wants. */
struct wish {
	uint32_t table, column;
};

static bool wants_wish(const void *self, uint32_t table, uint32_t column)
{
	const struct wish *wish = self;

	return wish->table == table && wish->column == column;
}

/* Reads the figures of the round into `figures`, in windows of two. */
static cnv_status read_figures(stage *s, const cnv_wanted *wanted, cnv_batch *figures, cnv_reported *reported)
{
	cnv_cursor *cursor;
	cnv_status status = cnv_store_read_counts(&cursor, s->store, CNV_STR("2026"), wanted, &s->diags);
	uint32_t read = 0, count = 1;

	while (!status && count) {
		status = cnv_cursor_next(cursor, figures, reported + read, 2, &count, &s->diags);
		read += count;
	}
	cnv_cursor_close(cursor);
	return status;
}

static void assert_same_value(const cnv_column *all, const cnv_column *figures, uint32_t row)
{
	if (all->numbers)
		assert_true(all->numbers[row] == figures->numbers[row]);
	if (all->choices)
		assert_int_equal(all->choices[row], figures->choices[row]);
	for (uint32_t word = 0; all->sets && word < all->words; word++)
		assert_true(all->sets[row * all->words + word] == figures->sets[row * all->words + word]);
}

/* The verdicts and accepted values of one column are those of the whole reading, and there are no texts. */
static void assert_same_figures(const cnv_column *all, const cnv_column *figures, uint32_t rows)
{
	for (uint32_t row = 0; row < rows; row++) {
		assert_int_equal(all->verdicts[row], figures->verdicts[row]);
		assert_int_equal(cnv_column_text(figures, row).len, 0);
		assert_false(cnv_bit(figures->answered, row));
		if (figures->verdicts[row] != CNV_ACCEPTED || !(all->numbers || all->choices || all->sets))
			continue;
		assert_int_equal(cnv_bit(figures->usable, row), cnv_bit(all->usable, row));
		if (cnv_bit(all->usable, row))
			assert_same_value(all, figures, row);
		else if (all->numbers) /* nothing to count, nor what another window left there */
			assert_true(isnan(all->numbers[row]) && isnan(figures->numbers[row]));
	}
}

static void assert_blank(const cnv_column *column, uint32_t rows)
{
	for (uint32_t row = 0; row < rows; row++) {
		assert_int_equal(column->verdicts[row], CNV_BLANK);
		assert_false(cnv_bit(column->usable, row));
	}
}

static void assert_all_figures(stage *s)
{
	cnv_batch *figures = cnv_batch_new(s->form);
	cnv_reported reported[MOST_ROWS];
	cnv_wanted all = { 0 };

	assert_int_equal(read_back(s), CNV_OK);
	assert_int_equal(read_figures(s, &all, figures, reported), CNV_OK);
	for (uint32_t t = 0; t < s->form->table_count; t++) {
		const cnv_table *table = &s->again->tables[t];

		assert_int_equal(table->rows, figures->tables[t].rows);
		for (uint32_t row = 0; t && row < table->rows; row++)
			assert_int_equal(table->parents[row], figures->tables[t].parents[row]);
		for (uint32_t i = 0; i < table->count; i++)
			assert_same_figures(&table->columns[i], &figures->tables[t].columns[i], table->rows);
	}
	assert_int_equal(figures->remark_count, 0);
	for (uint32_t row = 0; row < s->read; row++) {
		assert_true(cnv_str_equal(reported[row].respondent, s->reported[row].respondent));
		assert_int_equal(reported[row].id, s->reported[row].id);
		assert_int_equal(reported[row].errors, s->reported[row].errors);
		assert_int_equal(reported[row].warnings, s->reported[row].warnings);
	}
	cnv_batch_free(figures);
}

static void set_trade(stage *s)
{
	set_stage(s, trade_form);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
	take(s, trade_file, false);
}

static void figures_are_those_of_the_answers(void **state)
{
	stage s;

	(void)state;
	set_trade(&s);
	take(&s, "question|answer|note\nrespondent|AUS|again\nage|40|\nship[1]/crew|8|a remark\n", false);
	assert_all_figures(&s);
	assert_int_equal(s.read, 3);
	strike(&s);
}

/* Types, lists and places of questions have changed: figures are those of the form as it is now. */
static void figures_of_an_older_form_are_those_of_its_answers(void **state)
{
	stage s;

	(void)state;
	set_trade(&s);
	close_store(&s);
	set_form(&s, "survey\n|type|name|label\n|text|respondent|Who\n|text|age|Age\n|integer|since|Since\n"
		     "|select_one yn|member|Member\n|select_multiple yn|order|Order\n|date|income|Income\n"
		     "|integer|new|New\n|begin repeat|ship|Ships\n|decimal|crew|Crew\n|end repeat\n"
		     "choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|perhaps|Perhaps\n"
		     "settings\n|form_id\n|trade\n");
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age|member|ship[1]/crew\nCT|4|perhaps|5\n", false);
	assert_all_figures(&s);
	assert_int_equal(s.read, 4);
	strike(&s);
}

/* ---------------------------------------------------------------- damage */

/* Changes the store behind the program's back. */
static void spoil(stage *s, const char *how)
{
	sqlite3 *db;

	close_store(s);
	assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, how, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(open_store(s, CNV_STORE_READ), CNV_OK);
}

static const struct damage_case {
	const char *name, *how;
	cnv_status status;
} damage_cases[] = {
	{ "a text in place of a number is read alike", "UPDATE answers_1_0_0 SET q1 = 'x', q2 = x'00'", CNV_OK },
	{ "a fraction in place of a whole number is read alike", "UPDATE answers_1_0_0 SET q1 = 2.5", CNV_OK },
	{ "a choice that is none is read alike", "UPDATE answers_1_0_0 SET q4 = 2", CNV_OK },
	{ "a choice below the first is read alike", "UPDATE answers_1_0_0 SET q4 = -1", CNV_OK },
	{ "choices that are none are read alike", "UPDATE answers_1_0_0 SET q5 = 5, q6 = 'yes perhaps'", CNV_OK },
	{ "all choices there could be are read alike", "UPDATE answers_1_0_0 SET q5 = -1", CNV_OK },
	{ "values that are gone are read alike", "UPDATE answers_1_0_0 SET q1 = NULL, q4 = NULL, q5 = NULL", CNV_OK },
	{ "verdicts that are gone are read alike", "UPDATE answers_1_0_0 SET verdicts = x'11'", CNV_OK },
	{ "a row that is gone is told", "DELETE FROM answers_1_0_0 WHERE id = 2", CNV_NO_ACCESS },
	{ "an entry without the one around it is told", "DELETE FROM answers_1_1_0", CNV_NO_ACCESS },
	{ "more choices than the form has are read alike",
	  "INSERT INTO choice VALUES (1, 0, 70, 'perhaps', NULL); UPDATE answers_1_0_0 SET q4 = 70, q5 = -1, q6 = "
	  "'perhaps "
	  "yes'",
	  CNV_OK },
	{ "choices of a list with others are read alike",
	  "INSERT INTO choice VALUES (1, 1, 0, 'perhaps', NULL), (1, 1, 1, 'yes', NULL); UPDATE question SET list = 1 "
	  "WHERE list = "
	  "0",
	  CNV_OK },
	{ "choices of no list are told", "UPDATE question SET list = NULL", CNV_NO_ACCESS },
	{ "choices of a list that is gone are told", "DELETE FROM choice", CNV_NO_ACCESS },
	{ "choices told to be texts are read alike", "UPDATE question SET list = NULL, coding = 'text'", CNV_OK },
};

static void damage_is_read_alike(void **state)
{
	const struct damage_case *test = *state;
	cnv_reported reported[MOST_ROWS];
	cnv_wanted all = { 0 };
	cnv_batch *figures;
	stage s;

	set_trade(&s);
	spoil(&s, test->how);
	figures = cnv_batch_new(s.form);
	if (!test->status)
		assert_all_figures(&s);
	assert_int_equal(read_back(&s), test->status);
	assert_int_equal(read_figures(&s, &all, figures, reported), test->status);
	assert_string_equal(s.said, test->status ? "E0708 E0708" : "");
	cnv_batch_free(figures);
	strike(&s);
}

/* A list kept in a file has no choices for the store to remember. */
static void choices_from_a_file_come_back(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, "survey\n|type|name|label\n|text|respondent|Who\n|select_one_from_file shops.csv|shop|Shop\n"
		      "|select_multiple_from_file shops.csv|shops|Shops\nsettings\n|form_id\n|shops\n");
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|shop|shops\nAUS|a|a b\nNZ||b\n", false);
	assert_all_figures(&s);
	assert_int_equal(s.read, 2);
	assert_true(cnv_str_equal(cnv_column_text(&s.again->tables[0].columns[2], 0), CNV_STR("a b")));
	strike(&s);
}

/* ---------------------------------------------------------------- wanted columns */

static const struct wish_case {
	const char *name;
	struct wish wish;
	bool entries[3]; /* of these tables: all of them, else none */
} wish_cases[] = {
	{ "a wanted number comes alone", { 0, 2 }, { true, false, false } },
	{ "a wanted choice comes alone", { 0, 4 }, { true, false, false } },
	{ "a wanted text has its verdicts", { 0, 0 }, { true, false, false } },
	{ "a wanted number of a repeat comes with its entries", { 1, 1 }, { true, true, false } },
	{ "a wanted number of an inner repeat comes with the entries around it", { 2, 0 }, { true, true, true } },
	{ "a column there is not brings no entries", { 9, 9 }, { true, false, false } },
};

static void a_wanted_column_comes_alone(void **state)
{
	const struct wish_case *test = *state;
	cnv_wanted wanted = { wants_wish, &test->wish, false };
	cnv_reported reported[MOST_ROWS];
	cnv_batch *figures;
	stage s;

	set_trade(&s);
	figures = cnv_batch_new(s.form);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(read_figures(&s, &wanted, figures, reported), CNV_OK);
	for (uint32_t t = 0; t < 3; t++) {
		const cnv_table *table = &figures->tables[t];

		assert_int_equal(table->rows, test->entries[t] ? s.again->tables[t].rows : 0);
		assert_true(s.again->tables[t].rows > 2);
		for (uint32_t i = 0; i < table->count; i++)
			if (wants_wish(&test->wish, t, i))
				assert_same_figures(&s.again->tables[t].columns[i], &table->columns[i], table->rows);
			else
				assert_blank(&table->columns[i], table->rows);
	}
	cnv_batch_free(figures);
	strike(&s);
}

/* Answers lie in parts of 500 questions; of these only the one that is needed is read. */
static void a_column_of_a_later_part_comes_alone(void **state)
{
	enum { QUESTIONS = 1200, WANTED = 777 };
	static char form[64 * QUESTIONS], file[16 * QUESTIONS];
	struct wish wish = { 0, WANTED };
	cnv_wanted wanted = { wants_wish, &wish, true };
	cnv_reported reported[MOST_ROWS];
	cnv_batch *figures;
	int len = 0, at = 0;
	stage s;

	(void)state;
	len += snprintf(form, sizeof form, "survey\n|type|name|label\n|text|respondent|Who\n");
	for (int i = 1; i < QUESTIONS; i++)
		len += snprintf(form + len, sizeof form - (size_t)len, "|integer|n%d|N %d\n", i, i);
	snprintf(form + len, sizeof form - (size_t)len, "settings\n|form_id\n|long\n");
	at += snprintf(file, sizeof file, "respondent");
	for (int i = 1; i < QUESTIONS; i++)
		at += snprintf(file + at, sizeof file - (size_t)at, "|n%d", i);
	at += snprintf(file + at, sizeof file - (size_t)at, "\nAUS");
	for (int i = 1; i < QUESTIONS; i++)
		at += snprintf(file + at, sizeof file - (size_t)at, "|%d", -i);
	snprintf(file + at, sizeof file - (size_t)at, "\n");
	set_stage(&s, form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, file, false);
	assert_all_figures(&s);
	figures = cnv_batch_new(s.form);
	assert_int_equal(read_figures(&s, &wanted, figures, reported), CNV_OK);
	assert_int_equal(figures->tables[0].rows, 1);
	assert_true(figures->tables[0].columns[WANTED].numbers[0] == -WANTED);
	assert_int_equal(figures->tables[0].columns[WANTED].verdicts[0], CNV_ACCEPTED);
	assert_blank(&figures->tables[0].columns[WANTED - 1], 1);
	assert_blank(&figures->tables[0].columns[3], 1);
	cnv_batch_free(figures);
	strike(&s);
}

/* ---------------------------------------------------------------- medians of many responses */

enum { AGE = 1, INCOME = 2, COST = 0, WINDOWS = 10, RESPONSES = WINDOWS * CNV_WINDOW_ROWS };

/* Response i earns the i-th of the different sums from -102.40 on, and made one trip that cost as much above 5,000:
 * their middle is far from that of the first ones, so that one pass does not find it. */
static double income_of(uint32_t i)
{
	return (double)i / 100 - 102.4;
}

static void put_number(cnv_batch *batch, uint32_t table, uint32_t column, double number)
{
	char text[CNV_NUMBER_ROOM];

	cnv_batch_put(batch, table, column, (cnv_str){ text, cnv_number_write(number, text) }, 0);
}

/* One file of many responses, through windows as an import does it. */
static void take_many(stage *s)
{
	static cnv_str respondents[CNV_WINDOW_ROWS];
	static uint64_t ids[CNV_WINDOW_ROWS];
	static cnv_outcome outcomes[CNV_WINDOW_ROWS];
	cnv_store_file file = next_file(s);
	cnv_ledger ledger = { 0 };

	assert_int_equal(begin(s, true), CNV_OK);
	assert_int_equal(cnv_store_put_file(s->store, &file, &s->diags), CNV_OK);
	for (uint32_t window = 0; window < WINDOWS; window++) {
		cnv_batch_reset(s->batch);
		for (uint32_t row = 0; row < CNV_WINDOW_ROWS; row++) {
			uint32_t i = window * CNV_WINDOW_ROWS + row;

			assert_int_equal(cnv_batch_row(s->batch, 0, 0, i + 2), row);
			put_number(s->batch, 0, 0, i);
			put_number(s->batch, 0, AGE, i % 80);
			put_number(s->batch, 0, INCOME, income_of(i));
			assert_int_equal(cnv_batch_row(s->batch, 1, row, i + 2), row);
			assert_int_equal(cnv_batch_row(s->batch, 2, row, i + 2), row);
			put_number(s->batch, 2, COST, income_of(i) + 5000);
		}
		assert_int_equal(cnv_settle(s->batch, CNV_STR("a.csv"), &ledger), CNV_OK);
		for (uint32_t row = 0; row < CNV_WINDOW_ROWS; row++)
			respondents[row] = cnv_column_text(&s->batch->tables[0].columns[0], row);
		assert_int_equal(cnv_store_put_batch(s->store, s->batch, respondents, ids, outcomes, NULL, &s->diags),
				 CNV_OK);
	}
	assert_int_equal(cnv_store_commit(s->store, &s->counts, &s->diags), CNV_OK);
	assert_counts(s, RESPONSES, 0, 0);
}

static bool wants_tally(const void *tally, uint32_t table, uint32_t column)
{
	return cnv_tally_wants(tally, table, column);
}

static void tally_round(stage *s, cnv_tally *tally, const cnv_wanted *wanted)
{
	static cnv_reported reported[CNV_WINDOW_ROWS];
	uint32_t count = 1;
	cnv_cursor *cursor;

	assert_int_equal(cnv_store_read_counts(&cursor, s->store, CNV_STR("2026"), wanted, &s->diags), CNV_OK);
	while (count) {
		cnv_batch_reset(s->again);
		assert_int_equal(cnv_cursor_next(cursor, s->again, reported, CNV_WINDOW_ROWS, &count, &s->diags),
				 CNV_OK);
		if (count)
			assert_int_equal(cnv_tally_add(tally, s->again, reported), CNV_OK);
	}
	cnv_cursor_close(cursor);
}

static const cnv_question_tally *tally_of(const stage *s, const cnv_tally *tally, uint32_t table, uint32_t column)
{
	return cnv_tally_question(tally, s->form->tables[table].columns[column]);
}

static void medians_of_many_come_from_wanted_columns(void **state)
{
	cnv_wanted wanted = { 0 };
	const double middle = (double)(RESPONSES - 1) / 2 / 100 - 102.4;
	uint32_t passes = 0;
	cnv_tally *tally;
	stage s;

	(void)state;
	set_stage(&s, trade_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take_many(&s);
	tally = cnv_tally_new(s.form, NULL);
	assert_non_null(tally);
	do {
		bool first = !passes++;

		assert_int_equal(cnv_tally_wants(tally, 0, AGE), first);
		assert_int_equal(cnv_tally_wants(tally, 0, 0), first);
		assert_true(cnv_tally_wants(tally, 0, INCOME) || cnv_tally_wants(tally, 2, COST));
		tally_round(&s, tally, &wanted);
		wanted = (cnv_wanted){ wants_tally, tally, true };
	} while (cnv_tally_again(tally));
	assert_in_range(passes, 2, 7);
	assert_true(tally_of(&s, tally, 0, AGE)->median == 39.5);
	assert_float_equal(tally_of(&s, tally, 0, INCOME)->median, middle, 1e-9);
	assert_float_equal(tally_of(&s, tally, 2, COST)->median, middle + 5000, 1e-9);
	/* A later pass counts nothing twice. */
	assert_int_equal(tally_of(&s, tally, 0, INCOME)->numbers, RESPONSES);
	assert_int_equal(tally_of(&s, tally, 0, AGE)->standing[CNV_STANDING_ANSWERED], RESPONSES);
	assert_int_equal(tally_of(&s, tally, 2, COST)->standing[CNV_STANDING_ANSWERED], RESPONSES);
	assert_true(tally_of(&s, tally, 0, INCOME)->least == -102.4);
	cnv_tally_free(tally);
	strike(&s);
}

/* ---------------------------------------------------------------- carried from an older form */

/* Of the second form: a question and a repeat have other names, and so has a choice; another choice is gone. */
static const char first_ports[] =
	"survey\n|type|name|label\n|text|respondent|Who\n|select_one st|status|Status\n"
	"|select_multiple why|why|Obstacles\n|begin repeat|port|Ports\n|integer|n|Berths\n"
	"|end repeat\n|integer|old|No longer asked\nchoices\n|list_name|name|label\n|st|f|In force\n"
	"|st|d|In draft\n|why|c|Cost\n|why|l|Law\nsettings\n|form_id\n|ports\n";
static const char second_ports[] =
	"survey\n|type|name|label\n|text|respondent|Who\n|text|added|New\n|select_one st|state_of_law|Status\n"
	"|select_multiple why|why|Obstacles\n|begin repeat|harbour|Ports\n|integer|berths|Berths\n|end repeat\n"
	"choices\n|list_name|name|label\n|st|none|None\n|st|force|In force\n|why|l|Law\n|why|c|Cost\n"
	"settings\n|form_id\n|ports\n";
enum { ADDED = 1, STATE_OF_LAW, WHY };

static void answers_to_an_older_form_are_carried(void **state)
{
	cnv_migration migration;
	cnv_form *first;
	const cnv_column *columns;
	stage s;

	(void)state;
	set_stage(&s, first_ports);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	answer(&s, "question|answer|note\nrespondent|AUS|\nstatus|f|a "
		   "remark\nwhy|c|\nport[1]/n|8|\nport[2]/n|9|\nold|3|\n");
	for (uint32_t t = 0; t < s.batch->table_count; t++) /* as judging would have it */
		for (uint32_t i = 0; i < s.batch->tables[t].count; i++)
			memset(s.batch->tables[t].columns[i].verdicts, CNV_ACCEPTED, s.batch->tables[t].rows);
	assert_int_equal(put(&s, false), CNV_OK);
	answer(&s, "respondent|status|why|old\nNZ|d|l c|\n");
	memset(s.batch->tables[0].columns[1].verdicts, CNV_ACCEPTED, 1);
	memset(s.batch->tables[0].columns[2].verdicts, CNV_ACCEPTED, 1);
	assert_int_equal(put(&s, false), CNV_OK);
	close_store(&s);
	first = s.form;
	s.form = NULL;
	set_form(&s, second_ports);
	assert_int_equal(cnv_form_migrate(&migration, first, s.form, &s.arena), CNV_OK);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	cnv_store_carry(s.store, &migration);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 2);
	columns = s.again->tables[0].columns;
	assert_int_equal(columns[ADDED].verdicts[0], CNV_NOT_ASKED);
	assert_int_equal(columns[STATE_OF_LAW].verdicts[0], CNV_ACCEPTED);
	assert_int_equal(columns[STATE_OF_LAW].choices[0], 1);
	assert_int_equal(columns[STATE_OF_LAW].verdicts[1], CNV_NOT_A_CHOICE);
	assert_int_equal(columns[WHY].sets[0], 2);
	assert_int_equal(columns[WHY].sets[1], 3);
	assert_int_equal(s.again->tables[1].rows, 2);
	assert_true(s.again->tables[1].columns[0].numbers[1] == 9);
	assert_int_equal(s.again->remark_count, 1);
	assert_int_equal(s.again->remarks[0].question, cnv_form_find(s.form, CNV_STR("state_of_law")));
	cnv_form_fini(first);
	strike(&s);
}

/* ---------------------------------------------------------------- all of them */

#define WISHES (sizeof wish_cases / sizeof wish_cases[0])
#define DAMAGES (sizeof damage_cases / sizeof damage_cases[0])

int main(void)
{
	static const struct CMUnitTest stories[] = {
		cmocka_unit_test(figures_are_those_of_the_answers),
		cmocka_unit_test(choices_from_a_file_come_back),
		cmocka_unit_test(figures_of_an_older_form_are_those_of_its_answers),
		cmocka_unit_test(answers_to_an_older_form_are_carried),
		cmocka_unit_test(a_column_of_a_later_part_comes_alone),
		cmocka_unit_test(medians_of_many_come_from_wanted_columns),
	};
	static struct CMUnitTest tests[WISHES + DAMAGES + sizeof stories / sizeof stories[0]];
	size_t count = 0;

	for (size_t i = 0; i < WISHES; i++)
		tests[count++] = (struct CMUnitTest){ .name = wish_cases[i].name,
						      .test_func = a_wanted_column_comes_alone,
						      .initial_state = (void *)(uintptr_t)&wish_cases[i] };
	for (size_t i = 0; i < DAMAGES; i++)
		tests[count++] = (struct CMUnitTest){ .name = damage_cases[i].name,
						      .test_func = damage_is_read_alike,
						      .initial_state = (void *)(uintptr_t)&damage_cases[i] };
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		tests[count++] = stories[i];
	return _cmocka_run_group_tests("store_read", tests, count, NULL, NULL);
}
