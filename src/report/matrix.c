/* matrix: every answer, respondents side by side: a row for each of them, or a column. */
#include "report/cells.h"
#include "report/heads.h"
#include "report/headline.h"
#include "report/marks.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

#define TITLE 40u /* characters of the majority's choice */
#define FIXED 8u  /* columns before those of respondents, at most */

static void fill_silence(const cnv_page *page, const cnv_paired *paired, cnv_cell *cell)
{
	cell->look = CNV_LOOK_NO_REPLY;
	cell->text = paired->blank ? cnv_say(page->desk, "blank") : CNV_STR("–");
}

/* In the column of a repeat: how many entries it has. */
static void fill_entry_count(cnv_page *page, cnv_question_id repeat, const cnv_paired *paired, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;
	const cnv_entries *entries = &desk->pairing.entries[desk->form->questions[repeat].table];
	uint32_t count = entries->starts[paired->response + 1] - entries->starts[paired->response];

	cell->look = !paired->by_name ? CNV_LOOK_WITHHELD : count ? CNV_LOOK_CODE : CNV_LOOK_NO_ANSWER;
	if (paired->blank)
		fill_silence(page, paired, cell);
	else if (!paired->by_name)
		cell->text = cnv_say(desk, "withheld");
	else if (!count)
		cell->text = cnv_say(desk, "no entries");
	else
		cell->text = cnv_count_entries(desk, &page->row_arena, count);
}

static void fill_cell(cnv_page *page, cnv_question_id question, const cnv_paired *paired, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;

	if (paired->response == CNV_NONE) {
		fill_silence(page, paired, cell);
	} else if (desk->form->questions[question].role == CNV_REPEAT) {
		fill_entry_count(page, question, paired, cell);
	} else {
		cnv_answer_fill(page, cell, cnv_desk_column(desk, question), paired->response, paired->by_name);
	}
	if (paired->by_name && cell->look != CNV_LOOK_WITHHELD)
		cnv_mark_cell(page, question, paired->response, cell);
}

/* ---------------------------------------------------------------- what the group answered */

struct matrix {
	const cnv_question_id *questions;
	uint32_t count;
	uint32_t *majorities; /* of each question of the form the choice of more than half; CNV_NONE */
};

/* A row: a respondent, a question, or what the group answered to every question. */
struct record {
	cnv_subject subject;
	const struct matrix *matrix;
	cnv_question_id before; /* the question of the row before; CNV_NONE */
};

/* Of the counts that the sheet Counts has, so that the answers in bold say no more of those not shown by name. */
static bool find_majorities(struct matrix *matrix, cnv_desk *desk)
{
	matrix->majorities = cnv_arena_array(&desk->step, (size_t)desk->form->count + 1, sizeof *matrix->majorities);
	for (cnv_question_id q = 0; matrix->majorities && q < desk->form->count; q++)
		matrix->majorities[q] = cnv_desk_identifies(desk, q) ? CNV_NONE : cnv_majority_of(desk, q);
	return matrix->majorities;
}

/* "Ratified: 4 of 10", "median 12" */
static void fill_group_answer(cnv_page *page, const struct matrix *matrix, cnv_question_id question, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;
	const cnv_question *asked = &desk->form->questions[question];
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	uint32_t majority = matrix->majorities[question];
	char digits[CNV_NUMBER_ROOM];

	if (asked->role == CNV_REPEAT || cnv_desk_identifies(desk, question))
		return;
	if (majority != CNV_NONE)
		cell->text =
			CNV_SAY(desk, &page->row_arena, "{1}: {2} of {3}",
				cnv_value_text(cnv_text_cut(
					cnv_choice_title(desk->form, &desk->form->lists[asked->list].choices[majority],
							 desk->report->language),
					TITLE, &page->row_arena)),
				cnv_value_count(tally->options[majority]),
				cnv_value_count(tally->standing[CNV_STANDING_ANSWERED]));
	else if (asked->kind == CNV_CHOICE && tally->standing[CNV_STANDING_ANSWERED] > 1)
		cell->text = cnv_say(desk, "no majority");
	else if (tally->numbers)
		cell->text = CNV_SAY(desk, &page->row_arena, "median {1}",
				     cnv_value_text((cnv_str){
					     digits, cnv_number_write(cnv_number_round(tally->median, 2), digits) }));
}

/* An answer that differs from the majority's is set apart by its look. */
static void mark_dissent(const cnv_page *page, const struct record *row, cnv_question_id question,
			 const cnv_paired *paired, cnv_cell *cell)
{
	uint32_t majority = row->matrix->majorities[question];

	if (majority != CNV_NONE && cell->look == CNV_LOOK_CODE && paired->response != CNV_NONE &&
	    cnv_desk_column(page->desk, question)->choices[paired->response] != majority)
		cell->look = CNV_LOOK_DISSENT;
}

/* ---------------------------------------------------------------- respondents down */

static void fill_question(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	if (!row->subject.paired) {
		cell->look = CNV_LOOK_TOTAL;
		fill_group_answer(page, row->matrix, column->number, cell);
		return;
	}
	fill_cell(page, column->number, row->subject.paired, cell);
	mark_dissent(page, row, column->number, row->subject.paired, cell);
}

static void fill_code(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_paired *paired = ((const cnv_subject *)record)->paired;

	if (paired) {
		cnv_fill_code(page, column, record, cell);
		cnv_mark_code(page, paired->response, cell);
		return;
	}
	cell->look = CNV_LOOK_TOTAL;
	cell->text = cnv_say(page->desk, "(group)");
}

static void fill_name(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	if (((const cnv_subject *)record)->paired) {
		cnv_fill_name(page, column, record, cell);
		return;
	}
	cell->look = CNV_LOOK_TOTAL;
	cell->text = cnv_say(page->desk, "majority or median");
}

static void lay_down(cnv_page *page, const struct matrix *matrix)
{
	static const cnv_listing_column who[] = {
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = fill_code },
		{ .heading = "name", .most = 32, .look = CNV_LOOK_LABEL, .fill = fill_name },
		{ 0 }
	};
	const cnv_pairing *pairing = &page->desk->pairing;
	cnv_listing listing = { .page = page };
	struct record record = { .matrix = matrix };

	cnv_listing_add(&listing, who);
	cnv_heads_add(&listing, fill_question, matrix->questions, matrix->count);
	cnv_heads_lay(&listing, 2, 2);
	for (uint32_t i = 0; i < pairing->count && cnv_page_has_room(page); i++) {
		record.subject.paired = &pairing->rows[i];
		cnv_listing_row(&listing, &record);
	}
	record.subject.paired = NULL;
	if (cnv_page_has_room(page))
		cnv_listing_row(&listing, &record);
}

/* ---------------------------------------------------------------- respondents across */

/* In small print if it is also that of the question before. */
static void fill_section(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	cell->text = cnv_desk_section(page->desk, row->subject.question);
	if (row->before != CNV_NONE && cnv_str_equal(cell->text, cnv_desk_section(page->desk, row->before)))
		cell->look = CNV_LOOK_REMARK;
}

static void fill_title(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	cnv_question_id question = ((const struct record *)record)->subject.question;
	cnv_str qno = page->desk->form->questions[question].qno, title = cnv_title_of(page->desk, question);

	(void)column;
	cell->text = qno.len ? cnv_arena_format(&page->row_arena, "%.*s %.*s", CNV_ARG(qno), CNV_ARG(title)) : title;
}

static void fill_group(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	fill_group_answer(page, row->matrix, row->subject.question, cell);
}

static void fill_respondent(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_paired *paired = &page->desk->pairing.rows[column->number];

	fill_cell(page, row->subject.question, paired, cell);
	mark_dissent(page, row, row->subject.question, paired, cell);
}

/* "AUS Australia" above the columns of respondents. */
static void add_respondents(cnv_listing *listing)
{
	cnv_desk *desk = listing->page->desk;
	cnv_str *titles = cnv_arena_array(&desk->step, (size_t)desk->pairing.count + 1, sizeof *titles);

	for (uint32_t i = 0; titles && i < desk->pairing.count; i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		titles[i] = cnv_str_equal(paired->code, paired->name)
				    ? paired->code
				    : cnv_arena_format(&desk->step, "%.*s %.*s", CNV_ARG(paired->code),
						       CNV_ARG(paired->name));
	}
	if (titles)
		cnv_listing_add_each(listing, (cnv_listing_column){ .most = 22, .fill = fill_respondent }, titles,
				     desk->pairing.count);
	else
		listing->page->status = CNV_NO_MEMORY;
}

static void lay_across(cnv_page *page, const struct matrix *matrix)
{
	static const cnv_listing_column section[] = {
		{ .heading = "section", .most = 24, .look = CNV_LOOK_LABEL, .fill = fill_section }, { 0 }
	};
	static const cnv_listing_column variable[] = {
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_variable }, { 0 }
	};
	static const cnv_listing_column what[] = {
		{ .heading = "question", .most = 36, .look = CNV_LOOK_LABEL, .fill = fill_title },
		{ .heading = "majority or median", .most = 22, .look = CNV_LOOK_LABEL, .fill = fill_group },
		{ 0 }
	};
	cnv_listing listing = { .page = page };
	struct record record = { .matrix = matrix };

	cnv_listing_add(&listing, section);
	if (page->desk->report->technical)
		cnv_listing_add(&listing, variable);
	cnv_listing_add(&listing, what);
	add_respondents(&listing);
	cnv_listing_heads(&listing, page->desk->report->technical ? 3 : 2);
	for (uint32_t i = 0; i < matrix->count && cnv_page_has_room(page); i++) {
		record.subject.question = matrix->questions[i];
		record.before = i ? matrix->questions[i - 1] : CNV_NONE;
		cnv_listing_row(&listing, &record);
	}
}

/* ---------------------------------------------------------------- the sheet */

static cnv_str how_to_read(cnv_desk *desk, bool across)
{
	cnv_str text = desk->report->across && !across
			       ? cnv_say(desk, "All answers side by side. More respondents than a sheet has"
					       " columns: they are down, not across.")
			       : cnv_say(desk, "All answers side by side; in bold those that differ from the"
					       " majority. A cell with a mark in its corner has a note. The last"
					       " sheet explains how each state is shown.");

	if (cnv_report_marks(desk->report))
		return CNV_SAY(desk, &desk->step,
			       "{1} Links lead to the lines about a cell, or about a respondent, on other sheets.",
			       cnv_value_text(text));
	return CNV_SAY(desk, &desk->step,
		       "{1} With more than {2} answers, no cell has a link, or a note on a finding or a normalized"
		       " value.",
		       cnv_value_text(text), cnv_value_count(CNV_REPORT_MARKED));
}

void cnv_lay_matrix(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	struct matrix matrix = { 0 };
	bool across = desk->report->across && desk->pairing.count + FIXED <= CNV_PAGE_COLUMNS;

	cnv_desk_next_step(desk);
	matrix.questions = cnv_desk_questions(desk, 0, &matrix.count, &desk->step);
	if (!matrix.questions || !find_majorities(&matrix, desk)) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_answers_title(page, cnv_say(desk, "Matrix"), how_to_read(desk, across));
	if (across)
		lay_across(page, &matrix);
	else
		lay_down(page, &matrix);
}
