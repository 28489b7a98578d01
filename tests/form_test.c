/* The room form: what a form becomes.  Mistakes in forms are the golden folders of golden_check_test.c.
 *
 * Sheets are written with | between fields, a row a line.  A form is compared by its outline: a line a row, indented by
 * depth, with type, table:column and whatever else is not as usual. */
#include "form/name.h"
#include "form/row_type.h"

#include "form_stage.h"
#include "growth.h"

/* A formula has the tree of its text. */
static void put_formula(cnv_text *out, const char *name, const cnv_formula *formula)
{
	assert_int_equal(formula->tree != NULL, formula->text.len > 0);
	if (formula->tree)
		assert_true(cnv_str_equal(formula->tree->text, formula->text));
	if (formula->text.len)
		cnv_text_format(out, " %s[%.*s]", name, CNV_ARG(formula->text));
}

static void put_question(cnv_text *out, const cnv_form *form, const cnv_question *question)
{
	for (uint32_t i = 0; i < question->depth; i++)
		cnv_text_put_char(out, ' ');
	cnv_text_format(out, "%.*s %s", CNV_ARG(question->name), question->type->name);
	if (question->kind != question->type->kind)
		cnv_text_format(out, " kind %d", (int)question->kind);
	if (question->role != question->type->role)
		cnv_text_format(out, " role %d", (int)question->role);
	if (question->column != CNV_NONE)
		cnv_text_format(out, " %u:%u", question->table, question->column);
	if (question->list != CNV_NONE)
		cnv_text_format(out, " list %.*s%s", CNV_ARG(form->lists[question->list].name),
				form->lists[question->list].open ? " (open)" : "");
	if (!cnv_str_equal(question->name, question->answer_path))
		cnv_text_format(out, " as %.*s", CNV_ARG(question->answer_path));
	put_formula(out, "relevant", &question->relevant);
	put_formula(out, "required", &question->required);
	put_formula(out, "constraint", &question->constraint);
	put_formula(out, "calculation", &question->calculation);
	put_formula(out, "default", &question->default_value);
	put_formula(out, "count", &question->repeat_count);
	if (question->headline)
		cnv_text_format(out, " headline %u", (unsigned)question->headline);
	if (question->unit != CNV_NONE)
		cnv_text_format(out, " in %.*s", CNV_ARG(form->questions[question->unit].name));
	cnv_text_format(out, "%s%s\n", (const char *[]){ "", " contact", " secretariat" }[question->privacy],
			question->other_of ? " other" : "");
}

/* Text of a form, in the stage's arena. */
static const char *outline(struct stage *stage)
{
	cnv_text out = { 0 };
	cnv_str copy;

	assert_non_null(stage->form);
	for (cnv_question_id id = 0; id < stage->form->count; id++)
		put_question(&out, stage->form, &stage->form->questions[id]);
	cnv_text_put_char(&out, '\0');
	copy = cnv_arena_copy(&stage->arena, cnv_text_str(&out));
	cnv_text_fini(&out);
	return copy.at;
}

/* ---------------------------------------------------------------- forms and their outlines */

#define FOUR(line) line line line line
#define SIXTEEN(line) FOUR(FOUR(line))
#define YN "choices\n|list_name|name|label\n|yn|yes|Yes\n|yn|no|No\n"

static const struct form_case {
	const char *name, *text, *outline /* NULL: too long to be told */, *codes;
} form_cases[] = {
	{ "a form of one question", "survey\n|type|name|label\n|text|port|Port", "port text 0:0\n", "" },
	{ "the header may stand beside the name of the sheet", "survey|type|name|label\n|text|port|Port",
	  "port text 0:0\n", "" },
	{ "empty columns follow and rows are blank", "survey|||\n|type|name|label|\n|||\n|text|port|Port||\n",
	  "port text 0:0\n", "" },
	{ "a sheet goes on after another",
	  "survey\n|type|name|label\n|text|port|Port\nsettings\n|form_id\n|x\nSurvey\n|type|name|label\n|date|day|Day",
	  "port text 0:0\nday date 0:1\n", "" },
	{ "groups nest",
	  "survey\n|type|name|label\n|begin_group|a|A\n|begin group|b|B\n|text|q|Q\n|end group\n|end_group\n|text|r|R",
	  "a begin_group\n b begin_group\n  q text 0:0\nr text 0:1\n", "" },
	{ "repeats have tables of their own",
	  "survey\n|type|name|label\n|text|port|Port\n|begin_repeat|doc|Document\n|text|title|Title\n|begin_group|g|"
	  "G\n|"
	  "begin_repeat|page|Page\n|integer|lines|Lines\n|end_repeat\n|date|seen|Seen\n|end_group\n|end_repeat\n|text|"
	  "last|Last",
	  "port text 0:0\ndoc begin_repeat as doc[]\n title text 1:0 as doc[]/title\n g begin_group as doc[]/g\n  page "
	  "begin_repeat as doc[]/page[]\n   lines integer 2:0 as doc[]/page[]/lines\n  seen date 1:1 as "
	  "doc[]/seen\nlast text 0:1\n",
	  "" },
	{ "or_other brings a choice and a question",
	  "survey\n|type|name|label\n|select_one yn or_other|calls|Calls?\n|text|end|End\n" YN,
	  "calls select_one 0:0 list yn\ncalls_other text 0:1 relevant[selected(../calls, 'other')] other\nend text "
	  "0:2\n",
	  "" },
	{ "or_other of two questions of one name",
	  "survey\n|type|name|label\n|begin_group|a|A\n|select_one yn or_other|q|Q?\n|end_group\n|begin_group|b|B\n"
	  "|select_one yn or_other|q|Q?\n|end_group\n" YN,
	  "a begin_group\n q select_one 0:0 list yn as a/q\n"
	  " q_other text 0:1 as a/q_other relevant[selected(../q, 'other')] other\n"
	  "b begin_group\n q select_one 0:2 list yn as b/q\n"
	  " q_other text 0:3 as b/q_other relevant[selected(../q, 'other')] other\n",
	  "" },
	{ "one name in two groups of a repeat, and beside it",
	  "survey\n|type|name|label\n|text|q|Q\n|begin_repeat|r|R\n|begin_group|a|A\n|text|q|Q\n|text|p|P\n|end_group\n"
	  "|begin_group|b|B\n|text|q|Q\n|end_group\n|end_repeat\n",
	  "q text 0:0\nr begin_repeat as r[]\n a begin_group as r[]/a\n  q text 1:0 as r[]/a/q\n  p text 1:1 as r[]/p\n"
	  " b begin_group as r[]/b\n  q text 1:2 as r[]/b/q\n",
	  "" },
	{ "a loop makes a group of each choice",
	  "survey\n|type|name|label|relevant\n|begin loop over yn|each|Each\n|text|if_%(name)s|If %(label)s?\n"
	  "|begin_group|more|More\n|date|day|100%% of %Y|${if_%(name)s} = '%(name)s %(label)s'\n|end_group\n|end loop\n"
	  "|text|end|End\n" YN "|yn|none|None\n",
	  "each begin_group\n yes begin_group\n  if_yes text 0:0\n  more begin_group\n"
	  "   day date 0:1 as each/yes/more/day relevant[${if_yes} = 'yes Yes']\n"
	  " no begin_group\n  if_no text 0:2\n  more begin_group\n"
	  "   day date 0:3 as each/no/more/day relevant[${if_no} = 'no No']\nend text 0:4\n",
	  "" },
	{ "a loop in a loop",
	  "survey\n|type|name|label\n|begin_loop over yn|a|A\n|begin_loop over yn|b_%(name)s|B\n|text|%(name)s_q|Q\n"
	  "|end_loop\n|end_loop\n" YN,
	  "a begin_group\n yes begin_group\n  b_yes begin_group\n   yes begin_group\n"
	  "    yes_q text 0:0 as a/yes/b_yes/yes/yes_q\n   no begin_group\n    no_q text 0:1 as a/yes/b_yes/no/no_q\n"
	  " no begin_group\n  b_no begin_group\n   yes begin_group\n    yes_q text 0:2 as a/no/b_no/yes/yes_q\n"
	  "   no begin_group\n    no_q text 0:3 as a/no/b_no/no/no_q\n",
	  "" },
	{ "loops that multiply beyond measure",
	  "survey\n|type|name|label\n" SIXTEEN("|begin_loop over yn|l|L\n") "|text|%(name)s|Q\n" SIXTEEN("|end_loop\n")
		  YN,
	  NULL, "E0249" },
	{ "a loop that never ends stays a group",
	  "survey\n|type|name|label\n|begin_loop over yn|a|A\n|text|q_%(name)s|Q\n" YN,
	  "a begin_group\n q_%(name)s text 0:0\n", "E0225" },
	{ "yes and no become true() and false()",
	  "survey\n|type|name|label|required|relevant\n|text|a|A|yes|\n|text|b|B|FALSE|True\n|text|c|C|${a} = ''|",
	  "a text 0:0 required[true()]\nb text 0:1 relevant[true()] required[false()]\nc text 0:2 required[${a} = "
	  "'']\n",
	  "" },
	{ "other names of types and columns",
	  "survey\n|command|tag|caption|relevance|bind::jr:constraintMsg\n|select all that apply from "
	  "yn|a|A||\n|string|b|B|true|\n|add "
	  "integer prompt|c|C||\n|percentage|d|D||Up to 100.\n|photo|e|E||\n" YN,
	  "a select_multiple 0:0 list yn\nb text 0:1 relevant[true()]\nc integer 0:2\nd integer 0:3 constraint[0 <= . "
	  "and . <= "
	  "100]\ne image 0:4\n",
	  "N0253" },
	{ "what is computed is not asked",
	  "survey\n|type|name|label|calculation|bind::type\n|integer|a|A||\n|calculate|b||${a} + "
	  "1|int\n|text|c||${a}|\n|hidden|d|||\n|"
	  "start|e|||\n|note|f|F||",
	  "a integer 0:0\nb calculate kind 2 0:1 calculation[${a} + 1]\nc text role 4 0:2 calculation[${a}]\nd hidden "
	  "0:3\ne start "
	  "0:4\nf note\n",
	  "" },
	{ "a range in fractions is a decimal",
	  "survey\n|type|name|label|parameters\n|range|a|A|start=0 end=1 step=0.5\n|range|b|B|",
	  "a range kind 3 0:0 constraint[. >= 0 and . <= 1 and abs(. div 0.5 - round(. div 0.5, 0)) < 0.000001]\n"
	  "b range 0:1 constraint[. >= 1 and . <= 10]\n",
	  "" },
	{ "a range offers only its steps",
	  "survey\n|type|name|label|parameters|constraint\n|range|a|A|start=5 end=-5 step=5|\n"
	  "|range|b|B|start=1 end=9 step=4|\n|range|c|C|start=0 end=9 step=3|. < 6",
	  "a range 0:0 constraint[. >= -5 and . <= 5 and (. - 5) mod 5 = 0]\n"
	  "b range 0:1 constraint[. >= 1 and . <= 9 and (. - 1) mod 4 = 0]\nc range 0:2 constraint[. < 6]\n",
	  "N0248" },
	{ "choices from elsewhere are open",
	  "survey\n|type|name|label|choice_filter\n|select_one_from_file ports.csv|a|A|\n|select_one_external "
	  "berth|b|B|x = ''\n|select_one "
	  "${a}|c|C|\nexternal_choices\n|list_name|name|label\n|berth|b1|B1",
	  "a select_one_from_file 0:0 list ports.csv (open)\nb select_one_external 0:1 list berth (open)\nc select_one "
	  "0:2 list ${a} "
	  "(open)\n",
	  "" },
	{ "contact is a word of audience",
	  "survey\n|type|name|label|audience\n|text|a|A|official contact\n|text|b|B|contacts",
	  "a text 0:0 contact\nb text 0:1\n", "W0420" },
	{ "headlines are whole numbers next to questions",
	  "survey\n|type|name|label|headline\n|text|a|A|2\n|text|b|B|999\n|text|c|C|\n|note|d|D|1\n|text|e|E|1.5\n"
	  "|text|f|F|1000\n|text|g|G|0",
	  "a text 0:0 headline 2\nb text 0:1 headline 999\nc text 0:2\nd note headline 1\ne text 0:3\nf text 0:4\n"
	  "g text 0:5\n",
	  "W0430 W0430 W0430 W0430" },
	{ "a unit is the answer to a question of the same entry, or of one around it",
	  "survey\n|type|name|label|unit\n|text|all|A|\n|begin_repeat|r|R|\n|decimal|fee|F|coin\n|text|coin|C|\n"
	  "|integer|days|D|all\n|text|say|S|coin\n|integer|self|E|self\n|integer|typo|T|coins\n|end_repeat|||\n"
	  "|integer|sum|G|coin",
	  "all text 0:0\nr begin_repeat as r[]\n fee decimal 1:0 as r[]/fee in coin\n coin text 1:1 as r[]/coin\n"
	  " days integer 1:2 as r[]/days in all\n say text 1:3 as r[]/say\n self integer 1:4 as r[]/self\n"
	  " typo integer 1:5 as r[]/typo\nsum integer 0:1\n",
	  "W0433 W0433 W0433 W0433" },
	{ "a note may go without a name", "survey\n|type|name|label\n|note||Hello", "generated_note_name_3 note\n",
	  "" },
	{ "curly quotes are straight and spaces single",
	  "survey\n|type|name|label|relevant\n|text|a|A|\n|begin  group|g|G|${a} =  "
	  "\xE2\x80\x98x\xE2\x80\x99\n|text|b|B|\n|end group",
	  "a text 0:0\ng begin_group relevant[${a} = 'x']\n b text 0:1\n", "" },
	{ "clean_text_values may be switched off",
	  "settings\n|clean_text_values\n|no\nsurvey\n|type|name|label|default\n|text|a|A|x  y",
	  "a text 0:0 default[x  y]\n", "" },
	{ "a row with an unknown type still exists for others", "survey\n|type|name|label\n|txt|a|A\n|note|b|${a}",
	  "a text 0:0\nb note\n", "E0213" },
	{ "the later of two equal columns counts", "survey\n|type|name|label|default|default\n|text|a|A|x|y",
	  "a text 0:0 default[y]\n", "W0208" },
	{ "repeat_count by any of its names",
	  "survey\n|type|name|label|count\n|begin_repeat|r|R|3\n|text|a|A|\n|end_repeat",
	  "r begin_repeat as r[] count[3]\n a text 1:0 as r[]/a\n", "" },
	{ "single colons separate where nothing else does",
	  "survey\n|type|name|label:English (en)|bind:relevant|jr:count\n|text|a|A|true|",
	  "a text 0:0 relevant[true()]\n", "" },
	{ "disabled rows are left out", "survey\n|type|name|label|disabled\n|text|a|A|\n|text|b|B|yes", "a text 0:0\n",
	  "W0231" },
};

static void test_form(void **state)
{
	const struct form_case *form_case = *state;
	struct stage stage;

	open_stage(&stage, form_case->text);
	cnv_text_put_char(&stage.codes, '\0');
	assert_string_equal(stage.codes.at, form_case->codes);
	if (form_case->outline)
		assert_string_equal(outline(&stage), form_case->outline);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- our own columns */

static void test_says(void **state)
{
	struct stage stage;
	const cnv_choice *choice;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label::en|label::fr|choice_filter\n|select_one yn|a|A|A|says != ''\n"
			   "|text|b|B|B|\nchoices\n|list_name|name|label::en|label::fr|says|says::fr\n"
			   "|yn|yes|Yes|Oui|have ratified|ont ratifi\xC3\xA9\n|yn|no|No|Non||\n"
			   "settings\n|default_language|circulate|basis\n|en|a|b");
	assert_non_null(stage.form);
	choice = stage.form->lists[0].choices;
	assert_true(cnv_str_equal(cnv_wording_text(stage.form, &choice->says, 0), CNV_STR("have ratified")));
	assert_true(cnv_str_equal(cnv_wording_text(stage.form, &choice->says, 1), CNV_STR("ont ratifi\xC3\xA9")));
	assert_int_equal(cnv_wording_text(stage.form, &choice[1].says, 0).len, 0);
	assert_int_equal(stage.form->circulate, 0);
	assert_int_equal(stage.form->basis, 1);
	assert_int_equal(stage.form->release, CNV_NONE);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- type cells */

static const struct type_case {
	const char *text, *type, *list;
	bool other;
	cnv_form_type_reading reading;
} type_cases[] = {
	{ "select_one a", "select_one", "a", false, TYPE_READ },
	{ "select one a", "select_one", "a", false, TYPE_READ },
	{ "select one from a", "select_one", "a", false, TYPE_READ },
	{ "select1 a or specify other", "select_one", "a", true, TYPE_READ },
	{ "add select multiple prompt using a", "select_multiple", "a", false, TYPE_READ },
	{ "select all that apply a or_other", "select_multiple", "a", true, TYPE_READ },
	{ "select one from file a.csv", "select_one_from_file", "a.csv", false, TYPE_READ },
	{ "rank a", "rank", "a", false, TYPE_READ },
	{ "osm tags", "osm", "", false, TYPE_READ },
	{ "date time", "dateTime", "", false, TYPE_READ },
	{ "get device id", "deviceid", "", false, TYPE_READ },
	{ "trigger", "acknowledge", "", false, TYPE_READ },
	{ "Integer", "integer", "", false, TYPE_OTHER_CASE },
	{ "SELECT_ONE a", "select_one", "a", false, TYPE_OTHER_CASE },
	{ "select_one", "select_one", "", false, TYPE_NO_LIST },
	{ "rank", "rank", "", false, TYPE_NO_LIST },
	{ "select_one a b", "select_one", "a b", false, TYPE_LIST_WORDS },
	{ "select_onea", "select_one", "", false, TYPE_UNKNOWN },
	{ "begin dancing", "text", "dancing", false, TYPE_UNKNOWN },
	{ "", "text", "", false, TYPE_UNKNOWN },
};

static void test_type(void **state)
{
	const struct type_case *type_case = *state;
	cnv_form_row_type typed;
	cnv_str nearest;

	assert_int_equal(cnv_form_read_type(&typed, cnv_str_from(type_case->text), &nearest), type_case->reading);
	assert_non_null(typed.type);
	assert_string_equal(typed.type->name, type_case->type);
	assert_true(cnv_str_equal(typed.list, cnv_str_from(type_case->list)));
	assert_int_equal(typed.or_other, type_case->other);
}

/* ---------------------------------------------------------------- defaults, names, codes */

static const struct dynamic_case {
	const char *text;
	cnv_kind kind;
	bool dynamic;
} dynamic_cases[] = {
	{ "Panama", CNV_TEXT, false },
	{ "7", CNV_INTEGER, false },
	{ "-7", CNV_INTEGER, false },
	{ "semi-annual", CNV_TEXT, false },
	{ "${a}", CNV_TEXT, true },
	{ "today()", CNV_DATE, true },
	{ "2026-12-31", CNV_DATE, false },
	{ "1 + 1", CNV_INTEGER, true },
	{ "7 - 2", CNV_INTEGER, true },
	{ "7 div 2", CNV_DECIMAL, true },
	{ "'not(this)'", CNV_TEXT, false },
	{ "yes no", CNV_CHOICES, false },
	{ "a | b", CNV_TEXT, true },
	{ "12.5 - 7.1 0 0", CNV_GEOPOINT, false },
	{ "", CNV_TEXT, false },
	{ "(none)", CNV_TEXT, false },
	{ "don't know", CNV_TEXT, false },
};

static void test_dynamic(void **state)
{
	const struct dynamic_case *dynamic_case = *state;

	assert_int_equal(cnv_default_is_dynamic(cnv_str_from(dynamic_case->text), dynamic_case->kind),
			 dynamic_case->dynamic);
}

static const struct word_case {
	const char *text;
	bool is_name, is_code;
} word_cases[] = {
	{ "AUS", true, true },
	{ "a", true, true },
	{ "_a", true, false },
	{ "-a", false, false },
	{ "1a", false, true },
	{ "a-b_c", true, true },
	{ "a.b", true, false },
	{ "a b", false, false },
	{ "", false, false },
	{ "größe", true, false },
	{ "a:b", true, false },
	{ "a:", false, false },
	{ "a:b:c", false, false },
	{ "CON", true, false },
	{ "lpt9", true, false },
	{ "CONT", true, true },
	{ "..", false, false },
	{ "a/b", false, false },
	{ "\xF0\x9F\x9A\xA2", true, false },
	{ "A23456789012345678901234567890123", true, false },
	{ "A2345678901234567890123456789012", true, true },
};

static void test_word(void **state)
{
	const struct word_case *word_case = *state;
	cnv_str text = cnv_str_from(word_case->text);

	assert_int_equal(cnv_form_is_name(text), word_case->is_name);
	assert_int_equal(cnv_respondent_code_ok(text), word_case->is_code);
}

/* ---------------------------------------------------------------- one at a time */

static void test_languages(void **state)
{
	struct stage stage;
	const cnv_question *question;

	(void)state;
	open_stage(&stage,
		   "survey\n|type|name|label::English (en)|label::French (fr)\n|text|a|Port|Escale\n|text|b|Flag|\n"
		   "settings\n|default_language|form_title\n|French (fr)|Ports");
	assert_int_equal(stage.status, CNV_OK);
	assert_int_equal(stage.form->language_count, 2);
	assert_int_equal(stage.form->default_language, 1);
	question = stage.form->questions;
	assert_true(cnv_str_equal(cnv_question_title(stage.form, &question[0], 0), CNV_STR("Port")));
	assert_true(cnv_str_equal(cnv_question_title(stage.form, &question[0], 1), CNV_STR("Escale")));
	assert_true(cnv_str_equal(cnv_question_title(stage.form, &question[0], 9), CNV_STR("Escale")));
	assert_true(cnv_str_equal(cnv_question_title(stage.form, &question[1], 1), CNV_STR("Flag")));
	close_stage(&stage);
}

static void test_plain_language(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label|label::French "
			   "(fr)\n|text|a|Port|Escale\nsettings\n|default_language\n|English (en)");
	assert_int_equal(stage.status, CNV_OK);
	assert_true(cnv_str_equal(stage.form->languages[0], CNV_STR("English (en)")));
	assert_true(cnv_str_equal(cnv_question_title(stage.form, stage.form->questions, 0), CNV_STR("Port")));
	close_stage(&stage);
}

static void test_settings(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label|qno|colour\n|text|who|Who|A1|blue\n|text|may|May?|A2|\n"
			   "settings\n|Form Title|version|respondent|release|round|respondent_word|colour\n"
			   "|Ports|3|who|may|2026|economy|red");
	assert_int_equal(stage.status, CNV_OK);
	assert_true(cnv_str_equal(stage.form->id, CNV_STR("port calls")));
	assert_true(cnv_str_equal(stage.form->title, CNV_STR("Ports")));
	assert_true(cnv_str_equal(stage.form->round, CNV_STR("2026")));
	assert_true(cnv_str_equal(stage.form->respondent_word, CNV_STR("economy")));
	assert_int_equal(stage.form->respondent, 0);
	assert_int_equal(stage.form->release, 1);
	assert_true(cnv_str_equal(stage.form->settings[6].heading, CNV_STR("colour")));
	assert_true(cnv_str_equal(stage.form->questions[0].qno, CNV_STR("A1")));
	assert_int_equal(stage.form->questions[0].extra_count, 1);
	assert_true(cnv_str_equal(stage.form->questions[0].extras[0].heading, CNV_STR("colour")));
	close_stage(&stage);
}

static void test_respondent_by_name(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label\n|text|KEY|Key\n|text|instanceID|Instance\n|text|respondent|Who");
	assert_int_equal(stage.form->respondent, 2);
	assert_int_equal(stage.form->release, CNV_NONE);
	close_stage(&stage);
	open_stage(&stage, "survey\n|type|name|label\n|text|KEY|Key\n|text|port|Port");
	assert_int_equal(stage.form->respondent, 0);
	close_stage(&stage);
	open_stage(&stage, "survey\n|type|name|label\n|text|port|Port");
	assert_int_equal(stage.form->respondent, CNV_NONE);
	close_stage(&stage);
}

static void test_lists(void **state)
{
	struct stage stage;
	const cnv_list *list;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label\n|select_one "
			   "c|a|A\nchoices\n|list_name|name|label|region\n|c|a1|North|n\n|d|x|X|\n"
			   "|c|a2|South |s\n|c|a3| NORTH|n");
	list = &stage.form->lists[stage.form->questions[0].list];
	assert_int_equal(list->count, 3);
	assert_int_equal(cnv_list_find(list, CNV_STR("a3")), 2);
	assert_int_equal(cnv_list_find(list, CNV_STR("A3")), CNV_NONE);
	assert_int_equal(cnv_map_find(&list->by_label, CNV_STR("south")), 1);
	assert_int_equal(cnv_map_find(&list->by_label, CNV_STR("north")), CNV_LABEL_AMBIGUOUS);
	assert_int_equal(list->choices[1].extra_count, 1);
	assert_true(cnv_str_equal(list->choices[1].extras[0].text, CNV_STR("s")));
	assert_int_equal(list->choices[1].place.row, 8);
	close_stage(&stage);
}

static void test_find(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label\n|begin_group|g|G\n|text|port|Port\n|end_group\n|begin_group|h|"
			   "H\n|text|port|Port\n"
			   "|text|flag|Flag\n|end_group");
	assert_int_equal(cnv_form_find(stage.form, CNV_STR("port")), CNV_NAME_AMBIGUOUS);
	assert_int_equal(cnv_form_find(stage.form, CNV_STR("flag")), 4);
	assert_int_equal(cnv_form_find(stage.form, CNV_STR("g")), 0);
	assert_int_equal(cnv_form_find(stage.form, CNV_STR("Flag")), CNV_NONE);
	assert_int_equal(cnv_map_find(&stage.form->by_path, CNV_STR("h/port")), 3);
	assert_true(cnv_str_equal(cnv_form_nearest(stage.form, CNV_STR("flags")), CNV_STR("flag")));
	assert_int_equal(stage.form->questions[2].after, 5);
	close_stage(&stage);
}

static void test_no_memory(void **state)
{
	static const char text[] =
		"survey\n|type|name|label::English (en)|label::French (fr)|trigger|parameters\n|select_one yn "
		"or_other|a|A|A|"
		"|randomize=true\n|begin_repeat|r|R|R||\n|txt|b|${x}|B||\n|end_repeat\n|geopoint|c|C|C|${a}|\n"
		"choices\n|list_name|name|label::English (en)|x\n|yn|yes|Yes|1\nsettings\n|form_id|respondent\n|f|b";

	(void)state;
	for (size_t k = 0; k < 100000; k++) {
		struct stage stage;
		bool done;

		cnv_mem_fail_after(k);
		open_stage(&stage, text);
		cnv_mem_fail_after(SIZE_MAX);
		done = stage.status != CNV_NO_MEMORY;
		if (done)
			assert_int_equal(stage.status, CNV_REJECTED);
		else
			assert_null(stage.form);
		/* The text of codes is the test's own and may have failed too. */
		if (done && !stage.codes.failed) {
			close_stage(&stage);
			return;
		}
		close_stage(&stage);
	}
	fail_msg("the build never came to an end");
}

/* A form of many mistakes of one kind stays fast: near names are only looked for so often. */
/* Every line of a plain list begins a sheet, or goes on with one under another header. */
static void test_many_sheets(void **state)
{
	const char *line = *state;
	cnv_arena arena = { 0 };
	cnv_text codes = { 0 };
	cnv_diags diags = { .emit = hear, .self = &codes };
	cnv_sheets sheets;

	cnv_sheets_init(&sheets, CNV_STR("list.csv"), &arena);
	for (uint32_t row = 1; row <= 5000; row++) {
		cnv_str fields[] = { cnv_arena_format(&arena, line, row), cnv_arena_format(&arena, line, row) };

		if (*line == 's')
			fields[0] = CNV_STR("survey");
		cnv_sheets_add(&sheets, fields, *line == 's' ? 2 : 1, row, &diags);
	}
	assert_true(sheets.count == 100 && sheets.full && sheets.rejected);
	assert_true(cnv_str_ends(cnv_text_str(&codes), CNV_STR("E0262")));
	assert_int_equal(cnv_str_find(cnv_text_str(&codes), CNV_STR("E0262")) + 5, codes.len);
	cnv_sheets_fini(&sheets);
	cnv_text_fini(&codes);
	cnv_arena_fini(&arena);
}

static void test_stray(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, "survey\n|type|name|label\n|text|a|A\nxx|text|b|B");
	assert_int_equal(stage.status, CNV_REJECTED);
	assert_string_equal(outline(&stage), "a text 0:0\nb text 0:1\n");
	close_stage(&stage);
}

static void test_many_mistakes(void **state)
{
	cnv_arena arena = { 0 };
	cnv_sheets sheets;
	cnv_diags diags = { 0 };
	cnv_form *form;
	const cnv_str name = CNV_STR("survey"),
		      header[] = { CNV_STR(""), CNV_STR("type"), CNV_STR("name"), CNV_STR("label") };

	(void)state;
	cnv_sheets_init(&sheets, CNV_STR("form.csv"), &arena);
	cnv_sheets_add(&sheets, &name, 1, 1, &diags);
	cnv_sheets_add(&sheets, header, 4, 2, &diags);
	for (uint32_t i = 0; i < 20000; i++) {
		cnv_str fields[] = { CNV_STR(""), CNV_STR("select_one nothing"),
				     cnv_arena_format(&arena, "question_%u", i), CNV_STR("${quest}") };

		cnv_sheets_add(&sheets, fields, 4, i + 3, &diags);
	}
	assert_int_equal(cnv_form_build(&form, &sheets, &arena, &diags), CNV_REJECTED);
	assert_int_equal(diags.errors, 20001); /* the choices sheet is missed once */
	cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
}

static void read_signs(size_t count)
{
	char *form = malloc(2 * count + 200), *at = form;
	struct stage stage;

	assert_non_null(form);
	at += sprintf(at, "survey\n|type|name|label\n|begin_loop over yn|a|A\n|text|q_%%(name)s|");
	for (size_t i = 0; i < count; i++)
		at += sprintf(at, "%%(");
	sprintf(at, "\n|end_loop\nchoices\n|list_name|name|label\n|yn|y|Yes\n|yn|n|No\n");
	open_stage(&stage, form);
	assert_int_equal(stage.status, CNV_OK);
	close_stage(&stage);
	free(form);
}

/* No sign looks to the end of the cell for the end of its word. */
static void test_signs_in_a_loop(void **state)
{
	(void)state;
	assert_true(grows_evenly(read_signs, 1 << 18));
}

/* The names of files become parts of paths, so few characters are allowed in them. */
static void test_file_names(void **state)
{
	static const struct {
		const char *name;
		bool allowed;
	} rows[] = {
		{ "a", true },    { "z", true },    { "A", true },      { "Z", true },    { "0", true },
		{ "9", true },    { "a-b", true },  { "a_b", true },    { "a b", true },  { "\xC3\xA9", true },
		{ "`", false },   { "{", false },   { "@", false },     { "[", false },   { "/", false },
		{ ":", false },   { "..", false },  { "../a", false },  { "a/b", false }, { "a\\b", false },
		{ "a:b", false }, { "a.b", false }, { "a\x7F", false }, { "a;b", false }, { "~", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char form[256];
		struct stage stage;
		uint32_t count = 0;
		const cnv_data_file *files;

		snprintf(form, sizeof form,
			 "survey\n|type|name|label|calculation\n|text|k|K|\n|calculate|c||pulldata('%s', 'a', 'b', "
			 "${k})\n",
			 rows[i].name);
		open_stage(&stage, form);
		assert_non_null(stage.form);
		files = cnv_form_files(stage.form, &count, &stage.arena);
		if (count != rows[i].allowed)
			print_error("%s\n", rows[i].name);
		assert_int_equal(count, rows[i].allowed);
		assert_true(!count || cnv_str_equal(files[0].name, cnv_str_from(rows[i].name)));
		close_stage(&stage);
	}
}

/* ---------------------------------------------------------------- where paths lead */

static void test_follow(void **state)
{
	static const char form[] = "survey\n|type|name|label\n|text|a|A\n|begin_group|g|G\n|text|b|B\n|text|c|C\n"
				   "|end_group\n|begin_repeat|r|R\n|text|d|D\n|end_repeat\n|text|c|C\n";
	static const struct {
		const char *self, *path, *found; /* found: its path, "" nothing */
	} rows[] = {
		{ "g/b", "${a}", "a" },
		{ "g/b", "${c}", "" },
		{ "g/b", ".", "g/b" },
		{ "g/b", "..", "g" },
		{ "g/b", "../c", "g/c" },
		{ "g/b", "../../c", "c" },
		{ "g/b", "../../..", "" },
		{ "g/b", "/data/g/./c", "g/c" },
		{ "g/b", "/other/a", "" },
		{ "g/b", "/data", "" },
		{ "g/b", "current()/../c", "g/c" },
		{ "g", "b", "g/b" },
		{ "g/b", "b", "" },
		{ "g/b", "child::b", "" },
		{ "g", "child::b", "g/b" },
		{ "g/b", "${r}/d", "r/d" },
		{ "g/b", "${r}[1]/d", "" },
		{ "g/b", "${last-saved#a}", "" },
		{ "g/b", "${a} + 1", "" },
		{ "g/b", "//a", "" },
		{ "g/b", "string(${a})", "" },
		{ "g/b", "${g}/*", "" },
		{ "g/b", "ancestor::g", "" },
		{ "", "${a}", "a" },
		{ "", ".", "" },
		{ "", "/data/r/d", "r/d" },
	};
	struct stage stage;

	(void)state;
	open_stage(&stage, form);
	assert_non_null(stage.form);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const cnv_formula_tree *tree = cnv_formula_parse(cnv_str_from(rows[i].path), &stage.arena);
		cnv_question_id self = cnv_map_find(&stage.form->by_path, cnv_str_from(rows[i].self));
		cnv_question_id found = cnv_form_follow(stage.form, self, tree, tree->root);
		cnv_str path = found == CNV_NONE ? CNV_STR("") : stage.form->questions[found].path;

		if (!cnv_str_equal(path, cnv_str_from(rows[i].found)))
			print_error("%s at %s leads to %.*s\n", rows[i].path, rows[i].self, CNV_ARG(path));
		assert_true(cnv_str_equal(path, cnv_str_from(rows[i].found)));
	}
	close_stage(&stage);
}

static const struct CMUnitTest single_tests[] = {
	cmocka_unit_test(test_follow),
	{ "a choice says a predicate in each language; settings name questions", test_says, NULL, NULL, NULL },
	{ "a label falls back to the default language, then to any", test_languages, NULL, NULL, NULL },
	{ "a column without a suffix is in the default language", test_plain_language, NULL, NULL, NULL },
	{ "settings, ours and unknown ones", test_settings, NULL, NULL, NULL },
	{ "without the setting the respondent is found by name", test_respondent_by_name, NULL, NULL, NULL },
	{ "lists keep their order, extras and labels", test_lists, NULL, NULL, NULL },
	{ "questions are found by name and by path", test_find, NULL, NULL, NULL },
	{ "any allocation may fail", test_no_memory, NULL, NULL, NULL },
	{ "a list of one column is no form of many sheets", test_many_sheets, NULL, NULL,
	  (void *)(uintptr_t) "row %u" },
	{ "a sheet begun over and over ends the reading", test_many_sheets, NULL, NULL, (void *)(uintptr_t) "s%u" },
	{ "a form with text in its first column is refused", test_stray, NULL, NULL, NULL },
	{ "few characters are allowed in the names of files", test_file_names, NULL, NULL, NULL },
	{ "twenty thousand mistakes", test_many_mistakes, NULL, NULL, NULL },
	{ "many signs in a loop", test_signs_in_a_loop, NULL, NULL, NULL },
};

static struct CMUnitTest
	tests[COUNT(form_cases) + COUNT(type_cases) + COUNT(dynamic_cases) + COUNT(word_cases) + COUNT(single_tests)];
static size_t test_count;

static void add_test(const char *name, CMUnitTestFunction function, const void *state)
{
	tests[test_count++] = (struct CMUnitTest){ name, function, NULL, NULL, (void *)state };
}

int main(void)
{
	for (size_t i = 0; i < COUNT(form_cases); i++)
		add_test(form_cases[i].name, test_form, &form_cases[i]);
	for (size_t i = 0; i < COUNT(type_cases); i++)
		add_test(type_cases[i].text, test_type, &type_cases[i]);
	for (size_t i = 0; i < COUNT(dynamic_cases); i++)
		add_test(dynamic_cases[i].text, test_dynamic, &dynamic_cases[i]);
	for (size_t i = 0; i < COUNT(word_cases); i++)
		add_test(word_cases[i].text, test_word, &word_cases[i]);
	for (size_t i = 0; i < COUNT(single_tests); i++)
		tests[test_count++] = single_tests[i];
	return _cmocka_run_group_tests("form", tests, test_count, NULL, NULL);
}
