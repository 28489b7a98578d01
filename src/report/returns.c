/* returns: one line per respondent: whether, when and how completely it answered. */
#include "report/cells.h"
#include "report/late.h"
#include "report/sheets.h"
#include "report/texts.h"

enum { ANSWERED, ASKED, NO_ANSWER, NOT_USABLE, FIGURES };

const char *cnv_prior_words(cnv_prior prior)
{
	static const char *const words[CNV_PRIORS] = { [CNV_PRIOR_UNTOUCHED] = "untouched",
						       [CNV_PRIOR_CONFIRMED] = "confirmed",
						       [CNV_PRIOR_CHANGED] = "changed",
						       [CNV_PRIOR_NEW] = "new" };

	return words[prior];
}

bool cnv_reported_confirms(const cnv_reported *reported)
{
	for (size_t i = 0; i < CNV_PRIORS; i++)
		if (reported->priors[i])
			return true;
	return false;
}

/* The columns of a line after the groups, without the last two. */
static uint32_t count_columns(const cnv_page *page)
{
	return 5 + FIGURES + (page->desk->report->confirms ? (uint32_t)CNV_PRIORS : 0);
}

/* Counts over every question that people answer, including repeats, one column after the other. */
static void count_cells(const cnv_desk *desk, uint32_t (*figures)[FIGURES])
{
	const cnv_batch *batch = desk->report->batch;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];
		const cnv_column *column;

		if (asked->role != CNV_ASKED || asked->column == CNV_NONE)
			continue;
		column = cnv_desk_column(desk, q);
		for (uint32_t row = 0; row < batch->tables[asked->table].rows; row++) {
			cnv_standing standing = cnv_verdict_standing((cnv_verdict)column->verdicts[row]);
			uint32_t *out = figures[asked->table ? cnv_batch_owner(batch, asked->table, row, 0) : row];

			out[ANSWERED] += standing == CNV_STANDING_ANSWERED;
			out[ASKED] += cnv_standing_is_asked(standing);
			out[NO_ANSWER] += standing == CNV_STANDING_NO_ANSWER;
			out[NOT_USABLE] += standing == CNV_STANDING_NOT_USABLE;
		}
	}
}

/* The label of the answer that controls how a response may be shown. */
static void lay_release(cnv_page *page, uint32_t at, uint32_t response)
{
	const cnv_desk *desk = page->desk;
	const cnv_question *asked = &desk->form->questions[desk->form->release];
	const cnv_column *column;

	if (asked->table != 0 || asked->column == CNV_NONE)
		return;
	column = cnv_desk_column(desk, desk->form->release);
	if (column->verdicts[response] != CNV_ACCEPTED)
		cnv_page_words(page, at, CNV_LOOK_NO_ANSWER, "no answer");
	else if (asked->kind == CNV_CHOICE && asked->list != CNV_NONE &&
		 column->choices[response] < desk->form->lists[asked->list].count)
		cnv_page_text(page, at, CNV_LOOK_PLAIN,
			      cnv_choice_title(desk->form,
					       &desk->form->lists[asked->list].choices[column->choices[response]],
					       desk->report->language));
	else
		cnv_page_text(page, at, CNV_LOOK_PLAIN, cnv_cell_value(desk->form, column, response, &page->row_arena));
}

/* State and reason, of a respondent of the roster. */
static uint32_t lay_state(cnv_page *page, uint32_t at, const cnv_paired *paired)
{
	const cnv_reported_reply *replies = page->desk->report->replies;

	if (!replies)
		return at;
	if (paired->listed != CNV_NONE) {
		cnv_page_words(page, at, CNV_LOOK_PLAIN, replies[paired->listed].state);
		cnv_page_text(page, at + 1, CNV_LOOK_PLAIN, replies[paired->listed].reason);
	}
	return at + 2;
}

static void lay_return(cnv_page *page, uint32_t at, const cnv_paired *paired, const uint32_t *figures)
{
	uint32_t response = paired->response;
	const cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	const cnv_reported *reported = &report->responses[response];

	if (paired->blank)
		cnv_page_words(page, at++, CNV_LOOK_NO_REPLY, "blank");
	else
		cnv_page_words(page, at++, CNV_LOOK_CODE, "yes");
	at = lay_state(page, at, paired);
	cnv_page_day(page, at++, cnv_instant_day(reported->received));
	if (!paired->by_name) {
		for (uint32_t i = 0; i < 1 + FIGURES + 2 + 1 + 1; i++)
			cnv_page_words(page, at++, CNV_LOOK_WITHHELD, "withheld");
		return;
	}
	cnv_page_count(page, at++, CNV_LOOK_INTEGER, reported->revision);
	for (uint32_t i = 0; i < FIGURES; i++)
		cnv_page_count(page, at++, CNV_LOOK_INTEGER, figures[i]);
	cnv_page_count(page, at++, CNV_LOOK_INTEGER, reported->errors);
	cnv_page_count(page, at++, CNV_LOOK_INTEGER, reported->warnings);
	for (size_t i = 0; i < CNV_PRIORS && report->confirms; i++)
		cnv_page_count(page, at++, CNV_LOOK_INTEGER, reported->priors[i]);
	if (desk->form->release != CNV_NONE)
		lay_release(page, at++, response);
	if (reported->file < report->file_count)
		cnv_page_text(page, at, CNV_LOOK_PLAIN, cnv_file_title(report->files[reported->file].name));
}

static void lay_silence(cnv_page *page, uint32_t at, const cnv_paired *paired)
{
	uint32_t columns = count_columns(page) + (page->desk->form->release != CNV_NONE);

	cnv_page_words(page, at, CNV_LOOK_NO_REPLY, paired->blank ? "blank" : "no");
	at = lay_state(page, at + 1, paired);
	for (uint32_t i = 0; i < columns; i++)
		cnv_page_words(page, at + i, CNV_LOOK_NO_REPLY, "–");
}

static void lay_totals(cnv_page *page, uint32_t at, uint32_t (*figures)[FIGURES])
{
	const cnv_report *report = page->desk->report;
	uint64_t sums[FIGURES] = { 0 }, errors = 0, warnings = 0;
	uint32_t responses = report->batch->tables[0].rows, returned = 0;

	for (uint32_t r = 0; r < responses; r++) {
		for (uint32_t i = 0; i < FIGURES && report->responses[r].shown == CNV_SHOWN_NAMED; i++)
			sums[i] += figures[r][i];
		returned += !report->responses[r].blank;
		errors += report->responses[r].errors;
		warnings += report->responses[r].warnings;
	}
	cnv_page_words(page, 0, CNV_LOOK_TOTAL, "(total)");
	for (uint32_t column = 1; column < at; column++)
		cnv_page_words(page, column, CNV_LOOK_TOTAL, "");
	cnv_page_count(page, at++, CNV_LOOK_TOTAL, returned);
	for (int i = 0; report->replies && i < 2; i++)
		cnv_page_words(page, at++, CNV_LOOK_TOTAL, "");
	cnv_page_words(page, at++, CNV_LOOK_TOTAL, "");
	cnv_page_words(page, at++, CNV_LOOK_TOTAL, "");
	for (uint32_t i = 0; i < FIGURES; i++)
		cnv_page_count(page, at++, CNV_LOOK_TOTAL, sums[i]);
	cnv_page_count(page, at++, CNV_LOOK_TOTAL, errors);
	cnv_page_count(page, at++, CNV_LOOK_TOTAL, warnings);
	for (size_t i = 0; i < CNV_PRIORS && report->confirms; i++) {
		uint64_t sum = 0;

		for (uint32_t r = 0; r < responses; r++)
			sum += report->responses[r].priors[i];
		cnv_page_count(page, at++, CNV_LOOK_TOTAL, sum);
	}
	cnv_page_end_row(page);
}

static void lay_headings(cnv_page *page)
{
	static const char *const figures[] = { "received",  "revision",   "answered", "asked",
					       "no answer", "not usable", "errors",   "warnings" };
	const cnv_desk *desk = page->desk;
	const cnv_roster *roster = desk->report->roster;
	uint32_t at = 0;

	cnv_page_limit(page, 1, 32);
	cnv_page_words(page, at++, CNV_LOOK_HEADING, "code");
	cnv_page_words(page, at++, CNV_LOOK_HEADING, "name");
	for (uint32_t g = 0; roster && g < roster->grouping_count; g++)
		cnv_page_text(page, at++, CNV_LOOK_HEADING, roster->groupings[g]);
	cnv_page_words(page, at++, CNV_LOOK_HEADING, "returned");
	if (desk->report->replies) {
		cnv_page_limit(page, at, 24);
		cnv_page_words(page, at++, CNV_LOOK_HEADING, "state");
		cnv_page_limit(page, at, 40);
		cnv_page_words(page, at++, CNV_LOOK_HEADING, "reason");
	}
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
		cnv_page_words(page, at++, CNV_LOOK_HEADING, figures[i]);
	for (cnv_prior prior = 0; prior < CNV_PRIORS && desk->report->confirms; prior++)
		cnv_page_words(page, at++, CNV_LOOK_HEADING, cnv_prior_words(prior));
	if (desk->form->release != CNV_NONE) {
		cnv_page_limit(page, at, 34);
		cnv_page_words(page, at++, CNV_LOOK_HEADING, "release");
	}
	cnv_page_words(page, at, CNV_LOOK_HEADING, "file");
	cnv_page_header_row(page, 2);
}

void cnv_lay_returns(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_roster *roster = desk->report->roster;
	uint32_t groupings = roster ? roster->grouping_count : 0;
	uint32_t(*figures)[FIGURES];

	cnv_desk_next_step(desk);
	figures = cnv_arena_array(&desk->step, (size_t)desk->report->batch->tables[0].rows + 1, sizeof *figures);
	if (!figures) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	count_cells(desk, figures);
	cnv_page_title(page, CNV_STR("Returns"),
		       CNV_STR("Answered and asked count questions, including those of entries. Findings lists each "
			       "error and warning."));
	lay_headings(page);
	for (uint32_t i = 0; i < desk->pairing.count && cnv_page_has_room(page); i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		cnv_page_respondent(page, 0, paired);
		for (uint32_t g = 0; g < groupings; g++)
			cnv_page_text(page, g + 2, CNV_LOOK_PLAIN,
				      paired->listed == CNV_NONE ? CNV_STR("")
								 : roster->respondents[paired->listed].groups[g]);
		if (paired->response == CNV_NONE)
			lay_silence(page, groupings + 2, paired);
		else
			lay_return(page, groupings + 2, paired, figures[paired->response]);
		cnv_page_end_row(page);
	}
	lay_totals(page, groupings + 2, figures);
	cnv_page_late(page);
}
