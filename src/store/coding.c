/* Encodes a cell for the store, and decodes it.
 *
 * A value that was understood is stored typed and small.  Most such values reproduce the respondent's text byte for
 * byte (a date, a whole number, the name of a choice); only where they do not is the text stored as well.  A cell
 * that was not understood is NULL, and so is a blank one. */
#include "store/coding.h"

#include "canvass/read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const coding_names[] = {
	[CODING_TEXT] = "text",   [CODING_INTEGER] = "integer", [CODING_REAL] = "real", [CODING_DAY] = "day",
	[CODING_TIME] = "time",   [CODING_MOMENT] = "moment",   [CODING_CODE] = "code", [CODING_BITS] = "bits",
	[CODING_NAMES] = "names", [CODING_ORDER] = "order",
};
_Static_assert(sizeof coding_names / sizeof coding_names[0] == CODINGS, "one name for each coding");

cnv_str store_coding_name(store_coding coding)
{
	return cnv_str_from(coding_names[coding]);
}

bool store_coding_find(cnv_str name, store_coding *coding)
{
	for (size_t i = 0; i < CODINGS; i++) {
		if (cnv_str_equal(name, cnv_str_from(coding_names[i]))) {
			*coding = (store_coding)i;
			return true;
		}
	}
	return false;
}

bool store_is_number(store_coding coding)
{
	return coding == CODING_INTEGER || coding == CODING_REAL;
}

store_coding store_coding_of(const cnv_form *form, const cnv_question *question)
{
	bool closed = question->list != CNV_NONE && !form->lists[question->list].open;

	switch (question->kind) {
	case CNV_INTEGER:
		return CODING_INTEGER;
	case CNV_DECIMAL:
		return CODING_REAL;
	case CNV_DATE:
		return CODING_DAY;
	case CNV_TIME:
		return CODING_TIME;
	case CNV_DATETIME:
		return CODING_MOMENT;
	case CNV_CHOICE:
		return closed ? CODING_CODE : CODING_TEXT;
	case CNV_CHOICES:
		if (!closed)
			return CODING_TEXT;
		return form->lists[question->list].count <= STORE_BITS ? CODING_BITS : CODING_NAMES;
	case CNV_RANK:
		return closed ? CODING_ORDER : CODING_TEXT;
	case CNV_NOTHING:
	case CNV_TEXT:
	case CNV_GEOPOINT:
	case CNV_GEOTRACE:
	case CNV_GEOSHAPE:
	case CNV_FILE:
	case CNV_ACKNOWLEDGE:
		break;
	}
	return CODING_TEXT;
}

/* ---------------------------------------------------------------- to the store */

static void put_names(const store_list *list, const uint64_t *set, cnv_text *out)
{
	bool first = true;

	for (uint32_t i = 0; i < list->count; i++) {
		if (!cnv_bit(set, i))
			continue;
		if (!first)
			cnv_text_put_char(out, ' ');
		cnv_text_put(out, list->names[i]);
		first = false;
	}
}

/* ---------------------------------------------------------------- text of a value */

static cnv_str verdict_word(cnv_verdict verdict)
{
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++)
		if (cnv_missing_words[i].verdict == verdict)
			return cnv_missing_words[i].word;
	return (cnv_str){ "", 0 };
}

/* Days within canvass's range: years 1 to 9999. */
static bool is_day(int64_t day)
{
	return day >= -719162 && day <= 2932896;
}

void store_value_text(store_coding coding, const store_list *list, const store_value *value, cnv_verdict verdict,
		      cnv_text *out)
{
	char text[CNV_NUMBER_ROOM];
	uint64_t set;

	if (value->type == SQL_NULL) {
		cnv_text_put(out, verdict_word(verdict));
		return;
	}
	switch (coding) {
	case CODING_TEXT:
	case CODING_NAMES:
	case CODING_ORDER:
		cnv_text_put(out, value->text);
		break;
	case CODING_INTEGER:
	case CODING_REAL: {
		double number = value->type == SQL_INTEGER ? (double)value->integer : value->real;

		cnv_text_put(out, (cnv_str){ text, cnv_number_write(number, text) });
		break;
	}
	case CODING_DAY:
		if (is_day(value->integer))
			cnv_text_put(out, (cnv_str){ text, cnv_day_write((int32_t)value->integer, text) });
		break;
	case CODING_TIME:
		cnv_text_put(out, (cnv_str){ text, cnv_time_write((int32_t)(value->integer % 86400000), text) });
		break;
	case CODING_MOMENT:
		if (is_day(value->integer / 86400000))
			cnv_text_put(out, (cnv_str){ text, cnv_instant_write((cnv_instant){ .utc_ms = value->integer },
									     text) });
		break;
	case CODING_CODE:
		if (value->integer >= 0 && value->integer < list->count)
			cnv_text_put(out, list->names[value->integer]);
		break;
	case CODING_BITS:
		set = (uint64_t)value->integer;
		put_names(&(store_list){ .names = list->names, .count = list->count < 64 ? list->count : 64 }, &set,
			  out);
		break;
	case CODINGS:
		break;
	}
}

static size_t skip_digits(cnv_str text, size_t at)
{
	while (at < text.len && text.at[at] >= '0' && text.at[at] <= '9')
		at++;
	return at;
}

/* Digits as cnv_number_write would write them: up to 15 digits, no other text of that length reads as the same
 * double.  Whole numbers with a point are excluded: there 1.234 meant a thousand. */
static bool is_plain_number(cnv_str text, double number)
{
	size_t first = text.len && text.at[0] == '-', point = skip_digits(text, first), digits = point - first;

	if (!digits || (digits > 1 && text.at[first] == '0'))
		return false;
	if (point == text.len)
		return digits <= 15 && !(first && digits == 1 && text.at[1] == '0');
	return text.at[point] == '.' && point + 1 < text.len && skip_digits(text, point + 1) == text.len &&
	       text.len - first <= 16 && text.at[text.len - 1] != '0' && number != trunc(number);
}

/* Does the text consist of the names of the selected choices, in list order, separated by one blank? */
static bool is_names(const store_list *list, uint64_t set, cnv_str text)
{
	size_t at = 0;

	for (uint32_t i = 0; set && i < list->count; i++, set >>= 1) {
		cnv_str name = list->names[i];

		if (!(set & 1))
			continue;
		if (at && (at == text.len || text.at[at++] != ' '))
			return false;
		if (name.len > text.len - at || memcmp(text.at + at, name.at, name.len) != 0)
			return false;
		at += name.len;
	}
	return at == text.len;
}

/* ---------------------------------------------------------------- to the store */

/* Writes the names in the order of `ordered`, if it consists only of names of the set; otherwise in list order. */
static void put_order(const store_list *list, const uint64_t *set, cnv_str ordered, cnv_text *out)
{
	cnv_str rest = ordered, word;
	uint32_t words = 0, taken = 0;
	size_t from = out->len;
	bool known = true;

	for (uint32_t i = 0; i < list->count; i++)
		taken += cnv_bit(set, i);
	while (known && cnv_str_word(&rest, &word)) {
		uint32_t choice = cnv_map_find(&list->by_name, word);

		known = choice != CNV_NONE && cnv_bit(set, choice);
		if (words++)
			cnv_text_put_char(out, ' ');
		cnv_text_put(out, word);
	}
	if (!known || words != taken) {
		out->len = from;
		put_names(list, set, out);
	}
}

static inline void set_integer(sql_cell *cell, int64_t integer)
{
	cell->kind = CELL_INTEGER;
	cell->integer = integer;
}

static inline void set_real(sql_cell *cell, double real)
{
	if (isnan(real))
		return;
	cell->kind = CELL_REAL;
	cell->real = real;
}

/* Whole numbers within 2^53 are exact; -0 stays a double. */
void store_set_number(sql_cell *cell, double number)
{
	if (fabs(number) <= 9007199254740992.0 && (double)(int64_t)number == number &&
	    !(number == 0 && signbit(number)))
		set_integer(cell, (int64_t)number);
	else
		set_real(cell, number);
}

/* Is the text just made and appended equal to the original one? */
static bool is_made(sql_cell *cell, cnv_str text, const cnv_text *made)
{
	cnv_str names = cnv_str_slice(cnv_text_str(made), cell->from, made->len);

	cell->kind = CELL_MADE_TEXT;
	cell->len = (uint32_t)names.len;
	return cnv_str_equal(text, names);
}

/* Checks the slow way whether a value reproduces the text: writes it out and compares. */
static bool is_written(store_coding coding, const sql_cell *cell, cnv_str text, cnv_text *scratch)
{
	store_value value = { .type = SQL_INTEGER };

	if (cell->kind == CELL_REAL)
		value = (store_value){ .type = SQL_REAL, .real = cell->real };
	else
		value.integer = cell->integer;
	scratch->len = 0;
	store_value_text(coding, NULL, &value, CNV_ACCEPTED, scratch);
	return cnv_str_equal(text, cnv_text_str(scratch));
}

/* Sets one understood cell; true if its value reproduces the text. */
static inline bool encode(store_coding coding, const store_list *list, const cnv_column *column, uint32_t row,
			  cnv_str text, const store_lane *lane, sql_cell *cell)
{
	switch (coding) {
	case CODING_TEXT:
		cell->kind = CELL_TEXT;
		cell->at = text.at;
		cell->len = (uint32_t)text.len;
		return true;
	case CODING_INTEGER:
		store_set_number(cell, column->numbers[row]);
		return is_plain_number(text, column->numbers[row]) ||
		       (cell->kind && is_written(coding, cell, text, lane->scratch));
	case CODING_REAL:
		set_real(cell, column->numbers[row]);
		return is_plain_number(text, column->numbers[row]) ||
		       (cell->kind && is_written(coding, cell, text, lane->scratch));
	case CODING_DAY:
		/* YYYY-MM-DD: a text of this length has nothing around the date. */
		set_integer(cell, column->days[row]);
		return (text.len == CNV_DAY_ROOM - 1 && text.at[4] == '-' && text.at[7] == '-') ||
		       is_written(coding, cell, text, lane->scratch);
	case CODING_TIME:
		/* HH:MM. */
		set_integer(cell, column->days[row]);
		return (text.len == 5 && text.at[2] == ':') || is_written(coding, cell, text, lane->scratch);
	case CODING_MOMENT:
		set_integer(cell, column->moments[row]);
		return is_written(coding, cell, text, lane->scratch);
	case CODING_CODE:
		if (column->choices[row] >= list->count)
			return false;
		set_integer(cell, column->choices[row]);
		return cnv_str_equal(text, list->names[column->choices[row]]);
	case CODING_BITS:
		set_integer(cell, (int64_t)column->sets[(size_t)row * column->words]);
		return is_names(list, (uint64_t)cell->integer, text);
	case CODING_NAMES:
		cell->from = lane->made->len;
		put_names(list, column->sets + (size_t)row * column->words, lane->made);
		return is_made(cell, text, lane->made);
	case CODING_ORDER:
		cell->from = lane->made->len;
		cnv_arena_reset(lane->names);
		put_order(list, column->sets + (size_t)row * column->words,
			  cnv_cell_value(lane->form, column, row, lane->names), lane->made);
		if (lane->names->failed) /* the owner of `made` reports it */
			lane->made->failed = true;
		return is_made(cell, text, lane->made);
	case CODINGS:
		break;
	}
	return false;
}

void store_encode(store_coding coding, const store_list *list, const cnv_column *column, const store_lane *lane)
{
	const char *texts = column->text.at ? column->text.at : "";
	uint64_t *own = lane->own + lane->bit / 64;
	sql_cell *cell = lane->cells;

	for (uint32_t i = 0; i < lane->count; i++, cell += lane->stride, own += lane->own_stride) {
		uint32_t row = lane->rows[i], start = row ? column->ends[row - 1] : 0;
		cnv_str text = { texts + start, column->ends[row] - start };
		bool back = false;

		cell->kind = CELL_NULL;
		if (cnv_bit(column->understood, row))
			back = encode(coding, list, column, row, text, lane, cell);
		/* A calculation may yield a value without text: the value is then its own text. */
		if (cell->kind == CELL_NULL)
			back = column->verdicts[row] == CNV_BLANK
				       ? !text.len
				       : cnv_str_equal(text, verdict_word((cnv_verdict)column->verdicts[row]));
		else if (!text.len)
			back = true;
		if (!back)
			*own |= UINT64_C(1) << lane->bit % 64;
	}
}

/* ---------------------------------------------------------------- from the store */

/* Maps choice `index` of the version's list to the list that the column has now. */
static uint32_t current_choice(const store_list *list, int64_t index)
{
	if (index < 0 || index >= list->count)
		return CNV_NONE;
	return list->current ? list->current[index] : (uint32_t)index;
}

static bool take_choice(cnv_column *column, uint32_t row, uint32_t choice)
{
	if (choice == CNV_NONE)
		return false;
	cnv_bit_set(column->sets + (size_t)row * column->words, choice);
	return true;
}

/* `now`: the list in the current form. */
static bool decode_set(const cnv_list *now, store_coding coding, const store_list *list, const store_value *value,
		       cnv_column *column, uint32_t row)
{
	cnv_str rest = value->text, word;
	bool all = true;

	switch (coding) {
	case CODING_BITS:
		for (uint32_t i = 0; i < 64; i++)
			if ((uint64_t)value->integer >> i & 1)
				all &= take_choice(column, row, current_choice(list, i));
		return all;
	case CODING_CODE:
		return take_choice(column, row, current_choice(list, value->integer));
	case CODING_NAMES:
	case CODING_ORDER:
		while (cnv_str_word(&rest, &word))
			all &= take_choice(column, row, current_choice(list, cnv_map_find(&list->by_name, word)));
		return all;
	case CODING_TEXT:
		while (cnv_str_word(&rest, &word))
			all &= take_choice(column, row, cnv_list_find(now, word));
		return all;
	case CODING_INTEGER:
	case CODING_REAL:
	case CODING_DAY:
	case CODING_TIME:
	case CODING_MOMENT:
	case CODINGS:
		break;
	}
	return false;
}

bool store_decode(const cnv_form *form, store_coding coding, const store_list *list, const store_value *value,
		  cnv_column *column, uint32_t row)
{
	const cnv_list *now = column->list == CNV_NONE ? NULL : &form->lists[column->list];
	bool whole = value->type == SQL_INTEGER;

	switch (cnv_kind_value(column->kind)) {
	case CNV_VALUE_NUMBER:
		if (!store_is_number(coding) || (!whole && value->type != SQL_REAL))
			return false;
		column->numbers[row] = whole ? (double)value->integer : value->real;
		return true;
	case CNV_VALUE_DAY:
		if (coding != CODING_DAY || !whole || !is_day(value->integer))
			return false;
		column->days[row] = (int32_t)value->integer;
		return true;
	case CNV_VALUE_TIME:
		if (coding != CODING_TIME || !whole || value->integer < 0 || value->integer >= INT32_MAX)
			return false;
		column->days[row] = (int32_t)value->integer;
		return true;
	case CNV_VALUE_MOMENT:
		if (coding != CODING_MOMENT || !whole)
			return false;
		column->moments[row] = value->integer;
		return true;
	case CNV_VALUE_CHOICE:
		if (!now || now->open)
			return true;
		if (coding == CODING_CODE && whole)
			column->choices[row] = current_choice(list, value->integer);
		else if (coding == CODING_TEXT)
			column->choices[row] = cnv_list_find(now, value->text);
		return column->choices[row] != CNV_NONE;
	case CNV_VALUE_SET:
		return !now || now->open || decode_set(now, coding, list, value, column, row);
	case CNV_VALUE_TEXT:
		break;
	}
	return true;
}

/* ---------------------------------------------------------------- varints */

size_t store_write_varint(char *out, uint64_t value)
{
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		out[len++] = (char)(value | 0x80);
	out[len++] = (char)value;
	return len;
}

void store_put_varint(cnv_text *out, uint64_t value)
{
	char bytes[STORE_VARINT];

	cnv_text_put(out, (cnv_str){ bytes, store_write_varint(bytes, value) });
}

bool store_get_varint(cnv_str *rest, uint64_t *value)
{
	uint64_t got = 0;

	for (uint32_t i = 0; i < 10 && i < rest->len; i++) {
		unsigned char byte = (unsigned char)rest->at[i];

		got |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*value = got;
			*rest = cnv_str_slice(*rest, i + 1, rest->len);
			return true;
		}
	}
	return false;
}
