/* The sheets of a pack that come as CSV files: which of them are one return.
 *
 * A spreadsheet program saves one sheet in one file, and only the first sheet of a pack names the respondent.  The names of
 * the files say which belong to it: "demo-AA-Ships.csv" to "demo-AA-Questionnaire.csv", which begins alike.  What follows
 * must be the title of the sheet, as LibreOffice names its files; with a roster, it is enough that in neither name it
 * names a respondent. */
#include "round/sheets.h"

#include <string.h>

enum {
	HEAD_ROWS = 40, /* as many as are searched for the header of a table */
	TITLE = 31      /* characters of a sheet's name */
};

/* ---------------------------------------------------------------- the content of a file */

typedef struct looking {
	const parts_asked *asked;
	cnv_str first; /* path of the question that is on the first sheet only */
	cnv_arena arena;
	cnv_str *cells;
	uint32_t count, room, records, question, table;
	sheet_kind kind;
	cnv_text *title;
	bool failed;
} looking;

static void on_cell(void *self, cnv_str field)
{
	looking *l = self;

	if (cnv_mem_room((void **)&l->cells, &l->room, l->count + 1, sizeof *l->cells))
		l->cells[l->count++] = cnv_arena_copy(&l->arena, cnv_str_trim_unicode(field));
	else
		l->failed = true;
}

static uint32_t find_cell(const looking *l, const char *word)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (cnv_str_equal(l->cells[i], cnv_str_from(word)))
			return i;
	return CNV_NONE;
}

static bool has_path(const looking *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (cnv_str_find(l->cells[i], CNV_STR("[]/")) != SIZE_MAX)
			return true;
	return false;
}

static bool is_cover(const looking *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		if (cnv_pack_is_cover(l->cells[i]))
			return true;
	return false;
}

/* A line before the header, or the header. */
static void judge_line(looking *l)
{
	cnv_recognised found;

	for (uint32_t i = 0; i < l->count && !l->title->len; i++)
		cnv_text_put(l->title, l->cells[i]);
	l->question = find_cell(l, "question");
	if (l->question != CNV_NONE && find_cell(l, "answer") != CNV_NONE && find_cell(l, "asked") != CNV_NONE) {
		l->kind = SHEET_QUESTIONS;
	} else if (has_path(l)) {
		found = cnv_gather_classify(l->asked->form, NULL, (cnv_str){ 0 }, l->cells, l->count);
		l->table = found.table;
		l->kind = found.holds == CNV_HOLDS_ENTRIES && found.linked ? SHEET_ENTRIES : SHEET_NONE;
	} else if (is_cover(l)) {
		l->kind = SHEET_COVER;
	}
}

static cnv_status on_line(void *self, uint32_t line)
{
	looking *l = self;
	bool done;

	(void)line;
	if (l->kind == SHEET_NONE)
		judge_line(l);
	else if (l->question < l->count && cnv_str_equal(l->cells[l->question], l->first))
		l->kind = SHEET_FIRST;
	done = l->kind == SHEET_NONE ? ++l->records == HEAD_ROWS : l->kind != SHEET_QUESTIONS;
	l->count = 0;
	return l->failed || done ? CNV_STOPPED : CNV_OK;
}

/* The question that identifies the respondent, else the first one. */
static cnv_str first_path(const cnv_form *form)
{
	cnv_question_id id = cnv_identifying_question(form);

	for (cnv_question_id at = 0; id == CNV_NONE && at < form->count; at++)
		if (form->questions[at].role == CNV_ASKED && form->questions[at].column != CNV_NONE &&
		    !form->questions[at].table)
			id = at;
	return id == CNV_NONE ? (cnv_str){ 0 } : form->questions[id].answer_path;
}

sheet_kind sheets_look(cnv_str name, cnv_str bytes, const parts_asked *asked, uint32_t *table, cnv_text *title)
{
	looking l = { .asked = asked, .first = first_path(asked->form), .title = title, .table = CNV_NONE };
	const cnv_csv_sink sink = { .self = &l, .field = on_cell, .record = on_line };

	if (!parts_parse(name, bytes, asked, &sink, &l.arena) || l.failed || l.arena.failed)
		l.kind = SHEET_NONE;
	*table = l.kind == SHEET_ENTRIES ? l.table : CNV_NONE;
	cnv_mem_free(l.cells);
	cnv_arena_fini(&l.arena);
	return l.kind;
}

/* In any encoding of ASCII characters in one or two bytes. */
static bool has_word(cnv_str bytes, const char *word)
{
	char wide[32];
	size_t len = strlen(word);

	for (size_t i = 0; i < len; i++) {
		wide[2 * i] = word[i];
		wide[2 * i + 1] = 0;
	}
	return cnv_str_find(bytes, (cnv_str){ word, len }) != SIZE_MAX ||
	       cnv_str_find(bytes, (cnv_str){ wide, 2 * len - 1 }) != SIZE_MAX;
}

bool sheets_may_be(cnv_str bytes)
{
	return has_word(bytes, "asked") || has_word(bytes, "[]/");
}

/* ---------------------------------------------------------------- which belong together */

/* The first sheets whose names begin in a certain way. */
typedef struct name_start {
	uint32_t last, count;
} name_start;

typedef struct joining {
	parts_list *list;
	const parts_asked *asked;
	cnv_map names; /* folder and beginning of a name, up to a sign -> of `at` */
	name_start *at;
	uint32_t count, room;
	cnv_arena arena;
	bool failed;
} joining;

static bool is_sign(char c)
{
	return (unsigned char)c < 0x80 && !((c >= '0' && c <= '9') || (cnv_lower(c) >= 'a' && cnv_lower(c) <= 'z'));
}

/* The end of a beginning of the name that is shorter than `upto`; `from`: the folder. */
static size_t shorter(cnv_str name, size_t from, size_t upto)
{
	while (upto > from && !is_sign(name.at[--upto]))
		;
	return upto;
}

static void add_first(joining *j, uint32_t given)
{
	cnv_str name = j->list->at[given].name;
	size_t from = cnv_folder_of(name).len, upto = from + parts_stem(name).len;

	for (;;) {
		uint32_t at = cnv_map_put(&j->names, cnv_str_slice(name, 0, upto), j->count);

		if (at == j->count) {
			if (!cnv_mem_room((void **)&j->at, &j->room, j->count + 1, sizeof *j->at)) {
				j->failed = true;
				return;
			}
			j->at[j->count++] = (name_start){ 0 };
		}
		j->at[at].last = given;
		j->at[at].count++;
		if (upto == from)
			break;
		upto = shorter(name, from, upto);
	}
}

/* Letters and digits only, without regard to case. */
static cnv_str squash(joining *j, cnv_str text)
{
	cnv_str folded = cnv_text_fold(&j->arena, text);
	char *out = cnv_arena_get(&j->arena, folded.len + 1);
	size_t len = 0;

	for (size_t i = 0; out && i < folded.len; i++)
		if (!is_sign(folded.at[i]))
			out[len++] = folded.at[i];
	return out ? (cnv_str){ out, len } : (cnv_str){ 0 };
}

/* Does a part of the name say whose it is? */
static bool names_somebody(const joining *j, cnv_str rest)
{
	for (size_t from = 0, upto; from < rest.len; from = upto + 1) {
		for (upto = from; upto < rest.len && !is_sign(rest.at[upto]); upto++)
			;
		if (upto > from &&
		    cnv_map_find(&j->asked->roster->by_code, cnv_str_slice(rest, from, upto)) != CNV_NONE)
			return true;
	}
	return false;
}

/* The name without its folder and ending, from `upto` on. */
static cnv_str rest_of(cnv_str name, size_t upto)
{
	return cnv_str_slice(name, upto, cnv_folder_of(name).len + parts_stem(name).len);
}

/* upto: where the names of the two begin to differ. */
static bool may_join(joining *j, const parts_given *given, const parts_given *first, size_t upto)
{
	cnv_str rest = rest_of(given->name, upto), name = squash(j, rest), title = squash(j, given->title);

	if (given->sheet == SHEET_COVER)
		return true;
	if (j->asked->roster && !names_somebody(j, rest) && !names_somebody(j, rest_of(first->name, upto)))
		return true;
	return name.len && cnv_str_starts(title, name) && (name.len == title.len || title.len > TITLE / 2);
}

/* Among the first sheets whose names begin most like this one, the only one. */
static uint32_t find_root(joining *j, const parts_given *given)
{
	cnv_str name = given->name;
	size_t from = cnv_folder_of(name).len, upto = from + parts_stem(name).len;

	for (;;) {
		uint32_t at = cnv_map_find(&j->names, cnv_str_slice(name, 0, upto));

		if (at != CNV_NONE)
			return j->at[at].count == 1 && may_join(j, given, &j->list->at[j->at[at].last], upto)
				       ? j->at[at].last
				       : CNV_NONE;
		if (upto == from)
			return CNV_NONE;
		upto = shorter(name, from, upto);
	}
}

cnv_status sheets_join(parts_list *list, const parts_asked *asked)
{
	joining j = { .list = list, .asked = asked };

	for (uint32_t i = 0; i < list->count && !j.failed; i++)
		if (list->at[i].sheet == SHEET_FIRST)
			add_first(&j, i);
	for (uint32_t i = 0; i < list->count && j.count; i++)
		if (list->at[i].sheet > SHEET_FIRST)
			list->at[i].root = find_root(&j, &list->at[i]);
	j.failed |= j.names.failed || j.arena.failed;
	cnv_map_fini(&j.names);
	cnv_mem_free(j.at);
	cnv_arena_fini(&j.arena);
	return j.failed ? CNV_NO_MEMORY : CNV_OK;
}
