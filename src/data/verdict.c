/* The states of a cell: how each counts, and its words for people. */
#include "canvass/data.h"

/* NOT_ASKED and UNDUE count alike: an answer that was not asked for is kept and flagged, but not expected. */
static const struct verdict_info {
	cnv_standing standing;
	const char *words;
} verdicts[] = {
	[CNV_BLANK] = { CNV_STANDING_NO_ANSWER, "left blank" },
	[CNV_ACCEPTED] = { CNV_STANDING_ANSWERED, "accepted" },
	[CNV_NOT_APPLICABLE] = { CNV_STANDING_NOT_APPLICABLE, "not applicable" },
	[CNV_DO_NOT_KNOW] = { CNV_STANDING_DO_NOT_KNOW, "do not know" },
	[CNV_WITHHELD] = { CNV_STANDING_WITHHELD, "withheld" },
	[CNV_MISSING] = { CNV_STANDING_NO_ANSWER, "required but not answered" },
	[CNV_UNREADABLE] = { CNV_STANDING_NOT_USABLE, "cannot be read as an answer of this kind" },
	[CNV_NOT_A_CHOICE] = { CNV_STANDING_NOT_USABLE, "not one of the choices" },
	[CNV_AGAINST_CONSTRAINT] = { CNV_STANDING_NOT_USABLE, "against the rule" },
	[CNV_NOT_ASKED] = { CNV_STANDING_NOT_ASKED, "not asked" },
	[CNV_UNDUE] = { CNV_STANDING_NOT_ASKED, "answered though not asked" },
	[CNV_DUPLICATE] = { CNV_STANDING_NOT_USABLE, "answered twice" },
	[CNV_UNCHECKED] = { CNV_STANDING_NOT_USABLE, "could not be checked" },
	[CNV_RETURN_BLANK] = { CNV_STANDING_RETURNED_BLANK, "returned blank" },
};
_Static_assert(sizeof verdicts / sizeof verdicts[0] == CNV_RETURN_BLANK + 1, "one row for each verdict");

static const char *const standings[] = {
	[CNV_STANDING_ANSWERED] = "answered",       [CNV_STANDING_NOT_APPLICABLE] = "not applicable",
	[CNV_STANDING_DO_NOT_KNOW] = "do not know", [CNV_STANDING_WITHHELD] = "withheld",
	[CNV_STANDING_NOT_USABLE] = "not usable",   [CNV_STANDING_NO_ANSWER] = "no answer",
	[CNV_STANDING_NOT_ASKED] = "not asked",     [CNV_STANDING_RETURNED_BLANK] = "returned blank",
	[CNV_STANDING_NO_REPLY] = "no reply",
};
_Static_assert(sizeof standings / sizeof standings[0] == CNV_STANDINGS, "words for each standing");

const cnv_missing_word cnv_missing_words[CNV_MISSING_WORDS] = {
	{ { "N/A", 3 }, CNV_NOT_APPLICABLE },
	{ { "D/K", 3 }, CNV_DO_NOT_KNOW },
	{ { "CONF", 4 }, CNV_WITHHELD },
};

/* "conf" may be an abbreviation. */
static bool is_in_any_case(cnv_verdict verdict)
{
	return verdict != CNV_WITHHELD;
}

const cnv_missing_word *cnv_missing_word_find(cnv_str text)
{
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++) {
		cnv_str word = cnv_missing_words[i].word;
		size_t at = 0;

		while (text.len == word.len && at < word.len &&
		       (text.at[at] == word.at[at] || (is_in_any_case(cnv_missing_words[i].verdict) &&
						       cnv_lower(text.at[at]) == cnv_lower(word.at[at]))))
			at++;
		if (at == word.len)
			return &cnv_missing_words[i];
	}
	return NULL;
}

cnv_standing cnv_verdict_standing(cnv_verdict verdict)
{
	return verdicts[verdict].standing;
}

const char *cnv_verdict_words(cnv_verdict verdict)
{
	return verdicts[verdict].words;
}

const char *cnv_standing_words(cnv_standing standing)
{
	return standings[standing];
}
