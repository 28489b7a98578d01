/* Text: UTF-8 at its edges, searching, what labels are compared by, "did you mean", and telling diagnostics. */
#include "canvass/base.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "growth.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define BYTES(text)                                                                                                    \
	{                                                                                                              \
		text, sizeof(text) - 1                                                                                 \
	}

struct utf8_case {
	const char *name;
	cnv_str bytes;
	size_t good; /* bytes before the first bad one; all of them when SIZE_MAX */
};

static const struct utf8_case malformed[] = {
	{ "nothing is valid", BYTES(""), SIZE_MAX },
	{ "ASCII with NUL is valid", BYTES("a\0b and more than eight"), SIZE_MAX },
	{ "the first and last of two bytes", BYTES("\xC2\x80\xDF\xBF"), SIZE_MAX },
	{ "the first and last of three bytes", BYTES("\xE0\xA0\x80\xEF\xBF\xBF"), SIZE_MAX },
	{ "the neighbours of the surrogates", BYTES("\xED\x9F\xBF\xEE\x80\x80"), SIZE_MAX },
	{ "the first and last of four bytes", BYTES("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), SIZE_MAX },
	{ "a lone continuation", BYTES("ab\x80"), 2 },
	{ "an overlong slash of two bytes", BYTES("a\xC0\xAF"), 1 },
	{ "an overlong DEL", BYTES("\xC1\xBF"), 0 },
	{ "an overlong slash of three bytes", BYTES("\xE0\x80\xAF"), 0 },
	{ "an overlong U+07FF", BYTES("\xE0\x9F\xBF"), 0 },
	{ "an overlong U+FFFF", BYTES("\xF0\x8F\xBF\xBF"), 0 },
	{ "the first surrogate", BYTES("x\xED\xA0\x80"), 1 },
	{ "the last surrogate", BYTES("x\xED\xBF\xBF"), 1 },
	{ "U+110000", BYTES("\xF4\x90\x80\x80"), 0 },
	{ "a lead byte of F5", BYTES("\xF5\x80\x80\x80"), 0 },
	{ "FE and FF", BYTES("abc\xFE\xFF"), 3 },
	{ "five bytes", BYTES("\xF8\x88\x80\x80\x80"), 0 },
	{ "two bytes cut short", BYTES("12345678\xC3"), 8 },
	{ "three bytes cut short", BYTES("12345678\xE2\x82"), 8 },
	{ "four bytes cut short", BYTES("12345678\xF0\x9F\x98"), 8 },
	{ "a second byte that is none", BYTES("\xE2\x28\xA1"), 0 },
	{ "a third byte that is none", BYTES("\xE2\x82\x28"), 0 },
	{ "a fourth byte that is none", BYTES("\xF0\x9F\x98\x28"), 0 },
	{ "Latin-1 in the ninth byte", BYTES("12345678\xE9 and on and on"), 8 },
	{ "Latin-1 in the eighth byte", BYTES("1234567\xE9 and on and on"), 7 },
};

struct fold_case {
	const char *name;
	const char *text;
	const char *folded;
};

static const struct fold_case folds[] = {
	{ "ASCII is made small", "Hello World", "hello world" },
	{ "ends are trimmed and runs made one", " \t a \r\n\n b  ", "a b" },
	{ "blanks alone are nothing", " \t\n", "" },
	{ "no-break and wide spaces are spaces", "\u00A0a\u00A0\u2003b\u3000", "a b" },
	{ "line separators are spaces",
	  "a\u2028\xC2\x85"
	  "b",
	  "a b" },
	{ "curly quotes are made straight", "\u201CDon\u2019t\u201D \u2018x\u2019", "\"don't\" 'x'" },
	{ "dashes are hyphens", "a\u2010b\u2011c\u2012d\u2013e\u2014f\u2015g\u2212h-i", "a-b-c-d-e-f-g-h-i" },
	{ "fullwidth letters are narrow", "\uFF21\uFF22\uFF23\uFF11", "abc1" },
	{ "accents are composed", "Cafe\u0301", "caf\u00E9" },
	{ "composed accents stay", "CAF\u00C9", "caf\u00E9" },
	{ "sharp s is two", "STRASSE stra\u00DFe", "strasse strasse" },
	{ "final sigma is sigma", "\u03A3\u03C2", "\u03C3\u03C3" },
	{ "ligatures come apart", "\uFB01n", "fin" },
	{ "soft hyphens and joiners vanish", "co\u00ADop\u200D", "coop" },
	{ "a byte order mark vanishes", "\uFEFFyes", "yes" },
	{ "I is i, whatever Turkish says", "TITLE", "title" },
	{ "Chinese stays", "\u4E2D\u6587", "\u4E2D\u6587" },
	{ "emoji stay", "\U0001F600", "\U0001F600" },
	{ "bytes that are not UTF-8 stay", "A\xFF", "A\xFF" },
};

struct width_case {
	const char *name;
	const char *text;
	size_t width;
};

static const struct width_case widths[] = {
	{ "ASCII is one each", "abc", 3 },
	{ "control characters take nothing", "a\x1B\x07\x7F", 1 },
	{ "C1 controls take nothing", "a\xC2\x85\xC2\x9B", 1 },
	{ "accents take one", "\u00E9", 1 },
	{ "combining marks take nothing", "e\u0301", 1 },
	{ "wide characters take two", "\u4E2D\u6587", 4 },
	{ "fullwidth letters take two", "\uFF21", 2 },
	{ "emoji take two", "\U0001F600", 2 },
	{ "zero width space takes nothing", "a\u200Bb", 2 },
};

struct wrap_case {
	const char *name;
	const char *text;
	size_t room;
	const char *lines; /* each ends with | */
};

static const struct wrap_case wraps[] = {
	{ "a line ends at a blank", "the quick brown fox", 10, "the quick|brown fox|" },
	{ "a line that just fits stays whole", "brown fox", 9, "brown fox|" },
	{ "blanks at a break are in no line", "  one   two\n three ", 5, "one|two|three|" },
	{ "a word that is too wide is cut", "to antidisestablishment", 10, "to|antidisest|ablishment|" },
	{ "wide characters are two columns, and break anywhere", "\u8239\u54E1\u306E\u8EAB\u5206", 6,
	  "\u8239\u54E1\u306E|\u8EAB\u5206|" },
	{ "no line begins with an ideographic full stop", "\u8239\u54E1\u306E\u3002\u5206", 6,
	  "\u8239\u54E1|\u306E\u3002\u5206|" },
	{ "no line ends with an opening bracket", "\u8239\u54E1\u300C\u8EAB\u5206\u300D", 6,
	  "\u8239\u54E1|\u300C\u8EAB|\u5206\u300D|" },
	{ "a word next to ideographs is not cut", "\u8239port\u54E1", 6, "\u8239port|\u54E1|" },
	{ "a combining mark stays with its letter", "e\u0301e\u0301e\u0301e\u0301", 2,
	  "e\u0301e\u0301|e\u0301e\u0301|" },
	{ "Arabic breaks at blanks", "\u0645\u064A\u0646\u0627\u0621 \u0628\u062D\u0631", 6,
	  "\u0645\u064A\u0646\u0627\u0621|\u0628\u062D\u0631|" },
	{ "a character wider than the room has a line of its own", "\u4E2D\u6587", 1, "\u4E2D|\u6587|" },
	{ "a room of nothing ends as well", "ab c", 0, "a|b|c|" },
	{ "blanks alone are no line", " \t\n", 5, "" },
};

struct nearest_case {
	const char *name;
	const char *wanted;
	const char *offered; /* split at blanks */
	const char *best;    /* empty: none */
};

static const struct nearest_case nearests[] = {
	{ "a letter too many", "iff", "or if and", "if" },
	{ "a letter missing", "selectd", "selected select-at", "selected" },
	{ "a wrong letter", "rount", "count round", "count" },
	{ "neighbours swapped count once", "cuont", "coalesce count", "count" },
	{ "a swap beats two changes", "abdc", "abxy abcd", "abcd" },
	{ "case alone is nearest", "Age", "ages age", "age" },
	{ "a tie keeps the first", "cat", "bat hat", "bat" },
	{ "the nearer wins, though later", "constraint_mesage", "constraint_mess constraint_message",
	  "constraint_message" },
	{ "a third of the length is near", "abcdefghi", "abcdefxyz", "abcdefxyz" },
	{ "more than a third is not", "abcdefgh", "abcdexyz", "" },
	{ "one letter is never another", "x", "y", "" },
	{ "one letter may be missing", "x", "x1", "x1" },
	{ "nothing is near nothing", "", "a", "" },
	{ "accents count as one", "\u00E9t\u00E9", "ete \u00E9t\u00E8", "\u00E9t\u00E8" },
	{ "nothing offered", "abc", "", "" },
	{ "names past sixty-four characters are left out",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" },
};

static void utf8_case(void **state)
{
	const struct utf8_case *row = *state;
	size_t good = row->good == SIZE_MAX ? row->bytes.len : row->good;

	assert_int_equal(cnv_utf8_check(row->bytes), good);
	/* Decoding ends whatever the bytes are, and never runs past them. */
	const char *at = row->bytes.at, *end = at + row->bytes.len;
	while (at < end)
		cnv_utf8_next(&at, end);
	assert_ptr_equal(at, end);
}

static void fold_case(void **state)
{
	const struct fold_case *row = *state;
	cnv_arena arena = { 0 };
	cnv_str folded = cnv_text_fold(&arena, cnv_str_from(row->text));

	if (!cnv_str_equal(folded, cnv_str_from(row->folded)))
		fail_msg("\"%.*s\" is not \"%s\"", CNV_ARG(folded), row->folded);
	assert_true(cnv_str_equal(cnv_text_fold(&arena, folded), folded));
	assert_false(arena.failed);
	cnv_arena_fini(&arena);
}

static void width_case(void **state)
{
	const struct width_case *row = *state;

	assert_int_equal(cnv_text_width(cnv_str_from(row->text)), row->width);
}

static void wrap_case(void **state)
{
	const struct wrap_case *row = *state;
	cnv_str rest = cnv_str_from(row->text), line;
	cnv_text lines = { 0 };

	while (cnv_wrap_next(&rest, row->room, &line)) {
		cnv_text_put(&lines, line);
		cnv_text_put_char(&lines, '|');
	}
	assert_int_equal(rest.len, 0);
	if (!cnv_str_equal(cnv_text_str(&lines), cnv_str_from(row->lines)))
		fail_msg("\"%.*s\" is not \"%s\"", CNV_ARG(cnv_text_str(&lines)), row->lines);
	cnv_text_fini(&lines);
}

static void nearest_case(void **state)
{
	const struct nearest_case *row = *state;
	cnv_str rest = cnv_str_from(row->offered), word;
	cnv_nearest nearest;

	cnv_nearest_init(&nearest, cnv_str_from(row->wanted));
	while (cnv_str_word(&rest, &word))
		cnv_nearest_offer(&nearest, word);
	if (!cnv_str_equal(nearest.best, cnv_str_from(row->best)))
		fail_msg("\"%.*s\" is not \"%s\"", CNV_ARG(nearest.best), row->best);
}

/* ---------------------------------------------------------------- UTF-8 */

static void every_code_point_is_written_and_read_back(void **state)
{
	char bytes[4];

	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		if (c == 0xD800)
			c = 0xE000;
		size_t len = cnv_utf8_put(bytes, c);
		const char *at = bytes;
		if (cnv_utf8_check((cnv_str){ bytes, len }) != len || cnv_utf8_next(&at, bytes + len) != c ||
		    at != bytes + len)
			fail_msg("U+%04X", (unsigned)c);
	}
	assert_int_equal(cnv_utf8_put(bytes, 0xD800), 3);
	assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
	assert_int_equal(cnv_utf8_put(bytes, 0x110000), 3);
	assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
}

static void what_is_beyond_ascii_is_found_wherever_it_begins(void **state)
{
	char text[70];

	(void)state;
	memset(text, 'a', sizeof text);
	for (size_t at = 0; at < sizeof text; at++) {
		text[at] = '\x80';
		for (size_t from = 0; from <= sizeof text; from++)
			assert_int_equal(cnv_str_beyond_ascii((cnv_str){ text, sizeof text }, from),
					 from <= at ? at : sizeof text);
		text[at] = 'a';
	}
	assert_int_equal(cnv_str_beyond_ascii((cnv_str){ 0 }, 0), 0);
}

static void characters_are_counted_three_ways(void **state)
{
	cnv_str s = CNV_STR("a\u00E9\u4E2D\U0001F600");

	(void)state;
	assert_int_equal(s.len, 10);
	assert_int_equal(cnv_utf8_count(s), 4);
	assert_int_equal(cnv_utf16_length(s), 5);
	assert_int_equal(cnv_utf8_count((cnv_str){ 0 }), 0);
	assert_int_equal(cnv_utf16_length((cnv_str){ 0 }), 0);
	assert_int_equal(cnv_utf8_check((cnv_str){ 0 }), 0);
	assert_int_equal(cnv_text_width((cnv_str){ 0 }), 0);
}

/* ---------------------------------------------------------------- pieces of text */

static void texts_compare_bytewise_and_a_prefix_comes_first(void **state)
{
	(void)state;
	assert_true(cnv_str_compare(CNV_STR("a"), CNV_STR("b")) < 0);
	assert_true(cnv_str_compare(CNV_STR("a\xFF"), CNV_STR("a\x01")) > 0);
	assert_true(cnv_str_compare(CNV_STR("ab"), CNV_STR("abc")) < 0);
	assert_int_equal(cnv_str_compare(CNV_STR("a\0b"), CNV_STR("a\0b")), 0);
	assert_int_equal(cnv_str_compare((cnv_str){ 0 }, CNV_STR("")), 0);
	assert_true(cnv_str_equal((cnv_str){ 0 }, CNV_STR("")));
	assert_false(cnv_str_equal(CNV_STR("a\0b"), CNV_STR("a\0c")));
	assert_true(cnv_str_starts(CNV_STR("abc"), CNV_STR("ab")) && cnv_str_starts(CNV_STR("abc"), (cnv_str){ 0 }));
	assert_false(cnv_str_starts(CNV_STR("ab"), CNV_STR("abc")) || cnv_str_ends(CNV_STR("bc"), CNV_STR("abc")));
	assert_true(cnv_str_ends(CNV_STR("abc"), CNV_STR("bc")) && cnv_str_ends((cnv_str){ 0 }, CNV_STR("")));
	assert_int_equal(cnv_str_from(NULL).len, 0);
	assert_int_equal(cnv_str_width_arg((cnv_str){ "", SIZE_MAX }), 2147483647);
}

static void white_space_is_trimmed(void **state)
{
	(void)state;
	assert_true(cnv_str_equal(cnv_str_trim(CNV_STR(" \t\r\n\v\fa b \n")), CNV_STR("a b")));
	assert_true(cnv_str_equal(cnv_str_trim(CNV_STR("\u00A0a")), CNV_STR("\u00A0a")));
	assert_int_equal(cnv_str_trim(CNV_STR("  ")).len, 0);
	assert_true(cnv_str_equal(cnv_str_trim_unicode(CNV_STR("\u00A0 \u3000a\u2003b\u2028\u00A0\t")),
				  CNV_STR("a\u2003b")));
	assert_true(cnv_str_equal(cnv_str_trim_unicode(CNV_STR("\u00E9\u00A0")), CNV_STR("\u00E9")));
	assert_int_equal(cnv_str_trim_unicode(CNV_STR("\u00A0\u1680\u202F")).len, 0);
	assert_true(cnv_str_equal(cnv_str_trim_unicode(CNV_STR("\x80\x80\xA0")), CNV_STR("\x80\x80\xA0")));
	assert_int_equal(cnv_str_trim_unicode((cnv_str){ 0 }).len, 0);
}

static void slices_are_clamped(void **state)
{
	(void)state;
	assert_true(cnv_str_equal(cnv_str_slice(CNV_STR("abcd"), 1, 3), CNV_STR("bc")));
	assert_true(cnv_str_equal(cnv_str_slice(CNV_STR("abcd"), 2, SIZE_MAX), CNV_STR("cd")));
	assert_int_equal(cnv_str_slice(CNV_STR("abcd"), 9, 12).len, 0);
	assert_int_equal(cnv_str_slice(CNV_STR("abcd"), 3, 2).len, 0);
}

static void words_are_known_in_any_letters(void **state)
{
	(void)state;
	assert_true(cnv_str_is_word(CNV_STR("Group:"), "group:"));
	assert_true(cnv_str_is_word((cnv_str){ 0 }, ""));
	assert_false(cnv_str_is_word(CNV_STR("grou"), "group"));
	assert_false(cnv_str_is_word(CNV_STR("groups"), "group"));
	assert_false(cnv_str_is_word(CNV_STR("gr\0up"), "gr"));
	assert_false(cnv_str_is_word(CNV_STR("\xC3\x84"), "\xC3\xA4")); /* beyond ASCII letters are as they are */
}

static void pieces_end_at_separators(void **state)
{
	cnv_str rest = CNV_STR("a,,b,"), piece;

	(void)state;
	assert_true(cnv_str_split(&rest, ',', &piece) && cnv_str_equal(piece, CNV_STR("a")));
	assert_true(cnv_str_split(&rest, ',', &piece) && piece.len == 0);
	assert_true(cnv_str_split(&rest, ',', &piece) && cnv_str_equal(piece, CNV_STR("b")));
	assert_false(cnv_str_split(&rest, ',', &piece));
	rest = CNV_STR("alone");
	assert_true(cnv_str_split(&rest, ',', &piece) && cnv_str_equal(piece, CNV_STR("alone")));
	assert_false(cnv_str_split(&rest, ',', &piece));
}

static void words_are_parted_by_blanks(void **state)
{
	cnv_str rest = CNV_STR("  one\ttwo \n"), word;

	(void)state;
	assert_true(cnv_str_word(&rest, &word) && cnv_str_equal(word, CNV_STR("one")));
	assert_true(cnv_str_word(&rest, &word) && cnv_str_equal(word, CNV_STR("two")));
	assert_false(cnv_str_word(&rest, &word));
	assert_false(cnv_str_word(&rest, &word));
}

static size_t find_plainly(cnv_str s, cnv_str needle)
{
	for (size_t at = 0; at + needle.len <= s.len; at++)
		if (cnv_str_starts(cnv_str_slice(s, at, s.len), needle))
			return at;
	return SIZE_MAX;
}

/* Texts over two letters repeat themselves in every way, which is what the two-way search lives on. */
static void needles_are_found_where_they_first_stand(void **state)
{
	uint32_t random = 12345;
	char hay[200], needle[80];

	(void)state;
	assert_int_equal(cnv_str_find(CNV_STR("abc"), CNV_STR("")), 0);
	assert_int_equal(cnv_str_find((cnv_str){ 0 }, (cnv_str){ 0 }), 0);
	assert_true(cnv_str_find((cnv_str){ 0 }, CNV_STR("a")) == SIZE_MAX);
	assert_int_equal(cnv_str_find(CNV_STR("aab"), CNV_STR("ab")), 1);
	assert_true(cnv_str_find(CNV_STR("aab"), CNV_STR("abb")) == SIZE_MAX);
	for (uint32_t round = 0; round < 30000; round++) {
		uint32_t letters = 1 + round % 3;
		for (size_t i = 0; i < sizeof hay; i++) {
			random = random * 1103515245 + 12345;
			hay[i] = (char)('a' + ((random >> 16) % 16 < letters * 2));
		}
		cnv_str whole = { hay, sizeof hay };
		size_t len = 1 + (random >> 8) % sizeof needle, from = (random >> 16) % (sizeof hay - len);
		memcpy(needle, hay + from, len);
		if (round % 2)
			needle[(random >> 4) % len] ^= 3;
		cnv_str part = { needle, len };
		if (cnv_str_find(whole, part) != find_plainly(whole, part))
			fail_msg("\"%.*s\" in \"%.*s\"", CNV_ARG(part), CNV_ARG(whole));
	}
}

enum { HAY = 1 << 20 };

/* The plain search would compare `size` squared / 8 bytes. */
static void search_in_vain(size_t size)
{
	static char hay[HAY], needle[HAY / 2];
	size_t len = size / 2;

	memset(hay, 'a', size);
	memset(needle, 'a', len);
	needle[0] = 'b';
	assert_true(cnv_str_find((cnv_str){ hay, size }, (cnv_str){ needle, len }) == SIZE_MAX);
	needle[0] = 'a';
	needle[len / 2] = 'b';
	assert_true(cnv_str_find((cnv_str){ hay, size }, (cnv_str){ needle, len }) == SIZE_MAX);
}

static void a_search_made_to_be_slow_is_not(void **state)
{
	(void)state;
	assert_true(grows_evenly(search_in_vain, HAY));
}

static void labels_of_any_length_are_folded(void **state)
{
	static char text[6000];
	cnv_arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof text; i += 2)
		memcpy(text + i, "\u00C9", 2);
	for (size_t len = 500; len <= sizeof text; len += 2) {
		cnv_str folded = cnv_text_fold(&arena, (cnv_str){ text, len });
		assert_int_equal(folded.len, len);
		assert_memory_equal(folded.at + len - 2, "\u00E9", 2);
		cnv_arena_reset(&arena);
		len += len / 4 & ~(size_t)1;
	}
	cnv_mem_fail_after(0);
	assert_int_equal(cnv_text_fold(&arena, (cnv_str){ text, sizeof text }).len, 0);
	cnv_mem_fail_after(SIZE_MAX);
	assert_true(arena.failed);
	cnv_arena_fini(&arena);
}

/* ---------------------------------------------------------------- diagnostics */

static void codes_rise_and_say_what_they_mean(void **state)
{
	const cnv_code_info *info;
	uint32_t before = 0;
	char name[8];

	(void)state;
	for (size_t at = 0; (info = cnv_code_at(at)) != NULL; at++) {
		if (info->code <= before || info->code > 9999 || cnv_code_find(info->code) != info)
			fail_msg("code %u does not follow %u", (unsigned)info->code, (unsigned)before);
		before = info->code;
		cnv_code_name(info->code, name);
		assert_int_equal(strlen(name), 5);
		if (!info->title[0] || info->text[strlen(info->text) - 1] != '.')
			fail_msg("%s: the text does not end as a sentence", name);
	}
	assert_null(cnv_code_find(0));
	assert_null(cnv_code_find(UINT16_MAX));
	cnv_code_name(CNV_UNKNOWN_FUNCTION, name);
	assert_string_equal(name, "E0107");
}

struct heard {
	size_t times;
	cnv_diag last;
	char message[2000];
};

static void hear(void *self, const cnv_diag *diag)
{
	struct heard *heard = self;

	heard->times++;
	heard->last = *diag;
	snprintf(heard->message, sizeof heard->message, "%.*s", CNV_ARG(diag->message));
}

static void a_diagnostic_is_counted_and_passed_on(void **state)
{
	struct heard heard = { 0 };
	cnv_diags diags = { .emit = hear, .self = &heard };
	cnv_place place = { .source = CNV_STR("form.csv"), .row = 14, .column = 6, .from = 0, .upto = 3 };

	(void)state;
	cnv_diags_emit(&diags,
		       CNV_DIAG(.code = CNV_UNKNOWN_FUNCTION, .place = place, .field = CNV_STR("age"),
				.excerpt = CNV_STR("iff(1)"), .hint = CNV_STR("did you mean \"if\"?")),
		       "unknown function \"%s\"", "iff");
	assert_int_equal(heard.times, 1);
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.warnings + diags.notes, 0);
	assert_string_equal(heard.message, "unknown function \"iff\"");
	assert_int_equal(heard.last.severity, CNV_ERROR);
	assert_int_equal(heard.last.code, 107);
	assert_int_equal(heard.last.place.row, 14);
	assert_true(cnv_str_equal(heard.last.field, CNV_STR("age")));

	/* Without a hint of its own, a diagnostic has the one of its code. */
	cnv_diags_emit(&diags, CNV_DIAG(.code = CNV_CSV_EMPTY), "the file is empty");
	assert_true(cnv_str_equal(heard.last.hint, cnv_str_from(cnv_code_find(CNV_CSV_EMPTY)->hint)));
	assert_true(heard.last.hint.len > 0);
	heard.times--;

	cnv_diag note = { .severity = CNV_NOTE }, warning = { .severity = CNV_WARNING };
	diags.emit = NULL;
	cnv_diags_forward(&diags, &note);
	cnv_diags_forward(&diags, &warning);
	cnv_diags_forward(NULL, &warning);
	assert_int_equal(diags.notes, 1);
	assert_int_equal(diags.warnings, 1);
	assert_int_equal(heard.times, 1);
}

static void a_long_message_is_whole_and_without_memory_cut_between_characters(void **state)
{
	struct heard heard = { 0 };
	cnv_diags diags = { .emit = hear, .self = &heard };
	char words[1201];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof words; i += 2)
		memcpy(words + i, "\u00E9", 2);
	words[sizeof words - 1] = '\0';
	cnv_diags_emit(&diags, CNV_DIAG(.code = CNV_CANNOT_READ), "%s", words);
	assert_string_equal(heard.message, words);
	cnv_mem_fail_after(0);
	cnv_diags_emit(&diags, CNV_DIAG(.code = CNV_CANNOT_READ), "%s", words);
	cnv_mem_fail_after(SIZE_MAX);
	assert_int_equal(strlen(heard.message), 510);
	assert_int_equal(diags.errors, 2);
}

static void a_text_in_json_is_read_back(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "say \"no\"\\", "\"say \\\"no\\\"\\\\\"" },
		{ "a\nb\tc\x01", "\"a\\nb\\u0009c\\u0001\"" },
		{ "\xe2\x80\xae!", "\"\\u202e!\"" },          /* turns the text around */
		{ "\xf3\xa0\x80\x81", "\"\\udb40\\udc01\"" }, /* beyond 16 bits */
		{ "\xc3\xa9\xc3", "\"\xc3\xa9\\ufffd\"" },    /* a character cut short */
		{ "\xff\xfe", "\"\\ufffd\\ufffd\"" },
	};
	cnv_text out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cnv_text_reset(&out);
		cnv_json_put(&out, cnv_str_from(cases[i].text));
		cnv_text_put_char(&out, 0);
		assert_string_equal(out.at, cases[i].json);
	}
	cnv_text_fini(&out);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(every_code_point_is_written_and_read_back),
		cmocka_unit_test(what_is_beyond_ascii_is_found_wherever_it_begins),
		cmocka_unit_test(characters_are_counted_three_ways),
		cmocka_unit_test(texts_compare_bytewise_and_a_prefix_comes_first),
		cmocka_unit_test(white_space_is_trimmed),
		cmocka_unit_test(slices_are_clamped),
		cmocka_unit_test(words_are_known_in_any_letters),
		cmocka_unit_test(pieces_end_at_separators),
		cmocka_unit_test(words_are_parted_by_blanks),
		cmocka_unit_test(needles_are_found_where_they_first_stand),
		cmocka_unit_test(a_search_made_to_be_slow_is_not),
		cmocka_unit_test(labels_of_any_length_are_folded),
		cmocka_unit_test(codes_rise_and_say_what_they_mean),
		cmocka_unit_test(a_text_in_json_is_read_back),
		cmocka_unit_test(a_diagnostic_is_counted_and_passed_on),
		cmocka_unit_test(a_long_message_is_whole_and_without_memory_cut_between_characters),
	};
	struct CMUnitTest
		tests[COUNT(malformed) + COUNT(folds) + COUNT(widths) + COUNT(wraps) + COUNT(nearests) + COUNT(others)];
	size_t count = 0;

	for (size_t at = 0; at < COUNT(malformed); at++)
		tests[count++] =
			(struct CMUnitTest){ malformed[at].name, utf8_case, NULL, NULL, (void *)&malformed[at] };
	for (size_t at = 0; at < COUNT(folds); at++)
		tests[count++] = (struct CMUnitTest){ folds[at].name, fold_case, NULL, NULL, (void *)&folds[at] };
	for (size_t at = 0; at < COUNT(wraps); at++)
		tests[count++] = (struct CMUnitTest){ wraps[at].name, wrap_case, NULL, NULL, (void *)&wraps[at] };
	for (size_t at = 0; at < COUNT(widths); at++)
		tests[count++] = (struct CMUnitTest){ widths[at].name, width_case, NULL, NULL, (void *)&widths[at] };
	for (size_t at = 0; at < COUNT(nearests); at++)
		tests[count++] =
			(struct CMUnitTest){ nearests[at].name, nearest_case, NULL, NULL, (void *)&nearests[at] };
	for (size_t at = 0; at < COUNT(others); at++)
		tests[count++] = others[at];
	return _cmocka_run_group_tests("base: text", tests, count, NULL, NULL);
}
