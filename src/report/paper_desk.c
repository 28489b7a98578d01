/* paper_desk: what the parts of a paper share. */
#include "report/paper_desk.h"

#include "report/headline.h"
#include "report/texts.h"

void cnv_paper_put(const cnv_paper *paper, cnv_passage passage, cnv_str lead, cnv_str text)
{
	paper->document->passage(paper->document->self, passage, lead, text);
}

void cnv_paper_say(const cnv_paper *paper, cnv_passage passage, const char *words)
{
	cnv_paper_put(paper, passage, CNV_STR(""), cnv_str_from(words));
}

void cnv_paper_fact(const cnv_paper *paper, const char *lead, cnv_str text)
{
	if (text.len)
		cnv_paper_put(paper, CNV_PASSAGE_FACT, cnv_str_from(lead), text);
}

void cnv_paper_question(const cnv_paper *paper, cnv_question_id question)
{
	cnv_paper_put(paper, CNV_PASSAGE_QUESTION, paper->desk.form->questions[question].qno,
		      cnv_title_of(&paper->desk, question));
}

bool cnv_paper_reports(const cnv_paper *paper, cnv_question_id question)
{
	return !cnv_desk_identifies(&paper->desk, question) && cnv_desk_shows(&paper->desk, question);
}

void cnv_paper_name(cnv_paper *paper)
{
	const cnv_desk *desk = &paper->desk;
	char day[CNV_DAY_WORDS];

	paper->head.language = CNV_STR("en");
	paper->head.title = desk->form->title.len ? desk->form->title : desk->form->id;
	paper->head.footer = cnv_arena_format(desk->arena, "%.*s, round %.*s, as of %.*s, for: %s",
					      CNV_ARG(paper->head.title), CNV_ARG(desk->report->round),
					      CNV_ARG(cnv_day_words(cnv_instant_day(desk->report->now), day)),
					      cnv_audience_word(desk->report->audience));
}
