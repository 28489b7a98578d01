/* outline_text: the two renderings of an outline, plain text for a terminal and Markdown.
 *
 * Plain text collects a block and wraps it at its end, with numbers and codes hanging to the left.  Markdown is
 * written directly; the form's texts are always plain text: every character that could begin markup is escaped, and
 * formulas are between backticks. */
#include "report/markdown.h"

/* The column where text begins: after a question's number, and after the widest code of a list. */
enum { NUMBER_ROOM = 7, WIDEST_CODE = 24, LEAST_WIDTH = 40 };

void cnv_write_end(cnv_text_writer *state)
{
	if (state->block.failed)
		state->out->failed = true;
	cnv_text_fini(&state->block);
}

/* ---------------------------------------------------------------- plain text */

/* The layout of a kind of block in plain text. */
static const struct shape {
	uint32_t lead; /* columns before the text that may hold a number or code */
	uint32_t indent;
	bool gap; /* a blank line before it */
	const char *mark;
} shapes[] = {
	[CNV_BLOCK_TITLE] = { 0, 0, false, "" },
	[CNV_BLOCK_HEADING] = { 0, 0, true, "" },
	[CNV_BLOCK_PARAGRAPH] = { 0, 0, true, "" },
	[CNV_BLOCK_QUESTION] = { NUMBER_ROOM, 0, true, "" },
	[CNV_BLOCK_HINT] = { 0, NUMBER_ROOM, false, "" },
	[CNV_BLOCK_DETAIL] = { 2, NUMBER_ROOM, false, "-" },
	[CNV_BLOCK_CHOICE] = { 2, NUMBER_ROOM + 2, false, "" }, /* and its code */
};

static void put_blanks(cnv_text *out, size_t count)
{
	while (count-- > 0)
		cnv_text_put_char(out, ' ');
}

/* Wraps one paragraph of text; `taken` columns of the first line are used already.  Returns the widest line's width. */
static size_t wrap(cnv_text_writer *w, cnv_str text, size_t indent, size_t taken)
{
	size_t column = taken, widest = taken;
	cnv_str line, word;

	for (bool first = true; cnv_wrap_next(&text, w->width > column ? w->width - column : 1, &line); first = false) {
		if (!first) {
			cnv_text_put_char(w->out, '\n');
			put_blanks(w->out, indent);
		}
		for (bool begun = false; cnv_str_word(&line, &word); begun = true) {
			if (begun)
				cnv_text_put_char(w->out, ' ');
			cnv_text_put(w->out, word);
			column += cnv_text_width(word) + begun;
		}
		widest = column > widest ? column : widest;
		column = indent;
	}
	return widest;
}

static void text_open(void *self, cnv_block kind, uint32_t depth)
{
	cnv_text_writer *w = self;

	cnv_text_reset(&w->block);
	w->kind = kind;
	w->depth = depth;
	w->lead = 0;
}

static void text_put(void *self, cnv_manner manner, cnv_str text)
{
	cnv_text_writer *w = self;
	bool leads = manner == CNV_MANNER_STRONG && !w->block.len && shapes[w->kind].lead;

	cnv_text_put(&w->block, text);
	if (leads)
		w->lead = w->block.len;
}

static void underline(cnv_text_writer *w, size_t width)
{
	char line = w->kind == CNV_BLOCK_TITLE ? '=' : w->depth ? '.' : '-';

	while (width-- > 0)
		cnv_text_put_char(w->out, line);
	cnv_text_put_char(w->out, '\n');
}

static void text_close(void *self)
{
	cnv_text_writer *w = self;
	const struct shape *shape = &shapes[w->kind];
	cnv_str all = cnv_text_str(&w->block), lead = cnv_str_slice(all, 0, w->lead), line;
	cnv_str rest = cnv_str_slice(all, w->lead, all.len);
	size_t indent = shape->indent + shape->lead, taken, widest = 0;

	if (w->kind == CNV_BLOCK_CHOICE)
		indent += w->depth < WIDEST_CODE ? w->depth : WIDEST_CODE;
	if (w->begun && (shape->gap || w->before <= CNV_BLOCK_HEADING))
		cnv_text_put_char(w->out, '\n');
	put_blanks(w->out, shape->indent);
	if (!lead.len)
		lead = cnv_str_from(shape->mark);
	cnv_text_put(w->out, lead);
	taken = shape->indent + cnv_text_width(lead);
	if (taken < indent) {
		put_blanks(w->out, indent - taken);
		taken = indent;
	} else if (shape->lead) {
		cnv_text_put(w->out, CNV_STR("  "));
		taken += 2;
	}
	rest = cnv_str_trim(rest);
	for (bool first = true; cnv_str_split(&rest, '\n', &line); first = false) {
		if (!first)
			put_blanks(w->out, indent);
		size_t width = wrap(w, line, indent, first ? taken : indent);
		widest = width > widest ? width : widest;
		cnv_text_put_char(w->out, '\n');
	}
	if (w->kind == CNV_BLOCK_TITLE || w->kind == CNV_BLOCK_HEADING)
		underline(w, widest);
	w->before = w->kind;
	w->begun = true;
}

cnv_writer cnv_write_text(cnv_text_writer *state, cnv_text *out, uint32_t width)
{
	*state = (cnv_text_writer){ .out = out, .width = width < LEAST_WIDTH ? LEAST_WIDTH : width };
	return (cnv_writer){ .self = state, .open = text_open, .put = text_put, .close = text_close };
}

/* ---------------------------------------------------------------- Markdown (CommonMark) */

static const char *const prefixes[] = {
	[CNV_BLOCK_TITLE] = "# ", [CNV_BLOCK_HEADING] = "##", [CNV_BLOCK_PARAGRAPH] = "",  [CNV_BLOCK_QUESTION] = "",
	[CNV_BLOCK_HINT] = "*",   [CNV_BLOCK_DETAIL] = "- ",  [CNV_BLOCK_CHOICE] = "  - ",
};

static bool in_list(cnv_block kind)
{
	return kind == CNV_BLOCK_DETAIL || kind == CNV_BLOCK_CHOICE;
}

static void mark_open(void *self, cnv_block kind, uint32_t depth)
{
	cnv_text_writer *w = self;

	w->kind = kind;
	w->depth = depth;
	w->lead = 0;
	if (w->begun && !(in_list(kind) && in_list(w->before)))
		cnv_text_put_char(w->out, '\n');
	cnv_text_put(w->out, cnv_str_from(prefixes[kind]));
	if (kind == CNV_BLOCK_HEADING) {
		/* Markdown has only six levels. */
		for (uint32_t i = 0; i < depth && i < 4; i++)
			cnv_text_put_char(w->out, '#');
		cnv_text_put_char(w->out, ' ');
	}
}

static void put_escaped(cnv_text_writer *w, cnv_str text, bool begins)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		bool line_start = i ? text.at[i - 1] == '\n' : begins;

		if (c == '\n') {
			/* A line break is kept where Markdown allows one. */
			bool free = w->kind == CNV_BLOCK_PARAGRAPH || w->kind == CNV_BLOCK_QUESTION;
			bool full = i + 1 < text.len && text.at[i + 1] != '\n' && !line_start;
			cnv_text_put(w->out, !free ? CNV_STR(" ") : full ? CNV_STR("\\\n") : CNV_STR("\n"));
			continue;
		}
		cnv_markdown_put(w->out, text, i, line_start, begins);
	}
}

/* Delimited by one backtick more than its longest run of them; padded with blanks if it begins or ends with one. */
static void put_code(cnv_text_writer *w, cnv_str text)
{
	size_t most = 0, run = 0;
	bool pad = text.len && (text.at[0] == '`' || text.at[text.len - 1] == '`');

	for (size_t i = 0; i < text.len; i++) {
		run = text.at[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	for (size_t i = 0; i <= most; i++)
		cnv_text_put_char(w->out, '`');
	cnv_text_put(w->out, pad ? CNV_STR(" ") : CNV_STR(""));
	for (size_t i = 0; i < text.len; i++)
		cnv_text_put_char(w->out, text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i]);
	cnv_text_put(w->out, pad ? CNV_STR(" ") : CNV_STR(""));
	for (size_t i = 0; i <= most; i++)
		cnv_text_put_char(w->out, '`');
}

static void mark_put(void *self, cnv_manner manner, cnv_str text)
{
	cnv_text_writer *w = self;
	bool begins = !w->lead;

	if (!text.len)
		return;
	w->lead = 1;
	if (manner == CNV_MANNER_CODE) {
		put_code(w, text);
		return;
	}
	if (manner == CNV_MANNER_STRONG && w->kind == CNV_BLOCK_CHOICE) {
		put_code(w, text);
		cnv_text_put_char(w->out, ' ');
		return;
	}
	if (manner == CNV_MANNER_STRONG)
		cnv_text_put(w->out, CNV_STR("**"));
	put_escaped(w, text, begins && manner == CNV_MANNER_PLAIN);
	if (manner == CNV_MANNER_STRONG)
		cnv_text_put(w->out, CNV_STR("** "));
}

static void mark_close(void *self)
{
	cnv_text_writer *w = self;

	cnv_text_put(w->out, w->kind == CNV_BLOCK_HINT ? CNV_STR("*\n") : CNV_STR("\n"));
	w->before = w->kind;
	w->begun = true;
}

cnv_writer cnv_write_markdown(cnv_text_writer *state, cnv_text *out)
{
	*state = (cnv_text_writer){ .out = out };
	return (cnv_writer){ .self = state, .open = mark_open, .put = mark_put, .close = mark_close };
}
