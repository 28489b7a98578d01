/* numbers: statistics of the answers to each numeric question. */
#include "report/listing.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

struct record {
	cnv_subject subject;
	const cnv_question_tally *tally;
	bool is_whole;
};

enum { N, LEAST, MEDIAN, MEAN, GREATEST, SUM, ANSWERED, ASKED };

static void fill_count(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const cnv_question_tally *tally = ((const struct record *)record)->tally;

	(void)page;
	cnv_cell_count(cell, column->number == N          ? tally->numbers
			     : column->number == ANSWERED ? tally->standing[CNV_STANDING_ANSWERED]
							  : tally->asked);
}

/* Sums of whole numbers and the numbers themselves are whole; the others may have decimals. */
static void fill_figure(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_question_tally *tally = row->tally;
	const double figures[] = { [LEAST] = tally->least,
				   [MEDIAN] = tally->median,
				   [MEAN] = cnv_number_round(tally->mean, 2),
				   [GREATEST] = tally->greatest,
				   [SUM] = tally->sum };

	if (!tally->numbers)
		return;
	if (row->is_whole && column->number != MEDIAN && column->number != MEAN)
		cell->look = CNV_LOOK_INTEGER;
	cnv_cell_number(page, cell, figures[column->number]);
}

void cnv_lay_numbers(cnv_page *page)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question },
		{ .heading = "label", .most = 60, .fill = cnv_fill_title },
		{ .heading = "n", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = N },
		{ .heading = "min", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = LEAST },
		{ .heading = "median", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = MEDIAN },
		{ .heading = "mean", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = MEAN },
		{ .heading = "max", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = GREATEST },
		{ .heading = "sum", .look = CNV_LOOK_NUMBER, .fill = fill_figure, .number = SUM },
		{ .heading = "answered", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ANSWERED },
		{ .heading = "asked", .look = CNV_LOOK_INTEGER, .fill = fill_count, .number = ASKED },
		{ 0 }
	};
	cnv_desk *desk = page->desk;
	cnv_listing listing = { .page = page };
	uint32_t laid = 0;

	cnv_desk_next_step(desk);
	cnv_page_title(
		page, CNV_STR("Numbers"),
		CNV_STR("Over the answers that count, in the units they were given in. Means have two decimals."));
	cnv_listing_add(&listing, columns);
	cnv_listing_heads(&listing, 3);
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];
		struct record record = { .subject.question = q,
					 .tally = cnv_tally_question(desk->tally, q),
					 .is_whole = asked->kind == CNV_INTEGER };

		if ((asked->kind != CNV_INTEGER && asked->kind != CNV_DECIMAL) || !cnv_desk_shows(desk, q))
			continue;
		if (asked->table)
			record.subject.aside = cnv_arena_format(
				&page->row_arena, "of %.*s",
				CNV_ARG(cnv_count_words(&page->row_arena, cnv_tally_rows(desk->tally, asked->table),
							CNV_STR("entry"), CNV_STR("entries"))));
		cnv_listing_row(&listing, &record);
		laid++;
	}
	if (!laid) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "The form asks for no numbers.");
		cnv_page_end_row(page);
	}
}
