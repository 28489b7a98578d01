/* What reads what, and so the order in which relevance and calculations are run.
 *
 * A node is a question, group or repeat: its relevance and its calculation together.  It reads the
 * group it stands in (whose relevance covers it) and whatever its own two formulas read.  Constraints,
 * choice filters and `required` are judged when all of that is known and are not part of the graph.
 * The walk is depth first with a stack of its own; meeting a node that is still open is a cycle.
 */
#include "check/plan.h"

#include <string.h>

enum { WHITE, OPEN, DONE };

/* A tangle can hold more cycles than anybody reads, and a chain more names. */
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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

/* One past the text, reference, name, number or sign that begins at `from`. */
static size_t end_of_piece(cnv_str formula, size_t from)
{
	char c = formula.at[from], after = from + 1 < formula.len ? formula.at[from + 1] : ' ';
	size_t at = from + 1;

	if (c == '\'' || c == '"' || (c == '$' && after == '{')) {
		while (at < formula.len && formula.at[at] != (c == '$' ? '}' : c))
			at++;
		return at < formula.len ? at + 1 : at;
	}
	if (is_letter(c))
		while (at < formula.len && (is_letter(formula.at[at]) || is_digit(formula.at[at]) ||
					    formula.at[at] == '-' || formula.at[at] == '.'))
			at++;
	else if (is_digit(c) || (c == '.' && (is_digit(after) || after == '.')))
		while (at < formula.len && (is_digit(formula.at[at]) || formula.at[at] == '.'))
			at++;
	return at;
}

/* Finds ${name} or, for the formula's own question, the dot.  A dot in brackets is what stands before them.
 * outside_once: what once() is given does not count. */
static bool find_reference(cnv_str formula, cnv_str name, bool itself, bool outside_once, size_t *from, size_t *upto)
{
	uint32_t open = 0, brackets = 0, once = 0; /* once: parentheses open with those of the outermost once() */
	bool named_once = false;

	for (*from = 0; *from < formula.len; *from = *upto) {
		cnv_str piece = cnv_str_slice(formula, *from, *upto = end_of_piece(formula, *from));
		cnv_str inner = cnv_str_trim(cnv_str_slice(piece, 2, piece.len ? piece.len - 1 : 0));
		char c = piece.at[0];

		if (!once || !outside_once)
			if ((c == '$' && piece.len > 1 && cnv_str_equal(inner, name)) ||
			    (itself && !brackets && cnv_str_equal(piece, CNV_STR("."))))
				return true;
		if (c == '(' && ++open && named_once && !once)
			once = open;
		if (c == ')' && open && open-- == once)
			once = 0;
		brackets += c == '[';
		brackets -= c == ']' && brackets;
		named_once = cnv_str_equal(piece, CNV_STR("once")) || (named_once && (unsigned char)c <= ' ');
	}
	return false;
}

/* once() looks at the question's own value to leave it as it is: no circle, unless the formula reads it elsewhere. */
static bool keeps_first(const cnv_plan *plan, cnv_question_id id, cnv_slot slot)
{
	const cnv_question *question = &plan->form->questions[id];
	const cnv_formula *formula = cnv_slot_formula(question, slot);
	size_t from, upto;

	return slot == CNV_SLOT_CALCULATION && cnv_str_find(formula->text, CNV_STR("once")) != SIZE_MAX &&
	       !find_reference(formula->text, question->name, true, true, &from, &upto);
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

/* The bytes of the formula that name `read`: ${read}, or the dot. */
static void point_at(cnv_place *place, const cnv_formula *formula, cnv_str read, bool itself)
{
	size_t from, upto;

	if (!find_reference(formula->text, read, itself, itself, &from, &upto) || upto > UINT32_MAX)
		return;
	place->from = (uint32_t)from;
	place->upto = (uint32_t)upto;
}

/* Says the cycle that is the top of the stack from `bottom` on.  It is told from its first question in the form that
 * reads by a formula, so that the same cycle reads the same whatever the walk began with. */
static void say_cycle(const struct graph *graph, uint32_t bottom, cnv_arena *arena, cnv_diags *diags)
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
		return; /* groups alone are no cycle */
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
					.hint = grouped ? CNV_STR("a question inside a group depends on the "
								  "group's relevance, too")
							: CNV_STR("take one of the references away")),
			       "these depend on each other in a circle: %.*s", CNV_ARG(cnv_text_str(&chain)));
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
			say_cycle(graph, graph->height[read], arena, diags);
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
