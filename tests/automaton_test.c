/* Automata against PCRE2: made-up patterns, from those that forms have to nonsense, over made-up texts.
 *
 * Patterns are drawn from a grammar and then spoilt a little, so that what the automaton must leave to PCRE2 comes as
 * well.  Texts are drawn from the characters of the pattern and from those that patterns treat in their own way. */
#include "expr/pattern.h"
#include "draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PATTERNS 30000u
#define TEXTS 24u

static uint64_t seed;

static const char *one_of(const char *const *words, size_t count)
{
	return words[draw(&seed, (uint32_t)count)];
}

#define ONE_OF(words) cnv_str_from(one_of(words, sizeof(words) / sizeof *(words)))

static void put_alternatives(cnv_text *out, uint32_t depth);

static void put_set(cnv_text *out)
{
	static const char *const members[] = { "a-c", "0-9", "b",   "-",   "\\d", "\\w", "\\s", "\\-",
					       "é",   "à-ÿ", "\\]", ".",   "^",   "x",   "_",   "\\.",
					       "\\D", "\\n", "日",  "а-я", "]",   "[",   "\\\\" };

	cnv_text_put(out, draw(&seed, 4) ? CNV_STR("[") : CNV_STR("[^"));
	for (uint32_t i = draw(&seed, 3) + 1; i; i--)
		cnv_text_put(out, ONE_OF(members));
	cnv_text_put_char(out, ']');
}

static void put_atom(cnv_text *out, uint32_t depth)
{
	static const char *const characters[] = { "a",   "b",   "c",   "0",   "-", " ",   "é",   "日",
						  "\\.", "\\d", "\\w", "\\s", ".", "\\D", "\\W", "\\S",
						  "\\n", "\\+", "\\/", "A",   "}", "]",   "\\(" };

	switch (draw(&seed, depth < 3 ? 6 : 4)) {
	case 0:
		put_set(out);
		break;
	case 4:
	case 5:
		cnv_text_put(out, draw(&seed, 2) ? CNV_STR("(") : CNV_STR("(?:"));
		put_alternatives(out, depth + 1);
		cnv_text_put_char(out, ')');
		break;
	default:
		cnv_text_put(out, ONE_OF(characters));
		break;
	}
}

static void put_alternatives(cnv_text *out, uint32_t depth)
{
	static const char *const times[] = {
		"*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "*?", "+?", "{0}", "{1,2}?"
	};

	for (uint32_t i = draw(&seed, depth ? 3 : 5); i; i--) {
		put_atom(out, depth);
		if (!draw(&seed, 2))
			cnv_text_put(out, ONE_OF(times));
	}
	if (!draw(&seed, 4)) {
		cnv_text_put_char(out, '|');
		put_alternatives(out, depth + 1);
	}
}

/* A pattern as it is, anchored, or with something put where it may not belong. */
static void put_pattern(cnv_text *out)
{
	static const char *const spoils[] = { "^",     "$",         "\\b",         "+",    "{,2}",    "{",     "\\1",
					      "(?=a)", "[:alpha:]", "[[:digit:]]", "(?i)", "\\Q",     "\\x41", "*",
					      "\\h",   "(?>a)",     "\\",          "-",    "[\\w-.]", "|" };

	cnv_text whole = { 0 };
	put_alternatives(&whole, 0);
	cnv_str text = cnv_text_str(&whole);
	switch (draw(&seed, 6)) {
	case 0:
		cnv_text_put_char(out, '^');
		cnv_text_put(out, text);
		cnv_text_put_char(out, '$');
		break;
	case 1: {
		size_t at = draw(&seed, (uint32_t)text.len + 1);
		while (at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80)
			at++;
		cnv_text_put(out, cnv_str_slice(text, 0, at));
		cnv_text_put(out, ONE_OF(spoils));
		cnv_text_put(out, cnv_str_slice(text, at, text.len));
		break;
	}
	default:
		cnv_text_put(out, text);
		break;
	}
	cnv_text_fini(&whole);
}

static void put_text(cnv_text *out)
{
	static const char *const pieces[] = { "a",    "b",        "c",
					      "0",    "1",        "-",
					      " ",    "é",        "ÿ",
					      "日",   "я",        "ё",
					      "\n",   "\r",       "\r\n",
					      ".",    "_",        "A",
					      "x",    "+",        "]",
					      "\\",   "^",        "(",
					      "\t",   "\xC2\x85", "\xE2\x80\xA8",
					      "}",    "/",        "\xF0\x9F\x98\x80",
					      "\x7F", "[" };

	for (uint32_t i = draw(&seed, 7); i; i--)
		cnv_text_put(out, ONE_OF(pieces));
}

static uint32_t compare(const expr_automaton *automaton, const expr_pattern *pattern, cnv_str written)
{
	uint32_t matched = 0;

	for (uint32_t i = 0; i < TEXTS; i++) {
		cnv_text text = { 0 };
		if (i)
			put_text(&text);
		expr_match expected = expr_pattern_match(pattern, cnv_text_str(&text));
		bool found = expr_automaton_match(automaton, cnv_text_str(&text));
		if (expected != MATCH_UNSURE && found != (expected == MATCH_YES))
			fail_msg("\"%.*s\" %s \"%.*s\"", CNV_ARG(written), found ? "should not match" : "should match",
				 CNV_ARG(cnv_text_str(&text)));
		matched += found;
		cnv_text_fini(&text);
	}
	return matched;
}

static void automata_and_pcre2_agree(void **state)
{
	uint32_t automata = 0, matched = 0, valid = 0;

	(void)state;
	seed = 7;
	for (uint32_t i = 0; i < PATTERNS; i++) {
		expr_pattern *pattern = NULL;
		cnv_text written = { 0 };
		char message[160];
		size_t offset;
		put_pattern(&written);
		cnv_str text = cnv_text_str(&written);
		if (!expr_pattern_new(&pattern, text, (expr_pattern_options){ .computed = true }, &offset, message)) {
			expr_automaton *automaton = expr_automaton_new(text);
			valid++;
			automata += automaton != NULL;
			if (automaton)
				matched += compare(automaton, pattern, text);
			expr_automaton_free(automaton);
		}
		expr_pattern_free(pattern);
		cnv_text_fini(&written);
	}
	/* Nearly every sound pattern is compared, over texts of which some match. */
	assert_true(automata > valid / 10 * 8);
	assert_true(automata < valid);
	assert_true(matched > automata);
}

static const struct kind {
	const char *pattern;
	bool automaton;
} kinds[] = {
	{ "", true },
	{ "[A-Z]{3}-[0-9]{8}", true },
	{ "^IMO [0-9]{7}$", true },
	{ "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}", true },
	{ "\\+[1-9][0-9]{6,14}", true },
	{ "(yes|no)?", true },
	{ ".{0,255}", true },
	{ "[^\\s,;]*", true },
	{ "[A-Za-zÀ-ÿ' -]+", true },
	{ ".{0,1000}", false },       /* too many places */
	{ "(a|b)*a(a|b){9}", false }, /* too many states */
	{ "((((){9}){9}){9}){9}", false },
	{ "(.)\\1", false },
	{ "(?=.*\\d).{8,}", false },
	{ "\\bword\\b", false },
	{ "a++b", false },
	{ "\\p{L}+", false },
	{ "(?i)abc", false },
	{ "[[:alpha:]]+", false },
	{ "a{,3}", false },
};

static void what_becomes_an_automaton(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		expr_automaton *automaton = expr_automaton_new(cnv_str_from(kinds[i].pattern));
		if ((automaton != NULL) != kinds[i].automaton)
			fail_msg("\"%s\"", kinds[i].pattern);
		expr_automaton_free(automaton);
	}
	expr_automaton_free(NULL);
}

static void groups_have_a_depth(void **state)
{
	(void)state;
	for (uint32_t depth = 1; depth < 200; depth++) {
		cnv_text text = { 0 };
		for (uint32_t i = 0; i < depth; i++)
			cnv_text_put_char(&text, '(');
		cnv_text_put_char(&text, 'a');
		for (uint32_t i = 0; i < depth; i++)
			cnv_text_put_char(&text, ')');
		expr_automaton *automaton = expr_automaton_new(cnv_text_str(&text));
		assert_int_equal(automaton != NULL, depth <= 32);
		expr_automaton_free(automaton);
		cnv_text_fini(&text);
	}
}

static void lack_of_memory_leaves_it_to_pcre2(void **state)
{
	(void)state;
	for (size_t count = 0; count < 2; count++) {
		cnv_mem_fail_after(count);
		assert_null(expr_automaton_new(CNV_STR("a+")));
		cnv_mem_fail_after(SIZE_MAX);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(automata_and_pcre2_agree),
		cmocka_unit_test(what_becomes_an_automaton),
		cmocka_unit_test(groups_have_a_depth),
		cmocka_unit_test(lack_of_memory_leaves_it_to_pcre2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
