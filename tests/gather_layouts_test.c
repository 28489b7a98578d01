/* The layouts of survey tools: their headings, and answers spread over several columns.
 *
 * Forms and files are written with | between fields; the answers are invented. */
#include "gather_stage.h"

#define SURVEY                                                                                                         \
	"survey\n"                                                                                                     \
	"|type|name|label|label::French (fr)|qno\n"                                                                    \
	"|text|who|Who are you?|Qui ?|\n"                                                                              \
	"|begin_group|g|Section G|Partie G|\n"                                                                         \
	"|integer|q1|How many seats?|Combien de places ?|G1\n"                                                         \
	"|geopoint|loc|Location|Lieu|G2\n"                                                                             \
	"|select_multiple crop or_other|sm|Crops|Cultures|G3\n"                                                        \
	"|rank crop|best|Best crops||G4\n"                                                                             \
	"|select_one crop or_other|one|Main crop||G5\n"                                                                \
	"|end_group||||\n"                                                                                             \
	"|begin_group|rate|Rate us||\n"                                                                                \
	"|integer|price|Price||\n"                                                                                     \
	"|integer|service|Service||\n"                                                                                 \
	"|end_group||||\n"                                                                                             \
	"|begin_group|rate2|Rate them||\n"                                                                             \
	"|integer|price2|Price||H1\n"                                                                                  \
	"|end_group||||\n"                                                                                             \
	"|integer|Q1_SQ001|Array||\n"                                                                                  \
	"|text|year|2006 budget||\n"                                                                                   \
	"|begin_repeat|r|Persons||\n"                                                                                  \
	"|text|name|Name||\n"                                                                                          \
	"|select_multiple crop|likes|Likes||\n"                                                                        \
	"|geopoint|home|Home||\n"                                                                                      \
	"|begin_repeat|pet|Pets||\n"                                                                                   \
	"|text|kind|Kind||\n"                                                                                          \
	"|end_repeat||||\n"                                                                                            \
	"|end_repeat||||\n"                                                                                            \
	"choices\n"                                                                                                    \
	"|list_name|name|label|label::French (fr)\n"                                                                   \
	"|crop|a|Maize|Mais\n"                                                                                         \
	"|crop|b|Green beans|Haricots verts\n"                                                                         \
	"|crop|-888|Refused|\n"

/* What one heading means, its cells filled with `x` or `1`: seen in what is laid out. */
static const struct heading_case {
	const char *name, *heading, *cell, *dump, *said;
} heading_cases[] = {
	{ "a path with slashes", "g/q1", "1", "q1=1", "" },
	{ "a path with hyphens", "g-q1", "1", "q1=1", "" },
	{ "a path with colons", "g:q1", "1", "q1=1", "" },
	{ "a path with points", "g.q1", "1", "q1=1", "" },
	{ "a leaf name", "q1", "1", "q1=1", "" },
	{ "a label", "How many seats?", "1", "q1=1", "" },
	{ "a label in another language, with other white space", "Combien\tde  places ?", "1", "q1=1", "" },
	{ "a label of a required question", "How many seats? *", "1", "q1=1", "" },
	{ "a label behind its section's", "Section G/How many seats?", "1", "q1=1", "" },
	{ "a label behind its section's in French", "Partie G/Combien de places ?", "1", "q1=1", "" },
	{ "a label behind its number", "G1. How many seats?", "1", "q1=1", "" },
	{ "a label behind its number and a bracket", "G1) How many seats?", "1", "q1=1", "" },
	{ "a label behind its name", "q1. How many seats?", "1", "q1=1", "" },
	{ "a label behind another's number", "G2. How many seats?", "1", "", "W0605@1" },
	{ "a number alone", "G1", "1", "q1=1", "" },
	{ "a number alone with its point", "G1.", "1", "q1=1", "" },
	{ "a label of two questions", "Price", "1", "", "W0605@1" },
	{ "a label of two questions behind its number", "H1. Price", "1", "price2=1", "" },
	{ "a label of two questions behind its section's", "Rate us/Price", "1", "price=1", "" },
	{ "a row of a grid", "Rate us [Price]", "1", "price=1", "" },
	{ "a row of a grid that no question has", "Rate us [Taste]", "1", "", "W0605@1" },
	{ "a year is no number of a question", "2007 budget", "1", "", "W0605@1" },
	{ "a label that begins with a year", "2006 budget", "1", "year=1", "" },
	{ "a number that the form does not give", "3. Array", "1", "Q1_SQ001=1", "" },
	{ "an array of LimeSurvey", "Q1[SQ001]", "1", "Q1_SQ001=1", "" },
	{ "an array of LimeSurvey by its group", "rate[service]", "1", "service=1", "" },
	{ "a choice behind a slash", "g/sm/a", "1", "sm=a", "" },
	{ "a choice behind a hyphen", "g-sm-b", "True", "sm=b", "" },
	{ "a choice behind a stroke", "sm_a", "1", "sm=a", "" },
	{ "a choice in brackets", "sm[a]", "Y", "sm=a", "" },
	{ "a choice by its labels", "Crops/Green beans", "1", "sm=b", "" },
	{ "a choice by its labels behind the section's", "Section G/Crops/Green beans", "1", "sm=b", "" },
	{ "a choice by its labels in brackets", "Crops [Maize]", "Yes", "sm=a", "" },
	{ "a choice behind number and labels", "G3. Crops [Maize]", "Y", "sm=a", "" },
	{ "a choice without letters", "sm__888", "1", "sm=-888", "" },
	{ "a choice not ticked", "sm/a", "0", "", "" },
	{ "a choice not ticked in words", "sm/a", "FALSE", "", "" },
	{ "a choice ticked by its own name", "sm/b", "b", "sm=b", "" },
	{ "a choice with a cell that is no tick", "sm/a", "2", "sm=a: 2", "" },
	{ "a choice that the list has not", "sm/z", "1", "", "W0605@1" },
	{ "the choice other, ticked", "sm/other", "1", "sm=other", "" },
	{ "the choice other, with its text", "sm[other]", "Rye", "sm=other sm_other=Rye", "" },
	{ "the text of other, of one choice", "one[other]", "Rye", "one_other=Rye", "" },
	{ "a comment", "q1[comment]", "about", " {q1: about}", "" },
	{ "a comment on a choice", "sm[acomment]", "about", " {sm: about}", "" },
	{ "a place of a ranking", "best[2]", "a", "best=a", "" },
	{ "an entry behind its name", "name_2", "Ann", "r[2]/name=Ann", "" },
	{ "an entry of an entry behind its name", "kind_2_1", "cat", "r[2]/pet[1]/kind=cat", "" },
	{ "an entry behind the name, of the wrong depth", "kind_2", "cat", "", "W0605@1" },
	{ "an entry behind a choice", "likes_a_2", "1", "r[2]/likes=a", "" },
	{ "an entry in brackets and a choice", "r[2]/likes/b", "True", "r[2]/likes=b", "" },
	{ "the number of entries", "r_count", "2", "", "" },
	{ "a section's table in Briefcase", "SET-OF-r", "uuid:1", "", "" },
	{ "what a tool adds", "_submission_time", "2026", "", "W0605@1" },
	{ "nothing", "sm_", "1", "", "W0605@1" },
	{ "brackets alone", "[a]", "1", "", "W0605@1" },
	{ "a mark alone", "_latitude", "1", "", "W0605@1" },
};

static void run_heading_case(void **state)
{
	const struct heading_case *test = *state;
	struct stage stage;
	cnv_text file = { 0 }, dump = { 0 };

	open_stage(&stage, SURVEY);
	cnv_text_format(&file, "who|%s\nI|%s\n", test->heading, test->cell);
	assert_int_equal(gather_file(&stage, ended(&file)), CNV_OK);
	cnv_text_format(&dump, "who=I%s%s", *test->dump && *test->dump != ' ' ? " " : "", test->dump);
	assert_string_equal(dump_batch(&stage), ended(&dump));
	assert_string_equal(ended(&stage.said), test->said);
	cnv_text_fini(&file);
	cnv_text_fini(&dump);
	close_stage(&stage);
}

static const struct file_case {
	const char *name, *file;
	cnv_status status;
	const char *said, *dump, *tool;
} file_cases[] = {
	{ "Central's split choices beside their answer, all 0 where it is blank",
	  "SubmissionDate|who|g-sm|g-sm/a|g-sm/b|KEY|SubmitterID\n2026|A|a b|1|1|u1|7\n2026|B||0|0|u2|7\n", CNV_OK, "",
	  "0:who=A 0:sm=a b 1:who=B", "ODK Central" },
	{ "a point in four columns", "who|g-loc-Latitude|g-loc-Longitude|g-loc-Altitude|g-loc-Accuracy\nA|1.5|-2|3|4\n",
	  CNV_OK, "", "who=A loc=1.5 -2 3 4", "" },
	{ "a point in two of them", "who|loc-Longitude|loc-Latitude|loc-Altitude|loc-Accuracy\nA|-2|1.5||\n", CNV_OK,
	  "", "who=A loc=1.5 -2", "" },
	{ "a point without altitude", "who|locLatitude|locLongitude|locAltitude|locAccuracy\nA|1.5|-2||7\n", CNV_OK, "",
	  "who=A loc=1.5 -2 0 7", "" },
	{ "degrees and minutes are no numbers of a point", "who|locLatitude|locLongitude\nA|1 17|103 51\n", CNV_OK, "",
	  "who=A loc=1 17;103 51", "" },
	{ "half a point", "who|locLatitude|locLongitude\nA||-2\n", CNV_OK, "", "who=A loc=? -2", "" },
	{ "KoboToolbox's point beside its answer",
	  "who|loc|g/_loc_latitude|g/_loc_longitude|_id|_validation_status\nA|1 2 0 0|1|2|9|\n", CNV_OK, "",
	  "who=A loc=1 2 0 0", "KoboToolbox" },
	{ "KoboToolbox's point by labels", "Who are you?|_Location_latitude|_Location_longitude\nA|1|2\n", CNV_OK, "",
	  "who=A loc=1 2", "" },
	{ "an answer in labels, with blanks in one and between two",
	  "who|Crops|Crops/Maize|Crops/Green beans\nA|Maize Green beans|1|1\n", CNV_OK, "",
	  "who=A sm=Maize Green beans", "" },
	{ "an answer in labels and words that none of its columns has",
	  "who|Crops|Crops/Maize|Crops/Green beans\nA|Maize, some Green beans|1|1\n", CNV_OK, "W0645@2", "who=A sm=a b",
	  "" },
	{ "a column of a choice that differs", "who|sm|sm/a|sm/b\nA|a|0|0\nB|a|1|1\nC|a|1|\n", CNV_OK,
	  "W0645@2 W0645@3", "0:who=A 0:sm=a 1:who=B 1:sm=a 2:who=C 2:sm=a", "" },
	{ "a blank answer beside ticks", "who|sm|sm/a|sm/b\nA||1|0\n", CNV_OK, "", "who=A sm=a", "" },
	{ "an answer that nobody can read beside blank columns", "who|sm|sm/a\nA|zz|\n", CNV_OK, "", "who=A sm=zz",
	  "" },
	{ "the text of other beside its own question", "who|sm[a]|sm[other]|sm_other\nA|Y|Rye|Oats\n", CNV_OK, "",
	  "who=A sm=a other sm_other=Oats {sm: Rye}", "" },
	{ "Ona's n/a is blank, and its repeats flat",
	  "who|g/q1|g/sm/a|g/sm/b|r[1]/name|r[2]/name|_uuid|_submission_time\nA|n/a|True|False|Ann|n/a|u|t\n", CNV_OK,
	  "", "who=A sm=a r[1]/name=Ann", "Ona" },
	{ "n/a is an answer elsewhere", "who|year\nA|n/a\n", CNV_OK, "", "who=A year=n/a", "" },
	{ "SurveyCTO's repeats and points",
	  "SubmissionDate|who|r_count|name_1|name_2|homeLatitude_1|homeLongitude_1|kind_1_1|kind_2_1|kind_1_2|formdef_"
	  "version|KEY\n"
	  "t|A|2|Ann|Bob|1|2|cat|dog|eel|7|u\n",
	  CNV_OK, "",
	  "who=A r[1]/name=Ann r[1]/home=1 2 r[2]/name=Bob r[1]/pet[1]/kind=cat r[1]/pet[2]/kind=eel "
	  "r[2]/pet[1]/kind=dog",
	  "SurveyCTO" },
	{ "a ranking in columns", "who|best[1]|best[2]|best[3]\nA|b|a|-888\n", CNV_OK, "", "who=A best=b a -888", "" },
	{ "a ranking whose columns stand in another order", "who|best[3]|best[1]|best[2]\nA|-888|b|a\n", CNV_OK, "",
	  "who=A best=b a -888", "" },
	{ "a ranking in columns, by labels", "who|best[1]|best[2]|best[3]\nA|b|a|Refused\nB|Green beans|a|\n", CNV_OK,
	  "", "0:who=A 0:best=b;a;Refused 1:who=B 1:best=Green beans;a", "" },
	{ "a text in the column of a choice, beside ticks", "who|sm/a|sm/b\nA|x|if it rains\n", CNV_OK, "",
	  "who=A sm=a;b: if it rains", "" },
	{ "Google Forms",
	  "Timestamp|Who are you?|Crops|Rate us [Price]|Rate us [Service]\n1|A|Maize, Green beans|3|4\n", CNV_OK, "",
	  "who=A sm=Maize, Green beans price=3 service=4", "Google Forms" },
	{ "LimeSurvey", "id|submitdate|lastpage|who|sm[a]|sm[b]|sm[other]|one|one[other]\n1|d|2|A|Y||Rye|-oth-|Oats\n",
	  CNV_OK, "", "who=A sm=a other sm_other=Rye one=other one_other=Oats", "LimeSurvey" },
	{ "LimeSurvey guards what looks like a formula", "id|submitdate|who|year\n1|d|A|'=1+1\n", CNV_OK, "",
	  "who=A year==1+1", "LimeSurvey" },
	{ "LimeSurvey VV",
	  "Response "
	  "ID|Date|Last|Language|Who?|Crops|Crops|Year\nid|submitdate|lastpage|startlanguage|who|sm_a|sm_b|year\n"
	  "1|d|2|en|A|Y||{lbrace}a{newline}b{quote}c{x\n2|d|2|en|B|{question_not_shown}||\n",
	  CNV_OK, "", "0:who=A 0:sm=a 0:year={a\nb\"c{x 1:who=B", "LimeSurvey VV" },
	{ "a line of hashtags below the header", "who|q1\n#respondent|#indicator+num\nA|3\n", CNV_OK, "", "who=A q1=3",
	  "" },
	{ "an answer that begins with a hash", "who|year\nA|#1\n", CNV_OK, "", "who=A year=#1", "" },
	{ "two columns of one choice", "who|sm/a|sm_a\nA|1|1\n", CNV_REJECTED, "E0604@1", NULL, "" },
	{ "blank lines below the header", "who|q1\n|\nA|3\n", CNV_OK, "", "who=A q1=3", "" },
	{ "title lines above the header", "Survey of crops|2026\n|\nMinistry\nwho|q1\nA|3\n", CNV_OK, "N0666@1",
	  "who=A q1=3", "" },
	{ "long: title lines above the header", "Survey\nquestion|note|answer\nwho||A\n", CNV_OK, "N0666@1", "who=A",
	  "" },
	{ "long: the header for people above the header",
	  "|Crops\n|No.|Question|Answer\nquestion|no|label|answer\nwho||Who are you?|A\n", CNV_OK, "N0666@1", "who=A",
	  "" },
	{ "long: a header in capitals", "Question|Answer\nwho|A\nyear|7\n", CNV_OK, "", "who=A year=7", "" },
	{ "long: a header in capitals alone", "Question|Answer\n", CNV_REJECTED, "E0612@0", NULL, "" },
	{ "names of questions in a column are no header", "name|value\nwho|A\nq1|3\n", CNV_REJECTED, "E0601@1", NULL,
	  "" },
	{ "a column of one question, and more beside it", "who\nA\nB|x\n", CNV_OK, "E0606@3", "0:who=A 1:who=B", "" },
	{ "a title that is the label of a question", "Crops\nwho|q1\nA|3\n", CNV_OK, "N0666@1", "who=A q1=3", "" },
	{ "a header of one question after all", "who\nA|x\nB\n", CNV_OK, "E0606@2", "0:who=A 1:who=B", "" },
	{ "two columns with the label of two questions, by a tool",
	  "who|Price|Price|_uuid|_submission_time\nA|1|2|u|t\n", CNV_OK, "N0668@1", "who=A price=1 price2=2", "Ona" },
	{ "one column with the label of two questions, by a tool", "who|Price|_uuid|_submission_time\nA|1|u|t\n",
	  CNV_OK, "W0605@1", "who=A", "Ona" },
	{ "two columns with the label of two questions, by no tool", "who|q1|year|Price|Price\nA|3|x|1|2\n", CNV_OK,
	  "W0605@1 W0605@1", "who=A q1=3 year=x", "" },
	{ "a header alone", "who|q1\n", CNV_REJECTED, "E0612@0", NULL, "" },
	{ "long: one line a choice", "question|answer\nwho|A\nsm/a|x\nsm/b|\nsm/other|X\n", CNV_OK, "",
	  "who=A sm=a other", "" },
	{ "long: choices of an entry", "question|answer\nwho|A\nr[2]/likes/a|\nr[2]/likes/b|x\nr[1]/likes/a|\n", CNV_OK,
	  "", "who=A r[2]/likes=b", "" },
	{ "long: the whole answer before its choices", "question|answer\nwho|A\nsm/a|x\nsm|b\n", CNV_OK, "W0645@3",
	  "who=A sm=b", "" },
	{ "long: the whole answer and the same choices",
	  "question|answer\nwho|A\nsm|Green beans, Maize\nsm/a|x\nsm/b|x\n", CNV_OK, "", "who=A sm=Green beans, Maize",
	  "" },
	{ "long: words at the choice other are its text", "question|answer\nwho|A\nsm/other|Rye\nsm_other|\n", CNV_OK,
	  "", "who=A sm=other sm_other=Rye", "" },
	{ "long: words at the choice other, and another text", "question|answer\nwho|A\nsm/other|Rye\nsm_other|Oats\n",
	  CNV_OK, "", "who=A sm=other sm_other=Oats {sm: Rye}", "" },
	{ "long: N/A at a choice", "question|answer\nwho|A\nsm/a|N/A\nsm/b|x\n", CNV_OK, "W0630@3", "who=A sm=b", "" },
	{ "long: a blank answer above its choices", "question|answer\nwho|A\nsm|\nsm/a|x\n", CNV_OK, "", "who=A sm=a",
	  "" },
	{ "long: a choice on two lines", "question|answer\nwho|A\nsm/a|x\nsm/b|x\nsm/b|\n", CNV_OK, "E0610@5",
	  "who=A sm=a b", "" },
};

static void run_file_case(void **state)
{
	const struct file_case *test = *state;
	struct stage stage;

	open_stage(&stage, SURVEY);
	assert_int_equal(gather_file(&stage, test->file), test->status);
	assert_string_equal(ended(&stage.said), test->said);
	if (test->dump)
		assert_string_equal(dump_batch(&stage), test->dump);
	assert_string_equal(ended(&stage.tool), test->tool);
	close_stage(&stage);
}

#define COUNT(cases) (sizeof(cases) / sizeof(cases)[0])
#define ADD(cases, run)                                                                                                \
	for (size_t i = 0; i < COUNT(cases); i++)                                                                      \
		tests[count++] = (struct CMUnitTest)                                                                   \
		{                                                                                                      \
			(cases)[i].name, run, NULL, NULL, (void *)(uintptr_t) & (cases)[i]                             \
		}

int main(void)
{
	static struct CMUnitTest tests[COUNT(heading_cases) + COUNT(file_cases)];
	size_t count = 0;

	ADD(heading_cases, run_heading_case);
	ADD(file_cases, run_file_case);
	return _cmocka_run_group_tests("data_layouts", tests, count, NULL, NULL);
}
