/* Steps that read answers: of the row itself, of its owner, of its entries.
 *
 * A cell reads as blank unless its bit in `usable` is set.  Comparisons with a constant work on the typed column
 * itself, without loading any value. */
#include "expr/machine.h"

#include <string.h>

/* NULL if the run has no answers. */
static const cnv_column *column_of(const expr_machine *machine, const expr_step *step)
{
	if (!machine->batch)
		return NULL;
	const cnv_table *table = &machine->batch->tables[machine->expr->ways[step->way].table];
	return step->column < table->count ? &table->columns[step->column] : NULL;
}

/* The owners of the block's rows; NULL: the rows are the table's own. */
static const uint32_t *rows_of(const expr_machine *machine, const expr_step *step)
{
	const uint32_t *rows = machine->paths[step->way].rows;
	return rows != NULL ? rows + machine->done : NULL;
}

static uint64_t bits_at(const uint64_t *bits, size_t from, uint32_t count)
{
	uint32_t shift = from % 64;
	uint64_t word = bits[from / 64] >> shift;
	if (shift > 0 && count > 64 - shift)
		word |= bits[from / 64 + 1] << (64 - shift);
	return count < 64 ? word & ((UINT64_C(1) << count) - 1) : word;
}

bool expr_cell_there(const cnv_column *column, uint32_t row)
{
	return cnv_bit(column->usable, row) && cnv_bit(column->answered, row);
}

/* Which cells of the block are readable. */
static void find_there(const expr_machine *machine, const expr_step *step, const cnv_column *column, uint32_t count,
		       uint64_t there[BLOCK_WORDS])
{
	const uint32_t *rows = rows_of(machine, step);
	for (uint32_t w = 0; w * 64 < count; w++) {
		uint32_t some = count - w * 64 < 64 ? count - w * 64 : 64;
		if (!column) {
			there[w] = 0;
		} else if (!rows) {
			size_t from = (size_t)machine->row + w * 64;
			there[w] = bits_at(column->usable, from, some) & bits_at(column->answered, from, some);
		} else {
			uint64_t word = 0;
			for (uint32_t i = 0; i < some; i++)
				word |= (uint64_t)expr_cell_there(column, rows[w * 64 + i]) << i;
			there[w] = word;
		}
	}
}

double expr_cell_number(const cnv_column *column, uint32_t row, int32_t utc_offset)
{
	if (column->numbers)
		return column->numbers[row];
	if (column->moments)
		return expr_instant_days(column->moments[row], utc_offset);
	if (column->days && column->kind == CNV_DATE)
		return column->days[row];
	return EXPR_NAN;
}

/* The block's typed values as numbers: the column's own array if it has one, else `room`. */
static const double *values_of(expr_machine *machine, const expr_step *step, const cnv_column *column, uint32_t count,
			       double room[EXPR_BLOCK])
{
	const uint32_t *rows = rows_of(machine, step);
	if (!rows && column->numbers)
		return column->numbers + machine->row;
	if (!rows && column->kind == CNV_DATE && column->days) {
		const int32_t *days = column->days + machine->row;
		for (uint32_t i = 0; i < count; i++)
			room[i] = days[i];
		return room;
	}
	int32_t utc_offset = column->moments ? expr_offset(machine) : 0;
	for (uint32_t i = 0; i < count; i++)
		room[i] = expr_cell_number(column, rows ? rows[i] : machine->row + i, utc_offset);
	return room;
}

static bool is_plain(char c)
{
	return c > ' ' && c < 0x7F;
}

cnv_str expr_cell_text(expr_machine *machine, const cnv_list *list, const cnv_column *column, uint32_t row)
{
	if (column->kind == CNV_TEXT) { /* nearly always without surrounding white space */
		cnv_str text = cnv_column_text(column, row);
		if (text.len > 0 && is_plain(text.at[0]) && is_plain(text.at[text.len - 1]))
			return text;
	} else if (column->kind == CNV_CHOICE && list && column->choices[row] < list->count) {
		return list->choices[column->choices[row]].name;
	}
	return cnv_cell_value(machine->expr->form, column, row, machine->scratch);
}

/* step->data: the list, of a question with choices. */
static cnv_str text_at(expr_machine *machine, const expr_step *step, const cnv_column *column, uint32_t row)
{
	return expr_cell_text(machine, step->data, column, row);
}

/* ---------------------------------------------------------------- one answer per row */

void step_load_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_column *column = column_of(machine, step);
	const uint32_t *rows = rows_of(machine, step);
	cnv_str *to = texts_of(machine, step->to);
	uint64_t there[BLOCK_WORDS];
	find_there(machine, step, column, count, there);
	for (uint32_t i = 0; i < count; i++)
		to[i] = cnv_bit(there, i) ? text_at(machine, step, column, rows ? rows[i] : machine->row + i)
					  : CNV_STR("");
	machine->failed = machine->failed || machine->scratch->failed;
}

void step_load_number(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_column *column = column_of(machine, step);
	double *to = numbers_of(machine, step->to);
	uint64_t there[BLOCK_WORDS];
	double room[EXPR_BLOCK];
	find_there(machine, step, column, count, there);
	const double *values = column ? values_of(machine, step, column, count, room) : NULL;
	for (uint32_t i = 0; i < count; i++)
		to[i] = cnv_bit(there, i) ? values[i] : EXPR_NAN;
}

void step_load_there(expr_machine *machine, const expr_step *step, uint32_t count)
{
	uint64_t there[BLOCK_WORDS];
	uint64_t *to = bits_of(machine, step->to);
	find_there(machine, step, column_of(machine, step), count, there);
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++)
		to[w] = there[w];
}

/* data: the column's text for each choice of the list. */
void step_load_choice_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_choice_texts *texts = step->data;
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t choice = machine->choices ? machine->choices[machine->done + i] : CNV_NONE;
		to[i] = choice < texts->count ? texts->at[choice] : CNV_STR("");
	}
}

/* The same for the item of the current condition. */
void step_load_item_text(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const expr_choice_texts *texts = step->data;
	const uint32_t *items = machine->ids[step->level];
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = items[i] < texts->count ? texts->at[items[i]] : CNV_STR("");
}

void step_load_item_position(expr_machine *machine, const expr_step *step, uint32_t count)
{
	memcpy(numbers_of(machine, step->to), machine->positions[step->level], count * sizeof(double));
}

void step_load_item_last(expr_machine *machine, const expr_step *step, uint32_t count)
{
	memcpy(numbers_of(machine, step->to), machine->sizes[step->level], count * sizeof(double));
}

/* The record's name in the survey tool; unknown if the return does not contain it. */
void step_load_identity(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint32_t *rows = rows_of(machine, step);
	cnv_str *to = texts_of(machine, step->to);
	uint64_t *unsure = machine->registers[step->to].unsure;
	for (uint32_t i = 0; i < count; i++) {
		to[i] = CNV_STR("");
		if (machine->batch)
			to[i] = cnv_column_text(&machine->batch->identity, rows ? rows[i] : machine->row + i);
		if (to[i].len == 0)
			cnv_bit_set(unsure, i);
		else
			cnv_bit_clear(unsure, i);
	}
}

/* A cell of a file that was not found, or the name of the record: blank and undecided. */
void step_unknown(expr_machine *machine, const expr_step *step, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		texts_of(machine, step->to)[i] = CNV_STR("");
	cnv_bits_fill(machine->registers[step->to].unsure, count, true);
}

/* A value that never exists, such as the previously saved record. */
void step_blank(expr_machine *machine, const expr_step *step, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		texts_of(machine, step->to)[i] = CNV_STR("");
}

void step_load_position(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const uint32_t *rows = rows_of(machine, step);
	double *to = numbers_of(machine, step->to);
	const cnv_table *table = machine->batch ? &machine->batch->tables[machine->expr->ways[step->way].table] : NULL;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = rows ? rows[i] : machine->row + i;
		/* Entries are counted as they are, like in indexed-repeat(), though their numbers may have gaps. */
		to[i] = table && table->parents ? row - cnv_table_first(table, table->parents[row]) + 1 : 1;
	}
}

void step_compare_column(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_column *column = column_of(machine, step);
	uint64_t *to = bits_of(machine, step->to);
	uint64_t there[BLOCK_WORDS];
	double room[EXPR_BLOCK];
	bool unequal = step->relation == IS_UNEQUAL;

	find_there(machine, step, column, count, there);
	if (column)
		expr_compare(unequal ? IS_EQUAL : step->relation, values_of(machine, step, column, count, room),
			     &step->number, 0, count, to);
	for (size_t w = 0; w < CNV_BIT_WORDS(count); w++) {
		uint64_t word = column ? to[w] & there[w] : 0;
		to[w] = unequal ? ~word : word; /* a blank equals no number */
	}
}

void step_column_is_choice(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_column *column = column_of(machine, step);
	const uint32_t *rows = rows_of(machine, step);
	uint64_t *to = bits_of(machine, step->to);
	uint64_t there[BLOCK_WORDS];

	find_there(machine, step, column, count, there);
	for (uint32_t w = 0; w * 64 < count; w++) {
		uint32_t some = count - w * 64 < 64 ? count - w * 64 : 64;
		uint64_t word = 0;
		if (column && column->choices && step->choice != CNV_NONE) {
			const uint32_t *choices = column->choices;
			if (!rows)
				for (uint32_t i = 0; i < some; i++)
					word |= (uint64_t)(choices[machine->row + w * 64 + i] == step->choice) << i;
			else
				for (uint32_t i = 0; i < some; i++)
					word |= (uint64_t)(choices[rows[w * 64 + i]] == step->choice) << i;
		}
		to[w] = word & there[w];
	}
}

void step_column_has_choice(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_column *column = column_of(machine, step);
	const uint32_t *rows = rows_of(machine, step);
	uint64_t *to = bits_of(machine, step->to);
	uint64_t there[BLOCK_WORDS];

	find_there(machine, step, column, count, there);
	bool known = column && column->sets && step->choice / 64 < column->words;
	for (uint32_t w = 0; w * 64 < count; w++) {
		uint32_t some = count - w * 64 < 64 ? count - w * 64 : 64;
		uint64_t word = 0;
		for (uint32_t i = 0; i < some && known; i++) {
			size_t row = rows ? rows[w * 64 + i] : (size_t)machine->row + w * 64 + i;
			word |= (column->sets[row * column->words + step->choice / 64] >> (step->choice % 64) & 1) << i;
		}
		to[w] = word & there[w];
	}
}

/* ---------------------------------------------------------------- all entries of a row */

typedef struct entries {
	const cnv_column *column; /* NULL: the entries themselves */
	const uint32_t *starts, *ends;
	int32_t utc_offset;
} entries;

static entries entries_of(expr_machine *machine, const expr_step *step)
{
	entries all = { .column = NULL };
	const expr_path *path = &machine->paths[step->way];
	if (!path->starts)
		return all;
	all.column = column_of(machine, step);
	all.starts = path->starts + machine->done;
	all.ends = path->ends + machine->done;
	if (all.column && all.column->moments)
		all.utc_offset = expr_offset(machine);
	return all;
}

/* The previous row has the same entries, and so the same result: otherwise rows of one repeat that read a sibling
 * repeat would cost the product of both sizes. */
static bool as_before(const entries *all, uint32_t i)
{
	return i > 0 && all->starts && all->starts[i] == all->starts[i - 1] && all->ends[i] == all->ends[i - 1];
}

bool expr_cell_is_typed(const cnv_column *column)
{
	return column->numbers != NULL || column->moments || (column->kind == CNV_DATE && column->days);
}

/* The number of one entry; false if it is blank. */
static bool entry_number(expr_machine *machine, const expr_step *step, const entries *all, uint32_t entry,
			 double *number)
{
	if (!all->column || !expr_cell_there(all->column, entry))
		return false;
	if (expr_cell_is_typed(all->column)) {
		*number = expr_cell_number(all->column, entry, all->utc_offset);
		return true;
	}
	bool mattered = false;
	cnv_str text = cnv_str_trim(text_at(machine, step, all->column, entry));
	if (text.len == 0)
		return false;
	*number = expr_text_number(text, machine->world ? machine->world->now.utc_offset : 0, &mattered);
	return true;
}

static bool entry_filled(expr_machine *machine, const expr_step *step, const entries *all, uint32_t entry)
{
	if (!all->column)
		return true;
	if (!expr_cell_there(all->column, entry))
		return false;
	return expr_cell_is_typed(all->column) || text_at(machine, step, all->column, entry).len > 0;
}

void step_count_entries(expr_machine *machine, const expr_step *step, uint32_t count)
{
	entries all = entries_of(machine, step);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = all.starts ? all.ends[i] - all.starts[i] : 0;
}

/* The result for entries [from, upto). */
typedef double total(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from, uint32_t upto);

static void total_rows(expr_machine *machine, const expr_step *step, uint32_t count, total *of)
{
	entries all = entries_of(machine, step);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		if (as_before(&all, i))
			to[i] = to[i - 1];
		else
			to[i] = all.starts ? of(machine, step, &all, all.starts[i], all.ends[i])
					   : of(machine, step, &all, 0, 0);
}

static double count_filled(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from,
			   uint32_t upto)
{
	double filled = 0;
	for (uint32_t e = from; e < upto; e++)
		filled += entry_filled(machine, step, all, e);
	return filled;
}

static double count_true(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from, uint32_t upto)
{
	bool number = all->column && all->column->numbers;
	double truths = 0;
	for (uint32_t e = from; e < upto; e++)
		truths += entry_filled(machine, step, all, e) && (!number || all->column->numbers[e] != 0);
	return truths;
}

static double sum(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from, uint32_t upto)
{
	double whole = 0, number;
	for (uint32_t e = from; e < upto; e++)
		if (entry_number(machine, step, all, e, &number))
			whole += number;
	return whole;
}

/* The greatest (sign 1) or least (sign -1). */
static double extreme(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from, uint32_t upto,
		      double sign)
{
	double found = EXPR_NAN, number;
	for (uint32_t e = from; e < upto; e++)
		if (entry_number(machine, step, all, e, &number) && !(number * sign <= found * sign) &&
		    number == number)
			found = number;
	return found;
}

static double least(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from, uint32_t upto)
{
	return extreme(machine, step, all, from, upto, -1);
}

static double greatest(expr_machine *machine, const expr_step *step, const entries *all, uint32_t from, uint32_t upto)
{
	return extreme(machine, step, all, from, upto, 1);
}

void step_count_filled(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, count_filled);
}

/* The number of true answers: numbers other than 0, texts that are not empty. */
void step_count_true_entries(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, count_true);
}

void step_sum_entries(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, sum);
}

void step_least_entry(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, least);
}

void step_greatest_entry(expr_machine *machine, const expr_step *step, uint32_t count)
{
	total_rows(machine, step, count, greatest);
}

const char expr_no_items[1] = "";

/* args: the separator.  A row without entries returns expr_no_items, which join() leaves out. */
void step_join_entries(expr_machine *machine, const expr_step *step, uint32_t count)
{
	entries all = entries_of(machine, step);
	const cnv_str *separators = texts_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	cnv_text joined = { 0 };
	for (uint32_t i = 0; i < count && !machine->failed; i++) {
		if (as_before(&all, i) && cnv_str_equal(separators[i], separators[i - 1])) {
			to[i] = to[i - 1];
			continue;
		}
		to[i] = (cnv_str){ expr_no_items, 0 };
		if (!all.starts || all.starts[i] == all.ends[i])
			continue;
		joined.len = 0;
		for (uint32_t e = all.starts[i]; e < all.ends[i]; e++) {
			if (e > all.starts[i])
				cnv_text_put(&joined, separators[i]);
			if (all.column && expr_cell_there(all.column, e))
				cnv_text_put(&joined, text_at(machine, step, all.column, e));
		}
		cnv_str text = cnv_text_str(&joined);
		to[i] = expr_text_copy(machine, text.at, text.len);
		machine->failed = machine->failed || joined.failed;
	}
	cnv_text_fini(&joined);
}
