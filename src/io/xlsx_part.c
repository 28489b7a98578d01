/* The parts of a workbook: finds them by name, unpacks and parses them, and reports their defects. */
#include "io/xlsx_book.h"

#include <stdio.h>
#include <string.h>

#define PATH_ROOM 4096u /* bytes of a part's full path */

cnv_status cnv_book_refuse(cnv_book *book, cnv_code code, cnv_place place, const char *hint, const char *format, ...)
{
	char message[400];
	va_list list;

	va_start(list, format);
	vsnprintf(message, sizeof message, format, list);
	va_end(list);
	cnv_str text = cnv_str_from(message);
	cnv_diags_emit(book->diags, CNV_DIAG(.code = (uint16_t)code, .place = place, .hint = cnv_str_from(hint)),
		       "%.*s", (int)cnv_utf8_check(text), message);
	return CNV_REJECTED;
}

cnv_status cnv_book_count(cnv_book *book, size_t len, cnv_place place)
{
	book->given += len;
	if (book->given > CNV_XLSX_ALL)
		return cnv_book_refuse(book, CNV_BOOK_TOO_LARGE, place, "split it into several workbooks",
				       "the cells of the workbook have more than 256 MiB of text");
	return CNV_OK;
}

cnv_place cnv_book_place(const cnv_book *book)
{
	return (cnv_place){ .source = book->source };
}

cnv_status cnv_book_refuse_damaged(cnv_book *book, uint32_t part, cnv_str sheet, const char *what)
{
	cnv_place place = { .source = book->source, .sheet = sheet };
	cnv_str name = cnv_str_slice(cnv_zip_name(book->zip, part), 0, 100);

	name.len = cnv_utf8_check(name);
	return cnv_book_refuse(book, CNV_BOOK_DAMAGED, place,
			       "ask for the file again, or open and save it in a spreadsheet program",
			       "the workbook is damaged: %s (%.*s)", what, CNV_ARG(name));
}

static const struct zip_trouble {
	cnv_code code;
	const char *message, *hint;
} zip_troubles[] = {
	[CNV_ZIP_DAMAGED] = { CNV_BOOK_DAMAGED, "the workbook is damaged and cannot be unpacked",
			      "ask for the file again" },
	[CNV_ZIP_CUT] = { CNV_BOOK_DAMAGED, "the workbook is damaged: its end is missing", "ask for the file again" },
	[CNV_ZIP_PARTS] = { CNV_BOOK_TOO_LARGE, "the workbook has more than 2,000 parts",
			    "remove pictures and sheets that are not needed" },
	[CNV_ZIP_LARGE] = { CNV_BOOK_TOO_LARGE,
			    "the workbook unpacks to more than 64 MiB in one part, or 256 MiB in all",
			    "remove sheets and rows that are not needed" },
	[CNV_ZIP_LOCKED] = { CNV_BOOK_LOCKED, "the workbook is encrypted with a password",
			     "save it without a password" },
	[CNV_ZIP_METHOD] = { CNV_BOOK_DAMAGED, "the workbook uses a compression that no spreadsheet program uses",
			     "open it in a spreadsheet program and save it" },
	[CNV_ZIP_SUSPECT] = { CNV_BOOK_SUSPECT, "two parts of the workbook have the same bytes or the same name",
			      "ask the sender where it comes from" },
};

cnv_status cnv_book_refuse_zip(cnv_book *book, const cnv_zip_fault *fault, cnv_place place)
{
	const struct zip_trouble *row = &zip_troubles[fault->trouble];
	const char *part = fault->part;

	if (fault->at == UINT64_MAX)
		return cnv_book_refuse(book, row->code, place, row->hint, "%s%s%s%s", row->message, *part ? " (" : "",
				       part, *part ? ")" : "");
	return cnv_book_refuse(book, row->code, place, row->hint, "%s (%s%sat byte %llu of the file)", row->message,
			       part, *part ? ", " : "", (unsigned long long)fault->at);
}

static cnv_status refuse_xml(cnv_book *book, const cnv_xml *xml, uint32_t part, cnv_place place)
{
	static const struct {
		cnv_code code;
		const char *message;
	} rows[] = {
		[CNV_XML_MALFORMED] = { CNV_BOOK_DAMAGED, "the workbook is damaged" },
		[CNV_XML_DOCTYPE] = { CNV_BOOK_SUSPECT,
				      "the workbook has a document type declaration, which no workbook needs" },
		[CNV_XML_DEEP] = { CNV_BOOK_SUSPECT, "elements of the workbook are nested too deeply" },
		[CNV_XML_LONG] = { CNV_BOOK_SUSPECT, "the workbook has a tag longer than 1 MiB" },
		[CNV_XML_NAMES] = { CNV_BOOK_SUSPECT, "the workbook has more names than any workbook needs" },
		[CNV_XML_ROOT] = { CNV_BOOK_DAMAGED, "a part of the workbook has an unexpected root element" },
	};
	uint64_t line;
	const char *fault;
	cnv_xml_trouble trouble = cnv_xml_why(xml, &line, &fault);
	cnv_str name = cnv_str_slice(cnv_zip_name(book->zip, part), 0, 100);

	if (trouble == CNV_XML_SINK)
		return CNV_REJECTED; /* already reported */
	name.len = cnv_utf8_check(name);
	return cnv_book_refuse(book, rows[trouble].code, place, "open it in a spreadsheet program and save it",
			       "%s (%.*s, line %llu%s%s)", rows[trouble].message, CNV_ARG(name),
			       (unsigned long long)line, *fault ? ": " : "", fault);
}

static cnv_status feed(void *self, cnv_str bytes)
{
	return cnv_xml_feed(self, bytes);
}

cnv_status cnv_book_part(cnv_book *book, uint32_t part, const cnv_xml_sink *sink, const cnv_place *place)
{
	cnv_xml *xml = cnv_xml_new(sink);
	uint64_t line;
	const char *fault;

	if (!xml)
		return CNV_NO_MEMORY;
	cnv_status status = cnv_zip_stream(book->zip, part, feed, xml);
	bool zip = status == CNV_REJECTED && cnv_xml_why(xml, &line, &fault) == CNV_XML_FINE;
	if (status == CNV_OK)
		status = cnv_xml_end(xml);
	if (zip)
		cnv_book_refuse_zip(book, cnv_zip_why(book->zip), *place);
	else if (status == CNV_REJECTED)
		refuse_xml(book, xml, part, *place);
	cnv_xml_free(xml);
	return status;
}

uint32_t cnv_book_find(cnv_book *book, cnv_str folder, cnv_str target)
{
	char path[PATH_ROOM];
	size_t len = 0;
	cnv_str piece;

	if (folder.len > sizeof path)
		return CNV_NONE;
	if (folder.len && !cnv_str_starts(target, CNV_STR("/"))) {
		memcpy(path, folder.at, folder.len);
		len = folder.len;
	}
	while (cnv_str_split(&target, '/', &piece)) {
		if (!piece.len || cnv_str_equal(piece, CNV_STR(".")))
			continue;
		if (cnv_str_equal(piece, CNV_STR(".."))) {
			while (len && path[--len] != '/')
				;
			continue;
		}
		if (piece.len + 1 > sizeof path - len)
			return CNV_NONE;
		if (len)
			path[len++] = '/';
		memcpy(path + len, piece.at, piece.len);
		len += piece.len;
	}
	return cnv_zip_find(book->zip, (cnv_str){ path, len });
}
