/* repeats: the entries of one repeat, a row each. */
#include "report/cells.h"
#include "report/heads.h"
#include "report/marks.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

/* An entry of a respondent's. */
struct record {
	cnv_subject subject;
	uint32_t row;
};

static void fill_entry(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text =
		cnv_desk_entry(page->desk, page->plan->table, ((const struct record *)record)->row, &page->row_arena);
}

static void fill_question(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	cnv_answer_fill(page, cell, cnv_desk_column(page->desk, column->number), ((const struct record *)record)->row,
			true);
}

/* "3 entries from 2 economies." */
static cnv_str count_entries(const cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_entries *entries = &desk->pairing.entries[page->plan->table];
	uint32_t givers = 0, withheld = 0;
	cnv_str text;

	for (uint32_t i = 0; i < desk->pairing.count; i++) {
		uint32_t response = desk->pairing.rows[i].response;

		if (response == CNV_NONE)
			continue;
		givers += entries->starts[response + 1] > entries->starts[response];
		if (!desk->pairing.rows[i].by_name)
			withheld += entries->starts[response + 1] - entries->starts[response];
	}
	text = CNV_SAY(desk, &desk->step, "{1} {1|entry|entries} from {2 people}.",
		       cnv_value_count(cnv_tally_rows(desk->tally, page->plan->table)), cnv_value_count(givers));
	if (!withheld)
		return text;
	return CNV_SAY(desk, &desk->step, "{1} {2} of them {2|is|are} not to be shown by name, and not listed.",
		       cnv_value_text(text), cnv_value_count(withheld));
}

static void lay_entries(const cnv_listing *listing, const cnv_paired *paired)
{
	cnv_page *page = listing->page;
	const cnv_entries *entries = &page->desk->pairing.entries[page->plan->table];

	if (entries->starts[paired->response] < entries->starts[paired->response + 1] && cnv_page_has_room(page))
		cnv_mark_line(page, CNV_LINE_ENTRY, page->desk->form->tables[page->plan->table].repeat,
			      paired->response);
	for (uint32_t e = entries->starts[paired->response];
	     e < entries->starts[paired->response + 1] && cnv_page_has_room(page); e++)
		cnv_listing_row(listing, &(struct record){ .subject.paired = paired, .row = entries->rows[e] });
}

void cnv_lay_repeat(cnv_page *page)
{
	static const cnv_listing_column who[] = {
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code },
		{ .heading = "name", .most = 32, .look = CNV_LOOK_LABEL, .fill = cnv_fill_name },
		{ .heading = "entry", .look = CNV_LOOK_CODE, .fill = fill_entry },
		{ 0 }
	};
	cnv_desk *desk = page->desk;
	cnv_listing listing = { .page = page };
	const cnv_question_id *questions;
	uint32_t count;

	cnv_desk_next_step(desk);
	questions = cnv_desk_questions(desk, page->plan->table, &count, &desk->step);
	if (!questions) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_answers_title(page, cnv_title_of(desk, desk->form->tables[page->plan->table].repeat),
			       count_entries(page));
	cnv_listing_add(&listing, who);
	cnv_heads_add(&listing, fill_question, questions, count);
	cnv_heads_lay(&listing, 3, 3);
	for (uint32_t i = 0; i < desk->pairing.count; i++)
		/* The number of entries is an answer as well. */
		if (desk->pairing.rows[i].response != CNV_NONE && desk->pairing.rows[i].by_name)
			lay_entries(&listing, &desk->pairing.rows[i]);
}
