/* What a heading means: a question, or a piece of its answer.
 *
 * Names and labels come first (paths.c), then the ways in which tools spread one answer over several columns: one
 * column for each choice (`q/a`, `q-a`, `q_a`, `q[a]`, `Label/Label of a`), for the text of "other", for each rank, for
 * each coordinate of a point; and entry numbers after the name (`age_2`, `age_2_1`). Each of them ends in the same
 * look-up, so a piece is known only if its question is, and nothing is guessed by position.
 */
#include "gather/heading.h"
#include "gather/separators.h"

#include <string.h>

/* Separators of a heading that are tried, from its end; names of choices may contain some. */
#define MOST_PARTS 8u

/* What exports append to the name of a point for the column of one coordinate; lower case. */
static const struct point_part {
	const char *word;
	cnv_piece piece;
} point_parts[] = {
	{ "latitude", CNV_PIECE_LATITUDE }, { "longitude", CNV_PIECE_LONGITUDE }, { "altitude", CNV_PIECE_ALTITUDE },
	{ "accuracy", CNV_PIECE_ACCURACY }, { "precision", CNV_PIECE_ACCURACY },
};

static cnv_path find_name(cnv_paths *paths, uint32_t table, cnv_str name)
{
	return table ? cnv_paths_find_in(paths, table, name) : cnv_paths_find(paths, name, true);
}

static bool is_question(const cnv_paths *paths, const cnv_path *path)
{
	return path->found == CNV_PATH_KNOWN && paths->form->questions[path->question].column != CNV_NONE;
}

/* ---------------------------------------------------------------- choices */

/* A value as SurveyCTO writes it in a heading: all but letters, digits and `_` become `_`. */
static cnv_str sanitised(cnv_arena *arena, cnv_str name)
{
	char *copy = cnv_arena_get(arena, name.len);

	for (size_t i = 0; copy && i < name.len; i++) {
		char c = cnv_lower(name.at[i]);

		copy[i] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? name.at[i] : '_';
	}
	return copy ? (cnv_str){ copy, name.len } : (cnv_str){ 0 };
}

static uint32_t find_sanitised(cnv_paths *paths, uint32_t list, cnv_str part)
{
	const cnv_list *of = &paths->form->lists[list];
	uint32_t found;

	if (!paths->listed)
		paths->listed = cnv_arena_array(paths->arena, paths->form->list_count, sizeof *paths->listed);
	if (!paths->listed)
		return CNV_NONE;
	for (uint32_t i = 0; !paths->listed[list] && i < of->count; i++)
		cnv_names_put(&paths->names, CNV_PATH_CHOICE, list, sanitised(paths->arena, of->choices[i].name), i);
	paths->listed[list] = true;
	found = cnv_names_find(&paths->names, CNV_PATH_CHOICE, list, sanitised(paths->arena, part));
	return found < of->count ? found : CNV_NONE;
}

/* Its index in the list of cnv_piece_list, which is the older list if the return is of an older version. */
static uint32_t find_choice(cnv_paths *paths, cnv_question_id question, cnv_str part)
{
	const cnv_list *of;
	uint32_t list, choice;

	if (paths->older && paths->migration->recodings[question]) {
		question = paths->migration->predecessor_of[question];
		paths = paths->older;
	}
	list = paths->form->questions[question].list;
	of = &paths->form->lists[list];
	choice = cnv_list_find(of, part);

	if (choice == CNV_NONE)
		choice = find_sanitised(paths, list, part);
	if (choice == CNV_NONE)
		choice = cnv_map_find(&of->by_label, cnv_text_fold(paths->arena, part));
	return choice < of->count ? choice : CNV_NONE;
}

/* ---------------------------------------------------------------- pieces */

/* The question that takes the text of "other": `q_other`, or what or_other made. */
static cnv_question_id find_other(const cnv_form *form, cnv_question_id id)
{
	cnv_str name = form->questions[id].name;

	for (cnv_question_id at = id + 1; at < form->count && form->questions[at].parent == form->questions[id].parent;
	     at++) {
		const cnv_question *next = &form->questions[at];

		if (next->kind == CNV_TEXT && next->table == form->questions[id].table &&
		    (next->other_of
			     ? at == id + 1
			     : cnv_str_starts(next->name, name) &&
				       cnv_str_is_word(cnv_str_slice(next->name, name.len, next->name.len), "_other")))
			return at;
	}
	return CNV_NONE;
}

/* What `part` means after the name of a question.  false: nothing. */
static bool read_part(cnv_paths *paths, cnv_heading *heading, cnv_str part)
{
	const cnv_form *form = paths->form;
	const cnv_question *question = &form->questions[heading->path.question];
	bool choices = question->kind == CNV_CHOICES && question->list != CNV_NONE;
	int64_t place;

	for (size_t i = 0; question->kind == CNV_GEOPOINT && i < sizeof point_parts / sizeof point_parts[0]; i++)
		if (cnv_str_is_word(part, point_parts[i].word)) {
			heading->piece = point_parts[i].piece;
			return true;
		}
	if (cnv_str_is_word(part, "comment")) {
		heading->path.role = CNV_PATH_NOTE;
		return true;
	}
	if (question->kind == CNV_RANK && cnv_integer_read(part, &place) && place > 0 && place <= INT16_MAX) {
		heading->piece = CNV_PIECE_PLACE;
		heading->choice = (uint32_t)place - 1;
		return true;
	}
	if (choices)
		heading->choice = find_choice(paths, heading->path.question, part);
	if ((choices || question->kind == CNV_CHOICE) && cnv_str_is_word(part, "other")) {
		heading->other = find_other(form, heading->path.question);
		if (choices)
			heading->piece = CNV_PIECE_OTHER;
		else if (heading->other != CNV_NONE)
			heading->path.question = heading->other;
		else
			heading->path.role = CNV_PATH_NOTE;
		return true;
	}
	if (choices && heading->choice == CNV_NONE && part.len > 7 &&
	    cnv_str_is_word(cnv_str_slice(part, part.len - 7, part.len), "comment") &&
	    find_choice(paths, heading->path.question, cnv_str_slice(part, 0, part.len - 7)) != CNV_NONE) {
		heading->path.role = CNV_PATH_NOTE;
		return true;
	}
	heading->piece = CNV_PIECE_CHOICE;
	return choices && heading->choice != CNV_NONE;
}

/* `base` and `part` of a heading; numbers: the entry numbers of the base, if known already. */
static bool read_pair(cnv_paths *paths, uint32_t table, cnv_str base, cnv_str part, const cnv_path *numbers,
		      cnv_heading *out)
{
	cnv_heading heading = { .path = find_name(paths, table, base), .choice = CNV_NONE, .other = CNV_NONE };

	if (numbers && heading.path.found == CNV_PATH_WITHOUT_ENTRY && !heading.path.depth &&
	    cnv_paths_depth(paths->form, heading.path.question) == numbers->depth) {
		heading.path.found = CNV_PATH_KNOWN;
		heading.path.depth = numbers->depth;
		memcpy(heading.path.numbers, numbers->numbers, sizeof heading.path.numbers);
	}
	if (!is_question(paths, &heading.path) || heading.path.role != CNV_PATH_ANSWER ||
	    !read_part(paths, &heading, part))
		return false;
	*out = heading;
	return true;
}

/* `Q1[SQ001]`, `Q1[SQ001_SQ002]`, `Q1[SQ001][1]`: a piece, else a question whose name or path has `_` or `/` for the
 * brackets. */
static bool read_brackets(cnv_paths *paths, uint32_t table, cnv_str name, cnv_heading *out)
{
	size_t open = cnv_str_find(name, CNV_STR("[")), last = open;
	char *flat;

	if (!cnv_str_ends(name, CNV_STR("]")) || !open || open == SIZE_MAX)
		return false;
	for (size_t i = open; i < name.len; i++)
		last = name.at[i] == '[' ? i : last;
	if (read_pair(paths, table, cnv_str_trim_unicode(cnv_str_slice(name, 0, last)),
		      cnv_str_slice(name, last + 1, name.len - 1), NULL, out))
		return true;
	for (const char *between = "_/"; *between; between++) {
		cnv_heading heading = { .choice = CNV_NONE, .other = CNV_NONE };
		size_t len = 0;

		flat = cnv_arena_get(paths->arena, name.len);
		for (size_t i = 0; flat && i < name.len; i++)
			if (name.at[i] != ']')
				flat[len++] = name.at[i] == '[' ? *between : name.at[i];
		heading.path = flat ? find_name(paths, table, (cnv_str){ flat, len }) : heading.path;
		if (flat && is_question(paths, &heading.path)) {
			*out = heading;
			return true;
		}
	}
	return false;
}

/* KoboToolbox writes `_` before the name of a point whose coordinates have their own columns: `g/_loc_latitude`.
 * Empty: there is none. */
static cnv_str without_mark(cnv_arena *arena, cnv_str base)
{
	size_t at = base.len;
	char *copy;

	while (at && !(base.at[at - 1] == '_' && cnv_separators_end(cnv_str_slice(base, 0, at - 1))))
		at--;
	if (!at--)
		return (cnv_str){ 0 };
	copy = cnv_arena_get(arena, base.len);
	if (!copy)
		return (cnv_str){ 0 };
	memcpy(copy, base.at, at);
	memcpy(copy + at, base.at + at + 1, base.len - at - 1);
	return (cnv_str){ copy, base.len - 1 };
}

/* `locLatitude`, `loc-Latitude`, `_loc_latitude`. */
static bool read_point(cnv_paths *paths, uint32_t table, cnv_str name, const cnv_path *numbers, cnv_heading *out)
{
	for (size_t i = 0; i < sizeof point_parts / sizeof point_parts[0]; i++) {
		size_t len = strlen(point_parts[i].word);
		cnv_str base, part, unmarked;

		if (name.len <= len)
			continue;
		part = cnv_str_slice(name, name.len - len, name.len);
		if (!cnv_str_is_word(part, point_parts[i].word))
			continue;
		base = cnv_str_slice(name, 0, name.len - len);
		if (read_pair(paths, table, base, part, numbers, out))
			return true;
		if (!base.at[base.len - 1] || !strchr("-_/.: ", base.at[base.len - 1]))
			return false;
		base.len--;
		unmarked = without_mark(paths->arena, base);
		return (base.len && read_pair(paths, table, base, part, numbers, out)) ||
		       (unmarked.len && read_pair(paths, table, unmarked, part, numbers, out));
	}
	return false;
}

/* Splits the name at the separator there, of `length` characters. */
static bool read_split(cnv_paths *paths, uint32_t table, cnv_str name, size_t at, size_t length,
		       const cnv_path *numbers, cnv_heading *out)
{
	return read_pair(paths, table, cnv_str_slice(name, 0, at),
			 cnv_str_trim_unicode(cnv_str_slice(name, at + length, name.len)), numbers, out);
}

static bool read_pieces(cnv_paths *paths, uint32_t table, cnv_str name, const cnv_path *numbers, cnv_heading *out)
{
	uint32_t tries = 0;

	if (read_point(paths, table, name, numbers, out) || read_brackets(paths, table, name, out))
		return true;
	for (size_t i = name.len; i-- > 1 && tries < MOST_PARTS;) {
		if (!name.at[i] || !strchr(CNV_SEPARATORS "_", name.at[i]))
			continue;
		tries++;
		if (read_split(paths, table, name, i, 1, numbers, out))
			return true;
	}
	/* `q::a`; `q__888` is the choice -888 first. */
	for (size_t i = name.len; i-- > 1 && tries < 2 * MOST_PARTS;) {
		if (name.at[i] != name.at[i - 1] || !name.at[i] || !strchr(CNV_SEPARATORS "_", name.at[i]))
			continue;
		tries++;
		if (read_split(paths, table, name, i - 1, 2, numbers, out))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------- entries numbered behind the name */

/* Removes `_2` from the end of a name.  false: there is none. */
static bool take_entry(cnv_str *name, uint32_t *number)
{
	size_t at = name->len;
	int64_t read;

	while (at && name->at[at - 1] >= '0' && name->at[at - 1] <= '9')
		at--;
	if (at < 2 || at == name->len || name->at[at - 1] != '_' || name->at[at] == '0' ||
	    !cnv_integer_read(cnv_str_slice(*name, at, name->len), &read) || read > CNV_ENTRY_NUMBERS)
		return false;
	*number = (uint32_t)read;
	name->len = at - 1;
	return true;
}

static bool read_numbered(cnv_paths *paths, cnv_str name, cnv_heading *out)
{
	cnv_path numbers = { 0 };
	uint32_t number;

	while (numbers.depth < CNV_TABLE_DEPTH && take_entry(&name, &number)) {
		cnv_heading heading = { .choice = CNV_NONE, .other = CNV_NONE };

		memmove(numbers.numbers + 1, numbers.numbers, numbers.depth * sizeof *numbers.numbers);
		numbers.numbers[0] = number;
		numbers.depth++;
		heading.path = cnv_paths_find(paths, name, false);
		if (heading.path.found == CNV_PATH_WITHOUT_ENTRY && !heading.path.depth &&
		    cnv_paths_depth(paths->form, heading.path.question) == numbers.depth) {
			heading.path.found = CNV_PATH_KNOWN;
			heading.path.depth = numbers.depth;
			memcpy(heading.path.numbers, numbers.numbers, sizeof numbers.numbers);
			*out = heading;
			return true;
		}
		if (read_pieces(paths, 0, name, &numbers, out))
			return true;
	}
	return false;
}

cnv_heading cnv_heading_read(cnv_paths *paths, uint32_t table, cnv_str name)
{
	cnv_heading heading = { .path = find_name(paths, table, name), .choice = CNV_NONE, .other = CNV_NONE };

	name = cnv_str_trim_unicode(name);
	if (heading.path.found != CNV_PATH_UNKNOWN && heading.path.found != CNV_PATH_WITHOUT_ENTRY)
		return heading;
	if (read_pieces(paths, table, name, NULL, &heading) || table)
		return heading;
	read_numbered(paths, name, &heading);
	return heading;
}
