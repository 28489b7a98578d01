/* Conditions, reduced to comparisons of one answer with a constant.
 *
 * `${role} = 'lead'`, `selected(${plan}, 'none')`, `${fee} > 0` and `${as_at} < date('2008-01-01')` distinguish a few
 * cases of one answer.  Whatever else a condition does may be true or not, so that what follows from it is certain.
 */
#include "advise/extent.h"

#include <math.h>

/* ---------------------------------------------------------------- constants */

static struct gate *gate_for(struct gates *gates, cnv_question_id id)
{
	if (gates->of[id] == CNV_NONE) {
		if (!cnv_arena_grow(&gates->arena, (void **)&gates->gates, gates->count, &gates->room,
				    sizeof *gates->gates))
			return NULL;
		gates->gates[gates->count] = (struct gate){ .id = id, .at = CNV_NONE };
		gates->of[id] = gates->count++;
	}
	return &gates->gates[gates->of[id]];
}

/* The index of a constant, which is kept once; CNV_NONE: there are too many. */
static uint32_t keep_constant(struct gate *gate, cnv_str text, double number, uint32_t most)
{
	for (uint32_t i = 0; i < gate->constants; i++)
		if (text.len ? cnv_str_equal(gate->texts[i], text) : gate->numbers[i] == number)
			return i;
	if (gate->constants == most)
		return CNV_NONE;
	gate->texts[gate->constants] = text;
	gate->numbers[gate->constants] = number;
	return gate->constants++;
}

static bool is_number(const cnv_question *question)
{
	return question->kind == CNV_INTEGER || question->kind == CNV_DECIMAL;
}

/* A number, or for a day date('2008-01-31'). */
static bool read_number(const cnv_question *question, const cnv_formula_tree *tree, uint32_t node, double *number)
{
	int32_t day;

	if (is_number(question))
		return cnv_formula_is_number(tree, node, number);
	if (question->kind != CNV_DATE || !cnv_formula_is_call(tree, node, "date") || tree->nodes[node].argc != 1 ||
	    !cnv_formula_is(tree, cnv_formula_arg(tree, node, 0), CNV_F_TEXT) ||
	    !cnv_day_read(tree->nodes[cnv_formula_arg(tree, node, 0)].text, &day))
		return false;
	*number = day;
	return true;
}

/* A code of the list.  A number equals every code of the same value, so it must be the only one: '01' is 1 too. */
static bool read_code(const cnv_list *list, const cnv_formula_tree *tree, uint32_t node, cnv_str *code)
{
	double wanted, number;

	if (!cnv_formula_is_literal(tree, node, code) || cnv_list_find(list, *code) == CNV_NONE)
		return false;
	if (!cnv_formula_is_number(tree, node, &wanted))
		return true;
	for (uint32_t i = 0; i < list->count; i++)
		if (!cnv_str_equal(list->choices[i].name, *code) && cnv_number_read(list->choices[i].name, &number) &&
		    number == wanted)
			return false;
	return true;
}

/* ---------------------------------------------------------------- reading */

static bool is_blank_text(const cnv_formula_tree *tree, uint32_t node)
{
	return cnv_formula_is(tree, node, CNV_F_TEXT) && !tree->nodes[node].text.len;
}

/* A comparison of the answer at `left` with the constant at `right`; false: it decides nothing. */
static bool read_comparison(struct gates *gates, const struct subject *subject, uint32_t left, uint32_t right,
			    struct gate_step *step)
{
	cnv_question_id id = cnv_subject_answer(subject, left);
	const cnv_question *question = id == CNV_NONE ? NULL : &gates->form->questions[id];
	bool equality = step->op == CNV_OP_EQUAL || step->op == CNV_OP_UNEQUAL || step->kind == STEP_SELECTED;
	const cnv_list *list;
	cnv_str code = { 0 };
	double number = NAN;
	uint32_t most = MOST_CONSTANTS;
	struct gate *gate;

	if (!question || question->role != CNV_ASKED)
		return false;
	step->constant = CNV_NONE;
	if (step->kind == STEP_COMPARE && equality && is_blank_text(subject->tree, right)) {
		if (!gate_for(gates, id))
			return false;
		step->gate = gates->of[id];
		return true;
	}
	if (question->kind == CNV_CHOICE || (question->kind == CNV_CHOICES && step->kind == STEP_SELECTED)) {
		list = question->list == CNV_NONE ? NULL : &gates->form->lists[question->list];
		if (!equality || !list || list->open || !read_code(list, subject->tree, right, &code))
			return false;
		most = question->kind == CNV_CHOICES ? MOST_NAMED : MOST_CONSTANTS;
	} else if (step->kind == STEP_SELECTED || !read_number(question, subject->tree, right, &number)) {
		return false;
	}
	gate = gate_for(gates, id);
	if (!gate)
		return false;
	step->gate = gates->of[id];
	step->constant = keep_constant(gate, code, number, most);
	return step->constant != CNV_NONE;
}

static struct gate_step read_leaf(struct gates *gates, const struct subject *subject, uint32_t node)
{
	const cnv_formula_tree *tree = subject->tree;
	struct gate_step maybe = { .kind = STEP_FIXED, .fixed = MAYBE }, step = { .kind = STEP_COMPARE };
	uint32_t left = cnv_formula_arg(tree, node, 0), right = cnv_formula_arg(tree, node, 1);

	if (cnv_formula_is_call(tree, node, "true") || cnv_formula_is_call(tree, node, "false")) {
		maybe.fixed = cnv_formula_is_call(tree, node, "true") ? YES : NO;
		return maybe;
	}
	if (cnv_formula_is_call(tree, node, "selected") && tree->nodes[node].argc == 2) {
		step.kind = STEP_SELECTED;
		return read_comparison(gates, subject, left, right, &step) ? step : maybe;
	}
	if (!cnv_formula_is(tree, node, CNV_F_BINARY) || !cnv_op_is_comparison(tree->nodes[node].op))
		return maybe;
	step.op = tree->nodes[node].op;
	if (read_comparison(gates, subject, left, right, &step))
		return step;
	step.op = cnv_op_turn(step.op);
	return read_comparison(gates, subject, right, left, &step) ? step : maybe;
}

static bool is_joint(const cnv_formula_tree *tree, uint32_t node)
{
	return cnv_formula_is_binary(tree, node, CNV_OP_AND) || cnv_formula_is_binary(tree, node, CNV_OP_OR) ||
	       (cnv_formula_is_call(tree, node, "not") && tree->nodes[node].argc == 1);
}

/* The nodes are in postfix order, and so are the steps of those that and, or and not() combine. */
static bool read_condition(struct gates *gates, const struct subject *subject, struct gate_condition *out)
{
	const cnv_formula_tree *tree = subject->tree;
	uint64_t counted[CNV_BIT_WORDS(CNV_FORMULA_PARTS)] = { 0 };
	uint32_t root = cnv_formula_root(tree);
	struct gate_step *steps;

	if (root == CNV_NONE || tree->count > CNV_FORMULA_PARTS)
		return false;
	cnv_bit_set(counted, root);
	for (uint32_t i = root + 1; i-- > 0;)
		if (cnv_bit(counted, i) && is_joint(tree, i))
			for (uint32_t arg = tree->nodes[i].arg; arg != CNV_NONE; arg = tree->nodes[arg].next)
				cnv_bit_set(counted, arg);
	steps = cnv_arena_array(&gates->arena, tree->count, sizeof *steps);
	if (!steps)
		return false;
	for (uint32_t i = 0; i <= root; i++) {
		if (!cnv_bit(counted, i))
			continue;
		if (!is_joint(tree, i))
			steps[out->count++] = read_leaf(gates, subject, i);
		else
			steps[out->count++].kind = cnv_formula_is_binary(tree, i, CNV_OP_AND)  ? STEP_AND
						   : cnv_formula_is_binary(tree, i, CNV_OP_OR) ? STEP_OR
											       : STEP_NOT;
	}
	out->steps = steps;
	return true;
}

static bool read_question(struct gates *gates, const cnv_plan *plan, cnv_question_id id)
{
	static const struct gate_step never = { .kind = STEP_FIXED, .fixed = NO },
				      maybe = { .kind = STEP_FIXED, .fixed = MAYBE };
	const cnv_slot_rule *rule = cnv_plan_rule(plan, id, CNV_SLOT_RELEVANT);
	struct gate_condition *condition = &gates->conditions[id];
	struct subject subject;

	if (rule->kind == CNV_RULE_NONE || rule->kind == CNV_RULE_YES)
		return true;
	*condition = (struct gate_condition){ rule->kind == CNV_RULE_NO ? &never : &maybe, 1 };
	if (rule->kind == CNV_RULE_NO)
		return true;
	cnv_subject_init(&subject, plan, id, CNV_SLOT_RELEVANT);
	if (cnv_formula_root(subject.tree) == CNV_NONE)
		return true;
	condition->count = 0;
	return read_condition(gates, &subject, condition);
}

/* Numbers and days: each constant, and what is below, between and above them. */
static void count_cases(struct gate *gate, const cnv_question *question)
{
	for (uint32_t i = 0; i < gate->constants; i++)
		for (uint32_t k = 0; k < gate->constants; k++)
			gate->rank[i] += gate->numbers[k] < gate->numbers[i];
	if (question->kind == CNV_CHOICE)
		gate->cases = gate->constants + 2; /* any other choice */
	else if (question->kind == CNV_CHOICES)
		gate->cases = 1 + (1u << gate->constants);
	else
		gate->cases = 2 + 2 * gate->constants;
}

bool cnv_gates_read(struct gates *gates, const cnv_plan *plan)
{
	const cnv_form *form = cnv_plan_form(plan);

	*gates = (struct gates){ .form = form };
	gates->of = cnv_arena_array(&gates->arena, (size_t)form->count + 1, sizeof *gates->of);
	gates->conditions = cnv_arena_array(&gates->arena, (size_t)form->count + 1, sizeof *gates->conditions);
	for (cnv_question_id id = 0; gates->of && id < form->count; id++)
		gates->of[id] = CNV_NONE;
	for (cnv_question_id id = 0; gates->conditions && id < form->count; id++)
		if (!read_question(gates, plan, id))
			return false;
	for (uint32_t i = 0; i < gates->count; i++)
		count_cases(&gates->gates[i], &form->questions[gates->gates[i].id]);
	return !gates->arena.failed;
}

void cnv_gates_fini(struct gates *gates)
{
	cnv_arena_fini(&gates->arena);
}

/* ---------------------------------------------------------------- truth */

static truth of(bool yes)
{
	return yes ? YES : NO;
}

static truth turned(truth value)
{
	return value == MAYBE ? MAYBE : of(value == NO);
}

static bool compare(uint32_t left, cnv_formula_op op, uint32_t right)
{
	return op == CNV_OP_EQUAL        ? left == right
	       : op == CNV_OP_UNEQUAL    ? left != right
	       : op == CNV_OP_LESS       ? left < right
	       : op == CNV_OP_LESS_EQUAL ? left <= right
	       : op == CNV_OP_MORE       ? left > right
					 : left >= right;
}

/* The step with one case of the answer.  A blank is less and more than nothing, and unequal to any constant. */
static truth test_case(const struct gate *gate, const cnv_question *question, const struct gate_step *step, uint32_t at)
{
	bool equal;

	if (step->constant == CNV_NONE)
		return of((at == 0) == (step->op == CNV_OP_EQUAL));
	if (!at)
		return of(step->op == CNV_OP_UNEQUAL);
	if (question->kind == CNV_CHOICES)
		return of((at - 1) >> step->constant & 1);
	if (question->kind == CNV_CHOICE) {
		equal = at - 1 == step->constant;
		return of(equal != (step->op == CNV_OP_UNEQUAL));
	}
	return of(compare(at - 1, step->op, 2 * gate->rank[step->constant] + 1));
}

/* A question that is not asked is blank. */
static truth test(const struct gates *gates, const struct gate_step *step, const uint8_t *asked)
{
	const struct gate *gate = &gates->gates[step->gate];
	const cnv_question *question = &gates->form->questions[gate->id];
	truth blank = test_case(gate, question, step, 0), answered;

	if (asked[gate->id] == NO || gate->at == 0)
		return blank;
	if (gate->at == CNV_NONE)
		return MAYBE;
	answered = test_case(gate, question, step, gate->at);
	return asked[gate->id] == YES || answered == blank ? answered : MAYBE;
}

truth cnv_gate_truth(const struct gates *gates, cnv_question_id id, const uint8_t *asked, uint32_t *work)
{
	const struct gate_condition *condition = &gates->conditions[id];
	uint8_t stack[CNV_FORMULA_PARTS];
	uint32_t top = 0;

	*work += 1 + condition->count;
	for (uint32_t i = 0; i < condition->count; i++) {
		const struct gate_step *step = &condition->steps[i];

		switch (step->kind) {
		case STEP_AND:
			top--;
			stack[top - 1] = stack[top - 1] == NO || stack[top] == NO     ? NO
					 : stack[top - 1] == YES && stack[top] == YES ? YES
										      : MAYBE;
			break;
		case STEP_OR:
			top--;
			stack[top - 1] = stack[top - 1] == YES || stack[top] == YES ? YES
					 : stack[top - 1] == NO && stack[top] == NO ? NO
										    : MAYBE;
			break;
		case STEP_NOT:
			stack[top - 1] = (uint8_t)turned((truth)stack[top - 1]);
			break;
		case STEP_FIXED:
			stack[top++] = (uint8_t)step->fixed;
			break;
		case STEP_COMPARE:
		case STEP_SELECTED:
			stack[top++] = (uint8_t)test(gates, step, asked);
			break;
		}
	}
	return top ? (truth)stack[0] : YES;
}
