/* Detects the dialect of a returned file: its encoding, and the delimiter between its cells.
 *
 *   byte order mark -> zero bytes of UTF-16 and UTF-32 -> valid UTF-8 -> the code page that reads best
 *
 * Only the last step is a judgement.  The lines with bytes beyond ASCII are decoded in every code page that can
 * decode them, and each reading is scored by the form's own words and by the letters of the expected languages
 * (likeness.c).  Readings with the same text count as one.  The best must lead clearly; otherwise the file is
 * rejected and both are shown, so the encoding is never guessed silently. */
#include "io/encoding.h"
#include "io/likeness.h"

#include <string.h>

#define HEAD ((size_t)64 << 10)  /* bytes used to detect the delimiter */
#define TRIED ((size_t)32 << 10) /* bytes of non-ASCII lines used to score readings */
#define MOST_LINES 2000u         /* limit on those lines */
#define MOST_RECORDS 200u        /* records used to detect the delimiter */
#define MOST_TITLES 40u          /* of them, those that may be the header */
#define A_HEADING 1000.0         /* points of a delimiter for each heading that the form knows */
#define MOST_ENCODINGS 64u
#define SHOWN 40u       /* characters of a reading that are shown */
#define CLEAR_LEAD 0.4  /* points of likeness per character between the best reading and the next */
#define LEAST_LIKE 0.25 /* points of likeness that a reading must have */

static const struct delimiter {
	char at;
	const char *name;
} delimiters[] = { { ',', "comma" }, { ';', "semicolon" }, { '\t', "tab" }, { '|', "pipe" } };
#define DELIMITERS (sizeof delimiters / sizeof *delimiters)

/* ---------------------------------------------------------------- Unicode */

static const struct mark {
	cnv_str bytes;
	const char *encoding;
} marks[] = {
	{ { "\xEF\xBB\xBF", 3 }, "UTF-8" },    { { "\xFF\xFE\0\0", 4 }, "UTF-32LE" },
	{ { "\0\0\xFE\xFF", 4 }, "UTF-32BE" }, { { "\xFF\xFE", 2 }, "UTF-16LE" },
	{ { "\xFE\xFF", 2 }, "UTF-16BE" },
};

static const cnv_encoding *by_name(const char *name)
{
	return cnv_encoding_find(cnv_str_from(name));
}

static const cnv_encoding *find_mark(cnv_str bytes)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (cnv_str_starts(bytes, marks[i].bytes))
			return by_name(marks[i].encoding);
	return NULL;
}

/* UTF-16 and UTF-32 without a byte order mark: the zero bytes of ASCII characters have the same position in every
 * unit. */
static const cnv_encoding *find_zeros(cnv_str head)
{
	size_t zeros[4] = { 0 }, units = head.len / 4;

	for (size_t i = 0; i < units * 4; i++)
		zeros[i % 4] += !head.at[i];
	if (units < 2 || zeros[0] + zeros[1] + zeros[2] + zeros[3] < units / 4 + 1)
		return NULL;
	if (zeros[1] > units / 2 && zeros[2] > units / 2 && zeros[3] > units / 2 && !zeros[0])
		return by_name("UTF-32LE");
	if (zeros[0] > units / 2 && zeros[1] > units / 2 && zeros[2] > units / 2 && !zeros[3])
		return by_name("UTF-32BE");
	size_t even = zeros[0] + zeros[2], odd = zeros[1] + zeros[3];
	if (odd > 20 * even)
		return by_name("UTF-16LE");
	if (even > 20 * odd)
		return by_name("UTF-16BE");
	return NULL;
}

/* UTF-8 with a few damaged bytes is not another encoding: valid multi-byte sequences do not occur by chance. */
static bool is_spoilt_utf8(cnv_str bytes)
{
	size_t sound = 0, spoilt = 0;

	while (bytes.len) {
		size_t good = cnv_utf8_check(bytes);

		for (size_t i = 0; i < good; i++)
			sound += ((unsigned char)bytes.at[i] & 0xC0) == 0xC0;
		if (good < bytes.len)
			spoilt++;
		bytes = cnv_str_slice(bytes, good + 1, bytes.len);
	}
	return sound > 2 * spoilt;
}

/* ---------------------------------------------------------------- delimiters */

/* Takes the next cell off *record (a line, or several if quoted); false: the record has ended.  Quotation marks
 * around it are removed, those within it stay. */
static bool next_cell(cnv_str *rest, char delimiter, cnv_str *cell, bool *last)
{
	size_t at = 0;
	bool quoted = rest->len && rest->at[0] == '"';

	if (*last)
		return false;
	if (quoted) {
		for (at = 1; at < rest->len; at++) {
			if (rest->at[at] != '"')
				continue;
			if (at + 1 == rest->len || rest->at[at + 1] != '"')
				break;
			at++;
		}
		*cell = cnv_str_slice(*rest, 1, at);
		at += at < rest->len;
	}
	size_t from = at;
	while (at < rest->len && rest->at[at] != delimiter && rest->at[at] != '\n' && rest->at[at] != '\r')
		at++;
	if (!quoted)
		*cell = cnv_str_slice(*rest, from, at);
	*last = at == rest->len || rest->at[at] != delimiter;
	*rest = cnv_str_slice(*rest, at + (at < rest->len), rest->len);
	return true;
}

/* Does the next cell have text after its closing quotation mark, as no cell has that ends with this delimiter? */
static bool is_torn(cnv_str rest, char delimiter)
{
	size_t at = 1;

	if (!rest.len || rest.at[0] != '"')
		return false;
	while (at < rest.len && !(rest.at[at] == '"' && (at + 1 == rest.len || rest.at[at + 1] != '"')))
		at += rest.at[at] == '"' ? 2 : 1;
	at++;
	return at < rest.len && rest.at[at] != delimiter && rest.at[at] != '\n' && rest.at[at] != '\r';
}

/* Scores a delimiter for a text: by headings that the form knows, then by records as long as the header.  titles: the
 * header may be below other lines, and is the first of the first lines that knows most headings. */
static double value_of_delimiter(cnv_str text, char delimiter, const cnv_vocabulary *vocabulary, bool whole,
				 bool titles, cnv_arena *scratch)
{
	uint32_t width = 0, known = 0, same = 0, records = 0;

	while (text.len && records < MOST_RECORDS) {
		uint32_t cells = 0, found = 0;
		bool heads = !records || (titles && records < MOST_TITLES);
		bool last = false, blank = true;
		cnv_str cell;

		for (;;) {
			if (!last && is_torn(text, delimiter))
				return 0.0;
			if (!next_cell(&text, delimiter, &cell, &last))
				break;
			cells++;
			blank = blank && !cnv_str_trim(cell).len;
			if (heads)
				found += cnv_vocabulary_has_heading(vocabulary, cnv_text_fold(scratch, cell));
		}
		if (blank || (!text.len && !whole)) /* an empty line, or one cut at the end of the head */
			continue;
		if (!records || found > known) {
			width = cells;
			known = found;
			same = 0;
		}
		records++;
		if (width < 2 && (!titles || records == MOST_TITLES)) /* the other records add no evidence */
			return known;
		same += cells == width;
	}
	if (width < 2)
		return known;
	return A_HEADING * known + 500.0 * same / records + (width < 400 ? width : 400);
}

static char best_delimiter(cnv_str text, const cnv_vocabulary *vocabulary, bool whole, bool titles, double *best,
			   cnv_arena *scratch)
{
	char found = ',';

	*best = 0.0;
	for (size_t i = 0; i < DELIMITERS; i++) {
		double value = value_of_delimiter(text, delimiters[i].at, vocabulary, whole, titles, scratch);

		if (value > *best) {
			*best = value;
			found = delimiters[i].at;
		}
	}
	return found;
}

/* If no cell of the first line is a heading, that line may be a title. */
static char find_delimiter(cnv_str text, const cnv_vocabulary *vocabulary, bool whole, cnv_arena *scratch)
{
	double best;
	char found = best_delimiter(text, vocabulary, whole, false, &best, scratch);

	return best < A_HEADING ? best_delimiter(text, vocabulary, whole, true, &best, scratch) : found;
}

/* Finds a first line `sep=;` or `"sep=;"`, as Excel reads it; returns its length without the line end, or 0. */
static size_t find_sep_line(cnv_str text, char *delimiter)
{
	size_t quoted = text.len && text.at[0] == '"', at = quoted;

	if (text.len < at + 5 || !cnv_str_is_word(cnv_str_slice(text, at, at + 4), "sep="))
		return 0;
	at += 4;
	*delimiter = text.at[at++];
	if (quoted && (at == text.len || text.at[at++] != '"'))
		return 0;
	if (at < text.len && text.at[at] != '\n' && text.at[at] != '\r')
		return 0;
	return cnv_delimiter_ok(*delimiter) ? at : 0;
}

bool cnv_delimiter_ok(char c)
{
	return c == '\t' || (c > ' ' && c < 0x7F && c != '"' && !(c >= '0' && c <= '9') &&
			     !(cnv_lower(c) >= 'a' && cnv_lower(c) <= 'z'));
}

char cnv_delimiter_find(cnv_str name)
{
	for (size_t i = 0; i < DELIMITERS; i++)
		if (cnv_str_is_word(name, delimiters[i].name))
			return delimiters[i].at;
	return name.len == 1 && cnv_delimiter_ok(name.at[0]) ? name.at[0] : 0;
}

static cnv_str delimiter_name(char delimiter, cnv_arena *arena)
{
	for (size_t i = 0; i < DELIMITERS; i++)
		if (delimiters[i].at == delimiter)
			return cnv_str_from(delimiters[i].name);
	return cnv_arena_format(arena, "\"%c\" between cells", delimiter);
}

/* ---------------------------------------------------------------- code pages */

typedef struct reading {
	const cnv_encoding *encoding;
	uint32_t table[256]; /* of a CNV_ENCODING_SINGLE: the character for each byte from 0x80 */
	cnv_text text;       /* the decoded lines */
	double points;
	cnv_likeness_why why;
} reading;

/* The lines with bytes beyond ASCII, concatenated, and their positions in the file. */
typedef struct lines {
	cnv_text text;
	uint32_t numbers[MOST_LINES], count;
	bool used[256]; /* bytes beyond ASCII in the whole sample */
} lines;

static void gather_lines(lines *out, cnv_str sample)
{
	uint32_t number = 1;

	for (size_t i = 0; i < sample.len; i++)
		out->used[(unsigned char)sample.at[i]] = true;
	while (sample.len && out->text.len < TRIED && out->count < MOST_LINES) {
		size_t end = 0, next;
		bool beyond = false;

		while (end < sample.len && sample.at[end] != '\n' && sample.at[end] != '\r')
			beyond |= (unsigned char)sample.at[end++] >= 0x80;
		if (beyond) {
			cnv_text_put(&out->text, cnv_str_slice(sample, 0, end < TRIED ? end : TRIED));
			cnv_text_put_char(&out->text, '\n');
			out->numbers[out->count++] = number;
		}
		next = end < sample.len ? end + 1 : end;
		if (next < sample.len && sample.at[end] == '\r' && sample.at[next] == '\n')
			next++;
		sample = cnv_str_slice(sample, next, sample.len);
		number++;
	}
}

/* The share of strange pairs: byte pairs for rare characters, which is what pairs of another encoding mostly become,
 * and kana if the encoding is not Japanese. */
static double share_of_strange(const cnv_encoding *encoding, cnv_str bytes, cnv_str text)
{
	static const struct common {
		const char *encoding;
		unsigned char from, upto, trail; /* lead bytes of common characters, and the lowest byte after them */
	} common[] = {
		{ "Shift_JIS", 0x81, 0x98, 0x40 }, { "EUC-JP", 0xA1, 0xCF, 0xA1 }, { "GB18030", 0xA1, 0xD7, 0xA1 },
		{ "Big5", 0xA1, 0xC6, 0x40 },      { "EUC-KR", 0xA1, 0xC8, 0xA1 },
	};
	size_t pairs = 0, rare = 0;

	for (size_t k = 0; k < sizeof common / sizeof *common; k++) {
		if (strcmp(common[k].encoding, encoding->name) != 0)
			continue;
		for (size_t i = 0; i + 1 < bytes.len; i++) {
			unsigned char lead = (unsigned char)bytes.at[i], trail = (unsigned char)bytes.at[i + 1];

			if (lead < 0x80 || (k == 0 && lead >= 0xA1 && lead <= 0xDF))
				continue;
			pairs++;
			rare += lead < common[k].from || lead > common[k].upto || trail < common[k].trail;
			i++;
		}
	}
	if (!pairs || strcmp(encoding->name, "Shift_JIS") == 0 || strcmp(encoding->name, "EUC-JP") == 0)
		return pairs ? (double)rare / (double)pairs : 0.0;
	for (const char *at = text.at, *end = text.len ? at + text.len : at; at < end;) {
		uint32_t c = cnv_utf8_next(&at, end);

		rare += c >= 0x3040 && c <= 0x30FF;
	}
	return (double)rare / (double)pairs;
}

static bool is_same_reading(const reading *a, const reading *b, const lines *in)
{
	if (!cnv_str_equal(cnv_text_str(&a->text), cnv_text_str(&b->text)))
		return false;
	if (a->encoding->family != CNV_ENCODING_SINGLE || b->encoding->family != CNV_ENCODING_SINGLE)
		return true;
	for (size_t i = 0x80; i < 256; i++)
		if (in->used[i] && a->table[i] != b->table[i])
			return false;
	return true;
}

/* Can the encoding decode every byte of the sample, and are the lines text? */
static bool read_lines(reading *candidate, const lines *in)
{
	const uint32_t *table = candidate->table;
	cnv_str bytes = cnv_text_str(&in->text);

	if (candidate->encoding->family == CNV_ENCODING_SINGLE) {
		cnv_status status = cnv_encoding_table(candidate->encoding, candidate->table);
		candidate->text.failed |= status == CNV_NO_MEMORY;
		if (status)
			return false;
		for (size_t i = 0x80; i < 256; i++) /* text does not contain the control characters of ISO 8859 */
			if (in->used[i] && (table[i] == CNV_NONE || (table[i] >= 0x80 && table[i] < 0xA0)))
				return false;
	}
	/* A line cut at TRIED may end within a character. */
	return cnv_encoding_decode(candidate->encoding, bytes, &candidate->text) + 4 > bytes.len;
}

static void judge(reading *candidate, const lines *in, char delimiter, cnv_likeness *likeness)
{
	cnv_str text = cnv_text_str(&candidate->text), line;

	while (cnv_str_split(&text, '\n', &line)) {
		bool last = false;
		cnv_str cell;

		while (next_cell(&line, delimiter, &cell, &last))
			cnv_likeness_cell(likeness, cell);
	}
	candidate->points =
		cnv_likeness_take(likeness, &candidate->why) -
		share_of_strange(candidate->encoding, cnv_text_str(&in->text), cnv_text_str(&candidate->text));
}

/* The lead of one reading over another, in points per character that they decode differently. */
static double lead_of(const reading *a, const reading *b, const lines *in)
{
	double lead = a->points - b->points, prior = 0.1 * ((double)b->encoding->prior - (double)a->encoding->prior);
	cnv_str bytes = cnv_text_str(&in->text);
	size_t all = 0, otherwise = 0;

	if (a->encoding->family == CNV_ENCODING_SINGLE && b->encoding->family == CNV_ENCODING_SINGLE) {
		for (size_t i = 0; i < bytes.len; i++) {
			unsigned char byte = (unsigned char)bytes.at[i];

			if (byte < 0x80)
				continue;
			all++;
			otherwise += a->table[byte] != b->table[byte];
		}
		if (otherwise)
			lead *= (double)all / (double)otherwise;
	}
	return lead + prior;
}

/* The first cell that two readings decode differently: *a and *b, cut for display, and its line; 0: none. */
static uint32_t find_difference(const reading *first, const reading *second, const lines *in, char delimiter,
				cnv_str *a, cnv_str *b)
{
	cnv_str texts[2] = { cnv_text_str(&first->text), cnv_text_str(&second->text) }, rows[2];

	for (uint32_t i = 0;
	     i < in->count && cnv_str_split(&texts[0], '\n', &rows[0]) && cnv_str_split(&texts[1], '\n', &rows[1]);
	     i++) {
		bool last[2] = { false, false };

		while (next_cell(&rows[0], delimiter, a, &last[0]) && next_cell(&rows[1], delimiter, b, &last[1])) {
			cnv_str *cells[2] = { a, b };

			if (cnv_str_equal(*a, *b))
				continue;
			for (size_t k = 0; k < 2; k++) {
				const char *at = cells[k]->at, *end = at + cells[k]->len;
				for (uint32_t n = 0; n < SHOWN && at < end; n++)
					cnv_utf8_next(&at, end);
				cells[k]->len = (size_t)(at - cells[k]->at);
			}
			return in->numbers[i];
		}
	}
	return 0;
}

static cnv_status refuse(const cnv_dialect_asked *asked, const reading *best, const reading *next, const lines *in,
			 char delimiter, cnv_arena *arena, cnv_diags *diags)
{
	cnv_place place = { .source = asked->source };
	cnv_str a = { 0 }, b = { 0 };

	if (!best) {
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ENCODING_TIED, .place = place,
					.hint = CNV_STR("check that it is the right file, or save it as CSV UTF-8")),
			       "cannot determine the encoding: the bytes are not text in any known encoding");
		return CNV_REJECTED;
	}
	if (!next) {
		place.row = in->count ? in->numbers[0] : 0;
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ENCODING_TIED, .place = place,
					.hint = CNV_STR("save it as CSV UTF-8, or name its encoding with --encoding")),
			       "cannot determine the encoding: not UTF-8, and not text in any known code page");
		return CNV_REJECTED;
	}
	place.row = find_difference(best, next, in, delimiter, &a, &b);
	cnv_diags_emit(diags,
		       CNV_DIAG(.code = CNV_ENCODING_TIED, .place = place,
				.hint = cnv_arena_format(arena,
							 "name the right one with --encoding %s or --encoding %s, or "
							 "save the file as CSV UTF-8",
							 best->encoding->name, next->encoding->name)),
		       "two encodings are possible: \"%.*s\" (%s) or \"%.*s\" (%s)", CNV_ARG(a), best->encoding->name,
		       CNV_ARG(b), next->encoding->name);
	return CNV_REJECTED;
}

static cnv_str evidence_of(const reading *best, cnv_arena *arena)
{
	if (best->why.known == 1)
		return CNV_STR("1 cell matches a word of the form only in this encoding");
	if (best->why.known)
		return cnv_arena_format(arena, "%llu cells match words of the form only in this encoding",
					(unsigned long long)best->why.known);
	if (best->why.language && best->why.expected)
		return cnv_arena_format(arena, "its letters fit %s", best->why.language);
	return CNV_STR("no other code page fits as well");
}

/* Decodes the lines in every code page and chooses the one with the best score and a clear lead. */
static cnv_status find_code_page(cnv_dialect *out, const cnv_dialect_asked *asked, char delimiter,
				 cnv_likeness *likeness, lines *in, reading *candidates, cnv_arena *arena,
				 cnv_diags *diags)
{
	const reading *best = NULL, *next = NULL;
	bool failed = false;
	size_t count = 0;

	gather_lines(in, asked->sample);
	for (size_t i = 0; i < MOST_ENCODINGS && cnv_encoding_at(i); i++) {
		reading *candidate = &candidates[count];
		bool twin = false;

		candidate->encoding = cnv_encoding_at(i);
		if (candidate->encoding->family == CNV_ENCODING_UNICODE || !read_lines(candidate, in)) {
			failed |= candidate->text.failed;
			cnv_text_reset(&candidate->text);
			continue;
		}
		for (size_t k = 0; k < count && !twin; k++)
			twin = is_same_reading(&candidates[k], candidate, in);
		if (twin) {
			cnv_text_reset(&candidate->text);
			continue;
		}
		judge(candidate, in, delimiter, likeness);
		count++;
	}
	for (size_t i = 0; i < count; i++)
		failed |= candidates[i].text.failed;
	if (failed || in->text.failed || cnv_likeness_failed(likeness))
		return CNV_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		if (!best || lead_of(&candidates[i], best, in) > 0.0)
			best = &candidates[i];
	if (!best || best->points < LEAST_LIKE)
		return refuse(asked, best, NULL, in, delimiter, arena, diags);
	for (size_t i = 0; i < count; i++)
		if (&candidates[i] != best &&
		    !cnv_str_equal(cnv_text_str(&best->text), cnv_text_str(&candidates[i].text)) &&
		    (!next || lead_of(best, &candidates[i], in) < lead_of(best, next, in)))
			next = &candidates[i];
	if (next && lead_of(best, next, in) < CLEAR_LEAD)
		return refuse(asked, best, next, in, delimiter, arena, diags);
	out->encoding = best->encoding;
	out->evidence = evidence_of(best, arena);
	return CNV_OK;
}

static cnv_status judge_code_pages(cnv_dialect *out, const cnv_dialect_asked *asked, char delimiter, cnv_arena *arena,
				   cnv_diags *diags)
{
	cnv_likeness *likeness = cnv_likeness_new(asked->vocabulary, asked->form, asked->language);
	reading *candidates = cnv_mem_array(MOST_ENCODINGS + 1, sizeof *candidates);
	lines *in = cnv_mem_get(sizeof *in);
	cnv_status status = CNV_NO_MEMORY;

	if (likeness && candidates && in)
		status = find_code_page(out, asked, delimiter, likeness, in, candidates, arena, diags);
	for (size_t i = 0; candidates && i <= MOST_ENCODINGS; i++)
		cnv_text_fini(&candidates[i].text);
	if (in)
		cnv_text_fini(&in->text);
	cnv_mem_free(in);
	cnv_mem_free(candidates);
	cnv_likeness_free(likeness);
	return status;
}

/* ---------------------------------------------------------------- public */

static cnv_status find_encoding(cnv_dialect *out, const cnv_dialect_asked *asked, cnv_arena *arena, cnv_diags *diags)
{
	cnv_str head = cnv_str_slice(asked->sample, 0, HEAD);

	out->encoding = find_mark(head);
	if (out->encoding) {
		out->evidence = CNV_STR("it begins with a byte order mark");
		return CNV_OK;
	}
	out->encoding = by_name("UTF-8");
	if (cnv_csv_is_other(head))
		return CNV_OK;
	if (asked->encoding) {
		out->encoding = asked->encoding;
		out->evidence = CNV_STR("--encoding says so");
		return CNV_OK;
	}
	if (head.len && memchr(head.at, 0, head.len)) {
		const cnv_encoding *wide = find_zeros(head);

		if (wide) {
			out->encoding = wide;
			out->evidence = CNV_STR("its zero bytes are where that encoding has them");
		}
		return CNV_OK;
	}
	if (cnv_utf8_check(asked->sample) == asked->sample.len || is_spoilt_utf8(asked->sample))
		return CNV_OK;
	return judge_code_pages(
		out, asked,
		find_delimiter(head, asked->vocabulary, asked->whole && head.len == asked->sample.len, arena), arena,
		diags);
}

cnv_status cnv_dialect_find(cnv_dialect *out, const cnv_dialect_asked *asked, cnv_arena *arena, cnv_diags *diags)
{
	cnv_str head = cnv_str_slice(asked->sample, 0, HEAD), text;
	bool whole = asked->whole && head.len == asked->sample.len;
	cnv_text decoded = { 0 };
	cnv_arena scratch = { 0 };
	cnv_status status;

	*out = (cnv_dialect){ 0 };
	status = find_encoding(out, asked, &scratch, diags);
	if (!status && (status = cnv_encoding_there(out->encoding)) == CNV_REJECTED)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ENCODING_MISSING, .place = (cnv_place){ .source = asked->source }),
			       "the text is in %s, which this system cannot decode", out->encoding->name);
	if (status) {
		cnv_arena_fini(&scratch);
		return status;
	}
	out->evidence = cnv_arena_copy(arena, out->evidence);
	out->plain = cnv_encoding_is_plain(out->encoding);
	text = head;
	if (!out->plain) {
		cnv_encoding_decode(out->encoding, head, &decoded);
		text = cnv_text_str(&decoded);
	}
	if (cnv_str_starts(text, CNV_STR("\xEF\xBB\xBF")))
		out->skip = 3;
	text = cnv_str_slice(text, out->skip, text.len);
	size_t sep = find_sep_line(text, &out->delimiter);
	if (sep)
		out->skip += sep;
	else
		out->delimiter = find_delimiter(text, asked->vocabulary, whole, &scratch);
	if (asked->delimiter)
		out->delimiter = asked->delimiter;
	out->reading = cnv_arena_format(arena, "%s, %.*s", out->encoding->name,
					CNV_ARG(delimiter_name(out->delimiter, arena)));
	if (!out->plain)
		cnv_diags_emit(diags,
			       CNV_DIAG(.code = CNV_ENCODING_READ, .place = (cnv_place){ .source = asked->source }),
			       "read as %.*s: %.*s", CNV_ARG(out->reading), CNV_ARG(out->evidence));
	if (decoded.failed || scratch.failed || arena->failed)
		status = CNV_NO_MEMORY;
	cnv_text_fini(&decoded);
	cnv_arena_fini(&scratch);
	return status;
}
