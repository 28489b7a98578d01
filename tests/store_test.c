/* The room store: what is written is read back, and later answers are revisions of earlier ones. */
#include "store_stage.h"

/* ---------------------------------------------------------------- equal batches */

static void assert_same_cell(const cnv_column *a, const cnv_column *b, uint32_t row)
{
	cnv_str x = cnv_column_text(a, row), y = cnv_column_text(b, row);

	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.at, y.at, x.len);
	assert_int_equal(a->verdicts[row], b->verdicts[row]);
	assert_int_equal(cnv_bit(a->answered, row), cnv_bit(b->answered, row));
	assert_int_equal(cnv_bit(a->understood, row), cnv_bit(b->understood, row));
	assert_int_equal(cnv_bit(b->usable, row), cnv_bit(a->understood, row) && a->verdicts[row] == CNV_ACCEPTED);
	if (!cnv_bit(a->understood, row))
		return;
	if (a->numbers)
		assert_memory_equal(&a->numbers[row], &b->numbers[row], sizeof *a->numbers);
	if (a->days)
		assert_int_equal(a->days[row], b->days[row]);
	if (a->moments)
		assert_true(a->moments[row] == b->moments[row]);
	if (a->choices)
		assert_int_equal(a->choices[row], b->choices[row]);
	if (a->sets)
		assert_memory_equal(a->sets + (size_t)row * a->words, b->sets + (size_t)row * b->words,
				    a->words * sizeof *a->sets);
}

static void assert_same_batch(const cnv_batch *a, const cnv_batch *b)
{
	for (uint32_t t = 0; t < a->table_count; t++) {
		const cnv_table *x = &a->tables[t], *y = &b->tables[t];

		assert_int_equal(x->rows, y->rows);
		for (uint32_t row = 0; row < x->rows; row++) {
			assert_int_equal(x->lines[row], y->lines[row]);
			if (t)
				assert_int_equal(x->parents[row], y->parents[row]);
			if (t)
				assert_int_equal(x->positions[row], y->positions[row]);
			for (uint32_t i = 0; i < x->count; i++) {
				assert_same_cell(&x->columns[i], &y->columns[i], row);
				assert_int_equal(cnv_row_line(x, &x->columns[i], row),
						 cnv_row_line(y, &y->columns[i], row));
			}
		}
	}
	assert_int_equal(a->remark_count, b->remark_count);
	for (uint32_t i = 0; i < a->remark_count; i++) {
		assert_int_equal(a->remarks[i].table, b->remarks[i].table);
		assert_int_equal(a->remarks[i].row, b->remarks[i].row);
		assert_int_equal(a->remarks[i].question, b->remarks[i].question);
		assert_int_equal(a->remarks[i].line, b->remarks[i].line);
		assert_true(cnv_str_equal(a->remarks[i].text, b->remarks[i].text));
	}
}

/* ---------------------------------------------------------------- cells: each is stored and read back */

struct cell_case {
	const char *name, *type, *cell;
	cnv_verdict verdict; /* CNV_BLANK: as settled */
	int own;             /* the respondent's own text is kept */
};

/* clang-format off */
static const struct cell_case cell_cases[] = {
	{ "a text is kept as it came", "text", "  two blanks, é 船  ", 0, 0 },
	{ "a blank cell stays blank", "text", "", 0, 0 },
	{ "a cell of blanks alone is blank", "text", "   ", 0, 0 },
	{ "a whole number", "integer", "42", 0, 0 },
	{ "the least whole number", "integer", "-2147483648", 0, 0 },
	{ "leading zeros are kept", "integer", "007", 0, 1 },
	{ "blanks around a number are kept", "integer", " 7 ", 0, 1 },
	{ "minus zero is kept", "integer", "-0", 0, 1 },
	{ "a number that is none", "integer", "many", 0, 1 },
	{ "a decimal", "decimal", "99889.6", 0, 0 },
	{ "a decimal with a last zero", "decimal", "0.50", 0, 1 },
	{ "a decimal below one", "decimal", "-0.000001", 0, 0 },
	{ "a decimal of 17 digits", "decimal", "0.12345678901234567", 0, 1 },
	{ "a decimal beyond 2^53", "decimal", "9007199254740993", 0, 1 },
	{ "a date", "date", "2026-02-28", 0, 0 },
	{ "the first date", "date", "0001-01-01", 0, 0 },
	{ "the last date", "date", "9999-12-31", 0, 0 },
	{ "a date that does not exist", "date", "2026-02-30", 0, 1 },
	{ "a time", "time", "09:05", 0, 0 },
	{ "a time with seconds", "time", "23:59:59", 0, 0 },
	{ "a time with milliseconds and a zone", "time", "23:59:59.123+10:00", 0, 1 },
	{ "an instant of another zone", "dateTime", "2026-12-01T09:00:00.000+10:00", 0, 1 },
	{ "a choice by its name", "select_one few", "b", 0, 0 },
	{ "a choice by its label", "select_one few", "Beta", 0, 1 },
	{ "a choice that is none", "select_one few", "z", 0, 1 },
	{ "several choices in the list's order", "select_multiple few", "a c", 0, 0 },
	{ "several choices in another order", "select_multiple few", "c a", 0, 1 },
	{ "several choices of a long list", "select_multiple many", "m3 m70", 0, 0 },
	{ "the same in another order", "select_multiple many", "m70 m3", 0, 1 },
	{ "several choices of which one is none", "select_multiple few", "a z", 0, 1 },
	{ "a ranking", "rank few", "c a b", 0, 0 },
	{ "a ranking with two blanks", "rank few", "c  a b", 0, 1 },
	{ "a ranking by labels", "rank few", "Gamma; Alpha; Beta", 0, 1 },
	{ "a place", "geopoint", "12.5 -3 0 0", 0, 0 },
	{ "a file name", "image", "a.jpg", 0, 0 },
	{ "an acknowledgement", "acknowledge", "OK", 0, 0 },
	{ "not applicable", "integer", "N/A", 0, 0 },
	{ "do not know, as a text", "text", "D/K", 0, 0 },
	{ "withheld, with a blank", "date", "CONF ", 0, 1 },
	{ "a missing answer", "integer", "", CNV_MISSING, 0 },
	{ "a number against the rule", "integer", "5", CNV_AGAINST_CONSTRAINT, 0 },
	{ "a choice that was filtered out", "select_one few", "a", CNV_NOT_A_CHOICE, 0 },
	{ "a question not asked", "text", "", CNV_NOT_ASKED, 0 },
	{ "an answer not due", "integer", "5", CNV_UNDUE, 0 },
	{ "a missing word not due", "integer", "N/A", CNV_UNDUE, 1 },
	{ "an answer that could not be checked", "text", "x", CNV_UNCHECKED, 0 },
};
/* clang-format on */

static char cell_form[4096];

static void set_cell_form(const char *type)
{
	int len = snprintf(cell_form, sizeof cell_form,
			   "survey\n|type|name|label\n|text|respondent|Who\n|%s|q|Q\n|text|end|End\nchoices\n"
			   "|list_name|name|label\n|few|a|Alpha\n|few|b|Beta\n|few|c|Gamma\n",
			   type);

	for (int i = 0; i < 80; i++)
		len += snprintf(cell_form + len, sizeof cell_form - (size_t)len, "|many|m%d|M %d\n", i, i);
	snprintf(cell_form + len, sizeof cell_form - (size_t)len, "settings\n|form_id\n|cells\n");
}

static void a_cell_comes_back(void **state)
{
	const struct cell_case *test = *state;
	char file[256];
	stage s;

	set_cell_form(test->type);
	set_stage(&s, cell_form);
	snprintf(file, sizeof file, "respondent|q|end\nAUS|%s|x\nNZ|%s|\n", test->cell, test->cell);
	answer(&s, file);
	if (test->verdict)
		s.batch->tables[0].columns[1].verdicts[0] = (uint8_t)test->verdict;
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(put(&s, false), CNV_OK);
	close_store(&s);
	assert_int_equal(open_store(&s, CNV_STORE_READ), CNV_OK);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_same_batch(s.batch, s.again);
	assert_string_equal(s.said, "");
	assert_string_equal(dump(&s, "SELECT count(own) FROM answers_1_0_0 WHERE id = 1"),
			    test->own ? " 1:1\n" : " 1:0\n");
	if (cnv_str_starts(cnv_str_from(test->type), CNV_STR("rank")))
		assert_string_equal(dump(&s, "SELECT q1 FROM answers_1_0_0 WHERE id = 1"), " 3:c a b\n");
	strike(&s);
}

/* ---------------------------------------------------------------- whole files */

static void repeats_inside_repeats_come_back(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	answer(&s, "question|answer|note\n"
		   "respondent|AUS|by e-mail\n"
		   "doc[2]/title|second|\n"
		   "doc[1]/title|first|a remark\n"
		   "doc[2]/issue[1]/day|2026-01-01|\n"
		   "doc[2]/issue[2]/day|soon|another\n"
		   "n|3|\n");
	assert_int_equal(s.batch->tables[2].rows, 2);
	assert_int_equal(s.batch->remark_count, 3);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	assert_int_equal(put(&s, false), CNV_OK);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_same_batch(s.batch, s.again);
	assert_int_equal(s.reported[0].revision, 1);
	assert_int_equal(s.reported[0].received.utc_ms, 1000);
	take(&s, "respondent|doc[1]/title|doc[2]/title|doc[1]/issue[1]/day\nNZ|a|b|2026-02-02\nPNG||c|\n", true);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 3);
	assert_int_equal(s.again->tables[1].rows, 2 + s.batch->tables[1].rows);
	assert_whole(&s);
	strike(&s);
}

static void later_answers_are_revisions(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|age|member\nAUS|1|yes\nNZ|1|yes\n", false);
	assert_counts(&s, 2, 0, 0);
	take(&s, "respondent|age|member\nAUS|2|yes\nNZ|1|yes\nNZ|3|no\nNZ|3|no\n", false);
	assert_counts(&s, 0, 2, 2);
	assert_int_equal(s.outcomes[1], CNV_ALREADY);
	assert_int_equal(s.ids[1], 0);
	assert_int_equal(s.ids[2], 4);
	/* Back to an earlier answer is a revision too; the order of columns does not matter. */
	take(&s, "member|age|respondent\nyes|1|AUS\n", false);
	assert_counts(&s, 0, 1, 0);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 2);
	assert_true(cnv_str_equal(s.reported[0].respondent, CNV_STR("NZ")));
	assert_int_equal(s.reported[0].revision, 2);
	assert_int_equal(s.reported[0].line, 4);
	assert_int_equal(s.reported[0].file, 1);
	assert_int_equal(s.reported[1].revision, 3);
	assert_int_equal(s.reported[1].file, 2);
	strike(&s);
}

static void a_remark_makes_a_revision(void **state)
{
	stage s;

	(void)state;
	set_stage(&s, plain_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "question|answer|note\nrespondent|AUS|\nage|4|\n", false);
	take(&s, "question|answer|note\nrespondent|AUS|\nage|4|\n", false);
	assert_counts(&s, 0, 0, 1);
	take(&s, "question|answer|note\nrespondent|AUS|\nage|4|about\n", false);
	assert_counts(&s, 0, 1, 0);
	strike(&s);
}

/* The same story in small and in large transactions; ids and index order aside, the stores are alike. */
static const char *tell_story(bool large, stage *s)
{
	static const cnv_store_counts expected[] = { { 3, 1, 1, 0 }, { 1, 2, 3, 0 }, { 0, 0, 2, 0 } };

	set_stage(s, plain_form);
	assert_int_equal(open_store(s, CNV_STORE_WRITE), CNV_OK);
	for (size_t i = 0; i < 3; i++) {
		take(s, pairing_story[i], large);
		assert_counts(s, expected[i].fresh, expected[i].revisions, expected[i].already);
	}
	assert_whole(s);
	return dump(s, "SELECT r.respondent, r.revision, r.file, r.line, r.digest, (SELECT revision FROM response l"
		       " WHERE l.id = r.later), a.q0, a.q1, a.q2, a.verdicts FROM response r LEFT JOIN answers_1_0_0 a"
		       " ON a.id = r.id ORDER BY 1, 2");
}

static void large_and_small_transactions_agree(void **state)
{
	stage small, large;
	const char *a = tell_story(false, &small), *b = tell_story(true, &large);

	(void)state;
	assert_string_equal(a, b);
	assert_string_equal(dump(&large, "SELECT count(*) FROM answers_1_0_0"), " 1:7\n");
	/* The index is back, and small transactions find in it what large ones wrote. */
	take(&large, "respondent|age|member\nAUS|3|yes\nNZ|9|yes\n", false);
	assert_counts(&large, 0, 1, 1);
	strike(&small);
	strike(&large);
}

static void what_hangs_on_a_dropped_response_goes_too(void **state)
{
	cnv_str who[2] = { CNV_STR("AUS"), CNV_STR("AUS") };
	cnv_finding finding = { .diag = { .severity = CNV_ERROR, .message = CNV_STR("m") }, .question = CNV_NONE };
	cnv_ledger_entry entry = { .why = "w" };
	stage s;

	(void)state;
	set_stage(&s, nested_form);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|doc[1]/title|doc[1]/issue[1]/day\nAUS|a|2026-01-01\n", false);
	answer(&s, "respondent|doc[1]/title|doc[1]/issue[1]/day\nAUS|a|2026-01-01\nAUS|a|2026-01-01\n");
	assert_int_equal(begin(&s, true), CNV_OK);
	assert_int_equal(cnv_store_put_file(s.store, &(cnv_store_file){ .sha256 = { 9 } }, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_batch(s.store, s.batch, who, s.ids, s.outcomes, NULL, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_finding(s.store, s.ids[0], &finding, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_put_ledger(s.store, s.ids[1], &entry, &s.diags), CNV_OK);
	assert_int_equal(cnv_store_commit(s.store, &s.counts, &s.diags), CNV_OK);
	assert_counts(&s, 0, 0, 2);
	assert_string_equal(dump(&s, "SELECT (SELECT count(*) FROM response), (SELECT count(*) FROM answers_1_0_0),"
				     " (SELECT count(*) FROM answers_1_1_0), (SELECT count(*) FROM answers_1_2_0),"
				     " (SELECT count(*) FROM finding), (SELECT count(*) FROM ledger)"),
			    " 1:1 1:1 1:1 1:1 1:0 1:0\n");
	strike(&s);
}

static void the_same_imports_give_the_same_store(void **state)
{
	const char *dumps[2];
	stage s[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		set_stage(&s[i], nested_form);
		assert_int_equal(open_store(&s[i], CNV_STORE_WRITE), CNV_OK);
		take(&s[i], "respondent|n|doc[1]/title\nAUS|1|x\nNZ|oh|y\n", false);
		take(&s[i], "respondent|n|doc[1]/title\nAUS|2|x\nAUS|3|x\n", true);
		dumps[i] = dump(&s[i], NULL);
	}
	assert_string_equal(dumps[0], dumps[1]);
	strike(&s[0]);
	strike(&s[1]);
}

/* ---------------------------------------------------------------- many questions */

static void many_questions(uint32_t count)
{
	cnv_text form = { 0 }, file = { 0 };
	stage s;

	cnv_text_put(&form, CNV_STR("survey\n|type|name|label\n|text|respondent|Who\n"));
	cnv_text_put(&file, CNV_STR("respondent"));
	for (uint32_t i = 0; i < count; i++) {
		cnv_text_format(&form, "|integer|q%u|Q %u\n", i, i);
		cnv_text_format(&file, "|q%u", i);
	}
	cnv_text_put(&form, CNV_STR("settings\n|form_id\n|long"));
	cnv_text_put_char(&form, 0);
	for (uint32_t row = 0; row < 3; row++) {
		cnv_text_format(&file, "\nR%u", row);
		for (uint32_t i = 0; i < count; i++)
			cnv_text_format(&file, i % 7 == row ? "|x%u" : "|%u", i);
	}
	cnv_text_put_char(&file, 0);
	set_stage(&s, form.at);
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, file.at, false);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_same_batch(s.batch, s.again);
	assert_whole(&s);
	cnv_text_fini(&form);
	cnv_text_fini(&file);
	strike(&s);
}

static void twelve_hundred_questions_come_back(void **state)
{
	(void)state;
	many_questions(1200);
}

static void five_thousand_questions_come_back(void **state)
{
	(void)state;
	many_questions(5000);
}

/* ---------------------------------------------------------------- versions of a form */

static void answers_to_an_older_form_are_read_by_name(void **state)
{
	stage s;

	(void)state;
	set_stage(
		&s,
		"survey\n|type|name|label\n|text|respondent|Who\n|select_one l|one|One\n|select_multiple l|more|More\n"
		"|integer|n|N\n|text|gone|Gone\n|date|when|When\n|begin repeat|doc|D\n|text|title|T\n|end repeat\n"
		"choices\n|list_name|name|label\n|l|a|A\n|l|b|B\n|l|c|C\nsettings\n|form_id\n|f\n");
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|one|more|n|gone|when|doc[1]/title\nAUS|c|b c|5|x|2026-01-01|t\nNZ|a|a|6|x||\n", false);
	close_store(&s);
	/* Choices turned round and one gone; a question moved, one new, one of another type; the repeat later. */
	set_form(&s,
		 "survey\n|type|name|label\n|text|respondent|Who\n|text|new|New\n|begin group|g|G\n|decimal|n|N\n"
		 "|end group\n|select_multiple l|more|More\n|select_one l|one|One\n|integer|when|When\n"
		 "|begin repeat|other|O\n|text|x|X\n|end repeat\n|begin repeat|doc|D\n|integer|size|S\n|text|title|T\n"
		 "|end repeat\nchoices\n|list_name|name|label\n|l|c|C\n|l|b|B\nsettings\n|form_id\n|f\n");
	assert_int_equal(open_store(&s, CNV_STORE_WRITE), CNV_OK);
	take(&s, "respondent|n|one\nPNG|7.5|b\n", false);
	assert_int_equal(read_back(&s), CNV_OK);
	assert_int_equal(s.read, 3);

	const cnv_column *c = s.again->tables[0].columns;
	/* respondent, new, n, more, one, when */
	assert_int_equal(c[1].verdicts[0], CNV_NOT_ASKED);
	assert_true(c[2].numbers[0] == 5 && c[2].numbers[2] == 7.5);
	assert_int_equal(c[3].sets[0], 3);
	assert_int_equal(c[4].choices[0], 0);
	assert_int_equal(c[4].verdicts[0], CNV_ACCEPTED);
	assert_int_equal(c[4].verdicts[1], CNV_NOT_A_CHOICE);
	assert_false(cnv_bit(c[4].understood, 1));
	assert_true(cnv_str_equal(cnv_column_text(&c[4], 1), CNV_STR("a")));
	assert_int_equal(c[4].choices[2], 1);
	assert_int_equal(c[5].verdicts[0], CNV_UNREADABLE);
	assert_true(cnv_str_equal(cnv_column_text(&c[5], 0), CNV_STR("2026-01-01")));
	assert_int_equal(s.again->tables[1].rows, 0);
	assert_int_equal(s.again->tables[2].rows, 1);
	assert_true(cnv_str_equal(cnv_column_text(&s.again->tables[2].columns[1], 0), CNV_STR("t")));
	/* The same answers under the new form are no revision. */
	take(&s, "respondent|n|one\nPNG|7.5|b\n", false);
	assert_counts(&s, 0, 0, 1);
	strike(&s);
}

/* ---------------------------------------------------------------- all of them */

#define CELLS (sizeof cell_cases / sizeof cell_cases[0])

int main(void)
{
	static const struct CMUnitTest stories[] = {
		cmocka_unit_test(repeats_inside_repeats_come_back),
		cmocka_unit_test(later_answers_are_revisions),
		cmocka_unit_test(a_remark_makes_a_revision),
		cmocka_unit_test(large_and_small_transactions_agree),
		cmocka_unit_test(what_hangs_on_a_dropped_response_goes_too),
		cmocka_unit_test(the_same_imports_give_the_same_store),
		cmocka_unit_test(twelve_hundred_questions_come_back),
		cmocka_unit_test(five_thousand_questions_come_back),
		cmocka_unit_test(answers_to_an_older_form_are_read_by_name),
	};
	static struct CMUnitTest tests[CELLS + sizeof stories / sizeof stories[0]];
	size_t count = 0;

	for (size_t i = 0; i < CELLS; i++)
		tests[count++] = (struct CMUnitTest){ .name = cell_cases[i].name,
						      .test_func = a_cell_comes_back,
						      .initial_state = (void *)&cell_cases[i] };
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		tests[count++] = stories[i];
	return _cmocka_run_group_tests("store", tests, count, NULL, NULL);
}
