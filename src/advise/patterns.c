/* Advice on regular expressions in a form.
 *
 * canvass, like ODK Collect, wants the whole answer to match; Enketo looks for the pattern anywhere in
 * it.  Only a pattern that says ^ and $ means the same in both.  And in real forms most patterns that
 * were meant to allow a hyphen hold a range by accident: [a-z._-é] takes everything from _ to é.
 */
#include "advise/advice.h"

#include <string.h>

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

/* What is odd in the classes of a pattern: the first of each. */
struct oddities {
	cnv_str wide;    /* a range that takes in more than it shows */
	cnv_str bracket; /* one that has no partner */
};

/* Looks at the ranges of the class that begins behind its `[`; returns where it ends. */
static const char *read_class(const char *at, const char *end, struct oddities *odd)
{
	const char *inner = NULL; /* another `[` */
	bool first = true;

	if (at < end && *at == '^')
		at++;
	for (; at < end && (first || *at != ']'); first = false) {
		const char *start = at, *high;
		uint32_t from, upto;

		if (*at == '[' && !(at + 1 < end && strchr(":.=", at[1])))
			inner = inner ? inner : at;
		if (!read_character(&at, end, &from) || end - at < 2 || *at != '-' || at[1] == ']')
			continue;
		high = at + 1;
		if (!read_character(&high, end, &upto))
			continue;
		at = high;
		if (!odd->wide.len && is_wide(from, upto))
			odd->wide = (cnv_str){ start, (size_t)(at - start) };
		/* A range behind it shows that a class was meant to begin. */
		if (inner && inner < start && !odd->bracket.len)
			odd->bracket = (cnv_str){ inner, 1 };
	}
	return at < end ? at + 1 : end;
}

static struct oddities find_oddities(cnv_str pattern)
{
	const char *at = pattern.at, *end = pattern.at + pattern.len;
	struct oddities odd = { 0 };

	while (at < end) {
		if (*at == '\\' && at + 1 < end) {
			at += 2;
		} else if (*at == '[') {
			at = read_class(at + 1, end, &odd);
		} else {
			if (*at == ']' && !odd.bracket.len)
				odd.bracket = (cnv_str){ at, 1 };
			at++;
		}
	}
	return odd;
}

/* The place with the caret under `part` of the pattern. */
static cnv_place part_of(const cnv_formula *formula, const cnv_trait *trait, cnv_str part)
{
	cnv_str written = cnv_str_slice(formula->text, trait->from, trait->upto);
	size_t start = cnv_str_find(written, trait->literal);
	cnv_place place = formula->place;

	place.from = trait->from;
	place.upto = trait->upto;
	if (start == SIZE_MAX)
		return place;
	place.from += (uint32_t)(start + (size_t)(part.at - trait->literal.at));
	place.upto = place.from + (uint32_t)part.len;
	return place;
}

void cnv_pattern_advise(const cnv_question *question, const cnv_formula *formula, const cnv_trait *trait,
			cnv_arena *scratch, cnv_diags *diags)
{
	cnv_place place = formula->place;
	struct oddities odd = find_oddities(trait->literal);

	place.from = trait->from;
	place.upto = trait->upto;
	if (trait->literal.len && !is_anchored(trait->literal))
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_PATTERN_NOT_ANCHORED, .place = place, .field = question->name,
					.excerpt = formula->text,
					.hint = cnv_arena_format(scratch, "write '^%.*s$' to mean the same everywhere",
								 CNV_ARG(trait->literal))),
			       "some programs take any answer that contains this pattern");
	if (odd.wide.len)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_PATTERN_WIDE_RANGE, .place = part_of(formula, trait, odd.wide),
					.field = question->name, .excerpt = formula->text),
			       "\"%.*s\" is a range here and takes in every character between its ends",
			       CNV_ARG(odd.wide));
	if (odd.bracket.len)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_PATTERN_BRACKETS, .place = part_of(formula, trait, odd.bracket),
					.field = question->name, .excerpt = formula->text,
					.hint = odd.bracket.at[0] == '['
							? CNV_STR("close the brackets before it, or write \\[")
							: CNV_STR("open the brackets before it, or write \\]")),
			       "the bracket \"%.*s\" has no partner and stands for itself", CNV_ARG(odd.bracket));
}
