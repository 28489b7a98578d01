/* Claims: what single conditions say of one subject, found in the tree and told.
 */
#include "words.h"

#include <string.h>

/* How each relation is said of numbers, and of days. */
static const struct relation_words {
	const char *numbers, *days;
} relations[] = {
	[IS_EQUAL] = { "", "" },
	[IS_UNEQUAL] = { "not ", "not " },
	[IS_LESS] = { "less than ", "before " },
	[IS_LESS_EQUAL] = { "at most ", "on or before " },
	[IS_MORE] = { "more than ", "after " },
	[IS_MORE_EQUAL] = { "at least ", "on or after " },
};
/* Functions that say something of two texts; the first one's second text is a formula of its own kind. */
static const struct verb {
	const char *function, *verb, *no_verb;
} verbs[] = {
	{ "regex", "fits the pattern ", "does not fit the pattern " },
	{ "contains", "contains ", "does not contain " },
	{ "starts-with", "begins with ", "does not begin with " },
	{ "ends-with", "ends with ", "does not end with " },
};
/* ---------------------------------------------------------------- claims */

bool words_relation_of(expr_token_kind op, expr_relation *relation)
{
	static const struct {
		expr_token_kind op;
		expr_relation relation;
	} rows[] = {
		{ TOKEN_EQUAL, IS_EQUAL },           { TOKEN_UNEQUAL, IS_UNEQUAL }, { TOKEN_LESS, IS_LESS },
		{ TOKEN_LESS_EQUAL, IS_LESS_EQUAL }, { TOKEN_MORE, IS_MORE },       { TOKEN_MORE_EQUAL, IS_MORE_EQUAL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].op == op) {
			*relation = rows[i].relation;
			return true;
		}
	return false;
}

expr_relation words_turned(expr_relation relation)
{
	static const expr_relation turns[] = {
		[IS_EQUAL] = IS_EQUAL,           [IS_UNEQUAL] = IS_UNEQUAL, [IS_LESS] = IS_MORE,
		[IS_LESS_EQUAL] = IS_MORE_EQUAL, [IS_MORE] = IS_LESS,       [IS_MORE_EQUAL] = IS_LESS_EQUAL,
	};
	return turns[relation];
}

/* Can a difference between the two sides be told: both days, or both something one can reckon with? */
static bool is_comparable(const words_teller *t, const words_part *a, const words_part *b)
{
	return words_is_day(t, a) ? words_is_day(t, b) : words_is_measure(t, a) && words_is_measure(t, b);
}

/* `= 'x'`, `= 3` and `= ${other}`: which of them have words that are true to the letter. */
static bool equality_of(const words_teller *t, words_claim *c)
{
	const cnv_question *question = words_answer_of(t, c->subject);
	const cnv_question *other = words_answer_of(t, c->value);

	if (words_is_text(c->value) && c->value->node->text.len == 0) {
		c->kind = CLAIM_ANSWERED;
		c->negated = c->relation == IS_EQUAL;
		return question != NULL;
	}
	if (c->subject->node->kind == NODE_COLUMN)
		return words_is_constant(c->value) || other != NULL;
	if (question != NULL && words_is_select(question) && words_is_constant(c->value))
		return words_choice_of(t, question, c->value) != NULL ||
		       (words_is_text(c->value) && question->kind == CNV_CHOICE);
	if (question != NULL && other != NULL)
		return question->kind == other->kind && (!words_is_select(question) || question->list == other->list);
	if (question != NULL && question->kind == CNV_TEXT && words_is_text(c->value))
		return true;
	return is_comparable(t, c->subject, c->value);
}

static bool comparison_of(const words_teller *t, const words_part *p, words_claim *c)
{
	if (p->node->kind != NODE_BINARY || !words_relation_of(p->node->op, &c->relation))
		return false;
	c->subject = p->args[0];
	c->value = p->args[1];
	if ((words_is_constant(c->subject) && !words_is_constant(c->value)) ||
	    (words_is_own_answer(t, c->value) && !words_is_own_answer(t, c->subject)) ||
	    c->value->node->kind == NODE_COLUMN) {
		c->subject = p->args[1];
		c->value = p->args[0];
		c->relation = words_turned(c->relation);
	}
	c->kind = CLAIM_VALUE;
	bool length = words_is_call(c->subject, "string-length"), choices = words_is_call(c->subject, "count-selected");
	if ((length || choices) && c->subject->node->count == 1) {
		const cnv_question *question = words_answer_of(t, c->subject->args[0]);
		if (question == NULL || (choices && question->kind != CNV_CHOICES) || !words_is_measure(t, c->value))
			return false;
		c->subject = c->subject->args[0];
		c->kind = length ? CLAIM_LENGTH : CLAIM_CHOICES;
		return true;
	}
	if (c->relation == IS_EQUAL || c->relation == IS_UNEQUAL)
		return equality_of(t, c);
	return is_comparable(t, c->subject, c->value);
}

static bool selected_of(const words_teller *t, const words_part *p, words_claim *c)
{
	if (!words_is_call(p, "selected") || p->node->count != 2 || !words_is_text(p->args[1]))
		return false;
	const cnv_question *question = words_answer_of(t, p->args[0]);
	if (question == NULL || words_choice_of(t, question, p->args[1]) == NULL)
		return false;
	*c = (words_claim){ .kind = question->kind == CNV_CHOICE ? CLAIM_VALUE : CLAIM_INCLUDES,
			    .relation = IS_EQUAL,
			    .subject = p->args[0],
			    .value = p->args[1] };
	return question->kind == CNV_CHOICE || question->kind == CNV_CHOICES;
}

/* selected(${several}, .): the other way round, one answer among the choices of another question. */
static bool among_of(const words_teller *t, const words_part *p, words_claim *c)
{
	if (!words_is_call(p, "selected") || p->node->count != 2)
		return false;
	const cnv_question *several = words_answer_of(t, p->args[0]), *one = words_answer_of(t, p->args[1]);
	*c = (words_claim){ .kind = CLAIM_HOLDS,
			    .subject = p->args[1],
			    .value = p->args[0],
			    .verb = "is among the choices made in ",
			    .no_verb = "is not among the choices made in " };
	return several != NULL && one != NULL && several->kind == CNV_CHOICES && one->kind == CNV_CHOICE &&
	       several->list == one->list;
}

static bool verb_of(const words_teller *t, const words_part *p, words_claim *c)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (words_is_call(p, verbs[i].function) && p->node->count == 2 && words_is_text(p->args[1])) {
			const cnv_question *question = words_answer_of(t, p->args[0]);
			*c = (words_claim){ .kind = CLAIM_HOLDS,
					    .subject = p->args[0],
					    .value = p->args[1],
					    .verb = verbs[i].verb,
					    .no_verb = verbs[i].no_verb };
			/* Choices are read by their labels and matched by their codes. */
			return question != NULL && !words_is_select(question);
		}
	return false;
}

/* selected(q, 'none') and count-selected(q) > 1, whichever comes first: what forms forbid where one choice excludes
 * all others. */
static bool company_of(const words_teller *t, const words_part *p, words_claim *c)
{
	words_claim one, many;
	if (!words_is_binary(p, TOKEN_AND))
		return false;
	for (int turn = 0; turn < 2; turn++)
		if (selected_of(t, p->args[turn], &one) && one.kind == CLAIM_INCLUDES &&
		    comparison_of(t, p->args[1 - turn], &many) && many.kind == CLAIM_CHOICES &&
		    many.value->node->kind == NODE_NUMBER && words_is_same(one.subject, many.subject) &&
		    ((many.relation == IS_MORE && many.value->node->number == 1) ||
		     (many.relation == IS_MORE_EQUAL && many.value->node->number == 2))) {
			*c = (words_claim){ .kind = CLAIM_ALONE, .subject = one.subject, .value = one.value };
			return true;
		}
	return false;
}

/* A condition that is one claim, or the opposite of one. */
bool words_claim_of(const words_teller *t, const words_part *p, words_claim *c)
{
	*c = (words_claim){ 0 };
	if (words_is_call(p, "not") && p->node->count == 1) {
		const words_part *denied = p->args[0];
		if (company_of(t, denied, c))
			return true;
		if (!words_claim_of(t, denied, c))
			return false;
		if (c->kind == CLAIM_VALUE && (c->relation == IS_EQUAL || c->relation == IS_UNEQUAL)) {
			c->relation = c->relation == IS_EQUAL ? IS_UNEQUAL : IS_EQUAL;
			return true;
		}
		/* With a blank answer `not(a > 1)` is true and `a <= 1` is not: an order is denied, not turned. */
		c->negated = !c->negated;
		return c->kind == CLAIM_VALUE || c->kind == CLAIM_ANSWERED || c->kind == CLAIM_INCLUDES ||
		       c->kind == CLAIM_HOLDS;
	}
	if ((words_is_call(p, "true") || words_is_call(p, "false")) && p->node->count == 0) {
		*c = (words_claim){ .kind = CLAIM_WORD, .verb = words_is_call(p, "true") ? "always" : "never" };
		return true;
	}
	return selected_of(t, p, c) || among_of(t, p, c) || verb_of(t, p, c) || comparison_of(t, p, c);
}
/* ---------------------------------------------------------------- telling claims */

/* The value as it is said of this subject: a choice by its label. */
bool words_tell_claimed(words_teller *t, const words_claim *c)
{
	const cnv_question *question = words_answer_of(t, c->subject);
	const cnv_choice *choice = question != NULL && words_is_select(question) && words_is_constant(c->value)
					   ? words_choice_of(t, question, c->value)
					   : NULL;
	if (choice != NULL) {
		words_say_choice(t, choice);
		return true;
	}
	if (c->kind == CLAIM_VALUE && (c->relation == IS_EQUAL || c->relation == IS_UNEQUAL) &&
	    words_answer_of(t, c->value) != NULL)
		words_say(t, "the same as in ");
	return words_tell_value(t, c->value);
}

/* "B2 ", unless it has just been named or is the answer that a rule is about. */
bool words_tell_subject(words_teller *t, const words_part *subject)
{
	if (t->bare && !words_is_own_answer(t, subject)) {
		t->mixed = true;
		return false;
	}
	if (t->bare || words_is_same(subject, t->previous))
		return true;
	if (!words_tell_value(t, subject))
		return false;
	words_say(t, " ");
	return true;
}

static bool tell_relation(words_teller *t, const words_claim *c)
{
	const struct relation_words *words = &relations[c->relation];
	if (c->negated)
		words_say(t, "not ");
	words_say(t, words_is_day(t, c->subject) ? words->days : words->numbers);
	return words_tell_claimed(t, c);
}

/* "at most 500 characters", with `has` where a subject stands before. */
static bool tell_amount(words_teller *t, const words_claim *c)
{
	static const char *const amounts[] = {
		[IS_EQUAL] = "exactly ",      [IS_UNEQUAL] = "not exactly ", [IS_LESS] = "less than ",
		[IS_LESS_EQUAL] = "at most ", [IS_MORE] = "more than ",      [IS_MORE_EQUAL] = "at least ",
	};
	bool one = c->value->node->kind == NODE_NUMBER && c->value->node->number == 1;
	if (!t->bare)
		words_say(t, "has ");
	words_say(t, amounts[c->relation]);
	if (!words_tell_value(t, c->value))
		return false;
	words_say(t, c->kind == CLAIM_LENGTH ? (one ? " character" : " characters") : (one ? " choice" : " choices"));
	return true;
}

bool words_tell_claim(words_teller *t, const words_claim *c)
{
	if (c->kind == CLAIM_WORD) {
		words_say(t, c->verb);
		return true;
	}
	if (c->kind == CLAIM_ALONE && t->bare && words_is_own_answer(t, c->subject)) {
		if (!words_tell_claimed(t, c))
			return false;
		words_say(t, " only by itself");
		return true;
	}
	if (!words_tell_subject(t, c->subject))
		return false;
	switch (c->kind) {
	case CLAIM_VALUE:
		if (!t->bare && !(t->was && words_is_same(c->subject, t->previous)))
			words_say(t, "is ");
		if (!tell_relation(t, c))
			return false;
		if (words_answer_of(t, c->subject) != NULL && words_answer_of(t, c->subject)->kind == CNV_CHOICES &&
		    words_is_constant(c->value))
			words_say(t, " alone");
		return true;
	case CLAIM_ANSWERED:
		words_say(t, c->negated ? "is not answered" : "is answered");
		return true;
	case CLAIM_INCLUDES:
		words_say(t, c->negated ? "does not include " : "includes ");
		return words_tell_claimed(t, c);
	case CLAIM_CHOICES:
	case CLAIM_LENGTH:
		return tell_amount(t, c);
	case CLAIM_HOLDS:
		words_say(t, c->negated ? c->no_verb : c->verb);
		if (c->verb != verbs[0].verb)
			return words_tell_value(t, c->value);
		words_say_run(t, c->value->node->text, true);
		return true;
	case CLAIM_ALONE:
		words_say(t, "does not have ");
		if (!words_tell_claimed(t, c))
			return false;
		words_say(t, " together with other choices");
		return true;
	case CLAIM_WORD:
		break;
	}
	return true;
}
