/* Any bytes as a workbook: as the whole file, or (so that sums and packing need not be guessed) as one of its parts,
 * which the first byte chooses; read, built, compiled. */
#include "corpus.h"

#include "../tests/zip_parts.h"
#include "canvass/check.h"
#include "canvass/io.h"

static bool want(void *self, const cnv_xlsx_sheet *sheet)
{
	(void)self, (void)sheet;
	return true;
}

static cnv_status take(void *self, uint32_t row, uint32_t column, cnv_str text, cnv_xlsx_kind kind)
{
	(void)self, (void)kind;
	if (!row || !column || row > CNV_XLSX_ROWS || column > CNV_XLSX_COLUMNS || cnv_utf8_check(text) != text.len)
		__builtin_trap();
	return CNV_OK;
}

static cnv_status end(void *self)
{
	(void)self;
	return CNV_OK;
}

static void read_form(cnv_str bytes)
{
	cnv_arena arena = { .limit = (size_t)256 << 20 };
	cnv_diags diags = { 0 };
	cnv_sheets sheets;
	cnv_form *form = NULL;
	cnv_plan *plan = NULL;

	cnv_sheets_init(&sheets, CNV_STR("fuzz.xlsx"), &arena);
	if (!cnv_xlsx_sheets(&sheets, bytes, &diags)) {
		cnv_form_build(&form, &sheets, &arena, &diags);
		if (form)
			cnv_plan_build(&plan, form, 0, &arena, &diags);
	}
	cnv_plan_fini(plan);
	if (form)
		cnv_form_fini(form);
	cnv_sheets_fini(&sheets);
	cnv_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_str bytes = { (const char *)at, len };
	cnv_text book = { 0 };
	cnv_diags diags = { 0 };
	cnv_xlsx_sink sink = { .sheet = want, .cell = take, .end = end };

	if (!cnv_xlsx_is(bytes) && len > 1) {
		cnv_str given[BOOK_PARTS] = { 0 };
		given[at[0] % BOOK_PARTS] = cnv_str_slice(bytes, 1, len);
		book_write(&book, given);
		bytes = cnv_text_str(&book);
	}
	if (cnv_xlsx_read(CNV_STR("fuzz.xlsx"), bytes, &sink, &diags) == CNV_REJECTED && diags.errors != 1)
		__builtin_trap();
	read_form(bytes);
	cnv_text_fini(&book);
	return 0;
}
