/* The choices a cell names: by name, else by label, else by a name in other letters.
 *
 * Only the name itself is taken in silence.  Files with labels spell the same few texts a million
 * times, so what a text was found to mean is remembered for the length of a column. */
#include "data/data_internal.h"

#include <string.h>

static const char label_read[] = "label read as its code";
static const char case_read[] = "capital and small letters taken alike";
static const char pieces_read[] = "separators replaced by blanks";
static const char named_twice[] = "named twice, kept once";

/* Which characters may separate several choices, tried in this order: none (one label), then commas late, because
 * labels hold them, and blanks last. */
static const char *const separators[] = { "", ";\n\r", ";\n\r,", " \t\n\r" };

/* The text with the small letters of ASCII, in `arena`. */
static cnv_str in_small_letters(cnv_arena *arena, cnv_str text)
{
	char *copy = cnv_arena_get(arena, text.len);

	for (size_t i = 0; copy && i < text.len; i++)
		copy[i] = cnv_lower(text.at[i]);
	return copy ? (cnv_str){ copy, text.len } : (cnv_str){ 0 };
}

/* The one choice whose name differs in case only, CNV_NONE when there are several.  The index is made at the first text
 * that needs it. */
static uint32_t find_but_case(cnv_choice_reader *reader, cnv_str text)
{
	uint32_t found;

	for (uint32_t i = 0; !reader->indexed && i < reader->list->count; i++)
		cnv_name_put(&reader->by_small, in_small_letters(&reader->names, reader->list->choices[i].name), i);
	reader->indexed = true;
	found = cnv_name_find(&reader->by_small, in_small_letters(reader->scratch, text));
	reader->failed |= reader->scratch->failed || reader->names.failed || reader->by_small.ids.failed ||
			  reader->by_small.twice.failed;
	cnv_arena_reset(reader->scratch);
	return found < reader->list->count ? found : CNV_NONE;
}

static uint32_t find_label(cnv_choice_reader *reader, cnv_str text)
{
	uint32_t choice;
	cnv_str folded = cnv_text_fold(reader->scratch, text);

	choice = folded.len ? cnv_map_find(&reader->list->by_label, folded) : CNV_NONE;
	reader->failed |= reader->scratch->failed;
	cnv_arena_reset(reader->scratch);
	return choice == CNV_LABEL_AMBIGUOUS ? CNV_NONE : choice;
}

void cnv_choice_reader_init(cnv_choice_reader *reader, const cnv_list *list, cnv_arena *scratch)
{
	*reader = (cnv_choice_reader){ .list = list, .scratch = scratch };
}

const cnv_choice_found *cnv_choice_read(cnv_choice_reader *reader, cnv_str text)
{
	unsigned first = (unsigned char)text.at[0], last = (unsigned char)text.at[text.len - 1];
	unsigned middle = (unsigned char)text.at[text.len / 2];
	cnv_choice_found *found = &reader->cache[(text.len + first * 7 + last * 29 + middle * 13) % CNV_CHOICE_CACHE];

	if (cnv_str_equal(found->text, text))
		return found;
	*found = (cnv_choice_found){ .text = text, .choice = cnv_list_find(reader->list, text) };
	if (found->choice != CNV_NONE)
		return found;
	found->why = label_read;
	found->choice = find_label(reader, text);
	if (found->choice == CNV_NONE) {
		found->why = case_read;
		found->choice = find_but_case(reader, text);
	}
	return found;
}

/* Takes one piece: a choice by any of its names, or by its name alone. */
static bool pick(cnv_choice_reader *reader, cnv_str piece, bool name_only)
{
	const cnv_choice_found *found = cnv_choice_read(reader, piece);

	if (found->choice == CNV_NONE || (name_only && found->why))
		return false;
	if (found->why)
		reader->why = found->why;
	if (cnv_bit(reader->set, found->choice)) {
		if (!reader->why)
			reader->why = named_twice;
		return true;
	}
	cnv_bit_set(reader->set, found->choice);
	if (!cnv_mem_room((void **)&reader->picked, &reader->room, reader->count + 1, sizeof *reader->picked)) {
		reader->failed = true;
		return false;
	}
	reader->picked[reader->count++] = found->choice;
	return true;
}

static void begin_picking(cnv_choice_reader *reader)
{
	reader->count = 0;
	reader->why = NULL;
	memset(reader->set, 0, CNV_BIT_WORDS(reader->list->count) * sizeof *reader->set);
}

/* Names with blanks between, which is how nearly every cell comes. */
static bool pick_names(cnv_choice_reader *reader, cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;

	begin_picking(reader);
	while (at < end) {
		const char *from = at;

		while (at < end && (unsigned char)*at > ' ')
			at++;
		if (at > from && !pick(reader, (cnv_str){ from, (size_t)(at - from) }, true))
			return false;
		at++;
	}
	return reader->count > 0;
}

/* Choices by any of their names, with one of the characters `between` after each. */
static bool pick_pieces(cnv_choice_reader *reader, cnv_str text, const char *between)
{
	size_t from = 0;

	begin_picking(reader);
	for (size_t at = 0; at <= text.len; at++) {
		cnv_str piece;

		if (at < text.len && (!text.at[at] || !strchr(between, text.at[at])))
			continue;
		piece = cnv_cell_trim(cnv_str_slice(text, from, at));
		from = at + 1;
		if (piece.len && !pick(reader, piece, false))
			return false;
	}
	return reader->count > 0;
}

bool cnv_choices_read(cnv_choice_reader *reader, cnv_str text, uint64_t *set)
{
	reader->set = set;
	if (pick_names(reader, text))
		return true;
	for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++)
		if (pick_pieces(reader, text, separators[i])) {
			if (!reader->why && reader->count > 1)
				reader->why = pieces_read;
			return true;
		}
	return false;
}

cnv_str cnv_choices_names(const cnv_choice_reader *reader, cnv_arena *arena)
{
	size_t len = 0;
	char *names;

	for (uint32_t i = 0; i < reader->count; i++)
		len += reader->list->choices[reader->picked[i]].name.len + 1;
	names = cnv_arena_get(arena, len);
	if (!names || !len)
		return (cnv_str){ 0 };
	len = 0;
	for (uint32_t i = 0; i < reader->count; i++) {
		cnv_str name = reader->list->choices[reader->picked[i]].name;

		if (i)
			names[len++] = ' ';
		memcpy(names + len, name.at, name.len);
		len += name.len;
	}
	return (cnv_str){ names, len };
}

void cnv_choice_reader_fini(cnv_choice_reader *reader)
{
	cnv_mem_free(reader->picked);
	cnv_name_index_fini(&reader->by_small);
	cnv_arena_fini(&reader->names);
}
