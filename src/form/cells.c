/* cells.c: the cells of one row, by the role of their column. */
#include "form/cells.h"

#include "form/places.h"

#include <string.h>

/* A formula that has lost its end: parentheses are not closed. */
static bool is_cut_off(cnv_form_builder *build, cnv_str text)
{
	const cnv_formula_tree *tree = cnv_formula_parse(text, build->arena);

	return tree && tree->unclosed > 0;
}

static bool is_formula(cnv_form_role role)
{
	return role >= ROLE_RELEVANT && role <= ROLE_TRIGGER;
}

/* Reports cells to the right of the last heading.  Most are caused by a comma in a formula that was not quoted: that
 * formula and the cells after it are then dropped, because they would only cause more mistakes. */
static void check_surplus(cnv_form_builder *build, const cnv_form_heads *heads, cnv_sheet_row *row)
{
	const cnv_cell_text *surplus = &row->cells[row->count - 1];
	uint32_t cut = row->count;

	if (surplus->column <= heads->count)
		return;
	while (surplus > row->cells && surplus[-1].column > heads->count)
		surplus--;
	for (uint32_t i = row->count; i-- > 0;)
		if (row->cells[i].column <= heads->count && is_formula(heads->at[row->cells[i].column - 1].role) &&
		    is_cut_off(build, row->cells[i].text))
			cut = i;
	if (cut < row->count) {
		const cnv_cell_text *cell = &row->cells[cut];

		cnv_diags_emit(build->diags,
			       CNV_DIAG(.code = CNV_SHEET_SURPLUS,
					.place = cnv_form_cell_place(build, heads->sheet, cell), .excerpt = cell->text,
					.hint = CNV_STR("enclose the cell in double quotes: otherwise a comma in it"
							" starts a new cell")),
			       "the cell is cut off, and the row has more cells than the header");
		row->count = cut;
		return;
	}
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_SHEET_SURPLUS, .place = cnv_form_cell_place(build, heads->sheet, surplus),
				.excerpt = surplus->text,
				.hint = CNV_STR("enclose cells that contain a comma in double quotes, or add a"
						" heading to this column")),
		       "the row has more cells than the header; this cell has no heading");
	row->count = (uint32_t)(surplus - row->cells);
}

/* A cell under an empty heading, reported once per column. */
static void check_headed(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_cell_text *cell)
{
	cnv_form_head *head = &heads->at[cell->column - 1];

	if (head->role != ROLE_DROPPED || head->heading.len || head->suffixed)
		return;
	head->suffixed = true;
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_COLUMN_UNNAMED, .place = cnv_form_cell_place(build, heads->sheet, cell),
				.excerpt = cell->text),
		       "the column has no heading; its cells are ignored");
}

/* A copy with each run of spaces reduced to one. */
static cnv_str collapse(cnv_arena *arena, cnv_str text)
{
	char *copy = cnv_arena_get(arena, text.len);
	size_t len = 0;

	if (!copy)
		return text;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != ' ' || !len || copy[len - 1] != ' ')
			copy[len++] = text.at[i];
	return (cnv_str){ copy, len };
}

/* The row with its cells collapsed; the row itself when nothing changes. */
static const cnv_sheet_row *collapse_row(cnv_form_builder *build, const cnv_sheet_row *row)
{
	cnv_sheet_row *copy = NULL;
	cnv_cell_text *cells = NULL;

	for (uint32_t i = 0; i < row->count; i++) {
		if (cnv_str_find(row->cells[i].text, CNV_STR("  ")) == SIZE_MAX)
			continue;
		if (!copy) {
			copy = cnv_arena_get(build->arena, sizeof *copy);
			cells = cnv_arena_array(build->arena, row->count, sizeof *cells);
			if (!copy || !cells)
				return row;
			memcpy(cells, row->cells, row->count * sizeof *cells);
			*copy = (cnv_sheet_row){ cells, row->count, row->row };
		}
		cells[i].text = collapse(build->arena, row->cells[i].text);
	}
	return copy ? copy : row;
}

bool cnv_form_sort_row(const cnv_form_heads *heads, const cnv_sheet_row *row, cnv_form_cells *cells)
{
	bool any = false;

	memset(cells, 0, sizeof *cells);
	cells->row = row;
	for (uint32_t i = 0; i < row->count; i++) {
		const cnv_cell_text *cell = &row->cells[i];
		const cnv_form_head *head = &heads->at[cell->column - 1];

		if (head->role == ROLE_DROPPED)
			continue;
		any = true;
		if (head->role < ROLE_FIRST_WORDING || !cells->at[head->role])
			cells->at[head->role] = cell;
	}
	return any;
}

bool cnv_form_read_row(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_sheet_row *row,
		       cnv_form_cells *cells)
{
	memset(cells, 0, sizeof *cells);
	if (!row->count)
		return false;
	if (row->cells[row->count - 1].column > heads->count) {
		cnv_sheet_row *kept = cnv_arena_get(build->arena, sizeof *kept);

		if (!kept)
			return false;
		*kept = *row;
		check_surplus(build, heads, kept);
		row = kept;
	}
	if (heads->sheet == build->survey && !build->keep_blanks)
		row = collapse_row(build, row);
	for (uint32_t i = 0; i < row->count; i++)
		check_headed(build, heads, &row->cells[i]);
	return cnv_form_sort_row(heads, row, cells);
}

cnv_wording cnv_form_read_wording(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_form_cells *cells,
				  cnv_form_role role)
{
	cnv_wording wording = { .at = build->blank };
	cnv_str *at;

	if (!cells->at[role])
		return wording;
	wording.place = cnv_form_cell_place(build, heads->sheet, cells->at[role]);
	at = cnv_arena_array(build->arena, build->language_count, sizeof *at);
	if (!at)
		return wording;
	for (uint32_t i = 0; i < cells->row->count; i++) {
		const cnv_cell_text *cell = &cells->row->cells[i];
		const cnv_form_head *head = &heads->at[cell->column - 1];

		if (head->role == role && head->language < build->language_count &&
		    (head->suffixed || !at[head->language].len))
			at[head->language] = cell->text;
	}
	wording.at = at;
	return wording;
}

/* Choice filters and instance() may also read the columns of media, and `says`. */
static bool is_extra(cnv_form_role role)
{
	return role == ROLE_EXTRA || role == ROLE_SAYS || role >= ROLE_FIRST_MEDIA;
}

const cnv_extra *cnv_form_read_extras(cnv_form_builder *build, const cnv_form_heads *heads, const cnv_form_cells *cells,
				      uint32_t *count)
{
	uint32_t room = 0;
	cnv_extra *extras;

	*count = 0;
	for (uint32_t i = 0; i < cells->row->count; i++) {
		room += is_extra(heads->at[cells->row->cells[i].column - 1].role);
	}
	if (!room)
		return NULL;
	extras = cnv_arena_array(build->arena, room, sizeof *extras);
	if (!extras)
		return NULL;
	for (uint32_t i = 0; i < cells->row->count; i++) {
		const cnv_cell_text *cell = &cells->row->cells[i];
		const cnv_form_head *head = &heads->at[cell->column - 1];

		if (is_extra(head->role))
			extras[(*count)++] = (cnv_extra){ head->heading, cell->text };
	}
	return extras;
}
