/* Comparisons of the answers of a repeat, from outside it: true when any of them, or any pair, satisfies the relation
 * (XPath 1.0 section 3.4).
 *
 * Two repeats of a thousand entries have a million pairs, so pairs are not enumerated: an order is decided by extremes,
 * "unequal" by the first member of each side, and "equal" by a map. */
#include "expr/machine.h"

#include <math.h>
#include <string.h>

/* The members of one row. */
typedef struct members {
	expr_machine *machine;
	const expr_set_comparison *how;
	const expr_reading *reading;
	const expr_member *at;
	uint32_t count;
} members;

/* The value of one member, or the single value that is compared. */
typedef struct compared {
	double number;
	cnv_str text;
} compared;

static members members_of(expr_machine *machine, const expr_set_comparison *how, const expr_reading *reading,
			  uint32_t row)
{
	const expr_set *set = &machine->sets[reading->set];

	return (members){ machine, how, reading, set->members + set->starts[row], set->ends[row] - set->starts[row] };
}

static compared member(const members *side, uint32_t i)
{
	compared value = { 0 };
	bool blank;

	if (side->how->as_text)
		value.text = expr_member_text(side->machine, side->reading, side->at[i]);
	else
		value.number = expr_member_number(side->machine, side->reading, side->at[i], &blank);
	return value;
}

static bool is_equal(const expr_set_comparison *how, const compared *a, const compared *b)
{
	if (how->as_text)
		return cnv_str_equal(a->text, b->text);
	return a->number == b->number || (how->blanks_equal && isnan(a->number) && isnan(b->number));
}

static bool holds(const expr_set_comparison *how, expr_relation relation, const compared *a, const compared *b)
{
	switch (relation) {
	case IS_EQUAL:
		return is_equal(how, a, b);
	case IS_UNEQUAL:
		return !is_equal(how, a, b);
	case IS_LESS:
		return a->number < b->number;
	case IS_LESS_EQUAL:
		return a->number <= b->number;
	case IS_MORE:
		return a->number > b->number;
	case IS_MORE_EQUAL:
		return a->number >= b->number;
	}
	return false;
}

/* Any member of the side with this value. */
static bool any_holds(const members *left, expr_relation relation, const compared *right)
{
	for (uint32_t i = 0; i < left->count; i++) {
		compared one = member(left, i);
		if (holds(left->how, relation, &one, right))
			return true;
	}
	return false;
}

/* The least (sign -1) or greatest (1) number. */
static compared extreme(const members *side, double sign)
{
	compared found = { .number = EXPR_NAN };

	for (uint32_t i = 0; i < side->count; i++) {
		double number = member(side, i).number;
		if (!isnan(number) && !(number * sign <= found.number * sign))
			found.number = number;
	}
	return found;
}

/* Equal values have equal keys; a value that equals nothing has none. */
static cnv_str key_of(const expr_set_comparison *how, const compared *value, cnv_arena *arena)
{
	double number = value->number == 0 ? 0 : value->number; /* -0 is 0 */
	char bytes[sizeof number + 1] = "n";

	if (how->as_text)
		return cnv_arena_format(arena, "t%.*s", CNV_ARG(value->text));
	if (isnan(number))
		return how->blanks_equal ? CNV_STR("b") : (cnv_str){ 0 };
	memcpy(bytes + 1, &number, sizeof number);
	return cnv_arena_copy(arena, (cnv_str){ bytes, sizeof bytes });
}

static bool shares_member(const members *left, const members *right)
{
	cnv_arena keys = { 0 };
	cnv_map seen = { 0 };
	bool shared = false;

	for (uint32_t i = 0; i < left->count; i++) {
		compared one = member(left, i);
		cnv_str key = key_of(left->how, &one, &keys);
		if (key.len)
			cnv_map_put(&seen, key, i);
	}
	for (uint32_t i = 0; i < right->count && !shared; i++) {
		compared one = member(right, i);
		cnv_str key = key_of(left->how, &one, &keys);
		shared = key.len && cnv_map_find(&seen, key) != CNV_NONE;
	}
	if (keys.failed || seen.failed)
		left->machine->failed = true;
	cnv_map_fini(&seen);
	cnv_arena_fini(&keys);
	return shared;
}

static bool any_pair_holds(const members *left, expr_relation relation, const members *right)
{
	compared mine, theirs;

	if (!left->count || !right->count)
		return false;
	if (relation == IS_EQUAL)
		return shares_member(left, right);
	if (relation != IS_UNEQUAL) {
		bool less = relation == IS_LESS || relation == IS_LESS_EQUAL;
		mine = extreme(left, less ? -1 : 1);
		theirs = extreme(right, less ? 1 : -1);
		return holds(left->how, relation, &mine, &theirs);
	}
	/* If all are equal to the first of the other side, all are equal. */
	mine = member(left, 0);
	theirs = member(right, 0);
	return any_holds(left, IS_UNEQUAL, &theirs) || any_holds(right, IS_UNEQUAL, &mine);
}

/* args: whether the left set has members; the single value, or whether the right set has members. */
void step_compare_set(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_set_comparison *how = step->data;
	uint64_t *to = bits_of(machine, step->to);

	for (uint32_t i = 0; i < count; i++) {
		members left = members_of(machine, how, how->left, i);
		bool truth;

		if (how->right) {
			members right = members_of(machine, how, how->right, i);
			truth = any_pair_holds(&left, step->relation, &right);
		} else {
			compared one = { 0 };
			if (how->as_text)
				one.text = texts_of(machine, step->args[1])[i];
			else
				one.number = numbers_of(machine, step->args[1])[i];
			truth = any_holds(&left, step->relation, &one);
		}
		if (truth)
			cnv_bit_set(to, i);
		else
			cnv_bit_clear(to, i);
	}
	machine->failed = machine->failed || machine->scratch->failed;
}
