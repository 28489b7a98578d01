/* One answer as a program reads it: choice names, numbers and dates in the format of XLSForm; else the trimmed text. */
#include "read/choice.h"
#include "read/value.h"

#include <string.h>

struct cnv_cell_reader {
	cnv_choice_reader choices;
	cnv_arena scratch;
	uint64_t *set;
};

static void free_reader(void *at)
{
	struct cnv_cell_reader *reader = at;

	if (!reader)
		return;
	cnv_choice_reader_fini(&reader->choices);
	cnv_arena_fini(&reader->scratch);
	cnv_mem_free(reader->set);
	cnv_mem_free(reader);
}

static struct cnv_cell_reader *make_reader(const cnv_form *form, const cnv_list *list)
{
	struct cnv_cell_reader *reader = cnv_mem_get(sizeof *reader);

	if (!reader)
		return NULL;
	cnv_choice_reader_init(&reader->choices, form, list, false, &reader->scratch);
	reader->set = cnv_mem_array(CNV_BIT_WORDS(list->count) + 1, sizeof *reader->set);
	if (reader->set)
		return reader;
	free_reader(reader);
	return NULL;
}

/* The reader of a column, created when its first cell needs it; NULL: no memory. */
static struct cnv_cell_reader *reader_of(const cnv_form *form, const cnv_column *column)
{
	if (!column->memory->at) {
		column->memory->at = make_reader(form, &form->lists[column->list]);
		column->memory->free = free_reader;
	}
	return column->memory->at;
}

static const uint64_t *read_again(struct cnv_cell_reader *reader, cnv_str text)
{
	/* The cells of the last call may be gone, and cached texts are borrowed from them. */
	memset(reader->choices.cache, 0, sizeof reader->choices.cache);
	reader->choices.failed = false;
	return cnv_choices_read(&reader->choices, text, reader->set) ? reader->set : NULL;
}

const uint64_t *cnv_column_choices(const cnv_form *form, const cnv_column *column, cnv_str text, bool *failed)
{
	struct cnv_cell_reader *reader = reader_of(form, column);
	const uint64_t *set = reader ? read_again(reader, text) : NULL;

	*failed |= !reader || reader->choices.failed;
	return set;
}

/* Is the text already names separated by single spaces? */
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

/* Names in the order of the cell, separated by single spaces. */
static cnv_str value_of_choices(const cnv_form *form, const cnv_column *column, uint32_t row, cnv_str text,
				cnv_arena *arena)
{
	const cnv_list *list = &form->lists[column->list];
	const uint64_t *set = column->sets + (size_t)row * column->words;
	struct cnv_cell_reader *again;
	cnv_str value = text;

	if (is_canonical(list, text, cnv_bits_count(set, list->count)))
		return text;
	again = reader_of(form, column);
	if (!again) {
		arena->failed = true;
		return text;
	}
	if (read_again(again, text) && !memcmp(again->set, set, CNV_BIT_WORDS(list->count) * sizeof *set))
		value = cnv_choices_names(&again->choices, arena);
	arena->failed |= again->choices.failed;
	return value;
}

cnv_str cnv_value_written(const cnv_column *column, uint32_t row, cnv_arena *arena)
{
	char written[CNV_NUMBER_ROOM];
	size_t len = 0;

	_Static_assert(CNV_NUMBER_ROOM >= CNV_INSTANT_ROOM, "the longest of them");
	if (column->numbers)
		len = cnv_number_write(column->numbers[row], written);
	else if (column->moments)
		len = cnv_instant_write((cnv_instant){ .utc_ms = column->moments[row] }, written);
	else if (column->days && column->kind == CNV_DATE)
		len = cnv_day_write(column->days[row], written);
	else if (column->days)
		len = cnv_time_write(column->days[row], written);
	return cnv_arena_copy(arena, (cnv_str){ written, len });
}

cnv_str cnv_file_leaf(cnv_str text)
{
	size_t at = text.len;

	while (at && text.at[at - 1] != '/' && text.at[at - 1] != '\\')
		at--;
	return cnv_str_slice(text, at, text.len);
}

/* Without leading zeros: "-007" is -7, "-0" is 0; and without characters other than digits. */
static cnv_str value_of_integer(const cnv_column *column, uint32_t row, cnv_str text, cnv_arena *arena)
{
	size_t at = text.at[0] == '-';
	bool zero = text.at[at] == '0' && text.len > 1;

	while (!zero && at < text.len && text.at[at] >= '0' && text.at[at] <= '9')
		at++;
	return at == text.len ? text : cnv_value_written(column, row, arena);
}

/* Is it in the format of XLSForm? */
static bool is_literal(const cnv_column *column, cnv_str text)
{
	cnv_instant instant;
	double number;
	int32_t at, offset;
	bool zoned;

	if (column->kind == CNV_DECIMAL)
		return cnv_number_read(text, &number);
	if (column->kind == CNV_DATE)
		return cnv_day_read(text, &at);
	if (column->kind == CNV_TIME)
		return cnv_time_read(text, &at, &offset, &zoned);
	return cnv_instant_read(text, 0, &instant);
}

static cnv_str value_as_written(const cnv_column *column, uint32_t row, cnv_str text, cnv_arena *arena)
{
	return is_literal(column, text) ? text : cnv_value_written(column, row, arena);
}

cnv_str cnv_cell_value(const cnv_form *form, const cnv_column *column, uint32_t row, cnv_arena *arena)
{
	cnv_str text = cnv_column_text(column, row);
	const cnv_list *list = column->list == CNV_NONE ? NULL : &form->lists[column->list];

	if (!cnv_bit(column->understood, row))
		return text;
	text = cnv_cell_trim(text);
	switch (cnv_kind_value(column->kind)) {
	case CNV_VALUE_NUMBER:
		return column->kind == CNV_INTEGER ? value_of_integer(column, row, text, arena)
						   : value_as_written(column, row, text, arena);
	case CNV_VALUE_DAY:
	case CNV_VALUE_TIME:
	case CNV_VALUE_MOMENT:
		return value_as_written(column, row, text, arena);
	case CNV_VALUE_CHOICE:
		return list && column->choices[row] != CNV_NONE ? list->choices[column->choices[row]].name : text;
	case CNV_VALUE_SET:
		return list ? value_of_choices(form, column, row, text, arena) : text;
	case CNV_VALUE_TEXT:
		break;
	}
	return column->kind == CNV_FILE ? cnv_file_leaf(text) : column->kind == CNV_ACKNOWLEDGE ? CNV_STR("OK") : text;
}

cnv_str cnv_unknown_choice(const cnv_form *form, const cnv_list *list, cnv_str text)
{
	struct cnv_cell_reader *reader = text.len ? make_reader(form, list) : NULL;
	cnv_str unknown = { 0 };

	if (!reader)
		return unknown;
	reader->choices.set = reader->set;
	unknown = cnv_choices_unknown(&reader->choices, text);
	free_reader(reader);
	return unknown;
}

cnv_str cnv_lenient_choices(const cnv_form *form, const cnv_question *question, cnv_str text, cnv_arena *arena)
{
	const cnv_list *list = &form->lists[question->list];
	struct cnv_cell_reader *reader = text.len ? make_reader(form, list) : NULL;
	cnv_str names = { 0 };

	if (!reader)
		return names;
	if (question->kind == CNV_CHOICE) {
		uint32_t choice = cnv_choice_read(&reader->choices, text)->choice;

		names = choice == CNV_NONE ? names : list->choices[choice].name;
	} else if (cnv_choices_read(&reader->choices, text, reader->set)) {
		names = cnv_choices_names(&reader->choices, arena);
	}
	arena->failed |= reader->choices.failed;
	free_reader(reader);
	return names;
}
