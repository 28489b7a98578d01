/* Reads CSV: libcsv in strict mode, with positions added.
 *
 * libcsv parses records exactly and fast, and has three gaps that this file closes.
 *
 * It reports no positions.  It is therefore fed line by line (line ends are found with memchr), so that the current
 * line is known while a callback runs: newlines inside quotes, blank lines and CRLF are all counted without scanning
 * any field.  LF, CRLF and a lone CR each end a line.
 *
 * Its callbacks cannot stop it.  The status is sticky: after the first defect the callbacks ignore everything, and
 * pieces are small, so that little is parsed in vain.
 *
 * It does not check the bytes.  Zero bytes and invalid UTF-8 are found before libcsv sees them; the text before the
 * bad byte is still parsed, so that the first defect in the file is the one reported.
 *
 * A field is kept under its limit by allocating one buffer of the right size for libcsv and rejecting its request
 * for a second. */
#include "canvass/io.h"

#include <string.h>

#include <csv.h>

#define HEAD ((size_t)64 << 10)  /* bytes collected before file kind and separator are determined */
#define PIECE ((size_t)64 << 10) /* most bytes per call to libcsv */
#define CONTEXT 30               /* bytes shown on either side of a defect */

struct cnv_csv {
	struct csv_parser parser;
	cnv_csv_sink sink;
	cnv_csv_limits limits;
	cnv_str source;
	cnv_diags *diags;
	cnv_status status; /* sticky */
	bool started;      /* the head has been checked and the parser set up */
	bool inside;       /* between the first byte of a record and its end */
	bool after_cr;     /* the last byte fed was a CR: an LF now belongs to it */
	char separator;    /* 0: to be detected */
	uint32_t fields;   /* of the record so far */
	uint32_t line;     /* being fed, from 1 */
	uint32_t began;    /* line of the record's first byte */
	uint32_t opened;   /* line of the current field's first byte */
	uint64_t records;
	cnv_text head;
	char cut[4]; /* a character that the last chunk ended within */
	size_t cut_len;
};

/* Signatures at the beginning of files that are not CSV. */
/* clang-format off */
static const struct signature {
	cnv_str bytes;
	cnv_code code;
	const char *what, *hint;
} signatures[] = {
	{ { "\xFF\xFE", 2 }, CNV_IS_UTF16, "its text is in UTF-16 (\"Unicode text\")", "save it as CSV UTF-8" },
	{ { "\xFE\xFF", 2 }, CNV_IS_UTF16, "its text is in UTF-16 (\"Unicode text\")", "save it as CSV UTF-8" },
	{ { "PK\3\4", 4 }, CNV_NOT_CSV, "this is an Excel workbook (or another zip file), not a CSV file",
	  "open it in Excel and save it as CSV UTF-8" },
	{ { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8 }, CNV_NOT_CSV,
	  "this is an old Office file (.xls, .doc), not a CSV file", "open it and save it as CSV UTF-8" },
	{ { "%PDF-", 5 }, CNV_NOT_CSV, "this is a PDF document, not a CSV file", CNV_HINT_NO_TABLE },
	{ { "{\\rtf", 5 }, CNV_NOT_CSV, "this is a Word document (RTF), not a CSV file", "ask for the answers as a workbook or CSV" },
	{ { "\x89PNG", 4 }, CNV_NOT_CSV, "this is a picture, not a CSV file", CNV_HINT_NO_TABLE },
	{ { "\xFF\xD8\xFF", 3 }, CNV_NOT_CSV, "this is a picture, not a CSV file", CNV_HINT_NO_TABLE },
	{ { "GIF8", 4 }, CNV_NOT_CSV, "this is a picture, not a CSV file", CNV_HINT_NO_TABLE },
	{ { "\x1F\x8B", 2 }, CNV_NOT_CSV, "this is a compressed file (gzip), not a CSV file", "unpack it first" },
	{ { "7z\xBC\xAF", 4 }, CNV_NOT_CSV, "this is a compressed file (7z), not a CSV file", "unpack it first" },
	{ { "Rar!\x1A\7", 6 }, CNV_NOT_CSV, "this is a compressed file (RAR), not a CSV file", "unpack it first" },
	{ { "SQLite format 3", 16 }, CNV_NOT_CSV, "this is an SQLite database, not a CSV file",
	  "to use it as a store, name it with --store" },
	{ { "\x7F\x45LF", 4 }, CNV_NOT_CSV, "this is a program, not a CSV file", "check that it is the right file" },
	{ { "<?xml", 5 }, CNV_NOT_CSV, "this is an XML file, not a CSV file", "ask for the answers as a workbook or CSV" },
	{ { "<!DOCTYPE", 9 }, CNV_NOT_CSV, "this is a web page, not a CSV file", "download the file itself again" },
	{ { "<html", 5 }, CNV_NOT_CSV, "this is a web page, not a CSV file", "download the file itself again" },
};
/* Tables in markup, which programs save as workbooks, recognized by a tag near their beginning. */
#define MARKED 4096u /* bytes */
static const struct markup {
	cnv_str inside;
	const char *what;
} markups[] = {
	{ { "progid=\"Excel.Sheet\"", 20 }, "this is an Excel \"XML Spreadsheet 2003\", whatever its name says" },
	{ { "urn:schemas-microsoft-com:office:excel", 38 }, "this is a web page with a workbook's name (.xls)" },
	{ { "<table", 6 }, "this is a web page with a table, whatever its name says" },
};
/* clang-format on */

/* ---------------------------------------------------------------- defects */

static cnv_place here(const cnv_csv *csv, uint32_t row, uint32_t column)
{
	return (cnv_place){ .source = csv->source, .row = row, .column = column };
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Is this a UTF-8 continuation byte? */
static bool goes_on(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* The part of `piece` around byte `at`, for the caret: one line, whole characters. */
static cnv_str context(cnv_str piece, size_t at, cnv_place *place)
{
	size_t from = at > CONTEXT ? at - CONTEXT : 0, upto = piece.len - at > CONTEXT ? at + CONTEXT : piece.len;
	while (from < at && goes_on(piece.at[from]))
		from++;
	while (upto < piece.len && goes_on(piece.at[upto]))
		upto++;
	while (upto > at + 1 && is_line_end(piece.at[upto - 1]))
		upto--;
	place->from = (uint32_t)(at - from);
	place->upto = place->from + 1;
	return cnv_str_slice(piece, from, upto);
}

/* libcsv stopped at byte `at` of `piece`: a quotation mark is not allowed there. */
static void refuse_quote(cnv_csv *csv, cnv_str piece, size_t at)
{
	cnv_place place = here(csv, csv->line, csv->fields + 1);
	cnv_str excerpt = context(piece, at, &place);
	csv->status = CNV_REJECTED;
	if (!csv->parser.quoted)
		cnv_diags_emit(csv->diags, CNV_DIAG(.code = CNV_CSV_QUOTE_INSIDE, .place = place, .excerpt = excerpt),
			       "quotation mark inside an unquoted field");
	else if (csv->opened != csv->line)
		cnv_diags_emit(csv->diags,
			       CNV_DIAG(.code = CNV_CSV_TEXT_AFTER_QUOTE, .place = place, .excerpt = excerpt,
					.hint = CNV_STR("look for an unclosed quotation mark where the field begins")),
			       "text after the closing quotation mark of the field that begins on line %u",
			       csv->opened);
	else
		cnv_diags_emit(csv->diags,
			       CNV_DIAG(.code = CNV_CSV_TEXT_AFTER_QUOTE, .place = place, .excerpt = excerpt,
					.hint = CNV_STR("write a quotation mark that is part of the text twice")),
			       "text after the closing quotation mark of a field");
}

static void refuse_long_field(cnv_csv *csv)
{
	cnv_str none = { 0 };
	csv->status = CNV_REJECTED;
	cnv_diags_emit(csv->diags,
		       CNV_DIAG(.code = CNV_FIELD_TOO_LONG, .place = here(csv, csv->opened, csv->fields + 1),
				.hint = csv->parser.quoted ? CNV_STR("is its closing quotation mark missing?") : none),
		       "the field that begins here is longer than %zu bytes", csv->limits.field);
}

/* The byte at `bytes` is zero or begins an invalid UTF-8 sequence. */
static void refuse_byte(cnv_csv *csv, cnv_str bytes)
{
	static const char digits[] = "0123456789ABCDEF";
	cnv_place place = here(csv, csv->line, csv->fields + 1);
	char hex[12];
	size_t len = 0;

	csv->status = CNV_REJECTED;
	if (!bytes.at[0]) {
		cnv_diags_emit(csv->diags, CNV_DIAG(.code = CNV_CSV_NUL, .place = place),
			       "a zero byte: this is not text");
		return;
	}
	/* The first byte and the non-ASCII bytes after it: one character in a code page becomes this sequence. */
	for (size_t at = 0; at < bytes.len && at < 4 && (!at || (unsigned char)bytes.at[at] >= 0x80); at++) {
		unsigned char byte = (unsigned char)bytes.at[at];
		if (at)
			hex[len++] = ' ';
		hex[len++] = digits[byte >> 4];
		hex[len++] = digits[byte & 15];
	}
	cnv_diags_emit(csv->diags,
		       CNV_DIAG(.code = CNV_NOT_UTF8, .place = place,
				.hint = CNV_STR("save the file as CSV UTF-8 (Excel: Save As, \"CSV UTF-8\")")),
		       "the bytes %.*s are not UTF-8", (int)len, hex);
}

/* ---------------------------------------------------------------- libcsv callbacks */

/* Leading and trailing blanks belong to the field: keeps libcsv from trimming. */
static int is_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

/* libcsv's only buffer, of csv_set_blk_size bytes.  A second call means that a field has outgrown it. */
static void *get_once(void *at, size_t size)
{
	return at ? NULL : cnv_mem_resize(NULL, 0, size, 1); /* not zeroed: libcsv writes before it reads */
}

/* Reports a field that is too long, or one field too many. */
static void refuse_field(cnv_csv *csv, size_t len)
{

	if (len > csv->limits.field) {
		refuse_long_field(csv);
		return;
	}
	csv->status = CNV_REJECTED;
	cnv_diags_emit(csv->diags, CNV_DIAG(.code = CNV_TOO_MANY_FIELDS, .place = here(csv, csv->began, 0)),
		       "the record that begins here has more than %u fields", csv->limits.fields);
}

static void on_field(void *at, size_t len, void *self)
{
	cnv_csv *csv = self;

	if (csv->status != CNV_OK)
		return;
	if (len > csv->limits.field || csv->fields == csv->limits.fields) {
		refuse_field(csv, len);
		return;
	}
	csv->fields++;
	csv->opened = csv->line;
	csv->sink.field(csv->sink.self, (cnv_str){ at, len });
}

static void on_record(int end, void *self)
{
	cnv_csv *csv = self;

	(void)end;
	csv->inside = false;
	if (csv->status != CNV_OK)
		return;
	csv->fields = 0;
	csv->records++;
	csv->status = csv->sink.record(csv->sink.self, csv->began);
}

/* Parses one piece of a single line; the piece ends at or before the line end. */
static void parse(cnv_csv *csv, cnv_str piece)
{
	if (!csv->inside) {
		csv->inside = !is_line_end(piece.at[0]);
		csv->began = csv->opened = csv->line;
	}
	size_t done = csv_parse(&csv->parser, piece.at, piece.len, on_field, on_record, csv);
	if (done == piece.len || csv->status != CNV_OK)
		return;
	if (csv_error(&csv->parser) == CSV_EPARSE)
		refuse_quote(csv, piece, done);
	else
		refuse_long_field(csv);
}

/* Advances *next, the next known occurrence of `c` (NULL: none), to the next one from `at` on.  Each byte is scanned
 * once, however many lines there are. */
static void keep_next(const char **next, const char *at, const char *end, char c)
{
	if (*next && *next < at)
		*next = memchr(at, c, (size_t)(end - at));
}

/* Feeds valid text, at most PIECE bytes, line by line. */
static void feed_lines(cnv_csv *csv, cnv_str text)
{
	const char *at = text.at, *end = at + text.len;
	const char *feed = text.len ? memchr(at, '\n', text.len) : NULL;
	const char *cr = text.len ? memchr(at, '\r', text.len) : NULL;

	while (at < end && csv->status == CNV_OK) {
		if (csv->after_cr && *at == '\n') {
			csv->after_cr = false;
			parse(csv, (cnv_str){ at++, 1 });
			continue;
		}
		keep_next(&feed, at, end, '\n');
		keep_next(&cr, at, end, '\r');
		/* The last byte of this line, or NULL when the line continues past the end. */
		const char *last = cr && (!feed || cr + 1 < feed) ? cr : feed;
		const char *next = last ? last + 1 : end;
		parse(csv, (cnv_str){ at, (size_t)(next - at) });
		csv->after_cr = last && *last == '\r';
		if (last && csv->line < UINT32_MAX)
			csv->line++;
		at = next;
	}
}

/* ---------------------------------------------------------------- the bytes */

/* Bytes of the UTF-8 character that starts with `lead`; 1 for a byte that starts none. */
static size_t character_length(char lead)
{
	unsigned char byte = (unsigned char)lead;
	return byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1;
}

/* Bytes at the end of `chunk` that are an incomplete character. */
static size_t cut_bytes(cnv_str chunk)
{
	size_t back = 1;
	while (back < 4 && back < chunk.len && goes_on(chunk.at[chunk.len - back]))
		back++;
	return back <= chunk.len && character_length(chunk.at[chunk.len - back]) > back ? back : 0;
}

/* Feeds the valid text in whole characters, and reports the first invalid byte. */
static void feed_sound(cnv_csv *csv, cnv_str chunk)
{
	const char *zero = chunk.len ? memchr(chunk.at, '\0', chunk.len) : NULL;
	size_t sound = cnv_utf8_check(zero ? (cnv_str){ chunk.at, (size_t)(zero - chunk.at) } : chunk);

	feed_lines(csv, (cnv_str){ chunk.at, sound });
	if (csv->status == CNV_OK && sound < chunk.len)
		refuse_byte(csv, cnv_str_slice(chunk, sound, chunk.len));
}

/* Feeds text in pieces, and keeps a character cut at their end until the rest arrives. */
static void feed_text(cnv_csv *csv, cnv_str text)
{
	while (csv->cut_len && text.len && csv->status == CNV_OK) {
		csv->cut[csv->cut_len++] = *text.at;
		text = cnv_str_slice(text, 1, text.len);
		if (csv->cut_len < character_length(csv->cut[0]) && goes_on(csv->cut[csv->cut_len - 1]))
			continue;
		cnv_str whole = { csv->cut, csv->cut_len };
		csv->cut_len = 0;
		feed_sound(csv, whole);
	}
	if (!text.len)
		return;
	csv->cut_len = cut_bytes(text);
	text.len -= csv->cut_len;
	memcpy(csv->cut, text.at + text.len, csv->cut_len);
	while (text.len && csv->status == CNV_OK) {
		cnv_str piece = cnv_str_slice(text, 0, PIECE);
		if (piece.len < text.len)
			piece.len -= cut_bytes(piece);
		feed_sound(csv, piece);
		text = cnv_str_slice(text, piece.len, text.len);
	}
}

/* The first line of the head that is not empty; a line end inside quotation marks does not end it. */
static cnv_str first_line(cnv_str head)
{
	bool quoted = false;
	size_t from = 0;
	while (from < head.len && is_line_end(head.at[from]))
		from++;
	size_t at = from;
	for (; at < head.len && (quoted || !is_line_end(head.at[at])); at++)
		if (head.at[at] == '"')
			quoted = !quoted;
	return cnv_str_slice(head, from, at);
}

static bool refuse_markup(cnv_csv *csv, cnv_str head)
{
	cnv_str begin = cnv_str_slice(head, cnv_str_starts(head, CNV_STR("\xEF\xBB\xBF")) ? 3 : 0, MARKED);

	for (size_t at = 0; cnv_str_starts(begin, CNV_STR("<")) && at < sizeof markups / sizeof *markups; at++) {
		if (cnv_str_find(begin, markups[at].inside) == SIZE_MAX)
			continue;
		csv->status = CNV_REJECTED;
		cnv_diags_emit(csv->diags,
			       CNV_DIAG(.code = CNV_NOT_CSV, .place = here(csv, 0, 0),
					.hint = CNV_STR("open it in Excel and save it as an Excel workbook (.xlsx)")),
			       "%s", markups[at].what);
		return true;
	}
	return false;
}

static bool refuse_mail(cnv_csv *csv, cnv_str head)
{
	if (!cnv_mail_is(head))
		return false;
	csv->status = CNV_REJECTED;
	cnv_diags_emit(csv->diags, CNV_DIAG(.code = CNV_MAIL_FILE, .place = here(csv, 0, 0)),
		       "this is an e-mail message (.eml), not a CSV file");
	return true;
}

/* Checks the first bytes and starts to parse with them. */
static void start(cnv_csv *csv)
{
	cnv_str head = cnv_text_str(&csv->head);

	csv->started = true;
	if (refuse_markup(csv, head) || refuse_mail(csv, head))
		return;
	for (size_t at = 0; at < sizeof signatures / sizeof *signatures; at++) {
		const struct signature *known = &signatures[at];
		if (!cnv_str_starts(head, known->bytes))
			continue;
		csv->status = CNV_REJECTED;
		cnv_diags_emit(csv->diags,
			       CNV_DIAG(.code = (uint16_t)known->code, .place = here(csv, 0, 0),
					.hint = cnv_str_from(known->hint)),
			       "%s", known->what);
		return;
	}
	if (cnv_str_starts(head, CNV_STR("\xEF\xBB\xBF")))
		head = cnv_str_slice(head, 3, head.len);
	if (!csv->separator)
		csv->separator = cnv_gather_separator(first_line(head));
	csv_set_delim(&csv->parser, (unsigned char)csv->separator);
	feed_text(csv, head);
	cnv_text_fini(&csv->head);
}

/* ---------------------------------------------------------------- the reader */

cnv_csv *cnv_csv_new(cnv_str source, char separator, cnv_csv_limits limits, const cnv_csv_sink *sink, cnv_diags *diags)
{
	cnv_csv *csv = cnv_mem_get(sizeof *csv);
	if (!csv)
		return NULL;
	*csv = (cnv_csv){
		.sink = *sink, .limits = limits, .source = source, .diags = diags, .separator = separator, .line = 1
	};
	if (!csv->limits.field)
		csv->limits.field = CNV_CSV_FIELD;
	if (!csv->limits.fields)
		csv->limits.fields = CNV_CSV_FIELDS;

	/* libcsv stores the closing quotation mark in its buffer, and needs room for one byte more to continue.  A line
	 * end at the beginning of a record produces no record, and makes libcsv allocate the buffer now. */
	size_t room;
	if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI))
		goto fail;
	csv_set_space_func(&csv->parser, is_no_space);
	csv_set_realloc_func(&csv->parser, get_once);
	csv_set_free_func(&csv->parser, cnv_mem_free);
	if (!cnv_size_add(csv->limits.field, 2, &room))
		goto fail;
	csv_set_blk_size(&csv->parser, room);
	csv_parse(&csv->parser, "\n", 1, NULL, NULL, NULL);
	if (csv_get_buffer_size(&csv->parser) != room)
		goto fail;
	return csv;
fail:
	cnv_csv_free(csv);
	return NULL;
}

cnv_status cnv_csv_feed(cnv_csv *csv, cnv_str bytes)
{
	if (!csv->started && csv->status == CNV_OK) {
		cnv_str piece = cnv_str_slice(bytes, 0, HEAD - csv->head.len);
		cnv_text_put(&csv->head, piece);
		bytes = cnv_str_slice(bytes, piece.len, bytes.len);
		if (csv->head.failed)
			csv->status = CNV_NO_MEMORY;
		else if (csv->head.len == HEAD)
			start(csv);
	}
	if (csv->status == CNV_OK)
		feed_text(csv, bytes);
	return csv->status;
}

cnv_status cnv_csv_end(cnv_csv *csv)
{
	if (!csv->started && csv->status == CNV_OK)
		start(csv);
	if (csv->status == CNV_OK && csv->cut_len)
		refuse_byte(csv, (cnv_str){ csv->cut, csv->cut_len });
	if (csv->status != CNV_OK)
		return csv->status; /* after an error csv_fini would report a record that does not exist */
	if (csv_fini(&csv->parser, on_field, on_record, csv) && csv->status == CNV_OK) {
		csv->status = CNV_REJECTED;
		cnv_diags_emit(csv->diags,
			       CNV_DIAG(.code = CNV_CSV_QUOTE_OPEN, .place = here(csv, csv->opened, csv->fields + 1)),
			       "the quotation mark that opens this field is never closed");
	} else if (csv->status == CNV_OK && !csv->records) {
		csv->status = CNV_REJECTED;
		cnv_diags_emit(csv->diags, CNV_DIAG(.code = CNV_CSV_EMPTY, .place = here(csv, 0, 0)),
			       "the file holds nothing");
	}
	return csv->status;
}

void cnv_csv_free(cnv_csv *csv)
{
	if (!csv)
		return;
	csv_free(&csv->parser);
	cnv_text_fini(&csv->head);
	cnv_mem_free(csv);
}

cnv_status cnv_csv_read(cnv_str source, cnv_str bytes, char separator, cnv_csv_limits limits, const cnv_csv_sink *sink,
			cnv_diags *diags)
{
	cnv_csv *csv = cnv_csv_new(source, separator, limits, sink, diags);
	if (!csv)
		return CNV_NO_MEMORY;
	cnv_csv_feed(csv, bytes);
	cnv_status status = cnv_csv_end(csv);
	cnv_csv_free(csv);
	return status;
}

bool cnv_csv_is_other(cnv_str bytes)
{
	for (size_t at = 0; at < sizeof signatures / sizeof *signatures; at++)
		if (signatures[at].code == CNV_NOT_CSV && cnv_str_starts(bytes, signatures[at].bytes))
			return true;
	return cnv_mail_is(bytes);
}

/* ---------------------------------------------------------------- forms and rosters */

/* Collects the fields of one record, then passes them on together. */
struct collector {
	cnv_text text;   /* the fields, end to end */
	size_t *ends;    /* of each field in `text` */
	cnv_str *fields; /* made of the two when the record ends */
	uint32_t count, end_room, field_room;
	cnv_sheets *sheets; /* destination of records: one of the two */
	cnv_roster *roster;
	cnv_diags *diags;
	bool failed;
};

static void collect_field(void *self, cnv_str field)
{
	struct collector *collector = self;
	void *ends = collector->ends, *fields = collector->fields;

	if (!cnv_mem_room(&ends, &collector->end_room, collector->count + 1, sizeof *collector->ends))
		collector->failed = true;
	else
		collector->ends = ends;
	if (!cnv_mem_room(&fields, &collector->field_room, collector->count + 1, sizeof *collector->fields))
		collector->failed = true;
	else
		collector->fields = fields;
	cnv_text_put(&collector->text, field);
	if (!collector->failed)
		collector->ends[collector->count++] = collector->text.len;
}

static cnv_status collect_record(void *self, uint32_t line)
{
	struct collector *collector = self;
	size_t from = 0;

	if (collector->failed || collector->text.failed)
		return CNV_NO_MEMORY;
	for (uint32_t at = 0; at < collector->count; at++) {
		collector->fields[at] = cnv_str_slice(cnv_text_str(&collector->text), from, collector->ends[at]);
		from = collector->ends[at];
	}
	if (collector->sheets)
		cnv_sheets_add(collector->sheets, collector->fields, collector->count, line, collector->diags);
	else
		cnv_roster_add(collector->roster, collector->fields, collector->count, line, collector->diags);
	collector->count = 0;
	cnv_text_reset(&collector->text);
	return CNV_OK;
}

/* The separator of the first line that has one, because a form may begin with the bare name of a sheet.  0: no line
 * has one. */
static char find_separator(cnv_str bytes)
{
	size_t from = 0;
	for (size_t at = 0; at < bytes.len; at++) {
		char c = bytes.at[at];
		if (is_line_end(c))
			from = at + 1;
		else if (c == ',' || c == ';' || c == '\t')
			return cnv_gather_separator(first_line(cnv_str_slice(bytes, from, bytes.len)));
	}
	return 0;
}

static cnv_status collect(struct collector *collector, cnv_str source, cnv_str bytes)
{
	cnv_csv_sink sink = { collector, collect_field, collect_record };
	cnv_status status =
		cnv_csv_read(source, bytes, find_separator(bytes), (cnv_csv_limits){ 0 }, &sink, collector->diags);
	cnv_text_fini(&collector->text);
	cnv_mem_free(collector->ends);
	cnv_mem_free(collector->fields);
	return status;
}

cnv_status cnv_csv_sheets(cnv_sheets *sheets, cnv_str bytes, cnv_diags *diags)
{
	struct collector collector = { .sheets = sheets, .diags = diags };
	cnv_status status = collect(&collector, sheets->source, bytes);
	return status == CNV_OK && sheets->arena->failed ? CNV_NO_MEMORY : status;
}

cnv_status cnv_csv_roster(cnv_roster *roster, cnv_str bytes, cnv_diags *diags)
{
	struct collector collector = { .roster = roster, .diags = diags };
	cnv_status status = collect(&collector, roster->source, bytes);
	return status == CNV_OK ? cnv_roster_end(roster, diags) : status;
}
