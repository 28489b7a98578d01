/* headline: which questions a summary shows.
 *
 * A form ranks them in its column `headline`.  Without it, they are the choices with the widest disagreement and those
 * with the strongest consensus, as far as enough respondents have answered; each share is weighed by how many of the
 * responses answer the question, so that two answers that differ do not outrank twenty. */
#include "report/headline.h"

#include <stdlib.h>

#include "report/tally.h"
#include "report/texts.h"

#define MOST 10u         /* headlines, so that a summary fits on one page */
#define MOST_DISPUTED 4u /* without `headline` in the form */
#define MOST_SHARED 3u
/* Answers that show a disagreement or a consensus: this many, and one of so many responses. */
#define FEWEST 3u
#define ONE_OF 4u

struct rank {
	cnv_question_id question;
	double weight; /* the greater the better */
};

static int by_weight(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight < right->weight ? 1 : -1;
	return left->question < right->question ? -1 : left->question > right->question;
}

static int by_question(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;

	return left->question < right->question ? -1 : left->question > right->question;
}

bool cnv_desk_identifies(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_form *form = desk->form;

	return question == form->respondent || question == form->release || question == form->circulate ||
	       question == form->basis;
}

static uint32_t option_count(const cnv_desk *desk, cnv_question_id question)
{
	return desk->form->lists[desk->form->questions[question].list].count;
}

/* The probability that two of those who answered chose differently, weighed by how many did answer. */
static double disagreement(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	double answered = (double)tally->standing[CNV_STANDING_ANSWERED], alike = 0;

	for (uint32_t option = 0; option < option_count(desk, question); option++)
		alike += (double)tally->options[option] / answered * ((double)tally->options[option] / answered);
	return (1 - alike) * answered / (double)cnv_tally_rows(desk->tally, 0);
}

/* The share of the greatest option, weighed in the same way. */
static double consensus(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question_tally *tally = cnv_tally_question(desk->tally, question);
	uint32_t majority = cnv_majority_of(desk, question);

	return majority == CNV_NONE ? 0 : (double)tally->options[majority] / (double)cnv_tally_rows(desk->tally, 0);
}

/* May it be compared without a person having named it? */
static bool is_candidate(const cnv_desk *desk, cnv_question_id question)
{
	const cnv_question *asked = &desk->form->questions[question];

	return asked->kind == CNV_CHOICE && asked->role == CNV_ASKED && !asked->table && cnv_is_select(asked) &&
	       cnv_desk_shows(desk, question) && !cnv_desk_identifies(desk, question) &&
	       cnv_tally_question(desk->tally, question)->options && option_count(desk, question) > 1 &&
	       cnv_tally_question(desk->tally, question)->standing[CNV_STANDING_ANSWERED] >= FEWEST &&
	       cnv_tally_question(desk->tally, question)->standing[CNV_STANDING_ANSWERED] * ONE_OF >=
		       cnv_tally_rows(desk->tally, 0);
}

/* Moves the `most` first of those with a weight to the front, from `from` on; returns the end of them. */
static uint32_t take_best(struct rank *ranks, uint32_t from, uint32_t count, uint32_t most,
			  double (*weight)(const cnv_desk *, cnv_question_id), const cnv_desk *desk)
{
	uint32_t upto = from;

	for (uint32_t i = from; i < count; i++)
		ranks[i].weight = weight(desk, ranks[i].question);
	qsort(ranks + from, count - from, sizeof *ranks, by_weight);
	while (upto < count && upto - from < most && ranks[upto].weight > 0)
		upto++;
	return upto;
}

static uint32_t choose(struct rank *ranks, const cnv_desk *desk)
{
	uint32_t count = 0, upto;

	for (cnv_question_id q = 0; q < desk->form->count; q++)
		if (is_candidate(desk, q))
			ranks[count++].question = q;
	upto = take_best(ranks, 0, count, MOST_DISPUTED, disagreement, desk);
	upto = take_best(ranks, upto, count, MOST_SHARED, consensus, desk);
	qsort(ranks, upto, sizeof *ranks, by_question);
	return upto;
}

/* Those that the form ranks. */
static uint32_t list_named(struct rank *ranks, const cnv_desk *desk)
{
	uint32_t count = 0;

	for (cnv_question_id q = 0; q < desk->form->count; q++)
		if (desk->form->questions[q].headline && cnv_desk_shows(desk, q))
			ranks[count++] = (struct rank){ q, -(double)desk->form->questions[q].headline };
	qsort(ranks, count, sizeof *ranks, by_weight);
	return count < MOST ? count : MOST;
}

bool cnv_headlines_build(cnv_headlines *out, cnv_desk *desk, cnv_arena *arena)
{
	struct rank *ranks = cnv_arena_array(arena, (size_t)desk->form->count + 1, sizeof *ranks);
	bool ok = ranks;

	*out = (cnv_headlines){ 0 };
	if (!ok)
		return false;
	out->count = list_named(ranks, desk);
	out->by_form = out->count;
	if (!out->by_form && cnv_tally_rows(desk->tally, 0))
		out->count = choose(ranks, desk);
	out->items = cnv_arena_array(arena, (size_t)out->count + 1, sizeof *out->items);
	for (uint32_t i = 0; out->items && ok && i < out->count; i++) {
		out->items[i] =
			(cnv_headline){ .question = ranks[i].question, .label = cnv_title_of(desk, ranks[i].question) };
		ok = cnv_headline_write(&out->items[i], desk, arena);
	}
	return ok && out->items && !arena->failed;
}
