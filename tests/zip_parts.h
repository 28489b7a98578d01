/* zip_parts.h: workbooks made by hand, part by part, stored and not packed, for the tests and the fuzzer of the reader.
 */
#ifndef CANVASS_TESTS_ZIP_PARTS_H
#define CANVASS_TESTS_ZIP_PARTS_H

#include "canvass/base.h"

struct zip_part {
	const char *name;
	cnv_str bytes;
};

static inline void zip_number(cnv_text *out, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		cnv_text_put_char(out, (char)(number >> (8 * i) & 0xFF));
}

static inline uint32_t zip_crc(cnv_str bytes)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.at[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
	}
	return ~crc;
}

/* What the local header and the entry of the list have in common. */
static inline void zip_header(cnv_text *out, const struct zip_part *part)
{
	zip_number(out, 20, 2); /* version needed */
	zip_number(out, 0, 2);  /* flags */
	zip_number(out, 0, 2);  /* stored */
	zip_number(out, 0, 4);  /* time */
	zip_number(out, zip_crc(part->bytes), 4);
	zip_number(out, part->bytes.len, 4);
	zip_number(out, part->bytes.len, 4);
	zip_number(out, cnv_str_from(part->name).len, 2);
	zip_number(out, 0, 2); /* extra field */
}

/* Appends to an empty text; parts without a name are left out. */
static inline void zip_write(cnv_text *out, const struct zip_part *parts, size_t count)
{
	cnv_text list = { 0 };
	uint32_t written = 0;

	for (size_t i = 0; i < count; i++) {
		size_t offset = out->len;
		if (!parts[i].name)
			continue;
		zip_number(out, 0x04034B50, 4);
		zip_header(out, &parts[i]);
		cnv_text_put(out, cnv_str_from(parts[i].name));
		cnv_text_put(out, parts[i].bytes);
		zip_number(&list, 0x02014B50, 4);
		zip_number(&list, 20, 2); /* version made by */
		zip_header(&list, &parts[i]);
		zip_number(&list, 0, 2); /* comment */
		zip_number(&list, 0, 8); /* disk, attributes */
		zip_number(&list, offset, 4);
		cnv_text_put(&list, cnv_str_from(parts[i].name));
		written++;
	}
	size_t offset = out->len;
	cnv_text_put(out, cnv_text_str(&list));
	zip_number(out, 0x06054B50, 4);
	zip_number(out, 0, 4); /* disks */
	zip_number(out, written, 2);
	zip_number(out, written, 2);
	zip_number(out, list.len, 4);
	zip_number(out, offset, 4);
	zip_number(out, 0, 2); /* comment */
	cnv_text_fini(&list);
}

#define BOOK_SPACE "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define LINK_SPACE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE_SPACE "http://schemas.openxmlformats.org/package/2006/relationships"

/* A workbook of one sheet called "survey" and a chart; any part may be put in place of its own.  The sheet leads to
 * comments and threads, which are there only when given. */
enum {
	BOOK_ROOT,
	BOOK_LINKS,
	BOOK_BOOK,
	BOOK_STYLES,
	BOOK_STRINGS,
	BOOK_SHEET,
	BOOK_SHEET_LINKS,
	BOOK_NOTES,
	BOOK_THREADS,
	BOOK_PARTS
};
static const char *const book_names[BOOK_PARTS] = {
	"_rels/.rels",
	"xl/_rels/workbook.xml.rels",
	"xl/workbook.xml",
	"xl/styles.xml",
	"xl/sharedStrings.xml",
	"xl/worksheets/sheet1.xml",
	"xl/worksheets/_rels/sheet1.xml.rels",
	"xl/comments1.xml",
	"xl/threadedComments/threadedComment1.xml",
};
static const char *const book_parts[BOOK_PARTS] = {
	"<Relationships xmlns=\"" PACKAGE_SPACE "\"><Relationship Id=\"rId1\" Type=\"" LINK_SPACE "/officeDocument\" "
	"Target=\"xl/workbook.xml\"/></Relationships>",
	"<Relationships xmlns=\"" PACKAGE_SPACE "\">"
	"<Relationship Id=\"rId1\" Type=\"" LINK_SPACE "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	"<Relationship Id=\"rId2\" Type=\"" LINK_SPACE "/chartsheet\" Target=\"styles.xml\"/>"
	"<Relationship Id=\"rId3\" Type=\"" LINK_SPACE "/styles\" Target=\"/xl/styles.xml\"/>"
	"<Relationship Id=\"rId4\" Type=\"" LINK_SPACE "/sharedStrings\" Target=\"./x/../sharedStrings.xml\"/>"
	"</Relationships>",
	"<workbook xmlns=\"" BOOK_SPACE "\" xmlns:r=\"" LINK_SPACE "\"><workbookPr/><sheets>"
	"<sheet name=\"Chart\" sheetId=\"2\" r:id=\"rId2\"/><sheet name=\"survey\" sheetId=\"1\" r:id=\"rId1\"/>"
	"</sheets></workbook>",
	"<styleSheet xmlns=\"" BOOK_SPACE "\"><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
	"<numFmt numFmtId=\"165\" formatCode=\"[h]:mm\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
	"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/><xf "
	"numFmtId=\"165\"/>"
	"<xf numFmtId=\"20\"/><xf/></cellXfs></styleSheet>",
	"<sst xmlns=\"" BOOK_SPACE
	"\"><si><t>type</t></si><si><r><t xml:space=\"preserve\">a </t></r><r><rPr><b/></rPr><t>b"
	"</t></r><rPh sb=\"0\" eb=\"1\"><t>no</t></rPh><phoneticPr fontId=\"1\"/></si><si><t/></si></sst>",
	"<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData/></worksheet>",
	"<Relationships xmlns=\"" PACKAGE_SPACE "\">"
	"<Relationship Id=\"rId1\" Type=\"" LINK_SPACE "/comments\" Target=\"../comments1.xml\"/>"
	"<Relationship Id=\"rId2\" Type=\"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment\" "
	"Target=\"../threadedComments/threadedComment1.xml\"/></Relationships>",
	NULL,
	NULL,
};

/* `given[i].len` 0: the part of its own. */
static inline void book_write(cnv_text *out, const cnv_str given[BOOK_PARTS])
{
	struct zip_part parts[BOOK_PARTS];

	for (size_t i = 0; i < BOOK_PARTS; i++) {
		parts[i] = (struct zip_part){ book_names[i], given[i].len ? given[i] : cnv_str_from(book_parts[i]) };
		if (!parts[i].bytes.len)
			parts[i].name = NULL;
	}
	zip_write(out, parts, BOOK_PARTS);
}

#endif
