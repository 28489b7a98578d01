/* paper_answers: the answers to one question as a table of a paper.
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

/* One body of a table while it is written. */
struct body {
	cnv_paper *paper;
	cnv_question_id question;
	cnv_buckets buckets;             /* of the respondents of the body, if they are named */
	const cnv_question_tally *tally; /* of everyone; NULL: the body is about a group */
};

static const cnv_list *list_of(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return cnv_is_select(asked) ? &desk->form->lists[asked->list] : NULL;
}

static uint64_t count_option(const struct body *body, uint32_t option)
{
	return body->tally ? body->tally->options[option] : cnv_bucket_size(&body->buckets, option);
}

static uint64_t count_state(const struct body *body, cnv_standing standing)
{
	return body->tally ? body->tally->standing[standing]
			   : cnv_bucket_size(&body->buckets, body->buckets.options + (uint32_t)standing);
}

static cnv_str names_of(const struct body *body, uint32_t bucket)
{
	cnv_desk *desk = &body->paper->desk;

	if (!desk->named)
		return CNV_STR("");
	return cnv_names_text(desk, body->buckets.items + body->buckets.starts[bucket],
			      cnv_bucket_size(&body->buckets, bucket), &desk->step);
}

static void put_row(const struct body *body, cnv_row_look look, cnv_str label, uint64_t n, cnv_str share, cnv_str names)
{
	const cnv_document *to = body->paper->document;
	cnv_str cells[4] = { label, cnv_paper_count(body->paper, n), share, names };

	to->row(to->self, &(cnv_document_row){ .cells = cells, .look = look });
}

/* "40% of 10": a share is never without what it is a share of. */
static cnv_str share_of(const struct body *body, uint64_t n)
{
	uint64_t answered = count_state(body, CNV_STANDING_ANSWERED);
	cnv_desk *desk = &body->paper->desk;

	if (!answered)
		return CNV_STR("");
	return CNV_SAY(desk, &desk->step, "{1}% of {2}",
		       cnv_value_count((uint64_t)cnv_number_round(100.0 * (double)n / (double)answered, 0)),
		       cnv_value_count(answered));
}

/* Rows of options.  Returns how many there are; NULL as `body`: only counts those of everyone. */
static uint32_t put_options(const struct body *body, const cnv_question_tally *all, const cnv_desk *desk,
			    const cnv_list *list)
{
	uint32_t rows = 0;

	for (uint32_t option = 0; option < list->count; option++) {
		/* By everyone, so that each group has the same rows. */
		if (list->count > LONG_LIST && !all->options[option])
			continue;
		rows++;
		if (body)
			put_row(body, CNV_ROW_PLAIN,
				cnv_choice_title(desk->form, &list->choices[option], desk->report->language),
				count_option(body, option), share_of(body, count_option(body, option)),
				names_of(body, option));
	}
	return rows;
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

/* By everyone, so that each group has the same rows. */
static bool has_state(const cnv_paper *paper, cnv_question_id question, const struct state *state)
{
	if (state->standing == CNV_STANDING_NO_REPLY &&
	    (paper->desk.form->questions[question].table || !paper->desk.report->roster))
		return false;
	return state->always || cnv_tally_question(paper->desk.tally, question)->standing[state->standing];
}

static const char *words_of(const cnv_desk *desk, const struct state *state)
{
	return state->standing == CNV_STANDING_NO_REPLY ? cnv_desk_silent_word(desk) : state->words;
}

static uint64_t total_of(const struct body *body)
{
	uint64_t total = 0;

	for (uint32_t standing = 0; standing < CNV_STANDINGS; standing++)
		total += count_state(body, (cnv_standing)standing);
	return total;
}

static void put_states(const struct body *body)
{
	cnv_desk *desk = &body->paper->desk;
	uint32_t options = body->buckets.options;

	for (uint32_t i = 0; i < STATES; i++)
		if (has_state(body->paper, body->question, &states[i]))
			put_row(body, CNV_ROW_STATE, cnv_say(desk, words_of(desk, &states[i])),
				count_state(body, states[i].standing), CNV_STR(""),
				names_of(body, options + (uint32_t)states[i].standing));
	put_row(body, CNV_ROW_TOTAL,
		cnv_say_values(desk, &desk->step,
			       desk->form->questions[body->question].table ? "All entries" : "All {people}", NULL, 0),
		total_of(body), CNV_STR(""), CNV_STR(""));
}

/* One body: the rows of `people`, NULL: of everyone. */
static void put_body(cnv_paper *paper, cnv_question_id question, uint32_t group)
{
	cnv_desk *desk = &paper->desk;
	const cnv_question_tally *all = cnv_tally_question(desk->tally, question);
	const cnv_list *list = list_of(desk, question);
	struct body body = { .paper = paper, .question = question, .tally = group == CNV_NONE ? all : NULL };
	const uint32_t *people = group == CNV_NONE ? NULL : paper->groups[group].people;
	uint32_t count = group == CNV_NONE ? desk->pairing.count : paper->groups[group].count;

	cnv_desk_next_step(desk);
	body.buckets.options = list ? list->count : 0;
	if (desk->named && !cnv_buckets_build(&body.buckets, desk, question, people, count, &desk->step)) {
		desk->failed = true;
		return;
	}
	paper->document->body(paper->document->self, group);
	if (list)
		put_options(&body, all, desk, list);
	else
		put_row(&body, CNV_ROW_PLAIN, cnv_say(desk, "Answered"), count_state(&body, CNV_STANDING_ANSWERED),
			CNV_STR(""), names_of(&body, body.buckets.options + CNV_STANDING_ANSWERED));
	put_states(&body);
}

static void put_counts(cnv_paper *paper, cnv_question_id question)
{
	static const cnv_document_column named[] = {
		{ "Answer", 38, false }, { "n", 7, true }, { "Share", 16, true }, { "Who", 39, false }
	};
	static const cnv_document_column unnamed[] = { { "Answer", 60, false },
						       { "n", 15, true },
						       { "Share", 25, true } };
	const cnv_document *to = paper->document;
	const cnv_list *list = list_of(&paper->desk, question);
	const cnv_question_tally *all = cnv_tally_question(paper->desk.tally, question);
	uint32_t rows = 1 + (list ? put_options(NULL, all, &paper->desk, list) : 1);

	for (uint32_t i = 0; i < STATES; i++)
		rows += has_state(paper, question, &states[i]);
	cnv_paper_table(paper, paper->desk.named ? named : unnamed, paper->desk.named ? 4 : 3, rows);
	put_body(paper, question, CNV_NONE);
	for (uint32_t group = 0; to->takes_groups && group < paper->head.group_count; group++)
		put_body(paper, question, group);
	to->end_table(to->self);
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

static void put_figures(cnv_paper *paper, cnv_question_id question)
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
	const cnv_document *to = paper->document;
	cnv_figures figures = cnv_figures_tallied(paper->desk.tally, question);
	cnv_arena *arena = &paper->desk.step;

	if (!figures.n)
		return;
	cnv_desk_next_step(&paper->desk);
	cnv_str cells[] = { cnv_paper_count(paper, figures.n),
			    figure(arena, figures.least),
			    quartile(paper, &figures, figures.has_quartiles, figures.lower),
			    quartile(paper, &figures, true, figures.median),
			    quartile(paper, &figures, figures.has_quartiles, figures.upper),
			    figure(arena, figures.greatest),
			    figure(arena, figures.mean),
			    figure(arena, figures.sum) };
	cnv_paper_table(paper, columns, sizeof columns / sizeof *columns, 1);
	to->body(to->self, CNV_NONE);
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

static struct given *list_given(cnv_paper *paper, cnv_question_id question, uint32_t *count)
{
	cnv_desk *desk = &paper->desk;
	const cnv_column *column = cnv_desk_column(desk, question);
	struct given *given = cnv_arena_array(&desk->step, (size_t)desk->pairing.count + 1, sizeof *given);

	*count = 0;
	for (uint32_t i = 0; given && i < desk->pairing.count; i++) {
		uint32_t row = desk->pairing.rows[i].response;
		struct given *next = &given[*count];

		if (row == CNV_NONE || !desk->pairing.rows[i].by_name ||
		    cnv_verdict_standing((cnv_verdict)column->verdicts[row]) != CNV_STANDING_ANSWERED)
			continue;
		next->person = i;
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
static void put_each(cnv_paper *paper, cnv_question_id question)
{
	cnv_desk *desk = &paper->desk;
	cnv_text words = { 0 };
	struct given *given;
	uint32_t count = 0;

	if (!desk->named || desk->form->questions[question].table)
		return;
	cnv_desk_next_step(desk);
	given = list_given(paper, question, &count);
	for (uint32_t i = 0; i < count && count <= MOST_GIVEN; i++) {
		bool again = i && cnv_str_equal(given[i].text, given[i - 1].text);

		if (!again)
			cnv_text_format(&words, "%s%.*s: ", i ? "; " : "", CNV_ARG(given[i].text));
		cnv_text_format(&words, "%s%.*s", again ? ", " : "", CNV_ARG(desk->pairing.rows[given[i].person].code));
	}
	if (words.len)
		cnv_paper_put(paper, CNV_PASSAGE_TEXT, CNV_STR(""), cnv_text_str(&words));
	desk->failed |= words.failed || !given;
	cnv_text_fini(&words);
}

/* Facts that the title lacks. */
static void put_aside(cnv_paper *paper, cnv_question_id question)
{
	cnv_desk *desk = &paper->desk;
	const cnv_question *asked = &desk->form->questions[question];
	const cnv_list *list = list_of(desk, question);

	cnv_desk_next_step(desk);
	if (asked->kind == CNV_CHOICES)
		cnv_paper_say(paper, CNV_PASSAGE_REMARK, "Several answers were possible.");
	if (asked->table)
		cnv_paper_put(paper, CNV_PASSAGE_REMARK, CNV_STR(""),
			      CNV_SAY(desk, &desk->step, "Counts {1} {1|entry|entries}.",
				      cnv_value_count(cnv_tally_rows(desk->tally, asked->table))));
	if (!list && asked->kind == CNV_TEXT && desk->named)
		cnv_paper_say(paper, CNV_PASSAGE_REMARK, "The annex has the answers, word for word.");
	if (list && list->count > LONG_LIST)
		cnv_paper_say(paper, CNV_PASSAGE_REMARK, "Options that no one chose are left out.");
}

void cnv_paper_answers(cnv_paper *paper, cnv_question_id question)
{
	cnv_str unanswered = cnv_unanswered_text(&paper->desk, question, true);

	if (unanswered.len) {
		cnv_paper_put(paper, CNV_PASSAGE_TEXT, CNV_STR(""), unanswered);
		return;
	}
	put_aside(paper, question);
	put_counts(paper, question);
	if (!list_of(&paper->desk, question) && paper->desk.form->questions[question].kind != CNV_TEXT) {
		put_figures(paper, question);
		put_each(paper, question);
	}
}
