/* matrix: a row per respondent, a column per question; and the same for the entries of one repeat. */
#include "report/cells.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

static void lay_entry_count(cnv_page *page, uint32_t at, cnv_question_id repeat, const cnv_paired *paired)
{
	const cnv_desk *desk = page->desk;
	const cnv_entries *entries = &desk->pairing.entries[desk->form->questions[repeat].table];
	uint32_t count = entries->starts[paired->response + 1] - entries->starts[paired->response];

	if (paired->blank)
		cnv_page_words(page, at, CNV_LOOK_NO_REPLY, "blank");
	else if (!paired->by_name)
		cnv_page_words(page, at, CNV_LOOK_WITHHELD, "withheld");
	else if (!count)
		cnv_page_words(page, at, CNV_LOOK_NO_ANSWER, "no entries");
	else
		cnv_page_text(page, at, CNV_LOOK_CODE,
			      cnv_count_words(&page->row_arena, count, CNV_STR("entry"), CNV_STR("entries")));
}

void cnv_lay_matrix(cnv_page *page)
{
	static const cnv_heading fixed[] = { { "code", 0 }, { "name", 32 }, { NULL, 0 } };
	cnv_desk *desk = page->desk;
	const cnv_question_id *questions;
	uint32_t count;

	cnv_desk_next_step(desk);
	questions = cnv_desk_questions(desk, 0, &count, &desk->step);
	if (!questions) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_title(page, CNV_STR("Matrix"),
		       CNV_STR("All answers side by side. A cell with a mark in its corner has a "
			       "remark. The last sheet explains how each state is shown."));
	cnv_page_limit(page, 1, fixed[1].most);
	cnv_page_question_heads(page, fixed, questions, count, 2);
	for (uint32_t i = 0; i < desk->pairing.count && cnv_page_has_room(page); i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		cnv_page_respondent(page, 0, paired);
		for (uint32_t c = 0; c < count; c++) {
			if (paired->response == CNV_NONE)
				cnv_page_words(page, c + 2, CNV_LOOK_NO_REPLY, paired->blank ? "blank" : "–");
			else if (desk->form->questions[questions[c]].role == CNV_REPEAT)
				lay_entry_count(page, c + 2, questions[c], paired);
			else
				cnv_page_answer(page, c + 2, cnv_desk_column(desk, questions[c]), paired->response,
						paired->by_name);
		}
		cnv_page_end_row(page);
	}
}

static void lay_entries(cnv_page *page, const cnv_paired *paired, const cnv_question_id *questions, uint32_t count)
{
	cnv_desk *desk = page->desk;
	uint32_t table = page->plan->table;
	const cnv_entries *entries = &desk->pairing.entries[table];

	for (uint32_t e = entries->starts[paired->response];
	     e < entries->starts[paired->response + 1] && cnv_page_has_room(page); e++) {
		uint32_t row = entries->rows[e];

		cnv_page_respondent(page, 0, paired);
		cnv_page_text(page, 2, CNV_LOOK_CODE, cnv_desk_entry(desk, table, row, &page->row_arena));
		for (uint32_t c = 0; c < count; c++)
			cnv_page_answer(page, c + 3, cnv_desk_column(desk, questions[c]), row, true);
		cnv_page_end_row(page);
	}
}

void cnv_lay_repeat(cnv_page *page)
{
	static const cnv_heading fixed[] = { { "code", 0 }, { "name", 32 }, { "entry", 0 }, { NULL, 0 } };
	cnv_desk *desk = page->desk;
	const cnv_entries *entries = &desk->pairing.entries[page->plan->table];
	const cnv_question_id *questions;
	uint32_t count, givers = 0, withheld = 0;
	cnv_str told;

	cnv_desk_next_step(desk);
	questions = cnv_desk_questions(desk, page->plan->table, &count, &desk->step);
	if (!questions) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < desk->pairing.count; i++) {
		uint32_t response = desk->pairing.rows[i].response;
		if (response == CNV_NONE)
			continue;
		givers += entries->starts[response + 1] > entries->starts[response];
		if (!desk->pairing.rows[i].by_name)
			withheld += entries->starts[response + 1] - entries->starts[response];
	}
	told = cnv_arena_format(&desk->step, "%.*s from %.*s.",
				CNV_ARG(cnv_count_words(&desk->step, cnv_tally_rows(desk->tally, page->plan->table),
							CNV_STR("entry"), CNV_STR("entries"))),
				CNV_ARG(cnv_count_words(&desk->step, givers, desk->one, desk->many)));
	if (withheld)
		told = cnv_arena_format(&desk->step, "%.*s %u of them %s not to be shown by name, and not listed.",
					CNV_ARG(told), withheld, withheld == 1 ? "is" : "are");
	cnv_page_title(page, cnv_title_of(desk, desk->form->tables[page->plan->table].repeat), told);
	cnv_page_limit(page, 1, fixed[1].most);
	cnv_page_question_heads(page, fixed, questions, count, 3);
	for (uint32_t i = 0; i < desk->pairing.count; i++)
		/* The number of entries is an answer as well. */
		if (desk->pairing.rows[i].response != CNV_NONE && desk->pairing.rows[i].by_name)
			lay_entries(page, &desk->pairing.rows[i], questions, count);
}
