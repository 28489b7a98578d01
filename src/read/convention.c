/* How a file writes numbers and dates: collected over all its cells, decided once, and reported.
 *
 * 31/12/2026 can only be read day first, and 1.234,5 only with a decimal comma: such cells are the evidence by which
 * 03/04/2026 and 1,234 in the same file are read. If there is no evidence, or evidence for both, nothing is guessed:
 * those cells are not understood.
 */
#include "read/written.h"

#include <math.h>
#include <string.h>

static cnv_convention weigh(const cnv_conventions *conventions, cnv_evidence first, cnv_evidence second)
{
	bool one = conventions->seen[first].cells > 0, other = conventions->seen[second].cells > 0;

	return one && other ? CNV_CONTRADICTED : one ? CNV_FIRST_WAY : other ? CNV_SECOND_WAY : CNV_UNDECIDED;
}

cnv_convention cnv_decimal_sign(const cnv_conventions *conventions)
{
	cnv_convention found = weigh(conventions, CNV_SEEN_POINT, CNV_SEEN_COMMA);

	/* Numbers in the format of XLSForm decide for the point if there is no other evidence. */
	if (found == CNV_UNDECIDED && conventions->seen[CNV_SEEN_PLAIN].cells)
		return CNV_FIRST_WAY;
	return found;
}

cnv_convention cnv_date_order(const cnv_conventions *conventions)
{
	return weigh(conventions, CNV_SEEN_DAY_FIRST, CNV_SEEN_MONTH_FIRST);
}

/* How to read a cell that allows `ways`, in a file that decided so. */
static cnv_convention choose(cnv_ways ways, cnv_convention decided)
{
	switch (ways) {
	case CNV_WAY_NONE:
		break;
	case CNV_WAY_ANY:
		return CNV_FIRST_WAY;
	case CNV_WAY_FIRST:
		return decided == CNV_CONTRADICTED ? CNV_CONTRADICTED : CNV_FIRST_WAY;
	case CNV_WAY_SECOND:
		return decided == CNV_CONTRADICTED ? CNV_CONTRADICTED : CNV_SECOND_WAY;
	case CNV_WAY_EITHER:
		return decided;
	}
	return CNV_UNDECIDED;
}

cnv_convention cnv_choose_number(const cnv_conventions *conventions, const cnv_written_number *number)
{
	cnv_convention decided = cnv_decimal_sign(conventions);

	/* In a file with both 4,5 and 2.5, 1,234 is ambiguous. */
	if (number->ways == CNV_WAY_EITHER && decided == CNV_SECOND_WAY && conventions->seen[CNV_SEEN_PLAIN].cells)
		return CNV_CONTRADICTED;
	return choose(number->ways, decided);
}

cnv_convention cnv_choose_date(const cnv_conventions *conventions, const cnv_written_date *date)
{
	cnv_convention decided = cnv_date_order(conventions);

	/* Dates with points and the year last have the day first everywhere. */
	if (date->form == CNV_DATE_POINTS && date->ways == CNV_WAY_EITHER && decided == CNV_UNDECIDED)
		return CNV_FIRST_WAY;
	return choose(date->ways, decided);
}

/* ---------------------------------------------------------------- evidence */

/* Keeps the first cell as evidence. */
static void see(cnv_seen *seen, cnv_str text, cnv_place place)
{
	seen->len = (uint8_t)(text.len < sizeof seen->text ? text.len : sizeof seen->text);
	memcpy(seen->text, text.at, seen->len);
	seen->tab_len = (uint8_t)(place.sheet.len < sizeof seen->tab ? place.sheet.len : 0);
	if (seen->tab_len)
		memcpy(seen->tab, place.sheet.at, seen->tab_len);
	place.sheet = (cnv_str){ 0 };
	seen->place = place;
}

/* Digits with at most one point, and their form; in one pass, because nearly all numbers are such. */
static bool is_plain(cnv_str text, cnv_number_form *form)
{
	size_t from = text.len && text.at[0] == '-', point = text.len;

	for (size_t at = from; at < text.len; at++) {
		if (text.at[at] >= '0' && text.at[at] <= '9')
			continue;
		if (text.at[at] != '.' || point < text.len)
			return false;
		point = at;
	}
	*form = point + 1 >= text.len   ? CNV_NUMBER_WHOLE
		: text.len - point == 4 ? cnv_number_form_of(text)
					: CNV_NUMBER_FRACTION;
	return text.len > from + (point < text.len);
}

/* The evidence that one cell gives for the decimal sign; false: none. */
static bool look_at_number(cnv_kind kind, cnv_str text, cnv_arena *scratch, cnv_evidence *evidence)
{
	cnv_written_number number;
	cnv_number_form form;

	/* A whole number with a fraction is not understood, and is no evidence. */
	if (is_plain(text, &form) && (kind == CNV_DECIMAL || form != CNV_NUMBER_GROUP_LIKE)) {
		*evidence = form == CNV_NUMBER_GROUP_LIKE ? CNV_SEEN_DOUBTFUL : CNV_SEEN_PLAIN;
		return form != CNV_NUMBER_WHOLE;
	}
	if (!cnv_number_written(text, scratch, &number))
		return false;
	*evidence = number.ways == CNV_WAY_FIRST ? CNV_SEEN_POINT : CNV_SEEN_COMMA;
	return number.ways == CNV_WAY_FIRST || number.ways == CNV_WAY_SECOND;
}

/* Dates in the format of XLSForm are no evidence for the order of day and month. */
static bool look_at_date(cnv_str text, cnv_arena *scratch, cnv_evidence *evidence)
{
	cnv_written_date date;

	if ((text.len == 10 && text.at[4] == '-' && text.at[7] == '-') || !cnv_date_written(text, scratch, &date) ||
	    date.short_year)
		return false;
	*evidence = date.ways == CNV_WAY_FIRST ? CNV_SEEN_DAY_FIRST : CNV_SEEN_MONTH_FIRST;
	return date.ways == CNV_WAY_FIRST || date.ways == CNV_WAY_SECOND;
}

static bool is_date(cnv_kind kind)
{
	cnv_value_type value = cnv_kind_value(kind);

	return value == CNV_VALUE_DAY || value == CNV_VALUE_MOMENT;
}

static bool is_number(cnv_kind kind)
{
	return cnv_kind_value(kind) == CNV_VALUE_NUMBER;
}

static bool look_at(cnv_kind kind, cnv_str text, cnv_arena *scratch, cnv_evidence *evidence)
{
	return is_date(kind) ? look_at_date(text, scratch, evidence) : look_at_number(kind, text, scratch, evidence);
}

/* Collects the evidence in one column. */
static bool collect_column(cnv_conventions *conventions, const cnv_batch *batch, uint32_t index, uint32_t at,
			   cnv_arena *scratch)
{
	const cnv_table *table = &batch->tables[index];
	const cnv_column *column = &table->columns[at];
	const char *texts = column->text.at ? column->text.at : "";
	bool failed = false;

	for (uint32_t row = 0, from = 0; row < table->rows; from = column->ends[row++]) {
		cnv_str text = cnv_cell_trim((cnv_str){ texts + from, column->ends[row] - from });
		cnv_evidence evidence;

		if (!text.len || !look_at(column->kind, text, scratch, &evidence))
			continue;
		if (!conventions->seen[evidence].cells++)
			see(&conventions->seen[evidence], text,
			    cnv_batch_place(batch, index, at, row, cnv_row_line(table, column, row), (cnv_str){ 0 }));
		failed |= scratch->failed;
		cnv_arena_reset(scratch);
	}
	return !failed && !scratch->failed;
}

cnv_status cnv_conventions_collect(cnv_conventions *conventions, const cnv_batch *batch)
{
	cnv_arena scratch = { 0 };
	bool whole = true;

	for (uint32_t i = 0; i < batch->table_count; i++)
		for (uint32_t k = 0; k < batch->tables[i].count; k++)
			if (is_date(batch->tables[i].columns[k].kind) || is_number(batch->tables[i].columns[k].kind))
				whole &= collect_column(conventions, batch, i, k, &scratch);
	cnv_arena_fini(&scratch);
	return whole ? CNV_OK : CNV_NO_MEMORY;
}

/* ---------------------------------------------------------------- reports */

/* The place of the evidence; `source` if it has no file of its own. */
static cnv_place place_of(const cnv_seen *seen, cnv_str source)
{
	cnv_place place = seen->place;

	place.sheet = (cnv_str){ seen->tab, seen->tab_len };
	if (!place.source.len)
		place.source = source;
	return place;
}

/* "31/12/2026 on line 2", "31/12/2026 on line 2 of doc.csv", "31/12/2026 in Doc!B2". */
static void put_seen(cnv_text *out, const cnv_seen *seen, cnv_str source)
{
	cnv_place place = place_of(seen, source);
	char cell[CNV_CELL_NAME_ROOM];

	cnv_text_put(out, (cnv_str){ seen->text, seen->len });
	if (place.tab) {
		cnv_cell_name(place.row, place.column, cell);
		cnv_text_format(out, " in %.*s!%s", CNV_ARG(place.sheet), cell);
		return;
	}
	cnv_text_format(out, " on line %u", place.row);
	if (!cnv_str_equal(place.source, source))
		cnv_text_format(out, " of %.*s", CNV_ARG(place.source));
}

/* With the first cell as evidence, or the words alone. */
static void put_words(cnv_text *out, const char *words, const cnv_seen *seen, cnv_str source)
{
	if (out->len)
		cnv_text_put(out, CNV_STR("; "));
	cnv_text_put(out, cnv_str_from(words));
	if (!seen)
		return;
	cnv_text_put(out, CNV_STR(" ("));
	put_seen(out, seen, source);
	cnv_text_put_char(out, ')');
}

/* why: with the cells that are the evidence; source: of the return */
static void put_all(const cnv_conventions *conventions, bool why, cnv_str source, cnv_text *out)
{
	static const struct {
		cnv_evidence evidence;
		bool date;
		const char *words;
	} ways[] = {
		{ CNV_SEEN_COMMA, false, "decimal comma" },
		{ CNV_SEEN_POINT, false, "decimal point" },
		{ CNV_SEEN_DAY_FIRST, true, "dates day first" },
		{ CNV_SEEN_MONTH_FIRST, true, "dates month first" },
	};
	cnv_convention number = cnv_decimal_sign(conventions), date = cnv_date_order(conventions);

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		const cnv_seen *seen = &conventions->seen[ways[i].evidence];

		if (seen->cells && (ways[i].date ? date : number) != CNV_CONTRADICTED)
			put_words(out, ways[i].words, why ? seen : NULL, source);
	}
}

void cnv_conventions_words(const cnv_conventions *conventions, cnv_text *out)
{
	cnv_text words = { 0 };

	put_all(conventions, false, (cnv_str){ 0 }, &words);
	cnv_text_put(out, cnv_text_str(&words));
	out->failed |= words.failed;
	cnv_text_fini(&words);
}

/* Evidence for both ways, so that nothing was decided; reported at the later cell. */
static void report_both(const cnv_conventions *conventions, cnv_evidence one, cnv_evidence other, const char *what,
			cnv_str source, cnv_diags *diags)
{
	const cnv_seen *a = &conventions->seen[one], *b = &conventions->seen[other];
	const cnv_seen *later = a->place.row > b->place.row ? a : b;
	cnv_text words = { 0 };

	put_seen(&words, a, source);
	cnv_text_put(&words, CNV_STR(", and "));
	put_seen(&words, b, source);
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_TWO_CONVENTIONS, .place = place_of(later, source),
				.excerpt = (cnv_str){ later->text, later->len }),
		       "the file uses two formats for %s: %.*s", what, CNV_ARG(cnv_text_str(&words)));
	cnv_text_fini(&words);
}

static void report_contradictions(const cnv_conventions *conventions, cnv_str source, cnv_diags *diags)
{
	if (cnv_decimal_sign(conventions) == CNV_CONTRADICTED)
		report_both(conventions, CNV_SEEN_POINT, CNV_SEEN_COMMA, "decimals", source, diags);
	if (cnv_date_order(conventions) == CNV_CONTRADICTED)
		report_both(conventions, CNV_SEEN_DAY_FIRST, CNV_SEEN_MONTH_FIRST, "dates", source, diags);
}

void cnv_conventions_report(const cnv_conventions *conventions, cnv_str source, cnv_diags *diags)
{
	const cnv_seen *doubtful = &conventions->seen[CNV_SEEN_DOUBTFUL];
	cnv_text words = { 0 };

	put_all(conventions, true, source, &words);
	if (words.len)
		cnv_diags_emit(diags, CNV_DIAG(.code = CNV_CONVENTIONS, .place = (cnv_place){ .source = source }),
			       "number and date formats of the file: %.*s", CNV_ARG(cnv_text_str(&words)));
	cnv_text_fini(&words);
	report_contradictions(conventions, source, diags);
	if (cnv_decimal_sign(conventions) != CNV_SECOND_WAY || !doubtful->cells)
		return;
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_POINT_AMONG_COMMAS, .place = place_of(doubtful, source),
				.excerpt = (cnv_str){ doubtful->text, doubtful->len }),
		       doubtful->cells == 1
			       ? "one number, %.*s, has a decimal point, but the file uses decimal commas"
			       : "numbers such as %.*s have a decimal point, but the file uses decimal commas",
		       (int)doubtful->len, doubtful->text);
}

/* ---------------------------------------------------------------- for hints */

static void add_number(cnv_readings *out, cnv_kind kind, double number, cnv_arena *arena)
{
	char written[CNV_NUMBER_ROOM];

	if (kind == CNV_DECIMAL || (number == trunc(number) && fabs(number) <= INT32_MAX))
		out->at[out->count++] = cnv_arena_copy(arena, (cnv_str){ written, cnv_number_write(number, written) });
}

static void add_day(cnv_readings *out, int32_t day, const cnv_written_date *date, cnv_arena *arena)
{
	char written[CNV_DAY_ROOM], time[CNV_TIME_ROOM];

	cnv_day_write(day, written);
	if (!date->timed || !date->milliseconds) {
		out->at[out->count++] = cnv_arena_format(arena, "%s", written);
		return;
	}
	cnv_time_write(date->milliseconds, time);
	out->at[out->count++] = cnv_arena_format(arena, "%sT%s", written, time);
}

/* Does the file allow this way? */
static bool is_open(cnv_ways ways, cnv_ways way, cnv_convention decided, cnv_convention chosen)
{
	return ways == way || (ways == CNV_WAY_ANY && way == CNV_WAY_FIRST) ||
	       (ways == CNV_WAY_EITHER &&
		(decided == chosen || decided == CNV_UNDECIDED || decided == CNV_CONTRADICTED));
}

static void find_numbers(cnv_readings *out, cnv_kind kind, cnv_str text, const cnv_conventions *conventions,
			 cnv_arena *arena)
{
	cnv_written_number number;
	cnv_convention decided;

	if (!cnv_number_written(text, arena, &number))
		return;
	decided = cnv_choose_number(conventions, &number);
	out->contradicted = decided == CNV_CONTRADICTED;
	if (is_open(number.ways, CNV_WAY_FIRST, decided, CNV_FIRST_WAY))
		add_number(out, kind, number.by_point, arena);
	if (is_open(number.ways, CNV_WAY_SECOND, decided, CNV_SECOND_WAY))
		add_number(out, kind, number.by_comma, arena);
}

static void find_dates(cnv_readings *out, cnv_kind kind, cnv_str text, const cnv_conventions *conventions,
		       cnv_arena *arena)
{
	cnv_written_date date;
	cnv_convention decided;

	if (!cnv_date_written(text, arena, &date))
		return;
	out->short_year = date.short_year;
	/* A time of day is not invented. */
	if (out->short_year || (kind == CNV_DATETIME && !date.timed))
		return;
	if (kind == CNV_DATE)
		date.milliseconds = 0;
	decided = cnv_choose_date(conventions, &date);
	out->contradicted = decided == CNV_CONTRADICTED;
	if (is_open(date.ways, CNV_WAY_FIRST, decided, CNV_FIRST_WAY))
		add_day(out, date.day_first, &date, arena);
	if (is_open(date.ways, CNV_WAY_SECOND, decided, CNV_SECOND_WAY))
		add_day(out, date.month_first, &date, arena);
}

void cnv_readings_find(cnv_readings *out, cnv_kind kind, cnv_str text, const cnv_conventions *conventions,
		       cnv_arena *arena)
{
	static const cnv_conventions none = { 0 };
	char written[CNV_TIME_ROOM];
	int32_t milliseconds;

	*out = (cnv_readings){ 0 };
	if (!conventions)
		conventions = &none;
	if (is_date(kind)) {
		find_dates(out, kind, text, conventions, arena);
	} else if (is_number(kind)) {
		find_numbers(out, kind, text, conventions, arena);
	} else if (kind == CNV_TIME && cnv_time_written(text, arena, &milliseconds)) {
		cnv_time_write(milliseconds, written);
		out->at[out->count++] = cnv_arena_format(arena, "%s", written);
	}
}
