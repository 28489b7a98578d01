/* The question bank of a form: the folder bank next to it, with one file for each block of rows that forms share. */
#include "canvass/round.h"

static void report_missing(const cnv_bank_block *block, cnv_str path, cnv_diags *diags)
{
	if (path.len)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_BLOCK_MISSING, .place = block->place, .excerpt = block->name),
			       "the block \"%.*s\" is not in the bank: there is no file %.*s", CNV_ARG(block->name),
			       CNV_ARG(path));
	else
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_BLOCK_MISSING, .place = block->place, .excerpt = block->name,
					.hint = CNV_STR("use only a to z, 0 to 9, _ and -, at most 64 characters")),
			       "\"%.*s\" is not a valid name of a block", CNV_ARG(block->name));
}

static cnv_status load_block(cnv_bank *bank, uint32_t at, cnv_str form, cnv_diags *diags)
{
	cnv_bank_block *block = &bank->blocks[at];
	cnv_status status = CNV_OK;
	cnv_str path = { 0 };
	bool there = false;

	if (cnv_bank_name_ok(block->name)) {
		path = cnv_arena_format(&bank->arena, "%.*sbank/%.*s.csv", CNV_ARG(cnv_folder_of(form)),
					CNV_ARG(block->name));
		status = path.len ? cnv_file_look(path, &there, diags) : CNV_NO_MEMORY;
	}
	if (status)
		return status;
	if (!there) {
		report_missing(block, path, diags);
		return CNV_OK;
	}
	status = cnv_form_file_sheets(&bank->files[at], path, diags);
	if (!status)
		block->sheets = &bank->files[at].sheets;
	return status;
}

cnv_status cnv_bank_load(cnv_bank *bank, const cnv_form_file *form, cnv_diags *diags)
{
	cnv_status status;

	*bank = (cnv_bank){ 0 };
	status = cnv_bank_blocks(&bank->blocks, &bank->count, &form->sheets, &bank->arena);
	if (!status && bank->count) {
		bank->files = cnv_arena_array(&bank->arena, bank->count, sizeof *bank->files);
		status = bank->files ? CNV_OK : CNV_NO_MEMORY;
	}
	for (uint32_t i = 0; i < bank->count && !status; i++)
		status = load_block(bank, i, form->name, diags);
	return status;
}

void cnv_bank_fini(cnv_bank *bank)
{
	for (uint32_t i = 0; bank->files && i < bank->count; i++)
		cnv_form_file_fini(&bank->files[i]);
	cnv_arena_fini(&bank->arena);
	*bank = (cnv_bank){ 0 };
}
