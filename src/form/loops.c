/* loops.c: loops over a list, expanded into groups.
 *
 * The rows in `begin loop over L` are asked once for each choice of L.  Before questions are made of them, they are
 * expanded: a group for the loop, in it a group for each choice, and in that a copy of the rows, with %(name)s and
 * %(label)s in their cells replaced by those of the choice.  All later steps see plain groups.  In a loop inside a
 * loop, the inner choice counts.
 */
#include "form/name.h"
#include "form/places.h"
#include "form/steps.h"

#include <string.h>

/* Rows of a form with its loops expanded: nested loops multiply, and the longest forms have a thousand rows. */
#define ROWS_MOST 65536u
/* Bytes of the cells that are copied for the choices. */
#define BYTES_MOST ((size_t)32 << 20)

struct writing {
	cnv_form_builder *build;
	uint32_t *ends; /* the end row of each begin row; CNV_NONE for other rows */
	cnv_form_row_type *typed;
	cnv_form_cells *lines;
	uint32_t count;
	cnv_text text;
	size_t bytes;
	bool full; /* more than BYTES_MOST: the remaining cells are not replaced */
};

/* ---------------------------------------------------------------- which rows a loop holds */

static bool is_begin(const cnv_form_row_type *typed)
{
	return typed->kind >= LINE_BEGIN_GROUP && typed->kind <= LINE_BEGIN_LOOP;
}

static bool is_end(const cnv_form_row_type *typed)
{
	return typed->kind >= LINE_END_GROUP && typed->kind <= LINE_END_LOOP;
}

/* Pairs begin and end rows. false: they do not match, which rows.c reports. */
static bool find_ends(const cnv_form_builder *build, uint32_t *ends)
{
	uint32_t open[DEPTH_MOST], depth = 0;

	for (uint32_t i = 0; i < build->line_count; i++) {
		const cnv_form_row_type *typed = &build->typed[i];

		ends[i] = CNV_NONE;
		if (is_begin(typed) && depth == DEPTH_MOST)
			return false;
		if (is_begin(typed))
			open[depth++] = i;
		if (!is_end(typed))
			continue;
		if (!depth || typed->kind - build->typed[open[depth - 1]].kind != LINE_END_GROUP - LINE_BEGIN_GROUP)
			return false;
		ends[open[--depth]] = i;
	}
	return !depth;
}

static bool is_loop(const cnv_form_builder *build, uint32_t at)
{
	return build->typed[at].kind == LINE_BEGIN_LOOP && build->typed[at].list_index != CNV_NONE;
}

/* The choice "none" gets no rows. */
static bool is_asked(const cnv_choice *choice)
{
	return !cnv_str_equal(choice->name, CNV_STR("none"));
}

/* How many rows [from, upto) expand to; at most ROWS_MOST + 1. */
static uint32_t measure(const struct writing *writing, uint32_t from, uint32_t upto)
{
	const cnv_form_builder *build = writing->build;
	uint64_t total = 0;

	/* Recursion: loops nest no deeper than groups, DEPTH_MOST. */
	for (uint32_t i = from; i < upto && total <= ROWS_MOST; i++) {
		total++;
		if (!is_loop(build, i))
			continue;
		total += ((uint64_t)measure(writing, i + 1, writing->ends[i]) + 2) *
			 build->lists[build->typed[i].list_index].count;
		i = writing->ends[i] - 1;
	}
	return total > ROWS_MOST ? ROWS_MOST + 1 : (uint32_t)total;
}

/* ---------------------------------------------------------------- cells */

/* The replacement of %(word)s; false when the word is neither `name` nor `label`. */
static bool find_word(const cnv_form_builder *build, const cnv_form_head *head, const cnv_choice *choice, cnv_str word,
		      cnv_str *text)
{
	uint32_t language = head->role >= ROLE_FIRST_WORDING ? head->language : build->form->default_language;

	if (cnv_str_equal(word, CNV_STR("name")))
		*text = choice->name;
	else if (cnv_str_equal(word, CNV_STR("label")))
		*text = cnv_choice_title(build->form, choice, language);
	else
		return false;
	return true;
}

/* The word in the %(word)s that `text` begins with, no longer than a name; empty: none. */
static cnv_str read_word(cnv_str text)
{
	cnv_str rest = cnv_str_slice(text, 2, 2 + NAME_MOST + 2);
	size_t end = cnv_str_starts(text, CNV_STR("%(")) ? cnv_str_find(rest, CNV_STR(")s")) : SIZE_MAX;

	return end == SIZE_MAX ? (cnv_str){ 0 } : cnv_str_slice(rest, 0, end);
}

static cnv_str replace(struct writing *writing, const cnv_form_head *head, const cnv_cell_text *cell,
		       const cnv_choice *choice)
{
	cnv_form_builder *build = writing->build;
	cnv_str text = cell->text, copy;
	size_t at = 0;

	cnv_text_reset(&writing->text);
	while (at < text.len) {
		cnv_str rest = cnv_str_slice(text, at, text.len), word = read_word(rest), found;

		if (word.len && find_word(build, head, choice, word, &found)) {
			cnv_text_put(&writing->text, found);
			at += word.len + 4;
			continue;
		}
		if (word.len && cnv_form_is_name(word))
			cnv_diags_emit(
				build->diags,
				CNV_DIAG(.code = CNV_LOOP,
					 .place = cnv_form_part_place(cnv_form_cell_place(build, build->survey, cell),
								      text, cnv_str_slice(rest, 0, word.len + 4)),
					 .excerpt = text, .hint = CNV_STR("write %(name)s or %(label)s")),
				"\"%.*s\" has no meaning in a loop", CNV_ARG(cnv_str_slice(rest, 0, word.len + 4)));
		cnv_text_put_char(&writing->text, text.at[at]);
		/* A literal per cent sign may be doubled. */
		at += cnv_str_starts(rest, CNV_STR("%%")) ? 2 : 1;
	}
	build->no_memory = build->no_memory || writing->text.failed;
	writing->bytes += writing->text.len;
	writing->full = writing->full || writing->bytes > BYTES_MOST;
	copy = cnv_arena_copy(build->arena, cnv_text_str(&writing->text));
	return cnv_str_trim_unicode(copy);
}

/* Replaces %(name)s and %(label)s in a copy of the row; leaves a row without them alone. */
static void replace_cells(struct writing *writing, cnv_form_cells *line, const cnv_choice *choice)
{
	cnv_form_builder *build = writing->build;
	const cnv_form_heads *heads = &build->survey_heads;
	cnv_sheet_row *row = NULL;
	cnv_cell_text *cells = NULL;

	for (uint32_t i = 0; line->row && i < line->row->count && !writing->full; i++) {
		const cnv_cell_text *cell = &line->row->cells[i];
		const cnv_form_head *head = &heads->at[cell->column - 1];

		if (head->role == ROLE_TYPE || head->role == ROLE_DROPPED ||
		    cnv_str_find(cell->text, CNV_STR("%")) == SIZE_MAX)
			continue;
		if (!row) {
			row = cnv_arena_get(build->arena, sizeof *row);
			cells = cnv_arena_array(build->arena, line->row->count, sizeof *cells);
			if (!row || !cells)
				return;
			memcpy(cells, line->row->cells, line->row->count * sizeof *cells);
			*row = (cnv_sheet_row){ cells, line->row->count, line->row->row };
		}
		cells[i].text = replace(writing, head, cell, choice);
	}
	if (row)
		cnv_form_sort_row(heads, row, line);
}

/* ---------------------------------------------------------------- rows */

static void put_row(struct writing *writing, cnv_form_row_type typed, uint32_t from, const cnv_choice *choice)
{
	cnv_form_cells *line = &writing->lines[writing->count];

	writing->typed[writing->count++] = typed;
	*line = writing->build->lines[from];
	if (choice)
		replace_cells(writing, line, choice);
}

/* A choice whose name cannot be a group's name is reported, but its group is made. */
static void check_choice(cnv_form_builder *build, const cnv_form_cells *cells, const cnv_choice *choice)
{
	if (cnv_form_is_name(choice->name) && choice->name.len <= NAME_MOST)
		return;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_LOOP, .place = choice->place, .excerpt = choice->name,
				.hint = CNV_STR(
					"start the name with a letter, then use only letters, digits and underscores")),
		       "the loop on %s %u makes a group of each choice, and \"%.*s\" is not a valid name",
		       cnv_form_row_word(build), cells->row->row, CNV_ARG(cnv_str_slice(choice->name, 0, NAME_MOST)));
}

/* Copies the rows [from, upto) for a choice, NULL outside loops.  Recursion as in measure(). */
static void write_rows(struct writing *writing, uint32_t from, uint32_t upto, const cnv_choice *choice)
{
	cnv_form_builder *build = writing->build;

	for (uint32_t i = from; i < upto; i++) {
		uint32_t end = writing->ends[i];
		const cnv_list *list;

		put_row(writing, build->typed[i], i, choice);
		if (!is_loop(build, i))
			continue;
		list = &build->lists[build->typed[i].list_index];
		for (uint32_t k = 0; k < list->count; k++) {
			const cnv_choice *each = &list->choices[k];

			if (!is_asked(each))
				continue;
			check_choice(build, &build->lines[i], each);
			put_row(writing,
				(cnv_form_row_type){ .kind = LINE_BEGIN_GROUP, .list_index = CNV_NONE, .each = each },
				i, NULL);
			write_rows(writing, i + 1, end, each);
			put_row(writing, (cnv_form_row_type){ .kind = LINE_END_GROUP, .list_index = CNV_NONE }, end,
				NULL);
		}
		i = end - 1;
	}
}

/* Loops that cannot be expanded become groups. */
static void leave_loops(cnv_form_builder *build)
{
	for (uint32_t i = 0; i < build->line_count; i++)
		build->typed[i].list_index =
			build->typed[i].kind == LINE_BEGIN_LOOP ? CNV_NONE : build->typed[i].list_index;
}

static uint32_t find_loop(const cnv_form_builder *build)
{
	for (uint32_t i = 0; i < build->line_count; i++)
		if (is_loop(build, i))
			return i;
	return CNV_NONE;
}

static void report_large(cnv_form_builder *build, uint32_t loop)
{
	const cnv_cell_text *type = build->lines[loop].at[ROLE_TYPE];

	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_LOOP, .place = cnv_form_cell_place(build, build->survey, type),
				.excerpt = type->text, .hint = CNV_STR("use a repeat, or a shorter list")),
		       "the form is too large once its loops are expanded");
}

void cnv_form_expand_loops(cnv_form_builder *build)
{
	struct writing writing = { .build = build };
	uint32_t first = find_loop(build), count;

	if (first == CNV_NONE)
		return;
	writing.ends = cnv_arena_array(build->arena, build->line_count, sizeof *writing.ends);
	if (!writing.ends)
		return;
	if (!find_ends(build, writing.ends)) {
		leave_loops(build);
		return;
	}
	count = measure(&writing, 0, build->line_count);
	if (count > ROWS_MOST) {
		report_large(build, first);
		leave_loops(build);
		return;
	}
	build->form->looped = true;
	writing.typed = cnv_arena_array(build->arena, count, sizeof *writing.typed);
	writing.lines = cnv_arena_array(build->arena, count, sizeof *writing.lines);
	if (!writing.typed || !writing.lines)
		return;
	write_rows(&writing, 0, build->line_count, NULL);
	if (writing.full)
		report_large(build, first);
	cnv_text_fini(&writing.text);
	build->typed = writing.typed;
	build->lines = writing.lines;
	build->line_count = writing.count;
	build->room = 0;
	for (uint32_t i = 0; i < build->line_count; i++)
		build->room += 1 + build->typed[i].or_other;
}
