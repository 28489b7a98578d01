/* groups: the same counts for each grouping of the roster, as one table to filter.
 *
 * An option is listed only for groups in which it was chosen; "(answered)" is listed for every group, so that each
 * has its denominators even if it has no answers. */
#include "report/buckets.h"
#include "report/cells.h"
#include "report/grouping.h"
#include "report/headline.h"
#include "report/sheets.h"
#include "report/texts.h"

/* One group's rows of one question while they are written. */
struct block {
	cnv_page *page;
	cnv_question_id question;
	cnv_str grouping, group;
	uint32_t members;
	cnv_buckets buckets;
};

static void lay_row(const struct block *block, cnv_look look, cnv_str option, cnv_str label, uint32_t bucket)
{
	cnv_page *page = block->page;
	const cnv_buckets *buckets = &block->buckets;
	uint32_t answered = cnv_bucket_size(buckets, buckets->options + CNV_STANDING_ANSWERED),
		 n = cnv_bucket_size(buckets, bucket);
	uint32_t asked = 0;

	if (!cnv_page_has_room(page))
		return;
	for (uint32_t s = 0; s < CNV_STANDINGS; s++)
		if (cnv_standing_is_asked((cnv_standing)s))
			asked += cnv_bucket_size(buckets, buckets->options + s);
	cnv_page_text(page, 0, CNV_LOOK_LABEL, block->grouping);
	cnv_page_question(page, 1, block->question, CNV_STR(""));
	cnv_page_text(page, 4, CNV_LOOK_LABEL, block->group);
	cnv_page_text(page, 5, look, option);
	cnv_page_text(page, 6, CNV_LOOK_PLAIN, label);
	cnv_page_count(page, 7, CNV_LOOK_INTEGER, n);
	cnv_page_count(page, 8, CNV_LOOK_INTEGER, answered);
	cnv_page_count(page, 9, CNV_LOOK_INTEGER, asked);
	cnv_page_count(page, 10, CNV_LOOK_INTEGER, block->members);
	cnv_page_text(page, 11, CNV_LOOK_PLAIN,
		      cnv_names_text(page->desk, buckets->items + buckets->starts[bucket], n, &page->row_arena));
	cnv_page_end_row(page);
}

static void lay_group(struct block *block)
{
	const cnv_desk *desk = block->page->desk;
	const cnv_list *list = &desk->form->lists[desk->form->questions[block->question].list];

	for (uint32_t option = 0; option < list->count; option++)
		if (cnv_bucket_size(&block->buckets, option))
			lay_row(block, CNV_LOOK_CODE, list->choices[option].name,
				cnv_choice_title(desk->form, &list->choices[option], desk->report->language), option);
	lay_row(block, CNV_LOOK_NO_ANSWER, CNV_STR("(answered)"), CNV_STR(""),
		block->buckets.options + CNV_STANDING_ANSWERED);
}

static bool lay_grouping(cnv_page *page, uint32_t number)
{
	cnv_desk *desk = page->desk;
	cnv_grouping grouping = { 0 };
	cnv_arena members = { 0 };
	bool ok = cnv_grouping_sort(&grouping, desk, number, &members);

	for (cnv_question_id q = 0; ok && q < desk->form->count; q++) {
		const cnv_question *asked = &desk->form->questions[q];

		/* Questions that only identify a response compare nothing. */
		if (!cnv_is_select(asked) || asked->table || !cnv_desk_shows(desk, q) || cnv_desk_identifies(desk, q))
			continue;
		for (uint32_t g = 0; ok && g < grouping.count && cnv_page_has_room(page); g++) {
			uint32_t count = grouping.starts[g + 1] - grouping.starts[g];
			struct block block = { page,  q,    desk->report->roster->groupings[number], grouping.names[g],
					       count, { 0 } };

			cnv_desk_next_step(desk);
			ok = cnv_buckets_build(&block.buckets, desk, q, grouping.people + grouping.starts[g], count,
					       &desk->step);
			if (ok)
				lay_group(&block);
		}
	}
	cnv_arena_fini(&members);
	return ok;
}

void cnv_lay_groups(cnv_page *page)
{
	static const cnv_heading headings[] = {
		{ "grouping", 20 }, { "question", 0 },      { "name", 0 }, { "label", 40 },   { "group", 24 },
		{ "option", 0 },    { "option label", 36 }, { "n", 0 },    { "answered", 0 }, { "asked", 0 },
		{ "members", 0 },   { "names", 40 },        { NULL, 0 }
	};
	cnv_desk *desk = page->desk;

	cnv_page_title(page, CNV_STR("Groups"),
		       CNV_STR("Options by group, where chosen; (answered) is the denominator of each group. Members "
			       "are all of the group, asked or not."));
	cnv_page_headings(page, headings, 0);
	for (uint32_t g = 0; g < desk->report->roster->grouping_count; g++)
		if (!lay_grouping(page, g)) {
			page->status = CNV_NO_MEMORY;
			return;
		}
}
