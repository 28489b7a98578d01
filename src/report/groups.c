/* groups: the options of each question by the groups of the roster, side by side.
 *
 * Each group has two columns, n and its share of those in the group that answered.  The states of a question follow
 * its options, so that each group adds up to its members.  A group is small: in it, who may only be counted is
 * withheld. */
#include "report/buckets.h"
#include "report/grouping.h"
#include "report/headline.h"
#include "report/options.h"
#include "report/sheets.h"
#include "report/texts.h"

/* The groups of all groupings, one after the other. */
struct groups {
	cnv_grouping *groupings;
	uint32_t grouping_count, count;
	uint32_t *people, people_count; /* respondents of the roster */
	uint32_t **of;                  /* by grouping: each pairing row's group, from 0 over all groupings */
	cnv_str *names;
};

/* One question's rows while they are written. */
struct block {
	const struct groups *groups;
	uint32_t options;
	uint32_t *counts; /* of each bucket, for each group */
};

/* An option of a question, one of its states, or their total. */
struct record {
	cnv_option_row row;
	const struct block *block;
	uint32_t bucket;
};

/* ---------------------------------------------------------------- the columns */

static uint32_t count_of(const struct block *block, uint32_t bucket, uint32_t group)
{
	return block->counts[(size_t)bucket * block->groups->count + group];
}

static uint32_t total_of(const struct block *block, uint32_t group)
{
	uint32_t sum = 0;

	for (uint32_t s = 0; s < CNV_STANDINGS; s++)
		sum += count_of(block, block->options + s, group);
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
	uint32_t answered = count_of(row->block, row->block->options + CNV_STANDING_ANSWERED, column->number);

	cnv_option_share(page, &row->row, cell,
			 row->row.kind == CNV_LINE_OPTION ? count_of(row->block, row->bucket, column->number) : 0,
			 answered);
}

static void add_group(cnv_listing *listing, cnv_str name, uint32_t number)
{
	cnv_arena *arena = listing->page->desk->arena;

	cnv_listing_add(listing,
			(cnv_listing_column[]){ { .title = cnv_arena_format(arena, "%.*s: n", CNV_ARG(name)),
						  .heading = "n",
						  .most = 14,
						  .look = CNV_LOOK_INTEGER,
						  .fill = fill_n,
						  .number = number },
						{ .title = cnv_arena_format(arena, "%.*s: share", CNV_ARG(name)),
						  .heading = "share",
						  .most = 14,
						  .look = CNV_LOOK_PERCENT,
						  .fill = fill_share,
						  .number = number },
						{ 0 } });
}

static void add_columns(cnv_listing *listing, const struct groups *groups)
{
	static const cnv_listing_column columns[] = {
		{ .heading = "question", .look = CNV_LOOK_LABEL, .fill = cnv_fill_qno },
		{ .heading = "name", .look = CNV_LOOK_LABEL, .fill = cnv_fill_question },
		{ .heading = "label", .most = 40, .fill = cnv_fill_title },
		{ .heading = "option", .fill = cnv_fill_option },
		{ .heading = "option label", .most = 36, .fill = cnv_fill_option_label },
		{ 0 }
	};

	cnv_listing_add(listing, columns);
	for (uint32_t g = 0; g < groups->count; g++)
		add_group(listing, groups->names[g], g);
}

/* ---------------------------------------------------------------- the rows */

/* Counts the buckets of one question by group. */
static bool count_groups(struct block *block, cnv_desk *desk, cnv_question_id question)
{
	const struct groups *groups = block->groups;
	cnv_buckets buckets;
	uint32_t all;

	if (!cnv_buckets_build(&buckets, desk, question, groups->people, groups->people_count, &desk->step))
		return false;
	block->options = buckets.options;
	all = buckets.options + CNV_STANDINGS;
	block->counts = cnv_arena_array(&desk->step, (size_t)all * groups->count + 1, sizeof *block->counts);
	for (uint32_t bucket = 0; block->counts && bucket < all; bucket++)
		for (uint32_t i = buckets.starts[bucket]; i < buckets.starts[bucket + 1]; i++)
			for (uint32_t g = 0; g < groups->grouping_count; g++)
				block->counts[(size_t)bucket * groups->count + groups->of[g][buckets.items[i]]]++;
	return block->counts;
}

static bool occurs(const struct block *block, uint32_t bucket)
{
	for (uint32_t group = 0; group < block->groups->count; group++)
		if (count_of(block, bucket, group))
			return true;
	return false;
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
		record.row.option = cnv_str_from(cnv_standing_option((cnv_standing)s));
		if (s == CNV_STANDING_ANSWERED || occurs(block, record.bucket))
			cnv_listing_row(listing, &record);
	}
	record.row.kind = CNV_LINE_TOTAL;
	record.row.option = CNV_STR("(total)");
	if (cnv_page_has_room(listing->page))
		cnv_listing_row(listing, &record);
}

/* ---------------------------------------------------------------- the sheet */

/* Puts each respondent of the roster into its group of every grouping. */
static bool find_groups(struct groups *groups, const cnv_desk *desk, cnv_arena *arena)
{
	const cnv_roster *roster = desk->report->roster;

	groups->grouping_count = roster->grouping_count;
	groups->groupings = cnv_arena_array(arena, (size_t)roster->grouping_count + 1, sizeof *groups->groupings);
	groups->of = cnv_arena_array(arena, (size_t)roster->grouping_count + 1, sizeof *groups->of);
	groups->people = cnv_arena_array(arena, (size_t)desk->pairing.count + 1, sizeof *groups->people);
	if (!groups->groupings || !groups->of || !groups->people)
		return false;
	for (uint32_t i = 0; i < desk->pairing.count; i++)
		if (desk->pairing.rows[i].listed != CNV_NONE)
			groups->people[groups->people_count++] = i;
	for (uint32_t number = 0; number < groups->grouping_count; number++) {
		cnv_grouping *grouping = &groups->groupings[number];
		uint32_t *of = cnv_arena_array(arena, (size_t)desk->pairing.count + 1, sizeof *of);

		if (!of || !cnv_grouping_sort(grouping, desk, number, arena))
			return false;
		groups->of[number] = of;
		for (uint32_t g = 0; g < grouping->count; g++)
			for (uint32_t i = grouping->starts[g]; i < grouping->starts[g + 1]; i++)
				of[grouping->people[i]] = groups->count + g;
		groups->count += grouping->count;
	}
	groups->names = cnv_arena_array(arena, (size_t)groups->count + 1, sizeof *groups->names);
	for (uint32_t number = 0, at = 0; groups->names && number < groups->grouping_count; number++)
		for (uint32_t g = 0; g < groups->groupings[number].count; g++)
			groups->names[at++] = groups->groupings[number].names[g];
	return groups->names;
}

/* The groupings above their groups. */
static void lay_bands(const cnv_listing *listing, const struct groups *groups)
{
	cnv_page *page = listing->page;
	uint32_t at = 0, begins = listing->count - 2 * groups->count;

	for (; at < begins; at++)
		cnv_page_words(page, at, CNV_LOOK_SECTION, "");
	for (uint32_t number = 0; number < groups->grouping_count; number++) {
		begins = at;
		for (; at < begins + 2 * groups->groupings[number].count; at++)
			cnv_page_text(page, at, CNV_LOOK_SECTION,
				      at == begins ? page->desk->report->roster->groupings[number] : CNV_STR(""));
	}
	cnv_page_end_row(page);
	page->heads = 1;
}

static bool is_grouped(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	/* Questions that only identify a response compare nothing. */
	return cnv_is_select(asked) && !asked->table && cnv_desk_shows(desk, question) &&
	       !cnv_desk_identifies(desk, question);
}

void cnv_lay_groups(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	cnv_listing listing = { .page = page };
	struct groups groups = { 0 };
	cnv_arena members = { 0 };
	bool ok = find_groups(&groups, desk, &members);

	cnv_page_title(page, CNV_STR("Groups"),
		       CNV_STR("Options by group. The share is n of those of the group who answered; states in "
			       "brackets add up to all members of the group."));
	if (ok) {
		add_columns(&listing, &groups);
		lay_bands(&listing, &groups);
		cnv_listing_heads(&listing, 5);
	}
	for (cnv_question_id q = 0; ok && q < desk->form->count; q++) {
		struct block block = { .groups = &groups };

		if (!is_grouped(desk, q))
			continue;
		cnv_desk_next_step(desk);
		ok = count_groups(&block, desk, q);
		if (ok)
			lay_question(&listing, q, &block);
	}
	if (!ok || members.failed)
		page->status = CNV_NO_MEMORY;
	cnv_arena_fini(&members);
}
