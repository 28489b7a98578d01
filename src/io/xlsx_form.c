/* Reads a form from a workbook: collects its cells row by row into the sheets that a form is built from. */
#include "canvass/io.h"

#define FORM_LIMIT ((size_t)32 << 20) /* bytes of the cells of a form, the same limit as for a form file in CSV */

struct gathering {
	cnv_sheets *sheets;
	cnv_diags *diags;
	cnv_text text;        /* of the row's cells, end to end */
	cnv_cell_text *cells; /* their texts are in `text`; only lengths until the row is complete */
	uint32_t count, room;
	size_t given; /* bytes of all cells so far */
};

static bool on_sheet(void *self, const cnv_xlsx_sheet *sheet)
{
	struct gathering *gathering = self;
	return cnv_sheets_begin(gathering->sheets, sheet->name, sheet->tab, sheet->tabs);
}

static cnv_status put_row(struct gathering *gathering)
{
	const char *at = gathering->text.at;

	if (gathering->text.failed)
		return CNV_NO_MEMORY;
	for (uint32_t i = 0; i < gathering->count; i++) {
		gathering->cells[i].text.at = at;
		at += gathering->cells[i].text.len;
	}
	if (gathering->count)
		cnv_sheets_put(gathering->sheets, gathering->cells, gathering->count, gathering->cells[0].row,
			       gathering->diags);
	gathering->count = 0;
	cnv_text_reset(&gathering->text);
	return gathering->sheets->arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status on_cell(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	struct gathering *gathering = self;
	void *at = gathering->cells;
	cnv_status status = CNV_OK;

	(void)kind;
	if (gathering->count && gathering->cells[0].row != row)
		status = put_row(gathering);
	if (status != CNV_OK)
		return status;
	gathering->given += text.len + sizeof *gathering->cells;
	if (gathering->given > FORM_LIMIT) {
		const cnv_sheets *sheets = gathering->sheets;
		cnv_diags_emit(gathering->diags,
			       CNV_DIAG(.code = CNV_BOOK_TOO_LARGE,
					.place = cnv_sheet_place(sheets, &sheets->sheets[sheets->current], row, column),
					.hint = CNV_STR("keep what is not part of the form in another workbook")),
			       "the cells of the form have more than 32 MiB of text");
		return CNV_REJECTED;
	}
	if (!cnv_mem_room(&at, &gathering->room, gathering->count + 1, sizeof *gathering->cells))
		return CNV_NO_MEMORY;
	gathering->cells = at;
	cnv_text_put(&gathering->text, text);
	gathering->cells[gathering->count++] = (cnv_cell_text){ { NULL, text.len }, row, column };
	return CNV_OK;
}

static cnv_status on_end(void *self)
{
	return put_row(self);
}

cnv_status cnv_xlsx_sheets(cnv_sheets *sheets, cnv_str bytes, cnv_diags *diags)
{
	struct gathering gathering = { .sheets = sheets, .diags = diags };
	cnv_xlsx_sink sink = { .self = &gathering, .sheet = on_sheet, .cell = on_cell, .end = on_end };
	cnv_status status = cnv_xlsx_read(sheets->source, bytes, &sink, diags);

	cnv_text_fini(&gathering.text);
	cnv_mem_free(gathering.cells);
	return status == CNV_OK && sheets->arena->failed ? CNV_NO_MEMORY : status;
}
