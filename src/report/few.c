/* few: small cells.
 *
 * Those who may only be counted are never named, but everybody else is: what remains of a count without the named ones
 * is theirs.  So the cells of a question, its choices and its states, are looked at without the named ones.  A cell of
 * fewer than three respondents is withheld.  One such cell alone would be the total less the others, so the next
 * smallest is withheld with it, until there are two cells and three respondents, or all.  A choice that all of them
 * made would be known of each: release withholds such a question, whatever their number. */
#include "report/few.h"

#include "report/mask.h"

enum { MOST_TURNS = 8 }; /* several choices: after these, all are withheld */

typedef struct cells {
	const cnv_few *few;
	cnv_column *column;
	const uint32_t *owners;
	uint32_t rows;
	uint32_t options, count; /* choices, then standings */
	uint32_t *people, *last; /* of each cell: respondents, and the last of them plus one */
	bool *small;
} cells;

static bool is_theirs(const cells *c, uint32_t row)
{
	return c->few->responses[c->owners[row]].shown == CNV_SHOWN_COUNTED &&
	       c->column->verdicts[row] != CNV_RETURN_BLANK;
}

static bool is_counted(const cells *c, uint32_t row)
{
	return is_theirs(c, row) && c->column->verdicts[row] != CNV_WITHHELD;
}

bool cnv_few_entries_count(const cnv_few *few, const uint32_t *owners, uint32_t rows)
{
	uint32_t people = 0, last = CNV_NONE;

	for (uint32_t row = 0; row < rows; row++) {
		if (few->responses[owners[row]].shown != CNV_SHOWN_COUNTED || owners[row] == last)
			continue;
		last = owners[row];
		people++;
	}
	return people >= CNV_FEW;
}

/* Entries of one respondent follow each other, so each respondent is counted once in a cell. */
static void add(cells *c, uint32_t cell, uint32_t owner)
{
	c->people[cell] += c->last[cell] != owner + 1;
	c->last[cell] = owner + 1;
}

static uint32_t state_of(const cells *c, uint32_t row)
{
	return c->options + (uint32_t)cnv_verdict_standing((cnv_verdict)c->column->verdicts[row]);
}

/* Calls `visit` with each cell that a row is in. */
static bool any_cell(cells *c, uint32_t row, bool (*visit)(cells *c, uint32_t cell, uint32_t owner))
{
	const cnv_column *column = c->column;
	uint32_t state = state_of(c, row), owner = c->owners[row];
	bool found = false;

	if (state != c->options + CNV_STANDING_ANSWERED || (!column->choices && !column->sets))
		return visit(c, state, owner);
	if (column->choices)
		return column->choices[row] < c->options && visit(c, column->choices[row], owner);
	for (uint32_t word = 0; word < column->words; word++)
		for (uint64_t set = column->sets[(size_t)row * column->words + word]; set; set &= set - 1) {
			uint32_t option = word * 64 + (uint32_t)__builtin_ctzll(set);
			found |= option < c->options && visit(c, option, owner);
		}
	return found;
}

static bool visit_count(cells *c, uint32_t cell, uint32_t owner)
{
	add(c, cell, owner);
	return false;
}

static bool visit_small(cells *c, uint32_t cell, uint32_t owner)
{
	(void)owner;
	return c->small[cell];
}

static void count_people(cells *c)
{
	for (uint32_t cell = 0; cell < c->count; cell++) {
		c->people[cell] = c->last[cell] = 0;
		c->small[cell] = false;
	}
	for (uint32_t row = 0; row < c->rows; row++)
		if (is_counted(c, row))
			any_cell(c, row, visit_count);
}

/* The smallest cell that is not withheld yet; CNV_NONE: there is none. */
static uint32_t next_smallest(const cells *c)
{
	uint32_t found = CNV_NONE;

	for (uint32_t cell = 0; cell < c->count; cell++)
		if (c->people[cell] && !c->small[cell] && (found == CNV_NONE || c->people[cell] < c->people[found]))
			found = cell;
	return found;
}

/* Marks the cells to withhold; false: none. */
static bool mark_small(cells *c)
{
	uint32_t marked = 0, people = 0, cell;

	for (cell = 0; cell < c->count; cell++)
		if (c->people[cell] && c->people[cell] < CNV_FEW) {
			c->small[cell] = true;
			marked++;
			people += c->people[cell];
		}
	while (marked && (marked < 2 || people < CNV_FEW) && (cell = next_smallest(c)) != CNV_NONE) {
		c->small[cell] = true;
		marked++;
		people += c->people[cell];
	}
	return marked;
}

static void mask_small(cells *c, bool all)
{
	for (uint32_t row = 0; row < c->rows; row++)
		if (is_counted(c, row) && (all || any_cell(c, row, visit_small)))
			cnv_mask_cell(c->column, row);
}

/* Where several choices are possible, withholding an answer takes it out of other cells too. */
static void mask_cells(cells *c)
{
	for (uint32_t turn = 0;; turn++) {
		count_people(c);
		if (!mark_small(c))
			return;
		mask_small(c, turn == MOST_TURNS);
		if (!c->column->sets)
			return;
	}
}

static bool open_cells(cells *c)
{
	if (c->column->list != CNV_NONE && (c->column->choices || c->column->sets))
		c->options = c->few->form->lists[c->column->list].count;
	c->count = c->options + CNV_STANDINGS;
	c->people = cnv_arena_array(c->few->arena, c->count, sizeof *c->people);
	c->last = cnv_arena_array(c->few->arena, c->count, sizeof *c->last);
	c->small = cnv_arena_array(c->few->arena, c->count, sizeof *c->small);
	return c->people && c->last && c->small;
}

bool cnv_few_mask(const cnv_few *few, cnv_column *column, const uint32_t *owners, uint32_t rows)
{
	cells c = { .few = few, .column = column, .owners = owners, .rows = rows };

	if (!open_cells(&c))
		return false;
	mask_cells(&c);
	return true;
}

bool cnv_few_agree(const cnv_few *few, cnv_column *column, const uint32_t *owners, uint32_t rows, bool *agree)
{
	cells c = { .few = few, .column = column, .owners = owners, .rows = rows };
	uint32_t all = 0, last = CNV_NONE;

	*agree = false;
	if (!open_cells(&c))
		return false;
	for (uint32_t row = 0; row < rows; row++)
		if (is_theirs(&c, row) && owners[row] != last) {
			last = owners[row];
			all++;
		}
	count_people(&c);
	for (uint32_t option = 0; all && option < c.options; option++)
		*agree |= c.people[option] == all;
	return true;
}
