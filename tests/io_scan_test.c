/* io/xml_scan: what the scanner accepts, expat reads the same; and what it must reject. */
#include "io/xml_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CELL = 4, COUNT = 8 };

static const cnv_xml_element elements[COUNT] = {
	[1] = { "worksheet", 0, false }, [2] = { "sheetData", 1, false }, [3] = { "row", 2, false },
	[CELL] = { "c", 3, false },      [5] = { "v", CELL, false },      [6] = { "is", CELL, false },
	[7] = { "t", 6, false },
};

/* What a reader heard, as text; pieces of one text are joined. */
typedef struct heard {
	cnv_text text;
	bool in_text;
} heard;

static void note(heard *h, const char *mark, uint8_t id)
{
	cnv_text_format(&h->text, "%s%s%u", h->in_text ? "\"" : "", mark, id);
	h->in_text = false;
}

/* expat makes line feeds and the like in a value spaces; the scanner gives the value as it is. */
static void note_attributes(heard *h, cnv_str place, cnv_str type)
{
	size_t from = h->text.len;

	cnv_text_format(&h->text, "(%.*s|%.*s)", CNV_ARG(place), CNV_ARG(type));
	for (; from < h->text.len; from++)
		if (strchr("\r\n\t", h->text.at[from]))
			h->text.at[from] = ' ';
}

static cnv_status hear_text(void *self, uint8_t id, cnv_str text)
{
	heard *h = self;

	if (!h->in_text)
		cnv_text_format(&h->text, " %u\"", id);
	cnv_text_put(&h->text, text);
	h->in_text = true;
	return CNV_OK;
}

static cnv_status hear_close(void *self, uint8_t id)
{
	note(self, " /", id);
	return CNV_OK;
}

static cnv_status scan_open(void *self, uint8_t id, const cnv_scan_tag *tag)
{
	cnv_str place = { 0 }, type = { 0 };

	note(self, " ", id);
	cnv_scan_attribute_at(tag, "r", &place);
	cnv_scan_attribute_at(tag, "t", &type);
	note_attributes(self, place, type);
	return CNV_OK;
}

static cnv_status expat_open(void *self, uint8_t id, const char *const *attributes)
{
	cnv_str place = { 0 }, type = { 0 };

	note(self, " ", id);
	cnv_xml_attribute(attributes, "r", &place);
	cnv_xml_attribute(attributes, "t", &type);
	note_attributes(self, place, type);
	return CNV_OK;
}

/* Fed in pieces of so many bytes. */
static cnv_status scan(cnv_str xml, size_t piece, heard *h)
{
	const cnv_scan_sink sink = { h, elements, COUNT, scan_open, hear_close, hear_text };
	cnv_scan *reader = cnv_scan_new(&sink);
	cnv_status status = CNV_OK;

	assert_non_null(reader);
	for (size_t at = 0; at < xml.len && !status; at += piece) {
		/* At the end of its own memory, so that a sanitizer sees a read behind it. */
		size_t len = xml.len - at < piece ? xml.len - at : piece;
		char *bytes = malloc(len);

		assert_non_null(bytes);
		memcpy(bytes, xml.at + at, len);
		status = cnv_scan_feed(reader, (cnv_str){ bytes, len });
		free(bytes);
	}
	if (!status)
		status = cnv_scan_end(reader);
	cnv_scan_free(reader);
	return status;
}

static cnv_status parse(cnv_str xml, heard *h)
{
	const cnv_xml_sink sink = { .self = h,
				    .elements = elements,
				    .count = COUNT,
				    .space = CNV_XML_BOOK,
				    .open = expat_open,
				    .close = hear_close,
				    .text = hear_text };
	cnv_xml *reader = cnv_xml_new(&sink);
	cnv_status status;

	assert_non_null(reader);
	status = cnv_xml_feed(reader, xml);
	if (!status)
		status = cnv_xml_end(reader);
	cnv_xml_free(reader);
	return status;
}

/* True if the scanner accepts it; then both must have heard the same. */
static bool is_accepted(cnv_str xml, size_t piece)
{
	heard scanned = { 0 }, parsed = { 0 };
	bool accepted = !scan(xml, piece, &scanned);

	if (accepted) {
		if (parse(xml, &parsed))
			fail_msg("expat rejects: %.*s", CNV_ARG(xml));
		if (!cnv_str_equal(cnv_text_str(&scanned.text), cnv_text_str(&parsed.text)))
			fail_msg("%.*s\nheard%.*s\nexpat%.*s", CNV_ARG(xml), CNV_ARG(cnv_text_str(&scanned.text)),
				 CNV_ARG(cnv_text_str(&parsed.text)));
	}
	cnv_text_fini(&scanned.text);
	cnv_text_fini(&parsed.text);
	return accepted;
}

#define BEGIN                                                                                                          \
	"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"                                              \
	"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"urn:r\">"
#define SHEET(data) BEGIN "<sheetData>" data "</sheetData></worksheet>"
#define TEXT(text) SHEET("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>" text "</t></is></c></row>")

static const char whole[] = BEGIN
	"<sheetPr><tabColor rgb=\"FF&lt;\"/></sheetPr><cols><col min=\"1\"\n max=\"2\"/></cols><sheetData>"
	"<row r=\"1\" ht=\"26\"><c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> a &amp; b "
	"&#65;&#x1F600; "
	"\xC3\xA9\xE4\xBA\x94\xF0\x9F\x98\x80</t></is></c><c r=\"B1\" s=\"2\"><v>1.5</v></c><c r=\"C1\" s=\"4\"/></row>"
	"<row r=\"2\"><c r=\"A2\"><f>1&lt;2</f><v>]] > ]&gt;</v></c></row ></sheetData><drawing r:id=\"rId1\"/>"
	"<extLst><ext xmlns:x=\"urn:x\" uri=\"{1}\"><x:c r=\"B1\">2</x:c></ext></extLst></worksheet>\n";

static const struct scan_case {
	const char *name, *xml;
	bool accepted;
} scan_cases[] = {
	{ "a sheet is read", whole, true },
	{ "an empty sheet is read", BEGIN "</worksheet>", true },
	{ "a root that is empty is read",
	  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><worksheet "
	  "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>",
	  true },
	{ "entities are characters", TEXT("&lt;&gt;&amp;&quot;&apos;&#10;&#xE9;&#x10FFFF;"), true },
	{ "brackets are text", TEXT("]]]] x ]"), true },
	{ "a brace that an entity makes is text", TEXT("]&#93;>"), true },
	{ "a carriage return in a header or a prompt is read",
	  BEGIN "<sheetData><row r=\"a\rb\" "
		"prompt=\"a\r&#xA;\tb\"/></sheetData><headerFooter><oddHeader>a\r\nb\r</oddHeader></headerFooter>"
		"</worksheet>",
	  true },
	{ "no sheet is rejected", "", false },
	{ "another root is rejected",
	  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><x xmlns=\"urn:x\"></x>", false },
	{ "another namespace is rejected",
	  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><worksheet xmlns=\"urn:x\"></worksheet>",
	  false },
	{ "no declaration is rejected", "<worksheet></worksheet>", false },
	{ "an element that is not closed is rejected", BEGIN "<sheetData></worksheet>", false },
	{ "an element closed twice is rejected", BEGIN "</worksheet></worksheet>", false },
	{ "two roots are rejected", BEGIN "</worksheet><worksheet></worksheet>", false },
	{ "text after the root is rejected", BEGIN "</worksheet>x", false },
	{ "an entity after the root is rejected", BEGIN "</worksheet>&#32;", false },
	{ "a file cut after a tag is rejected", BEGIN "<sheetData>", false },
	{ "a file cut in a tag is rejected", BEGIN "</worksheet", false },
	{ "a file cut in an entity is rejected", BEGIN "&am", false },
	{ "an unknown entity is rejected", TEXT("&nbsp;"), false },
	{ "a bare ampersand is rejected", TEXT("a & b;"), false },
	{ "a reference to no character is rejected", TEXT("&#0;"), false },
	{ "a reference to half of a character is rejected", TEXT("&#xD800;"), false },
	{ "a reference beyond the last character is rejected", TEXT("&#x110000;"), false },
	{ "a reference without digits is rejected", TEXT("&#x;"), false },
	{ "the end of a CDATA section is rejected", TEXT("]]>"), false },
	{ "a CDATA section is rejected", TEXT("<![CDATA[x]]>"), false },
	{ "a comment is rejected", TEXT("<!-- x -->"), false },
	{ "an instruction is rejected", TEXT("<?x y?>"), false },
	{ "a document type is rejected",
	  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><!DOCTYPE worksheet><worksheet "
	  "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>",
	  false },
	{ "a control character is rejected", TEXT("\x01"), false },
	{ "a carriage return in a cell is rejected", TEXT("a\r\n"), false },
	{ "half of a character is rejected", TEXT("\xF0\x9F"), false },
	{ "a character that XML may not have is rejected", TEXT("\xEF\xBF\xBF"), false },
	{ "an attribute twice is rejected", SHEET("<row r=\"1\" r=\"2\"/>"), false },
	{ "an attribute without quotes is rejected", SHEET("<row r=1/>"), false },
	{ "an attribute in single quotes is rejected", SHEET("<row r='1'/>"), false },
	{ "an attribute without a space before it is rejected", SHEET("<row r=\"1\"s=\"2\"/>"), false },
	{ "an attribute with < is rejected", SHEET("<row r=\"<\"/>"), false },
	{ "an attribute with a bare ampersand is rejected", SHEET("<row r=\"a & b\"/>"), false },
	{ "an attribute cut in a character is rejected", SHEET("<row r=\"\xC3\"/>"), false },
	{ "a prefix that is not declared is rejected", SHEET("<row x:r=\"1\"/>"), false },
	{ "a prefix after its element is rejected", SHEET("<row xmlns:x=\"urn:x\"/><x:row/>"), false },
	{ "a prefix for no namespace is rejected", SHEET("<row xmlns:x=\"\"/>"), false },
	{ "two prefixes of one namespace are rejected", SHEET("<row xmlns:x=\"urn:r\"/>"), false },
	{ "a prefix for the elements of a sheet is rejected",
	  SHEET("<row xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>"), false },
	{ "another namespace without a prefix is rejected", SHEET("<row xmlns=\"urn:x\"/>"), false },
	{ "a name with two colons is rejected", SHEET("<r:r:row/>"), false },
	{ "a name without letters is rejected", SHEET("<1/>"), false },
	{ "an end tag with attributes is rejected", SHEET("<row></row r=\"1\">"), false },
	{ "a tag that is nothing is rejected", SHEET("<>"), false },
};

static void test_case(void **state)
{
	const struct scan_case *c = *state;
	const size_t pieces[] = { 1, 2, 7, 64, SIZE_MAX / 2 };

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		assert_int_equal(is_accepted(cnv_str_from(c->xml), pieces[i]), c->accepted);
}

/* Each byte of a sheet replaced, removed or doubled: what is still accepted, expat reads the same. */
static void a_changed_sheet_is_read_as_expat_reads_it(void **state)
{
	static const char others[] = "<>&\"';/=:!?[] \n\r\tax0#\x01\x80\xC3\xEF\xF0";
	uint32_t accepted = 0, tried = 0;
	size_t len = strlen(whole);
	char *changed = malloc(len + 1);

	(void)state;
	assert_non_null(changed);
	for (size_t at = 0; at < len; at++) {
		for (size_t other = 0; other < sizeof others - 1; other++, tried++) {
			memcpy(changed, whole, len);
			changed[at] = others[other];
			accepted += is_accepted((cnv_str){ changed, len }, 50);
		}
		memcpy(changed, whole, at);
		memcpy(changed + at, whole + at + 1, len - at - 1);
		accepted += is_accepted((cnv_str){ changed, len - 1 }, 50);
		memcpy(changed, whole, at + 1);
		memcpy(changed + at + 1, whole + at, len - at);
		accepted += is_accepted((cnv_str){ changed, len + 1 }, 50);
		tried += 2;
	}
	free(changed);
	assert_in_range(accepted, 100, tried / 2);
}

static void elements_nest_to_a_depth(void **state)
{
	cnv_text xml = { 0 };

	(void)state;
	for (uint32_t depth = 30; depth <= 32; depth++) {
		cnv_text_reset(&xml);
		cnv_text_put(&xml, CNV_STR(BEGIN));
		for (uint32_t i = 0; i < depth; i++)
			cnv_text_put(&xml, CNV_STR("<row>"));
		for (uint32_t i = 0; i < depth; i++)
			cnv_text_put(&xml, CNV_STR("</row>"));
		cnv_text_put(&xml, CNV_STR("</worksheet>"));
		assert_int_equal(is_accepted(cnv_text_str(&xml), 4096), depth < 32);
	}
	cnv_text_fini(&xml);
}

/* A tag that never ends is not kept for ever. */
static void a_tag_has_a_length(void **state)
{
	heard h = { 0 };
	cnv_text xml = { 0 };

	(void)state;
	cnv_text_put(&xml, CNV_STR(BEGIN "<row r=\""));
	for (uint32_t i = 0; i < 2u << 20; i++)
		cnv_text_put_char(&xml, 'x');
	assert_int_equal(scan(cnv_text_str(&xml), 65536, &h), CNV_REJECTED);
	cnv_text_fini(&xml);
	cnv_text_fini(&h.text);
}

static void memory_that_fails_is_reported(void **state)
{
	size_t after = 0;
	cnv_status status = CNV_NO_MEMORY;

	(void)state;
	for (; status == CNV_NO_MEMORY; after++) {
		const cnv_scan_sink sink = { NULL, elements, COUNT, NULL, NULL, NULL };
		cnv_scan *reader;

		cnv_mem_fail_after(after);
		reader = cnv_scan_new(&sink);
		if (reader)
			status = cnv_scan_feed(reader, CNV_STR("<?xml version"));
		cnv_mem_fail_after(SIZE_MAX);
		cnv_scan_free(reader);
	}
	assert_int_equal(status, CNV_OK);
	assert_int_equal(after, 3);
}

#define CASES (sizeof scan_cases / sizeof *scan_cases)

int main(void)
{
	static const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_changed_sheet_is_read_as_expat_reads_it),
		cmocka_unit_test(elements_nest_to_a_depth),
		cmocka_unit_test(a_tag_has_a_length),
		cmocka_unit_test(memory_that_fails_is_reported),
	};
	static struct CMUnitTest tests[CASES + sizeof stories / sizeof *stories];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){ scan_cases[i].name, test_case, NULL, NULL,
						(void *)(uintptr_t)&scan_cases[i] };
	memcpy(tests + CASES, stories, sizeof stories);
	return _cmocka_run_group_tests("io scan", tests, sizeof tests / sizeof *tests, NULL, NULL);
}
