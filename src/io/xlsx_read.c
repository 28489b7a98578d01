/* Reads untrusted workbooks: a zip file whose parts link to each other.
 *
 * _rels/.rels links to the workbook part, whose own .rels links to the sheets, the shared strings and the styles.
 * Only these are read; pictures, macros and all other parts are never unpacked.  Nothing is written to disk, so part
 * names cannot be used to overwrite files. */
#include "io/ods_book.h"
#include "io/xls_book.h"
#include "io/xlsx_shown.h"
#include "io/xlsx_text.h"

#include <stdio.h>
#include <string.h>

#define FORMATS 4096u /* custom number formats: spreadsheet programs stop at a few hundred */
#define NAME_LIMIT CNV_BOOK_NAME
#define ARENA_LIMIT ((size_t)64 << 20)

struct sheet {
	cnv_str name, link;
	bool hidden;
};

struct sheets {
	cnv_book *book;
	cnv_place place;
	uint32_t part; /* the part that lists them */
	struct sheet *at;
	uint32_t count, room;
};

/* ---------------------------------------------------------------- the workbook part */

enum { WORKBOOK = 1, PROPERTIES, SHEETS, SHEET, WORKBOOK_ELEMENTS };
static const cnv_xml_element workbook_elements[WORKBOOK_ELEMENTS] = {
	[WORKBOOK] = { "workbook", 0, false },
	[PROPERTIES] = { "workbookPr", WORKBOOK, false },
	[SHEETS] = { "sheets", WORKBOOK, false },
	[SHEET] = { "sheet", SHEETS, false },
};

static bool is_true(cnv_str text)
{
	return cnv_str_equal(text, CNV_STR("1")) || cnv_str_equal(text, CNV_STR("true"));
}

static cnv_status add_sheet(struct sheets *sheets, const char *const *attributes)
{
	cnv_arena *arena = &sheets->book->arena;
	struct sheet sheet = { 0 };
	cnv_str text;
	void *at = sheets->at;

	if (!cnv_xml_attribute(attributes, "name", &text) || !text.len || text.len > NAME_LIMIT)
		return cnv_book_refuse_damaged(sheets->book, sheets->part, (cnv_str){ 0 },
					       "a sheet has no name, or an impossible one");
	sheet.name = cnv_arena_copy(arena, text);
	if (!cnv_xml_link(attributes, &text) || text.len > NAME_LIMIT)
		return cnv_book_refuse_damaged(sheets->book, sheets->part, sheet.name, "a sheet has no part");
	sheet.link = cnv_arena_copy(arena, text);
	if (arena->failed || sheets->count == CNV_XLSX_PARTS)
		return arena->failed
			       ? CNV_NO_MEMORY
			       : cnv_book_refuse_zip(
					 sheets->book,
					 &(cnv_zip_fault){ .trouble = CNV_ZIP_PARTS, .at = UINT64_MAX, .part = "" },
					 sheets->place);
	char *name = cnv_arena_get(arena, sheet.name.len);
	if (!name || !cnv_mem_room(&at, &sheets->room, sheets->count + 1, sizeof *sheets->at))
		return CNV_NO_MEMORY;
	memcpy(name, sheet.name.at, sheet.name.len);
	sheet.name = (cnv_str){ name, cnv_xlsx_unescape(name, sheet.name.len) };
	sheet.hidden = cnv_xml_attribute(attributes, "state", &text) && !cnv_str_equal(text, CNV_STR("visible"));
	sheets->at = at;
	sheets->at[sheets->count++] = sheet;
	return CNV_OK;
}

static cnv_status open_workbook(void *self, uint8_t id, const char *const *attributes)
{
	struct sheets *sheets = self;
	cnv_str text;

	if (id == PROPERTIES && cnv_xml_attribute(attributes, "date1904", &text))
		sheets->book->from_1904 = is_true(text);
	return id == SHEET ? add_sheet(sheets, attributes) : CNV_OK;
}

/* ---------------------------------------------------------------- styles */

enum { STYLES = 1, NUMBER_FORMATS, NUMBER_FORMAT, CELL_FORMATS, CELL_FORMAT, STYLE_ELEMENTS };
static const cnv_xml_element style_elements[STYLE_ELEMENTS] = {
	[STYLES] = { "styleSheet", 0, false },
	[NUMBER_FORMATS] = { "numFmts", STYLES, false },
	[NUMBER_FORMAT] = { "numFmt", NUMBER_FORMATS, false },
	[CELL_FORMATS] = { "cellXfs", STYLES, false },
	[CELL_FORMAT] = { "xf", CELL_FORMATS, false },
};

struct styles {
	cnv_book *book;
	cnv_map custom; /* id as text -> index of the format */
	cnv_book_format *formats;
	uint32_t count, room;
};

static bool add_custom(struct styles *styles, cnv_str number, cnv_str code)
{
	cnv_arena *arena = &styles->book->arena;
	cnv_book_format *format;

	if (!cnv_mem_room((void **)&styles->formats, &styles->room, styles->count + 1, sizeof *styles->formats))
		return false;
	format = &styles->formats[styles->count];
	*format = (cnv_book_format){ .date = cnv_xlsx_format(code) };
	if (!format->date && code.len <= CNV_XLSX_FORMAT_ROOM && cnv_xlsx_adds(code))
		format->adds = cnv_arena_copy(arena, code);
	cnv_map_put(&styles->custom, cnv_arena_copy(arena, number), styles->count++);
	return !styles->custom.failed && !arena->failed;
}

static cnv_status open_style(void *self, uint8_t id, const char *const *attributes)
{
	struct styles *styles = self;
	cnv_book *book = styles->book;
	cnv_str number = { 0 }, code;
	int64_t builtin;

	if (id != NUMBER_FORMAT && id != CELL_FORMAT)
		return CNV_OK;
	bool numbered = cnv_xml_attribute(attributes, "numFmtId", &number);
	if (id == NUMBER_FORMAT) {
		if (!numbered || number.len > NAME_LIMIT || !cnv_xml_attribute(attributes, "formatCode", &code))
			return CNV_OK;
		if (styles->custom.count == FORMATS)
			return cnv_book_refuse(book, CNV_BOOK_TOO_LARGE, cnv_book_place(book),
					       "open it in a spreadsheet program and save it",
					       "the workbook has more than 4,096 number formats (styles.xml)");
		return add_custom(styles, number, code) ? CNV_OK : CNV_NO_MEMORY;
	}
	if (!cnv_mem_room((void **)&book->formats, &book->format_room, book->format_count + 1, sizeof *book->formats))
		return CNV_NO_MEMORY;
	uint32_t custom = cnv_map_find(&styles->custom, number);
	cnv_book_format *format = &book->formats[book->format_count++];
	*format = custom == CNV_NONE ? (cnv_book_format){ 0 } : styles->formats[custom];
	if (custom == CNV_NONE && cnv_integer_read(number, &builtin)) {
		format->date = cnv_xlsx_builtin(builtin);
		format->adds = cnv_xlsx_builtin_adds(builtin);
	}
	return CNV_OK;
}

static cnv_status read_styles(cnv_book *book, uint32_t part)
{
	struct styles styles = { .book = book };
	cnv_xml_sink sink = { &styles, style_elements, STYLE_ELEMENTS, CNV_XML_BOOK, open_style, NULL, NULL };
	cnv_place place = cnv_book_place(book);
	cnv_status status = cnv_book_part(book, part, &sink, &place);

	cnv_map_fini(&styles.custom);
	cnv_mem_free(styles.formats);
	return status;
}

/* ---------------------------------------------------------------- shared strings */

enum { STRINGS = 1, STRING, STRING_TEXT, RUN, RUN_TEXT, STRING_ELEMENTS };
static const cnv_xml_element string_elements[STRING_ELEMENTS] = {
	[STRINGS] = { "sst", 0, false }, [STRING] = { "si", STRINGS, false }, [STRING_TEXT] = { "t", STRING, false },
	[RUN] = { "r", STRING, false },  [RUN_TEXT] = { "t", RUN, false },
};

static cnv_status string_text(void *self, uint8_t id, cnv_str text)
{
	cnv_book *book = self;

	if (id == STRING_TEXT || id == RUN_TEXT)
		cnv_text_put(&book->strings, text);
	return book->strings.failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status close_string(void *self, uint8_t id)
{
	cnv_book *book = self;
	void *at = book->ends;

	if (id != STRING)
		return CNV_OK;
	if (!cnv_mem_room(&at, &book->string_room, book->string_count + 1, sizeof *book->ends))
		return CNV_NO_MEMORY;
	book->ends = at;
	uint32_t from = book->string_count ? book->ends[book->string_count - 1] : 0;
	if (book->strings.len > from)
		book->strings.len = from + cnv_xlsx_unescape(book->strings.at + from, book->strings.len - from);
	book->ends[book->string_count++] = (uint32_t)book->strings.len;
	return CNV_OK;
}

static cnv_status read_strings(cnv_book *book, uint32_t part)
{
	cnv_xml_sink sink = { book, string_elements, STRING_ELEMENTS, CNV_XML_BOOK, NULL, close_string, string_text };
	cnv_place place = cnv_book_place(book);
	return cnv_book_part(book, part, &sink, &place);
}

/* ---------------------------------------------------------------- the whole workbook */

/* The comments and charts of a sheet are in separate parts that the sheet links to. */
static uint32_t find_linked(cnv_book *book, const cnv_links *links, cnv_str folder, cnv_str type)
{
	const cnv_link *link = cnv_links_find(links, type);

	return link ? cnv_book_find(book, folder, link->target) : CNV_NONE;
}

cnv_status cnv_book_besides(cnv_book *book, uint32_t sheet_part, const cnv_xlsx_sheet *sheet)
{
	cnv_links links = { 0 };
	cnv_str name, folder = cnv_book_folder(book, sheet_part, &name);
	cnv_status status = cnv_links_read(&links, book, folder, name);
	uint32_t threads = find_linked(book, &links, folder, CNV_STR("/threadedComment"));
	uint32_t notes = find_linked(book, &links, folder, CNV_STR("/comments"));
	uint32_t drawing = find_linked(book, &links, folder, CNV_STR("/drawing"));

	if (status == CNV_OK && book->sink->comment && threads != CNV_NONE)
		status = cnv_book_threads(book, threads, sheet);
	if (status == CNV_OK && book->sink->comment && notes != CNV_NONE)
		status = cnv_book_notes(book, notes, sheet, threads != CNV_NONE);
	if (status == CNV_OK && book->sink->chart && drawing != CNV_NONE)
		status = cnv_book_charts(book, drawing, sheet);
	cnv_links_fini(&links);
	return status;
}

/* Reads the sheets that the sink selects; sheets of charts and macros have no cells. */
static cnv_status read_sheets(cnv_book *book, const struct sheets *sheets, const cnv_links *links, cnv_str folder)
{
	cnv_status status = CNV_OK;
	bool *seen = cnv_mem_array(cnv_zip_count(book->zip), sizeof *seen);
	cnv_xlsx_sheet sheet = { 0 };

	if (!seen)
		return CNV_NO_MEMORY;
	for (uint32_t pass = 0; pass < 2; pass++) /* counts, then reads */
		for (uint32_t i = 0; i < sheets->count && status == CNV_OK; i++) {
			uint32_t link = cnv_map_find(&links->by_id, sheets->at[i].link);
			uint32_t part =
				link == CNV_NONE ? CNV_NONE : cnv_book_find(book, folder, links->at[link].target);
			if (part == CNV_NONE || links->at[link].outside) {
				status = cnv_book_refuse_damaged(book, sheets->part, sheets->at[i].name,
								 "the part of the sheet is missing");
				break;
			}
			if (!cnv_str_ends(links->at[link].type, CNV_STR("/worksheet")))
				continue;
			if (!pass) {
				if (seen[part])
					status = cnv_book_refuse_damaged(book, part, sheets->at[i].name,
									 "the sheet is the same part as another");
				seen[part] = true;
				sheet.tabs++;
				continue;
			}
			sheet.name = sheets->at[i].name;
			sheet.hidden = sheets->at[i].hidden;
			sheet.tab++;
			if (!book->sink->sheet(book->sink->self, &sheet))
				continue;
			status = cnv_book_sheet(book, part, &sheet);
			if (status == CNV_OK && (book->sink->comment || book->sink->chart))
				status = cnv_book_besides(book, part, &sheet);
			if (status == CNV_OK)
				status = book->sink->end(book->sink->self);
		}
	cnv_mem_free(seen);
	if (status == CNV_OK && !sheet.tabs)
		return cnv_book_refuse_damaged(book, sheets->part, (cnv_str){ 0 }, "it has no sheets");
	return status;
}

static cnv_status read_workbook(cnv_book *book, uint32_t part, cnv_str folder, cnv_str name)
{
	cnv_links links = { 0 };
	struct sheets sheets = { .book = book, .place = cnv_book_place(book), .part = part };
	cnv_xml_sink sink = { &sheets, workbook_elements, WORKBOOK_ELEMENTS, CNV_XML_BOOK, open_workbook, NULL, NULL };
	const cnv_link *link;
	cnv_status status = cnv_book_part(book, part, &sink, &sheets.place);

	if (status == CNV_OK)
		status = cnv_links_read(&links, book, folder, name);
	if (status == CNV_OK && (link = cnv_links_find(&links, CNV_STR("/styles")))) {
		part = cnv_book_find(book, folder, link->target);
		status = part == CNV_NONE ? CNV_OK : read_styles(book, part);
	}
	if (status == CNV_OK && (link = cnv_links_find(&links, CNV_STR("/sharedStrings")))) {
		part = cnv_book_find(book, folder, link->target);
		status = part == CNV_NONE ? CNV_OK : read_strings(book, part);
	}
	if (status == CNV_OK)
		status = read_sheets(book, &sheets, &links, folder);
	cnv_links_fini(&links);
	cnv_mem_free(sheets.at);
	return status;
}

#define SAVE_AS_XLSX "open it in its program and save it as an Excel workbook (.xlsx)"

/* Other file types that are zip files, by a part that only they have. */
static const struct other {
	const char *part, *message, *hint;
} others[] = {
	{ "META-INF/manifest.xml", "this is an OpenDocument file (.ods) without its content", SAVE_AS_XLSX },
	{ "xl/workbook.bin", "this is a binary workbook (.xlsb), not an .xlsx workbook", SAVE_AS_XLSX },
	{ "word/document.xml", "this is a text document (.docx), not an .xlsx workbook", CNV_HINT_NO_TABLE },
	{ "ppt/presentation.xml", "this is a presentation (.pptx), not an .xlsx workbook", CNV_HINT_NO_TABLE },
	{ "Index/Document.iwa", "this is a Numbers file, not an .xlsx workbook", SAVE_AS_XLSX },
};

static const struct other *find_other(const cnv_book *book)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (cnv_zip_find(book->zip, cnv_str_from(others[i].part)) != CNV_NONE)
			return &others[i];
	return NULL;
}

static cnv_status refuse_other(cnv_book *book, const struct other *other)
{
	if (other)
		return cnv_book_refuse(book, CNV_BOOK_OTHER, cnv_book_place(book), other->hint, "%s", other->message);
	return cnv_book_refuse(book, CNV_BOOK_OTHER, cnv_book_place(book), "unpack it, and import the files in it",
			       "this is a zip file without a workbook");
}

/* Finds the workbook part, by the package's link to it, or at the path that nearly every program uses. */
static uint32_t find_workbook(cnv_book *book, const cnv_links *links)
{
	const cnv_link *link = cnv_links_find(links, CNV_STR("/officeDocument"));

	return cnv_book_find(book, (cnv_str){ 0 }, link ? link->target : CNV_STR("xl/workbook.xml"));
}

static cnv_status read_book(cnv_book *book)
{
	cnv_links links = { 0 };
	cnv_str none = { 0 };
	uint32_t content = cnv_zip_find(book->zip, CNV_STR("content.xml"));
	uint32_t manifest = cnv_zip_find(book->zip, CNV_STR("META-INF/manifest.xml"));
	cnv_status status;

	if (content != CNV_NONE && manifest != CNV_NONE)
		return cnv_book_ods(book, content, manifest);
	status = cnv_links_read(&links, book, none, none);
	if (status == CNV_OK) {
		const struct other *other = find_other(book);
		uint32_t part = find_workbook(book, &links);
		if (part == CNV_NONE || (other && part == cnv_zip_find(book->zip, cnv_str_from(other->part)))) {
			status = refuse_other(book, other);
		} else {
			cnv_str name, folder = cnv_book_folder(book, part, &name);
			status = read_workbook(book, part, folder, name);
		}
	}
	cnv_links_fini(&links);
	return status;
}

/* The container format of older Excel files, and of encrypted ones. */
#define COMPOUND CNV_STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")

static cnv_status read_compound(cnv_book *book, cnv_str bytes)
{
	static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	static const char message[] = "_\0_\0s\0u\0b\0s\0t\0g\0001\0.\0000\0_";
	static const char text[] = "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t";

	if (cnv_str_find(bytes, (cnv_str){ encrypted, sizeof encrypted }) != SIZE_MAX)
		return cnv_book_refuse(book, CNV_BOOK_LOCKED, cnv_book_place(book),
				       "open it in Excel, remove its password and save it",
				       "the workbook has a password, so it cannot be read");
	if (cnv_str_find(bytes, (cnv_str){ message, sizeof message }) != SIZE_MAX)
		return cnv_book_refuse(book, CNV_MAIL_FILE, cnv_book_place(book), NULL,
				       "this is a message of Outlook (.msg), not an .xlsx workbook");
	if (cnv_str_find(bytes, (cnv_str){ text, sizeof text }) != SIZE_MAX)
		return cnv_book_refuse(book, CNV_BOOK_OTHER, cnv_book_place(book), CNV_HINT_NO_TABLE,
				       "this is an old Word document (.doc), not an .xlsx workbook");
	return cnv_book_xls(book, bytes);
}

bool cnv_xlsx_is(cnv_str bytes)
{
	return cnv_str_starts(bytes, CNV_STR("PK\3\4")) || cnv_str_starts(bytes, CNV_STR("PK\5\6")) ||
	       cnv_str_starts(bytes, COMPOUND);
}

cnv_status cnv_xlsx_read(cnv_str source, cnv_str bytes, const cnv_xlsx_sink *sink, cnv_diags *diags)
{
	cnv_book book = { .source = source, .sink = sink, .diags = diags, .arena = { .limit = ARENA_LIMIT } };
	cnv_zip_limits limits = { CNV_XLSX_PART, CNV_XLSX_ALL, CNV_XLSX_PARTS };
	cnv_zip_fault fault;

	if (cnv_str_starts(bytes, COMPOUND))
		return read_compound(&book, bytes);
	cnv_status status = cnv_zip_open_bytes(&book.zip, bytes, limits, &fault);
	if (status == CNV_OK)
		status = read_book(&book);
	else if (status == CNV_REJECTED)
		cnv_book_refuse_zip(&book, &fault, cnv_book_place(&book));
	cnv_zip_close(book.zip);
	cnv_arena_fini(&book.arena);
	cnv_text_fini(&book.strings);
	cnv_mem_free(book.ends);
	cnv_mem_free(book.formats);
	return status;
}
