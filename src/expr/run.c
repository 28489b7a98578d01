/* The machine: steps over blocks of rows.
 *
 * A run allocates its registers from scratch once, fills the constant ones, and processes the window block by block,
 * one loop per step.  A step that cannot decide (a pattern over its limits) marks its rows unsure; the mark
 * propagates with the value, except from an operand of `and`, `or` or `if` that was not used. */
#include "expr/machine.h"
#include "expr/pattern.h"

#include <assert.h>
#include <string.h>

void (*const expr_kernels[OP_COUNT])(expr_machine *, const expr_step *, uint32_t) = {
#define STEP(name, knows) [OP_##name] = step_##name,
	EXPR_STEPS(STEP)
#undef STEP
};

/* ---------------------------------------------------------------- ways to other tables */

/* First row of `table` whose owner in `common` is not before `owner`: entries of one owner are adjacent, in its
 * order. */
static uint32_t first_entry(const cnv_batch *batch, uint32_t table, uint32_t common, uint32_t owner)
{
	uint32_t low = 0, high = batch->tables[table].rows;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (cnv_batch_owner(batch, table, middle, common) < owner)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool prepare_entries(expr_machine *machine, const expr_way *way, expr_path *path, uint32_t from, uint32_t count)
{
	const cnv_batch *batch = machine->batch;
	uint32_t own = machine->expr->table, rows = batch->tables[way->table].rows;
	path->starts = cnv_arena_array(machine->scratch, count, sizeof(uint32_t));
	path->ends = cnv_arena_array(machine->scratch, count, sizeof(uint32_t));
	if (!path->starts || !path->ends)
		return false;
	uint32_t at = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t owner = own == way->common ? from + i : cnv_batch_owner(batch, own, from + i, way->common);
		if (i == 0)
			at = first_entry(batch, way->table, way->common, owner);
		if (i > 0 && own != way->common && owner == cnv_batch_owner(batch, own, from + i - 1, way->common)) {
			path->starts[i] = path->starts[i - 1];
			path->ends[i] = path->ends[i - 1];
			continue;
		}
		while (at < rows && cnv_batch_owner(batch, way->table, at, way->common) < owner)
			at++;
		path->starts[i] = at;
		while (at < rows && cnv_batch_owner(batch, way->table, at, way->common) == owner)
			at++;
		path->ends[i] = at;
	}
	return true;
}

static bool prepare_paths(expr_machine *machine, uint32_t from, uint32_t count)
{
	const cnv_expr *expr = machine->expr;
	machine->paths = cnv_arena_array(machine->lasting, (size_t)expr->way_count + 1, sizeof(expr_path));
	if (!machine->paths)
		return false;
	if (!machine->batch)
		return true;
	for (uint32_t w = 1; w < expr->way_count; w++) {
		const expr_way *way = &expr->ways[w];
		expr_path *path = &machine->paths[w];
		if (way->common != way->table) {
			if (!prepare_entries(machine, way, path, from, count))
				return false;
			continue;
		}
		path->rows = cnv_arena_array(machine->scratch, count, sizeof(uint32_t));
		if (!path->rows)
			return false;
		for (uint32_t i = 0; i < count; i++)
			path->rows[i] = cnv_batch_owner(machine->batch, expr->table, from + i, way->table);
	}
	return true;
}

/* ---------------------------------------------------------------- registers */

static bool prepare_sets(expr_machine *machine)
{
	uint32_t count = machine->expr->set_count;
	machine->sets = count > 0 ? cnv_arena_array(machine->lasting, count, sizeof(expr_set)) : NULL;
	for (uint32_t i = 0; machine->sets && i < count; i++) {
		machine->sets[i].starts = cnv_arena_array(machine->lasting, machine->room, sizeof(uint32_t));
		machine->sets[i].ends = cnv_arena_array(machine->lasting, machine->room, sizeof(uint32_t));
	}
	machine->filters = cnv_arena_array(machine->lasting, machine->expr->filter_count, sizeof(expr_machine *));
	return !machine->lasting->failed;
}

static bool prepare_registers(expr_machine *machine, uint32_t count)
{
	const cnv_expr *expr = machine->expr;
	static const size_t sizes[] = { [TYPE_TEXT] = sizeof(cnv_str), [TYPE_NUMBER] = sizeof(double) };
	uint32_t room = count < EXPR_BLOCK ? count : EXPR_BLOCK;
	size_t words = CNV_BIT_WORDS(room);

	machine->room = room;
	machine->registers = cnv_arena_array(machine->lasting, (size_t)expr->register_count + 1, sizeof(expr_register));
	if (!machine->registers)
		return false;
	for (uint32_t i = 0; i < expr->register_count; i++) {
		expr_register *reg = &machine->registers[i];
		expr_type type = expr->registers[i];
		reg->at = type == TYPE_BOOLEAN ? cnv_arena_array(machine->lasting, words, sizeof(uint64_t))
					       : cnv_arena_array(machine->lasting, room, sizes[type]);
		reg->unsure = expr->unsure ? cnv_arena_array(machine->lasting, words, sizeof(uint64_t)) : NULL;
		if (!reg->at || (expr->unsure && !reg->unsure))
			return false;
	}
	for (uint32_t i = 0; i < expr->constant_count; i++) {
		uint32_t to = expr->constants[i].to;
		const expr_value *value = &expr->constants[i].value;
		if (expr->registers[to] == TYPE_BOOLEAN)
			cnv_bits_fill(machine->registers[to].bits, room, value->truth);
		for (uint32_t row = 0; row < room && expr->registers[to] == TYPE_TEXT; row++)
			machine->registers[to].texts[row] = value->text;
		for (uint32_t row = 0; row < room && expr->registers[to] == TYPE_NUMBER; row++)
			machine->registers[to].numbers[row] = value->number;
	}
	return prepare_sets(machine);
}

static bool marks_itself(expr_op op)
{
	return op == OP_both || op == OP_either || op == OP_choose_text || op == OP_choose_number ||
	       op == OP_choose_boolean || op == OP_regex || op == OP_regex_computed || op == OP_select ||
	       op == OP_unknown || op == OP_load_identity || op == OP_intersects;
}

/* A value computed from unsure ones is unsure. */
static void spread(expr_machine *machine, const expr_step *step, size_t words)
{
	uint64_t *to = machine->registers[step->to].unsure;
	for (size_t w = 0; w < words; w++) {
		uint64_t word = 0;
		for (uint32_t i = 0; i < step->argc; i++)
			word |= machine->registers[step->args[i]].unsure[w];
		to[w] = word;
	}
}

static void run_block(expr_machine *machine, uint32_t count)
{
	const cnv_expr *expr = machine->expr;
	for (uint32_t i = 0; i < expr->step_count && !machine->failed; i++) {
		const expr_step *step = &expr->steps[i];
		expr_kernels[step->op](machine, step, count);
		if (expr->unsure && !marks_itself(step->op))
			spread(machine, step, CNV_BIT_WORDS(count));
	}
}

/* ---------------------------------------------------------------- conditions on paths
 *
 * The program of a condition is run over candidates like over rows: each has the row of answers it is for, and the
 * current entry or item of each level. */

static bool prepare_filter(expr_machine *machine)
{
	const cnv_expr *expr = machine->expr;
	if (!prepare_registers(machine, EXPR_BLOCK))
		return false;
	machine->paths = cnv_arena_array(machine->lasting, (size_t)expr->way_count + 1, sizeof(expr_path));
	for (uint32_t w = 0; machine->paths && w < expr->way_count; w++) {
		expr_path *path = &machine->paths[w];
		if (expr->ways[w].common == expr->ways[w].table) {
			path->rows = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
		} else {
			path->starts = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
			path->ends = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
		}
	}
	for (uint32_t k = 1; k <= expr->level; k++) {
		machine->ids[k] = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
		machine->positions[k] = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(double));
		machine->sizes[k] = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(double));
	}
	machine->ids[0] = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
	machine->outermost = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
	machine->own_choices = cnv_arena_array(machine->lasting, EXPR_BLOCK, sizeof(uint32_t));
	machine->choices = machine->around->choices ? machine->own_choices : NULL;
	return !machine->lasting->failed;
}

/* The machine that runs a program of `around`, created on first use. */
static expr_machine *filter_machine(expr_machine *around, const cnv_expr *program)
{
	expr_machine *machine = around->filters[program->place];
	if (machine)
		return machine;
	machine = cnv_arena_get(around->lasting, sizeof *machine);
	if (!machine)
		return NULL;
	*machine = (expr_machine){ .expr = program,
				   .run_filter = around->run_filter,
				   .batch = around->batch,
				   .world = around->world,
				   .lasting = around->lasting,
				   .spent = around->spent,
				   .around = around };
	around->filters[program->place] = machine;
	machine->scratch = &machine->own;
	return prepare_filter(machine) ? machine : NULL;
}

static void follow_ways(expr_machine *machine, uint32_t count)
{
	const cnv_expr *expr = machine->expr;
	for (uint32_t w = 0; w < expr->way_count && machine->batch; w++) {
		const expr_way *way = &expr->ways[w];
		const uint32_t *rows = machine->ids[way->level];
		uint32_t table = way->level == 0 ? expr->table : expr->level_tables[way->level];
		expr_path *path = &machine->paths[w];
		for (uint32_t i = 0; i < count; i++) {
			uint32_t owner = table == way->common
						 ? rows[i]
						 : cnv_batch_owner(machine->batch, table, rows[i], way->common);
			if (path->rows) {
				path->rows[i] = owner;
			} else {
				path->starts[i] = first_entry(machine->batch, way->table, way->common, owner);
				path->ends[i] = first_entry(machine->batch, way->table, way->common, owner + 1);
			}
		}
	}
}

static bool run_filter(expr_machine *around, const cnv_expr *program, const expr_candidates *candidates, uint32_t from,
		       uint32_t count, expr_machine **ran)
{
	expr_machine *machine = filter_machine(around, program);
	uint32_t level = program->level;

	*ran = machine;
	if (!machine) {
		around->failed = true;
		return false;
	}
	cnv_arena_reset(&machine->own);
	machine->text = machine->text_end = NULL;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = candidates->rows[from + i];
		machine->ids[0][i] = around->around ? around->ids[0][row] : around->row + row;
		machine->outermost[i] = around->around ? around->outermost[row] : row;
		machine->own_choices[i] = around->choices ? around->choices[around->done + row] : CNV_NONE;
		/* A condition that does not depend on the enclosing one is run without it. */
		for (uint32_t k = 1; k < level && around->ids[k]; k++) {
			machine->ids[k][i] = around->ids[k][row];
			machine->positions[k][i] = around->positions[k][row];
			machine->sizes[k][i] = around->sizes[k][row];
		}
		machine->ids[level][i] = candidates->ids[from + i];
		machine->positions[level][i] = candidates->positions[from + i];
		machine->sizes[level][i] = candidates->sizes[from + i];
	}
	follow_ways(machine, count);
	run_block(machine, count);
	around->failed = around->failed || machine->failed || machine->own.failed;
	around->asked_world = around->asked_world || machine->asked_world;
	return !around->failed;
}

void expr_machine_fini(expr_machine *machine)
{
	for (uint32_t i = 0; machine->filters && i < machine->expr->filter_count; i++)
		if (machine->filters[i]) {
			expr_machine_fini(machine->filters[i]);
			expr_pattern_free(machine->filters[i]->last_pattern);
			cnv_arena_fini(&machine->filters[i]->own);
		}
	machine->filters = NULL;
}

/* ---------------------------------------------------------------- the run */

typedef struct results {
	union {
		cnv_str *texts;
		double *numbers;
		uint64_t *bits;
		void *at;
	};
	uint64_t *unsure;
} results;

static bool prepare_results(results *all, const cnv_expr *expr, uint32_t count, cnv_arena *scratch)
{
	size_t words = CNV_BIT_WORDS(count);
	all->at = expr->type == CNV_T_BOOLEAN  ? cnv_arena_array(scratch, words, sizeof(uint64_t))
		  : expr->type == CNV_T_NUMBER ? cnv_arena_array(scratch, count, sizeof(double))
					       : cnv_arena_array(scratch, count, sizeof(cnv_str));
	all->unsure = expr->unsure ? cnv_arena_array(scratch, words, sizeof(uint64_t)) : NULL;
	return all->at != NULL && (!expr->unsure || all->unsure);
}

static void keep_block(results *all, const expr_machine *machine, uint32_t count)
{
	const cnv_expr *expr = machine->expr;
	const expr_register *result = &machine->registers[expr->result];
	size_t words = CNV_BIT_WORDS(count), done = machine->done;
	uint64_t last = count % 64 == 0 ? UINT64_MAX : (UINT64_C(1) << (count % 64)) - 1;

	if (expr->type == CNV_T_STRING) {
		memcpy(all->texts + done, result->texts, count * sizeof(cnv_str));
	} else if (expr->type == CNV_T_NUMBER) {
		memcpy(all->numbers + done, result->numbers, count * sizeof(double));
	} else {
		memcpy(all->bits + done / 64, result->bits, words * sizeof(uint64_t));
		all->bits[done / 64 + words - 1] &= last;
	}
	if (all->unsure) {
		memcpy(all->unsure + done / 64, result->unsure, words * sizeof(uint64_t));
		all->unsure[done / 64 + words - 1] &= last;
	}
}

cnv_status cnv_expr_run(const cnv_expr *expr, const cnv_batch *batch, uint32_t table, uint32_t from, uint32_t count,
			const uint32_t *choices, const cnv_world *world, cnv_arena *scratch, cnv_vector *out)
{
	expr_machine machine = { .run_filter = run_filter,
				 .expr = expr,
				 .batch = batch,
				 .world = world,
				 .choices = choices,
				 .scratch = scratch,
				 .lasting = scratch };
	uint32_t spent[EXPR_BLOCK];
	results all = { .at = NULL };

	assert(!batch || table == expr->table);
	assert(!batch || from + count <= batch->tables[table].rows);
	(void)table;
	machine.spent = spent;
	*out = (cnv_vector){ .type = expr->type };
	if (count == 0)
		return CNV_OK;
	if (!prepare_results(&all, expr, count, scratch) || !prepare_registers(&machine, count) ||
	    !prepare_paths(&machine, from, count))
		return CNV_NO_MEMORY;
	for (machine.done = 0; machine.done < count && !machine.failed; machine.done += EXPR_BLOCK) {
		uint32_t rows = count - machine.done < EXPR_BLOCK ? count - machine.done : EXPR_BLOCK;
		machine.row = from + machine.done;
		memset(spent, 0, sizeof spent);
		run_block(&machine, rows);
		if (!machine.failed)
			keep_block(&all, &machine, rows);
	}
	expr_pattern_free(machine.last_pattern);
	expr_machine_fini(&machine);
	if (machine.failed)
		return CNV_NO_MEMORY;
	out->strings = expr->type == CNV_T_STRING ? all.texts : NULL;
	out->numbers = expr->type == CNV_T_NUMBER ? all.numbers : NULL;
	out->booleans = expr->type == CNV_T_BOOLEAN ? all.bits : NULL;
	out->unsure = all.unsure;
	return CNV_OK;
}

/* ---------------------------------------------------------------- and, or, not, if */

void step_both(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_register *left = &machine->registers[step->args[0]], *right = &machine->registers[step->args[1]];
	expr_register *to = &machine->registers[step->to];
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++) {
		uint64_t a = left->bits[w], b = right->bits[w];
		if (to->unsure) { /* decided if one side is decided and false */
			uint64_t ua = left->unsure[w], ub = right->unsure[w];
			to->unsure[w] = (ua & ub) | (ua & b) | (ub & a);
		}
		to->bits[w] = a & b;
	}
}

void step_either(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_register *left = &machine->registers[step->args[0]], *right = &machine->registers[step->args[1]];
	expr_register *to = &machine->registers[step->to];
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++) {
		uint64_t a = left->bits[w], b = right->bits[w];
		if (to->unsure) { /* decided if one side is decided and true */
			uint64_t ua = left->unsure[w], ub = right->unsure[w];
			to->unsure[w] = (ua & ub) | (ua & ~b) | (ub & ~a);
		}
		to->bits[w] = a | b;
	}
}

void step_invert(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint64_t *from = bits_of(machine, step->args[0]);
	uint64_t *to = bits_of(machine, step->to);
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++)
		to[w] = ~from[w];
}

static void choose_unsure(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_register *condition = &machine->registers[step->args[0]];
	const expr_register *yes = &machine->registers[step->args[1]], *no = &machine->registers[step->args[2]];
	uint64_t *to = machine->registers[step->to].unsure;
	for (size_t w = 0; w < CNV_BIT_WORDS(count) && to && condition->unsure; w++)
		to[w] = condition->unsure[w] | (condition->bits[w] & yes->unsure[w]) |
			(~condition->bits[w] & no->unsure[w]);
}

/* `size`: of one value. */
static void choose_values(expr_machine *machine, const expr_step *step, uint32_t count, size_t size)
{
	const uint64_t *condition = bits_of(machine, step->args[0]);
	const char *yes = machine->registers[step->args[1]].at, *no = machine->registers[step->args[2]].at;
	char *to = machine->registers[step->to].at;
	for (uint32_t i = 0; i < count; i++)
		memcpy(to + i * size, (cnv_bit(condition, i) ? yes : no) + i * size, size);
	choose_unsure(machine, step, count);
}

void step_choose_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	choose_values(machine, step, count, sizeof(cnv_str));
}

void step_choose_number(expr_machine *machine, const expr_step *step, uint32_t count)
{
	choose_values(machine, step, count, sizeof(double));
}

void step_choose_boolean(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint64_t *condition = bits_of(machine, step->args[0]);
	const uint64_t *yes = bits_of(machine, step->args[1]), *no = bits_of(machine, step->args[2]);
	uint64_t *to = bits_of(machine, step->to);
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++)
		to[w] = (condition[w] & yes[w]) | (~condition[w] & no[w]);
	choose_unsure(machine, step, count);
}
