/* What the files that write a workbook share: errors, the locale around calls into the library, texts and formulas. */
#include "io/xlsx_writer.h"

#include <errno.h>

#include "io/xlsx_text.h"

#define FORMULA_UNITS 8000u /* a formula has 8,192 at most */

cnv_place xlsx_place(const struct xlsx_writer *writer, uint32_t row, uint32_t column)
{
	return (cnv_place){
		.source = writer->output->target, .sheet = writer->name, .row = row + 1, .column = column + 1
	};
}

cnv_status xlsx_refuse_cell(struct xlsx_writer *writer, uint32_t row, uint32_t column, const char *why)
{
	cnv_diags_emit(writer->diags, CNV_DIAG(.code = CNV_CELL_REFUSED, .place = xlsx_place(writer, row, column)),
		       "%s", why);
	return writer->status = CNV_REJECTED;
}

cnv_status xlsx_refuse_sheet(struct xlsx_writer *writer, cnv_str name, const char *why)
{
	cnv_place place = { .source = writer->output->target };
	cnv_diags_emit(writer->diags, CNV_DIAG(.code = CNV_SHEET_REFUSED, .place = place, .field = name),
		       "the sheet \"%.*s\" cannot be made: %s", CNV_ARG(name), why);
	return writer->status = CNV_REJECTED;
}

cnv_status xlsx_refuse_book(struct xlsx_writer *writer, const char *why)
{
	cnv_place place = { .source = writer->output->target };
	cnv_diags_emit(
		writer->diags,
		CNV_DIAG(.code = CNV_WORKBOOK_DAMAGED, .place = place,
			 .hint = CNV_STR("free disk space, also in the folder for temporary files, and run again")),
		"the workbook could not be written: %s", why);
	return writer->status = CNV_NO_ACCESS;
}

locale_t xlsx_enter(const struct xlsx_writer *writer)
{
	errno = 0;
	return uselocale(writer->plain);
}

/* Turns the result of a library call into the sticky status.  The library does not check every allocation; it then
 * leaves out a font or a prompt without reporting an error.  The failed allocation sets errno, and nothing resets it
 * before this check. */
cnv_status xlsx_leave(struct xlsx_writer *writer, locale_t before, lxw_error error)
{
	bool refused = errno == ENOMEM || error == LXW_ERROR_MEMORY_MALLOC_FAILED;

	uselocale(before);
	if (writer->status != CNV_OK)
		return writer->status;
	if (refused)
		return writer->status = CNV_NO_MEMORY;
	return error == LXW_NO_ERROR ? CNV_OK : xlsx_refuse_book(writer, lxw_strerror(error));
}

cnv_status xlsx_make_text(struct xlsx_writer *writer, cnv_text *out, cnv_str s, uint32_t row, uint32_t column)
{
	if (cnv_utf8_check(s) != s.len)
		return xlsx_refuse_cell(writer, row, column, "its text is not UTF-8");
	if (cnv_xlsx_cell_text(out, s))
		cnv_diags_emit(writer->diags,
			       CNV_DIAG(.code = CNV_CELL_SHORTENED, .place = xlsx_place(writer, row, column)),
			       "the text was cut after %u characters; the store has all of it", CNV_XLSX_CUT);
	cnv_text_put_char(out, '\0');
	return out->failed ? (writer->status = CNV_NO_MEMORY) : CNV_OK;
}

/* Formulas are made by canvass but contain names and labels of the form, so their characters are checked too. */
cnv_status xlsx_make_formula(struct xlsx_writer *writer, cnv_text *out, const char *before, cnv_str text)
{
	bool whole = cnv_utf8_check(text) == text.len;
	for (size_t at = 0; at < text.len && whole; at++)
		whole = (unsigned char)text.at[at] >= 0x20;
	if (!whole || cnv_utf16_length(text) > FORMULA_UNITS)
		return xlsx_refuse_cell(writer, 0, 0, "a formula is too long or has impossible characters");
	cnv_text_reset(out);
	cnv_text_put(out, cnv_str_from(before));
	cnv_text_put(out, text);
	cnv_text_put_char(out, '\0');
	return out->failed ? (writer->status = CNV_NO_MEMORY) : CNV_OK;
}
