/* Choices and figures in an XML file next to a form.
 *
 * An instance has one root with items in it, and each item has one element per column:
 * <root><item><name>syd</name><label>Sydney</label></item></root>.  Other elements are skipped. */
#include "io/xml.h"

/* Bytes per call to the parser, which scans an incomplete tag again with each call. */
#define PIECE ((size_t)65536)
enum { ROOT = 1, ITEM, CELL };

struct items {
	const cnv_items_sink *sink;
	cnv_xml *xml;
	cnv_text column, text; /* of the cell being read */
	bool in_item;
};

static cnv_status on_begin(void *self, uint8_t depth, cnv_str name)
{
	struct items *items = self;

	if (depth == ITEM)
		items->in_item = cnv_str_equal(name, CNV_STR("item"));
	if (depth == CELL) {
		cnv_text_reset(&items->column);
		cnv_text_reset(&items->text);
		cnv_text_put(&items->column, name);
	}
	return CNV_OK;
}

static cnv_status on_text(void *self, uint8_t depth, cnv_str text)
{
	struct items *items = self;

	if (depth == CELL && items->in_item)
		cnv_text_put(&items->text, text);
	return items->text.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status on_close(void *self, uint8_t depth)
{
	struct items *items = self;
	const char *fault;
	uint64_t line;

	if (!items->in_item || depth < ITEM)
		return CNV_OK;
	if (items->column.failed || items->text.failed)
		return CNV_NO_MEMORY;
	if (depth == CELL)
		items->sink->cell(items->sink->self, cnv_text_str(&items->column), cnv_text_str(&items->text));
	if (depth != ITEM)
		return CNV_OK;
	items->in_item = false;
	cnv_xml_why(items->xml, &line, &fault);
	return items->sink->record(items->sink->self, (uint32_t)line);
}

static void say_damaged(const struct items *items, cnv_str source, cnv_diags *diags)
{
	static const char *const troubles[] = {
		[CNV_XML_FINE] = "",
		[CNV_XML_SINK] = "",
		[CNV_XML_MALFORMED] = "",
		[CNV_XML_DOCTYPE] = "it has a document type declaration, which data does not need",
		[CNV_XML_DEEP] = "its elements are nested too deeply",
		[CNV_XML_LONG] = "a tag is longer than 1 MiB",
		[CNV_XML_NAMES] = "its elements have too many different names",
		[CNV_XML_ROOT] = "",
	};
	const char *fault;
	uint64_t line;
	cnv_xml_trouble trouble = cnv_xml_why(items->xml, &line, &fault);

	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_DATA_MALFORMED,
				.place = (cnv_place){ .source = source, .row = (uint32_t)line },
				.hint = CNV_STR("export it again from its source")),
		       "the file cannot be read: %s", trouble == CNV_XML_MALFORMED ? fault : troubles[trouble]);
}

cnv_status cnv_xml_items(cnv_str source, cnv_str bytes, const cnv_items_sink *sink, cnv_diags *diags)
{
	struct items items = { .sink = sink };
	cnv_xml_sink hears = { .self = &items, .close = on_close, .text = on_text };
	cnv_status status = CNV_OK;

	items.xml = cnv_xml_new(&hears);
	if (!items.xml)
		return CNV_NO_MEMORY;
	cnv_xml_hear_all(items.xml, on_begin);
	for (size_t at = 0; at < bytes.len && !status; at += PIECE)
		status = cnv_xml_feed(items.xml, cnv_str_slice(bytes, at, at + PIECE));
	if (!status)
		status = cnv_xml_end(items.xml);
	if (status == CNV_REJECTED)
		say_damaged(&items, source, diags);
	cnv_xml_free(items.xml);
	cnv_text_fini(&items.column);
	cnv_text_fini(&items.text);
	return status;
}
