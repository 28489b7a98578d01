/* A pack as a page to print and fill in by hand: self-contained HTML without scripts or images.  Every choice has a
 * box, every question has room to write, sections are kept on one page where possible. */
#include "report/html.h"
#include "report/pack_answers.h"
#include "report/pack_formulas.h"
#include "report/pack_text.h"

#include <string.h>

static const char style[] =
	"@page{size:A4;margin:18mm 16mm}*{box-sizing:border-box}body{font:10.5pt/1.4 Calibri,Carlito,\"Noto"
	" Sans\",\"Noto Sans CJK SC\",sans-serif;color:#1a1a1a;margin:0"
	" auto;max-width:180mm;padding:8mm}h1{font-size:20pt;line-height:1.2;color:#1f3864;margin:0 0"
	" 2mm}h2{font-size:13pt;color:#1f3864;background:#e9ecf1;padding:1.5mm 3mm;margin:8mm 0"
	" 3mm;break-after:avoid}h3,h4,h5,h6{font-size:11pt;color:#1f3864;margin:5mm 0"
	" 2mm;break-after:avoid}table.who{border-collapse:collapse;margin:3mm 0}table.who td{padding:.5mm 4mm .5mm"
	" 0;vertical-align:top}table.who td:first-child{color:#6b6b6b}[dir=rtl]"
	" *{unicode-bidi:plaintext}ol.how{margin:2mm 0"
	" 0;padding-inline-start:6mm}.q{display:grid;grid-template-columns:14mm 1fr;margin:0 0"
	" 4.5mm;break-inside:avoid}.q.long{break-inside:auto}.n{font-weight:bold;color:#1f3864}.t{font-weight:600}.r{font-style:italic;font-weight:normal;color:#b3261e}.h,.c{color:#6b6b6b;font-size:9pt}.c{font-style:italic}.o{margin:1.2mm"
	" 0 0;padding:0;list-style:none}.o.many{columns:2}.o"
	" li{padding-inline-start:6mm;position:relative;break-inside:avoid}.o"
	" li::before{content:\"\";position:absolute;inset-inline-start:0;top:.9mm;width:3.4mm;height:3.4mm;border:.3mm"
	" solid #1a1a1a;border-radius:50%}.o.any li::before{border-radius:0}.o li.x::before{background:#1a1a1a}.o"
	" li.x{font-weight:bold}.a{border-bottom:.3mm solid #6b6b6b;min-height:6.5mm;margin-top:1mm;padding:.5mm"
	" 1mm}.a.big{min-height:21mm;border:.3mm solid #6b6b6b}.e{color:#6b6b6b;font-style:italic;margin:0 0"
	" 3mm}footer{margin-top:10mm;color:#6b6b6b;font-size:8.5pt}@media print{body{padding:0;max-width:none}}";

/* ---------------------------------------------------------------- writing */

static void put_tagged(cnv_text *out, const char *open, cnv_str text, const char *close)
{
	if (!text.len)
		return;
	cnv_text_put(out, cnv_str_from(open));
	cnv_html_put(out, text);
	cnv_text_put(out, cnv_str_from(close));
}

/* ---------------------------------------------------------------- a question */

static bool is_required(const cnv_question *question)
{
	return cnv_yes_no_read(question->required.text) == CNV_YES;
}

/* "Only if ...", if the condition can be put into words; these are in English. */
static void put_condition(const pack_plan *plan, cnv_text *out, cnv_question_id id)
{
	cnv_context context = { .form = plan->form, .self = id, .purpose = CNV_FOR_CONDITION };
	cnv_words_style look = { .names = plan->names, .language = plan->pack->language };
	const cnv_formula *relevant = &plan->form->questions[id].relevant;
	cnv_words words = { 0 };

	if (!relevant->text.len || plan->words != pack_words(CNV_STR("en")) ||
	    cnv_words_write(&words, relevant, &context, &look, plan->arena) != CNV_OK)
		return;
	for (uint32_t i = 0; i < words.count; i++)
		if (words.runs[i].as_written)
			return;
	cnv_text_put(out, CNV_STR("<div class=c>Only if "));
	for (uint32_t i = 0; i < words.count; i++)
		cnv_html_put(out, pack_text(plan, words.runs[i].text));
	cnv_text_put(out, CNV_STR("</div>"));
}

static void put_choices(const pack_plan *plan, cnv_text *out, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];
	const cnv_list *list = &plan->form->lists[question->list];
	const cnv_batch *batch = question->table ? NULL : plan->pack->batch;
	const cnv_column *column = batch ? &batch->tables[0].columns[question->column] : NULL;
	bool any = question->kind == CNV_CHOICES;

	put_tagged(out, "<div class=h>", pack_word_str(plan, any ? WORD_ANY_OF : WORD_ONE_OF), "</div>");
	cnv_text_format(out, "<ul class=\"o%s%s\">", any ? " any" : "", list->count > 8 ? " many" : "");
	for (uint32_t i = 0; i < list->count; i++) {
		bool chosen = any ? !question->table && pack_is_chosen(plan, id, i, plan->pack->row)
				  : column && column->choices && cnv_bit(column->understood, plan->pack->row) &&
					      column->choices[plan->pack->row] == i;
		put_tagged(out, chosen ? "<li class=x>" : "<li>",
			   pack_text(plan, cnv_choice_title(plan->form, &list->choices[i], plan->pack->language)),
			   "</li>");
	}
	cnv_text_put(out, CNV_STR("</ul>"));
}

static void put_answer(const pack_plan *plan, cnv_text *out, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];
	const cnv_batch *batch = question->table ? NULL : plan->pack->batch;
	bool big = question->kind == CNV_TEXT && cnv_str_find(question->appearance, CNV_STR("multiline")) != SIZE_MAX;

	if (question->kind == CNV_DATE || question->kind == CNV_INTEGER || question->kind == CNV_DECIMAL ||
	    question->kind == CNV_TIME || question->kind == CNV_DATETIME) {
		cnv_rule rule;
		if (!pack_rule((pack_plan *)plan, id, &rule))
			put_tagged(out, "<div class=h>", rule.prompt, "</div>");
	} else {
		put_tagged(out, "<div class=h>",
			   pack_text(plan,
				     cnv_wording_text(plan->form, &question->constraint_message, plan->pack->language)),
			   "</div>");
	}
	cnv_text_format(out, "<div class=\"a%s\">", big ? " big" : "");
	if (batch && cnv_bit(batch->tables[0].columns[question->column].answered, plan->pack->row))
		cnv_html_put(out, cnv_column_text(&batch->tables[0].columns[question->column], plan->pack->row));
	cnv_text_put(out, CNV_STR("</div>"));
}

static void put_question(const pack_plan *plan, cnv_text *out, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];
	bool listed = pack_is_listed(plan->form, question);
	bool is_long = listed && plan->form->lists[question->list].count > 20;

	cnv_text_format(out, "<div class=\"q%s\"><div class=n>", is_long ? " long" : "");
	cnv_html_put(out, pack_number(plan, id));
	cnv_text_put(out, CNV_STR("</div><div><div class=t>"));
	cnv_html_put(out, pack_label(plan, id));
	if (is_required(question))
		put_tagged(out, " <span class=r>(", pack_word_str(plan, WORD_REQUIRED), ")</span>");
	cnv_text_put(out, CNV_STR("</div>"));
	put_tagged(out, "<div class=h>", pack_hint(plan, id), "</div>");
	put_condition(plan, out, id);
	if (listed)
		put_choices(plan, out, id);
	else
		put_answer(plan, out, id);
	cnv_text_put(out, CNV_STR("</div></div>\n"));
}

static void put_section(const pack_plan *plan, cnv_text *out, cnv_question_id id)
{
	const cnv_question *question = &plan->form->questions[id];
	cnv_str label = cnv_wording_text(plan->form, &question->label, plan->pack->language);
	uint32_t level = question->depth < 4 ? question->depth + 2 : 6;

	if (label.len || question->role == CNV_REPEAT) {
		cnv_text_format(out, "<h%u>", level);
		cnv_html_put(out, pack_text(plan, label.len ? label : question->name));
		cnv_text_format(out, "</h%u>\n", level);
	}
	put_tagged(out, "<div class=e>", pack_hint(plan, id), "</div>\n");
	put_condition(plan, out, id);
	if (question->role == CNV_REPEAT)
		put_tagged(out, "<div class=e>", pack_word_str(plan, WORD_ENTRIES), "</div>\n");
}

/* ---------------------------------------------------------------- the page */

static void put_line(const pack_plan *plan, cnv_text *out, pack_word word, cnv_str value)
{
	if (!value.len)
		return;
	put_tagged(out, "<tr><td>", pack_word_str(plan, word), "</td>");
	put_tagged(out, "<td>", value, "</td></tr>");
}

static void put_head(const pack_plan *plan, cnv_text *out)
{
	const cnv_pack *pack = plan->pack;
	cnv_str title = plan->form->title.len ? plan->form->title : plan->form->id;

	cnv_text_put(out, CNV_STR("<!DOCTYPE html>\n<html lang=\""));
	cnv_html_put(out, cnv_pack_tag(plan->form, pack->language));
	cnv_text_put(out, plan->from_right ? CNV_STR("\" dir=\"rtl") : CNV_STR(""));
	cnv_text_put(out, CNV_STR("\"><head><meta charset=\"utf-8\"><title>"));
	cnv_html_put(out, title);
	cnv_text_format(out, "</title><style>%s</style></head>\n<body>\n", style);
	put_tagged(out, "<h1>", title, "</h1>\n<table class=who>");
	put_line(plan, out, WORD_FOR, pack->name.len ? pack->name : pack->code);
	put_line(plan, out, WORD_ROUND, pack->round);
	put_line(plan, out, WORD_DUE, cnv_pack_due(pack, plan->arena));
	put_line(plan, out, WORD_CONTACT, pack->contact);
	cnv_text_put(out, CNV_STR("</table>\n"));
}

cnv_status cnv_pack_page(const cnv_pack *pack, cnv_text *html, cnv_arena *scratch)
{
	pack_plan plan;
	cnv_status status = pack_plan_make(&plan, pack, scratch);
	char hex[64];

	if (!status)
		put_head(&plan, html);
	for (cnv_question_id id = 0; id < pack->form->count && !status; id++) {
		const cnv_question *question = &pack->form->questions[id];
		if (question->role == CNV_GROUP || question->role == CNV_REPEAT)
			put_section(&plan, html, id);
		else if (question->role == CNV_SHOWN)
			put_tagged(html, "<p>", pack_label(&plan, id), "</p>\n");
		else if (pack_is_asked(question))
			put_question(&plan, html, id);
	}
	if (!status) {
		cnv_text_put(html, CNV_STR("<footer>"));
		cnv_html_put(html, pack->form->id);
		cnv_text_put_char(html, ' ');
		cnv_html_put(html, pack->form->version);
		cnv_text_put(html, CNV_STR(" &middot; "));
		cnv_html_put(html, pack->code);
		cnv_text_format(html, " &middot; %.12s</footer>\n</body></html>\n",
				cnv_hex_write(pack->form->sha256, 32, hex).at);
	}
	pack_plan_fini(&plan);
	return status ? status : html->failed || scratch->failed ? CNV_NO_MEMORY : CNV_OK;
}
