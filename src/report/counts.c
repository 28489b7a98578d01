/* counts: for every question, the number of respondents for each option and each other state.
 *
 * The options of a question are followed by its states in brackets, from "(answered)" to "(no reply)", and their
 * "(total)": the whole roster, or all entries of a repeat.  N/A, D/K, withheld, not usable and returned blank are left
 * out if their count is 0.  Questions that only identify a response are left out. */
#include "report/buckets.h"
#include "report/cells.h"
#include "report/headline.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

/* Columns of the sheet; the first three are those of cnv_page_question. */
enum { QUESTION, OPTION = 3, OPTION_LABEL, N, SHARE, ANSWERED, ASKED, NAMES };

/* One question's rows while they are written. */
struct block {
	cnv_page *page;
	cnv_question_id question;
	const cnv_question_tally *tally;
	cnv_buckets buckets; /* if respondents are named */
	cnv_str aside;
};

static void lay_row(const struct block *block, cnv_look look, cnv_str option, cnv_str label, uint64_t n,
		    uint32_t bucket)
{
	cnv_page *page = block->page;
	cnv_look count = look == CNV_LOOK_TOTAL ? CNV_LOOK_TOTAL : CNV_LOOK_INTEGER;
	uint64_t answered = block->tally->standing[CNV_STANDING_ANSWERED];

	if (!cnv_page_has_room(page))
		return;
	cnv_page_question(page, QUESTION, block->question, block->aside);
	cnv_page_text(page, OPTION, look, option);
	cnv_page_text(page, OPTION_LABEL, look == CNV_LOOK_TOTAL ? look : CNV_LOOK_PLAIN, label);
	cnv_page_count(page, N, count, n);
	if (look == CNV_LOOK_CODE && answered)
		cnv_page_number(page, SHARE, CNV_LOOK_PERCENT, (double)n / (double)answered);
	else
		cnv_page_words(page, SHARE, count, "");
	cnv_page_count(page, ANSWERED, count, answered);
	cnv_page_count(page, ASKED, count, block->tally->asked);
	if (page->desk->named && bucket != CNV_NONE)
		cnv_page_text(page, NAMES, CNV_LOOK_PLAIN,
			      cnv_names_text(page->desk, block->buckets.items + block->buckets.starts[bucket],
					     cnv_bucket_size(&block->buckets, bucket), &page->row_arena));
	cnv_page_end_row(page);
}

/* States that most questions do not have appear only where they occur. */
static bool is_rare(cnv_standing standing)
{
	return standing == CNV_STANDING_NOT_APPLICABLE || standing == CNV_STANDING_DO_NOT_KNOW ||
	       standing == CNV_STANDING_WITHHELD || standing == CNV_STANDING_NOT_USABLE ||
	       standing == CNV_STANDING_RETURNED_BLANK;
}

static void lay_question(struct block *block)
{
	cnv_desk *desk = block->page->desk;
	const cnv_question *asked = &desk->form->questions[block->question];
	uint32_t options = cnv_is_select(asked) ? desk->form->lists[asked->list].count : 0;
	uint64_t total = 0;

	for (uint32_t option = 0; option < options; option++) {
		const cnv_choice *choice = &desk->form->lists[asked->list].choices[option];

		lay_row(block, CNV_LOOK_CODE, choice->name,
			cnv_choice_title(desk->form, choice, desk->report->language), block->tally->options[option],
			option);
	}
	for (uint32_t s = 0; s < CNV_STANDINGS; s++) {
		cnv_standing standing = (cnv_standing)s;
		uint64_t n = block->tally->standing[standing];

		total += n;
		if ((is_rare(standing) && !n) || (standing == CNV_STANDING_NO_REPLY && asked->table))
			continue;
		lay_row(block, CNV_LOOK_NO_ANSWER, cnv_str_from(cnv_standing_option(standing)), CNV_STR(""), n,
			options + s);
	}
	lay_row(block, CNV_LOOK_TOTAL, CNV_STR("(total)"), CNV_STR(""), total, CNV_NONE);
}

/* Facts that the title lacks: several answers were possible, or entries are counted. */
static cnv_str aside_of(cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];
	bool several = asked->kind == CNV_CHOICES;
	cnv_str entries = { 0 };

	if (asked->table)
		entries = cnv_count_words(&desk->step, cnv_tally_rows(desk->tally, asked->table), CNV_STR("entry"),
					  CNV_STR("entries"));
	return cnv_arena_format(&desk->step, "%s%s%s%.*s", several ? "several answers possible" : "",
				several && entries.len ? "; " : "", entries.len ? "of " : "", CNV_ARG(entries));
}

void cnv_lay_counts(cnv_page *page)
{
	static const cnv_heading headings[] = {
		{ "question", 0 },      { "name", 0 },   { "label", 40 }, { "option", 0 },
		{ "option label", 40 }, { "n", 0 },      { "share", 0 },  { "answered", 0 },
		{ "asked", 0 },         { "names", 60 }, { NULL, 0 }
	};
	cnv_desk *desk = page->desk;

	cnv_desk_next_step(desk);
	cnv_page_title(
		page, CNV_STR("Counts"),
		cnv_arena_format(
			&desk->step,
			"The share is n of those who answered. States in brackets add up to all %.*s, "
			"or to all entries; (N/A), (D/K), (withheld), (not usable) and (returned blank) are listed "
			"where they occur.",
			CNV_ARG(desk->many)));
	cnv_page_headings(page, headings, 4);
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		struct block block = { .page = page, .question = q, .tally = cnv_tally_question(desk->tally, q) };

		if (!cnv_desk_shows(desk, q) || cnv_desk_identifies(desk, q))
			continue;
		cnv_desk_next_step(desk);
		block.aside = aside_of(desk, q);
		if (desk->named &&
		    !cnv_buckets_build(&block.buckets, desk, q, NULL, desk->pairing.count, &desk->step)) {
			page->status = CNV_NO_MEMORY;
			return;
		}
		lay_question(&block);
	}
}
