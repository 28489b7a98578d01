/* lists: texts in full, and respondents who have not replied. */
#include "report/comments.h"
#include "report/listing.h"
#include "report/marks.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

#define PIECE 16000u /* characters of a text in one cell: Excel holds 32,767 UTF-16 units */

/* ---------------------------------------------------------------- comments */

/* A text, or a piece of it. */
struct words {
	cnv_subject subject;
	cnv_str entry, text;
	const char *kind;
};

static void fill_about(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	if (((const struct words *)record)->subject.question == CNV_NONE)
		cell->text = cnv_say(page->desk, "The return as a whole");
	else
		cnv_fill_title(page, column, record, cell);
}

static void fill_entry(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const struct words *)record)->entry;
}

static void fill_kind(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)column;
	cell->text = cnv_say(page->desk, ((const struct words *)record)->kind);
}

static void fill_text(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	(void)page;
	(void)column;
	cell->text = ((const struct words *)record)->text;
}

/* A text over several rows if one cell cannot hold it. */
static void lay_comment(void *self, const cnv_comment *comment)
{
	const cnv_listing *listing = self;
	cnv_str text = comment->text;
	struct words words = { .subject = { comment->paired, comment->question, { 0 } },
			       .entry = comment->entry,
			       .kind = comment->is_answer ? "answer" : "remark" };

	if (!comment->entry.len && cnv_page_has_room(listing->page))
		cnv_mark_line(listing->page, CNV_LINE_COMMENT, comment->question, comment->paired->response);
	while (text.len && cnv_page_has_room(listing->page)) {
		const char *at = text.at, *end = text.at + text.len;

		for (uint32_t count = 0; count < PIECE && at < end; count++)
			cnv_utf8_next(&at, end);
		words.text = (cnv_str){ text.at, (size_t)(at - text.at) };
		cnv_listing_row(listing, &words);
		text = cnv_str_slice(text, words.text.len, text.len);
		words.kind = "continued";
	}
}

void cnv_lay_comments(cnv_page *page)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 28, .fill = fill_about },
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code },
		{ .heading = "respondent", .most = 24, .look = CNV_LOOK_LABEL, .fill = cnv_fill_name },
		{ .heading = "entry", .look = CNV_LOOK_CODE, .fill = fill_entry },
		{ .heading = "kind", .fill = fill_kind },
		{ .heading = "text", .most = 130, .fill = fill_text },
		{ 0 }
	};
	cnv_listing listing = { .page = page };
	uint32_t first;

	cnv_page_answers_title(page, cnv_say(page->desk, "Comments"),
			       cnv_say(page->desk, "Answers in words and remarks on answers, as they were written."));
	cnv_listing_add(&listing, columns);
	cnv_listing_heads(&listing, 0);
	first = page->row;
	cnv_comments_each(page->desk, lay_comment, &listing);
	if (page->row == first) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "There are none.");
		cnv_page_end_row(page);
	}
}

/* ---------------------------------------------------------------- those without an answer */

void cnv_lay_silent(cnv_page *page)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "code", .look = CNV_LOOK_LABEL, .fill = cnv_fill_code },
		{ .heading = "name", .most = 40, .look = CNV_LOOK_LABEL, .fill = cnv_fill_name },
		{ 0 }
	};
	static const cnv_listing_column states[] = { { .heading = "state", .fill = cnv_fill_state },
						     { .heading = "reason", .most = 60, .fill = cnv_fill_reason },
						     { 0 } };
	cnv_desk *desk = page->desk;
	const cnv_roster *roster = desk->report->roster;
	uint64_t silent = cnv_tally_silent(desk->tally), blank = cnv_tally_blank(desk->tally);
	cnv_listing listing = { .page = page };
	cnv_str subtitle =
		cnv_desk_compiled(desk) ? cnv_say(desk, "None.") : cnv_say(desk, "Everyone asked has replied.");

	cnv_desk_next_step(desk);
	if (silent || blank)
		subtitle = CNV_SAY(desk, &desk->step,
				   desk->report->replies ? "Without answers that count: {1} of {2 people}."
							 : "{1} of {2 people} did not reply.",
				   cnv_value_count(desk->report->replies ? silent + blank : silent),
				   cnv_value_count(roster->count));
	if (blank)
		subtitle = CNV_SAY(desk, &desk->step, "{1} {2} returned blank.", cnv_value_text(subtitle),
				   cnv_value_count(blank));
	cnv_page_answers_title(page, cnv_say(page->desk, "Non-respondents"), subtitle);
	cnv_listing_add(&listing, columns);
	cnv_listing_add_each(&listing, (cnv_listing_column){ .fill = cnv_fill_group }, roster->groupings,
			     roster->grouping_count);
	if (desk->report->replies)
		cnv_listing_add(&listing, states);
	cnv_listing_heads(&listing, 0);
	for (uint32_t i = 0; i < desk->pairing.count && cnv_page_has_room(page); i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		if (paired->listed != CNV_NONE && (paired->response == CNV_NONE || paired->blank))
			cnv_listing_row(&listing, &(cnv_subject){ .paired = paired });
	}
}
