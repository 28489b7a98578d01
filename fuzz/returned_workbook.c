/* Any bytes as a returned workbook: as the whole file, or (so that sums and packing need not be guessed) as one of its
 * parts, which the first byte chooses; read, gathered, settled and judged against a small form. */
#include "corpus.h"
#include "small_form.h"

#include "../tests/zip_parts.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define SHEET(rows) "<worksheet xmlns=\"" BOOK_SPACE "\"><sheetData>" rows "</sheetData></worksheet>"
#define CELL(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define LINK_TO(id, type, target) "<Relationship Id=\"" id "\" Type=\"" LINK_SPACE "/" type "\" Target=\"" target "\"/>"

/* A constant, which CNV_STR is not where a table begins. */
/* clang-format off */
#define BYTES(text) { (text), sizeof(text) - 1 }
/* clang-format on */

/* A questionnaire, the entries of a repeat, what the workbook says of itself, and comments. */
static const struct zip_part base[] = {
	{ "_rels/.rels", BYTES("<Relationships xmlns=\"" PACKAGE_SPACE
			       "\">" LINK_TO("1", "officeDocument", "xl/workbook.xml") "</Relationships>") },
	{ "xl/_rels/workbook.xml.rels",
	  BYTES("<Relationships xmlns=\"" PACKAGE_SPACE "\">" LINK_TO("1", "worksheet", "s1.xml")
			LINK_TO("2", "worksheet", "s2.xml") LINK_TO("3", "worksheet", "s3.xml")
				LINK_TO("4", "sharedStrings", "strings.xml")
					LINK_TO("5", "styles", "styles.xml") "</Relationships>") },
	{ "xl/workbook.xml",
	  BYTES("<workbook xmlns=\"" BOOK_SPACE "\" xmlns:r=\"" LINK_SPACE
		"\"><sheets><sheet name=\"a\" r:id=\"1\"/><sheet name=\"doc\" r:id=\"2\"/><sheet name=\"canvass\" "
		"state=\"veryHidden\" r:id=\"3\"/></sheets></workbook>") },
	{ "xl/s1.xml",
	  BYTES(SHEET("<row hidden=\"1\">" CELL("question") CELL("answer") "</row><row>" CELL("who") CELL(
		  "AA") "</row><row>" CELL("age") "<c><v>5</v></c></row><row>" CELL("many/yes") CELL("x") "</row>")) },
	{ "xl/s2.xml", BYTES(SHEET("<row hidden=\"1\">" CELL("doc[]/title") "</row><row>" CELL("Law") "</row>")) },
	{ "xl/s3.xml",
	  BYTES(SHEET("<row>" CELL("canvass.pack/1") "</row><row>" CELL("respondent") CELL("AA") "</row>")) },
	{ "xl/strings.xml", BYTES("<sst xmlns=\"" BOOK_SPACE "\"><si><t>who</t></si><si><t>AA</t></si></sst>") },
	{ "xl/styles.xml", BYTES("<styleSheet xmlns=\"" BOOK_SPACE "\"/>") },
	{ "xl/_rels/s1.xml.rels", BYTES("<Relationships xmlns=\"" PACKAGE_SPACE "\">" LINK_TO("1", "comments", "c1.xml")
						LINK_TO("2", "threadedComment", "t1.xml") "</Relationships>") },
	{ "xl/c1.xml",
	  BYTES("<comments xmlns=\"" BOOK_SPACE
		"\"><authors><author>Kim</author></authors><commentList><comment ref=\"B3\" authorId=\"0\">"
		"<text><t>a guess</t></text></comment></commentList></comments>") },
	{ "xl/t1.xml",
	  BYTES("<ThreadedComments xmlns=\"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments\">"
		"<threadedComment ref=\"A2\"><text>so</text></threadedComment></ThreadedComments>") },
};

static void read_return(cnv_str bytes)
{
	fixture *f = small_form();
	cnv_arena names = { 0 };
	cnv_diags diags = { 0 };
	cnv_returned to = {
		.source = CNV_STR("fuzz.xlsx"), .form = f->form, .arena = &names, .self = f, .record = small_form_record
	};

	cnv_batch_reset(f->batch);
	f->gather = to.gather = cnv_gather_new(f->form, f->batch, to.source, &diags);
	cnv_status status = cnv_xlsx_returned(&to, bytes, &diags);
	if (status == CNV_REJECTED && !diags.errors)
		__builtin_trap();
	if (!status && !cnv_gather_end(f->gather))
		small_form_judge(f);
	cnv_batch_reset(f->batch);
	cnv_gather_free(f->gather);
	cnv_arena_fini(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	cnv_str bytes = { (const char *)at, len };
	struct zip_part parts[COUNT(base)];
	cnv_text book = { 0 };

	if (!cnv_xlsx_is(bytes) && len > 1) {
		for (size_t i = 0; i < COUNT(base); i++)
			parts[i] = base[i];
		parts[at[0] % COUNT(base)].bytes = cnv_str_slice(bytes, 1, len);
		zip_write(&book, parts, COUNT(base));
		bytes = cnv_text_str(&book);
	}
	read_return(bytes);
	cnv_text_fini(&book);
	return 0;
}
