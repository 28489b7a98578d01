/* Why a cell has its verdict: the rules that decide about it, run again on the answers, in whole and in parts.
 *
 * A condition is taken apart at `and`, `or` and not(), a comparison at what it compares.  Each part is compiled like a
 * formula of its own, and has the value that it had in the whole: none of these parts is inside a condition on a path,
 * where names mean something else. */
#include "check/plan.h"

enum { MOST_PARTS = 200 }; /* of a rule: more are not read */

typedef struct explaining {
	cnv_explanation *out;
	const cnv_plan *plan;
	const cnv_form *form;
	const cnv_batch *batch;
	const cnv_world *world;
	cnv_arena *arena;
	cnv_arena scratch;
	/* the rule */
	cnv_explained_rule *rule;
	const cnv_formula_tree *tree;
	cnv_context context;
	uint32_t table, row;
	const uint32_t *choice; /* of a filter: the choice that is judged; NULL */
} explaining;

const char *cnv_slot_word(cnv_slot slot)
{
	static const char *const words[] = {
		[CNV_SLOT_RELEVANT] = "relevant",       [CNV_SLOT_REQUIRED] = "required",
		[CNV_SLOT_CONSTRAINT] = "constraint",   [CNV_SLOT_WARNING] = "warning",
		[CNV_SLOT_CALCULATION] = "calculation", [CNV_SLOT_DEFAULT] = "default",
		[CNV_SLOT_READ_ONLY] = "read_only",     [CNV_SLOT_FILTER] = "choice_filter",
		[CNV_SLOT_COUNT] = "repeat_count",
	};
	_Static_assert(sizeof words / sizeof *words == CNV_SLOTS, "one word for each slot");

	return words[slot];
}

/* ---------------------------------------------------------------- values */

static cnv_str quoted(cnv_str text, cnv_arena *arena)
{
	return cnv_arena_format(arena, "'%.*s'", CNV_ARG(text));
}

static cnv_str value_of(const cnv_vector *vector, cnv_arena *arena)
{
	cnv_str text;

	if (vector->unsure && cnv_bit(vector->unsure, 0))
		return (cnv_str){ 0 };
	text = cnv_value_string(vector, 0, arena);
	return vector->type == CNV_T_STRING ? quoted(text, arena) : cnv_arena_copy(arena, text);
}

static cnv_str run(explaining *e, const cnv_expr *expr)
{
	cnv_vector vector;

	cnv_arena_reset(&e->scratch);
	if (cnv_expr_run(expr, e->batch, e->table, e->row, 1, e->choice, e->world, &e->scratch, &vector)) {
		e->arena->failed = true;
		return (cnv_str){ 0 };
	}
	return value_of(&vector, e->arena);
}

/* The value of a piece of the formula; empty: it has none of its own. */
static cnv_str run_part(explaining *e, uint32_t node, bool condition)
{
	cnv_formula formula = { .text = cnv_formula_slice(e->tree, node) };
	cnv_context context = e->context;
	cnv_arena arena = { 0 };
	cnv_diags silent = { 0 };
	cnv_expr *expr = NULL;
	cnv_str value = { 0 };

	formula.tree = cnv_formula_parse(formula.text, &arena);
	if (context.purpose != CNV_FOR_FILTER)
		context.purpose = condition ? CNV_FOR_CONDITION : CNV_FOR_VALUE;
	if (!formula.tree || cnv_expr_compile(&expr, &formula, &context, &arena, &silent) == CNV_NO_MEMORY)
		e->arena->failed = true;
	else if (expr)
		value = run(e, expr);
	cnv_expr_fini(expr);
	cnv_arena_fini(&arena);
	return value;
}

/* ---------------------------------------------------------------- parts */

static void put_part(explaining *e, uint32_t node, uint32_t depth, bool condition)
{
	cnv_explained_rule *rule = e->rule;
	cnv_explained_part part = { depth, cnv_formula_slice(e->tree, node), { 0 } };

	if (rule->part_count == MOST_PARTS)
		return;
	part.value = run_part(e, node, condition);
	if (cnv_arena_grow(e->arena, (void **)&rule->parts, rule->part_count, &rule->part_room, sizeof *rule->parts))
		rule->parts[rule->part_count++] = part;
}

static bool is_logical(const explaining *e, uint32_t node)
{
	return cnv_formula_is_binary(e->tree, node, CNV_OP_AND) || cnv_formula_is_binary(e->tree, node, CNV_OP_OR);
}

/* What a comparison compares, where that is more than an answer or a literal. */
static void put_operands(explaining *e, uint32_t node, uint32_t depth)
{
	for (uint32_t i = 0; i < 2; i++) {
		uint32_t operand = cnv_formula_arg(e->tree, node, i);
		cnv_formula_kind kind = e->tree->nodes[operand].kind;

		/* In a filter a part is a condition on the choice, and nothing else can be compiled. */
		if ((kind == CNV_F_CALL || kind == CNV_F_BINARY) && e->context.purpose != CNV_FOR_FILTER)
			put_part(e, operand, depth, false);
	}
}

/* Chains of one operator are one level, so the depth is at most that of the parentheses and calls. */
static void take_apart(explaining *e, uint32_t node, uint32_t depth)
{
	const cnv_formula_node *at = &e->tree->nodes[node];

	if (is_logical(e, node)) {
		for (uint32_t term = CNV_NONE;
		     (term = cnv_formula_next_term(e->tree, node, at->op, term)) != CNV_NONE;) {
			put_part(e, term, depth, true);
			take_apart(e, term, depth + 1);
		}
	} else if (cnv_formula_is_call(e->tree, node, "not") || cnv_formula_is_call(e->tree, node, "if")) {
		uint32_t condition = cnv_formula_arg(e->tree, node, 0);

		put_part(e, condition, depth, true);
		take_apart(e, condition, depth + 1);
	} else if (at->kind == CNV_F_BINARY && cnv_op_is_comparison(at->op)) {
		put_operands(e, node, depth);
	}
}

/* ---------------------------------------------------------------- answers */

static void put_value(cnv_text *text, cnv_str value)
{
	if (text->len)
		cnv_text_put(text, CNV_STR(", "));
	cnv_text_put(text, value);
}

/* The answer in this entry or one around it; else those of all entries inside. */
static cnv_str answer_of(explaining *e, cnv_question_id question)
{
	uint32_t table = e->form->questions[question].table, around = e->table;
	const cnv_column *column = &e->batch->tables[table].columns[e->form->questions[question].column];
	cnv_text text = { 0 };
	cnv_str result;

	while (around && around != table)
		around = e->form->tables[around].parent;
	for (uint32_t row = 0; row < e->batch->tables[table].rows; row++) {
		bool ours = around == table ? row == cnv_batch_owner(e->batch, e->table, e->row, table)
					    : cnv_batch_owner(e->batch, table, row, 0) ==
						      cnv_batch_owner(e->batch, e->table, e->row, 0);

		cnv_arena_reset(&e->scratch);
		if (ours)
			put_value(&text,
				  cnv_bit(column->usable, row)
					  ? quoted(cnv_cell_value(e->form, column, row, &e->scratch), &e->scratch)
					  : CNV_STR("blank"));
	}
	result = text.len ? cnv_arena_copy(e->arena, cnv_text_str(&text)) : CNV_STR("blank");
	e->arena->failed |= text.failed;
	cnv_text_fini(&text);
	return result;
}

static void put_answers(explaining *e, const cnv_expr *expr)
{
	cnv_explained_rule *rule = e->rule;
	uint32_t count;
	const cnv_question_id *uses = cnv_expr_uses(expr, &count);

	rule->answers = cnv_arena_array(e->arena, (size_t)count + 1, sizeof *rule->answers);
	for (uint32_t i = 0; i < count && rule->answers; i++)
		if (e->form->questions[uses[i]].column != CNV_NONE)
			rule->answers[rule->answer_count++] = (cnv_explained_answer){ uses[i], answer_of(e, uses[i]) };
}

/* ---------------------------------------------------------------- rules */

/* Appends a rule of a question, group or repeat, if there is one; row: of the table over which it runs. */
static void put_rule(explaining *e, cnv_question_id of, cnv_slot slot, uint32_t row)
{
	const cnv_slot_rule *compiled = cnv_plan_rule(e->plan, of, slot);
	const cnv_formula *formula = cnv_slot_formula(&e->form->questions[of], slot);
	cnv_explanation *out = e->out;

	if (compiled->kind == CNV_RULE_NONE ||
	    !cnv_arena_grow(e->arena, (void **)&out->rules, out->count, &out->room, sizeof *out->rules))
		return;
	e->rule = &out->rules[out->count++];
	*e->rule = (cnv_explained_rule){ .of = of, .slot = slot, .formula = formula->text };
	e->tree = formula->tree;
	e->context = (cnv_context){ .form = e->form, .self = of, .purpose = cnv_slots[slot].purpose };
	if (slot == CNV_SLOT_FILTER && e->form->questions[of].filtered != CNV_NONE)
		e->context.self = e->form->questions[of].filtered;
	e->table = cnv_slot_table(e->form, of);
	e->row = row;
	if (compiled->kind != CNV_RULE_PROGRAM) {
		e->rule->value = compiled->kind == CNV_RULE_YES ? CNV_STR("true") : CNV_STR("false");
		return;
	}
	e->rule->value = run(e, compiled->expr);
	put_answers(e, compiled->expr);
	if (cnv_formula_root(e->tree) != CNV_NONE)
		take_apart(e, cnv_formula_root(e->tree), 0);
}

/* The relevance of what is around a question, and its own, from the outside in. */
static void put_relevance(explaining *e, cnv_question_id question, uint32_t row)
{
	uint32_t around = 0, table = e->form->questions[question].table;

	for (cnv_question_id id = question; id != CNV_NONE; id = e->form->questions[id].parent)
		around++;
	while (around-- > 0) {
		cnv_question_id id = question;

		for (uint32_t i = 0; i < around; i++)
			id = e->form->questions[id].parent;
		put_rule(e, id, CNV_SLOT_RELEVANT, cnv_batch_owner(e->batch, table, row, cnv_slot_table(e->form, id)));
	}
}

/* The filter, for the choice that was made. */
static void put_filter(explaining *e, cnv_question_id id, uint32_t row)
{
	const cnv_question *question = &e->form->questions[id];
	const cnv_list *list = question->kind == CNV_CHOICE && question->list != CNV_NONE
				       ? cnv_list_known(&e->form->lists[question->list])
				       : NULL;
	const cnv_column *column = &e->batch->tables[question->table].columns[question->column];
	uint32_t choice;

	if (!list)
		return;
	choice = cnv_list_find(list, cnv_cell_value(e->form, column, row, e->arena));
	if (choice == CNV_NONE)
		return;
	e->choice = &choice;
	put_rule(e, id, CNV_SLOT_FILTER, row);
	e->choice = NULL;
}

cnv_status cnv_explain(cnv_explanation *out, const cnv_plan *plan, const cnv_batch *batch, cnv_question_id question,
		       uint32_t row, const cnv_world *world, cnv_arena *arena)
{
	explaining e = {
		.out = out, .plan = plan, .form = cnv_plan_form(plan), .batch = batch, .world = world, .arena = arena
	};
	const cnv_question *asked = &e.form->questions[question];
	const cnv_column *column = &batch->tables[asked->table].columns[asked->column];
	cnv_verdict verdict = (cnv_verdict)column->verdicts[row];

	*out = (cnv_explanation){ 0 };
	put_relevance(&e, question, row);
	if (verdict != CNV_NOT_ASKED && verdict != CNV_UNDUE)
		put_rule(&e, question, CNV_SLOT_REQUIRED, row);
	if (cnv_bit(column->usable, row)) {
		put_filter(&e, question, row);
		put_rule(&e, question, CNV_SLOT_CONSTRAINT, row);
		put_rule(&e, question, CNV_SLOT_WARNING, row);
	}
	put_rule(&e, question, CNV_SLOT_CALCULATION, row);
	cnv_arena_fini(&e.scratch);
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
