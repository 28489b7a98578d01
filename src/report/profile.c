/* profile: one respondent and the group, on a page.
 *
 * The questions that matter first, then the choices in which the respondent is not with the majority: its answer, and
 * next to it how the group answered.  It names none of the others. */
#include "report/headline.h"
#include "report/paper_desk.h"
#include "report/sayings.h"
#include "report/tally.h"
#include "report/texts.h"

#define CUT 200u /* characters of an answer */

typedef struct profile {
	cnv_paper paper;
	const cnv_paired *one;
	cnv_headlines headlines;
	bool begun; /* a table is open */
} profile;

/* ---------------------------------------------------------------- one question */

static cnv_standing standing_of(const profile *p, cnv_question_id question)
{
	return cnv_verdict_standing((cnv_verdict)cnv_desk_column(&p->paper.desk, question)->verdicts[p->one->response]);
}

/* Does it have one answer for each response? */
static bool is_single(const profile *p, cnv_question_id question)
{
	const cnv_question *asked = &p->paper.desk.form->questions[question];

	return !asked->table && asked->column != CNV_NONE && cnv_paper_reports(&p->paper, question);
}

/* A choice in which the respondent is not with the majority, or with it; another question is neither, and so is one that
 * no other respondent has answered. */
typedef enum side { SIDE_NONE, SIDE_SAME, SIDE_OTHER } side;

static side side_of(const profile *p, cnv_question_id question)
{
	const cnv_desk *desk = &p->paper.desk;
	uint32_t majority = is_single(p, question) ? cnv_majority_of(desk, question) : CNV_NONE;

	if (majority == CNV_NONE || standing_of(p, question) != CNV_STANDING_ANSWERED ||
	    cnv_tally_question(desk->tally, question)->standing[CNV_STANDING_ANSWERED] < 2)
		return SIDE_NONE;
	return cnv_desk_column(desk, question)->choices[p->one->response] == majority ? SIDE_SAME : SIDE_OTHER;
}

static cnv_str label_of(const cnv_desk *desk, const cnv_list *list, uint32_t option)
{
	return cnv_choice_title(desk->form, &list->choices[option], desk->report->language);
}

/* The labels of a set, in the order of the list. */
static cnv_str labels_of(cnv_desk *desk, const cnv_column *column, uint32_t row)
{
	const cnv_list *list = &desk->form->lists[column->list];

	cnv_text_reset(&desk->draft);
	for (uint32_t option = 0; option < list->count; option++)
		if (cnv_bit(column->sets + (size_t)row * column->words, option))
			cnv_text_format(&desk->draft, "%s%.*s", desk->draft.len ? "; " : "",
					CNV_ARG(label_of(desk, list, option)));
	return cnv_desk_drafted(desk, &desk->step);
}

static cnv_str own_answer(profile *p, cnv_question_id question)
{
	cnv_desk *desk = &p->paper.desk;
	const cnv_column *column = cnv_desk_column(desk, question);
	uint32_t row = p->one->response;
	cnv_standing standing = standing_of(p, question);

	if (standing != CNV_STANDING_ANSWERED)
		return cnv_say(desk, cnv_standing_short(standing, false));
	if (column->choices && column->list != CNV_NONE && column->choices[row] < desk->form->lists[column->list].count)
		return label_of(desk, &desk->form->lists[column->list], column->choices[row]);
	if (column->kind == CNV_CHOICES && column->sets)
		return labels_of(desk, column, row);
	if (column->kind == CNV_DATE)
		return cnv_say_day(desk, &desk->step, column->days[row]);
	return cnv_text_cut(cnv_cell_value(desk->form, column, row, &desk->step), CUT, &desk->step);
}

/* "Ratified: 4; In draft: 2" */
static void put_options(cnv_desk *desk, cnv_question_id question, const cnv_list *list)
{
	uint32_t count;
	const cnv_chosen *chosen = cnv_options_chosen(desk, question, &count);

	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(&desk->draft, "%s%.*s: %llu", i ? "; " : "",
				CNV_ARG(label_of(desk, list, chosen[i].option)), (unsigned long long)chosen[i].n);
}

static cnv_value figure(cnv_desk *desk, double value)
{
	char digits[CNV_NUMBER_ROOM];
	cnv_str text = { digits, cnv_number_write(cnv_number_round(value, 2), digits) };

	return cnv_value_text(cnv_arena_copy(&desk->step, text));
}

/* "Ratified: 4; In draft: 2 (6 answered)" */
static cnv_str group_answer(profile *p, cnv_question_id question)
{
	cnv_desk *desk = &p->paper.desk;
	const cnv_question *asked = &desk->form->questions[question];
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	cnv_value answered = cnv_value_count(tally->standing[CNV_STANDING_ANSWERED]);
	cnv_str figures = { 0 };

	if (!answered.number)
		return cnv_say(desk, "no answers");
	if (tally->options) {
		cnv_text_reset(&desk->draft);
		put_options(desk, question, &desk->form->lists[asked->list]);
		figures = cnv_desk_drafted(desk, &desk->step);
	} else if (tally->numbers) {
		figures = CNV_SAY(desk, &desk->step, "median {1}, {2} to {3}", figure(desk, tally->median),
				  figure(desk, tally->least), figure(desk, tally->greatest));
	}
	return figures.len ? CNV_SAY(desk, &desk->step, "{1} ({2} answered)", cnv_value_text(figures), answered)
			   : CNV_SAY(desk, &desk->step, "{1} answered", answered);
}

/* ---------------------------------------------------------------- tables */

static void put_question(profile *p, cnv_question_id question, const char *heading, uint32_t rows)
{
	static const cnv_document_column columns[] = { { "Question", 34, false },
						       { "Answer", 24, false },
						       { "The group", 30, false },
						       { "Majority", 12, false } };
	static const char *const sides[] = { [SIDE_NONE] = "", [SIDE_SAME] = "same", [SIDE_OTHER] = "differs" };
	const cnv_document *to = p->paper.document;
	cnv_desk *desk = &p->paper.desk;
	cnv_str qno = desk->form->questions[question].qno;

	cnv_desk_next_step(desk);
	if (!p->begun) {
		cnv_paper_say(&p->paper, CNV_PASSAGE_HEADING, heading);
		cnv_paper_table(&p->paper, columns, sizeof columns / sizeof *columns, rows);
	}
	p->begun = true;
	cnv_str cells[] = { cnv_arena_format(&desk->step, "%.*s%s%.*s", CNV_ARG(qno), qno.len ? " " : "",
					     CNV_ARG(cnv_title_of(desk, question))),
			    own_answer(p, question), group_answer(p, question),
			    cnv_say(desk, sides[side_of(p, question)]) };
	to->row(to->self, &(cnv_document_row){ .cells = cells });
}

static void end_table(profile *p)
{
	if (p->begun)
		p->paper.document->end_table(p->paper.document->self);
	p->begun = false;
}

static bool is_headline(const profile *p, cnv_question_id question)
{
	for (uint32_t i = 0; i < p->headlines.count; i++)
		if (p->headlines.items[i].question == question)
			return true;
	return false;
}

static void put_headlines(profile *p)
{
	for (uint32_t i = 0; i < p->headlines.count; i++)
		if (is_single(p, p->headlines.items[i].question))
			put_question(p, p->headlines.items[i].question, "The questions that matter",
				     p->headlines.count);
	end_table(p);
}

static bool differs_below(const profile *p, cnv_question_id question)
{
	return side_of(p, question) == SIDE_OTHER && !is_headline(p, question);
}

static void put_differences(profile *p)
{
	uint32_t rows = 0;

	for (cnv_question_id q = 0; q < p->paper.desk.form->count; q++)
		rows += differs_below(p, q);
	for (cnv_question_id q = 0; q < p->paper.desk.form->count; q++)
		if (differs_below(p, q))
			put_question(p, q, "Other answers that differ from the majority", rows);
	end_table(p);
}

/* ---------------------------------------------------------------- the title block */

/* "14 of the 18 choices that have a majority" */
static void put_agreement(profile *p)
{
	uint32_t count[SIDE_OTHER + 1] = { 0 };
	cnv_desk *desk = &p->paper.desk;

	for (cnv_question_id q = 0; q < desk->form->count; q++)
		count[side_of(p, q)]++;
	if (count[SIDE_SAME] + count[SIDE_OTHER])
		cnv_paper_fact(&p->paper, "With the majority",
			       CNV_SAY(desk, &desk->step, "in {1} of the {2} questions that have one",
				       cnv_value_count(count[SIDE_SAME]),
				       cnv_value_count(count[SIDE_SAME] + count[SIDE_OTHER])));
}

static void put_completeness(profile *p)
{
	cnv_desk *desk = &p->paper.desk;
	uint32_t asked = 0, answered = 0;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		if (!is_single(p, q) || desk->form->questions[q].role != CNV_ASKED)
			continue;
		asked += standing_of(p, q) != CNV_STANDING_NOT_ASKED;
		answered += standing_of(p, q) == CNV_STANDING_ANSWERED;
	}
	cnv_paper_fact(&p->paper, "Answered",
		       CNV_SAY(desk, &desk->step, "{1} of the {2} questions asked, without tables of entries",
			       cnv_value_count(answered), cnv_value_count(asked)));
}

static void put_title(profile *p)
{
	cnv_desk *desk = &p->paper.desk;
	const cnv_report *report = desk->report;
	const cnv_reported *response = &report->responses[p->one->response];
	cnv_str name = p->one->name.len ? p->one->name : p->one->code;

	cnv_desk_next_step(desk);
	cnv_paper_put(&p->paper, CNV_PASSAGE_TITLE, CNV_STR(""), p->paper.head.title);
	cnv_paper_put(&p->paper, CNV_PASSAGE_SUBTITLE, CNV_STR(""),
		      CNV_SAY(desk, &desk->step, "{1} and the group", cnv_value_text(name)));
	cnv_paper_fact(&p->paper, "Round", report->round);
	cnv_paper_fact(&p->paper, "State as of", cnv_say_day(desk, &desk->step, cnv_instant_day(report->now)));
	cnv_paper_fact(&p->paper, "Received", cnv_say_day(desk, &desk->step, cnv_instant_day(response->received)));
	if (report->replies && p->one->listed != CNV_NONE && report->replies[p->one->listed].compiled)
		cnv_paper_fact(&p->paper, "Basis", cnv_say(desk, "answers compiled by others, no reply"));
	cnv_paper_fact(&p->paper, "Audience", cnv_say(desk, cnv_audience_word(report->audience)));
	cnv_paper_fact(&p->paper, "The group",
		       CNV_SAY(desk, &desk->step, "{1 people} with answers, this one included",
			       cnv_value_count(cnv_tally_rows(desk->tally, 0))));
	put_completeness(p);
	put_agreement(p);
}

/* ---------------------------------------------------------------- the whole */

const char *cnv_profile_trouble(const cnv_batch *batch, const cnv_reported *responses, cnv_str respondent)
{
	for (uint32_t row = 0; row < batch->tables[0].rows; row++)
		if (cnv_str_equal(responses[row].respondent, respondent))
			return responses[row].shown == CNV_SHOWN_NAMED ? NULL : "is not shown by name to this audience";
	return "has no answers in this round";
}

static bool open_profile(profile *p, const cnv_report *report, const cnv_tally *tally, cnv_arena *scratch)
{
	cnv_desk *desk = &p->paper.desk;
	uint32_t at;

	if (!cnv_desk_open(desk, report, tally, scratch) || !cnv_headlines_build(&p->headlines, desk, scratch))
		return false;
	at = cnv_map_find(&desk->pairing.by_code, report->profile);
	p->one = at == CNV_NONE ? NULL : &desk->pairing.rows[at];
	return p->one && p->one->response != CNV_NONE;
}

cnv_status cnv_profile_lay(const cnv_report *report, const cnv_tally *tally, const cnv_document *document,
			   cnv_arena *scratch)
{
	profile p = { .paper = { .document = document } };
	bool failed = !open_profile(&p, report, tally, scratch);

	if (!failed) {
		cnv_paper_name(&p.paper);
		document->begin(document->self, &p.paper.head);
		put_title(&p);
		put_headlines(&p);
		put_differences(&p);
		document->end(document->self);
	}
	failed |= p.paper.desk.failed || p.paper.desk.step.failed || scratch->failed;
	cnv_desk_close(&p.paper.desk);
	return failed ? CNV_NO_MEMORY : CNV_OK;
}
