/* An interview without a terminal: which question is next, and what becomes of the answers. */
#include "round_stage.h"

static const char nested_form[] =
	"survey\n,type,name,label,required,relevant,constraint,constraint_message,repeat_count\n"
	",text,respondent,Who,yes,,,,\n"
	",begin_group,ships,Ships,,,,,\n"
	",integer,count,How many,yes,,. <= 9,at most 9,\n"
	",text,why,Why none,,${count} = 0,,,\n"
	",end_group,,,,,,,\n"
	",begin_repeat,doc,Documents,,${count} > 0,,,${count}\n"
	",text,title,Title,yes,,,,\n"
	",begin_group,inside,,,${title} != 'none',,,\n"
	",begin_repeat,page,Pages,,,,,\n"
	",select_one size,size,Size,,,,,\n"
	",text,other,Other,,${size} = 'c',,,\n"
	",begin_repeat,line,Lines,,,,,\n"
	",text,said,Said,,,,,\n"
	",end_repeat,,,,,,,\n"
	",end_repeat,,,,,,,\n"
	",end_group,,,,,,,\n"
	",end_repeat,,,,,,,\n"
	",begin_repeat,note,Notes,,,,,\n"
	",text,words,Words,,,,,\n"
	",end_repeat,,,,,,,\n"
	"choices\n,list_name,name,label\n,size,a,Large\n,size,b,Small\n,size,c,Other\n"
	"settings\n,form_id\n,nested\n";

typedef struct asking {
	stage s;
	cnv_interview in;
	cnv_interview_step step;
	char asked[512]; /* what was met, one word a step */
} asking;

static void set_asking_of(asking *a, const char *form)
{
	*a = (asking){ 0 };
	set_stage(&a->s, form, "code,name\nAA,Alpha\n");
	assert_int_equal(cnv_interview_init(&a->in, &a->s.form, a->s.now), CNV_OK);
}

static void set_asking(asking *a)
{
	set_asking_of(a, nested_form);
}

static void strike_asking(asking *a)
{
	cnv_interview_fini(&a->in);
	strike(&a->s);
}

static cnv_step_kind go_on(asking *a)
{
	static const char *const words[] = {
		[CNV_STEP_END] = "end",
		[CNV_STEP_SECTION] = "section:",
		[CNV_STEP_QUESTION] = "",
		[CNV_STEP_ENTRY] = "another:",
	};
	cnv_str name = { 0 };
	size_t len = strlen(a->asked);

	assert_int_equal(cnv_interview_next(&a->in, &a->step), CNV_OK);
	if (a->step.kind != CNV_STEP_END)
		name = a->s.form.form->questions[a->step.question].name;
	snprintf(a->asked + len, sizeof a->asked - len, "%s%s%.*s", len ? " " : "", words[a->step.kind], CNV_ARG(name));
	return a->step.kind;
}

static bool answer(asking *a, const char *text)
{
	assert_int_equal(cnv_interview_set(&a->in, a->step.entry, a->step.question, cnv_str_from(text)), CNV_OK);
	return cnv_interview_stands(&a->in, &a->step);
}

/* Answers each question in turn; "y" and "n" where another entry is offered.  NULL ends the list. */
static void answer_all(asking *a, const char *const answers[])
{
	while (go_on(a) != CNV_STEP_END) {
		if (a->step.kind == CNV_STEP_SECTION)
			continue;
		if (!*answers)
			fail_msg("no answer is left; asked: %s", a->asked);
		if (a->step.kind == CNV_STEP_ENTRY)
			assert_int_equal(cnv_interview_another(&a->in, **answers == 'y'), CNV_OK);
		else
			assert_true(answer(a, *answers));
		answers++;
	}
	assert_null(*answers);
}

static void questions_come_in_order_where_they_are_asked(void **state)
{
	const char *const answers[] = { "AA", "0", "we have none", "n", NULL };
	asking a;

	(void)state;
	set_asking(&a);
	answer_all(&a, answers);
	assert_string_equal(a.asked, "respondent section:ships count why another:note end");
	strike_asking(&a);
}

static void entries_are_counted_or_offered_in_each_other(void **state)
{
	const char *const answers[] = { "AA", "2", "none", "log", "y", "c", "square", "y", "x",
					"n",  "y", "a",    "n",   "n", "y", "w",      "n", NULL };
	cnv_text csv = { 0 };
	asking a;

	(void)state;
	set_asking(&a);
	answer_all(&a, answers);
	assert_string_equal(a.asked,
			    "respondent section:ships count title section:inside title section:inside another:page "
			    "size other another:line said another:line another:page size another:line "
			    "another:page another:note words another:note end");
	assert_int_equal(cnv_interview_write(&a.in, &csv), CNV_OK);
	assert_true(holds(cnv_text_str(&csv), "doc[1]/title,,Title,none,\n"));
	assert_true(holds(cnv_text_str(&csv), "doc[2]/page[1]/other,,Other,square,\n"));
	assert_true(holds(cnv_text_str(&csv), "doc[2]/page[1]/line[1]/said,,Said,x,\n"));
	assert_true(holds(cnv_text_str(&csv), "doc[2]/page[2]/size,,Size,a,\n"));
	assert_true(holds(cnv_text_str(&csv), "note[1]/words,,Words,w,\n"));
	cnv_text_fini(&csv);
	strike_asking(&a);
}

/* The second document has no pages to be asked for, though the first has. */
static void an_entry_is_asked_by_the_answers_of_its_own_parent(void **state)
{
	const char *const answers[] = { "AA", "2", "log", "n", "none", "n", NULL };
	asking a;

	(void)state;
	set_asking(&a);
	answer_all(&a, answers);
	assert_string_equal(a.asked,
			    "respondent section:ships count title section:inside another:page title section:inside "
			    "another:note end");
	strike_asking(&a);
}

static void a_wrong_answer_is_told_by_the_forms_message(void **state)
{
	asking a;

	(void)state;
	set_asking(&a);
	go_on(&a);
	assert_false(answer(&a, ""));
	assert_true(a.in.complaint.len > 0); /* an answer is needed */
	assert_true(answer(&a, "AA"));
	go_on(&a);
	go_on(&a);
	assert_false(answer(&a, "12"));
	assert_true(holds(cnv_text_str(&a.in.complaint), "at most 9"));
	assert_false(answer(&a, "many"));
	assert_true(answer(&a, "9"));
	assert_int_equal(a.in.complaint.len, 0);
	strike_asking(&a);
}

static void numbers_stand_for_the_choices_on_offer(void **state)
{
	static const char *const rows[][2] = {
		{ "1", "a" }, { "c", "c" }, { "2 3", "b c" }, { "4", "4" }, { "0", "0" }
	};
	const uint64_t *offered;
	const cnv_list *list;
	asking a;

	(void)state;
	set_asking(&a);
	go_on(&a);
	assert_null(cnv_interview_list(&a.in, a.step.question));
	answer(&a, "AA");
	go_on(&a);
	go_on(&a);
	answer(&a, "1");
	go_on(&a);
	answer(&a, "log");
	go_on(&a);
	go_on(&a);
	assert_int_equal(cnv_interview_another(&a.in, true), CNV_OK);
	go_on(&a);
	list = cnv_interview_list(&a.in, a.step.question);
	assert_non_null(list);
	assert_int_equal(cnv_interview_choices(&a.in, &a.step, &offered), CNV_OK);
	assert_int_equal(offered[0], 7);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(cnv_str_equal(cnv_interview_codes(&a.in, list, cnv_str_from(rows[i][0])),
					  cnv_str_from(rows[i][1])));
	strike_asking(&a);
}

static void choices_outside_the_form_are_offered(void **state)
{
	static const char form[] =
		"survey\n,type,name,label,choice_filter\n,text,respondent,Who,\n"
		",select_one_external berth,berth,Berth,port = 'syd'\n"
		"external_choices\n,list_name,name,label,port\n,berth,b1,One,syd\n,berth,b2,Two,mel\n"
		"settings\n,form_id\n,outside\n";
	const uint64_t *offered;
	const cnv_list *list;
	asking a;

	(void)state;
	set_asking_of(&a, form);
	go_on(&a);
	answer(&a, "AA");
	go_on(&a);
	list = cnv_interview_list(&a.in, a.step.question);
	assert_non_null(list);
	assert_int_equal(list->count, 2);
	assert_int_equal(cnv_interview_choices(&a.in, &a.step, &offered), CNV_OK);
	assert_int_equal(offered[0], 1);
	assert_true(cnv_str_equal(cnv_interview_codes(&a.in, list, CNV_STR("1")), CNV_STR("b1")));
	assert_true(answer(&a, "b1"));
	assert_false(answer(&a, "b2"));
	strike_asking(&a);
}

static void whose_answers_they_are_is_known_at_once(void **state)
{
	asking a;

	(void)state;
	set_asking(&a);
	go_on(&a);
	assert_int_equal(cnv_interview_owner(&a.in, (cnv_str){ 0 }, &a.s.roster.roster), CNV_NO_RESPONDENT);
	answer(&a, "ZZ");
	assert_int_equal(cnv_interview_owner(&a.in, (cnv_str){ 0 }, &a.s.roster.roster), CNV_UNKNOWN_RESPONDENT);
	answer(&a, "AA");
	assert_int_equal(cnv_interview_owner(&a.in, (cnv_str){ 0 }, &a.s.roster.roster), CNV_ATTRIBUTED);
	strike_asking(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_come_in_order_where_they_are_asked),
		cmocka_unit_test(entries_are_counted_or_offered_in_each_other),
		cmocka_unit_test(an_entry_is_asked_by_the_answers_of_its_own_parent),
		cmocka_unit_test(a_wrong_answer_is_told_by_the_forms_message),
		cmocka_unit_test(numbers_stand_for_the_choices_on_offer),
		cmocka_unit_test(choices_outside_the_form_are_offered),
		cmocka_unit_test(whose_answers_they_are_is_known_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
