/* Selecting entries and items: the steps of a path with many results, filtered by conditions.
 *
 * Candidates of many rows are stored contiguously, and each condition is run over all of them at once.  The usual
 * condition (one column equals a value of the row) looks up its items and never visits the others.  Work for one row
 * is bounded: beyond EXPR_SPENT evaluations the row is unsure, and is reported as not checked. */
#include "expr/machine.h"

#include <math.h>
#include <string.h>

/* Candidates processed together; a single row may have more. */
#define MOST_CANDIDATES 16384u

static bool grow(cnv_arena *arena, void **array, uint32_t count, uint32_t room, size_t size)
{
	void *bigger = cnv_arena_array(arena, room, size);
	if (!bigger)
		return false;
	if (count > 0)
		memcpy(bigger, *array, count * size);
	*array = bigger;
	return true;
}

static bool make_room(expr_machine *machine, expr_candidates *all, uint64_t wanted)
{
	uint32_t room = all->room == 0 ? 256 : all->room;
	if (wanted <= all->room)
		return true;
	if (wanted > UINT32_MAX / 2) {
		machine->failed = true;
		return false;
	}
	while (room < wanted)
		room *= 2;
	if (!grow(machine->lasting, (void **)&all->rows, all->count, room, sizeof(uint32_t)) ||
	    !grow(machine->lasting, (void **)&all->owners, all->count, room, sizeof(uint32_t)) ||
	    !grow(machine->lasting, (void **)&all->ids, all->count, room, sizeof(uint32_t)) ||
	    !grow(machine->lasting, (void **)&all->positions, all->count, room, sizeof(double)) ||
	    !grow(machine->lasting, (void **)&all->sizes, all->count, room, sizeof(double))) {
		machine->failed = true;
		return false;
	}
	all->room = room;
	return true;
}

static void add(expr_candidates *all, uint32_t row, uint32_t owner, uint32_t id)
{
	all->rows[all->count] = row;
	all->owners[all->count] = owner;
	all->ids[all->count++] = id;
}

static void doubt(expr_machine *machine, const expr_step *step, uint32_t row)
{
	if (machine->registers[step->to].unsure)
		cnv_bit_set(machine->registers[step->to].unsure, row);
}

/* Counts the remaining evaluations of a row; false when they are used up. */
static bool spend(expr_machine *machine, uint32_t row, uint64_t count)
{
	uint32_t *spent = &machine->spent[machine->around ? machine->outermost[row] : row];
	if (*spent + count > EXPR_SPENT)
		return false;
	*spent += (uint32_t)count;
	return true;
}

/* ---------------------------------------------------------------- one step of the path */

uint32_t expr_hash(cnv_str text)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
	return hash;
}

static void look_up(expr_machine *machine, const expr_step *step, const expr_filter *filter, uint32_t row,
		    uint32_t owner, expr_candidates *to)
{
	cnv_str wanted = texts_of(machine, step->args[filter->arg])[row];
	const expr_lookup *lookup = filter->lookup;
	if (lookup->only) {
		uint32_t id = cnv_map_find(lookup->only, wanted);
		if (id < filter->texts->count && make_room(machine, to, (uint64_t)to->count + 1))
			add(to, row, owner, id);
		return;
	}
	for (uint32_t id = lookup->first[expr_hash(wanted) & lookup->mask]; id != CNV_NONE; id = lookup->next[id])
		if (cnv_str_equal(expr_item_text(filter->texts, id), wanted)) {
			if (!make_room(machine, to, (uint64_t)to->count + 1))
				return;
			add(to, row, owner, id);
		}
}

/* The position of each member in the set of its owner. */
static void count_off(expr_candidates *all)
{
	for (uint32_t i = 0; i < all->count;) {
		uint32_t end = i;
		while (end < all->count && all->owners[end] == all->owners[i])
			end++;
		for (uint32_t k = i; k < end; k++) {
			all->positions[k] = k - i + 1;
			all->sizes[k] = end - i;
		}
		i = end;
	}
}

static void go_down(expr_machine *machine, const expr_step *step, const expr_selector_hop *hop,
		    const expr_candidates *from, expr_candidates *to)
{
	const expr_filter *quick =
		hop->kind == HOP_ITEMS && hop->filter_count > 0 && hop->filters[0].lookup ? hop->filters : NULL;
	bool fixed = ((const expr_selector *)step->data)->fixed;

	to->count = 0;
	for (uint32_t i = 0; i < from->count && !machine->failed; i++) {
		uint32_t row = from->rows[i];
		if (hop->kind == HOP_SELF) {
			if (make_room(machine, to, (uint64_t)to->count + 1))
				add(to, row, i, from->ids[i]);
			continue;
		}
		if (quick) {
			look_up(machine, step, quick, row, i, to);
			continue;
		}
		uint32_t first = 0, end = hop->items;
		if (hop->kind == HOP_ENTRIES) {
			const cnv_table *table = &machine->batch->tables[hop->table];
			first = cnv_table_first(table, from->ids[i]);
			end = cnv_table_first(table, from->ids[i] + 1);
		}
		if (!fixed && hop->filter_count > 0 && !spend(machine, row, end - first)) {
			doubt(machine, step, row);
			continue;
		}
		if (!make_room(machine, to, (uint64_t)to->count + (end - first)))
			return;
		for (uint32_t id = first; id < end; id++)
			add(to, row, i, id);
	}
}

static bool is_position(double wanted, double position, bool clamp)
{
	if (clamp)
		wanted = trunc(wanted) < 1 ? 1 : trunc(wanted);
	return wanted == position;
}

static bool passes(const expr_machine *machine, const expr_step *step, const expr_filter *filter,
		   const expr_candidates *all, uint32_t i)
{
	uint32_t reg = step->args[filter->arg], row = all->rows[i], id = all->ids[i];
	switch (filter->kind) {
	case BY_POSITION:
		return is_position(numbers_of(machine, reg)[row], all->positions[i], filter->clamp);
	case BY_TEXT:
		return cnv_str_equal(expr_item_text(filter->texts, id), texts_of(machine, reg)[row]);
	case BY_NUMBER:
		return filter->numbers[id] == numbers_of(machine, reg)[row];
	case BY_TRUTH:
		return (expr_item_text(filter->texts, id).len > 0) == cnv_bit(bits_of(machine, reg), row);
	case BY_CONDITION:
		return cnv_bit(bits_of(machine, reg), row);
	case BY_PROGRAM:
		break;
	}
	return false;
}

static void keep(expr_candidates *all, uint32_t *kept, uint32_t i)
{
	all->rows[*kept] = all->rows[i];
	all->owners[*kept] = all->owners[i];
	all->ids[(*kept)++] = all->ids[i];
}

static void thin_out(expr_machine *machine, const expr_step *step, const expr_filter *filter, expr_candidates *all)
{
	uint32_t kept = 0;

	count_off(all);
	if (filter->kind != BY_PROGRAM) {
		for (uint32_t i = 0; i < all->count; i++)
			if (passes(machine, step, filter, all, i))
				keep(all, &kept, i);
		all->count = kept;
		return;
	}
	for (uint32_t from = 0; from < all->count; from += EXPR_BLOCK) {
		uint32_t count = all->count - from < EXPR_BLOCK ? all->count - from : EXPR_BLOCK;
		expr_machine *ran;
		if (!machine->run_filter(machine, filter->program, all, from, count, &ran))
			return;
		const expr_register *result = &ran->registers[filter->program->result];
		bool number = filter->program->type == CNV_T_NUMBER;
		for (uint32_t i = 0; i < count; i++) {
			if (result->unsure && cnv_bit(result->unsure, i))
				doubt(machine, step, all->rows[from + i]);
			if (number ? result->numbers[i] == all->positions[from + i] : cnv_bit(result->bits, i))
				keep(all, &kept, from + i);
		}
	}
	all->count = kept;
}

/* ---------------------------------------------------------------- the step */

static bool add_member(expr_machine *machine, expr_set *set, expr_member member)
{
	if (set->count == set->room) {
		uint32_t room = set->room == 0 ? 256 : set->room * 2;
		if (set->room > UINT32_MAX / 4 ||
		    !grow(machine->lasting, (void **)&set->members, set->count, room, sizeof(expr_member))) {
			machine->failed = true;
			return false;
		}
		set->room = room;
	}
	set->members[set->count++] = member;
	return true;
}

/* The members of rows [from, upto). */
static void choose(expr_machine *machine, const expr_step *step, expr_set *set, uint32_t from, uint32_t upto)
{
	const expr_selector *selector = step->data;
	const uint32_t *starts = machine->paths ? machine->paths[step->way].rows : NULL;
	expr_candidates *here = &machine->candidates, *below = &machine->below;

	here->count = 0;
	if (!make_room(machine, here, upto - from))
		return;
	for (uint32_t i = from; i < upto; i++)
		if (selector->items)
			add(here, i, i, 0);
		else if (machine->batch)
			add(here, i, i, starts ? starts[machine->done + i] : machine->row + i);
	for (uint32_t k = 0; k < selector->hop_count; k++) {
		const expr_selector_hop *hop = &selector->hops[k];
		go_down(machine, step, hop, here, below);
		bool looked_up = hop->kind == HOP_ITEMS && hop->filter_count > 0 && hop->filters[0].lookup;
		for (uint32_t f = looked_up; f < hop->filter_count && !machine->failed; f++)
			thin_out(machine, step, &hop->filters[f], below);
		if (machine->failed)
			return;
		expr_candidates *other = here;
		here = below;
		below = other;
	}
	uint32_t at = 0;
	for (uint32_t i = from; i < upto; i++) {
		set->starts[i] = set->count;
		for (; at < here->count && here->rows[at] == i; at++)
			if (!add_member(machine, set, (expr_member){ here->ids[at], 0 }))
				return;
		set->ends[i] = set->count;
	}
}

static void tell_any(expr_machine *machine, const expr_step *step, const expr_set *set, uint32_t count)
{
	uint64_t *to = bits_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		if (set->ends[i] > set->starts[i])
			cnv_bit_set(to, i);
		else
			cnv_bit_clear(to, i);
}

void step_select(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_selector *selector = step->data;
	expr_set *set = &machine->sets[step->set];
	uint64_t *unsure = machine->registers[step->to].unsure;
	uint32_t together = count;

	if (set->fixed)
		return;
	set->count = 0;
	for (size_t w = 0; unsure && w < CNV_BIT_WORDS(machine->room); w++) {
		unsure[w] = 0;
		for (uint32_t i = 0; i < step->argc && w < CNV_BIT_WORDS(count); i++)
			unsure[w] |= machine->registers[step->args[i]].unsure[w];
	}
	if (selector->fixed) {
		choose(machine, step, set, 0, 1);
		for (uint32_t i = 1; i < machine->room; i++) {
			set->starts[i] = set->starts[0];
			set->ends[i] = set->ends[0];
		}
		if (unsure)
			cnv_bits_fill(unsure, machine->room, cnv_bit(unsure, 0));
		set->fixed = !machine->failed;
		tell_any(machine, step, set, machine->room);
		return;
	}
	if (selector->items && selector->hops[0].items > 0 &&
	    (selector->hops[0].filter_count == 0 || !selector->hops[0].filters[0].lookup))
		together = MOST_CANDIDATES / selector->hops[0].items + 1;
	for (uint32_t from = 0; from < count && !machine->failed; from += together)
		choose(machine, step, set, from, count - from < together ? count : from + together);
	if (!machine->failed)
		tell_any(machine, step, set, count);
}
