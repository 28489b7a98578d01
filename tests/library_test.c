/* The public library as its callers see it: findings, sizes of structs, NULL, memory that is refused, threads. */
#include "canvass.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char form_text[] = "survey\n"
				",type,name,label,constraint,constraint_message,relevant,calculation\n"
				",text,country,Country,,,,\n"
				",select_one yn,ships,Ships?,,,,\n"
				",integer,count,How many?,. > 0 and . < 1000,Between 1 and 999,${ships} = 'yes',\n"
				",text,code,Code,\"regex(., '[A-Z]{3}')\",Three capitals,,\n"
				",date,since,Since,. <= today(),Still to come,,\n"
				",calculate,twice,,,,,${count} * 2\n"
				",begin_repeat,ship,Ship,,,,\n"
				",text,name,Name,,,,\n"
				",integer,tons,Tons,. > 10,Too small,,\n"
				",end_repeat,,,,,,\n"
				"choices\n,list_name,name,label\n,yn,yes,Yes\n,yn,no,No\n"
				"settings\n,form_id,version,respondent,form_title\n,fleet,3,country,Fleet\n";

static const char answers_text[] = "country,ships,count,code,since,ship[1]/name,ship[1]/tons\n"
				   "AUS,yes,5,ABC,2026-01-31,Aurora,12\n"
				   "FJI,yes,5000,abc,2026-01-31,Rani,3\n"
				   "NZL,perhaps,,DEF,2027-01-01,,\n";

static const canvass_file form_file = { "fleet.csv", form_text, sizeof form_text - 1 };
static const canvass_file answers_file = { "answers.csv", answers_text, sizeof answers_text - 1 };

static canvass_time noon(void)
{
	canvass_time now = { 0 };

	assert_int_equal(canvass_time_read("2026-12-01T12:00:00Z", &now), CANVASS_OK);
	return now;
}

static canvass_form *open_form(canvass_context *context)
{
	canvass_form *form;

	assert_int_equal(canvass_form_open(&form, context, &form_file, NULL, NULL), CANVASS_OK);
	return form;
}

/* Each finding as "E0505 2:3 count 5000". */
typedef struct lines {
	char at[4000];
	size_t len;
} lines;

static void add_line(void *self, const canvass_finding *f)
{
	lines *l = self;

	assert_true(f->struct_size >= sizeof *f);
	assert_int_equal(strlen(f->message.at), f->message.len);
	l->len += (size_t)snprintf(l->at + l->len, sizeof l->at - l->len, "%s %u:%u %s %s\n", f->code, (unsigned)f->row,
				   (unsigned)f->column, f->question.at, f->value.at);
	assert_true(l->len < sizeof l->at);
}

#define FOUND_IN_FILE                                                                                                  \
	"E0505 3:3 count 5000\n"                                                                                       \
	"E0505 3:4 code abc\n"                                                                                         \
	"E0505 3:7 ship[1]/tons 3\n"                                                                                   \
	"E0503 4:2 ships perhaps\n"                                                                                    \
	"E0505 4:5 since 2027-01-01\n"

/* ---------------------------------------------------------------- forms */

static void a_form_in_memory_says_what_it_holds(void **state)
{
	canvass_form *form = open_form(NULL);

	(void)state;
	assert_string_equal(canvass_form_id(form).at, "fleet");
	assert_string_equal(canvass_form_version(form).at, "3");
	assert_string_equal(canvass_form_title(form).at, "Fleet");
	assert_int_equal(canvass_form_count(form), 7);
	assert_string_equal(canvass_form_question(form, 0).at, "country");
	assert_string_equal(canvass_form_question(form, 6).at, "tons");
	assert_int_equal(canvass_form_question(form, 7).len, 0);
	canvass_form_free(form);
}

static void mistakes_of_a_form_are_findings_in_its_order(void **state)
{
	static const char text[] =
		"survey\n,type,name,label,relevant\n,text,a,A,${b} = 1\n,nothing,c,C,\n,text,d,D,iff(1)\n";
	canvass_findings *found;
	canvass_form *form;

	(void)state;
	assert_int_equal(canvass_findings_new(&found, NULL, NULL, NULL), CANVASS_OK);
	assert_int_equal(canvass_form_open(&form, NULL, &(canvass_file){ "f.csv", text, sizeof text - 1 }, NULL, found),
			 CANVASS_REJECTED);
	assert_null(form);
	assert_int_equal(canvass_findings_total(found, CANVASS_ERROR), 3);
	assert_true(canvass_findings_count(found) >= 3);
	assert_int_equal(canvass_findings_at(found, 0)->row, 3);
	assert_string_equal(canvass_findings_at(found, 0)->sheet.at, "survey");
	assert_string_equal(canvass_findings_at(found, 0)->source.at, "f.csv");
	assert_null(canvass_findings_at(found, canvass_findings_count(found)));
	assert_non_null(canvass_explain(canvass_findings_at(found, 0)->number));
	assert_null(canvass_explain(65000));
	canvass_findings_reset(found);
	assert_int_equal(canvass_findings_count(found), 0);
	assert_int_equal(canvass_findings_total(found, CANVASS_ERROR), 0);
	canvass_findings_free(found);
}

static void advice_is_given_on_request(void **state)
{
	static const char text[] =
		"survey\n,type,name,label,relevant\n,integer,a,A,\n,text,b,B,${a} = 1 and ${a} = 2\n";
	const canvass_file file = { "f.csv", text, sizeof text - 1 };
	uint64_t warnings[2];

	(void)state;
	for (uint32_t advise = 0; advise < 2; advise++) {
		canvass_form_options options = { .struct_size = sizeof options, .advise = advise };
		canvass_findings *found;
		canvass_form *form;

		assert_int_equal(canvass_findings_new(&found, NULL, NULL, NULL), CANVASS_OK);
		assert_int_equal(canvass_form_open(&form, NULL, &file, &options, found), CANVASS_OK);
		warnings[advise] = canvass_findings_total(found, CANVASS_WARNING);
		canvass_form_free(form);
		canvass_findings_free(found);
	}
	assert_true(warnings[1] > warnings[0]);
}

static void a_form_reads_the_files_that_it_is_given(void **state)
{
	static const char text[] = "survey\n,type,name,label\n,select_one_from_file ports.csv,port,Port\n";
	static const char ports[] = "name,label\nsyd,Sydney\nsuv,Suva\n";
	const canvass_file beside = { "ports.csv", ports, sizeof ports - 1 };
	static const char answers[] = "port\nsuv\nelsewhere\n";
	canvass_form_options options = { .struct_size = sizeof options, .besides = &beside, .beside_count = 1 };
	canvass_counts counts = { .struct_size = sizeof counts };
	canvass_form *form;

	(void)state;
	assert_int_equal(
		canvass_form_open(&form, NULL, &(canvass_file){ "f.csv", text, sizeof text - 1 }, &options, NULL),
		CANVASS_OK);
	assert_int_equal(canvass_check(form, &(canvass_file){ "a.csv", answers, sizeof answers - 1 }, 1, noon(), NULL,
				       NULL, &counts),
			 CANVASS_OK);
	assert_int_equal(counts.responses, 2);
	assert_int_equal(counts.errors, 1);
	canvass_form_free(form);
}

static void an_unknown_language_is_rejected(void **state)
{
	canvass_form_options options = { .struct_size = sizeof options, .language = "Klingon" };
	lines l = { .len = 0 };
	canvass_findings *found;
	canvass_form *form;

	(void)state;
	assert_int_equal(canvass_findings_new(&found, NULL, add_line, &l), CANVASS_OK);
	assert_int_equal(canvass_form_open(&form, NULL, &form_file, &options, found), CANVASS_REJECTED);
	assert_non_null(strstr(l.at, "E0329 0:0 Klingon"));
	canvass_findings_free(found);
}

/* ---------------------------------------------------------------- answers */

static void answers_in_memory_are_judged_whoever_gave_them(void **state)
{
	canvass_form *form = open_form(NULL);
	canvass_counts counts = { .struct_size = sizeof counts };
	canvass_findings *found;
	lines l = { .len = 0 };

	(void)state;
	assert_int_equal(canvass_findings_new(&found, NULL, add_line, &l), CANVASS_OK);
	assert_int_equal(canvass_check(form, &answers_file, 1, noon(), NULL, found, &counts), CANVASS_OK);
	assert_string_equal(l.at, FOUND_IN_FILE);
	assert_int_equal(counts.responses, 3);
	assert_int_equal(counts.errors, 5);
	assert_int_equal(counts.files, 1);
	assert_int_equal(counts.accepted, 1);
	assert_int_equal(canvass_findings_total(found, CANVASS_ERROR), 5);
	assert_int_equal(canvass_findings_count(found), 0);
	canvass_findings_free(found);
	canvass_form_free(form);
}

static void what_is_no_return_is_rejected(void **state)
{
	static const char other[] = "colour,shape\nred,round\n";
	const canvass_file files[] = { answers_file, { "other.csv", other, sizeof other - 1 }, { "none.csv", "", 0 } };
	canvass_form *form = open_form(NULL);
	canvass_counts counts = { .struct_size = sizeof counts };

	(void)state;
	assert_int_equal(canvass_check(form, files, 3, noon(), NULL, NULL, &counts), CANVASS_REJECTED);
	assert_int_equal(counts.files, 3);
	assert_int_equal(counts.accepted, 1);
	assert_int_equal(counts.quarantined, 2);
	assert_int_equal(counts.responses, 3);
	assert_int_equal(
		canvass_check(form, &(canvass_file){ .name = "/nowhere/answers.csv" }, 1, noon(), NULL, NULL, NULL),
		CANVASS_NO_ACCESS);
	canvass_form_free(form);
}

static void strict_understands_exact_answers_only(void **state)
{
	static const char text[] = "country,ships,since\nAUS,Yes,31/01/2026\n";
	const canvass_file file = { "a.csv", text, sizeof text - 1 };
	canvass_check_options options = { .struct_size = sizeof options };
	canvass_form *form = open_form(NULL);
	canvass_counts counts = { .struct_size = sizeof counts };

	(void)state;
	assert_int_equal(canvass_check(form, &file, 1, noon(), &options, NULL, &counts), CANVASS_OK);
	assert_int_equal(counts.errors, 0);
	assert_int_equal(counts.changes, 2);
	options.strict = 1;
	assert_int_equal(canvass_check(form, &file, 1, noon(), &options, NULL, &counts), CANVASS_OK);
	assert_int_equal(counts.errors, 2);
	assert_int_equal(counts.changes, 0);
	canvass_form_free(form);
}

static void rows_are_judged_as_they_come(void **state)
{
	static const char *const names[] = { "country", "ships", "count", "code", "ship[1]/tons" };
	static const char *const cells[][5] = { { "AUS", "yes", "5", "ABC", "12" },
						{ "FJI", "yes", "5000", NULL, "3" },
						{ "NZL", "no", "\xFF", NULL, NULL },
						{ "PNG", "no", NULL, "abc", NULL } };
	canvass_form *form = open_form(NULL);
	canvass_counts counts = { .struct_size = sizeof counts };
	canvass_findings *found;
	canvass_rows *rows;
	lines l = { .len = 0 };

	(void)state;
	assert_int_equal(canvass_findings_new(&found, NULL, add_line, &l), CANVASS_OK);
	assert_int_equal(canvass_rows_new(&rows, form, names, 5, noon(), NULL, found), CANVASS_OK);
	assert_int_equal(canvass_rows_add(rows, cells[0]), CANVASS_OK);
	assert_int_equal(canvass_rows_add(rows, cells[1]), CANVASS_OK);
	assert_int_equal(canvass_rows_add(rows, cells[2]), CANVASS_REJECTED);
	assert_int_equal(canvass_rows_judge(rows, &counts), CANVASS_OK);
	assert_int_equal(counts.responses, 2);
	assert_string_equal(l.at, "E0015 3:3  \nE0505 2:3 count 5000\nE0505 2:5 ship[1]/tons 3\n");
	l.len = 0;
	assert_int_equal(canvass_rows_add(rows, cells[3]), CANVASS_OK);
	assert_int_equal(canvass_rows_judge(rows, &counts), CANVASS_OK);
	assert_string_equal(l.at, "E0505 4:4 code abc\n");
	assert_int_equal(counts.responses, 3);
	assert_int_equal(counts.errors, 4);
	canvass_rows_free(rows);
	assert_int_equal(
		canvass_rows_new(&rows, form, (const char *const[]){ "question", "answer" }, 2, noon(), NULL, found),
		CANVASS_REJECTED);
	assert_null(rows);
	canvass_findings_free(found);
	canvass_form_free(form);
}

static void more_rows_than_a_window_are_judged(void **state)
{
	static const char *const names[] = { "country", "count", "ships" };
	canvass_form *form = open_form(NULL);
	canvass_counts counts = { .struct_size = sizeof counts };
	canvass_rows *rows;
	char code[20], number[20];

	(void)state;
	assert_int_equal(canvass_rows_new(&rows, form, names, 3, noon(), NULL, NULL), CANVASS_OK);
	for (int i = 0; i < 10000; i++) {
		snprintf(code, sizeof code, "R%d", i);
		snprintf(number, sizeof number, "%d", i);
		assert_int_equal(canvass_rows_add(rows, (const char *const[]){ code, number, "yes" }), CANVASS_OK);
	}
	assert_int_equal(canvass_rows_judge(rows, &counts), CANVASS_OK);
	assert_int_equal(counts.responses, 10000);
	assert_int_equal(counts.errors, 9001); /* 0, and 1000 to 9999 */
	canvass_rows_free(rows);
	canvass_form_free(form);
}

/* ---------------------------------------------------------------- expressions */

static void expressions_have_values(void **state)
{
	static const canvass_answer answers[] = { { "ships", "yes" }, { "count", "5" }, { "ship[1]/tons", "12" } };
	canvass_form *form = open_form(NULL);
	canvass_evaluation *e;
	canvass_value value = { .struct_size = sizeof value };
	canvass_findings *found;

	(void)state;
	assert_int_equal(canvass_findings_new(&found, NULL, NULL, NULL), CANVASS_OK);
	assert_int_equal(canvass_evaluation_new(&e, NULL, form, answers, COUNT(answers), noon(), found), CANVASS_OK);
	assert_int_equal(canvass_evaluation_run(e, "${count} * 2", NULL, &value, found), CANVASS_OK);
	assert_int_equal(value.type, CANVASS_NUMBER);
	assert_true(value.number >= 10 && value.number <= 10);
	assert_string_equal(value.text.at, "10");
	assert_int_equal(value.boolean, 1);
	assert_int_equal(canvass_evaluation_run(e, ". > 10", "tons", &value, found), CANVASS_OK);
	assert_int_equal(value.type, CANVASS_BOOLEAN);
	assert_int_equal(value.boolean, 1);
	assert_int_equal(canvass_evaluation_run(e, "today()", NULL, &value, found), CANVASS_OK);
	assert_string_equal(value.text.at, "2026-12-01");
	assert_int_equal(canvass_evaluation_run(e, "iff(1)", NULL, &value, found), CANVASS_REJECTED);
	assert_int_equal(canvass_findings_total(found, CANVASS_ERROR), 1);
	assert_int_equal(canvass_evaluation_run(e, ".", "nothing", &value, found), CANVASS_REJECTED);
	assert_int_equal(canvass_findings_total(found, CANVASS_ERROR), 2);
	canvass_evaluation_free(e);
	canvass_findings_free(found);
	canvass_form_free(form);
}

static void an_expression_needs_no_form(void **state)
{
	canvass_evaluation *e;
	canvass_value value = { .struct_size = sizeof value };

	(void)state;
	assert_int_equal(canvass_evaluation_new(&e, NULL, NULL, &(canvass_answer){ "name", "Ann" }, 1, noon(), NULL),
			 CANVASS_OK);
	assert_int_equal(canvass_evaluation_run(e, "concat('Hello ', ${name})", NULL, &value, NULL), CANVASS_OK);
	assert_int_equal(value.type, CANVASS_STRING);
	assert_string_equal(value.text.at, "Hello Ann");
	assert_true(isnan(value.number));
	canvass_evaluation_free(e);
	assert_int_equal(canvass_evaluation_new(&e, NULL, NULL, NULL, 0, noon(), NULL), CANVASS_OK);
	assert_int_equal(canvass_evaluation_run(e, "1 + 1", NULL, &value, NULL), CANVASS_OK);
	assert_string_equal(value.text.at, "2");
	canvass_evaluation_free(e);
}

/* ---------------------------------------------------------------- the store */

static void returns_are_imported_and_compared(void **state)
{
	static const char roster_text[] = "code,name\nAUS,Australia\nFJI,Fiji\nNZL,New Zealand\nPNG,Papua New Guinea\n";
	const canvass_file roster = { "roster.csv", roster_text, sizeof roster_text - 1 };
	canvass_store_options options = { .struct_size = sizeof options, .roster = &roster, .round = "2026" };
	canvass_counts counts = { .struct_size = sizeof counts };
	char folder[] = "/tmp/canvass-library-XXXXXX", store[60], workbook[60];
	canvass_form *form = open_form(NULL);

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(store, sizeof store, "%s/fleet.db", folder);
	snprintf(workbook, sizeof workbook, "%s/fleet.xlsx", folder);
	assert_int_equal(canvass_workbook_write(form, store, workbook, noon(), NULL, NULL), CANVASS_NO_ACCESS);
	assert_int_equal(canvass_import(form, store, &answers_file, 1, noon(), &options, NULL, &counts), CANVASS_OK);
	assert_int_equal(counts.responses, 3);
	assert_int_equal(counts.errors, 5);
	assert_int_equal(canvass_import(form, store, &answers_file, 1, noon(), NULL, NULL, &counts), CANVASS_OK);
	assert_int_equal(counts.responses, 0);
	assert_int_equal(counts.already, 1);
	assert_int_equal(counts.unchanged, 3);
	assert_int_equal(canvass_workbook_write(form, store, workbook, noon(), NULL, NULL), CANVASS_OK);
	assert_int_equal(canvass_workbook_write(form, store, workbook, noon(), NULL, NULL), CANVASS_REJECTED);
	options = (canvass_store_options){ .struct_size = sizeof options, .replace = 1 };
	assert_int_equal(canvass_workbook_write(form, store, workbook, noon(), &options, NULL), CANVASS_OK);
	assert_int_equal(canvass_workbook_write(form, store, store, noon(), &options, NULL), CANVASS_REJECTED);
	assert_int_equal(unlink(workbook), 0);
	assert_int_equal(unlink(store), 0);
	assert_int_equal(rmdir(folder), 0); /* nothing else is left */
	canvass_form_free(form);
}

/* ---------------------------------------------------------------- sizes and NULL */

static void structs_of_other_sizes_are_understood(void **state)
{
	struct {
		canvass_check_options options;
		uint64_t later;
	} newer = { .options = { .struct_size = sizeof newer } };
	struct {
		canvass_counts counts;
		uint64_t later;
	} wide = { .counts = { .struct_size = sizeof wide }, .later = 77 };
	canvass_check_options older = { .struct_size = offsetof(canvass_check_options, strict), .strict = 99 };
	canvass_counts narrow = { .struct_size = offsetof(canvass_counts, warnings), .warnings = 77 };
	canvass_form *form = open_form(NULL);

	(void)state;
	assert_int_equal(canvass_check(form, &answers_file, 1, noon(), &newer.options, NULL, &wide.counts), CANVASS_OK);
	assert_int_equal(wide.counts.responses, 3);
	assert_int_equal(wide.counts.struct_size, sizeof wide);
	assert_int_equal(wide.later, 77);
	newer.later = 1;
	assert_int_equal(canvass_check(form, &answers_file, 1, noon(), &newer.options, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(form, &answers_file, 1, noon(), &older, NULL, &narrow), CANVASS_OK);
	assert_int_equal(narrow.errors, 5);
	assert_int_equal(narrow.warnings, 77);
	older.struct_size = narrow.struct_size = 0;
	assert_int_equal(canvass_check(form, &answers_file, 1, noon(), &older, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(form, &answers_file, 1, noon(), NULL, NULL, &narrow), CANVASS_MISUSE);
	canvass_form_free(form);
}

static void null_is_misuse_where_nothing_else_is_said(void **state)
{
	const char *const names[] = { "country" }, *const none[] = { NULL };
	canvass_time now = noon(), never = { .utc_ms = INT64_MAX };
	canvass_check_options odd = { .struct_size = sizeof odd, .encoding = "klingon" };
	canvass_value value = { .struct_size = sizeof value };
	canvass_form *form = open_form(NULL), *other;
	canvass_findings *found;
	canvass_evaluation *e;
	canvass_rows *rows;

	(void)state;
	assert_int_equal(canvass_context_new(NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_findings_new(NULL, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_time_read(NULL, &now), CANVASS_MISUSE);
	assert_int_equal(canvass_time_read("2026-12-01T00:00:00Z", NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_time_read("tomorrow", &now), CANVASS_REJECTED);
	assert_int_equal(canvass_form_open(NULL, NULL, &form_file, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_form_open(&other, NULL, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_form_open(&other, NULL, &(canvass_file){ .name = NULL }, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_form_open(&other, NULL, &(canvass_file){ "x", NULL, 7 }, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(NULL, &answers_file, 1, now, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(form, NULL, 1, now, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(form, &answers_file, 0, now, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(form, &answers_file, 1, never, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_check(form, &answers_file, 1, now, &odd, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_new(NULL, form, names, 1, now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_new(&rows, NULL, names, 1, now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_new(&rows, form, NULL, 1, now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_new(&rows, form, none, 1, now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_new(&rows, form, names, 0, now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_new(&rows, form, names, 1, now, NULL, NULL), CANVASS_OK);
	assert_int_equal(canvass_rows_add(rows, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_add(NULL, none), CANVASS_MISUSE);
	assert_int_equal(canvass_rows_judge(NULL, NULL), CANVASS_MISUSE);
	canvass_rows_free(rows);
	assert_int_equal(canvass_evaluation_new(NULL, NULL, form, NULL, 0, now, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_evaluation_new(&e, NULL, form, NULL, 1, now, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_evaluation_new(&e, NULL, form, &(canvass_answer){ NULL, "1" }, 1, now, NULL),
			 CANVASS_MISUSE);
	assert_null(e);
	assert_int_equal(canvass_evaluation_new(&e, NULL, form, NULL, 0, now, NULL), CANVASS_OK);
	assert_int_equal(canvass_evaluation_run(NULL, "1", NULL, &value, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_evaluation_run(e, NULL, NULL, &value, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_evaluation_run(e, "1", NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_evaluation_run(e, "\xFF", NULL, &value, NULL), CANVASS_MISUSE);
	canvass_evaluation_free(e);
	assert_int_equal(canvass_import(NULL, "s.db", &answers_file, 1, now, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_import(form, NULL, &answers_file, 1, now, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_import(form, "s.db", NULL, 1, now, NULL, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_workbook_write(NULL, "s.db", "w.xlsx", now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_workbook_write(form, NULL, "w.xlsx", now, NULL, NULL), CANVASS_MISUSE);
	assert_int_equal(canvass_workbook_write(form, "s.db", NULL, now, NULL, NULL), CANVASS_MISUSE);
	canvass_context_free(NULL);
	canvass_form_free(NULL);
	canvass_rows_free(NULL);
	canvass_evaluation_free(NULL);
	canvass_findings_free(NULL);
	canvass_findings_reset(NULL);
	found = NULL;
	assert_int_equal(canvass_findings_count(found), 0);
	assert_null(canvass_findings_at(found, 0));
	assert_int_equal(canvass_findings_total(found, CANVASS_ERROR), 0);
	assert_int_equal(canvass_form_count(NULL), 0);
	assert_int_equal(canvass_form_id(NULL).len, 0);
	assert_int_equal(canvass_form_question(NULL, 0).len, 0);
	canvass_form_free(form);
}

/* ---------------------------------------------------------------- memory */

/* An allocator that refuses request number `at` (from 1), and with `on` every later one; what it gave is counted. */
typedef struct scarce {
	size_t asked, at, held;
	bool on, refused;
} scarce;

static bool refuses(scarce *s)
{
	bool no = ++s->asked == s->at || (s->on && s->at && s->asked > s->at);

	s->refused |= no;
	return no;
}

static void *allocate_scarce(void *self, size_t size)
{
	scarce *s = self;
	void *at = refuses(s) ? NULL : malloc(size);

	s->held += at != NULL;
	return at;
}

static void *resize_scarce(void *self, void *at, size_t size)
{
	return refuses(self) ? NULL : realloc(at, size);
}

static void release_scarce(void *self, void *at)
{
	((scarce *)self)->held--;
	free(at);
}

static canvass_status judge_rows(canvass_form *form, canvass_findings *found)
{
	static const char *const names[] = { "country", "count", "ships" }, *const cells[] = { "AUS", "5000", "yes" };
	canvass_rows *rows;
	canvass_status status = canvass_rows_new(&rows, form, names, 3, noon(), NULL, found);

	if (!status)
		status = canvass_rows_add(rows, cells);
	if (!status)
		status = canvass_rows_judge(rows, NULL);
	canvass_rows_free(rows);
	return status;
}

static canvass_status evaluate(canvass_form *form, canvass_findings *found)
{
	static const canvass_answer answers[] = { { "count", "5" }, { "ship[1]/tons", "12" } };
	canvass_value value = { .struct_size = sizeof value };
	canvass_evaluation *e;
	canvass_status status = canvass_evaluation_new(&e, NULL, form, answers, 2, noon(), found);

	if (!status)
		status = canvass_evaluation_run(e, "concat('n', ${count}, regex(${code}, '[a-z]+'))", NULL, &value,
						found);
	canvass_evaluation_free(e);
	return status;
}

/* Everything that a caller may do without a store. */
static canvass_status do_all(scarce *memory)
{
	canvass_context_options options = { .struct_size = sizeof options,
					    .allocator = { allocate_scarce, resize_scarce, release_scarce, memory } };
	canvass_form_options advise = { .struct_size = sizeof advise, .advise = 1 };
	canvass_context *context = NULL;
	canvass_findings *found = NULL;
	canvass_form *form = NULL;
	canvass_status status = canvass_context_new(&context, &options);

	if (!status)
		status = canvass_findings_new(&found, context, NULL, NULL);
	if (!status)
		status = canvass_form_open(&form, context, &form_file, &advise, found);
	if (!status)
		status = canvass_check(form, &answers_file, 1, noon(), NULL, found, NULL);
	if (!status)
		status = judge_rows(form, found);
	if (!status)
		status = evaluate(form, found);
	canvass_form_free(form);
	canvass_findings_free(found);
	canvass_context_free(context);
	return status;
}

static void memory_refused_anywhere_is_no_memory(void **state)
{
	scarce all = { .asked = 0 };

	(void)state;
	assert_int_equal(do_all(&all), CANVASS_OK);
	assert_int_equal(all.held, 0);
	assert_true(all.asked > 100);
	for (int on = 0; on < 2; on++)
		for (size_t at = 1; at <= all.asked; at++) {
			scarce memory = { .at = at, .on = on };
			canvass_status status = do_all(&memory);

			if (status != CANVASS_NO_MEMORY || memory.held || !memory.refused)
				fail_msg("request %zu of %zu refused%s: %s, %zu blocks left", at, all.asked,
					 on ? " with all later" : "", canvass_status_words(status), memory.held);
		}
}

/* ---------------------------------------------------------------- threads */

static void *work(void *self)
{
	lines *l = self;

	for (int turn = 0; turn < 20; turn++) {
		canvass_findings *found = NULL;
		canvass_form *form = NULL;

		l->len = 0;
		if (canvass_findings_new(&found, NULL, add_line, l) ||
		    canvass_form_open(&form, NULL, &form_file, NULL, found) ||
		    canvass_check(form, &answers_file, 1, (canvass_time){ .utc_ms = 1796083200000 }, NULL, found,
				  NULL) ||
		    judge_rows(form, found) || evaluate(form, found))
			l->len = 0;
		canvass_form_free(form);
		canvass_findings_free(found);
	}
	return NULL;
}

static void two_threads_with_objects_of_their_own_agree(void **state)
{
	static lines each[2];
	pthread_t threads[2];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &each[i]), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_string_equal(each[i].at, FOUND_IN_FILE "E0505 1:2 count 5000\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_in_memory_says_what_it_holds),
		cmocka_unit_test(mistakes_of_a_form_are_findings_in_its_order),
		cmocka_unit_test(advice_is_given_on_request),
		cmocka_unit_test(a_form_reads_the_files_that_it_is_given),
		cmocka_unit_test(an_unknown_language_is_rejected),
		cmocka_unit_test(answers_in_memory_are_judged_whoever_gave_them),
		cmocka_unit_test(what_is_no_return_is_rejected),
		cmocka_unit_test(strict_understands_exact_answers_only),
		cmocka_unit_test(rows_are_judged_as_they_come),
		cmocka_unit_test(more_rows_than_a_window_are_judged),
		cmocka_unit_test(expressions_have_values),
		cmocka_unit_test(an_expression_needs_no_form),
		cmocka_unit_test(returns_are_imported_and_compared),
		cmocka_unit_test(structs_of_other_sizes_are_understood),
		cmocka_unit_test(null_is_misuse_where_nothing_else_is_said),
		cmocka_unit_test(memory_refused_anywhere_is_no_memory),
		cmocka_unit_test(two_threads_with_objects_of_their_own_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
