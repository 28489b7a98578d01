/* paper_html: a document as a page of HTML that needs nothing else: no network, no other file.
 *
 * With a script, questions can be searched, and figures be limited to a group of respondents: there is a part for
 * everyone and one for each group, hidden at first.  Without a script everything is there but the groups.  On paper the
 * filters are there if they are set.  The policy in the head allows this script only, so that no text of a form or an
 * answer could ever run. */
#include "report/html.h"
#include "canvass/report.h"

#include <string.h>

static const char style[] =
	"@page{size:A4;margin:18mm 16mm}"
	"*{box-sizing:border-box}"
	"body{font:11pt/1.45 Calibri,Carlito,\"Noto Sans\",\"Noto Sans CJK SC\",\"Noto Sans Arabic\",sans-serif;"
	"color:#1a1a1a;background:#fff;margin:0 auto;max-width:190mm;padding:8mm}"
	"h1{font-size:21pt;line-height:1.2;color:#1f3864;margin:0 0 1mm}"
	"h2{font-size:15pt;color:#1f3864;border-bottom:.5mm solid #1f3864;margin:10mm 0 3mm;padding-bottom:1mm}"
	"h3{font-size:12.5pt;color:#1f3864;background:#e9ecf1;margin:8mm 0 2mm;padding:1.5mm 3mm}"
	"h4{font-size:11pt;margin:6mm 0 1mm}"
	"h2,h3,h4{break-after:avoid}"
	".sub{font-size:13pt;color:#4a4a4a;margin:0 0 4mm}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.5mm 6mm;margin:0 0 4mm}"
	"dt{color:#4a4a4a}dd{margin:0}"
	"p{margin:1mm 0}.small{color:#4a4a4a;font-size:9.5pt}"
	".no{color:#1f3864;margin-inline-end:2mm}"
	"table{border-collapse:collapse;width:100%;margin:1.5mm 0 3mm}"
	"th,td{border-bottom:.2mm solid #b4b9c2;padding:.8mm 2mm;text-align:start;vertical-align:top}"
	"th{border-bottom:.4mm solid #1f3864;font-weight:600;font-size:9.5pt}"
	"thead{display:table-header-group}tr{break-inside:avoid}"
	".r{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}"
	".state td{color:#4a4a4a;font-style:italic}"
	".all td{font-weight:600;border-top:.3mm solid #1f3864}"
	"blockquote{margin:2mm 0 3mm;padding-inline-start:3mm;border-inline-start:.8mm solid #b4b9c2}"
	"ul{margin:2mm 0;padding-inline-start:5mm}li{margin:0 0 2mm}"
	"blockquote b{display:block}"
	"form{position:sticky;top:0;background:#fff;border-bottom:.3mm solid #b4b9c2;padding:2mm 0;display:flex;"
	"flex-wrap:wrap;gap:2mm 6mm}"
	"[hidden]{display:none!important}"
	"footer{margin-top:10mm;color:#4a4a4a;font-size:9pt}"
	"@media print{form{position:static}form:not(.set){display:none!important}body{padding:0;max-width:none}article{break-inside:avoid}}";

/* Its digest is in POLICY: change both. */
static const char script[] =
	"var f=document.querySelector('form'),s=f.elements.s,g=f.elements.g;function show(){var"
	" t=s.value.toLowerCase(),v=g?g.value:'';f.className=t||v?'set':'';document.querySelectorAll('article').forEach(function(a){a.hidden=a.firstElementChild.textContent.toLowerCase().indexOf(t)<0});document.querySelectorAll('[data-g]').forEach(function(a){a.hidden=a.dataset.g!==v})}f.hidden=false;f.onsubmit=function(){return"
	" false};f.oninput=show;f.reset()";
#define POLICY "sha256-i9sYjG60D7rZetDcMzWxUfAoTusBUKucvQ+jyVoVJsQ="

static const struct tag {
	const char *open, *close;
} tags[CNV_PASSAGES] = {
	[CNV_PASSAGE_TITLE] = { "<h1 dir=auto>", "</h1>\n" },
	[CNV_PASSAGE_SUBTITLE] = { "<p class=sub dir=auto>", "</p>\n" },
	[CNV_PASSAGE_FACT] = { "", "" },
	[CNV_PASSAGE_HEADING] = { "<h2 dir=auto>", "</h2>\n" },
	[CNV_PASSAGE_SECTION] = { "<h3 dir=auto>", "</h3>\n" },
	[CNV_PASSAGE_QUESTION] = { "<h4 dir=auto>", "</h4>\n" },
	[CNV_PASSAGE_TEXT] = { "<p dir=auto>", "</p>\n" },
	[CNV_PASSAGE_ITEM] = { "<li dir=auto>", "</li>\n" },
	[CNV_PASSAGE_REMARK] = { "<p class=small dir=auto>", "</p>\n" },
	[CNV_PASSAGE_QUOTE] = { "<blockquote dir=auto>", "</blockquote>\n" },
};

static void put_words(cnv_text *out, const char *words)
{
	cnv_text_put(out, cnv_str_from(words));
}

static void close_list(cnv_document_writer *w, cnv_passage next)
{
	if (w->in_list && next != w->before) {
		put_words(w->out, w->before == CNV_PASSAGE_FACT ? "</dl>\n" : "</ul>\n");
		w->in_list = false;
	}
}

static void close_question(cnv_document_writer *w)
{
	if (w->in_question)
		put_words(w->out, "</article>\n");
	w->in_question = false;
}

static void put_filters(cnv_document_writer *w)
{
	const cnv_document_head *head = &w->head;

	put_words(w->out, "<form hidden><label>");
	cnv_html_put(w->out, head->questions_with);
	put_words(w->out, " <input type=search name=s></label>\n");
	if (head->group_count) {
		put_words(w->out, "<label>");
		cnv_html_put(w->out, head->figures_for);
		put_words(w->out, " <select name=g><option value=\"\">");
		cnv_html_put(w->out, head->everyone);
		put_words(w->out, "</option>\n");
		for (uint32_t i = 0; i < head->group_count; i++) {
			cnv_text_format(w->out, "<option value=%u>", i);
			cnv_html_put(w->out, head->groups[i]);
			put_words(w->out, "</option>\n");
		}
		put_words(w->out, "</select></label>\n");
	}
	put_words(w->out, "</form>\n");
}

static void begin_filtered(cnv_document_writer *w)
{
	if (!w->begun)
		put_filters(w);
	w->begun = true;
}

static void begin(void *self, const cnv_document_head *head)
{
	cnv_document_writer *w = self;

	w->head = *head;
	put_words(w->out, "<!DOCTYPE html>\n<html lang=\"");
	cnv_html_put(w->out, head->language);
	put_words(w->out, head->from_right ? "\" dir=\"rtl" : "");
	put_words(
		w->out,
		"\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
		"script-src '" POLICY "'; form-action 'none'; base-uri 'none'\">\n<title>");
	cnv_html_put(w->out, head->title);
	cnv_text_format(w->out, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
}

static void put_passage(void *self, cnv_passage passage, cnv_str lead, cnv_str text)
{
	cnv_document_writer *w = self;

	close_list(w, passage);
	if (passage == CNV_PASSAGE_HEADING || passage == CNV_PASSAGE_SECTION || passage == CNV_PASSAGE_QUESTION)
		close_question(w);
	if (passage == CNV_PASSAGE_HEADING)
		begin_filtered(w);
	if (passage == CNV_PASSAGE_QUESTION) {
		put_words(w->out, "<article>\n");
		w->in_question = true;
	}
	if ((passage == CNV_PASSAGE_FACT || passage == CNV_PASSAGE_ITEM) && !w->in_list) {
		put_words(w->out, passage == CNV_PASSAGE_FACT ? "<dl>\n" : "<ul>\n");
		w->in_list = true;
	}
	w->before = passage;
	put_words(w->out, tags[passage].open);
	if (passage == CNV_PASSAGE_FACT) {
		put_words(w->out, "<dt>");
		cnv_html_put(w->out, lead);
		put_words(w->out, "</dt><dd dir=auto>");
		cnv_html_put(w->out, text);
		put_words(w->out, "</dd>\n");
		return;
	}
	if (lead.len) {
		put_words(w->out, passage == CNV_PASSAGE_QUESTION ? "<span class=no>" : "<b>");
		cnv_html_put(w->out, lead);
		put_words(w->out, passage == CNV_PASSAGE_QUESTION ? "</span>"
				  : passage != CNV_PASSAGE_ITEM   ? "</b>"
				  : cnv_document_colon(lead)      ? ":</b> "
								  : "</b> ");
	}
	cnv_html_put(w->out, text);
	put_words(w->out, tags[passage].close);
}

static void close_part(cnv_document_writer *w)
{
	close_list(w, CNV_PASSAGES);
	if (!w->in_part)
		return;
	if (w->holds_questions)
		close_question(w);
	put_words(w->out, "</div>\n");
	w->in_part = false;
}

static void put_part(void *self, uint32_t group)
{
	cnv_document_writer *w = self;

	close_part(w);
	if (!w->head.group_count)
		return;
	begin_filtered(w);
	w->in_part = true;
	w->holds_questions = !w->in_question;
	if (group == CNV_NONE)
		put_words(w->out, "<div data-g=\"\">\n");
	else
		cnv_text_format(w->out, "<div data-g=%u hidden>\n", group);
}

static void end_part(void *self)
{
	close_part(self);
}

static void put_table(void *self, const cnv_document_column *columns, uint32_t count, uint32_t rows)
{
	cnv_document_writer *w = self;

	(void)rows;
	close_list(w, CNV_PASSAGES);
	w->columns = columns;
	w->column_count = count;
	put_words(w->out, "<table>\n<colgroup>");
	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(w->out, "<col style=\"width:%u%%\">", columns[i].weight);
	put_words(w->out, "</colgroup>\n<thead><tr>");
	for (uint32_t i = 0; i < count; i++)
		cnv_text_format(w->out, "<th scope=col%s>%s</th>", columns[i].is_number ? " class=r" : "",
				columns[i].heading);
	put_words(w->out, "</tr></thead>\n<tbody>\n");
}

static void put_row(void *self, const cnv_document_row *row)
{
	static const char *const looks[] = {
		[CNV_ROW_PLAIN] = "<tr>", [CNV_ROW_STATE] = "<tr class=state>", [CNV_ROW_TOTAL] = "<tr class=all>"
	};
	cnv_document_writer *w = self;

	put_words(w->out, looks[row->look]);
	for (uint32_t i = 0; i < w->column_count; i++) {
		put_words(w->out, w->columns[i].is_number ? "<td class=r>" : "<td dir=auto>");
		cnv_html_put(w->out, row->cells[i]);
		put_words(w->out, "</td>");
	}
	put_words(w->out, "</tr>\n");
}

static void end_table(void *self)
{
	cnv_document_writer *w = self;

	put_words(w->out, "</tbody>\n</table>\n");
}

static void end(void *self)
{
	cnv_document_writer *w = self;

	close_list(w, CNV_PASSAGES);
	close_question(w);
	put_words(w->out, "<footer dir=auto>");
	cnv_html_put(w->out, w->head.footer);
	put_words(w->out, "</footer>\n");
	if (w->begun)
		cnv_text_format(w->out, "<script>%s</script>\n", script);
	put_words(w->out, "</body>\n</html>\n");
}

cnv_document cnv_document_html(cnv_document_writer *state, cnv_text *out)
{
	*state = (cnv_document_writer){ .out = out };
	return (cnv_document){ .self = state,
			       .takes_groups = true,
			       .begin = begin,
			       .passage = put_passage,
			       .part = put_part,
			       .end_part = end_part,
			       .table = put_table,
			       .row = put_row,
			       .end_table = end_table,
			       .end = end };
}
