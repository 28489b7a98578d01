/* breakdown: the options of each choice question by parts of the respondents, side by side.
 *
 * Each part has two columns, n and its share of those in the part that answered.  The states of a question follow its
 * options, so that each part adds up to its members.  A question without any answer has one row instead.  A part is
 * small: in it, who may only be counted is withheld. */
#include "report/breakdown.h"

#include "report/buckets.h"
#include "report/by_group.h"
#include "report/headline.h"
#include "report/options.h"
#include "report/sayings.h"
#include "report/texts.h"

#define PART 11.0 /* maximum width of a part's columns, in characters: their headings are wrapped */

/* One question's rows while they are written. */
struct block {
	const cnv_breakdown *breakdown;
	uint32_t options;
	uint64_t *counts; /* of each bucket, for each part */
};

/* An option of a question, one of its states, or their total. */
struct record {
	cnv_option_row row;
	const struct block *block;
	uint32_t bucket;
};

/* ---------------------------------------------------------------- the columns */

static uint64_t count_of(const struct block *block, uint32_t bucket, uint32_t part)
{
	return block->counts[(size_t)bucket * block->breakdown->count + part];
}

static uint64_t total_of(const struct block *block, uint32_t part)
{
	uint64_t sum = 0;

	for (uint32_t s = 0; s < CNV_STANDINGS; s++)
		sum += count_of(block, block->options + s, part);
	return sum;
}

static void fill_n(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;

	(void)page;
	cnv_option_count(&row->row, cell,
			 row->row.kind == CNV_LINE_TOTAL ? total_of(row->block, column->number)
							 : count_of(row->block, row->bucket, column->number));
}

static void fill_share(cnv_page *page, const cnv_listing_column *column, const void *record, cnv_cell *cell)
{
	const struct record *row = record;
	uint64_t answered = count_of(row->block, row->block->options + CNV_STANDING_ANSWERED, column->number);

	cnv_option_share(page, &row->row, cell,
			 row->row.kind == CNV_LINE_OPTION ? count_of(row->block, row->bucket, column->number) : 0,
			 answered);
}

static void add_part(cnv_listing *listing, cnv_str name, uint32_t number)
{
	const cnv_desk *desk = listing->page->desk;
	cnv_arena *arena = desk->arena;

	cnv_listing_add(listing, (cnv_listing_column[]){ { .title = cnv_arena_format(arena, "%.*s: n", CNV_ARG(name)),
							   .heading = "n",
							   .most = PART,
							   .look = CNV_LOOK_INTEGER,
							   .fill = fill_n,
							   .number = number },
							 { .title = cnv_arena_format(arena, "%.*s: %.*s", CNV_ARG(name),
										     CNV_ARG(cnv_say(desk, "share"))),
							   .heading = "share",
							   .most = PART,
							   .look = CNV_LOOK_PERCENT,
							   .fill = fill_share,
							   .number = number },
							 { 0 } });
}

static void add_columns(cnv_listing *listing, const cnv_breakdown *breakdown)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question, .technical = true },
		{ .heading = "label", .most = 32, .fill = cnv_fill_title },
		{ .heading = "option", .fill = cnv_fill_option, .technical = true },
		{ .heading = "option label", .most = 30, .fill = cnv_fill_option_words },
		{ 0 }
	};

	cnv_listing_add(listing, columns);
	for (uint32_t part = 0; part < breakdown->count; part++)
		add_part(listing, breakdown->names[part], part);
}

/* ---------------------------------------------------------------- the rows */

/* Takes what was counted before. */
static bool take_counts(struct block *block, cnv_desk *desk, cnv_question_id question)
{
	const cnv_breakdown *by = block->breakdown;
	uint32_t all;

	block->options = desk->form->lists[desk->form->questions[question].list].count;
	all = block->options + CNV_STANDINGS;
	block->counts = cnv_arena_array(&desk->step, (size_t)all * by->count + 1, sizeof *block->counts);
	for (uint32_t bucket = 0; block->counts && bucket < all; bucket++)
		for (uint32_t part = 0; part < by->count; part++)
			block->counts[(size_t)bucket * by->count + part] =
				bucket < block->options
					? cnv_by_group_option(by->counted, part, question, bucket)
					: cnv_by_group_standing(by->counted, part, question,
								(cnv_standing)(bucket - block->options));
	return block->counts;
}

/* Counts the buckets of one question by part. */
static bool count_parts(struct block *block, cnv_desk *desk, cnv_question_id question)
{
	const cnv_breakdown *by = block->breakdown;
	cnv_buckets buckets;
	uint32_t all;

	if (by->counted)
		return take_counts(block, desk, question);
	if (!cnv_buckets_build(&buckets, desk, question, by->people, by->people_count, &desk->step))
		return false;
	block->options = buckets.options;
	all = buckets.options + CNV_STANDINGS;
	block->counts = cnv_arena_array(&desk->step, (size_t)all * by->count + 1, sizeof *block->counts);
	for (uint32_t bucket = 0; block->counts && bucket < all; bucket++)
		for (uint32_t i = buckets.starts[bucket]; i < buckets.starts[bucket + 1]; i++)
			for (uint32_t at = by->starts[buckets.items[i]]; at < by->starts[buckets.items[i] + 1]; at++)
				block->counts[(size_t)bucket * by->count + by->parts[at]]++;
	return block->counts;
}

static bool occurs(const struct block *block, uint32_t bucket)
{
	for (uint32_t part = 0; part < block->breakdown->count; part++)
		if (count_of(block, bucket, part))
			return true;
	return false;
}

/* Has no one in any part answered, or said why not?  By the parts, where answers that may only be counted are
 * withheld, so that the row says no more than others do. */
static bool is_unanswered(const struct block *block)
{
	for (uint32_t s = CNV_STANDING_ANSWERED; s < CNV_STANDING_NO_ANSWER; s++)
		if (occurs(block, block->options + s))
			return false;
	return true;
}

static void lay_unanswered(const cnv_listing *listing, cnv_question_id question, const struct block *block,
			   cnv_str sentence)
{
	cnv_str option = cnv_say(listing->page->desk, cnv_standing_option(CNV_STANDING_ANSWERED, false));

	if (cnv_page_has_room(listing->page))
		cnv_listing_row(listing, &(struct record){ .row.subject.question = question,
							   .row.kind = CNV_LINE_UNANSWERED,
							   .row.option = option,
							   .row.label = sentence,
							   .block = block,
							   .bucket = block->options + CNV_STANDING_ANSWERED });
}

static void lay_question(const cnv_listing *listing, cnv_question_id question, const struct block *block)
{
	const cnv_desk *desk = listing->page->desk;
	const cnv_list *list = &desk->form->lists[desk->form->questions[question].list];
	struct record record = { .row.subject.question = question, .block = block };

	for (uint32_t option = 0; option < list->count && cnv_page_has_room(listing->page); option++) {
		record.bucket = option;
		record.row.option = list->choices[option].name;
		record.row.label = cnv_choice_title(desk->form, &list->choices[option], desk->report->language);
		cnv_listing_row(listing, &record);
	}
	record.row.kind = CNV_LINE_STATE;
	record.row.label = CNV_STR("");
	for (uint32_t s = 0; s < CNV_STANDINGS && cnv_page_has_room(listing->page); s++) {
		record.bucket = block->options + s;
		record.row.option = cnv_say(desk, cnv_standing_option((cnv_standing)s, desk->report->no_one_asked));
		if (s == CNV_STANDING_ANSWERED || occurs(block, record.bucket))
			cnv_listing_row(listing, &record);
	}
	record.row.kind = CNV_LINE_TOTAL;
	record.row.option = cnv_say(desk, "(total)");
	if (cnv_page_has_room(listing->page))
		cnv_listing_row(listing, &record);
}

/* ---------------------------------------------------------------- the table */

static void lay_bands(const cnv_listing *listing, const cnv_breakdown *breakdown)
{
	cnv_page *page = listing->page;
	uint32_t at = 0, begins = listing->count - 2 * breakdown->count;

	for (; at < begins; at++)
		cnv_page_words(page, at, CNV_LOOK_SECTION, "");
	for (uint32_t band = 0; band < breakdown->band_count; band++) {
		begins = at;
		cnv_page_band(page, at);
		for (; at < begins + 2 * breakdown->bands[band].parts; at++)
			cnv_page_text(page, at, CNV_LOOK_SECTION,
				      at == begins ? breakdown->bands[band].title : CNV_STR(""));
	}
	cnv_page_end_row(page);
	page->heads = 1;
}

static bool is_compared(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	/* Questions that only identify a response compare nothing. */
	return cnv_is_select(asked) && !asked->table && cnv_desk_shows(desk, question) &&
	       !cnv_desk_identifies(desk, question);
}

void cnv_breakdown_lay(cnv_page *page, const cnv_breakdown *breakdown)
{
	cnv_desk *desk = page->desk;
	cnv_listing listing = { .page = page };

	add_columns(&listing, breakdown);
	if (page->status)
		return; /* columns are missing */
	lay_bands(&listing, breakdown);
	cnv_listing_heads(&listing, 5);
	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		struct block block = { .breakdown = breakdown };
		cnv_str unanswered;

		if (!is_compared(desk, q) || q == breakdown->by)
			continue;
		unanswered = cnv_unanswered_text(desk, q, NULL, 0, false);
		if (!count_parts(&block, desk, q)) {
			page->status = CNV_NO_MEMORY;
			return;
		}
		if (unanswered.len && is_unanswered(&block))
			lay_unanswered(&listing, q, &block, unanswered);
		else
			lay_question(&listing, q, &block);
	}
}
