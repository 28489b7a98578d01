/* Data beside a form in XML and GeoJSON: a file and the rows read from it, "column=text" with blanks between and a line
 * for each row; or what is said of a file that cannot be read. */
#include "canvass/io.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void on_cell(void *self, cnv_str column, cnv_str text)
{
	cnv_text_format(self, "%.*s=%.*s ", CNV_ARG(column), CNV_ARG(text));
}

static cnv_status on_record(void *self, uint32_t line)
{
	cnv_text_format(self, "@%u\n", line);
	return CNV_OK;
}

static void hear(void *self, const cnv_diag *diag)
{
	cnv_text_format(self, "%u:%.*s", diag->place.row, CNV_ARG(diag->message));
}

#define FEATURES(inside) "{\"features\":[" inside "]}"
#define DEEP4(bracket) bracket bracket bracket bracket
#define DEEP64(bracket) DEEP4(DEEP4(DEEP4(bracket)))
#define BROKEN "the file cannot be read: "

static const struct item_case {
	const char *name, *bytes, *rows;
} xml_cases[] = {
	{ "each item is a row, each element in it a cell",
	  "<root>\n<item><name>a</name><label>A &amp; <b>not</b>O</label></item>\n<item><name>b</name></item></root>",
	  "name=a label=A & O @2\nname=b @3\n" },
	{ "elements that are no items are passed over",
	  "<x><other><name>o</name></other><item><name>a</name></item><note>text</note></x>", "name=a @1\n" },
	{ "vocabularies do not matter", "<root xmlns='urn:x'><item><name>\xC3\xA9</name></item></root>",
	  "name=\xC3\xA9 @1\n" },
	{ "an empty root", "<root/>", "" },
	{ "a tag that never ends", "<root>\n<item>", BROKEN },
	{ "a document type is refused", "<!DOCTYPE root [<!ENTITY a 'b'>]>\n<root/>",
	  BROKEN "it has a document type declaration, which data does not need" },
	{ "elements that lie too deep", DEEP64("<a>") "<a>", BROKEN "its elements are nested too deeply" },
};
static const struct item_case json_cases[] = {
	{ "properties are cells",
	  "\xEF\xBB\xBF{\"type\":\"FeatureCollection\",\n\"features\":[{\"properties\":{\"id\":\"a\",\"n\":-1.50,\"e\":"
	  "1e3,"
	  "\"yes\":true,\"no\":null,\"deep\":{\"a\":[{}]}}}]}\n",
	  "id=a n=-1.50 e=1e3 yes=true no= deep= @2\n" },
	{ "the id of the feature comes last and counts",
	  FEATURES("{\"id\":7,\"properties\":{\"id\":\"a\"}},{\"properties\":null}"), "id=a id=7 @1\n@1\n" },
	{ "escapes in texts", FEATURES("{\"properties\":{\"a\\u00e9\":\"\\\"\\\\\\/\\n\\ud83d\\ude00\"}}"),
	  "a\xC3\xA9=\"\\/\n\xF0\x9F\x98\x80 @1\n" },
	{ "a point", FEATURES("{\"geometry\":{\"type\":\"Point\",\"coordinates\":[151.2, -33.8, 5]}}"),
	  "geometry=-33.8 151.2 0 0 @1\n" },
	{ "a line", FEATURES("{\"geometry\":{\"coordinates\":[[1,2],[3,4]],\"type\":\"LineString\"}}"),
	  "geometry=2 1 0 0; 4 3 0 0 @1\n" },
	{ "an area is its outer ring", FEATURES("{\"geometry\":{\"coordinates\":[[[1,2],[3,4],[1,2]],[[9,9],[8,8]]]}}"),
	  "geometry=2 1 0 0; 4 3 0 0; 2 1 0 0 @1\n" },
	{ "no place", FEATURES("{\"geometry\":null}"), "@1\n" },
	{ "features that are none are passed over", FEATURES("1,[],{}"), "@1\n" },
	{ "not JSON", "name,label\n", "1:" BROKEN "it does not start with {" },
	{ "no features", "{}", "1:" BROKEN "it has no features" },
	{ "something after the end", "{\"features\":[]} x", "1:" BROKEN "there is more text after its end" },
	{ "a bracket is missing", "{\"features\":[\n{}", "2:" BROKEN "a comma, colon or bracket is missing" },
	{ "a text that never ends", FEATURES("{\"properties\":{\"a\":\"b"), "1:" BROKEN },
	{ "a text over two lines", "{\"a\n\":1}", "1:" BROKEN "a text goes over the end of its line" },
	{ "half a character", FEATURES("{\"properties\":{\"a\":\"\\ud83d\"}}"),
	  "1:" BROKEN "a string contains an invalid character" },
	{ "a word that is none", FEATURES("{\"properties\":{\"a\":yes}}"),
	  "1:" BROKEN "a value is not a string, a number, true, false or null" },
	{ "bytes that are no text", "{\"a\":\"\xFF\"}", "1:" BROKEN "its text is not in UTF-8" },
	{ "values too deep in each other", "{\"a\":" DEEP64("[") "[", "1:" BROKEN "its values are nested too deeply" },
	{ "places too deep in each other", FEATURES("{\"geometry\":{\"coordinates\":" DEEP64("[") "["),
	  "1:" BROKEN "its values are nested too deeply" },
	{ "nothing", "", "1:" BROKEN "it does not start with {" },
};
#define XML_CASES (sizeof xml_cases / sizeof *xml_cases)
#define JSON_CASES (sizeof json_cases / sizeof *json_cases)

static void check(const struct item_case *item_case,
		  cnv_status (*read)(cnv_str, cnv_str, const cnv_items_sink *, cnv_diags *))
{
	cnv_text got = { 0 };
	cnv_items_sink sink = { &got, on_cell, on_record };
	cnv_diags diags = { hear, &got, 0, 0, 0 };
	cnv_status status = read(CNV_STR("x"), cnv_str_from(item_case->bytes), &sink, &diags);
	bool broken = strstr(item_case->rows, BROKEN) != NULL;

	cnv_text_put_char(&got, '\0');
	assert_int_equal(status, broken ? CNV_REJECTED : CNV_OK);
	assert_int_equal(diags.errors, broken);
	/* Words of the parser itself differ between its versions, and rows may come before the defect. */
	if (broken)
		assert_non_null(strstr(got.at, item_case->rows));
	else
		assert_string_equal(got.at, item_case->rows);
	cnv_text_fini(&got);
}

static void check_xml(void **state)
{
	check(*state, cnv_xml_items);
}

static void check_json(void **state)
{
	check(*state, cnv_geojson_items);
}

int main(void)
{
	struct CMUnitTest tests[XML_CASES + JSON_CASES];

	for (size_t i = 0; i < XML_CASES; i++)
		tests[i] = (struct CMUnitTest){ xml_cases[i].name, check_xml, NULL, NULL, (void *)&xml_cases[i] };
	for (size_t i = 0; i < JSON_CASES; i++)
		tests[XML_CASES + i] =
			(struct CMUnitTest){ json_cases[i].name, check_json, NULL, NULL, (void *)&json_cases[i] };
	return _cmocka_run_group_tests("data beside a form", tests, XML_CASES + JSON_CASES, NULL, NULL);
}
