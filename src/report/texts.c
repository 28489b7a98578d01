/* Texts that several sheets use: shortened texts, plurals, counts with their noun, and widths. */
#include "report/texts.h"

#include "report/sayings.h"

cnv_str cnv_text_cut(cnv_str text, size_t most, cnv_arena *arena)
{
	const char *at = text.at, *end = text.at + text.len;
	size_t upto, blank;

	if (text.len <= most)
		return text;
	for (size_t count = 1; count < most && at < end; count++)
		cnv_utf8_next(&at, end);
	upto = (size_t)(at - text.at);
	if (at < end)
		cnv_utf8_next(&at, end);
	if (at == end)
		return text;
	for (blank = upto; blank > 0 && upto - blank < 20 && text.at[blank] != ' '; blank--)
		;
	if (blank > 0 && text.at[blank] == ' ')
		upto = blank;
	return cnv_arena_format(arena, "%.*s…", CNV_ARG(cnv_str_slice(text, 0, upto)));
}

static bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

cnv_str cnv_plural(cnv_arena *arena, cnv_str one)
{
	static const cnv_str hissing[] = { { "s", 1 }, { "x", 1 }, { "z", 1 }, { "ch", 2 }, { "sh", 2 } };

	if (one.len >= 2 && one.at[one.len - 1] == 'y' && !is_vowel(one.at[one.len - 2]))
		return cnv_arena_format(arena, "%.*sies", CNV_ARG(cnv_str_slice(one, 0, one.len - 1)));
	for (size_t i = 0; i < sizeof hissing / sizeof hissing[0]; i++)
		if (cnv_str_ends(one, hissing[i]))
			return cnv_arena_format(arena, "%.*ses", CNV_ARG(one));
	return cnv_arena_format(arena, "%.*ss", CNV_ARG(one));
}

cnv_str cnv_count_text(cnv_arena *arena, uint64_t count)
{
	char digits[32];
	size_t at = sizeof digits, written = 0;

	do {
		if (written && written % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + count % 10);
		count /= 10;
		written++;
	} while (count);
	return cnv_arena_copy(arena, (cnv_str){ digits + at, sizeof digits - at });
}

cnv_str cnv_count_words(cnv_arena *arena, uint64_t count, cnv_str one, cnv_str many)
{
	return cnv_arena_format(arena, "%.*s %.*s", CNV_ARG(cnv_count_text(arena, count)),
				CNV_ARG(count == 1 ? one : many));
}

cnv_str cnv_count_people(const cnv_desk *desk, cnv_arena *arena, uint64_t count)
{
	return CNV_SAY(desk, arena, "{1 people}", cnv_value_count(count));
}

cnv_str cnv_count_entries(const cnv_desk *desk, cnv_arena *arena, uint64_t count)
{
	return CNV_SAY(desk, arena, "{1} {1|entry|entries}", cnv_value_count(count));
}

cnv_str cnv_file_title(cnv_str name)
{
	size_t from = name.len;

	while (from > 0 && name.at[from - 1] != '/' && name.at[from - 1] != '\\')
		from--;
	return cnv_str_slice(name, from, name.len);
}

cnv_str cnv_sheet_quoted(cnv_str name, cnv_arena *arena)
{
	char *quoted = cnv_arena_get(arena, 2 * name.len + 2);
	size_t len = 0;

	if (!quoted)
		return (cnv_str){ 0 };
	quoted[len++] = '\'';
	for (size_t at = 0; at < name.len; at++) {
		if (name.at[at] == '\'')
			quoted[len++] = '\'';
		quoted[len++] = name.at[at];
	}
	quoted[len++] = '\'';
	return (cnv_str){ quoted, len };
}

cnv_str cnv_title_of(const cnv_desk *desk, cnv_question_id question)
{
	return cnv_question_title(desk->form, &desk->form->questions[question], desk->report->language);
}

cnv_str cnv_desk_footer(cnv_desk *desk)
{
	const cnv_report *report = desk->report;

	return cnv_arena_format(desk->arena, "%.*s%s%.*s, %.*s", CNV_ARG(desk->form->title),
				report->round.len ? ", " : "", CNV_ARG(report->round),
				CNV_ARG(CNV_SAY(desk, desk->arena, "audience: {1}",
						cnv_value_text(cnv_say(desk, cnv_audience_word(report->audience))))));
}

bool cnv_is_select(const cnv_question *question)
{
	return question->list != CNV_NONE && cnv_kind_is_select(question->kind);
}

const char *cnv_standing_option(cnv_standing standing, bool unasked)
{
	static const char *const options[] = {
		[CNV_STANDING_ANSWERED] = "(answered)",     [CNV_STANDING_NOT_APPLICABLE] = "(N/A)",
		[CNV_STANDING_DO_NOT_KNOW] = "(D/K)",       [CNV_STANDING_WITHHELD] = "(withheld)",
		[CNV_STANDING_NOT_USABLE] = "(not usable)", [CNV_STANDING_NO_ANSWER] = "(no answer)",
		[CNV_STANDING_NOT_ASKED] = "(not asked)",   [CNV_STANDING_RETURNED_BLANK] = "(returned blank)",
		[CNV_STANDING_NO_REPLY] = "(no reply)",
	};
	_Static_assert(sizeof options / sizeof options[0] == CNV_STANDINGS, "a word for each standing");

	return unasked && standing == CNV_STANDING_NO_REPLY ? "(no source found)" : options[standing];
}

const char *cnv_standing_short(cnv_standing standing, bool unasked)
{
	return standing == CNV_STANDING_NOT_APPLICABLE        ? "N/A"
	       : standing == CNV_STANDING_DO_NOT_KNOW         ? "D/K"
	       : unasked && standing == CNV_STANDING_NO_REPLY ? "no source found"
							      : cnv_standing_words(standing);
}

/* Advance widths of Calibri's characters from the blank to the tilde, in hundredths of a digit. */
static const uint8_t advances[] = {
	45,  64,  79,  98,  100, 141, 135, 44,  60,  60,  98,  98,  49,  60,  50,  76,  100, 100, 100,
	100, 100, 100, 100, 100, 100, 100, 53,  53,  98,  98,  98,  91,  176, 114, 107, 105, 121, 96,
	91,  124, 123, 50,  63,  103, 83,  169, 127, 131, 102, 133, 107, 91,  96,  127, 112, 176, 102,
	96,  92,  61,  76,  61,  98,  98,  57,  95,  104, 83,  104, 98,  60,  93,  104, 45,  47,  90,
	45,  158, 104, 104, 104, 104, 69,  77,  66,  104, 89,  141, 85,  89,  78,  62,  91,  62,  98,
};
_Static_assert(sizeof advances == '~' - ' ' + 1, "a width for each printable character of ASCII");

#define BLANK 0.45 /* the width of the first */
/* Characters of other scripts, by what a terminal needs for them: a wide one is as wide as it is high. */
#define OTHER 1.08
#define WIDE 1.97

double cnv_line_width(cnv_str text)
{
	uint32_t width = 0;
	double others = 0;

	for (const char *at = text.at, *end = text.len ? at + text.len : at; at < end;) {
		unsigned char c = (unsigned char)*at;
		const char *from = at;

		if (c < 0x80) {
			width += c >= ' ' && c <= '~' ? advances[c - ' '] : 0;
			at++;
			continue;
		}
		cnv_utf8_next(&at, end);
		size_t columns = cnv_text_width((cnv_str){ from, (size_t)(at - from) });
		others += columns == 2 ? WIDE : columns ? OTHER : 0;
	}
	return (double)width / 100 + others;
}

double cnv_wrapped_lines(cnv_str text, double room)
{
	double lines = 0;
	cnv_str line, word;

	while (cnv_str_split(&text, '\n', &line)) {
		double used = 0;

		lines++;
		if (cnv_line_width(line) <= room)
			continue;
		while (cnv_str_word(&line, &word)) {
			double width = cnv_line_width(word);

			if (used > 0 && used + BLANK + width > room) {
				lines++;
				used = 0;
			} else if (used > 0) {
				used += BLANK;
			}
			for (used += width; used > room; used -= room) /* a word that does not fit on one line */
				lines++;
		}
	}
	return lines;
}
