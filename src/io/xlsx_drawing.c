/* Reads the charts of a sheet: where each is, what it says in words, and the cells that it draws.
 *
 * A sheet links to one drawing, and that to the parts of its charts.  The cells are those of the series, in the order
 * of the file: name, bars and segment of each.  Pictures and shapes are skipped. */
#include "io/xlsx_book.h"
#include "io/xlsx_text.h"

#include <string.h>

#define TEXT_LIMIT ((size_t)256 << 10) /* bytes of what one chart says */

struct chart {
	cnv_book *book;
	cnv_place place;        /* the sheet */
	const cnv_links *links; /* of the drawing */
	cnv_str folder;         /* of the drawing */
	uint32_t part;          /* of the chart; CNV_NONE: this anchor has none */
	cnv_xlsx_chart given;
	cnv_text number, title, alt, cells, range;
};

static bool put(cnv_text *to, cnv_str text)
{
	if (text.len > TEXT_LIMIT - to->len)
		return true; /* cut */
	cnv_text_put(to, text);
	return !to->failed;
}

/* ---------------------------------------------------------------- a chart */

enum {
	TITLE = 3,
	WORDS = 8,
	BARS = 10,
	SERIES,
	NAME_CELLS = 14,
	CATEGORIES = 15,
	CATEGORY_CELLS = 17,
	CATEGORY_NUMBERS = 19,
	VALUES = 20,
	VALUE_CELLS = 22,
	CHART_ELEMENTS
};

static const cnv_xml_element chart_elements[CHART_ELEMENTS] = {
	[1] = { "chartSpace", 0, false },
	[2] = { "chart", 1, false },
	[TITLE] = { "title", 2, false },
	[4] = { "tx", TITLE, false },
	[5] = { "rich", 4, false },
	[6] = { "p", 5, false },
	[7] = { "r", 6, false },
	[WORDS] = { "t", 7, false },
	[9] = { "plotArea", 2, false },
	[BARS] = { "barChart", 9, false },
	[SERIES] = { "ser", BARS, false },
	[12] = { "tx", SERIES, false },
	[13] = { "strRef", 12, false },
	[NAME_CELLS] = { "f", 13, false },
	[CATEGORIES] = { "cat", SERIES, false },
	[16] = { "strRef", CATEGORIES, false },
	[CATEGORY_CELLS] = { "f", 16, false },
	[18] = { "numRef", CATEGORIES, false },
	[CATEGORY_NUMBERS] = { "f", 18, false },
	[VALUES] = { "val", SERIES, false },
	[21] = { "numRef", VALUES, false },
	[VALUE_CELLS] = { "f", 21, false },
};

static bool is_range(uint8_t id)
{
	return id == NAME_CELLS || id == CATEGORY_CELLS || id == CATEGORY_NUMBERS || id == VALUE_CELLS;
}

static cnv_status chart_text(void *self, uint8_t id, cnv_str text)
{
	struct chart *chart = self;
	bool ok = true;

	if (id == WORDS)
		ok = put(&chart->title, text);
	else if (is_range(id))
		ok = put(&chart->range, text);
	return ok ? CNV_OK : CNV_NO_MEMORY;
}

/* Is `written`, perhaps in apostrophes with those inside doubled, that name of a sheet? */
static bool is_sheet(cnv_str written, cnv_str name)
{
	bool quoted = written.len > 1 && written.at[0] == '\'';
	size_t at = 0;

	written = cnv_str_slice(written, quoted, written.len - quoted);
	for (size_t i = 0; i < written.len; i++, at++) {
		if (at == name.len || written.at[i] != name.at[at])
			return false;
		i += quoted && written.at[i] == '\'';
	}
	return at == name.len;
}

/* The range without the name of the chart's own sheet, "$", and a second corner that is the first: the same cells are
 * written in several ways. */
static void put_range(struct chart *chart)
{
	cnv_str range = cnv_text_str(&chart->range), sheet = { 0 };
	size_t from = chart->cells.len, colon;

	for (size_t at = range.len; at-- && !sheet.at;)
		if (range.at[at] == '!')
			sheet = cnv_str_slice(range, 0, at);
	range = cnv_str_slice(range, sheet.at ? sheet.len + 1 : 0, range.len);
	if (from)
		cnv_text_put_char(&chart->cells, ' ');
	if (sheet.at && !is_sheet(sheet, chart->place.sheet))
		cnv_text_format(&chart->cells, "%.*s!", CNV_ARG(sheet));
	from = chart->cells.len;
	for (size_t at = 0; at < range.len; at++)
		if (range.at[at] != '$')
			cnv_text_put_char(&chart->cells, range.at[at]);
	range = cnv_str_slice(cnv_text_str(&chart->cells), from, chart->cells.len);
	colon = cnv_str_find(range, CNV_STR(":"));
	if (colon != SIZE_MAX &&
	    cnv_str_equal(cnv_str_slice(range, 0, colon), cnv_str_slice(range, colon + 1, range.len)))
		chart->cells.len = from + colon;
}

static cnv_status close_chart(void *self, uint8_t id)
{
	struct chart *chart = self;

	if (!is_range(id))
		return CNV_OK;
	if (chart->cells.len < TEXT_LIMIT)
		put_range(chart);
	cnv_text_reset(&chart->range);
	return chart->cells.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status give_chart(struct chart *chart)
{
	const cnv_xlsx_sink *sink = chart->book->sink;
	cnv_xml_sink parts = { chart, chart_elements, CHART_ELEMENTS, CNV_XML_DRAWING, NULL, close_chart, chart_text };
	cnv_status status;

	cnv_text_reset(&chart->title);
	cnv_text_reset(&chart->cells);
	cnv_text_reset(&chart->range);
	status = cnv_book_part(chart->book, chart->part, &parts, &chart->place);
	if (status)
		return status;
	chart->given.title = cnv_text_str(&chart->title);
	chart->given.alt = cnv_text_str(&chart->alt);
	chart->given.cells = cnv_text_str(&chart->cells);
	status = cnv_book_count(chart->book, chart->given.title.len + chart->given.alt.len + chart->given.cells.len,
				chart->place);
	return status ? status : sink->chart(sink->self, &chart->given);
}

/* ---------------------------------------------------------------- the drawing */

enum { DRAWING = 1, TWO_CELLS, FROM, COLUMN, ROW, FRAME, FRAME_WORDS, WORDED, GRAPHIC, DATA, CHART, DRAWING_ELEMENTS };

static const cnv_xml_element drawing_elements[DRAWING_ELEMENTS] = {
	[DRAWING] = { "wsDr", 0, false },
	[TWO_CELLS] = { "twoCellAnchor", DRAWING, false },
	[FROM] = { "from", TWO_CELLS, false },
	[COLUMN] = { "col", FROM, false },
	[ROW] = { "row", FROM, false },
	[FRAME] = { "graphicFrame", TWO_CELLS, false },
	[FRAME_WORDS] = { "nvGraphicFramePr", FRAME, false },
	[WORDED] = { "cNvPr", FRAME_WORDS, false },
	[GRAPHIC] = { "graphic", FRAME, false },
	[DATA] = { "graphicData", GRAPHIC, false },
	[CHART] = { "chart", DATA, false },
};

static cnv_status open_drawing(void *self, uint8_t id, const char *const *attributes)
{
	struct chart *chart = self;
	cnv_str text;

	cnv_text_reset(&chart->number);
	if (id == TWO_CELLS) {
		chart->part = CNV_NONE;
		chart->given = (cnv_xlsx_chart){ 0 };
		cnv_text_reset(&chart->alt);
	} else if (id == WORDED && cnv_xml_attribute(attributes, "descr", &text)) {
		return put(&chart->alt, text) ? CNV_OK : CNV_NO_MEMORY;
	} else if (id == CHART && cnv_xml_link(attributes, &text)) {
		uint32_t link = cnv_map_find(&chart->links->by_id, text);

		if (link != CNV_NONE && !chart->links->at[link].outside)
			chart->part = cnv_book_find(chart->book, chart->folder, chart->links->at[link].target);
		if (chart->part == CNV_NONE)
			return cnv_book_refuse_damaged(chart->book, chart->links->part, chart->place.sheet,
						       "the part of a chart is missing");
	}
	return CNV_OK;
}

static cnv_status drawing_text(void *self, uint8_t id, cnv_str text)
{
	struct chart *chart = self;

	if (id != COLUMN && id != ROW)
		return CNV_OK;
	return put(&chart->number, text) ? CNV_OK : CNV_NO_MEMORY;
}

static cnv_status close_drawing(void *self, uint8_t id)
{
	struct chart *chart = self;
	int64_t number;

	if (id == TWO_CELLS)
		return chart->part == CNV_NONE ? CNV_OK : give_chart(chart);
	if (id != COLUMN && id != ROW)
		return CNV_OK;
	if (!cnv_integer_read(cnv_str_trim(cnv_text_str(&chart->number)), &number) || number < 0 ||
	    number >= CNV_XLSX_ROWS)
		return cnv_book_refuse_damaged(chart->book, chart->links->part, chart->place.sheet,
					       "a chart is outside the sheet");
	*(id == ROW ? &chart->given.row : &chart->given.column) = (uint32_t)number + 1;
	return CNV_OK;
}

cnv_status cnv_book_charts(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet)
{
	cnv_links links = { 0 };
	cnv_str name, folder = cnv_book_folder(book, part, &name);
	struct chart chart = {
		.book = book,
		.place = { .source = book->source, .sheet = sheet->name, .tab = sheet->tab },
		.links = &links,
		.folder = folder,
		.part = CNV_NONE,
	};
	cnv_xml_sink sink = { &chart,       drawing_elements, DRAWING_ELEMENTS, CNV_XML_DRAWING,
			      open_drawing, close_drawing,    drawing_text };
	cnv_status status = cnv_links_read(&links, book, folder, name);

	if (!status)
		status = cnv_book_part(book, part, &sink, &chart.place);
	cnv_links_fini(&links);
	cnv_text_fini(&chart.number);
	cnv_text_fini(&chart.title);
	cnv_text_fini(&chart.alt);
	cnv_text_fini(&chart.cells);
	cnv_text_fini(&chart.range);
	return status;
}
