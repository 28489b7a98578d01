/* Patterns without PCRE2: an automaton that takes one step per character.
 *
 * Nearly all patterns of forms consist of characters, classes, groups, alternatives and counts.  Whether such a
 * pattern matches a whole text does not depend on the order in which alternatives are tried, so the pattern is a
 * regular expression in the strict sense: it is compiled to a table, and a text is matched in one pass whatever the
 * pattern.  Patterns that need memory or look around (references, lookaheads, \b, possessive counts) are left to
 * PCRE2, and so are patterns that are too large.  The caller has checked that the pattern is valid.
 *
 * Each character or class of it is a position (Glushkov 1961): `first` are the positions a match can begin with,
 * `last` those it can end with, and `follow` contains the possible successors of each.  A counted part is read again
 * for each of its copies.  Characters that are in the same classes are one symbol.  A state is a set of positions. */
#include "expr/pattern.h"

#include <string.h>

#define MOST_PLACES 320u /* a multiple of 64; fits `.{0,255}` and a few more */
#define MOST_STATES 320u
#define MOST_CLASSES 64u /* bits of a word */
#define MOST_SYMBOLS 64u
#define MOST_RANGES 8u /* maximum ranges of one class, beyond ASCII */
#define MOST_CUTS 64u
#define MOST_DEPTH 32u   /* maximum depth of groups: bounds the recursion */
#define MOST_ATOMS 4096u /* maximum reads, copies included: counted empty groups may be nested */
#define MOST_COUNT 1000u
#define ENDLESS UINT32_MAX
#define WORDS (MOST_PLACES / 64)
#define ALL_CHARACTERS UINT32_C(0x110000)

struct expr_automaton {
	uint8_t symbols[128];     /* of ASCII */
	uint32_t cuts[MOST_CUTS]; /* ascending: characters beyond ASCII where the symbol changes */
	uint8_t cut_symbols[MOST_CUTS];
	uint32_t cut_count;
	uint32_t start;
	uint16_t next[]; /* by state and symbol, combined in one index; 0: none.  For symbol 0: 1 if a match may end */
};

typedef struct places {
	uint64_t words[WORDS];
} places;

typedef struct fragment {
	places first, last;
	bool empty; /* it matches the empty text */
} fragment;

typedef struct class
{
	uint64_t ascii[2];
	uint32_t ranges[MOST_RANGES][2]; /* [from, upto) */
	uint32_t count;
	bool inverted;
} class;

typedef struct building {
	cnv_str text;
	size_t at;
	bool unfit; /* sticky: left to PCRE2 */
	uint32_t depth, atoms;
	class classes[MOST_CLASSES];
	uint32_t class_count;
	uint32_t place_count; /* position 0 is before all others */
	uint8_t class_of[MOST_PLACES];
	places follow[MOST_PLACES];
	uint64_t signatures[MOST_SYMBOLS]; /* bit k: the symbol's characters are in class k; symbol 0 is the end */
	uint32_t symbol_count, shift;
	places on[MOST_SYMBOLS];    /* the positions that a symbol matches */
	places states[MOST_STATES]; /* 0: none; 1: position 0 */
	uint32_t state_count;
	uint16_t next[MOST_STATES * MOST_SYMBOLS];
} building;

/* ---------------------------------------------------------------- classes */

static void put_range(building *b, class *to, uint32_t from, uint32_t upto)
{
	for (uint32_t c = from; c < upto && c < 0x80; c++)
		to->ascii[c / 64] |= UINT64_C(1) << (c % 64);
	if (upto <= 0x80)
		return;
	if (to->count == MOST_RANGES) {
		b->unfit = true;
		return;
	}
	to->ranges[to->count][0] = from < 0x80 ? 0x80 : from;
	to->ranges[to->count++][1] = upto;
}

static bool is_in(const class *in, uint32_t c)
{
	bool found = c < 0x80 && in->ascii[c / 64] >> (c % 64) & 1;

	for (uint32_t i = 0; i < in->count && c >= 0x80; i++)
		found |= c >= in->ranges[i][0] && c < in->ranges[i][1];
	return found != in->inverted;
}

static void invert_ascii(class *to, const class *from)
{
	for (size_t i = 0; i < 2; i++)
		to->ascii[i] |= ~from->ascii[i];
}

/* \d, \w and \s contain only ASCII; the capitals their complements, with all other characters. */
static bool put_escaped_class(building *b, class *to, char letter)
{
	class found = { 0 };

	switch (cnv_lower(letter)) {
	case 'd':
		put_range(b, &found, '0', '9' + 1);
		break;
	case 'w':
		put_range(b, &found, '0', '9' + 1);
		put_range(b, &found, 'A', 'Z' + 1);
		put_range(b, &found, 'a', 'z' + 1);
		put_range(b, &found, '_', '_' + 1);
		break;
	case 's':
		put_range(b, &found, '\t', '\r' + 1);
		put_range(b, &found, ' ', ' ' + 1);
		break;
	default:
		return false;
	}
	if (letter == cnv_lower(letter)) {
		to->ascii[0] |= found.ascii[0];
		to->ascii[1] |= found.ascii[1];
	} else {
		invert_ascii(to, &found);
		put_range(b, to, 0x80, ALL_CHARACTERS);
	}
	return true;
}

/* The single character that an escape means; all other escapes are unfit. */
static uint32_t read_escaped(building *b, char letter)
{
	static const char letters[] = "tnrf", meant[] = "\t\n\r\f";
	const char *known = letter ? strchr(letters, letter) : NULL;

	if (known)
		return (uint32_t)(unsigned char)meant[known - letters];
	b->unfit |= (unsigned char)letter >= 0x80 || letter < ' ' || (letter >= '0' && letter <= '9') ||
		    (cnv_lower(letter) >= 'a' && cnv_lower(letter) <= 'z');
	return (uint32_t)(unsigned char)letter;
}

static bool is_next(const building *b, char c)
{
	return b->at < b->text.len && b->text.at[b->at] == c;
}

/* One character at `at`, which is not the end; *one: a single character, not an escape for a class, which is stored
 * in `to`. */
static uint32_t read_member(building *b, class *to, bool *one)
{
	const char *at = b->text.at + b->at, *end = b->text.at + b->text.len;
	uint32_t c = cnv_utf8_next(&at, end);

	b->at = (size_t)(at - b->text.at);
	*one = true;
	if (c != '\\')
		return c;
	if (at == end) {
		b->unfit = true;
		return c;
	}
	b->at++;
	*one = !put_escaped_class(b, to, *at);
	return *one ? read_escaped(b, *at) : 0;
}

/* After the opening bracket. */
static void read_set(building *b, class *to)
{
	bool first = true;

	to->inverted = is_next(b, '^');
	b->at += to->inverted;
	for (; b->at < b->text.len && !b->unfit && (first || !is_next(b, ']')); first = false) {
		uint32_t from, upto;
		bool one;

		if (is_next(b, '[') && b->at + 1 < b->text.len)
			b->unfit |= strchr(":.=", b->text.at[b->at + 1]) != NULL;
		from = upto = read_member(b, to, &one);
		if (is_next(b, '-') && b->at + 1 < b->text.len && b->text.at[b->at + 1] != ']') {
			bool last;

			b->at++;
			upto = read_member(b, to, &last);
			b->unfit |= !one || !last || upto < from;
		}
		if (one && !b->unfit)
			put_range(b, to, from, upto + 1);
	}
	b->unfit |= b->at >= b->text.len;
	b->at++;
}

static uint32_t keep_class(building *b, const class *read)
{
	for (uint32_t i = 0; i < b->class_count; i++)
		if (!memcmp(&b->classes[i], read, sizeof *read))
			return i;
	if (b->class_count == MOST_CLASSES) {
		b->unfit = true;
		return 0;
	}
	b->classes[b->class_count] = *read;
	return b->class_count++;
}

/* ---------------------------------------------------------------- fragments */

static void add(places *to, const places *more)
{
	for (size_t i = 0; i < WORDS; i++)
		to->words[i] |= more->words[i];
}

static bool has(const places *set, uint32_t place)
{
	return set->words[place / 64] >> (place % 64) & 1;
}

static void put_place(places *set, uint32_t place)
{
	set->words[place / 64] |= UINT64_C(1) << (place % 64);
}

/* Any of `to` may follow any of `from`. */
static void link(building *b, const places *from, const places *to)
{
	for (uint32_t place = 0; place < b->place_count; place++)
		if (has(from, place))
			add(&b->follow[place], to);
}

/* Concatenation. */
static fragment join(building *b, const fragment *left, const fragment *right)
{
	fragment both = { .first = left->first, .last = right->last, .empty = left->empty && right->empty };

	link(b, &left->last, &right->first);
	if (left->empty)
		add(&both.first, &right->first);
	if (right->empty)
		add(&both.last, &left->last);
	return both;
}

static fragment place_of(building *b, const class *read)
{
	fragment one = { 0 };
	uint32_t place = b->place_count;

	if (place == MOST_PLACES) {
		b->unfit = true;
		return one;
	}
	b->place_count++;
	b->class_of[place] = (uint8_t)keep_class(b, read);
	put_place(&one.first, place);
	put_place(&one.last, place);
	return one;
}

/* ---------------------------------------------------------------- the pattern */

static fragment read_alternatives(building *b);

/* After the opening parenthesis. */
static fragment read_group(building *b)
{
	fragment inside = { 0 };

	b->unfit |= is_next(b, '*') || b->depth == MOST_DEPTH;
	if (is_next(b, '?')) {
		b->at++;
		b->unfit |= !is_next(b, ':');
		b->at++;
	}
	if (b->unfit)
		return inside;
	b->depth++;
	inside = read_alternatives(b);
	b->depth--;
	b->unfit |= !is_next(b, ')');
	b->at++;
	return inside;
}

static fragment read_atom(building *b)
{
	class read = { 0 };
	bool one;
	uint32_t c;

	b->unfit |= b->atoms++ == MOST_ATOMS;
	if (b->unfit)
		return (fragment){ 0 };
	switch (b->text.at[b->at]) {
	case '(':
		b->at++;
		return read_group(b);
	case '[':
		b->at++;
		read_set(b, &read);
		break;
	case '.': /* not a line end, as in regex.c */
		b->at++;
		read.inverted = true;
		put_range(b, &read, '\n', '\r' + 1);
		put_range(b, &read, 0x85, 0x86);
		put_range(b, &read, 0x2028, 0x202A);
		break;
	case '^':
	case '$':
	case '*':
	case '+':
	case '?':
	case '{':
		b->unfit = true;
		break;
	default:
		c = read_member(b, &read, &one);
		if (one)
			put_range(b, &read, c, c + 1);
		break;
	}
	return place_of(b, &read);
}

static uint32_t read_count(building *b)
{
	uint32_t count = 0;
	size_t from = b->at;

	for (; b->at < b->text.len && b->text.at[b->at] >= '0' && b->text.at[b->at] <= '9' && count <= MOST_COUNT;
	     b->at++)
		count = count * 10 + (uint32_t)(b->text.at[b->at] - '0');
	b->unfit |= b->at == from || count > MOST_COUNT;
	return count;
}

/* The count of the atom before it.  Greedy or lazy makes no difference when the whole text is matched. */
static void read_times(building *b, uint32_t *least, uint32_t *most)
{
	static const char signs[] = "*+?{";
	char sign = b->at < b->text.len ? b->text.at[b->at] : '\0';

	*least = sign == '*' || sign == '?' ? 0 : 1;
	*most = sign == '*' || sign == '+' ? ENDLESS : 1;
	if (!sign || !strchr(signs, sign))
		return;
	b->at++;
	if (sign == '{') {
		*least = *most = read_count(b);
		if (is_next(b, ',')) {
			b->at++;
			*most = is_next(b, '}') ? ENDLESS : read_count(b);
		}
		b->unfit |= !is_next(b, '}') || *most < *least;
		b->at++;
	}
	if (is_next(b, '?'))
		b->at++;
	b->unfit |= b->at < b->text.len && b->text.at[b->at] && strchr(signs, b->text.at[b->at]);
}

static fragment read_piece(building *b)
{
	size_t from = b->at, behind;
	fragment once = read_atom(b), all = { .empty = true };
	uint32_t least, most, copies;

	if (b->unfit)
		return all;
	read_times(b, &least, &most);
	behind = b->at;
	copies = most != ENDLESS ? most : least ? least : 1;
	for (uint32_t i = 0; i < copies && !b->unfit; i++) {
		if (i) {
			b->at = from;
			once = read_atom(b);
		}
		if (most == ENDLESS && i + 1 == copies)
			link(b, &once.last, &once.first);
		once.empty |= i >= least;
		all = join(b, &all, &once);
	}
	b->at = behind;
	return all;
}

static fragment read_sequence(building *b)
{
	fragment all = { .empty = true };

	/* The whole text is matched, so `^` and `$` around the pattern have no effect. */
	if (!b->depth && is_next(b, '^'))
		b->at++;
	while (b->at < b->text.len && !b->unfit && !is_next(b, '|') && !is_next(b, ')')) {
		if (!b->depth && is_next(b, '$') && (b->at + 1 == b->text.len || b->text.at[b->at + 1] == '|')) {
			b->at++;
			break;
		}
		fragment piece = read_piece(b);
		all = join(b, &all, &piece);
	}
	return all;
}

static fragment read_alternatives(building *b)
{
	fragment all = read_sequence(b);

	while (is_next(b, '|') && !b->unfit) {
		b->at++;
		fragment other = read_sequence(b);
		add(&all.first, &other.first);
		add(&all.last, &other.last);
		all.empty |= other.empty;
	}
	return all;
}

/* ---------------------------------------------------------------- symbols */

static uint8_t symbol_of(building *b, uint32_t c)
{
	uint64_t signature = 0;

	for (uint32_t i = 0; i < b->class_count; i++)
		signature |= (uint64_t)is_in(&b->classes[i], c) << i;
	for (uint32_t i = 1; i < b->symbol_count; i++)
		if (b->signatures[i] == signature)
			return (uint8_t)i;
	if (b->symbol_count == MOST_SYMBOLS) {
		b->unfit = true;
		return 0;
	}
	b->signatures[b->symbol_count] = signature;
	return (uint8_t)b->symbol_count++;
}

static void put_cut(building *b, expr_automaton *to, uint32_t c)
{
	uint32_t at = to->cut_count;

	while (at && to->cuts[at - 1] > c)
		at--;
	if ((at && to->cuts[at - 1] == c) || c == ALL_CHARACTERS)
		return;
	if (to->cut_count == MOST_CUTS) {
		b->unfit = true;
		return;
	}
	memmove(to->cuts + at + 1, to->cuts + at, (to->cut_count++ - at) * sizeof *to->cuts);
	to->cuts[at] = c;
}

static void find_symbols(building *b, expr_automaton *to)
{
	b->symbol_count = 1;
	for (uint32_t c = 0; c < 0x80; c++)
		to->symbols[c] = symbol_of(b, c);
	put_cut(b, to, 0x80);
	for (uint32_t i = 0; i < b->class_count; i++)
		for (uint32_t k = 0; k < b->classes[i].count; k++) {
			put_cut(b, to, b->classes[i].ranges[k][0]);
			put_cut(b, to, b->classes[i].ranges[k][1]);
		}
	for (uint32_t i = 0; i < to->cut_count; i++)
		to->cut_symbols[i] = symbol_of(b, to->cuts[i]);
	for (uint32_t symbol = 1; symbol < b->symbol_count; symbol++)
		for (uint32_t place = 1; place < b->place_count; place++)
			if (b->signatures[symbol] >> b->class_of[place] & 1)
				put_place(&b->on[symbol], place);
}

/* ---------------------------------------------------------------- states */

static uint32_t state_of(building *b, const places *set)
{
	for (uint32_t i = 0; i < b->state_count; i++)
		if (!memcmp(&b->states[i], set, sizeof *set))
			return i;
	if (b->state_count == MOST_STATES) {
		b->unfit = true;
		return 0;
	}
	b->states[b->state_count] = *set;
	return b->state_count++;
}

static void find_states(building *b, const fragment *whole)
{
	const places none = { 0 };

	while (1u << b->shift < b->symbol_count)
		b->shift++;
	state_of(b, &none);
	state_of(b, &(places){ { 1 } });
	for (uint32_t state = 1; state < b->state_count && !b->unfit; state++) {
		const places from = b->states[state];
		places to = { 0 };
		bool ends = state == 1 && whole->empty;

		for (uint32_t place = 0; place < b->place_count; place++)
			if (has(&from, place)) {
				add(&to, &b->follow[place]);
				ends |= has(&whole->last, place);
			}
		b->next[state << b->shift] = ends;
		for (uint32_t symbol = 1; symbol < b->symbol_count; symbol++) {
			places next = to;

			for (size_t i = 0; i < WORDS; i++)
				next.words[i] &= b->on[symbol].words[i];
			b->next[(state << b->shift) + symbol] = (uint16_t)(state_of(b, &next) << b->shift);
		}
	}
}

_Static_assert(MOST_STATES *MOST_SYMBOLS <= UINT16_MAX, "a state and a symbol fit one number");

/* ---------------------------------------------------------------- public */

expr_automaton *expr_automaton_new(cnv_str pattern)
{
	building *b = cnv_mem_get(sizeof *b);
	expr_automaton *made = NULL, found = { 0 };
	fragment whole;
	size_t count;

	if (!b)
		return NULL;
	b->text = pattern;
	b->place_count = 1;
	whole = read_alternatives(b);
	b->unfit |= b->at < b->text.len;
	b->follow[0] = whole.first;
	if (!b->unfit)
		find_symbols(b, &found);
	if (!b->unfit)
		find_states(b, &whole);
	count = (size_t)b->state_count << b->shift;
	if (!b->unfit)
		made = cnv_mem_get(sizeof *made + count * sizeof *made->next);
	if (made) {
		*made = found;
		made->start = 1u << b->shift;
		memcpy(made->next, b->next, count * sizeof *made->next);
	}
	cnv_mem_free(b);
	return made;
}

void expr_automaton_free(expr_automaton *automaton)
{
	cnv_mem_free(automaton);
}

static uint8_t symbol_beyond(const expr_automaton *automaton, uint32_t c)
{
	uint32_t at = automaton->cut_count - 1;

	while (automaton->cuts[at] > c)
		at--;
	return automaton->cut_symbols[at];
}

bool expr_automaton_match(const expr_automaton *automaton, cnv_str text)
{
	const char *at = text.at, *end = text.len ? at + text.len : at;
	uint32_t state = automaton->start;

	while (at < end) {
		unsigned char byte = (unsigned char)*at;

		if (byte < 0x80) {
			at++;
			state = automaton->next[state + automaton->symbols[byte]];
		} else {
			const char *next = at; /* so that `at` stays in a register */
			uint32_t c = cnv_utf8_next(&next, end);

			at = next;
			state = automaton->next[state + symbol_beyond(automaton, c)];
		}
	}
	return automaton->next[state];
}
