/* Advice on regular expressions in a form.
 *
 * canvass, like ODK Collect, matches the whole answer; Enketo looks for the pattern anywhere in it.  Only a pattern
 * with ^ and $ means the same in both.  And in real forms most patterns that were meant to allow a hyphen hold a range
 * by accident: [a-z._-é] matches everything from _ to é.
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

/* A range from one mark to another includes digits or letters by accident; from the space or the first mark to the
 * tilde it is the idiom for all printable characters. */
static bool is_wide(uint32_t low, uint32_t high)
{
	enum character from = class_of(low), upto = class_of(high);

	if (from != upto)
		return true;
	return from == MARK && low < '0' && high >= '0' && !(low <= '!' && high == '~');
}

/* An odd number of backslashes comes before `at`. */
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
	cnv_str wide;    /* a range that matches more than it shows */
	cnv_str bracket; /* an unmatched one */
};

/* Looks at the ranges of the class that begins after its `[`; returns where it ends. */
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
		/* A range after it shows that a class was meant to begin. */
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

/* A text node that is a pattern. */
struct pattern {
	const struct subject *subject;
	uint32_t node;
	cnv_str text;
};

/* The place with the caret under `part` of the pattern. */
static cnv_place part_of(const struct pattern *pattern, cnv_str part)
{
	const cnv_formula_tree *tree = pattern->subject->tree;
	size_t start = cnv_str_find(cnv_formula_slice(tree, pattern->node), pattern->text);
	cnv_place place = cnv_subject_place(pattern->subject, pattern->node);

	if (start == SIZE_MAX)
		return place;
	place.from += (uint32_t)(start + (size_t)(part.at - pattern->text.at));
	place.upto = place.from + (uint32_t)part.len;
	return place;
}

static void emit(const struct advising *advising, const struct pattern *pattern, cnv_code code, cnv_str part,
		 cnv_str hint, const char *before, const char *after)
{
	const struct subject *subject = pattern->subject;

	cnv_diags_emit(advising->diags,
		       CNV_DIAG(.code = (uint16_t)code, .place = part_of(pattern, part),
				.field = subject->question->name, .excerpt = subject->formula->text, .hint = hint),
		       "%s\"%.*s\" %s", before, CNV_ARG(part), after);
}

static void advise_pattern(const struct advising *advising, const struct pattern *pattern)
{
	const struct subject *subject = pattern->subject;
	struct oddities odd = find_oddities(pattern->text);

	if (pattern->text.len && !is_anchored(pattern->text))
		cnv_diags_emit(advising->diags,
			       CNV_DIAG(.code = CNV_PATTERN_NOT_ANCHORED,
					.place = cnv_subject_place(subject, pattern->node),
					.field = subject->question->name, .excerpt = subject->formula->text,
					.hint = cnv_arena_format(advising->scratch,
								 "write '^%.*s$' to mean the same everywhere",
								 CNV_ARG(pattern->text))),
			       "some programs accept any answer that contains this pattern");
	if (odd.wide.len)
		emit(advising, pattern, CNV_PATTERN_WIDE_RANGE, odd.wide, (cnv_str){ 0 }, "",
		     "is a range: it matches every character between its ends");
	if (odd.bracket.len)
		emit(advising, pattern, CNV_PATTERN_BRACKETS, odd.bracket,
		     odd.bracket.at[0] == '[' ? CNV_STR("close the character class before it, or write \\[")
					      : CNV_STR("open a character class before it, or write \\]"),
		     "the unmatched bracket ", "is read as an ordinary character");
}

void cnv_advise_patterns(const struct advising *advising, const struct subject *subject)
{
	const cnv_formula_tree *tree = subject->tree;

	for (uint32_t i = CNV_NONE; (i = cnv_formula_next_call(tree, "regex", i)) != CNV_NONE;) {
		uint32_t node = cnv_formula_arg(tree, i, 1);

		if (cnv_formula_is(tree, node, CNV_F_TEXT))
			advise_pattern(advising, &(struct pattern){ subject, node, tree->nodes[node].text });
	}
}
