/* Text -> number, day, choice: the value of each cell, column by column.
 *
 * The kind of a question decides how its cells are read; the rest is the same for all: white space around the text is
 * ignored, the three missing words are verdicts of their own, and each cell ends with a verdict and two bits. Every
 * value that the text does not have in exact form is recorded in the ledger. Lexical forms: XForms data types, as ODK
 * reads them.
 */
#include "read/choice.h"
#include "read/file_labels.h"
#include "read/other.h"
#include "read/value.h"
#include "read/written.h"

#include <math.h>
#include <string.h>

typedef struct settling {
	cnv_batch *batch;
	const cnv_settle_options *options;
	cnv_conventions *conventions;
	const cnv_table *table;
	cnv_column *column;
	const cnv_question *question;
	cnv_str source;
	cnv_ledger *ledger;
	cnv_arena scratch;
	cnv_choice_reader reader;
	cnv_others others;
	cnv_unit_cache units;
	bool open;             /* the choices are not in the form, */
	const cnv_list *known; /* but here; NULL: unknown */
	cnv_status status;     /* of collecting conventions */
	bool failed;
} settling;

/* ---------------------------------------------------------------- the ledger */

static void add_ledger(settling *settle, uint32_t row, cnv_str from, cnv_str to, const char *why)
{
	cnv_ledger *ledger = settle->ledger;
	cnv_ledger_entry entry = {
		.table = settle->table->index,
		.row = row,
		.question = settle->column->question,
		.from = from,
		.to = to,
		.why = why,
	};

	if (!ledger)
		return;
	ledger->count++;
	if (!ledger->emit)
		return;
	entry.place = cnv_batch_place(settle->batch, entry.table, settle->batch->form->questions[entry.question].column,
				      row, cnv_row_line(settle->table, settle->column, row), settle->source);
	entry.path = cnv_cell_path(settle->batch, entry.table, row, entry.question, &settle->scratch);
	ledger->emit(ledger->self, &entry);
	settle->failed |= settle->scratch.failed;
	cnv_arena_reset(&settle->scratch);
}

/* ---------------------------------------------------------------- numbers and times */

static cnv_verdict settle_text(settling *settle, uint32_t row, cnv_str text)
{
	(void)settle;
	(void)row;
	(void)text;
	return CNV_ACCEPTED;
}

/* Conventions are decided over the file, or over its windows so far, when the first cell needs them. */
static const cnv_conventions *ask_file(settling *settle, bool whole)
{
	const cnv_settle_options *options = settle->options;
	cnv_conventions *conventions = settle->conventions;
	cnv_status status;

	if (conventions->complete || (conventions->collected && !whole))
		return conventions;
	conventions->collected = true;
	if (!whole) {
		status = cnv_conventions_collect(conventions, settle->batch);
	} else if (!options->look) {
		conventions->complete = true;
		status = cnv_conventions_collect(conventions, settle->batch);
	} else {
		*conventions = (cnv_conventions){ .collected = true, .complete = true };
		status = options->look(options->self, conventions);
	}
	if (status && !settle->status)
		settle->status = status;
	return conventions;
}

/* Unless the whole file is known, an ambiguous number is not read, and a date only if the windows so far decide. */
static cnv_convention ask_number(settling *settle, const cnv_written_number *number)
{
	bool whole = !settle->options->by_window || number->ways == CNV_WAY_EITHER;

	return cnv_choose_number(ask_file(settle, whole), number);
}

static cnv_convention ask_date(settling *settle, const cnv_written_date *date)
{
	const cnv_conventions *conventions = ask_file(settle, !settle->options->by_window);

	if (date->ways == CNV_WAY_EITHER && cnv_date_order(conventions) == CNV_UNDECIDED)
		conventions = ask_file(settle, true);
	return cnv_choose_date(conventions, date);
}

/* The value of this cell is set; adds it to the ledger. */
static cnv_verdict take_written(settling *settle, uint32_t row, cnv_str text, const char *why)
{
	add_ledger(settle, row, text, cnv_value_written(settle->column, row, &settle->scratch), why);
	return CNV_ACCEPTED;
}

static const char *number_why(const cnv_written_number *number, bool comma, cnv_str text)
{
	bool grouped = comma ? number->comma_grouped : number->point_grouped;

	if (grouped)
		return comma && cnv_str_find(text, CNV_STR(",")) != SIZE_MAX
			       ? "decimal comma replaced by a point, thousands separators removed"
			       : "thousands separators removed";
	if (comma)
		return "decimal comma replaced by a point";
	return number->ways == CNV_WAY_ANY ? "full-width characters replaced" : "zero decimals removed";
}

/* "30%" where the question asks for per cent; "+5".  *why: what was removed. */
static bool read_united(settling *settle, cnv_str text, cnv_written_number *number, bool *negative, const char **why)
{
	cnv_united united;

	if (!cnv_unit_split(text, &united) ||
	    (united.unit.len &&
	     !cnv_unit_is_asked(&settle->units, settle->batch->form, settle->question, united.unit, &settle->scratch)))
		return false;
	*negative = united.negative;
	*why = !united.unit.len                                     ? "plus sign removed"
	       : cnv_unit_is_percent(united.unit, &settle->scratch) ? "per cent sign removed"
								    : "unit removed";
	return cnv_number_written(united.number, &settle->scratch, number);
}

/* Any other format than that of XLSForm: the conventions of the file decide. */
static cnv_verdict settle_written_number(settling *settle, uint32_t row, cnv_str text)
{
	cnv_written_number number;
	const char *why = NULL;
	bool comma = false, negative = false;
	bool found = cnv_number_written(text, &settle->scratch, &number) ||
		     read_united(settle, text, &number, &negative, &why);
	double value;

	settle->failed |= settle->scratch.failed;
	cnv_arena_reset(&settle->scratch);
	if (!found)
		return CNV_UNREADABLE;
	if (number.ways != CNV_WAY_ANY) {
		cnv_convention way = ask_number(settle, &number);

		if (way != CNV_FIRST_WAY && way != CNV_SECOND_WAY)
			return CNV_UNREADABLE;
		comma = way == CNV_SECOND_WAY;
	}
	value = comma ? number.by_comma : number.by_point;
	value = negative ? -value : value;
	if (settle->options->literal || !isfinite(value) ||
	    (settle->column->kind == CNV_INTEGER && (value != trunc(value) || value < INT32_MIN || value > INT32_MAX)))
		return CNV_UNREADABLE;
	settle->column->numbers[row] = value;
	return take_written(settle, row, text, why ? why : number_why(&number, comma, text));
}

/* -?digits within 32 bits. */
static cnv_verdict settle_integer(settling *settle, uint32_t row, cnv_str text)
{
	bool negative = text.at[0] == '-';
	int64_t number = 0;
	size_t at = negative;

	if (at == text.len)
		return CNV_UNREADABLE;
	for (; at < text.len; at++) {
		unsigned digit = (unsigned char)text.at[at] - (unsigned)'0';

		if (digit > 9)
			return settle_written_number(settle, row, text);
		number = number * 10 + digit;
		if (number > (int64_t)INT32_MAX + negative)
			return CNV_UNREADABLE;
	}
	settle->column->numbers[row] = (double)(negative ? -number : number);
	return CNV_ACCEPTED;
}

static cnv_verdict settle_decimal(settling *settle, uint32_t row, cnv_str text)
{
	double number;

	if (!cnv_number_read(text, &number))
		return settle_written_number(settle, row, text);
	if (!isfinite(number))
		return CNV_UNREADABLE;
	settle->column->numbers[row] = number;
	return CNV_ACCEPTED;
}

static const char *date_why(const cnv_written_date *date, bool month_first, bool day_only)
{
	if (date->form == CNV_DATE_NAMED)
		return "month name converted to a number";
	if (date->form == CNV_DATE_YEAR_FIRST)
		return date->timed && day_only ? "midnight time removed" : "date read as year, month, day";
	return month_first ? "date read as month, day, year" : "date read as day, month, year";
}

/* A date in another format than that of XLSForm, with a time of day if the question asks for one. */
static cnv_verdict settle_written_date(settling *settle, uint32_t row, cnv_str text)
{
	cnv_column *column = settle->column;
	bool day_only = column->kind == CNV_DATE, month_first = false, found;
	cnv_written_date date;
	int32_t day;

	found = cnv_date_written(text, &settle->scratch, &date) && !date.short_year;
	settle->failed |= settle->scratch.failed;
	cnv_arena_reset(&settle->scratch);
	if (!found || (day_only && (date.milliseconds || date.zoned)) || (!day_only && !date.timed))
		return CNV_UNREADABLE;
	if (date.ways != CNV_WAY_ANY) {
		cnv_convention way = ask_date(settle, &date);

		if (way != CNV_FIRST_WAY && way != CNV_SECOND_WAY)
			return CNV_UNREADABLE;
		month_first = way == CNV_SECOND_WAY;
	}
	if (settle->options->literal)
		return CNV_UNREADABLE;
	day = month_first ? date.month_first : date.day_first;
	if (day_only)
		column->days[row] = day;
	else
		column->moments[row] = cnv_written_moment(&date, day, settle->options->utc_offset);
	return take_written(settle, row, text, date_why(&date, month_first, day_only));
}

static cnv_verdict settle_date(settling *settle, uint32_t row, cnv_str text)
{
	return cnv_day_read(text, &settle->column->days[row]) ? CNV_ACCEPTED : settle_written_date(settle, row, text);
}

static cnv_verdict settle_time(settling *settle, uint32_t row, cnv_str text)
{
	int32_t offset, milliseconds;
	bool zoned, found;

	if (cnv_time_read(text, &settle->column->days[row], &offset, &zoned))
		return CNV_ACCEPTED;
	found = cnv_time_written(text, &settle->scratch, &milliseconds);
	settle->failed |= settle->scratch.failed;
	cnv_arena_reset(&settle->scratch);
	if (!found || settle->options->literal)
		return CNV_UNREADABLE;
	settle->column->days[row] = milliseconds;
	return take_written(settle, row, text, "time converted to the 24-hour format");
}

static cnv_verdict settle_datetime(settling *settle, uint32_t row, cnv_str text)
{
	cnv_instant instant;

	if (!cnv_instant_read(text, settle->options->utc_offset, &instant))
		return settle_written_date(settle, row, text);
	settle->column->moments[row] = instant.utc_ms;
	return CNV_ACCEPTED;
}

static cnv_verdict settle_points(settling *settle, uint32_t row, cnv_str text)
{
	(void)row;
	return cnv_points_valid(settle->column->kind, text) ? CNV_ACCEPTED : CNV_UNREADABLE;
}

/* ---------------------------------------------------------------- choices, files, consent */

/* Choices of a file or the sheet external_choices are matched by exact name only; if they are unknown, any text is
 * accepted. */
static bool is_known(const settling *settle, cnv_str text)
{
	return !settle->known || cnv_list_find(settle->known, text) != CNV_NONE;
}

static bool are_known(const settling *settle, cnv_str text)
{
	cnv_str word;

	while (cnv_str_word(&text, &word))
		if (!is_known(settle, word))
			return false;
	return true;
}

static cnv_verdict settle_choice(settling *settle, uint32_t row, cnv_str text)
{
	cnv_column *column = settle->column;
	const cnv_choice_found *found;

	column->choices[row] = CNV_NONE;
	if (!settle->reader.list)
		return CNV_ACCEPTED;
	if (settle->open)
		return is_known(settle, text) ? CNV_ACCEPTED : CNV_NOT_A_CHOICE;
	found = cnv_choice_read(&settle->reader, text);
	if (found->choice == CNV_NONE)
		return CNV_NOT_A_CHOICE;
	column->choices[row] = found->choice;
	if (found->rest.len)
		cnv_others_hold(&settle->others, column->question, row, found->rest);
	if (found->why)
		add_ledger(settle, row, text, settle->reader.list->choices[found->choice].name, found->why);
	return CNV_ACCEPTED;
}

static cnv_verdict settle_choices(settling *settle, uint32_t row, cnv_str text)
{
	cnv_column *column = settle->column;
	uint64_t *set = column->sets + (size_t)row * column->words;
	cnv_choice_reader *reader = &settle->reader;

	if (!reader->list)
		return CNV_ACCEPTED;
	if (settle->open) {
		memset(set, 0, column->words * sizeof *set);
		return are_known(settle, text) ? CNV_ACCEPTED : CNV_NOT_A_CHOICE;
	}
	if (!cnv_choices_read(reader, text, set)) {
		memset(set, 0, column->words * sizeof *set);
		return CNV_NOT_A_CHOICE;
	}
	/* Which of the two ranks is meant is unknown. */
	if (reader->twice && column->kind == CNV_RANK) {
		memset(set, 0, column->words * sizeof *set);
		return CNV_UNREADABLE;
	}
	if (reader->rest.len)
		cnv_others_hold(&settle->others, column->question, row, reader->rest);
	if (reader->why)
		add_ledger(settle, row, text, cnv_choices_names(reader, &settle->scratch), reader->why);
	return CNV_ACCEPTED;
}

static cnv_verdict settle_file(settling *settle, uint32_t row, cnv_str text)
{
	cnv_str leaf = cnv_file_leaf(text);

	if (!leaf.len)
		return CNV_UNREADABLE;
	if (leaf.len < text.len && settle->options->literal)
		return CNV_UNREADABLE;
	if (leaf.len < text.len)
		add_ledger(settle, row, text, leaf, "folder removed from the file name");
	return CNV_ACCEPTED;
}

/* Is it the label of the question, in any language? */
static bool is_label(settling *settle, cnv_str text)
{
	cnv_str folded = cnv_text_fold(&settle->scratch, text);
	bool same = false;

	for (uint32_t i = 0; !same && i < settle->batch->form->language_count; i++) {
		cnv_str label = cnv_text_fold(&settle->scratch, settle->question->label.at[i]);

		same = label.len && cnv_str_equal(folded, label);
	}
	settle->failed |= settle->scratch.failed;
	cnv_arena_reset(&settle->scratch);
	return same;
}

static cnv_verdict settle_acknowledge(settling *settle, uint32_t row, cnv_str text)
{
	static const char *const words[] = { "ok", "yes", "y", "true", "1" };
	bool meant = false;

	if (cnv_str_equal(text, CNV_STR("OK")))
		return CNV_ACCEPTED;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		meant = meant || cnv_str_is_word(text, words[i]);
	if (settle->options->literal || (!meant && !is_label(settle, text)))
		return CNV_UNREADABLE;
	add_ledger(settle, row, text, CNV_STR("OK"), "read as OK");
	return CNV_ACCEPTED;
}

/* ---------------------------------------------------------------- columns */

/* Readers by kind; text: trimmed, not blank, not a missing word. */
static cnv_verdict (*const readers[])(settling *settle, uint32_t row, cnv_str text) = {
	[CNV_NOTHING] = settle_text,      [CNV_TEXT] = settle_text,       [CNV_INTEGER] = settle_integer,
	[CNV_DECIMAL] = settle_decimal,   [CNV_DATE] = settle_date,       [CNV_TIME] = settle_time,
	[CNV_DATETIME] = settle_datetime, [CNV_CHOICE] = settle_choice,   [CNV_CHOICES] = settle_choices,
	[CNV_RANK] = settle_choices,      [CNV_GEOPOINT] = settle_points, [CNV_GEOTRACE] = settle_points,
	[CNV_GEOSHAPE] = settle_points,   [CNV_FILE] = settle_file,       [CNV_ACKNOWLEDGE] = settle_acknowledge,
};
_Static_assert(sizeof readers / sizeof readers[0] == CNV_ACKNOWLEDGE + 1, "a reader for each kind");

/* CNV_ACCEPTED if it is none of them, or the list has a choice with that name. */
static inline cnv_verdict missing_word(const settling *settle, cnv_str text)
{
	const cnv_missing_word *word;

	if (text.len > 4 || text.len < 3 || (text.at[1] != '/' && text.at[0] != 'C'))
		return CNV_ACCEPTED;
	word = cnv_missing_word_find(text);
	if (word && (!settle->known || (cnv_list_find(settle->known, text) == CNV_NONE &&
					cnv_list_find(settle->known, word->word) == CNV_NONE)))
		return word->verdict;
	return CNV_ACCEPTED;
}

/* The bits of 64 rows are collected before they are stored. */
static void settle_column(settling *settle)
{
	cnv_column *column = settle->column;
	cnv_verdict (*const read)(settling *, uint32_t, cnv_str) =
		column->kind == CNV_TEXT ? NULL : readers[column->kind]; /* any text is accepted */
	const char *at = column->text.at ? column->text.at : "";
	uint32_t rows = settle->table->rows, from = 0;
	size_t words = CNV_BIT_WORDS(rows);

	for (uint32_t first = 0; first < rows; first += 64) {
		uint64_t answered = 0, understood = 0, bit = 1;

		for (uint32_t row = first; row < rows && bit; row++, bit <<= 1) {
			cnv_str text = { at + from, column->ends[row] - from };
			cnv_verdict verdict;

			from = column->ends[row];
			if (text.len)
				text = cnv_cell_trim(text);
			if (!text.len) {
				if (column->verdicts[row] != CNV_DUPLICATE)
					column->verdicts[row] = CNV_BLANK;
				continue;
			}
			answered |= bit;
			if (column->verdicts[row] == CNV_DUPLICATE)
				continue;
			verdict = missing_word(settle, text);
			if (verdict == CNV_ACCEPTED && read)
				verdict = read(settle, row, text);
			understood |= verdict == CNV_ACCEPTED ? bit : 0;
			column->verdicts[row] = (uint8_t)verdict;
		}
		column->answered[first / 64] = answered;
		column->understood[first / 64] = understood;
	}
	memcpy(column->usable, column->understood, words * sizeof *column->usable);
}

static void on_file_label(void *self, const cnv_file_label *label)
{
	add_ledger(self, label->row, label->from, label->to, CNV_WHY_LABEL);
}

/* Adds what was changed in answers to an older version to the ledger. */
static void add_carried(settling *settle)
{
	for (uint32_t i = 0; i < settle->batch->carried_count; i++) {
		const cnv_carried *carried = &settle->batch->carried[i];

		settle->table = &settle->batch->tables[carried->table];
		settle->column = &settle->table->columns[settle->batch->form->questions[carried->question].column];
		add_ledger(settle, carried->row, carried->from, carried->to, carried->why);
	}
}

/* Puts the texts after "other:" into the columns of their questions. */
static void settle_others(settling *settle)
{
	cnv_batch *batch = settle->batch;

	cnv_others_lay(&settle->others, batch);
	for (uint32_t i = 0; i < settle->others.count && !batch->failed; i++) {
		const cnv_other *other = &settle->others.at[i];
		const cnv_question *target = other->moved ? &batch->form->questions[other->target] : NULL;

		if (!target)
			continue;
		settle->table = &batch->tables[target->table];
		settle->column = &settle->table->columns[target->column];
		add_ledger(settle, other->row, (cnv_str){ 0 }, other->text, "text after \"other\" moved here");
	}
	settle->failed |= settle->others.failed;
	cnv_others_fini(&settle->others);
}

cnv_status cnv_settle_with(cnv_batch *batch, cnv_str source, const cnv_settle_options *options, cnv_ledger *ledger)
{
	const cnv_form *form = batch->form;
	cnv_conventions own = { 0 };
	size_t shortages = cnv_mem_shortages();
	settling settle = { .batch = batch,
			    .options = options,
			    .conventions = options->conventions ? options->conventions : &own,
			    .source = source,
			    .ledger = ledger };

	add_carried(&settle);
	for (uint32_t i = 0; i < batch->table_count; i++) {
		settle.table = &batch->tables[i];
		for (uint32_t k = 0; k < settle.table->count && settle.table->rows; k++) {
			const cnv_list *list;

			settle.column = &settle.table->columns[k];
			settle.question = &form->questions[settle.column->question];
			settle.units.len = 0;
			list = settle.column->list == CNV_NONE ? NULL : &form->lists[settle.column->list];
			settle.open = list && list->open;
			settle.known = list ? cnv_list_known(list) : NULL;
			settle.reader.list = list;
			if (list)
				cnv_choice_reader_init(&settle.reader, form, list, options->literal, &settle.scratch);
			settle.reader.offered = options->offered && settle.column->kind == CNV_CHOICE;
			if (settle.open && settle.known && !options->literal)
				cnv_file_labels_read(batch, settle.table, settle.column, settle.known, on_file_label,
						     &settle);
			settle_column(&settle);
			settle.failed |= settle.reader.failed;
			if (list)
				cnv_choice_reader_fini(&settle.reader);
		}
	}
	settle_others(&settle);
	if (!batch->conventions)
		batch->conventions = cnv_mem_get(sizeof *batch->conventions);
	if (batch->conventions)
		*batch->conventions = *settle.conventions;
	settle.failed |= !batch->conventions;
	batch->literal = options->literal;
	batch->offered = options->offered;
	settle.failed |= settle.scratch.failed || batch->failed;
	cnv_arena_fini(&settle.scratch);
	settle.failed |= cnv_mem_shortages() != shortages;
	return settle.failed ? CNV_NO_MEMORY : settle.status;
}

cnv_status cnv_settle(cnv_batch *batch, cnv_str source, cnv_ledger *ledger)
{
	return cnv_settle_with(batch, source, &(cnv_settle_options){ 0 }, ledger);
}
