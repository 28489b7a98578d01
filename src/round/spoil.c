/* Defects of returns in real rounds, one row per kind.  Some of them canvass understands (a label for a code,
 * another separator), some it must reject at the cell, and some spoil the whole file: a round rehearsed with such
 * returns shows which queries to expect. */
#include "round/spoil.h"

/* Returns with defects, in percent. */
enum { SPOILED = 70 };

static const cnv_question *question_of(const spoil_return *it, const spoil_line *line)
{
	return &it->form->questions[line->question];
}

/* ---------------------------------------------------------------- of one line: false if the defect does not fit the
 * line */

static bool misspell_choice(spoil_return *it, spoil_line *line)
{
	size_t at = line->answer.len / 2;

	if (question_of(it, line)->kind != CNV_CHOICE || line->answer.len < 4 || line->question == it->form->respondent)
		return false;
	line->answer = cnv_arena_format(it->arena, "%.*s%.*s", (int)at, line->answer.at,
					(int)(line->answer.len - at - 1), line->answer.at + at + 1);
	return true;
}

static bool write_label(spoil_return *it, spoil_line *line)
{
	const cnv_question *question = question_of(it, line);
	const cnv_list *list = question->list == CNV_NONE ? NULL : &it->form->lists[question->list];
	uint32_t choice = list && question->kind == CNV_CHOICE ? cnv_list_find(list, line->answer) : CNV_NONE;

	if (choice == CNV_NONE)
		return false;
	line->answer = cnv_choice_title(it->form, &list->choices[choice], it->language);
	return true;
}

static bool write_day_first(spoil_return *it, spoil_line *line)
{
	int32_t day;
	cnv_date date;

	if (question_of(it, line)->kind != CNV_DATE || !cnv_day_read(line->answer, &day))
		return false;
	date = cnv_day_date(day);
	line->answer = cnv_arena_format(it->arena, "%u/%u/%d", date.day, date.month, date.year);
	return true;
}

static bool is_number(const spoil_return *it, const spoil_line *line)
{
	cnv_kind kind = question_of(it, line)->kind;

	return line->answer.len && (kind == CNV_INTEGER || kind == CNV_DECIMAL);
}

static bool add_unit(spoil_return *it, spoil_line *line)
{
	if (!is_number(it, line))
		return false;
	line->answer = cnv_arena_format(it->arena, "about %.*s", CNV_ARG(line->answer));
	return true;
}

static bool write_comma(spoil_return *it, spoil_line *line)
{
	size_t point = cnv_str_find(line->answer, CNV_STR("."));

	if (!is_number(it, line) || point == SIZE_MAX)
		return false;
	line->answer = cnv_arena_format(it->arena, "%.*s,%.*s", (int)point, line->answer.at,
					(int)(line->answer.len - point - 1), line->answer.at + point + 1);
	return true;
}

static bool add_zeros(spoil_return *it, spoil_line *line)
{
	if (!is_number(it, line) || !question_of(it, line)->constraint.text.len)
		return false;
	line->answer = cnv_arena_format(it->arena, "9%.*s00000", CNV_ARG(line->answer));
	return true;
}

static bool leave_blank(spoil_return *it, spoil_line *line)
{
	if (!line->required || !line->answer.len || line->question == it->form->respondent)
		return false;
	line->answer = (cnv_str){ 0 };
	return true;
}

static bool drop_line(spoil_return *it, spoil_line *line)
{
	line->dropped = line->question != it->form->respondent;
	return line->dropped;
}

static bool spoil_text(spoil_return *it, spoil_line *line)
{
	const cnv_formula_tree *rule = question_of(it, line)->constraint.tree;

	if (question_of(it, line)->kind != CNV_TEXT || !line->answer.len ||
	    cnv_formula_next_call(rule, "regex", CNV_NONE) == CNV_NONE)
		return false;
	line->answer = cnv_arena_format(it->arena, "see our letter (%.*s)", CNV_ARG(line->answer));
	return true;
}

static bool misspell_path(spoil_return *it, spoil_line *line)
{
	if (line->path.len < 5 || line->question == it->form->respondent)
		return false;
	line->path = cnv_arena_format(it->arena, "%.*sx", (int)line->path.len - 1, line->path.at);
	return true;
}

static bool write_twice(spoil_return *it, spoil_line *line)
{
	spoil_line again = *line;

	if (!line->answer.len || line->question == it->form->respondent ||
	    !cnv_mem_room((void **)&it->lines, &it->room, it->count + 1, sizeof *it->lines))
		return false;
	again.answer = cnv_arena_format(it->arena, "%.*s?", CNV_ARG(again.answer));
	it->lines[it->count++] = again;
	return true;
}

static bool name_nobody(spoil_return *it, spoil_line *line)
{
	if (line->question != it->form->respondent)
		return false;
	line->answer = CNV_STR("our economy");
	return true;
}

/* ---------------------------------------------------------------- of the whole file */

static void part_with_semicolons(spoil_return *it)
{
	it->separator = ';';
}

static void save_as_unicode_text(spoil_return *it)
{
	it->separator = '\t';
	it->wide_characters = true;
}

static void cut_short(spoil_return *it)
{
	it->cut = true;
}

static void paste_twice(spoil_return *it)
{
	it->twice = true;
}

static void put_title(spoil_return *it)
{
	it->titled = true;
}

/* The kinds, frequent ones first; `share` in percent of the draws. */
static const struct kind {
	uint32_t share;
	const char *what;
	bool (*line)(spoil_return *it, spoil_line *line);
	void (*file)(spoil_return *it);
} kinds[] = {
	{ 14, "label written for the code", write_label, NULL },
	{ 12, "required answer left blank", leave_blank, NULL },
	{ 10, "choice misspelt", misspell_choice, NULL },
	{ 10, "date written day first", write_day_first, NULL },
	{ 8, "words beside the number", add_unit, NULL },
	{ 8, "text that breaks the constraint", spoil_text, NULL },
	{ 6, "number far too large", add_zeros, NULL },
	{ 6, "line removed", drop_line, NULL },
	{ 5, "question name misspelt", misspell_path, NULL },
	{ 4, "answered twice", write_twice, NULL },
	{ 3, "decimal comma", write_comma, NULL },
	{ 1, "nobody's answers", name_nobody, NULL },
	{ 5, "saved with semicolons", NULL, part_with_semicolons },
	{ 3, "saved as UTF-16", NULL, save_as_unicode_text },
	{ 3, "title line above the header", NULL, put_title },
	{ 1, "file cut short", NULL, cut_short },
	{ 1, "return pasted in twice", NULL, paste_twice },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct kind *draw_kind(spoil_return *it)
{
	uint32_t sum = 0, at;

	for (size_t i = 0; i < KINDS; i++)
		sum += kinds[i].share;
	at = cnv_chance_below(&it->chance, sum);
	for (size_t i = 0; i < KINDS; i++) {
		if (at < kinds[i].share)
			return &kinds[i];
		at -= kinds[i].share;
	}
	return &kinds[0];
}

static bool is_told(const spoil_told *told, uint32_t count, cnv_str path)
{
	for (uint32_t i = 0; i < count; i++)
		if (cnv_str_equal(told[i].path, path))
			return true;
	return false;
}

/* Describes the change of the line at `at`, which was `before`. */
static void tell(const spoil_return *it, const struct kind *kind, const spoil_line *before, uint32_t at, uint32_t lines,
		 spoil_told *told)
{
	const spoil_line *after = &it->lines[at];

	*told = (spoil_told){ before->path, kind->what, before->answer, after->answer };
	if (after->dropped)
		told->after = (cnv_str){ 0 };
	else if (it->count > lines)
		told->after = it->lines[it->count - 1].answer;
	else if (!cnv_str_equal(before->path, after->path))
		told->after = after->path;
}

/* Applies the defect to a random line; false if it fits none of the lines drawn. */
static bool spoil_a_line(spoil_return *it, const struct kind *kind, spoil_told *told, uint32_t count)
{
	for (uint32_t tries = 0; tries < 40 && it->count; tries++) {
		uint32_t lines = it->count, at = cnv_chance_below(&it->chance, lines);
		spoil_line before = it->lines[at];

		if (before.dropped || is_told(told, count, before.path) || !kind->line(it, &it->lines[at]))
			continue;
		tell(it, kind, &before, at, lines, &told[count]);
		return true;
	}
	return false;
}

uint32_t spoil_some(spoil_return *it, spoil_told told[SPOIL_MOST])
{
	uint32_t wanted = 1 + cnv_chance_below(&it->chance, SPOIL_MOST), count = 0;

	if (cnv_chance_below(&it->chance, 100) >= SPOILED)
		return 0;
	for (uint32_t tries = 0; tries < 20 && count < wanted; tries++) {
		const struct kind *kind = draw_kind(it);

		if (kind->line) {
			count += spoil_a_line(it, kind, told, count);
		} else if (!is_told(told, count, (cnv_str){ 0 })) {
			kind->file(it);
			told[count++] = (spoil_told){ .what = kind->what };
		}
	}
	return count;
}
