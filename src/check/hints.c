/* What to write instead: the few ways in which dates, numbers and choices come back damaged.
 *
 * Spreadsheets turn 2026-09-30 into 30/09/2006 or 46295, and people write 1,000 or `5 years`.  Where
 * the text has one reading only, the hint gives it; else it says the form that is expected.
 */
#include "check/check_internal.h"

#include <string.h>

/* What each kind of answer is called, and how it is written. */
static const struct {
	const char *words, *expected;
} kinds[] = {
	[CNV_NOTHING] = { "an answer", "" },
	[CNV_TEXT] = { "a text", "" },
	[CNV_INTEGER] = { "a whole number", "write digits only, such as 12 or 3000, without separators or words" },
	[CNV_DECIMAL] = { "a number", "write digits with a point for the decimals, such as 1200.50" },
	[CNV_DATE] = { "a date", "write year, month and day with hyphens, such as 2026-09-30" },
	[CNV_TIME] = { "a time of day", "write hours and minutes, such as 14:30" },
	[CNV_DATETIME] = { "a date with a time", "write it as 2026-09-30T14:30" },
	[CNV_CHOICE] = { "one of the choices", "write the code of one choice" },
	[CNV_CHOICES] = { "a set of choices", "write the codes of the choices with blanks between them" },
	[CNV_RANK] = { "an order of the choices",
		       "write the codes of all choices, the first one first, with blanks between" },
	[CNV_GEOPOINT] = { "a place", "write latitude and longitude in degrees, such as -33.86 151.21" },
	[CNV_GEOTRACE] = { "a line of places", "write places as latitude and longitude, with semicolons between them" },
	[CNV_GEOSHAPE] = { "an area",
			   "write places as latitude and longitude with semicolons; the last one repeats the first" },
	[CNV_FILE] = { "a file name", "write the name of the file without its folder" },
	[CNV_ACKNOWLEDGE] = { "OK", "write OK or leave the cell empty" },
};
_Static_assert(sizeof kinds / sizeof kinds[0] == CNV_ACKNOWLEDGE + 1, "one row for each kind");

/* Texts longer than this are prose, not a damaged number or date. */
#define MOST_DAMAGED 40u

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The missing-value words are told apart by case: "n/a" is not one. */
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

/* Digits from *at on as a number below 10^9; false when there is none. */
static bool read_digits(cnv_str text, size_t *at, uint32_t *number, uint32_t *count)
{
	*number = *count = 0;
	while (*at < text.len && is_digit(text.at[*at]) && *count < 9) {
		*number = *number * 10 + (uint32_t)(text.at[(*at)++] - '0');
		++*count;
	}
	return *count > 0;
}

/* Three numbers with one kind of separator: 30/09/2006, 9.30.2006, 2006/9/30. */
static bool read_three(cnv_str text, uint32_t parts[3], uint32_t digits[3])
{
	size_t at = 0;
	char separator = 0;

	for (uint32_t i = 0; i < 3; i++) {
		if (!read_digits(text, &at, &parts[i], &digits[i]))
			return false;
		if (i == 2)
			break;
		if (at == text.len || !strchr("/.-", text.at[at]) || (i && text.at[at] != separator))
			return false;
		separator = text.at[at++];
	}
	return at == text.len;
}

/* The one day that three numbers can be, if there is just one. */
static bool read_damaged_day(cnv_str text, int32_t *day)
{
	uint32_t parts[3], digits[3], year, first, second;
	bool one, other;

	if (!read_three(text, parts, digits))
		return false;
	if (digits[0] == 4) {
		if (!cnv_date_exists((int32_t)parts[0], parts[1], parts[2]))
			return false;
		*day = cnv_day_from((cnv_date){ (int32_t)parts[0], (uint8_t)parts[1], (uint8_t)parts[2] });
		return true;
	}
	if (digits[2] != 4)
		return false;
	year = parts[2];
	first = parts[0];
	second = parts[1];
	one = cnv_date_exists((int32_t)year, second, first);   /* day first */
	other = cnv_date_exists((int32_t)year, first, second); /* month first */
	if (one == other && first != second)
		return false;
	if (!one && !other)
		return false;
	*day = one ? cnv_day_from((cnv_date){ (int32_t)year, (uint8_t)second, (uint8_t)first })
		   : cnv_day_from((cnv_date){ (int32_t)year, (uint8_t)first, (uint8_t)second });
	return true;
}

static cnv_str hint_date(cnv_str text, cnv_arena *arena)
{
	/* Serials of a spreadsheet, 1955 to 2063: days since 1899-12-30. */
	enum { SERIAL_LOW = 20000, SERIAL_HIGH = 60000, SERIAL_ZERO = -25569 };
	char iso[CNV_DAY_ROOM];
	int64_t serial;
	int32_t day;

	if (read_damaged_day(text, &day)) {
		cnv_day_write(day, iso);
		return cnv_arena_format(arena, "write %s", iso);
	}
	if (cnv_integer_read(text, &serial) && serial >= SERIAL_LOW && serial <= SERIAL_HIGH) {
		cnv_day_write((int32_t)serial + SERIAL_ZERO, iso);
		return cnv_arena_format(arena, "a spreadsheet counts days this way; if so, write %s", iso);
	}
	return cnv_str_from(kinds[CNV_DATE].expected);
}

/* Digits in groups of three, with one kind of separator between them: 1,000 or 1 000 000.  The digits go to `out`. */
static bool read_grouped(cnv_str text, char *out, size_t *len)
{
	char separator = 0;
	uint32_t group = 0;

	*len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (is_digit(c)) {
			out[(*len)++] = c;
			group++;
			continue;
		}
		if (!strchr(",. '", c) || !c || (separator && (c != separator || group != 3)) || !group || group > 3)
			return false;
		separator = c;
		group = 0;
	}
	return separator && group == 3;
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

	while (from < text.len && !is_digit(text.at[from]))
		from++;
	upto = from;
	while (upto < text.len && (is_digit(text.at[upto]) || (text.at[upto] == '.' && upto + 1 < text.len)))
		upto++;
	for (size_t i = upto; i < text.len; i++)
		if (is_digit(text.at[i]))
			return (cnv_str){ 0 };
	if (from && text.at[from - 1] != ' ')
		return (cnv_str){ 0 };
	text = cnv_str_slice(text, from, upto);
	return is_number(kind, text) ? text : (cnv_str){ 0 };
}

static cnv_str hint_number(cnv_kind kind, cnv_str text, cnv_arena *arena)
{
	char digits[MOST_DAMAGED], point[MOST_DAMAGED];
	size_t len = 0, comma = cnv_str_find(text, CNV_STR(","));
	cnv_str number = find_number(kind, text);
	bool fraction = false;

	if (kind == CNV_INTEGER && is_number(CNV_DECIMAL, text))
		return cnv_str_find(text, CNV_STR(".")) == SIZE_MAX
			       ? CNV_STR("the largest number that can be taken is 2147483647")
			       : CNV_STR("write a whole number; decimals are not taken here");
	if (kind == CNV_DECIMAL && comma != SIZE_MAX) {
		memcpy(point, text.at, text.len);
		point[comma] = '.';
		fraction = is_number(CNV_DECIMAL, (cnv_str){ point, text.len });
	}
	if (read_grouped(text, digits, &len))
		return fraction ? cnv_arena_format(arena, "write %.*s or %.*s, whichever is meant", (int)len, digits,
						   (int)text.len, point)
				: cnv_arena_format(arena, "write %.*s, without separators", (int)len, digits);
	if (fraction)
		return cnv_arena_format(arena, "write %.*s, with a point", (int)text.len, point);
	if (number.len)
		return cnv_arena_format(arena, "write the number alone: %.*s", CNV_ARG(number));
	return cnv_str_from(kinds[kind].expected);
}

const char *cnv_kind_words(cnv_kind kind)
{
	return kinds[kind].words;
}

cnv_str cnv_hint_unreadable(cnv_kind kind, cnv_str text, cnv_arena *arena)
{
	cnv_str word = hint_word(cnv_str_trim_unicode(text), arena);

	text = cnv_str_trim_unicode(text);
	if (word.len)
		return word;
	if (text.len && text.len < MOST_DAMAGED) {
		if (kind == CNV_DATE)
			return hint_date(text, arena);
		if (kind == CNV_INTEGER || kind == CNV_DECIMAL)
			return hint_number(kind, text, arena);
	}
	return cnv_str_from(kinds[kind].expected);
}

cnv_str cnv_hint_choice(const cnv_form *form, const cnv_list *list, cnv_str text, uint32_t language, uint32_t *budget,
			cnv_arena *arena)
{
	const cnv_choice *best = NULL;
	uint32_t distance = UINT32_MAX;
	cnv_nearest nearest;
	cnv_str title, word = hint_word(cnv_str_trim_unicode(text), arena);

	if (word.len)
		return word;
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
		if (cnv_str_equal(title, best->name))
			return cnv_arena_format(arena, "did you mean \"%.*s\"?", CNV_ARG(best->name));
		return cnv_arena_format(arena, "did you mean \"%.*s\" (%.*s)?", CNV_ARG(best->name), CNV_ARG(title));
	}
	return cnv_arena_format(arena, "write the code of one of the %u choices of list \"%.*s\"", list->count,
				CNV_ARG(list->name));
}
