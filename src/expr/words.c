/* Formulas told in words.
 *
 * The nodes of a formula become a tree, the tree becomes claims (`B2 is 'Yes'`, `at most 500 characters`), and
 * claims that stand together are joined as a person would: two bounds are a range, two equalities with `or`
 * are a choice of values.  What is told is exactly what the formula says, also where an answer is blank;
 * whatever there are no such words for stands as it is written, the smallest condition of it that can be cut out.
 */
#include "words.h"

	static bool
	tell_condition(words_teller *t, const words_part *p, bool inner);

/* ---------------------------------------------------------------- the tree */

/* Parentheses are no nodes: takes in those that a part between [from, upto) leaves open. */
static void take_parentheses(const expr_compiler *compiler, words_part *p)
{
	uint32_t first = 0, last, opened = 0, missing = 0;

	while (first < compiler->token_count && compiler->tokens[first].from < p->from)
		first++;
	for (last = first; last < compiler->token_count && compiler->tokens[last].upto <= p->upto &&
			   compiler->tokens[last].kind != TOKEN_END;
	     last++) {
		if (compiler->tokens[last].kind == TOKEN_OPEN)
			opened++;
		else if (compiler->tokens[last].kind == TOKEN_CLOSE && opened)
			opened--;
		else if (compiler->tokens[last].kind == TOKEN_CLOSE)
			missing++;
	}
	while (missing-- && first && compiler->tokens[first - 1].kind == TOKEN_OPEN)
		p->from = compiler->tokens[--first].from;
	while (opened-- && last < compiler->token_count && compiler->tokens[last].kind == TOKEN_CLOSE)
		p->upto = compiler->tokens[last++].upto;
}

/* The nodes in postfix order as a tree; NULL when there is none. */
static words_part *plant(expr_compiler *compiler, cnv_arena *arena)
{
	words_part *parts = cnv_arena_array(arena, compiler->node_count, sizeof *parts);
	words_part **stack = cnv_arena_array(arena, (size_t)compiler->node_count + 1, sizeof(*stack));
	uint32_t top = 0;

	if (parts == NULL || stack == NULL)
		return NULL;
	for (uint32_t i = 0; i < compiler->node_count; i++) {
		const expr_node *node = &compiler->nodes[i];
		words_part *p = &parts[i];
		if (node->count > top)
			return NULL;
		*p = (words_part){ .node = node, .from = node->from, .upto = node->upto };
		p->args = cnv_arena_array(arena, (size_t)node->count + 1, sizeof(*p->args));
		if (p->args == NULL)
			return NULL;
		top -= node->count;
		for (uint32_t k = 0; k < node->count; k++) {
			p->args[k] = stack[top + k];
			if (p->args[k]->from < p->from)
				p->from = p->args[k]->from;
			if (p->args[k]->upto > p->upto)
				p->upto = p->args[k]->upto;
		}
		if (node->count > 0)
			take_parentheses(compiler, p);
		stack[top++] = p;
	}
	return top == 1 ? stack[0] : NULL;
}
/* ---------------------------------------------------------------- chains of conditions */

/* The members of a chain of one operator, from left to right; NULL when memory has run out.  The operator binds to the
 * left, so only that side is a chain. */
static const words_part **collect(words_teller *t, const words_part *p, uint32_t *count)
{
	const words_part *left = p;
	*count = 1;
	for (; words_is_binary(left, p->node->op); left = left->args[0])
		++*count;
	const words_part **members = cnv_arena_array(t->arena, *count, sizeof *members);
	if (members == NULL)
		return NULL;
	members[0] = left;
	left = p;
	for (uint32_t at = *count - 1; at > 0; at--, left = left->args[0])
		members[at] = left->args[1];
	return members;
}

/* Do these two claims say the same of one subject with two values, so that `or` (or `and`) may stand between the
 * values? */
static bool may_list(const words_teller *t, const words_claim *a, const words_claim *b, bool any)
{
	if (!words_is_same(a->subject, b->subject) || a->kind != b->kind || a->negated != b->negated ||
	    a->relation != b->relation || !words_is_constant(a->value) || !words_is_constant(b->value))
		return false;
	if (a->kind == CLAIM_INCLUDES)
		return !(any && a->negated);
	const cnv_question *question = words_answer_of(t, a->subject);
	return a->kind == CLAIM_VALUE && question != NULL && question->kind != CNV_CHOICES &&
	       a->relation == (any ? IS_EQUAL : IS_UNEQUAL);
}

/* "is 'A', 'B' or 'C'"; "is neither 'A' nor 'B'"; "includes 'A' and 'B'". */
static bool tell_list(words_teller *t, const words_claim *claims, uint32_t count, bool any)
{
	bool neither = claims->negated || (claims->kind == CLAIM_VALUE && !any);
	if (!words_tell_subject(t, claims->subject))
		return false;
	if (claims->kind == CLAIM_INCLUDES)
		words_say(t, neither ? "includes neither " : "includes ");
	else
		words_say(t, t->bare ? (neither ? "neither " : "") : neither ? "is neither " : "is ");
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			words_say(t, neither ? " nor " : i + 1 < count ? ", " : any ? " or " : " and ");
		if (!words_tell_claimed(t, &claims[i]))
			return false;
	}
	return true;
}

/* Two bounds of one answer, in either order. */
static bool is_range(const words_claim *a, const words_claim *b)
{
	bool kind =
		a->kind == b->kind && (a->kind == CLAIM_VALUE || a->kind == CLAIM_LENGTH || a->kind == CLAIM_CHOICES);
	return kind && !a->negated && !b->negated && words_is_same(a->subject, b->subject) &&
	       ((a->relation == IS_MORE_EQUAL && b->relation == IS_LESS_EQUAL) ||
		(a->relation == IS_LESS_EQUAL && b->relation == IS_MORE_EQUAL));
}

static bool tell_range(words_teller *t, const words_claim *a, const words_claim *b)
{
	const words_claim *low = a->relation == IS_MORE_EQUAL ? a : b, *high = low == a ? b : a;
	if (!words_tell_subject(t, a->subject))
		return false;
	if (!t->bare)
		words_say(t, a->kind == CLAIM_VALUE ? "is " : "has ");
	words_say(t, "from ");
	if (!words_tell_value(t, low->value))
		return false;
	words_say(t, " to ");
	if (!words_tell_value(t, high->value))
		return false;
	words_say(t, a->kind == CLAIM_LENGTH ? " characters" : a->kind == CLAIM_CHOICES ? " choices" : "");
	return true;
}

/* Tells members[i] together with those behind it that belong to it; gives the first that is left, or i when there was
 * only another subject to be met while bare. */
static uint32_t tell_link(words_teller *t, const words_part **members, words_claim *claims, uint32_t i, uint32_t count,
			  bool any)
{
	uint32_t mark = t->out->count, next = i + 1;
	bool known = words_claim_of(t, members[i], &claims[i]), told = false;

	while (known && next < count && words_claim_of(t, members[next], &claims[next]) &&
	       may_list(t, &claims[i], &claims[next], any))
		next++;
	if (next > i + 1) {
		told = tell_list(t, &claims[i], next - i, any);
	} else if (known && !any && next < count && words_claim_of(t, members[next], &claims[next]) &&
		   is_range(&claims[i], &claims[next])) {
		told = tell_range(t, &claims[i], &claims[next]);
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
	if (!tell_condition(t, members[i], true))
		return i;
	t->previous = known ? claims[i].subject : NULL;
	t->was = known && claims[i].kind == CLAIM_VALUE;
	return i + 1;
}

/* Conditions joined by one operator: claims that belong together are told together. */
static bool tell_chain(words_teller *t, const words_part *p, bool inner)
{
	bool any = p->node->op == TOKEN_OR;
	uint32_t count, next;
	const words_part **members = collect(t, p, &count), *before = t->previous;
	words_claim *claims = cnv_arena_array(t->arena, count, sizeof *claims);
	if (members == NULL || claims == NULL)
		return true;
	if (inner)
		words_say(t, "(");
	t->previous = NULL;
	for (uint32_t i = 0; i < count; i = next) {
		if (i > 0)
			words_say(t, any ? " or " : " and ");
		next = tell_link(t, members, claims, i, count, any);
		if (next == i)
			return false;
	}
	t->previous = before;
	if (inner)
		words_say(t, ")");
	return true;
}

/* A whole condition; what it cannot say it writes down.  false: only while `bare`, for another subject was met. */
static bool tell_condition(words_teller *t, const words_part *p, bool inner)
{
	uint32_t mark = t->out->count;
	words_claim c;

	if (words_is_binary(p, TOKEN_AND) || words_is_binary(p, TOKEN_OR))
		return tell_chain(t, p, inner);
	if (words_claim_of(t, p, &c)) {
		if (words_tell_claim(t, &c))
			return true;
	} else if (words_is_call(p, "not") && p->node->count == 1 &&
		   (words_is_binary(p->args[0], TOKEN_AND) || words_is_binary(p->args[0], TOKEN_OR))) {
		const words_part *before = t->previous;
		t->previous = NULL;
		words_say(t, "not ");
		bool told = tell_condition(t, p->args[0], true);
		t->previous = before;
		return told;
	}
	if (t->mixed)
		return false;
	t->out->count = mark;
	words_say_as_written(t, p);
	return true;
}

/* if(condition, a, b) at the top of a value. */
static bool tell_top_value(words_teller *t, const words_part *p, uint32_t depth)
{
	if (!words_is_call(p, "if") || p->node->count != 3 || depth > 3)
		return words_tell_value(t, p);
	if (!tell_top_value(t, p->args[1], EXPR_DEPTH))
		return false;
	words_say(t, " if ");
	if (!tell_condition(t, p->args[0], true))
		return false;
	words_say(t, ", else ");
	return tell_top_value(t, p->args[2], depth + 1);
}

static bool tell(words_teller *t, const words_part *p)
{
	if (t->context->purpose == CNV_FOR_VALUE || t->context->purpose == CNV_FOR_COUNT)
		return tell_top_value(t, p, 0);
	t->bare = t->telling->of_answer;
	if (tell_condition(t, p, false))
		return true;
	t->bare = t->mixed = false;
	t->out->count = 0;
	return tell_condition(t, p, false);
}

/* The tree of a formula, parsed as the compiler does but in silence; NULL: it has none, or memory has run out. */
words_part *words_tree(expr_compiler *compiler)
{
	cnv_expr *expr = cnv_arena_get(compiler->arena, sizeof(*expr)); /* conditions on paths are compiled while parsing */

	compiler->expr = compiler->whole = expr;
	if (expr == NULL)
		return NULL;
	expr->form = compiler->form;
	expr->table = expr_own_table(compiler->context);
	expr->formula = compiler->text;
	if (compiler->form != NULL) {
		bool single;
		expr_way_to(compiler, 0, expr->table, &single);
	}
	if (!expr_parse_text(compiler) || compiler->rejected)
		return NULL;
	return plant(compiler, compiler->arena);
}

/* Ends what words_tree began; false: memory ran out. */
bool words_tree_end(expr_compiler *compiler)
{
	bool whole = !compiler->no_memory && !compiler->work.failed && !compiler->arena->failed;

	cnv_arena_fini(&compiler->work);
	cnv_expr_fini(compiler->expr);
	return whole;
}

cnv_status cnv_expr_words(cnv_words *out, const cnv_formula *formula, const cnv_context *context,
			  const cnv_telling *telling, cnv_arena *arena)
{
	cnv_diags silent = { 0 };
	expr_compiler compiler = { .context = context,
				   .form = context->form,
				   .formula = formula,
				   .text = formula->text,
				   .arena = arena,
				   .diags = &silent };
	words_teller t = { .compiler = &compiler, .context = context, .telling = telling, .out = out, .arena = arena };
	bool truth, told = false;

	*out = (cnv_words){ 0 };
	const words_part *root = words_tree(&compiler);
	if (expr_is_yes_no(context, formula->text, &truth)) {
		words_say(&t, truth ? "always" : "never");
		told = true;
	} else if (root != NULL) {
		told = tell(&t, root);
	}
	if (!told) {
		out->count = 0;
		words_say_run(&t, formula->text, true);
	}
	out->as_written = out->count == 1 && out->runs[0].as_written;
	return words_tree_end(&compiler) ? CNV_OK : CNV_NO_MEMORY;
}
