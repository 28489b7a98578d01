/* One answer as a program reads it: choice names, plain numbers, and otherwise the text without the
 * white space around it.  Dates and times are stored the way they are read, so they stand as they came. */
#include "data/data_internal.h"

#include <string.h>

struct cnv_cell_reader {
	cnv_choice_reader choices;
	cnv_arena scratch;
	uint64_t *set;
};

struct cnv_cell_reader *cnv_cell_reader_new(const cnv_list *list)
{
	struct cnv_cell_reader *reader = cnv_mem_get(sizeof *reader);

	if (!reader)
		return NULL;
	cnv_choice_reader_init(&reader->choices, list, &reader->scratch);
	reader->set = cnv_mem_array(CNV_BIT_WORDS(list->count) + 1, sizeof *reader->set);
	if (reader->set)
		return reader;
	cnv_cell_reader_free(reader);
	return NULL;
}

void cnv_cell_reader_free(struct cnv_cell_reader *reader)
{
	if (!reader)
		return;
	cnv_choice_reader_fini(&reader->choices);
	cnv_arena_fini(&reader->scratch);
	cnv_mem_free(reader->set);
	cnv_mem_free(reader);
}

/* Do names and single blanks make up the text already? */
static bool is_canonical(const cnv_list *list, cnv_str text, size_t choices)
{
	size_t from = 0, count = 0;

	for (size_t at = 0; at <= text.len; at++) {
		if (at < text.len && text.at[at] != ' ')
			continue;
		if (cnv_list_find(list, cnv_str_slice(text, from, at)) == CNV_NONE)
			return false;
		from = at + 1;
		count++;
	}
	return count == choices;
}

/* Names in the order in which the cell has them, one blank between. */
static cnv_str value_of_choices(const cnv_list *list, const cnv_column *column, uint32_t row, cnv_str text,
				cnv_arena *arena)
{
	struct cnv_cell_reader *again = column->reader;
	cnv_str value = text;

	if (is_canonical(list, text, cnv_bits_count(column->sets + (size_t)row * column->words, list->count)))
		return text;
	/* Cells come and go between two calls, and what is remembered of a text borrows it. */
	memset(again->choices.cache, 0, sizeof again->choices.cache);
	again->choices.failed = false;
	if (cnv_choices_read(&again->choices, text, again->set))
		value = cnv_choices_names(&again->choices, arena);
	arena->failed |= again->choices.failed;
	return value;
}

/* Without zeros in front of it: "-007" is -7, "-0" is 0. */
static cnv_str value_of_integer(const cnv_column *column, uint32_t row, cnv_str text, cnv_arena *arena)
{
	size_t digits = text.at[0] == '-';
	char written[CNV_NUMBER_ROOM];

	if (text.at[digits] != '0' || text.len == 1)
		return text;
	return cnv_arena_copy(arena, (cnv_str){ written, cnv_number_write(column->numbers[row], written) });
}

cnv_str cnv_cell_value(const cnv_form *form, const cnv_column *column, uint32_t row, cnv_arena *arena)
{
	cnv_str text = cnv_column_text(column, row);
	const cnv_list *list = column->list == CNV_NONE ? NULL : &form->lists[column->list];

	if (!cnv_bit(column->understood, row))
		return text;
	text = cnv_cell_trim(text);
	switch (column->kind) {
	case CNV_INTEGER:
		return value_of_integer(column, row, text, arena);
	case CNV_CHOICE:
		return list && column->choices[row] != CNV_NONE ? list->choices[column->choices[row]].name : text;
	case CNV_CHOICES:
	case CNV_RANK:
		return list ? value_of_choices(list, column, row, text, arena) : text;
	case CNV_FILE:
		return cnv_file_leaf(text);
	case CNV_ACKNOWLEDGE:
		return CNV_STR("OK");
	case CNV_NOTHING:
	case CNV_TEXT:
	case CNV_DECIMAL:
	case CNV_DATE:
	case CNV_TIME:
	case CNV_DATETIME:
	case CNV_GEOPOINT:
	case CNV_GEOTRACE:
	case CNV_GEOSHAPE:
		break;
	}
	return text;
}
