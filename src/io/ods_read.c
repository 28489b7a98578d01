/* Reads untrusted OpenDocument spreadsheets (.ods): one part of a zip file, content.xml, has all their sheets.
 *
 * Rows and cells say how often they are repeated, which blank ones are thousands of times: those are skipped by
 * counting.  Those with text are copied, up to a limit for the whole file.  A row is collected before it is passed on,
 * because it may be repeated; merged ranges and comments wait for the end of their sheet. */
#include "io/ods_book.h"

#include <string.h>

#define COPIES 2000000u     /* cells that repetition makes, over all sheets */
#define NAME_LIMIT 1024u    /* bytes of the name of a sheet or style */
#define HIDDEN_STYLES 4096u /* of tables */
#define EXTRAS 100000u      /* merged ranges and comments of a sheet */

enum {
	DOCUMENT,
	CONTENT,
	STYLES,
	STYLE,
	TABLE_PROPERTIES,
	BODY,
	SPREADSHEET,
	TABLE,
	TABLE_ELEMENTS, /* the elements above are those of the first pass */
	COLUMN = TABLE_ELEMENTS,
	COLUMN_GROUP,
	HEADER_COLUMNS,
	COLUMNS,
	ROW,
	ROW_GROUP,
	HEADER_ROWS,
	ROWS,
	CELL,
	COVERED,
	PARAGRAPH,
	COVERED_PARAGRAPH,
	ANNOTATION,
	CREATOR,
	REMARK,
	FIRST_INLINE,
	/* each kind of paragraph has these: a run, a link, blanks, a tab, a line break */
	INLINES = 5,
	ELEMENTS = FIRST_INLINE + 3 * INLINES
};
enum { RUN, LINK, BLANKS, TAB, BREAK };

#define INLINE(kind, parent)                                                                                           \
	[FIRST_INLINE + (kind)*INLINES + RUN] = { "span", parent, true },                                              \
					 [FIRST_INLINE + (kind)*INLINES + LINK] = { "a", parent, true },               \
					 [FIRST_INLINE + (kind)*INLINES + BLANKS] = { "s", parent, false },            \
					 [FIRST_INLINE + (kind)*INLINES + TAB] = { "tab", parent, false },             \
					 [FIRST_INLINE + (kind)*INLINES + BREAK] = { "line-break", parent, false }

static const cnv_xml_element elements[ELEMENTS] = {
	[CONTENT] = { "document-content", DOCUMENT, false },
	[STYLES] = { "automatic-styles", CONTENT, false },
	[STYLE] = { "style", STYLES, false },
	[TABLE_PROPERTIES] = { "table-properties", STYLE, false },
	[BODY] = { "body", CONTENT, false },
	[SPREADSHEET] = { "spreadsheet", BODY, false },
	[TABLE] = { "table", SPREADSHEET, false },
	[COLUMN] = { "table-column", TABLE, false },
	[COLUMN_GROUP] = { "table-column-group", TABLE, true },
	[HEADER_COLUMNS] = { "table-header-columns", TABLE, true },
	[COLUMNS] = { "table-columns", TABLE, true },
	[ROW] = { "table-row", TABLE, false },
	[ROW_GROUP] = { "table-row-group", TABLE, true },
	[HEADER_ROWS] = { "table-header-rows", TABLE, true },
	[ROWS] = { "table-rows", TABLE, true },
	[CELL] = { "table-cell", ROW, false },
	[COVERED] = { "covered-table-cell", ROW, false },
	[PARAGRAPH] = { "p", CELL, false },
	[COVERED_PARAGRAPH] = { "p", COVERED, false },
	[ANNOTATION] = { "annotation", CELL, false },
	[CREATOR] = { "creator", ANNOTATION, false },
	[REMARK] = { "p", ANNOTATION, false },
	INLINE(0, PARAGRAPH),
	INLINE(1, COVERED_PARAGRAPH),
	INLINE(2, REMARK),
};

/* A cell of the row, with its text in `row_text`. */
typedef struct ods_cell {
	uint32_t column, copies;
	size_t from, len;
	cnv_xlsx_kind kind;
	bool formula;
	bool unvalued; /* a formula without a value */
} ods_cell;

typedef struct ods_comment {
	uint32_t row, column;
	cnv_str author, text;
} ods_comment;

typedef struct reading {
	cnv_book *book;
	cnv_place place;
	cnv_xlsx_sheet sheet;
	bool counting; /* the first pass */
	bool wanted;   /* the sheet's cells are */
	/* of the row */
	uint32_t row, row_copies;
	bool row_hidden;
	ods_cell *cells;
	uint32_t cell_count, cell_room;
	cnv_text row_text;
	/* of the cell */
	uint32_t column, cell_copies;
	cnv_str type; /* one of `types`, or empty */
	cnv_text value;
	bool formula, warned;
	cnv_ods_text shown, remark;
	cnv_text author, number; /* number: with what its format adds */
	/* of the sheet */
	uint32_t hidden_column; /* the last column element's */
	cnv_xlsx_area *merged;
	uint32_t merged_count, merged_room;
	ods_comment *comments;
	uint32_t comment_count, comment_room;
	cnv_arena texts; /* of the comments */
	/* of the file */
	cnv_map hidden;  /* styles of hidden sheets */
	cnv_str style;   /* the style being read */
	uint64_t copies; /* made so far */
} reading;

static cnv_status refuse(reading *r, const char *what)
{
	return cnv_book_refuse(r->book, CNV_BOOK_CELL, r->place,
			       "open the workbook in a spreadsheet program, check this cell and save it", "%s", what);
}

/* ---------------------------------------------------------------- attributes */

static cnv_str attribute(const char *const *attributes, const char *name)
{
	cnv_str value = { 0 };

	cnv_xml_attribute_in(attributes, CNV_XML_ODS, name, &value);
	return value;
}

/* How often an element is repeated; out of range counts as the most that a sheet can have. */
static uint32_t repeated(const char *const *attributes, const char *name, uint32_t most)
{
	int64_t number;
	cnv_str text = attribute(attributes, name);

	if (!text.len)
		return 1;
	if (!cnv_integer_read(text, &number) || number > most)
		return most;
	return number < 1 ? 1 : (uint32_t)number;
}

static bool is_hidden(const char *const *attributes)
{
	cnv_str text = attribute(attributes, "visibility");

	return cnv_str_equal(text, CNV_STR("collapse")) || cnv_str_equal(text, CNV_STR("filter"));
}

/* ---------------------------------------------------------------- sheets and columns */

static cnv_status open_style(reading *r, uint8_t id, const char *const *attributes)
{
	cnv_arena *arena = &r->book->arena;

	if (id == STYLE) {
		cnv_str name = attribute(attributes, "name");
		r->style = (cnv_str){ 0 };
		if (r->counting && name.len <= NAME_LIMIT &&
		    cnv_str_equal(attribute(attributes, "family"), CNV_STR("table")))
			r->style = cnv_arena_copy(arena, name);
	} else if (r->style.len && r->hidden.count < HIDDEN_STYLES &&
		   cnv_str_equal(attribute(attributes, "display"), CNV_STR("false"))) {
		cnv_map_put(&r->hidden, r->style, 1);
	}
	return arena->failed || r->hidden.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status open_sheet(reading *r, const char *const *attributes)
{
	cnv_str name = attribute(attributes, "name");

	r->place = (cnv_place){ .source = r->book->source };
	if (r->counting) {
		if (r->sheet.tabs++ == CNV_XLSX_PARTS)
			return cnv_book_refuse(r->book, CNV_BOOK_TOO_LARGE, r->place, "remove what is not needed",
					       "the workbook has more than %u sheets", CNV_XLSX_PARTS);
		return CNV_OK;
	}
	if (!name.len || name.len > NAME_LIMIT)
		return cnv_book_refuse(r->book, CNV_BOOK_DAMAGED, r->place,
				       "open it in a spreadsheet program and save it",
				       "a sheet has no name, or an impossible one");
	r->sheet.name = cnv_arena_copy(&r->book->arena, name);
	r->sheet.tab++;
	r->sheet.hidden = cnv_map_find(&r->hidden, attribute(attributes, "style-name")) != CNV_NONE;
	r->place.sheet = r->sheet.name;
	r->place.tab = r->sheet.tab;
	r->row = r->row_copies = r->hidden_column = 0;
	r->merged_count = r->comment_count = 0;
	r->warned = false;
	cnv_arena_reset(&r->texts);
	if (r->book->arena.failed)
		return CNV_NO_MEMORY;
	r->wanted = r->book->sink->sheet(r->book->sink->self, &r->sheet);
	return CNV_OK;
}

static cnv_status open_column(reading *r, const char *const *attributes)
{
	const cnv_xlsx_sink *sink = r->book->sink;
	uint32_t from = r->hidden_column + 1;

	if (r->hidden_column >= CNV_XLSX_COLUMNS)
		return CNV_OK;
	r->hidden_column += repeated(attributes, "number-columns-repeated", CNV_XLSX_COLUMNS - r->hidden_column);
	if (!r->wanted || !sink->hidden || !is_hidden(attributes))
		return CNV_OK;
	return sink->hidden(sink->self, (cnv_xlsx_area){ 0, from, 0, r->hidden_column });
}

static cnv_status close_sheet(reading *r)
{
	const cnv_xlsx_sink *sink = r->book->sink;
	cnv_status status = CNV_OK;

	if (!r->wanted)
		return CNV_OK;
	for (uint32_t i = 0; i < r->merged_count && !status && sink->merged; i++)
		status = sink->merged(sink->self, r->merged[i]);
	for (uint32_t i = 0; i < r->comment_count && !status && sink->comment; i++)
		status = sink->comment(sink->self, r->comments[i].row, r->comments[i].column, r->comments[i].author,
				       r->comments[i].text);
	r->wanted = false;
	return status ? status : sink->end(sink->self);
}

/* ---------------------------------------------------------------- rows */

static cnv_status open_row(reading *r, const char *const *attributes)
{
	uint32_t left = CNV_XLSX_ROWS - r->row;

	r->row_copies = left ? repeated(attributes, "number-rows-repeated", left) : 0;
	r->row_hidden = is_hidden(attributes);
	r->place.row = r->row + 1;
	r->place.column = r->column = 0;
	r->cell_count = 0;
	cnv_text_reset(&r->row_text);
	return CNV_OK;
}

static cnv_status give(reading *r, const ods_cell *cell, uint32_t column)
{
	const cnv_xlsx_sink *sink = r->book->sink;
	cnv_status status;

	r->place.column = column;
	if (cell->unvalued) {
		if (sink->formula)
			sink->formula(sink->self, r->place.row, column);
		else if (!r->warned)
			cnv_book_formula(r->book->diags, r->place);
		r->warned = true;
		return CNV_OK;
	}
	status = cnv_book_count(r->book, cell->len, r->place);
	if (status)
		return status;
	if (cell->formula && sink->computed)
		sink->computed(sink->self);
	return sink->cell(sink->self, r->place.row, column,
			  cnv_str_slice(cnv_text_str(&r->row_text), cell->from, cell->from + cell->len), cell->kind);
}

static cnv_status give_row(reading *r)
{
	const cnv_xlsx_sink *sink = r->book->sink;
	cnv_status status = CNV_OK;

	if (r->row_hidden && sink->hidden)
		status = sink->hidden(sink->self, (cnv_xlsx_area){ r->place.row, 0, r->place.row, 0 });
	for (uint32_t i = 0; i < r->cell_count && !status; i++)
		for (uint32_t k = 0; k < r->cells[i].copies && !status; k++)
			status = give(r, &r->cells[i], r->cells[i].column + k);
	return status;
}

static cnv_status close_row(reading *r)
{
	cnv_status status = CNV_OK;
	uint64_t width = 0;

	for (uint32_t i = 0; i < r->cell_count; i++)
		width += r->cells[i].copies;
	if (width && !r->row_copies)
		return refuse(r, "the sheet has more rows than a sheet can have");
	r->copies += width * r->row_copies - (width ? r->cell_count : 0);
	if (r->copies > COPIES)
		return cnv_book_refuse(r->book, CNV_BOOK_SUSPECT, r->place, "delete what is repeated, and save it",
				       "the workbook repeats more than %u cells", COPIES);
	for (uint32_t copy = 0; width && copy < r->row_copies && !status; copy++) {
		r->place.row = r->row + 1 + copy;
		status = give_row(r);
	}
	r->row += r->row_copies;
	return status;
}

/* ---------------------------------------------------------------- cells */

static const char *const types[] = { "string", "float", "percentage", "currency", "date", "time", "boolean" };
static const char *const value_names[] = { "value", "date-value", "time-value", "boolean-value", "string-value" };

static cnv_status add_merged(reading *r, const char *const *attributes)
{
	uint32_t rows = repeated(attributes, "number-rows-spanned", CNV_XLSX_ROWS - r->row);
	uint32_t columns = repeated(attributes, "number-columns-spanned", CNV_XLSX_COLUMNS - r->column);
	uint32_t row = r->row + 1, column = r->column + 1;

	if (rows * (uint64_t)columns < 2 || r->merged_count == EXTRAS)
		return CNV_OK;
	if (!cnv_mem_room((void **)&r->merged, &r->merged_room, r->merged_count + 1, sizeof *r->merged))
		return CNV_NO_MEMORY;
	r->merged[r->merged_count++] = (cnv_xlsx_area){ row, column, row + rows - 1, column + columns - 1 };
	return CNV_OK;
}

static cnv_status open_cell(reading *r, uint8_t id, const char *const *attributes)
{
	uint32_t left = CNV_XLSX_COLUMNS - r->column;
	cnv_str type = attribute(attributes, "value-type");

	r->cell_copies = left ? repeated(attributes, "number-columns-repeated", left) : 0;
	r->place.column = r->column + 1;
	r->type = (cnv_str){ 0 };
	r->formula = attribute(attributes, "formula").len > 0;
	cnv_ods_text_reset(&r->shown);
	cnv_ods_text_reset(&r->remark);
	cnv_text_reset(&r->value);
	cnv_text_reset(&r->author);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (cnv_str_equal(type, cnv_str_from(types[i])))
			r->type = cnv_str_from(types[i]);
	if (type.len && !r->type.len)
		return refuse(r, "the cell has an unknown type");
	for (size_t i = 0; i < sizeof value_names / sizeof value_names[0] && !r->value.len; i++)
		cnv_text_put(&r->value, attribute(attributes, value_names[i]));
	if (r->value.len > CNV_XLSX_CELL)
		return cnv_book_refuse(r->book, CNV_BOOK_TOO_LARGE, r->place, "shorten its text",
				       "the cell is longer than a cell can be");
	return id == CELL && left && r->row_copies ? add_merged(r, attributes) : CNV_OK;
}

static cnv_status keep_cell(reading *r, cnv_str text, cnv_xlsx_kind kind, bool unvalued)
{
	if (!cnv_mem_room((void **)&r->cells, &r->cell_room, r->cell_count + 1, sizeof *r->cells))
		return CNV_NO_MEMORY;
	r->cells[r->cell_count++] =
		(ods_cell){ r->column + 1, r->cell_copies, r->row_text.len, text.len, kind, r->formula, unvalued };
	cnv_text_put(&r->row_text, text);
	return r->row_text.failed ? CNV_NO_MEMORY : cnv_book_count(r->book, text.len / 8, r->place);
}

static cnv_status keep_comment(reading *r)
{
	if (r->comment_count == EXTRAS)
		return cnv_book_refuse(r->book, CNV_BOOK_TOO_LARGE, r->place, "delete comments that are not needed",
				       "the sheet has more than %u comments", EXTRAS);
	if (!cnv_mem_room((void **)&r->comments, &r->comment_room, r->comment_count + 1, sizeof *r->comments))
		return CNV_NO_MEMORY;
	r->comments[r->comment_count++] =
		(ods_comment){ r->row + 1, r->column + 1, cnv_arena_copy(&r->texts, cnv_text_str(&r->author)),
			       cnv_arena_copy(&r->texts, cnv_text_str(&r->remark.text)) };
	return r->texts.failed ? CNV_NO_MEMORY : cnv_book_count(r->book, r->remark.text.len, r->place);
}

static cnv_status close_cell(reading *r)
{
	cnv_ods_value value = { .type = r->type,
				.value = cnv_text_str(&r->value),
				.text = cnv_text_str(&r->shown.text),
				.formula = r->formula,
				.exact = r->book->sink->exact };
	char out[CNV_ODS_ROOM];
	cnv_xlsx_kind kind;
	cnv_str text;
	cnv_status status = CNV_OK;

	if (r->shown.text.failed || r->remark.text.failed || r->value.failed || r->author.failed)
		return CNV_NO_MEMORY;
	if (!cnv_ods_value_text(&value, &text, &kind, out))
		return refuse(r, "the cell's value does not match its type");
	if (kind == CNV_XLSX_NUMBER && value.exact && cnv_ods_show(&r->number, &value))
		text = cnv_text_str(&r->number);
	if (r->number.failed)
		return CNV_NO_MEMORY;
	if (text.len && !r->cell_copies)
		return refuse(r, "the row has more cells than a row can have");
	if (text.len || (r->formula && !r->type.len && r->cell_copies))
		status = keep_cell(r, text, kind, !text.len);
	if (!status && r->remark.paragraphs && r->cell_copies)
		status = keep_comment(r);
	r->column += r->cell_copies;
	return status;
}

/* ---------------------------------------------------------------- elements */

static uint8_t inline_of(uint8_t id)
{
	return id < FIRST_INLINE ? UINT8_MAX : (uint8_t)((id - FIRST_INLINE) % INLINES);
}

static cnv_status open_inline(reading *r, uint8_t id, const char *const *attributes)
{
	cnv_ods_text *text = id >= FIRST_INLINE + 2 * INLINES ? &r->remark : &r->shown;
	uint32_t count = inline_of(id) == BLANKS ? repeated(attributes, "c", CNV_XLSX_CELL + 1) : 1;

	if (text->text.len + count > CNV_XLSX_CELL)
		return cnv_book_refuse(r->book, CNV_BOOK_TOO_LARGE, r->place, "shorten its text",
				       "the cell is longer than a cell can be");
	cnv_ods_sign(text, inline_of(id) == BLANKS ? ' ' : inline_of(id) == TAB ? '\t' : '\n', count);
	return CNV_OK;
}

static cnv_status on_open(void *self, uint8_t id, const char *const *attributes)
{
	reading *r = self;

	if (id == STYLE || id == TABLE_PROPERTIES)
		return open_style(r, id, attributes);
	if (id == TABLE)
		return open_sheet(r, attributes);
	if (!r->wanted)
		return CNV_OK;
	if (inline_of(id) != UINT8_MAX)
		return open_inline(r, id, attributes);
	switch (id) {
	case COLUMN:
		return open_column(r, attributes);
	case ROW:
		return open_row(r, attributes);
	case CELL:
	case COVERED:
		return open_cell(r, id, attributes);
	case PARAGRAPH:
	case COVERED_PARAGRAPH:
		cnv_ods_paragraph(&r->shown);
		break;
	case REMARK:
		cnv_ods_paragraph(&r->remark);
		break;
	}
	return CNV_OK;
}

static cnv_status on_close(void *self, uint8_t id)
{
	reading *r = self;

	if (r->counting || !r->wanted)
		return CNV_OK;
	if (id == CELL || id == COVERED)
		return close_cell(r);
	if (id == ROW)
		return close_row(r);
	return id == TABLE ? close_sheet(r) : CNV_OK;
}

static cnv_status on_text(void *self, uint8_t id, cnv_str text)
{
	reading *r = self;
	cnv_ods_text *to = id == PARAGRAPH || id == COVERED_PARAGRAPH ? &r->shown : &r->remark;

	if (!r->wanted || (id != PARAGRAPH && id != COVERED_PARAGRAPH && id != REMARK && id != CREATOR))
		return CNV_OK;
	if (text.len > CNV_XLSX_CELL - (id == CREATOR ? r->author.len : to->text.len))
		return cnv_book_refuse(r->book, CNV_BOOK_TOO_LARGE, r->place, "shorten its text",
				       "the cell is longer than a cell can be");
	if (id == CREATOR)
		cnv_text_put(&r->author, text);
	else
		cnv_ods_characters(to, text);
	return CNV_OK;
}

/* ---------------------------------------------------------------- the whole file */

cnv_status cnv_book_ods(cnv_book *book, uint32_t part, uint32_t manifest)
{
	reading r = { .book = book, .counting = true, .place = cnv_book_place(book) };
	cnv_xml_sink sink = { &r, elements, TABLE_ELEMENTS, CNV_XML_ODS, on_open, NULL, NULL };
	cnv_status status = cnv_ods_password(book, manifest);

	if (!status)
		status = cnv_book_part(book, part, &sink, &r.place);
	r.counting = false;
	sink = (cnv_xml_sink){ &r, elements, ELEMENTS, CNV_XML_ODS, on_open, on_close, on_text };
	if (!status && !r.sheet.tabs)
		status = cnv_book_refuse(book, CNV_BOOK_OTHER, cnv_book_place(book),
					 "put the table in a spreadsheet, and send that",
					 "this OpenDocument file has no sheets");
	if (!status)
		status = cnv_book_part(book, part, &sink, &r.place);
	cnv_mem_free(r.cells);
	cnv_mem_free(r.merged);
	cnv_mem_free(r.comments);
	cnv_text_fini(&r.row_text);
	cnv_text_fini(&r.value);
	cnv_text_fini(&r.author);
	cnv_text_fini(&r.number);
	cnv_text_fini(&r.shown.text);
	cnv_text_fini(&r.remark.text);
	cnv_arena_fini(&r.texts);
	cnv_map_fini(&r.hidden);
	return status;
}
