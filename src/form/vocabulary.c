/* vocabulary.c: the names and labels of a form, in every language.
 *
 * A returned file repeats them: names in its header, labels next to the answers, choices as answers.  The right
 * encoding of the file is the one in which most of them are found.  Free text contains no whole label, but shares
 * words with labels; in scripts without spaces, pairs of characters.
 */
#include "canvass/form.h"

/* From here on: scripts that do not separate words (Thai, kana, Chinese), and Korean, whose words are inflected. */
#define UNSPACED 0x0E00u

enum { HEADING = 1, PHRASE, WORD };

static bool is_letter(uint32_t c)
{
	cnv_char_class class = cnv_char_classify(c);
	return class == CNV_CHAR_LOWER || class == CNV_CHAR_UPPER || class == CNV_CHAR_LETTER || class == CNV_CHAR_MARK;
}

void cnv_vocabulary_words(cnv_str folded, void (*word)(void *self, cnv_str word), void *self)
{
	const char *at = folded.at, *end = folded.len ? at + folded.len : at, *from = NULL, *before = NULL;
	bool beyond = false; /* the word has a character beyond ASCII */

	while (at < end) {
		const char *here = at;
		uint32_t c = cnv_utf8_next(&at, end);
		bool letter = is_letter(c);

		if (letter && c >= UNSPACED && before)
			word(self, (cnv_str){ before, (size_t)(at - before) });
		before = letter && c >= UNSPACED ? here : NULL;
		if (letter && c < UNSPACED) {
			if (!from)
				from = here;
			beyond |= c >= 0x80;
		} else if (from) {
			if (beyond)
				word(self, (cnv_str){ from, (size_t)(here - from) });
			from = NULL;
			beyond = false;
		}
	}
	if (from && beyond)
		word(self, (cnv_str){ from, (size_t)(end - from) });
}

static void put_word(void *self, cnv_str word)
{
	cnv_map_put(&((cnv_vocabulary *)self)->words, word, WORD);
}

static void put(cnv_vocabulary *vocabulary, cnv_map *map, cnv_str text)
{
	cnv_str folded = cnv_text_fold(&vocabulary->arena, text);

	if (!folded.len || cnv_map_find(map, folded) != CNV_NONE)
		return;
	cnv_map_put(map, folded, PHRASE);
	cnv_vocabulary_words(folded, put_word, vocabulary);
}

static void put_wording(cnv_vocabulary *vocabulary, cnv_map *map, const cnv_form *form, const cnv_wording *wording)
{
	for (uint32_t language = 0; language < form->language_count; language++)
		put(vocabulary, map, wording->at[language]);
}

cnv_status cnv_vocabulary_init(cnv_vocabulary *vocabulary, const cnv_form *form)
{
	static const char *const long_headings[] = { "question", "no", "label", "answer", "note" };

	*vocabulary = (cnv_vocabulary){ 0 };
	for (size_t i = 0; i < sizeof long_headings / sizeof *long_headings; i++)
		cnv_map_put(&vocabulary->headings, cnv_str_from(long_headings[i]), HEADING);
	for (cnv_question_id id = 0; id < form->count; id++) {
		const cnv_question *question = &form->questions[id];

		put(vocabulary, &vocabulary->headings, question->name);
		put(vocabulary, &vocabulary->headings, question->path);
		put_wording(vocabulary, &vocabulary->headings, form, &question->label);
	}
	for (uint32_t i = 0; i < form->list_count; i++)
		for (uint32_t k = 0; k < form->lists[i].count; k++) {
			put(vocabulary, &vocabulary->phrases, form->lists[i].choices[k].name);
			put_wording(vocabulary, &vocabulary->phrases, form, &form->lists[i].choices[k].label);
		}
	if (vocabulary->arena.failed || vocabulary->headings.failed || vocabulary->phrases.failed ||
	    vocabulary->words.failed)
		return CNV_NO_MEMORY;
	return CNV_OK;
}

bool cnv_vocabulary_has(const cnv_vocabulary *vocabulary, cnv_str folded)
{
	return cnv_map_find(&vocabulary->headings, folded) != CNV_NONE ||
	       cnv_map_find(&vocabulary->phrases, folded) != CNV_NONE;
}

bool cnv_vocabulary_has_heading(const cnv_vocabulary *vocabulary, cnv_str folded)
{
	return cnv_map_find(&vocabulary->headings, folded) != CNV_NONE;
}

bool cnv_vocabulary_has_word(const cnv_vocabulary *vocabulary, cnv_str word)
{
	return cnv_map_find(&vocabulary->words, word) != CNV_NONE;
}

void cnv_vocabulary_fini(cnv_vocabulary *vocabulary)
{
	cnv_map_fini(&vocabulary->headings);
	cnv_map_fini(&vocabulary->phrases);
	cnv_map_fini(&vocabulary->words);
	cnv_arena_fini(&vocabulary->arena);
	*vocabulary = (cnv_vocabulary){ 0 };
}
