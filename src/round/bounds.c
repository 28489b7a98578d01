/* What a constraint implies for an answer: a range of numbers, a range of lengths, a pattern.  Only comparisons of
 * the answer itself (`.`) with a constant are read; all other conditions are met by random drawing and judging. */
#include "round/simulate.h"

/* A number, date('...'), today() or now(). */
static bool read_constant(const cnv_formula_tree *tree, uint32_t node, const cnv_world *world, double *value)
{
	uint32_t only = cnv_formula_arg(tree, node, 0);
	int32_t day;

	if (cnv_formula_is_number(tree, node, value))
		return true;
	if (cnv_formula_is_call(tree, node, "today") || cnv_formula_is_call(tree, node, "now")) {
		*value = cnv_instant_day(world->now);
		return true;
	}
	if (!cnv_formula_is_call(tree, node, "date") || !cnv_formula_is(tree, only, CNV_F_TEXT) ||
	    !cnv_day_read(cnv_str_slice(tree->nodes[only].text, 0, 10), &day))
		return false;
	*value = day;
	return true;
}

static void take_low(simulate_bounds *bounds, double value)
{
	if (!bounds->has_low || value > bounds->low)
		bounds->low = value;
	bounds->has_low = true;
}

static void take_high(simulate_bounds *bounds, double value)
{
	if (!bounds->has_high || value < bounds->high)
		bounds->high = value;
	bounds->has_high = true;
}

/* `subject op value`, where the subject is the answer or the length of its text. */
static void read_comparison(simulate_bounds *bounds, const cnv_formula_tree *tree, uint32_t subject, cnv_formula_op op,
			    double value)
{
	bool below = op == CNV_OP_LESS || op == CNV_OP_LESS_EQUAL, above = op == CNV_OP_MORE || op == CNV_OP_MORE_EQUAL;

	if (cnv_formula_is(tree, subject, CNV_F_SELF)) {
		if (below)
			take_high(bounds, value);
		if (above)
			take_low(bounds, value);
	} else if (below && cnv_formula_is_call(tree, subject, "string-length") &&
		   cnv_formula_is(tree, cnv_formula_arg(tree, subject, 0), CNV_F_SELF)) {
		value -= op == CNV_OP_LESS;
		if (bounds->length <= 0 || value < bounds->length)
			bounds->length = value;
	}
}

/* `. = other`. */
static void read_equality(simulate_bounds *bounds, const cnv_form *form, const cnv_formula_tree *tree, uint32_t other)
{
	cnv_str name;
	double number;

	if (cnv_formula_is_reference(tree, other, &name)) {
		cnv_question_id id = cnv_form_find(form, name);
		if (id < form->count && form->questions[id].column != CNV_NONE)
			bounds->same = id;
	} else if (!bounds->equal.len && (cnv_formula_is(tree, other, CNV_F_TEXT))) {
		bounds->equal = tree->nodes[other].text;
	} else if (!bounds->equal.len && cnv_formula_is_number(tree, other, &number)) {
		bounds->equal = cnv_str_trim(cnv_formula_slice(tree, other));
	}
}

static void read_pattern(simulate_bounds *bounds, const cnv_formula_tree *tree)
{
	uint32_t regex = CNV_NONE, pattern;

	while (!bounds->pattern.len && (regex = cnv_formula_next_call(tree, "regex", regex)) != CNV_NONE) {
		pattern = cnv_formula_arg(tree, regex, 1);
		if (cnv_formula_is(tree, pattern, CNV_F_TEXT))
			bounds->pattern = tree->nodes[pattern].text;
	}
}

void simulate_read_bounds(simulate_bounds *bounds, const cnv_plan *plan, cnv_question_id id, const cnv_world *world)
{
	const cnv_formula_tree *tree = cnv_plan_form(plan)->questions[id].constraint.tree;
	double value;

	*bounds = (simulate_bounds){ .same = CNV_NONE };
	for (uint32_t i = 0; tree && i < tree->count; i++) {
		uint32_t left = cnv_formula_arg(tree, i, 0), right = cnv_formula_arg(tree, i, 1);
		cnv_formula_op op = tree->nodes[i].op;

		if (!cnv_op_is_comparison(op))
			continue;
		if (op == CNV_OP_EQUAL && cnv_formula_is(tree, left, CNV_F_SELF))
			read_equality(bounds, cnv_plan_form(plan), tree, right);
		if (op == CNV_OP_EQUAL && cnv_formula_is(tree, right, CNV_F_SELF))
			read_equality(bounds, cnv_plan_form(plan), tree, left);
		if (read_constant(tree, right, world, &value))
			read_comparison(bounds, tree, left, op, value);
		else if (read_constant(tree, left, world, &value))
			read_comparison(bounds, tree, right, cnv_op_turn(op), value);
	}
	read_pattern(bounds, tree);
	read_pattern(bounds, cnv_plan_form(plan)->questions[id].warning.tree);
}
