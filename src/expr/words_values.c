/* Values in words: numbers, days, answers, choices by their labels, sums; and the voice that says them.
 */
#include "words.h"

#include <string.h>

/* Functions over the entries of a repeat. */
static const struct gathering {
	const char *function, *words;
} gatherings[] = {
	{ "sum", "the sum of " },
	{ "min", "the least of " },
	{ "max", "the greatest of " },
};
bool words_is_binary(const words_part *p, expr_token_kind op)
{
	return p->node->kind == NODE_BINARY && p->node->op == op;
}

bool words_is_call(const words_part *p, const char *name)
{
	return p->node->kind == NODE_CALL && p->node->meaning < expr_function_count &&
	       strcmp(expr_functions[p->node->meaning].info.name, name) == 0;
}

bool words_is_text(const words_part *p)
{
	return p->node->kind == NODE_TEXT;
}

bool words_is_constant(const words_part *p)
{
	return p->node->kind == NODE_TEXT || p->node->kind == NODE_NUMBER;
}
/* ---------------------------------------------------------------- saying */

void words_say_run(words_teller *t, cnv_str text, bool as_written)
{
	cnv_words *out = t->out;
	if (text.len == 0 || !expr_grow(t->arena, (void **)&out->runs, out->count, &out->room, sizeof(*out->runs)))
		return;
	out->runs[out->count++] = (cnv_words_run){ text, as_written };
}

void words_say(words_teller *t, const char *words)
{
	words_say_run(t, cnv_str_from(words), false);
}

void words_say_quoted(words_teller *t, cnv_str text)
{
	const char *mark = cnv_str_find(text, CNV_STR("'")) == SIZE_MAX ? "'" : "\"";
	words_say(t, mark);
	words_say_run(t, text, false);
	words_say(t, mark);
}

static void say_number(words_teller *t, double number)
{
	char digits[CNV_NUMBER_ROOM], grouped[2 * CNV_NUMBER_ROOM];
	size_t len = cnv_number_write(number, digits), sign = digits[0] == '-', to = 0;
	bool whole = strspn(digits + sign, "0123456789") == len - sign;

	/* Four digits are left alone: they may be a year. */
	for (size_t i = 0; i < len; i++) {
		if (whole && len - sign > 4 && i > sign && (len - i) % 3 == 0)
			grouped[to++] = ',';
		grouped[to++] = digits[i];
	}
	words_say_run(t, cnv_arena_copy(t->arena, (cnv_str){ grouped, to }), false);
}

static void say_day(words_teller *t, int32_t day)
{
	static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
					      "July",    "August",   "September", "October", "November", "December" };
	cnv_date date = cnv_day_date(day);
	words_say_run(
		t, cnv_arena_format(t->arena, "%u %s %d", (unsigned)date.day, months[date.month - 1], (int)date.year),
		false);
}

void words_say_as_written(words_teller *t, const words_part *p)
{
	words_say_run(t, cnv_str_slice(t->compiler->text, p->from, p->upto), true);
}

/* ---------------------------------------------------------------- questions and their choices */

/* A question of which there is one answer where the formula stands; NULL for anything else. */
const cnv_question *words_answer_of(const words_teller *t, const words_part *p)
{
	const cnv_form *form = t->context->form;
	if (p->node->kind != NODE_QUESTION || form == NULL || p->node->meaning >= form->count)
		return NULL;
	const cnv_question *question = &form->questions[p->node->meaning];
	if (question->column == CNV_NONE)
		return NULL;
	for (uint32_t table = expr_own_table(t->context);; table = form->tables[table].parent)
		if (table == question->table)
			return question;
		else if (table == 0)
			return NULL;
}

bool words_is_own_answer(const words_teller *t, const words_part *p)
{
	return p->node->kind == NODE_QUESTION && p->node->meaning == t->context->self;
}

bool words_is_same(const words_part *a, const words_part *b)
{
	return a != NULL && b != NULL && a->node->kind == NODE_QUESTION && b->node->kind == NODE_QUESTION &&
	       a->node->meaning == b->node->meaning;
}

/* The choice that a constant names: a text by its code, a number by the one code of that value. */
const cnv_choice *words_choice_of(const words_teller *t, const cnv_question *question, const words_part *constant)
{
	const cnv_form *form = t->context->form;
	const cnv_list *list = question->list < form->list_count ? &form->lists[question->list] : NULL;
	const cnv_choice *found = NULL;
	double number;

	if (list == NULL || list->open)
		return NULL;
	if (words_is_text(constant)) {
		uint32_t at = cnv_list_find(list, constant->node->text);
		return at < list->count && !list->duplicates ? &list->choices[at] : NULL;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		if (!cnv_number_read(list->choices[i].name, &number) || number != constant->node->number)
			continue;
		if (found != NULL)
			return NULL;
		found = &list->choices[i];
	}
	return found;
}

void words_say_choice(words_teller *t, const cnv_choice *choice)
{
	words_say_quoted(t, cnv_choice_title(t->context->form, choice, t->telling->language));
}

bool words_is_select(const cnv_question *question)
{
	return question->kind == CNV_CHOICE || question->kind == CNV_CHOICES || question->kind == CNV_RANK;
}

/* ---------------------------------------------------------------- values */

/* A day, or a day some days before or after another.  An instant is none: today at ten is not on or before today(). */
bool words_is_day(const words_teller *t, const words_part *p)
{
	while ((words_is_binary(p, TOKEN_PLUS) || words_is_binary(p, TOKEN_MINUS)) &&
	       p->args[1]->node->kind == NODE_NUMBER)
		p = p->args[0];
	const cnv_question *question = words_answer_of(t, p);
	if (question != NULL)
		return question->kind == CNV_DATE;
	return words_is_call(p, "today") || words_is_call(p, "now") || words_is_call(p, "date");
}

/* A question whose answer can be reckoned with. */
bool words_is_measure(const words_teller *t, const words_part *p)
{
	const cnv_question *question = words_answer_of(t, p);
	if (question != NULL)
		return question->kind == CNV_INTEGER || question->kind == CNV_DECIMAL || question->kind == CNV_TEXT;
	return p->node->kind == NODE_NUMBER || p->node->kind == NODE_BINARY || p->node->kind == NODE_NEGATE ||
	       (p->node->kind == NODE_CALL && !words_is_day(t, p));
}

static bool tell_days_apart(words_teller *t, const words_part *p)
{
	double days = p->args[1]->node->number;
	say_number(t, days);
	words_say(t, days == 1 ? " day " : " days ");
	words_say(t, p->node->op == TOKEN_PLUS ? "after " : "before ");
	return words_tell_value(t, p->args[0]);
}

static bool tell_factor(words_teller *t, const words_part *p, bool additive)
{
	bool inner =
		p->node->kind == NODE_BINARY && (!additive || p->node->op == TOKEN_PLUS || p->node->op == TOKEN_MINUS);
	if (inner)
		words_say(t, "(");
	if (!words_is_measure(t, p) || !words_tell_value(t, p))
		return false;
	if (inner)
		words_say(t, ")");
	return true;
}

static bool tell_arithmetic(words_teller *t, const words_part *p)
{
	bool additive = p->node->op == TOKEN_PLUS || p->node->op == TOKEN_MINUS;
	const char *sign = p->node->op == TOKEN_PLUS    ? " + "
			   : p->node->op == TOKEN_MINUS ? " \xE2\x88\x92 "
			   : p->node->op == TOKEN_TIMES ? " \xC3\x97 "
			   : p->node->op == TOKEN_DIV   ? " \xC3\xB7 "
							: NULL;
	if (sign == NULL)
		return false;
	if (additive && words_is_day(t, p))
		return tell_days_apart(t, p);
	/* On the left a sum of sums needs no parentheses. */
	if (additive && words_is_binary(p->args[0], TOKEN_PLUS) && !words_is_day(t, p->args[0])) {
		if (!words_tell_value(t, p->args[0]))
			return false;
	} else if (!tell_factor(t, p->args[0], additive)) {
		return false;
	}
	words_say(t, sign);
	return tell_factor(t, p->args[1], additive);
}

static bool tell_date(words_teller *t, const words_part *p)
{
	int32_t day;
	if (p->node->count != 1)
		return false;
	if (words_is_text(p->args[0])) {
		if (!cnv_day_read(p->args[0]->node->text, &day))
			return false;
		say_day(t, day);
		return true;
	}
	return words_is_day(t, p->args[0]) && words_tell_value(t, p->args[0]);
}

/* sum(${q}), count(${repeat}): over the entries of a repeat. */
static bool tell_gathering(words_teller *t, const words_part *p)
{
	const cnv_form *form = t->context->form;
	const words_part *over = p->node->count == 1 ? p->args[0] : NULL;

	if (over == NULL || over->node->kind != NODE_QUESTION || form == NULL || over->node->meaning >= form->count)
		return false;
	const cnv_question *question = &form->questions[over->node->meaning];
	if (question->role == CNV_REPEAT && words_is_call(p, "count") &&
	    form->tables[question->table].parent == expr_own_table(t->context)) {
		words_say(t, "the number of entries in ");
		words_say_run(t, t->telling->names[over->node->meaning], false);
		return true;
	}
	/* Only from just outside the repeat is it clear which entries are meant. */
	if (question->column == CNV_NONE || question->table == 0 ||
	    form->tables[question->table].parent != expr_own_table(t->context))
		return false;
	for (size_t i = 0; i < sizeof gatherings / sizeof gatherings[0]; i++)
		if (words_is_call(p, gatherings[i].function)) {
			words_say(t, gatherings[i].words);
			words_say_run(t, t->telling->names[over->node->meaning], false);
			words_say(t, " over all entries");
			return true;
		}
	return false;
}

static bool tell_call_value(words_teller *t, const words_part *p)
{
	if (words_is_call(p, "today") || words_is_call(p, "now")) {
		words_say(t, words_is_call(p, "today") ? "today" : "now");
		return true;
	}
	if (words_is_call(p, "date"))
		return tell_date(t, p);
	if ((words_is_call(p, "count-selected") || words_is_call(p, "string-length")) && p->node->count == 1 &&
	    words_answer_of(t, p->args[0]) != NULL) {
		words_say(t, words_is_call(p, "string-length") ? "the number of characters of "
							       : "the number of choices made in ");
		return words_tell_value(t, p->args[0]);
	}
	return tell_gathering(t, p);
}

static bool tell_one_value(words_teller *t, const words_part *p)
{
	const expr_node *node = p->node;
	switch (node->kind) {
	case NODE_NUMBER:
		say_number(t, node->number);
		return true;
	case NODE_TEXT:
		words_say_quoted(t, node->text);
		return true;
	case NODE_QUESTION:
		if (words_answer_of(t, p) == NULL)
			return false;
		if (words_is_own_answer(t, p))
			words_say(t, "the answer");
		else
			words_say_run(t, t->telling->names[node->meaning], false);
		return true;
	case NODE_COLUMN:
		if (cnv_str_equal(node->text, CNV_STR("name")))
			words_say(t, "the code");
		else if (cnv_str_equal(node->text, CNV_STR("label")))
			words_say(t, "the label");
		else
			words_say_quoted(t, node->text);
		return true;
	case NODE_NEGATE:
		words_say(t, "\xE2\x88\x92");
		return p->args[0]->node->kind != NODE_NEGATE && tell_factor(t, p->args[0], false);
	case NODE_BINARY:
		return tell_arithmetic(t, p);
	case NODE_CALL:
		return tell_call_value(t, p);
	case NODE_ROOT:
	case NODE_NOTHING:
	case NODE_BAD:
	case NODE_SELECT:
	case NODE_SAVED:
	case NODE_UNKNOWN:
	case NODE_IDENTITY:
		return false;
	}
	return false;
}

/* A value by itself: a number, a question's answer, a sum.  false: part of it may have been said. */
bool words_tell_value(words_teller *t, const words_part *p)
{
	/* Sums of more terms than parentheses may be deep are no longer read with profit. */
	if (t->depth == EXPR_DEPTH)
		return false;
	t->depth++;
	bool told = tell_one_value(t, p);
	t->depth--;
	return told;
}
