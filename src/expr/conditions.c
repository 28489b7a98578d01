/* Conditions in brackets after the steps of a path.
 *
 * A path with conditions has many results: it becomes a selection, a chain of steps from the row down to the
 * selected entries or items, each with the conditions that filter them.  The nodes of a condition are removed from
 * those of the expression and kept with their step; selection.c compiles them to selectors. */
#include "expr/cursor.h"

uint32_t expr_best_level(const expr_compiler *compiler, cnv_question_id id)
{
	const cnv_form *form = compiler->form;
	uint32_t table = form->questions[id].table;
	if (expr_owns(form, table, expr_level_table(compiler, 0)))
		return 0;
	for (uint32_t level = compiler->level; level > 0; level--)
		if (compiler->scopes[level].table != CNV_NONE && compiler->scopes[level].table != 0 &&
		    expr_owns(form, compiler->scopes[level].table, table))
			return level;
	return 0;
}

expr_hop *expr_add_hop(expr_compiler *compiler, expr_selection *selection, expr_hop hop)
{
	expr_hop *added = cnv_arena_get(&compiler->work, sizeof *added);
	if (!added) {
		compiler->no_memory = true;
		return NULL;
	}
	*added = hop;
	if (selection->last)
		selection->last->next = added;
	else
		selection->first = added;
	selection->last = added;
	return added;
}

expr_selection *expr_new_selection(expr_compiler *compiler, uint32_t level, uint32_t start)
{
	expr_selection *selection = cnv_arena_get(&compiler->work, sizeof *selection);
	if (!selection) {
		compiler->no_memory = true;
		return NULL;
	}
	*selection = (expr_selection){
		.level = level, .start = start, .reached = start, .reads = start != CNV_NONE ? READS(level) : 0
	};
	return selection;
}

bool expr_reach(expr_compiler *compiler, expr_selection *selection, uint32_t table)
{
	const cnv_form *form = compiler->form;
	while (selection->reached != table) {
		uint32_t below = table;
		while (form->tables[below].parent != selection->reached && below != 0)
			below = form->tables[below].parent;
		if (below == 0)
			return true;
		if (expr_add_hop(compiler, selection, (expr_hop){ .kind = HOP_ENTRIES, .table = below }) == NULL)
			return false;
		selection->reached = below;
	}
	return true;
}

/* Prepares the set that a condition after `here` filters; NULL after an error or out of memory. */
static expr_hop *hop_for(expr_compiler *compiler, expr_cursor *here)
{
	const cnv_form *form = compiler->form;

	if (here->at == CURSOR_ITEM || here->at == CURSOR_COLUMN) {
		if (!here->selection)
			here->selection = expr_new_selection(compiler, here->level, CNV_NONE);
		if (!here->selection)
			return NULL;
		if (!here->selection->first)
			expr_add_hop(compiler, here->selection, (expr_hop){ .kind = HOP_ITEMS, .items = here->items });
		if (here->at == CURSOR_COLUMN)
			return expr_add_hop(compiler, here->selection,
					    (expr_hop){ .kind = HOP_SELF, .items = here->items });
		return here->selection->last;
	}
	const cnv_question *question = &form->questions[here->question];
	bool repeat = question->role == CNV_REPEAT && !here->one;
	if (!here->selection) {
		uint32_t level = here->free ? expr_best_level(compiler, here->question) : here->level;
		uint32_t start = repeat ? form->tables[question->table].parent : question->table;
		while (!expr_owns(form, start, expr_level_table(compiler, level)))
			start = form->tables[start].parent;
		here->selection = expr_new_selection(compiler, level, start);
	}
	if (!here->selection)
		return NULL;
	bool fresh = here->selection->reached != question->table;
	if (!expr_reach(compiler, here->selection, question->table))
		return NULL;
	if (repeat && (fresh || here->selection->last))
		return here->selection->last;
	return expr_add_hop(compiler, here->selection, (expr_hop){ .kind = HOP_SELF });
}

/* The nodes of a condition, moved from the expression's. */
static bool add_predicate(expr_compiler *compiler, expr_selection *selection, expr_hop *hop, uint32_t before)
{
	expr_predicate *predicate = cnv_arena_get(&compiler->work, sizeof *predicate);
	uint32_t count = compiler->node_count - before, level = compiler->level;
	expr_node *nodes = cnv_arena_array(&compiler->work, count, sizeof *nodes);

	if (!predicate || !nodes) {
		compiler->no_memory = true;
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		nodes[i] = compiler->nodes[before + i];
		selection->reads |= nodes[i].reads & ~(READS(level) | READS_POSITION(level));
	}
	*predicate =
		(expr_predicate){ .nodes = nodes, .count = count, .level = level, .scope = compiler->scopes[level] };
	expr_predicate **last = &hop->predicates;
	while (*last)
		last = &(*last)->next;
	*last = predicate;
	return true;
}

void expr_open_condition(expr_compiler *compiler, expr_cursor *here, const cnv_formula_opening *bracket,
			 expr_condition_open *open)
{
	bool known = here->at == CURSOR_QUESTION || (here->at == CURSOR_ITEM && here->items) ||
		     (here->at == CURSOR_COLUMN && here->items);
	bool inside =
		known && !here->selection && here->level > 0 && (here->at == CURSOR_ITEM || here->at == CURSOR_COLUMN);

	if (here->at == CURSOR_ROOT || here->at == CURSOR_ABOVE_ROOT || here->at == CURSOR_NOTHING ||
	    here->at == CURSOR_NOWHERE || here->at == CURSOR_CHOICE || here->at == CURSOR_INSTANCE ||
	    here->at == CURSOR_INSTANCE_ROOT || inside || (here->at == CURSOR_COLUMN && !here->items))
		*here = expr_unsupported(compiler, bracket->from, bracket->upto, "conditions here are");
	known = known && here->at != CURSOR_BAD;
	open->hop = known ? hop_for(compiler, here) : NULL;
	open->before = compiler->node_count;
	compiler->level++;
	expr_scope *scope = &compiler->scopes[compiler->level];
	*scope = (expr_scope){ .table = CNV_NONE, .question = CNV_NONE };
	if (known && here->at == CURSOR_QUESTION) {
		scope->table = here->selection ? here->selection->reached : 0;
		scope->question = here->question;
	} else if (known) {
		scope->items = here->items;
		scope->column = here->at == CURSOR_COLUMN ? here->column : CNV_STR("");
	}
}

void expr_close_condition(expr_compiler *compiler, expr_cursor *here, expr_condition_open *open)
{
	if (open->hop)
		add_predicate(compiler, here->selection, open->hop, open->before);
	compiler->level--;
	compiler->node_count = open->before;
}
