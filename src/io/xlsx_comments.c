/* Reads comments on the cells of a workbook.
 *
 * There are two kinds, in separate parts.  Notes are older, and every program writes them.  Threads, which Excel
 * calls comments, can have replies; for each, Excel also writes a note for older programs, whose author is "tc=" and
 * the id of the thread, and which has no content of its own. */
#include "io/xlsx_book.h"
#include "io/xlsx_text.h"

#define AUTHORS 4096u
#define AUTHOR_LIMIT 1024u /* bytes of a name */

struct comments {
	cnv_book *book;
	cnv_place place; /* the cell being read */
	cnv_text author, text;
	cnv_str *authors;
	uint32_t author_count, author_room;
	cnv_str of; /* the author of this comment */
	bool with_threads, lost;
};

/* Begins a comment; a comment without a valid cell is skipped. */
static void open_comment(struct comments *comments, const char *const *attributes)
{
	cnv_str text;

	comments->lost = !cnv_xml_attribute(attributes, "ref", &text) ||
			 !cnv_xlsx_address(text, &comments->place.row, &comments->place.column);
	comments->of = (cnv_str){ 0 };
	cnv_text_reset(&comments->text);
}

static cnv_status put_text(struct comments *comments, cnv_text *to, size_t most, cnv_str text)
{
	if (text.len > most - to->len)
		return cnv_book_refuse(comments->book, CNV_BOOK_TOO_LARGE, comments->place, "shorten the comment",
				       "a comment is longer than a cell can hold");
	cnv_text_put(to, text);
	return to->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status give_comment(struct comments *comments)
{
	const cnv_xlsx_sink *sink = comments->book->sink;
	cnv_str text;
	cnv_status status;

	comments->text.len = cnv_xlsx_unescape(comments->text.at, comments->text.len);
	text = cnv_str_trim(cnv_text_str(&comments->text));
	if (comments->lost || !text.len || (comments->with_threads && cnv_str_starts(comments->of, CNV_STR("tc="))))
		return CNV_OK;
	status = cnv_book_count(comments->book, text.len, comments->place);
	return status == CNV_OK
		       ? sink->comment(sink->self, comments->place.row, comments->place.column, comments->of, text)
		       : status;
}

/* ---------------------------------------------------------------- notes */

enum { DOCUMENT, NOTES, AUTHOR_LIST, AUTHOR, NOTE_LIST, NOTE, BODY, BODY_TEXT, RUN, RUN_TEXT, NOTE_ELEMENTS };

static const cnv_xml_element note_elements[NOTE_ELEMENTS] = {
	[NOTES] = { "comments", DOCUMENT, false },
	[AUTHOR_LIST] = { "authors", NOTES, false },
	[AUTHOR] = { "author", AUTHOR_LIST, false },
	[NOTE_LIST] = { "commentList", NOTES, false },
	[NOTE] = { "comment", NOTE_LIST, false },
	[BODY] = { "text", NOTE, false },
	[BODY_TEXT] = { "t", BODY, false },
	[RUN] = { "r", BODY, false },
	[RUN_TEXT] = { "t", RUN, false },
};

static cnv_status open_note(void *self, uint8_t id, const char *const *attributes)
{
	struct comments *comments = self;
	cnv_str text;
	int64_t author;

	if (id == AUTHOR)
		cnv_text_reset(&comments->author);
	if (id != NOTE)
		return CNV_OK;
	open_comment(comments, attributes);
	if (cnv_xml_attribute(attributes, "authorId", &text) && cnv_integer_read(text, &author) && author >= 0 &&
	    author < comments->author_count)
		comments->of = comments->authors[author];
	return CNV_OK;
}

static cnv_status note_text(void *self, uint8_t id, cnv_str text)
{
	struct comments *comments = self;

	if (id == AUTHOR)
		return put_text(comments, &comments->author, AUTHOR_LIMIT, text);
	if (id == BODY_TEXT || id == RUN_TEXT)
		return put_text(comments, &comments->text, CNV_XLSX_CELL, text);
	return CNV_OK;
}

static cnv_status keep_author(struct comments *comments)
{
	cnv_arena *arena = &comments->book->arena;

	if (comments->author_count == AUTHORS)
		return cnv_book_refuse(comments->book, CNV_BOOK_TOO_LARGE, comments->place,
				       "delete comments that are not needed",
				       "more than 4,096 people have commented on a sheet");
	if (!cnv_mem_room((void **)&comments->authors, &comments->author_room, comments->author_count + 1,
			  sizeof *comments->authors))
		return CNV_NO_MEMORY;
	comments->authors[comments->author_count++] =
		cnv_arena_copy(arena, cnv_str_trim(cnv_text_str(&comments->author)));
	return arena->failed ? CNV_NO_MEMORY : CNV_OK;
}

static cnv_status close_note(void *self, uint8_t id)
{
	struct comments *comments = self;

	if (id == AUTHOR)
		return keep_author(comments);
	return id == NOTE ? give_comment(comments) : CNV_OK;
}

/* ---------------------------------------------------------------- threads */

enum { THREADS = 1, THREAD, THREAD_TEXT, THREAD_ELEMENTS };

static const cnv_xml_element thread_elements[THREAD_ELEMENTS] = {
	[THREADS] = { "ThreadedComments", DOCUMENT, false },
	[THREAD] = { "threadedComment", THREADS, false },
	[THREAD_TEXT] = { "text", THREAD, false },
};

static cnv_status open_thread(void *self, uint8_t id, const char *const *attributes)
{
	if (id == THREAD)
		open_comment(self, attributes);
	return CNV_OK;
}

static cnv_status thread_text(void *self, uint8_t id, cnv_str text)
{
	struct comments *comments = self;

	return id == THREAD_TEXT ? put_text(comments, &comments->text, CNV_XLSX_CELL, text) : CNV_OK;
}

static cnv_status close_thread(void *self, uint8_t id)
{
	return id == THREAD ? give_comment(self) : CNV_OK;
}

/* ---------------------------------------------------------------- public */

static cnv_status read_comments(struct comments *comments, uint32_t part, const cnv_xml_sink *sink)
{
	cnv_status status = cnv_book_part(comments->book, part, sink, &comments->place);

	cnv_text_fini(&comments->author);
	cnv_text_fini(&comments->text);
	cnv_mem_free(comments->authors);
	return status;
}

static cnv_place place_of(const cnv_book *book, const cnv_xlsx_sheet *sheet)
{
	return (cnv_place){ .source = book->source, .sheet = sheet->name, .tab = sheet->tab };
}

cnv_status cnv_book_notes(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet, bool with_threads)
{
	struct comments comments = { .book = book, .place = place_of(book, sheet), .with_threads = with_threads };
	cnv_xml_sink sink = { &comments, note_elements, NOTE_ELEMENTS, CNV_XML_BOOK, open_note, close_note, note_text };

	return read_comments(&comments, part, &sink);
}

cnv_status cnv_book_threads(cnv_book *book, uint32_t part, const cnv_xlsx_sheet *sheet)
{
	struct comments comments = { .book = book, .place = place_of(book, sheet) };
	cnv_xml_sink sink = { &comments,   thread_elements, THREAD_ELEMENTS, CNV_XML_TALKS,
			      open_thread, close_thread,    thread_text };

	return read_comments(&comments, part, &sink);
}
