/* Steps on texts.  Positions and lengths are in UTF-16 units, as in spreadsheets and the other engines. */
#include "expr/machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void step_compare_texts(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *left = texts_of(machine, step->args[0]), *right = texts_of(machine, step->args[1]);
	bool unequal = step->relation == IS_UNEQUAL;
	SET_BITS(bits_of(machine, step->to), i, count,
		 (left[i].len == right[i].len &&
		  (left[i].len == 0 || memcmp(left[i].at, right[i].at, left[i].len) == 0)) != unequal)
}

/* ---------------------------------------------------------------- joining */

static cnv_str join_row(expr_machine *machine, const expr_step *step, uint32_t row, uint32_t first, cnv_str separator)
{
	cnv_str last = CNV_STR("");
	size_t len = 0;
	uint32_t items = 0;
	for (uint32_t k = first; k < step->argc; k++) {
		cnv_str item = texts_of(machine, step->args[k])[row];
		if (item.at != expr_no_items) {
			len += item.len + (items > 0 ? separator.len : 0);
			items++;
			last = item;
		}
	}
	if (items == 1)
		return last;
	char *at = len > 0 ? expr_text_room(machine, len) : NULL;
	if (!at)
		return CNV_STR("");
	size_t done = 0;
	items = 0;
	for (uint32_t k = first; k < step->argc; k++) {
		cnv_str item = texts_of(machine, step->args[k])[row];
		if (item.at == expr_no_items)
			continue;
		if (items++ > 0 && separator.len > 0) {
			memcpy(at + done, separator.at, separator.len);
			done += separator.len;
		}
		if (item.len > 0)
			memcpy(at + done, item.at, item.len);
		done += item.len;
	}
	return (cnv_str){ at, len };
}

void step_concat(expr_machine *machine, const expr_step *step, uint32_t count)
{
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = join_row(machine, step, i, 0, CNV_STR(""));
}

void step_join(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *separators = texts_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = join_row(machine, step, i, 1, separators[i]);
}

/* ---------------------------------------------------------------- parts */

void step_string_length(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++)
		to[i] = (double)cnv_utf16_length(from[i]);
}

/* The byte where UTF-16 unit `unit` begins; the middle of a surrogate pair counts as its end. */
static size_t byte_of(cnv_str text, double unit)
{
	const char *at = text.at, *end = text.at + text.len;
	double passed = 0;
	while (at < end && passed < unit)
		passed += cnv_utf8_next(&at, end) >= 0x10000 ? 2 : 1;
	return text.len > 0 ? (size_t)(at - text.at) : 0;
}

/* Units [from, upto) of a text. */
static cnv_str cut(cnv_str text, double from, double upto)
{
	if (!(from < upto) || text.len == 0)
		return CNV_STR("");
	return cnv_str_slice(text, byte_of(text, from), byte_of(text, upto));
}

void step_substr(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	const double *starts = numbers_of(machine, step->args[1]);
	const double *ends = step->argc > 2 ? numbers_of(machine, step->args[2]) : NULL;
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		double len = (double)cnv_utf16_length(from[i]);
		double start = trunc(starts[i]), end = ends ? trunc(ends[i]) : len;
		if (start < 0)
			start = start + len < 0 ? 0 : start + len;
		if (end < 0)
			end = end + len < 0 ? 0 : end + len;
		to[i] = cut(from[i], start, end);
	}
}

/* XPath 1.0, 4.2: characters at positions p with round(start) <= p < round(start) + round(length). */
void step_substring(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	const double *starts = numbers_of(machine, step->args[1]);
	const double *lengths = step->argc > 2 ? numbers_of(machine, step->args[2]) : NULL;
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		double start = floor(starts[i] + 0.5);
		double end = lengths ? start + floor(lengths[i] + 0.5) : INFINITY;
		to[i] = isnan(start) || isnan(end) ? CNV_STR("") : cut(from[i], start < 1 ? 0 : start - 1, end - 1);
	}
}

void step_substring_before(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]), *part = texts_of(machine, step->args[1]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		size_t found = cnv_str_find(from[i], part[i]);
		to[i] = found == SIZE_MAX ? CNV_STR("") : cnv_str_slice(from[i], 0, found);
	}
}

void step_substring_after(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]), *part = texts_of(machine, step->args[1]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		size_t found = cnv_str_find(from[i], part[i]);
		to[i] = found == SIZE_MAX ? CNV_STR("") : cnv_str_slice(from[i], found + part[i].len, from[i].len);
	}
}

#define TEST_TEXTS(name, condition)                                                                                    \
	void step_##name(expr_machine *machine, const expr_step *step, uint32_t count)                                 \
	{                                                                                                              \
		const cnv_str *from = texts_of(machine, step->args[0]), *part = texts_of(machine, step->args[1]);      \
		uint64_t *to = bits_of(machine, step->to);                                                             \
		for (uint32_t w = 0; w * 64 < count; w++) {                                                            \
			uint64_t word = 0;                                                                             \
			for (uint32_t i = w * 64; i < count && i < w * 64 + 64; i++)                                   \
				word |= (uint64_t)(condition) << (i % 64);                                             \
			to[w] = word;                                                                                  \
		}                                                                                                      \
	}

static bool has_word(cnv_str list, cnv_str wanted)
{
	cnv_str word;
	wanted = cnv_str_trim(wanted);
	if (wanted.len == 0)
		return cnv_str_trim(list).len == 0; /* selected('', '') is true in every engine */
	while (cnv_str_word(&list, &word))
		if (cnv_str_equal(word, wanted))
			return true;
	return false;
}

TEST_TEXTS(contains, cnv_str_find(from[i], part[i]) != SIZE_MAX)
TEST_TEXTS(starts_with, cnv_str_starts(from[i], part[i]))
TEST_TEXTS(ends_with, cnv_str_ends(from[i], part[i]))
TEST_TEXTS(selected, has_word(from[i], part[i]))

/* XML white space: without form feed and vertical tab. */
static bool is_xml_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t squeeze(cnv_str text, char *out)
{
	size_t len = 0;
	bool gap = false;
	for (size_t i = 0; i < text.len; i++) {
		if (is_xml_blank(text.at[i])) {
			gap = len > 0;
			continue;
		}
		if (gap)
			out[len++] = ' ';
		gap = false;
		out[len++] = text.at[i];
	}
	return len;
}

void step_normalize_space(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		char *at = from[i].len > 0 ? expr_text_room(machine, from[i].len) : NULL;
		to[i] = at ? (cnv_str){ at, squeeze(from[i], at) } : CNV_STR("");
	}
}

/* ---------------------------------------------------------------- translate
 *
 * By UTF-16 units, in which string-length() and substr() count too: a character beyond them is two. */

typedef struct replacement {
	uint32_t from, to; /* units; CNV_NONE: left out */
	uint32_t order;
} replacement;

/* A text read unit by unit. */
typedef struct units {
	const char *at, *end;
	uint32_t low; /* the second unit of a character; 0: none */
} units;

static bool next_unit(units *from, uint32_t *unit)
{
	uint32_t c = from->low;

	from->low = 0;
	if (!c && from->at == from->end)
		return false;
	if (!c)
		c = cnv_utf8_next(&from->at, from->end);
	if (c > 0xFFFF) {
		from->low = 0xDC00 + ((c - 0x10000) & 0x3FF);
		c = 0xD800 + ((c - 0x10000) >> 10);
	}
	*unit = c;
	return true;
}

static units units_of(cnv_str text)
{
	return text.len ? (units){ text.at, text.at + text.len, 0 } : (units){ 0 };
}

static int by_unit(const void *a, const void *b)
{
	const replacement *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The units that translate() replaces, sorted; the first mention of each counts. */
static replacement *build_replacements(expr_machine *machine, cnv_str from, cnv_str to, size_t *count)
{
	replacement *all = cnv_arena_array(machine->scratch, from.len + 1, sizeof *all);
	units in = units_of(from), out = units_of(to);
	uint32_t unit;
	*count = 0;
	if (!all) {
		machine->failed = true;
		return NULL;
	}
	while (next_unit(&in, &unit)) {
		all[*count] = (replacement){ .from = unit, .to = CNV_NONE, .order = (uint32_t)*count };
		if (next_unit(&out, &unit))
			all[*count].to = unit;
		++*count;
	}
	qsort(all, *count, sizeof *all, by_unit);
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++)
		if (i == 0 || all[i].from != all[i - 1].from)
			all[kept++] = all[i];
	*count = kept;
	return all;
}

static const replacement *find_replacement(const replacement *all, size_t count, uint32_t unit)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (all[middle].from < unit)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && all[low].from == unit ? &all[low] : NULL;
}

static bool is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit < 0xE000;
}

/* Appends a unit; *high: the first of two that waits for its second.  Half a character is U+FFFD. */
static size_t put_unit(char *out, uint32_t unit, uint32_t *high)
{
	size_t len = 0;

	if (*high && is_low(unit))
		unit = 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00);
	else if (*high)
		len = cnv_utf8_put(out, 0xFFFD);
	*high = is_high(unit) ? unit : 0;
	if (!*high)
		len += cnv_utf8_put(out + len, is_low(unit) ? 0xFFFD : unit);
	return len;
}

static cnv_str translate(expr_machine *machine, cnv_str text, const replacement *all, size_t count)
{
	/* A unit is at least a byte and becomes three at most, and one more half may be left over. */
	char *out = text.len > 0 ? expr_text_room(machine, text.len * 3 + 3) : NULL;
	units in = units_of(text);
	uint32_t unit, high = 0;
	size_t len = 0;
	if (!out)
		return CNV_STR("");
	while (next_unit(&in, &unit)) {
		const replacement *found = find_replacement(all, count, unit);
		if (!found || found->to != CNV_NONE)
			len += put_unit(out + len, found ? found->to : unit, &high);
	}
	if (high)
		len += cnv_utf8_put(out + len, 0xFFFD);
	return (cnv_str){ out, len };
}

void step_translate(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *texts = texts_of(machine, step->args[0]);
	const cnv_str *from = texts_of(machine, step->args[1]), *into = texts_of(machine, step->args[2]);
	cnv_str *to = texts_of(machine, step->to);
	replacement *all = NULL;
	size_t known = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (i == 0 || !cnv_str_equal(from[i], from[i - 1]) || !cnv_str_equal(into[i], into[i - 1]))
			all = build_replacements(machine, from[i], into[i], &known);
		if (!all)
			return;
		to[i] = translate(machine, texts[i], all, known);
	}
}

/* ---------------------------------------------------------------- choices written as texts */

void step_count_selected(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	double *to = numbers_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		cnv_str rest = from[i], word;
		for (to[i] = 0; cnv_str_word(&rest, &word);)
			to[i]++;
	}
}

void step_selected_at(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_str *from = texts_of(machine, step->args[0]);
	const double *numbers = numbers_of(machine, step->args[1]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		cnv_str rest = from[i], word;
		double wanted = trunc(numbers[i]), at = 0;
		to[i] = CNV_STR("");
		while (numbers[i] >= 0 && cnv_str_word(&rest, &word))
			if (at++ == wanted) {
				to[i] = word;
				break;
			}
	}
}

/* data: the list. */
void step_choice_name(expr_machine *machine, const expr_step *step, uint32_t count)
{
	const cnv_list *list = step->data;
	const cnv_form *form = machine->expr->form;
	const cnv_str *from = texts_of(machine, step->args[0]);
	cnv_str *to = texts_of(machine, step->to);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t choice = from[i].len > 0 ? cnv_list_find(list, cnv_str_trim(from[i])) : CNV_NONE;
		to[i] = choice < list->count
				? cnv_wording_text(form, &list->choices[choice].label, form->default_language)
				: CNV_STR("");
	}
}
