/* returns: one line per respondent: whether, when and how completely it answered. */
#include "report/late.h"
#include "report/listing.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/texts.h"

/* Of each response: how many of its questions count in each way, then how many were asked. */
enum { ASKED = CNV_STANDINGS, FIGURES };

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

/* Counts over every question that people answer, including repeats, one column after the other.  Questions that are on
 * no sheet are left out: as withheld they would look like answers that the respondent kept back. */
static void count_cells(const cnv_desk *desk, uint32_t (*figures)[FIGURES])
{
	const cnv_batch *batch = desk->report->batch;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];
		const cnv_column *column;

		if (asked->role != CNV_ASKED || !cnv_desk_shows(desk, q))
			continue;
		column = cnv_desk_column(desk, q);
		for (uint32_t row = 0; row < batch->tables[asked->table].rows; row++) {
			cnv_standing standing = cnv_verdict_standing((cnv_verdict)column->verdicts[row]);
			uint32_t *out = figures[asked->table ? cnv_batch_owner(batch, asked->table, row, 0) : row];

			/* Of a blank return, every question is one without an answer. */
			out[standing == CNV_STANDING_RETURNED_BLANK ? CNV_STANDING_NO_ANSWER : standing]++;
			out[ASKED] += standing != CNV_STANDING_NOT_ASKED;
		}
	}
}

/* ---------------------------------------------------------------- the lines */

/* What the column of a count shows; after the first ones, those of count_cells. */
enum { REVISION = FIGURES, ERRORS, WARNINGS, RETURNED, FIRST_PRIOR };

/* A respondent, or the sums of all. */
struct record {
	cnv_subject subject; /* without a respondent: the sums */
	const uint32_t *figures;
	uint32_t responses, returned; /* those in which the respondent answered something */
	const cnv_report *report;
	const uint32_t (*all)[FIGURES];
};

static const cnv_reported *response_of(const struct record *row)
{
	const cnv_paired *paired = row->subject.paired;

	return paired && paired->response != CNV_NONE ? &row->report->responses[paired->response] : NULL;
}

/* Where a line has no value: in that of the sums, of those without a response, and of those not shown by name.  NULL:
 * there is one. */
static const cnv_reported *shown_response(const cnv_desk *desk, const struct record *row, cnv_cell *cell)
{
	const cnv_reported *response = response_of(row);

	if (!row->subject.paired) {
		cell->look = CNV_LOOK_TOTAL;
		return NULL;
	}
	if (response && row->subject.paired->by_name)
		return response;
	cell->look = response ? CNV_LOOK_WITHHELD : CNV_LOOK_NO_REPLY;
	cell->text = response ? cnv_say(desk, "withheld") : CNV_STR("–");
	return NULL;
}

static uint64_t count_of(const cnv_reported *response, const uint32_t *figures, uint32_t number)
{
	switch (number) {
	case REVISION:
		return response->revision;
	case ERRORS:
		return response->errors;
	case WARNINGS:
		return response->warnings;
	default:
		return number < FIGURES ? figures[number] : response->priors[number - FIRST_PRIOR];
	}
}

/* Answers of those not shown by name are in no sum, as the line of one could be found by subtraction. */
static uint64_t sum_of(const struct record *row, uint32_t number)
{
	uint64_t sum = 0;

	for (uint32_t r = 0; r < row->responses; r++)
		if (number >= FIGURES || row->report->responses[r].shown == CNV_SHOWN_NAMED)
			sum += count_of(&row->report->responses[r], row->all[r], number);
	return sum;
}

static void fill_count(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_reported *response = shown_response(page->desk, row, cell);

	(void)page;
	if (response)
		cnv_cell_count(cell, count_of(response, row->figures, column->number));
	else if (!row->subject.paired && column->number != REVISION)
		cnv_cell_count(cell, sum_of(row, column->number));
}

static void fill_prior(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	cnv_listing_column count = *column;

	count.number += FIRST_PRIOR;
	fill_count(page, &count, record, cell);
}

/* Runs a shared column for respondents, and leaves it empty in the line of the sums. */
static void fill_of_respondent(cnv_fill *fill, cnv_page *page, const cnv_listing_column *column, const void *record,
			       cnv_cell *cell)
{
	if (((const cnv_subject *)record)->paired)
		fill(page, column, record, cell);
	else
		cell->look = CNV_LOOK_TOTAL;
}

static void fill_code(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	fill_of_respondent(cnv_fill_code, page, column, record, cell);
	if (!((const cnv_subject *)record)->paired)
		cell->text = cnv_say(page->desk, "(total)");
}

static void fill_name(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	fill_of_respondent(cnv_fill_name, page, column, record, cell);
}

static void fill_group(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	fill_of_respondent(cnv_fill_group, page, column, record, cell);
}

static void fill_state(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	fill_of_respondent(cnv_fill_state, page, column, record, cell);
}

static void fill_reason(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	fill_of_respondent(cnv_fill_reason, page, column, record, cell);
}

static void fill_returned(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	if (!row->subject.paired) {
		cell->look = CNV_LOOK_TOTAL;
		cnv_cell_count(cell, row->returned);
	} else if (row->subject.paired->blank) {
		cell->look = CNV_LOOK_NO_REPLY;
		cell->text = cnv_say(page->desk, "blank");
	} else if (response_of(row)) {
		cell->text = cnv_desk_is_compiled(page->desk, row->subject.paired) ? cnv_say(page->desk, "compiled")
										   : cnv_say(page->desk, "yes");
	} else {
		cell->look = CNV_LOOK_NO_REPLY;
		cell->text = cnv_say(page->desk, "no");
	}
}

/* That a response came is no secret, nor when. */
static void fill_received(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported *response = response_of(record);

	(void)column;
	if (response)
		cnv_cell_day(page, cell, cnv_instant_day(response->received));
	else
		shown_response(page->desk, record, cell);
}

/* The label of the answer that controls how a response may be shown. */
static void fill_release(cnv_page *page, const cnv_listing_column *place, const void *record, cnv_cell *cell)
{
	const cnv_desk *desk = page->desk;
	const cnv_question *asked = &desk->form->questions[desk->form->release];
	const cnv_reported *response = shown_response(page->desk, record, cell);
	const cnv_column *column;
	uint32_t row;

	(void)place;
	if (!response || asked->table != 0 || asked->column == CNV_NONE)
		return;
	row = ((const struct record *)record)->subject.paired->response;
	column = cnv_desk_column(desk, desk->form->release);
	if (column->verdicts[row] != CNV_ACCEPTED) {
		cell->look = CNV_LOOK_NO_ANSWER;
		cell->text = cnv_say(desk, "no answer");
	} else if (asked->kind == CNV_CHOICE && asked->list != CNV_NONE &&
		   column->choices[row] < desk->form->lists[asked->list].count) {
		cell->text = cnv_choice_title(desk->form, &desk->form->lists[asked->list].choices[column->choices[row]],
					      desk->report->language);
	} else {
		cell->text = cnv_cell_value(desk->form, column, row, &page->row_arena);
	}
}

static void fill_file(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_report *report = page->desk->report;
	const cnv_reported *response = shown_response(page->desk, record, cell);

	(void)column;
	if (response && response->file < report->file_count)
		cell->text = cnv_file_title(report->files[response->file].name);
}

/* ---------------------------------------------------------------- the sheet */

static void add_columns(cnv_listing *listing)
{
	static const cnv_listing_column who[] = {
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = fill_code },
		{ .heading = "name", .most = 32, .look = CNV_LOOK_LABEL, .fill = fill_name },
		{ 0 }
	};
	static const cnv_listing_column returned[] = {
		{ .heading = "returned", .look = CNV_LOOK_CODE, .fill = fill_returned }, { 0 }
	};
	static const cnv_listing_column states[] = { { .heading = "state", .most = 24, .fill = fill_state },
						     { .heading = "reason", .most = 40, .fill = fill_reason },
						     { 0 } };
	static const cnv_listing_column figures[] = {
		{ .heading = "received", .look = CNV_LOOK_DAY, .fill = fill_received },
		{ .heading = "revision", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = REVISION },
		{ .heading = "answered",
		  .look = CNV_LOOK_INTEGER,
		  .fill = fill_count,
		  .number = CNV_STANDING_ANSWERED },
		{ .heading = "N/A",
		  .look = CNV_LOOK_INTEGER,
		  .fill = fill_count,
		  .number = CNV_STANDING_NOT_APPLICABLE },
		{ .heading = "D/K", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = CNV_STANDING_DO_NOT_KNOW },
		{ .heading = "withheld",
		  .look = CNV_LOOK_INTEGER,
		  .fill = fill_count,
		  .number = CNV_STANDING_WITHHELD },
		{ .heading = "not usable",
		  .look = CNV_LOOK_INTEGER,
		  .fill = fill_count,
		  .number = CNV_STANDING_NOT_USABLE },
		{ .heading = "no answer",
		  .look = CNV_LOOK_INTEGER,
		  .fill = fill_count,
		  .number = CNV_STANDING_NO_ANSWER },
		{ .heading = "asked", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ASKED },
		{ .heading = "errors", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ERRORS },
		{ .heading = "warnings", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = WARNINGS },
		{ 0 }
	};
	static const cnv_listing_column release[] = { { .heading = "release", .most = 30, .fill = fill_release },
						      { 0 } };
	static const cnv_listing_column file[] = { { .heading = "file", .fill = fill_file }, { 0 } };
	const cnv_desk *desk = listing->page->desk;
	const cnv_roster *roster = desk->report->roster;
	cnv_str priors[CNV_PRIORS];

	for (cnv_prior prior = 0; prior < CNV_PRIORS; prior++)
		priors[prior] = cnv_say(desk, cnv_prior_words(prior));
	cnv_listing_add(listing, who);
	if (roster)
		cnv_listing_add_each(listing, (cnv_listing_column){ .fill = fill_group }, roster->groupings,
				     roster->grouping_count);
	cnv_listing_add(listing, returned);
	if (desk->report->replies)
		cnv_listing_add(listing, states);
	cnv_listing_add(listing, figures);
	if (desk->report->confirms)
		cnv_listing_add_each(listing, (cnv_listing_column){ .look = CNV_LOOK_INTEGER, .fill = fill_prior },
				     priors, CNV_PRIORS);
	if (desk->form->release != CNV_NONE)
		cnv_listing_add(listing, release);
	cnv_listing_add(listing, file);
}

void cnv_lay_returns(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_report *report = desk->report;
	cnv_listing listing = { .page = page };
	struct record record = { .report = report, .responses = report->batch->tables[0].rows };
	uint32_t(*figures)[FIGURES];

	cnv_desk_next_step(desk);
	figures = cnv_arena_array(&desk->step, (size_t)record.responses + 1, sizeof *figures);
	if (!figures) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	for (uint32_t r = 0; r < record.responses; r++)
		record.returned += !report->responses[r].blank;
	record.returned -= cnv_desk_compiled(desk);
	count_cells(desk, figures);
	record.all = (const uint32_t(*)[FIGURES])figures;
	cnv_page_answers_title(page, cnv_say(desk, "Returns"),
			       cnv_say(desk, "Counts of questions, including those of entries: answered to no"
					     " answer add up to asked. Findings lists each error and warning."));
	add_columns(&listing);
	cnv_listing_heads(&listing, 2);
	for (uint32_t i = 0; i < desk->pairing.count && cnv_page_has_room(page); i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		record.subject.paired = paired;
		record.figures = paired->response == CNV_NONE ? NULL : figures[paired->response];
		cnv_listing_row(&listing, &record);
	}
	record.subject.paired = NULL;
	cnv_listing_row(&listing, &record);
	cnv_page_late(page);
}
