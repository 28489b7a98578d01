/* The choices that a cell names: by name, else by label, else by name in another case, else as choice_words.c reads it.
 *
 * Only the exact name is accepted without an entry in the ledger. Files with labels repeat the same few texts a million
 * times, so the meaning of a text is cached for the length of a column.
 */
#include "read/choice.h"

#include <string.h>

/* Maximum commas, or blanks, in a label: this many more pieces between them are tried as one. */
#define MOST_COMMAS 15u

static const char label_read[] = CNV_WHY_LABEL;
static const char case_read[] = "letter case ignored";
static const char folded_read[] = "quotes, dashes or full-width characters normalized";
static const char pieces_read[] = "separators replaced by spaces";
static const char named_twice[] = "duplicate choice removed";

/* Characters that may separate several choices, tried in this order: none (one label), then commas late, because labels
 * contain them, and spaces last. */
static const char *const separators[] = { "", ";\n\r", ";\n\r,", " \t\n\r" };

/* Do they differ in letter case only? */
static bool is_case_only(cnv_str one, cnv_str other)
{
	if (one.len != other.len)
		return false;
	for (size_t i = 0; i < one.len; i++)
		if (cnv_lower(one.at[i]) != cnv_lower(other.at[i]))
			return false;
	return true;
}

static void read_folded(cnv_choice_reader *reader, cnv_str text, cnv_choice_found *found)
{
	cnv_str folded = cnv_text_fold(reader->scratch, text);

	found->why = label_read;
	found->choice = cnv_choice_by_label(reader, folded);
	found->labelled = found->choice != CNV_NONE;
	if (found->labelled)
		return;
	found->choice = cnv_choice_by_name(reader, folded);
	if (found->choice != CNV_NONE)
		found->why = is_case_only(text, reader->list->choices[found->choice].name) ? case_read : folded_read;
	else
		cnv_choice_read_words(reader, text, folded, found);
}

const cnv_choice_found *cnv_choice_look(cnv_choice_reader *reader, cnv_str text, cnv_choice_found *found)
{
	*found = (cnv_choice_found){ .text = text, .choice = cnv_list_find(reader->list, text) };
	if (found->choice != CNV_NONE || (reader->literal && !reader->offered))
		return found;
	read_folded(reader, text, found);
	if (reader->offered && found->labelled)
		found->why = NULL;
	else if (reader->literal)
		*found = (cnv_choice_found){ .text = text, .choice = CNV_NONE };
	reader->failed |= reader->scratch->failed;
	cnv_arena_reset(reader->scratch);
	return found;
}

/* Adds one piece: a choice by any of its names, or by its exact name only. */
static bool pick(cnv_choice_reader *reader, cnv_str piece, bool name_only)
{
	const cnv_choice_found *found = cnv_choice_read(reader, piece);

	if (found->choice == CNV_NONE || (name_only && found->why))
		return false;
	if (found->why)
		reader->why = found->why;
	if (found->rest.len)
		reader->rest = found->rest;
	if (cnv_bit(reader->set, found->choice)) {
		reader->twice = true;
		if (!reader->why)
			reader->why = named_twice;
		return true;
	}
	cnv_bit_set(reader->set, found->choice);
	if (reader->count == reader->room &&
	    !cnv_mem_room((void **)&reader->picked, &reader->room, reader->count + 1, sizeof *reader->picked)) {
		reader->failed = true;
		return false;
	}
	reader->picked[reader->count++] = found->choice;
	return true;
}

static void begin_picking(cnv_choice_reader *reader)
{
	reader->count = 0;
	reader->twice = false;
	reader->why = NULL;
	reader->rest = (cnv_str){ 0 };
	memset(reader->set, 0, CNV_BIT_WORDS(reader->list->count) * sizeof *reader->set);
}

/* Names separated by spaces, the format of nearly every cell. */
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

static uint32_t count_of(cnv_str text, char sign)
{
	uint32_t count = 0;

	for (size_t at = 0; at < text.len; at++)
		count += text.at[at] == sign;
	return count < MOST_COMMAS ? count : MOST_COMMAS;
}

/* The maximum number of commas, or of blanks, in a label of the list. */
static uint32_t most_in_labels(cnv_choice_reader *reader, char sign)
{
	for (uint32_t i = 0; !reader->commas_counted && i < reader->list->count; i++)
		for (uint32_t k = 0; k < reader->form->language_count; k++) {
			cnv_str label = cnv_str_trim_unicode(reader->list->choices[i].label.at[k]);
			uint32_t commas = count_of(label, ','), blanks = count_of(label, ' ');

			reader->commas = commas > reader->commas ? commas : reader->commas;
			reader->blanks = blanks > reader->blanks ? blanks : reader->blanks;
		}
	reader->commas_counted = true;
	return sign == ',' ? reader->commas : reader->blanks;
}

static size_t end_of_piece(cnv_str text, size_t at, const char *between)
{
	while (at < text.len && (!text.at[at] || !strchr(between, text.at[at])))
		at++;
	return at;
}

/* Between blanks a label of several words is one piece only as it is written, without words of its own after it. */
static bool may_join(cnv_choice_reader *reader, cnv_str piece, const char *between, uint32_t joined)
{
	return !joined || !strchr(between, ' ') || !cnv_choice_read(reader, piece)->rest.len;
}

/* Does a piece of the text after "other:" name a choice?  Then it is no part of that text. */
static bool holds_choice(cnv_choice_reader *reader, cnv_str rest)
{
	const char *between = ";\n\r";

	for (size_t from = end_of_piece(rest, 0, between); from < rest.len;) {
		size_t upto = end_of_piece(rest, from + 1, between);
		cnv_str piece = cnv_cell_trim(cnv_str_slice(rest, from + 1, upto));

		if (piece.len && cnv_choice_read(reader, piece)->choice != CNV_NONE)
			return true;
		from = upto;
	}
	return false;
}

/* The piece is "other: ..."; returns where its text ends, or SIZE_MAX if a choice follows in it. */
static size_t end_of_other(cnv_choice_reader *reader, cnv_str text, cnv_str piece, const char *between)
{
	const cnv_choice_found *found = cnv_choice_read(reader, piece);
	/* The cached text may belong to an earlier cell. */
	size_t at = (size_t)(piece.at - text.at) + (size_t)(found->rest.at - found->text.at);
	/* The text may contain commas. */
	size_t end = strchr(between, ',') ? text.len : at + found->rest.len;
	cnv_str rest = cnv_str_slice(text, at, end);

	if (holds_choice(reader, rest))
		return SIZE_MAX;
	reader->rest = rest;
	return end;
}

/* Adds the longest choice that the next pieces make up, up to `more` of them joined; returns its end, or SIZE_MAX if
 * there is none. */
static size_t pick_longest(cnv_choice_reader *reader, cnv_str text, size_t from, const char *between, uint32_t more)
{
	size_t ends[MOST_COMMAS + 1];
	uint32_t count = 0;

	for (size_t at = from; count <= more && at <= text.len; at = ends[count++] + 1)
		ends[count] = end_of_piece(text, at, between);
	while (count--) {
		cnv_str piece = cnv_cell_trim(cnv_str_slice(text, from, ends[count]));
		size_t end;

		if (!count && !piece.len)
			return ends[0];
		if (!piece.len || !may_join(reader, piece, between, count) || !pick(reader, piece, false))
			continue;
		if (!cnv_choice_read(reader, piece)->rest.len)
			return ends[count];
		end = end_of_other(reader, text, piece, between);
		return end == SIZE_MAX || strchr(between, ',') ? end : ends[count];
	}
	return SIZE_MAX;
}

/* Choices by any of their names, separated by one of the characters `between`; more: pieces that may be joined. */
static bool pick_joined(cnv_choice_reader *reader, cnv_str text, const char *between, uint32_t more)
{
	begin_picking(reader);
	for (size_t from = 0; from <= text.len; from++) {
		from = pick_longest(reader, text, from, between, more);
		if (from == SIZE_MAX)
			return false;
	}
	return reader->count > 0;
}

/* KoboToolbox writes labels with blanks in them, and a blank between two.  A text that reads in another way too, with a
 * word for each choice, is not decided. */
static bool pick_pieces(cnv_choice_reader *reader, cnv_str text, const char *between)
{
	uint32_t more = strchr(between, ',')   ? most_in_labels(reader, ',')
			: strchr(between, ' ') ? most_in_labels(reader, ' ')
					       : 0;
	uint32_t words = 0;

	if (more && strchr(between, ' '))
		words = pick_joined(reader, text, between, 0) ? reader->count : 0;
	return pick_joined(reader, text, between, more) && (!words || words == reader->count);
}

bool cnv_choices_read(cnv_choice_reader *reader, cnv_str text, uint64_t *set)
{
	reader->set = set;
	if (pick_names(reader, text))
		return !reader->literal || !reader->why;
	if (reader->literal)
		return false;
	for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++)
		if (pick_pieces(reader, text, separators[i])) {
			if (!reader->why && reader->count > 1)
				reader->why = pieces_read;
			return true;
		}
	return false;
}

cnv_str cnv_choices_unknown(cnv_choice_reader *reader, cnv_str text)
{
	const char *between = ";\n\r";
	uint32_t more = 0;

	if (end_of_piece(text, 0, between) == text.len) {
		between = ",";
		more = most_in_labels(reader, ',');
	}
	if (end_of_piece(text, 0, between) == text.len)
		return (cnv_str){ 0 };
	begin_picking(reader);
	for (size_t from = 0, upto; from <= text.len; from = upto + 1) {
		upto = pick_longest(reader, text, from, between, more);
		if (upto == SIZE_MAX)
			return cnv_cell_trim(cnv_str_slice(text, from, end_of_piece(text, from, between)));
	}
	return (cnv_str){ 0 };
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
