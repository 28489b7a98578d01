/* numbers: statistics of the answers to each numeric question. */
#include "report/cells.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

void cnv_lay_numbers(cnv_page *page)
{
	static const cnv_heading headings[] = { { "question", 0 }, { "name", 0 },     { "label", 60 }, { "n", 0 },
						{ "min", 0 },      { "median", 0 },   { "mean", 0 },   { "max", 0 },
						{ "sum", 0 },      { "answered", 0 }, { "asked", 0 },  { NULL, 0 } };
	cnv_desk *desk = page->desk;
	uint32_t laid = 0;

	cnv_desk_next_step(desk);
	cnv_page_title(
		page, CNV_STR("Numbers"),
		CNV_STR("Over the answers that count, in the units they were given in. Means have two decimals."));
	cnv_page_headings(page, headings, 3);
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];
		const cnv_question_tally *tally = cnv_tally_question(desk->tally, q);
		cnv_look look = asked->kind == CNV_INTEGER ? CNV_LOOK_INTEGER : CNV_LOOK_NUMBER;
		cnv_str aside = { 0 };

		if ((asked->kind != CNV_INTEGER && asked->kind != CNV_DECIMAL) || !cnv_desk_shows(desk, q))
			continue;
		if (asked->table)
			aside = cnv_arena_format(
				&page->row_arena, "of %.*s",
				CNV_ARG(cnv_count_words(&page->row_arena, cnv_tally_rows(desk->tally, asked->table),
							CNV_STR("entry"), CNV_STR("entries"))));
		cnv_page_question(page, 0, q, aside);
		cnv_page_count(page, 3, CNV_LOOK_INTEGER, tally->numbers);
		if (tally->numbers) {
			cnv_page_number(page, 4, look, tally->least);
			cnv_page_number(page, 5, CNV_LOOK_NUMBER, tally->median);
			cnv_page_number(page, 6, CNV_LOOK_NUMBER, cnv_number_round(tally->mean, 2));
			cnv_page_number(page, 7, look, tally->greatest);
			cnv_page_number(page, 8, look, tally->sum);
		}
		cnv_page_count(page, 9, CNV_LOOK_INTEGER, tally->standing[CNV_STANDING_ANSWERED]);
		cnv_page_count(page, 10, CNV_LOOK_INTEGER, tally->asked);
		cnv_page_end_row(page);
		laid++;
	}
	if (!laid) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "The form asks for no numbers.");
		cnv_page_end_row(page);
	}
}
