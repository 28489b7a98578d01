/* codebook.xml: the variables in DDI-Codebook 2.5. */
#include "export/dataset.h"

#include <inttypes.h>

#define MOST_CHOICES 1000u /* of a list, to be written out */

static void put_element(cnv_text *out, const char *name, cnv_str text)
{
	cnv_text_format(out, "<%s>", name);
	cnv_xml_put(out, text);
	cnv_text_format(out, "</%s>", name);
}

static void put_study(cnv_text *out, const dataset *data)
{
	const cnv_form *form = data->export->form;

	cnv_text_put(out, CNV_STR("<stdyDscr><citation><titlStmt>"));
	put_element(out, "titl", form->title);
	put_element(out, "IDNo", form->id);
	cnv_text_put(out, CNV_STR("</titlStmt><verStmt>"));
	put_element(out, "version", form->version);
	cnv_text_put(out, CNV_STR("</verStmt></citation><stdyInfo><subject>"));
	put_element(out, "keyword", data->export->round);
	cnv_text_put(out, CNV_STR("</subject></stdyInfo></stdyDscr>\n"));
}

static void put_file(cnv_text *out, const dataset_table *table, uint32_t number, uint64_t rows)
{
	cnv_text_format(out, "<fileDscr ID=\"F%" PRIu32 "\"><fileTxt><fileName>%.*s.csv</fileName><fileCont>", number,
			CNV_ARG(table->name));
	cnv_xml_put(out, table->title);
	cnv_text_format(out,
			"</fileCont><dimensns><caseQnty>%" PRIu64 "</caseQnty><varQnty>%" PRIu32
			"</varQnty></dimensns></fileTxt></fileDscr>\n",
			rows, table->count);
}

static void put_categories(cnv_text *out, const dataset *data, const cnv_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		cnv_text_put(out, CNV_STR("<catgry>"));
		put_element(out, "catValu", list->choices[i].name);
		put_element(out, "labl",
			    cnv_choice_title(data->export->form, &list->choices[i], data->export->language));
		cnv_text_put(out, CNV_STR("</catgry>"));
	}
	for (size_t i = 0; i < CNV_MISSING_WORDS; i++) {
		cnv_text_put(out, CNV_STR("<catgry missing=\"Y\">"));
		put_element(out, "catValu", cnv_missing_words[i].word);
		put_element(out, "labl",
			    cnv_str_from(cnv_standing_words(cnv_verdict_standing(cnv_missing_words[i].verdict))));
		cnv_text_put(out, CNV_STR("</catgry>"));
	}
}

/* The children of a variable are in the order of the standard. */
static void put_variable(cnv_text *out, const dataset *data, const data_variable *variable, uint32_t file,
			 uint32_t number)
{
	const cnv_question *question = variable->question;
	const cnv_list *list =
		question && question->list != CNV_NONE ? &data->export->form->lists[question->list] : NULL;
	bool number_kind = question && cnv_kind_value(question->kind) == CNV_VALUE_NUMBER;
	bool few = list && !list->open && list->count <= MOST_CHOICES;

	cnv_text_format(out, "<var ID=\"V%" PRIu32 "_%" PRIu32 "\" files=\"F%" PRIu32 "\" intrvl=\"%s\" name=\"", file,
			number, file, number_kind ? "contin" : "discrete");
	cnv_xml_put(out, variable->name);
	cnv_text_put(out, CNV_STR("\">"));
	put_element(out, "labl", variable->label);
	if (question && question->role == CNV_ASKED) {
		cnv_text_put(out, CNV_STR("<qstn>"));
		put_element(out, "qstnLit", variable->label);
		if (question->hint.at[data->export->language].len)
			put_element(out, "ivuInstr", question->hint.at[data->export->language]);
		cnv_text_put(out, CNV_STR("</qstn>"));
	}
	if (question && question->relevant.text.len)
		put_element(out, "universe", question->relevant.text);
	if (few)
		put_categories(out, data, list);
	if (question && question->calculation.text.len)
		put_element(out, "codInstr", question->calculation.text);
	cnv_text_format(out, "<varFormat type=\"%s\"/></var>\n",
			number_kind || variable->role == VARIABLE_REVISION ? "numeric" : "character");
}

void put_codebook(cnv_text *out, const dataset *data, const uint64_t *rows)
{
	cnv_text_put(out, CNV_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				  "<codeBook xmlns=\"ddi:codebook:2_5\" version=\"2.5\">\n"));
	put_study(out, data);
	for (uint32_t t = 0; t < data->count; t++)
		put_file(out, &data->tables[t], t + 1, rows[t]);
	cnv_text_put(out, CNV_STR("<dataDscr>\n"));
	for (uint32_t t = 0; t < data->count; t++)
		for (uint32_t i = 0; i < data->tables[t].count; i++)
			put_variable(out, data, &data->tables[t].variables[i], t + 1, i + 1);
	cnv_text_put(out, CNV_STR("</dataDscr>\n</codeBook>\n"));
}
