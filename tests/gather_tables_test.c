/* Returns of several tables: which table holds what, and the entries under their responses.
 *
 * A return is written as tables, each behind a line `= name`, or `= name tab` for a sheet. */
#include "gather_stage.h"

static void hear_places(void *self, const cnv_diag *diag)
{
	struct stage *stage = self;
	char name[8];

	cnv_code_name(diag->code, name);
	cnv_text_format(&stage->said, "%s%s@%.*s%s%.*s:%u", stage->said.len ? " " : "", name,
			CNV_ARG(diag->place.source), diag->place.tab ? "!" : "", CNV_ARG(diag->place.sheet),
			diag->place.row);
	if (diag->place.column)
		cnv_text_format(&stage->said, ":%u", diag->place.column);
	cnv_text_format(&stage->hints, "%.*s (%.*s)\n", CNV_ARG(diag->message), CNV_ARG(diag->hint));
}

static cnv_status open_table(struct stage *stage, cnv_gather *gather, cnv_str title, cnv_str header)
{
	cnv_str fields[MOST_FIELDS], name, tab = { 0 };
	uint32_t count = split(header, fields), table;
	cnv_holds holds;
	int64_t number = 0;

	cnv_str_word(&title, &name);
	cnv_str_word(&title, &tab);
	cnv_integer_read(tab, &number);
	holds = cnv_gather_recognise(stage->form, name, fields, count, &table);
	cnv_text_format(&stage->ledger, "%s%.*s:%s", stage->ledger.len ? " " : "", CNV_ARG(name),
			holds == CNV_HOLDS_ENTRIES     ? "entries"
			: holds == CNV_HOLDS_RESPONSES ? "responses"
						       : "nothing");
	if (holds == CNV_HOLDS_ENTRIES)
		cnv_text_format(&stage->ledger, "(%u)", table);
	return cnv_gather_open(gather, holds, table,
			       number ? (cnv_origin){ .sheet = name, .tab = (uint32_t)number }
				      : (cnv_origin){ .source = name });
}

static cnv_status gather_tables(struct stage *stage, const char *tables)
{
	cnv_diags diags = { .emit = hear_places, .self = stage };
	cnv_gather *gather = cnv_gather_new(stage->form, stage->batch, CNV_STR("book"), &diags);
	cnv_str rest = cnv_str_from(tables), line, title = { 0 }, fields[MOST_FIELDS];
	cnv_status status = gather ? CNV_OK : CNV_NO_MEMORY;
	uint32_t row = 0;

	while (!status && cnv_str_split(&rest, '\n', &line)) {
		uint32_t count = split(line, fields);

		if (cnv_str_starts(line, CNV_STR("= "))) {
			title = cnv_str_slice(line, 2, line.len);
			row = 0;
			continue;
		}
		if (!row++)
			status = open_table(stage, gather, title, line);
		for (uint32_t i = 0; !status && i < count; i++)
			cnv_gather_field(gather, fields[i]);
		if (!status)
			status = cnv_gather_record(gather, row);
	}
	if (gather && !status)
		status = cnv_gather_end(gather);
	cnv_gather_free(gather);
	return status;
}

/* ---------------------------------------------------------------- what a table holds */

#define TWO_ALIKE                                                                                                      \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|who|Who\n"                                                                                              \
	"|begin_repeat|ship|Ships\n"                                                                                   \
	"|text|flag|Flag\n"                                                                                            \
	"|end_repeat||\n"                                                                                              \
	"|begin_repeat|a-ship|Other ships\n"                                                                           \
	"|text|flag|Flag\n"                                                                                            \
	"|end_repeat||\n"                                                                                              \
	"|begin_repeat|a_repeat_with_a_name_too_long_for_a_tab|Long\n"                                                 \
	"|text|flag|Flag\n"                                                                                            \
	"|end_repeat||\n"

static const struct holds_case {
	const char *name, *form, *title, *header;
	cnv_holds holds;
	uint32_t table;
} holds_cases[] = {
	{ "a table of responses", DEMO, "demo", "economy|seats", CNV_HOLDS_RESPONSES, 0 },
	{ "a long questionnaire", DEMO, "Part A", "question|no|label|answer", CNV_HOLDS_RESPONSES, 0 },
	{ "a repeat by its questions and PARENT_KEY", DEMO, "x", "doc_name|fee|PARENT_KEY|KEY", CNV_HOLDS_ENTRIES, 1 },
	{ "a nested repeat by its questions", DEMO, "x", "age|PARENT_KEY|KEY", CNV_HOLDS_ENTRIES, 2 },
	{ "a repeat in KoboToolbox's manner", DEMO, "doc", "doc_name|_index|_parent_index", CNV_HOLDS_ENTRIES, 1 },
	{ "a repeat in canvass's manner", DEMO, "Documents", "doc[]/doc_name|doc[]/fee", CNV_HOLDS_ENTRIES, 1 },
	{ "a nested repeat in canvass's manner", DEMO, "Holders", "doc[]|doc[]/holder[]/age", CNV_HOLDS_ENTRIES, 2 },
	{ "a repeat by labels", DEMO, "x", "Name of the document|Fee|PARENT_KEY", CNV_HOLDS_ENTRIES, 1 },
	{ "a repeat without keys", DEMO, "x", "doc_name|fee", CNV_HOLDS_ENTRIES, 1 },
	{ "responses with a question of a repeat", DEMO, "x", "economy|doc_name", CNV_HOLDS_RESPONSES, 0 },
	{ "a table of something else", DEMO, "doc", "colour|size", CNV_HOLDS_NOTHING, 0 },
	{ "a table of something else with keys", DEMO, "doc", "colour|PARENT_KEY|KEY", CNV_HOLDS_NOTHING, 0 },
	{ "two repeats that fit alike", TWO_ALIKE, "x", "flag|PARENT_KEY", CNV_HOLDS_NOTHING, 0 },
	{ "of two repeats that fit alike the one of the name", TWO_ALIKE, "fleet-ship", "flag|PARENT_KEY",
	  CNV_HOLDS_ENTRIES, 1 },
	{ "of two names the longer", TWO_ALIKE, "fleet-a-ship", "flag|PARENT_KEY", CNV_HOLDS_ENTRIES, 2 },
	{ "a name that another file has too", TWO_ALIKE, "fleet-ship~2", "flag|PARENT_KEY", CNV_HOLDS_ENTRIES, 1 },
	{ "a name cut to fit on a tab", TWO_ALIKE, "a_repeat_with_a_name_too_long_f", "flag|_parent_index",
	  CNV_HOLDS_ENTRIES, 3 },
};

static void run_holds_case(void **state)
{
	const struct holds_case *test = *state;
	struct stage stage;
	cnv_str fields[MOST_FIELDS];
	uint32_t count = split(cnv_str_from(test->header), fields), table;

	open_stage(&stage, test->form);
	assert_int_equal(cnv_gather_recognise(stage.form, cnv_str_from(test->title), fields, count, &table),
			 test->holds);
	assert_int_equal(table, test->table);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- tables together */

static const struct tables_case {
	const char *name, *tables;
	cnv_status status;
	const char *said; /* code@file!sheet:row:column of each diagnostic */
	const char *dump;
} tables_cases[] = {
	{ "entries by KEY, in the order of their table",
	  "= demo-doc.csv\ndoc_name|fee|PARENT_KEY|KEY\nC|3|u2|u2/doc[1]\nA|1|u1|u1/doc[1]\nB||u1|u1/doc[2]\n"
	  "= demo.csv\neconomy|KEY\nAUS|u1\nNZ|u2\n",
	  CNV_OK, "",
	  "0:economy=AUS 1:economy=NZ 0:doc[1]/doc_name=A 0:doc[1]/fee=1 0:doc[2]/doc_name=B 1:doc[1]/doc_name=C "
	  "1:doc[1]/fee=3" },
	{ "entries inside entries, their table first",
	  "= demo-holder.csv\nage|PARENT_KEY|KEY\n7|u1/doc[2]|h1\n8|u1/doc[1]|h2\n9|u1/doc[2]|h3\n"
	  "= demo-doc.csv\ndoc_name|PARENT_KEY|KEY\nA|u1|u1/doc[1]\nB|u1|u1/doc[2]\n"
	  "= demo.csv\neconomy|KEY\nAUS|u1\n",
	  CNV_OK, "",
	  "economy=AUS doc[1]/doc_name=A doc[2]/doc_name=B doc[1]/holder[1]/age=8 doc[2]/holder[1]/age=7 "
	  "doc[2]/holder[2]/age=9" },
	{ "an entry with a key and no answer is there",
	  "= doc\ndoc_name|PARENT_KEY|KEY\n|u1|k1\nB|u1|k2\n= demo\neconomy|KEY\nAUS|u1\n", CNV_OK, "",
	  "economy=AUS doc[2]/doc_name=B" },
	{ "KoboToolbox numbers its rows",
	  "= holder 3\nage|_index|_parent_table_name|_parent_index|_submission__uuid\n5|1|doc|2|x\n"
	  "= doc 2\nfee|_index|_parent_table_name|_parent_index|_submission__uuid\n1|1|demo|2|y\n2|2|demo|1|x\n"
	  "= demo 1\neconomy|_uuid|_index\nAUS|x|1\nNZ|y|2\n",
	  CNV_OK, "", "0:economy=AUS 1:economy=NZ 0:doc[1]/fee=2 1:doc[1]/fee=1 0:doc[1]/holder[1]/age=5" },
	{ "KoboToolbox knows a response by its uuid",
	  "= doc 2\nfee|_submission__uuid\n1|y\n2|x\n= demo 1\neconomy|_uuid\nAUS|x\nNZ|y\n", CNV_OK, "",
	  "0:economy=AUS 1:economy=NZ 0:doc[1]/fee=2 1:doc[1]/fee=1" },
	{ "canvass's sheets: one response in sections, entries without keys",
	  "= Documents 3\ndoc[]/doc_name|doc[]/fee\nA|1\n|\nB|2\n"
	  "= Holders 4\ndoc[]|doc[]/holder[]/age\n2|30\n1|20\n1|\n"
	  "= A 1\nquestion|answer\neconomy|AUS\n= C 2\nanswer|question\n4|seats\nR|sec_c/remark\n",
	  CNV_OK, "",
	  "economy=AUS seats=4 sec_c/remark=R doc[1]/doc_name=A doc[1]/fee=1 doc[2]/doc_name=B doc[2]/fee=2 "
	  "doc[1]/holder[1]/age=20 doc[2]/holder[1]/age=30" },
	{ "an entry's own number is what entries inside it name",
	  "= Documents 3\ndoc[]|doc[]/doc_name\n1|\n2|B\n3|C\n= Holders 4\ndoc[]|doc[]/holder[]/age\n3|30\n"
	  "= A 1\nquestion|answer\neconomy|AUS\n",
	  CNV_OK, "", "economy=AUS doc[1]/doc_name=B doc[2]/doc_name=C doc[2]/holder[1]/age=30" },
	{ "remarks in a table of entries", "= doc\nfee|fee#note|PARENT_KEY\n1|about|u\n= demo\neconomy|KEY\nAUS|u\n",
	  CNV_OK, "", "economy=AUS doc[1]/fee=1 {doc[1]/fee: about}" },
	{ "one key of two entries",
	  "= doc.csv\ndoc_name|PARENT_KEY|KEY\nLaw|u|d\nRule|u|d\n= holder.csv\nage|PARENT_KEY|KEY\n7|d|h\n"
	  "= demo.csv\neconomy|KEY\nAUS|v\nNZ|u\n",
	  CNV_OK, "W0652@holder.csv:2",
	  "0:economy=AUS 1:economy=NZ 1:doc[1]/doc_name=Law 1:doc[2]/doc_name=Rule 1:doc[1]/holder[1]/age=7 "
	  "1:doc[2]/holder[1]/age=7" },
	{ "one key of two responses", "= doc.csv\ndoc_name|PARENT_KEY\nLaw|u\n= demo.csv\neconomy|KEY\nAUS|u\nNZ|u\n",
	  CNV_OK, "W0652@doc.csv:2", "0:economy=AUS 1:economy=NZ 0:doc[1]/doc_name=Law 1:doc[1]/doc_name=Law" },
	{ "entries whose parent is not there are told one by one",
	  "= doc.csv\nfee|PARENT_KEY|KEY\n1|u1|k1\n2|u9|k2\n3||k3\n= holder.csv\nage|PARENT_KEY\n5|k1\n6|k2\n"
	  "= demo.csv\neconomy|KEY\nAUS|u1\n",
	  CNV_OK, "E0641@doc.csv:3:2 E0641@doc.csv:4:2 E0641@holder.csv:3:2",
	  "economy=AUS doc[1]/fee=1 doc[1]/holder[1]/age=5" },
	{ "a strange column is told at its sheet",
	  "= doc 2\nfee|colour|PARENT_KEY\n1|red|u1\n= demo 1\neconomy|KEY|size\nAUS|u1|2\n", CNV_OK,
	  "W0605@book!doc:1:2 W0605@book!demo:1:3", "economy=AUS doc[1]/fee=1" },
	{ "a row with too many cells is no entry",
	  "= doc.csv\nfee|PARENT_KEY\n1|u1|x\n2|u1\n= demo.csv\neconomy|KEY\nAUS|u1\n", CNV_OK, "E0606@doc.csv:2",
	  "economy=AUS doc[1]/fee=2" },
	{ "entries without keys under several responses", "= doc.csv\nfee\n1\n= demo.csv\neconomy\nAUS\nNZ\n",
	  CNV_REJECTED, "E0643@doc.csv:0", NULL },
	{ "two tables of one repeat", "= doc.csv\nfee|PARENT_KEY\n1|u\n= doc.csv\nfee|PARENT_KEY\n2|u\n", CNV_REJECTED,
	  "E0644@doc.csv:0", NULL },
	{ "two tables of responses", "= a.csv\neconomy\nAUS\n= b.csv\neconomy\nNZ\n", CNV_REJECTED, "E0640@b.csv:1",
	  NULL },
	{ "entries alone", "= doc.csv\nfee|PARENT_KEY\n1|u\n", CNV_REJECTED, "E0612@doc.csv:0", NULL },
	{ "a sheet of something else is passed over", "= prices 2\ncolour|size\nred|1\n= demo 1\neconomy\nAUS\n",
	  CNV_OK, "", "economy=AUS" },
	{ "an answer twice in two sections is told at its own sheet",
	  "= A 1\nquestion|answer\neconomy|AUS\nseats|3\n= B 2\nquestion|answer\nseats|4\n", CNV_OK, "E0610@book!B:2:1",
	  "economy=AUS seats=3" },
};

static void run_tables_case(void **state)
{
	const struct tables_case *test = *state;
	struct stage stage;

	open_stage(&stage, DEMO);
	assert_int_equal(gather_tables(&stage, test->tables), test->status);
	assert_string_equal(ended(&stage.said), test->said);
	if (test->dump)
		assert_string_equal(dump_batch(&stage), test->dump);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- single tests */

static void assert_place(const struct stage *stage, uint32_t table, const char *name, const char *source,
			 const char *sheet, uint32_t row, uint32_t column)
{
	const cnv_question *question = &stage->form->questions[cnv_form_find(stage->form, cnv_str_from(name))];
	const cnv_table *of = &stage->batch->tables[table];
	cnv_place place = cnv_batch_place(stage->batch, table, question->column, 0,
					  cnv_row_line(of, &of->columns[question->column], 0), CNV_STR("book"));

	assert_true(cnv_str_equal(place.source, cnv_str_from(source)));
	assert_true(cnv_str_equal(place.sheet, cnv_str_from(sheet)));
	assert_int_equal(place.row, row);
	assert_int_equal(place.column, column);
}

static void cells_know_the_file_they_stand_in(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, DEMO);
	assert_int_equal(gather_tables(&stage, "= doc.csv\nPARENT_KEY|fee\nu9|0\nu1|1\n"
					       "= demo.csv\neconomy|KEY\nAUS|u1\n"),
			 CNV_OK);
	assert_place(&stage, 0, "economy", "demo.csv", "", 2, 1);
	assert_place(&stage, 1, "fee", "doc.csv", "", 3, 2);
	/* A question without a column stands on its row. */
	assert_place(&stage, 1, "doc_name", "doc.csv", "", 3, 0);
	assert_place(&stage, 0, "seats", "demo.csv", "", 2, 0);
	close_stage(&stage);
}

static void cells_know_the_sheet_they_stand_in(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, DEMO);
	assert_int_equal(gather_tables(&stage, "= Docs 3\ndoc[]/fee\n\n7\n= A 1\nquestion|answer\neconomy|AUS\n"
					       "= B 2\nno|question|answer\n\nA2|seats|4\n"),
			 CNV_OK);
	assert_place(&stage, 0, "economy", "book", "A", 2, 2);
	assert_place(&stage, 0, "seats", "book", "B", 3, 3);
	assert_place(&stage, 1, "fee", "book", "Docs", 3, 1);
	close_stage(&stage);
}

static void a_family_of_ten_thousand_is_refused(void **state)
{
	struct stage stage;
	cnv_text tables = { 0 };

	(void)state;
	open_stage(&stage, DEMO);
	cnv_text_put(&tables, CNV_STR("= doc.csv\nfee|PARENT_KEY\n"));
	for (uint32_t i = 0; i < 10000; i++)
		cnv_text_put(&tables, CNV_STR("1|u1\n"));
	cnv_text_put(&tables, CNV_STR("= demo.csv\neconomy|KEY\nAUS|u1\n"));
	assert_int_equal(gather_tables(&stage, ended(&tables)), CNV_REJECTED);
	assert_string_equal(ended(&stage.said), "E0614@doc.csv:10001");
	cnv_text_fini(&tables);
	close_stage(&stage);
}

static void every_failing_allocation_is_told(void **state)
{
	cnv_status status = CNV_NO_MEMORY;

	(void)state;
	for (size_t k = 0; status == CNV_NO_MEMORY; k++) {
		struct stage stage;

		assert_true(k < 10000);
		open_stage(&stage, DEMO);
		cnv_text_reserve(&stage.said, 1024);
		cnv_text_reserve(&stage.hints, 1024);
		cnv_text_reserve(&stage.ledger, 1024);
		cnv_mem_fail_after(k);
		status = gather_tables(&stage, tables_cases[1].tables);
		cnv_mem_fail_after(SIZE_MAX);
		if (!status)
			assert_string_equal(dump_batch(&stage), tables_cases[1].dump);
		close_stage(&stage);
	}
	assert_int_equal(status, CNV_OK);
}

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])
#define ADD(cases, run)                                                                                                \
	for (size_t i = 0; i < COUNT(cases); i++)                                                                      \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			(cases)[i].name, run, NULL, NULL, (void *)(uintptr_t) & (cases)[i]                             \
		}
#define TEST(run) tests[count++] = (struct CMUnitTest)cmocka_unit_test(run)

int main(void)
{
	static struct CMUnitTest tests[COUNT(holds_cases) + COUNT(tables_cases) + 8];
	size_t count = 0;

	ADD(holds_cases, run_holds_case);
	ADD(tables_cases, run_tables_case);
	TEST(cells_know_the_file_they_stand_in);
	TEST(cells_know_the_sheet_they_stand_in);
	TEST(a_family_of_ten_thousand_is_refused);
	TEST(every_failing_allocation_is_told);
	return _cmocka_run_group_tests("data_tables", tests, count, NULL, NULL);
}
