/* bank_check.c: reports where a form and the blocks it names differ. */
#include "form/bank.h"
#include "form/places.h"

#define TAKE_FROM_BANK CNV_STR("write the form with show --expand, or empty the column bank of this row")

void cnv_bank_report_bare(cnv_form_builder *build, const cnv_sheet *sheet, const cnv_cell_text *cell)
{
	cnv_diags_emit(build->diags,
		       CNV_DIAG(.code = CNV_BLOCK_NOT_EXPANDED, .place = cnv_form_cell_place(build, sheet, cell),
				.excerpt = cell->text),
		       "the rows of the block \"%.*s\" are not in the form", CNV_ARG(cell->text));
}

/* The name by which people find a row of a block. */
static cnv_str line_name(const cnv_bank_joint *joint, const cnv_bank_line *line, cnv_arena *arena)
{
	const cnv_sheet *sheet = joint->block[line->block];
	cnv_str name = cnv_bank_cell(line->row, cnv_bank_column(sheet, CNV_STR("name"), arena));

	return name.len ? name : cnv_bank_cell(line->row, cnv_bank_column(sheet, CNV_STR("type"), arena));
}

/* The first cell in which a row differs from its block. */
static void check_row(const cnv_bank_joint *joint, const cnv_sheets *form, const cnv_bank_block *blocks, uint32_t at,
		      cnv_arena *arena, cnv_diags *diags)
{
	const cnv_sheet_row *row = &joint->sheet->rows[at];
	const cnv_bank_line *line = &joint->lines[joint->line_of[at]];
	const cnv_sheet *block = joint->block[line->block];

	for (uint32_t i = 0; i < block->header.count; i++) {
		cnv_str heading = block->header.cells[i].text;
		uint32_t column = joint->place_of[line->block][block->header.cells[i].column - 1];
		cnv_str wanted = cnv_bank_cell(line->row, block->header.cells[i].column);
		cnv_str found = cnv_bank_cell(row, column);

		if (column == joint->columns.bank || cnv_str_equal(wanted, found))
			continue;
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_BLOCK_DIFFERS,
					.place = cnv_sheet_place(form, joint->sheet, row->row,
								 column ? column : joint->columns.bank),
					.field = line_name(joint, line, arena), .excerpt = found,
					.hint = TAKE_FROM_BANK),
			       "the column %.*s of this row differs from the block \"%.*s\"", CNV_ARG(heading),
			       CNV_ARG(blocks[line->block].name));
		return;
	}
}

static void check_rows(const cnv_bank_joint *joint, const cnv_sheets *form, const cnv_bank_block *blocks,
		       cnv_arena *arena, cnv_diags *diags)
{
	for (uint32_t i = 0; joint->sheet && i < joint->sheet->count; i++) {
		uint32_t block = joint->block_of[i];
		const cnv_sheet_row *row = &joint->sheet->rows[i];

		if (block == CNV_NONE || !blocks[block].sheets || cnv_bank_is_bare(row, joint->columns.bank))
			continue;
		if (joint->line_of[i] != CNV_NONE)
			check_row(joint, form, blocks, i, arena, diags);
		else
			cnv_diags_emit(
				diags,
				CNV_DIAG(.code = CNV_BLOCK_DIFFERS,
					 .place = cnv_sheet_place(form, joint->sheet, row->row, joint->columns.bank),
					 .field = cnv_bank_cell(row, joint->columns.name),
					 .excerpt = blocks[block].name,
					 .hint = CNV_STR("empty the column bank of this row, or remove the row")),
				"the block \"%.*s\" has no such row", CNV_ARG(blocks[block].name));
	}
}

/* Rows that the form lacks, reported where the block is first named. */
static void check_missing(const cnv_bank_joint *joint, const cnv_bank_block *blocks, cnv_arena *arena, cnv_diags *diags)
{
	for (uint32_t i = 0; i < joint->line_count; i++) {
		const cnv_bank_line *line = &joint->lines[i];
		const cnv_bank_block *block = &blocks[line->block];

		if (line->taken != CNV_NONE || block->bare)
			continue;
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_BLOCK_DIFFERS, .place = block->place, .excerpt = block->name,
					.hint = CNV_STR("write the form with show --expand")),
			       "the form lacks \"%.*s\" of the block \"%.*s\"", CNV_ARG(line_name(joint, line, arena)),
			       CNV_ARG(block->name));
	}
}

cnv_status cnv_bank_check(const cnv_sheets *form, const cnv_bank_block *blocks, uint32_t count, cnv_arena *arena,
			  cnv_diags *diags)
{
	for (cnv_bank_sheet kind = 0; count && kind < BANK_SHEETS; kind++) {
		cnv_bank_joint joint;

		if (!cnv_bank_join(&joint, kind, form, blocks, count, arena))
			return CNV_NO_MEMORY;
		check_rows(&joint, form, blocks, arena, diags);
		check_missing(&joint, blocks, arena, diags);
	}
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}
