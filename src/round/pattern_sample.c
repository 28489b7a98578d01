/* A random text that matches a regular expression.  Supports the part of the pattern language that forms use:
 * alternatives, groups, classes, repetition, and the usual escapes.  Anchors, look-around and back-references add no
 * text: the caller checks the text with the real engine, and tries again. */
#include "round/simulate.h"

#include <string.h>

/* Limits: nested groups; alternatives of one group; parts in sequence; repetitions beyond the minimum. */
#define MOST_DEPTH 24u
#define MOST_BRANCHES 64u
#define MOST_MADE 400u
#define MOST_MORE 4u

typedef struct sampling {
	cnv_chance *chance;
	cnv_text *out;
	uint32_t pieces; /* remaining budget: a pattern may multiply its parts */
} sampling;

static void sample_branches(sampling *s, cnv_str pattern, uint32_t depth);

/* Returns the position after the class that begins at `at`, or the end. */
static size_t skip_class(cnv_str pattern, size_t at)
{
	at++;
	if (at < pattern.len && pattern.at[at] == '^')
		at++;
	if (at < pattern.len && pattern.at[at] == ']')
		at++;
	while (at < pattern.len && pattern.at[at] != ']')
		at += pattern.at[at] == '\\' ? 2 : 1;
	return at < pattern.len ? at + 1 : pattern.len;
}

/* Returns the position after the atom that begins at `at`: a group, a class, an escape, a character. */
static size_t skip_atom(cnv_str pattern, size_t at)
{
	const char *from = pattern.at + at;
	uint32_t depth = 0;

	if (pattern.at[at] == '[')
		return skip_class(pattern, at);
	if (pattern.at[at] == '\\') {
		if (at + 2 < pattern.len && strchr("pP", pattern.at[at + 1]) && pattern.at[at + 2] == '{')
			while (at < pattern.len && pattern.at[at] != '}')
				at++;
		else
			at++;
		return at + 1 < pattern.len ? at + 1 : pattern.len;
	}
	if (pattern.at[at] != '(') {
		cnv_utf8_next(&from, pattern.at + pattern.len);
		return (size_t)(from - pattern.at);
	}
	while (at < pattern.len) {
		char c = pattern.at[at];

		if (c == '[') {
			at = skip_class(pattern, at);
			continue;
		}
		depth += c == '(';
		depth -= c == ')';
		at += c == '\\' ? 2 : 1;
		if (!depth)
			break;
	}
	return at < pattern.len ? at : pattern.len;
}

/* The number at *at; `least` if there is none. */
static uint32_t read_count(cnv_str pattern, size_t *at, uint32_t least)
{
	uint32_t count = 0;
	size_t from = *at;

	while (*at < pattern.len && pattern.at[*at] >= '0' && pattern.at[*at] <= '9') {
		if (count < MOST_MADE)
			count = count * 10 + (uint32_t)(pattern.at[*at] - '0');
		++*at;
	}
	return *at > from ? count : least;
}

/* Draws the number of repetitions of the atom before *at; moves past the quantifier. */
static uint32_t repetition(sampling *s, cnv_str pattern, size_t *at)
{
	char c = *at < pattern.len ? pattern.at[*at] : 0;
	uint32_t least = 1, most = 1;

	if (c == '?' || c == '*' || c == '+') {
		least = c == '+';
		most = c == '?' ? 1 : least + MOST_MORE;
		++*at;
	} else if (c == '{' && *at + 1 < pattern.len && pattern.at[*at + 1] >= '0' && pattern.at[*at + 1] <= '9') {
		++*at;
		most = least = read_count(pattern, at, 0);
		if (*at < pattern.len && pattern.at[*at] == ',') {
			++*at;
			most = read_count(pattern, at, least + MOST_MORE);
		}
		*at += *at < pattern.len;
	} else {
		return 1;
	}
	if (*at < pattern.len && (pattern.at[*at] == '?' || pattern.at[*at] == '+'))
		++*at;
	if (most > least + 2 * MOST_MORE)
		most = least + 2 * MOST_MORE;
	return most > least ? least + cnv_chance_below(s->chance, most - least + 1) : least;
}

static void put_code_point(sampling *s, uint32_t c)
{
	char bytes[4];

	cnv_text_put(s->out, (cnv_str){ bytes, cnv_utf8_put(bytes, c) });
}

/* A character for an escape; none for assertions. */
static void sample_escape(sampling *s, char c)
{
	if (c == 'd')
		put_code_point(s, '0' + cnv_chance_below(s->chance, 10));
	else if (c == 'w' || c == 'p' || c == 'D' || c == 'S')
		put_code_point(s, 'a' + cnv_chance_below(s->chance, 26));
	else if (c == 's' || c == 'h' || c == 'W')
		put_code_point(s, ' ');
	else if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
		put_code_point(s, (unsigned char)c);
}

typedef struct range {
	uint32_t low, high;
} range;
#define MOST_RANGES 32u

/* One character of a class, or of the class that an escape inside it denotes, as ranges. */
static void add_escape(range *ranges, uint32_t *count, char c)
{
	if (c == 'd')
		ranges[(*count)++] = (range){ '0', '9' };
	else if (c == 'w')
		ranges[(*count)++] = (range){ 'a', 'z' };
	else if (c == 's')
		ranges[(*count)++] = (range){ ' ', ' ' };
	else
		ranges[(*count)++] = (range){ (unsigned char)c, (unsigned char)c };
}

static uint32_t read_ranges(cnv_str inside, range *ranges)
{
	const char *at = inside.at, *end = inside.at + inside.len;
	uint32_t count = 0;

	while (at < end && count < MOST_RANGES) {
		uint32_t low, high;

		if (*at == '\\' && at + 1 < end) {
			add_escape(ranges, &count, at[1]);
			at += 2;
			continue;
		}
		if (*at == '[' && at + 1 < end && at[1] == ':') { /* [:alpha:] */
			while (at < end && *at++ != ']')
				;
			ranges[count++] = (range){ 'a', 'z' };
			continue;
		}
		low = high = cnv_utf8_next(&at, end);
		if (at + 1 < end && *at == '-' && at[1] != '\\') {
			at++;
			high = cnv_utf8_next(&at, end);
		}
		ranges[count++] = (range){ low, high < low ? low : high };
	}
	return count;
}

static bool is_in(const range *ranges, uint32_t count, uint32_t c)
{
	for (uint32_t i = 0; i < count; i++)
		if (c >= ranges[i].low && c <= ranges[i].high)
			return true;
	return false;
}

static void sample_class(sampling *s, cnv_str class)
{
	bool negated = class.len > 1 && class.at[1] == '^';
	range ranges[MOST_RANGES];
	uint32_t count = read_ranges(cnv_str_slice(class, negated ? 2 : 1, class.len - 1), ranges), sum = 0, at;

	if (negated) {
		for (uint32_t tries = 0; tries < 64; tries++) {
			uint32_t c = tries < 32 ? 'a' + cnv_chance_below(s->chance, 26)
						: 33 + cnv_chance_below(s->chance, 94);

			if (!is_in(ranges, count, c)) {
				put_code_point(s, c);
				return;
			}
		}
		return;
	}
	/* A wide range counts as much as the alphabet, so that letters are drawn more often than punctuation. */
	for (uint32_t i = 0; i < count; i++)
		sum += ranges[i].high - ranges[i].low < 26 ? ranges[i].high - ranges[i].low + 1 : 26;
	if (!sum)
		return;
	at = cnv_chance_below(s->chance, sum);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = ranges[i].high - ranges[i].low < 26 ? ranges[i].high - ranges[i].low + 1 : 26;

		if (at < size) {
			uint32_t c = ranges[i].low + cnv_chance_below(s->chance, ranges[i].high - ranges[i].low + 1);

			put_code_point(s, c >= 0xD800 && c <= 0xDFFF ? ranges[i].low : c);
			return;
		}
		at -= size;
	}
}

static void sample_group(sampling *s, cnv_str group, uint32_t depth)
{
	cnv_str inside = cnv_str_slice(group, 1, group.len - 1);

	if (cnv_str_starts(inside, CNV_STR("?"))) {
		size_t at = 1;

		if (at < inside.len && strchr("=!", inside.at[at]))
			return;
		if (at + 1 < inside.len && inside.at[at] == '<' && strchr("=!", inside.at[at + 1]))
			return;
		while (at < inside.len && inside.at[at] != ':' && inside.at[at] != '>')
			at++;
		if (at == inside.len)
			return; /* (?i) */
		inside = cnv_str_slice(inside, at + 1, inside.len);
	}
	sample_branches(s, inside, depth + 1);
}

static void sample_atom(sampling *s, cnv_str atom, uint32_t depth)
{
	switch (atom.at[0]) {
	case '(':
		if (atom.len > 1)
			sample_group(s, atom, depth);
		break;
	case '[':
		if (atom.len > 2)
			sample_class(s, atom);
		break;
	case '\\':
		if (atom.len > 1)
			sample_escape(s, atom.at[1]);
		break;
	case '.':
		put_code_point(s, 'a' + cnv_chance_below(s->chance, 26));
		break;
	case '^':
	case '$':
		break;
	default:
		cnv_text_put(s->out, atom);
	}
}

static void sample_sequence(sampling *s, cnv_str sequence, uint32_t depth)
{
	size_t at = 0;

	while (at < sequence.len) {
		size_t from = at;
		uint32_t count;
		cnv_str atom;

		at = skip_atom(sequence, at);
		atom = cnv_str_slice(sequence, from, at);
		count = repetition(s, sequence, &at);
		while (count-- && s->pieces) {
			s->pieces--;
			sample_atom(s, atom, depth);
		}
	}
}

/* One of the alternatives. */
static void sample_branches(sampling *s, cnv_str pattern, uint32_t depth)
{
	size_t ends[MOST_BRANCHES];
	uint32_t count = 0, taken;

	if (depth > MOST_DEPTH)
		return;
	for (size_t at = 0; at < pattern.len && count < MOST_BRANCHES - 1;)
		if (pattern.at[at] == '|')
			ends[count++] = at++;
		else
			at = skip_atom(pattern, at);
	ends[count++] = pattern.len;
	taken = cnv_chance_below(s->chance, count);
	sample_sequence(s, cnv_str_slice(pattern, taken ? ends[taken - 1] + 1 : 0, ends[taken]), depth);
}

void simulate_pattern(cnv_text *out, cnv_str pattern, cnv_chance *chance)
{
	sampling s = { .chance = chance, .out = out, .pieces = MOST_MADE };

	sample_branches(&s, pattern, 0);
}
