/* What to write instead: the few ways in which dates, numbers and choices come back damaged.
 *
 * Spreadsheets turn 2026-09-30 into 30/09/2006 or 46295, and people write 1,000 or `5 years`.  Where the text can be
 * read in one way only, the hint is that reading; else it is the expected form.
 */
#include "check/hints.h"

#include <string.h>

/* Texts longer than this are prose, not a damaged number or date. */
#define MOST_DAMAGED 40u

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "conf" is no missing-value word: it may be an abbreviation. */
static cnv_str hint_word(cnv_str text, cnv_arena *arena)
{
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++) {
		cnv_str word = cnv_missing_words[i].word;
		size_t same = 0;

		while (same < word.len && same < text.len &&
		       (text.at[same] == word.at[same] ||
			(is_letter(text.at[same]) && text.at[same] - 'a' == word.at[same] - 'A')))
			same++;
		if (same == word.len && text.len == word.len)
			return cnv_arena_format(arena, "write %.*s, in capitals", CNV_ARG(word));
	}
	return (cnv_str){ 0 };
}

/* What it may have been, in one way or two; empty when in none. */
static cnv_str hint_readings(const cnv_readings *readings, const char *what, const char *single, cnv_arena *arena)
{
	if (readings->count == 2 && readings->contradicted)
		return cnv_arena_format(arena, "the file writes %s both ways: write %.*s or %.*s, whichever is meant",
					what, CNV_ARG(readings->at[0]), CNV_ARG(readings->at[1]));
	if (readings->count == 2)
		return cnv_arena_format(arena, "write %.*s or %.*s, whichever is meant", CNV_ARG(readings->at[0]),
					CNV_ARG(readings->at[1]));
	if (readings->count && readings->contradicted)
		return cnv_arena_format(arena, "the file writes %s both ways: write %.*s", what,
					CNV_ARG(readings->at[0]));
	if (readings->count)
		return cnv_arena_format(arena, "write %.*s%s", CNV_ARG(readings->at[0]), single);
	return (cnv_str){ 0 };
}

static cnv_str hint_date(cnv_kind kind, cnv_str text, const cnv_readings *readings, cnv_arena *arena)
{
	/* Serials of a spreadsheet, 1955 to 2063: days since 1899-12-30; those of the other system begin in 1904. */
	enum { SERIAL_LOW = 20000, SERIAL_HIGH = 60000, SERIAL_ZERO = -25569, LATER = 1462 };
	char iso[CNV_DAY_ROOM], later[CNV_DAY_ROOM];
	double serial;

	if (readings->short_year)
		return CNV_STR("write the year with four digits, as in 2026-09-30");
	if (readings->count)
		return hint_readings(readings, "dates", "", arena);
	if (cnv_number_read(text, &serial) && serial >= SERIAL_LOW && serial <= SERIAL_HIGH) {
		cnv_day_write((int32_t)serial + SERIAL_ZERO, iso);
		cnv_day_write((int32_t)serial + SERIAL_ZERO + LATER, later);
		return cnv_arena_format(
			arena,
			"this looks like a spreadsheet date number: write %s, or %s if the file counts from 1904", iso,
			later);
	}
	return cnv_str_from(cnv_kinds[kind].expected);
}

static bool is_number(cnv_kind kind, cnv_str text)
{
	int64_t whole;
	double number;

	return kind == CNV_INTEGER ? cnv_integer_read(text, &whole) : cnv_number_read(text, &number);
}

/* The one number among words: 5kg, `5 years`, `ca. 5`; empty when there is none or another. */
static cnv_str find_number(cnv_kind kind, cnv_str text)
{
	size_t from = 0, upto;

	while (from < text.len && !cnv_is_digit(text.at[from]))
		from++;
	upto = from;
	while (upto < text.len && (cnv_is_digit(text.at[upto]) || (text.at[upto] == '.' && upto + 1 < text.len)))
		upto++;
	for (size_t i = upto; i < text.len; i++)
		if (cnv_is_digit(text.at[i]))
			return (cnv_str){ 0 };
	if (from && text.at[from - 1] != ' ')
		return (cnv_str){ 0 };
	text = cnv_str_slice(text, from, upto);
	return is_number(kind, text) ? text : (cnv_str){ 0 };
}

static cnv_str hint_number(cnv_kind kind, cnv_str text, const cnv_readings *readings, cnv_arena *arena)
{
	cnv_str number = find_number(kind, text);

	if (kind == CNV_INTEGER && is_number(CNV_DECIMAL, text)) {
		if (cnv_str_find(text, CNV_STR(".")) == SIZE_MAX)
			return CNV_STR("the largest whole number allowed is 2147483647");
		if (!readings->count)
			return CNV_STR("write a whole number, without decimals");
	}
	if (readings->count)
		return hint_readings(readings, "decimals",
				     kind == CNV_INTEGER                                       ? ", without separators"
				     : cnv_str_find(readings->at[0], CNV_STR(".")) != SIZE_MAX ? ", with a point"
											       : "",
				     arena);
	if (number.len)
		return cnv_arena_format(arena, "write the number alone: %.*s", CNV_ARG(number));
	return cnv_str_from(cnv_kinds[kind].expected);
}

cnv_str cnv_hint_unreadable(cnv_kind kind, cnv_str text, const cnv_conventions *conventions, cnv_arena *arena)
{
	cnv_str word = hint_word(cnv_str_trim_unicode(text), arena);
	cnv_readings readings;

	text = cnv_str_trim_unicode(text);
	if (word.len)
		return word;
	if (text.len && text.len < MOST_DAMAGED) {
		cnv_readings_find(&readings, kind, text, conventions, arena);
		if (kind == CNV_DATE || kind == CNV_DATETIME)
			return hint_date(kind, text, &readings, arena);
		if (kind == CNV_INTEGER || kind == CNV_DECIMAL)
			return hint_number(kind, text, &readings, arena);
		if (readings.count)
			return hint_readings(&readings, "times", "", arena);
	}
	return cnv_str_from(cnv_kinds[kind].expected);
}

static bool is_cross(cnv_str text)
{
	static const char *const crosses[] = { "\xe2\x9c\x97", "\xe2\x9c\x98", "\xe2\x9c\x96", "\xe2\x9d\x8c",
					       "\xc3\x97" };

	for (size_t i = 0; i < sizeof crosses / sizeof crosses[0]; i++)
		if (cnv_str_equal(text, cnv_str_from(crosses[i])))
			return true;
	return false;
}

cnv_str cnv_hint_choice(const cnv_form *form, const cnv_list *list, cnv_str text, uint32_t language, bool offered,
			uint32_t *budget, cnv_arena *arena)
{
	const cnv_choice *best = NULL;
	uint32_t distance = UINT32_MAX;
	cnv_nearest nearest;
	cnv_str title, word = hint_word(cnv_str_trim_unicode(text), arena);

	if (word.len)
		return word;
	if (is_cross(cnv_str_trim_unicode(text)))
		return CNV_STR("a cross can mean yes or no: write the code of the choice");
	cnv_nearest_init(&nearest, cnv_str_trim_unicode(text));
	for (uint32_t i = 0; i < list->count && *budget; i++, --*budget) {
		cnv_nearest_offer(&nearest, list->choices[i].name);
		cnv_nearest_offer(&nearest, cnv_choice_title(form, &list->choices[i], language));
		if (nearest.best.len && nearest.distance < distance) {
			distance = nearest.distance;
			best = &list->choices[i];
		}
	}
	if (best) {
		title = cnv_choice_title(form, best, language);
		if (offered)
			return cnv_arena_format(arena, "choose \"%.*s\" from the list of the cell", CNV_ARG(title));
		if (cnv_str_equal(title, best->name))
			return cnv_arena_format(arena, "did you mean \"%.*s\"?", CNV_ARG(best->name));
		return cnv_arena_format(arena, "did you mean \"%.*s\" (%.*s)?", CNV_ARG(best->name), CNV_ARG(title));
	}
	if (offered)
		return CNV_STR("choose one from the list of the cell");
	return cnv_arena_format(arena, "write the code of one of the %u choices of list \"%.*s\"", list->count,
				CNV_ARG(list->name));
}
