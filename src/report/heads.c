/* heads: the columns of questions, and the rows above them. */
#include "report/heads.h"

#include "report/texts.h"

#define HEADING 60u /* characters of a question's title above its column */
#define COLUMN 22.0 /* maximum widths of answer columns */
#define LONG_COLUMN 36.0

cnv_str cnv_heads_title(const cnv_desk *desk, cnv_question_id question, cnv_arena *arena)
{
	const cnv_question *asked = &desk->form->questions[question];
	cnv_str title = cnv_title_of(desk, question);

	if (asked->qno.len)
		title = cnv_arena_format(arena, "%.*s %.*s", CNV_ARG(asked->qno), CNV_ARG(title));
	return cnv_text_cut(title, HEADING, arena);
}

void cnv_heads_add(cnv_listing *listing, cnv_fill *fill, const cnv_question_id *questions, uint32_t count)
{
	const cnv_desk *desk = listing->page->desk;
	bool technical = desk->report->technical;

	for (uint32_t i = 0; i < count; i++)
		cnv_listing_add(
			listing,
			(cnv_listing_column[]){
				{ .heading = "",
				  .title = technical ? desk->form->questions[questions[i]].name
						     : cnv_heads_title(desk, questions[i], desk->arena),
				  .most = desk->form->questions[questions[i]].kind == CNV_TEXT ? LONG_COLUMN : COLUMN,
				  .fill = fill,
				  .number = questions[i] },
				{ 0 } });
}

/* The bands: a section's title is above its first column, and again where a printed page begins. */
static void lay_sections(const cnv_listing *listing, uint32_t first)
{
	cnv_page *page = listing->page;
	cnv_str before = { 0 };

	for (uint32_t at = 0; at < listing->count; at++) {
		cnv_str section = at < first ? CNV_STR("") : cnv_desk_section(page->desk, listing->columns[at].number);
		bool begins = at >= first && (at == first || !cnv_str_equal(section, before));

		if (begins)
			cnv_page_band(page, at);
		cnv_page_text(page, at, CNV_LOOK_SECTION,
			      begins || cnv_page_breaks_at(page, at) ? section : CNV_STR(""));
		before = section;
	}
	cnv_page_end_row(page);
}

/* Titles above the names of the questions. */
static void lay_titles(const cnv_listing *listing, uint32_t first)
{
	cnv_page *page = listing->page;

	for (uint32_t at = 0; at < listing->count; at++) {
		if (listing->columns[at].most > 0)
			cnv_page_limit(page, at, listing->columns[at].most);
		cnv_page_text(page, at, CNV_LOOK_HEADING,
			      at < first ? CNV_STR("")
					 : cnv_heads_title(page->desk, listing->columns[at].number, &page->row_arena));
	}
	cnv_page_end_row(page);
}

void cnv_heads_lay(const cnv_listing *listing, uint32_t first, uint32_t frozen)
{
	cnv_page *page = listing->page;
	bool technical = page->desk->report->technical;

	page->heads = technical ? 2 : 1;
	lay_sections(listing, first);
	if (technical)
		lay_titles(listing, first);
	cnv_listing_heads(listing, frozen);
}
