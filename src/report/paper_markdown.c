/* paper_markdown: a document in Markdown, with tables as GitHub and pandoc read them.
 *
 * Every text is plain text: what could begin markup is escaped.  A line of a text is a line of the document, so that
 * nothing continues a block by its leading blanks. */
#include "report/markdown.h"

static void begin(void *self, const cnv_document_head *head)
{
	cnv_document_writer *w = self;

	w->head = *head;
}

static void put_line(cnv_text *out, cnv_str line, bool begins)
{
	for (size_t i = 0; i < line.len; i++)
		cnv_markdown_put(out, line, i, i == 0 && begins, begins);
}

/* The lines of a text, trimmed, with `between` them; empty ones are left out. */
static void put_lines(cnv_text *out, cnv_str text, bool begins, const char *between)
{
	cnv_str line;
	bool first = true;

	while (cnv_str_split(&text, '\n', &line)) {
		line = cnv_str_trim(line);
		if (!line.len)
			continue;
		if (!first)
			cnv_text_put(out, cnv_str_from(between));
		put_line(out, line, begins || !first);
		first = false;
	}
}

static const struct shape {
	const char *before, *between; /* lines; NULL: two blanks end a line */
	bool strong_text;
} shapes[CNV_PASSAGES] = {
	[CNV_PASSAGE_TITLE] = { "# ", " ", false },     [CNV_PASSAGE_SUBTITLE] = { "", " ", true },
	[CNV_PASSAGE_FACT] = { "- ", "; ", false },     [CNV_PASSAGE_HEADING] = { "## ", " ", false },
	[CNV_PASSAGE_SECTION] = { "### ", " ", false }, [CNV_PASSAGE_QUESTION] = { "#### ", " ", false },
	[CNV_PASSAGE_TEXT] = { "", "\\\n", false },     [CNV_PASSAGE_ITEM] = { "- ", " ", false },
	[CNV_PASSAGE_REMARK] = { "", "\\\n", false },   [CNV_PASSAGE_QUOTE] = { "> ", "\\\n> ", false },
};

static bool in_list(cnv_passage passage)
{
	return passage == CNV_PASSAGE_FACT || passage == CNV_PASSAGE_ITEM;
}

static void put_passage(void *self, cnv_passage passage, cnv_str lead, cnv_str text)
{
	cnv_document_writer *w = self;
	const struct shape *shape = &shapes[passage];
	bool strong = in_list(passage) || passage == CNV_PASSAGE_QUOTE;

	lead = cnv_str_trim(lead);
	if (w->begun && !(in_list(passage) && in_list(w->before)))
		cnv_text_put_char(w->out, '\n');
	cnv_text_put(w->out, cnv_str_from(shape->before));
	if (lead.len) {
		cnv_text_put(w->out, strong ? CNV_STR("**") : CNV_STR(""));
		put_lines(w->out, lead, true, " ");
		cnv_text_put(w->out, cnv_str_from(!strong ? " " : cnv_document_colon(lead) ? ":** " : "** "));
	}
	cnv_text_put(w->out, shape->strong_text ? CNV_STR("**") : CNV_STR(""));
	put_lines(w->out, text, !lead.len && !shape->strong_text, shape->between);
	cnv_text_put(w->out, shape->strong_text ? CNV_STR("**\n") : CNV_STR("\n"));
	w->before = passage;
	w->begun = true;
}

static void put_table(void *self, const cnv_document_column *columns, uint32_t count, uint32_t rows)
{
	cnv_document_writer *w = self;

	(void)rows;
	w->columns = columns;
	w->column_count = count;
	cnv_text_put(w->out, CNV_STR("\n|"));
	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(w->out, " %s |", columns[i].heading);
	cnv_text_put(w->out, CNV_STR("\n|"));
	for (uint32_t i = 0; i < count; i++)
		cnv_text_put(w->out, columns[i].is_number ? CNV_STR(" ---: |") : CNV_STR(" --- |"));
	cnv_text_put_char(w->out, '\n');
	w->before = CNV_PASSAGE_TEXT;
}

/* Everyone has the only part. */
static void put_part(void *self, uint32_t group)
{
	(void)self;
	(void)group;
}

static void put_row(void *self, const cnv_document_row *row)
{
	cnv_document_writer *w = self;
	const char *mark = row->look == CNV_ROW_TOTAL ? "**" : row->look == CNV_ROW_STATE ? "*" : "";

	cnv_text_put_char(w->out, '|');
	for (uint32_t i = 0; i < w->column_count; i++) {
		cnv_str cell = cnv_str_trim(row->cells[i]);
		bool marked = i == 0 && cell.len;

		cnv_text_format(w->out, " %s", marked ? mark : "");
		put_lines(w->out, cell, !marked, "<br>");
		cnv_text_format(w->out, "%s |", marked ? mark : "");
	}
	cnv_text_put_char(w->out, '\n');
}

static void end(void *self)
{
	(void)self;
}

cnv_document cnv_document_markdown(cnv_document_writer *state, cnv_text *out)
{
	*state = (cnv_document_writer){ .out = out };
	return (cnv_document){ .self = state,
			       .begin = begin,
			       .passage = put_passage,
			       .part = put_part,
			       .end_part = end,
			       .table = put_table,
			       .row = put_row,
			       .end_table = end,
			       .end = end };
}
