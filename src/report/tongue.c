/* tongue: the languages that canvass writes in, and how they count.
 *
 * Plural forms and separators follow the Unicode CLDR.  Its form of whole millions in French, Spanish and Portuguese is
 * left out, as numbers are written in digits; Portuguese is that of Portugal, as its words are. */
#include "report/tongue.h"

#define NARROW_BLANK "\xE2\x80\xAF" /* U+202F, which does not break a line */
#define FIXED_BLANK "\xC2\xA0"

static const struct {
	const char *tag;
	const char *separator; /* of three digits */
	uint32_t fewest;       /* digits of a number that is grouped */
} tongues[CNV_TONGUES] = {
	[CNV_ENGLISH] = { "en", ",", 4 },         [CNV_FRENCH] = { "fr", NARROW_BLANK, 4 },
	[CNV_SPANISH] = { "es", ".", 5 },         [CNV_PORTUGUESE] = { "pt", FIXED_BLANK, 5 },
	[CNV_INDONESIAN] = { "id", ".", 4 },      [CNV_VIETNAMESE] = { "vi", ".", 4 },
	[CNV_RUSSIAN] = { "ru", FIXED_BLANK, 4 }, [CNV_JAPANESE] = { "ja", ",", 4 },
	[CNV_CHINESE] = { "zh", ",", 4 },         [CNV_CHINESE_TRADITIONAL] = { "zh-Hant", ",", 4 },
	[CNV_KOREAN] = { "ko", ",", 4 },          [CNV_THAI] = { "th", ",", 4 },
};

/* By the beginning of their tags; longer ones before shorter ones, so that zh-Hant does not match zh. */
static const struct {
	const char *tag;
	cnv_tongue tongue;
} tags[] = {
	{ "en", CNV_ENGLISH },
	{ "fr", CNV_FRENCH },
	{ "es", CNV_SPANISH },
	{ "pt", CNV_PORTUGUESE },
	{ "id", CNV_INDONESIAN },
	{ "vi", CNV_VIETNAMESE },
	{ "ru", CNV_RUSSIAN },
	{ "ja", CNV_JAPANESE },
	{ "zh-hant", CNV_CHINESE_TRADITIONAL },
	{ "zh-tw", CNV_CHINESE_TRADITIONAL },
	{ "zh-hk", CNV_CHINESE_TRADITIONAL },
	{ "zh-mo", CNV_CHINESE_TRADITIONAL },
	{ "zh", CNV_CHINESE },
	{ "ko", CNV_KOREAN },
	{ "th", CNV_THAI },
};

/* Does the tag begin with all subtags of `with`, which is in lower case? */
static bool tag_begins(cnv_str tag, const char *with)
{
	cnv_str wanted = cnv_str_from(with);

	return tag.len >= wanted.len && cnv_str_is_word(cnv_str_slice(tag, 0, wanted.len), with) &&
	       (tag.len == wanted.len || tag.at[wanted.len] == '-' || tag.at[wanted.len] == '_');
}

cnv_tongue cnv_tongue_find(cnv_str tag)
{
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
		if (tag_begins(tag, tags[i].tag))
			return tags[i].tongue;
	return CNV_TONGUES;
}

const char *cnv_tongue_tag(cnv_tongue tongue)
{
	return tongues[tongue].tag;
}

bool cnv_tag_is_from_right(cnv_str tag)
{
	static const char *const from_right[] = { "ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi" };

	for (size_t i = 0; i < sizeof from_right / sizeof *from_right; i++)
		if (tag_begins(tag, from_right[i]))
			return true;
	return false;
}

cnv_look cnv_look_from_right(cnv_look look)
{
	static const cnv_look mirrored[CNV_LOOKS] = { [CNV_LOOK_TITLE] = CNV_LOOK_TITLE_RIGHT,
						      [CNV_LOOK_SUBTITLE] = CNV_LOOK_SUBTITLE_RIGHT,
						      [CNV_LOOK_SECTION] = CNV_LOOK_SECTION_RIGHT,
						      [CNV_LOOK_REMARK] = CNV_LOOK_REMARK_RIGHT,
						      [CNV_LOOK_EXPLANATION] = CNV_LOOK_EXPLANATION_RIGHT,
						      [CNV_LOOK_OPTION] = CNV_LOOK_OPTION_RIGHT };

	return mirrored[look] == CNV_LOOK_PLAIN ? look : mirrored[look];
}

/* ---------------------------------------------------------------- plural forms */

uint32_t cnv_tongue_forms(cnv_tongue tongue)
{
	if (tongue == CNV_RUSSIAN)
		return 3;
	return tongue <= CNV_PORTUGUESE ? 2 : 1;
}

/* 1, 21, 101; then 2 to 4, 22 to 24; then the others, such as 0, 5 and 11 to 14. */
static uint32_t russian_form(uint64_t number)
{
	bool teen = number % 100 / 10 == 1;

	if (number % 10 == 1 && !teen)
		return 0;
	return number % 10 >= 2 && number % 10 <= 4 && !teen ? 1 : 2;
}

uint32_t cnv_tongue_form(cnv_tongue tongue, uint64_t number)
{
	if (cnv_tongue_forms(tongue) == 1)
		return 0;
	if (tongue == CNV_RUSSIAN)
		return russian_form(number);
	return tongue == CNV_FRENCH ? number > 1 : number != 1;
}

/* ---------------------------------------------------------------- digits */

void cnv_tongue_put_count(cnv_text *out, cnv_tongue tongue, uint64_t number)
{
	char digits[24];
	uint32_t count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	for (uint32_t left = count; left-- > 0;) {
		cnv_text_put_char(out, digits[left]);
		if (left && left % 3 == 0 && count >= tongues[tongue].fewest)
			cnv_text_put(out, cnv_str_from(tongues[tongue].separator));
	}
}
