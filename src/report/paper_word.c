/* paper_word: the text of a .docx (WordprocessingML, ECMA-376).
 *
 * Only word/document.xml is made from texts; the styles are in paper_word_parts.c.  A paragraph whose first letter is
 * Arabic or Hebrew runs from right to left.  A short table stays on one page, with its heading. */
#include "canvass/report.h"

/* Widths in twentieths of a point: A4 with margins of 2 cm. */
#define PAGE_WIDTH 9638u
/* A table of at most as many rows is kept on one page. */
#define SHORT_TABLE 14u

static const char *const styles[CNV_PASSAGES] = {
	[CNV_PASSAGE_TITLE] = "Title",      [CNV_PASSAGE_SUBTITLE] = "Subtitle", [CNV_PASSAGE_FACT] = "Fact",
	[CNV_PASSAGE_HEADING] = "Heading1", [CNV_PASSAGE_SECTION] = "Heading2",  [CNV_PASSAGE_QUESTION] = "Heading3",
	[CNV_PASSAGE_TEXT] = "Normal",      [CNV_PASSAGE_ITEM] = "Item",         [CNV_PASSAGE_REMARK] = "Remark",
	[CNV_PASSAGE_QUOTE] = "Quote",
};

/* By its first letter, as Unicode's rule P2 finds the direction of a paragraph. */
static bool runs_left(cnv_str text)
{
	const char *at = text.at, *end = text.at + text.len;

	while (at < end) {
		uint32_t c = cnv_utf8_next(&at, end);

		if ((c >= 0x590 && c < 0x900) || (c >= 0xFB1D && c < 0xFE00) || (c >= 0xFE70 && c < 0xFF00))
			return true;
		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0xC0)
			return false;
	}
	return false;
}

/* Runs of text; line feeds are breaks within the paragraph. */
static void put_runs(cnv_text *out, cnv_str text, bool strong, bool left)
{
	cnv_str line;
	bool first = true;

	while (cnv_str_split(&text, '\n', &line)) {
		cnv_text_format(out, "<w:r><w:rPr>%s%s</w:rPr>%s<w:t xml:space=\"preserve\">",
				strong ? "<w:b/><w:bCs/>" : "", left ? "<w:rtl/>" : "", first ? "" : "<w:br/>");
		cnv_xml_put(out, line);
		cnv_text_put(out, CNV_STR("</w:t></w:r>"));
		first = false;
	}
}

static void begin(void *self, const cnv_document_head *head)
{
	cnv_document_writer *w = self;

	w->head = *head;
	cnv_text_put(
		w->out,
		CNV_STR("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
			"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
			"xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>\n"));
}

static void put_passage(void *self, cnv_passage passage, cnv_str lead, cnv_str text)
{
	cnv_document_writer *w = self;
	bool left = runs_left(text);

	cnv_text_format(w->out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", styles[passage],
			left ? "<w:bidi/>" : "");
	if (lead.len) {
		bool lead_left = runs_left(lead);

		put_runs(w->out, lead, passage != CNV_PASSAGE_FACT, lead_left);
		if (passage == CNV_PASSAGE_FACT)
			cnv_text_put(w->out, CNV_STR("<w:r><w:tab/></w:r>"));
		else if (passage == CNV_PASSAGE_QUOTE)
			cnv_text_put(w->out, CNV_STR("<w:r><w:br/></w:r>"));
		else
			put_runs(w->out,
				 cnv_str_from(passage != CNV_PASSAGE_ITEM ? "  "
					      : cnv_document_colon(lead)  ? ": "
									  : " "),
				 false, left);
	}
	put_runs(w->out, text, false, left);
	cnv_text_put(w->out, CNV_STR("</w:p>\n"));
}

static bool keeps(const cnv_document_writer *w)
{
	return w->rows <= SHORT_TABLE && w->row < w->rows;
}

static void put_cell(cnv_document_writer *w, uint32_t column, const char *style, cnv_str text)
{
	bool left = runs_left(text);

	cnv_text_format(
		w->out,
		"<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s%s"
		"%s</w:pPr>",
		w->columns[column].weight * PAGE_WIDTH / 100, style, keeps(w) ? "<w:keepNext/>" : "",
		left ? "<w:bidi/>" : "", w->columns[column].is_number ? "<w:jc w:val=\"right\"/>" : "");
	put_runs(w->out, text, false, left);
	cnv_text_put(w->out, CNV_STR("</w:p></w:tc>"));
}

static void put_table(void *self, const cnv_document_column *columns, uint32_t count, uint32_t rows)
{
	cnv_document_writer *w = self;

	w->columns = columns;
	w->column_count = count;
	w->rows = rows;
	w->row = 0;
	cnv_text_format(
		w->out,
		"<w:tbl><w:tblPr><w:tblStyle w:val=\"Answers\"/>%s<w:tblW w:w=\"%u\" w:type=\"dxa\"/>"
		"<w:tblLayout w:type=\"fixed\"/><w:tblLook w:firstRow=\"1\" w:noVBand=\"1\" w:noHBand=\"1\"/></w:tblPr>"
		"<w:tblGrid>",
		w->head.from_right ? "<w:bidiVisual/>" : "", PAGE_WIDTH);
	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(w->out, "<w:gridCol w:w=\"%u\"/>", columns[i].weight * PAGE_WIDTH / 100);
	cnv_text_put(w->out, CNV_STR("</w:tblGrid>\n<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"));
	for (uint32_t i = 0; i < count; i++)
		put_cell(w, i, "TableHeading", cnv_str_from(columns[i].heading));
	cnv_text_put(w->out, CNV_STR("</w:tr>\n"));
}

/* Everyone has the only part. */
static void put_part(void *self, uint32_t group)
{
	(void)self;
	(void)group;
}

static void end_part(void *self)
{
	(void)self;
}

static void put_row(void *self, const cnv_document_row *row)
{
	static const char *const looks[] = {
		[CNV_ROW_PLAIN] = "TableText", [CNV_ROW_STATE] = "TableState", [CNV_ROW_TOTAL] = "TableTotal"
	};
	cnv_document_writer *w = self;

	w->row++;
	cnv_text_put(w->out, CNV_STR("<w:tr><w:trPr><w:cantSplit/></w:trPr>"));
	for (uint32_t i = 0; i < w->column_count; i++)
		put_cell(w, i, looks[row->look], row->cells[i]);
	cnv_text_put(w->out, CNV_STR("</w:tr>\n"));
}

/* A paragraph must follow a table, or two tables would be one. */
static void end_table(void *self)
{
	cnv_document_writer *w = self;

	cnv_text_put(w->out, CNV_STR("</w:tbl>\n<w:p><w:pPr><w:pStyle w:val=\"AfterTable\"/></w:pPr></w:p>\n"));
}

static void end(void *self)
{
	cnv_document_writer *w = self;

	cnv_text_format(w->out,
			"<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>"
			"<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" "
			"w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>%s"
			"</w:sectPr></w:body></w:document>\n",
			w->head.from_right ? "<w:bidi/>" : "");
}

cnv_document cnv_document_word(cnv_document_writer *state, cnv_text *out)
{
	*state = (cnv_document_writer){ .out = out };
	return (cnv_document){ .self = state,
			       .begin = begin,
			       .passage = put_passage,
			       .part = put_part,
			       .end_part = end_part,
			       .table = put_table,
			       .row = put_row,
			       .end_table = end_table,
			       .end = end };
}

/* The language of words in Latin letters: a word that is called Chinese, Japanese or Korean is broken anywhere. */
static cnv_str latin_language(cnv_str language)
{
	bool ideographs = cnv_str_starts(language, CNV_STR("zh")) || cnv_str_starts(language, CNV_STR("ja")) ||
			  cnv_str_starts(language, CNV_STR("ko"));

	return ideographs ? CNV_STR("en") : language;
}

void cnv_word_part_put(cnv_text *out, const cnv_word_part *part, const cnv_document_head *head, cnv_instant created)
{
	char day[CNV_DAY_ROOM];
	const struct {
		cnv_str name, value;
	} values[] = { { CNV_STR("{title}"), head->title },
		       { CNV_STR("{footer}"), head->footer },
		       { CNV_STR("{language}"), head->language },
		       { CNV_STR("{latin}"), latin_language(head->language) },
		       { CNV_STR("{created}"), { day, cnv_day_write(cnv_instant_day(created), day) } } };

	for (int half = 0; half < 2; half++) {
		cnv_str rest = cnv_str_from(half ? part->more : part->text);

		while (rest.len) {
			size_t skipped = 0;

			for (size_t i = 0; i < sizeof values / sizeof values[0] && !skipped; i++)
				if (cnv_str_starts(rest, values[i].name)) {
					cnv_xml_put(out, values[i].value);
					skipped = values[i].name.len;
				}
			if (!skipped)
				cnv_text_put_char(out, rest.at[0]);
			rest = cnv_str_slice(rest, skipped ? skipped : 1, rest.len);
		}
	}
}
