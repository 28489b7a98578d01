/* Claims: statements of single conditions about one subject, found in the tree and put into words. */
#include "words/words_internal.h"

#include <string.h>

/* The words for each relation, of numbers and of days. */
static const struct relation_words {
	const char *numbers, *days;
} relations[] = {
	[CNV_OP_EQUAL] = { "", "" },
	[CNV_OP_UNEQUAL] = { "not ", "not " },
	[CNV_OP_LESS] = { "less than ", "before " },
	[CNV_OP_LESS_EQUAL] = { "at most ", "on or before " },
	[CNV_OP_MORE] = { "more than ", "after " },
	[CNV_OP_MORE_EQUAL] = { "at least ", "on or after " },
};
/* Functions about two texts; the second text of the first one is a pattern. */
static const struct verb {
	const char *function, *verb, *no_verb;
} verbs[] = {
	{ "regex", "fits the pattern ", "does not fit the pattern " },
	{ "contains", "contains ", "does not contain " },
	{ "starts-with", "begins with ", "does not begin with " },
	{ "ends-with", "ends with ", "does not end with " },
};
/* ---------------------------------------------------------------- claims */

/* Can the difference between the two sides be put into words: both days, or both values for arithmetic? */
static bool is_comparable(const words_renderer *t, words_node *a, words_node *b)
{
	return words_is_day(t, a) ? words_is_day(t, b) : words_is_measure(t, a) && words_is_measure(t, b);
}

/* `= 'x'`, `= 3` and `= ${other}`: which of them have exact words. */
static bool equality_of(const words_renderer *t, words_claim *c)
{
	const cnv_question *question = words_answer_of(t, c->subject);
	const cnv_question *other = words_answer_of(t, c->value);

	if (words_is_text(c->value) && c->value->text.len == 0) {
		c->kind = CLAIM_ANSWERED;
		c->negated = c->relation == CNV_OP_EQUAL;
		return question != NULL;
	}
	if (words_column(t, c->subject).len > 0)
		return words_is_constant(c->value) || other;
	if (question && cnv_kind_is_select(question->kind) && words_is_constant(c->value))
		return words_choice_of(t, question, c->value) != NULL ||
		       (words_is_text(c->value) && question->kind == CNV_CHOICE);
	if (question && other)
		return question->kind == other->kind &&
		       (!cnv_kind_is_select(question->kind) || question->list == other->list);
	if (question && question->kind == CNV_TEXT && words_is_text(c->value))
		return true;
	return is_comparable(t, c->subject, c->value);
}

static bool comparison_of(const words_renderer *t, words_node *p, words_claim *c)
{
	if (!words_is_comparison(p))
		return false;
	c->relation = p->op;
	c->subject = words_arg(t, p, 0);
	c->value = words_arg(t, p, 1);
	if ((words_is_constant(c->subject) && !words_is_constant(c->value)) ||
	    (words_is_own_answer(t, c->value) && !words_is_own_answer(t, c->subject)) ||
	    words_column(t, c->value).len > 0) {
		c->subject = words_arg(t, p, 1);
		c->value = words_arg(t, p, 0);
		c->relation = cnv_op_turn(c->relation);
	}
	c->kind = CLAIM_VALUE;
	bool length = words_is_call(c->subject, "string-length"), choices = words_is_call(c->subject, "count-selected");
	if ((length || choices) && c->subject->argc == 1) {
		const cnv_question *question = words_answer_of(t, words_arg(t, c->subject, 0));
		if (!question || (choices && question->kind != CNV_CHOICES) || !words_is_measure(t, c->value))
			return false;
		c->subject = words_arg(t, c->subject, 0);
		c->kind = length ? CLAIM_LENGTH : CLAIM_CHOICES;
		return true;
	}
	if (c->relation == CNV_OP_EQUAL || c->relation == CNV_OP_UNEQUAL)
		return equality_of(t, c);
	return is_comparable(t, c->subject, c->value);
}

static bool selected_of(const words_renderer *t, words_node *p, words_claim *c)
{
	if (!words_is_call(p, "selected") || p->argc != 2 || !words_is_text(words_arg(t, p, 1)))
		return false;
	const cnv_question *question = words_answer_of(t, words_arg(t, p, 0));
	if (!question || words_choice_of(t, question, words_arg(t, p, 1)) == NULL)
		return false;
	*c = (words_claim){ .kind = question->kind == CNV_CHOICE ? CLAIM_VALUE : CLAIM_INCLUDES,
			    .relation = CNV_OP_EQUAL,
			    .subject = words_arg(t, p, 0),
			    .value = words_arg(t, p, 1) };
	return question->kind == CNV_CHOICE || question->kind == CNV_CHOICES;
}

/* selected(${several}, .): reversed, one answer among the choices of another question. */
static bool among_of(const words_renderer *t, words_node *p, words_claim *c)
{
	if (!words_is_call(p, "selected") || p->argc != 2)
		return false;
	const cnv_question *several = words_answer_of(t, words_arg(t, p, 0)),
			   *one = words_answer_of(t, words_arg(t, p, 1));
	*c = (words_claim){ .kind = CLAIM_HOLDS,
			    .subject = words_arg(t, p, 1),
			    .value = words_arg(t, p, 0),
			    .verb = "is among the choices made in ",
			    .no_verb = "is not among the choices made in " };
	return several != NULL && one && several->kind == CNV_CHOICES && one->kind == CNV_CHOICE &&
	       several->list == one->list;
}

static bool verb_of(const words_renderer *t, words_node *p, words_claim *c)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (words_is_call(p, verbs[i].function) && p->argc == 2 && words_is_text(words_arg(t, p, 1))) {
			const cnv_question *question = words_answer_of(t, words_arg(t, p, 0));
			*c = (words_claim){ .kind = CLAIM_HOLDS,
					    .subject = words_arg(t, p, 0),
					    .value = words_arg(t, p, 1),
					    .verb = verbs[i].verb,
					    .no_verb = verbs[i].no_verb };
			/* Choices are shown by their labels and matched by their codes. */
			return question != NULL && !cnv_kind_is_select(question->kind);
		}
	return false;
}

/* selected(q, 'none') and count-selected(q) > 1, in either order: the usual constraint for a choice that excludes
 * all others. */
static bool company_of(const words_renderer *t, words_node *p, words_claim *c)
{
	words_claim one, many;
	if (!words_is_binary(p, CNV_OP_AND))
		return false;
	for (uint32_t turn = 0; turn < 2; turn++)
		if (selected_of(t, words_arg(t, p, turn), &one) && one.kind == CLAIM_INCLUDES &&
		    comparison_of(t, words_arg(t, p, 1 - turn), &many) && many.kind == CLAIM_CHOICES &&
		    many.value->kind == CNV_F_NUMBER && words_is_same(t, one.subject, many.subject) &&
		    ((many.relation == CNV_OP_MORE && many.value->number == 1) ||
		     (many.relation == CNV_OP_MORE_EQUAL && many.value->number == 2))) {
			*c = (words_claim){ .kind = CLAIM_ALONE, .subject = one.subject, .value = one.value };
			return true;
		}
	return false;
}

/* A condition that is one claim, or its negation. */
bool words_claim_of(const words_renderer *t, words_node *p, words_claim *c)
{
	*c = (words_claim){ 0 };
	if (words_is_call(p, "not") && p->argc == 1) {
		words_node *denied = words_arg(t, p, 0);
		if (company_of(t, denied, c))
			return true;
		if (!words_claim_of(t, denied, c))
			return false;
		if (c->kind == CLAIM_VALUE && (c->relation == CNV_OP_EQUAL || c->relation == CNV_OP_UNEQUAL)) {
			c->relation = c->relation == CNV_OP_EQUAL ? CNV_OP_UNEQUAL : CNV_OP_EQUAL;
			return true;
		}
		/* With a blank answer `not(a > 1)` is true and `a <= 1` is not: an order is negated, not reversed. */
		c->negated = !c->negated;
		return c->kind == CLAIM_VALUE || c->kind == CLAIM_ANSWERED || c->kind == CLAIM_INCLUDES ||
		       c->kind == CLAIM_HOLDS;
	}
	if ((words_is_call(p, "true") || words_is_call(p, "false")) && p->argc == 0) {
		*c = (words_claim){ .kind = CLAIM_WORD, .verb = words_is_call(p, "true") ? "always" : "never" };
		return true;
	}
	return selected_of(t, p, c) || among_of(t, p, c) || verb_of(t, p, c) || comparison_of(t, p, c);
}
/* ---------------------------------------------------------------- wording */

/* The value as written for this subject: a choice by its label. */
bool words_render_claimed(words_renderer *t, const words_claim *c)
{
	const cnv_question *question = words_answer_of(t, c->subject);
	const cnv_choice *choice = question && cnv_kind_is_select(question->kind) && words_is_constant(c->value)
					   ? words_choice_of(t, question, c->value)
					   : NULL;
	if (choice) {
		words_put_choice(t, choice);
		return true;
	}
	if (c->kind == CLAIM_VALUE && (c->relation == CNV_OP_EQUAL || c->relation == CNV_OP_UNEQUAL) &&
	    words_answer_of(t, c->value))
		words_put(t, "the same as in ");
	return words_render_value(t, c->value);
}

/* "B2 ", unless it has just been named or is the answer of the rule. */
bool words_render_subject(words_renderer *t, words_node *subject)
{
	if (t->bare && !words_is_own_answer(t, subject)) {
		t->mixed = true;
		return false;
	}
	if (t->bare || words_is_same(t, subject, t->previous))
		return true;
	if (!words_render_value(t, subject))
		return false;
	words_put(t, " ");
	return true;
}

static bool render_relation(words_renderer *t, const words_claim *c)
{
	const struct relation_words *words = &relations[c->relation];
	if (c->negated)
		words_put(t, "not ");
	words_put(t, words_is_day(t, c->subject) ? words->days : words->numbers);
	return words_render_claimed(t, c);
}

/* "at most 500 characters", with `has` if a subject precedes it. */
static bool render_amount(words_renderer *t, const words_claim *c)
{
	static const char *const amounts[] = {
		[CNV_OP_EQUAL] = "exactly ",      [CNV_OP_UNEQUAL] = "not exactly ", [CNV_OP_LESS] = "less than ",
		[CNV_OP_LESS_EQUAL] = "at most ", [CNV_OP_MORE] = "more than ",      [CNV_OP_MORE_EQUAL] = "at least ",
	};
	bool one = c->value->kind == CNV_F_NUMBER && c->value->number == 1;
	if (!t->bare)
		words_put(t, "has ");
	words_put(t, amounts[c->relation]);
	if (!words_render_value(t, c->value))
		return false;
	words_put(t, c->kind == CLAIM_LENGTH ? (one ? " character" : " characters") : (one ? " choice" : " choices"));
	return true;
}

bool words_render_claim(words_renderer *t, const words_claim *c)
{
	if (c->kind == CLAIM_WORD) {
		words_put(t, c->verb);
		return true;
	}
	if (c->kind == CLAIM_ALONE && t->bare && words_is_own_answer(t, c->subject)) {
		if (!words_render_claimed(t, c))
			return false;
		words_put(t, " only by itself");
		return true;
	}
	if (!words_render_subject(t, c->subject))
		return false;
	switch (c->kind) {
	case CLAIM_VALUE:
		if (!t->bare && !(t->was && words_is_same(t, c->subject, t->previous)))
			words_put(t, "is ");
		if (!render_relation(t, c))
			return false;
		if (words_answer_of(t, c->subject) && words_answer_of(t, c->subject)->kind == CNV_CHOICES &&
		    words_is_constant(c->value))
			words_put(t, " alone");
		return true;
	case CLAIM_ANSWERED:
		words_put(t, c->negated ? "is not answered" : "is answered");
		return true;
	case CLAIM_INCLUDES:
		words_put(t, c->negated ? "does not include " : "includes ");
		return words_render_claimed(t, c);
	case CLAIM_CHOICES:
	case CLAIM_LENGTH:
		return render_amount(t, c);
	case CLAIM_HOLDS:
		words_put(t, c->negated ? c->no_verb : c->verb);
		if (c->verb != verbs[0].verb)
			return words_render_value(t, c->value);
		words_put_run(t, c->value->text, true);
		return true;
	case CLAIM_ALONE:
		words_put(t, "does not have ");
		if (!words_render_claimed(t, c))
			return false;
		words_put(t, " together with other choices");
		return true;
	case CLAIM_WORD:
		break;
	}
	return true;
}
