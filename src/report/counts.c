/* counts: for every question, the number of respondents for each option and each other state.
 *
 * The options of a question are followed by its states in brackets, from "(answered)" to "(no reply)", and their
 * "(total)": the whole roster, or all entries of a repeat.  N/A, D/K, withheld, not usable and returned blank are left
 * out if their count is 0.  A question without any answer has one row in place of all these, with a sentence that adds
 * up.  Questions that only identify a response are left out. */
#include "report/buckets.h"
#include "report/cells.h"
#include "report/headline.h"
#include "report/options.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

/* One question's rows while they are written. */
struct block {
	const cnv_listing *listing;
	cnv_question_id question;
	const cnv_question_tally *tally;
	cnv_buckets buckets; /* if respondents are named */
	cnv_str aside;
};

/* An option of a question, one of its states, or their total. */
struct record {
	cnv_option_row row;
	const struct block *block;
	uint64_t n;
	uint32_t bucket;
};

static void fill_n(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	cnv_option_count(&row->row, cell, row->n);
}

static void fill_share(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)column;
	cnv_option_share(page, &row->row, cell, row->n, row->block->tally->standing[CNV_STANDING_ANSWERED]);
}

static void fill_answered(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	cnv_option_count(&row->row, cell, row->block->tally->standing[CNV_STANDING_ANSWERED]);
}

static void fill_asked(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	(void)column;
	cnv_option_count(&row->row, cell, row->block->tally->asked);
}

static void fill_names(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	const cnv_buckets *buckets = &row->block->buckets;

	(void)column;
	if (row->row.kind == CNV_LINE_TOTAL)
		cell->look = CNV_LOOK_TOTAL;
	else if (page->desk->named && row->row.kind != CNV_LINE_UNANSWERED)
		cell->text = cnv_names_text(page->desk, buckets->items + buckets->starts[row->bucket],
					    cnv_bucket_size(buckets, row->bucket), &page->row_arena);
}

static void lay_row(const struct block *block, struct record record)
{
	if (!cnv_page_has_room(block->listing->page))
		return;
	record.row.subject = (cnv_subject){ .question = block->question, .aside = block->aside };
	record.block = block;
	cnv_listing_row(block->listing, &record);
}

/* States that most questions do not have appear only where they occur. */
static bool is_rare(cnv_standing standing)
{
	return standing == CNV_STANDING_NOT_APPLICABLE || standing == CNV_STANDING_DO_NOT_KNOW ||
	       standing == CNV_STANDING_WITHHELD || standing == CNV_STANDING_NOT_USABLE ||
	       standing == CNV_STANDING_RETURNED_BLANK;
}

/* In place of all rows of a question without any answer. */
static void lay_unanswered(const struct block *block, cnv_str sentence)
{
	lay_row(block, (struct record){ .row.kind = CNV_LINE_UNANSWERED,
					.row.option = cnv_say(block->listing->page->desk,
							      cnv_standing_option(CNV_STANDING_ANSWERED, false)),
					.row.label = sentence });
}

static void lay_question(const struct block *block)
{
	const cnv_desk *desk = block->listing->page->desk;
	const cnv_question *asked = &desk->form->questions[block->question];
	uint32_t options = cnv_is_select(asked) ? desk->form->lists[asked->list].count : 0;
	uint64_t total = 0;

	for (uint32_t option = 0; option < options; option++) {
		const cnv_choice *choice = &desk->form->lists[asked->list].choices[option];

		lay_row(block,
			(struct record){ .row.kind = CNV_LINE_OPTION,
					 .row.option = choice->name,
					 .row.label = cnv_choice_title(desk->form, choice, desk->report->language),
					 .n = block->tally->options[option],
					 .bucket = option });
	}
	for (uint32_t s = 0; s < CNV_STANDINGS; s++) {
		cnv_standing standing = (cnv_standing)s;
		uint64_t n = block->tally->standing[standing];

		total += n;
		if ((is_rare(standing) && !n) || (standing == CNV_STANDING_NO_REPLY && asked->table))
			continue;
		lay_row(block,
			(struct record){
				.row.kind = CNV_LINE_STATE,
				.row.option = cnv_say(desk, cnv_standing_option(standing, desk->report->no_one_asked)),
				.n = n,
				.bucket = options + s });
	}
	lay_row(block,
		(struct record){ .row.kind = CNV_LINE_TOTAL, .row.option = cnv_say(desk, "(total)"), .n = total });
}

/* Facts that the title lacks: several answers were possible, or entries are counted. */
static cnv_str aside_of(cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];
	bool several = asked->kind == CNV_CHOICES;
	cnv_str entries = { 0 };

	if (asked->table)
		entries = CNV_SAY(desk, &desk->step, "of {1} {1|entry|entries}",
				  cnv_value_count(cnv_tally_rows(desk->tally, asked->table)));
	return cnv_arena_format(&desk->step, "%.*s%s%.*s",
				CNV_ARG(several ? cnv_say(desk, "several answers possible") : CNV_STR("")),
				several && entries.len ? "; " : "", CNV_ARG(entries));
}

void cnv_lay_counts(cnv_page *page)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 32, .fill = cnv_fill_title },
		{ .heading = "option", .fill = cnv_fill_option, .technical = true },
		{ .heading = "option label", .most = 32, .fill = cnv_fill_option_words },
		{ .heading = "n", .look = CNV_LOOK_INTEGER, .fill = fill_n },
		{ .heading = "share", .look = CNV_LOOK_PERCENT, .fill = fill_share },
		{ .heading = "answered", .look = CNV_LOOK_INTEGER, .fill = fill_answered },
		{ .heading = "asked", .look = CNV_LOOK_INTEGER, .fill = fill_asked },
		{ .heading = "names", .most = 44, .fill = fill_names },
		{ 0 }
	};
	cnv_listing listing = { .page = page };
	cnv_desk *desk = page->desk;

	cnv_desk_next_step(desk);
	cnv_page_answers_title(
		page, cnv_say(desk, "Counts"),
		cnv_say_values(
			desk, &desk->step,
			"The share is n of those who answered. States in brackets add up to all {people}, or to all"
			" entries; (N/A), (D/K), (withheld), (not usable) and (returned blank) are listed where"
			" they occur.",
			NULL, 0));
	cnv_listing_add(&listing, columns);
	cnv_listing_heads(&listing, 4);
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		struct block block = { .listing = &listing,
				       .question = q,
				       .tally = cnv_tally_question(desk->tally, q) };
		cnv_str unanswered;

		if (!cnv_desk_shows(desk, q) || cnv_desk_identifies(desk, q))
			continue;
		unanswered = cnv_unanswered_text(desk, q, NULL, 0, true);
		block.aside = aside_of(desk, q);
		if (unanswered.len) {
			lay_unanswered(&block, unanswered);
			continue;
		}
		if (desk->named &&
		    !cnv_buckets_build(&block.buckets, desk, q, NULL, desk->pairing.count, &desk->step)) {
			page->status = CNV_NO_MEMORY;
			return;
		}
		lay_question(&block);
	}
}
