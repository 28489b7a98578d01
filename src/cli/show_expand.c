/* show --expand: the form with the rows of the blocks it names, as one CSV file. */
#include "cli/show.h"

static void print_error(void *self, const cnv_diag *diag)
{
	/* A form without one of its blocks is not the form that was meant. */
	if (diag->severity == CNV_ERROR || diag->code == CNV_BLOCK_MISSING)
		cli_print_diag(self, diag);
}

static void on_record(void *self, const cnv_str *fields, uint32_t count)
{
	cnv_text *text = self;

	for (uint32_t i = 0; i < count; i++) {
		if (i)
			cnv_text_put_char(text, ',');
		cnv_csv_put(text, fields[i]);
	}
	cnv_text_put_char(text, '\n');
}

/* Control characters and the like are data, but not on a terminal. */
static void print_file(cnv_str text)
{
	if (cli_is_terminal(stdout))
		cli_put(stdout, text, true);
	else
		fwrite(text.at, 1, text.len, stdout);
}

static bool is_whole(const cnv_bank *bank)
{
	for (uint32_t i = 0; i < bank->count; i++)
		if (!bank->blocks[i].sheets)
			return false;
	return true;
}

cli_exit cli_show_expanded(cnv_str name)
{
	cnv_diags diags = { .emit = print_error, .self = stderr };
	cnv_form_file form;
	cnv_bank bank = { 0 };
	cnv_text text = { 0 };
	cnv_status status = cnv_form_file_sheets(&form, name, &diags);

	if (!status)
		status = cnv_bank_load(&bank, &form, &diags);
	if (!status && !is_whole(&bank))
		status = CNV_REJECTED;
	if (!status)
		status = cnv_bank_expand(&form.sheets, bank.blocks, bank.count, &bank.arena, on_record, &text);
	if (!status && text.failed)
		status = CNV_NO_MEMORY;
	if (!status)
		print_file(cnv_text_str(&text));
	if (status == CNV_NO_MEMORY)
		cli_out_of_memory();
	cnv_text_fini(&text);
	cnv_bank_fini(&bank);
	cnv_form_file_fini(&form);
	return cli_exit_asked(status);
}
