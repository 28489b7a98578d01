/* Detects characters that another program damaged before the file arrived, in text that is now valid UTF-8.
 *
 * If UTF-8 is opened in a code page and saved again, each character becomes two or three: "Café" becomes "CafÃ©".
 * Converting back (the characters to bytes of the code page, those bytes read as UTF-8) restores the original
 * character.  Undamaged text almost never converts to valid UTF-8: a lead byte would have to be followed by exactly
 * the right continuation bytes.  U+FFFD is what programs write for bytes they could not read.  One warning for each
 * kind states the first location and the count; the text is not changed. */
#include "io/encoding.h"

#include <string.h>

#define SHOWN 40u /* characters of a text that are shown */

typedef struct spoilt {
	uint64_t count;
	cnv_place place; /* of the first */
	cnv_str text;    /* with the text around it */
	cnv_str meant;
	const char *page;
	bool certain; /* by its first sign alone */
} spoilt;

/* All characters of these code pages, except a few of MacRoman, are below this. */
#define CHARACTERS 0x2600u

typedef struct code_page {
	const cnv_encoding *encoding;
	uint8_t byte_of[CHARACTERS]; /* beyond ASCII; 0: none */
} code_page;

/* The code pages in which text is most often opened by mistake. */
static const char *const pages[] = { "windows-1252", "windows-1251", "MacRoman", "CP850", "CP437" };
#define PAGES (sizeof pages / sizeof *pages)

struct cnv_mangled {
	code_page pages[PAGES];
	size_t count; /* pages that the system has */
	bool opened;  /* the code pages have been opened, at the first pair of characters that may convert back */
	bool failed;  /* memory ran out */
	spoilt found[PAGES], lost;
	cnv_arena arena;
};

/* Is this character likely to be intended?  Scripts in use are; rare characters that occur by chance are not. */
static bool is_likely(uint32_t c)
{
	return (c >= 0xA0 && c < 0x180) || (c >= 0x386 && c < 0x3CF) || (c >= 0x400 && c < 0x460) ||
	       (c >= 0x5D0 && c < 0x5EB) || (c >= 0x621 && c < 0x653) || (c >= 0xE01 && c < 0xE5C) ||
	       (c >= 0x1EA0 && c < 0x1EFA) || (c >= 0x2013 && c < 0x2027) || c == 0x20AC || c == 0x2122 ||
	       (c >= 0x3001 && c < 0x3100) || (c >= 0x4E00 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7A4) ||
	       (c >= 0xFF01 && c < 0xFF5F);
}

static cnv_status open_page(code_page *page, const char *name)
{
	uint32_t table[256];

	page->encoding = cnv_encoding_find(cnv_str_from(name));
	cnv_status status = cnv_encoding_table(page->encoding, table);
	if (status)
		return status;
	for (uint32_t byte = 0x80; byte < 0xA0;
	     byte++) /* Windows programs pass on bytes that their code page leaves undefined */
		page->byte_of[byte] = (uint8_t)byte;
	for (uint32_t byte = 0x80; byte < 0x100; byte++)
		if (table[byte] < CHARACTERS)
			page->byte_of[table[byte]] = (uint8_t)byte;
	return CNV_OK;
}

static void open_pages(cnv_mangled *mangled)
{
	for (size_t i = 0; i < PAGES && !mangled->opened; i++) {
		cnv_status status = open_page(&mangled->pages[mangled->count], pages[i]);

		mangled->count += status == CNV_OK;
		mangled->failed |= status == CNV_NO_MEMORY;
	}
	mangled->opened = true;
}

/* If the characters at the start of `text` are UTF-8 bytes in this code page, returns their length and sets *meant
 * to the character that they encode.  0: they are not. */
static size_t turn_back(const code_page *page, cnv_str text, uint32_t *meant)
{
	const char *at = text.at, *end = at + text.len;
	char bytes[4];
	size_t len = 0, wanted = 1;

	while (at < end && len < wanted) {
		uint32_t c = cnv_utf8_next(&at, end);
		uint8_t byte = c < CHARACTERS ? page->byte_of[c] : 0;

		if (!byte)
			return 0;
		bytes[len++] = (char)byte;
		if (len == 1)
			wanted = byte < 0xC2 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 0;
	}
	if (!wanted || len < wanted || cnv_utf8_check((cnv_str){ bytes, len }) < len)
		return 0;
	const char *from = bytes;
	*meant = cnv_utf8_next(&from, bytes + len);
	return is_likely(*meant) ? (size_t)(at - text.at) : 0;
}

static bool ends_word(char c)
{
	return c == ' ' || c == '"' || c == '\n' || c == '\r';
}

/* The words around byte `at` of a cell, at most SHOWN characters to each side. */
static cnv_str around(cnv_str cell, size_t at)
{
	size_t from = at;
	uint32_t count = 0;
	const char *next = cell.at + at, *end = cell.at + cell.len;

	while (from > 0 && !ends_word(cell.at[from - 1]) && at - from < SHOWN)
		from--;
	while (from < at && ((unsigned char)cell.at[from] & 0xC0) == 0x80)
		from++;
	while (next < end && !ends_word(*next) && count++ < SHOWN)
		cnv_utf8_next(&next, end);
	return cnv_str_slice(cell, from, (size_t)(next - cell.at));
}

/* Restores a whole text: every damaged sequence is converted back. */
static cnv_str meant_by(const code_page *page, cnv_str text, cnv_arena *arena)
{
	char *out = cnv_arena_get(arena, text.len + 1);
	size_t len = 0;

	for (size_t at = 0; out && at < text.len;) {
		uint32_t meant;
		size_t taken = turn_back(page, cnv_str_slice(text, at, text.len), &meant);
		char bytes[4];

		if (taken) {
			size_t put = cnv_utf8_put(bytes, meant);
			memcpy(out + len, bytes, put);
			len += put;
			at += taken;
		} else {
			out[len++] = text.at[at++];
		}
	}
	return (cnv_str){ out ? out : "", out ? len : 0 };
}

/* Cells arrive in any order: the first location in the file is reported. */
static bool is_first(const spoilt *found, cnv_place place)
{
	return !found->count || place.row < found->place.row ||
	       (place.row == found->place.row && place.column < found->place.column);
}

/* Counts a sequence that converts back at byte `at` and keeps the first one.  Returns its bytes; 0: it does not
 * convert. */
static size_t look_at(spoilt *found, const code_page *page, cnv_str cell, cnv_place place, size_t at, cnv_arena *arena)
{
	cnv_str rest = cnv_str_slice(cell, at, cell.len);
	uint32_t meant;
	size_t taken = turn_back(page, rest, &meant);

	if (!taken)
		return 0;
	bool first = is_first(found, place);
	found->count++;
	if (first) {
		found->place = place;
		found->page = page->encoding->name;
		found->text = cnv_arena_copy(arena, around(cell, at));
		found->meant = meant_by(page, found->text, arena);
	}
	/* No language has three and more such characters, or the capital letters that accents become. */
	found->certain |= meant >= 0x800 || cnv_str_starts(rest, CNV_STR("\xC3\x83")) ||
			  cnv_str_starts(rest, CNV_STR("\xC3\x82"));
	return taken;
}

static void keep_lost(spoilt *found, cnv_str cell, cnv_place place, size_t at, cnv_arena *arena)
{
	bool first = is_first(found, place);

	found->count++;
	if (!first)
		return;
	found->place = place;
	found->text = cnv_arena_copy(arena, around(cell, at));
}

/* Nearly all text is ASCII, which is skipped; so are single non-ASCII characters and those in no code page, because
 * damaged text has at least two in a row.  The code pages are opened at the first such pair: most files have none. */
void cnv_mangled_look(cnv_mangled *mangled, cnv_str text, cnv_place place)
{
	size_t upto[PAGES] = { 0 }; /* the end of the last sequence that converted back */

	for (size_t at = 0; (at = cnv_str_beyond_ascii(text, at)) < text.len;) {
		const char *next = text.at + at, *end = text.at + text.len, *second;
		uint32_t c = cnv_utf8_next(&next, end);
		bool pair = c < CHARACTERS && next < end && (unsigned char)*next >= 0x80;

		second = next;
		pair = pair && cnv_utf8_next(&second, end) < CHARACTERS;
		if (pair)
			open_pages(mangled);
		for (size_t i = 0; pair && i < mangled->count; i++)
			if (at >= upto[i] && mangled->pages[i].byte_of[c] >= 0xC2)
				upto[i] = at + look_at(&mangled->found[i], &mangled->pages[i], text, place, at,
						       &mangled->arena);
		if (c == 0xFFFD)
			keep_lost(&mangled->lost, text, place, at, &mangled->arena);
		at = (size_t)(next - text.at);
	}
}

static cnv_str places(uint64_t count, cnv_arena *arena)
{
	if (count == 1)
		return (cnv_str){ 0 };
	return cnv_arena_format(arena, ", and so at %llu places in all", (unsigned long long)count);
}

cnv_mangled *cnv_mangled_new(void)
{
	return cnv_mem_get(sizeof(cnv_mangled));
}

cnv_status cnv_mangled_say(cnv_mangled *mangled, cnv_diags *diags)
{
	static const char hint[] = "ask for the original file, or correct the text and import it again";
	const spoilt *most = &mangled->found[0], *lost = &mangled->lost;

	for (size_t i = 1; i < mangled->count; i++)
		if (mangled->found[i].count > most->count)
			most = &mangled->found[i];
	if (most->count > 1 || (most->count && most->certain))
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_TEXT_MANGLED, .place = most->place, .excerpt = most->text,
					.hint = cnv_str_from(hint)),
			       "\"%.*s\" is probably \"%.*s\", UTF-8 opened as %s%.*s", CNV_ARG(most->text),
			       CNV_ARG(most->meant), most->page, CNV_ARG(places(most->count, &mangled->arena)));
	if (lost->count)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_TEXT_LOST, .place = lost->place, .excerpt = lost->text,
					.hint = cnv_str_from(hint)),
			       "a character of \"%.*s\" was lost before the file was sent%.*s", CNV_ARG(lost->text),
			       CNV_ARG(places(lost->count, &mangled->arena)));
	return mangled->failed || mangled->arena.failed ? CNV_NO_MEMORY : CNV_OK;
}

void cnv_mangled_free(cnv_mangled *mangled)
{
	if (!mangled)
		return;
	cnv_arena_fini(&mangled->arena);
	cnv_mem_free(mangled);
}
