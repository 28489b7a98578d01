/* Any bytes as the content of an OpenDocument spreadsheet. */
#include "corpus.h"

#include "../tests/zip_parts.h"
#include "canvass/io.h"

static bool want(void *self, const cnv_xlsx_sheet *sheet)
{
	(void)self;
	return sheet->name.len > 0;
}

static cnv_status take(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	(void)self, (void)kind;
	if (!row || !column || row > CNV_XLSX_ROWS || column > CNV_XLSX_COLUMNS || cnv_utf8_check(text) != text.len)
		__builtin_trap();
	return CNV_OK;
}

static cnv_status hear_area(void *self, cnv_xlsx_area area)
{
	(void)self;
	if (area.upto_row > CNV_XLSX_ROWS || area.upto_column > CNV_XLSX_COLUMNS || area.upto_row < area.from_row)
		__builtin_trap();
	return CNV_OK;
}

static cnv_status hear_comment(void *self, uint32_t row, uint32_t column, cnv_str author, cnv_str text)
{
	(void)self, (void)author;
	return take(self, row, column, text, CNV_XLSX_TEXT);
}

static cnv_status end(void *self)
{
	(void)self;
	return CNV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct zip_part parts[] = { { "content.xml", { (const char *)at, len } },
				    { "META-INF/manifest.xml", CNV_STR("<manifest/>") } };
	cnv_text file = { 0 };
	cnv_diags diags = { 0 };
	cnv_xlsx_sink sink = { .sheet = want,
			       .cell = take,
			       .end = end,
			       .hidden = hear_area,
			       .merged = hear_area,
			       .comment = hear_comment };

	zip_write(&file, parts, sizeof parts / sizeof parts[0]);
	cnv_xlsx_read(CNV_STR("fuzz.ods"), cnv_text_str(&file), &sink, &diags);
	cnv_text_fini(&file);
	return 0;
}
