/* lists: free-text answers in full, and respondents who have not replied. */
#include "report/cells.h"
#include "report/comments.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

#define LONG_TEXT 80u /* minimum bytes of a text answer that counts as a comment */
#define PIECE 16000u  /* characters of a text in one cell: Excel holds 32,767 UTF-16 units */

/* One text, over several rows if one cell cannot hold it. */
static void lay_words(cnv_page *page, cnv_question_id question, const cnv_paired *paired, cnv_str entry,
		      const char *kind, cnv_str text)
{
	while (text.len && cnv_page_has_room(page)) {
		const char *at = text.at, *end = text.at + text.len;

		for (uint32_t count = 0; count < PIECE && at < end; count++)
			cnv_utf8_next(&at, end);
		if (question == CNV_NONE) {
			page->question = CNV_NONE;
			cnv_page_words(page, 0, CNV_LOOK_LABEL, "");
			cnv_page_words(page, 1, CNV_LOOK_LABEL, "");
			cnv_page_words(page, 2, CNV_LOOK_PLAIN, "The return as a whole");
		} else {
			cnv_page_question(page, 0, question, CNV_STR(""));
		}
		cnv_page_respondent(page, 3, paired);
		cnv_page_text(page, 5, CNV_LOOK_CODE, entry);
		cnv_page_words(page, 6, CNV_LOOK_PLAIN, kind);
		cnv_page_text(page, 7, CNV_LOOK_PLAIN, (cnv_str){ text.at, (size_t)(at - text.at) });
		cnv_page_end_row(page);
		text = cnv_str_slice(text, (size_t)(at - text.at), text.len);
		kind = "continued";
	}
}

/* Longer answers and all remarks. */
static void lay_comment(void *self, const cnv_comment *comment)
{
	if (!comment->is_answer || comment->text.len > LONG_TEXT)
		lay_words(self, comment->question, comment->paired, comment->entry,
			  comment->is_answer ? "answer" : "remark", comment->text);
}

void cnv_lay_comments(cnv_page *page)
{
	static const cnv_heading headings[] = { { "question", 0 }, { "name", 0 },        { "label", 36 },
						{ "code", 0 },     { "respondent", 24 }, { "entry", 0 },
						{ "kind", 0 },     { "text", 80 },       { NULL, 0 } };
	uint32_t first;

	cnv_page_title(page, CNV_STR("Comments"),
		       CNV_STR("Remarks on answers and longer answers in words, as they were written."));
	cnv_page_headings(page, headings, 0);
	first = page->row;
	cnv_comments_each(page->desk, lay_comment, page);
	if (page->row == first) {
		cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "There are none.");
		cnv_page_end_row(page);
	}
}

void cnv_lay_silent(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_roster *roster = desk->report->roster;
	const cnv_reported_reply *replies = desk->report->replies;
	uint64_t silent = cnv_tally_silent(desk->tally), blank = cnv_tally_blank(desk->tally);
	cnv_str everyone = { 0 }, told = CNV_STR("Everyone asked has replied.");

	cnv_desk_next_step(desk);
	everyone = cnv_count_words(&desk->step, roster->count, desk->one, desk->many);
	if (silent || blank)
		told = cnv_arena_format(&desk->step,
					replies ? "Without answers that count: %llu of %.*s."
						: "%llu of %.*s did not reply.",
					(unsigned long long)(replies ? silent + blank : silent), CNV_ARG(everyone));
	if (blank)
		told = cnv_arena_format(&desk->step, "%.*s %llu returned nothing but blanks.", CNV_ARG(told),
					(unsigned long long)blank);
	cnv_page_title(page, CNV_STR("Non-respondents"), told);
	cnv_page_limit(page, 1, 40);
	cnv_page_words(page, 0, CNV_LOOK_HEADING, "code");
	cnv_page_words(page, 1, CNV_LOOK_HEADING, "name");
	for (uint32_t g = 0; g < roster->grouping_count; g++)
		cnv_page_text(page, g + 2, CNV_LOOK_HEADING, roster->groupings[g]);
	if (replies) {
		cnv_page_limit(page, roster->grouping_count + 3, 60);
		cnv_page_words(page, roster->grouping_count + 2, CNV_LOOK_HEADING, "state");
		cnv_page_words(page, roster->grouping_count + 3, CNV_LOOK_HEADING, "reason");
	}
	cnv_page_header_row(page, 0);
	for (uint32_t i = 0; i < desk->pairing.count && cnv_page_has_room(page); i++) {
		const cnv_paired *paired = &desk->pairing.rows[i];

		if (paired->listed == CNV_NONE || (paired->response != CNV_NONE && !paired->blank))
			continue;
		cnv_page_respondent(page, 0, paired);
		for (uint32_t g = 0; g < roster->grouping_count; g++)
			cnv_page_text(page, g + 2, CNV_LOOK_PLAIN, roster->respondents[paired->listed].groups[g]);
		if (replies) {
			cnv_page_words(page, roster->grouping_count + 2, CNV_LOOK_PLAIN, replies[paired->listed].state);
			cnv_page_text(page, roster->grouping_count + 3, CNV_LOOK_PLAIN, replies[paired->listed].reason);
		}
		cnv_page_end_row(page);
	}
}
