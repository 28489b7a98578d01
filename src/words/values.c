/* values.c: values in words: numbers, days, answers, choices by their labels, sums. */
#include "words/words_internal.h"

#include <string.h>

/* Functions over the entries of a repeat. */
static const struct gathering {
	const char *function, *words;
} gatherings[] = {
	{ "sum", "the sum of " },
	{ "min", "the least of " },
	{ "max", "the greatest of " },
};
/* ---------------------------------------------------------------- writing */

void words_put_run(words_renderer *t, cnv_str text, bool as_written)
{
	cnv_words *out = t->out;
	if (text.len == 0 || !cnv_arena_grow(t->arena, (void **)&out->runs, out->count, &out->room, sizeof *out->runs))
		return;
	out->runs[out->count++] = (cnv_words_run){ text, as_written };
}

void words_put(words_renderer *t, const char *words)
{
	words_put_run(t, cnv_str_from(words), false);
}

static void put_quoted(words_renderer *t, cnv_str text)
{
	const char *mark = cnv_str_find(text, CNV_STR("'")) == SIZE_MAX ? "'" : "\"";
	words_put(t, mark);
	words_put_run(t, text, false);
	words_put(t, mark);
}

static void put_number(words_renderer *t, double number)
{
	char digits[CNV_NUMBER_ROOM], grouped[2 * CNV_NUMBER_ROOM];
	size_t len = cnv_number_write(number, digits), sign = digits[0] == '-', to = 0;
	bool whole = strspn(digits + sign, "0123456789") == len - sign;

	/* Four digits have no separator: they may be a year. */
	for (size_t i = 0; i < len; i++) {
		if (whole && len - sign > 4 && i > sign && (len - i) % 3 == 0)
			grouped[to++] = ',';
		grouped[to++] = digits[i];
	}
	words_put_run(t, cnv_arena_copy(t->arena, (cnv_str){ grouped, to }), false);
}

static void put_day(words_renderer *t, int32_t day)
{
	char room[CNV_DAY_WORDS];

	words_put_run(t, cnv_arena_copy(t->arena, cnv_day_words(day, room)), false);
}

void words_put_as_written(words_renderer *t, words_node *p)
{
	words_put_run(t, cnv_str_slice(t->tree->text, p->from, p->upto), true);
}

/* ---------------------------------------------------------------- questions and their choices */

void words_put_choice(words_renderer *t, const cnv_choice *choice)
{
	put_quoted(t, cnv_choice_title(t->context->form, choice, t->style->language));
}

/* ---------------------------------------------------------------- values */

static bool render_days_apart(words_renderer *t, words_node *p)
{
	double days = words_arg(t, p, 1)->number;
	put_number(t, days);
	words_put(t, days == 1 ? " day " : " days ");
	words_put(t, p->op == CNV_OP_PLUS ? "after " : "before ");
	return words_render_value(t, words_arg(t, p, 0));
}

static bool render_factor(words_renderer *t, words_node *p, bool additive)
{
	bool inner = p->kind == CNV_F_BINARY && (!additive || p->op == CNV_OP_PLUS || p->op == CNV_OP_MINUS);
	if (inner)
		words_put(t, "(");
	if (!words_is_measure(t, p) || !words_render_value(t, p))
		return false;
	if (inner)
		words_put(t, ")");
	return true;
}

static bool render_arithmetic(words_renderer *t, words_node *p)
{
	bool additive = p->op == CNV_OP_PLUS || p->op == CNV_OP_MINUS;
	const char *sign = p->op == CNV_OP_PLUS    ? " + "
			   : p->op == CNV_OP_MINUS ? " \xE2\x88\x92 "
			   : p->op == CNV_OP_TIMES ? " \xC3\x97 "
			   : p->op == CNV_OP_DIV   ? " \xC3\xB7 "
						   : NULL;
	if (!sign)
		return false;
	if (additive && words_is_day(t, p))
		return render_days_apart(t, p);
	/* A sum as the left operand of a sum needs no parentheses. */
	if (additive && words_is_binary(words_arg(t, p, 0), CNV_OP_PLUS) && !words_is_day(t, words_arg(t, p, 0))) {
		if (!words_render_value(t, words_arg(t, p, 0)))
			return false;
	} else if (!render_factor(t, words_arg(t, p, 0), additive)) {
		return false;
	}
	words_put(t, sign);
	return render_factor(t, words_arg(t, p, 1), additive);
}

static bool render_date(words_renderer *t, words_node *p)
{
	int32_t day;
	if (p->argc != 1)
		return false;
	if (words_is_text(words_arg(t, p, 0))) {
		if (!cnv_day_read(words_arg(t, p, 0)->text, &day))
			return false;
		put_day(t, day);
		return true;
	}
	return words_is_day(t, words_arg(t, p, 0)) && words_render_value(t, words_arg(t, p, 0));
}

/* sum(${q}), count(${repeat}): over the entries of a repeat. */
static bool render_gathering(words_renderer *t, words_node *p)
{
	const cnv_form *form = t->context->form;
	words_node *over = p->argc == 1 ? words_arg(t, p, 0) : NULL;

	cnv_question_id id = over ? words_question(t, over) : CNV_NONE;

	if (id == CNV_NONE)
		return false;
	const cnv_question *question = &form->questions[id];
	if (question->role == CNV_REPEAT && words_is_call(p, "count") &&
	    form->tables[question->table].parent == cnv_form_table_of(t->context->form, t->context->self)) {
		words_put(t, "the number of entries in ");
		words_put_run(t, t->style->names[id], false);
		return true;
	}
	/* Only directly outside the repeat is it clear which entries are meant. */
	if (question->column == CNV_NONE || question->table == 0 ||
	    form->tables[question->table].parent != cnv_form_table_of(t->context->form, t->context->self))
		return false;
	for (size_t i = 0; i < sizeof gatherings / sizeof gatherings[0]; i++)
		if (words_is_call(p, gatherings[i].function)) {
			words_put(t, gatherings[i].words);
			words_put_run(t, t->style->names[id], false);
			words_put(t, " over all entries");
			return true;
		}
	return false;
}

static bool render_call_value(words_renderer *t, words_node *p)
{
	if (words_is_call(p, "today") || words_is_call(p, "now")) {
		words_put(t, words_is_call(p, "today") ? "today" : "now");
		return true;
	}
	if (words_is_call(p, "date"))
		return render_date(t, p);
	if ((words_is_call(p, "count-selected") || words_is_call(p, "string-length")) && p->argc == 1 &&
	    words_answer_of(t, words_arg(t, p, 0)) != NULL) {
		words_put(t, words_is_call(p, "string-length") ? "the number of characters of "
							       : "the number of choices made in ");
		return words_render_value(t, words_arg(t, p, 0));
	}
	return render_gathering(t, p);
}

static bool render_path(words_renderer *t, words_node *p)
{
	cnv_str column = words_column(t, p);

	if (cnv_str_equal(column, CNV_STR("name")))
		words_put(t, "the code");
	else if (cnv_str_equal(column, CNV_STR("label")))
		words_put(t, "the label");
	else if (column.len > 0)
		put_quoted(t, column);
	else if (!words_answer_of(t, p))
		return false;
	else if (words_is_own_answer(t, p))
		words_put(t, "the answer");
	else
		words_put_run(t, t->style->names[words_question(t, p)], false);
	return true;
}

static bool render_one_value(words_renderer *t, words_node *p)
{
	switch (p->kind) {
	case CNV_F_NUMBER:
		put_number(t, p->number);
		return true;
	case CNV_F_TEXT:
		put_quoted(t, p->text);
		return true;
	case CNV_F_REFERENCE:
	case CNV_F_NAME:
	case CNV_F_SELF:
	case CNV_F_PARENT:
	case CNV_F_CURRENT:
	case CNV_F_STEP:
		return render_path(t, p);
	case CNV_F_NEGATE:
		words_put(t, "\xE2\x88\x92");
		return words_arg(t, p, 0)->kind != CNV_F_NEGATE && render_factor(t, words_arg(t, p, 0), false);
	case CNV_F_BINARY:
		return render_arithmetic(t, p);
	case CNV_F_CALL:
		return render_call_value(t, p);
	case CNV_F_ROOT:
	case CNV_F_INSTANCE:
	case CNV_F_WHERE:
		return false;
	}
	return false;
}

/* A value by itself: a number, a question's answer, a sum.  false: part of it may have been written. */
bool words_render_value(words_renderer *t, words_node *p)
{
	/* Sums of more terms than the maximum depth of parentheses are not readable. */
	if (t->depth == CNV_FORMULA_DEPTH)
		return false;
	t->depth++;
	bool told = render_one_value(t, p);
	t->depth--;
	return told;
}
