/* Cells that are named by hand, what is to be filled in, and the rules that decide about a cell. */
#include "session_stage.h"

static const char form_text[] =
	"survey\n,type,name,label,relevant,constraint,choice_filter,qno\n"
	",text,respondent,Who,,,,A1\n"
	",select_one yn,has,Any,,,,A2\n"
	",begin_repeat,doc,Documents,\"${has} = 'yes'\",,,\n"
	",text,title,Title,,\"string-length(.) > 3 and . != ${respondent}\",,B1\n"
	",begin_repeat,page,Pages,,,,\n"
	",text,line,Line,\"${title} != '' or not(${has} = 'yes')\",,,\n"
	",end_repeat,,,,,,\n"
	",end_repeat,,,,,,\n"
	",select_one town,town,Town,,,r = ${has},C1\n"
	",text,secret,Secret,${respondent} = 'aa',,,C2\n"
	",text,twin,Twin,,,,C3\n"
	",begin_group,g,G,,,,\n,text,twin,Twin,,,,\n,text,other,Other,,,,\n,end_group,,,,,,\n"
	",begin_group,h,H,,,,\n,text,other,Other,,,,\n,end_group,,,,,,\n"
	"choices\n,list_name,name,label,r\n,yn,yes,Yes,\n,yn,no,No,\n,town,a,Aa,yes\n,town,b,Bb,no\n"
	"settings\n,form_id,respondent\n,named,respondent\n";

static cnv_named named(asking *a, const char *path)
{
	cnv_str name = cnv_str_from(path);
	cnv_named found;

	assert_int_equal(cnv_gather_named(&found, a->s.form.form, &name, 1, &a->arena), CNV_OK);
	return found;
}

static cnv_session_cell cell(asking *a, const char *path)
{
	cnv_named found = named(a, path);
	cnv_session_cell at;

	assert_int_equal(found.problem, CNV_NAMED_WELL);
	assert_true(cnv_session_find(a->session, &found, &at));
	return at;
}

static void set(asking *a, const char *path, const char *text)
{
	assert_int_equal(cnv_session_set(a->session, cell(a, path), cnv_str_from(text)), CNV_OK);
	assert_int_equal(cnv_session_turn(a->session), CNV_OK);
}

static void enter(asking *a, uint32_t parent, const char *repeat)
{
	cnv_question_id id = cnv_form_find(a->s.form.form, cnv_str_from(repeat));

	assert_int_not_equal(cnv_session_enter(a->session, parent, id), CNV_NONE);
	assert_int_equal(cnv_session_turn(a->session), CNV_OK);
}

/* ---------------------------------------------------------------- names */

static void paths_and_numbers_name_cells(void **state)
{
	static const struct {
		const char *path;
		cnv_named_problem problem;
		const char *near;
	} cases[] = {
		{ "has", CNV_NAMED_WELL, "" },
		{ "A2", CNV_NAMED_WELL, "" },
		{ "doc[2]/title", CNV_NAMED_WELL, "" },
		{ "doc[1]/page[3]/line", CNV_NAMED_WELL, "" },
		{ "g/twin", CNV_NAMED_WELL, "" },
		{ "twin", CNV_NAMED_WELL, "" }, /* the whole path */
		{ "other", CNV_NAMED_SEVERAL, "" },
		{ "hass", CNV_NAMED_UNKNOWN, "has" },
		{ "", CNV_NAMED_UNKNOWN, "" },
		{ "B1", CNV_NAMED_WITHOUT_ENTRY, "doc[1]/title" }, /* in a repeat, a number is not enough */
		{ "doc[2]/B1", CNV_NAMED_WELL, "" },
		{ "title", CNV_NAMED_WITHOUT_ENTRY, "doc[1]/title" },
		{ "doc[0]/title", CNV_NAMED_ENTRY_NUMBER, "doc[1]/title" },
		{ "has#note", CNV_NAMED_UNKNOWN, "has" },
	};
	asking a;

	(void)state;
	begin(&a, form_text);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cnv_named found = named(&a, cases[i].path);

		if (found.problem != cases[i].problem)
			fail_msg("%s: %d", cases[i].path, found.problem);
		assert_string_equal(cnv_arena_format(&a.arena, "%.*s", CNV_ARG(found.near)).at, cases[i].near);
	}
	end(&a);
}

static void a_path_finds_its_entry(void **state)
{
	cnv_named absent;
	cnv_session_cell found;
	asking a;

	(void)state;
	begin(&a, form_text);
	set(&a, "has", "yes");
	enter(&a, 0, "doc");
	enter(&a, 0, "doc");
	enter(&a, cell(&a, "doc[2]/title").entry, "page");
	set(&a, "doc[2]/title", "Law of the sea");
	set(&a, "doc[2]/page[1]/line", "one");
	absent = named(&a, "doc[1]/page[1]/line");
	assert_false(cnv_session_find(a.session, &absent, &found));
	assert_int_equal(cnv_session_parent(a.session, cell(&a, "doc[2]/page[1]/line").entry),
			 cell(&a, "doc[2]/title").entry);
	assert_string_equal(
		cnv_arena_format(&a.arena, "%.*s",
				 CNV_ARG(cnv_session_path(a.session, cell(&a, "doc[2]/page[1]/line"), &a.arena)))
			.at,
		"doc[2]/page[1]/line");
	absent = named(&a, "doc[2]/title");
	assert_int_equal(cnv_named_row(&absent, cnv_session_batch(a.session), 0), 1);
	assert_int_equal(cnv_named_row(&absent, cnv_session_batch(a.session), 2), CNV_NONE);
	end(&a);
}

/* ---------------------------------------------------------------- what is to be filled in */

static void add_path(void *self, const cnv_session_line *line)
{
	cnv_text_format(self, "%.*s=%.*s ", CNV_ARG(line->path), CNV_ARG(line->answer));
}

static void assert_blank(asking *a, const char *expected)
{
	cnv_text out = { 0 };

	assert_int_equal(cnv_session_blank(a->session, add_path, &out), CNV_OK);
	cnv_text_put_char(&out, 0);
	assert_string_equal(out.at, expected);
	cnv_text_fini(&out);
}

static void a_blank_has_what_is_asked_or_may_be(void **state)
{
	asking a;

	(void)state;
	begin(&a, form_text);
	set(&a, "respondent", "bb");
	assert_blank(&a,
		     "respondent=bb has= town= twin= g/twin= g/other= h/other= doc[1]/title= doc[1]/page[1]/line= ");
	set(&a, "respondent", "aa");
	set(&a, "has", "yes");
	enter(&a, 0, "doc");
	enter(&a, 0, "doc");
	assert_blank(&a,
		     "respondent=aa has=yes town= secret= twin= g/twin= g/other= h/other= doc[1]/title= doc[2]/title= "
		     "doc[1]/page[1]/line= ");
	end(&a);
}

/* ---------------------------------------------------------------- why */

static void put_all(const cnv_form *form, const cnv_explanation *why, cnv_text *out)
{
	for (uint32_t i = 0; i < why->count; i++) {
		const cnv_explained_rule *rule = &why->rules[i];

		cnv_text_format(out, "%s %.*s: %.*s\n", cnv_slot_word(rule->slot),
				CNV_ARG(form->questions[rule->of].name), CNV_ARG(rule->value));
		for (uint32_t k = 0; k < rule->part_count; k++)
			cnv_text_format(out, "%*s%.*s: %.*s\n", (int)rule->parts[k].depth + 1, "",
					CNV_ARG(rule->parts[k].text), CNV_ARG(rule->parts[k].value));
		for (uint32_t k = 0; k < rule->answer_count; k++)
			cnv_text_format(out, "${%.*s} %.*s\n", CNV_ARG(form->questions[rule->answers[k].question].name),
					CNV_ARG(rule->answers[k].value));
	}
	cnv_text_put_char(out, 0);
}

static void assert_why(asking *a, const char *path, const char *expected)
{
	const cnv_world world = { .now = { .utc_ms = NOON }, .seed = 5 };
	const cnv_batch *batch = cnv_session_batch(a->session);
	cnv_named found = named(a, path);
	cnv_explanation why;
	cnv_text out = { 0 };

	assert_int_equal(cnv_explain(&why, a->s.form.plan, batch, found.question, cnv_named_row(&found, batch, 0),
				     &world, &a->arena),
			 CNV_OK);
	put_all(a->s.form.form, &why, &out);
	assert_string_equal(out.at, expected);
	cnv_text_fini(&out);
}

static void rules_are_explained_in_whole_and_in_parts(void **state)
{
	asking a;

	(void)state;
	begin(&a, form_text);
	set(&a, "respondent", "Law");
	set(&a, "has", "yes");
	enter(&a, 0, "doc");
	enter(&a, 0, "doc");
	enter(&a, cell(&a, "doc[2]/title").entry, "page");
	set(&a, "doc[1]/title", "Act of 1920");
	set(&a, "doc[2]/title", "Law");
	set(&a, "doc[2]/page[1]/line", "one");
	set(&a, "town", "b");
	assert_why(&a, "doc[2]/title",
		   "relevant doc: true\n${has} 'yes'\n"
		   "constraint title: false\n string-length(.) > 3: false\n  string-length(.): 3\n"
		   " . != ${respondent}: false\n${title} 'Law'\n${respondent} 'Law'\n");
	assert_why(&a, "doc[2]/page[1]/line",
		   "relevant doc: true\n${has} 'yes'\n"
		   "relevant line: true\n ${title} != '': true\n not(${has} = 'yes'): false\n  ${has} = 'yes': true\n"
		   "${title} 'Law'\n${has} 'yes'\n");
	assert_why(&a, "town", "choice_filter town: false\n${has} 'yes'\n");
	set(&a, "town", "a");
	assert_why(&a, "town", "choice_filter town: true\n${has} 'yes'\n");
	assert_why(&a, "secret", "relevant secret: false\n${respondent} 'Law'\n");
	assert_why(&a, "g/twin", "");
	end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_and_numbers_name_cells),
		cmocka_unit_test(a_path_finds_its_entry),
		cmocka_unit_test(a_blank_has_what_is_asked_or_may_be),
		cmocka_unit_test(rules_are_explained_in_whole_and_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
