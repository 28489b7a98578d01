/* translations.c: texts that one language of a form has and another lacks.
 *
 * language.c reports columns that are missing entirely.  Here each sheet is read once, row by row; missing cells are
 * reported once per language and column, at the first one, with their number.
 */
#include "form/steps.h"

#define WORDINGS (ROLE_FIRST_MEDIA - ROLE_FIRST_WORDING)

/* The missing texts of one language and column. */
struct gap {
	uint32_t column; /* from 1; 0: the sheet has no such column */
	uint32_t count, row;
	bool filled; /* in the current row */
};

/* Digits and punctuation need no translation. */
static bool has_letters(cnv_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] >= 'a' && text.at[i] <= 'z') || (text.at[i] >= 'A' && text.at[i] <= 'Z') ||
		    (unsigned char)text.at[i] >= 0x80)
			return true;
	return false;
}

static void read_row(const cnv_form_heads *heads, const cnv_sheet_row *row, struct gap *gaps, uint32_t languages)
{
	bool worded[WORDINGS] = { false };

	for (uint32_t i = 0; i < languages * WORDINGS; i++)
		gaps[i].filled = false;
	for (uint32_t i = 0; i < row->count; i++) {
		const cnv_cell_text *cell = &row->cells[i];
		const cnv_form_head *head = cell->column <= heads->count ? &heads->at[cell->column - 1] : NULL;

		if (!head || head->role < ROLE_FIRST_WORDING || head->role >= ROLE_FIRST_MEDIA)
			continue;
		gaps[head->language * WORDINGS + (head->role - ROLE_FIRST_WORDING)].filled = true;
		worded[head->role - ROLE_FIRST_WORDING] |= has_letters(cell->text);
	}
	for (uint32_t i = 0; i < languages * WORDINGS; i++) {
		struct gap *gap = &gaps[i];

		if (!gap->column || gap->filled || !worded[i % WORDINGS])
			continue;
		if (!gap->count++)
			gap->row = row->row;
	}
}

static void check_sheet(cnv_form_builder *build, const cnv_form_heads *heads)
{
	static const char *const names[WORDINGS] = { "label", "hint", "guidance_hint", "constraint_message",
						     "required_message" };
	uint32_t languages = build->language_count;
	struct gap *gaps = cnv_arena_array(build->arena, (size_t)languages * WORDINGS, sizeof *gaps);

	if (!gaps || !heads->sheet)
		return;
	for (uint32_t i = 0; i < heads->count; i++)
		if (heads->at[i].role >= ROLE_FIRST_WORDING && heads->at[i].role < ROLE_FIRST_MEDIA)
			gaps[heads->at[i].language * WORDINGS + (heads->at[i].role - ROLE_FIRST_WORDING)].column =
				i + 1;
	for (uint32_t i = 0; i < heads->sheet->count; i++)
		read_row(heads, &heads->sheet->rows[i], gaps, languages);
	for (uint32_t i = 0; i < languages * WORDINGS; i++) {
		cnv_str language = build->languages[i / WORDINGS];

		if (!gaps[i].count)
			continue;
		cnv_diags_emit(
			build->diags,
			CNV_DIAG(.code = CNV_LANGUAGE_CELLS,
				 .place = cnv_sheet_place(build->sheets, heads->sheet, gaps[i].row, gaps[i].column)),
			"%u %s%s not translated into %s%.*s%s, the first in this row", (unsigned)gaps[i].count,
			names[i % WORDINGS], gaps[i].count > 1 ? "s are" : " is",
			language.len ? "\"" : "the unnamed language", CNV_ARG(language), language.len ? "\"" : "");
	}
}

void cnv_form_check_translations(cnv_form_builder *build)
{
	if (build->language_count < 2)
		return;
	check_sheet(build, &build->survey_heads);
	check_sheet(build, &build->choices_heads);
}
