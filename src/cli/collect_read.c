/* What a person types: a line, yes or no, and choices.
 *
 * A choice is an exact code first, then a number, then the start of a label.  Several are separated by commas or blanks; 3-5
 * is a range. */
#include "cli/collect.h"

bool collect_line_with(collect_state *t, const char *prompt, const char *before, const cli_completer *completer,
		       cnv_str *typed)
{
	if (!cli_ask_again(prompt, t->accessible ? "" : before, completer, &t->line)) {
		t->stopped = t->ended = true;
		return false;
	}
	*typed = cnv_arena_copy(&t->temp, cnv_str_trim(cnv_text_str(&t->line)));
	collect_clock(t);
	return true;
}

bool collect_line(collect_state *t, const char *prompt, cnv_str *typed)
{
	return collect_line_with(t, prompt, "", NULL, typed);
}

bool collect_yes(collect_state *t, const char *prompt, char enter)
{
	cnv_str typed;

	while (collect_goes_on(t) && collect_line(t, prompt, &typed)) {
		if (cnv_str_is_word(typed, "y") || cnv_str_is_word(typed, "yes") || (!typed.len && enter == 'y'))
			return true;
		if (cnv_str_is_word(typed, "n") || cnv_str_is_word(typed, "no") || (!typed.len && enter == 'n'))
			return false;
		collect_say("! type y or n");
	}
	return false;
}

/* ---------------------------------------------------------------- choices */

bool collect_is_numbered(const cnv_list *list)
{
	int64_t number;

	for (uint32_t i = 0; i < list->count; i++)
		if (!cnv_integer_read(list->choices[i].name, &number))
			return false;
	return list->count > 0;
}

bool collect_contains(cnv_str text, cnv_str word, cnv_arena *arena)
{
	return cnv_str_find(cnv_text_fold(arena, text), cnv_text_fold(arena, word)) != SIZE_MAX;
}

/* The choice at a position among those on offer, from 1; CNV_NONE. */
static uint32_t at_position(const cnv_list *list, const uint64_t *offered, int64_t number)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (cnv_bit(offered, i) && --number == 0)
			return i;
	return CNV_NONE;
}

/* The only choice on offer whose label starts with the text; CNV_NONE: none or several. */
static uint32_t by_start(const collect_state *t, const cnv_list *list, const uint64_t *offered, cnv_str typed,
			 cnv_arena *arena)
{
	cnv_str start = cnv_text_fold(arena, typed);
	uint32_t found = CNV_NONE, count = 0;

	for (uint32_t i = 0; i < list->count; i++) {
		cnv_str label = cnv_text_fold(
			arena, cnv_choice_title(t->to->form.form, &list->choices[i], t->to->form.language));

		if (!cnv_bit(offered, i) || !cnv_str_starts(label, start))
			continue;
		if (cnv_str_equal(label, start))
			return i;
		found = i;
		count++;
	}
	return count == 1 ? found : CNV_NONE;
}

/* One choice as typed; CNV_NONE. */
static uint32_t read_one(const collect_state *t, const cnv_list *list, const uint64_t *offered, cnv_str typed,
			 cnv_arena *arena)
{
	uint32_t choice = cnv_list_find(list, typed);
	int64_t number;

	if (choice != CNV_NONE)
		return choice;
	if (!collect_is_numbered(list) && cnv_integer_read(typed, &number))
		return number > 0 ? at_position(list, offered, number) : CNV_NONE;
	return by_start(t, list, offered, typed, arena);
}

/* `3-5`: the numbers from 3 to 5; false: it is no range, or one too wide to be meant. */
static bool read_range(cnv_str word, int64_t *from, int64_t *upto)
{
	for (size_t i = 1; i + 1 < word.len; i++)
		if (word.at[i] == '-')
			return cnv_integer_read(cnv_str_slice(word, 0, i), from) &&
			       cnv_integer_read(cnv_str_slice(word, i + 1, word.len), upto) && *from >= 0 &&
			       *upto >= *from && *upto - *from < 1000;
	return false;
}

static void put_code(cnv_text *codes, cnv_str code)
{
	if (codes->len)
		cnv_text_put_char(codes, ' ');
	cnv_text_put(codes, code);
}

/* Appends what one piece means; a piece that means nothing stays as it is, and is judged. */
static void put_piece(const collect_state *t, const cnv_list *list, const uint64_t *offered, cnv_str piece,
		      cnv_text *codes, cnv_arena *arena)
{
	uint32_t choice = read_one(t, list, offered, piece, arena);
	int64_t from, upto;

	if (choice != CNV_NONE) {
		put_code(codes, list->choices[choice].name);
		return;
	}
	if (!read_range(piece, &from, &upto)) {
		put_code(codes, piece);
		return;
	}
	for (; from <= upto; from++) {
		cnv_str number = cnv_arena_format(arena, "%lld", (long long)from);

		choice = read_one(t, list, offered, number, arena);
		put_code(codes, choice == CNV_NONE ? number : list->choices[choice].name);
	}
}

static cnv_str read_many(collect_state *t, const cnv_list *list, const uint64_t *offered, cnv_str typed)
{
	cnv_text codes = { 0 };
	cnv_str rest = typed, part, piece, result;

	while (cnv_str_split(&rest, ',', &part)) {
		part = cnv_str_trim(part);
		if (part.len && by_start(t, list, offered, part, &t->temp) != CNV_NONE)
			put_piece(t, list, offered, part, &codes, &t->temp);
		else
			while (cnv_str_word(&part, &piece))
				put_piece(t, list, offered, piece, &codes, &t->temp);
	}
	result = cnv_arena_copy(&t->temp, cnv_text_str(&codes));
	cnv_text_fini(&codes);
	return result;
}

cnv_str collect_read(collect_state *t, cnv_session_cell cell, cnv_str typed)
{
	const cnv_list *list = cnv_session_list(t->session, cell.question);
	const uint64_t *offered = list ? cnv_session_offered(t->session, cell) : NULL;
	uint32_t choice;

	if (!list || !offered || !typed.len || cnv_missing_word_find(typed))
		return typed;
	if (t->to->form.form->questions[cell.question].kind != CNV_CHOICE)
		return read_many(t, list, offered, typed);
	choice = read_one(t, list, offered, typed, &t->temp);
	return choice == CNV_NONE ? typed : list->choices[choice].name;
}
