/* The comparison of a round as a paper: Markdown, HTML, or a .docx. */
#include "round/round_internal.h"

static const struct kind {
	const char *ending;
	cnv_document (*write)(cnv_document_writer *state, cnv_text *out); /* NULL: no paper */
} kinds[CNV_REPORT_KINDS] = {
	[CNV_REPORT_BOOK] = { ".xlsx", NULL },
	[CNV_REPORT_WORD] = { ".docx", cnv_document_word },
	[CNV_REPORT_MARKDOWN] = { ".md", cnv_document_markdown },
	[CNV_REPORT_HTML] = { ".html", cnv_document_html },
};

cnv_report_kind cnv_report_kind_of(cnv_str target)
{
	for (cnv_report_kind kind = CNV_REPORT_BOOK; kind < CNV_REPORT_KINDS; kind++)
		if (cnv_file_ends(target, kinds[kind].ending))
			return kind;
	return CNV_REPORT_NONE;
}

/* The document with the parts that make it a .docx. */
static cnv_status pack(cnv_zip_out *zip, cnv_str document, const cnv_document_head *head, cnv_instant created,
		       cnv_str *bytes)
{
	cnv_text part = { 0 };
	cnv_status status = CNV_OK;

	for (size_t i = 0; i < cnv_word_part_count && !status; i++) {
		cnv_text_reset(&part);
		cnv_word_part_put(&part, &cnv_word_parts[i], head, created);
		status = part.failed ? CNV_NO_MEMORY
				     : cnv_zip_put(zip, cnv_str_from(cnv_word_parts[i].name), cnv_text_str(&part));
	}
	cnv_text_fini(&part);
	if (!status)
		status = cnv_zip_put(zip, CNV_STR("word/document.xml"), document);
	return status ? status : cnv_zip_finish(zip, bytes);
}

cnv_status paper_lay(const cnv_report *report, const cnv_tally *tally, const cnv_document *document, cnv_arena *scratch)
{
	return (report->profile.len ? cnv_profile_lay : cnv_paper_lay)(report, tally, document, scratch);
}

cnv_status cnv_paper_write(const cnv_report *report, const cnv_comparison *c, cnv_str target, cnv_diags *diags)
{
	cnv_report_kind kind = cnv_report_kind_of(target);
	cnv_text text = { 0 };
	cnv_arena scratch = { 0 };
	cnv_zip_out zip = { 0 };
	cnv_document_writer state;
	cnv_document document = kinds[kind].write(&state, &text);
	cnv_status status = paper_lay(report, c->standings->tally, &document, &scratch);
	cnv_str bytes = cnv_text_str(&text);

	if (!status && text.failed)
		status = CNV_NO_MEMORY;
	if (!status && kind == CNV_REPORT_WORD)
		status = pack(&zip, bytes, &state.head, c->now, &bytes);
	if (!status)
		status = cnv_file_save(target, bytes, c->force, diags);
	cnv_zip_out_fini(&zip);
	cnv_arena_fini(&scratch);
	cnv_text_fini(&text);
	return status;
}
