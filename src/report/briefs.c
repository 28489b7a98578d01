/* briefs: short texts that an audience may not see.
 *
 * A few bytes are found in many a text that has nothing to do with them, so a short text is only looked for as the whole
 * of a cell.  Even so another may have written the same, or a report may say it: "AUS, CDA" are names, "no answer" is a
 * state.  A text counts as laid out if it has a word that is in nothing the audience may read anyway; numbers are no
 * words. */
#include "report/briefs.h"

static bool is_word_byte(char byte)
{
	unsigned char c = (unsigned char)byte;

	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80;
}

/* The next word of a text; false: there is none.  Numbers are passed over. */
static bool next_word(cnv_str *text, cnv_str *word)
{
	size_t from = 0, upto;
	bool letters;

	do {
		while (from < text->len && !is_word_byte(text->at[from]))
			from++;
		letters = false;
		for (upto = from; upto < text->len && is_word_byte(text->at[upto]); upto++)
			letters |= text->at[upto] < '0' || text->at[upto] > '9';
		*word = cnv_str_slice(*text, from, upto);
		from = upto;
	} while (word->len && !letters);
	*text = cnv_str_slice(*text, upto, text->len);
	return word->len > 0;
}

void cnv_briefs_add(cnv_briefs *briefs, cnv_str text, cnv_arena *arena)
{
	cnv_str word;

	if (cnv_map_find(&briefs->texts, text) != CNV_NONE)
		return;
	text = cnv_arena_copy(arena, text);
	cnv_map_put(&briefs->texts, text, 0);
	while (next_word(&text, &word)) {
		if (!cnv_arena_grow(arena, (void **)&briefs->known, briefs->count, &briefs->room,
				    sizeof *briefs->known))
			return;
		briefs->known[briefs->count] = false;
		briefs->count += cnv_map_put(&briefs->words, word, briefs->count) == briefs->count;
	}
}

void cnv_briefs_allow(cnv_briefs *briefs, cnv_str text)
{
	cnv_str word;

	while (briefs->count && next_word(&text, &word)) {
		uint32_t at = cnv_map_find(&briefs->words, word);

		if (at != CNV_NONE)
			briefs->known[at] = true;
	}
}

bool cnv_briefs_has(const cnv_briefs *briefs, cnv_str text)
{
	cnv_str word;

	text = cnv_str_trim(text);
	if (!briefs->count || cnv_map_find(&briefs->texts, text) == CNV_NONE)
		return false;
	while (next_word(&text, &word)) {
		uint32_t at = cnv_map_find(&briefs->words, word);

		if (at != CNV_NONE && !briefs->known[at])
			return true;
	}
	return false;
}

bool cnv_briefs_any(const cnv_briefs *briefs)
{
	for (uint32_t i = 0; i < briefs->count; i++)
		if (!briefs->known[i])
			return true;
	return false;
}

bool cnv_briefs_failed(const cnv_briefs *briefs)
{
	return briefs->texts.failed || briefs->words.failed;
}

void cnv_briefs_fini(cnv_briefs *briefs)
{
	cnv_map_fini(&briefs->texts);
	cnv_map_fini(&briefs->words);
}
