/* mask: answers are taken out of a batch in place, so that no sheet can show them by mistake. */
#include "report/mask.h"

#include <math.h>
#include <string.h>

static void move_bit(uint64_t *bits, uint32_t from, uint32_t into)
{
	if (cnv_bit(bits, from))
		cnv_bit_set(bits, into);
	else
		cnv_bit_clear(bits, into);
}

/* The typed value and the marks of one row; `into` is not after `from`. */
static void move_cell(cnv_column *column, uint32_t from, uint32_t into)
{
	if (column->numbers)
		column->numbers[into] = column->numbers[from];
	if (column->days)
		column->days[into] = column->days[from];
	if (column->moments)
		column->moments[into] = column->moments[from];
	if (column->choices)
		column->choices[into] = column->choices[from];
	if (column->sets)
		memmove(column->sets + (size_t)into * column->words, column->sets + (size_t)from * column->words,
			column->words * sizeof *column->sets);
	move_bit(column->answered, from, into);
	move_bit(column->understood, from, into);
	move_bit(column->usable, from, into);
	column->verdicts[into] = column->verdicts[from];
	if (column->lines)
		column->lines[into] = column->lines[from];
	if (column->source_columns)
		column->source_columns[into] = column->source_columns[from];
}

/* Texts move down, so `ends` of a row must be read before it is written: the start of the next row is kept. */
static void move_column(cnv_column *column, uint32_t rows, const uint32_t *into)
{
	uint32_t start = 0, used = 0;

	for (uint32_t row = 0; row < rows; row++) {
		uint32_t end = column->ends[row], len = end - start;

		if (into[row] != CNV_NONE) {
			if (len)
				memmove(column->text.at + used, column->text.at + start, len);
			used += len;
			column->ends[into[row]] = used;
			move_cell(column, row, into[row]);
		}
		start = end;
	}
	column->text.len = used;
}

void cnv_mask_value(cnv_column *column, uint32_t row)
{
	if (column->numbers)
		column->numbers[row] = NAN;
	if (column->days)
		column->days[row] = 0;
	if (column->moments)
		column->moments[row] = 0;
	if (!column->choices && !column->sets) {
		cnv_bit_clear(column->understood, row);
		cnv_bit_clear(column->usable, row);
	}
}

void cnv_mask_cell(cnv_column *column, uint32_t row)
{
	cnv_mask_value(column, row);
	if (column->choices)
		column->choices[row] = CNV_NONE;
	for (uint32_t word = 0; column->sets && word < column->words; word++)
		column->sets[(size_t)row * column->words + word] = 0;
	cnv_bit_clear(column->answered, row);
	cnv_bit_clear(column->understood, row);
	cnv_bit_clear(column->usable, row);
	if (column->verdicts[row] != CNV_RETURN_BLANK) /* there is nothing to withhold */
		column->verdicts[row] = CNV_WITHHELD;
}

/* Rows after the last one are blank, whatever was there. */
static void clear_rest(cnv_column *column, uint32_t kept, uint32_t rows)
{
	for (uint32_t row = kept; row < rows; row++) {
		cnv_mask_cell(column, row);
		column->verdicts[row] = CNV_BLANK;
	}
}

void cnv_mask_rows(cnv_table *table, const uint64_t *keep, uint32_t *into)
{
	uint32_t kept = 0, rows = table->rows;

	for (uint32_t row = 0; row < rows; row++)
		into[row] = cnv_bit(keep, row) ? kept++ : CNV_NONE;
	for (uint32_t c = 0; c < table->count; c++)
		move_column(&table->columns[c], rows, into);
	for (uint32_t c = 0; c < table->count; c++)
		clear_rest(&table->columns[c], kept, rows);
	for (uint32_t row = 0; row < rows; row++) {
		if (into[row] == CNV_NONE)
			continue;
		table->lines[into[row]] = table->lines[row];
		table->parents[into[row]] = table->parents[row];
		table->positions[into[row]] = table->positions[row];
	}
	table->rows = kept;
}

void cnv_mask_texts(cnv_column *column, uint32_t rows, const uint64_t *erase)
{
	uint32_t start = 0, used = 0;

	for (uint32_t row = 0; row < rows; row++) {
		uint32_t end = column->ends[row], len = cnv_bit(erase, row) ? 0 : end - start;

		if (len)
			memmove(column->text.at + used, column->text.at + start, len);
		used += len;
		column->ends[row] = used;
		start = end;
	}
	column->text.len = used;
}
