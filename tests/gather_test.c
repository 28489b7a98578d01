/* Headers, both layouts, broken files, and who answered.
 *
 * Forms and files are written with | between fields, batches as dump_batch writes them. */
#include "gather_stage.h"
#include "gather/entries.h"

/* ---------------------------------------------------------------- files */

static const struct file_case {
	const char *name, *file;
	cnv_status status;
	const char *said; /* code@line of each diagnostic */
	const char *dump; /* NULL where the file is rejected */
} file_cases[] = {
	{ "wide: one row a response", "economy|seats\nAUS|3\nNZ|4\n", CNV_OK, "",
	  "0:economy=AUS 0:seats=3 1:economy=NZ 1:seats=4" },
	{ "wide: columns in any order", "seats|economy\n3|AUS\n", CNV_OK, "", "economy=AUS seats=3" },
	{ "wide: full paths", "sec_a/economy|sec_c/doc[1]/doc_name\nAUS|SID\n", CNV_OK, "",
	  "economy=AUS doc[1]/doc_name=SID" },
	{ "wide: paths with other separators", "sec_a-economy|sec_a.seats|sec_c:remark\nAUS|3|R\n", CNV_OK, "",
	  "economy=AUS seats=3 sec_c/remark=R" },
	{ "wide: labels in any language", " ECONOMY |Combien de places\xc2\xa0?\nAUS|3\n", CNV_OK, "",
	  "economy=AUS seats=3" },
	{ "wide: a leaf name of two questions is not guessed", "economy|remark\nAUS|R\n", CNV_OK, "W0605@1",
	  "economy=AUS" },
	{ "wide: the full path tells two questions apart", "economy|sec_c/remark\nAUS|R\n", CNV_OK, "",
	  "economy=AUS sec_c/remark=R" },
	{ "wide: a repeat's question without its entry", "economy|doc_name\nAUS|R\n", CNV_OK, "W0605@1",
	  "economy=AUS" },
	{ "wide: unknown columns are told one by one", "economy|seats|econmy|x\nAUS|3|1|2\n", CNV_OK, "W0605@1 W0605@1",
	  "economy=AUS seats=3" },
	{ "wide: what tools add is passed over", "SubmissionDate|economy|KEY|_id|meta/instanceID\n2026|AUS|u|1|u\n",
	  CNV_OK, "", "economy=AUS" },
	{ "wide: split choices and points beside their answer are passed over",
	  "economy|topics|topics/law|topics_port|harbour|harbour-Latitude\nAUS|law|1|0|1 2|1\n", CNV_OK, "",
	  "economy=AUS topics=law harbour=1 2" },
	{ "wide: split choices alone are the answer", "economy|seats|topics/law\nAUS|1|1\n", CNV_OK, "",
	  "economy=AUS seats=1 topics=law" },
	{ "wide: notes and calculations may have columns", "intro|economy|total\n|AUS|7\n", CNV_OK, "",
	  "economy=AUS total=7" },
	{ "wide: a filled column of a section, a repeat or a note is told once",
	  "sec_a|economy|sec_c/doc|intro|status\n|AUS|||\nx|NZ||seen|\ny|AUS|2|seen|x\n", CNV_OK,
	  "W0605@1 W0605@3 W0605@3 W0605@4", "0:economy=AUS 1:economy=NZ 2:economy=AUS" },
	{ "wide: what only survey tools write is passed over in their files",
	  "economy|seats|score|_id|KEY\nAUS|1|2|3|u\n", CNV_OK, "W0605@1 W0605@1", "economy=AUS seats=1" },
	{ "wide: the columns of a survey tool", "economy|score|_id|start|_validation_status\nAUS|1|2|3|ok\n", CNV_OK,
	  "", "economy=AUS" },
	{ "wide: a line of HXL tags", "economy|seats|topics|_id\n#adm1 +code|#indicator+num|#sector|\nAUS|3||1\n",
	  CNV_OK, "W0605@1", "economy=AUS seats=3" },
	{ "wide: answers that begin like tags are answers", "economy|seats|sec_a/remark|topics\n#nz|#3||\nAUS|3||\n",
	  CNV_OK, "", "0:economy=#nz 0:seats=#3 1:economy=AUS 1:seats=3" },
	{ "wide: a few tags are answers", "economy|seats|sec_a/remark|topics|harbour\n#nz||#law||\n", CNV_OK, "",
	  "economy=#nz sec_a/remark=#law" },
	{ "wide: a remark on a section", "economy|sec_a#note\nAUS|all\n", CNV_OK, "", "economy=AUS {sec_a: all}" },
	{ "wide: two columns for one question", "economy|seats|sec_a/seats\nAUS|1|2\n", CNV_REJECTED, "E0604@1", NULL },
	{ "wide: two columns for one cell of a repeat", "economy|doc[1]/fee|doc[01]/fee\nAUS|1|2\n", CNV_REJECTED,
	  "E0604@1", NULL },
	{ "wide: entries in any order and with gaps", "economy|doc[3]/fee|doc[1]/fee|doc[2]/fee\nAUS|30|10|\n", CNV_OK,
	  "", "economy=AUS doc[1]/fee=10 doc[3]/fee=30" },
	{ "wide: repeats in repeats",
	  "economy|doc[1]/holder[2]/age|doc[2]/holder[1]/age|doc[1]/holder[1]/age|doc[2]/"
	  "fee\nAUS|22|31|21|9\nNZ||5||\n",
	  CNV_OK, "",
	  "0:economy=AUS 1:economy=NZ 0:doc[2]/fee=9 0:doc[1]/holder[1]/age=21 0:doc[1]/holder[2]/age=22 "
	  "0:doc[2]/holder[1]/age=31 1:doc[2]/holder[1]/age=5" },
	{ "wide: an entry number too large", "economy|doc[10000]/fee\nAUS|1\n", CNV_OK, "E0613@1", "economy=AUS" },
	{ "wide: an entry number without end", "economy|doc[99999999999999999999]/fee\nAUS|1\n", CNV_OK, "E0613@1",
	  "economy=AUS" },
	{ "wide: entry nought", "economy|doc[0]/fee\nAUS|1\n", CNV_OK, "E0613@1", "economy=AUS" },
	{ "wide: remarks and reservations",
	  "economy|seats|seats#note|economy#rsv|doc[1]/fee|doc[1]/fee#note|doc[2]/fee#note\n"
	  "AUS||about 3|not binding|1| free |none\n",
	  CNV_OK, "",
	  "economy=AUS doc[1]/fee=1 {seats: about 3} {economy: Reservation: not binding} {doc[1]/fee: free} {*: "
	  "doc[2]/fee#note: none}" },
	{ "wide: blank rows are no responses", "economy|seats\n| \nAUS|3\n|\n", CNV_OK, "", "economy=AUS seats=3" },
	{ "wide: blank lines above the header", "||\neconomy|seats|\nAUS|3|\n", CNV_OK, "", "economy=AUS seats=3" },
	{ "wide: fewer cells are blank, told once", "economy|seats|topics\nAUS\nNZ|3\n", CNV_OK, "W0607@2",
	  "0:economy=AUS 1:economy=NZ 1:seats=3" },
	{ "wide: more blank cells are nothing", "economy|seats\nAUS|3||\n", CNV_OK, "", "economy=AUS seats=3" },
	{ "wide: more filled cells are an error of the row", "economy|seats\nAUS|3|4\nNZ|1\n", CNV_OK, "E0606@2",
	  "0:economy=AUS 0:seats=3 1:economy=NZ 1:seats=1" },
	{ "wide: a row with too many cells has no entries", "economy|doc[1]/fee\nAUS|3|4\nNZ|1\n", CNV_OK, "E0606@2",
	  "0:economy=AUS 1:economy=NZ 1:doc[1]/fee=1" },
	{ "wide: the header again is passed over",
	  "economy|seats|doc[1]/fee\nAUS|3|1\neconomy|seats|doc[1]/fee\nNZ|4|\n", CNV_OK, "W0608@3",
	  "0:economy=AUS 0:seats=3 1:economy=NZ 1:seats=4 0:doc[1]/fee=1" },
	{ "wide: an answer that equals its heading", "economy|seats\neconomy|3\n", CNV_OK, "",
	  "economy=economy seats=3" },
	{ "wide: no known column", "econmy|x\nAUS|1\n", CNV_REJECTED, "E0601@1", NULL },
	{ "wide: the return of another form", "economy|a|b|c\nAUS|1|2|3\n", CNV_REJECTED, "E0602@1", NULL },
	{ "wide: a header alone", "economy|seats\n", CNV_REJECTED, "E0612@0", NULL },
	{ "blank lines alone", "||\n||\n", CNV_REJECTED, "E0612@0", NULL },
	{ "long: one line an answer",
	  "question|no|label|answer|note\neconomy|A1|Economy|AUS|\nseats|A2|How many seats?|3|\n", CNV_OK, "W0627@1",
	  "economy=AUS seats=3" },
	{ "long: columns in any order and letters", "Answer|QUESTION\nAUS|economy\n3|sec_a/seats\n", CNV_OK, "",
	  "economy=AUS seats=3" },
	{ "long: notes are remarks", "question|answer|note\neconomy|AUS| seen \nseats||later\ndoc[1]/fee|1|x\n", CNV_OK,
	  "", "economy=AUS doc[1]/fee=1 {economy: seen} {seats: later} {doc[1]/fee: x}" },
	{ "long: remarks as lines of their own",
	  "question|answer\neconomy|AUS\neconomy#note|seen\nseats#rsv|none\nsec_a#note|all\n", CNV_OK, "",
	  "economy=AUS {economy: seen} {seats: Reservation: none} {sec_a: all}" },
	{ "long: a note without a question", "question|answer|note\neconomy|AUS|\n||see the letter\n", CNV_OK, "",
	  "economy=AUS {*: see the letter}" },
	{ "long: sections and texts may have lines",
	  "question|label|answer\nsec_a|Section A|\nintro|Please answer.|\neconomy||AUS\n|Section C|\n", CNV_OK,
	  "W0628@4", "economy=AUS" },
	{ "long: texts that are not the form's",
	  "question|label|answer\neconomy|Economy|AUS\nseats|Combien de places ?|\nsec_a/remark|On B|\ntopics|Topics|\n"
	  "|and one more|\n|Section A|\ndoc[1]/fee|The  Fee|\ndoc[1]/doc_name|Name of  the document|\nsec_c|Section "
	  "C|\n",
	  CNV_OK, "W0627@4 W0629@6 W0627@8", "economy=AUS" },
	{ "long: an unknown column, and one without a heading",
	  "question|answer||status\neconomy|AUS||done\nseats|3|x|\nseats#note|y|z|\n", CNV_OK, "W0605@1 W0605@1",
	  "economy=AUS seats=3 {seats: y}" },
	{ "long: sources of an answer are remarks on it",
	  "question|answer|note|as_of|source_url|source_seen|evidence\neconomy|AUS|\nseats|3|n|2025-06|https://"
	  "a.example/|2026-01-02|the "
	  "Act\nseat|||2024||||\n",
	  CNV_OK, "E0609@4",
	  "economy=AUS seats=3 {seats: n} {seats: as of: 2025-06} {seats: source: https://a.example/} {seats: source "
	  "seen: 2026-01-02} {seats: evidence: the Act} {*: seat: as of: 2024}" },
	{ "long: an answer to a section", "question|answer\neconomy|AUS\nsec_a|3\n|4\n", CNV_OK, "E0615@3 E0615@4",
	  "economy=AUS" },
	{ "long: entries in any order and with gaps",
	  "question|answer\neconomy|AUS\ndoc[4]/fee|40\ndoc[2]/fee|20\ndoc[3]/fee|\ndoc[2]/doc_name|SID\n", CNV_OK, "",
	  "economy=AUS doc[2]/doc_name=SID doc[2]/fee=20 doc[4]/fee=40" },
	{ "long: an unknown path", "question|answer\neconomy|AUS\nseat|3\n", CNV_OK, "E0609@3", "economy=AUS" },
	{ "long: a path without its entry", "question|answer\neconomy|AUS\ndoc_name|SID\n", CNV_OK, "E0609@3",
	  "economy=AUS" },
	{ "long: a name of two questions", "question|answer\neconomy|AUS\nremark|R\n", CNV_OK, "E0609@3",
	  "economy=AUS" },
	{ "long: an entry number too large", "question|answer\neconomy|AUS\ndoc[100000]/fee|1\n", CNV_OK, "E0613@3",
	  "economy=AUS" },
	{ "long: a path twice", "question|answer\neconomy|AUS\nseats|3\nsec_a/seats|4\n", CNV_OK, "E0610@4",
	  "economy=AUS seats=3" },
	{ "long: a blank path twice", "question|answer\neconomy|AUS\nseats|\nseats|\n", CNV_OK, "", "economy=AUS" },
	{ "long: a path twice, the first blank", "question|answer\neconomy|AUS\nseats|\nseats|4\n", CNV_OK, "E0610@4",
	  "economy=AUS seats=4" },
	{ "long: more filled cells", "question|answer\neconomy|AUS\nseats|3|4\n", CNV_OK, "E0606@3", "economy=AUS" },
	{ "long: blank lines", "question|answer\n|\neconomy|AUS\n |\n", CNV_OK, "", "economy=AUS" },
	{ "long: no path is known", "question|answer\na|1\nb|2\n", CNV_REJECTED, "E0602@2", NULL },
	{ "long: the return of another form", "question|answer\neconomy|AUS\na|1\nb|2\n", CNV_REJECTED, "E0602@2",
	  NULL },
	{ "long: two returns, a second respondent", "question|answer\neconomy|AUS\nseats|3\neconomy|NZ\nseats|4\n",
	  CNV_REJECTED, "E0611@4", NULL },
	{ "long: two returns of one respondent", "question|answer\neconomy|AUS\nseats|3\neconomy|AUS\nseats|3\n",
	  CNV_REJECTED, "E0611@4", NULL },
	{ "long: two returns, the header again", "question|answer\neconomy|AUS\nquestion|answer\nseats|4\n",
	  CNV_REJECTED, "E0611@3", NULL },
	{ "long: a header alone", "question|answer\n", CNV_REJECTED, "E0612@0", NULL },
	{ "long: a header without answer", "question|anwser\neconomy|AUS\n", CNV_REJECTED, "E0603@1", NULL },
	{ "long: a heading twice", "question|answer|answer\neconomy|AUS|\n", CNV_REJECTED, "E0604@1", NULL },
};

static void run_file_case(void **state)
{
	const struct file_case *test = *state;
	struct stage stage;

	open_stage(&stage, DEMO);
	assert_int_equal(gather_file(&stage, test->file), test->status);
	assert_string_equal(ended(&stage.said), test->said);
	if (test->dump)
		assert_string_equal(dump_batch(&stage), test->dump);
	close_stage(&stage);
}

static const struct hint_case {
	const char *name, *file, *said;
} hint_cases[] = {
	{ "a column near a question", "economy|seatz\nAUS|3\n",
	  "unknown column \"seatz\": no question has this name; the column is ignored (did you mean \"seats\"?)\n" },
	{ "a column of a section", "economy|sec_a\nAUS|3\n",
	  "\"sec_a\" is a section and takes no answer; the column is ignored (move its answers to the columns of "
	  "the questions)\n" },
	{ "a path near a question of a repeat", "question|answer\neconomy|AUS\ndoc[2]/doc_nam|3\n",
	  "no question has the name \"doc[2]/doc_nam\" (did you mean \"doc[2]/doc_name\"?)\n" },
	{ "a path without its entry", "question|answer\neconomy|AUS\ndoc/fee|3\n",
	  "no question has the name \"doc/fee\" (did you mean \"doc[1]/fee\"?)\n" },
	{ "both lines and values of a path twice", "question|answer\neconomy|AUS\nseats|3\nseats|4\n",
	  "answered on line 3 (\"3\") and again on line 4 (\"4\"): neither counts (keep one of the two lines)\n" },
	{ "another form by its counts", "question|answer\neconomy|AUS\na|1\nb|2\n",
	  "2 of 3 lines match no question of the form \"demo\" (import it with the form it was made for)\n" },
};

static void run_hint_case(void **state)
{
	const struct hint_case *test = *state;
	struct stage stage;

	open_stage(&stage, DEMO);
	gather_file(&stage, test->file);
	assert_string_equal(ended(&stage.hints), test->said);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- both layouts */

static const struct layout_case {
	const char *name, *wide, *lengthy;
} layout_cases[] = {
	{ "answers of the response", "economy|seats|topics\nAUS|3|law port\n",
	  "question|answer\ntopics|law port\nseats|3\neconomy|AUS\n" },
	{ "entries and what is inside them",
	  "economy|doc[1]/doc_name|doc[1]/fee|doc[3]/holder[2]/age|doc[3]/fee|doc[1]/holder[1]/age\nAUS|SID|5|30||20\n",
	  "question|answer\ndoc[3]/holder[2]/age|30\ndoc[1]/holder[1]/age|20\neconomy|AUS\ndoc[1]/fee|5\ndoc[1]/"
	  "doc_name|SID\n" },
	{ "remarks", "economy|economy#note|doc[2]/fee|doc[2]/fee#note\nAUS|seen|4|about\n",
	  "question|answer|note\neconomy|AUS|seen\ndoc[2]/fee|4|about\n" },
};

static void assert_same_tables(const cnv_batch *a, const cnv_batch *b)
{
	for (uint32_t i = 0; i < a->table_count; i++) {
		const cnv_table *left = &a->tables[i], *right = &b->tables[i];

		assert_int_equal(left->rows, right->rows);
		for (uint32_t row = 0; row < left->rows && i; row++) {
			assert_int_equal(left->parents[row], right->parents[row]);
			assert_int_equal(left->positions[row], right->positions[row]);
		}
		for (uint32_t k = 0; k < left->count; k++) {
			assert_int_equal(left->columns[k].text.len, right->columns[k].text.len);
			if (!left->rows)
				continue;
			assert_memory_equal(left->columns[k].verdicts, right->columns[k].verdicts, left->rows);
			assert_memory_equal(left->columns[k].ends, right->columns[k].ends,
					    left->rows * sizeof(uint32_t));
		}
	}
}

static void run_layout_case(void **state)
{
	const struct layout_case *test = *state;
	struct stage wide, lengthy;

	open_stage(&wide, DEMO);
	open_stage(&lengthy, DEMO);
	assert_int_equal(gather_file(&wide, test->wide), CNV_OK);
	assert_int_equal(gather_file(&lengthy, test->lengthy), CNV_OK);
	settle(&wide);
	settle(&lengthy);
	assert_same_tables(wide.batch, lengthy.batch);
	assert_string_equal(dump_batch(&wide), dump_batch(&lengthy));
	close_stage(&wide);
	close_stage(&lengthy);
}

/* ---------------------------------------------------------------- whose answers */

#define NOBODY                                                                                                         \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|integer|seats|Seats\n"                                                                                       \
	"|text|words|Words\n"

#define WORDED                                                                                                         \
	"survey\n"                                                                                                     \
	"|type|name|label\n"                                                                                           \
	"|text|respondent|Who\n"

static const struct attribute_case {
	const char *name, *form, *file, *given;
	bool roster;
	cnv_attribution attribution;
	const char *code, *ledger;
} attribute_cases[] = {
	{ "a code of the roster", DEMO, "economy|seats\nAUS|1\n", "", true, CNV_ATTRIBUTED, "AUS", "" },
	{ "a label of the list", DEMO, "economy|seats\nAustralia|1\n", "", true, CNV_ATTRIBUTED, "AUS",
	  "economy: Australia -> AUS (label converted to its code)" },
	{ "a name of the roster", DEMO, "economy|seats\nCommonwealth of Australia|1\n", "", true, CNV_ATTRIBUTED, "AUS",
	  "economy: Commonwealth of Australia -> AUS (respondent's name converted to the code)" },
	{ "a sort name of the roster", DEMO, "economy|seats\nAustralia, C.|1\n", "", true, CNV_ATTRIBUTED, "AUS",
	  "economy: Australia, C. -> AUS (respondent's name converted to the code)" },
	{ "a code in other letters", WORDED, "respondent\nAus\n", "", true, CNV_ATTRIBUTED, "AUS",
	  "respondent: Aus -> AUS (respondent's name converted to the code)" },
	{ "a code in other letters that two have", WORDED, "respondent\nVa\n", "", true, CNV_UNKNOWN_RESPONDENT, "Va",
	  "" },
	{ "a name before a code in other letters", WORDED, "respondent\nNiu\n", "", true, CNV_ATTRIBUTED, "TUV",
	  "respondent: Niu -> TUV (respondent's name converted to the code)" },
	{ "a choice that the roster does not have", DEMO, "economy|seats\nNZ|1\n", "", true, CNV_UNKNOWN_RESPONDENT,
	  "NZ", "" },
	{ "a stranger", DEMO, "economy|seats\nXX|1\n", "", true, CNV_UNKNOWN_RESPONDENT, "XX", "" },
	{ "anybody where there is no roster", DEMO, "economy|seats\nXX|1\n", "", false, CNV_ATTRIBUTED, "XX", "" },
	{ "nobody", DEMO, "economy|seats\n|1\n", "AUS", true, CNV_NO_RESPONDENT, "", "" },
	{ "N/A is nobody", DEMO, "economy|seats\nN/A|1\n", "", false, CNV_NO_RESPONDENT, "", "" },
	{ "control characters are no code", DEMO, "economy|seats\nA\x01|1\n", "", false, CNV_BAD_CODE, NULL, "" },
	{ "a row with too many cells", DEMO, "economy|seats\nAUS|1|2\n", "", true, CNV_MISALIGNED, "", "" },
	{ "the code given, where the form asks nobody", NOBODY, "seats|words\n1|x\n", "AUS", true, CNV_ATTRIBUTED,
	  "AUS", "" },
	{ "none given, where the form asks nobody", NOBODY, "seats|words\n1|x\n", "", true, CNV_NO_RESPONDENT, "", "" },
	{ "the KEY of a record, where the form asks nobody", NOBODY, "seats|words|KEY\n1|x|uuid:1\n", "", false,
	  CNV_ATTRIBUTED, "uuid:1", "" },
	{ "instanceID before KEY", NOBODY, "KEY|seats|words|meta/instanceID\nk|1|x|i\n", "", false, CNV_ATTRIBUTED, "i",
	  "" },
	{ "Kobo's _uuid, where the form asks nobody", NOBODY,
	  "seats|words|_id|_uuid|_submission_time|_index\n1|x|5|u|t|1\n", "", false, CNV_ATTRIBUTED, "u", "" },
	{ "Kobo's meta/rootUuid, which stays when a record is edited", NOBODY,
	  "seats|words|_id|_uuid|meta/rootUuid|_index\n1|x|5|u2|uuid:u1|1\n", "", false, CNV_ATTRIBUTED, "u1", "" },
	{ "Kobo's _uuid of a record without meta/rootUuid", NOBODY,
	  "seats|words|meta/rootUuid|_id|_uuid|_index\n1|x||5|u|1\n", "", false, CNV_ATTRIBUTED, "u", "" },
	{ "Kobo's _id alone", NOBODY, "seats|words|_id|_validation_status\n1|x|5|\n", "", false, CNV_ATTRIBUTED, "5",
	  "" },
	{ "a respondent before Kobo's ids", NOBODY, "seats|words|_uuid|respondent|_index\n1|x|u|AUS|1\n", "", false,
	  CNV_ATTRIBUTED, "AUS", "" },
	{ "Ona's _uuid", NOBODY, "seats|words|_uuid|_submission_time\n1|x|u|t\n", "", false, CNV_ATTRIBUTED, "u", "" },
	{ "LimeSurvey's token before its id", NOBODY, "id|token|submitdate|seats|words\n7|tk|d|1|x\n", "", false,
	  CNV_ATTRIBUTED, "tk", "" },
	{ "LimeSurvey's id where there is no token", NOBODY, "id|token|submitdate|seats|words\n7||d|1|x\n", "", false,
	  CNV_ATTRIBUTED, "7", "" },
	{ "Google's address", NOBODY, "Timestamp|Email Address|seats|words\nt|a@example.org|1|x\n", "", false,
	  CNV_ATTRIBUTED, "a@example.org", "" },
	{ "an id that no tool wrote", NOBODY, "id|seats|words\n7|1|x\n", "", false, CNV_NO_RESPONDENT, "", "" },
	{ "the KEY of a long file", NOBODY, "question|answer\nseats|1\nKEY|k\nwords|x\n", "", false, CNV_ATTRIBUTED,
	  "k", "" },
};

static void read_roster(struct stage *stage)
{
	cnv_diags diags = { 0 };
	cnv_str rest = CNV_STR("code|name|sort_name\nAUS|Commonwealth of Australia|Australia, C.\n"
			       "va|Vanuatu\nVA|Holy See\nNIU|Tuvalu\nTUV|niu\n"),
		line;
	cnv_str fields[MOST_FIELDS];
	uint32_t row = 0;

	cnv_roster_init(&stage->roster, CNV_STR("roster.csv"), &stage->arena);
	while (cnv_str_split(&rest, '\n', &line))
		if (++row && line.len)
			cnv_roster_add(&stage->roster, fields, split(line, fields), row, &diags);
	assert_int_equal(cnv_roster_end(&stage->roster, &diags), CNV_OK);
}

static void run_attribute_case(void **state)
{
	const struct attribute_case *test = *state;
	struct stage stage;
	cnv_ledger ledger = { .emit = enter, .self = &stage };
	cnv_attribution attribution;
	cnv_str code;

	open_stage(&stage, test->form);
	read_roster(&stage);
	assert_int_equal(gather_file(&stage, test->file), CNV_OK);
	settle(&stage);
	attribution = cnv_attribute(stage.batch, 0, cnv_str_from(test->given), test->roster ? &stage.roster : NULL,
				    CNV_STR("answers.csv"), &code, &ledger);
	assert_int_equal(attribution, test->attribution);
	cnv_text_put(&stage.dump, code);
	if (test->code)
		assert_string_equal(ended(&stage.dump), test->code);
	assert_string_equal(ended(&stage.ledger), test->ledger);
	close_stage(&stage);
}

/* ---------------------------------------------------------------- single tests */

static void a_row_is_blank_until_put(void **state)
{
	struct stage stage;
	const cnv_table *table;

	(void)state;
	open_stage(&stage, KINDS);
	for (uint32_t row = 0; row < 1000; row++) {
		assert_int_equal(cnv_batch_row(stage.batch, 0, 0, row + 2), row);
		if (row % 3 == 0)
			cnv_batch_put(stage.batch, 0, row % 4, CNV_STR("12"), 0);
	}
	table = &stage.batch->tables[0];
	for (uint32_t row = 0; row < 1000; row++)
		for (uint32_t k = 0; k < table->count; k++)
			assert_int_equal(cnv_column_text(&table->columns[k], row).len,
					 row % 3 == 0 && row % 4 == k ? 2 : 0);
	assert_int_equal(cnv_row_line(table, &table->columns[0], 999), 1001);
	close_stage(&stage);
}

static void a_reset_batch_is_blank_and_allocates_nothing(void **state)
{
	struct stage stage;
	size_t before = 0;

	(void)state;
	open_stage(&stage, DEMO);
	for (uint32_t turn = 0; turn < 3; turn++) {
		if (turn == 1)
			before = cnv_mem_allocations();
		for (uint32_t row = 0; row < CNV_WINDOW_ROWS; row++) {
			cnv_batch_row(stage.batch, 0, 0, row + 2);
			cnv_batch_put(stage.batch, 0, 0, CNV_STR("AUS"), 0);
			cnv_batch_row(stage.batch, 1, row, row + 2);
			cnv_batch_put(stage.batch, 1, 1, CNV_STR("5"), 0);
		}
		assert_int_equal(cnv_settle(stage.batch, CNV_STR("answers.csv"), NULL), CNV_OK);
		cnv_batch_reset(stage.batch);
	}
	/* The arena of labels and paths may come and go; columns must not. */
	assert_true(cnv_mem_allocations() - before <= 4);
	cnv_batch_row(stage.batch, 0, 0, 2);
	assert_int_equal(stage.batch->tables[0].columns[0].verdicts[0], CNV_BLANK);
	assert_int_equal(stage.batch->tables[0].columns[0].choices[0], CNV_NONE);
	assert_false(cnv_bit(stage.batch->tables[0].columns[0].answered, 0));
	assert_int_equal(cnv_column_text(&stage.batch->tables[0].columns[0], 0).len, 0);
	close_stage(&stage);
}

static void a_batch_grows_past_a_window(void **state)
{
	struct stage stage;
	const cnv_column *column;

	(void)state;
	open_stage(&stage, KINDS);
	for (uint32_t row = 0; row < 20000; row++) {
		char number[16];

		cnv_batch_row(stage.batch, 0, 0, row + 2);
		snprintf(number, sizeof number, "%u", row);
		cnv_batch_put(stage.batch, 0, 1, cnv_str_from(number), 0);
	}
	settle(&stage);
	column = &stage.batch->tables[0].columns[1];
	assert_int_equal(cnv_bits_count(column->understood, 20000), 20000);
	assert_true(column->numbers[19999] == 19999);
	close_stage(&stage);
}

static void a_duplicate_keeps_its_verdict(void **state)
{
	struct stage stage;
	const cnv_column *column;

	(void)state;
	open_stage(&stage, DEMO);
	gather_file(&stage, "question|answer\neconomy|AUS\nseats|3\nseats|4\n");
	settle(&stage);
	column = &stage.batch->tables[0]
			  .columns[stage.form->questions[cnv_form_find(stage.form, CNV_STR("seats"))].column];
	assert_int_equal(column->verdicts[0], CNV_DUPLICATE);
	assert_true(cnv_bit(column->answered, 0));
	assert_false(cnv_bit(column->understood, 0));
	close_stage(&stage);
}

static void cells_know_their_line_and_column(void **state)
{
	struct stage stage;
	const cnv_table *table;

	(void)state;
	open_stage(&stage, DEMO);
	gather_file(&stage, "question|no|answer\n\neconomy||AUS\ndoc[1]/fee||3\ndoc[1]/doc_name||x\n");
	table = &stage.batch->tables[0];
	assert_int_equal(cnv_row_line(table, &table->columns[0], 0), 3);
	assert_int_equal(table->columns[0].source_column, 3);
	table = &stage.batch->tables[1];
	assert_int_equal(cnv_row_line(table, &table->columns[0], 0), 5);
	assert_int_equal(cnv_row_line(table, &table->columns[1], 0), 4);
	assert_int_equal(table->lines[0], 4);
	cnv_batch_reset(stage.batch);
	gather_file(&stage, "x|economy|doc[2]/fee\n|AUS|3\n");
	table = &stage.batch->tables[1];
	assert_int_equal(table->columns[1].source_column, 3);
	assert_int_equal(table->columns[0].source_column, 0);
	assert_int_equal(cnv_row_line(table, &table->columns[1], 0), 2);
	close_stage(&stage);
}

static void every_verdict_has_a_standing_and_words(void **state)
{
	static const cnv_standing standings[] = {
		[CNV_BLANK] = CNV_STANDING_NO_ANSWER,
		[CNV_ACCEPTED] = CNV_STANDING_ANSWERED,
		[CNV_NOT_APPLICABLE] = CNV_STANDING_NOT_APPLICABLE,
		[CNV_DO_NOT_KNOW] = CNV_STANDING_DO_NOT_KNOW,
		[CNV_WITHHELD] = CNV_STANDING_WITHHELD,
		[CNV_MISSING] = CNV_STANDING_NO_ANSWER,
		[CNV_UNREADABLE] = CNV_STANDING_NOT_USABLE,
		[CNV_NOT_A_CHOICE] = CNV_STANDING_NOT_USABLE,
		[CNV_AGAINST_CONSTRAINT] = CNV_STANDING_NOT_USABLE,
		[CNV_NOT_ASKED] = CNV_STANDING_NOT_ASKED,
		[CNV_UNDUE] = CNV_STANDING_NOT_ASKED,
		[CNV_DUPLICATE] = CNV_STANDING_NOT_USABLE,
		[CNV_UNCHECKED] = CNV_STANDING_NOT_USABLE,
		[CNV_RETURN_BLANK] = CNV_STANDING_RETURNED_BLANK,
	};

	(void)state;
	for (uint32_t i = 0; i < sizeof standings / sizeof standings[0]; i++) {
		assert_int_equal(cnv_verdict_standing((cnv_verdict)i), standings[i]);
		assert_true(strlen(cnv_verdict_words((cnv_verdict)i)) > 4);
	}
	for (uint32_t i = 0; i < CNV_STANDINGS; i++)
		assert_true(strlen(cnv_standing_words((cnv_standing)i)) > 4);
}

static void the_separator_is_the_most_frequent_one(void **state)
{
	(void)state;
	assert_int_equal(cnv_gather_separator(CNV_STR("a,b,c")), ',');
	assert_int_equal(cnv_gather_separator(CNV_STR("a;b;\"c,d,e,f\"")), ';');
	assert_int_equal(cnv_gather_separator(CNV_STR("a\tb,c\td")), '\t');
	assert_int_equal(cnv_gather_separator(CNV_STR("")), ',');
}

/* More than CNV_ENTRIES entries, more columns than any form has, and one heading over and over. */
static void hostile_files_end_in_one_diagnostic(void **state)
{
	struct stage stage;
	cnv_diags diags = { .emit = hear, .self = &stage };
	cnv_gather *gather;
	cnv_status status = CNV_OK;
	char name[64];

	(void)state;
	open_stage(&stage, DEMO);
	gather = cnv_gather_new(stage.form, stage.batch, CNV_STR("answers.csv"), &diags);
	cnv_gather_field(gather, CNV_STR("question"));
	cnv_gather_field(gather, CNV_STR("answer"));
	cnv_gather_record(gather, 1);
	for (uint32_t i = 0; i < 2 * CNV_ENTRIES; i++) {
		snprintf(name, sizeof name, "doc[%u]/holder[%u]/age", i / 9999 + 1, i % 9999 + 1);
		cnv_gather_field(gather, cnv_str_from(name));
		cnv_gather_field(gather, CNV_STR("1"));
		cnv_gather_record(gather, i + 2);
	}
	assert_int_equal(cnv_gather_end(gather), CNV_REJECTED);
	assert_int_equal(cnv_gather_end(gather), CNV_REJECTED);
	cnv_gather_free(gather);
	assert_string_equal(ended(&stage.said), "E0614@10001");
	cnv_text_reset(&stage.said);
	gather = cnv_gather_new(stage.form, stage.batch, CNV_STR("answers.csv"), &diags);
	for (uint32_t i = 0; i < 16384; i++)
		cnv_gather_field(gather, CNV_STR("never heard of"));
	status = cnv_gather_record(gather, 1);
	if (!status)
		status = cnv_gather_end(gather);
	assert_int_equal(status, CNV_REJECTED);
	cnv_gather_free(gather);
	assert_string_equal(ended(&stage.said), "E0601@1");
	cnv_text_reset(&stage.said);
	gather = cnv_gather_new(stage.form, stage.batch, CNV_STR("answers.csv"), &diags);
	for (uint32_t i = 0; i < 16384; i++) {
		snprintf(name, sizeof name, "doc[%u]/holder[%u]/age", i / 9999 + 1, i % 9999 + 1);
		cnv_gather_field(gather, cnv_str_from(name));
	}
	status = cnv_gather_record(gather, 1);
	if (!status)
		status = cnv_gather_end(gather);
	assert_int_equal(status, CNV_REJECTED);
	cnv_gather_free(gather);
	assert_string_equal(ended(&stage.said), "E0614@1");
	close_stage(&stage);
}

static void a_return_of_a_million_lines_is_refused(void **state)
{
	struct stage stage;
	cnv_diags diags = { .emit = hear, .self = &stage };
	cnv_status status = CNV_OK;
	cnv_gather *gather;
	uint32_t line = 1;

	(void)state;
	open_stage(&stage, DEMO);
	gather = cnv_gather_new(stage.form, stage.batch, CNV_STR("answers.csv"), &diags);
	cnv_gather_field(gather, CNV_STR("question"));
	cnv_gather_field(gather, CNV_STR("answer"));
	for (status = cnv_gather_record(gather, line); !status && line < 1100000;
	     status = cnv_gather_record(gather, line)) {
		line++;
		cnv_gather_field(gather, CNV_STR("seats"));
	}
	assert_int_equal(status, CNV_REJECTED);
	cnv_gather_free(gather);
	assert_string_equal(ended(&stage.said), "E0616@1000002");
	close_stage(&stage);
}

/* Each allocation of gathering and settling a small file fails in turn: no crash, and the status says so. */
static void every_failing_allocation_is_told(void **state)
{
	static const char *const files[] = {
		"economy|Combien de places "
		"?|doc[1]/fee|doc[2]/holder[1]/age|economy#rsv|topics\nAustralia|3|1|2|x|Law;Port\n",
		"question|answer|note\neconomy|AUS|x\ndoc[1]/fee|1|\ndoc[2]/holder[1]/"
		"age|3|\nseats|2|\nseats|3|\nsec_c/remark|x|\n",
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		cnv_status status = CNV_NO_MEMORY;
		struct stage stage;

		open_stage(&stage, DEMO);
		for (size_t k = 0; status != CNV_OK; k++) {
			cnv_diags diags = { 0 };
			cnv_ledger ledger = { 0 };

			assert_int_equal(status, CNV_NO_MEMORY);
			assert_true(k < 5000);
			cnv_batch_free(stage.batch);
			cnv_mem_fail_after(k);
			stage.batch = cnv_batch_new(stage.form);
			status = stage.batch ? gather_into(&stage, files[i], &diags) : CNV_NO_MEMORY;
			if (!status)
				status = cnv_settle(stage.batch, CNV_STR("a"), &ledger);
			cnv_mem_fail_after(SIZE_MAX);
		}
		close_stage(&stage);
	}
}

/* Whose row it is, where a cell stands, and the choices of a cell in other words: all three for every row. */
static void reading_cells_again_allocates_nothing(void **state)
{
	struct stage stage;
	const cnv_column *topics;
	const cnv_table *docs;
	size_t before = 0;

	(void)state;
	open_stage(&stage, DEMO);
	read_roster(&stage);
	assert_int_equal(gather_file(&stage, "economy|topics|doc[1]/fee|doc[12]/holder[3]/age\n"
					     "Commonwealth of Australia|Port; LAW|3|4\n"),
			 CNV_OK);
	settle(&stage);
	topics = &stage.batch->tables[0]
			  .columns[stage.form->questions[cnv_form_find(stage.form, CNV_STR("topics"))].column];
	docs = &stage.batch->tables[2];
	for (uint32_t turn = 0; turn < 100; turn++) {
		cnv_str code, text;

		if (turn == 2)
			before = cnv_mem_allocations();
		assert_int_equal(
			cnv_attribute(stage.batch, 0, (cnv_str){ 0 }, &stage.roster, CNV_STR("a"), &code, NULL),
			CNV_ATTRIBUTED);
		assert_true(cnv_str_equal(code, CNV_STR("AUS")));
		text = cnv_cell_value(stage.form, topics, 0, &stage.scratch);
		assert_true(cnv_str_equal(text, CNV_STR("port law")));
		text = cnv_cell_path(stage.batch, 2, 0, docs->columns[0].question, &stage.scratch);
		assert_true(cnv_str_equal(text, CNV_STR("doc[12]/holder[3]/age")));
		cnv_arena_reset(&stage.scratch);
	}
	assert_int_equal(cnv_mem_allocations(), before);
	close_stage(&stage);
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
	static struct CMUnitTest
		tests[COUNT(file_cases) + COUNT(hint_cases) + COUNT(layout_cases) + COUNT(attribute_cases) + 16];
	size_t count = 0;

	ADD(file_cases, run_file_case);
	ADD(hint_cases, run_hint_case);
	ADD(layout_cases, run_layout_case);
	ADD(attribute_cases, run_attribute_case);
	TEST(a_row_is_blank_until_put);
	TEST(a_reset_batch_is_blank_and_allocates_nothing);
	TEST(a_batch_grows_past_a_window);
	TEST(a_duplicate_keeps_its_verdict);
	TEST(cells_know_their_line_and_column);
	TEST(every_verdict_has_a_standing_and_words);
	TEST(the_separator_is_the_most_frequent_one);
	TEST(hostile_files_end_in_one_diagnostic);
	TEST(a_return_of_a_million_lines_is_refused);
	TEST(every_failing_allocation_is_told);
	TEST(reading_cells_again_allocates_nothing);
	return _cmocka_run_group_tests("data", tests, count, NULL, NULL);
}
