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

void cnv_paper_question(const cnv_paper *paper, cnv_question_id question)
{
	cnv_paper_put(paper, CNV_PASSAGE_QUESTION, paper->desk.form->questions[question].qno,
		      cnv_title_of(&paper->desk, question));
}

bool cnv_paper_reports(const cnv_paper *paper, cnv_question_id question)
{
	return !cnv_desk_identifies(&paper->desk, question) && cnv_desk_shows(&paper->desk, question);
}
