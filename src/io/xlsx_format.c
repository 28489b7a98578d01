/* The looks of cells as formats of the library. */
#include "io/xlsx_writer.h"

/* CNV_LOOK_NUMBER by the decimals that the number needs, so that 5 does not read "5."; with separators from five digits
 * on, because an answer may be a year. */
static const char *const decimals[CNV_XLSX_DECIMALS] = { "[<10000]0_);#,##0_)", "[<10000]0.0_);#,##0.0_)",
							 "[<10000]0.00_);#,##0.00_)" };

static lxw_format *make_format(lxw_workbook *book, const cnv_xlsx_look *look, const char *number)
{
	lxw_format *format = workbook_add_format(book);
	if (!format)
		return NULL;
	if (look->size > 0) { /* otherwise the format is applied over a cell, which keeps its font */
		format_set_font_name(format, "Calibri");
		format_set_font_size(format, look->size);
	}
	format_set_font_color(format, (lxw_color_t)look->ink);
	if (look->fill != NO_FILL)
		format_set_bg_color(format, (lxw_color_t)look->fill);
	if (look->traits & BOLD)
		format_set_bold(format);
	if (look->traits & ITALIC)
		format_set_italic(format);
	if (look->traits & STRUCK)
		format_set_font_strikeout(format);
	if (look->traits & WRAPPED)
		format_set_text_wrap(format);
	if (look->traits & (CENTRED | RIGHT | LEFT))
		format_set_align(format, look->traits & CENTRED ? LXW_ALIGN_CENTER
					 : look->traits & RIGHT ? LXW_ALIGN_RIGHT
								: LXW_ALIGN_LEFT);
	if (look->size > 0)
		format_set_align(format, look->traits & MIDDLE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
	if (look->traits & BOXED) {
		format_set_border(format, LXW_BORDER_THIN);
		format_set_border_color(format, RULE);
	}
	if (look->traits & FRAMED) {
		format_set_border(format, LXW_BORDER_THIN);
		format_set_border_color(format, RED);
	}
	if (look->traits & LINED) {
		format_set_top(format, LXW_BORDER_THIN);
		format_set_top_color(format, RULE);
	}
	if (look->traits & OPEN)
		format_set_unlocked(format);
	if (look->traits & SET_IN)
		format_set_indent(format, 2);
	if (look->traits & LINKED)
		format_set_underline(format, LXW_UNDERLINE_SINGLE);
	if (look->traits & TOPPED) {
		format_set_top(format, LXW_BORDER_MEDIUM);
		format_set_top_color(format, NAVY);
	}
	if (number)
		format_set_num_format(format, number);
	return format;
}

bool xlsx_make_formats(struct xlsx_writer *writer)
{
	for (size_t look = 0; look < CNV_LOOKS; look++)
		if (!(writer->formats[look] =
			      make_format(writer->book, &cnv_xlsx_looks[look], cnv_xlsx_looks[look].number)))
			return false;
	for (size_t digits = 0; digits < CNV_XLSX_DECIMALS; digits++) {
		writer->numbers[digits] = make_format(writer->book, &cnv_xlsx_looks[CNV_LOOK_NUMBER], decimals[digits]);
		if (!writer->numbers[digits])
			return false;
	}
	writer->aside = make_format(writer->book, &cnv_xlsx_aside, NULL);
	return writer->aside && cnv_xlsx_proof_looks(&writer->proofs, decimals);
}
