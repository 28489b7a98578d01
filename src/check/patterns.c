/* Advice on regular expressions in a form.
 *
 * canvass, like ODK Collect, wants the whole answer to match; Enketo looks for the pattern anywhere in
 * it.  Only a pattern that says ^ and $ means the same in both.  And in real forms most patterns that
 * were meant to allow a hyphen hold a range by accident: [a-z._-é] takes everything from _ to é.
 */
#include "check/check_internal.h"

enum character { DIGIT, LOWER, UPPER, MARK, BEYOND };

static enum character class_of(uint32_t c)
{
	return c >= '0' && c <= '9'   ? DIGIT
	       : c >= 'a' && c <= 'z' ? LOWER
	       : c >= 'A' && c <= 'Z' ? UPPER
	       : c < 0x80             ? MARK
				      : BEYOND;
}

/* A range from one mark to another takes in digits or letters by accident; from the blank or the first mark to the
 * tilde it is the idiom for all printable characters. */
static bool is_wide(uint32_t low, uint32_t high)
{
	enum character from = class_of(low), upto = class_of(high);

	if (from != upto)
		return true;
	return from == MARK && low < '0' && high >= '0' && !(low <= '!' && high == '~');
}

/* An odd number of backslashes stands before `at`. */
static bool is_escaped(cnv_str pattern, size_t at)
{
	bool escaped = false;

	while (at && pattern.at[--at] == '\\')
		escaped = !escaped;
	return escaped;
}

static bool is_anchored(cnv_str pattern)
{
	bool start = cnv_str_starts(pattern, CNV_STR("^")) || cnv_str_starts(pattern, CNV_STR(".*"));
	bool end = (cnv_str_ends(pattern, CNV_STR("$")) && !is_escaped(pattern, pattern.len - 1)) ||
		   cnv_str_ends(pattern, CNV_STR(".*"));

	return start && end;
}

/* One character of a class at *at; false for what cannot end a range: \d, [:alpha:], a property. */
static bool read_character(const char **at, const char *end, uint32_t *c)
{
	if (**at == '[' && *at + 1 < end && (*at)[1] == ':') {
		while (*at < end && **at != ']')
			++*at;
		if (*at < end)
			++*at;
		return false;
	}
	if (**at != '\\') {
		*c = cnv_utf8_next(at, end);
		return true;
	}
	if (++*at == end)
		return false;
	*c = cnv_utf8_next(at, end);
	return class_of(*c) == MARK || class_of(*c) == BEYOND; /* an escaped mark is itself */
}

/* Looks at the ranges of the class that begins behind its `[`; returns where it ends.  *wide: the first range that
 * takes in more than it shows. */
static const char *read_class(const char *at, const char *end, cnv_str *wide)
{
	bool first = true;

	if (at < end && *at == '^')
		at++;
	for (; at < end && (first || *at != ']'); first = false) {
		const char *start = at, *high;
		uint32_t from, upto;

		if (!read_character(&at, end, &from) || end - at < 2 || *at != '-' || at[1] == ']')
			continue;
		high = at + 1;
		if (!read_character(&high, end, &upto))
			continue;
		at = high;
		if (!wide->len && is_wide(from, upto))
			*wide = (cnv_str){ start, (size_t)(at - start) };
	}
	return at < end ? at + 1 : end;
}

static cnv_str find_wide_range(cnv_str pattern)
{
	const char *at = pattern.at, *end = pattern.at + pattern.len;
	cnv_str wide = { 0 };

	while (at < end && !wide.len) {
		if (*at == '\\' && at + 1 < end)
			at += 2;
		else if (*at++ == '[')
			at = read_class(at, end, &wide);
	}
	return wide;
}

void cnv_pattern_advise(const cnv_question *question, const cnv_formula *formula, const cnv_trait *trait,
			cnv_arena *scratch, cnv_diags *diags)
{
	cnv_place place = formula->place;
	cnv_str wide = find_wide_range(trait->literal), rest;
	size_t at;

	place.from = trait->from;
	place.upto = trait->upto;
	if (trait->literal.len && !is_anchored(trait->literal))
		cnv_diags_say(diags, CNV_PATTERN_NOT_ANCHORED, place, question->name, formula->text,
			      cnv_arena_format(scratch, "write '^%.*s$' to mean the same everywhere",
					       CNV_ARG(trait->literal)),
			      "some programs take any answer that contains this pattern");
	if (!wide.len)
		return;
	rest = cnv_str_slice(formula->text, trait->from, trait->upto);
	at = cnv_str_find(rest, wide);
	if (at != SIZE_MAX) {
		place.from = trait->from + (uint32_t)at;
		place.upto = place.from + (uint32_t)wide.len;
	}
	cnv_diags_say(diags, CNV_PATTERN_WIDE_RANGE, place, question->name, formula->text,
		      CNV_STR("put a hyphen that is meant as such at the end of the brackets, as in [a-z._-]"),
		      "\"%.*s\" is a range here and takes in every character between its ends", CNV_ARG(wide));
}
