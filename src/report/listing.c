/* listing: the table of a sheet. */
#include "report/listing.h"

#include <string.h>

#include "report/sayings.h"
#include "report/texts.h"

static cnv_listing_column *add_one(cnv_listing *listing)
{
	uint32_t room = listing->room ? listing->room * 2 : 16;
	cnv_listing_column *columns;

	if (listing->count == listing->room) {
		columns = cnv_arena_array(listing->page->desk->arena, room, sizeof *columns);
		if (!columns) {
			listing->page->status = CNV_NO_MEMORY;
			return NULL;
		}
		if (listing->count)
			memcpy(columns, listing->columns, listing->count * sizeof *columns);
		listing->columns = columns;
		listing->room = room;
	}
	return &listing->columns[listing->count++];
}

void cnv_listing_add(cnv_listing *listing, const cnv_listing_column *columns)
{
	for (; columns->fill; columns++) {
		cnv_listing_column *added = add_one(listing);

		if (!added)
			return;
		*added = *columns;
	}
}

void cnv_listing_add_each(cnv_listing *listing, cnv_listing_column column, const cnv_str *titles, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		cnv_listing_column *added = add_one(listing);

		if (!added)
			return;
		*added = column;
		added->number = i;
		if (titles)
			added->title = titles[i];
	}
}

void cnv_listing_heads(const cnv_listing *listing, uint32_t frozen)
{
	cnv_page *page = listing->page;

	for (uint32_t at = 0; at < listing->count; at++) {
		const cnv_listing_column *column = &listing->columns[at];

		if (column->technical && !page->desk->report->technical)
			cnv_page_hide(page, at);
		else if (column->most > 0)
			cnv_page_limit(page, at, column->most);
		cnv_page_text(page, at, CNV_LOOK_HEADING,
			      column->title.len ? column->title : cnv_say(page->desk, column->heading));
	}
	if (frozen == CNV_NONE)
		cnv_page_end_row(page);
	else
		cnv_page_header_row(page, frozen);
}

void cnv_listing_row(const cnv_listing *listing, const void *record)
{
	for (uint32_t at = 0; at < listing->count; at++) {
		const cnv_listing_column *column = &listing->columns[at];
		cnv_cell cell = { .look = column->look };

		column->fill(listing->page, column, record, &cell);
		cnv_page_cell(listing->page, at, &cell);
	}
	cnv_page_end_row(listing->page);
}

/* ---------------------------------------------------------------- columns that sheets share */

void cnv_fill_code(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const cnv_subject *)record)->paired->code;
}

void cnv_fill_name(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const cnv_subject *)record)->paired->name;
}

void cnv_fill_number(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = page->desk->form->questions[((const cnv_subject *)record)->question].qno;
}

void cnv_fill_variable(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = page->desk->form->questions[((const cnv_subject *)record)->question].name;
}

/* The question of the row.  Cells of one that was there before are in small print. */
static const cnv_question *question_of(cnv_page *page, const void *record, cnv_cell *cell)
{
	const cnv_subject *subject = record;

	page->row_question = subject->question;
	if (subject->question == CNV_NONE)
		return NULL;
	if (page->question == subject->question)
		cell->look = CNV_LOOK_REMARK;
	return &page->desk->form->questions[subject->question];
}

void cnv_fill_qno(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_question *asked = question_of(page, record, cell);

	(void)column;
	if (asked)
		cell->text = asked->qno;
}

void cnv_fill_question(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_question *asked = question_of(page, record, cell);

	(void)column;
	if (asked)
		cell->text = asked->name;
}

void cnv_fill_title(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_subject *subject = record;

	(void)column;
	if (!question_of(page, record, cell))
		return;
	cell->text = cnv_title_of(page->desk, subject->question);
	if (subject->aside.len)
		cell->text =
			cnv_arena_format(&page->row_arena, "%.*s (%.*s)", CNV_ARG(cell->text), CNV_ARG(subject->aside));
}

void cnv_fill_group(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_paired *paired = ((const cnv_subject *)record)->paired;

	if (paired->listed != CNV_NONE)
		cell->text = page->desk->report->roster->respondents[paired->listed].groups[column->number];
}

static const cnv_reported_reply *reply_of(const cnv_page *page, const void *record)
{
	const cnv_paired *paired = ((const cnv_subject *)record)->paired;
	const cnv_reported_reply *replies = page->desk->report->replies;

	return replies && paired->listed != CNV_NONE ? &replies[paired->listed] : NULL;
}

void cnv_fill_state(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_reply *reply = reply_of(page, record);

	(void)column;
	if (reply)
		cell->text = cnv_say(page->desk, reply->state);
}

void cnv_fill_reason(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_reported_reply *reply = reply_of(page, record);

	(void)column;
	if (reply)
		cell->text = reply->reason;
}
