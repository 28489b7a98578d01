/* matrix: every answer, respondents side by side. */
#include "report/cells.h"
#include "report/heads.h"
#include "report/sheets.h"
#include "report/texts.h"

static void fill_silence(const cnv_paired *paired, cnv_cell *cell)
{
	cell->look = CNV_LOOK_NO_REPLY;
	cell->text = paired->blank ? CNV_STR("blank") : CNV_STR("–");
}

/* In the column of a repeat: how many entries it has. */
static void fill_entry_count(cnv_page *page, cnv_question_id repeat, const cnv_paired *paired, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;
	const cnv_entries *entries = &desk->pairing.entries[desk->form->questions[repeat].table];
	uint32_t count = entries->starts[paired->response + 1] - entries->starts[paired->response];

	cell->look = !paired->by_name ? CNV_LOOK_WITHHELD : count ? CNV_LOOK_CODE : CNV_LOOK_NO_ANSWER;
	if (paired->blank)
		fill_silence(paired, cell);
	else if (!paired->by_name)
		cell->text = CNV_STR("withheld");
	else if (!count)
		cell->text = CNV_STR("no entries");
	else
		cell->text = cnv_count_words(&page->row_arena, count, CNV_STR("entry"), CNV_STR("entries"));
}

static void fill_cell(cnv_page *page, cnv_question_id question, const cnv_paired *paired, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;

	if (paired->response == CNV_NONE) {
		fill_silence(paired, cell);
	} else if (desk->form->questions[question].role == CNV_REPEAT) {
		fill_entry_count(page, question, paired, cell);
	} else {
		cnv_answer_fill(page, cell, cnv_desk_column(desk, question), paired->response, paired->by_name);
	}
}

static void fill_question(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	fill_cell(page, column->number, ((const cnv_subject *)record)->paired, cell);
}

void cnv_lay_matrix(cnv_page *page)
{
	static const cnv_listing_column who[] = {
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code },
		{ .heading = "name", .most = 32, .look = CNV_LOOK_LABEL, .fill = cnv_fill_name },
		{ 0 }
	};
	cnv_desk *desk = page->desk;
	cnv_listing listing = { .page = page };
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
	cnv_listing_add(&listing, who);
	cnv_heads_add(&listing, fill_question, questions, count);
	cnv_heads_lay(&listing, 2, 2);
	for (uint32_t i = 0; i < desk->pairing.count && cnv_page_has_room(page); i++)
		cnv_listing_row(&listing, &(cnv_subject){ .paired = &desk->pairing.rows[i] });
}
