/* What reads what, and so the order in which relevance and calculations are run.
 *
 * A node is a question, group or repeat: its relevance and its calculation together.  It reads the group around it
 * (whose relevance covers it) and whatever its own two formulas read.  Constraints, choice filters and `required` are
 * judged when all of that is known and are not part of the graph.  The walk is depth first with a stack of its own;
 * meeting a node that is still open is a cycle.
 */
#include "check/plan.h"

enum { WHITE, OPEN, DONE };

/* More cycles of a form, and names of a cycle, are not reported. */
#define MOST_CYCLES 100u
#define MOST_NAMES 20u

/* Edges of node i: to[from[i]] up to to[from[i + 1]].  slot: the formula that reads, CNV_SLOTS for the group around. */
struct graph {
	const cnv_plan *plan;
	uint32_t *from;
	cnv_question_id *to;
	uint8_t *slot;
	uint8_t *colour;
	cnv_question_id *stack;
	uint32_t *next;   /* edge to follow, of each node on the stack */
	uint32_t *height; /* where on the stack an open node is */
	uint32_t depth;
	uint32_t cycles;
};

static const cnv_slot reading[] = { CNV_SLOT_RELEVANT, CNV_SLOT_CALCULATION };
#define READING (sizeof reading / sizeof reading[0])

static const cnv_question_id *uses_of(const cnv_plan *plan, cnv_question_id id, cnv_slot slot, uint32_t *count)
{
	const cnv_slot_rule *rule = cnv_plan_rule(plan, id, slot);

	*count = 0;
	return rule->kind == CNV_RULE_PROGRAM ? cnv_expr_uses(rule->expr, count) : NULL;
}

/* ---------------------------------------------------------------- where a formula names a question */

/* The first node that is ${name} or, for the formula's own question, the dot; CNV_NONE: none.  A dot in a condition on
 * a path is what the path leads to.  outside_once: arguments of once() do not count.
 *
 * Backward, as a call comes after its arguments and a path after its condition. */
static uint32_t find_reference(const cnv_formula_tree *tree, cnv_str name, bool itself, bool outside_once)
{
	uint32_t found = CNV_NONE, condition = CNV_NONE; /* first node of the condition around the present node */
	cnv_str named;

	for (uint32_t i = tree ? tree->count : 0; i-- > 0;) {
		bool inside = condition != CNV_NONE && i >= condition;

		if (outside_once && cnv_formula_is_call(tree, i, "once")) {
			i = tree->nodes[i].first; /* goes on before its first argument */
			continue;
		}
		if (!inside && cnv_formula_is(tree, i, CNV_F_WHERE))
			condition = tree->nodes[i - 1].first;
		if ((cnv_formula_is_reference(tree, i, &named) && cnv_str_equal(named, name)) ||
		    (itself && !inside && cnv_formula_is(tree, i, CNV_F_SELF)))
			found = i;
	}
	return found;
}

/* once() reads the question's own value to leave it as it is: no cycle, unless the formula reads it elsewhere. */
static bool keeps_first(const cnv_plan *plan, cnv_question_id id, cnv_slot slot)
{
	const cnv_question *question = &plan->form->questions[id];
	const cnv_formula_tree *tree = cnv_slot_formula(question, slot)->tree;

	return slot == CNV_SLOT_CALCULATION && cnv_formula_next_call(tree, "once", CNV_NONE) != CNV_NONE &&
	       find_reference(tree, question->name, true, true) == CNV_NONE;
}

/* ---------------------------------------------------------------- the graph */

static bool make_graph(struct graph *graph, cnv_arena *arena)
{
	const cnv_form *form = graph->plan->form;
	uint32_t edges = 0, used;

	for (cnv_question_id id = 0; id < form->count; id++) {
		edges++;
		for (size_t i = 0; i < READING; i++) {
			uses_of(graph->plan, id, reading[i], &used);
			edges += used;
		}
	}
	graph->from = cnv_arena_array(arena, (size_t)form->count + 1, sizeof *graph->from);
	graph->to = cnv_arena_array(arena, edges, sizeof *graph->to);
	graph->slot = cnv_arena_array(arena, edges, sizeof *graph->slot);
	graph->colour = cnv_arena_array(arena, form->count, sizeof *graph->colour);
	graph->stack = cnv_arena_array(arena, form->count, sizeof *graph->stack);
	graph->next = cnv_arena_array(arena, form->count, sizeof *graph->next);
	graph->height = cnv_arena_array(arena, form->count, sizeof *graph->height);
	if (arena->failed)
		return false;
	edges = 0;
	for (cnv_question_id id = 0; id < form->count; id++) {
		graph->from[id] = edges;
		if (form->questions[id].parent != CNV_NONE) {
			graph->to[edges] = form->questions[id].parent;
			graph->slot[edges++] = CNV_SLOTS;
		}
		for (size_t i = 0; i < READING; i++) {
			const cnv_question_id *uses = uses_of(graph->plan, id, reading[i], &used);

			for (uint32_t k = 0; k < used; k++) {
				if (uses[k] == id && keeps_first(graph->plan, id, reading[i]))
					continue;
				graph->to[edges] = uses[k];
				graph->slot[edges++] = (uint8_t)reading[i];
			}
		}
	}
	graph->from[form->count] = edges;
	return true;
}

/* Narrows the place of a formula to the bytes that name `read`: ${read}, or the dot. */
static void point_at(cnv_place *place, const cnv_formula *formula, cnv_str read, bool itself)
{
	uint32_t node = find_reference(formula->tree, read, itself, itself);

	if (node == CNV_NONE)
		return;
	place->from = formula->tree->nodes[node].from;
	place->upto = formula->tree->nodes[node].upto;
}

/* Reports the cycle on the stack from `bottom` on.  It begins with its first question in the form that reads by a
 * formula, so that the message does not depend on where the walk began. */
static void report_cycle(const struct graph *graph, uint32_t bottom, cnv_arena *arena, cnv_diags *diags)
{
	const cnv_question *questions = graph->plan->form->questions;
	uint32_t count = graph->depth - bottom, first = CNV_NONE;
	const cnv_formula *formula;
	cnv_text chain = { 0 };
	cnv_place place;
	cnv_question_id id, read;
	bool grouped = false;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = bottom + i;

		if (graph->slot[graph->next[at] - 1] == CNV_SLOTS) {
			grouped = true;
			continue;
		}
		if (first == CNV_NONE || graph->stack[at] < graph->stack[bottom + first])
			first = i;
	}
	if (first == CNV_NONE)
		return; /* groups alone are not a cycle */
	for (uint32_t i = 0; i <= count; i++) {
		cnv_text_put(&chain, i ? CNV_STR(" -> ") : CNV_STR(""));
		if (i == MOST_NAMES && count > MOST_NAMES) {
			cnv_text_format(&chain, "(%u more) -> ", count - i);
			i = count;
		}
		cnv_text_put(&chain, questions[graph->stack[bottom + (first + i) % count]].name);
	}
	id = graph->stack[bottom + first];
	read = graph->to[graph->next[bottom + first] - 1];
	formula = cnv_slot_formula(&questions[id], (cnv_slot)graph->slot[graph->next[bottom + first] - 1]);
	place = formula->place;
	point_at(&place, formula, questions[read].name, read == id);
	if (count == 1)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_READS_ITSELF, .place = place, .field = questions[id].name,
					.excerpt = formula->text),
			       "the formula reads its own question");
	else
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_CYCLE, .place = place, .field = questions[id].name,
					.excerpt = formula->text,
					.hint = grouped ? CNV_STR("a question inside a group also depends on the"
								  " group's relevance")
							: CNV_STR("remove one of the references")),
			       "circular dependency: %.*s", CNV_ARG(cnv_text_str(&chain)));
	if (chain.failed)
		arena->failed = true;
	cnv_text_fini(&chain);
}

static void open_node(struct graph *graph, cnv_question_id node)
{
	graph->colour[node] = OPEN;
	graph->height[node] = graph->depth;
	graph->stack[graph->depth] = node;
	graph->next[graph->depth++] = graph->from[node];
}

/* Walks everything that can be reached from `root`. */
static void walk(struct graph *graph, cnv_question_id root, cnv_arena *arena, cnv_plan *plan, cnv_diags *diags)
{
	open_node(graph, root);
	while (graph->depth) {
		uint32_t top = graph->depth - 1;
		cnv_question_id node = graph->stack[top], read;

		if (graph->next[top] == graph->from[node + 1]) {
			graph->colour[node] = DONE;
			plan->order[plan->order_count++] = node;
			graph->depth--;
			continue;
		}
		read = graph->to[graph->next[top]++];
		if (graph->colour[read] == WHITE)
			open_node(graph, read);
		else if (graph->colour[read] == OPEN && graph->cycles++ < MOST_CYCLES)
			report_cycle(graph, graph->height[read], arena, diags);
	}
}

cnv_status cnv_plan_sort(cnv_plan *plan, cnv_arena *arena, cnv_diags *diags)
{
	struct graph graph = { .plan = plan };

	if (!make_graph(&graph, arena))
		return CNV_NO_MEMORY;
	plan->order = cnv_arena_array(arena, plan->form->count, sizeof *plan->order);
	if (arena->failed)
		return CNV_NO_MEMORY;
	for (cnv_question_id id = 0; id < plan->form->count; id++)
		if (graph.colour[id] == WHITE)
			walk(&graph, id, arena, plan, diags);
	return arena->failed ? CNV_NO_MEMORY : graph.cycles ? CNV_REJECTED : CNV_OK;
}
