/* Compiles paths with conditions to selectors.
 *
 * A condition that compares a column of the items with a value of the row becomes a look-up; one that is a position,
 * or does not depend on its item, is computed once per row.  All others are separate programs, run over the
 * candidates.  Operands of `and` are separated first, so that `name = ${q} and open = 'y'` looks up the name. */
#include "expr/compile.h"
#include "expr/machine.h"

#include <string.h>

static void *room_for(expr_compiler *compiler, size_t size)
{
	void *at = cnv_arena_get(compiler->arena, size);
	if (!at)
		compiler->no_memory = true;
	return at;
}

/* A set operand over the results of `step`. */
static expr_operand *set_operand(expr_compiler *compiler, expr_step step, expr_operand *const *args, uint32_t argc,
				 const expr_source *sources, uint32_t count, expr_type type)
{
	expr_reading *reading = room_for(compiler, sizeof *reading + count * sizeof(expr_source));
	if (!reading)
		return expr_bad(compiler);
	step.set = compiler->expr->set_count++;
	reading->set = step.set;
	reading->count = count;
	memcpy(reading->sources, sources, count * sizeof(expr_source));
	expr_operand *any = expr_emit(compiler, step, TYPE_BOOLEAN, args, argc);
	expr_operand *set = expr_operand_new(compiler, OPERAND_BAD, TYPE_TEXT);
	if (any->kind != OPERAND_REGISTER || compiler->no_memory)
		return expr_bad(compiler);
	*set = *any;
	set->kind = OPERAND_SET;
	set->type = type;
	set->reading = reading;
	set->question = count == 1 ? sources[0].question : CNV_NONE;
	return set;
}

/* ---------------------------------------------------------------- conditions */

typedef struct conditions {
	expr_filter *at;
	uint32_t count, room;
	expr_operand **args;
	uint32_t argc, arg_room;
} conditions;

static expr_filter *add_filter(expr_compiler *compiler, conditions *all, expr_operand *arg)
{
	if (!cnv_arena_grow(compiler->arena, (void **)&all->at, all->count, &all->room, sizeof(expr_filter)) ||
	    !cnv_arena_grow(&compiler->work, (void **)&all->args, all->argc, &all->arg_room, sizeof(expr_operand *))) {
		compiler->no_memory = true;
		return NULL;
	}
	expr_filter *filter = &all->at[all->count++];
	*filter = (expr_filter){ .arg = all->argc };
	if (arg)
		all->args[all->argc++] = arg;
	return filter;
}

static uint32_t reads_of(const expr_node *nodes, uint32_t count)
{
	uint32_t reads = 0;
	for (uint32_t i = 0; i < count; i++)
		reads |= nodes[i].reads;
	return reads;
}

/* The start of the last operand of the last node. */
static uint32_t second_operand(const expr_node *nodes, uint32_t count)
{
	uint32_t at = count - 1, wanted = 1;
	while (wanted > 0) {
		at--;
		wanted += nodes[at].count - 1;
	}
	return at;
}

/* Is the condition a number, and so a position? */
static bool is_number(const expr_compiler *compiler, const expr_operand *operand)
{
	if (operand->type == TYPE_NUMBER || operand->type == TYPE_ANSWER)
		return true;
	return operand->kind == OPERAND_ANSWER && operand->type == TYPE_TEXT &&
	       compiler->form->questions[operand->question].role == CNV_COMPUTED;
}

static const expr_lookup *make_lookup(expr_compiler *compiler, const expr_choice_texts *texts)
{
	uint32_t buckets = 8;
	while (buckets < texts->count && buckets < UINT32_MAX / 2)
		buckets *= 2;
	expr_lookup *lookup = room_for(compiler, sizeof *lookup);
	if (lookup && texts->own == OWN_NAME && !texts->extra && texts->list->by_name.count == texts->count) {
		lookup->only = &texts->list->by_name;
		return lookup;
	}
	uint32_t *first = cnv_arena_array(compiler->arena, buckets, sizeof(uint32_t));
	uint32_t *next = cnv_arena_array(compiler->arena, texts->count, sizeof(uint32_t));
	if (!lookup || !first || (!next && texts->count > 0)) {
		compiler->no_memory = true;
		return NULL;
	}
	memset(first, 0xFF, buckets * sizeof(uint32_t));
	*lookup = (expr_lookup){ .mask = buckets - 1, .first = first, .next = next };
	for (uint32_t i = texts->count; i-- > 0;) {
		uint32_t bucket = expr_hash(expr_item_text(texts, i)) & lookup->mask;
		next[i] = first[bucket];
		first[bucket] = i;
	}
	return lookup;
}

static const double *numbers_of_texts(expr_compiler *compiler, const expr_choice_texts *texts)
{
	double *numbers = cnv_arena_array(compiler->arena, (size_t)texts->count + 1, sizeof(double));
	bool mattered = false;
	if (!numbers)
		compiler->no_memory = true;
	for (uint32_t i = 0; numbers && i < texts->count; i++)
		numbers[i] = expr_text_number(expr_item_text(texts, i), 0, &mattered);
	return numbers;
}

/* column = value of the row. */
static void filter_by_column(expr_compiler *compiler, conditions *all, const expr_items *items, cnv_str column,
			     expr_operand *wanted)
{
	if (!wanted || wanted->kind == OPERAND_BAD)
		return;
	if (wanted->kind == OPERAND_GROUP) {
		expr_as(compiler, wanted, TYPE_TEXT); /* reports the error */
		return;
	}
	bool number = wanted->type == TYPE_NUMBER, truth = wanted->type == TYPE_BOOLEAN;
	wanted = expr_as(compiler, wanted, number ? TYPE_NUMBER : truth ? TYPE_BOOLEAN : TYPE_TEXT);
	if (wanted->kind == OPERAND_BAD)
		return;
	bool first = all->count == 0; /* only then are items looked up by it */
	const expr_choice_texts *texts = expr_column_texts(compiler, items->list, column, !number && (truth || !first));
	expr_filter *filter = texts ? add_filter(compiler, all, wanted) : NULL;
	if (!filter)
		return;
	filter->kind = number ? BY_NUMBER : truth ? BY_TRUTH : BY_TEXT;
	filter->texts = texts;
	filter->numbers = number ? numbers_of_texts(compiler, texts) : NULL;
	filter->lookup = !number && !truth && first ? make_lookup(compiler, texts) : NULL;
}

static void filter_by_position(expr_compiler *compiler, conditions *all, expr_operand *number)
{
	expr_operand *wanted = expr_as(compiler, number, TYPE_NUMBER);
	expr_filter *filter = wanted->kind != OPERAND_BAD ? add_filter(compiler, all, wanted) : NULL;
	if (filter)
		filter->kind = BY_POSITION;
}

/* A separate program, of the same form but one level deeper. */
static cnv_expr *new_program(expr_compiler *compiler, uint32_t level)
{
	cnv_expr *around = compiler->expr;
	cnv_expr *program = room_for(compiler, sizeof *program);
	if (!program || !cnv_arena_grow(compiler->arena, (void **)&around->filters, around->filter_count,
					&around->filter_room, sizeof(cnv_expr *))) {
		compiler->no_memory = true;
		return NULL;
	}
	program->form = around->form;
	program->table = around->table;
	program->level = level;
	for (uint32_t k = 1; k <= level; k++)
		program->level_tables[k] = compiler->scopes[k].table;
	program->place = around->filter_count;
	around->filters[around->filter_count++] = program;
	return program;
}

static void filter_by_program(expr_compiler *compiler, conditions *all, const expr_node *nodes, uint32_t count,
			      bool truth)
{
	cnv_expr *around = compiler->expr, *program = new_program(compiler, compiler->level);
	bool single;
	if (!program)
		return;
	compiler->expr = program;
	if (compiler->form)
		expr_way_to(compiler, 0, program->table, &single); /* way 0 */
	expr_operand *result = compiler->build(compiler, nodes, count);
	if (result && result->kind != OPERAND_BAD) {
		bool number = !truth && is_number(compiler, result);
		result = number ? expr_as(compiler, result, TYPE_NUMBER) : expr_condition(compiler, result);
		program->type = number ? CNV_T_NUMBER : CNV_T_BOOLEAN;
		if (result->kind != OPERAND_BAD)
			program->result = expr_register_of(compiler, result);
	}
	compiler->expr = around;
	around->unsure = around->unsure || program->unsure;
	expr_filter *filter = add_filter(compiler, all, NULL);
	if (filter) {
		filter->kind = BY_PROGRAM;
		filter->program = program;
	}
}

static bool is_call_of(const expr_node *node, const char *name)
{
	return node->kind == NODE_CALL && node->count == 0 &&
	       cnv_str_equal(cnv_str_from(node->function->info.name), cnv_str_from(name));
}

/* The filters of one condition.  `truth`: it is an operand of `and`, where a number is not a position. */
static void add_conditions(expr_compiler *compiler, conditions *all, const expr_node *nodes, uint32_t count, bool truth)
{
	uint32_t level = compiler->level, own = READS(level) | READS_POSITION(level);
	const expr_node *last = &nodes[count - 1];

	if (count == 0 || compiler->no_memory)
		return;
	if (last->kind == NODE_BINARY && last->op == CNV_OP_AND &&
	    (reads_of(nodes, count) & READS_POSITION(level)) == 0) {
		uint32_t second = second_operand(nodes, count);
		add_conditions(compiler, all, nodes, second, true);
		add_conditions(compiler, all, nodes + second, count - 1 - second, true);
		return;
	}
	if (last->kind == NODE_BINARY && last->op == CNV_OP_EQUAL) {
		uint32_t second = second_operand(nodes, count);
		for (uint32_t k = 0; k < 2; k++) {
			const expr_node *side = k == 0 ? nodes : nodes + second;
			const expr_node *other = k == 0 ? nodes + second : nodes;
			uint32_t side_count = k == 0 ? second : count - 1 - second;
			uint32_t other_count = k == 0 ? count - 1 - second : second;
			if (side_count != 1 || (reads_of(other, other_count) & own) != 0)
				continue;
			if (side->kind == NODE_COLUMN && side->level == level && side->items) {
				expr_operand *wanted = compiler->build(compiler, other, other_count);
				if (wanted && wanted->kind == OPERAND_ENTRIES)
					break; /* equal to any of them */
				filter_by_column(compiler, all, side->items, side->text, wanted);
				return;
			}
			if (is_call_of(side, "position")) {
				expr_operand *wanted = compiler->build(compiler, other, other_count);
				if (wanted)
					filter_by_position(compiler, all, wanted);
				return;
			}
		}
	}
	if ((reads_of(nodes, count) & own) != 0) {
		filter_by_program(compiler, all, nodes, count, truth);
		return;
	}
	expr_operand *same = compiler->build(compiler, nodes, count); /* for all candidates of a row */
	if (!same || same->kind == OPERAND_BAD)
		return;
	if (!truth && is_number(compiler, same)) {
		filter_by_position(compiler, all, same);
		return;
	}
	same = expr_condition(compiler, same);
	expr_filter *filter = same->kind != OPERAND_BAD ? add_filter(compiler, all, same) : NULL;
	if (filter)
		filter->kind = BY_CONDITION;
}

/* ---------------------------------------------------------------- the whole path */

static uint32_t hops_of(const expr_selection *selection)
{
	uint32_t count = 0;
	for (const expr_hop *hop = selection->first; hop; hop = hop->next)
		count++;
	return count;
}

static expr_source source_of(expr_compiler *compiler, const expr_node *node)
{
	expr_source source = { .table = CNV_NONE, .column = CNV_NONE, .question = CNV_NONE };
	if (node->items) {
		if (node->text.len > 0) {
			source.column = 0;
			source.texts = expr_column_texts(compiler, node->items->list, node->text, false);
		}
		return source;
	}
	source.table = node->selection->reached;
	source.question = node->meaning;
	if (node->meaning == CNV_NONE)
		return source;
	const cnv_question *question = &compiler->form->questions[node->meaning];
	source.column = question->role == CNV_REPEAT || question->role == CNV_GROUP ? CNV_NONE : question->column;
	if (question->list < compiler->form->list_count)
		source.list = &compiler->form->lists[question->list];
	expr_use(compiler, node->meaning);
	return source;
}

expr_operand *expr_select(expr_compiler *compiler, const expr_node *node)
{
	const expr_selection *selection = node->selection;
	uint32_t count = hops_of(selection), k = 0;
	expr_selector *selector = room_for(compiler, sizeof *selector + count * sizeof(expr_selector_hop));
	expr_step step = { .op = OP_select, .data = selector };
	conditions none = { .count = 0 };
	uint32_t argc = 0, arg_room = 0, level = compiler->level;
	expr_operand **args = NULL;
	bool single;

	if (!selector)
		return expr_bad(compiler);
	selector->hop_count = count;
	selector->items = selection->start == CNV_NONE;
	selector->fixed = selector->items && selection->reads == 0;
	if (!selector->items)
		step.way = expr_way_to(compiler, selection->level, selection->start, &single);
	for (const expr_hop *hop = selection->first; hop; hop = hop->next, k++) {
		conditions all = none;
		/* Values computed for the row can be passed to this step, too: args are the step's. */
		all.args = args;
		all.argc = argc;
		all.arg_room = arg_room;
		selector->hops[k].kind = (int)hop->kind;
		selector->hops[k].table = hop->table;
		selector->hops[k].items = hop->items && hop->items->list ? hop->items->list->count : 0;
		for (const expr_predicate *one = hop->predicates; one; one = one->next) {
			compiler->level = one->level;
			compiler->scopes[one->level] = one->scope;
			add_conditions(compiler, &all, one->nodes, one->count, false);
		}
		compiler->level = level;
		selector->hops[k].filters = all.at;
		selector->hops[k].filter_count = all.count;
		/* Evaluating the candidates one by one can stop early. */
		if (all.count > 0 && !all.at[0].lookup && !selector->fixed)
			compiler->expr->unsure = true;
		if (hop->kind == HOP_ENTRIES)
			expr_use(compiler, compiler->form->tables[hop->table].repeat);
		args = all.args;
		argc = all.argc;
		arg_room = all.arg_room;
	}
	expr_source source = source_of(compiler, node);
	expr_type type = TYPE_TEXT;
	if (source.question != CNV_NONE && source.column != CNV_NONE)
		type = expr_answer_type(&compiler->form->questions[source.question]);
	if (compiler->rejected || compiler->no_memory)
		return expr_bad(compiler);
	return set_operand(compiler, step, args, argc, &source, 1, type);
}

expr_operand *expr_look_up(expr_compiler *compiler, const expr_items *items, cnv_str column, cnv_str key_column,
			   expr_operand *key)
{
	expr_selector *selector = room_for(compiler, sizeof *selector + sizeof(expr_selector_hop));
	conditions all = { .count = 0 };

	if (!selector)
		return expr_bad(compiler);
	filter_by_column(compiler, &all, items, key_column, key);
	if (compiler->rejected || compiler->no_memory)
		return expr_bad(compiler);
	selector->items = true;
	selector->hop_count = 1;
	selector->hops[0] = (expr_selector_hop){
		.kind = HOP_ITEMS, .items = items->list->count, .filter_count = all.count, .filters = all.at
	};
	if (!all.at[0].lookup)
		compiler->expr->unsure = true;
	expr_source source = { .table = CNV_NONE,
			       .question = CNV_NONE,
			       .texts = expr_column_texts(compiler, items->list, column, false) };
	return set_operand(compiler, (expr_step){ .op = OP_select, .data = selector }, all.args, all.argc, &source, 1,
			   TYPE_TEXT);
}

/* ---------------------------------------------------------------- sets without conditions */

static expr_operand *select_plain(expr_compiler *compiler, const expr_operand *operand)
{
	const cnv_question *question = &compiler->form->questions[operand->question];
	expr_selection selection = { .level = operand->level, .reached = question->table };
	uint32_t base = expr_level_table(compiler, operand->level);
	expr_hop *hops = cnv_arena_array(&compiler->work, compiler->form->table_count, sizeof *hops);
	uint32_t table = question->table;

	if (!hops) {
		compiler->no_memory = true;
		return expr_bad(compiler);
	}
	while (!expr_owns(compiler->form, table, base)) {
		hops[table] = (expr_hop){ .kind = HOP_ENTRIES, .table = table, .next = selection.first };
		selection.first = &hops[table];
		table = compiler->form->tables[table].parent;
	}
	selection.start = table;
	expr_node node = { .kind = NODE_SELECT, .meaning = operand->question, .selection = &selection };
	return expr_placed(expr_select(compiler, &node), operand->from, operand->upto);
}

expr_operand *expr_as_set(expr_compiler *compiler, expr_operand *operand)
{
	if (operand->kind == OPERAND_SET || operand->kind == OPERAND_BAD)
		return operand;
	if (operand->question == CNV_NONE || (operand->kind != OPERAND_ANSWER && operand->kind != OPERAND_ENTRIES))
		return NULL;
	return select_plain(compiler, operand);
}

expr_operand *expr_first_of(expr_compiler *compiler, const expr_operand *entries)
{
	if (compiler->form->questions[entries->question].role != CNV_REPEAT)
		expr_remark(compiler, CNV_REPEAT_ANSWERS, entries->from, entries->upto,
			    CNV_STR("use sum(), count(), count-non-empty(), min(), max() or join() over them"),
			    "\"%.*s\" has one answer for each entry; only the first is used here",
			    CNV_ARG(compiler->form->questions[entries->question].name));
	return select_plain(compiler, entries);
}

expr_operand *expr_unite(expr_compiler *compiler, const expr_node *node, expr_operand *left, expr_operand *right)
{
	expr_operand *sets[] = { expr_as_set(compiler, left), expr_as_set(compiler, right) };
	expr_source sources[64];
	uint32_t count = 0;

	for (uint32_t i = 0; i < 2; i++) {
		const expr_operand *given = i == 0 ? left : right;
		if (!sets[i]) {
			expr_complain(compiler, CNV_ARGUMENT_KIND, given->upto > given->from ? given->from : node->from,
				      given->upto > given->from ? given->upto : node->upto,
				      CNV_STR("join conditions with: or"), "| only joins answers and paths");
			return expr_bad(compiler);
		}
		if (sets[i]->kind == OPERAND_BAD)
			return expr_bad(compiler);
	}
	const expr_reading *a = sets[0]->reading, *b = sets[1]->reading;
	if (a->count + b->count > 64) {
		expr_complain(compiler, CNV_EXPRESSION_TOO_LARGE, node->from, node->upto, CNV_STR(""),
			      "more than 64 paths are joined with |");
		return expr_bad(compiler);
	}
	/* In the order of the form. */
	if (a->sources[0].question != CNV_NONE && b->sources[0].question != CNV_NONE &&
	    a->sources[0].question > b->sources[0].question && a->count == 1 && b->count == 1) {
		const expr_reading *other = a;
		expr_operand *set = sets[0];
		a = b;
		b = other;
		sets[0] = sets[1];
		sets[1] = set;
	}
	for (uint32_t i = 0; i < a->count; i++)
		sources[count++] = a->sources[i];
	for (uint32_t i = 0; i < b->count; i++)
		sources[count++] = b->sources[i];
	expr_reading *both = room_for(compiler, sizeof *both + count * sizeof(expr_source));
	if (!both)
		return expr_bad(compiler);
	both->set = a->set;
	both->other = b->set;
	both->first_count = a->count;
	both->count = count;
	both->merge = a->count == 1 && b->count == 1 && a->sources[0].table == b->sources[0].table;
	memcpy(both->sources, sources, count * sizeof(expr_source));
	expr_operand *args[] = { expr_any(compiler, sets[0]), expr_any(compiler, sets[1]) };
	return set_operand(compiler, (expr_step){ .op = OP_unite, .data = both }, args, 2, sources, count,
			   sets[0]->type == sets[1]->type ? sets[0]->type : TYPE_TEXT);
}

expr_operand *expr_shuffle(expr_compiler *compiler, expr_operand *set, expr_operand *number, expr_operand *text)
{
	const expr_reading *reading = set->reading;
	expr_operand *args[] = { expr_any(compiler, set), number, text };
	return set_operand(compiler, (expr_step){ .op = OP_shuffle, .data = reading }, args, text ? 3 : 2,
			   reading->sources, reading->count, set->type);
}

expr_operand *expr_select_indexed(expr_compiler *compiler, const expr_operand *answer, const cnv_question_id *repeats,
				  expr_operand *const *indexes, uint32_t count)
{
	const cnv_form *form = compiler->form;
	const cnv_question *question = &form->questions[answer->question];
	uint32_t base = expr_level_table(compiler, 0), table = question->table, hops = 0;
	expr_operand *args[4];
	bool single;

	/* From the answer up to the parent of the outermost repeat that is indexed, and the row itself. */
	uint32_t chain[CNV_FORMULA_DEPTH];
	bool open = true;
	while (table != 0 && hops < CNV_FORMULA_DEPTH && open) {
		bool counted = false;
		chain[hops++] = table;
		table = form->tables[table].parent;
		for (uint32_t i = 0; i < count; i++)
			for (uint32_t above = table;; above = form->tables[above].parent) {
				counted = counted || form->questions[repeats[i]].table == above;
				if (above == 0)
					break;
			}
		open = counted || !expr_owns(form, table, base);
	}
	expr_selector *selector = room_for(compiler, sizeof *selector + hops * sizeof(expr_selector_hop));
	if (!selector)
		return expr_bad(compiler);
	compiler->expr->unsure = true;
	expr_use(compiler, answer->question);
	selector->hop_count = hops;
	for (uint32_t k = 0; k < hops; k++) {
		expr_selector_hop *hop = &selector->hops[k];
		hop->kind = HOP_ENTRIES;
		hop->table = chain[hops - 1 - k];
		expr_use(compiler, form->tables[hop->table].repeat);
		for (uint32_t i = 0; i < count; i++) {
			if (form->questions[repeats[i]].table != hop->table)
				continue;
			hop->filters = room_for(compiler, sizeof(expr_filter));
			if (!hop->filters)
				return expr_bad(compiler);
			*hop->filters = (expr_filter){ .kind = BY_POSITION, .arg = i, .clamp = true };
			hop->filter_count = 1;
		}
	}
	for (uint32_t i = 0; i < count; i++)
		args[i] = indexes[i];
	expr_source source = { .table = question->table, .column = question->column, .question = answer->question };
	if (question->list < form->list_count)
		source.list = &form->lists[question->list];
	expr_step step = { .op = OP_select, .data = selector, .way = expr_way_to(compiler, 0, table, &single) };
	return set_operand(compiler, step, args, count, &source, 1, expr_answer_type(question));
}
