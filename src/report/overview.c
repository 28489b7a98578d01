/* overview: how every choice question was answered, section by section.
 *
 * Questions of one section with the same list of choices are one table, a row each, and one chart of stacked bars.
 * A question with several choices is a table and a chart of its own, with a bar for each choice: who answered may have
 * chosen more than one, so that its shares do not add up to 100%.
 * Numbers have their range.  Last are the response rates of each group of the roster. */
#include <stdlib.h>

#include "report/cells.h"
#include "report/figures.h"
#include "report/grouping.h"
#include "report/headline.h"
#include "report/sayings.h"
#include "report/sheets.h"
#include "report/tally.h"
#include "report/texts.h"

#define MOST_SEGMENTS 10u /* choices with a column of their own; the rarer ones are one column */
#define MOST_BARS 20u     /* choices with a bar of their own, of a question with several */
#define LABEL 44.0        /* characters */
#define FIGURE 12.0
#define CHART_WIDTH 900.0 /* pixels */
#define BAR 34.0          /* pixels of a bar, and of what surrounds the bars */
#define AROUND 60.0
#define ROW 20.0 /* pixels of a row without a height of its own */

enum { QUESTION, ANSWERED, ALL, FIRST_SEGMENT };
/* Columns of a question with several choices: its choices, how many chose each, and of how many that answered. */
enum { CHOICE, CHOSE, OF, SHARE };

/* Questions of one section with one list. */
struct block {
	const cnv_question_id *questions;
	uint32_t count;
	const cnv_list *list;
	uint32_t *segments; /* choices with a column, in the order of the list */
	uint32_t segment_count;
	bool others; /* one more column has the rest */
};

static bool is_choice(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return (asked->kind == CNV_CHOICE || asked->kind == CNV_CHOICES) && !asked->table && cnv_is_select(asked) &&
	       cnv_desk_shows(desk, question) && !cnv_desk_identifies(desk, question) &&
	       cnv_tally_question(desk->tally, question)->options &&
	       cnv_tally_question(desk->tally, question)->standing[CNV_STANDING_ANSWERED];
}

static void lay_label(cnv_page *page, cnv_question_id question, cnv_look look)
{
	const cnv_question *asked = &page->desk->form->questions[question];
	cnv_str title = cnv_text_cut(cnv_title_of(page->desk, question), 80, &page->row_arena);

	cnv_page_text(page, QUESTION, look,
		      asked->qno.len
			      ? cnv_arena_format(&page->row_arena, "%.*s %.*s", CNV_ARG(asked->qno), CNV_ARG(title))
			      : title);
}

/* ---------------------------------------------------------------- choices */

static uint64_t count_option(const cnv_desk *desk, const struct block *block, uint32_t option)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < block->count; i++)
		sum += cnv_tally_question(desk->tally, block->questions[i])->options[option];
	return sum;
}

/* The choices that have a column: those that were chosen, and of many the most frequent. */
static bool choose_segments(struct block *block, cnv_desk *desk, uint32_t most)
{
	uint32_t all = block->list->count, chosen = 0;
	uint64_t *sums = cnv_arena_array(&desk->step, (size_t)all + 1, sizeof *sums), least = 1;

	block->segments = cnv_arena_array(&desk->step, (size_t)all + 1, sizeof *block->segments);
	if (!sums || !block->segments)
		return false;
	for (uint32_t option = 0; option < all; option++) {
		sums[option] = count_option(desk, block, option);
		chosen += sums[option] > 0;
	}
	/* Raises the least count until few enough are left. */
	while (chosen > most) {
		uint64_t next = UINT64_MAX;

		for (uint32_t option = 0; option < all; option++)
			if (sums[option] >= least && sums[option] < next)
				next = sums[option];
		least = next + 1;
		chosen = 0;
		for (uint32_t option = 0; option < all; option++)
			chosen += sums[option] >= least;
		block->others = true;
	}
	for (uint32_t option = 0; option < all; option++)
		if (sums[option] >= least)
			block->segments[block->segment_count++] = option;
	block->others |= !block->segment_count;
	return true;
}

static cnv_str title_of(cnv_page *page, const struct block *block, uint32_t segment)
{
	const cnv_desk *desk = page->desk;
	const cnv_choice *choice = &block->list->choices[block->segments[segment]];

	return cnv_text_cut(cnv_choice_title(desk->form, choice, desk->report->language), 48, &page->row_arena);
}

static void lay_question(cnv_page *page, const struct block *block, cnv_question_id question)
{
	const cnv_question_tally *tally = cnv_tally_question(page->desk->tally, question);
	uint64_t answered = tally->standing[CNV_STANDING_ANSWERED], rest = answered, all = 0;

	for (uint32_t s = 0; s < CNV_STANDINGS; s++)
		all += tally->standing[s];
	lay_label(page, question, CNV_LOOK_LABEL);
	cnv_page_count(page, ANSWERED, CNV_LOOK_INTEGER, answered);
	cnv_page_count(page, ALL, CNV_LOOK_INTEGER, all);
	for (uint32_t i = 0; i < block->segment_count; i++) {
		uint64_t n = tally->options[block->segments[i]];

		rest -= n;
		cnv_page_count(page, FIRST_SEGMENT + i, CNV_LOOK_INTEGER, n);
	}
	if (block->others)
		cnv_page_count(page, FIRST_SEGMENT + block->segment_count, CNV_LOOK_INTEGER, rest);
	cnv_page_end_row(page);
}

/* Below the rows of its table, which are the last ones. */
static void lay_chart(cnv_page *page, cnv_chart *chart, uint32_t bars)
{
	chart->row = page->row;
	chart->width = CHART_WIDTH;
	chart->height = bars * BAR + AROUND;
	chart->head_row = page->row - bars - 1;
	chart->first_row = page->row - bars;
	chart->last_row = page->row - 1;
	cnv_page_chart(page, chart);
	for (double height = chart->height; height > -ROW; height -= ROW)
		cnv_page_skip_row(page);
}

static void lay_stacked(cnv_page *page, const struct block *block)
{
	lay_chart(page,
		  &(cnv_chart){
			  .alt = CNV_SAY(
				  page->desk, &page->row_arena,
				  "Stacked bars of 100%: the answers in the table above, {1} {1|question|questions}.",
				  cnv_value_count(block->count)),
			  .label_column = QUESTION,
			  .first_column = FIRST_SEGMENT,
			  .last_column = FIRST_SEGMENT + block->segment_count + block->others - 1 },
		  block->count);
}

/* A question with several choices. */
static void lay_several(cnv_page *page, cnv_question_id question)
{
	cnv_desk *desk = page->desk;
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	uint64_t answered = tally->standing[CNV_STANDING_ANSWERED];
	struct block block = { .questions = &question,
			       .count = 1,
			       .list = &desk->form->lists[desk->form->questions[question].list] };

	if (!choose_segments(&block, desk, MOST_BARS)) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_block(page);
	lay_label(page, question, CNV_LOOK_HEADING);
	cnv_page_words(page, CHOSE, CNV_LOOK_HEADING, "n");
	cnv_page_words(page, OF, CNV_LOOK_HEADING, "Answered");
	cnv_page_words(page, SHARE, CNV_LOOK_HEADING, "share");
	cnv_page_end_row(page);
	for (uint32_t i = 0; i < block.segment_count; i++) {
		uint64_t n = tally->options[block.segments[i]];

		cnv_page_text(page, CHOICE, CNV_LOOK_LABEL, title_of(page, &block, i));
		cnv_page_count(page, CHOSE, CNV_LOOK_INTEGER, n);
		cnv_page_count(page, OF, CNV_LOOK_INTEGER, answered);
		cnv_page_number(page, SHARE, CNV_LOOK_PERCENT, (double)n / (double)answered);
		cnv_page_end_row(page);
	}
	if (block.segment_count)
		lay_chart(page,
			  &(cnv_chart){ .alt = CNV_SAY(page->desk, &page->row_arena,
						       "Bars: how many of the {1} that answered chose each of the"
						       " {2} choices in the table above.",
						       cnv_value_count(answered), cnv_value_count(block.segment_count)),
					.label_column = CHOICE,
					.first_column = CHOSE,
					.last_column = CHOSE,
					.whole = (double)answered },
			  block.segment_count);
	if (block.others) {
		cnv_page_words(page, CHOICE, CNV_LOOK_REMARK, "Counts also has the less frequent choices.");
		cnv_page_end_row(page);
	}
}

static void lay_block(cnv_page *page, struct block *block)
{
	if (!choose_segments(block, page->desk, MOST_SEGMENTS)) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	cnv_page_block(page);
	cnv_page_words(page, QUESTION, CNV_LOOK_HEADING, "Question");
	cnv_page_words(page, ANSWERED, CNV_LOOK_HEADING, "Answered");
	cnv_page_words(page, ALL, CNV_LOOK_HEADING, "Of");
	for (uint32_t i = 0; i < block->segment_count; i++)
		cnv_page_text(page, FIRST_SEGMENT + i, CNV_LOOK_HEADING, title_of(page, block, i));
	if (block->others)
		cnv_page_words(page, FIRST_SEGMENT + block->segment_count, CNV_LOOK_HEADING, "Others");
	cnv_page_end_row(page);
	for (uint32_t i = 0; i < block->count; i++)
		lay_question(page, block, block->questions[i]);
	lay_stacked(page, block);
}

struct member {
	cnv_question_id question, first; /* first: of those with its list */
	uint32_t list;
};

static int by_list(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	if (left->list != right->list)
		return left->list < right->list ? -1 : 1;
	return left->question < right->question ? -1 : left->question > right->question;
}

static int by_first(const void *a, const void *b)
{
	const struct member *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return left->question < right->question ? -1 : left->question > right->question;
}

/* The questions of one section, a block for each list, in the order of their first questions. */
static void lay_lists(cnv_page *page, struct member *members, uint32_t count)
{
	cnv_desk *desk = page->desk;
	cnv_question_id *questions = cnv_arena_array(&desk->step, (size_t)count + 1, sizeof *questions);

	qsort(members, count, sizeof *members, by_list);
	for (uint32_t i = 0; i < count; i++)
		members[i].first =
			i && members[i].list == members[i - 1].list ? members[i - 1].first : members[i].question;
	qsort(members, count, sizeof *members, by_first);
	for (uint32_t i = 0, from = 0; questions && i < count; i++) {
		questions[i] = members[i].question;
		if (i + 1 < count && members[i + 1].first == members[i].first)
			continue;
		lay_block(page, &(struct block){ .questions = questions + from,
						 .count = i + 1 - from,
						 .list = &desk->form->lists[members[i].list] });
		from = i + 1;
	}
}

static void lay_choices(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_form *form = desk->form;
	struct member *members = cnv_arena_array(&desk->step, (size_t)form->count + 1, sizeof *members);

	for (cnv_question_id q = 0; members && q < form->count;) {
		cnv_str section = cnv_desk_section(desk, q);
		uint32_t count = 0, from = q, several = 0;

		for (; q < form->count && cnv_str_equal(cnv_desk_section(desk, q), section); q++)
			if (!is_choice(desk, q))
				continue;
			else if (form->questions[q].kind == CNV_CHOICES)
				several++;
			else
				members[count++] = (struct member){ .question = q, .list = form->questions[q].list };
		if (!count && !several)
			continue;
		if (section.len) {
			cnv_page_text(page, QUESTION, CNV_LOOK_SUBTITLE, section);
			cnv_page_end_row(page);
		}
		lay_lists(page, members, count);
		for (; several && from < q; from++)
			if (is_choice(desk, from) && form->questions[from].kind == CNV_CHOICES)
				lay_several(page, from);
	}
}

/* ---------------------------------------------------------------- numbers */

static bool is_number(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return (asked->kind == CNV_INTEGER || asked->kind == CNV_DECIMAL) && !asked->table &&
	       cnv_desk_shows(desk, question) && cnv_tally_question(desk->tally, question)->numbers;
}

/* A quartile or the median. */
static void lay_quartile(cnv_page *page, uint32_t column, const cnv_figures *figures, bool known, double quartile)
{
	if (!known)
		cnv_page_words(page, column, CNV_LOOK_PLAIN, CNV_NO_QUARTILES);
	else if (figures->about)
		cnv_page_text(page, column, CNV_LOOK_PLAIN, cnv_about_text(quartile, &page->row_arena));
	else
		cnv_page_number(page, column, CNV_LOOK_NUMBER, quartile);
}

static void lay_numbers(cnv_page *page)
{
	static const char *const headings[] = { "Number",         "n",       "Lowest", "Lower quartile", "Median",
						"Upper quartile", "Highest", "Sum" };
	cnv_desk *desk = page->desk;
	uint32_t laid = 0;
	bool about = false;

	for (cnv_question_id q = 0; q < desk->form->count; q++) {
		cnv_figures figures = cnv_figures_tallied(desk->tally, q);

		if (!is_number(desk, q))
			continue;
		if (!laid++) {
			cnv_page_words(page, QUESTION, CNV_LOOK_SUBTITLE, "Numbers");
			cnv_page_end_row(page);
			for (uint32_t i = 0; i < sizeof headings / sizeof *headings; i++)
				cnv_page_words(page, i, CNV_LOOK_HEADING, headings[i]);
			cnv_page_end_row(page);
		}
		lay_label(page, q, CNV_LOOK_LABEL);
		cnv_page_count(page, 1, CNV_LOOK_INTEGER, figures.n);
		cnv_page_number(page, 2, CNV_LOOK_NUMBER, figures.least);
		lay_quartile(page, 3, &figures, figures.has_quartiles, figures.lower);
		lay_quartile(page, 4, &figures, true, figures.median);
		lay_quartile(page, 5, &figures, figures.has_quartiles, figures.upper);
		cnv_page_number(page, 6, CNV_LOOK_NUMBER, figures.greatest);
		cnv_page_number(page, 7, CNV_LOOK_NUMBER, figures.sum);
		cnv_page_end_row(page);
		about |= figures.about;
	}
	if (about) {
		cnv_page_text(page, QUESTION, CNV_LOOK_REMARK, cnv_about_remark(desk, &page->row_arena));
		cnv_page_end_row(page);
	}
	if (laid)
		cnv_page_skip_row(page);
}

/* ---------------------------------------------------------------- groups */

static void lay_group(cnv_page *page, cnv_str name, uint64_t responses, uint32_t members)
{
	cnv_page_text(page, 0, CNV_LOOK_LABEL, name);
	cnv_page_count(page, 1, CNV_LOOK_INTEGER, responses);
	cnv_page_count(page, 2, CNV_LOOK_INTEGER, members);
	cnv_page_end_row(page);
}

/* Where no respondents are named, the groups were counted before. */
static void lay_counted_groups(cnv_page *page, uint32_t number)
{
	const cnv_by_group *by = cnv_tally_groups(page->desk->tally);
	const cnv_groups *groups = cnv_by_group_groups(by);

	for (uint32_t g = 0; g < groups->count; g++)
		if (groups->at[g].grouping == number)
			lay_group(page, groups->at[g].name.len ? groups->at[g].name : cnv_say(page->desk, "(no group)"),
				  cnv_by_group_replied(by, g), groups->at[g].members);
}

static void lay_named_groups(cnv_page *page, uint32_t number)
{
	cnv_desk *desk = page->desk;
	cnv_grouping grouping = { 0 };

	if (!cnv_grouping_sort(&grouping, desk, number, &desk->step)) {
		page->status = CNV_NO_MEMORY;
		return;
	}
	for (uint32_t g = 0; g < grouping.count; g++) {
		uint32_t responses = 0;

		for (uint32_t i = grouping.starts[g]; i < grouping.starts[g + 1]; i++)
			responses += desk->pairing.rows[grouping.people[i]].response != CNV_NONE &&
				     !desk->pairing.rows[grouping.people[i]].blank;
		lay_group(page, grouping.names[g], responses, grouping.starts[g + 1] - grouping.starts[g]);
	}
}

static void lay_grouping(cnv_page *page, uint32_t number)
{
	cnv_page_block(page);
	cnv_page_text(page, 0, CNV_LOOK_HEADING, page->desk->report->roster->groupings[number]);
	cnv_page_words(page, 1, CNV_LOOK_HEADING, "Responses");
	cnv_page_words(page, 2, CNV_LOOK_HEADING, "Of");
	cnv_page_end_row(page);
	if (page->desk->named)
		lay_named_groups(page, number);
	else
		lay_counted_groups(page, number);
	cnv_page_skip_row(page);
}

void cnv_lay_overview(cnv_page *page)
{
	cnv_desk *desk = page->desk;
	const cnv_roster *roster = desk->report->roster;

	cnv_page_limit(page, QUESTION, LABEL);
	for (uint32_t column = 1; column < FIRST_SEGMENT + MOST_SEGMENTS + 1; column++)
		cnv_page_limit(page, column, FIGURE);
	cnv_desk_next_step(desk);
	cnv_page_answers_title(
		page, cnv_say(desk, "Overview"),
		cnv_say(desk, "Choices as shares of those who answered, by section; Counts has every question."));
	cnv_page_skip_row(page);
	lay_choices(page);
	lay_numbers(page);
	if (!cnv_desk_has_groups(desk))
		return;
	cnv_page_words(page, 0, CNV_LOOK_SUBTITLE, "Responses by group");
	cnv_page_end_row(page);
	for (uint32_t g = 0; g < roster->grouping_count; g++)
		lay_grouping(page, g);
}
