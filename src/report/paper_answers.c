/* paper_answers: the answers to one question as a table of a paper, and, where it takes them, those of each group.
 *
 * Options come first, then the states in which no answer counts, then everyone: the rows of the sheet Counts.  A
 * question that is no choice has its figures and who answered what; one without any answer has no table. */
#include <stdlib.h>

#include "report/buckets.h"
#include "report/cells.h"
#include "report/figures.h"
#include "report/headline.h"
#include "report/paper_desk.h"
#include "report/sayings.h"
#include "report/tally.h"
#include "report/texts.h"

/* Of a longer list, options that no one chose are left out. */
#define LONG_LIST 15u

/* With more answers than this, they are for the workbook. */
#define MOST_GIVEN 200u

/* The answers of everyone, or of a group, while they are written. */
struct part {
	cnv_paper *paper;
	cnv_question_id question;
	const cnv_paper_group *group;    /* NULL: everyone */
	const cnv_question_tally *tally; /* of everyone */
	cnv_buckets buckets;             /* of the respondents of the part, if they are named */
};

static const cnv_list *list_of(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return cnv_is_select(asked) ? &desk->form->lists[asked->list] : NULL;
}

static uint64_t count_option(const struct part *part, uint32_t option)
{
	return !part->group ? part->tally->options[option] : cnv_bucket_size(&part->buckets, option);
}

static uint64_t count_state(const struct part *part, cnv_standing standing)
{
	return !part->group ? part->tally->standing[standing]
			    : cnv_bucket_size(&part->buckets, part->buckets.options + (uint32_t)standing);
}

static cnv_str names_of(const struct part *part, uint32_t bucket)
{
	cnv_desk *desk = &part->paper->desk;

	if (!desk->named)
		return CNV_STR("");
	return cnv_names_text(desk, part->buckets.items + part->buckets.starts[bucket],
			      cnv_bucket_size(&part->buckets, bucket), &desk->step);
}

static void put_row(const struct part *part, cnv_row_look look, cnv_str label, uint64_t n, cnv_str share, cnv_str names)
{
	const cnv_document *to = part->paper->document;
	cnv_str cells[4] = { label, cnv_paper_count(part->paper, n), share, names };

	to->row(to->self, &(cnv_document_row){ .cells = cells, .look = look });
}

/* "40% of 10": a share is never without what it is a share of. */
static cnv_str share_of(const struct part *part, uint64_t n)
{
	uint64_t answered = count_state(part, CNV_STANDING_ANSWERED);
	cnv_desk *desk = &part->paper->desk;

	if (!answered)
		return CNV_STR("");
	return CNV_SAY(desk, &desk->step, "{1}% of {2}",
		       cnv_value_count((uint64_t)cnv_number_round(100.0 * (double)n / (double)answered, 0)),
		       cnv_value_count(answered));
}

/* Is it a row?  By everyone, so that each group has the same rows. */
static bool has_option(const struct part *part, const cnv_list *list, uint32_t option)
{
	return list->count <= LONG_LIST || part->tally->options[option];
}

static void put_options(const struct part *part, const cnv_list *list)
{
	const cnv_desk *desk = &part->paper->desk;

	for (uint32_t option = 0; option < list->count; option++)
		if (has_option(part, list, option))
			put_row(part, CNV_ROW_PLAIN,
				cnv_choice_title(desk->form, &list->choices[option], desk->report->language),
				count_option(part, option), share_of(part, count_option(part, option)),
				names_of(part, option));
}

static const struct state {
	cnv_standing standing;
	const char *words;
	bool always; /* listed even if it does not occur */
} states[] = {
	{ CNV_STANDING_NOT_APPLICABLE, "Not applicable", false },
	{ CNV_STANDING_DO_NOT_KNOW, "Do not know", false },
	{ CNV_STANDING_WITHHELD, "Withheld", false },
	{ CNV_STANDING_NOT_USABLE, "Not usable", false },
	{ CNV_STANDING_NO_ANSWER, "No answer", true },
	{ CNV_STANDING_NOT_ASKED, "Not asked", false },
	{ CNV_STANDING_RETURNED_BLANK, "Returned blank", false },
	{ CNV_STANDING_NO_REPLY, "No reply", true },
};
enum { STATES = sizeof states / sizeof states[0] };

/* As options: by everyone.  In a group, who is not shown by name is withheld. */
static bool has_state(const struct part *part, const struct state *state)
{
	const cnv_desk *desk = &part->paper->desk;

	if (state->standing == CNV_STANDING_NO_REPLY &&
	    (desk->form->questions[part->question].table || !desk->report->roster))
		return false;
	return state->always || part->tally->standing[state->standing] || count_state(part, state->standing);
}

static const char *words_of(const cnv_desk *desk, const struct state *state)
{
	return state->standing == CNV_STANDING_NO_REPLY ? cnv_desk_silent_word(desk) : state->words;
}

static uint64_t total_of(const struct part *part)
{
	uint64_t total = 0;

	for (uint32_t standing = 0; standing < CNV_STANDINGS; standing++)
		total += count_state(part, (cnv_standing)standing);
	return total;
}

static void put_states(const struct part *part)
{
	cnv_desk *desk = &part->paper->desk;
	uint32_t options = part->buckets.options;

	for (uint32_t i = 0; i < STATES; i++)
		if (has_state(part, &states[i]))
			put_row(part, CNV_ROW_STATE, cnv_say(desk, words_of(desk, &states[i])),
				count_state(part, states[i].standing), CNV_STR(""),
				names_of(part, options + (uint32_t)states[i].standing));
	put_row(part, CNV_ROW_TOTAL,
		cnv_say_values(desk, &desk->step,
			       desk->form->questions[part->question].table ? "All entries" : "All {people}", NULL, 0),
		total_of(part), CNV_STR(""), CNV_STR(""));
}

static uint32_t count_table_rows(const struct part *part, const cnv_list *list)
{
	uint32_t rows = list ? 1 : 2; /* the total, and of what is no choice "Answered" */

	for (uint32_t option = 0; list && option < list->count; option++)
		rows += has_option(part, list, option);
	for (uint32_t i = 0; i < STATES; i++)
		rows += has_state(part, &states[i]);
	return rows;
}

static void put_counts(const struct part *part)
{
	static const cnv_document_column named[] = {
		{ "Answer", 38, false }, { "n", 7, true }, { "Share", 16, true }, { "Who", 39, false }
	};
	static const cnv_document_column unnamed[] = { { "Answer", 60, false },
						       { "n", 15, true },
						       { "Share", 25, true } };
	cnv_paper *paper = part->paper;
	const cnv_list *list = list_of(&paper->desk, part->question);

	cnv_paper_table(paper, paper->desk.named ? named : unnamed, paper->desk.named ? 4 : 3,
			count_table_rows(part, list));
	if (list)
		put_options(part, list);
	else
		put_row(part, CNV_ROW_PLAIN, cnv_say(&paper->desk, "Answered"),
			count_state(part, CNV_STANDING_ANSWERED), CNV_STR(""),
			names_of(part, part->buckets.options + CNV_STANDING_ANSWERED));
	put_states(part);
	paper->document->end_table(paper->document->self);
}

static cnv_str figure(cnv_arena *arena, double number)
{
	char digits[CNV_NUMBER_ROOM];

	number = cnv_number_round(number, 2);
	return cnv_arena_copy(arena, (cnv_str){ digits, cnv_number_write(number, digits) });
}

/* A quartile or the median. */
static cnv_str quartile(cnv_paper *paper, const cnv_figures *figures, bool known, double value)
{
	if (!known)
		return cnv_say(&paper->desk, CNV_NO_QUARTILES);
	return figures->about ? cnv_about_text(value, &paper->desk.step) : figure(&paper->desk.step, value);
}

/* Numbers in different units have no figures in common. */
static cnv_figures figures_of(const struct part *part)
{
	cnv_desk *desk = &part->paper->desk;
	const cnv_question *asked = &desk->form->questions[part->question];
	cnv_valued_list values = { 0 };

	if (!part->group)
		return cnv_figures_tallied(desk->tally, part->question);
	if (part->tally->numbers && asked->unit == CNV_NONE)
		desk->failed |= !cnv_values_find(&values, desk, part->question, part->group->people, part->group->count,
						 &desk->step);
	return cnv_figures_of(values.at, desk->failed ? 0 : values.count);
}

static void put_figures(const struct part *part)
{
	static const cnv_document_column columns[] = {
		{ "n", 8, true },
		{ "Lowest", 13, true },
		{ "Lower quartile", 14, true },
		{ "Median", 13, true },
		{ "Upper quartile", 14, true },
		{ "Highest", 13, true },
		{ "Mean", 12, true },
		{ "Sum", 13, true },
	};
	cnv_paper *paper = part->paper;
	const cnv_document *to = paper->document;
	cnv_arena *arena = &paper->desk.step;
	cnv_figures figures;

	cnv_desk_next_step(&paper->desk);
	figures = figures_of(part);
	if (!figures.n)
		return;
	cnv_str cells[] = { cnv_paper_count(paper, figures.n),
			    figure(arena, figures.least),
			    quartile(paper, &figures, figures.has_quartiles, figures.lower),
			    quartile(paper, &figures, true, figures.median),
			    quartile(paper, &figures, figures.has_quartiles, figures.upper),
			    figure(arena, figures.greatest),
			    figure(arena, figures.mean),
			    figure(arena, figures.sum) };
	cnv_paper_table(paper, columns, sizeof columns / sizeof *columns, 1);
	to->row(to->self, &(cnv_document_row){ .cells = cells });
	to->end_table(to->self);
}

/* One respondent's answer, to be sorted. */
struct given {
	double rank; /* numbers and days by value */
	cnv_str text;
	uint32_t person;
};

static int by_answer(const void *a, const void *b)
{
	const struct given *left = a, *right = b;
	int order;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	order = cnv_str_compare(left->text, right->text);
	return order ? order : left->person < right->person ? -1 : 1;
}

static struct given *list_given(const struct part *part, uint32_t *count)
{
	cnv_desk *desk = &part->paper->desk;
	const cnv_column *column = cnv_desk_column(desk, part->question);
	uint32_t people = part->group ? part->group->count : desk->pairing.count;
	struct given *given = cnv_arena_array(&desk->step, (size_t)people + 1, sizeof *given);

	*count = 0;
	for (uint32_t i = 0; given && i < people; i++) {
		uint32_t person = part->group ? part->group->people[i] : i;
		uint32_t row = desk->pairing.rows[person].response;
		struct given *next = &given[*count];

		if (row == CNV_NONE || !desk->pairing.rows[person].by_name ||
		    cnv_verdict_standing((cnv_verdict)column->verdicts[row]) != CNV_STANDING_ANSWERED)
			continue;
		next->person = person;
		next->rank = column->kind == CNV_DATE ? column->days[row] : column->numbers ? column->numbers[row] : 0;
		next->text = column->kind == CNV_DATE ? cnv_say_day(desk, &desk->step, column->days[row])
						      : cnv_cell_value(desk->form, column, row, &desk->step);
		(*count)++;
	}
	if (given)
		qsort(given, *count, sizeof *given, by_answer);
	return given;
}

/* "3: JPN; 12: AUS, CDA": the answers in their order, and whose they are. */
static void put_each(const struct part *part)
{
	cnv_desk *desk = &part->paper->desk;
	cnv_text words = { 0 };
	struct given *given;
	uint32_t count = 0;

	if (!desk->named || desk->form->questions[part->question].table)
		return;
	cnv_desk_next_step(desk);
	given = list_given(part, &count);
	for (uint32_t i = 0; i < count && count <= MOST_GIVEN; i++) {
		bool again = i && cnv_str_equal(given[i].text, given[i - 1].text);

		if (!again)
			cnv_text_format(&words, "%s%.*s: ", i ? "; " : "", CNV_ARG(given[i].text));
		cnv_text_format(&words, "%s%.*s", again ? ", " : "", CNV_ARG(desk->pairing.rows[given[i].person].code));
	}
	if (words.len)
		cnv_paper_put(part->paper, CNV_PASSAGE_TEXT, CNV_STR(""), cnv_text_str(&words));
	desk->failed |= words.failed || !given;
	cnv_text_fini(&words);
}

/* Facts that the title lacks. */
static void put_aside(const struct part *part)
{
	cnv_paper *paper = part->paper;
	cnv_desk *desk = &paper->desk;
	const cnv_question *asked = &desk->form->questions[part->question];
	const cnv_list *list = list_of(desk, part->question);

	if (asked->kind == CNV_CHOICES)
		cnv_paper_say(paper, CNV_PASSAGE_REMARK, "Several answers were possible.");
	if (asked->table)
		cnv_paper_put(
			paper, CNV_PASSAGE_REMARK, CNV_STR(""),
			CNV_SAY(desk, &desk->step, "Counts {1} {1|entry|entries}.", cnv_value_count(total_of(part))));
	if (!list && asked->kind == CNV_TEXT && desk->named)
		cnv_paper_say(paper, CNV_PASSAGE_REMARK, "The annex has the answers, word for word.");
	if (list && list->count > LONG_LIST)
		cnv_paper_say(paper, CNV_PASSAGE_REMARK, "Options that no one chose are left out.");
}

static void put_part(struct part *part)
{
	cnv_paper *paper = part->paper;
	cnv_desk *desk = &paper->desk;
	const uint32_t *people = part->group ? part->group->people : NULL;
	uint32_t count = part->group ? part->group->count : desk->pairing.count;
	const cnv_list *list = list_of(desk, part->question);
	cnv_str unanswered = cnv_unanswered_text(desk, part->question, people, count, true);

	if (unanswered.len) {
		cnv_paper_put(paper, CNV_PASSAGE_TEXT, CNV_STR(""), unanswered);
		return;
	}
	cnv_desk_next_step(desk);
	part->buckets.options = list ? list->count : 0;
	if (desk->named && !cnv_buckets_build(&part->buckets, desk, part->question, people, count, &desk->step)) {
		desk->failed = true;
		return;
	}
	put_aside(part);
	put_counts(part);
	if (!list && desk->form->questions[part->question].kind != CNV_TEXT) {
		put_figures(part);
		put_each(part);
	}
}

void cnv_paper_answers(cnv_paper *paper, cnv_question_id question)
{
	const cnv_document *to = paper->document;
	const cnv_question_tally *tally = cnv_tally_question(paper->desk.tally, question);
	struct part all = { .paper = paper, .question = question, .tally = tally };

	to->part(to->self, CNV_NONE);
	put_part(&all);
	for (uint32_t g = 0; to->takes_groups && g < paper->head.group_count; g++) {
		struct part part = { .paper = paper, .question = question, .tally = tally, .group = &paper->groups[g] };

		to->part(to->self, g);
		put_part(&part);
	}
	to->end_part(to->self);
}
