/* Workbooks of Excel 97 to 2003 (.xls), if the program can read them.
 *
 * The library that reads them is not made for files of strangers, so it runs in a process of its own (xls_child.c),
 * which only a program may start: the library of canvass calls such a workbook by its name. */
#include "io/xls_book.h"

static cnv_xls_reader *reader;

void cnv_xls_read_by(cnv_xls_reader *by)
{
	reader = by;
}

cnv_status cnv_book_xls(cnv_book *book, cnv_str bytes)
{
	if (reader)
		return reader(book->source, bytes, book->sink, book->diags);
	return cnv_book_refuse(book, CNV_BOOK_OTHER, cnv_book_place(book),
			       "open it in Excel and save it as an Excel workbook (.xlsx)",
			       "this is an old Excel workbook (.xls), not an .xlsx workbook");
}

bool cnv_xls_is(cnv_str bytes)
{
	static const char book[] = "W\0o\0r\0k\0b\0o\0o\0k", older[] = "B\0o\0o\0k";

	return cnv_str_starts(bytes, CNV_STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) &&
	       (cnv_str_find(bytes, (cnv_str){ book, sizeof book }) != SIZE_MAX ||
		cnv_str_find(bytes, (cnv_str){ older, sizeof older }) != SIZE_MAX);
}
