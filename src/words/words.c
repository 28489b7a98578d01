/* words.c: formulas in words.
 *
 * The tree of a formula becomes claims (`B2 is 'Yes'`, `at most 500 characters`), and adjacent claims are joined as
 * a person would: two bounds are a range, two equalities with `or` are a choice of values.  The words mean exactly
 * the same as the formula, also for a blank answer; the smallest condition without such words is quoted. */
#include "words/words_internal.h"

static bool render_condition(words_renderer *t, words_node *p, bool inner);

/* ---------------------------------------------------------------- chains of conditions */

/* The members of a chain of one operator, from left to right; NULL: out of memory.  The operator is
 * left-associative, so only the left side is a chain. */
static words_node **collect(words_renderer *t, words_node *p, uint32_t *count)
{
	words_node *left = p;
	*count = 1;
	for (; words_is_binary(left, p->op); left = words_arg(t, left, 0))
		++*count;
	words_node **members = cnv_arena_array(t->arena, *count, sizeof *members);
	if (!members)
		return NULL;
	members[0] = left;
	left = p;
	for (uint32_t at = *count - 1; at > 0; at--, left = words_arg(t, left, 0))
		members[at] = words_arg(t, left, 1);
	return members;
}

/* Do these two claims state the same of one subject with two values, so that `or` (or `and`) can join the values? */
static bool may_list(const words_renderer *t, const words_claim *a, const words_claim *b, bool any)
{
	if (!words_is_same(t, a->subject, b->subject) || a->kind != b->kind || a->negated != b->negated ||
	    a->relation != b->relation || !words_is_constant(a->value) || !words_is_constant(b->value))
		return false;
	if (a->kind == CLAIM_INCLUDES)
		return !(any && a->negated);
	const cnv_question *question = words_answer_of(t, a->subject);
	return a->kind == CLAIM_VALUE && question && question->kind != CNV_CHOICES &&
	       a->relation == (any ? CNV_OP_EQUAL : CNV_OP_UNEQUAL);
}

/* "is 'A', 'B' or 'C'"; "is neither 'A' nor 'B'"; "includes 'A' and 'B'". */
static bool render_list(words_renderer *t, const words_claim *claims, uint32_t count, bool any)
{
	bool neither = claims->negated || (claims->kind == CLAIM_VALUE && !any);
	if (!words_render_subject(t, claims->subject))
		return false;
	if (claims->kind == CLAIM_INCLUDES)
		words_put(t, neither ? "includes neither " : "includes ");
	else
		words_put(t, t->bare ? (neither ? "neither " : "") : neither ? "is neither " : "is ");
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			words_put(t, neither ? " nor " : i + 1 < count ? ", " : any ? " or " : " and ");
		if (!words_render_claimed(t, &claims[i]))
			return false;
	}
	return true;
}

/* Two bounds of one answer, in either order. */
static bool is_range(const words_renderer *t, const words_claim *a, const words_claim *b)
{
	bool kind =
		a->kind == b->kind && (a->kind == CLAIM_VALUE || a->kind == CLAIM_LENGTH || a->kind == CLAIM_CHOICES);
	return kind && !a->negated && !b->negated && words_is_same(t, a->subject, b->subject) &&
	       ((a->relation == CNV_OP_MORE_EQUAL && b->relation == CNV_OP_LESS_EQUAL) ||
		(a->relation == CNV_OP_LESS_EQUAL && b->relation == CNV_OP_MORE_EQUAL));
}

static bool render_range(words_renderer *t, const words_claim *a, const words_claim *b)
{
	const words_claim *low = a->relation == CNV_OP_MORE_EQUAL ? a : b, *high = low == a ? b : a;
	if (!words_render_subject(t, a->subject))
		return false;
	if (!t->bare)
		words_put(t, a->kind == CLAIM_VALUE ? "is " : "has ");
	words_put(t, "from ");
	if (!words_render_value(t, low->value))
		return false;
	words_put(t, " to ");
	if (!words_render_value(t, high->value))
		return false;
	words_put(t, a->kind == CLAIM_LENGTH ? " characters" : a->kind == CLAIM_CHOICES ? " choices" : "");
	return true;
}

/* Writes members[i] together with the following ones that belong to it; returns the first one left, or i if another
 * subject was met while bare. */
static uint32_t render_link(words_renderer *t, words_node **members, words_claim *claims, uint32_t i, uint32_t count,
			    bool any)
{
	uint32_t mark = t->out->count, next = i + 1;
	bool known = words_claim_of(t, members[i], &claims[i]), told = false;

	while (known && next < count && words_claim_of(t, members[next], &claims[next]) &&
	       may_list(t, &claims[i], &claims[next], any))
		next++;
	if (next > i + 1) {
		told = render_list(t, &claims[i], next - i, any);
	} else if (known && !any && next < count && words_claim_of(t, members[next], &claims[next]) &&
		   is_range(t, &claims[i], &claims[next])) {
		told = render_range(t, &claims[i], &claims[next]);
		next++;
	}
	if (told) {
		t->previous = claims[i].subject;
		t->was = false;
		return next;
	}
	if (t->mixed)
		return i;
	t->out->count = mark;
	if (!render_condition(t, members[i], true))
		return i;
	t->previous = known ? claims[i].subject : NULL;
	t->was = known && claims[i].kind == CLAIM_VALUE;
	return i + 1;
}

/* Conditions joined by one operator: claims that belong together are written together. */
static bool render_chain(words_renderer *t, words_node *p, bool inner)
{
	bool any = p->op == CNV_OP_OR;
	uint32_t count, next;
	words_node **members = collect(t, p, &count), *before = t->previous;
	words_claim *claims = cnv_arena_array(t->arena, count, sizeof *claims);
	if (!members || !claims)
		return true;
	if (inner)
		words_put(t, "(");
	t->previous = NULL;
	for (uint32_t i = 0; i < count; i = next) {
		if (i > 0)
			words_put(t, any ? " or " : " and ");
		next = render_link(t, members, claims, i, count, any);
		if (next == i)
			return false;
	}
	t->previous = before;
	if (inner)
		words_put(t, ")");
	return true;
}

/* A whole condition; a part without words is quoted.  false: only while `bare`, because another subject was met. */
static bool render_condition(words_renderer *t, words_node *p, bool inner)
{
	uint32_t mark = t->out->count;
	words_claim c;

	if (words_is_binary(p, CNV_OP_AND) || words_is_binary(p, CNV_OP_OR))
		return render_chain(t, p, inner);
	if (words_claim_of(t, p, &c)) {
		if (words_render_claim(t, &c))
			return true;
	} else if (words_is_call(p, "not") && p->argc == 1 &&
		   (words_is_binary(words_arg(t, p, 0), CNV_OP_AND) ||
		    words_is_binary(words_arg(t, p, 0), CNV_OP_OR))) {
		words_node *before = t->previous;
		t->previous = NULL;
		words_put(t, "not ");
		bool told = render_condition(t, words_arg(t, p, 0), true);
		t->previous = before;
		return told;
	}
	if (t->mixed)
		return false;
	t->out->count = mark;
	words_put_as_written(t, p);
	return true;
}

/* if(condition, a, b) at the top of a value. */
static bool render_top_value(words_renderer *t, words_node *p, uint32_t depth)
{
	if (!words_is_call(p, "if") || p->argc != 3 || depth > 3)
		return words_render_value(t, p);
	if (!render_top_value(t, words_arg(t, p, 1), CNV_FORMULA_DEPTH))
		return false;
	words_put(t, " if ");
	if (!render_condition(t, words_arg(t, p, 0), true))
		return false;
	words_put(t, ", else ");
	return render_top_value(t, words_arg(t, p, 2), depth + 1);
}

static bool render(words_renderer *t, words_node *p)
{
	if (t->context->purpose == CNV_FOR_VALUE || t->context->purpose == CNV_FOR_COUNT)
		return render_top_value(t, p, 0);
	t->bare = t->style->of_answer;
	if (render_condition(t, p, false))
		return true;
	t->bare = t->mixed = false;
	t->out->count = 0;
	return render_condition(t, p, false);
}

cnv_status cnv_words_write(cnv_words *out, const cnv_formula *formula, const cnv_context *context,
			   const cnv_words_style *style, cnv_arena *arena)
{
	words_renderer t = { .context = context, .style = style, .out = out, .arena = arena };
	words_node *root = words_begin(&t, formula);
	bool truth, written = false;

	*out = (cnv_words){ 0 };
	if (cnv_expr_is_yes_no(context, formula->text, &truth)) {
		words_put(&t, truth ? "always" : "never");
		written = true;
	} else if (root) {
		written = render(&t, root);
	}
	if (!written) {
		out->count = 0;
		words_put_run(&t, formula->text, true);
	}
	out->as_written = out->count == 1 && out->runs[0].as_written;
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
