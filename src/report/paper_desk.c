/* paper_desk: what the parts of a paper share. */
#include "report/paper_desk.h"

#include <assert.h>

#include "report/headline.h"
#include "report/pack_words.h"
#include "report/sayings.h"
#include "report/texts.h"

void cnv_paper_put(const cnv_paper *paper, cnv_passage passage, cnv_str lead, cnv_str text)
{
	paper->document->passage(paper->document->self, passage, lead, text);
}

void cnv_paper_say(const cnv_paper *paper, cnv_passage passage, const char *words)
{
	cnv_paper_put(paper, passage, CNV_STR(""), cnv_say(&paper->desk, words));
}

bool cnv_document_colon(cnv_str lead)
{
	static const char *const ends[] = { "?", "!", ".", ":", "\u061F", "\u3002", "\uFF01", "\uFF1A", "\uFF1F" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (cnv_str_ends(lead, cnv_str_from(ends[i])))
			return false;
	return true;
}

void cnv_paper_table(cnv_paper *paper, const cnv_document_column *columns, uint32_t count, uint32_t rows)
{
	assert(count <= CNV_PAPER_COLUMNS);
	for (uint32_t i = 0; i < count; i++) {
		paper->columns[i] = columns[i];
		paper->columns[i].heading = cnv_say(&paper->desk, columns[i].heading).at;
	}
	paper->document->table(paper->document->self, paper->columns, count, rows);
}

cnv_str cnv_paper_count(cnv_paper *paper, uint64_t count)
{
	return CNV_SAY(&paper->desk, &paper->desk.step, "{1}", cnv_value_count(count));
}

cnv_str cnv_paper_people(cnv_paper *paper, uint64_t count)
{
	return CNV_SAY(&paper->desk, &paper->desk.step, "{1 people}", cnv_value_count(count));
}

void cnv_paper_fact(const cnv_paper *paper, const char *lead, cnv_str text)
{
	if (text.len)
		cnv_paper_put(paper, CNV_PASSAGE_FACT, cnv_say(&paper->desk, lead), text);
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
	cnv_document_head *head = &paper->head;
	cnv_str tag = cnv_pack_tag(desk->form, desk->report->language);

	head->from_right = cnv_tag_is_from_right(tag);
	head->language = head->from_right ? tag : cnv_str_from(cnv_tongue_tag(desk->tongue));
	head->questions_with = cnv_say(desk, "Questions with");
	head->figures_for = cnv_say(desk, "Figures for");
	head->everyone = cnv_say(desk, "everyone");
	head->title = desk->form->title.len ? desk->form->title : desk->form->id;
	head->footer = CNV_SAY(desk, desk->arena, "{1}, round {2}, as of {3}, for: {4}", cnv_value_text(head->title),
			       cnv_value_text(desk->report->round),
			       cnv_value_text(cnv_say_day(desk, desk->arena, cnv_instant_day(desk->report->now))),
			       cnv_value_text(cnv_say(desk, cnv_audience_word(desk->report->audience))));
}
