/* Reads the cells of one sheet of a workbook, in file order.
 *
 * A row may lack its number and a cell its address: each then follows the previous one.  A cell that is out of
 * order, outside the sheet limits, or does not match its declared type is reported with its address and ends the
 * reading: a spreadsheet program would have to guess too. */
#include "io/xlsx_book.h"
#include "io/xlsx_shown.h"
#include "io/xlsx_text.h"

#include <string.h>

enum {
	DOCUMENT,
	WORKSHEET,
	COLUMNS,
	COLUMN,
	SHEET_DATA,
	ROW,
	CELL,
	FORMULA,
	VALUE,
	INLINE,
	INLINE_TEXT,
	RUN,
	RUN_TEXT,
	MERGES,
	MERGE,
	LINKS,
	LINK,
	ELEMENTS
};

/* Phonetic runs (rPh) are not listed: they are the pronunciation of a text, not part of it. */
static const cnv_xml_element elements[ELEMENTS] = {
	[WORKSHEET] = { "worksheet", DOCUMENT, false },
	[COLUMNS] = { "cols", WORKSHEET, false },
	[COLUMN] = { "col", COLUMNS, false },
	[SHEET_DATA] = { "sheetData", WORKSHEET, false },
	[ROW] = { "row", SHEET_DATA, false },
	[CELL] = { "c", ROW, false },
	[FORMULA] = { "f", CELL, false },
	[VALUE] = { "v", CELL, false },
	[INLINE] = { "is", CELL, false },
	[INLINE_TEXT] = { "t", INLINE, false },
	[RUN] = { "r", INLINE, false },
	[RUN_TEXT] = { "t", RUN, false },
	[MERGES] = { "mergeCells", WORKSHEET, false },
	[MERGE] = { "mergeCell", MERGES, false },
	[LINKS] = { "hyperlinks", WORKSHEET, false },
	[LINK] = { "hyperlink", LINKS, false },
};

enum type { NUMBER, SHARED, INLINE_STRING, STRING, BOOLEAN, ERROR, DATE, UNKNOWN };
static const char *const type_names[] = {
	[NUMBER] = "n", [SHARED] = "s", [INLINE_STRING] = "inlineStr", [STRING] = "str", [BOOLEAN] = "b",
	[ERROR] = "e",  [DATE] = "d",
};

struct reading {
	cnv_book *book;
	cnv_place place;   /* the cell being read */
	cnv_text text;     /* its value or inline string */
	cnv_text shown;    /* a number as its format shows it */
	uint32_t last_row; /* the row before the current one; 0 at first */
	uint32_t format;   /* number of its style */
	enum type type;
	bool row_given; /* the row's number is known, from the row or from a cell */
	bool row_hidden;
	bool formula, valued, warned;
};

static cnv_status refuse(struct reading *reading, const char *what)
{
	return cnv_book_refuse(reading->book, CNV_BOOK_CELL, reading->place,
			       "open the workbook in a spreadsheet program, check this cell and save it", "%s", what);
}

static bool is_hidden(const char *const *attributes)
{
	cnv_str text;

	return cnv_xml_attribute(attributes, "hidden", &text) &&
	       (cnv_str_equal(text, CNV_STR("1")) || cnv_str_equal(text, CNV_STR("true")));
}

/* Invalid hidden columns and merged ranges are ignored: they hold no answer. */
static cnv_status open_columns(struct reading *reading, const char *const *attributes)
{
	const cnv_xlsx_sink *sink = reading->book->sink;
	cnv_str min, max;
	int64_t from, upto;

	if (!sink->hidden || !is_hidden(attributes) || !cnv_xml_attribute(attributes, "min", &min) ||
	    !cnv_xml_attribute(attributes, "max", &max) || !cnv_integer_read(min, &from) ||
	    !cnv_integer_read(max, &upto) || from < 1 || upto < from || upto > CNV_XLSX_COLUMNS)
		return CNV_OK;
	return sink->hidden(sink->self, (cnv_xlsx_area){ 0, (uint32_t)from, 0, (uint32_t)upto });
}

/* The range that an element is about.  One cell is a range only with `single`. */
static bool read_range(const char *const *attributes, bool single, cnv_xlsx_area *area)
{
	cnv_str text, from;

	if (!cnv_xml_attribute(attributes, "ref", &text) || !cnv_str_split(&text, ':', &from))
		return false;
	if (single && !text.len)
		text = from;
	return cnv_xlsx_address(from, &area->from_row, &area->from_column) &&
	       cnv_xlsx_address(text, &area->upto_row, &area->upto_column) && area->upto_row >= area->from_row &&
	       area->upto_column >= area->from_column;
}

static cnv_status open_merge(struct reading *reading, const char *const *attributes)
{
	const cnv_xlsx_sink *sink = reading->book->sink;
	cnv_xlsx_area area;

	return sink->merged && read_range(attributes, false, &area) ? sink->merged(sink->self, area) : CNV_OK;
}

static cnv_status open_link(struct reading *reading, const char *const *attributes)
{
	const cnv_xlsx_sink *sink = reading->book->sink;
	cnv_str target = { 0 }, id;
	cnv_xlsx_area area;

	if (!sink->link)
		return CNV_OK;
	if (!read_range(attributes, true, &area))
		area = (cnv_xlsx_area){ 0 };
	cnv_xml_attribute(attributes, "location", &target);
	return sink->link(sink->self, area, target, cnv_xml_link(attributes, &id));
}

static cnv_status open_row(struct reading *reading, const char *const *attributes)
{
	cnv_str text;
	int64_t number = 0;

	reading->place.column = 0;
	if (reading->place.row)
		reading->last_row = reading->place.row;
	reading->row_hidden = is_hidden(attributes);
	reading->row_given = cnv_xml_attribute(attributes, "r", &text);
	if (!reading->row_given) {
		if (reading->last_row == CNV_XLSX_ROWS)
			return refuse(reading, "the sheet has more rows than a sheet can have");
		reading->place.row = reading->last_row + 1;
		return CNV_OK;
	}
	if (!cnv_integer_read(cnv_str_trim(text), &number) || number < 1 || number > CNV_XLSX_ROWS)
		return refuse(reading, "the next row has an impossible number");
	if (number <= reading->last_row)
		return refuse(reading, "the rows of the sheet are not in order from here on");
	reading->place.row = (uint32_t)number;
	return CNV_OK;
}

/* Sets the position of the cell: its address, or the column after the previous cell. */
static cnv_status place_cell(struct reading *reading, const char *const *attributes)
{
	uint32_t row, column, before = reading->place.column;
	cnv_str text;

	if (!cnv_xml_attribute(attributes, "r", &text)) {
		if (before == CNV_XLSX_COLUMNS)
			return refuse(reading, "the row has more cells than a row can have");
		reading->place.column++;
		return CNV_OK;
	}
	if (!cnv_xlsx_address(cnv_str_trim(text), &row, &column))
		return refuse(reading, "the next cell has an impossible address");
	if (!reading->row_given && row > reading->last_row) {
		reading->place.row = row;
		reading->row_given = true;
	}
	if (row != reading->place.row || column <= before)
		return refuse(reading, "the cells of the row are not in order from here on");
	reading->place.column = column;
	return CNV_OK;
}

static cnv_status open_cell(struct reading *reading, const char *const *attributes)
{
	cnv_str text;
	int64_t format;
	cnv_status status = place_cell(reading, attributes);

	if (status != CNV_OK)
		return status;
	reading->type = NUMBER;
	reading->format = 0;
	reading->formula = reading->valued = false;
	cnv_text_reset(&reading->text);
	if (cnv_xml_attribute(attributes, "s", &text) && cnv_integer_read(text, &format) && format > 0 &&
	    format < UINT32_MAX)
		reading->format = (uint32_t)format;
	if (cnv_xml_attribute(attributes, "t", &text)) {
		reading->type = UNKNOWN;
		for (enum type type = NUMBER; type < UNKNOWN; type++)
			if (cnv_str_equal(text, cnv_str_from(type_names[type])))
				reading->type = type;
	}
	return reading->type == UNKNOWN ? refuse(reading, "the cell has an unknown type") : CNV_OK;
}

static cnv_status on_open(void *self, uint8_t id, const char *const *attributes)
{
	struct reading *reading = self;

	switch (id) {
	case COLUMN:
		return open_columns(reading, attributes);
	case MERGE:
		return open_merge(reading, attributes);
	case LINK:
		return open_link(reading, attributes);
	case ROW:
		return open_row(reading, attributes);
	case CELL:
		return open_cell(reading, attributes);
	case FORMULA:
		reading->formula = true;
		break;
	case VALUE:
		if (reading->valued)
			return refuse(reading, "the cell has two values");
		break;
	}
	return CNV_OK;
}

static cnv_status on_text(void *self, uint8_t id, cnv_str text)
{
	struct reading *reading = self;
	bool value = id == VALUE && reading->type != INLINE_STRING;
	bool string = (id == INLINE_TEXT || id == RUN_TEXT) && reading->type == INLINE_STRING;

	if (!value && !string)
		return CNV_OK;
	if (text.len > CNV_XLSX_CELL - reading->text.len)
		return cnv_book_refuse(reading->book, CNV_BOOK_TOO_LARGE, reading->place, "shorten its text",
				       "the cell is longer than a cell can be");
	cnv_text_put(&reading->text, text);
	return reading->text.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status give(struct reading *reading, cnv_str text, cnv_xlsx_kind kind)
{
	cnv_book *book = reading->book;

	cnv_status status = text.len ? cnv_book_count(book, text.len, reading->place) : CNV_OK;

	if (!text.len || status != CNV_OK)
		return status;
	if (reading->row_hidden && book->sink->hidden) {
		reading->row_hidden = false;
		status = book->sink->hidden(book->sink->self,
					    (cnv_xlsx_area){ reading->place.row, 0, reading->place.row, 0 });
		if (status != CNV_OK)
			return status;
	}
	if (reading->formula && book->sink->computed)
		book->sink->computed(book->sink->self);
	return book->sink->cell(book->sink->self, reading->place.row, reading->place.column, text, kind);
}

static cnv_status give_shared(struct reading *reading, cnv_str value)
{
	const cnv_book *book = reading->book;
	int64_t index;

	if (!cnv_integer_read(value, &index) || index < 0 || index >= book->string_count)
		return refuse(reading, "the cell refers to a text that the workbook does not have");
	uint32_t from = index ? book->ends[index - 1] : 0;
	cnv_str text = cnv_str_slice(cnv_text_str(&book->strings), from, book->ends[index]);
	if (text.len > CNV_XLSX_CELL)
		return cnv_book_refuse(reading->book, CNV_BOOK_TOO_LARGE, reading->place, "shorten its text",
				       "the cell is longer than a cell can be");
	return give(reading, text, CNV_XLSX_TEXT);
}

static cnv_status give_number(struct reading *reading, cnv_str value)
{
	const cnv_book *book = reading->book;
	cnv_book_format format =
		reading->format < book->format_count ? book->formats[reading->format] : (cnv_book_format){ 0 };
	char out[CNV_NUMBER_ROOM], date[CNV_XLSX_DATE_ROOM];
	double number;
	size_t len;

	if (!cnv_xlsx_number_read(value, &number))
		return refuse(reading, "the cell has the type number, and its value is not a number");
	len = format.date ? cnv_xlsx_date_write(number, format.date, book->from_1904, date) : 0;
	if (len)
		return give(reading, (cnv_str){ date, len }, CNV_XLSX_DATE);
	len = cnv_xlsx_number_write(value, number, book->sink->exact && !reading->formula && !format.adds.len, out);
	if (book->sink->exact && format.adds.len) {
		cnv_xlsx_show(&reading->shown, format.adds, (cnv_str){ out, len });
		return reading->shown.failed ? CNV_NO_MEMORY
					     : give(reading, cnv_text_str(&reading->shown), CNV_XLSX_NUMBER);
	}
	return give(reading, (cnv_str){ out, len }, CNV_XLSX_NUMBER);
}

static cnv_status give_iso(struct reading *reading, cnv_str value)
{
	const cnv_book *book = reading->book;
	uint8_t format = reading->format < book->format_count ? book->formats[reading->format].date : 0;
	char date[CNV_XLSX_DATE_ROOM];
	size_t len = cnv_xlsx_iso_write(value, format, date);

	if (!len)
		return refuse(reading, "the cell has the type date, and its value is not a date");
	return give(reading, (cnv_str){ date, len }, CNV_XLSX_DATE);
}

void cnv_book_formula(cnv_diags *diags, cnv_place place)
{
	cnv_diags_emit(diags, CNV_DIAG(.code = CNV_BOOK_FORMULA, .place = place),
		       "the formula in this cell was saved without its value, so the cell is read as blank");
}

/* A program that cannot calculate stores formulas without values: the first per sheet is reported. */
static void warn_formula(struct reading *reading)
{
	const cnv_xlsx_sink *sink = reading->book->sink;

	if (sink->formula)
		sink->formula(sink->self, reading->place.row, reading->place.column);
	else if (!reading->warned)
		cnv_book_formula(reading->book->diags, reading->place);
	reading->warned = true;
}

static cnv_status close_cell(struct reading *reading)
{
	cnv_str value = cnv_text_str(&reading->text), trimmed = cnv_str_trim(value);

	if (!trimmed.len) {
		/* An empty text is a value, an empty number is not. */
		if (reading->formula && (!reading->valued || reading->type == NUMBER))
			warn_formula(reading);
		else if (reading->formula && reading->book->sink->empty)
			reading->book->sink->empty(reading->book->sink->self, reading->place.row,
						   reading->place.column);
		return CNV_OK;
	}
	switch (reading->type) {
	case NUMBER:
		return give_number(reading, trimmed);
	case SHARED:
		return give_shared(reading, trimmed);
	case INLINE_STRING:
	case STRING:
		reading->text.len = cnv_xlsx_unescape(reading->text.at, reading->text.len);
		return give(reading, cnv_text_str(&reading->text), CNV_XLSX_TEXT);
	case BOOLEAN:
		if (cnv_str_equal(trimmed, CNV_STR("1")) || cnv_str_equal(trimmed, CNV_STR("true")))
			return give(reading, CNV_STR("TRUE"), CNV_XLSX_BOOLEAN);
		if (cnv_str_equal(trimmed, CNV_STR("0")) || cnv_str_equal(trimmed, CNV_STR("false")))
			return give(reading, CNV_STR("FALSE"), CNV_XLSX_BOOLEAN);
		return refuse(reading, "the cell has the type boolean, and its value is neither true nor false");
	case ERROR:
		return give(reading, trimmed, CNV_XLSX_ERROR);
	case DATE:
		return give_iso(reading, trimmed);
	case UNKNOWN:
		break;
	}
	return CNV_OK;
}

static cnv_status on_close(void *self, uint8_t id)
{
	struct reading *reading = self;

	if (id == VALUE)
		reading->valued = true;
	return id == CELL ? close_cell(reading) : CNV_OK;
}

cnv_status cnv_book_sheet(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet)
{
	struct reading reading = {
		.book = book,
		.place = { .source = book->source, .sheet = sheet->name, .tab = sheet->tab },
	};
	cnv_xml_sink sink = { &reading, elements, ELEMENTS, CNV_XML_BOOK, on_open, on_close, on_text };
	cnv_status status = cnv_book_part(book, part, &sink, &reading.place);

	cnv_text_fini(&reading.text);
	cnv_text_fini(&reading.shown);
	return status;
}
